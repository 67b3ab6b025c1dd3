/*
 * One commit: nodes from the leaves up, the list of waiting pages, the overwriting of those that
 * nothing needs any more, then the root. Up to LISTED_MAX pages go with the root in one sync, since
 * the root lists them and is believed only if they are all there; a larger commit syncs before it.
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- nodes ---- */

static int node_order(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;

    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static enum lw_status list_dirty(struct node_cache *cache, struct node ***list, size_t *count)
{
    size_t found = 0;
    struct node **nodes = malloc((cache->dirty_count + 1) * sizeof(struct node *));

    if (!nodes)
        return LW_NO_MEMORY;
    for (struct node *node = cache->oldest; node; node = node->newer) {
        if (node->dirty)
            nodes[found++] = node;
    }
    qsort(nodes, found, sizeof(struct node *), node_order);
    *list = nodes;
    *count = found;
    return LW_OK;
}

static bool node_is_empty(const struct node *node)
{
    for (size_t i = 0; i < NODE_FAN; i++) {
        if (lw_get_u32(node->payload + i * ENTRY_BYTES) != 0)
            return false;
    }
    return true;
}

static enum lw_status commit_node(struct lw_lane *lane, struct node *node)
{
    struct entry fresh = {0};
    enum lw_status status = LW_OK;
    uint32_t page;

    if (!node_is_empty(node)) {
        if ((status = pool_take(lane, 0, &page)) != LW_OK)
            return status;
        status = pool_write(lane, page, node->level, node->index, node->payload, &fresh);
    }
    if (status == LW_OK && node->self.page != 0)
        status = pool_free(lane, &node->self);
    if (status == LW_OK) {
        tree_set_entry(&lane->own, node->level, node->index, &fresh);
        node->self = fresh;
    }
    return status;
}

static enum lw_status commit_nodes(struct lw_lane *lane)
{
    struct node **list = NULL;
    size_t count = 0;
    enum lw_status status = list_dirty(&lane->own.nodes, &list, &count);

    for (size_t i = 0; status == LW_OK && i < count; i++)
        status = commit_node(lane, list[i]);
    free(list);
    return status;
}

static void clean_nodes(struct node_cache *cache)
{
    struct node *node = cache->oldest;

    while (node) {
        struct node *newer = node->newer;
        if (node->self.page == 0)
            nodes_drop(cache, node);
        else
            nodes_set_clean(cache, node);
        node = newer;
    }
}

/* ---- pages that wait to be freed ---- */

/* The list as the new root will name it. What was overwritten before this commit leaves it: that
 * was synced with the root that this commit builds on. */
static enum lw_status make_list(struct lw_lane *lane, struct waiting_list *list)
{
    uint64_t next = lane->base.generation + 1;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < lane->waiting.count && status == LW_OK; i++) {
        struct waiting item = lane->waiting.item[i];
        if (item.page == 0 || (item.overwritten && !lane->adopted))
            continue;
        if (!pool_is_pinned(lane, &item)) {
            bool live = false;
            /* a page whose head had rotted was taken for free: another stands there since */
            if (pagemap_get(&lane->freed_at, item.page, NULL))
                continue;
            status = pool_is_live(lane, item.page, &live);
            if (status == LW_OK && live)
                continue;
            if (status == LW_OK)
                status = pool_overwrite(lane, item.page);
            item.overwritten = true;
        }
        if (status == LW_OK)
            status = waiting_add(list, &item);
    }
    for (size_t i = 0; i < lane->freed.count && status == LW_OK; i++)
        status = waiting_add(list, &lane->freed.item[i]);
    for (size_t i = 0; i < lane->waiting.page_count && status == LW_OK; i++) {
        const struct entry *page = &lane->waiting.page[i];
        struct waiting item = {.page = page->page, .birth = page->birth, .death = next};
        status = waiting_add(list, &item);
    }
    return status;
}

static size_t list_pages_for(size_t count)
{
    return count <= ROOT_WAITING ? 0 : (count - ROOT_WAITING + LIST_WAITING - 1) / LIST_WAITING;
}

/* The pages of the list are taken first: that may shorten it, never lengthen it. */
static enum lw_status take_list_pages(struct lw_lane *lane, uint32_t **out, size_t *count)
{
    size_t most =
        list_pages_for(lane->waiting.count + lane->freed.count + lane->waiting.page_count);
    uint32_t *pages = calloc(most + 1, sizeof *pages);
    enum lw_status status = pages ? LW_OK : LW_NO_MEMORY;

    for (size_t i = 0; i < most && status == LW_OK; i++)
        status = pool_take(lane, 0, &pages[i]);
    if (status != LW_OK) {
        free(pages);
        return status;
    }
    *out = pages;
    *count = most;
    return LW_OK;
}

/* From the last page to the first, since each names the next one by its tag. */
static enum lw_status write_list_pages(struct lw_lane *lane, const struct waiting_list *list,
                                       const uint32_t *pages, size_t count)
{
    struct root *root = &lane->own.root;
    struct entry next = {0};
    uint8_t payload[LW_PAYLOAD];
    enum lw_status status = LW_OK;

    for (size_t i = count; i-- > 0 && status == LW_OK;) {
        size_t from = ROOT_WAITING + i * LIST_WAITING;
        size_t items = list->count - from < LIST_WAITING ? list->count - from : LIST_WAITING;
        list_page_encode(&next, list->item + from, items, payload);
        status = pool_write(lane, pages[i], LEVEL_LIST, (uint32_t)i, payload, &next);
    }
    root->list_head = next;
    root->list_count = (uint32_t)count;
    root->waiting_count = (unsigned)(list->count < ROOT_WAITING ? list->count : ROOT_WAITING);
    if (root->waiting_count > 0)
        memcpy(root->waiting, list->item, root->waiting_count * sizeof *list->item);
    return status;
}

