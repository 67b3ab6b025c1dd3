/* Rows of the timeline: headings, times, columns, JSON and CSV. */
#include "cli/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY_13 INT64_C(16417) /* 2014-12-13 */

static struct lw_row sample(const char *when)
{
    return (struct lw_row){.ref = "E11",
                           .kind = "arson",
                           .kind_label = "arson",
                           .title = "JMG office burned",
                           .hedge = "apparent",
                           .status = "draft",
                           .when = when,
                           .day = DAY_13,
                           .sources = 2,
                           .contradicted = true};
}

static char *print(const struct lw_row *row, const char *columns, char *text, size_t room)
{
    struct lw_rows rows = {.count = 0};
    struct lw_error err = {.status = LW_OK};
    struct lw_out out;
    int ends[2];
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    setenv("COLUMNS", columns, 1);
    lw_out_start(&out, ends[1]);
    rows.out = &out;
    assert_int_equal(lw_rows_print(&rows, row, &err), LW_OK);
    assert_int_equal(lw_out_finish(&out, NULL), LW_OK);
    close(ends[1]);
    got = read(ends[0], text, room - 1);
    assert_true(got > 0);
    text[got] = '\0';
    close(ends[0]);
    lw_rows_free(&rows);
    lw_out_free(&out);
    return text;
}

static void columns_stand_in_line(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");
    char text[4096];

    (void)state;
    assert_string_equal(
        print(&row, "80", text, sizeof(text)),
        "Sat 13 December 2014\n"
        "  evening      E11   arson         JMG office burned (apparent)     2 sources  ≠\n");
    row.title = "A title that is long enough to need another line of the page";
    row.kind = "destruction";
    row.kind_label = "destruction of property";
    row.hedge = NULL;
    assert_string_equal(
        print(&row, "80", text, sizeof(text)),
        "Sat 13 December 2014\n"
        "  evening      E11   destruction   A title that is long enough to   2 sources  ≠\n"
        "                     of property   need another line of the page\n");
    assert_string_equal(print(&row, "40", text, sizeof(text)),
                        "Sat 13 December 2014\n"
                        "  evening  E11  destruction of property\n"
                        "      2 sources  ≠\n"
                        "      A title that is long enough to\n"
                        "      need another line of the page\n");
}

static void long_references_are_not_broken(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");
    char text[4096];

    (void)state;
    row.ref = "E1234567";
    assert_string_equal(
        print(&row, "80", text, sizeof(text)),
        "Sat 13 December 2014\n"
        "  evening      E1234567 arson      JMG office burned (apparent)     2 sources  ≠\n");
}

static void hostile_text_is_harmless(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");
    char text[4096];

    (void)state;
    row.title = "one\ntwo\x1b]0;x\x07 \xe2\x80\xae";
    row.hedge = "\x1b[2J";
    print(&row, "80", text, sizeof(text));
    assert_null(strchr(text, 0x1b));
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_null(strstr(text, "\ntwo"));
}

static void json_has_every_member(void **state)
{
    struct lw_row row = sample(NULL);
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    row.title = "a \"b\"\n\x1b";
    row.kind = NULL;
    row.match = LW_MATCH_MAY_OVERLAP;
    assert_int_equal(lw_row_json(&row, true, &text), LW_OK);
    assert_string_equal(text.data,
                        "{\"ref\":\"E11\",\"when\":null,\"kind\":null,"
                        "\"title\":\"a \\\"b\\\"\\u000a\\u001b\",\"hedge\":\"apparent\","
                        "\"when_text\":null,\"extent\":null,\"duration_text\":null,"
                        "\"noticed_text\":null,\"place\":null,\"status\":\"draft\",\"sources\":2,"
                        "\"contradicted\":true,\"amended\":false,\"open\":[],\"id\":\"00000000000000000000000000000000\","
                        "\"match\":\"may_overlap\"}");
    lw_buf_free(&text);
}

static void csv_quotes_what_needs_it(void **state)
{
    struct lw_row row = sample("2014-12-13");
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    row.title = "a, \"b\"";
    assert_int_equal(lw_row_csv(&row, &text), LW_OK);
    assert_string_equal(text.data,
                        "E11,2014-12-13,arson,\"a, \"\"b\"\"\",apparent,,,,,2,yes,draft\r\n");
    lw_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_stand_in_line),
        cmocka_unit_test(long_references_are_not_broken),
        cmocka_unit_test(hostile_text_is_harmless),
        cmocka_unit_test(json_has_every_member),
        cmocka_unit_test(csv_quotes_what_needs_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
