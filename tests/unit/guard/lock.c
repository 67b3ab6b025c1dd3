/* The lock: whatever the worker is doing, it is gone within a second, its memory with it, the
 * screen is clear and a new one prompts. */
#include "guard_stage.h"
#include "memory_scan.h"

#define COPIES 200

static struct stage stage;
static uint8_t *copies[COPIES];

/* The canary all over the heap, as a database and a screen leave it. */
static bool scatter(const struct stage_report *report)
{
    for (int i = 0; i < COPIES; i++) {
        copies[i] = malloc(STAGE_CANARY + (size_t)i);
        if (!copies[i])
            return false;
        for (int k = 0; k < STAGE_CANARY; k++)
            ((volatile uint8_t *)copies[i])[k] = report->masked[k] ^ SCAN_MASK;
    }
    return true;
}

/* Knows the canary and writes to the terminal without end; the later ones only prompt. */
static int flooding_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    (void)activity;
    if (stage_enter(report) != 1)
        return stage_idle();
    if (!scatter(report))
        return 71;
    for (;;) {
        if (write(STDOUT_FILENO, "\033[1mtext that nobody may see", 28) > 0)
            atomic_fetch_add(&report->progress, 1);
    }
}

static int knowing_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;

    (void)activity;
    if (stage_enter(report) == 1 && !scatter(report))
        return 71;
    atomic_store(&report->progress, 1);
    return stage_idle();
}

static int quiet_worker(void *context, struct lw_activity *activity)
{
    (void)activity;
    stage_enter(context);
    return stage_idle();
}

static size_t canaries(int processes)
{
    struct scan scan = {.masked = stage.report->masked, .len = STAGE_CANARY};

    assert_true(scan_family(&scan) >= processes);
    assert_true(scan.bytes > 1 << 20);
    return scan.found;
}

/* From the lock, asked for just now, to the new prompt. */
static void assert_locked(pid_t worker)
{
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    assert_int_equal(canaries(2), 0);
    stage.stalled = false;
    STAGE_UNTIL(&stage, STAGE_PATIENCE, stage_prompts(&stage, 2));
    assert_true(stage_cleared(&stage));
    assert_true(stage_find(&stage, "prompt 2") > stage_find(&stage, STAGE_CLEARED));
    assert_true(stage_find(&stage, "nobody may see") < stage_find(&stage, STAGE_CLEARED));
    assert_int_not_equal(atomic_load(&stage.report->worker), worker);
    assert_int_equal(canaries(3), 0);
}

static void begin(lw_worker *worker)
{
    const struct stage_setup setup = {.worker = worker};

    stage_open(&stage, &setup);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->progress) > 0);
}

static void chord_ends_worker_and_its_memory(void **state)
{

    (void)state;
    begin(knowing_worker);
    pid_t worker = stage_worker_of(&stage, 1);
    assert_true(canaries(3) >= COPIES); /* else the scan would prove nothing */
    stage_chord(&stage);
    assert_locked(worker);
}

static void worker_that_draws_without_end(void **state)
{

    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->progress) > 1000);
    stage_chord(&stage);
    assert_locked(worker);
}

static void stopped_worker(void **state)
{

    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    kill(worker, SIGSTOP);
    stage_sleep(20);
    stage_chord(&stage);
    assert_locked(worker);
}

/* Until the worker has filled what lies between it and the terminal. */
static void stall(void)
{
    long before = -1;

    stage.stalled = true;
    while (atomic_load(&stage.report->progress) != before) {
        before = atomic_load(&stage.report->progress);
        stage_sleep(200);
    }
}

static void terminal_that_does_not_read(void **state)
{

    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    stall();
    stage_chord(&stage);
    assert_locked(worker);
}

