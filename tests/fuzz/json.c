/*
 * Import: what is refused leaves nothing behind, nor does a dry run, which says the same; what is
 * accepted comes out with every value that it had, as JSON that imports into an empty journal and
 * comes out again as the same bytes.
 */
#include "app.h"
#include "fuzz_journal.h"

#include <jansson.h>
#include <math.h>
#include <strings.h>

static struct fuzz_journal empty; /* nothing is ever in it */

static void export(struct lw_journal *journal, struct lw_buf *out)
{
    const struct lw_sink sink = {fuzz_keep, out};

    MUST(lw_export_json(journal, true, &sink, NULL) == LW_OK);
    MUST(lw_utf8_valid(out->data, out->len, NULL));
    for (size_t i = 0; i < out->len; i++)
        MUST((unsigned char)out->data[i] >= 0x20 || out->data[i] == '\n');
}

static void must_be_empty(struct lw_journal *journal)
{
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        uint64_t count = 1;

        MUST(lw_record_count(journal, (enum lw_record_type)type, &count, NULL) == LW_OK);
        MUST(count == 0);
    }
}

/* ---- nothing is lost on the way ---- */

static bool same_time(const char *a, const char *b)
{
    int64_t x, y;

    return lw_time_parse(a, strlen(a), &x) && lw_time_parse(b, strlen(b), &y) && x == y;
}

static bool same_value(enum lw_field_kind kind, const json_t *a, const json_t *b)
{
    const char *x = json_string_value(a), *y = json_string_value(b);

    switch (kind) {
    case LW_FIELD_TIME:
        return x != NULL && y != NULL && same_time(x, y);
    case LW_FIELD_REAL: /* a zero may lose its sign */
        return json_is_number(a) && json_is_number(b) &&
               !islessgreater(json_number_value(a), json_number_value(b));
    case LW_FIELD_REF:
    case LW_FIELD_ID:
    case LW_FIELD_HASH:
        return x != NULL && y != NULL && strcasecmp(x, y) == 0;
    default:
        return json_equal(a, b) != 0;
    }
}

static const json_t *find_by_id(const json_t *list, const json_t *record)
{
    const char *id = json_string_value(json_object_get(record, "id"));
    size_t i;
    json_t *other;

    json_array_foreach(list, i, other)
    {
        const char *its = json_string_value(json_object_get(other, "id"));

        if (id != NULL && its != NULL && strcasecmp(id, its) == 0)
            return other;
    }
    return NULL;
}

static void must_have_all_of(enum lw_record_type type, json_t *record, const json_t *list)
{
    const json_t *there = find_by_id(list, record);
    const char *key;
    json_t *value;

    MUST(there != NULL);
    json_object_foreach(record, key, value)
    {
        int field = lw_field_find(type, key);
        enum lw_field_kind kind =
            field < 0 ? LW_FIELD_ID : lw_record_infos[type].fields[field].kind;

        MUST(field >= 0 || strcmp(key, "id") == 0);
        MUST(same_value(kind, value, json_object_get(there, key)));
    }
}

/* Both were read by the same library: what that loses is not seen here. */
static void nothing_is_lost(const char *data, size_t len, const struct lw_buf *exported)
{
    bool mark = len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0;
    json_t *in = json_loadb(data + 3 * mark, len - 3 * mark, 0, NULL);
    json_t *out = json_loadb(exported->data, exported->len, 0, NULL);

    MUST(in != NULL && out != NULL);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        json_t *list = json_object_get(in, lw_record_infos[type].array);
        size_t i;
        json_t *record;

        json_array_foreach(list, i, record)
        {
            must_have_all_of((enum lw_record_type)type, record,
                             json_object_get(out, lw_record_infos[type].array));
        }
    }
    json_decref(in);
    json_decref(out);
}

static void must_be_all_there(struct lw_journal *journal, const struct lw_buf *json)
{
    struct lw_import_report report = {{0}, {0}};
    struct lw_journal_check check = {0};

    MUST(lw_import_json(journal, json->data, json->len, false, &report, NULL) == LW_OK);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++)
        MUST(report.added[type] == 0);
    MUST(lw_journal_check(journal, &check, NULL) == LW_OK);
    MUST(check.bad == 0);
}

/* ---- what is said of it ---- */

static bool says(const struct lw_buf *said, const char *text)
{
    return text == NULL || strstr(said->data, text) != NULL;
}

static enum lw_status no_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct lw_buf *said = context;
    bool whole;

    (void)err;
    lw_buf_clear(said);
    MUST(lw_row_heading(row, said) == LW_OK && lw_row_time(row, said, &whole) == LW_OK);
    MUST(lw_row_title(row, said) == LW_OK && lw_row_when(row, said) == LW_OK);
    MUST(lw_utf8_valid(said->data, said->len, NULL));
    lw_buf_clear(said);
    MUST(lw_row_title(row, said) == LW_OK && says(said, row->title) && says(said, row->hedge));
    return LW_OK;
}

static enum lw_status no_contradiction(void *context, const struct lw_contradiction *one,
                                       struct lw_error *err)
{
    (void)context;
    (void)err;
    MUST(one->voice_count >= 1);
    return LW_OK;
}

struct told {
    struct lw_journal *journal;
    enum lw_entry_part part;
    struct lw_buf said;
};

static enum lw_status no_line(void *context, const struct lw_entry_line *line, struct lw_error *err)
{
    struct told *told = context;
    struct lw_record other;

