/* The questions of a kind as fields of the form: which are shown, in which order, and as what. */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN LW_RECORD_TYPE_COUNT

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "no memory for the fields of this kind");
}

void lw_form_own_clear(struct lw_form_own *own)
{
    for (size_t i = 0; i < own->answer_count; i++)
        lw_buf_free(&own->answer[i].line);
    free(own->answer);
    lw_text_free(own->key);
    lw_buf_free(&own->draft_key);
    *own = (struct lw_form_own){.key = NULL};
}

/* ---- what a question is as a field ---- */

static const char *hint_of(const struct lw_question *question)
{
    static const char *const hints[] = {
        [LW_QUESTION_TEXT] = "",
        [LW_QUESTION_LONG] = "",
        [LW_QUESTION_COUNT] = "4, 2-4, at least 2, 2+ \"laptop computers\", or words alone",
        [LW_QUESTION_YES_NO] = "yes, no or unknown; what there is to add behind a comma",
        [LW_QUESTION_DATE] = "13 dec 2014 evening, 4-16 dec 2014, or unknown",
        [LW_QUESTION_CHOICE] = "what there is to add stands behind a comma",
        [LW_QUESTION_PARTY] = "a person or group by any name; a new name makes a new one",
        [LW_QUESTION_PLACE] = "a place by any name; a new name makes a new place",
        [LW_QUESTION_ITEMS] = "one a line: cameras; 4; owner: JMG; receipt: no",
    };

    return hints[question->type];
}

static bool wants_lines(const struct lw_question *question)
{
    return question->many || question->type == LW_QUESTION_LONG ||
           question->type == LW_QUESTION_ITEMS;
}

static enum lw_record_type named_of(const struct lw_question *question)
{
    switch (question->type) {
    case LW_QUESTION_PARTY:
        return LW_RECORD_PARTY;
    case LW_QUESTION_PLACE:
        return LW_RECORD_PLACE;
    default:
        return PLAIN;
    }
}

static void make_info(const struct lw_forms *forms, struct lw_form_own *own)
{
    const struct lw_question *question = own->question;
    const char *hint;

    own->info.key = lw_buf_text(&own->draft_key);
    own->info.record = PLAIN;
    if (question == NULL) {
        own->info.label = own->key;
        own->info.hint = "";
        own->info.named = PLAIN;
        return;
    }
    hint = lw_label_say(forms, &question->hint);
    own->info.label = lw_label_say(forms, &question->label);
    own->info.hint = hint != NULL ? hint : hint_of(question);
    own->info.named = named_of(question);
}

/* The field becomes one of several lines, with the text that it has. One that has become so stays:
 * a text is never pressed into one line. */
static enum lw_status make_lines(struct lw_form_field *field, size_t limit, struct lw_error *err)
{
    const struct lw_buf *text = &field->text.editor.text;
    struct lw_text_field lines;
    enum lw_status status;

    lw_field_init(&lines, limit, lw_form_complete, field);
    lw_editor_init(&lines.editor, limit, false);
    status = lw_editor_set_text(&lines.editor, lw_buf_text(text), text->len, err);
    if (status != LW_OK) {
        lw_field_clear(&lines);
        return status;
    }
    lw_editor_set_cursor(&lines.editor, field->text.editor.cursor);
    lw_field_clear(&field->text);
    field->text = lines;
    return LW_OK;
}

static enum lw_status set_question(struct lw_form *form, enum lw_form_field_id id,
                                   const struct lw_question *question, struct lw_error *err)
{
    struct lw_form_own *own = &form->own[id - LW_FORM_FIELDS];
    bool lines = own->info.lines || wants_lines(question);
    bool grows = lines && !own->info.lines;

    size_t limit = question->type == LW_QUESTION_LONG ? LW_FORM_TEXT : LW_FORM_PEOPLE;
    enum lw_status status = grows ? make_lines(&form->field[id], limit, err) : LW_OK;

    if (status != LW_OK)
        return status;
    own->question = question;
    make_info(lw_journal_forms(form->journal), own);
    if (lines)
        own->info.limit = limit;
    own->info.lines = lines;
    return LW_OK;
}

/* ---- places ---- */

static bool is_empty(const struct lw_form *form, enum lw_form_field_id id)
{
    return !lw_form_filled(form, id) && form->field[id].base.len == 0 &&
           lw_form_own_of(form, id)->answer_count == 0;
}

/* A free place, else one whose question nobody asks and nobody answered. */
static enum lw_form_field_id find_room(struct lw_form *form)
{
    for (int id = LW_FORM_FIELDS; id < LW_FORM_ALL; id++) {
        if (!lw_form_has(form, id))
            return (enum lw_form_field_id)id;
    }
    for (int id = LW_FORM_FIELDS; id < LW_FORM_ALL; id++) {
        struct lw_form_own *own = &form->own[id - LW_FORM_FIELDS];

        if (own->asked || !is_empty(form, (enum lw_form_field_id)id))
            continue;
        lw_field_clear(&form->field[id].text);
        lw_buf_free(&form->field[id].base);
        lw_form_own_clear(own);
        form->field[id].info = NULL;
        return (enum lw_form_field_id)id;
    }
    return LW_FORM_NONE;
}