/* Not the chord, which empties the terminal's queues by itself; and the supervisor goes on. */
static void stalled_terminal_and_other_signals(void **state)
{
    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    stall();
    kill(stage_supervisor(&stage), SIGUSR1);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    /* what nobody has read yet is thrown away, which makes room for the clearing */
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->starts) == 2);
    kill(stage_supervisor(&stage), SIGTERM);
    STAGE_UNTIL(&stage, STAGE_PROMISE, atomic_load(&stage.report->done));
    assert_int_equal(stage.report->code, 128 + SIGTERM);
    assert_int_equal(canaries(1), 0);
}

/* The worst: output switched off in the terminal itself, so that not even the clearing fits. */
static void terminal_with_output_switched_off(void **state)
{

    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    stall();
    int side = open(ptsname(stage.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(side >= 0);
    assert_int_equal(tcflow(side, TCOOFF), 0);
    stage_chord(&stage);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    stage_sleep(400);
    /* no prompt over a screen that is not clear */
    assert_int_equal(atomic_load(&stage.report->starts), 1);
    assert_int_equal(tcflow(side, TCOON), 0);
    close(side);
    assert_locked(worker);
}

static void leaving_does_not_wait_for_the_terminal(void **state)
{
    (void)state;
    begin(flooding_worker);
    pid_t worker = atomic_load(&stage.report->worker);
    int side = open(ptsname(stage.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(side >= 0);
    assert_int_equal(tcflow(side, TCOOFF), 0);
    stall();
    stage_chord(&stage);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    kill(stage_supervisor(&stage), SIGTERM);
    STAGE_UNTIL(&stage, STAGE_PROMISE, atomic_load(&stage.report->done));
    close(side);
}

static void signals_that_lock(void **state)
{
    static const int locking[] = {SIGUSR1, SIGQUIT, SIGCONT};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(locking); i++) {
        begin(knowing_worker);
        pid_t worker = stage_worker_of(&stage, 1);
        kill(stage_supervisor(&stage), locking[i]);
        assert_locked(worker);
        stage_close(&stage);
    }
}

static void another_chord(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker, .chord = 0x18};

    (void)state;
    stage_open(&stage, &setup);
    pid_t worker = stage_worker_of(&stage, 1);
    stage_type(&stage, "\x1c\x03\x1a", 3); /* neither the usual one, nor interrupt, nor suspend */
    stage_sleep(100);
    assert_int_equal(kill(worker, 0), 0);
    stage_type(&stage, "\x18", 1);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    stage_worker_of(&stage, 2);
}

static void chords_that_are_none(void **state)
{
    (void)state;
    assert_true(lw_chord_valid(0x1c));
    assert_true(lw_chord_valid(0x01));
    assert_true(lw_chord_valid(0x1f));
    assert_true(lw_chord_valid(0x7f));
    for (const char *bad = "\b\t\n\r\033 a~\x80\xff"; *bad; bad++)
        assert_false(lw_chord_valid((unsigned char)*bad));
    assert_false(lw_chord_valid(0));
}

static int open_descriptors(pid_t pid)
{
    char path[64];
    int count = 0;
    DIR *folder;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void hundreds_of_chords(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker};

    (void)state;
    stage_open(&stage, &setup);
    stage_worker_of(&stage, 1);
    int descriptors = open_descriptors(stage_supervisor(&stage));
    int64_t begun = stage_now();
    for (int i = 0; i < 500; i++) {
        stage_chord(&stage);
        stage_tick(&stage);
        stage_tick(&stage);
    }
    int64_t took = stage_now() - begun;
    int starts = atomic_load(&stage.report->starts);
    assert_true(starts <=
                3 + took / 100); /* no pile of prompts; how many is for the machine to say */
    stage_sleep(600);
    stage_pump(&stage);
    starts = atomic_load(&stage.report->starts);
    pid_t worker = stage_worker_of(&stage, starts);
    stage_chord(&stage);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
    stage_worker_of(&stage, starts + 1);
    assert_int_equal(open_descriptors(stage_supervisor(&stage)), descriptors);
}

/* Every single lock, from the key to the new prompt. */
static void one_hundred_locks(void **state)
{
    const struct stage_setup setup = {.worker = quiet_worker};

    (void)state;
    stage_open(&stage, &setup);
    for (int i = 1; i <= 100; i++) {
        pid_t worker = stage_worker_of(&stage, i);

        stage_forget(&stage);
        stage_chord(&stage);
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
        STAGE_UNTIL(&stage, STAGE_PROMISE, stage_prompts(&stage, i + 1));
        assert_true(stage_cleared(&stage));
    }
}

/* Says whether a key was waiting for it. */
static int listening_worker(void *context, struct lw_activity *activity)
{
    struct stage_report *report = context;
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};

    (void)activity;
    if (stage_enter(report) == 1)
        return stage_idle(); /* reads nothing */
    atomic_store(&report->seen, poll(&wait, 1, 200) > 0 ? 1 : 2);
    return stage_idle();
}

static void keys_typed_ahead_are_dropped(void **state)
{
    const struct stage_setup setup = {.worker = listening_worker};

    (void)state;
    stage_open(&stage, &setup);
    stage_worker_of(&stage, 1);
    stage_type(&stage, "half a sentence\r", 16);
    stage_sleep(50);
    kill(stage_supervisor(&stage), SIGUSR1);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->seen) != 0);
    assert_int_equal(atomic_load(&stage.report->seen), 2);
    assert_int_equal(stage_find(&stage, "half"), 0); /* no echo */
}

