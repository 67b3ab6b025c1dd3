/* Making a vault unreadable: the keys at once, then the rest. Needs no key, waits for no lock. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define OVERLAY UINT32_C(0x794C7630)
#define AUFS    UINT32_C(0x61756673)

enum { AGAIN_MS = 2000, GIVE_UP_MS = 10000, ROUND_MS = 20, LEASE_MS = 10000 };

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
    (void)fchmod(fd, 0600); /* an empty file is known by it when this is interrupted */
    if ((ftruncate(fd, 0) != 0 || fsync(fd) != 0) && status == LW_OK)
        status = lw_fail_errno(err, LW_IO, "cannot cut the overwritten file");
    return status;
}

static enum lw_status remove_name(int fd, const char *path, struct lw_error *err)
{
    struct stat info;

    if ((!file_has_name(fd, path) || unlink(path) != 0) &&
        (fstat(fd, &info) != 0 || info.st_nlink > 0)) /* else somebody else finished it */
        return lw_fail(err, LW_IO, "%s is overwritten but cannot be removed: remove it by hand",
                       path);
    if (lw_path_sync_folder(path) != LW_OK)
        return lw_fail_errno(err, LW_IO, "cannot sync the folder of %s", path);
    return LW_OK;
}

uint64_t size_of_file(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && info.st_size > 0 ? (uint64_t)info.st_size : 0;
}

enum lw_status wipe_and_remove(int fd, const char *path, struct lw_error *err)
{
    uint8_t pattern[WIPE_KEYS];
    uint64_t bytes = size_of_file(fd);
    enum lw_status keys, rest;

    random_at_once(pattern, sizeof pattern);
    keys = wipe_keys_once(fd, bytes, pattern);
    if (keys != LW_OK)
        keys = lw_fail_errno(err, keys, "cannot overwrite the keys in %s", path);
    rest = wipe_rest(fd, 0, bytes, NULL, keys == LW_OK ? err : NULL);
    if (keys != LW_OK || rest != LW_OK)
        return keys != LW_OK ? keys : rest;
    return remove_name(fd, path, err);
}

/* ---- the wipe that somebody asks for --------------------------------------------------------- */

struct target {
    int fd;
    bool written; /* with this pattern, a moment ago */
    uint64_t bytes;
    uint8_t pattern[WIPE_KEYS];
};

struct wipe {
    const struct lw_wipe_plan *plan;
    struct lw_wipe_report *report;
    const char *path; /* where links lead to; NULL: none, or not looked for yet */
    int64_t start;
    bool reached;        /* all that may hold the keys can be written */
    bool once;           /* all that can be written was */
    struct target named; /* fd -1: the path cannot be opened */
    struct target held;  /* fd -1: there is none, or it is the same */
    struct lw_error unopened;
    char real[PATH_MAX];
    /* What may stand beside it: all names are made at once, while there is memory. */
    char fresh[PATH_MAX + sizeof SUFFIX_NEW];
    char wiped[PATH_MAX + sizeof SUFFIX_WIPED];
};

/* Somebody with a lease on it, such as a file server, is asked by the kernel to give it up. */
static int open_leased(const char *path, int flags)
{
    int64_t end = ticks_us() + (int64_t)LEASE_MS * 1000;
    int fd;

    while ((fd = open(path, O_RDWR | flags)) < 0 && errno == EAGAIN && ticks_us() < end)
        sleep_ms(ROUND_MS);
    return fd;
}

static int open_target(const char *path, bool simulate)
{
    const int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int fd = open_leased(path, flags);

    if (fd < 0 && errno == EACCES) {
        if (simulate)
            return access(path, R_OK) == 0 ? open(path, O_RDONLY | flags) : -1;
        if (chmod(path, 0600) == 0)
            fd = open(path, O_RDWR | flags);
    }
    return fd;
}

static enum lw_status open_named(struct wipe *wipe)
{
    struct lw_error *err = &wipe->unopened;
    struct stat info;
    int fd = open_target(wipe->path, wipe->plan->simulate);

