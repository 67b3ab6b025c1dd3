/* The n-th write or sync fails, once or from there on, for every n of a transaction that spills:
 * all of it is there where COMMIT said so, nothing of it else, and SQLite's cache agrees with the
 * lane. */
#include "io_hooks.h"
#include "vfs_stage.h"

#define PAGES 1024

static struct {
    long left;     /* calls until the failure; negative: none */
    bool for_good; /* every later one fails too */
    bool reading;  /* reads are meant, not writes and syncs */
    int error;
    unsigned failed;
} fault = {.left = -1};

static bool fail_one(const struct io_call *call, ssize_t *result)
{
    bool counts =
        fault.reading ? call->kind == IO_READ : call->kind == IO_WRITE || call->kind == IO_SYNC;

    if (!counts || fault.left < 0 || (fault.left > 0 && --fault.left >= 0))
        return false;
    fault.left = fault.for_good ? 0 : -1;
    fault.failed++;
    errno = fault.error;
    *result = -1;
    return true;
}

static const char *const committed[] = {
    "BEGIN IMMEDIATE",
    "DELETE FROM t WHERE a % 3 = 0",
    "SAVEPOINT s",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
    "INSERT INTO t(b) SELECT i || hex(zeroblob(700)) FROM n",
    "ROLLBACK TO s",
    "UPDATE t SET b = b || 'x' WHERE a % 2 = 0",
    "PRAGMA incremental_vacuum",
    "COMMIT",
    NULL,
};
static const char *const taken_back[] = {
    "BEGIN IMMEDIATE",
    "DELETE FROM t WHERE a % 3 = 0",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
    "INSERT INTO t(b) SELECT i || hex(zeroblob(700)) FROM n",
    "CREATE INDEX by_b ON t(b)",
    "ROLLBACK",
    NULL,
};
static const char *const vacuumed[] = {"VACUUM", NULL};

struct scene {
    struct lw_vault *vault;
    struct place place, other;
    struct lw_buf before;
};

static void scene_open(struct scene *scene, const char *cache)
{
    scene->vault = bare_vault_new(PAGES, false);
    place_open(&scene->place, scene->vault, LW_LANE_WRITE);
    place_open(&scene->other, scene->vault, LW_LANE_WRITE);
    must(&scene->place, "PRAGMA auto_vacuum=INCREMENTAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&scene->place,
         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
         "INSERT INTO t(b) SELECT i || hex(zeroblob(500)) FROM n; DELETE FROM t WHERE a > 35");
    must(&scene->place, cache);
    scene->before = (struct lw_buf)LW_BUF_INIT;
    dump_into(scene->place.db, &scene->before);
}

static void scene_close(struct scene *scene)
{
    place_close(&scene->other);
    place_close(&scene->place);
    lw_buf_free(&scene->before);
    bare_vault_free(scene->vault);
}

/* The code of the statement that failed, or of the last one. */
static int play(struct place *place, const char *const *sql, bool *spared)
{
    int code = SQLITE_OK;

    for (; *sql && code == SQLITE_OK; sql++)
        code = run(place, *sql);
    *spared = code == SQLITE_OK;
    if (sqlite3_get_autocommit(place->db) == 0)
        (void)run(place, "ROLLBACK");
    return code;
}

static void expect_contents(struct place *place, const struct lw_buf *one, const struct lw_buf *two)
{
    struct lw_buf now = LW_BUF_INIT;

    expect_sound(place);
    dump_into(place->db, &now);
    if (strcmp(lw_buf_text(&now), lw_buf_text(one)) != 0 &&
        strcmp(lw_buf_text(&now), lw_buf_text(two)) != 0)
        fail_msg("after %ld: neither before nor after the transaction", fault.left);
    lw_buf_free(&now);
}

/* A sync that fails for good leaves open whether the commit will be there: then both will do. */
static void check(struct scene *scene, bool spared, const struct lw_buf *after)
{
    const struct lw_buf *one = spared ? after : &scene->before;
    const struct lw_buf *two = fault.for_good ? after : one;

    assert_int_equal(sqlite3_get_autocommit(scene->place.db), 1);
    expect_contents(&scene->other, one, two);
    expect_contents(&scene->place, one, two);
    if (!fault.for_good) { /* the connection is as good as before */
        must(&scene->place, "CREATE TABLE later AS SELECT a FROM t; DROP TABLE later");
        expect_contents(&scene->other, one, two);
    }
    place_close(&scene->place);
    place_open(&scene->place, scene->vault, LW_LANE_WRITE);
    expect_contents(&scene->place, one, two);
    must(&scene->place, "INSERT INTO t(b) VALUES ('later')");
    expect_lasting(&scene->place, scene->vault);
}

