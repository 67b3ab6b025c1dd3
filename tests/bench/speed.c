/*
 * What the vault costs against SQLite without it: one engine, one run, every measure; speed.py runs
 * the engines in turns and compares. The statements have the shape of the journal's: an entry with
 * two indexes over its order, who takes part, and a revision.
 *
 * usage: speed ENGINE FOLDER ENTRIES [BYTES]     prints "measure microseconds" (KiB for memory) a
 * line engines: lapwing, wal, rollback; sqlcipher where built with -DSQLCIPHER and its library
 * BYTES: the size of the vault, else one that holds the entries. ENTRIES 0: saving and opening
 * only.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#ifdef SQLCIPHER
#define SQLITE_HAS_CODEC
#include <sqlcipher/sqlite3.h>
#else
#include "store.h"
#include "vfs.h"
#include <sqlite3.h>
#endif

#define SAVES       2000
#define PAGE_ROWS   40
#define SMALL_CACHE "PRAGMA cache_size=-512" /* KiB */
#define USUAL_CACHE "PRAGMA cache_size=-16384"

static char path[4096];

static void die(const char *what, const char *why)
{
    fprintf(stderr, "speed: %s: %s\n", what, why ? why : "failed");
    exit(1);
}

/* ---- engines ----------------------------------------------------------------------------------
 */

static void execute(sqlite3 *db, const char *sql)
{
    char *why = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        die(sql, why);
}

struct connection {
    sqlite3 *db;
#ifndef SQLCIPHER
    struct lw_vault *vault;
    struct lw_lane *lane;
    struct lw_vfs *vfs;
#endif
};

#ifndef SQLCIPHER
static struct lw_passphrase *passphrase(void)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    for (const char *at = "correct horse battery staple"; pass && *at; at++)
        if (!lw_passphrase_push(pass, (uint8_t)*at))
            die("passphrase", NULL);
    return pass;
}

static void make_vault(uint64_t bytes)
{
    struct lw_passphrase *pass = passphrase();
    const struct lw_passphrase *const kept[] = {pass};
    const struct lw_build_plan plan = {
        .bytes = bytes, .profile = lw_kdf_profile_find("test"), .kept = kept, .kept_count = 1};
    struct lw_build *build;
    struct lw_error err;

    if (lw_build_create(path, &plan, NULL, &build, &err) != LW_OK ||
        lw_build_publish(build, NULL, &err) != LW_OK)
        die("create", err.text);
    lw_passphrase_free(pass);
}

/* The key derivation is the cheap one of the tests, so that opening is what is left of it. */
static void open_vault(struct connection *to)
{
    struct lw_passphrase *pass = passphrase();
    struct lw_error err;

    if (lw_vault_open(path, pass, lw_kdf_profile_find("test"), &to->vault, &err) != LW_OK)
        die("unlock", err.text);
    lw_passphrase_free(pass);
}

