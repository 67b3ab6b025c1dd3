/* One item as a line: "cameras; 4; owner: JMG; receipt: no". */
#include "internal.h"

#include <string.h>

enum part_kind { PART_TEXT, PART_WORD, PART_WHEN, PART_PARTY };

/* In the order in which they are written. */
static const struct {
    const char *label[LW_LANGUAGES];
    const char *field;
    enum part_kind kind;
} parts[] = {
    {{"as written", "как написано"}, "count_text", PART_TEXT},
    {{"class", "вид"}, "class", PART_TEXT},
    {{"features", "приметы"}, "features", PART_TEXT},
    {{"serial", "серийный номер"}, "serial", PART_TEXT},
    {{"owner", "владелец"}, "owner", PART_PARTY},
    {{"taken by", "забрал"}, "taken_by", PART_PARTY},
    {{"manner", "как забрали"}, "manner", PART_WORD},
    {{"receipt", "расписка"}, "receipt", PART_WORD},
    {{"receipt number", "номер расписки"}, "receipt_number", PART_TEXT},
    {{"value", "стоимость"}, "value", PART_TEXT},
    {{"returned", "возвращено"}, "returned", PART_WHEN},
    {{"note", "примечание"}, "note", PART_TEXT},
};

static const char *const words[][1 + LW_LANGUAGES] = {
    {"yes", "yes", "да"},
    {"no", "no", "нет"},
    {"unknown", "unknown", "неизвестно"},
    {"voluntary", "voluntary", "добровольно"},
    {"forced", "forced", "силой"},
};

enum { UNKNOWN = 2 };

/* ---- reading ---- */

static bool is_unknown(const char *text, size_t len)
{
    for (int language = 0; language < LW_LANGUAGES; language++) {
        if (lw_words_equal(text, len, words[UNKNOWN][1 + language]))
            return true;
    }
    return false;
}

static int find_part(const char *text, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(parts); i++) {
        for (int language = 0; language < LW_LANGUAGES; language++) {
            if (lw_words_equal(text, len, parts[i].label[language]))
                return (int)i;
        }
    }
    return -1;
}

/* What is wrong stands first: the list of what would be right is longer than a narrow screen. */
static enum lw_status fail_part(const char *text, size_t len, struct lw_error *err)
{
    struct lw_buf list = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(parts) && status == LW_OK; i++)
        status = lw_buf_addf(&list, "%s%s:", i > 0 ? ", " : "", parts[i].label[LW_ENGLISH]);
    status = status != LW_OK
                 ? lw_fail(err, status, "out of memory")
                 : lw_fail(err, LW_BAD_DATA,
                           "\"%.*s\" is not understood: behind a semicolon stands how many, or one "
                           "of %s",
                           (int)lw_utf8_fit(text, len, 40), text, lw_buf_text(&list));
    lw_buf_free(&list);
    return status;
}

static enum lw_status take_word(const char *field, const char *text, size_t len,
                                struct lw_record *item, struct lw_error *err)
{
    bool manner = strcmp(field, "manner") == 0;

    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        bool fits = i == UNKNOWN || (i > UNKNOWN) == manner;

        for (int language = 1; language <= LW_LANGUAGES && fits; language++) {
            if (lw_words_equal(text, len, words[i][language]))
                return lw_record_set_text(item, field, words[i][0], strlen(words[i][0]));
        }
    }
    return lw_fail(err, LW_BAD_DATA,
                   manner ? "manner is voluntary, forced or unknown"
                          : "receipt is yes, no or unknown; its number stands in receipt number:");
}

static enum lw_status take_when(const char *field, const char *text, size_t len,
                                const struct lw_clock *clock, struct lw_record *item,
                                struct lw_error *err)
{
    struct lw_when_typed typed;
    enum lw_status status = lw_when_read(text, len, clock, &typed, err);

    if (status != LW_OK)
        return status;
    if (!typed.has_when || typed.relation_count > 0)
        return lw_fail(err, LW_BAD_DATA, "returned takes a date, such as 13 dec 2014");
    return lw_record_set_text(item, field, typed.when.text, strlen(typed.when.text));
}

/* Without a journal it is only looked whether it could be taken. An owner who is not known is words
 * only. */
