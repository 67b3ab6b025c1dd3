/* What the program needs of the kernel, the file system and the clock. */
#include "host_internal.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EARLIEST INT64_C(1767225600) /* 2026-01-01: this program is younger */
#define LATEST   INT64_C(4102444800) /* 2100-01-01 */
#define DAY      INT64_C(86400)

/* ---- asking ------------------------------------------------------------------------------------
 */

static int ask_landlock(void)
{
#ifdef SYS_landlock_create_ruleset
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1U /* the version, no ruleset */);

    return version > 0 ? (int)version : 0;
#else
    return 0;
#endif
}

static bool ask_seccomp(void)
{
    uint32_t action = SECCOMP_RET_KILL_PROCESS;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) == 0;
}

static void ask_vault(const char *vault, struct lw_host_answers *out)
{
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    struct stat info;
    int flags = 0;
    int fd = vault == NULL ? -1 : open(vault, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        out->file_locks_known = true;
        out->file_locks = fcntl(fd, F_OFD_GETLK, &lock) == 0;
        if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0)
            out->file_flags = (unsigned)flags;
    }
    close(fd);
}

void lw_host_ask(const char *vault, struct lw_host_answers *out)
{
    struct rlimit lock = {.rlim_cur = 0};

    *out = (struct lw_host_answers){
        .landlock = ask_landlock(),
        .seccomp = ask_seccomp(),
        .synced_writes = guard_syncs_writes(),
        .ignores_lock_limit = geteuid() == 0,
        .user = geteuid(),
        .group = getegid(),
    };
    if (getrlimit(RLIMIT_MEMLOCK, &lock) == 0)
        out->lock_limit = lock.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)lock.rlim_cur;
    ask_vault(vault, out);
}

/* ---- the kernel --------------------------------------------------------------------------------
 */

static void examine_kernel(struct host_run *run)
{
    static const char *const newer = N_("Use a newer kernel");
    const struct lw_host_answers *answers = &run->host->answers;

    if (answers->synced_writes)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, "synced writes", "", "are there");
    else
        host_say(run, LW_HOST_PROGRAM, LW_HOST_NOTE, "synced writes", newer,
                 "are not there; a wipe may wait for other programs' data");
    if (answers->file_locks_known && !answers->file_locks)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_WEAK, "locks", "Keep the vault on ext4 or xfs",
                 "this file system has none; two programs can spoil the vault");
    else if (answers->file_locks_known)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, "locks", "", "are there");
    if (answers->landlock > 0 && answers->seccomp)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, "fences", "", "Landlock %d and seccomp",
                 answers->landlock);
    else
        host_say(run, LW_HOST_PROGRAM, LW_HOST_NOTE, "fences", newer,
                 "%s not there to fence a program in",
                 answers->seccomp    ? "Landlock is"
                 : answers->landlock ? "seccomp is"
                                     : "Landlock and seccomp are");
}

/* Known by name, so that nothing has to be written to find out. */
static void examine_exchange(struct host_run *run)
{
    static const char *const with[] = {"ext2", "ext3",  "ext4", "xfs",    "btrfs",
                                       "f2fs", "tmpfs", "zfs",  "nilfs2", "bcachefs"};
    static const char *const topic = N_("rewriting");
    const char *type = run->mount.type;

    if (!run->mount.found)
        return;
    for (size_t i = 0; i < LW_COUNT_OF(with); i++) {
        if (strcmp(type, with[i]) == 0) {
            host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, topic, "", "%s exchanges files at once",
                     type);
            return;
        }
    }
    host_say(run, LW_HOST_PROGRAM, LW_HOST_NOTE, topic,
             "For resize, duress, passphrase remove: do it on ext4, copy it back",
             "%s may not exchange two files at once", type);
}

/* ---- time ---------------------------------------------------------------------------------------
 */

static void examine_clock(struct host_run *run)
{
    static const char *const todo = N_("Set the clock: entries are dated by it");
    int64_t now = lw_clock_now(run->host->clock) / 1000;
    bool ahead = run->there && run->info.st_mtime > now + DAY;

    if (now < EARLIEST || now > LATEST)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_WEAK, "clock", todo, "is wrong by years");
    else if (ahead)
        host_say(run, LW_HOST_PROGRAM, LW_HOST_WEAK, "clock", todo,
                 "is behind the date of the vault by a day or more");
    else
        host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, "clock", "", "is plausible");
}

/* A name that is not known counts as UTC without a word. */
static bool is_known_zone(const struct host_run *run, const char *zone)
{
    if (*zone == ':')
        zone++;
    if (*zone == '/')
        return host_has(run, "%s", zone);
    if (strcmp(zone, "UTC") == 0 || zone[strcspn(zone, "0123456789<")] != '\0')
        return true; /* a rule, such as CET-1CEST */
    return host_has(run, "/usr/share/zoneinfo/%s", zone);
}

static void examine_zone(struct host_run *run)
{
    static const char *const topic = N_("time zone");
    static const char *const todo = N_("Set it, or write offsets: 21:20 +03:00");
    const char *zone = run->host->environment("TZ");
    int64_t now = lw_clock_now(run->host->clock) / 1000;
    int offset = lw_clock_offset(run->host->clock, now);
    int size = offset < 0 ? -offset : offset;

    if (zone != NULL && *zone != '\0' && !is_known_zone(run, zone))
        host_say(run, LW_HOST_PROGRAM, LW_HOST_WEAK, topic, todo,
                 "TZ is not known here and counts as UTC");
    else if (zone == NULL && !host_has(run, "/etc/localtime"))
        host_say(run, LW_HOST_PROGRAM, LW_HOST_NOTE, topic, todo, "none is set; it is UTC");
    else
        host_say(run, LW_HOST_PROGRAM, LW_HOST_FINE, topic, "", "UTC%c%02d:%02d now",
                 offset < 0 ? '-' : '+', size / 60, size % 60);
}

void host_examine_program(struct host_run *run)
{
    examine_kernel(run);
    examine_exchange(run);
    examine_clock(run);
    examine_zone(run);
}
