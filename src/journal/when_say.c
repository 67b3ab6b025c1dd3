/* A `when` for people. */
#include "when_internal.h"

#include <string.h>

#define DASH "\xE2\x80\x93"

static enum lw_status say_year(int64_t year, struct lw_buf *out)
{
    if (year < 0 || year > 9999)
        return lw_buf_sayf(out, "year %lld", (long long)year);
    return lw_buf_addf(out, "%lld", (long long)year);
}

/* of: behind a word such as "from", where a language has other forms. */
static enum lw_status say_decade(const struct lw_when_date *date, bool of, struct lw_buf *out)
{
    int64_t width = date->unit == LW_UNIT_DECADE ? 10 : 100;
    if (width == 10 && date->year >= 0)
        return lw_buf_addf(out, of ? C_("of a decade", "the %llds") : C_("decade", "the %llds"),
                           (long long)date->year);
    return lw_buf_sayf(out, "between %lld and %lld", (long long)date->year,
                       (long long)(date->year + width - 1));
}

/* The date without its qualifier. */
static enum lw_status say_plain(const struct lw_when_date *date, bool of, struct lw_buf *out)
{
    static const char *const seasons[] = {M_("season", "spring"), M_("season", "summer"),
                                          M_("season", "autumn"), M_("season", "winter")};
    static const char *const of_seasons[] = {
        M_("of a season", "spring"), M_("of a season", "summer"), M_("of a season", "autumn"),
        M_("of a season", "winter")};
    enum lw_status status = LW_OK;
    if (date->unit >= LW_UNIT_DECADE)
        return say_decade(date, of, out);
    if (date->some_day)
        status = lw_buf_says(out, "some day in ");
    else if (date->some_month)
        status = lw_buf_says(out, "some month in ");
    if (date->some_day || date->some_month)
        of = false;
    if (status == LW_OK && date->unit == LW_UNIT_DAY)
        status = lw_buf_addf(out, "%u ", date->day);
    if (status == LW_OK && date->month > 12)
        status = lw_buf_addf(out, "%s ", lw_say((of ? of_seasons : seasons)[date->month - 21]));
    else if (status == LW_OK && date->month > 0)
        status = lw_buf_addf(out, "%s ",
                             lw_when_month_name(date->month, of || date->unit == LW_UNIT_DAY
                                                                 ? LW_MONTH_OF
                                                                 : LW_MONTH_ALONE));
    return status == LW_OK ? say_year(date->year, out) : status;
}

static enum lw_status say_date(const struct lw_when_date *date, bool of, struct lw_buf *out)
{
    static const char *const scopes[] = {"", N_("year "), N_("month "), N_("day ")};
    bool whole = date->scope == LW_SCOPE_WHOLE;
    bool about = date->qualifier == '~' || date->qualifier == '%';
    bool uncertain = date->qualifier == '?' || date->qualifier == '%';
    const char *scope = scopes[date->scope];
    enum lw_status status = LW_OK;
    if (about && whole)
        status = lw_buf_says(out, "about ");
    if (status == LW_OK)
        status = say_plain(date, of, out);
    if (status != LW_OK || date->qualifier == '\0' || (whole && !uncertain))
        return status;
    if (whole)
        return lw_buf_says(out, " (uncertain)");
    return lw_buf_addf(out, " (%s%s%s%s)", scope[0] == '\0' ? "" : _(scope),
                       uncertain ? _("uncertain") : "", uncertain && about ? _(" and ") : "",
                       about ? _("approximate") : "");
}

/* "4-16 December 2014" where only the day differs. */
static bool is_one_month(const struct lw_when_date *a, const struct lw_when_date *b)
{
    return a->unit == LW_UNIT_DAY && b->unit == LW_UNIT_DAY && a->qualifier == '\0' &&
           b->qualifier == '\0' && a->year == b->year && a->month == b->month && a->day != b->day;
}

