/* The form of a record that is named in another form: opened on top of it, its name put there when
 * it is saved. Each of the two has a draft of its own. */
#include "form_record.h"

#include <string.h>

#define PLAIN LW_RECORD_TYPE_COUNT

/* ---- what is named at the cursor ---- */

void lw_form_named_trim(const char *text, struct lw_form_named *named)
{
    while (named->len > 0 && strchr(" \t", text[named->at]) != NULL) {
        named->at++;
        named->len--;
    }
    while (named->len > 0 && strchr(" \t", text[named->at + named->len - 1]) != NULL)
        named->len--;
}

/* The stretch between two signs that the cursor is in. */
static void cut_at_cursor(const struct lw_form *form, char sign, struct lw_form_named *named)
{
    const char *text = lw_form_text(form, form->focus);
    size_t len = lw_form_len(form, form->focus);
    size_t cursor = form->field[form->focus].text.editor.cursor;
    size_t start = cursor;
    size_t end = cursor;

    while (start > 0 && text[start - 1] != sign && text[start - 1] != '\n')
        start--;
    while (end < len && text[end] != sign && text[end] != '\n')
        end++;
    named->at = start;
    named->len = end - start;
}

/* "owner: JMG", in a line that says what was taken. */
static bool owner_named(const struct lw_form *form, struct lw_form_named *out)
{
    static const char *const labels[] = {"owner", "taken by", "владелец", "забрал"};
    const char *text = lw_form_text(form, form->focus);
    const char *colon;
    struct lw_form_named label;

    cut_at_cursor(form, ';', out);
    colon = memchr(text + out->at, ':', out->len);
    if (colon == NULL)
        return false;
    label = (struct lw_form_named){.at = out->at, .len = (size_t)(colon - text) - out->at};
    lw_form_named_trim(text, &label);
    out->type = LW_RECORD_PARTY;
    out->len -= (size_t)(colon - text) + 1 - out->at;
    out->at = (size_t)(colon - text) + 1;
    lw_form_named_trim(text, out);
    for (size_t i = 0; i < LW_COUNT_OF(labels); i++) {
        if (strlen(labels[i]) == label.len && memcmp(labels[i], text + label.at, label.len) == 0)
            return true;
    }
    return false;
}

/* The answer in the line with the cursor, without what was added to it. */
static bool answer_named(const struct lw_form *form, const struct lw_question *question,
                         struct lw_form_named *out)
{
    const char *text = lw_form_text(form, form->focus);
    struct lw_answer answer;

    cut_at_cursor(form, '\n', out);
    lw_form_named_trim(text, out);
    out->type = form->field[form->focus].info->named;
    if (out->len == 0)
        return true;
    if (lw_answer_read(lw_journal_forms(form->journal), question, text + out->at, out->len,
                       lw_tui_clock(form->view.tui), &answer, NULL) != LW_OK)
        return false;
    if (answer.named && answer.text != NULL && strlen(answer.text) <= out->len &&
        memcmp(text + out->at, answer.text, strlen(answer.text)) == 0)
        out->len = strlen(answer.text);
    lw_answer_clear(&answer);
    return true;
}

/* Which record an untouched field means. */
static void know(const struct lw_form *form, struct lw_form_named *out)
{
    const struct lw_record *record = form->focus == LW_FORM_SOURCE ? &form->account : &form->record;
    const struct lw_value *value = lw_record_value(record, form->field[form->focus].info->key);

    out->known = value != NULL && !lw_form_changed(form, form->focus);
    if (out->known)
        memcpy(out->id, value->bytes, LW_RECORD_ID);
}

bool lw_form_entry_named(const struct lw_form *form, struct lw_form_named *out)
{
    const struct lw_form_own *own = lw_form_own_of(form, form->focus);
    const struct lw_question *question = own != NULL ? own->question : NULL;

    *out = (struct lw_form_named){.type = form->field[form->focus].info->named};
    if (form->focus == LW_FORM_PEOPLE_LINES)
        return lw_form_person_named(form, out);
    if (question != NULL && question->type == LW_QUESTION_ITEMS)
        return owner_named(form, out);
    if (out->type == PLAIN)
        return false;
    if (own != NULL)
        return question != NULL && answer_named(form, question, out);
    out->len = lw_form_len(form, form->focus);
    lw_form_named_trim(lw_form_text(form, form->focus), out);
    know(form, out);
    return true;
}

/* ---- opening ---- */

static enum lw_status find(const struct lw_form *form, struct lw_form_named *named,
                           struct lw_error *err)
{
    const char *text = lw_form_text(form, form->focus) + named->at;

    if (named->known)
        return lw_same_root(form->journal, named->type, named->id, named->id, err);
    if (named->len == 0)
        return LW_OK;
    return lw_record_find(form->journal, named->type, text, named->len, named->id, &named->known,
                          err);
}

