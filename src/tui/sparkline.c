/* Entries by date in one row: a column for a day, or for several where there is no room; the height
 * of its sign says how many are dated within it. */
#include "sparkline.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLICE = 1000,
    FILTERED_MOST = 20000, /* entries of a journal that are counted one by one */
    BARS_MOST = 8000,
    LEAST_ROWS = 14,
    LEAST_COLUMNS = 60,
    INDENT = 2,
    LEVELS = 8
};

/* ---- counting ---------------------------------------------------------------------------------
 */

void lw_sparkline_stop(struct lw_sparkline *line)
{
    lw_counts_free(line->next);
    line->next = NULL;
}

void lw_sparkline_free(struct lw_sparkline *line)
{
    lw_sparkline_stop(line);
    free(line->bar);
    *line = (struct lw_sparkline){.count = 0};
}

static void show_nothing(struct lw_sparkline *line)
{
    free(line->bar);
    line->bar = NULL;
    line->count = 0;
}

/* Of that scale, without what is empty at both ends: years in which only one thing went on would
 * press the days of the others together. */
static enum lw_status take_bars(struct lw_sparkline *line, enum lw_scale scale, int64_t first,
                                size_t count, struct lw_error *err)
{
    struct lw_bar *bar = calloc(count, sizeof *bar);
    struct lw_ruler sums;
    size_t from = 0, to = count;
    enum lw_status status;

    if (bar == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    status = lw_counts_bars(line->next, scale, first, bar, count, &sums, err);
    if (status != LW_OK) {
        free(bar);
        return status;
    }
    while (from < to && bar[from].stated == 0)
        from++;
    while (to > from && bar[to - 1].stated == 0)
        to--;
    memmove(bar, bar + from, (to - from) * sizeof *bar);
    free(line->bar);
    line->bar = bar;
    line->scale = scale;
    line->first = first + (int64_t)from;
    line->count = to - from;
    return LW_OK;
}

/* Days, or what is coarser where these would be too many. */
static enum lw_status take_counts(struct lw_sparkline *line, struct lw_error *err)
{
    int64_t first_day = 0, last_day = 0;
    bool any = false;
    enum lw_status status = lw_counts_days(line->next, &first_day, &last_day, &any, err);

    for (int scale = LW_SCALE_DAYS; scale >= 0 && any && status == LW_OK; scale--) {
        int64_t first = lw_scale_bucket((enum lw_scale)scale, first_day * 86400);
        int64_t last = lw_scale_bucket((enum lw_scale)scale, last_day * 86400 + 86399);

        if (last - first < BARS_MOST)
            return take_bars(line, (enum lw_scale)scale, first, (size_t)(last - first) + 1, err);
    }
    if (status == LW_OK)
        show_nothing(line);
    return status;
}

enum lw_status lw_sparkline_more(struct lw_sparkline *line, bool *changed, struct lw_error *err)
{
    bool done = false;
    enum lw_status status;

    *changed = false;
    if (line->next == NULL)
        return LW_OK;
    status = lw_counts_more(line->next, SLICE, &done, err);
    if (status == LW_OK && !done)
        return LW_OK;
    if (status == LW_OK)
        status = take_counts(line, err);
    lw_sparkline_stop(line);
    *changed = true;
    return status;
}

/* The store has that number. */
static enum lw_status count_all(struct lw_journal *journal, uint64_t *out, struct lw_error *err)
{
    struct lw_counts *counts = NULL;
    struct lw_ruler sums = {0};
    struct lw_bar none;
    enum lw_status status = lw_counts_begin(journal, NULL, &counts, err);

    if (status == LW_OK)
        status = lw_counts_bars(counts, LW_SCALE_YEARS, 0, &none, 0, &sums, err);
    lw_counts_free(counts);
    *out = sums.earlier + sums.later + sums.wider + sums.undated;
    return status;
}

enum lw_status lw_sparkline_begin(struct lw_sparkline *line, struct lw_journal *journal,
                                  const struct lw_filter *filter, bool filtered,
                                  struct lw_error *err)
{
    uint64_t all = 0;
    enum lw_status status = filtered ? count_all(journal, &all, err) : LW_OK;

    lw_sparkline_stop(line);
    if (status == LW_OK && all > FILTERED_MOST)
        show_nothing(line);
    else if (status == LW_OK)
        status = lw_counts_begin(journal, filter, &line->next, err);
    return status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

int lw_sparkline_rows(const struct lw_sparkline *line, int rows, int columns)
{
    return line->count > 0 && rows >= LEAST_ROWS && columns >= LEAST_COLUMNS ? 1 : 0;
}

/* "2014-12-04 – 2014-12-16" */
static enum lw_status say_dates(const struct lw_sparkline *line, const struct lw_grid *grid,
                                struct lw_buf *out)
{
    enum lw_status status = lw_bar_say_short(line->scale, line->first, out);

    if (status != LW_OK || line->count == 1)
        return status;
    status = lw_buf_addf(out, " %s ", lw_grid_sign(grid, LW_SIGN_DASH));
    return status == LW_OK
               ? lw_bar_say_short(line->scale, line->first + (int64_t)line->count - 1, out)
               : status;
}

/* What so many bars from that one on have stated. */
static uint64_t sum_of(const struct lw_sparkline *line, size_t from, size_t each)
{
    uint64_t sum = 0;

    for (size_t i = from; i < from + each && i < line->count; i++)
        sum += line->bar[i].stated;
    return sum;
}

void lw_sparkline_draw(const struct lw_sparkline *line, const struct lw_area *area)
{
    struct lw_buf dates = LW_BUF_INIT;
    uint64_t most = 1;
    size_t room, each;
    int used = 0;

    if (say_dates(line, area->grid, &dates) == LW_OK)
        used = lw_area_put_right(area, 0, area->columns / 2, LW_STYLE_DIM, lw_buf_text(&dates),
                                 dates.len);
    lw_buf_free(&dates);
    room = (size_t)(area->columns - used - 2 * INDENT);
    each = (line->count + room - 1) / room;
    for (size_t at = 0; at < line->count; at += each)
        most = sum_of(line, at, each) > most ? sum_of(line, at, each) : most;
    for (size_t at = 0; at < line->count; at += each) {
        uint64_t sum = sum_of(line, at, each);
        enum lw_sign sign = (enum lw_sign)(LW_SIGN_LEVEL_1 + (sum * LEVELS + most - 1) / most - 1);

        if (sum > 0)
            lw_area_puts(area, 0, INDENT + (int)(at / each), LW_STYLE_PLAIN,
                         lw_grid_sign(area->grid, sign));
    }
}
