/* The clock of the system and the calendar. */
#include "base.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS_PER_DAY   INT64_C(86400000)
#define DAYS_PER_ERA 146097 /* 400 years */
/* Day 0 lies that far after 0000-03-01: whole eras and days. */
#define EPOCH_ERAS 4
#define EPOCH_DAYS 135080
/* Years whose day number fits in 64 bits. */
#define YEAR_LIMIT INT64_C(25000000000000000)

/* ---- clock -------------------------------------------------------------------------------- */

int64_t lw_ticks_us(clockid_t clock)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t lw_ticks_ms(clockid_t clock)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_now(void *context)
{
    (void)context;
    return lw_ticks_ms(CLOCK_REALTIME);
}

static int system_offset(void *context, int64_t unix_sec)
{
    time_t at = (time_t)unix_sec;
    struct tm local;

    (void)context;
    if (!localtime_r(&at, &local))
        return 0;
    return (int)(local.tm_gmtoff / 60);
}

const struct lw_clock lw_clock_system = {system_now, system_offset, NULL};

int64_t lw_clock_now(const struct lw_clock *clock)
{
    return clock->now_ms(clock->context);
}

int lw_clock_offset(const struct lw_clock *clock, int64_t unix_sec)
{
    return clock->offset_minutes(clock->context, unix_sec);
}

/* ---- calendar ----------------------------------------------------------------------------- */

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/* Not value - by * floor_div(value, by), whose product may lie outside of 64 bits. */
static int64_t floor_mod(int64_t value, int64_t by)
{
    int64_t rest = value % by;

    return rest < 0 ? rest + by : rest;
}

/* Days before a month in a year that begins with March (0: March), so that the leap day is last. */
static unsigned days_before(unsigned month)
{
    return (153 * month + 2) / 5;
}

int64_t lw_date_to_days(int64_t year, unsigned month, unsigned day)
{
    int64_t era;
    int64_t in_era; /* year 0..399 */

    if (year > YEAR_LIMIT)
        year = YEAR_LIMIT;
    if (year < -YEAR_LIMIT)
        year = -YEAR_LIMIT;
    if (month <= 2)
        year--;
    era = floor_div(year, 400);
    in_era = floor_mod(year, 400);
    return (era - EPOCH_ERAS) * DAYS_PER_ERA - EPOCH_DAYS + in_era * 365 + in_era / 4 -
           in_era / 100 + days_before((month + 9) % 12) + day - 1;
}

