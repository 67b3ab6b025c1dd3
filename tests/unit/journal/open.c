/* What is still open of an entry. */
#include "journal_fixture.h"

static struct lw_open open_of(struct fixture *fixture, const char *ref)
{
    struct lw_record entry;
    struct lw_open open;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &entry, &err), LW_OK);
    if (lw_entry_open(fixture->journal, &entry, &open, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
    return open;
}

static enum lw_status keep_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    *(unsigned *)context = row->open;
    return LW_OK;
}

/* The row says the same as the entry. */
static void is_open(struct fixture *fixture, const char *ref, unsigned what)
{
    const struct lw_filter filter = {.ref = ref};
    unsigned row = 99;

    assert_int_equal(open_of(fixture, ref).what, what);
    assert_int_equal(lw_timeline_each(fixture->journal, &filter, keep_row, &row, NULL), LW_OK);
    assert_int_equal(row, what);
}

static void test_reasons(void **state)
{
    struct fixture *fixture = *state;
    uint8_t source[LW_RECORD_ID], entry[LW_RECORD_ID];
    size_t questions;

    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "x", (char *)NULL);
    fixture_entry(fixture, NULL, "E01", NULL, "a line");
    is_open(fixture, "E01", LW_OPEN_KIND | LW_OPEN_WHEN | LW_OPEN_SOURCE);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E02", "title", "a note", "kind", "note",
                 "when", "2014", "status", "draft", (char *)NULL);
    is_open(fixture, "E02", LW_OPEN_SOURCE);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source, "quote", "x",
                 (char *)NULL);
    is_open(fixture, "E02", 0);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E03", "title", "a search", "kind",
                 "search", "when", "2014", "status", "draft", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source, "quote", "x",
                 (char *)NULL);
    is_open(fixture, "E03", LW_OPEN_ANSWERS);
    questions = open_of(fixture, "E03").questions;
    assert_true(questions >= 2);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "warrant", "text",
                 "unknown", (char *)NULL);
    assert_int_equal(open_of(fixture, "E03").questions, questions - 1);
    /* taken back is not answered; what the kind does not ask counts for nothing */
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "protocol", (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "weather", "text", "rain",
                 (char *)NULL);
    assert_int_equal(open_of(fixture, "E03").questions, questions - 1);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "seized", "description",
                 "laptop", (char *)NULL);
    assert_int_equal(open_of(fixture, "E03").questions, questions - 2);
    is_open(fixture, "E03", LW_OPEN_ANSWERS);
}

static void test_captured(void **state)
{
    static const char line[] = "13 dec 2014 @Grozny #note the office burned";
    struct fixture *fixture = *state;
    struct lw_capture capture;
    struct lw_record entry;
    char ref[16];
    struct lw_error err = {0};

    assert_int_equal(lw_capture_parse(line, strlen(line), lw_journal_forms(fixture->journal),
                                      &fixture_clock, &capture, &err),
                     LW_OK);
    assert_int_equal(lw_journal_log(fixture->journal, &capture, ref, &err), LW_OK);
    lw_capture_clear(&capture);
    is_open(fixture, ref, LW_OPEN_SOURCE | LW_OPEN_CAPTURED);
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &entry, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "hedge", "apparent", 8), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &entry, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    lw_record_clear(&entry);
    is_open(fixture, ref, LW_OPEN_SOURCE);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {IN_JOURNAL(test_reasons), IN_JOURNAL(test_captured)};

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
