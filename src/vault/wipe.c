/* Making a vault unreadable: the keys at once, then the rest. Needs no key, waits for no lock. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AGAIN_MS = 2000, GIVE_UP_MS = 10000, ROUND_MS = 20 };

enum lw_status wipe_keys_once(int fd, uint64_t bytes, const uint8_t pattern[WIPE_KEYS])
{
    size_t len = bytes < WIPE_KEYS ? (size_t)bytes : WIPE_KEYS;
    enum lw_status status = len == 0 ? LW_OK : write_synced(fd, pattern, len, 0);

    if (status == LW_OK)
        return LW_OK;
    /* One bad sector must not save the other pages. */
    status = LW_OK;
    for (size_t at = 0; at < len; at += LW_PAGE) {
        size_t part = len - at < LW_PAGE ? len - at : LW_PAGE;

        if (write_synced(fd, pattern + at, part, (off_t)at) != LW_OK)
            status = LW_IO;
    }
    return status;
}

static bool stands_as_written(int fd, uint64_t bytes, const uint8_t pattern[WIPE_KEYS])
{
    size_t len = bytes < WIPE_KEYS ? (size_t)bytes : WIPE_KEYS;
    uint8_t page[LW_PAGE];

    for (size_t at = 0; at < len; at += LW_PAGE) {
        size_t part = len - at < LW_PAGE ? len - at : LW_PAGE;

        if (lw_file_read_at(fd, page, part, (off_t)at) != LW_OK ||
            memcmp(page, pattern + at, part) != 0)
            return false;
    }
    return true;
}

/* A header writer may have stood between its two copies, so once is not enough. */
static bool wipe_keys_repeatedly(int fd, uint64_t bytes, const uint8_t pattern[WIPE_KEYS],
                                 int64_t start)
{
    for (;;) {
        int64_t spent;
        bool good;

        sleep_ms(ROUND_MS);
        good = stands_as_written(fd, bytes, pattern);
        spent = (ticks_us() - start) / 1000;
        if (good && spent >= AGAIN_MS)
            return true;
        if (spent >= GIVE_UP_MS)
            return false;
        if (wipe_keys_once(fd, bytes, pattern) != LW_OK && spent >= AGAIN_MS)
            return false;
    }
}

enum lw_status wipe_rest(int fd, uint64_t from, uint64_t bytes, const struct lw_progress *progress,
                         struct lw_error *err)
{
    enum lw_status status = fill_random(fd, from, bytes, progress, err);

    if (status == LW_CANCELLED)
        return status;
    if (status == LW_OK && fdatasync(fd) != 0)
        status = lw_fail_errno(err, LW_IO, "cannot sync the overwritten file");
    /* After an error too: a file that cannot be overwritten is at least given up. */
    if (bytes > 0)
        (void)fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)bytes);
    if ((ftruncate(fd, 0) != 0 || fsync(fd) != 0) && status == LW_OK)
        status = lw_fail_errno(err, LW_IO, "cannot cut the overwritten file");
    return status;
}

static enum lw_status remove_name(int fd, const char *path, struct lw_error *err)
{
    struct stat info;

    if (fstat(fd, &info) == 0 && info.st_nlink == 0)
        return LW_OK; /* somebody else finished it */
    if (!file_has_name(fd, path) || unlink(path) != 0)
        return lw_fail(err, LW_IO, "%s is overwritten but cannot be removed: remove it by hand",
                       path);
    if (lw_path_sync_folder(path) != LW_OK)
        return lw_fail_errno(err, LW_IO, "cannot sync the folder of %s", path);
    return LW_OK;
}

static uint64_t size_of(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && info.st_size > 0 ? (uint64_t)info.st_size : 0;
}

enum lw_status wipe_and_remove(int fd, const char *path, struct lw_error *err)
{
    uint8_t pattern[WIPE_KEYS];
    uint64_t bytes = size_of(fd);
    enum lw_status keys, rest;

    lw_random(pattern, sizeof pattern);
    keys = wipe_keys_once(fd, bytes, pattern);
    if (keys != LW_OK)
        keys = lw_fail_errno(err, keys, "cannot overwrite the keys in %s", path);
    rest = wipe_rest(fd, 0, bytes, NULL, keys == LW_OK ? err : NULL);
    if (keys != LW_OK || rest != LW_OK)
        return keys != LW_OK ? keys : rest;
    return remove_name(fd, path, err);
}

