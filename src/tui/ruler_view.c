/* The ruler: how many entries there are by year, month, day or hour, over a timeline and its
 * filter. */
#include "timeline.h"
#include "wrapped.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 2000, NARROW = 60, FIRST_BARS = 60, MARGIN = 3, WEEKDAY = 4, SAID_ROWS = 2 };

struct ruler {
    struct lw_view view;
    struct lw_timeline *timeline; /* below it */
    struct lw_filter filter;      /* points into that of the timeline */
    struct lw_counts *counts;     /* what is shown */
    struct lw_counts *next;       /* what is being counted, or NULL */
    enum lw_scale scale;
    int64_t focus; /* second that the cursor is about */
    bool any;      /* something is dated */
    int64_t first_day, last_day;
    int64_t first; /* bucket of the first row */
    struct lw_list list;
    struct lw_bar *bar; /* of a stretch of the rows */
    size_t from, count;
    struct lw_ruler sums;
    int stated, wider;  /* columns of the numbers */
    uint64_t most;      /* of one bar, as far as it was seen at this scale */
    struct lw_buf text; /* for one line */
};

static const char *const units[LW_SCALES] = {"year", "month", "day", "hour"};

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

    if (!self->any)
        return 0;
    return (size_t)(lw_scale_bucket(self->scale, self->last_day * 86400 + 86399) - self->first) + 1;
}

static int64_t selected_bucket(const struct ruler *self)
{
    return self->first + (int64_t)self->list.cursor;
}

