/* Who may read and write at the same time, who waits, and what is told about it. */
#include "vfs_stage.h"

#define PAGES 2048

static void test_readers_and_a_writer_side_by_side(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place writer, reader, later;

    (void)state;
    place_open(&writer, vault, LW_LANE_WRITE);
    must(&writer, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES ('one')");
    place_open(&reader, vault, LW_LANE_READ);
    must(&reader, "BEGIN");
    expect_number(&reader, "SELECT count(*) FROM t", 1);
    must(&writer, "BEGIN IMMEDIATE; INSERT INTO t(b) VALUES ('two')");
    expect_number(&reader, "SELECT count(*) FROM t", 1);
    place_open(&later, vault, LW_LANE_READ); /* opens and reads below a writer */
    expect_number(&later, "SELECT count(*) FROM t", 1);
    must(&writer, "COMMIT");
    expect_number(&later, "SELECT count(*) FROM t", 2);
    expect_number(&reader, "SELECT count(*) FROM t", 1);
    must(&writer, "BEGIN EXCLUSIVE"); /* keeps nobody from reading either */
    expect_number(&later, "SELECT count(*) FROM t", 2);
    must(&writer, "COMMIT");
    must(&reader, "COMMIT");
    expect_number(&reader, "SELECT count(*) FROM t", 2);
    assert_int_equal(reader.waited + later.waited + writer.waited, 0);
    place_close(&later);
    place_close(&reader);
    expect_lasting(&writer, vault);
    place_close(&writer);
    bare_vault_free(vault);
}

static void test_second_writer_waits_as_told(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place first, second;

    (void)state;
    place_open(&first, vault, LW_LANE_WRITE);
    place_open(&second, vault, LW_LANE_WRITE);
    must(&first, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); BEGIN IMMEDIATE");
    assert_int_equal(run(&second, "BEGIN IMMEDIATE"), SQLITE_BUSY);
    assert_int_equal(second.waited, 1); /* asked once, and it said no */
    second.patience = 5;
    assert_int_equal(run(&second, "INSERT INTO t(b) VALUES (1)"), SQLITE_BUSY);
    assert_int_equal(second.waited, 7);
    assert_int_equal(sqlite3_get_autocommit(second.db), 1);
    assert_false(lw_lane_has_snapshot(second.lane)); /* a failed try keeps nothing */
    must(&second, "BEGIN");
    expect_number(&second, "SELECT count(*) FROM t", 0);
    assert_int_equal(run(&second, "INSERT INTO t(b) VALUES (2)"), SQLITE_BUSY);
    must(&first, "ROLLBACK"); /* nothing changed: the snapshot of the other is still the newest */
    must(&second, "INSERT INTO t(b) VALUES (3); COMMIT");
    expect_number(&first, "SELECT max(b) FROM t", 3);
    sqlite3_busy_timeout(second.db, 40);
    must(&first, "BEGIN IMMEDIATE");
    assert_int_equal(run(&second, "BEGIN IMMEDIATE"), SQLITE_BUSY); /* ends by itself */
    must(&first, "COMMIT");
    place_close(&second);
    expect_lasting(&first, vault);
    place_close(&first);
    bare_vault_free(vault);
}

/* A transaction that has read and finds that another one wrote cannot go on: no waiting helps. */
static void test_old_snapshot_cannot_write(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place one, two;

    (void)state;
    place_open(&one, vault, LW_LANE_WRITE);
    place_open(&two, vault, LW_LANE_WRITE);
    must(&one, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES (10)");
    must(&two, "BEGIN");
    expect_number(&two, "SELECT b FROM t", 10);
    must(&one, "UPDATE t SET b = b + 1");
    two.patience = 1000;
    assert_int_equal(run(&two, "UPDATE t SET b = b + 1"), SQLITE_BUSY_SNAPSHOT);
    assert_int_equal(two.waited, 0);
    expect_number(&two, "SELECT b FROM t", 10); /* what it read stays what it reads */
    must(&one, "BEGIN IMMEDIATE");
    assert_int_equal(run(&two, "UPDATE t SET b = 0"), SQLITE_BUSY_SNAPSHOT); /* told also then */
    must(&one, "COMMIT");
    must(&two, "COMMIT");
    must(&two, "UPDATE t SET b = b + 1");
    expect_number(&one, "SELECT b FROM t", 12);
    place_close(&two);
    expect_lasting(&one, vault);
    place_close(&one);
    bare_vault_free(vault);
}

static void test_open_statement_keeps_its_snapshot(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place reader, writer;

    (void)state;
    place_open(&writer, vault, LW_LANE_WRITE);
    must(&writer, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&writer, FILL(300, 200));
    place_open(&reader, vault, LW_LANE_WRITE);
    must(&reader, "PRAGMA cache_size=5"); /* its pages come from the lane, not from a cache */
    sqlite3_stmt *stmt = prepared(&reader, "SELECT t.a, length(t.b) FROM t ORDER BY t.a");
    for (int i = 1; i <= 300; i++) {
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(stmt, 0), i);
        assert_int_equal(sqlite3_column_int(stmt, 1), 400);
        must(&writer, "UPDATE t SET b = 'short' WHERE a % 3 = abs(random()) % 3");
        if (i == 100)
            must(&writer, "DELETE FROM t WHERE a > 150");
        if (i == 200)
            must(&writer, "VACUUM");
    }
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    expect_number(&reader, "SELECT count(*) FROM t", 150);
    place_close(&reader);
    expect_lasting(&writer, vault);
    place_close(&writer);
    bare_vault_free(vault);
}

/* The connection's own commit leaves the snapshot to its statements that still read. */
static void test_own_commit_below_an_open_statement(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place own, other;

    (void)state;
    place_open(&other, vault, LW_LANE_WRITE);
    must(&other, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE TABLE u(c)");
    must(&other, FILL(100, 800));
    place_open(&own, vault, LW_LANE_WRITE);
    must(&own, "PRAGMA cache_size=5");
    sqlite3_stmt *stmt = prepared(&own, "SELECT length(b) FROM t ORDER BY a");
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    must(&own, "INSERT INTO u VALUES (1)");
    assert_true(lw_lane_has_snapshot(own.lane));
    assert_false(lw_lane_is_writer(own.lane)); /* others may write again */
    must(&other, "UPDATE t SET b = 'short'; INSERT INTO u VALUES (2)");
    for (int i = 1; i < 100; i++) {
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(stmt, 0), 1600);
    }
    sqlite3_finalize(stmt);
    expect_number(&own, "SELECT count(*) FROM u, t WHERE b = 'short'", 200);
    place_close(&own);
    expect_lasting(&other, vault);
    place_close(&other);
    bare_vault_free(vault);
}

static void test_commit_does_not_wait_for_xsync(void **state)
{
    static const char *const much[] = {"OFF", "NORMAL", "FULL", "EXTRA"};
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place, other;
    char sql[64];

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    place_open(&other, vault, LW_LANE_READ);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    for (size_t i = 0; i < LW_COUNT_OF(much); i++) {
        (void)snprintf(sql, sizeof sql, "PRAGMA synchronous=%s", much[i]);
        must(&place, sql);
        must(&place, "INSERT INTO t(b) VALUES (1); BEGIN; INSERT INTO t(b) VALUES (2); COMMIT");
        expect_number(&other, "SELECT count(*) FROM t", 2 * ((int64_t)i + 1));
    }
    place_close(&other);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static void test_writers_in_turns_lose_nothing(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, true);
    struct place place[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        place_open(&place[i], vault, LW_LANE_WRITE);
    must(&place[0], "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 0)");
    for (int i = 0; i < 300; i++) {
        struct place *at = &place[lw_random_below(3)];
        must(at, "BEGIN IMMEDIATE; UPDATE t SET b = b + 1");
        must(at, i % 5 == 4 ? "ROLLBACK" : "COMMIT");
        if (i % 5 == 3)
            expect_number(&place[lw_random_below(3)], "SELECT b FROM t", (i + 2) / 5 * 4);
    }
    for (int i = 1; i < 3; i++)
        place_close(&place[i]);
    expect_lasting(&place[0], vault);
    place_close(&place[0]);
    bare_vault_free(vault);
}

static void test_reading_session_cannot_write(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place writer, reader;

    (void)state;
    place_open(&reader, vault, LW_LANE_READ);
    assert_int_equal(run(&reader, "CREATE TABLE x(a)"), SQLITE_READONLY);
    expect_number(&reader, "SELECT count(*) FROM sqlite_schema", 0); /* not a page is there */
    place_open(&writer, vault, LW_LANE_WRITE);
    must(&writer, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    assert_int_equal(run(&reader, "INSERT INTO t VALUES (1, 1)"), SQLITE_READONLY);
    assert_int_equal(run(&reader, "BEGIN IMMEDIATE"), SQLITE_READONLY);
    assert_int_equal(sqlite3_get_autocommit(reader.db), 1);
    assert_int_equal(lw_vfs_status(reader.vfs), LW_READ_ONLY);
    must(&reader, "CREATE TEMP TABLE own(a); INSERT INTO own VALUES (1)");
    must(&writer, "INSERT INTO t VALUES (1, 1)");
    expect_number(&reader, "SELECT count(*) FROM t", 1);
    place_close(&reader);
    place_close(&writer);
    bare_vault_free(vault);
}

/* Its cache is dropped when, and only when, another connection committed. */
static void test_cache_follows_other_commits(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place one, two;
    bool changed = true;

    (void)state;
    place_open(&one, vault, LW_LANE_WRITE);
    must(&one, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES (1)");
    place_open(&two, vault, LW_LANE_WRITE);
    int64_t version = number(&two, "PRAGMA data_version");
    expect_number(&two, "SELECT b FROM t", 1);
    expect_number(&two, "SELECT b FROM t", 1);
    must(&two, "INSERT INTO t(b) VALUES (2)");
    must(&one, "BEGIN IMMEDIATE; INSERT INTO t(b) VALUES (3); ROLLBACK");
    expect_number(&two, "PRAGMA data_version", version);
    assert_int_equal(lw_vfs_changed(two.vfs, &changed), LW_OK);
    assert_false(changed);
    must(&one, "UPDATE t SET b = 5 WHERE a = 1");
    must(&two, "BEGIN");
    expect_number(&two, "SELECT b FROM t", 5);
    assert_int_equal(lw_vfs_changed(two.vfs, &changed), LW_OK);
    assert_false(changed); /* not while it reads */
    must(&two, "COMMIT");
    assert_true(number(&two, "PRAGMA data_version") > version);
    assert_int_equal(lw_vfs_changed(two.vfs, &changed), LW_OK);
    assert_true(changed);
    place_close(&two);
    place_close(&one);
    bare_vault_free(vault);
}

/* Two states with the same change counter: SQLite alone would not see that its cache is old. */
static void test_cache_goes_even_if_the_counter_is_the_same(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place one, two;
    uint8_t before[2 * LW_PAGE];
    off_t roots = (off_t)root_page(0, 0) * LW_PAGE;

    (void)state;
    place_open(&one, vault, LW_LANE_WRITE);
    must(&one, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES (1)");
    place_open(&two, vault, LW_LANE_WRITE);
    assert_int_equal(lw_file_read_at(vault->fd, before, sizeof before, roots), LW_OK);
    must(&one, "UPDATE t SET b = 2");
    expect_number(&two, "SELECT b FROM t", 2);
    assert_int_equal(lw_file_write_at(vault->fd, before, sizeof before, roots), LW_OK);
    must(&one, "UPDATE t SET b = 3"); /* as often counted as the commit that was lost */
    expect_number(&two, "SELECT b FROM t", 3);
    place_close(&two);
    place_close(&one);
    bare_vault_free(vault);
}

static int start(void **state)
{
    (void)state;
    return lw_crypto_start() == LW_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readers_and_a_writer_side_by_side),
        cmocka_unit_test(test_second_writer_waits_as_told),
        cmocka_unit_test(test_old_snapshot_cannot_write),
        cmocka_unit_test(test_open_statement_keeps_its_snapshot),
        cmocka_unit_test(test_own_commit_below_an_open_statement),
        cmocka_unit_test(test_commit_does_not_wait_for_xsync),
        cmocka_unit_test(test_writers_in_turns_lose_nothing),
        cmocka_unit_test(test_reading_session_cannot_write),
        cmocka_unit_test(test_cache_follows_other_commits),
        cmocka_unit_test(test_cache_goes_even_if_the_counter_is_the_same),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
