/* One lane's tree as of one root: finding, reading, validating, marking dirty. */
#include "lane.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROOT_TRIES 4 /* a root that another process is just writing reads as torn */

uint64_t tree_capacity(unsigned height)
{
    uint64_t payloads = ROOT_FAN;

    while (height-- > 0)
        payloads *= NODE_FAN;
    return payloads;
}

/* NODE_FAN to the power of levels */
static uint64_t fan_of(unsigned levels)
{
    return tree_capacity(levels) / ROOT_FAN;
}

enum lw_status tree_init(struct tree *tree, const struct lw_vault *vault, unsigned lane, int fd)
{
    enum lw_status status;

    memset(tree, 0, sizeof *tree);
    tree->vault = vault;
    tree->lane = lane;
    tree->fd = fd;
    if ((status = nodes_init(&tree->nodes)) != LW_OK)
        return status;
    tree->keys = lane_keys_new(vault, lane);
    if (!tree->keys) {
        nodes_free(&tree->nodes);
        return LW_NO_MEMORY;
    }
    return LW_OK;
}

void tree_free(struct tree *tree)
{
    if (!tree->keys)
        return;
    nodes_free(&tree->nodes);
    sodium_free(tree->keys);
    tree->keys = NULL;
}

/* ---- roots ---- */

static bool decode_root(const struct tree *tree, const uint8_t page[LW_PAGE], unsigned which,
                        struct root *root)
{
    uint8_t payload[LW_PAYLOAD];
    struct page_head head;

    if (!root_open(tree->vault, tree->keys, tree->lane, which, page, &head, payload) ||
        !root_decode(payload, tree->vault->pages, root) || root->generation != head.birth)
        return false;
    root->commit = head.commit;
    memcpy(root->tag, page_tag(page), LW_TAG);
    return true;
}

static enum lw_status read_raw_roots(const struct tree *tree, uint8_t raw[2][LW_PAGE])
{
    return lw_file_read_at(tree->fd, raw, (size_t)2 * LW_PAGE,
                           (off_t)root_page(tree->lane, 0) * LW_PAGE);
}

enum lw_status tree_read_roots(struct tree *tree, bool *changed)
{
    const struct timespec pause = {0, 1000 * 1000};
    uint8_t raw[2][LW_PAGE];
    struct root root[2];
    bool ok[2] = {false, false};

    for (unsigned try = 0; try < ROOT_TRIES && !(ok[0] && ok[1]); try++) {
        if (try > 0)
            nanosleep(&pause, NULL);
        enum lw_status status = read_raw_roots(tree, raw);
        if (status != LW_OK)
            return status;
        if (tree->loaded && memcmp(raw, tree->raw, sizeof raw) == 0) {
            *changed = false;
            return LW_OK;
        }
        for (unsigned which = 0; which < 2; which++)
            ok[which] = decode_root(tree, raw[which], which, &root[which]);
    }
    if (!ok[0] && !ok[1])
        return LW_DAMAGED;
    unsigned newest = !ok[0] || (ok[1] && root[1].generation > root[0].generation);
    tree->root = root[newest];
    tree->fell_back = !ok[0] || !ok[1];
    memcpy(tree->raw, raw, sizeof raw);
    tree->loaded = true;
    *changed = true;
    return LW_OK;
}

enum lw_status tree_has_root(const struct tree *tree, bool *found)
{
    uint8_t raw[2][LW_PAGE];
    struct root root;
    enum lw_status status = read_raw_roots(tree, raw);

    *found = false;
    for (unsigned which = 0; which < 2 && status == LW_OK; which++)
        *found |= decode_root(tree, raw[which], which, &root);
    return status;
}

bool tree_was_taken_back(const struct tree *tree)
{
    uint8_t raw[2][LW_PAGE];
    struct root root;

    if (read_raw_roots(tree, raw) != LW_OK)
        return false;
    for (unsigned which = 0; which < 2; which++) {
        if (decode_root(tree, raw[which], which, &root) && root.generation >= tree->root.generation)
            return false;
    }
    return true;
}

