/* One lane used in every way, over pages that may say anything. */
#ifndef LW_TEST_FUZZ_LANE_H
#define LW_TEST_FUZZ_LANE_H

#include "bare_vault.h"
#include "fuzz.h"
#include "vault/lane.h"

#include <time.h>

/* A root that does not decode is read again after a pause; nobody else writes here. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

/* May that be read at an index of the newest state? */
typedef bool fuzz_expected(uint32_t index, const uint8_t payload[LW_PAYLOAD]);

static inline void fuzz_read_all(struct lw_lane *lane, fuzz_expected *expected)
{
    static const uint8_t zeros[LW_PAYLOAD];
    uint32_t pages = lw_lane_pages(lane);
    uint8_t payload[LW_PAYLOAD];

    for (uint32_t i = 0; i < pages; i += i < 8 || (i + 4) % 160 < 8 ? 1 : i < 13000 ? 61 : 50000) {
        enum lw_status status = lw_lane_read(lane, i, payload);

        MUST(status == LW_OK || status == LW_DAMAGED);
        if (status == LW_OK && memcmp(payload, zeros, LW_PAYLOAD) != 0)
            MUST(lw_lane_fell_back(lane) || expected(i, payload));
    }
}

/* What was written must be there, and no page of the tree may be lost by it. */
static inline void fuzz_commit(struct lw_lane *lane, struct lw_lane *reader, bool was_good)
{
    struct lw_lane_check check = {0};
    uint8_t payload[LW_PAYLOAD], back[LW_PAYLOAD];
    uint32_t pages = lw_lane_pages(lane);
    uint32_t last = pages < lane->vault->pages ? pages : 0;
    enum lw_status status = lw_lane_reserve(lane);

    MUST(status == LW_OK || status == LW_DAMAGED);
    if (status != LW_OK)
        return;
    memset(payload, 0x77, sizeof payload);
    status = lw_lane_write(lane, 0, payload);
    if (status == LW_OK)
        status = lw_lane_write(lane, last, payload);
    if (status == LW_OK)
        status = lw_lane_commit(lane);
    MUST(status == LW_OK || status == LW_DAMAGED || status == LW_FULL);
    lw_lane_unreserve(lane);
    lw_lane_release(lane);
    if (status != LW_OK)
        return;
    lw_lane_release(reader);
    MUST(lw_lane_snapshot(reader) == LW_OK);
    MUST(lw_lane_read(reader, 0, back) == LW_OK && memcmp(back, payload, LW_PAYLOAD) == 0);
    MUST(lw_lane_read(reader, last, back) == LW_OK && memcmp(back, payload, LW_PAYLOAD) == 0);
    MUST(lw_lane_check(reader, NULL, &check) == LW_OK);
    if (was_good && check.bad > 0)
        fprintf(stderr, "%s\n", check.first_bad);
    MUST(!was_good || check.bad == 0);
}

/* sound: the tree is as a lane wrote it, only what waits to be freed may be wrong. */
static inline void fuzz_use_lane(struct lw_vault *vault, fuzz_expected *expected, bool sound)
{
    struct lw_lane *reader = NULL, *writer = NULL;
    struct lw_lane_check check = {0};
    uint64_t pool = 0, used = 0;
    enum lw_status status;

    MUST(lw_lane_open(vault, 0, LW_LANE_READ, &reader, NULL) == LW_OK);
    MUST(lw_lane_open(vault, 0, LW_LANE_WRITE, &writer, NULL) == LW_OK);
    status = lw_lane_snapshot(reader);
    MUST(status == LW_OK || status == LW_DAMAGED);
    if (status == LW_OK) {
        fuzz_read_all(reader, expected);
        MUST(lw_lane_check(reader, NULL, &check) == LW_OK);
        status = lw_lane_space(reader, &pool, &used);
        MUST(status == LW_OK || status == LW_DAMAGED);
        MUST(status != LW_OK || used <= pool);
        lw_lane_release(reader);
        MUST(lw_lane_snapshot(writer) == LW_OK);
        fuzz_commit(writer, reader, sound && check.bad == 0);
    }
    lw_lane_close(reader);
    lw_lane_close(writer);
}

#endif
