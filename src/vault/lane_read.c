/* Payloads out of a snapshot, and asking for those that a scan will read next. */
#include "lane.h"

#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>

#define READ_AHEAD  128 /* payloads */
#define READ_RUN    4   /* payloads in order that make it a scan */
#define READ_STRIDE 16  /* a scan passes over at most so many: pages of other tables */

static bool goes_on(uint32_t from, uint32_t to)
{
    return to > from && to - from <= READ_STRIDE;
}

/* Follows a scan through the payloads of one table, which those of others stand between, and past
 * single reads elsewhere. */
static bool is_scan(struct lw_lane *lane, uint32_t index)
{
    if (goes_on(lane->scan.last, index)) {
        lane->scan.run++;
    } else if (goes_on(lane->scan.stray, index)) {
        lane->scan.run = 1;
        lane->scan.until = index;
    } else {
        lane->scan.stray = index;
        return false;
    }
    lane->scan.last = index;
    return lane->scan.run >= READ_RUN;
}

/* Asking for what is there already costs a system call a page. */
static bool is_at_hand(struct lw_lane *lane, uint32_t index)
{
    uint8_t byte;
    struct iovec one = {&byte, 1};
    struct entry entry;

    return tree_find(&lane->own, 0, index, &entry) == LW_OK && entry.page != 0 &&
           preadv2(lane->fd, &one, 1, (off_t)entry.page * LW_PAGE, RWF_NOWAIT) == 1;
}

/* Random placement would make a cold scan seek; the next payloads are asked for beforehand. */
static void read_ahead(struct lw_lane *lane, uint32_t index)
{
    uint32_t until = index + READ_AHEAD;
    struct entry entry;

    if (!is_scan(lane, index) || index + READ_AHEAD / 2 < lane->scan.until)
        return;
    if (until > lane->own.root.pages)
        until = lane->own.root.pages;
    uint32_t from = lane->scan.until > index ? lane->scan.until : index + 1;
    if (from < until && is_at_hand(lane, until - 1)) {
        lane->scan.until = until;
        return;
    }
    for (uint32_t at = from; at < until; at++) {
        if (tree_find(&lane->own, 0, at, &entry) == LW_OK && entry.page != 0)
            (void)posix_fadvise(lane->fd, (off_t)entry.page * LW_PAGE, LW_PAGE,
                                POSIX_FADV_WILLNEED);
    }
    lane->scan.until = until;
}

enum lw_status lw_lane_read(struct lw_lane *lane, uint32_t index, uint8_t payload[LW_PAYLOAD])
{
    struct entry entry;
    enum lw_status status = tree_find(&lane->own, 0, index, &entry);

    if (status == LW_OK) {
        read_ahead(lane, index);
        if (entry.page == 0)
            memset(payload, 0, LW_PAYLOAD);
        else
            status = tree_read_page(&lane->own, &entry, 0, index, payload);
    }
    if (status == LW_DAMAGED && tree_was_taken_back(&lane->own))
        return lane_fail(lane, LW_STALE, "another process could not save what was read: try again");
    if (status == LW_DAMAGED)
        return lane_fail(lane, status, "page %u of the journal is damaged or was altered",
                         (unsigned)index + 1);
    return status == LW_OK ? LW_OK : lane_fail(lane, status, "the vault cannot be read");
}
