/* Columns of a terminal, by grapheme cluster. */
#include "internal.h"

#include <utf8proc.h>

static bool is_regional(uint32_t codepoint)
{
    return codepoint >= 0x1F1E6 && codepoint <= 0x1F1FF;
}

/* U+200B and its like: nothing to see, alone or not. A lone mark is drawn, a number sign too. */
static bool is_invisible(uint32_t codepoint)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)codepoint);

    return property->category == UTF8PROC_CATEGORY_CF && property->ignorable;
}

/* What is replaced before it reaches a terminal takes the column of its replacement. */
static unsigned point_columns(uint32_t codepoint)
{
    int width;

    if (lw_text_is_unprintable(codepoint))
        return 1;
    width = utf8proc_charwidth((utf8proc_int32_t)codepoint);
    if (width <= 0)
        return 0;
    return width >= 2 ? 2 : 1;
}

/* Letters that are clusters of their own beside each other; 0: ask the tables. Most of what is
 * typed, and worth the shortcut: an editor measures long texts between two keys. */
static unsigned plain_columns(uint32_t codepoint)
{
    if (codepoint < 0x300)
        return (codepoint >= 0x20 && codepoint < 0x7F) || codepoint >= 0xAE;
    if (codepoint < 0x530) /* Cyrillic but for its combining marks */
        return codepoint >= 0x400 && (codepoint < 0x483 || codepoint > 0x489);
    if (codepoint >= 0x4E00 && codepoint <= 0x9FA5)
        return 2;
    return codepoint >= 0xAC00 && codepoint <= 0xD7A3 ? 2 : 0;
}

/* The same told by bytes, for what comes most: ASCII and the letters from U+0400 to U+047F. 0: not
 * so plain, or at the end. */
static size_t plain_bytes(const char *text, size_t len)
{
    unsigned char lead = len > 0 ? (unsigned char)text[0] : 0;

    if (lead >= 0x20 && lead < 0x7F)
        return 1;
    if ((lead == 0xD0 || lead == 0xD1) && len > 1 && ((unsigned char)text[1] & 0xC0) == 0x80)
        return 2;
    return 0;
}

/* The cluster at text: its bytes (0 at the end) and its columns. */
static size_t next_cluster(const char *text, size_t len, unsigned *columns)
{
    uint32_t first = 0;
    uint32_t before;
    uint32_t codepoint = 0;
    utf8proc_int32_t state = 0;
    size_t at = plain_bytes(text, len);

    *columns = 1;
    if (len > 0 && *text == '\n')
        return 1;
    if (at > 0 && (at == len || text[at] == '\n' || plain_bytes(text + at, len - at) > 0))
        return at;
    at = lw_utf8_next(text, len, &first);
    *columns = plain_columns(first);
    if (*columns > 0) {
        (void)lw_utf8_next(text + at, len - at, &codepoint);
        if (at == len || codepoint == '\n' || plain_columns(codepoint) > 0)
            return at;
    }
    *columns = at > 0 ? point_columns(first) : 0;
    before = first;
    while (at < len) {
        size_t used = lw_utf8_next(text + at, len - at, &codepoint);

        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)codepoint,
                                             &state))
            break;
        if (point_columns(codepoint) > *columns)
            *columns = point_columns(codepoint);
        if (is_regional(first) && is_regional(codepoint))
            *columns = 2;
        before = codepoint;
        at += used;
    }
    if (at > 0 && *columns == 0 && !is_invisible(first))
        *columns = 1;
    return at;
}

size_t lw_utf8_cluster(const char *text, size_t len, unsigned *columns)
{
    unsigned wide = 0;
    size_t used = next_cluster(text, len, &wide);

    if (columns != NULL)
        *columns = wide;
    return used;
}

size_t lw_utf8_columns(const char *text, size_t len)
{
    size_t total = 0;
    size_t at = 0;

    while (at < len) {
        unsigned columns;

        at += next_cluster(text + at, len - at, &columns);
        total += columns;
    }
    return total;
}

size_t lw_utf8_fit(const char *text, size_t len, size_t columns)
{
    size_t at = 0;

    while (at < len) {
        unsigned wide;
        size_t used = next_cluster(text + at, len - at, &wide);

        if (wide > columns)
            break;
        columns -= wide;
        at += used;
    }
    return at;
}
