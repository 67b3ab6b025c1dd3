/* What a drill measures and proves. */
#include "drill.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WIPE_PATIENCE_MS 10000

/* ---- what the supervisor told ---------------------------------------------------------------- */

static bool read_keys(const struct drill *drill, uint8_t keys[LW_DRILL_KEYS])
{
    int fd = open(drill->path, O_RDONLY | O_CLOEXEC);
    bool whole = fd >= 0 && lw_file_read_at(fd, keys, LW_DRILL_KEYS, 0) == LW_OK;

    if (fd >= 0)
        close(fd);
    return whole;
}

static void take_press(struct drill_seen *seen, int64_t at_us)
{
    if (seen->counted)
        return;
    if (seen->presses < 2)
        seen->press_us[seen->presses] = at_us;
    seen->press_us[2] = at_us;
    seen->presses++;
}

static void take_news(struct drill *drill, const struct lw_wipe_news *news)
{
    struct drill_seen *seen = &drill->seen;

    seen->report = news->report;
    if (news->stage == LW_WIPE_SYNCED && !seen->have_after)
        seen->have_after = read_keys(drill, seen->after);
    seen->synced = seen->synced || news->stage == LW_WIPE_SYNCED;
    seen->kept = seen->kept || news->stage == LW_WIPE_KEPT;
    seen->ended = seen->ended || news->stage == LW_WIPE_ENDED;
}

void drill_told(void *context, const struct lw_guard_told *told)
{
    struct drill *drill = context;
    struct drill_seen *seen = &drill->seen;

    if (drill->doing != DRILL_EXERCISE)
        return;
    switch (told->event) {
    case LW_GUARD_PRESSED:
        take_press(seen, told->at_us);
        break;
    case LW_GUARD_LOCKED:
        if (seen->locked) /* the first one had something open */
            break;
        seen->locked = true;
        seen->by_key = told->by_key;
        seen->worker = told->worker;
        seen->lock_us = told->took_us;
        break;
    case LW_GUARD_COUNTING:
        seen->counted = true;
        seen->held = told->held;
        seen->hold_us = told->took_us;
        break;
    case LW_GUARD_STOPPED:
        seen->stopped = true;
        break;
    case LW_GUARD_WIPING:
        seen->wiping = true;
        seen->have_before = read_keys(drill, seen->before);
        break;
    case LW_GUARD_NEWS:
        take_news(drill, told->news);
        break;
    }
}

/* ---- by the conductor itself ----------------------------------------------------------------- */

static size_t count_in_file(const char *path, const uint8_t inverted[LW_DRILL_MARK])
{
    uint8_t chunk[65536];
    const size_t len = LW_DRILL_MARK - 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t found = 0;
    off_t at = 0;
    ssize_t got;

    while (fd >= 0 && (got = pread(fd, chunk, sizeof chunk, at)) >= (ssize_t)len) {
        for (size_t i = 0; i + len <= (size_t)got; i++) {
            size_t same = 0;

            while (same < len && (chunk[i + same] ^ inverted[same]) == 0xff)
                same++;
            found += same == len;
        }
        at += got - (ssize_t)len + 1; /* the next piece begins before this one ends */
    }
    if (fd >= 0)
        close(fd);
    return found;
}

static bool exists(const struct drill *drill)
{
    char wiped[sizeof drill->path + 8];

    (void)snprintf(wiped, sizeof wiped, "%s.wiped", drill->path);
    return access(drill->path, F_OK) == 0 || access(wiped, F_OK) == 0;
}

static unsigned same_pages(const struct drill_seen *seen)
{
    unsigned same = 0;

    for (size_t at = 0; at < LW_DRILL_KEYS; at += LW_PAGE)
        same += memcmp(seen->before + at, seen->after + at, LW_PAGE) == 0;
    return same;
}

void drill_find(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;
    struct drill_found *found = &drill->found;
    int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

    found->gone = seen->locked && kill(seen->worker, 0) != 0 && errno == ESRCH;
    found->searched =
        lw_memory_count(maps, drill->shared->mark, LW_DRILL_MARK - 1, &found->copies) == LW_OK;
    if (maps >= 0)
        close(maps);
    found->in_file = count_in_file(drill->path, drill->shared->mark);
    found->file_gone = !exists(drill);
    if (seen->have_before && seen->have_after)
        found->pages_same = same_pages(seen);
}

/* ---- in a worker: passphrases are tried -------------------------------------------------------
 */

static void wait_for_the_end(const struct drill *drill)
{
    const struct timespec moment = {.tv_nsec = 20000000};

    if (drill->request->config->emergency.keys_only)
        return;
    for (int i = 0; i < WIPE_PATIENCE_MS / 20 && exists(drill); i++)
        (void)nanosleep(&moment, NULL);
}

static enum lw_status try_copy(const struct drill *drill, const char *name, const uint8_t *keys)
{
    char path[sizeof drill->path];
    struct lw_error err;
    enum lw_status status;

    (void)snprintf(path, sizeof path, "%.4095s/%s", drill->place.folder, name);
    (void)unlink(path);
    status = lw_drill_copy(drill->fresh, path, keys, &err);
    if (status == LW_OK)
        status = lw_drill_try(path, drill->shared->profile, LW_DRILL_ORDINARY, &err);
    (void)unlink(path);
    return status;
}

void drill_prove(struct drill *drill)
{
    struct drill_shared *shared = drill->shared;
    struct lw_error err;

    if (drill->step == DRILL_DURESS) {
        shared->on_left = lw_drill_try(drill->path, shared->profile, LW_DRILL_ORDINARY, &err);
        shared->again = lw_drill_try(drill->path, shared->profile, LW_DRILL_DURESS, &err);
    } else {
        wait_for_the_end(drill);
        shared->on_left = lw_drill_try(drill->path, shared->profile, LW_DRILL_ORDINARY, &err);
        shared->on_mixed = drill->seen.have_after
                               ? try_copy(drill, "mixed.vault", drill->seen.after)
                               : LW_INTERNAL;
    }
    shared->on_whole = try_copy(drill, "whole.vault", NULL);
    shared->proved = true;
}
