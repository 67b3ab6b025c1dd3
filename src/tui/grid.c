/* Cells and areas; what is drawn, clipped and cleaned. */
#include "grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

static int between(int value, int least, int most)
{
    if (value < least)
        return least;
    return value > most ? most : value;
}

static size_t cell_count(const struct lw_grid *grid)
{
    return (size_t)grid->rows * (size_t)grid->columns;
}

static struct lw_cell *cell_at(const struct lw_grid *grid, int row, int column)
{
    if (row < 0 || column < 0 || row >= grid->rows || column >= grid->columns)
        return NULL;
    return &grid->cells[(size_t)row * (size_t)grid->columns + (size_t)column];
}

static void cell_blank(struct lw_cell *cell)
{
    uint8_t style = cell->style;

    memset(cell, 0, sizeof *cell);
    cell->columns = 1;
    cell->style = style;
}

enum lw_status lw_grid_resize(struct lw_grid *grid, int rows, int columns)
{
    struct lw_cell *cells;

    rows = between(rows, 1, LW_GRID_MAX);
    columns = between(columns, 1, LW_GRID_MAX);
    cells = calloc((size_t)rows * (size_t)columns, sizeof *cells);
    if (cells == NULL)
        return LW_NO_MEMORY;
    lw_grid_free(grid);
    grid->cells = cells;
    grid->rows = rows;
    grid->columns = columns;
    lw_grid_erase(grid);
    return LW_OK;
}

void lw_grid_erase(struct lw_grid *grid)
{
    size_t count = cell_count(grid);

    for (size_t i = 0; i < count; i++) {
        grid->cells[i].style = LW_STYLE_PLAIN;
        cell_blank(&grid->cells[i]);
    }
    grid->cursor_row = 0;
    grid->cursor_column = 0;
    grid->foot = grid->rows;
    grid->text_rows = 0;
}

void lw_grid_free(struct lw_grid *grid)
{
    if (grid == NULL || grid->cells == NULL)
        return;
    lw_zero(grid->cells, cell_count(grid) * sizeof *grid->cells);
    free(grid->cells);
    grid->cells = NULL;
    grid->rows = 0;
    grid->columns = 0;
}

const struct lw_cell *lw_grid_cell(const struct lw_grid *grid, int row, int column)
{
    return cell_at(grid, row, column);
}

const char *lw_grid_sign(const struct lw_grid *grid, enum lw_sign sign)
{
    static const char *const signs[LW_SIGN_COUNT][2] = {
#define SIGN_ROW(name, sign, ascii) {sign, ascii},
        LW_SIGN_TABLE(SIGN_ROW)
#undef SIGN_ROW
    };

    if (grid->plain && (sign <= LW_SIGN_BOTTOM_RIGHT || sign >= LW_SIGN_LEVEL_1))
        return " ";
    if (grid->plain && sign >= LW_SIGN_DIFFERS && sign <= LW_SIGN_OPEN)
        return signs[sign][0];
    return signs[sign][grid->ascii ? 1 : 0];
}

/* ---- areas ------------------------------------------------------------------------------------
 */

struct lw_area lw_area_whole(struct lw_grid *grid)
{
    return (struct lw_area){grid, 0, 0, grid->rows, grid->columns};
}

struct lw_area lw_area_part(const struct lw_area *area, int row, int column, int rows, int columns)
{
    int top = between(row, 0, area->rows);
    int left = between(column, 0, area->columns);
    int bottom = between(rows < area->rows - row ? row + rows : area->rows, top, area->rows);
    int right = between(columns < area->columns - column ? column + columns : area->columns, left,
                        area->columns);

    return (struct lw_area){area->grid, area->row + top, area->column + left, bottom - top,
                            right - left};
}

/* The cell of an area, NULL outside of it. */
static struct lw_cell *area_cell(const struct lw_area *area, int row, int column)
{
    if (row < 0 || column < 0 || row >= area->rows || column >= area->columns)
        return NULL;
    return cell_at(area->grid, area->row + row, area->column + column);
}

