/* What is taken back is gone: transactions, statements, savepoints, with pages spilled or not. */
#include "vfs_stage.h"

#define PAGES 8192 /* 32 MiB */

struct scene {
    struct lw_vault *vault;
    struct place place;
    struct lw_buf before;
};

static void scene_open(struct scene *scene, uint32_t pages)
{
    scene->vault = bare_vault_new(pages, false);
    place_open(&scene->place, scene->vault, LW_LANE_WRITE);
    must(&scene->place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE, CHECK (b <> 'no'));"
                        "CREATE INDEX half ON t(substr(b, 1, 40)) WHERE a % 2");
    must(&scene->place, FILL(200, 100));
    scene->before = (struct lw_buf)LW_BUF_INIT;
    dump_into(scene->place.db, &scene->before);
}

static void expect_before(struct scene *scene)
{
    struct lw_buf now = LW_BUF_INIT;

    dump_into(scene->place.db, &now);
    if (strcmp(lw_buf_text(&now), lw_buf_text(&scene->before)) != 0)
        fail_msg("not what was there before");
    lw_buf_free(&now);
    expect_sound(&scene->place);
}

static void scene_close(struct scene *scene)
{
    expect_lasting(&scene->place, scene->vault);
    lw_buf_free(&scene->before);
    place_close(&scene->place);
    bare_vault_free(scene->vault);
}

/* A cache of ten pages: nearly every page is written before the transaction ends. */
#define SPILL "PRAGMA cache_size=10; PRAGMA cache_spill=1;"

static void test_transaction_is_taken_back(void **state)
{
    static const char *const cache[] = {"PRAGMA cache_size=-16000", SPILL,
                                        SPILL "PRAGMA synchronous=OFF"};
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    struct place *place = &scene.place;
    for (size_t i = 0; i < LW_COUNT_OF(cache); i++) {
        must(place, cache[i]);
        must(place, "BEGIN; DELETE FROM t WHERE a % 3 = 0");
        must(place, FILL(2000, 700));
        must(place, "UPDATE t SET b = b || 'more' WHERE a % 5 = 0");
        expect_number(place, "SELECT count(*) FROM t", 200 - 66 + 2000);
        expect_number(place, "SELECT sum(length(b) % 10) FROM t WHERE a % 5 = 0",
                      4 * number(place, "SELECT count(*) FROM t WHERE a % 5 = 0"));
        expect_sound(place);
        must(place, "ROLLBACK");
        expect_before(&scene);
        must(place, "BEGIN; CREATE TABLE u(x); INSERT INTO u SELECT b FROM t;"
                    "DROP INDEX half; ALTER TABLE t ADD COLUMN c DEFAULT 7; DROP TABLE t;"
                    "CREATE TABLE t(other); ROLLBACK");
        expect_before(&scene);
        must(place, "BEGIN; INSERT INTO t(b) VALUES ('flushed')");
        assert_int_equal(sqlite3_db_cacheflush(place->db), SQLITE_OK);
        must(place, "ROLLBACK");
        expect_before(&scene);
    }
    scene_close(&scene);
}

/* A statement that fails in its middle takes back itself and leaves the transaction. */
static void test_statement_is_taken_back(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    struct place *place = &scene.place;
    for (int spill = 0; spill < 2; spill++) {
        if (spill)
            must(place, SPILL);
        must(place, "BEGIN; INSERT INTO t(b) VALUES ('kept')");
        assert_int_equal(run(place, "INSERT INTO t(b) SELECT CASE WHEN a = 190 THEN 'no' ELSE "
                                    "b || hex(zeroblob(900)) END FROM t ORDER BY a"),
                         SQLITE_CONSTRAINT_CHECK);
        assert_int_equal(run(place, "UPDATE t SET b = 'same' WHERE a > 3"),
                         SQLITE_CONSTRAINT_UNIQUE);
        assert_int_equal(sqlite3_get_autocommit(place->db), 0);
        expect_number(place, "SELECT count(*) FROM t", 201);
        must(place, "DELETE FROM t WHERE b = 'kept'; COMMIT");
        expect_before(&scene);
        assert_int_equal(run(place, "INSERT OR ROLLBACK INTO t(b) VALUES ('x'), ('y'), ('x')"),
                         SQLITE_CONSTRAINT_UNIQUE);
        must(place, "BEGIN; DELETE FROM t WHERE a < 50");
        assert_int_equal(run(place, "INSERT OR ROLLBACK INTO t(b) VALUES ('x'), ('no')"),
                         SQLITE_CONSTRAINT_CHECK);
        assert_int_equal(sqlite3_get_autocommit(place->db), 1);
        expect_before(&scene);
    }
    scene_close(&scene);
}

