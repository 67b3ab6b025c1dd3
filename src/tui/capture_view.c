/* One line is one entry: typed, shown as it is understood, saved with one more key. */
#include "capture_view.h"
#include "complete.h"
#include "typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static struct lw_capture_view *capture_of(struct lw_view *view)
{
    return (struct lw_capture_view *)view;
}

bool lw_capture_blank(const struct lw_capture_view *capture)
{
    const struct lw_buf *text = &capture->line.editor.text;

    return strspn(lw_buf_text(text), " \t") == text->len;
}

const struct lw_forms *lw_capture_forms(const struct lw_capture_view *capture)
{
    return lw_journal_forms(lw_screen_journal(capture->view.tui));
}

enum lw_status lw_capture_read(const struct lw_capture_view *capture, struct lw_capture *out,
                               struct lw_error *err)
{
    const struct lw_buf *text = &capture->line.editor.text;

    return lw_capture_parse(lw_buf_text(text), text->len, lw_capture_forms(capture),
                            lw_tui_clock(capture->view.tui), out, err);
}

/* ---- the draft ---- */

static enum lw_status compose(void *context, struct lw_buf *state, bool *worth)
{
    const struct lw_capture_view *capture = context;
    const struct lw_buf *text = &capture->line.editor.text;
    enum lw_status status = lw_flat_text(state, "line", lw_buf_text(text), text->len);

    if (status == LW_OK)
        status = lw_flat_number(state, "line.cursor", (int64_t)capture->line.editor.cursor);
    *worth = !lw_capture_blank(capture);
    return status == LW_OK ? lw_flat_end(state) : status;
}

struct restore {
    struct lw_editor *editor;
    size_t cursor;
};

static enum lw_status take(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    struct restore *restore = context;

    if (text != NULL && strcmp(key, "line") == 0)
        return lw_editor_set_text(restore->editor, text, len, err);
    if (text == NULL && number > 0 && strcmp(key, "line.cursor") == 0)
        restore->cursor = (size_t)number;
    return LW_OK;
}

/* ---- saving ---- */

static void stop_waiting(struct lw_capture_view *capture)
{
    capture->waiting = false;
    lw_tui_notice(capture->view.tui, "");
}

static void wait_for_writer(struct lw_capture_view *capture)
{
    struct lw_tui *tui = capture->view.tui;
    char notice[48];

    if (!capture->waiting)
        lw_autosave_time(tui, lw_clock_now(lw_tui_clock(tui)), capture->waiting_since);
    capture->waiting = true;
    capture->waiting_retry_ms = lw_tui_steady_ms(tui) + LW_AUTOSAVE_RETRY_MS;
    snprintf(notice, sizeof notice, _("saving waits since %s"), capture->waiting_since);
    lw_tui_notice(tui, notice);
}

