/*
 * When a wipe is due, from what was really done to the machine, after lapwing.ini(5): written
 * without a look at how the supervisor finds out. A wipe that nothing allows is false; one that
 * something demands and that does not come is missed. Between the two lies what the supervisor
 * needs to notice: it looks for the device once a second where it gets no news.
 */
#ifndef LW_TORTURE_TRIGGERS_DUE_H
#define LW_TORTURE_TRIGGERS_DUE_H

#include "triggers_world.h"

#define GRACE_MS    500   /* to come back */
#define RESUMED_MS  10000 /* and after a suspend */
#define NOTICE_MS   1300  /* looking once a second, and late by some */
#define NEVER_MS    INT64_MIN / 4
#define SUSPENDS_MS 1000 /* shorter ones need not be noticed */

enum cause { BY_DEVICE, BY_TRIES, BY_DEAD_MAN, BY_SIGNAL, BY_CHORD, CAUSES };

static const char *const cause_names[CAUSES] = {"device", "tries", "dead_man", "signal", "chord"};

static struct due {
    /* the device: since when so */
    bool there, ever, watched;
    int64_t since_ms, readable_ms, resumed_ms, any_resumed_ms, usual_ms;
    /* keys, passphrases */
    bool open, runs;
    int64_t key_ms;
    unsigned wrong;
    bool signalled;
    enum guard_phase phase; /* at the last turn: while it counts or tells, nothing is looked for */
    /* the chord: a countdown that is wanted, and since when */
    bool wanted, counting;
    int64_t counting_ms;
    unsigned long long count[CAUSES], wipes, missed, falsely;
} due;

static bool matches(unsigned device)
{
    const struct kind_of_device *kind = &kinds[device];

    return strcmp(kind->vendor, "0781") == 0 && strcmp(kind->product, "5581") == 0 &&
           (machine.orders.usb.serial[0] == '\0' ||
            (kind->serial && strcmp(kind->serial, machine.orders.usb.serial) == 0));
}

/* After every change of what is plugged in. */
static void due_devices(void)
{
    bool there = false;

    for (unsigned i = 0; i < DEVICES; i++)
        there |= matches(i) && machine.place[i] >= 0;
    if (there == due.there)
        return;
    if (due.there && machine.readable && machine.boot_ms - due.since_ms > NOTICE_MS &&
        machine.boot_ms - due.readable_ms > NOTICE_MS && machine.boot_ms - due.usual_ms > NOTICE_MS)
        due.watched = true; /* it must have been seen */
    due.there = there;
    due.ever |= there;
    due.since_ms = machine.boot_ms;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool device_allows(void)
{
    return machine.orders.usb.set && machine.readable && !due.there && due.ever &&
           machine.boot_ms - due.since_ms >= GRACE_MS &&
           machine.boot_ms - due.resumed_ms >= RESUMED_MS;
}

static bool device_demands(void)
{
    int64_t from = later(later(due.since_ms + GRACE_MS, due.any_resumed_ms + RESUMED_MS),
                         later(due.readable_ms, due.usual_ms));

    return machine.orders.usb.set && machine.readable && !due.there && due.watched &&
           machine.boot_ms > from + NOTICE_MS;
}

static bool tries_allow(void)
{
    return machine.orders.tries > 0 && due.wrong >= machine.orders.tries;
}

static bool dead_man_allows(void)
{
    return machine.orders.dead_man_ms > 0 && due.runs &&
           machine.boot_ms - due.key_ms >= machine.orders.dead_man_ms;
}

static bool chord_allows(void)
{
    int64_t end = due.counting_ms + machine.orders.countdown_s * 1000;

    return machine.orders.hold &&
           (due.counting ? machine.boot_ms >= end : due.wanted && machine.orders.countdown_s == 0);
}

static bool chord_demands(void)
{
    return due.counting &&
           machine.boot_ms > due.counting_ms + machine.orders.countdown_s * 1000 + 50;
}

static void wipe_noted(void)
{
    const bool allowed[CAUSES] = {device_allows(), tries_allow(), dead_man_allows(),
                                  machine.orders.signal && due.signalled, chord_allows()};
    bool any = false;

    for (unsigned i = 0; i < CAUSES; i++) {
        due.count[i] += allowed[i];
        any |= allowed[i];
    }
    due.wipes++;
    if (any)
        return;
    due.falsely++;
    bad("a wipe that nothing allows: device %s for %lld ms, resumed %lld ms ago, %u of %u wrong, "
        "key "
        "%lld of %lld ms ago, chord %s",
        due.there ? "there" : "away", (long long)(machine.boot_ms - due.since_ms),
        (long long)(machine.boot_ms - due.resumed_ms), due.wrong, machine.orders.tries,
        (long long)(machine.boot_ms - due.key_ms), (long long)machine.orders.dead_man_ms,
        due.counting ? "counting"
        : due.wanted ? "wanted"
                     : "not wanted");
}

/* After every turn of the supervisor that did not wipe. */
static void due_check(void)
{
    enum guard_phase phase = machine.all.emergency.phase;
    const char *what = NULL;

    if (phase != GUARD_USUAL || due.phase != GUARD_USUAL)
        due.usual_ms = machine.boot_ms;
    due.phase = phase;
    if (phase == GUARD_COUNTING && !due.counting) {
        if (!due.wanted)
            bad("a countdown that nobody wanted");
        due.counting = true;
        due.counting_ms = machine.boot_ms;
    }
    if (phase != GUARD_COUNTING)
        due.counting = false;
    if (due.signalled && machine.orders.signal)
        what = "signal";
    else if (chord_demands())
        what = "end of a countdown";
    else if (phase == GUARD_USUAL && tries_allow())
        what = "wrong passphrases";
    else if (phase == GUARD_USUAL && dead_man_allows() &&
             machine.boot_ms - due.key_ms > machine.orders.dead_man_ms + 50)
        what = "dead-man timer";
    else if (phase == GUARD_USUAL && device_demands())
        what = "device";
    due.signalled = false;
    if (what) {
        due.missed++;
        bad("a wipe was due and did not come: %s", what);
        machine.wiped = true; /* another life */
    }
}

#endif