static bool page_is_authentic(const struct tree *tree, const uint8_t page[LW_PAGE])
{
    uint8_t payload[LW_PAYLOAD];
    struct page_head head;
    bool authentic = page_open(tree->vault, tree->keys, tree->lane, page, &head, payload);

    lw_zero(payload, sizeof payload);
    return authentic;
}

/* Are the pages of the root's commit there, whole and the same ones? */
static enum lw_status commit_is_whole(struct tree *tree, bool *whole)
{
    crypto_generichash_state state;
    uint8_t page[LW_PAGE], hash[LW_HASH];

    *whole = false;
    crypto_generichash_init(&state, NULL, 0, LW_HASH);
    for (unsigned i = 0; i < tree->root.listed_count; i++) {
        enum lw_status status =
            lw_file_read_at(tree->fd, page, LW_PAGE, (off_t)tree->root.listed[i] * LW_PAGE);
        if (status == LW_DAMAGED)
            return LW_OK;
        if (status != LW_OK)
            return status;
        if (!page_is_authentic(tree, page))
            return LW_OK;
        crypto_generichash_update(&state, page_tag(page), LW_TAG);
    }
    crypto_generichash_final(&state, hash, LW_HASH);
    *whole = memcmp(hash, tree->root.listed_hash, LW_HASH) == 0;
    return LW_OK;
}

enum lw_status tree_has_moved(struct tree *tree, bool *moved)
{
    uint8_t raw[2][LW_PAGE];
    enum lw_status status = read_raw_roots(tree, raw);

    if (status == LW_OK)
        *moved = memcmp(raw, tree->raw, sizeof raw) != 0;
    return status;
}

enum lw_status tree_believe(struct tree *tree, bool *moved)
{
    uint8_t raw[2][LW_PAGE];
    enum lw_status status;
    struct root before;
    bool whole;

    *moved = false;
    if (memcmp(tree->root.tag, tree->believed, LW_TAG) == 0)
        return LW_OK;
    if ((status = commit_is_whole(tree, &whole)) != LW_OK)
        return status;
    if (!whole) {
        /* later commits may have reused those pages before this reader was pinned */
        if ((status = read_raw_roots(tree, raw)) != LW_OK)
            return status;
        if (memcmp(raw, tree->raw, sizeof raw) != 0) {
            *moved = true;
            return LW_OK;
        }
        unsigned which = (unsigned)((tree->root.generation + 1) & 1);
        if (!decode_root(tree, tree->raw[which], which, &before) ||
            before.generation + 1 != tree->root.generation)
            return LW_DAMAGED;
        /* its own sync had returned before the next commit began */
        tree->root = before;
        tree->fell_back = true;
    }
    memcpy(tree->believed, tree->root.tag, LW_TAG);
    return LW_OK;
}

/* ---- nodes ---- */

enum lw_status tree_read_page(struct tree *tree, const struct entry *entry, uint8_t level,
                              uint32_t index, uint8_t payload[LW_PAYLOAD])
{
    uint8_t page[LW_PAGE];
    struct page_head head;
    enum lw_status status = lw_file_read_at(tree->fd, page, LW_PAGE, (off_t)entry->page * LW_PAGE);

    if (status != LW_OK)
        return status;
    if (memcmp(page_tag(page), entry->tag, LW_TAG) != 0 ||
        !page_open(tree->vault, tree->keys, tree->lane, page, &head, payload))
        return LW_DAMAGED;
    if (head.level != level || head.index != index || head.birth != entry->birth)
        return LW_DAMAGED;
    return LW_OK;
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
    return a->page == b->page && a->birth == b->birth && memcmp(a->tag, b->tag, LW_TAG) == 0;
}

