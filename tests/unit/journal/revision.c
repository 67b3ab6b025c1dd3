/* The chain of revisions, and what the check finds. */
#include "journal_fixture.h"

static struct lw_journal_check check(struct fixture *fixture)
{
    struct lw_journal_check report;
    struct lw_error err = {0};

    if (lw_journal_check(fixture->journal, &report, &err) != LW_OK)
        fail_msg("%s", err.text);
    return report;
}

static void finds(struct fixture *fixture, uint64_t bad, const char *part)
{
    struct lw_journal_check report = check(fixture);

    assert_int_equal(report.bad, bad);
    if (strstr(report.first_bad, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, report.first_bad);
}

static void run(struct fixture *fixture, const char *sql)
{
    struct lw_error err = {0};

    if (lw_store_exec(fixture->store, sql, &err) != LW_OK)
        fail_msg("%s", err.text);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static void change_title(struct fixture *fixture, const char *ref, const char *title,
                         const char *why)
{
    struct lw_record record;

    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &record, NULL),
                     LW_OK);
    set_text(&record, "title", title);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, why, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(&record);
}

/* Three entries, then a change of the second: revisions 1 to 4. */
static void fill(struct fixture *fixture)
{
    fixture_entry(fixture, NULL, "E01", "2014-12-04", "clash");
    fixture_entry(fixture, NULL, "E02", "2014-12-05", "announcement");
    fixture_entry(fixture, NULL, "E03", NULL, "note");
    change_title(fixture, "E02", "announcement \"expel\"", "wording");
}

static void test_clean(void **state)
{
    struct fixture *fixture = *state;
    struct lw_journal_check report = check(fixture);

    assert_int_equal(report.records + report.revisions + report.bad, 0);
    fill(fixture);
    report = check(fixture);
    assert_int_equal(report.records, 3);
    assert_int_equal(report.revisions, 4);
    assert_int_equal(report.bad, 0);
    assert_string_equal(report.first_bad, "");
}

struct seen {
    struct fixture *fixture;
    int count;
    uint8_t chain[LW_RECORD_ID];
    uint8_t hash[LW_HASH];
    uint8_t last_id[LW_RECORD_ID];
};

/* In order of id, which is the order of the chain. */
static enum lw_status look(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct seen *seen = context;
    const uint8_t *chain = lw_record_value(record, "journal")->bytes;

    (void)err;
    assert_int_equal(lw_record_value(record, "sequence")->number, ++seen->count);
    assert_memory_equal(lw_record_value(record, "previous")->bytes, seen->hash, LW_HASH);
    if (seen->count > 1)
        assert_memory_equal(chain, seen->chain, LW_RECORD_ID);
    memcpy(seen->chain, chain, LW_RECORD_ID);
    memcpy(seen->hash, lw_record_value(record, "hash")->bytes, LW_HASH);
    memcpy(seen->last_id, record->id, LW_RECORD_ID);
    return LW_OK;
}

static void test_chain(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen = {.fixture = fixture};
    struct lw_record last;
    struct lw_record entry;
    struct lw_buf json = LW_BUF_INIT;
    uint8_t hash[LW_HASH];
    const char *changes;

    fill(fixture);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, look, &seen, NULL), LW_OK);
    assert_int_equal(seen.count, 4);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_REVISION, seen.last_id, &last, NULL),
                     LW_OK);
    assert_string_equal(lw_record_text(&last, "action"), "change");
    assert_string_equal(lw_record_text(&last, "why"), "wording");
    assert_string_equal(lw_record_text(&last, "by"), "tester");
    assert_int_equal(lw_record_value(&last, "at")->number, FIXTURE_NOW);
    changes = lw_record_text(&last, "changes");
    assert_string_equal(changes, "{\"title\":[\"announcement\",\"announcement \\\"expel\\\"\"]}");

    /* the hashes are those of the canonical JSON */
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E02", &entry, NULL),
                     LW_OK);
    assert_int_equal(lw_record_json(&entry, &json), LW_OK);
    lw_hash256(json.data, json.len, hash);
    assert_memory_equal(hash, lw_record_value(&last, "state")->bytes, LW_HASH);
    last.value[lw_field_find(LW_RECORD_REVISION, "hash")].set = false;
    lw_buf_clear(&json);
    assert_int_equal(lw_record_json(&last, &json), LW_OK);
    lw_hash256(json.data, json.len, hash);
    assert_memory_equal(hash, seen.hash, LW_HASH);
    lw_buf_free(&json);
    lw_record_clear(&entry);
    lw_record_clear(&last);
}

