/* What the hardening leaves of a process; each case in a child of its own. */
#include "guard.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int limits(void)
{
    struct rlimit core;

    if (lw_guard_process(NULL) != LW_OK)
        return 1;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0)
        return 2;
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 3;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return 4;
    return umask(0) == 077 ? 0 : 5;
}

/* The next file must not become standard output. */
static int descriptors(void)
{
    int fd;

    close(0);
    close(1);
    close(2);
    if (lw_guard_process(NULL) != LW_OK)
        return 1;
    for (fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            return 2;
    }
    fd = open("/dev/null", O_RDONLY);
    return fd > 2 ? 0 : 3;
}

static void in_child(int (*run)(void))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(run());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void process_is_closed_up(void **state)
{
    (void)state;
    in_child(limits);
}

static void standard_descriptors_are_open(void **state)
{
    (void)state;
    in_child(descriptors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(process_is_closed_up),
        cmocka_unit_test(standard_descriptors_are_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
