/* Other supervisors and one-shot commands of this user, found by what /proc/PID/status says of every
 * process. (Its files belong to root where a process is not dumpable, so whose it is stands only
 * inside.) */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define WORKERS_MAX 256

struct process {
    pid_t pid;
    int pidfd; /* opened before status was read: never a later process of the same number */
    char status[4096];
};

struct search {
    char supervisor[GUARD_COMM];
    char worker[GUARD_COMM];
    char once[GUARD_COMM]; /* one-shot commands that know something: workers without a supervisor */
    struct pollfd workers[WORKERS_MAX]; /* pidfds */
    nfds_t count;
    bool self; /* seen: it is the /proc of this process */
    size_t locked; /* supervisors */
    size_t ended;  /* one-shot commands */
    bool stopped;  /* one of the supervisors */
    uint64_t mark; /* of the vault that they are to wipe */
};

/* The text after "KEY:\t" of its line, or NULL. */
static const char *status_value(const struct process *process, const char *key)
{
    size_t len = strlen(key);
    const char *line = process->status;

    while (line) {
        if (strncmp(line, key, len) == 0 && line[len] == ':' && line[len + 1] == '\t')
            return line + len + 2;
        line = strchr(line, '\n');
        if (line)
            line++;
    }
    return NULL;
}

static bool is_named(const struct process *process, const char *comm)
{
    const char *name = status_value(process, "Name");
    size_t len = strlen(comm);

    return name && strncmp(name, comm, len) == 0 && name[len] == '\n';
}

static bool is_own_user(const struct process *process)
{
    const char *uid = status_value(process, "Uid");

    return uid && strtoull(uid, NULL, 10) == getuid();
}

/* A supervisor blocks the signal that locks; a stranger of this name would die of it. */
static bool expects_signal(const struct process *process)
{
    const char *blocked = status_value(process, "SigBlk");

    return blocked && (strtoull(blocked, NULL, 16) >> (SIGUSR1 - 1) & 1) != 0;
}

static bool is_stopped(const struct process *process)
{
    const char *state = status_value(process, "State");

    return state && (*state == 'T' || *state == 't');
}

static bool read_status(struct process *process)
{
    char path[64];
    ssize_t len;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)process->pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    len = read(fd, process->status, sizeof(process->status) - 1);
    close(fd);
    process->status[len > 0 ? len : 0] = '\0';
    return len > 0;
}

static void send_signal(int pidfd, int number)
{
    (void)pidfd_send_signal(pidfd, number, NULL, 0);
}

static void search_for(struct search *search, const char *name)
{
    guard_name(name, GUARD_ROLE_SUPERVISOR, search->supervisor);
    guard_name(name, GUARD_ROLE_WORKER, search->worker);
    guard_name(name, GUARD_ROLE_ONCE, search->once);
}

/* Keeps the descriptor in the list. More workers than fit are not waited for. */
static void collect_worker(struct search *search, struct process *process)
{
    bool once = is_named(process, search->once);

    if (!once && !is_named(process, search->worker))
        return;
    /* not SIGKILL at once: one that asks puts the terminal right */
    if (once && pidfd_send_signal(process->pidfd, SIGTERM, NULL, 0) == 0)
        search->ended++;
    if (search->count == WORKERS_MAX) {
        send_signal(process->pidfd, SIGKILL);
        return;
    }
    search->workers[search->count++] = (struct pollfd){.fd = process->pidfd, .events = POLLIN};
    process->pidfd = -1;
}

static void lock_supervisor(struct search *search, struct process *process)
{
    if (!is_named(process, search->supervisor) || !expects_signal(process))
        return;
    if (pidfd_send_signal(process->pidfd, SIGUSR1, NULL, 0) != 0)
        return;
    search->locked++;
    if (!is_stopped(process))
        return;
    search->stopped = true;
    send_signal(process->pidfd, SIGCONT); /* so that it clears the screen */
}

typedef void visitor(struct search *search, struct process *process);