static void test_changes_of_fields(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen = {.fixture = fixture};
    struct lw_record record;

    fixture_entry(fixture, NULL, "E01", "2014-12-04", "clash");
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E01", &record, NULL),
                     LW_OK);
    assert_int_equal(lw_record_set_text(&record, "when", NULL, 0), LW_OK);
    assert_int_equal(lw_record_set_number(&record, "duration_min", 60), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(&record);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, look, &seen, NULL), LW_OK);
    assert_int_equal(
        lw_record_get(fixture->journal, LW_RECORD_REVISION, seen.last_id, &record, NULL), LW_OK);
    assert_string_equal(lw_record_text(&record, "changes"),
                        "{\"when\":[\"2014-12-04\",null],\"duration_min\":[null,60]}");
    lw_record_clear(&record);
}

/* ---- what is found ---- */

static void test_record_changed(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "UPDATE entry SET title = 'nothing happened' WHERE ref = 'E02'");
    finds(fixture, 1, "E02 \"nothing happened\": changed without a revision");
    finds(fixture, 1, "its last one, revision 2 of 2014-12-16 12:00 +03:00 (title), says: title");
    /* back to what an older revision says is a change too */
    run(fixture, "UPDATE entry SET title = 'announcement' WHERE ref = 'E02'");
    finds(fixture, 1, "E02 \"announcement\": changed without a revision");
    /* what no revision has changed before cannot be named */
    run(fixture,
        "UPDATE entry SET title = 'announcement \"expel\"', hedge = 'x' WHERE ref = 'E02'");
    finds(fixture, 1, "(title), says");
}

static void test_record_slipped_in(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "INSERT INTO incident(id, title, status) VALUES "
                 "(x'000102030405060708090a0b0c0d0e0f', 'x', 'open')");
    finds(fixture, 1, "incident \"x\": written without a revision");
}

static void test_record_removed(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "DELETE FROM entry WHERE ref = 'E03'");
    finds(fixture, 2, "entry ");
    finds(fixture, 2, ", which is not there, revision 1 of 2014-12-16 12:00 +03:00: removed");
    run(fixture, "DELETE FROM span WHERE scale = -1"); /* E03 alone has no date */
    finds(fixture, 1, ", which is not there, revision 1 of 2014-12-16 12:00 +03:00: removed");
}

static void test_revision_changed(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "UPDATE revision SET \"by\" = 'somebody else' WHERE sequence = 3");
    finds(fixture, 1, "E03 \"note\", revision 1 of 2014-12-16 12:00 +03:00: was changed after it");
    finds(fixture, 1, "hash does not match; number 3 of journal ");
}

/* What it says was changed is told once, as a changed revision. */
static void test_revision_text_changed(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "UPDATE revision SET changes = '{\"title\":[\"a\",\"b\"]}' WHERE sequence = 4");
    finds(fixture, 1, "revision 2 of 2014-12-16 12:00 +03:00 (title): was changed after it");
    run(fixture, "UPDATE revision SET changes = '{\"title\":[' WHERE sequence = 4");
    finds(fixture, 1, "revision 2 of 2014-12-16 12:00 +03:00: was changed after it");
    run(fixture, "UPDATE revision SET state = zeroblob(32) WHERE sequence = 4");
    finds(fixture, 1, ": was changed after it");
}

static void test_revision_missing(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "DELETE FROM revision WHERE sequence = 2");
    finds(fixture, 1, "E02 \"announcement \"expel\"\": its first revision is missing, before ");
    finds(fixture, 1, "revision 2 of journal ");
    finds(fixture, 1, ".. is missing");
    run(fixture, "DELETE FROM revision WHERE sequence = 1");
    finds(fixture, 2, "E01 \"clash\": written without a revision");
}

