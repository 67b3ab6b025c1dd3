/* Typed dates: what is understood, what stays text, what is refused and how. */
#include "journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Tuesday, 16 December 2014, 09:30 in Grozny. */
static int64_t now_ms(void *context)
{
    return *(const int64_t *)context;
}

static int offset_minutes(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static int64_t morning = INT64_C(1418711400000);
static const struct lw_clock clock_then = {now_ms, offset_minutes, &morning};

static const char *read(const char *text, struct lw_when_typed *typed)
{
    static struct lw_error err;
    memset(&err, 0, sizeof err);
    memset(typed, 0, sizeof *typed);
    if (lw_when_read(text, strlen(text), &clock_then, typed, &err) != LW_OK) {
        assert_int_equal(err.status, LW_BAD_DATA);
        return err.text;
    }
    return NULL;
}

struct pair {
    const char *typed, *canonical;
};

static void check_pairs(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lw_when_typed typed;
        const char *refused = read(pairs[i].typed, &typed);
        if (refused != NULL)
            fail_msg("%s refused: %s", pairs[i].typed, refused);
        assert_true(typed.has_when);
        assert_int_equal(typed.relation_count, 0);
        if (strcmp(typed.when.text, pairs[i].canonical) != 0)
            fail_msg("%s became %s", pairs[i].typed, typed.when.text);
    }
}

