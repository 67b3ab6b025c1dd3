/* One kind of entry, built from pairs of key and value. Every value is judged here. */
#include "forms.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMNS 40
#define TEXT_COLUMNS  200

const char *const lw_common_fields[] = {"when",   "when_text",       "extent",   "place", "hedge",
                                        "people", "narrative",       "source",   "quote", "locator",
                                        "via",    "confidentiality", "incident", NULL};

const char *const lw_question_type_words[] = {
#define TYPE_WORD(name, word) word,
    LW_QUESTION_TYPES(TYPE_WORD)
#undef TYPE_WORD
};

const char *const lw_kind_list_words[] = {
#define LIST_WORD(name, word) word,
    LW_KIND_LISTS(LIST_WORD)
#undef LIST_WORD
};

static const char *const item_kinds[] = {"seized",   "destroyed", "damaged",
                                         "returned", "lost",      "found"};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory");
}

/* ---- names ---- */

static bool is_name(const char *text, size_t len)
{
    if (len == 0 || len >= LW_KIND_NAME || text[0] < 'a' || text[0] > 'z')
        return false;
    for (size_t i = 0; i < len; i++) {
        bool letter = text[i] >= 'a' && text[i] <= 'z';
        bool digit = text[i] >= '0' && text[i] <= '9';

        if (!letter && !digit && text[i] != '_')
            return false;
    }
    return true;
}

enum lw_status lw_kind_new(const char *name, size_t len, struct lw_kind **out, struct lw_error *err)
{
    struct lw_kind *kind;

    if (!is_name(name, len))
        return lw_fail(err, LW_BAD_DATA,
                       "the name of a kind begins with a small Latin letter and has at most 31 of "
                       "a-z, 0-9 and _");
    kind = calloc(1, sizeof *kind);
    if (kind == NULL)
        return no_memory(err);
    memcpy(kind->name, name, len);
    *out = kind;
    return LW_OK;
}

static void free_label(struct lw_label *label)
{
    for (int language = 0; language < LW_LANGUAGES; language++)
        lw_text_free(label->in[language]);
}

static void free_question(struct lw_question *question)
{
    lw_text_free(question->key);
    free_label(&question->label);
    free_label(&question->hint);
    for (int language = 0; language < LW_LANGUAGES; language++) {
        for (size_t i = 0; i < question->choice_count[language]; i++)
            lw_text_free(question->choice[language][i]);
    }
}

void lw_kind_free(struct lw_kind *kind)
{
    if (kind == NULL)
        return;
    free_label(&kind->label);
    for (size_t i = 0; i < kind->word_count; i++)
        lw_text_free(kind->word[i]);
    lw_text_free(kind->huridocs);
    for (size_t i = 0; i < kind->question_count; i++)
        free_question(&kind->question[i]);
    for (size_t i = 0; i < LW_KIND_CHECKS; i++)
        free_label(&kind->check[i]);
    free(kind);
}

const struct lw_question *lw_kind_question(const struct lw_kind *kind, const char *key)
{
    for (size_t i = 0; i < kind->question_count; i++) {
        if (strcmp(kind->question[i].key, key) == 0)
            return &kind->question[i];
    }
    return NULL;
}

enum lw_status lw_kind_ask(struct lw_kind *kind, const char *key, size_t len, size_t *at,
                           struct lw_error *err)
{
    struct lw_question *question = &kind->question[kind->question_count];
    char *copy;

    if (!is_name(key, len))
        return lw_fail(err, LW_BAD_DATA,
                       "the name of a field begins with a small Latin letter and has at most 31 "
                       "of a-z, 0-9 and _");
    if (kind->question_count == LW_KIND_ASKS)
        return lw_fail(err, LW_BAD_DATA, "a kind has at most %d fields of its own", LW_KIND_ASKS);
    copy = lw_text_copy(key, len);
    if (copy == NULL)
        return no_memory(err);
    if (lw_kind_question(kind, copy) != NULL) {
        lw_text_free(copy);
        return lw_fail(err, LW_BAD_DATA, "this field stands twice; the first one counts");
    }
    *question = (struct lw_question){.key = copy, .type = LW_QUESTION_TYPE_COUNT};
    *at = kind->question_count++;
    return LW_OK;
}

