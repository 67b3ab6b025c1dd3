/*
 * The moment at which a new file becomes the vault, and the end of the old one.
 *
 * The exchange happens under the header lock and only while the old header still says what it said
 * when the copying began: an unlock in between may have destroyed slots that the new file has. It
 * is looked at once more after the exchange, because that lock is not waited for without limit, and
 * the exchange is undone where something changed. Nothing of the old file is overwritten before the
 * folder is synced.
 */
#include "build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 2000 };

/* Closes and frees, leaving the files alone. */
static void build_free(struct lw_build *build)
{
    lw_vault_close(build->vault);
    if (build->old_fd >= 0)
        close(build->old_fd); /* drops its locks */
    if (build->head_fd >= 0)
        close(build->head_fd);
    free(build->head_new_name);
    free(build->head_name);
    keyring_free(build->old_ring);
    free(build->new_name);
    free(build->name);
    free(build);
}

void lw_build_abandon(struct lw_build *build)
{
    if (build == NULL)
        return;
    if (build->vault != NULL && build->has_content)
        (void)wipe_and_remove(build->vault->fd, build->new_name, NULL);
    else if (build->vault != NULL && file_has_name(build->vault->fd, build->new_name))
        (void)unlink(build->new_name);
    if (build->head_fd >= 0 && !build->head_published)
        (void)wipe_and_remove(build->head_fd, build->head_new_name, NULL);
    build_free(build);
}

/* ---- a header in a file of its own ------------------------------------------------------------
 */

/* Beside the old one, or alone: from here on an interruption is told by what authenticates. */
static enum lw_status put_head(struct lw_build *build, struct lw_error *err)
{
    uint8_t head[HEAD_BYTES];
    enum lw_status status;

    if (build->head_fd < 0)
        return LW_OK;
    memcpy(head, build->first_page, LW_PAGE);
    memcpy(head + LW_PAGE, build->vault->header, LW_HEADER);
    status = head_put(build->head_fd, head);
    if (status == LW_OK && lw_path_sync_folder(build->head_new_name) != LW_OK)
        status = LW_IO;
    if (status != LW_OK)
        return lw_fail_errno(err, status, "the header %s cannot be written", build->head_new_name);
    return LW_OK;
}

/* The vault has its name. Where this fails the new header stays beside, and the next opening goes
 * on with it. */
static enum lw_status name_head(struct lw_build *build, struct lw_error *err)
{
    enum lw_status status;

    if (build->head_fd < 0)
        return LW_OK;
    build->head_published = true;
    status = head_publish(build->head_name, build->head_new_name, build->head_fd,
                          build->old != NULL, err);
    if (status != LW_OK)
        lw_error_prefix(err,
                        "the vault is in place, but its header is still %s; put the stick in "
                        "and open it, which finishes this",
                        build->head_new_name);
    return status;
}

/* Reads the old header again. REVOKED or BUSY where it is not what was copied. */
static enum lw_status old_is_same(struct lw_build *build, struct lw_error *err)
{
    struct lw_vault *old = build->old;
    enum lw_status status = vault_still_mine(old, build->old_fd);

    if (status != LW_OK)
        return vault_not_mine(old, status, err);
    if (!keyring_same(old->ring, build->old_ring))
        return lw_fail(err, LW_BUSY, "the passphrases of %s were changed meanwhile: start again",
                       build->name);
    return LW_OK;
}

enum lw_status build_no_exchange(const struct lw_build *build, struct lw_error *err)
{
    return lw_fail(err, LW_CANNOT_CREATE,
                   "the file system of %s cannot exchange two files at once: copy the vault to "
                   "one that can (ext4, xfs, btrfs), do it there, and copy it back",
                   build->name);
}

static enum lw_status exchange(struct lw_build *build, struct lw_error *err)
{
    if (file_rename(build->new_name, build->name, true) == 0)
        return LW_OK;
    if (errno == EINVAL || errno == ENOSYS)
        return build_no_exchange(build, err);
    return lw_fail_errno(err, LW_CANNOT_CREATE, "cannot put the new file in place of %s",
                         build->name);
}

static enum lw_status sync_folder(const struct lw_build *build, struct lw_error *err)
{
    if (lw_path_sync_folder(build->name) == LW_OK)
        return LW_OK;
    return lw_fail_errno(err, LW_IO, "cannot sync the folder of %s", build->name);
}