/* Authentic bytes are still checked: a node names nothing outside of the pool, nor what is younger.
 */
static bool node_is_sound(const struct tree *tree, const struct entry *self,
                          const uint8_t payload[LW_PAYLOAD])
{
    struct entry child;

    for (size_t i = 0; i < NODE_FAN; i++) {
        entry_get(payload + i * ENTRY_BYTES, &child);
        if (!entry_fits(&child, tree->vault->pages, self->birth))
            return false;
    }
    return true;
}

/* *out NULL: there is none. */
static enum lw_status node_get(struct tree *tree, uint8_t level, uint32_t index,
                               const struct entry *entry, struct node **out)
{
    struct node *node = nodes_find(&tree->nodes, level, index);
    enum lw_status status;

    *out = node;
    if (node && (node->dirty || same_entry(&node->self, entry)))
        return LW_OK;
    *out = NULL;
    if (entry->page == 0)
        return LW_OK;
    node = nodes_add(&tree->nodes, level, index);
    if (!node)
        return LW_NO_MEMORY;
    status = tree_read_page(tree, entry, level, index, node->payload);
    if (status == LW_OK && !node_is_sound(tree, entry, node->payload))
        status = LW_DAMAGED;
    if (status != LW_OK) {
        nodes_drop(&tree->nodes, node);
        return status;
    }
    node->self = *entry;
    *out = node;
    return LW_OK;
}

static void node_entry(const struct node *node, uint64_t child, struct entry *entry)
{
    entry_get(node->payload + child % NODE_FAN * ENTRY_BYTES, entry);
}

enum lw_status tree_find(struct tree *tree, uint8_t level, uint32_t index, struct entry *entry)
{
    const struct entry none = {0};
    unsigned height = tree->root.height;
    uint64_t top;

    *entry = none;
    if (level > height || (top = index / fan_of(height - level)) >= ROOT_FAN)
        return LW_OK;
    *entry = tree->root.child[top];
    for (unsigned at = height; at > level; at--) {
        struct node *node;
        uint64_t child = index / fan_of(at - 1 - level);
        enum lw_status status =
            node_get(tree, (uint8_t)at, (uint32_t)(child / NODE_FAN), entry, &node);
        if (status != LW_OK)
            return status;
        if (!node) {
            *entry = none;
            return LW_OK;
        }
        node_entry(node, child, entry);
    }
    return LW_OK;
}

/* One more level: the root's children become the first ones of a new node. */
static enum lw_status grow(struct tree *tree)
{
    if (tree->root.height == HEIGHT_MAX)
        return LW_FULL;
    struct node *node = nodes_add(&tree->nodes, (uint8_t)(tree->root.height + 1), 0);
    if (!node)
        return LW_NO_MEMORY;
    for (unsigned i = 0; i < ROOT_FAN; i++)
        entry_put(node->payload + i * ENTRY_BYTES, &tree->root.child[i]);
    nodes_set_dirty(&tree->nodes, node);
    memset(tree->root.child, 0, sizeof tree->root.child);
    tree->root.height++;
    return LW_OK;
}

enum lw_status tree_dirty_node(struct tree *tree, uint8_t level, uint32_t index, struct node **out)
{
    struct entry entry;
    struct node *node = NULL;
    enum lw_status status;

    while (tree->root.height < level || index / fan_of(tree->root.height - level) >= ROOT_FAN) {
        if ((status = grow(tree)) != LW_OK)
            return status;
    }
    entry = tree->root.child[index / fan_of(tree->root.height - level)];
    for (unsigned at = tree->root.height; at >= level; at--) {
        uint64_t here = index / fan_of(at - level);
        if (node)
            node_entry(node, here, &entry);
        if ((status = node_get(tree, (uint8_t)at, (uint32_t)here, &entry, &node)) != LW_OK)
            return status;
        if (!node && !(node = nodes_add(&tree->nodes, (uint8_t)at, (uint32_t)here)))
            return LW_NO_MEMORY;
        nodes_set_dirty(&tree->nodes, node);
    }
    *out = node;
    return LW_OK;
}

