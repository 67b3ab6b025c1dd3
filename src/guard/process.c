/* What one call at the start can take away from whoever looks at this process. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum lw_status lw_guard_standard(struct lw_error *err)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The lowest free number is fd itself: those below it are open by now. */
        if (open("/dev/null", O_RDWR) != fd)
            return lw_fail(err, LW_INTERNAL, "descriptor %d is closed and cannot be replaced", fd);
    }
    return LW_OK;
}

void lw_guard_hurry(void)
{
    (void)setpriority(PRIO_PROCESS, 0, -20);
}

void lw_guard_go_on(bool interrupt)
{
    static const int ending[] = {SIGHUP, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};

    for (size_t i = 0; i < LW_COUNT_OF(ending); i++)
        (void)signal(ending[i], SIG_IGN);
    (void)signal(SIGINT, interrupt ? SIG_DFL : SIG_IGN);
}

enum lw_status lw_guard_process(struct lw_error *err)
{
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    enum lw_status status = lw_guard_standard(err);

    if (status != LW_OK)
        return status;
    umask(077);
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "core dumps cannot be switched off");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "this process cannot be hidden from others");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "new privileges cannot be given up");
    return LW_OK;
}

void guard_name(const char *name, const char *role, char comm[GUARD_COMM])
{
    (void)snprintf(comm, GUARD_COMM, "%.*s-%s", GUARD_NAME_MAX, name, role);
}

void lw_guard_once(const char *name)
{
    char comm[GUARD_COMM];

    guard_name(name, GUARD_ROLE_ONCE, comm);
    (void)prctl(PR_SET_NAME, comm, 0, 0, 0);
}
