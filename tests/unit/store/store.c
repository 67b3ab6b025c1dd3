/* SQLite on a lane: transactions, several connections, savepoints, spilling, vacuum, refused files.
 */
#include "store.h"
#include "bare_vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PAGES 4096 /* 16 MiB */

static struct lw_store *open_store(struct lw_vault *vault, unsigned lane)
{
    struct lw_store *store = NULL;
    struct lw_error err = {0};

    if (lw_store_open(vault, lane, LW_LANE_WRITE, &store, &err) != LW_OK)
        fail_msg("%s", err.text);
    return store;
}

static void exec(struct lw_store *store, const char *sql)
{
    struct lw_error err = {0};

    if (lw_store_exec(store, sql, &err) != LW_OK)
        fail_msg("%s: %s", sql, err.text);
}

static int64_t number(struct lw_store *store, const char *sql)
{
    struct lw_stmt *stmt;
    struct lw_error err = {0};

    if (lw_store_prepare(store, sql, &stmt, &err) != LW_OK || lw_stmt_step(stmt, &err) != LW_OK)
        fail_msg("%s: %s", sql, err.text);
    int64_t value = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return value;
}

static void expect_sound(struct lw_store *store)
{
    struct lw_error err = {0};
    uint64_t bad = 1;

    assert_int_equal(lw_store_integrity(store, &bad, &err), LW_OK);
    if (bad != 0)
        fail_msg("%s", err.text);
}

#define MANY                                                                                       \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) "                  \
    "INSERT INTO t SELECT i, hex(randomblob(300)) FROM n"

static void test_transactions(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, true);
    struct lw_store *store = open_store(vault, 0);

    (void)state;
    exec(store, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    assert_int_equal(lw_store_begin(store, NULL), LW_OK);
    exec(store, MANY);
    assert_true(lw_store_in_transaction(store));
    lw_store_rollback(store);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 0);
    exec(store, "PRAGMA cache_size=10"); /* pages spill in the middle of the transaction */
    assert_int_equal(lw_store_begin(store, NULL), LW_OK);
    exec(store, MANY);
    lw_store_rollback(store);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 0);
    expect_sound(store);
    assert_int_equal(lw_store_begin(store, NULL), LW_OK);
    exec(store, "SAVEPOINT a");
    exec(store, MANY);
    exec(store, "SAVEPOINT b");
    exec(store, "DELETE FROM t WHERE a > 10");
    exec(store, "ROLLBACK TO b");
    exec(store, "RELEASE a");
    assert_int_equal(lw_store_commit(store, NULL), LW_OK);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 3000);
    lw_store_close(store);
    store = open_store(vault, 0);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 3000);
    expect_sound(store);
    lw_store_close(store);
    bare_vault_free(vault);
}

static void test_connections(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *a = open_store(vault, 0), *b = open_store(vault, 0), *c = open_store(vault, 0);
    struct lw_error err;

    (void)state;
    exec(a, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    assert_int_equal(number(b, "SELECT count(*) FROM t"), 0); /* the schema change is seen */
    assert_int_equal(lw_store_read(c, NULL), LW_OK);
    for (int i = 0; i < 100; i++) {
        struct lw_store *writer = i % 2 ? a : b;
        exec(writer, "INSERT INTO t(b) VALUES (hex(randomblob(500)))");
        assert_int_equal(number(i % 2 ? b : a, "SELECT count(*) FROM t"), i + 1);
        assert_int_equal(number(c, "SELECT count(*) FROM t"), 0); /* its snapshot stays */
    }
    assert_int_equal(lw_store_commit(c, NULL), LW_OK);
    assert_int_equal(number(c, "SELECT count(*) FROM t"), 100);
    assert_int_equal(lw_store_begin(a, NULL), LW_OK);
    lw_store_set_patience(b, 30);
    assert_int_equal(lw_store_begin(b, &err), LW_BUSY);
    assert_non_null(strstr(err.text, "another process is writing"));
    assert_int_equal(number(b, "SELECT count(*) FROM t"), 100); /* reading goes on */
    lw_store_rollback(a);
    assert_int_equal(lw_store_begin(b, NULL), LW_OK);
    lw_store_rollback(b);
    lw_store_close(a);
    lw_store_close(b);
    lw_store_close(c);
    bare_vault_free(vault);
}

static void test_vacuum_and_layout(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *store = open_store(vault, 0);
    struct lw_error err;

    (void)state;
    exec(store, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    exec(store, MANY);
    exec(store, "DELETE FROM t WHERE a % 3");
    int64_t before = number(store, "PRAGMA page_count");
    exec(store, "PRAGMA incremental_vacuum");
    assert_true(number(store, "PRAGMA page_count") < before);
    exec(store, "PRAGMA page_size=8192");
    exec(store, "VACUUM"); /* lays out 4096 all the same */
    assert_int_equal(number(store, "PRAGMA page_size"), 4096);
    assert_int_equal(lw_lane_snapshot(lw_store_lane(store)), LW_OK);
    assert_int_equal(lw_lane_pages(lw_store_lane(store)), number(store, "PRAGMA page_count"));
    lw_lane_release(lw_store_lane(store));
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 1000);
    expect_sound(store);
    assert_int_not_equal(lw_store_exec(store, "ATTACH 'beside.db' AS x", &err), LW_OK);
    assert_int_not_equal(lw_store_exec(store, "ATTACH 'file:/dev/null?vfs=unix' AS x", &err),
                         LW_OK);
    assert_int_not_equal(lw_store_exec(store, "PRAGMA journal_mode=WAL", &err), LW_OK);
    lw_store_close(store);
    store = open_store(vault, 0);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 1000);
    expect_sound(store);
    lw_store_close(store);
    bare_vault_free(vault);
}

