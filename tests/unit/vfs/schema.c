/* A schema that changes below a reader, and whole copies: backup and serialized. */
#include "vfs_stage.h"

#define PAGES 4096

static void reader_keeps_the_old_schema(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place writer, reader;

    (void)state;
    place_open(&writer, vault, LW_LANE_WRITE);
    must(&writer, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&writer, FILL(500, 100));
    place_open(&reader, vault, LW_LANE_WRITE);
    sqlite3_stmt *all = prepared(&reader, "SELECT * FROM t ORDER BY a");
    sqlite3_stmt *count = prepared(&reader, "SELECT count(*) FROM t");
    assert_int_equal(sqlite3_step(all), SQLITE_ROW);
    must(&writer, "ALTER TABLE t ADD COLUMN c DEFAULT 'new'; CREATE INDEX by_b ON t(b);"
                  "DELETE FROM t WHERE a > 9; VACUUM");
    assert_int_equal(sqlite3_step(count), SQLITE_ROW); /* beside the open one: the same snapshot */
    assert_int_equal(sqlite3_column_int(count, 0), 500);
    sqlite3_reset(count);
    for (int i = 2; i <= 500; i++) {
        assert_int_equal(sqlite3_step(all), SQLITE_ROW);
        assert_int_equal(sqlite3_column_count(all), 2);
        assert_int_equal(sqlite3_column_int(all, 0), i);
    }
    assert_int_equal(sqlite3_step(all), SQLITE_DONE);
    sqlite3_reset(all);
    assert_int_equal(sqlite3_step(all), SQLITE_ROW); /* prepared anew by itself */
    assert_int_equal(sqlite3_column_count(all), 3);
    assert_string_equal((const char *)sqlite3_column_text(all, 2), "new");
    sqlite3_reset(all);
    must(&writer, "DROP TABLE t");
    assert_int_equal(sqlite3_step(all), SQLITE_ERROR);
    assert_non_null(strstr(sqlite3_errmsg(reader.db), "no such table"));
    sqlite3_finalize(all);
    must(&writer, "CREATE VIEW t AS SELECT 5 AS a");
    assert_int_equal(sqlite3_step(count), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(count, 0), 1);
    sqlite3_finalize(count);
    place_close(&reader);
    expect_lasting(&writer, vault);
    place_close(&writer);
    bare_vault_free(vault);
}

static void writer_meets_a_new_schema(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place one, two;

    (void)state;
    place_open(&one, vault, LW_LANE_WRITE);
    place_open(&two, vault, LW_LANE_WRITE);
    must(&one, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    sqlite3_stmt *insert = prepared(&two, "INSERT INTO t(b) VALUES (?1)");
    for (int i = 0; i < 20; i++) {
        char sql[96];
        (void)snprintf(sql, sizeof sql, "CREATE INDEX i%d ON t(b); ALTER TABLE t ADD COLUMN c%d", i,
                       i);
        must(&one, sql);
        sqlite3_bind_int(insert, 1, i);
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
        (void)snprintf(sql, sizeof sql, "SELECT b FROM t INDEXED BY i%d WHERE b = %d", i, i);
        expect_number(&two, sql, i);
        must(&two, "BEGIN; CREATE TABLE dropped(a)"); /* taken back: the old schema counts again */
        must(&two, "ROLLBACK");
        assert_int_equal(run(&two, "INSERT INTO dropped VALUES (1)"), SQLITE_ERROR);
    }
    sqlite3_finalize(insert);
    must(&two, "BEGIN");
    expect_number(&two, "SELECT count(*) FROM t", 20);
    must(&one, "DROP TABLE t");
    assert_int_equal(run(&two, "CREATE TABLE late(a)"), SQLITE_BUSY_SNAPSHOT);
    expect_number(&two, "SELECT count(*) FROM t", 20);
    must(&two, "ROLLBACK; CREATE TABLE late(a)");
    place_close(&two);
    expect_lasting(&one, vault);
    place_close(&one);
    bare_vault_free(vault);
}

static int copied(sqlite3 *to, sqlite3 *from, int pages, struct place *writer)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int code = SQLITE_OK;

    if (!backup)
        return sqlite3_errcode(to);
    for (int i = 0; code == SQLITE_OK; i++) {
        code = sqlite3_backup_step(backup, pages);
        if (writer && i < 10)
            must(writer, "UPDATE t SET b = a || hex(randomblob(50)) WHERE a % 10 = 0");
    }
    int end = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? end : code;
}

static void expect_equal(sqlite3 *a, sqlite3 *b)
{
    struct lw_buf text_a = LW_BUF_INIT, text_b = LW_BUF_INIT;

    dump_into(a, &text_a);
    dump_into(b, &text_b);
    assert_string_equal(lw_buf_text(&text_a), lw_buf_text(&text_b));
    lw_buf_free(&text_a);
    lw_buf_free(&text_b);
}

