/* What cannot be on a lane: other files, other layouts, other journals; and the calls of the VFS
 * that SQLite makes seldom or never. */
#include "vfs_stage.h"

#include <dirent.h>

#define PAGES 2048

static void only_database_of_the_lane(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;
    sqlite3 *second = NULL;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 2)");
    assert_int_equal(run(&place, "ATTACH 'beside.db' AS x"), SQLITE_CANTOPEN);
    assert_int_equal(run(&place, "ATTACH 'any name' AS x"), SQLITE_CANTOPEN);
    assert_int_equal(run(&place, "VACUUM INTO 'beside.db'"), SQLITE_CANTOPEN);
    assert_int_not_equal(
        sqlite3_open_v2("any name", &second, SQLITE_OPEN_READWRITE, lw_vfs_name(place.vfs)),
        SQLITE_OK); /* once at a time */
    sqlite3_close(second);
    assert_int_not_equal(access("beside.db", F_OK), 0);
    must(&place, "ATTACH ':memory:' AS m; BEGIN; CREATE TABLE m.u AS SELECT * FROM t;"
                 "INSERT INTO t VALUES (2, 3); COMMIT");
    expect_number(&place, "SELECT count(*) FROM m.u, t", 2);
    must(&place, "DETACH m");
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static unsigned open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* Sorting, temporary tables, statements that may fail half way: all in memory. */
static void no_temporary_files(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;
    unsigned files;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    files = open_files();
    must(&place, "PRAGMA cache_size=10; CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, "BEGIN");
    must(&place, FILL(3000, 300));
    must(&place, "CREATE TEMP TABLE copy AS SELECT * FROM t; CREATE INDEX temp.by_b ON copy(b);"
                 "CREATE UNIQUE INDEX by_b ON t(b)");
    expect_number(&place, "SELECT count(*) FROM (SELECT b FROM t UNION SELECT b || 1 FROM copy)",
                  6000);
    assert_int_equal(run(&place, "UPDATE t SET b = CASE a WHEN 2900 THEN 'x' WHEN 2901 THEN 'x' "
                                 "ELSE b || 1 END"),
                     SQLITE_CONSTRAINT_UNIQUE);
    assert_int_equal(open_files(), files);
    must(&place, "COMMIT");
    expect_number(&place, "SELECT count(*) FROM t JOIN copy USING (a, b)", 3000);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static void journal_and_locking_modes(void **state)
{
    static const char *const refused[] = {
        "PRAGMA journal_mode=DELETE",    "PRAGMA journal_mode=WAL",
        "PRAGMA journal_mode = persist", "PRAGMA main.journal_mode(truncate)",
        "PRAGMA journal_mode=OFF",       "PRAGMA locking_mode=EXCLUSIVE"};
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    for (int filled = 0; filled < 2; filled++) {
        for (size_t i = 0; i < LW_COUNT_OF(refused); i++) {
            assert_int_equal(run(&place, refused[i]), SQLITE_ERROR);
            assert_non_null(strstr(sqlite3_errmsg(place.db), "not possible in a vault"));
        }
        must(&place, "PRAGMA journal_mode=memory; PRAGMA locking_mode=normal;"
                     "PRAGMA mmap_size=1000000; PRAGMA synchronous=EXTRA; PRAGMA page_size=1024;"
                     "PRAGMA journal_mode; PRAGMA locking_mode; PRAGMA cell_size_check=1");
        must(&place, filled ? "INSERT INTO t VALUES (1)" : "CREATE TABLE t(a)");
        must(&place, "VACUUM");
        expect_number(&place, "PRAGMA page_size", LW_PAGE);
        expect_number(&place,
                      "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = "
                      "'memory'",
                      1);
    }
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

/* Opened without the pragmas and the layout that vfs.h asks for: errors, and nothing is broken. */
static void opened_carelessly(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;

    (void)state;
    memset(&place, 0, sizeof place);
    assert_int_equal(lw_lane_open(vault, 0, LW_LANE_WRITE, &place.lane, NULL), LW_OK);
    assert_int_equal(lw_vfs_new(place.lane, &place.vfs, NULL), LW_OK);
    assert_int_equal(sqlite3_open_v2("x", &place.db, SQLITE_OPEN_READWRITE, lw_vfs_name(place.vfs)),
                     SQLITE_OK);
    assert_int_equal(run(&place, "CREATE TABLE t(a)"), SQLITE_CANTOPEN); /* wants a journal */
    must(&place, "PRAGMA journal_mode=MEMORY");
    assert_int_equal(run(&place, "CREATE TABLE t(a)"), SQLITE_IOERR); /* no reserved bytes */
    assert_int_equal(lw_vfs_status(place.vfs), LW_INTERNAL);
    expect_number(&place, "SELECT count(*) FROM sqlite_schema", 0);
    place_close(&place);
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
    must(&place, FILL(100, 500));
    expect_lasting(&place, vault);
    int reserved = LW_VFS_RESERVED + 8;
    sqlite3_file_control(place.db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    assert_int_equal(run(&place, "VACUUM"), SQLITE_IOERR_WRITE);
    expect_number(&place, "SELECT count(*) FROM t", 100);
    expect_lasting(&place, vault);
    place_close(&place);
    bare_vault_free(vault);
}

static void extensions_from_files(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    struct place place;
    char *message = NULL;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    sqlite3_db_config(place.db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    assert_int_equal(sqlite3_load_extension(place.db, "libnothing", NULL, &message), SQLITE_ERROR);
    assert_non_null(message);
    sqlite3_free(message);
    assert_int_equal(run(&place, "SELECT load_extension('libnothing')"), SQLITE_ERROR);
    assert_true(number(&place, "SELECT length(randomblob(1000)) = 1000 AND "
                               "abs(strftime('%s', 'now') - unixepoch()) < 5") == 1);
    assert_int_equal(sqlite3_sleep(1) > 0, 1);
    place_close(&place);
    bare_vault_free(vault);
}

static void methods_by_hand(void **state)
{
    struct lw_vault *vault = bare_vault_new(PAGES, false);
    uint8_t page[LW_PAGE] = {0};
    struct place place;
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    char *name = NULL;
    int out = -1;

    (void)state;
    place_open(&place, vault, LW_LANE_WRITE);
    must(&place, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); BEGIN IMMEDIATE");
    assert_int_equal(sqlite3_file_control(place.db, "main", SQLITE_FCNTL_FILE_POINTER, &file),
                     SQLITE_OK);
    const sqlite3_io_methods *call = file->pMethods;
    assert_int_equal(call->xFileSize(file, &size), SQLITE_OK);
    assert_int_equal(size, 2 * LW_PAGE);
    memset(page, 7, sizeof page);
    assert_int_equal(call->xRead(file, page, LW_PAGE, size), SQLITE_IOERR_SHORT_READ);
    assert_true(sodium_is_zero(page, sizeof page));
    memset(page, 7, sizeof page);
    assert_int_equal(call->xRead(file, page, 200, size - 100), SQLITE_IOERR_SHORT_READ);
    assert_true(sodium_is_zero(page + 44, 156)); /* not stored, and beyond the end */
    assert_int_equal(call->xRead(file, page, 16, 0), SQLITE_OK);
    assert_memory_equal(page, "SQLite format 3", 16);
    assert_int_equal(call->xWrite(file, page, LW_PAGE, 0), SQLITE_IOERR_WRITE);
    assert_int_equal(call->xWrite(file, page, 512, size), SQLITE_IOERR_WRITE);
    assert_int_equal(call->xWrite(file, page, LW_PAGE, 512), SQLITE_IOERR_WRITE);
    assert_int_equal(call->xTruncate(file, size + LW_PAGE), SQLITE_IOERR_TRUNCATE);
    assert_int_equal(call->xTruncate(file, size - 1), SQLITE_IOERR_TRUNCATE);
    assert_int_equal(call->xCheckReservedLock(file, &out), SQLITE_OK);
    assert_int_equal(out, 1);
    assert_int_equal(sqlite3_file_control(place.db, "main", SQLITE_FCNTL_SIZE_HINT, &size),
                     SQLITE_NOTFOUND);
    assert_int_equal(sqlite3_file_control(place.db, "main", SQLITE_FCNTL_VFSNAME, &name),
                     SQLITE_NOTFOUND);
    must(&place, "ROLLBACK");
    assert_int_equal(call->xCheckReservedLock(file, &out), SQLITE_OK);
    assert_int_equal(out, 0);
    assert_int_equal(call->xWrite(file, page, LW_PAGE, LW_PAGE), SQLITE_IOERR_WRITE); /* no lock */
    assert_int_equal(call->xTruncate(file, 0), SQLITE_IOERR_TRUNCATE);
    assert_int_equal(sqlite3_file_control(place.db, "main", SQLITE_FCNTL_SYNC, NULL), SQLITE_OK);
    expect_lasting(&place, vault);
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
        cmocka_unit_test(only_database_of_the_lane), cmocka_unit_test(no_temporary_files),
        cmocka_unit_test(journal_and_locking_modes), cmocka_unit_test(opened_carelessly),
        cmocka_unit_test(extensions_from_files),     cmocka_unit_test(methods_by_hand),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
