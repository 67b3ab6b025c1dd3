/* The filter of a view that lists what entries say: typed, shown, saved, taken off;
 * lapwing-filter(7). A view has one where its operations have `filter`; with another filter it is
 * refreshed. */
#ifndef LW_TUI_TYPED_FILTER_H
#define LW_TUI_TYPED_FILTER_H

#include "screens.h"

struct lw_typed_filter {
    struct lw_buf text;          /* as it is written */
    struct lw_filter_tree *tree; /* of the text, NULL: everything */
    struct lw_buf before;        /* the text when the prompt was opened */
    struct lw_buf renamed;       /* the saved filter that gets another name */
    bool late; /* the list is long: read anew when the filter is done, not while it is typed */
};

/* NULL where the view has none. */
struct lw_typed_filter *lw_typed_filter_of(struct lw_view *view);
void lw_typed_filter_free(struct lw_typed_filter *filter);
/* Takes what is written; on error what was there stays, and *at (may be NULL) is where it is wrong.
 */
enum lw_status lw_typed_filter_set(struct lw_view *view, const char *text, size_t len, size_t *at,
                                   struct lw_error *err) LW_MUST_USE;
/* Asks for it; `more` is put behind what is there. */
enum lw_status lw_typed_filter_ask(struct lw_view *view, const char *more,
                                   struct lw_error *err) LW_MUST_USE;
/* For lw_view_ops.back: takes it off; false where none was on. */
bool lw_typed_filter_back(struct lw_view *view);
/* "Only kind:arson", with the key that clears it, in the first row. */
void lw_typed_filter_draw(struct lw_view *view, const struct lw_buf *said,
                          const struct lw_area *area);

#endif
