/*
 * vfs: SQLite's main database on a lane of a vault, and no other file. For the store, and for other
 * programs that have an unlocked vault and SQLite: this header and build/libvfs.a are enough.
 * SQLite's own header is not needed to include this one.
 *
 *     struct lw_lane *lane;
 *     struct lw_vfs *vfs;
 *     int reserved = LW_VFS_RESERVED;
 *
 *     lw_lane_open(vault, lw_vault_own_lane(vault), LW_LANE_WRITE, &lane, &err)
 *     lw_vfs_new(lane, &vfs, &err)
 *     sqlite3_open_v2("any name", &db, SQLITE_OPEN_READWRITE, lw_vfs_name(vfs))
 *     sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
 *     PRAGMA journal_mode=MEMORY; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON
 *     ... any SQL, BEGIN IMMEDIATE before writing ...
 *     sqlite3_close(db), lw_vfs_free(vfs), lw_lane_close(lane)
 *
 * Pages are LW_PAGE bytes with LW_VFS_RESERVED bytes at their end that are not stored: a database
 * laid out otherwise is refused when it is first written. There are no journal, WAL and temporary
 * files: without the pragmas above SQLite would want them and fail with CANTOPEN. Another journal
 * or locking mode is an error, PRAGMA page_size does nothing.
 *
 * A reader keeps its snapshot and is never in the way of a writer, nor the other way round. One
 * writer at a time: another one gets BUSY and its busy handler is called; BUSY_SNAPSHOT where its
 * read transaction is older than the last commit. A commit is durable when SQLite says so, whatever
 * PRAGMA synchronous is.
 */
#ifndef LW_VFS_H
#define LW_VFS_H

#include "vault.h"

#define LW_VFS_RESERVED (LW_PAGE - LW_PAYLOAD)

/* One lane as a file system with one file, open once at a time. Used by one thread at a time. */
struct lw_vfs;

/* Registers it with SQLite under a name of its own. The lane stays the caller's, who uses it for
 * nothing but questions while a database is open, and must outlive the VFS. NO_MEMORY, or what kept
 * the lane from being read. */
enum lw_status lw_vfs_new(struct lw_lane *lane, struct lw_vfs **out,
                          struct lw_error *err) LW_MUST_USE;
/* For sqlite3_open_v2; valid as long as the VFS. */
const char *lw_vfs_name(const struct lw_vfs *vfs);
/* The cause where SQLite says IOERR: what the last call that failed since the present snapshot was
 * taken found, OK where none did. lw_lane_error has the sentence. */
enum lw_status lw_vfs_status(const struct lw_vfs *vfs);
/* Whether another connection committed since the last call (the first call: since lw_vfs_new).
 * Cheap, for polling; says no while this connection reads or writes. */
enum lw_status lw_vfs_changed(struct lw_vfs *vfs, bool *changed) LW_MUST_USE;
/* After sqlite3_close. NULL does nothing. */
void lw_vfs_free(struct lw_vfs *vfs);

#endif