/* ---- the wipe that somebody asks for --------------------------------------------------------- */

static enum lw_status open_to_wipe(const char *path, int *fd, struct lw_error *err)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    struct stat info;
    int opened = open(path, flags);

    if (opened < 0 && errno == EACCES && chmod(path, 0600) == 0)
        opened = open(path, flags);
    if (opened < 0)
        return lw_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? LW_NO_INPUT : LW_IO,
                             "cannot open %s to wipe it", path);
    if (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(opened);
        return lw_fail(err, LW_IO, "%s is not a regular file, so it is not wiped", path);
    }
    *fd = opened;
    return LW_OK;
}

/* An unfinished rewrite holds keys too. */
static void wipe_beside(const char *path)
{
    uint8_t pattern[WIPE_KEYS];
    char *name = path_with(path, SUFFIX_NEW);
    int fd =
        name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0 && leftover_is_ours(fd)) {
        lw_random(pattern, sizeof pattern);
        (void)wipe_keys_once(fd, size_of(fd), pattern);
    }
    if (fd >= 0)
        close(fd);
    free(name);
}

static enum lw_status wipe_keys(int fd, const char *path, int64_t start,
                                struct lw_wipe_report *report, struct lw_error *err)
{
    uint8_t pattern[WIPE_KEYS];
    uint64_t bytes = size_of(fd);
    bool gone;

    lw_random(pattern, sizeof pattern);
    if (wipe_keys_once(fd, bytes, pattern) == LW_OK)
        report->keys_us = ticks_us() - start;
    wipe_beside(path);
    gone = wipe_keys_repeatedly(fd, bytes, pattern, start);
    wipe_beside(path);
    if (!gone) {
        report->keys_gone = false;
        return lw_fail(err, LW_IO,
                       "the keys in %s could not be overwritten: wipe again, or destroy the medium",
                       path);
    }
    if (report->keys_us == 0)
        report->keys_us = ticks_us() - start;
    report->keys_gone = true;
    report->done_ms = lw_clock_now(&lw_clock_system);
    return LW_OK;
}

/* Under a name that says what it is, so that an interruption is finished at the next start. */
static enum lw_status wipe_body(int fd, const char *path, const struct lw_progress *progress,
                                struct lw_wipe_report *report, struct lw_error *err)
{
    char *wiped = path_with(path, SUFFIX_WIPED);
    bool renamed = wiped != NULL && file_has_name(fd, path) && file_rename(path, wiped, false) == 0;
    const char *name = renamed ? wiped : path;
    enum lw_status status;

    if (renamed)
        folder_sync_try(wiped);
    status = wipe_rest(fd, WIPE_KEYS, size_of(fd), progress, err);
    if (status == LW_OK)
        status = remove_name(fd, name, err);
    report->rest_gone = status == LW_OK;
    free(wiped);
    return status;
}

static enum lw_status wipe_named(const char *path, bool keys_only,
                                 const struct lw_progress *progress, int64_t start,
                                 struct lw_wipe_report *report, bool *moved, struct lw_error *err)
{
    int fd = -1;
    enum lw_status status = open_to_wipe(path, &fd, err);

    if (status != LW_OK)
        return status;
    status = wipe_keys(fd, path, start, report, err);
    /* A rewrite may have put another file there in the meantime. */
    *moved = status == LW_OK && access(path, F_OK) == 0 && !file_has_name(fd, path);
    if (status == LW_OK && !keys_only && !*moved)
        status = wipe_body(fd, path, progress, report, err);
    close(fd);
    return status;
}

enum lw_status lw_vault_wipe(const char *path, bool keys_only, const struct lw_progress *progress,
                             struct lw_wipe_report *report, struct lw_error *err)
{
    int64_t start = ticks_us();
    char real[PATH_MAX];
    enum lw_status status;
    bool moved = true;

    memset(report, 0, sizeof *report);
    if (realpath(path, real) == NULL)
        (void)snprintf(real, sizeof real, "%s", path);
    status = wipe_named(real, keys_only, progress, start, report, &moved, err);
    for (int i = 0; i < 3 && status == LW_OK && moved; i++)
        status = wipe_named(real, keys_only, progress, start, report, &moved, err);
    if (!keys_only && status != LW_CANCELLED)
        lw_vault_finish_leftovers(real);
    report->total_us = ticks_us() - start;
    return status;
}
