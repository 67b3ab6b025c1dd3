/* Pages of the timeline: each row once, in order, from any place in both directions. */
#include "journal_fixture.h"

#include <stdio.h>

#define ENTRIES 23

static enum lw_status visit(void *context, const struct lw_row *row, struct lw_error *err)
{
    return fixture_list_row(context, row, err);
}

static enum lw_status keep_anchor(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    *(struct lw_anchor *)context = row->at;
    return LW_OK;
}

static struct lw_anchor anchor_of(struct fixture *fixture, const char *ref)
{
    const struct lw_filter filter = {.ref = ref};
    struct lw_anchor anchor = {.position = -1};
    struct lw_error err = {0};

    assert_int_equal(lw_timeline_each(fixture->journal, &filter, keep_anchor, &anchor, &err),
                     LW_OK);
    assert_true(anchor.n > 0);
    return anchor;
}

/* ref NULL: no anchor */
static void expect(struct fixture *fixture, const struct lw_filter *filter, enum lw_page_way way,
                   const char *ref, size_t limit, const char *expected, bool more)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_anchor anchor;
    struct lw_error err = {0};
    bool beyond = !more;

    if (ref != NULL)
        anchor = anchor_of(fixture, ref);
    if (lw_timeline_page(fixture->journal, filter, way, ref != NULL ? &anchor : NULL, limit, visit,
                         &list, &beyond, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&list.text), expected);
    assert_int_equal(beyond, more);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&list.text);
}

static void make_days(struct fixture *fixture)
{
    fixture_entry(fixture, NULL, "E01", "2014-12-04", "clash");
    fixture_entry(fixture, NULL, "E02", "2014-12-13 09:00", "morning");
    fixture_entry(fixture, NULL, "E03", "2014-12-13 evening", "evening");
    fixture_entry(fixture, NULL, "E04", "2014-12-14", "search");
    fixture_entry(fixture, NULL, "E05", "2014-12-16", "letter");
}

static void pages_go_both_ways(void **state)
{
    struct fixture *fixture = *state;

    make_days(fixture);
    expect(fixture, NULL, LW_PAGE_FROM, NULL, 2, "E01 E02", true);
    expect(fixture, NULL, LW_PAGE_AFTER, "E02", 2, "E03 E04", true);
    expect(fixture, NULL, LW_PAGE_AFTER, "E03", 2, "E04 E05", false);
    expect(fixture, NULL, LW_PAGE_AFTER, "E05", 2, "", false);
    expect(fixture, NULL, LW_PAGE_FROM, "E04", 9, "E04 E05", false);
    expect(fixture, NULL, LW_PAGE_BEFORE, NULL, 2, "E04 E05", true);
    expect(fixture, NULL, LW_PAGE_BEFORE, "E04", 2, "E02 E03", true);
    expect(fixture, NULL, LW_PAGE_BEFORE, "E03", 2, "E01 E02", false);
    expect(fixture, NULL, LW_PAGE_BEFORE, "E01", 2, "", false);
    expect(fixture, NULL, LW_PAGE_FROM, NULL, 0, "", true);
}

static void an_empty_journal_has_empty_pages(void **state)
{
    size_t count = 9;

    expect(*state, NULL, LW_PAGE_FROM, NULL, 5, "", false);
    expect(*state, NULL, LW_PAGE_BEFORE, NULL, 5, "", false);
    assert_int_equal(lw_timeline_count(((struct fixture *)*state)->journal, NULL, 5, &count, NULL),
                     LW_OK);
    assert_int_equal(count, 0);
}

/* Every row stands on exactly one page, in the order of the whole, whatever the size of a page. */
static void pages_together_are_the_whole(void **state)
{
    struct fixture *fixture = *state;
    struct fixture_list whole = {.text = LW_BUF_INIT};
    struct lw_error err = {0};
    char ref[16], when[32];

    for (int i = 0; i < ENTRIES; i++) {
        snprintf(ref, sizeof ref, "E%02d", i + 1);
        snprintf(when, sizeof when, "2014-12-%02d", 1 + (i * 7) % 5);
        fixture_entry(fixture, NULL, ref, i % 6 == 5 ? NULL : when, "x");
    }
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, visit, &whole, &err), LW_OK);
    for (size_t limit = 1; limit <= ENTRIES + 1; limit++) {
        struct fixture_list list = {.text = LW_BUF_INIT};
        struct lw_anchor anchor = {.position = INT64_MIN};
        bool more = true;
        int pages = 0;

        while (more) {
            assert_int_equal(lw_timeline_page(fixture->journal, NULL, LW_PAGE_AFTER, &anchor, limit,
                                              visit, &list, &more, &err),
                             LW_OK);
            assert_int_equal(lw_timeline_page(fixture->journal, NULL, LW_PAGE_AFTER, &anchor, limit,
                                              keep_anchor, &anchor, NULL, &err),
                             LW_OK);
            assert_true(pages++ <= ENTRIES);
        }
        assert_string_equal(list.text.data, whole.text.data);
        assert_int_equal(pages, (int)((ENTRIES + limit - 1) / limit));
        lw_buf_free(&list.text);
    }
    lw_buf_free(&whole.text);
}

