/*
 * What a power cut may leave of a recorded disk: at any place of the recording what was synced is
 * there, and of what was not all, nothing, some, all but one, or 512-byte parts. Names that were
 * not synced with their folder survive as any beginning of their order, and so do sizes.
 */
#ifndef LW_TEST_CUT_DISK_H
#define LW_TEST_CUT_DISK_H

#include "recorded_disk.h"
#include "seeded.h"

#include <sys/mman.h>

#define DISK_BLOCK  4096 /* what is written in one go, if at all */
#define DISK_SECTOR 512

enum loss { LOSE_NONE, LOSE_ALL, LOSE_SOME, LOSE_ONE, TEAR_ONE, TEAR_ALL, LOSSES };

static const char *const loss_name[LOSSES] = {"nothing lost", "everything lost", "some lost",
                                              "one lost",     "one torn",        "all torn"};

struct pending {
    unsigned file;
    size_t offset, len;
    const uint8_t *data;
    size_t op;
    bool grows; /* made the file longer: a size that survives has its data (ext4's ordered mode) */
};

/* Also a punch, which goes through the same journal. */
struct pending_size {
    unsigned file;
    size_t size;
    bool punch;
};

/* A recording, played back up to some place. */
struct playback {
    const struct recorded *disk;
    size_t at;
    struct {
        uint8_t *data; /* on the disk for certain */
        size_t cap, size;
        size_t cached;  /* the size as programs see it */
        bool hole;      /* punched, for certain */
        size_t punched; /* by that operation */
    } file[DISK_FILES];
    struct pending *pending;
    size_t count, cap;
    struct pending_size size[512];
    unsigned sizes;
    int named[DISK_NAMES]; /* for certain */
    const struct disk_op *name_op[64];
    unsigned name_ops;
    const void *mark;
};

/* The folder that gets what a cut leaves. Only what differs is written for the next one. */
struct crash {
    char folder[DISK_PATH];
    unsigned blocks; /* that fit in a list of stale ones */
    struct {
        int from; /* the file that it was made of, or -1 */
        ino_t inode;
        int fd;
        size_t size;
        bool hole;
        uint8_t *map;
        uint8_t *stale; /* a byte for each block */
        unsigned *list; /* the stale ones */
        unsigned count;
    } name[DISK_NAMES];
};

static void playback_start(struct playback *play, const struct recorded *disk)
{
    memset(play, 0, sizeof *play);
    play->disk = disk;
    memcpy(play->named, disk->named, sizeof play->named);
    for (unsigned i = 0; i < DISK_NAMES; i++)
        play->named[i] = i < disk->names ? disk->named[i] : -1;
    for (unsigned i = 0; i < disk->files; i++) {
        size_t size = disk->file[i].size;
        play->file[i].data = malloc(size + 1);
        if (!play->file[i].data)
            recorded_die("no memory");
        if (size > 0)
            memcpy(play->file[i].data, disk->file[i].data, size);
        play->file[i].hole = disk->file[i].hole;
        play->file[i].cap = play->file[i].size = play->file[i].cached = size;
    }
}

static void playback_free(struct playback *play)
{
    for (unsigned i = 0; i < play->disk->files; i++)
        free(play->file[i].data);
    free(play->pending);
    memset(play, 0, sizeof *play);
}

/* ---- crash folders ---- */

static void crash_start(struct crash *crash, const char *folder, unsigned blocks)
{
    memset(crash, 0, sizeof *crash);
    (void)snprintf(crash->folder, sizeof crash->folder, "%s", folder);
    if (mkdir(folder, 0700) != 0)
        recorded_die(folder);
    crash->blocks = blocks;
    for (unsigned i = 0; i < DISK_NAMES; i++) {
        crash->name[i].from = -1;
        crash->name[i].stale = calloc(blocks, 1);
        crash->name[i].list = calloc(blocks, sizeof *crash->name[i].list);
        if (!crash->name[i].stale || !crash->name[i].list)
            recorded_die("no memory");
    }
}

static void crash_touch(struct crash *crash, unsigned name, size_t offset, size_t len)
{
    for (size_t block = offset / DISK_BLOCK; len > 0 && block <= (offset + len - 1) / DISK_BLOCK;
         block++) {
        if (block >= crash->blocks || crash->name[name].stale[block])
            continue;
        crash->name[name].stale[block] = 1;
        crash->name[name].list[crash->name[name].count++] = (unsigned)block;
    }
}

