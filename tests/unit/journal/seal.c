/* Sealing: what it freezes, what may change afterwards, and how that shows. */
#include "journal_fixture.h"

struct made {
    uint8_t entry[LW_RECORD_ID], party[LW_RECORD_ID], source[LW_RECORD_ID];
    uint8_t field[LW_RECORD_ID], participation[LW_RECORD_ID], account[LW_RECORD_ID];
    uint8_t claim[LW_RECORD_ID], item[LW_RECORD_ID];
};

static void make(struct fixture *fixture, struct made *made)
{
    fixture_make(fixture, LW_RECORD_PARTY, made->party, "kind", "group", "name", "JMG",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, made->source, "ref", "S1", "title", "letter",
                 (char *)NULL);
    fixture_entry(fixture, made->entry, "E11", "2014-12-13", "JMG office burned");
    fixture_make(fixture, LW_RECORD_FIELD, made->field, "entry", made->entry, "key", "warrant",
                 "text", "no", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, made->participation, "entry", made->entry,
                 "party", made->party, "role", "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, made->account, "entry", made->entry, "source",
                 made->source, "quote", "in the evening", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, made->claim, "account", made->account, "fact", "time",
                 "stance", "asserted", "status", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, made->item, "entry", made->entry, "kind", "destroyed",
                 "description", "laptop", (char *)NULL);
}

static void seal(struct fixture *fixture, const uint8_t *entry)
{
    struct lw_error err = {0};

    if (lw_entry_seal(fixture->journal, entry, &err) != LW_OK)
        fail_msg("%s", err.text);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static void set_ref(struct lw_record *record, const char *field, const uint8_t *id)
{
    assert_int_equal(lw_record_set_ref(record, field, id), LW_OK);
}

/* What lw_record_put and the commit said. */
static enum lw_status put(struct fixture *fixture, struct lw_record *record, const char *why,
                          struct lw_error *err)
{
    enum lw_status status;

    assert_int_equal(lw_journal_begin(fixture->journal, err), LW_OK);
    status = lw_record_put(fixture->journal, record, why, err);
    if (status == LW_OK)
        status = lw_journal_commit(fixture->journal, err);
    else
        lw_journal_rollback(fixture->journal);
    lw_record_clear(record);
    return status;
}

/* Sets a text of a record that is there. */
static enum lw_status change(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                             const char *field, const char *value, const char *why,
                             struct lw_error *err)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, err), LW_OK);
    set_text(&record, field, value);
    return put(fixture, &record, why, err);
}

static enum lw_status move_item(struct fixture *fixture, const uint8_t *id, const uint8_t *entry,
                                const char *why, struct lw_error *err)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ITEM, id, &record, err), LW_OK);
    set_ref(&record, "entry", entry);
    return put(fixture, &record, why, err);
}

static struct lw_seal read_seal(struct fixture *fixture, const uint8_t *entry)
{
    struct lw_record record;
    struct lw_seal found;
    struct lw_buf by = LW_BUF_INIT;

    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, entry, &record, NULL), LW_OK);
    assert_int_equal(lw_seal_read(fixture->journal, &record, &found, &by, NULL), LW_OK);
    if (found.listed)
        assert_string_equal(lw_buf_text(&by), "tester");
    lw_buf_free(&by);
    lw_record_clear(&record);
    return found;
}

static void is_clean(struct fixture *fixture)
{
    struct lw_journal_check report;

    assert_int_equal(lw_journal_check(fixture->journal, &report, NULL), LW_OK);
    assert_string_equal(report.first_bad, "");
}

/* ---- what it notes ---- */

static enum lw_status keep_frozen(void *context, const struct lw_record *revision,
                                  struct lw_error *err)
{
    struct lw_buf *out = context;
    const char *frozen = lw_record_text(revision, "frozen");

    (void)err;
    return frozen == NULL ? LW_OK : lw_buf_addf(out, "%s=\n", frozen);
}

