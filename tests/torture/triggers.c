/*
 * What wipes by itself, and what must not: lives of a supervisor among USB devices that come, go
 * and are reset, with the kernel's news of it late, doubled, foreign, lost or not to be had,
 * suspends, clocks that jump, keys, passphrases, signals, and presses of the lock key. Time passes
 * at once. Nothing may be wiped that triggers_due.h does not allow, nor left that it demands.
 */
#include "triggers_due.h"

enum { SHORT_EVENTS = 20000, LONG_EVENTS = 200000, LIFE_MOST = 600 };

static struct {
    unsigned long long events, lives, countdowns, stopped, resumes, turns;
} seen;

static int64_t waiting_since;

/* ---- the supervisor's turns ----------------------------------------------------------------- */

static void work_again(void)
{
    guard_emergency_start(&machine.all);
    due.open = false;
}

static void turn(int number, uint64_t mark)
{
    struct guard_came came = {.at_ms = machine.boot_ms, .mark = mark};

    sigemptyset(&came.set);
    if (number != 0)
        sigaddset(&came.set, number);
    seen.turns++;
    if (guard_emergency_turn(&machine.all, &came, waiting_since) || number == SIGQUIT)
        work_again();
    if (!machine.wiped)
        due_check();
    guard_emergency_prepare(&machine.all);
    waiting_since = machine.boot_ms;
}

/* The supervisor's timer ends where it was set, or a little later. */
static void pass(int64_t ms)
{
    int64_t end = machine.boot_ms + ms;

    while (!machine.wiped && machine.due_ms >= 0 && machine.due_ms <= end) {
        int64_t now = later(machine.boot_ms, machine.due_ms) + choose(3);

        machine.real_ms += now - machine.boot_ms;
        machine.boot_ms = now;
        turn(0, 0);
    }
    if (machine.boot_ms < end) {
        machine.real_ms += end - machine.boot_ms;
        machine.boot_ms = end;
    }
}

static void pass_some(uint32_t most)
{
    uint32_t limit = 1 + choose(most);

    pass(choose(limit + 1));
}

/* ---- devices -------------------------------------------------------------------------------- */

/* The news of one change: late, doubled, among others, lost. */
static void tell_news(void)
{
    unsigned copies = choose(3) == 0 ? 2 + choose(4) : 1;
    bool lost = choose(8) == 0;

    if (!machine.listens)
        return;
    for (unsigned i = 0; i < copies; i++)
        send_news(lost ? NEWS_LOST : NEWS_USB);
    if (choose(4) == 0)
        send_news((enum news)choose(NEWS_BROKEN + 1));
    pass_some(50);
    if (!machine.wiped)
        turn(0, 0);
}

static void change_device(unsigned device, bool in)
{
    move_device(device, in);
    due_devices();
    tell_news();
}

static void other_device(void)
{
    unsigned device = 1 + choose(DEVICES - 1);

    /* where any serial will do, the last of its kind is the device */
    if (matches(device) && machine.place[device] >= 0 && choose(20) != 0)
        return;
    change_device(device, machine.place[device] < 0);
}

/* Reset, or put elsewhere: back within the grace, once or several times, and there for a while. */
static void bounce(void)
{
    if (machine.place[0] < 0)
        return;
    for (unsigned times = 1 + choose(3); times > 0 && !machine.wiped; times--) {
        int64_t gone = machine.boot_ms;

        change_device(0, false);
        if (machine.boot_ms - gone < 380)
            pass(choose((uint32_t)(380 - (machine.boot_ms - gone))));
        if (machine.wiped)
            return;
        change_device(0, true);
        pass(150 + choose(400));
    }
}

static void pull_or_put(void)
{
    bool in = machine.place[0] < 0;

    change_device(0, in);
    pass(in ? choose(3000) : 2 * NOTICE_MS);
}

static void noise_of_news(void)
{
    for (unsigned i = 1 + choose(20); i > 0; i--)
        send_news((enum news)choose(NEWS_BROKEN + 1));
    turn(0, 0);
}

static void hide_devices(void)
{
    let_read(false);
    pass_some(4000);
    let_read(true);
    due.readable_ms = machine.boot_ms;
}

