/* A view is data and operations. Make a struct whose first member is a struct lw_view. */
#ifndef LW_TUI_VIEW_H
#define LW_TUI_VIEW_H

#include "action.h"
#include "grid.h"

enum lw_move {
    LW_MOVE_UP,
    LW_MOVE_DOWN,
    LW_MOVE_LEFT,
    LW_MOVE_RIGHT,
    LW_MOVE_PAGE_UP,
    LW_MOVE_PAGE_DOWN,
    LW_MOVE_FIRST,
    LW_MOVE_LAST
};

/* Only draw and close are demanded. */
struct lw_view_ops {
    unsigned context; /* one bit of enum lw_context */
    const char *help; /* what the screen is for, above its keys in the help; or NULL */
    /* Draws everything into the blank area and puts the focus with lw_area_cursor. Must stand any
     * size, also 1 by 1. */
    void (*draw)(struct lw_view *view, const struct lw_area *area);
    /* Frees the view. Drafts are saved before, by save. */
    void (*close)(struct lw_view *view);
    /* Left and right part of the first line, appended. */
    enum lw_status (*title)(struct lw_view *view, struct lw_buf *out);
    enum lw_status (*status)(struct lw_view *view, struct lw_buf *out);
    /* True while keys are text: then key gets every key first, and commands only what it leaves;
     * keys that write (lw_key_is_text) are never commands. Without it commands come first. */
    bool (*editing)(struct lw_view *view);
    /* True where the view used the key. */
    bool (*key)(struct lw_view *view, const struct lw_key *key);
    /* A move command; true where something moved or could have. */
    bool (*move)(struct lw_view *view, enum lw_move move);
    /* Enter: opens what is selected. */
    enum lw_status (*open)(struct lw_view *view, struct lw_error *err);
    /* Esc or q: true where the view itself made one step back; false closes it. */
    bool (*back)(struct lw_view *view);
    /* What it shows was changed; called before the next draw, once the view is on top. */
    enum lw_status (*refresh)(struct lw_view *view, struct lw_error *err);
    /* Called on every turn for every view on the stack; returns the milliseconds until it wants to
     * be called again, -1: only when something happens. For autosave. */
    int (*tick)(struct lw_view *view);
    /* Writes what is not yet safe, now: before closing, on a hang-up, at the end. An error keeps
     * the view open where it would have been closed by a key. */
    enum lw_status (*save)(struct lw_view *view, struct lw_error *err);
    /* What is typed to show less, typed_filter.h. Such a view has refresh. */
    struct lw_typed_filter *(*filter)(struct lw_view *view);
};

struct lw_view {
    const struct lw_view_ops *ops;
    struct lw_tui *tui; /* set by lw_tui_push */
    struct lw_view *below;
    bool stale;     /* refresh is to be called */
    unsigned scene; /* grows from one view that was opened to the next; set by lw_tui_push */
};

#endif
