/*
 * Free space is not stored anywhere: a page is free when no known lane's tree stands on it, it does
 * not wait in a list, and this transaction has not written it. Pages are drawn uniformly at random,
 * so that positions say nothing about age or lane; what a lane has drawn it uses again first, which
 * keeps that true and saves the overwriting.
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

#define PROBES    64  /* then the vault is nearly full and a map of it is cheaper */
#define BULK_FROM 256 /* pages of a transaction */

static enum lw_status index_waiting(const struct waiting_list *list, struct pagemap *map)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < list->count && status == LW_OK; i++)
        status = pagemap_put(map, list->item[i].page, (uint32_t)i);
    return status;
}

enum lw_status pool_begin(struct lw_lane *lane)
{
    enum lw_status status;

    if (lane->pool_ready)
        return LW_OK;
    if ((status = tree_load_waiting(&lane->own, &lane->waiting)) != LW_OK ||
        (status = index_waiting(&lane->waiting, &lane->waiting_at)) != LW_OK)
        goto fail;
    if (lane->has_other &&
        ((status = tree_load_waiting(&lane->other, &lane->other_waiting)) != LW_OK ||
         (status = index_waiting(&lane->other_waiting, &lane->other_waiting_at)) != LW_OK))
        goto fail;
    status = pin_list(lane->fd, lane->own.keys->pin_base, lane->own.root.generation + 1,
                      &lane->pins, &lane->pin_count);
    if (status != LW_OK)
        goto fail;
    lane->pool_ready = true;
    return LW_OK;
fail:
    pool_end(lane);
    return lane_fail(lane, status, "the list of free pages cannot be read");
}

void pool_end(struct lw_lane *lane)
{
    waiting_free(&lane->waiting);
    waiting_free(&lane->other_waiting);
    waiting_free(&lane->freed);
    pagemap_clear(&lane->waiting_at);
    pagemap_clear(&lane->other_waiting_at);
    pagemap_clear(&lane->written_at);
    pagemap_clear(&lane->freed_at);
    free(lane->pins);
    lane->pins = NULL;
    lane->pin_count = 0;
    free(lane->written);
    lane->written = NULL;
    lane->written_count = lane->written_cap = 0;
    free(lane->used);
    lane->used = NULL;
    lane->unused = 0;
    lane->reused = 0;
    lw_zero(&lane->noise, sizeof lane->noise);
    lane->pool_ready = false;
}

