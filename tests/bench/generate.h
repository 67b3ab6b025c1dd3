/*
 * A journal as a team might have kept it for ten years, of any size, by the real writing code.
 * Dates come in bursts; few people and places are in most entries and most are in few; Latin and
 * Cyrillic; sources, accounts that differ, ranges, doubts, and dates that nobody states. The same
 * seed and number give the same journal.
 */
#ifndef LW_BENCH_GENERATE_H
#define LW_BENCH_GENERATE_H

#include "journal.h"

#define GENERATED_FIRST_DAY INT64_C(16801) /* 1 January 2016, in days since 1970 */
#define GENERATED_DAYS      3653           /* to the end of 2025 */

/* The clock of a journal that is being generated: time passes as entries are recorded. */
struct generated_clock {
    struct lw_clock clock;
    int64_t now_ms;
};
void generated_clock_init(struct generated_clock *clock);

/* Fills an empty journal, which was opened with that clock. Says on standard error how far it is;
 * ends the program on an error. */
void generate(struct lw_journal *journal, struct generated_clock *clock, uint32_t entries,
              uint64_t seed);

#endif
