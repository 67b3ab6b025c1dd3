/* Splitting an entry: what goes to the new one is chosen from what hangs on it. */
#include "form.h"
#include "journal_views.h"
#include "list.h"

#include <stdlib.h>
#include <string.h>

struct choice {
    struct lw_part part;
    char *text; /* clean */
    bool chosen;
};

struct split_view {
    struct lw_view view;
    uint8_t entry[LW_RECORD_ID];
    char ref[16];
    struct choice *choice;
    size_t count, cap;
    struct lw_list list;
};

static struct split_view *split_of(struct lw_view *view)
{
    return (struct split_view *)view;
}

/* ---- what hangs on the entry ------------------------------------------------------------------
 */

struct reading {
    struct split_view *self;
    struct lw_journal *journal;
};

static enum lw_status add_choice(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct reading *reading = context;
    struct split_view *self = reading->self;
    struct lw_buf text = LW_BUF_INIT;
    struct choice choice = {.part = {.type = record->type}};
    enum lw_status status = lw_record_called(reading->journal, record, &text, err);
    const char *words = lw_record_text(record, "quote");

    memcpy(choice.part.id, record->id, LW_RECORD_ID);
    if (status == LW_OK && words != NULL && lw_buf_addf(&text, ": %s", words) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK && self->count == self->cap) {
        size_t cap = self->cap == 0 ? 16 : 2 * self->cap;
        struct choice *grown = realloc(self->choice, cap * sizeof *grown);

        if (grown == NULL)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
        else {
            self->choice = grown;
            self->cap = cap;
        }
    }
    if (status == LW_OK) {
        choice.text = lw_clean_copy(lw_buf_text(&text), text.len, false);
        if (choice.text == NULL)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
        else
            self->choice[self->count++] = choice;
    }
    lw_buf_free(&text);
    if (status != LW_OK || record->type != LW_RECORD_ACCOUNT)
        return status;
    return lw_record_each(reading->journal, LW_RECORD_CLAIM, "account", record->id, add_choice,
                          reading, err);
}

static enum lw_status read_choices(struct split_view *self, struct lw_error *err)
{
    static const enum lw_record_type types[] = {LW_RECORD_ACCOUNT, LW_RECORD_PARTICIPATION,
                                                LW_RECORD_ITEM, LW_RECORD_FIELD};
    struct reading reading = {.self = self, .journal = lw_screen_journal(self->view.tui)};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(types) && status == LW_OK; i++)
        status = lw_record_each(reading.journal, types[i], "entry", self->entry, add_choice,
                                &reading, err);
    return status;
}

/* ---- the list -----------------------------------------------------------------------------------
 */

static size_t count_choices(void *context)
{
    return ((const struct split_view *)context)->count;
}

static int draw_choice(void *context, size_t at, const struct lw_area *area)
{
    const struct choice *choice = &((const struct split_view *)context)->choice[at];
    int indent = choice->part.type == LW_RECORD_CLAIM ? 6 : 4;

    lw_area_puts(area, 0, 0, choice->chosen ? LW_STYLE_STRONG : LW_STYLE_PLAIN,
                 choice->chosen ? "[x]" : "[ ]");
    lw_area_put_cut(area, 0, indent, area->columns - indent, LW_STYLE_PLAIN, choice->text,
                    strlen(choice->text));
    return 3;
}

static void split_draw(struct lw_view *view, const struct lw_area *area)
{
    lw_list_draw(&split_of(view)->list, area, "Nothing hangs on this entry yet");
}

static bool split_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&split_of(view)->list, move);
}

static enum lw_status split_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_sayf(out, "Split %s: what goes to a new entry?", split_of(view)->ref);
}

/* What is chosen goes, or stays again. The claims of an account go with it. */
static enum lw_status split_open(struct lw_view *view, struct lw_error *err)
{
    struct split_view *self = split_of(view);
    size_t at;

    (void)err;
    if (!lw_list_selected(&self->list, &at))
        return LW_OK;
    self->choice[at].chosen = !self->choice[at].chosen;
    if (self->choice[at].part.type == LW_RECORD_ACCOUNT) {
        for (size_t i = at + 1; i < self->count && self->choice[i].part.type == LW_RECORD_CLAIM;
             i++)
            self->choice[i].chosen = self->choice[at].chosen;
    }
    return LW_OK;
}

static void split_close(struct lw_view *view)
{
    struct split_view *self = split_of(view);

    for (size_t i = 0; i < self->count; i++)
        lw_text_free(self->choice[i].text);
    free(self->choice);
    free(self);
}

