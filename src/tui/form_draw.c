/* The form on the screen: a field below the other, what is understood below its field. */
#include "form.h"
#include "offers.h"
#include "wrapped.h"

#include <stdlib.h>
#include <string.h>

enum {
    NARROW = 60,
    LABEL_NARROW = 13,
    LABEL_WIDE = 14,
    LINES_RESTING = 3, /* of a long field without the focus */
    LINES_LEAST = 3,
    NOTE_ROWS = 3,
    CHECK_ROWS = 3 /* of one question */
};

struct piece {
    bool shown;
    int row; /* in the whole form */
    int text_rows;
    int note_rows;
    int offer_rows;
    enum lw_style note_style;
    struct lw_buf note;
};

struct layout {
    struct lw_form *form;
    const struct lw_area *area;
    int label; /* columns of gutter and label */
    int width; /* of the text */
    struct piece piece[LW_FORM_ALL];
    int check_row; /* of what a lawyer will ask; 0: nothing */
    int rows;
};

/* ---- what stands below a field ---- */

static enum lw_status note_wrong(const struct lw_form_field *field, struct piece *piece)
{
    piece->note_style = LW_STYLE_ALARM;
    return lw_buf_addf(&piece->note, "! %s", field->wrong.text);
}

/* A label that had to be cut is said in full. */
static enum lw_status note_hint(const struct layout *layout, enum lw_form_field_id id,
                                struct piece *piece)
{
    const struct lw_form *form = layout->form;
    const struct lw_form_info *info = form->field[id].info;
    const char *label = _(info->label);
    bool cut = (int)lw_utf8_columns(label, strlen(label)) > layout->label - 3;
    const char *hint = lw_form_filled(form, id) || info->hint[0] == '\0' ? "" : _(info->hint);

    if (id == LW_FORM_SOURCE && form->account_count > 1)
        return lw_buf_sayf(&piece->note, "the first of %u accounts; the entry shows the others",
                           form->account_count);
    if (cut)
        return lw_buf_addf(&piece->note, "%s%s%s", label, hint[0] != '\0' ? ": " : "", hint);
    return lw_buf_adds(&piece->note, hint);
}

/* While it is being typed nothing is called an error. */
static enum lw_status note_understood(const struct layout *layout, enum lw_form_field_id id,
                                      bool focus, struct piece *piece)
{
    struct lw_buf said = LW_BUF_INIT;
    enum lw_form_tone tone = lw_form_understand(layout->form, id, &said);
    enum lw_status status = LW_OK;

    piece->note_style = LW_STYLE_DIM;
    if (tone == LW_FORM_WRONG && !focus)
        piece->note_style = LW_STYLE_ALARM;
    else if (tone == LW_FORM_NEW)
        piece->note_style = LW_STYLE_STRONG;
    if (tone == LW_FORM_WRONG)
        status = lw_buf_adds(&piece->note, focus ? "? " : "! ");
    if (tone == LW_FORM_SILENT && focus)
        status = note_hint(layout, id, piece);
    else if (status == LW_OK &&
             (tone != LW_FORM_KNOWN || focus || layout->form->field[id].info->said))
        status = lw_buf_add(&piece->note, lw_buf_text(&said), said.len);
    lw_buf_free(&said);
    return status;
}

static void make_note(const struct layout *layout, enum lw_form_field_id id, struct piece *piece)
{
    struct lw_form *form = layout->form;
    const struct lw_form_field *field = &form->field[id];
    bool wrong = field->wrong.status != LW_OK && field->wrong_changes == field->text.editor.changes;
    enum lw_status status =
        wrong ? note_wrong(field, piece) : note_understood(layout, id, form->focus == id, piece);

    if (status != LW_OK)
        lw_buf_clear(&piece->note);
}

/* ---- what is offered ---- */

/* Draws with area, else only tells whether there is something: one row. */
static int offers(const struct layout *layout, const struct lw_area *area, int row)
{
    static const struct lw_offers complete = {LW_IN_FORM, "complete"};
    const struct lw_form *form = layout->form;

    return lw_offers_draw(form->view.tui, &complete, &form->field[form->focus].text, area, row, 0);
}

