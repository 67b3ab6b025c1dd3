/* From the records of an entry to the texts of its form. */
#include "form_record.h"

#include <string.h>

static enum lw_status put_text(struct lw_form_field *field, const char *text, size_t len,
                               struct lw_error *err)
{
    enum lw_status status = lw_editor_set_text(&field->text.editor, text, len, err);

    if (status == LW_OK && field->text.editor.one_line)
        lw_editor_set_cursor(&field->text.editor, field->text.editor.text.len);
    return status;
}

enum lw_status lw_form_set(struct lw_form *form, enum lw_form_field_id id, const char *text,
                           size_t len, struct lw_error *err)
{
    struct lw_form_field *field = &form->field[id];
    enum lw_status status = put_text(field, text, len, err);

    if (status != LW_OK)
        return status;
    lw_buf_clear(&field->base);
    status = lw_buf_add(&field->base, lw_form_text(form, id), lw_form_len(form, id));
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to open the form");
}

enum lw_status lw_form_give(struct lw_form *form, enum lw_form_field_id id, const char *text,
                            size_t len, struct lw_error *err)
{
    struct lw_form_field *field = &form->field[id];
    enum lw_status status = put_text(field, text, len, err);

    if (status == LW_OK)
        field->given = field->text.editor.changes;
    return status;
}

enum lw_status lw_form_give_name(struct lw_form *form, enum lw_form_field_id id,
                                 enum lw_record_type type, const uint8_t record[LW_RECORD_ID],
                                 struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = lw_record_name(form->journal, type, record, &name, err);

    if (status == LW_OK)
        status = lw_form_give(form, id, lw_buf_text(&name), name.len, err);
    lw_buf_free(&name);
    return status;
}

static enum lw_status set_plain(struct lw_form *form, enum lw_form_field_id id,
                                const struct lw_record *record, struct lw_error *err)
{
    const char *text = lw_record_text(record, lw_form_infos[id].key);

    if (text == NULL)
        return LW_OK;
    if (id == LW_FORM_KIND)
        text = lw_kind_label(lw_journal_forms(form->journal), text);
    else if (id == LW_FORM_EXTENT || id == LW_FORM_CONFIDENTIALITY)
        text = lw_form_word_say(form, lw_form_word_field(id), text);
    return lw_form_set(form, id, text, strlen(text), err);
}

/* The name by which it is found again: its own, else its reference. */
static enum lw_status set_named(struct lw_form *form, enum lw_form_field_id id,
                                const uint8_t record_id[LW_RECORD_ID], struct lw_error *err)
{
    enum lw_record_type type = lw_form_infos[id].named;
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = lw_record_name(form->journal, type, record_id, &name, err);

    if (status == LW_OK)
        status = lw_form_set(form, id, lw_buf_text(&name), name.len, err);
    lw_buf_free(&name);
    return status;
}

/* Duration and parent: more than one field, and another entry by its reference. */
static enum lw_status set_composed(struct lw_form *form, const struct lw_record *entry,
                                   struct lw_error *err)
{
    const struct lw_value *parent = lw_record_value(entry, "parent");
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status =
        lw_form_compose_duration(lw_forms_language(lw_journal_forms(form->journal)), entry, &text);

    if (status != LW_OK)
        lw_fail(err, status, "no memory to open the form");
    if (status == LW_OK && text.len > 0)
        status = lw_form_set(form, LW_FORM_DURATION, text.data, text.len, err);
    lw_buf_clear(&text);
    if (status == LW_OK && parent != NULL) {
        status = lw_record_name(form->journal, LW_RECORD_ENTRY, parent->bytes, &text, err);
        if (status == LW_OK)
            status = lw_form_set(form, LW_FORM_PARENT, lw_buf_text(&text), text.len, err);
    }
    lw_buf_free(&text);
    return status;
}

static enum lw_status load_entry(struct lw_form *form, struct lw_error *err)
{
    const struct lw_record *entry = &form->record;
    const struct lw_value *place = lw_record_value(entry, "place");
    const struct lw_value *incident = lw_record_value(entry, "incident");
    enum lw_status status = LW_OK;

    for (int id = 0; id < LW_FORM_FIELDS && status == LW_OK; id++) {
        if (lw_form_infos[id].record == LW_RECORD_ENTRY)
            status = set_plain(form, (enum lw_form_field_id)id, entry, err);
    }
    if (status == LW_OK)
        status = set_plain(form, LW_FORM_WHEN, entry, err);
    if (status == LW_OK)
        status = set_plain(form, LW_FORM_EXTENT, entry, err);
    if (status == LW_OK)
        status = set_plain(form, LW_FORM_CONFIDENTIALITY, entry, err);
    if (status == LW_OK)
        status = set_plain(form, LW_FORM_NOTICED, entry, err);
    if (status == LW_OK)
        status = set_composed(form, entry, err);
    if (status == LW_OK && place != NULL)
        status = set_named(form, LW_FORM_PLACE, place->bytes, err);
    if (status == LW_OK && incident != NULL)
        status = set_named(form, LW_FORM_INCIDENT, incident->bytes, err);
    return status;
}

