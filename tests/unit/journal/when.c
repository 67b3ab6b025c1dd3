/* Canonical `when`: what is taken, what it spans, what it says, what is refused and how. */
#include "journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct lw_when parse(const char *text)
{
    struct lw_when when;
    struct lw_error err = {0};
    if (lw_when_parse(text, strlen(text), &when, &err) != LW_OK)
        fail_msg("%s refused: %s", text, err.text);
    assert_string_equal(when.text, text);
    assert_true(when.earliest < when.latest);
    return when;
}

/* "2014-12-13T18:00:00Z" or, for an open end, "-". */
static int64_t moment(const char *text, int64_t open)
{
    int64_t milliseconds = 0;
    if (strcmp(text, "-") == 0)
        return open;
    if (!lw_time_parse(text, strlen(text), &milliseconds))
        fail_msg("the test's own time is wrong: %s", text);
    return milliseconds / 1000;
}

static void test_spans(void **state)
{
    static const struct {
        const char *text, *earliest, *latest;
    } rows[] = {
        {"2014-12-13", "2014-12-13T00:00:00Z", "2014-12-14T00:00:00Z"},
        {"2014-12", "2014-12-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"2014-12-XX", "2014-12-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"2014", "2014-01-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"2014-XX", "2014-01-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"2014-XX-XX", "2014-01-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"201X", "2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"},
        {"20XX", "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"},
        {"2012-02-29", "2012-02-29T00:00:00Z", "2012-03-01T00:00:00Z"},
        {"2014-21", "2014-03-01T00:00:00Z", "2014-06-01T00:00:00Z"},
        {"2014-23", "2014-09-01T00:00:00Z", "2014-12-01T00:00:00Z"},
        {"2014-24", "2013-12-01T00:00:00Z", "2015-03-01T00:00:00Z"},
        {"2014-12-13~", "2014-12-12T00:00:00Z", "2014-12-15T00:00:00Z"},
        {"2014-12-13?", "2014-12-12T00:00:00Z", "2014-12-15T00:00:00Z"},
        {"2014-12-13%", "2014-12-12T00:00:00Z", "2014-12-15T00:00:00Z"},
        {"2014-12~", "2014-11-01T00:00:00Z", "2015-02-01T00:00:00Z"},
        {"2014-12-XX~", "2014-11-01T00:00:00Z", "2015-02-01T00:00:00Z"},
        {"2014-22~", "2014-03-01T00:00:00Z", "2014-12-01T00:00:00Z"},
        {"2014?", "2013-01-01T00:00:00Z", "2016-01-01T00:00:00Z"},
        {"201X~", "2000-01-01T00:00:00Z", "2030-01-01T00:00:00Z"},
        {"2014-12-~13", "2014-12-12T00:00:00Z", "2014-12-15T00:00:00Z"},
        {"2014-?12-13", "2014-11-13T00:00:00Z", "2015-01-14T00:00:00Z"},
        {"?2014-12-13", "2013-12-13T00:00:00Z", "2015-12-14T00:00:00Z"},
        {"2014-~03-31", "2014-02-28T00:00:00Z", "2014-05-01T00:00:00Z"},
        {"~2012-02-29", "2011-02-28T00:00:00Z", "2013-03-01T00:00:00Z"},
        {"?2014-12", "2013-12-01T00:00:00Z", "2016-01-01T00:00:00Z"},
        {"2014-12-04/2014-12-16", "2014-12-04T00:00:00Z", "2014-12-17T00:00:00Z"},
        {"2014-11/2014-12-05", "2014-11-01T00:00:00Z", "2014-12-06T00:00:00Z"},
        {"2014-12/2014", "2014-12-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"2014-12-04~/2014-12-16", "2014-12-03T00:00:00Z", "2014-12-17T00:00:00Z"},
        {"2014-12-13/..", "2014-12-13T00:00:00Z", "-"},
        {"2014-12-13/", "2014-12-13T00:00:00Z", "-"},
        {"../2014-12-09", "-", "2014-12-10T00:00:00Z"},
        {"/2014-12-09", "-", "2014-12-10T00:00:00Z"},
        {"2009~/..", "2008-01-01T00:00:00Z", "-"},
        {"[2014-12-05,2014-12-06]", "2014-12-05T00:00:00Z", "2014-12-07T00:00:00Z"},
        {"[2014-12-06,2014-12-05]", "2014-12-05T00:00:00Z", "2014-12-07T00:00:00Z"},
        {"[2014-12-05..2014-12-08]", "2014-12-05T00:00:00Z", "2014-12-09T00:00:00Z"},
        {"[2012,2014-12..2015-01]", "2012-01-01T00:00:00Z", "2015-02-01T00:00:00Z"},
        {"2014-12-13 13:00", "2014-12-13T13:00:00Z", "2014-12-13T13:01:00Z"},
        {"2014-12-13 00:00", "2014-12-13T00:00:00Z", "2014-12-13T00:01:00Z"},
        {"2014-12-13 23:59", "2014-12-13T23:59:00Z", "2014-12-14T00:00:00Z"},
        {"2014-12-13 ~13:00", "2014-12-13T12:30:00Z", "2014-12-13T13:31:00Z"},
        {"2014-12-13 ~00:10", "2014-12-12T23:40:00Z", "2014-12-13T00:41:00Z"},
        {"2014-12-13 13:00..14:30", "2014-12-13T13:00:00Z", "2014-12-13T14:31:00Z"},
        {"2014-12-13 13:00..~14:30", "2014-12-13T13:00:00Z", "2014-12-13T15:01:00Z"},
        {"2014-12-13 night", "2014-12-13T00:00:00Z", "2014-12-13T06:00:00Z"},
        {"2014-12-13 morning", "2014-12-13T06:00:00Z", "2014-12-13T12:00:00Z"},
        {"2014-12-13 afternoon", "2014-12-13T12:00:00Z", "2014-12-13T18:00:00Z"},
        {"2014-12-13 evening", "2014-12-13T18:00:00Z", "2014-12-14T00:00:00Z"},
        {"2014-12-13~ evening", "2014-12-12T18:00:00Z", "2014-12-15T00:00:00Z"},
        {"2014-12-13/2014-12-14 23:00..01:00", "2014-12-13T23:00:00Z", "2014-12-14T01:01:00Z"},
        {"2014-12-13/.. evening", "2014-12-13T18:00:00Z", "-"},
        {"[2014-12-05,2014-12-06] evening", "2014-12-05T18:00:00Z", "2014-12-07T00:00:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(rows); i++) {
        struct lw_when when = parse(rows[i].text);
        if (when.earliest != moment(rows[i].earliest, LW_TIME_MIN) ||
            when.latest != moment(rows[i].latest, LW_TIME_MAX))
            fail_msg("%s spans %lld to %lld", rows[i].text, (long long)when.earliest,
                     (long long)when.latest);
    }
}

static void test_far_years(void **state)
{
    (void)state;
    struct lw_when when = parse("Y12345");
    assert_true(when.earliest == lw_date_to_days(12345, 1, 1) * 86400);
    assert_true(when.latest == lw_date_to_days(12346, 1, 1) * 86400);
    when = parse("Y-999999999~");
    assert_true(when.earliest == lw_date_to_days(-1000000000, 1, 1) * 86400);
    when = parse("-0043-03-15");
    assert_true(when.earliest == lw_date_to_days(-43, 3, 15) * 86400);
    when = parse("-001X");
    assert_true(when.earliest == lw_date_to_days(-19, 1, 1) * 86400);
    assert_true(when.latest == lw_date_to_days(-9, 1, 1) * 86400);
    when = parse("0000~");
    assert_true(when.earliest == lw_date_to_days(-1, 1, 1) * 86400);
}

static void test_flags(void **state)
{
    (void)state;
    struct lw_when when = parse("2014-12-13 evening +03:00");
    assert_true(when.has_time && when.has_offset && !when.interval && !when.approximate);
    assert_false(when.open);
    assert_int_equal(when.offset_minutes, 180);
    when = parse("2014-12-13 ~13:00 -09:30");
    assert_int_equal(when.offset_minutes, -570);
    assert_true(when.approximate);
    when = parse("2014-12-13 13:00 +00:00");
    assert_true(when.has_offset);
    assert_int_equal(when.offset_minutes, 0);
    when = parse("2014-12-13/");
    assert_true(when.open && when.interval && !when.has_time && !when.has_offset);
    when = parse("[2014-12-05,2014-12-?06]");
    assert_true(when.interval && when.approximate && !when.open);
}

/* Every refusal begins with what was given and says what would be right. */
static void test_refusals(void **state)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"2014-02-30", "February 2014 has 28 days"},
        {"2014-04-31/2014-05", "April 2014 has 30 days"},
        {"2014-13", "there is no month 13"},
        {"2014-00", "there is no month 00"},
        {"2014-12-00", "days begin with 01"},
        {"2014-25", "seasons go from 21"},
        {"2014-21-01", "a season has no day"},
        {"2014-21-XX", "a season has no day"},
        {"2014-1-2", "a month is two digits"},
        {"2014-12-3", "a day is two digits"},
        {"14-12-13", "year of four digits"},
        {"20141213", "a year has four digits"},
        {"12345", "Y12345"},
        {"Y1234", "more than four digits"},
        {"Y012345", "more than four digits"},
        {"Y1234567890", "nine digits"},
        {"Y12345-12", "stands alone"},
        {"-0000", "no minus"},
        {"2XXX", "at most two digits"},
        {"201X-12", "no month or day"},
        {"2014-XX-13", "the day is XX too"},
        {"2014-1X", "a month is two digits"},
        {"2014-12-1X", "a day is two digits"},
        {"uuuu", "leave the date out"},
        {"201u", "as in 201X"},
        {"2014-12-uu", "2014-12-XX"},
        {"201x", "as in 201X"},
        {"y12345", "capital Y"},
        {"2014-12-13/unknown", "left empty"},
        {"unknown/2014", "left empty"},
        {"unknown", "left empty"},
        {"2014-12-13/open", "2014-12-13/.."},
        {"open", "2014-12-13/.."},
        {"2014-12-13?~", "% for both"},
        {"2014~-12-13", "before the one part"},
        {"?2014-12-~13", "one qualifier"},
        {"?2014-12-13~", "one qualifier"},
        {"(2014-12)~", "without parentheses"},
        {"{2014,2015}", "one entry for each"},
        {"13.12.2014", "joined by -"},
        {"2014-12-13T13:00", "a blank stands before the time"},
        {"2014-12-16/2014-12-04", "end lies before"},
        {"2014/2013", "end lies before"},
        {"../..", "at least one end"},
        {"/", "at least one end"},
        {"2014/12/13", "one slash"},
        {"[2014-12-05]", "needs no brackets"},
        {"[2014-12-05,]", "a date is missing"},
        {"[,2014-12-05]", "a date is missing"},
        {"[]", "ends with ]"},
        {"[2014-12-05,2014-12-06", "ends with ]"},
        {"[2014-12-05..]", "2014-12-13/.."},
        {"[..2014-12-05]", "both ends"},
        {"[2014-12-08..2014-12-05]", "end lies before"},
        {"2014-12-13 24:00", "00:00 of the next day"},
        {"2014-12-13 25:00", "00:00 to 23:59"},
        {"2014-12-13 13:60", "00:00 to 23:59"},
        {"2014-12-13 9:05", "09:05"},
        {"2014-12-13 13:00:30", "to the minute"},
        {"2014-12-13 13:00Z", "+00:00 in place of Z"},
        {"2014-12-13 13:00 Z", "+00:00 in place of Z"},
        {"2014-12-13 13:00+03:00", "a blank, then the offset"},
        {"2014-12-13 13:00 MSK", "+03:00"},
        {"2014-12-13 13:00 мск", "+03:00"},
        {"2014-12-13 13:00 +3", "as in +03:00"},
        {"2014-12-13 13:00 +15:00", "-14:00 to +14:00"},
        {"2014-12-13 13:00 -00:00", "+00:00 in place of -00:00"},
        {"2014-12-13 +03:00", "needs a time"},
        {"2014-12-13 Evening", "no time of day"},
        {"2014-12-13 ~evening", "without ~"},
        {"2014-12-13 noon", "no time of day"},
        {"2014-12-13 14:30..13:00", "over midnight"},
        {"2014-12-13 13:00..13:00", "write it once"},
        {"2014-12-13/.. 13:00..13:00", "write it once"},
        {"2014-12-04/2014-12-04 14:00..13:00", "over midnight"},
        {"2014-12-13 13:00..", "no time of day"},
        {"2014-12 evening", "complete days"},
        {"2014-12-XX evening", "complete days"},
        {"2014-12-04/2015 13:00", "complete days"},
        {"[2014-12-04,2015] 13:00", "complete days"},
        {"2014-12-13  13:00", "one blank"},
        {"2014-12-13 ", "one blank"},
        {"2014-12-13 13:00 ", "one blank"},
        {" 2014-12-13", "no blank"},
        {"2014\xE2\x80\x93"
         "12",
         "complete before"},
        {"2014-12-13x", "as in 201X"},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(rows); i++) {
        struct lw_when when = {.earliest = 7};
        struct lw_error err = {0};
        enum lw_status status = lw_when_parse(rows[i].text, strlen(rows[i].text), &when, &err);
        if (status != LW_BAD_DATA)
            fail_msg("%s accepted", rows[i].text);
        if (strstr(err.text, rows[i].sentence) == NULL)
            fail_msg("%s: the sentence is \"%s\"", rows[i].text, err.text);
        assert_int_equal(strncmp(err.text, rows[i].text, strlen(rows[i].text)), 0);
        assert_int_equal(when.earliest, 7);
    }
}

