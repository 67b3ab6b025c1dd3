/*
 * What a rewrite or a creation that was cut off left on a stick: PATH.new beside the header.
 *
 * A stick and a disk cannot be changed in one instant, so a rewrite that detaches the two puts the
 * new header beside the old one, exchanges the vault, and only then writes the new header over the
 * old. Which of the two counts is told by nothing but what authenticates: the new one if the vault
 * holds roots for all its lanes, and it knows other lanes or keys than the old one, or the old one
 * opens nothing. The new one is empty until the vault is about to be exchanged, so that an unlock
 * which destroyed slots meanwhile is not undone by it.
 *
 * As long as that cannot be told nothing is unlocked: under the old header, which may not know of
 * the diary's lane, a session would take its pages for free ones.
 */
#include "head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 2000 };

struct side {
    uint8_t head[HEAD_BYTES];
    bool there;
    bool opens;
    bool belongs;
    struct keyring *ring;
};

struct settle {
    struct lw_vault *vault;
    char *new_path;
    int new_fd;
    struct side old, fresh;
};

static bool same_salt(const struct settle *settle)
{
    return memcmp(settle->old.head, settle->fresh.head, LW_SALT) == 0;
}

/* What cannot be told is an error: a side that only seems not to open, or not to belong, would be
 * overwritten for it. */
static enum lw_status look_into(struct settle *settle, struct side *side,
                                const struct slot_keys *keys, bool own_lane_only,
                                struct lw_error *err)
{
    struct lw_vault *vault = settle->vault;
    uint8_t id[LW_ID];
    enum lw_status status;

    vault_id(side->head, id);
    status = keyring_find(side->head + LW_PAGE, id, keys, BOTH_COPIES, side->ring);
    side->opens = status == LW_OK;
    if (status == LW_NOT_FOUND)
        return LW_OK;
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    return head_belongs(vault, vault->fd, side->ring, side->head, own_lane_only, &side->belongs,
                        err);
}

/* With one profile; both where they have the same salt cost one derivation. */
static enum lw_status try_profile(struct settle *settle, const struct lw_passphrase *pass,
                                  int profile, struct slot_keys *keys, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (settle->old.there) {
        status = kdf_derive(profile, pass, settle->old.head, keys, err);
        if (status == LW_OK)
            status = look_into(settle, &settle->old, keys, true, err);
    }
    if (status == LW_OK && (!settle->old.there || !same_salt(settle)))
        status = kdf_derive(profile, pass, settle->fresh.head, keys, err);
    if (status == LW_OK)
        status = look_into(settle, &settle->fresh, keys, false, err);
    return status;
}

static enum lw_status try_profiles(struct settle *settle, const struct lw_passphrase *pass,
                                   int first, struct lw_error *err)
{
    struct slot_keys *keys = slot_keys_new();
    int count = (int)lw_kdf_profile_count;
    enum lw_status status = keys == NULL ? lw_fail(err, LW_NO_MEMORY, "out of memory") : LW_OK;
    bool opens = false, short_of_memory = keys == NULL;

    if (first < 0 || first >= count)
        first = 0;
    for (int i = -1; i < count && status == LW_OK && !opens; i++) {
        if (i == first)
            continue;
        status = try_profile(settle, pass, i < 0 ? first : i, keys, err);
        opens = settle->old.opens || settle->fresh.opens;
        if (status == LW_NO_MEMORY && !opens) {
            short_of_memory = true;
            status = LW_OK; /* another one may need less */
        }
    }
    slot_keys_free(keys);
    return status == LW_OK && !opens && short_of_memory ? LW_NO_MEMORY : status;
}

static bool know_the_same(const struct keyring *a, const struct keyring *b)
{
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        bool known = keyring_knows_lane(a, lane);

        if (known != keyring_knows_lane(b, lane) ||
            (known && sodium_memcmp(a->lane_key[lane], b->lane_key[lane], LW_KEY) != 0))
            return false;
    }
    return true;
}

static enum lw_status decide(struct settle *settle, struct lw_error *err)
{
    const struct side *old = &settle->old, *fresh = &settle->fresh;

    if (fresh->belongs && (!old->belongs || !know_the_same(old->ring, fresh->ring)))
        return head_publish(settle->vault->head_path, settle->new_path, settle->new_fd, old->there,
                            err);
    if (old->belongs && fresh->opens) /* else what a duress unlock destroys would stand there */
        return wipe_and_remove(settle->new_fd, settle->new_path, err);
    if (old->belongs) /* it may be anything, and be left alone then */
        (void)head_remove(settle->new_fd, settle->new_path, NULL);
    return LW_OK; /* neither: unlocking says why */
}

/* There: whole, whatever is in it. */
static enum lw_status read_old(const struct lw_vault *vault, struct side *old, struct lw_error *err)
{
    struct lw_error why = {.status = LW_OK};
    int fd = -1;
    enum lw_status status = head_open_file(vault->head_path, false, &fd, &why);

    old->there = false;
    if (status != LW_OK && errno == ENOENT)
        return LW_OK;
    if (status != LW_OK) {
        if (err != NULL)
            *err = why;
        return status;
    }
    status = head_read(fd, old->head);
    if (status == LW_OK || status == LW_DAMAGED)
        old->there = status == LW_OK;
    else
        lw_fail_errno(err, status, "the header %s cannot be read", vault->head_path);
    close(fd);
    return status == LW_DAMAGED ? LW_OK : status;
}

