/* The fields of the form of an entry, and what is understood of them while they are typed. */
#include "complete.h"
#include "form_record.h"

#include <string.h>

#define PLAIN LW_RECORD_TYPE_COUNT

const struct lw_form_info lw_form_infos[LW_FORM_FIELDS] = {
    [LW_FORM_TITLE] = {"title", "Title", "what happened, in one line; nothing else is demanded",
                       false, LW_FORM_LINE, LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_KIND] = {"kind", "Kind", "arson, threat, search, own measure ...", false, LW_FORM_LINE,
                      LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_WHEN] = {"when", "When",
                      "13 dec evening, ~21:20 yesterday, 4-16 dec 2014, after E09; leave it empty "
                      "where it is not known",
                      false, LW_FORM_LINE, PLAIN, PLAIN, .said = true},
    [LW_FORM_WHEN_TEXT] = {"when_text", "As worded",
                           "the source's own words for it, where they say more: later that day",
                           false, LW_FORM_LINE, LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_EXTENT] = {"extent", "Extent", "how it fills that time: throughout, within, repeated",
                        false, LW_FORM_LINE, PLAIN, PLAIN},
    [LW_FORM_PLACE] = {"place", "Place", "a place by any name; a new name makes a new place", false,
                       LW_FORM_LINE, PLAIN, LW_RECORD_PLACE},
    [LW_FORM_HEDGE] = {"hedge", "Hedge", "apparent, alleged: as far as the source goes", false,
                       LW_FORM_LINE, LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_PEOPLE_LINES] = {"people", "People", "one a line, role: name, such as victim: JMG",
                              true, LW_FORM_PEOPLE, PLAIN, LW_RECORD_PARTY},
    [LW_FORM_NARRATIVE] = {"narrative", "Narrative", "what is known, at length", true, LW_FORM_TEXT,
                           LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_SOURCE] = {"source", "Source",
                        "who says so: title, author or number; a new title "
                        "makes a new source",
                        false, LW_FORM_LINE, PLAIN, LW_RECORD_SOURCE, .group = true},
    [LW_FORM_QUOTE] = {"quote", "Quote", "the source's exact words", true, LW_FORM_TEXT,
                       LW_RECORD_ACCOUNT, PLAIN},
    [LW_FORM_LOCATOR] = {"locator", "Page", "where in the source: page 2, caption, minute 14",
                         false, LW_FORM_LINE, LW_RECORD_ACCOUNT, PLAIN},
    [LW_FORM_VIA] = {"via", "Via", "who told the source, where it was not there itself", false,
                     LW_FORM_LINE, LW_RECORD_ACCOUNT, PLAIN},
    [LW_FORM_CONFIDENTIALITY] = {"confidentiality", "Access", "open, internal or restricted", false,
                                 LW_FORM_LINE, PLAIN, PLAIN, .group = true},
    [LW_FORM_INCIDENT] = {"incident", "Incident", "the case it belongs to", false, LW_FORM_LINE,
                          PLAIN, LW_RECORD_INCIDENT},
    [LW_FORM_PARENT] = {"parent", "Part of",
                        "the entry that it is a part of, such as E13; words of it find it", false,
                        LW_FORM_LINE, PLAIN, PLAIN},
    [LW_FORM_DURATION] = {"duration_text", "Lasted",
                          "2 h, 30-90 min, at least 2 h \"several hours\", or words alone", false,
                          LW_FORM_LINE, PLAIN, PLAIN},
    [LW_FORM_NOTICED] = {"noticed", "Noticed",
                         "when it was noticed, where that is another time: 14 dec morning", false,
                         LW_FORM_LINE, PLAIN, PLAIN, .said = true},
    [LW_FORM_NOTICED_TEXT] = {"noticed_text", "Noticed as",
                              "the source's own words for that: later", false, LW_FORM_LINE,
                              LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_PLACE_TEXT] = {"place_text", "Named as",
                            "the source's own words for the place: their car", false, LW_FORM_LINE,
                            LW_RECORD_ENTRY, PLAIN},
    [LW_FORM_WHY] = {"why", "Why", "the entry is sealed: why is it changed?", false, LW_FORM_LINE,
                     PLAIN, PLAIN},
    [LW_FORM_REMAINS] = {"remains", "Remains",
                         "what the entry that is split keeps of its narrative", true, LW_FORM_TEXT,
                         PLAIN, PLAIN},
};

bool lw_form_filled(const struct lw_form *form, enum lw_form_field_id id)
{
    const char *text = lw_form_text(form, id);

    return strspn(text, " \t\n") != lw_form_len(form, id);
}

