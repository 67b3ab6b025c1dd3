/* How good a passphrase is, and whether two are too much alike. Plain estimates for prompts. */
#include "keys.h"

#include <string.h>

struct word {
    size_t at;
    size_t len;
};

static bool is_separator(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '-' || c == '.' || c == 0xA0;
}

/* The passphrase as code points; bytes where it is not UTF-8. Returns how many. */
static size_t to_points(const char *text, size_t len, uint32_t *points)
{
    size_t count = 0, at = 0;
    bool valid = lw_utf8_valid(text, len, NULL);

    while (at < len) {
        size_t used = 1;

        points[count] = (uint8_t)text[at];
        if (valid)
            used = lw_utf8_next(text + at, len - at, &points[count]);
        if (used == 0)
            break;
        at += used;
        count++;
    }
    return count;
}

/* The word at or behind *at; false at the end. */
static bool next_word(const uint32_t *points, size_t count, size_t *at, struct word *word)
{
    while (*at < count && is_separator(points[*at]))
        (*at)++;
    word->at = *at;
    while (*at < count && !is_separator(points[*at]))
        (*at)++;
    word->len = *at - word->at;
    return word->len > 0;
}

static bool same_word(const uint32_t *a, struct word left, const uint32_t *b, struct word right)
{
    return left.len == right.len && memcmp(a + left.at, b + right.at, left.len * sizeof *a) == 0;
}

static bool seen_before(const uint32_t *points, struct word word)
{
    struct word earlier;
    size_t at = 0;

    while (next_word(points, word.at, &at, &earlier))
        if (same_word(points, word, points, earlier))
            return true;
    return false;
}

static unsigned different_words(const uint32_t *points, size_t count)
{
    struct word word;
    unsigned words = 0;
    size_t at = 0;

    while (next_word(points, count, &at, &word))
        if (word.len >= 3 && !seen_before(points, word))
            words++;
    return words;
}

static unsigned class_of(uint32_t c)
{
    if (c >= 'a' && c <= 'z')
        return 1;
    if (c >= 'A' && c <= 'Z')
        return 2;
    if (c >= '0' && c <= '9')
        return 4;
    return 8;
}

static bool follows(const uint32_t *points, size_t i)
{
    uint32_t c = points[i], before = points[i - 1];

    return c == before || c == before + 1 || c + 1 == before;
}

/* Repeated and counted-up characters are worth nothing, nor are words that were there before; the
 * rest by how mixed it is. */
static unsigned bits_by_character(const uint32_t *points, size_t count)
{
    static const unsigned worth[] = {0, 2, 3, 4, 4}; /* by number of classes */
    unsigned classes = 0, kinds = 0, characters = 0;
    struct word word;
    size_t at = 0;

    while (next_word(points, count, &at, &word)) {
        if (seen_before(points, word))
            continue;
        for (size_t i = word.at; i < word.at + word.len; i++) {
            classes |= class_of(points[i]);
            characters += i == word.at || !follows(points, i);
        }
    }
    for (unsigned bit = 1; bit <= 8; bit <<= 1)
        kinds += (classes & bit) != 0;
    return characters * worth[kinds];
}

static uint32_t *points_new(size_t count)
{
    return sodium_malloc((count + 2) * sizeof(uint32_t));
}

unsigned lw_passphrase_words(const struct lw_passphrase *pass)
{
    unsigned words = 0;
    bool inside = false;

    for (size_t i = 0; i < pass->len; i++) {
        bool separator = is_separator(pass->data[i]) && pass->data[i] < 0x80;

        words += !separator && !inside;
        inside = !separator;
    }
    return words;
}

unsigned lw_passphrase_bits(const struct lw_passphrase *pass)
{
    uint32_t *points = points_new(pass->len);
    size_t count;
    unsigned words, bits;

    if (points == NULL)
        return 0;
    count = to_points((const char *)pass->data, pass->len, points);
    words = different_words(points, count);
    bits = words >= 4 ? words * 129 / 10 : bits_by_character(points, count);
    sodium_free(points);
    return bits;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;

    return smaller < c ? smaller : c;
}

/* Levenshtein with one row, which holds count_b + 1 elements. */
static size_t edit_distance(const uint32_t *a, size_t count_a, const uint32_t *b, size_t count_b,
                            uint32_t *row)
{
    for (size_t j = 0; j <= count_b; j++)
        row[j] = (uint32_t)j;
    for (size_t i = 1; i <= count_a; i++) {
        size_t corner = row[0];

        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= count_b; j++) {
            size_t changed = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            row[j] = (uint32_t)least(changed, (size_t)row[j] + 1, (size_t)row[j - 1] + 1);
        }
    }
    return row[count_b];
}

static bool contains(const uint32_t *outer, size_t count, const uint32_t *inner, size_t inner_count)
{
    for (size_t at = 0; at + inner_count <= count; at++)
        if (memcmp(outer + at, inner, inner_count * sizeof *inner) == 0)
            return true;
    return false;
}

static bool share_word(const uint32_t *a, size_t count_a, const uint32_t *b, size_t count_b)
{
    struct word left, right;

    for (size_t i = 0; next_word(a, count_a, &i, &left);)
        for (size_t j = 0; left.len >= 4 && next_word(b, count_b, &j, &right);)
            if (same_word(a, left, b, right))
                return true;
    return false;
}

/* Code points under case folding in locked memory; NULL: out of memory. */
static uint32_t *folded_points(const struct lw_passphrase *pass, size_t *count)
{
    struct lw_buf buf = LW_BUF_INIT;
    const char *text = (const char *)pass->data;
    size_t len = pass->len;
    uint32_t *points = NULL;
    enum lw_status status = lw_utf8_fold(text, len, &buf);

    if (status == LW_OK) {
        text = lw_buf_text(&buf);
        len = buf.len;
    }
    if (status == LW_OK || status == LW_BAD_DATA)
        points = points_new(len);
    if (points != NULL)
        *count = to_points(text, len, points);
    lw_buf_free(&buf);
    return points;
}

bool lw_passphrase_too_close(const struct lw_passphrase *a, const struct lw_passphrase *b)
{
    size_t count_a = 0, count_b = 0;
    uint32_t *left = folded_points(a, &count_a), *right = folded_points(b, &count_b);
    uint32_t *row = points_new(count_b);
    bool close = true; /* where it cannot be told */

    if (left != NULL && right != NULL && row != NULL)
        close = contains(left, count_a, right, count_b) ||
                contains(right, count_b, left, count_a) ||
                share_word(left, count_a, right, count_b) ||
                edit_distance(left, count_a, right, count_b, row) <= 3;
    sodium_free(row);
    sodium_free(right);
    sodium_free(left);
    return close;
}
