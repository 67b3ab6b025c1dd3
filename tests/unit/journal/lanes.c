/* Lanes: the entries of each person, place, kind or source, bar by bar against the ruler of a
 * filter. */
#include "journal_fixture.h"

enum { BARS = 24 };

static struct lw_lanes *lanes_of(struct fixture *fixture, const struct lw_filter *filter,
                                 enum lw_lanes_by by, enum lw_scale scale, int64_t first,
                                 size_t slice)
{
    struct lw_lanes *lanes = NULL;
    struct lw_error err = {0};
    bool done = false;

    assert_int_equal(lw_lanes_begin(fixture->journal, filter, by, scale, first, BARS, &lanes, &err),
                     LW_OK);
    while (!done) {
        if (lw_lanes_more(lanes, slice, &done, &err) != LW_OK)
            fail_msg("%s", err.text);
    }
    return lanes;
}

/* "Ivan 3, no person 1 (1 undated)" */
static void expect_lanes(struct fixture *fixture, const struct lw_filter *filter,
                         enum lw_lanes_by by, const char *expected)
{
    for (size_t slice = 1; slice < 20; slice += 6) {
        struct lw_lanes *lanes = lanes_of(fixture, filter, by, LW_SCALE_MONTHS, 0, slice);
        struct lw_buf said = LW_BUF_INIT;

        for (size_t i = 0; i < lw_lanes_count(lanes); i++) {
            const struct lw_timeline_lane *lane = lw_lanes_at(lanes, i);

            assert_int_equal(
                lw_buf_addf(&said, "%s%s %d", i > 0 ? ", " : "", lane->name, (int)lane->entries),
                LW_OK);
            if (lane->undated > 0)
                assert_int_equal(lw_buf_addf(&said, " (%d undated)", (int)lane->undated), LW_OK);
        }
        assert_string_equal(lw_buf_text(&said), expected);
        lw_buf_free(&said);
        lw_lanes_free(lanes);
    }
}

/* The lane of that name has the bars that the ruler has of what the filter lets through. */
static void expect_same(struct fixture *fixture, enum lw_lanes_by by, const char *name,
                        const struct lw_filter *filter, enum lw_scale scale, int64_t first)
{
    struct lw_lanes *lanes = lanes_of(fixture, NULL, by, scale, first, 3);
    const struct lw_timeline_lane *lane = NULL;
    struct lw_bar bar[BARS];
    struct lw_ruler ruler = {0};
    struct lw_counts *counts = NULL;
    struct lw_error err = {0};
    bool done = false;

    for (size_t i = 0; i < lw_lanes_count(lanes); i++) {
        if (strcmp(lw_lanes_at(lanes, i)->name, name) == 0)
            lane = lw_lanes_at(lanes, i);
    }
    assert_non_null(lane);
    assert_int_equal(lw_counts_begin(fixture->journal, filter, &counts, &err), LW_OK);
    while (!done)
        assert_int_equal(lw_counts_more(counts, 5, &done, &err), LW_OK);
    assert_int_equal(lw_counts_bars(counts, scale, first, bar, BARS, &ruler, &err), LW_OK);
    for (int b = 0; b < BARS; b++) {
        if (lane->bar[b].stated != bar[b].stated || lane->bar[b].wider != bar[b].wider)
            fail_msg("%s, %s %lld: %d+%d, not %d+%d", name, lw_scale_name(scale),
                     (long long)first + b, (int)lane->bar[b].stated, (int)lane->bar[b].wider,
                     (int)bar[b].stated, (int)bar[b].wider);
    }
    assert_int_equal(lane->undated, ruler.undated);
    assert_int_equal(lane->entries,
                     ruler.earlier + ruler.stated + ruler.wider + ruler.later + ruler.undated);
    lw_counts_free(counts);
    lw_lanes_free(lanes);
}

static void take_part(struct fixture *fixture, const uint8_t *entry, const uint8_t *person)
{
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", person, "role",
                 "witness", (char *)NULL);
}

static void make_person(struct fixture *fixture, const char *name, uint8_t id[LW_RECORD_ID])
{
    fixture_make(fixture, LW_RECORD_PARTY, id, "kind", "individual", "name", name, (char *)NULL);
}

