/* People, places, sources or incidents as a list, each with the entries it appears in. */
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LW_REVEAL_FLAG "NAMES SHOWN" /* in the first line */

enum { COUNTED = 999, COUNT_WIDE = 12 };

static struct lw_records *records_of(struct lw_view *view)
{
    return (struct lw_records *)view;
}

static const struct lw_record_row *selected(const struct lw_records *self)
{
    size_t line;

    return lw_list_selected(&self->list, &line) ? &self->row[self->shown[line]] : NULL;
}

static void select_id(struct lw_records *self, const uint8_t id[LW_RECORD_ID])
{
    for (size_t i = 0; i < self->shown_count; i++) {
        if (memcmp(self->row[self->shown[i]].id, id, LW_RECORD_ID) == 0)
            lw_list_select(&self->list, i);
    }
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static size_t count_rows(void *context)
{
    return ((const struct lw_records *)context)->shown_count;
}

static void count_entries(struct lw_records *self, struct lw_record_row *row)
{
    struct lw_timeline_filter of = {.part = {{.type = (int)self->type}}, .parts = 1};
    struct lw_filter filter;

    if (row->counted)
        return;
    memcpy(of.part[0].id, row->id, LW_RECORD_ID);
    lw_timeline_filter_make(&of, &filter);
    row->counted = lw_timeline_count(lw_screen_journal(self->view.tui), &filter, COUNTED + 1,
                                     &row->entries, NULL) == LW_OK;
}

const struct lw_record_row *lw_records_row(struct lw_view *view)
{
    enum lw_record_type type;

    return lw_records_type(view, &type) ? selected(records_of(view)) : NULL;
}

enum lw_status lw_records_say_count(struct lw_records *self, const struct lw_record_row *row,
                                    bool words, struct lw_buf *out)
{
    struct lw_record_row counted = *row;

    count_entries(self, &counted);
    if (!counted.counted)
        return lw_buf_adds(out, "?");
    return lw_buf_addf(
        out, words ? lw_say_count("%zu%s entry", "%zu%s entries", counted.entries) : "%zu%s",
        counted.entries > COUNTED ? COUNTED : counted.entries,
        counted.entries > COUNTED ? "+" : "");
}

static void put_count(const struct lw_area *area, const struct lw_record_row *row)
{
    bool words = area->columns >= 56;
    char text[64];

    if (!row->counted)
        snprintf(text, sizeof text, "?");
    else
        snprintf(text, sizeof text,
                 words ? lw_say_count("%zu%s entry  ", "%zu%s entries", row->entries) : "%zu%s",
                 row->entries > COUNTED ? COUNTED : row->entries,
                 row->entries > COUNTED ? "+" : "");
    lw_area_put_right(area, 0, COUNT_WIDE, LW_STYLE_DIM, text, strlen(text));
}

static int draw_row(void *context, size_t line, const struct lw_area *area)
{
    struct lw_records *self = context;
    struct lw_record_row *row = &self->row[self->shown[line]];
    int room = area->columns - (area->columns >= 56 ? COUNT_WIDE + 1 : 6);
    int at = 0;
    int used;

    count_entries(self, row);
    put_count(area, row);
    if (self->mark != NULL && memcmp(self->mark->id, row->id, LW_RECORD_ID) == 0)
        at = lw_area_puts(area, 0, 0, LW_STYLE_STRONG, "* ");
    used =
        at + lw_area_put_cut(area, 0, at, room - at, LW_STYLE_PLAIN, row->name, strlen(row->name));
    if (row->detail != NULL && row->detail[0] != '\0' && room - used > 8)
        lw_area_put_cut(area, 0, used + 2, room - used - 2, LW_STYLE_DIM, row->detail,
                        strlen(row->detail));
    return used;
}

static void records_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_records *self = records_of(view);
    struct lw_area part = *area;
    struct lw_buf text = LW_BUF_INIT;

    if (self->words.len > 0) {
        if (lw_buf_sayf(&text, "Only \"%s\"", lw_buf_text(&self->typed)) == LW_OK)
            lw_area_put_cut(area, 0, 0, area->columns, LW_STYLE_STRONG, text.data, text.len);
        part = lw_area_part(area, 1, 0, area->rows - 1, area->columns);
    }
    lw_buf_free(&text);
    lw_list_draw(&self->list, &part,
                 self->words.len > 0 ? "no name has these letters" : "none yet");
}

