/* The parts of the supervisor. Nothing here allocates memory. */
#ifndef LW_GUARD_INTERNAL_H
#define LW_GUARD_INTERNAL_H

#include "guard.h"

#include <signal.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

#define GUARD_NAME_MAX    8
#define GUARD_COMM        16 /* of the kernel, NUL included */
#define GUARD_PATIENCE_MS 200
#define GUARD_SIGNALS     10

/* ---- terminal.c --------------------------------------------------------------------------- */

struct guard_terminal {
    int fd; /* of its own, O_NONBLOCK: neither a stalled terminal nor its other users matter */
    struct termios before;
    struct termios ours;
    pid_t group_before;
    size_t to_clear; /* bytes of the clearing sequence that are not written yet */
};

/* Opens it, remembers its settings and makes this process its foreground group. Stop signals of the
 * terminal are blocked by the caller. */
enum lw_status guard_terminal_take(struct guard_terminal *terminal, unsigned char chord,
                                   struct lw_error *err) LW_MUST_USE;
/* False where another group has the foreground: its settings are not ours to change then. */
bool guard_terminal_is_ours(const struct guard_terminal *terminal);
/* Settings for a worker, and nothing typed ahead. */
void guard_terminal_prepare(struct guard_terminal *terminal);
/* Drops what is on its way in both directions and begins to clear the screen. */
void guard_terminal_clear(struct guard_terminal *terminal);
/* Writes of the clearing what the terminal takes now. */
void guard_terminal_push(struct guard_terminal *terminal);
/* Settings and foreground as they were; closes. Waits a moment for the end of the clearing. */
void guard_terminal_give_back(struct guard_terminal *terminal);

/* ---- signals.c ---------------------------------------------------------------------------- */

struct guard_signals {
    int fd;
    sigset_t mask_before;
    struct sigaction before[GUARD_SIGNALS];
};

/* Blocks everything but faults; what is handled comes out of the descriptor. */
enum lw_status guard_signals_take(struct guard_signals *signals, struct lw_error *err) LW_MUST_USE;
/* Everything that came since the last call. */
void guard_signals_read(const struct guard_signals *signals, sigset_t *came);
/* In a new worker. */
void guard_signals_for_worker(const struct guard_signals *signals);
/* What is still pending is dropped. */
void guard_signals_give_back(struct guard_signals *signals);

/* ---- clocks.c ----------------------------------------------------------------------------- */

struct guard_clocks {
    const struct lw_supervisor *setup;
    int idle;   /* timer: nobody is there */
    int resume; /* timer that never ends, but is cancelled when the clock jumps */
    bool rest;
    int64_t key_ms;       /* CLOCK_BOOTTIME of the last key */
    int64_t suspended_ms; /* at the worker's start */
};

int64_t guard_now_ms(clockid_t clock);
int64_t guard_suspended_ms(const struct lw_supervisor *setup);
bool guard_suspended_since(const struct lw_supervisor *setup, int64_t suspended_ms);

enum lw_status guard_clocks_open(struct guard_clocks *clocks, const struct lw_supervisor *setup,
                                 struct lw_error *err) LW_MUST_USE;
/* A worker starts. */
void guard_clocks_start(struct guard_clocks *clocks);
void guard_clocks_key(struct guard_clocks *clocks);
void guard_clocks_rest(struct guard_clocks *clocks);
/* To be asked after every wait: true when one of them demands a lock. */
bool guard_clocks_demand_lock(struct guard_clocks *clocks);
void guard_clocks_close(struct guard_clocks *clocks);

/* ---- worker.c ----------------------------------------------------------------------------- */

struct guard_worker {
    pid_t pid;     /* 0: none */
    int pidfd;     /* readable when it is gone; -1: none */
    int activity;  /* what it tells; -1: none, or it closed its end */
    bool killed;   /* by the supervisor */
    int64_t start; /* CLOCK_MONOTONIC of the last start */
};

struct guard_supervision {
    const struct lw_supervisor *setup;
    lw_worker *run;
    void *context;
    struct guard_terminal terminal;
    struct guard_signals signals;
    struct guard_clocks clocks;
    struct guard_worker worker;
    char name_before[GUARD_COMM];
    bool over;
    enum lw_status status;
    int code;
};

enum lw_status guard_worker_start(struct guard_supervision *all, struct lw_error *err) LW_MUST_USE;
/* SIGKILL; waits a moment for the end (its memory is free then), not longer, since a process in a
 * system call of a dead device does not end. */
void guard_worker_kill(struct guard_worker *worker);
/* True when it is gone (then *how is as from waitpid) or there was none. */
bool guard_worker_reap(struct guard_worker *worker, int *how);
/* Takes what it told. */
void guard_worker_listen(struct guard_worker *worker, struct guard_clocks *clocks);
/* "NAME-guard" or "NAME-work". */
void guard_name(const char *name, const char *role, char comm[GUARD_COMM]);
#define GUARD_ROLE_SUPERVISOR "guard"
#define GUARD_ROLE_WORKER     "work"

#endif