    if (fd < 0)
        return lw_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? LW_NO_INPUT : LW_IO,
                             "cannot open %s to wipe it", wipe->path);
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return lw_fail(err, LW_IO, "%s is not a regular file, so it is not wiped", wipe->path);
    }
    wipe->named.fd = fd;
    wipe->named.bytes = size_of_file(fd);
    return LW_OK;
}

static bool is_same_file(int a, int b)
{
    struct stat one, other;

    return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* An unfinished rewrite holds keys too. */
static void wipe_beside(const struct wipe *wipe)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    uint8_t pattern[WIPE_KEYS];
    bool looked = wipe->path != NULL && !wipe->plan->simulate;
    int fd = looked ? open(wipe->fresh, flags) : -1;

    if (fd >= 0 && leftover_is_ours(fd)) {
        random_at_once(pattern, sizeof pattern);
        (void)wipe_keys_once(fd, size_of_file(fd), pattern);
    }
    if (fd >= 0)
        close(fd);
}

/* In a simulation what was read stands for what was written. */
static bool overwrite(const struct wipe *wipe, struct target *target)
{
    uint64_t len = target->bytes < WIPE_KEYS ? target->bytes : WIPE_KEYS;

    if (target->fd < 0 || target->written) {
        target->written = false;
        return true;
    }
    if (wipe->plan->simulate)
        return lw_file_read_at(target->fd, target->pattern, (size_t)len, 0) == LW_OK;
    return wipe_keys_once(target->fd, target->bytes, target->pattern) == LW_OK;
}

static void tell(const struct wipe *wipe)
{
    if (wipe->plan->told != NULL)
        wipe->plan->told(wipe->plan->context, wipe->report);
}

/* Both, whatever becomes of the first. */
static bool overwrite_both(struct wipe *wipe)
{
    struct lw_wipe_report *report = wipe->report;
    bool named = overwrite(wipe, &wipe->named);
    bool held = overwrite(wipe, &wipe->held);

    if (!named || !held)
        return false;
    if (wipe->once)
        return true;
    wipe->once = true;
    if (wipe->reached) {
        report->keys_us = ticks_us() - wipe->start + 1;
        report->done_ms = lw_clock_now(&lw_clock_system);
    }
    tell(wipe);
    return true;
}

static bool stand_as_written(const struct wipe *wipe)
{
    const struct target *named = &wipe->named, *held = &wipe->held;

    return wipe->once &&
           (wipe->plan->simulate || named->fd < 0 ||
            stands_as_written(named->fd, named->bytes, named->pattern)) &&
           (wipe->plan->simulate || held->fd < 0 ||
            stands_as_written(held->fd, held->bytes, held->pattern));
}

/* A header writer may have stood between its two copies, so once is not enough. Another wipe of the
 * same file writes as well, all the time: so the last look comes right after the last writing. */
static bool overwrite_repeatedly(struct wipe *wipe)
{
    for (;;) {
        int64_t spent;

        sleep_ms(ROUND_MS);
        if (wipe->plan->round != NULL)
            wipe->plan->round(wipe->plan->context);
        spent = (ticks_us() - wipe->start) / 1000;
        if (stand_as_written(wipe)) {
            if (spent >= AGAIN_MS)
                return true;
            continue;
        }
        if (overwrite_both(wipe) && spent >= AGAIN_MS && stand_as_written(wipe))
            return true;
        if (spent >= GIVE_UP_MS)
            return false;
    }
}

static enum lw_status wipe_keys(struct wipe *wipe, struct lw_error *err)
{
    int why;
    bool gone;

    gone = overwrite_both(wipe);
    why = errno;
    if (!gone)
        tell(wipe);
    wipe_beside(wipe);
    gone = overwrite_repeatedly(wipe);
    wipe_beside(wipe);
    if (!gone) {
        errno = why;
        return lw_fail_errno(err, LW_IO, "the keys in %s could not be overwritten",
                             wipe->path != NULL ? wipe->path : "the vault");
    }
    if (!wipe->reached) {
        *err = wipe->unopened;
        return err->status;
    }
    return LW_OK;
}

