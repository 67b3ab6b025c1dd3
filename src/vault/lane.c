/* A connection to a lane: snapshots by pinned generation, one writer, payloads in. */
#include "lane.h"

#include "files.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SNAPSHOT_TRIES 100
#define CLEAN_FROM     256 /* freed pages that are not left to the next commit */

/* Pages that must remain free: fewer where a payload is written again than where the journal grows,
 * so that a full vault can still be read, shortened and closed in order, and a commit finds its
 * nodes. */
static uint32_t spare_pages(const struct lw_lane *lane, bool grows)
{
    return grows ? 48 + lane->vault->pages / 128 : 16 + lane->vault->pages / 512;
}

enum lw_status lane_fail(struct lw_lane *lane, enum lw_status status, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(lane->error, sizeof lane->error, lw_say(format), list);
    va_end(list);
    return status;
}

/* ---- opening and closing ---- */

static enum lw_status open_trees(struct lw_lane *lane, unsigned which)
{
    enum lw_status status = tree_init(&lane->own, lane->vault, which, lane->fd);

    if (status != LW_OK)
        return status;
    lane->has_other = lw_vault_knows_lane(lane->vault, 1 - which);
    if (lane->has_other)
        status = tree_init(&lane->other, lane->vault, 1 - which, lane->fd);
    return status;
}

enum lw_status lw_lane_open(struct lw_vault *vault, unsigned which, enum lw_lane_mode mode,
                            struct lw_lane **out, struct lw_error *err)
{
    enum lw_status status;

    if (which >= LW_LANES || !lw_vault_knows_lane(vault, which))
        return lw_fail(err, LW_INTERNAL, "this session does not know lane %u", which);
    struct lw_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    lane->vault = vault;
    lane->mode = mode;
    status = vault_reopen(vault, mode == LW_LANE_WRITE, &lane->fd, err);
    if (status != LW_OK) {
        free(lane);
        return status;
    }
    status = open_trees(lane, which);
    if (status != LW_OK) {
        lw_lane_close(lane);
        return lw_fail(err, status, "out of memory");
    }
    *out = lane;
    return LW_OK;
}

void lw_lane_close(struct lw_lane *lane)
{
    if (!lane)
        return;
    lw_lane_release(lane);
    tree_free(&lane->own);
    tree_free(&lane->other);
    close(lane->fd);
    free(lane);
}

/* ---- snapshot ---- */

static enum lw_status read_roots(struct lw_lane *lane, bool *changed)
{
    enum lw_status status = tree_read_roots(&lane->own, changed);

    if (status == LW_DAMAGED && !file_has_name(lane->fd, lane->vault->path))
        return lane_fail(lane, LW_STALE,
                         "the vault was replaced or wiped by another process: open it again");
    if (status == LW_DAMAGED)
        return lane_fail(lane, status,
                         "neither root of the journal can be read: the vault was wiped, replaced, "
                         "damaged or altered");
    return status == LW_OK ? LW_OK : lane_fail(lane, status, "the vault cannot be read");
}

/* Pins the newest generation, if it is still the newest once it is pinned. */
static enum lw_status try_snapshot(struct lw_lane *lane, bool *again)
{
    struct tree *tree = &lane->own;
    bool changed, moved = false;
    enum lw_status status = read_roots(lane, &changed);

    if (status != LW_OK)
        return status;
    uint64_t generation = tree->root.generation;
    if ((status = pin_take(lane->fd, tree->keys->pin_base, generation)) != LW_OK)
        return lane_fail(lane, status, "the snapshot cannot be locked on this file system");
    status = read_roots(lane, &changed);
    if (status == LW_OK && !changed)
        status = tree_believe(tree, &moved);
    if (status == LW_DAMAGED)
        lane_fail(lane, status,
                  "the newest state of the journal is damaged, and the one before too");
    if (status == LW_OK && !changed && !moved && tree->root.generation != generation) {
        /* fell back: only now is that generation pinned, so look once more */
        status = pin_take(lane->fd, tree->keys->pin_base, tree->root.generation);
        if (status == LW_OK)
            status = tree_has_moved(tree, &moved);
        if (status != LW_OK || moved)
            pin_drop(lane->fd, tree->keys->pin_base, tree->root.generation);
    }
    if (status != LW_OK && lane->error[0] == '\0')
        lane_fail(lane, status, "the vault cannot be read");
    *again = changed || moved;
    if (status != LW_OK || *again || tree->root.generation != generation)
        pin_drop(lane->fd, tree->keys->pin_base, generation);
    return status;
}

