/* Lanes: the timeline with a line for each person, place, kind or source, and a cell for each
 * stretch of time, as a screen. */
#include "lanes_view.h"

#include <stdlib.h>
#include <string.h>

enum { NARROW = 60, SLICE = 500, COUNTED = 128, FIT_MOST = 20000 };

static const struct lw_view_ops operations;

static struct lw_lanes_view *lanes_of(struct lw_view *view)
{
    return (struct lw_lanes_view *)view;
}

static size_t count_rows(void *context)
{
    const struct lw_lanes_view *self = context;

    return self->lanes != NULL && self->cursor->any ? lw_lanes_count(self->lanes) : 0;
}

static const struct lw_timeline_lane *selected_lane(const struct lw_lanes_view *self)
{
    size_t row;

    return lw_list_selected(&self->list, &row) ? lw_lanes_at(self->lanes, row) : NULL;
}

/* ---- the stretch in sight ---------------------------------------------------------------------
 */

/* The first and last stretch that something is dated within, at the scale of the cursor. */
static enum lw_status find_stated(const struct lw_time_cursor *cursor, int64_t *from, int64_t *to,
                                  struct lw_error *err)
{
    int64_t first = lw_time_cursor_first(cursor), last = lw_time_cursor_last(cursor);
    size_t count = (size_t)(last - first) + 1;
    struct lw_ruler sums;
    struct lw_bar *bar;
    enum lw_status status;

    *from = first;
    *to = last;
    if (last - first >= FIT_MOST)
        return LW_OK;
    bar = calloc(count, sizeof *bar);
    if (bar == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the lanes");
    status = lw_counts_bars(cursor->counts, cursor->scale, first, bar, count, &sums, err);
    while (status == LW_OK && *from < last && bar[*from - first].stated == 0)
        ++*from;
    while (status == LW_OK && *to > *from && bar[*to - first].stated == 0)
        --*to;
    free(bar);
    return status;
}

/* The finest scale at which all that is dated within one stretch is in sight, as on the command
 * line: years in which only one thing went on would push out the days of the others. */
static enum lw_status fit_scale(struct lw_lanes_view *self, struct lw_error *err)
{
    struct lw_time_cursor *cursor = self->cursor;
    enum lw_status status = LW_OK;

    for (int scale = LW_SCALE_DAYS; scale >= LW_SCALE_YEARS && status == LW_OK; scale--) {
        int64_t from, to;

        cursor->scale = (enum lw_scale)scale;
        status = find_stated(cursor, &from, &to, err);
        if (status == LW_OK && to - from < lw_lanes_cells(self)) {
            self->left = from;
            self->placed = true;
            return LW_OK;
        }
    }
    return status;
}

/* The cell of the cursor is in sight; at an edge half a screen comes in. */
static void scroll(struct lw_lanes_view *self)
{
    int64_t first = lw_time_cursor_first(self->cursor), last = lw_time_cursor_last(self->cursor);
    int64_t at = lw_time_cursor_bucket(self->cursor), cells = lw_lanes_cells(self);

    if (!self->placed || at < self->left || at >= self->left + cells)
        self->left = at - cells / 2;
    if (self->left + cells > last + 1)
        self->left = last + 1 - cells;
    if (self->left < first)
        self->left = first;
    self->placed = true;
}

/* ---- counting ---------------------------------------------------------------------------------
 */

static bool holds(const struct lw_lanes_view *self, const struct lw_lanes_stretch *stretch)
{
    int64_t last = lw_time_cursor_last(self->cursor);
    int64_t end = self->left + lw_lanes_cells(self) - 1;

    return stretch->count > 0 && stretch->by == self->by && stretch->scale == self->cursor->scale &&
           stretch->first <= self->left &&
           stretch->first + (int64_t)stretch->count > (end < last ? end : last);
}

/* All of it, or a few screens round what is in sight. */
static struct lw_lanes_stretch stretch_of(const struct lw_lanes_view *self)
{
    int64_t first = lw_time_cursor_first(self->cursor), last = lw_time_cursor_last(self->cursor);
    int64_t cells = lw_lanes_cells(self), most = 3 * cells > COUNTED ? 3 * cells : COUNTED;
    int64_t from = self->left - (most - cells) / 2;

