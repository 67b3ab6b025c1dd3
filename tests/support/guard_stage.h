/*
 * A terminal that the test plays: a pty, a supervisor in it (as a session's leader, or under a
 * stand-in for make), workers that the test gives, and what they report through shared memory.
 */
#ifndef LW_TEST_GUARD_STAGE_H
#define LW_TEST_GUARD_STAGE_H

#include "guard.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define STAGE_CHORD    0x1c
#define STAGE_PROMISE  1000  /* ms: what a lock may take */
#define STAGE_PATIENCE 20000 /* ms: for what no promise is about */
#define STAGE_SCREEN   (4 << 20)
#define STAGE_CANARY   32

/* Between the processes of one stage. */
struct stage_report {
    _Atomic int starts; /* workers so far */
    _Atomic int worker; /* pid of the newest */
    _Atomic int supervisor;
    _Atomic int done; /* lw_supervise returned */
    _Atomic int quiet;
    _Atomic int seen; /* whatever a worker counts */
    _Atomic long progress;
    _Atomic int_least64_t suspended_ms;
    int status;
    int code;
    char sentence[512];
    struct termios before;
    struct termios after;
    pid_t group_before;
    pid_t group_after;
    pid_t foreground_after;
    char comm_after[16];
    _Atomic int make_alive; /* its child has ended, it goes on */
    int make_foreground;
    uint8_t masked[STAGE_CANARY]; /* never in clear outside of the worker */
};

struct stage_setup {
    lw_worker *worker;
    const char *name;
    int64_t idle_ms;
    unsigned char chord;
    const struct lw_emergency *emergency;
    void (*told)(void *context, const struct lw_guard_told *told);
    bool under_make;
    bool own_clock;
};

struct stage {
    int master;
    pid_t child;
    struct stage_report *report;
    bool stalled; /* nobody reads */
    char *screen;
    size_t len;
};

static inline int64_t stage_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void stage_sleep(int ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

    nanosleep(&time, NULL);
}

/* ---- in the worker ------------------------------------------------------------------------ */

/* Number of this worker, from 1; prompts. */
static inline int stage_enter(struct stage_report *report)
{
    int number = atomic_fetch_add(&report->starts, 1) + 1;
    char prompt[32];
    int len = snprintf(prompt, sizeof(prompt), "prompt %d.", number);

    atomic_store(&report->worker, getpid());
    return write(STDOUT_FILENO, prompt, (size_t)len) == len ? number : -1;
}

/* For ever. */
static inline int stage_idle(void)
{
    while (pause() != 0)
        ;
    return 0;
}

/* ---- the processes ------------------------------------------------------------------------ */

static inline int64_t stage_suspended(void *context)
{
    struct stage_report *report = context;

    return atomic_load(&report->suspended_ms);
}

static inline int stage_supervise(struct stage_report *report, const struct stage_setup *setup)
{
    const struct lw_supervisor supervisor = {
        .name = setup->name ? setup->name : "stage",
        .chord = setup->chord,
        .idle_ms = setup->idle_ms,
        .emergency = setup->emergency,
        .told = setup->told,
        .suspended_ms = setup->own_clock ? stage_suspended : NULL,
        .clock_context = report,
    };
    struct lw_error err = {.text = ""};
    int code = -1;

    atomic_store(&report->supervisor, getpid());
    tcgetattr(STDIN_FILENO, &report->before);
    report->group_before = getpgrp();
    report->status = (int)lw_supervise(&supervisor, setup->worker, report, &code, &err);
    report->code = code;
    memcpy(report->sentence, err.text, sizeof(report->sentence));
    tcgetattr(STDIN_FILENO, &report->after);
    report->group_after = getpgrp();
    report->foreground_after = tcgetpgrp(STDIN_FILENO);
    prctl(PR_GET_NAME, report->comm_after, 0, 0, 0);
    atomic_store(&report->done, 1);
    return code;
}

/* Waits for its child like make does, in the child's old process group. */
static inline int stage_make(struct stage_report *report, const struct stage_setup *setup)
{
    pid_t child = fork();
    int how = 0;

    if (child == 0)
        _exit(stage_supervise(report, setup));
    waitpid(child, &how, 0);
    report->make_foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
    atomic_store(&report->make_alive, 1);
    return 0;
}

