/* The journal as it was known at a moment: records with the changes since taken back, in memory. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ABOVE_MAX = 500 };

struct past {
    struct lw_journal *journal; /* as it is */
    struct lw_journal *into;
    int64_t until_ms;
    struct lw_past_report report;
    struct lw_error *err;
    unsigned above; /* records that wait for the one that they lie in */
};

/* What the chain says of one record. */
struct line {
    bool any;               /* there are revisions of it */
    bool there;             /* some of them are of that time */
    uint8_t state[LW_HASH]; /* after the last one of that time */
    bool has_cut;
    uint8_t cut[LW_RECORD_ID]; /* the first that is later */
};

static void complain(struct past *past, const char *format, ...) LW_PRINTF(2, 3);

static void complain(struct past *past, const char *format, ...)
{
    va_list list;

    if (past->report.bad++ > 0)
        return;
    va_start(list, format);
    vsnprintf(past->report.first_bad, sizeof(past->report.first_bad), lw_say(format), list);
    va_end(list);
}

static void complain_record(struct past *past, const struct lw_record *record, const char *what)
{
    const char *ref = lw_record_text(record, "ref");
    char hex[2 * LW_RECORD_ID + 1];

    lw_hex_encode(record->id, LW_RECORD_ID, hex);
    complain(past, "%s %s %s", lw_record_infos[record->type].table, ref != NULL ? ref : hex, what);
}

/* ---- the chain --------------------------------------------------------------------------------
 */

static enum lw_status select_revisions(struct past *past, const char *sql,
                                       const struct lw_record *record, struct lw_stmt **stmt)
{
    const char *table = lw_record_infos[record->type].table;
    enum lw_status status = lw_store_prepare(lw_journal_store(past->journal), sql, stmt, past->err);

    if (status == LW_OK) {
        lw_stmt_bind_text(*stmt, 1, table, strlen(table));
        lw_stmt_bind_blob(*stmt, 2, record->id, LW_RECORD_ID);
    }
    return status;
}

static enum lw_status keep_revision(struct past *past, const uint8_t id[LW_RECORD_ID])
{
    struct lw_record revision;
    enum lw_status status =
        lw_record_get(past->journal, LW_RECORD_REVISION, id, &revision, past->err);

    if (status != LW_OK)
        return status;
    status = lw_record_put_imported(past->into, &revision, past->err);
    lw_record_clear(&revision);
    return status;
}

/* Revisions of one record follow each other by id. After the first later one all are later,
 * whatever a clock that was set back wrote into them. */
