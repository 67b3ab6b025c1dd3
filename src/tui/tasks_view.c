/* Tasks as a list: overdue ones first; new, done, changed. */
#include "journal_views.h"
#include "list.h"
#include "typed_filter.h"
#include "wrapped.h"

#include <stdlib.h>
#include <string.h>

enum { WHEN_WIDE = 22, BRIEF_WIDE = 14, NARROW = 60, PATIENCE_MS = 50, LONG_LIST = 500 };

struct row {
    uint8_t id[LW_RECORD_ID];
    bool has_entry, done, late;
    uint8_t entry[LW_RECORD_ID];
    char *when;  /* "overdue by 3 days" */
    char *brief; /* "3 d overdue" */
    char *text;  /* title, and for whom */
    char *rest;  /* the entry, the note */
};

struct tasks {
    struct lw_view view;
    struct row *row;
    size_t count, cap;
    bool all; /* done ones too */
    struct lw_typed_filter filter;
    struct lw_task_counts counts;
    struct lw_list list;
};

static const struct lw_view_ops operations;

static struct tasks *tasks_of(struct lw_view *view)
{
    return (struct tasks *)view;
}

/* ---- what there is ----------------------------------------------------------------------------
 */

static void clear(struct tasks *self)
{
    for (size_t i = 0; self->row != NULL && i < self->count; i++) {
        lw_text_free(self->row[i].when);
        lw_text_free(self->row[i].brief);
        lw_text_free(self->row[i].text);
        lw_text_free(self->row[i].rest);
    }
    self->count = 0;
}

static char *clean(const struct lw_buf *text)
{
    return lw_clean_copy(lw_buf_text(text), text->len, false);
}

/* For a small screen, where the number of days must not be cut. */
static enum lw_status say_brief(const struct lw_task *task, struct lw_buf *out)
{
    if (task->done)
        return lw_buf_says(out, "done");
    if (task->state == LW_DUE_OVERDUE)
        return lw_buf_sayf(out, "%lld d overdue", (long long)task->overdue_days);
    if (task->state == LW_DUE_TODAY)
        return lw_buf_says(out, "today");
    return task->due != NULL ? lw_buf_adds(out, task->due) : LW_OK;
}

static enum lw_status say_row(const struct lw_task *task, struct row *row)
{
    struct lw_buf when = LW_BUF_INIT, text = LW_BUF_INIT, rest = LW_BUF_INIT;
    struct lw_buf brief = LW_BUF_INIT;
    enum lw_status status = task->done ? lw_buf_says(&when, "done") : lw_task_due_say(task, &when);

    if (status == LW_OK)
        status = say_brief(task, &brief);
    if (status == LW_OK)
        status = lw_buf_adds(&text, task->title);
    if (status == LW_OK && task->assignee != NULL)
        status = lw_buf_sayf(&text, " · for %s", task->assignee);
    if (status == LW_OK && task->has_entry)
        status = lw_buf_addf(&rest, "%s %s", task->ref, task->entry_title);
    if (status == LW_OK && task->note != NULL)
        status = lw_buf_addf(&rest, "%s%s", rest.len > 0 ? " · " : "", task->note);
    if (status == LW_OK) {
        row->when = clean(&when);
        row->brief = clean(&brief);
        row->text = clean(&text);
        row->rest = clean(&rest);
        if (row->when == NULL || row->brief == NULL || row->text == NULL || row->rest == NULL)
            status = LW_NO_MEMORY;
    }
    lw_buf_free(&when);
    lw_buf_free(&brief);
    lw_buf_free(&text);
    lw_buf_free(&rest);
    return status;
}

static enum lw_status visit(void *context, const struct lw_task *task, struct lw_error *err)
{
    struct tasks *self = context;
    struct row *row;

    if (self->count == self->cap) {
        size_t cap = self->cap == 0 ? 32 : self->cap * 2;
        struct row *grown = realloc(self->row, cap * sizeof *grown);

        if (grown == NULL)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the tasks");
        self->row = grown;
        self->cap = cap;
    }
    row = &self->row[self->count++];
    *row = (struct row){.has_entry = task->has_entry,
                        .done = task->done,
                        .late = !task->done && task->state == LW_DUE_OVERDUE};
    memcpy(row->id, task->id, LW_RECORD_ID);
    memcpy(row->entry, task->entry, LW_RECORD_ID);
    return say_row(task, row) == LW_OK ? LW_OK
                                       : lw_fail(err, LW_NO_MEMORY, "no memory for the tasks");
}