/* The hook's: something is written while a crashed folder is looked at. */
static void crash_wrote(struct crash *crash, int fd, off_t offset, size_t len)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return;
    for (unsigned i = 0; i < DISK_NAMES; i++) {
        if (crash->name[i].from >= 0 && crash->name[i].inode == info.st_ino)
            crash_touch(crash, i, (size_t)offset, len);
    }
}

static void crash_changed(struct crash *crash, unsigned file, size_t offset, size_t len)
{
    for (unsigned i = 0; crash && i < DISK_NAMES; i++) {
        if (crash->name[i].from == (int)file)
            crash_touch(crash, i, offset, len);
    }
}

static void crash_forget(struct crash *crash, unsigned name)
{
    if (crash->name[name].from < 0)
        return;
    munmap(crash->name[name].map, crash->name[name].size + 1);
    close(crash->name[name].fd);
    crash->name[name].from = -1;
    while (crash->name[name].count > 0)
        crash->name[name].stale[crash->name[name].list[--crash->name[name].count]] = 0;
}

/* Before another recording is cut: its names are others. */
static void crash_clear(struct crash *crash)
{
    char path[DISK_PATH + NAME_MAX + 2];
    bool inside = io_hooks.inside;
    DIR *list = opendir(crash->folder);
    struct dirent *entry;

    io_hooks.inside = true;
    for (unsigned i = 0; i < DISK_NAMES; i++)
        crash_forget(crash, i);
    while (list && (entry = readdir(list)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", crash->folder, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)unlink(path);
    }
    if (list)
        closedir(list);
    io_hooks.inside = inside;
}

/* ---- playing back ---- */

static void playback_resize(struct playback *play, unsigned file, size_t size)
{
    if (size > play->file[file].cap) {
        size_t cap = size + ((size_t)1 << 20);
        uint8_t *data = realloc(play->file[file].data, cap);
        if (!data)
            recorded_die("no memory");
        play->file[file].data = data;
        play->file[file].cap = cap;
    }
    if (size > play->file[file].size)
        memset(play->file[file].data + play->file[file].size, 0, size - play->file[file].size);
    play->file[file].size = size;
}

static void pending_copy(uint8_t *to, const struct pending *item, size_t from, size_t len)
{
    memcpy(to + item->offset + from, item->data + from, len);
}

/* Onto the disk for certain. */
static void playback_keep(struct playback *play, struct crash *crash, const struct pending *item)
{
    if (item->offset + item->len > play->file[item->file].size)
        return;
    if (play->file[item->file].hole)
        memset(play->file[item->file].data, 0, play->file[item->file].size);
    play->file[item->file].hole = false;
    pending_copy(play->file[item->file].data, item, 0, item->len);
    crash_changed(crash, item->file, item->offset, item->len);
}

static void playback_set_size(struct playback *play, unsigned file, size_t size, bool punch)
{
    play->file[file].cached = size;
    if (play->sizes == LW_COUNT_OF(play->size))
        recorded_die("too many sizes");
    play->size[play->sizes++] = (struct pending_size){file, size, punch};
}

static void playback_write(struct playback *play, const struct disk_op *op, size_t number)
{
    size_t end = op->offset + op->len;

    for (size_t done = 0; done < op->len;) {
        size_t part = DISK_BLOCK - (op->offset + done) % DISK_BLOCK;
        if (part > op->len - done)
            part = op->len - done;
        if (play->count == play->cap) {
            play->cap = play->cap ? play->cap * 2 : 4096;
            play->pending = realloc(play->pending, play->cap * sizeof *play->pending);
            if (!play->pending)
                recorded_die("no memory");
        }
        play->pending[play->count++] =
            (struct pending){op->file, op->offset + done,
                             part,     (const uint8_t *)op->data + done,
                             number,   op->offset >= play->file[op->file].cached};
        done += part;
    }
    if (end > play->file[op->file].cached)
        playback_set_size(play, op->file, end, false);
}

static void playback_sync_size(struct playback *play, unsigned file)
{
    unsigned left = 0;

    playback_resize(play, file, play->file[file].cached);
    for (unsigned i = 0; i < play->sizes; i++) {
        if (play->size[i].file != file)
            play->size[left++] = play->size[i];
        else if (play->size[i].punch)
            play->file[file].hole = true;
    }
    play->sizes = left;
}

/* failed: some of it got there, and the rest never will unless it is written again. */
static void playback_sync(struct playback *play, struct crash *crash, unsigned file, bool failed)
{
    uint32_t way = failed ? choose(3) : 0; /* all, nothing, some */
    size_t left = 0;

    playback_sync_size(play, file);
    for (size_t i = 0; i < play->count; i++) {
        if (play->pending[i].file != file)
            play->pending[left++] = play->pending[i];
        else if (way == 0 || (way == 2 && choose(2) == 0))
            playback_keep(play, crash, &play->pending[i]);
    }
    play->count = left;
}

/* The last write was a synced one: it alone, and what it replaced, is no longer pending. */
static void playback_written(struct playback *play, struct crash *crash, const struct disk_op *op)
{
    size_t left = 0;

    /* what is needed to find the data again comes with it, the size too */
    if (op->offset + op->len > play->file[op->file].size)
        playback_sync_size(play, op->file);
    for (size_t i = 0; i < play->count; i++) {
        const struct pending item = play->pending[i];
        if (item.file == op->file && item.op + 1 == play->at)
            playback_keep(play, crash, &item);
        else if (item.file != op->file || item.offset < op->offset ||
                 item.offset + item.len > op->offset + op->len)
            play->pending[left++] = item;
    }
    play->count = left;
}

static void name_apply(int named[DISK_NAMES], const struct disk_op *op)
{
    int was = named[op->name];

    switch (op->kind) {
    case DISK_CREATE:
        named[op->name] = (int)op->file;
        break;
    case DISK_UNLINK:
        named[op->name] = -1;
        break;
    case DISK_EXCHANGE:
        named[op->name] = named[op->to];
        named[op->to] = was;
        break;
    default:
        named[op->to] = was;
        named[op->name] = -1;
    }
}

static void playback_sync_names(struct playback *play)
{
    for (unsigned i = 0; i < play->name_ops; i++)
        name_apply(play->named, play->name_op[i]);
    play->name_ops = 0;
}

/* One operation further. crash may be NULL. */
static void playback_step(struct playback *play, struct crash *crash)
{
    const struct disk_op *op = &play->disk->op[play->at];

    switch (op->kind) {
    case DISK_WRITE:
        playback_write(play, op, play->at);
        break;
    case DISK_WRITTEN:
        playback_written(play, crash, op);
        break;
    case DISK_SIZE:
        playback_set_size(play, op->file, op->len, false);
        break;
    case DISK_PUNCH:
        play->file[op->file].punched = play->at;
        playback_set_size(play, op->file, play->file[op->file].cached, true);
        break;
    case DISK_SYNC:
    case DISK_SYNC_FAILED:
        playback_sync(play, crash, op->file, op->kind == DISK_SYNC_FAILED);
        break;
    case DISK_FOLDER_SYNC:
        playback_sync_names(play);
        break;
    case DISK_MARK:
        play->mark = op->data;
        break;
    default:
        if (play->name_ops == LW_COUNT_OF(play->name_op))
            recorded_die("too many names in the air");
        play->name_op[play->name_ops++] = op;
    }
    play->at++;
}

/* ---- images ---- */

/* How many of n survive, as a beginning of their order. */
static unsigned surviving(enum loss loss, unsigned n)
{
    if (loss == LOSE_NONE || loss == TEAR_ALL)
        return n;
    return loss == LOSE_ALL ? 0 : choose(n + 1);
}

static size_t image_size(const struct playback *play, enum loss loss, unsigned file, bool *hole)
{
    size_t size = play->file[file].size;
    unsigned count = 0;

    *hole = play->file[file].hole;
    for (unsigned i = 0; i < play->sizes; i++)
        count += play->size[i].file == file;
    count = surviving(loss, count);
    for (unsigned i = 0; i < play->sizes && count > 0; i++) {
        if (play->size[i].file == file) {
            size = play->size[i].size;
            *hole |= play->size[i].punch;
            count--;
        }
    }
    return size;
}

static void image_apply(const struct playback *play, enum loss loss, size_t chosen, size_t i,
                        uint8_t *map)
{
    const struct pending *item = &play->pending[i];
    bool torn = loss == TEAR_ALL || (loss == TEAR_ONE && i == chosen);

    if (!item->grows && (loss == LOSE_ALL || (loss == LOSE_ONE && i == chosen) ||
                         (loss == LOSE_SOME && choose(2) == 0)))
        return;
    if (!torn || item->grows) {
        pending_copy(map, item, 0, item->len);
        return;
    }
    for (size_t part = 0; part < item->len; part += DISK_SECTOR) {
        if (choose(2) == 0)
            pending_copy(map, item, part,
                         item->len - part < DISK_SECTOR ? item->len - part : DISK_SECTOR);
    }
}

/* The file of that name as it is for certain, in the size that survives. */
static void crash_make(struct crash *crash, const struct playback *play, unsigned name,
                       unsigned file, size_t size, bool hole, const char *path)
{
    struct stat info;
    size_t had = play->file[file].size < size ? play->file[file].size : size;
    bool same = !hole && !crash->name[name].hole && crash->name[name].from == (int)file &&
                crash->name[name].size == size && stat(path, &info) == 0 &&
                info.st_ino == crash->name[name].inode && (size_t)info.st_size == size;

    if (same) {
        while (crash->name[name].count > 0) {
            unsigned block = crash->name[name].list[--crash->name[name].count];
            size_t at = (size_t)block * DISK_BLOCK;
            size_t len = at >= size ? 0 : size - at < DISK_BLOCK ? size - at : DISK_BLOCK;
            size_t sure = at >= had ? 0 : had - at < len ? had - at : len;
            memcpy(crash->name[name].map + at, play->file[file].data + at, sure);
            memset(crash->name[name].map + at + sure, 0, len - sure);
            crash->name[name].stale[block] = 0;
        }
        return;
    }
    crash_forget(crash, name);
    (void)unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &info) != 0 || ftruncate(fd, (off_t)size) != 0)
        recorded_die(path);
    uint8_t *map = mmap(NULL, size + 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        recorded_die(path);
    if (!hole)
        memcpy(map, play->file[file].data, had);
    crash->name[name].from = (int)file;
    crash->name[name].inode = info.st_ino;
    crash->name[name].fd = fd;
    crash->name[name].size = size;
    crash->name[name].hole = hole;
    crash->name[name].map = map;
}

