/* Undo and redo: what was removed and inserted, step by step. */
#include "editor_internal.h"

#include <stdlib.h>
#include <string.h>

#define RUN_TYPED  64  /* bytes after which the next blank ends a typing run */
#define RUN_ERASED 256 /* bytes after which an erasing run ends */

static size_t weight(const struct lw_editor_change *change)
{
    return sizeof(*change) + change->removed.cap + change->inserted.cap;
}

static void change_free(struct lw_editor_past *past, struct lw_editor_change *change)
{
    past->bytes -= weight(change);
    lw_buf_free(&change->removed);
    lw_buf_free(&change->inserted);
}

/* What was undone cannot be redone once something else is typed. */
static void forget_undone(struct lw_editor_past *past)
{
    while (past->count > past->done)
        change_free(past, &past->list[--past->count]);
}

/* Drops the oldest steps where there are too many, or where they hold too much; the last stays. */
static void keep_budget(struct lw_editor_past *past)
{
    size_t drop = 0;

    while (past->count - drop > 1 &&
           (past->bytes > past->budget || past->count - drop > LW_EDITOR_UNDO))
        change_free(past, &past->list[drop++]);
    if (drop == 0)
        return;
    past->count -= drop;
    past->done -= drop;
    memmove(past->list, past->list + drop, past->count * sizeof(*past->list));
}

void lw_editor_past_free(struct lw_editor_past *past)
{
    past->done = 0;
    forget_undone(past);
    if (past->list)
        lw_zero(past->list, past->cap * sizeof(*past->list));
    free(past->list);
    *past = (struct lw_editor_past){.budget = past->budget};
}

static enum lw_status make_room(struct lw_editor_past *past)
{
    struct lw_editor_change *list;
    size_t cap = past->cap > 0 ? 2 * past->cap : 16;

    if (past->done < past->cap)
        return LW_OK;
    list = calloc(cap, sizeof(*list));
    if (!list)
        return LW_NO_MEMORY;
    if (past->list) {
        memcpy(list, past->list, past->count * sizeof(*list));
        lw_zero(past->list, past->cap * sizeof(*list));
        free(past->list);
    }
    past->list = list;
    past->cap = cap;
    return LW_OK;
}

static enum lw_status push(struct lw_editor *editor, size_t at, size_t removed, const char *text,
                           size_t len)
{
    struct lw_editor_past *past = &editor->past;
    struct lw_editor_change change = {.at = at, .cursor_before = editor->cursor};
    enum lw_status status = make_room(past);

    if (status == LW_OK)
        status = lw_buf_add(&change.removed, lw_buf_text(&editor->text) + at, removed);
    if (status == LW_OK)
        status = lw_buf_add(&change.inserted, text, len);
    if (status != LW_OK) {
        lw_buf_free(&change.removed);
        lw_buf_free(&change.inserted);
        return status;
    }
    forget_undone(past);
    past->list[past->count++] = change;
    past->done = past->count;
    past->bytes += weight(&change);
    return LW_OK;
}

/* ---- runs --------------------------------------------------------------------------------- */

static bool continues(const struct lw_editor_past *past, size_t at, size_t removed, size_t len,
                      enum lw_editor_run run)
{
    const struct lw_editor_change *last;

    if (run == LW_RUN_NONE || run != past->run || past->done == 0 || past->done != past->count)
        return false;
    last = &past->list[past->done - 1];
    switch (run) {
    case LW_RUN_TYPE:
    case LW_RUN_PASTE:
        return removed == 0 && at == last->at + last->inserted.len;
    case LW_RUN_BACKSPACE:
        return len == 0 && last->inserted.len == 0 && at + removed == last->at;
    case LW_RUN_DELETE:
        return len == 0 && last->inserted.len == 0 && at == last->at;
    case LW_RUN_CHOICE:
        return at == last->at && removed == last->inserted.len;
    default:
        return false;
    }
}

/* Puts text in the place of what the step had inserted. */
static enum lw_status exchange(struct lw_editor_change *last, const char *text, size_t len)
{
    struct lw_buf other = LW_BUF_INIT;
    enum lw_status status = lw_buf_add(&other, text, len);

