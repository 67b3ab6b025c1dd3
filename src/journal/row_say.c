/* A row of the timeline in words: days, times, extents, titles, sources. */
#include "internal.h"
#include "when_internal.h"

#include <string.h>

#define DAY_S 86400

enum lw_status lw_day_say(int64_t day, struct lw_buf *out)
{
    static const char *const days[] = {N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
                                       N_("Mon"), N_("Tue"), N_("Wed")};
    int64_t weekday = ((day % 7) + 7) % 7;
    int64_t year;
    unsigned month, date;

    lw_date_from_days(day, &year, &month, &date);
    return lw_buf_addf(out, "%s %u %s %lld", _(days[weekday]), date,
                       lw_when_month_name(month, LW_MONTH_OF), (long long)year);
}

enum lw_status lw_month_say(int64_t day, struct lw_buf *out)
{
    int64_t year;
    unsigned month, date;

    lw_date_from_days(day, &year, &month, &date);
    return lw_buf_addf(out, "%s %lld", lw_when_month_name(month, LW_MONTH_TITLE), (long long)year);
}

enum lw_status lw_instant_say(const struct lw_clock *clock, int64_t unix_ms, struct lw_buf *out)
{
    int64_t seconds = unix_ms / 1000 - (unix_ms % 1000 < 0);
    int offset = lw_clock_offset(clock, seconds);
    int64_t local = seconds + (int64_t)offset * 60;
    int64_t day = local / DAY_S - (local % DAY_S < 0);
    int64_t rest = local - day * DAY_S;
    int away = offset < 0 ? -offset : offset;
    int64_t year;
    unsigned month, date;

    lw_date_from_days(day, &year, &month, &date);
    return lw_buf_addf(out, "%04lld-%02u-%02u %02d:%02d %c%02d:%02d", (long long)year, month, date,
                       (int)(rest / 3600), (int)(rest / 60 % 60), offset < 0 ? '-' : '+', away / 60,
                       away % 60);
}

const char *lw_extent_label(const char *extent)
{
    static const char *const labels[][2] = {
        {"throughout", N_("throughout")},
        {"within", N_("some time within")},
        {"repeated", N_("repeatedly within")},
        {"ongoing", N_("ongoing")},
        {"repeated_ongoing", N_("repeatedly, ongoing")},
    };

    for (size_t i = 0; extent != NULL && i < LW_COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], extent) == 0)
            return _(labels[i][1]);
    }
    return extent == NULL ? "" : extent;
}

enum lw_status lw_row_title(const struct lw_row *row, struct lw_buf *out)
{
    enum lw_status status = lw_buf_adds(out, row->title == NULL ? "" : row->title);

    if (status == LW_OK && row->hedge != NULL)
        status = lw_buf_addf(out, " (%s)", row->hedge);
    return status;
}

static bool is_set(const struct lw_when *when)
{
    return when->text[0] == '[';
}

static bool is_one_day(const struct lw_when *when)
{
    return !when->interval && !when->open && when->earliest != LW_TIME_MIN &&
           when->latest != LW_TIME_MAX && when->latest - when->earliest <= DAY_S;
}

/* True where an interval begins on a day that is known for sure. */
static bool begins_on_day(const struct lw_when *when)
{
    const char *slash = strchr(when->text, '/');
    struct lw_when start;

    if (is_set(when) || slash == NULL || slash == when->text)
        return false;
    return lw_when_parse(when->text, (size_t)(slash - when->text), &start, NULL) == LW_OK &&
           is_one_day(&start) && !start.approximate;
}

/* It stands under the day it was recorded, which must not read as the day it happened; or beside
 * the entry that it is ordered by. */
static enum lw_status undated_heading(const struct lw_row *row, struct lw_buf *out)
{
    int64_t recorded = row->recorded_ms / 1000 / DAY_S;
    enum lw_status status;

    if (row->day == LW_TIME_MIN)
        return lw_buf_says(out, "Not dated");
    if (row->after_previous || row->day < recorded - 1 || row->day > recorded + 1)
        return lw_day_say(row->day, out);
    status = lw_buf_says(out, "Not dated, recorded ");
    return status == LW_OK ? lw_day_say(row->day, out) : status;
}

enum lw_status lw_row_heading(const struct lw_row *row, struct lw_buf *out)
{
    struct lw_when when;
    enum lw_status status;

    if (row->when == NULL || lw_when_parse(row->when, strlen(row->when), &when, NULL) != LW_OK) {
        return undated_heading(row, out);
    }
    if (row->day != LW_TIME_MIN && (is_one_day(&when) || begins_on_day(&when)))
        return lw_day_say(row->day, out);
    status = lw_when_say(&when, out);
    if (status == LW_OK)
        text_capital(out);
    return status;
}

