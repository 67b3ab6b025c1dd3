/* What a person answers to a question of a form: read by its type, and said again. Unknown can
 * always be answered. */
#include "internal.h"

#include <string.h>

#define MOST_COUNT UINT64_C(9007199254740992) /* as for every number of a record */

/* ---- words ---- */

static const char *const answer_words[][LW_LANGUAGES] = {
    {"yes", "да"}, {"no", "нет"}, {"unknown", "неизвестно"}};

static const char *const other_words[][2] = {
    {"y", "yes"}, {"n", "no"}, {"д", "yes"}, {"н", "no"}, {"?", "unknown"}};

/* "yes", "no", "unknown" in any language, as it is recorded; else NULL. */
static const char *find_word(const char *text, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(answer_words); i++) {
        for (int language = 0; language < LW_LANGUAGES; language++) {
            if (lw_words_equal(text, len, answer_words[i][language]))
                return answer_words[i][LW_ENGLISH];
        }
    }
    for (size_t i = 0; i < LW_COUNT_OF(other_words); i++) {
        if (lw_words_equal(text, len, other_words[i][0]))
            return other_words[i][1];
    }
    return NULL;
}

static bool is_unknown(const char *text, size_t len)
{
    const char *word = find_word(text, len);

    return word != NULL && strcmp(word, "unknown") == 0;
}

const char *lw_answer_word(const struct lw_forms *forms, const struct lw_question *question,
                           const char *text)
{
    bool words = question != NULL &&
                 (question->type == LW_QUESTION_YES_NO || question->type == LW_QUESTION_CHOICE ||
                  question->type == LW_QUESTION_COUNT || question->type == LW_QUESTION_DATE ||
                  question->type == LW_QUESTION_PARTY || question->type == LW_QUESTION_PLACE);

    for (size_t i = 0; words && i < LW_COUNT_OF(answer_words); i++) {
        if (strcmp(answer_words[i][LW_ENGLISH], text) == 0 &&
            (question->type == LW_QUESTION_YES_NO || i == 2))
            return answer_words[i][lw_forms_language(forms)];
    }
    if (question != NULL && question->type == LW_QUESTION_CHOICE)
        return lw_choice_label(forms, question, text);
    return text;
}

/* ---- figures ---- */

/* The words before a number, or between two, as they are folded. */
static const char *const least_words[] = {"at least ", "не менее "};
static const char *const most_words[] = {"at most ", "не более "};
static const char *const range_signs[] = {"..", "-", "–"};

static bool take_number(const char *text, size_t len, uint64_t *number)
{
    text_trim(&text, &len);
    return lw_parse_u64(text, len, MOST_COUNT, number);
}

