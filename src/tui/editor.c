/* The editor's text: in and out, and every change of it. */
#include "editor_internal.h"

#include <string.h>

#define UNDO_SPARE ((size_t)64 << 10)

void lw_editor_init(struct lw_editor *editor, size_t limit, bool one_line)
{
    if (limit == 0)
        limit = LW_EDITOR_LIMIT;
    if (limit > LW_EDITOR_LARGEST)
        limit = LW_EDITOR_LARGEST;
    *editor = (struct lw_editor){
        .limit = limit,
        .one_line = one_line,
        .width = 80,
        .height = 24,
        .past = {.budget = 2 * limit + UNDO_SPARE},
    };
}

void lw_editor_clear(struct lw_editor *editor)
{
    if (!editor)
        return;
    lw_buf_free(&editor->text);
    lw_editor_rows_free(&editor->rows);
    lw_editor_past_free(&editor->past);
    lw_editor_init(editor, editor->limit, editor->one_line);
}

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY,
                   "Not enough memory for this change; the text is as it was, save it now");
}

enum lw_status lw_editor_set_text(struct lw_editor *editor, const char *text, size_t len,
                                  struct lw_error *err)
{
    struct lw_buf taken = LW_BUF_INIT;
    size_t replaced = 0;
    enum lw_status status = lw_editor_take(text, len, &taken, &replaced);

    if (status == LW_OK && taken.len > LW_EDITOR_LARGEST)
        status = lw_fail(err, LW_TOO_LONG, "The text is longer than an editor takes (%zu MiB)",
                         LW_EDITOR_LARGEST >> 20);
    else if (status != LW_OK)
        status = lw_fail(err, status, "Not enough memory to open the text");
    if (status != LW_OK) {
        lw_buf_free(&taken);
        return status;
    }
    lw_buf_free(&editor->text);
    lw_editor_rows_reset(&editor->rows);
    lw_editor_past_free(&editor->past);
    editor->text = taken;
    editor->replaced = replaced;
    editor->cursor = 0;
    editor->top = 0;
    editor->has_goal = false;
    editor->paste = (struct lw_editor_paste){0};
    editor->changes++;
    return LW_OK;
}

enum lw_status lw_editor_text(const struct lw_editor *editor, struct lw_buf *out)
{
    return lw_buf_add(out, lw_buf_text(&editor->text), editor->text.len);
}

/* What a cursor that goes elsewhere ends: a run, a paste in pieces, the column of up and down. */
static void settle(struct lw_editor *editor)
{
    editor->past.run = LW_RUN_NONE;
    editor->paste = (struct lw_editor_paste){0};
    editor->has_goal = false;
}

void lw_editor_set_cursor(struct lw_editor *editor, size_t cursor)
{
    settle(editor);
    editor->cursor = lw_utf8_floor(lw_buf_text(&editor->text), editor->text.len, cursor);
}

/* ---- changes ------------------------------------------------------------------------------ */

/* The border at or after a byte: what was typed may have joined with what stands behind it. */
static size_t border_after(const struct lw_editor *editor, size_t at)
{
    const char *text = lw_buf_text(&editor->text);
    size_t len = editor->text.len;
    size_t start = lw_utf8_floor(text, len, at);

    return start == at ? at : start + lw_utf8_cluster(text + start, len - start, NULL);
}

enum lw_status lw_editor_replace(struct lw_editor *editor, size_t at, size_t removed,
                                 const char *text, size_t len, enum lw_editor_run run,
                                 struct lw_error *err)
{
    size_t rest = editor->text.len - removed;
    struct lw_editor_change *last;

    if (len > removed && (len > editor->limit || rest > editor->limit - len))
        return lw_fail(err, LW_TOO_LONG,
                       "There is room for %zu bytes and %zu of them are used, %zu more do not fit; "
                       "nothing was added",
                       editor->limit, rest, len);
    if (len > removed && lw_buf_reserve(&editor->text, len - removed) != LW_OK)
        return no_memory(err);
    if (lw_editor_note(editor, at, removed, text, len, run) != LW_OK)
        return no_memory(err);
    lw_editor_rows_change(editor, at, removed);
    lw_editor_splice(&editor->text, at, removed, text, len);
    editor->cursor = border_after(editor, at + len);
    editor->has_goal = false;
    editor->changes++;
    last = &editor->past.list[editor->past.done - 1];
    last->cursor_after = editor->cursor;
    return LW_OK;
}

enum lw_status lw_editor_type(struct lw_editor *editor, const char *text, size_t len,
                              struct lw_error *err)
{
    struct lw_buf taken = LW_BUF_INIT;
    size_t replaced = 0;
    enum lw_status status = lw_editor_take(text, len, &taken, &replaced);

