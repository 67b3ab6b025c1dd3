/* One loop: wait, ask everybody what happened, lock or leave. The terminal is never waited for, and
 * a worker starts only when the one before is gone and the screen is clear. */
#include "internal.h"

#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A chord held down repeats thirty times a second: the screen stays clear, prompts do not pile up.
 */
#define START_GAP_MS    100
#define HANGUP_GRACE_MS 300

bool lw_chord_valid(unsigned char chord)
{
    return chord == 0x7f || (chord > 0 && chord < 0x20 && !strchr("\b\t\n\r\033", chord));
}

static bool running(const struct guard_supervision *all)
{
    return all->worker.pid > 0 && !all->worker.killed;
}

/* Nothing to do where nobody knows anything: the screen is clear or being cleared. */
static void lock(struct guard_supervision *all)
{
    int how;

    if (!running(all))
        return;
    guard_worker_listen(all); /* what it told last counts */
    guard_locking_begin(all);
    guard_worker_kill(&all->worker);
    if (guard_worker_reap(&all->worker, &how))
        guard_locking_gone(all);
    guard_terminal_clear(&all->terminal);
}

/* The line is gone, which is no emergency: the worker sees it too and saves what was typed. */
static void give_grace(struct guard_supervision *all)
{
    struct pollfd end = {.fd = all->worker.pidfd, .events = POLLIN};

    if (running(all))
        (void)poll(&end, 1, HANGUP_GRACE_MS);
}

static void leave(struct guard_supervision *all, int code)
{
    guard_emergency_leave(all);
    if (code == 128 + SIGHUP)
        give_grace(all);
    lock(all);
    all->over = true;
    all->code = code;
}

static void take_signals(struct guard_supervision *all, struct guard_came *came)
{
    static const int leaving[] = {SIGHUP, SIGTERM, SIGINT};

    guard_signals_read(&all->signals, came);
    all->pressed = sigismember(&came->set, SIGQUIT) == 1;
    if (all->pressed)
        guard_tell_about(all, (struct lw_guard_told){.event = LW_GUARD_PRESSED});
    for (size_t i = 0; i < LW_COUNT_OF(leaving) && !all->over; i++) {
        if (sigismember(&came->set, leaving[i]))
            leave(all, 128 + leaving[i]);
    }
    /* SIGCONT: stopped for a time, the terminal may have been anybody's */
    if (sigismember(&came->set, SIGQUIT) || sigismember(&came->set, SIGUSR1) ||
        sigismember(&came->set, SIGCONT))
        lock(all);
}

/* How it ended when nobody here ended it. A SIGKILL is a lock from outside (or the kernel short of
 * memory: the prompt is the right answer to that as well). */
static void judge_end(struct guard_supervision *all, int how, struct lw_error *err)
{
    if (WIFEXITED(how) && WEXITSTATUS(how) == GUARD_WORKER_UNTIED) {
        all->over = true;
        all->status = lw_fail(err, LW_INTERNAL,
                              "this kernel would let the open program outlive the one that locks "
                              "it: nothing was opened");
        return;
    }
    if (WIFEXITED(how) && WEXITSTATUS(how) != LW_WORKER_LOCK) {
        all->over = true;
        all->code = WEXITSTATUS(how);
        return;
    }
    guard_terminal_clear(&all->terminal);
    if (WIFSIGNALED(how) && WTERMSIG(how) != SIGKILL) {
        all->over = true;
        all->status =
            lw_fail(err, LW_INTERNAL, "the program ended unexpectedly (signal %d); start it again",
                    WTERMSIG(how));
    }
}

static void take_end(struct guard_supervision *all, struct lw_error *err)
{
    bool was_killed = all->worker.killed;
    int how;

    if (all->worker.pid == 0 || !guard_worker_reap(&all->worker, &how))
        return;
    guard_locking_gone(all);
    if (was_killed) {
        guard_terminal_clear(&all->terminal); /* it was slow to die and may have drawn since */
        all->emergency.stale = true;
    } else {
        judge_end(all, how, err);
    }
}

/* False while it must wait: *wait_ms is how long at most, -1 for what poll sees. */
static bool may_start(const struct guard_supervision *all, int *wait_ms)
{
    int64_t since = lw_ticks_ms(CLOCK_MONOTONIC) - all->worker.start;

    *wait_ms = -1;
    if (all->worker.pid > 0 || guard_terminal_is_behind(&all->terminal) ||
        guard_emergency_holds_back(&all->emergency, wait_ms))
        return false;
    if (all->worker.start == 0 || since >= START_GAP_MS)
        return true;
    *wait_ms = (int)(START_GAP_MS - since);
    return false;
}

static void start(struct guard_supervision *all, struct lw_error *err)
{
    if (guard_terminal_is_ours(&all->terminal)) {
        guard_terminal_prepare(&all->terminal);
        all->status = guard_worker_start(all, err);
    } else {
        all->status = lw_fail(err, LW_NO_TERMINAL, "another program has taken the terminal");
    }
    all->over = all->status != LW_OK;
}

