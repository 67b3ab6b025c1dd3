/* The form of an entry: keys, commands, opening. */
#include "form_record.h"
#include "typing.h"

#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static struct lw_form *form_of(struct lw_view *view)
{
    return (struct lw_form *)view;
}

/* ---- moving between fields ---- */

void lw_form_focus(struct lw_form *form, enum lw_form_field_id id)
{
    if (form->focus == id)
        return;
    form->focus = id;
    if (form->autosave.stored || lw_form_typed_in(form))
        lw_autosave_touch(&form->autosave);
}

/* False at the first and the last one. */
static bool step(struct lw_form *form, int by)
{
    size_t at = lw_form_place(form, form->focus);

    if (by < 0 ? at == 0 : at + 1 >= form->order_count)
        return false;
    lw_form_focus(form, form->order[by < 0 ? at - 1 : at + 1]);
    return true;
}

static void step_around(struct lw_form *form, int by)
{
    if (step(form, by))
        return;
    lw_form_focus(form, form->order[by > 0 ? 0 : form->order_count - 1]);
}

/* An arrow where the text of the field ends goes on in the next one. */
static bool leaves_field(const struct lw_editor *editor, const struct lw_key *key, int *by)
{
    if (key->modifiers != 0)
        return false;
    *by = key->code == LW_KEY_UP || key->code == LW_KEY_LEFT ? -1 : 1;
    switch (key->code) {
    case LW_KEY_LEFT:
        return editor->cursor == 0;
    case LW_KEY_RIGHT:
        return editor->cursor == editor->text.len;
    case LW_KEY_UP:
    case LW_KEY_DOWN:
        return editor->one_line;
    default:
        return false;
    }
}

static void enter_field(struct lw_form *form, const struct lw_key *key)
{
    struct lw_editor *editor = &form->field[form->focus].text.editor;

    if (key->code == LW_KEY_LEFT || (key->code == LW_KEY_UP && !editor->one_line))
        lw_editor_set_cursor(editor, editor->text.len);
    else if (key->code == LW_KEY_RIGHT || (key->code == LW_KEY_DOWN && !editor->one_line))
        lw_editor_set_cursor(editor, 0);
}

static bool is_vertical(const struct lw_key *key)
{
    return key->modifiers == 0 && (key->code == LW_KEY_UP || key->code == LW_KEY_DOWN ||
                                   key->code == LW_KEY_PAGE_UP || key->code == LW_KEY_PAGE_DOWN);
}

static void move_focus(struct lw_form *form, const struct lw_key *key)
{
    int by =
        key->code == LW_KEY_UP || key->code == LW_KEY_PAGE_UP || key->code == LW_KEY_LEFT ? -1 : 1;
    bool page = key->code == LW_KEY_PAGE_UP || key->code == LW_KEY_PAGE_DOWN;
    bool moved = false;

    for (int i = 0; i < (page ? 5 : 1) && step(form, by); i++)
        moved = true;
    if (moved)
        enter_field(form, key);
}

/* ---- typing ---- */

void lw_form_typed(struct lw_form *form)
{
    struct lw_error err = {.status = LW_OK};

    lw_autosave_touch(&form->autosave);
    if (form->focus == form->ops->arranges && form->ops->arrange(form, &err) != LW_OK)
        lw_tui_complain(form->view.tui, &err);
    if (form->waiting) {
        lw_form_stop_waiting(form);
        lw_tui_say(form->view.tui, "not saved yet, since you go on typing");
    }
}

