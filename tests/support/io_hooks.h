/*
 * The calls by which the layers reach a file, defined here so that a test sees each of them: it may
 * record it, refuse it, do a part of it, or let another "process" run first. The code under test is
 * the shipped one. Include it in one file of a test program only.
 */
#ifndef LW_TEST_IO_HOOKS_H
#define LW_TEST_IO_HOOKS_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum io_kind {
    IO_OPEN,
    IO_READ,
    IO_WRITE,
    IO_WRITE_SYNCED, /* on the disk when the call returns */
    IO_SYNC,         /* of a file or a folder */
    IO_RENAME,       /* fails where the new name is taken */
    IO_REPLACE,      /* a rename over what has the name */
    IO_EXCHANGE,
    IO_UNLINK,
    IO_TRUNCATE,
    IO_PUNCH,
    IO_KINDS
};

struct io_call {
    enum io_kind kind;
    int fd;           /* but for calls with names */
    const char *path; /* IO_OPEN, IO_UNLINK, and the source of a renaming */
    const char *to;   /* its target */
    const void *data; /* of a write */
    void *into;       /* of a read */
    size_t len;
    off_t offset; /* of reads, writes; the new length of IO_TRUNCATE */
    int flags;    /* of IO_OPEN */
};

static struct {
    /* True: the call is answered with *result and errno, and not made. May be NULL. */
    bool (*before)(const struct io_call *call, ssize_t *result);
    /* After a call that was made. May be NULL. */
    void (*after)(const struct io_call *call, ssize_t result);
    bool inside; /* what a hook itself calls is let through */
} io_hooks;

static bool io_before(const struct io_call *call, ssize_t *result)
{
    bool answered = false;

    if (io_hooks.before && !io_hooks.inside) {
        io_hooks.inside = true;
        answered = io_hooks.before(call, result);
        io_hooks.inside = false;
    }
    return answered;
}

static void io_after(const struct io_call *call, ssize_t result)
{
    int error = errno;

    if (io_hooks.after && !io_hooks.inside) {
        io_hooks.inside = true;
        io_hooks.after(call, result);
        io_hooks.inside = false;
    }
    errno = error;
}

#define IO_MADE(type, call, made)                                                                  \
    do {                                                                                           \
        ssize_t result_;                                                                           \
        if (!io_before(&(call), &result_)) {                                                       \
            result_ = (made);                                                                      \
            io_after(&(call), result_);                                                            \
        }                                                                                          \
        return (type)result_;                                                                      \
    } while (0)

static ssize_t io_open(const char *path, int flags, mode_t mode)
{
    struct io_call call = {.kind = IO_OPEN, .fd = -1, .path = path, .flags = flags};

    IO_MADE(ssize_t, call, syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int open(const char *path, int flags, ...)
{
    va_list list;
    mode_t mode;

    va_start(list, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return (int)io_open(path, flags, mode);
}

int __open_2(const char *path, int flags); /* what a fortified open without a mode becomes */
int __open_2(const char *path, int flags)
{
    return (int)io_open(path, flags, 0);
}

ssize_t pread(int fd, void *data, size_t len, off_t offset)
{
    struct io_call call = {.kind = IO_READ, .fd = fd, .into = data, .len = len, .offset = offset};

    IO_MADE(ssize_t, call, syscall(SYS_pread64, fd, data, len, offset));
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
    struct io_call call = {.kind = IO_WRITE, .fd = fd, .data = data, .len = len, .offset = offset};

    IO_MADE(ssize_t, call, syscall(SYS_pwrite64, fd, data, len, offset));
}

/* One vector at a time, as the layers use it. */
ssize_t pwritev2(int fd, const struct iovec *vector, int count, off_t offset, int flags)
{
    struct io_call call = {.kind = flags & RWF_DSYNC ? IO_WRITE_SYNCED : IO_WRITE,
                           .fd = fd,
                           .data = vector->iov_base,
                           .len = vector->iov_len,
                           .offset = offset};

    IO_MADE(ssize_t, call, syscall(SYS_pwritev2, fd, vector, count, offset, offset >> 32, flags));
}

int fdatasync(int fd)
{
    struct io_call call = {.kind = IO_SYNC, .fd = fd};

    IO_MADE(int, call, syscall(SYS_fdatasync, fd));
}

int fsync(int fd)
{
    struct io_call call = {.kind = IO_SYNC, .fd = fd};

    IO_MADE(int, call, syscall(SYS_fsync, fd));
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    struct io_call call = {.kind = flags & RENAME_EXCHANGE ? IO_EXCHANGE : IO_RENAME,
                           .fd = -1,
                           .path = from,
                           .to = to};

    IO_MADE(int, call, syscall(SYS_renameat2, from_fd, from, to_fd, to, flags));
}

int rename(const char *from, const char *to)
{
    struct io_call call = {.kind = IO_REPLACE, .fd = -1, .path = from, .to = to};

    IO_MADE(int, call, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char *path)
{
    struct io_call call = {.kind = IO_UNLINK, .fd = -1, .path = path};

    IO_MADE(int, call, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int ftruncate(int fd, off_t length)
{
    struct io_call call = {.kind = IO_TRUNCATE, .fd = fd, .offset = length};

    IO_MADE(int, call, syscall(SYS_ftruncate, fd, length));
}

int fallocate(int fd, int mode, off_t offset, off_t len)
{
    struct io_call call = {.kind = IO_PUNCH, .fd = fd, .len = (size_t)len, .offset = offset};

    IO_MADE(int, call, syscall(SYS_fallocate, fd, mode, offset, len));
}

#endif
