/* The dead-man timer and the paired device, as rules. */
#include "trigger.h"

#define SUSPEND_MS 1000 /* see clocks.c */

void guard_dead_man_opened(struct guard_dead_man *dead_man, int64_t now_ms)
{
    dead_man->runs = dead_man->period_ms > 0;
    dead_man->open = true;
    dead_man->key_ms = now_ms;
}

void guard_dead_man_key(struct guard_dead_man *dead_man, int64_t now_ms)
{
    if (dead_man->open && now_ms > dead_man->key_ms)
        dead_man->key_ms = now_ms;
}

void guard_dead_man_locked(struct guard_dead_man *dead_man)
{
    dead_man->open = false;
}

int64_t guard_dead_man_due(const struct guard_dead_man *dead_man)
{
    return dead_man->runs ? dead_man->key_ms + dead_man->period_ms : -1;
}

bool guard_dead_man_expired(struct guard_dead_man *dead_man, int64_t now_ms)
{
    if (!dead_man->runs || now_ms < guard_dead_man_due(dead_man))
        return false;
    dead_man->runs = false;
    return true;
}

void guard_pairing_start(struct guard_pairing *pairing, int64_t suspended_ms)
{
    *pairing = (struct guard_pairing){.resumed_ms = -1, .suspended_ms = suspended_ms};
}

static bool has_settled(const struct guard_pairing *pairing, int64_t now_ms)
{
    return pairing->resumed_ms < 0 || now_ms - pairing->resumed_ms >= GUARD_USB_RESUME_MS;
}

enum guard_answer guard_pairing_look(struct guard_pairing *pairing, enum guard_seen seen,
                                     int64_t now_ms, int64_t suspended_ms)
{
    if (suspended_ms - pairing->suspended_ms >= SUSPEND_MS) {
        pairing->suspended_ms = suspended_ms;
        pairing->resumed_ms = now_ms;
    }
    if (seen == GUARD_PRESENT) {
        pairing->seen = true;
        pairing->gone = false;
    }
    if (seen != GUARD_ABSENT || !pairing->seen)
        return GUARD_NOTHING;
    if (!pairing->gone) {
        pairing->gone = true;
        pairing->gone_ms = now_ms;
        return GUARD_LOCK;
    }
    if (now_ms - pairing->gone_ms < GUARD_USB_GRACE_MS || !has_settled(pairing, now_ms))
        return GUARD_NOTHING;
    pairing->seen = pairing->gone = false;
    return GUARD_WIPE;
}

/* Often while it is gone: that it was back in between may be no news. */
int64_t guard_pairing_due(const struct guard_pairing *pairing, int64_t now_ms)
{
    int64_t due = pairing->gone_ms + GUARD_USB_GRACE_MS, soon = now_ms + GUARD_USB_GONE_MS;

    if (!pairing->gone)
        return now_ms + GUARD_USB_LOOK_MS;
    return due > now_ms && due < soon ? due : soon;
}