static bool split_key(struct lw_view *view, const struct lw_key *key)
{
    struct lw_error ignored;

    if (key->code != LW_KEY_TEXT || key->modifiers != 0 || key->point != ' ')
        return false;
    (void)split_open(view, &ignored);
    return true;
}

static const struct lw_view_ops operations = {
    .context = LW_IN_SPLIT,
    .help = "Choose with {open} or the space bar what goes to the new entry; the rest stays. What "
            "moves keeps its history, both entries tell it, and each leads to the other. Nothing "
            "has to go: the narrative can be parted as well.",
    .draw = split_draw,
    .close = split_close,
    .title = split_title,
    .key = split_key,
    .move = split_move,
    .open = split_open,
};

/* ---- the form of the new entry
 * --------------------------------------------------------------------
 */

/* The list stays below, so that the choice can be changed. */
static enum lw_status fill_form(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                struct lw_error *err)
{
    struct split_view *self = split_of(view);
    struct lw_part *part = calloc(self->count + 1, sizeof *part);
    size_t count = 0;
    enum lw_status status;

    (void)argument;
    if (part == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
    for (size_t i = 0; i < self->count; i++) {
        if (self->choice[i].chosen)
            part[count++] = self->choice[i].part;
    }
    status = lw_split_show(tui, self->entry, part, count, err);
    free(part);
    return status;
}

/* Chosen is what was, where the form was left unfinished. */
static void choose_kept(struct split_view *self, const struct lw_split_kept *kept)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct lw_part *own = &self->choice[i].part;

        for (size_t j = 0; j < kept->count; j++) {
            if (kept->part[j].type == own->type &&
                memcmp(kept->part[j].id, own->id, LW_RECORD_ID) == 0)
                self->choice[i].chosen = true;
        }
    }
}

static void say_kept(struct lw_tui *tui, const struct lw_split_kept *kept)
{
    char time[8];

    if (!kept->found)
        return;
    lw_autosave_time(tui, kept->updated_ms, time);
    lw_tui_say(tui, "this is the split that was left unfinished at %s", time);
}

static enum lw_status show_split(struct lw_tui *tui, const struct lw_record *entry,
                                 struct lw_error *err)
{
    struct split_view *self = calloc(1, sizeof *self);
    struct lw_split_kept kept = {.found = false};
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to choose");
    self->view.ops = &operations;
    self->view.tui = tui;
    memcpy(self->entry, entry->id, LW_RECORD_ID);
    memcpy(self->ref, lw_record_text(entry, "ref"),
           strnlen(lw_record_text(entry, "ref"), sizeof self->ref - 1));
    self->list.source =
        (struct lw_list_source){.count = count_choices, .draw = draw_choice, .context = self};
    status = read_choices(self, err);
    if (status == LW_OK)
        status = lw_split_kept(lw_screen_journal(tui), self->entry, &kept, err);
    if (status == LW_OK) {
        choose_kept(self, &kept);
        lw_list_settle(&self->list);
        lw_tui_push(tui, &self->view);
        say_kept(tui, &kept);
    } else {
        split_close(&self->view);
    }
    free(kept.part);
    return status;
}

static enum lw_status split(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    struct lw_record entry;
    enum lw_status status;

    (void)argument;
    if (!lw_screen_selected(view, &type, id) || type != LW_RECORD_ENTRY)
        return LW_OK;
    status = lw_record_get(lw_screen_journal(tui), LW_RECORD_ENTRY, id, &entry, err);
    if (status != LW_OK)
        return status;
    status = show_split(tui, &entry, err);
    lw_record_clear(&entry);
    return status;
}

/* ---- a part of an entry
 * -------------------------------------------------------------------------- */

static enum lw_status child(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];

    (void)argument;
    if (!lw_screen_selected(view, &type, id) || type != LW_RECORD_ENTRY)
        return LW_OK;
    return lw_form_show_part(tui, id, err);
}

static const struct lw_action list[] = {
    {"split", "X", LW_IN_ENTRY, "choose what goes to a new entry, and split this one", NULL,
     LW_ACTION_WRITES, split},
    {"split-now", "F2 Ctrl-S", LW_IN_SPLIT, "fill the form of the new entry", "form",
     LW_ACTION_WRITES | LW_ACTION_ESSENTIAL, fill_form},
    {"new-part", "P", LW_IN_ENTRY, "a new entry that is part of this one", NULL, LW_ACTION_WRITES,
     child},
};

const struct lw_action_table lw_actions_split = {list, LW_COUNT_OF(list)};
