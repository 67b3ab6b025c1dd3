/* Files that a closed sandbox refuses, and those that stay within reach. */
#include "sandbox_stage.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static char inside[64], outside[64];

static int make_file(const char *folder, const char *name, int more)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | more, 0600);
}

static int set_up(void **state)
{
    static char top[] = "/tmp/lw-sandbox-XXXXXX";
    char link[128], target[128];

    (void)state;
    if (mkdtemp(top) == NULL)
        return -1;
    (void)snprintf(inside, sizeof(inside), "%s/inside", top);
    (void)snprintf(outside, sizeof(outside), "%s/outside", top);
    (void)snprintf(link, sizeof(link), "%s/link.vault", outside);
    (void)snprintf(target, sizeof(target), "%s/a.vault", inside);
    return mkdir(inside, 0700) != 0 || mkdir(outside, 0700) != 0 || symlink(target, link) != 0 ||
           close(make_file(inside, "a.vault", 0)) != 0 || close(make_file(outside, "b", 0)) != 0;
}

static int clean_up(void **state)
{
    char command[128];

    (void)state;
    (void)snprintf(command, sizeof(command), "rm -rf \"$(dirname %s)\"", inside);
    return system(command);
}

static int close_to(const char *path)
{
    const char *const files[] = {path, NULL};

    WANT(lw_guard_process(NULL) == LW_OK);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
        return NO_LANDLOCK;
    WANT(lw_sandbox_files(files, 2) == 0);
    return 0;
}

static int closed_to_inside(void)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/a.vault", inside);
    return close_to(path);
}

static int nothing_outside(void)
{
    int line = closed_to_inside();

    if (line != 0)
        return line;
    FAILS(make_file(outside, "b", 0), EACCES);
    FAILS(make_file(outside, "new", O_EXCL), EACCES);
    FAILS(open("/etc/passwd", O_RDONLY), EACCES);
    FAILS(open("/proc/self/status", O_RDONLY), EACCES);
    FAILS(open("/", O_RDONLY | O_DIRECTORY), EACCES);
    FAILS(open("/dev/null", O_RDWR), EACCES);
    return 0;
}

static int rename_in(int flags, const char *from, const char *to)
{
    char one[128], two[128];

    (void)snprintf(one, sizeof(one), "%s/%s", inside, from);
    (void)snprintf(two, sizeof(two), "%s/%s", inside, to);
    return renameat2(AT_FDCWD, one, AT_FDCWD, two, (unsigned)flags);
}

