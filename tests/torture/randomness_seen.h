/*
 * What somebody sees in one image who was given a passphrase: the header's payload, both roots,
 * every page that opens under the lane's key, the session rows. Reads only.
 */
#ifndef LW_TORTURE_RANDOMNESS_SEEN_H
#define LW_TORTURE_RANDOMNESS_SEEN_H

#include "randomness_make.h"

#include <math.h>

#define SEEN_NUMBERS(X)                                                                            \
    X(LIVE, "live pages")                                                                          \
    X(PAYLOADS, "payloads")                                                                        \
    X(WAITING, "waiting pages")                                                                    \
    X(MARKED, "waiting pages marked as overwritten")                                               \
    X(WAITING_BEFORE, "waiting pages of the older root")                                           \
    X(MARKED_BEFORE, "marked ones of the older root")                                              \
    X(DEAD_READABLE, "dead pages that can be read")                                                \
    X(DEAD_GONE, "dead pages that cannot be read though not marked")                               \
    X(REUSED, "pages that waited in the older root and are live")                                  \
    X(LEFT, "pages that waited in the older root and are in no list")                              \
    X(ORPHANS, "pages that can be read and are named by nothing")                                  \
    X(ORPHANS_YOUNG, "those of the newest generation")                                             \
    X(LISTED, "pages of the last commit")                                                          \
    X(LISTED_BEFORE, "pages of the commit before")                                                 \
    X(LISTED_BOTH, "pages that both commits wrote")                                                \
    X(PLACE_MEAN, "mean position of live pages")                                                   \
    X(PLACE_SPREAD, "spread of their positions")                                                   \
    X(GAP_LEAST, "least distance of live pages")                                                   \
    X(GAP_MOST, "largest distance of live pages")                                                  \
    X(NEIGHBOURS, "live pages side by side")                                                       \
    X(WAITING_MEAN, "mean position of waiting pages")                                              \
    X(LISTED_MEAN, "mean position of the last commit's pages")                                     \
    X(LISTED_LIVE, "distance of the last two")                                                     \
    X(GENERATION, "generation")                                                                    \
    X(BIRTHS, "different births of live pages")                                                    \
    X(BIRTH_GAP, "largest gap between births")                                                     \
    X(BIRTH_MEAN, "mean age")                                                                      \
    X(ROWS, "session rows")                                                                        \
    X(ROW_SPAN, "minutes from the first row to the last")                                          \
    X(ROWS_PER_COMMIT, "commits for each row")                                                     \
    X(SLOT, "slot")                                                                                \
    X(LANE, "lane")                                                                                \
    X(HEADER_BITS, "bits of the header's generation")                                              \
    X(SLOTS_KNOWN, "known slots")

enum seen_number {
#define SEEN_ENUM(name, text) SEEN_##name,
    SEEN_NUMBERS(SEEN_ENUM)
#undef SEEN_ENUM
        SEEN_COUNT
};

static const char *const seen_names[SEEN_COUNT] = {
#define SEEN_TEXT(name, text) text,
    SEEN_NUMBERS(SEEN_TEXT)
#undef SEEN_TEXT
};

struct seen {
    const struct sample *sample;
    const uint8_t *image;
    struct lw_vault vault; /* as much of one as reading needs */
    struct tree tree;
    struct root before;
    uint8_t is[SAMPLE_PAGES];     /* bits below */
    uint64_t birth[SAMPLE_PAGES]; /* of live pages */
    double number[SEEN_COUNT];
};

enum {
    IS_LIVE = 1,
    IS_WAITING = 2,
    IS_MARKED = 4,
    WAS_WAITING = 8,
    IS_LISTED = 16,
    WAS_LISTED = 32
};

/* ---- the header ---- */

static bool open_header(const uint8_t *image, const char *words, struct keyring *ring)
{
    struct lw_passphrase *pass = words_of(words);
    struct slot_keys *keys = slot_keys_new();
    uint8_t id[LW_ID];
    enum lw_status status;

    if (!keys)
        exit(2);
    vault_id(image, id);
    status = kdf_derive(lw_kdf_profile_find("test"), pass, image, keys, NULL);
    if (status == LW_OK)
        status = keyring_find(image + LW_PAGE, id, keys, BOTH_COPIES, ring);
    slot_keys_free(keys);
    lw_passphrase_free(pass);
    return status == LW_OK;
}

static unsigned ones_in(uint64_t value)
{
    unsigned ones = 0;

    for (; value; value &= value - 1)
        ones++;
    return ones;
}

static void look_at_header(struct seen *seen)
{
    const struct keyring *ring = seen->vault.ring;
    unsigned known = 0;

    for (unsigned i = 0; i < LW_SLOTS; i++) {
        known += ring->slot[i].known;
        if (ring->slot[i].known && ring->slot[i].lane != ring->own_lane)
            bad(seen->sample, "the payload names a slot of the other lane");
        if (!ring->slot[i].known && ring->slot[i].lane != 0)
            bad(seen->sample, "the payload says the lane of a slot that it does not know");
    }
    seen->number[SEEN_SLOTS_KNOWN] = known;
    seen->number[SEEN_SLOT] = ring->own_slot;
    seen->number[SEEN_LANE] = ring->own_lane;
    seen->number[SEEN_HEADER_BITS] = ones_in(ring->generation);
}

