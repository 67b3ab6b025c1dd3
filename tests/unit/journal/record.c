/* Records in memory and in the store; the schema against the record table. */
#include "journal_fixture.h"

#include <math.h>
#include <stdio.h>

static void json_is(const struct lw_record *record, const char *expected)
{
    struct lw_buf json = LW_BUF_INIT;

    assert_int_equal(lw_record_json(record, &json), LW_OK);
    assert_string_equal(lw_buf_text(&json), expected);
    lw_buf_free(&json);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static void set_real(struct lw_record *record, const char *field, double real)
{
    int at = lw_field_find(record->type, field);

    assert_true(at >= 0);
    record->value[at].real = real;
    record->value[at].set = true;
}

/* A value that fits a field, different for each seed. Fields that refer stay out. */
static void fill_field(struct lw_record *record, size_t at, int seed)
{
    const struct lw_field *field = &lw_record_infos[record->type].fields[at];
    struct lw_value *value = &record->value[at];
    char text[64];

    switch (field->kind) {
    case LW_FIELD_TEXT:
        snprintf(text, sizeof(text), "%c%s%d", strcmp(field->name, "ref") == 0 ? 'K' : '"',
                 strcmp(field->name, "ref") == 0 ? "" : "\\ Бабинец\n", seed);
        set_text(record, field->name, text);
        break;
    case LW_FIELD_WORD:
        set_text(record, field->name, field->words[seed % 2]);
        break;
    case LW_FIELD_WHEN:
        snprintf(text, sizeof(text), "2014-12-%02d", 1 + seed % 28);
        set_text(record, field->name, text);
        break;
    case LW_FIELD_INT:
        assert_int_equal(lw_record_set_number(record, field->name, 1 + seed % 5), LW_OK);
        break;
    case LW_FIELD_BOOL:
        assert_int_equal(lw_record_set_number(record, field->name, seed % 2), LW_OK);
        break;
    case LW_FIELD_TIME:
        assert_int_equal(lw_record_set_number(record, field->name, -1000 + seed), LW_OK);
        break;
    case LW_FIELD_REAL:
        set_real(record, field->name, 43.1 + seed);
        break;
    case LW_FIELD_REF:
        return;
    case LW_FIELD_HASH:
    case LW_FIELD_ID:
        memset(value->bytes, seed, sizeof(value->bytes));
        value->set = true;
        break;
    }
}

/* ---- in memory ---- */

static void test_setters(void **state)
{
    struct lw_record record;
    const uint8_t id[LW_RECORD_ID] = {1, 2, 3};

    (void)state;
    lw_record_init(&record, LW_RECORD_CLAIM);
    assert_null(lw_record_text(&record, "fact"));
    assert_null(lw_record_value(&record, "min"));
    set_text(&record, "fact", "armed");
    set_text(&record, "fact", "police killed");
    assert_string_equal(lw_record_text(&record, "fact"), "police killed");
    assert_int_equal(lw_record_set_number(&record, "min", 14), LW_OK);
    assert_int_equal(lw_record_value(&record, "min")->number, 14);
    assert_int_equal(lw_record_set_ref(&record, "account", id), LW_OK);
    assert_memory_equal(lw_record_value(&record, "account")->bytes, id, LW_RECORD_ID);

    assert_int_equal(lw_record_set_text(&record, "min", "14", 2), LW_INTERNAL);
    assert_int_equal(lw_record_set_number(&record, "fact", 1), LW_INTERNAL);
    assert_int_equal(lw_record_set_ref(&record, "fact", id), LW_INTERNAL);
    assert_int_equal(lw_record_set_text(&record, "nothing", "x", 1), LW_INTERNAL);
    assert_int_equal(lw_record_set_text(&record, "text", "a\0b", 3), LW_BAD_DATA);
    assert_null(lw_record_text(&record, "text"));
    assert_int_equal(lw_record_set_text(&record, "fact", NULL, 0), LW_OK);
    assert_null(lw_record_text(&record, "fact"));
    lw_record_clear(&record);
    assert_int_equal(record.type, LW_RECORD_CLAIM);
    assert_null(lw_record_value(&record, "min"));
}

static void test_json(void **state)
{
    struct lw_record record;

    (void)state;
    lw_record_init(&record, LW_RECORD_TASK);
    for (int i = 0; i < LW_RECORD_ID; i++)
        record.id[i] = (uint8_t)(0xa0 + i);
    json_is(&record, "{\"id\":\"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf\"}");
    /* set in another order than the table's */
    set_text(&record, "note", "a\tb \"c\" \xE2\x80\xAE Ж");
    assert_int_equal(lw_record_set_number(&record, "done", 1), LW_OK);
    assert_int_equal(lw_record_set_number(&record, "done_at", 1418720400123), LW_OK);
    assert_int_equal(lw_record_set_ref(&record, "entry", record.id), LW_OK);
    set_text(&record, "title", "call back");
    set_text(&record, "due", "2014-12-20");
    json_is(&record, "{\"id\":\"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf\","
                     "\"entry\":\"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf\",\"title\":\"call back\","
                     "\"due\":\"2014-12-20\",\"done\":true,"
                     "\"done_at\":\"2014-12-16T09:00:00.123Z\","
                     "\"note\":\"a\\u0009b \\\"c\\\" \\u202e Ж\"}");
    lw_record_clear(&record);
}

static void test_json_real(void **state)
{
    static const struct {
        double real;
        const char *json;
    } cases[] = {{43.31, "43.31"}, {0.1, "0.1"},    {-0.0, "0"},
                 {55, "55"},       {1e-7, "1e-07"}, {1.0 / 3.0, "0.3333333333333333"}};
    struct lw_value value = {.set = true};
    struct lw_buf json = LW_BUF_INIT;
    const struct lw_field *field =
        &lw_record_infos[LW_RECORD_PLACE].fields[lw_field_find(LW_RECORD_PLACE, "latitude")];

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        value.real = cases[i].real;
        lw_buf_clear(&json);
        assert_int_equal(lw_value_json(field, &value, &json), LW_OK);
        assert_string_equal(lw_buf_text(&json), cases[i].json);
    }
    value.real = INFINITY;
    assert_int_equal(lw_value_json(field, &value, &json), LW_BAD_DATA);
    value.set = false;
    lw_buf_clear(&json);
    assert_int_equal(lw_value_json(field, &value, &json), LW_OK);
    assert_string_equal(lw_buf_text(&json), "null");
    lw_buf_free(&json);
}