/* ---- how high everything is ---- */

static int text_rows(struct layout *layout, enum lw_form_field_id id)
{
    struct lw_editor *editor = &layout->form->field[id].text.editor;
    bool focus = layout->form->focus == id;
    int most = focus ? layout->area->rows - NOTE_ROWS : LINES_RESTING;
    struct lw_editor_view view;

    if (!layout->form->field[id].info->lines)
        return 1;
    if (most < 1)
        most = 1;
    if (lw_editor_layout(editor, (unsigned)layout->width, (unsigned)most, &view, NULL) != LW_OK)
        return 1;
    if (focus && most >= LINES_LEAST && (int)view.count < LINES_LEAST)
        return LINES_LEAST;
    return view.count > 0 ? (int)view.count : 1;
}

static bool is_own(const struct lw_form *form, enum lw_form_field_id id)
{
    return id >= LW_FORM_FIELDS && form->own[id - LW_FORM_FIELDS].key != NULL;
}

/* A blank row above what belongs together, where there is room. */
static bool begins_group(const struct lw_form *form, size_t at)
{
    enum lw_form_field_id id = form->order[at];

    if (form->field[id].info->group)
        return true;
    return at > 0 && is_own(form, id) != is_own(form, form->order[at - 1]);
}

/* Draws with area, else only counts. */
static int put_checks(const struct layout *layout, const struct lw_area *area, int row)
{
    const struct lw_form *form = layout->form;
    const struct lw_forms *forms = lw_journal_forms(form->journal);
    int width = layout->area->columns - 4;
    int first = row;

    for (size_t i = 0; form->kind != NULL && i < form->kind->check_count; i++) {
        const char *text = lw_label_say(forms, &form->kind->check[i]);

        if (area != NULL && row >= 0 && row < area->rows) {
            struct lw_area part = lw_area_part(area, row, 4, area->rows - row, width);

            lw_area_puts(area, row, 2, LW_STYLE_DIM, "?");
            (void)lw_wrapped_put(&part, 0, CHECK_ROWS, width, LW_STYLE_DIM, text, strlen(text));
        }
        row += lw_wrapped_put(NULL, 0, CHECK_ROWS, width, LW_STYLE_DIM, text, strlen(text));
    }
    return row - first;
}

static void lay_out(struct layout *layout)
{
    struct lw_form *form = layout->form;

    for (size_t i = 0; i < form->order_count; i++) {
        enum lw_form_field_id id = form->order[i];
        struct piece *piece = &layout->piece[id];

        piece->shown = true;
        if (layout->area->rows >= 30 && begins_group(form, i))
            layout->rows++;
        make_note(layout, id, piece);
        piece->row = layout->rows;
        piece->text_rows = text_rows(layout, id);
        piece->note_rows = lw_wrapped_put(NULL, 0, NOTE_ROWS, layout->width, piece->note_style,
                                          lw_buf_text(&piece->note), piece->note.len);
        if (form->focus == id)
            piece->offer_rows = offers(layout, NULL, 0);
        layout->rows += piece->text_rows + piece->note_rows + piece->offer_rows;
    }
    if (form->kind != NULL && form->kind->check_count > 0) {
        layout->check_row = layout->rows + 2;
        layout->rows = layout->check_row + put_checks(layout, NULL, 0);
    }
}

/* The focused field with what stands below it is in sight, its text before all. */
static void scroll(struct layout *layout)
{
    struct lw_form *form = layout->form;
    const struct piece *piece = &layout->piece[form->focus];
    int window = layout->area->rows;
    int end = piece->row + piece->text_rows + piece->note_rows + piece->offer_rows;

    if (form->focus == form->order[form->order_count - 1])
        end = layout->rows; /* and with the last one, what a lawyer will ask */
    if (form->top + window < end)
        form->top = end - window;
    if (form->top + window > layout->rows)
        form->top = layout->rows - window;
    if (form->top > piece->row)
        form->top = piece->row;
    if (form->top < 0)
        form->top = 0;
}

