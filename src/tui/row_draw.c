/* Rows of the timeline in cells: what gives way first where there is little room. */
#include "row_list.h"

#include <stdio.h>
#include <string.h>

/* Where the columns of a row stand, right of the gutter. 0: the column is not shown. */
struct columns {
    int time;
    int ref_at, ref;
    int kind_at, kind;
    int title_at, title;
    int sources; /* at the right edge */
    bool words;  /* "2 sources", not "2" */
};

static struct columns lay_out(int width)
{
    struct columns c = {.time = width < 58 ? 11 : 12};
    int at = c.time + 1;

    if (width >= 100) {
        c.ref_at = at;
        c.ref = 5;
        at += c.ref + 1;
    }
    if (width >= 58) {
        c.kind_at = at;
        c.kind = width >= 88 ? 14 : width >= 70 ? 13 : 10;
        at += c.kind + 1;
    }
    c.words = width >= 70;
    c.sources = c.words ? 12 : 4;
    c.title_at = at;
    c.title = width - at - c.sources - 1;
    return c;
}

/* Without columns below each other: every part as wide as it is, and the title has the rest. */
static struct columns lay_out_plain(const struct lw_row_copy *row, const char *kind, int width)
{
    struct columns c = {.words = width >= 70};

    c.time = row->time != NULL ? (int)lw_utf8_columns(row->time, strlen(row->time)) : 0;
    c.kind_at = c.time + 2;
    c.kind = (int)lw_utf8_columns(kind, strlen(kind));
    c.sources = c.words ? 12 : 4;
    c.title_at = c.kind_at + c.kind + 2;
    c.title = width - c.title_at - c.sources - 2;
    if (c.title < width / 3) { /* the kind gives way */
        c.kind = c.kind_at = 0;
        c.title_at = c.time + 2;
        c.title = width - c.title_at - c.sources - 2;
    }
    return c;
}

/* The label, else its short form where only that fits ("destruction"). Names are English: one that
 * stands for a label in another language says nothing. */
static const char *kind_text(const char *kind, const char *label, int width)
{
    bool english = (unsigned char)label[0] < 0x80;

    if (english && lw_utf8_columns(label, strlen(label)) > (size_t)width &&
        strchr(kind, '_') == NULL && strlen(kind) <= (size_t)width)
        return kind;
    return label;
}

static int put(const struct lw_area *area, int at, int width, enum lw_style style, const char *text)
{
    return text == NULL ? 0 : lw_area_put_cut(area, 0, at, width, style, text, strlen(text));
}

/* The hedge stays, however long the title is. */
static void put_title(const struct lw_area *area, int at, int width, const struct lw_row_copy *row)
{
    int hedge = row->hedge != NULL ? (int)lw_utf8_columns(row->hedge, strlen(row->hedge)) + 3 : 0;
    int title, used;

    if (hedge > width / 2 + 1)
        hedge = width / 2 + 1;
    title = width - hedge;
    used = put(area, at, title, LW_STYLE_PLAIN, row->title);
    if (hedge < 4)
        return;
    used += lw_area_puts(area, 0, at + used, LW_STYLE_PLAIN, " (");
    used += put(area, at + used, hedge - 3, LW_STYLE_PLAIN, row->hedge);
    lw_area_puts(area, 0, at + used, LW_STYLE_PLAIN, ")");
}

/* "2 sources", with the numbers of all rows below each other; only the number where it is long or
 * room is short. All in the style of the title: another one is 8 bytes a row, and where most rows
 * have a sign, bold singles out none. The last column is left to the rare signs where there is
 * room: a cursor that went past it has to be placed anew. */
static void put_sources(const struct lw_area *area, const struct columns *c,
                        const struct lw_row_copy *row)
{
    const char *sign = lw_grid_sign(area->grid, LW_SIGN_DIFFERS);
    bool aside = c->words && !area->grid->plain;
    int signs = c->words ? 3 : 2;
    int differs = area->columns - (aside ? 2 : 1), other = area->columns - (aside ? 1 : 2);
    struct lw_area left = lw_area_part(area, 0, 0, 1, area->columns - signs);
    char text[24];
    int len;

    if (row->contradicted)
        lw_area_put(area, 0, differs, 1, LW_STYLE_PLAIN, sign, strlen(sign));
    if (row->amended || row->open) {
        sign = lw_grid_sign(area->grid, row->amended ? LW_SIGN_AMENDED : LW_SIGN_OPEN);
        lw_area_put(area, 0, other, 1, LW_STYLE_DIM, sign, strlen(sign));
    }
    if (row->sources == 0)
        return;
    if (c->words && row->sources < 10)
        len = snprintf(text, sizeof text, lw_say_count("%u source ", "%u sources", row->sources),
                       row->sources);
    else
        len = snprintf(text, sizeof text, "%u%s", row->sources < 100 ? row->sources : 99,
                       row->sources < 100 ? "" : "+");
    if (len > 0)
        lw_area_put_right(&left, 0, c->sources - signs, LW_STYLE_PLAIN, text, (size_t)len);
}

