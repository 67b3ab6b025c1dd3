/* The timeline: its order, what a filter lets through, what a row says. */
#include "journal_fixture.h"

static struct lw_when when_of(const char *text)
{
    struct lw_when when;
    struct lw_error err = {0};

    if (lw_when_parse(text, strlen(text), &when, &err) != LW_OK)
        fail_msg("%s: %s", text, err.text);
    return when;
}

static void expect(struct fixture *fixture, const struct lw_filter *filter, const char *expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    if (lw_timeline_each(fixture->journal, filter, fixture_list_row, &list, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&list.text), expected);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&list.text);
}

static void expect_name(struct fixture *fixture, const char *name, const char *expected)
{
    const struct lw_filter filter = {.names = &name, .name_count = 1};

    expect(fixture, &filter, expected);
}

/* ---- order --------------------------------------------------------------------------------- */

static void an_empty_journal_has_no_rows(void **state)
{
    expect(*state, NULL, "");
}

static void rows_come_by_day_then_time(void **state)
{
    struct fixture *fixture = *state;

    fixture_entry(fixture, NULL, "E01", "2014-12-14", "next day");
    fixture_entry(fixture, NULL, "E02", "2014-12-13 evening", "evening");
    fixture_entry(fixture, NULL, "E03", "2014-12-13 09:00", "morning");
    fixture_entry(fixture, NULL, "E04", "2013", "a year");
    expect(fixture, NULL, "E04 E03 E02 E01");
}

static void precede(struct fixture *fixture, const uint8_t *earlier, const uint8_t *later,
                    const char *kind)
{
    fixture_make(fixture, LW_RECORD_PRECEDENCE, NULL, "earlier", earlier, "later", later, "kind",
                 kind, (char *)NULL);
}

static void a_stated_order_is_marked(void **state)
{
    struct fixture *fixture = *state;
    uint8_t a[LW_RECORD_ID], b[LW_RECORD_ID], c[LW_RECORD_ID], d[LW_RECORD_ID], e[LW_RECORD_ID];
    const struct lw_filter arson = {.kind = "arson"};

    fixture_make(fixture, LW_RECORD_ENTRY, a, "ref", "E01", "title", "a", "status", "draft", "when",
                 "2014-12-13", "kind", "arson", (char *)NULL);
    fixture_entry(fixture, b, "E02", "2014-12-13", "b");
    fixture_make(fixture, LW_RECORD_ENTRY, c, "ref", "E03", "title", "c", "status", "draft", "when",
                 "2014-12-13", "kind", "arson", (char *)NULL);
    fixture_entry(fixture, d, "E04", "2014-12-13 evening", "d");
    fixture_entry(fixture, e, "E05", "2014-12-14", "e");
    precede(fixture, c, b, "before");
    precede(fixture, b, a, "before");
    precede(fixture, a, d, "not_after");
    precede(fixture, d, e, "before");
    /* not_after states no "later"; the next day needs no mark */
    expect(fixture, NULL, "E03 >E02 >E01 E04 E05");
    /* with the one between them left out, the order of the two is still stated */
    expect(fixture, &arson, "E03 >E01");
}

/* ---- dates --------------------------------------------------------------------------------- */

static void make_days(struct fixture *fixture)
{
    fixture_entry(fixture, NULL, "E01", "2009~/..", "work");
    fixture_entry(fixture, NULL, "E02", "2014-12-04", "clash");
    fixture_entry(fixture, NULL, "E04", "2014-12-04/2014-12-16", "houses burn");
    fixture_entry(fixture, NULL, "E08", "2014-12-13", "demonstration");
    fixture_entry(fixture, NULL, "E11", "2014-12-13 evening", "arson");
    fixture_entry(fixture, NULL, "E12", "2014-12-13/..", "smashed");
    fixture_entry(fixture, NULL, "E13", "2014-12-14", "search");
    fixture_entry(fixture, NULL, "E30", NULL, "some time");
}

