/* `lapwing lock`: all supervisors and one-shot commands of this name and nobody else. Every run has a name of its own, so
 * that a Lapwing of the one who runs the tests stays open. */
#include "failing_malloc.h"
#include "guard_stage.h"

#include <sys/ptrace.h>

static struct stage first;
static struct stage second;
static char name[16]; /* a letter and at most seven digits */
static char comm[32];
static size_t ended; /* one-shot commands, by the last lock_others() */

static int quiet_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return stage_idle();
}

static void begin(struct stage *stage)
{
    const struct stage_setup setup = {.worker = quiet_worker, .name = name};

    stage_open(stage, &setup);
    stage_worker_of(stage, 1);
}

static size_t lock_others(void)
{
    struct lw_error err = {.text = ""};
    size_t locked = 999;

    ended = 999;
    if (lw_lock_others(name, &locked, &ended, &err) != LW_OK)
        fail_msg("%s", err.text);
    return locked;
}

static void nobody_to_lock(void **state)
{
    (void)state;
    assert_int_equal(lock_others(), 0);
    assert_int_equal(ended, 0);
}

static void locks_all_of_them(void **state)
{
    (void)state;
    begin(&first);
    begin(&second);
    pid_t worker_1 = atomic_load(&first.report->worker);
    pid_t worker_2 = atomic_load(&second.report->worker);
    int64_t begun = stage_now();
    fm.until_failure = 0; /* it needs no memory */
    size_t locked = lock_others();
    fm.until_failure = LONG_MAX;
    assert_int_equal(locked, 2);
    assert_true(stage_now() - begun < STAGE_PROMISE);
    STAGE_UNTIL(&first, STAGE_PROMISE, stage_gone(worker_1));
    STAGE_UNTIL(&second, STAGE_PROMISE, stage_gone(worker_2));
    stage_worker_of(&first, 2);
    stage_worker_of(&second, 2);
    assert_true(stage_cleared(&first));
    assert_true(stage_cleared(&second));
}

/* Gone, or dead and waiting for its stopped supervisor. */
static bool dead(pid_t pid)
{
    char path[64];
    char text[256] = "";
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (!file)
        return true;
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return strstr(text, ") Z ") != NULL || strstr(text, ") X ") != NULL;
}

static void stopped_supervisor(void **state)
{
    (void)state;
    begin(&first);
    pid_t worker = atomic_load(&first.report->worker);
    kill(stage_supervisor(&first), SIGSTOP);
    stage_sleep(20);
    assert_int_equal(lock_others(), 1);
    assert_true(dead(worker));
    stage_worker_of(&first, 2); /* it goes on, and has cleared the screen */
    assert_true(stage_cleared(&first));
}

static void stopped_supervisor_and_worker(void **state)
{
    (void)state;
    begin(&first);
    begin(&second);
    pid_t worker = atomic_load(&first.report->worker);
    kill(worker, SIGSTOP);
    kill(stage_supervisor(&first), SIGSTOP);
    stage_sleep(20);
    assert_int_equal(lock_others(), 2);
    assert_true(dead(worker));
    stage_worker_of(&first, 2);
    stage_worker_of(&second, 2);
}

/* Held by a debugger: it cannot be made to go on. */
static void supervisor_that_cannot_act(void **state)
{
    int how;

    (void)state;
    begin(&first);
    pid_t worker = atomic_load(&first.report->worker);
    pid_t supervisor = stage_supervisor(&first);
    assert_int_equal(ptrace(PTRACE_SEIZE, supervisor, NULL, NULL), 0);
    assert_int_equal(ptrace(PTRACE_INTERRUPT, supervisor, NULL, NULL), 0);
    assert_int_equal(waitpid(supervisor, &how, 0), supervisor);
    kill(worker, SIGSTOP);
    assert_int_equal(lock_others(), 1);
    assert_true(dead(worker));
    assert_int_equal(atomic_load(&first.report->starts), 1);
    assert_int_equal(ptrace(PTRACE_DETACH, supervisor, NULL, NULL), 0);
    stage_worker_of(&first, 2);
}

/* A process that has this name (NULL: of a command that knows something) and, unless it blocks them,
 * dies of SIGUSR1 and SIGTERM; told from here to end by SIGKILL. */