static bool starts_with(const char *text, size_t len, const char *word)
{
    return len >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

static bool read_bound(const char *text, size_t len, struct lw_figure *out)
{
    uint64_t number;

    for (int i = 0; i < LW_LANGUAGES; i++) {
        size_t least = strlen(least_words[i]), most = strlen(most_words[i]);

        if (starts_with(text, len, least_words[i]) &&
            take_number(text + least, len - least, &number)) {
            *out = (struct lw_figure){.has_min = true, .min = (int64_t)number};
            return true;
        }
        if (starts_with(text, len, most_words[i]) &&
            take_number(text + most, len - most, &number)) {
            *out = (struct lw_figure){.has_max = true, .max = (int64_t)number};
            return true;
        }
    }
    if (len > 1 && text[len - 1] == '+' && take_number(text, len - 1, &number)) {
        *out = (struct lw_figure){.has_min = true, .min = (int64_t)number};
        return true;
    }
    return false;
}

static bool read_range(const char *text, size_t len, struct lw_figure *out)
{
    for (size_t i = 0; i < LW_COUNT_OF(range_signs); i++) {
        const char *sign = memmem(text, len, range_signs[i], strlen(range_signs[i]));
        uint64_t min, max;

        if (sign == NULL || !take_number(text, (size_t)(sign - text), &min))
            continue;
        sign += strlen(range_signs[i]);
        if (!take_number(sign, len - (size_t)(sign - text), &max))
            continue;
        *out = (struct lw_figure){true, true, (int64_t)min, (int64_t)max};
        return true;
    }
    return false;
}

bool lw_figure_read(const char *text, size_t len, struct lw_figure *out)
{
    uint64_t number;

    text_trim(&text, &len);
    if (take_number(text, len, &number)) {
        *out = (struct lw_figure){true, true, (int64_t)number, (int64_t)number};
        return true;
    }
    return read_bound(text, len, out) || read_range(text, len, out);
}

enum lw_status lw_figure_write(enum lw_language language, const struct lw_figure *figure,
                               struct lw_buf *out)
{
    long long min = (long long)figure->min, max = (long long)figure->max;

    if (figure->has_min && figure->has_max)
        return min == max ? lw_buf_addf(out, "%lld", min) : lw_buf_addf(out, "%lld-%lld", min, max);
    if (figure->has_min)
        return lw_buf_addf(out, "%s%lld", least_words[language], min);
    return figure->has_max ? lw_buf_addf(out, "%s%lld", most_words[language], max) : LW_OK;
}

/* ---- reading ---- */

static enum lw_status set(char **out, const char *text, size_t len, struct lw_error *err)
{
    text_trim(&text, &len);
    if (len == 0)
        return LW_OK;
    *out = lw_text_copy(text, len);
    return *out != NULL ? LW_OK : lw_fail(err, LW_NO_MEMORY, "out of memory");
}

/* A figure, a figure and words in quotation marks behind it, or words alone, which count nothing.
 */
static enum lw_status read_count(const char *text, size_t len, struct lw_answer *out,
                                 struct lw_error *err)
{
    const char *quote = memchr(text, '"', len);
    size_t head = quote != NULL ? (size_t)(quote - text) : len;
    struct lw_figure figure;

    if (is_unknown(text, len))
        return set(&out->text, "unknown", strlen("unknown"), err);
    if (!lw_figure_read(text, head, &figure) ||
        (quote != NULL && (len - head < 2 || text[len - 1] != '"')))
        return set(&out->text, text, len, err);
    if (figure.has_min && figure.has_max && figure.min > figure.max)
        return lw_fail(err, LW_BAD_DATA, "the first number is greater than the second one");
    out->figure = figure;
    return quote == NULL ? LW_OK : set(&out->text, quote + 1, len - head - 2, err);
}

/* "no, was refused": the word, and a note behind the comma. */
static enum lw_status read_word(const struct lw_question *question, const char *text, size_t len,
                                struct lw_answer *out, const char **word, struct lw_error *err)
{
    const char *comma = memchr(text, ',', len);
    size_t head = comma != NULL ? (size_t)(comma - text) : len;
    enum lw_status status = LW_OK;

    *word = find_word(text, head);
    if (question->type == LW_QUESTION_CHOICE) {
        if (*word != NULL && strcmp(*word, "unknown") != 0)
            *word = NULL;
        for (int language = 0; language < LW_LANGUAGES && *word == NULL; language++) {
            for (size_t i = 0; i < question->choice_count[language] && *word == NULL; i++) {
                if (lw_words_equal(text, head, question->choice[language][i]))
                    *word = question->choice[LW_ENGLISH][i];
            }
        }
    }
    if (*word == NULL)
        return LW_OK;
    status = set(&out->text, *word, strlen(*word), err);
    if (status == LW_OK && comma != NULL)
        status = set(&out->note, comma + 1, len - head - 1, err);
    return status;
}

static enum lw_status fail_choice(const struct lw_forms *forms, const struct lw_question *question,
                                  struct lw_error *err)
{
    struct lw_buf list = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < question->choice_count[LW_ENGLISH] && status == LW_OK; i++)
        status = lw_buf_addf(&list, "%s%s", i > 0 ? ", " : "",
                             lw_choice_label(forms, question, question->choice[LW_ENGLISH][i]));
    status = status != LW_OK ? lw_fail(err, status, "out of memory")
                             : lw_fail(err, LW_BAD_DATA,
                                       "one of %s, or unknown; what there is to add stands behind "
                                       "a comma",
                                       lw_buf_text(&list));
    lw_buf_free(&list);
    return status;
}