static void open_lapwing(struct connection *to)
{
    int reserved = LW_VFS_RESERVED;
    struct lw_error err;

    if (lw_lane_open(to->vault, lw_vault_own_lane(to->vault), LW_LANE_WRITE, &to->lane, &err) !=
            LW_OK ||
        lw_vfs_new(to->lane, &to->vfs, &err) != LW_OK)
        die("lane", err.text);
    if (sqlite3_open_v2("vault", &to->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        lw_vfs_name(to->vfs)) != SQLITE_OK)
        die("open", sqlite3_errmsg(to->db));
    sqlite3_file_control(to->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    execute(to->db, "PRAGMA journal_mode=MEMORY; PRAGMA secure_delete=ON;"
                    "PRAGMA cell_size_check=ON");
}
#endif

static void open_plain(struct connection *to, const char *mode)
{
    if (sqlite3_open(path, &to->db) != SQLITE_OK)
        die("open", sqlite3_errmsg(to->db));
#ifdef SQLCIPHER
    if (sqlite3_key(to->db, "correct horse battery staple", 28) != SQLITE_OK)
        die("key", sqlite3_errmsg(to->db));
    execute(to->db, "PRAGMA kdf_iter=4000"); /* as cheap as the other ones */
#endif
    execute(to->db, mode);
}

static void connect(struct connection *to, const char *engine)
{
    if (strcmp(engine, "rollback") == 0)
        open_plain(to, "PRAGMA journal_mode=DELETE");
#ifndef SQLCIPHER
    else if (strcmp(engine, "lapwing") == 0)
        open_lapwing(to);
#endif
    else
        open_plain(to, "PRAGMA journal_mode=WAL");
    execute(to->db, "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0");
    execute(to->db, USUAL_CACHE);
}

static void disconnect(struct connection *from)
{
    if (sqlite3_close(from->db) != SQLITE_OK)
        die("close", sqlite3_errmsg(from->db));
#ifndef SQLCIPHER
    lw_vfs_free(from->vfs);
    lw_lane_close(from->lane);
    from->vfs = NULL;
    from->lane = NULL;
#endif
    from->db = NULL;
}

/* ---- the work ---------------------------------------------------------------------------------
 */

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void report(const char *name, double value)
{
    printf("%s %.1f\n", name, value);
    fflush(stdout);
}

static const char schema[] =
    "PRAGMA auto_vacuum=INCREMENTAL;"
    "CREATE TABLE entry(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, ref TEXT NOT NULL UNIQUE,"
    " kind TEXT, title TEXT NOT NULL, narrative TEXT, stated TEXT, place INTEGER, status TEXT,"
    " earliest INTEGER, latest INTEGER, day INTEGER, position INTEGER);"
    "CREATE INDEX entry_position ON entry(position);"
    "CREATE INDEX entry_place ON entry(place);"
    "CREATE TABLE participation(n INTEGER PRIMARY KEY, entry INTEGER NOT NULL, party INTEGER NOT "
    "NULL,"
    " role TEXT NOT NULL);"
    "CREATE INDEX participation_entry ON participation(entry);"
    "CREATE TABLE revision(n INTEGER PRIMARY KEY, record_id BLOB NOT NULL, sequence INTEGER,"
    " changes TEXT, state BLOB NOT NULL, at INTEGER, previous BLOB, hash BLOB);"
    "CREATE INDEX revision_record ON revision(record_id);";

static uint64_t chance;

static uint32_t draw(uint32_t limit)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((chance >> 33) % limit);
}

struct inserts {
    sqlite3_stmt *entry, *participation, *revision;
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        die(sql, sqlite3_errmsg(db));
    return stmt;
}

static void prepare_inserts(sqlite3 *db, struct inserts *to)
{
    to->entry = prepare(db, "INSERT INTO entry(id, ref, kind, title, narrative, stated, place,"
                            " status, earliest, latest, day, position)"
                            " VALUES(?,?,?,?,?,?,?,'draft',?,?,?,?)");
    to->participation =
        prepare(db, "INSERT INTO participation(entry, party, role) VALUES(?,?,'victim')");
    to->revision = prepare(db, "INSERT INTO revision(record_id, sequence, changes, state, at,"
                               " previous, hash) VALUES(?,?,?,?,?,?,?)");
}

static void step(sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE)
        die("insert", sqlite3_errmsg(sqlite3_db_handle(stmt)));
    sqlite3_reset(stmt);
}

static void draw_bytes(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)draw(256);
}

/* Words of a few letters, so that the text has about the length of a paragraph. */
static int draw_text(char *out, int most)
{
    int len = most / 2 + (int)draw((uint32_t)most / 2);

    for (int i = 0; i < len; i++)
        out[i] = (char)(draw(6) == 0 ? ' ' : 'a' + (int)draw(26));
    return len;
}

