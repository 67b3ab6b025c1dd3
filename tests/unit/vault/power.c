/*
 * Power cuts: every write of a workload is recorded; at many points the file is put together from
 * what was synced and some of what was not - all, none, random ones, all but one, torn in 512-byte
 * parts - and opened. It must show exactly the last acknowledged state, or the one whose commit was
 * under way. pwrite and fdatasync are defined here, so the code under test runs unchanged.
 */
#include "bare_vault.h"
#include "vault/lane.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>

#include <cmocka.h>

#define PAGES   1024
#define INDEXES 260
#define SECTOR  512

static struct {
    int fd; /* the file whose writes are recorded; 0: none */
    ino_t inode;
    uint8_t *synced; /* what the disk has for certain */
    struct {
        off_t offset;
        uint8_t page[LW_PAGE];
    } * pending;
    size_t count, cap;
    unsigned long total; /* writes so far */
} disk;

static bool is_recorded(int fd)
{
    struct stat st;

    return disk.inode != 0 && fstat(fd, &st) == 0 && st.st_ino == disk.inode;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset);
ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
    if (is_recorded(fd)) {
        if (len != LW_PAGE || offset % LW_PAGE != 0)
            abort();
        if (disk.count == disk.cap) {
            disk.cap = disk.cap ? disk.cap * 2 : 256;
            disk.pending = realloc(disk.pending, disk.cap * sizeof *disk.pending);
        }
        disk.pending[disk.count].offset = offset;
        memcpy(disk.pending[disk.count++].page, data, LW_PAGE);
        disk.total++;
    }
    return syscall(SYS_pwrite64, fd, data, len, offset);
}

/* What is pending just before a sync is what a power cut can lose. */
static struct cutting *at_sync;
static jmp_buf *killed_at_sync; /* the process ends here, before the sync */
static unsigned failing_syncs;  /* that fail, after which the kernel takes the pages for clean */
static void cut(struct cutting *cutting);

int fdatasync(int fd)
{
    if (is_recorded(fd)) {
        if (at_sync)
            cut(at_sync);
        if (killed_at_sync)
            longjmp(*killed_at_sync, 1);
        if (failing_syncs > 0) {
            failing_syncs--;
            disk.count = 0;
            errno = EIO;
            return -1;
        }
        for (size_t i = 0; i < disk.count; i++)
            memcpy(disk.synced + disk.pending[i].offset, disk.pending[i].page, LW_PAGE);
        disk.count = 0;
    }
    return 0;
}

/* ---- the journal's content, as versions of payloads ---- */

struct content {
    uint32_t pages;
    uint32_t version[INDEXES];
};

static void fill(uint8_t payload[LW_PAYLOAD], uint32_t index, uint32_t version)
{
    memset(payload, (int)(index * 17 + version), LW_PAYLOAD);
    lw_put_u32(payload, index);
    lw_put_u32(payload + 4, version);
}

static bool shows(struct lw_lane *lane, const struct content *content)
{
    uint8_t payload[LW_PAYLOAD], wanted[LW_PAYLOAD];

    if (lw_lane_pages(lane) != content->pages)
        return false;
    for (uint32_t i = 0; i < content->pages; i++) {
        fill(wanted, i, content->version[i]);
        if (lw_lane_read(lane, i, payload) != LW_OK || memcmp(payload, wanted, LW_PAYLOAD) != 0)
            return false;
    }
    return true;
}

/* ---- cutting ---- */

enum loss { LOSE_NONE, LOSE_ALL, LOSE_RANDOM, LOSE_ONE, TEAR_ONE, TEAR_ALL, LOSSES };

static void apply(uint8_t *image, size_t i, bool torn)
{
    const uint8_t *page = disk.pending[i].page;

    for (size_t part = 0; part < LW_PAGE; part += SECTOR) {
        if (!torn || lw_random_below(2) == 0)
            memcpy(image + disk.pending[i].offset + part, page + part, SECTOR);
    }
}

static void make_image(uint8_t *image, enum loss loss, size_t upto, size_t chosen)
{
    memcpy(image, disk.synced, (size_t)PAGES * LW_PAGE);
    for (size_t i = 0; i < upto; i++) {
        if (loss == LOSE_ALL || (loss == LOSE_ONE && i == chosen) ||
            (loss == LOSE_RANDOM && lw_random_below(2) == 0))
            continue;
        apply(image, i, loss == TEAR_ALL || (loss == TEAR_ONE && i == chosen));
    }
}

struct cutting {
    struct lw_vault *vault;
    int crash_fd;
    uint8_t *image;
    const struct content *acked, *next;
    const struct content *unacked; /* of a process that was killed before its sync */
    unsigned cuts, old_seen, new_seen;
};