static void since_and_until_keep_what_may_be(void **state)
{
    struct fixture *fixture = *state;
    struct lw_when day = when_of("2014-12-13"), evening = when_of("2014-12-13 evening");
    struct lw_filter since = {.since = &day}, until = {.until = &day};
    struct lw_filter both = {.since = &evening, .until = &evening};

    make_days(fixture);
    expect(fixture, &since, "E01 E04 E08 E11 E12 E13 E30");
    expect(fixture, &until, "E01 E02 E04 E08 E11 E12 E30");
    expect(fixture, &both, "E01 E04 E08 E11 E12 E30");
}

static void when_tells_stated_from_possible(void **state)
{
    struct fixture *fixture = *state;
    struct lw_when evening = when_of("2014-12-13 evening"), day = when_of("2014-12-13");
    struct lw_filter filter = {.when = &evening};

    make_days(fixture);
    expect(fixture, &filter, "~E01 ~E04 ~E08 E11 ~E12 ~E30");
    filter.when = &day;
    expect(fixture, &filter, "~E01 ~E04 E08 E11 ~E12 ~E30");
}

static void offsets_decide_where_both_state_one(void **state)
{
    struct fixture *fixture = *state;
    struct lw_when moscow = when_of("2014-12-13 23:30 +03:00");
    struct lw_filter filter = {.when = &moscow};

    fixture_entry(fixture, NULL, "E01", "2014-12-13 20:30 +00:00", "the same minute");
    fixture_entry(fixture, NULL, "E02", "2014-12-13 23:30 +00:00", "three hours later");
    expect(fixture, &filter, "E01");
}

/* ---- kind, reference, names ---------------------------------------------------------------- */

static void kind_and_ref_choose(void **state)
{
    struct fixture *fixture = *state;
    struct lw_filter filter = {.kind = "own_measure"};

    fixture_make(fixture, LW_RECORD_ENTRY, NULL, "ref", "E01", "title", "left", "status", "draft",
                 "kind", "own_measure", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, NULL, "ref", "E02", "title", "pump", "status", "draft",
                 "kind", "water_cut", (char *)NULL);
    fixture_entry(fixture, NULL, "E03", NULL, "nothing known");
    expect(fixture, &filter, "E01");
    filter.kind = "Own-Measure";
    expect(fixture, &filter, "E01");
    filter.kind = "water_cut";
    expect(fixture, &filter, "E02");
    filter = (struct lw_filter){.ref = "e03"};
    expect(fixture, &filter, "E03");
    filter = (struct lw_filter){.ref = "E03", .kind = "arson"};
    expect(fixture, &filter, "");
    filter = (struct lw_filter){.ref = "E0"};
    expect(fixture, &filter, "");
}

static void make_names(struct fixture *fixture)
{
    uint8_t party[LW_RECORD_ID], town[LW_RECORD_ID], flat[LW_RECORD_ID], source[LW_RECORD_ID];
    uint8_t entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Sergei Babinets",
                 "code_name", "Heron", (char *)NULL);
    fixture_make(
        fixture, LW_RECORD_NAME, NULL, "party", party, "text",
        "\xd0\xa1\xd0\xb5\xd1\x80\xd0\xb3\xd0\xb5\xd0\xb9 \xd0\x91\xd0\xb0\xd0\xb1\xd0\xb8\xd0"
        "\xbd\xd0\xb5\xd1\x86",
        "kind", "legal", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, flat, "name", "JMG apartment", "parent", town,
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "author", "A Broadcaster", "title",
                 "Editorial of December", (char *)NULL);
    fixture_entry(fixture, entry, "E01", "2014-12-13", "takes part");
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E02", "title", "in the flat", "status",
                 "draft", "when", "2014-12-14", "place", flat, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "seized", "description",
                 "telephone", "owner", party, (char *)NULL);
    fixture_entry(fixture, entry, "E03", "2014-12-15", "written about");
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source, "quote", "so",
                 (char *)NULL);
    fixture_entry(fixture, NULL, "E04", "2014-12-16", "nobody's");
}