static enum lw_status write(struct lw_capture_view *capture, const struct lw_capture *read,
                            char ref[16], struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(capture->view.tui);
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_PATIENCE_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = lw_journal_log(journal, read, ref, err);
    if (status == LW_OK)
        status = lw_autosave_remove(&capture->autosave, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

static void saved(struct lw_capture_view *capture, const char *ref, const struct lw_buf *said)
{
    struct lw_tui *tui = capture->view.tui;

    lw_autosave_done(&capture->autosave);
    lw_tui_drop(tui, &capture->view);
    lw_tui_changed(tui);
    lw_tui_say(tui, "%s saved: %.*s", ref, (int)lw_utf8_fit(lw_buf_text(said), said->len, 200),
               lw_buf_text(said));
}

static enum lw_status log_line(struct lw_capture_view *capture, struct lw_error *err)
{
    struct lw_buf said = LW_BUF_INIT;
    struct lw_capture read;
    char ref[16];
    enum lw_status status = lw_capture_read(capture, &read, err);

    if (status != LW_OK)
        return status;
    status = lw_capture_say(&read, lw_capture_forms(capture), &said);
    if (status == LW_OK)
        status = write(capture, &read, ref, err);
    if (status == LW_OK)
        saved(capture, ref, &said);
    lw_buf_free(&said);
    lw_capture_clear(&read);
    return status;
}

static enum lw_status try_log(struct lw_capture_view *capture, struct lw_error *err)
{
    enum lw_status status = log_line(capture, err);

    if (status == LW_BUSY) {
        wait_for_writer(capture);
        return LW_OK;
    }
    if (capture->waiting)
        stop_waiting(capture);
    if (status != LW_OK)
        lw_error_prefix(err, "not saved");
    return status;
}

/* The first Enter asks whether it was understood as it was meant. */
static enum lw_status enter(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    struct lw_capture_view *capture = capture_of(view);
    struct lw_capture read;
    enum lw_status status;

    (void)argument;
    if (lw_capture_blank(capture))
        return lw_tui_close(tui, view, err);
    status = lw_capture_read(capture, &read, &capture->wrong);
    capture->wrong_changes = capture->line.editor.changes;
    if (status != LW_OK) {
        capture->confirming = false;
        return lw_fail(err, status, "not saved: see what is wrong with the line");
    }
    lw_capture_clear(&read);
    capture->wrong.status = LW_OK;
    if (capture->confirming)
        return try_log(capture, err);
    capture->confirming = true;
    return LW_OK;
}

/* ---- keys ---- */

static void changed(struct lw_capture_view *capture)
{
    capture->confirming = false;
    lw_autosave_touch(&capture->autosave);
    if (capture->waiting) {
        stop_waiting(capture);
        lw_tui_say(capture->view.tui, "not saved yet, since you go on typing");
    }
}

static bool capture_key(struct lw_view *view, const struct lw_key *key)
{
    struct lw_capture_view *capture = capture_of(view);
    struct lw_editor *editor = &capture->line.editor;
    struct lw_error err = {.status = LW_OK};
    uint64_t changes = editor->changes;
    size_t cursor = editor->cursor;
    bool used = false;
    enum lw_status status = lw_typing_key(editor, key, &used, &err);

    if (status != LW_OK)
        lw_tui_complain(view->tui, &err);
    if (editor->changes != changes)
        changed(capture);
    else if (editor->cursor != cursor && !lw_capture_blank(capture))
        lw_autosave_touch(&capture->autosave);
    return used;
}

static enum lw_status complete(struct lw_view *view, bool backward, struct lw_error *err)
{
    struct lw_capture_view *capture = capture_of(view);
    uint64_t changes = capture->line.editor.changes;
    enum lw_status status = lw_field_complete(&capture->line, backward, err);

    if (capture->line.editor.changes != changes)
        changed(capture);
    return status;
}

static enum lw_status complete_next(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return complete(view, false, err);
}

static enum lw_status complete_before(struct lw_tui *tui, struct lw_view *view,
                                      const char *argument, struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return complete(view, true, err);
}

static bool capture_editing(struct lw_view *view)
{
    (void)view;
    return true;
}

static int capture_tick(struct lw_view *view)
{
    struct lw_capture_view *capture = capture_of(view);
    struct lw_error err = {.status = LW_OK};
    int wait;

    if (capture->waiting && lw_tui_steady_ms(view->tui) >= capture->waiting_retry_ms) {
        if (try_log(capture, &err) != LW_OK)
            lw_tui_complain(view->tui, &err);
        else if (!capture->waiting)
            return -1; /* it is saved and closed */
    }
    wait = lw_autosave_tick(&capture->autosave);
    if (capture->waiting && (wait < 0 || wait > LW_AUTOSAVE_RETRY_MS))
        wait = LW_AUTOSAVE_RETRY_MS;
    return wait;
}

/* ---- leaving ---- */

static enum lw_status capture_save(struct lw_view *view, struct lw_error *err)
{
    return lw_autosave_now(&capture_of(view)->autosave, LW_AUTOSAVE_LEAVING_MS, err);
}

static enum lw_status leave(struct lw_capture_view *capture, struct lw_error *err)
{
    struct lw_tui *tui = capture->view.tui;
    enum lw_status status = lw_tui_close(tui, &capture->view, err);

    if (status == LW_OK && capture->waiting)
        stop_waiting(capture);
    if (status == LW_OK && !lw_capture_blank(capture))
        lw_drafts_say_kept(tui);
    return status;
}

/* While it asks, one step back is to edit again. */
static bool capture_back(struct lw_view *view)
{
    struct lw_capture_view *capture = capture_of(view);
    struct lw_error err = {.status = LW_OK};

    if (capture->confirming && !capture->waiting)
        capture->confirming = false;
    else if (leave(capture, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return true;
}

static enum lw_status cancel_answer(struct lw_tui *tui, void *context, char letter,
                                    struct lw_error *err)
{
    struct lw_capture_view *capture = context;
    enum lw_status status;

    if (letter == 'k')
        return leave(capture, err);
    if (letter != 'd')
        return LW_OK;
    lw_store_set_patience(lw_journal_store(lw_screen_journal(capture->view.tui)),
                          LW_AUTOSAVE_LEAVING_MS);
    status = lw_autosave_remove(&capture->autosave, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "it cannot be dropped now");
        return status;
    }
    if (capture->waiting)
        stop_waiting(capture);
    lw_autosave_done(&capture->autosave);
    lw_tui_drop(tui, &capture->view);
    lw_tui_say(tui, "dropped");
    return LW_OK;
}

static enum lw_status cancel(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    struct lw_capture_view *capture = capture_of(view);

    (void)argument;
    if (lw_capture_blank(capture))
        return leave(capture, err);
    return lw_tui_choose(tui, _("drop it, or keep it unfinished?"), "dk", cancel_answer, capture,
                         err);
}

static void capture_close(struct lw_view *view)
{
    struct lw_capture_view *capture = capture_of(view);

    lw_field_clear(&capture->line);
    free(capture);
}

/* ---- the first line ---- */

static enum lw_status capture_title(struct lw_view *view, struct lw_buf *out)
{
    (void)view;
    return lw_buf_says(out, "Log one line");
}

static enum lw_status capture_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, lw_autosave_say(&capture_of(view)->autosave));
}

static const struct lw_view_ops operations = {
    .context = LW_IN_CAPTURE,
    .help = "One line is one entry: 13 dec 2014 evening @Grozny #arson +victim:JMG office burned. "
            "The order is free, a name of several words is quoted, and what is not understood is "
            "text.",
    .draw = lw_capture_draw,
    .close = capture_close,
    .title = capture_title,
    .status = capture_status,
    .editing = capture_editing,
    .key = capture_key,
    .back = capture_back,
    .tick = capture_tick,
    .save = capture_save,
};

/* ---- opening ---- */

static struct lw_capture_view *make(struct lw_tui *tui)
{
    struct lw_capture_view *capture = calloc(1, sizeof *capture);

    if (capture == NULL)
        return NULL;
    capture->view.ops = &operations;
    capture->view.tui = tui;
    lw_field_init(&capture->line, LW_CAPTURE_MAX, lw_complete_capture, lw_screen_journal(tui));
    lw_autosave_init(&capture->autosave, tui, "capture", compose, capture);
    return capture;
}

enum lw_status lw_capture_show(struct lw_tui *tui, struct lw_error *err)
{
    struct lw_capture_view *capture;

    if (lw_tui_is_read_only(tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    capture = make(tui);
    if (capture == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a line");
    lw_tui_push(tui, &capture->view);
    return LW_OK;
}

enum lw_status lw_capture_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                     struct lw_error *err)
{
    struct lw_capture_view *capture = make(tui);
    struct restore restore;
    enum lw_status status;

    if (capture == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a line");
    restore = (struct restore){.editor = &capture->line.editor};
    status = lw_flat_read(draft->state, draft->state_len, take, &restore, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "the unfinished line cannot be read");
        capture_close(&capture->view);
        return status;
    }
    lw_editor_set_cursor(&capture->line.editor, restore.cursor);
    lw_autosave_resume(&capture->autosave, draft);
    lw_tui_push(tui, &capture->view);
    return LW_OK;
}

const struct lw_draft *lw_capture_draft(const struct lw_view *view)
{
    const struct lw_capture_view *capture = (const struct lw_capture_view *)view;

    return view->ops == &operations && capture->autosave.stored ? &capture->autosave.draft : NULL;
}

/* ---- commands ---- */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)view;
    (void)argument;
    return lw_capture_show(tui, err);
}

#define FROM                                                                                       \
    (LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_SEARCH | LW_IN_FORM | LW_IN_VAULT |         \
     LW_IN_REGISTER | LW_IN_TASKS | LW_IN_THREAT)

static const struct lw_action list[] = {
    {"log", "c F3", FROM, "log one line, from anywhere", "log", LW_ACTION_WRITES, show},
    {"log-line", "Enter", LW_IN_CAPTURE, "ask whether it is understood; once more saves it", "save",
     LW_ACTION_WRITES | LW_ACTION_ESSENTIAL, enter},
    {"log-complete", "Tab", LW_IN_CAPTURE, "complete a place, kind, role or name", "complete", 0,
     complete_next},
    {"log-complete-back", "Shift-Tab", LW_IN_CAPTURE, "the one offered before", NULL, 0,
     complete_before},
    {"log-cancel", "Ctrl-G", LW_IN_CAPTURE, "leave; asks whether to drop the line", "cancel", 0,
     cancel},
};

const struct lw_action_table lw_actions_capture = {list, LW_COUNT_OF(list)};