static inline void stage_open(struct stage *stage, const struct stage_setup *setup)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    FILE *random = fopen("/dev/urandom", "r");

    *stage = (struct stage){.screen = malloc(STAGE_SCREEN)};
    stage->report = mmap(NULL, sizeof(*stage->report), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_non_null(stage->screen);
    assert_ptr_not_equal(stage->report, MAP_FAILED);
    assert_non_null(random);
    assert_int_equal(fread(stage->report->masked, 1, STAGE_CANARY, random), STAGE_CANARY);
    fclose(random);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    stage->child = forkpty(&stage->master, NULL, NULL, &size);
    assert_true(stage->child >= 0);
    if (stage->child == 0)
        _exit(setup->under_make ? stage_make(stage->report, setup)
                                : stage_supervise(stage->report, setup));
    fcntl(stage->master, F_SETFL, O_NONBLOCK);
    fcntl(stage->master, F_SETFD, FD_CLOEXEC);
}

/* ---- what the test does ------------------------------------------------------------------- */

/* Reads what the terminal got; keeps the newest half where it is too much. */
static inline void stage_pump(struct stage *stage)
{
    for (int i = 0; i < 64; i++) {
        ssize_t got;

        if (stage->len > STAGE_SCREEN - 4096) {
            stage->len = STAGE_SCREEN / 2;
            memmove(stage->screen, stage->screen + STAGE_SCREEN / 2 - 4096, stage->len);
        }
        got = read(stage->master, stage->screen + stage->len, STAGE_SCREEN - stage->len);
        if (got <= 0)
            return;
        stage->len += (size_t)got;
    }
}

/* One millisecond of waiting; reads the terminal unless that is stalled. */
static inline void stage_tick(struct stage *stage)
{
    struct pollfd wait = {.fd = stage->stalled ? -1 : stage->master, .events = POLLIN};

    if (poll(&wait, 1, 1) > 0 && !(wait.revents & POLLIN))
        stage_sleep(1); /* hung up */
    if (!stage->stalled)
        stage_pump(stage);
}

/* Waits until the condition is true; it is an int from 0. */
#define STAGE_UNTIL(stage, ms, condition)                                                          \
    do {                                                                                           \
        int64_t until_end = stage_now() + (ms);                                                    \
        while (!(condition) && stage_now() < until_end)                                            \
            stage_tick(stage);                                                                     \
        if (!(condition))                                                                          \
            fail_msg("not within %d ms: %s", (int)(ms), #condition);                               \
    } while (0)

/* Position after the last occurrence, or 0. */
static inline size_t stage_find(const struct stage *stage, const char *text)
{
    size_t len = strlen(text);

    for (size_t end = stage->len; end >= len; end--) {
        if (memcmp(stage->screen + end - len, text, len) == 0)
            return end;
    }
    return 0;
}

static inline bool stage_prompts(const struct stage *stage, int number)
{
    char prompt[32];

    snprintf(prompt, sizeof(prompt), "prompt %d.", number);
    return atomic_load(&stage->report->starts) >= number && stage_find(stage, prompt) > 0;
}

static inline pid_t stage_worker_of(struct stage *stage, int number)
{
    STAGE_UNTIL(stage, STAGE_PATIENCE, stage_prompts(stage, number));
    return atomic_load(&stage->report->worker);
}

/* Gone and reaped; where it became a child of the test, reaped here. */
static inline bool stage_gone(pid_t pid)
{
    int how;

    (void)waitpid(pid, &how, WNOHANG);
    return kill(pid, 0) != 0 && errno == ESRCH;
}

static inline void stage_type(const struct stage *stage, const char *keys, size_t len)
{
    assert_int_equal(write(stage->master, keys, len), len);
}

static inline void stage_chord(const struct stage *stage)
{
    const char chord = STAGE_CHORD;

    stage_type(stage, &chord, 1);
}

static inline pid_t stage_supervisor(const struct stage *stage)
{
    return atomic_load(&stage->report->supervisor);
}

#define STAGE_CLEARED     "\033[2J\033[3J"
#define STAGE_NORMAL_PAGE "\033[?1049l"

static inline bool stage_cleared(const struct stage *stage)
{
    return stage_find(stage, STAGE_CLEARED) > 0 && stage_find(stage, STAGE_NORMAL_PAGE) > 0 &&
           stage_find(stage, STAGE_CLEARED) > stage_find(stage, STAGE_NORMAL_PAGE);
}

/* Forgets what was on the screen so far. */
static inline void stage_forget(struct stage *stage)
{
    stage->len = 0;
}

/* Ends every process that is left, after a failed test too. */
static inline void stage_close(struct stage *stage)
{
    pid_t supervisor;
    int how;

    if (!stage->report)
        return;
    supervisor = stage_supervisor(stage);
    if (supervisor > 0 && !stage_gone(supervisor))
        kill(supervisor, SIGKILL);
    kill(stage->child, SIGKILL);
    close(stage->master);
    for (int i = 0; i < 2000 && waitpid(-1, &how, WNOHANG) >= 0; i++)
        stage_sleep(1);
    munmap(stage->report, sizeof(*stage->report));
    free(stage->screen);
    *stage = (struct stage){.report = NULL};
}

#endif
