/* Prepared statements, kept by their text. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static size_t fan_of(const char *sql)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (; *sql; sql++)
        hash = (hash ^ (uint8_t)*sql) * 16777619u;
    return hash % STATEMENT_FANS;
}

static enum lw_status prepare_new(struct lw_store *store, const char *sql, struct lw_stmt **out,
                                  struct lw_error *err)
{
    struct lw_stmt *stmt = calloc(1, sizeof *stmt);

    if (!stmt)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    int code =
        sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
    if (code != SQLITE_OK) {
        free(stmt);
        return store_fail(store, code, err);
    }
    stmt->store = store;
    struct lw_stmt **fan = &store->statement[fan_of(sql)];
    stmt->chain = *fan;
    *fan = stmt;
    *out = stmt;
    return LW_OK;
}

enum lw_status lw_store_prepare(struct lw_store *store, const char *sql, struct lw_stmt **out,
                                struct lw_error *err)
{
    struct lw_stmt *stmt = store->statement[fan_of(sql)];

    while (stmt && strcmp(sqlite3_sql(stmt->handle), sql) != 0)
        stmt = stmt->chain;
    if (!stmt)
        return prepare_new(store, sql, out, err);
    lw_stmt_reset(stmt);
    stmt->bind_status = SQLITE_OK;
    *out = stmt;
    return LW_OK;
}

static void bound(struct lw_stmt *stmt, int code)
{
    if (code != SQLITE_OK && stmt->bind_status == SQLITE_OK)
        stmt->bind_status = code;
}

void lw_stmt_bind_int(struct lw_stmt *stmt, int at, int64_t value)
{
    bound(stmt, sqlite3_bind_int64(stmt->handle, at, value));
}

void lw_stmt_bind_real(struct lw_stmt *stmt, int at, double value)
{
    bound(stmt, sqlite3_bind_double(stmt->handle, at, value));
}

void lw_stmt_bind_text(struct lw_stmt *stmt, int at, const char *text, size_t len)
{
    bound(stmt, sqlite3_bind_text64(stmt->handle, at, text, len, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void lw_stmt_bind_blob(struct lw_stmt *stmt, int at, const void *data, size_t len)
{
    bound(stmt, sqlite3_bind_blob64(stmt->handle, at, data, len, SQLITE_TRANSIENT));
}

void lw_stmt_bind_null(struct lw_stmt *stmt, int at)
{
    bound(stmt, sqlite3_bind_null(stmt->handle, at));
}

enum lw_status lw_stmt_step(struct lw_stmt *stmt, struct lw_error *err)
{
    struct lw_store *store = stmt->store;

    int code = stmt->bind_status == SQLITE_OK ? sqlite3_step(stmt->handle) : stmt->bind_status;
    if (code == SQLITE_ROW)
        return LW_OK;
    enum lw_status status = code == SQLITE_DONE ? LW_DONE : store_fail(store, code, err);
    lw_stmt_reset(stmt);
    return status;
}

enum lw_status lw_stmt_run(struct lw_stmt *stmt, struct lw_error *err)
{
    enum lw_status status = lw_stmt_step(stmt, err);

    if (status == LW_OK)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_stmt_number(struct lw_stmt *stmt, int64_t *out, struct lw_error *err)
{
    enum lw_status status = lw_stmt_step(stmt, err);

    if (status != LW_OK)
        return status;
    *out = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return LW_OK;
}

bool lw_stmt_is_null(struct lw_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

int64_t lw_stmt_int(struct lw_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->handle, column);
}

double lw_stmt_real(struct lw_stmt *stmt, int column)
{
    return sqlite3_column_double(stmt->handle, column);
}

const char *lw_stmt_text(struct lw_stmt *stmt, int column, size_t *len)
{
    const unsigned char *text = sqlite3_column_text(stmt->handle, column);

    if (len)
        *len = (size_t)sqlite3_column_bytes(stmt->handle, column);
    return (const char *)text;
}

const void *lw_stmt_blob(struct lw_stmt *stmt, int column, size_t *len)
{
    const void *data = sqlite3_column_blob(stmt->handle, column);

    if (len)
        *len = (size_t)sqlite3_column_bytes(stmt->handle, column);
    return data;
}

/* What was bound is record text: it goes at once, not at the next use. */
void lw_stmt_reset(struct lw_stmt *stmt)
{
    sqlite3_reset(stmt->handle);
    sqlite3_clear_bindings(stmt->handle);
}
