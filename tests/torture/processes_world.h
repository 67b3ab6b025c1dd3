/* What the processes of the campaign share: a page of memory, the tables, and what must hold in
 * them. */
#ifndef LW_TORTURE_PROCESSES_WORLD_H
#define LW_TORTURE_PROCESSES_WORLD_H

#include "seeded.h"
#include "store.h"
#include "vault/lane.h"

#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WRITERS   2
#define READERS   4
#define STAYER    (WRITERS + READERS) /* its number among the processes */
#define PROCESSES (WRITERS + READERS + 1)
#define MEBIBYTES 8
#define WINDOW    3   /* rows of a writer that are written again and again */
#define UNUSED    196 /* pages left free at the beginning, of 2,041 */
#define WAIT_MS   (300 * 1000)

/* What the writers may do now. */
enum phase {
    PHASE_LIGHT, /* the same few pages again and again */
    PHASE_GROW,  /* add rows until the vault is full, delete the newest, again */
    PHASE_MIXED, /* anything, all over the journal */
    PHASE_OVER
};

/* In memory that all processes see. Times in ms. */
struct shared {
    _Atomic int phase;
    _Atomic int let_go;                              /* the stayer may give its snapshot back */
    _Atomic int holds[PROCESSES];                    /* has a snapshot over several statements */
    _Atomic uint64_t begun[WRITERS], acked[WRITERS]; /* commits: asked for, answered */
    _Atomic uint64_t turns[WRITERS];                 /* odd while it has the writer's lock */
    _Atomic uint64_t full[WRITERS], after_full[WRITERS];
    _Atomic uint64_t scans, stays, bad;
    _Atomic int64_t last_ms, longest_ms; /* between two commits of whomever */
};

static struct shared *shared;
static const char *vault_path;
static uint64_t round_seed;

static void bad(const char *format, ...) LW_PRINTF(1, 2);

