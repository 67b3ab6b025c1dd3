/* A kind as text and back: what a vault keeps of it. One pair a line, nothing is quoted. */
#include "forms.h"

#include <string.h>

static const char *const endings[LW_LANGUAGES] = {"", ".ru"};

/* ---- out ---- */

static enum lw_status write_pair(struct lw_buf *out, const char *key, const char *ending,
                                 const char *value)
{
    return value == NULL ? LW_OK : lw_buf_addf(out, "%s%s = %s\n", key, ending, value);
}

static enum lw_status write_label(struct lw_buf *out, const char *key, const struct lw_label *label)
{
    enum lw_status status = LW_OK;

    for (int language = 0; language < LW_LANGUAGES && status == LW_OK; language++)
        status = write_pair(out, key, endings[language], label->in[language]);
    return status;
}

static enum lw_status write_list(struct lw_buf *out, const char *key, const char *ending,
                                 char *const *list, size_t count)
{
    enum lw_status status = count == 0 ? LW_OK : lw_buf_addf(out, "%s%s = ", key, ending);

    for (size_t i = 0; i < count && status == LW_OK; i++)
        status = lw_buf_addf(out, "%s%s", i > 0 ? ", " : "", list[i]);
    return status == LW_OK && count > 0 ? lw_buf_addc(out, '\n') : status;
}

static enum lw_status write_first(const struct lw_kind *kind, struct lw_buf *out)
{
    enum lw_status status = kind->first_count == 0 ? LW_OK : lw_buf_adds(out, "first = ");

    for (size_t i = 0; i < kind->first_count && status == LW_OK; i++)
        status = lw_buf_addf(out, "%s%s", i > 0 ? ", " : "", lw_common_fields[kind->first[i]]);
    return status == LW_OK && kind->first_count > 0 ? lw_buf_addc(out, '\n') : status;
}

static enum lw_status write_lists(const struct lw_kind *kind, struct lw_buf *out)
{
    bool first = true;
    enum lw_status status = kind->states_lists ? lw_buf_adds(out, "lists = ") : LW_OK;

    for (int i = 0; kind->states_lists && i < LW_KIND_LIST_COUNT && status == LW_OK; i++) {
        if ((kind->lists & 1u << i) == 0)
            continue;
        status = lw_buf_addf(out, "%s%s", first ? "" : ", ", lw_kind_list_words[i]);
        first = false;
    }
    if (status == LW_OK && kind->states_lists && first)
        status = lw_buf_adds(out, "none");
    return status == LW_OK && kind->states_lists ? lw_buf_addc(out, '\n') : status;
}

static enum lw_status write_checks(const struct lw_kind *kind, struct lw_buf *out)
{
    struct lw_buf key = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < kind->check_count && status == LW_OK; i++) {
        lw_buf_clear(&key);
        status = lw_buf_addf(&key, "check.%zu", i + 1);
        if (status == LW_OK)
            status = write_label(out, lw_buf_text(&key), &kind->check[i]);
    }
    lw_buf_free(&key);
    return status;
}

static enum lw_status write_question(const struct lw_kind *kind, const struct lw_question *question,
                                     struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "[%s/%s]\n", kind->name, question->key);

    if (status == LW_OK)
        status = write_label(out, "label", &question->label);
    if (status == LW_OK)
        status = write_label(out, "hint", &question->hint);
    if (status == LW_OK)
        status = write_pair(out, "type", "", lw_question_type_words[question->type]);
    if (status == LW_OK && question->many)
        status = write_pair(out, "many", "", "yes");
    for (int i = 0; i < LW_LANGUAGES && status == LW_OK; i++)
        status =
            write_list(out, "choices", endings[i], question->choice[i], question->choice_count[i]);
    return status == LW_OK ? write_pair(out, "item", "", question->item) : status;
}

enum lw_status lw_kind_write(const struct lw_kind *kind, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "[%s]\n", kind->name);

    if (status == LW_OK)
        status = write_label(out, "label", &kind->label);
    if (status == LW_OK)
        status = write_list(out, "words", "", kind->word, kind->word_count);
    if (status == LW_OK)
        status = write_pair(out, "huridocs", "", kind->huridocs);
    if (status == LW_OK)
        status = write_lists(kind, out);
    if (status == LW_OK)
        status = write_first(kind, out);
    if (status == LW_OK)
        status = write_checks(kind, out);
    for (size_t i = 0; i < kind->question_count && status == LW_OK; i++)
        status = write_question(kind, &kind->question[i], out);
    return status;
}

/* ---- back ---- */

struct reading {
    struct lw_kind *kind;
    size_t question;
    struct lw_buf line;
};

static enum lw_status read_section(struct reading *reading, struct lw_error *err)
{
    size_t len = reading->line.len < 3 ? 0 : reading->line.len - 2;
    char *name = reading->line.data + 1;
    char *slash = memchr(name, '/', len);

    if (len == 0 || name[len] != ']')
        return lw_fail(err, LW_BAD_DATA, "a section is written [name]");
    reading->question = LW_KIND_ITSELF;
    if (reading->kind == NULL)
        return lw_kind_new(name, len, &reading->kind, err);
    if (slash == NULL || (size_t)(slash - name) != strlen(reading->kind->name) ||
        memcmp(name, reading->kind->name, (size_t)(slash - name)) != 0)
        return lw_fail(err, LW_BAD_DATA, "this section belongs to another kind");
    return lw_kind_ask(reading->kind, slash + 1, len - (size_t)(slash + 1 - name),
                       &reading->question, err);
}

static enum lw_status read_line(struct reading *reading, const char *text, size_t len,
                                struct lw_error *err)
{
    char *equals;

    if (!lw_utf8_valid(text, len, NULL))
        return lw_fail(err, LW_BAD_DATA, "this is not UTF-8 text");
    lw_buf_clear(&reading->line);
    if (lw_buf_add(&reading->line, text, len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (len > 0 && text[0] == '[')
        return read_section(reading, err);
    equals = reading->kind == NULL || len == 0 ? NULL : strstr(reading->line.data, " = ");
    if (equals == NULL)
        return lw_fail(err, LW_BAD_DATA, "this is neither [section] nor key = value");
    *equals = '\0';
    return lw_kind_take(reading->kind, reading->question, reading->line.data, equals + 3, err);
}

enum lw_status lw_kind_read(const char *text, size_t len, struct lw_kind **out,
                            struct lw_error *err)
{
    struct reading reading = {.question = LW_KIND_ITSELF};
    size_t at = 0, question;
    unsigned line = 0;
    enum lw_status status = LW_OK;

    while (at < len && status == LW_OK) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t used = end != NULL ? (size_t)(end - text) - at : len - at;

        line++;
        status = read_line(&reading, text + at, used, err);
        at += used + 1;
    }
    if (status != LW_OK)
        lw_error_prefix(err, "line %u", line);
    else if (reading.kind == NULL)
        status = lw_fail(err, LW_BAD_DATA, "it is empty");
    else
        status = lw_kind_finish(reading.kind, &question, err);
    lw_buf_free(&reading.line);
    if (status == LW_OK)
        *out = reading.kind;
    else
        lw_kind_free(reading.kind);
    return status;
}