static void crash_put(struct crash *crash, const struct playback *play, enum loss loss,
                      size_t chosen, unsigned name, unsigned file)
{
    bool hole;
    size_t size = image_size(play, loss, file, &hole);
    char path[2 * DISK_PATH];

    (void)snprintf(path, sizeof path, "%s/%s", crash->folder, play->disk->name[name]);
    crash_make(crash, play, name, file, size, hole, path);
    for (size_t i = 0; i < play->count; i++) {
        const struct pending *item = &play->pending[i];
        if (item->file != file || item->offset + item->len > size ||
            item->op < play->file[file].punched)
            continue;
        crash_touch(crash, name, item->offset, item->len);
        image_apply(play, loss, chosen, i, crash->name[name].map);
    }
}

/* The folder as a cut at this place may leave it. */
static void crash_image(struct crash *crash, const struct playback *play, enum loss loss)
{
    size_t chosen = play->count > 0 ? choose((uint32_t)play->count) : 0;
    unsigned ops = surviving(loss, play->name_ops);
    bool inside = io_hooks.inside;
    int named[DISK_NAMES];
    char path[2 * DISK_PATH];

    io_hooks.inside = true;
    memcpy(named, play->named, sizeof named);
    for (unsigned i = 0; i < ops; i++)
        name_apply(named, play->name_op[i]);
    for (unsigned i = 0; i < play->disk->names; i++) {
        if (named[i] >= 0) {
            crash_put(crash, play, loss, chosen, i, (unsigned)named[i]);
            continue;
        }
        crash_forget(crash, i);
        (void)snprintf(path, sizeof path, "%s/%s", crash->folder, play->disk->name[i]);
        (void)unlink(path);
    }
    io_hooks.inside = inside;
}

/* Does it matter what is lost here? */
static bool playback_in_the_air(const struct playback *play)
{
    return play->count > 0 || play->sizes > 0 || play->name_ops > 0;
}

#endif