/* ---- sleep and clocks ----------------------------------------------------------------------- */

static void sleep_a_while(void)
{
    int64_t asleep = choose(3) == 0 ? 1 + choose(900) : SUSPENDS_MS + choose(7200000);
    bool away = machine.place[0] >= 0 && choose(2) == 0, pulled = choose(12) == 0;

    machine.boot_ms += asleep;
    machine.suspended_ms += asleep;
    machine.real_ms += asleep + choose(2000);
    due.any_resumed_ms = machine.boot_ms;
    if (asleep >= SUSPENDS_MS)
        due.resumed_ms = machine.boot_ms;
    seen.resumes++;
    if (away) {
        move_device(0, false);
        due_devices();
        if (pulled)
            due.watched |= due.ever && !due.there; /* it was there when the machine fell asleep */
    }
    turn(0, 0);
    if (!away || pulled || machine.wiped)
        return;
    /* a short sleep need not be noticed: then it has the usual grace */
    pass(choose(asleep < SUSPENDS_MS ? 300 : 9000));
    if (!machine.wiped)
        change_device(0, true);
    pass(150 + choose(400));
}

static void jump_clock(void)
{
    machine.real_ms += (int64_t)choose(200000000) - 100000000;
    if (choose(2) == 0)
        turn(0, 0); /* the timer that watches for it wakes the loop */
}

/* ---- keys, passphrases, signals ------------------------------------------------------------- */

static void tell(char told)
{
    guard_emergency_hear(&machine.all.emergency, told);
    switch (told) {
    case GUARD_TELL_KEY:
        if (due.open)
            due.key_ms = machine.boot_ms;
        break;
    case GUARD_TELL_OPENED:
        due.open = due.runs = true;
        due.key_ms = machine.boot_ms;
        due.wrong = 0;
        break;
    default:
        due.wrong++;
    }
    turn(0, 0);
}

static void signal_wipe(void)
{
    const char *path = choose(3) == 0 ? machine.vault : machine.other[choose(2)];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t mark = choose(6) == 0 ? 0 : lw_wipe_mark(fd);

    must(fd >= 0, path);
    close(fd);
    due.signalled = mark == 0 || path == machine.vault;
    turn(SIGUSR2, mark);
    due.signalled = false;
}

/* ---- the lock key --------------------------------------------------------------------------- */

static void press(int64_t after_ms)
{
    pass(after_ms);
    if (!machine.wiped && machine.all.emergency.phase == GUARD_USUAL)
        turn(SIGQUIT, 0);
}

static void hold_key(int64_t delay, int64_t period, int64_t held_ms)
{
    press(0);
    for (int64_t at = delay; at <= held_ms; at += at == delay ? period : period) {
        if (at == delay)
            press(delay);
        else
            press(period);
    }
}

/* Held for long enough, or pressed three times; and what is less than that. */
static void gesture(void)
{
    int64_t delay = 200 + choose(500), period = 20 + choose(70), first = 160 + choose(700);
    unsigned kind = choose(7);

    due.wanted = machine.orders.hold && kind >= 5;
    switch (kind) {
    case 0:
        press(0);
        break;
    case 1:
        press(0);
        press(150 + choose(800));
        break;
    case 2: /* three, too slowly */
        press(0);
        press(1110 + choose(500));
        press(1110 + choose(500));
        break;
    case 3: /* what a line kept back comes as one */
        press(0);
        for (unsigned i = choose(6); i > 0; i--)
            press(1);
        break;
    case 4:
        hold_key(delay, period, 850);
        break;
    case 5:
        press(0);
        press(first);
        press(160 + choose((uint32_t)(1900 - first - 160)));
        break;
    default:
        hold_key(delay, period, later(1250, delay + 6 * period));
    }
    pass(400);
    if (!machine.wiped && due.wanted && !due.counting) {
        due.missed++;
        bad("the lock key, kind %u, and no countdown", kind);
    }
    seen.countdowns += due.counting;
    if (due.counting && choose(4) > 0) {
        pass(choose((uint32_t)machine.orders.countdown_s * 900));
        machine.typed = 1 + choose(3);
        turn(0, 0);
        seen.stopped++;
    }
    due.wanted = false;
    pass(3000 + machine.orders.countdown_s * 1000); /* apart from the next one */
}

