/* One fact of one entry: what each account says about it, beside each other where there is room,
 * and what the team holds of it. Nothing that was claimed ever goes from here. */
#include "fact_view.h"

#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static struct lw_fact_view *fact_of(struct lw_view *view)
{
    return (struct lw_fact_view *)view;
}

static enum lw_status fact_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, fact_of(view)->page.title);
}

static enum lw_status fact_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_says(out, fact_of(view)->differs ? "≠ they differ" : "");
}

static bool fact_move(struct lw_view *view, enum lw_move move)
{
    struct lw_fact_view *self = fact_of(view);
    struct lw_error err = {.status = LW_OK};

    if (move != LW_MOVE_LEFT && move != LW_MOVE_RIGHT)
        return lw_entry_move(&self->page, move);
    if (lw_fact_step(self, move == LW_MOVE_RIGHT ? 1 : -1, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return true;
}

/* Enter goes to the words of the account. */
static enum lw_status fact_open(struct lw_view *view, struct lw_error *err)
{
    const uint8_t *account = lw_fact_account(fact_of(view));

    return account == NULL ? LW_OK : lw_account_show(view->tui, account, err);
}

static enum lw_status fact_refresh(struct lw_view *view, struct lw_error *err)
{
    return lw_fact_read(fact_of(view), NULL, err);
}

static void fact_close(struct lw_view *view)
{
    struct lw_fact_view *self = fact_of(view);

    lw_entry_page_clear(&self->page.page);
    lw_text_free(self->page.title);
    lw_text_free(self->fact);
    free(self->account);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_FACT,
    .help = "One fact, and what each account says about it. What the team holds of a claim is "
            "recorded with a note; a claim that is superseded or withdrawn stays here, and counts "
            "as a contradiction no more. That a source is silent is recorded by you alone.",
    .draw = lw_entry_draw,
    .close = fact_close,
    .title = fact_title,
    .status = fact_status,
    .move = fact_move,
    .open = fact_open,
    .refresh = fact_refresh,
};

enum lw_status lw_fact_show(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID], const char *fact,
                            const uint8_t *claim, struct lw_error *err)
{
    struct lw_fact_view *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the fact");
    self->page.view.ops = &operations;
    self->page.view.tui = tui;
    self->page.selected = SIZE_MAX;
    memcpy(self->page.id, entry, LW_RECORD_ID);
    self->fact = lw_text_copy(fact, strlen(fact));
    status = self->fact != NULL ? lw_fact_read(self, claim, err)
                                : lw_fail(err, LW_NO_MEMORY, "no memory for the fact");
    if (status == LW_OK)
        lw_tui_push(tui, &self->page.view);
    else
        fact_close(&self->page.view);
    return status;
}

/* ---- commands ---- */

#define COMMAND(name)                                                                              \
    static enum lw_status name(struct lw_tui *tui, struct lw_view *view, const char *argument,     \
                               struct lw_error *err)
#define JUDGE(name)                                                                                \
    COMMAND(name)                                                                                  \
    {                                                                                              \
        (void)tui;                                                                                 \
        (void)argument;                                                                            \
        return lw_fact_judge(fact_of(view), #name, err);                                           \
    }

JUDGE(accepted)
JUDGE(conflict)
JUDGE(superseded)
JUDGE(withdrawn)
JUDGE(open)

COMMAND(note)
{
    (void)tui;
    (void)argument;
    return lw_fact_judge(fact_of(view), NULL, err);
}

COMMAND(silent)
{
    (void)tui;
    (void)argument;
    return lw_fact_silence(fact_of(view), err);
}

/* The claim; where there is none, a new one of that account about this fact. */
COMMAND(edit)
{
    struct lw_fact_view *self = fact_of(view);
    const uint8_t *claim = lw_fact_claim(self), *account = lw_fact_account(self);
    struct lw_record preset;
    enum lw_status status;

    (void)argument;
    if (claim != NULL)
        return lw_record_form_show(tui, LW_RECORD_CLAIM, claim, NULL, err);
    if (account == NULL)
        return LW_OK;
    lw_record_init(&preset, LW_RECORD_CLAIM);
    status = lw_record_set_ref(&preset, "account", account);
    if (status == LW_OK)
        status = lw_record_set_text(&preset, "fact", self->fact, strlen(self->fact));
    if (status == LW_OK)
        status = lw_record_form_show(tui, LW_RECORD_CLAIM, NULL, &preset, err);
    lw_record_clear(&preset);
    return status;
}

COMMAND(next_fact)
{
    (void)tui;
    (void)argument;
    return lw_fact_step(fact_of(view), 1, err);
}

COMMAND(previous_fact)
{
    (void)tui;
    (void)argument;
    return lw_fact_step(fact_of(view), -1, err);
}

static const struct lw_action list[] = {
    {"accept", "a", LW_IN_FACT, "the team accepts this claim; asks for a note", "accept",
     LW_ACTION_WRITES, accepted},
    {"conflict", "x", LW_IN_FACT, "this claim is in conflict, and stays so; asks for a note",
     "conflict", LW_ACTION_WRITES, conflict},
    {"superseded", "u", LW_IN_FACT, "a later claim takes its place; asks for a note", "superseded",
     LW_ACTION_WRITES, superseded},
    {"withdraw", "w", LW_IN_FACT, "its source withdrew it; asks for a note", "withdrawn",
     LW_ACTION_WRITES, withdrawn},
    {"open-again", "r", LW_IN_FACT, "nothing is decided about it; asks for a note", NULL,
     LW_ACTION_WRITES, open},
    {"claim-note", "n", LW_IN_FACT, "change the note alone", NULL, LW_ACTION_WRITES, note},
    {"not-mentioned", "m", LW_IN_FACT, "record that this source does not mention it", "silent",
     LW_ACTION_WRITES, silent},
    {"edit-claim", "e", LW_IN_FACT, "change the claim in a form; where there is none, make one",
     "edit", LW_ACTION_WRITES, edit},
    {"next-fact", "]", LW_IN_FACT, "the next fact of the entry; also to the right", NULL, 0,
     next_fact},
    {"previous-fact", "[", LW_IN_FACT, "the fact before; also to the left", NULL, 0, previous_fact},
};

const struct lw_action_table lw_actions_fact = {list, LW_COUNT_OF(list)};