void lw_kind_drop(struct lw_kind *kind, size_t at)
{
    free_question(&kind->question[at]);
    kind->question_count--;
    memmove(&kind->question[at], &kind->question[at + 1],
            (kind->question_count - at) * sizeof kind->question[0]);
}

/* ---- values ---- */

/* Characters without width and marks alone: no list shows it, and nobody can type it. */
static enum lw_status check_visible(const char *value, size_t len, struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(value, len, &folded);

    if (status != LW_OK)
        status = no_memory(err);
    else if (folded.len == 0)
        status = lw_fail(err, LW_BAD_DATA, "it holds nothing that can be seen");
    lw_buf_free(&folded);
    return status;
}

static enum lw_status check_text(const char *value, size_t columns, struct lw_error *err)
{
    size_t len = strlen(value);

    if (len == 0)
        return lw_fail(err, LW_BAD_DATA, "the value is missing");
    if (!lw_utf8_valid(value, len, NULL))
        return lw_fail(err, LW_BAD_DATA, "the value is not UTF-8 text");
    for (size_t at = 0, used; at < len; at += used) {
        uint32_t codepoint;

        used = lw_utf8_next(value + at, len - at, &codepoint);
        if (lw_text_is_unprintable(codepoint))
            return lw_fail(err, LW_BAD_DATA,
                           "the value holds a control or direction character; remove it");
    }
    if (value[0] == ' ' || value[len - 1] == ' ')
        return lw_fail(err, LW_BAD_DATA, "a value cannot begin or end with a blank");
    if (len > LW_KIND_VALUE || lw_utf8_columns(value, len) > columns)
        return lw_fail(err, LW_BAD_DATA, "the value is longer than %zu columns", columns);
    return check_visible(value, len, err);
}

static enum lw_status twice(struct lw_error *err)
{
    return lw_fail(err, LW_BAD_DATA, "this key stands twice; the first one counts");
}

static enum lw_status set_label(struct lw_label *label, enum lw_language language,
                                const char *value, size_t columns, struct lw_error *err)
{
    enum lw_status status = check_text(value, columns, err);

    if (status != LW_OK)
        return status;
    if (label->in[language] != NULL)
        return twice(err);
    label->in[language] = lw_text_copy(value, strlen(value));
    return label->in[language] != NULL ? LW_OK : no_memory(err);
}

/* "label" and "label.ru": which language the key is in. False where it is another key. */
static bool is_key(const char *key, const char *name, enum lw_language *language)
{
    size_t len = strlen(name);

    if (strncmp(key, name, len) != 0)
        return false;
    *language = strcmp(key + len, ".ru") == 0 ? LW_RUSSIAN : LW_ENGLISH;
    return key[len] == '\0' || *language == LW_RUSSIAN;
}

/* "check.3", "check.3.ru": the number, from 0. */
static bool is_check(const char *key, size_t *number, enum lw_language *language)
{
    static const char name[] = "check.";
    const char *digits = key + strlen(name);
    size_t len;
    uint64_t found;

    if (strncmp(key, name, strlen(name)) != 0)
        return false;
    len = strspn(digits, "0123456789");
    if (digits[0] == '0' || !lw_parse_u64(digits, len, LW_KIND_CHECKS, &found) || found == 0)
        return false;
    *number = (size_t)found - 1;
    *language = strcmp(digits + len, ".ru") == 0 ? LW_RUSSIAN : LW_ENGLISH;
    return digits[len] == '\0' || *language == LW_RUSSIAN;
}

/* The next piece between commas; false at the end. Blanks around it do not count. */
static bool next_piece(const char **at, const char **piece, size_t *len)
{
    const char *end;

    if (*at == NULL)
        return false;
    end = strchr(*at, ',');
    *piece = *at + strspn(*at, " ");
    *len = end != NULL ? (size_t)(end - *piece) : strlen(*piece);
    if (end != NULL && end < *piece)
        *len = 0;
    while (*len > 0 && (*piece)[*len - 1] == ' ')
        (*len)--;
    *at = end != NULL ? end + 1 : NULL;
    return true;
}