static int64_t today(const struct tasks *self)
{
    return lw_journal_day(lw_screen_journal(self->view.tui));
}

static const struct row *selected(const struct tasks *self)
{
    size_t at;

    return lw_list_selected(&self->list, &at) && at < self->count ? &self->row[at] : NULL;
}

/* The selection follows its task where that moves to another place. */
static enum lw_status load(struct tasks *self, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(self->view.tui);
    const struct lw_filter passing = {.tree = self->filter.tree};
    const struct lw_filter *filter = passing.tree != NULL ? &passing : NULL;
    const struct row *row = selected(self);
    uint8_t id[LW_RECORD_ID] = {0};
    enum lw_status status;

    if (row != NULL)
        memcpy(id, row->id, LW_RECORD_ID);
    clear(self);
    status = lw_tasks_each(journal, filter, self->all, today(self), visit, self, err);
    if (status == LW_OK)
        status = lw_tasks_count(journal, filter, today(self), &self->counts, err);
    if (filter == NULL)
        self->filter.late = self->count > LONG_LIST;
    lw_list_settle(&self->list);
    for (size_t i = 0; i < self->count; i++) {
        if (memcmp(self->row[i].id, id, LW_RECORD_ID) == 0)
            lw_list_select(&self->list, i);
    }
    return status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static size_t count_rows(void *context)
{
    return ((const struct tasks *)context)->count;
}

static int draw_row(void *context, size_t at, const struct lw_area *area)
{
    const struct row *row = &((const struct tasks *)context)->row[at];
    bool narrow = area->columns < NARROW;
    const char *when = narrow ? row->brief : row->when;
    int wide = narrow ? BRIEF_WIDE : WHEN_WIDE;
    int used = lw_area_put_cut(area, 0, 0, wide - 1, row->late ? LW_STYLE_STRONG : LW_STYLE_DIM,
                               when, strlen(when));

    lw_area_put_cut(area, 0, wide, area->columns - wide, LW_STYLE_PLAIN, row->text,
                    strlen(row->text));
    return used;
}

static int put_below(const struct lw_area *area, int row, enum lw_style style, const char *text)
{
    return lw_wrapped_put(area, row, area->rows - row < 3 ? area->rows - row : 3, area->columns,
                          style, text, strlen(text));
}

/* The selected task in full, since its line cuts it. */
static int draw_selected(struct tasks *self, const struct lw_area *area)
{
    const struct row *row = selected(self);
    int rows = area->rows >= 16 ? 6 : area->rows >= 8 ? 3 : 0;
    struct lw_area part = lw_area_part(area, area->rows - rows, 0, rows, area->columns);
    int at = 1;

    if (row == NULL || rows == 0)
        return 0;
    for (int i = 0; i < part.columns; i++)
        lw_area_puts(&part, 0, i, LW_STYLE_DIM, lw_grid_sign(area->grid, LW_SIGN_RULE));
    at += put_below(&part, at, LW_STYLE_PLAIN, row->text);
    if (at < rows)
        (void)put_below(&part, at, LW_STYLE_DIM, row->rest);
    return rows;
}

static void tasks_draw(struct lw_view *view, const struct lw_area *area)
{
    struct tasks *self = tasks_of(view);
    bool filtered = self->filter.tree != NULL;
    int below = draw_selected(self, area);
    struct lw_area part = lw_area_part(area, filtered ? 1 : 0, 0,
                                       area->rows - below - (filtered ? 1 : 0), area->columns);

    if (filtered)
        lw_typed_filter_draw(view, &self->filter.text, area);
    lw_list_draw(&self->list, &part,
                 filtered    ? "no task is of an entry that passes the filter"
                 : self->all ? "no tasks yet"
                             : "no task is open");
}

static enum lw_status tasks_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_says(out, tasks_of(view)->all ? "Tasks, done ones too" : "Tasks");
}

static enum lw_status tasks_status(struct lw_view *view, struct lw_buf *out)
{
    const struct tasks *self = tasks_of(view);
    enum lw_status status = lw_buf_sayf(out, "%zu open", self->counts.open);

    if (status != LW_OK || (self->counts.overdue == 0 && self->counts.today == 0))
        return status;
    status = lw_buf_adds(out, ": ");
    return status == LW_OK ? lw_tasks_say(&self->counts, out) : status;
}

/* ---- moving -----------------------------------------------------------------------------------
 */

static bool tasks_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&tasks_of(view)->list, move);
}

static enum lw_status tasks_open(struct lw_view *view, struct lw_error *err)
{
    const struct row *row = selected(tasks_of(view));