/* Where it is the number of another process of this user. */
static void visit_process(struct search *search, visitor *visit, const char *name)
{
    struct process process;
    uint64_t pid;

    if (!lw_parse_u64(name, strlen(name), INT32_MAX, &pid) || pid == 0)
        return;
    if ((pid_t)pid == getpid()) {
        search->self = true;
        return;
    }
    process.pid = (pid_t)pid;
    process.pidfd = pidfd_open(process.pid, 0);
    if (process.pidfd < 0)
        return;
    if (read_status(&process) && is_own_user(&process))
        visit(search, &process);
    if (process.pidfd >= 0)
        close(process.pidfd);
}

/* Calls visit for every other process of this user. Not by opendir, which needs memory. False:
 * nothing can be known of them. */
static bool each_process(struct search *search, visitor *visit)
{
    _Alignas(struct dirent64) char entries[4096];
    int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ssize_t len;

    if (folder < 0)
        return false;
    search->self = false;
    while ((len = getdents64(folder, entries, sizeof entries)) > 0) {
        for (ssize_t at = 0; at < len;) {
            const struct dirent64 *entry = (const void *)(entries + at);

            visit_process(search, visit, entry->d_name);
            at += entry->d_reclen;
        }
    }
    close(folder);
    return len == 0 && search->self;
}

/* Waits until every worker is gone; returns how many are not. */
static nfds_t wait_for_workers(struct search *search, int64_t patience_ms)
{
    int64_t end = lw_ticks_ms(CLOCK_MONOTONIC) + patience_ms;

    for (;;) {
        int64_t left = end - lw_ticks_ms(CLOCK_MONOTONIC);
        nfds_t alive = 0;

        (void)poll(search->workers, search->count, 0);
        for (nfds_t i = 0; i < search->count; i++) {
            if (search->workers[i].revents == 0)
                search->workers[alive++] = search->workers[i];
            else
                close(search->workers[i].fd);
        }
        search->count = alive;
        if (alive == 0 || left <= 0)
            return alive;
        (void)poll(search->workers, alive, (int)left);
    }
}

static enum lw_status end_workers(struct search *search, struct lw_error *err)
{
    if (search->stopped || wait_for_workers(search, GUARD_PATIENCE_MS) > 0) {
        for (nfds_t i = 0; i < search->count; i++)
            send_signal(search->workers[i].fd, SIGKILL);
    }
    if (wait_for_workers(search, 2 * GUARD_PATIENCE_MS) == 0)
        return LW_OK;
    for (nfds_t i = 0; i < search->count; i++)
        close(search->workers[i].fd);
    return lw_fail(err, LW_BUSY,
                   "%lu of the programs cannot be ended: its device does not answer; power off",
                   (unsigned long)search->count);
}

enum lw_status lw_lock_others(const char *name, size_t *locked, size_t *ended,
                              struct lw_error *err)
{
    struct search search = {.count = 0};
    enum lw_status status;

    search_for(&search, name);
    /* workers first: those started after the signal are not those that know */
    if (!each_process(&search, collect_worker) || !each_process(&search, lock_supervisor))
        return lw_fail(err, LW_NO_INPUT, "the list of processes (/proc) cannot be read");
    status = end_workers(&search, err);
    *locked = search.locked;
    *ended = search.ended;
    return status;
}

/* ---- the wipe ------------------------------------------------------------------------------- */

static void leave_alone(struct search *search, struct process *process)
{
    (void)search;
    (void)process;
}

static void end_worker(struct search *search, struct process *process)
{
    if (is_named(process, search->worker) || is_named(process, search->once))
        send_signal(process->pidfd, SIGKILL);
}

/* A stopped one goes on: it wipes too, and clears its screen. */
static void reach_supervisor(struct search *search, struct process *process)
{
    siginfo_t info;

    if (!is_named(process, search->supervisor) || !expects_signal(process))
        return;
    memset(&info, 0, sizeof(info));
    info.si_signo = SIGUSR2;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    memcpy(&info.si_value, &search->mark, sizeof(search->mark));
    if (pidfd_send_signal(process->pidfd, SIGUSR2, &info, 0) == 0 && is_stopped(process))
        send_signal(process->pidfd, SIGCONT);
}

bool guard_others_end(const char *name, bool simulate, uint64_t mark)
{
    struct search search = {.count = 0, .mark = mark};
    bool seen;

    search_for(&search, name);
    seen = each_process(&search, simulate ? leave_alone : end_worker);
    if (mark != 0 && !simulate)
        seen = each_process(&search, reach_supervisor) && seen;
    return seen;
}
