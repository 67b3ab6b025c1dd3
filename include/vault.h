/*
 * vault: one encrypted file of 4096-byte pages, indistinguishable from random bytes.
 * Secrets, the keyring in the header, lanes (authenticated copy-on-write trees), the wipe.
 * The format is specified in man/lapwing-vault.5. libsodium is used here and nowhere else.
 */
#ifndef LW_VAULT_H
#define LW_VAULT_H

#include "base.h"

#define LW_PAGE        4096 /* bytes of a page on disk */
#define LW_PAYLOAD     4040 /* bytes of a page that belong to the layer above */
#define LW_SLOTS       8
#define LW_LANES       2
#define LW_KEY         32
#define LW_HASH        32
#define LW_VAULT_MIN   (UINT64_C(4) << 20)
#define LW_VAULT_MAX   (UINT64_C(64) << 30)
#define LW_VAULT_USUAL (UINT64_C(64) << 20)

/* Must be called once before anything else of this layer. */
enum lw_status lw_crypto_start(void) LW_MUST_USE;
/* Random bytes of the operating system's generator, through libsodium. */
void lw_random(void *data, size_t len);
/* Uniform in [0, limit); limit > 0. */
uint32_t lw_random_below(uint32_t limit);
/* BLAKE2b-256, for the hash chain of revisions. */
void lw_hash256(const void *data, size_t len, uint8_t hash[LW_HASH]);

/* ---- passphrase --------------------------------------------------------------------------- */

#define LW_PASSPHRASE_MAX 1024 /* bytes */

/* A passphrase in locked memory that is zeroed on free. */
struct lw_passphrase;

struct lw_passphrase *lw_passphrase_new(void) LW_MUST_USE; /* NULL: out of memory */
/* One byte of input; false when it is full. */
bool lw_passphrase_push(struct lw_passphrase *pass, uint8_t byte);
/* Takes the last UTF-8 character back. */
void lw_passphrase_pop(struct lw_passphrase *pass);
void lw_passphrase_clear(struct lw_passphrase *pass);
size_t lw_passphrase_len(const struct lw_passphrase *pass);
bool lw_passphrase_equal(const struct lw_passphrase *a, const struct lw_passphrase *b);
/* Reads bytes from fd up to newline or end of file, into locked memory directly, a byte a read so
 * that nothing behind the line is taken. *ended (may be NULL) tells that no newline came. */
enum lw_status lw_passphrase_read(struct lw_passphrase *pass, int fd, bool *ended,
                                  struct lw_error *err) LW_MUST_USE;
/* Words separated by blanks, hyphens, dots. */
unsigned lw_passphrase_words(const struct lw_passphrase *pass);
/* Lower bound of its strength in bits as a plain estimate (words * 12.9 for four or more different
 * words of three or more letters, else per character), for the prompt that makes a vault. */
unsigned lw_passphrase_bits(const struct lw_passphrase *pass);
/* True when any letter is not ASCII: the prompt says so, another layout may be on. */
bool lw_passphrase_has_non_ascii(const struct lw_passphrase *pass);
/* True when a duress passphrase is too close to the real one: equal under case folding, edit
 * distance of three or less, one within the other, or a shared word of four or more letters. */
bool lw_passphrase_too_close(const struct lw_passphrase *a, const struct lw_passphrase *b);
void lw_passphrase_free(struct lw_passphrase *pass);

/* ---- key derivation profiles ---------------------------------------------------------------- */

/* Compiled in, because a random-looking file cannot carry parameters. The table stands in a file of
 * its own (kdf_profiles.c); the test binary is linked with another one that adds a cheap profile. */
struct lw_kdf_profile {
    const char *name;          /* "standard", "lite" */
    unsigned long long passes; /* Argon2id t */
    size_t memory;             /* Argon2id m, bytes */
};
extern const struct lw_kdf_profile lw_kdf_profiles[];
extern const size_t lw_kdf_profile_count;
/* Index of the profile of that name, or -1. */
int lw_kdf_profile_find(const char *name);

/* ---- vault -------------------------------------------------------------------------------- */

struct lw_vault; /* an unlocked vault: descriptor, own slot, lane keys (in locked memory) */

