/* One or several typed dates: ranges, alternatives, since and until; as canonical text. */
#include "when_typed.h"

#include <stdio.h>
#include <string.h>

enum joint { JOINT_NONE, JOINT_RANGE, JOINT_OR };

struct list {
    enum joint joint;
    size_t count;
    struct lw_typed_date date[LW_TYPED_DATES];
};

/* ---- what was left out ---------------------------------------------------------------------- */

static bool is_later(const struct lw_typed_date *a, const struct lw_typed_date *b)
{
    return a->month > b->month || (a->month == b->month && a->day > b->day);
}

/* "4-16 dec 2014", "28 dec - 3 jan 2015": from the next date. */
static void share_backward(struct list *list)
{
    for (size_t i = list->count - 1; i-- > 0;) {
        struct lw_typed_date *date = &list->date[i];
        const struct lw_typed_date *next = &list->date[i + 1];
        if (date->text[0] != '\0' || next->text[0] != '\0')
            continue;
        if (date->month == 0 && date->day > 0)
            date->month = next->month;
        if (!date->has_year && next->has_year) {
            date->has_year = true;
            date->year = next->year - (is_later(date, next) ? 1 : 0);
        }
    }
}

/* "dec 4-16", and the year where only the first date has it. */
static void share_forward(struct list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct lw_typed_date *date = &list->date[i];
        const struct lw_typed_date *previous = &list->date[i - 1];
        if (date->text[0] != '\0' || previous->text[0] != '\0')
            continue;
        if (date->month == 0 && date->day > 0)
            date->month = previous->month;
        if (!date->has_year && previous->has_year) {
            date->has_year = true;
            date->year = previous->year + (is_later(previous, date) ? 1 : 0);
        }
    }
}

/* The latest year in which it is not in the future; 29 February may be years ago. */
static int64_t latest_year(const struct lw_typer *typer, const struct lw_typed_date *date)
{
    int64_t this_year = 0;
    lw_date_from_days(typer->today, &this_year, &(unsigned){0}, &(unsigned){0});
    unsigned day = date->day > 0 ? date->day : 1;
    for (int64_t year = this_year; year > this_year - 9; year--) {
        bool exists = day <= lw_date_month_length(year, date->month);
        if (exists && lw_date_to_days(year, date->month, day) <= typer->today)
            return year;
    }
    return this_year;
}

static void complete(struct lw_typer *typer, struct list *list)
{
    share_backward(list);
    share_forward(list);
    for (size_t i = 0; i < list->count; i++) {
        struct lw_typed_date *date = &list->date[i];
        if (date->text[0] != '\0' || date->has_year || date->month == 0)
            continue;
        date->year = latest_year(typer, date);
        date->has_year = true;
        share_forward(list);
    }
}

/* ---- canonical text ------------------------------------------------------------------------- */

static bool append(char text[LW_WHEN_TEXT], const char *more)
{
    size_t used = strlen(text);
    size_t len = strlen(more);
    if (used + len >= LW_WHEN_TEXT)
        return false;
    memcpy(text + used, more, len + 1);
    return true;
}

/* "13 December 2014 is a Saturday" */
static void check_weekday(struct lw_typer *typer, const struct lw_typed_date *date)
{
    static const char *const names[] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                        N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                        N_("Sunday")};
    if (date->weekday < 0 || date->month < 1 || date->month > 12 ||
        date->day > lw_date_month_length(date->year, date->month))
        return;
    int64_t days = lw_date_to_days(date->year, date->month, date->day) + 3;
    int weekday = (int)(((days % 7) + 7) % 7);
    if (weekday == date->weekday)
        return;
    typer->impossible = true;
    (void)lw_fail(typer->err, LW_BAD_DATA, "%u %s %lld is a %s, not a %s", date->day,
                  lw_when_month_name(date->month, LW_MONTH_OF), (long long)date->year,
                  names[weekday], names[date->weekday]);
}

static bool append_date(struct lw_typer *typer, const struct lw_typed_date *date,
                        char text[LW_WHEN_TEXT])
{
    char one[64];
    char qualifier[2] = {date->qualifier, '\0'};
    if (date->text[0] != '\0')
        return append(text, date->text) && append(text, qualifier);
    check_weekday(typer, date);
    if (date->day > 0)
        (void)snprintf(one, sizeof one, "%04lld-%02u-%02u", (long long)date->year, date->month,
                       date->day);
    else if (date->month > 0)
        (void)snprintf(one, sizeof one, "%04lld-%02u", (long long)date->year, date->month);
    else
        (void)snprintf(one, sizeof one, "%04lld", (long long)date->year);
    return append(text, one) && append(text, qualifier);
}

static bool format_list(struct lw_typer *typer, const struct list *list, char text[LW_WHEN_TEXT])
{
    bool set = list->joint == JOINT_OR;
    bool fits = !set || append(text, "[");
    for (size_t i = 0; fits && i < list->count; i++) {
        if (i > 0)
            fits = append(text, set ? "," : "/");
        fits = fits && append_date(typer, &list->date[i], text);
    }
    return fits && (!set || append(text, "]"));
}

static bool is_complete_day(const struct lw_typed_date *date)
{
    return date->text[0] != '\0' ? date->days : date->day > 0;
}

/* ---- the grammar ---------------------------------------------------------------------------- */