/* Under the header lock of the old file, up to the overwriting of its keys. */
static enum lw_status swap(struct lw_build *build, bool *published, struct lw_error *err)
{
    uint8_t pattern[WIPE_KEYS];
    enum lw_status status = old_is_same(build, err);

    if (status == LW_OK && !file_has_name(build->old_fd, build->name))
        status = lw_fail(err, LW_BUSY, "another process replaced %s meanwhile: start again",
                         build->name);
    if (status == LW_OK)
        status = exchange(build, err);
    if (status != LW_OK)
        return status;
    status = old_is_same(build, err);
    bool same = status == LW_OK;
    if (same)
        status = sync_folder(build, err);
    if (status != LW_OK) {
        /* Back over the new file, which then has no name; what it holds is wiped all the same. */
        if (rename(build->new_name, build->name) != 0) {
            /* it has the name now, and all that the old one has, as far as that could be told */
            *published = same || status == LW_IO || status == LW_NO_INPUT;
            if (*published)
                lw_error_prefix(err, "the new vault is in place, the old one stands as %s",
                                build->new_name);
            else
                lw_error_prefix(err, "the old file of %s now stands as %s: rename it back before "
                                     "anything else",
                                build->name, build->new_name);
        }
        folder_sync_try(build->name);
        return status;
    }
    lw_random(pattern, sizeof pattern);
    (void)wipe_keys_once(build->old_fd, build->old->bytes, pattern); /* wipe_and_remove tells */
    return LW_OK;
}

static enum lw_status replace(struct lw_build *build, bool *published, struct lw_error *err)
{
    const struct lw_vault *fresh = build->vault;
    const uint8_t *id = build->old->id;
    enum lw_status status = building_lock(build->old_fd), headed = LW_OK, wiped;

    if (status == LW_OK)
        status = lock_take_within(build->old_fd, id, LOCK_HEADER, LOCK_WAIT_MS);
    if (status != LW_OK)
        return lw_fail(err, status, "another process keeps the header of %s: try again",
                       build->name);
    /* An unlock that finds the new file waits until the new header is where it looks for it. */
    (void)!lock_take(fresh->fd, fresh->id, LOCK_HEADER);
    status = put_head(build, err);
    if (status == LW_OK)
        status = swap(build, published, err);
    if (status == LW_OK) {
        *published = true;
        headed = name_head(build, err);
    }
    lock_drop(fresh->fd, fresh->id, LOCK_HEADER);
    lock_drop(build->old_fd, id, LOCK_HEADER);
    if (status != LW_OK)
        return status;
    wiped = wipe_and_remove(build->old_fd, build->new_name, headed == LW_OK ? err : NULL);
    if (wiped != LW_OK && headed == LW_OK)
        lw_error_prefix(err, "the new vault is in place, but not all of the old one is gone");
    return headed != LW_OK ? headed : wiped;
}

static enum lw_status give_name(struct lw_build *build, bool *published, struct lw_error *err)
{
    enum lw_status status = put_head(build, err);

    if (status != LW_OK)
        return status;
    if (file_rename(build->new_name, build->name, false) != 0) {
        if (errno == EEXIST)
            return lw_fail(err, LW_EXISTS, "%s exists already: choose another name", build->name);
        return lw_fail_errno(err, LW_CANNOT_CREATE, "cannot create %s", build->name);
    }
    *published = true;
    if (sync_named(build->vault->fd, build->name) != LW_OK)
        status = lw_fail_errno(err, LW_IO, "cannot sync %s under its name", build->name);
    return status == LW_OK ? name_head(build, err) : status;
}

enum lw_status lw_build_publish(struct lw_build *build, struct lw_vault **vault,
                                struct lw_error *err)
{
    struct lw_vault *fresh = build->vault;
    bool published = false;
    enum lw_status status = LW_OK;
    char *path = path_with(build->name, "");

    if (path == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory for a name");
    else if (fsync(fresh->fd) != 0) /* the only sync where nothing was saved in it yet */
        status = lw_fail_errno(err, LW_IO, "cannot sync %s", build->new_name);
    else
        status = build->old != NULL ? replace(build, &published, err)
                                    : give_name(build, &published, err);
    if (!published) {
        free(path);
        lw_build_abandon(build);
        return status;
    }
    free(fresh->path);
    fresh->path = path;
    fresh->unpublished = false;
    file_forget(fresh->fd);
    file_expect_scattered(fresh->fd);
    building_unlock(fresh->fd);
    if (status == LW_OK && vault != NULL) {
        *vault = fresh;
        build->vault = NULL;
    }
    build_free(build);
    return status;
}
