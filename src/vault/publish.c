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
#include <unistd.h>

enum { LOCK_WAIT_MS = 2000 };

/* Closes and frees, leaving the files alone. */
static void build_free(struct lw_build *build)
{
    lw_vault_close(build->vault);
    if (build->old_fd >= 0)
        close(build->old_fd); /* drops its locks */
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
    build_free(build);
}

/* Reads the old header again. REVOKED or BUSY where it is not what was copied. */
static enum lw_status old_is_same(struct lw_build *build, struct lw_error *err)
{
    struct lw_vault *old = build->old;
    enum lw_status status = vault_still_mine(old, build->old_fd);

    if (status == LW_REVOKED)
        return lw_fail(err, status, "this passphrase no longer opens %s", build->name);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "cannot read %s", build->name);
    if (!keyring_same(old->ring, build->old_ring))
        return lw_fail(err, LW_BUSY, "the passphrases of %s were changed meanwhile: start again",
                       build->name);
    return LW_OK;
}

static enum lw_status exchange(struct lw_build *build, struct lw_error *err)
{
    if (file_rename(build->new_name, build->name, true) == 0)
        return LW_OK;
    if (errno == EINVAL || errno == ENOSYS)
        return lw_fail(err, LW_CANNOT_CREATE,
                       "the file system of %s cannot exchange two files at once: copy the vault to "
                       "one that can (ext4, xfs, btrfs), do it there, and copy it back",
                       build->name);
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
            *published = same; /* it has the name now, and everything that the old one has */
            lw_error_prefix(err, "the old file of %s now stands as %s", build->name,
                            build->new_name);
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
    const uint8_t *id = build->old->id;
    enum lw_status status = building_lock(build->old_fd);

    if (status == LW_OK)
        status = lock_take_within(build->old_fd, id, LOCK_HEADER, LOCK_WAIT_MS);
    if (status != LW_OK)
        return lw_fail(err, status, "another process keeps the header of %s: try again",
                       build->name);
    status = swap(build, published, err);
    lock_drop(build->old_fd, id, LOCK_HEADER);
    if (status != LW_OK)
        return status;
    *published = true;
    status = wipe_and_remove(build->old_fd, build->new_name, err);
    if (status != LW_OK)
        lw_error_prefix(err, "the new vault is in place, but not all of the old one is gone");
    return status;
}

static enum lw_status give_name(struct lw_build *build, bool *published, struct lw_error *err)
{
    if (file_rename(build->new_name, build->name, false) != 0) {
        if (errno == EEXIST)
            return lw_fail(err, LW_EXISTS, "%s exists already: choose another name", build->name);
        return lw_fail_errno(err, LW_CANNOT_CREATE, "cannot create %s", build->name);
    }
    *published = true;
    return sync_folder(build, err);
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