static enum lw_status open_new(struct lw_form *form, const struct lw_form_named *named,
                               struct lw_error *err)
{
    bool titled = named->type == LW_RECORD_SOURCE || named->type == LW_RECORD_INCIDENT;
    struct lw_record preset;
    enum lw_status status = LW_OK;

    lw_record_init(&preset, named->type);
    if (named->len > 0)
        status = lw_record_set_text(&preset, titled ? "title" : "name",
                                    lw_form_text(form, form->focus) + named->at, named->len);
    if (status != LW_OK)
        lw_fail(err, status, "no memory to open the form");
    else
        status = lw_record_form_show(form->view.tui, named->type, NULL, &preset, err);
    lw_record_clear(&preset);
    return status;
}

enum lw_status lw_form_open_named(struct lw_form *form, struct lw_error *err)
{
    struct lw_form_named named;
    struct lw_form *inner;
    enum lw_status status;

    if (form->ops->named == NULL || !form->ops->named(form, &named))
        return lw_fail(err, LW_REFUSED,
                       "nothing is named here: put the cursor on a person, place, source or "
                       "incident");
    status = find(form, &named, err);
    if (status != LW_OK)
        return status;
    if (named.known)
        status = lw_form_show(form->view.tui, named.type, named.id, err);
    else if (!lw_record_is_named(named.type))
        status = lw_fail(err, LW_NOT_FOUND, "there is no such %s", lw_form_called(named.type));
    else
        status = open_new(form, &named, err);
    if (status != LW_OK || lw_tui_top(form->view.tui) == &form->view)
        return status;
    inner = (struct lw_form *)lw_tui_top(form->view.tui);
    inner->outer = form;
    inner->outer_named = named;
    return LW_OK;
}

/* ---- back ---- */

/* What was loaded still stands there, under the name that it has now. */
static enum lw_status keep_known(struct lw_form *outer, const struct lw_form_named *named,
                                 bool unchanged)
{
    struct lw_form_field *field = &outer->field[outer->focus];
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < outer->party_count && outer->focus == LW_FORM_PEOPLE_LINES &&
                       outer->ops == &lw_form_entry && status == LW_OK;
         i++) {
        struct lw_form_party *party = &outer->party[i];

        if (!named->known || memcmp(party->party, named->id, LW_RECORD_ID) != 0)
            continue;
        lw_buf_clear(&party->line);
        status = lw_buf_addf(&party->line, "%s: %.*s", party->role, (int)named->len,
                             lw_form_text(outer, outer->focus) + named->at);
    }
    if (!unchanged || status != LW_OK)
        return status;
    lw_buf_clear(&field->base);
    return lw_buf_add(&field->base, lw_form_text(outer, outer->focus),
                      lw_form_len(outer, outer->focus));
}

/* The name may be another one's too, who was recorded before. */
static void warn_of_namesake(struct lw_form *outer, const struct lw_form *inner,
                             const struct lw_buf *name)
{
    uint8_t found_id[LW_RECORD_ID];
    bool found = false;
    struct lw_error err = {.status = LW_OK};

    if (lw_record_find(outer->journal, inner->record.type, lw_buf_text(name), name->len, found_id,
                       &found, NULL) != LW_OK ||
        !found || memcmp(found_id, inner->record.id, LW_RECORD_ID) == 0)
        return;
    lw_fail(&err, LW_REFUSED,
            "it is saved, but that name means another %s, recorded before: give this one a name of "
            "its own",
            lw_form_called(inner->record.type));
    lw_tui_complain(outer->view.tui, &err);
}

static enum lw_status put_name(struct lw_form *outer, const struct lw_form *inner,
                               const struct lw_buf *name, struct lw_error *err)
{
    struct lw_form_named named = inner->outer_named;
    struct lw_editor *editor = &outer->field[outer->focus].text.editor;
    bool unchanged = !lw_form_changed(outer, outer->focus);
    enum lw_status status;

    if (named.len == name->len &&
        memcmp(lw_form_text(outer, outer->focus) + named.at, name->data, name->len) == 0)
        return LW_OK;
    status = lw_editor_replace(editor, named.at, named.len, lw_buf_text(name), name->len,
                               LW_RUN_NONE, err);
    if (status != LW_OK)
        return status;
    named.len = name->len;
    status = named.known ? keep_known(outer, &named, unchanged) : LW_OK;
    lw_form_typed(outer);
    return status;
}

void lw_form_name_saved(struct lw_form *inner)
{
    struct lw_form *outer = inner->outer;
    struct lw_error err = {.status = LW_OK};
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status;

    if (outer == NULL)
        return;
    status = lw_record_name(outer->journal, inner->record.type, inner->record.id, &name, &err);
    if (status == LW_OK)
        status = put_name(outer, inner, &name, &err);
    if (status != LW_OK)
        lw_tui_complain(outer->view.tui, &err);
    else
        warn_of_namesake(outer, inner, &name);
    lw_buf_free(&name);
}
