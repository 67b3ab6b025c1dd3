/* What is armed, what sets it off, the countdown. The wipe itself is a process of its own. */
#include "internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAYING_MS  1500 /* how long "nothing was wiped" stands */
#define AT_ONCE_MS 2    /* a wait that short has seen what was there before it */
#define USB_FOLDER "/sys/bus/usb/devices"

static int64_t now_ms(void)
{
    return lw_ticks_ms(CLOCK_BOOTTIME);
}

enum lw_status guard_emergency_open(struct guard_supervision *all, struct lw_error *err)
{
    struct guard_emergency *emergency = &all->emergency;

    *emergency = (struct guard_emergency){.held = -1, .timer = -1, .usb = -1, .news = -1};
    if (all->setup->emergency != NULL)
        emergency->orders = *all->setup->emergency;
    emergency->looked_ms = now_ms();
    emergency->dead_man.period_ms = emergency->orders.dead_man_ms;
    guard_pairing_start(&emergency->pairing, guard_suspended_ms(all->setup));
    emergency->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (emergency->timer < 0)
        return lw_fail_errno(err, LW_INTERNAL, "no timer can be set");
    if (emergency->orders.usb.set)
        emergency->usb = guard_usb_listen();
    return LW_OK;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void guard_emergency_close(struct guard_emergency *emergency)
{
    close_fd(&emergency->held);
    close_fd(&emergency->timer);
    close_fd(&emergency->usb);
    close_fd(&emergency->news);
}

const char *guard_vault_of(const struct lw_supervisor *setup)
{
    return setup->made != NULL && setup->made[0] != '\0' ? setup->made : setup->vault;
}

const char *guard_header_of(const struct lw_supervisor *setup)
{
    if (setup->made == NULL || setup->made[0] == '\0')
        return setup->header;
    return setup->made_header != NULL && setup->made_header[0] != '\0' ? setup->made_header : NULL;
}

/* Where it cannot be opened, what was held before may still be what matters. */
static void hold_vault(struct guard_supervision *all)
{
    const char *path = guard_vault_of(all->setup);
    struct stat info;
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return;
    }
    close_fd(&all->emergency.held);
    all->emergency.held = fd;
}

void guard_emergency_start(struct guard_supervision *all)
{
    guard_dead_man_locked(&all->emergency.dead_man);
    hold_vault(all);
}

void guard_emergency_hear(struct guard_emergency *emergency, char told)
{
    switch (told) {
    case GUARD_TELL_KEY:
        guard_dead_man_key(&emergency->dead_man, now_ms());
        break;
    case GUARD_TELL_OPENED:
        emergency->wrong = 0;
        guard_dead_man_opened(&emergency->dead_man, now_ms());
        break;
    case GUARD_TELL_WRONG:
        if (emergency->wrong < UINT32_MAX)
            emergency->wrong++;
        break;
    case GUARD_TELL_ARM:
        emergency->orders.hold = emergency->orders.signal = true;
        break;
    default:
        break;
    }
}

/* ---- when ----------------------------------------------------------------------------------- */

static void sooner(int64_t *due, int64_t other)
{
    if (other >= 0 && (*due < 0 || other < *due))
        *due = other;
}

static int64_t next_due(const struct guard_emergency *emergency)
{
    int64_t due = -1;

    switch (emergency->phase) {
    case GUARD_USUAL:
        if (emergency->orders.hold)
            sooner(&due, guard_chord_due(&emergency->chord));
        sooner(&due, guard_dead_man_due(&emergency->dead_man));
        if (emergency->orders.usb.set)
            sooner(&due, guard_pairing_due(&emergency->pairing, now_ms()));
        break;
    case GUARD_COUNTING:
        sooner(&due, emergency->end_ms - (emergency->shown - 1) * 1000);
        break;
    default:
        if (emergency->end_ms > 0)
            sooner(&due, emergency->end_ms);
    }
    return due;
}

void guard_emergency_prepare(struct guard_supervision *all)
{
    int64_t due = next_due(&all->emergency);
    struct itimerspec at = {.it_value = {.tv_sec = 0}};

    if (due >= 0) {
        at.it_value.tv_sec = (time_t)(due / 1000);
        at.it_value.tv_nsec = (long)(due % 1000) * 1000000 + 1; /* all zero would be off */
    }
    (void)timerfd_settime(all->emergency.timer, TFD_TIMER_ABSTIME, &at, NULL);
}

