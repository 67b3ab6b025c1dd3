/* Pages 0 to 2, the salt and both copies of the header: in the vault, or detached, in a file of
 * their own on a stick or card. */
#ifndef LW_VAULT_HEAD_H
#define LW_VAULT_HEAD_H

#include "files.h"
#include "keys.h"

/* A descriptor of the file whose first pages are the header: the vault's own, or a fresh one, since
 * one that is kept open would keep the stick from being taken away in order. */
enum lw_status head_open(const struct lw_vault *vault, bool write, int *fd,
                         struct lw_error *err) LW_MUST_USE;
void head_close(const struct lw_vault *vault, int fd);
/* The same for a path. NO_INPUT: it cannot be opened; READ_ONLY; NOT_VAULT: no header by its type
 * or size. errno is of the failed call, or 0. */
enum lw_status head_open_file(const char *path, bool write, int *fd,
                              struct lw_error *err) LW_MUST_USE;
/* All three pages. */
enum lw_status head_read(int fd, uint8_t head[HEAD_BYTES]) LW_MUST_USE;
/* All three pages in place, synced, read back. On a stick there may be no rename that is whole
 * after a power cut, so another copy has to stand elsewhere meanwhile. */
enum lw_status head_put(int fd, const uint8_t head[HEAD_BYTES]) LW_MUST_USE;
/* The same into a vault whose header is elsewhere: no slot stands there without the salt. */
enum lw_status head_put_inside(int fd, const uint8_t head[HEAD_BYTES]) LW_MUST_USE;
/* Random bytes in its place. */
enum lw_status head_clear(int fd) LW_MUST_USE;
/* Makes PATH.new, empty. EXISTS: there is one already. */
enum lw_status head_create(const char *path, const char *new_path, int *fd,
                           struct lw_error *err) LW_MUST_USE;
/* PATH.new, which has all three pages, becomes PATH: into an older one's place, else by its name.
 */
enum lw_status head_publish(const char *path, const char *new_path, int new_fd, bool replace,
                            struct lw_error *err) LW_MUST_USE;
/* A PATH.new that never held a whole header: empty, or without its first page, which is written
 * last. */
bool head_is_unfinished(int fd);
/* Removes PATH.new where it is such and nobody works on it. */
void head_remove_unfinished(const char *path);
/* Overwrites the file and removes it, as far as that can be done; leaves what is somebody else's.
 */
enum lw_status head_remove(int fd, const char *path, struct lw_error *err);

/* Whether every lane that the keyring knows has a root in fd that its key opens. IO,
 * NO_MEMORY: that cannot be told. */
enum lw_status head_belongs(const struct lw_vault *vault, int fd, const struct keyring *ring,
                            const uint8_t salt[LW_SALT], bool own_lane_only, bool *belongs,
                            struct lw_error *err) LW_MUST_USE;

/* ---- head_settle.c ---- */

/* Whatever a rewrite or a creation that was cut off left beside the header: goes on with PATH.new
 * where it is what opens the vault now, and removes it where it is not. Does nothing, and derives
 * nothing, where there is none. BUSY: somebody is at work. */
enum lw_status head_settle(struct lw_vault *vault, const struct lw_passphrase *pass, int first,
                           struct lw_error *err) LW_MUST_USE;

#endif
