/*
 * The VFS: SQLite's main database on a lane. It refuses every other file and says that none exists,
 * so a journal, a WAL, shared memory or a temporary file cannot come to be.
 *
 * A page of SQLite is LW_PAYLOAD bytes and LW_RESERVED bytes that are not stored. Locks are the
 * lane's: shared is a snapshot, reserved the writer's lock; readers keep their snapshots while a
 * writer commits, so pending and exclusive are granted at once. The commit is SQLITE_FCNTL_SYNC,
 * since xSync does not come with synchronous=OFF.
 */
#include "vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNTER_AT    24 /* bytes of page 1 by which the pager sees that its cache is stale */
#define COUNTER_BYTES 16

struct lw_vfs {
    sqlite3_vfs base;
    char name[32];
    struct lw_lane *lane;
    bool is_open;                  /* the lane is one file: nothing else can be attached */
    enum lw_status status;         /* of the last call that failed */
    uint8_t counter[4];            /* of page 1 as the transaction found it */
    uint8_t cached[LW_LANE_STATE]; /* what SQLite's cache belongs to */
    uint8_t told[LW_LANE_STATE];   /* what lw_vfs_changed has told of; follows own commits */
};

struct lane_file {
    sqlite3_file base;
    struct lw_vfs *vfs;
};

static struct lw_vfs *vfs_of(sqlite3_file *file)
{
    return ((struct lane_file *)file)->vfs;
}

static int result(struct lw_vfs *vfs, enum lw_status status, int io_code)
{
    if (status == LW_OK)
        return SQLITE_OK;
    vfs->status = status;
    switch (status) {
    case LW_BUSY:
        return SQLITE_BUSY;
    case LW_FULL:
        return SQLITE_FULL;
    case LW_READ_ONLY:
        return SQLITE_READONLY;
    case LW_NO_MEMORY:
        return SQLITE_IOERR_NOMEM;
    default:
        return io_code;
    }
}

static enum lw_status take_snapshot(struct lw_vfs *vfs)
{
    if (!lw_lane_has_snapshot(vfs->lane))
        vfs->status = LW_OK;
    return lw_lane_snapshot(vfs->lane);
}

/* ---- reading and writing ---- */

static enum lw_status read_page(struct lw_vfs *vfs, uint32_t index, uint8_t page[LW_PAGE])
{
    memset(page + LW_PAYLOAD, 0, LW_VFS_RESERVED);
    return lw_lane_read(vfs->lane, index, page);
}

static enum lw_status read_part(struct lw_vfs *vfs, uint8_t *out, int amount, uint32_t index,
                                int from)
{
    uint8_t page[LW_PAGE];
    enum lw_status status = read_page(vfs, index, page);

    if (status == LW_OK)
        memcpy(out, page + from, (size_t)amount);
    lw_zero(page, sizeof page);
    return status;
}

static int read_bytes(struct lw_vfs *vfs, uint8_t *out, int amount, sqlite3_int64 offset)
{
    while (amount > 0) {
        uint32_t index = (uint32_t)(offset / LW_PAGE);
        int from = (int)(offset % LW_PAGE);
        int part = LW_PAGE - from < amount ? LW_PAGE - from : amount;
        if (index >= lw_lane_pages(vfs->lane)) {
            memset(out, 0, (size_t)amount);
            return SQLITE_IOERR_SHORT_READ;
        }
        enum lw_status status =
            part == LW_PAGE ? read_page(vfs, index, out) : read_part(vfs, out, part, index, from);
        if (status != LW_OK)
            return result(vfs, status, SQLITE_IOERR_READ);
        out += part;
        offset += part;
        amount -= part;
    }
    return SQLITE_OK;
}

/* The pager compares these bytes with those that its cache was read with. They may be the same in
 * another state, where a damaged root was left behind: so they are altered as the state moves. */
