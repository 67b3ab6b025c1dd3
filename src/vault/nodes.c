/*
 * Decrypted nodes by level and index. A cached node is used only while its parent names exactly it
 * (page, birth, tag), so the cache needs no invalidation when another process commits.
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 2048 /* power of two, about twice NODES_CACHED */

enum lw_status nodes_init(struct node_cache *cache)
{
    memset(cache, 0, sizeof *cache);
    cache->bucket = calloc(BUCKETS, sizeof(struct node *));
    if (!cache->bucket)
        return LW_NO_MEMORY;
    cache->bucket_count = BUCKETS;
    return LW_OK;
}

static struct node **bucket_of(struct node_cache *cache, uint8_t level, uint32_t index)
{
    uint64_t key = ((uint64_t)level << 32 | index) * UINT64_C(0x9E3779B97F4A7C15);

    return &cache->bucket[(key >> 40) & (cache->bucket_count - 1)];
}

static void unlink_use(struct node_cache *cache, struct node *node)
{
    if (node->newer)
        node->newer->older = node->older;
    else
        cache->newest = node->older;
    if (node->older)
        node->older->newer = node->newer;
    else
        cache->oldest = node->newer;
}

static void link_newest(struct node_cache *cache, struct node *node)
{
    node->newer = NULL;
    node->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = node;
    cache->newest = node;
    if (!cache->oldest)
        cache->oldest = node;
}

struct node *nodes_find(struct node_cache *cache, uint8_t level, uint32_t index)
{
    struct node *node = *bucket_of(cache, level, index);

    while (node && (node->level != level || node->index != index))
        node = node->chain;
    if (node && node != cache->newest) {
        unlink_use(cache, node);
        link_newest(cache, node);
    }
    return node;
}

void nodes_drop(struct node_cache *cache, struct node *node)
{
    struct node **at = bucket_of(cache, node->level, node->index);

    while (*at != node)
        at = &(*at)->chain;
    *at = node->chain;
    unlink_use(cache, node);
    cache->count--;
    if (node->dirty)
        cache->dirty_count--;
    free(node);
}

/* Dirty nodes stay and move to the new end, so that they are not passed over again each time. */
static void make_room(struct node_cache *cache)
{
    for (size_t left = cache->count; left > 0; left--) {
        struct node *node = cache->oldest;
        if (cache->count - cache->dirty_count < NODES_CACHED)
            return;
        if (node->dirty) {
            unlink_use(cache, node);
            link_newest(cache, node);
        } else {
            nodes_drop(cache, node);
        }
    }
}

struct node *nodes_add(struct node_cache *cache, uint8_t level, uint32_t index)
{
    struct node *node = nodes_find(cache, level, index);

    if (node)
        nodes_drop(cache, node);
    make_room(cache);
    node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->level = level;
    node->index = index;
    struct node **bucket = bucket_of(cache, level, index);
    node->chain = *bucket;
    *bucket = node;
    link_newest(cache, node);
    cache->count++;
    return node;
}

void nodes_set_dirty(struct node_cache *cache, struct node *node)
{
    if (!node->dirty) {
        node->dirty = true;
        cache->dirty_count++;
    }
}

void nodes_set_clean(struct node_cache *cache, struct node *node)
{
    if (node->dirty) {
        node->dirty = false;
        cache->dirty_count--;
    }
}

void nodes_drop_dirty(struct node_cache *cache)
{
    struct node *node = cache->oldest;

    while (node && cache->dirty_count > 0) {
        struct node *newer = node->newer;
        if (node->dirty)
            nodes_drop(cache, node);
        node = newer;
    }
}

void nodes_free(struct node_cache *cache)
{
    struct node *node = cache->oldest;

    while (node) {
        struct node *newer = node->newer;
        free(node);
        node = newer;
    }
    free(cache->bucket);
    memset(cache, 0, sizeof *cache);
}