static void test_savepoints(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    struct place *place = &scene.place;
    for (int spill = 0; spill < 2; spill++) {
        if (spill)
            must(place, SPILL);
        must(place, "SAVEPOINT outermost"); /* is a transaction */
        must(place, FILL(600, 800));
        must(place, "SAVEPOINT a; DELETE FROM t WHERE a % 2");
        must(place, "SAVEPOINT b; UPDATE t SET b = a");
        must(place, FILL(600, 800));
        must(place, "SAVEPOINT a; DROP TABLE t; ROLLBACK TO a; RELEASE a"); /* the inner a */
        expect_number(place, "SELECT count(*) FROM t", 400 + 600);
        must(place, "ROLLBACK TO b");
        expect_number(place, "SELECT count(*) FROM t WHERE b = a", 0);
        expect_number(place, "SELECT count(*) FROM t", 400);
        expect_sound(place);
        must(place, "ROLLBACK TO b; RELEASE b; ROLLBACK TO a");
        expect_number(place, "SELECT count(*) FROM t", 800);
        expect_sound(place);
        must(place, "ROLLBACK TO outermost");
        expect_number(place, "SELECT count(*) FROM t", 200);
        assert_int_equal(sqlite3_get_autocommit(place->db), 0);
        must(place, "RELEASE outermost");
        assert_int_equal(sqlite3_get_autocommit(place->db), 1);
        assert_false(lw_lane_has_snapshot(place->lane));
        expect_before(&scene);
        must(place, "SAVEPOINT s; DELETE FROM t WHERE a > 100; SAVEPOINT s2; DELETE FROM t;"
                    "ROLLBACK TO s2; RELEASE s");
        expect_number(place, "SELECT count(*) FROM t", 100);
        expect_lasting(place, scene.vault);
        must(place, "BEGIN; DELETE FROM t WHERE a > 50; SAVEPOINT s; DELETE FROM t; ROLLBACK");
        expect_number(place, "SELECT count(*) FROM t", 100);
        lw_buf_clear(&scene.before);
        must(place, FILL(100, 100));
        dump_into(place->db, &scene.before);
    }
    scene_close(&scene);
}

static int stop_at_zero(void *context)
{
    return --*(int *)context <= 0;
}

/* Stopped from outside while it writes: a progress handler, and sqlite3_interrupt. */
static void test_interrupted_writing(void **state)
{
    struct scene scene;
    unsigned stopped = 0;

    (void)state;
    scene_open(&scene, PAGES);
    must(&scene.place, SPILL);
    for (int after = 1; after < 60; after += 3) {
        int left = after;
        sqlite3_progress_handler(scene.place.db, 500, stop_at_zero, &left);
        int code = run(&scene.place, "UPDATE t SET b = b || hex(zeroblob(1500))");
        sqlite3_progress_handler(scene.place.db, 0, NULL, NULL);
        stopped += code == SQLITE_INTERRUPT;
        if (code == SQLITE_OK) {
            must(&scene.place, "UPDATE t SET b = substr(b, 1, 200)");
            break;
        }
        assert_int_equal(code, SQLITE_INTERRUPT);
        expect_before(&scene);
    }
    assert_true(stopped > 2);
    expect_before(&scene);
    must(&scene.place, "BEGIN; DELETE FROM t WHERE a % 2");
    sqlite3_stmt *stmt = prepared(&scene.place, "SELECT a FROM t");
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    sqlite3_interrupt(scene.place.db);
    assert_int_equal(sqlite3_step(stmt), SQLITE_INTERRUPT);
    sqlite3_finalize(stmt);
    must(&scene.place, "ROLLBACK");
    expect_before(&scene);
    scene_close(&scene);
}

static unsigned pages_with(struct place *place, const char *text)
{
    uint8_t page[LW_PAYLOAD];
    unsigned found = 0;

    assert_int_equal(lw_lane_snapshot(place->lane), LW_OK);
    for (uint32_t i = 0; i < lw_lane_pages(place->lane); i++) {
        assert_int_equal(lw_lane_read(place->lane, i, page), LW_OK);
        found += memmem(page, sizeof page, text, strlen(text)) != NULL;
    }
    lw_lane_release(place->lane);
    return found;
}

