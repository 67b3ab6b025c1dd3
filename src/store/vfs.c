/*
 * The VFS: SQLite's main database on a lane. It refuses every other file and says that none exists,
 * so a journal, a WAL, shared memory or a temporary file cannot come to be.
 *
 * A page of SQLite is LW_PAYLOAD bytes and LW_RESERVED bytes that are not stored. Locks are the
 * lane's: shared is a snapshot, reserved the writer's lock; readers keep their snapshots while a
 * writer commits, so pending and exclusive are granted at once. The commit is SQLITE_FCNTL_SYNC,
 * since xSync does not come with synchronous=OFF.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNTER_AT    24 /* bytes of page 1 by which the pager sees that its cache is stale */
#define COUNTER_BYTES 16

struct lane_file {
    sqlite3_file base;
    struct lw_store *store;
};

static struct lw_store *store_of(sqlite3_file *file)
{
    return ((struct lane_file *)file)->store;
}

static int lane_result(struct lw_store *store, enum lw_status status, int io_code)
{
    if (status == LW_OK)
        return SQLITE_OK;
    store->lane_status = status;
    switch (status) {
    case LW_BUSY:
        return SQLITE_BUSY;
    case LW_STALE:
        return SQLITE_BUSY_SNAPSHOT;
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

/* ---- reading and writing ---- */

static int read_pages(struct lw_store *store, uint8_t *out, int amount, sqlite3_int64 offset)
{
    uint8_t page[LW_PAGE];
    bool beyond = false;

    while (amount > 0) {
        uint32_t index = (uint32_t)(offset / LW_PAGE);
        int from = (int)(offset % LW_PAGE);
        int part = LW_PAGE - from < amount ? LW_PAGE - from : amount;
        memset(page + LW_PAYLOAD, 0, LW_RESERVED);
        if (index < lw_lane_pages(store->lane)) {
            enum lw_status status = lw_lane_read(store->lane, index, page);
            if (status != LW_OK) {
                lw_zero(page, sizeof page);
                return lane_result(store, status, SQLITE_IOERR_READ);
            }
            memcpy(out, page + from, (size_t)part);
        } else {
            memset(out, 0, (size_t)part);
            beyond = true;
        }
        out += part;
        offset += part;
        amount -= part;
    }
    lw_zero(page, sizeof page);
    return beyond ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset)
{
    struct lw_store *store = store_of(file);
    bool locked = lw_lane_has_snapshot(store->lane);
    enum lw_status status = lw_lane_snapshot(store->lane); /* the header is read before any lock */

    if (status != LW_OK)
        return lane_result(store, status, SQLITE_IOERR_READ);
    int code = read_pages(store, out, amount, offset);
    if (offset == COUNTER_AT && amount == COUNTER_BYTES && store->moved) {
        for (int i = 0; i < COUNTER_BYTES; i++)
            ((uint8_t *)out)[i] ^= 0xFF;
        store->moved = false;
    }
    if (!locked)
        lw_lane_release(store->lane);
    return code;
}

/* VACUUM after PRAGMA page_size would lay out pages that do not fit a payload. */
static bool layout_is_ours(const uint8_t *page1)
{
    return page1[16] == LW_PAGE >> 8 && page1[17] == 0 && page1[20] == LW_RESERVED;
}

static int file_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
    struct lw_store *store = store_of(file);

    if (amount != LW_PAGE || offset % LW_PAGE != 0)
        return SQLITE_IOERR_WRITE;
    if (offset == 0 && !layout_is_ours(data))
        return SQLITE_IOERR_WRITE;
    return lane_result(store, lw_lane_write(store->lane, (uint32_t)(offset / LW_PAGE), data),
                       SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct lw_store *store = store_of(file);

    return lane_result(store, lw_lane_truncate(store->lane, (uint32_t)(size / LW_PAGE)),
                       SQLITE_IOERR_TRUNCATE);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)lw_lane_pages(store_of(file)->lane) * LW_PAGE;
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
    store_of(file)->file_open = false;
    lw_lane_release(store_of(file)->lane);
    return SQLITE_OK;
}

/* ---- locks ---- */

static int lock_shared(struct lw_store *store)
{
    uint8_t state[LW_LANE_STATE];
    enum lw_status status = lw_lane_snapshot(store->lane);

    if (status == LW_STALE) { /* another file has the name: no retry can help */
        store->lane_status = status;
        return SQLITE_IOERR_LOCK;
    }
    if (status != LW_OK)
        return lane_result(store, status, SQLITE_IOERR_LOCK);
    lw_lane_state(store->lane, state);
    if (memcmp(state, store->state, sizeof state) != 0) {
        memcpy(store->state, state, sizeof state);
        store->moved = true;
    }
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    struct lw_store *store = store_of(file);

    if (level == SQLITE_LOCK_SHARED)
        return lock_shared(store);
    return lane_result(store, lw_lane_reserve(store->lane), SQLITE_IOERR_LOCK);
}

static int file_unlock(sqlite3_file *file, int level)
{
    struct lw_store *store = store_of(file);

    if (level == SQLITE_LOCK_NONE)
        lw_lane_release(store->lane);
    else
        lw_lane_unreserve(store->lane);
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *out)
{
    *out = lw_lane_is_writer(store_of(file)->lane);
    return SQLITE_OK;
}

/* ---- control ---- */

/* An own commit is no news, but what others committed before it may still be. */
static void follow_commit(struct lw_store *store)
{
    bool up_to_date = memcmp(store->told, store->state, LW_LANE_STATE) == 0;

    lw_lane_state(store->lane, store->state);
    if (up_to_date)
        memcpy(store->told, store->state, LW_LANE_STATE);
}

/* SQLite cuts the file only after its last sync, which no commit would follow: page 1 says how long
 * the database is from now on, so the cut goes with this commit. */
static enum lw_status shorten(struct lw_store *store)
{
    uint8_t page[LW_PAYLOAD];
    uint32_t had = lw_lane_pages(store->lane), pages;
    enum lw_status status = had > 0 ? lw_lane_read(store->lane, 0, page) : LW_OK;

    if (status != LW_OK || had == 0)
        return status;
    pages =
        (uint32_t)page[28] << 24 | (uint32_t)page[29] << 16 | (uint32_t)page[30] << 8 | page[31];
    bool valid = memcmp(page + 24, page + 92, 4) == 0 && pages > 0 && pages < had;
    lw_zero(page, sizeof page);
    return valid ? lw_lane_truncate(store->lane, pages) : LW_OK;
}

static int file_control(sqlite3_file *file, int op, void *argument)
{
    struct lw_store *store = store_of(file);

    if (op == SQLITE_FCNTL_SYNC) {
        if (!lw_lane_is_writer(store->lane))
            return SQLITE_OK;
        enum lw_status status = shorten(store);
        if (status == LW_OK)
            status = lw_lane_commit(store->lane);
        if (status == LW_OK)
            follow_commit(store);
        return lane_result(store, status, SQLITE_IOERR_FSYNC);
    }
    if (op == SQLITE_FCNTL_PRAGMA) {
        char **words = argument;
        return sqlite3_stricmp(words[1], "page_size") == 0 && words[2] ? SQLITE_OK
                                                                       : SQLITE_NOTFOUND;
    }
    return SQLITE_NOTFOUND;
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

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *out_flags)
{
    struct lane_file *opened = (struct lane_file *)file;
    struct lw_store *store = vfs->pAppData;

    (void)name;
    opened->base.pMethods = NULL;
    if (!(flags & SQLITE_OPEN_MAIN_DB) || store->file_open)
        return SQLITE_CANTOPEN;
    store->file_open = true;
    opened->store = store;
    opened->base.pMethods = &file_methods;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    (void)name;
    (void)sync_folder;
    return SQLITE_IOERR_DELETE_NOENT;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    (void)name;
    (void)flags;
    *out = 0;
    return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    lw_random(out, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000L};

    (void)vfs;
    nanosleep(&pause, NULL);
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = lw_clock_now(&lw_clock_system) + INT64_C(210866760000000); /* julian, ms */
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    if (size > 0)
        out[0] = '\0';
    return 0;
}

void store_vfs_init(struct lw_store *store)
{
    snprintf(store->vfs_name, sizeof store->vfs_name, "lapwing-%p", (void *)store);
    store->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct lane_file),
        .mxPathname = 64,
        .zName = store->vfs_name,
        .pAppData = store,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_pathname,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTimeInt64 = vfs_time,
        .xGetLastError = vfs_last_error,
    };
}
