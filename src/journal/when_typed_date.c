/* One typed date: "13 dec 2014", "sat 13 december", "dec 13, 2014", "вчера", "last monday". */
#include "when_typed.h"

#include <string.h>

static size_t skip_stop(struct lw_typer *typer, size_t index)
{
    bool shortened = lw_typer_is_word(typer, index - 1, LW_WORD_SHORT);
    bool stop = lw_typer_is_mark(typer, index, '.') && lw_typer_token(typer, index)->glued;
    return shortened && stop ? index + 1 : index;
}

/* "th" of "13th", "-го" of "13-го". */
static size_t skip_ordinal(struct lw_typer *typer, size_t index)
{
    if (lw_typer_is_joint(typer, index, '-') && lw_typer_is_word(typer, index + 1, LW_WORD_ORDINAL))
        return index + 2;
    bool glued = lw_typer_token(typer, index)->glued;
    return glued && lw_typer_is_word(typer, index, LW_WORD_ORDINAL) ? index + 1 : index;
}

static size_t skip_comma(struct lw_typer *typer, size_t index)
{
    return lw_typer_is_mark(typer, index, ',') ? index + 1 : index;
}

static size_t take_year(struct lw_typer *typer, size_t index, bool comma,
                        struct lw_typed_date *date)
{
    size_t at = comma ? skip_comma(typer, index) : index;
    size_t next = lw_typed_year_read(typer, at, &date->year);
    date->has_year = next != 0;
    return next != 0 ? next : index;
}

static bool is_day_number(struct lw_typer *typer, size_t index)
{
    return lw_typer_is_number(typer, index, 2);
}

/* "14 may be dead" */
static bool is_verb_here(struct lw_typer *typer, size_t month, size_t next)
{
    return lw_typer_is_word(typer, month, LW_WORD_VERB) && !typer->alone &&
           lw_typer_is_word(typer, next, LW_WORD_AUXILIARY);
}

static bool day_can_be(const struct lw_typed_date *date)
{
    return date->has_year || (date->day >= 1 && date->day <= 31);
}

static size_t read_day_month(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date = {.weekday = -1, .strength = LW_FIRM};
    if (!is_day_number(typer, index))
        return 0;
    size_t at = skip_ordinal(typer, index + 1);
    if (lw_typer_is_word(typer, at, LW_WORD_OF))
        at++;
    if (!lw_typer_is_word(typer, at, LW_WORD_MONTH))
        return 0;
    date.day = (unsigned)lw_typer_token(typer, index)->number;
    date.month = (unsigned)lw_typer_token(typer, at)->value;
    size_t next = take_year(typer, skip_stop(typer, at + 1), false, &date);
    if (!day_can_be(&date) || (!date.has_year && is_verb_here(typer, at, next)))
        return 0;
    *out = date;
    return next;
}

/* "may 5 people come" is no date; "may 5, 2014" is one. */
static size_t read_month_day(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date = {.weekday = -1, .strength = LW_FIRM, .month_first = true};
    if (!lw_typer_is_word(typer, index, LW_WORD_MONTH))
        return 0;
    size_t at = skip_stop(typer, index + 1);
    if (!is_day_number(typer, at) || lw_typer_is_joint(typer, at + 1, ':'))
        return 0;
    date.month = (unsigned)lw_typer_token(typer, index)->value;
    date.day = (unsigned)lw_typer_token(typer, at)->number;
    size_t next = take_year(typer, skip_ordinal(typer, at + 1), true, &date);
    bool verb = lw_typer_is_word(typer, index, LW_WORD_VERB) && !typer->alone;
    if (!day_can_be(&date) || (verb && !date.has_year))
        return 0;
    *out = date;
    return next;
}

static size_t read_month(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date = {.weekday = -1};
    if (!lw_typer_is_word(typer, index, LW_WORD_MONTH | LW_WORD_SEASON))
        return 0;
    date.month = (unsigned)lw_typer_token(typer, index)->value;
    size_t next = take_year(typer, skip_stop(typer, index + 1), date.month <= 12, &date);
    if (!date.has_year && date.month > 12)
        return 0;
    if (!date.has_year)
        next = index + 1;
    date.strength = date.has_year ? LW_FIRM : LW_WEAK;
    *out = date;
    return next;
}

static void set_day(struct lw_typed_date *date, int64_t days, enum lw_strength strength)
{
    *date = (struct lw_typed_date){.has_year = true, .weekday = -1, .strength = strength};
    lw_date_from_days(days, &date->year, &date->month, &date->day);
}

static int weekday_of(int64_t days)
{
    int64_t from_monday = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(from_monday < 0 ? from_monday + 7 : from_monday);
}

