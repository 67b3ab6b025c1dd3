/* Lanes: snapshots, one writer, rollback, growth, a full vault, altered pages, freed pages. */
#include "vault/lane.h"
#include "bare_vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SMALL 1024 /* pages: 4 MiB */

static struct lw_lane *open_lane(struct lw_vault *vault, unsigned which, enum lw_lane_mode mode)
{
    struct lw_lane *lane = NULL;
    struct lw_error err = {0};

    if (lw_lane_open(vault, which, mode, &lane, &err) != LW_OK)
        fail_msg("%s", err.text);
    return lane;
}

static void fill(uint8_t payload[LW_PAYLOAD], uint32_t index, uint32_t version)
{
    memset(payload, (int)(index * 31 + version), LW_PAYLOAD);
    lw_put_u32(payload, index);
    lw_put_u32(payload + 4, version);
}

static void begin(struct lw_lane *lane)
{
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    assert_int_equal(lw_lane_reserve(lane), LW_OK);
}

static void put(struct lw_lane *lane, uint32_t index, uint32_t version)
{
    uint8_t payload[LW_PAYLOAD];

    fill(payload, index, version);
    enum lw_status status = lw_lane_write(lane, index, payload);
    if (status != LW_OK)
        fail_msg("write %u: %s", index, lw_lane_error(lane));
}

static void commit(struct lw_lane *lane)
{
    enum lw_status status = lw_lane_commit(lane);

    if (status != LW_OK)
        fail_msg("commit: %s", lw_lane_error(lane));
    lw_lane_release(lane);
}

static void expect(struct lw_lane *lane, uint32_t index, uint32_t version)
{
    uint8_t payload[LW_PAYLOAD], wanted[LW_PAYLOAD];

    fill(wanted, index, version);
    enum lw_status status = lw_lane_read(lane, index, payload);
    if (status != LW_OK)
        fail_msg("read %u: %s", index, lw_lane_error(lane));
    assert_memory_equal(payload, wanted, LW_PAYLOAD);
}

static void test_round_trip(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);

    (void)state;
    begin(lane);
    for (uint32_t i = 0; i < 200; i++)
        put(lane, i, 1);
    expect(lane, 199, 1); /* its own writing, before the commit */
    commit(lane);
    lw_lane_close(lane);
    lane = open_lane(vault, 0, LW_LANE_READ);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    assert_int_equal(lw_lane_pages(lane), 200);
    assert_int_equal(lw_lane_generation(lane), 3); /* 1 and 2 are the format's */
    for (uint32_t i = 0; i < 200; i++)
        expect(lane, i, 1);
    assert_false(lw_lane_fell_back(lane));
    assert_int_equal(lw_lane_reserve(lane), LW_READ_ONLY);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_snapshots_and_writers(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *writer = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *second = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *reader = open_lane(vault, 0, LW_LANE_READ);

    (void)state;
    begin(writer);
    put(writer, 0, 1);
    commit(writer);
    assert_int_equal(lw_lane_snapshot(reader), LW_OK);
    for (uint32_t version = 2; version < 60; version++) {
        begin(writer);
        assert_int_equal(lw_lane_snapshot(second), LW_OK);
        assert_int_equal(lw_lane_reserve(second), LW_BUSY);
        put(writer, 0, version);
        put(writer, version, version);
        expect(reader, 0, 1);
        assert_int_equal(lw_lane_commit(writer), LW_OK);
        lw_lane_release(writer);
        assert_int_equal(lw_lane_reserve(second), LW_STALE);
        expect(second, 0, version - 1);
        lw_lane_release(second);
        expect(reader, 0, 1);
    }
    lw_lane_release(reader);
    assert_int_equal(lw_lane_snapshot(reader), LW_OK);
    expect(reader, 0, 59);
    lw_lane_close(reader);
    lw_lane_close(second);
    lw_lane_close(writer);
    bare_vault_free(vault);
}

