/* Records written to their tables, with the columns of our own. */
#include "internal.h"

#include <string.h>

static enum lw_status bind_ref(struct lw_journal *journal, struct lw_stmt *stmt, int at,
                               const struct lw_record *record, size_t index, struct lw_error *err)
{
    const struct lw_field *field = &lw_record_infos[record->type].fields[index];
    char label[RECORD_LABEL];
    int64_t n;
    enum lw_status status = record_key(journal, field->ref, record->value[index].bytes, &n, err);

    if (status == LW_OK)
        lw_stmt_bind_int(stmt, at, n);
    if (status != LW_NOT_FOUND)
        return status;
    record_label(record, label);
    return lw_fail(err, LW_NOT_FOUND, "%s, field \"%s\": refers to a record (%s) that is not there",
                   label, field->name, lw_record_infos[field->ref].table);
}

static enum lw_status bind_value(struct lw_journal *journal, struct lw_stmt *stmt, int at,
                                 const struct lw_record *record, size_t index, struct lw_error *err)
{
    const struct lw_value *value = &record->value[index];

    if (!value->set) {
        lw_stmt_bind_null(stmt, at);
        return LW_OK;
    }
    switch (lw_record_infos[record->type].fields[index].kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        lw_stmt_bind_text(stmt, at, value->text, strlen(value->text));
        break;
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_TIME:
        lw_stmt_bind_int(stmt, at, value->number);
        break;
    case LW_FIELD_REAL:
        lw_stmt_bind_real(stmt, at, value->real);
        break;
    case LW_FIELD_REF:
        return bind_ref(journal, stmt, at, record, index, err);
    case LW_FIELD_HASH:
        lw_stmt_bind_blob(stmt, at, value->bytes, LW_HASH);
        break;
    case LW_FIELD_ID:
        lw_stmt_bind_blob(stmt, at, value->bytes, LW_RECORD_ID);
        break;
    }
    return LW_OK;
}

static enum lw_status bind_folded(struct lw_stmt *stmt, int at, const char *name,
                                  struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(name, strlen(name), &folded);

    if (status == LW_OK)
        lw_stmt_bind_text(stmt, at, lw_buf_text(&folded), folded.len);
    else
        lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
    lw_buf_free(&folded);
    return status;
}

/* 0 a day or finer, 1 longer with two ends, 2 an open end. */
static int when_grain(const struct lw_when *when)
{
    const char *text = when->text;
    unsigned dashes = 0;

    if (when->open)
        return 2;
    if (when->interval)
        return 1;
    if (when->has_time)
        return 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '-' && c != text)
            dashes++;
    }
    return dashes >= 2 && strchr(text, 'X') == NULL ? 0 : 1;
}

static enum lw_status bind_when(struct lw_stmt *stmt, int at, const char *text,
                                struct lw_error *err)
{
    struct lw_when when;
    enum lw_status status;

    if (text == NULL) {
        lw_stmt_bind_null(stmt, at);
        lw_stmt_bind_null(stmt, at + 1);
        lw_stmt_bind_int(stmt, at + 2, 3);
        return LW_OK;
    }
    status = lw_when_parse(text, strlen(text), &when, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, at, when.earliest);
    lw_stmt_bind_int(stmt, at + 1, when.latest);
    lw_stmt_bind_int(stmt, at + 2, when_grain(&when));
    return LW_OK;
}

static void bind_ref_number(struct lw_stmt *stmt, int at, const struct lw_record *record)
{
    int64_t number = record_ref_number(record->type, lw_record_text(record, "ref"));

    if (number >= 0)
        lw_stmt_bind_int(stmt, at, number);
    else
        lw_stmt_bind_null(stmt, at);
}

/* In the order of own_columns (record_sql.c). */
static enum lw_status bind_own(struct lw_stmt *stmt, int at, const struct lw_record *record,
                               struct lw_error *err)
{
    enum lw_status status;

    switch (record->type) {
    case LW_RECORD_PARTY:
    case LW_RECORD_PLACE:
        return bind_folded(stmt, at, lw_record_text(record, "name"), err);
    case LW_RECORD_NAME:
        return bind_folded(stmt, at, lw_record_text(record, "text"), err);
    case LW_RECORD_SOURCE:
        bind_ref_number(stmt, at, record);
        return LW_OK;
    case LW_RECORD_ENTRY:
        status = bind_when(stmt, at, lw_record_text(record, "when"), err);
        bind_ref_number(stmt, at + 3, record);
        return status;
    default:
        return LW_OK;
    }
}

enum lw_status record_write(struct lw_journal *journal, const struct lw_record *record,
                            enum record_sql which, struct lw_error *err)
{
    size_t count = lw_record_infos[record->type].field_count;
    struct lw_stmt *stmt;
    enum lw_status status = record_stmt(journal, record->type, which, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, record->id, LW_RECORD_ID);
    for (size_t i = 0; i < count && status == LW_OK; i++)
        status = bind_value(journal, stmt, (int)i + 2, record, i, err);
    if (status == LW_OK)
        status = bind_own(stmt, (int)count + 2, record, err);
    return status == LW_OK ? lw_stmt_run(stmt, err) : status;
}

enum lw_status record_insert(struct lw_journal *journal, const struct lw_record *record, int64_t *n,
                             struct lw_error *err)
{
    enum lw_status status = record_write(journal, record, RECORD_SQL_INSERT, err);

    if (status == LW_OK)
        *n = lw_store_last_row(journal->store);
    return status;
}