/* Called now and then during long work; returns false to cancel. done and total in bytes. */
struct lw_progress {
    bool (*step)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* Unlocks (lapwing-vault(5), "Unlocking"): derives with the profile of index `first`, then with the
 * others, and rewrites the header. WRONG_PASSPHRASE writes nothing. NO_INPUT: no such file;
 * NOT_VAULT: its size or type cannot be a vault's; BUSY: the header would not hold still. Before
 * that it finishes what an interrupted rewrite or wipe left beside path. */
enum lw_status lw_vault_open(const char *path, const struct lw_passphrase *pass, int first,
                             struct lw_vault **out, struct lw_error *err) LW_MUST_USE;
/* The same where salt and header stand in a file of their own (NULL: in the vault). NO_INPUT where
 * that is not there, READ_ONLY; NOT_VAULT also where the two do not belong together; REFUSED where
 * the vault holds a newer header itself. Finishes a rewrite or a move that was cut off. */
enum lw_status lw_vault_open_with(const char *path, const char *header,
                                  const struct lw_passphrase *pass, int first,
                                  struct lw_vault **out, struct lw_error *err) LW_MUST_USE;
/* Zeroes the keys, closes. NULL does nothing. */
void lw_vault_close(struct lw_vault *vault);

const char *lw_vault_path(const struct lw_vault *vault);
/* The file that its header stands in; NULL: the vault itself. */
const char *lw_vault_header(const struct lw_vault *vault);
/* True where that could not be read when it was last looked for: what is saved is saved all the
 * same, but a wipe or another passphrase elsewhere is not noticed. */
bool lw_vault_header_missing(const struct lw_vault *vault);
uint64_t lw_vault_bytes(const struct lw_vault *vault);
int lw_vault_profile(const struct lw_vault *vault);
unsigned lw_vault_own_lane(const struct lw_vault *vault);
/* Of the passphrase that unlocked it. */
unsigned lw_vault_own_slot(const struct lw_vault *vault);
bool lw_vault_knows_lane(const struct lw_vault *vault, unsigned lane);
/* Passphrases of the own lane (the one that unlocked included). */
unsigned lw_vault_passphrases(const struct lw_vault *vault);
/* True where this session knows the other lane: a duress passphrase is armed. */
bool lw_vault_duress_armed(const struct lw_vault *vault);

/* Whether this session may go on; costs one small read, for polling. REVOKED: its passphrase no
 * longer opens the vault, or the file was wiped, replaced or removed. STALE: the stick with the
 * header came back, and this process may not read it. IO: it cannot be told now. A stick that is
 * gone is no error, see lw_vault_header_missing. */
enum lw_status lw_vault_watch(struct lw_vault *vault, struct lw_error *err) LW_MUST_USE;

/* Another passphrase for the own lane. REFUSED: it opens a slot already, or no slot is free. */
enum lw_status lw_vault_passphrase_add(struct lw_vault *vault, const struct lw_passphrase *added,
                                       struct lw_error *err) LW_MUST_USE;
/* Replaces the passphrase that unlocked this session. An image taken before still opens with it. */
enum lw_status lw_vault_passphrase_change(struct lw_vault *vault, const struct lw_passphrase *fresh,
                                          struct lw_error *err) LW_MUST_USE;
/* OK where the passphrase opens a known slot (then *slot and *lane say which), NOT_FOUND else.
 * Decrypts only, never unlocks. */
enum lw_status lw_vault_passphrase_find(struct lw_vault *vault, const struct lw_passphrase *pass,
                                        unsigned *slot, unsigned *lane, struct lw_error *err)
    LW_MUST_USE;

/* ---- building: create, resize, arm duress, revoke ------------------------------------------ */

/* One operation in several uses: a new file is built as NAME.new, filled, then takes the name NAME
 * at once (rename without replacing, or an exchange after which the old file is wiped). */
struct lw_build;

struct lw_build_plan {
    uint64_t bytes; /* size of the new file, a multiple of LW_PAGE in [LW_VAULT_MIN, LW_VAULT_MAX] */
    int profile;    /* index into lw_kdf_profiles; for a rewrite without new_salt: the vault's own */
    bool new_salt;  /* revoking: new salt and lane keys; kept then lists who stays */
    /* new_salt: passphrases that keep their slot, each known to open one (the first is the one that
     * unlocked this session). Creating: exactly one, the owner's. Else unused. */
    const struct lw_passphrase *const *kept;
    size_t kept_count;
    /* Arms or replaces the duress passphrase; NULL leaves it as it is (creating: none). */
    const struct lw_passphrase *duress;
    /* Creating: where salt and header are to be instead of in the vault; NULL: in it. A rewrite
     * leaves them where they are. */
    const char *header;
};

/* Creates path anew. EXISTS where it is there; CANNOT_CREATE, FULL, READ_ONLY as they come. */
enum lw_status lw_build_create(const char *path, const struct lw_build_plan *plan,
                               const struct lw_progress *progress, struct lw_build **out,
                               struct lw_error *err) LW_MUST_USE;
/* Rewrites an open vault: takes the writer's lock (BUSY), copies every known lane's live pages.
 * A new decoy lane starts empty; replacing a duress passphrase keeps its lane's contents, under a
 * new key. FULL where the live pages do not fit the new size. */
enum lw_status lw_build_rewrite(struct lw_vault *vault, const struct lw_build_plan *plan,
                                const struct lw_progress *progress, struct lw_build **out,
                                struct lw_error *err) LW_MUST_USE;
/* The new file, unlocked as the owner; to write the first rows of its lanes. Owned by the build. */
struct lw_vault *lw_build_vault(struct lw_build *build);
/* Syncs, gives it the name, syncs the folder, wipes the old file; frees the build. On success
 * *vault (may be NULL: closed) is the new vault; every lane opened on it must be closed before. The
 * vault that was rewritten stays the caller's, to be closed. REVOKED, BUSY: its header changed in a
 * way that the new file does not have, which is wiped then. */
enum lw_status lw_build_publish(struct lw_build *build, struct lw_vault **vault,
                                struct lw_error *err) LW_MUST_USE;
/* Wipes and removes NAME.new, frees. NULL does nothing. */
void lw_build_abandon(struct lw_build *build);

/* ---- a header in a file of its own ----------------------------------------------------------- */

#define LW_HEADER_BYTES (3 * LW_PAGE) /* of that file */

/* Moves salt and header of an unlocked vault to a new file (NULL: into the vault), synced, read
 * back and opened before the old place is overwritten with random. Every lane must be closed. A
 * file that a move of this header left before is taken over. EXISTS, REFUSED (it is there already),
 * READ_ONLY, FULL, BUSY; after IO the header may be in both places, the sentence says so. */
enum lw_status lw_vault_header_move(struct lw_vault *vault, const char *to,
                                    struct lw_error *err) LW_MUST_USE;
/* Copies a detached header as it is to a new file (EXISTS), for a backup. */
enum lw_status lw_vault_header_copy(struct lw_vault *vault, const char *to,
                                    struct lw_error *err) LW_MUST_USE;
/* What can be seen of a detached header without a passphrase. */
struct lw_header_look {
    bool same_device; /* as the vault */
    bool in_both;     /* the vault holds it too: a move was cut off */
    bool unfinished;  /* there is a NAME.new beside it */
};
/* OK, or why it cannot be opened (then only `unfinished` is filled). vault may be NULL. */
enum lw_status lw_header_look(const char *vault, const char *header, struct lw_header_look *look,
                              struct lw_error *err) LW_MUST_USE;

/* ---- backup and wipe ------------------------------------------------------------------------ */

/* Byte copy of the vault as it is to a new file (EXISTS), under the writer's lock, synced. */
enum lw_status lw_vault_backup(struct lw_vault *vault, const char *to,
                               const struct lw_progress *progress, struct lw_error *err)
    LW_MUST_USE;

/* What a wipe did; times in microseconds from its beginning. */
struct lw_wipe_report {
    bool keys_gone;      /* header and roots overwritten, synced, and read back as written */
    int64_t keys_us;     /* until the first overwriting was synced; 0: it was not */
    bool rest_gone;      /* renamed, overwritten, removed, folder synced */
    int64_t total_us;    /* until the end */
    int64_t done_ms;     /* wall clock of keys_us, since 1970 */
    uint64_t rest_bytes; /* what there is besides the keys */
    bool header_left; /* by lw_wipe_all: a detached header could not be wiped, the rest was */
    bool layered;     /* known with keys_gone: a layer below (overlay) may hold it as it was */
};
/* What to wipe, and how. */
struct lw_wipe_plan {
    const char *path; /* NULL: only what is held */
    int held;         /* what the path led to at an earlier time, open for writing; -1: nothing */
    bool keys_only;
    bool simulate;    /* everything but the writing */
    int64_t begun_us; /* CLOCK_MONOTONIC: times count from then; 0: from the call */
    const struct lw_progress *progress; /* of the rest; or NULL */
    /* Told when the keys are overwritten and synced, or cannot be (keys_us is 0), and when they stayed
     * so; or NULL. */
    void (*told)(void *context, const struct lw_wipe_report *report);
    void (*round)(void *context); /* now and then while the keys are watched; or NULL */
    void *context;
};
/* Needs no key and waits for nobody's lock. Pages 0 to 6 with random, in one write with RWF_DSYNC,
 * of the one that is held and of the file that path leads to now; again until two seconds have
 * passed and they read back as written; then, unless keys_only, renames to NAME.wiped, overwrites
 * and removes the rest. Never refuses because a file looks odd: only NO_INPUT (no such file) or an
 * IO error after which keys_gone tells the truth. */
enum lw_status lw_wipe_run(const struct lw_wipe_plan *plan, struct lw_wipe_report *report,
                           struct lw_error *err) LW_MUST_USE;
/* The same for a path alone. */
enum lw_status lw_vault_wipe(const char *path, bool keys_only, const struct lw_progress *progress,
                             struct lw_wipe_report *report, struct lw_error *err) LW_MUST_USE;
#define LW_WIPE_SAY 192
/* "keys overwritten and synced 14:03:22, 6 ms", by the local time of clock. */
void lw_wipe_say_keys(const struct lw_wipe_report *report, const struct lw_clock *clock,
                      char text[LW_WIPE_SAY]);
/* Finishes an interrupted rewrite (NAME.new, where nobody holds it) or wipe (NAME.wiped). */
void lw_vault_finish_leftovers(const char *path);
/* Whether the name is one of those, which neither a vault nor a header can have. */
bool lw_vault_name_reserved(const char *path);

/* ---- lane: an authenticated tree of payloads with snapshots and one writer ------------------- */

struct lw_lane; /* one connection: a descriptor of its own, never a dup */

enum lw_lane_mode { LW_LANE_READ, LW_LANE_WRITE };

/* The vault must outlive the lane. */
enum lw_status lw_lane_open(struct lw_vault *vault, unsigned lane, enum lw_lane_mode mode,
                            struct lw_lane **out, struct lw_error *err) LW_MUST_USE;
void lw_lane_close(struct lw_lane *lane);

/* Takes a snapshot of the newest state (pins its generation). Held until lw_lane_release. */
enum lw_status lw_lane_snapshot(struct lw_lane *lane) LW_MUST_USE;
/* Snapshot to writer. BUSY: another writer; STALE: the snapshot is old, release and start again;
 * REVOKED: the header no longer opens with this session's slot; READ_ONLY. Never waits. */
enum lw_status lw_lane_reserve(struct lw_lane *lane) LW_MUST_USE;
/* Payloads of the snapshot, or of the transaction while writing. index < lw_lane_pages. */
enum lw_status lw_lane_read(struct lw_lane *lane, uint32_t index, uint8_t payload[LW_PAYLOAD])
    LW_MUST_USE;
/* Writing beyond the end extends; payloads between read as zeros. FULL: no free page left. */
enum lw_status lw_lane_write(struct lw_lane *lane, uint32_t index,
                             const uint8_t payload[LW_PAYLOAD]) LW_MUST_USE;
enum lw_status lw_lane_truncate(struct lw_lane *lane, uint32_t pages) LW_MUST_USE;
/* Makes the transaction durable. On error nothing of it is there. Stays writer until
 * lw_lane_unreserve. */
enum lw_status lw_lane_commit(struct lw_lane *lane) LW_MUST_USE;
/* Drops what was not committed (its pages are overwritten) and the writer's lock. */
void lw_lane_unreserve(struct lw_lane *lane);
/* Drops the snapshot too. */
void lw_lane_release(struct lw_lane *lane);

uint32_t lw_lane_pages(const struct lw_lane *lane); /* payloads, while a snapshot is held */
/* Commits of this lane so far, as of the snapshot. */
uint64_t lw_lane_generation(const struct lw_lane *lane);
/* Sixteen bytes that differ whenever the snapshot may show something else than before. */
#define LW_LANE_STATE 16
void lw_lane_state(const struct lw_lane *lane, uint8_t state[LW_LANE_STATE]);
/* True where the newest root was not readable and the one before is shown. */
bool lw_lane_fell_back(const struct lw_lane *lane);
bool lw_lane_has_snapshot(const struct lw_lane *lane);
bool lw_lane_is_writer(const struct lw_lane *lane);
/* What the last failed call of this lane found, as a sentence; "" else. */
const char *lw_lane_error(const struct lw_lane *lane);
/* Overwrites one to four free pages with random, chosen as a commit chooses its pages, so that the
 * file's date says nothing. Does nothing where a snapshot is held or somebody else writes. */
void lw_lane_stir(struct lw_lane *lane);
/* Pages of the pool, and of them those that known lanes use, waiting ones included. */
enum lw_status lw_lane_space(struct lw_lane *lane, uint64_t *pool, uint64_t *used) LW_MUST_USE;

struct lw_lane_check {
    uint64_t pages; /* authenticated */
    uint64_t bad;   /* that failed; first_bad says where the first stands */
    char first_bad[160];
};
/* Reads and authenticates every page of the snapshot. OK also where bad > 0. */
enum lw_status lw_lane_check(struct lw_lane *lane, const struct lw_progress *progress,
                             struct lw_lane_check *report) LW_MUST_USE;

#endif
