/* The process that knows: how it starts, what it tells, how it ends. */
#include "internal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing of the supervisor's stays open here. */
static void close_inherited(const struct guard_supervision *all)
{
    struct guard_emergency emergency = all->emergency;

    close(all->terminal.fd);
    close(all->signals.fd);
    close(all->clocks.idle);
    close(all->clocks.resume);
    guard_emergency_close(&emergency);
}

static _Noreturn void be_worker(const struct guard_supervision *all, pid_t supervisor, int tell)
{
    struct lw_activity activity = {.fd = tell, .setup = all->setup};
    char comm[GUARD_COMM];

    guard_name(all->setup->name, GUARD_ROLE_WORKER, comm);
    (void)prctl(PR_SET_NAME, comm, 0, 0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        _exit(GUARD_WORKER_UNTIED);
    /* asked afterwards: it may have died before the kernel was told */
    if (getppid() != supervisor)
        _exit(lw_status_exit_code(LW_INTERNAL));
    close_inherited(all);
    guard_signals_for_worker(&all->signals);
    activity.suspended_ms = all->clocks.suspended_ms;
    _exit(all->run(all->context, &activity));
}

enum lw_status guard_worker_start(struct guard_supervision *all, struct lw_error *err)
{
    struct guard_worker *worker = &all->worker;
    pid_t supervisor = getpid();
    int ends[2];

    /* one for each worker, so that what a dead one told does not count for the next */
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "no process can be started");
    guard_clocks_start(&all->clocks);
    guard_emergency_start(all);
    worker->start = lw_ticks_ms(CLOCK_MONOTONIC);
    worker->pid = fork();
    if (worker->pid == 0) {
        close(ends[0]);
        be_worker(all, supervisor, ends[1]);
    }
    close(ends[1]);
    if (worker->pid < 0) {
        worker->pid = 0;
        close(ends[0]);
        return lw_fail_errno(err, LW_NO_MEMORY, "no process can be started");
    }
    worker->killed = false;
    worker->activity = ends[0];
    worker->pidfd = pidfd_open(worker->pid, 0);
    if (worker->pidfd >= 0)
        return LW_OK;
    lw_fail_errno(err, LW_INTERNAL, "a process cannot be watched");
    (void)kill(worker->pid, SIGKILL);
    return LW_INTERNAL;
}

void guard_worker_kill(struct guard_worker *worker)
{
    struct pollfd wait = {.fd = worker->pidfd, .events = POLLIN};

    if (worker->pid == 0 || worker->killed)
        return;
    (void)kill(worker->pid, SIGKILL);
    worker->killed = true;
    (void)poll(&wait, 1, GUARD_PATIENCE_MS);
}

bool guard_worker_reap(struct guard_worker *worker, int *how)
{
    *how = 0;
    if (worker->pid == 0)
        return true;
    if (waitpid(worker->pid, how, WNOHANG) != worker->pid)
        return false;
    if (worker->activity >= 0)
        close(worker->activity);
    close(worker->pidfd);
    worker->activity = worker->pidfd = -1;
    worker->pid = 0;
    return true;
}

/* ---- what the worker tells ---------------------------------------------------------------- */

#define TELL_EVERY_MS 100

static void tell(struct lw_activity *activity, char what, int64_t told_ms)
{
    /* full only where the supervisor does not run: the next one is tried again */
    if (write(activity->fd, &what, 1) == 1)
        activity->told_ms = told_ms;
}

void lw_activity_key(struct lw_activity *activity)
{
    int64_t now = lw_ticks_ms(CLOCK_MONOTONIC);

    if (activity->told_ms == 0 || now - activity->told_ms >= TELL_EVERY_MS)
        tell(activity, GUARD_TELL_KEY, now);
}

void lw_activity_rest(struct lw_activity *activity)
{
    tell(activity, GUARD_TELL_REST, 0);
}

void lw_activity_wrong(struct lw_activity *activity)
{
    tell(activity, GUARD_TELL_WRONG, activity->told_ms);
}

void lw_activity_opened(struct lw_activity *activity)
{
    tell(activity, GUARD_TELL_OPENED, activity->told_ms);
}

void lw_activity_arm(struct lw_activity *activity)
{
    tell(activity, GUARD_TELL_ARM, activity->told_ms);
}

bool lw_activity_suspended(const struct lw_activity *activity)
{
    return guard_suspended_since(activity->setup, activity->suspended_ms);
}

void guard_worker_listen(struct guard_supervision *all)
{
    struct guard_worker *worker = &all->worker;
    char told[64];
    ssize_t count;

    while (worker->activity >= 0 && (count = read(worker->activity, told, sizeof(told))) >= 0) {
        if (count == 0) {
            close(worker->activity);
            worker->activity = -1;
        }
        for (ssize_t i = 0; i < count; i++) {
            if (told[i] == GUARD_TELL_KEY)
                guard_clocks_key(&all->clocks);
            else if (told[i] == GUARD_TELL_REST)
                guard_clocks_rest(&all->clocks);
            guard_emergency_hear(&all->emergency, told[i]);
        }
    }
}