static void later_is_told_across_pages(void **state)
{
    struct fixture *fixture = *state;
    uint8_t a[LW_RECORD_ID], b[LW_RECORD_ID];

    fixture_entry(fixture, a, "E01", "2014-12-13", "a");
    fixture_entry(fixture, b, "E02", "2014-12-13", "b");
    fixture_make(fixture, LW_RECORD_PRECEDENCE, NULL, "earlier", a, "later", b, "kind", "before",
                 (char *)NULL);
    expect(fixture, NULL, LW_PAGE_FROM, NULL, 2, "E01 >E02", false);
    expect(fixture, NULL, LW_PAGE_AFTER, "E01", 1, ">E02", false);
    expect(fixture, NULL, LW_PAGE_FROM, "E02", 1, ">E02", false);
    expect(fixture, NULL, LW_PAGE_BEFORE, NULL, 1, ">E02", true);
}

static void filters_hold_on_pages(void **state)
{
    struct fixture *fixture = *state;
    uint8_t case_id[LW_RECORD_ID], party[LW_RECORD_ID], other[LW_RECORD_ID], town[LW_RECORD_ID];
    uint8_t office[LW_RECORD_ID], source[LW_RECORD_ID], entry[LW_RECORD_ID];
    struct lw_when day;

    make_days(fixture);
    fixture_make(fixture, LW_RECORD_INCIDENT, case_id, "title", "case", "status", "open",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "A", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, other, "kind", "individual", "name", "B", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, office, "name", "office", "parent", town, (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "letter", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E06", "title", "fire at night", "status",
                 "sealed", "kind", "arson", "when", "2014-12-15", "incident", case_id, "place",
                 office, (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "seized", "description",
                 "laptop", "taken_by", other, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source, "quote",
                 "burned", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, NULL, "ref", "E07", "title", "fire again", "status",
                 "draft", "when", "2014-12-15", "place", town, (char *)NULL);
    assert_int_equal(lw_when_parse("2014-12-15", 10, &day, NULL), LW_OK);

    const struct {
        struct lw_filter filter;
        const char *expected;
    } cases[] = {
        {{.incident = case_id}, "E06"},
        {{.party = party}, "E06"},
        {{.party = other}, "E06"},
        {{.place = town}, "E06 E07"},
        {{.place = office}, "E06"},
        {{.source = source}, "E06"},
        {{.kind = "arson"}, "E06"},
        {{.status = "sealed"}, "E06"},
        {{.status = "draft", .since = &day}, "E07 E05"},
        {{.text = "fir", .text_len = 3}, "E06 E07"},
        {{.text = "fire again", .text_len = 10}, "E07"},
        {{.text = "fire", .text_len = 4, .source = source}, "E06"},
        {{.text = "fire", .text_len = 4, .kind = "search"}, ""},
        {{.party = case_id}, ""},
    };
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct fixture_list list = {.text = LW_BUF_INIT};
        size_t count = 0, expected = (strlen(cases[i].expected) + 1) / 4;

        expect(fixture, &cases[i].filter, LW_PAGE_FROM, NULL, 9, cases[i].expected, false);
        expect(fixture, &cases[i].filter, LW_PAGE_BEFORE, NULL, 9, cases[i].expected, false);
        assert_int_equal(lw_timeline_each(fixture->journal, &cases[i].filter, visit, &list, NULL),
                         LW_OK);
        assert_string_equal(lw_buf_text(&list.text), cases[i].expected);
        assert_int_equal(lw_timeline_count(fixture->journal, &cases[i].filter, 9, &count, NULL),
                         LW_OK);
        assert_int_equal(count, expected);
        lw_buf_free(&list.text);
    }
}

static void counting_stops(void **state)
{
    struct fixture *fixture = *state;
    size_t count = 0;

    make_days(fixture);
    assert_int_equal(lw_timeline_count(fixture->journal, NULL, 3, &count, NULL), LW_OK);
    assert_int_equal(count, 3);
    assert_int_equal(lw_timeline_count(fixture->journal, NULL, 9, &count, NULL), LW_OK);
    assert_int_equal(count, 5);
}

static void all_are_counted_once(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;
    size_t count = 0;

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "within a year");
    fixture_entry(fixture, NULL, "E02", "2008/2014", "over years");
    fixture_entry(fixture, NULL, "E03", "2014-12-13/..", "open");
    fixture_entry(fixture, NULL, "E04", NULL, "without a date");
    assert_int_equal(lw_timeline_count(fixture->journal, NULL, 9, &count, NULL), LW_OK);
    assert_int_equal(count, 4);
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E04", &record, NULL),
                     LW_OK);
    lw_random(record.id, LW_RECORD_ID);
    assert_int_equal(lw_record_set_text(&record, "ref", "E05", 3), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_timeline_count(fixture->journal, NULL, 9, &count, NULL), LW_OK);
    assert_int_equal(count, 5); /* not committed */
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_timeline_count(fixture->journal, NULL, 9, &count, NULL), LW_OK);
    assert_int_equal(count, 5);
    lw_record_clear(&record);
}

