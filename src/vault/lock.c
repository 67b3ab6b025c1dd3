/*
 * Open-file-description locks beyond the end of the file. They belong to one open(), end with the
 * process however it ends, and show nothing but offsets in /proc/locks.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

#define LOCK_HEADER_BASE (INT64_C(1) << 60)
#define LOCK_WRITER_BASE (INT64_C(1) << 61)
#define LOCK_SPREAD      ((UINT64_C(1) << 56) - 1)

static off_t lock_offset(const uint8_t id[LW_ID], enum lock_kind kind)
{
    static const uint8_t purpose[] = "lapwing locks";
    uint8_t hash[16];

    crypto_generichash(hash, sizeof hash, id, LW_ID, purpose, sizeof purpose - 1);
    if (kind == LOCK_HEADER)
        return LOCK_HEADER_BASE + (off_t)(lw_get_u64(hash) & LOCK_SPREAD);
    return LOCK_WRITER_BASE + (off_t)(lw_get_u64(hash + 8) & LOCK_SPREAD);
}

static enum lw_status lock_set(int fd, short type, off_t offset)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};

    while (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        if (errno == EINTR)
            continue;
        return errno == EAGAIN || errno == EACCES ? LW_BUSY : LW_IO;
    }
    return LW_OK;
}

enum lw_status lock_take(int fd, const uint8_t id[LW_ID], enum lock_kind kind)
{
    return lock_set(fd, F_WRLCK, lock_offset(id, kind));
}

void lock_drop(int fd, const uint8_t id[LW_ID], enum lock_kind kind)
{
    (void)lock_set(fd, F_UNLCK, lock_offset(id, kind));
}

enum lw_status lock_take_within(int fd, const uint8_t id[LW_ID], enum lock_kind kind, int wait_ms)
{
    const struct timespec pause = {0, 5 * 1000 * 1000};
    int64_t end = lw_ticks_ms(CLOCK_MONOTONIC) + wait_ms;

    for (;;) {
        enum lw_status status = lock_take(fd, id, kind);
        if (status != LW_BUSY)
            return status;
        if (lw_ticks_ms(CLOCK_MONOTONIC) >= end)
            return LW_BUSY;
        nanosleep(&pause, NULL);
    }
}

enum lw_status pin_take(int fd, uint64_t base, uint64_t generation)
{
    return lock_set(fd, F_RDLCK, (off_t)(base + generation));
}

void pin_drop(int fd, uint64_t base, uint64_t generation)
{
    (void)lock_set(fd, F_UNLCK, (off_t)(base + generation));
}

struct pin_found {
    uint64_t *list;
    size_t count, cap;
};

static enum lw_status pin_add(struct pin_found *found, uint64_t generation)
{
    if (found->count == found->cap) {
        size_t cap = found->cap ? found->cap * 2 : 16;
        uint64_t *list = realloc(found->list, cap * sizeof *list);
        if (!list)
            return LW_NO_MEMORY;
        found->list = list;
        found->cap = cap;
    }
    found->list[found->count++] = generation;
    return LW_OK;
}

/* The kernel names any one lock of a range, so both sides of it have to be asked for again. */
static enum lw_status pin_search(int fd, uint64_t base, uint64_t from, uint64_t to,
                                 struct pin_found *found)
{
    enum lw_status status = LW_OK;

    while (from < to) {
        struct flock lock = {.l_type = F_WRLCK,
                             .l_whence = SEEK_SET,
                             .l_start = (off_t)(base + from),
                             .l_len = (off_t)(to - from)};
        if (fcntl(fd, F_OFD_GETLK, &lock) != 0)
            return LW_IO;
        if (lock.l_type == F_UNLCK)
            return LW_OK;
        uint64_t at = (uint64_t)lock.l_start - base;
        uint64_t len = lock.l_len > 0 ? (uint64_t)lock.l_len : to - at;
        /* adjacent pins of one holder come as one lock */
        for (uint64_t g = at; g < at + len && g < to; g++) {
            if (g >= from && (status = pin_add(found, g)) != LW_OK)
                return status;
        }
        if (at > from && (status = pin_search(fd, base, from, at, found)) != LW_OK)
            return status;
        from = at + len;
    }
    return LW_OK;
}

static int pin_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

enum lw_status pin_list(int fd, uint64_t base, uint64_t limit, uint64_t **list, size_t *count)
{
    struct pin_found found = {NULL, 0, 0};
    enum lw_status status = pin_search(fd, base, 0, limit, &found);

    if (status != LW_OK) {
        free(found.list);
        return status;
    }
    if (found.count > 1)
        qsort(found.list, found.count, sizeof *found.list, pin_compare);
    *list = found.list;
    *count = found.count;
    return LW_OK;
}