/* The cursor goes to the row that the focus is in, or to the nearest, so many rows from the top. */
static void place(struct ruler *self, size_t offset)
{
    int64_t bucket = lw_scale_bucket(self->scale, self->focus);
    size_t rows;

    self->first = lw_scale_bucket(self->scale, self->first_day * 86400);
    rows = count_rows(self);
    if (rows == 0)
        return;
    if (bucket < self->first)
        bucket = self->first;
    if (bucket - self->first >= (int64_t)rows)
        bucket = self->first + (int64_t)rows - 1;
    lw_list_select(&self->list, (size_t)(bucket - self->first));
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
    status = lw_counts_bars(self->counts, self->scale, self->first + (int64_t)from, bar, to - from,
                            &self->sums, err);
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

/* Where the list was, as finely as all fits on a few pages. */
static void choose_scale(struct ruler *self)
{
    const struct lw_row_copy *row = lw_row_list_selected(&self->timeline->rows);

    self->scale = lw_scale_fit(self->first_day, self->last_day, FIRST_BARS, LW_SCALE_DAYS);
    self->focus = self->last_day * 86400;
    if (row != NULL && row->day != LW_TIME_MIN)
        self->focus = row->day * 86400;
}

/* Shows what was counted; the cursor stays at its time. */
static enum lw_status show_counts(struct ruler *self, bool first, struct lw_error *err)
{
    size_t offset = self->list.cursor - self->list.top;
    struct lw_bar none;
    enum lw_status status =
        lw_counts_days(self->counts, &self->first_day, &self->last_day, &self->any, err);

    forget_bars(self);
    if (status == LW_OK)
        status = lw_counts_bars(self->counts, LW_SCALE_YEARS, 0, &none, 0, &self->sums, err);
    if (status != LW_OK)
        return status;
    if (first)
        choose_scale(self);
    place(self, first ? (size_t)lw_tui_grid(self->view.tui)->rows / 2 : offset);
    return LW_OK;
}

/* What is shown stays until what is counted anew is complete. */
static enum lw_status count_on(struct ruler *self, struct lw_error *err)
{
    bool done = false, first = self->counts == NULL;
    enum lw_status status = lw_counts_more(self->next, SLICE, &done, err);

    if (status != LW_OK || !done)
        return status;
    lw_counts_free(self->counts);
    self->counts = self->next;
    self->next = NULL;
    return show_counts(self, first, err);
}

static enum lw_status begin(struct ruler *self, struct lw_error *err)
{
    struct lw_counts *next = NULL;
    enum lw_status status =
        lw_counts_begin(lw_screen_journal(self->view.tui), &self->filter, &next, err);

    if (status != LW_OK)
        return status;
    lw_counts_free(self->next);
    self->next = next;
    return count_on(self, err);
}

static int ruler_tick(struct lw_view *view)
{
    struct ruler *self = ruler_of(view);
    struct lw_error err = {.status = LW_OK};

    if (self->next == NULL)
        return -1;
    if (count_on(self, &err) != LW_OK) {
        lw_counts_free(self->next);
        self->next = NULL;
        lw_tui_complain(view->tui, &err);
    }
    lw_tui_redraw(view->tui);
    return self->next != NULL ? 0 : -1;
}

static enum lw_status ruler_refresh(struct lw_view *view, struct lw_error *err)
{
    return begin(ruler_of(view), err);
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

/* On a small screen the weekday goes, not the bar. */
static const char *say_bar(struct ruler *self, int64_t bucket, bool narrow)
{
    lw_buf_clear(&self->text);
    if (lw_bar_say(self->scale, bucket, &self->text) != LW_OK)
        return "";
    return lw_buf_text(&self->text) +
           (narrow && self->scale >= LW_SCALE_DAYS && self->text.len > WEEKDAY ? WEEKDAY : 0);
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

    return columns[self->scale] - (narrow && self->scale >= LW_SCALE_DAYS ? WEEKDAY : 0);
}

static int bar_column(const struct ruler *self, bool narrow)
{
    return label_columns(self, narrow) + 2 + self->stated + self->wider + 2;
}

static int draw_row(void *context, size_t at, const struct lw_area *area)
{
    struct ruler *self = context;
    bool narrow = area->columns + LW_LIST_GUTTER < NARROW;
    int column = label_columns(self, narrow) + 2, used;
    const char *label = say_bar(self, self->first + (int64_t)at, narrow);
    const struct lw_bar *bar;
    uint64_t each;

    used = lw_area_puts(area, 0, 0, LW_STYLE_PLAIN, label);
    if (at < self->from || at >= self->from + self->count)
        return used;
    bar = &self->bar[at - self->from];
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
    status = lw_buf_addf(&self->text, ": %llu dated within it", (unsigned long long)bar->stated);
    if (status == LW_OK && bar->wider > 0)
        status =
            lw_buf_addf(&self->text, ", %llu perhaps, or longer", (unsigned long long)bar->wider);
    if (status == LW_OK && each > 1)
        status = lw_buf_addf(&self->text, " · a sign is up to %llu", (unsigned long long)each);
    return status;
}

static int draw_selected(struct ruler *self, const struct lw_area *area)
{
    int rows = area->rows >= SAID_ROWS + 5 && self->any ? SAID_ROWS + 1 : 0;
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
    struct lw_buf said = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    int filtered = lw_timeline_filter_is_on(&self->timeline->filter) ? 1 : 0;
    struct lw_area part;
    int below;

    if (self->any && self->counts != NULL && load_bars(self, area->rows, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    below = draw_selected(self, area);
    if (filtered && lw_timeline_filter_say(&self->timeline->filter, &said) == LW_OK)
        lw_typed_filter_draw(view, &said, area);
    lw_buf_free(&said);
    part = lw_area_part(area, filtered, 0, area->rows - below - filtered, area->columns);
    lw_list_draw(&self->list, &part,
                 self->next != NULL ? "counting"
                 : filtered > 0     ? "no entry that passes has a date"
                                    : "no entry has a date");
}

static enum lw_status ruler_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_addf(out, "Entries by %s", units[ruler_of(view)->scale]);
}

static enum lw_status ruler_status(struct lw_view *view, struct lw_buf *out)
{
    const struct ruler *self = ruler_of(view);
    const struct lw_ruler *sums = &self->sums;
    unsigned long long all =
        sums->earlier + sums->stated + sums->wider + sums->later + sums->undated;
    enum lw_status status;

    if (self->next != NULL)
        return lw_buf_adds(out, "counting");
    status = lw_buf_addf(out, "%llu %s", all, all == 1 ? "entry" : "entries");
    if (status == LW_OK && sums->undated > 0)
        status = lw_buf_addf(out, " · %llu undated", (unsigned long long)sums->undated);
    return status;
}

/* ---- moving -----------------------------------------------------------------------------------
 */

/* Into a stretch: to what the cursor came from, where that is in it, else to the first entry dated
 * in it. */
static enum lw_status find_focus(struct ruler *self, int64_t bucket, struct lw_error *err)
{
    enum lw_scale finer = (enum lw_scale)(self->scale + 1);
    int64_t start = lw_scale_start(self->scale, bucket);
    int64_t end = lw_scale_start(self->scale, bucket + 1);
    int64_t first = lw_scale_bucket(finer, start);
    struct lw_bar bar[32] = {{0}};
    struct lw_ruler sums;
    size_t count = (size_t)(lw_scale_bucket(finer, end - 1) - first) + 1;
    enum lw_status status;

    if (self->focus > start && self->focus < end)
        return LW_OK;
    self->focus = start;
    status = lw_counts_bars(self->counts, finer, first, bar, count < 32 ? count : 32, &sums, err);
    for (size_t i = 0; i < LW_COUNT_OF(bar) && status == LW_OK; i++) {
        if (bar[i].stated > 0) {
            self->focus = lw_scale_start(finer, first + (int64_t)i);
            break;
        }
    }
    return status;
}

static enum lw_status zoom_by(struct ruler *self, int by, struct lw_error *err)
{
    int scale = (int)self->scale + by;
    enum lw_status status = LW_OK;

    if (scale < 0 || scale >= LW_SCALES) {
        lw_tui_say(self->view.tui, by < 0 ? "years are the widest" : "hours are the finest");
        return LW_OK;
    }
    if (!self->any)
        return LW_OK;
    if (by > 0)
        status = find_focus(self, selected_bucket(self), err);
    self->scale = (enum lw_scale)scale;
    forget_bars(self);
    place(self, (size_t)self->list.rows / 2);
    return status;
}

static bool ruler_move(struct lw_view *view, enum lw_move move)
{
    struct ruler *self = ruler_of(view);
    struct lw_error err = {.status = LW_OK};

    if (move == LW_MOVE_LEFT || move == LW_MOVE_RIGHT) {
        if (zoom_by(self, move == LW_MOVE_RIGHT ? 1 : -1, &err) != LW_OK)
            lw_tui_complain(view->tui, &err);
        return true;
    }
    if (!lw_list_move(&self->list, move))
        return false;
    self->focus = lw_scale_start(self->scale, selected_bucket(self));
    return true;
}

/* Back in the list, at the first entry of that time. */
static enum lw_status ruler_open(struct lw_view *view, struct lw_error *err)
{
    struct ruler *self = ruler_of(view);
    enum lw_status status = LW_OK;

    if (self->any)
        status = lw_timeline_go_to_day(
            self->timeline,
            lw_scale_bucket(LW_SCALE_DAYS, lw_scale_start(self->scale, selected_bucket(self))),
            err);
    return status == LW_OK ? lw_tui_close(view->tui, view, err) : status;
}

static void ruler_close(struct lw_view *view)
{
    struct ruler *self = ruler_of(view);

    lw_counts_free(self->counts);
    lw_counts_free(self->next);
    free(self->bar);
    lw_buf_free(&self->text);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_RULER,
    .help = "How many entries there are by date: # is one dated within that time, ~ one that may "
            "have been in it or lasts longer. Right goes into the time under the cursor, left out "
            "of it; Enter goes to it in the list.",
    .draw = ruler_draw,
    .close = ruler_close,
    .title = ruler_title,
    .status = ruler_status,
    .move = ruler_move,
    .open = ruler_open,
    .refresh = ruler_refresh,
    .tick = ruler_tick,
};

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    struct ruler *self = calloc(1, sizeof *self);
    enum lw_status status;

    (void)argument;
    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the ruler");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->timeline = lw_timeline_of(view);
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = self};
    lw_timeline_filter_make(&self->timeline->filter, &self->filter);
    status = begin(self, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        ruler_close(&self->view);
    return status;
}

static enum lw_status zoom_in(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return zoom_by(ruler_of(view), 1, err);
}

static enum lw_status zoom_out(struct lw_tui *tui, struct lw_view *view, const char *argument,
                               struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return zoom_by(ruler_of(view), -1, err);
}

static const struct lw_action list[] = {
    {"ruler", "z", LW_IN_TIMELINE, "how many entries there are by year, month, day or hour", NULL,
     0, show},
    {"zoom-in", "+ z", LW_IN_RULER, "from years to months, days, hours; also to the right", "in", 0,
     zoom_in},
    {"zoom-out", "- Z", LW_IN_RULER, "from hours to days, months, years; also to the left", "out",
     0, zoom_out},
};
const struct lw_action_table lw_actions_ruler = {list, LW_COUNT_OF(list)};
