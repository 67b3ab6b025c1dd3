/* Items, threats, interventions, detentions and searches as lists, with their totals below. */
#include "register_view.h"
#include "journal_views.h"
#include "list.h"
#include "typed_filter.h"
#include "wrapped.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 20000, REF_WIDE = 6, LONG_LIST = 500 };

struct row {
    uint8_t entry[LW_RECORD_ID];
    uint8_t item[LW_RECORD_ID];
    char *ref;  /* NULL: a heading */
    char *text; /* clean */
};

struct total {
    char *text;
    unsigned indent;
};

struct register_view {
    struct lw_view view;
    enum lw_register which;
    const char *fate; /* of the items, or NULL */
    struct lw_typed_filter filter;
    struct row *row;
    size_t count, cap;
    size_t sheets;
    bool more;
    struct total *total;
    size_t totals;
    struct lw_list list;
};

static const struct lw_view_ops operations;

static struct register_view *register_of(struct lw_view *view)
{
    return (struct register_view *)view;
}

/* ---- what is in it ----------------------------------------------------------------------------
 */

static void clear(struct register_view *self)
{
    for (size_t i = 0; i < self->count; i++) {
        lw_text_free(self->row[i].ref);
        lw_text_free(self->row[i].text);
    }
    for (size_t i = 0; i < self->totals; i++)
        lw_text_free(self->total[i].text);
    free(self->total);
    self->total = NULL;
    self->totals = 0;
    self->count = 0;
    self->sheets = 0;
    self->more = false;
}

/* Takes the text over where it is added. */
static enum lw_status add_row(struct register_view *self, const struct lw_sheet *sheet,
                              bool heading, const struct lw_buf *text)
{
    struct row row = {.ref = NULL};

    if (self->count == self->cap) {
        size_t cap = self->cap == 0 ? 64 : self->cap * 2;
        struct row *grown = realloc(self->row, cap * sizeof *grown);

        if (grown == NULL)
            return LW_NO_MEMORY;
        self->row = grown;
        self->cap = cap;
    }
    memcpy(row.entry, sheet->row->id, LW_RECORD_ID);
    memcpy(row.item, sheet->item, LW_RECORD_ID);
    row.text = lw_clean_copy(lw_buf_text(text), text->len, false);
    if (!heading)
        row.ref = lw_clean_copy(sheet->row->ref, strlen(sheet->row->ref), false);
    if (row.text == NULL || (!heading && row.ref == NULL)) {
        lw_text_free(row.text);
        return LW_NO_MEMORY;
    }
    self->row[self->count++] = row;
    return LW_OK;
}

static const char *last_heading(const struct register_view *self)
{
    for (size_t i = self->count; i > 0; i--) {
        if (self->row[i - 1].ref == NULL)
            return self->row[i - 1].text;
    }
    return "";
}

struct loading {
    struct register_view *self;
    struct lw_totals totals;
};

static enum lw_status take_sheet(struct loading *loading, const struct lw_sheet *sheet)
{
    struct register_view *self = loading->self;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_totals_add(&loading->totals, sheet);

    self->sheets++;
    self->more = self->sheets > ROWS_MOST;
    if (status == LW_OK && !self->more)
        status = lw_row_heading(sheet->row, &text);
    if (status == LW_OK && !self->more && strcmp(last_heading(self), lw_buf_text(&text)) != 0)
        status = add_row(self, sheet, true, &text);
    lw_buf_clear(&text);
    if (status == LW_OK && !self->more) {
        status = self->fate != NULL ? lw_sheet_item_say(sheet, false, &text)
                                    : lw_sheet_line_say(sheet, &text);
        if (status == LW_OK)
            status = add_row(self, sheet, false, &text);
    }
    lw_buf_free(&text);
    return status;
}

static enum lw_status visit_sheet(void *context, const struct lw_sheet *sheet, struct lw_error *err)
{
    enum lw_status status = take_sheet(context, sheet);

    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory for the list");
}

static enum lw_status visit_total(void *context, const char *line, unsigned indent)
{
    struct register_view *self = context;
    struct total *grown = realloc(self->total, (self->totals + 1) * sizeof *grown);

    if (grown == NULL)
        return LW_NO_MEMORY;
    self->total = grown;
    grown[self->totals] =
        (struct total){.text = lw_clean_copy(line, strlen(line), false), .indent = indent};
    if (grown[self->totals].text == NULL)
        return LW_NO_MEMORY;
    self->totals++;
    return LW_OK;
}

static enum lw_status load(struct register_view *self, struct lw_error *err)
{
    struct loading loading = {.self = self};
    struct lw_journal *journal = lw_screen_journal(self->view.tui);
    const struct lw_filter filter = {.tree = self->filter.tree};
    const struct lw_register_query query = {
        .filter = &filter, .day = lw_journal_day(journal), .fate = self->fate};
    enum lw_status status;

