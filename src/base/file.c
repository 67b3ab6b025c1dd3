/* Whole reads and writes on descriptors. On failure errno says what happened. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CHUNK      ((size_t)65536)
#define MOST_BYTES ((size_t)1 << 30) /* in one system call */

static size_t piece(size_t len)
{
    return len < MOST_BYTES ? len : MOST_BYTES;
}

static enum lw_status io_failed(void)
{
    return lw_status_of_errno(errno, LW_IO);
}

enum lw_status lw_file_read_at(int fd, void *data, size_t len, off_t offset)
{
    char *at = data;

    while (len > 0) {
        ssize_t got = pread(fd, at, piece(len), offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return io_failed();
        if (got == 0) {
            errno = ENODATA;
            return LW_DAMAGED;
        }
        at += got;
        len -= (size_t)got;
        offset += got;
    }
    return LW_OK;
}

enum lw_status lw_file_write_at(int fd, const void *data, size_t len, off_t offset)
{
    const char *at = data;

    while (len > 0) {
        ssize_t put = pwrite(fd, at, piece(len), offset);

        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = EIO;
        if (put <= 0)
            return io_failed();
        at += put;
        len -= (size_t)put;
        offset += put;
    }
    return LW_OK;
}

/* True where the call is to be made again, after waiting if the descriptor does not block. */
static bool try_again(int fd, short events)
{
    struct pollfd wait = {.fd = fd, .events = events};

    if (errno == EINTR)
        return true;
    if (errno != EAGAIN)
        return false;
    return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

enum lw_status lw_fd_write(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t put = write(fd, at, piece(len));

        if (put < 0 && try_again(fd, POLLOUT))
            continue;
        if (put == 0)
            errno = EIO;
        if (put <= 0)
            return io_failed();
        at += put;
        len -= (size_t)put;
    }
    return LW_OK;
}

/* One read behind what is there; *got is 0 at the end of the file. */
static enum lw_status read_more(int fd, size_t most, struct lw_buf *out, size_t *got)
{
    enum lw_status status = lw_buf_reserve(out, most);
    ssize_t read_len;

    if (status != LW_OK)
        return status;
    do {
        read_len = read(fd, out->data + out->len, most);
    } while (read_len < 0 && try_again(fd, POLLIN));
    if (read_len < 0)
        return errno == EISDIR ? LW_NO_INPUT : io_failed();
    *got = (size_t)read_len;
    out->len += *got;
    out->data[out->len] = '\0';
    return LW_OK;
}

/* One byte more than the limit is asked for, to tell a file that ends there from a longer one. */
enum lw_status lw_fd_read_all(int fd, size_t limit, struct lw_buf *out)
{
    size_t before = out->len;
    enum lw_status status;
    size_t got = 0;

    do {
        size_t left = limit - (out->len - before);

        status = read_more(fd, left < CHUNK ? left + 1 : CHUNK, out, &got);
        if (status == LW_OK && out->len - before > limit)
            status = LW_TOO_LONG;
    } while (status == LW_OK && got > 0);
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    return status;
}

/* Length of the part of path that names its folder: "" for "a", "/" for "/a", "a" for "a/b/". */
static size_t folder_length(const char *path)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return len;
}

enum lw_status lw_path_sync_folder(const char *path)
{
    char folder[PATH_MAX] = "."; /* for a wipe, which must do without memory */
    size_t len = folder_length(path);
    enum lw_status status = LW_OK;
    int fd;
    int saved;

    if (len >= sizeof folder) {
        errno = ENAMETOOLONG;
        return io_failed();
    }
    if (len > 0) {
        memcpy(folder, path, len);
        folder[len] = '\0';
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* EINVAL: this file system does not know folders as something to sync. */
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
        status = io_failed();
    saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return status;
}
