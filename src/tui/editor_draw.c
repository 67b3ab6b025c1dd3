/* The editor and the field in the cell grid. */
#include "editor_internal.h"

/* The run of clusters up to a tab, a newline or the end of the row, and its columns. */
static size_t run_to(const struct lw_editor *editor, size_t at, size_t end, unsigned *column)
{
    const char *text = lw_buf_text(&editor->text);

    while (at < end && text[at] != '\t' && text[at] != '\n') {
        unsigned wide;
        size_t used = lw_editor_cluster(text, editor->text.len, at, *column, &wide);

        if (text[at + used - 1] == '\n')
            break;
        *column += wide;
        at += used;
    }
    return at;
}

static void draw_row(const struct lw_editor *editor, const struct lw_area *area, int row,
                     enum lw_style style, size_t at, size_t end)
{
    const char *text = lw_buf_text(&editor->text);
    unsigned width = editor->width;
    unsigned column = 0;

    while (at < end && column < width) {
        unsigned start = column;
        size_t next = run_to(editor, at, end, &column);

        if (next > at)
            (void)lw_area_put(area, row, (int)start, (int)(width - start), style, text + at,
                              next - at);
        if (next < end && text[next] != '\t')
            return;
        if (next < end)
            column += LW_EDITOR_TAB - column % LW_EDITOR_TAB;
        at = next < end ? next + 1 : end;
    }
}

enum lw_status lw_editor_draw(struct lw_editor *editor, const struct lw_area *area,
                              enum lw_style style, bool focus, struct lw_error *err)
{
    struct lw_editor_view view;
    enum lw_status status;

    if (area->rows < 1 || area->columns < 1)
        return LW_OK;
    status = lw_editor_layout(editor, (unsigned)area->columns, (unsigned)area->rows, &view, err);
    if (status != LW_OK)
        return status;
    for (int row = 0; row < area->rows; row++)
        lw_area_blank(area, row, 0, area->columns, style);
    for (unsigned i = 0; i < view.count; i++) {
        size_t start;
        size_t end;

        lw_editor_row(editor, view.first + i, &start, &end);
        draw_row(editor, area, (int)i, style, start, end);
    }
    if (focus) {
        lw_area_cursor(area, (int)view.row, (int)view.column);
        lw_area_text(area);
    }
    return LW_OK;
}

/* Columns of a row up to a byte of it. */
static int columns_to(const struct lw_editor *editor, size_t start, size_t to)
{
    const char *text = lw_buf_text(&editor->text);
    unsigned column = 0;

    for (size_t at = start; at < to;) {
        unsigned wide;
        size_t used = lw_editor_cluster(text, editor->text.len, at, column, &wide);

        column += wide;
        at += used > 0 ? used : 1;
    }
    return (int)column;
}

void lw_editor_mark(struct lw_editor *editor, const struct lw_area *area, size_t from, size_t to,
                    enum lw_style style)
{
    struct lw_editor_view view;

    if (area->rows < 1 || area->columns < 1 ||
        lw_editor_layout(editor, (unsigned)area->columns, (unsigned)area->rows, &view, NULL) !=
            LW_OK)
        return;
    for (unsigned i = 0; i < view.count && from < to; i++) {
        size_t start, end;

        lw_editor_row(editor, view.first + i, &start, &end);
        if (start >= to)
            return;
        if (end > from) {
            int left = columns_to(editor, start, from > start ? from : start);
            int right = columns_to(editor, start, to < end ? to : end);

            lw_area_style(area, (int)i, left, right - left, style);
        }
    }
}

void lw_field_draw(struct lw_text_field *field, const struct lw_area *area, enum lw_style style,
                   bool focus)
{
    const char *text = lw_buf_text(&field->editor.text);
    struct lw_field_view view;

    if (area->rows < 1 || area->columns < 1)
        return;
    lw_field_layout(field, (unsigned)area->columns, &view);
    lw_area_blank(area, 0, 0, area->columns, style);
    (void)lw_area_put(area, 0, 0, area->columns, style, text + view.start, view.end - view.start);
    if (focus) {
        struct lw_area line = lw_area_part(area, 0, 0, 1, area->columns);

        lw_area_cursor(area, 0, (int)view.column);
        lw_area_text(&line);
    }
}