static void backup_from_and_to_a_lane(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false), *second = bare_vault_new(PAGES, false);
    struct place place, writer, target;
    sqlite3 *memory = NULL;
    int reserved = LW_VFS_RESERVED;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    place_open(&writer, vault, LW_LANE_WRITE);
    place_open(&target, second, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, FILL(800, 400));
    assert_int_equal(sqlite3_open(":memory:", &memory), SQLITE_OK);
    assert_int_equal(copied(memory, place.db, 20, &writer), SQLITE_OK); /* starts again and again */
    expect_equal(memory, place.db);
    must(&target, "CREATE TABLE old(a); INSERT INTO old VALUES (zeroblob(100000))");
    assert_int_equal(copied(target.db, place.db, 33, NULL), SQLITE_OK); /* lane to lane */
    expect_equal(target.db, place.db);
    expect_lasting(&target, second);
    must(&target, "DELETE FROM t WHERE a > 20; VACUUM");
    assert_int_equal(copied(place.db, target.db, -1, NULL), SQLITE_OK); /* a shorter one */
    expect_number(&writer, "SELECT count(*) FROM t", 20);
    expect_lasting(&place, vault);
    sqlite3_close(memory);
    assert_int_equal(sqlite3_open(":memory:", &memory), SQLITE_OK); /* laid out in its own way */
    sqlite3_exec(memory, "CREATE TABLE foreign_one(a)", NULL, NULL, NULL);
    assert_int_not_equal(copied(place.db, memory, -1, NULL), SQLITE_OK);
    expect_number(&place, "SELECT count(*) FROM t", 20);
    expect_lasting(&place, vault);
    sqlite3_close(memory);
    assert_int_equal(sqlite3_open(":memory:", &memory), SQLITE_OK); /* and in ours */
    sqlite3_file_control(memory, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    sqlite3_exec(memory, "CREATE TABLE foreign_one(a)", NULL, NULL, NULL);
    assert_int_equal(copied(place.db, memory, -1, NULL), SQLITE_OK);
    expect_number(&writer, "SELECT count(*) FROM foreign_one", 0);
    sqlite3_close(memory);
    place_close(&writer);
    place_close(&target);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(second);
    bare_vault_free(vault);
}

/* The target is being written by somebody else, or being read. */
static void backup_waits_for_nobody(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place target, other;
    sqlite3 *memory = NULL;
    int reserved = LW_VFS_RESERVED;

    (void)state;
    place_open(&target, vault, LW_LANE_WRITE);
    place_open(&other, vault, LW_LANE_WRITE);
    must(&other, "CREATE TABLE t(a); INSERT INTO t VALUES (1); BEGIN IMMEDIATE");
    assert_int_equal(sqlite3_open(":memory:", &memory), SQLITE_OK);
    sqlite3_file_control(memory, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    sqlite3_exec(memory, "CREATE TABLE u(a)", NULL, NULL, NULL);
    sqlite3_backup *backup = sqlite3_backup_init(target.db, "main", memory, "main");
    assert_non_null(backup);
    assert_int_equal(sqlite3_backup_step(backup, -1), SQLITE_BUSY);
    must(&other, "COMMIT; BEGIN");
    expect_number(&other, "SELECT a FROM t", 1);
    assert_int_equal(sqlite3_backup_step(backup, -1), SQLITE_DONE);
    assert_int_equal(sqlite3_backup_finish(backup), SQLITE_OK);
    expect_number(&other, "SELECT a FROM t", 1);
    must(&other, "COMMIT");
    assert_int_equal(run(&other, "SELECT a FROM t"), SQLITE_ERROR);
    must(&other, "INSERT INTO u VALUES (1)");
    sqlite3_close(memory);
    place_close(&other);
    expect_lasting(&target, vault);
    place_close(&target);
    bare_vault_free(vault);
}

static void serialized(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;
    sqlite3_int64 size = 0;
    sqlite3 *memory = NULL;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, FILL(300, 300));
    unsigned char *bytes = sqlite3_serialize(place.db, "main", &size, 0);
    assert_non_null(bytes);
    assert_int_equal(size, number(&place, "PRAGMA page_count") * LW_PAGE);
    assert_int_equal(sqlite3_open(":memory:", &memory), SQLITE_OK);
    assert_int_equal(
        sqlite3_deserialize(memory, "main", bytes, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE),
        SQLITE_OK);
    expect_equal(memory, place.db);
    sqlite3_close(memory);
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
        cmocka_unit_test(reader_keeps_the_old_schema),
        cmocka_unit_test(writer_meets_a_new_schema),
        cmocka_unit_test(backup_from_and_to_a_lane),
        cmocka_unit_test(backup_waits_for_nobody),
        cmocka_unit_test(serialized),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