/* ---- both roots ---- */

static enum lw_status see_page(void *context, const struct entry *entry, uint8_t level,
                               uint32_t index)
{
    struct seen *seen = context;

    (void)level;
    (void)index;
    seen->is[entry->page] |= IS_LIVE;
    seen->birth[entry->page] = entry->birth;
    return LW_OK;
}

static bool read_before(struct seen *seen)
{
    unsigned which = (unsigned)(seen->tree.root.generation + 1) & 1;
    const uint8_t *page = seen->image + (size_t)root_page(seen->tree.lane, which) * LW_PAGE;
    uint8_t payload[LW_PAYLOAD];
    struct page_head head;

    return root_open(&seen->vault, seen->tree.keys, seen->tree.lane, which, page, &head, payload) &&
           root_decode(payload, SAMPLE_PAGES, &seen->before);
}

static bool is_readable(const struct seen *seen, uint32_t page, struct page_head *head)
{
    uint8_t payload[LW_PAYLOAD];

    return page_open(&seen->vault, seen->tree.keys, seen->tree.lane,
                     seen->image + (size_t)page * LW_PAGE, head, payload);
}

static void look_at_lists(struct seen *seen)
{
    const struct root *now = &seen->tree.root, *before = &seen->before;
    struct waiting_list list;
    struct page_head head;
    double *number = seen->number, places = 0;

    if (tree_load_waiting(&seen->tree, &list) != LW_OK) {
        bad(seen->sample, "the waiting list cannot be read");
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct waiting *item = &list.item[i];
        bool readable = is_readable(seen, item->page, &head);
        seen->is[item->page] |= IS_WAITING | (item->overwritten ? IS_MARKED : 0);
        places += item->page;
        number[SEEN_MARKED] += item->overwritten;
        number[SEEN_DEAD_READABLE] += !item->overwritten && readable;
        number[SEEN_DEAD_GONE] += !item->overwritten && !readable;
        if (!item->overwritten || !readable || (seen->is[item->page] & IS_LIVE))
            continue;
        number[SEEN_ORPHANS]++; /* a killed commit may have drawn it */
        if (!seen->sample->torn)
            bad(seen->sample, "page %u is marked as overwritten and can be read", item->page);
    }
    number[SEEN_WAITING] = (double)list.count;
    number[SEEN_WAITING_MEAN] = list.count > 0 ? places / (double)list.count : SAMPLE_PAGES / 2;
    waiting_free(&list);
    number[SEEN_WAITING_BEFORE] = before->waiting_count;
    for (unsigned i = 0; i < before->waiting_count; i++) {
        const struct waiting *item = &before->waiting[i];
        seen->is[item->page] |= WAS_WAITING;
        number[SEEN_MARKED_BEFORE] += item->overwritten;
        number[SEEN_REUSED] += seen->is[item->page] & IS_LIVE ? 1 : 0;
        number[SEEN_LEFT] += !item->overwritten && !(seen->is[item->page] & (IS_LIVE | IS_WAITING));
    }
    number[SEEN_LISTED] = now->listed_count;
    number[SEEN_LISTED_BEFORE] = before->listed_count;
    for (unsigned i = 0; i < before->listed_count; i++)
        seen->is[before->listed[i]] |= WAS_LISTED;
    for (unsigned i = 0; i < now->listed_count; i++) {
        number[SEEN_LISTED_BOTH] += seen->is[now->listed[i]] & WAS_LISTED ? 1 : 0;
        number[SEEN_LISTED_MEAN] += (double)now->listed[i] / now->listed_count;
    }
}

/* ---- all pages ---- */

static void look_at_places(struct seen *seen)
{
    double *number = seen->number, count = 0, sum = 0, squares = 0, least = SAMPLE_PAGES, most = 0;
    uint32_t last = 0;

    for (uint32_t page = PAGE_POOL; page < SAMPLE_PAGES; page++) {
        if (!(seen->is[page] & IS_LIVE))
            continue;
        if (last != 0) {
            least = fmin(least, page - last);
            most = fmax(most, page - last);
            number[SEEN_NEIGHBOURS] += page - last == 1;
        }
        last = page;
        count++;
        sum += page;
        squares += (double)page * page;
    }
    number[SEEN_LIVE] = count;
    number[SEEN_GAP_LEAST] = least;
    number[SEEN_GAP_MOST] = most;
    number[SEEN_PLACE_MEAN] = sum / count;
    number[SEEN_PLACE_SPREAD] = sqrt(squares / count - sum / count * (sum / count));
    number[SEEN_LISTED_LIVE] = fabs(number[SEEN_LISTED_MEAN] - sum / count);
}