static void entries_have_anchors(void **state)
{
    struct fixture *fixture = *state;
    uint8_t id[LW_RECORD_ID], none[LW_RECORD_ID] = {1};
    struct lw_anchor anchor, same;
    struct lw_error err = {0};

    make_days(fixture);
    fixture_entry(fixture, id, "E06", "2014-12-13", "x");
    assert_int_equal(lw_timeline_anchor(fixture->journal, id, &anchor, &err), LW_OK);
    same = anchor_of(fixture, "E06");
    assert_int_equal(anchor.position, same.position);
    assert_int_equal(anchor.n, same.n);
    assert_int_equal(lw_timeline_anchor(fixture->journal, none, &anchor, &err), LW_NOT_FOUND);
    assert_int_equal(anchor.n, same.n);
}

static void text_that_is_none_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct lw_filter filter = {.text = "...", .text_len = 3};
    struct lw_error err = {0};
    size_t count = 7;

    assert_int_equal(lw_timeline_count(fixture->journal, &filter, 3, &count, &err), LW_BAD_DATA);
    assert_int_equal(count, 7);
    assert_true(err.text[0] != '\0');
    assert_false(lw_store_in_transaction(fixture->store));
}

static enum lw_status refuse(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)row;
    ++*(int *)context;
    return lw_fail(err, LW_CANCELLED, "enough");
}

static void a_visitor_can_stop(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    int visits = 0;

    make_days(fixture);
    assert_int_equal(lw_timeline_page(fixture->journal, NULL, LW_PAGE_FROM, NULL, 3, refuse,
                                      &visits, NULL, &err),
                     LW_CANCELLED);
    assert_int_equal(visits, 1);
    assert_false(lw_store_in_transaction(fixture->store));
    expect(fixture, NULL, LW_PAGE_FROM, NULL, 1, "E01", true);
}

/* More than are looked up one by one: another way through the same rows. */
static void many_hits_are_walked(void **state)
{
    struct fixture *fixture = *state;
    const struct lw_filter filter = {.text = "fire", .text_len = 4};
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};
    bool more = true;

    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    for (int i = 0; i < 2100; i++) {
        struct lw_record entry;
        const char *title = i % 100 == 50 ? "rain" : "fire";
        char when[32];

        lw_record_init(&entry, LW_RECORD_ENTRY);
        snprintf(when, sizeof when, "%04d-06-01", 3000 - i);
        assert_int_equal(lw_record_set_text(&entry, "when", when, strlen(when)), LW_OK);
        assert_int_equal(lw_record_set_text(&entry, "title", title, strlen(title)), LW_OK);
        assert_int_equal(lw_record_set_text(&entry, "status", "draft", 5), LW_OK);
        assert_int_equal(lw_record_put(fixture->journal, &entry, NULL, &err), LW_OK);
        lw_record_clear(&entry);
    }
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    expect(fixture, &filter, LW_PAGE_FROM, NULL, 3, "E2100 E2099 E2098", true);
    expect(fixture, &filter, LW_PAGE_BEFORE, NULL, 2, "E02 E01", true);
    expect(fixture, &filter, LW_PAGE_AFTER, "E52", 2, "E50 E49", true);

    assert_int_equal(lw_search_some(fixture->journal, "fire", 4, 3, visit, &list, &more, &err),
                     LW_OK);
    assert_string_equal(list.text.data, "E2100 E2099 E2098");
    assert_true(more);
    lw_buf_clear(&list.text);
    assert_int_equal(lw_search_some(fixture->journal, "rain", 4, 21, visit, &list, &more, &err),
                     LW_OK);
    assert_false(more);
    lw_buf_free(&list.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_go_both_ways),           TEST(an_empty_journal_has_empty_pages),
        TEST(pages_together_are_the_whole), TEST(later_is_told_across_pages),
        TEST(filters_hold_on_pages),        TEST(counting_stops),
        TEST(all_are_counted_once),         TEST(entries_have_anchors),
        TEST(text_that_is_none_is_refused), TEST(a_visitor_can_stop),
        TEST(many_hits_are_walked),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
