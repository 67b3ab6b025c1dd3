/* The sparkline above the list of the timeline: how many entries there are from the first to the
 * last date, in one row. */
#ifndef LW_TUI_SPARKLINE_H
#define LW_TUI_SPARKLINE_H

#include "grid.h"
#include "journal.h"

/* Start with {0}. */
struct lw_sparkline {
    struct lw_journal *journal;
    struct lw_counts *next; /* what is being counted, or NULL */
    enum lw_scale scale;
    int64_t first;
    struct lw_bar *bar; /* from the first to the last that has something stated */
    size_t count;       /* 0: nothing to show */
};

/* Counts anew what passes; the filter must stay until all is counted or lw_sparkline_stop. What is
 * shown stays until then. Nothing is counted, and shown, where that would take long: with a filter
 * over a large journal. */
enum lw_status lw_sparkline_begin(struct lw_sparkline *line, struct lw_journal *journal,
                                  const struct lw_filter *filter, bool filtered,
                                  struct lw_error *err) LW_MUST_USE;
/* Goes on counting, if there is something to be counted; *changed: what is shown is new. An error
 * ends it. */
enum lw_status lw_sparkline_more(struct lw_sparkline *line, bool *changed,
                                 struct lw_error *err) LW_MUST_USE;
/* Gives up what is being counted. */
void lw_sparkline_stop(struct lw_sparkline *line);
void lw_sparkline_free(struct lw_sparkline *line);

/* The rows that it takes above a list in an area of that size: one, or none. */
int lw_sparkline_rows(const struct lw_sparkline *line, int rows, int columns);
/* In the first row of the area. */
void lw_sparkline_draw(const struct lw_sparkline *line, const struct lw_area *area);

#endif
