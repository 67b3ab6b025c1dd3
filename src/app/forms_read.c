/* One file of forms. Each line is judged first, iniparser gets the good ones, and then every value
 * is judged again by what it is for; the lines are remembered for what is said of them. */
#include "app.h"
#include "ini.h"

#include <stdlib.h>
#include <string.h>

#define KINDS_MAX 256 /* of one file */

struct form {
    struct lw_kind *kind;
    unsigned line;
    unsigned question_line[LW_KIND_ASKS];
};

struct pair {
    size_t form;
    size_t question;
    char *name; /* "section:key", as iniparser calls it */
    unsigned line;
};

struct told {
    unsigned line;
    size_t order;
    struct lw_buf text;
};

struct reader {
    const char *file;
    lw_config_warning *warn;
    void *context;
    unsigned line;
    struct form *forms;
    size_t form_count;
    struct pair *pairs;
    size_t pair_count;
    struct lw_buf section; /* "" before the first, or in one that does not count */
    size_t form, question; /* that it belongs to */
    bool skip;             /* it does not count: said once, its keys are not */
    struct lw_buf good;
    struct told *told; /* what is wrong */
    size_t told_count;
};

/* Kept until the whole is read, since it is told in the order of the lines. */
static void warn_at(struct reader *reader, unsigned line, const char *reason)
{
    struct lw_buf text = LW_BUF_INIT;
    struct told *grown;

    if (reader->warn == NULL)
        return;
    grown = realloc(reader->told, (reader->told_count + 1) * sizeof *grown);
    if (grown != NULL)
        reader->told = grown;
    if (grown != NULL && lw_buf_addf(&text, "%s:%u: %s", reader->file, line, reason) == LW_OK)
        grown[reader->told_count++] = (struct told){.line = line, .text = text};
    else
        lw_buf_free(&text);
}

static int compare_told(const void *a, const void *b)
{
    const struct told *x = a;
    const struct told *y = b;

    return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                              : (x->order > y->order) - (x->order < y->order);
}

static void tell_all(struct reader *reader)
{
    for (size_t i = 0; i < reader->told_count; i++)
        reader->told[i].order = i;
    if (reader->told_count > 1)
        qsort(reader->told, reader->told_count, sizeof reader->told[0], compare_told);
    for (size_t i = 0; i < reader->told_count; i++)
        reader->warn(reader->context, reader->told[i].text.data);
}

/* What is wrong with the file is told; what is wrong with us ends it. */
static enum lw_status noted(struct reader *reader, unsigned line, enum lw_status status,
                            const struct lw_error *why)
{
    if (status != LW_BAD_DATA)
        return status;
    warn_at(reader, line, why->text);
    return LW_OK;
}

/* ---- sections ---- */

static size_t find_form(const struct reader *reader, const char *name, size_t len)
{
    size_t at = 0;

    while (at < reader->form_count && (strlen(reader->forms[at].kind->name) != len ||
                                       memcmp(reader->forms[at].kind->name, name, len) != 0))
        at++;
    return at;
}

static enum lw_status begin_kind(struct reader *reader, const char *name, size_t len,
                                 struct lw_error *why)
{
    struct form *grown;
    struct form *form;
    enum lw_status status;

    if (find_form(reader, name, len) < reader->form_count)
        return lw_fail(why, LW_BAD_DATA,
                       "this kind stands twice in the file; the first one counts");
    if (reader->form_count == KINDS_MAX)
        return lw_fail(why, LW_BAD_DATA, "a file has at most %d kinds", KINDS_MAX);
    grown = realloc(reader->forms, (reader->form_count + 1) * sizeof *grown);
    if (grown == NULL)
        return LW_NO_MEMORY;
    reader->forms = grown;
    form = &grown[reader->form_count];
    *form = (struct form){.line = reader->line};
    status = lw_kind_new(name, len, &form->kind, why);
    if (status != LW_OK)
        return status;
    reader->form = reader->form_count++;
    reader->question = LW_KIND_ITSELF;
    return LW_OK;
}

static enum lw_status begin_question(struct reader *reader, const char *name, size_t len,
                                     const char *slash, struct lw_error *why)
{
    size_t form = find_form(reader, name, (size_t)(slash - name));
    enum lw_status status;

    if (form == reader->form_count)
        return lw_fail(why, LW_BAD_DATA,
                       "the section of the kind itself must stand above it in the same file");
    status = lw_kind_ask(reader->forms[form].kind, slash + 1, len - (size_t)(slash + 1 - name),
                         &reader->question, why);
    if (status != LW_OK)
        return status;
    reader->form = form;
    reader->forms[form].question_line[reader->question] = reader->line;
    return LW_OK;
}

