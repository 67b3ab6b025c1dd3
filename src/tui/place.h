/* Where somebody is in the screens, as text that a later session goes on from. */
#ifndef LW_TUI_PLACE_H
#define LW_TUI_PLACE_H

#include "loop.h"

/* Appends it; nothing at the end of the timeline without a filter, where a session begins anyway. */
enum lw_status lw_place_say(struct lw_tui *tui, struct lw_buf *out) LW_MUST_USE;
/* Goes there, over the timeline that was just opened; what is no longer there is left out. */
enum lw_status lw_place_return(struct lw_tui *tui, const char *text,
                                  struct lw_error *err) LW_MUST_USE;

#endif
