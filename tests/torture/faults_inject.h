/*
 * What can fail: file calls (through io_hooks.h), allocations of malloc and of pages, the locking
 * of memory. Time is virtual, so that what waits for a clock costs nothing. Include it in one file
 * only.
 */
#ifndef LW_TEST_FAULTS_INJECT_H
#define LW_TEST_FAULTS_INJECT_H

#include "failing_malloc.h"
#include "io_hooks.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

/* name, what it strikes, errno, whether all calls after it fail too, and how long: until the call
 * under test returns, or until everything is closed */
#define FAULT_TABLE(X)                                                                             \
    X(WRITE_FULL, "write: ENOSPC", HIT_WRITE, ENOSPC, false, false)                                \
    X(WRITE_FULL_ON, "writes from then on: ENOSPC", HIT_WRITE, ENOSPC, true, false)                \
    X(WRITE_EIO, "write: EIO", HIT_WRITE, EIO, false, false)                                       \
    X(WRITE_EIO_ON, "writes from then on: EIO", HIT_WRITE, EIO, true, false)                       \
    X(WRITE_SHORT, "write: half of it", HIT_WRITE, 0, false, false)                                \
    X(WRITE_TORN, "write: half of it, then EIO", HIT_WRITE, EIO, false, false)                     \
    X(READ_EIO, "read: EIO", HIT_READ, EIO, false, false)                                          \
    X(READ_EIO_ON, "reads from then on: EIO", HIT_READ, EIO, true, false)                          \
    X(SYNC_EIO, "sync: EIO", HIT_SYNC, EIO, false, false)                                          \
    X(SYNC_EIO_ON, "syncs from then on: EIO", HIT_SYNC, EIO, true, false)                          \
    X(SYNC_LOST, "sync: EIO, and what was to be synced is lost", HIT_SYNC, EIO, false, false)      \
    X(OPEN_EIO, "open: EIO", HIT_OPEN, EIO, false, false)                                          \
    X(NAME_EIO, "rename, unlink, truncate, punch: EIO", HIT_NAME, EIO, false, false)               \
    X(NAMES_ON, "names and opening from then on: EACCES", HIT_NAME | HIT_OPEN, EACCES, true, true) \
    X(GONE, "everything from then on: EIO", HIT_ANY, EIO, true, true)                              \
    X(MEMORY, "allocation", HIT_MEMORY, ENOMEM, false, false)                                      \
    X(MEMORY_ON, "allocations from then on", HIT_MEMORY, ENOMEM, true, false)                      \
    X(LOCKED_ON, "locking of memory from then on", HIT_MLOCK, ENOMEM, true, false)

enum {
    HIT_WRITE = 1,
    HIT_READ = 2,
    HIT_SYNC = 4,
    HIT_OPEN = 8,
    HIT_NAME = 16,
    HIT_MEMORY = 32,
    HIT_MLOCK = 64,
    HIT_ANY = HIT_WRITE | HIT_READ | HIT_SYNC | HIT_OPEN | HIT_NAME
};

enum fault {
#define FAULT_ENUM(name, words, hits, number, on, keeps) name,
    FAULT_TABLE(FAULT_ENUM)
#undef FAULT_ENUM
        FAULTS,
    NO_FAULT = FAULTS
};

static const struct fault_info {
    const char *words;
    unsigned hits;
    int number; /* errno */
    bool on;
    bool keeps;
} fault_infos[FAULTS + 1] = {
#define FAULT_INFO(name, words, hits, number, on, keeps) {words, hits, number, on, keeps},
    FAULT_TABLE(FAULT_INFO)
#undef FAULT_INFO
        {"nothing", 0, 0, false, false},
};

#define MEMORY_MOST ((size_t)32 << 20) /* at once: the costly key derivations find too little */
#define COUNT_FROM  (LONG_MAX / 2)
#define LOST_MOST   4096

static struct {
    bool counting, armed;
    enum fault fault;
    long left;   /* calls that it strikes before the one that fails; -1: it has struck */
    long struck; /* calls that failed */
    int torn_fd; /* whose next write fails; -1: none */
    long mapped; /* blocks of pages given out and not given back */
    long count[FAULTS];
    int64_t ahead_ns; /* of the virtual clock */
    struct {
        ino_t inode;
        off_t offset;
        size_t len;
        uint8_t *before;
    } lost[LOST_MOST]; /* what stood where something is written but not synced */
    size_t lost_count;
} inject = {.torn_fd = -1};

/* ---- file calls ---------------------------------------------------------------------------- */

static unsigned hit_of(enum io_kind kind)
{
    switch (kind) {
    case IO_WRITE:
    case IO_WRITE_SYNCED:
        return HIT_WRITE;
    case IO_READ:
        return HIT_READ;
    case IO_SYNC:
        return HIT_SYNC;
    case IO_OPEN:
        return HIT_OPEN;
    default:
        return HIT_NAME;
    }
}

static bool fails_with(int number, ssize_t *result)
{
    *result = -1;
    errno = number;
    return true;
}

static bool write_half(const struct io_call *call, ssize_t *result)
{
    struct iovec half = {(void *)(uintptr_t)call->data, call->len / 2};

    if (half.iov_len == 0)
        return false;
    *result =
        pwritev2(call->fd, &half, 1, call->offset, call->kind == IO_WRITE_SYNCED ? RWF_DSYNC : 0);
    return true;
}

/* ---- what a failed sync loses ---- */

static ino_t inode_of(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 ? info.st_ino : 0;
}

