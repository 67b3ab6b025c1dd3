/* Pages 0 to 2 as a file: opened, read, put, made, published, removed. */
#include "head.h"
#include "lane.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- opening -------------------------------------------------------------------------------- */

enum lw_status head_open_file(const char *path, bool write, int *fd, struct lw_error *err)
{
    const int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    struct stat info;
    int opened = open(path, (write ? O_RDWR : O_RDONLY) | flags);

    if (opened < 0 && write && (errno == EROFS || errno == EACCES || errno == EPERM) &&
        access(path, R_OK) == 0)
        return lw_fail(err, LW_READ_ONLY,
                       "the header %s cannot be written, which unlocking needs: see whether the "
                       "stick is locked against writing",
                       path);
    if (opened < 0)
        return lw_fail_errno(err, LW_NO_INPUT,
                             "the header %s cannot be opened: put in the stick that it is on",
                             path);
    if (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size != HEAD_BYTES) {
        close(opened);
        errno = 0;
        return lw_fail(err, LW_NOT_VAULT, "%s is no header: a header is a file of %d bytes", path,
                       HEAD_BYTES);
    }
    *fd = opened;
    return LW_OK;
}

enum lw_status head_open(const struct lw_vault *vault, bool write, int *fd, struct lw_error *err)
{
    if (vault->head_path != NULL)
        return head_open_file(vault->head_path, write, fd, err);
    *fd = vault->fd;
    return LW_OK;
}

void head_close(const struct lw_vault *vault, int fd)
{
    int why = errno;

    if (vault->head_path != NULL)
        close(fd);
    errno = why;
}

enum lw_status head_read(int fd, uint8_t head[HEAD_BYTES])
{
    return lw_file_read_at(fd, head, HEAD_BYTES, 0);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* The salt last: who finds it finds both copies. */
enum lw_status head_put(int fd, const uint8_t head[HEAD_BYTES])
{
    uint8_t found[HEAD_BYTES];
    enum lw_status status = write_synced(fd, head + LW_PAGE, LW_HEADER, LW_PAGE);

    if (status == LW_OK)
        status = write_synced(fd, head, LW_PAGE, 0);
    if (status == LW_OK && fsync(fd) != 0)
        status = LW_IO;
    if (status == LW_OK)
        status = head_read(fd, found);
    if (status == LW_OK && memcmp(found, head, HEAD_BYTES) != 0) {
        errno = EIO;
        status = LW_IO;
    }
    return status;
}

/* By the salt every unlock knows that it has to clear them, also one that opens none of them. */
enum lw_status head_put_inside(int fd, const uint8_t head[HEAD_BYTES])
{
    enum lw_status status = write_synced(fd, head, LW_PAGE, 0);

    return status == LW_OK ? head_put(fd, head) : status;
}

enum lw_status head_clear(int fd)
{
    uint8_t random[HEAD_BYTES];

    lw_random(random, sizeof random);
    return head_put(fd, random);
}

enum lw_status head_create(const char *path, const char *new_path, int *fd, struct lw_error *err)
{
    int made = -1;
    enum lw_status status = file_create(new_path, &made, err);

    if (status == LW_EXISTS)
        return lw_fail(err, status,
                       "%s is in the way and may be what opens a vault: open that one with "
                       "--header %s, which finishes it, or move it away",
                       new_path, path);
    if (status != LW_OK)
        return status;
    if (building_lock(made) != LW_OK) {
        close(made);
        return lw_fail(err, LW_BUSY, "another process is working on %s: try again", new_path);
    }
    status = disk_has_room(made, new_path, HEAD_BYTES, NULL);
    if (status != LW_OK) {
        status =
            lw_fail(err, status, "%s needs 12 KiB and its disk is full: make room there", new_path);
        (void)unlink(new_path);
        close(made);
        return status;
    }
    *fd = made;
    return LW_OK;
}

/* Over the older header, page by page: the new one stands beside it whole until this is synced. */
static enum lw_status put_in_place(const char *path, const char *new_path, int new_fd,
                                   struct lw_error *err)
{
    uint8_t head[HEAD_BYTES];
    int fd = -1;
    enum lw_status status = head_open_file(path, true, &fd, err);

