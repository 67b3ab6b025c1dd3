/* What locks without anybody asking: idleness and resume from suspend. */
#include "guard_stage.h"

#define IDLE_MS 700

static struct stage stage;

static int quiet_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return stage_idle();
}

static void idleness_locks(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker, .idle_ms = IDLE_MS};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    int64_t begun = stage_now();
    STAGE_UNTIL(&stage, IDLE_MS + STAGE_PROMISE, stage_gone(worker));
    assert_true(stage_now() - begun > IDLE_MS / 2);
    worker = stage_worker_of(&stage, 2);
    assert_true(stage_cleared(&stage));
    STAGE_UNTIL(&stage, IDLE_MS + STAGE_PROMISE, stage_gone(worker)); /* and once more */
}

static void no_idle_time_never_locks(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker, .idle_ms = 0};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_sleep(2 * IDLE_MS);
    assert_int_equal(kill(worker, 0), 0);
}

/* A key every 20 ms until the test says that the typist left. */
static int typing_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    if (stage_enter(report) > 1)
        return stage_idle();
    while (!atomic_load(&report->quiet)) {
        lw_activity_key(activity);
        stage_sleep(20);
    }
    return stage_idle();
}

static void keys_put_it_off(void **state)
{
    const struct stage_setup setup = {.worker = typing_worker, .idle_ms = IDLE_MS};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_sleep(4 * IDLE_MS);
    assert_int_equal(kill(worker, 0), 0);
    assert_int_equal(atomic_load(&stage.report->starts), 1);
    atomic_store(&stage.report->quiet, 1);
    STAGE_UNTIL(&stage, IDLE_MS + STAGE_PROMISE, stage_gone(worker));
    stage_worker_of(&stage, 2);
}

/* Rests, and types one key when the test says so: at once after another, which the limit on how
 * often it is told must not swallow. */
static int resting_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    if (stage_enter(report) > 1)
        return stage_idle();
    lw_activity_key(activity);
    lw_activity_rest(activity);
    while (!atomic_load(&report->quiet))
        stage_sleep(5);
    lw_activity_key(activity);
    lw_activity_rest(activity);
    lw_activity_key(activity);
    return stage_idle();
}

static void rest_is_not_idleness(void **state)
{
    const struct stage_setup setup = {.worker = resting_worker, .idle_ms = IDLE_MS};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_sleep(3 * IDLE_MS);
    assert_int_equal(kill(worker, 0), 0);
    atomic_store(&stage.report->quiet, 1);
    stage_sleep(IDLE_MS / 4);
    assert_int_equal(kill(worker, 0), 0);
    STAGE_UNTIL(&stage, IDLE_MS + STAGE_PROMISE, stage_gone(worker));
}

/* Floods the supervisor with what it does not know, closes its end, and is idle. */
static int babbling_worker(void *context, struct lw_activity *activity)
{
    static char noise[4096];

    if (stage_enter(context) > 1)
        return stage_idle();
    memset(noise, '?', sizeof(noise));
    for (int i = 0; i < 100; i++)
        (void)!write(activity->fd, noise, sizeof(noise)); /* never blocks */
    close(activity->fd);
    return stage_idle();
}

static void noise_is_no_key(void **state)
{
    const struct stage_setup setup = {.worker = babbling_worker, .idle_ms = IDLE_MS};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    STAGE_UNTIL(&stage, IDLE_MS + STAGE_PROMISE, stage_gone(worker));
    stage_worker_of(&stage, 2);
}

/* A supervisor that does not run fills the pipe; the worker must not wait for it. */
static int tireless_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    stage_enter(report);
    while (!atomic_load(&report->quiet))
        stage_sleep(5);
    for (int i = 0; i < 70000; i++)
        lw_activity_rest(activity);
    atomic_store(&report->seen, 1);
    return stage_idle();
}

static void telling_never_blocks(void **state)
{
    const struct stage_setup setup = {.worker = tireless_worker};

    (void)state;
    stage_open(&stage, &setup);
    stage_worker_of(&stage, 1);
    kill(stage_supervisor(&stage), SIGSTOP);
    atomic_store(&stage.report->quiet, 1);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->seen) == 1);
}

/* Does not look at the clock; its keys are what wakes the supervisor up. */
static int typing_on_worker(void *context, struct lw_activity *activity)
{
    stage_enter(context);
    while (!atomic_load(&((struct stage_report *)context)->quiet)) {
        lw_activity_key(activity);
        stage_sleep(20);
    }
    return stage_idle();
}

static void resume_locks(void **state)
{
    const struct stage_setup setup = {.worker = typing_on_worker, .own_clock = true};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_sleep(300);
    assert_int_equal(kill(worker, 0), 0);
    atomic_store(&stage.report->suspended_ms, 3600 * 1000);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    worker = stage_worker_of(&stage, 2);
    assert_true(stage_cleared(&stage));
    stage_sleep(300); /* what was before the new worker does not count */
    assert_int_equal(kill(worker, 0), 0);
}

/* Wakes up before the supervisor does. */
static int waking_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;
    int number = stage_enter(report);

    while (!lw_activity_suspended(activity))
        stage_sleep(5);
    atomic_store(&report->seen, number);
    return LW_WORKER_LOCK;
}

static void worker_notices_resume_by_itself(void **state)
{
    const struct stage_setup setup = {.worker = waking_worker, .own_clock = true};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_sleep(200);
    kill(stage_supervisor(&stage), SIGSTOP);
    assert_int_equal(atomic_load(&stage.report->seen), 0);
    atomic_store(&stage.report->suspended_ms, 60 * 1000);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->seen) == 1);
    kill(stage_supervisor(&stage), SIGCONT);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    worker = stage_worker_of(&stage, 2);
    stage_sleep(200);
    assert_int_equal(atomic_load(&stage.report->worker), worker);
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
        cmocka_unit_test_teardown(idleness_locks, close_stage),
        cmocka_unit_test_teardown(no_idle_time_never_locks, close_stage),
        cmocka_unit_test_teardown(keys_put_it_off, close_stage),
        cmocka_unit_test_teardown(rest_is_not_idleness, close_stage),
        cmocka_unit_test_teardown(noise_is_no_key, close_stage),
        cmocka_unit_test_teardown(telling_never_blocks, close_stage),
        cmocka_unit_test_teardown(resume_locks, close_stage),
        cmocka_unit_test_teardown(worker_notices_resume_by_itself, close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
