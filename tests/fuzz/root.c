/*
 * Roots: the decoder and its counterpart; then authentic roots whose payload or head was changed,
 * as a lane meets them that is opened, read, checked and written.
 */
#include "seeded.h"

#include "fuzz_lane.h"

enum { PAGES = 160, STORED = 12, PATCHES = 24 };

static struct lw_vault *vault;
static struct lane_keys *keys;
static uint8_t image[PAGES * LW_PAGE];
static uint8_t stored[STORED][LW_PAYLOAD];
static struct page_head head[2];
static uint8_t payload[2][LW_PAYLOAD]; /* of the roots */

static void write_one(struct lw_lane *lane, uint32_t index)
{
    MUST(lw_lane_snapshot(lane) == LW_OK && lw_lane_reserve(lane) == LW_OK);
    memset(stored[index], (int)(index + 1), LW_PAYLOAD);
    MUST(lw_lane_write(lane, index, stored[index]) == LW_OK && lw_lane_commit(lane) == LW_OK);
    lw_lane_unreserve(lane);
    lw_lane_release(lane);
}

static void start(void)
{
    struct lw_lane *lane;

    seeded_start(1);
    vault = bare_vault_new(PAGES, true);
    keys = lane_keys_new(vault, 0);
    MUST(keys != NULL && lw_lane_open(vault, 0, LW_LANE_WRITE, &lane, NULL) == LW_OK);
    for (uint32_t i = 0; i < 2 * STORED; i++)
        write_one(lane, i % STORED);
    lw_lane_close(lane);
    MUST(lw_file_read_at(vault->fd, image, sizeof image, 0) == LW_OK);
    for (unsigned which = 0; which < 2; which++)
        MUST(root_open(vault, keys, 0, which, image + root_page(0, which) * LW_PAGE, &head[which],
                       payload[which]));
}

static bool expected(uint32_t index, const uint8_t bytes[LW_PAYLOAD])
{
    return index < STORED && memcmp(bytes, stored[index], LW_PAYLOAD) == 0;
}

static bool fits(const struct entry *entry)
{
    return entry->page == 0 || (entry->page >= PAGE_POOL && entry->page < PAGES);
}

/* What is decoded is in bounds and means the same once it was encoded. */
static void round_trip(const uint8_t bytes[LW_PAYLOAD])
{
    uint8_t once[LW_PAYLOAD], twice[LW_PAYLOAD];
    struct root root, again;

    if (!root_decode(bytes, PAGES, &root))
        return;
    MUST(root.height >= 1 && root.height <= HEIGHT_MAX);
    MUST(root.pages <= tree_capacity(root.height) && root.list_count < PAGES);
    MUST(root.listed_count <= LISTED_MAX && root.waiting_count <= ROOT_WAITING);
    MUST((root.list_count > 0) == (root.list_head.page != 0) && fits(&root.list_head));
    for (unsigned i = 0; i < ROOT_FAN; i++)
        MUST(fits(&root.child[i]));
    for (unsigned i = 0; i < root.listed_count; i++)
        MUST(root.listed[i] >= PAGE_POOL && root.listed[i] < PAGES);
    for (unsigned i = 0; i < root.waiting_count; i++)
        MUST(root.waiting[i].page >= PAGE_POOL && root.waiting[i].page < PAGES &&
             root.waiting[i].birth < root.waiting[i].death);
    root_encode(&root, once);
    MUST(root_decode(once, PAGES, &again));
    root_encode(&again, twice);
    MUST(memcmp(once, twice, LW_PAYLOAD) == 0 && again.generation == root.generation);
}

/* Nothing but what waits to be freed was changed. */
static bool is_sound(uint8_t bytes[2][LW_PAYLOAD], const struct page_head heads[2])
{
    struct root was, is;

    for (unsigned which = 0; which < 2; which++) {
        if (heads[which].birth != head[which].birth || !root_decode(payload[which], PAGES, &was) ||
            !root_decode(bytes[which], PAGES, &is) || was.generation != is.generation ||
            was.pages != is.pages || was.height != is.height ||
            memcmp(was.child, is.child, sizeof was.child) != 0)
            return false;
    }
    return true;
}

static void through_lane(struct fuzz_input *in)
{
    struct page_head heads[2] = {head[0], head[1]};
    uint8_t bytes[2][LW_PAYLOAD], page[LW_PAGE];

    memcpy(bytes, payload, sizeof bytes);
    for (unsigned i = 0; i < PATCHES && in->left > 0; i++) {
        unsigned kind = (unsigned)fuzz_number(in, 1), which = kind & 1;

        if (kind >> 1 & 1) /* the generation, in the root and in its head */
            heads[which].birth = fuzz_number(in, 6);
        else
            fuzz_patch(in, bytes[which], LW_PAYLOAD);
        if (kind >> 2 & 1)
            lw_put_u64(bytes[which], heads[which].birth);
    }
    MUST(lw_file_write_at(vault->fd, image, sizeof image, 0) == LW_OK);
    for (unsigned which = 0; which < 2; which++) {
        root_seal(vault, keys, 0, &heads[which], bytes[which], page);
        MUST(lw_file_write_at(vault->fd, page, LW_PAGE, (off_t)root_page(0, which) * LW_PAGE) ==
             LW_OK);
    }
    fuzz_use_lane(vault, expected, is_sound(bytes, heads));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    uint8_t bytes[LW_PAYLOAD];

    if (vault == NULL)
        start();
    seeded_init(&seeded_program, 2, "program");
    if (fuzz_number(&in, 1) & 1) {
        through_lane(&in);
        return 0;
    }
    memcpy(bytes, payload[0], sizeof bytes);
    for (unsigned i = 0; i < PATCHES && in.left > 0; i++)
        fuzz_patch(&in, bytes, LW_PAYLOAD);
    round_trip(bytes);
    return 0;
}
