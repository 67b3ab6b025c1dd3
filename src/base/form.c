/* Forms of text: NFC for what is stored, the folded form for what is compared. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* No code point becomes more than 18 (U+FDFA); the margin is for a newer library. */
#define EXPANSION 32

/* Code points under way, in memory of our own so that it can be zeroed. */
struct points {
    int32_t *list;
    int32_t *scratch; /* as long as list */
    size_t len;
};

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

/* The code points that one becomes under these options; 0 where none are left. What the library
 * cannot take apart stays as it is. */
static size_t decompose(uint32_t codepoint, int options, int32_t out[EXPANSION])
{
    int boundary = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t made = utf8proc_decompose_char((utf8proc_int32_t)codepoint, out, EXPANSION,
                                                    (utf8proc_option_t)options, &boundary);

    if (made < 0 || made > EXPANSION) {
        out[0] = (int32_t)codepoint;
        return 1;
    }
    return (size_t)made;
}

/* ---- NFC ---------------------------------------------------------------------------------- */

/* Writes the decomposed text to list, or only counts where list is NULL. */
static size_t decompose_text(const char *text, size_t len, int32_t *list)
{
    int32_t made[EXPANSION];
    size_t count = 0;
    size_t at = 0;

    while (at < len) {
        uint32_t codepoint;
        size_t used = lw_utf8_next(text + at, len - at, &codepoint);
        size_t more = decompose(codepoint, UTF8PROC_DECOMPOSE, made);

        if (list)
            memcpy(list + count, made, more * sizeof(made[0]));
        count += more;
        at += used;
    }
    lw_zero(made, sizeof(made));
    return count;
}

static unsigned char class_of(int32_t codepoint)
{
    return (unsigned char)utf8proc_get_property(codepoint)->combining_class;
}

/* Stable order of a run of marks by combining class. Counting, since a text made to hurt may have a
 * million marks on one letter. */
static void order_run(int32_t *run, size_t len, int32_t *scratch)
{
    size_t place[257] = {0};

    for (size_t i = 0; i < len; i++)
        place[class_of(run[i]) + 1]++;
    for (size_t c = 1; c < LW_COUNT_OF(place); c++)
        place[c] += place[c - 1];
    for (size_t i = 0; i < len; i++)
        scratch[place[class_of(run[i])]++] = run[i];
    memcpy(run, scratch, len * sizeof(run[0]));
}

static void order_marks(struct points *points)
{
    size_t start = 0;

    for (size_t i = 0; i <= points->len; i++) {
        if (i < points->len && class_of(points->list[i]) != 0)
            continue;
        if (i - start > 1)
            order_run(points->list + start, i - start, points->scratch);
        start = i + 1;
    }
}

static void points_free(struct points *points)
{
    lw_zero(points->list, points->len * sizeof(points->list[0]));
    lw_zero(points->scratch, points->len * sizeof(points->scratch[0]));
    free(points->list);
    free(points->scratch);
}

static enum lw_status compose_part(int32_t *list, size_t len, struct lw_buf *out)
{
    utf8proc_ssize_t made =
        utf8proc_normalize_utf32(list, (utf8proc_ssize_t)len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);

    if (made < 0)
        return LW_INTERNAL;
    for (utf8proc_ssize_t i = 0; i < made; i++) {
        enum lw_status status = lw_utf8_add(out, (uint32_t)list[i]);

        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}

/* The library (2.8) takes U+11A7 after a Hangul syllable for a trailing consonant and drops it. It
 * never composes with what is before it, so a part may begin there. */
static enum lw_status compose_into(const struct points *points, struct lw_buf *out)
{
    size_t start = 0;

    for (size_t i = 1; i <= points->len; i++) {
        enum lw_status status;

        if (i < points->len && points->list[i] != 0x11A7)
            continue;
        status = compose_part(points->list + start, i - start, out);
        if (status != LW_OK)
            return status;
        start = i;
    }
    return LW_OK;
}

enum lw_status lw_utf8_nfc(const char *text, size_t len, struct lw_buf *out)
{
    struct points points = {NULL, NULL, 0};
    size_t before = out->len;
    enum lw_status status = LW_NO_MEMORY;

    if (!lw_utf8_valid(text, len, NULL))
        return LW_BAD_DATA;
    if (is_ascii(text, len))
        return lw_buf_add(out, text, len);
    points.len = decompose_text(text, len, NULL);
    points.list = calloc(points.len + 1, sizeof(points.list[0]));
    points.scratch = calloc(points.len + 1, sizeof(points.scratch[0]));
    if (points.list && points.scratch) {
        decompose_text(text, len, points.list);
        order_marks(&points);
        status = compose_into(&points, out);
    }
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    points_free(&points);
    return status;
}

/* ---- folding ------------------------------------------------------------------------------ */

struct fold {
    struct lw_buf *out;
    bool started; /* something other than a blank was written */
    bool blank;   /* a blank is owed before the next letter */
};

static bool is_blank(int32_t codepoint)
{
    switch (utf8proc_category(codepoint)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return (codepoint >= 0x09 && codepoint <= 0x0D) || codepoint == 0x85;
    }
}

static enum lw_status fold_put(struct fold *fold, int32_t codepoint)
{
    enum lw_status status = LW_OK;

    if (is_blank(codepoint)) {
        fold->blank = fold->started;
        return LW_OK;
    }
    if (fold->blank)
        status = lw_buf_addc(fold->out, ' ');
    fold->blank = false;
    fold->started = true;
    return status == LW_OK ? lw_utf8_add(fold->out, (uint32_t)codepoint) : status;
}

/* Accents go before case is folded: folding makes letters of some of them (Greek iota subscript),
 * and the result would depend on how the text was composed. */
static enum lw_status fold_letter(struct fold *fold, uint32_t codepoint)
{
    const int bare = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    int32_t plain[EXPANSION];
    int32_t small[EXPANSION] = {0};
    size_t plain_len = decompose(codepoint, bare, plain);
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < plain_len && status == LW_OK; i++) {
        size_t small_len = decompose((uint32_t)plain[i], bare | UTF8PROC_CASEFOLD, small);

        for (size_t k = 0; k < small_len && status == LW_OK; k++)
            status = fold_put(fold, small[k]);
    }
    lw_zero(plain, sizeof(plain));
    lw_zero(small, sizeof(small));
    return status;
}

static enum lw_status fold_codepoint(struct fold *fold, uint32_t codepoint)
{
    if (codepoint >= 0x80)
        return fold_letter(fold, codepoint);
    if (codepoint >= 'A' && codepoint <= 'Z')
        codepoint += 'a' - 'A';
    return fold_put(fold, (int32_t)codepoint);
}

enum lw_status lw_utf8_fold(const char *text, size_t len, struct lw_buf *out)
{
    struct fold fold = {.out = out};
    size_t before = out->len;
    enum lw_status status = LW_OK;
    size_t at = 0;

    if (!lw_utf8_valid(text, len, NULL))
        return LW_BAD_DATA;
    while (at < len && status == LW_OK) {
        uint32_t codepoint;

        at += lw_utf8_next(text + at, len - at, &codepoint);
        status = fold_codepoint(&fold, codepoint);
    }
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    return status;
}
