/* What the files of the store share. sqlite3.h is included here and in vfs.c, nowhere else. */
#ifndef LW_STORE_INTERNAL_H
#define LW_STORE_INTERNAL_H

#include "store.h"
#include "vfs.h"

#include <sqlite3.h>

#define STATEMENT_FANS 64

struct lw_stmt {
    struct lw_store *store;
    sqlite3_stmt *handle;
    int bind_status; /* the first bind that failed */
    struct lw_stmt *chain;
};

struct lw_store {
    sqlite3 *db;
    struct lw_lane *lane; /* NULL: a database in memory, vfs too */
    struct lw_vfs *vfs;
    int patience_ms;
    int64_t waited_from_ms; /* start of the present wait for a writer */
    int64_t session_row;
    bool unended;           /* a rollback failed: it is to be tried again */
    bool protected;         /* nothing is written any more */
    lw_store_over *over;    /* asked while a statement runs; NULL: never */
    void *over_context;
    struct lw_error called; /* of a function of the caller; told with the statement's error */
    sqlite3_stmt *rollback; /* made beforehand, so that it cannot fail for want of memory */
    struct lw_stmt *statement[STATEMENT_FANS];
};

/* Status and sentence for a result code of SQLite, with what the lane said where it was the cause.
 */
enum lw_status store_fail(struct lw_store *store, int code, struct lw_error *err);

/* functions.c: a result code of SQLite. */
int store_define_functions(sqlite3 *db);
/* bits.c: the same. */
int store_define_bits(sqlite3 *db);

#endif
