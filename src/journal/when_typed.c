/* What a person types for a `when`: dates, times and "after E09" in any order. */
#include "when_typed.h"

#include <stdio.h>
#include <string.h>

/* ---- one `when` ----------------------------------------------------------------------------- */

static void settle(struct lw_typer *typer, const char *dates, const char *clock,
                   struct lw_when_typed *out)
{
    char text[2 * LW_WHEN_TEXT];
    (void)snprintf(text, sizeof text, "%s%s%s", dates, clock[0] != '\0' ? " " : "", clock);
    if (typer->impossible)
        return;
    if (lw_when_parse(text, strlen(text), &out->when, typer->err) == LW_OK)
        out->has_when = true;
    else
        typer->impossible = true;
}

static bool is_believed(const struct lw_typer *typer, const struct lw_typed_span *span, bool timed)
{
    if (typer->alone || span->strength == LW_FIRM || typer->impossible)
        return true;
    return timed && span->strength == LW_WITH_TIME;
}

static size_t read_date_first(struct lw_typer *typer, size_t index, struct lw_when_typed *out)
{
    struct lw_typed_span span;
    char clock[LW_WHEN_TEXT] = "";
    size_t next = lw_typed_span_read(typer, index, &span);
    if (next == 0)
        return 0;
    size_t timed = 0;
    if (span.days || typer->whole) {
        size_t at = lw_typer_is_mark(typer, next, ',') ? next + 1 : next;
        timed = lw_typed_clock_read(typer, at, true, clock);
    }
    if (!is_believed(typer, &span, timed != 0))
        return 0;
    settle(typer, span.text, clock, out);
    return timed != 0 ? timed : next;
}

/* A time alone is the latest one that does not begin in the future. */
static void settle_time(struct lw_typer *typer, const char *clock, struct lw_when_typed *out)
{
    for (int64_t back = 0; back < 2; back++) {
        char date[64];
        int64_t year = 0;
        unsigned month = 0;
        unsigned day = 0;
        lw_date_from_days(typer->today - back, &year, &month, &day);
        (void)snprintf(date, sizeof date, "%04lld-%02u-%02u", (long long)year, month, day);
        out->has_when = false;
        settle(typer, date, clock, out);
        if (typer->impossible || out->when.earliest <= typer->now)
            return;
    }
}

static size_t read_time_first(struct lw_typer *typer, size_t index, struct lw_when_typed *out)
{
    struct lw_typed_span span;
    char clock[LW_WHEN_TEXT] = "";
    size_t next = lw_typed_clock_read(typer, index, typer->whole, clock);
    if (next == 0)
        return 0;
    bool joined = lw_typer_is_mark(typer, next, ',') || lw_typer_is_word(typer, next, LW_WORD_OF);
    size_t end = lw_typed_span_read(typer, joined ? next + 1 : next, &span);
    if (end != 0 && (span.days || typer->whole) && is_believed(typer, &span, true)) {
        settle(typer, span.text, clock, out);
        return end;
    }
    typer->impossible = false;
    if (!typer->alone)
        return 0;
    settle_time(typer, clock, out);
    return next;
}

/* ---- relations ------------------------------------------------------------------------------ */

static bool is_entry_letter(const struct lw_typer *typer, const struct lw_token *token)
{
    const char *at = typer->text.at + token->at;
    size_t len = token->end - token->at;
    if (token->kind != LW_TOKEN_WORD)
        return false;
    return (len == 1 && (at[0] == 'E' || at[0] == 'e')) ||
           (len == 2 && (memcmp(at, "\xD0\x95", 2) == 0 || memcmp(at, "\xD0\xB5", 2) == 0));
}

/* "after E09"; the Cyrillic letter that looks the same is meant the same. */
static size_t read_relation(struct lw_typer *typer, size_t index, struct lw_when_typed *out)
{
    bool after = lw_typer_is_word(typer, index, LW_WORD_AFTER);
    if (!after && !lw_typer_is_word(typer, index, LW_WORD_BEFORE))
        return 0;
    const struct lw_token *number = lw_typer_token(typer, index + 2);
    if (!is_entry_letter(typer, lw_typer_token(typer, index + 1)) ||
        !lw_typer_is_number(typer, index + 2, 9) || !number->glued ||
        !lw_typer_is_boundary(typer, index + 3) || out->relation_count == LW_WHEN_REFS)
        return 0;
    struct lw_when_relation *relation = &out->relation[out->relation_count++];
    relation->after = after;
    (void)snprintf(relation->ref, sizeof relation->ref, "E%.*s", (int)number->digits,
                   typer->text.at + number->at);
    return index + 3;
}

