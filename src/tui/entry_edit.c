/* Opening and changing what the cursor of an entry is on. */
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

static enum lw_status change(struct lw_entry_view *self, struct lw_error *err)
{
    const struct lw_entry_text *line = lw_entry_cursor(self);
    struct lw_tui *tui = self->view.tui;

    if (line != NULL && line->hangs)
        return lw_record_form_show(tui, line->type, line->id, NULL, err);
    if (line != NULL && line->fact != NULL)
        return lw_fact_show(tui, self->id, line->fact, NULL, err);
    return lw_form_show(tui, LW_RECORD_ENTRY, self->id, err);
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
    if (line->type == LW_RECORD_ACCOUNT)
        return lw_account_show(tui, line->id, err);
    if (line->type == LW_RECORD_CLAIM)
        return show_claim(self, line->id, err);
    return change(self, err);
}

/* ---- commands ---- */

static enum lw_status edit_this(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return change(lw_entry_of(view), err);
}

static enum lw_status edit_entry(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)argument;
    return lw_form_show(tui, LW_RECORD_ENTRY, lw_entry_of(view)->id, err);
}

static enum lw_status add(struct lw_tui *tui, struct lw_view *view, const char *argument,
                          struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_entry_add(lw_entry_of(view), err);
}

static const struct lw_action list[] = {
    {"edit-this", "e", LW_IN_ENTRY, "change what the cursor is on; without one, the entry", "edit",
     LW_ACTION_WRITES, edit_this},
    {"edit-entry", "E", LW_IN_ENTRY, "change the entry in a form", NULL, LW_ACTION_WRITES,
     edit_entry},
    {"add", "a", LW_IN_ENTRY,
     "add an account, claim, person, item, answer, link, order or task to the entry", "add",
     LW_ACTION_WRITES, add},
};

const struct lw_action_table lw_actions_entry_edit = {list, LW_COUNT_OF(list)};
