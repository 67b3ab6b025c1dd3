/* A connection: opening, pragmas, migrations, transactions, errors. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE_MS 10000
#define OVER_STEPS  100 /* of SQLite's machine, from one question whether to end to the next */
#define PAUSE_MS    8   /* at most, between two tries of a waiting writer */

/* ---- errors ---- */

static enum lw_status lane_status(const struct lw_store *store)
{
    return store->vfs ? lw_vfs_status(store->vfs) : LW_OK;
}

static enum lw_status status_of(const struct lw_store *store, int code)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return LW_BUSY;
    case SQLITE_NOMEM:
        return LW_NO_MEMORY;
    case SQLITE_FULL:
        return LW_FULL;
    case SQLITE_READONLY:
        return LW_READ_ONLY;
    case SQLITE_INTERRUPT:
        return LW_CANCELLED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return LW_DAMAGED;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
        return LW_BAD_DATA;
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return LW_NO_MEMORY;
        return lane_status(store) != LW_OK ? lane_status(store) : LW_IO;
    default:
        return LW_INTERNAL;
    }
}

enum lw_status store_fail(struct lw_store *store, int code, struct lw_error *err)
{
    enum lw_status status = status_of(store, code);
    const char *cause = store->lane ? lw_lane_error(store->lane) : "";

    if (store->called.status != LW_OK) {
        status = store->called.status;
        lw_fail(err, status, "%s", store->called.text);
        store->called = (struct lw_error){.status = LW_OK};
        return status;
    }
    if (status == LW_BUSY)
        return lw_fail(err, status, "another process is writing to the vault: try again");
    if (status == lane_status(store) && cause[0] != '\0')
        return lw_fail(err, status, "%s", cause);
    if (status == LW_NO_MEMORY)
        return lw_fail(err, status, "out of memory");
    if (status == LW_CANCELLED)
        return lw_fail(err, status, "this was ended before it was done");
    return lw_fail(err, status, "the journal: %s", sqlite3_errmsg(store->db));
}

/* ---- opening ---- */

/* A waiting writer tries again after a random few milliseconds, so that two do not go in step. */
static int wait_for_writer(void *context, int tries)
{
    struct lw_store *store = context;
    /* a clock that is set back must not prolong the wait */
    int64_t now = lw_ticks_ms(CLOCK_MONOTONIC);

    if (tries == 0)
        store->waited_from_ms = now;
    if (now - store->waited_from_ms >= store->patience_ms)
        return 0;
    sqlite3_sleep(1 + (int)lw_random_below(PAUSE_MS));
    return 1;
}

static enum lw_status configure(struct lw_store *store, struct lw_error *err)
{
    int reserved = LW_VFS_RESERVED;

    sqlite3_busy_handler(store->db, wait_for_writer, store);
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    if (store->lane)
        sqlite3_file_control(store->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    return lw_store_exec(store,
                         "PRAGMA journal_mode=MEMORY;"
                         "PRAGMA locking_mode=NORMAL;"
                         "PRAGMA synchronous=FULL;"
                         "PRAGMA temp_store=MEMORY;"
                         "PRAGMA secure_delete=ON;"
                         "PRAGMA cell_size_check=ON;"
                         "PRAGMA mmap_size=0;"
                         "PRAGMA cache_size=-16384;",
                         err);
}

static enum lw_status schema_version(struct lw_store *store, int *version, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(store, "PRAGMA user_version", &stmt, err);

    if (status == LW_OK && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        *version = (int)lw_stmt_int(stmt, 0);
        lw_stmt_reset(stmt);
    }
    return status;
}

static enum lw_status apply_migrations(struct lw_store *store, struct lw_error *err)
{
    char sql[64];
    int version = 0;
    enum lw_status status = lw_store_begin(store, err);

    if (status != LW_OK)
        return status;
    status = schema_version(store, &version, err); /* another process may have been faster */
    for (size_t i = 0; i < lw_migration_count && status == LW_OK; i++) {
        if (lw_migrations[i].version <= version)
            continue;
        status = lw_store_exec(store, lw_migrations[i].sql, err);
        sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version=%d", lw_migrations[i].version);
        if (status == LW_OK)
            status = lw_store_exec(store, sql, err);
    }
    if (status == LW_OK)
        status = lw_store_commit(store, err);
    if (status != LW_OK)
        lw_store_rollback(store);
    return status;
}

static enum lw_status migrate(struct lw_store *store, bool writable, struct lw_error *err)
{
    int newest = lw_migration_count > 0 ? lw_migrations[lw_migration_count - 1].version : 0;
    int version = 0;
    enum lw_status status = schema_version(store, &version, err);

