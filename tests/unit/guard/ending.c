/* How it begins and ends: what the worker finds, what the terminal and the caller get back, whoever
 * ends it. */
#include "guard_stage.h"

#include <dirent.h>

static struct stage stage;

static int quiet_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return stage_idle();
}

/* Ends as the test says: an exit code, or a signal as a negative number. */
static int ending_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;
    int how;

    (void)activity;
    stage_enter(report);
    while ((how = atomic_load(&report->seen)) == 0)
        stage_sleep(2);
    if (how > 0)
        return how == 1 ? 0 : how;
    signal(-how, SIG_DFL);
    kill(getpid(), -how);
    return stage_idle();
}

static void assert_given_back(void)
{
    const struct stage_report *report = stage.report;

    assert_memory_equal(&report->after, &report->before, sizeof(report->before));
    assert_true((report->before.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO));
    assert_int_equal(report->group_after, report->group_before);
    assert_int_equal(report->foreground_after, report->group_before);
    assert_string_not_equal(report->comm_after, "stage-guard");
}

static void wait_for_end(void)
{
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->done));
    stage_sleep(20);
    stage_pump(&stage);
}

static void exit_codes_are_handed_on(void **state)
{
    static const int ends[][2] = {{1, 0}, {77, 77}, {74, 74}};
    const struct stage_setup setup = {.worker = ending_worker};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(ends); i++) {
        stage_open(&stage, &setup);
        stage_worker_of(&stage, 1);
        atomic_store(&stage.report->seen, ends[i][0]);
        wait_for_end();
        assert_int_equal(stage.report->status, LW_OK);
        assert_int_equal(stage.report->code, ends[i][1]);
        assert_false(stage_cleared(&stage)); /* what it said last stays */
        assert_given_back();
        stage_close(&stage);
    }
}

static void crash_is_said_on_a_clear_screen(void **state)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGSYS, SIGTERM};
    const struct stage_setup setup = {.worker = ending_worker};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(signals); i++) {
        stage_open(&stage, &setup);
        stage_worker_of(&stage, 1);
        atomic_store(&stage.report->seen, -signals[i]);
        wait_for_end();
        assert_int_equal(stage.report->status, LW_INTERNAL);
        assert_int_equal(stage.report->code, -1);
        assert_non_null(strstr(stage.report->sentence, "unexpectedly"));
        assert_true(stage_cleared(&stage));
        assert_given_back();
        stage_close(&stage);
    }
}

static void killed_or_asking_for_it_prompts_again(void **state)
{
    static const int ends[] = {-SIGKILL, LW_WORKER_LOCK};
    const struct stage_setup setup = {.worker = ending_worker};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(ends); i++) {
        stage_open(&stage, &setup);
        pid_t worker = stage_worker_of(&stage, 1);
        atomic_store(&stage.report->seen, ends[i]);
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
        atomic_store(&stage.report->seen, 0);
        STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->starts) > 1);
        STAGE_UNTIL(&stage, STAGE_PATIENCE, stage_cleared(&stage));
        assert_false(atomic_load(&stage.report->done));
        stage_close(&stage);
    }
}

static int locking_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return LW_WORKER_LOCK;
}

static void worker_that_always_locks_is_slowed_down(void **state)
{
    const struct stage_setup setup = {.worker = locking_worker};
    int64_t begun = stage_now(); /* before the first start: a busy machine may come late to it */

    (void)state;
    stage_open(&stage, &setup);
    /* not by its prompts: a lock drops what the terminal has not taken yet */
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->starts) >= 10);
    assert_true(stage_now() - begun >= 800);
}

static void signals_end_it(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    const struct stage_setup setup = {.worker = quiet_worker};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(signals); i++) {
        stage_open(&stage, &setup);
        pid_t worker = stage_worker_of(&stage, 1);
        kill(stage_supervisor(&stage), signals[i]);
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
        wait_for_end();
        assert_int_equal(stage.report->status, LW_OK);
        assert_int_equal(stage.report->code, 128 + signals[i]);
        assert_int_equal(atomic_load(&stage.report->starts), 1);
        assert_true(stage_cleared(&stage));
        assert_given_back();
        stage_close(&stage);
    }
}

