/* Whole reads and writes, with pipes that fill up and signals that interrupt. */
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PIPE_BYTES ((size_t)1 << 20)

static int memory_file(const char *text)
{
    int fd = memfd_create("lw-test", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(lw_file_write_at(fd, text, strlen(text), 0), LW_OK);
    return fd;
}

static void read_and_write_at(void **state)
{
    int fd = memory_file("0123456789");
    char got[5] = "";

    (void)state;
    assert_int_equal(lw_file_write_at(fd, "XY", 2, 3), LW_OK);
    assert_int_equal(lw_file_read_at(fd, got, 4, 2), LW_OK);
    assert_string_equal(got, "2XY5");
    assert_int_equal(lw_file_read_at(fd, got, 0, 99), LW_OK);
    assert_int_equal(lw_file_read_at(fd, got, 4, 8), LW_DAMAGED);
    assert_int_equal(lw_file_read_at(fd, got, 1, 10), LW_DAMAGED);
    close(fd);
}

static void bad_descriptors(void **state)
{
    struct lw_buf out = LW_BUF_INIT;
    char byte = 'x';

    (void)state;
    assert_int_equal(lw_file_read_at(-1, &byte, 1, 0), LW_IO);
    assert_int_equal(errno, EBADF);
    assert_int_equal(lw_file_write_at(-1, &byte, 1, 0), LW_IO);
    assert_int_equal(lw_fd_write(-1, &byte, 1), LW_IO);
    assert_int_equal(errno, EBADF);
    assert_int_equal(lw_fd_write(-1, &byte, 0), LW_OK);
    assert_int_equal(lw_fd_read_all(-1, 10, &out), LW_IO);
    assert_int_equal(out.len, 0);
    lw_buf_free(&out);
}

static void a_full_device_is_full(void **state)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (fd < 0)
        skip();
    assert_int_equal(lw_fd_write(fd, "x", 1), LW_FULL);
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

static void a_folder_is_no_input(void **state)
{
    struct lw_buf out = LW_BUF_INIT;
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(lw_fd_read_all(fd, 100, &out), LW_NO_INPUT);
    close(fd);
    lw_buf_free(&out);
}

static void read_all_with_limits(void **state)
{
    struct lw_buf out = LW_BUF_INIT;
    int fd = memory_file("0123456789");

    (void)state;
    assert_int_equal(lw_buf_adds(&out, "<"), LW_OK);
    assert_int_equal(lw_fd_read_all(fd, 9, &out), LW_TOO_LONG);
    assert_string_equal(lw_buf_text(&out), "<");
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(lw_fd_read_all(fd, 0, &out), LW_TOO_LONG);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(lw_fd_read_all(fd, 10, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), "<0123456789");
    assert_int_equal(lw_fd_read_all(fd, 0, &out), LW_OK); /* at the end already */
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(lw_fd_read_all(fd, SIZE_MAX, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), "<01234567890123456789");
    close(fd);
    lw_buf_free(&out);
}

/* ---- pipes -------------------------------------------------------------------------------- */

static char pattern(size_t at)
{
    return (char)(at * 7 + at / 251);
}

static void fill(char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        data[i] = pattern(i);
}

/* A child that reads slowly; its exit code is 0 where all bytes came in order. */
static pid_t slow_reader(int in, int close_too)
{
    pid_t child = fork();

    if (child == 0) {
        static char bytes[30011];
        struct timespec pause = {0, 2000000};
        size_t total = 0;
        ssize_t got;

        close(close_too);
        while ((got = read(in, bytes, sizeof(bytes))) > 0) {
            for (ssize_t i = 0; i < got; i++) {
                if (bytes[i] != pattern(total++))
                    _exit(1);
            }
            nanosleep(&pause, NULL);
        }
        _exit(got == 0 && total == PIPE_BYTES ? 0 : 1);
    }
    return child;
}

static void write_through_pipe(int flags)
{
    char *data = malloc(PIPE_BYTES);
    int ends[2];
    int result = -1;
    pid_t child;

    assert_non_null(data);
    fill(data, PIPE_BYTES);
    assert_int_equal(pipe2(ends, flags), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0); /* only the writer's end */
    child = slow_reader(ends[0], ends[1]);
    assert_true(child > 0);
    close(ends[0]);
    assert_int_equal(lw_fd_write(ends[1], data, PIPE_BYTES), LW_OK);
    close(ends[1]);
    while (waitpid(child, &result, 0) < 0)
        assert_int_equal(errno, EINTR);
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    free(data);
}

static void full_pipes_are_waited_for(void **state)
{
    (void)state;
    write_through_pipe(O_NONBLOCK);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
    (void)number;
    alarms++;
}

static void set_timer(long microseconds)
{
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};

    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* Signals every half millisecond, without SA_RESTART. */
static void start_alarms(void)
{
    struct sigaction action = {.sa_handler = count_alarm};

    alarms = 0;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    set_timer(500);
}

static void stop_alarms(void)
{
    set_timer(0);
    signal(SIGALRM, SIG_DFL);
}

static void signals_do_not_cut_a_write(void **state)
{
    (void)state;
    start_alarms();
    write_through_pipe(0);
    assert_true(alarms > 3);
    write_through_pipe(O_NONBLOCK);
    stop_alarms();
}

/* The other way: the child writes in small pieces, the parent is interrupted while it waits. */
static void read_through_pipe(int flags)
{
    struct lw_buf out = LW_BUF_INIT;
    int ends[2];
    pid_t child;

    assert_int_equal(pipe2(ends, flags), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct timespec pause = {0, 5000000};

        for (int i = 0; i < 20; i++) {
            nanosleep(&pause, NULL);
            if (lw_fd_write(ends[1], "abcde", 5) != LW_OK)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(lw_fd_read_all(ends[0], 100, &out), LW_OK);
    assert_int_equal(out.len, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(out.data[i], "abcde"[i % 5]);
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0)
        assert_int_equal(errno, EINTR);
    lw_buf_free(&out);
}

static void signals_do_not_cut_a_read(void **state)
{
    (void)state;
    start_alarms();
    read_through_pipe(0);
    assert_true(alarms > 3);
    read_through_pipe(O_NONBLOCK);
    stop_alarms();
}

static void nobody_reads(void **state)
{
    int ends[2];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    assert_int_equal(lw_fd_write(ends[1], "x", 1), LW_IO);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
    signal(SIGPIPE, SIG_DFL);
}

/* A limit on the size of files cuts the first write short; the rest fails, and is told. */
static void short_writes_go_on_until_the_error(void **state)
{
    struct rlimit old, small;
    int fd = memory_file("");
    char data[100];
    struct stat about;

    (void)state;
    fill(data, sizeof(data));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(lw_file_write_at(fd, data, sizeof(data), 0), LW_IO);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(fstat(fd, &about), 0);
    assert_int_equal(about.st_size, 64);
    assert_int_equal(lw_file_write_at(fd, data, sizeof(data), 0), LW_OK);
    close(fd);
}

/* ---- folders ------------------------------------------------------------------------------ */

static void folders_are_synced(void **state)
{
    char folder[] = "/tmp/lw-unit-XXXXXX";
    char inside[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(lw_path_sync_folder(folder), LW_OK);
    assert_true(strlen(folder) + 16 < sizeof(inside));
    memcpy(inside, folder, sizeof(folder));
    memcpy(inside + strlen(folder), "/vault", 7);
    assert_int_equal(lw_path_sync_folder(inside), LW_OK); /* the file itself need not be there */
    memcpy(inside + strlen(folder), "/gone/vault", 12);
    assert_int_equal(lw_path_sync_folder(inside), LW_IO);
    assert_int_equal(errno, ENOENT);
    memcpy(inside + strlen(folder), "/gone///", 9);
    assert_int_equal(lw_path_sync_folder(inside), LW_OK);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(lw_path_sync_folder("name-only"), LW_OK);
    assert_int_equal(lw_path_sync_folder("./x"), LW_OK);
    assert_int_equal(lw_path_sync_folder("/x"), LW_OK);
    assert_int_equal(lw_path_sync_folder("/"), LW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_and_write_at),
        cmocka_unit_test(bad_descriptors),
        cmocka_unit_test(a_full_device_is_full),
        cmocka_unit_test(a_folder_is_no_input),
        cmocka_unit_test(read_all_with_limits),
        cmocka_unit_test(full_pipes_are_waited_for),
        cmocka_unit_test(signals_do_not_cut_a_write),
        cmocka_unit_test(signals_do_not_cut_a_read),
        cmocka_unit_test(nobody_reads),
        cmocka_unit_test(short_writes_go_on_until_the_error),
        cmocka_unit_test(folders_are_synced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
