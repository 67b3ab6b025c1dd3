/* Layout of roots and of the list of waiting pages. */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

/* offsets in a root's payload */
enum {
    AT_GENERATION = 0,
    AT_PAGES = 8,
    AT_HEIGHT = 12,
    AT_LISTED_COUNT = 14,
    AT_WAITING_COUNT = 16,
    AT_LIST_COUNT = 20,
    AT_LISTED_HASH = 24,
    AT_CHILD = 56,
    AT_LISTED = AT_CHILD + ROOT_FAN * ENTRY_BYTES,
    AT_LIST_HEAD = AT_LISTED + LISTED_MAX * 4,
    AT_WAITING = AT_LIST_HEAD + ENTRY_BYTES,
    AT_END = AT_WAITING + ROOT_WAITING * WAITING_BYTES
};
_Static_assert((int)AT_END <= LW_PAYLOAD, "a root fits in a page");

/* births and deaths have 40 bits, and the next commit must fit */
#define GENERATION_END ((UINT64_C(1) << 40) - 1)

/* offsets in a list page's payload */
enum { AT_NEXT = 0, AT_COUNT = ENTRY_BYTES, AT_ITEMS = ENTRY_BYTES + 2 };
_Static_assert((int)AT_ITEMS + LIST_WAITING * WAITING_BYTES <= LW_PAYLOAD,
               "a list page fits in a page");

static void waiting_put(uint8_t *at, const struct waiting *item)
{
    lw_put_u32(at, item->page);
    lw_put_u40(at + 4, item->birth);
    lw_put_u40(at + 9, item->death);
    at[14] = item->overwritten ? 1 : 0;
}

static bool waiting_get(const uint8_t *at, uint32_t vault_pages, uint64_t newest,
                        struct waiting *item)
{
    item->page = lw_get_u32(at);
    item->birth = lw_get_u40(at + 4);
    item->death = lw_get_u40(at + 9);
    item->overwritten = at[14] != 0;
    return item->page >= PAGE_POOL && item->page < vault_pages && item->birth < item->death &&
           item->death <= newest;
}

bool entry_fits(const struct entry *entry, uint32_t vault_pages, uint64_t newest)
{
    return entry->page == 0 ||
           (entry->page >= PAGE_POOL && entry->page < vault_pages && entry->birth <= newest);
}

void root_encode(const struct root *root, uint8_t payload[LW_PAYLOAD])
{
    memset(payload, 0, LW_PAYLOAD);
    lw_put_u64(payload + AT_GENERATION, root->generation);
    lw_put_u32(payload + AT_PAGES, root->pages);
    payload[AT_HEIGHT] = (uint8_t)root->height;
    lw_put_u16(payload + AT_LISTED_COUNT, (uint16_t)root->listed_count);
    lw_put_u32(payload + AT_WAITING_COUNT, root->waiting_count);
    lw_put_u32(payload + AT_LIST_COUNT, root->list_count);
    memcpy(payload + AT_LISTED_HASH, root->listed_hash, LW_HASH);
    for (unsigned i = 0; i < ROOT_FAN; i++)
        entry_put(payload + AT_CHILD + i * ENTRY_BYTES, &root->child[i]);
    for (unsigned i = 0; i < root->listed_count; i++)
        lw_put_u32(payload + AT_LISTED + i * 4, root->listed[i]);
    entry_put(payload + AT_LIST_HEAD, &root->list_head);
    for (unsigned i = 0; i < root->waiting_count; i++)
        waiting_put(payload + AT_WAITING + i * WAITING_BYTES, &root->waiting[i]);
}

/* Authentic bytes are still checked, so that no mistake of a writer can lead outside of the file.
 */
bool root_decode(const uint8_t payload[LW_PAYLOAD], uint32_t vault_pages, struct root *root)
{
    bool ok = true;

    memset(root, 0, sizeof *root);
    root->generation = lw_get_u64(payload + AT_GENERATION);
    root->pages = lw_get_u32(payload + AT_PAGES);
    root->height = payload[AT_HEIGHT];
    root->listed_count = lw_get_u16(payload + AT_LISTED_COUNT);
    root->waiting_count = lw_get_u32(payload + AT_WAITING_COUNT);
    root->list_count = lw_get_u32(payload + AT_LIST_COUNT);
    if (root->generation >= GENERATION_END || root->height < 1 || root->height > HEIGHT_MAX ||
        root->listed_count > LISTED_MAX || root->waiting_count > ROOT_WAITING ||
        root->pages > tree_capacity(root->height) || root->list_count >= vault_pages)
        return false;
    memcpy(root->listed_hash, payload + AT_LISTED_HASH, LW_HASH);
    for (unsigned i = 0; i < ROOT_FAN; i++) {
        entry_get(payload + AT_CHILD + i * ENTRY_BYTES, &root->child[i]);
        ok = ok && entry_fits(&root->child[i], vault_pages, root->generation);
    }
    for (unsigned i = 0; i < root->listed_count; i++) {
        root->listed[i] = lw_get_u32(payload + AT_LISTED + i * 4);
        ok = ok && root->listed[i] >= PAGE_POOL && root->listed[i] < vault_pages;
    }
    entry_get(payload + AT_LIST_HEAD, &root->list_head);
    ok = ok && entry_fits(&root->list_head, vault_pages, root->generation) &&
         (root->list_head.page != 0) == (root->list_count > 0);
    for (unsigned i = 0; i < root->waiting_count; i++)
        ok = ok && waiting_get(payload + AT_WAITING + i * WAITING_BYTES, vault_pages,
                               root->generation, &root->waiting[i]);
    return ok;
}

enum lw_status waiting_add(struct waiting_list *list, const struct waiting *item)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 64;
        struct waiting *items = realloc(list->item, cap * sizeof *items);
        if (!items)
            return LW_NO_MEMORY;
        list->item = items;
        list->cap = cap;
    }
    list->item[list->count++] = *item;
    return LW_OK;
}

void waiting_free(struct waiting_list *list)
{
    free(list->item);
    free(list->page);
    memset(list, 0, sizeof *list);
}

void list_page_encode(const struct entry *next, const struct waiting *item, size_t count,
                      uint8_t payload[LW_PAYLOAD])
{
    memset(payload, 0, LW_PAYLOAD);
    entry_put(payload + AT_NEXT, next);
    lw_put_u16(payload + AT_COUNT, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        waiting_put(payload + AT_ITEMS + i * WAITING_BYTES, &item[i]);
}

enum lw_status list_page_decode(const uint8_t payload[LW_PAYLOAD], uint32_t vault_pages,
                                uint64_t newest, struct entry *next, struct waiting_list *into)
{
    size_t count = lw_get_u16(payload + AT_COUNT);
    enum lw_status status = LW_OK;

    entry_get(payload + AT_NEXT, next);
    if (count > LIST_WAITING || !entry_fits(next, vault_pages, newest))
        return LW_DAMAGED;
    for (size_t i = 0; i < count && status == LW_OK; i++) {
        struct waiting item;
        if (!waiting_get(payload + AT_ITEMS + i * WAITING_BYTES, vault_pages, newest, &item))
            return LW_DAMAGED;
        status = waiting_add(into, &item);
    }
    return status;
}
