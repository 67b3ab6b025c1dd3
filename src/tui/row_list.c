/* A stretch of the timeline in memory, with its headings and its selection. */
#include "row_list.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows -------------------------------------------------------------------------------------
 */

static enum lw_status copy_clean(const char *text, char **out)
{
    if (text == NULL || text[0] == '\0')
        return LW_OK;
    *out = lw_clean_copy(text, strlen(text), false);
    return *out != NULL ? LW_OK : LW_NO_MEMORY;
}

typedef enum lw_status say_function(const struct lw_row *row, struct lw_buf *out);

static enum lw_status say_time(const struct lw_row *row, struct lw_buf *out)
{
    bool whole;

    return lw_row_time(row, out, &whole);
}

static enum lw_status copy_said(const struct lw_row *row, say_function *say, char **out)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say(row, &text);

    if (status == LW_OK)
        status = copy_clean(lw_buf_text(&text), out);
    lw_buf_free(&text);
    return status;
}

static void clear_row(struct lw_row_copy *row)
{
    lw_text_free(row->heading);
    lw_text_free(row->ref);
    lw_text_free(row->kind);
    lw_text_free(row->kind_label);
    lw_text_free(row->time);
    lw_text_free(row->title);
    lw_text_free(row->hedge);
    lw_text_free(row->when);
    lw_text_free(row->place);
    lw_text_free(row->more);
    *row = (struct lw_row_copy){.day = 0};
}

static enum lw_status copy_row(const struct lw_row *row, struct lw_row_copy *out)
{
    const struct {
        const char *text;
        char **to;
    } texts[] = {
        {row->ref, &out->ref},     {row->kind, &out->kind},   {row->title, &out->title},
        {row->hedge, &out->hedge}, {row->place, &out->place}, {row->kind_label, &out->kind_label},
    };
    enum lw_status status = LW_OK;

    memcpy(out->id, row->id, LW_RECORD_ID);
    out->at = row->at;
    out->day = row->day;
    out->sources = row->sources;
    out->contradicted = row->contradicted;
    out->amended = row->amended;
    out->open = row->open != 0;
    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = copy_clean(texts[i].text, texts[i].to);
    if (status == LW_OK)
        status = copy_said(row, lw_row_heading, &out->heading);
    if (status == LW_OK)
        status = copy_said(row, say_time, &out->time);
    if (status == LW_OK)
        status = copy_said(row, lw_row_when, &out->when);
    return status;
}

static enum lw_status make_room(struct lw_row_batch *batch, size_t more)
{
    size_t cap = batch->cap == 0 ? 64 : batch->cap;
    struct lw_row_copy *grown;

    if (batch->count + more <= batch->cap)
        return LW_OK;
    while (cap < batch->count + more)
        cap *= 2;
    grown = realloc(batch->row, cap * sizeof *grown);
    if (grown == NULL)
        return LW_NO_MEMORY;
    batch->row = grown;
    batch->cap = cap;
    return LW_OK;
}

enum lw_status lw_row_batch_visit(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct lw_row_batch *batch = context;
    struct lw_row_copy copy = {.day = 0};
    enum lw_status status = copy_row(row, &copy);

    if (status == LW_OK)
        status = make_room(batch, 1);
    if (status != LW_OK) {
        clear_row(&copy);
        return lw_fail(err, status, "%s cannot be shown: %s", row->ref, lw_status_message(status));
    }
    batch->row[batch->count++] = copy;
    return LW_OK;
}

void lw_row_batch_clear(struct lw_row_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        clear_row(&batch->row[i]);
    free(batch->row);
    *batch = (struct lw_row_batch){.count = 0};
}

/* ---- lines ------------------------------------------------------------------------------------
 */

static bool same_heading(const struct lw_row_copy *a, const struct lw_row_copy *b)
{
    const char *x = a->heading != NULL ? a->heading : "";
    const char *y = b->heading != NULL ? b->heading : "";

    return strcmp(x, y) == 0;
}

/* Room for the lines of count rows. */
static enum lw_status make_lines(struct lw_row_list *list, size_t count)
{
    struct lw_row_line *grown = realloc(list->line, (3 * count + 1) * sizeof *grown);

    if (grown == NULL)
        return LW_NO_MEMORY;
    list->line = grown;
    return LW_OK;
}

static void lay_lines(struct lw_row_list *list)
{
    const struct lw_row_copy *row = list->rows.row;

    list->lines = 0;
    for (size_t i = 0; i < list->rows.count; i++) {
        if (i == 0 || !same_heading(&row[i], &row[i - 1]))
            list->line[list->lines++] = (struct lw_row_line){.row = i, .heading = true};
        list->line[list->lines++] = (struct lw_row_line){.row = i};
        if (list->expand != NULL)
            list->line[list->lines++] = (struct lw_row_line){.row = i, .more = true};
    }
    lw_list_settle(&list->list);
}