static int birth_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void look_at_births(struct seen *seen)
{
    static uint64_t birth[SAMPLE_PAGES];
    double *number = seen->number, generation = (double)seen->tree.root.generation;
    size_t count = 0;

    for (uint32_t page = PAGE_POOL; page < SAMPLE_PAGES; page++)
        if (seen->is[page] & IS_LIVE)
            birth[count++] = seen->birth[page];
    qsort(birth, count, sizeof *birth, birth_order);
    for (size_t i = 0; i < count; i++) {
        double gap = (double)(birth[i] - (i > 0 ? birth[i - 1] : 0));
        number[SEEN_BIRTHS] += gap > 0;
        number[SEEN_BIRTH_GAP] = fmax(number[SEEN_BIRTH_GAP], gap);
        number[SEEN_BIRTH_MEAN] += (generation - (double)birth[i]) / (double)count;
    }
    number[SEEN_GENERATION] = generation;
}

/* Only what a commit was killed in may be left behind readable. */
static void look_for_orphans(struct seen *seen)
{
    double *number = seen->number;
    struct page_head head;

    for (uint32_t page = PAGE_POOL; page < SAMPLE_PAGES; page++) {
        if (seen->is[page] & (IS_LIVE | IS_WAITING) || !is_readable(seen, page, &head))
            continue;
        number[SEEN_ORPHANS]++;
        number[SEEN_ORPHANS_YOUNG] += head.birth >= seen->tree.root.generation;
        if (!seen->sample->torn)
            bad(seen->sample, "page %u, born %llu of %llu, is dead and can be read", page,
                (unsigned long long)head.birth, (unsigned long long)seen->tree.root.generation);
    }
}

/* ---- the session rows ---- */

static void look_at_rows(struct seen *seen)
{
    struct lw_error err = {0};
    struct lw_store *store = NULL;
    struct lw_stmt *stmt;
    unsigned own = seen->vault.ring->own_lane;
    enum lw_status status = lw_store_open(&seen->vault, own, LW_LANE_READ, &store, &err);

    if (status == LW_OK)
        status = lw_store_prepare(store, "SELECT count(*), max(seen) - min(opened) FROM session",
                                  &stmt, &err);
    if (status == LW_OK)
        status = lw_stmt_step(stmt, &err);
    if (status == LW_OK) {
        seen->number[SEEN_ROWS] = (double)lw_stmt_int(stmt, 0);
        seen->number[SEEN_ROW_SPAN] = (double)(lw_stmt_int(stmt, 1) / MINUTE);
        lw_stmt_reset(stmt);
    } else {
        bad(seen->sample, "the session rows cannot be read: %s", err.text);
    }
    lw_store_close(store);
    if (status == LW_OK && seen->number[SEEN_ROWS] != seen->sample->rows)
        bad(seen->sample, "it has %.0f session rows after %u unlocks", seen->number[SEEN_ROWS],
            seen->sample->rows);
    seen->number[SEEN_ROWS_PER_COMMIT] =
        seen->number[SEEN_GENERATION] / fmax(seen->number[SEEN_ROWS], 1);
}

/* ---- everything ---- */

static bool seen_vault(struct seen *seen, int fd, const char *words)
{
    struct stat info;
    struct lw_vault *vault = &seen->vault;

    if (fstat(fd, &info) != 0)
        return false;
    *vault = (struct lw_vault){.fd = fd,
                               .path = (char *)(uintptr_t)seen->sample->path,
                               .device = info.st_dev,
                               .inode = info.st_ino,
                               .bytes = SAMPLE_BYTES,
                               .pages = SAMPLE_PAGES,
                               .profile = lw_kdf_profile_find("test"),
                               .ring = keyring_new()};
    memcpy(vault->salt, seen->image, LW_SALT);
    vault_id(vault->salt, vault->id);
    memcpy(vault->header, seen->image + LW_PAGE, LW_HEADER);
    return vault->ring && open_header(seen->image, words, vault->ring);
}

/* False where the image could not be read so; that was said. */
static bool seen_take(struct seen *seen, const struct sample *sample, const uint8_t *image, int fd,
                      const char *words)
{
    bool changed, moved, good;

    memset(seen, 0, sizeof *seen);
    seen->sample = sample;
    seen->image = image;
    good = seen_vault(seen, fd, words) &&
           tree_init(&seen->tree, &seen->vault, seen->vault.ring->own_lane, fd) == LW_OK;
    if (good && (tree_read_roots(&seen->tree, &changed) != LW_OK ||
                 tree_believe(&seen->tree, &moved) != LW_OK || !read_before(seen) ||
                 tree_walk(&seen->tree, see_page, seen) != LW_OK))
        good = false;
    if (good) {
        look_at_header(seen);
        look_at_lists(seen);
        look_at_places(seen);
        look_at_births(seen);
        look_for_orphans(seen);
        look_at_rows(seen);
    } else {
        bad(sample, "its journal cannot be read");
    }
    tree_free(&seen->tree);
    keyring_free(seen->vault.ring);
    return good;
}

#endif
