/* The form of any record but an entry: opening, saving, its draft. */
#include "form_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRESET                                                                                     \
    "preset." /* in front of a field of the record that a new one starts with, in a draft */

enum lw_form_field_id lw_record_field_id(const struct lw_form *form, const char *key)
{
    size_t count;
    const struct lw_record_ask *asks = lw_record_asks(form->record.type, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(asks[i].info.key, key) == 0)
            return (enum lw_form_field_id)i;
    }
    return LW_FORM_NONE;
}

static bool is_key(const struct lw_form *form, enum lw_form_field_id id, const char *key)
{
    return strcmp(form->field[id].info->key, key) == 0;
}

/* ---- from the record ---- */

/* Text and base of every field, from form->record. */
static enum lw_status load_fields(struct lw_form *form, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < form->order_count && status == LW_OK; i++) {
        enum lw_form_field_id id = form->order[i];

        if (lw_record_field(form, id) == NULL)
            continue;
        lw_buf_clear(&text);
        status = lw_record_compose(form, id, &form->record, &text, err);
        if (status == LW_OK && text.len > 0)
            status = lw_form_set(form, id, text.data, text.len, err);
    }
    lw_buf_free(&text);
    return status;
}

/* "why" is the last one. */
static void show_why(struct lw_form *form)
{
    (void)lw_record_asks(form->record.type, &form->order_count);
}

/* What belongs to a sealed entry is changed only with a reason, as the entry itself; so is what is
 * new there. */
static enum lw_status look_whether_sealed(struct lw_form *form, const struct lw_record *record,
                                          struct lw_error *err)
{
    bool frozen = false;
    enum lw_status status = lw_record_frozen(form->journal, record, &frozen, err);

    if (status == LW_OK && frozen) {
        form->sealed = true;
        show_why(form);
    }
    return status;
}

/* Its fields say who it is. */
static enum lw_status refuse_hidden(struct lw_form *form, struct lw_error *err)
{
    bool hidden;
    enum lw_status status = lw_shown_is_hidden(form->journal, &form->record, &hidden, err);

    if (status == LW_OK && hidden)
        status = lw_fail(err, LW_REFUSED,
                         "protected: the form would show who it is; :reveal shows names first");
    return status;
}

static enum lw_status load(struct lw_form *form, const uint8_t id[LW_RECORD_ID],
                           struct lw_error *err)
{
    enum lw_form_field_id names = lw_record_field_id(form, "names");
    enum lw_record_type type = form->record.type;
    enum lw_status status = lw_record_get(form->journal, type, id, &form->record, err);

    if (status != LW_OK) {
        lw_record_init(&form->record, type);
        return status;
    }
    status = refuse_hidden(form, err);
    if (status != LW_OK)
        return status;
    form->editing = true;
    form->autosave.draft.has_entry = true;
    memcpy(form->autosave.draft.entry, id, LW_RECORD_ID);
    show_why(form);
    status = load_fields(form, err);
    if (status == LW_OK && names != LW_FORM_NONE)
        status = lw_record_load_names(form, names, err);
    return status == LW_OK ? look_whether_sealed(form, &form->record, err) : status;
}

static enum lw_status set_value(struct lw_record *to, const struct lw_field *field,
                                const struct lw_value *value)
{
    struct lw_value *own = &to->value[lw_field_find(to->type, field->name)];

    if (value->text != NULL)
        return lw_record_set_text(to, field->name, value->text, strlen(value->text));
    *own = *value;
    return LW_OK;
}

static enum lw_status copy_set(struct lw_record *to, const struct lw_record *from,
                               struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[to->type];
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        if (from->value[i].set)
            status = set_value(to, &info->fields[i], &from->value[i]);
    }
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to open the form");
}

/* What it belongs to is known already and need not be passed through. */
static void go_to_first_empty(struct lw_form *form)
{
    size_t at = 0;

    while (at + 1 < form->order_count && lw_form_filled(form, form->order[at]) &&
           lw_record_field(form, form->order[at]) != NULL &&
           lw_record_field(form, form->order[at])->kind == LW_FIELD_REF)
        at++;
    form->focus = form->order[at];
}

static enum lw_status begin_new(struct lw_form *form, const struct lw_record *preset,
                                struct lw_error *err)
{
    enum lw_status status = preset != NULL ? copy_set(&form->record, preset, err) : LW_OK;