static void test_refusal_sentence(void **state)
{
    struct lw_when when;
    struct lw_error err;
    char longer[400];
    (void)state;
    assert_int_equal(lw_when_parse("2014-02-30", 10, &when, &err), LW_BAD_DATA);
    assert_string_equal(err.text, "2014-02-30: February 2014 has 28 days");
    assert_int_equal(lw_when_parse("", 0, &when, &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "empty"));
    assert_int_equal(lw_when_parse("2014\0-12", 8, &when, &err), LW_BAD_DATA);
    assert_int_equal(lw_when_parse("\x1b[31m\xff", 6, &when, &err), LW_BAD_DATA);
    assert_null(strchr(err.text, 0x1b));
    assert_null(strchr(err.text, '\xff'));
    memset(longer, '2', sizeof longer);
    assert_int_equal(lw_when_parse(longer, sizeof longer, &when, &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "159 characters"));
    assert_int_equal(lw_when_parse("2014-02-30", 10, &when, NULL), LW_BAD_DATA);
}

static void test_many_members(void **state)
{
    char text[LW_WHEN_TEXT] = "[2000";
    (void)state;
    for (unsigned year = 2001; strlen(text) + 6 < sizeof text - 1; year++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, ",%u", year);
    }
    memcpy(text + strlen(text), "]", 2);
    struct lw_when when = parse(text);
    assert_true(when.earliest == lw_date_to_days(2000, 1, 1) * 86400);
}

