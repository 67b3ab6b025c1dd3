/* What one account says: its words to walk through, to mark and to claim; its claims below. */
#include "account_view.h"

#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static struct lw_account_view *account_of(struct lw_view *view)
{
    return (struct lw_account_view *)view;
}

/* ---- the list of claims ---- */

static size_t count_rows(void *context)
{
    return ((struct lw_account_view *)context)->claims;
}

static int draw_row(void *context, size_t row, const struct lw_area *area)
{
    const struct lw_account_claim *claim = &((struct lw_account_view *)context)->claim[row];

    lw_area_put_cut(area, 0, 0, area->columns, claim->differs ? LW_STYLE_STRONG : LW_STYLE_PLAIN,
                    claim->text, strlen(claim->text));
    return 1;
}

static const struct lw_account_claim *selected(const struct lw_account_view *self)
{
    size_t at;

    return self->in_claims && lw_list_selected(&self->list, &at) && at < self->claims
               ? &self->claim[at]
               : NULL;
}

/* ---- the view ---- */

static enum lw_status account_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, account_of(view)->title);
}

static enum lw_status account_status(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_account_view *self = account_of(view);

    return self->marking ? lw_buf_says(out, "marking") : LW_OK;
}

static enum lw_status account_refresh(struct lw_view *view, struct lw_error *err)
{
    struct lw_account_view *self = account_of(view);
    uint8_t id[LW_RECORD_ID];

    memcpy(id, self->account.id, LW_RECORD_ID);
    return lw_account_read(self, id, err);
}

static bool walk(struct lw_account_view *self, enum lw_editor_step step)
{
    struct lw_error err = {.status = LW_OK};
    enum lw_status status = lw_editor_move(&self->text, step, &err);

    if (status != LW_OK && status != LW_DONE)
        lw_tui_complain(self->view.tui, &err);
    return status == LW_OK;
}

static bool account_move(struct lw_view *view, enum lw_move move)
{
    static const enum lw_editor_step steps[] = {
        [LW_MOVE_UP] = LW_STEP_UP,
        [LW_MOVE_DOWN] = LW_STEP_DOWN,
        [LW_MOVE_LEFT] = LW_STEP_LEFT,
        [LW_MOVE_RIGHT] = LW_STEP_RIGHT,
        [LW_MOVE_PAGE_UP] = LW_STEP_PAGE_UP,
        [LW_MOVE_PAGE_DOWN] = LW_STEP_PAGE_DOWN,
        [LW_MOVE_FIRST] = LW_STEP_TEXT_START,
        [LW_MOVE_LAST] = LW_STEP_TEXT_END,
    };
    struct lw_account_view *self = account_of(view);

    if (self->in_claims)
        return lw_list_move(&self->list, move);
    return walk(self, steps[move]);
}

static enum lw_status account_open(struct lw_view *view, struct lw_error *err)
{
    struct lw_account_view *self = account_of(view);
    const struct lw_account_claim *claim = selected(self);

    if (claim != NULL)
        return lw_fact_show(view->tui, self->entry, claim->fact, claim->id, err);
    return lw_account_ask(self, "asserted", err);
}

/* One step back is out of the claims, then away with the mark, then out of the account. */
static bool account_back(struct lw_view *view)
{
    struct lw_account_view *self = account_of(view);
    bool stays = self->in_claims || self->marking;

    if (self->in_claims)
        self->in_claims = false;
    else
        self->marking = false;
    return stays;
}

static int account_tick(struct lw_view *view)
{
    return lw_autosave_tick(&account_of(view)->autosave);
}

static enum lw_status account_save(struct lw_view *view, struct lw_error *err)
{
    return lw_autosave_now(&account_of(view)->autosave, LW_AUTOSAVE_LEAVING_MS, err);
}

static void account_close(struct lw_view *view)
{
    lw_account_clear(account_of(view));
    free(view);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_ACCOUNT,
    .help = "What one account says. Mark words of it: {mark} where they begin, then move to their "
            "end; {claim}, and say which fact they claim. A number is read from them. {to-claims} "
            "goes to the "
            "claims that were made of it.",
    .draw = lw_account_draw,
    .close = account_close,
    .title = account_title,
    .status = account_status,
    .move = account_move,
    .open = account_open,
    .back = account_back,
    .refresh = account_refresh,
    .tick = account_tick,
    .save = account_save,
};

enum lw_status lw_account_make(struct lw_tui *tui, const uint8_t account[LW_RECORD_ID],
                               struct lw_account_view **out, struct lw_error *err)
{
    struct lw_account_view *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the account");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->journal = lw_screen_journal(tui);
    lw_record_init(&self->account, LW_RECORD_ACCOUNT);
    lw_editor_init(&self->text, LW_EDITOR_LIMIT, false);
    lw_autosave_init(&self->autosave, tui, LW_MARKING_DRAFT, lw_account_compose, self);
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = self};
    status = lw_account_read(self, account, err);
    if (status == LW_OK)
        *out = self;
    else
        account_close(&self->view);
    return status;
}

