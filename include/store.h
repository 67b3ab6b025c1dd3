/*
 * store: stock SQLite on a lane of the vault. The VFS, connections and statements, schema and
 * migrations, the session row. sqlite3.h is used here and nowhere else.
 */
#ifndef LW_STORE_H
#define LW_STORE_H

#include "vault.h"

struct lw_store; /* one connection */
struct lw_stmt;  /* a prepared statement, cached and owned by its store */

/* Must be called once, before the first store. Gives SQLite memory that is zeroed on free. */
enum lw_status lw_store_start(void) LW_MUST_USE;

/* Opens the database on a lane of an unlocked vault and applies missing migrations (in
 * LW_LANE_WRITE mode; a read-only store on an older schema is CONFIG). Both handles stay valid until
 * closed; the vault must outlive the store. */
enum lw_status lw_store_open(struct lw_vault *vault, unsigned lane, enum lw_lane_mode mode,
                             struct lw_store **out, struct lw_error *err) LW_MUST_USE;
/* A database in memory with the same schema, for tests of the layers above. */
enum lw_status lw_store_open_memory(struct lw_store **out, struct lw_error *err) LW_MUST_USE;
/* A database in memory that has only what that SQL makes: for what is looked through again and again. */
enum lw_status lw_store_open_scratch(const char *sql, struct lw_store **out,
                                     struct lw_error *err) LW_MUST_USE;
void lw_store_close(struct lw_store *store);

/* How long a writer waits for another one, milliseconds (10,000 at first). */
void lw_store_set_patience(struct lw_store *store, int ms);

/* The lane below, NULL for a database in memory. */
struct lw_lane *lw_store_lane(struct lw_store *store);

/* Whether another connection committed since the last call (the first call: since the store was
 * opened). Cheap, for polling; tells nothing while this connection reads or writes. */
enum lw_status lw_store_changed(struct lw_store *store, bool *changed, struct lw_error *err)
    LW_MUST_USE;
/* lw_lane_stir of the lane below. */
void lw_store_stir(struct lw_store *store);

/* From now on every write is READ_ONLY. */
enum lw_status lw_store_protect(struct lw_store *store, struct lw_error *err) LW_MUST_USE;

/* Transactions. lw_store_begin is BEGIN IMMEDIATE (BUSY after the patience); lw_store_read holds one
 * snapshot over several statements. Both end with commit or rollback. */