static const char *const dates[] = {
    "2014-12-13",
    "2014-12-13 evening",
    "2014-12-13 ~13:00",
    "2014-12-13~",
    "2014-12",
    "2014?",
    "2014-12-04/2014-12-16",
    "[2014-12-05,2014-12-06]",
    "2009/..",
    "../2014-12-09",
    "2014-12-31 23:30 +03:00",
    "201X",
};

/* Dates of every sort; Ivan in all of them, Olga in each second, nobody in one without a date. */
static void make_journal(struct fixture *fixture, uint8_t ivan[LW_RECORD_ID],
                         uint8_t olga[LW_RECORD_ID])
{
    uint8_t entry[LW_RECORD_ID];
    char ref[8] = "E00";

    make_person(fixture, "Ivan", ivan);
    make_person(fixture, "Ольга", olga);
    for (size_t i = 0; i < LW_COUNT_OF(dates); i++) {
        ref[1] = (char)('0' + i / 10);
        ref[2] = (char)('0' + i % 10);
        fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", ref, "title", "something", "status",
                     "draft", "when", dates[i], "kind", i < 3 ? "arson" : "threat", "extent",
                     i == 1   ? "repeated"
                     : i == 8 ? "ongoing"
                              : "within",
                     (char *)NULL);
        take_part(fixture, entry, ivan);
        take_part(fixture, entry, ivan);
        if (i % 2 == 1)
            take_part(fixture, entry, olga);
    }
    fixture_entry(fixture, NULL, "E98", NULL, "not dated");
}

static void a_lane_is_the_ruler_of_its_filter(void **state)
{
    struct fixture *fixture = *state;
    uint8_t ivan[LW_RECORD_ID], olga[LW_RECORD_ID];
    static const int shifts[] = {-30, -23, -9, 0};
    int64_t second = lw_date_to_days(2014, 12, 13) * 86400 + 13 * 3600;

    make_journal(fixture, ivan, olga);
    for (int scale = 0; scale < LW_SCALES; scale++) {
        int64_t bucket = lw_scale_bucket((enum lw_scale)scale, second);

        for (size_t i = 0; i < LW_COUNT_OF(shifts); i++) {
            int64_t first = bucket + shifts[i];

            expect_same(fixture, LW_LANES_PERSON, "Ivan", &(struct lw_filter){.party = ivan},
                        (enum lw_scale)scale, first);
            expect_same(fixture, LW_LANES_PERSON, "Ольга", &(struct lw_filter){.party = olga},
                        (enum lw_scale)scale, first);
            expect_same(fixture, LW_LANES_KIND, lw_kind_label(forms_fixture(), "threat"),
                        &(struct lw_filter){.kind = "threat"}, (enum lw_scale)scale, first);
        }
    }
}

static void an_entry_stands_in_each_of_its_lanes_once(void **state)
{
    struct fixture *fixture = *state;
    uint8_t ivan[LW_RECORD_ID], olga[LW_RECORD_ID];
    struct lw_when since;
    struct lw_error err = {0};

    make_journal(fixture, ivan, olga);
    expect_lanes(fixture, NULL, LW_LANES_PERSON, "Ivan 12, Ольга 6, no person 1 (1 undated)");
    expect_lanes(fixture, NULL, LW_LANES_PLACE, "no place 13 (1 undated)");
    assert_int_equal(lw_when_parse("2014-12-31", 10, &since, &err), LW_OK);
    expect_lanes(fixture, &(struct lw_filter){.since = &since, .party = ivan}, LW_LANES_PERSON,
                 "Ivan 5, Ольга 2");
}

static void kinds_are_called_by_their_labels(void **state)
{
    struct fixture *fixture = *state;
    uint8_t ivan[LW_RECORD_ID], olga[LW_RECORD_ID];
    struct lw_buf expected = LW_BUF_INIT;

    make_journal(fixture, ivan, olga);
    assert_int_equal(lw_buf_addf(&expected, "%s 9, %s 3, no kind 1 (1 undated)",
                                 lw_kind_label(forms_fixture(), "threat"),
                                 lw_kind_label(forms_fixture(), "arson")),
                     LW_OK);
    expect_lanes(fixture, NULL, LW_LANES_KIND, expected.data);
    lw_buf_free(&expected);
}