/* Also from a parent that ignores hang-ups (nohup), since the terminal is seen to be gone. */
static void terminal_that_vanishes(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker, .under_make = true};

    (void)state;
    for (int ignored = 0; ignored < 2; ignored++) {
        signal(SIGHUP, ignored ? SIG_IGN : SIG_DFL);
        stage_open(&stage, &setup);
        signal(SIGHUP, SIG_DFL);
        pid_t worker = stage_worker_of(&stage, 1);
        pid_t supervisor = stage_supervisor(&stage);
        close(stage.master);
        stage.master = open("/dev/null", O_RDWR | O_CLOEXEC);
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
        STAGE_UNTIL(&stage, STAGE_PATIENCE, stage_gone(supervisor));
        assert_int_equal(atomic_load(&stage.report->done), 1);
        assert_int_equal(stage.report->code, 128 + SIGHUP);
        stage_close(&stage);
    }
}

static void worker_dies_with_its_supervisor(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker};

    (void)state;
    for (int stopped = 0; stopped < 2; stopped++) {
        stage_open(&stage, &setup);
        pid_t worker = stage_worker_of(&stage, 1);
        if (stopped)
            kill(worker, SIGSTOP);
        kill(stage_supervisor(&stage), SIGKILL);
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
        stage_close(&stage);
    }
}

/* ---- under make --------------------------------------------------------------------------- */

static void make_above_is_left_alone(void **state)
{
    const struct stage_setup setup = {.worker = ending_worker, .under_make = true};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_chord(&stage);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    stage_worker_of(&stage, 2);
    stage_type(&stage, "\x03\x1a", 2);
    kill(stage_supervisor(&stage), SIGTSTP); /* would stop it, or wait until it has ended */
    stage_sleep(50);
    assert_false(atomic_load(&stage.report->make_alive)); /* it waits */
    assert_int_equal(kill(stage.child, 0), 0);
    atomic_store(&stage.report->seen, 1);
    wait_for_end();
    assert_int_equal(stage.report->code, 0);
    assert_given_back();
    assert_int_not_equal(stage.report->group_before, stage_supervisor(&stage));
    STAGE_UNTIL(&stage, STAGE_PATIENCE,
                atomic_load(&stage.report->progress) == 0 && stage.report->make_alive == 1);
    assert_int_equal(stage.report->make_foreground, 1);
}

static _Atomic int *sizes_seen;

static void on_size(int number)
{
    (void)number;
    atomic_fetch_add(sizes_seen, 1);
}

static int sizing_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    (void)activity;
    sizes_seen = &report->seen;
    signal(SIGWINCH, on_size);
    stage_enter(report);
    return stage_idle();
}

static void worker_learns_the_size(void **state)
{
    const struct winsize size = {.ws_row = 5, .ws_col = 20};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct stage_setup setup = {.worker = sizing_worker, .under_make = i == 1};

        stage_open(&stage, &setup);
        stage_worker_of(&stage, 1);
        ioctl(stage.master, TIOCSWINSZ, &size);
        STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->seen) == 1);
        stage_close(&stage);
    }
}

/* ---- what the worker finds ---------------------------------------------------------------- */

static int count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int descriptors_before;

static bool ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static bool signals_are_right(void)
{
    sigset_t mask;

    if (sigprocmask(SIG_SETMASK, NULL, &mask) != 0)
        return false;
    for (int number = 1; number < 32; number++) {
        if (sigismember(&mask, number))
            return false;
        if (ignored(number) !=
            (number == SIGQUIT || number == SIGTSTP || number == SIGPIPE || number == SIGHUP))
            return false;
    }
    return true;
}

static int looking_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;
    char comm[16] = "";
    int on_death = 0;

    (void)activity;
    stage_enter(report);
    prctl(PR_GET_NAME, comm, 0, 0, 0);
    prctl(PR_GET_PDEATHSIG, &on_death, 0, 0, 0);
    if (strcmp(comm, "stage-work") != 0)
        return 11;
    if (on_death != SIGKILL)
        return 12;
    if (!signals_are_right())
        return 13;
    if (count_descriptors() != descriptors_before + 1) /* the activity's */
        return 14;
    if (fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK)
        return 15;
    if (tcgetpgrp(STDIN_FILENO) != getpgrp() || getpgrp() != getppid())
        return 16;
    if (getppid() != atomic_load(&report->supervisor))
        return 17;
    return 10;
}

