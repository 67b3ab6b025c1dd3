/* What the files of the store layer share. sqlite3.h is included here and nowhere else. */
#ifndef LW_STORE_INTERNAL_H
#define LW_STORE_INTERNAL_H

#include "store.h"

#include <sqlite3.h>

#define LW_RESERVED    (LW_PAGE - LW_PAYLOAD) /* bytes at the end of SQLite's pages, not stored */
#define STATEMENT_FANS 64

struct lw_stmt {
    struct lw_store *store;
    sqlite3_stmt *handle;
    int bind_status; /* the first bind that failed */
    struct lw_stmt *chain;
};

struct lw_store {
    sqlite3 *db;
    struct lw_lane *lane; /* NULL: a database in memory */
    sqlite3_vfs vfs;      /* of this store alone; its file has exactly this lane */
    char vfs_name[40];
    bool vfs_registered;
    bool file_open; /* the lane is one file: nothing else can be attached */
    int patience_ms;
    int64_t waited_from_ms;       /* start of the present wait for a writer */
    enum lw_status lane_status;   /* of the last lane call that failed */
    uint8_t state[LW_LANE_STATE]; /* that SQLite's cache belongs to */
    bool moved;                   /* the cache has to go */
    uint8_t told[LW_LANE_STATE];  /* that lw_store_changed has told of; follows own commits */
    int64_t session_row;
    bool unended;           /* a rollback failed: it is to be tried again */
    sqlite3_stmt *rollback; /* made beforehand, so that it cannot fail for want of memory */
    struct lw_stmt *statement[STATEMENT_FANS];
};

/* Fills store->vfs; the caller registers it. */
void store_vfs_init(struct lw_store *store);

/* Status and sentence for a result code of SQLite, with what the lane said where it was the cause.
 */
enum lw_status store_fail(struct lw_store *store, int code, struct lw_error *err);

#endif
