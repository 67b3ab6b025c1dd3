/* Text on its way to a terminal, to JSON and to CSV. */
#include "base/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_clean(const char *text, size_t len, bool multiline, const char *wanted)
{
    struct lw_buf out = LW_BUF_INIT;

    assert_int_equal(lw_text_clean(text, len, multiline, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), wanted);
    lw_buf_free(&out);
}

static void clean_replaces_what_commands_a_terminal(void **state)
{
    static const char *const texts[] = {
        "a\x1Bz",       "a\x07z",   "a\x7Fz",   "a\xC2\x80z", "a\xC2\x9Bz", "a\xC2\x9Fz",
        "a\u061Cz",     "a\u200Ez", "a\u200Fz", "a\u2028z",   "a\u2029z",   "a\u202Az",
        "a\u202Ez",     "a\u2066z", "a\u2069z", "a\uFFF9z",   "a\uFFFBz",   "a\U000E0001z",
        "a\U000E007Fz", "a\rz",     "a\x80z",   "a\xFFz",     "a\xC3z",
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(texts); i++) {
        check_clean(texts[i], strlen(texts[i]), false, "a\uFFFDz");
        check_clean(texts[i], strlen(texts[i]), true, "a\uFFFDz");
    }
    check_clean("a\0z", 3, false, "a\uFFFDz");
    check_clean("\xED\xA0\x80", 3, false, "\uFFFD\uFFFD\uFFFD"); /* surrogate: three bad bytes */
    check_clean("x\x1B", 2, true, "x\uFFFD");
}

static void clean_keeps_the_rest(void **state)
{
    static const char good[] = "Сергей e\u0301 中 👨\u200D👩 \u00A0 \u2027 \u202F \u2065 \uFFFC é ~";

    (void)state;
    check_clean("", 0, false, "");
    check_clean(NULL, 0, false, "");
    check_clean(good, strlen(good), false, good);
}

static void lines_stay_or_become_blanks(void **state)
{
    (void)state;
    check_clean("a\n\tb\n", 5, true, "a\n\tb\n");
    check_clean("a\n\tb\n", 5, false, "a  b ");
}

/* Whatever comes in, what goes out is well-formed and holds nothing unprintable. */
static void random_bytes_come_out_clean(void **state)
{
    static const char *const pieces[] = {"\x1B[2J", "\u202E",           "\xF0\x9F", "Б",
                                         "\n",      "\xE2\x80",         "\xC2",     "\x9B",
                                         "\xAE",    "\xF3\xA0\x80\x81", "q",        "\xFF"};
    uint32_t seed = 521288629u;
    struct lw_buf in = LW_BUF_INIT, out = LW_BUF_INIT;

    (void)state;
    for (int round = 0; round < 50000; round++) {
        size_t at = 0;

        lw_buf_clear(&in);
        lw_buf_clear(&out);
        for (int i = 0; i < 6; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            assert_int_equal(lw_buf_adds(&in, pieces[seed % LW_COUNT_OF(pieces)]), LW_OK);
        }
        assert_int_equal(lw_text_clean(in.data, in.len, false, &out), LW_OK);
        assert_true(lw_utf8_valid(out.data, out.len, NULL));
        while (at < out.len) {
            uint32_t codepoint;

            at += lw_utf8_next(out.data + at, out.len - at, &codepoint);
            assert_false(lw_text_is_unprintable(codepoint));
        }
    }
    lw_buf_free(&in);
    lw_buf_free(&out);
}

static void unprintable_bounds(void **state)
{
    static const uint32_t yes[] = {0,      9,      10,     0x1F,   0x7F,    0x80,    0x9F,
                                   0x61C,  0x200E, 0x200F, 0x2028, 0x202E,  0x2066,  0x2069,
                                   0xD800, 0xDFFF, 0xFFF9, 0xFFFB, 0xE0000, 0xE007F, 0x110000};
    static const uint32_t no[] = {0x20,   0x7E,   0xA0,   0x61B,   0x61D,   0x200D,
                                  0x2010, 0x2027, 0x202F, 0x2065,  0x206A,  0xE000,
                                  0xFFF8, 0xFFFC, 0xFFFD, 0xDFFFF, 0xE0080, 0x10FFFF};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(yes); i++)
        assert_true(lw_text_is_unprintable(yes[i]));
    for (size_t i = 0; i < LW_COUNT_OF(no); i++)
        assert_false(lw_text_is_unprintable(no[i]));
}

static void check_json(const char *text, size_t len, const char *wanted)
{
    struct lw_buf out = LW_BUF_INIT;

    assert_int_equal(lw_json_string(text, len, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), wanted);
    lw_buf_free(&out);
}

static void json_escapes(void **state)
{
    (void)state;
    check_json("", 0, "\"\"");
    check_json("plain/é中", strlen("plain/é中"), "\"plain/é中\"");
    check_json("say \"x\\y\"", 9, "\"say \\\"x\\\\y\\\"\"");
    check_json("a\n\t\x1B\x7F", 5, "\"a\\u000a\\u0009\\u001b\\u007f\"");
    check_json("a\0b", 3, "\"a\\u0000b\"");
    check_json("\xC2\x9B\u202E\u2028", strlen("\xC2\x9B\u202E\u2028"), "\"\\u009b\\u202e\\u2028\"");
    check_json("\U000E0041", 4, "\"\\udb40\\udc41\"");
    check_json("👨", 4, "\"👨\"");
}

static void json_refuses_what_is_no_text(void **state)
{
    struct lw_buf out = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_adds(&out, "x"), LW_OK);
    assert_int_equal(lw_json_string("ab\n\xFF", 4, &out), LW_BAD_DATA);
    assert_int_equal(lw_json_string("\xED\xA0\x80", 3, &out), LW_BAD_DATA);
    assert_string_equal(lw_buf_text(&out), "x");
    assert_int_equal(out.len, 1);
    lw_buf_free(&out);
}

static void check_csv(const char *text, const char *wanted)
{
    struct lw_buf out = LW_BUF_INIT;

    assert_int_equal(lw_csv_cell(text, strlen(text), &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), wanted);
    lw_buf_free(&out);
}

static void csv_quotes_where_needed(void **state)
{
    (void)state;
    check_csv("", "");
    check_csv("plain", "plain");
    check_csv("two words", "two words");
    check_csv("a,b", "\"a,b\"");
    check_csv("\"", "\"\"\"\"");
    check_csv("say \"x\"", "\"say \"\"x\"\"\"");
    check_csv("a\nb", "\"a\nb\"");
    check_csv("a\rb", "\"a\rb\"");
    check_csv(" a", "\" a\"");
    check_csv("a ", "\"a \"");
    check_csv("Бабинец; x", "Бабинец; x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_replaces_what_commands_a_terminal),
        cmocka_unit_test(clean_keeps_the_rest),
        cmocka_unit_test(lines_stay_or_become_blanks),
        cmocka_unit_test(random_bytes_come_out_clean),
        cmocka_unit_test(unprintable_bounds),
        cmocka_unit_test(json_escapes),
        cmocka_unit_test(json_refuses_what_is_no_text),
        cmocka_unit_test(csv_quotes_where_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