/* Who is protected has a lane, but no name; two of them have two. */
static void who_is_protected_stays_so(void **state)
{
    struct fixture *fixture = *state;
    uint8_t hidden[LW_RECORD_ID], other[LW_RECORD_ID], again[LW_RECORD_ID], entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, hidden, "kind", "individual", "name", "Babinets",
                 "protected", "1", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, other, "kind", "individual", "name", "Kovalenko",
                 "protected", "1", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, again, "kind", "individual", "name", "M. Babinets",
                 "same_as", hidden, (char *)NULL);
    fixture_entry(fixture, entry, "E01", "2014-12-13", "one");
    take_part(fixture, entry, hidden);
    take_part(fixture, entry, again);
    take_part(fixture, entry, other);
    fixture_entry(fixture, entry, "E02", "2014-12-14", "two");
    take_part(fixture, entry, again);
    expect_lanes(fixture, NULL, LW_LANES_PERSON, "protected person 1 2, protected person 2 1");
}

static void what_is_sealed_or_not_is_kept_apart(void **state)
{
    struct fixture *fixture = *state;
    uint8_t sealed[LW_RECORD_ID], person[LW_RECORD_ID], entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_ENTRY, sealed, "ref", "E01", "title", "one", "status", "sealed",
                 "when", "2014-12-13", (char *)NULL);
    fixture_entry(fixture, entry, "E02", "2014-12-14", "two");
    make_person(fixture, "Ivan", person);
    take_part(fixture, entry, person);
    expect_lanes(fixture, &(struct lw_filter){.status = "sealed"}, LW_LANES_PERSON, "no person 1");
    expect_lanes(fixture, &(struct lw_filter){.status = "draft"}, LW_LANES_PERSON, "Ivan 1");
}

static void places_and_sources_have_lanes(void **state)
{
    struct fixture *fixture = *state;
    uint8_t village[LW_RECORD_ID], house[LW_RECORD_ID], source[LW_RECORD_ID], entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PLACE, village, "name", "Село", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, house, "name", "House\n5", "parent", village,
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "Letter", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "one", "status", "draft",
                 "when", "2014-12-13", "place", house, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E02", "title", "two", "status", "draft",
                 "place", house, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E03", "title", "two", "status", "draft",
                 "place", village, (char *)NULL);
    expect_lanes(fixture, NULL, LW_LANES_PLACE, "House 5 2 (1 undated), Село 1 (1 undated)");
    expect_lanes(fixture, NULL, LW_LANES_SOURCE, "S1 Letter 1, no source 2 (2 undated)");
}

/* Who owns or takes an item, or is named in an answer, is in it as well. */
static void whoever_is_named_has_a_lane(void **state)
{
    struct fixture *fixture = *state;
    uint8_t owner[LW_RECORD_ID], taker[LW_RECORD_ID], lawyer[LW_RECORD_ID], entry[LW_RECORD_ID];

    make_person(fixture, "Owner", owner);
    make_person(fixture, "Taker", taker);
    make_person(fixture, "Lawyer", lawyer);
    fixture_entry(fixture, entry, "E01", "2014-12-13", "one");
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "description", "laptop", "kind",
                 "seized", "owner", owner, "taken_by", taker, (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "lawyer", "party", lawyer,
                 (char *)NULL);
    expect_lanes(fixture, NULL, LW_LANES_PERSON, "Lawyer 1, Owner 1, Taker 1");
}

int main(void)
{
#define UNIT(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        UNIT(a_lane_is_the_ruler_of_its_filter),   UNIT(an_entry_stands_in_each_of_its_lanes_once),
        UNIT(kinds_are_called_by_their_labels),    UNIT(who_is_protected_stays_so),
        UNIT(what_is_sealed_or_not_is_kept_apart), UNIT(places_and_sources_have_lanes),
        UNIT(whoever_is_named_has_a_lane),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