/* ---- people ---- */

static enum lw_status note_party(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct lw_form *form = context;
    struct lw_form_party *party = &form->party[form->party_count];
    const char *role = lw_record_text(record, "role");

    if (form->party_count == LW_FORM_MOST_PEOPLE)
        return lw_fail(err, LW_TOO_LONG, "more than %d people take part: too many for a form",
                       LW_FORM_MOST_PEOPLE);
    memcpy(party->participation, record->id, LW_RECORD_ID);
    memcpy(party->party, lw_record_value(record, "party")->bytes, LW_RECORD_ID);
    party->role = lw_role_find(role, strlen(role));
    if (party->role == NULL)
        return lw_fail(err, LW_INTERNAL, "a role is not known");
    form->party_count++;
    return LW_OK;
}

static enum lw_status name_party(struct lw_form *form, struct lw_form_party *party,
                                 struct lw_buf *all, struct lw_error *err)
{
    enum lw_language language = lw_forms_language(lw_journal_forms(form->journal));
    enum lw_status status = lw_buf_addf(&party->line, "%s: ", lw_role_word(party->role, language));

    if (status == LW_OK)
        status = lw_record_name(form->journal, LW_RECORD_PARTY, party->party, &party->line, err);
    if (status == LW_OK)
        status = lw_buf_addf(all, "%s%s", all->len > 0 ? "\n" : "", lw_buf_text(&party->line));
    return status == LW_NO_MEMORY ? lw_fail(err, status, "no memory to open the form") : status;
}

static enum lw_status load_people(struct lw_form *form, struct lw_error *err)
{
    struct lw_buf all = LW_BUF_INIT;
    enum lw_status status = lw_record_each(form->journal, LW_RECORD_PARTICIPATION, "entry",
                                           form->record.id, note_party, form, err);

    for (size_t i = 0; i < form->party_count && status == LW_OK; i++)
        status = name_party(form, &form->party[i], &all, err);
    if (status == LW_OK && all.len > 0)
        status = lw_form_set(form, LW_FORM_PEOPLE_LINES, all.data, all.len, err);
    lw_buf_free(&all);
    return status;
}

/* ---- the first account ---- */

static enum lw_status note_account(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct lw_form *form = context;

    (void)err;
    if (form->account_count++ == 0)
        memcpy(form->account.id, record->id, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status load_account(struct lw_form *form, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = lw_record_each(form->journal, LW_RECORD_ACCOUNT, "entry",
                                           form->record.id, note_account, form, err);

    if (status != LW_OK || form->account_count == 0)
        return status;
    memcpy(id, form->account.id, LW_RECORD_ID);
    lw_record_clear(&form->account);
    status = lw_record_get(form->journal, LW_RECORD_ACCOUNT, id, &form->account, err);
    if (status != LW_OK) {
        lw_record_init(&form->account, LW_RECORD_ACCOUNT);
        return status;
    }
    for (int field = 0; field < LW_FORM_FIELDS && status == LW_OK; field++) {
        if (lw_form_infos[field].record == LW_RECORD_ACCOUNT)
            status = set_plain(form, (enum lw_form_field_id)field, &form->account, err);
    }
    if (status == LW_OK)
        status =
            set_named(form, LW_FORM_SOURCE, lw_record_value(&form->account, "source")->bytes, err);
    return status;
}

enum lw_status lw_form_load(struct lw_form *form, const uint8_t id[LW_RECORD_ID],
                            struct lw_error *err)
{
    const char *state;
    enum lw_status status;

    lw_record_clear(&form->record);
    status = lw_record_get(form->journal, LW_RECORD_ENTRY, id, &form->record, err);
    if (status != LW_OK) {
        lw_record_init(&form->record, LW_RECORD_ENTRY);
        return status;
    }
    form->editing = true;
    state = lw_record_text(&form->record, "status");
    form->sealed = state != NULL && strcmp(state, "sealed") == 0;
    status = load_entry(form, err);
    if (status == LW_OK)
        status = load_people(form, err);
    if (status == LW_OK)
        status = load_account(form, err);
    if (status == LW_OK)
        status = lw_form_arrange(form, err);
    return status == LW_OK ? lw_form_load_answers(form, err) : status;
}