static enum lw_status read_one_word(const struct lw_forms *forms,
                                    const struct lw_question *question, const char *text,
                                    size_t len, struct lw_answer *out, struct lw_error *err)
{
    const char *word;
    enum lw_status status = read_word(question, text, len, out, &word, err);

    if (status != LW_OK || word != NULL)
        return status;
    if (question->type == LW_QUESTION_CHOICE)
        return fail_choice(forms, question, err);
    return lw_fail(err, LW_BAD_DATA,
                   "yes, no or unknown; what there is to add stands behind a comma");
}

static enum lw_status read_date(const char *text, size_t len, const struct lw_clock *clock,
                                struct lw_answer *out, struct lw_error *err)
{
    struct lw_when_typed typed;
    enum lw_status status;

    if (is_unknown(text, len))
        return set(&out->text, "unknown", strlen("unknown"), err);
    status = lw_when_read(text, len, clock, &typed, err);
    if (status != LW_OK)
        return status;
    if (!typed.has_when || typed.relation_count > 0)
        return lw_fail(err, LW_BAD_DATA, "a date stands here, such as 13 dec 2014, or unknown");
    return set(&out->text, typed.when.text, strlen(typed.when.text), err);
}

enum lw_status lw_answer_read(const struct lw_forms *forms, const struct lw_question *question,
                              const char *text, size_t len, const struct lw_clock *clock,
                              struct lw_answer *out, struct lw_error *err)
{
    enum lw_status status;

    *out = (struct lw_answer){.text = NULL};
    text_trim(&text, &len);
    if (len == 0)
        return LW_OK;
    switch (question->type) {
    case LW_QUESTION_COUNT:
        status = read_count(text, len, out, err);
        break;
    case LW_QUESTION_YES_NO:
    case LW_QUESTION_CHOICE:
        status = read_one_word(forms, question, text, len, out, err);
        break;
    case LW_QUESTION_DATE:
        status = read_date(text, len, clock, out, err);
        break;
    case LW_QUESTION_PARTY:
    case LW_QUESTION_PLACE:
        out->named = !is_unknown(text, len);
        status = out->named ? set(&out->text, text, len, err)
                            : set(&out->text, "unknown", strlen("unknown"), err);
        break;
    default:
        status = set(&out->text, text, len, err);
        break;
    }
    if (status != LW_OK)
        lw_answer_clear(out);
    return status;
}

void lw_answer_clear(struct lw_answer *answer)
{
    lw_text_free(answer->text);
    lw_text_free(answer->note);
    *answer = (struct lw_answer){.text = NULL};
}

/* ---- to a record and back ---- */

static enum lw_status set_number(struct lw_record *field, const char *name, bool has,
                                 int64_t number)
{
    int at = lw_field_find(LW_RECORD_FIELD, name);

    if (has)
        return lw_record_set_number(field, name, number);
    field->value[at].set = false;
    return LW_OK;
}

static enum lw_status set_text(struct lw_record *field, const char *name, const char *text)
{
    return lw_record_set_text(field, name, text, text != NULL ? strlen(text) : 0);
}

/* A note that cannot be typed with this type is left as it is, unless nothing is answered. */
static enum lw_status set_note(const struct lw_question *question, const struct lw_answer *answer,
                               struct lw_record *field)
{
    bool typed = question->type == LW_QUESTION_YES_NO || question->type == LW_QUESTION_CHOICE;
    bool empty = answer->text == NULL && !answer->figure.has_min && !answer->figure.has_max;

