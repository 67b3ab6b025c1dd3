/* Steps by grapheme cluster: the shortcut for plain letters, borders found from the middle, words.
 */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define GRAVE  "\u0300"
#define FAMILY "👨\u200D👩\u200D👧\u200D👦"

static size_t encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | (point >> 6));
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | (point >> 12));
    out[1] = (char)(0x80 | ((point >> 6) & 0x3F));
    out[2] = (char)(0x80 | (point & 0x3F));
    return 3;
}

/* A mark behind a letter sends it through the tables; alone and before a letter it takes the
 * shortcut, where there is one. Both must say the same. */
static void shortcut_agrees_with_tables(void **state)
{
    (void)state;
    for (uint32_t point = 0x20; point < 0xFFFE; point++) {
        char text[16];
        size_t used;
        unsigned alone;
        unsigned before;
        unsigned marked;

        if ((point >= 0x7F && point < 0xA0) || (point >= 0xD800 && point <= 0xDFFF))
            continue;
        used = encode(point, text);
        assert_int_equal(lw_utf8_cluster(text, used, &alone), used);
        memcpy(text + used, "я", 2);
        if (lw_utf8_cluster(text, used + 2, &before) == used)
            assert_int_equal(before, alone);
        memcpy(text + used, GRAVE "я", 4);
        if (lw_utf8_cluster(text, used + 4, &marked) == used + 2 && marked != alone)
            fail_msg("U+%04X: %u columns alone, %u with a mark", (unsigned)point, alone, marked);
    }
}

static const char *const pieces[] = {
    "a",      "Б",      "\u0301",     "\u0306", "中",         "한",         "\u1112",
    "\u1161", "\u11AB", "\n",         "\r\n",   "\r",         " ",          "\t",
    FAMILY,   "👍",      "\U0001F3FD", "\u200D", "\U0001F1E9", "\U0001F1EA", "\u200B",
    "क",      "\u094D", "ि",          "\u0600", "\uFE0F",     "©",
};

/* Every byte of random texts: the border found from there is the one that a walk from the start
 * has. */
static void floor_agrees_with_walk(void **state)
{
    uint32_t seed = 2463534242u;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[512];
        size_t len = 0;
        size_t border = 0;

        for (int i = 0; i < 16; i++) {
            const char *piece;

            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            piece = pieces[seed % LW_COUNT_OF(pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        while (border < len) {
            size_t used = lw_utf8_cluster(text + border, len - border, NULL);

            for (size_t at = border; at < border + used; at++)
                assert_int_equal(lw_utf8_floor(text, len, at), border);
            border += used;
        }
        assert_int_equal(lw_utf8_floor(text, len, len), len);
        assert_int_equal(lw_utf8_floor(text, len, len + 7), len);
    }
}

static void floor_of_foreign_bytes_ends(void **state)
{
    uint32_t seed = 88172645u;
    char bytes[32];

    (void)state;
    assert_int_equal(lw_utf8_floor("", 0, 0), 0);
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            bytes[i] = (char)(seed >> 11);
        }
        for (size_t at = 0; at < sizeof(bytes); at++)
            assert_true(lw_utf8_floor(bytes, sizeof(bytes), at) <= at);
    }
}

static void words(void **state)
{
    static const uint32_t in[] = {'a', 'Z', '0', '_', 0x439, 0x301, 0x4E2D, 0x200D, 0x200C, 0xD55C};
    static const uint32_t out[] = {' ', '\n', '-', '.', '@', '\'', 0xA0, 0x201C, 0x1F44D, 0x200B};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(in); i++)
        assert_true(lw_utf8_is_word(in[i]));
    for (size_t i = 0; i < LW_COUNT_OF(out); i++)
        assert_false(lw_utf8_is_word(out[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shortcut_agrees_with_tables),
        cmocka_unit_test(floor_agrees_with_walk),
        cmocka_unit_test(floor_of_foreign_bytes_ends),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
