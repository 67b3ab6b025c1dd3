/*
 * Nodes, payloads and list pages behind the AEAD: what a lane wrote is changed, sealed again from
 * the leaves up to the root as a mistaken writer would, then opened, read, checked and written.
 */
#include "seeded.h"

#include "fuzz_lane.h"

enum { PAGES = 20000, MOST = 64, IMAGE_MOST = 1200, WAITING = 380, PATCHES = 24 };

/* A page of the tree with where it is named: in another page, or in the root (named_in -1). */
struct part {
    struct entry entry;
    struct page_head head;
    int named_in;
    size_t named_at;
    uint8_t payload[LW_PAYLOAD];
    bool changed;
};

static const uint32_t written[] = {0, 1, 2, 159, 160, 161, 320, 6400, 12799, 12800, 12801, 12960};

static struct lw_vault *vault;
static struct lane_keys *keys;
static struct part *original, *part;
static int part_count;
static uint32_t *image_page; /* the pages that are not empty */
static uint8_t *image;
static size_t image_count;
static struct page_head root_head;
static uint8_t root_payload[LW_PAYLOAD];
static uint32_t root_at;

static void write_one(struct lw_lane *lane, uint32_t index, int fill)
{
    uint8_t payload[LW_PAYLOAD];

    MUST(lw_lane_snapshot(lane) == LW_OK && lw_lane_reserve(lane) == LW_OK);
    memset(payload, fill + 1, LW_PAYLOAD);
    MUST(lw_lane_write(lane, index, payload) == LW_OK && lw_lane_commit(lane) == LW_OK);
    lw_lane_unreserve(lane);
    lw_lane_release(lane);
}

/* More pages than a root has room for, which a snapshot still needs. */
static void let_wait(struct lw_lane *lane, struct lw_lane *pinning)
{
    uint8_t payload[LW_PAYLOAD] = {1};

    MUST(lw_lane_snapshot(lane) == LW_OK && lw_lane_reserve(lane) == LW_OK);
    for (uint32_t i = 0; i < WAITING; i++)
        MUST(lw_lane_write(lane, i, payload) == LW_OK);
    MUST(lw_lane_commit(lane) == LW_OK && lw_lane_snapshot(pinning) == LW_OK);
    MUST(lw_lane_truncate(lane, 0) == LW_OK && lw_lane_commit(lane) == LW_OK);
    lw_lane_unreserve(lane);
    lw_lane_release(lane);
}

static enum lw_status keep(void *context, const struct entry *entry, uint8_t level, uint32_t index)
{
    struct lw_lane *lane = context;
    struct part *found = &original[part_count++];
    uint8_t page[LW_PAGE];

    (void)level;
    (void)index;
    MUST(part_count <= MOST);
    found->entry = *entry;
    MUST(lw_file_read_at(lane->fd, page, LW_PAGE, (off_t)entry->page * LW_PAGE) == LW_OK);
    MUST(page_open(vault, keys, 0, page, &found->head, found->payload));
    return LW_OK;
}

static uint8_t *name_of(const struct part *of, uint8_t root[LW_PAYLOAD])
{
    return (of->named_in < 0 ? root : part[of->named_in].payload) + of->named_at;
}

static bool find_in(const uint8_t *payload, const struct entry *entry, size_t *at)
{
    for (*at = 0; *at + 9 + LW_TAG <= LW_PAYLOAD; (*at)++) {
        if (memcmp(payload + *at + 9, entry->tag, LW_TAG) == 0)
            return true;
    }
    return false;
}

/* Where each page is named is found by its tag, which stands nowhere else. */
static void find_names(void)
{
    for (int i = 0; i < part_count; i++) {
        original[i].named_in = -1;
        for (int j = 0; j < part_count; j++) {
            if (find_in(original[j].payload, &original[i].entry, &original[i].named_at)) {
                original[i].named_in = j;
                break;
            }
        }
        if (original[i].named_in < 0)
            MUST(find_in(root_payload, &original[i].entry, &original[i].named_at));
    }
}

static void keep_image(void)
{
    uint8_t page[LW_PAGE];

    image_page = calloc(IMAGE_MOST, sizeof *image_page);
    image = calloc(IMAGE_MOST, LW_PAGE);
    MUST(image_page != NULL && image != NULL);
    for (uint32_t i = 0; i < PAGES; i++) {
        MUST(lw_file_read_at(vault->fd, page, LW_PAGE, (off_t)i * LW_PAGE) == LW_OK);
        if (sodium_is_zero(page, LW_PAGE) != 0)
            continue;
        MUST(image_count < IMAGE_MOST);
        image_page[image_count] = i;
        memcpy(image + image_count++ * LW_PAGE, page, LW_PAGE);
    }
}