static void good_entry(struct lw_record *record)
{
    lw_record_init(record, LW_RECORD_ENTRY);
    memset(record->id, 7, LW_RECORD_ID);
    set_text(record, "ref", "E11");
    set_text(record, "title", "arson");
    set_text(record, "status", "draft");
}

static void refused(const struct lw_record *record, const char *part)
{
    struct lw_error err = {0};

    assert_int_equal(lw_record_validate(record, &err), LW_BAD_DATA);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_null(strchr(err.text, '\n'));
}

static void test_validate_texts(void **state)
{
    static const struct {
        const char *field, *text, *part;
    } bad[] = {
        {"title", "", "entry E11, field \"title\": is empty"},
        {"title", "a\xff", "field \"title\": is not well-formed"},
        {"status", "done", "field \"status\": must be one of draft, sealed"},
        {"when", "2014-02-30", "entry E11, field \"when\": "},
        {"noticed", "yesterday", "field \"noticed\": "},
        {"ref", "E 11", "field \"ref\": must be"},
        {"ref", "11", "field \"ref\": must be"},
        {"ref",
         "\xD0\x95"
         "11",
         "field \"ref\": must be"},
        {"ref", "E123456789012345", "field \"ref\": is longer"},
    };
    struct lw_record record;
    struct lw_error err = {0};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++) {
        good_entry(&record);
        assert_int_equal(lw_record_validate(&record, &err), LW_OK);
        set_text(&record, bad[i].field, bad[i].text);
        refused(&record, bad[i].part);
        lw_record_clear(&record);
    }
    good_entry(&record);
    assert_int_equal(lw_record_set_text(&record, "title", NULL, 0), LW_OK);
    refused(&record, "field \"title\": is missing");
    lw_record_clear(&record);
}