static void any_spelling_of_a_person(void **state)
{
    struct fixture *fixture = *state;

    make_names(fixture);
    expect_name(fixture, "Sergei Babinets", "E01 E02");
    expect_name(fixture, "sergei  BABINETS ", "E01 E02");
    expect_name(fixture, "heron", "E01 E02");
    expect_name(fixture, "babinets", "E01 E02");
    expect_name(fixture, "\xd0\xb1\xd0\xb0\xd0\xb1\xd0\xb8\xd0\xbd\xd0\xb5\xd1\x86", "E01 E02");
    expect_name(fixture, "Babin", ""); /* whole words only */
    expect_name(fixture, "", "");
    expect_name(fixture, "%", "");
}

static void places_hold_what_lies_in_them(void **state)
{
    struct fixture *fixture = *state;

    make_names(fixture);
    expect_name(fixture, "jmg apartment", "E02");
    expect_name(fixture, "GROZNY", "E02");
}

static void sources_by_ref_author_and_title(void **state)
{
    struct fixture *fixture = *state;

    make_names(fixture);
    expect_name(fixture, "s1", "E03");
    expect_name(fixture, "a broadcaster", "E03");
    expect_name(fixture, "editorial of december", "E03");
}

static void any_one_of_several_names(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"nobody here", "S1", "Grozny"};
    const char *const bad[] = {"S1", "\xff"};
    struct lw_filter filter = {.names = names, .name_count = 3};
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    make_names(fixture);
    expect(fixture, &filter, "E02 E03");
    filter.ref = "E03";
    expect(fixture, &filter, "E03");
    filter = (struct lw_filter){.names = bad, .name_count = 2};
    assert_int_equal(lw_timeline_each(fixture->journal, &filter, fixture_list_row, &list, &err),
                     LW_BAD_DATA);
    assert_true(err.text[0] != '\0');
}

static void a_whole_name_goes_before_words(void **state)
{
    struct fixture *fixture = *state;
    uint8_t group[LW_RECORD_ID], office[LW_RECORD_ID], entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, group, "kind", "group", "name", "JMG", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, office, "name", "JMG office", (char *)NULL);
    fixture_entry(fixture, entry, "E01", "2014-12-13", "group");
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", group, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, NULL, "ref", "E02", "title", "office", "status", "draft",
                 "when", "2014-12-14", "place", office, (char *)NULL);
    expect_name(fixture, "jmg", "E01");
    expect_name(fixture, "office", "E02");
}

static void places_in_a_circle_end(void **state)
{
    struct fixture *fixture = *state;

    make_names(fixture);
    assert_int_equal(lw_store_exec(fixture->store,
                                   "UPDATE place SET parent = (SELECT n FROM place WHERE name ="
                                   " 'JMG apartment') WHERE name = 'Grozny'",
                                   NULL),
                     LW_OK);
    expect_name(fixture, "Grozny", "E02");
}

/* ---- a row --------------------------------------------------------------------------------- */

static enum lw_status check_full_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    assert_memory_equal(row->id, context, LW_RECORD_ID);
    assert_string_equal(row->ref, "E01");
    assert_string_equal(row->kind, "arson");
    assert_string_equal(row->title, "office burned");
    assert_string_equal(row->hedge, "apparent");
    assert_string_equal(row->status, "draft");
    assert_string_equal(row->place, "Grozny");
    assert_string_equal(row->when, "2014-12-13 evening");
    assert_string_equal(row->when_text, "soon after");
    assert_string_equal(row->extent, "within");
    assert_string_equal(row->duration_text, "several hours");
    assert_string_equal(row->noticed_text, "later");
    assert_int_equal(row->day, lw_date_to_days(2014, 12, 13));
    assert_int_equal(row->sources, 0);
    assert_false(row->contradicted);
    assert_int_equal(row->match, LW_MATCH_STATED);
    return LW_OK;
}

static enum lw_status check_bare_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)context;
    (void)err;
    assert_string_equal(row->title, "bare");
    assert_null(row->kind);
    assert_null(row->hedge);
    assert_null(row->place);
    assert_null(row->when);
    assert_null(row->when_text);
    assert_null(row->extent);
    assert_null(row->duration_text);
    assert_null(row->noticed_text);
    assert_int_equal(row->recorded_ms, 0);
    return LW_OK;
}

