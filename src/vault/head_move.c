/*
 * Moving the header: out of the vault onto a stick, from one stick to another, back into the vault.
 *
 * The bytes are copied as they are, under the writer's and the header lock. The copy is synced,
 * read back and opened with this session's slot before it gets its name; only then is the old place
 * overwritten. So a cut leaves one place that opens the vault, or both, and then both are equal
 * until one of them is used; which of them is newer is looked at by every unlock (header.c), and
 * the same move, repeated, goes on.
 */
#include "head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 2000 };

struct move {
    struct lw_vault *vault;
    int fd;   /* of the vault; holds the writer's lock */
    int from; /* of the file that the header stands in; fd where that is the vault */
    char *to; /* NULL: into the vault */
    char *to_new;
    uint8_t head[HEAD_BYTES];
};

/* ---- before --------------------------------------------------------------------------------- */

static bool same_place(const struct lw_vault *vault, const char *to)
{
    struct stat a, b;

    if (vault->head_path == NULL || to == NULL)
        return vault->head_path == NULL && to == NULL;
    return strcmp(vault->head_path, to) == 0 ||
           (stat(vault->head_path, &a) == 0 && stat(to, &b) == 0 && a.st_dev == b.st_dev &&
            a.st_ino == b.st_ino);
}

static enum lw_status check_target(const struct move *move, struct lw_error *err)
{
    const struct lw_vault *vault = move->vault;

    if (same_place(vault, move->to))
        return lw_fail(err, LW_REFUSED, "the header is in %s already",
                       move->to != NULL ? move->to : vault->path);
    if (move->to != NULL && name_is_reserved(move->to))
        return name_refuse(move->to, err);
    return LW_OK;
}

/* As it stands now, which must be what this session knows. */
static enum lw_status read_source(struct move *move, struct lw_error *err)
{
    struct lw_vault *vault = move->vault;
    enum lw_status status = vault_still_mine(vault, move->fd);

    if (status != LW_OK)
        return vault_not_mine(vault, status, err);
    status = head_open(vault, true, &move->from, err);
    if (status != LW_OK)
        return status;
    if (vault->head_path == NULL)
        move->from = move->fd;
    status = head_read(move->from, move->head);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "the header cannot be read");
    if (memcmp(move->head, vault->salt, LW_SALT) != 0 ||
        memcmp(move->head + LW_PAGE, vault->header, LW_HEADER) != 0)
        return lw_fail(err, LW_BUSY, "another process writes the header: try again");
    return LW_OK;
}

/* ---- the new place -------------------------------------------------------------------------- */

/* What those slots open in fd, by the keys that this session knows, of the copies that may be
 * looked at. */
static enum lw_status read_copy(const struct move *move, int fd, uint8_t head[HEAD_BYTES],
                                unsigned slots, unsigned copies, struct keyring *ring)
{
    const struct lw_vault *vault = move->vault;
    struct slot_keys *keys = slot_keys_new();
    enum lw_status status = keys == NULL ? LW_NO_MEMORY : head_read(fd, head);

    if (status == LW_OK) {
        slot_keys_take(keys, vault->ring, slots);
        status = keyring_find(head + LW_PAGE, vault->id, keys, copies, ring);
    }
    slot_keys_free(keys);
    return status;
}

static enum lw_status opens(const struct move *move, int fd)
{
    uint8_t head[HEAD_BYTES];
    struct keyring *ring = keyring_new();
    enum lw_status status = ring == NULL ? LW_NO_MEMORY : LW_OK;

    for (unsigned copy = 0; copy < COPY_COUNT && status == LW_OK; copy++)
        status = read_copy(move, fd, head, 1U << move->vault->ring->own_slot, COPY_BIT(copy), ring);
    keyring_free(ring);
    return status;
}

/* A copy that an earlier move of this header left, by its salt or its slots: either may be torn. */
static bool is_earlier_copy(const struct move *move, const char *path)
{
    uint8_t salt[LW_SALT];
    int fd = -1;
    bool is = head_open_file(path, false, &fd, NULL) == LW_OK &&
              lw_file_read_at(fd, salt, LW_SALT, 0) == LW_OK &&
              (memcmp(salt, move->head, LW_SALT) == 0 || opens(move, fd) == LW_OK);

    if (fd >= 0)
        close(fd);
    return is;
}