    if (status == LW_OK && lw_record_defaults(&form->record) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
    if (status == LW_OK)
        status = load_fields(form, err);
    if (status == LW_OK)
        status = look_whether_sealed(form, &form->record, err);
    if (status == LW_OK)
        go_to_first_empty(form);
    return status;
}

/* ---- saving ---- */

#define REASON "its entry is sealed: it is changed only with a reason"

/* Of what the team holds of a claim the note is the reason, where no other one is given. */
static const char *why_of(const struct lw_form *form)
{
    enum lw_form_field_id why = lw_record_field_id(form, "why");
    enum lw_form_field_id status, note;

    if (lw_form_shows(form, why) && lw_form_filled(form, why))
        return lw_form_text(form, why);
    if (!form->editing || form->record.type != LW_RECORD_CLAIM)
        return NULL;
    status = lw_record_field_id(form, "status");
    note = lw_record_field_id(form, "note");
    if (!lw_form_filled(form, note) ||
        (!lw_form_changed(form, status) && !lw_form_changed(form, note)))
        return NULL;
    return lw_form_text(form, note);
}

static void check(struct lw_form *form)
{
    for (size_t i = 0; i < form->order_count; i++) {
        enum lw_form_field_id id = form->order[i];
        const struct lw_field *field = lw_record_field(form, id);

        if (field != NULL && field->required && !is_key(form, id, "ref") &&
            !lw_form_filled(form, id))
            lw_form_mark(form, id, "this has to be known; nothing can be recorded without it");
        if (form->sealed && is_key(form, id, "why") && why_of(form) == NULL)
            lw_form_mark(form, id, REASON);
    }
}

static enum lw_status take_fields(struct lw_form *form, struct lw_record *record,
                                  struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < form->order_count && status == LW_OK; i++) {
        enum lw_form_field_id id = form->order[i];

        if (lw_record_field(form, id) == NULL || !lw_form_changed(form, id))
            continue;
        status = lw_record_take(form, id, record, err);
        if (status == LW_BAD_DATA)
            lw_form_mark(form, id, err->text);
    }
    return status;
}

/* A task is done when it is said to be. */
static enum lw_status settle_task(struct lw_form *form, struct lw_record *record)
{
    const struct lw_value *done = lw_record_value(record, "done");

    if (record->type != LW_RECORD_TASK || done == NULL)
        return LW_OK;
    if (done->number == 0) {
        record->value[lw_field_find(LW_RECORD_TASK, "done_at")].set = false;
        return LW_OK;
    }
    if (lw_record_value(record, "done_at") != NULL)
        return LW_OK;
    return lw_record_set_number(record, "done_at", lw_clock_now(lw_tui_clock(form->view.tui)));
}

/* It was sealed while the form was open, or is said to hang on one that is: the reason is asked for
 * now. */
static enum lw_status demand_reason(struct lw_form *form, const struct lw_record *record,
                                    struct lw_error *err)
{
    enum lw_status status = form->sealed ? LW_OK : look_whether_sealed(form, record, err);

    if (status != LW_OK || !form->sealed || why_of(form) != NULL)
        return status;
    lw_form_mark(form, lw_record_field_id(form, "why"), REASON);
    return lw_fail(err, LW_BAD_DATA, "%s", REASON);
}

static enum lw_status start_record(struct lw_form *form, struct lw_record *record,
                                   struct lw_error *err)
{
    if (form->editing)
        return lw_form_reread(form, record, err);
    lw_record_init(record, form->record.type);
    return copy_set(record, &form->record, err);
}

static enum lw_status write_record(struct lw_form *form, char said[LW_FORM_SAID],
                                   struct lw_error *err)
{
    enum lw_form_field_id names = lw_record_field_id(form, "names");
    struct lw_record record;
    enum lw_status status = start_record(form, &record, err);

    if (status == LW_STALE || status == LW_NOT_FOUND)
        return status;
    if (status == LW_OK)
        status = take_fields(form, &record, err);
    if (status == LW_OK)
        status = settle_task(form, &record);
    if (status == LW_OK)
        status = demand_reason(form, &record, err);
    if (status == LW_OK)
        status = lw_record_put(form->journal, &record, why_of(form), err);
    if (status == LW_OK)
        memcpy(form->record.id, record.id, LW_RECORD_ID);
    if (status == LW_OK && names != LW_FORM_NONE && lw_form_changed(form, names))
        status = lw_record_put_names(form, names, record.id, why_of(form), err);
    if (status == LW_OK && record.type == LW_RECORD_SOURCE)
        snprintf(said, LW_FORM_SAID, "%s", lw_record_text(&record, "ref"));
    else if (status == LW_OK)
        snprintf(said, LW_FORM_SAID, "%s", lw_form_called(record.type));
    lw_record_clear(&record);
    return status;
}