/* Opens what is left, compares, writes to it once more and compares again. */
static void check_image(struct cutting *cutting, enum loss loss)
{
    struct lw_vault crashed = bare_vault_over(cutting->vault, cutting->crash_fd);
    struct lw_lane *lane;
    uint8_t payload[LW_PAYLOAD];
    ino_t recorded = disk.inode;

    disk.inode = 0;
    assert_int_equal(pwrite(cutting->crash_fd, cutting->image, (size_t)PAGES * LW_PAGE, 0),
                     PAGES * LW_PAGE);
    assert_int_equal(lw_lane_open(&crashed, 0, LW_LANE_WRITE, &lane, NULL), LW_OK);
    enum lw_status status = lw_lane_snapshot(lane);
    if (status != LW_OK)
        fail_msg("loss %d: %s", (int)loss, lw_lane_error(lane));
    bool old = shows(lane, cutting->acked);
    bool fresh = !old && cutting->next && shows(lane, cutting->next);
    bool unacked = !old && !fresh && cutting->unacked && shows(lane, cutting->unacked);
    if (!old && !fresh && !unacked)
        fail_msg("loss %d after %lu writes: neither the acknowledged state nor the next one",
                 (int)loss, disk.total);
    struct content now = old ? *cutting->acked : unacked ? *cutting->unacked : *cutting->next;
    assert_int_equal(lw_lane_reserve(lane), LW_OK);
    fill(payload, 0, 77777);
    assert_int_equal(lw_lane_write(lane, 0, payload), LW_OK);
    assert_int_equal(lw_lane_commit(lane), LW_OK);
    now.version[0] = 77777;
    now.pages = now.pages > 0 ? now.pages : 1;
    assert_true(shows(lane, &now));
    lw_lane_close(lane);
    disk.inode = recorded;
    cutting->cuts++;
    cutting->old_seen += old;
    cutting->new_seen += fresh;
}

static void cut(struct cutting *cutting)
{
    size_t upto = disk.count;

    for (int loss = 0; loss < LOSSES; loss++) {
        size_t chosen = upto > 0 ? lw_random_below((uint32_t)upto) : 0;
        make_image(cutting->image, (enum loss)loss, upto, chosen);
        check_image(cutting, (enum loss)loss);
        if (upto == 0)
            return;
    }
}

/* ---- the workload ---- */

static void random_transaction(struct lw_lane *lane, struct content *content, uint32_t round)
{
    uint8_t payload[LW_PAYLOAD];
    uint32_t count = round % 9 == 0 ? 150 : 1 + lw_random_below(8);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = lw_random_below(INDEXES);
        if (index > content->pages)
            index = content->pages;
        fill(payload, index, round);
        assert_int_equal(lw_lane_write(lane, index, payload), LW_OK);
        content->version[index] = round;
        if (index == content->pages)
            content->pages++;
    }
    if (round % 11 == 0 && content->pages > 20) {
        content->pages -= 10;
        assert_int_equal(lw_lane_truncate(lane, content->pages), LW_OK);
    }
}

static void start(struct cutting *cutting)
{
    memset(cutting, 0, sizeof *cutting);
    cutting->vault = bare_vault_new(PAGES, false);
    cutting->crash_fd = memfd_create("crashed", MFD_CLOEXEC);
    cutting->image = malloc((size_t)PAGES * LW_PAGE);
    disk.synced = malloc((size_t)PAGES * LW_PAGE);
    assert_int_equal(pread(cutting->vault->fd, disk.synced, (size_t)PAGES * LW_PAGE, 0),
                     PAGES * LW_PAGE);
    disk.inode = cutting->vault->inode;
}

static void finish(struct cutting *cutting)
{
    print_message("%u cuts: %u showed the acknowledged state, %u the next one\n", cutting->cuts,
                  cutting->old_seen, cutting->new_seen);
    disk.inode = 0;
    close(cutting->crash_fd);
    free(cutting->image);
    free(disk.synced);
    free(disk.pending);
    memset(&disk, 0, sizeof disk);
    bare_vault_free(cutting->vault);
}

static void begin(struct cutting *cutting, struct lw_lane **lane)
{
    if (!*lane)
        assert_int_equal(lw_lane_open(cutting->vault, 0, LW_LANE_WRITE, lane, NULL), LW_OK);
    assert_int_equal(lw_lane_snapshot(*lane), LW_OK);
    assert_int_equal(lw_lane_reserve(*lane), LW_OK);
}

static void test_one_process(void **state)
{
    static struct content acked, next;
    struct cutting cutting;
    struct lw_lane *lane = NULL;

    (void)state;
    start(&cutting);
    cutting.acked = &acked;
    cutting.next = &next;
    for (uint32_t round = 1; round < 150; round++) {
        begin(&cutting, &lane);
        next = acked;
        random_transaction(lane, &next, round);
        if (round % 5 == 0)
            cut(&cutting); /* in the middle of a transaction */
        if (round % 13 == 0) {
            lw_lane_release(lane); /* rolled back */
            continue;
        }
        at_sync = &cutting;
        assert_int_equal(lw_lane_commit(lane), LW_OK);
        at_sync = NULL;
        acked = next;
        lw_lane_release(lane);
        cut(&cutting); /* acknowledged: now only this state will do */
    }
    assert_true(cutting.old_seen > 100 && cutting.new_seen > 20);
    lw_lane_close(lane);
    finish(&cutting);
}