/* An unfinished copy is of no use to anybody but this move. */
static void remove_earlier_new(const struct move *move)
{
    int fd;

    head_remove_unfinished(move->to);
    fd = is_earlier_copy(move, move->to_new) ? open_leftover(move->to_new) : -1;
    if (fd >= 0 && building_lock(fd) == LW_OK)
        (void)wipe_and_remove(fd, move->to_new, NULL);
    if (fd >= 0)
        close(fd);
}

static enum lw_status put(const struct move *move, int fd, const char *name, struct lw_error *err)
{
    enum lw_status status =
        fd == move->fd ? head_put_inside(fd, move->head) : head_put(fd, move->head);

    if (status != LW_OK)
        return lw_fail_errno(err, status, "the header %s cannot be written", name);
    status = opens(move, fd);
    if (status == LW_OK)
        return LW_OK;
    return lw_fail(
        err, status == LW_NO_MEMORY ? status : LW_IO,
        "what was written to %s does not open: the device does not keep what it is given", name);
}

/* REFUSED where it was opened since it was made: as many times as the source at least, and neither
 * copy is the source's. One that no slot opens of those which this session knows is torn. */
static enum lw_status check_older(const struct move *move, int fd, struct lw_error *err)
{
    uint8_t head[HEAD_BYTES];
    struct keyring *ring = keyring_new();
    enum lw_status status =
        ring == NULL ? LW_NO_MEMORY : read_copy(move, fd, head, ALL_SLOTS, BOTH_COPIES, ring);
    bool newer = status == LW_OK && ring->generation >= move->vault->ring->generation;

    keyring_free(ring);
    if (status != LW_OK && status != LW_NOT_FOUND)
        return lw_fail_errno(err, status, "the header %s cannot be read", move->to);
    for (unsigned copy = 0; copy < COPY_COUNT; copy++) {
        size_t at = LW_PAGE * (1 + copy);

        if (newer && memcmp(head + at, move->head + at, LW_PAGE) == 0)
            newer = false; /* an attempt of this session */
    }
    if (!newer)
        return LW_OK;
    return lw_fail(err, LW_REFUSED,
                   "%s has been opened since a move to it was cut off: it is the header now. "
                   "Go on with that one; what was opened now is an older copy, which opens "
                   "the vault too as long as it is there",
                   move->to);
}

static enum lw_status put_again(const struct move *move, struct lw_error *err)
{
    int fd = -1;
    enum lw_status status = head_open_file(move->to, true, &fd, err);

    if (status != LW_OK)
        return status;
    status = check_older(move, fd, err);
    if (status == LW_OK)
        status = put(move, fd, move->to, err);
    close(fd);
    return status;
}

static enum lw_status put_new(const struct move *move, struct lw_error *err)
{
    int fd = -1;
    enum lw_status status;

    remove_earlier_new(move);
    status = head_create(move->to, move->to_new, &fd, err);
    if (status != LW_OK)
        return status;
    status = put(move, fd, move->to_new, err);
    if (status == LW_OK)
        status = head_publish(move->to, move->to_new, fd, false, err);
    if (status != LW_OK)
        (void)wipe_and_remove(fd, file_has_name(fd, move->to) ? move->to : move->to_new, NULL);
    close(fd);
    return status;
}

static enum lw_status put_at_target(const struct move *move, struct lw_error *err)
{
    struct stat info;
    enum lw_status status;

    if (move->to == NULL) {
        status = put(move, move->fd, move->vault->path, err);
        if (status != LW_OK)
            (void)!head_clear(move->fd);
        return status;
    }
    if (lstat(move->to, &info) != 0)
        return put_new(move, err);
    if (is_earlier_copy(move, move->to))
        return put_again(move, err);
    return lw_fail(err, LW_EXISTS, "%s exists already: choose another name", move->to);
}

/* ---- the old place -------------------------------------------------------------------------- */

/* Whoever does not wait for the header lock may have written meanwhile. */
static bool source_changed(const struct move *move)
{
    uint8_t now[HEAD_BYTES];

    return head_read(move->from, now) != LW_OK || memcmp(now, move->head, HEAD_BYTES) != 0;
}