static enum lw_form_field_id find_key(const struct lw_form *form, const char *key, size_t len)
{
    for (int id = LW_FORM_FIELDS; id < LW_FORM_ALL; id++) {
        const char *own = form->own[id - LW_FORM_FIELDS].key;

        if (own != NULL && strlen(own) == len && memcmp(own, key, len) == 0)
            return (enum lw_form_field_id)id;
    }
    return LW_FORM_NONE;
}

enum lw_status lw_form_own_field(struct lw_form *form, const char *key, size_t len,
                                 enum lw_form_field_id *id, struct lw_error *err)
{
    struct lw_form_own *own;

    *id = find_key(form, key, len);
    if (*id != LW_FORM_NONE || (*id = find_room(form)) == LW_FORM_NONE)
        return LW_OK;
    own = &form->own[*id - LW_FORM_FIELDS];
    own->key = lw_text_copy(key, len);
    if (own->key == NULL || lw_buf_addf(&own->draft_key, LW_FORM_OWN_KEY "%s", own->key) != LW_OK) {
        lw_form_own_clear(own);
        return no_memory(err);
    }
    own->info.limit = LW_FORM_LINE;
    make_info(lw_journal_forms(form->journal), own);
    lw_form_field_init(form, *id, &own->info);
    return LW_OK;
}

/* ---- the kind ---- */

static const struct lw_kind *chosen_kind(const struct lw_form *form)
{
    const struct lw_forms *forms = lw_journal_forms(form->journal);
    const char *name;

    if (!lw_form_filled(form, LW_FORM_KIND))
        return NULL;
    if (form->editing && !lw_form_changed(form, LW_FORM_KIND))
        name = lw_record_text(&form->record, "kind");
    else
        name = lw_form_kind_name(form);
    return name == NULL ? form->kind : lw_forms_kind(forms, name);
}

static enum lw_status ask(struct lw_form *form, const struct lw_question *question,
                          struct lw_error *err)
{
    enum lw_form_field_id id;
    enum lw_status status = lw_form_own_field(form, question->key, strlen(question->key), &id, err);

    if (status != LW_OK || id == LW_FORM_NONE)
        return status;
    form->own[id - LW_FORM_FIELDS].asked = true;
    status = set_question(form, id, question, err);
    if (status == LW_OK && question->type == LW_QUESTION_ITEMS && form->editing)
        status = lw_form_load_items(form, id, err);
    return status;
}

static enum lw_status ask_all(struct lw_form *form, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_FORM_OWN; i++)
        form->own[i].asked = false;
    for (size_t i = 0; form->kind != NULL && i < form->kind->question_count && status == LW_OK; i++)
        status = ask(form, &form->kind->question[i], err);
    return status;
}

/* ---- the order ---- */

static void put(struct lw_form *form, enum lw_form_field_id id)
{
    if (lw_form_place(form, id) == form->order_count)
        form->order[form->order_count++] = id;
}

/* Of an entry that is split, what it keeps stands below what goes. */
static void put_common(struct lw_form *form, enum lw_form_field_id id)
{
    put(form, id);
    if (id == LW_FORM_NARRATIVE && form->split != NULL)
        put(form, LW_FORM_REMAINS);
}

/* What the kind asks, then what stands there although it does not. */
static void put_own(struct lw_form *form)
{
    for (size_t i = 0; form->kind != NULL && i < form->kind->question_count; i++) {
        const char *key = form->kind->question[i].key;
        enum lw_form_field_id id = find_key(form, key, strlen(key));

        if (id != LW_FORM_NONE)
            put(form, id);
    }
    for (int id = LW_FORM_FIELDS; id < LW_FORM_ALL; id++) {
        if (lw_form_has(form, id) && !is_empty(form, (enum lw_form_field_id)id))
            put(form, (enum lw_form_field_id)id);
    }
}

static enum lw_form_field_id common_field(size_t at)
{
    int id = 0;

    while (strcmp(lw_form_infos[id].key, lw_common_fields[at]) != 0)
        id++;
    return (enum lw_form_field_id)id;
}

enum lw_status lw_form_arrange(struct lw_form *form, struct lw_error *err)
{
    size_t first;
    enum lw_status status;

    form->kind = chosen_kind(form);
    first = form->kind != NULL ? form->kind->first_count : 0;
    status = ask_all(form, err);
    form->order_count = 0;
    put(form, LW_FORM_TITLE);
    if (form->split != NULL)
        put(form, LW_FORM_WHY);
    put(form, LW_FORM_KIND);
    for (size_t i = 0; i < first; i++)
        put_common(form, common_field(form->kind->first[i]));
    if (first > 0)
        put_own(form);
    for (int id = 0; id < LW_FORM_WHY; id++)
        put_common(form, (enum lw_form_field_id)id);
    put_own(form);
    if (form->sealed)
        put(form, LW_FORM_WHY);
    return status;
}

bool lw_form_next_answer(const struct lw_form_field *field, size_t *at, const char **line,
                         size_t *len)
{
    const struct lw_buf *text = &field->text.editor.text;
    const struct lw_question *question = lw_form_own_of(field->form, field->id)->question;
    bool whole = question != NULL && question->type == LW_QUESTION_LONG;

    while (*at < text->len) {
        const char *start = text->data + *at;
        const char *end = whole ? NULL : memchr(start, '\n', text->len - *at);

        *line = start;
        *len = end != NULL ? (size_t)(end - start) : text->len - *at;
        *at += *len + (end != NULL);
        if (strspn(*line, " \t\n") < *len)
            return true;
    }
    return false;
}