/* To a name that says what it is, before it is told that the keys are gone: an interruption from
 * then on is finished at the next start. */
static void rename_wiped(const struct wipe *wipe)
{
    bool all = !wipe->plan->keys_only && !wipe->plan->simulate && wipe->named.fd >= 0;

    if (all && file_has_name(wipe->named.fd, wipe->path))
        (void)file_rename(wipe->path, wipe->wiped, false);
}

static enum lw_status wipe_body(struct wipe *wipe, struct lw_error *err)
{
    int fd = wipe->named.fd;
    bool renamed = file_has_name(fd, wipe->wiped);
    enum lw_status status;

    if (renamed)
        folder_sync_try(wipe->wiped);
    status = wipe_rest(fd, WIPE_KEYS, wipe->named.bytes, wipe->plan->progress, err);
    if (status == LW_OK)
        status = remove_name(fd, renamed ? wipe->wiped : wipe->path, err);
    return status;
}

static enum lw_status wipe_bodies(struct wipe *wipe, struct lw_error *err)
{
    const struct target *held = &wipe->held;
    enum lw_status status = LW_OK;

    if (wipe->plan->simulate)
        return LW_OK;
    if (wipe->named.fd >= 0)
        status = wipe_body(wipe, err);
    if (held->fd >= 0 && status != LW_CANCELLED) {
        enum lw_status other = wipe_rest(held->fd, WIPE_KEYS, held->bytes, wipe->plan->progress,
                                         status == LW_OK ? err : NULL);
        if (status == LW_OK)
            status = other;
    }
    wipe->report->rest_gone = status == LW_OK;
    return status;
}

/* A missing file is no failure where the one that stood there is held, and any other reason neither
 * where both are the same. */
static bool may_go_without(const struct wipe *wipe, enum lw_status opened)
{
    struct stat info, held;

    if (opened == LW_OK)
        return true;
    if (wipe->held.fd < 0)
        return false;
    return opened == LW_NO_INPUT ||
           (stat(wipe->path, &info) == 0 && fstat(wipe->held.fd, &held) == 0 &&
            info.st_dev == held.st_dev && info.st_ino == held.st_ino);
}

static uint64_t rest_of(const struct target *target)
{
    return target->fd >= 0 && target->bytes > WIPE_KEYS ? target->bytes - WIPE_KEYS : 0;
}

/* Before the path is looked for, which may take for ever where a part of it leads to a device that
 * does not answer. */
static void overwrite_held(struct wipe *wipe, int held)
{
    wipe->held.fd = held;
    if (held < 0)
        return;
    wipe->held.bytes = size_of_file(held);
    random_at_once(wipe->held.pattern, WIPE_KEYS);
    wipe->held.written = overwrite(wipe, &wipe->held);
}

static enum lw_status find_path(struct wipe *wipe)
{
    const char *path = wipe->plan->path;

    if (path == NULL)
        return lw_fail(&wipe->unopened, LW_NO_INPUT, "there is no vault to wipe");
    if (wipe->path == NULL && realpath(path, wipe->real) == NULL)
        (void)snprintf(wipe->real, sizeof wipe->real, "%s", path);
    wipe->path = wipe->real;
    (void)snprintf(wipe->fresh, sizeof wipe->fresh, "%s" SUFFIX_NEW, wipe->real);
    (void)snprintf(wipe->wiped, sizeof wipe->wiped, "%s" SUFFIX_WIPED, wipe->real);
    return open_named(wipe);
}

/* Writing to a file of a lower layer writes to a copy of it, and nothing here leads to the other
 * one.
 */
static bool is_layered(int fd)
{
    struct statfs info;

    return fd >= 0 && fstatfs(fd, &info) == 0 &&
           ((uint32_t)info.f_type == OVERLAY || (uint32_t)info.f_type == AUFS);
}