static void clear_target(const struct move *move)
{
    int fd;

    if (move->to == NULL) {
        (void)!head_clear(move->fd);
        return;
    }
    fd = open_leftover(move->to);
    if (fd >= 0) {
        (void)wipe_and_remove(fd, move->to, NULL);
        close(fd);
    }
}

static enum lw_status clear_source(const struct move *move, struct lw_error *err)
{
    const char *path = move->vault->head_path;
    enum lw_status status;

    if (path != NULL)
        status = wipe_and_remove(move->from, path, err);
    else if ((status = head_clear(move->from)) != LW_OK)
        lw_fail_errno(err, status, "%s cannot be written", move->vault->path);
    if (status != LW_OK)
        lw_error_prefix(err, "the header is in %s now, but the old one is not overwritten",
                        move->to != NULL ? move->to : move->vault->path);
    return status;
}

static enum lw_status move_locked(struct move *move, struct lw_error *err)
{
    struct lw_vault *vault = move->vault;
    enum lw_status status = read_source(move, err);

    if (status == LW_OK)
        status = put_at_target(move, err);
    if (status != LW_OK)
        return status;
    if (source_changed(move)) {
        clear_target(move);
        return lw_fail(err, LW_BUSY, "another process writes the header: try again");
    }
    status = clear_source(move, err);
    free(vault->head_path);
    vault->head_path = move->to;
    move->to = NULL;
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum lw_status take_locks(struct move *move, struct lw_error *err)
{
    const struct lw_vault *vault = move->vault;
    enum lw_status status = lock_take(move->fd, vault->id, LOCK_WRITER);

    if (status == LW_OK)
        status = lock_take_within(move->fd, vault->id, LOCK_HEADER, LOCK_WAIT_MS);
    if (status != LW_OK)
        return lw_fail(err, status, "another process is writing to %s: try again", vault->path);
    if (!file_has_name(move->fd, vault->path))
        return lw_fail(err, LW_STALE, "%s is another file by now: close and open it again",
                       vault->path);
    return LW_OK;
}

enum lw_status lw_vault_header_move(struct lw_vault *vault, const char *to, struct lw_error *err)
{
    struct move move = {.vault = vault, .fd = -1, .from = -1};
    enum lw_status status = LW_OK;

    if (to != NULL) {
        move.to = path_resolve(to);
        move.to_new = move.to != NULL ? path_with(move.to, SUFFIX_NEW) : NULL;
        if (move.to_new == NULL)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    if (status == LW_OK)
        status = check_target(&move, err);
    if (status == LW_OK)
        status = vault_reopen(vault, true, &move.fd, err);
    if (status == LW_OK)
        status = take_locks(&move, err);
    if (status == LW_OK)
        status = move_locked(&move, err);
    if (move.from >= 0 && move.from != move.fd)
        close(move.from);
    if (move.fd >= 0)
        close(move.fd); /* drops the locks */
    free(move.to);
    free(move.to_new);
    return status;
}

/* ---- looking from outside -------------------------------------------------------------------- */

static bool salt_of(const char *path, uint8_t salt[LW_SALT], struct stat *info)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool read = fd >= 0 && fstat(fd, info) == 0 && S_ISREG(info->st_mode) &&
                lw_file_read_at(fd, salt, LW_SALT, 0) == LW_OK;

    if (fd >= 0)
        close(fd);
    return read;
}

enum lw_status lw_header_look(const char *vault, const char *header, struct lw_header_look *look,
                              struct lw_error *err)
{
    uint8_t salt[LW_SALT], inside[LW_SALT];
    struct stat info, other, beside;
    char *name;
    int fd = -1;
    enum lw_status status;

    memset(look, 0, sizeof *look);
    name = path_with(header, SUFFIX_NEW);
    if (name == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    look->unfinished = lstat(name, &beside) == 0;
    free(name);
    status = head_open_file(header, false, &fd, err);
    if (status != LW_OK)
        return status;
    close(fd);
    if (salt_of(header, salt, &info) && vault != NULL && salt_of(vault, inside, &other)) {
        look->in_both = memcmp(salt, inside, LW_SALT) == 0;
        look->same_device = info.st_dev == other.st_dev;
    }
    return LW_OK;
}