/* A writer is killed between its last write and its sync; the next one builds on what it left. */
static void test_killed_before_its_sync(void **state)
{
    static struct content acked, unacked, next;
    struct cutting cutting;
    struct lw_lane *lane = NULL, *victim;

    (void)state;
    start(&cutting);
    cutting.acked = &acked;
    cutting.next = &next;
    for (uint32_t round = 2; round < 150; round += 2) {
        jmp_buf killed;
        victim = NULL;
        begin(&cutting, &victim);
        unacked = acked;
        random_transaction(victim, &unacked, round);
        next = unacked;
        killed_at_sync = &killed;
        if (setjmp(killed) == 0)
            assert_int_equal(lw_lane_commit(victim), LW_INTERNAL); /* never returns */
        killed_at_sync = NULL;
        victim->broken = true; /* as after a kill: its locks go, and nothing more is written */
        lw_lane_close(victim);
        cutting.unacked = &unacked;
        at_sync = &cutting;
        begin(&cutting, &lane); /* adopts what it finds */
        next = shows(lane, &unacked) ? unacked : acked;
        random_transaction(lane, &next, round + 1);
        assert_int_equal(lw_lane_commit(lane), LW_OK);
        at_sync = NULL;
        cutting.unacked = NULL;
        acked = next;
        lw_lane_release(lane);
        cut(&cutting);
    }
    lw_lane_close(lane);
    finish(&cutting);
}

/* The sync that adopts a killed writer's root fails once: what it did not write is not clean. */
static void test_failed_adoption(void **state)
{
    static struct content acked, next;
    struct cutting cutting;
    struct lw_lane *lane = NULL, *victim;

    (void)state;
    start(&cutting);
    cutting.acked = &acked;
    for (uint32_t round = 2; round < 60; round += 2) {
        jmp_buf killed;
        if (round % 9 == 0)
            continue; /* a large commit syncs before its root, which nobody would see */
        victim = NULL;
        begin(&cutting, &victim);
        next = acked;
        random_transaction(victim, &next, round);
        killed_at_sync = &killed;
        if (setjmp(killed) == 0)
            assert_int_equal(lw_lane_commit(victim), LW_INTERNAL); /* never returns */
        killed_at_sync = NULL;
        victim->broken = true;
        lw_lane_close(victim);
        if (!lane)
            assert_int_equal(lw_lane_open(cutting.vault, 0, LW_LANE_WRITE, &lane, NULL), LW_OK);
        assert_int_equal(lw_lane_snapshot(lane), LW_OK);
        failing_syncs = 1;
        assert_int_equal(lw_lane_reserve(lane), LW_IO);
        assert_int_equal(lw_lane_reserve(lane), LW_OK);
        if (!shows(lane, &next))
            next = acked;
        random_transaction(lane, &next, round + 1);
        assert_int_equal(lw_lane_commit(lane), LW_OK);
        acked = next;
        lw_lane_release(lane);
        cut(&cutting);
    }
    lw_lane_close(lane);
    finish(&cutting);
}

/* Neither the commit nor the taking back of its root can be synced: the connection ends there. */
static void test_broken_connection(void **state)
{
    static struct content acked;
    struct cutting cutting;
    struct lw_lane *lane = NULL;
    uint8_t payload[LW_PAYLOAD] = {0};

    (void)state;
    start(&cutting);
    cutting.acked = &acked;
    begin(&cutting, &lane);
    random_transaction(lane, &acked, 9);
    assert_int_equal(lw_lane_commit(lane), LW_OK);
    lw_lane_release(lane);
    begin(&cutting, &lane);
    fill(payload, 0, 5);
    assert_int_equal(lw_lane_write(lane, 0, payload), LW_OK);
    failing_syncs = 2;
    assert_int_equal(lw_lane_commit(lane), LW_IO);
    assert_int_equal(lw_lane_write(lane, 0, payload), LW_IO);
    assert_int_equal(lw_lane_truncate(lane, 0), LW_IO);
    lw_lane_release(lane);
    assert_int_equal(lw_lane_snapshot(lane), LW_OK);
    assert_int_equal(lw_lane_reserve(lane), LW_IO);
    lw_lane_close(lane);
    cut(&cutting);
    finish(&cutting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_process), cmocka_unit_test(test_killed_before_its_sync),
        cmocka_unit_test(test_failed_adoption), cmocka_unit_test(test_broken_connection)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
