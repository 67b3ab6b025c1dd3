/* Rows, of which one is selected; scrolled by lines and whole pages. */
#include "list.h"

#include <string.h>

static size_t count_of(const struct lw_list *list)
{
    return list->source.count(list->source.context);
}

static bool is_heading(const struct lw_list *list, size_t row)
{
    return list->source.is_heading != NULL && list->source.is_heading(list->source.context, row);
}

static bool is_below(const struct lw_list *list, size_t row)
{
    return list->source.is_below != NULL && list->source.is_below(list->source.context, row);
}

static bool can_select(const struct lw_list *list, size_t row)
{
    return !is_heading(list, row) && !is_below(list, row);
}

/* The nearest row from there on that can be selected, downward or upward. */
static bool find(const struct lw_list *list, size_t count, size_t from, bool down, size_t *row)
{
    size_t at = from;

    while (at < count) {
        if (can_select(list, at)) {
            *row = at;
            return true;
        }
        if (!down && at == 0)
            return false;
        at = down ? at + 1 : at - 1;
    }
    return false;
}

void lw_list_select(struct lw_list *list, size_t row)
{
    size_t count = count_of(list);

    if (count == 0) {
        list->cursor = 0;
        return;
    }
    if (row >= count)
        row = count - 1;
    if (!find(list, count, row, true, &list->cursor))
        find(list, count, row, false, &list->cursor);
}

void lw_list_settle(struct lw_list *list)
{
    lw_list_select(list, list->cursor);
}

bool lw_list_selected(const struct lw_list *list, size_t *row)
{
    if (list->cursor >= count_of(list) || !can_select(list, list->cursor))
        return false;
    *row = list->cursor;
    return true;
}

/* The first row that belongs in sight together with the cursor: headings right above it do. */
static size_t with_headings(const struct lw_list *list, size_t row)
{
    while (row > 0 && is_heading(list, row - 1) && list->cursor - row + 2 <= (size_t)list->rows)
        row--;
    return row;
}

static void scroll_to_cursor(struct lw_list *list, size_t count)
{
    size_t rows = list->rows > 0 ? (size_t)list->rows : 1;
    size_t first = with_headings(list, list->cursor), last = list->cursor;

    if (first < list->top)
        list->top = first;
    while (last + 1 < count && last - list->cursor + 1 < rows && is_below(list, last + 1))
        last++;
    if (last >= list->top + rows)
        list->top = last - rows + 1;
    if (list->top + rows > count)
        list->top = count > rows ? count - rows : 0;
    while (list->top < list->cursor && is_below(list, list->top))
        list->top++; /* not without what it is about */
}

/* Whole pages: what was the last line becomes the first. */
static void move_page(struct lw_list *list, size_t count, bool down)
{
    size_t step = list->rows > 1 ? (size_t)list->rows - 1 : 1;
    size_t most = count > (size_t)list->rows ? count - (size_t)list->rows : 0;
    size_t to;

    if (down) {
        to = list->cursor + step < count ? list->cursor + step : count - 1;
        list->top = list->top + step < most ? list->top + step : most;
    } else {
        to = list->cursor > step ? list->cursor - step : 0;
        list->top = list->top > step ? list->top - step : 0;
    }
    if (!find(list, count, to, down, &list->cursor))
        find(list, count, to, !down, &list->cursor);
}

bool lw_list_move(struct lw_list *list, enum lw_move move)
{
    size_t count = count_of(list);
    size_t before = list->cursor;

    if (count == 0)
        return false;
    switch (move) {
    case LW_MOVE_UP:
        if (list->cursor > 0)
            find(list, count, list->cursor - 1, false, &list->cursor);
        break;
    case LW_MOVE_DOWN:
        find(list, count, list->cursor + 1, true, &list->cursor);
        break;
    case LW_MOVE_PAGE_UP:
    case LW_MOVE_PAGE_DOWN:
        move_page(list, count, move == LW_MOVE_PAGE_DOWN);
        break;
    case LW_MOVE_FIRST:
        find(list, count, 0, true, &list->cursor);
        break;
    case LW_MOVE_LAST:
        find(list, count, count - 1, false, &list->cursor);
        break;
    default:
        return false;
    }
    scroll_to_cursor(list, count);
    return list->cursor != before;
}

static void draw_row(struct lw_list *list, const struct lw_area *area, size_t row, bool selected)
{
    int line = (int)(row - list->top);
    int gutter = is_heading(list, row) ? 0 : LW_LIST_GUTTER;
    struct lw_area part = lw_area_part(area, line, gutter, 1, area->columns - gutter);
    int marked = list->source.draw(list->source.context, row, &part);

    if (!selected)
        return;
    lw_area_puts(area, line, 0, LW_STYLE_MARK, "> "); /* one style up to the word: fewer bytes */
    lw_area_style(&part, 0, 0, marked, LW_STYLE_MARK);
    lw_area_cursor(area, line, 0);
}

void lw_list_draw(struct lw_list *list, const struct lw_area *area, const char *empty)
{
    size_t count = count_of(list);
    size_t row = 0;
    bool any;

    list->rows = area->rows;
    if (count == 0 || area->rows <= 0) {
        lw_area_put_cut(area, 0, LW_LIST_GUTTER, area->columns - LW_LIST_GUTTER, LW_STYLE_DIM,
                        _(empty), strlen(_(empty)));
        lw_area_cursor(area, 0, 0);
        return;
    }
    lw_list_settle(list);
    scroll_to_cursor(list, count);
    any = lw_list_selected(list, &row);
    for (size_t i = list->top; i < count && i - list->top < (size_t)area->rows; i++)
        draw_row(list, area, i, any && i == row);
}