static size_t read_weekday(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    bool last = lw_typer_is_word(typer, index, LW_WORD_LAST);
    if (last)
        index++;
    if (!lw_typer_is_word(typer, index, LW_WORD_WEEKDAY))
        return 0;
    int back = weekday_of(typer->today) - lw_typer_token(typer, index)->value;
    if (back < 0 || (back == 0 && last))
        back += 7;
    set_day(out, typer->today - back, last ? LW_FIRM : LW_WITH_TIME);
    return index + 1;
}

static size_t read_relative(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    if (lw_typer_is_word(typer, index, LW_WORD_DAY)) {
        set_day(out, typer->today + lw_typer_token(typer, index)->value, LW_FIRM);
        return index + 1;
    }
    /* "this evening": the time is read by who reads times. */
    if (lw_typer_is_word(typer, index, LW_WORD_THIS) &&
        lw_typer_is_word(typer, index + 1, LW_WORD_PART)) {
        set_day(out, typer->today, LW_FIRM);
        return index + 1;
    }
    return read_weekday(typer, index, out);
}

static size_t read_year(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date = {.weekday = -1, .has_year = true, .strength = LW_WEAK};
    size_t next = lw_typed_year_read(typer, index, &date.year);
    if (next != 0)
        *out = date;
    return next;
}

static size_t read_day_form(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    size_t next = lw_typed_canonical_read(typer, index, out);
    if (next == 0)
        next = lw_typed_numeric_read(typer, index, out);
    if (next == 0)
        next = read_day_month(typer, index, out);
    if (next == 0)
        next = read_month_day(typer, index, out);
    return next;
}

/* "sat 13 dec 2014": the weekday is checked against the date. */
static size_t read_with_weekday(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    if (!lw_typer_is_word(typer, index, LW_WORD_WEEKDAY))
        return 0;
    size_t at = skip_comma(typer, skip_stop(typer, index + 1));
    size_t next = read_day_form(typer, at, out);
    if (next == 0 || out->text[0] != '\0' || out->day == 0)
        return 0;
    out->weekday = lw_typer_token(typer, index)->value;
    return next;
}

static size_t read_any(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    size_t next = read_with_weekday(typer, index, out);
    if (next == 0)
        next = read_day_form(typer, index, out);
    if (next == 0)
        next = read_month(typer, index, out);
    if (next == 0)
        next = read_relative(typer, index, out);
    if (next == 0)
        next = read_year(typer, index, out);
    return next;
}

static bool is_qualifier(uint32_t mark)
{
    return mark == '~' || mark == '?' || mark == '%';
}

static size_t take_qualifier_after(struct lw_typer *typer, size_t index, struct lw_typed_date *date)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    bool before_time = lw_typer_token(typer, index + 1)->glued &&
                       lw_typer_token(typer, index + 1)->kind == LW_TOKEN_NUMBER;
    if (token->kind != LW_TOKEN_MARK || !token->glued || !is_qualifier(token->mark) ||
        before_time || date->qualifier != '\0' || date->text[0] != '\0')
        return index;
    date->qualifier = (char)token->mark;
    return index + 1;
}

static size_t read_qualified(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    bool tilde = lw_typer_is_mark(typer, index, '~');
    bool about = tilde || lw_typer_is_word(typer, index, LW_WORD_ABOUT);
    size_t next = read_any(typer, about ? index + 1 : index, out);
    if (next == 0)
        return 0;
    if (about) {
        size_t len = strlen(out->text);
        if (len > 0 && (out->composed || strpbrk(out->text, "~?%") != NULL))
            return 0;
        if (len > 0 && len + 1 < sizeof out->text)
            out->text[len] = '~';
        else
            out->qualifier = '~';
    }
    return take_qualifier_after(typer, next, out);
}

size_t lw_typed_date_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date;
    size_t next = lw_typed_canonical_read(typer, index, &date);
    if (next != 0)
        next = take_qualifier_after(typer, next, &date);
    else
        next = read_qualified(typer, index, &date);
    if (next == 0 || !lw_typer_is_boundary(typer, next))
        return 0;
    *out = date;
    return next;
}

size_t lw_typed_day_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    struct lw_typed_date date = {.weekday = -1};
    bool about =
        lw_typer_is_mark(typer, index, '~') || lw_typer_is_word(typer, index, LW_WORD_ABOUT);
    size_t at = about ? index + 1 : index;
    if (!is_day_number(typer, at))
        return 0;
    date.day = (unsigned)lw_typer_token(typer, at)->number;
    date.qualifier = about ? '~' : '\0';
    if (date.day < 1 || date.day > 31)
        return 0;
    *out = date;
    return skip_ordinal(typer, at + 1);
}
