/* People, places, sources and incidents that were recorded twice and turn out to be one: a record
 * says of itself which other one it is the same as, and is never removed, so that this can be taken
 * back. */
#include "internal.h"

#include <string.h>

static bool can_be_same(enum lw_record_type type)
{
    return lw_field_find(type, "same_as") >= 0;
}

/* Runs SQL with "%s" for the table, one id bound; of one row its first column as an id. */
static enum lw_status query_id(struct lw_journal *journal, const char *format,
                               enum lw_record_type type, const uint8_t id[LW_RECORD_ID],
                               uint8_t out[LW_RECORD_ID], struct lw_error *err)
{
    const char *table = lw_record_infos[type].table;
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    const void *blob;
    size_t len = 0;
    enum lw_status status = LW_OK;

    for (const char *at = format; *at != '\0' && status == LW_OK; at++)
        status = *at == '%' ? lw_buf_adds(&sql, table) : lw_buf_addc(&sql, *at);
    status = status == LW_OK ? lw_store_prepare(journal->store, sql.data, &stmt, err)
                             : lw_fail(err, status, "out of memory");
    if (status == LW_OK) {
        lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
        status = lw_stmt_step(stmt, err);
    }
    if (status == LW_OK) {
        blob = lw_stmt_blob(stmt, 0, &len);
        if (blob != NULL && len == LW_RECORD_ID)
            memcpy(out, blob, LW_RECORD_ID);
        lw_stmt_reset(stmt);
    }
    lw_buf_free(&sql);
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_same_root(struct lw_journal *journal, enum lw_record_type type,
                            const uint8_t id[LW_RECORD_ID], uint8_t root[LW_RECORD_ID],
                            struct lw_error *err)
{
    static const char sql[] =
        "WITH RECURSIVE up(id, same) AS (SELECT id, same_as FROM % WHERE id = ?1 UNION "
        "SELECT q.id, q.same_as FROM up JOIN % AS q ON q.n = up.same) "
        "SELECT id FROM up WHERE same IS NULL";
    uint8_t found[LW_RECORD_ID];
    enum lw_status status = LW_OK;

    memcpy(found, id, LW_RECORD_ID);
    if (can_be_same(type))
        status = query_id(journal, sql, type, id, found, err);
    if (status == LW_OK)
        memcpy(root, found, LW_RECORD_ID);
    return status;
}

enum lw_status lw_same_get(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], struct lw_record *out,
                           struct lw_error *err)
{
    uint8_t root[LW_RECORD_ID];
    enum lw_status status = lw_record_get(journal, type, id, out, err);

    if (status != LW_OK || lw_record_value(out, "same_as") == NULL)
        return status;
    lw_record_clear(out);
    status = lw_same_root(journal, type, id, root, err);
    return status == LW_OK ? lw_record_get(journal, type, root, out, err) : status;
}

enum lw_status lw_same_put(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], const uint8_t *other, const char *why,
                           struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status;

    if (!can_be_same(type))
        return lw_fail(err, LW_INTERNAL, "a record of that type is never the same as another");
    status = lw_record_get(journal, type, id, &record, err);
    if (status != LW_OK)
        return status;
    if (other != NULL)
        status = lw_record_set_ref(&record, "same_as", other);
    else
        record.value[lw_field_find(type, "same_as")].set = false;
    if (status == LW_OK)
        status = lw_record_put(journal, &record, why, err);
    lw_record_clear(&record);
    return status;
}

/* Two edges for a place, so that nothing lies in itself by way of what it is the same as. */
enum lw_status same_check(struct lw_journal *journal, const struct lw_record *record, int64_t own,
                          struct lw_error *err)
{
    static const char *const sql[LW_RECORD_TYPE_COUNT] = {
#define UP(type, table, more)                                                                      \
    [LW_RECORD_##type] = "WITH RECURSIVE up(n) AS (SELECT n FROM " table " WHERE id = ?1 UNION "   \
                         "SELECT p.same_as FROM up JOIN " table " AS p ON p.n = up.n" more ") "    \
                         "SELECT 1 FROM up WHERE n = ?2"
        UP(PARTY, "party", ""),
        UP(SOURCE, "source", ""),
        UP(INCIDENT, "incident", ""),
        UP(PLACE, "place", " UNION SELECT p.parent FROM up JOIN place AS p ON p.n = up.n"),
#undef UP
    };
    const struct lw_value *same =
        can_be_same(record->type) ? lw_record_value(record, "same_as") : NULL;
    struct lw_stmt *stmt;
    char label[RECORD_LABEL];
    enum lw_status status;

    if (same == NULL || own == 0)
        return LW_OK;
    status = lw_store_prepare(journal->store, sql[record->type], &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, same->bytes, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 2, own);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    lw_stmt_reset(stmt);
    record_label(record, label);
    return lw_fail(err, LW_BAD_DATA, "%s, field \"same_as\": leads back to the record itself",
                   label);
}

enum lw_status same_note(struct lw_journal *journal, enum lw_record_type type, int64_t n,
                         struct key_list *list, struct lw_error *err)
{
    static const char *const sql[LW_RECORD_TYPE_COUNT] = {
#define ALL(type, table)                                                                           \
    [LW_RECORD_##type] = "WITH RECURSIVE " SAME_SET(table, "SELECT ?1") " SELECT n FROM same"
        ALL(PARTY, "party"),
        ALL(PLACE, "place"),
        ALL(SOURCE, "source"),
        ALL(INCIDENT, "incident"),
#undef ALL
    };
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql[type], &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        if (key_list_add(list, lw_stmt_int(stmt, 0)) != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
        }
    }
    return status == LW_DONE ? LW_OK : status;
}
