/* Files as bytes: what building, backup and wipe share. */
#ifndef LW_VAULT_FILES_H
#define LW_VAULT_FILES_H

#include "internal.h"

/* ---- files.c ---- */

/* path with suffix appended, malloc'd; NULL: out of memory. */
char *path_with(const char *path, const char *suffix) LW_MUST_USE;
/* The file that path leads to where that can be told, else a copy of path; NULL: out of memory. */
char *path_resolve(const char *path) LW_MUST_USE;
/* All bytes written and synced before it returns, without waiting for other dirty pages where the
 * kernel can do that (RWF_DSYNC). */
enum lw_status write_synced(int fd, const void *data, size_t len, off_t offset) LW_MUST_USE;
/* Write lock on byte 0: this file is being built or wiped. Never waits: BUSY. */
enum lw_status building_lock(int fd) LW_MUST_USE;
void building_unlock(int fd);
/* New file for the owner alone, without copy-on-write where the file system lets us. */
enum lw_status file_create(const char *path, int *fd, struct lw_error *err) LW_MUST_USE;
/* FULL, with both figures in the sentence, where the disk has less than bytes to give. */
enum lw_status disk_has_room(int fd, const char *path, uint64_t bytes,
                             struct lw_error *err) LW_MUST_USE;
/* Pages will be read and written here and there. Without this the kernel reads ahead what nobody
 * wants, and keeps many pages as one, which makes each write to one of them several times slower.
 */
void file_expect_scattered(int fd);
/* The kernel may forget what it keeps of a synced file: written in bulk, it keeps many pages as
 * one. */
void file_forget(int fd);
/* Microseconds of a clock that only goes forward. */
int64_t ticks_us(void);
void sleep_ms(int ms);

/* rename that never replaces (exchange false) or swaps both (true); EINVAL in errno where the file
 * system cannot. 0 or -1. */
int file_rename(const char *from, const char *to, bool exchange);
/* After the file got another name. On FAT what it holds and how long it is stands beside the name,
 * and goes to the new place only when the file itself is synced, not with its folder. */
enum lw_status sync_named(int fd, const char *path) LW_MUST_USE;
/* False on FAT: two files exchange their names, but a cut between the two syncs leaves both names
 * with one file, and what is under the one is wiped as a leftover. */
bool file_can_exchange(int fd);
/* lw_path_sync_folder where nothing can be done about an error. */
void folder_sync_try(const char *path);
/* True where path names the very file that fd has open. */
bool file_has_name(int fd, const char *path);
/* True for names that are kept for unfinished files: NAME.new and NAME.wiped. */
bool name_is_reserved(const char *path);
enum lw_status name_refuse(const char *path, struct lw_error *err);

#define SUFFIX_NEW   ".new"
#define SUFFIX_WIPED ".wiped"

/* ---- fill.c ---- */

/* Random bytes with one call to the operating system, where lw_random makes one for every 256. */
void random_at_once(uint8_t *out, size_t len);

/* ---- wipe.c ---- */

/* 0 where that cannot be told. */
uint64_t size_of_file(int fd);
#define WIPE_KEYS (LW_FIXED_PAGES * LW_PAGE)
/* The pattern over the fixed pages (or what the file has of them), synced, once. */
enum lw_status wipe_keys_once(int fd, uint64_t bytes, const uint8_t pattern[WIPE_KEYS]);
/* Random over [from, bytes), blocks given back, cut to nothing. */
enum lw_status wipe_rest(int fd, uint64_t from, uint64_t bytes, const struct lw_progress *progress,
                         struct lw_error *err) LW_MUST_USE;
/* Keys, then everything, then the name: for a file that no longer is anybody's vault. */
enum lw_status wipe_and_remove(int fd, const char *path, struct lw_error *err);

/* ---- leftovers.c ---- */

/* A file of ours that holds random bytes or nothing, and so may be wiped where its name says so. */
bool leftover_is_ours(int fd);
/* lw_vault_finish_leftovers; header: where it is detached to, or NULL. */
void finish_leftovers(const char *path, const char *header);
/* For reading and writing, never through a link; -1. */
int open_leftover(const char *name);

/* ---- vault.c ---- */

/* An empty vault around fd, which it takes; its keyring is zero. */
enum lw_status vault_new(const char *path, int fd, struct lw_vault **out,
                         struct lw_error *err) LW_MUST_USE;

#endif
