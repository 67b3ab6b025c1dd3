/* The words of the filter language, in English and Russian. */
#include "filter_tree.h"

#include <string.h>

static const struct filter_word keys[] = {
    {{"kind", "вид"}, VALUE_KIND},
    {{"person", "человек"}, VALUE_PARTY},
    {{"place", "место"}, VALUE_PLACE},
    {{"source", "источник"}, VALUE_SOURCE},
    {{"incident", "дело"}, VALUE_INCIDENT},
    {{"name", "имя"}, VALUE_NAME},
    {{"ref", "номер"}, VALUE_REF},
    {{"status", "статус"}, VALUE_STATUS},
    {{"confidentiality", "доступ"}, VALUE_CONFIDENTIALITY},
    {{"since", "с"}, VALUE_SINCE},
    {{"until", "до"}, VALUE_UNTIL},
    {{"when", "когда"}, VALUE_WHEN},
    {{"hedge", "оговорка"}, VALUE_HEDGE},
    {{"item", "предмет"}, VALUE_ITEM},
    {{"has", "есть"}, VALUE_HAS},
    {{"no", "нет"}, VALUE_NO},
    {{"is", "это"}, VALUE_IS},
};

static const struct filter_word statuses[] = {
    {{"draft", "черновик"}, TERM_DRAFT},
    {{"sealed", "закрыто"}, TERM_SEALED},
};
/* What they mean is their place among the words of the record. */
static const struct filter_word confidentialities[] = {
    {{"open", "открыто"}, 0},
    {{"internal", "внутренне"}, 1},
    {{"restricted", "ограниченно"}, 2},
};
static const struct filter_word items[] = {
    {{"seized", "изъято"}, 0},      {{"destroyed", "уничтожено"}, 1},
    {{"damaged", "повреждено"}, 2}, {{"returned", "возвращено"}, 3},
    {{"lost", "утрачено"}, 4},      {{"found", "найдено"}, 5},
};
static const struct filter_word things[] = {
    {{"account", "рассказ"}, TERM_HAS_ACCOUNT},
    {{"source", "источник"}, TERM_HAS_ACCOUNT},
    {{"contradiction", "противоречие"}, TERM_HAS_CONTRADICTION},
    {{"hedge", "оговорка"}, TERM_HAS_HEDGE},
    {{"date", "дата"}, TERM_HAS_DATE},
    {{"place", "место"}, TERM_HAS_PLACE},
    {{"kind", "вид"}, TERM_HAS_KIND},
    {{"person", "человек"}, TERM_HAS_PERSON},
    {{"item", "предмет"}, TERM_HAS_ITEM},
    {{"task", "задача"}, TERM_HAS_TASK},
    {{"link", "связь"}, TERM_HAS_LINK},
    {{"text", "текст"}, TERM_HAS_TEXT},
};
static const struct filter_word states[] = {
    {{"draft", "черновик"}, TERM_DRAFT},
    {{"sealed", "закрыто"}, TERM_SEALED},
    {{"incomplete", "неполно"}, TERM_INCOMPLETE},
    {{"overdue", "просрочено"}, TERM_OVERDUE},
};

static int find(const struct filter_word *words, size_t count, const char *text, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        for (int language = 0; language < LW_LANGUAGES; language++) {
            if (lw_words_equal(text, len, words[i].in[language]))
                return words[i].means;
        }
    }
    return -1;
}

int filter_key_find(const char *text, size_t len)
{
    return find(keys, LW_COUNT_OF(keys), text, len);
}

const struct filter_word *filter_words(enum filter_value value, size_t *count)
{
    switch (value) {
    case VALUE_STATUS:
        *count = LW_COUNT_OF(statuses);
        return statuses;
    case VALUE_CONFIDENTIALITY:
        *count = LW_COUNT_OF(confidentialities);
        return confidentialities;
    case VALUE_ITEM:
        *count = LW_COUNT_OF(items);
        return items;
    case VALUE_HAS:
    case VALUE_NO:
        *count = LW_COUNT_OF(things);
        return things;
    case VALUE_IS:
        *count = LW_COUNT_OF(states);
        return states;
    default:
        *count = 0;
        return NULL;
    }
}

int filter_word_find(enum filter_value value, const char *text, size_t len)
{
    size_t count;
    const struct filter_word *words = filter_words(value, &count);

    return find(words, count, text, len);
}

enum lw_status filter_say_words(enum filter_value value, enum lw_language language,
                                struct lw_buf *out)
{
    size_t count;
    const struct filter_word *words = filter_words(value, &count);
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < count && status == LW_OK; i++)
        status = lw_buf_addf(out, "%s%s",
                             i == 0          ? ""
                             : i + 1 < count ? ", "
                                             : _(" or "),
                             words[i].in[language]);
    return status;
}

