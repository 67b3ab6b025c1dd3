/* SQL made from the record table, and rows read back into records. */
#include "internal.h"

#include <string.h>

/* Columns of our own that are written with the fields (store/schema.c). */
static const char *const own_columns[LW_RECORD_TYPE_COUNT][5] = {
    [LW_RECORD_PARTY] = {"folded"},
    [LW_RECORD_NAME] = {"folded"},
    [LW_RECORD_PLACE] = {"folded"},
    [LW_RECORD_SOURCE] = {"ref_number"},
    [LW_RECORD_ENTRY] = {"earliest", "latest", "grain", "ref_number"},
};

static enum lw_status add_column(const struct lw_field *field, struct lw_buf *out)
{
    if (field->kind != LW_FIELD_REF)
        return lw_buf_addf(out, ", t.\"%s\"", field->name);
    return lw_buf_addf(out, ", (SELECT r.\"id\" FROM \"%s\" AS r WHERE r.\"n\" = t.\"%s\")",
                       lw_record_infos[field->ref].table, field->name);
}

enum lw_status record_sql_select(enum lw_record_type type, struct lw_buf *out)
{
    const struct lw_record_info *info = &lw_record_infos[type];
    enum lw_status status = lw_buf_adds(out, "SELECT t.\"n\", t.\"id\"");

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++)
        status = add_column(&info->fields[i], out);
    return status == LW_OK ? lw_buf_addf(out, " FROM \"%s\" AS t", info->table) : status;
}

/* Name number `at` of the columns after "id": first the fields, then our own; NULL at the end. */
static const char *column_name(enum lw_record_type type, size_t at)
{
    const struct lw_record_info *info = &lw_record_infos[type];

    return at < info->field_count ? info->fields[at].name
                                  : own_columns[type][at - info->field_count];
}

static enum lw_status build_insert(enum lw_record_type type, struct lw_buf *out)
{
    enum lw_status status =
        lw_buf_addf(out, "INSERT INTO \"%s\"(\"id\"", lw_record_infos[type].table);
    size_t columns = 0;

    for (; status == LW_OK && column_name(type, columns) != NULL; columns++)
        status = lw_buf_addf(out, ", \"%s\"", column_name(type, columns));
    if (status == LW_OK)
        status = lw_buf_adds(out, ") VALUES (?1");
    for (size_t i = 0; i < columns && status == LW_OK; i++)
        status = lw_buf_addf(out, ", ?%zu", i + 2);
    return status == LW_OK ? lw_buf_addc(out, ')') : status;
}

static enum lw_status build_update(enum lw_record_type type, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "UPDATE \"%s\" SET ", lw_record_infos[type].table);

    for (size_t i = 0; status == LW_OK && column_name(type, i) != NULL; i++)
        status =
            lw_buf_addf(out, "%s\"%s\" = ?%zu", i == 0 ? "" : ", ", column_name(type, i), i + 2);
    return status == LW_OK ? lw_buf_adds(out, " WHERE \"id\" = ?1") : status;
}

static enum lw_status build(enum lw_record_type type, enum record_sql which, struct lw_buf *out)
{
    const char *table = lw_record_infos[type].table;
    enum lw_status status;

    switch (which) {
    case RECORD_SQL_GET:
        status = record_sql_select(type, out);
        return status == LW_OK ? lw_buf_adds(out, " WHERE t.\"id\" = ?1") : status;
    case RECORD_SQL_INSERT:
        return build_insert(type, out);
    case RECORD_SQL_UPDATE:
        return build_update(type, out);
    case RECORD_SQL_KEY:
        return lw_buf_addf(out, "SELECT \"n\" FROM \"%s\" WHERE \"id\" = ?1", table);
    case RECORD_SQL_COUNT:
        return lw_buf_addf(out, "SELECT count(*) FROM \"%s\"", table);
    case RECORD_SQL_TEXTS:
        break;
    }
    return LW_INTERNAL;
}

enum lw_status record_stmt(struct lw_journal *journal, enum lw_record_type type,
                           enum record_sql which, struct lw_stmt **stmt, struct lw_error *err)
{
    char **kept = &journal->sql[type][which];
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status;

    if (*kept == NULL) {
        status = build(type, which, &text);
        if (status == LW_OK)
            *kept = lw_text_copy(text.data, text.len);
        lw_buf_free(&text);
        if (*kept == NULL)
            return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    return lw_store_prepare(journal->store, *kept, stmt, err);
}

static enum lw_status read_bytes(struct lw_stmt *stmt, int column, size_t expected, uint8_t *out)
{
    size_t len;
    const void *blob = lw_stmt_blob(stmt, column, &len);

    if (blob == NULL || len != expected)
        return LW_DAMAGED;
    memcpy(out, blob, expected);
    return LW_OK;
}

static enum lw_status read_text(struct lw_stmt *stmt, int column, struct lw_value *value)
{
    size_t len;
    const char *text = lw_stmt_text(stmt, column, &len);

    if (text == NULL || memchr(text, '\0', len) != NULL)
        return LW_DAMAGED;
    value->text = lw_text_copy(text, len);
    return value->text == NULL ? LW_NO_MEMORY : LW_OK;
}

static enum lw_status read_value(struct lw_stmt *stmt, int column, const struct lw_field *field,
                                 struct lw_value *value)
{
    enum lw_status status = LW_OK;

    if (lw_stmt_is_null(stmt, column))
        return LW_OK;
    switch (field->kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        status = read_text(stmt, column, value);
        break;
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_TIME:
        value->number = lw_stmt_int(stmt, column);
        break;
    case LW_FIELD_REAL:
        value->real = lw_stmt_real(stmt, column);
        break;
    case LW_FIELD_REF:
    case LW_FIELD_ID:
        status = read_bytes(stmt, column, LW_RECORD_ID, value->bytes);
        break;
    case LW_FIELD_HASH:
        status = read_bytes(stmt, column, LW_HASH, value->bytes);
        break;
    }
    value->set = status == LW_OK;
    return status;
}

enum lw_status record_read(struct lw_stmt *stmt, enum lw_record_type type, int64_t *n,
                           struct lw_record *out, struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[type];
    struct lw_record record;
    enum lw_status status;

    lw_record_init(&record, type);
    status = read_bytes(stmt, 1, LW_RECORD_ID, record.id);
    for (size_t i = 0; i < info->field_count && status == LW_OK; i++)
        status = read_value(stmt, (int)i + 2, &info->fields[i], &record.value[i]);
    if (status != LW_OK) {
        lw_record_clear(&record);
        return lw_fail(err, status, "a record of the table \"%s\" cannot be read: %s", info->table,
                       lw_status_message(status));
    }
    if (n != NULL)
        *n = lw_stmt_int(stmt, 0);
    *out = record;
    return LW_OK;
}