static void test_validate_numbers(void **state)
{
    struct lw_record record;

    (void)state;
    good_entry(&record);
    assert_int_equal(lw_record_set_number(&record, "duration_min", 60), LW_OK);
    assert_int_equal(lw_record_set_number(&record, "duration_max", 59), LW_OK);
    refused(&record, "field \"duration_min\": is greater");
    assert_int_equal(lw_record_set_number(&record, "duration_max", -1), LW_OK);
    refused(&record, "field \"duration_max\": must be from 0");
    assert_int_equal(lw_record_set_number(&record, "duration_max", INT64_C(9007199254740993)),
                     LW_OK);
    refused(&record, "field \"duration_max\": must be from 0");
    assert_int_equal(lw_record_set_number(&record, "duration_max", 60), LW_OK);
    assert_int_equal(lw_record_set_number(&record, "recorded_at", INT64_MAX), LW_OK);
    refused(&record, "field \"recorded_at\": must lie");
    assert_int_equal(lw_record_set_number(&record, "recorded_at", 0), LW_OK);
    assert_int_equal(lw_record_validate(&record, NULL), LW_OK);
    assert_int_equal(lw_record_set_ref(&record, "parent", record.id), LW_OK);
    refused(&record, "field \"parent\": is the record itself");
    lw_record_clear(&record);

    lw_record_init(&record, LW_RECORD_PLACE);
    set_text(&record, "name", "Grozny");
    set_real(&record, "latitude", 43.3);
    refused(&record, "field \"longitude\": is missing");
    set_real(&record, "longitude", 181);
    refused(&record, "field \"longitude\": must be");
    set_real(&record, "longitude", (double)NAN);
    refused(&record, "field \"longitude\": must be a finite");
    set_real(&record, "longitude", 45.7);
    assert_int_equal(lw_record_validate(&record, NULL), LW_OK);
    lw_record_clear(&record);

    lw_record_init(&record, LW_RECORD_PARTY);
    set_text(&record, "kind", "group");
    set_text(&record, "name", "JMG");
    assert_int_equal(lw_record_set_number(&record, "protected", 2), LW_OK);
    refused(&record, "field \"protected\": must be true or false");
    lw_record_clear(&record);
}

static void test_difference(void **state)
{
    struct lw_record a;
    struct lw_record b;

    (void)state;
    good_entry(&a);
    good_entry(&b);
    assert_int_equal(lw_record_difference(&a, &b), -1);
    set_text(&b, "title", "Arson");
    assert_int_equal(lw_record_difference(&a, &b), lw_field_find(LW_RECORD_ENTRY, "title"));
    set_text(&b, "title", "arson");
    assert_int_equal(lw_record_set_number(&b, "recorded_at", 0), LW_OK);
    assert_int_equal(lw_record_difference(&a, &b), lw_field_find(LW_RECORD_ENTRY, "recorded_at"));
    lw_record_clear(&a);
    lw_record_clear(&b);
}

/* ---- schema ---- */

static const char *sql_type(enum lw_field_kind kind)
{
    switch (kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        return "TEXT";
    case LW_FIELD_REAL:
        return "REAL";
    case LW_FIELD_HASH:
    case LW_FIELD_ID:
        return "BLOB";
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_REF:
    case LW_FIELD_TIME:
        return "INTEGER";
    }
    return "";
}

/* Columns are n, id, the fields in the table's order, those of our own, and then fields that came
 * later. */
static void test_schema(void **state)
{
    struct fixture *fixture = *state;
    struct lw_stmt *stmt;
    char sql[80];

    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        const struct lw_record_info *info = &lw_record_infos[type];

        snprintf(sql, sizeof(sql), "PRAGMA table_info(\"%s\")", info->table);
        assert_int_equal(lw_store_prepare(fixture->store, sql, &stmt, NULL), LW_OK);
        for (size_t i = 0; i < info->field_count + 2; i++) {
            const struct lw_field *field = i < 2 ? NULL : &info->fields[i - 2];
            const char *name = i == 0 ? "n" : i == 1 ? "id" : field->name;

            do
                assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
            while (strcmp(name, "same_as") == 0 && strcmp(lw_stmt_text(stmt, 1, NULL), name) != 0);
            assert_string_equal(lw_stmt_text(stmt, 1, NULL), name);
            if (field == NULL)
                continue;
            assert_string_equal(lw_stmt_text(stmt, 2, NULL), sql_type(field->kind));
            assert_int_equal(lw_stmt_int(stmt, 3), field->required);
        }
        lw_stmt_reset(stmt);
    }
}

