/* The process that wipes: neither a device that does not answer nor the end of the supervisor, of
 * the terminal or of the session holds it up. */
#include "internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_MS 1000 /* between one try and the next */

struct wiper {
    int news;
    pid_t supervisor;
};

/* Dropped where nobody reads: the wipe comes first. */
static void send(void *context, const struct lw_wipe_news *news)
{
    const struct wiper *wiper = context;

    (void)!write(wiper->news, news, sizeof(*news));
}

static void rest_ms(int ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

    (void)nanosleep(&time, NULL);
}

/* Until the keys are gone; without a supervisor, and so with nobody to tell, once is enough. */
static void wipe_until_gone(const struct wiper *wiper, struct lw_wipe_orders *orders)
{
    struct lw_wipe_report report;

    for (;;) {
        enum lw_status status = lw_wipe_all(orders, &report, NULL);

        if (report.keys_gone || orders->simulate || status == LW_CANCELLED ||
            getppid() != wiper->supervisor)
            return;
        rest_ms(AGAIN_MS);
        orders->begun_us = 0;
        orders->also_count = 0;
        orders->header_alone = orders->header_alone || report.header_left; /* it may come back */
    }
}

static struct lw_wipe_orders orders_of(const struct guard_supervision *all, int64_t begun_us)
{
    const struct lw_supervisor *setup = all->setup;
    const struct lw_emergency *armed = &all->emergency.orders;

    return (struct lw_wipe_orders){
        .name = setup->apart ? NULL : setup->name,
        .path = guard_vault_of(setup),
        .header = guard_header_of(setup),
        .held = all->emergency.held,
        .keys_only = armed->keys_only,
        .simulate = armed->simulate,
        .begun_us = begun_us,
        .also = armed->also,
        .also_count = setup->apart ? 0 : armed->also_count,
        .tell = send,
    };
}

/* A line that is cut waits for everybody who has its terminal open. */
static void let_go_of_terminal(const struct guard_supervision *all)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)setsid();
    for (int fd = 0; fd <= 2 && nothing >= 0; fd++)
        (void)dup2(nothing, fd);
    close(all->terminal.fd);
    close(all->signals.fd);
}

static void name_wiper(const struct guard_supervision *all)
{
    char comm[GUARD_COMM];

    guard_name(all->setup->name, GUARD_ROLE_WIPER, comm);
    (void)prctl(PR_SET_NAME, comm, 0, 0, 0);
}

/* No process can be started: the keys here then, and the rest when one can be. */
static void wipe_here(struct guard_supervision *all, struct lw_wipe_orders *orders)
{
    struct lw_wipe_report report;

    guard_terminal_clear(&all->terminal); /* it takes seconds */
    orders->keys_only = true;
    orders->also_count = 0;
    (void)!lw_wipe_all(orders, &report, NULL);
    all->emergency.unstarted = true;
}

void guard_wiper_start(struct guard_supervision *all, int64_t begun_us)
{
    struct guard_emergency *emergency = &all->emergency;
    struct lw_wipe_orders orders = orders_of(all, begun_us);
    struct wiper wiper = {.news = -1, .supervisor = getpid()};
    int ends[2] = {-1, -1};
    int how;

    emergency->unstarted = false;
    if (emergency->news >= 0)
        close(emergency->news);
    if (emergency->wiper > 0)
        (void)waitpid(emergency->wiper, &how, WNOHANG);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        ends[0] = ends[1] = -1; /* it wipes all the same */
    emergency->news = ends[0];
    wiper.news = ends[1];
    orders.context = &wiper;
    emergency->wiper = fork();
    if (emergency->wiper == 0) {
        lw_guard_hurry();
        name_wiper(all);
        let_go_of_terminal(all);
        wipe_until_gone(&wiper, &orders);
        _exit(0);
    }
    if (emergency->wiper < 0) {
        emergency->wiper = 0;
        wipe_here(all, &orders);
    }
    if (ends[1] >= 0)
        close(ends[1]);
}

bool guard_wiper_listen(struct guard_supervision *all)
{
    struct guard_emergency *emergency = &all->emergency;
    struct lw_wipe_news news;
    bool any = false;
    ssize_t got = -1;

    while (emergency->news >= 0 &&
           (got = read(emergency->news, &news, sizeof(news))) == (ssize_t)sizeof(news)) {
        guard_outcome_take(&emergency->outcome, &news);
        guard_tell_about(all, (struct lw_guard_told){.event = LW_GUARD_NEWS, .news = &news});
        any = true;
    }
    if (emergency->news < 0 || got != 0)
        return any;
    close(emergency->news);
    emergency->news = -1;
    if (!emergency->outcome.ended || !emergency->outcome.kept || emergency->unstarted) {
        emergency->outcome.lost = !emergency->outcome.ended;
        if (emergency->unstarted && emergency->outcome.kept)
            (void)snprintf(emergency->outcome.why, sizeof(emergency->outcome.why),
                           "no process can be started; trying again");
        emergency->end_ms = lw_ticks_ms(CLOCK_BOOTTIME) + AGAIN_MS;
    }
    return true;
}