    if (row == NULL)
        return LW_OK;
    if (row->has_entry)
        return lw_entry_show(view->tui, row->entry, err);
    lw_tui_say(view->tui, "this task is of no entry");
    return LW_OK;
}

static enum lw_status tasks_refresh(struct lw_view *view, struct lw_error *err)
{
    return load(tasks_of(view), err);
}

static void tasks_close(struct lw_view *view)
{
    struct tasks *self = tasks_of(view);

    clear(self);
    lw_typed_filter_free(&self->filter);
    free(self->row);
    free(self);
}

static struct lw_typed_filter *tasks_filter(struct lw_view *view)
{
    return &tasks_of(view)->filter;
}

static const struct lw_view_ops operations = {
    .context = LW_IN_TASKS,
    .help =
        "What is to be done: what is overdue first, then by its date, at last what has none. "
        "{open} opens the entry that a task is about; a filter lets through tasks of the entries "
        "that pass.",
    .draw = tasks_draw,
    .close = tasks_close,
    .title = tasks_title,
    .status = tasks_status,
    .move = tasks_move,
    .open = tasks_open,
    .back = lw_typed_filter_back,
    .refresh = tasks_refresh,
    .filter = tasks_filter,
};

enum lw_status lw_tasks_show(struct lw_tui *tui, struct lw_error *err)
{
    struct tasks *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the tasks");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = self};
    status = load(self, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        tasks_close(&self->view);
    return status;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)argument;
    return view->ops == &operations ? LW_OK : lw_tasks_show(tui, err);
}

/* Of the entry that is selected or shown, where there is one. */
static enum lw_status new_task(struct lw_tui *tui, struct lw_view *view, const char *argument,
                               struct lw_error *err)
{
    struct lw_record preset;
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = LW_OK;

    (void)argument;
    lw_record_init(&preset, LW_RECORD_TASK);
    if (lw_screen_selected(view, &type, id) && type == LW_RECORD_ENTRY)
        status = lw_record_set_ref(&preset, "entry", id);
    status = status == LW_OK ? lw_record_form_show(tui, LW_RECORD_TASK, NULL, &preset, err)
                             : lw_fail(err, status, "no memory for the form");
    lw_record_clear(&preset);
    return status;
}

static enum lw_status edit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    const struct row *row = selected(tasks_of(view));

    (void)argument;
    return row == NULL ? LW_OK : lw_record_form_show(tui, LW_RECORD_TASK, row->id, NULL, err);
}

static enum lw_status toggle_done(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    struct tasks *self = tasks_of(view);
    const struct row *row = selected(self);
    struct lw_journal *journal = lw_screen_journal(tui);
    bool changed, done;
    struct lw_buf key = LW_BUF_INIT;
    enum lw_status status;

    (void)argument;
    if (row == NULL)
        return LW_OK;
    done = !row->done;
    lw_store_set_patience(lw_journal_store(journal), PATIENCE_MS);
    status = lw_task_set_done(journal, row->id, done, &changed, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "nothing was changed");
        return status;
    }
    lw_tui_changed(tui);
    if (done)
        lw_tui_say(tui, "done; %s shows what is done",
                   lw_tui_key(tui, LW_IN_TASKS, "all-tasks", &key));
    else
        lw_tui_say(tui, "open again");
    lw_buf_free(&key);
    return LW_OK;
}

static enum lw_status toggle_all(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    struct tasks *self = tasks_of(view);

    (void)tui;
    (void)argument;
    self->all = !self->all;
    return load(self, err);
}

#define FROM (LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_REGISTER | LW_IN_TASKS)

static const struct lw_action list[] = {
    {"tasks", "t", FROM & ~LW_IN_TASKS, "what is to be done, overdue first", "tasks", 0, show},
    {"new-task", "n", LW_IN_TASKS, "a new task", "new", LW_ACTION_WRITES, new_task},
    {"task-of-entry", "+", LW_IN_TIMELINE | LW_IN_ENTRY, "a new task about this entry", NULL,
     LW_ACTION_WRITES, new_task},
    {"task-done", "x Space", LW_IN_TASKS, "done, or open again", "done", LW_ACTION_WRITES,
     toggle_done},
    {"task-edit", "e", LW_IN_TASKS, "change the task in a form", "edit", LW_ACTION_WRITES, edit},
    {"all-tasks", "a", LW_IN_TASKS, "done ones too, or only open ones", "all", 0, toggle_all},
};

const struct lw_action_table lw_actions_tasks = {list, LW_COUNT_OF(list)};