static void test_middle_revision_missing(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    change_title(fixture, "E02", "announcement of expulsion", "wording");
    change_title(fixture, "E02", "announcement", "back");
    run(fixture, "DELETE FROM revision WHERE sequence = 5");
    finds(fixture, 1, "E02 \"announcement\": a revision is missing between revision 2 of ");
    finds(fixture, 1, "; revision 5 of journal ");
    /* there and back again: only the chain tells */
    change_title(fixture, "E01", "x", NULL);
    change_title(fixture, "E01", "clash", NULL);
    change_title(fixture, "E03", "y", NULL);
    run(fixture, "DELETE FROM revision WHERE sequence IN (7, 8)");
    finds(fixture, 2, "E02 ");
    run(fixture, "DELETE FROM revision WHERE sequence IN (4, 6)");
    finds(fixture, 1, "revisions 4 to 8 of journal ");
    finds(fixture, 1, ".. are missing; the next one is that of E03 \"y\", revision 2 of ");
}

static void test_last_revision_missing(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "DELETE FROM revision WHERE sequence = 4");
    finds(fixture, 1, "E02 \"announcement \"expel\"\": changed without a revision");
}

static void test_revisions_swapped(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "UPDATE revision SET sequence = 99 WHERE sequence = 2");
    finds(fixture, 1, "E02 \"announcement \"expel\"\", revision 1 of ");
    finds(fixture, 1, ": was moved from number 2 to number 99 of journal ");
    run(fixture, "UPDATE revision SET sequence = 2 WHERE sequence = 3");
    run(fixture, "UPDATE revision SET sequence = 3 WHERE sequence = 99");
    finds(fixture, 2, "E03 \"note\", revision 1 of ");
    finds(fixture, 2, ": was moved from number 3 to number 2 of journal ");
}

static void test_foreign_link(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);
    run(fixture, "UPDATE revision SET previous = zeroblob(32) WHERE sequence = 2");
    finds(fixture, 1, "hash does not match");
}

/* A revision with a hash that is its own, but not the one on which the next was built. */
static void test_revision_written_anew(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen = {.fixture = fixture};
    struct lw_record last;
    struct lw_buf json = LW_BUF_INIT;
    struct lw_stmt *stmt;
    uint8_t hash[LW_HASH];

    fill(fixture);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, look, &seen, NULL), LW_OK);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_REVISION, seen.last_id, &last, NULL),
                     LW_OK);
    change_title(fixture, "E03", "note, corrected", NULL);
    set_text(&last, "why", "no reason");
    last.value[lw_field_find(LW_RECORD_REVISION, "hash")].set = false;
    assert_int_equal(lw_record_json(&last, &json), LW_OK);
    lw_hash256(json.data, json.len, hash);
    assert_int_equal(
        lw_store_prepare(fixture->store,
                         "UPDATE revision SET why = 'no reason', hash = ?1 WHERE sequence = 4",
                         &stmt, NULL),
        LW_OK);
    lw_stmt_bind_blob(stmt, 1, hash, LW_HASH);
    assert_int_equal(lw_stmt_run(stmt, NULL), LW_OK);
    finds(fixture, 1, "(title): was written anew after the next one was; number 4 of journal ");
    lw_buf_free(&json);
    lw_record_clear(&last);
}

/* Ids go on growing within the chain when the clock falls back. */
static int64_t early(void *context)
{
    (void)context;
    return 1000;
}

static void test_clock_falls_back(void **state)
{
    struct fixture *fixture = *state;
    const struct lw_clock clock = {early, fixture_offset, NULL};
    const struct lw_journal_setup setup = {.clock = &clock, .author = NULL};
    struct fixture other = {.store = fixture->store};
    struct seen seen = {.fixture = fixture};

    fill(fixture);
    assert_int_equal(lw_journal_open(fixture->store, &setup, &other.journal, NULL), LW_OK);
    change_title(&other, "E03", "note, corrected", NULL);
    lw_journal_close(other.journal);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, look, &seen, NULL), LW_OK);
    assert_int_equal(seen.count, 5);
    assert_int_equal(check(fixture).bad, 0);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_clean),
        IN_JOURNAL(test_chain),
        IN_JOURNAL(test_changes_of_fields),
        IN_JOURNAL(test_record_changed),
        IN_JOURNAL(test_record_slipped_in),
        IN_JOURNAL(test_record_removed),
        IN_JOURNAL(test_revision_changed),
        IN_JOURNAL(test_revision_text_changed),
        IN_JOURNAL(test_revision_missing),
        IN_JOURNAL(test_middle_revision_missing),
        IN_JOURNAL(test_last_revision_missing),
        IN_JOURNAL(test_revisions_swapped),
        IN_JOURNAL(test_foreign_link),
        IN_JOURNAL(test_revision_written_anew),
        IN_JOURNAL(test_clock_falls_back),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
