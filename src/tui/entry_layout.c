/* The lines of an entry as pieces of a page of some width. */
#include "entry_view.h"

#include <stdlib.h>
#include <string.h>

enum {
    MARGIN = 2,
    GAP = 3,
    ACCOUNT_LEAST = 44,
    VOICE_LEAST = 30,
    LABEL_WIDE = 12,
    LABEL_NARROW = 11,
    NARROW = 60
};

static enum lw_status add_piece(struct lw_entry_page *page, const struct lw_entry_piece *piece)
{
    if (page->pieces == page->piece_cap) {
        size_t cap = page->piece_cap == 0 ? 128 : page->piece_cap * 2;
        struct lw_entry_piece *grown = realloc(page->piece, cap * sizeof *grown);

        if (grown == NULL)
            return LW_NO_MEMORY;
        page->piece = grown;
        page->piece_cap = cap;
    }
    page->piece[page->pieces++] = *piece;
    return LW_OK;
}

/* A rectangle that text runs down in. */
struct strip {
    struct lw_entry_page *page;
    int column, width;
    int row; /* the next free one */
};

/* One paragraph; its first row begins at `at`, the others at `hang`, columns of the strip. */
static enum lw_status put_paragraph(struct strip *strip, size_t line, enum lw_style style, int at,
                                    int hang, const char *text, size_t len)
{
    enum lw_status status = LW_OK;

    do {
        int room = strip->width - at > 8 ? strip->width - at : 8;
        size_t next = 0;
        size_t take = len == 0 ? 0 : lw_utf8_break(text, len, (size_t)room, &next);
        const struct lw_entry_piece piece = {.row = strip->row++,
                                             .column = strip->column + at,
                                             .width = room,
                                             .text = text,
                                             .len = take,
                                             .style = style,
                                             .gutter =
                                                 strip->column - (strip->column > MARGIN ? 1 : 2),
                                             .line = line};

        status = add_piece(strip->page, &piece);
        text += next;
        len -= next;
        at = hang;
    } while (status == LW_OK && len > 0);
    return status;
}

static enum lw_status put_text(struct strip *strip, size_t line, enum lw_style style, int at,
                               int hang)
{
    const char *text = strip->page->line[line].text;
    enum lw_status status = LW_OK;

    for (bool more = true; more && status == LW_OK;) {
        size_t len = strcspn(text, "\n");

        status = put_paragraph(strip, line, style, at, hang, text, len);
        more = text[len] == '\n' && text[len + 1] != '\0';
        text += len + (more ? 1 : 0);
        at = hang;
    }
    return status;
}

static enum lw_style style_of(const struct lw_entry_text *line)
{
    if (line->part == LW_ENTRY_TITLE || line->differs)
        return LW_STYLE_STRONG;
    if (line->part == LW_ENTRY_REF || line->part == LW_ENTRY_REVISIONS)
        return LW_STYLE_DIM;
    if (line->account > 0 && line->indent == 2)
        return LW_STYLE_STRONG;
    return LW_STYLE_PLAIN;
}

static enum lw_status put_fact(struct strip *strip, size_t line)
{
    const struct lw_entry_text *fact = &strip->page->line[line];
    int at = strip->width < NARROW ? LABEL_NARROW : LABEL_WIDE;
    const struct lw_entry_piece label = {.row = strip->row,
                                         .column = strip->column,
                                         .width = at,
                                         .text = fact->label,
                                         .len = strlen(fact->label),
                                         .style = LW_STYLE_DIM,
                                         .line = SIZE_MAX};
    enum lw_status status = add_piece(strip->page, &label);

    return status == LW_OK ? put_text(strip, line, LW_STYLE_PLAIN, at, at) : status;
}

/* Lines of a part stand at the margin; what belongs to them deeper. */
static enum lw_status put_line(struct strip *strip, size_t line)
{
    const struct lw_entry_text *said = &strip->page->line[line];
    int at = said->indent > 2 ? (int)said->indent - 2 : 0;

    if (said->label != NULL)
        return put_fact(strip, line);
    return put_text(strip, line, style_of(said), at, said->section[0] == '\0' ? at : at + 2);
}

static enum lw_status put_heading(struct strip *strip, const char *heading)
{
    const struct lw_entry_piece piece = {.row = strip->row + 1,
                                         .column = 0,
                                         .width = strip->width,
                                         .text = heading,
                                         .len = strlen(heading),
                                         .style = LW_STYLE_TITLE,
                                         .line = SIZE_MAX};

    strip->row += 2;
    return add_piece(strip->page, &piece);
}

/* ---- accounts beside each other ---------------------------------------------------------------
 */

/* Lines of one account, or of one voice about a fact, stand in one column. */
static unsigned group_of(const struct lw_entry_text *line)
{
    return line->account > 0 ? line->account : line->voice;
}

