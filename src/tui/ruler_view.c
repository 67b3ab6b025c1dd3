/* The ruler: how many entries there are by year, month, day or hour, over a timeline and its
 * filter. */
#include "time_cursor.h"
#include "wrapped.h"

#include <stdlib.h>

enum { NARROW = 60, MARGIN = 3, WEEKDAY = 4, SAID_ROWS = 2 };

struct ruler {
    struct lw_view view;
    struct lw_time_cursor *cursor; /* NULL: given up */
    int64_t first;                 /* bucket of the first row */
    struct lw_list list;
    struct lw_bar *bar; /* of a stretch of the rows */
    size_t from, count;
    int stated, wider;  /* columns of the numbers */
    uint64_t most;      /* of one bar, as far as it was seen at this scale */
    struct lw_buf text; /* for one line */
};

static const struct lw_view_ops operations;

static struct ruler *ruler_of(struct lw_view *view)
{
    return (struct ruler *)view;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static size_t count_rows(void *context)
{
    const struct ruler *self = context;

    if (!self->cursor->any)
        return 0;
    return (size_t)(lw_time_cursor_last(self->cursor) - self->first) + 1;
}

static int64_t selected_bucket(const struct ruler *self)
{
    return self->first + (int64_t)self->list.cursor;
}

/* The cursor goes to the row that the focus is in, or to the nearest, so many rows from the top. */
static void place(struct ruler *self, size_t offset)
{
    self->first = lw_time_cursor_first(self->cursor);
    if (!self->cursor->any)
        return;
    lw_list_select(&self->list, (size_t)(lw_time_cursor_bucket(self->cursor) - self->first));
    self->list.top = self->list.cursor > offset ? self->list.cursor - offset : 0;
    self->count = 0;
}

static int digits(uint64_t number)
{
    int count = 1;

    for (; number >= 10; number /= 10)
        count++;
    return count;
}

/* What is drawn only grows while one moves along a scale, so that bars can be compared. */
static void measure(struct ruler *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct lw_bar *bar = &self->bar[i];
        int wider = bar->wider > 0 ? digits(bar->wider) + 2 : 0;

        if (digits(bar->stated) > self->stated)
            self->stated = digits(bar->stated);
        if (wider > self->wider)
            self->wider = wider;
        if (bar->stated + bar->wider > self->most)
            self->most = bar->stated + bar->wider;
    }
}

/* Bars around the cursor, enough for every row that can be in sight. */
static enum lw_status load_bars(struct ruler *self, int rows, struct lw_error *err)
{
    size_t all = count_rows(self), near = (size_t)(rows > 0 ? rows : 1), from, to;
    struct lw_ruler sums;
    struct lw_bar *bar;
    enum lw_status status;

    from = self->list.cursor > near ? self->list.cursor - near : 0;
    to = self->list.cursor + near < all ? self->list.cursor + near + 1 : all;
    if (self->count > 0 && from >= self->from && to <= self->from + self->count)
        return LW_OK;
    from = from > MARGIN * near ? from - MARGIN * near : 0;
    to = to + MARGIN * near < all ? to + MARGIN * near : all;
    bar = calloc(to - from + 1, sizeof *bar);
    if (bar == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the ruler");
    status = lw_counts_bars(self->cursor->counts, self->cursor->scale, self->first + (int64_t)from,
                            bar, to - from, &sums, err);
    if (status != LW_OK) {
        free(bar);
        return status;
    }
    free(self->bar);
    self->bar = bar;
    self->from = from;
    self->count = to - from;
    measure(self);
    return LW_OK;
}

/* ---- counting ---------------------------------------------------------------------------------
 */

static void forget_bars(struct ruler *self)
{
    self->count = 0;
    self->stated = 1;
    self->wider = 0;
    self->most = 0;
}

/* Goes on counting; the cursor stays at its time. */
static enum lw_status count_on(struct ruler *self, struct lw_error *err)
{
    size_t offset = self->list.cursor - self->list.top;
    bool done = false, first = self->cursor->counts == NULL;
    enum lw_status status = lw_time_cursor_more(self->cursor, &done, err);