enum lw_status lw_lane_snapshot(struct lw_lane *lane)
{
    if (lane->level != LANE_NONE)
        return LW_OK;
    lane->error[0] = '\0';
    for (unsigned try = 0; try < SNAPSHOT_TRIES; try++) {
        bool again = false;
        enum lw_status status = try_snapshot(lane, &again);
        if (status != LW_OK)
            return status;
        if (!again) {
            lane->pinned = lane->own.root.generation;
            lane->level = LANE_SNAPSHOT;
            return LW_OK;
        }
    }
    return lane_fail(lane, LW_BUSY, "the journal would not hold still for reading");
}

void lw_lane_release(struct lw_lane *lane)
{
    lw_lane_unreserve(lane);
    if (lane->level == LANE_SNAPSHOT)
        pin_drop(lane->fd, lane->own.keys->pin_base, lane->pinned);
    lane->level = LANE_NONE;
}

/* ---- writer ---- */

/* A root that cannot be read may be one that was taken back, and still stand on the disk. */
static bool is_synced(const struct tree *tree)
{
    return !tree->fell_back && memcmp(tree->root.tag, tree->synced, LW_TAG) == 0;
}

/* After a sync that failed in whatever process the kernel takes those pages for clean and the next
 * sync for done: both roots and what the adopted one needs are written once more, as they are. */
static enum lw_status dirty_again(const struct tree *tree)
{
    uint8_t page[LW_PAGE];
    unsigned listed = tree->root.listed_count;
    enum lw_status status = LW_OK;

    if (is_synced(tree))
        return LW_OK;
    for (unsigned i = 0; i < listed + 2 && status == LW_OK; i++) {
        uint32_t number = i < listed ? tree->root.listed[i] : root_page(tree->lane, i - listed);
        off_t at = (off_t)number * LW_PAGE;
        status = lw_file_read_at(tree->fd, page, LW_PAGE, at);
        if (status == LW_OK)
            status = lw_file_write_at(tree->fd, page, LW_PAGE, at);
    }
    return status;
}

/* A root that another process wrote may not be on the disk yet; nothing may be built on it before.
 */
static enum lw_status adopt(struct lw_lane *lane)
{
    lane->adopted = !is_synced(&lane->own);
    if (is_synced(&lane->own) && (!lane->has_other || is_synced(&lane->other)))
        return LW_OK;
    if (dirty_again(&lane->own) != LW_OK ||
        (lane->has_other && dirty_again(&lane->other) != LW_OK) || fdatasync(lane->fd) != 0)
        return lane_fail(lane, LW_IO, "the vault cannot be synced");
    memcpy(lane->own.synced, lane->own.root.tag, LW_TAG);
    memcpy(lane->other.synced, lane->other.root.tag, LW_TAG);
    return LW_OK;
}

/* A lane without a readable root is lost with all its pages, and must not hold up this one. */
enum lw_status lane_load_other(struct lw_lane *lane)
{
    bool changed, moved = false;
    enum lw_status status = tree_read_roots(&lane->other, &changed);

    if (status == LW_OK)
        status = tree_believe(&lane->other, &moved);
    if (status == LW_DAMAGED) {
        lane->has_other = false;
        return LW_OK;
    }
    if (status != LW_OK)
        return lane_fail(lane, status, "the vault cannot be read");
    return moved ? LW_BUSY : LW_OK;
}

static enum lw_status check_and_adopt(struct lw_lane *lane)
{
    bool moved;
    enum lw_status status = tree_has_moved(&lane->own, &moved);