enum lw_status lw_store_begin(struct lw_store *store, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_store_read(struct lw_store *store, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_store_commit(struct lw_store *store, struct lw_error *err) LW_MUST_USE;
void lw_store_rollback(struct lw_store *store);
bool lw_store_in_transaction(struct lw_store *store);

/* A number that is another one after every commit, of this connection or of any other: what was read
 * under the same number still holds. False where there is none to go by: without a snapshot, and
 * while this connection writes. */
bool lw_store_version(struct lw_store *store, uint32_t *out) LW_MUST_USE;

/* From now on `over` is asked, every fraction of a millisecond while statements run, whether to end:
 * then the statement is CANCELLED. For statements that only read; NULL takes it off. */
typedef bool lw_store_over(void *context);
void lw_store_watch(struct lw_store *store, lw_store_over *over, void *context);

/* SQL without parameters and results. */
enum lw_status lw_store_exec(struct lw_store *store, const char *sql, struct lw_error *err)
    LW_MUST_USE;
/* The statement for that SQL, reset and with bindings cleared; the same SQL gives the same statement
 * (nested use of one SQL text is not possible). Never freed by the caller. */
enum lw_status lw_store_prepare(struct lw_store *store, const char *sql, struct lw_stmt **out,
                                struct lw_error *err) LW_MUST_USE;
/* Parameters count from 1. Text and blobs are copied. A failed bind is reported by the next step. */
void lw_stmt_bind_int(struct lw_stmt *stmt, int at, int64_t value);
void lw_stmt_bind_real(struct lw_stmt *stmt, int at, double value);
void lw_stmt_bind_text(struct lw_stmt *stmt, int at, const char *text, size_t len);
void lw_stmt_bind_blob(struct lw_stmt *stmt, int at, const void *data, size_t len);
void lw_stmt_bind_null(struct lw_stmt *stmt, int at);
/* OK: a row is there; DONE: no more (the statement is reset). On any error it is reset too. */
enum lw_status lw_stmt_step(struct lw_stmt *stmt, struct lw_error *err) LW_MUST_USE;
/* Steps a statement that gives no rows. */
enum lw_status lw_stmt_run(struct lw_stmt *stmt, struct lw_error *err) LW_MUST_USE;
/* Steps a statement that gives one row, and takes the integer in its first column. */
enum lw_status lw_stmt_number(struct lw_stmt *stmt, int64_t *out, struct lw_error *err) LW_MUST_USE;
/* For the function in_bits(?, key) of SQL; the set must stay until the statement is reset. */
struct lw_bits;
void lw_stmt_bind_bits(struct lw_stmt *stmt, int at, const struct lw_bits *bits);
/* Columns count from 0. Pointers are valid until the next step or reset. */
bool lw_stmt_is_null(struct lw_stmt *stmt, int column);
int64_t lw_stmt_int(struct lw_stmt *stmt, int column);
double lw_stmt_real(struct lw_stmt *stmt, int column);
const char *lw_stmt_text(struct lw_stmt *stmt, int column, size_t *len); /* NULL for NULL */
const void *lw_stmt_blob(struct lw_stmt *stmt, int column, size_t *len); /* NULL for NULL */
/* Ends a statement before its last row. */
void lw_stmt_reset(struct lw_stmt *stmt);

/* Row id of the last INSERT, and rows changed by the last statement. */
int64_t lw_store_last_row(struct lw_store *store);
int64_t lw_store_changes(struct lw_store *store);

/* A function of the caller for SQL, as long as the store is open: takes up to 4 texts (NULL for NULL)
 * and gives a number. An error of it is the error of the statement. */
typedef enum lw_status lw_store_function(void *context, const char *const *text, int64_t *result,
                                         struct lw_error *err);
enum lw_status lw_store_define(struct lw_store *store, const char *name, int texts,
                               lw_store_function *function, void *context,
                               struct lw_error *err) LW_MUST_USE;

/* A set of keys, a bit for each: from 0 to below LW_BITS_MOST, which takes 16 MiB. Start with {0}. */
#define LW_BITS_MOST (INT64_C(1) << 27)
struct lw_bits {
    uint64_t *word;
    size_t words;
};
/* TOO_LONG: no key that can be held. */
enum lw_status lw_bits_add(struct lw_bits *bits, int64_t key) LW_MUST_USE;
bool lw_bits_has(const struct lw_bits *bits, int64_t key);
enum lw_status lw_bits_copy(const struct lw_bits *bits, struct lw_bits *out) LW_MUST_USE;
/* Only those that are in the other set, only those that are not, and those of both. */
void lw_bits_keep(struct lw_bits *bits, const struct lw_bits *other);
void lw_bits_drop(struct lw_bits *bits, const struct lw_bits *other);
enum lw_status lw_bits_join(struct lw_bits *bits, const struct lw_bits *other) LW_MUST_USE;
size_t lw_bits_count(const struct lw_bits *bits);
/* The first key from that one on, -1: none. */
int64_t lw_bits_next(const struct lw_bits *bits, int64_t from);
void lw_bits_free(struct lw_bits *bits);

/* SQLite's own integrity_check and foreign_key_check; *bad is the number of complaints, the first one
 * stands in err. */
enum lw_status lw_store_integrity(struct lw_store *store, uint64_t *bad, struct lw_error *err)
    LW_MUST_USE;

/* The session row (lapwing(1), "Traces"): exactly one for every unlock. */
struct lw_session_row {
    int64_t opened_ms;
    int64_t seen_ms;
};
/* Writes the row of this session in a transaction of its own and tells the one before (*had). */
enum lw_status lw_store_session_begin(struct lw_store *store, int64_t now_ms,
                                      struct lw_session_row *before, bool *had,
                                      struct lw_error *err) LW_MUST_USE;
/* Refreshes "last seen" of the row that lw_store_session_begin wrote. */
enum lw_status lw_store_session_touch(struct lw_store *store, int64_t now_ms, struct lw_error *err)
    LW_MUST_USE;

/* Where a review with the passphrase of a slot was left: text of the screens' own. Writing replaces
 * it, in a transaction of its own, and removes those from before since_ms; "" leaves no row.
 * Reading: NOT_FOUND where none is kept since then. */
enum lw_status lw_store_bookmark_put(struct lw_store *store, unsigned slot, int64_t since_ms,
                                     int64_t now_ms, const char *text, size_t len,
                                     struct lw_error *err) LW_MUST_USE;
enum lw_status lw_store_bookmark_get(struct lw_store *store, unsigned slot, int64_t since_ms,
                                     int64_t *at_ms, struct lw_buf *text,
                                     struct lw_error *err) LW_MUST_USE;

/* One numbered change of the schema; schema.c holds the list, in order, never edited afterwards. */
struct lw_migration {
    int version;
    const char *sql;
};
extern const struct lw_migration lw_migrations[];
extern const size_t lw_migration_count;

#endif