/* What is half overwritten becomes a blank: the cell may be a half of a wide one. */
static void split_wide(const struct lw_grid *grid, int row, int column)
{
    struct lw_cell *cell = cell_at(grid, row, column);
    struct lw_cell *other;

    if (cell == NULL || cell->columns == 1)
        return;
    other = cell_at(grid, row, cell->columns == 2 ? column + 1 : column - 1);
    if (other != NULL)
        cell_blank(other);
    cell_blank(cell);
}

/* Bytes of text for one code point of a cluster: what must not reach a terminal is replaced where
 * it is the first, and left out where it hangs on another. */
static const char *clean_point(const struct lw_grid *grid, const char *text, size_t *used,
                               uint32_t codepoint, bool first)
{
    const char *form = grid->ascii ? "?" : REPLACEMENT;

    if (codepoint == 0xFFFD || lw_text_is_unprintable(codepoint)) {
        if (codepoint == '\n' || codepoint == '\r' || codepoint == '\t')
            form = " ";
        *used = first ? strlen(form) : 0;
        return form;
    }
    return text;
}

static void cell_set(const struct lw_grid *grid, struct lw_cell *cell, const char *text, size_t len)
{
    size_t at = 0;

    cell->len = 0;
    while (at < len) {
        uint32_t codepoint = 0;
        size_t step = lw_utf8_next(text + at, len - at, &codepoint);
        size_t used = step;
        const char *form = clean_point(grid, text + at, &used, codepoint, at == 0);

        if (step == 0 || cell->len + used > LW_CELL_BYTES)
            break;
        memcpy(cell->text + cell->len, form, used);
        cell->len = (uint8_t)(cell->len + used);
        at += step;
    }
}

/* Puts one cluster; false where it does not fit. */
static bool put_cluster(const struct lw_area *area, int row, int column, enum lw_style style,
                        const char *text, size_t len, unsigned columns)
{
    struct lw_cell *cell = area_cell(area, row, column);
    struct lw_cell *second = columns == 2 ? area_cell(area, row, column + 1) : NULL;

    if (cell == NULL || (columns == 2 && second == NULL))
        return false;
    split_wide(area->grid, area->row + row, area->column + column);
    if (second != NULL)
        split_wide(area->grid, area->row + row, area->column + column + 1);
    cell_set(area->grid, cell, text, len);
    cell->columns = (uint8_t)columns;
    cell->style = (uint8_t)style;
    if (second != NULL) {
        second->len = 0;
        second->columns = 0;
        second->style = (uint8_t)style;
    }
    return true;
}

int lw_area_put(const struct lw_area *area, int row, int column, int width, enum lw_style style,
                const char *text, size_t len)
{
    int used = 0;
    size_t at = 0;

    if (width > area->columns - column)
        width = area->columns - column;
    while (at < len) {
        unsigned columns = 0;
        size_t step = lw_utf8_cluster(text + at, len - at, &columns);

        if (step == 0 || (int)columns > width - used)
            break;
        if (columns > 0 && !put_cluster(area, row, column + used, style, text + at, step, columns))
            break;
        used += (int)columns;
        at += step;
    }
    return used;
}

int lw_area_puts(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *text)
{
    return lw_area_put(area, row, column, area->columns, style, text, strlen(text));
}

int lw_area_says(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *text)
{
    return lw_area_puts(area, row, column, style, lw_say(text));
}

int lw_area_put_cut(const struct lw_area *area, int row, int column, int width, enum lw_style style,
                    const char *text, size_t len)
{
    int used;

    if (width > area->columns - column)
        width = area->columns - column;
    if (width <= 0)
        return 0;
    if (lw_utf8_fit(text, len, (size_t)width) == len)
        return lw_area_put(area, row, column, width, style, text, len);
    used = lw_area_put(area, row, column, width - 1, style, text, len);
    lw_area_fill(area, row, column + used, 1, style, LW_SIGN_MORE);
    return used + 1;
}

int lw_area_put_right(const struct lw_area *area, int row, int width, enum lw_style style,
                      const char *text, size_t len)
{
    size_t columns = lw_utf8_columns(text, len);

    width = between(width, 0, area->columns);
    if (columns < (size_t)width)
        width = (int)columns;
    return lw_area_put_cut(area, row, area->columns - width, width, style, text, len);
}