enum lw_status lw_row_list_take(struct lw_row_list *list, struct lw_row_batch *batch,
                                enum lw_row_place place, struct lw_error *err)
{
    struct lw_row_batch *rows = &list->rows;
    size_t keep = place == LW_ROWS_REPLACE ? 0 : rows->count;
    enum lw_status status = make_lines(list, keep + batch->count);

    if (status == LW_OK && place != LW_ROWS_REPLACE)
        status = make_room(rows, batch->count);
    if (status != LW_OK)
        return lw_fail(err, status, "no memory for the rows");
    if (place == LW_ROWS_REPLACE) {
        lw_row_batch_clear(rows);
        *rows = *batch;
        *batch = (struct lw_row_batch){.count = 0};
    } else if (batch->count > 0) {
        size_t at = place == LW_ROWS_BEHIND ? rows->count : 0;

        memmove(&rows->row[at + batch->count], &rows->row[at],
                (rows->count - at) * sizeof *rows->row);
        memcpy(&rows->row[at], batch->row, batch->count * sizeof *batch->row);
        rows->count += batch->count;
        batch->count = 0; /* the texts are the list's now */
    }
    lay_lines(list);
    return LW_OK;
}

bool lw_row_list_trim(struct lw_row_list *list, enum lw_row_place place, size_t most)
{
    struct lw_row_batch *rows = &list->rows;
    size_t gone = rows->count > most ? rows->count - most : 0;
    size_t first = place == LW_ROWS_IN_FRONT ? 0 : most;

    if (gone == 0)
        return false;
    for (size_t i = first; i < first + gone; i++)
        clear_row(&rows->row[i]);
    if (place == LW_ROWS_IN_FRONT)
        memmove(rows->row, &rows->row[gone], most * sizeof *rows->row);
    rows->count = most;
    lay_lines(list);
    return true;
}

void lw_row_list_clear(struct lw_row_list *list)
{
    lw_row_batch_clear(&list->rows);
    list->expand = NULL;
    free(list->line);
    list->line = NULL;
    list->lines = 0;
}

/* ---- selection --------------------------------------------------------------------------------
 */

const struct lw_row_copy *lw_row_list_selected(const struct lw_row_list *list)
{
    size_t line;

    return lw_list_selected(&list->list, &line) ? &list->rows.row[list->line[line].row] : NULL;
}

const struct lw_row_copy *lw_row_list_find(const struct lw_row_list *list,
                                           const uint8_t id[LW_RECORD_ID])
{
    for (size_t i = 0; i < list->rows.count; i++) {
        if (memcmp(list->rows.row[i].id, id, LW_RECORD_ID) == 0)
            return &list->rows.row[i];
    }
    return NULL;
}

bool lw_row_list_select(struct lw_row_list *list, const uint8_t id[LW_RECORD_ID])
{
    for (size_t i = 0; i < list->lines; i++) {
        const struct lw_row_line *line = &list->line[i];

        if (!line->heading && !line->more &&
            memcmp(list->rows.row[line->row].id, id, LW_RECORD_ID) == 0) {
            lw_list_select(&list->list, i);
            return true;
        }
    }
    return false;
}

void lw_row_list_mark(const struct lw_row_list *list, struct lw_row_mark *mark)
{
    const struct lw_row_copy *row = lw_row_list_selected(list);

    *mark = (struct lw_row_mark){.set = row != NULL};
    if (row == NULL)
        return;
    memcpy(mark->id, row->id, LW_RECORD_ID);
    mark->at = row->at;
    if (list->list.cursor > list->list.top)
        mark->offset = list->list.cursor - list->list.top;
    mark->end = list->list.rows > 0 && list->list.top + (size_t)list->list.rows >= list->lines;
}

static bool is_before(const struct lw_anchor *a, const struct lw_anchor *b)
{
    return a->position != b->position ? a->position < b->position : a->n < b->n;
}

static void select_from(struct lw_row_list *list, const struct lw_anchor *at)
{
    size_t i = 0;

    while (i < list->lines && (list->line[i].heading || list->line[i].more ||
                               is_before(&list->rows.row[list->line[i].row].at, at)))
        i++;
    lw_list_select(&list->list, i);
}

void lw_row_list_return(struct lw_row_list *list, const struct lw_row_mark *mark)
{
    size_t rows = list->list.rows > 0 ? (size_t)list->list.rows : 0;

    if (!mark->set)
        return;
    if (!lw_row_list_select(list, mark->id))
        select_from(list, &mark->at);
    list->list.top = list->list.cursor > mark->offset ? list->list.cursor - mark->offset : 0;
    /* What comes in behind the end that was in sight is shown, as long as the selected row is. */
    if (mark->end && rows > 1 && list->list.top + rows < list->lines) {
        list->list.top = list->lines - rows;
        if (list->list.top >= list->list.cursor)
            list->list.top = list->list.cursor - (list->list.cursor > 0 ? 1 : 0);
    }
}

void lw_row_list_expand(struct lw_row_list *list, struct lw_journal *journal)
{
    struct lw_row_mark mark;

    lw_row_list_mark(list, &mark);
    mark.end = false;
    list->expand = journal;
    lay_lines(list);
    lw_row_list_return(list, &mark);
}