/* Deriving took its time: neither may have changed. */
static enum lw_status check_unchanged(const struct settle *settle, bool locked,
                                      struct lw_error *err)
{
    struct side again;
    enum lw_status status = read_old(settle->vault, &again, err);

    if (status != LW_OK)
        return status;
    if (locked && again.there == settle->old.there &&
        (!again.there || memcmp(again.head, settle->old.head, HEAD_BYTES) == 0))
        return LW_OK;
    return lw_fail(err, LW_BUSY, "another process is working on %s: try again",
                   settle->vault->head_path);
}

static enum lw_status settle_locked(struct settle *settle, const struct lw_passphrase *pass,
                                    int first, struct lw_error *err)
{
    const struct lw_vault *vault = settle->vault;
    uint8_t id[LW_ID];
    enum lw_status status = try_profiles(settle, pass, first, err);
    bool locked;

    if (status != LW_OK)
        return status;
    vault_id(settle->old.there ? settle->old.head : settle->fresh.head, id);
    locked = lock_take_within(vault->fd, id, LOCK_HEADER, LOCK_WAIT_MS) == LW_OK;
    status = check_unchanged(settle, locked, err);
    if (status == LW_OK)
        status = decide(settle, err);
    if (locked)
        lock_drop(vault->fd, id, LOCK_HEADER);
    return status;
}

static enum lw_status settle_read(struct settle *settle, const struct lw_passphrase *pass,
                                  int first, struct lw_error *err)
{
    enum lw_status status;

    settle->old.ring = keyring_new();
    settle->fresh.ring = keyring_new();
    if (settle->old.ring == NULL || settle->fresh.ring == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    status = head_read(settle->new_fd, settle->fresh.head);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "%s cannot be read, and may be the header of this vault: copy it and the "
                             "vault before you try anything, such as --header with its name",
                             settle->new_path);
    status = read_old(settle->vault, &settle->old, err);
    return status == LW_OK ? settle_locked(settle, pass, first, err) : status;
}

/* Waits a while for a rewrite that is about to end. OK: taken, or the vault is not exchanged yet and
 * the old header counts (*taken says which). */
static enum lw_status take_new(const struct settle *settle, bool *taken, struct lw_error *err)
{
    const struct timespec pause = {0, 50 * 1000 * 1000};
    enum lw_status status = building_lock(settle->new_fd);

    for (int i = 0; status == LW_BUSY && i < LOCK_WAIT_MS / 50; i++) {
        if (head_is_unfinished(settle->new_fd))
            break;
        nanosleep(&pause, NULL);
        status = building_lock(settle->new_fd);
    }
    *taken = status == LW_OK;
    if (status == LW_OK || (status == LW_BUSY && head_is_unfinished(settle->new_fd)))
        return LW_OK;
    if (status == LW_BUSY)
        return lw_fail(err, status, "another process is working on %s: try again",
                       settle->vault->head_path);
    return lw_fail_errno(err, status, "%s cannot be locked on this file system", settle->new_path);
}

static enum lw_status settle_new(struct settle *settle, const struct lw_passphrase *pass, int first,
                                 struct lw_error *err)
{
    bool taken = false;
    enum lw_status status = take_new(settle, &taken, err);

    if (status != LW_OK || !taken || !file_has_name(settle->new_fd, settle->new_path))
        return status; /* without its name all has just ended */
    if (head_is_unfinished(settle->new_fd)) {
        (void)head_remove(settle->new_fd, settle->new_path, NULL);
        return LW_OK;
    }
    return size_of_file(settle->new_fd) == HEAD_BYTES ? settle_read(settle, pass, first, err)
                                                      : LW_OK;
}

/* A link, a folder, a device is none of ours, and in nobody's way; nor is a name that none can have. */
static bool is_none_of_ours(int number)
{
    return number == ENOENT || number == ELOOP || number == EISDIR || number == ENXIO ||
           number == ENAMETOOLONG || number == ENOTDIR;
}

enum lw_status head_settle(struct lw_vault *vault, const struct lw_passphrase *pass, int first,
                           struct lw_error *err)
{
    struct settle *settle = calloc(1, sizeof *settle);
    enum lw_status status = LW_OK;

    if (settle != NULL)
        settle->new_path = path_with(vault->head_path, SUFFIX_NEW);
    if (settle == NULL || settle->new_path == NULL) {
        free(settle);
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    settle->vault = vault;
    settle->new_fd = open_leftover(settle->new_path);
    if (settle->new_fd >= 0) {
        status = settle_new(settle, pass, first, err);
        close(settle->new_fd);
    } else if (!is_none_of_ours(errno)) {
        status = lw_fail_errno(err, LW_IO,
                               "%s cannot be opened, and may be the header of this vault: see why, "
                               "and do not remove it",
                               settle->new_path);
    }
    keyring_free(settle->old.ring);
    keyring_free(settle->fresh.ring);
    free(settle->new_path);
    free(settle);
    return status;
}
