/*
 * The same SQL, drawn at random, on a lane by several connections and in one plain database in
 * memory: the same results, the same codes, the same contents in the end. The plain one sees the
 * connections one after another, since only one of them writes at a time; a reader is compared with
 * what stood there when it began.
 * usage: random [SEED ROUNDS]
 */
#include "seeded.h"
#include "vfs_stage.h"

#define PLACES 3

struct play {
    struct lw_vault *vault;
    struct place place[PLACES];
    struct lw_buf seen[PLACES]; /* what the transaction of a reader began with */
    bool reads[PLACES];
    int writer; /* -1: none */
    unsigned savepoints;
    sqlite3 *plain;
    struct lw_buf log; /* of SQL, to repeat by hand */
};

static const char *const change[] = {
    "INSERT INTO t(k, v) VALUES (abs(%u) %% 500, printf('%%.*c', %u %% 3000, 'i'))",
    "INSERT OR REPLACE INTO t(a, k, v) VALUES (%u %% 300, %u %% 500, 'replaced')",
    "INSERT INTO t(k, v) SELECT k + %u %% 7, v || 's' FROM t WHERE a %% 9 = %u %% 9",
    "UPDATE t SET v = printf('%%.*c', %u %% 5000, 'u') WHERE a %% 11 = %u %% 11",
    "UPDATE t SET k = k + 1000000 - %u %% 3 WHERE k BETWEEN %u %% 400 AND 420",
    "UPDATE OR FAIL u SET n = n + 1 WHERE n >= %u %% 40 AND n < 40 + %u %% 5",
    "DELETE FROM t WHERE a %% 13 = %u %% 13 OR k = %u %% 500",
    "DELETE FROM t WHERE length(v) > %u %% 4000 + 500 AND a > %u %% 200",
    "INSERT INTO u VALUES (%u %% 60, zeroblob(%u %% 20000))",
    "INSERT OR IGNORE INTO u SELECT a %% 97, zeroblob(a * 10) FROM t LIMIT 5 + %u %% 9 + 0 * %u",
    "DELETE FROM u WHERE n %% 4 = %u %% 4 AND n > %u %% 30",
    "CREATE TABLE w%u AS SELECT k, v FROM t WHERE a < %u %% 100",
    "DROP TABLE IF EXISTS w%u /* %u */",
    "CREATE INDEX IF NOT EXISTS i%u ON t(k, a %% (1 + %u %% 9))",
    "DROP INDEX IF EXISTS i%u /* %u */",
    "PRAGMA user_version = %u%u",
    "PRAGMA incremental_vacuum(%u) /* %u */",
    "INSERT INTO t(k, v) SELECT i * 7, printf('%%.*c', %u %% 900, 'r') FROM n WHERE i < %u %% 400",
};

static const char *const question[] = {
    "SELECT count(*), total(k), sum(length(v)) FROM t",
    "SELECT k, count(*) FROM t GROUP BY k ORDER BY k LIMIT 20",
    "SELECT a, k, substr(v, 1, 9) FROM t ORDER BY v, a LIMIT 30",
    "SELECT n, length(z) FROM u ORDER BY n",
    "SELECT type, name FROM sqlite_schema ORDER BY name",
    "PRAGMA user_version",
    "SELECT count(*) FROM t JOIN u ON k = n",
    "PRAGMA integrity_check",
};

static void differ(struct play *play, const char *sql, const struct lw_buf *lane,
                   const struct lw_buf *plain)
{
    const char *log = lw_buf_text(&play->log);
    size_t from = play->log.len > 3000 ? play->log.len - 3000 : 0;

    fail_msg("...%s\n%s\nlane: %.600s\nplain: %.600s", log + from, sql, lw_buf_text(lane),
             lw_buf_text(plain));
}

static void note(struct play *play, int who, const char *sql)
{
    if (lw_buf_addf(&play->log, "%d: %s\n", who, sql) != LW_OK)
        abort();
}

/* On the lane and in the plain database: the same rows and the same code. */
static void both(struct play *play, int who, const char *sql)
{
    struct lw_buf lane = LW_BUF_INIT, plain = LW_BUF_INIT;

    note(play, who, sql);
    rows_into(play->place[who].db, sql, &lane);
    rows_into(play->plain, sql, &plain);
    if (lane.len != plain.len || (lane.len > 0 && memcmp(lane.data, plain.data, lane.len) != 0))
        differ(play, sql, &lane, &plain);
    lw_buf_free(&lane);
    lw_buf_free(&plain);
}

static void expect_same(struct play *play, int who)
{
    struct lw_buf lane = LW_BUF_INIT, plain = LW_BUF_INIT;

    dump_into(play->place[who].db, &lane);
    if (play->reads[who]) {
        if (strcmp(lw_buf_text(&lane), lw_buf_text(&play->seen[who])) != 0)
            differ(play, "a reader's snapshot", &lane, &play->seen[who]);
    } else if (play->writer < 0 || play->writer == who) {
        dump_into(play->plain, &plain);
        if (strcmp(lw_buf_text(&lane), lw_buf_text(&plain)) != 0)
            differ(play, "contents", &lane, &plain);
    }
    lw_buf_free(&lane);
    lw_buf_free(&plain);
}

/* ---- steps ---- */

static void write_something(struct play *play, int who)
{
    unsigned a = choose(3), b = choose(10000);
    size_t which = choose(LW_COUNT_OF(change));

    if (which < 11 || which > 15)
        a = choose(10000);
    char *sql = sqlite3_mprintf(change[which], a, b);
    both(play, who, sql);
    sqlite3_free(sql);
}

