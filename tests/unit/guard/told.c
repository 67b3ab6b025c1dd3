/* What the supervisor tells whoever practises: which process went, why, and after how long. */
#include "guard_stage.h"

#define TOLD_MAX 64

struct shared {
    _Atomic int count;
    struct lw_guard_told told[TOLD_MAX];
};

static struct stage stage;
static struct shared *shared;

static void keep(void *context, const struct lw_guard_told *told)
{
    int at = atomic_load(&shared->count);

    (void)context;
    if (at < TOLD_MAX) {
        shared->told[at] = *told;
        shared->told[at].news = NULL;
        atomic_store(&shared->count, at + 1);
    }
}

static int quiet_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return stage_idle();
}

/* The newest of that kind, or NULL. */
static const struct lw_guard_told *newest(enum lw_guard_event event)
{
    for (int i = atomic_load(&shared->count); i > 0; i--) {
        if (shared->told[i - 1].event == event)
            return &shared->told[i - 1];
    }
    return NULL;
}

static int open_stage(void **state)
{
    static const struct lw_emergency orders = {.hold = true, .countdown_s = 30};
    const struct stage_setup setup = {.worker = quiet_worker, .told = keep, .emergency = &orders};

    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(shared, MAP_FAILED);
    stage_open(&stage, &setup);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    munmap(shared, sizeof *shared);
    return 0;
}

static void press(void)
{
    stage_chord(&stage);
}

static void a_lock_by_the_key(void **state)
{
    pid_t before = stage_worker_of(&stage, 1);
    const struct lw_guard_told *told;

    (void)state;
    press();
    STAGE_UNTIL(&stage, STAGE_PATIENCE, newest(LW_GUARD_LOCKED) != NULL);
    told = newest(LW_GUARD_LOCKED);
    assert_int_equal(told->worker, before);
    assert_true(told->by_key);
    assert_true(told->took_us > 0 && told->at_us > told->took_us);
    assert_int_equal(kill(before, 0), -1); /* gone, and not only told to go */
    assert_non_null(newest(LW_GUARD_PRESSED));
    assert_true(newest(LW_GUARD_PRESSED)->at_us <= told->at_us);
}

static void a_lock_from_outside(void **state)
{
    pid_t before = stage_worker_of(&stage, 1);

    (void)state;
    kill(atomic_load(&stage.report->supervisor), SIGUSR1);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, newest(LW_GUARD_LOCKED) != NULL);
    assert_int_equal(newest(LW_GUARD_LOCKED)->worker, before);
    assert_false(newest(LW_GUARD_LOCKED)->by_key);
    assert_null(newest(LW_GUARD_PRESSED));
}

/* Nothing is told as clear that the terminal has not taken. */
static void a_terminal_that_does_not_take_it(void **state)
{
    pid_t before = stage_worker_of(&stage, 1);
    int side = open(ptsname(stage.master), O_RDWR | O_NOCTTY | O_CLOEXEC);

    (void)state;
    assert_true(side >= 0);
    assert_int_equal(tcflow(side, TCOOFF), 0);
    press();
    STAGE_UNTIL(&stage, STAGE_PATIENCE, stage_gone(before));
    stage_sleep(300);
    assert_null(newest(LW_GUARD_LOCKED));
    assert_int_equal(tcflow(side, TCOON), 0);
    close(side);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, newest(LW_GUARD_LOCKED) != NULL);
    assert_true(newest(LW_GUARD_LOCKED)->took_us >= 300000);
    assert_int_equal(newest(LW_GUARD_LOCKED)->worker, before);
}

static void three_presses_and_a_stop(void **state)
{
    (void)state;
    stage_worker_of(&stage, 1);
    for (int i = 0; i < 3; i++) {
        press();
        stage_sleep(300);
        stage_pump(&stage);
    }
    STAGE_UNTIL(&stage, STAGE_PATIENCE, newest(LW_GUARD_COUNTING) != NULL);
    assert_false(newest(LW_GUARD_COUNTING)->held);
    assert_true(newest(LW_GUARD_COUNTING)->took_us >= 600000);
    assert_null(newest(LW_GUARD_STOPPED));
    assert_int_equal(write(stage.master, "x", 1), 1);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, newest(LW_GUARD_STOPPED) != NULL);
    assert_null(newest(LW_GUARD_WIPING));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock_by_the_key, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_lock_from_outside, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_terminal_that_does_not_take_it, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(three_presses_and_a_stop, open_stage, close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
