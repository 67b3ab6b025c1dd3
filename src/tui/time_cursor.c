/* The cursor of the ruler and of the lanes: a time, a scale, and the numbers of entries by date. */
#include "time_cursor.h"

#include <stdlib.h>

enum { SLICE = 2000, FIRST_BARS = 60 };

static const char *const units[LW_SCALES] = {M_("entries by", "year"), M_("entries by", "month"),
                                             M_("entries by", "day"), M_("entries by", "hour")};

const char *lw_time_cursor_unit(const struct lw_time_cursor *cursor)
{
    return lw_say(units[cursor->scale]);
}

/* ---- counting ---------------------------------------------------------------------------------
 */

/* Where the list was; at the scale that was chosen last, else as finely as all fits on a few pages.
 */
static void start(struct lw_time_cursor *cursor)
{
    const struct lw_timeline *timeline = cursor->timeline;
    const struct lw_row_copy *row = lw_row_list_selected(&timeline->rows);

    cursor->scale = timeline->scale_chosen ? timeline->scale
                                           : lw_scale_fit(cursor->first_day, cursor->last_day,
                                                          FIRST_BARS, LW_SCALE_DAYS);
    cursor->focus = cursor->last_day * 86400;
    if (row != NULL && row->day != LW_TIME_MIN)
        cursor->focus = row->day * 86400;
}

enum lw_status lw_time_cursor_more(struct lw_time_cursor *cursor, bool *done, struct lw_error *err)
{
    bool first = cursor->counts == NULL;
    struct lw_bar none;
    enum lw_status status = lw_counts_more(cursor->next, SLICE, done, err);

    if (status == LW_OK && !*done)
        return status;
    if (status == LW_OK) {
        lw_counts_free(cursor->counts);
        cursor->counts = cursor->next;
        cursor->next = NULL;
        status = lw_counts_days(cursor->counts, &cursor->first_day, &cursor->last_day, &cursor->any,
                                err);
    }
    if (status == LW_OK)
        status = lw_counts_bars(cursor->counts, LW_SCALE_YEARS, 0, &none, 0, &cursor->sums, err);
    if (status == LW_OK && first)
        start(cursor);
    if (status != LW_OK) {
        lw_counts_free(cursor->next);
        cursor->next = NULL;
    }
    return status;
}

enum lw_status lw_time_cursor_begin(struct lw_time_cursor *cursor, struct lw_error *err)
{
    struct lw_counts *next = NULL;
    enum lw_status status =
        lw_counts_begin(lw_screen_journal(cursor->timeline->view.tui), &cursor->filter, &next, err);

    if (status != LW_OK)
        return status;
    lw_counts_free(cursor->next);
    cursor->next = next;
    return LW_OK;
}

enum lw_status lw_time_cursor_new(struct lw_timeline *timeline, struct lw_time_cursor **out,
                                  struct lw_error *err)
{
    struct lw_time_cursor *cursor = calloc(1, sizeof *cursor);
    enum lw_status status;

    if (cursor == NULL) {
        lw_fail(err, LW_NO_MEMORY, "no memory for another zoom");
        return LW_NO_MEMORY;
    }
    cursor->timeline = timeline;
    lw_timeline_filter_make(&timeline->filter, &cursor->filter);
    status = lw_time_cursor_begin(cursor, err);
    if (status != LW_OK) {
        lw_time_cursor_free(cursor);
        return status;
    }
    *out = cursor;
    return LW_OK;
}

