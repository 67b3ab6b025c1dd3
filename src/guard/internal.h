/* The parts of the supervisor. Nothing here allocates memory. */
#ifndef LW_GUARD_INTERNAL_H
#define LW_GUARD_INTERNAL_H

#include "chord.h"
#include "guard.h"
#include "trigger.h"

#include <signal.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

#define GUARD_NAME_MAX    8
#define GUARD_COMM        16 /* of the kernel, NUL included */
#define GUARD_PATIENCE_MS 200
#define GUARD_OUT         4096
#define GUARD_SIGNALS     11

/* ---- terminal.c --------------------------------------------------------------------------- */

struct guard_terminal {
    int fd; /* of its own, O_NONBLOCK: neither a stalled terminal nor its other users matter */
    struct termios before;
    struct termios ours;
    pid_t group_before;
    bool plain, unerasable; /* as in struct lw_supervisor */
    char said[GUARD_OUT];   /* plain: what was shown last, of which nothing is said again */
    char out[GUARD_OUT];    /* clearing and what is shown after it */
    size_t out_at;          /* written so far */
    size_t out_len;
};

/* Opens it, remembers its settings and makes this process its foreground group. Stop signals of the
 * terminal are blocked by the caller. */
enum lw_status guard_terminal_take(struct guard_terminal *terminal,
                                   const struct lw_supervisor *setup,
                                   struct lw_error *err) LW_MUST_USE;
/* False where another group has the foreground: its settings are not ours to change then. */
bool guard_terminal_is_ours(const struct guard_terminal *terminal);
/* Settings for a worker, and nothing typed ahead. */
void guard_terminal_prepare(struct guard_terminal *terminal);
/* Drops what is on its way in both directions and begins to clear the screen. */
void guard_terminal_clear(struct guard_terminal *terminal);
/* Clears the screen and shows lines that end with "\r\n"; what is not written yet is dropped. On a
 * plain terminal nothing is cleared for them, and those are said that were not shown last. */
void guard_terminal_show(struct guard_terminal *terminal, const char *text);
/* True while something is not written yet. */
bool guard_terminal_is_behind(const struct guard_terminal *terminal);
/* Keys that were typed; 0 where there are none. Never waits. */
size_t guard_terminal_keys(const struct guard_terminal *terminal, char *keys, size_t most);
/* Writes what the terminal takes now. */
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
struct guard_came {
    sigset_t set;
    int64_t at_ms; /* CLOCK_BOOTTIME of the reading */
    uint64_t mark; /* what SIGUSR2 carries; 0: nothing */
};
/* Everything that came since the last call. */
void guard_signals_read(const struct guard_signals *signals, struct guard_came *came);
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

/* ---- emergency.c -------------------------------------------------------------------------- */

enum guard_phase {
    GUARD_USUAL,    /* a worker runs, or will */
    GUARD_COUNTING, /* down to a wipe */
    GUARD_SAYING,   /* that there will be none */
    GUARD_WIPING    /* and telling how it went, until Enter */
};

/* What is known of a wipe. */
struct guard_outcome {
    bool synced;
    bool kept;
    bool ended;
    bool lost; /* the process that wipes was ended by somebody */
    unsigned tries;
    char why[256];
    char keys[LW_WIPE_SAY];
    enum lw_status status;
    bool unseen; /* other programs cannot be looked for */
    uint64_t done;
    uint64_t total;
    size_t also_good;
    size_t also_bad;
    char also_why[256];
    bool rest_gone;
    bool header_left; /* a detached header could not be wiped */
    bool layered;     /* a layer below may hold what was wiped */
    char header_why[256];
    bool plain; /* it is said in lines */
};

struct guard_emergency {
    struct lw_emergency orders;
    enum guard_phase phase;
    struct guard_chord chord;
    int64_t looked_ms; /* for signals */
    struct guard_dead_man dead_man;
    struct guard_pairing pairing;
    unsigned wrong; /* passphrases in a row */
    int held;       /* the vault, as it was found last; -1: it was not */
    int timer;
    int usb;
    int64_t end_ms; /* of counting or saying */
    int64_t shown;  /* seconds left, as shown */
    pid_t wiper;    /* 0: none */
    bool unstarted; /* it was not: the keys were wiped without it, the rest waits for it */
    int news;       /* of it; -1: none */
    struct guard_outcome outcome;
    bool stale; /* what the screen shows */
};

/* ---- told.c ------------------------------------------------------------------------------- */

/* A lock, from what demanded it to a clear screen. */
struct guard_locking {
    pid_t worker; /* 0: none is under way, or it is told */
    int64_t asked_us;
    bool by_key;
    bool gone;
};

