/* Steps backward by grapheme cluster, and what belongs to a word. */
#include "internal.h"

#include <utf8proc.h>

#define ZWNJ 0x200Cu
#define ZWJ  0x200Du

/* The start of the code point that ends at text[at], at > 0. */
static size_t point_before(const char *text, size_t at)
{
    size_t start = at - 1;

    while (start > 0 && at - start < 4 && ((unsigned char)text[start] & 0xC0) == 0x80)
        start--;
    return start;
}

/* True where clusters part whatever stands before: only emoji joined by ZWJ and flags depend on
 * more than the two neighbours, and for flags the two alone already say that they hold together. */
static bool is_certain(uint32_t before, uint32_t after)
{
    if (before == ZWJ)
        return false;
    return utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)after);
}

size_t lw_utf8_floor(const char *text, size_t len, size_t at)
{
    uint32_t after = 0;
    size_t start;
    size_t used;

    if (at >= len)
        return len;
    start = point_before(text, at + 1);
    (void)lw_utf8_next(text + start, len - start, &after);
    while (start > 0) {
        size_t previous = point_before(text, start);
        uint32_t before = 0;

        (void)lw_utf8_next(text + previous, len - previous, &before);
        if (is_certain(before, after))
            break;
        start = previous;
        after = before;
    }
    while ((used = lw_utf8_cluster(text + start, len - start, NULL)) <= at - start)
        start += used;
    return start;
}

bool lw_utf8_is_word(uint32_t codepoint)
{
    if (codepoint < 0x80)
        return (codepoint >= 'a' && codepoint <= 'z') || (codepoint >= 'A' && codepoint <= 'Z') ||
               (codepoint >= '0' && codepoint <= '9') || codepoint == '_';
    if (codepoint == ZWNJ || codepoint == ZWJ)
        return true;
    switch (utf8proc_category((utf8proc_int32_t)codepoint)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}
