/* A journal in memory with a clock that stands still, for fuzz targets. */
#ifndef LW_TEST_FUZZ_JOURNAL_H
#define LW_TEST_FUZZ_JOURNAL_H

#include "exchange.h"
#include "fuzz.h"
#include "seeded.h"

/* 16 December 2014, 12:00 in Moscow */
static int64_t fuzz_now(void *context)
{
    (void)context;
    return INT64_C(1418720400000);
}

static int fuzz_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const struct lw_clock fuzz_clock = {fuzz_now, fuzz_offset, NULL};

struct fuzz_journal {
    struct lw_store *store;
    struct lw_journal *journal;
};

static inline void fuzz_journal_open(struct fuzz_journal *out)
{
    const struct lw_journal_setup setup = {.clock = &fuzz_clock, .author = "somebody"};
    static bool started;

    if (!started) {
        seeded_start(1);
        MUST(lw_crypto_start() == LW_OK && lw_store_start() == LW_OK);
        started = true;
    }
    MUST(lw_store_open_memory(&out->store, NULL) == LW_OK);
    MUST(lw_journal_open(out->store, &setup, &out->journal, NULL) == LW_OK);
}

static inline void fuzz_journal_close(struct fuzz_journal *journal)
{
    lw_journal_close(journal->journal);
    lw_store_close(journal->store);
    *journal = (struct fuzz_journal){NULL, NULL};
}

static inline enum lw_status fuzz_keep(void *context, const char *data, size_t len,
                                       struct lw_error *err)
{
    (void)err;
    return lw_buf_add(context, data, len);
}

#endif
