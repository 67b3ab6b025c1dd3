/* Databases on a lane as another program would open them: by vfs.h and SQLite alone. */
#ifndef LW_TEST_VFS_STAGE_H
#define LW_TEST_VFS_STAGE_H

#include "bare_vault.h"
#include "vfs.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct place { /* one connection */
    struct lw_lane *lane;
    struct lw_vfs *vfs;
    sqlite3 *db;
    unsigned waited;   /* calls of the busy handler */
    unsigned patience; /* after so many it gives up */
};

static inline int run(struct place *place, const char *sql)
{
    return sqlite3_exec(place->db, sql, NULL, NULL, NULL);
}

static inline void must(struct place *place, const char *sql)
{
    int code = run(place, sql);

    if (code != SQLITE_OK)
        fail_msg("%.200s: %d %s (%s)", sql, code, sqlite3_errmsg(place->db),
                 lw_lane_error(place->lane));
}

static inline int place_wait(void *context, int calls)
{
    struct place *place = context;

    place->waited++;
    return (unsigned)calls < place->patience;
}

static inline void place_configure(struct place *place)
{
    int reserved = LW_VFS_RESERVED;

    sqlite3_extended_result_codes(place->db, 1);
    sqlite3_busy_handler(place->db, place_wait, place);
    assert_int_equal(sqlite3_file_control(place->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved),
                     SQLITE_OK);
    must(place, "PRAGMA journal_mode=MEMORY; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON");
}

static inline void place_open(struct place *place, struct lw_vault *vault, enum lw_lane_mode mode)
{
    struct lw_error err = {0};

    memset(place, 0, sizeof *place);
    if (lw_lane_open(vault, 0, mode, &place->lane, &err) != LW_OK ||
        lw_vfs_new(place->lane, &place->vfs, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_int_equal(
        sqlite3_open_v2("any name", &place->db, SQLITE_OPEN_READWRITE, lw_vfs_name(place->vfs)),
        SQLITE_OK);
    place_configure(place);
}

static inline void place_close(struct place *place)
{
    assert_int_equal(sqlite3_close(place->db), SQLITE_OK);
    lw_vfs_free(place->vfs);
    assert_false(lw_lane_has_snapshot(place->lane));
    lw_lane_close(place->lane);
    memset(place, 0, sizeof *place);
}

static inline sqlite3_stmt *prepared(struct place *place, const char *sql)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(place->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%.200s: %s", sql, sqlite3_errmsg(place->db));
    return stmt;
}

static inline int64_t number(struct place *place, const char *sql)
{
    sqlite3_stmt *stmt = prepared(place, sql);

    if (sqlite3_step(stmt) != SQLITE_ROW)
        fail_msg("%.200s: %s", sql, sqlite3_errmsg(place->db));
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static inline void expect_number(struct place *place, const char *sql, int64_t expected)
{
    int64_t value = number(place, sql);

    if (value != expected)
        fail_msg("%.200s: %lld, not %lld", sql, (long long)value, (long long)expected);
}

/* Every row of a statement, one a line; what went wrong stands there too. */
static inline void rows_into(sqlite3 *db, const char *sql, struct lw_buf *out)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

    while (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const void *data = sqlite3_column_blob(stmt, i);
            if (lw_buf_addc(out, '|') != LW_OK ||
                (data && lw_buf_add(out, data, (size_t)sqlite3_column_bytes(stmt, i)) != LW_OK))
                abort();
        }
        if (lw_buf_addc(out, '\n') != LW_OK)
            abort();
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE && lw_buf_addf(out, "! %d\n", code) != LW_OK)
        abort();
    sqlite3_finalize(stmt);
}

/* Schema and contents, so that two databases can be compared. */
static inline void dump_into(sqlite3 *db, struct lw_buf *out)
{
    const char *tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    sqlite3_stmt *stmt = NULL;

    rows_into(db, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name", out);
    assert_int_equal(sqlite3_prepare_v2(db, tables, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1, 2",
                                    (const char *)sqlite3_column_text(stmt, 0));
        rows_into(db, sql, out);
        sqlite3_free(sql);
    }
    sqlite3_finalize(stmt);
}

static inline void expect_sound(struct place *place)
{
    struct lw_buf found = LW_BUF_INIT;

    rows_into(place->db, "PRAGMA integrity_check", &found);
    if (strcmp(lw_buf_text(&found), "|ok\n") != 0)
        fail_msg("%.400s", lw_buf_text(&found));
    lw_buf_free(&found);
}

/* What is there is there too after closing, and every page is authentic. */
static inline void expect_lasting(struct place *place, struct lw_vault *vault)
{
    struct lw_buf before = LW_BUF_INIT, after = LW_BUF_INIT;
    struct lw_lane_check check;

    expect_sound(place);
    dump_into(place->db, &before);
    place_close(place);
    place_open(place, vault, LW_LANE_WRITE);
    expect_sound(place);
    dump_into(place->db, &after);
    assert_string_equal(lw_buf_text(&before), lw_buf_text(&after));
    lw_buf_free(&before);
    lw_buf_free(&after);
    assert_int_equal(lw_lane_snapshot(place->lane), LW_OK);
    assert_int_equal(lw_lane_check(place->lane, NULL, &check), LW_OK);
    assert_int_equal(check.bad, 0);
    lw_lane_release(place->lane);
}

/* ROWS rows of SIZE random bytes as text, in t(a INTEGER PRIMARY KEY, b). */
#define FILL(rows, size)                                                                           \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #rows ") "         \
    "INSERT INTO t(b) SELECT hex(randomblob(" #size ")) FROM n"

#endif