static enum joint joint_at(struct lw_typer *typer, size_t index, bool between)
{
    if (lw_typer_is_word(typer, index, LW_WORD_OR))
        return JOINT_OR;
    bool range = lw_typer_is_mark(typer, index, '-') ||
                 lw_typer_is_mark(typer, index, LW_MARK_DOTS) ||
                 lw_typer_is_word(typer, index, between ? LW_WORD_AND : LW_WORD_TO);
    return range ? JOINT_RANGE : JOINT_NONE;
}

/* After "dec 4" a day follows as "dec 4-16" or, where nothing else can be meant, "dec 4 or 5". */
static size_t read_day_after(struct lw_typer *typer, size_t index,
                             const struct lw_typed_date *first, struct lw_typed_date *out)
{
    bool joined = lw_typer_is_joint(typer, index - 1, '-');
    if (!first->month_first || first->has_year || !(joined || typer->alone))
        return 0;
    size_t next = lw_typed_day_read(typer, index, out);
    if (next == 0)
        return 0;
    out->strength = LW_FIRM;
    out->month = first->month;
    out->month_first = true;
    size_t year = lw_typer_is_mark(typer, next, ',') ? next + 1 : next;
    year = lw_typed_year_read(typer, year, &out->year);
    out->has_year = year != 0;
    next = year != 0 ? year : next;
    return lw_typer_is_boundary(typer, next) ? next : 0;
}

/* One more date of the list; a day without month must get it from a neighbour. */
static size_t read_more(struct lw_typer *typer, size_t index, bool between, struct list *list)
{
    struct lw_typed_date *date = &list->date[list->count];
    enum joint joint = joint_at(typer, index, between);
    const struct lw_typed_date *previous = date - 1;
    if (joint == JOINT_NONE || (list->joint != JOINT_NONE && joint != list->joint) ||
        list->count == (joint == JOINT_RANGE ? 2 : LW_TYPED_DATES) || previous->composed)
        return 0;
    size_t next = lw_typed_date_read(typer, index + 1, date);
    bool headless = previous->month == 0 && previous->day > 0;
    if (next != 0 && headless && (date->text[0] != '\0' || date->month == 0))
        next = 0;
    if (next == 0 && joint == JOINT_OR && headless)
        next = lw_typed_day_read(typer, index + 1, date);
    if (next == 0)
        next = read_day_after(typer, index + 1, previous, date);
    if (next == 0 || date->composed)
        return 0;
    list->joint = joint;
    list->count++;
    return next;
}

static size_t read_list(struct lw_typer *typer, size_t index, bool between, struct list *list)
{
    *list = (struct list){0};
    size_t next = lw_typed_date_read(typer, index, &list->date[0]);
    bool headless = next == 0;
    if (headless)
        next = lw_typed_day_read(typer, index, &list->date[0]);
    if (next == 0)
        return 0;
    list->count = 1;
    for (;;) {
        size_t more = read_more(typer, next, between, list);
        if (more == 0)
            break;
        next = more;
    }
    const struct lw_typed_date *last = &list->date[list->count - 1];
    if (last->month == 0 && last->day > 0)
        return 0;
    return next;
}

static void judge(const struct list *list, struct lw_typed_span *out)
{
    out->days = true;
    out->strength = LW_WEAK;
    for (size_t i = 0; i < list->count; i++) {
        const struct lw_typed_date *date = &list->date[i];
        out->days = out->days && is_complete_day(date);
        out->strength = date->strength > out->strength ? date->strength : out->strength;
    }
}

static bool is_bare_year(const struct lw_typed_date *date)
{
    return date->text[0] == '\0' && date->month == 0;
}

static size_t read_open(struct lw_typer *typer, size_t index, struct lw_typed_span *out)
{
    struct list list;
    bool since = lw_typer_is_word(typer, index, LW_WORD_SINCE);
    if (!since && !lw_typer_is_word(typer, index, LW_WORD_UNTIL))
        return 0;
    size_t next = read_list(typer, index + 1, false, &list);
    if (next == 0 || list.count > 1 || list.date[0].composed)
        return 0;
    complete(typer, &list);
    judge(&list, out);
    if (is_bare_year(&list.date[0]))
        out->strength = LW_FIRM;
    bool fits = (since || append(out->text, "../")) && format_list(typer, &list, out->text) &&
                (!since || append(out->text, "/.."));
    return fits ? next : 0;
}

static size_t read_closed(struct lw_typer *typer, size_t index, struct lw_typed_span *out)
{
    struct list list;
    bool between = lw_typer_is_word(typer, index, LW_WORD_BETWEEN);
    bool from = between || lw_typer_is_word(typer, index, LW_WORD_FROM);
    size_t next = read_list(typer, from ? index + 1 : index, between, &list);
    if (next == 0 || (from && list.joint != JOINT_RANGE))
        return 0;
    complete(typer, &list);
    judge(&list, out);
    return format_list(typer, &list, out->text) ? next : 0;
}

size_t lw_typed_span_read(struct lw_typer *typer, size_t index, struct lw_typed_span *out)
{
    struct lw_typed_span span = {{0}, false, LW_WEAK};
    for (int i = 0; i < 2 && lw_typer_is_word(typer, index, LW_WORD_AT); i++)
        index++;
    size_t next = read_closed(typer, index, &span);
    if (next == 0) {
        span = (struct lw_typed_span){{0}, false, LW_WEAK};
        next = read_open(typer, index, &span);
    }
    if (next != 0)
        *out = span;
    return next;
}
