/* What a field offers at its cursor, as a row on the screen. */
#ifndef LW_TUI_OFFERS_H
#define LW_TUI_OFFERS_H

#include "editor.h"
#include "loop.h"

struct lw_offers {
    unsigned context;   /* of the view */
    const char *action; /* the command that puts what is offered, whose key stands in front */
};

/* One of it stands in the text now, and the same key would put the next. */
bool lw_offers_chosen(const struct lw_text_field *field);
/* Draws one row of it from that column on; false where nothing is offered but what stands there
 * already. area NULL: only tells. */
bool lw_offers_draw(const struct lw_tui *tui, const struct lw_offers *offers,
                    const struct lw_text_field *field, const struct lw_area *area, int row, int at);

#endif