    editor->paste = (struct lw_editor_paste){0};
    if (status != LW_OK)
        status = no_memory(err);
    else if (editor->one_line)
        lw_editor_one_line(&taken);
    if (status == LW_OK && taken.len > 0)
        status = lw_editor_replace(editor, editor->cursor, 0, lw_buf_text(&taken), taken.len,
                                   LW_RUN_TYPE, err);
    if (status == LW_OK)
        editor->replaced += replaced;
    lw_buf_free(&taken);
    return status;
}

/* ---- paste -------------------------------------------------------------------------------- */

static enum lw_status refuse_paste(struct lw_editor *editor, enum lw_status status, bool more,
                                   struct lw_error *err)
{
    if (editor->paste.open) {
        editor->replaced = editor->paste.replaced;
        lw_editor_take_back(editor);
    }
    editor->paste = (struct lw_editor_paste){.refused = more};
    if (status == LW_TOO_LONG)
        return lw_fail(err, status,
                       "The pasted text is too long: there is room for %zu bytes, %zu of them are "
                       "used; nothing was pasted, paste it in parts or as a file",
                       editor->limit, editor->text.len);
    return lw_fail(err, status, "Not enough memory to paste that much; nothing was pasted");
}

static enum lw_status add_piece(struct lw_editor *editor, const struct lw_buf *taken,
                                size_t replaced)
{
    struct lw_editor_paste *paste = &editor->paste;
    enum lw_status status;

    if (!paste->open) {
        editor->past.run = LW_RUN_NONE;
        paste->at = editor->cursor;
        paste->replaced = editor->replaced;
    }
    if (taken->len == 0)
        return LW_OK;
    status =
        lw_editor_replace(editor, paste->at, 0, lw_buf_text(taken), taken->len, LW_RUN_PASTE, NULL);
    if (status != LW_OK)
        return status;
    paste->open = true;
    paste->at += taken->len;
    editor->replaced += replaced;
    return LW_OK;
}

enum lw_status lw_editor_paste(struct lw_editor *editor, const char *text, size_t len, bool more,
                               struct lw_error *err)
{
    struct lw_editor_paste *paste = &editor->paste;
    struct lw_buf taken = LW_BUF_INIT;
    size_t replaced = 0;
    enum lw_status status;

    if (paste->refused || len > editor->limit)
        return refuse_paste(editor, LW_TOO_LONG, more, err);
    if (paste->open && paste->after_cr && len > 0 && text[0] == '\n') {
        text++;
        len--;
    }
    status = lw_editor_take(text, len, &taken, &replaced);
    if (status == LW_OK) {
        paste->after_cr = taken.len > 0 && taken.data[taken.len - 1] == '\r';
        lw_editor_returns(&taken);
        if (editor->one_line)
            lw_editor_one_line(&taken);
        status = add_piece(editor, &taken, replaced);
    }
    lw_buf_free(&taken);
    if (status != LW_OK)
        return refuse_paste(editor, status, more, err);
    if (!more) {
        paste->open = false;
        paste->after_cr = false;
        editor->past.run = LW_RUN_NONE;
    }
    return LW_OK;
}

/* ---- cursor ------------------------------------------------------------------------------- */

static enum lw_editor_run run_of(enum lw_editor_step step)
{
    if (step == LW_STEP_LEFT)
        return LW_RUN_BACKSPACE;
    return step == LW_STEP_RIGHT ? LW_RUN_DELETE : LW_RUN_NONE;
}

enum lw_status lw_editor_erase(struct lw_editor *editor, enum lw_editor_step step,
                               struct lw_error *err)
{
    enum lw_status status;
    size_t target;
    size_t from;

    editor->paste = (struct lw_editor_paste){0};
    status = lw_editor_target(editor, step, &target);
    if (status != LW_OK)
        return no_memory(err);
    if (step == LW_STEP_LINE_END && target == editor->cursor)
        status = lw_editor_target(editor, LW_STEP_RIGHT, &target);
    if (status != LW_OK || target == editor->cursor)
        return lw_fail(err, LW_DONE, "Nothing to erase there");
    from = target < editor->cursor ? target : editor->cursor;
    return lw_editor_replace(
        editor, from, target < editor->cursor ? editor->cursor - target : target - editor->cursor,
        "", 0, run_of(step), err);
}

static bool is_vertical(enum lw_editor_step step)
{
    return step == LW_STEP_UP || step == LW_STEP_DOWN || step == LW_STEP_PAGE_UP ||
           step == LW_STEP_PAGE_DOWN;
}

enum lw_status lw_editor_move(struct lw_editor *editor, enum lw_editor_step step,
                              struct lw_error *err)
{
    enum lw_status status;
    size_t target;

    editor->past.run = LW_RUN_NONE;
    editor->paste = (struct lw_editor_paste){0};
    if (!is_vertical(step))
        editor->has_goal = false;
    status = lw_editor_target(editor, step, &target);
    if (status != LW_OK)
        return lw_fail(err, status,
                       "Not enough memory to go there; the text is whole, save it now");
    if (target == editor->cursor)
        return lw_fail(err, LW_DONE, "The text goes no further that way");
    editor->cursor = target;
    return LW_OK;
}
