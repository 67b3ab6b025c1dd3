/*
 * What a closed sandbox answers: each case runs in a child of its own, since nothing of it can be
 * undone. A child returns 0, or the line where it did not get what it wanted.
 */
#ifndef LW_TEST_SANDBOX_STAGE_H
#define LW_TEST_SANDBOX_STAGE_H

#include "deny_call.h"
#include "guard.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define WANT(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return __LINE__;                                                                       \
    } while (0)
#define FAILS(call, error) WANT((call) == -1 && errno == (error))
#define NO_LANDLOCK        9999

#define CASE(name, run)                                                                            \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        works(run);                                                                                \
    }

static inline int how_ended(int (*run)(void))
{
    int answer[2], status, line = 0;
    pid_t child;

    assert_int_equal(pipe(answer), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        line = run();
        if (write(answer[1], &line, sizeof(line)) != (ssize_t)sizeof(line))
            _exit(2);
        _exit(0);
    }
    close(answer[1]);
    if (read(answer[0], &line, sizeof(line)) != (ssize_t)sizeof(line))
        line = -1;
    close(answer[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : line;
}

static inline void works(int (*run)(void))
{
    int line = how_ended(run);

    if (line == NO_LANDLOCK) {
        print_message("this kernel has no Landlock\n");
        skip();
    }
    if (line != 0)
        fail_msg("ended with %d: the line that failed, or a signal if negative", line);
}

static inline int closed(void)
{
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT((lw_sandbox_calls() & LW_GAP_CALLS) == 0);
    return 0;
}

static inline int closed_for_all(void)
{
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT(lw_sandbox_all() == 0);
    return 0;
}

#endif