static enum lw_status add_piece(char **list, size_t *count, size_t most, const char *piece,
                                size_t len, struct lw_error *err)
{
    enum lw_status status;

    if (len == 0)
        return lw_fail(err, LW_BAD_DATA, "nothing stands between two commas, or at an end");
    if (*count == most)
        return lw_fail(err, LW_BAD_DATA, "the list has more than %zu words", most);
    status = check_visible(piece, len, err);
    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < *count; i++) {
        if (lw_words_equal(piece, len, list[i]))
            return lw_fail(err, LW_BAD_DATA, "\"%.*s\" stands twice in the list", (int)len, piece);
    }
    list[*count] = lw_text_copy(piece, len);
    if (list[*count] == NULL)
        return no_memory(err);
    (*count)++;
    return LW_OK;
}

static enum lw_status take_list(char **list, size_t *count, size_t most, const char *value,
                                struct lw_error *err)
{
    const char *at = value;
    const char *piece;
    size_t len;
    enum lw_status status;

    if (*count > 0)
        return twice(err);
    status = check_text(value, LW_KIND_VALUE, err);
    while (status == LW_OK && next_piece(&at, &piece, &len))
        status = add_piece(list, count, most, piece, len, err);
    if (status != LW_OK) { /* all of it or nothing */
        while (*count > 0)
            lw_text_free(list[--*count]);
    }
    return status;
}

/* What can always be answered, so that it cannot be a choice of its own. */
static const char *reserved_word(char *const *list, size_t count)
{
    static const char *const reserved[] = {"unknown", "неизвестно", "?"};

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < LW_COUNT_OF(reserved); k++) {
            if (lw_words_equal(list[i], strlen(list[i]), reserved[k]))
                return reserved[k];
        }
    }
    return NULL;
}

static enum lw_status take_choices(struct lw_question *question, enum lw_language language,
                                   const char *value, struct lw_error *err)
{
    char **list = question->choice[language];
    size_t *count = &question->choice_count[language];
    bool is_set = *count > 0;
    const char *word;
    enum lw_status status = take_list(list, count, LW_KIND_CHOICES, value, err);

    if (is_set || status != LW_OK)
        return status;
    word = reserved_word(list, *count);
    if (word == NULL)
        return LW_OK;
    while (*count > 0)
        lw_text_free(list[--*count]);
    return lw_fail(err, LW_BAD_DATA, "\"%s\" can always be answered; leave it out", word);
}

static enum lw_status take_first(struct lw_kind *kind, const char *value, struct lw_error *err)
{
    const char *at = value;
    const char *piece;
    size_t len, count = 0;
    size_t first[LW_COUNT_OF(kind->first)];

    if (kind->first_count > 0)
        return twice(err);
    while (next_piece(&at, &piece, &len)) {
        size_t field = 0;

        while (lw_common_fields[field] != NULL &&
               (strlen(lw_common_fields[field]) != len ||
                memcmp(lw_common_fields[field], piece, len) != 0))
            field++;
        if (lw_common_fields[field] == NULL)
            return lw_fail(err, LW_BAD_DATA,
                           "\"%.*s\" is no common field; these are: when, when_text, extent, "
                           "place, hedge, people, narrative, source, quote, locator, via, "
                           "confidentiality, incident",
                           (int)lw_utf8_fit(piece, len, 30), piece);
        for (size_t i = 0; i < count; i++) {
            if (first[i] == field)
                return lw_fail(err, LW_BAD_DATA, "\"%s\" stands twice in the list",
                               lw_common_fields[field]);
        }
        first[count++] = field;
    }
    memcpy(kind->first, first, count * sizeof first[0]);
    kind->first_count = count;
    return LW_OK;
}

/* One of the lists, or LW_KIND_LIST_COUNT. */
static int list_of(const char *piece, size_t len)
{
    int list = 0;

    while (list < LW_KIND_LIST_COUNT && (strlen(lw_kind_list_words[list]) != len ||
                                         memcmp(lw_kind_list_words[list], piece, len) != 0))
        list++;
    return list;
}

static enum lw_status take_lists(struct lw_kind *kind, const char *value, struct lw_error *err)
{
    const char *at = value;
    const char *piece;
    size_t len;
    unsigned lists = 0;
    bool none = strcmp(value, "none") == 0;