static enum lw_status take_section(struct reader *reader, const char *text, size_t len,
                                   struct lw_error *why)
{
    const char *slash;
    enum lw_status status;

    reader->skip = true;
    lw_buf_clear(&reader->section);
    if (len < 3 || text[len - 1] != ']')
        return lw_fail(why, LW_BAD_DATA, "a section is written [kind] or [kind/field]");
    text++;
    len -= 2;
    ini_trim(&text, &len);
    slash = memchr(text, '/', len);
    status = slash == NULL ? begin_kind(reader, text, len, why)
                           : begin_question(reader, text, len, slash, why);
    if (status != LW_OK)
        return status;
    reader->skip = false;
    return lw_buf_add(&reader->section, text, len);
}

/* ---- pairs ---- */

static bool is_key(const char *key, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((key[i] < 'a' || key[i] > 'z') && (key[i] < '0' || key[i] > '9') && key[i] != '.' &&
            key[i] != '_')
            return false;
    }
    return len > 0;
}

static enum lw_status add_pair(struct reader *reader, const char *key, size_t len,
                               struct lw_error *why)
{
    struct lw_buf name = LW_BUF_INIT;
    struct pair *grown;
    enum lw_status status =
        lw_buf_addf(&name, "%s:%.*s", lw_buf_text(&reader->section), (int)len, key);

    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < reader->pair_count && status == LW_OK; i++) {
        if (strcmp(reader->pairs[i].name, name.data) == 0)
            status = lw_fail(why, LW_BAD_DATA, "this key stands twice; the first one counts");
    }
    grown =
        status != LW_OK ? NULL : realloc(reader->pairs, (reader->pair_count + 1) * sizeof *grown);
    if (grown == NULL) {
        lw_buf_free(&name);
        return status != LW_OK ? status : LW_NO_MEMORY;
    }
    reader->pairs = grown;
    grown[reader->pair_count++] = (struct pair){.form = reader->form,
                                                .question = reader->question,
                                                .name = name.data,
                                                .line = reader->line};
    return LW_OK;
}

static enum lw_status take_pair(struct reader *reader, const char *text, size_t len,
                                struct lw_error *why)
{
    const char *equals = memchr(text, '=', len);
    const char *reason = NULL;
    const char *value;
    size_t key, value_len;
    enum lw_status status;

    if (equals == NULL)
        reason = "this is neither [section], key = value nor a comment";
    else if (reader->section.len == 0)
        reason = "a key needs a section above it";
    if (reason != NULL)
        return lw_fail(why, LW_BAD_DATA, "%s", reason);
    key = (size_t)(equals - text);
    value = equals + 1;
    value_len = len - key - 1;
    ini_trim(&text, &key);
    ini_trim(&value, &value_len);
    if (!is_key(text, key))
        reason = "a key has small Latin letters, digits, dots and _";
    else
        reason = ini_value(&value, &value_len);
    if (reason == NULL && memchr(value, '\\', value_len) != NULL)
        reason = "a value cannot hold a backslash";
    if (reason != NULL)
        return lw_fail(why, LW_BAD_DATA, "%s", reason);
    status = add_pair(reader, text, key, why);
    if (status != LW_OK)
        return status;
    return lw_buf_addf(&reader->good, "[%s]\n%.*s = \"%.*s\"\n", lw_buf_text(&reader->section),
                       (int)key, text, (int)value_len, value);
}

static enum lw_status take_line(struct reader *reader, const char *text, size_t len)
{
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = LW_OK;

    reader->line++;
    ini_trim(&text, &len);
    if (len == 0 || text[0] == '#' || text[0] == ';')
        return LW_OK;
    if (len > INI_LINE)
        status = lw_fail(&why, LW_BAD_DATA, "the line is longer than %d bytes", INI_LINE);
    else if (!lw_utf8_valid(text, len, NULL))
        status = lw_fail(&why, LW_BAD_DATA, "the line is not UTF-8 text");
    else if (text[0] == '[')
        status = take_section(reader, text, len, &why);
    else if (!reader->skip)
        status = take_pair(reader, text, len, &why);
    return noted(reader, reader->line, status, &why);
}

/* ---- what they mean ---- */

static enum lw_status judge_pairs(struct reader *reader, const dictionary *dict)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < reader->pair_count && status == LW_OK; i++) {
        const struct pair *pair = &reader->pairs[i];
        struct lw_error why = {.status = LW_OK};