static void test_say(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"2014-12-13", "13 December 2014"},
        {"2014-12", "December 2014"},
        {"2014", "2014"},
        {"2014-22", "summer 2014"},
        {"2014-12-XX", "some day in December 2014"},
        {"2014-XX", "some month in 2014"},
        {"2014-XX-XX", "some day in 2014"},
        {"201X", "the 2010s"},
        {"20XX", "between 2000 and 2099"},
        {"Y12345", "year 12345"},
        {"-0043", "year -43"},
        {"2014-12-13~", "about 13 December 2014"},
        {"2014-12-13?", "13 December 2014 (uncertain)"},
        {"2014-12-13%", "about 13 December 2014 (uncertain)"},
        {"2014-12-~13", "13 December 2014 (day approximate)"},
        {"2014-?12-13", "13 December 2014 (month uncertain)"},
        {"%2014-12-13", "13 December 2014 (year uncertain and approximate)"},
        {"2014-12-13 evening", "13 December 2014, evening"},
        {"2014-12-13 night", "13 December 2014, night (00:00–06:00)"},
        {"2014-12-13 ~13:00 +03:00", "13 December 2014, about 13:00 (UTC+03:00)"},
        {"2014-12-13 13:00..~14:30", "13 December 2014, 13:00–about 14:30"},
        {"2009~/..", "from about 2009 on"},
        {"../2014-12-09", "until 9 December 2014"},
        {"2014-12-09/", "9 December 2014 – end unknown"},
        {"/2014-12-09", "beginning unknown – 9 December 2014"},
        {"2014-12-04/2014-12-16", "4–16 December 2014"},
        {"2014-11-28/2014-12-03", "28 November 2014 – 3 December 2014"},
        {"[2014-12-05,2014-12-06]", "5 December 2014 or 6 December 2014"},
        {"[2014-12-05..2014-12-08]", "one of: 5 December 2014 to 8 December 2014"},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(rows); i++) {
        struct lw_when when = parse(rows[i].text);
        struct lw_buf out = LW_BUF_INIT;
        assert_int_equal(lw_when_say(&when, &out), LW_OK);
        assert_string_equal(lw_buf_text(&out), rows[i].said);
        lw_buf_free(&out);
    }
}