    if (status != LW_OK)
        return lane_fail(lane, status, "the vault cannot be read");
    if (moved)
        return LW_STALE;
    status = vault_may_go_on(lane->vault, lane->fd);
    if (status == LW_REVOKED)
        return lane_fail(lane, status,
                         "this passphrase no longer opens the vault: it was changed, revoked or "
                         "wiped by another session");
    if (status != LW_OK)
        return lane_fail(lane, status, "the header cannot be read");
    if (lane->has_other && (status = lane_load_other(lane)) != LW_OK)
        return status;
    return adopt(lane);
}

static void start_transaction(struct lw_lane *lane)
{
    lane->base = lane->own.root;
    randombytes_buf(&lane->own.root.commit, sizeof lane->own.root.commit);
    lane->changed = false;
}

enum lw_status lw_lane_reserve(struct lw_lane *lane)
{
    enum lw_status status;

    if (lane->level == LANE_WRITER)
        return LW_OK;
    if (lane->level != LANE_SNAPSHOT || lane->broken)
        return lane_fail(lane, LW_IO, "a write failed earlier: open the vault again");
    if (lane->mode != LW_LANE_WRITE)
        return lane_fail(lane, LW_READ_ONLY, "this session only reads");
    status = lock_take(lane->fd, lane->vault->id, LOCK_WRITER);
    if (status == LW_BUSY) {
        bool moved;
        return tree_has_moved(&lane->own, &moved) == LW_OK && moved ? LW_STALE : LW_BUSY;
    }
    if (status != LW_OK)
        return lane_fail(lane, status, "the writer's lock cannot be taken on this file system");
    if ((status = check_and_adopt(lane)) != LW_OK) {
        lock_drop(lane->fd, lane->vault->id, LOCK_WRITER);
        return status;
    }
    start_transaction(lane);
    lane->level = LANE_WRITER;
    return LW_OK;
}

/* Back to the state of the snapshot; the writer's lock stays. */
static void drop_transaction(struct lw_lane *lane)
{
    if (!lane->broken)
        pool_discard_all(lane);
    lane->own.root = lane->base;
    nodes_drop_dirty(&lane->own.nodes);
    pool_end(lane);
    lane->changed = false;
}

void lw_lane_unreserve(struct lw_lane *lane)
{
    if (lane->level != LANE_WRITER)
        return;
    drop_transaction(lane);
    lock_drop(lane->fd, lane->vault->id, LOCK_WRITER);
    lane->level = LANE_SNAPSHOT;
}

/* What was committed is the snapshot from now on. */
static void go_on_from_commit(struct lw_lane *lane)
{
    if (pin_take(lane->fd, lane->own.keys->pin_base, lane->own.root.generation) == LW_OK) {
        pin_drop(lane->fd, lane->own.keys->pin_base, lane->pinned);
        lane->pinned = lane->own.root.generation;
    }
    lane->adopted = false;
    pool_end(lane);
    start_transaction(lane);
}

/* A commit without a change overwrites what the one before freed, so that a small one that follows
 * a large deletion is not slow. Where it fails nothing is lost. */
static void clean_freed(struct lw_lane *lane)
{
    if (commit_write(lane) == LW_OK)
        go_on_from_commit(lane);
    else
        drop_transaction(lane);
    lane->error[0] = '\0';
}

enum lw_status lw_lane_commit(struct lw_lane *lane)
{
    enum lw_status status;

    if (lane->level != LANE_WRITER || lane->broken)
        return lane_fail(lane, LW_IO, "a write failed earlier: open the vault again");
    if (!lane->changed)
        return LW_OK;
    if ((status = commit_write(lane)) != LW_OK) {
        drop_transaction(lane);
        return status;
    }
    size_t freed = lane->freed.count;
    go_on_from_commit(lane);
    if (freed >= CLEAN_FROM)
        clean_freed(lane);
    return LW_OK;
}

/* ---- payloads ---- */