    clear(self);
    status = lw_register_each(journal, self->which, &query, visit_sheet, &loading, err);
    if (filter.tree == NULL)
        self->filter.late = self->sheets > LONG_LIST;
    if (status == LW_OK && self->sheets > 0 &&
        lw_totals_say(&loading.totals, self->which, visit_total, self) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "no memory for the list");
    lw_totals_free(&loading.totals);
    lw_list_settle(&self->list);
    return status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static size_t count_rows(void *context)
{
    return ((const struct register_view *)context)->count;
}

static bool is_heading(void *context, size_t at)
{
    return ((const struct register_view *)context)->row[at].ref == NULL;
}

static int draw_row(void *context, size_t at, const struct lw_area *area)
{
    const struct row *row = &((const struct register_view *)context)->row[at];

    if (row->ref == NULL) {
        lw_area_put_cut(area, 0, 0, area->columns, LW_STYLE_TITLE, row->text, strlen(row->text));
        return 0;
    }
    lw_area_put_cut(area, 0, 0, REF_WIDE - 1, LW_STYLE_PLAIN, row->ref, strlen(row->ref));
    lw_area_put_cut(area, 0, REF_WIDE, area->columns - REF_WIDE, LW_STYLE_PLAIN, row->text,
                    strlen(row->text));
    return (int)lw_utf8_columns(row->ref, strlen(row->ref));
}

/* What of the totals is shown: nothing cut, a row for each detail, or no details. */
enum part { PART_WHOLE, PART_ALL, PART_HEADS };

static bool is_of(const struct total *total, enum part part)
{
    return part != PART_HEADS || total->indent == 0;
}

/* Draws totals, or with area NULL only counts their rows. Heads are not cut where there is room:
 * what is not exact is said at their end. */
static int put_totals(const struct register_view *self, const struct lw_area *area, int row,
                      int most, int width, enum part which)
{
    int rows = 0;

    for (size_t i = 0; i < self->totals && rows < most; i++) {
        const struct total *total = &self->total[i];
        bool head = total->indent == 0;
        int at = head ? 0 : 2;
        struct lw_area part = {.rows = 0};

        if (!is_of(total, which))
            continue;
        if (area != NULL)
            part = lw_area_part(area, row + rows, at, most - rows, width - at);
        rows += lw_wrapped_put(
            area != NULL ? &part : NULL, 0, head || which == PART_WHOLE ? most - rows : 1,
            width - at, head ? LW_STYLE_STRONG : LW_STYLE_DIM, total->text, strlen(total->text));
    }
    return rows;
}

static size_t count_heads(const struct register_view *self)
{
    size_t heads = 0;

    for (size_t i = 0; i < self->totals; i++)
        heads += self->total[i].indent == 0;
    return heads;
}

/* Of a small screen three rows, of a larger one a third. Where not all has room, the heads have it;
 * details are told of one head only, since they would not say to which they belong. */
static int draw_below(struct register_view *self, const struct lw_area *area)
{
    int most = area->rows < 6 ? 1 : area->rows < 12 ? 3 : area->rows / 3;
    enum part part = PART_WHOLE;
    int rows;

    while (part < PART_HEADS && put_totals(self, NULL, 0, most + 1, area->columns, part) > most)
        part++;
    if (part == PART_HEADS && count_heads(self) == 1)
        part = PART_ALL;
    rows = put_totals(self, NULL, 0, most, area->columns, part);
    (void)put_totals(self, area, area->rows - rows, rows, area->columns, part);
    return rows;
}

/* The whole of the selected row, which a line cuts. */
static int draw_selected(struct register_view *self, const struct lw_area *area)
{
    size_t at;
    int rows, most = area->rows / 3;
    const char *text;

    if (!lw_list_selected(&self->list, &at) || area->rows < 12)
        return 0;
    text = self->row[at].text;
    rows = lw_wrapped_put(NULL, 0, most, area->columns, LW_STYLE_PLAIN, text, strlen(text));
    for (int i = 0; i < area->columns; i++)
        lw_area_puts(area, area->rows - rows - 1, i, LW_STYLE_DIM,
                     lw_grid_sign(area->grid, LW_SIGN_RULE));
    (void)lw_wrapped_put(area, area->rows - rows, most, area->columns, LW_STYLE_PLAIN, text,
                         strlen(text));
    return rows + 1;
}

static void register_draw(struct lw_view *view, const struct lw_area *area)
{
    struct register_view *self = register_of(view);
    bool filtered = self->filter.tree != NULL;
    struct lw_area part =
        lw_area_part(area, filtered ? 1 : 0, 0, area->rows - (filtered ? 1 : 0), area->columns);

    if (filtered)
        lw_typed_filter_draw(view, &self->filter.text, area);
    part = lw_area_part(&part, 0, 0, part.rows - draw_below(self, &part), part.columns);
    part = lw_area_part(&part, 0, 0, part.rows - draw_selected(self, &part), part.columns);
    lw_list_draw(&self->list, &part, filtered ? "none passes the filter" : "none are recorded");
}

static enum lw_status register_title(struct lw_view *view, struct lw_buf *out)
{
    static const char *const titles[LW_REGISTER_COUNT] = {
        N_("Items"), N_("Threats"), N_("Interventions"), N_("Detentions"), N_("Searches")};
    const struct register_view *self = register_of(view);

