/*
 * Memory for SQLite. What it gives back to the heap is zeroed, since record text was in it. Its
 * first pages stand in an arena that is locked and left out of core dumps where the system allows;
 * slots of it are reused without being zeroed, and go with the process.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HEAD        16 /* keeps the alignment of malloc; holds the size */
#define ARENA_BYTES ((size_t)6 << 20)

static void *memory_allocate(int size)
{
    uint8_t *block = malloc(HEAD + (size_t)size);

    if (!block)
        return NULL;
    lw_put_u64(block, (uint64_t)size);
    return block + HEAD;
}

static int memory_size(void *data)
{
    return data ? (int)lw_get_u64((uint8_t *)data - HEAD) : 0;
}

static void memory_free(void *data)
{
    if (!data)
        return;
    lw_zero(data, (size_t)memory_size(data));
    free((uint8_t *)data - HEAD);
}

static void *memory_resize(void *data, int size)
{
    int had = memory_size(data);
    void *fresh = memory_allocate(size);

    if (!fresh)
        return NULL;
    memcpy(fresh, data, (size_t)(had < size ? had : size));
    memory_free(data);
    return fresh;
}

static int memory_round_up(int size)
{
    return (size + 7) & ~7;
}

static int memory_init(void *context)
{
    (void)context;
    return SQLITE_OK;
}

static void memory_shutdown(void *context)
{
    (void)context;
}

static bool configure_arena(void)
{
    int head = 0;
    void *arena =
        mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (arena == MAP_FAILED)
        return false;
    (void)madvise(arena, ARENA_BYTES, MADV_DONTDUMP);
    (void)mlock(arena, ARENA_BYTES);
    if (sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &head) != SQLITE_OK)
        return false;
    int slot = memory_round_up(LW_PAGE + head);
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, arena, slot,
                          (int)(ARENA_BYTES / (size_t)slot)) == SQLITE_OK;
}

enum lw_status lw_store_start(void)
{
    static const sqlite3_mem_methods methods = {
        .xMalloc = memory_allocate,
        .xFree = memory_free,
        .xRealloc = memory_resize,
        .xSize = memory_size,
        .xRoundup = memory_round_up,
        .xInit = memory_init,
        .xShutdown = memory_shutdown,
    };

    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_URI, 0) != SQLITE_OK || /* no ATTACH by another VFS */
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK || !configure_arena() ||
        sqlite3_initialize() != SQLITE_OK)
        return LW_INTERNAL;
    return LW_OK;
}
