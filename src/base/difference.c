/* The words in which two texts differ: the shortest way from one to the other, by Myers' algorithm.
 */
#include "base.h"

#include <stdlib.h>
#include <string.h>

enum { FARTHEST = 1000 }; /* words taken out or put in; beyond, the middle is one change */

struct words {
    const char *text;
    size_t *start; /* count + 1 of them: the last is the end of the text */
    size_t count;
    bool *changed; /* one for each word */
};

/* ---- words ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

/* Letters and digits together, blanks together, everything else by cluster. */
static size_t word_length(const char *text, size_t len)
{
    uint32_t point = 0;
    size_t used = lw_utf8_next(text, len, &point);

    if (is_blank(text[0])) {
        for (used = 1; used < len && is_blank(text[used]); used++)
            continue;
        return used;
    }
    if (!lw_utf8_is_word(point)) {
        used = lw_utf8_cluster(text, len, NULL);
        return used > 0 ? used : 1;
    }
    while (used < len) {
        size_t more = lw_utf8_next(text + used, len - used, &point);

        if (more == 0 || !lw_utf8_is_word(point))
            break;
        used += more;
    }
    return used;
}

static void words_free(struct words *words)
{
    free(words->start);
    free(words->changed);
}

static enum lw_status words_split(const char *text, struct words *out)
{
    size_t len = strlen(text);
    size_t cap = len + 1;
    size_t at = 0;

    *out = (struct words){.text = text, .start = malloc(cap * sizeof *out->start)};
    out->changed = calloc(cap, sizeof *out->changed);
    if (out->start == NULL || out->changed == NULL) {
        words_free(out);
        return LW_NO_MEMORY;
    }
    while (at < len) {
        out->start[out->count++] = at;
        at += word_length(text + at, len - at);
    }
    out->start[out->count] = len;
    return LW_OK;
}

static size_t word_bytes(const struct words *words, size_t at)
{
    return words->start[at + 1] - words->start[at];
}

static bool word_equal(const struct words *a, size_t i, const struct words *b, size_t j)
{
    size_t len = word_bytes(a, i);

    return len == word_bytes(b, j) &&
           memcmp(a->text + a->start[i], b->text + b->start[j], len) == 0;
}

static bool word_blank(const struct words *words, size_t at)
{
    return is_blank(words->text[words->start[at]]);
}

/* ---- the shortest way ---- */

/* Both texts without what is equal at either end. */
struct middle {
    struct words *a, *b;
    size_t from_a, from_b;
    ptrdiff_t len_a, len_b;
    ptrdiff_t *row[FARTHEST + 1]; /* of each step: how far in `a` on each diagonal, -step to step */
};

static bool middle_equal(const struct middle *middle, ptrdiff_t x, ptrdiff_t y)
{
    return word_equal(middle->a, middle->from_a + (size_t)x, middle->b, middle->from_b + (size_t)y);
}

/* Where a way of `step` changes to that diagonal starts from: down (a word put in) or right (one
 * taken out). */
static bool goes_down(const struct middle *middle, ptrdiff_t step, ptrdiff_t diagonal)
{
    const ptrdiff_t *before = middle->row[step - 1] + (step - 1);

    if (diagonal == -step)
        return true;
    return diagonal != step && before[diagonal - 1] < before[diagonal + 1];
}

/* One more change on every diagonal; true where the end was reached. */
static bool walk(struct middle *middle, ptrdiff_t step)
{
    ptrdiff_t *row = middle->row[step] + step;

    for (ptrdiff_t diagonal = -step; diagonal <= step; diagonal += 2) {
        ptrdiff_t x = 0, y;

        if (step > 0) {
            const ptrdiff_t *before = middle->row[step - 1] + (step - 1);

            x = goes_down(middle, step, diagonal) ? before[diagonal + 1] : before[diagonal - 1] + 1;
        }
        y = x - diagonal;
        while (x < middle->len_a && y < middle->len_b && y >= 0 && middle_equal(middle, x, y)) {
            x++;
            y++;
        }
        row[diagonal] = x;
        if (x >= middle->len_a && y >= middle->len_b)
            return true;
    }
    return false;
}

/* Back from the end; marks every word that was taken out or put in. */
static void mark_way(struct middle *middle, ptrdiff_t step)
{
    ptrdiff_t x = middle->len_a, y = middle->len_b;

    for (; step > 0; step--) {
        ptrdiff_t diagonal = x - y;
        const ptrdiff_t *before = middle->row[step - 1] + (step - 1);

        if (goes_down(middle, step, diagonal)) {
            x = before[diagonal + 1];
            y = x - (diagonal + 1);
            middle->b->changed[middle->from_b + (size_t)y] = true;
        } else {
            x = before[diagonal - 1];
            y = x - (diagonal - 1);
            middle->a->changed[middle->from_a + (size_t)x] = true;
        }
    }
}