static void test_say_nothing(void **state)
{
    struct lw_when when = {.text = ""};
    struct lw_buf out = LW_BUF_INIT;
    (void)state;
    assert_int_equal(lw_when_say(&when, &out), LW_BAD_DATA);
    assert_int_equal(out.len, 0);
}

/* What was stated for the evening of the 13th, and what may overlap it. */
static void test_evening_of_the_13th(void **state)
{
    static const char *const entries[] = {
        "2009~/..",              /* E01 */
        "2014-12-04",            /* E02 */
        "2014-12-05",            /* E03 */
        "2014-12-04/2014-12-16", /* E04 */
        "2014-12-09",            /* E05 */
        "2014-12-10",            /* E06 */
        "2014-12-11",            /* E07 */
        "2014-12-13",            /* E08 */
        "2014-12-13",            /* E09 */
        "2014-12-13",            /* E10 */
        "2014-12-13 evening",    /* E11 */
        "2014-12-13/..",         /* E12 */
        "2014-12-14",            /* E13 */
        "2014-12-14",            /* E14 */
        "2014-12-14",            /* E15 */
        "2014-12-14",            /* E16 */
        "2014-12-14",            /* E17 */
        "2014-12-14",            /* E18 */
        "2014-12-14/2014-12-16", /* E19 */
        "2014-12-09/2014-12-16", /* E20 */
        "2014-12-13/..",         /* E21 */
        "2014-12-16",            /* E22 */
    };
    struct lw_when query = parse("2014-12-13 evening");
    char stated[128] = "";
    char maybe[128] = "";
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(entries); i++) {
        struct lw_when when = parse(entries[i]);
        char *list = lw_when_within(&when, &query) ? stated : maybe;
        if (list == maybe && !lw_when_overlaps(&when, &query))
            continue;
        assert_true(lw_when_overlaps(&when, &query));
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof stated - used, "E%02zu ", i + 1);
    }
    assert_string_equal(stated, "E11 ");
    assert_string_equal(maybe, "E01 E04 E08 E09 E10 E12 E20 E21 ");
}