bool pool_is_pinned(const struct lw_lane *lane, const struct waiting *item)
{
    size_t low = 0, high = lane->pin_count;

    while (low < high) { /* the first pin that is not below birth */
        size_t middle = low + (high - low) / 2;
        if (lane->pins[middle] < item->birth)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lane->pin_count && lane->pins[low] < item->death;
}

/* ---- the map, for a nearly full vault and for large transactions ---- */

static void bit_set(uint8_t *bits, uint32_t at)
{
    bits[at / 8] |= (uint8_t)(1u << (at % 8));
}

static void bit_clear(uint8_t *bits, uint32_t at)
{
    bits[at / 8] &= (uint8_t) ~(1u << (at % 8));
}

static bool bit_is_set(const uint8_t *bits, uint32_t at)
{
    return bits[at / 8] >> (at % 8) & 1;
}

static enum lw_status mark_page(void *context, const struct entry *entry, uint8_t level,
                                uint32_t index)
{
    (void)level;
    (void)index;
    bit_set(context, entry->page);
    return LW_OK;
}

static void mark_list(uint8_t *used, const struct waiting_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        bit_set(used, list->item[i].page);
}

static void mark_transaction(struct lw_lane *lane, uint8_t *used)
{
    for (size_t i = 0; i < lane->waiting.count; i++) {
        const struct waiting *item = &lane->waiting.item[i];
        if (item->page != 0 && pool_is_pinned(lane, item))
            bit_set(used, item->page);
    }
    mark_list(used, &lane->freed);
    mark_list(used, &lane->other_waiting);
    for (size_t i = 0; i < lane->waiting.page_count; i++)
        bit_set(used, lane->waiting.page[i].page);
    for (size_t i = 0; i < lane->written_count; i++)
        bit_set(used, lane->written[i].page);
}

enum lw_status pool_map(struct lw_lane *lane, uint8_t **used, uint64_t *unused)
{
    uint32_t pages = lane->vault->pages;
    uint8_t *bits = calloc((pages + 7) / 8, 1);
    uint64_t count = 0;
    enum lw_status status;

    if (!bits)
        return LW_NO_MEMORY;
    for (uint32_t page = 0; page < PAGE_POOL; page++)
        bit_set(bits, page);
    status = tree_walk(&lane->own, mark_page, bits);
    if (status == LW_OK && lane->has_other)
        status = tree_walk(&lane->other, mark_page, bits);
    if (status != LW_OK) {
        free(bits);
        return status;
    }
    mark_transaction(lane, bits);
    for (uint32_t page = PAGE_POOL; page < pages; page++)
        count += !bit_is_set(bits, page);
    *used = bits;
    *unused = count;
    return LW_OK;
}

static enum lw_status open_map(struct lw_lane *lane, uint32_t spare)
{
    enum lw_status status = LW_OK;

    if (!lane->used && (status = pool_map(lane, &lane->used, &lane->unused)) != LW_OK)
        return lane_fail(lane, status, "the used pages cannot be listed");
    if (lane->unused <= spare)
        return lane_fail(lane, LW_FULL, "the vault is full: make it larger with lapwing resize");
    return status;
}

static uint32_t draw_from_map(const struct lw_lane *lane)
{
    uint32_t pool = lane->vault->pages - PAGE_POOL;
    uint32_t at = 0;

    for (unsigned i = 0; i < PROBES; i++) {
        at = PAGE_POOL + lw_random_below(pool);
        if (!bit_is_set(lane->used, at))
            return at;
    }
    uint32_t skip = lw_random_below((uint32_t)lane->unused);
    at = PAGE_POOL;
    while (bit_is_set(lane->used, at) || skip-- > 0)
        at++;
    return at;
}

/* ---- drawing ---- */

/* What the page holds is read once for both lanes. */
enum lw_status pool_is_live(struct lw_lane *lane, uint32_t at, bool *live)
{
    uint8_t page[LW_PAGE];
    struct page_head head;
    enum lw_status status = lw_file_read_at(lane->fd, page, LW_PAGE, (off_t)at * LW_PAGE);

    if (status != LW_OK)
        return status;
    page_peek(lane->own.keys, page, &head);
    status = tree_stands_on(&lane->own, &lane->waiting, at, &head, live);
    if (status != LW_OK || *live || !lane->has_other)
        return status;
    page_peek(lane->other.keys, page, &head);
    return tree_stands_on(&lane->other, &lane->other_waiting, at, &head, live);
}

static enum lw_status page_is_free(struct lw_lane *lane, uint32_t at, bool *is_free)
{
    uint32_t place;
    bool live = false;
    enum lw_status status = LW_OK;

    *is_free = lane->used && !bit_is_set(lane->used, at);
    if (lane->used)
        return LW_OK;
    if (pagemap_get(&lane->written_at, at, NULL) || pagemap_get(&lane->freed_at, at, NULL) ||
        pagemap_get(&lane->other_waiting_at, at, NULL))
        return LW_OK;
    if (pagemap_get(&lane->waiting_at, at, &place)) {
        if (pool_is_pinned(lane, &lane->waiting.item[place]))
            return LW_OK;
    }
    status = pool_is_live(lane, at, &live);
    *is_free = status == LW_OK && !live;
    return status;
}

enum lw_status pool_probe(struct lw_lane *lane, uint32_t *page)
{
    uint32_t pool = lane->vault->pages - PAGE_POOL;

    for (unsigned i = 0; i < PROBES; i++) {
        uint32_t at = PAGE_POOL + lw_random_below(pool);
        bool is_free = false;
        /* what waits is left to commits: how much of it stirring meets would tell how full the
         * other lane is */
        bool waits = pagemap_get(&lane->waiting_at, at, NULL);
        enum lw_status status = waits ? LW_OK : page_is_free(lane, at, &is_free);
        if (status != LW_OK)
            return lane_fail(lane, status, "page %u cannot be judged", (unsigned)at);
        if (is_free) {
            *page = at;
            return LW_OK;
        }
    }
    return LW_NOT_FOUND;
}

/* NOT_FOUND: nothing that waits can be used. */
static enum lw_status take_waiting(struct lw_lane *lane, uint32_t *page)
{
    while (lane->reused < lane->waiting.count) {
        const struct waiting *item = &lane->waiting.item[lane->reused++];
        bool is_free = false;
        if (item->page == 0)
            continue;
        enum lw_status status = page_is_free(lane, item->page, &is_free);
        if (status != LW_OK)
            return lane_fail(lane, status, "page %u cannot be judged", (unsigned)item->page);
        if (is_free) {
            *page = item->page;
            return LW_OK;
        }
    }
    return LW_NOT_FOUND;
}

static enum lw_status remember(struct lw_lane *lane, uint32_t page)
{
    enum lw_status status;

    if (lane->written_count == lane->written_cap) {
        size_t cap = lane->written_cap ? lane->written_cap * 2 : 128;
        struct written *written = realloc(lane->written, cap * sizeof *written);
        if (!written)
            return LW_NO_MEMORY;
        lane->written = written;
        lane->written_cap = cap;
    }
    status = pagemap_put(&lane->written_at, page, (uint32_t)lane->written_count);
    if (status == LW_OK)
        lane->written[lane->written_count++].page = page;
    return status;
}

/* Drawing at random finds the last free pages too: what must remain is counted before it is near.
 */
static bool is_nearly_full(const struct lw_lane *lane, uint32_t spare)
{
    uint64_t live = lane->own.root.pages + (lane->has_other ? lane->other.root.pages : 0);

    live += live / 100 + 8 + lane->waiting.count + lane->freed.count + lane->other_waiting.count;
    return live + UINT64_C(2) * spare + PAGE_POOL >= lane->vault->pages;
}

/* A large transaction: reading every node once costs less than reading a page for every draw. */
static bool is_bulk(const struct lw_lane *lane)
{
    uint64_t live = lane->own.root.pages + (lane->has_other ? lane->other.root.pages : 0);

    return lane->written_count >= BULK_FROM && lane->written_count >= live / NODE_FAN;
}

static enum lw_status find_page(struct lw_lane *lane, uint32_t spare, uint32_t *page)
{
    bool counted = lane->used || (spare > 0 && is_nearly_full(lane, spare)) || is_bulk(lane);
    enum lw_status status = counted ? open_map(lane, spare) : LW_OK;

    if (status == LW_OK)
        status = take_waiting(lane, page);
    if (status == LW_NOT_FOUND && !counted)
        status = pool_probe(lane, page);
    if (status == LW_NOT_FOUND && (status = open_map(lane, spare)) == LW_OK)
        *page = draw_from_map(lane);
    return status;
}

enum lw_status pool_take(struct lw_lane *lane, uint32_t spare, uint32_t *page)
{
    uint32_t at = 0, place;
    enum lw_status status = find_page(lane, spare, &at);

    if (status == LW_OK)
        status = remember(lane, at);
    if (status != LW_OK)
        return status;
    if (pagemap_get(&lane->waiting_at, at, &place)) {
        lane->waiting.item[place].page = 0;
        pagemap_remove(&lane->waiting_at, at);
    }
    if (lane->used) {
        bit_set(lane->used, at);
        lane->unused--;
    }
    *page = at;
    return LW_OK;
}

enum lw_status pool_write(struct lw_lane *lane, uint32_t page, uint8_t level, uint32_t index,
                          const uint8_t payload[LW_PAYLOAD], struct entry *entry)
{
    struct page_head head = {.level = level,
                             .index = index,
                             .commit = lane->own.root.commit,
                             .birth = lane->base.generation + 1};
    uint8_t sealed[LW_PAGE];
    uint32_t place = 0;

    page_seal(lane->vault, lane->own.keys, lane->own.lane, &head, payload, sealed);
    enum lw_status status = lw_file_write_at(lane->fd, sealed, LW_PAGE, (off_t)page * LW_PAGE);
    if (status != LW_OK)
        return lane_fail(lane, status, "page %u cannot be written", (unsigned)page);
    if (!pagemap_get(&lane->written_at, page, &place))
        return lane_fail(lane, LW_INTERNAL, "page %u was not taken", (unsigned)page);
    memcpy(lane->written[place].tag, page_tag(sealed), LW_TAG);
    entry->page = page;
    entry->birth = head.birth;
    memcpy(entry->tag, page_tag(sealed), LW_TAG);
    return LW_OK;
}

enum lw_status pool_overwrite(struct lw_lane *lane, uint32_t page)
{
    uint8_t noise[LW_PAGE], nonce[crypto_stream_chacha20_NONCEBYTES];

    if (!lane->noise.ready) {
        lw_random(lane->noise.key, sizeof lane->noise.key);
        lane->noise.ready = true;
    }
    lw_put_u64(nonce, lane->noise.pages++);
    crypto_stream_chacha20(noise, sizeof noise, nonce, lane->noise.key);
    return lw_file_write_at(lane->fd, noise, LW_PAGE, (off_t)page * LW_PAGE);
}

enum lw_status pool_free(struct lw_lane *lane, const struct entry *entry)
{
    uint64_t next = lane->base.generation + 1;
    struct waiting item = {.page = entry->page, .birth = entry->birth, .death = next};
    enum lw_status status;

    if (entry->birth == next)
        return pool_discard(lane, entry->page);
    status = pagemap_put(&lane->freed_at, entry->page, 0);
    return status == LW_OK ? waiting_add(&lane->freed, &item) : status;
}

enum lw_status pool_discard(struct lw_lane *lane, uint32_t page)
{
    uint32_t place;

    if (pagemap_get(&lane->written_at, page, &place)) {
        struct written *last = &lane->written[--lane->written_count];
        pagemap_remove(&lane->written_at, page);
        if (last->page != page) {
            lane->written[place] = *last;
            enum lw_status status = pagemap_put(&lane->written_at, last->page, place);
            if (status != LW_OK)
                return status;
        }
        if (lane->used) {
            bit_clear(lane->used, page);
            lane->unused++;
        }
    }
    return pool_overwrite(lane, page);
}

void pool_discard_all(struct lw_lane *lane)
{
    for (size_t i = 0; i < lane->written_count; i++)
        (void)pool_overwrite(lane, lane->written[i].page);
}
