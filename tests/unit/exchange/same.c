/* Records that turn out to be one: everything takes them as one, and all of it can be taken back. */
#include "journal_fixture.h"

#include "exchange.h"

#include <stdio.h>

static struct fixture *fixture;

static uint8_t sergei[LW_RECORD_ID], babinets[LW_RECORD_ID], third[LW_RECORD_ID];
static uint8_t town[LW_RECORD_ID], grozny[LW_RECORD_ID], office[LW_RECORD_ID];
static uint8_t letter[LW_RECORD_ID], copy[LW_RECORD_ID];
static uint8_t december[LW_RECORD_ID], winter[LW_RECORD_ID];
static uint8_t first[LW_RECORD_ID], second[LW_RECORD_ID];

static void scene(void)
{
    fixture_make(fixture, LW_RECORD_PARTY, babinets, "kind", "individual", "name",
                 "Sergei Babinets", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, sergei, "kind", "unknown", "name", "Sergey B.",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, third, "kind", "unknown", "name", "the lawyer",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", sergei, "text", "Серёжа", "kind", "short",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, grozny, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "the capital", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, office, "name", "office", "parent", town, (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, letter, "ref", "S1", "title", "Joint letter",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, copy, "ref", "S2", "title", "A copy of it",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_INCIDENT, december, "title", "December", "status", "open",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_INCIDENT, winter, "title", "Winter", "status", "open",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, first, "ref", "E01", "title", "Detained", "status",
                 "draft", "place", grozny, "incident", december, (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, second, "ref", "E02", "title", "Questioned", "status",
                 "draft", "place", office, "incident", winter, (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", first, "party", babinets, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", second, "party", sergei, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", first, "source", letter, "quote", "a",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", first, "source", copy, "quote", "b",
                 (char *)NULL);
}

static enum lw_status put(enum lw_record_type type, const uint8_t *id, const uint8_t *other)
{
    struct lw_error err = {0};
    enum lw_status status;

    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    status = lw_same_put(fixture->journal, type, id, other, NULL, &err);
    if (status == LW_OK)
        status = lw_journal_commit(fixture->journal, &err);
    if (status != LW_OK)
        lw_journal_rollback(fixture->journal);
    return status;
}

static void merge(enum lw_record_type type, const uint8_t *id, const uint8_t *other)
{
    assert_int_equal(put(type, id, other), LW_OK);
}

static enum lw_status note(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct lw_buf *out = context;

    (void)err;
    return lw_buf_addf(out, "%s:%u ", row->ref, row->sources);
}

static void expect_rows(const struct lw_filter *filter, const char *expected)
{
    struct lw_buf rows = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_timeline_each(fixture->journal, filter, note, &rows, &err), LW_OK);
    assert_string_equal(lw_buf_text(&rows), expected);
    lw_buf_free(&rows);
}

static void expect_found(const char *text, const char *expected)
{
    struct lw_buf rows = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_search_each(fixture->journal, text, strlen(text), note, &rows, &err),
                     LW_OK);
    assert_string_equal(lw_buf_text(&rows), expected);
    lw_buf_free(&rows);
}

static void expect_called(enum lw_record_type type, const char *name, const uint8_t *expected)
{
    struct lw_error err = {0};
    uint8_t id[LW_RECORD_ID];
    bool found = false;

    assert_int_equal(
        lw_named_find(fixture->journal, type, name, strlen(name), id, &found, &err), LW_OK);
    assert_int_equal(found, expected != NULL);
    if (expected != NULL)
        assert_memory_equal(id, expected, LW_RECORD_ID);
}

static void expect_sound(void)
{
    struct lw_journal_check report;
    struct lw_error err = {0};

    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    if (report.bad > 0)
        fail_msg("%s", report.first_bad);
}

/* ---- one and the same ---- */

static void apart(void)
{
    const char *names[] = {"Серёжа"};
    const struct lw_filter named = {.names = names, .name_count = 1};

    expect_called(LW_RECORD_PARTY, "sergey b.", sergei);
    expect_rows(&(struct lw_filter){.party = babinets}, "E01:2 ");
    expect_rows(&(struct lw_filter){.place = grozny}, "E01:2 ");
    expect_rows(&(struct lw_filter){.source = letter}, "E01:2 ");
    expect_rows(&(struct lw_filter){.incident = december}, "E01:2 ");
    expect_rows(&named, "E02:0 ");
    expect_found("babinets", "E01:2 ");
    expect_found("серёжа", "E02:0 ");
    expect_found("grozny", "E01:2 ");
}