/* As a rewrite does it. */
static int all_inside(void)
{
    int line = closed_to_inside();
    int fd, folder;
    char path[128];

    if (line != 0)
        return line;
    WANT((fd = make_file(inside, "a.vault.new", O_EXCL)) >= 0);
    WANT(write(fd, "text", 4) == 4 && pwrite(fd, "x", 1, 9) == 1 && fsync(fd) == 0);
    WANT(rename_in(RENAME_EXCHANGE, "a.vault.new", "a.vault") == 0);
    WANT(ftruncate(fd, 0) == 0);
    WANT((fd = make_file(inside, "a.vault", 0)) >= 0);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    WANT(open(path, O_RDWR | O_CLOEXEC) >= 0);
    WANT(rename_in(RENAME_NOREPLACE, "a.vault.new", "a.vault.wiped") == 0);
    (void)snprintf(path, sizeof(path), "%s/a.vault.wiped", inside);
    WANT(truncate(path, 0) == 0 && unlink(path) == 0);
    WANT((folder = open(inside, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0 && fsync(folder) == 0);
    (void)snprintf(path, sizeof(path), "%s/folder", inside);
    FAILS(mkdir(path, 0700), EACCES);
    FAILS(symlink("x", path), EACCES);
    FAILS(mkfifo(path, 0600), EACCES);
    return 0;
}

static int folder_behind_a_link(void)
{
    char path[128];
    int line;

    (void)snprintf(path, sizeof(path), "%s/link.vault", outside);
    line = close_to(path);
    if (line != 0)
        return line;
    WANT(make_file(inside, "a.vault", 0) >= 0);
    WANT(make_file(outside, "link.vault", 0) >= 0);
    FAILS(make_file(outside, "b", 0), EACCES);
    return 0;
}

/* A path in a folder that is not there is answered as before, and the rest is closed. */
static int folder_that_is_not_there(void)
{
    int line = close_to("/nowhere/at/all.vault");

    if (line != 0)
        return line;
    FAILS(open("/nowhere/at/all.vault", O_RDWR | O_CREAT, 0600), ENOENT);
    FAILS(make_file(inside, "a.vault", 0), EACCES);
    return 0;
}

static int only_less_the_second_time(void)
{
    char one[128], two[128];
    const char *const both[] = {one, two};

    (void)snprintf(one, sizeof(one), "%s/a.vault", inside);
    (void)snprintf(two, sizeof(two), "%s/not-there-yet", outside);
    WANT(lw_guard_process(NULL) == LW_OK);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
        return NO_LANDLOCK;
    WANT(lw_sandbox_files(both, 2) == 0);
    WANT(make_file(inside, "a.vault", 0) >= 0 && make_file(outside, "not-there-yet", 0) >= 0);
    WANT(lw_sandbox_files(both, 1) == 0);
    WANT(make_file(inside, "a.vault", 0) >= 0);
    FAILS(make_file(outside, "b", 0), EACCES);
    WANT(lw_sandbox_files(both, 2) == 0);
    FAILS(make_file(outside, "b", 0), EACCES);
    return 0;
}

static int open_ones_stay(void)
{
    int fd = make_file(outside, "b", 0);
    int line = closed_to_inside();
    char byte = 0;

    if (line != 0)
        return line;
    WANT(pwrite(fd, "z", 1, 0) == 1 && pread(fd, &byte, 1, 0) == 1 && byte == 'z');
    WANT(fsync(fd) == 0);
    return 0;
}

/* In a session of its own, since the controlling terminal is what is asked for. */
static int on_a_terminal(void)
{
    int master, slave, fd, line, status;
    struct winsize size;
    pid_t child;

    WANT(openpty(&master, &slave, NULL, NULL, NULL) == 0);
    child = fork();
    if (child == 0) {
        if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
            _exit(1);
        line = closed_to_inside();
        if (line != 0 || closed() != 0)
            _exit(line == NO_LANDLOCK ? 3 : 2);
        fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) != 0 || write(fd, "seen", 4) != 4)
            _exit(4);
        _exit(ioctl(fd, TIOCSTI, "x") == -1 && errno == EPERM ? 0 : 5);
    }
    WANT(waitpid(child, &status, 0) == child && WIFEXITED(status));
    if (WEXITSTATUS(status) == 3)
        return NO_LANDLOCK;
    WANT(WEXITSTATUS(status) == 0);
    return 0;
}

/* ---- hosts that lack it ------------------------------------------------------------------- */

static int denied, error_then;
static const char *any = "/tmp/any.vault";

static int without_landlock(void)
{
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT(deny_call(SYS_landlock_create_ruleset, -1, error_then) == 0);
    WANT(lw_sandbox_files(&any, 1) == LW_GAP_FILES);
    WANT(make_file(outside, "b", 0) >= 0);
    WANT((lw_sandbox_calls() & ~(unsigned)LW_GAP_MEMORY) == 0);
    FAILS(socket(AF_INET, SOCK_STREAM, 0), EPERM);
    return 0;
}

/* Half a kernel: rules cannot be added, or the end is refused. */
static int with_half_of_it(void)
{
    WANT(lw_guard_process(NULL) == LW_OK);
    WANT(deny_call(denied, -1, EPERM) == 0);
    WANT(lw_sandbox_files(&any, 1) == LW_GAP_FILES);
    WANT(make_file(outside, "b", 0) >= 0);
    return 0;
}

static void lacking_hosts_are_told(void **state)
{
    static const int errors[] = {ENOSYS, EPERM, EOPNOTSUPP};
    static const int halves[] = {SYS_landlock_add_rule, SYS_landlock_restrict_self};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(errors); i++) {
        error_then = errors[i];
        works(without_landlock);
    }
    for (size_t i = 0; i < LW_COUNT_OF(halves); i++) {
        denied = halves[i];
        works(with_half_of_it);
    }
    assert_non_null(strstr(lw_gap_say(LW_GAP_FILES), "Landlock"));
}

CASE(outside_is_closed, nothing_outside)
CASE(vault_can_be_rewritten, all_inside)
CASE(link_is_followed, folder_behind_a_link)
CASE(missing_folder_is_told, folder_that_is_not_there)
CASE(second_call_takes_away, only_less_the_second_time)
CASE(open_files_stay, open_ones_stay)
CASE(terminal_stays, on_a_terminal)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_is_closed),      cmocka_unit_test(vault_can_be_rewritten),
        cmocka_unit_test(link_is_followed),       cmocka_unit_test(missing_folder_is_told),
        cmocka_unit_test(second_call_takes_away), cmocka_unit_test(open_files_stay),
        cmocka_unit_test(terminal_stays),         cmocka_unit_test(lacking_hosts_are_told),
    };

    return cmocka_run_group_tests(tests, set_up, clean_up);
}
