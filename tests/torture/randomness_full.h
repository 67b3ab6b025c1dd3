/*
 * A pool that a hidden lane fills to a large part, seen with the decoy's key after its last commits
 * and some stirring: whatever in the visible lane depends on how many pages are free says so here.
 * Lanes without a journal, so that there can be enough of them.
 */
#ifndef LW_TORTURE_RANDOMNESS_FULL_H
#define LW_TORTURE_RANDOMNESS_FULL_H

#include "randomness_seen.h"
#include "randomness_tell.h"

#include "bare_vault.h"

enum {
    FULL_MARKED,
    FULL_READABLE,
    FULL_GONE,
    FULL_LEFT,
    FULL_LISTED_BOTH,
    FULL_MEAN,
    FULL_NUMBERS
};

static const char *const full_names[FULL_NUMBERS] = {
    "marked pages",
    "dead pages that can be read",
    "dead pages that cannot be read though not marked",
    "pages that left the list",
    "pages that both commits wrote",
    "mean position of the last commit's pages",
};

static void write_payloads(struct lw_lane *lane, uint32_t count)
{
    const struct lw_error err = {LW_OK, "as it is"};
    uint8_t payload[LW_PAYLOAD] = {0};

    must(lw_lane_snapshot(lane), &err, "a snapshot");
    must(lw_lane_reserve(lane), &err, "the writer's lock");
    for (uint32_t i = 0; i < count; i++)
        must(lw_lane_write(lane, i, payload), &err, "a payload");
    must(lw_lane_commit(lane), &err, "a commit");
    lw_lane_release(lane);
}

static struct lw_lane *open_lane(struct lw_vault *vault, unsigned which)
{
    struct lw_lane *lane = NULL;
    struct lw_error err = {0};

    must(lw_lane_open(vault, which, LW_LANE_WRITE, &lane, &err), &err, "a lane");
    return lane;
}

static bool opens_in_file(struct lw_lane *lane, uint32_t page)
{
    uint8_t bytes[LW_PAGE], payload[LW_PAYLOAD];
    struct page_head head;

    return lw_file_read_at(lane->fd, bytes, LW_PAGE, (off_t)page * LW_PAGE) == LW_OK &&
           page_open(lane->vault, lane->own.keys, lane->own.lane, bytes, &head, payload);
}

static void full_numbers(struct lw_lane *lane, double *number)
{
    static uint8_t listed[SAMPLE_PAGES], waits[SAMPLE_PAGES];
    const struct lw_error err = {LW_OK, "as it is"};
    uint8_t payload[LW_PAYLOAD];
    struct waiting_list list;
    struct page_head head;
    struct root before;

    must(lw_lane_snapshot(lane), &err, "the last snapshot");
    const struct root *now = &lane->own.root;
    unsigned which = (unsigned)(now->generation + 1) & 1;
    if (!root_open(lane->vault, lane->own.keys, lane->own.lane, which, lane->own.raw[which], &head,
                   payload) ||
        !root_decode(payload, SAMPLE_PAGES, &before))
        bad(NULL, "the older root cannot be read");
    must(tree_load_waiting(&lane->own, &list), &err, "the waiting list");
    memset(listed, 0, sizeof listed);
    memset(waits, 0, sizeof waits);
    for (size_t i = 0; i < list.count; i++) {
        bool readable = opens_in_file(lane, list.item[i].page);
        waits[list.item[i].page] = 1;
        number[FULL_MARKED] += list.item[i].overwritten;
        number[FULL_READABLE] += readable;
        number[FULL_GONE] += !readable && !list.item[i].overwritten;
    }
    waiting_free(&list);
    for (unsigned i = 0; i < before.waiting_count; i++)
        number[FULL_LEFT] += !before.waiting[i].overwritten && !waits[before.waiting[i].page];
    for (unsigned i = 0; i < before.listed_count; i++)
        listed[before.listed[i]] = 1;
    for (unsigned i = 0; i < now->listed_count; i++) {
        number[FULL_LISTED_BOTH] += listed[now->listed[i]];
        number[FULL_MEAN] += (double)now->listed[i] / now->listed_count;
    }
}

static void full_sample(struct told *told, bool hidden)
{
    struct lw_vault *vault = bare_vault_new(SAMPLE_PAGES, hidden);
    struct lw_lane *shown = open_lane(vault, 0), *other = hidden ? open_lane(vault, 1) : NULL;
    double number[FULL_NUMBERS] = {0};

    if (other)
        write_payloads(other, 700 + choose(80));
    write_payloads(shown, 90);
    for (unsigned i = 2 + choose(2); i > 0; i--) {
        if (other)
            write_payloads(other, 1 + choose(8));
        write_payloads(shown, 40 + choose(20));
    }
    for (unsigned i = 0; i < 16; i++)
        lw_lane_stir(shown);
    full_numbers(shown, number);
    told_add(told, hidden, number);
    lw_lane_close(shown);
    lw_lane_close(other);
    bare_vault_free(vault);
}

#endif