static void test_english(void **state)
{
    static const struct pair pairs[] = {
        {"2014-12-13", "2014-12-13"},
        {"  2014-12-13 evening ", "2014-12-13 evening"},
        {"2014-12-13 ~13:00 +03:00", "2014-12-13 ~13:00 +03:00"},
        {"?2014-12-13", "?2014-12-13"},
        {"13 dec", "2014-12-13"},
        {"16 dec", "2014-12-16"},
        {"17 dec", "2013-12-17"},
        {"29 feb", "2012-02-29"},
        {"13 Dec. 2014", "2014-12-13"},
        {"13 december 2014", "2014-12-13"},
        {"13dec2014", "2014-12-13"},
        {"13th of December, evening", "2014-12-13 evening"},
        {"on the 13th of December in the evening", "2014-12-13 evening"},
        {"December 13, 2014", "2014-12-13"},
        {"dec 13", "2014-12-13"},
        {"may 5", "2014-05-05"},
        {"may", "2014-05"},
        {"december", "2014-12"},
        {"dec 2014", "2014-12"},
        {"Sept. 2013", "2013-09"},
        {"summer 2014", "2014-22"},
        {"2014", "2014"},
        {"201X", "201X"},
        {"2014?", "2014?"},
        {"about 2009", "2009~"},
        {"2014/12/13", "2014-12-13"},
        {"13.12.2014", "2014-12-13"},
        {"1.2.2014", "2014-02-01"},
        {"13.12.14", "2014-12-13"},
        {"13.12.98", "1998-12-13"},
        {"13.12", "2014-12-13"},
        {"13.12 21:20", "2014-12-13 21:20"},
        {"13/12/2014", "2014-12-13"},
        {"12/13/2014", "2014-12-13"},
        {"12/12/2014", "2014-12-12"},
        {"13-12-2014", "2014-12-13"},
        {"13 dec 2014 evening", "2014-12-13 evening"},
        {"evening of 13 dec", "2014-12-13 evening"},
        {"today", "2014-12-16"},
        {"today ~21:20", "2014-12-16 ~21:20"},
        {"this morning", "2014-12-16 morning"},
        {"yesterday evening", "2014-12-15 evening"},
        {"yesterday at 21:20", "2014-12-15 21:20"},
        {"tomorrow 9:05", "2014-12-17 09:05"},
        {"monday night", "2014-12-15 night"},
        {"tuesday", "2014-12-16"},
        {"last tuesday", "2014-12-09"},
        {"wed", "2014-12-10"},
        {"sat, 13 dec 2014", "2014-12-13"},
        {"saturday 13.12.2014 13:00", "2014-12-13 13:00"},
        {"09:30", "2014-12-16 09:30"},
        {"~21:20", "2014-12-15 ~21:20"},
        {"9:31", "2014-12-15 09:31"},
        {"about 8:00", "2014-12-16 ~08:00"},
        {"evening", "2014-12-15 evening"},
        {"morning", "2014-12-16 morning"},
        {"13:00 on 13 dec", "2014-12-13 13:00"},
        {"at 9:30 pm, 13 dec", "2014-12-13 21:30"},
        {"13 dec 12 am", "2014-12-13 00:00"},
        {"13 dec 12:15 pm", "2014-12-13 12:15"},
        {"13 dec 13:00-14:30", "2014-12-13 13:00..14:30"},
        {"13 dec 13:00 \xE2\x80\x93 14:30", "2014-12-13 13:00..14:30"},
        {"13 dec from 13:00 to about 14:30", "2014-12-13 13:00..~14:30"},
        {"13 dec between 13:00 and 14:30", "2014-12-13 13:00..14:30"},
        {"13 dec 13:00 +0300", "2014-12-13 13:00 +03:00"},
        {"13 dec 13:00 +4", "2014-12-13 13:00 +04:00"},
        {"13 dec 13:00 -03:30", "2014-12-13 13:00 -03:30"},
        {"13 dec 13:00 UTC+3", "2014-12-13 13:00 +03:00"},
        {"13 dec 13:00 utc", "2014-12-13 13:00 +00:00"},
        {"13 dec 13:00-14:30 +03:00", "2014-12-13 13:00..14:30 +03:00"},
        {"5 or 6 dec 2014", "[2014-12-05,2014-12-06]"},
        {"5 dec or 6 dec", "[2014-12-05,2014-12-06]"},
        {"5 or 6 or 7 dec evening", "[2014-12-05,2014-12-06,2014-12-07] evening"},
        {"31 dec or 1 jan", "[2013-12-31,2014-01-01]"},
        {"2009 or 2010", "[2009,2010]"},
        {"4-16 dec 2014", "2014-12-04/2014-12-16"},
        {"14-16 dec 2014", "2014-12-14/2014-12-16"},
        {"4 to 16 dec", "2014-12-04/2014-12-16"},
        {"from 4 to 16 dec", "2014-12-04/2014-12-16"},
        {"between 4 and 16 dec", "2014-12-04/2014-12-16"},
        {"dec 4-16, 2014", "2014-12-04/2014-12-16"},
        {"4 dec .. 16 dec 2014", "2014-12-04/2014-12-16"},
        {"4 dec..16 dec 2014", "2014-12-04/2014-12-16"},
        {"28 dec - 3 jan 2014", "2013-12-28/2014-01-03"},
        {"28 dec - 3 jan", "2013-12-28/2014-01-03"},
        {"16 dec - 4 dec 2014", "2013-12-16/2014-12-04"},
        {"28 dec 2013 - 3 jan", "2013-12-28/2014-01-03"},
        {"4.12-16.12.2014", "2014-12-04/2014-12-16"},
        {"2014-12-04..2014-12-16", "2014-12-04/2014-12-16"},
        {"2014-12-04 \xE2\x80\x94 2014-12-16", "2014-12-04/2014-12-16"},
        {"nov - dec 2014", "2014-11/2014-12"},
        {"2009-2014", "2009/2014"},
        {"since 13 dec", "2014-12-13/.."},
        {"since 13 dec evening", "2014-12-13/.. evening"},
        {"since about 2009", "2009~/.."},
        {"since 4 dec until 16 dec", "2014-12-04/2014-12-16"},
        {"until 9 dec", "../2014-12-09"},
        {"until 2014-12", "../2014-12"},
        {"about 13 dec", "2014-12-13~"},
        {"~13 dec 2014", "2014-12-13~"},
        {"13 dec?", "2014-12-13?"},
        {"about 2014-12", "2014-12~"},
        {"about 5 or 6 dec", "[2014-12-05~,2014-12-06]"},
    };
    (void)state;
    check_pairs(pairs, LW_COUNT_OF(pairs));
}