    if (kind->states_lists)
        return twice(err);
    while (!none && next_piece(&at, &piece, &len)) {
        int list = list_of(piece, len);

        if (list == LW_KIND_LIST_COUNT)
            return lw_fail(
                err, LW_BAD_DATA,
                "lists must be threats, interventions, detentions or searches, several "
                "with commas between them, or none; items that a form names are in their "
                "lists whatever the kind");
        if ((lists & 1u << list) != 0)
            return lw_fail(err, LW_BAD_DATA, "\"%s\" stands twice in the list",
                           lw_kind_list_words[list]);
        lists |= 1u << list;
    }
    kind->lists = lists;
    kind->states_lists = true;
    return LW_OK;
}

/* "4 03 01 02": the number of a micro-thesaurus, then the pairs of its code. */
static enum lw_status take_huridocs(struct lw_kind *kind, const char *value, struct lw_error *err)
{
    size_t len = strspn(value, "0123456789");
    size_t pairs = 0;
    bool good = len > 0 && len <= 2 && value[0] != '0';

    for (const char *at = value + len; good && at[0] != '\0'; at += 3, pairs++)
        good = at[0] == ' ' && strspn(at + 1, "0123456789") == 2;
    if (!good || pairs == 0 || pairs > 6)
        return lw_fail(err, LW_BAD_DATA,
                       "a HURIDOCS code is the number of its micro-thesaurus and then pairs of "
                       "digits, such as 4 03 01 02");
    if (kind->huridocs != NULL)
        return twice(err);
    kind->huridocs = lw_text_copy(value, strlen(value));
    return kind->huridocs != NULL ? LW_OK : no_memory(err);
}

static enum lw_status take_type(struct lw_question *question, const char *value,
                                struct lw_error *err)
{
    for (int type = 0; type < LW_QUESTION_TYPE_COUNT; type++) {
        if (strcmp(lw_question_type_words[type], value) != 0)
            continue;
        if (question->type != LW_QUESTION_TYPE_COUNT)
            return twice(err);
        question->type = (enum lw_question_type)type;
        return LW_OK;
    }
    return lw_fail(err, LW_BAD_DATA,
                   "type must be text, long-text, count, yes-no, date, choice, party, place or "
                   "items");
}

static enum lw_status take_many(struct lw_question *question, const char *value,
                                struct lw_error *err)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return lw_fail(err, LW_BAD_DATA, "many must be yes or no");
    if (question->many_set)
        return twice(err);
    question->many = yes;
    question->many_set = true;
    return LW_OK;
}

static enum lw_status take_item(struct lw_question *question, const char *value,
                                struct lw_error *err)
{
    for (size_t i = 0; i < LW_COUNT_OF(item_kinds); i++) {
        if (strcmp(item_kinds[i], value) != 0)
            continue;
        if (question->item != NULL)
            return twice(err);
        question->item = item_kinds[i];
        return LW_OK;
    }
    return lw_fail(err, LW_BAD_DATA,
                   "item must be seized, destroyed, damaged, returned, lost or found");
}

static enum lw_status take_for_kind(struct lw_kind *kind, const char *key, const char *value,
                                    struct lw_error *err)
{
    enum lw_language language;
    size_t number;

    if (is_key(key, "label", &language))
        return set_label(&kind->label, language, value, LABEL_COLUMNS, err);
    if (is_check(key, &number, &language))
        return set_label(&kind->check[number], language, value, TEXT_COLUMNS, err);
    if (strcmp(key, "words") == 0)
        return take_list(kind->word, &kind->word_count, LW_KIND_WORDS, value, err);
    if (strcmp(key, "huridocs") == 0)
        return take_huridocs(kind, value, err);
    if (strcmp(key, "first") == 0)
        return take_first(kind, value, err);
    if (strcmp(key, "lists") == 0)
        return take_lists(kind, value, err);
    return lw_fail(err, LW_BAD_DATA,
                   "this key is not known; a kind has label, words, huridocs, lists, first, and "
                   "check.1 to check.%d",
                   LW_KIND_CHECKS);
}