static void test_full(void **state)
{
    struct lw_vault *vault = bare_vault_new(1024, false);
    struct lw_store *store = open_store(vault, 0);
    struct lw_error err = {0};
    enum lw_status status = LW_OK;
    struct lw_session_row before;
    int64_t kept = 0;
    bool had;

    (void)state;
    exec(store, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    while (status == LW_OK) {
        kept = number(store, "SELECT count(*) FROM t");
        status = lw_store_exec(store,
                               "INSERT INTO t(b) SELECT hex(randomblob(3000)) FROM "
                               "(SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)",
                               &err);
    }
    assert_int_equal(status, LW_FULL);
    assert_non_null(strstr(err.text, "resize"));
    assert_int_equal(number(store, "SELECT count(*) FROM t"), kept);
    assert_true(kept > 300);
    expect_sound(store);
    for (int i = 0; i < 200; i++) /* what is left is not eaten up bit by bit */
        (void)!lw_store_exec(store, "INSERT INTO t(b) VALUES (hex(randomblob(700)))", &err);
    for (int i = 0; i < 50; i++)
        assert_int_equal(lw_store_session_begin(store, i, &before, &had, &err), LW_OK);
    for (int i = 0; i < 40; i++) { /* a full vault can still be shortened, a little at a time */
        exec(store, "DELETE FROM t WHERE a IN (SELECT a FROM t ORDER BY a LIMIT 5)");
        exec(store, "PRAGMA incremental_vacuum(10)");
    }
    exec(store, "INSERT INTO t(b) VALUES ('room again')");
    expect_sound(store);
    lw_store_close(store);
    bare_vault_free(vault);
}

static void test_altered_page_is_an_error(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *store = open_store(vault, 0);
    struct lw_error err = {0};
    unsigned errors = 0;

    (void)state;
    exec(store, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    exec(store, MANY);
    lw_store_close(store);
    bare_random_file(vault->fd, 3); /* the header does not matter here; now the pool: */
    for (uint32_t page = 7; page < vault->pages; page += 2) {
        uint8_t byte;
        assert_int_equal(pread(vault->fd, &byte, 1, (off_t)page * LW_PAGE + 99), 1);
        byte ^= 4;
        assert_int_equal(pwrite(vault->fd, &byte, 1, (off_t)page * LW_PAGE + 99), 1);
    }
    enum lw_status status = lw_store_open(vault, 0, LW_LANE_READ, &store, &err);
    if (status == LW_OK) {
        errors += lw_store_exec(store, "SELECT sum(length(b)) FROM t", &err) == LW_DAMAGED;
        lw_store_close(store);
    }
    assert_true(errors == 1 || status == LW_DAMAGED);
    assert_non_null(strstr(err.text, "damaged"));
    bare_vault_free(vault);
}

static void test_session_rows(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, true);
    struct lw_store *store = open_store(vault, 1);
    struct lw_session_row before;
    bool had = true;

    (void)state;
    assert_int_equal(lw_store_session_begin(store, 1000, &before, &had, NULL), LW_OK);
    assert_false(had);
    assert_int_equal(lw_store_session_touch(store, 2000, NULL), LW_OK);
    assert_int_equal(lw_store_session_begin(store, 5000, &before, &had, NULL), LW_OK);
    assert_true(had);
    assert_int_equal(before.opened_ms, 1000);
    assert_int_equal(before.seen_ms, 2000);
    assert_int_equal(number(store, "SELECT count(*) FROM session"), 2);
    lw_store_close(store);
    bare_vault_free(vault);
}

static void test_memory_has_the_same_schema(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *lane = open_store(vault, 0), *memory;
    const char *sql = "SELECT count(*) FROM sqlite_schema";

    (void)state;
    assert_int_equal(lw_store_open_memory(&memory, NULL), LW_OK);
    assert_int_equal(number(lane, sql), number(memory, sql));
    assert_true(number(memory, "PRAGMA user_version") > 0);
    lw_store_close(memory);
    lw_store_close(lane);
    bare_vault_free(vault);
}

static int start(void **state)
{
    (void)state;
    return lw_crypto_start() == LW_OK && lw_store_start() == LW_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_connections),
        cmocka_unit_test(test_vacuum_and_layout),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_altered_page_is_an_error),
        cmocka_unit_test(test_session_rows),
        cmocka_unit_test(test_memory_has_the_same_schema),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