    if (status != LW_OK)
        return status;
    lw_buf_free(&last->inserted);
    last->inserted = other;
    return LW_OK;
}

static enum lw_status join(struct lw_editor *editor, size_t at, size_t removed, const char *text,
                           size_t len, enum lw_editor_run run)
{
    struct lw_editor_change *last = &editor->past.list[editor->past.done - 1];
    const char *gone = lw_buf_text(&editor->text) + at;
    enum lw_status status = LW_OK;
    size_t before = weight(last);

    if (run == LW_RUN_TYPE || run == LW_RUN_PASTE) {
        status = lw_buf_add(&last->inserted, text, len);
    } else if (run == LW_RUN_CHOICE) {
        status = exchange(last, text, len);
    } else if (run == LW_RUN_DELETE) {
        status = lw_buf_add(&last->removed, gone, removed);
    } else {
        status = lw_buf_reserve(&last->removed, removed);
        if (status == LW_OK) {
            lw_editor_splice(&last->removed, 0, 0, gone, removed);
            last->at = at;
        }
    }
    editor->past.bytes += weight(last) - before;
    return status;
}

/* A run ends with a line, and where it has become long: undo should not take back a whole page. */
static enum lw_editor_run stays_open(const struct lw_editor_change *last, enum lw_editor_run run)
{
    size_t len = last->inserted.len;
    char end = len > 0 ? last->inserted.data[len - 1] : '\0';

    if (run == LW_RUN_TYPE && (end == '\n' || (end == ' ' && len >= RUN_TYPED)))
        return LW_RUN_NONE;
    if (last->removed.len >= RUN_ERASED && run != LW_RUN_CHOICE)
        return LW_RUN_NONE;
    return run;
}

enum lw_status lw_editor_note(struct lw_editor *editor, size_t at, size_t removed, const char *text,
                              size_t len, enum lw_editor_run run)
{
    struct lw_editor_past *past = &editor->past;
    enum lw_status status;

    if (continues(past, at, removed, len, run))
        status = join(editor, at, removed, text, len, run);
    else
        status = push(editor, at, removed, text, len);
    if (status != LW_OK)
        return status;
    past->run = stays_open(&past->list[past->done - 1], run);
    keep_budget(past);
    return LW_OK;
}

/* ---- back and forth ----------------------------------------------------------------------- */

static enum lw_status apply(struct lw_editor *editor, size_t at, const struct lw_buf *gone,
                            const struct lw_buf *back, struct lw_error *err)
{
    if (back->len > gone->len && lw_buf_reserve(&editor->text, back->len - gone->len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY,
                       "Not enough memory to undo or redo; the text is as it was");
    lw_editor_rows_change(editor, at, gone->len);
    lw_editor_splice(&editor->text, at, gone->len, back->data, back->len);
    editor->past.run = LW_RUN_NONE;
    editor->paste = (struct lw_editor_paste){0};
    editor->has_goal = false;
    editor->changes++;
    return LW_OK;
}

enum lw_status lw_editor_undo(struct lw_editor *editor, struct lw_error *err)
{
    struct lw_editor_past *past = &editor->past;
    struct lw_editor_change *change;
    enum lw_status status;

    if (past->done == 0)
        return lw_fail(err, LW_DONE, "Nothing to undo");
    change = &past->list[past->done - 1];
    status = apply(editor, change->at, &change->inserted, &change->removed, err);
    if (status != LW_OK)
        return status;
    editor->cursor = change->cursor_before;
    past->done--;
    return LW_OK;
}

enum lw_status lw_editor_redo(struct lw_editor *editor, struct lw_error *err)
{
    struct lw_editor_past *past = &editor->past;
    struct lw_editor_change *change;
    enum lw_status status;

    if (past->done == past->count)
        return lw_fail(err, LW_DONE, "Nothing to redo");
    change = &past->list[past->done];
    status = apply(editor, change->at, &change->removed, &change->inserted, err);
    if (status != LW_OK)
        return status;
    editor->cursor = change->cursor_after;
    past->done++;
    return LW_OK;
}

void lw_editor_take_back(struct lw_editor *editor)
{
    if (lw_editor_undo(editor, NULL) == LW_OK)
        forget_undone(&editor->past);
}
