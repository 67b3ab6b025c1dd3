/* The controlling terminal. Signals only set a flag while it is changed; they arrive during the
 * wait for a key and nowhere else, so that echo is back before anything else happens. */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static const int caught_signals[LW_TTY_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
static volatile sig_atomic_t caught;
static int64_t idle_limit_ms;

#define LOOK_MS 1000 /* between one look at the clock and the next: a wait does not count sleep */

static void catch_signal(int number)
{
    caught = number;
}

void lw_tty_idle(int64_t ms)
{
    idle_limit_ms = ms;
}

enum lw_status lw_tty_open(struct lw_tty *tty, const char *what, struct lw_error *err)
{
    *tty = (struct lw_tty){.fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (tty->fd < 0)
        return lw_fail(err, LW_NO_TERMINAL, "there is no terminal to ask for %s", what);
    lw_out_start(&tty->out, tty->fd);
    return LW_OK;
}

static bool set_quiet(struct lw_tty *tty)
{
    struct termios quiet = tty->saved;

    quiet.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    quiet.c_iflag |= ICRNL;
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    return tcsetattr(tty->fd, TCSADRAIN, &quiet) == 0;
}

enum lw_status lw_tty_begin(struct lw_tty *tty, struct lw_error *err)
{
    struct sigaction action = {.sa_handler = catch_signal};
    sigset_t block;

    if (tcgetattr(tty->fd, &tty->saved) != 0)
        return lw_fail_errno(err, LW_NO_TERMINAL, "the terminal does not answer");
    sigemptyset(&action.sa_mask);
    sigemptyset(&block);
    for (int i = 0; i < LW_TTY_SIGNALS; i++)
        sigaddset(&block, caught_signals[i]);
    sigprocmask(SIG_BLOCK, &block, &tty->mask);
    for (int i = 0; i < LW_TTY_SIGNALS; i++) {
        sigaction(caught_signals[i], NULL, &tty->old[i]);
        if (tty->old[i].sa_handler != SIG_IGN)
            sigaction(caught_signals[i], &action, NULL);
    }
    tty->begun = true;
    if (!set_quiet(tty)) {
        lw_tty_end(tty);
        return lw_fail_errno(err, LW_NO_TERMINAL, "the terminal's echo cannot be switched off");
    }
    return LW_OK;
}

void lw_tty_end(struct lw_tty *tty)
{
    if (!tty->begun)
        return;
    tty->begun = false;
    lw_out_flush(&tty->out);
    tcsetattr(tty->fd, TCSADRAIN, &tty->saved);
    for (int i = 0; i < LW_TTY_SIGNALS; i++)
        sigaction(caught_signals[i], &tty->old[i], NULL);
    /* a hang-up may come twice, or wait behind the mask: what was typed is still to be saved */
    if (caught != 0 && caught != SIGTSTP)
        signal(SIGHUP, SIG_IGN);
    sigprocmask(SIG_SETMASK, &tty->mask, NULL);
}

/* Ctrl-Z: stop as the shell expects it, then take the terminal again. */
static int suspend(struct lw_tty *tty)
{
    struct lw_error err;

    caught = 0;
    lw_tty_end(tty);
    raise(SIGTSTP);
    return lw_tty_begin(tty, &err) == LW_OK ? LW_KEY_REDRAW : LW_KEY_END;
}

static int on_signal(struct lw_tty *tty)
{
    if (caught == SIGTSTP)
        return suspend(tty);
    lw_tty_end(tty);
    return LW_KEY_SIGNAL;
}

/* Time asleep counts: who comes back may be somebody else. */
static int64_t now_ms(void)
{
    return lw_ticks_ms(CLOCK_BOOTTIME);
}

static int on_idle(struct lw_tty *tty)
{
    lw_out_newline(&tty->out);
    lw_out_line(&tty->out, "Ended: no key for too long (idle in lapwing.ini)");
    caught = SIGTERM;
    return on_signal(tty);
}

int lw_tty_key(struct lw_tty *tty, int timeout_ms)
{
    bool idles = timeout_ms < 0 && idle_limit_ms > 0;
    int wait_ms = idles ? LOOK_MS : timeout_ms;
    const struct timespec limit = {.tv_sec = wait_ms / 1000,
                                   .tv_nsec = (long)(wait_ms % 1000) * 1000000};
    int64_t end = now_ms() + idle_limit_ms;
    unsigned char byte;

    lw_out_flush(&tty->out);
    for (;;) {
        struct pollfd wait = {.fd = tty->fd, .events = POLLIN};
        int ready = ppoll(&wait, 1, wait_ms < 0 ? NULL : &limit, &tty->mask);

        if (caught != 0)
            return on_signal(tty);
        if (idles && now_ms() >= end)
            return on_idle(tty);
        if (ready == 0 && !idles)
            return LW_KEY_NONE;
        if (ready < 0 && errno != EINTR)
            return LW_KEY_END;
        if (ready <= 0)
            continue;
        ssize_t got = read(tty->fd, &byte, 1);
        if (got == 1)
            return byte;
        if (got == 0 || errno != EINTR) {
            caught = SIGHUP; /* the terminal is gone; its signal may come later */
            return on_signal(tty);
        }
    }
}

void lw_tty_close(struct lw_tty *tty)
{
    if (tty->fd < 0)
        return;
    lw_tty_end(tty);
    lw_out_flush(&tty->out);
    lw_out_free(&tty->out);
    close(tty->fd);
    tty->fd = -1;
}

int lw_tty_signal(void)
{
    return caught;
}

void lw_tty_deliver(void)
{
    int number = caught;

    if (number == 0)
        return;
    signal(number, SIG_DFL);
    raise(number);
}