    return typed || empty ? set_text(field, "note", answer->note) : LW_OK;
}

enum lw_status lw_answer_put(struct lw_journal *journal, const struct lw_question *question,
                             const struct lw_answer *answer, struct lw_record *field,
                             struct lw_error *err)
{
    bool party = question->type == LW_QUESTION_PARTY;
    const char *ref = party ? "party" : "place";
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = LW_OK;

    field->value[lw_field_find(LW_RECORD_FIELD, "party")].set = false;
    field->value[lw_field_find(LW_RECORD_FIELD, "place")].set = false;
    if (answer->named) {
        status = lw_named_put(journal, party ? LW_RECORD_PARTY : LW_RECORD_PLACE, answer->text,
                              strlen(answer->text), id, err);
        if (status == LW_OK)
            status = lw_record_set_ref(field, ref, id);
    }
    if (status == LW_OK)
        status = set_text(field, "text", answer->named ? NULL : answer->text);
    if (status == LW_OK)
        status = set_number(field, "min", answer->figure.has_min, answer->figure.min);
    if (status == LW_OK)
        status = set_number(field, "max", answer->figure.has_max, answer->figure.max);
    if (status == LW_OK)
        status = set_note(question, answer, field);
    if (status != LW_OK && err != NULL && err->status == LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    return status;
}

enum lw_status lw_answer_name(struct lw_journal *journal, const struct lw_record *field,
                              struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *party = lw_record_value(field, "party");
    const struct lw_value *place = lw_record_value(field, "place");
    struct lw_record named;
    enum lw_status status;

    if (party == NULL && place == NULL)
        return LW_OK;
    status = lw_same_get(journal, party != NULL ? LW_RECORD_PARTY : LW_RECORD_PLACE,
                         party != NULL ? party->bytes : place->bytes, &named, err);
    if (status != LW_OK)
        return status;
    status = lw_shown_name(journal, &named, out, err);
    lw_record_clear(&named);
    return status;
}

struct lw_figure lw_figure_of(const struct lw_record *record, const char *min, const char *max)
{
    const struct lw_value *least = lw_record_value(record, min);
    const struct lw_value *most = lw_record_value(record, max);

    return (struct lw_figure){least != NULL, most != NULL, least != NULL ? least->number : 0,
                              most != NULL ? most->number : 0};
}

static enum lw_status compose_count(const struct lw_forms *forms, const struct lw_record *field,
                                    const char *text, struct lw_buf *out)
{
    struct lw_figure figure = lw_figure_of(field, "min", "max");
    enum lw_status status = lw_figure_write(lw_forms_language(forms), &figure, out);

    if (status != LW_OK || text == NULL)
        return status;
    if (figure.has_min || figure.has_max)
        return lw_buf_addf(out, " \"%s\"", text);
    return lw_buf_adds(out, text);
}

enum lw_status lw_answer_compose(struct lw_journal *journal, const struct lw_question *question,
                                 const struct lw_record *field, struct lw_buf *out,
                                 struct lw_error *err)
{
    const struct lw_forms *forms = lw_journal_forms(journal);
    const char *text = lw_record_text(field, "text");
    const char *note = lw_record_text(field, "note");
    bool word = question->type == LW_QUESTION_YES_NO || question->type == LW_QUESTION_CHOICE;
    size_t before = out->len;
    enum lw_status status = lw_answer_name(journal, field, out, err);

    if (status != LW_OK || out->len > before)
        return status;
    if (text != NULL)
        text = lw_answer_word(forms, question, text);
    if (question->type == LW_QUESTION_COUNT)
        status = compose_count(forms, field, text, out);
    else if (text != NULL)
        status = lw_buf_adds(out, text);
    if (status == LW_OK && word && text != NULL && note != NULL)
        status = lw_buf_addf(out, ", %s", note);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}
