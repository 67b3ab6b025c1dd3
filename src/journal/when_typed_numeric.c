/* Dates of numbers alone: 13.12.2014, 13/12/2014, 2014.12.13, 13.12; years. */
#include "when_typed.h"

size_t lw_typed_year_read(struct lw_typer *typer, size_t index, int64_t *year)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    if (token->kind != LW_TOKEN_NUMBER || token->digits != 4 || token->number < 1000 ||
        token->number > 2999)
        return 0;
    if (lw_typer_is_joint(typer, index + 1, ':'))
        return 0;
    *year = (int64_t)token->number;
    size_t next = index + 1;
    if (lw_typer_is_word(typer, next, LW_WORD_YEAR)) {
        bool shortened = lw_typer_is_word(typer, next, LW_WORD_SHORT);
        next++;
        if (shortened && lw_typer_is_mark(typer, next, '.') && lw_typer_token(typer, next)->glued)
            next++;
    }
    return next;
}

/* "14" is 2014; what would be far ahead is of the last century. */
static int64_t full_year(const struct lw_typer *typer, const struct lw_token *token)
{
    int64_t year = (int64_t)token->number;
    int64_t now = 0;
    if (token->digits == 4)
        return year;
    lw_date_from_days(typer->today, &now, &(unsigned){0}, &(unsigned){0});
    year += now - now % 100;
    return year > now + 1 ? year - 100 : year;
}

/* Inside a sentence other numbers are telephones and amounts. */
static bool is_plausible(const struct lw_typer *typer, uint32_t mark,
                         const struct lw_typed_date *date)
{
    bool year = date->year >= 1800 && date->year < 2200;
    bool rest = mark == '.' || (date->day <= 31 && date->month <= 31);
    return typer->alone || (year && rest);
}

static void refuse_ambiguous(struct lw_typer *typer, size_t index)
{
    const struct lw_token *first = lw_typer_token(typer, index);
    const struct lw_token *last = lw_typer_token(typer, index + 4);
    struct lw_when_reader reader = {{typer->text.at + first->at, last->end - first->at},
                                    typer->err};
    unsigned a = (unsigned)first->number;
    unsigned b = (unsigned)lw_typer_token(typer, index + 2)->number;
    typer->impossible = true;
    (void)lw_when_refuse(&reader, "can be read in two ways; write %u %.3s or %u %.3s with the year",
                         a, lw_when_month_name(b, LW_MONTH_OF), b,
                         lw_when_month_name(a, LW_MONTH_OF));
}

/* 13/12/2014 and 13-12-2014: which number is the month is only clear where the other one is not. */
static size_t read_either_order(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    unsigned a = out->day;
    unsigned b = out->month;
    if (a <= 12 && b > 12) {
        out->day = b;
        out->month = a;
    } else if (a >= 1 && a <= 12 && b >= 1 && b <= 12 && a != b) {
        refuse_ambiguous(typer, index);
    }
    return index + 5;
}

static size_t read_day_first(struct lw_typer *typer, size_t index, uint32_t mark,
                             struct lw_typed_date *out)
{
    const struct lw_token *year = lw_typer_token(typer, index + 4);
    bool two = year->digits == 2 && (mark == '.' || typer->alone);
    if (!lw_typer_is_joint(typer, index + 3, mark) || year->kind != LW_TOKEN_NUMBER ||
        (year->digits != 4 && !two))
        return 0;
    out->has_year = true;
    out->year = full_year(typer, year);
    out->strength = LW_FIRM;
    if (!is_plausible(typer, mark, out))
        return 0;
    return mark == '.' ? index + 5 : read_either_order(typer, index, out);
}

static size_t read_year_first(struct lw_typer *typer, size_t index, uint32_t mark,
                              struct lw_typed_date *out)
{
    const struct lw_token *year = lw_typer_token(typer, index);
    if (mark == '-' || year->digits != 4 || !lw_typer_is_number(typer, index + 2, 2) ||
        !lw_typer_is_joint(typer, index + 3, mark) || !lw_typer_is_number(typer, index + 4, 2))
        return 0;
    *out = (struct lw_typed_date){.has_year = true,
                                  .year = (int64_t)year->number,
                                  .month = (unsigned)lw_typer_token(typer, index + 2)->number,
                                  .day = (unsigned)lw_typer_token(typer, index + 4)->number,
                                  .weekday = -1,
                                  .strength = LW_FIRM};
    return is_plausible(typer, mark, out) ? index + 5 : 0;
}

/* "13.12", a date only where something else says so. */
static size_t read_short(struct lw_typer *typer, size_t index, uint32_t mark,
                         struct lw_typed_date *out)
{
    bool fits = mark == '.' && lw_typer_token(typer, index + 2)->digits == 2 && out->day >= 1 &&
                out->day <= 31 && out->month >= 1 && out->month <= 12;
    if (!fits)
        return 0;
    out->strength = LW_WITH_TIME;
    return index + 3;
}

/* Another joined number would make it something else: an address, a version, a telephone. */
static size_t unless_longer(struct lw_typer *typer, size_t next)
{
    static const char marks[] = "./:";
    for (size_t i = 0; marks[i] != '\0'; i++) {
        if (lw_typer_is_joint(typer, next, (uint32_t)marks[i]) &&
            lw_typer_is_number(typer, next + 1, 99))
            return 0;
    }
    return next;
}

size_t lw_typed_numeric_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    const struct lw_token *joint = lw_typer_token(typer, index + 1);
    uint32_t mark = joint->mark;
    if (!lw_typer_is_number(typer, index, 4) || !lw_typer_is_joint(typer, index + 1, mark) ||
        (mark != '.' && mark != '/' && mark != '-') || !lw_typer_is_number(typer, index + 2, 2))
        return 0;
    size_t next = read_year_first(typer, index, mark, out);
    if (next == 0 && lw_typer_is_number(typer, index, 2)) {
        *out = (struct lw_typed_date){.day = (unsigned)lw_typer_token(typer, index)->number,
                                      .month = (unsigned)lw_typer_token(typer, index + 2)->number,
                                      .weekday = -1};
        next = read_day_first(typer, index, mark, out);
        if (next == 0)
            next = read_short(typer, index, mark, out);
    }
    return next == 0 ? 0 : unless_longer(typer, next);
}