    return lw_buf_says(out, self->fate != NULL ? "Seizures" : titles[self->which]);
}

static enum lw_status register_status(struct lw_view *view, struct lw_buf *out)
{
    const struct register_view *self = register_of(view);

    if (self->more)
        return lw_buf_sayf(out, "the first %d of %zu", ROWS_MOST, self->sheets);
    return lw_buf_addf(out, "%zu", self->sheets);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

static bool register_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&register_of(view)->list, move);
}

static const struct row *selected(const struct register_view *self)
{
    size_t at;

    return lw_list_selected(&self->list, &at) && at < self->count ? &self->row[at] : NULL;
}

static enum lw_status register_open(struct lw_view *view, struct lw_error *err)
{
    const struct row *row = selected(register_of(view));

    return row == NULL ? LW_OK : lw_entry_show(view->tui, row->entry, err);
}

static enum lw_status register_refresh(struct lw_view *view, struct lw_error *err)
{
    return load(register_of(view), err);
}

static void register_close(struct lw_view *view)
{
    struct register_view *self = register_of(view);

    clear(self);
    lw_typed_filter_free(&self->filter);
    free(self->row);
    free(self);
}

static struct lw_typed_filter *register_filter(struct lw_view *view)
{
    return &register_of(view)->filter;
}

static const struct lw_view_ops operations = {
    .context = LW_IN_REGISTER,
    .help = "What is recorded, with totals that are never more exact than what they are made of. "
            "{open} opens the entry. With a filter they are of the entries that pass.",
    .draw = register_draw,
    .close = register_close,
    .title = register_title,
    .status = register_status,
    .move = register_move,
    .open = register_open,
    .back = lw_typed_filter_back,
    .refresh = register_refresh,
    .filter = register_filter,
};

enum lw_status lw_register_show(struct lw_tui *tui, enum lw_register which, const char *fate,
                                struct lw_error *err)
{
    struct register_view *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the list");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->which = which;
    self->fate = fate;
    self->list.source = (struct lw_list_source){
        .count = count_rows, .draw = draw_row, .is_heading = is_heading, .context = self};
    status = load(self, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        register_close(&self->view);
    return status;
}

bool lw_register_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID])
{
    const struct row *row =
        view->ops == &operations ? selected((const struct register_view *)view) : NULL;

    if (row != NULL)
        memcpy(id, row->entry, LW_RECORD_ID);
    return row != NULL;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status show_list(struct lw_tui *tui, struct lw_view *view, enum lw_register which,
                                const char *fate, struct lw_error *err)
{
    const struct register_view *self = (const struct register_view *)view;

    if (view->ops == &operations && self->which == which && self->fate == fate)
        return LW_OK;
    return lw_register_show(tui, which, fate, err);
}

static const char seized[] = "seized";

#define SHOW_FUNCTION(name, which, fate)                                                           \
    static enum lw_status name(struct lw_tui *tui, struct lw_view *view, const char *argument,     \
                               struct lw_error *err)                                               \
    {                                                                                              \
        (void)argument;                                                                            \
        return show_list(tui, view, which, fate, err);                                             \
    }
SHOW_FUNCTION(show_seizures, LW_REGISTER_ITEMS, seized)
SHOW_FUNCTION(show_threats, LW_REGISTER_THREATS, NULL)
SHOW_FUNCTION(show_interventions, LW_REGISTER_INTERVENTIONS, NULL)
SHOW_FUNCTION(show_detentions, LW_REGISTER_DETENTIONS, NULL)
SHOW_FUNCTION(show_searches, LW_REGISTER_SEARCHES, NULL)
SHOW_FUNCTION(show_items, LW_REGISTER_ITEMS, NULL)

/* An item has a form of its own; of the other lists it is the entry's. */
static enum lw_status edit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    const struct register_view *self = register_of(view);
    const struct row *row = selected(self);

    (void)argument;
    if (row == NULL)
        return LW_OK;
    if (self->which == LW_REGISTER_ITEMS)
        return lw_record_form_show(tui, LW_RECORD_ITEM, row->item, NULL, err);
    return lw_form_show(tui, LW_RECORD_ENTRY, row->entry, err);
}

#define FROM (LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_REGISTER | LW_IN_TASKS)

static const struct lw_action list[] = {
    {"seizures", "1", FROM, "what was seized, with totals", NULL, 0, show_seizures},
    {"threats", "2", FROM, "threats, by channel and by whom they are meant for", NULL, 0,
     show_threats},
    {"interventions", "3", FROM, "letters and appeals, and for how long each is open", NULL, 0,
     show_interventions},
    {"detentions", "4", FROM, "who was held, where and for how long", NULL, 0, show_detentions},
    {"searches", "5", FROM, "searches, and how they were done", NULL, 0, show_searches},
    {"items", "6", FROM, "all items: seized, destroyed, damaged, returned, lost, found", NULL, 0,
     show_items},
    {"edit-listed", "e", LW_IN_REGISTER, "change the item, or the entry, in a form", "edit",
     LW_ACTION_WRITES, edit},
};

const struct lw_action_table lw_actions_registers = {list, LW_COUNT_OF(list)};
