/* System calls that a closed sandbox refuses or ends the process for, and what still works. */
#include "sandbox_stage.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

static int no_sockets(void)
{
    int line = closed(), ends[2];

    if (line != 0)
        return line;
    for (int family = 0; family <= AF_MAX; family++) {
        FAILS(socket(family, SOCK_STREAM, 0), EPERM);
        FAILS(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), EPERM);
        FAILS(socket(family, SOCK_RAW, 0), EPERM);
    }
    FAILS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), EPERM);
    return 0;
}

/* What was handed down as an open descriptor is no way out either. */
static int no_inherited_socket(void)
{
    struct msghdr message = {.msg_iov = NULL};
    int ends[2], line;

    WANT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    line = closed();
    if (line != 0)
        return line;
    FAILS(send(ends[0], "x", 1, 0), EPERM);
    FAILS(sendmsg(ends[0], &message, 0), EPERM);
    FAILS(recvmsg(ends[0], &message, 0), EPERM);
    FAILS(connect(ends[0], NULL, 0), EPERM);
    FAILS(listen(ends[0], 1), EPERM);
    FAILS(accept(ends[0], NULL, NULL), EPERM);
    return 0;
}

static volatile sig_atomic_t came;

static void count_signal(int number)
{
    came += number == SIGUSR1;
}

static int only_itself(void)
{
    int line = closed();

    if (line != 0)
        return line;
    FAILS(fork(), EPERM);
    FAILS(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), EPERM);
    FAILS(syscall(SYS_clone, CLONE_VM | SIGCHLD, 0, 0, 0, 0), EPERM);
    FAILS(syscall(SYS_clone3, NULL, 0), ENOSYS);
    FAILS(kill(getppid(), 0), EPERM);
    FAILS(kill(0, 0), EPERM);
    FAILS(kill(-1, 0), EPERM);
    FAILS(syscall(SYS_tgkill, getppid(), getppid(), 0), EPERM);
    FAILS(syscall(SYS_pidfd_send_signal, 0, SIGKILL, NULL, 0), EPERM);
    FAILS(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), EPERM);
    FAILS(prctl(PR_SET_PTRACER, getppid(), 0, 0, 0), EPERM);
    FAILS(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0), EPERM);
    FAILS(setrlimit(RLIMIT_CORE, &(struct rlimit){1, 1}), EPERM);
    WANT(signal(SIGUSR1, count_signal) != SIG_ERR);
    WANT(raise(SIGUSR1) == 0 && kill(getpid(), SIGUSR1) == 0 && came == 2);
    return 0;
}

static int no_new_code(void)
{
    const int both = PROT_READ | PROT_EXEC, flags = MAP_PRIVATE | MAP_ANONYMOUS;
    int line = closed();
    void *page;

    if (line != 0)
        return line;
    WANT(mmap(NULL, 4096, both, flags, -1, 0) == MAP_FAILED && errno == EPERM);
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
    WANT(page != MAP_FAILED);
    FAILS(mprotect(page, 4096, both), EPERM);
    WANT(mprotect(page, 4096, PROT_READ) == 0 && mprotect(page, 4096, PROT_NONE) == 0);
    WANT(mlock(page, 4096) == 0 || errno == ENOMEM || errno == EPERM);
    return 0;
}

static int refused_ones(void)
{
    static const int calls[] = {
        SYS_userfaultfd, SYS_perf_event_open, SYS_keyctl,       SYS_add_key, SYS_request_key,
        SYS_kcmp,        SYS_personality,     SYS_shmget,       SYS_mq_open, SYS_msgget,
        SYS_syslog,      SYS_clock_settime,   SYS_fanotify_init};
    static const int unknown[] = {SYS_io_uring_setup, SYS_io_uring_enter, 451, 500, 100000,
                                  0x40000000 + 39 /* x32's getpid */};
    int line = closed();

    if (line != 0)
        return line;
    for (size_t i = 0; i < LW_COUNT_OF(calls); i++)
        FAILS(syscall(calls[i], 0, 0, 0, 0, 0, 0), EPERM);
    for (size_t i = 0; i < LW_COUNT_OF(unknown); i++)
        FAILS(syscall(unknown[i], 0, 0, 0, 0, 0, 0), ENOSYS);
    return 0;
}

static void *in_thread(void *context)
{
    return context;
}

/* A library may have reasons for a thread, which dies with the process. */
static int ordinary_work(void)
{
    int line = closed(), ends[2];
    pthread_t thread;
    void *result = NULL;
    char *text;

    if (line != 0)
        return line;
    WANT(pthread_create(&thread, NULL, in_thread, &line) == 0);
    WANT(pthread_join(thread, &result) == 0 && result == &line);
    WANT(pipe2(ends, O_CLOEXEC) == 0 && write(ends[1], "x", 1) == 1);
    text = malloc((size_t)64 << 20);
    WANT(text != NULL);
    memset(text, 1, (size_t)64 << 20);
    free(text);
    return 0;
}

static int dangerous;

static int one_dangerous(void)
{
    int line = closed();

    if (line != 0)
        return line;
    (void)syscall(dangerous, 0, 0, 0, 0, 0, 0);
    return __LINE__;
}

