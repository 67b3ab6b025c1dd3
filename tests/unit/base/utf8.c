/* Well-formedness and decoding. */
#include "base/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void good_text(void **state)
{
    static const char *const texts[] = {
        "",
        "plain",
        "Сергей Бабинец",
        "e\xCC\x81",
        "中文",
        "👨‍👩‍👧",
        "\x7F",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(texts); i++)
        assert_true(lw_utf8_valid(texts[i], strlen(texts[i]), NULL));
    assert_true(lw_utf8_valid(NULL, 0, NULL));
}

static void blanks(void **state)
{
    static const struct {
        const char *text;
        size_t bytes;
    } cases[] = {{"", 0},
                 {"a ", 0},
                 {" a", 1},
                 {"\t", 1},
                 {"\r\n", 1},
                 {"\xC2\xA0-", 2},
                 {"\xC2\xA1", 0},
                 {"\xE2\x80\xAF", 3},
                 {"\xE2\x80\x80", 3},
                 {"\xE2\x80\x8A", 3},
                 {"\xE2\x80\x8B", 0},
                 {"\xE2\x80\xB0", 0}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++)
        assert_int_equal(lw_utf8_blank(cases[i].text, strlen(cases[i].text)), cases[i].bytes);
    assert_int_equal(lw_utf8_blank("\xC2\xA0", 1), 0);
    assert_int_equal(lw_utf8_blank(NULL, 0), 0);
}

static void bad_text(void **state)
{
    static const char *const texts[] = {
        "ab\x80",                     /* continuation alone */
        "ab\xC0\x80",                 /* overlong NUL */
        "ab\xC1\xBF",                 /* overlong */
        "ab\xE0\x80\xAF",             /* overlong slash */
        "ab\xE0\x9F\xBF",             /* overlong */
        "ab\xF0\x80\x80\xAF",         /* overlong */
        "ab\xF0\x8F\xBF\xBF",         /* overlong */
        "ab\xED\xA0\x80",             /* first surrogate */
        "ab\xED\xBF\xBF",             /* last surrogate */
        "ab\xF4\x90\x80\x80",         /* beyond U+10FFFF */
        "ab\xF5\x80\x80\x80",         /* never a first byte */
        "ab\xF8\x88\x80\x80\x80",     /* five bytes */
        "ab\xFC\x84\x80\x80\x80\x80", /* six bytes */
        "ab\xFE",
        "ab\xFF",
        "ab\xC2",         /* cut */
        "ab\xE4\xB8",     /* cut */
        "ab\xF0\x9F\x91", /* cut */
        "ab\xC2z",
        "ab\xE4\xB8z",
        "ab\xF0\x9F\x91z",
        "ab\xC2\xC2\x80",
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(texts); i++) {
        size_t bad = 99;

        assert_false(lw_utf8_valid(texts[i], strlen(texts[i]), &bad));
        assert_int_equal(bad, 2);
    }
}

static void nul_is_not_text(void **state)
{
    size_t bad = 99;

    (void)state;
    assert_false(lw_utf8_valid("a\0b", 3, &bad));
    assert_int_equal(bad, 1);
    assert_false(lw_utf8_valid("", 1, NULL));
}

static void every_code_point_round_trips(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        uint32_t back = 0;

        if (c == 0xD800)
            c = 0xE000;
        lw_buf_clear(&buf);
        assert_int_equal(lw_utf8_add(&buf, c), LW_OK);
        if (!lw_utf8_valid(buf.data, buf.len, NULL) ||
            lw_utf8_next(buf.data, buf.len, &back) != buf.len || back != c)
            fail_msg("U+%04X", (unsigned)c);
        if (buf.len > 1 && lw_utf8_valid(buf.data, buf.len - 1, NULL))
            fail_msg("U+%04X cut is taken", (unsigned)c);
    }
    lw_buf_free(&buf);
}

static void next_ends_and_always_moves(void **state)
{
    uint32_t codepoint = 7;

    (void)state;
    assert_int_equal(lw_utf8_next("", 0, &codepoint), 0);
    assert_int_equal(codepoint, 7);
    assert_int_equal(lw_utf8_next("\xE4\xB8", 2, &codepoint), 1);
    assert_int_equal(codepoint, 0xFFFD);
}

/* The table of well-formed byte sequences, written down a second time. */
static bool plain_valid(const unsigned char *t, size_t n)
{
    size_t i = 0;

    while (i < n) {
        unsigned low = 0x80, high = 0xBF;
        size_t more;

        if (t[i] >= 1 && t[i] <= 0x7F)
            more = 0;
        else if (t[i] >= 0xC2 && t[i] <= 0xDF)
            more = 1;
        else if (t[i] >= 0xE0 && t[i] <= 0xEF)
            more = 2;
        else if (t[i] >= 0xF0 && t[i] <= 0xF4)
            more = 3;
        else
            return false;
        if (t[i] == 0xE0)
            low = 0xA0;
        if (t[i] == 0xED)
            high = 0x9F;
        if (t[i] == 0xF0)
            low = 0x90;
        if (t[i] == 0xF4)
            high = 0x8F;
        for (size_t k = 1; k <= more; k++) {
            if (i + k >= n || t[i + k] < low || t[i + k] > high)
                return false;
            low = 0x80;
            high = 0xBF;
        }
        i += more + 1;
    }
    return true;
}

static void random_bytes_agree_with_the_table(void **state)
{
    static const unsigned char likely[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                           0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                                           0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
    uint32_t seed = 2463534242u;
    size_t good = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        unsigned char bytes[6];
        size_t len = (size_t)round % 5 + 1;
        bool valid;

        for (size_t i = 0; i < len; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            bytes[i] = likely[seed % sizeof(likely)];
        }
        valid = lw_utf8_valid((const char *)bytes, len, NULL);
        assert_int_equal(valid, plain_valid(bytes, len));
        good += valid;
    }
    assert_true(good > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_text),
        cmocka_unit_test(blanks),
        cmocka_unit_test(bad_text),
        cmocka_unit_test(nul_is_not_text),
        cmocka_unit_test(every_code_point_round_trips),
        cmocka_unit_test(next_ends_and_always_moves),
        cmocka_unit_test(random_bytes_agree_with_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
