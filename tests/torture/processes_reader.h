/* Readers: the four that come and go, and the one that stays. */
#ifndef LW_TORTURE_PROCESSES_READER_H
#define LW_TORTURE_PROCESSES_READER_H

#include "processes_world.h"

#define SMALL_CACHE "PRAGMA cache_size=8"

/* One snapshot, looked at once or twice. */
static void read_once(struct lw_store *store, int me, struct seen *before)
{
    struct seen first, again;
    struct lw_error err = {LW_OK, ""};
    uint64_t least[WRITERS];

    for (int w = 0; w < WRITERS; w++)
        least[w] = shared->acked[w];
    enum lw_status status = lw_store_read(store, &err);
    if (status == LW_BUSY)
        return; /* the newest root changed a hundred times meanwhile: nobody was waited for */
    if (status == LW_OK) {
        shared->holds[me] = 1;
        status = scan(store, &first, &err);
    }
    for (int w = 0; w < WRITERS && status == LW_OK; w++) {
        if (first.commits[w] < (int64_t)least[w] || first.commits[w] < before->commits[w])
            bad("a reader sees %lld commits of writer %d, %llu were answered, it saw %lld before",
                (long long)first.commits[w], w, (unsigned long long)least[w],
                (long long)before->commits[w]);
        if (first.commits[w] > (int64_t)shared->begun[w])
            bad("a reader sees %lld commits of writer %d, which began fewer",
                (long long)first.commits[w], w);
    }
    if (status == LW_OK && choose(3) == 0) {
        pause_ms(choose(40));
        status = scan(store, &again, &err);
        if (status == LW_OK && again.digest != first.digest)
            bad("a snapshot shows something else the second time");
    }
    if (status != LW_OK)
        bad("a reader: %s", err.text);
    else
        *before = first;
    shared->holds[me] = 0;
    lw_store_rollback(store);
    shared->scans++;
}

static void run_reader(int me)
{
    struct seen before = {0};
    struct lw_vault *vault;
    struct lw_store *store = open_all(&vault, LW_LANE_READ);

    if (lw_store_exec(store, SMALL_CACHE, NULL) != LW_OK)
        bad("a reader has no cache of its own");
    while (shared->phase != PHASE_OVER) {
        read_once(store, me, &before);
        pause_ms(choose(20));
    }
    close_all(store, vault);
}

/* The very same content again and again, until it may go. */
static void run_stayer(void)
{
    struct seen first, again;
    struct lw_error err = {LW_OK, ""};
    struct lw_vault *vault;
    struct lw_store *store = open_all(&vault, LW_LANE_READ);
    enum lw_status status = lw_store_exec(store, SMALL_CACHE, &err);

    while (status == LW_OK && (status = lw_store_read(store, &err)) == LW_BUSY)
        status = LW_OK;
    if (status == LW_OK)
        status = scan(store, &first, &err);
    if (status == LW_OK)
        shared->holds[STAYER] = 1;
    while (status == LW_OK) {
        bool last = shared->let_go;
        status = scan(store, &again, &err);
        if (status == LW_OK && again.digest != first.digest)
            bad("the snapshot of the one who stays has changed");
        shared->stays++;
        if (last)
            break;
        pause_ms(20 + choose(40));
    }
    if (status != LW_OK)
        bad("the one who stays: %s", err.text);
    lw_store_rollback(store);
    shared->holds[STAYER] = 0;
    close_all(store, vault);
}

#endif