static void test_russian(void **state)
{
    static const struct pair pairs[] = {
        {"13 дек 2014 вечером", "2014-12-13 evening"},
        {"13 ДЕКАБРЯ 2014 г., вечер", "2014-12-13 evening"},
        {"13 декабря 2014 года утром", "2014-12-13 morning"},
        {"13-го декабря днём", "2014-12-13 afternoon"},
        {"13 декабря днем", "2014-12-13 afternoon"},
        {"декабрь 2014", "2014-12"},
        {"в декабре 2014", "2014-12"},
        {"5 мая", "2014-05-05"},
        {"май 2013", "2013-05"},
        {"ма\xD0\xB8\xCC\x86 2013", "2013-05"},
        {"летом 2014", "2014-22"},
        {"вчера вечером", "2014-12-15 evening"},
        {"сегодня", "2014-12-16"},
        {"сегодня в 9:05", "2014-12-16 09:05"},
        {"позавчера ночью", "2014-12-14 night"},
        {"в ночь на 14 декабря", "2014-12-14 night"},
        {"вечером 13 декабря", "2014-12-13 evening"},
        {"в понедельник", "2014-12-15"},
        {"в прошлую пятницу вечером", "2014-12-12 evening"},
        {"сб 13 дек", "2014-12-13"},
        {"с 13 декабря", "2014-12-13/.."},
        {"с 4 по 16 декабря", "2014-12-04/2014-12-16"},
        {"между 4 и 16 декабря", "2014-12-04/2014-12-16"},
        {"до 9 декабря", "../2014-12-09"},
        {"5 или 6 декабря", "[2014-12-05,2014-12-06]"},
        {"около 13 декабря", "2014-12-13~"},
        {"13 дек примерно в 21:20", "2014-12-13 ~21:20"},
        {"13 дек около 21:20", "2014-12-13 ~21:20"},
        {"13 декабря с 13:00 до 14:30", "2014-12-13 13:00..14:30"},
        {"13\xC2\xA0декабря 2014\xE2\x80\xAFг.,\xC2\xA0 вечер", "2014-12-13 evening"},
        {"\xC2\xA0с\xC2\xA0" "4 по\xC2\xA0" "16\xE2\x80\xAFдекабря\xC2\xA0", "2014-12-04/2014-12-16"},
    };
    (void)state;
    check_pairs(pairs, LW_COUNT_OF(pairs));
}

static void test_relations(void **state)
{
    struct lw_when_typed typed;
    (void)state;
    assert_null(read("after E09", &typed));
    assert_false(typed.has_when);
    assert_string_equal(typed.when.text, "");
    assert_int_equal(typed.relation_count, 1);
    assert_true(typed.relation[0].after);
    assert_string_equal(typed.relation[0].ref, "E09");

    assert_null(read("13 dec evening, after e09 and before E12", &typed));
    assert_string_equal(typed.when.text, "2014-12-13 evening");
    assert_int_equal(typed.relation_count, 2);
    assert_string_equal(typed.relation[0].ref, "E09");
    assert_false(typed.relation[1].after);
    assert_string_equal(typed.relation[1].ref, "E12");

    assert_null(read("после \xD0\x95"
                     "09, до E12, 13 дек",
                     &typed));
    assert_string_equal(typed.when.text, "2014-12-13");
    assert_int_equal(typed.relation_count, 2);
    assert_string_equal(typed.relation[0].ref, "E09");

    assert_null(
        read("after E1 after E2 after E3 after E4 after E5 after E6 after E7 after E8", &typed));
    assert_int_equal(typed.relation_count, LW_WHEN_REFS);
    assert_non_null(read("after E1 after E2 after E3 after E4 after E5 after E6 after E7 after E8 "
                         "after E9",
                         &typed));
    assert_non_null(read("after E1234567890", &typed));
    assert_non_null(read("after the meeting", &typed));
    assert_non_null(read("after 13 dec", &typed));
}