static void test_schema_refs(void **state)
{
    struct fixture *fixture = *state;
    struct lw_stmt *stmt;

    assert_int_equal(lw_store_prepare(fixture->store,
                                      "SELECT count(*) FROM pragma_foreign_key_list(?1) "
                                      "WHERE \"from\" = ?2 AND \"table\" = ?3",
                                      &stmt, NULL),
                     LW_OK);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        const struct lw_record_info *info = &lw_record_infos[type];

        for (size_t i = 0; i < info->field_count; i++) {
            const struct lw_field *field = &info->fields[i];
            const char *target = lw_record_infos[field->ref].table;

            if (field->kind != LW_FIELD_REF)
                continue;
            lw_stmt_bind_text(stmt, 1, info->table, strlen(info->table));
            lw_stmt_bind_text(stmt, 2, field->name, strlen(field->name));
            lw_stmt_bind_text(stmt, 3, target, strlen(target));
            assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
            assert_int_equal(lw_stmt_int(stmt, 0), 1);
            lw_stmt_reset(stmt);
        }
    }
}

/* Every word of the record table is taken by the schema, and no other. */
static void test_schema_words(void **state)
{
    struct fixture *fixture = *state;
    char sql[160];

    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        const struct lw_record_info *info = &lw_record_infos[type];
        struct lw_stmt *stmt;
        const char *schema;

        assert_int_equal(lw_store_prepare(fixture->store,
                                          "SELECT sql FROM sqlite_schema WHERE name = ?1", &stmt,
                                          NULL),
                         LW_OK);
        lw_stmt_bind_text(stmt, 1, info->table, strlen(info->table));
        assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
        schema = lw_stmt_text(stmt, 0, NULL);
        for (size_t i = 0; i < info->field_count; i++) {
            for (size_t w = 0; info->fields[i].words != NULL && info->fields[i].words[w]; w++) {
                snprintf(sql, sizeof(sql), "'%s'", info->fields[i].words[w]);
                assert_non_null(strstr(schema, sql));
            }
        }
        lw_stmt_reset(stmt);
    }
    assert_int_not_equal(lw_store_exec(fixture->store,
                                       "INSERT INTO incident(id, title, status) VALUES "
                                       "(zeroblob(16), 'x', 'neither')",
                                       NULL),
                         LW_OK);
    assert_int_not_equal(
        lw_store_exec(fixture->store,
                      "INSERT INTO incident(id, title, status) VALUES (x'00', 'x', 'open')", NULL),
        LW_OK);
}

/* ---- in the store ---- */

/* One record of every type with all its fields, referring to one of each type before. */
static void put_one_of_each(struct fixture *fixture, int seed,
                            struct lw_record records[LW_RECORD_REVISION])
{
    struct lw_error err = {0};

    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    for (int type = 0; type < LW_RECORD_REVISION; type++) {
        const struct lw_record_info *info = &lw_record_infos[type];
        struct lw_record *record = &records[type];

        lw_record_init(record, (enum lw_record_type)type);
        lw_journal_new_id(fixture->journal, record->id);
        for (size_t i = 0; i < info->field_count; i++) {
            const struct lw_field *field = &info->fields[i];

            fill_field(record, i, seed);
            if (field->kind == LW_FIELD_REF && (int)field->ref < type)
                assert_int_equal(lw_record_set_ref(record, field->name, records[field->ref].id),
                                 LW_OK);
        }
        if (type == LW_RECORD_LINK || type == LW_RECORD_PRECEDENCE) {
            const char *other = type == LW_RECORD_LINK ? "to" : "later";
            struct lw_record entry;

            good_entry(&entry);
            set_text(&entry, "ref", "X1");
            lw_journal_new_id(fixture->journal, entry.id);
            if (type == LW_RECORD_PRECEDENCE)
                set_text(&entry, "ref", "X2");
            assert_int_equal(lw_record_put(fixture->journal, &entry, NULL, &err), LW_OK);
            assert_int_equal(lw_record_set_ref(record, other, entry.id), LW_OK);
            lw_record_clear(&entry);
        }
        if (type == LW_RECORD_KIND) { /* what it is is looked at */
            set_text(record, "name", "water_cut");
            set_text(record, "definition", "[water_cut]\nlabel = water cut\n");
        }
        if (lw_record_put(fixture->journal, record, NULL, &err) != LW_OK)
            fail_msg("%s", err.text);
    }
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
}