static bool same_group(const struct lw_entry_text *a, const struct lw_entry_text *b)
{
    return a->account == b->account && a->voice == b->voice;
}

static size_t end_of_group(const struct lw_entry_page *page, size_t first)
{
    size_t end = first + 1;

    while (end < page->lines && same_group(&page->line[end], &page->line[first]))
        end++;
    return end;
}

/* From that line on, one behind the other. */
static int count_groups(const struct lw_entry_page *page, size_t first)
{
    bool accounts = page->line[first].account > 0;
    int count = 0;

    while (first < page->lines && group_of(&page->line[first]) > 0 &&
           (page->line[first].account > 0) == accounts) {
        first = end_of_group(page, first);
        count++;
    }
    return count;
}

static enum lw_status put_bars(struct lw_entry_page *page, int column, int from, int to)
{
    enum lw_status status = LW_OK;

    for (int row = from; row < to && status == LW_OK; row++) {
        const struct lw_entry_piece bar = {.row = row,
                                           .column = column,
                                           .width = 1,
                                           .text = "",
                                           .style = LW_STYLE_DIM,
                                           .bar = true,
                                           .line = SIZE_MAX};

        status = add_piece(page, &bar);
    }
    return status;
}

/* Some accounts from line `first` on, in as many columns; *next is the line behind them. */
static enum lw_status put_beside(struct strip *whole, int columns, size_t first, size_t *next)
{
    struct lw_entry_page *page = whole->page;
    int width = (whole->width - GAP * (columns - 1)) / columns;
    int top = whole->row, bottom = whole->row, used = 0;
    enum lw_status status = LW_OK;

    for (; used < columns && first < page->lines && group_of(&page->line[first]) > 0; used++) {
        size_t end = end_of_group(page, first);
        struct strip strip = {.page = page,
                              .column = whole->column + used * (width + GAP),
                              .width = width,
                              .row = top};

        for (; first < end && status == LW_OK; first++)
            status = put_line(&strip, first);
        if (status != LW_OK)
            return status;
        bottom = strip.row > bottom ? strip.row : bottom;
    }
    for (int i = 1; i < used && status == LW_OK; i++)
        status = put_bars(page, whole->column + i * (width + GAP) - 2, top, bottom);
    whole->row = bottom;
    *next = first;
    return status;
}

/* In how many columns the groups from that line on stand. */
static int group_columns(const struct lw_entry_page *page, size_t first, int width)
{
    bool accounts = page->line[first].account > 0;
    int columns = width / (accounts ? ACCOUNT_LEAST : VOICE_LEAST);
    int groups = count_groups(page, first);

    if (width + MARGIN < LW_ENTRY_WIDE || groups < 2)
        return 1;
    return columns < groups ? columns : groups;
}

/* ---- all --------------------------------------------------------------------------------------
 */

static enum lw_status lay_lines(struct strip *strip)
{
    struct lw_entry_page *page = strip->page;
    const char *section = "";
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < page->lines && status == LW_OK;) {
        const struct lw_entry_text *line = &page->line[i];
        bool first = strcmp(section, line->section) != 0;
        bool begins = group_of(line) > 0 && (i == 0 || !same_group(&page->line[i - 1], line));
        int columns = begins ? group_columns(page, i, strip->width) : 1;

        if (first)
            status = put_heading(strip, line->section);
        else if ((begins && (line->account > 0 || line->lone)) ||
                 line->part == LW_ENTRY_NARRATIVE ||
                 (i > 0 && page->line[i - 1].part == LW_ENTRY_TITLE))
            strip->row++;
        section = line->section;
        if (status != LW_OK)
            break;
        if (columns > 1)
            status = put_beside(strip, columns, i, &i);
        else
            status = put_line(strip, i++);
    }
    return status;
}

enum lw_status lw_entry_lay_out(struct lw_entry_page *page, int width)
{
    struct strip strip = {.page = page, .column = MARGIN, .width = width - MARGIN};
    enum lw_status status;

    if (page->width == width)
        return LW_OK;
    page->pieces = 0;
    page->width = 0;
    status = lay_lines(&strip);
    if (status != LW_OK)
        return status;
    page->rows = strip.row;
    page->width = width;
    return LW_OK;
}

static void draw_piece(const struct lw_entry_piece *piece, int top, const struct lw_area *area)
{
    int row = piece->row - top;

    if (row < 0 || row >= area->rows)
        return;
    if (piece->bar)
        lw_area_fill(area, row, piece->column, 1, piece->style, LW_SIGN_BAR);
    else
        lw_area_put(area, row, piece->column, area->columns - piece->column, piece->style,
                    piece->text, piece->len);
}

void lw_entry_page_draw(const struct lw_entry_page *page, int top, const struct lw_area *area)
{
    for (size_t i = 0; i < page->pieces; i++)
        draw_piece(&page->piece[i], top, area);
}