static void test_refusals(void **state)
{
    static const struct pair pairs[] = {
        {"", "no date typed"},
        {"   ", "no date typed"},
        {"31 feb 2014", "2014-02-31: February 2014 has 28 days"},
        {"31 feb", "February 2014 has 28 days"},
        {"2014-02-30", "2014-02-30: February 2014 has 28 days"},
        {"32.13.2014", "there is no month 13"},
        {"29.2.2014", "February 2014 has 28 days"},
        {"05/06/2014", "can be read in two ways; write 5 Jun or 6 May"},
        {"sunday 13 dec 2014", "13 December 2014 is a Saturday, not a Sunday"},
        {"13 dec 24:00", "00:00 of the next day"},
        {"25:61", "00:00 to 23:59"},
        {"13 dec 13:00 MSK", "+03:00"},
        {"13 дек 13:00 мск", "+03:00"},
        {"13 dec 13:00Z", "+00:00 in place of Z"},
        {"dec 2014 evening", "complete days"},
        {"16 dec 2014 - 4 dec 2014", "end lies before"},
        {"uuuu", "leave the date out"},
        {"unknown", "left empty"},
        {"open", "2014-12-13/.."},
        {"2014-12-13/open", "2014-12-13/.."},
        {"2014-12-uu", "2014-12-XX"},
        {"2014-12-13T13:00", "a blank stands before the time"},
        {"14 policemen", "not understood as a date"},
        {"14", "not understood as a date"},
        {"13 dec 2014 bananas", "not understood as a date"},
        {"13 dec 14 dec", "not understood as a date"},
        {"\xFF\xFE", "UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(pairs); i++) {
        struct lw_when_typed typed;
        const char *refused = read(pairs[i].typed, &typed);
        if (refused == NULL)
            fail_msg("%s became %s", pairs[i].typed, typed.when.text);
        if (strstr(refused, pairs[i].canonical) == NULL)
            fail_msg("%s: the sentence is \"%s\"", pairs[i].typed, refused);
        assert_false(typed.has_when);
    }
}

/* ---- inside a line -------------------------------------------------------------------------- */

static const char *refusal(struct lw_error *err)
{
    return err->text[0] != '\0' ? err->text : "";
}

struct line {
    const char *line;      /* the phrase starts here */
    const char *taken;     /* "" for none */
    const char *canonical; /* "" for relations only */
};

static void test_scan(void **state)
{
    static const struct line lines[] = {
        {"13 dec 2014 evening @Grozny #arson JMG office burned", "13 dec 2014 evening",
         "2014-12-13 evening"},
        {"13 december", "13 december", "2014-12-13"},
        {"13 dec: office burned", "13 dec", "2014-12-13"},
        {"13 dec, office burned", "13 dec", "2014-12-13"},
        {"13 dec, evening: office burned", "13 dec, evening", "2014-12-13 evening"},
        {"13 dec. Office burned", "13 dec.", "2014-12-13"},
        {"13 dec - office burned", "13 dec", "2014-12-13"},
        {"13 dec - 14 policemen", "13 dec", "2014-12-13"},
        {"13 dec 14 policemen", "13 dec", "2014-12-13"},
        {"13 dec or 14 policemen", "13 dec", "2014-12-13"},
        {"dec 13 14 policemen", "dec 13", "2014-12-13"},
        {"13 dec 2014 14 policemen", "13 dec 2014", "2014-12-13"},
        {"dec 4-16 searches", "dec 4-16", "2014-12-04/2014-12-16"},
        {"2014-12-13: burned", "2014-12-13", "2014-12-13"},
        {"2014-12-13, burned", "2014-12-13", "2014-12-13"},
        {"2014-12-13.", "2014-12-13", "2014-12-13"},
        {"2014-12-13/..: burned", "2014-12-13/..", "2014-12-13/.."},
        {"2014-12-13 13:00..14:30 shots", "2014-12-13 13:00..14:30", "2014-12-13 13:00..14:30"},
        {"[2014-12-05,2014-12-06] announced", "[2014-12-05,2014-12-06]", "[2014-12-05,2014-12-06]"},
        {"2014-12 searches", "2014-12", "2014-12"},
        {"201X", "201X", "201X"},
        {"13.12.2014 office", "13.12.2014", "2014-12-13"},
        {"13.12 21:20 office", "13.12 21:20", "2014-12-13 21:20"},
        {"13 dec 21:20: shots", "13 dec 21:20", "2014-12-13 21:20"},
        {"13 dec 21:20:", "13 dec 21:20", "2014-12-13 21:20"},
        {"13 dec 21:20:15 shots", "13 dec", "2014-12-13"},
        {"yesterday evening they came", "yesterday evening", "2014-12-15 evening"},
        {"yesterday they came", "yesterday", "2014-12-15"},
        {"вчера вечером пришли", "вчера вечером", "2014-12-15 evening"},
        {"monday night they came", "monday night", "2014-12-15 night"},
        {"dec 2014 night raids", "dec 2014", "2014-12"},
        {"may 2014 report", "may 2014", "2014-05"},
        {"14 may office burned", "14 may", "2014-05-14"},
        {"since 2009 they work", "since 2009", "2009/.."},
        {"about 13 dec they came", "about 13 dec", "2014-12-13~"},
        {"at 13:00 on 13 dec they came", "at 13:00 on 13 dec", "2014-12-13 13:00"},
        {"after E09 staff left", "after E09", ""},
        {"13 dec after E09, before E11: staff left", "13 dec after E09, before E11", "2014-12-13"},
        {"after E09, staff left", "after E09", ""},
        {"14 policemen killed", "", ""},
        {"at 13:00 they came", "", ""},
        {"13:00 they came", "", ""},
        {"may be late", "", ""},
        {"may 5 people come", "", ""},
        {"14 may be dead", "", ""},
        {"march planned", "", ""},
        {"second march planned", "", ""},
        {"december", "", ""},
        {"2014 report", "", ""},
        {"2014/2015 budget", "", ""},
        {"about 2009 people", "", ""},
        {"monday they came", "", ""},
        {"evening came", "", ""},
        {"13.12 rubles", "", ""},
        {"10.0.0.1 address", "", ""},
        {"1234-56-78 called", "", ""},
        {"55-66-2014 called", "", ""},
        {"1234/56/78 is a number", "", ""},
        {"8-928-123-45-67 called", "", ""},
        {"today's meeting", "", ""},
        {"13 decembers", "", ""},
        {"after the meeting", "", ""},
        {"since then", "", ""},
        {"to E09", "", ""},
        {" 13 dec", "", ""},
        {"@Grozny", "", ""},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_when_typed typed = {0};
        struct lw_error err = {0};
        const struct line *l = &lines[i];
        size_t taken = lw_when_scan(l->line, strlen(l->line), false, &clock_then, &typed, &err);
        if (taken != strlen(l->taken) || memcmp(l->line, l->taken, taken) != 0)
            fail_msg("%s: took \"%.*s\" %s", l->line, (int)taken, l->line, refusal(&err));
        assert_string_equal(typed.when.text, l->canonical);
        assert_int_equal(typed.has_when, l->canonical[0] != '\0');
    }
}

static void test_scan_alone(void **state)
{
    static const struct line lines[] = {
        {"21:20 shots", "21:20", "2014-12-15 21:20"},
        {"~9:20 shots", "~9:20", "2014-12-16 ~09:20"},
        {"21:20 may day parade", "21:20", "2014-12-15 21:20"},
        {"21:20: shots", "21:20", "2014-12-15 21:20"},
        {"21:20:", "21:20", "2014-12-15 21:20"},
        {"2014:", "2014", "2014"},
        {"2014-12-13-", "2014-12-13", "2014-12-13"},
        {"2014", "2014", "2014"},
        {"monday", "monday", "2014-12-15"},
        {"evening", "evening", "2014-12-15 evening"},
        {"25:61 shots", "", ""},
        {"14 policemen", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_when_typed typed = {0};
        const struct line *l = &lines[i];
        size_t taken = lw_when_scan(l->line, strlen(l->line), true, &clock_then, &typed, NULL);
        if (taken != strlen(l->taken))
            fail_msg("%s: took \"%.*s\"", l->line, (int)taken, l->line);
        assert_string_equal(typed.when.text, l->canonical);
    }
}

static void test_scan_impossible(void **state)
{
    static const struct line lines[] = {
        {"31 feb 2014 office burned", "31 feb 2014", "February 2014 has 28 days"},
        {"2014-02-30: office burned", "2014-02-30", "February 2014 has 28 days"},
        {"2014-13-01 office", "2014-13-01", "no month 13"},
        {"05/06/2014 office", "05/06/2014", "two ways"},
        {"13 dec 2014 13:00 MSK shots", "13 dec 2014 13:00 MSK", "+03:00"},
        {"13 dec 24:00 shots", "13 dec 24:00", "next day"},
        {"sunday 13 dec 2014 shots", "sunday 13 dec 2014", "Saturday"},
    };
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_when_typed typed = {.has_when = true};
        struct lw_error err = {0};
        const struct line *l = &lines[i];
        size_t taken = lw_when_scan(l->line, strlen(l->line), false, &clock_then, &typed, &err);
        if (taken != strlen(l->taken))
            fail_msg("%s: took \"%.*s\"", l->line, (int)taken, l->line);
        assert_false(typed.has_when);
        assert_int_equal(typed.relation_count, 0);
        if (strstr(err.text, l->canonical) == NULL)
            fail_msg("%s: the sentence is \"%s\"", l->line, err.text);
    }
}

/* The day is that of the place, not of Greenwich. */
static void test_today_has_an_offset(void **state)
{
    int64_t late = INT64_C(1418686200000); /* 2014-12-15T23:30:00Z */
    struct lw_clock clock = {now_ms, offset_minutes, &late};
    struct lw_when_typed typed;
    struct lw_error err;
    (void)state;
    assert_int_equal(lw_when_read("today", 5, &clock, &typed, &err), LW_OK);
    assert_string_equal(typed.when.text, "2014-12-16");
    assert_int_equal(lw_when_read("23:50", 5, &clock, &typed, &err), LW_OK);
    assert_string_equal(typed.when.text, "2014-12-15 23:50");
    late = INT64_C(-1000); /* before 1970, which is a Thursday */
    assert_int_equal(lw_when_read("thursday", 8, &clock, &typed, &err), LW_OK);
    assert_string_equal(typed.when.text, "1970-01-01");
    late = INT64_C(-86400000) * 3;
    assert_int_equal(lw_when_read("today", 5, &clock, &typed, &err), LW_OK);
    assert_string_equal(typed.when.text, "1969-12-29");
    assert_int_equal(lw_when_read("mon", 3, &clock, &typed, &err), LW_OK);
    assert_string_equal(typed.when.text, "1969-12-29");
}

/* ---- anything at all ------------------------------------------------------------------------ */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void check_when(const struct lw_when_typed *typed)
{
    struct lw_when again;
    const char *text = typed->when.text;
    assert_true(typed->has_when || text[0] == '\0');
    assert_true(typed->relation_count <= LW_WHEN_REFS);
    if (!typed->has_when)
        return;
    assert_int_equal(lw_when_parse(text, strlen(text), &again, NULL), LW_OK);
    assert_string_equal(again.text, text);
    assert_true(again.earliest == typed->when.earliest && again.earliest < again.latest);
}

static bool check_any(const char *text, size_t len)
{
    struct lw_when_typed typed = {0};
    struct lw_error err = {0};
    char *copy = malloc(len + 1); /* its own block, so that reading past it is noticed */
    bool read = false;
    assert_non_null(copy);
    memcpy(copy, text, len);
    if (lw_when_read(copy, len, &clock_then, &typed, &err) == LW_OK) {
        assert_true(typed.has_when || typed.relation_count > 0);
        check_when(&typed);
        read = true;
    } else {
        assert_true(err.status == LW_BAD_DATA && err.text[0] != '\0');
    }
    for (int alone = 0; alone < 2; alone++) {
        typed = (struct lw_when_typed){0};
        err = (struct lw_error){0};
        size_t taken = lw_when_scan(copy, len, alone == 1, &clock_then, &typed, &err);
        assert_true(taken <= len);
        check_when(&typed);
        if (taken > 0 && !typed.has_when && typed.relation_count == 0)
            assert_true(err.text[0] != '\0');
        if (taken == 0)
            assert_false(typed.has_when);
    }
    free(copy);
    return read;
}

static void test_random_bytes(void **state)
{
    uint32_t seed = 16122014;
    char text[120];
    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t len = next_random(&seed) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(next_random(&seed) & 0xFF);
        (void)check_any(text, len);
    }
}

