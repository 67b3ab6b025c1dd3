/* Other names of a party: one a line, "Сергей Бабинец; Cyrl; ru; legal". Behind the name script,
 * language and kind stand in any order; each may be left out. */
#include "form_record.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 64, MOST_PART = 64 };

struct lw_form_name {
    uint8_t id[LW_RECORD_ID];
    struct lw_buf line;
};

/* A line taken apart. */
struct parts {
    const char *text;
    size_t text_len;
    char script[MOST_PART], language[MOST_PART];
    const char *kind; /* static */
    char wrong[MOST_PART];
};

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && strchr(" \t", **text) != NULL) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && strchr(" \t", (*text)[*len - 1]) != NULL)
        (*len)--;
}

static const struct lw_field *kind_field(void)
{
    return &lw_record_infos[LW_RECORD_NAME].fields[lw_field_find(LW_RECORD_NAME, "kind")];
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* ISO 15924: Cyrl. */
static bool is_script(const char *text, size_t len)
{
    return len == 4 && is_upper(text[0]) && is_lower(text[1]) && is_lower(text[2]) &&
           is_lower(text[3]);
}

/* BCP 47: ru, che, sr-Latn. */
static bool is_language(const char *text, size_t len)
{
    size_t letters = 0;

    while (letters < len && is_lower(text[letters]))
        letters++;
    if (letters < 2 || letters > 3 || len >= MOST_PART)
        return false;
    for (size_t i = letters; i < len; i++) {
        if (!is_lower(text[i]) && !is_upper(text[i]) && text[i] != '-' &&
            (text[i] < '0' || text[i] > '9'))
            return false;
    }
    return letters == len || text[letters] == '-';
}

static void copy(char to[MOST_PART], const char *text, size_t len)
{
    size_t fit = len < MOST_PART ? len : lw_utf8_floor(text, len, MOST_PART - 1);

    memcpy(to, text, fit);
    to[fit] = '\0';
}

static void take_part(struct parts *parts, const char *text, size_t len)
{
    trim(&text, &len);
    if (len == 0)
        return;
    if (parts->kind == NULL && (parts->kind = lw_form_word_find(kind_field(), text, len)) != NULL)
        return;
    if (parts->script[0] == '\0' && is_script(text, len))
        copy(parts->script, text, len);
    else if (parts->language[0] == '\0' && is_language(text, len))
        copy(parts->language, text, len);
    else if (parts->wrong[0] == '\0')
        copy(parts->wrong, text, len);
}

static void take_apart(const char *text, size_t len, struct parts *parts)
{
    const char *end = memchr(text, ';', len);
    size_t used = end != NULL ? (size_t)(end - text) : len;

    *parts = (struct parts){.text = text, .text_len = used};
    trim(&parts->text, &parts->text_len);
    while (used < len) {
        const char *part = text + used + 1;
        size_t left = len - used - 1;

        end = memchr(part, ';', left);
        left = end != NULL ? (size_t)(end - part) : left;
        take_part(parts, part, left);
        used += left + 1;
    }
}

/* The next line that is not blank. */
static bool next_line(const struct lw_form *form, enum lw_form_field_id id, size_t *at,
                      const char **line, size_t *len)
{
    const char *text = lw_form_text(form, id);
    size_t whole = lw_form_len(form, id);

    while (*at < whole) {
        const char *end = memchr(text + *at, '\n', whole - *at);

        *line = text + *at;
        *len = end != NULL ? (size_t)(end - *line) : whole - *at;
        *at += *len + (end != NULL);
        trim(line, len);
        if (*len > 0)
            return true;
    }
    return false;
}

/* ---- from the records ---- */

static enum lw_status compose(const struct lw_form *form, const struct lw_record *record,
                              struct lw_buf *out)
{
    static const char *const parts[] = {"script", "language"};
    const char *kind = lw_record_text(record, "kind");
    const char *text = lw_record_text(record, "text");
    enum lw_status status = LW_OK;

    for (; *text != '\0' && status == LW_OK; text++) /* a line is one line */
        status = lw_buf_add(out, *text == '\n' ? " " : text, 1);
    for (size_t i = 0; i < LW_COUNT_OF(parts) && status == LW_OK; i++) {
        const char *part = lw_record_text(record, parts[i]);

        if (part != NULL)
            status = lw_buf_addf(out, "; %s", part);
    }
    if (status == LW_OK && kind != NULL && strcmp(kind, "other") != 0)
        status = lw_buf_addf(out, "; %s", lw_form_word_say(form, kind_field(), kind));
    return status;
}

static enum lw_status note_name(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct lw_form *form = context;
    struct lw_form_name *grown;
    enum lw_status status;

    if (form->name_count == MOST_NAMES)
        return lw_fail(err, LW_TOO_LONG, "more than %d names: too many for a form", MOST_NAMES);
    grown = realloc(form->name, (form->name_count + 1) * sizeof *grown);
    if (grown == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
    form->name = grown;
    grown[form->name_count] = (struct lw_form_name){.line = LW_BUF_INIT};
    memcpy(grown[form->name_count].id, record->id, LW_RECORD_ID);
    status = compose(form, record, &grown[form->name_count].line);
    form->name_count++;
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to open the form");
}

enum lw_status lw_record_load_names(struct lw_form *form, enum lw_form_field_id id,
                                    struct lw_error *err)
{
    struct lw_buf all = LW_BUF_INIT;
    enum lw_status status = lw_record_each(form->journal, LW_RECORD_NAME, "party", form->record.id,
                                           note_name, form, err);

    for (size_t i = 0; i < form->name_count && status == LW_OK; i++) {
        status = lw_buf_addf(&all, "%s%s", i > 0 ? "\n" : "", lw_buf_text(&form->name[i].line));
        if (status != LW_OK)
            lw_fail(err, status, "no memory to open the form");
    }
    if (status == LW_OK && all.len > 0)
        status = lw_form_set(form, id, all.data, all.len, err);
    lw_buf_free(&all);
    return status;
}

void lw_record_clear_names(struct lw_form *form)
{
    for (size_t i = 0; i < form->name_count; i++)
        lw_buf_free(&form->name[i].line);
    free(form->name);
    form->name = NULL;
    form->name_count = 0;
}

static bool is_loaded(const struct lw_form *form, size_t at, const char *line, size_t len)
{
    const struct lw_buf *was = &form->name[at].line;

    return was->len == len && memcmp(was->data, line, len) == 0;
}

/* ---- what is understood ---- */

enum lw_form_tone lw_record_understand_names(struct lw_form *form, enum lw_form_field_id id,
                                             struct lw_buf *out)
{
    const char *line;
    size_t len;
    size_t at = 0;

    while (next_line(form, id, &at, &line, &len)) {
        struct parts parts;
        bool loaded = false;

        for (size_t i = 0; i < form->name_count && !loaded; i++)
            loaded = is_loaded(form, i, line, len);
        take_apart(line, len, &parts);
        if (loaded || (parts.wrong[0] == '\0' && parts.text_len > 0))
            continue;
        if (parts.text_len == 0)
            return lw_buf_says(out, "a name is missing before the ;") == LW_OK ? LW_FORM_WRONG
                                                                               : LW_FORM_SILENT;
        return lw_buf_sayf(out,
                           "\"%s\" is not understood: behind the name stand a script (Cyrl), a "
                           "language (ru), and legal, alias, transliteration, short or other",
                           parts.wrong) == LW_OK
                   ? LW_FORM_WRONG
                   : LW_FORM_SILENT;
    }
    return LW_FORM_SILENT;
}

/* ---- saving ---- */

static enum lw_status set_or_unset(struct lw_record *record, const char *field, const char *text)
{
    return lw_record_set_text(record, field, text[0] != '\0' ? text : NULL, strlen(text));
}

static enum lw_status put_line(struct lw_form *form, const char *line, size_t len,
                               const struct lw_form_name *over, const uint8_t party[LW_RECORD_ID],
                               const char *why, struct lw_error *err)
{
    struct lw_record record;
    struct parts parts;
    enum lw_status status = LW_OK;

    take_apart(line, len, &parts);
    if (over != NULL) {
        status = lw_record_get(form->journal, LW_RECORD_NAME, over->id, &record, err);
        if (status != LW_OK)
            return status;
    } else {
        lw_record_init(&record, LW_RECORD_NAME);
        status = lw_record_set_ref(&record, "party", party);
    }
    if (status == LW_OK)
        status = lw_record_set_text(&record, "text", parts.text, parts.text_len);
    if (status == LW_OK)
        status = set_or_unset(&record, "script", parts.script);
    if (status == LW_OK)
        status = set_or_unset(&record, "language", parts.language);
    if (status == LW_OK)
        status = set_or_unset(&record, "kind", parts.kind != NULL ? parts.kind : "other");
    if (status == LW_OK)
        status = lw_record_put(form->journal, &record, why, err);
    lw_record_clear(&record);
    return status;
}

struct lines {
    const char *line[MOST_NAMES];
    size_t len[MOST_NAMES];
    bool done[MOST_NAMES];
    size_t count;
    bool kept[MOST_NAMES]; /* of form->name */
};

static enum lw_status read_lines(struct lw_form *form, enum lw_form_field_id id,
                                 struct lines *lines, struct lw_error *err)
{
    const char *line;
    size_t len;
    size_t at = 0;

    while (next_line(form, id, &at, &line, &len)) {
        if (lines->count == MOST_NAMES)
            return lw_fail(err, LW_TOO_LONG, "a form takes %d names", MOST_NAMES);
        lines->line[lines->count] = line;
        lines->len[lines->count] = len;
        for (size_t i = 0; i < form->name_count && !lines->done[lines->count]; i++) {
            if (!lines->kept[i] && is_loaded(form, i, line, len))
                lines->kept[i] = lines->done[lines->count] = true;
        }
        lines->count++;
    }
    return LW_OK;
}

static enum lw_status refuse_missing(struct lw_form *form, enum lw_form_field_id id, size_t at,
                                     struct lw_error *err)
{
    const struct lw_buf *line = &form->name[at].line;

    lw_fail(err, LW_REFUSED,
            "a name that is recorded stays recorded: put the line \"%.*s\" back, or write what it "
            "should have been over it",
            (int)lw_utf8_fit(lw_buf_text(line), line->len, 60), lw_buf_text(line));
    lw_form_mark(form, id, err->text);
    return LW_REFUSED;
}

/* A line that stands as it was is left alone; the others are written over those that are gone. */
enum lw_status lw_record_put_names(struct lw_form *form, enum lw_form_field_id id,
                                   const uint8_t party[LW_RECORD_ID], const char *why,
                                   struct lw_error *err)
{
    struct lines lines = {.count = 0};
    size_t next = 0;
    enum lw_status status = read_lines(form, id, &lines, err);

    for (size_t i = 0; i < lines.count && status == LW_OK; i++) {
        if (lines.done[i])
            continue;
        while (next < form->name_count && lines.kept[next])
            next++;
        status = put_line(form, lines.line[i], lines.len[i],
                          next < form->name_count ? &form->name[next] : NULL, party, why, err);
        if (next < form->name_count)
            lines.kept[next] = true;
    }
    for (size_t i = 0; i < form->name_count && status == LW_OK; i++) {
        if (!lines.kept[i])
            status = refuse_missing(form, id, i, err);
    }
    return status;
}
