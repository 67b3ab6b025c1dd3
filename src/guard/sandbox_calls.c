/*
 * System calls: a seccomp filter, written here by hand.
 *
 * It names what is refused, not what is allowed: which calls a library makes differs between
 * machines and versions, and a call that is refused by mistake may lose what was typed and not
 * saved. What came after the calls of 2022 is answered as by a kernel of that time, which every
 * library knows how to live with; so what a newer kernel adds is closed too. Only what nothing here
 * can ever have a reason for ends the process.
 */
#include "sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#define NEWEST     450 /* set_mempolicy_home_node, Linux 5.17; the same number on every machine */
#define CODE_MAX   640
#define REFUSED    (SECCOMP_RET_ERRNO | EPERM)
#define UNKNOWN    (SECCOMP_RET_ERRNO | ENOSYS)
#define FATAL      SECCOMP_RET_KILL_PROCESS
#define OF(member) ((uint32_t)offsetof(struct seccomp_data, member))

/* When a rule holds; the argument's lower half is looked at, as all that the kernel takes. */
enum test {
    ALWAYS,
    EQUAL,   /* the argument is value */
    OTHER,   /* it is anything else */
    WITH,    /* it has the bit */
    WITHOUT, /* it has not */
    STRANGER /* it is not this process */
};

struct rule {
    int call;
    uint32_t answer;
    enum test test;
    unsigned argument;
    uint32_t value;
};

/* For every process of this program. */
static const struct rule for_all[] = {
    {.call = SYS_execve, .answer = FATAL},
    {.call = SYS_execveat, .answer = FATAL},
    {.call = SYS_ptrace, .answer = FATAL},
    {.call = SYS_process_vm_readv, .answer = FATAL},
    {.call = SYS_process_vm_writev, .answer = FATAL},
    {.call = SYS_pidfd_getfd, .answer = FATAL},
    {.call = SYS_bpf, .answer = FATAL},
    {.call = SYS_kexec_load, .answer = FATAL},
#ifdef SYS_kexec_file_load
    {.call = SYS_kexec_file_load, .answer = FATAL},
#endif
    {.call = SYS_init_module, .answer = FATAL},
    {.call = SYS_finit_module, .answer = FATAL},
    {.call = SYS_delete_module, .answer = FATAL},
    {.call = SYS_mount, .answer = FATAL},
    {.call = SYS_umount2, .answer = FATAL},
    {.call = SYS_move_mount, .answer = FATAL},
    {.call = SYS_open_tree, .answer = FATAL},
    {.call = SYS_fsopen, .answer = FATAL},
    {.call = SYS_fsconfig, .answer = FATAL},
    {.call = SYS_fsmount, .answer = FATAL},
    {.call = SYS_fspick, .answer = FATAL},
    {.call = SYS_mount_setattr, .answer = FATAL},
    {.call = SYS_pivot_root, .answer = FATAL},
    {.call = SYS_chroot, .answer = FATAL},
    {.call = SYS_setns, .answer = FATAL},
    {.call = SYS_unshare, .answer = FATAL},
    {.call = SYS_open_by_handle_at, .answer = FATAL},
    {.call = SYS_swapon, .answer = FATAL},
    {.call = SYS_swapoff, .answer = FATAL},
    {.call = SYS_reboot, .answer = FATAL},
#ifdef SYS_iopl
    {.call = SYS_iopl, .answer = FATAL},
    {.call = SYS_ioperm, .answer = FATAL},
    {.call = SYS_modify_ldt, .answer = REFUSED},
    {.call = SYS_uselib, .answer = REFUSED},
#endif
    {.call = SYS_perf_event_open, .answer = REFUSED},
    {.call = SYS_userfaultfd, .answer = REFUSED},
    {.call = SYS_kcmp, .answer = REFUSED},
    {.call = SYS_fanotify_init, .answer = REFUSED},
    {.call = SYS_keyctl, .answer = REFUSED},
    {.call = SYS_add_key, .answer = REFUSED},
    {.call = SYS_request_key, .answer = REFUSED},
    {.call = SYS_personality, .answer = REFUSED},
    {.call = SYS_acct, .answer = REFUSED},
    {.call = SYS_quotactl, .answer = REFUSED},
    {.call = SYS_quotactl_fd, .answer = REFUSED},
    {.call = SYS_syslog, .answer = REFUSED},
    {.call = SYS_sethostname, .answer = REFUSED},
    {.call = SYS_setdomainname, .answer = REFUSED},
    {.call = SYS_settimeofday, .answer = REFUSED},
    {.call = SYS_clock_settime, .answer = REFUSED},
    {.call = SYS_clock_adjtime, .answer = REFUSED},
    {.call = SYS_adjtimex, .answer = REFUSED},
    {.call = SYS_vhangup, .answer = REFUSED},
    {.call = SYS_process_madvise, .answer = REFUSED},
    {.call = SYS_io_uring_setup, .answer = UNKNOWN},
    {.call = SYS_io_uring_enter, .answer = UNKNOWN},
    {.call = SYS_io_uring_register, .answer = UNKNOWN},
    /* the kernel's own news, such as a device that is pulled out, and nobody else's */
    {SYS_socket, REFUSED, OTHER, 0, AF_NETLINK},
    {SYS_socket, REFUSED, OTHER, 2, NETLINK_KOBJECT_UEVENT},
    {.call = SYS_connect, .answer = REFUSED},
    {.call = SYS_listen, .answer = REFUSED},
    {.call = SYS_accept, .answer = REFUSED},
    {.call = SYS_accept4, .answer = REFUSED},
    {.call = SYS_sendto, .answer = REFUSED},
    {.call = SYS_sendmsg, .answer = REFUSED},
    {.call = SYS_sendmmsg, .answer = REFUSED},
    /* to type into the terminal for whoever reads it next */
    {SYS_ioctl, REFUSED, EQUAL, 1, TIOCSTI},
    {SYS_ioctl, REFUSED, EQUAL, 1, TIOCLINUX},
    {SYS_prctl, REFUSED, EQUAL, 0, PR_SET_DUMPABLE},
    {SYS_prctl, REFUSED, EQUAL, 0, PR_SET_PTRACER},
    {SYS_prlimit64, REFUSED, EQUAL, 1, RLIMIT_CORE},
#ifdef SYS_setrlimit
    {SYS_setrlimit, REFUSED, EQUAL, 0, RLIMIT_CORE},
#endif
};

