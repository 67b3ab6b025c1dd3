/* Drafts of forms: kept over a restart, of two texts none is lost, no part of the record. */
#include "journal_fixture.h"

#include "bare_vault.h"

#include <stdio.h>

enum { PAGES = 1024 };

struct seen {
    size_t count;
    struct lw_draft last;
    char form[4][32];
    struct lw_buf states; /* "a|b" */
};

static enum lw_status see(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct seen *seen = context;

    (void)err;
    seen->last = *draft;
    snprintf(seen->form[seen->count++ % 4], 32, "%s", draft->form);
    if (seen->states.len > 0 && lw_buf_addc(&seen->states, '|') != LW_OK)
        return LW_NO_MEMORY;
    return lw_buf_add(&seen->states, draft->state, draft->state_len);
}

static void expect_states(struct lw_journal *journal, const char *expected)
{
    struct seen seen = {0};
    struct lw_error err = {0};

    assert_int_equal(lw_draft_each(journal, see, &seen, &err), LW_OK);
    assert_string_equal(lw_buf_text(&seen.states), expected);
    lw_buf_free(&seen.states);
}

static struct lw_draft draft_of(const char *form, const char *state)
{
    struct lw_draft draft = {.form = form, .state = state, .state_len = strlen(state)};

    return draft;
}

static void put(struct lw_journal *journal, struct lw_draft *draft, const char *state)
{
    struct lw_error err = {0};

    draft->state = state;
    draft->state_len = strlen(state);
    if (lw_draft_put(journal, draft, &err) != LW_OK)
        fail_msg("%s", err.text);
}

static void comes_back_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft draft = draft_of("entry", "{\"title\":\"Пожар е\xCC\x88\"}");
    struct seen seen = {0};
    struct lw_error err = {0};

    draft.has_entry = true;
    memset(draft.entry, 7, LW_RECORD_ID);
    assert_int_equal(lw_draft_put(fixture->journal, &draft, &err), LW_OK);
    assert_int_equal(draft.stamp, 1);
    assert_int_equal(draft.started_ms, FIXTURE_NOW);
    assert_int_equal(draft.updated_ms, FIXTURE_NOW);
    assert_int_equal(lw_draft_get(fixture->journal, draft.id, see, &seen, &err), LW_OK);
    assert_string_equal(lw_buf_text(&seen.states), "{\"title\":\"Пожар е\xCC\x88\"}");
    assert_string_equal(seen.form[0], "entry");
    assert_true(seen.last.has_entry);
    assert_memory_equal(seen.last.entry, draft.entry, LW_RECORD_ID);
    assert_memory_equal(seen.last.id, draft.id, LW_RECORD_ID);
    assert_int_equal(seen.last.stamp, 1);
    lw_buf_free(&seen.states);
}

static void is_written_over_itself(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft draft = draft_of("entry", "a");
    uint8_t id[LW_RECORD_ID];

    put(fixture->journal, &draft, "a");
    memcpy(id, draft.id, LW_RECORD_ID);
    put(fixture->journal, &draft, "b");
    put(fixture->journal, &draft, "c");
    assert_memory_equal(id, draft.id, LW_RECORD_ID);
    assert_int_equal(draft.stamp, 3);
    expect_states(fixture->journal, "c");
}

static void of_two_texts_none_is_lost(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft mine = draft_of("entry", "");
    struct lw_draft yours;
    struct lw_error err = {0};

    put(fixture->journal, &mine, "first");
    yours = mine; /* another process took it up */
    put(fixture->journal, &yours, "yours");
    put(fixture->journal, &mine, "mine");
    assert_memory_not_equal(mine.id, yours.id, LW_RECORD_ID);
    expect_states(fixture->journal, "mine|yours");
    put(fixture->journal, &mine, "mine 2");
    expect_states(fixture->journal, "mine 2|yours");
    assert_int_equal(lw_draft_remove(fixture->journal, &yours, &err), LW_OK);
    put(fixture->journal, &yours, "yours again"); /* it was saved elsewhere meanwhile */
    expect_states(fixture->journal, "yours again|mine 2");
}

static void removing_spares_what_another_wrote(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft mine = draft_of("entry", "");
    struct lw_draft yours;
    struct lw_error err = {0};

    put(fixture->journal, &mine, "first");
    yours = mine;
    put(fixture->journal, &yours, "yours");
    assert_int_equal(lw_draft_remove(fixture->journal, &mine, &err), LW_OK);
    expect_states(fixture->journal, "yours");
    assert_int_equal(lw_draft_remove(fixture->journal, &yours, &err), LW_OK);
    expect_states(fixture->journal, "");
    assert_int_equal(lw_draft_remove(fixture->journal, &yours, &err), LW_OK);
    assert_int_equal(lw_draft_get(fixture->journal, mine.id, see, NULL, &err), LW_NOT_FOUND);
}