int lw_area_putf(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *format, ...)
{
    char text[1024];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof text, lw_say(format), list); /* what is too long is cut */
    va_end(list);
    return lw_area_puts(area, row, column, style, text);
}

void lw_area_fill(const struct lw_area *area, int row, int column, int count, enum lw_style style,
                  enum lw_sign sign)
{
    const char *text = lw_grid_sign(area->grid, sign);

    for (int i = between(-column, 0, count); i < count && column + i < area->columns; i++)
        put_cluster(area, row, column + i, style, text, strlen(text), 1);
}

void lw_area_blank(const struct lw_area *area, int row, int column, int count, enum lw_style style)
{
    for (int i = between(-column, 0, count); i < count && column + i < area->columns; i++) {
        struct lw_cell *cell = area_cell(area, row, column + i);

        if (cell == NULL)
            return;
        split_wide(area->grid, area->row + row, area->column + column + i);
        cell->style = (uint8_t)style;
        cell_blank(cell);
    }
}

void lw_area_style(const struct lw_area *area, int row, int column, int count, enum lw_style style)
{
    for (int i = between(-column, 0, count); i < count && column + i < area->columns; i++) {
        struct lw_cell *cell = area_cell(area, row, column + i);

        if (cell != NULL)
            cell->style = (uint8_t)style;
    }
}

void lw_area_cursor(const struct lw_area *area, int row, int column)
{
    struct lw_grid *grid = area->grid;

    if (area->rows <= 0 || area->columns <= 0)
        return;
    grid->cursor_row = area->row + between(row, 0, area->rows - 1);
    grid->cursor_column = area->column + between(column, 0, area->columns - 1);
}

void lw_area_text(const struct lw_area *area)
{
    struct lw_grid *grid = area->grid;

    grid->text_row = area->row;
    grid->text_column = area->column;
    grid->text_rows = area->rows;
    grid->text_columns = area->columns;
}

/* ---- dumps ------------------------------------------------------------------------------------
 */

static enum lw_status dump_row(const struct lw_grid *grid, int row, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    int last = grid->columns - 1;

    while (last >= 0 && cell_at(grid, row, last)->len == 0 &&
           cell_at(grid, row, last)->columns == 1)
        last--;
    for (int column = 0; column <= last && status == LW_OK; column++) {
        const struct lw_cell *cell = cell_at(grid, row, column);

        if (cell->columns == 0)
            continue;
        status = cell->len > 0 ? lw_buf_add(out, cell->text, cell->len) : lw_buf_addc(out, ' ');
    }
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    return status == LW_OK ? lw_buf_addc(out, '\n') : status;
}

static bool row_is_plain(const struct lw_grid *grid, int row)
{
    for (int column = 0; column < grid->columns; column++) {
        if (cell_at(grid, row, column)->style != LW_STYLE_PLAIN)
            return false;
    }
    return true;
}

static enum lw_status dump_styles(const struct lw_grid *grid, struct lw_buf *out)
{
    static const char letters[LW_STYLE_COUNT] = {
#define STYLE_LETTER(name, letter) letter,
        LW_STYLE_TABLE(STYLE_LETTER)
#undef STYLE_LETTER
    };
    enum lw_status status = lw_buf_adds(out, "-- styles --\n");

    for (int row = 0; row < grid->rows && status == LW_OK; row++) {
        if (row_is_plain(grid, row))
            continue;
        status = lw_buf_addf(out, "%d ", row);
        for (int column = 0; column < grid->columns && status == LW_OK; column++)
            status = lw_buf_addc(out, letters[cell_at(grid, row, column)->style]);
        if (status == LW_OK)
            status = lw_buf_addc(out, '\n');
    }
    return status;
}

enum lw_status lw_grid_dump(const struct lw_grid *grid, bool with_styles, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "-- %dx%d, cursor %d,%d --\n", grid->rows,
                                        grid->columns, grid->cursor_row, grid->cursor_column);

    for (int row = 0; row < grid->rows && status == LW_OK; row++)
        status = dump_row(grid, row, out);
    if (status == LW_OK && with_styles)
        status = dump_styles(grid, out);
    return status;
}