static pid_t bystander(const char *called, bool blocks)
{
    int ready[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    child = fork();
    if (child == 0) {
        sigset_t mask;

        sigemptyset(&mask);
        if (blocks) {
            sigaddset(&mask, SIGUSR1);
            sigaddset(&mask, SIGTERM);
        }
        sigprocmask(SIG_SETMASK, &mask, NULL);
        if (called)
            prctl(PR_SET_NAME, called, 0, 0, 0);
        else
            lw_guard_once(name);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (write(ready[1], "", 1) != 1)
            _exit(1);
        stage_idle();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void end_bystander(pid_t child)
{
    int how = 0;

    stage_sleep(20);
    assert_int_equal(waitpid(child, &how, WNOHANG), 0); /* alive */
    kill(child, SIGKILL);
    waitpid(child, &how, 0);
}

static int how_it_ended(pid_t child)
{
    int how = 0;

    assert_true(dead(child));
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFSIGNALED(how) ? WTERMSIG(how) : 0;
}

static void one_shot_commands_that_know_something_end(void **state)
{
    (void)state;
    pid_t plain = bystander(NULL, false);
    pid_t deaf = bystander(NULL, true);
    pid_t stopped = bystander(NULL, false);
    kill(stopped, SIGSTOP);
    begin(&first);
    int64_t begun = stage_now();
    assert_int_equal(lock_others(), 1);
    assert_int_equal(ended, 3);
    assert_true(stage_now() - begun < STAGE_PROMISE);
    assert_int_equal(how_it_ended(plain), SIGTERM);
    assert_int_equal(how_it_ended(deaf), SIGKILL);
    assert_int_equal(how_it_ended(stopped), SIGKILL);
}

static void what_knows_nothing_and_strangers_stay(void **state)
{
    char other[32];

    (void)state;
    snprintf(comm, sizeof(comm), "%s-guard", name);
    snprintf(other, sizeof(other), "%s-guar", name);
    pid_t knows_nothing = bystander(name, false);
    pid_t stranger = bystander(comm, false);
    pid_t nearly = bystander(other, true);
    begin(&first);
    assert_int_equal(lock_others(), 1);
    assert_int_equal(ended, 0);
    end_bystander(knows_nothing);
    end_bystander(stranger);
    end_bystander(nearly);
}

/* Root's lock is root's: a process of another user is not touched. */
static void other_users_stay(void **state)
{
    sigset_t mask;
    pid_t child;

    (void)state;
    if (getuid() != 0)
        skip();
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    snprintf(comm, sizeof(comm), "%s-guard", name);
    child = fork();
    if (child == 0) {
        if (setresuid(65534, 65534, 65534) != 0)
            _exit(1);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        prctl(PR_SET_NAME, comm, 0, 0, 0);
        stage_idle();
    }
    stage_sleep(100);
    assert_int_equal(lock_others(), 0);
    end_bystander(child);
}

/* From inside: neither itself nor its own supervisor's name stops it. */
static int locking_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;
    struct lw_error err = {.text = ""};
    size_t locked = 0, commands;

    (void)activity;
    if (stage_enter(report) > 1)
        return stage_idle();
    if (lw_lock_others(name, &locked, &commands, &err) == LW_OK)
        atomic_store(&report->seen, (int)locked);
    return stage_idle();
}

static void a_worker_can_lock_too(void **state)
{
    const struct stage_setup setup = {.worker = locking_worker, .name = name};

    (void)state;
    begin(&first);
    pid_t worker = atomic_load(&first.report->worker);
    stage_open(&second, &setup);
    STAGE_UNTIL(&first, STAGE_PATIENCE, stage_gone(worker));
    stage_worker_of(&second, 2); /* its own supervisor is one of all */
}

static int close_stages(void **state)
{
    (void)state;
    if (second.report)
        kill(stage_supervisor(&second), SIGKILL);
    if (second.report)
        kill(second.child, SIGKILL);
    stage_close(&first);
    stage_close(&second);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nobody_to_lock, close_stages),
        cmocka_unit_test_teardown(locks_all_of_them, close_stages),
        cmocka_unit_test_teardown(stopped_supervisor, close_stages),
        cmocka_unit_test_teardown(stopped_supervisor_and_worker, close_stages),
        cmocka_unit_test_teardown(supervisor_that_cannot_act, close_stages),
        cmocka_unit_test_teardown(one_shot_commands_that_know_something_end, close_stages),
        cmocka_unit_test_teardown(what_knows_nothing_and_strangers_stay, close_stages),
        cmocka_unit_test_teardown(other_users_stay, close_stages),
        cmocka_unit_test_teardown(a_worker_can_lock_too, close_stages),
    };

    snprintf(name, sizeof(name), "t%d", (int)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
