/* Columns by grapheme cluster, and prefixes that fit. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FAMILY "👨\u200D👩\u200D👧\u200D👦"

static const struct {
    const char *text;
    size_t columns;
} cases[] = {
    {"", 0},
    {"abc", 3},
    {"Бабинец", 7},
    {"e\u0301", 1}, /* letter and accent */
    {"ae\u0301\u0323b", 3},
    {"\u0301", 1}, /* a mark without a letter */
    {"\u200B", 0}, /* zero width space */
    {"a\u200Bb", 2},
    {"\uFEFF", 0},
    {"中文", 4},
    {"a中b", 4},
    {"Ａ", 2}, /* fullwidth */
    {"한", 2},
    {"\u1112\u1161\u11AB", 2}, /* the same as conjoining letters */
    {FAMILY, 2},
    {FAMILY "x" FAMILY, 5},
    {"👍\U0001F3FD", 2},          /* with skin tone */
    {"\U0001F1E9\U0001F1EA", 2}, /* flag */
    {"\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 4},
    {"\u0915\u093F", 1}, /* Devanagari letter and vowel sign */
    {"\uFFFD", 1},
    {"a\tb\nc", 5}, /* each becomes one blank */
    {"\u202E", 1},  /* replaced before it is shown */
    {"\x1B", 1},
};

static void columns_of_clusters(void **state)
{
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        size_t columns = lw_utf8_columns(cases[i].text, strlen(cases[i].text));

        if (columns != cases[i].columns)
            fail_msg("%zu columns for case %zu (%s)", columns, i, cases[i].text);
    }
}

static void fit_takes_whole_clusters(void **state)
{
    (void)state;
    assert_int_equal(lw_utf8_fit("abc", 3, 0), 0);
    assert_int_equal(lw_utf8_fit("abc", 3, 2), 2);
    assert_int_equal(lw_utf8_fit("abc", 3, 9), 3);
    assert_int_equal(lw_utf8_fit("", 0, 3), 0);
    assert_int_equal(lw_utf8_fit("中文", 6, 1), 0);
    assert_int_equal(lw_utf8_fit("中文", 6, 3), 3);
    assert_int_equal(lw_utf8_fit("e\u0301f", 4, 1), 3);
    assert_int_equal(lw_utf8_fit(FAMILY, strlen(FAMILY), 1), 0);
    assert_int_equal(lw_utf8_fit(FAMILY "x", strlen(FAMILY) + 1, 2), strlen(FAMILY));
    assert_int_equal(lw_utf8_fit("Бабинец", 14, 3), 6);
    assert_int_equal(lw_utf8_fit("ab\u200B", 5, 2), 5);
}

/* For every case and width: the prefix fits, and one cluster more would not. */
static void fit_agrees_with_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        const char *text = cases[i].text;
        size_t len = strlen(text);

        for (size_t width = 0; width <= cases[i].columns + 1; width++) {
            size_t used = lw_utf8_fit(text, len, width);

            assert_true(used <= len);
            assert_true(lw_utf8_valid(text, used, NULL));
            assert_true(lw_utf8_columns(text, used) <= width);
            assert_int_equal(lw_utf8_columns(text, used) + lw_utf8_columns(text + used, len - used),
                             cases[i].columns);
            if (width >= cases[i].columns)
                assert_int_equal(used, len);
            else
                assert_true(used < len);
        }
    }
}

/* Bytes that are no UTF-8 do no harm: every walk ends, prefixes grow with the width. */
static void random_bytes_do_no_harm(void **state)
{
    uint32_t seed = 88172645u;
    char bytes[24];

    (void)state;
    for (int round = 0; round < 50000; round++) {
        size_t total;
        size_t before = 0;

        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            bytes[i] = (char)(seed >> 11);
        }
        total = lw_utf8_columns(bytes, sizeof(bytes));
        assert_true(total <= 2 * sizeof(bytes));
        for (size_t width = 0; width <= total; width++) {
            size_t used = lw_utf8_fit(bytes, sizeof(bytes), width);

            assert_true(used >= before);
            before = used;
        }
        assert_int_equal(before, sizeof(bytes));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_clusters),
        cmocka_unit_test(fit_takes_whole_clusters),
        cmocka_unit_test(fit_agrees_with_columns),
        cmocka_unit_test(random_bytes_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