static enum lw_status take_party(struct lw_journal *journal, const char *field, const char *text,
                                 size_t len, struct lw_record *item, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    enum lw_status status;

    if (strcmp(field, "owner") == 0 && is_unknown(text, len))
        return lw_record_set_text(item, "owner_text", words[UNKNOWN][0], strlen(words[UNKNOWN][0]));
    if (journal == NULL)
        return LW_OK;
    status = lw_named_put(journal, LW_RECORD_PARTY, text, len, id, err);
    return status == LW_OK ? lw_record_set_ref(item, field, id) : status;
}

static enum lw_status take_figure(const struct lw_figure *figure, struct lw_record *item,
                                  struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (figure->has_min && figure->has_max && figure->min > figure->max)
        return lw_fail(err, LW_BAD_DATA, "the first number is greater than the second one");
    if (figure->has_min)
        status = lw_record_set_number(item, "count_min", figure->min);
    if (status == LW_OK && figure->has_max)
        status = lw_record_set_number(item, "count_max", figure->max);
    return status;
}

/* Nothing that was typed goes unsaid. */
static enum lw_status fail_twice(struct lw_error *err, const char *what)
{
    return lw_fail(err, LW_BAD_DATA, "%s stands there twice", what);
}

/* How many, and behind it, in quotation marks, as it is written: 2+ "laptop computers". */
static enum lw_status take_count(const char *text, size_t len, struct lw_record *item, bool *is,
                                 struct lw_error *err)
{
    const char *quote = memchr(text, '"', len);
    size_t head = quote != NULL ? (size_t)(quote - text) : len;
    struct lw_figure figure;
    enum lw_status status;

    *is = lw_figure_read(text, head, &figure) &&
          (quote == NULL || (len - head > 2 && text[len - 1] == '"'));
    if (!*is)
        return LW_OK;
    if (lw_figure_of(item, "count_min", "count_max").has_min ||
        lw_figure_of(item, "count_min", "count_max").has_max)
        return fail_twice(err, "how many");
    status = take_figure(&figure, item, err);
    if (status != LW_OK || quote == NULL)
        return status;
    if (lw_record_text(item, "count_text") != NULL)
        return fail_twice(err, parts[0].label[LW_ENGLISH]);
    return lw_record_set_text(item, "count_text", quote + 1, len - head - 2);
}

/* Of a part that is named. */
static enum lw_status take_value(struct lw_journal *journal, size_t part, const char *text,
                                 size_t len, const struct lw_clock *clock, struct lw_record *item,
                                 struct lw_error *err)
{
    const char *field = parts[part].field;

    if (lw_record_value(item, field) != NULL)
        return fail_twice(err, parts[part].label[LW_ENGLISH]);
    switch (parts[part].kind) {
    case PART_WORD:
        return take_word(field, text, len, item, err);
    case PART_WHEN:
        return take_when(field, text, len, clock, item, err);
    case PART_PARTY:
        return take_party(journal, field, text, len, item, err);
    case PART_TEXT:
        break;
    }
    return lw_record_set_text(item, field, text, len);
}

static enum lw_status take_part(struct lw_journal *journal, const char *text, size_t len,
                                const struct lw_clock *clock, struct lw_record *item,
                                struct lw_error *err)
{
    const char *colon = memchr(text, ':', len);
    bool is_count = false;
    int part;
    enum lw_status status;

    if (len == 0)
        return LW_OK;
    status = take_count(text, len, item, &is_count, err);
    if (status != LW_OK || is_count)
        return status;
    part = colon != NULL ? find_part(text, (size_t)(colon - text)) : -1;
    if (part < 0)
        return fail_part(text, len, err);
    len -= (size_t)(colon + 1 - text);
    text = colon + 1;
    text_trim(&text, &len);
    return len == 0 ? LW_OK : take_value(journal, (size_t)part, text, len, clock, item, err);
}

