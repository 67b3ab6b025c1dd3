/* What lanes are drawn with: a sign for each stretch, and the dates above, in signs that any letter
 * can hold. */
#include "internal.h"

char lw_bar_sign(const struct lw_bar *bar)
{
    if (bar->stated > 9)
        return '+';
    if (bar->stated > 0)
        return (char)('0' + bar->stated);
    return bar->wider > 0 ? '~' : '.';
}

enum lw_status lw_bar_say_short(enum lw_scale scale, int64_t bucket, struct lw_buf *out)
{
    int64_t second = lw_scale_start(scale, bucket);
    int64_t year = lw_scale_bucket(LW_SCALE_YEARS, second);
    int64_t months = lw_scale_bucket(LW_SCALE_MONTHS, second);
    int64_t january = lw_scale_bucket(LW_SCALE_MONTHS, lw_scale_start(LW_SCALE_YEARS, year));
    int64_t in_month = second - lw_scale_start(LW_SCALE_MONTHS, months);
    enum lw_status status = lw_buf_addf(out, "%04lld", (long long)year);

    if (status == LW_OK && scale >= LW_SCALE_MONTHS)
        status = lw_buf_addf(out, "-%02d", (int)(months - january) + 1);
    if (status == LW_OK && scale >= LW_SCALE_DAYS)
        status = lw_buf_addf(out, "-%02d", (int)(in_month / 86400) + 1);
    if (status == LW_OK && scale >= LW_SCALE_HOURS)
        status = lw_buf_addf(out, " %02d:00", (int)(in_month % 86400 / 3600));
    return status;
}

/* What begins with that stretch, in digits; "" where nothing does. The first one always tells. */
static enum lw_status say_tick(enum lw_scale scale, int64_t bucket, bool first, struct lw_buf *out)
{
    enum lw_scale say = scale;
    int64_t second = lw_scale_start(scale, bucket);
    enum lw_status status;

    lw_buf_clear(out);
    while (say > LW_SCALE_YEARS &&
           lw_scale_start((enum lw_scale)(say - 1),
                          lw_scale_bucket((enum lw_scale)(say - 1), second)) == second)
        say = (enum lw_scale)(say - 1);
    if (!first && (scale == LW_SCALE_YEARS ? bucket % 10 != 0 : say == scale))
        return LW_OK;
    status = lw_buf_addc(out, '|');
    return status == LW_OK ? lw_bar_say_short(say, lw_scale_bucket(say, second), out) : status;
}

static enum lw_status pad(struct lw_buf *out, size_t to)
{
    enum lw_status status = LW_OK;

    while (out->len < to && status == LW_OK)
        status = lw_buf_addc(out, ' ');
    return status;
}

enum lw_status lw_bar_ticks(enum lw_scale scale, int64_t first, size_t count, size_t room,
                            bool begins, struct lw_buf *out)
{
    struct lw_buf tick = LW_BUF_INIT, next = LW_BUF_INIT;
    size_t start = out->len;
    enum lw_status status = LW_OK;

    for (size_t at = 0; at < count && status == LW_OK; at++) {
        bool crowded = false;

        status = say_tick(scale, first + (int64_t)at, begins && at == 0, &tick);
        if (status != LW_OK || tick.len == 0)
            continue;
        for (size_t to = at + 1;
             at == 0 && to < count && status == LW_OK && !crowded && to < tick.len + 1; to++) {
            status = say_tick(scale, first + (int64_t)to, false, &next);
            crowded = next.len > 0;
        }
        /* of the first one and the next, the next tells more */
        if (status != LW_OK || at + tick.len > room || (crowded && scale != LW_SCALE_YEARS) ||
            out->len > start + at)
            continue;
        status = pad(out, start + at);
        if (status == LW_OK)
            status = lw_buf_adds(out, tick.data);
    }
    lw_buf_free(&tick);
    lw_buf_free(&next);
    return status;
}