static enum lw_status put_payload(struct lw_lane *lane, struct node *node, uint32_t index,
                                  const uint8_t payload[LW_PAYLOAD])
{
    uint8_t *at = node->payload + (size_t)(index % NODE_FAN) * ENTRY_BYTES;
    struct entry old, entry;
    enum lw_status status;
    uint32_t page;

    entry_get(at, &old);
    bool again = old.page != 0 && old.birth == lane->base.generation + 1;
    if (again)
        page = old.page;
    else if ((status = pool_take(lane, spare_pages(lane, old.page == 0), &page)) != LW_OK)
        return status;
    if ((status = pool_write(lane, page, 0, index, payload, &entry)) != LW_OK) {
        if (!again)
            (void)pool_discard(lane, page);
        return status;
    }
    if (!again && old.page != 0 && (status = pool_free(lane, &old)) != LW_OK)
        return status;
    entry_put(at, &entry);
    return LW_OK;
}

enum lw_status lw_lane_write(struct lw_lane *lane, uint32_t index,
                             const uint8_t payload[LW_PAYLOAD])
{
    struct node *node;
    enum lw_status status;

    if (lane->level != LANE_WRITER)
        return lane_fail(lane, LW_INTERNAL, "written without the writer's lock");
    if (lane->broken)
        return lane_fail(lane, LW_IO, "a write failed earlier: open the vault again");
    if (index >= lane->vault->pages)
        return lane_fail(lane, LW_FULL, "the vault is full: make it larger with lapwing resize");
    if ((status = pool_begin(lane)) != LW_OK)
        return status;
    lane->changed = true;
    status = tree_dirty_node(&lane->own, 1, index / NODE_FAN, &node);
    if (status == LW_OK)
        status = put_payload(lane, node, index, payload);
    if (status == LW_OK && index >= lane->own.root.pages)
        lane->own.root.pages = index + 1;
    if (status != LW_OK && lane->error[0] == '\0')
        lane_fail(lane, status, "%s", lw_status_message(status));
    return status;
}

enum lw_status lw_lane_truncate(struct lw_lane *lane, uint32_t pages)
{
    const struct entry none = {0};
    enum lw_status status;

    if (lane->level != LANE_WRITER)
        return lane_fail(lane, LW_INTERNAL, "truncated without the writer's lock");
    if (pages > lane->own.root.pages)
        return lane_fail(lane, LW_INTERNAL, "truncated to more than there is");
    if (lane->broken)
        return lane_fail(lane, LW_IO, "a write failed earlier: open the vault again");
    if ((status = pool_begin(lane)) != LW_OK)
        return status;
    lane->changed = true;
    for (uint32_t index = pages; index < lane->own.root.pages; index++) {
        struct entry entry;
        struct node *node;
        status = tree_find(&lane->own, 0, index, &entry);
        if (status == LW_OK && entry.page == 0)
            continue;
        if (status == LW_OK)
            status = tree_dirty_node(&lane->own, 1, index / NODE_FAN, &node);
        if (status == LW_OK)
            status = pool_free(lane, &entry);
        if (status != LW_OK)
            return lane_fail(lane, status, "the journal cannot be shortened");
        entry_put(node->payload + (size_t)(index % NODE_FAN) * ENTRY_BYTES, &none);
    }
    lane->own.root.pages = pages;
    return LW_OK;
}

/* ---- what is known of it ---- */

uint32_t lw_lane_pages(const struct lw_lane *lane)
{
    return lane->own.root.pages;
}

uint64_t lw_lane_generation(const struct lw_lane *lane)
{
    return lane->own.root.generation;
}

void lw_lane_state(const struct lw_lane *lane, uint8_t state[LW_LANE_STATE])
{
    memcpy(state, lane->own.root.tag, LW_LANE_STATE);
}

bool lw_lane_fell_back(const struct lw_lane *lane)
{
    return lane->own.fell_back;
}

bool lw_lane_has_snapshot(const struct lw_lane *lane)
{
    return lane->level != LANE_NONE;
}

bool lw_lane_is_writer(const struct lw_lane *lane)
{
    return lane->level == LANE_WRITER;
}

const char *lw_lane_error(const struct lw_lane *lane)
{
    return lane->error;
}
