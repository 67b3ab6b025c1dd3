/* Records found again: by id, by reference, all of a type. */
#include "internal.h"

#include <string.h>

/* The statement stands before its first row; reads it and ends the statement. */
static enum lw_status read_one(struct lw_stmt *stmt, enum lw_record_type type, int64_t *n,
                               struct lw_record *out, struct lw_error *err)
{
    enum lw_status status = lw_stmt_step(stmt, err);

    if (status == LW_DONE)
        return LW_NOT_FOUND;
    if (status == LW_OK) {
        status = record_read(stmt, type, n, out, err);
        lw_stmt_reset(stmt);
    }
    return status;
}

enum lw_status record_find(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], int64_t *n, struct lw_record *out,
                           struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = record_stmt(journal, type, RECORD_SQL_GET, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    return read_one(stmt, type, n, out, err);
}

/* Records that refer often refer to the same one in a row. Rows keep their keys in a transaction.
 */
static bool known_key(const struct lw_journal *journal, enum lw_record_type type,
                      const uint8_t id[LW_RECORD_ID], int64_t *n)
{
    const struct known_key *known = &journal->known[type];

    if (!known->known || memcmp(known->id, id, LW_RECORD_ID) != 0)
        return false;
    *n = known->n;
    return true;
}

static void keep_key(struct lw_journal *journal, enum lw_record_type type,
                     const uint8_t id[LW_RECORD_ID], int64_t n)
{
    struct known_key *known = &journal->known[type];

    if (!journal->writing)
        return;
    known->known = true;
    known->n = n;
    memcpy(known->id, id, LW_RECORD_ID);
}

enum lw_status record_key(struct lw_journal *journal, enum lw_record_type type,
                          const uint8_t id[LW_RECORD_ID], int64_t *n, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status;

    if (known_key(journal, type, id, n))
        return LW_OK;
    status = record_stmt(journal, type, RECORD_SQL_KEY, &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE)
        return LW_NOT_FOUND;
    if (status == LW_OK) {
        *n = lw_stmt_int(stmt, 0);
        lw_stmt_reset(stmt);
        keep_key(journal, type, id, *n);
    }
    return status;
}

enum lw_status lw_record_get(struct lw_journal *journal, enum lw_record_type type,
                             const uint8_t id[LW_RECORD_ID], struct lw_record *out,
                             struct lw_error *err)
{
    enum lw_status status = record_find(journal, type, id, NULL, out, err);

    if (status == LW_NOT_FOUND)
        return lw_fail(err, status, "there is no %s with that id", lw_record_infos[type].table);
    return status;
}

/* Where is the condition that ends the SELECT; bound is its one parameter, a text or a number. */
static enum lw_status find_where(struct lw_journal *journal, enum lw_record_type type,
                                 const char *where, const char *text, int64_t number,
                                 struct lw_record *out, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    enum lw_status status = record_sql_select(type, &sql);

    if (status == LW_OK)
        status = lw_buf_adds(&sql, where);
    if (status == LW_OK)
        status = lw_store_prepare(journal->store, sql.data, &stmt, err);
    else
        lw_fail(err, status, "%s", lw_status_message(status));
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    if (text != NULL)
        lw_stmt_bind_text(stmt, 1, text, strlen(text));
    else
        lw_stmt_bind_int(stmt, 1, number);
    return read_one(stmt, type, NULL, out, err);
}

enum lw_status lw_record_by_ref(struct lw_journal *journal, enum lw_record_type type,
                                const char *ref, struct lw_record *out, struct lw_error *err)
{
    int64_t number = record_ref_number(type, ref);
    enum lw_status status;

    if (lw_field_find(type, "ref") < 0)
        return lw_fail(err, LW_INTERNAL, "records of the type %s have no reference",
                       lw_record_infos[type].table);
    if (!lw_utf8_valid(ref, strlen(ref), NULL))
        return lw_fail(err, LW_BAD_DATA, "that reference is not well-formed UTF-8");
    status = find_where(journal, type, " WHERE t.\"ref\" = ?1", ref, 0, out, err);
    if (status == LW_NOT_FOUND && number >= 0) /* "E9" names E09 */
        status =
            find_where(journal, type, " WHERE t.\"ref_number\" = ?1 ORDER BY t.\"ref\" LIMIT 1",
                       NULL, number, out, err);
    if (status == LW_NOT_FOUND)
        return lw_fail(err, status, "there is no %s %.*s%s", lw_record_infos[type].table,
                       (int)lw_utf8_fit(ref, strlen(ref), 40), ref,
                       type == LW_RECORD_ENTRY ? _("; the timeline lists what there is") : "");
    return status;
}

static enum lw_status prepare_each(struct lw_journal *journal, enum lw_record_type type,
                                   const char *field, struct lw_stmt **stmt, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    int at = field == NULL ? -1 : lw_field_find(type, field);
    const struct lw_field *found = at < 0 ? NULL : &lw_record_infos[type].fields[at];
    enum lw_status status;

    if (field != NULL && (found == NULL || found->kind != LW_FIELD_REF))
        return lw_fail(err, LW_INTERNAL, "%s has no field \"%s\" that refers to a record",
                       lw_record_infos[type].table, field);
    status = record_sql_select(type, &sql);
    if (status == LW_OK && found != NULL)
        status = lw_buf_addf(
            &sql, " WHERE t.\"%s\" = (SELECT f.\"n\" FROM \"%s\" AS f WHERE f.\"id\" = ?1)", field,
            lw_record_infos[found->ref].table);
    if (status == LW_OK)
        status = lw_buf_adds(&sql, " ORDER BY t.\"id\"");
    if (status == LW_OK)
        status = lw_store_prepare(journal->store, sql.data, stmt, err);
    else
        lw_fail(err, status, "%s", lw_status_message(status));
    lw_buf_free(&sql);
    return status;
}

enum lw_status lw_record_each(struct lw_journal *journal, enum lw_record_type type,
                              const char *field, const uint8_t *id, lw_record_visitor *visit,
                              void *context, struct lw_error *err)
{
    struct lw_stmt *stmt = NULL;
    struct lw_record record;
    enum lw_status status = prepare_each(journal, type, field, &stmt, err);

    if (status != LW_OK)
        return status;
    if (field != NULL)
        lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = record_read(stmt, type, NULL, &record, err);
        if (status == LW_OK) {
            status = visit(context, &record, err);
            lw_record_clear(&record);
        }
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_record_count(struct lw_journal *journal, enum lw_record_type type,
                               uint64_t *count, struct lw_error *err)
{
    struct lw_stmt *stmt;
    int64_t number = 0;
    enum lw_status status = record_stmt(journal, type, RECORD_SQL_COUNT, &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_number(stmt, &number, err);
    if (status == LW_OK)
        *count = (uint64_t)number;
    return status;
}