/* Text that was never saved stands nowhere, also not in pages that were and are free. */
static void test_nothing_is_left_of_it(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    must(&scene.place, FILL(300, 1500));
    must(&scene.place, "DELETE FROM t WHERE a > 200");
    assert_true(number(&scene.place, "PRAGMA freelist_count") > 100);
    uint64_t generation = lw_lane_generation(scene.place.lane);
    must(&scene.place,
         SPILL "BEGIN; INSERT INTO t(b) SELECT a || printf('%.*c', 3000, 'Q') FROM t");
    must(&scene.place, "ROLLBACK");
    assert_int_equal(pages_with(&scene.place, "QQQQQQQQ"), 0);
    expect_before(&scene);
    assert_int_equal(lw_lane_generation(scene.place.lane), generation);
    must(&scene.place, "INSERT INTO t(b) VALUES ('QQQQQQQQ')");
    assert_true(pages_with(&scene.place, "QQQQQQQQ") > 0);
    scene_close(&scene);
}

/* Readers of the same connection go on over a rollback, or are told. */
static void test_rollback_below_an_open_statement(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    must(&scene.place, SPILL);
    sqlite3_stmt *stmt = prepared(&scene.place, "SELECT a, b FROM t ORDER BY a");
    must(&scene.place, "BEGIN");
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    must(&scene.place, "UPDATE t SET b = a || hex(zeroblob(1200)) WHERE a > 100");
    must(&scene.place, "ROLLBACK");
    int rows = 1, code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        assert_int_equal(sqlite3_column_bytes(stmt, 1), 200); /* never what was taken back */
        rows++;
    }
    assert_true((code == SQLITE_DONE && rows == 200) || code == SQLITE_ABORT_ROLLBACK);
    sqlite3_finalize(stmt);
    expect_before(&scene);
    scene_close(&scene);
}

/* Full in the middle: of a statement, of a transaction that goes on, of what has spilled. */
static void test_full(void **state)
{
    struct scene scene;
    int code = SQLITE_OK;

    (void)state;
    scene_open(&scene, 1024);
    struct place *place = &scene.place;
    for (int spill = 0; spill < 2; spill++) {
        if (spill)
            must(place, SPILL);
        assert_int_equal(run(place, FILL(5000, 1000)), SQLITE_FULL);
        assert_int_equal(lw_vfs_status(place->vfs), LW_FULL);
        assert_non_null(strstr(lw_lane_error(place->lane), "resize"));
        assert_int_equal(sqlite3_get_autocommit(place->db), 1);
        expect_before(&scene);
        must(place, "BEGIN");
        for (int i = 0; i < 1000 && (code = run(place, FILL(20, 1000))) == SQLITE_OK; i++)
            continue;
        if (code == SQLITE_OK)
            code = run(place, "COMMIT");
        assert_int_equal(code, SQLITE_FULL);
        if (sqlite3_get_autocommit(place->db) == 0)
            (void)run(place, "ROLLBACK");
        assert_int_equal(sqlite3_get_autocommit(place->db), 1);
        expect_before(&scene);
    }
    must(place, "DELETE FROM t WHERE a > 10; INSERT INTO t(b) VALUES ('room')");
    scene_close(&scene);
}

/* Rows that went into the same transaction are read back from the lane before it ends. */
static void test_spilled_pages_are_read_back(void **state)
{
    struct scene scene;

    (void)state;
    scene_open(&scene, PAGES);
    struct place *place = &scene.place;
    must(place, SPILL "BEGIN");
    must(place, "CREATE TABLE u(a INTEGER PRIMARY KEY, b, c)");
    must(place, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) "
                "INSERT INTO u SELECT i, i * i, printf('%.*c', i % 900, 'x') FROM n");
    must(place, "CREATE INDEX by_b ON u(b DESC)");
    assert_true(number(place, "PRAGMA page_count") > 500);
    expect_number(place, "SELECT count(*) FROM u WHERE b <> a * a OR length(c) <> max(a % 900, 1)",
                  0);
    expect_number(place, "SELECT a FROM u WHERE b = 1234 * 1234", 1234);
    expect_number(place, "SELECT count(*) FROM (SELECT 1 FROM u ORDER BY c || a)", 4000);
    struct place other;
    place_open(&other, scene.vault, LW_LANE_READ);
    expect_number(&other, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'", 0);
    must(place, "COMMIT");
    expect_number(&other, "SELECT count(*) FROM u", 4000);
    place_close(&other);
    scene_close(&scene);
}

static int start(void **state)
{
    (void)state;
    return lw_crypto_start() == LW_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transaction_is_taken_back),
        cmocka_unit_test(test_statement_is_taken_back),
        cmocka_unit_test(test_savepoints),
        cmocka_unit_test(test_interrupted_writing),
        cmocka_unit_test(test_nothing_is_left_of_it),
        cmocka_unit_test(test_rollback_below_an_open_statement),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_spilled_pages_are_read_back),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
