/* The history of a record as a screen: who, when, why, and what was changed. */
#include "journal_views.h"

#include <stdlib.h>
#include <string.h>

struct line {
    enum lw_history_part part;
    struct lw_buf text; /* clean */
    struct lw_history_mark *mark;
    size_t marks;
};

/* One row of the screen. */
struct row {
    size_t line, at, len;
    int column;
};

struct history_view {
    struct lw_view view;
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    struct lw_buf title;
    struct line *line;
    size_t lines, line_cap;
    struct row *row;
    size_t rows, row_cap;
    int width; /* the rows are laid out for; 0: not yet */
    int top, page;
};

static struct history_view *history_of(struct lw_view *view)
{
    return (struct history_view *)view;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static void clear_lines(struct history_view *self)
{
    for (size_t i = 0; i < self->lines; i++) {
        lw_buf_free(&self->line[i].text);
        free(self->line[i].mark);
    }
    self->lines = 0;
    self->rows = 0;
    self->width = 0;
}

/* Cleaning changes lengths, so the text is taken stretch by stretch. */
static enum lw_status take_text(const struct lw_history_line *from, struct line *line)
{
    size_t at = 0;
    enum lw_status status = LW_OK;

    line->mark = from->marks > 0 ? calloc(from->marks, sizeof *line->mark) : NULL;
    if (from->marks > 0 && line->mark == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < from->marks && status == LW_OK; i++) {
        const struct lw_history_mark *mark = &from->mark[i];
        size_t start;

        status = lw_text_clean(from->text + at, mark->at - at, true, &line->text);
        start = line->text.len;
        if (status == LW_OK)
            status = lw_text_clean(from->text + mark->at, mark->len, true, &line->text);
        at = mark->at + mark->len;
        line->mark[line->marks++] = (struct lw_history_mark){
            .at = start, .len = line->text.len - start, .added = mark->added};
    }
    return status == LW_OK ? lw_text_clean(from->text + at, from->len - at, true, &line->text)
                           : status;
}

static enum lw_status take_line(void *context, const struct lw_history_line *from,
                                struct lw_error *err)
{
    struct history_view *self = context;
    struct line *line;

