/* One page of the gate: text that can be scrolled, then what is asked. */
#include "gate.h"

#include <stdio.h>
#include <string.h>

enum { TITLE_ROWS = 2, MESSAGE_ROWS = 2, SMALL = 12 /* rows */ };

/* Wraps text over rows; those in [0, area->rows) are drawn, from `row` on, which may be negative.
 * Returns the row after it. */
static int put_wrapped(const struct lw_area *area, int row, enum lw_style style, const char *text)
{
    size_t len = strlen(text);
    size_t next = 0;

    for (size_t at = 0; at < len && area->columns > 0; at += next, row++) {
        size_t end = lw_utf8_break(text + at, len - at, (size_t)area->columns, &next);

        if (row >= 0 && row < area->rows)
            lw_area_put(area, row, 0, area->columns, style, text + at, end);
    }
    return row;
}

/* Paragraphs with an empty row between them; returns their rows. */
static int put_body(const struct lw_gate_page *page, const struct lw_area *area, int top)
{
    int row = -top;

    for (size_t i = 0; i < page->body_count; i++)
        row = put_wrapped(area, row, LW_STYLE_PLAIN, _(page->body[i])) + 1;
    return row - 1 + top;
}

static const char *judge(unsigned bits)
{
    if (bits >= 75)
        return _("strong");
    if (bits >= 50)
        return _("good; six words are better");
    if (bits >= 30)
        return _("weak; take at least four words drawn by chance");
    return _("very weak; take at least four words drawn by chance");
}

void lw_gate_strength(const struct lw_passphrase *pass, char out[LW_GATE_STRENGTH])
{
    unsigned words = lw_passphrase_words(pass);
    unsigned bits = lw_passphrase_bits(pass);

    if (lw_passphrase_len(pass) == 0)
        out[0] = '\0';
    else
        (void)snprintf(
            out, LW_GATE_STRENGTH,
            lw_say_count("%u word, about %u bits: %s", "%u words, about %u bits: %s", words), words,
            bits, judge(bits));
}

static void draw_bar(const struct lw_area *area, int row, int percent)
{
    int width = area->columns - 6 < 50 ? area->columns - 6 : 50;

    if (area->grid->plain) { /* each step that is shown is a line there */
        lw_area_putf(area, row, 0, LW_STYLE_PLAIN, "%3d %%", percent - percent % 20);
        return;
    }
    if (width > 0) {
        lw_area_fill(area, row, 0, width, LW_STYLE_DIM, LW_SIGN_DOT);
        lw_area_fill(area, row, 0, width * percent / 100, LW_STYLE_PLAIN, LW_SIGN_LEVEL_8);
    }
    lw_area_putf(area, row, width > 0 ? width + 1 : 0, LW_STYLE_PLAIN, "%3d %%", percent);
}

static void draw_input(const struct lw_gate *gate, const struct lw_gate_page *page,
                       const struct lw_area *area, int row)
{
    const char *label = page->label != NULL ? page->label : "";
    int at = lw_area_says(area, row, 0, LW_STYLE_STRONG, label);
    struct lw_area rest;

    lw_area_cursor(area, row, at);
    area->grid->foot = area->row + row;
    if (page->bar) {
        draw_bar(area, row, page->percent);
    } else if (page->busy) {
        lw_area_puts(area, row, at, LW_STYLE_PLAIN, lw_grid_sign(area->grid, LW_SIGN_MORE));
    } else if (page->input == LW_GATE_TEXT) {
        rest = lw_area_part(area, row, at, 1, area->columns - at);
        lw_field_draw(page->field, &rest, LW_STYLE_FIELD, true);
    } else if (page->input == LW_GATE_PASSPHRASE && gate->mask) {
        int room = area->columns - at - 1;
        int count = gate->signs < room ? gate->signs : room;

        for (int i = 0; i < count; i++)
            lw_area_puts(area, row, at + i, LW_STYLE_PLAIN, "*");
        lw_area_cursor(area, row, at + (count > 0 ? count : 0));
        rest = lw_area_part(area, row, at, 1, area->columns - at);
        lw_area_text(&rest);
    }
}