static bool within(const char *a, const char *b)
{
    struct lw_when first = parse(a);
    struct lw_when second = parse(b);
    return lw_when_within(&first, &second);
}

static bool overlaps(const char *a, const char *b)
{
    struct lw_when first = parse(a);
    struct lw_when second = parse(b);
    assert_int_equal(lw_when_overlaps(&first, &second), lw_when_overlaps(&second, &first));
    return lw_when_overlaps(&first, &second);
}

static void test_comparisons(void **state)
{
    (void)state;
    assert_true(within("2014-12-13", "2014-12-13"));
    assert_true(within("2014-12-13", "2014-12"));
    assert_false(within("2014-12", "2014-12-13"));
    assert_false(within("2014-12-31~", "2014-12"));
    assert_true(overlaps("2015-01-01~", "2014-12"));
    assert_false(overlaps("2015-01-01", "2014-12"));
    assert_true(within("2014-12-14/..", "2014-12-13/.."));
    assert_false(within("2014-12-13/..", "2014-12-13/2015"));
    assert_true(overlaps("../2014-12-13", "2014-12-13/.."));
    assert_false(overlaps("../2014-12-12", "2014-12-13/.."));
    /* 23:30 in Moscow and 20:30 in Greenwich are one moment; without an offset the walls count. */
    assert_true(within("2014-12-13 23:30 +03:00", "2014-12-13 20:30 +00:00"));
    assert_false(overlaps("2014-12-13 23:30 +03:00", "2014-12-13 23:30 +00:00"));
    assert_true(overlaps("2014-12-13 23:30 +03:00", "2014-12-13 23:30"));
    assert_true(within("2014-12-13 23:30 +03:00", "2014-12-13 23:30"));
    assert_true(overlaps("2014-12-13/.. evening +03:00", "2014-12-20 evening +00:00"));
}