bool guard_emergency_holds_back(const struct guard_emergency *emergency, int *wait_ms)
{
    int64_t now = now_ms();

    *wait_ms = -1;
    if (emergency->phase != GUARD_USUAL)
        return true;
    if (!emergency->orders.hold || !guard_chord_is_down(&emergency->chord, now))
        return false;
    *wait_ms = (int)(emergency->chord.last + GUARD_REPEAT_MS - now);
    return true;
}

/* ---- what ----------------------------------------------------------------------------------- */

/* The worker is not waited for: what it may still write is written over. */
static void wipe(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    int64_t begun_us;

    guard_tell_about(all, (struct lw_guard_told){.event = LW_GUARD_WIPING});
    begun_us = guard_now_us();
    if (all->worker.pid > 0)
        (void)kill(all->worker.pid, SIGKILL);
    emergency->phase = GUARD_WIPING;
    emergency->end_ms = 0;
    emergency->wrong = 0;
    emergency->outcome = (struct guard_outcome){.plain = all->setup->plain};
    emergency->stale = true;
    guard_chord_forget(&emergency->chord);
    guard_wiper_start(all, begun_us);
}

static void tell_counting(const struct guard_supervision *all)
{
    const struct guard_chord *chord = &all->emergency.chord;
    int64_t down_ms = chord->repeating ? chord->hold : chord->taps[0];

    guard_tell_about(all, (struct lw_guard_told){.event = LW_GUARD_COUNTING,
                                                 .took_us = (now_ms() - down_ms) * 1000,
                                                 .held = chord->repeating});
}

static void count_down(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;

    tell_counting(all);
    guard_chord_forget(&emergency->chord);
    if (emergency->orders.countdown_s <= 0) {
        wipe(all);
        return;
    }
    emergency->phase = GUARD_COUNTING;
    emergency->shown = emergency->orders.countdown_s;
    emergency->end_ms = now_ms() + emergency->shown * 1000;
    guard_terminal_clear(&all->terminal); /* what was typed before is no answer */
    emergency->stale = true;
}

static void go_on_counting(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    int64_t left = emergency->end_ms - now_ms();
    char keys[64];

    if (guard_terminal_keys(&all->terminal, keys, sizeof(keys)) > 0) {
        emergency->phase = GUARD_SAYING;
        emergency->end_ms = now_ms() + SAYING_MS;
        emergency->stale = true;
        guard_tell_about(all, (struct lw_guard_told){.event = LW_GUARD_STOPPED});
    } else if (left <= 0) {
        wipe(all);
    } else if ((left + 999) / 1000 < emergency->shown) {
        emergency->shown = (left + 999) / 1000;
        emergency->stale = true;
    }
}

static void stop_saying(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;

    if (now_ms() < emergency->end_ms)
        return;
    emergency->phase = GUARD_USUAL;
    emergency->end_ms = 0;
    guard_chord_forget(&emergency->chord);
    guard_terminal_clear(&all->terminal);
}

/* ---- a wipe goes on, or has ended ----------------------------------------------------------- */

/* Nothing is lost: the process that wipes goes on without its supervisor. */
static void leave(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    int how;

    guard_terminal_clear(&all->terminal);
    if (emergency->orders.simulate) {
        if (emergency->wiper > 0 && kill(emergency->wiper, SIGKILL) == 0)
            (void)waitpid(emergency->wiper, &how, 0);
        close_fd(&emergency->news);
        emergency->wiper = 0;
        emergency->phase = GUARD_USUAL;
        emergency->end_ms = 0;
        return;
    }
    all->over = true;
    all->code = emergency->outcome.kept ? 0 : lw_status_exit_code(LW_IO);
}

static void follow_wipe(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    const struct guard_outcome *outcome = &emergency->outcome;
    char keys[64];
    size_t count = guard_terminal_keys(&all->terminal, keys, sizeof(keys));

    if (guard_wiper_listen(all))
        emergency->stale = true;
    if (emergency->end_ms > 0 && now_ms() >= emergency->end_ms) { /* it was ended by somebody */
        emergency->end_ms = 0;
        emergency->outcome.also_good = emergency->outcome.also_bad = 0;
        guard_wiper_start(all, guard_now_us());
    }
    if ((outcome->kept || outcome->ended) &&
        (memchr(keys, '\r', count) != NULL || memchr(keys, '\n', count) != NULL))
        leave(all);
}