static enum lw_status commit_list(struct lw_lane *lane)
{
    struct waiting_list list = {0};
    uint32_t *pages;
    size_t taken;
    enum lw_status status = take_list_pages(lane, &pages, &taken);

    if (status != LW_OK)
        return status;
    status = make_list(lane, &list);
    size_t needed = list_pages_for(list.count);
    for (size_t i = needed; i < taken && status == LW_OK; i++)
        status = pool_discard(lane, pages[i]);
    if (status == LW_OK)
        status = write_list_pages(lane, &list, pages, needed);
    waiting_free(&list);
    free(pages);
    return status;
}

/* ---- the root ---- */

static void list_commit(struct lw_lane *lane)
{
    crypto_generichash_state state;
    struct root *root = &lane->own.root;

    root->listed_count = lane->written_count <= LISTED_MAX ? (unsigned)lane->written_count : 0;
    crypto_generichash_init(&state, NULL, 0, LW_HASH);
    for (unsigned i = 0; i < root->listed_count; i++) {
        root->listed[i] = lane->written[i].page;
        crypto_generichash_update(&state, lane->written[i].tag, LW_TAG);
    }
    crypto_generichash_final(&state, root->listed_hash, LW_HASH);
}

static void seal_root(struct lw_lane *lane, uint8_t page[LW_PAGE])
{
    struct root *root = &lane->own.root;
    struct page_head head = {.level = LEVEL_ROOT, .commit = root->commit};
    uint8_t payload[LW_PAYLOAD];

    root->generation = lane->base.generation + 1;
    head.birth = root->generation;
    root_encode(root, payload);
    root_seal(lane->vault, lane->own.keys, lane->own.lane, &head, payload, page);
    memcpy(root->tag, page_tag(page), LW_TAG);
    lw_zero(payload, sizeof payload);
}

/* After a failed sync nobody knows what reached the disk: what stood in place of the new root is
 * put back. Where even that cannot be synced, the connection is of no more use, and noise there
 * tells the next writer to sync that place before anything else. */
static enum lw_status take_root_back(struct lw_lane *lane, unsigned which, off_t offset)
{
    uint8_t noise[LW_PAGE];
    enum lw_status marked;

    if (lw_file_write_at(lane->fd, lane->own.raw[which], LW_PAGE, offset) == LW_OK &&
        fdatasync(lane->fd) == 0)
        return lane_fail(lane, LW_IO, "the vault cannot be synced: nothing was saved");
    randombytes_buf(noise, sizeof noise);
    marked = lw_file_write_at(lane->fd, noise, LW_PAGE, offset);
    lane->broken = true;
    return lane_fail(lane, marked == LW_OK ? LW_IO : marked,
                     "the vault cannot be synced, and this cannot be taken back: the next opening "
                     "shows whether it was saved");
}

static enum lw_status commit_root(struct lw_lane *lane)
{
    struct tree *tree = &lane->own;
    uint8_t page[LW_PAGE];

    list_commit(lane);
    seal_root(lane, page);
    if (lane->written_count > LISTED_MAX && fdatasync(lane->fd) != 0)
        return lane_fail(lane, LW_IO, "the vault cannot be synced: nothing was saved");
    unsigned which = (unsigned)(tree->root.generation & 1);
    off_t offset = (off_t)root_page(tree->lane, which) * LW_PAGE;
    if (lw_file_write_at(lane->fd, page, LW_PAGE, offset) != LW_OK || fdatasync(lane->fd) != 0)
        return take_root_back(lane, which, offset);
    memcpy(tree->raw[which], page, LW_PAGE);
    memcpy(tree->believed, tree->root.tag, LW_TAG);
    memcpy(tree->synced, tree->root.tag, LW_TAG);
    tree->fell_back = false;
    return LW_OK;
}

enum lw_status commit_write(struct lw_lane *lane)
{
    enum lw_status status;

    if ((status = pool_begin(lane)) != LW_OK || (status = commit_nodes(lane)) != LW_OK ||
        (status = commit_list(lane)) != LW_OK || (status = commit_root(lane)) != LW_OK) {
        if (lane->error[0] == '\0')
            lane_fail(lane, status, "the vault cannot be written: nothing was saved");
        return status;
    }
    clean_nodes(&lane->own.nodes);
    return LW_OK;
}

enum lw_status lane_format(const struct lw_vault *vault, unsigned lane, uint64_t generation)
{
    struct lane_keys *keys = lane_keys_new(vault, lane);
    uint8_t page[LW_PAGE], payload[LW_PAYLOAD];
    enum lw_status status = keys ? LW_OK : LW_NO_MEMORY;

    /* two empty roots, so that both places hold a readable one from the first day */
    for (uint64_t g = generation; status == LW_OK && g < generation + 2; g++) {
        struct root root = {.generation = g, .height = 1};
        struct page_head head = {.level = LEVEL_ROOT, .birth = g};
        randombytes_buf(&head.commit, sizeof head.commit);
        crypto_generichash(root.listed_hash, LW_HASH, NULL, 0, NULL, 0);
        root_encode(&root, payload);
        root_seal(vault, keys, lane, &head, payload, page);
        status = lw_file_write_at(vault->fd, page, LW_PAGE,
                                  (off_t)root_page(lane, (unsigned)(g & 1)) * LW_PAGE);
    }
    sodium_free(keys);
    return status;
}
