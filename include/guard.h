/*
 * guard: makes the process harder to look into, and ends it when it must. Knows Linux and the
 * terminal; knows no secrets and no database.
 *
 * How main uses it for everything that draws screens (one-shot commands are a worker alone and
 * only need the first call):
 *
 *     lw_guard_process(&err)                         first of all
 *     lw_supervise(&setup, screens, &cli, &code, &err)
 *         screens(): lw_crypto_start(), lw_store_start(), passphrase, vault, screens
 *     LW_OK: exit with code; else print the sentence, exit with the status's code
 *
 * What holds or draws secrets happens inside of screens(), in a process of its own, libraries
 * included: the supervisor's memory is what every later worker starts with.
 */
#ifndef LW_GUARD_H
#define LW_GUARD_H

#include "emergency.h"

/* To be called first of all, before a secret is in memory: descriptors 0 to 2 are open (on
 * /dev/null where they were closed, so that no file of ours gets their number), no core dump, not
 * dumpable (no ptrace and no /proc/PID/mem for other processes of this user), no new privileges,
 * new files for their owner only. On error the process must not go on, but for one that knows and
 * learns no secret after lw_guard_standard alone: a wipe waits for nothing. */
enum lw_status lw_guard_process(struct lw_error *err) LW_MUST_USE;
/* Its first part: the descriptors. */
enum lw_status lw_guard_standard(struct lw_error *err) LW_MUST_USE;

/* For a wipe. Before everybody else, where this user may; and whoever leaves, or ends it by
 * anything but SIGKILL, does not end it: not the terminal, the session, the chord or, unless
 * interrupt, Ctrl-C. */
void lw_guard_hurry(void);
void lw_guard_go_on(bool interrupt);

/* For a one-shot command, before it learns anything: calls the process NAME-once, so that a lock
 * from outside and a wipe find it and end it. */
void lw_guard_once(const char *name);

/* ---- the sandbox (sandbox*.c) -------------------------------------------------------------- */

/* What could not be had; the program goes on, and says so once. */
enum lw_gap { LW_GAP_FILES = 1, LW_GAP_CALLS = 2, LW_GAP_MEMORY = 4, LW_GAP_WRITES = 8 };
#define LW_GAP_LAST LW_GAP_WRITES
/* One sentence for one of them, with what it means. Static. */
const char *lw_gap_say(unsigned gap);

/* All three return gaps, 0 where everything holds, and cannot be undone. lw_guard_process comes
 * before them. */

/* For every process: no other program, no looking into others, no sockets but the kernel's own
 * news, nothing of administrators. */
unsigned lw_sandbox_all(void);
/* For a process that is about to learn something, before it reads a passphrase: moreover no sockets
 * at all, no processes of its own, no signals to others, no new code. */
unsigned lw_sandbox_calls(void);

/* From now on only the folders of these files, with all below them, and the terminal can be opened;
 * no program can be started. A file need not exist yet; NULL is none. What is open stays so. A
 * second call can only take away. */
unsigned lw_sandbox_files(const char *const *files, size_t count);

/* ---- its own memory (search.c) ---------------------------------------------------------------- */

/* How often a text stands in the memory that this process can write to, stacks and what was freed
 * included. It is given with every bit inverted, so that to look for it does not put it there. maps
 * is /proc/self/maps, opened by this process. NO_INPUT: it cannot be read. */
enum lw_status lw_memory_count(int maps, const uint8_t *inverted, size_t len,
                               size_t *count) LW_MUST_USE;

/* ---- supervisor and worker ---------------------------------------------------------------- */

#define LW_GUARD_NAME    "lapwing"
#define LW_CHORD_DEFAULT 0x1c            /* Ctrl-\ */
#define LW_IDLE_DEFAULT  INT64_C(300000) /* ms */

/* What a worker returns to be locked: it is gone then, the screen cleared, a new one prompts. */
#define LW_WORKER_LOCK 99

/* ---- what a supervisor saw and did, for whoever practises ---- */

enum lw_guard_event {
    LW_GUARD_PRESSED,  /* the lock key came */
    LW_GUARD_LOCKED,   /* the worker is gone and the terminal has taken the clearing */
    LW_GUARD_COUNTING, /* the lock key was seen as held, or as pressed three times */
    LW_GUARD_STOPPED,  /* a key ended the countdown */
    LW_GUARD_WIPING,   /* nothing is written yet */
    LW_GUARD_NEWS      /* of the wipe */
};

struct lw_guard_told {
    enum lw_guard_event event;
    int64_t at_us;   /* CLOCK_MONOTONIC, when the supervisor saw it */
    int64_t took_us; /* LOCKED: since what demanded it; COUNTING: since the key went down */
    int worker;      /* LOCKED: the process that is gone */
    bool by_key;     /* LOCKED: the lock key demanded it */
    bool held;       /* COUNTING: held, not pressed three times */
    const struct lw_wipe_news *news; /* NEWS; else NULL */
};