static const char *title_of(enum lw_record_type type)
{
    switch (type) {
    case LW_RECORD_PARTY:
        return _("People");
    case LW_RECORD_PLACE:
        return _("Places");
    case LW_RECORD_SOURCE:
        return _("Sources");
    default:
        return _("Incidents");
    }
}

static enum lw_status records_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, title_of(records_of(view)->type));
}

static enum lw_status records_status(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_records *self = records_of(view);

    if (self->words.len > 0)
        return lw_buf_sayf(out, "%zu of %zu", self->shown_count, self->count);
    return lw_buf_addf(out, "%zu%s", self->count, self->more ? "+" : "");
}

/* ---- moving -----------------------------------------------------------------------------------
 */

static bool records_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&records_of(view)->list, move);
}

static enum lw_status records_open(struct lw_view *view, struct lw_error *err)
{
    struct lw_records *self = records_of(view);
    const struct lw_record_row *row = selected(self);

    return row == NULL ? LW_OK
                       : lw_timeline_show_of(view->tui, self->type, row->id, row->name, err);
}

static enum lw_status records_refresh(struct lw_view *view, struct lw_error *err)
{
    struct lw_records *self = records_of(view);
    const struct lw_record_row *row = selected(self);
    uint8_t id[LW_RECORD_ID] = {0};
    enum lw_status status;

    if (self->has_next)
        memcpy(id, self->next, LW_RECORD_ID);
    else if (row != NULL)
        memcpy(id, row->id, LW_RECORD_ID);
    self->has_next = false;
    status = lw_records_load(self, err);
    select_id(self, id);
    return status;
}

static bool records_back(struct lw_view *view)
{
    struct lw_records *self = records_of(view);

    if (self->mark != NULL) {
        lw_records_unmark(self);
        return true;
    }
    if (self->words.len == 0)
        return false;
    lw_buf_clear(&self->words);
    lw_records_show_matching(self);
    return true;
}

static void records_close(struct lw_view *view)
{
    struct lw_records *self = records_of(view);

    lw_records_unmark(self);
    lw_records_clear(self);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_LIST,
    .help = "Each with the number of entries it appears in; {open} shows these entries, {new} "
            "makes a new one, {edit} changes the one that is selected.",
    .draw = records_draw,
    .close = records_close,
    .title = records_title,
    .status = records_status,
    .move = records_move,
    .open = records_open,
    .back = records_back,
    .refresh = records_refresh,
};

enum lw_status lw_records_show(struct lw_tui *tui, enum lw_record_type type, struct lw_error *err)
{
    struct lw_records *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the list");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->type = type;
    self->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = self};
    status = lw_records_load(self, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        records_close(&self->view);
    return status;
}

bool lw_records_type(const struct lw_view *view, enum lw_record_type *type)
{
    if (view == NULL || view->ops != &operations)
        return false;
    *type = ((const struct lw_records *)view)->type;
    return true;
}

void lw_records_saved(struct lw_view *view, enum lw_record_type type,
                      const uint8_t id[LW_RECORD_ID])
{
    enum lw_record_type own;

    if (!lw_records_type(view, &own) || own != type)
        return;
    records_of(view)->has_next = true;
    memcpy(records_of(view)->next, id, LW_RECORD_ID);
}

