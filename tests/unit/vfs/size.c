/* The database's length: VACUUM, auto_vacuum, cutting, large values, large transactions, nothing.
 */
#include "vfs_stage.h"

#define PAGES 8192

static void expect_length(struct place *place)
{
    int64_t pages = number(place, "PRAGMA page_count");

    assert_int_equal(lw_lane_snapshot(place->lane), LW_OK);
    assert_int_equal(lw_lane_pages(place->lane), pages);
    lw_lane_release(place->lane);
}

static void vacuum_modes(void **state)
{
    static const char *const mode[] = {"NONE", "FULL", "INCREMENTAL"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(mode); i++) {
        struct lw_vault *vault = bare_vault_new(PAGES, false);
        struct place place, reader;
        char sql[64];
        place_open(&place, vault, LW_LANE_WRITE);
        (void)snprintf(sql, sizeof sql, "PRAGMA auto_vacuum=%s", mode[i]);
        must(&place, sql);
        must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
        must(&place, FILL(1000, 1000));
        expect_number(&place, "PRAGMA auto_vacuum", (int64_t)i);
        int64_t full = number(&place, "PRAGMA page_count");
        must(&place, "DELETE FROM t WHERE a > 300 OR a % 2");
        int64_t after = number(&place, "PRAGMA page_count");
        assert_true(i == 1 ? after < full / 2 : after == full);
        expect_length(&place);
        must(&place, "PRAGMA incremental_vacuum(7)");
        expect_number(&place, "PRAGMA page_count", i == 2 ? full - 7 : after);
        expect_length(&place);
        must(&place, "BEGIN; PRAGMA incremental_vacuum; DELETE FROM t; ROLLBACK");
        expect_number(&place, "PRAGMA page_count", i == 2 ? full - 7 : after);
        expect_number(&place, "SELECT count(*) FROM t", 150);
        expect_lasting(&place, vault);
        place_open(&reader, vault, LW_LANE_READ);
        must(&reader, "BEGIN");
        expect_number(&reader, "SELECT count(*) FROM t", 150);
        must(&place, "PRAGMA cache_size=10; VACUUM; DELETE FROM t WHERE a < 200; VACUUM");
        assert_true(number(&place, "PRAGMA page_count") < full / 8);
        expect_number(&place, "PRAGMA freelist_count", 0);
        expect_length(&place);
        expect_number(&reader, "SELECT sum(length(b)) FROM t", 150 * 2000);
        expect_sound(&reader); /* it still sees the long one */
        must(&reader, "COMMIT");
        expect_number(&reader, "SELECT count(*) FROM t", 51);
        place_close(&reader);
        expect_lasting(&place, vault);
        place_close(&place);
        bare_vault_free(vault);
    }
}

/* A VACUUM that finds no room changes nothing, and there is room again afterwards. */
static void vacuum_in_a_full_vault(void **state)
{
    struct lw_vault *vault = bare_vault_new(1024, false);
    struct lw_buf before = LW_BUF_INIT, after = LW_BUF_INIT;
    struct place place;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "PRAGMA auto_vacuum=INCREMENTAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, FILL(1500, 1000));
    dump_into(place.db, &before);
    assert_int_equal(run(&place, "VACUUM"), SQLITE_FULL);
    must(&place, "PRAGMA cache_size=10");
    assert_int_equal(run(&place, "VACUUM"), SQLITE_FULL);
    dump_into(place.db, &after);
    assert_string_equal(lw_buf_text(&before), lw_buf_text(&after));
    expect_lasting(&place, vault);
    for (int i = 0; i < 60; i++) /* a little at a time, since deleting zeroes what it frees */
        must(&place, "DELETE FROM t WHERE a IN (SELECT a FROM t ORDER BY a LIMIT 20);"
                     "PRAGMA incremental_vacuum");
    expect_number(&place, "SELECT count(*) FROM t", 300);
    must(&place, "VACUUM");
    must(&place, FILL(300, 1000));
    expect_lasting(&place, vault);
    lw_buf_free(&before);
    lw_buf_free(&after);
    place_close(&place);
    bare_vault_free(vault);
}

