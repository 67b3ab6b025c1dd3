/* The place where a review is, kept in the vault (lw_session_bookmark): after a line that dropped, or
 * a lock, the next one goes on there. */
#ifndef LW_TUI_BOOKMARK_H
#define LW_TUI_BOOKMARK_H

#include "app.h"
#include "loop.h"

/* Start with {0}: nothing is kept. With the session of a review, which stays the caller's, its place
 * is. */
struct lw_bookmark {
    struct lw_session *session;
    struct lw_buf kept, place; /* as it stands in the vault, and as it is */
    int64_t placed_ms;         /* place has been so since then */
};

/* Goes where the one of the last review leads, and returns when that was left; 0 where the screens
 * stay as at the beginning. What is damaged hinders nothing. */
int64_t lw_bookmark_return(struct lw_bookmark *bookmark, struct lw_tui *tui);
/* To be called now and then: keeps the place once somebody stayed there. */
void lw_bookmark_look(struct lw_bookmark *bookmark, struct lw_tui *tui);
/* When the line dropped, before the views are closed; or, with `left`, when somebody left by a
 * command, and will begin anew. What cannot be written is given up. */
void lw_bookmark_end(struct lw_bookmark *bookmark, struct lw_tui *tui, bool left);
void lw_bookmark_clear(struct lw_bookmark *bookmark);

#endif
