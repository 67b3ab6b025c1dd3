/* Where somebody was when a session ended, so that the next one goes on there. */
#include "internal.h"

static void bind_key(struct lw_stmt *stmt, struct lw_bookmark_key key)
{
    lw_stmt_bind_int(stmt, 1, key.slot);
    lw_stmt_bind_int(stmt, 2, key.review);
}

enum lw_status lw_store_bookmark_put(struct lw_store *store, struct lw_bookmark_key key,
                                     int64_t now_ms, const char *text, size_t len,
                                     struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_begin(store, err);

    if (status != LW_OK)
        return status;
    status = lw_store_prepare(
        store, "INSERT OR REPLACE INTO bookmark(slot, review, at, text) VALUES (?1, ?2, ?3, ?4)",
        &stmt, err);
    if (status == LW_OK) {
        bind_key(stmt, key);
        lw_stmt_bind_int(stmt, 3, now_ms);
        lw_stmt_bind_text(stmt, 4, text, len);
        status = lw_stmt_run(stmt, err);
    }
    if (status == LW_OK)
        return lw_store_commit(store, err);
    lw_store_rollback(store);
    return status;
}

enum lw_status lw_store_bookmark_get(struct lw_store *store, struct lw_bookmark_key key,
                                     int64_t *at_ms, struct lw_buf *text, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        store, "SELECT at, text FROM bookmark WHERE slot = ?1 AND review = ?2", &stmt, err);
    const char *found;
    size_t len = 0;

    if (status != LW_OK)
        return status;
    bind_key(stmt, key);
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
