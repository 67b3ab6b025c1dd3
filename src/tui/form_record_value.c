/* From what is typed in one field of a record's form to its value, and back. */
#include "form_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NUMBER UINT64_C(9007199254740992) /* as for every number of a record */

const struct lw_field *lw_record_field(const struct lw_form *form, enum lw_form_field_id id)
{
    enum lw_record_type type = form->record.type;
    int at = lw_field_find(type, form->field[id].info->key);

    return at < 0 ? NULL : &lw_record_infos[type].fields[at];
}

static const char *max_of(const struct lw_form *form, enum lw_form_field_id id)
{
    size_t count;

    return lw_record_asks(form->record.type, &count)[id].max;
}

bool lw_record_is_tri(const struct lw_field *field)
{
    return field->kind == LW_FIELD_WORD && strcmp(field->words[0], "yes") == 0;
}

/* Blanks around it are nobody's words. */
static const char *trimmed(const struct lw_form *form, enum lw_form_field_id id, size_t *len)
{
    const char *text = lw_form_text(form, id);

    *len = lw_form_len(form, id);
    while (!form->field[id].info->lines && *len > 0 && strchr(" \t", text[0]) != NULL) {
        text++;
        (*len)--;
    }
    while (*len > 0 && strchr(" \t\n", text[*len - 1]) != NULL)
        (*len)--;
    return text;
}

/* ---- words ---- */

/* Yes, no and unknown in the languages of the forms. */
static enum lw_status read_tri(const struct lw_form *form, const char *text, size_t len,
                               char word[16], struct lw_error *err)
{
    static const struct lw_question question = {.type = LW_QUESTION_YES_NO};
    struct lw_answer answer;
    enum lw_status status = lw_answer_read(lw_journal_forms(form->journal), &question, text, len,
                                           lw_tui_clock(form->view.tui), &answer, err);

    if (status != LW_OK)
        return status == LW_NO_MEMORY ? status : lw_fail(err, status, "yes, no or unknown");
    word[0] = '\0';
    if (answer.note == NULL && answer.text != NULL)
        snprintf(word, 16, "%s", answer.text);
    lw_answer_clear(&answer);
    return word[0] != '\0' ? LW_OK : lw_fail(err, LW_BAD_DATA, "yes, no or unknown");
}

static enum lw_status refuse_word(const struct lw_form *form, const struct lw_field *field,
                                  struct lw_error *err)
{
    struct lw_buf all = LW_BUF_INIT;
    enum lw_status status = lw_form_words_list(form, field, &all);

    if (status == LW_OK)
        status = lw_fail(err, LW_BAD_DATA, "%s", lw_buf_text(&all));
    lw_buf_free(&all);
    return status;
}

static enum lw_status take_word(const struct lw_form *form, const struct lw_field *field,
                                const char *text, size_t len, struct lw_record *record,
                                struct lw_error *err)
{
    char tri[16];
    const char *word;
    enum lw_status status = LW_OK;

    if (lw_record_is_tri(field)) {
        status = read_tri(form, text, len, tri, err);
        return status == LW_OK ? lw_record_set_text(record, field->name, tri, strlen(tri)) : status;
    }
    word = lw_form_word_find(field, text, len);
    return word != NULL ? lw_record_set_text(record, field->name, word, strlen(word))
                        : refuse_word(form, field, err);
}

static enum lw_status take_bool(const struct lw_form *form, const struct lw_field *field,
                                const char *text, size_t len, struct lw_record *record,
                                struct lw_error *err)
{
    char tri[16];
    enum lw_status status = read_tri(form, text, len, tri, NULL);

    if (status == LW_NO_MEMORY)
        return status;
    if (status != LW_OK || strcmp(tri, "unknown") == 0)
        return lw_fail(err, LW_BAD_DATA, "yes or no, or empty where nobody said so");
    return lw_record_set_number(record, field->name, strcmp(tri, "yes") == 0);
}

/* ---- numbers ---- */

static enum lw_status take_number(const struct lw_field *field, const char *text, size_t len,
                                  struct lw_record *record, struct lw_error *err)
{
    uint64_t number;

    if (!lw_parse_u64(text, len, MOST_NUMBER, &number))
        return lw_fail(err, LW_BAD_DATA, "a whole number");
    return lw_record_set_number(record, field->name, (int64_t)number);
}

static enum lw_status take_real(const struct lw_field *field, const char *text, size_t len,
                                struct lw_record *record, struct lw_error *err)
{
    int at = lw_field_find(record->type, field->name);
    char number[40];
    char *end;

    if (len == 0 || len >= sizeof number || strspn(text, "+-0123456789.,") < len)
        return lw_fail(err, LW_BAD_DATA, "a number such as 43.3180");
    for (size_t i = 0; i < len; i++)
        number[i] = text[i] == ',' ? '.' : text[i];
    number[len] = '\0';
    record->value[at].real = strtod(number, &end);
    if (*end != '\0')
        return lw_fail(err, LW_BAD_DATA, "a number such as 43.3180");
    record->value[at].set = true;
    return LW_OK;
}