        status = lw_kind_take(reader->forms[pair->form].kind, pair->question,
                              strchr(pair->name, ':') + 1,
                              iniparser_getstring(dict, pair->name, ""), &why);
        status = noted(reader, pair->line, status, &why);
    }
    return status;
}

/* A field that is not whole is left out, and then the kind is judged again. *whole: it can be used.
 */
static enum lw_status finish(struct reader *reader, struct form *form, bool *whole)
{
    struct lw_error why = {.status = LW_OK};
    size_t at;
    enum lw_status status;

    *whole = false;
    while ((status = lw_kind_finish(form->kind, &at, &why)) == LW_BAD_DATA) {
        warn_at(reader, at == LW_KIND_ITSELF ? form->line : form->question_line[at], why.text);
        if (at == LW_KIND_ITSELF && form->kind->label.in[LW_ENGLISH] == NULL)
            return LW_OK;
        if (at == LW_KIND_ITSELF)
            continue;
        lw_kind_drop(form->kind, at);
        memmove(&form->question_line[at], &form->question_line[at + 1],
                (form->kind->question_count - at) * sizeof form->question_line[0]);
    }
    *whole = status == LW_OK;
    return status;
}

/* In one file every word leads to one kind. */
static void warn_of_word(struct reader *reader, const struct form *form,
                         const struct lw_forms *before, const char *word)
{
    const char *other = word == NULL ? NULL : lw_kind_find(before, word, strlen(word));
    struct lw_buf text = LW_BUF_INIT;

    if (other != NULL &&
        lw_buf_sayf(&text, "\"%s\" leads to the kind %s already", word, other) == LW_OK)
        warn_at(reader, form->line, text.data);
    lw_buf_free(&text);
}

static void warn_of_words(struct reader *reader, const struct form *form,
                          const struct lw_forms *before)
{
    const struct lw_kind *kind = form->kind;

    warn_of_word(reader, form, before, kind->name);
    for (int language = 0; language < LW_LANGUAGES; language++)
        warn_of_word(reader, form, before, kind->label.in[language]);
    for (size_t i = 0; i < kind->word_count; i++)
        warn_of_word(reader, form, before, kind->word[i]);
}

static enum lw_status finish_all(struct reader *reader, enum lw_kind_origin origin,
                                 struct lw_forms *into, struct lw_error *err)
{
    struct lw_forms *own = lw_forms_new(NULL, LW_ENGLISH);
    enum lw_status status = own != NULL ? LW_OK : LW_NO_MEMORY;

    for (size_t i = 0; i < reader->form_count && status == LW_OK; i++) {
        struct form *form = &reader->forms[i];
        bool whole;

        status = finish(reader, form, &whole);
        if (status != LW_OK || !whole)
            continue;
        warn_of_words(reader, form, own);
        form->kind->origin = origin;
        status = lw_forms_put(own, form->kind, err);
        if (status == LW_OK)
            form->kind = NULL;
    }
    if (status == LW_OK)
        return lw_forms_join(into, own, err);
    lw_forms_free(own);
    return status;
}

static void release(struct reader *reader)
{
    for (size_t i = 0; i < reader->form_count; i++)
        lw_kind_free(reader->forms[i].kind);
    for (size_t i = 0; i < reader->pair_count; i++)
        lw_text_free(reader->pairs[i].name);
    for (size_t i = 0; i < reader->told_count; i++)
        lw_buf_free(&reader->told[i].text);
    free(reader->told);
    free(reader->forms);
    free(reader->pairs);
    lw_buf_free(&reader->section);
    lw_buf_free(&reader->good);
}

enum lw_status lw_forms_parse(const char *name, const char *text, size_t len,
                              enum lw_kind_origin origin, lw_config_warning *warn, void *context,
                              struct lw_forms *into, struct lw_error *err)
{
    struct reader reader = {.file = name, .warn = warn, .context = context};
    dictionary *dict = NULL;
    enum lw_status status = LW_OK;

    for (size_t at = lw_utf8_mark(text, len); at < len && status == LW_OK;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - text) - at;

        status = take_line(&reader, text + at, line);
        at += line + 1;
    }
    if (status == LW_OK && reader.good.len > 0 && (dict = ini_load(&reader.good)) == NULL)
        warn_at(&reader, 1,
                "the file cannot be read into memory: /proc must be there, and a kernel with "
                "memory files; no kind of it counts");
    else if (status == LW_OK)
        status = judge_pairs(&reader, dict);
    if (status == LW_OK && (dict != NULL || reader.good.len == 0))
        status = finish_all(&reader, origin, into, err);
    if (dict != NULL)
        iniparser_freedict(dict);
    tell_all(&reader);
    release(&reader);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}
