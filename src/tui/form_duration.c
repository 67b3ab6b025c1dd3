/* How long it took: a figure with its unit, the source's words, or both. Minutes are recorded. */
#include "form.h"

#include <string.h>

enum { HOUR = 60, DAY = 24 * HOUR };
#define MOST_MINUTES (INT64_C(1) << 40)

static const struct {
    const char *word;
    int64_t minutes;
} units[] = {
    {"min", 1},    {"minute", 1}, {"minutes", 1}, {"мин", 1},      {"минута", 1},
    {"минуты", 1}, {"минут", 1},  {"h", HOUR},    {"hour", HOUR},  {"hours", HOUR},
    {"ч", HOUR},   {"час", HOUR}, {"часа", HOUR}, {"часов", HOUR}, {"day", DAY},
    {"days", DAY}, {"день", DAY}, {"дня", DAY},   {"дней", DAY},
};

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && strchr(" \t", (*text)[0]) != NULL) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && strchr(" \t", (*text)[*len - 1]) != NULL)
        (*len)--;
}

/* "at least 2 h". False for anything else, which is words. */
static bool read_figure(const char *text, size_t len, struct lw_figure *figure)
{
    trim(&text, &len);
    for (size_t i = 0; i < LW_COUNT_OF(units); i++) {
        size_t unit = strlen(units[i].word);
        const char *at = text + len - unit;

        if (len <= unit || memcmp(at, units[i].word, unit) != 0 ||
            (at[-1] != ' ' && (at[-1] < '0' || at[-1] > '9')) ||
            !lw_figure_read(text, len - unit, figure))
            continue;
        if (figure->min > MOST_MINUTES || figure->max > MOST_MINUTES)
            return false;
        figure->min *= units[i].minutes;
        figure->max *= units[i].minutes;
        return true;
    }
    return false;
}

static enum lw_status set_end(struct lw_record *entry, const char *field, bool has, int64_t number)
{
    entry->value[lw_field_find(LW_RECORD_ENTRY, field)].set = false;
    return has ? lw_record_set_number(entry, field, number) : LW_OK;
}

enum lw_status lw_form_take_duration(const char *text, size_t len, struct lw_record *entry,
                                     struct lw_error *err)
{
    struct lw_figure figure = {.has_min = false};
    const char *quote;
    size_t head;
    bool quoted, counted;
    enum lw_status status;

    trim(&text, &len);
    quote = memchr(text, '"', len);
    head = quote != NULL ? (size_t)(quote - text) : len;
    quoted = quote != NULL && len - head > 2 && text[len - 1] == '"';
    counted = read_figure(text, head, &figure);
    if (counted && figure.has_min && figure.has_max && figure.min > figure.max)
        return lw_fail(err, LW_BAD_DATA, "the first number is greater than the second one");
    if (quoted && (counted || head == 0)) {
        text = quote + 1;
        len -= head + 2;
    } else if (counted && quote == NULL) {
        len = 0;
    } else {
        figure = (struct lw_figure){.has_min = false}; /* all of it is words */
    }
    status = set_end(entry, "duration_min", figure.has_min, figure.min);
    if (status == LW_OK)
        status = set_end(entry, "duration_max", figure.has_max, figure.max);
    return status == LW_OK ? lw_record_set_text(entry, "duration_text", len > 0 ? text : NULL, len)
                           : status;
}

/* In hours where it is whole ones. */
static enum lw_status write_figure(enum lw_language language, struct lw_figure figure,
                                   struct lw_buf *out)
{
    bool hours = figure.min % HOUR == 0 && figure.max % HOUR == 0;
    enum lw_status status;

    if (hours) {
        figure.min /= HOUR;
        figure.max /= HOUR;
    }
    status = lw_figure_write(language, &figure, out);
    if (status != LW_OK)
        return status;
    if (language == LW_ENGLISH)
        return lw_buf_says(out, hours ? " h" : " min");
    return lw_buf_adds(out, hours ? " ч" : " мин");
}

enum lw_status lw_form_compose_duration(enum lw_language language, const struct lw_record *entry,
                                        struct lw_buf *out)
{
    const struct lw_figure figure = lw_figure_of(entry, "duration_min", "duration_max");
    const char *text = lw_record_text(entry, "duration_text");
    struct lw_figure other;
    bool counted = figure.has_min || figure.has_max;
    enum lw_status status = counted ? write_figure(language, figure, out) : LW_OK;

    if (status != LW_OK || text == NULL)
        return status;
    if (counted || text[0] == '"' || read_figure(text, strlen(text), &other))
        return lw_buf_addf(out, "%s\"%s\"", counted ? " " : "", text);
    return lw_buf_adds(out, text);
}

enum lw_form_tone lw_form_understand_duration(struct lw_form *form, struct lw_buf *out)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_record entry;
    const char *words;
    enum lw_form_tone tone = LW_FORM_KNOWN;
    enum lw_status status;

    lw_record_init(&entry, LW_RECORD_ENTRY);
    status = lw_form_take_duration(lw_form_text(form, LW_FORM_DURATION),
                                   lw_form_len(form, LW_FORM_DURATION), &entry, &err);
    if (status == LW_BAD_DATA) {
        tone = LW_FORM_WRONG;
        status = lw_buf_adds(out, err.text);
    } else if (status == LW_OK) {
        const struct lw_figure figure = lw_figure_of(&entry, "duration_min", "duration_max");

        words = lw_record_text(&entry, "duration_text");
        if (!figure.has_min && !figure.has_max)
            status = lw_buf_says(out, "as written; no number is counted");
        else
            status = write_figure(lw_forms_language(lw_journal_forms(form->journal)), figure, out);
        if (status == LW_OK && (figure.has_min || figure.has_max) && words != NULL)
            status = lw_buf_sayf(out, ", as written \"%s\"", words);
    }
    lw_record_clear(&entry);
    return status == LW_OK ? tone : LW_FORM_SILENT;
}
