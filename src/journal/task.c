/* Tasks: what is to be done until when, overdue ones first; done and undone. */
#include "view.h"

#include "order.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------
 */

/* One in memory, with what it is sorted by. */
struct row {
    struct lw_task task; /* its texts are those below */
    char *text[6];       /* title, due, assignee, note, ref, entry_title; owned */
    int64_t last;        /* day; LW_TIME_MAX: none */
};

struct rows {
    struct row *row;
    size_t count, cap;
};

static void rows_free(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t k = 0; k < LW_COUNT_OF(rows->row[i].text); k++)
            lw_text_free(rows->row[i].text[k]);
    }
    free(rows->row);
}

/* A date that is not exact is over when its last possible day is. */
static void judge(struct row *row, int64_t day)
{
    struct lw_when when;
    int64_t first;

    row->last = LW_TIME_MAX;
    row->task.state = LW_DUE_NEVER;
    if (row->task.due == NULL ||
        lw_when_parse(row->task.due, strlen(row->task.due), &when, NULL) != LW_OK ||
        when.latest == LW_TIME_MAX)
        return;
    row->last = order_day_of(when.latest - 1);
    first = when.earliest == LW_TIME_MIN ? row->last : order_day_of(when.earliest);
    row->task.state = row->last < day ? LW_DUE_OVERDUE : first <= day ? LW_DUE_TODAY : LW_DUE_LATER;
    if (row->task.state == LW_DUE_TODAY && row->last > day)
        row->task.state = LW_DUE_LATER; /* some time in a month that has begun */
    row->task.overdue_days = row->task.state == LW_DUE_OVERDUE ? day - row->last : 0;
}

#define COLUMNS                                                                                    \
    "t.n, t.id, t.title, t.due, t.assignee, t.note, e.ref, e.title, t.done, t.done_at, e.id"

static void read_id(struct lw_stmt *stmt, int column, uint8_t id[LW_RECORD_ID])
{
    size_t len = 0;
    const void *bytes = lw_stmt_blob(stmt, column, &len);

    if (bytes != NULL && len == LW_RECORD_ID)
        memcpy(id, bytes, LW_RECORD_ID);
}

static enum lw_status read_row(struct lw_stmt *stmt, int64_t day, struct row *row)
{
    struct lw_task *task = &row->task;

    *row = (struct row){.task = {.number = lw_stmt_int(stmt, 0)}};
    for (int i = 0; i < (int)LW_COUNT_OF(row->text); i++) {
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 2 + i, &len);

        if (text != NULL && (row->text[i] = lw_text_copy(text, len)) == NULL)
            return LW_NO_MEMORY;
    }
    task->title = row->text[0];
    task->due = row->text[1];
    task->assignee = row->text[2];
    task->note = row->text[3];
    task->ref = row->text[4];
    task->entry_title = row->text[5];
    task->done = lw_stmt_int(stmt, 8) == 1;
    task->done_ms = lw_stmt_int(stmt, 9);
    task->has_entry = task->ref != NULL;
    read_id(stmt, 1, task->id);
    read_id(stmt, 10, task->entry);
    judge(row, day);
    return LW_OK;
}

/* By which it is called in the vault, also where a copy in memory gave it another one. */
static enum lw_status take_number(struct lw_journal *journal, struct row *row, struct lw_error *err)
{
    return journal->present == NULL
               ? LW_OK
               : record_key(journal->present, LW_RECORD_TASK, row->task.id, &row->task.number, err);
}

static enum lw_status add_row(struct rows *rows, struct lw_stmt *stmt, int64_t day)
{
    if (rows->count == rows->cap) {
        size_t cap = rows->cap == 0 ? 32 : rows->cap * 2;
        struct row *grown = realloc(rows->row, cap * sizeof *grown); /* pointers and numbers */

        if (grown == NULL)
            return LW_NO_MEMORY;
        rows->row = grown;
        rows->cap = cap;
    }
    return read_row(stmt, day, &rows->row[rows->count++]);
}

/* sift: NULL, or what the entries must pass; then a task without an entry does not. */
static enum lw_status prepare(struct lw_journal *journal, const struct sift *sift, bool all,
                              struct lw_stmt **stmt, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(
        &sql, "SELECT " COLUMNS " FROM task t %s JOIN entry e ON e.n = t.entry WHERE %s",
        sift == NULL ? "LEFT" : "", all ? "1" : "t.done IS NOT 1");

    if (status == LW_OK && sift != NULL)
        status = sift_sql(sift, &sql);
    status = status == LW_OK ? lw_store_prepare(lw_journal_store(journal), sql.data, stmt, err)
                             : lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status == LW_OK && sift != NULL)
        sift_bind(sift, *stmt);
    return status;
}