/* What is held, and what the path leads to now. */
static enum lw_status wipe_now(struct wipe *wipe, int held, bool *moved, struct lw_error *err)
{
    enum lw_status opened, status;

    *moved = false;
    wipe->named.fd = -1;
    wipe->once = false;
    wipe->report->keys_us = 0;
    overwrite_held(wipe, held);
    opened = find_path(wipe);
    if (wipe->named.fd >= 0 && held >= 0 && is_same_file(held, wipe->named.fd)) {
        wipe->held.fd = -1;
        wipe->named.written = wipe->held.written;
        memcpy(wipe->named.pattern, wipe->held.pattern, WIPE_KEYS);
    } else if (wipe->named.fd >= 0) {
        random_at_once(wipe->named.pattern, WIPE_KEYS);
    }
    if (wipe->named.fd < 0 && wipe->held.fd < 0) {
        *err = wipe->unopened;
        return opened;
    }
    wipe->report->rest_bytes = rest_of(&wipe->named) + rest_of(&wipe->held);
    wipe->reached = may_go_without(wipe, opened);
    status = wipe_keys(wipe, err);
    /* A rewrite may have put another file there in the meantime. */
    *moved = status == LW_OK && wipe->named.fd >= 0 && access(wipe->path, F_OK) == 0 &&
             !file_has_name(wipe->named.fd, wipe->path);
    if (status == LW_OK && !*moved) {
        rename_wiped(wipe);
        wipe->report->layered = is_layered(wipe->named.fd) || is_layered(wipe->held.fd);
        wipe->report->keys_gone = true;
        tell(wipe);
        if (!wipe->plan->keys_only)
            status = wipe_bodies(wipe, err);
    }
    if (wipe->named.fd >= 0)
        close(wipe->named.fd);
    return status;
}

enum lw_status lw_wipe_run(const struct lw_wipe_plan *plan, struct lw_wipe_report *report,
                           struct lw_error *err)
{
    struct wipe wipe = {.plan = plan, .report = report};
    struct lw_error why = {.status = LW_OK};
    enum lw_status status;
    bool moved;

    wipe.start = plan->begun_us > 0 ? plan->begun_us : ticks_us();
    memset(report, 0, sizeof *report);
    status = wipe_now(&wipe, plan->held, &moved, &why);
    for (int i = 0; i < 3 && status == LW_OK && moved; i++) {
        wipe.start = ticks_us();
        status = wipe_now(&wipe, -1, &moved, &why);
    }
    if (status == LW_OK && moved)
        status = lw_fail(&why, LW_IO, "another file takes the place of %s all the time", wipe.path);
    if (wipe.path != NULL && !plan->keys_only && !plan->simulate && status != LW_CANCELLED)
        lw_vault_finish_leftovers(wipe.path);
    report->total_us = ticks_us() - wipe.start;
    if (status != LW_OK && err != NULL)
        *err = why;
    return status;
}

enum lw_status lw_vault_wipe(const char *path, bool keys_only, const struct lw_progress *progress,
                             struct lw_wipe_report *report, struct lw_error *err)
{
    const struct lw_wipe_plan plan = {
        .path = path, .held = -1, .keys_only = keys_only, .progress = progress};

    return lw_wipe_run(&plan, report, err);
}

void lw_wipe_say_keys(const struct lw_wipe_report *report, const struct lw_clock *clock,
                      char text[LW_WIPE_SAY])
{
    int64_t seconds = report->done_ms / 1000;
    int64_t of_day;

    seconds += (int64_t)lw_clock_offset(clock, seconds) * 60;
    of_day = seconds % 86400;
    (void)snprintf(text, LW_WIPE_SAY, _("keys overwritten and synced %02d:%02d:%02d, %lld ms"),
                   (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60),
                   (long long)((report->keys_us + 999) / 1000));
}