static void alter_if_moved(struct lw_vfs *vfs, uint8_t counter[COUNTER_BYTES])
{
    uint8_t state[LW_LANE_STATE];

    lw_lane_state(vfs->lane, state);
    if (memcmp(state, vfs->cached, sizeof state) == 0)
        return;
    memcpy(vfs->cached, state, sizeof state);
    for (int i = 0; i < COUNTER_BYTES; i++)
        counter[i] ^= 0xFF;
}

static int file_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset)
{
    struct lw_vfs *vfs = vfs_of(file);
    bool locked = lw_lane_has_snapshot(vfs->lane);
    enum lw_status status = take_snapshot(vfs); /* the header is read before any lock */

    if (status != LW_OK)
        return result(vfs, status, SQLITE_IOERR_READ);
    int code = read_bytes(vfs, out, amount, offset);
    if (offset == COUNTER_AT && amount == COUNTER_BYTES && code == SQLITE_OK)
        alter_if_moved(vfs, out);
    if (!locked)
        lw_lane_release(vfs->lane);
    return code;
}

/* Pages of another size, with fewer reserved bytes, or a database that says it has a WAL could not
 * be opened again. */
static bool layout_is_ours(const uint8_t *page1)
{
    return page1[16] == LW_PAGE >> 8 && page1[17] == 0 && page1[18] == 1 && page1[19] == 1 &&
           page1[20] == LW_VFS_RESERVED;
}

static int file_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
    struct lw_vfs *vfs = vfs_of(file);

    if (amount != LW_PAGE || offset % LW_PAGE != 0 || (offset == 0 && !layout_is_ours(data)))
        return result(vfs, LW_INTERNAL, SQLITE_IOERR_WRITE);
    return result(vfs, lw_lane_write(vfs->lane, (uint32_t)(offset / LW_PAGE), data),
                  SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct lw_vfs *vfs = vfs_of(file);

    if (size % LW_PAGE != 0 || size / LW_PAGE > lw_lane_pages(vfs->lane))
        return result(vfs, LW_INTERNAL, SQLITE_IOERR_TRUNCATE);
    return result(vfs, lw_lane_truncate(vfs->lane, (uint32_t)(size / LW_PAGE)),
                  SQLITE_IOERR_TRUNCATE);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)lw_lane_pages(vfs_of(file)->lane) * LW_PAGE;
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return SQLITE_OK;
}

static int file_close(sqlite3_file *file)
{
    vfs_of(file)->is_open = false;
    lw_lane_release(vfs_of(file)->lane);
    return SQLITE_OK;
}

/* ---- locks ---- */

/* Zeros where there is no page yet. */
static enum lw_status read_first(struct lw_vfs *vfs, uint8_t page1[LW_PAYLOAD])
{
    memset(page1, 0, LW_PAYLOAD);
    return lw_lane_pages(vfs->lane) > 0 ? lw_lane_read(vfs->lane, 0, page1) : LW_OK;
}

static enum lw_status reserve(struct lw_vfs *vfs)
{
    uint8_t page1[LW_PAYLOAD];
    enum lw_status status = LW_OK;

    if (lw_lane_is_writer(vfs->lane))
        return LW_OK;
    if ((status = read_first(vfs, page1)) == LW_OK)
        memcpy(vfs->counter, page1 + COUNTER_AT, sizeof vfs->counter);
    lw_zero(page1, sizeof page1);
    return status == LW_OK ? lw_lane_reserve(vfs->lane) : status;
}

static int file_lock(sqlite3_file *file, int level)
{
    struct lw_vfs *vfs = vfs_of(file);
    enum lw_status status = level == SQLITE_LOCK_SHARED ? take_snapshot(vfs) : reserve(vfs);

    /* a snapshot is stale where another file has the name: then no retry can help */
    if (status == LW_STALE && level != SQLITE_LOCK_SHARED)
        return SQLITE_BUSY_SNAPSHOT;
    return result(vfs, status, SQLITE_IOERR_LOCK);
}