static void test_rollback(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane = open_lane(vault, 1, LW_LANE_WRITE);

    (void)state;
    begin(lane);
    put(lane, 0, 1);
    commit(lane);
    begin(lane);
    put(lane, 0, 2);
    put(lane, 170, 2);
    lw_lane_unreserve(lane);
    expect(lane, 0, 1);
    assert_int_equal(lw_lane_pages(lane), 1);
    lw_lane_release(lane);
    begin(lane);
    put(lane, 1, 3);
    commit(lane);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    expect(lane, 0, 1);
    expect(lane, 1, 3);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_growth_holes_truncation(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL * 16, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    uint8_t payload[LW_PAYLOAD];
    const uint32_t far = 13000; /* beyond what a tree of height 1 holds */

    (void)state;
    begin(lane);
    put(lane, 5, 1);
    commit(lane);
    begin(lane);
    put(lane, far, 1);
    commit(lane);
    begin(lane);
    expect(lane, 5, 1);
    expect(lane, far, 1);
    assert_int_equal(lw_lane_read(lane, 12000, payload), LW_OK);
    assert_true(sodium_is_zero(payload, LW_PAYLOAD));
    assert_int_equal(lw_lane_truncate(lane, 6), LW_OK);
    assert_int_equal(lw_lane_pages(lane), 6);
    put(lane, 6, 2);
    commit(lane);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    expect(lane, 5, 1);
    expect(lane, 6, 2);
    assert_int_equal(lw_lane_pages(lane), 7);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_full_and_reused(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    uint8_t payload[LW_PAYLOAD] = {0};
    enum lw_status status = LW_OK;
    uint32_t kept = 0;

    (void)state;
    for (uint32_t i = 0; status == LW_OK && i < SMALL; i++) {
        begin(lane);
        fill(payload, i, 1);
        status = lw_lane_write(lane, i, payload);
        if (status == LW_OK)
            status = lw_lane_commit(lane);
        if (status == LW_OK)
            kept = i + 1;
        lw_lane_release(lane);
    }
    assert_int_equal(status, LW_FULL);
    assert_true(kept > SMALL * 9 / 10);
    begin(lane);
    for (uint32_t i = 0; i < kept; i++)
        expect(lane, i, 1);
    assert_int_equal(lw_lane_truncate(lane, kept / 2), LW_OK);
    commit(lane);
    for (uint32_t version = 2; version < 100; version++) { /* freed pages come back */
        begin(lane);
        for (uint32_t i = 0; i < 100; i++)
            put(lane, kept / 2 + i, version);
        commit(lane);
    }
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_reader_that_stays(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *reader = open_lane(vault, 0, LW_LANE_READ);

    (void)state;
    begin(lane);
    for (uint32_t i = 0; i < 300; i++)
        put(lane, i, 1);
    commit(lane);
    assert_int_equal(lw_lane_snapshot(reader), LW_OK);
    for (uint32_t version = 2; version < 300; version++) { /* far more than the pool has room for */
        begin(lane);
        for (uint32_t i = 0; i < 20; i++)
            put(lane, (version * 7 + i) % 300, version);
        commit(lane);
    }
    for (uint32_t i = 0; i < 300; i++)
        expect(reader, i, 1);
    lw_lane_close(reader);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* A model in plain memory, both lanes, random transactions, some dropped, some reopened. */
static void test_random_transactions(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane[2] = {open_lane(vault, 0, LW_LANE_WRITE),
                               open_lane(vault, 1, LW_LANE_WRITE)};
    static uint32_t model[2][400], next[400];
    uint32_t pages[2] = {0, 0};

    (void)state;
    for (uint32_t round = 1; round < 700; round++) {
        unsigned which = lw_random_below(3) == 0;
        uint32_t count = pages[which];
        begin(lane[which]);
        memcpy(next, model[which], sizeof next);
        for (uint32_t i = lw_random_below(round % 50 == 0 ? 200 : 12); i > 0; i--) {
            uint32_t index = lw_random_below(260);
            for (uint32_t hole = count; hole <= index; hole++) {
                next[hole] = round;
                put(lane[which], hole, round);
            }
            count = count > index ? count : index + 1;
            next[index] = round;
            put(lane[which], index, round);
        }
        if (lw_random_below(6) == 0 && count > 10) {
            count -= lw_random_below(count);
            assert_int_equal(lw_lane_truncate(lane[which], count), LW_OK);
        }
        if (lw_random_below(5) == 0) {
            lw_lane_release(lane[which]);
        } else {
            commit(lane[which]);
            memcpy(model[which], next, sizeof next);
            pages[which] = count;
        }
        if (lw_random_below(10) == 0) {
            lw_lane_close(lane[which]);
            lane[which] = open_lane(vault, which, LW_LANE_WRITE);
        }
        for (unsigned l = 0; l < 2; l++) {
            assert_int_equal(lw_lane_snapshot(lane[l]), LW_OK);
            assert_int_equal(lw_lane_pages(lane[l]), pages[l]);
            for (uint32_t i = round % 7; i < pages[l]; i += 7)
                expect(lane[l], i, model[l][i]);
            lw_lane_release(lane[l]);
        }
    }
    lw_lane_close(lane[0]);
    lw_lane_close(lane[1]);
    bare_vault_free(vault);
}

/* ---- altered, moved, stale ---- */

static void copy_page(int fd, uint32_t from, uint32_t to)
{
    uint8_t page[LW_PAGE];

    assert_int_equal(pread(fd, page, LW_PAGE, (off_t)from * LW_PAGE), LW_PAGE);
    assert_int_equal(pwrite(fd, page, LW_PAGE, (off_t)to * LW_PAGE), LW_PAGE);
}

static uint32_t page_of(struct lw_lane *lane, uint8_t level, uint32_t index)
{
    struct entry entry;

    assert_int_equal(tree_find(&lane->own, level, index, &entry), LW_OK);
    assert_int_not_equal(entry.page, 0);
    return entry.page;
}

static void expect_damaged(struct lw_vault *vault, uint32_t index)
{
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_READ);
    uint8_t payload[LW_PAYLOAD];
    struct lw_lane_check report;

    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    assert_int_equal(lw_lane_read(lane, index, payload), LW_DAMAGED);
    assert_non_null(strstr(lw_lane_error(lane), "damaged or was altered"));
    enum lw_status status = lw_lane_check(lane, NULL, &report);
    assert_true(status == LW_DAMAGED || (status == LW_OK && report.bad > 0));
    lw_lane_close(lane);
}

static void test_altered_pages(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *keeper = open_lane(vault, 0, LW_LANE_READ);
    uint8_t page[LW_PAGE], kept[LW_PAGE];

    (void)state;
    for (uint32_t version = 1; version < 4; version++) {
        begin(lane);
        for (uint32_t i = 0; i < 120; i++) /* more than one batch, so that none is listed */
            put(lane, i, version);
        commit(lane);
        if (version == 2)
            assert_int_equal(lw_lane_snapshot(keeper), LW_OK);
    }
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    uint32_t at = page_of(lane, 0, 7);
    assert_int_equal(pread(vault->fd, kept, LW_PAGE, (off_t)at * LW_PAGE), LW_PAGE);
    for (unsigned i = 0; i < 40; i++) { /* a flipped bit anywhere in a page */
        memcpy(page, kept, LW_PAGE);
        page[lw_random_below(LW_PAGE)] ^= (uint8_t)(1u << lw_random_below(8));
        assert_int_equal(pwrite(vault->fd, page, LW_PAGE, (off_t)at * LW_PAGE), LW_PAGE);
        expect_damaged(vault, 7);
    }
    copy_page(vault->fd, page_of(lane, 0, 8), at); /* another live page */
    expect_damaged(vault, 7);
    copy_page(vault->fd, page_of(keeper, 0, 7), at); /* its own older version */
    expect_damaged(vault, 7);
    assert_int_equal(pwrite(vault->fd, kept, LW_PAGE, (off_t)at * LW_PAGE), LW_PAGE);
    expect(lane, 7, 3);
    copy_page(vault->fd, page_of(keeper, 1, 0), page_of(lane, 1, 0)); /* an older node */
    expect_damaged(vault, 7);
    lw_lane_close(keeper);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_unreadable_root_falls_back(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    uint8_t noise[LW_PAGE];

    (void)state;
    for (uint32_t version = 1; version < 4; version++) {
        begin(lane);
        put(lane, 0, version);
        commit(lane);
    }
    unsigned newest = (unsigned)(lw_lane_generation(lane) & 1);
    lw_lane_close(lane);
    randombytes_buf(noise, sizeof noise);
    assert_int_equal(pwrite(vault->fd, noise, LW_PAGE, (off_t)root_page(0, newest) * LW_PAGE),
                     LW_PAGE);
    lane = open_lane(vault, 0, LW_LANE_WRITE);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    assert_true(lw_lane_fell_back(lane));
    expect(lane, 0, 2);
    lw_lane_release(lane);
    begin(lane);
    put(lane, 0, 9);
    commit(lane);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    expect(lane, 0, 9);
    lw_lane_release(lane);
    randombytes_buf(noise, sizeof noise);
    for (unsigned which = 0; which < 2; which++)
        assert_int_equal(pwrite(vault->fd, noise, LW_PAGE, (off_t)root_page(0, which) * LW_PAGE),
                         LW_PAGE);
    assert_int_equal(lw_lane_snapshot(lane), LW_DAMAGED);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* ---- what the lane's key can still read ---- */

static unsigned readable_pages(struct lw_vault *vault, struct lw_lane *lane)
{
    uint8_t page[LW_PAGE], payload[LW_PAYLOAD];
    struct page_head head;
    unsigned count = 0;

    for (uint32_t at = PAGE_POOL; at < vault->pages; at++) {
        assert_int_equal(pread(vault->fd, page, LW_PAGE, (off_t)at * LW_PAGE), LW_PAGE);
        count += page_open(vault, lane->own.keys, 0, page, &head, payload);
    }
    return count;
}

static void test_freed_pages_are_overwritten(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);

    (void)state;
    begin(lane);
    for (uint32_t i = 0; i < 300; i++)
        put(lane, i, 1);
    commit(lane);
    begin(lane);
    for (uint32_t i = 0; i < 200; i++)
        put(lane, i, 2);
    lw_lane_release(lane); /* rolled back */
    assert_int_equal(readable_pages(vault, lane), 300 + 2);
    begin(lane);
    assert_int_equal(lw_lane_truncate(lane, 10), LW_OK);
    commit(lane);
    /* so many are not left to the next commit: 10 payloads, a node, what waits from the second one
     */
    assert_true(readable_pages(vault, lane) <= 16);
    begin(lane);
    for (uint32_t i = 10; i < 110; i++)
        put(lane, i, 3);
    commit(lane);
    begin(lane);
    assert_int_equal(lw_lane_truncate(lane, 10), LW_OK);
    commit(lane);
    assert_true(readable_pages(vault, lane) > 110); /* the root before may still be needed */
    begin(lane);
    put(lane, 0, 4);
    commit(lane);
    /* 10 payloads, a node, and what this commit itself replaced: a payload, a node, a list page */
    assert_true(readable_pages(vault, lane) <= 16);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* A live page whose head rots looks free and is used for another payload; what stood there first
 * must not take the other with it when it is freed. */
static void test_rotten_page_harms_no_other(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    uint8_t byte;

    (void)state;
    begin(lane);
    for (uint32_t i = 0; i < 300; i++)
        put(lane, i, 1);
    commit(lane);
    for (uint32_t i = 0; i < 8; i++) { /* several, so that one is all but certain to be drawn */
        assert_int_equal(lw_lane_snapshot(lane), LW_OK);
        off_t at = (off_t)page_of(lane, 0, i) * LW_PAGE + 3;
        lw_lane_release(lane);
        assert_int_equal(pread(vault->fd, &byte, 1, at), 1);
        byte ^= 0x55;
        assert_int_equal(pwrite(vault->fd, &byte, 1, at), 1);
    }
    begin(lane);
    for (uint32_t i = 300; i < 850; i++)
        put(lane, i, 1);
    commit(lane);
    begin(lane);
    for (uint32_t i = 0; i < 8; i++) /* frees the rotten pages */
        put(lane, i, 2);
    commit(lane);
    for (uint32_t version = 3; version < 6; version++) {
        begin(lane);
        put(lane, 8, version);
        commit(lane);
    }
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    for (uint32_t i = 0; i < 850; i++)
        expect(lane, i, i < 8 ? 2 : i == 8 ? 5 : 1);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void test_lost_lane_holds_up_no_other(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane;
    uint8_t noise[2 * LW_PAGE];

    (void)state;
    randombytes_buf(noise, sizeof noise);
    assert_int_equal(pwrite(vault->fd, noise, sizeof noise, (off_t)root_page(1, 0) * LW_PAGE),
                     sizeof noise);
    lane = open_lane(vault, 0, LW_LANE_WRITE);
    begin(lane);
    put(lane, 0, 1);
    commit(lane);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    expect(lane, 0, 1);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* A large transaction draws from a map of the free pages, which is not true any more when it ends.
 */
static void test_map_ends_with_its_transaction(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *large = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *other = open_lane(vault, 0, LW_LANE_WRITE);

    (void)state;
    begin(large);
    for (uint32_t i = 0; i < 300; i++)
        put(large, i, 1);
    commit(large);
    begin(other);
    for (uint32_t i = 300; i < 600; i++)
        put(other, i, 2);
    commit(other);
    begin(large);
    for (uint32_t i = 0; i < 100; i++)
        put(large, i, 3);
    for (uint32_t i = 300; i < 600; i++)
        expect(large, i, 2);
    commit(large);
    lw_lane_close(other);
    lw_lane_close(large);
    bare_vault_free(vault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_snapshots_and_writers),
        cmocka_unit_test(test_rollback),
        cmocka_unit_test(test_growth_holes_truncation),
        cmocka_unit_test(test_full_and_reused),
        cmocka_unit_test(test_reader_that_stays),
        cmocka_unit_test(test_random_transactions),
        cmocka_unit_test(test_altered_pages),
        cmocka_unit_test(test_unreadable_root_falls_back),
        cmocka_unit_test(test_freed_pages_are_overwritten),
        cmocka_unit_test(test_rotten_page_harms_no_other),
        cmocka_unit_test(test_lost_lane_holds_up_no_other),
        cmocka_unit_test(test_map_ends_with_its_transaction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