static enum lw_status read_line(struct past *past, const struct lw_record *record,
                                struct line *line)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        select_revisions(past,
                         "SELECT id, at, state FROM revision WHERE record = ?1 AND record_id = ?2"
                         " ORDER BY id",
                         record, &stmt);

    *line = (struct line){.any = false};
    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, past->err)) == LW_OK) {
        size_t id_len = 0, state_len = 0;
        const void *id = lw_stmt_blob(stmt, 0, &id_len);
        const void *state = lw_stmt_blob(stmt, 2, &state_len);

        if (id == NULL || id_len != LW_RECORD_ID || state == NULL || state_len != LW_HASH) {
            lw_stmt_reset(stmt);
            return lw_fail(past->err, LW_DAMAGED, "a revision cannot be read");
        }
        line->any = true;
        if (line->has_cut || lw_stmt_int(stmt, 1) >= past->until_ms) {
            past->report.taken_back++;
            if (!line->has_cut)
                memcpy(line->cut, id, LW_RECORD_ID);
            line->has_cut = true;
            continue;
        }
        line->there = true;
        memcpy(line->state, state, LW_HASH);
        status = keep_revision(past, id);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* ---- taking back ------------------------------------------------------------------------------
 */

static enum lw_status take_back_field(struct past *past, const char *name, json_t *change,
                                      struct lw_record *record, bool *understood)
{
    int at = lw_field_find(record->type, name);
    json_t *before = json_array_get(change, 0);
    const struct lw_field *field;
    bool memory = false;

    if (at < 0 || json_array_size(change) != 2) {
        *understood = false;
        return LW_OK;
    }
    field = &lw_record_infos[record->type].fields[at];
    lw_text_free(record->value[at].text);
    record->value[at] = (struct lw_value){.set = false};
    if (json_is_null(before))
        return LW_OK;
    if (import_value(field, before, &record->value[at], &memory) != NULL)
        *understood = false;
    if (memory)
        return lw_fail(past->err, LW_NO_MEMORY, "out of memory");
    record->value[at].set = true;
    return LW_OK;
}

static enum lw_status take_back(struct past *past, const char *changes, size_t len,
                                struct lw_record *record, bool *understood)
{
    json_t *object = NULL, *change;
    const char *name;
    enum lw_status status;

    if (changes == NULL)
        return LW_OK;
    status = import_parse(changes, len, &object, past->err);
    if (status == LW_BAD_DATA) {
        *understood = false;
        return LW_OK;
    }
    if (status != LW_OK)
        return status;
    json_object_foreach(object, name, change)
    {
        status = take_back_field(past, name, change, record, understood);
        if (status != LW_OK)
            break;
    }
    json_decref(object);
    return status;
}

/* The changes of the revisions from the cut on, the newest first. */
static enum lw_status take_back_all(struct past *past, const struct line *line,
                                    struct lw_record *record, bool *understood)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        select_revisions(past,
                         "SELECT changes FROM revision WHERE record = ?1 AND record_id = ?2"
                         " AND id >= ?3 ORDER BY id DESC",
                         record, &stmt);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 3, line->cut, LW_RECORD_ID);
    while ((status = lw_stmt_step(stmt, past->err)) == LW_OK) {
        size_t len = 0;
        const char *changes = lw_stmt_text(stmt, 0, &len);

        status = take_back(past, changes, len, record, understood);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status has_state(const struct lw_record *record, const uint8_t state[LW_HASH],
                                bool *same)
{
    struct lw_buf json = LW_BUF_INIT;
    uint8_t hash[LW_HASH];
    enum lw_status status = lw_record_json(record, &json);

    if (status == LW_OK) {
        lw_hash256(json.data, json.len, hash);
        *same = memcmp(hash, state, LW_HASH) == 0;
    }
    lw_buf_free(&json);
    return status;
}

/* ---- records ----------------------------------------------------------------------------------
 */

static enum lw_status add_by_id(struct past *past, enum lw_record_type type,
                                const uint8_t id[LW_RECORD_ID]);

/* What it lies in, a record of its own type, comes first. */
static enum lw_status add_parents(struct past *past, const struct lw_record *record)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        if (info->fields[i].kind == LW_FIELD_REF && info->fields[i].ref == record->type &&
            record->value[i].set)
            status = add_by_id(past, record->type, record->value[i].bytes);
    }
    return status;
}

static enum lw_status put(struct past *past, struct lw_record *record)
{
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = add_parents(past, record);

    if (status != LW_OK)
        return status;
    status = lw_record_put_imported(past->into, record, &why);
    if (status == LW_NOT_FOUND || status == LW_BAD_DATA) {
        complain(past, "%s", why.text);
        return LW_OK;
    }
    if (status != LW_OK)
        return lw_fail(past->err, status, "%s", why.text);
    past->report.records++;
    return LW_OK;
}

/* The record as it was then, if it was there. */
static enum lw_status rebuild(struct past *past, const struct line *line, struct lw_record *record)
{
    bool understood = true, same = true;
    enum lw_status status = LW_OK;

    if (line->has_cut)
        status = take_back_all(past, line, record, &understood);
    if (status == LW_OK)
        status = has_state(record, line->state, &same);
    if (status == LW_NO_MEMORY)
        return lw_fail(past->err, status, "out of memory");
    if (status != LW_OK)
        return status;
    if (!understood || !same)
        complain_record(past, record, _("is not what its revisions say that it was"));
    return understood ? put(past, record) : LW_OK;
}

static enum lw_status is_added(struct past *past, const struct lw_record *record, bool *added)
{
    struct lw_record own;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = lw_record_get(past->into, record->type, record->id, &own, &why);

    *added = status == LW_OK;
    if (status == LW_OK)
        lw_record_clear(&own);
    return status == LW_OK || status == LW_NOT_FOUND ? LW_OK
                                                     : lw_fail(past->err, status, "%s", why.text);
}

static enum lw_status add_record(struct past *past, struct lw_record *record)
{
    struct line line;
    bool added = false;
    enum lw_status status = is_added(past, record, &added);

    if (status != LW_OK || added)
        return status;
    status = read_line(past, record, &line);
    if (status != LW_OK)
        return status;
    if (!line.any)
        complain_record(past, record, _("has no revision, so nobody knows since when it is there"));
    return line.there ? rebuild(past, &line, record) : LW_OK;
}