static int file_unlock(sqlite3_file *file, int level)
{
    struct lw_vfs *vfs = vfs_of(file);

    if (level == SQLITE_LOCK_NONE)
        lw_lane_release(vfs->lane);
    else
        lw_lane_unreserve(vfs->lane);
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *out)
{
    *out = lw_lane_is_writer(vfs_of(file)->lane);
    return SQLITE_OK;
}

/* ---- control ---- */

/* SQLite cuts the file only after its last sync, which no commit would follow: page 1 says how long
 * the database is from now on, so the cut goes with this commit. */
static enum lw_status shorten(struct lw_vfs *vfs, const uint8_t page1[LW_PAYLOAD])
{
    uint32_t pages = (uint32_t)page1[28] << 24 | (uint32_t)page1[29] << 16 |
                     (uint32_t)page1[30] << 8 | page1[31];
    bool valid = memcmp(page1 + 24, page1 + 92, 4) == 0 && pages > 0;

    return valid && pages < lw_lane_pages(vfs->lane) ? lw_lane_truncate(vfs->lane, pages) : LW_OK;
}

/* An own commit is no news, but what others committed before it may still be. */
static void follow_commit(struct lw_vfs *vfs)
{
    bool up_to_date = memcmp(vfs->told, vfs->cached, LW_LANE_STATE) == 0;

    lw_lane_state(vfs->lane, vfs->cached);
    if (up_to_date)
        memcpy(vfs->told, vfs->cached, LW_LANE_STATE);
}

/* Every transaction counts up in page 1. Where the counter is the old one, SQLite has put back what
 * it had written already: that is no commit, unlocking drops it. Besides, SQLite does not put back
 * pages that were free before, and what was taken back would stay in them. */
static int commit(struct lw_vfs *vfs)
{
    uint8_t page1[LW_PAYLOAD];
    enum lw_status status = LW_OK;

    if (!lw_lane_is_writer(vfs->lane))
        return SQLITE_OK;
    status = read_first(vfs, page1);
    bool taken_back =
        status == LW_OK && memcmp(page1 + COUNTER_AT, vfs->counter, sizeof vfs->counter) == 0;
    if (status == LW_OK && !taken_back)
        status = shorten(vfs, page1);
    lw_zero(page1, sizeof page1);
    if (status == LW_OK && !taken_back && (status = lw_lane_commit(vfs->lane)) == LW_OK)
        follow_commit(vfs);
    return result(vfs, status, SQLITE_IOERR_FSYNC);
}

/* A journal beside the lane cannot be; with an exclusive lock a rollback that fails would leave
 * half of itself to the next commit. */
static int pragma(char **words)
{
    const char *name = words[1], *value = words[2];

    if (!value)
        return SQLITE_NOTFOUND;
    if (sqlite3_stricmp(name, "page_size") == 0)
        return SQLITE_OK;
    if ((sqlite3_stricmp(name, "journal_mode") != 0 || sqlite3_stricmp(value, "memory") == 0) &&
        (sqlite3_stricmp(name, "locking_mode") != 0 || sqlite3_stricmp(value, "normal") == 0))
        return SQLITE_NOTFOUND;
    words[0] = sqlite3_mprintf("%s=%s is not possible in a vault", name, value);
    return SQLITE_ERROR;
}

static int file_control(sqlite3_file *file, int op, void *argument)
{
    switch (op) {
    case SQLITE_FCNTL_SYNC:
        return commit(vfs_of(file));
    case SQLITE_FCNTL_PRAGMA:
        return pragma(argument);
    default:
        return SQLITE_NOTFOUND;
    }
}

static int file_sector_size(sqlite3_file *file)
{
    (void)file;
    return LW_PAGE;
}

static int file_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
};

/* ---- the file system that has one file ---- */

