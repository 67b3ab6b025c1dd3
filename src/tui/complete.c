/* Completion of names, kinds and roles. */
#include "complete.h"

#include <stdlib.h>
#include <string.h>

enum fit { FIT_NONE, FIT_WORD, FIT_WHOLE };

struct search {
    struct lw_journal *journal;
    enum lw_record_type type;
    struct lw_buf typed; /* folded */
    enum fit wanted;
    const struct lw_complete_form *form;
    struct lw_field_choices *choices;
    uint8_t offered[LW_COMPLETE_MOST][LW_RECORD_ID];
    size_t count;
};

/* Both folded. */
static enum fit fit(const char *text, const char *typed)
{
    const char *at = text;
    size_t len = strlen(typed);

    if (strncmp(text, typed, len) == 0)
        return FIT_WHOLE;
    while ((at = strstr(at + 1, typed)) != NULL) {
        if (at[-1] == ' ' || at[-1] == '-' || at[-1] == '(' || at[-1] == '"')
            return FIT_WORD;
        if (at[0] == '\0')
            break;
    }
    return FIT_NONE;
}

static enum lw_status no_memory(struct lw_error *err, enum lw_status status)
{
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to complete this");
}

static bool plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-' || ((unsigned char)c & 0x80) != 0))
            return false;
    }
    return true;
}

static enum lw_status offer(const struct lw_complete_form *form, const char *text, size_t len,
                            struct lw_field_choices *choices, struct lw_error *err)
{
    struct lw_buf whole = LW_BUF_INIT;
    bool quote = form->quoted && !plain(text, len);
    bool holds_one = memchr(text, '"', len) != NULL;
    enum lw_status status = lw_buf_adds(&whole, form->before);

    if (status == LW_OK && quote)
        status = lw_buf_adds(&whole, holds_one ? "«" : "\"");
    if (status == LW_OK)
        status = lw_buf_add(&whole, text, len);
    if (status == LW_OK && quote)
        status = lw_buf_adds(&whole, holds_one ? "»" : "\"");
    if (status == LW_OK)
        status = lw_field_offer(choices, whole.data, whole.len);
    lw_buf_free(&whole);
    return no_memory(err, status);
}

