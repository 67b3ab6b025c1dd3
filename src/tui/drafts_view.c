/* Unfinished forms: offered after unlocking, listed, opened as they were. */
#include "account_view.h"
#include "capture_view.h"
#include "form_record.h"
#include "list.h"
#include "threat_view.h"

#include <stdlib.h>
#include <string.h>

enum { TITLE_MOST = 120 };

struct row {
    uint8_t id[LW_RECORD_ID];
    char *title;
    char updated[8];
    bool capture, threat, split;
    int type; /* of its record; -1: of a later Lapwing */
    bool edits;
    uint8_t entry[LW_RECORD_ID];
};

struct drafts {
    struct lw_view view;
    struct lw_list list;
    struct row *row;
    size_t count;
};

/* ---- what there is ---- */

static bool is_open(const struct lw_tui *tui, const uint8_t id[LW_RECORD_ID])
{
    for (const struct lw_view *view = lw_tui_top(tui); view != NULL; view = view->below) {
        const struct lw_draft *draft = lw_form_draft(view);

        if (draft == NULL)
            draft = lw_capture_draft(view);
        if (draft == NULL)
            draft = lw_account_draft(view);
        if (draft == NULL)
            draft = lw_threat_draft(view);
        if (draft != NULL && memcmp(draft->id, id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

/* The first text of it that says what it is about. */
static enum lw_status take_title(void *context, const char *key, const char *text, size_t len,
                                 int64_t number, struct lw_error *err)
{
    struct row *row = context;
    size_t fit;

    (void)number;
    if (text == NULL || row->title != NULL || len == 0 || strcmp(key, "focus") == 0 ||
        strncmp(key, "preset.", strlen("preset.")) == 0 ||
        (row->split && strcmp(key, LW_FORM_ABOUT) != 0))
        return LW_OK;
    fit = lw_utf8_fit(text, len, TITLE_MOST);
    row->title = lw_text_copy(text, fit);
    return row->title != NULL ? LW_OK : lw_fail(err, LW_NO_MEMORY, "no memory for the drafts");
}

/* The name of who is not to be shown stands in no list. */
static enum lw_status hide_title(struct drafts *drafts, struct row *row, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(drafts->view.tui);
    struct lw_record record;
    bool hidden;
    enum lw_status status;

    if (row->type < 0 || !row->edits)
        return LW_OK;
    status = lw_record_get(journal, (enum lw_record_type)row->type, row->entry, &record, err);
    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    status = lw_shown_is_hidden(journal, &record, &hidden, err);
    lw_record_clear(&record);
    if (status == LW_OK && hidden) {
        lw_text_free(row->title);
        row->title = NULL;
    }
    return status;
}

/* By the entry that is split, while the new one has no title. */
static enum lw_status name_split(struct drafts *drafts, struct row *row, struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT;
    struct lw_record entry;
    enum lw_status status;

    if (row->title != NULL)
        return LW_OK;
    status = lw_record_get(lw_screen_journal(drafts->view.tui), LW_RECORD_ENTRY, row->entry, &entry,
                           err);
    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    status = lw_buf_sayf(&name, "of %s  %s", lw_record_text(&entry, "ref"),
                         lw_record_text(&entry, "title"));
    lw_record_clear(&entry);
    if (status == LW_OK)
        row->title = lw_text_copy(name.data, lw_utf8_fit(name.data, name.len, TITLE_MOST));
    lw_buf_free(&name);
    return row->title != NULL ? LW_OK : lw_fail(err, LW_NO_MEMORY, "no memory for the drafts");
}

static enum lw_status add_row(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct drafts *drafts = context;
    struct row *list;
    struct row *row;
    enum lw_status status;

    if (is_open(drafts->view.tui, draft->id))
        return LW_OK;
    list = realloc(drafts->row, (drafts->count + 1) * sizeof *list); /* ids and pointers */
    if (list == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the drafts");
    drafts->row = list;
    row = &list[drafts->count++];
    *row = (struct row){.capture = strcmp(draft->form, "capture") == 0,
                        .threat = strcmp(draft->form, "threat") == 0,
                        .split = strcmp(draft->form, LW_SPLIT_DRAFT) == 0};
    row->type = row->capture || row->split                   ? (int)LW_RECORD_ENTRY
                : strcmp(draft->form, LW_MARKING_DRAFT) == 0 ? (int)LW_RECORD_CLAIM
                                                             : lw_record_type_by_table(draft->form);
    memcpy(row->id, draft->id, LW_RECORD_ID);
    row->edits = draft->has_entry;
    memcpy(row->entry, draft->entry, LW_RECORD_ID);
    lw_autosave_time(drafts->view.tui, draft->updated_ms, row->updated);
    status = lw_flat_read(draft->state, draft->state_len, take_title, row, err);
    if (status == LW_BAD_DATA)
        status = LW_OK; /* it is listed all the same */
    if (status == LW_OK && row->split)
        status = name_split(drafts, row, err);
    return status == LW_OK ? hide_title(drafts, row, err) : status;
}

static void clear_rows(struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        lw_text_free(drafts->row[i].title);
    free(drafts->row);
    drafts->row = NULL;
    drafts->count = 0;
}

static enum lw_status load(struct drafts *drafts, struct lw_error *err)
{
    clear_rows(drafts);
    return lw_draft_each(lw_screen_journal(drafts->view.tui), add_row, drafts, err);
}

/* ---- opening one ---- */

static enum lw_status open_draft(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct lw_tui *tui = context;
    int type = lw_record_type_by_table(draft->form);

    if (strcmp(draft->form, "capture") == 0)
        return lw_capture_open_draft(tui, draft, err);
    if (strcmp(draft->form, LW_MARKING_DRAFT) == 0)
        return lw_account_open_draft(tui, draft, err);
    if (strcmp(draft->form, "entry") == 0)
        return lw_form_open_draft(tui, draft, err);
    if (strcmp(draft->form, LW_SPLIT_DRAFT) == 0)
        return lw_split_open_draft(tui, draft, err);
    if (strcmp(draft->form, "threat") == 0)
        return lw_threat_open_draft(tui, draft, err);
    if (type >= 0)
        return lw_record_form_open_draft(tui, (enum lw_record_type)type, draft, err);
    return lw_fail(err, LW_REFUSED, "this unfinished form is of a newer Lapwing");
}

static enum lw_status open_row(struct lw_tui *tui, const uint8_t id[LW_RECORD_ID],
                               struct lw_error *err)
{
    return lw_draft_get(lw_screen_journal(tui), id, open_draft, tui, err);
}

/* ---- the list ---- */

static struct drafts *drafts_of(struct lw_view *view)
{
    return (struct drafts *)view;
}

static size_t count_rows(void *context)
{
    return ((struct drafts *)context)->count;
}

static int draw_row(void *context, size_t at, const struct lw_area *area)
{
    const struct row *row = &((struct drafts *)context)->row[at];
    const char *kind = row->capture                                      ? _("line")
                       : row->threat                                     ? _("threat")
                       : row->split                                      ? C_("a form", "split")
                       : row->edits && row->type == (int)LW_RECORD_ENTRY ? C_("a form", "change")
                       : row->type < 0                                   ? "?"
                                       : lw_form_called_short((enum lw_record_type)row->type);
    const char *title = row->title != NULL ? row->title : "";

    lw_area_puts(area, 0, 0, LW_STYLE_DIM, row->updated);
    lw_area_puts(area, 0, 7, LW_STYLE_PLAIN, kind);
    lw_area_put_cut(area, 0, 16, area->columns - 16, LW_STYLE_PLAIN, title, strlen(title));
    return 5;
}

static void drafts_draw(struct lw_view *view, const struct lw_area *area)
{
    lw_list_draw(&drafts_of(view)->list, area, "No unfinished forms.");
}

static void drafts_close(struct lw_view *view)
{
    clear_rows(drafts_of(view));
    free(view);
}

static enum lw_status drafts_title(struct lw_view *view, struct lw_buf *out)
{
    (void)view;
    return lw_buf_says(out, "Unfinished forms");
}

static bool drafts_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&drafts_of(view)->list, move);
}

static enum lw_status drafts_open(struct lw_view *view, struct lw_error *err)
{
    struct drafts *drafts = drafts_of(view);
    uint8_t id[LW_RECORD_ID];
    size_t at;
    enum lw_status status;

    if (!lw_list_selected(&drafts->list, &at) || at >= drafts->count)
        return LW_OK;
    memcpy(id, drafts->row[at].id, LW_RECORD_ID);
    status = lw_tui_close(view->tui, view, err);
    return status == LW_OK ? open_row(view->tui, id, err) : status;
}

static enum lw_status drafts_refresh(struct lw_view *view, struct lw_error *err)
{
    struct drafts *drafts = drafts_of(view);
    enum lw_status status = load(drafts, err);

    lw_list_settle(&drafts->list);
    return status;
}

static const struct lw_view_ops operations = {
    .context = LW_IN_CHOOSER,
    .help = "Forms and lines that were typed and not saved. {open} opens one as it was.",
    .draw = drafts_draw,
    .close = drafts_close,
    .title = drafts_title,
    .move = drafts_move,
    .open = drafts_open,
    .refresh = drafts_refresh,
};

static enum lw_status make(struct lw_tui *tui, struct drafts **out, struct lw_error *err)
{
    struct drafts *drafts = calloc(1, sizeof *drafts);
    enum lw_status status;

    if (drafts == NULL) {
        lw_fail(err, LW_NO_MEMORY, "no memory for the drafts");
        return LW_NO_MEMORY;
    }
    drafts->view.ops = &operations;
    drafts->view.tui = tui;
    drafts->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = drafts};
    status = load(drafts, err);
    if (status != LW_OK) {
        drafts_close(&drafts->view);
        return status;
    }
    *out = drafts;
    return LW_OK;
}

/* One is opened at once, of several one is chosen. */
enum lw_status lw_drafts_show(struct lw_tui *tui, struct lw_error *err)
{
    struct drafts *drafts;
    enum lw_status status = make(tui, &drafts, err);

    if (status != LW_OK)
        return status;
    if (drafts->count > 1) {
        lw_tui_push(tui, &drafts->view);
        return LW_OK;
    }
    if (drafts->count == 1)
        status = open_row(tui, drafts->row[0].id, err);
    else
        lw_tui_say(tui, "there are no unfinished forms");
    drafts_close(&drafts->view);
    return status;
}

enum lw_status lw_drafts_open_change(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                                     bool *opened, struct lw_error *err)
{
    struct drafts *drafts;
    enum lw_status status = make(tui, &drafts, err);

    *opened = false;
    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < drafts->count && !*opened && status == LW_OK; i++) {
        const struct row *row = &drafts->row[i];

        if (!row->edits || row->split || memcmp(row->entry, entry, LW_RECORD_ID) != 0)
            continue;
        status = open_row(tui, row->id, err);
        *opened = status == LW_OK;
        if (*opened)
            lw_tui_say(tui, "this is the change that was left unfinished at %s", row->updated);
    }
    drafts_close(&drafts->view);
    return status;
}

/* "D opens unfinished forms": by the key that it is bound to. */
static void say_key(struct lw_tui *tui, const char *before)
{
    const struct lw_keymap *keymap = lw_tui_keymap(tui);
    const struct lw_action *action =
        lw_keymap_named(keymap, LW_IN_TIMELINE, "unfinished", strlen("unfinished"), NULL);
    struct lw_buf key = LW_BUF_INIT;
    bool named = action != NULL &&
                 lw_keymap_keys(keymap, LW_IN_TIMELINE, action, 1, &key) == LW_OK && key.len > 0;

    lw_tui_say(tui, "%s%s opens unfinished forms", before,
               named ? lw_buf_text(&key) : _(":unfinished"));
    lw_buf_free(&key);
}

void lw_drafts_say_kept(struct lw_tui *tui)
{
    say_key(tui, _("kept unfinished, not saved yet; "));
}

/* ---- after unlocking ---- */

static enum lw_status answer(struct lw_tui *tui, void *context, char letter, struct lw_error *err)
{
    (void)context;
    if (letter == 'y')
        return lw_drafts_show(tui, err);
    say_key(tui, "");
    return LW_OK;
}

static enum lw_status ask(struct lw_tui *tui, const struct drafts *drafts, struct lw_error *err)
{
    struct lw_buf question = LW_BUF_INIT;
    const struct row *row = &drafts->row[0];
    enum lw_status status;

    if (drafts->count == 1)
        status = lw_buf_sayf(&question, "1 unfinished form (%s): open?", row->updated);
    else
        status = lw_buf_addf(&question,
                             lw_say_count("%zu unfinished form (%s): list?",
                                          "%zu unfinished forms (%s): list?", drafts->count),
                             drafts->count, row->updated);
    if (status == LW_OK)
        status = lw_tui_choose(tui, lw_buf_text(&question), "yn", answer, NULL, err);
    else
        lw_fail(err, status, "no memory to ask");
    lw_buf_free(&question);
    return status;
}

enum lw_status lw_drafts_reopen(struct lw_tui *tui, struct lw_error *err)
{
    struct drafts *drafts;
    enum lw_status status;

    if (lw_tui_is_read_only(tui))
        return LW_OK;
    status = make(tui, &drafts, err);
    if (status != LW_OK)
        return status;
    if (drafts->count > 0)
        status = ask(tui, drafts, err);
    drafts_close(&drafts->view);
    return status;
}

/* ---- commands ---- */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)view;
    (void)argument;
    return lw_drafts_show(tui, err);
}

static const struct lw_action list[] = {
    {"unfinished", "D",
     LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_FACT | LW_IN_LIST | LW_IN_REGISTER | LW_IN_TASKS,
     "open a form that was typed and not saved", NULL, LW_ACTION_WRITES, show},
};

const struct lw_action_table lw_actions_drafts = {list, LW_COUNT_OF(list)};