/* Under a parent that blocks and ignores what it can. */
static void worker_finds_its_place(void **state)
{
    const struct stage_setup setup = {.worker = looking_worker, .under_make = true};
    sigset_t block;
    sigset_t before;

    (void)state;
    sigemptyset(&block);
    sigaddset(&block, SIGQUIT);
    sigaddset(&block, SIGCHLD);
    sigprocmask(SIG_BLOCK, &block, &before);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    descriptors_before = count_descriptors();
    /* 0 to 2 and the folder's are open here as well; the pty's master is closed by forkpty */
    stage_open(&stage, &setup);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    wait_for_end();
    assert_int_equal(stage.report->code, 10);
    assert_given_back();
}

/* ---- no terminal -------------------------------------------------------------------------- */

/* In a child that the function makes unfit; the status as exit code. */
static int status_where(bool (*make_unfit)(void), struct lw_supervisor *setup)
{
    struct lw_error err = {.text = ""};
    pid_t child = fork();
    int how = 0;
    int code = -1;

    if (child == 0) {
        if (!make_unfit())
            _exit(200);
        alarm(20);
        _exit((int)lw_supervise(setup, quiet_worker, NULL, &code, &err) +
              (err.text[0] == '\0' ? 100 : 0));
    }
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
}

static bool without_terminal(void)
{
    return setsid() > 0;
}

/* On a terminal whose foreground is another group: forkpty makes the child the foreground. */
static bool in_background(void)
{
    int master;
    pid_t child = forkpty(&master, NULL, NULL, NULL);
    int how;

    if (child > 0) {
        waitpid(child, &how, 0);
        _exit(WIFEXITED(how) ? WEXITSTATUS(how) : 201);
    }
    child = fork();
    if (child > 0) {
        waitpid(child, &how, 0);
        _exit(WIFEXITED(how) ? WEXITSTATUS(how) : 202);
    }
    return setpgid(0, 0) == 0;
}

static bool as_it_is(void)
{
    return true;
}

static void no_terminal_is_a_status(void **state)
{
    struct lw_supervisor setup = {.name = "stage"};

    (void)state;
    assert_int_equal(status_where(without_terminal, &setup), LW_NO_TERMINAL);
    assert_int_equal(status_where(in_background, &setup), LW_NO_TERMINAL);
}

static void bad_setup_is_a_status(void **state)
{
    struct lw_supervisor setup = {.name = "stage", .chord = '\r'};

    (void)state;
    assert_int_equal(status_where(as_it_is, &setup), LW_CONFIG);
    setup = (struct lw_supervisor){.name = "ninebytes"};
    assert_int_equal(status_where(as_it_is, &setup), LW_INTERNAL);
    setup = (struct lw_supervisor){.name = ""};
    assert_int_equal(status_where(as_it_is, &setup), LW_INTERNAL);
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(exit_codes_are_handed_on, close_stage),
        cmocka_unit_test_teardown(crash_is_said_on_a_clear_screen, close_stage),
        cmocka_unit_test_teardown(killed_or_asking_for_it_prompts_again, close_stage),
        cmocka_unit_test_teardown(worker_that_always_locks_is_slowed_down, close_stage),
        cmocka_unit_test_teardown(signals_end_it, close_stage),
        cmocka_unit_test_teardown(terminal_that_vanishes, close_stage),
        cmocka_unit_test_teardown(worker_dies_with_its_supervisor, close_stage),
        cmocka_unit_test_teardown(make_above_is_left_alone, close_stage),
        cmocka_unit_test_teardown(worker_learns_the_size, close_stage),
        cmocka_unit_test_teardown(worker_finds_its_place, close_stage),
        cmocka_unit_test(no_terminal_is_a_status),
        cmocka_unit_test(bad_setup_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