    (void)err;
    MUST(line->part >= told->part && line->indent <= 6);
    MUST((line->label != NULL) == (line->part == LW_ENTRY_FACT));
    MUST(lw_utf8_valid(line->text, strlen(line->text), NULL));
    told->part = line->part;
    MUST(lw_buf_addf(&told->said, "%s\n", line->text) == LW_OK);
    if (line->to == NULL)
        return LW_OK;
    MUST(lw_record_get(told->journal, LW_RECORD_ENTRY, line->to, &other, NULL) == LW_OK);
    lw_record_clear(&other);
    return LW_OK;
}

/* The texts of a record, but for those that stand in other words. */
static enum lw_status no_text_missing(void *context, const struct lw_record *record,
                                      struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];
    const struct told *told = context;

    (void)err;
    for (size_t i = 0; i < info->field_count; i++) {
        const char *name = info->fields[i].name;

        if (info->fields[i].kind == LW_FIELD_TEXT && strcmp(name, "kind") != 0 &&
            strcmp(name, "key") != 0)
            MUST(says(&told->said, lw_record_text(record, name)));
    }
    return LW_OK;
}

static enum lw_status no_account(void *context, const struct lw_record *account,
                                 struct lw_error *err)
{
    struct told *told = context;

    MUST(lw_record_each(told->journal, LW_RECORD_CLAIM, "account", account->id, no_text_missing,
                        told, err) == LW_OK);
    return no_text_missing(told, account, err);
}

/* What the entry says, and what belongs to it, stands in its lines. */
static enum lw_status no_entry(void *context, const struct lw_record *entry, struct lw_error *err)
{
    static const struct {
        enum lw_record_type type;
        const char *field;
        lw_record_visitor *visit;
    } parts[] = {{LW_RECORD_PARTICIPATION, "entry", no_text_missing},
                 {LW_RECORD_ACCOUNT, "entry", no_account},
                 {LW_RECORD_ITEM, "entry", no_text_missing},
                 {LW_RECORD_FIELD, "entry", no_text_missing},
                 {LW_RECORD_LINK, "from", no_text_missing},
                 {LW_RECORD_LINK, "to", no_text_missing},
                 {LW_RECORD_PRECEDENCE, "earlier", no_text_missing},
                 {LW_RECORD_PRECEDENCE, "later", no_text_missing}};
    struct told told = {.journal = context, .part = LW_ENTRY_REF, .said = LW_BUF_INIT};

    MUST(lw_entry_say(context, &fuzz_clock, entry, no_line, &told, err) == LW_OK);
    MUST(no_text_missing(&told, entry, err) == LW_OK);
    for (size_t i = 0; i < LW_COUNT_OF(parts); i++)
        MUST(lw_record_each(context, parts[i].type, parts[i].field, entry->id, parts[i].visit,
                            &told, err) == LW_OK);
    lw_buf_free(&told.said);
    return LW_OK;
}

static void show(struct lw_journal *journal)
{
    struct lw_buf said = LW_BUF_INIT;
    const struct lw_sink sink = {fuzz_keep, &said};

    MUST(lw_timeline_each(journal, NULL, no_row, &said, NULL) == LW_OK);
    MUST(lw_record_each(journal, LW_RECORD_ENTRY, NULL, NULL, no_entry, journal, NULL) == LW_OK);
    MUST(lw_contradictions_each(journal, no_contradiction, NULL, NULL) == LW_OK);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++)
        MUST(lw_export_csv(journal, (enum lw_record_type)type, &sink, NULL) == LW_OK);
    lw_buf_free(&said);
}

static void again(const struct lw_buf *json)
{
    struct lw_import_report report = {{0}, {0}};
    struct lw_buf second = LW_BUF_INIT;
    struct fuzz_journal other;
    struct lw_error err = {0};
    enum lw_status status;

    fuzz_journal_open(&other);
    status = lw_import_json(other.journal, json->data, json->len, false, &report, &err);
    if (status != LW_OK)
        fprintf(stderr, "%s\n%s\n", err.text, json->data);
    MUST(status == LW_OK);
    export(other.journal, &second);
    MUST(second.len == json->len && memcmp(second.data, json->data, json->len) == 0);
    lw_buf_free(&second);
    fuzz_journal_close(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lw_import_report report = {{0}, {0}};
    struct lw_buf json = LW_BUF_INIT;
    struct lw_error err = {0}, why = {0};
    enum lw_status status, tried;

    if (empty.store == NULL)
        fuzz_journal_open(&empty);
    seeded_init(&seeded_program, 2, "program");
    tried = lw_import_json(empty.journal, (const char *)data, size, true, &report, &why);
    must_be_empty(empty.journal);
    seeded_init(&seeded_program, 2, "program");
    status = lw_import_json(empty.journal, (const char *)data, size, false, &report, &err);
    MUST(tried == status && strcmp(why.text, err.text) == 0);
    if (status != LW_OK) {
        MUST(status == LW_BAD_DATA && err.status == status && err.text[0] != '\0');
        MUST(lw_utf8_valid(err.text, strlen(err.text), NULL));
        must_be_empty(empty.journal);
        return 0;
    }
    export(empty.journal, &json);
    nothing_is_lost((const char *)data, size, &json);
    again(&json);
    must_be_all_there(empty.journal, &json);
    show(empty.journal);
    lw_buf_free(&json);
    fuzz_journal_close(&empty);
    return 0;
}