static void mark_whole(struct middle *middle)
{
    for (ptrdiff_t i = 0; i < middle->len_a; i++)
        middle->a->changed[middle->from_a + (size_t)i] = true;
    for (ptrdiff_t i = 0; i < middle->len_b; i++)
        middle->b->changed[middle->from_b + (size_t)i] = true;
}

static enum lw_status compare(struct middle *middle)
{
    ptrdiff_t step = 0;
    bool found = false;
    enum lw_status status = LW_OK;

    for (; step <= FARTHEST && !found; step++) {
        middle->row[step] = malloc((size_t)(2 * step + 1) * sizeof(ptrdiff_t));
        if (middle->row[step] == NULL) {
            status = LW_NO_MEMORY;
            break;
        }
        found = walk(middle, step);
    }
    if (found)
        mark_way(middle, step - 1);
    else if (status == LW_OK)
        mark_whole(middle);
    for (ptrdiff_t i = 0; i <= FARTHEST; i++)
        free(middle->row[i]);
    return status;
}

static struct middle cut_ends(struct words *a, struct words *b)
{
    struct middle middle = {.a = a, .b = b};
    size_t end_a = a->count, end_b = b->count, same = 0;

    while (same < end_a && same < end_b && word_equal(a, same, b, same))
        same++;
    while (end_a > same && end_b > same && word_equal(a, end_a - 1, b, end_b - 1)) {
        end_a--;
        end_b--;
    }
    middle.from_a = middle.from_b = same;
    middle.len_a = (ptrdiff_t)(end_a - same);
    middle.len_b = (ptrdiff_t)(end_b - same);
    return middle;
}

/* ---- pieces ---- */

/* A blank between two changed words belongs to the change: "[-two men-] {+three boys+}" reads
 * better than one change a word. */
static void join(struct words *a, struct words *b)
{
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        if (i < a->count && a->changed[i]) {
            i++;
        } else if (j < b->count && b->changed[j]) {
            j++;
        } else {
            bool out = (i > 0 && a->changed[i - 1]) || (i + 1 < a->count && a->changed[i + 1]);
            bool in = (j > 0 && b->changed[j - 1]) || (j + 1 < b->count && b->changed[j + 1]);
            bool before = (i > 0 && a->changed[i - 1]) || (j > 0 && b->changed[j - 1]);
            bool after =
                (i + 1 < a->count && a->changed[i + 1]) || (j + 1 < b->count && b->changed[j + 1]);

            if (out && in && before && after && word_blank(a, i))
                a->changed[i] = b->changed[j] = true;
            i++;
            j++;
        }
    }
}

/* From word `at` on those that are changed; moves behind them. */
static struct lw_piece take_changed(const struct words *words, size_t *at, enum lw_piece_kind kind)
{
    struct lw_piece piece = {.kind = kind, .text = words->text + words->start[*at]};

    while (*at < words->count && words->changed[*at])
        piece.len += word_bytes(words, (*at)++);
    return piece;
}

static struct lw_piece take_same(const struct words *a, size_t *i, const struct words *b, size_t *j)
{
    struct lw_piece piece = {.kind = LW_PIECE_SAME, .text = a->text + a->start[*i]};

    while (*i < a->count && !a->changed[*i] && *j < b->count && !b->changed[*j]) {
        piece.len += word_bytes(a, (*i)++);
        (*j)++;
    }
    return piece;
}

static enum lw_status tell(const struct words *a, const struct words *b, lw_piece_visitor *visit,
                           void *context)
{
    size_t i = 0, j = 0;
    enum lw_status status = LW_OK;

    while ((i < a->count || j < b->count) && status == LW_OK) {
        struct lw_piece out = take_changed(a, &i, LW_PIECE_REMOVED);
        struct lw_piece in = take_changed(b, &j, LW_PIECE_ADDED);
        struct lw_piece same = take_same(a, &i, b, &j);

        if (out.len > 0)
            status = visit(context, &out);
        if (in.len > 0 && status == LW_OK)
            status = visit(context, &in);
        if (same.len > 0 && status == LW_OK)
            status = visit(context, &same);
    }
    return status;
}

enum lw_status lw_text_difference(const char *before, const char *after, lw_piece_visitor *visit,
                                  void *context)
{
    struct words a, b;
    struct middle middle;
    enum lw_status status = words_split(before, &a);

    if (status != LW_OK)
        return status;
    status = words_split(after, &b);
    if (status != LW_OK) {
        words_free(&a);
        return status;
    }
    middle = cut_ends(&a, &b);
    if (middle.len_a > 0 || middle.len_b > 0)
        status = compare(&middle);
    if (status == LW_OK) {
        join(&a, &b);
        status = tell(&a, &b, visit, context);
    }
    words_free(&a);
    words_free(&b);
    return status;
}