void lw_time_cursor_free(struct lw_time_cursor *cursor)
{
    if (cursor == NULL)
        return;
    lw_counts_free(cursor->counts);
    lw_counts_free(cursor->next);
    free(cursor);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

int64_t lw_time_cursor_first(const struct lw_time_cursor *cursor)
{
    return lw_scale_bucket(cursor->scale, cursor->first_day * 86400);
}

int64_t lw_time_cursor_last(const struct lw_time_cursor *cursor)
{
    return lw_scale_bucket(cursor->scale, cursor->last_day * 86400 + 86399);
}

int64_t lw_time_cursor_bucket(const struct lw_time_cursor *cursor)
{
    int64_t bucket = lw_scale_bucket(cursor->scale, cursor->focus);
    int64_t first = lw_time_cursor_first(cursor), last = lw_time_cursor_last(cursor);

    return bucket < first ? first : bucket > last ? last : bucket;
}

void lw_time_cursor_move(struct lw_time_cursor *cursor, int64_t bucket)
{
    cursor->focus = lw_scale_start(cursor->scale, bucket);
    cursor->moved = true;
}

static enum lw_status find_focus(struct lw_time_cursor *cursor, struct lw_error *err)
{
    enum lw_scale finer = (enum lw_scale)(cursor->scale + 1);
    int64_t bucket = lw_time_cursor_bucket(cursor);
    int64_t start = lw_scale_start(cursor->scale, bucket);
    int64_t end = lw_scale_start(cursor->scale, bucket + 1);
    int64_t first = lw_scale_bucket(finer, start);
    struct lw_bar bar[32] = {{0}};
    struct lw_ruler sums;
    size_t count = (size_t)(lw_scale_bucket(finer, end - 1) - first) + 1;
    enum lw_status status;

    if (cursor->focus > start && cursor->focus < end)
        return LW_OK;
    cursor->focus = start;
    status = lw_counts_bars(cursor->counts, finer, first, bar, count < 32 ? count : 32, &sums, err);
    for (size_t i = 0; i < LW_COUNT_OF(bar) && status == LW_OK; i++) {
        if (bar[i].stated > 0) {
            cursor->focus = lw_scale_start(finer, first + (int64_t)i);
            break;
        }
    }
    return status;
}

enum lw_status lw_time_cursor_zoom(struct lw_time_cursor *cursor, int by, bool *changed,
                                   struct lw_error *err)
{
    struct lw_timeline *timeline = cursor->timeline;
    int scale = (int)cursor->scale + by;
    enum lw_status status = LW_OK;

    *changed = false;
    if (scale < 0 || scale >= LW_SCALES) {
        lw_tui_say(timeline->view.tui, by < 0 ? "years are the widest" : "hours are the finest");
        return LW_OK;
    }
    if (!cursor->any)
        return LW_OK;
    if (by > 0)
        status = find_focus(cursor, err);
    cursor->scale = (enum lw_scale)scale;
    timeline->scale = cursor->scale;
    timeline->scale_chosen = true;
    *changed = true;
    return status;
}

enum lw_status lw_time_cursor_to_list(struct lw_time_cursor *cursor, struct lw_error *err)
{
    if (!cursor->any)
        return LW_OK;
    return lw_timeline_go_to_day(
        cursor->timeline,
        lw_scale_bucket(LW_SCALE_DAYS,
                        lw_scale_start(cursor->scale, lw_time_cursor_bucket(cursor))),
        err);
}

/* ---- what both say ----------------------------------------------------------------------------
 */

enum lw_status lw_time_cursor_say(const struct lw_time_cursor *cursor, struct lw_buf *out)
{
    const struct lw_ruler *sums = &cursor->sums;
    unsigned long long all =
        sums->earlier + sums->stated + sums->wider + sums->later + sums->undated;
    enum lw_status status;

    if (cursor->next != NULL)
        return lw_buf_says(out, "counting");
    status = lw_buf_addf(out, lw_say_count("%llu entry", "%llu entries", all), all);
    if (status == LW_OK && sums->undated > 0)
        status = lw_buf_sayf(out, " · %llu undated", (unsigned long long)sums->undated);
    return status;
}

int lw_time_cursor_draw_filter(const struct lw_time_cursor *cursor, struct lw_view *view,
                               const struct lw_area *area)
{
    const struct lw_timeline_filter *filter = &cursor->timeline->filter;
    struct lw_buf said = LW_BUF_INIT;

    if (!lw_timeline_filter_is_on(filter))
        return 0;
    if (lw_timeline_filter_say(filter, &said) == LW_OK)
        lw_typed_filter_draw(view, &said, area);
    lw_buf_free(&said);
    return 1;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

typedef enum lw_status show_function(struct lw_tui *tui, struct lw_time_cursor *cursor,
                                     struct lw_error *err);

/* From whichever of the three it is; that one is closed, but for the list below. */
static enum lw_status show(struct lw_tui *tui, struct lw_view *view, show_function *next,
                           struct lw_error *err)
{
    struct lw_timeline *timeline = lw_timeline_of(view);
    struct lw_time_cursor *cursor = NULL;
    enum lw_status status = LW_OK;

    if (timeline != NULL) {
        status = lw_time_cursor_new(timeline, &cursor, err);
        return status == LW_OK && cursor != NULL ? next(tui, cursor, err) : status;
    }
    cursor = lw_ruler_give(view);
    if (cursor == NULL)
        cursor = lw_lanes_give(view);
    if (cursor == NULL)
        return LW_OK;
    lw_tui_drop(tui, view);
    return next(tui, cursor, err);
}

static enum lw_status show_ruler(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)argument;
    return show(tui, view, lw_ruler_show, err);
}

static enum lw_status show_lanes(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)argument;
    return show(tui, view, lw_lanes_show, err);
}

