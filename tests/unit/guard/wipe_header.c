/* A detached header is wiped by a process of its own, whichever of the two runs first. */
#include "emergency.h"
#include "vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VAULT_BYTES (16 * LW_PAGE)

static enum { NOBODY, CHILD, PARENT } waits;

/* In place of the library's. */
pid_t fork(void)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (waits != NOBODY && (pid == 0) == (waits == CHILD))
        nanosleep(&moment, NULL);
    return pid;
}

static void make_file(const char *path, size_t bytes)
{
    uint8_t page[LW_PAGE];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t at = 0; at < bytes; at += LW_PAGE) {
        lw_random(page, sizeof page);
        assert_int_equal(write(fd, page, sizeof page), sizeof page);
    }
    close(fd);
}

struct told {
    unsigned synced, kept, header;
};

static void count(void *context, const struct lw_wipe_news *news)
{
    struct told *told = context;

    told->synced += news->stage == LW_WIPE_SYNCED;
    told->kept += news->stage == LW_WIPE_KEPT;
    told->header += news->stage == LW_WIPE_HEADER;
}

static void each_runs_first(void **state)
{
    char folder[] = "/tmp/lapwing-unit-XXXXXX";
    char vault[64], header[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(vault, sizeof vault, "%s/v", folder);
    (void)snprintf(header, sizeof header, "%s/h", folder);
    for (waits = NOBODY; waits <= PARENT; waits++) {
        struct told told = {.synced = 0};
        struct lw_error err = {.status = LW_OK};
        struct lw_wipe_report report;
        const struct lw_wipe_orders orders = {
            .path = vault, .header = header, .held = -1, .tell = count, .context = &told};

        make_file(vault, VAULT_BYTES);
        make_file(header, LW_HEADER_BYTES);
        assert_int_equal(lw_wipe_all(&orders, &report, &err), LW_OK);
        assert_true(report.keys_gone && report.rest_gone && !report.header_left);
        assert_true(told.synced == 1 && told.kept == 1 && told.header == 0);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* it was waited for */
        assert_int_equal(errno, ECHILD);
        assert_int_equal(rmdir(folder), 0); /* both are gone */
        assert_int_equal(mkdir(folder, 0700), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_runs_first)};

    return lw_crypto_start() == LW_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
