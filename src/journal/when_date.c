/* One EDTF date: years, seasons, months, days, unspecified digits, a qualifier. */
#include "when_internal.h"

/* The same month in English is another form of the word in Russian. */
static const char *const months[LW_MONTH_FORMS][12] = {
    [LW_MONTH_ALONE] = {M_("month", "January"), M_("month", "February"), M_("month", "March"),
                        M_("month", "April"), M_("month", "May"), M_("month", "June"),
                        M_("month", "July"), M_("month", "August"), M_("month", "September"),
                        M_("month", "October"), M_("month", "November"), M_("month", "December")},
    [LW_MONTH_OF] = {M_("of a month", "January"), M_("of a month", "February"),
                     M_("of a month", "March"), M_("of a month", "April"), M_("of a month", "May"),
                     M_("of a month", "June"), M_("of a month", "July"), M_("of a month", "August"),
                     M_("of a month", "September"), M_("of a month", "October"),
                     M_("of a month", "November"), M_("of a month", "December")},
    [LW_MONTH_TITLE] = {M_("month as a title", "January"), M_("month as a title", "February"),
                        M_("month as a title", "March"), M_("month as a title", "April"),
                        M_("month as a title", "May"), M_("month as a title", "June"),
                        M_("month as a title", "July"), M_("month as a title", "August"),
                        M_("month as a title", "September"), M_("month as a title", "October"),
                        M_("month as a title", "November"), M_("month as a title", "December")},
    [LW_MONTH_SHORT] = {M_("short month", "Jan"), M_("short month", "Feb"),
                        M_("short month", "Mar"), M_("short month", "Apr"),
                        M_("short month", "May"), M_("short month", "Jun"),
                        M_("short month", "Jul"), M_("short month", "Aug"),
                        M_("short month", "Sep"), M_("short month", "Oct"),
                        M_("short month", "Nov"), M_("short month", "Dec")},
};

