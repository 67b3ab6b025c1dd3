/* From the texts of a form to the records of an entry, in one transaction. */
#include "form_record.h"

#include <stdio.h>
#include <string.h>

/* ---- what is wrong ---- */

void lw_form_mark(struct lw_form *form, enum lw_form_field_id id, const char *text)
{
    struct lw_form_field *field = &form->field[id];

    lw_fail(&field->wrong, LW_BAD_DATA, "%s", text);
    field->wrong_changes = field->text.editor.changes;
}

/* What only shows when the whole is looked at. */
static void check_together(struct lw_form *form)
{
    bool account = lw_form_filled(form, LW_FORM_QUOTE) || lw_form_filled(form, LW_FORM_LOCATOR) ||
                   lw_form_filled(form, LW_FORM_VIA);

    if (!lw_form_filled(form, LW_FORM_TITLE))
        lw_form_mark(form, LW_FORM_TITLE,
                     _("say in a few words what happened; it can be changed later"));
    if (!lw_form_filled(form, LW_FORM_SOURCE) && form->account_count > 0)
        lw_form_mark(form, LW_FORM_SOURCE,
                     _("this account is recorded and stays; name its source"));
    else if (!lw_form_filled(form, LW_FORM_SOURCE) && account)
        lw_form_mark(form, LW_FORM_SOURCE, _("say who is quoted: a name is enough"));
    if (form->sealed && !lw_form_filled(form, LW_FORM_WHY))
        lw_form_mark(form, LW_FORM_WHY,
                     _("a sealed entry is changed only with a reason; it is kept with it"));
}

enum lw_form_field_id lw_form_wrong(const struct lw_form *form)
{
    for (size_t i = 0; i < form->order_count; i++) {
        if (form->field[form->order[i]].wrong.status != LW_OK)
            return form->order[i];
    }
    return LW_FORM_NONE;
}

enum lw_form_field_id lw_form_check(struct lw_form *form)
{
    struct lw_buf said = LW_BUF_INIT;

    for (size_t i = 0; i < form->order_count; i++) {
        lw_buf_clear(&said);
        form->field[form->order[i]].wrong.status = LW_OK;
        if (lw_form_understand(form, form->order[i], &said) == LW_FORM_WRONG)
            lw_form_mark(form, form->order[i], lw_buf_text(&said));
    }
    lw_buf_free(&said);
    form->ops->check(form);
    return lw_form_wrong(form);
}

/* ---- the entry ---- */

/* Blanks around it are nobody's words; a line of several is left as it is. */
static enum lw_status set_text(const struct lw_form *form, enum lw_form_field_id id,
                               struct lw_record *record)
{
    const char *text = lw_form_text(form, id);
    size_t len = lw_form_len(form, id);

    if (!lw_form_filled(form, id))
        return lw_record_set_text(record, lw_form_infos[id].key, NULL, 0);
    while (!lw_form_infos[id].lines && text[0] == ' ') {
        text++;
        len--;
    }
    while (len > 0 && strchr(" \t\n", text[len - 1]) != NULL)
        len--;
    if (id == LW_FORM_KIND) {
        text = lw_form_kind_name(form);
        len = text != NULL ? strlen(text) : 0;
    }
    return lw_record_set_text(record, lw_form_infos[id].key, text, len);
}

static enum lw_status set_word(const struct lw_form *form, enum lw_form_field_id id,
                               struct lw_record *record)
{
    const char *word = lw_form_filled(form, id)
                           ? lw_form_word_find(lw_form_word_field(id), lw_form_text(form, id),
                                               lw_form_len(form, id))
                           : NULL;

    return lw_record_set_text(record, lw_form_infos[id].key, word, word != NULL ? strlen(word) : 0);
}

static enum lw_status set_named(struct lw_form *form, enum lw_form_field_id id,
                                struct lw_record *record, struct lw_error *err)
{
    uint8_t found[LW_RECORD_ID];
    int at = lw_field_find(record->type, lw_form_infos[id].key);
    enum lw_status status;

    if (!lw_form_filled(form, id)) {
        record->value[at].set = false;
        return LW_OK;
    }
    status = lw_named_put(form->journal, lw_form_infos[id].named, lw_form_text(form, id),
                          lw_form_len(form, id), found, err);
    return status == LW_OK ? lw_record_set_ref(record, lw_form_infos[id].key, found) : status;
}

static enum lw_status set_when(const struct lw_form *form, struct lw_record *entry,
                               struct lw_when_typed *typed, struct lw_error *err)
{
    enum lw_status status;

    *typed = (struct lw_when_typed){.has_when = false};
    if (!lw_form_filled(form, LW_FORM_WHEN))
        return lw_record_set_text(entry, "when", NULL, 0);
    status = lw_when_read(lw_form_text(form, LW_FORM_WHEN), lw_form_len(form, LW_FORM_WHEN),
                          lw_tui_clock(form->view.tui), typed, err);
    if (status != LW_OK)
        return status;
    if (!typed->has_when)
        return lw_record_set_text(entry, "when", NULL, 0);
    return lw_record_set_text(entry, "when", typed->when.text, strlen(typed->when.text));
}

