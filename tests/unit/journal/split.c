/* An entry is split in two. */
#include "journal_fixture.h"

struct made {
    uint8_t entry[LW_RECORD_ID], party[LW_RECORD_ID], source[LW_RECORD_ID];
    uint8_t people[LW_RECORD_ID], account[2][LW_RECORD_ID], claim[2][LW_RECORD_ID];
    uint8_t item[LW_RECORD_ID];
};

static void make(struct fixture *fixture, struct made *made)
{
    fixture_make(fixture, LW_RECORD_PARTY, made->party, "kind", "group", "name", "JMG",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, made->source, "ref", "S1", "title", "letter",
                 (char *)NULL);
    fixture_entry(fixture, made->entry, "E11", "2014-12-13", "fire and search");
    fixture_make(fixture, LW_RECORD_PARTICIPATION, made->people, "entry", made->entry, "party",
                 made->party, "role", "victim", (char *)NULL);
    for (int i = 0; i < 2; i++) {
        fixture_make(fixture, LW_RECORD_ACCOUNT, made->account[i], "entry", made->entry, "source",
                     made->source, "quote", i == 0 ? "fire" : "search", (char *)NULL);
        fixture_make(fixture, LW_RECORD_CLAIM, made->claim[i], "account", made->account[i], "fact",
                     i == 0 ? "cause" : "warrant", "stance", "asserted", "status", "open",
                     (char *)NULL);
    }
    fixture_make(fixture, LW_RECORD_ITEM, made->item, "entry", made->entry, "kind", "seized",
                 "description", "laptop", (char *)NULL);
}

static void hangs_on(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                     const char *field, const uint8_t *other)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, NULL), LW_OK);
    assert_memory_equal(lw_record_value(&record, field)->bytes, other, LW_RECORD_ID);
    lw_record_clear(&record);
}

static struct lw_part part_of(enum lw_record_type type, const uint8_t *id)
{
    struct lw_part part = {.type = type};

    memcpy(part.id, id, LW_RECORD_ID);
    return part;
}

static void is_clean(struct fixture *fixture)
{
    struct lw_journal_check report;

    assert_int_equal(lw_journal_check(fixture->journal, &report, NULL), LW_OK);
    assert_string_equal(report.first_bad, "");
}

/* As a form does it: the new entry and the split in one transaction. */
static enum lw_status split(struct fixture *fixture, const uint8_t *from,
                            const struct lw_part *part, size_t parts, const char *why, uint8_t *id,
                            struct lw_error *err)
{
    struct lw_record made;
    enum lw_status status;

    lw_record_init(&made, LW_RECORD_ENTRY);
    assert_int_equal(lw_record_set_text(&made, "title", "other", strlen("other")), LW_OK);
    assert_int_equal(lw_record_set_text(&made, "status", "draft", strlen("draft")), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, err), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &made, why, err), LW_OK);
    memcpy(id, made.id, LW_RECORD_ID);
    lw_record_clear(&made);
    status = lw_entry_split(fixture->journal, from, id, part, parts, why, err);
    if (status == LW_OK)
        return lw_journal_commit(fixture->journal, err);
    lw_journal_rollback(fixture->journal);
    return status;
}

static uint64_t count(struct fixture *fixture, enum lw_record_type type)
{
    uint64_t found = 0;

    assert_int_equal(lw_record_count(fixture->journal, type, &found, NULL), LW_OK);
    return found;
}

static enum lw_status keep_moved(void *context, const struct lw_record *revision,
                                 struct lw_error *err)
{
    struct lw_buf *out = context;
    const char *moved = lw_record_text(revision, "moved");

    (void)err;
    return moved == NULL ? LW_OK : lw_buf_adds(out, moved);
}

