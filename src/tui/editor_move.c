/* Where a step leads, and the window around the cursor. */
#include "editor_internal.h"

#include <limits.h>
#include <string.h>

/* ---- clusters and words ------------------------------------------------------------------- */

static size_t left_of(const char *text, size_t len, size_t at)
{
    return at > 0 ? lw_utf8_floor(text, len, at - 1) : 0;
}

static size_t right_of(const char *text, size_t len, size_t at)
{
    return at + lw_utf8_cluster(text + at, len - at, NULL);
}

/* Steps by code points; the caller goes to a border at the end. */
static size_t word_left(const char *text, size_t len, size_t at)
{
    bool inside = false;

    while (at > 0) {
        size_t before = at - 1;
        uint32_t point = 0;

        while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80)
            before--;
        (void)lw_utf8_next(text + before, len - before, &point);
        if (inside && !lw_utf8_is_word(point))
            break;
        inside = lw_utf8_is_word(point);
        at = before;
    }
    return lw_utf8_floor(text, len, at);
}

/* Over the rest of the word and what follows it, to the next one. */
static size_t word_right(const char *text, size_t len, size_t at)
{
    bool inside = true;
    size_t start = at;
    size_t border;

    while (at < len) {
        uint32_t point = 0;
        size_t used = lw_utf8_next(text + at, len - at, &point);

        if (!inside && lw_utf8_is_word(point))
            break;
        inside = lw_utf8_is_word(point);
        at += used;
    }
    border = lw_utf8_floor(text, len, at);
    return border > start ? border : right_of(text, len, start);
}

