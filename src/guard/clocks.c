/* Idleness and suspend. Both on CLOCK_BOOTTIME, which goes on while the machine sleeps. */
#include "internal.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Two clocks are never read at the same moment; no sleep is as short. */
#define SUSPEND_MS 1000
#define NEVER      ((time_t)1 << 40)

int64_t guard_suspended_ms(const struct lw_supervisor *setup)
{
    int64_t boot = 0;
    int64_t before = 0;
    int64_t after = 0;

    if (setup->suspended_ms)
        return setup->suspended_ms(setup->clock_context);
    /* again where this process was kept waiting between the readings */
    for (int i = 0; i < 10; i++) {
        before = lw_ticks_ms(CLOCK_MONOTONIC);
        boot = lw_ticks_ms(CLOCK_BOOTTIME);
        after = lw_ticks_ms(CLOCK_MONOTONIC);
        if (after - before <= SUSPEND_MS / 10)
            break;
    }
    return boot - after;
}

bool guard_suspended_since(const struct lw_supervisor *setup, int64_t suspended_ms)
{
    return guard_suspended_ms(setup) - suspended_ms >= SUSPEND_MS;
}

/* The kernel cancels such a timer when the time of day jumps, which a resume makes it do. */
static bool watch_for_resume(const struct guard_clocks *clocks)
{
    const struct itimerspec never = {.it_value = {.tv_sec = NEVER}};

    return timerfd_settime(clocks->resume, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never,
                           NULL) == 0;
}

/* at_ms in CLOCK_BOOTTIME; 0 switches it off. */
static bool set_idle(const struct guard_clocks *clocks, int64_t at_ms)
{
    const struct itimerspec at = {
        .it_value = {.tv_sec = (time_t)(at_ms / 1000), .tv_nsec = (long)(at_ms % 1000) * 1000000}};

    return timerfd_settime(clocks->idle, TFD_TIMER_ABSTIME, &at, NULL) == 0;
}

enum lw_status guard_clocks_open(struct guard_clocks *clocks, const struct lw_supervisor *setup,
                                 struct lw_error *err)
{
    *clocks = (struct guard_clocks){.setup = setup};
    clocks->idle = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    clocks->resume = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (clocks->idle >= 0 && clocks->resume >= 0 && watch_for_resume(clocks))
        return LW_OK;
    lw_fail_errno(err, LW_INTERNAL, "the idle lock cannot be set");
    guard_clocks_close(clocks);
    return LW_INTERNAL;
}

void guard_clocks_start(struct guard_clocks *clocks)
{
    clocks->suspended_ms = guard_suspended_ms(clocks->setup);
    guard_clocks_key(clocks);
    if (clocks->setup->idle_ms > 0)
        (void)set_idle(clocks, clocks->key_ms + clocks->setup->idle_ms);
}

/* Leaves the timer as it is: when it ends, it is asked what the last key was. */
void guard_clocks_key(struct guard_clocks *clocks)
{
    clocks->key_ms = lw_ticks_ms(CLOCK_BOOTTIME);
    if (clocks->rest && clocks->setup->idle_ms > 0)
        (void)set_idle(clocks, clocks->key_ms + clocks->setup->idle_ms);
    clocks->rest = false;
}

void guard_clocks_rest(struct guard_clocks *clocks)
{
    clocks->rest = true;
    (void)set_idle(clocks, 0);
}

static bool is_idle(const struct guard_clocks *clocks)
{
    int64_t end = clocks->key_ms + clocks->setup->idle_ms;
    uint64_t count;

    if (clocks->setup->idle_ms <= 0 || clocks->rest)
        return false;
    if (lw_ticks_ms(CLOCK_BOOTTIME) >= end)
        return true;
    if (read(clocks->idle, &count, sizeof(count)) > 0)
        (void)set_idle(clocks, end);
    return false;
}

bool guard_clocks_demand_lock(struct guard_clocks *clocks)
{
    uint64_t count;

    if (read(clocks->resume, &count, sizeof(count)) < 0 && errno == ECANCELED)
        (void)watch_for_resume(clocks);
    return guard_suspended_since(clocks->setup, clocks->suspended_ms) || is_idle(clocks);
}

void guard_clocks_close(struct guard_clocks *clocks)
{
    if (clocks->idle >= 0)
        close(clocks->idle);
    if (clocks->resume >= 0)
        close(clocks->resume);
    clocks->idle = clocks->resume = -1;
}