static int draw_row(const struct lw_row_copy *row, const struct lw_area *area)
{
    const char *none = lw_grid_sign(area->grid, LW_SIGN_DASH);
    const char *kind = row->kind != NULL ? row->kind_label : none;
    struct columns c =
        area->grid->plain ? lay_out_plain(row, kind, area->columns) : lay_out(area->columns);
    int marked = put(area, 0, c.time, LW_STYLE_PLAIN, row->time);

    if (c.ref > 0)
        put(area, c.ref_at, c.ref, LW_STYLE_DIM, row->ref);
    if (c.kind > 0)
        put(area, c.kind_at, c.kind, LW_STYLE_PLAIN,
            row->kind != NULL ? kind_text(row->kind, row->kind_label, c.kind) : none);
    put_title(area, c.title_at, c.title, row);
    put_sources(area, &c, row);
    return marked;
}

bool lw_row_is_cut(const struct lw_row_copy *row, int columns)
{
    struct columns c = lay_out(columns - LW_LIST_GUTTER);
    size_t wide = row->title != NULL ? lw_utf8_columns(row->title, strlen(row->title)) : 0;

    if (row->hedge != NULL)
        wide += lw_utf8_columns(row->hedge, strlen(row->hedge)) + 3;
    return c.title < 0 || wide > (size_t)c.title;
}

/* ---- what stands below a row ------------------------------------------------------------------
 */

/* "JMG office · In the evening the office burned" */
static enum lw_status say_more(const struct lw_record *entry, const struct lw_row_copy *row,
                               struct lw_buf *out)
{
    const char *narrative = lw_record_text(entry, "narrative");
    enum lw_status status = LW_OK;

    if (row->place != NULL)
        status = lw_buf_adds(out, row->place);
    if (status != LW_OK || narrative == NULL)
        return status;
    if (out->len > 0)
        status = lw_buf_adds(out, " · ");
    return status == LW_OK ? lw_buf_add(out, narrative, strcspn(narrative, "\n")) : status;
}

/* Once for each row; what cannot be read is told where the entry is opened. */
static void read_more(struct lw_journal *journal, struct lw_row_copy *row)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record entry;

    if (row->more_read || lw_record_get(journal, LW_RECORD_ENTRY, row->id, &entry, NULL) != LW_OK)
        return;
    if (say_more(&entry, row, &text) == LW_OK) {
        row->more = lw_clean_copy(lw_buf_text(&text), text.len, false);
        row->more_read = row->more != NULL;
    }
    lw_record_clear(&entry);
    lw_buf_free(&text);
}

static void draw_more(struct lw_journal *journal, struct lw_row_copy *row,
                      const struct lw_area *area)
{
    int at = area->columns < 58 ? 2 : lay_out(area->columns).time + 1;

    read_more(journal, row);
    if (row->more == NULL || row->more[0] == '\0')
        lw_area_puts(area, 0, at, LW_STYLE_DIM, lw_grid_sign(area->grid, LW_SIGN_DASH));
    else
        put(area, at, area->columns - at, LW_STYLE_DIM, row->more);
}

/* ---- as the source of a list ------------------------------------------------------------------
 */

static size_t count_lines(void *context)
{
    return ((const struct lw_row_list *)context)->lines;
}

static int draw_line(void *context, size_t at, const struct lw_area *area)
{
    struct lw_row_list *list = context;
    const struct lw_row_line *line = &list->line[at];
    struct lw_row_copy *row = &list->rows.row[line->row];

    if (line->more) {
        draw_more(list->expand, row, area);
        return 0;
    }
    if (!line->heading)
        return draw_row(row, area);
    put(area, 0, area->columns, LW_STYLE_TITLE, row->heading);
    return 0;
}

static bool is_heading(void *context, size_t at)
{
    return ((const struct lw_row_list *)context)->line[at].heading;
}

static bool is_below(void *context, size_t at)
{
    return ((const struct lw_row_list *)context)->line[at].more;
}

void lw_row_list_init(struct lw_row_list *list)
{
    *list = (struct lw_row_list){.lines = 0};
    list->list.source = (struct lw_list_source){.count = count_lines,
                                                .draw = draw_line,
                                                .is_heading = is_heading,
                                                .is_below = is_below,
                                                .context = list};
}

void lw_row_list_draw(struct lw_row_list *list, const struct lw_area *area, const char *empty)
{
    lw_list_draw(&list->list, area, empty);
}