    if (from + most > last + 1)
        from = last + 1 - most;
    if (from < first)
        from = first;
    if (last - from + 1 < most)
        most = last - from + 1;
    return (struct lw_lanes_stretch){
        .by = self->by, .scale = self->cursor->scale, .first = from, .count = (size_t)most};
}

static enum lw_status begin(struct lw_lanes_view *self, struct lw_error *err)
{
    struct lw_lanes_stretch stretch = stretch_of(self);
    struct lw_lanes *next = NULL;
    enum lw_status status =
        lw_lanes_begin(lw_screen_journal(self->view.tui), &self->cursor->filter, stretch.by,
                       stretch.scale, stretch.first, stretch.count, &next, err);

    if (status != LW_OK)
        return status;
    lw_lanes_free(self->next);
    self->next = next;
    self->counting = stretch;
    self->turns = 0;
    return LW_OK;
}

static void stop(struct lw_lanes_view *self)
{
    lw_lanes_free(self->next);
    self->next = NULL;
    self->counting = (struct lw_lanes_stretch){.count = 0};
}

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The row of that lane among others. */
static bool find_row(const struct lw_lanes *lanes, const struct lw_timeline_lane *lane, size_t *at)
{
    for (size_t i = 0; i < lw_lanes_count(lanes); i++) {
        const struct lw_timeline_lane *one = lw_lanes_at(lanes, i);
        bool same = lane->id != NULL
                        ? one->id != NULL && memcmp(one->id, lane->id, LW_RECORD_ID) == 0
                    : lane->kind != NULL
                        ? same_text(one->kind, lane->kind)
                        : one->id == NULL && one->kind == NULL && same_text(one->name, lane->name);

        if (same) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* What was counted is shown, and the cursor stays in its lane; of other lanes it goes to the first
 * one of the entry that the list is at. */
static enum lw_status adopt(struct lw_lanes_view *self, struct lw_error *err)
{
    const struct lw_timeline_lane *lane = selected_lane(self);
    const struct lw_row_copy *row = lw_row_list_selected(&self->cursor->timeline->rows);
    bool same = lane != NULL && self->shown.by == self->counting.by, found = false;
    size_t offset = self->list.cursor - self->list.top, at = 0;
    enum lw_status status = LW_OK;

    if (same)
        found = find_row(self->next, lane, &at);
    else if (row != NULL)
        status = lw_lanes_of_entry(self->next, row->id, &at, &found, err);
    lw_lanes_free(self->lanes);
    self->lanes = self->next;
    self->shown = self->counting;
    self->next = NULL;
    self->counting.count = 0;
    lw_list_select(&self->list, found ? at : same ? self->list.cursor : 0);
    self->list.top = self->list.cursor > offset ? self->list.cursor - offset : 0;
    return status;
}

static enum lw_status count_lanes(struct lw_lanes_view *self, struct lw_error *err)
{
    bool done = false;
    enum lw_status status = LW_OK;

    scroll(self);
    if (!holds(self, &self->shown) && !holds(self, &self->counting))
        status = begin(self, err);
    if (status != LW_OK || self->next == NULL)
        return status;
    status = lw_lanes_more(self->next, SLICE, &done, err);
    self->turns++;
    if (status == LW_OK && done)
        status = adopt(self, err);
    lw_tui_redraw(self->view.tui);
    return status;
}

/* Where it is dated at all, then the lanes. */
static enum lw_status count_on(struct lw_lanes_view *self, struct lw_error *err)
{
    struct lw_time_cursor *cursor = self->cursor;
    bool done = false, first = cursor->counts == NULL;
    enum lw_status status = LW_OK;

    if (cursor->next != NULL) {
        status = lw_time_cursor_more(cursor, &done, err);
        lw_tui_redraw(self->view.tui);
    }
    if (status == LW_OK && done && cursor->any && first && !cursor->timeline->scale_chosen)
        status = fit_scale(self, err);
    if (status == LW_OK && done)
        stop(self); /* it may have begun where nothing is any more */
    if (status == LW_OK && done && !first)
        self->shown.count = 0;
    if (status != LW_OK || cursor->next != NULL || !cursor->any)
        return status;
    return count_lanes(self, err);
}

static int lanes_tick(struct lw_view *view)
{
    struct lw_lanes_view *self = lanes_of(view);
    struct lw_error err = {.status = LW_OK};

    if (self->failed)
        return -1;
    if (count_on(self, &err) != LW_OK) {
        stop(self);
        self->failed = true; /* until something is asked for again */
        lw_tui_complain(view->tui, &err);
    }
    return !self->failed && (self->cursor->next != NULL || self->next != NULL) ? 0 : -1;
}

static enum lw_status lanes_refresh(struct lw_view *view, struct lw_error *err)
{
    struct lw_lanes_view *self = lanes_of(view);

    self->failed = false;
    return lw_time_cursor_begin(self->cursor, err);
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static void lanes_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_lanes_view *self = lanes_of(view);
    int filtered = lw_time_cursor_draw_filter(self->cursor, view, area);
    struct lw_area part = lw_area_part(area, filtered, 0, area->rows - filtered, area->columns);

    lw_lanes_draw(self, &part);
}

static enum lw_status lanes_title(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_lanes_view *self = lanes_of(view);

    return lw_buf_addf(out,
                       lw_tui_grid(view->tui)->columns < NARROW ? _("By %s and %s")
                                                                : _("Entries by %s and %s"),
                       lw_time_cursor_unit(self->cursor), lw_lanes_said(self->by));
}

/* How far it is can be said where every entry is one that counts. */
static enum lw_status say_counting(const struct lw_lanes_view *self, struct lw_buf *out)
{
    const struct lw_ruler *sums = &self->cursor->sums;
    uint64_t all = sums->earlier + sums->wider + sums->later + sums->undated;
    uint64_t percent = all > 0 ? self->turns * SLICE * 100 / all : 100;

    if (lw_timeline_filter_is_on(&self->cursor->timeline->filter) || percent > 99)
        return lw_buf_adds(out, "counting");
    return lw_buf_addf(out, "counting, %llu %%", (unsigned long long)percent);
}

static enum lw_status lanes_status(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_lanes_view *self = lanes_of(view);

    return self->next != NULL ? say_counting(self, out) : lw_time_cursor_say(self->cursor, out);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

/* By cells; false where it is at the end already. */
static bool move_cells(struct lw_lanes_view *self, int64_t by)
{
    int64_t first = lw_time_cursor_first(self->cursor), last = lw_time_cursor_last(self->cursor);
    int64_t at = lw_time_cursor_bucket(self->cursor), to = at + by;

    self->failed = false;
    to = to < first ? first : to > last ? last : to;
    if (!self->cursor->any || to == at)
        return false;
    lw_time_cursor_move(self->cursor, to);
    return true;
}

static bool lanes_move(struct lw_view *view, enum lw_move move)
{
    struct lw_lanes_view *self = lanes_of(view);

    if (move == LW_MOVE_LEFT || move == LW_MOVE_RIGHT)
        return move_cells(self, move == LW_MOVE_RIGHT ? 1 : -1);
    return lw_list_move(&self->list, move);
}

/* The next cell of the line that has something, as far as it is counted; from there on the next
 * stretch. */
static void move_to_next(struct lw_lanes_view *self, int by)
{
    int64_t first = lw_time_cursor_first(self->cursor), last = lw_time_cursor_last(self->cursor);
    int64_t at = lw_time_cursor_bucket(self->cursor);
    size_t row;

    if (!lw_list_selected(&self->list, &row) || lw_lanes_bar(self, row, at) == NULL)
        return;
    for (int64_t to = at + by; to >= first && to <= last; to += by) {
        const struct lw_bar *bar = lw_lanes_bar(self, row, to);

        if (bar == NULL || bar->stated > 0 || bar->wider > 0) {
            lw_time_cursor_move(self->cursor, to);
            return;
        }
    }
    lw_tui_say(self->view.tui,
               by > 0 ? "nothing later in this line" : "nothing earlier in this line");
}

enum lw_status lw_lanes_zoom(struct lw_view *view, int by, struct lw_error *err)
{
    struct lw_lanes_view *self = lanes_of(view);
    bool changed = false;
    enum lw_status status = lw_time_cursor_zoom(self->cursor, by, &changed, err);

    self->failed = false;
    if (changed)
        self->placed = false;
    return status;
}

static void change_by(struct lw_lanes_view *self, int by)
{
    self->by = (enum lw_lanes_by)(((int)self->by + LW_LANES_BY + by) % LW_LANES_BY);
    self->cursor->timeline->by = self->by;
    self->failed = false;
}

/* A list of that lane alone, at that time; what has no name to filter by leads to the list below.
 */
static enum lw_status lanes_open(struct lw_view *view, struct lw_error *err)
{
    struct lw_lanes_view *self = lanes_of(view);
    const struct lw_timeline_lane *lane = selected_lane(self);
    struct lw_tui *tui = view->tui;
    enum lw_status status;

    if (lane == NULL || self->shown.by != self->by)
        return LW_OK;
    if (lane->id != NULL || lane->kind != NULL) {
        int64_t start = lw_scale_start(self->cursor->scale, lw_time_cursor_bucket(self->cursor));

        return lw_timeline_show_lane(self->cursor->timeline, self->by, lane,
                                     lw_scale_bucket(LW_SCALE_DAYS, start), err);
    }
    lw_tui_say(tui, "There is no filter for \"%s\": these are all entries", lane->name);
    status = lw_time_cursor_to_list(self->cursor, err);
    return status == LW_OK ? lw_tui_close(tui, view, err) : status;
}

static void lanes_close(struct lw_view *view)
{
    struct lw_lanes_view *self = lanes_of(view);

    lw_time_cursor_free(self->cursor);
    lw_lanes_free(self->lanes);
    lw_lanes_free(self->next);
    lw_buf_free(&self->text);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_LANES,
    .help =
        "A line for each person, place, kind or source, a sign for each stretch of time: 1 to 9 "
        "are entries dated within it, + is ten or more; ~ is where there is none of these, but "
        "one that may have been in it or lasts longer. An entry with several people or sources "
        "stands in the line of each. {open} goes to that time in the list, of that line alone.",
    .draw = lanes_draw,
    .close = lanes_close,
    .title = lanes_title,
    .status = lanes_status,
    .move = lanes_move,
    .open = lanes_open,
    .refresh = lanes_refresh,
    .tick = lanes_tick,
};

/* ---- opening ----------------------------------------------------------------------------------
 */

struct lw_time_cursor *lw_lanes_give(struct lw_view *view)
{
    struct lw_time_cursor *cursor = NULL;

    if (view->ops == &operations) {
        cursor = lanes_of(view)->cursor;
        lanes_of(view)->cursor = NULL;
    }
    return cursor;
}

enum lw_status lw_lanes_show(struct lw_tui *tui, struct lw_time_cursor *cursor,
                             struct lw_error *err)
{
    struct lw_lanes_view *self = calloc(1, sizeof *self);
    enum lw_status status = LW_OK;

    if (self == NULL) {
        lw_time_cursor_free(cursor);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the lanes");
    }
    self->view.ops = &operations;
    self->view.tui = tui;
    self->cursor = cursor;
    self->by = cursor->timeline->by;
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = lw_lanes_draw_row, .context = self};
    if (cursor->counts != NULL && cursor->any && !cursor->moved && !cursor->timeline->scale_chosen)
        status = fit_scale(self, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        lanes_close(&self->view);
    return status;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

#define LANES_FUNCTION(function, what)                                                             \
    static enum lw_status function(struct lw_tui *tui, struct lw_view *view, const char *argument, \
                                   struct lw_error *err)                                           \
    {                                                                                              \
        struct lw_lanes_view *self = lanes_of(view);                                               \
                                                                                                   \
        (void)tui;                                                                                 \
        (void)argument;                                                                            \
        (void)err;                                                                                 \
        what;                                                                                      \
        return LW_OK;                                                                              \
    }
LANES_FUNCTION(next_by, change_by(self, 1))
LANES_FUNCTION(previous_by, change_by(self, -1))
LANES_FUNCTION(later, move_cells(self, lw_lanes_cells(self)))
LANES_FUNCTION(earlier, move_cells(self, -lw_lanes_cells(self)))
LANES_FUNCTION(next_cell, move_to_next(self, 1))
LANES_FUNCTION(previous_cell, move_to_next(self, -1))

static const struct lw_action list[] = {
    {"lanes-by", "b", LW_IN_LANES, "a line for each person, place, kind, source", "by", 0, next_by},
    {"lanes-by-before", "B", LW_IN_LANES, "the same the other way round", NULL, 0, previous_by},
    {"next-cell", "Tab", LW_IN_LANES, "to the next cell of this line that has something", NULL, 0,
     next_cell},
    {"previous-cell", "Shift-Tab", LW_IN_LANES, "to the one before", NULL, 0, previous_cell},
    {"later", "] Ctrl-Right", LW_IN_LANES, "a screen later", NULL, 0, later},
    {"earlier", "[ Ctrl-Left", LW_IN_LANES, "a screen earlier", NULL, 0, earlier},
};
const struct lw_action_table lw_actions_lanes = {list, LW_COUNT_OF(list)};