static void insert_entry(const struct inserts *into, uint32_t number)
{
    char title[64], narrative[512], ref[16];
    uint8_t id[16], hash[32];
    int64_t second = INT64_C(1400000000) + (int64_t)number * 600 + (int64_t)draw(200000);

    draw_bytes(id, sizeof id);
    for (int i = 0; i < 4; i++) /* ids are time-ordered, as the journal's are */
        id[i] = (uint8_t)(number >> (24 - 8 * i));
    draw_bytes(hash, sizeof hash);
    sqlite3_bind_blob(into->entry, 1, id, sizeof id, SQLITE_STATIC);
    snprintf(ref, sizeof ref, "E%" PRIu32, number);
    sqlite3_bind_text(into->entry, 2, ref, -1, SQLITE_STATIC);
    sqlite3_bind_text(into->entry, 3, "threat", -1, SQLITE_STATIC);
    sqlite3_bind_text(into->entry, 4, title, draw_text(title, sizeof title), SQLITE_STATIC);
    int length = draw_text(narrative, sizeof narrative);
    sqlite3_bind_text(into->entry, 5, narrative, length, SQLITE_STATIC);
    sqlite3_bind_text(into->entry, 6, "2014-12-13 evening", -1, SQLITE_STATIC);
    sqlite3_bind_int(into->entry, 7, (int)draw(200));
    sqlite3_bind_int64(into->entry, 8, second);
    sqlite3_bind_int64(into->entry, 9, second + 3600);
    sqlite3_bind_int64(into->entry, 10, second / 86400);
    sqlite3_bind_int64(into->entry, 11, second * 1000 + number % 1000);
    step(into->entry);
    sqlite3_bind_int(into->participation, 1, (int)number);
    sqlite3_bind_int(into->participation, 2, (int)draw(500));
    step(into->participation);
    sqlite3_bind_blob(into->revision, 1, id, sizeof id, SQLITE_STATIC);
    sqlite3_bind_int(into->revision, 2, (int)number);
    sqlite3_bind_text(into->revision, 3, narrative, length, SQLITE_STATIC);
    sqlite3_bind_blob(into->revision, 4, hash, sizeof hash, SQLITE_STATIC);
    sqlite3_bind_int64(into->revision, 5, second);
    sqlite3_bind_blob(into->revision, 6, hash, sizeof hash, SQLITE_STATIC);
    sqlite3_bind_blob(into->revision, 7, hash, sizeof hash, SQLITE_STATIC);
    step(into->revision);
}

static void finish_inserts(struct inserts *from)
{
    sqlite3_finalize(from->entry);
    sqlite3_finalize(from->participation);
    sqlite3_finalize(from->revision);
}

/* ---- measures ---------------------------------------------------------------------------------
 */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure_saves(sqlite3 *db, uint32_t first)
{
    static double took[SAVES];
    struct inserts inserts;

    prepare_inserts(db, &inserts);
    for (uint32_t i = 0; i < SAVES; i++) {
        double from = now_us();
        execute(db, "BEGIN IMMEDIATE");
        insert_entry(&inserts, first + i);
        execute(db, "COMMIT");
        took[i] = now_us() - from;
    }
    finish_inserts(&inserts);
    qsort(took, SAVES, sizeof took[0], ascending);
    report("save_p50", took[SAVES / 2]);
    report("save_p99", took[SAVES * 99 / 100]);
}

static void measure_import(sqlite3 *db, uint32_t entries)
{
    struct inserts inserts;
    double from = now_us();

    prepare_inserts(db, &inserts);
    execute(db, "BEGIN IMMEDIATE");
    for (uint32_t i = 0; i < entries; i++)
        insert_entry(&inserts, SAVES + i + 1);
    execute(db, "COMMIT");
    finish_inserts(&inserts);
    report("import", now_us() - from);
}

static int64_t show_page(sqlite3 *db, int64_t after)
{
    sqlite3_stmt *stmt = prepare(db, "SELECT ref, kind, title, stated, status, position,"
                                     " (SELECT count(*) FROM participation WHERE entry = entry.n)"
                                     " FROM entry WHERE position > ? ORDER BY position LIMIT 40");
    int64_t last = after;
    int rows = 0;

    sqlite3_bind_int64(stmt, 1, after);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        last = sqlite3_column_int64(stmt, 5);
        rows++;
    }
    if (rows != PAGE_ROWS)
        die("a page of the timeline", sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    return last;
}