static void they_are_one_until_it_is_taken_back(void **state)
{
    const char *names[] = {"Серёжа"};
    const struct lw_filter named = {.names = names, .name_count = 1};

    fixture = *state;
    scene();
    apart();
    merge(LW_RECORD_PARTY, sergei, babinets);
    merge(LW_RECORD_PLACE, town, grozny);
    merge(LW_RECORD_SOURCE, copy, letter);
    merge(LW_RECORD_INCIDENT, winter, december);
    expect_called(LW_RECORD_PARTY, "sergey b.", babinets);
    expect_called(LW_RECORD_PARTY, "серёжа", babinets);
    expect_called(LW_RECORD_PLACE, "the capital", grozny);
    expect_called(LW_RECORD_SOURCE, "S2", letter);
    expect_called(LW_RECORD_INCIDENT, "winter", december);
    expect_rows(&(struct lw_filter){.party = babinets}, "E01:1 E02:0 ");
    expect_rows(&(struct lw_filter){.party = sergei}, "E01:1 E02:0 ");
    expect_rows(&(struct lw_filter){.place = grozny}, "E01:1 E02:0 ");
    expect_rows(&(struct lw_filter){.source = copy}, "E01:1 ");
    expect_rows(&(struct lw_filter){.incident = december}, "E01:1 E02:0 ");
    expect_rows(&named, "E01:1 E02:0 ");
    expect_found("babinets", "E01:1 E02:0 ");
    expect_found("серёжа", "E01:1 E02:0 ");
    expect_found("grozny", "E01:1 E02:0 ");
    expect_sound();
    merge(LW_RECORD_PARTY, sergei, NULL);
    merge(LW_RECORD_PLACE, town, NULL);
    merge(LW_RECORD_SOURCE, copy, NULL);
    merge(LW_RECORD_INCIDENT, winter, NULL);
    apart();
    expect_sound();
}

static void chains_end_and_circles_are_refused(void **state)
{
    uint8_t root[LW_RECORD_ID];
    struct lw_error err = {0};
    struct lw_record record;

    fixture = *state;
    scene();
    merge(LW_RECORD_PARTY, third, sergei);
    merge(LW_RECORD_PARTY, sergei, babinets);
    assert_int_equal(lw_same_root(fixture->journal, LW_RECORD_PARTY, third, root, &err), LW_OK);
    assert_memory_equal(root, babinets, LW_RECORD_ID);
    assert_int_equal(lw_same_get(fixture->journal, LW_RECORD_PARTY, third, &record, &err), LW_OK);
    assert_string_equal(lw_record_text(&record, "name"), "Sergei Babinets");
    lw_record_clear(&record);
    expect_called(LW_RECORD_PARTY, "the lawyer", babinets);
    expect_found("lawyer", "E01:2 E02:0 ");
    assert_int_equal(put(LW_RECORD_PARTY, babinets, third), LW_BAD_DATA);
    assert_int_equal(put(LW_RECORD_PARTY, babinets, babinets), LW_BAD_DATA);
    assert_int_equal(put(LW_RECORD_PLACE, town, office), LW_BAD_DATA); /* it lies in it */
    merge(LW_RECORD_PARTY, sergei, NULL); /* the middle one: the third stays with it */
    expect_called(LW_RECORD_PARTY, "the lawyer", sergei);
    expect_found("lawyer", "E02:0 ");
    expect_found("babinets", "E01:2 ");
    expect_sound();
}

/* A name that is corrected afterwards is found with all of them. */
static void names_that_come_later_count_too(void **state)
{
    fixture = *state;
    scene();
    merge(LW_RECORD_PARTY, sergei, babinets);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", babinets, "text", "Бабинец", "kind",
                 "legal", (char *)NULL);
    expect_found("бабинец", "E01:2 E02:0 ");
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", sergei, "text", "Babinetz", "kind",
                 "alias", (char *)NULL);
    expect_found("babinetz", "E01:2 E02:0 ");
}

/* ---- out and in again ---- */

static enum lw_status collect(void *context, const char *data, size_t len, struct lw_error *err)
{
    (void)err;
    return lw_buf_add(context, data, len);
}

static void export(struct lw_journal *journal, struct lw_buf *out)
{
    const struct lw_sink sink = {collect, out};
    struct lw_error err = {0};

    if (lw_export_json(journal, true, &sink, &err) != LW_OK)
        fail_msg("%s", err.text);
}

static void it_is_exported_and_imported(void **state)
{
    void *other = NULL;
    struct fixture *twin;
    struct lw_buf text = LW_BUF_INIT, again = LW_BUF_INIT;
    struct lw_import_report report;
    struct lw_error err = {0};

    fixture = *state;
    scene();
    merge(LW_RECORD_PARTY, babinets, sergei); /* the older one of the two refers to the newer */
    merge(LW_RECORD_PLACE, grozny, town);
    export(fixture->journal, &text);
    fixture_open(&other);
    twin = other;
    if (lw_import_json(twin->journal, text.data, text.len, false, &report, &err) != LW_OK)
        fail_msg("%s", err.text);
    export(twin->journal, &again);
    assert_string_equal(lw_buf_text(&again), lw_buf_text(&text));
    fixture = twin;
    expect_called(LW_RECORD_PARTY, "Sergei Babinets", sergei);
    expect_found("grozny", "E01:2 E02:0 ");
    expect_sound();
    lw_buf_free(&text);
    lw_buf_free(&again);
    fixture_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(they_are_one_until_it_is_taken_back, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(chains_end_and_circles_are_refused, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(names_that_come_later_count_too, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(it_is_exported_and_imported, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests_name("same", tests, fixture_start, NULL);
}