/* ---- the draft ---- */

/* One value of a preset as text. */
static enum lw_status compose_value(const struct lw_field *field, const struct lw_value *value,
                                    struct lw_buf *out)
{
    char hex[2 * LW_RECORD_ID + 1];

    switch (field->kind) {
    case LW_FIELD_REF:
        lw_hex_encode(value->bytes, LW_RECORD_ID, hex);
        return lw_buf_adds(out, hex);
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_TIME:
        return lw_buf_addf(out, "%lld", (long long)value->number);
    case LW_FIELD_REAL:
        return lw_value_json(field, value, out);
    default:
        return lw_buf_adds(out, value->text);
    }
}

static enum lw_status compose_preset(const struct lw_form *form, struct lw_buf *state)
{
    const struct lw_record_info *info = &lw_record_infos[form->record.type];
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < info->field_count && !form->editing && status == LW_OK; i++) {
        struct lw_buf key = LW_BUF_INIT;
        struct lw_buf text = LW_BUF_INIT;

        if (form->record.value[i].set) {
            status = lw_buf_addf(&key, PRESET "%s", info->fields[i].name);
            if (status == LW_OK)
                status = compose_value(&info->fields[i], &form->record.value[i], &text);
            if (status == LW_OK)
                status = lw_flat_text(state, key.data, lw_buf_text(&text), text.len);
        }
        lw_buf_free(&key);
        lw_buf_free(&text);
    }
    return status;
}

static enum lw_status read_value(struct lw_record *record, const struct lw_field *field,
                                 const char *text, size_t len)
{
    struct lw_value *value = &record->value[lw_field_find(record->type, field->name)];
    uint64_t number;

    switch (field->kind) {
    case LW_FIELD_REF:
        value->set =
            len == (size_t)2 * LW_RECORD_ID && lw_hex_decode(text, len, value->bytes, LW_RECORD_ID);
        return value->set ? LW_OK : LW_BAD_DATA;
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_TIME:
        value->set = lw_parse_u64(text, len, INT64_MAX, &number);
        value->number = value->set ? (int64_t)number : 0;
        return value->set ? LW_OK : LW_BAD_DATA;
    case LW_FIELD_REAL:
        value->real = strtod(text, NULL); /* as compose_value wrote it */
        value->set = true;
        return LW_OK;
    default:
        return lw_record_set_text(record, field->name, text, len);
    }
}

static enum lw_status read_preset(void *context, const char *key, const char *text, size_t len,
                                  int64_t number, struct lw_error *err)
{
    struct lw_record *record = context;
    int at;
    enum lw_status status;

    (void)number;
    if (text == NULL || strncmp(key, PRESET, strlen(PRESET)) != 0)
        return LW_OK;
    at = lw_field_find(record->type, key + strlen(PRESET));
    if (at < 0)
        return LW_OK;
    status = read_value(record, &lw_record_infos[record->type].fields[at], text, len);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "the unfinished form cannot be read");
}

/* ---- opening ---- */

static enum lw_status title(const struct lw_form *form, struct lw_buf *out)
{
    const char *called = lw_form_called(form->record.type);

    if (!form->editing)
        return lw_buf_sayf(out, "New %s", called);
    if (form->record.type == LW_RECORD_SOURCE)
        return lw_buf_sayf(out, "Source %s", lw_record_text(&form->record, "ref"));
    return lw_buf_addf(out, "%c%s%s", called[0] - 'a' + 'A', called + 1,
                       form->sealed ? _(", its entry is sealed") : "");
}

/* The whole of a field that refers to another record. */
static bool named(const struct lw_form *form, struct lw_form_named *out)
{
    const struct lw_field *field = lw_record_field(form, form->focus);
    const struct lw_value *value =
        field != NULL ? lw_record_value(&form->record, field->name) : NULL;

    if (field == NULL || field->kind != LW_FIELD_REF)
        return false;
    *out = (struct lw_form_named){.type = field->ref, .len = lw_form_len(form, form->focus)};
    lw_form_named_trim(lw_form_text(form, form->focus), out);
    out->known = value != NULL && !lw_form_changed(form, form->focus);
    if (out->known)
        memcpy(out->id, value->bytes, LW_RECORD_ID);
    return true;
}