/* ---- lives ---------------------------------------------------------------------------------- */

static void one_event(void)
{
    static const struct {
        unsigned weight;
        void (*happens)(void);
    } events[] = {{30, other_device}, {14, bounce},    {8, noise_of_news}, {3, hide_devices},
                  {8, sleep_a_while}, {8, jump_clock}, {6, gesture},       {1, signal_wipe}};
    unsigned at = choose(100), sum = 0;

    seen.events++;
    for (size_t i = 0; i < LW_COUNT_OF(events); i++) {
        sum += events[i].weight;
        if (at < sum) {
            events[i].happens();
            return;
        }
    }
    if (choose(40) == 0 || (machine.place[0] < 0 && choose(3) == 0))
        pull_or_put();
    else if (choose(3) == 0)
        tell(choose(3) == 0 ? GUARD_TELL_OPENED : GUARD_TELL_WRONG);
    else
        tell(GUARD_TELL_KEY);
}

static void begin_life(void)
{
    static const unsigned tries[] = {0, 0, 2, 3, 10};

    let_read(true);
    machine.listens = choose(4) > 0;
    machine.queued = machine.typed = 0;
    machine.wiped = false;
    machine.due_ms = -1;
    machine.orders = (struct lw_emergency){.hold = choose(2) == 0,
                                           .countdown_s = (int)choose(4) * 2,
                                           .signal = choose(2) == 0,
                                           .tries = tries[choose(5)]};
    if (choose(2) == 0)
        machine.orders.dead_man_ms = 60000 + choose(600000);
    if (choose(5) > 0)
        must(lw_usb_parse(choose(3) == 0 ? "0781:5581" : "0781:5581:4C53", &machine.orders.usb),
             "an identity");
    for (unsigned i = 0; i < DEVICES; i++)
        move_device(i, i == 0 ? choose(10) > 0 : choose(2) == 0);
    memset(&due, 0, offsetof(struct due, count));
    due.since_ms = due.readable_ms = due.usual_ms = machine.boot_ms;
    due.resumed_ms = due.any_resumed_ms = NEVER_MS;
    due_devices();
    machine.all = (struct guard_supervision){.setup = &machine.setup};
    machine.setup = (struct lw_supervisor){.name = "lives",
                                           .emergency = &machine.orders,
                                           .vault = machine.vault,
                                           .usb_folder = machine.bus,
                                           .suspended_ms = suspended_now};
    must(guard_emergency_open(&machine.all, NULL) == LW_OK, "a life");
    work_again();
    turn(0, 0);
}

static void live(unsigned long long most)
{
    begin_life();
    for (unsigned i = 0; i < LIFE_MOST && !machine.wiped && seen.events < most && faults < 20;
         i++) {
        one_event();
        if (!machine.wiped)
            pass_some(choose(10) == 0 ? 60000 : 3000);
    }
    guard_emergency_close(&machine.all.emergency);
    machine.boot_ms += 100000;
    seen.lives++;
}

int main(int count, char **arguments)
{
    unsigned long long most;

    if (count != 4)
        return 2;
    most = strcmp(arguments[2], "long") == 0 ? LONG_EVENTS : SHORT_EVENTS;
    seeded_start(strtoull(arguments[1], NULL, 10));
    machine.boot_ms = 1000000;
    machine.real_ms = INT64_C(1766000000000);
    make_machine(arguments[3]);
    while (seen.events < most && faults < 20)
        live(most);
    for (unsigned i = 0; i < CAUSES; i++)
        if (due.count[i] == 0)
            bad("nothing was ever wiped for this reason: %s", cause_names[i]);
    printf("figures events=%llu lives=%llu resumes=%llu turns=%llu countdowns=%llu stopped=%llu "
           "wipes=%llu",
           seen.events, seen.lives, seen.resumes, seen.turns, seen.countdowns, seen.stopped,
           due.wipes);
    for (unsigned i = 0; i < CAUSES; i++)
        printf(" %s=%llu", cause_names[i], due.count[i]);
    printf(" false=%llu missed=%llu bad=%u\n", due.falsely, due.missed, faults);
    return faults > 0;
}
