/* Lanes in the cell grid: names, numbers, a sign for each stretch, and what the cursor is on in
 * words. */
#include "lanes_view.h"
#include "wrapped.h"

#include <string.h>

enum { NARROW = 60, WIDE = 120, SAID_ROWS = 2 };

/* ---- where things stand -----------------------------------------------------------------------
 */

static int digits(unsigned long long number)
{
    int count = 1;

    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static int name_columns(int columns)
{
    return columns < NARROW ? 14 : columns < WIDE ? 22 : 30;
}

/* Of the entries of a lane; the same for every lane and stretch. */
static int number_columns(const struct lw_lanes_view *self)
{
    const struct lw_ruler *sums = &self->cursor->sums;
    int wide = digits(sums->earlier + sums->stated + sums->wider + sums->later + sums->undated);

    return wide > 3 ? wide : 3; /* "all" stands above */
}

/* From the left of a row, right of the gutter. */
static int cells_column(const struct lw_lanes_view *self, int columns)
{
    return name_columns(columns) + 1 + number_columns(self) + 2;
}

int lw_lanes_cells(const struct lw_lanes_view *self)
{
    int columns = lw_tui_grid(self->view.tui)->columns;
    int cells = columns - LW_LIST_GUTTER - cells_column(self, columns);

    return cells > 0 ? cells : 1;
}

const struct lw_bar *lw_lanes_bar(const struct lw_lanes_view *self, size_t lane, int64_t bucket)
{
    const struct lw_lanes_stretch *shown = &self->shown;

    if (self->lanes == NULL || shown->scale != self->cursor->scale || bucket < shown->first ||
        bucket - shown->first >= (int64_t)shown->count || lane >= lw_lanes_count(self->lanes))
        return NULL;
    return &lw_lanes_at(self->lanes, lane)->bar[bucket - shown->first];
}

/* ---- rows -------------------------------------------------------------------------------------
 */

/* Cells that are still to be counted stay blank. */
int lw_lanes_draw_row(void *context, size_t at, const struct lw_area *area)
{
    const struct lw_lanes_view *self = context;
    const struct lw_timeline_lane *lane = lw_lanes_at(self->lanes, at);
    int columns = area->columns + LW_LIST_GUTTER;
    bool plain = area->grid->plain;
    int name = plain ? columns - LW_LIST_GUTTER - number_columns(self) - 1 : name_columns(columns);
    int column = cells_column(self, columns);
    int64_t last = lw_time_cursor_last(self->cursor);

    lw_area_put_cut(area, 0, 0, name, LW_STYLE_PLAIN, lane->name, strlen(lane->name));
    lw_area_putf(area, 0, name + 1, LW_STYLE_DIM, "%*llu", number_columns(self),
                 (unsigned long long)lane->entries);
    for (int64_t bucket = self->left; !plain && column < area->columns && bucket <= last;
         bucket++) {
        const struct lw_bar *bar = lw_lanes_bar(self, at, bucket);
        char sign[2] = {bar != NULL ? lw_bar_sign(bar) : ' ', '\0'};

        lw_area_puts(area, 0, column++, sign[0] == '.' ? LW_STYLE_DIM : LW_STYLE_PLAIN, sign);
    }
    return 0;
}

/* ---- round them -------------------------------------------------------------------------------
 */

static void draw_dates(struct lw_lanes_view *self, const struct lw_area *area)
{
    int at = LW_LIST_GUTTER + cells_column(self, area->columns);
    int64_t last = lw_time_cursor_last(self->cursor);
    size_t room = area->columns > at ? (size_t)(area->columns - at) : 0;
    size_t count = last - self->left + 1 < (int64_t)room ? (size_t)(last - self->left + 1) : room;

    if (area->grid->plain)
        return;
    lw_area_says(area, 0, at - 2 - 3, LW_STYLE_DIM, "all");
    lw_buf_clear(&self->text);
    if (lw_bar_ticks(self->cursor->scale, self->left, count, room, true, &self->text) == LW_OK)
        lw_area_puts(area, 0, at, LW_STYLE_DIM, lw_buf_text(&self->text));
}

/* "Sat 13 December 2014 · Sergei Babinets: 2 dated within it, 1 perhaps, or longer" */
static enum lw_status say_selected(struct lw_lanes_view *self)
{
    int64_t bucket = lw_time_cursor_bucket(self->cursor);
    const struct lw_bar *bar = lw_lanes_bar(self, self->list.cursor, bucket);
    enum lw_status status;

    lw_buf_clear(&self->text);
    status = lw_bar_say(self->cursor->scale, bucket, &self->text);
    if (status == LW_OK && self->list.cursor < lw_lanes_count(self->lanes))
        status =
            lw_buf_addf(&self->text, " · %s", lw_lanes_at(self->lanes, self->list.cursor)->name);
    if (status == LW_OK && bar != NULL)
        status =
            lw_buf_sayf(&self->text, ": %llu dated within it", (unsigned long long)bar->stated);
    if (status == LW_OK && bar != NULL && bar->wider > 0)
        status =
            lw_buf_sayf(&self->text, ", %llu perhaps, or longer", (unsigned long long)bar->wider);
    return status;
}

/* Which cell it is stands below the rows, with a sign under its column. */
static int draw_selected(struct lw_lanes_view *self, const struct lw_area *area)
{
    int rows = area->rows >= SAID_ROWS + 4 || area->grid->plain ? SAID_ROWS + 1 : 0;
    struct lw_area part = lw_area_part(area, area->rows - rows, 0, rows, area->columns);
    int at = LW_LIST_GUTTER + cells_column(self, area->columns);
    int64_t cell = lw_time_cursor_bucket(self->cursor) - self->left;

    if (rows == 0 || say_selected(self) != LW_OK)
        return rows;
    lw_area_fill(&part, 0, 0, part.columns, LW_STYLE_DIM, LW_SIGN_RULE);
    if (cell >= 0 && cell < part.columns - at && !area->grid->plain)
        lw_area_puts(&part, 0, at + (int)cell, LW_STYLE_PLAIN, "^");
    (void)lw_wrapped_put(&part, 1, SAID_ROWS, part.columns, LW_STYLE_PLAIN,
                         lw_buf_text(&self->text), self->text.len);
    return rows;
}

/* The focus is the cell, not the row. */
static void mark_cell(struct lw_lanes_view *self, const struct lw_area *area)
{
    int64_t cell = lw_time_cursor_bucket(self->cursor) - self->left;
    int at = LW_LIST_GUTTER + cells_column(self, area->columns);
    int row = (int)(self->list.cursor - self->list.top);

    if (self->list.cursor < self->list.top || row >= area->rows || cell < 0 ||
        cell >= area->columns - at)
        return;
    lw_area_style(area, row, at + (int)cell, 1, LW_STYLE_MARK);
    lw_area_cursor(area, row, at + (int)cell);
}

void lw_lanes_draw(struct lw_lanes_view *self, const struct lw_area *area)
{
    struct lw_area part = *area;
    bool any = self->lanes != NULL && self->cursor->any && lw_lanes_count(self->lanes) > 0;
    int below = 0;

    if (any) {
        draw_dates(self, area);
        below = draw_selected(self, area);
        part = lw_area_part(area, 1, 0, area->rows - below - 1, area->columns);
    }
    lw_list_draw(&self->list, &part,
                 self->cursor->next != NULL || self->next != NULL ? "counting"
                 : lw_timeline_filter_is_on(&self->cursor->timeline->filter)
                     ? "no entry that passes has a date"
                     : "no entry has a date");
    if (any)
        mark_cell(self, &part);
}
