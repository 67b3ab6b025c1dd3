/* Files as bytes: names, synced writes, room on the disk. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

char *path_with(const char *path, const char *suffix)
{
    size_t len = strlen(path), more = strlen(suffix);
    char *out = malloc(len + more + 1);

    if (out == NULL)
        return NULL;
    memcpy(out, path, len);
    memcpy(out + len, suffix, more + 1);
    return out;
}

char *path_resolve(const char *path)
{
    char *real = realpath(path, NULL);

    return real != NULL ? real : path_with(path, "");
}

enum lw_status write_synced(int fd, const void *data, size_t len, off_t offset)
{
    struct iovec piece = {(void *)(uintptr_t)data, len};
    enum lw_status status;
    ssize_t done;

    do
        done = pwritev2(fd, &piece, 1, offset, RWF_DSYNC);
    while (done < 0 && errno == EINTR);
    if (done >= 0 && (size_t)done == len)
        return LW_OK;
    /* An old kernel or file system, or a short write: the long way, whose error is the one told. */
    status = lw_file_write_at(fd, data, len, offset);
    if (status != LW_OK)
        return status;
    return fdatasync(fd) == 0 ? LW_OK : LW_IO;
}

void file_expect_scattered(int fd)
{
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
}

void file_forget(int fd)
{
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

static enum lw_status byte_lock(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return LW_OK;
    return errno == EAGAIN || errno == EACCES ? LW_BUSY : LW_IO;
}

enum lw_status building_lock(int fd)
{
    return byte_lock(fd, F_WRLCK);
}

void building_unlock(int fd)
{
    (void)byte_lock(fd, F_UNLCK);
}

/* btrfs would keep old versions of overwritten pages; it takes this only while the file is empty.
 */
static void set_nocow(int fd)
{
    int flags;

    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0)
        return;
    flags |= FS_NOCOW_FL;
    (void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

enum lw_status file_create(const char *path, int *fd, struct lw_error *err)
{
    int made = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (made < 0 && errno == EEXIST)
        return lw_fail(err, LW_EXISTS, "%s exists already: move it away or choose another name",
                       path);
    if (made < 0)
        return lw_fail_errno(err, LW_CANNOT_CREATE, "cannot create %s", path);
    set_nocow(made);
    *fd = made;
    return LW_OK;
}

enum lw_status disk_has_room(int fd, const char *path, uint64_t bytes, struct lw_error *err)
{
    struct statvfs disk;
    uint64_t room;

    if (fstatvfs(fd, &disk) != 0)
        return LW_OK; /* then the writing will tell */
    room = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (room >= bytes)
        return LW_OK;
    return lw_fail(
        err, LW_FULL,
        "%s needs %llu MiB but the disk has %llu MiB free: make room or choose a smaller "
        "size",
        path, (unsigned long long)((bytes + 0xFFFFF) >> 20), (unsigned long long)(room >> 20));
}

int file_rename(const char *from, const char *to, bool exchange)
{
    struct stat info;

    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE) == 0)
        return 0;
    if (exchange || (errno != EINVAL && errno != ENOSYS))
        return -1;
    /* No flags here (exFAT, some network file systems): look first, then rename. */
    if (lstat(to, &info) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

enum lw_status sync_named(int fd, const char *path)
{
    return fsync(fd) == 0 ? lw_path_sync_folder(path) : LW_IO;
}

#define FAT UINT32_C(0x4D44)

bool file_can_exchange(int fd)
{
    struct statfs info;

    return fstatfs(fd, &info) != 0 || (uint32_t)info.f_type != FAT;
}

void folder_sync_try(const char *path)
{
    if (lw_path_sync_folder(path) != LW_OK)
        return;
}

bool file_has_name(int fd, const char *path)
{
    struct stat open_one, named;

    return fstat(fd, &open_one) == 0 && stat(path, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);

    return len >= tail && strcmp(text + len - tail, end) == 0;
}

bool name_is_reserved(const char *path)
{
    return ends_with(path, SUFFIX_NEW) || ends_with(path, SUFFIX_WIPED);
}

bool lw_vault_name_reserved(const char *path)
{
    return name_is_reserved(path);
}

enum lw_status name_refuse(const char *path, struct lw_error *err)
{
    return lw_fail(err, LW_REFUSED,
                   "%s: names that end in " SUFFIX_NEW " or " SUFFIX_WIPED
                   " are kept for unfinished files, which are wiped: choose another name",
                   path);
}

int64_t ticks_us(void)
{
    return lw_ticks_us(CLOCK_MONOTONIC);
}

void sleep_ms(int ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}
