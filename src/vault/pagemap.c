/* Page number -> number: open addressing with linear probing; page 0 never occurs as a key. */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct pagemap *map, uint32_t page)
{
    return (size_t)((page * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (map->cap - 1);
}

static size_t find(const struct pagemap *map, uint32_t page)
{
    size_t at = place_of(map, page);

    while (map->key[at] != 0 && map->key[at] != page)
        at = (at + 1) & (map->cap - 1);
    return at;
}

static enum lw_status grow(struct pagemap *map)
{
    struct pagemap wider = {.cap = map->cap ? map->cap * 2 : 64};

    wider.key = calloc(wider.cap, sizeof *wider.key);
    wider.value = calloc(wider.cap, sizeof *wider.value);
    if (!wider.key || !wider.value) {
        pagemap_clear(&wider);
        return LW_NO_MEMORY;
    }
    for (size_t i = 0; i < map->cap; i++) {
        if (map->key[i] != 0) {
            size_t at = find(&wider, map->key[i]);
            wider.key[at] = map->key[i];
            wider.value[at] = map->value[i];
        }
    }
    wider.count = map->count;
    pagemap_clear(map);
    *map = wider;
    return LW_OK;
}

enum lw_status pagemap_put(struct pagemap *map, uint32_t page, uint32_t value)
{
    enum lw_status status;

    if (map->count * 2 >= map->cap && (status = grow(map)) != LW_OK)
        return status;
    size_t at = find(map, page);
    if (map->key[at] == 0)
        map->count++;
    map->key[at] = page;
    map->value[at] = value;
    return LW_OK;
}

bool pagemap_get(const struct pagemap *map, uint32_t page, uint32_t *value)
{
    if (map->count == 0)
        return false;
    size_t at = find(map, page);
    if (map->key[at] == 0)
        return false;
    if (value)
        *value = map->value[at];
    return true;
}

void pagemap_remove(struct pagemap *map, uint32_t page)
{
    if (map->count == 0)
        return;
    size_t hole = find(map, page);
    if (map->key[hole] == 0)
        return;
    map->count--;
    map->key[hole] = 0;
    /* move back what was pushed past the hole */
    for (size_t at = (hole + 1) & (map->cap - 1); map->key[at] != 0;
         at = (at + 1) & (map->cap - 1)) {
        uint32_t key = map->key[at], value = map->value[at];
        map->key[at] = 0;
        size_t to = find(map, key);
        map->key[to] = key;
        map->value[to] = value;
    }
}

void pagemap_clear(struct pagemap *map)
{
    free(map->key);
    free(map->value);
    memset(map, 0, sizeof *map);
}
