/* Where a review was left, so that the next one goes on there. */
#include "internal.h"

/* No row is left by who leaves in order: the table of a vault in which nobody else was is empty. */
static enum lw_status clear(struct lw_store *store, unsigned slot, int64_t since_ms,
                            struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        store, "DELETE FROM bookmark WHERE slot = ?1 OR at < ?2", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, slot);
    lw_stmt_bind_int(stmt, 2, since_ms);
    return lw_stmt_run(stmt, err);
}

static enum lw_status insert(struct lw_store *store, unsigned slot, int64_t now_ms,
                             const char *text, size_t len, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        store, "INSERT INTO bookmark(slot, at, text) VALUES (?1, ?2, ?3)", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, slot);
    lw_stmt_bind_int(stmt, 2, now_ms);
    lw_stmt_bind_text(stmt, 3, text, len);
    return lw_stmt_run(stmt, err);
}

enum lw_status lw_store_bookmark_put(struct lw_store *store, unsigned slot, int64_t since_ms,
                                     int64_t now_ms, const char *text, size_t len,
                                     struct lw_error *err)
{
    enum lw_status status = lw_store_begin(store, err);

    if (status != LW_OK)
        return status;
    status = clear(store, slot, since_ms, err);
    if (status == LW_OK && len > 0)
        status = insert(store, slot, now_ms, text, len, err);
    if (status == LW_OK)
        return lw_store_commit(store, err);
    lw_store_rollback(store);
    return status;
}

enum lw_status lw_store_bookmark_get(struct lw_store *store, unsigned slot, int64_t since_ms,
                                     int64_t *at_ms, struct lw_buf *text, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        store, "SELECT at, text FROM bookmark WHERE slot = ?1 AND at >= ?2", &stmt, err);
    const char *found;
    size_t len = 0;

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, slot);
    lw_stmt_bind_int(stmt, 2, since_ms);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_NOT_FOUND : status;
    *at_ms = lw_stmt_int(stmt, 0);
    found = lw_stmt_text(stmt, 1, &len);
    if (lw_buf_add(text, found, len) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_stmt_reset(stmt);
    return status;
}