static void test_split(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_part part[3];
    struct lw_buf moved = LW_BUF_INIT;
    uint8_t id[LW_RECORD_ID];
    char hex[2 * LW_RECORD_ID + 1];
    struct lw_error err = {0};

    make(fixture, &made);
    part[0] = part_of(LW_RECORD_ACCOUNT, made.account[1]);
    part[1] = part_of(LW_RECORD_ITEM, made.item);
    part[2] = part_of(LW_RECORD_CLAIM, made.claim[1]); /* goes with its account */
    if (split(fixture, made.entry, part, 3, "two events", id, &err) != LW_OK)
        fail_msg("%s", err.text);
    hangs_on(fixture, LW_RECORD_ACCOUNT, made.account[1], "entry", id);
    hangs_on(fixture, LW_RECORD_ITEM, made.item, "entry", id);
    hangs_on(fixture, LW_RECORD_CLAIM, made.claim[1], "account", made.account[1]);
    hangs_on(fixture, LW_RECORD_ACCOUNT, made.account[0], "entry", made.entry);
    hangs_on(fixture, LW_RECORD_PARTICIPATION, made.people, "entry", made.entry);
    assert_int_equal(count(fixture, LW_RECORD_ACCOUNT), 2);
    assert_int_equal(count(fixture, LW_RECORD_CLAIM), 2);
    assert_int_equal(count(fixture, LW_RECORD_LINK), 1);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, keep_moved, &moved, &err),
        LW_OK);
    lw_hex_encode(made.account[1], LW_RECORD_ID, hex);
    assert_non_null(strstr(moved.data, hex));
    lw_hex_encode(made.item, LW_RECORD_ID, hex);
    assert_non_null(strstr(moved.data, hex));
    lw_buf_free(&moved);
    is_clean(fixture);
}

/* A claim that goes without its account takes the words along that it rests on. */
static void test_claim_alone(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_part part;
    struct lw_record claim, account;
    uint8_t id[LW_RECORD_ID];
    struct lw_error err = {0};

    make(fixture, &made);
    part = part_of(LW_RECORD_CLAIM, made.claim[0]);
    if (split(fixture, made.entry, &part, 1, "asked apart", id, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_int_equal(count(fixture, LW_RECORD_ACCOUNT), 3);
    assert_int_equal(count(fixture, LW_RECORD_CLAIM), 2);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_CLAIM, made.claim[0], &claim, &err),
                     LW_OK);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ACCOUNT,
                                   lw_record_value(&claim, "account")->bytes, &account, &err),
                     LW_OK);
    assert_string_equal(lw_record_text(&account, "quote"), "fire");
    assert_memory_equal(lw_record_value(&account, "entry")->bytes, id, LW_RECORD_ID);
    lw_record_clear(&account);
    lw_record_clear(&claim);
    hangs_on(fixture, LW_RECORD_ACCOUNT, made.account[0], "entry", made.entry);
    is_clean(fixture);
}

/* Nothing has to go: the old one tells that it was split all the same, and into what. */
static void test_nothing_goes(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_buf moved = LW_BUF_INIT;
    uint8_t id[LW_RECORD_ID];
    char hex[2 * LW_RECORD_ID + 1];
    struct lw_error err = {0};

    make(fixture, &made);
    if (split(fixture, made.entry, NULL, 0, "two events", id, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_int_equal(count(fixture, LW_RECORD_LINK), 1);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_REVISION, NULL, NULL, keep_moved, &moved, &err),
        LW_OK);
    lw_hex_encode(id, LW_RECORD_ID, hex);
    assert_non_null(strstr(lw_buf_text(&moved), hex));
    lw_buf_free(&moved);
    is_clean(fixture);
}

static void test_refused(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    struct lw_part part;
    uint8_t id[LW_RECORD_ID], other[LW_RECORD_ID];
    struct lw_error err = {0};
    uint64_t revisions;

    make(fixture, &made);
    fixture_entry(fixture, other, "E20", NULL, "another one");
    revisions = count(fixture, LW_RECORD_REVISION);
    part = part_of(LW_RECORD_ITEM, made.item);
    assert_int_equal(split(fixture, made.entry, &part, 1, " ", id, &err), LW_BAD_DATA);
    assert_int_equal(split(fixture, other, &part, 1, "y", id, &err), LW_REFUSED);
    assert_int_equal(count(fixture, LW_RECORD_REVISION), revisions);
    assert_int_equal(count(fixture, LW_RECORD_ENTRY), 2);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_split),
        IN_JOURNAL(test_claim_alone),
        IN_JOURNAL(test_nothing_goes),
        IN_JOURNAL(test_refused),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