static void every_call(const char *const *sql, const char *cache, bool for_good, int error)
{
    struct lw_buf after = LW_BUF_INIT;
    struct scene scene;
    bool spared = false;

    scene_open(&scene, cache);
    assert_int_equal(play(&scene.place, sql, &spared), SQLITE_OK);
    dump_into(scene.place.db, &after);
    scene_close(&scene);
    spared = false;
    fault.failed = 0;
    for (long n = 0; n < 2000; n++) {
        scene_open(&scene, cache);
        fault.left = n;
        fault.for_good = for_good;
        fault.error = error;
        unsigned had = fault.failed;
        int code = play(&scene.place, sql, &spared);
        fault.left = -1;
        if (fault.failed == had) {
            assert_int_equal(code, SQLITE_OK);
            assert_true(n > 4);
            scene_close(&scene);
            break;
        }
        if (code != SQLITE_OK)
            assert_true((code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_FULL);
        check(&scene, spared, &after);
        scene_close(&scene);
        n += n / 8; /* the beginning closely, then farther apart */
    }
    lw_buf_free(&after);
}

#define SPILL "PRAGMA cache_size=10; PRAGMA cache_spill=1"
#define KEEP  "PRAGMA cache_size=500"

static void committing(void **state)
{
    (void)state;
    every_call(committed, SPILL, false, EIO);
    every_call(committed, KEEP, false, EIO);
    every_call(committed, SPILL, true, EIO);
}

static void taking_back(void **state)
{
    (void)state;
    every_call(taken_back, SPILL, false, ENOSPC);
    every_call(taken_back, SPILL, true, EIO);
}

static void vacuuming(void **state)
{
    (void)state;
    every_call(vacuumed, SPILL, false, EIO);
    every_call(vacuumed, KEEP, true, ENOSPC);
}

/* The n-th read of a reader fails whose cache is old; SQLite alone would not see that it is, since
 * the change counter is the same. The next try reads what is there. */
static void reading(void **state)
{
    const off_t roots = (off_t)root_page(0, 0) * LW_PAGE;
    uint8_t before[2 * LW_PAGE];
    struct scene scene;
    long n = 0;

    (void)state;
    fault.reading = true;
    for (unsigned had = fault.failed - 1; had != fault.failed; n++) {
        scene_open(&scene, KEEP);
        assert_int_equal(lw_file_read_at(scene.vault->fd, before, sizeof before, roots), LW_OK);
        must(&scene.place, "UPDATE t SET b = 'lost' WHERE a = 1");
        expect_number(&scene.other, "SELECT count(*) FROM t WHERE b = 'lost'", 1);
        assert_int_equal(lw_file_write_at(scene.vault->fd, before, sizeof before, roots), LW_OK);
        must(&scene.place, "UPDATE t SET b = 'new' WHERE a = 2");
        had = fault.failed;
        fault.left = n;
        fault.for_good = false;
        fault.error = EIO;
        int code = run(&scene.other, "SELECT sum(length(b)) FROM t");
        fault.left = -1;
        if (fault.failed == had)
            assert_int_equal(code, SQLITE_OK);
        else
            assert_int_equal(code & 0xFF, SQLITE_IOERR);
        expect_number(&scene.other, "SELECT count(*) FROM t WHERE b IN ('lost', 'new') AND a = 2",
                      1);
        expect_number(&scene.other, "SELECT count(*) FROM t WHERE b = 'lost'", 0);
        scene_close(&scene);
    }
    fault.reading = false;
    assert_true(n > 6);
}

static int start(void **state)
{
    (void)state;
    io_hooks.before = fail_one;
    return lw_crypto_start() == LW_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committing),
        cmocka_unit_test(taking_back),
        cmocka_unit_test(vacuuming),
        cmocka_unit_test(reading),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