/* ---- anything at all ------------------------------------------------------------------------ */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* What is taken is taken again as the same, and spans some time. True where it was taken. */
static bool check_any(const char *text, size_t len)
{
    struct lw_when when;
    struct lw_when again;
    struct lw_buf said = LW_BUF_INIT;
    struct lw_error err = {0};
    char *copy = malloc(len + 1); /* its own block, so that reading past it is noticed */
    assert_non_null(copy);
    memcpy(copy, text, len);
    enum lw_status status = lw_when_parse(copy, len, &when, &err);
    free(copy);
    if (status != LW_OK) {
        assert_int_equal(status, LW_BAD_DATA);
        assert_true(err.text[0] != '\0');
        return false;
    }
    assert_int_equal(strlen(when.text), len);
    assert_memory_equal(when.text, text, len);
    assert_true(when.earliest < when.latest);
    assert_int_equal(lw_when_parse(when.text, strlen(when.text), &again, NULL), LW_OK);
    assert_true(again.earliest == when.earliest && again.latest == when.latest);
    assert_int_equal(lw_when_say(&when, &said), LW_OK);
    assert_true(said.len > 0);
    lw_buf_free(&said);
    return true;
}

static void test_random_bytes(void **state)
{
    uint32_t seed = 20141213;
    char text[200];
    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t len = next_random(&seed) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(next_random(&seed) & 0xFF);
        check_any(text, len);
    }
}

static void test_mutated_dates(void **state)
{
    static const char *const valid[] = {"2014-12-13",
                                        "2014-12-~13 evening",
                                        "2009~/..",
                                        "201X",
                                        "[2014-12-05,2014-12-06]",
                                        "2014-12-13/2014-12-14 23:00..01:00 +03:00",
                                        "Y-12345?",
                                        "../2014-24",
                                        "2014-12-13 ~13:00 -09:30"};
    static const char letters[] = "0123456789-/.,:~?%XY[]+ Zu";
    uint32_t seed = 4711;
    size_t taken = 0;
    (void)state;
    for (int round = 0; round < 50000; round++) {
        char text[80];
        const char *from = valid[next_random(&seed) % LW_COUNT_OF(valid)];
        size_t len = strlen(from);
        memcpy(text, from, len + 1);
        for (uint32_t i = next_random(&seed) % 4; i > 0; i--) {
            size_t at = next_random(&seed) % len;
            char letter = letters[next_random(&seed) % (sizeof letters - 1)];
            if (next_random(&seed) % 3 == 0) {
                memmove(text + at + 1, text + at, len - at + 1);
                len++;
            }
            text[at] = letter;
        }
        taken += check_any(text, len) ? 1 : 0;
    }
    assert_true(taken > 5000 && taken < 45000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_far_years),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_refusal_sentence),
        cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_say),
        cmocka_unit_test(test_say_nothing),
        cmocka_unit_test(test_evening_of_the_13th),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_mutated_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