static void lost_forget(ino_t inode)
{
    size_t kept = 0;

    for (size_t i = 0; i < inject.lost_count; i++) {
        if (inode != 0 && inject.lost[i].inode != inode)
            inject.lost[kept++] = inject.lost[i];
        else
            FM_REAL(free)(inject.lost[i].before);
    }
    inject.lost_count = kept;
}

static void lost_note(const struct io_call *call)
{
    uint8_t *before = inject.lost_count < LOST_MOST ? FM_REAL(calloc)(1, call->len) : NULL;

    if (!before)
        abort();
    (void)!pread(call->fd, before, call->len, call->offset);
    inject.lost[inject.lost_count].inode = inode_of(call->fd);
    inject.lost[inject.lost_count].offset = call->offset;
    inject.lost[inject.lost_count].len = call->len;
    inject.lost[inject.lost_count++].before = before;
}

/* The last write first, so that what stood there before all of them comes back. */
static void lost_lose(int fd)
{
    ino_t inode = inode_of(fd);

    for (size_t i = inject.lost_count; i-- > 0;) {
        if (inject.lost[i].inode == inode)
            (void)!pwrite(fd, inject.lost[i].before, inject.lost[i].len, inject.lost[i].offset);
    }
    lost_forget(inode);
}

/* ---- striking ---- */

static bool strike(const struct io_call *call, ssize_t *result)
{
    const struct fault_info *info = &fault_infos[inject.fault];

    inject.struck++;
    if (inject.fault == WRITE_SHORT || inject.fault == WRITE_TORN) {
        inject.torn_fd = inject.fault == WRITE_TORN ? call->fd : -1;
        return write_half(call, result);
    }
    if (inject.fault == SYNC_LOST)
        lost_lose(call->fd);
    return fails_with(info->number, result);
}

static bool before_call(const struct io_call *call, ssize_t *result)
{
    const struct fault_info *info = &fault_infos[inject.fault];
    unsigned hit = hit_of(call->kind);

    if (inject.counting) {
        for (int i = 0; i < FAULTS; i++)
            inject.count[i] += (fault_infos[i].hits & hit) != 0;
    }
    if (!inject.armed)
        return false;
    if (hit == HIT_WRITE && inject.torn_fd >= 0 && call->fd == inject.torn_fd) {
        inject.torn_fd = -1;
        return fails_with(EIO, result);
    }
    if (inject.fault == SYNC_LOST && call->kind == IO_WRITE && inject.left >= 0)
        lost_note(call);
    if ((info->hits & hit) == 0 || inject.left < 0)
        return false;
    if (inject.left > 0) {
        inject.left--;
        return false;
    }
    if (!info->on)
        inject.left = -1;
    return strike(call, result);
}

static void after_call(const struct io_call *call, ssize_t result)
{
    if (inject.armed && inject.fault == SYNC_LOST && call->kind == IO_SYNC && result == 0)
        lost_forget(inode_of(call->fd));
}

/* ---- memory -------------------------------------------------------------------------------- */

static bool map_fails(size_t len)
{
    if (len > MEMORY_MOST)
        errno = ENOMEM;
    return len > MEMORY_MOST || fm_fails() != 0;
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    void *made;

    if ((flags & MAP_ANONYMOUS) != 0 && map_fails(len))
        return MAP_FAILED;
    made = (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
    inject.mapped += made != MAP_FAILED;
    return made;
}

int munmap(void *at, size_t len)
{
    int result = (int)syscall(SYS_munmap, at, len);

    inject.mapped -= result == 0;
    return result;
}

int mlock(const void *at, size_t len)
{
    if (inject.counting)
        inject.count[LOCKED_ON]++;
    if (inject.armed && inject.fault == LOCKED_ON) {
        if (inject.left == 0) {
            inject.struck++;
            errno = ENOMEM;
            return -1;
        }
        inject.left--;
    }
    return (int)syscall(SYS_mlock, at, len);
}

/* ---- time ---------------------------------------------------------------------------------- */

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)left;
    inject.ahead_ns += (int64_t)wanted->tv_sec * 1000000000 + wanted->tv_nsec;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (syscall(SYS_clock_gettime, clock, out) != 0)
        return -1;
    int64_t ns = (int64_t)out->tv_nsec + inject.ahead_ns;
    out->tv_sec += ns / 1000000000;
    out->tv_nsec = ns % 1000000000;
    return 0;
}

/* ---- arming -------------------------------------------------------------------------------- */

static void inject_start(void)
{
    io_hooks.before = before_call;
    io_hooks.after = after_call;
}

static void count_start(void)
{
    memset(inject.count, 0, sizeof inject.count);
    inject.counting = true;
    fm.once = 0;
    fm.until_failure = COUNT_FROM;
}

static void count_stop(void)
{
    inject.counting = false;
    inject.count[MEMORY] = inject.count[MEMORY_ON] = COUNT_FROM - fm.until_failure;
    fm.until_failure = LONG_MAX;
}

/* The n-th call (from 0) of those that it strikes will fail. */
static void inject_arm(enum fault fault, long n)
{
    inject.fault = fault;
    inject.left = n;
    inject.struck = 0;
    inject.torn_fd = -1;
    if (fault_infos[fault].hits == HIT_MEMORY) {
        fm.once = !fault_infos[fault].on;
        fm.until_failure = n;
    } else {
        inject.armed = fault != NO_FAULT;
    }
}

static void inject_disarm(void)
{
    if (fault_infos[inject.fault].hits == HIT_MEMORY)
        inject.struck = fm.until_failure == LONG_MAX || fm.until_failure == 0;
    fm.until_failure = LONG_MAX;
    inject.armed = false;
    lost_forget(0);
}

#endif