    if (self->lines == self->line_cap) {
        size_t cap = self->line_cap == 0 ? 64 : 2 * self->line_cap;
        struct line *grown = realloc(self->line, cap * sizeof *grown);

        if (grown == NULL)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the history");
        self->line = grown;
        self->line_cap = cap;
    }
    line = &self->line[self->lines++];
    *line = (struct line){.part = from->part};
    if (take_text(from, line) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the history");
    return LW_OK;
}

static enum lw_status read_title(struct history_view *self, struct lw_journal *journal,
                                 const struct lw_record *record, struct lw_error *err)
{
    lw_buf_clear(&self->title);
    if (lw_buf_says(&self->title, "History of ") != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return lw_record_called(journal, record, &self->title, err);
}

static enum lw_status history_refresh(struct lw_view *view, struct lw_error *err)
{
    struct history_view *self = history_of(view);
    struct lw_journal *journal = lw_screen_journal(view->tui);
    struct lw_record record;
    enum lw_status status = lw_store_read(lw_journal_store(journal), err);

    if (status != LW_OK)
        return status;
    clear_lines(self);
    status = lw_record_get(journal, self->type, self->id, &record, err);
    if (status == LW_OK) {
        status = read_title(self, journal, &record, err);
        if (status == LW_OK)
            status =
                lw_history_say(journal, lw_tui_clock(view->tui), &record, take_line, self, err);
        lw_record_clear(&record);
    }
    lw_store_rollback(lw_journal_store(journal));
    return status;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static bool add_row(struct history_view *self, size_t line, size_t at, size_t len, int column)
{
    if (self->rows == self->row_cap) {
        size_t cap = self->row_cap == 0 ? 128 : 2 * self->row_cap;
        struct row *grown = realloc(self->row, cap * sizeof *grown);

        if (grown == NULL)
            return false;
        self->row = grown;
        self->row_cap = cap;
    }
    self->row[self->rows++] = (struct row){.line = line, .at = at, .len = len, .column = column};
    return true;
}

/* A narrow screen has no room for deep indents. */
static int column_of(const struct history_view *self, enum lw_history_part part)
{
    int step = self->width >= 60 ? 2 : 1;

    return part == LW_HISTORY_HEAD ? 0 : part == LW_HISTORY_RECORD ? step : 2 * step;
}

static bool lay_line(struct history_view *self, size_t index)
{
    const struct line *line = &self->line[index];
    const char *text = lw_buf_text(&line->text);
    int column = column_of(self, line->part);
    int hang = column;
    size_t at = 0;

    if (line->part == LW_HISTORY_HEAD && index > 0 && !add_row(self, index, 0, 0, 0))
        return false;
    while (at < line->text.len || hang == column) {
        size_t paragraph = strcspn(text + at, "\n");
        size_t next = 0;
        int room = self->width - hang;
        size_t len = lw_utf8_break(text + at, paragraph, room > 8 ? (size_t)room : 8, &next);

        if (!add_row(self, index, at, len, hang))
            return false;
        at += next;
        if (next == paragraph && text[at] == '\n')
            at++;
        hang = column + (line->part == LW_HISTORY_CHANGE ? 2 : 1);
    }
    return true;
}

static bool lay_out(struct history_view *self, int width)
{
    if (self->width == width)
        return true;
    self->width = width;
    self->rows = 0;
    for (size_t i = 0; i < self->lines; i++) {
        if (!lay_line(self, i)) {
            self->width = 0;
            return false;
        }
    }
    return true;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static void keep_in_range(struct history_view *self)
{
    if (self->top > (int)self->rows - self->page)
        self->top = (int)self->rows - self->page;
    if (self->top < 0)
        self->top = 0;
}

/* The style at a byte, and up to where it goes. */
static enum lw_style style_at(const struct line *line, size_t at, size_t end, size_t *to)
{
    *to = end;
    for (size_t i = 0; i < line->marks; i++) {
        const struct lw_history_mark *mark = &line->mark[i];

        if (at >= mark->at + mark->len)
            continue;
        if (at < mark->at) {
            *to = mark->at < end ? mark->at : end;
            break;
        }
        *to = mark->at + mark->len < end ? mark->at + mark->len : end;
        return mark->added ? LW_STYLE_STRONG : LW_STYLE_DIM;
    }
    return line->part == LW_HISTORY_HEAD     ? LW_STYLE_TITLE
           : line->part == LW_HISTORY_RECORD ? LW_STYLE_STATUS
                                             : LW_STYLE_PLAIN;
}

static void draw_row(const struct history_view *self, const struct lw_area *area, int at,
                     const struct row *row)
{
    const struct line *line = &self->line[row->line];
    const char *text = lw_buf_text(&line->text);
    int column = row->column;

    for (size_t from = row->at, to; from < row->at + row->len; from = to) {
        enum lw_style style = style_at(line, from, row->at + row->len, &to);

        column +=
            lw_area_put(area, at, column, area->columns - column, style, text + from, to - from);
    }
}

static void history_draw(struct lw_view *view, const struct lw_area *area)
{
    struct history_view *self = history_of(view);

    if (!lay_out(self, area->columns)) {
        lw_area_says(area, 0, 0, LW_STYLE_ALARM, "no memory to show the history");
        return;
    }
    self->page = area->rows;
    keep_in_range(self);
    lw_area_cursor(area, 0, 0);
    for (int i = 0; i < area->rows && (size_t)self->top + (size_t)i < self->rows; i++)
        draw_row(self, area, i, &self->row[self->top + i]);
}

static enum lw_status history_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_text_clean(lw_buf_text(&history_of(view)->title), history_of(view)->title.len, false,
                         out);
}

static enum lw_status history_status(struct lw_view *view, struct lw_buf *out)
{
    const struct history_view *self = history_of(view);
    int rows = (int)self->rows;
    int last = self->top + self->page < rows ? self->top + self->page : rows;

    if (rows <= self->page)
        return LW_OK;
    return lw_buf_sayf(out, "%d of %d lines", last, rows);
}

static bool history_move(struct lw_view *view, enum lw_move move)
{
    struct history_view *self = history_of(view);
    int before = self->top;
    int page = self->page > 1 ? self->page - 1 : 1;

    switch (move) {
    case LW_MOVE_UP:
        self->top--;
        break;
    case LW_MOVE_DOWN:
        self->top++;
        break;
    case LW_MOVE_PAGE_UP:
        self->top -= page;
        break;
    case LW_MOVE_PAGE_DOWN:
        self->top += page;
        break;
    case LW_MOVE_FIRST:
        self->top = 0;
        break;
    case LW_MOVE_LAST:
        self->top = (int)self->rows;
        break;
    default:
        return false;
    }
    keep_in_range(self);
    return self->top != before;
}

static void history_close(struct lw_view *view)
{
    struct history_view *self = history_of(view);

    clear_lines(self);
    free(self->line);
    free(self->row);
    lw_buf_free(&self->title);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_HISTORY,
    .help = "Who wrote what, when and why, the oldest first. [-what was taken out-] "
            "{+what was put in+}; \"…\" stands for text that stayed.",
    .draw = history_draw,
    .close = history_close,
    .title = history_title,
    .status = history_status,
    .move = history_move,
    .refresh = history_refresh,
};

enum lw_status lw_history_show(struct lw_tui *tui, enum lw_record_type type,
                               const uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    struct history_view *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the history");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->type = type;
    memcpy(self->id, id, LW_RECORD_ID);
    status = history_refresh(&self->view, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        history_close(&self->view);
    return status;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];

    (void)argument;
    if (!lw_screen_selected(view, &type, id))
        return LW_OK;
    return lw_history_show(tui, type, id, err);
}

static const struct lw_action list[] = {
    {"history", "H", LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST,
     "who changed what, when and why, word by word", NULL, 0, show},
};

const struct lw_action_table lw_actions_history = {list, LW_COUNT_OF(list)};