bool lw_form_changed(const struct lw_form *form, enum lw_form_field_id id)
{
    const struct lw_buf *base = &form->field[id].base;
    const struct lw_buf *text = &form->field[id].text.editor.text;

    return base->len != text->len ||
           (base->len > 0 && memcmp(base->data, text->data, base->len) != 0);
}

bool lw_form_touched(const struct lw_form *form)
{
    for (int id = 0; id < LW_FORM_ALL; id++) {
        if (lw_form_has(form, id) && lw_form_changed(form, (enum lw_form_field_id)id))
            return true;
    }
    return false;
}

bool lw_form_typed_in(const struct lw_form *form)
{
    if (lw_form_split_chosen(form))
        return true;
    for (int id = 0; id < LW_FORM_ALL; id++) {
        const struct lw_form_field *field = &form->field[id];

        if (lw_form_has(form, id) && lw_form_changed(form, (enum lw_form_field_id)id) &&
            field->text.editor.changes != field->given)
            return true;
    }
    return false;
}

size_t lw_form_place(const struct lw_form *form, enum lw_form_field_id id)
{
    size_t at = 0;

    while (at < form->order_count && form->order[at] != id)
        at++;
    return at;
}

bool lw_form_shows(const struct lw_form *form, enum lw_form_field_id id)
{
    return lw_form_place(form, id) < form->order_count;
}

void lw_form_field_init(struct lw_form *form, enum lw_form_field_id id,
                        const struct lw_form_info *info)
{
    struct lw_form_field *field = &form->field[id];

    field->form = form;
    field->id = id;
    field->info = info;
    lw_field_init(&field->text, info->limit, form->ops->complete, field);
    if (info->lines)
        lw_editor_init(&field->text.editor, info->limit, false);
}

/* ---- words ---- */

const struct lw_field *lw_form_word_field(enum lw_form_field_id id)
{
    return &lw_record_infos[LW_RECORD_ENTRY]
                .fields[lw_field_find(LW_RECORD_ENTRY, lw_form_infos[id].key)];
}

/* ---- completion ---- */

static enum lw_status complete_answer(const struct lw_forms *forms,
                                      const struct lw_question *question, const char *typed,
                                      size_t len, struct lw_field_choices *choices,
                                      struct lw_error *err)
{
    static const char *const words[] = {"yes", "no", "unknown"};
    const struct lw_complete_form form = {.before = ""};
    bool choice = question->type == LW_QUESTION_CHOICE;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < question->choice_count[LW_ENGLISH] && choice && status == LW_OK; i++)
        status = lw_complete_word(lw_choice_label(forms, question, question->choice[LW_ENGLISH][i]),
                                  typed, len, &form, choices, err);
    for (size_t i = choice ? 2 : 0; i < LW_COUNT_OF(words) && status == LW_OK; i++)
        status = lw_complete_word(lw_answer_word(forms, question, words[i]), typed, len, &form,
                                  choices, err);
    return status;
}

/* Of a question with several answers the line that the cursor is in. */
static enum lw_status complete_own(struct lw_form_field *field, const char *before, size_t len,
                                   struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form plain = {.before = ""};
    const struct lw_question *question = lw_form_own_of(field->form, field->id)->question;
    struct lw_journal *journal = field->form->journal;
    size_t start = len;

    while (start > 0 && before[start - 1] != '\n')
        start--;
    choices->from = start;
    if (question == NULL)
        return LW_OK;
    if (question->type == LW_QUESTION_CHOICE || question->type == LW_QUESTION_YES_NO)
        return complete_answer(lw_journal_forms(journal), question, before + start, len - start,
                               choices, err);
    if (field->info->named == PLAIN)
        return LW_OK;
    return lw_complete_named(journal, field->info->named, before + start, len - start, &plain,
                             choices, err);
}

static enum lw_status complete_people(struct lw_form *form, const char *before, size_t len,
                                      struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form role = {.before = ""};
    const struct lw_complete_form name = {.before = ""};
    size_t start = len;
    const char *colon;

    while (start > 0 && before[start - 1] != '\n')
        start--;
    colon = memchr(before + start, ':', len - start);
    choices->from = start;
    if (colon == NULL)
        return lw_complete_roles(lw_journal_forms(form->journal), before + start, len - start,
                                 &role, choices, err);
    start = (size_t)(colon - before) + 1;
    while (start < len && before[start] == ' ')
        start++;
    choices->from = start;
    return lw_complete_named(form->journal, LW_RECORD_PARTY, before + start, len - start, &name,
                             choices, err);
}

