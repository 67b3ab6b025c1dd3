/*
 * Soft wrap, and the index of rows. Rows are laid out from the start of the text as far as they are
 * asked for. After a change the rows before it stay, those behind it are kept measured from the end
 * of the text, and as soon as a new row starts where one of them does, all of them are right again.
 */
#include "editor_internal.h"

#include <stdlib.h>
#include <string.h>

/* A row ends where the one before decided it, looking ahead no further than into the next: so a
 * change leaves alone all but the row it is in and the one before. One more is for good measure. */
#define ROWS_BACK 2

/* ---- one row ------------------------------------------------------------------------------ */

size_t lw_editor_cluster(const char *text, size_t len, size_t at, unsigned column,
                         unsigned *columns)
{
    size_t used = lw_utf8_cluster(text + at, len - at, columns);

    if (used > 0 && text[at + used - 1] == '\n')
        *columns = 0;
    else if (used == 1 && text[at] == '\t')
        *columns = LW_EDITOR_TAB - column % LW_EDITOR_TAB;
    return used;
}

static bool is_blank(const char *text, size_t used)
{
    if (used == 1)
        return *text == ' ' || *text == '\t';
    return used == 3 && memcmp(text, "\xE3\x80\x80", 3) == 0; /* U+3000 */
}

/* Where the row that starts there ends; *more: another one follows. A blank that does not fit hangs
 * over, other clusters go to the next row with what belongs to them: back to the last blank or wide
 * cluster, if there is one. The last column of the window is left for the cursor. A row has no more
 * than so many clusters, since invisible ones would go on for ever. */
static size_t row_end(const char *text, size_t len, size_t start, unsigned width, bool *more)
{
    unsigned room = width > 1 ? width - 1 : 1;
    unsigned column = 0;
    size_t split = start; /* where the row may be parted */
    size_t at = start;
    size_t clusters = 0;

    *more = true;
    while (at < len) {
        unsigned wide;
        size_t used = lw_editor_cluster(text, len, at, column, &wide);
        bool blank = is_blank(text + at, used);

        if (text[at + used - 1] == '\n')
            return at + used;
        if (blank && column < room && column + wide > room)
            wide = room - column; /* a tab, or half of a wide blank */
        if (wide == 2 && !blank)
            split = at;
        if (column + wide > room && at > start) {
            if (blank)
                return at + used;
            return split > start ? split : at;
        }
        column += wide;
        at += used;
        if (++clusters == LW_EDITOR_CLUSTERS)
            return at;
        if (blank || wide == 2)
            split = at;
    }
    *more = false;
    return len;
}

/* ---- the index ---------------------------------------------------------------------------- */

void lw_editor_rows_reset(struct lw_editor_rows *rows)
{
    rows->head = 0;
    rows->tail = 0;
    rows->joined = false;
}

void lw_editor_rows_free(struct lw_editor_rows *rows)
{
    if (rows->list)
        lw_zero(rows->list, rows->cap * sizeof(*rows->list));
    free(rows->list);
    *rows = (struct lw_editor_rows){0};
}

static size_t tail_start(const struct lw_editor *editor, size_t index)
{
    const struct lw_editor_rows *rows = &editor->rows;

    return editor->text.len - rows->list[rows->cap - rows->tail + index];
}

size_t lw_editor_rows_start(const struct lw_editor *editor, size_t row)
{
    const struct lw_editor_rows *rows = &editor->rows;

    return row < rows->head ? rows->list[row] : tail_start(editor, row - rows->head);
}

static enum lw_status make_gap(struct lw_editor_rows *rows)
{
    size_t cap = rows->cap > 0 ? 2 * rows->cap : 64;
    uint32_t *list;

    if (rows->head + rows->tail < rows->cap)
        return LW_OK;
    list = calloc(cap, sizeof(*list));
    if (!list)
        return LW_NO_MEMORY;
    if (rows->list) {
        memcpy(list, rows->list, rows->head * sizeof(*list));
        memcpy(list + cap - rows->tail, rows->list + rows->cap - rows->tail,
               rows->tail * sizeof(*list));
        lw_zero(rows->list, rows->cap * sizeof(*list));
        free(rows->list);
    }
    rows->list = list;
    rows->cap = cap;
    return LW_OK;
}

/* One row more: the one that starts where the last known one ends. */
static enum lw_status extend(struct lw_editor *editor)
{
    struct lw_editor_rows *rows = &editor->rows;
    enum lw_status status = make_gap(rows);
    size_t end = 0;
    bool more = true;

    if (status != LW_OK)
        return status;
    if (rows->head > 0)
        end = row_end(lw_buf_text(&editor->text), editor->text.len, rows->list[rows->head - 1],
                      editor->width, &more);
    if (!more) {
        rows->tail = 0;
        rows->joined = true;
        return LW_OK;
    }
    while (rows->tail > 0 && tail_start(editor, 0) < end)
        rows->tail--;
    if (rows->tail > 0 && tail_start(editor, 0) == end)
        rows->joined = true;
    else
        rows->list[rows->head++] = (uint32_t)end;
    return LW_OK;
}

enum lw_status lw_editor_rows_reach(struct lw_editor *editor, size_t *row)
{
    struct lw_editor_rows *rows = &editor->rows;

    while (!rows->joined && rows->head < *row + 2) {
        enum lw_status status = extend(editor);

        if (status != LW_OK)
            return status;
    }
    if (rows->joined && *row >= rows->head + rows->tail)
        *row = rows->head + rows->tail - 1;
    return LW_OK;
}

bool lw_editor_rows_last(const struct lw_editor *editor, size_t row)
{
    const struct lw_editor_rows *rows = &editor->rows;

    return rows->joined && row + 1 == rows->head + rows->tail;
}

/* How many of the known rows start at or before that byte. */
static size_t count_until(const struct lw_editor *editor, size_t at)
{
    const struct lw_editor_rows *rows = &editor->rows;
    size_t low = 0;
    size_t high = rows->head + (rows->joined ? rows->tail : 0);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lw_editor_rows_start(editor, middle) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum lw_status lw_editor_rows_find(struct lw_editor *editor, size_t at, size_t *row)
{
    struct lw_editor_rows *rows = &editor->rows;

    while (!rows->joined && (rows->head == 0 || rows->list[rows->head - 1] <= at)) {
        enum lw_status status = extend(editor);

        if (status != LW_OK)
            return status;
    }
    *row = count_until(editor, at) - 1;
    return LW_OK;
}

/* Moves the gap so that the head is that long; only where all rows are known. */
static void move_gap(struct lw_editor *editor, size_t head)
{
    struct lw_editor_rows *rows = &editor->rows;
    uint32_t len = (uint32_t)editor->text.len;

    while (rows->head < head) {
        rows->list[rows->head++] = len - rows->list[rows->cap - rows->tail];
        rows->tail--;
    }
    while (rows->head > head) {
        rows->tail++;
        rows->list[rows->cap - rows->tail] = len - rows->list[--rows->head];
    }
}

void lw_editor_rows_change(struct lw_editor *editor, size_t at, size_t removed)
{
    struct lw_editor_rows *rows = &editor->rows;
    size_t keep = count_until(editor, at);

    if (rows->joined)
        move_gap(editor, keep);
    rows->joined = false;
    rows->head = keep > ROWS_BACK ? keep - ROWS_BACK : 0;
    while (rows->tail > 0 && tail_start(editor, 0) < at + removed)
        rows->tail--;
}