void tree_set_entry(struct tree *tree, uint8_t level, uint32_t index, const struct entry *entry)
{
    if (level == tree->root.height) {
        tree->root.child[index] = *entry;
        return;
    }
    struct node *parent = nodes_find(&tree->nodes, (uint8_t)(level + 1), index / NODE_FAN);
    entry_put(parent->payload + index % NODE_FAN * ENTRY_BYTES, entry);
}

/* ---- the list of waiting pages, and the whole tree ---- */

enum lw_status tree_load_waiting(struct tree *tree, struct waiting_list *list)
{
    const struct root *root = &tree->root;
    uint8_t payload[LW_PAYLOAD];
    struct entry next = root->list_head;
    enum lw_status status = LW_OK;

    memset(list, 0, sizeof *list);
    for (unsigned i = 0; i < root->waiting_count && status == LW_OK; i++)
        status = waiting_add(list, &root->waiting[i]);
    if (status == LW_OK && root->list_count > 0) {
        list->page = calloc(root->list_count, sizeof *list->page);
        if (!list->page)
            status = LW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < root->list_count && status == LW_OK; i++) {
        struct entry here = next;
        list->page[list->page_count++] = here;
        status = here.page == 0 ? LW_DAMAGED : tree_read_page(tree, &here, LEVEL_LIST, i, payload);
        if (status == LW_OK)
            status = list_page_decode(payload, tree->vault->pages, root->generation, &next, list);
    }
    if (status != LW_OK)
        waiting_free(list);
    return status;
}

static enum lw_status walk(struct tree *tree, const struct entry *entry, uint8_t level,
                           uint32_t index, tree_visitor *visit, void *context)
{
    struct node *node;
    struct entry child;
    uint8_t payload[LW_PAYLOAD]; /* the cache may drop the node while its children are walked */
    enum lw_status status = entry->page == 0 ? LW_OK : visit(context, entry, level, index);

    if (status == LW_DONE)
        return LW_OK;
    if (status != LW_OK || level == 0)
        return status;
    status = node_get(tree, level, index, entry, &node);
    if (status != LW_OK || !node)
        return status;
    memcpy(payload, node->payload, LW_PAYLOAD);
    for (uint32_t i = 0; i < NODE_FAN && status == LW_OK; i++) {
        entry_get(payload + (size_t)i * ENTRY_BYTES, &child);
        if (child.page != 0 || level > 1)
            status = walk(tree, &child, (uint8_t)(level - 1), index * NODE_FAN + i, visit, context);
    }
    return status;
}

enum lw_status tree_walk(struct tree *tree, tree_visitor *visit, void *context)
{
    struct waiting_list list;
    enum lw_status status = tree_load_waiting(tree, &list);

    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < list.page_count && status == LW_OK; i++)
        status = visit(context, &list.page[i], LEVEL_LIST, (uint32_t)i);
    waiting_free(&list);
    for (uint32_t i = 0; i < ROOT_FAN && status == LW_OK; i++)
        status = walk(tree, &tree->root.child[i], (uint8_t)tree->root.height, i, visit, context);
    return status;
}

enum lw_status tree_stands_on(struct tree *tree, const struct waiting_list *list, uint32_t page,
                              const struct page_head *head, bool *live)
{
    struct entry entry;
    enum lw_status status;

    *live = false;
    if (head->level == LEVEL_LIST) {
        *live = head->index < list->page_count && list->page[head->index].page == page;
        return LW_OK;
    }
    if (head->level > tree->root.height || (head->level == 0 && head->index >= tree->root.pages))
        return LW_OK;
    if ((status = tree_find(tree, head->level, head->index, &entry)) == LW_OK)
        *live = entry.page == page;
    return status;
}