/* ---- drawing ---- */

static void draw_lines(struct layout *layout, enum lw_form_field_id id, int row)
{
    const struct piece *piece = &layout->piece[id];
    struct lw_editor *editor = &layout->form->field[id].text.editor;
    bool focus = layout->form->focus == id;
    struct lw_area area =
        lw_area_part(layout->area, row, layout->label, piece->text_rows, layout->width);

    if (row < 0) /* its upper part is above the window: the rest is drawn as far as it fits */
        area = lw_area_part(layout->area, 0, layout->label, piece->text_rows + row, layout->width);
    if (area.rows < 1 || lw_editor_draw(editor, &area, LW_STYLE_FIELD, focus, NULL) != LW_OK)
        return;
    if (editor->top > 0)
        lw_area_fill(layout->area, row < 0 ? 0 : row, layout->label - 1, 1, LW_STYLE_DIM,
                     LW_SIGN_MORE);
}

static void draw_field(struct layout *layout, enum lw_form_field_id id)
{
    const struct lw_form_info *info = layout->form->field[id].info;
    const struct piece *piece = &layout->piece[id];
    struct lw_form_field *field = &layout->form->field[id];
    bool focus = layout->form->focus == id;
    int row = piece->row - layout->form->top;
    int below = row + piece->text_rows;
    struct lw_area text;

    if (row >= 0 && row < layout->area->rows) {
        if (focus)
            lw_area_puts(layout->area, row, 0, LW_STYLE_MARK, ">");
        lw_area_put_cut(layout->area, row, 2, layout->label - 3,
                        focus ? LW_STYLE_STRONG : LW_STYLE_PLAIN, _(info->label),
                        strlen(_(info->label)));
    }
    if (info->lines) {
        draw_lines(layout, id, row);
    } else if (row >= 0 && row < layout->area->rows) {
        text = lw_area_part(layout->area, row, layout->label, 1, layout->width);
        lw_field_draw(&field->text, &text, LW_STYLE_FIELD, focus);
    }
    if (below >= 0 && below < layout->area->rows) {
        text = lw_area_part(layout->area, below, layout->label, layout->area->rows - below,
                            layout->width);
        (void)lw_wrapped_put(&text, 0, piece->note_rows, layout->width, piece->note_style,
                             lw_buf_text(&piece->note), piece->note.len);
        if (piece->offer_rows > 0)
            (void)offers(layout, &text, piece->note_rows);
    }
}

/* Quietly, below all fields: nothing waits for an answer here. */
static void draw_checks(const struct layout *layout)
{
    int row = layout->check_row - layout->form->top;

    if (layout->check_row == 0)
        return;
    if (row > 0 && row <= layout->area->rows)
        lw_area_says(layout->area, row - 1, 2, LW_STYLE_DIM, "A lawyer will ask");
    (void)put_checks(layout, layout->area, row);
}

/* Questions may have longer labels than the common fields. */
static int label_width(const struct lw_form *form, int columns)
{
    int width = LABEL_WIDE;

    for (size_t i = 0; i < form->order_count; i++) {
        const char *label = _(form->field[form->order[i]].info->label);
        int wide = (int)lw_utf8_columns(label, strlen(label)) + 4;

        if (wide > width)
            width = wide;
    }
    return width < columns * 3 / 10 ? width : columns * 3 / 10;
}

void lw_form_draw(struct lw_view *view, const struct lw_area *area)
{
    struct layout layout = {.form = (struct lw_form *)view, .area = area};

    layout.label = area->columns < NARROW ? LABEL_NARROW : label_width(layout.form, area->columns);
    layout.width = area->columns - layout.label;
    if (area->rows < 1 || layout.width < 1)
        return;
    layout.form->page = area->rows;
    lay_out(&layout);
    scroll(&layout);
    for (int id = 0; id < LW_FORM_ALL; id++) {
        if (layout.piece[id].shown)
            draw_field(&layout, (enum lw_form_field_id)id);
        lw_buf_free(&layout.piece[id].note);
    }
    draw_checks(&layout);
}
