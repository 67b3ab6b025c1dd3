/* Reading everything: every page of a snapshot, and how full the pool is. */
#include "lane.h"

#include <stdio.h>
#include <stdlib.h>

struct checking {
    struct lw_lane *lane;
    const struct lw_progress *progress;
    struct lw_lane_check *report;
};

static const char *level_name(uint8_t level)
{
    return level == LEVEL_LIST ? "list page" : level == 0 ? "page" : "node";
}

static enum lw_status check_page(void *context, const struct entry *entry, uint8_t level,
                                 uint32_t index)
{
    struct checking *checking = context;
    struct lw_lane_check *report = checking->report;
    const struct lw_progress *progress = checking->progress;
    uint8_t payload[LW_PAYLOAD];
    enum lw_status status = tree_read_page(&checking->lane->own, entry, level, index, payload);

    lw_zero(payload, sizeof payload);
    report->pages++;
    if (progress && progress->step &&
        !progress->step(progress->context, report->pages * LW_PAGE,
                        (uint64_t)checking->lane->own.root.pages * LW_PAGE))
        return LW_CANCELLED;
    if (status == LW_OK)
        return LW_OK;
    if (report->bad++ == 0)
        snprintf(report->first_bad, sizeof report->first_bad,
                 _("%s %u, standing on page %u of the file, %s"), level_name(level),
                 (unsigned)index, (unsigned)entry->page,
                 status == LW_DAMAGED ? _("is damaged or was altered") : _("cannot be read"));
    return LW_DONE;
}

enum lw_status lw_lane_check(struct lw_lane *lane, const struct lw_progress *progress,
                             struct lw_lane_check *report)
{
    struct lw_lane_check found = {0};
    struct checking checking = {lane, progress, &found};
    enum lw_status status = lw_lane_snapshot(lane);

    if (status != LW_OK)
        return status;
    status = tree_walk(&lane->own, check_page, &checking);
    if (status == LW_DAMAGED) {
        found.bad++;
        snprintf(found.first_bad, sizeof found.first_bad,
                 _("the list of free pages is damaged or was altered"));
        status = LW_OK;
    }
    if (status == LW_OK)
        *report = found;
    return status;
}

enum lw_status lw_lane_space(struct lw_lane *lane, uint64_t *pool, uint64_t *used)
{
    uint8_t *map;
    uint64_t unused;
    bool ready = lane->pool_ready;
    enum lw_status status = lw_lane_snapshot(lane);

    if (status == LW_OK && lane->has_other && lane->level != LANE_WRITER)
        status = lane_load_other(lane);
    if (status == LW_OK)
        status = pool_begin(lane);
    if (status == LW_OK)
        status = pool_map(lane, &map, &unused);
    if (status == LW_OK) {
        free(map);
        *pool = lane->vault->pages - PAGE_POOL;
        *used = *pool - unused;
    }
    if (!ready && lane->level != LANE_WRITER)
        pool_end(lane);
    return status;
}