    if (status != LW_OK || !done)
        return status;
    forget_bars(self);
    place(self, first ? (size_t)lw_tui_grid(self->view.tui)->rows / 2 : offset);
    return LW_OK;
}

static int ruler_tick(struct lw_view *view)
{
    struct ruler *self = ruler_of(view);
    struct lw_error err = {.status = LW_OK};

    if (self->cursor->next == NULL)
        return -1;
    if (count_on(self, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    lw_tui_redraw(view->tui);
    return self->cursor->next != NULL ? 0 : -1;
}

static enum lw_status ruler_refresh(struct lw_view *view, struct lw_error *err)
{
    struct ruler *self = ruler_of(view);
    enum lw_status status = lw_time_cursor_begin(self->cursor, err);

    return status == LW_OK ? count_on(self, err) : status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

/* On a small screen the weekday goes, not the bar. */
static const char *say_bar(struct ruler *self, int64_t bucket, bool narrow)
{
    lw_buf_clear(&self->text);
    if (lw_bar_say(self->cursor->scale, bucket, &self->text) != LW_OK)
        return "";
    return lw_buf_text(&self->text) +
           (narrow && self->cursor->scale >= LW_SCALE_DAYS && self->text.len > WEEKDAY ? WEEKDAY
                                                                                       : 0);
}

static int put_signs(const struct lw_area *area, int column, const char *sign, uint64_t number,
                     uint64_t each)
{
    enum lw_style style = sign[0] == '~' ? LW_STYLE_DIM : LW_STYLE_PLAIN;
    int end = column + (int)((number + each - 1) / each);

    for (; column < end; column++)
        lw_area_puts(area, 0, column, style, sign);
    return end;
}

static uint64_t each_of(const struct ruler *self, int cells)
{
    uint64_t room = cells > 3 ? (uint64_t)cells - 2 : 1;

    return self->most > (uint64_t)(cells > 0 ? cells : 1) ? self->most / room + 1 : 1;
}

static int label_columns(const struct ruler *self, bool narrow)
{
    static const int columns[LW_SCALES] = {4, 14, 21, 28};

    return columns[self->cursor->scale] -
           (narrow && self->cursor->scale >= LW_SCALE_DAYS ? WEEKDAY : 0);
}

static int bar_column(const struct ruler *self, bool narrow)
{
    return label_columns(self, narrow) + 2 + self->stated + self->wider + 2;
}

/* "13 December 2014: 4 dated, 5 perhaps" */
static int draw_words(const struct lw_bar *bar, const char *label, const struct lw_area *area)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(&text, label);
    int used = 0;

    if (status == LW_OK && bar != NULL)
        status = lw_buf_sayf(&text, ": %llu dated", (unsigned long long)bar->stated);
    if (status == LW_OK && bar != NULL && bar->wider > 0)
        status = lw_buf_sayf(&text, ", %llu perhaps", (unsigned long long)bar->wider);
    if (status == LW_OK)
        used = lw_area_put_cut(area, 0, 0, area->columns, LW_STYLE_PLAIN, lw_buf_text(&text),
                               text.len);
    lw_buf_free(&text);
    return used;
}

static int draw_row(void *context, size_t at, const struct lw_area *area)
{
    struct ruler *self = context;
    bool narrow = area->columns + LW_LIST_GUTTER < NARROW;
    int column = label_columns(self, narrow) + 2, used;
    const char *label = say_bar(self, self->first + (int64_t)at, narrow);
    const struct lw_bar *bar = NULL;
    uint64_t each;

    if (at >= self->from && at < self->from + self->count)
        bar = &self->bar[at - self->from];
    if (area->grid->plain)
        return draw_words(bar, label, area);
    used = lw_area_puts(area, 0, 0, LW_STYLE_PLAIN, label);
    if (bar == NULL)
        return used;
    lw_area_putf(area, 0, column, bar->stated > 0 ? LW_STYLE_PLAIN : LW_STYLE_DIM, "%*llu",
                 self->stated, (unsigned long long)bar->stated);
    if (bar->wider > 0)
        lw_area_putf(area, 0, column + self->stated, LW_STYLE_DIM, " ~%llu",
                     (unsigned long long)bar->wider);
    column = bar_column(self, narrow);
    each = each_of(self, area->columns - column);
    column = put_signs(area, column, "#", bar->stated, each);
    (void)put_signs(area, column, "~", bar->wider, each);
    return used;
}

/* "Sat 13 December 2014: 4 dated within it, 5 perhaps, or longer" */
static enum lw_status say_selected(struct ruler *self, int columns)
{
    const struct lw_bar *bar;
    uint64_t each = each_of(self, columns - LW_LIST_GUTTER - bar_column(self, columns < NARROW));
    enum lw_status status = LW_OK;

    (void)say_bar(self, selected_bucket(self), false);
    if (self->list.cursor < self->from || self->list.cursor >= self->from + self->count)
        return status;
    bar = &self->bar[self->list.cursor - self->from];
    status = lw_buf_sayf(&self->text, ": %llu dated within it", (unsigned long long)bar->stated);
    if (status == LW_OK && bar->wider > 0)
        status =
            lw_buf_sayf(&self->text, ", %llu perhaps, or longer", (unsigned long long)bar->wider);
    if (status == LW_OK && each > 1)
        status = lw_buf_sayf(&self->text, " · a sign is up to %llu", (unsigned long long)each);
    return status;
}

static int draw_selected(struct ruler *self, const struct lw_area *area)
{
    bool room = area->rows >= SAID_ROWS + 5 && !area->grid->plain;
    int rows = room && self->cursor->any ? SAID_ROWS + 1 : 0;
    struct lw_area part = lw_area_part(area, area->rows - rows, 0, rows, area->columns);

    if (rows == 0 || say_selected(self, area->columns) != LW_OK)
        return rows;
    lw_area_fill(&part, 0, 0, part.columns, LW_STYLE_DIM, LW_SIGN_RULE);
    (void)lw_wrapped_put(&part, 1, SAID_ROWS, part.columns, LW_STYLE_PLAIN,
                         lw_buf_text(&self->text), self->text.len);
    return rows;
}

static void ruler_draw(struct lw_view *view, const struct lw_area *area)
{
    struct ruler *self = ruler_of(view);
    const struct lw_time_cursor *cursor = self->cursor;
    struct lw_error err = {.status = LW_OK};
    int filtered = lw_time_cursor_draw_filter(cursor, view, area), below;
    struct lw_area part;

    if (cursor->any && cursor->counts != NULL && load_bars(self, area->rows, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    below = draw_selected(self, area);
    part = lw_area_part(area, filtered, 0, area->rows - below - filtered, area->columns);
    lw_list_draw(&self->list, &part,
                 cursor->next != NULL ? "counting"
                 : filtered > 0       ? "no entry that passes has a date"
                                      : "no entry has a date");
}

static enum lw_status ruler_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_sayf(out, "Entries by %s", lw_time_cursor_unit(ruler_of(view)->cursor));
}

static enum lw_status ruler_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_time_cursor_say(ruler_of(view)->cursor, out);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

enum lw_status lw_ruler_zoom(struct lw_view *view, int by, struct lw_error *err)
{
    struct ruler *self = ruler_of(view);
    bool changed = false;
    enum lw_status status = lw_time_cursor_zoom(self->cursor, by, &changed, err);

    if (changed) {
        forget_bars(self);
        place(self, (size_t)self->list.rows / 2);
    }
    return status;
}

static bool ruler_move(struct lw_view *view, enum lw_move move)
{
    struct ruler *self = ruler_of(view);
    struct lw_error err = {.status = LW_OK};

    if (move == LW_MOVE_LEFT || move == LW_MOVE_RIGHT) {
        if (lw_ruler_zoom(view, move == LW_MOVE_RIGHT ? 1 : -1, &err) != LW_OK)
            lw_tui_complain(view->tui, &err);
        return true;
    }
    if (!lw_list_move(&self->list, move))
        return false;
    lw_time_cursor_move(self->cursor, selected_bucket(self));
    return true;
}

/* Back in the list, at the first entry of that time. */
static enum lw_status ruler_open(struct lw_view *view, struct lw_error *err)
{
    enum lw_status status = lw_time_cursor_to_list(ruler_of(view)->cursor, err);

    return status == LW_OK ? lw_tui_close(view->tui, view, err) : status;
}

static void ruler_close(struct lw_view *view)
{
    struct ruler *self = ruler_of(view);

    lw_time_cursor_free(self->cursor);
    free(self->bar);
    lw_buf_free(&self->text);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_RULER,
    .help =
        "How many entries there are by date: # is one dated within that time, ~ one that may "
        "have been in it or lasts longer. {right} goes into the time under the cursor, {left} out "
        "of it; {open} goes to it in the list.",
    .draw = ruler_draw,
    .close = ruler_close,
    .title = ruler_title,
    .status = ruler_status,
    .move = ruler_move,
    .open = ruler_open,
    .refresh = ruler_refresh,
    .tick = ruler_tick,
};

/* ---- opening ----------------------------------------------------------------------------------
 */

struct lw_time_cursor *lw_ruler_give(struct lw_view *view)
{
    struct lw_time_cursor *cursor = NULL;

    if (view->ops == &operations) {
        cursor = ruler_of(view)->cursor;
        ruler_of(view)->cursor = NULL;
    }
    return cursor;
}

enum lw_status lw_ruler_show(struct lw_tui *tui, struct lw_time_cursor *cursor,
                             struct lw_error *err)
{
    struct ruler *self = calloc(1, sizeof *self);
    enum lw_status status = LW_OK;

    if (self == NULL) {
        lw_time_cursor_free(cursor);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the ruler");
    }
    self->view.ops = &operations;
    self->view.tui = tui;
    self->cursor = cursor;
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = self};
    forget_bars(self);
    if (cursor->next != NULL)
        status = count_on(self, err);
    else
        place(self, (size_t)lw_tui_grid(tui)->rows / 2);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        ruler_close(&self->view);
    return status;
}
