/* Entries by date: every bar against a count of the entries themselves, and nothing ever lost. */
#include "journal_fixture.h"

#include <stdio.h>

enum { BARS = 40 };

struct known {
    int64_t earliest, latest;
    bool dated;
};

struct knowing {
    struct known known[400];
    size_t count;
};

static enum lw_status know(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct knowing *knowing = context;
    struct known *known = &knowing->known[knowing->count++];
    struct lw_when when;

    known->dated = false;
    if (row->when == NULL)
        return LW_OK;
    assert_int_equal(lw_when_parse(row->when, strlen(row->when), &when, err), LW_OK);
    known->earliest = when.earliest;
    known->latest = when.latest;
    known->dated = when.earliest != LW_TIME_MIN || when.latest != LW_TIME_MAX;
    return LW_OK;
}

/* The same as lw_counts_bars, one entry and one bar at a time. */
static void count_by_hand(const struct knowing *knowing, enum lw_scale scale, int64_t first,
                          struct lw_bar *bar, struct lw_ruler *ruler)
{
    int64_t start = lw_scale_start(scale, first), end = lw_scale_start(scale, first + BARS);

    *ruler = (struct lw_ruler){0};
    memset(bar, 0, BARS * sizeof *bar);
    for (size_t i = 0; i < knowing->count; i++) {
        const struct known *known = &knowing->known[i];
        bool in_one = false;

        for (int b = 0; b < BARS && known->dated; b++) {
            int64_t from = lw_scale_start(scale, first + b);
            int64_t to = lw_scale_start(scale, first + b + 1);

            if (known->earliest >= from && known->latest <= to) {
                bar[b].stated++;
                in_one = true;
            } else if (known->earliest < to && known->latest > from) {
                bar[b].wider++;
            }
        }
        if (!known->dated)
            ruler->undated++;
        else if (in_one)
            ruler->stated++;
        else if (known->latest <= start)
            ruler->earlier++;
        else if (known->earliest >= end)
            ruler->later++;
        else
            ruler->wider++;
    }
}

static struct lw_counts *count_all(struct fixture *fixture, const struct lw_filter *filter,
                                   size_t slice)
{
    struct lw_counts *counts = NULL;
    struct lw_error err = {0};
    bool done = false;

    assert_int_equal(lw_counts_begin(fixture->journal, filter, &counts, &err), LW_OK);
    while (!done)
        assert_int_equal(lw_counts_more(counts, slice, &done, &err), LW_OK);
    return counts;
}

static void expect_bars(struct fixture *fixture, const struct lw_filter *filter, size_t slice,
                        enum lw_scale scale, int64_t first)
{
    struct knowing knowing = {.count = 0};
    struct lw_bar got[BARS], expected[BARS];
    struct lw_ruler ruler = {0}, by_hand;
    struct lw_error err = {0};
    struct lw_counts *counts = count_all(fixture, filter, slice);

    assert_int_equal(lw_timeline_each(fixture->journal, filter, know, &knowing, &err), LW_OK);
    count_by_hand(&knowing, scale, first, expected, &by_hand);
    assert_int_equal(lw_counts_bars(counts, scale, first, got, BARS, &ruler, &err), LW_OK);
    for (int b = 0; b < BARS; b++) {
        if (got[b].stated != expected[b].stated || got[b].wider != expected[b].wider)
            fail_msg("%s %lld: %d+%d, not %d+%d", lw_scale_name(scale), (long long)first + b,
                     (int)got[b].stated, (int)got[b].wider, (int)expected[b].stated,
                     (int)expected[b].wider);
    }
    assert_int_equal(ruler.earlier, by_hand.earlier);
    assert_int_equal(ruler.stated, by_hand.stated);
    assert_int_equal(ruler.wider, by_hand.wider);
    assert_int_equal(ruler.later, by_hand.later);
    assert_int_equal(ruler.undated, by_hand.undated);
    assert_int_equal(ruler.earlier + ruler.stated + ruler.wider + ruler.later + ruler.undated,
                     knowing.count);
    lw_counts_free(counts);
}

/* Around a day, at each scale, by the stored numbers and by counting. */
static void expect_around(struct fixture *fixture, int64_t day)
{
    static const int shifts[] = {-45, -39, -17, -1, 0};
    const struct lw_filter has_title = {.status = "draft"};

    for (int scale = 0; scale < LW_SCALES; scale++) {
        int64_t bucket = lw_scale_bucket((enum lw_scale)scale, day * 86400);

        for (size_t i = 0; i < LW_COUNT_OF(shifts); i++) {
            expect_bars(fixture, NULL, 1, (enum lw_scale)scale, bucket + shifts[i]);
            expect_bars(fixture, &has_title, 3, (enum lw_scale)scale, bucket + shifts[i]);
        }
    }
}

