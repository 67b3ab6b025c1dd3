/* The calendar, instants as text, the clock of the system. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(lw_date_to_days(1970, 1, 1), 0);
    assert_int_equal(lw_date_to_days(1969, 12, 31), -1);
    assert_int_equal(lw_date_to_days(2000, 3, 1), 11017);
    assert_int_equal(lw_date_to_days(2014, 12, 13), 16417);
    assert_int_equal(lw_date_to_days(0, 3, 1), -719468);
    assert_int_equal(lw_date_to_days(0, 1, 1), -719528);
    assert_int_equal(lw_date_to_days(9999, 12, 31), 2932896);
    assert_int_equal(lw_date_to_days(2014, 2, 30), lw_date_to_days(2014, 3, 2));
}

/* Counts every day from year -10000 to 10000 by the lengths of months alone. */
static void every_day_of_twenty_thousand_years(void **state)
{
    int64_t days = lw_date_to_days(-10000, 1, 1);

    (void)state;
    for (int64_t year = -10000; year <= 10000; year++) {
        for (unsigned month = 1; month <= 12; month++) {
            unsigned length = lw_date_month_length(year, month);

            for (unsigned day = 1; day <= length; day++, days++) {
                int64_t y = 0;
                unsigned m = 0, d = 0;

                lw_date_from_days(days, &y, &m, &d);
                if (y != year || m != month || d != day || lw_date_to_days(y, m, d) != days)
                    fail_msg("%lld-%u-%u", (long long)year, month, day);
            }
        }
    }
    assert_int_equal(days, lw_date_to_days(10001, 1, 1));
    assert_int_equal(days - lw_date_to_days(-10000, 1, 1), 50 * 146097 + 366);
}

static void month_lengths(void **state)
{
    (void)state;
    assert_int_equal(lw_date_month_length(2014, 2), 28);
    assert_int_equal(lw_date_month_length(2016, 2), 29);
    assert_int_equal(lw_date_month_length(1900, 2), 28);
    assert_int_equal(lw_date_month_length(2000, 2), 29);
    assert_int_equal(lw_date_month_length(0, 2), 29);
    assert_int_equal(lw_date_month_length(-4, 2), 29);
    assert_int_equal(lw_date_month_length(-100, 2), 28);
    assert_int_equal(lw_date_month_length(2014, 12), 31);
    assert_int_equal(lw_date_month_length(2014, 0), 0);
    assert_int_equal(lw_date_month_length(2014, 13), 0);
}

static void far_days_do_not_overflow(void **state)
{
    static const int64_t days[] = {INT64_MIN / 2, -INT64_C(106751991168), INT64_C(106751991167),
                                   INT64_C(9000000000000000000), -INT64_C(9000000000000000000)};
    int64_t year;
    unsigned month, day;

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(days); i++) {
        lw_date_from_days(days[i], &year, &month, &day);
        assert_true(lw_date_to_days(year, month, day) == days[i]);
    }
    lw_date_from_days(INT64_MIN, &year, &month, &day);
    assert_true(year < -INT64_C(25000000000000000));
    lw_date_from_days(INT64_MAX, &year, &month, &day);
    assert_true(year > INT64_C(25000000000000000));
    assert_true(lw_date_to_days(INT64_MAX, 12, 31) > INT64_C(9000000000000000000));
    assert_true(lw_date_to_days(INT64_MIN, 1, 1) < -INT64_C(9000000000000000000));
}

static void check_time(int64_t unix_ms, const char *wanted)
{
    char text[32];
    int64_t back = 1;

    lw_time_format(unix_ms, text);
    assert_string_equal(text, wanted);
    assert_true(lw_time_parse(text, strlen(text), &back));
    assert_true(back == unix_ms);
}

static void instants_both_ways(void **state)
{
    (void)state;
    check_time(0, "1970-01-01T00:00:00.000Z");
    check_time(-1, "1969-12-31T23:59:59.999Z");
    check_time(INT64_C(1418493600000), "2014-12-13T18:00:00.000Z");
    check_time(INT64_C(253402300799999), "9999-12-31T23:59:59.999Z");
    check_time(INT64_C(253402300800000), "+10000-01-01T00:00:00.000Z");
    check_time(-INT64_C(62167219200000), "0000-01-01T00:00:00.000Z");
    check_time(-INT64_C(62167219200001), "-0001-12-31T23:59:59.999Z");
    check_time(INT64_MAX, "+292278994-08-17T07:12:55.807Z");
    check_time(INT64_MIN, "-292275055-05-16T16:47:04.192Z");
}