void lw_date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t era = floor_div(days, DAYS_PER_ERA);
    int64_t in_era = floor_mod(days, DAYS_PER_ERA) + EPOCH_DAYS;
    int64_t year_in_era;
    unsigned in_year;
    unsigned march;

    era += EPOCH_ERAS + in_era / DAYS_PER_ERA;
    in_era %= DAYS_PER_ERA;
    year_in_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / (DAYS_PER_ERA - 1)) / 365;
    in_year = (unsigned)(in_era - (365 * year_in_era + year_in_era / 4 - year_in_era / 100));
    march = (5 * in_year + 2) / 153;
    *day = in_year - days_before(march) + 1;
    *month = march < 10 ? march + 3 : march - 9;
    *year = era * 400 + year_in_era + (*month <= 2 ? 1 : 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned lw_date_month_length(int64_t year, unsigned month)
{
    static const unsigned char lengths[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month >= LW_COUNT_OF(lengths))
        return 0;
    return month == 2 && is_leap(year) ? 29 : lengths[month];
}

int64_t lw_scale_bucket(enum lw_scale scale, int64_t second)
{
    int64_t year;
    unsigned month, day;

    if (second == INT64_MIN || second == INT64_MAX)
        return second;
    if (scale == LW_SCALE_HOURS)
        return floor_div(second, 3600);
    if (scale == LW_SCALE_DAYS)
        return floor_div(second, 86400);
    lw_date_from_days(floor_div(second, 86400), &year, &month, &day);
    return scale == LW_SCALE_YEARS ? year : year * 12 + (int64_t)month - 1;
}

int64_t lw_scale_start(enum lw_scale scale, int64_t bucket)
{
    if (bucket == INT64_MIN || bucket == INT64_MAX)
        return bucket;
    if (scale == LW_SCALE_HOURS)
        return bucket * 3600;
    if (scale == LW_SCALE_YEARS)
        return lw_date_to_days(bucket, 1, 1) * 86400;
    if (scale == LW_SCALE_MONTHS)
        return lw_date_to_days(floor_div(bucket, 12), (unsigned)floor_mod(bucket, 12) + 1, 1) *
               86400;
    return bucket * 86400;
}

/* ---- instants ----------------------------------------------------------------------------- */

/* Made in a larger array, since a compiler cannot see that a year here has nine digits at most. */
void lw_time_format(int64_t unix_ms, char out[32])
{
    int64_t days = floor_div(unix_ms, MS_PER_DAY);
    unsigned ms = (unsigned)floor_mod(unix_ms, MS_PER_DAY);
    const char *sign = "";
    char made[64] = "";
    int64_t year;
    unsigned month;
    unsigned day;

    lw_date_from_days(days, &year, &month, &day);
    if (year < 0)
        sign = "-";
    else if (year > 9999)
        sign = "+";
    (void)snprintf(made, sizeof(made), "%s%04" PRId64 "-%02u-%02uT%02u:%02u:%02u.%03uZ", sign,
                   year < 0 ? -year : year, month, day, ms / 3600000, ms / 60000 % 60,
                   ms / 1000 % 60, ms % 1000);
    memcpy(out, made, 32);
    out[31] = '\0';
}

struct reader {
    const char *at;
    const char *end;
    bool good;
};

static void read_char(struct reader *in, char wanted)
{
    if (in->good && in->at < in->end && *in->at == wanted)
        in->at++;
    else
        in->good = false;
}

static bool at_char(const struct reader *in, char wanted)
{
    return in->good && in->at < in->end && *in->at == wanted;
}

static unsigned read_digits(struct reader *in, size_t count)
{
    uint64_t value = 0;

    if (in->good && (size_t)(in->end - in->at) >= count &&
        lw_parse_u64(in->at, count, 999999999, &value))
        in->at += count;
    else
        in->good = false;
    return (unsigned)value;
}

/* Four digits; or a sign and the fewest digits that do, at least four after "-", five after "+". */
static int64_t read_year(struct reader *in)
{
    bool minus = at_char(in, '-');
    bool plus = at_char(in, '+');
    size_t count = 0;
    int64_t year;

    if (!minus && !plus)
        return read_digits(in, 4);
    in->at++;
    while (count < 9 && in->at + count < in->end && in->at[count] >= '0' && in->at[count] <= '9')
        count++;
    if (count < 4 || (count > 4 && in->at[0] == '0') || (plus && count == 4))
        in->good = false;
    year = read_digits(in, count);
    if (minus && year == 0)
        in->good = false;
    return minus ? -year : year;
}

static bool date_exists(int64_t year, unsigned month, unsigned day)
{
    return day >= 1 && day <= lw_date_month_length(year, month);
}

/* False where the instant does not fit. A day before 1970 is counted from its end, since its start
 * may lie outside of what 64 bits hold. */
static bool join_instant(int64_t days, int64_t ms, int64_t *unix_ms)
{
    if (days < 0) {
        days++;
        ms -= MS_PER_DAY;
    }
    return !__builtin_mul_overflow(days, MS_PER_DAY, &days) &&
           !__builtin_add_overflow(days, ms, unix_ms);
}

static bool read_instant(struct reader *in, int64_t *days, int64_t *ms)
{
    int64_t year = read_year(in);
    unsigned month, day, hour, minute, second, fraction = 0;

    read_char(in, '-');
    month = read_digits(in, 2);
    read_char(in, '-');
    day = read_digits(in, 2);
    read_char(in, 'T');
    hour = read_digits(in, 2);
    read_char(in, ':');
    minute = read_digits(in, 2);
    read_char(in, ':');
    second = read_digits(in, 2);
    if (at_char(in, '.')) {
        read_char(in, '.');
        fraction = read_digits(in, 3);
    }
    read_char(in, 'Z');
    if (!in->good || in->at != in->end)
        return false;
    if (!date_exists(year, month, day) || hour > 23 || minute > 59 || second > 59)
        return false;
    *days = lw_date_to_days(year, month, day);
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + fraction;
    return true;
}

bool lw_time_parse(const char *text, size_t len, int64_t *unix_ms)
{
    struct reader in = {text, text + len, true};
    int64_t days;
    int64_t ms;
    int64_t joined;

    if (!read_instant(&in, &days, &ms) || !join_instant(days, ms, &joined))
        return false;
    *unix_ms = joined;
    return true;
}