static void add_line(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                     struct lw_buf *out)
{
    struct lw_record record;
    struct lw_buf json = LW_BUF_INIT;
    uint8_t state[LW_HASH];
    char hex[2 * LW_HASH + 1];

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, NULL), LW_OK);
    assert_int_equal(lw_record_json(&record, &json), LW_OK);
    lw_hash256(json.data, json.len, state);
    lw_hex_encode(id, LW_RECORD_ID, hex);
    assert_int_equal(lw_buf_addf(out, "%s %s ", lw_record_infos[type].table, hex), LW_OK);
    lw_hex_encode(state, LW_HASH, hex);
    assert_int_equal(lw_buf_addf(out, "%s\n", hex), LW_OK);
    lw_buf_free(&json);
    lw_record_clear(&record);
}

static void test_frozen(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_seal found;
    struct lw_buf frozen = LW_BUF_INIT, expected = LW_BUF_INIT;
    struct lw_error err = {0};

    make(fixture, &made);
    found = read_seal(fixture, made.entry);
    assert_false(found.sealed || found.listed || found.amended);
    seal(fixture, made.entry);
    found = read_seal(fixture, made.entry);
    assert_true(found.sealed && found.listed && !found.amended);
    assert_int_equal(found.at, FIXTURE_NOW);
    assert_int_equal(found.records, 5);
    assert_int_equal(lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, keep_frozen,
                                    &frozen, &err),
                     LW_OK);
    add_line(fixture, LW_RECORD_ENTRY, made.entry, &expected);
    add_line(fixture, LW_RECORD_FIELD, made.field, &expected);
    add_line(fixture, LW_RECORD_PARTICIPATION, made.participation, &expected);
    add_line(fixture, LW_RECORD_ACCOUNT, made.account, &expected);
    add_line(fixture, LW_RECORD_ITEM, made.item, &expected);
    add_line(fixture, LW_RECORD_CLAIM, made.claim, &expected);
    assert_int_equal(lw_buf_adds(&expected, "=\n"), LW_OK);
    assert_string_equal(frozen.data, expected.data);
    assert_int_equal(lw_entry_seal(fixture->journal, made.entry, &err), LW_REFUSED);
    assert_string_equal(err.text, "E11 is sealed already");
    is_clean(fixture);
    lw_buf_free(&frozen);
    lw_buf_free(&expected);
}

/* ---- what may change ---- */

static void test_reason(void **state)
{
    static const struct {
        enum lw_record_type type;
        size_t id;
        const char *field, *value;
    } changes[] = {
        {LW_RECORD_ENTRY, offsetof(struct made, entry), "title", "x"},
        {LW_RECORD_ENTRY, offsetof(struct made, entry), "when", "2014-12-14"},
        {LW_RECORD_FIELD, offsetof(struct made, field), "text", "yes"},
        {LW_RECORD_PARTICIPATION, offsetof(struct made, participation), "role", "witness"},
        {LW_RECORD_ACCOUNT, offsetof(struct made, account), "quote", "x"},
        {LW_RECORD_CLAIM, offsetof(struct made, claim), "status", "withdrawn"},
        {LW_RECORD_ITEM, offsetof(struct made, item), "description", "x"},
    };
    struct fixture *fixture = *state;
    struct made made;
    struct lw_error err = {0};

    make(fixture, &made);
    seal(fixture, made.entry);
    for (size_t i = 0; i < LW_COUNT_OF(changes); i++) {
        const uint8_t *id = (const uint8_t *)&made + changes[i].id;
        struct lw_seal found = read_seal(fixture, made.entry);

        assert_int_equal(found.amended, i > 0);
        assert_int_equal(
            change(fixture, changes[i].type, id, changes[i].field, changes[i].value, NULL, &err),
            LW_REFUSED);
        assert_non_null(strstr(err.text, "E11 is sealed: it, and what hangs on it, is changed only "
                                         "with a reason"));
        assert_int_equal(
            change(fixture, changes[i].type, id, changes[i].field, changes[i].value, " \t", &err),
            LW_REFUSED);
        assert_int_equal(change(fixture, changes[i].type, id, changes[i].field, changes[i].value,
                                "a letter came", &err),
                         LW_OK);
        assert_true(read_seal(fixture, made.entry).amended);
    }
    assert_int_equal(change(fixture, LW_RECORD_ENTRY, made.entry, "status", "draft", "again", &err),
                     LW_REFUSED);
    assert_non_null(strstr(err.text, "E11 is sealed and stays so"));
    is_clean(fixture);
}