enum lw_status lw_form_complete(void *context, const char *before, size_t len,
                                struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form plain = {.before = ""};
    struct lw_form_field *field = context;
    const struct lw_form_info *info = field->info;

    choices->from = 0;
    if (field->id >= LW_FORM_FIELDS)
        return complete_own(field, before, len, choices, err);
    switch (field->id) {
    case LW_FORM_KIND:
        return lw_complete_kinds(lw_journal_forms(field->form->journal), before, len, true, &plain,
                                 choices, err);
    case LW_FORM_EXTENT:
    case LW_FORM_CONFIDENTIALITY:
        return lw_form_words_complete(field->form, lw_form_word_field(field->id), before, len,
                                      choices, err);
    case LW_FORM_PARENT:
        return lw_record_complete_entry(field->form->journal, before, len, choices, err);
    case LW_FORM_PEOPLE_LINES:
        return complete_people(field->form, before, len, choices, err);
    default:
        if (info->named == PLAIN)
            return LW_OK;
        return lw_complete_named(field->form->journal, info->named, before, len, &plain, choices,
                                 err);
    }
}

/* ---- what is understood ---- */

/* Out of memory is no reason to call something wrong. */
static enum lw_form_tone so(enum lw_form_tone tone, enum lw_status status)
{
    return status == LW_OK ? tone : LW_FORM_SILENT;
}

static enum lw_form_tone say_relations(struct lw_form *form, const struct lw_when_typed *typed,
                                       struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < typed->relation_count && status == LW_OK; i++) {
        const struct lw_when_relation *relation = &typed->relation[i];
        struct lw_record other;

        if (lw_record_by_ref(form->journal, LW_RECORD_ENTRY, relation->ref, &other, NULL) !=
            LW_OK) {
            lw_buf_clear(out);
            return so(LW_FORM_WRONG,
                      lw_buf_sayf(out, "there is no entry %s to put it %s", relation->ref,
                                  relation->after ? _("after") : _("before")));
        }
        status = lw_buf_addf(out, "%s%s %s %s", out->len > 0 ? ", " : "",
                             relation->after ? _("after") : _("before"), relation->ref,
                             lw_record_text(&other, "title"));
        lw_record_clear(&other);
    }
    return so(LW_FORM_KNOWN, status);
}

static enum lw_form_tone understand_when(struct lw_form *form, struct lw_buf *out)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_when_typed typed;
    enum lw_status status =
        lw_when_read(lw_form_text(form, LW_FORM_WHEN), lw_form_len(form, LW_FORM_WHEN),
                     lw_tui_clock(form->view.tui), &typed, &err);

    if (status != LW_OK)
        return so(LW_FORM_WRONG, lw_buf_adds(out, err.text));
    if (typed.has_when)
        status = lw_when_say(&typed.when, out);
    if (status != LW_OK)
        return LW_FORM_SILENT;
    return say_relations(form, &typed, out);
}

static enum lw_form_tone understand_noticed(struct lw_form *form, struct lw_buf *out)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_when_typed typed;
    enum lw_status status =
        lw_when_read(lw_form_text(form, LW_FORM_NOTICED), lw_form_len(form, LW_FORM_NOTICED),
                     lw_tui_clock(form->view.tui), &typed, &err);

    if (status != LW_OK)
        return so(LW_FORM_WRONG, lw_buf_adds(out, err.text));
    if (!typed.has_when || typed.relation_count > 0)
        return so(LW_FORM_WRONG, lw_buf_says(out, "a date, not an order of entries"));
    return so(LW_FORM_KNOWN, lw_when_say(&typed.when, out));
}

static enum lw_form_tone understand_parent(struct lw_form *form, struct lw_buf *out)
{
    uint8_t id[LW_RECORD_ID];
    struct lw_record parent;
    bool found = false;
    enum lw_status status =
        lw_record_find(form->journal, LW_RECORD_ENTRY, lw_form_text(form, LW_FORM_PARENT),
                       lw_form_len(form, LW_FORM_PARENT), id, &found, NULL);

    if (status != LW_OK)
        return LW_FORM_SILENT;
    if (!found || lw_record_get(form->journal, LW_RECORD_ENTRY, id, &parent, NULL) != LW_OK)
        return so(LW_FORM_WRONG,
                  lw_buf_says(out, "there is no such entry; its reference, such as E13"));
    status = lw_buf_adds(out, lw_record_text(&parent, "title"));
    lw_record_clear(&parent);
    return so(LW_FORM_KNOWN, status);
}

/* Without forms whatever can be a name is kept as it is: nothing that was typed is refused because
 * a file of the program is missing. */
const char *lw_form_kind_name(const struct lw_form *form)
{
    const struct lw_forms *forms = lw_journal_forms(form->journal);
    const char *text = lw_form_text(form, LW_FORM_KIND);
    size_t len = lw_form_len(form, LW_FORM_KIND);

    if (lw_forms_count(forms) > 0)
        return lw_kind_find(forms, text, len);
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len && len < LW_KIND_NAME
               ? text
               : NULL;
}

