/*
 * From what is stated to the first and last moment that it may be.
 *
 * Approximate and uncertain dates (~ ? %) are wider on either side by one of what they state: a day
 * by a day, a month by a month, a season by three months, a year by a year, a decade by ten; a
 * qualifier on one component by one of that component. "~13:00" is wider by 30 minutes.
 * Seasons are those of the northern half: spring from March, summer from June, autumn from
 * September. "Winter 2014" may be the one that ends or the one that begins in 2014, so that it
 * spans both. Parts of a day are those of the stated date: night 00:00-06:00, morning 06:00-12:00,
 * afternoon 12:00-18:00, evening 18:00-24:00. A minute and a range of minutes include their last
 * one.
 */
#include "when_internal.h"

#define ABOUT_SEC INT64_C(1800)

/* First day of the month that is `months` after January of year 0. */
static int64_t month_start(int64_t months)
{
    int64_t year = months / 12;
    int64_t month = months % 12;
    if (month < 0) {
        month += 12;
        year--;
    }
    return lw_date_to_days(year, (unsigned)month + 1, 1);
}

/* The same day of another month, or its last day where it is shorter. */
static int64_t shift_months(int64_t days, int64_t months)
{
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    lw_date_from_days(days, &year, &month, &day);
    int64_t target = month_start(year * 12 + (int64_t)month - 1 + months);
    lw_date_from_days(target, &year, &month, &(unsigned){0});
    unsigned length = lw_date_month_length(year, month);
    return target + (int64_t)(day < length ? day : length) - 1;
}

static void bounds_as_written(struct lw_when_date *date)
{
    int64_t january = date->year * 12;
    int64_t from = january;
    int64_t count = 12;
    if (date->unit == LW_UNIT_DAY) {
        date->first = lw_date_to_days(date->year, date->month, date->day);
        date->last = date->first + 1;
        return;
    }
    if (date->unit == LW_UNIT_MONTH) {
        from = january + (int64_t)date->month - 1;
        count = 1;
    } else if (date->unit == LW_UNIT_SEASON) {
        bool winter = date->month == 24;
        from = winter ? january - 1 : january + 2 + 3 * ((int64_t)date->month - 21);
        count = winter ? 15 : 3;
    } else if (date->unit == LW_UNIT_DECADE) {
        count = 120;
    } else if (date->unit == LW_UNIT_CENTURY) {
        count = 1200;
    }
    date->first = month_start(from);
    date->last = month_start(from + count);
}

/* By how many months a qualifier widens; 0: by a day. */
static int64_t widening(const struct lw_when_date *date)
{
    static const int64_t of_unit[] = {
        [LW_UNIT_DAY] = 0,   [LW_UNIT_MONTH] = 1,    [LW_UNIT_SEASON] = 3,
        [LW_UNIT_YEAR] = 12, [LW_UNIT_DECADE] = 120, [LW_UNIT_CENTURY] = 1200};
    switch (date->scope) {
    case LW_SCOPE_DAY:
        return 0;
    case LW_SCOPE_MONTH:
        return date->unit == LW_UNIT_SEASON ? 3 : 1;
    case LW_SCOPE_YEAR:
        return date->unit >= LW_UNIT_YEAR ? of_unit[date->unit] : 12;
    case LW_SCOPE_WHOLE:
        break;
    }
    return of_unit[date->unit];
}

void lw_when_date_bounds(struct lw_when_date *date)
{
    bounds_as_written(date);
    date->earliest = date->first;
    date->latest = date->last;
    if (date->qualifier == '\0')
        return;
    int64_t months = widening(date);
    if (months == 0) {
        date->earliest--;
        date->latest++;
    } else if (date->unit == LW_UNIT_DAY) {
        date->earliest = shift_months(date->first, -months);
        date->latest = shift_months(date->first, months) + 1;
    } else {
        date->earliest = shift_months(date->first, -months);
        date->latest = shift_months(date->last, months);
    }
}

/* Seconds from the beginning of the first day, and from the beginning of the last, one past it. */
static void clock_bounds(const struct lw_when_clock *clock, int64_t *from, int64_t *to)
{
    *from = 0;
    *to = LW_WHEN_DAY_SEC;
    if (clock->kind == LW_CLOCK_NONE)
        return;
    *from = (int64_t)clock->from * 60;
    *to = (int64_t)clock->to * 60;
    if (clock->kind != LW_CLOCK_PART)
        *to += 60;
}

