/* What the files of the vault layer share. */
#ifndef LW_VAULT_INTERNAL_H
#define LW_VAULT_INTERNAL_H

#include "vault.h"

#include <sodium.h>

/* Page numbers of the fixed pages. */
enum { PAGE_SALT = 0, PAGE_HEADER_A = 1, PAGE_HEADER_B = 2, PAGE_ROOTS = 3, PAGE_POOL = 7 };
#define LW_FIXED_PAGES 7
#define LW_SALT        16
#define LW_ID          32
#define LW_NONCE       24
#define LW_TAG         16
#define LW_HEADER      (2 * LW_PAGE)         /* both copies, as read from pages 1 and 2 */
#define HEAD_BYTES     (LW_PAGE + LW_HEADER) /* pages 0 to 2: all of a detached header's file */

/* page of root `which` (0, 1) of a lane */
static inline uint32_t root_page(unsigned lane, unsigned which)
{
    return PAGE_ROOTS + 2 * lane + which;
}

/* ---- keyring (keyring.c: the bytes of a slot; header.c: reading, locking, writing) ---- */

struct keyring_slot {
    bool known;
    uint8_t lane;
    uint8_t key[LW_KEY]; /* key-encryption key; random where not known */
};

/* The payload of a slot, decoded. Lives in locked memory (sodium_malloc). */
struct keyring {
    unsigned own_slot;
    unsigned own_lane;
    uint64_t generation;                /* 48 bits, chooses between copies */
    uint8_t lane_key[LW_LANES][LW_KEY]; /* random where the lane is not known */
    struct keyring_slot slot[LW_SLOTS];
};

/* A lane is known if and only if a known slot has it. */
bool keyring_knows_lane(const struct keyring *ring, unsigned lane);

/* An unlocked vault. `ring` and everything in it stands in locked memory. */
struct lw_vault {
    int fd; /* for header and roots; lanes open descriptors of their own */
    char *path;
    char *head_path;   /* a file of its own for pages 0 to 2; NULL: they are the vault's */
    bool head_missing; /* it could not be read when it was last looked for */
    bool unpublished;  /* being built: nobody else has it, and its header may not be written yet */
    dev_t device;
    ino_t inode;
    uint64_t bytes;
    uint32_t pages;
    int profile;
    uint8_t salt[LW_SALT];
    uint8_t id[LW_ID]; /* BLAKE2b-256 of the salt */
    struct keyring *ring;
    uint8_t header[LW_HEADER]; /* as last written or verified by this session */
};

/* Checks that this session's slot still opens the header with the same lanes and lane keys, reading
 * through fd (a descriptor of the same file), or the file of a detached header. Costs one read of 8
 * KiB while nothing changed. REVOKED where it does not; IO; NO_INPUT: the stick with the header is
 * not there (errno says why). */
enum lw_status vault_still_mine(struct lw_vault *vault, int fd);
/* The same for a session that saves: a stick that was pulled out is no lost slot, and what was
 * typed must not be lost with it. vault->head_missing tells. */
enum lw_status vault_may_go_on(struct lw_vault *vault, int fd);
/* A sentence for what vault_still_mine returned other than OK. */
enum lw_status vault_not_mine(const struct lw_vault *vault, enum lw_status status,
                              struct lw_error *err);

/* A second, independent open() of the same file (never a dup), O_CLOEXEC. */
enum lw_status vault_reopen(const struct lw_vault *vault, bool write, int *fd,
                            struct lw_error *err);

/* ---- locks (lock.c): open-file-description locks beyond the end of the file ---- */

/* One byte each at offsets from BLAKE2b of the vault id, equal for everybody. */
enum lock_kind { LOCK_HEADER, LOCK_WRITER };

/* Never waits: BUSY where another descriptor holds it. */
enum lw_status lock_take(int fd, const uint8_t id[LW_ID], enum lock_kind kind);
void lock_drop(int fd, const uint8_t id[LW_ID], enum lock_kind kind);
/* Retries every few milliseconds for at most wait_ms; BUSY after. */
enum lw_status lock_take_within(int fd, const uint8_t id[LW_ID], enum lock_kind kind, int wait_ms);

/* PIN[generation] of a lane: shared locks from a base that only holders of the lane key know. */
enum lw_status pin_take(int fd, uint64_t base, uint64_t generation);
void pin_drop(int fd, uint64_t base, uint64_t generation);
/* The generations below `limit` pinned by other descriptors, ascending, malloc'd into *list. */
enum lw_status pin_list(int fd, uint64_t base, uint64_t limit, uint64_t **list, size_t *count);

/* ---- lane (lane.c and its helpers) ---- */

/* Writes the first root of an empty lane (generation as given, 0 pages) into a fresh file; the
 * caller syncs. */
enum lw_status lane_format(const struct lw_vault *vault, unsigned lane, uint64_t generation);

/* ---- files (fill.c) ---- */

/* Random bytes over [from, to) of fd from a ChaCha20 stream under a throw-away key. */
enum lw_status fill_random(int fd, uint64_t from, uint64_t to, const struct lw_progress *progress,
                           struct lw_error *err);

#endif