static size_t line_start(const char *text, size_t at)
{
    const char *newline = at > 0 ? memrchr(text, '\n', at) : NULL;

    return newline ? (size_t)(newline - text) + 1 : 0;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *newline = at < len ? memchr(text + at, '\n', len - at) : NULL;

    return newline ? lw_utf8_floor(text, len, (size_t)(newline - text)) : len;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Up to the next row, or to the end of the text. */
static size_t end_of_row(const struct lw_editor *editor, size_t row)
{
    if (lw_editor_rows_last(editor, row))
        return editor->text.len;
    return lw_editor_rows_start(editor, row + 1);
}

void lw_editor_row(const struct lw_editor *editor, size_t row, size_t *start, size_t *end)
{
    *start = lw_editor_rows_start(editor, row);
    *end = end_of_row(editor, row);
}

unsigned lw_editor_column(const struct lw_editor *editor, size_t row, size_t at)
{
    const char *text = lw_buf_text(&editor->text);
    size_t here = lw_editor_rows_start(editor, row);
    unsigned column = 0;

    while (here < at) {
        unsigned wide;

        here += lw_editor_cluster(text, editor->text.len, here, column, &wide);
        column += wide;
    }
    return column;
}

/* The place in a row that is next to a column. The end of a row that is not the last one belongs to
 * the row after it, so there the place before the last cluster is as far as one gets. */
static size_t place_in_row(const struct lw_editor *editor, size_t row, unsigned goal)
{
    const char *text = lw_buf_text(&editor->text);
    bool last = lw_editor_rows_last(editor, row);
    size_t end = end_of_row(editor, row);
    size_t at = lw_editor_rows_start(editor, row);
    unsigned column = 0;

    while (at < end) {
        unsigned wide;
        size_t used = lw_editor_cluster(text, editor->text.len, at, column, &wide);

        if ((at + used == end && !last) || column + wide > goal)
            break;
        column += wide;
        at += used;
    }
    return at;
}

static enum lw_status row_edge(struct lw_editor *editor, bool end, size_t *target)
{
    size_t row;
    enum lw_status status = lw_editor_rows_find(editor, editor->cursor, &row);

    if (status == LW_OK)
        status = lw_editor_rows_reach(editor, &row);
    if (status == LW_OK)
        *target = end ? place_in_row(editor, row, UINT_MAX / 2) : lw_editor_rows_start(editor, row);
    return status;
}

/* rows below (or above) the cursor, in the column it had when it began to go up and down. */
static enum lw_status vertical(struct lw_editor *editor, size_t rows, bool down, size_t *target)
{
    size_t row;
    size_t to;
    enum lw_status status = lw_editor_rows_find(editor, editor->cursor, &row);

    if (status != LW_OK)
        return status;
    to = down ? row + rows : row - (row < rows ? row : rows);
    status = lw_editor_rows_reach(editor, &to);
    if (status != LW_OK)
        return status;
    if (!editor->has_goal)
        editor->goal = lw_editor_column(editor, row, editor->cursor);
    editor->has_goal = true;
    *target = to == row ? editor->cursor : place_in_row(editor, to, editor->goal);
    return LW_OK;
}

/* A page takes the window along, so that the cursor stays where it is on the screen. */
static enum lw_status page(struct lw_editor *editor, bool down, size_t *target)
{
    size_t rows = editor->height > 1 ? editor->height - 1 : 1;
    enum lw_status status = vertical(editor, rows, down, target);

    if (status == LW_OK && *target != editor->cursor)
        editor->top =
            down ? editor->top + rows : editor->top - (editor->top < rows ? editor->top : rows);
    return status;
}

/* ---- steps -------------------------------------------------------------------------------- */

/* First the edge of the row that is seen, from there that of the line. */
static enum lw_status home_or_end(struct lw_editor *editor, bool end, size_t *target)
{
    const char *text = lw_buf_text(&editor->text);
    enum lw_status status;

    *target = editor->cursor;
    status = row_edge(editor, end, target);
    if (status == LW_OK && *target == editor->cursor)
        *target = end ? line_end(text, editor->text.len, editor->cursor)
                      : line_start(text, editor->cursor);
    return status;
}

static enum lw_status row_target(struct lw_editor *editor, enum lw_editor_step step, size_t *target)
{
    switch (step) {
    case LW_STEP_HOME:
        return home_or_end(editor, false, target);
    case LW_STEP_END:
        return home_or_end(editor, true, target);
    case LW_STEP_UP:
        return vertical(editor, 1, false, target);
    case LW_STEP_DOWN:
        return vertical(editor, 1, true, target);
    case LW_STEP_PAGE_UP:
        return page(editor, false, target);
    default:
        return page(editor, true, target);
    }
}

/* One line has no rows: it begins and ends with the text. */
static enum lw_editor_step of_one_line(enum lw_editor_step step)
{
    if (step == LW_STEP_HOME || step == LW_STEP_LINE_START)
        return LW_STEP_TEXT_START;
    return step == LW_STEP_END || step == LW_STEP_LINE_END ? LW_STEP_TEXT_END : step;
}

enum lw_status lw_editor_target(struct lw_editor *editor, enum lw_editor_step step, size_t *target)
{
    const char *text = lw_buf_text(&editor->text);
    size_t len = editor->text.len;
    size_t at = editor->cursor;

    switch (editor->one_line ? of_one_line(step) : step) {
    case LW_STEP_LEFT:
        *target = left_of(text, len, at);
        return LW_OK;
    case LW_STEP_RIGHT:
        *target = right_of(text, len, at);
        return LW_OK;
    case LW_STEP_WORD_LEFT:
        *target = word_left(text, len, at);
        return LW_OK;
    case LW_STEP_WORD_RIGHT:
        *target = word_right(text, len, at);
        return LW_OK;
    case LW_STEP_LINE_START:
        *target = line_start(text, at);
        return LW_OK;
    case LW_STEP_LINE_END:
        *target = line_end(text, len, at);
        return LW_OK;
    case LW_STEP_TEXT_START:
        *target = 0;
        return LW_OK;
    case LW_STEP_TEXT_END:
        *target = len;
        return LW_OK;
    default:
        *target = at;
        return editor->one_line ? LW_OK : row_target(editor, step, target);
    }
}

/* ---- the window --------------------------------------------------------------------------- */

static void set_size(struct lw_editor *editor, unsigned width, unsigned height)
{
    if (editor->width != width)
        lw_editor_rows_reset(&editor->rows);
    editor->width = width;
    editor->height = height;
}

/* As little as brings the cursor in, and no rows left empty that the text could fill. */
static enum lw_status scroll(struct lw_editor *editor, size_t row)
{
    size_t height = editor->height;
    size_t bottom;
    enum lw_status status;

    if (row < editor->top)
        editor->top = row;
    if (row >= editor->top + height)
        editor->top = row - height + 1;
    bottom = editor->top + height - 1;
    status = lw_editor_rows_reach(editor, &bottom);
    if (status == LW_OK && bottom < editor->top + height - 1)
        editor->top = bottom < height ? 0 : bottom - height + 1;
    return status;
}

enum lw_status lw_editor_layout(struct lw_editor *editor, unsigned width, unsigned height,
                                struct lw_editor_view *view, struct lw_error *err)
{
    enum lw_status status;
    unsigned column;
    size_t bottom;
    size_t row;

    set_size(editor, width > 0 ? width : 1, height > 0 ? height : 1);
    status = lw_editor_rows_find(editor, editor->cursor, &row);
    if (status == LW_OK)
        status = scroll(editor, row);
    bottom = editor->top + editor->height - 1;
    if (status == LW_OK)
        status = lw_editor_rows_reach(editor, &bottom);
    if (status != LW_OK)
        return lw_fail(err, status, "Not enough memory to show the text; it is whole, save it now");
    column = lw_editor_column(editor, row, editor->cursor);
    view->first = editor->top;
    view->count = (unsigned)(bottom - editor->top) + 1;
    view->row = (unsigned)(row - editor->top);
    view->column = column < editor->width ? column : editor->width - 1;
    view->above = editor->top > 0;
    view->below = !lw_editor_rows_last(editor, bottom);
    return LW_OK;
}