static void set_end(struct lw_record *record, const char *field, bool has, int64_t number)
{
    struct lw_value *value = &record->value[lw_field_find(record->type, field)];

    value->set = has;
    value->number = has ? number : 0;
}

static enum lw_status take_figure(const char *min, const char *max, const char *text, size_t len,
                                  struct lw_record *record, struct lw_error *err)
{
    struct lw_figure figure = {.has_min = false};

    if (len > 0 && !lw_figure_read(text, len, &figure))
        return lw_fail(err, LW_BAD_DATA, "a figure: 4, 2-4, at least 2, at most 5");
    set_end(record, min, figure.has_min, figure.min);
    set_end(record, max, figure.has_max, figure.max);
    return LW_OK;
}

/* ---- dates ---- */

static enum lw_status read_when(const struct lw_form *form, const char *text, size_t len,
                                struct lw_when *when, struct lw_error *err)
{
    struct lw_when_typed typed;
    enum lw_status status = lw_when_read(text, len, lw_tui_clock(form->view.tui), &typed, err);

    if (status != LW_OK)
        return status;
    if (!typed.has_when || typed.relation_count > 0)
        return lw_fail(err, LW_BAD_DATA, "a date, not an order of entries");
    *when = typed.when;
    return LW_OK;
}

static enum lw_status take_when(const struct lw_form *form, const struct lw_field *field,
                                const char *text, size_t len, struct lw_record *record,
                                struct lw_error *err)
{
    struct lw_when when;
    enum lw_status status;

    if (strcmp(field->name, "due") == 0) /* it lies ahead */
        status = lw_due_read(text, len, lw_tui_clock(form->view.tui), &when, err);
    else
        status = read_when(form, text, len, &when, err);
    return status == LW_OK ? lw_record_set_text(record, field->name, when.text, strlen(when.text))
                           : status;
}

/* The first moment that is meant, at the place of the clock where no offset is said. */
static enum lw_status take_time(const struct lw_form *form, const struct lw_field *field,
                                const char *text, size_t len, struct lw_record *record,
                                struct lw_error *err)
{
    struct lw_when when = {.earliest = LW_TIME_MIN};
    int offset;
    enum lw_status status = read_when(form, text, len, &when, err);

    if (status != LW_OK)
        return status;
    if (when.earliest == LW_TIME_MIN)
        return lw_fail(err, LW_BAD_DATA, "a day, with or without a time");
    offset = when.has_offset ? when.offset_minutes
                             : lw_clock_offset(lw_tui_clock(form->view.tui), when.earliest);
    return lw_record_set_number(record, field->name, 1000 * (when.earliest - 60 * (int64_t)offset));
}

/* ---- any of them ---- */

static enum lw_status take_ref(struct lw_form *form, const struct lw_field *field, const char *text,
                               size_t len, struct lw_record *record, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool found = true;
    enum lw_status status =
        lw_record_is_named(field->ref)
            ? lw_named_put(form->journal, field->ref, text, len, id, err)
            : lw_record_find(form->journal, field->ref, text, len, id, &found, err);

    if (status != LW_OK)
        return status;
    if (!found)
        return lw_fail(err, LW_BAD_DATA, "there is no such %s", lw_form_called(field->ref));
    return lw_record_set_ref(record, field->name, id);
}

static void unset(struct lw_record *record, const struct lw_field *field)
{
    struct lw_value *value = &record->value[lw_field_find(record->type, field->name)];

    lw_text_free(value->text);
    *value = (struct lw_value){.set = false};
}

enum lw_status lw_record_take(struct lw_form *form, enum lw_form_field_id id,
                              struct lw_record *record, struct lw_error *err)
{
    const struct lw_field *field = lw_record_field(form, id);
    const char *max = max_of(form, id);
    size_t len;
    const char *text = trimmed(form, id, &len);

    if (max != NULL)
        return take_figure(field->name, max, text, len, record, err);
    if (len == 0) {
        unset(record, field);
        return LW_OK;
    }
    switch (field->kind) {
    case LW_FIELD_WORD:
        return take_word(form, field, text, len, record, err);
    case LW_FIELD_BOOL:
        return take_bool(form, field, text, len, record, err);
    case LW_FIELD_INT:
        return take_number(field, text, len, record, err);
    case LW_FIELD_REAL:
        return take_real(field, text, len, record, err);
    case LW_FIELD_WHEN:
        return take_when(form, field, text, len, record, err);
    case LW_FIELD_TIME:
        return take_time(form, field, text, len, record, err);
    case LW_FIELD_REF:
        return take_ref(form, field, text, len, record, err);
    default:
        return lw_record_set_text(record, field->name, text, len);
    }
}

/* ---- back ---- */