    if (status != LW_OK || version == newest)
        return status;
    if (version > newest)
        return lw_fail(err, LW_CONFIG,
                       "this vault was written by a newer Lapwing (schema %d, this one knows %d)",
                       version, newest);
    if (!writable)
        return lw_fail(err, LW_CONFIG, "this vault has an older schema: open it once for writing");
    /* counts only before the first table, and would be a write at every later opening */
    if (version == 0)
        status = lw_store_exec(store, "PRAGMA auto_vacuum=INCREMENTAL", err);
    return status == LW_OK ? apply_migrations(store, err) : status;
}

static enum lw_status open_database(struct lw_store *store, struct lw_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const char *name = store->lane ? "vault" : ":memory:";
    int code =
        sqlite3_open_v2(name, &store->db, flags, store->vfs ? lw_vfs_name(store->vfs) : NULL);

    if (code != SQLITE_OK)
        return store->db ? store_fail(store, code, err)
                         : lw_fail(err, LW_NO_MEMORY, "out of memory");
    enum lw_status status = configure(store, err);
    if (status == LW_OK) {
        code = sqlite3_prepare_v2(store->db, "ROLLBACK", -1, &store->rollback, NULL);
        if (code == SQLITE_OK)
            code = store_define_functions(store->db);
        if (code == SQLITE_OK)
            code = store_define_bits(store->db);
        if (code != SQLITE_OK)
            status = store_fail(store, code, err);
    }
    return status;
}

static enum lw_status open_store(struct lw_store *store, bool writable, struct lw_error *err)
{
    enum lw_status status = open_database(store, err);

    return status == LW_OK ? migrate(store, writable, err) : status;
}

static struct lw_store *store_new(void)
{
    struct lw_store *store = calloc(1, sizeof *store);

    if (store)
        store->patience_ms = PATIENCE_MS;
    return store;
}

enum lw_status lw_store_open(struct lw_vault *vault, unsigned lane, enum lw_lane_mode mode,
                             struct lw_store **out, struct lw_error *err)
{
    struct lw_store *store = store_new();
    enum lw_status status;

    if (!store)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    status = lw_lane_open(vault, lane, mode, &store->lane, err);
    if (status == LW_OK)
        status = lw_vfs_new(store->lane, &store->vfs, err);
    if (status == LW_OK)
        status = open_store(store, mode == LW_LANE_WRITE, err);
    if (status != LW_OK) {
        lw_store_close(store);
        return status;
    }
    *out = store;
    return LW_OK;
}

enum lw_status lw_store_open_memory(struct lw_store **out, struct lw_error *err)
{
    struct lw_store *store = store_new();

    if (!store)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    enum lw_status status = open_store(store, true, err);
    if (status != LW_OK) {
        lw_store_close(store);
        return status;
    }
    *out = store;
    return LW_OK;
}

enum lw_status lw_store_open_scratch(const char *sql, struct lw_store **out, struct lw_error *err)
{
    struct lw_store *store = store_new();

    if (!store)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    enum lw_status status = open_database(store, err);
    if (status == LW_OK)
        status = lw_store_exec(store, sql, err);
    if (status != LW_OK) {
        lw_store_close(store);
        return status;
    }
    *out = store;
    return LW_OK;
}

static void close_statements(struct lw_store *store)
{
    for (size_t i = 0; i < STATEMENT_FANS; i++) {
        while (store->statement[i]) {
            struct lw_stmt *stmt = store->statement[i];
            store->statement[i] = stmt->chain;
            sqlite3_finalize(stmt->handle);
            free(stmt);
        }
    }
}

void lw_store_close(struct lw_store *store)
{
    if (!store)
        return;
    close_statements(store);
    sqlite3_finalize(store->rollback);
    sqlite3_close(store->db);
    lw_vfs_free(store->vfs);
    lw_lane_close(store->lane);
    free(store);
}

void lw_store_set_patience(struct lw_store *store, int ms)
{
    store->patience_ms = ms;
}

struct lw_lane *lw_store_lane(struct lw_store *store)
{
    return store->lane;
}

/* ---- other connections ---- */

enum lw_status lw_store_changed(struct lw_store *store, bool *changed, struct lw_error *err)
{
    enum lw_status status;