/* ---- completion -------------------------------------------------------------------------------
 */

const char *lw_filter_key(const struct lw_forms *forms, size_t at)
{
    return at < LW_COUNT_OF(keys) ? keys[at].in[lw_forms_language(forms)] : NULL;
}

static const char *answer_at(const struct lw_forms *forms, const char *key, size_t key_len,
                             size_t at)
{
    static const char *const words[LW_LANGUAGES][3] = {{"yes", "no", "unknown"},
                                                       {"да", "нет", "неизвестно"}};
    enum lw_language language = lw_forms_language(forms);

    for (size_t i = 0; i < lw_forms_count(forms); i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        for (size_t k = 0; k < kind->question_count; k++) {
            const struct lw_question *question = &kind->question[k];

            if (!lw_words_equal(key, key_len, question->key))
                continue;
            if (question->type == LW_QUESTION_YES_NO)
                return at < 3 ? words[language][at] : NULL;
            if (question->type != LW_QUESTION_CHOICE)
                continue;
            if (question->choice_count[language] == 0)
                language = LW_ENGLISH;
            return at < question->choice_count[language] ? question->choice[language][at] : NULL;
        }
    }
    return NULL;
}

const char *lw_filter_value(const struct lw_forms *forms, const char *key, size_t key_len,
                            size_t at)
{
    int value = filter_key_find(key, key_len);
    size_t count;
    const struct filter_word *words;

    if (value < 0)
        return answer_at(forms, key, key_len, at);
    words = filter_words((enum filter_value)value, &count);
    return at < count ? words[at].in[lw_forms_language(forms)] : NULL;
}

int lw_filter_names(const char *key, size_t key_len, bool *kinds)
{
    int value = filter_key_find(key, key_len);

    *kinds = value == VALUE_KIND;
    switch (value) {
    case VALUE_PARTY:
    case VALUE_NAME:
        return LW_RECORD_PARTY;
    case VALUE_PLACE:
        return LW_RECORD_PLACE;
    case VALUE_SOURCE:
        return LW_RECORD_SOURCE;
    case VALUE_INCIDENT:
        return LW_RECORD_INCIDENT;
    default:
        return value < 0 && lw_role_find(key, key_len) != NULL ? LW_RECORD_PARTY : -1;
    }
}

/* ---- suggestions ------------------------------------------------------------------------------
 */

enum { NEAR_BYTES = 40, NEAR = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many bytes have to be changed; a letter of two bytes counts as two at most. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[NEAR_BYTES + 1];

    if (a_len > NEAR_BYTES || b_len > NEAR_BYTES)
        return NEAR_BYTES;
    for (size_t i = 0; i <= b_len; i++)
        row[i] = i;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t k = 1; k <= b_len; k++) {
            size_t above = row[k];

            row[k] = least(least(above, row[k - 1]) + 1, corner + (a[i - 1] != b[k - 1]));
            corner = above;
        }
    }
    return row[b_len];
}

struct nearest {
    const char *text;
    size_t len;
    const char *best;
    size_t best_distance;
};

static void look_at(struct nearest *nearest, const char *word)
{
    size_t far =
        word == NULL ? NEAR_BYTES : distance(nearest->text, nearest->len, word, strlen(word));

    if (far < nearest->best_distance && 2 * far <= nearest->len) {
        nearest->best = word;
        nearest->best_distance = far;
    }
}

static enum lw_status say_nearest(const struct nearest *nearest, struct lw_buf *out)
{
    return nearest->best == NULL ? LW_OK : lw_buf_sayf(out, "; did you mean %s?", nearest->best);
}

enum lw_status filter_suggest_key(const struct lw_forms *forms, const char *text, size_t len,
                                  struct lw_buf *out)
{
    struct nearest nearest = {.text = text, .len = len, .best_distance = NEAR};

    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        look_at(&nearest, keys[i].in[LW_ENGLISH]);
        look_at(&nearest, keys[i].in[LW_RUSSIAN]);
    }
    for (size_t i = 0; i < lw_forms_count(forms); i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        for (size_t k = 0; k < kind->question_count; k++)
            look_at(&nearest, kind->question[k].key);
    }
    return say_nearest(&nearest, out);
}

enum lw_status filter_suggest_kind(const struct lw_forms *forms, const char *text, size_t len,
                                   struct lw_buf *out)
{
    struct nearest nearest = {.text = text, .len = len, .best_distance = NEAR};

    for (size_t i = 0; i < lw_forms_count(forms); i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        look_at(&nearest, kind->name);
        look_at(&nearest, lw_label_say(forms, &kind->label));
    }
    return say_nearest(&nearest, out);
}