static enum lw_status compose_word(const struct lw_form *form, const struct lw_field *field,
                                   const char *word, struct lw_buf *out)
{
    static const struct lw_question question = {.type = LW_QUESTION_YES_NO};

    if (lw_record_is_tri(field) || field->kind == LW_FIELD_BOOL)
        return lw_buf_adds(out, lw_answer_word(lw_journal_forms(form->journal), &question, word));
    return lw_buf_adds(out, lw_form_word_say(form, field, word));
}

static enum lw_status no_memory(struct lw_error *err, enum lw_status status)
{
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to open the form");
}

enum lw_status lw_record_compose(struct lw_form *form, enum lw_form_field_id id,
                                 const struct lw_record *record, struct lw_buf *out,
                                 struct lw_error *err)
{
    const struct lw_field *field = lw_record_field(form, id);
    const struct lw_value *value = lw_record_value(record, field->name);
    const char *max = max_of(form, id);

    if (max != NULL) {
        const struct lw_figure figure = lw_figure_of(record, field->name, max);

        return no_memory(
            err, lw_figure_write(lw_forms_language(lw_journal_forms(form->journal)), &figure, out));
    }
    if (value == NULL)
        return LW_OK;
    switch (field->kind) {
    case LW_FIELD_WORD:
        return no_memory(err, compose_word(form, field, value->text, out));
    case LW_FIELD_BOOL:
        return no_memory(err, compose_word(form, field, value->number != 0 ? "yes" : "no", out));
    case LW_FIELD_INT:
    case LW_FIELD_REAL:
        return no_memory(err, lw_value_json(field, value, out));
    case LW_FIELD_TIME:
        return no_memory(err, lw_instant_say(lw_tui_clock(form->view.tui), value->number, out));
    case LW_FIELD_REF:
        return lw_record_name(form->journal, field->ref, value->bytes, out, err);
    default:
        return no_memory(err, lw_buf_adds(out, value->text != NULL ? value->text : ""));
    }
}

/* ---- what is understood ---- */

static enum lw_form_tone so(enum lw_form_tone tone, enum lw_status status)
{
    return status == LW_OK ? tone : LW_FORM_SILENT;
}

static enum lw_form_tone say_time(const struct lw_form *form, const struct lw_field *field,
                                  const struct lw_record *record, struct lw_buf *out)
{
    struct lw_when when;
    enum lw_status status;

    if (field->kind == LW_FIELD_TIME)
        return so(LW_FORM_KNOWN, lw_instant_say(lw_tui_clock(form->view.tui),
                                                lw_record_value(record, field->name)->number, out));
    status = lw_when_parse(lw_record_text(record, field->name),
                           strlen(lw_record_text(record, field->name)), &when, NULL);
    return status == LW_OK ? so(LW_FORM_KNOWN, lw_when_say(&when, out)) : LW_FORM_SILENT;
}

/* Two of one name may be two, or one that was recorded twice. */
static enum lw_form_tone say_same_name(struct lw_form *form, enum lw_form_field_id id,
                                       struct lw_buf *out)
{
    enum lw_record_type type = form->record.type;
    const char *key = form->field[id].info->key;
    uint8_t other[LW_RECORD_ID];
    bool found = false;
    size_t len;
    const char *text = trimmed(form, id, &len);

    if (!lw_record_is_named(type) || (strcmp(key, "name") != 0 && strcmp(key, "title") != 0) ||
        lw_named_find(form->journal, type, text, len, other, &found, NULL) != LW_OK || !found ||
        memcmp(other, form->record.id, LW_RECORD_ID) == 0)
        return LW_FORM_SILENT;
    return so(LW_FORM_NEW, lw_buf_sayf(out, "another %s is called that", lw_form_called(type)));
}

enum lw_form_tone lw_record_understand(struct lw_form *form, enum lw_form_field_id id,
                                       struct lw_buf *out)
{
    const struct lw_field *field = lw_record_field(form, id);
    struct lw_error err = {.status = LW_OK};
    enum lw_form_tone tone = LW_FORM_SILENT;
    struct lw_record scratch;
    enum lw_status status;

    if (field == NULL)
        return strcmp(form->field[id].info->key, "names") == 0
                   ? lw_record_understand_names(form, id, out)
                   : LW_FORM_SILENT;
    if (field->kind == LW_FIELD_REF)
        return lw_record_understand_ref(form, field, id, out);
    if (field->kind == LW_FIELD_TEXT)
        return lw_form_changed(form, id) ? say_same_name(form, id, out) : LW_FORM_SILENT;
    lw_record_init(&scratch, form->record.type);
    status = lw_record_take(form, id, &scratch, &err);
    if (status == LW_BAD_DATA)
        tone = so(LW_FORM_WRONG, lw_buf_adds(out, err.text));
    else if (status == LW_OK && (field->kind == LW_FIELD_WHEN || field->kind == LW_FIELD_TIME))
        tone = say_time(form, field, &scratch, out);
    lw_record_clear(&scratch);
    return tone;
}