static enum lw_status set_noticed(const struct lw_form *form, struct lw_record *entry,
                                  struct lw_error *err)
{
    struct lw_when_typed typed;
    enum lw_status status;

    if (!lw_form_filled(form, LW_FORM_NOTICED))
        return lw_record_set_text(entry, "noticed", NULL, 0);
    status = lw_when_read(lw_form_text(form, LW_FORM_NOTICED), lw_form_len(form, LW_FORM_NOTICED),
                          lw_tui_clock(form->view.tui), &typed, err);
    return status == LW_OK
               ? lw_record_set_text(entry, "noticed", typed.when.text, strlen(typed.when.text))
               : status;
}

static enum lw_status set_parent(const struct lw_form *form, struct lw_record *entry,
                                 struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool found = false;
    enum lw_status status;

    if (!lw_form_filled(form, LW_FORM_PARENT)) {
        entry->value[lw_field_find(LW_RECORD_ENTRY, "parent")].set = false;
        return LW_OK;
    }
    status = lw_record_find(form->journal, LW_RECORD_ENTRY, lw_form_text(form, LW_FORM_PARENT),
                            lw_form_len(form, LW_FORM_PARENT), id, &found, err);
    if (status == LW_OK && !found)
        return lw_fail(err, LW_BAD_DATA, "there is no such entry to be a part of");
    return status == LW_OK ? lw_record_set_ref(entry, "parent", id) : status;
}

static enum lw_status set_field(struct lw_form *form, enum lw_form_field_id id,
                                struct lw_record *entry, struct lw_when_typed *typed,
                                struct lw_error *err)
{
    switch (id) {
    case LW_FORM_WHEN:
        return set_when(form, entry, typed, err);
    case LW_FORM_NOTICED:
        return set_noticed(form, entry, err);
    case LW_FORM_DURATION:
        return lw_form_take_duration(lw_form_text(form, id), lw_form_len(form, id), entry, err);
    case LW_FORM_PARENT:
        return set_parent(form, entry, err);
    case LW_FORM_EXTENT:
    case LW_FORM_CONFIDENTIALITY:
        return set_word(form, id, entry);
    case LW_FORM_PLACE:
    case LW_FORM_INCIDENT:
        return set_named(form, id, entry, err);
    default:
        if (lw_form_infos[id].record != LW_RECORD_ENTRY)
            return LW_OK;
        return set_text(form, id, entry);
    }
}

enum lw_status lw_form_reread(struct lw_form *form, struct lw_record *record, struct lw_error *err)
{
    enum lw_status status =
        lw_record_get(form->journal, form->record.type, form->record.id, record, err);

    if (status != LW_OK || form->overwrite || lw_record_difference(record, &form->record) < 0)
        return status;
    lw_record_clear(record);
    form->overwrite = true;
    return lw_fail(err, LW_STALE,
                   "the %s was changed by somebody else since this form was opened; save again to "
                   "put what you changed over it",
                   lw_form_called(form->record.type));
}

static enum lw_status start_entry(struct lw_form *form, struct lw_record *entry,
                                  struct lw_error *err)
{
    const char *author = lw_journal_author(form->journal);
    enum lw_status status;

    if (form->editing)
        return lw_form_reread(form, entry, err);
    lw_record_init(entry, LW_RECORD_ENTRY);
    status = lw_record_set_text(entry, "status", "draft", strlen("draft"));
    if (status == LW_OK)
        status =
            lw_record_set_number(entry, "recorded_at", lw_clock_now(lw_tui_clock(form->view.tui)));
    if (status == LW_OK && author != NULL)
        status = lw_record_set_text(entry, "recorded_by", author, strlen(author));
    return status;
}

/* Fields that were not touched stay as they are in the record, also where another process changed
 * them. */
static enum lw_status put_entry(struct lw_form *form, const char *why, struct lw_when_typed *typed,
                                uint8_t id[LW_RECORD_ID], char said[LW_FORM_SAID],
                                struct lw_error *err)
{
    struct lw_record entry;
    enum lw_status status = start_entry(form, &entry, err);

    if (status == LW_STALE || status == LW_NOT_FOUND)
        return status;
    for (int field = 0; field < LW_FORM_FIELDS && status == LW_OK; field++) {
        if (lw_form_changed(form, (enum lw_form_field_id)field))
            status = set_field(form, (enum lw_form_field_id)field, &entry, typed, err);
    }
    if (status == LW_OK)
        status = lw_record_put(form->journal, &entry, why, err);
    if (status == LW_OK) {
        memcpy(form->record.id, entry.id, LW_RECORD_ID);
        memcpy(id, entry.id, LW_RECORD_ID);
        snprintf(said, LW_FORM_SAID, "%s", lw_record_text(&entry, "ref"));
    }
    lw_record_clear(&entry);
    return status;
}

/* ---- order, account ---- */

