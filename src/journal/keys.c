/* Lists and maps of integer keys. */
#include "internal.h"

#include <stdlib.h>

enum lw_status key_list_add(struct key_list *list, int64_t key)
{
    if (list->count > 0 && list->key[list->count - 1] == key)
        return LW_OK;
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        int64_t *grown = realloc(list->key, cap * sizeof(*grown));

        if (grown == NULL)
            return LW_NO_MEMORY;
        list->key = grown;
        list->cap = cap;
    }
    list->key[list->count++] = key;
    return LW_OK;
}

static int compare_keys(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void key_list_sort(struct key_list *list)
{
    size_t kept = 0;

    if (list->count < 2)
        return;
    qsort(list->key, list->count, sizeof(*list->key), compare_keys);
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || list->key[kept - 1] != list->key[i])
            list->key[kept++] = list->key[i];
    }
    list->count = kept;
}

void key_list_clear(struct key_list *list)
{
    list->count = 0;
}

void key_list_free(struct key_list *list)
{
    free(list->key);
    *list = (struct key_list){0};
}

/* Where key stands, or the free cell where it would; the map has a free cell. */
static size_t find_cell(const struct key_map *map, int64_t key)
{
    uint64_t mixed = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(mixed >> 32) & (map->cap - 1);

    while (map->cell[at].used && map->cell[at].key != key)
        at = (at + 1) & (map->cap - 1);
    return at;
}

static enum lw_status grow(struct key_map *map)
{
    struct key_map bigger = {.count = map->count, .cap = map->cap == 0 ? 256 : map->cap * 2};

    bigger.cell = calloc(bigger.cap, sizeof(*bigger.cell));
    if (bigger.cell == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < map->cap; i++) {
        if (map->cell[i].used)
            bigger.cell[find_cell(&bigger, map->cell[i].key)] = map->cell[i];
    }
    free(map->cell);
    *map = bigger;
    return LW_OK;
}

enum lw_status key_map_put(struct key_map *map, int64_t key, uint32_t value)
{
    size_t at;

    if (map->count * 2 >= map->cap && grow(map) != LW_OK)
        return LW_NO_MEMORY;
    at = find_cell(map, key);
    if (!map->cell[at].used)
        map->count++;
    map->cell[at] = (struct key_map_cell){.key = key, .value = value, .used = true};
    return LW_OK;
}

bool key_map_get(const struct key_map *map, int64_t key, uint32_t *value)
{
    size_t at;

    if (map->cap == 0)
        return false;
    at = find_cell(map, key);
    if (!map->cell[at].used)
        return false;
    *value = map->cell[at].value;
    return true;
}

void key_map_free(struct key_map *map)
{
    free(map->cell);
    *map = (struct key_map){0};
}