static void a_row_says_what_is_stated(void **state)
{
    struct fixture *fixture = *state;
    uint8_t place[LW_RECORD_ID], id[LW_RECORD_ID];
    const struct lw_filter full = {.ref = "E01"}, bare = {.ref = "E02"};
    struct lw_error err = {0};

    fixture_make(fixture, LW_RECORD_PLACE, place, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, id, "ref", "E01", "kind", "arson", "title",
                 "office burned", "hedge", "apparent", "status", "draft", "place", place, "when",
                 "2014-12-13 evening", "when_text", "soon after", "extent", "within",
                 "duration_text", "several hours", "noticed_text", "later", (char *)NULL);
    fixture_entry(fixture, NULL, "E02", NULL, "bare");
    assert_int_equal(lw_timeline_each(fixture->journal, &full, check_full_row, id, &err), LW_OK);
    assert_int_equal(lw_timeline_each(fixture->journal, &bare, check_bare_row, NULL, &err), LW_OK);
}

static void sources_are_counted_once_each(void **state)
{
    struct fixture *fixture = *state;
    uint8_t source[LW_RECORD_ID], entry[LW_RECORD_ID];
    struct fixture_list list = {.text = LW_BUF_INIT, .sources_of = "E01"};
    struct lw_error err = {0};

    fixture_entry(fixture, entry, "E01", NULL, "told");
    for (int i = 0; i < 2; i++) {
        fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", i == 0 ? "S1" : "S2", "title", "t",
                     (char *)NULL);
        for (int k = 0; k < 2; k++)
            fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source,
                         "quote", "q", (char *)NULL);
    }
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, fixture_list_row, &list, &err),
                     LW_OK);
    assert_int_equal(list.sources, 2);
    assert_false(list.contradicted);
    lw_buf_free(&list.text);
}

/* ---- errors -------------------------------------------------------------------------------- */

static enum lw_status stop_at_second(void *context, const struct lw_row *row, struct lw_error *err)
{
    int *count = context;

    (void)row;
    return ++*count == 2 ? lw_fail(err, LW_CANCELLED, "enough") : LW_OK;
}

static void a_visitor_can_stop(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    int count = 0;

    make_days(fixture);
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, stop_at_second, &count, &err),
                     LW_CANCELLED);
    assert_string_equal(err.text, "enough");
    assert_int_equal(count, 2);
    expect(fixture, &(struct lw_filter){.ref = "E02"}, "E02"); /* and nothing is left open */
}

static void a_transaction_of_the_caller_stays(void **state)
{
    struct fixture *fixture = *state;
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    make_days(fixture);
    assert_int_equal(lw_store_read(fixture->store, &err), LW_OK);
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, fixture_list_row, &list, &err),
                     LW_OK);
    assert_true(lw_store_in_transaction(fixture->store));
    assert_int_equal(lw_store_commit(fixture->store, &err), LW_OK);
    lw_buf_free(&list.text);
}

#define JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL(an_empty_journal_has_no_rows),
        JOURNAL(rows_come_by_day_then_time),
        JOURNAL(a_stated_order_is_marked),
        JOURNAL(since_and_until_keep_what_may_be),
        JOURNAL(when_tells_stated_from_possible),
        JOURNAL(offsets_decide_where_both_state_one),
        JOURNAL(kind_and_ref_choose),
        JOURNAL(any_spelling_of_a_person),
        JOURNAL(places_hold_what_lies_in_them),
        JOURNAL(sources_by_ref_author_and_title),
        JOURNAL(any_one_of_several_names),
        JOURNAL(a_whole_name_goes_before_words),
        JOURNAL(places_in_a_circle_end),
        JOURNAL(a_row_says_what_is_stated),
        JOURNAL(sources_are_counted_once_each),
        JOURNAL(a_visitor_can_stop),
        JOURNAL(a_transaction_of_the_caller_stays),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