static void grows_and_shrinks(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place, other;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    place_open(&other, vault, LW_LANE_WRITE);
    must(&place, "PRAGMA auto_vacuum=FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    for (int i = 0; i < 12; i++) {
        struct place *at = i % 2 ? &other : &place;
        must(at, FILL(700, 1500)); /* many times 96 pages in one commit */
        must(at, "UPDATE t SET b = b || 'x'");
        expect_length(at);
        must(at, i % 3 ? "DELETE FROM t WHERE a % 7" : "DELETE FROM t");
        expect_length(at);
        expect_sound(at);
    }
    must(&place, "DELETE FROM t");
    assert_true(number(&other, "PRAGMA page_count") < 6);
    must(&place, "DROP TABLE t; VACUUM");
    place_close(&other);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static void large_values(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;
    sqlite3_blob *blob = NULL;
    uint8_t piece[5000], back[sizeof piece];

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                 "INSERT INTO t VALUES (1, zeroblob(3000000)), (2, zeroblob(100))");
    expect_number(&place, "SELECT length(b) FROM t WHERE a = 1 AND b = zeroblob(3000000)", 3000000);
    memset(piece, 0xA5, sizeof piece);
    must(&place, "PRAGMA cache_size=10; BEGIN");
    assert_int_equal(sqlite3_blob_open(place.db, "main", "t", "b", 1, 1, &blob), SQLITE_OK);
    for (int at = 0; at < 3000000 - 5000; at += 333333)
        assert_int_equal(sqlite3_blob_write(blob, piece, sizeof piece, at), SQLITE_OK);
    assert_int_equal(sqlite3_blob_write(blob, piece, 10, 2999995), SQLITE_ERROR);
    assert_int_equal(sqlite3_blob_read(blob, back, sizeof back, 333333), SQLITE_OK);
    assert_memory_equal(piece, back, sizeof back);
    assert_int_equal(sqlite3_blob_close(blob), SQLITE_OK);
    must(&place, "SAVEPOINT s; UPDATE t SET b = x'00'; ROLLBACK TO s; COMMIT");
    expect_number(&place, "SELECT length(replace(hex(b), 'A5', '')) FROM t WHERE a = 1",
                  (3000000 - 9 * 5000) * 2);
    expect_lasting(&place, vault);
    must(&place, "BEGIN");
    assert_int_equal(sqlite3_blob_open(place.db, "main", "t", "b", 1, 1, &blob), SQLITE_OK);
    assert_int_equal(sqlite3_blob_write(blob, piece, sizeof piece, 77777), SQLITE_OK);
    assert_int_equal(sqlite3_blob_reopen(blob, 2), SQLITE_OK);
    assert_int_equal(sqlite3_blob_write(blob, piece, 100, 0), SQLITE_OK);
    assert_int_equal(sqlite3_blob_close(blob), SQLITE_OK);
    must(&place, "ROLLBACK");
    expect_number(&place, "SELECT b = zeroblob(100) FROM t WHERE a = 2", 1);
    expect_number(&place,
                  "SELECT hex(substr(b, 77778, 5000)) = hex(zeroblob(5000)) FROM t "
                  "WHERE a = 1",
                  1);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static void nothing_at_all(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place, other;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    place_open(&other, vault, LW_LANE_WRITE);
    expect_number(&place, "PRAGMA page_count", 0);
    must(&place, "VACUUM; PRAGMA incremental_vacuum; BEGIN; SELECT * FROM sqlite_schema; COMMIT;"
                 "BEGIN IMMEDIATE; COMMIT; BEGIN IMMEDIATE; ROLLBACK");
    expect_sound(&place);
    must(&place, "BEGIN; CREATE TABLE t(a); ROLLBACK");
    expect_number(&other, "SELECT count(*) FROM sqlite_schema", 0);
    must(&other, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)"); /* of which the first does not know */
    must(&place, FILL(50, 500));
    expect_number(&other, "SELECT count(*) FROM t", 50);
    sqlite3_db_config(place.db, SQLITE_DBCONFIG_RESET_DATABASE, 1, NULL);
    must(&place, "VACUUM"); /* empties it */
    sqlite3_db_config(place.db, SQLITE_DBCONFIG_RESET_DATABASE, 0, NULL);
    expect_length(&place);
    expect_number(&other, "SELECT count(*) FROM sqlite_schema", 0);
    must(&other, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, "PRAGMA user_version=77; PRAGMA application_id=-5");
    expect_number(&other, "PRAGMA user_version", 77);
    expect_number(&other, "PRAGMA application_id", -5);
    must(&place, "BEGIN; PRAGMA user_version=78; ROLLBACK");
    expect_number(&other, "PRAGMA user_version", 77);
    place_close(&other);
    expect_lasting(&place, vault);
    expect_number(&place, "PRAGMA user_version", 77);
    place_close(&place);
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
        cmocka_unit_test(vacuum_modes),      cmocka_unit_test(vacuum_in_a_full_vault),
        cmocka_unit_test(grows_and_shrinks), cmocka_unit_test(large_values),
        cmocka_unit_test(nothing_at_all),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