const char *lw_when_month_name(unsigned month, enum lw_month_form form)
{
    return lw_say(months[form][month - 1]);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_qualifier(char c)
{
    return c == '~' || c == '?' || c == '%';
}

static char first_of(struct lw_slice text)
{
    if (text.len == 0)
        return '\0';
    return text.at[0];
}

static void skip(struct lw_slice *text, size_t count)
{
    text->at += count;
    text->len -= count;
}

static size_t count_digits(struct lw_slice text)
{
    size_t count = 0;
    while (count < text.len && is_digit(text.at[count]))
        count++;
    return count;
}

/* Takes a qualifier that stands before a component. */
static enum lw_status take_left(const struct lw_when_reader *reader, struct lw_slice *text,
                                enum lw_when_scope scope, struct lw_when_date *date)
{
    if (!is_qualifier(first_of(*text)))
        return LW_OK;
    if (date->qualifier != '\0')
        return lw_when_refuse(reader, "one date takes one qualifier, %% for both ~ and ?");
    date->qualifier = first_of(*text);
    date->scope = scope;
    skip(text, 1);
    return LW_OK;
}

static enum lw_status take_right(const struct lw_when_reader *reader, struct lw_slice *text,
                                 struct lw_when_date *date)
{
    if (!is_qualifier(first_of(*text)))
        return LW_OK;
    if (date->qualifier != '\0')
        return lw_when_refuse(reader, "one date takes one qualifier, %% for both ~ and ?");
    date->qualifier = first_of(*text);
    date->scope = LW_SCOPE_WHOLE;
    skip(text, 1);
    if (is_qualifier(first_of(*text)))
        return lw_when_refuse(reader, "one date takes one qualifier, %% for both ~ and ?");
    if (first_of(*text) == '-')
        return lw_when_refuse(reader, "a qualifier stands at the end, or before the one part that "
                                      "it is about, as in 2014-12-~13");
    return LW_OK;
}

/* After the "Y": a year of five to nine digits, which has neither month nor day. */
static enum lw_status take_long_year(const struct lw_when_reader *reader, struct lw_slice *text,
                                     struct lw_when_date *date)
{
    skip(text, 1);
    bool negative = first_of(*text) == '-';
    if (negative)
        skip(text, 1);
    size_t digits = count_digits(*text);
    if (digits < 5 || text->at[0] == '0')
        return lw_when_refuse(reader, "Y stands before years of more than four digits; other years "
                                      "are written without it, as in 2014");
    uint64_t year = 0;
    if (digits > 9 || !lw_parse_u64(text->at, digits, 999999999, &year))
        return lw_when_refuse(reader, "a year has at most nine digits");
    date->year = negative ? -(int64_t)year : (int64_t)year;
    date->unit = LW_UNIT_YEAR;
    skip(text, digits);
    if (first_of(*text) == '-')
        return lw_when_refuse(reader, "a year with Y stands alone, without month and day");
    return LW_OK;
}

static bool year_has_shape(struct lw_slice text, size_t *unknown)
{
    if (text.len < 4)
        return false;
    size_t digits = 0;
    while (digits < 4 && is_digit(text.at[digits]))
        digits++;
    for (size_t i = digits; i < 4; i++) {
        if (text.at[i] != 'X')
            return false;
    }
    *unknown = 4 - digits;
    return true;
}

/* Four digits, the last one or two of which may be X. */
static enum lw_status take_year(const struct lw_when_reader *reader, struct lw_slice *text,
                                struct lw_when_date *date)
{
    static const int64_t width[] = {1, 10, 100};
    bool negative = first_of(*text) == '-';
    if (negative)
        skip(text, 1);
    size_t unknown = 0;
    if (!year_has_shape(*text, &unknown))
        return lw_when_refuse(
            reader, "a date begins with a year of four digits, as in 2014, 2014-12, 2014-12-13");
    if (unknown > 2)
        return lw_when_refuse(reader, "at most two digits of the year may be unknown, as in 20XX; "
                                      "leave the date out where nothing is known");
    uint64_t year = 0;
    if (!lw_parse_u64(text->at, 4 - unknown, 9999, &year))
        return lw_when_refuse(reader, "the year is not a number");
    skip(text, 4);
    if (is_digit(first_of(*text)))
        return lw_when_refuse(reader, "a year has four digits; longer ones are written with Y, as "
                                      "in Y12345");
    if (negative && year == 0 && unknown == 0)
        return lw_when_refuse(reader, "the year 0000 takes no minus");
    date->year = (int64_t)year * width[unknown];
    if (negative)
        date->year = -date->year - (width[unknown] - 1);
    date->unit = unknown == 0 ? LW_UNIT_YEAR : unknown == 1 ? LW_UNIT_DECADE : LW_UNIT_CENTURY;
    return LW_OK;
}

/* Two digits or XX; false where it is neither. */
static bool take_pair(struct lw_slice *text, unsigned *value, bool *unknown)
{
    uint64_t number = 0;
    if (text->len < 2)
        return false;
    bool both = text->at[0] == 'X' && text->at[1] == 'X';
    if (!both &&
        !(is_digit(text->at[0]) && is_digit(text->at[1]) && lw_parse_u64(text->at, 2, 99, &number)))
        return false;
    *value = (unsigned)number;
    *unknown = both;
    skip(text, 2);
    return true;
}

static enum lw_status take_month(const struct lw_when_reader *reader, struct lw_slice *text,
                                 struct lw_when_date *date)
{
    if (date->unit != LW_UNIT_YEAR)
        return lw_when_refuse(reader, "a year with unknown digits has no month or day");
    enum lw_status status = take_left(reader, text, LW_SCOPE_MONTH, date);
    if (status != LW_OK)
        return status;
    unsigned month = 0;
    if (!take_pair(text, &month, &date->some_month))
        return lw_when_refuse(reader,
                              "a month is two digits (01 to 12), a season (21 to 24) or XX");
    if (date->some_month)
        return LW_OK;
    if (month >= 25 && month <= 41)
        return lw_when_refuse(reader, "seasons go from 21 (spring) to 24 (winter)");
    if (month == 0 || (month > 12 && month < 21) || month > 24)
        return lw_when_refuse(reader, "there is no month %02u; months go from 01 to 12", month);
    date->month = month;
    date->unit = month > 12 ? LW_UNIT_SEASON : LW_UNIT_MONTH;
    return LW_OK;
}

static enum lw_status check_day(const struct lw_when_reader *reader,
                                const struct lw_when_date *date, unsigned day)
{
    if (date->month < 1 || date->month > 12)
        return lw_when_refuse(reader, "a season has no day");
    unsigned length = lw_date_month_length(date->year, date->month);
    if (day == 0)
        return lw_when_refuse(reader, "days begin with 01; write XX for a day that is not known");
    if (day > length)
        return lw_when_refuse(reader, "%s %lld has %u days",
                              lw_when_month_name(date->month, LW_MONTH_ALONE),
                              (long long)date->year, length);
    return LW_OK;
}

static enum lw_status take_day(const struct lw_when_reader *reader, struct lw_slice *text,
                               struct lw_when_date *date)
{
    enum lw_status status = take_left(reader, text, LW_SCOPE_DAY, date);
    if (status != LW_OK)
        return status;
    unsigned day = 0;
    if (!take_pair(text, &day, &date->some_day))
        return lw_when_refuse(reader, "a day is two digits, or XX where it is not known");
    if (date->some_day && date->unit != LW_UNIT_SEASON)
        return LW_OK;
    if (date->some_month)
        return lw_when_refuse(reader, "where the month is not known, the day is XX too");
    status = check_day(reader, date, day);
    if (status != LW_OK)
        return status;
    date->day = day;
    date->unit = LW_UNIT_DAY;
    return LW_OK;
}

static enum lw_status take_month_and_day(const struct lw_when_reader *reader, struct lw_slice *text,
                                         struct lw_when_date *date)
{
    if (first_of(*text) != '-')
        return LW_OK;
    skip(text, 1);
    enum lw_status status = take_month(reader, text, date);
    if (status != LW_OK || first_of(*text) != '-')
        return status;
    skip(text, 1);
    return take_day(reader, text, date);
}

static enum lw_status check_end(const struct lw_when_reader *reader, struct lw_slice rest)
{
    if (rest.len == 0)
        return LW_OK;
    if (rest.at[0] == 'T')
        return lw_when_refuse(reader, "a blank stands before the time, as in 2014-12-13 13:00");
    char shown[80];
    lw_when_quote(rest, shown);
    return lw_when_refuse(reader, "the date is complete before \"%s\"", shown);
}

enum lw_status lw_when_read_date(const struct lw_when_reader *reader, struct lw_slice text,
                                 struct lw_when_date *out)
{
    struct lw_when_date date = {0};
    enum lw_status status = take_left(reader, &text, LW_SCOPE_YEAR, &date);
    if (status == LW_OK) {
        if (first_of(text) == 'Y')
            status = take_long_year(reader, &text, &date);
        else
            status = take_year(reader, &text, &date);
    }
    if (status == LW_OK)
        status = take_right(reader, &text, &date);
    if (status == LW_OK)
        status = take_month_and_day(reader, &text, &date);
    if (status == LW_OK)
        status = take_right(reader, &text, &date);
    if (status == LW_OK)
        status = check_end(reader, text);
    if (status != LW_OK)
        return status;
    lw_when_date_bounds(&date);
    *out = date;
    return LW_OK;
}
