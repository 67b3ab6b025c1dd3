/* Lanes: what their files share. */
#ifndef LW_TUI_LANES_VIEW_H
#define LW_TUI_LANES_VIEW_H

#include "time_cursor.h"

/* What is counted: so many cells at a scale. */
struct lw_lanes_stretch {
    enum lw_lanes_by by;
    enum lw_scale scale;
    int64_t first;
    size_t count;
};

struct lw_lanes_view {
    struct lw_view view;
    struct lw_time_cursor *cursor; /* NULL: given up */
    struct lw_lanes *lanes;        /* what is shown; NULL until all are counted once */
    struct lw_lanes *next;         /* what is being counted, or NULL */
    struct lw_lanes_stretch shown, counting;
    uint64_t turns; /* pieces that are counted of that */
    struct lw_list list;
    enum lw_lanes_by by;
    int64_t left;       /* bucket of the first cell in sight */
    bool placed;        /* left is set */
    bool failed;        /* counting ended with an error */
    struct lw_buf text; /* for one line */
};

/* ---- lanes_draw.c ---- */

/* Columns of the screen that the cells have, at least 1. */
int lw_lanes_cells(const struct lw_lanes_view *self);
/* The bar of a lane in that bucket; NULL where it is not counted. */
const struct lw_bar *lw_lanes_bar(const struct lw_lanes_view *self, size_t lane, int64_t bucket);
int lw_lanes_draw_row(void *context, size_t at, const struct lw_area *area);
void lw_lanes_draw(struct lw_lanes_view *self, const struct lw_area *area);

#endif