static bool was_offered(const struct search *search, const uint8_t id[LW_RECORD_ID])
{
    for (size_t i = 0; i < search->count; i++) {
        if (memcmp(search->offered[i], id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

/* Of who is hidden only the code name is offered, and only where it or a whole name stands there:
 * else the names could be tried out, letter by letter. */
static enum lw_status offer_record(struct search *search, const uint8_t id[LW_RECORD_ID],
                                   const char *text, size_t len, bool whole, struct lw_error *err)
{
    struct lw_record record;
    struct lw_buf name = LW_BUF_INIT;
    bool hidden;
    enum lw_status status = lw_record_get(search->journal, search->type, id, &record, err);

    if (status != LW_OK)
        return status;
    status = lw_shown_is_hidden(search->journal, &record, &hidden, err);
    if (status == LW_OK && hidden && search->type == LW_RECORD_SOURCE)
        status = no_memory(err, lw_buf_adds(&name, lw_record_text(&record, "ref")));
    else if (status == LW_OK)
        status = lw_shown_name(search->journal, &record, &name, err);
    lw_record_clear(&record);
    if (status == LW_OK && hidden && !whole &&
        (strlen(lw_buf_text(&name)) != len || memcmp(name.data, text, len) != 0)) {
        lw_buf_free(&name);
        return LW_OK;
    }
    if (status == LW_OK) {
        memcpy(search->offered[search->count++], id, LW_RECORD_ID);
        status = offer(search->form, hidden ? name.data : text, hidden ? name.len : len,
                       search->choices, err);
    }
    lw_buf_free(&name);
    return status;
}

static enum lw_status look_at(void *context, const uint8_t id[LW_RECORD_ID], const char *text,
                              size_t len, struct lw_error *err)
{
    struct search *search = context;
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status;

    if (search->count == LW_COMPLETE_MOST || was_offered(search, id))
        return LW_OK;
    status = no_memory(err, lw_utf8_fold(text, len, &folded));
    if (status == LW_OK && fit(lw_buf_text(&folded), lw_buf_text(&search->typed)) == search->wanted)
        status = offer_record(search, id, text, len,
                              strcmp(lw_buf_text(&folded), lw_buf_text(&search->typed)) == 0, err);
    lw_buf_free(&folded);
    return status;
}

enum lw_status lw_complete_named(struct lw_journal *journal, enum lw_record_type type,
                                 const char *typed, size_t len, const struct lw_complete_form *form,
                                 struct lw_field_choices *choices, struct lw_error *err)
{
    struct search *search = calloc(1, sizeof *search);
    enum lw_status status;

    if (search == NULL)
        return no_memory(err, LW_NO_MEMORY);
    search->journal = journal;
    search->type = type;
    search->form = form;
    search->choices = choices;
    status = no_memory(err, lw_utf8_fold(typed, len, &search->typed));
    for (enum fit wanted = FIT_WHOLE; wanted > FIT_NONE && status == LW_OK; wanted--) {
        search->wanted = wanted;
        status = lw_named_each(journal, type, look_at, search, err);
    }
    lw_buf_free(&search->typed);
    free(search);
    return status;
}

enum lw_status lw_complete_alike(struct lw_journal *journal, enum lw_record_type type,
                                 const char *name, size_t len, struct lw_buf *out)
{
    uint8_t id[LW_RECORD_ID];
    struct lw_record record;
    struct lw_buf known = LW_BUF_INIT;
    bool found = false;
    bool hidden;
    enum lw_status status = lw_named_alike(journal, type, name, len, id, &found, NULL);

    if (status != LW_OK || !found)
        return status;
    status = lw_same_get(journal, type, id, &record, NULL);
    if (status != LW_OK)
        return status;
    status = lw_shown_is_hidden(journal, &record, &hidden, NULL);
    if (status == LW_OK && !hidden) /* else a part of a name would tell whose it is */
        status = lw_shown_name(journal, &record, &known, NULL);
    if (status == LW_OK && known.len > 0)
        status = lw_buf_sayf(out, " (or %s?)", lw_buf_text(&known));
    lw_buf_free(&known);
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_complete_word(const char *word, const char *typed, size_t len,
                                const struct lw_complete_form *form,
                                struct lw_field_choices *choices, struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    struct lw_buf wanted = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(word, strlen(word), &folded);

    if (status == LW_OK)
        status = lw_utf8_fold(typed, len, &wanted);
    status = no_memory(err, status);
    if (status == LW_OK && fit(lw_buf_text(&folded), lw_buf_text(&wanted)) != FIT_NONE)
        status = offer(form, word, strlen(word), choices, err);
    lw_buf_free(&folded);
    lw_buf_free(&wanted);
    return status;
}

/* What a kind is called where it is one word behind a sign: its name, or its label in another
 * language with hyphens, "отключение-воды". Empty where that label would not lead to it. */
static enum lw_status kind_word(const struct lw_forms *forms, const struct lw_kind *kind,
                                enum lw_language language, struct lw_buf *out)
{
    const char *label = language == LW_ENGLISH ? kind->name : kind->label.in[language];
    enum lw_status status = label == NULL ? LW_OK : lw_buf_adds(out, label);

    if (status != LW_OK || label == NULL)
        return status;
    for (size_t i = 0; i < out->len; i++) {
        if (out->data[i] == ' ')
            out->data[i] = '-';
    }
    if (!plain(out->data, out->len) || lw_kind_find(forms, out->data, out->len) != kind->name)
        lw_buf_clear(out);
    return LW_OK;
}

/* In the language of the forms, and in the others once a letter is typed. */
static enum lw_status complete_kind(const struct lw_forms *forms, const struct lw_kind *kind,
                                    const char *typed, size_t len,
                                    const struct lw_complete_form *form,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    int own = (int)lw_forms_language(forms);
    bool named = false;
    enum lw_status status = LW_OK;

    for (int i = 0; i < LW_LANGUAGES && status == LW_OK; i++) {
        enum lw_language language = (enum lw_language)((own + i) % LW_LANGUAGES);
        struct lw_buf word = LW_BUF_INIT;

        if (!named || len > 0)
            status = no_memory(err, kind_word(forms, kind, language, &word));
        named = named || word.len > 0;
        if (status == LW_OK && word.len > 0)
            status = lw_complete_word(word.data, typed, len, form, choices, err);
        lw_buf_free(&word);
    }
    return status;
}

enum lw_status lw_complete_kinds(const struct lw_forms *forms, const char *typed, size_t len,
                                 bool labels, const struct lw_complete_form *form,
                                 struct lw_field_choices *choices, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < lw_forms_count(forms) && status == LW_OK; i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        status = labels ? lw_complete_word(lw_label_say(forms, &kind->label), typed, len, form,
                                           choices, err)
                        : complete_kind(forms, kind, typed, len, form, choices, err);
    }
    return status;
}

/* "witness:" */
static enum lw_status complete_role(const char *word, const char *typed, size_t len,
                                    const struct lw_complete_form *form,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    struct lw_buf role = LW_BUF_INIT;
    enum lw_status status = no_memory(err, lw_buf_addf(&role, "%s:", word));

    if (status == LW_OK)
        status = lw_complete_word(role.data, typed, len, form, choices, err);
    lw_buf_free(&role);
    return status;
}

/* In the language of the forms, and in others once a letter of them is typed. */
enum lw_status lw_complete_roles(const struct lw_forms *forms, const char *typed, size_t len,
                                 const struct lw_complete_form *form,
                                 struct lw_field_choices *choices, struct lw_error *err)
{
    int at = lw_field_find(LW_RECORD_PARTICIPATION, "role");
    const char *const *words =
        at < 0 ? NULL : lw_record_infos[LW_RECORD_PARTICIPATION].fields[at].words;
    int own = (int)lw_forms_language(forms);
    enum lw_status status = LW_OK;

    for (; words != NULL && *words != NULL && status == LW_OK; words++) {
        for (int language = 0; language < LW_LANGUAGES && status == LW_OK; language++) {
            if (language == own || len > 0)
                status = complete_role(lw_role_word(*words, (enum lw_language)language), typed, len,
                                       form, choices, err);
        }
    }
    return status;
}

/* Where the last word starts; quoted text behind a mark is one word with its blanks. */
static size_t last_token(const char *text, size_t len)
{
    size_t start = 0;
    bool quoted = false;

    for (size_t i = 0; i < len; i++) {
        bool mark = text[start] == '@' || text[start] == '+';

        if (text[i] == '"' && quoted)
            quoted = false;
        else if (text[i] == '"' && mark && i > start && (text[i - 1] == '@' || text[i - 1] == ':'))
            quoted = true;
        else if ((text[i] == ' ' || text[i] == '\t') && !quoted)
            start = i + 1;
    }
    return start;
}

static enum lw_status complete_party(struct lw_journal *journal, const char *token, size_t len,
                                     struct lw_field_choices *choices, struct lw_error *err)
{
    const char *colon = memchr(token, ':', len);
    struct lw_complete_form form = {.before = "+"};
    char before[48] = "";
    size_t used;

    if (colon == NULL)
        return lw_complete_roles(lw_journal_forms(journal), token + 1, len - 1, &form, choices,
                                 err);
    used = (size_t)(colon - token) + 1;
    if (used >= sizeof before)
        return LW_OK;
    memcpy(before, token, used);
    form = (struct lw_complete_form){.before = before, .quoted = true};
    if (used < len && token[used] == '"')
        used++;
    return lw_complete_named(journal, LW_RECORD_PARTY, token + used, len - used, &form, choices,
                             err);
}

enum lw_status lw_complete_capture(void *journal, const char *before, size_t len,
                                   struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form place = {.before = "@", .quoted = true};
    const struct lw_complete_form kind = {.before = "#"};
    size_t start = last_token(before, len);
    const char *token = before + start;
    size_t typed = 1;

    len -= start;
    choices->from = start;
    if (len == 0)
        return LW_OK;
    switch (token[0]) {
    case '@':
        if (len > 1 && token[1] == '"')
            typed = 2;
        return lw_complete_named(journal, LW_RECORD_PLACE, token + typed, len - typed, &place,
                                 choices, err);
    case '#':
        return lw_complete_kinds(lw_journal_forms(journal), token + 1, len - 1, false, &kind,
                                 choices, err);
    case '+':
        return complete_party(journal, token, len, choices, err);
    default:
        return LW_OK;
    }
}

/* ---- a filter ---------------------------------------------------------------------------------
 */

/* Where the last term starts: behind a blank, a parenthesis or the hyphen, but for blanks in
 * quotes. */
static size_t last_term(const char *text, size_t len)
{
    size_t start = 0;
    bool quoted = false;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == ' ' || text[i] == '(' || (text[i] == '-' && i == start)))
            start = i + 1;
    }
    return start;
}

static enum lw_status complete_keys(const struct lw_forms *forms, const char *typed, size_t len,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form form = {.before = ""};
    const char *key;
    enum lw_status status = LW_OK;

    for (size_t i = 0; (key = lw_filter_key(forms, i)) != NULL && status == LW_OK; i++) {
        struct lw_buf word = LW_BUF_INIT;

        status = no_memory(err, lw_buf_addf(&word, "%s:", key));
        if (status == LW_OK)
            status = lw_complete_word(word.data, typed, len, &form, choices, err);
        lw_buf_free(&word);
    }
    return status;
}

static enum lw_status complete_value(struct lw_journal *journal, const char *key, size_t key_len,
                                     const char *typed, size_t len,
                                     const struct lw_complete_form *form,
                                     struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_forms *forms = lw_journal_forms(journal);
    bool kinds = false;
    int type = lw_filter_names(key, key_len, &kinds);
    const char *word;
    enum lw_status status = LW_OK;

    if (len > 0 && typed[0] == '"') {
        typed++;
        len--;
    }
    if (kinds)
        return lw_complete_kinds(forms, typed, len, false, form, choices, err);
    if (type >= 0)
        status =
            lw_complete_named(journal, (enum lw_record_type)type, typed, len, form, choices, err);
    for (size_t i = 0; status == LW_OK && (word = lw_filter_value(forms, key, key_len, i)); i++)
        status = lw_complete_word(word, typed, len, form, choices, err);
    return status;
}

enum lw_status lw_complete_filter(struct lw_journal *journal, const char *before, size_t len,
                                  struct lw_field_choices *choices, struct lw_error *err)
{
    size_t start = last_term(before, len);
    const char *term = before + start;
    const char *colon = memchr(term, ':', len - start);
    struct lw_buf key = LW_BUF_INIT;
    enum lw_status status;

    choices->from = start;
    if (colon == NULL)
        return complete_keys(lw_journal_forms(journal), term, len - start, choices, err);
    status = no_memory(err, lw_buf_add(&key, term, (size_t)(colon - term) + 1));
    if (status == LW_OK) {
        const struct lw_complete_form form = {.before = key.data, .quoted = true};

        status = complete_value(journal, term, (size_t)(colon - term), colon + 1,
                                len - start - (size_t)(colon + 1 - term), &form, choices, err);
    }
    lw_buf_free(&key);
    return status;
}