static enum lw_status say_interval(const struct lw_when_parts *parts, struct lw_buf *out)
{
    const struct lw_when_date *begin = &parts->date[0];
    const struct lw_when_date *end = &parts->date[1];
    enum lw_status status = LW_OK;
    if (parts->begin == LW_END_STATED && parts->end == LW_END_STATED && is_one_month(begin, end)) {
        status = lw_buf_addf(out, "%u" DASH, begin->day);
        return status == LW_OK ? say_date(end, false, out) : status;
    }
    if (parts->begin == LW_END_STATED && parts->end == LW_END_OPEN) {
        /* whether it went on all the time is for the extent to say */
        status = lw_buf_says(out, "from ");
        if (status == LW_OK)
            status = say_date(begin, true, out);
        return status == LW_OK ? lw_buf_says(out, " on") : status;
    }
    if (parts->begin == LW_END_STATED)
        status = say_date(begin, false, out);
    else
        status = lw_buf_says(out, parts->begin == LW_END_OPEN ? "until " : "beginning unknown");
    if (status == LW_OK && parts->begin != LW_END_OPEN)
        status = lw_buf_adds(out, " " DASH " ");
    if (status != LW_OK)
        return status;
    if (parts->end == LW_END_STATED)
        return say_date(end, parts->begin == LW_END_OPEN, out);
    return lw_buf_says(out, parts->end == LW_END_OPEN ? "any time after" : "end unknown");
}

static enum lw_status say_set(const struct lw_when_parts *parts, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    bool runs = false;
    for (size_t i = 0; i < parts->count; i++)
        runs = runs || parts->run[i];
    if (runs)
        status = lw_buf_says(out, "one of: ");
    for (size_t i = 0; status == LW_OK && i < parts->count; i++) {
        if (i > 0)
            status = lw_buf_says(out, parts->run[i - 1] ? " to " : " or ");
        if (status == LW_OK)
            status = say_date(&parts->date[i], false, out);
    }
    return status;
}

static enum lw_status say_minutes(int minutes, bool about, struct lw_buf *out)
{
    return lw_buf_addf(out, "%s%02d:%02d", about ? _("about ") : "", minutes / 60, minutes % 60);
}

static enum lw_status say_clock(const struct lw_when_clock *clock, struct lw_buf *out)
{
    if (clock->kind == LW_CLOCK_NONE)
        return LW_OK;
    enum lw_status status = lw_buf_adds(out, ", ");
    if (status == LW_OK && clock->kind == LW_CLOCK_PART) {
        status = lw_buf_says(out, lw_when_parts_of_day[clock->part].name);
        /* People differ on which night "the night of the 13th" is. */
        if (status == LW_OK && clock->from == 0)
            status = lw_buf_adds(out, " (00:00" DASH "06:00)");
        return status;
    }
    if (status == LW_OK)
        status = say_minutes(clock->from, clock->about_from, out);
    if (status != LW_OK || clock->kind != LW_CLOCK_RANGE)
        return status;
    status = lw_buf_adds(out, DASH);
    return status == LW_OK ? say_minutes(clock->to, clock->about_to, out) : status;
}

static enum lw_status say_offset(const struct lw_when_parts *parts, struct lw_buf *out)
{
    int minutes = parts->offset_minutes;
    int size = minutes < 0 ? -minutes : minutes;
    if (!parts->has_offset)
        return LW_OK;
    return lw_buf_sayf(out, " (UTC%c%02d:%02d)", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

enum lw_status lw_when_say(const struct lw_when *when, struct lw_buf *out)
{
    struct lw_when_parts parts;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_when_read_parts(when->text, strlen(when->text), &parts, NULL);
    if (status != LW_OK)
        return status;
    if (parts.form == LW_FORM_INTERVAL)
        status = say_interval(&parts, &text);
    else if (parts.form == LW_FORM_SET)
        status = say_set(&parts, &text);
    else
        status = say_date(&parts.date[0], false, &text);
    if (status == LW_OK)
        status = say_clock(&parts.clock, &text);
    if (status == LW_OK)
        status = say_offset(&parts, &text);
    if (status == LW_OK)
        status = lw_buf_add(out, lw_buf_text(&text), text.len);
    lw_buf_free(&text);
    return status;
}
