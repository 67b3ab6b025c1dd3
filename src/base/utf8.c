/* UTF-8 as bytes: strict decoding and encoding. */
#include "internal.h"

#include <string.h>

#define REPLACEMENT 0xFFFDu

/* How long a sequence is by its first byte, what that byte gives, and the least it may mean. */
static size_t sequence_start(unsigned char first, uint32_t *bits, uint32_t *least)
{
    if (first < 0x80) {
        *bits = first;
        *least = 0;
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        *bits = first & 0x1Fu;
        *least = 0x80;
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *bits = first & 0x0Fu;
        *least = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *bits = first & 0x07u;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t lw_utf8_decode(const char *text, size_t len, uint32_t *codepoint)
{
    uint32_t value = 0;
    uint32_t least = 0;
    size_t used;

    if (len == 0)
        return 0;
    used = sequence_start((unsigned char)text[0], &value, &least);
    if (used == 0 || used > len)
        return 0;
    for (size_t i = 1; i < used; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((byte & 0xC0) != 0x80)
            return 0;
        value = (value << 6) | (byte & 0x3Fu);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *codepoint = value;
    return used;
}

size_t lw_utf8_mark(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool lw_utf8_valid(const char *text, size_t len, size_t *bad)
{
    size_t at = 0;

    while (at < len) {
        uint32_t codepoint;
        size_t used = lw_utf8_decode(text + at, len - at, &codepoint);

        if (used == 0 || codepoint == 0) {
            if (bad)
                *bad = at;
            return false;
        }
        at += used;
    }
    return true;
}

size_t lw_utf8_blank(const char *text, size_t len)
{
    if (len > 0 && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')))
        return 1;
    if (len >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
        return 2;
    if (len < 3 || memcmp(text, "\xE2\x80", 2) != 0)
        return 0;
    return (uint8_t)text[2] == 0xAF || ((uint8_t)text[2] >= 0x80 && (uint8_t)text[2] <= 0x8A) ? 3
                                                                                              : 0;
}

/* A byte that is no UTF-8 counts as one replacement character, so that a walk always ends. */
size_t lw_utf8_next(const char *text, size_t len, uint32_t *codepoint)
{
    size_t used = lw_utf8_decode(text, len, codepoint);

    if (used == 0 && len > 0) {
        *codepoint = REPLACEMENT;
        return 1;
    }
    return used;
}

enum lw_status lw_utf8_add(struct lw_buf *out, uint32_t codepoint)
{
    char bytes[4];
    size_t used = 0;

    if (codepoint < 0x80) {
        bytes[used++] = (char)codepoint;
    } else if (codepoint < 0x800) {
        bytes[used++] = (char)(0xC0 | (codepoint >> 6));
        bytes[used++] = (char)(0x80 | (codepoint & 0x3F));
    } else if (codepoint < 0x10000) {
        bytes[used++] = (char)(0xE0 | (codepoint >> 12));
        bytes[used++] = (char)(0x80 | ((codepoint >> 6) & 0x3F));
        bytes[used++] = (char)(0x80 | (codepoint & 0x3F));
    } else {
        bytes[used++] = (char)(0xF0 | (codepoint >> 18));
        bytes[used++] = (char)(0x80 | ((codepoint >> 12) & 0x3F));
        bytes[used++] = (char)(0x80 | ((codepoint >> 6) & 0x3F));
        bytes[used++] = (char)(0x80 | (codepoint & 0x3F));
    }
    return lw_buf_add(out, bytes, used);
}