/* For those that hold keys and text: no way out, no process that would outlive the lock. */
static const struct rule for_those_that_know[] = {
    {.call = SYS_socket, .answer = REFUSED},
    {.call = SYS_socketpair, .answer = REFUSED},
    {.call = SYS_bind, .answer = REFUSED},
    {.call = SYS_recvfrom, .answer = REFUSED},
    {.call = SYS_recvmsg, .answer = REFUSED},
    {.call = SYS_recvmmsg, .answer = REFUSED},
    {.call = SYS_shmget, .answer = REFUSED},
    {.call = SYS_shmat, .answer = REFUSED},
    {.call = SYS_msgget, .answer = REFUSED},
    {.call = SYS_msgsnd, .answer = REFUSED},
    {.call = SYS_semget, .answer = REFUSED},
    {.call = SYS_mq_open, .answer = REFUSED},
#ifdef SYS_fork
    {.call = SYS_fork, .answer = REFUSED},
    {.call = SYS_vfork, .answer = REFUSED},
#endif
    {SYS_clone, REFUSED, WITHOUT, 0, CLONE_THREAD},
    {.call = SYS_clone3, .answer = UNKNOWN}, /* its flags cannot be seen; clone follows it */
    {SYS_prctl, REFUSED, EQUAL, 0, PR_SET_PDEATHSIG},
    {SYS_mmap, REFUSED, WITH, 2, PROT_EXEC},
    {SYS_mprotect, REFUSED, WITH, 2, PROT_EXEC},
    {SYS_pkey_mprotect, REFUSED, WITH, 2, PROT_EXEC},
    {SYS_kill, REFUSED, STRANGER, 0, 0},
    {SYS_tgkill, REFUSED, STRANGER, 0, 0},
    {.call = SYS_tkill, .answer = REFUSED},
    {.call = SYS_rt_sigqueueinfo, .answer = REFUSED},
    {.call = SYS_rt_tgsigqueueinfo, .answer = REFUSED},
    {.call = SYS_pidfd_send_signal, .answer = REFUSED},
};

#ifdef MACHINE

struct code {
    struct sock_filter step[CODE_MAX];
    unsigned short len;
    uint32_t self;
};

static void put(struct code *code, unsigned operation, uint32_t value, unsigned yes, unsigned no)
{
    if (code->len < CODE_MAX)
        code->step[code->len++] = (struct sock_filter){
            .code = (uint16_t)operation, .jt = (uint8_t)yes, .jf = (uint8_t)no, .k = value};
}

static void put_load(struct code *code, uint32_t offset)
{
    put(code, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void put_answer(struct code *code, uint32_t answer)
{
    put(code, BPF_RET | BPF_K, answer, 0, 0);
}

/* The step after the jump is the answer, the one after that loads the number again. */
static void put_test(struct code *code, const struct rule *rule)
{
    const unsigned equal = BPF_JMP | BPF_JEQ | BPF_K, bits = BPF_JMP | BPF_JSET | BPF_K;
    bool negated = rule->test == OTHER || rule->test == WITHOUT || rule->test == STRANGER;
    bool set = rule->test == WITH || rule->test == WITHOUT;
    uint32_t value = rule->test == STRANGER ? code->self : rule->value;

    put(code, set ? bits : equal, value, negated ? 1 : 0, negated ? 0 : 1);
}

static void put_rule(struct code *code, const struct rule *rule)
{
    put(code, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)rule->call, 0, rule->test == ALWAYS ? 1 : 4);
    if (rule->test != ALWAYS) {
        put_load(code, OF(args) + (uint32_t)sizeof(uint64_t) * rule->argument);
        put_test(code, rule);
    }
    put_answer(code, rule->answer);
    if (rule->test != ALWAYS)
        put_load(code, OF(nr));
}

static void put_rules(struct code *code, const struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_rule(code, &rules[i]);
}

static void write_code(struct code *code, bool knows)
{
    code->self = (uint32_t)getpid();
    put_load(code, OF(arch));
    put(code, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    put_answer(code, FATAL); /* a call in another machine's manner, with other numbers */
    put_load(code, OF(nr));
    put(code, BPF_JMP | BPF_JGT | BPF_K, NEWEST, 0, 1);
    put_answer(code, UNKNOWN); /* x32 too, whose numbers lie higher */
    if (knows)
        put_rules(code, for_those_that_know, LW_COUNT_OF(for_those_that_know));
    put_rules(code, for_all, LW_COUNT_OF(for_all));
    put_answer(code, SECCOMP_RET_ALLOW);
}

bool sandbox_calls(bool knows)
{
    struct code code = {.len = 0};
    struct sock_fprog program = {.filter = code.step};

    write_code(&code, knows);
    program.len = code.len;
    return code.len < CODE_MAX && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

#else

bool sandbox_calls(bool knows)
{
    (void)knows;
    return false;
}

#endif