static void the_entry_and_the_removal_are_one(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft draft = draft_of("capture", "");
    struct lw_capture capture;
    struct lw_error err = {0};
    uint64_t entries = 9;
    char ref[16] = "";

    put(fixture->journal, &draft, "office burned");
    assert_int_equal(lw_capture_parse("office burned", 13, NULL, &fixture_clock, &capture, &err), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_journal_log(fixture->journal, &capture, ref, &err), LW_OK);
    assert_int_equal(lw_draft_remove(fixture->journal, &draft, &err), LW_OK);
    lw_journal_rollback(fixture->journal); /* the power is cut */
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_ENTRY, &entries, &err), LW_OK);
    assert_int_equal(entries, 0);
    expect_states(fixture->journal, "office burned");

    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_journal_log(fixture->journal, &capture, ref, &err), LW_OK);
    assert_string_equal(ref, "E01");
    assert_int_equal(lw_draft_remove(fixture->journal, &draft, &err), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_ENTRY, &entries, &err), LW_OK);
    assert_int_equal(entries, 1);
    expect_states(fixture->journal, "");
    lw_capture_clear(&capture);
}

static void a_captured_line_that_fails_leaves_the_transaction_to_its_owner(void **state)
{
    struct fixture *fixture = *state;
    struct lw_capture capture;
    struct lw_error err = {0};
    uint64_t entries = 9;
    char ref[16] = "none";

    assert_int_equal(lw_capture_parse("after E99 a call", 16, NULL, &fixture_clock, &capture, &err),
                     LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_journal_log(fixture->journal, &capture, ref, &err), LW_NOT_FOUND);
    assert_string_equal(ref, "none");
    assert_true(lw_store_in_transaction(fixture->store));
    lw_journal_rollback(fixture->journal);
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_ENTRY, &entries, &err), LW_OK);
    assert_int_equal(entries, 0);
    lw_capture_clear(&capture);
}

static void is_no_record(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft draft = draft_of("entry", "");
    struct lw_journal_check report;
    struct lw_error err = {0};
    uint64_t revisions = 9;

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "Office burned");
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.records, 1);
    put(fixture->journal, &draft, "typed");
    put(fixture->journal, &draft, "typed more");
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_REVISION, &revisions, &err),
                     LW_OK);
    assert_int_equal(revisions, 1);
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.records, 1);
    assert_int_equal(report.bad, 0);
    assert_int_equal(lw_record_type_by_table("draft"), -1);
}

static void bad_text_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft draft = draft_of("entry", "\xFF");
    struct lw_error err = {0};

    assert_int_equal(lw_draft_put(fixture->journal, &draft, &err), LW_BAD_DATA);
    assert_int_equal(draft.stamp, 0);
    expect_states(fixture->journal, "");
}

static enum lw_status stop(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    (void)draft;
    ++*(int *)context;
    return lw_fail(err, LW_CANCELLED, "enough");
}

static void a_visitor_may_stop(void **state)
{
    struct fixture *fixture = *state;
    struct lw_draft a = draft_of("entry", "");
    struct lw_draft b = draft_of("entry", "");
    struct lw_error err = {0};
    int count = 0;

    put(fixture->journal, &a, "a");
    put(fixture->journal, &b, "b");
    assert_int_equal(lw_draft_each(fixture->journal, stop, &count, &err), LW_CANCELLED);
    assert_int_equal(count, 1);
    put(fixture->journal, &a, "a2"); /* nothing was left open */
    expect_states(fixture->journal, "b|a2");
}

/* ---- in a vault ---- */

static struct lw_journal *open_in(struct lw_vault *vault, struct lw_store **store)
{
    const struct lw_journal_setup setup = {.clock = &fixture_clock};
    struct lw_journal *journal = NULL;
    struct lw_error err = {0};

