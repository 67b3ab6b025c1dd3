/* The rows for searching follow every change. */
#include "journal_fixture.h"

#include <stdio.h>

/* The entries in whose row all the words stand: "E01 E02". */
static void found_is(struct fixture *fixture, const char *words, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_stmt *stmt;

    assert_int_equal(
        lw_store_prepare(fixture->store,
                         "SELECT e.ref FROM entry_search AS s "
                         "JOIN entry AS e ON e.n = s.rowid "
                         "WHERE entry_search MATCH 'text : (' || ?1 || ')' ORDER BY e.ref",
                         &stmt, NULL),
        LW_OK);
    lw_stmt_bind_text(stmt, 1, words, strlen(words));
    while (lw_stmt_step(stmt, NULL) == LW_OK) {
        if (text.len > 0)
            assert_int_equal(lw_buf_addc(&text, ' '), LW_OK);
        assert_int_equal(lw_buf_adds(&text, lw_stmt_text(stmt, 0, NULL)), LW_OK);
    }
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static void put_changed(struct fixture *fixture, struct lw_record *record)
{
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(record);
}

static void change(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                   const char *field, const char *text)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, NULL), LW_OK);
    set_text(&record, field, text);
    put_changed(fixture, &record);
}

static void change_ref(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                       const char *field, const uint8_t *to)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, NULL), LW_OK);
    assert_int_equal(lw_record_set_ref(&record, field, to), LW_OK);
    put_changed(fixture, &record);
}

struct two {
    uint8_t one[LW_RECORD_ID];
    uint8_t two[LW_RECORD_ID];
};

static struct two two_entries(struct fixture *fixture)
{
    struct two ids;

    fixture_entry(fixture, ids.one, "E01", NULL, "first title");
    fixture_entry(fixture, ids.two, "E02", NULL, "second title");
    return ids;
}

static void test_own_texts(void **state)
{
    struct fixture *fixture = *state;
    struct two entry = two_entries(fixture);
    static const char *const fields[] = {"narrative", "hedge", "when_text", "place_text"};
    char word[16];

    for (size_t i = 0; i < LW_COUNT_OF(fields); i++) {
        snprintf(word, sizeof(word), "word%zu", i);
        found_is(fixture, word, "");
        change(fixture, LW_RECORD_ENTRY, entry.two, fields[i], word);
        found_is(fixture, word, "E02");
    }
    found_is(fixture, "title", "E01 E02");
    change(fixture, LW_RECORD_ENTRY, entry.one, "title", "Поджог офиса");
    found_is(fixture, "title", "E02");
    found_is(fixture, "\"поджог\"", "E01");
}

static void test_what_belongs(void **state)
{
    struct fixture *fixture = *state;
    struct two entry = two_entries(fixture);
    uint8_t source[LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID];
    uint8_t claim[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_SOURCE, source, "title", "letter", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", entry.one, "source", source, "quote",
                 "webcam", "translation", "kamera", "summary", "gist", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, claim, "account", account, "fact", "armed", "text",
                 "rifle", "note", "unsure", "stance", "asserted", "status", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry.one, "kind", "seized", "description",
                 "laptop", "owner_text", "office", (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry.one, "key", "demand", "text",
                 "investigate", (char *)NULL);
    found_is(fixture, "webcam kamera gist rifle unsure laptop office investigate", "E01");
    change(fixture, LW_RECORD_CLAIM, claim, "text", "pistol");
    found_is(fixture, "rifle", "");
    found_is(fixture, "pistol", "E01");
    /* an account that moves takes its claims along */
    change_ref(fixture, LW_RECORD_ACCOUNT, account, "entry", entry.two);
    found_is(fixture, "webcam pistol", "E02");
    found_is(fixture, "webcam OR pistol", "E02");
}

static void test_parties(void **state)
{
    struct fixture *fixture = *state;
    struct two entry = two_entries(fixture);
    uint8_t party[LW_RECORD_ID];
    uint8_t name[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Sergei Babinets",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, name, "party", party, "kind", "legal", "text",
                 "Сергей Бабинец", (char *)NULL);
    found_is(fixture, "Babinets", "");
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry.one, "party", party, "role",
                 "victim", "note", "bearded", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry.two, "party", party, "role",
                 "witness", (char *)NULL);
    found_is(fixture, "babinets", "E01 E02");
    found_is(fixture, "\"бабинец\"", "E01 E02");
    found_is(fixture, "bearded", "E01");
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party, "kind", "transliteration", "text",
                 "Sergey", (char *)NULL);
    found_is(fixture, "sergey", "E01 E02");
    change(fixture, LW_RECORD_PARTY, party, "name", "S. Babinec");
    found_is(fixture, "babinets", "");
    found_is(fixture, "babinec", "E01 E02");
    change(fixture, LW_RECORD_NAME, name, "text", "Серёжа");
    found_is(fixture, "\"бабинец\"", "");
}

static void test_places(void **state)
{
    struct fixture *fixture = *state;
    struct two entry = two_entries(fixture);
    uint8_t town[LW_RECORD_ID];
    uint8_t house[LW_RECORD_ID];
    uint8_t other[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, other, "name", "Moscow", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, house, "name", "apartment", "parent", town,
                 (char *)NULL);
    change_ref(fixture, LW_RECORD_ENTRY, entry.one, "place", house);
    found_is(fixture, "apartment grozny", "E01");
    change(fixture, LW_RECORD_PLACE, town, "name", "Groznyj");
    found_is(fixture, "grozny", "");
    found_is(fixture, "groznyj", "E01");
    change_ref(fixture, LW_RECORD_PLACE, house, "parent", other);
    found_is(fixture, "groznyj", "");
    found_is(fixture, "moscow", "E01");
}

/* Composed and decomposed letters are the same text. */
static void test_composed(void **state)
{
    struct fixture *fixture = *state;

    fixture_entry(fixture, NULL, "E01", NULL, "Никола\xD0\xB8\xCC\x86"); /* й in two parts */
    found_is(fixture, "\"николай\"", "E01");
}

/* What is taken back is not there. */
static void test_rolled_back(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;

    lw_record_init(&record, LW_RECORD_ENTRY);
    set_text(&record, "title", "canary");
    set_text(&record, "status", "draft");
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_settle(fixture->journal, NULL), LW_OK);
    found_is(fixture, "canary", "E01");
    lw_journal_rollback(fixture->journal);
    found_is(fixture, "canary", "");
    lw_record_clear(&record);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_own_texts), IN_JOURNAL(test_what_belongs), IN_JOURNAL(test_parties),
        IN_JOURNAL(test_places),    IN_JOURNAL(test_composed),     IN_JOURNAL(test_rolled_back),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