static void turn(struct guard_supervision *all, int wait_ms, struct lw_error *err)
{
    bool live = running(all);
    const struct guard_emergency *emergency = &all->emergency;
    bool asks = emergency->phase != GUARD_USUAL && guard_terminal_is_ours(&all->terminal);
    short keys = asks ? POLLIN : 0;
    short room = guard_terminal_is_behind(&all->terminal) ? POLLOUT : 0;
    struct guard_came came;
    int64_t before;
    struct pollfd waits[] = {
        {.fd = all->signals.fd, .events = POLLIN},
        {.fd = all->worker.pidfd, .events = POLLIN},
        {.fd = all->worker.activity, .events = POLLIN},
        {.fd = live ? all->clocks.idle : -1, .events = POLLIN},
        {.fd = live ? all->clocks.resume : -1, .events = POLLIN},
        {.fd = emergency->timer, .events = POLLIN},
        {.fd = emergency->usb, .events = POLLIN},
        {.fd = emergency->news, .events = POLLIN},
        {.fd = all->terminal.fd, .events = (short)(keys | room)},
    };
    struct pollfd *terminal = &waits[LW_COUNT_OF(waits) - 1];

    guard_emergency_prepare(all);
    before = lw_ticks_ms(CLOCK_BOOTTIME);
    (void)poll(waits, LW_COUNT_OF(waits), wait_ms);
    all->woke_us = guard_now_us();
    take_signals(all, &came);
    if (!all->over && terminal->revents & (POLLHUP | POLLERR | POLLNVAL))
        leave(all, 128 + SIGHUP);
    guard_worker_listen(all);
    if (!all->over && guard_emergency_turn(all, &came, before))
        lock(all);
    if (running(all) && guard_clocks_demand_lock(&all->clocks))
        lock(all);
    if (!all->over)
        take_end(all, err);
    guard_emergency_draw(all);
    guard_terminal_push(&all->terminal);
    guard_locking_turn(all);
}

static void run(struct guard_supervision *all, struct lw_error *err)
{
    int wait_ms;
    int how;

    while (!all->over) {
        if (may_start(all, &wait_ms))
            start(all, err);
        else
            turn(all, wait_ms, err);
    }
    guard_worker_kill(&all->worker);
    (void)guard_worker_reap(&all->worker, &how);
}

static enum lw_status check_setup(const struct lw_supervisor *setup, struct lw_error *err)
{
    size_t len = strlen(setup->name);

    if (len == 0 || len > GUARD_NAME_MAX)
        return lw_fail(err, LW_INTERNAL, "a process name of %zu bytes", len);
    if (setup->chord != 0 && !lw_chord_valid(setup->chord))
        return lw_fail(
            err, LW_CONFIG,
            "the lock key must be a control key that nothing else needs, such as Ctrl-\\");
    return LW_OK;
}

static enum lw_status take_all(struct guard_supervision *all, struct lw_error *err)
{
    enum lw_status status = guard_signals_take(&all->signals, err);

    if (status != LW_OK)
        return status;
    status = guard_clocks_open(&all->clocks, all->setup, err);
    if (status != LW_OK)
        goto no_clocks;
    status = guard_emergency_open(all, err);
    if (status != LW_OK)
        goto no_emergency;
    status = guard_terminal_take(&all->terminal, all->setup, err);
    if (status == LW_OK)
        return LW_OK;
    guard_emergency_close(&all->emergency);
no_emergency:
    guard_clocks_close(&all->clocks);
no_clocks:
    guard_signals_give_back(&all->signals);
    return status;
}

enum lw_status lw_supervise(const struct lw_supervisor *setup, lw_worker *worker, void *context,
                            int *code, struct lw_error *err)
{
    struct guard_supervision all = {.setup = setup, .run = worker, .context = context};
    enum lw_status status = check_setup(setup, err);
    char comm[GUARD_COMM];

    all.worker.pidfd = all.worker.activity = -1;
    if (status == LW_OK)
        status = take_all(&all, err);
    if (status != LW_OK)
        return status;
    /* after the signals are blocked: who finds this name may send one */
    (void)prctl(PR_GET_NAME, all.name_before, 0, 0, 0);
    guard_name(setup->name, GUARD_ROLE_SUPERVISOR, comm);
    (void)prctl(PR_SET_NAME, comm, 0, 0, 0);
    run(&all, err);
    (void)prctl(PR_SET_NAME, all.name_before, 0, 0, 0);
    guard_terminal_give_back(&all.terminal);
    guard_emergency_close(&all.emergency);
    guard_clocks_close(&all.clocks);
    guard_signals_give_back(&all.signals);
    if (all.status == LW_OK)
        *code = all.code;
    return all.status;
}
