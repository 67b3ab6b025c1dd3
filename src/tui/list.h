/* A list of one-line rows with a selected one: gutter mark, a short highlight, paging. To be used
 * inside a view, whose draw and move hand over to it. */
#ifndef LW_TUI_LIST_H
#define LW_TUI_LIST_H

#include "view.h"

enum { LW_LIST_GUTTER = 2 }; /* columns of "> " */

struct lw_list_source {
    size_t (*count)(void *context);
    /* Draws one row into an area of one row, right of the gutter; returns how many columns from its
     * left make the short highlight where it is selected (a word, not the row). */
    int (*draw)(void *context, size_t row, const struct lw_area *area);
    /* True for a row that cannot be selected, such as a day; may be NULL. It is drawn from the
     * first column on, and stays in sight above the first row under it. */
    bool (*is_heading)(void *context, size_t row);
    void *context;
    /* True for a row that says more about the one above it: it cannot be selected, and is in sight
     * where that one is; may be NULL. */
    bool (*is_below)(void *context, size_t row);
};

/* Zero it and set source. */
struct lw_list {
    struct lw_list_source source;
    size_t cursor; /* the selected row; see lw_list_selected */
    size_t top;    /* the first row in sight */
    int rows;      /* in sight, as last drawn */
};

/* Call after the source changed: the cursor stays where it is, or goes to the nearest row. */
void lw_list_settle(struct lw_list *list);
/* False where nothing can be selected. */
bool lw_list_selected(const struct lw_list *list, size_t *row);
/* A row that can be selected, else the nearest. */
void lw_list_select(struct lw_list *list, size_t row);
/* True where the cursor moved. LEFT and RIGHT are not used. */
bool lw_list_move(struct lw_list *list, enum lw_move move);
/* Draws what is in sight and puts the cursor on the mark; `empty` stands there without rows. */
void lw_list_draw(struct lw_list *list, const struct lw_area *area, const char *empty);

#endif
