/* A byte copy of the vault as it is. */
#include "head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 20, HEAD = (PAGE_HEADER_B + 1) * LW_PAGE, LOCK_WAIT_MS = 2000 };

struct copy {
    const struct lw_vault *vault;
    const char *to;
    int from_fd;
    int to_fd;
    const struct lw_progress *progress;
    uint8_t *piece;
};

static enum lw_status copy_piece(struct copy *copy, uint64_t at, size_t len, struct lw_error *err)
{
    enum lw_status status = lw_file_read_at(copy->from_fd, copy->piece, len, (off_t)at);

    if (status != LW_OK)
        return lw_fail_errno(err, status, "cannot read %s", copy->vault->path);
    status = lw_file_write_at(copy->to_fd, copy->piece, len, (off_t)at);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "cannot write %s", copy->to);
    if (copy->progress != NULL && copy->progress->step != NULL &&
        !copy->progress->step(copy->progress->context, at + len, copy->vault->bytes))
        return lw_fail(err, LW_CANCELLED, "cancelled, %s is removed", copy->to);
    return LW_OK;
}

/* The header belongs to unlocks, which do not ask for the writer's lock. */
static enum lw_status copy_head(struct copy *copy, struct lw_error *err)
{
    const uint8_t *id = copy->vault->id;
    bool locked = lock_take_within(copy->from_fd, id, LOCK_HEADER, LOCK_WAIT_MS) == LW_OK;
    enum lw_status status = copy_piece(copy, 0, HEAD, err);

    if (locked)
        lock_drop(copy->from_fd, id, LOCK_HEADER);
    return status;
}

static enum lw_status copy_all(struct copy *copy, struct lw_error *err)
{
    enum lw_status status = copy_head(copy, err);

    for (uint64_t at = HEAD; status == LW_OK && at < copy->vault->bytes;) {
        uint64_t left = copy->vault->bytes - at;
        size_t len = left < PIECE ? (size_t)left : PIECE;

        status = copy_piece(copy, at, len, err);
        at += len;
    }
    if (status == LW_OK && fsync(copy->to_fd) != 0)
        status = lw_fail_errno(err, LW_IO, "cannot sync %s", copy->to);
    if (status == LW_OK && lw_path_sync_folder(copy->to) != LW_OK)
        status = lw_fail_errno(err, LW_IO, "cannot sync the folder of %s", copy->to);
    return status;
}

static enum lw_status copy_to(struct copy *copy, struct lw_error *err)
{
    enum lw_status status = file_create(copy->to, &copy->to_fd, err);

    if (status != LW_OK)
        return status;
    status = disk_has_room(copy->to_fd, copy->to, copy->vault->bytes, err);
    if (status == LW_OK)
        status = copy_all(copy, err);
    if (status != LW_OK)
        (void)unlink(copy->to);
    close(copy->to_fd);
    return status;
}

enum lw_status lw_vault_backup(struct lw_vault *vault, const char *to,
                               const struct lw_progress *progress, struct lw_error *err)
{
    struct copy copy = {.vault = vault, .to = to, .progress = progress};
    enum lw_status status;

    if (name_is_reserved(to))
        return name_refuse(to, err);
    status = vault_reopen(vault, true, &copy.from_fd, err);
    if (status != LW_OK)
        return status;
    copy.piece = malloc(PIECE);
    if (copy.piece == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory for a backup");
    if (status == LW_OK) {
        status = lock_take(copy.from_fd, vault->id, LOCK_WRITER);
        if (status != LW_OK)
            lw_fail(err, status, "another process is writing to %s: try again", vault->path);
    }
    if (status == LW_OK) {
        status = vault_still_mine(vault, copy.from_fd);
        if (status != LW_OK)
            status = vault_not_mine(vault, status, err);
    }
    if (status == LW_OK)
        status = copy_to(&copy, err);
    free(copy.piece);
    close(copy.from_fd); /* drops the lock */
    return status;
}

/* ---- a detached header ----------------------------------------------------------------------- */

static enum lw_status write_copy(const char *to, const uint8_t head[HEAD_BYTES],
                                 struct lw_error *err)
{
    int fd = -1;
    enum lw_status status = file_create(to, &fd, err);

    if (status != LW_OK)
        return status;
    status = head_put(fd, head);
    if (status == LW_OK && lw_path_sync_folder(to) != LW_OK)
        status = LW_IO;
    if (status != LW_OK) {
        lw_fail_errno(err, status, "cannot write %s", to);
        (void)unlink(to);
    }
    close(fd);
    return status;
}

enum lw_status lw_vault_header_copy(struct lw_vault *vault, const char *to, struct lw_error *err)
{
    uint8_t head[HEAD_BYTES];
    int fd = -1;
    bool locked;
    enum lw_status status;

    if (vault->head_path == NULL)
        return lw_fail(err, LW_REFUSED, "the header of %s is in it, and copied with it",
                       vault->path);
    if (name_is_reserved(to))
        return name_refuse(to, err);
    status = vault_still_mine(vault, vault->fd);
    if (status != LW_OK)
        return vault_not_mine(vault, status, err);
    status = head_open(vault, false, &fd, err);
    if (status != LW_OK)
        return status;
    locked = lock_take_within(vault->fd, vault->id, LOCK_HEADER, LOCK_WAIT_MS) == LW_OK;
    status = head_read(fd, head);
    if (locked)
        lock_drop(vault->fd, vault->id, LOCK_HEADER);
    head_close(vault, fd);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "the header %s cannot be read", vault->head_path);
    return write_copy(to, head, err);
}