    if (status != LW_OK)
        return status;
    status = head_read(new_fd, head);
    if (status == LW_OK)
        status = head_put(fd, head);
    close(fd);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "the header %s cannot be written", path);
    return wipe_and_remove(new_fd, new_path, err);
}

enum lw_status head_publish(const char *path, const char *new_path, int new_fd, bool replace,
                            struct lw_error *err)
{
    if (replace)
        return put_in_place(path, new_path, new_fd, err);
    if (file_rename(new_path, path, false) != 0)
        return lw_fail_errno(err, errno == EEXIST ? LW_EXISTS : LW_CANNOT_CREATE,
                             "the header cannot be named %s", path);
    if (sync_named(new_fd, path) != LW_OK)
        return lw_fail_errno(err, LW_IO, "cannot sync %s under its name", path);
    building_unlock(new_fd);
    return LW_OK;
}

enum lw_status head_remove(int fd, const char *path, struct lw_error *err)
{
    struct stat info;

    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink != 1 ||
        (info.st_size != 0 && !leftover_is_ours(fd)))
        return lw_fail(err, LW_REFUSED, "%s is left alone: it does not look like a header", path);
    return wipe_and_remove(fd, path, err);
}

bool head_is_unfinished(int fd)
{
    uint8_t page[LW_PAGE];
    uint64_t bytes = size_of_file(fd);
    size_t len = bytes < LW_PAGE ? (size_t)bytes : LW_PAGE;

    return bytes <= HEAD_BYTES && lw_file_read_at(fd, page, len, 0) == LW_OK &&
           sodium_is_zero(page, len) != 0;
}

void head_remove_unfinished(const char *path)
{
    char *name = path_with(path, SUFFIX_NEW);
    int fd = name == NULL ? -1 : open_leftover(name);

    if (fd >= 0 && head_is_unfinished(fd) && building_lock(fd) == LW_OK && file_has_name(fd, name))
        (void)head_remove(fd, name, NULL);
    if (fd >= 0)
        close(fd);
    free(name);
}

/* ---- which vault it belongs to --------------------------------------------------------------- */

static enum lw_status find_root(const struct lw_vault *vault, int fd, unsigned lane, bool *found)
{
    struct tree *tree = calloc(1, sizeof *tree);
    enum lw_status status = tree == NULL ? LW_NO_MEMORY : tree_init(tree, vault, lane, fd);
    int number;

    *found = false;
    if (status == LW_OK) {
        status = tree_has_root(tree, found);
        number = errno;
        tree_free(tree);
        errno = number;
    }
    free(tree);
    return status == LW_DAMAGED ? LW_OK : status;
}

/* Every lane is looked for, with a key drawn at random where none is known: what is read must not
 * tell how many somebody knows. */
enum lw_status head_belongs(const struct lw_vault *vault, int fd, const struct keyring *ring,
                            const uint8_t salt[LW_SALT], bool own_lane_only, bool *belongs,
                            struct lw_error *err)
{
    struct lw_vault probe = *vault;
    enum lw_status status = LW_OK;

    *belongs = true;
    probe.ring = (struct keyring *)(uintptr_t)ring;
    memcpy(probe.salt, salt, LW_SALT);
    vault_id(probe.salt, probe.id);
    for (unsigned lane = 0; lane < LW_LANES && status == LW_OK; lane++) {
        bool counts = keyring_knows_lane(ring, lane) && (!own_lane_only || lane == ring->own_lane);
        bool found;

        status = find_root(&probe, fd, lane, &found);
        *belongs = *belongs && (found || !counts);
    }
    if (status == LW_NO_MEMORY)
        return lw_fail(err, status, "out of memory");
    return status == LW_OK ? LW_OK : lw_fail_errno(err, status, "cannot read %s", vault->path);
}