bool lw_records_selected(const struct lw_view *view, enum lw_record_type *type,
                         uint8_t id[LW_RECORD_ID])
{
    const struct lw_records *self = (const struct lw_records *)view;
    const struct lw_record_row *row = view->ops == &operations ? selected(self) : NULL;

    if (row == NULL)
        return false;
    *type = self->type;
    memcpy(id, row->id, LW_RECORD_ID);
    return true;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static void set_words(struct lw_records *self, const char *text, size_t len)
{
    const struct lw_record_row *row = selected(self);
    uint8_t id[LW_RECORD_ID] = {0};

    if (row != NULL)
        memcpy(id, row->id, LW_RECORD_ID);
    lw_buf_clear(&self->words);
    lw_buf_clear(&self->typed);
    if (lw_utf8_fold(text, len, &self->words) != LW_OK ||
        lw_text_clean(text, len, false, &self->typed) != LW_OK)
        lw_buf_clear(&self->words);
    lw_records_show_matching(self);
    select_id(self, id);
    lw_tui_redraw(self->view.tui);
}

static void words_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    (void)tui;
    set_words(context, text, len);
}

static enum lw_status words_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                 struct lw_error *err)
{
    (void)tui;
    (void)err;
    set_words(context, text, len);
    return LW_OK;
}

static void words_cancelled(struct lw_tui *tui, void *context)
{
    struct lw_records *self = context;

    (void)tui;
    set_words(self, lw_buf_text(&self->typed_before), self->typed_before.len);
}

static enum lw_status find(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    struct lw_records *self = records_of(view);
    const struct lw_prompt prompt = {
        .label = "only names with: ",
        .changed = words_changed,
        .done = words_done,
        .cancelled = words_cancelled,
        .context = self,
    };
    const struct lw_buf *typed = &self->typed;

    (void)argument;
    lw_buf_clear(&self->typed_before);
    if (self->words.len > 0 &&
        lw_buf_add(&self->typed_before, lw_buf_text(typed), typed->len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return lw_tui_ask(tui, &prompt, lw_buf_text(&self->typed_before), err);
}

static enum lw_status show_list(struct lw_tui *tui, struct lw_view *view, enum lw_record_type type,
                                struct lw_error *err)
{
    if (view->ops == &operations && records_of(view)->type == type)
        return LW_OK;
    return lw_records_show(tui, type, err);
}

#define SHOW_FUNCTION(name, type)                                                                  \
    static enum lw_status name(struct lw_tui *tui, struct lw_view *view, const char *argument,     \
                               struct lw_error *err)                                               \
    {                                                                                              \
        (void)argument;                                                                            \
        return show_list(tui, view, type, err);                                                    \
    }
SHOW_FUNCTION(show_people, LW_RECORD_PARTY)
SHOW_FUNCTION(show_places, LW_RECORD_PLACE)
SHOW_FUNCTION(show_sources, LW_RECORD_SOURCE)
SHOW_FUNCTION(show_incidents, LW_RECORD_INCIDENT)

#define FROM (LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_REGISTER | LW_IN_TASKS)

static enum lw_status reveal(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(tui);
    bool on = !lw_journal_reveals(journal);
    enum lw_status status;

    (void)view;
    (void)argument;
    lw_journal_reveal(journal, on);
    lw_tui_flag(tui, on ? LW_REVEAL_FLAG : NULL);
    if (on) {
        lw_tui_changed(tui);
        lw_tui_say(tui, "names of protected people and sources are shown until you lock or leave");
        return LW_OK;
    }
    lw_tui_clear(tui); /* what is open may have kept a name, such as a filter */
    lw_tui_forget(tui);
    status = lw_timeline_show(tui, err);
    if (status != LW_OK)
        lw_tui_quit(tui, status);
    else
        lw_tui_say(tui, "protected people and sources go by their code names again");
    return status;
}

static const struct lw_action list[] = {
    {"incidents", "i", FROM, "the incidents, and the entries of one", "incidents", 0,
     show_incidents},
    {"people", "p", FROM, "people and groups, and the entries of one", "people", 0, show_people},
    {"places", "o", FROM, "places, and the entries of one", NULL, 0, show_places},
    {"sources", "s", FROM, "sources, and the entries of one", NULL, 0, show_sources},
    {"reveal", "R", FROM, "show the names of protected people and sources, or hide them again",
     NULL, 0, reveal},
    {"find", "f", LW_IN_LIST, "only names with these letters, in any spelling", "find", 0, find},
};

const struct lw_action_table lw_actions_lists = {list, LW_COUNT_OF(list)};
