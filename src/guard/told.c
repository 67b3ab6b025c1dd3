/* What the supervisor saw and did, with its times, told to whoever practises. */
#include "internal.h"

int64_t guard_now_us(void)
{
    return lw_ticks_us(CLOCK_MONOTONIC);
}

void guard_tell_about(const struct guard_supervision *all, struct lw_guard_told told)
{
    if (all->setup->told == NULL)
        return;
    told.at_us = guard_now_us();
    all->setup->told(all->setup->told_context, &told);
}

void guard_locking_begin(struct guard_supervision *all)
{
    all->locking = (struct guard_locking){
        .worker = all->worker.pid, .asked_us = all->woke_us, .by_key = all->pressed};
}

void guard_locking_gone(struct guard_supervision *all)
{
    all->locking.gone = true;
}

/* Clear as far as this machine goes: the terminal's side has taken every byte. */
void guard_locking_turn(struct guard_supervision *all)
{
    struct guard_locking *locking = &all->locking;
    struct lw_guard_told told = {.event = LW_GUARD_LOCKED,
                                 .took_us = guard_now_us() - locking->asked_us,
                                 .worker = locking->worker,
                                 .by_key = locking->by_key};

    if (locking->worker == 0 || !locking->gone || guard_terminal_is_behind(&all->terminal))
        return;
    locking->worker = 0;
    guard_tell_about(all, told);
}
