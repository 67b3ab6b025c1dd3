/*
 * A disk that remembers what was done to it: every write, sync and change of names in one folder,
 * in order, with marks in between. What a power cut may leave is made from this afterwards, see
 * cut_disk.h. On the way a sync can be made to fail, and a "process" to end before any operation.
 */
#ifndef LW_TEST_RECORDED_DISK_H
#define LW_TEST_RECORDED_DISK_H

#include "base.h"
#include "io_hooks.h"

#include <dirent.h>
#include <limits.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DISK_NAMES 12 /* in the folder */
#define DISK_FILES 40
#define DISK_PATH  160

enum disk_kind {
    DISK_WRITE,
    DISK_WRITTEN, /* the synced write before it is on the disk */
    DISK_SIZE,
    DISK_PUNCH, /* of the whole file */
    DISK_SYNC,
    DISK_SYNC_FAILED, /* after it the system takes what was written for clean */
    DISK_CREATE,
    DISK_RENAME,
    DISK_EXCHANGE,
    DISK_UNLINK,
    DISK_FOLDER_SYNC,
    DISK_MARK
};

struct disk_op {
    enum disk_kind kind;
    unsigned file;
    unsigned name, to;  /* places in the list of names */
    size_t offset, len; /* of a write; len: the new size */
    void *data;         /* of a write, or what a mark says; owned */
};

struct disk_file {
    ino_t inode;
    uint8_t *data; /* as it was at the start; NULL: made since */
    size_t size;
    bool hole; /* without a block */
};

struct recorded {
    char folder[DISK_PATH];
    ino_t folder_inode;
    char name[DISK_NAMES][48];
    int named[DISK_NAMES];   /* the file of that name at the start, or -1 */
    bool stands[DISK_NAMES]; /* now */
    unsigned names;
    struct disk_file file[DISK_FILES];
    unsigned files;
    struct disk_op *op;
    size_t count, cap;
};

/* What the hooks work on. */
static struct {
    struct recorded *disk;                /* NULL: nothing is recorded */
    void (*before_sync)(void);            /* of a recorded file */
    void (*wrote)(int fd, off_t, size_t); /* whatever is written, recorded or not */
    unsigned sync_passes;                 /* so many syncs go well, */
    unsigned sync_fails;                  /* then so many fail */
    jmp_buf *end;                         /* where a process that ends leaves to, */
    unsigned end_after;                   /* before the operation after so many, */
    bool end_at_sync;                     /* or before the next sync */
    int opened[64];                       /* by this process */
    unsigned opened_count;
} recording;

static void recorded_die(const char *what)
{
    fprintf(stderr, "the recording does not work: %s\n", what);
    exit(2);
}

static struct disk_op *recorded_add(struct recorded *disk, enum disk_kind kind)
{
    if (disk->count == disk->cap) {
        disk->cap = disk->cap ? disk->cap * 2 : 1024;
        disk->op = realloc(disk->op, disk->cap * sizeof *disk->op);
        if (!disk->op)
            recorded_die("no memory");
    }
    struct disk_op *op = &disk->op[disk->count++];
    memset(op, 0, sizeof *op);
    op->kind = kind;
    return op;
}

static void *recorded_copy(const void *data, size_t len)
{
    void *copy = malloc(len + 1);

    if (!copy)
        recorded_die("no memory");
    memcpy(copy, data, len);
    return copy;
}

/* Whatever the campaign wants to find again at that place; early: before the writes that led here.
 */
static void recorded_mark(struct recorded *disk, const void *data, size_t len, bool early)
{
    struct disk_op op = *recorded_add(disk, DISK_MARK);
    size_t at = disk->count - 1;

    while (early && at > 0 && disk->op[at - 1].kind == DISK_WRITE) {
        disk->op[at] = disk->op[at - 1];
        at--;
    }
    op.data = recorded_copy(data, len);
    op.len = len;
    disk->op[at] = op;
}

/* ---- names and files ---- */