static void measure_pages(sqlite3 *db, uint32_t entries)
{
    static double took[200];
    enum { COUNT = sizeof took / sizeof took[0] };

    for (size_t i = 0; i < COUNT; i++) {
        int64_t from_position = (INT64_C(1400000000) + (int64_t)draw(entries) * 600) * 1000;
        double from = now_us();
        (void)show_page(db, from_position);
        took[i] = now_us() - from;
    }
    qsort(took, COUNT, sizeof took[0], ascending);
    report("page_p50", took[COUNT / 2]);
}

/* Reads every row of the two large tables, in the order in which they stand. */
static double scan(sqlite3 *db)
{
    double from = now_us();

    execute(db, "SELECT sum(length(narrative)) + sum(length(title)) FROM entry;"
                "SELECT sum(length(changes)) FROM revision");
    return now_us() - from;
}

/* What the system keeps of the file is given back, so that it comes from the disk again. */
static void forget_file(const char *name)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fdatasync(fd);
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

static void go_cold(void)
{
    char wal[sizeof path + 4];

    snprintf(wal, sizeof wal, "%s-wal", path);
    forget_file(path);
    forget_file(wal);
}

static void measure_memory(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    report("memory", (double)usage.ru_maxrss);
}

static void measure_first_page(struct connection *to, const char *engine, const char *name)
{
    double from = now_us();

    connect(to, engine);
    (void)show_page(to->db, 0);
    report(name, now_us() - from);
}

/* Everything that takes a journal of some size. */
static void measure_journal(struct connection *to, const char *engine, uint32_t entries)
{
    double from;

    connect(to, engine);
    measure_import(to->db, entries);
    measure_saves(to->db, SAVES + entries + 1);
    disconnect(to);
    measure_first_page(to, engine, "first_page");
    measure_pages(to->db, entries);
    disconnect(to);
    connect(to, engine);
    execute(to->db, SMALL_CACHE);
    (void)scan(to->db);
    report("scan", scan(to->db));
    disconnect(to);
    measure_memory();
    go_cold();
    connect(to, engine);
    execute(to->db, SMALL_CACHE);
    report("scan_cold", scan(to->db));
    execute(to->db, USUAL_CACHE);
    from = now_us();
    execute(to->db, "DELETE FROM revision WHERE n % 3 = 0");
    report("delete", now_us() - from);
    from = now_us();
    execute(to->db, "VACUUM");
    report("vacuum", now_us() - from);
    disconnect(to);
}

int main(int count, char **argument)
{
    struct connection connection = {0};

    if (count != 4 && count != 5)
        die("usage", "speed ENGINE FOLDER ENTRIES [BYTES]");
    const char *engine = argument[1];
    uint32_t entries = (uint32_t)strtoul(argument[3], NULL, 10);
    snprintf(path, sizeof path, "%s/%s.db", argument[2], engine);
#ifndef SQLCIPHER
    bool vault = strcmp(engine, "lapwing") == 0;
    if (lw_crypto_start() != LW_OK)
        die("libsodium", NULL);
    if (vault) {
        if (lw_store_start() != LW_OK)
            die("SQLite", NULL);
        make_vault(count == 5 ? strtoull(argument[4], NULL, 10)
                              : (uint64_t)entries * 4096 + LW_VAULT_USUAL);
        open_vault(&connection);
    }
#endif
    connect(&connection, engine);
    execute(connection.db, schema);
    measure_saves(connection.db, 1);
    disconnect(&connection);
    if (entries > 0)
        measure_journal(&connection, engine, entries);
#ifndef SQLCIPHER
    if (vault) {
        lw_vault_close(connection.vault);
        go_cold();
        double from = now_us();
        open_vault(&connection);
        report("unlock", now_us() - from);
        measure_first_page(&connection, engine, "unlocked_page");
        disconnect(&connection);
        lw_vault_close(connection.vault);
    }
#endif
    (void)unlink(path);
    return 0;
}
