/* The lists of items, threats, interventions, detentions and searches. */
#ifndef LW_TUI_REGISTER_VIEW_H
#define LW_TUI_REGISTER_VIEW_H

#include "screens.h"

/* fate: of items, "seized"; or NULL. It must stay. */
enum lw_status lw_register_show(struct lw_tui *tui, enum lw_register which, const char *fate,
                                struct lw_error *err) LW_MUST_USE;

#endif
