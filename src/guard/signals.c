/* Signals as something to read, so that nothing happens at a moment of their choosing. */
#include "internal.h"

#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Those that are read, and those of the terminal, which only must not stop the supervisor. */
static const int handled[GUARD_SIGNALS] = {SIGQUIT, SIGUSR1, SIGUSR2, SIGHUP,  SIGTERM, SIGINT,
                                           SIGCONT, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU};
#define READ_COUNT 7

static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

enum lw_status guard_signals_take(struct guard_signals *signals, struct lw_error *err)
{
    /* One that a parent had ignored (nohup) would never come out of the descriptor. */
    const struct sigaction normal = {.sa_handler = SIG_DFL};
    sigset_t block;
    sigset_t wanted;

    sigfillset(&block);
    for (size_t i = 0; i < LW_COUNT_OF(faults); i++)
        sigdelset(&block, faults[i]);
    sigemptyset(&wanted);
    for (size_t i = 0; i < READ_COUNT; i++)
        sigaddset(&wanted, handled[i]);
    signals->fd = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->fd < 0)
        return lw_fail_errno(err, LW_INTERNAL, "signals cannot be received");
    (void)sigprocmask(SIG_BLOCK, &block, &signals->mask_before);
    for (size_t i = 0; i < GUARD_SIGNALS; i++)
        (void)sigaction(handled[i], &normal, &signals->before[i]);
    return LW_OK;
}

void guard_signals_read(const struct guard_signals *signals, struct guard_came *came)
{
    struct signalfd_siginfo info;

    sigemptyset(&came->set);
    came->mark = 0;
    came->at_ms = lw_ticks_ms(CLOCK_BOOTTIME);
    while (read(signals->fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        sigaddset(&came->set, (int)info.ssi_signo);
        if (info.ssi_signo == SIGUSR2 && info.ssi_code == SI_QUEUE)
            came->mark = info.ssi_ptr;
    }
}

void guard_signals_for_worker(const struct guard_signals *signals)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t mask = signals->mask_before;

    (void)sigaction(SIGQUIT, &ignore, NULL);
    (void)sigaction(SIGTSTP, &ignore, NULL);
    (void)sigaction(SIGHUP, &ignore, NULL); /* it sees the end of the line, and saves */
    for (size_t i = 0; i < GUARD_SIGNALS; i++)
        sigdelset(&mask, handled[i]);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
}

void guard_signals_give_back(struct guard_signals *signals)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    /* To ignore a signal takes it out of those pending: a chord too many must not end the caller.
     */
    for (size_t i = 0; i < GUARD_SIGNALS; i++)
        (void)sigaction(handled[i], &ignore, NULL);
    for (size_t i = 0; i < GUARD_SIGNALS; i++)
        (void)sigaction(handled[i], &signals->before[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &signals->mask_before, NULL);
    close(signals->fd);
    signals->fd = -1;
}