/* ---- what sets it off ----------------------------------------------------------------------- */

/* From SIGUSR2 sent by a wipe of this vault, or by hand. */
static bool is_meant(const struct guard_supervision *all, const struct guard_came *came)
{
    const char *path = guard_vault_of(all->setup);
    int fd;
    bool meant;

    if (came->mark == 0 || came->mark == lw_wipe_mark(all->emergency.held))
        return true;
    fd = path == NULL ? -1 : open(path, O_PATH | O_CLOEXEC);
    meant = fd >= 0 && came->mark == lw_wipe_mark(fd);
    if (fd >= 0)
        close(fd);
    return meant;
}

static bool look_for_device(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    const char *folder = all->setup->usb_folder != NULL ? all->setup->usb_folder : USB_FOLDER;
    enum guard_answer answer;

    if (!emergency->orders.usb.set)
        return false;
    if (emergency->usb >= 0)
        (void)guard_usb_news(emergency->usb);
    answer = guard_pairing_look(&emergency->pairing, guard_usb_look(&emergency->orders.usb, folder),
                                now_ms(), guard_suspended_ms(all->setup));
    if (answer == GUARD_WIPE)
        wipe(all);
    return answer == GUARD_LOCK;
}

static void take_chord(struct guard_supervision *all, const struct guard_came *came,
                       int64_t before_ms)
{
    struct guard_emergency *emergency = &all->emergency;
    int64_t from = came->at_ms - before_ms <= AT_ONCE_MS ? emergency->looked_ms : came->at_ms;

    if (!emergency->orders.hold)
        return;
    if ((sigismember(&came->set, SIGQUIT) &&
         guard_chord_press(&emergency->chord, from, came->at_ms)) ||
        guard_chord_tapped(&emergency->chord, came->at_ms))
        count_down(all);
}

static bool watch(struct guard_supervision *all, const struct guard_came *came, int64_t before_ms)
{
    struct guard_emergency *emergency = &all->emergency;
    bool lock = look_for_device(all);

    if (emergency->phase == GUARD_USUAL)
        take_chord(all, came, before_ms);
    if (emergency->phase != GUARD_USUAL)
        return lock;
    if ((emergency->orders.tries > 0 && emergency->wrong >= emergency->orders.tries) ||
        guard_dead_man_expired(&emergency->dead_man, now_ms()))
        wipe(all);
    return lock;
}

bool guard_emergency_turn(struct guard_supervision *all, const struct guard_came *came,
                          int64_t before_ms)
{
    struct guard_emergency *emergency = &all->emergency;
    bool told = sigismember(&came->set, SIGUSR2) && is_meant(all, came);
    bool lock = sigismember(&came->set, SIGUSR2);
    uint64_t count;

    (void)!read(emergency->timer, &count, sizeof(count));
    if (told && emergency->orders.signal && emergency->phase != GUARD_WIPING)
        wipe(all);
    switch (emergency->phase) {
    case GUARD_USUAL:
        lock = watch(all, came, before_ms) || lock;
        break;
    case GUARD_COUNTING:
        go_on_counting(all);
        break;
    case GUARD_SAYING:
        stop_saying(all);
        break;
    case GUARD_WIPING:
        follow_wipe(all);
        break;
    }
    emergency->looked_ms = came->at_ms;
    return lock || emergency->phase != GUARD_USUAL;
}

void guard_emergency_leave(struct guard_supervision *all)
{
    if (all->emergency.phase == GUARD_COUNTING)
        wipe(all);
}

void guard_emergency_draw(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    char text[2048] = "";

    if (!emergency->stale || emergency->phase == GUARD_USUAL)
        return;
    emergency->stale = false;
    if (emergency->phase == GUARD_COUNTING)
        (void)snprintf(text, sizeof(text), _("%sWiping in %lld s. Any key stops it.\r\n"),
                       emergency->orders.simulate ? _("Simulation. ") : "",
                       (long long)emergency->shown);
    else if (emergency->phase == GUARD_SAYING)
        (void)snprintf(text, sizeof(text), _("Stopped. Nothing was wiped.\r\n"));
    else
        guard_outcome_say(&emergency->outcome, &emergency->orders, text, sizeof(text));
    guard_terminal_show(&all->terminal, text);
}
