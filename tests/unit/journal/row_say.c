/* A row of the timeline in words. */
#include "journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define DAY_13 INT64_C(16417) /* 2014-12-13 */

static struct lw_row sample(const char *when)
{
    return (struct lw_row){.ref = "E11",
                           .kind = "arson",
                           .title = "JMG office burned",
                           .hedge = "apparent",
                           .status = "draft",
                           .when = when,
                           .day = DAY_13,
                           .sources = 2,
                           .contradicted = true};
}

static void check_time(const struct lw_row *row, const char *expected, bool whole)
{
    struct lw_buf text = LW_BUF_INIT;
    bool found = !whole;

    assert_int_equal(lw_row_time(row, &text, &found), LW_OK);
    assert_string_equal(lw_buf_text(&text), expected);
    if (found != whole)
        fail_msg("%s: whole is %d", expected, found);
    lw_buf_free(&text);
}

static void check_heading(const struct lw_row *row, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;

    assert_int_equal(lw_row_heading(row, &text), LW_OK);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}

static void times_say_what_is_known(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");

    (void)state;
    check_time(&row, "evening", true);
    row.when = "2014-12-13 ~13:00 +03:00";
    check_time(&row, "~13:00", false);
    row.when = "2014-12-13";
    check_time(&row, "?", true);
    row.after_previous = true;
    check_time(&row, "later", true);
    row.duration_text = "several hours";
    check_time(&row, "… several h", true);
    row = sample("2014-12-13~");
    check_time(&row, "?", false);
    row = sample("2014-12");
    check_time(&row, "?", false);
    row = sample(NULL);
    check_time(&row, "?", true);
}

static void ranges_are_no_points(void **state)
{
    struct lw_row row = sample("2014-12-13/2014-12-16");

    (void)state;
    check_time(&row, "… to 16 Dec", true);
    row.extent = "repeated";
    check_time(&row, "… to 16 Dec", false);
    row = sample("2014-12-13/2015-01-02");
    check_time(&row, "… to Jan 2015", true);
    row = sample("2014-12-13/..");
    check_time(&row, "… open", true);
    row.extent = "ongoing";
    check_time(&row, "… ongoing", false);
    row = sample("[2014-12-05,2014-12-06]");
    check_time(&row, "one of", false);
    row = sample("../2014-12-09");
    check_time(&row, "… to Dec 2014", false);
}

static void headings_invent_no_day(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");

    (void)state;
    check_heading(&row, "Sat 13 December 2014");
    row = sample("2014-12-13/2014-12-16");
    check_heading(&row, "Sat 13 December 2014");
    row = sample("2014-12");
    row.day = 16405;
    check_heading(&row, "December 2014");
    row = sample(NULL);
    row.recorded_ms = DAY_13 * 86400000 + 5;
    check_heading(&row, "Not dated, recorded Sat 13 December 2014");
    row.after_previous = true;
    check_heading(&row, "Sat 13 December 2014");
    row.day = LW_TIME_MIN;
    check_heading(&row, "Not dated");
}

static void days_before_1970_have_weekdays(void **state)
{
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_day_say(-1, &text), LW_OK);
    assert_string_equal(text.data, "Wed 31 December 1969");
    lw_buf_free(&text);
}

static int moscow(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return -210;
}

static void instants_are_local(void **state)
{
    const struct lw_clock clock = {.offset_minutes = moscow};
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_instant_say(&clock, -1, &text), LW_OK);
    assert_string_equal(text.data, "1969-12-31 20:29 -03:30");
    lw_buf_free(&text);
}

static void check_said(enum lw_status (*say)(const struct lw_row *row, struct lw_buf *out),
                       const struct lw_row *row, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;

    assert_int_equal(lw_buf_adds(&text, "("), LW_OK);
    assert_int_equal(say(row, &text), LW_OK);
    assert_string_equal(text.data + 1, expected);
    lw_buf_free(&text);
}

static void dates_are_said_in_full(void **state)
{
    struct lw_row row = sample("2014-12-13 evening");

    (void)state;
    check_said(lw_row_when, &row, "13 December 2014, evening");
    row.extent = "repeated";
    check_said(lw_row_when, &row, "13 December 2014, evening, repeatedly within");
    row = sample(NULL);
    check_said(lw_row_when, &row, "");
    row.extent = "ongoing";
    check_said(lw_row_when, &row, "ongoing");
}

static void sources_are_counted(void **state)
{
    struct lw_row row = sample(NULL);

    (void)state;
    check_said(lw_row_sources, &row, "2 sources  ≠");
    row.sources = 0;
    check_said(lw_row_sources, &row, "≠");
    row.sources = 1;
    row.contradicted = false;
    check_said(lw_row_sources, &row, "1 source");
}

static void months_have_names(void **state)
{
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_month_say(-1, &text), LW_OK);
    assert_string_equal(text.data, "December 1969");
    lw_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_say_what_is_known), cmocka_unit_test(ranges_are_no_points),
        cmocka_unit_test(headings_invent_no_day),  cmocka_unit_test(days_before_1970_have_weekdays),
        cmocka_unit_test(instants_are_local),      cmocka_unit_test(dates_are_said_in_full),
        cmocka_unit_test(sources_are_counted),     cmocka_unit_test(months_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