static void draw_message(const struct lw_gate_page *page, const struct lw_area *area)
{
    char text[LW_GATE_STRENGTH] = "";

    if (page->message.text[0] != '\0') {
        put_wrapped(area, 0, LW_STYLE_ALARM, page->message.text);
    } else if (page->input == LW_GATE_PASSPHRASE && !page->busy &&
               lw_passphrase_has_non_ascii(page->pass)) {
        put_wrapped(area, 0, LW_STYLE_ALARM,
                    _("Some letters are not ASCII; another keyboard layout may be on"));
    } else if (page->strength && !page->busy && area->grid->plain) {
        /* not with each letter, of which the lines would keep how many there were */
        if (lw_passphrase_len(page->pass) > 0)
            put_wrapped(area, 0, LW_STYLE_PLAIN, judge(lw_passphrase_bits(page->pass)));
    } else if (page->strength && !page->busy) {
        lw_gate_strength(page->pass, text);
        put_wrapped(area, 0, LW_STYLE_PLAIN, text);
    }
    lw_zero(text, sizeof text);
}

/* Rows under the body. */
static int bottom_rows(const struct lw_gate_page *page)
{
    int rows = page->hint != NULL ? 1 : 0;

    return page->label != NULL || page->bar ? rows + 1 + MESSAGE_ROWS : rows;
}

/* Returns the row after it. */
static int draw_body(struct lw_gate *gate, const struct lw_gate_page *page,
                     const struct lw_area *area, int row)
{
    int room = area->rows - row - bottom_rows(page);
    struct lw_area body = lw_area_part(area, row, 0, 0, area->columns);

    gate->body_all = gate->body_rows = 0;
    if (page->body_count == 0 || room <= 0)
        return row;
    gate->body_all = put_body(page, &body, 0);
    gate->body_rows = gate->body_all <= room ? gate->body_all : room - !page->paged;
    if (gate->top > gate->body_all - gate->body_rows)
        gate->top = gate->body_all - gate->body_rows;
    body = lw_area_part(area, row, 0, gate->body_rows, area->columns);
    put_body(page, &body, gate->top);
    row += gate->body_rows;
    if (gate->body_rows < gate->body_all && !page->paged)
        lw_area_says(area, row++, 0, LW_STYLE_HINT,
                     gate->top + gate->body_rows < gate->body_all ? "(more: PgDn)" : "(PgUp)");
    else if (gate->body_all < room)
        row++;
    return row;
}

/* While there is more below, Enter leads there, and what follows the first key stays. */
static void draw_hint(const struct lw_gate *gate, const struct lw_gate_page *page,
                      const struct lw_area *area, int row)
{
    const char *rest = page->paged ? strstr(_(page->hint), "  ") : NULL;
    int at;

    if (!page->paged || gate->top + gate->body_rows >= gate->body_all) {
        lw_area_says(area, row, 0, LW_STYLE_HINT, page->hint);
        return;
    }
    at = lw_area_says(area, row, 0, LW_STYLE_HINT, "Enter more");
    lw_area_puts(area, row, at, LW_STYLE_HINT, rest != NULL ? rest : "");
}

void lw_gate_draw(struct lw_gate *gate, const struct lw_gate_page *page, const struct lw_area *area)
{
    int row = 0;
    struct lw_area rest;

    if (page->title != NULL && area->rows >= SMALL) {
        lw_area_puts(area, 0, 0, LW_STYLE_TITLE, page->title);
        row = TITLE_ROWS;
    }
    row = draw_body(gate, page, area, row);
    draw_input(gate, page, area, row);
    rest =
        lw_area_part(area, row + 1, 0, area->rows - row - 1 - (page->hint != NULL), area->columns);
    draw_message(page, &rest);
    if (page->hint != NULL && area->rows > 1)
        draw_hint(gate, page, area, area->rows - 1);
}
