/* The place where somebody is, kept in the vault (lw_session_bookmark): after a lock, a line that
 * dropped or a program that was ended the next session goes on there. */
#ifndef LW_TUI_BOOKMARK_H
#define LW_TUI_BOOKMARK_H

#include "app.h"
#include "loop.h"

/* Start with the session, which stays the caller's, and whether it is read-only. */
struct lw_bookmark {
    struct lw_session *session;
    bool read_only;
    struct lw_buf kept, place; /* as it stands in the vault, and as it is */
    int64_t placed_ms;         /* place has been so since then */
};

/* Goes where the one of a session some hours ago at most leads, and returns when that was left; 0
 * where the screens stay as at the beginning. What is damaged hinders nothing. */
int64_t lw_bookmark_return(struct lw_bookmark *bookmark, struct lw_tui *tui);
/* To be called now and then: keeps the place once somebody stayed there for some seconds. */
void lw_bookmark_look(struct lw_bookmark *bookmark, struct lw_tui *tui);
/* When the screens end, before the views are closed. Who left by a command of the program begins at
 * the end of the timeline the next time. What cannot be written is given up. */
void lw_bookmark_end(struct lw_bookmark *bookmark, struct lw_tui *tui, bool left);
void lw_bookmark_clear(struct lw_bookmark *bookmark);

#endif