static void test_random_words(void **state)
{
    static const char *const words[] = {
        "13",    "5",     "31",    "2014",    "dec",      "feb.",   "may",      "декабря",
        "or",    "to",    "-",     "..",      "since",    "until",  "between",  "and",
        "about", "~",     "?",     ",",       "evening",  "ночь",   "13:00",    "24:00",
        "+3",    "MSK",   "UTC",   "after",   "E09",      "monday", "last",     "yesterday",
        "вчера", "с",     "до",    "на",      "13.12.14", "4.12",   "05/06/14", "2014-12-13",
        "201X",  "[2014", "2015]", "2014/..", "pm",       "12",     "th",       "г.",
        "of",    "this",  "in",    "summer",  "/",        "45"};
    uint32_t seed = 99;
    size_t taken = 0;
    (void)state;
    for (int round = 0; round < 50000; round++) {
        char text[200] = "";
        for (uint32_t i = next_random(&seed) % 7 + 1; i > 0; i--) {
            size_t used = strlen(text);
            (void)snprintf(text + used, sizeof text - used, "%s%s",
                           words[next_random(&seed) % LW_COUNT_OF(words)],
                           next_random(&seed) % 4 == 0 ? "" : " ");
        }
        taken += check_any(text, strlen(text)) ? 1 : 0;
    }
    assert_true(taken > 1000);
}

/* A long line of words that begin phrases is read in reasonable time, with no step past its end. */
static void test_long_line(void **state)
{
    size_t len = 65536;
    char *text = malloc(len);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = "5 or "[i % 5];
    for (size_t at = 0; at < len; at += 5) {
        struct lw_when_typed typed = {0};
        assert_int_equal(lw_when_scan(text + at, len - at, true, &clock_then, &typed, NULL), 0);
    }
    struct lw_when_typed typed;
    assert_int_equal(lw_when_read(text, len, &clock_then, &typed, NULL), LW_BAD_DATA);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english),
        cmocka_unit_test(test_russian),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_scan),
        cmocka_unit_test(test_scan_alone),
        cmocka_unit_test(test_scan_impossible),
        cmocka_unit_test(test_today_has_an_offset),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_random_words),
        cmocka_unit_test(test_long_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