static void test_round_trip(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record records[LW_RECORD_REVISION];
    struct lw_record read;
    struct lw_error err = {0};

    put_one_of_each(fixture, 3, records);
    for (int type = 0; type < LW_RECORD_REVISION; type++) {
        assert_int_equal(lw_record_get(fixture->journal, (enum lw_record_type)type,
                                       records[type].id, &read, &err),
                         LW_OK);
        assert_memory_equal(read.id, records[type].id, LW_RECORD_ID);
        assert_int_equal(lw_record_difference(&read, &records[type]), -1);
        lw_record_clear(&read);
        lw_record_clear(&records[type]);
    }
}

static uint64_t count_of(struct fixture *fixture, enum lw_record_type type)
{
    uint64_t count = 0;

    assert_int_equal(lw_record_count(fixture->journal, type, &count, NULL), LW_OK);
    return count;
}

static enum lw_status put_now(struct fixture *fixture, struct lw_record *record,
                              struct lw_error *err)
{
    enum lw_status status;

    assert_int_equal(lw_journal_begin(fixture->journal, err), LW_OK);
    status = lw_record_put(fixture->journal, record, NULL, err);
    if (status == LW_OK)
        return lw_journal_commit(fixture->journal, err);
    lw_journal_rollback(fixture->journal);
    return status;
}

static void test_unchanged(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;
    struct lw_record read;

    good_entry(&record);
    assert_int_equal(put_now(fixture, &record, NULL), LW_OK);
    assert_int_equal(put_now(fixture, &record, NULL), LW_OK);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 1);
    /* leaving the reference out keeps it */
    assert_int_equal(lw_record_set_text(&record, "ref", NULL, 0), LW_OK);
    assert_int_equal(put_now(fixture, &record, NULL), LW_OK);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 1);
    set_text(&record, "hedge", "apparent");
    assert_int_equal(put_now(fixture, &record, NULL), LW_OK);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 2);
    assert_int_equal(count_of(fixture, LW_RECORD_ENTRY), 1);
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "e11", &read, NULL),
                     LW_OK);
    assert_string_equal(lw_record_text(&read, "hedge"), "apparent");
    lw_record_clear(&read);
    lw_record_clear(&record);
}

static void ref_is(struct fixture *fixture, enum lw_record_type type, const char *expected)
{
    struct lw_record record;
    struct lw_error err = {0};

    lw_record_init(&record, type);
    set_text(&record, "title", "x");
    if (type == LW_RECORD_ENTRY)
        set_text(&record, "status", "draft");
    if (put_now(fixture, &record, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_record_text(&record, "ref"), expected);
    lw_record_clear(&record);
}

static void test_refs(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;
    struct lw_error err = {0};

    ref_is(fixture, LW_RECORD_ENTRY, "E01");
    ref_is(fixture, LW_RECORD_SOURCE, "S01");
    ref_is(fixture, LW_RECORD_ENTRY, "E02");
    fixture_entry(fixture, NULL, "e99", NULL, "x");
    fixture_entry(fixture, NULL, "K500", NULL, "x");
    ref_is(fixture, LW_RECORD_ENTRY, "E100");
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "e1", &record, &err),
                     LW_OK);
    assert_string_equal(lw_record_text(&record, "ref"), "E01");
    lw_record_clear(&record);
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E3", &record, &err),
                     LW_NOT_FOUND);
    assert_non_null(strstr(err.text, "there is no entry E3"));
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_SOURCE, "E01", &record, &err),
                     LW_NOT_FOUND);

    good_entry(&record);
    set_text(&record, "ref", "E99"); /* e99 is there */
    assert_int_equal(put_now(fixture, &record, &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "entry E99, field \"ref\": is given to another entry"));
    lw_record_clear(&record);
}

static void test_refusals(void **state)
{
    struct fixture *fixture = *state;
    const uint8_t nobody[LW_RECORD_ID] = {9};
    struct lw_record record;
    struct lw_error err = {0};

    good_entry(&record);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_INTERNAL);
    assert_int_equal(lw_record_set_ref(&record, "place", nobody), LW_OK);
    assert_int_equal(put_now(fixture, &record, &err), LW_NOT_FOUND);
    assert_non_null(strstr(err.text, "entry E11, field \"place\": refers to"));
    assert_int_equal(count_of(fixture, LW_RECORD_ENTRY), 0);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 0);
    lw_record_clear(&record);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, nobody, &record, &err),
                     LW_NOT_FOUND);

    lw_record_init(&record, LW_RECORD_REVISION);
    assert_int_equal(put_now(fixture, &record, &err), LW_REFUSED);
    lw_record_clear(&record);
}