static enum lw_status put_relation(struct lw_form *form, const struct lw_when_relation *relation,
                                   const uint8_t entry[LW_RECORD_ID], const char *why,
                                   struct lw_error *err)
{
    struct lw_record other;
    struct lw_record record;
    enum lw_status status =
        lw_record_by_ref(form->journal, LW_RECORD_ENTRY, relation->ref, &other, err);

    if (status != LW_OK)
        return status;
    lw_record_init(&record, LW_RECORD_PRECEDENCE);
    status = lw_record_set_ref(&record, "earlier", relation->after ? other.id : entry);
    if (status == LW_OK)
        status = lw_record_set_ref(&record, "later", relation->after ? entry : other.id);
    if (status == LW_OK)
        status = lw_record_set_text(&record, "kind", "before", strlen("before"));
    if (status == LW_OK)
        status = lw_record_put(form->journal, &record, why, err);
    lw_record_clear(&record);
    lw_record_clear(&other);
    return status;
}

static bool account_changed(const struct lw_form *form)
{
    return lw_form_changed(form, LW_FORM_SOURCE) || lw_form_changed(form, LW_FORM_QUOTE) ||
           lw_form_changed(form, LW_FORM_LOCATOR) || lw_form_changed(form, LW_FORM_VIA);
}

static enum lw_status put_account(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                                  const char *why, struct lw_error *err)
{
    struct lw_record account;
    enum lw_status status = LW_OK;

    if (!account_changed(form))
        return LW_OK;
    if (form->account_count > 0) {
        status = lw_record_get(form->journal, LW_RECORD_ACCOUNT, form->account.id, &account, err);
        if (status != LW_OK)
            return status;
    } else {
        lw_record_init(&account, LW_RECORD_ACCOUNT);
        status = lw_record_set_ref(&account, "entry", entry);
    }
    for (int id = 0; id < LW_FORM_FIELDS && status == LW_OK; id++) {
        if (lw_form_infos[id].record == LW_RECORD_ACCOUNT &&
            lw_form_changed(form, (enum lw_form_field_id)id))
            status = set_text(form, (enum lw_form_field_id)id, &account);
    }
    if (status == LW_OK && lw_form_changed(form, LW_FORM_SOURCE) &&
        lw_form_filled(form, LW_FORM_SOURCE))
        status = set_named(form, LW_FORM_SOURCE, &account, err);
    if (status == LW_OK && lw_record_value(&account, "source") != NULL)
        status = lw_record_put(form->journal, &account, why, err);
    lw_record_clear(&account);
    return status;
}

/* ---- all of it ---- */

static enum lw_status write_entry(struct lw_form *form, char said[LW_FORM_SAID],
                                  struct lw_error *err)
{
    const char *why = lw_form_shows(form, LW_FORM_WHY) ? lw_form_text(form, LW_FORM_WHY) : NULL;
    struct lw_when_typed typed = {.has_when = false};
    uint8_t entry[LW_RECORD_ID];
    enum lw_status status = put_entry(form, why, &typed, entry, said, err);

    for (size_t i = 0; i < typed.relation_count && status == LW_OK; i++)
        status = put_relation(form, &typed.relation[i], entry, why, err);
    if (status == LW_OK && lw_form_changed(form, LW_FORM_PEOPLE_LINES))
        status = lw_form_put_people(form, entry, why, err);
    if (status == LW_OK)
        status = put_account(form, entry, why, err);
    return status == LW_OK ? lw_form_put_answers(form, entry, why, err) : status;
}

enum lw_status lw_form_write(struct lw_form *form, char said[LW_FORM_SAID], struct lw_error *err)
{
    char given[LW_FORM_SAID] = "";
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(form->journal), LW_AUTOSAVE_PATIENCE_MS);
    status = lw_journal_begin(form->journal, err);
    if (status != LW_OK)
        return status;
    status = form->ops->write(form, given, err);
    if (status == LW_OK)
        status = lw_autosave_remove(&form->autosave, err);
    if (status == LW_OK)
        status = lw_journal_commit(form->journal, err);
    if (status != LW_OK) {
        lw_journal_rollback(form->journal);
        if (err != NULL && err->status == LW_OK)
            lw_fail(err, status, "it cannot be saved: %s", lw_status_message(status));
        return status;
    }
    memcpy(said, given, sizeof given);
    return LW_OK;
}

static enum lw_status entry_title(const struct lw_form *form, struct lw_buf *out)
{
    if (!form->editing)
        return lw_buf_says(out, "New entry");
    return lw_buf_addf(out, "%s%s", lw_record_text(&form->record, "ref"),
                       form->sealed ? _(", sealed") : "");
}

static enum lw_form_field_id entry_subject(const struct lw_form *form)
{
    (void)form;
    return LW_FORM_TITLE;
}

const struct lw_form_ops lw_form_entry = {
    .subject = entry_subject,
    .understand = lw_form_understand_entry,
    .complete = lw_form_complete,
    .check = check_together,
    .write = write_entry,
    .arrange = lw_form_arrange,
    .arranges = LW_FORM_KIND,
    .take = lw_form_take_own,
    .title = entry_title,
    .named = lw_form_entry_named,
};