static void restore(void)
{
    MUST(ftruncate(vault->fd, 0) == 0 && ftruncate(vault->fd, (off_t)vault->bytes) == 0);
    for (size_t i = 0; i < image_count; i++)
        MUST(lw_file_write_at(vault->fd, image + i * LW_PAGE, LW_PAGE,
                              (off_t)image_page[i] * LW_PAGE) == LW_OK);
}

static void start(void)
{
    struct lw_lane *lane, *pinning;
    uint8_t page[LW_PAGE];

    seeded_start(1);
    vault = bare_vault_new(16, true);
    vault->pages = PAGES;
    vault->bytes = (uint64_t)PAGES * LW_PAGE;
    MUST(ftruncate(vault->fd, (off_t)vault->bytes) == 0);
    keys = lane_keys_new(vault, 0);
    original = calloc(MOST, sizeof *original);
    part = calloc(MOST, sizeof *part);
    MUST(keys != NULL && original != NULL && part != NULL);
    MUST(lw_lane_open(vault, 0, LW_LANE_WRITE, &lane, NULL) == LW_OK);
    MUST(lw_lane_open(vault, 0, LW_LANE_READ, &pinning, NULL) == LW_OK);
    let_wait(lane, pinning);
    for (unsigned i = 0; i < LW_COUNT_OF(written); i++)
        write_one(lane, written[i], (int)i);
    MUST(lw_lane_snapshot(lane) == LW_OK && tree_walk(&lane->own, keep, lane) == LW_OK);
    root_at = root_page(0, (unsigned)(lane->own.root.generation & 1));
    MUST(lw_file_read_at(lane->fd, page, LW_PAGE, (off_t)root_at * LW_PAGE) == LW_OK);
    MUST(root_open(vault, keys, 0, root_at - root_page(0, 0), page, &root_head, root_payload));
    MUST(lane->own.root.list_count >= 2 && lane->own.root.height == 2);
    find_names();
    lw_lane_close(pinning);
    lw_lane_close(lane);
    keep_image();
}

static bool expected(uint32_t index, const uint8_t payload[LW_PAYLOAD])
{
    for (int i = 0; i < part_count; i++) {
        if (part[i].head.level == 0 && part[i].head.index == index &&
            memcmp(part[i].payload, payload, LW_PAYLOAD) == 0)
            return true;
    }
    return false;
}

/* True where no more was changed than what a payload or the list of waiting pages says. */
static bool change(struct fuzz_input *in, uint8_t root[LW_PAYLOAD])
{
    bool sound = true;

    for (unsigned i = 0; i < PATCHES && in->left > 0; i++) {
        unsigned kind = (unsigned)fuzz_number(in, 1);
        struct part *at = &part[(int)(kind >> 2) % part_count];

        at->changed = true;
        sound = sound && (kind & 3) == 3 && (at->head.level == 0 || at->head.level == LEVEL_LIST);
        switch (kind & 3) {
        case 0:
            fuzz_patch(in, root, LW_PAYLOAD);
            break;
        case 1:
            at->head.level = (uint8_t)fuzz_number(in, 1);
            at->head.index = (uint32_t)fuzz_number(in, 2);
            break;
        case 2: /* named in another place too */
            at->named_at = (size_t)fuzz_number(in, 1) % NODE_FAN * ENTRY_BYTES;
            entry_put(name_of(at, root), &at->entry);
            break;
        default:
            fuzz_patch(in, at->payload, LW_PAYLOAD);
        }
    }
    return sound;
}

/* What names a page stands before it in the list, so that a page is sealed once all that it names
 * was. */
static void seal_all(uint8_t root[LW_PAYLOAD])
{
    uint8_t page[LW_PAGE];

    for (int i = part_count - 1; i >= 0; i--) {
        if (!part[i].changed)
            continue;
        page_seal(vault, keys, 0, &part[i].head, part[i].payload, page);
        memcpy(name_of(&part[i], root) + 9, page_tag(page), LW_TAG);
        if (part[i].named_in >= 0)
            part[part[i].named_in].changed = true;
        MUST(lw_file_write_at(vault->fd, page, LW_PAGE, (off_t)part[i].entry.page * LW_PAGE) ==
             LW_OK);
    }
    root_seal(vault, keys, 0, &root_head, root, page);
    MUST(lw_file_write_at(vault->fd, page, LW_PAGE, (off_t)root_at * LW_PAGE) == LW_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    uint8_t root[LW_PAYLOAD];
    bool believed, sound;

    if (vault == NULL)
        start();
    seeded_init(&seeded_program, 2, "program");
    restore();
    memcpy(part, original, (size_t)part_count * sizeof *part);
    memcpy(root, root_payload, sizeof root);
    believed = fuzz_number(&in, 1) & 1;
    sound = change(&in, root);
    if (believed) { /* as a commit that was synced before its root: nothing is listed */
        lw_put_u16(root + 14, 0);
        crypto_generichash(root + 24, LW_HASH, NULL, 0, NULL, 0);
    }
    seal_all(root);
    fuzz_use_lane(vault, expected, sound);
    return 0;
}
