/* The order of the timeline: what order.c (days) and order_day.c (inside a day) share. */
#ifndef LW_JOURNAL_ORDER_H
#define LW_JOURNAL_ORDER_H

#include "internal.h"

#define DAY_UNKNOWN INT64_MIN /* while it is being found out */
#define DAY_NOWHERE INT64_MAX /* the last bucket; NULL in the store */

/* An entry as far as its place in the timeline goes. */
struct order_node {
    int64_t n;
    uint8_t id[LW_RECORD_ID];
    char ref[16];
    int grain;        /* 0 a day or finer, 1 two ends, 2 an open end, 3 undated */
    int64_t start;    /* inside a day: the earliest second, or when it was recorded */
    int64_t own;      /* the day of its own date; DAY_UNKNOWN: undated */
    int64_t last;     /* no later day than this one; DAY_NOWHERE: no such limit */
    int64_t recorded; /* the day of recorded_at, or DAY_NOWHERE */
    int64_t old_day;  /* as it stands in the store */
    int64_t position; /* as it stands in the store; 0: none */
    int64_t day;      /* what comes out */
};

/* Reads the row of a statement whose columns are ORDER_COLUMNS. */
#define ORDER_COLUMNS "n, id, ref, grain, earliest, latest, recorded_at, day, position"
enum lw_status order_read(struct lw_stmt *stmt, struct order_node *node,
                          struct lw_error *err) LW_MUST_USE;
/* The day that a second lies in. */
int64_t order_day_of(int64_t second);

/* The entries whose days were found anew, with everything that is tied to them. */
struct order_set {
    struct lw_journal *journal;
    struct order_node *node;
    uint32_t count;
    uint32_t cap;
    struct key_map index; /* from n */
    struct graph graph;   /* sealed */
    uint32_t *by_day;     /* all nodes, sorted by day */
};

/* Orders all entries of one day and writes day and position where they differ. */
enum lw_status order_one_day(struct order_set *set, int64_t day, struct lw_error *err) LW_MUST_USE;

#endif
