/* Rows of the timeline as text: a heading for each day, columns that wrap. */
#include "internal.h"

#include <string.h>
#include <strings.h>

#define TIME_AT       2
#define TIME_WIDTH    12
#define REF_AT        15
#define REF_WIDTH     5
#define KIND_AT       21
#define KIND_WIDTH    13
#define TITLE_AT      35
#define SOURCES_WIDTH 14 /* at least; with two signs they need more */
#define NARROW        72 /* columns below which titles stand on lines of their own */
#define NARROW_AT     6

struct cell {
    const char *text;
    size_t len;
    size_t width;
};

/* Prints the next line of a cell and what is missing to its width; returns the columns of text. */
static size_t print_cell(struct lw_out *out, struct cell *cell, bool pad)
{
    size_t next = 0;
    size_t take = cell->len == 0 ? 0 : lw_utf8_break(cell->text, cell->len, cell->width, &next);
    size_t columns = lw_utf8_columns(cell->text, take);

    lw_out_bytes(out, cell->text, take);
    if (pad && columns < cell->width)
        lw_out_spaces(out, cell->width - columns);
    cell->text += next;
    cell->len -= next;
    return columns;
}

/* The sources stand at the right edge of the first line, so that the eye finds them in one column.
 */
static void print_sources(struct lw_out *out, size_t at, const struct lw_buf *text)
{
    size_t columns = lw_utf8_columns(lw_buf_text(text), text->len);

    if (columns == 0)
        return;
    if (at + columns < out->columns)
        lw_out_spaces(out, out->columns - columns - at);
    lw_out_text(out, text->data);
}

struct texts {
    struct lw_buf heading, time, title, sources, full, clean;
    bool whole;
};

static void free_texts(struct texts *texts)
{
    lw_buf_free(&texts->heading);
    lw_buf_free(&texts->time);
    lw_buf_free(&texts->title);
    lw_buf_free(&texts->sources);
    lw_buf_free(&texts->full);
    lw_buf_free(&texts->clean);
}

static enum lw_status make_texts(const struct lw_row *row, struct texts *texts)
{
    enum lw_status status = lw_row_heading(row, &texts->heading);

    if (status == LW_OK)
        status = lw_row_time(row, &texts->time, &texts->whole);
    if (status == LW_OK)
        status = lw_row_title(row, &texts->title);
    if (status == LW_OK)
        status = lw_row_sources(row, &texts->sources);
    if (status == LW_OK)
        status = lw_row_when(row, &texts->full);
    if (status == LW_OK)
        status = lw_text_clean(lw_buf_text(&texts->title), texts->title.len, false, &texts->clean);
    return status;
}

static void print_cells(struct lw_out *out, const struct lw_row *row, const struct texts *texts)
{
    const char *kind = row->kind != NULL ? row->kind_label : "–";
    struct cell time = {lw_buf_text(&texts->time), texts->time.len, TIME_WIDTH};
    size_t extra = lw_utf8_columns(row->ref, strlen(row->ref));
    size_t sources = lw_utf8_columns(lw_buf_text(&texts->sources), texts->sources.len) + 2;
    size_t width = out->columns - TITLE_AT - (sources > SOURCES_WIDTH ? sources : SOURCES_WIDTH);

    /* A long reference is never broken; the kind gives way to it. */
    extra = extra > REF_WIDTH ? extra - REF_WIDTH : 0;
    extra = extra < KIND_WIDTH ? extra : KIND_WIDTH - 1;
    struct cell ref = {row->ref, strlen(row->ref), REF_WIDTH + extra};
    struct cell label = {kind, strlen(kind), KIND_WIDTH - extra};
    struct cell title = {lw_buf_text(&texts->clean), texts->clean.len, width};

    for (bool first = true;; first = false) {
        lw_out_spaces(out, TIME_AT);
        print_cell(out, &time, true);
        lw_out_spaces(out, REF_AT - TIME_AT - TIME_WIDTH);
        print_cell(out, &ref, true);
        lw_out_spaces(out, KIND_AT - REF_AT - REF_WIDTH);
        print_cell(out, &label, title.len > 0);
        if (title.len > 0)
            lw_out_spaces(out, TITLE_AT - KIND_AT - KIND_WIDTH);
        size_t columns = print_cell(out, &title, false);
        if (first)
            print_sources(out, TITLE_AT + columns, &texts->sources);
        lw_out_newline(out);
        if (title.len + label.len + time.len + ref.len == 0)
            break;
    }
}

/* On a narrow terminal the title has lines of its own. */
static enum lw_status print_narrow(struct lw_out *out, const struct lw_row *row,
                                   const struct texts *texts)
{
    struct lw_buf head = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(&head, "%s  %s  %s", lw_buf_text(&texts->time), row->ref,
                                        row->kind != NULL ? row->kind_label : "–");

    if (status == LW_OK && texts->sources.len > 0)
        status = lw_buf_addf(&head, "  %s", texts->sources.data);
    if (status == LW_OK) {
        lw_out_spaces(out, TIME_AT);
        lw_out_wrap(out, TIME_AT, NARROW_AT, head.data);
        lw_out_spaces(out, NARROW_AT);
        lw_out_wrap(out, NARROW_AT, NARROW_AT, lw_buf_text(&texts->clean));
    }
    lw_buf_free(&head);
    return status;
}

static void print_heading(struct lw_rows *rows, const struct lw_buf *heading)
{
    if (rows->count > 0)
        lw_out_newline(rows->out);
    lw_out_wrap(rows->out, 0, 2, lw_buf_text(heading));
}

enum lw_status lw_rows_print(struct lw_rows *rows, const struct lw_row *row, struct lw_error *err)
{
    struct texts texts = {.whole = true};
    enum lw_status status = make_texts(row, &texts);

    if (status == LW_OK && (rows->count == 0 || strcmp(lw_buf_text(&rows->heading),
                                                       lw_buf_text(&texts.heading)) != 0)) {
        print_heading(rows, &texts.heading);
        lw_buf_clear(&rows->heading);
        status = lw_buf_adds(&rows->heading, lw_buf_text(&texts.heading));
    }
    if (status == LW_OK) {
        size_t at = rows->out->columns < NARROW ? NARROW_AT : TITLE_AT;

        if (rows->out->columns < NARROW)
            status = print_narrow(rows->out, row, &texts);
        else
            print_cells(rows->out, row, &texts);
        /* The heading may say it all: the date in full is not printed twice. */
        if (!texts.whole &&
            strcasecmp(lw_buf_text(&texts.full), lw_buf_text(&texts.heading)) != 0) {
            lw_out_spaces(rows->out, at);
            lw_out_wrap(rows->out, at, at, lw_buf_text(&texts.full));
        }
        rows->count++;
    }
    free_texts(&texts);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

void lw_rows_free(struct lw_rows *rows)
{
    lw_buf_free(&rows->heading);
}