static void expect_checked(struct fixture *fixture)
{
    struct lw_journal_check report;
    struct lw_error err = {0};

    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    if (report.bad > 0)
        fail_msg("%s", report.first_bad);
}

static const char *const dates[] = {
    "2014-12-13",
    "2014-12-13 evening",
    "2014-12-13 13:00",
    "2014-12-13 ~13:00",
    "2014-12-13 23:59",
    "2014-12-13 13:00..14:30",
    "2014-12-31 23:30 +03:00",
    "2015-01-01 00:00 +03:00",
    "2014-12-31/2015-01-01",
    "2014-12-13~",
    "2014-12",
    "2014-12~",
    "2014",
    "2014?",
    "2012-02-29",
    "2012-02-28/2012-03-01",
    "2012-02",
    "2014-12-04/2014-12-16",
    "[2014-12-05,2014-12-06]",
    "2009/..",
    "../2014-12-09",
    "2014-12-13/..",
    "1969-12-31 23:00",
    "1969-12-31/1970-01-01",
    "1999-12-31",
    "2000-02-29",
    "1900-02-28/1900-03-01",
    "201X",
    "20XX",
    "2014-24",
};

static void make_dates(struct fixture *fixture)
{
    char ref[16];

    for (size_t i = 0; i < LW_COUNT_OF(dates); i++) {
        snprintf(ref, sizeof ref, "E%zu", i + 1);
        fixture_entry(fixture, NULL, ref, dates[i], "something");
    }
    fixture_entry(fixture, NULL, "E98", NULL, "not dated");
    fixture_entry(fixture, NULL, "E99", NULL, "nor this");
}

static int64_t day_of(int64_t year, unsigned month, unsigned day)
{
    return lw_date_to_days(year, month, day);
}

static void every_date_counts_as_it_is(void **state)
{
    struct fixture *fixture = *state;

    make_dates(fixture);
    expect_around(fixture, day_of(2014, 12, 13));
    expect_around(fixture, day_of(2015, 1, 1));
    expect_around(fixture, day_of(2012, 2, 29));
    expect_around(fixture, day_of(1970, 1, 1));
    expect_around(fixture, day_of(2000, 3, 1));
    expect_around(fixture, day_of(1900, 3, 1));
    expect_around(fixture, day_of(1, 1, 1));
    expect_checked(fixture);
}

static void an_offset_moves_no_entry_to_another_day(void **state)
{
    struct fixture *fixture = *state;
    struct lw_bar bar[2];
    struct lw_ruler ruler = {0};
    struct lw_error err = {0};
    struct lw_counts *counts;

    fixture_entry(fixture, NULL, "E01", "2014-12-31 23:30 +03:00", "fireworks");
    counts = count_all(fixture, NULL, 1);
    assert_int_equal(lw_counts_bars(counts, LW_SCALE_YEARS, 2014, bar, 2, &ruler, &err), LW_OK);
    assert_int_equal(bar[0].stated, 1);
    assert_int_equal(bar[1].stated, 0);
    lw_counts_free(counts);
}

static void what_goes_on_may_be_at_any_later_time(void **state)
{
    struct fixture *fixture = *state;
    struct lw_bar bar[3];
    struct lw_ruler ruler = {0};
    struct lw_error err = {0};
    struct lw_counts *counts;

    fixture_entry(fixture, NULL, "E01", "2009/..", "threats");
    counts = count_all(fixture, NULL, 1);
    assert_int_equal(lw_counts_bars(counts, LW_SCALE_YEARS, 2008, bar, 3, &ruler, &err), LW_OK);
    assert_int_equal(bar[0].wider, 0);
    assert_int_equal(bar[1].wider, 1);
    assert_int_equal(bar[1].stated, 0);
    assert_int_equal(lw_counts_bars(counts, LW_SCALE_DAYS, 900000, bar, 3, &ruler, &err), LW_OK);
    assert_int_equal(bar[2].wider, 1);
    assert_int_equal(ruler.wider, 1);
    lw_counts_free(counts);
}

