/* What a grid says, row by row: without what only draws, with words for signs that say something.
 */
#include "teller.h"

#include <stdlib.h>
#include <string.h>

/* Between the parts of a row, however far they stand from each other. */
#define GAP "  "

const char *lw_teller_page_text(const struct lw_teller_page *page,
                                const struct lw_teller_line *line)
{
    return lw_buf_text(&page->text) + line->at;
}

void lw_teller_page_clear(struct lw_teller_page *page)
{
    lw_buf_clear(&page->text);
    lw_buf_clear(&page->label);
    lw_buf_clear(&page->before);
    lw_buf_clear(&page->after);
    lw_buf_clear(&page->shown);
    page->count = page->focus = 0;
    page->in_text = page->turned = false;
}

void lw_teller_page_free(struct lw_teller_page *page)
{
    lw_buf_free(&page->text);
    lw_buf_free(&page->label);
    lw_buf_free(&page->before);
    lw_buf_free(&page->after);
    lw_buf_free(&page->shown);
    free(page->line);
    *page = (struct lw_teller_page){.count = 0};
}

/* ---- lines ------------------------------------------------------------------------------------
 */

static enum lw_status begin_line(struct lw_teller_page *page, int row)
{
    if (page->count == page->cap) {
        size_t cap = page->cap > 0 ? 2 * page->cap : 64;
        struct lw_teller_line *line =
            realloc(page->line, cap * sizeof *line); /* numbers, no text */

        if (line == NULL)
            return LW_NO_MEMORY;
        page->line = line;
        page->cap = cap;
    }
    page->line[page->count] = (struct lw_teller_line){.at = page->text.len, .row = row};
    return LW_OK;
}

/* A line that says nothing is none. */
static void end_line(struct lw_teller_page *page)
{
    struct lw_teller_line *line = &page->line[page->count];

    line->len = page->text.len - line->at;
    if (line->len > 0)
        page->count++;
}

enum lw_status lw_teller_page_add(struct lw_teller_page *page, const char *text, size_t len)
{
    enum lw_status status = begin_line(page, 0);

    if (status == LW_OK)
        status = lw_buf_add(&page->text, text, len);
    if (status == LW_OK)
        end_line(page);
    return status;
}

/* ---- cells ------------------------------------------------------------------------------------
 */

static bool is_blank(const struct lw_cell *cell)
{
    return cell == NULL || cell->len == 0 || (cell->len == 1 && cell->text[0] == ' ');
}

static bool is_text(const struct lw_cell *cell, const char *text)
{
    return cell != NULL && cell->len == strlen(text) && memcmp(cell->text, text, cell->len) == 0;
}

static bool in_text(const struct lw_grid *grid, int row, int column)
{
    return row >= grid->text_row && row < grid->text_row + grid->text_rows &&
           column >= grid->text_column && column < grid->text_column + grid->text_columns;
}

/* Nothing, or a number that the sign stands behind. */
static bool may_precede(const struct lw_cell *cell)
{
    return is_blank(cell) || (cell->len == 1 && cell->text[0] >= '0' && cell->text[0] <= '9');
}

/* The word for a sign that stands alone; NULL where it is no such sign. */
static const char *word_of(const struct lw_grid *grid, int row, int column)
{
    static const struct {
        enum lw_sign sign;
        const char *word;
    } words[] = {
        {LW_SIGN_DIFFERS, N_("contradicted")},
        {LW_SIGN_AMENDED, N_("amended")},
        {LW_SIGN_OPEN, N_("open")},
    };
    const struct lw_cell *cell = lw_grid_cell(grid, row, column);

    if (!may_precede(lw_grid_cell(grid, row, column - 1)) ||
        !is_blank(lw_grid_cell(grid, row, column + 1)))
        return NULL;
    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (is_text(cell, lw_grid_sign(grid, words[i].sign)))
            return _(words[i].word);
    }
    return NULL;
}

/* Of one cell; a terminal without UTF-8 gets the signs that its grid has, so here all is shown. */
static enum lw_status add_cell(struct lw_buf *out, const struct lw_cell *cell)
{
    if (cell->columns == 0)
        return LW_OK;
    return cell->len > 0 ? lw_buf_add(out, cell->text, cell->len) : lw_buf_addc(out, ' ');
}

static enum lw_status add_word(struct lw_buf *out, size_t start, const char *word)
{
    bool apart = out->len == start || out->data[out->len - 1] == ' ';

    return lw_buf_addf(out, "%s%s", apart ? "" : " ", word);
}

/* Cells of a row as they are told: blanks in front of the first and behind the last left out, two
 * for many between them. In the text that the cursor is in every blank counts. */