static int one_dangerous_for_all(void)
{
    int line = closed_for_all();

    if (line != 0)
        return line;
    (void)syscall(dangerous, 0, 0, 0, 0, 0, 0);
    return __LINE__;
}

static void dangerous_ones_end_it(void **state)
{
    static const int calls[] = {SYS_execve,
                                SYS_execveat,
                                SYS_ptrace,
                                SYS_process_vm_readv,
                                SYS_process_vm_writev,
                                SYS_bpf,
                                SYS_kexec_load,
                                SYS_init_module,
                                SYS_finit_module,
                                SYS_mount,
                                SYS_umount2,
                                SYS_chroot,
                                SYS_pivot_root,
                                SYS_setns,
                                SYS_unshare,
                                SYS_open_by_handle_at,
                                SYS_pidfd_getfd,
                                SYS_swapon,
                                SYS_reboot,
                                SYS_move_mount,
                                SYS_open_tree,
                                SYS_fsopen,
                                SYS_fsconfig,
                                SYS_fsmount};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(calls); i++) {
        dangerous = calls[i];
        if (how_ended(one_dangerous) != -SIGSYS || how_ended(one_dangerous_for_all) != -SIGSYS)
            fail_msg("system call %d did not end the process", dangerous);
    }
}

#ifdef __x86_64__
/* getpid by the numbers of 32-bit programs, where 20 is something else for this filter */
static int by_the_other_door(void)
{
    int line = closed(), number = 20;

    if (line != 0)
        return line;
    __asm__ volatile("int $0x80" : "+a"(number) : : "memory", "cc", "r8", "r9", "r10", "r11");
    return __LINE__;
}

static void other_machine_ends_it(void **state)
{
    int how = how_ended(by_the_other_door);

    (void)state;
    assert_true(how == -SIGSYS || how == -SIGSEGV); /* a kernel without 32-bit programs */
}
#endif

/* The supervisor kills, starts workers and hears of devices; it reaches nobody. */
static int supervisor_can(void)
{
    int line = closed_for_all(), status, fd;
    pid_t child;

    if (line != 0)
        return line;
    child = fork();
    if (child == 0)
        _exit(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && kill(getppid(), 0) == 0 &&
                      (lw_sandbox_calls() & LW_GAP_CALLS) == 0 &&
                      socket(AF_NETLINK, SOCK_RAW, 15) == -1
                  ? 0
                  : 1);
    WANT(child > 0 && waitpid(child, &status, 0) == child);
    WANT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 15);
    WANT(fd >= 0 || errno != EPERM);
    FAILS(socket(AF_NETLINK, SOCK_RAW, 0), EPERM);
    for (int family = 0; family <= AF_MAX; family++) {
        if (family != AF_NETLINK)
            FAILS(socket(family, SOCK_STREAM, 0), EPERM);
    }
    FAILS(sendto(1, "x", 1, 0, NULL, 0), EPERM);
    FAILS(connect(1, NULL, 0), EPERM);
    FAILS(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), EPERM);
    FAILS(ioctl(0, TIOCSTI, "x"), EPERM);
    return 0;
}

/* ---- hosts that lack it ------------------------------------------------------------------- */

static int error_then;

static int without_seccomp(void)
{
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT(deny_call(SYS_prctl, PR_SET_SECCOMP, error_then) == 0);
    WANT(lw_sandbox_all() == LW_GAP_CALLS);
    WANT((lw_sandbox_calls() & LW_GAP_CALLS) != 0);
    WANT((lw_sandbox_files(NULL, 0) & LW_GAP_CALLS) == 0);
    return 0;
}

static int without_locked_memory(void)
{
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};

    WANT(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
    if (geteuid() == 0)
        WANT(setresuid(65534, 65534, 65534) == 0); /* root has no limit */
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT((lw_sandbox_calls() & LW_GAP_MEMORY) != 0);
    return 0;
}

static void lacking_hosts_are_told(void **state)
{
    static const int errors[] = {ENOSYS, EPERM, EINVAL};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(errors); i++) {
        error_then = errors[i];
        works(without_seccomp);
    }
    works(without_locked_memory);
    assert_non_null(strstr(lw_gap_say(LW_GAP_CALLS), "seccomp"));
    assert_non_null(strstr(lw_gap_say(LW_GAP_MEMORY), "memory"));
}

CASE(sockets_are_refused, no_sockets)
CASE(inherited_sockets_are_dead, no_inherited_socket)
CASE(no_process_but_itself, only_itself)
CASE(new_code_is_refused, no_new_code)
CASE(others_are_refused, refused_ones)
CASE(ordinary_work_goes_on, ordinary_work)
CASE(supervisor_keeps_what_it_needs, supervisor_can)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sockets_are_refused),
        cmocka_unit_test(inherited_sockets_are_dead),
        cmocka_unit_test(no_process_but_itself),
        cmocka_unit_test(new_code_is_refused),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(ordinary_work_goes_on),
        cmocka_unit_test(dangerous_ones_end_it),
#ifdef __x86_64__
        cmocka_unit_test(other_machine_ends_it),
#endif
        cmocka_unit_test(supervisor_keeps_what_it_needs),
        cmocka_unit_test(lacking_hosts_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