static void random_instants_both_ways(void **state)
{
    uint64_t value = 1;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[32];
        int64_t unix_ms;
        int64_t back = 0;

        value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unix_ms = (int64_t)(value >> 1) - INT64_C(0x3FFFFFFFFFFFFFFF);
        unix_ms >>= i % 40;
        lw_time_format(unix_ms, text);
        assert_true(lw_time_parse(text, strlen(text), &back));
        assert_true(back == unix_ms);
    }
}

static void fraction_is_optional(void **state)
{
    int64_t unix_ms = 1;

    (void)state;
    assert_true(lw_time_parse("1970-01-01T00:00:02Z", 20, &unix_ms));
    assert_int_equal(unix_ms, 2000);
    assert_true(lw_time_parse("2016-02-29T00:00:00Zxx", 20, &unix_ms));
}

static void other_forms_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "2014-12-13",
        "2014-12-13T18:00:00.000",
        "2014-12-13T18:00:00.000z",
        "2014-12-13T18:00:00.000+03:00",
        "2014-12-13 18:00:00.000Z",
        "2014-12-13t18:00:00.000Z",
        "2014-12-13T18:00:00.00Z",
        "2014-12-13T18:00:00.0000Z",
        "2014-12-13T18:00:00.Z",
        "2014-12-13T18:00:00,000Z",
        "2014-12-13T18:00:00.000Z ",
        " 2014-12-13T18:00:00.000Z",
        "2014-12-13T18:00Z",
        "2014-13-01T00:00:00Z",
        "2014-00-01T00:00:00Z",
        "2014-02-29T00:00:00Z",
        "2014-12-32T00:00:00Z",
        "2014-12-00T00:00:00Z",
        "2014-12-13T24:00:00Z",
        "2014-12-13T00:60:00Z",
        "2014-12-13T00:00:60Z",
        "2014-12-1T00:00:00Z",
        "214-12-13T00:00:00Z",
        "12014-12-13T00:00:00Z",
        "+2014-12-13T00:00:00Z",
        "+02014-12-13T00:00:00Z",
        "-0000-12-13T00:00:00Z",
        "-00001-12-13T00:00:00Z",
        "-001-12-13T00:00:00Z",
        "+292278995-01-01T00:00:00Z",
        "-292275056-01-01T00:00:00Z",
        "+292278994-08-17T07:12:55.808Z",
        "-292275055-05-16T16:47:04.191Z",
        "+9999999999-01-01T00:00:00Z",
        "2014-12-13T-1:00:00Z",
    };
    int64_t unix_ms = 5;

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++) {
        if (lw_time_parse(bad[i], strlen(bad[i]), &unix_ms))
            fail_msg("taken: %s", bad[i]);
    }
    assert_false(lw_time_parse("2014-12-13T18:00:00.000Z", 23, &unix_ms));
    assert_int_equal(unix_ms, 5);
}

static void system_clock(void **state)
{
    int64_t before = (int64_t)time(NULL);
    int64_t now;

    (void)state;
    now = lw_clock_now(&lw_clock_system);
    assert_true(now / 1000 >= before - 1);
    assert_true(now / 1000 <= (int64_t)time(NULL) + 1);
}

/* Russia moved from +04:00 to +03:00 on 26 October 2014; in winter 2010 it was +03:00 too. */
static void offset_follows_the_zone(void **state)
{
    (void)state;
    assert_int_equal(lw_clock_offset(&lw_clock_system, 1418493600), 180);
    assert_int_equal(lw_clock_offset(&lw_clock_system, 1401580800), 240);
    assert_int_equal(lw_clock_offset(&lw_clock_system, INT64_MAX), 0);
}

static int moscow(void **state)
{
    (void)state;
    /* By rule, so that no zone file is needed: one hour back at 22:00 UTC on day 299 of the year.
     */
    if (setenv("TZ", "MSK-3MSD-4,J1/0,J299/2", 1) != 0)
        return -1;
    tzset();
    return 0;
}

static int64_t still_now(void *context)
{
    return *(int64_t *)context;
}

static int still_offset(void *context, int64_t unix_sec)
{
    return (int)(*(int64_t *)context + unix_sec);
}

static void clocks_are_handed_in(void **state)
{
    int64_t held = 77;
    const struct lw_clock still = {still_now, still_offset, &held};

    (void)state;
    assert_int_equal(lw_clock_now(&still), 77);
    assert_int_equal(lw_clock_offset(&still, 3), 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(every_day_of_twenty_thousand_years),
        cmocka_unit_test(month_lengths),
        cmocka_unit_test(far_days_do_not_overflow),
        cmocka_unit_test(instants_both_ways),
        cmocka_unit_test(random_instants_both_ways),
        cmocka_unit_test(fraction_is_optional),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(system_clock),
        cmocka_unit_test(offset_follows_the_zone),
        cmocka_unit_test(clocks_are_handed_in),
    };

    return cmocka_run_group_tests(tests, moscow, NULL);
}