static enum lw_status add_cells(struct lw_teller_page *page, const struct lw_grid *grid, int row,
                                int from, int to)
{
    size_t start = page->text.len;
    int blanks = 0;
    enum lw_status status = LW_OK;

    for (int column = from; column < to && status == LW_OK; column++) {
        const struct lw_cell *cell = lw_grid_cell(grid, row, column);
        const char *word;

        if (is_blank(cell)) {
            blanks += cell->columns > 0;
            continue;
        }
        for (int i = 0; i < blanks && page->text.len > start && i < 2 && status == LW_OK; i++)
            status = lw_buf_addc(&page->text, ' ');
        blanks = 0;
        word = in_text(grid, row, column) ? NULL : word_of(grid, row, column);
        if (status == LW_OK)
            status =
                word != NULL ? add_word(&page->text, start, word) : add_cell(&page->text, cell);
    }
    return status;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static int first_of(const struct lw_grid *grid, int row)
{
    int column = 0;

    while (column < grid->columns && is_blank(lw_grid_cell(grid, row, column)))
        column++;
    return column;
}

/* The first letter behind the sign of a selection. */
static int after_mark(const struct lw_grid *grid, int row)
{
    int column = first_of(grid, row) + 1;

    while (column < grid->columns && is_blank(lw_grid_cell(grid, row, column)))
        column++;
    return column;
}

static bool is_mark(const struct lw_grid *grid, int row, int column)
{
    const struct lw_cell *cell = lw_grid_cell(grid, row, column);

    return is_text(cell, ">") && cell->style == LW_STYLE_MARK;
}

/* True where nothing there has another style than these two. */
static bool all_of_style(const struct lw_grid *grid, int row, int from, enum lw_style style,
                         enum lw_style other)
{
    for (int column = from; column < grid->columns; column++) {
        const struct lw_cell *cell = lw_grid_cell(grid, row, column);

        if (!is_blank(cell) && cell->style != style && cell->style != other)
            return false;
    }
    return true;
}

/* Where the right part of the first row begins: how things stand. */
static int state_column(const struct lw_grid *grid)
{
    int column = grid->columns - 1;
    int from = grid->columns;
    enum lw_style style;

    while (column > 0 && is_blank(lw_grid_cell(grid, 0, column)))
        column--;
    style = (enum lw_style)lw_grid_cell(grid, 0, column)->style;
    if (style != LW_STYLE_STATUS && style != LW_STYLE_STRONG)
        return grid->columns;
    for (; column >= 0; column--) {
        const struct lw_cell *cell = lw_grid_cell(grid, 0, column);

        if (!is_blank(cell) && cell->style != style)
            return from;
        from = is_blank(cell) ? from : column;
    }
    return grid->columns; /* there is no left part */
}

static enum lw_status add_line(struct lw_teller_page *page, const struct lw_grid *grid, int row,
                               int from, int to)
{
    enum lw_status status = begin_line(page, row);
    struct lw_teller_line *line;

    if (status != LW_OK)
        return status;
    line = &page->line[page->count];
    line->marked = is_mark(grid, row, first_of(grid, row)) && from == 0;
    line->column = line->marked ? after_mark(grid, row) : first_of(grid, row);
    line->hint = all_of_style(grid, row, from, LW_STYLE_HINT, LW_STYLE_HINT);
    line->loud = all_of_style(grid, row, from, LW_STYLE_ALARM, LW_STYLE_STRONG);
    line->typed = row >= grid->text_row && row < grid->text_row + grid->text_rows;
    line->joined = row == 0 && from > 0;
    status = add_cells(page, grid, row, line->marked ? first_of(grid, row) + 1 : from, to);
    if (status == LW_OK)
        end_line(page);
    return status;
}

static enum lw_status add_row(struct lw_teller_page *page, const struct lw_grid *grid, int row)
{
    int state = row == 0 ? state_column(grid) : grid->columns;
    size_t before = page->count;
    enum lw_status status = add_line(page, grid, row, 0, state);

    if (status == LW_OK && state < grid->columns)
        status = add_line(page, grid, row, state, grid->columns);
    if (row == grid->cursor_row)
        page->focus = page->count > before ? before : SIZE_MAX;
    return status;
}

/* ---- the text that the cursor is in -----------------------------------------------------------
 */

static enum lw_status add_raw(struct lw_buf *out, const struct lw_grid *grid, int row, int from,
                              int to)
{
    enum lw_status status = LW_OK;

    for (int column = from; column < to && status == LW_OK; column++)
        status = add_cell(out, lw_grid_cell(grid, row, column));
    return status;
}

static void cut_blanks(struct lw_buf *text)
{
    while (text->len > 0 && text->data[text->len - 1] == ' ')
        text->data[--text->len] = '\0';
}

/* Rows become one line, as what was typed into them was one. */
static enum lw_status read_text(struct lw_teller_page *page, const struct lw_grid *grid)
{
    int left = grid->text_column, right = left + grid->text_columns;
    enum lw_status status = LW_OK;

    for (int row = grid->text_row; row < grid->text_row + grid->text_rows && status == LW_OK;
         row++) {
        int middle = row < grid->cursor_row   ? right
                     : row > grid->cursor_row ? left
                                              : grid->cursor_column;

        status = add_raw(&page->before, grid, row, left, middle);
        if (row < grid->cursor_row && status == LW_OK) {
            cut_blanks(&page->before);
            status = lw_buf_addc(&page->before, ' ');
        }
        if (status == LW_OK)
            status = add_raw(&page->after, grid, row, middle, right);
        cut_blanks(&page->after);
        if (row > grid->cursor_row && status == LW_OK && page->after.len > 0)
            status = lw_buf_addc(&page->after, ' ');
    }
    cut_blanks(&page->after);
    page->turned = grid->cursor_row > grid->text_row && grid->cursor_column == left;
    return status;
}

/* The row of the cursor with a sign where it is in the midst, and brackets round what is marked. */
static enum lw_status show_text(struct lw_teller_page *page, const struct lw_grid *grid)
{
    int row = grid->cursor_row, right = grid->text_column + grid->text_columns, end = right;
    bool marked = false;
    enum lw_status status = LW_OK;

    while (end > grid->cursor_column && is_blank(lw_grid_cell(grid, row, end - 1)))
        end--;
    for (int column = grid->text_column; column < end && status == LW_OK; column++) {
        const struct lw_cell *cell = lw_grid_cell(grid, row, column);
        bool mark = cell->style == LW_STYLE_MARK;

        if (mark != marked)
            status = lw_buf_addc(&page->shown, mark ? '[' : ']');
        marked = mark;
        if (column == grid->cursor_column && page->after.len > 0 && status == LW_OK)
            status = lw_buf_addc(&page->shown, '|');
        if (status == LW_OK)
            status = add_cell(&page->shown, cell);
    }
    if (marked && status == LW_OK)
        status = lw_buf_addc(&page->shown, ']');
    if (end == grid->cursor_column && page->after.len > 0 && status == LW_OK)
        status = lw_buf_addc(&page->shown, '|');
    return status;
}

/* What stands to the left of it in its first row, such as the label of a field. */
static enum lw_status read_label(struct lw_teller_page *page, const struct lw_grid *grid)
{
    bool marked = is_mark(grid, grid->text_row, first_of(grid, grid->text_row));
    int from = marked ? first_of(grid, grid->text_row) + 1 : 0;
    struct lw_teller_page label = {.count = 0};
    enum lw_status status = add_cells(&label, grid, grid->text_row, from, grid->text_column);

    if (status == LW_OK)
        status = lw_buf_add(&page->label, lw_buf_text(&label.text), label.text.len);
    lw_teller_page_free(&label);
    return status;
}

static enum lw_status show_label(struct lw_teller_page *page, const struct lw_grid *grid)
{
    const char *text = lw_buf_text(&page->label);
    size_t len = page->label.len;

    if (len == 0 || grid->cursor_row != grid->text_row)
        return LW_OK;
    return lw_buf_addf(&page->shown, "%s%s", text,
                       strchr(":/", text[len - 1]) == NULL ? GAP
                       : len == 1                          ? ""
                                                           : " ");
}

static enum lw_status show_focus(struct lw_teller_page *page, const struct lw_grid *grid)
{
    bool marked = is_mark(grid, grid->cursor_row, first_of(grid, grid->cursor_row));
    const struct lw_teller_line *line;
    enum lw_status status = marked ? lw_buf_adds(&page->shown, "> ") : LW_OK;

    if (status == LW_OK && page->in_text) {
        status = show_label(page, grid);
        return status == LW_OK ? show_text(page, grid) : status;
    }
    if (status != LW_OK || page->focus >= page->count)
        return status;
    line = &page->line[page->focus];
    return lw_buf_add(&page->shown, lw_teller_page_text(page, line), line->len);
}

enum lw_status lw_teller_page_read(struct lw_teller_page *page, const struct lw_grid *grid)
{
    enum lw_status status = LW_OK;

    lw_teller_page_clear(page);
    page->scene = grid->scene;
    page->rows = grid->rows;
    page->columns = grid->columns;
    page->foot = grid->foot;
    page->keys = grid->keys;
    page->first = grid->text_row;
    page->last = grid->text_row + grid->text_rows - 1;
    page->focus = SIZE_MAX;
    for (int row = 0; row < grid->rows && status == LW_OK; row++)
        status = add_row(page, grid, row);
    page->in_text = in_text(grid, grid->cursor_row, grid->cursor_column);
    if (status == LW_OK && page->in_text)
        status = read_label(page, grid);
    if (status == LW_OK && page->in_text)
        status = read_text(page, grid);
    return status == LW_OK ? show_focus(page, grid) : status;
}