    if (lw_store_open(vault, 0, LW_LANE_WRITE, store, &err) != LW_OK ||
        lw_journal_open(*store, &setup, &journal, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_store_set_patience(*store, 30);
    return journal;
}

static void another_writer_leaves_it_unchanged(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *store[2];
    struct lw_journal *journal[2];
    struct lw_draft draft = draft_of("entry", "");
    struct lw_error err = {0};

    (void)state;
    for (int i = 0; i < 2; i++)
        journal[i] = open_in(vault, &store[i]);
    put(journal[0], &draft, "a");
    assert_int_equal(lw_store_begin(store[1], &err), LW_OK);
    draft.state = "b";
    assert_int_equal(lw_draft_put(journal[0], &draft, &err), LW_BUSY);
    assert_int_equal(draft.stamp, 1);
    assert_int_equal(lw_draft_remove(journal[0], &draft, &err), LW_BUSY);
    lw_store_rollback(store[1]);
    assert_int_equal(lw_draft_put(journal[0], &draft, &err), LW_OK);
    expect_states(journal[1], "b");
    for (int i = 0; i < 2; i++) {
        lw_journal_close(journal[i]);
        lw_store_close(store[i]);
    }
    bare_vault_free(vault);
}

static void is_there_after_a_restart(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *store;
    struct lw_journal *journal = open_in(vault, &store);
    struct lw_draft draft = draft_of("entry", "");

    (void)state;
    put(journal, &draft, "typed before");
    lw_journal_close(journal);
    lw_store_close(store);
    journal = open_in(vault, &store);
    expect_states(journal, "typed before");
    lw_journal_close(journal);
    lw_store_close(store);
    bare_vault_free(vault);
}

/* A vault from before drafts gets its table when it is opened for writing. */
static void an_older_schema_is_brought_up_to_date(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *store;
    struct lw_journal *journal = open_in(vault, &store);
    struct lw_draft draft = draft_of("entry", "");
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_store_exec(store,
                                   "DROP TABLE draft;"
                                   "DROP TABLE span;"
                                   "DROP TABLE bookmark;"
                                   "DROP INDEX entry_kind_position;"
                                   "DROP INDEX entry_incident_position;"
                                   "DROP INDEX entry_draft_position;"
                                   "CREATE INDEX entry_incident ON entry(incident);"
                                   "DROP TABLE kind;"
                                   "DROP TABLE \"filter\";"
                                   "DROP INDEX field_key_text;"
                                   "DROP INDEX field_party;"
                                   "DROP INDEX field_place;"
                                   "ALTER TABLE field DROP COLUMN party;"
                                   "ALTER TABLE field DROP COLUMN place;"
                                   "ALTER TABLE revision DROP COLUMN frozen;"
                                   "ALTER TABLE revision DROP COLUMN moved;"
                                   "ALTER TABLE entry DROP COLUMN amended;"
                                   "DROP INDEX incident_same;"
                                   "ALTER TABLE incident DROP COLUMN same_as;"
                                   "DROP INDEX party_same;"
                                   "ALTER TABLE party DROP COLUMN same_as;"
                                   "DROP INDEX place_same;"
                                   "ALTER TABLE place DROP COLUMN same_as;"
                                   "DROP INDEX source_same;"
                                   "ALTER TABLE source DROP COLUMN same_as;"
                                   "PRAGMA user_version = 1",
                                   &err),
                     LW_OK);
    lw_journal_close(journal);
    lw_store_close(store);
    assert_int_equal(lw_store_open(vault, 0, LW_LANE_READ, &store, &err), LW_CONFIG);
    journal = open_in(vault, &store);
    put(journal, &draft, "typed");
    expect_states(journal, "typed");
    lw_journal_close(journal);
    lw_store_close(store);
    bare_vault_free(vault);
}

/* ---- names as people write them ---- */

static void expect_named(struct fixture *fixture, enum lw_record_type type, const char *name,
                         const uint8_t *expected)
{
    uint8_t id[LW_RECORD_ID];
    struct lw_error err = {0};
    bool found = true;

    assert_int_equal(lw_named_find(fixture->journal, type, name, strlen(name), id, &found, &err),
                     LW_OK);
    assert_int_equal(found, expected != NULL);
    if (expected != NULL)
        assert_memory_equal(id, expected, LW_RECORD_ID);
}

static void names_are_found_in_any_spelling(void **state)
{
    struct fixture *fixture = *state;
    uint8_t party[LW_RECORD_ID];
    uint8_t source[LW_RECORD_ID];
    uint8_t incident[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party, "name", "Sergei Babinets", "kind", "individual",
                 "code_name", "Falcon", (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Сергей Бабинец", "kind",
                 "legal", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S01", "title", "Joint letter", "author",
                 "Front Line", (char *)NULL);
    fixture_make(fixture, LW_RECORD_INCIDENT, incident, "title", "Office fire", "status", "open",
                 (char *)NULL);
    expect_named(fixture, LW_RECORD_PARTY, " sergei  BABINETS", party);
    expect_named(fixture, LW_RECORD_PARTY, "сергей бабинец", party);
    expect_named(fixture, LW_RECORD_PARTY, "falcon", party);
    expect_named(fixture, LW_RECORD_PARTY, "Babinets", NULL);
    expect_named(fixture, LW_RECORD_SOURCE, "s01", source);
    expect_named(fixture, LW_RECORD_SOURCE, "joint LETTER", source);
    expect_named(fixture, LW_RECORD_SOURCE, "front line", source);
    expect_named(fixture, LW_RECORD_INCIDENT, "office fire", incident);
    expect_named(fixture, LW_RECORD_PLACE, "Grozny", NULL);
    expect_named(fixture, LW_RECORD_PLACE, "", NULL);
}

/* Ids of all of that name, each as one letter of "abc..." in the order of known. */
static void expect_all(struct fixture *fixture, enum lw_record_type type, const char *name,
                       uint8_t known[][LW_RECORD_ID], size_t count, const char *expected)
{
    struct lw_buf ids = LW_BUF_INIT, said = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_named_all(fixture->journal, type, name, strlen(name), &ids, &err), LW_OK);
    for (size_t at = 0; at < ids.len; at += LW_RECORD_ID) {
        for (size_t i = 0; i < count; i++) {
            if (memcmp(ids.data + at, known[i], LW_RECORD_ID) == 0)
                assert_int_equal(lw_buf_addc(&said, (char)('a' + i)), LW_OK);
        }
    }
    if (strcmp(lw_buf_text(&said), expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", name, lw_buf_text(&said), expected);
    assert_int_equal(ids.len, strlen(expected) * LW_RECORD_ID);
    lw_buf_free(&ids);
    lw_buf_free(&said);
}

static void all_of_one_name_are_found(void **state)
{
    struct fixture *fixture = *state;
    uint8_t party[4][LW_RECORD_ID], source[2][LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party[0], "name", "Ivan", "kind", "individual",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, party[1], "name", "ИВАН", "kind", "individual",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party[1], "text", "IVAN", "kind", "alias",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, party[2], "name", "Ivan", "kind", "individual",
                 "same_as", party[0], (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, party[3], "name", "Ivan", "kind", "individual",
                 "protected", "1", "code_name", "Falcon", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source[0], "ref", "S1", "title", "A letter",
                 "protected", "1", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source[1], "ref", "S2", "title", "a LETTER",
                 (char *)NULL);
    expect_all(fixture, LW_RECORD_PARTY, " ivan", party, 4, "ab");
    expect_all(fixture, LW_RECORD_PARTY, "иван", party, 4, "b");
    expect_all(fixture, LW_RECORD_PARTY, "Iva", party, 4, "");
    expect_all(fixture, LW_RECORD_PARTY, "", party, 4, "");
    expect_all(fixture, LW_RECORD_PARTY, "falcon", party, 4, "d");
    expect_all(fixture, LW_RECORD_PARTY, "protected person 4", party, 4, "d");
    expect_all(fixture, LW_RECORD_SOURCE, "a letter", source, 2, "b");
    expect_all(fixture, LW_RECORD_SOURCE, "s1", source, 2, "a");
    lw_journal_reveal(fixture->journal, true);
    expect_all(fixture, LW_RECORD_PARTY, "ivan", party, 4, "adb");
    expect_all(fixture, LW_RECORD_SOURCE, "a letter", source, 2, "ab");
}

static void a_new_name_makes_a_record_once(void **state)
{
    static const enum lw_record_type types[] = {LW_RECORD_PARTY, LW_RECORD_PLACE, LW_RECORD_SOURCE,
                                                LW_RECORD_INCIDENT};
    struct fixture *fixture = *state;
    struct lw_error err = {0};

    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    for (size_t i = 0; i < LW_COUNT_OF(types); i++) {
        uint8_t a[LW_RECORD_ID];
        uint8_t b[LW_RECORD_ID];

        assert_int_equal(lw_named_put(fixture->journal, types[i], "Грозный", 14, a, &err), LW_OK);
        assert_int_equal(lw_named_put(fixture->journal, types[i], "ГРОЗНЫЙ", 14, b, &err), LW_OK);
        assert_memory_equal(a, b, LW_RECORD_ID);
        assert_int_equal(lw_named_put(fixture->journal, types[i], "", 0, a, &err), LW_BAD_DATA);
    }
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
        WITH_JOURNAL(comes_back_as_it_was),
        WITH_JOURNAL(is_written_over_itself),
        WITH_JOURNAL(of_two_texts_none_is_lost),
        WITH_JOURNAL(removing_spares_what_another_wrote),
        WITH_JOURNAL(the_entry_and_the_removal_are_one),
        WITH_JOURNAL(a_captured_line_that_fails_leaves_the_transaction_to_its_owner),
        WITH_JOURNAL(is_no_record),
        WITH_JOURNAL(bad_text_is_refused),
        WITH_JOURNAL(a_visitor_may_stop),
        cmocka_unit_test(another_writer_leaves_it_unchanged),
        cmocka_unit_test(is_there_after_a_restart),
        cmocka_unit_test(an_older_schema_is_brought_up_to_date),
        WITH_JOURNAL(names_are_found_in_any_spelling),
        WITH_JOURNAL(all_of_one_name_are_found),
        WITH_JOURNAL(a_new_name_makes_a_record_once),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