/* Breaks every setting that it can. */
static int raw_worker(void *context, struct lw_activity *activity)
{
    struct termios raw;

    (void)activity;
    if (stage_enter(context) == 1) {
        tcgetattr(STDIN_FILENO, &raw);
        cfmakeraw(&raw);
        raw.c_lflag |= ECHO;
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        atomic_store(&((struct stage_report *)context)->seen, 1);
    }
    return stage_idle();
}

static void settings_are_put_right(void **state)
{
    const struct stage_setup setup = {.worker = raw_worker};
    struct termios now;

    (void)state;
    stage_open(&stage, &setup);
    STAGE_UNTIL(&stage, STAGE_PATIENCE, atomic_load(&stage.report->seen) == 1);
    kill(stage_supervisor(&stage), SIGUSR1);
    pid_t worker = stage_worker_of(&stage, 2);
    assert_int_equal(tcgetattr(stage.master, &now), 0);
    assert_int_equal(now.c_lflag & (ISIG | ICANON | ECHO | ECHONL | NOFLSH), ISIG);
    assert_int_equal(now.c_iflag & IXON, 0);
    assert_int_equal(now.c_oflag & OPOST, stage.report->before.c_oflag & OPOST);
    assert_int_equal(now.c_cc[VQUIT], STAGE_CHORD);
    assert_int_equal(now.c_cc[VINTR], _POSIX_VDISABLE);
    assert_int_equal(now.c_cc[VSUSP], _POSIX_VDISABLE);
    stage_chord(&stage);
    STAGE_UNTIL(&stage, STAGE_PROMISE, stage_gone(worker));
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
        cmocka_unit_test_teardown(chord_ends_worker_and_its_memory, close_stage),
        cmocka_unit_test_teardown(worker_that_draws_without_end, close_stage),
        cmocka_unit_test_teardown(stopped_worker, close_stage),
        cmocka_unit_test_teardown(terminal_that_does_not_read, close_stage),
        cmocka_unit_test_teardown(stalled_terminal_and_other_signals, close_stage),
        cmocka_unit_test_teardown(terminal_with_output_switched_off, close_stage),
        cmocka_unit_test_teardown(leaving_does_not_wait_for_the_terminal, close_stage),
        cmocka_unit_test_teardown(signals_that_lock, close_stage),
        cmocka_unit_test_teardown(another_chord, close_stage),
        cmocka_unit_test_teardown(chords_that_are_none, close_stage),
        cmocka_unit_test_teardown(hundreds_of_chords, close_stage),
        cmocka_unit_test_teardown(one_hundred_locks, close_stage),
        cmocka_unit_test_teardown(keys_typed_ahead_are_dropped, close_stage),
        cmocka_unit_test_teardown(settings_are_put_right, close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
