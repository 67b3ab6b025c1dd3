/* Dates that lie ahead. What people type of the past is read as the latest such date that is not in
 * the future; a deadline is the next one. */
#include "internal.h"

#include <string.h>

enum { WEEK_AHEAD = 6, YEAR_AHEAD = 364 };

struct shifted {
    const struct lw_clock *clock;
    int64_t days;
};

static int64_t shifted_now(void *context)
{
    const struct shifted *shifted = context;

    return lw_clock_now(shifted->clock) + shifted->days * 86400000;
}

static int shifted_offset(void *context, int64_t unix_sec)
{
    return lw_clock_offset(((const struct shifted *)context)->clock, unix_sec);
}

static enum lw_status read_on(const char *text, size_t len, const struct lw_clock *clock,
                              int64_t days, struct lw_when *out, struct lw_error *err)
{
    struct shifted shifted = {clock, days};
    const struct lw_clock ahead = {shifted_now, shifted_offset, &shifted};
    struct lw_when_typed typed;
    enum lw_status status = lw_when_read(text, len, &ahead, &typed, err);

    if (status == LW_OK && (!typed.has_when || typed.relation_count > 0))
        status = lw_fail(err, LW_BAD_DATA, "a date stands here, such as 20 dec or friday");
    if (status == LW_OK)
        *out = typed.when;
    return status;
}

static int64_t day_of(int64_t second)
{
    return second / 86400 - (second % 86400 < 0);
}

/* Read as if it were later, it lies ahead; but "yesterday" moves with the clock, and is meant so.
 */
static bool is_next(const struct lw_when *was, const struct lw_when *then, int64_t today,
                    int64_t days)
{
    if (then->latest == LW_TIME_MAX || was->latest == LW_TIME_MAX)
        return false;
    return then->latest - was->latest != days * 86400 && day_of(then->latest - 1) >= today;
}

enum lw_status lw_due_read(const char *text, size_t len, const struct lw_clock *clock,
                           struct lw_when *out, struct lw_error *err)
{
    static const int64_t ahead[] = {WEEK_AHEAD, YEAR_AHEAD};
    int64_t today = lw_clock_day(clock);
    struct lw_when when;
    enum lw_status status = read_on(text, len, clock, 0, &when, err);

    if (status != LW_OK)
        return status;
    *out = when;
    if (when.latest == LW_TIME_MAX || day_of(when.latest - 1) >= today)
        return LW_OK;
    for (size_t i = 0; i < LW_COUNT_OF(ahead); i++) {
        struct lw_when then;

        if (read_on(text, len, clock, ahead[i], &then, NULL) == LW_OK &&
            is_next(&when, &then, today, ahead[i])) {
            *out = then;
            break;
        }
    }
    return LW_OK;
}