/* ---- the phrase ----------------------------------------------------------------------------- */

static size_t read_item(struct lw_typer *typer, size_t index, struct lw_when_typed *out)
{
    size_t next = 0;
    if (!out->has_when) {
        next = read_date_first(typer, index, out);
        if (next == 0)
            next = read_time_first(typer, index, out);
    }
    return next != 0 ? next : read_relation(typer, index, out);
}

static size_t skip_joint(struct lw_typer *typer, size_t index)
{
    if (lw_typer_is_mark(typer, index, ',') || lw_typer_is_mark(typer, index, ';'))
        index++;
    return lw_typer_is_word(typer, index, LW_WORD_AND) ? index + 1 : index;
}

static size_t read_phrase(struct lw_typer *typer, struct lw_when_typed *out)
{
    size_t end = 0;
    size_t at = 0;
    for (;;) {
        size_t next = read_item(typer, at, out);
        if (next == 0)
            return end;
        end = next;
        if (typer->impossible)
            return end;
        at = skip_joint(typer, next);
    }
}

/* Nothing of a refused phrase is handed out. */
static void finish(const struct lw_typer *typer, const struct lw_when_typed *typed,
                   struct lw_when_typed *out)
{
    static const struct lw_when_typed none = {0};
    *out = typer->impossible ? none : *typed;
}

size_t lw_when_scan(const char *text, size_t len, bool alone, const struct lw_clock *clock,
                    struct lw_when_typed *out, struct lw_error *err)
{
    struct lw_typer typer;
    struct lw_when_typed typed = {0};
    if (len == 0)
        return 0;
    lw_typer_init(&typer, (struct lw_slice){text, len}, clock, err);
    typer.alone = alone;
    if (!lw_typer_token(&typer, 0)->glued)
        return 0;
    size_t end = read_phrase(&typer, &typed);
    if (end == 0)
        return 0;
    finish(&typer, &typed, out);
    return lw_typer_token(&typer, end - 1)->end;
}

/* ---- the whole of what was typed ------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct lw_slice trim(struct lw_slice text)
{
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

/* Was it meant as canonical text, so that its sentence helps most? */
static bool looks_canonical(struct lw_slice text)
{
    static const char *const words[] = {"uuuu", "unknown", "open"};
    size_t digits = 0;
    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (text.len == strlen(words[i]) && memcmp(text.at, words[i], text.len) == 0)
            return true;
    }
    if (strchr("[{(", text.at[0]) != NULL || memchr(text.at, '/', text.len) != NULL)
        return true;
    while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    return digits >= 2 && digits <= 4 && text.len > digits &&
           strchr("-uxXT~?%", text.at[digits]) != NULL;
}

static enum lw_status refuse(struct lw_slice text, struct lw_error *err)
{
    struct lw_when when;
    char shown[80];
    if (looks_canonical(text))
        return lw_when_parse(text.at, text.len, &when, err);
    lw_when_quote(text, shown);
    return lw_fail(err, LW_BAD_DATA,
                   "%s: not understood as a date; write it like 13 dec 2014 evening, 2014-12-13 or "
                   "~21:20",
                   shown);
}

static enum lw_status read_typed(struct lw_slice text, const struct lw_clock *clock,
                                 struct lw_when_typed *out, struct lw_error *err)
{
    struct lw_typer typer;
    struct lw_when_typed typed = {0};
    struct lw_error why = {0};
    lw_typer_init(&typer, text, clock, &why);
    typer.alone = true;
    typer.whole = true;
    size_t end = read_phrase(&typer, &typed);
    if (typer.impossible)
        return lw_fail(err, LW_BAD_DATA, "%s", why.text);
    if (end == 0 || end >= LW_TOKENS || lw_typer_token(&typer, end)->kind != LW_TOKEN_END)
        return refuse(text, err);
    *out = typed;
    return LW_OK;
}

enum lw_status lw_when_read(const char *text, size_t len, const struct lw_clock *clock,
                            struct lw_when_typed *out, struct lw_error *err)
{
    struct lw_slice typed = trim((struct lw_slice){text, len});
    struct lw_when when;
    if (typed.len == 0)
        return lw_fail(err, LW_BAD_DATA,
                       "no date typed; write it like 13 dec 2014 evening, 2014-12-13 or ~21:20");
    if (!lw_utf8_valid(typed.at, typed.len, NULL))
        return lw_fail(err, LW_BAD_DATA, "the date is not well-formed UTF-8");
    if (lw_when_parse(typed.at, typed.len, &when, NULL) == LW_OK) {
        *out = (struct lw_when_typed){.has_when = true, .when = when};
        return LW_OK;
    }
    return read_typed(typed, clock, out, err);
}
