/* What the ruler and the lanes share: a time that the cursor is about, a scale, and what is
 * counted. It goes from one to the other, so that the cursor stays. */
#ifndef LW_TUI_TIME_CURSOR_H
#define LW_TUI_TIME_CURSOR_H

#include "timeline.h"

struct lw_time_cursor {
    struct lw_timeline *timeline; /* below */
    struct lw_filter filter;      /* points into that of the timeline */
    struct lw_counts *counts;     /* what is shown; NULL until all is counted once */
    struct lw_counts *next;       /* what is being counted, or NULL */
    struct lw_ruler sums;         /* over everything: wider is not filled */
    enum lw_scale scale;
    int64_t focus; /* second that the cursor is about */
    bool moved;    /* the focus is no more where the list was */
    bool any;      /* something is dated */
    int64_t first_day, last_day;
};

/* Begins to count; NULL on NO_MEMORY. The caller owns it. */
enum lw_status lw_time_cursor_new(struct lw_timeline *timeline, struct lw_time_cursor **out,
                                  struct lw_error *err) LW_MUST_USE;
/* NULL does nothing. */
void lw_time_cursor_free(struct lw_time_cursor *cursor);
/* Counts anew, after the data changed; what is shown stays until that is done. */
enum lw_status lw_time_cursor_begin(struct lw_time_cursor *cursor,
                                    struct lw_error *err) LW_MUST_USE;
/* Goes on counting; *done: what is shown is new. An error ends it. */
enum lw_status lw_time_cursor_more(struct lw_time_cursor *cursor, bool *done,
                                   struct lw_error *err) LW_MUST_USE;

/* The first and the last bucket at the scale. */
int64_t lw_time_cursor_first(const struct lw_time_cursor *cursor);
int64_t lw_time_cursor_last(const struct lw_time_cursor *cursor);
/* The bucket of the focus, cut to those two. */
int64_t lw_time_cursor_bucket(const struct lw_time_cursor *cursor);
/* The cursor goes to a bucket. */
void lw_time_cursor_move(struct lw_time_cursor *cursor, int64_t bucket);
/* One scale finer (1) or coarser (-1); at an end it is said that it is one. Into a stretch it goes
 * to what the cursor came from, where that is in it, else to the first entry dated in it. */
enum lw_status lw_time_cursor_zoom(struct lw_time_cursor *cursor, int by, bool *changed,
                                   struct lw_error *err) LW_MUST_USE;
/* The list goes to the bucket of the focus. */
enum lw_status lw_time_cursor_to_list(struct lw_time_cursor *cursor,
                                      struct lw_error *err) LW_MUST_USE;

/* "year" */
const char *lw_time_cursor_unit(const struct lw_time_cursor *cursor);
/* "26 entries · 4 undated", or "counting" */
enum lw_status lw_time_cursor_say(const struct lw_time_cursor *cursor,
                                  struct lw_buf *out) LW_MUST_USE;
/* The filter, where one is on, in the first row of the area; returns how many rows it takes. */
int lw_time_cursor_draw_filter(const struct lw_time_cursor *cursor, struct lw_view *view,
                               const struct lw_area *area);

/* ---- the three zooms --------------------------------------------------------------------------
 */

/* Each takes the cursor over, also on error. */
enum lw_status lw_ruler_show(struct lw_tui *tui, struct lw_time_cursor *cursor,
                             struct lw_error *err) LW_MUST_USE;
enum lw_status lw_lanes_show(struct lw_tui *tui, struct lw_time_cursor *cursor,
                             struct lw_error *err) LW_MUST_USE;
/* What the view has, which it gives up; NULL for another view, or where it has none. */
struct lw_time_cursor *lw_ruler_give(struct lw_view *view);
struct lw_time_cursor *lw_lanes_give(struct lw_view *view);
/* One scale finer or coarser, there. */
enum lw_status lw_ruler_zoom(struct lw_view *view, int by, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_lanes_zoom(struct lw_view *view, int by, struct lw_error *err) LW_MUST_USE;

#endif