static int vfs_open(sqlite3_vfs *base, const char *name, sqlite3_file *file, int flags,
                    int *out_flags)
{
    struct lane_file *opened = (struct lane_file *)file;
    struct lw_vfs *vfs = base->pAppData;

    (void)name;
    opened->base.pMethods = NULL;
    if (!(flags & SQLITE_OPEN_MAIN_DB) || vfs->is_open)
        return SQLITE_CANTOPEN;
    vfs->is_open = true;
    opened->vfs = vfs;
    opened->base.pMethods = &file_methods;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *base, const char *name, int sync_folder)
{
    (void)base;
    (void)name;
    (void)sync_folder;
    return SQLITE_IOERR_DELETE_NOENT;
}

static int vfs_access(sqlite3_vfs *base, const char *name, int flags, int *out)
{
    (void)base;
    (void)name;
    (void)flags;
    *out = 0;
    return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *base, const char *name, int size, char *out)
{
    (void)base;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *base, int size, char *out)
{
    (void)base;
    lw_random(out, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *base, int microseconds)
{
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000L};

    (void)base;
    nanosleep(&pause, NULL);
    return microseconds;
}

static int vfs_time(sqlite3_vfs *base, sqlite3_int64 *out)
{
    (void)base;
    *out = lw_clock_now(&lw_clock_system) + INT64_C(210866760000000); /* julian, ms */
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *base, int size, char *out)
{
    (void)base;
    if (size > 0)
        out[0] = '\0';
    return 0;
}

/* SQLite calls these without asking whether they are there. */
static void *vfs_no_library(sqlite3_vfs *base, const char *name)
{
    (void)base;
    (void)name;
    return NULL;
}

static void vfs_library_error(sqlite3_vfs *base, int size, char *out)
{
    (void)base;
    snprintf(out, (size_t)size, "no extensions from files");
}

static void fill_base(struct lw_vfs *vfs)
{
    vfs->base = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct lane_file),
        .mxPathname = 64,
        .zName = vfs->name,
        .pAppData = vfs,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_pathname,
        .xDlOpen = vfs_no_library,
        .xDlError = vfs_library_error,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTimeInt64 = vfs_time,
        .xGetLastError = vfs_last_error,
    };
}

/* ---- the lane as such a file system ---- */

static enum lw_status look(struct lw_vfs *vfs, uint8_t state[LW_LANE_STATE])
{
    enum lw_status status = lw_lane_snapshot(vfs->lane);

    if (status == LW_OK)
        lw_lane_state(vfs->lane, state);
    lw_lane_release(vfs->lane);
    return status;
}

enum lw_status lw_vfs_new(struct lw_lane *lane, struct lw_vfs **out, struct lw_error *err)
{
    struct lw_vfs *vfs = calloc(1, sizeof *vfs);
    enum lw_status status;

    if (!vfs)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    vfs->lane = lane;
    if ((status = look(vfs, vfs->told)) != LW_OK) {
        free(vfs);
        return lw_fail(err, status, "%s", lw_lane_error(lane));
    }
    memcpy(vfs->cached, vfs->told, LW_LANE_STATE);
    snprintf(vfs->name, sizeof vfs->name, "lapwing-%p", (void *)vfs);
    fill_base(vfs);
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        free(vfs);
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    *out = vfs;
    return LW_OK;
}

void lw_vfs_free(struct lw_vfs *vfs)
{
    if (!vfs)
        return;
    sqlite3_vfs_unregister(&vfs->base);
    free(vfs);
}

const char *lw_vfs_name(const struct lw_vfs *vfs)
{
    return vfs->name;
}

enum lw_status lw_vfs_status(const struct lw_vfs *vfs)
{
    return vfs->status;
}

enum lw_status lw_vfs_changed(struct lw_vfs *vfs, bool *changed)
{
    uint8_t state[LW_LANE_STATE];
    enum lw_status status;

    *changed = false;
    if (lw_lane_has_snapshot(vfs->lane))
        return LW_OK;
    status = look(vfs, state);
    if (status == LW_BUSY)
        return LW_OK; /* others commit so fast that the next call will do */
    if (status != LW_OK)
        return status;
    *changed = memcmp(state, vfs->told, sizeof state) != 0;
    memcpy(vfs->told, state, sizeof state);
    return LW_OK;
}