struct guard_supervision {
    const struct lw_supervisor *setup;
    lw_worker *run;
    void *context;
    struct guard_terminal terminal;
    struct guard_signals signals;
    struct guard_clocks clocks;
    struct guard_worker worker;
    struct guard_emergency emergency;
    struct guard_locking locking;
    int64_t woke_us; /* CLOCK_MONOTONIC: when the last wait ended */
    bool pressed;    /* the lock key was, meanwhile */
    char name_before[GUARD_COMM];
    bool over;
    enum lw_status status;
    int code;
};

int64_t guard_now_us(void); /* CLOCK_MONOTONIC */
/* Only event and what belongs to it; the time is added. */
void guard_tell_about(const struct guard_supervision *all, struct lw_guard_told told);
/* A lock begins; its worker is gone; a turn ends. */
void guard_locking_begin(struct guard_supervision *all);
void guard_locking_gone(struct guard_supervision *all);
void guard_locking_turn(struct guard_supervision *all);

enum lw_status guard_emergency_open(struct guard_supervision *all,
                                    struct lw_error *err) LW_MUST_USE;
void guard_emergency_close(struct guard_emergency *emergency);
/* The vault that the supervisor is for: one that was made meanwhile goes before the configured one.
 */
const char *guard_vault_of(const struct lw_supervisor *setup);
/* Where that one's header is detached to; NULL: in it. */
const char *guard_header_of(const struct lw_supervisor *setup);
/* A worker starts: what the path leads to now is held for a wipe. */
void guard_emergency_start(struct guard_supervision *all);
/* Before waiting: the timer is set. */
void guard_emergency_prepare(struct guard_supervision *all);
/* After waiting, since before_ms (CLOCK_BOOTTIME): signals, the timer, devices, keys, news. True
 * where it demands a lock. */
bool guard_emergency_turn(struct guard_supervision *all, const struct guard_came *came,
                          int64_t before_ms);
/* Shows what is new of a countdown or a wipe. */
void guard_emergency_draw(struct guard_supervision *all);
/* True where no worker may start now; *wait_ms is when to ask again, -1: after an event. */
bool guard_emergency_holds_back(const struct guard_emergency *emergency, int *wait_ms);
/* The terminal is gone, or somebody ends the supervisor: nobody can stop a countdown any more. */
void guard_emergency_leave(struct guard_supervision *all);
/* What the worker tells. */
void guard_emergency_hear(struct guard_emergency *emergency, char told);

/* ---- wiper.c, outcome.c ------------------------------------------------------------------- */

/* Starts the process that wipes; nothing can hold the supervisor up then. */
void guard_wiper_start(struct guard_supervision *all, int64_t begun_us);
/* Takes its news; true where something new is to be shown. */
bool guard_wiper_listen(struct guard_supervision *all);
void guard_outcome_take(struct guard_outcome *outcome, const struct lw_wipe_news *news);
/* Lines for the screen. */
void guard_outcome_say(const struct guard_outcome *outcome, const struct lw_emergency *orders,
                       char *text, size_t size);

/* ---- others.c ----------------------------------------------------------------------------- */

/* Ends the workers of all other supervisors and the one-shot commands that know something (a
 * simulation only looks) and, where mark is not 0, tells the supervisors to wipe that are armed for
 * it. False: /proc cannot be read, or is not of this process, so that nobody is found. */
bool guard_others_end(const char *name, bool simulate, uint64_t mark) LW_MUST_USE;

/* ---- worker.c ----------------------------------------------------------------------------- */

#define GUARD_TELL_KEY    'k'
#define GUARD_TELL_REST   'r'
#define GUARD_TELL_OPENED 'o'
#define GUARD_TELL_WRONG  'w'
#define GUARD_TELL_ARM    'a'

#define GUARD_WORKER_UNTIED 98 /* exit code: it would outlive its supervisor */

enum lw_status guard_worker_start(struct guard_supervision *all, struct lw_error *err) LW_MUST_USE;
/* SIGKILL; waits a moment for the end (its memory is free then), not longer, since a process in a
 * system call of a dead device does not end. */
void guard_worker_kill(struct guard_worker *worker);
/* True when it is gone (then *how is as from waitpid) or there was none. */
bool guard_worker_reap(struct guard_worker *worker, int *how);
/* Takes what it told. */
void guard_worker_listen(struct guard_supervision *all);

/* ---- process.c ---------------------------------------------------------------------------- */

/* What a process of that role is called: "NAME-guard". */
void guard_name(const char *name, const char *role, char comm[GUARD_COMM]);
#define GUARD_ROLE_SUPERVISOR "guard"
#define GUARD_ROLE_WORKER     "work"
#define GUARD_ROLE_ONCE       "once" /* lw_guard_once */
#define GUARD_ROLE_WIPER      "wipe"

#endif