static enum lw_status take_for_question(struct lw_question *question, const char *key,
                                        const char *value, struct lw_error *err)
{
    enum lw_language language;

    if (is_key(key, "label", &language))
        return set_label(&question->label, language, value, LABEL_COLUMNS, err);
    if (is_key(key, "hint", &language))
        return set_label(&question->hint, language, value, TEXT_COLUMNS, err);
    if (is_key(key, "choices", &language))
        return take_choices(question, language, value, err);
    if (strcmp(key, "type") == 0)
        return take_type(question, value, err);
    if (strcmp(key, "many") == 0)
        return take_many(question, value, err);
    if (strcmp(key, "item") == 0)
        return take_item(question, value, err);
    return lw_fail(err, LW_BAD_DATA,
                   "this key is not known; a field has label, hint, type, many, choices and item");
}

enum lw_status lw_kind_take(struct lw_kind *kind, size_t question, const char *key,
                            const char *value, struct lw_error *err)
{
    if (question == LW_KIND_ITSELF)
        return take_for_kind(kind, key, value, err);
    return take_for_question(&kind->question[question], key, value, err);
}

/* ---- the whole ---- */

static enum lw_status check_choices(const struct lw_question *question, struct lw_error *err)
{
    size_t count = question->choice_count[LW_ENGLISH];

    if (question->type != LW_QUESTION_CHOICE) {
        if (count + question->choice_count[LW_RUSSIAN] > 0)
            return lw_fail(err, LW_BAD_DATA, "choices belong to type = choice only");
        return LW_OK;
    }
    if (count < 2)
        return lw_fail(err, LW_BAD_DATA, "type = choice needs at least two choices");
    if (question->choice_count[LW_RUSSIAN] > 0 && question->choice_count[LW_RUSSIAN] != count)
        return lw_fail(err, LW_BAD_DATA, "choices has %zu words and choices.ru has %zu", count,
                       question->choice_count[LW_RUSSIAN]);
    return LW_OK;
}

static enum lw_status check_question(const struct lw_question *question, struct lw_error *err)
{
    bool items = question->type == LW_QUESTION_ITEMS;

    if (question->type == LW_QUESTION_TYPE_COUNT)
        return lw_fail(err, LW_BAD_DATA, "a field needs a type");
    if (question->label.in[LW_ENGLISH] == NULL)
        return lw_fail(err, LW_BAD_DATA, "a field needs a label");
    if (items != (question->item != NULL))
        return lw_fail(err, LW_BAD_DATA,
                       items ? "type = items needs item, such as item = seized"
                             : "item belongs to type = items only");
    if (question->many &&
        (items || question->type == LW_QUESTION_LONG || question->type == LW_QUESTION_YES_NO))
        return lw_fail(err, LW_BAD_DATA, "many = yes is not for items, long-text and yes-no");
    return check_choices(question, err);
}

/* Numbers may have gaps in the file. What is left without its first language is taken out. */
static enum lw_status close_checks(struct lw_kind *kind, struct lw_error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < LW_KIND_CHECKS; i++) {
        if (kind->check[i].in[LW_ENGLISH] != NULL || kind->check[i].in[LW_RUSSIAN] == NULL)
            continue;
        free_label(&kind->check[i]);
        kind->check[i] = (struct lw_label){{NULL}};
        return lw_fail(err, LW_BAD_DATA, "check.%zu.ru stands without check.%zu", i + 1, i + 1);
    }
    for (size_t i = 0; i < LW_KIND_CHECKS; i++) {
        struct lw_label label = kind->check[i];

        if (label.in[LW_ENGLISH] == NULL)
            continue;
        kind->check[i] = (struct lw_label){{NULL}};
        kind->check[count++] = label;
    }
    kind->check_count = count;
    return LW_OK;
}

enum lw_status lw_kind_finish(struct lw_kind *kind, size_t *question, struct lw_error *err)
{
    for (size_t i = 0; i < kind->question_count; i++) {
        enum lw_status status = check_question(&kind->question[i], err);

        *question = i;
        if (status != LW_OK)
            return status;
    }
    *question = LW_KIND_ITSELF;
    if (kind->label.in[LW_ENGLISH] == NULL)
        return lw_fail(err, LW_BAD_DATA, "a kind needs a label");
    return close_checks(kind, err);
}
