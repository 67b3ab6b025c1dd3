/* When a draft is written, and what is said where it cannot be. */
#include "autosave.h"

#include <stdio.h>
#include <string.h>

void lw_autosave_init(struct lw_autosave *save, struct lw_tui *tui, const char *form,
                      lw_autosave_compose *compose, void *context)
{
    *save = (struct lw_autosave){.tui = tui, .compose = compose, .context = context};
    save->draft.form = form;
}

void lw_autosave_resume(struct lw_autosave *save, const struct lw_draft *draft)
{
    const char *form = save->draft.form;

    save->draft = *draft;
    save->draft.form = form;
    save->draft.state = NULL;
    save->draft.state_len = 0;
    save->stored = true;
}

void lw_autosave_touch(struct lw_autosave *save)
{
    save->last_ms = lw_tui_steady_ms(save->tui);
    if (!save->dirty)
        save->first_ms = save->last_ms;
    save->dirty = true;
}

void lw_autosave_time(const struct lw_tui *tui, int64_t unix_ms, char out[8])
{
    int64_t seconds = unix_ms / 1000;
    int64_t local = seconds + 60 * (int64_t)lw_clock_offset(lw_tui_clock(tui), seconds);
    int64_t minute = (local % 86400 + 86400) % 86400 / 60;

    snprintf(out, 8, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

/* A notice stays until it is safe, a sentence above the keys until the next key. */
static void tell(struct lw_autosave *save, const struct lw_error *why)
{
    char notice[64];
    bool first = save->since[0] == '\0';

    if (first)
        lw_autosave_time(save->tui, lw_clock_now(lw_tui_clock(save->tui)), save->since);
    snprintf(notice, sizeof notice,
             why->status == LW_BUSY ? _("saving waits since %s") : _("NOT SAVED since %s"),
             save->since);
    if ((first || save->trouble.status != why->status) && why->status != LW_BUSY)
        lw_tui_complain(save->tui, why);
    save->trouble = *why;
    save->retry_ms = lw_tui_steady_ms(save->tui) + LW_AUTOSAVE_RETRY_MS;
    lw_tui_notice(save->tui, notice);
}

static void safe(struct lw_autosave *save)
{
    if (save->since[0] != '\0')
        lw_tui_notice(save->tui, "");
    save->since[0] = '\0';
    save->trouble.status = LW_OK;
    save->retry_ms = 0;
    save->dirty = false;
}

static enum lw_status put(struct lw_autosave *save, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(save->tui);
    struct lw_buf state = LW_BUF_INIT;
    bool worth = true;
    enum lw_status status = save->compose(save->context, &state, &worth);

    if (status != LW_OK) {
        status = lw_fail(err, status, "the draft cannot be written: %s", lw_status_message(status));
    } else if (!worth) {
        if (save->stored)
            status = lw_draft_remove(journal, &save->draft, err);
        if (status == LW_OK)
            lw_autosave_done(save);
    } else {
        save->draft.state = state.data;
        save->draft.state_len = state.len;
        status = lw_draft_put(journal, &save->draft, err);
        save->draft.state = NULL;
        save->draft.state_len = 0;
        save->stored = save->stored || status == LW_OK;
    }
    lw_buf_free(&state);
    return status;
}

enum lw_status lw_autosave_now(struct lw_autosave *save, int patience_ms, struct lw_error *err)
{
    struct lw_error why = {.status = LW_OK};
    enum lw_status status;

    if (!save->dirty)
        return LW_OK;
    lw_store_set_patience(lw_journal_store(lw_screen_journal(save->tui)), patience_ms);
    status = put(save, &why);
    if (status == LW_OK) {
        safe(save);
        lw_tui_redraw(save->tui);
        return LW_OK;
    }
    if (status != LW_BUSY)
        lw_error_prefix(&why, "what you type is kept in memory only");
    tell(save, &why);
    if (err != NULL)
        *err = why;
    return status;
}

int lw_autosave_tick(struct lw_autosave *save)
{
    int64_t now = lw_tui_steady_ms(save->tui);
    int64_t due = save->last_ms + LW_AUTOSAVE_PAUSE_MS;

    if (!save->dirty)
        return -1;
    if (due > save->first_ms + LW_AUTOSAVE_MOST_MS)
        due = save->first_ms + LW_AUTOSAVE_MOST_MS;
    if (save->retry_ms != 0)
        due = save->retry_ms;
    if (now < due)
        return (int)(due - now);
    if (lw_autosave_now(save, LW_AUTOSAVE_PATIENCE_MS, NULL) == LW_OK)
        return -1;
    return LW_AUTOSAVE_RETRY_MS;
}

enum lw_status lw_autosave_remove(struct lw_autosave *save, struct lw_error *err)
{
    if (!save->stored)
        return LW_OK;
    return lw_draft_remove(lw_screen_journal(save->tui), &save->draft, err);
}

void lw_autosave_done(struct lw_autosave *save)
{
    const char *form = save->draft.form;
    struct lw_draft empty = {.form = form, .has_entry = save->draft.has_entry};

    memcpy(empty.entry, save->draft.entry, LW_RECORD_ID);
    save->draft = empty;
    save->stored = false;
    safe(save);
}

const char *lw_autosave_say(const struct lw_autosave *save)
{
    if (save->since[0] != '\0')
        return _("in memory only"); /* beside the notice */
    if (save->dirty)
        return _("not kept yet");
    return save->stored ? _("typing kept") : "";
}
