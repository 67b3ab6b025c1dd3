/* The selected entry beside a list: the same page that it has as a screen, from its top. */
#ifndef LW_TUI_ENTRY_PANE_H
#define LW_TUI_ENTRY_PANE_H

#include "entry_view.h"

enum { LW_PANE_ROWS = 30, LW_PANE_COLUMNS = 140 }; /* a view of that size has room for it */

/* Start with {0}. */
struct lw_entry_pane {
    struct lw_entry_page page;
    bool loaded;
    uint8_t id[LW_RECORD_ID];
};

/* After the data changed: it is read anew at the next draw. */
void lw_entry_pane_clear(struct lw_entry_pane *pane);
/* Draws that entry (NULL: none) into the area, reading it where it is another one, with a line down
 * its left; puts no cursor. */
void lw_entry_pane_draw(struct lw_entry_pane *pane, const struct lw_tui *tui, const uint8_t *id,
                        const struct lw_area *area);

#endif
