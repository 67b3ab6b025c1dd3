/* Polling for what other connections committed. */
#include "bare_vault.h"
#include "store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PAGES 2048

static struct lw_store *open_store(struct lw_vault *vault, unsigned lane, enum lw_lane_mode mode)
{
    struct lw_store *store = NULL;
    struct lw_error err = {0};

    if (lw_store_open(vault, lane, mode, &store, &err) != LW_OK)
        fail_msg("%s", err.text);
    return store;
}

static void exec(struct lw_store *store, const char *sql)
{
    struct lw_error err = {0};

    if (lw_store_exec(store, sql, &err) != LW_OK)
        fail_msg("%s: %s", sql, err.text);
}

static bool changed(struct lw_store *store)
{
    struct lw_error err = {0};
    bool told = true;

    if (lw_store_changed(store, &told, &err) != LW_OK)
        fail_msg("%s", err.text);
    return told;
}

static void tells_of_others_once(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, true);
    struct lw_store *writer = open_store(vault, 0, LW_LANE_WRITE);
    struct lw_store *other_lane = open_store(vault, 1, LW_LANE_WRITE);
    struct lw_store *reader = open_store(vault, 0, LW_LANE_READ);

    (void)state;
    assert_false(changed(reader));
    assert_false(changed(writer));
    exec(writer, "CREATE TABLE t(a)");
    exec(other_lane, "CREATE TABLE t(a)");
    assert_true(changed(reader));
    assert_false(changed(reader));
    assert_false(changed(writer)); /* its own */
    exec(writer, "INSERT INTO t VALUES (1)");
    exec(writer, "INSERT INTO t VALUES (2)");
    assert_true(changed(reader));
    exec(writer, "BEGIN IMMEDIATE; INSERT INTO t VALUES (3); ROLLBACK");
    assert_false(changed(reader));
    lw_store_close(reader);
    lw_store_close(other_lane);
    lw_store_close(writer);
    bare_vault_free(vault);
}

/* What others saved just before an own commit is still news. */
static void own_commit_hides_nothing(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *one = open_store(vault, 0, LW_LANE_WRITE);
    struct lw_store *two = open_store(vault, 0, LW_LANE_WRITE);

    (void)state;
    exec(one, "CREATE TABLE t(a)");
    assert_true(changed(two));
    exec(one, "INSERT INTO t VALUES (1)");
    exec(two, "INSERT INTO t VALUES (2)");
    assert_true(changed(two));
    assert_true(changed(one));
    exec(two, "INSERT INTO t VALUES (3)");
    assert_false(changed(two));
    lw_store_close(two);
    lw_store_close(one);
    bare_vault_free(vault);
}

static void holds_no_snapshot_and_breaks_none(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *writer = open_store(vault, 0, LW_LANE_WRITE);
    struct lw_store *reader = open_store(vault, 0, LW_LANE_READ);

    (void)state;
    exec(writer, "CREATE TABLE t(a)");
    assert_true(changed(reader));
    assert_false(lw_lane_has_snapshot(lw_store_lane(reader)));
    assert_int_equal(lw_store_read(reader, NULL), LW_OK);
    exec(writer, "INSERT INTO t VALUES (1)");
    assert_false(changed(reader)); /* not while it reads */
    assert_true(lw_lane_has_snapshot(lw_store_lane(reader)));
    lw_store_stir(reader);
    assert_int_equal(lw_store_commit(reader, NULL), LW_OK);
    assert_true(changed(reader));
    lw_store_close(reader);
    lw_store_close(writer);
    bare_vault_free(vault);
}

static void memory_never_changes(void **state)
{
    struct lw_store *store = NULL;

    (void)state;
    assert_int_equal(lw_store_open_memory(&store, NULL), LW_OK);
    exec(store, "CREATE TABLE t(a)");
    assert_false(changed(store));
    lw_store_stir(store);
    lw_store_close(store);
}

static void damage_is_an_error(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct lw_store *reader = NULL;
    struct lw_store *writer = open_store(vault, 0, LW_LANE_WRITE);
    uint8_t noise[2 * LW_PAGE] = {1};
    struct lw_error err = {0};
    bool told = false;

    (void)state;
    exec(writer, "CREATE TABLE t(a)");
    reader = open_store(vault, 0, LW_LANE_READ);
    assert_int_equal(
        lw_file_write_at(vault->fd, noise, sizeof noise, (off_t)root_page(0, 0) * LW_PAGE), LW_OK);
    assert_int_equal(lw_store_changed(reader, &told, &err), LW_DAMAGED);
    assert_true(err.text[0] != '\0');
    lw_store_close(reader);
    lw_store_close(writer);
    bare_vault_free(vault);
}

static int start(void **state)
{
    (void)state;
    return lw_store_start() == LW_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_of_others_once),
        cmocka_unit_test(own_commit_hides_nothing),
        cmocka_unit_test(holds_no_snapshot_and_breaks_none),
        cmocka_unit_test(memory_never_changes),
        cmocka_unit_test(damage_is_an_error),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