/* The first words in it; of who is to be protected the code name. */
static enum lw_form_field_id subject(const struct lw_form *form)
{
    enum lw_form_field_id hidden = lw_record_field_id(form, "protected");

    if (hidden != LW_FORM_NONE && lw_form_filled(form, hidden))
        return lw_record_field_id(form, form->record.type == LW_RECORD_PARTY ? "code_name" : "ref");
    for (size_t i = 0; i < form->order_count; i++) {
        const struct lw_field *field = lw_record_field(form, form->order[i]);

        if (field != NULL && field->kind == LW_FIELD_TEXT && lw_form_filled(form, form->order[i]))
            return form->order[i];
    }
    return form->order[0];
}

const struct lw_form_ops lw_form_record = {
    .subject = subject,
    .understand = lw_record_understand,
    .complete = lw_record_complete,
    .check = check,
    .write = write_record,
    .arranges = LW_FORM_NONE,
    .compose = compose_preset,
    .title = title,
    .named = named,
    .clear = lw_record_clear_names,
};

static enum lw_status make(struct lw_tui *tui, enum lw_record_type type, const uint8_t *id,
                           const struct lw_record *preset, struct lw_form **out,
                           struct lw_error *err)
{
    size_t count;
    const struct lw_record_ask *asks = lw_record_asks(type, &count);
    struct lw_form *form;
    enum lw_status status;

    if (count == 0)
        return lw_fail(err, LW_REFUSED, "a %s is not changed in a form", lw_form_called(type));
    form = lw_form_make(tui, &lw_form_record, type);
    if (form == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
    for (size_t i = 0; i < count; i++) {
        lw_form_field_init(form, (enum lw_form_field_id)i, &asks[i].info);
        form->order[i] = (enum lw_form_field_id)i;
    }
    form->order_count = count - 1;
    status = id != NULL ? load(form, id, err) : begin_new(form, preset, err);
    if (status != LW_OK) {
        lw_form_close(&form->view);
        return status;
    }
    *out = form;
    return LW_OK;
}

enum lw_status lw_record_form_show(struct lw_tui *tui, enum lw_record_type type, const uint8_t *id,
                                   const struct lw_record *preset, struct lw_error *err)
{
    struct lw_form *form = NULL;
    bool opened = false;
    enum lw_status status = LW_OK;

    if (lw_tui_is_read_only(tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    if (id != NULL)
        status = lw_drafts_open_change(tui, id, &opened, err);
    if (status != LW_OK || opened)
        return status;
    status = make(tui, type, id, preset, &form, err);
    if (status == LW_OK)
        lw_tui_push(tui, &form->view);
    return status;
}

void lw_record_form_ask(struct lw_tui *tui, const char *key)
{
    struct lw_form *form = (struct lw_form *)lw_tui_top(tui);

    lw_form_focus(form, lw_record_field_id(form, key));
}

enum lw_status lw_record_form_judge(struct lw_tui *tui, const uint8_t claim[LW_RECORD_ID],
                                    const char *status, struct lw_error *err)
{
    enum lw_status result = lw_record_form_show(tui, LW_RECORD_CLAIM, claim, NULL, err);
    struct lw_form *form;
    enum lw_form_field_id field;

    if (result != LW_OK)
        return result;
    form = (struct lw_form *)lw_tui_top(tui);
    field = lw_record_field_id(form, "status");
    if (status != NULL)
        status = lw_form_word_say(form, lw_record_field(form, field), status);
    if (status != NULL && strcmp(lw_form_text(form, field), status) != 0)
        result = lw_form_give(form, field, status, strlen(status), err);
    lw_form_focus(form, lw_record_field_id(form, "note"));
    if (form->autosave.stored)
        lw_autosave_touch(&form->autosave);
    return result;
}

enum lw_status lw_record_form_open_draft(struct lw_tui *tui, enum lw_record_type type,
                                         const struct lw_draft *draft, struct lw_error *err)
{
    struct lw_record preset;
    struct lw_form *form = NULL;
    enum lw_status status;

    lw_record_init(&preset, type);
    status = lw_flat_read(draft->state, draft->state_len, read_preset, &preset, err);
    if (status == LW_OK)
        status = make(tui, type, draft->has_entry ? draft->entry : NULL, &preset, &form, err);
    lw_record_clear(&preset);
    return status == LW_OK ? lw_form_resume(form, draft, err) : status;
}