static void savepoint_something(struct play *play, int who)
{
    static const char *const form[] = {"SAVEPOINT s%u", "ROLLBACK TO s%u", "RELEASE s%u"};
    unsigned what = play->savepoints == 0 ? 0 : choose(3);
    unsigned at = what == 0 ? play->savepoints : choose(play->savepoints);
    char *sql = sqlite3_mprintf(form[what], at);

    both(play, who, sql);
    sqlite3_free(sql);
    play->savepoints = what == 2 ? at : at + 1;
}

static void end_writing(struct play *play, int who)
{
    both(play, who, choose(3) == 0 ? "ROLLBACK" : "COMMIT");
    play->writer = -1;
    play->savepoints = 0;
    expect_same(play, who);
}

static void begin_reading(struct play *play, int who)
{
    note(play, who, "BEGIN (reads)");
    must(&play->place[who], "BEGIN");
    lw_buf_clear(&play->seen[who]);
    dump_into(play->place[who].db, &play->seen[who]);
    play->reads[who] = true;
    if (play->writer < 0) {
        play->reads[who] = false;
        expect_same(play, who);
        play->reads[who] = true;
    }
}

static void read_something(struct play *play, int who)
{
    if (choose(3) > 0) {
        expect_same(play, who);
        return;
    }
    note(play, who, "COMMIT (reads)");
    must(&play->place[who], "COMMIT");
    play->reads[who] = false;
    expect_same(play, who);
}

static void reopen(struct play *play, int who)
{
    note(play, who, "reopened");
    place_close(&play->place[who]);
    place_open(&play->place[who], play->vault, LW_LANE_WRITE);
    must(&play->place[who], choose(2) ? "PRAGMA cache_size=10" : "PRAGMA cache_size=200");
    if (play->writer < 0)
        expect_same(play, who);
}

static void step(struct play *play)
{
    int who = (int)choose(PLACES);
    uint32_t what = choose(20);

    if (play->reads[who])
        read_something(play, who);
    else if (play->writer == who && what < 12)
        write_something(play, who);
    else if (play->writer == who && what < 15)
        savepoint_something(play, who);
    else if (play->writer == who && what < 17)
        both(play, who, question[choose(LW_COUNT_OF(question))]);
    else if (play->writer == who)
        end_writing(play, who);
    else if (what < 4)
        begin_reading(play, who);
    else if (what == 4)
        reopen(play, who);
    else if (play->writer >= 0)
        assert_int_equal(run(&play->place[who], "BEGIN IMMEDIATE"), SQLITE_BUSY);
    else if (what < 11) {
        both(play, who, what < 8 ? "BEGIN IMMEDIATE" : "BEGIN; DELETE FROM u WHERE n = 0");
        if (what >= 8) /* rows_into runs the first statement only */
            both(play, who, "DELETE FROM u WHERE n = 0");
        play->writer = who;
    } else if (what == 11)
        both(play, who, "VACUUM");
    else if (what < 15)
        both(play, who, question[choose(LW_COUNT_OF(question))]);
    else
        write_something(play, who);
}

/* ---- the play ---- */

static const char schema[] =
    "PRAGMA auto_vacuum=INCREMENTAL; CREATE VIEW n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL "
    "SELECT i + 1 FROM c WHERE i < 400) SELECT i FROM c; CREATE TABLE t(a INTEGER PRIMARY KEY "
    "AUTOINCREMENT, k INT, "
    "v TEXT, CHECK (k < 1000900)); CREATE INDEX by_k ON t(k); CREATE TABLE u(n INTEGER PRIMARY KEY,"
    " z BLOB) WITHOUT ROWID; CREATE TRIGGER tr AFTER DELETE ON u BEGIN DELETE FROM t WHERE k = "
    "old.n; END";

static void play_open(struct play *play, uint64_t seed)
{
    int reserved = LW_VFS_RESERVED;

    memset(play, 0, sizeof *play);
    seeded_start(seed);
    play->vault = bare_vault_new(16384, seed % 2);
    play->writer = -1;
    assert_int_equal(sqlite3_open(":memory:", &play->plain), SQLITE_OK);
    sqlite3_extended_result_codes(play->plain, 1);
    sqlite3_file_control(play->plain, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    assert_int_equal(sqlite3_exec(play->plain, schema, NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < PLACES; i++)
        place_open(&play->place[i], play->vault, LW_LANE_WRITE);
    must(&play->place[0], schema);
    for (int i = 0; i < PLACES; i++)
        must(&play->place[i], i ? "PRAGMA cache_size=10" : "PRAGMA cache_size=100");
}

static void play_end(struct play *play)
{
    for (int i = 0; i < PLACES; i++) {
        if (play->reads[i] || play->writer == i)
            must(&play->place[i], "ROLLBACK");
        play->reads[i] = false;
        if (play->writer == i)
            assert_int_equal(sqlite3_exec(play->plain, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    }
    play->writer = -1;
    for (int i = 0; i < PLACES; i++) {
        expect_same(play, i);
        if (i > 0)
            place_close(&play->place[i]);
        lw_buf_free(&play->seen[i]);
    }
    expect_lasting(&play->place[0], play->vault);
    place_close(&play->place[0]);
    sqlite3_close(play->plain);
    lw_buf_free(&play->log);
    bare_vault_free(play->vault);
}

static uint64_t first_seed = 1;
static unsigned rounds = 6;

static void same_as_plain(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + rounds; seed++) {
        struct play play;
        play_open(&play, seed);
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int i = 0; i < 400; i++)
            step(&play);
        play_end(&play);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_plain)};

    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        rounds = (unsigned)strtoul(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