/* What a line can say is taken away first: what is no longer there is no longer meant. */
static void clear_parts(struct lw_record *item)
{
    static const char *const others[] = {"description", "count_min", "count_max", "owner_text"};
    /* beside an owner who is known the words for him are not in the line */
    size_t count = LW_COUNT_OF(others) - (lw_record_value(item, "owner") != NULL);

    for (size_t i = 0; i < LW_COUNT_OF(parts) + count; i++) {
        const char *field =
            i < LW_COUNT_OF(parts) ? parts[i].field : others[i - LW_COUNT_OF(parts)];
        struct lw_value *value = &item->value[lw_field_find(LW_RECORD_ITEM, field)];

        lw_text_free(value->text);
        *value = (struct lw_value){.set = false};
    }
}

enum lw_status lw_item_take(struct lw_journal *journal, const char *line, size_t len,
                            const struct lw_clock *clock, struct lw_record *item,
                            struct lw_error *err)
{
    bool first = true;
    enum lw_status status = LW_OK;

    clear_parts(item);
    while (status == LW_OK && (first || len > 0)) {
        const char *end = memchr(line, ';', len);
        size_t used = end != NULL ? (size_t)(end - line) : len;
        const char *text = line;
        size_t text_len = used;

        text_trim(&text, &text_len);
        if (first && text_len == 0)
            return lw_fail(err, LW_BAD_DATA, "say first what it is");
        status = first ? lw_record_set_text(item, "description", text, text_len)
                       : take_part(journal, text, text_len, clock, item, err);
        first = false;
        used += end != NULL;
        line += used;
        len -= used;
    }
    if (status != LW_OK && err != NULL && err->status == LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    return status;
}

/* ---- writing ---- */

static const char *say_word(enum lw_language language, const char *word)
{
    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (strcmp(words[i][0], word) == 0)
            return words[i][1 + language];
    }
    return word;
}

static enum lw_status write_party(struct lw_journal *journal, const struct lw_record *item,
                                  size_t part, struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *value = lw_record_value(item, parts[part].field);
    const char *label = parts[part].label[lw_forms_language(lw_journal_forms(journal))];
    bool owner = strcmp(parts[part].field, "owner") == 0;
    const char *text = owner ? lw_record_text(item, "owner_text") : NULL;
    struct lw_record party;
    enum lw_status status;

    if (value == NULL && text != NULL && strcmp(text, words[UNKNOWN][0]) == 0)
        text = words[UNKNOWN][1 + lw_forms_language(lw_journal_forms(journal))];
    if (value == NULL)
        return text == NULL ? LW_OK : lw_buf_addf(out, "; %s: %s", label, text);
    status = lw_same_get(journal, LW_RECORD_PARTY, value->bytes, &party, err);
    if (status != LW_OK)
        return status;
    status = lw_buf_addf(out, "; %s: ", label);
    if (status == LW_OK)
        status = lw_shown_name(journal, &party, out, err);
    lw_record_clear(&party);
    return status;
}

static enum lw_status write_part(struct lw_journal *journal, const struct lw_record *item,
                                 size_t part, struct lw_buf *out, struct lw_error *err)
{
    enum lw_language language = lw_forms_language(lw_journal_forms(journal));
    const char *text;

    if (parts[part].kind == PART_PARTY)
        return write_party(journal, item, part, out, err);
    text = lw_record_text(item, parts[part].field);
    if (text == NULL)
        return LW_OK;
    if (parts[part].kind == PART_WORD)
        text = say_word(language, text);
    return lw_buf_addf(out, "; %s: %s", parts[part].label[language], text);
}

enum lw_status lw_item_compose(struct lw_journal *journal, const struct lw_record *item,
                               struct lw_buf *out, struct lw_error *err)
{
    enum lw_language language = lw_forms_language(lw_journal_forms(journal));
    struct lw_figure figure = lw_figure_of(item, "count_min", "count_max");
    enum lw_status status = lw_buf_adds(out, lw_record_text(item, "description"));

    if (status == LW_OK && (figure.has_min || figure.has_max)) {
        status = lw_buf_adds(out, "; ");
        if (status == LW_OK)
            status = lw_figure_write(language, &figure, out);
    }
    for (size_t i = 0; i < LW_COUNT_OF(parts) && status == LW_OK; i++)
        status = write_part(journal, item, i, out, err);
    if (status != LW_OK && err != NULL && err->status == LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    return status;
}