static enum lw_status add_account(struct fixture *fixture, const struct made *made, const char *why,
                                  struct lw_error *err)
{
    struct lw_record account;

    lw_record_init(&account, LW_RECORD_ACCOUNT);
    set_ref(&account, "entry", made->entry);
    set_ref(&account, "source", made->source);
    return put(fixture, &account, why, err);
}

/* One more account, and one that would leave for another entry. */
static void test_more_and_less(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    uint8_t other[LW_RECORD_ID];
    struct lw_error err = {0};

    make(fixture, &made);
    fixture_entry(fixture, other, "E12", NULL, "another one");
    seal(fixture, made.entry);
    assert_int_equal(add_account(fixture, &made, NULL, &err), LW_REFUSED);
    assert_false(read_seal(fixture, made.entry).amended);
    assert_int_equal(add_account(fixture, &made, "it came later", &err), LW_OK);
    assert_true(read_seal(fixture, made.entry).amended);
    assert_int_equal(move_item(fixture, made.item, other, NULL, &err), LW_REFUSED);
    assert_int_equal(move_item(fixture, made.item, other, "of E12", &err), LW_OK);
    /* what is not frozen is free */
    assert_int_equal(change(fixture, LW_RECORD_PARTY, made.party, "note", "x", NULL, &err), LW_OK);
    assert_int_equal(change(fixture, LW_RECORD_ITEM, made.item, "description", "x", NULL, &err),
                     LW_OK);
    is_clean(fixture);
}

/* Made and sealed in one transaction: what is put after the entry is frozen with it. */
static void test_one_transaction(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_record record;
    struct lw_error err = {0};

    fixture_make(fixture, LW_RECORD_SOURCE, made.source, "ref", "S1", "title", "x", (char *)NULL);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    lw_record_init(&record, LW_RECORD_ENTRY);
    set_text(&record, "title", "x");
    set_text(&record, "status", "sealed");
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_OK);
    memcpy(made.entry, record.id, LW_RECORD_ID);
    lw_record_clear(&record);
    lw_record_init(&record, LW_RECORD_ACCOUNT);
    set_ref(&record, "entry", made.entry);
    set_ref(&record, "source", made.source);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_OK);
    lw_record_clear(&record);
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    assert_int_equal(read_seal(fixture, made.entry).records, 1);
    assert_false(read_seal(fixture, made.entry).amended);
    assert_int_equal(add_account(fixture, &made, NULL, &err), LW_REFUSED);
    is_clean(fixture);
}

/* Below the journal: a change with a chain that agrees, but no reason. */
static void test_check(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_journal_check report;
    struct lw_error err = {0};

    make(fixture, &made);
    seal(fixture, made.entry);
    assert_int_equal(lw_store_exec(fixture->store, "UPDATE entry SET status = 'draft'", &err),
                     LW_OK);
    assert_int_equal(change(fixture, LW_RECORD_CLAIM, made.claim, "note", "x", NULL, &err), LW_OK);
    assert_int_equal(lw_store_exec(fixture->store, "UPDATE entry SET status = 'sealed'", &err),
                     LW_OK);
    assert_int_equal(lw_journal_check(fixture->journal, &report, NULL), LW_OK);
    assert_int_equal(report.bad, 1);
    assert_string_equal(
        report.first_bad,
        "claim \"time\" of S1 in E11, revision 2 of 2014-12-16 12:00 +03:00 (note): "
        "changed after it was sealed, without a reason");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_frozen),          IN_JOURNAL(test_reason), IN_JOURNAL(test_more_and_less),
        IN_JOURNAL(test_one_transaction), IN_JOURNAL(test_check),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