static void change_date(struct fixture *fixture, const char *ref, const char *when, bool keep)
{
    struct lw_record record;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &record, &err),
                     LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&record, "when", when, when == NULL ? 0 : strlen(when)),
                     LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_OK);
    if (keep)
        assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    else
        lw_journal_rollback(fixture->journal);
    lw_record_clear(&record);
}

static void a_changed_date_counts_once(void **state)
{
    struct fixture *fixture = *state;

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "one");
    fixture_entry(fixture, NULL, "E02", "2014-12-13", "two");
    change_date(fixture, "E01", "2014", true);
    expect_checked(fixture);
    change_date(fixture, "E01", NULL, true);
    expect_checked(fixture);
    change_date(fixture, "E01", "2013-01-05 night", true);
    change_date(fixture, "E02", "2009/..", false);
    expect_checked(fixture);
    expect_around(fixture, day_of(2014, 12, 13));
    expect_around(fixture, day_of(2013, 1, 5));
}

static void the_check_finds_a_wrong_number(void **state)
{
    struct fixture *fixture = *state;
    struct lw_journal_check report;
    struct lw_error err = {0};

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "one");
    assert_int_equal(
        lw_store_exec(fixture->store, "UPDATE span SET stated = 2 WHERE scale = 2", &err), LW_OK);
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.bad, 1);
    assert_string_equal(report.first_bad, "the numbers of entries by date are wrong in 1 place");
}

/* What a change of the schema counts is what was counted one by one. */
static void the_migration_counts_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};

    make_dates(fixture);
    assert_int_equal(lw_store_exec(fixture->store, "DROP TABLE span", &err), LW_OK);
    for (size_t i = 0; i < lw_migration_count; i++) {
        if (strstr(lw_migrations[i].sql, "CREATE TABLE span(") != NULL)
            assert_int_equal(lw_store_exec(fixture->store, lw_migrations[i].sql, &err), LW_OK);
    }
    expect_checked(fixture);
}

static void a_few_are_counted_at_once(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"Babinets"};
    const struct lw_filter filter = {.names = names, .name_count = 1};
    uint8_t person[LW_RECORD_ID], entry[LW_RECORD_ID];
    struct lw_counts *counts = NULL;
    struct lw_error err = {0};
    int64_t first, last;
    bool done = false, any = false;

    make_dates(fixture);
    fixture_make(fixture, LW_RECORD_PARTY, person, "kind", "individual", "name", "Babinets",
                 (char *)NULL);
    fixture_entry(fixture, entry, "E97", "2014-12-14", "held");
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", person, "role",
                 "victim", (char *)NULL);
    assert_int_equal(lw_counts_begin(fixture->journal, &filter, &counts, &err), LW_OK);
    assert_int_equal(lw_counts_more(counts, 1, &done, &err), LW_OK);
    assert_true(done);
    assert_int_equal(lw_counts_days(counts, &first, &last, &any, &err), LW_OK);
    assert_true(any);
    assert_int_equal(first, day_of(2014, 12, 14));
    assert_int_equal(last, first);
    lw_counts_free(counts);
}

static void the_scale_fits(void **state)
{
    (void)state;
    assert_int_equal(lw_scale_fit(day_of(2014, 12, 4), day_of(2014, 12, 16), 60, LW_SCALE_DAYS),
                     LW_SCALE_DAYS);
    assert_int_equal(lw_scale_fit(day_of(2014, 12, 4), day_of(2014, 12, 16), 13, LW_SCALE_DAYS),
                     LW_SCALE_DAYS);
    assert_int_equal(lw_scale_fit(day_of(2014, 12, 4), day_of(2014, 12, 16), 12, LW_SCALE_DAYS),
                     LW_SCALE_MONTHS);
    assert_int_equal(lw_scale_fit(day_of(2014, 12, 13), day_of(2014, 12, 14), 60, LW_SCALE_HOURS),
                     LW_SCALE_HOURS);
    assert_int_equal(lw_scale_fit(day_of(2004, 1, 1), day_of(2014, 12, 31), 60, LW_SCALE_DAYS),
                     LW_SCALE_YEARS);
}

int main(void)
{
#define UNIT(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        UNIT(every_date_counts_as_it_is),
        UNIT(an_offset_moves_no_entry_to_another_day),
        UNIT(what_goes_on_may_be_at_any_later_time),
        UNIT(a_changed_date_counts_once),
        UNIT(the_check_finds_a_wrong_number),
        UNIT(the_migration_counts_the_same),
        UNIT(a_few_are_counted_at_once),
        cmocka_unit_test(the_scale_fits),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
