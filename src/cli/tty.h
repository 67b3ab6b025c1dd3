/* The controlling terminal, key by key, without echo; always put back as it was. */
#ifndef LW_CLI_TTY_H
#define LW_CLI_TTY_H

#include "out.h"

#include <signal.h>
#include <termios.h>

#define LW_TTY_SIGNALS 5

struct lw_tty {
    int fd; /* -1: not open */
    struct lw_out out;
    bool begun;
    struct termios saved;
    struct sigaction old[LW_TTY_SIGNALS];
    sigset_t mask; /* of signals, before lw_tty_begin */
};

/* What lw_tty_key gives beside a byte. */
enum { LW_KEY_END = -1, LW_KEY_REDRAW = -2, LW_KEY_SIGNAL = -3, LW_KEY_NONE = -4 };

/* After so long without a key, time asleep included, every prompt ends as by SIGTERM, and says so;
 * 0: never. */
void lw_tty_idle(int64_t ms);
/* NO_TERMINAL where there is none; `what` is asked there ("the passphrase"). */
enum lw_status lw_tty_open(struct lw_tty *tty, const char *what, struct lw_error *err) LW_MUST_USE;
/* No echo, no line editing by the kernel, signals caught; until lw_tty_end. */
enum lw_status lw_tty_begin(struct lw_tty *tty, struct lw_error *err) LW_MUST_USE;
/* Waits for one byte. END: hang-up or end; SIGNAL: the terminal is as it was, leave; REDRAW: the
 * program was stopped and goes on; NONE: nothing within timeout_ms (-1: no limit but the idle
 * one). */
int lw_tty_key(struct lw_tty *tty, int timeout_ms);
void lw_tty_end(struct lw_tty *tty);
void lw_tty_close(struct lw_tty *tty);

/* The signal that ended a prompt, 0 for none; and its default action at last. */
int lw_tty_signal(void);
void lw_tty_deliver(void);

#endif