static bool is_approximate(const struct lw_when_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->date[i].qualifier != '\0')
            return true;
    }
    return parts->clock.about_from || parts->clock.about_to;
}

static int64_t first_day(const struct lw_when_parts *parts, bool widened)
{
    int64_t days = LW_TIME_MAX;
    size_t count = parts->form == LW_FORM_INTERVAL ? 1 : parts->count;
    if (parts->form == LW_FORM_INTERVAL && parts->begin != LW_END_STATED)
        return LW_TIME_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t day = widened ? parts->date[i].earliest : parts->date[i].first;
        days = day < days ? day : days;
    }
    return days;
}

/* One past it. */
static int64_t last_day(const struct lw_when_parts *parts, bool widened)
{
    int64_t days = LW_TIME_MIN;
    bool interval = parts->form == LW_FORM_INTERVAL;
    if (interval && parts->end != LW_END_STATED)
        return LW_TIME_MAX;
    for (size_t i = interval ? 1 : 0; i < parts->count; i++) {
        int64_t day = widened ? parts->date[i].latest : parts->date[i].last;
        days = day > days ? day : days;
    }
    return days;
}

/* Of "23:00..01:00" the second time would be on the next day, which has to be said. */
static enum lw_status check_order(const struct lw_when_reader *reader,
                                  const struct lw_when_parts *parts)
{
    if (parts->clock.kind == LW_CLOCK_RANGE && parts->clock.from == parts->clock.to)
        return lw_when_refuse(reader, "both times are the same; write it once");
    if (parts->clock.kind != LW_CLOCK_RANGE || parts->clock.from < parts->clock.to)
        return LW_OK;
    int64_t first = first_day(parts, false);
    int64_t last = last_day(parts, false);
    if (parts->form == LW_FORM_INTERVAL &&
        (first == LW_TIME_MIN || last == LW_TIME_MAX || last - first > 1))
        return LW_OK;
    return lw_when_refuse(reader,
                          "the second time is before the first; over midnight both days are "
                          "written, as in 2014-12-13/2014-12-14 23:00..01:00");
}

enum lw_status lw_when_span(const struct lw_when_reader *reader, const struct lw_when_parts *parts,
                            struct lw_when *out)
{
    int64_t from = 0;
    int64_t to = 0;
    clock_bounds(&parts->clock, &from, &to);
    int64_t begin = first_day(parts, true);
    int64_t end = last_day(parts, true);
    bool open_begin = begin == LW_TIME_MIN;
    bool open_end = end == LW_TIME_MAX;
    struct lw_when when = {.has_time = parts->clock.kind != LW_CLOCK_NONE,
                           .has_offset = parts->has_offset,
                           .offset_minutes = parts->offset_minutes,
                           .interval = parts->form != LW_FORM_SINGLE,
                           .open = open_begin || open_end,
                           .approximate = is_approximate(parts),
                           .earliest = LW_TIME_MIN,
                           .latest = LW_TIME_MAX};
    enum lw_status status = check_order(reader, parts);
    if (status != LW_OK)
        return status;
    if (!open_begin)
        when.earliest = begin * LW_WHEN_DAY_SEC + from - (parts->clock.about_from ? ABOUT_SEC : 0);
    if (!open_end)
        when.latest = (end - 1) * LW_WHEN_DAY_SEC + to + (parts->clock.about_to ? ABOUT_SEC : 0);
    if (when.earliest >= when.latest)
        return lw_when_refuse(reader, "the end lies before the beginning");
    *out = when;
    return LW_OK;
}

static int64_t without_offset(int64_t seconds, const struct lw_when *when, bool apply)
{
    if (!apply || seconds == LW_TIME_MIN || seconds == LW_TIME_MAX)
        return seconds;
    return seconds - (int64_t)when->offset_minutes * 60;
}

bool lw_when_within(const struct lw_when *a, const struct lw_when *b)
{
    bool both = a->has_offset && b->has_offset;
    return without_offset(a->earliest, a, both) >= without_offset(b->earliest, b, both) &&
           without_offset(a->latest, a, both) <= without_offset(b->latest, b, both);
}

bool lw_when_overlaps(const struct lw_when *a, const struct lw_when *b)
{
    bool both = a->has_offset && b->has_offset;
    return without_offset(a->earliest, a, both) < without_offset(b->latest, b, both) &&
           without_offset(b->earliest, b, both) < without_offset(a->latest, a, both);
}