/* "… to 16 Dec", with the year where the interval ends in another one. */
static enum lw_status say_end(const struct lw_when *when, struct lw_buf *out)
{
    int64_t year, first_year = 0;
    unsigned month, date, ignored;
    int64_t last = (when->latest - 1) / DAY_S - ((when->latest - 1) % DAY_S < 0);

    lw_date_from_days(last, &year, &month, &date);
    if (when->earliest != LW_TIME_MIN) {
        int64_t first = when->earliest / DAY_S - (when->earliest % DAY_S < 0);

        lw_date_from_days(first, &first_year, &ignored, &ignored);
    }
    if (year != first_year)
        return lw_buf_sayf(out, "… to %s %lld", lw_when_month_name(month, LW_MONTH_SHORT),
                           (long long)year);
    return lw_buf_sayf(out, "… to %u %s", date, lw_when_month_name(month, LW_MONTH_SHORT));
}

static enum lw_status interval_time(const struct lw_row *row, const struct lw_when *when,
                                    struct lw_buf *out)
{
    if (is_set(when))
        return lw_buf_says(out, "one of");
    if (when->latest != LW_TIME_MAX)
        return say_end(when, out);
    if (row->extent != NULL && strstr(row->extent, "ongoing") != NULL)
        return lw_buf_says(out, "… ongoing");
    return lw_buf_says(out, "… open");
}

/* The time of day as written, without the offset: "~13:00", "evening". */
static enum lw_status stated_time(const struct lw_when *when, struct lw_buf *out)
{
    const char *time = strchr(when->text, ' ');
    size_t len;

    if (time == NULL)
        return lw_buf_adds(out, "?");
    time++;
    len = strcspn(time, " ");
    for (size_t i = 0; i < LW_PARTS_OF_DAY; i++) {
        const char *name = lw_when_parts_of_day[i].name;

        if (strlen(name) == len && memcmp(name, time, len) == 0)
            return lw_buf_says(out, name);
    }
    return lw_buf_add(out, time, len);
}

/* "several hours" in a cell: "several h". */
static enum lw_status short_duration(const char *text, struct lw_buf *out)
{
    static const char *const units[][2] = {{" hours", " h"},  {" hour", " h"}, {" minutes", " min"},
                                           {" часов", " ч"},  {" часа", " ч"}, {" час", " ч"},
                                           {" минут", " мин"}};
    size_t len = strlen(text);

    for (size_t i = 0; i < LW_COUNT_OF(units); i++) {
        size_t unit = strlen(units[i][0]);

        if (len > unit && strcmp(text + len - unit, units[i][0]) == 0)
            return lw_buf_addf(out, "… %.*s%s", (int)(len - unit), text, units[i][1]);
    }
    return lw_buf_addf(out, "… %s", text);
}

enum lw_status lw_row_time(const struct lw_row *row, struct lw_buf *out, bool *whole)
{
    struct lw_when when;
    bool dated =
        row->when != NULL && lw_when_parse(row->when, strlen(row->when), &when, NULL) == LW_OK;

    *whole = true;
    if (dated && (when.interval || when.open)) {
        *whole = begins_on_day(&when) && row->extent == NULL;
        return interval_time(row, &when, out);
    }
    if (dated)
        *whole = is_one_day(&when) && !when.has_offset && !when.approximate && row->extent == NULL;
    if (dated && when.has_time)
        return stated_time(&when, out);
    if (row->duration_text != NULL)
        return short_duration(row->duration_text, out);
    return lw_buf_says(out, row->after_previous ? "later" : "?");
}

static bool ends_with(const struct lw_buf *text, const char *end)
{
    size_t len = strlen(end);

    return text->len >= len && memcmp(lw_buf_text(text) + text->len - len, end, len) == 0;
}

enum lw_status lw_row_when(const struct lw_row *row, struct lw_buf *out)
{
    struct lw_when when;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (row->when != NULL && lw_when_parse(row->when, strlen(row->when), &when, NULL) == LW_OK)
        status = lw_when_say(&when, &text);
    if (status == LW_OK && row->extent != NULL && !ends_with(&text, lw_extent_label(row->extent)))
        status = lw_buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", lw_extent_label(row->extent));
    if (status == LW_OK)
        status = lw_buf_add(out, lw_buf_text(&text), text.len);
    lw_buf_free(&text);
    return status;
}

enum lw_status lw_row_sources(const struct lw_row *row, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    if (row->sources > 0)
        status =
            lw_buf_addf(out, lw_say_count("%u source", "%u sources", row->sources), row->sources);
    if (status == LW_OK && row->contradicted)
        status = lw_buf_addf(out, "%s≠", row->sources > 0 ? "  " : "");
    if (status == LW_OK && (row->amended || row->open != 0))
        status = lw_buf_addf(out, "%s%s",
                             out->len == 0       ? ""
                             : row->contradicted ? " "
                                                 : "  ",
                             row->amended ? "±" : "○");
    return status;
}