enum lw_status lw_account_show(struct lw_tui *tui, const uint8_t account[LW_RECORD_ID],
                               struct lw_error *err)
{
    struct lw_account_view *self = NULL;
    enum lw_status status = lw_account_make(tui, account, &self, err);

    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    return status;
}

const struct lw_draft *lw_account_draft(const struct lw_view *view)
{
    const struct lw_account_view *self = (const struct lw_account_view *)view;

    return view->ops == &operations && self->autosave.stored ? &self->autosave.draft : NULL;
}

/* ---- commands ---- */

#define COMMAND(name)                                                                              \
    static enum lw_status name(struct lw_tui *tui, struct lw_view *view, const char *argument,     \
                               struct lw_error *err)

COMMAND(mark)
{
    struct lw_account_view *self = account_of(view);

    (void)tui;
    (void)argument;
    (void)err;
    self->in_claims = false;
    self->marking = !self->marking && self->text.text.len > 0;
    self->anchor = self->text.cursor;
    return LW_OK;
}

COMMAND(word_right)
{
    (void)tui;
    (void)argument;
    (void)err;
    walk(account_of(view), LW_STEP_WORD_RIGHT);
    return LW_OK;
}

COMMAND(word_left)
{
    (void)tui;
    (void)argument;
    (void)err;
    walk(account_of(view), LW_STEP_WORD_LEFT);
    return LW_OK;
}

COMMAND(claim)
{
    (void)tui;
    (void)argument;
    return account_open(view, err);
}

COMMAND(deny)
{
    (void)tui;
    (void)argument;
    return lw_account_ask(account_of(view), "denied", err);
}

COMMAND(silent)
{
    (void)tui;
    (void)argument;
    return lw_account_ask(account_of(view), "silent", err);
}

/* In other words than those that stand there. */
COMMAND(other_words)
{
    struct lw_account_view *self = account_of(view);
    struct lw_record preset;
    enum lw_status status;

    (void)argument;
    lw_record_init(&preset, LW_RECORD_CLAIM);
    status = lw_record_set_ref(&preset, "account", self->account.id);
    if (status == LW_OK)
        status = lw_record_form_show(tui, LW_RECORD_CLAIM, NULL, &preset, err);
    lw_record_clear(&preset);
    return status;
}

COMMAND(edit)
{
    struct lw_account_view *self = account_of(view);
    const struct lw_account_claim *chosen = selected(self);

    (void)argument;
    if (chosen != NULL)
        return lw_record_form_show(tui, LW_RECORD_CLAIM, chosen->id, NULL, err);
    return lw_record_form_show(tui, LW_RECORD_ACCOUNT, self->account.id, NULL, err);
}

COMMAND(supersede)
{
    (void)tui;
    (void)argument;
    return lw_account_supersede(account_of(view), err);
}

COMMAND(other_text)
{
    struct lw_account_view *self = account_of(view);

    (void)argument;
    for (int i = 1; i < LW_ACCOUNT_TEXTS; i++) {
        int which = ((int)self->shown + i) % LW_ACCOUNT_TEXTS;

        if (lw_account_choose(self, (enum lw_account_text)which, err))
            return LW_OK;
    }
    lw_tui_say(tui, "this account has no other text");
    return LW_OK;
}

COMMAND(to_claims)
{
    struct lw_account_view *self = account_of(view);

    (void)argument;
    (void)err;
    if (self->claims == 0)
        lw_tui_say(tui, "nothing is claimed of it yet");
    else
        self->in_claims = !self->in_claims;
    return LW_OK;
}

static const struct lw_action list[] = {
    {"mark", "v Space", LW_IN_ACCOUNT, "begin to mark words here; once more: mark nothing", "mark",
     0, mark},
    {"claim", "Enter", LW_IN_ACCOUNT,
     "say which fact the marked words claim; among the claims, show that fact", "claim", 0, claim},
    {"word-right", "w Ctrl-Right", LW_IN_ACCOUNT, "a word to the right", NULL, 0, word_right},
    {"word-left", "b Ctrl-Left", LW_IN_ACCOUNT, "a word to the left", NULL, 0, word_left},
    {"deny", "d", LW_IN_ACCOUNT, "the marked words deny a fact", "deny", LW_ACTION_WRITES, deny},
    {"silent", "m", LW_IN_ACCOUNT, "record that this source does not mention a fact", "silent",
     LW_ACTION_WRITES, silent},
    {"supersede", "u", LW_IN_ACCOUNT,
     "earlier claims of others that this one differs from are superseded", "supersede",
     LW_ACTION_WRITES, supersede},
    {"to-claims", "Tab", LW_IN_ACCOUNT, "from the words to the claims, and back", "claims", 0,
     to_claims},
    {"claim-otherwise", "c", LW_IN_ACCOUNT, "claim in other words, in a form", NULL,
     LW_ACTION_WRITES, other_words},
    {"edit-account", "e", LW_IN_ACCOUNT, "change the account; among the claims, the claim", "edit",
     LW_ACTION_WRITES, edit},
    {"other-text", "t", LW_IN_ACCOUNT, "quote, translation, summary", NULL, 0, other_text},
};

const struct lw_action_table lw_actions_account = {list, LW_COUNT_OF(list)};