static enum lw_status load(struct lw_journal *journal, const struct sift *sift, bool all,
                           int64_t day, struct rows *rows, struct lw_error *err)
{
    struct lw_stmt *stmt = NULL;
    enum lw_status status = prepare(journal, sift, all, &stmt, err);

    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        if (add_row(rows, stmt, day) != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, LW_NO_MEMORY, "no memory for the tasks");
        }
        status = take_number(journal, &rows->row[rows->count - 1], err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* The last days are in the order wanted already: overdue ones are those that lie behind. */
static int compare(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->task.done != y->task.done)
        return x->task.done ? 1 : -1;
    if (x->task.done && x->task.done_ms != y->task.done_ms)
        return x->task.done_ms > y->task.done_ms ? -1 : 1;
    if (!x->task.done && x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return x->task.number < y->task.number ? -1 : 1;
}

static enum lw_status load_sifted(struct lw_journal *journal, const struct lw_filter *filter,
                                  bool all, int64_t day, struct rows *rows, struct lw_error *err)
{
    struct sift sift;
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = sift_begin(journal, filter, &sift, err);
    if (status == LW_OK) {
        status = load(journal, &sift, all, day, rows, err);
        sift_end(&sift);
    }
    snapshot_end(journal, own);
    return status;
}

enum lw_status lw_tasks_each(struct lw_journal *journal, const struct lw_filter *filter, bool all,
                             int64_t day, lw_task_visitor *visit, void *context,
                             struct lw_error *err)
{
    struct rows rows = {.row = NULL};
    enum lw_status status = filter == NULL ? load(journal, NULL, all, day, &rows, err)
                                           : load_sifted(journal, filter, all, day, &rows, err);

    if (status == LW_OK && rows.count > 1)
        qsort(rows.row, rows.count, sizeof *rows.row, compare);
    for (size_t i = 0; i < rows.count && status == LW_OK; i++)
        status = visit(context, &rows.row[i].task, err);
    rows_free(&rows);
    return status;
}

static enum lw_status count_one(void *context, const struct lw_task *task, struct lw_error *err)
{
    struct lw_task_counts *counts = context;

    (void)err;
    counts->open++;
    counts->overdue += task->state == LW_DUE_OVERDUE;
    counts->today += task->state == LW_DUE_TODAY;
    return LW_OK;
}

enum lw_status lw_tasks_count(struct lw_journal *journal, const struct lw_filter *filter,
                              int64_t day, struct lw_task_counts *out, struct lw_error *err)
{
    *out = (struct lw_task_counts){0};
    return lw_tasks_each(journal, filter, false, day, count_one, out, err);
}

/* ---- in words ---------------------------------------------------------------------------------
 */

enum lw_status lw_tasks_say(const struct lw_task_counts *counts, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    if (counts->overdue > 0)
        status =
            lw_buf_addf(out, lw_say_count("%zu task overdue", "%zu tasks overdue", counts->overdue),
                        counts->overdue);
    if (status == LW_OK && counts->today > 0 && counts->overdue > 0)
        status = lw_buf_sayf(out, ", %zu due today", counts->today);
    else if (status == LW_OK && counts->today > 0)
        status = lw_buf_addf(
            out, lw_say_count("%zu task due today", "%zu tasks due today", counts->today),
            counts->today);
    return status;
}

enum lw_status lw_task_due_say(const struct lw_task *task, struct lw_buf *out)
{
    struct lw_when when;
    enum lw_status status;

    if (task->due == NULL)
        return LW_OK;
    if (!task->done && task->state == LW_DUE_OVERDUE)
        return lw_buf_addf(out,
                           lw_say_count("overdue by %lld day", "overdue by %lld days",
                                        (uint64_t)task->overdue_days),
                           (long long)task->overdue_days);
    if (!task->done && task->state == LW_DUE_TODAY)
        return lw_buf_says(out, "due today");
    status = lw_buf_says(out, "due ");
    if (status == LW_OK && lw_when_parse(task->due, strlen(task->due), &when, NULL) == LW_OK)
        return lw_when_say(&when, out);
    return status == LW_OK ? lw_buf_adds(out, task->due) : status;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

enum lw_status lw_task_find(struct lw_journal *journal, int64_t number, uint8_t id[LW_RECORD_ID],
                            struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(journal), "SELECT id FROM task WHERE n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, number);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE)
        return lw_fail(err, LW_NOT_FOUND,
                       "there is no task %lld; \"lapwing tasks --all\" lists them with their "
                       "numbers",
                       (long long)number);
    if (status != LW_OK)
        return status;
    read_id(stmt, 0, id);
    lw_stmt_reset(stmt);
    return LW_OK;
}

static void unset(struct lw_record *task, const char *field)
{
    task->value[lw_field_find(LW_RECORD_TASK, field)].set = false;
}

static enum lw_status change(struct lw_journal *journal, struct lw_record *task, bool done,
                             bool *changed, struct lw_error *err)
{
    const struct lw_value *was = lw_record_value(task, "done");
    enum lw_status status;

    *changed = (was != NULL && was->number == 1) != done;
    if (!*changed)
        return LW_OK;
    status = lw_record_set_number(task, "done", done ? 1 : 0);
    if (status == LW_OK && done)
        status = lw_record_set_number(task, "done_at", lw_clock_now(journal->clock));
    if (!done)
        unset(task, "done_at");
    if (status != LW_OK)
        return lw_fail(err, status, "%s", lw_status_message(status));
    return lw_record_put(journal, task, done ? "done" : "not done after all", err);
}

enum lw_status lw_task_set_done(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                bool done, bool *changed, struct lw_error *err)
{
    struct lw_record task;
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = lw_record_get(journal, LW_RECORD_TASK, id, &task, err);
    if (status == LW_OK) {
        status = change(journal, &task, done, changed, err);
        lw_record_clear(&task);
    }
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

static enum lw_status number_of(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                int64_t *number, struct lw_error *err)
{
    return record_key(journal, LW_RECORD_TASK, id, number, err);
}

enum lw_status lw_task_add(struct lw_journal *journal, const char *line, size_t len,
                           const struct lw_clock *clock, int64_t *number, struct lw_error *err)
{
    struct lw_record task;
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    lw_record_init(&task, LW_RECORD_TASK);
    status = lw_task_take(journal, line, len, clock, &task, err);
    if (status == LW_OK)
        status = lw_record_put(journal, &task, NULL, err);
    if (status == LW_OK)
        status = number_of(journal, task.id, number, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    lw_record_clear(&task);
    return status;
}