static void test_parent_circle(void **state)
{
    struct fixture *fixture = *state;
    uint8_t town[LW_RECORD_ID];
    uint8_t house[LW_RECORD_ID];
    uint8_t flat[LW_RECORD_ID];
    struct lw_record record;
    struct lw_error err = {0};

    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, house, "name", "house", "parent", town, (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, flat, "name", "flat", "parent", house, (char *)NULL);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_PLACE, town, &record, &err), LW_OK);
    assert_int_equal(lw_record_set_ref(&record, "parent", flat), LW_OK);
    assert_int_equal(put_now(fixture, &record, &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "field \"parent\": leads back"));
    lw_record_clear(&record);
}

static enum lw_status count_visit(void *context, const struct lw_record *record,
                                  struct lw_error *err)
{
    int *left = context;

    (void)err;
    assert_int_equal(record->type, LW_RECORD_NAME);
    return --*left == 0 ? LW_CANCELLED : LW_OK;
}

static void test_each(void **state)
{
    struct fixture *fixture = *state;
    uint8_t one[LW_RECORD_ID];
    uint8_t two[LW_RECORD_ID];
    int left = 100;

    fixture_make(fixture, LW_RECORD_PARTY, one, "kind", "individual", "name", "A", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, two, "kind", "individual", "name", "B", (char *)NULL);
    for (int i = 0; i < 5; i++)
        fixture_make(fixture, LW_RECORD_NAME, NULL, "party", i < 3 ? one : two, "text", "x", "kind",
                     "alias", (char *)NULL);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_NAME, NULL, NULL, count_visit, &left, NULL),
        LW_OK);
    assert_int_equal(left, 95);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_NAME, "party", one, count_visit, &left, NULL),
        LW_OK);
    assert_int_equal(left, 92);
    left = 2; /* the visitor ends it; the next call starts from the first again */
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_NAME, "party", one, count_visit, &left, NULL),
        LW_CANCELLED);
    left = 100;
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_NAME, "party", one, count_visit, &left, NULL),
        LW_OK);
    assert_int_equal(left, 97);
    assert_int_equal(
        lw_record_each(fixture->journal, LW_RECORD_NAME, "text", one, count_visit, &left, NULL),
        LW_INTERNAL);
}

static void test_rollback(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;

    good_entry(&record);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_INTERNAL);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    lw_journal_rollback(fixture->journal);
    assert_int_equal(count_of(fixture, LW_RECORD_ENTRY), 0);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 0);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_INTERNAL);
    assert_int_equal(put_now(fixture, &record, NULL), LW_OK);
    assert_int_equal(count_of(fixture, LW_RECORD_REVISION), 1);
    lw_record_clear(&record);
}

static void test_ids(void **state)
{
    struct fixture *fixture = *state;
    uint8_t before[LW_RECORD_ID] = {0};
    uint8_t id[LW_RECORD_ID];

    for (int i = 0; i < 1000; i++) {
        lw_journal_new_id(fixture->journal, id);
        assert_true(memcmp(id, before, LW_RECORD_ID) > 0);
        assert_int_equal(id[6] >> 4, 7);
        assert_int_equal(id[8] >> 6, 2);
        memcpy(before, id, LW_RECORD_ID);
    }
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setters),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_real),
        cmocka_unit_test(test_validate_texts),
        cmocka_unit_test(test_validate_numbers),
        cmocka_unit_test(test_difference),
        IN_JOURNAL(test_schema),
        IN_JOURNAL(test_schema_refs),
        IN_JOURNAL(test_schema_words),
        IN_JOURNAL(test_round_trip),
        IN_JOURNAL(test_unchanged),
        IN_JOURNAL(test_refs),
        IN_JOURNAL(test_refusals),
        IN_JOURNAL(test_parent_circle),
        IN_JOURNAL(test_each),
        IN_JOURNAL(test_rollback),
        IN_JOURNAL(test_ids),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