struct lw_supervisor {
    /* LW_GUARD_NAME, at most 8 bytes. The processes are called NAME-guard and NAME-work, which
     * tells them from each other and from a one-shot command (see lw_guard_once). */
    const char *name;
    unsigned char chord; /* control character that locks; 0: LW_CHORD_DEFAULT */
    int64_t idle_ms;     /* locks after so long without a key, time asleep included; 0: never */
    const struct lw_emergency *emergency; /* what is armed; NULL: nothing */
    const char *vault;                    /* what is wiped then; NULL: not known yet */
    const char *header;                   /* where that one's is detached to; NULL: in it */
    const char *made_header;              /* as made, of that vault; "": in it */
    const char *made;       /* NULL, or memory shared with the worker: "", or what it made since */
    /* A practice: its wipe ends no other program, and touches no file but its vault. */
    bool apart;
    /* Called in the supervisor, which waits for it meanwhile; or NULL. */
    void (*told)(void *context, const struct lw_guard_told *told);
    void *told_context;
    bool plain;  /* what it says itself are lines, one after another */
    bool unerasable; /* moreover nothing erases this terminal: blank lines push what it shows away */
    const char *usb_folder; /* NULL: where the system lists devices; tests have their own */
    /* Milliseconds that the machine was suspended since it started (CLOCK_BOOTTIME less
     * CLOCK_MONOTONIC), handed in so that tests can hold it still; NULL: the system's. */
    int64_t (*suspended_ms)(void *context);
    void *clock_context;
};

/* The worker's way to say that somebody is there. */
struct lw_activity {
    int fd; /* never blocks */
    int64_t told_ms;
    int64_t suspended_ms;
    const struct lw_supervisor *setup;
};

/* A key was pressed. To be called for every one; few of them are sent. */
void lw_activity_key(struct lw_activity *activity);
/* Nothing secret is in memory or on the screen and nothing was typed since the start: idleness
 * need not lock until the next key. Who never says it is locked all the same. */
void lw_activity_rest(struct lw_activity *activity);
/* A passphrase was wrong; and one opened the vault. */
void lw_activity_wrong(struct lw_activity *activity);
void lw_activity_opened(struct lw_activity *activity);
/* The chord and SIGUSR2 wipe from now on, until the supervisor ends. */
void lw_activity_arm(struct lw_activity *activity);
/* True when the machine was suspended since this worker started. The supervisor locks then, but a
 * worker may wake up before it: asked before drawing, answered with LW_WORKER_LOCK. */
bool lw_activity_suspended(const struct lw_activity *activity);

/* Returns the exit code of the worker's process, which ends with _exit(). */
typedef int lw_worker(void *context, struct lw_activity *activity);

/* True for a character that can be the chord: a control character that no screen needs (not NUL,
 * backspace, tab, newline, return, escape). */
bool lw_chord_valid(unsigned char chord);

/* Runs worker in a child process on the controlling terminal, and again after every lock, until it
 * ends by itself or this process is told to end. Single-threaded callers only.
 *
 * Locks on: the chord (also where the worker is busy, stopped, or writes to a terminal that does
 * not read), SIGUSR1, idleness, resume from suspend, SIGCONT (somebody stopped the supervisor), a
 * worker killed by SIGKILL, LW_WORKER_LOCK. Wipes on what is armed (emergency.h), in a process of
 * its own, and shows how that went until Enter, which ends the program. To lock is: kill the
 * worker, clear the screen and what scrolled off it, drop what was typed ahead, start a new worker.
 * SIGHUP, SIGTERM, SIGINT and a terminal that is gone do the same without a new worker; where the
 * line went away the worker first has 300 ms to save and end by itself.
 *
 * For the worker: descriptors as for the caller; the terminal in cbreak mode without echo, the
 * chord its quit character, no other key a signal (it may change other settings, never those, and
 * never O_NONBLOCK on descriptors 0 to 2, which belong to others as well); SIGQUIT, SIGTSTP and
 * SIGHUP ignored, what else the supervisor handles at its default; it is killed when the supervisor
 * ends.
 *
 * LW_OK: *code is the worker's, or 128 + signal where a signal ended the supervisor. Terminal
 * settings, foreground group, signal handling and process name are as before, except that the
 * process group stays its own where the old one is gone.
 * NO_TERMINAL: there is none, or it is another program's now; CONFIG: bad chord; INTERNAL: the
 * worker crashed (screen cleared); NO_MEMORY, INTERNAL: no process can be started. */
enum lw_status lw_supervise(const struct lw_supervisor *setup, lw_worker *worker, void *context,
                            int *code, struct lw_error *err) LW_MUST_USE;

/* Locks every other supervisor of this name and this user, ends its one-shot commands that know
 * something (SIGTERM first: one that asks puts the terminal right), and returns when these and the
 * workers are gone (those that do not go within a moment are killed here: they or their supervisor
 * may be stopped). *locked: how many supervisors, *ended: how many commands.
 * NO_INPUT: /proc cannot be read; BUSY: a worker is left, stuck in a system call that even SIGKILL
 * waits for. */
enum lw_status lw_lock_others(const char *name, size_t *locked, size_t *ended,
                              struct lw_error *err) LW_MUST_USE;

#endif