    *changed = false;
    if (!store->vfs || (status = lw_vfs_changed(store->vfs, changed)) == LW_OK)
        return LW_OK;
    return lw_fail(err, status, "%s", lw_lane_error(store->lane));
}

void lw_store_stir(struct lw_store *store)
{
    if (store->lane)
        lw_lane_stir(store->lane);
}

/* ---- transactions ---- */

enum lw_status lw_store_exec(struct lw_store *store, const char *sql, struct lw_error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? LW_OK : store_fail(store, code, err);
}

/* Out of memory may be told when the transaction stands already: it does not stay. */
static enum lw_status begin(struct lw_store *store, const char *sql, struct lw_error *err)
{
    bool inside = lw_store_in_transaction(store);
    enum lw_status status = lw_store_exec(store, sql, err);

    if (status != LW_OK && !inside)
        lw_store_rollback(store);
    return status;
}

enum lw_status lw_store_protect(struct lw_store *store, struct lw_error *err)
{
    enum lw_status status = lw_store_exec(store, "PRAGMA query_only=ON", err);

    store->protected = status == LW_OK;
    return status;
}

enum lw_status lw_store_begin(struct lw_store *store, struct lw_error *err)
{
    if (store->protected)
        return lw_fail(err, LW_READ_ONLY, "this is the journal of the past: nothing is written");
    return begin(store, "BEGIN IMMEDIATE", err);
}

enum lw_status lw_store_read(struct lw_store *store, struct lw_error *err)
{
    enum lw_status status = begin(store, "BEGIN", err);

    /* BEGIN takes no snapshot by itself, the first read does */
    if (status == LW_OK &&
        (status = lw_store_exec(store, "SELECT 1 FROM sqlite_schema LIMIT 1", err)) != LW_OK)
        lw_store_rollback(store);
    return status;
}

enum lw_status lw_store_commit(struct lw_store *store, struct lw_error *err)
{
    enum lw_status status = lw_store_exec(store, "COMMIT", err);

    if (status != LW_OK)
        lw_store_rollback(store);
    return status;
}

void lw_store_rollback(struct lw_store *store)
{
    if (sqlite3_get_autocommit(store->db) == 0) {
        sqlite3_step(store->rollback);
        sqlite3_reset(store->rollback);
    }
    store->unended = sqlite3_get_autocommit(store->db) == 0;
}

/* A rollback that had no memory is made up for as soon as somebody wants to know. */
bool lw_store_in_transaction(struct lw_store *store)
{
    if (store->unended)
        lw_store_rollback(store);
    return sqlite3_get_autocommit(store->db) == 0;
}

static int is_over(void *context)
{
    struct lw_store *store = context;

    return store->over(store->over_context) ? 1 : 0;
}

void lw_store_watch(struct lw_store *store, lw_store_over *over, void *context)
{
    store->over = over;
    store->over_context = context;
    sqlite3_progress_handler(store->db, OVER_STEPS, over != NULL ? is_over : NULL, store);
}

bool lw_store_version(struct lw_store *store, uint32_t *out)
{
    unsigned version = 0;
    int state = sqlite3_txn_state(store->db, "main");

    if ((state != SQLITE_TXN_READ && !store->protected) ||
        sqlite3_file_control(store->db, "main", SQLITE_FCNTL_DATA_VERSION, &version) != SQLITE_OK)
        return false;
    *out = version;
    return true;
}

int64_t lw_store_last_row(struct lw_store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

int64_t lw_store_changes(struct lw_store *store)
{
    return sqlite3_changes64(store->db);
}

/* ---- integrity ---- */

static enum lw_status count_complaints(struct lw_store *store, const char *pragma, uint64_t *bad,
                                       struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(store, pragma, &stmt, err);

    while (status == LW_OK && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        const char *text = lw_stmt_text(stmt, 0, NULL);
        if (text && strcmp(text, "ok") == 0)
            continue;
        if ((*bad)++ == 0)
            lw_fail(err, LW_DAMAGED, "SQLite: %.*s",
                    text ? (int)lw_utf8_fit(text, strlen(text), 200) : 0, text ? text : "");
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_store_integrity(struct lw_store *store, uint64_t *bad, struct lw_error *err)
{
    uint64_t found = 0;
    enum lw_status status = count_complaints(store, "PRAGMA integrity_check(20)", &found, err);

    if (status == LW_OK)
        status = count_complaints(store, "PRAGMA foreign_key_check", &found, err);
    if (status == LW_OK)
        *bad = found;
    return status;
}