static void bad(const char *format, ...)
{
    char text[400];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (shared->bad++ < 20) {
        printf("bad: seed %llu: %s\n", (unsigned long long)round_seed, text);
        fflush(stdout);
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

/* ---- opening ---- */

/* A process of its own in every way: its descriptors, its unlock, its keys. */
static struct lw_store *open_all(struct lw_vault **vault, enum lw_lane_mode mode)
{
    static const char words[] = "granite lantern meadow sparrow";
    struct lw_passphrase *pass = lw_passphrase_new();
    struct lw_error err = {LW_OK, ""};
    struct lw_store *store = NULL;
    int64_t until = now_ms() + WAIT_MS;
    enum lw_status status;

    for (const char *at = words; *at; at++)
        (void)lw_passphrase_push(pass, (uint8_t)*at);
    do /* many unlocks at once: the header may not hold still */
        status = lw_vault_open(vault_path, pass, lw_kdf_profile_find("test"), vault, &err);
    while (status == LW_BUSY && now_ms() < until);
    if (status == LW_OK)
        status = lw_store_open(*vault, lw_vault_own_lane(*vault), mode, &store, &err);
    if (status != LW_OK) {
        bad("a process cannot open the vault: %s", err.text);
        _exit(0);
    }
    lw_passphrase_free(pass);
    return store;
}

static void close_all(struct lw_store *store, struct lw_vault *vault)
{
    lw_store_close(store);
    lw_vault_close(vault);
}

/* ---- rows ---- */

#define SCHEMA                                                                                     \
    "CREATE TABLE one(id INTEGER PRIMARY KEY, total INTEGER);"                                     \
    "CREATE TABLE gap(data BLOB); INSERT INTO gap VALUES(zeroblob(3900));"                         \
    "CREATE TABLE two(id INTEGER PRIMARY KEY, total INTEGER);"                                     \
    "CREATE TABLE tally(w INTEGER PRIMARY KEY, commits INTEGER, count INTEGER, bytes INTEGER);"    \
    "INSERT INTO one VALUES(1, 0); INSERT INTO two VALUES(1, 0);"                                  \
    "INSERT INTO tally VALUES(0, 0, 0, 0), (1, 0, 0, 0);"                                          \
    "CREATE TABLE item0(id INTEGER PRIMARY KEY, version INTEGER, data BLOB);"                      \
    "CREATE TABLE item1(id INTEGER PRIMARY KEY, version INTEGER, data BLOB);"

#define ITEM_MOST 2600

/* What must stand in a row follows from its numbers. */
static size_t item_length(int w, int64_t id, int64_t version)
{
    return 200 + (size_t)((uint64_t)(id * 7919 + version * (id > WINDOW ? 104729 : 0) + w) % 2400);
}

static void item_fill(int w, int64_t id, int64_t version, uint8_t *data, size_t len)
{
    uint64_t state = (uint64_t)id * 0x9E3779B97F4A7C15u + (uint64_t)version * 0xD1B54A32D192ED03u +
                     (uint64_t)w + 1;

    for (size_t i = 0; i < len; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        data[i] = (uint8_t)(state >> 56);
    }
}

static enum lw_status prepare(struct lw_store *store, const char *sql, struct lw_stmt **stmt,
                              struct lw_error *err)
{
    return lw_store_prepare(store, sql, stmt, err);
}

/* The one number that a statement gives; value stays as it is where it gives NULL. */
static enum lw_status number(struct lw_store *store, const char *sql, int64_t *value,
                             struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = prepare(store, sql, &stmt, err);

    if (status == LW_OK && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        if (!lw_stmt_is_null(stmt, 0))
            *value = lw_stmt_int(stmt, 0);
        lw_stmt_reset(stmt);
    }
    return status == LW_DONE ? LW_OK : status;
}

/* ---- what every snapshot must show ---- */

struct seen {
    int64_t commits[WRITERS], count[WRITERS], bytes[WRITERS];
    uint64_t digest; /* over every row */
};

static void digest_add(uint64_t *digest, uint64_t value)
{
    *digest = (*digest ^ value) * 0x100000001B3u;
}

static enum lw_status scan_items(struct lw_store *store, int w, struct seen *seen,
                                 struct lw_error *err)
{
    static const char *const sql[] = {"SELECT id, version, data FROM item0 ORDER BY id",
                                      "SELECT id, version, data FROM item1 ORDER BY id"};
    uint8_t expected[ITEM_MOST];
    struct lw_stmt *stmt;
    int64_t count = 0, bytes = 0;
    enum lw_status status = prepare(store, sql[w], &stmt, err);

    while (status == LW_OK && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        int64_t id = lw_stmt_int(stmt, 0), version = lw_stmt_int(stmt, 1);
        size_t len = 0, want = item_length(w, id, version);
        const void *data = lw_stmt_blob(stmt, 2, &len);
        item_fill(w, id, version, expected, want);
        if (len != want || memcmp(data, expected, want) != 0)
            bad("row %lld, version %lld of writer %d holds something else", (long long)id,
                (long long)version, w);
        count++;
        bytes += (int64_t)len;
        digest_add(&seen->digest, (uint64_t)id * 31 + (uint64_t)version);
    }
    if (status == LW_DONE && (count != seen->count[w] || bytes != seen->bytes[w]))
        bad("writer %d: %lld rows of %lld bytes, and its tally says %lld of %lld", w,
            (long long)count, (long long)bytes, (long long)seen->count[w],
            (long long)seen->bytes[w]);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status scan_tally(struct lw_store *store, struct seen *seen, struct lw_error *err)
{
    int64_t one = -1, two = -2;
    struct lw_stmt *stmt;
    enum lw_status status = number(store, "SELECT total FROM one", &one, err);

    if (status == LW_OK)
        status = number(store, "SELECT total FROM two", &two, err);
    if (status == LW_OK)
        status = prepare(store, "SELECT w, commits, count, bytes FROM tally", &stmt, err);
    while (status == LW_OK && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        int64_t w = lw_stmt_int(stmt, 0);
        if (w < 0 || w >= WRITERS)
            return LW_DAMAGED;
        seen->commits[w] = lw_stmt_int(stmt, 1);
        seen->count[w] = lw_stmt_int(stmt, 2);
        seen->bytes[w] = lw_stmt_int(stmt, 3);
        digest_add(&seen->digest, (uint64_t)seen->commits[w]);
    }
    if (status == LW_DONE && (one != two || one != seen->commits[0] + seen->commits[1]))
        bad("the totals are %lld and %lld, the writers' own %lld and %lld", (long long)one,
            (long long)two, (long long)seen->commits[0], (long long)seen->commits[1]);
    return status == LW_DONE ? LW_OK : status;
}

/* Inside a transaction. Everything is read through the lane, not from SQLite's cache. */
static enum lw_status scan(struct lw_store *store, struct seen *seen, struct lw_error *err)
{
    enum lw_status status;

    *seen = (struct seen){.digest = 0xCBF29CE484222325u};
    status = scan_tally(store, seen, err);
    for (int w = 0; w < WRITERS && status == LW_OK; w++)
        status = scan_items(store, w, seen, err);
    return status;
}

#endif