static int recorded_name(struct recorded *disk, const char *path)
{
    size_t len = strlen(disk->folder);

    if (strncmp(path, disk->folder, len) != 0 || path[len] != '/' || strchr(path + len + 1, '/'))
        return -1;
    for (unsigned i = 0; i < disk->names; i++) {
        if (strcmp(disk->name[i], path + len + 1) == 0)
            return (int)i;
    }
    if (disk->names == DISK_NAMES || strlen(path + len + 1) >= sizeof disk->name[0])
        recorded_die("too many names");
    (void)snprintf(disk->name[disk->names], sizeof disk->name[0], "%s", path + len + 1);
    disk->named[disk->names] = -1;
    return (int)disk->names++;
}

static int recorded_file(const struct recorded *disk, int fd)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return -1;
    for (unsigned i = disk->files; i-- > 0;) {
        if (disk->file[i].inode == info.st_ino)
            return (int)i;
    }
    return -1;
}

static unsigned recorded_add_file(struct recorded *disk, int fd)
{
    struct stat info;

    if (disk->files == DISK_FILES || fstat(fd, &info) != 0)
        recorded_die("too many files");
    disk->file[disk->files].inode = info.st_ino;
    return disk->files++;
}

static void recorded_keep(struct recorded *disk, const char *name)
{
    char path[DISK_PATH + NAME_MAX + 2];
    struct stat info;

    (void)snprintf(path, sizeof path, "%s/%s", disk->folder, name);
    int at = recorded_name(disk, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (at < 0 || fd < 0 || fstat(fd, &info) != 0)
        recorded_die(path);
    unsigned number = recorded_add_file(disk, fd);
    struct disk_file *file = &disk->file[number];
    file->size = (size_t)info.st_size;
    file->hole = info.st_blocks == 0;
    file->data = malloc(file->size + 1);
    if (!file->data || pread(fd, file->data, file->size, 0) != (ssize_t)file->size)
        recorded_die(path);
    disk->named[at] = (int)number;
    disk->stands[at] = true;
    close(fd);
}

/* What stands in the folder now is what the disk has for certain. */
static void recorded_start(struct recorded *disk, const char *folder)
{
    struct stat info;
    struct dirent *entry;
    DIR *list = opendir(folder);

    memset(disk, 0, sizeof *disk);
    recording.disk = NULL;
    if (!list || stat(folder, &info) != 0)
        recorded_die(folder);
    (void)snprintf(disk->folder, sizeof disk->folder, "%s", folder);
    disk->folder_inode = info.st_ino;
    while ((entry = readdir(list)) != NULL) {
        if (entry->d_name[0] != '.')
            recorded_keep(disk, entry->d_name);
    }
    closedir(list);
    recording.disk = disk;
}

static void recorded_free(struct recorded *disk)
{
    for (size_t i = 0; i < disk->count; i++)
        free(disk->op[i].data);
    for (unsigned i = 0; i < disk->files; i++)
        free(disk->file[i].data);
    free(disk->op);
    memset(disk, 0, sizeof *disk);
}

/* ---- a process that ends ---- */

/* From now on; recorded_alive says that it lived to the end of what it did. */
static void recorded_mortal(jmp_buf *end, unsigned after, bool at_sync)
{
    recording.end = end;
    recording.end_after = after;
    recording.end_at_sync = at_sync;
    recording.opened_count = 0;
}

static void recorded_alive(void)
{
    recording.end = NULL;
}

/* As the kernel does: its descriptors, and with them its locks, are gone. */
static void recorded_end(void)
{
    jmp_buf *end = recording.end;

    recording.end = NULL;
    for (unsigned i = 0; i < recording.opened_count; i++)
        close(recording.opened[i]);
    io_hooks.inside = false;
    longjmp(*end, 1);
}

static void recorded_may_end(bool is_sync)
{
    if (!recording.end)
        return;
    if (recording.end_at_sync ? is_sync : recording.end_after-- == 0)
        recorded_end();
}

/* ---- hooks ---- */

static bool recorded_before(const struct io_call *call, ssize_t *result)
{
    struct recorded *disk = recording.disk;
    bool named = call->kind == IO_RENAME || call->kind == IO_REPLACE || call->kind == IO_EXCHANGE ||
                 call->kind == IO_UNLINK;

    if (!disk || call->kind == IO_OPEN || call->kind == IO_READ)
        return false;
    int file = named ? -1 : recorded_file(disk, call->fd);
    if (!named && file < 0)
        return false;
    if (call->kind == IO_SYNC && recording.before_sync)
        recording.before_sync();
    recorded_may_end(call->kind == IO_SYNC);
    if (call->kind == IO_WRITE_SYNCED) { /* it may be cut while it is being written */
        struct disk_op *op = recorded_add(disk, DISK_WRITE);
        op->file = (unsigned)file;
        op->offset = (size_t)call->offset;
        op->len = call->len;
        op->data = recorded_copy(call->data, call->len);
    }
    if (call->kind != IO_SYNC || recording.sync_fails == 0)
        return false;
    if (recording.sync_passes > 0) {
        recording.sync_passes--;
        return false;
    }
    recording.sync_fails--;
    recorded_add(disk, DISK_SYNC_FAILED)->file = (unsigned)file;
    errno = EIO;
    *result = -1;
    return true;
}

static void recorded_opened(struct recorded *disk, const struct io_call *call, int fd)
{
    if (recording.end && recording.opened_count < LW_COUNT_OF(recording.opened))
        recording.opened[recording.opened_count++] = fd;
    if (!(call->flags & O_CREAT))
        return;
    int name = recorded_name(disk, call->path);
    /* A number tells nothing about a new file: ext4 gives that of a removed one to the next. */
    if (name < 0 || (!(call->flags & O_EXCL) && recorded_file(disk, fd) >= 0))
        return;
    unsigned file = recorded_add_file(disk, fd);
    struct disk_op *op = recorded_add(disk, DISK_CREATE);
    op->name = (unsigned)name;
    op->file = file;
    disk->stands[name] = true;
}

static void recorded_named(struct recorded *disk, const struct io_call *call)
{
    int name = recorded_name(disk, call->path);
    int to = call->kind == IO_UNLINK ? 0 : recorded_name(disk, call->to);

    if (name < 0 || to < 0)
        return;
    if (!disk->stands[name] || (call->kind == IO_EXCHANGE && !disk->stands[to]))
        recorded_die("a file was made unseen");
    disk->stands[name] = call->kind == IO_EXCHANGE;
    if (call->kind != IO_UNLINK)
        disk->stands[to] = true;
    struct disk_op *op = recorded_add(disk, call->kind == IO_UNLINK     ? DISK_UNLINK
                                            : call->kind == IO_EXCHANGE ? DISK_EXCHANGE
                                                                        : DISK_RENAME);
    op->name = (unsigned)name;
    op->to = (unsigned)to;
}

static void recorded_changed(struct recorded *disk, const struct io_call *call, size_t done)
{
    int file = recorded_file(disk, call->fd);
    enum disk_kind kind = call->kind == IO_WRITE_SYNCED ? DISK_WRITTEN
                          : call->kind == IO_SYNC       ? DISK_SYNC
                          : call->kind == IO_TRUNCATE   ? DISK_SIZE
                          : call->kind == IO_PUNCH      ? DISK_PUNCH
                                                        : DISK_WRITE;
    struct stat info;

    if (file < 0) {
        if (call->kind == IO_SYNC && fstat(call->fd, &info) == 0 &&
            info.st_ino == disk->folder_inode)
            recorded_add(disk, DISK_FOLDER_SYNC);
        return;
    }
    struct disk_op *op = recorded_add(disk, kind);
    op->file = (unsigned)file;
    op->offset = (size_t)call->offset;
    op->len = kind == DISK_SIZE ? (size_t)call->offset : done;
    if (call->kind == IO_WRITE)
        op->data = recorded_copy(call->data, done);
}

static void recorded_after(const struct io_call *call, ssize_t result)
{
    struct recorded *disk = recording.disk;

    if (recording.wrote && result >= 0 && (call->kind == IO_WRITE || call->kind == IO_WRITE_SYNCED))
        recording.wrote(call->fd, call->offset, (size_t)result);
    if (!disk || result < 0)
        return;
    switch (call->kind) {
    case IO_OPEN:
        recorded_opened(disk, call, (int)result);
        break;
    case IO_RENAME:
    case IO_REPLACE:
    case IO_EXCHANGE:
    case IO_UNLINK:
        recorded_named(disk, call);
        break;
    case IO_READ:
        break;
    default:
        recorded_changed(disk, call, (size_t)result);
    }
}

static inline void recorded_install(void)
{
    io_hooks.before = recorded_before;
    io_hooks.after = recorded_after;
}

#endif