static enum lw_form_tone understand_kind(const struct lw_form *form, struct lw_buf *out)
{
    const struct lw_forms *forms = lw_journal_forms(form->journal);
    const char *kind = lw_form_kind_name(form);

    if (kind == NULL)
        return so(LW_FORM_WRONG,
                  lw_buf_says(out, "no kind is called that; choose one, or leave it empty"));
    if (lw_forms_count(forms) == 0)
        return so(LW_FORM_KNOWN,
                  lw_buf_says(out, "the kinds of entry are not there; it is kept as written"));
    if (strcmp(lw_kind_label(forms, kind), lw_form_text(form, LW_FORM_KIND)) == 0)
        return LW_FORM_SILENT;
    return so(LW_FORM_KNOWN, lw_buf_adds(out, lw_kind_label(forms, kind)));
}

static enum lw_form_tone understand_word(const struct lw_form *form, enum lw_form_field_id id,
                                         struct lw_buf *out)
{
    const struct lw_field *field = lw_form_word_field(id);

    if (lw_form_word_find(field, lw_form_text(form, id), lw_form_len(form, id)) != NULL)
        return LW_FORM_SILENT;
    return so(LW_FORM_WRONG, lw_form_words_list(form, field, out));
}

static enum lw_status say_record(struct lw_journal *journal, const struct lw_record *record,
                                 const char *typed, struct lw_buf *out)
{
    const char *ref = record->type == LW_RECORD_SOURCE ? lw_record_text(record, "ref") : NULL;
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = lw_shown_name(journal, record, &name, NULL);

    if (status == LW_OK && ref != NULL)
        status = lw_buf_addf(out, "%s  %s", ref, lw_buf_text(&name));
    else if (status == LW_OK && strcmp(lw_buf_text(&name), typed) == 0)
        status = lw_buf_sayf(out, "known %s", lw_form_called(record->type));
    else if (status == LW_OK)
        status = lw_buf_sayf(out, "known as %s", lw_buf_text(&name));
    lw_buf_free(&name);
    return status;
}

enum lw_form_tone lw_form_understand_name(struct lw_form *form, enum lw_record_type type,
                                          const char *text, size_t len, struct lw_buf *out)
{
    uint8_t id[LW_RECORD_ID];
    struct lw_record record;
    struct lw_buf typed = LW_BUF_INIT;
    bool found = false;
    enum lw_status status = lw_named_find(form->journal, type, text, len, id, &found, NULL);

    if (status == LW_OK && !found) {
        status = lw_buf_sayf(out, "new %s", lw_form_called(type));
        if (status == LW_OK)
            status = lw_complete_alike(form->journal, type, text, len, out);
        return so(LW_FORM_NEW, status);
    }
    if (status != LW_OK || lw_record_get(form->journal, type, id, &record, NULL) != LW_OK)
        return LW_FORM_SILENT;
    status = lw_buf_add(&typed, text, len);
    if (status == LW_OK)
        status = say_record(form->journal, &record, lw_buf_text(&typed), out);
    lw_buf_free(&typed);
    lw_record_clear(&record);
    return so(LW_FORM_KNOWN, status);
}

enum lw_form_tone lw_form_understand(struct lw_form *form, enum lw_form_field_id id,
                                     struct lw_buf *out)
{
    return lw_form_filled(form, id) ? form->ops->understand(form, id, out) : LW_FORM_SILENT;
}

enum lw_form_tone lw_form_understand_entry(struct lw_form *form, enum lw_form_field_id id,
                                           struct lw_buf *out)
{
    const struct lw_form_info *info = form->field[id].info;
    const char *text = lw_form_text(form, id);
    size_t len = lw_form_len(form, id);

    if (id >= LW_FORM_FIELDS)
        return lw_form_understand_own(form, id, out);
    switch (id) {
    case LW_FORM_KIND:
        return lw_form_changed(form, id) ? understand_kind(form, out) : LW_FORM_SILENT;
    case LW_FORM_WHEN:
        return understand_when(form, out);
    case LW_FORM_EXTENT:
    case LW_FORM_CONFIDENTIALITY:
        return understand_word(form, id, out);
    case LW_FORM_PARENT:
        return understand_parent(form, out);
    case LW_FORM_DURATION:
        return lw_form_understand_duration(form, out);
    case LW_FORM_NOTICED:
        return understand_noticed(form, out);
    case LW_FORM_PEOPLE_LINES:
        return lw_form_understand_people(form, out);
    default:
        if (info->named == PLAIN || !lw_form_changed(form, id))
            return LW_FORM_SILENT;
        return lw_form_understand_name(form, info->named, text, len, out);
    }
}
