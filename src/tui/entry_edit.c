/* Changing and adding what hangs on an entry. */
#include "entry_view.h"

#include <string.h>

/* The fact with this claim among all that is said about it. */
static enum lw_status show_claim(struct lw_entry_view *self, const uint8_t *id,
                                 struct lw_error *err)
{
    struct lw_record claim;
    enum lw_status status =
        lw_record_get(lw_screen_journal(self->view.tui), LW_RECORD_CLAIM, id, &claim, err);

    if (status != LW_OK)
        return status;
    status = lw_fact_show(self->view.tui, self->id, lw_record_text(&claim, "fact"), id, err);
    lw_record_clear(&claim);
    return status;
}

enum lw_status lw_entry_enter(struct lw_entry_view *self, struct lw_error *err)
{
    const struct lw_entry_text *line = lw_entry_cursor(self);
    struct lw_tui *tui = self->view.tui;

    if (line == NULL)
        return LW_OK;
    if (line->leads)
        return lw_entry_show(tui, line->to, err);
    if (line->fact != NULL)
        return lw_fact_show(tui, self->id, line->fact, NULL, err);
    if (line->hangs && line->type == LW_RECORD_ACCOUNT)
        return lw_account_show(tui, line->id, err);
    if (line->hangs && line->type == LW_RECORD_CLAIM)
        return show_claim(self, line->id, err);
    return LW_OK;
}