static enum lw_status add_by_id(struct past *past, enum lw_record_type type,
                                const uint8_t id[LW_RECORD_ID])
{
    struct lw_record record;
    enum lw_status status = LW_OK;

    if (past->above == ABOVE_MAX)
        return LW_OK; /* it refers to nothing then, which is told */
    status = lw_record_get(past->journal, type, id, &record, past->err);
    if (status == LW_NOT_FOUND)
        return LW_OK;
    if (status != LW_OK)
        return status;
    past->above++;
    status = add_record(past, &record);
    past->above--;
    lw_record_clear(&record);
    return status;
}

static enum lw_status visit(void *context, const struct lw_record *record, struct lw_error *err)
{
    (void)err;
    return add_by_id(context, record->type, record->id);
}

static enum lw_status add_all(struct past *past)
{
    enum lw_status status = LW_OK;

    for (int type = 0; type < LW_RECORD_REVISION && status == LW_OK; type++)
        status = lw_record_each(past->journal, (enum lw_record_type)type, NULL, NULL, visit, past,
                                past->err);
    return status;
}

static enum lw_status fill(struct past *past)
{
    struct lw_store *store = lw_journal_store(past->journal);
    bool own = !lw_store_in_transaction(store);
    enum lw_status status = own ? lw_store_read(store, past->err) : LW_OK;

    if (status != LW_OK)
        return status;
    status = lw_journal_begin(past->into, past->err);
    if (status == LW_OK)
        status = add_all(past);
    if (status == LW_OK)
        status = lw_journal_commit(past->into, past->err);
    else
        lw_journal_rollback(past->into);
    if (own)
        lw_store_rollback(store);
    return status;
}

enum lw_status lw_journal_past(struct lw_journal *journal, const struct lw_journal_setup *setup,
                               int64_t until_ms, struct lw_store **store, struct lw_journal **out,
                               struct lw_past_report *report, struct lw_error *err)
{
    struct past past = {.journal = journal, .until_ms = until_ms, .err = err};
    struct lw_store *own = NULL;
    enum lw_status status = lw_store_open_memory(&own, err);

    if (status != LW_OK)
        return status;
    status = lw_journal_open(own, setup, &past.into, err);
    if (status == LW_OK)
        status = fill(&past);
    lw_journal_close(past.into);
    /* once more, with the kinds of entry that the vault had then */
    past.into = NULL;
    if (status == LW_OK)
        status = lw_journal_open(own, setup, &past.into, err);
    if (status == LW_OK)
        status = lw_store_protect(own, err);
    if (status != LW_OK) {
        lw_journal_close(past.into);
        lw_store_close(own);
        return status;
    }
    lw_journal_stand(past.into, until_ms - 1);
    *store = own;
    *out = past.into;
    *report = past.report;
    return LW_OK;
}

enum lw_status lw_past_moment(const char *text, size_t len, const struct lw_clock *clock,
                              int64_t *until_ms, struct lw_buf *said, struct lw_error *err)
{
    struct lw_when_typed typed;
    enum lw_status status = lw_when_read(text, len, clock, &typed, err);
    int64_t end;
    int offset;

    if (status != LW_OK)
        return status;
    if (!typed.has_when || typed.relation_count > 0 || typed.when.open || typed.when.interval ||
        typed.when.approximate)
        return lw_fail(err, LW_BAD_DATA, "it takes one day that is certain, such as 2014-12-15");
    end = typed.when.latest;
    if (end < -(INT64_C(1) << 40) || end > (INT64_C(1) << 40))
        return lw_fail(err, LW_BAD_DATA, "it takes a day between the years 1970 and 9999");
    offset = typed.when.has_offset ? typed.when.offset_minutes : lw_clock_offset(clock, end);
    *until_ms = (end - 60 * (int64_t)offset) * 1000;
    status = lw_buf_says(said, "the end of ");
    if (status == LW_OK)
        status = lw_when_say(&typed.when, said);
    if (status == LW_OK && !typed.when.has_offset)
        status =
            lw_buf_sayf(said, " (UTC%c%02d:%02d)", offset < 0 ? '-' : '+',
                        (offset < 0 ? -offset : offset) / 60, (offset < 0 ? -offset : offset) % 60);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}
