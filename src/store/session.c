/* One row for every unlock, so that the number of sessions that the header has seen and the date of
 * the file do not contradict the journal that a passphrase opens. */
#include "internal.h"

static enum lw_status last_row(struct lw_store *store, struct lw_session_row *row, bool *had,
                               struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        store, "SELECT opened, seen FROM session ORDER BY n DESC LIMIT 1", &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_step(stmt, err);
    *had = status == LW_OK;
    if (status == LW_OK) {
        row->opened_ms = lw_stmt_int(stmt, 0);
        row->seen_ms = lw_stmt_int(stmt, 1);
        lw_stmt_reset(stmt);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status add_row(struct lw_store *store, int64_t now_ms, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(store, "INSERT INTO session(opened, seen) VALUES (?1, ?1)", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, now_ms);
    return lw_stmt_run(stmt, err);
}

enum lw_status lw_store_session_begin(struct lw_store *store, int64_t now_ms,
                                      struct lw_session_row *before, bool *had,
                                      struct lw_error *err)
{
    enum lw_status status = lw_store_begin(store, err);

    if (status != LW_OK)
        return status;
    if ((status = last_row(store, before, had, err)) == LW_OK &&
        (status = add_row(store, now_ms, err)) == LW_OK) {
        store->session_row = lw_store_last_row(store);
        return lw_store_commit(store, err);
    }
    lw_store_rollback(store);
    return status;
}

enum lw_status lw_store_session_touch(struct lw_store *store, int64_t now_ms, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_begin(store, err);

    if (status != LW_OK)
        return status;
    status = lw_store_prepare(store, "UPDATE session SET seen = ?1 WHERE n = ?2", &stmt, err);
    if (status == LW_OK) {
        lw_stmt_bind_int(stmt, 1, now_ms);
        lw_stmt_bind_int(stmt, 2, store->session_row);
        status = lw_stmt_run(stmt, err);
    }
    if (status == LW_OK)
        return lw_store_commit(store, err);
    lw_store_rollback(store);
    return status;
}