static bool form_key(struct lw_view *view, const struct lw_key *key)
{
    struct lw_form *form = form_of(view);
    struct lw_editor *editor = &form->field[form->focus].text.editor;
    struct lw_error err = {.status = LW_OK};
    uint64_t changes = editor->changes;
    size_t cursor = editor->cursor;
    bool used = false;
    int by = 0;

    if (leaves_field(editor, key, &by)) {
        move_focus(form, key);
        return true;
    }
    if (lw_typing_key(editor, key, &used, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    if (!used && is_vertical(key)) {
        move_focus(form, key);
        return true;
    }
    if (editor->changes != changes)
        lw_form_typed(form);
    else if (editor->cursor != cursor && (form->autosave.stored || lw_form_typed_in(form)))
        lw_autosave_touch(&form->autosave);
    return used;
}

static bool form_editing(struct lw_view *view)
{
    (void)view;
    return true;
}

/* ---- the loop ---- */

static int form_tick(struct lw_view *view)
{
    struct lw_form *form = form_of(view);
    struct lw_error err = {.status = LW_OK};
    int wait;

    if (form->waiting && lw_tui_steady_ms(view->tui) >= form->waiting_retry_ms) {
        if (lw_form_try(form, &err) != LW_OK)
            lw_tui_complain(view->tui, &err);
        else if (!form->waiting)
            return -1; /* it is saved and closed */
    }
    wait = lw_autosave_tick(&form->autosave);
    if (form->waiting && (wait < 0 || wait > LW_AUTOSAVE_RETRY_MS))
        wait = LW_AUTOSAVE_RETRY_MS;
    return wait;
}

static enum lw_status form_save(struct lw_view *view, struct lw_error *err)
{
    return lw_autosave_now(&form_of(view)->autosave, LW_AUTOSAVE_LEAVING_MS, err);
}

static bool form_back(struct lw_view *view)
{
    struct lw_error err = {.status = LW_OK};

    if (lw_form_leave(form_of(view), &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return true;
}

void lw_form_close(struct lw_view *view)
{
    struct lw_form *form = form_of(view);

    if (form->ops->clear != NULL)
        form->ops->clear(form);
    for (int id = 0; id < LW_FORM_ALL; id++) {
        if (!lw_form_has(form, id))
            continue;
        lw_field_clear(&form->field[id].text);
        lw_buf_free(&form->field[id].base);
    }
    for (size_t i = 0; i < LW_FORM_OWN; i++)
        lw_form_own_clear(&form->own[i]);
    for (size_t i = 0; i < form->party_count; i++)
        lw_buf_free(&form->party[i].line);
    lw_record_clear(&form->record);
    lw_record_clear(&form->account);
    lw_zero(form, sizeof *form);
    free(form);
}

/* ---- the first line ---- */

static enum lw_status form_title(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_form *form = form_of(view);

    return form->ops->title(form, out);
}

static enum lw_status form_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, lw_autosave_say(&form_of(view)->autosave));
}

/* ---- opening ---- */

struct lw_form *lw_form_make(struct lw_tui *tui, const struct lw_form_ops *ops,
                             enum lw_record_type type)
{
    struct lw_form *form = calloc(1, sizeof *form);

    if (form == NULL)
        return NULL;
    form->view.ops = type == LW_RECORD_ENTRY ? &operations : &lw_form_record_view;
    form->ops = ops;
    form->view.tui = tui;
    form->journal = lw_screen_journal(tui);
    lw_record_init(&form->record, type);
    lw_record_init(&form->account, LW_RECORD_ACCOUNT);
    lw_autosave_init(&form->autosave, tui, lw_record_infos[type].table, lw_form_compose, form);
    return form;
}

static enum lw_status make_loaded(struct lw_tui *tui, const uint8_t *id, struct lw_form **out,
                                  struct lw_error *err)
{
    struct lw_form *form = lw_form_make(tui, &lw_form_entry, LW_RECORD_ENTRY);
    enum lw_status status = LW_OK;

    if (form == NULL) {
        lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
        return LW_NO_MEMORY;
    }
    for (int field = 0; field < LW_FORM_FIELDS; field++)
        lw_form_field_init(form, (enum lw_form_field_id)field, &lw_form_infos[field]);
    if (id == NULL) {
        status = lw_form_arrange(form, err);
    } else {
        status = lw_form_load(form, id, err);
        form->autosave.draft.has_entry = true;
        memcpy(form->autosave.draft.entry, id, LW_RECORD_ID);
    }
    if (status != LW_OK) {
        lw_form_close(&form->view);
        return status;
    }
    *out = form;
    return LW_OK;
}

enum lw_status lw_form_show(struct lw_tui *tui, enum lw_record_type type, const uint8_t *id,
                            struct lw_error *err)
{
    struct lw_form *form;
    bool opened = false;
    enum lw_status status = LW_OK;

    if (type != LW_RECORD_ENTRY)
        return lw_record_form_show(tui, type, id, NULL, err);
    if (lw_tui_is_read_only(tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    if (id != NULL)
        status = lw_drafts_open_change(tui, id, &opened, err);
    if (status != LW_OK || opened)
        return status;
    status = make_loaded(tui, id, &form, err);
    if (status == LW_OK)
        lw_tui_push(tui, &form->view);
    return status;
}

enum lw_status lw_form_show_part(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                                 struct lw_error *err)
{
    struct lw_record whole;
    const struct lw_value *incident;
    struct lw_form *form = NULL;
    enum lw_status status =
        lw_record_get(lw_screen_journal(tui), LW_RECORD_ENTRY, entry, &whole, err);

    if (status != LW_OK)
        return status;
    incident = lw_record_value(&whole, "incident");
    status = make_loaded(tui, NULL, &form, err);
    if (status == LW_OK)
        status = lw_form_give_name(form, LW_FORM_PARENT, LW_RECORD_ENTRY, entry, err);
    if (status == LW_OK && incident != NULL)
        status =
            lw_form_give_name(form, LW_FORM_INCIDENT, LW_RECORD_INCIDENT, incident->bytes, err);
    lw_record_clear(&whole);
    if (status == LW_OK)
        lw_tui_push(tui, &form->view);
    else if (form != NULL)
        lw_form_close(&form->view);
    return status;
}

enum lw_status lw_form_resume(struct lw_form *form, const struct lw_draft *draft,
                              struct lw_error *err)
{
    enum lw_status status = lw_form_restore(form, draft->state, draft->state_len, err);

    if (status != LW_OK) {
        lw_form_close(&form->view);
        return status;
    }
    lw_autosave_resume(&form->autosave, draft);
    lw_tui_push(form->view.tui, &form->view);
    return LW_OK;
}

enum lw_status lw_form_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                  struct lw_error *err)
{
    struct lw_form *form;
    enum lw_status status = make_loaded(tui, draft->has_entry ? draft->entry : NULL, &form, err);

    return status == LW_OK ? lw_form_resume(form, draft, err) : status;
}

const struct lw_draft *lw_form_draft(const struct lw_view *view)
{
    const struct lw_form *form = (const struct lw_form *)view;

    return view->ops->draw == lw_form_draw && form->autosave.stored ? &form->autosave.draft : NULL;
}

#define FORM_OPERATIONS                                                                            \
    .context = LW_IN_FORM, .draw = lw_form_draw, .close = lw_form_close, .title = form_title,      \
    .status = form_status, .editing = form_editing, .key = form_key, .back = form_back,            \
    .tick = form_tick, .save = form_save

static const struct lw_view_ops operations = {
    FORM_OPERATIONS,
    .help = "One entry. Only the title is demanded; whatever is not known stays empty. What you "
            "type is kept in the vault all the time, and becomes an entry when you save "
            "it.",
};

const struct lw_view_ops lw_form_record_view = {
    FORM_OPERATIONS,
    .help =
        "One record. Whatever is not known stays empty; what has to be known is said when you "
        "save it. People, places, sources and incidents are named as you call them, in any "
        "spelling, entries by their reference. What you type is kept in the vault all the time, "
        "and is recorded when you save it.",
};

const struct lw_view_ops lw_form_split_view = {
    FORM_OPERATIONS,
    .help = "The new entry that another one is split into. It begins with what that one says; its "
            "title and the reason are demanded. Remains is what the other one keeps of its "
            "narrative. What you type is kept in the vault all the time; {back} goes back to the "
            "choice of what goes along, and loses nothing.",
};

/* ---- commands ---- */

static enum lw_status new_record(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    enum lw_record_type type = LW_RECORD_ENTRY;

    (void)argument;
    (void)lw_records_type(view, &type);
    return lw_form_show(tui, type, NULL, err);
}

static enum lw_status save(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_form_save(form_of(view), err);
}

static enum lw_status cancel(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_form_cancel(form_of(view), err);
}

static enum lw_status next_field(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)tui;
    (void)argument;
    (void)err;
    step_around(form_of(view), 1);
    return LW_OK;
}

static enum lw_status previous_field(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                     struct lw_error *err)
{
    (void)tui;
    (void)argument;
    (void)err;
    step_around(form_of(view), -1);
    return LW_OK;
}

static enum lw_status complete(struct lw_form *form, bool backward, struct lw_error *err)
{
    struct lw_text_field *field = &form->field[form->focus].text;
    uint64_t changes = field->editor.changes;
    enum lw_status status = lw_field_complete(field, backward, err);

    if (field->editor.changes != changes)
        lw_form_typed(form);
    return status;
}

static enum lw_status complete_next(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return complete(form_of(view), false, err);
}

static enum lw_status complete_before(struct lw_tui *tui, struct lw_view *view,
                                      const char *argument, struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return complete(form_of(view), true, err);
}

static enum lw_status open_named(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_form_open_named(form_of(view), err);
}

static enum lw_status undo(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    struct lw_form *form = form_of(view);
    enum lw_status status = lw_editor_undo(&form->field[form->focus].text.editor, err);

    (void)argument;
    if (status == LW_DONE)
        lw_tui_say(tui, "nothing to undo in this field");
    else if (status == LW_OK)
        lw_form_typed(form);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status redo(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    struct lw_form *form = form_of(view);
    enum lw_status status = lw_editor_redo(&form->field[form->focus].text.editor, err);

    (void)argument;
    if (status == LW_DONE)
        lw_tui_say(tui, "nothing to redo in this field");
    else if (status == LW_OK)
        lw_form_typed(form);
    return status == LW_DONE ? LW_OK : status;
}

static const struct lw_action list[] = {
    {"new", "n", LW_IN_TIMELINE | LW_IN_LIST,
     "fill a form for a new entry, or person, place, source or incident", "new", LW_ACTION_WRITES,
     new_record},
    {"save", "F2 Ctrl-S", LW_IN_FORM, "save it", "save", LW_ACTION_WRITES | LW_ACTION_ESSENTIAL,
     save},
    {"next-field", "Tab Enter", LW_IN_FORM, "to the next field", "next", 0, next_field},
    {"previous-field", "Shift-Tab", LW_IN_FORM, "to the field before", NULL, 0, previous_field},
    {"complete", "Ctrl-N F4", LW_IN_FORM, "put the next of what is offered", NULL, 0,
     complete_next},
    {"complete-back", "Ctrl-P", LW_IN_FORM, "put the one before", NULL, 0, complete_before},
    {"record", "F5 Ctrl-O", LW_IN_FORM,
     "open the person, place, source or other record that is named at the cursor", NULL,
     LW_ACTION_WRITES, open_named},
    {"undo", "Ctrl-Z", LW_IN_FORM, "take back what was typed last in this field", NULL, 0, undo},
    {"redo", "Ctrl-Y", LW_IN_FORM, "put back what was taken back", NULL, 0, redo},
    {"cancel", "Ctrl-G", LW_IN_FORM, "leave; asks whether to drop what was typed", "cancel", 0,
     cancel},
};

const struct lw_action_table lw_actions_form = {list, LW_COUNT_OF(list)};