/* The list is where it was, unless the cursor went elsewhere. */
static enum lw_status close_to_list(struct lw_tui *tui, struct lw_time_cursor *cursor,
                                    struct lw_error *err)
{
    enum lw_status status = cursor->moved ? lw_time_cursor_to_list(cursor, err) : LW_OK;

    (void)tui;
    lw_time_cursor_free(cursor);
    return status;
}

static enum lw_status show_list(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                struct lw_error *err)
{
    (void)argument;
    return show(tui, view, close_to_list, err);
}

/* The zoom before: from the list to the lanes, from those to the ruler, from that to the list. */
static enum lw_status show_before(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    (void)argument;
    return show(tui, view,
                view->ops->context == LW_IN_TIMELINE ? lw_lanes_show
                : view->ops->context == LW_IN_LANES  ? lw_ruler_show
                                                     : close_to_list,
                err);
}

static enum lw_status zoom(struct lw_view *view, int by, struct lw_error *err)
{
    return view->ops->context == LW_IN_LANES ? lw_lanes_zoom(view, by, err)
                                             : lw_ruler_zoom(view, by, err);
}

static enum lw_status zoom_in(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return zoom(view, 1, err);
}

static enum lw_status zoom_out(struct lw_tui *tui, struct lw_view *view, const char *argument,
                               struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return zoom(view, -1, err);
}

/* z goes from the list to the ruler, to the lanes, to the list: the first one that can be called
 * from there has the key. */
static const struct lw_action list[] = {
    {"ruler", "z", LW_IN_TIMELINE, "how many entries there are by year, month, day or hour", NULL,
     0, show_ruler},
    {"lanes", "z", LW_IN_TIMELINE | LW_IN_RULER,
     "the same by person, place, kind or source, a line for each", "lanes", 0, show_lanes},
    {"list", "z", LW_IN_LANES | LW_IN_RULER, "the entries at this time, as a list", "list", 0,
     show_list},
    {"zoom-before", "Z", LW_IN_TIMELINE | LW_IN_RULER | LW_IN_LANES,
     "from the list to the lanes, to the ruler, to the list", NULL, 0, show_before},
    {"zoom-in", "+", LW_IN_RULER | LW_IN_LANES,
     "from years to months, days, hours; in the ruler also to the right", "in", 0, zoom_in},
    {"zoom-out", "-", LW_IN_RULER | LW_IN_LANES,
     "from hours to days, months, years; in the ruler also to the left", "out", 0, zoom_out},
};
const struct lw_action_table lw_actions_zoom = {list, LW_COUNT_OF(list)};
