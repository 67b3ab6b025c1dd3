/* What a drill says: golden screens of what is good, and of what is not, which must stand out. */
#include "golden.h"
#include "script_terminal.h"

#include "tui/drill.h"

struct world {
    struct lw_config config;
    struct lw_program_request request;
    struct drill_shared shared;
    struct drill drill;
};

static struct world world;

static int prepare(void **state)
{
    static char name[] = "/home/anna/.config/lapwing/lapwing.ini";

    (void)state;
    memset(&world, 0, sizeof world);
    lw_config_init(&world.config);
    world.config.name = name;
    world.config.emergency.countdown_s = LW_COUNTDOWN;
    world.request = (struct lw_program_request){.config = &world.config};
    world.drill.request = &world.request;
    world.drill.shared = &world.shared;
    memcpy(world.drill.chord, "Ctrl-\\", 7);
    (void)snprintf(world.drill.place.folder, sizeof world.drill.place.folder,
                   "/tmp/lapwing-drill-abcdefghjkmn");
    return 0;
}

/* The pages of what it says, each as it stands after one more key. */
static void golden(const char *name, int rows, int columns)
{
    struct script_terminal script;
    const struct lw_program_hooks hooks = {.key = NULL};
    const char *body[DRILL_PARAGRAPHS];
    struct lw_gate_page page = {.title = "Drill, with a practice vault",
                                .body = body,
                                .body_count = world.drill.text.count,
                                .paged = true,
                                .letters = world.drill.text.letters,
                                .hint = world.drill.text.hint};
    struct lw_buf all = LW_BUF_INIT;
    struct lw_error err;
    struct lw_gate gate;
    char path[128];

    for (size_t i = 0; i < world.drill.text.count; i++)
        body[i] = world.drill.text.paragraph[i];
    script_init(&script, rows, columns, KEEP " " KEEP " " KEEP " " KEEP " " KEEP "q");
    assert_int_equal(lw_gate_open(&gate, &script.base, &hooks, &err), LW_OK);
    assert_int_equal(lw_gate_ask(&gate, &page), LW_GATE_LETTER);
    lw_gate_close(&gate);
    for (size_t i = 0; i < script.count; i++) {
        if (i == 0 || strcmp(script.picture[i].data, script.picture[i - 1].data) != 0)
            assert_int_equal(lw_buf_adds(&all, script.picture[i].data), LW_OK);
    }
    (void)snprintf(path, sizeof path, "tests/golden/drill-%s-%dx%d.txt", name, columns, rows);
    if (getenv("LW_GOLDEN") != NULL)
        golden_write(path, &all);
    else
        golden_compare(path, &all);
    lw_buf_free(&all);
    script_clear(&script);
}

static void both(const char *name)
{
    golden(name, 24, 80);
    golden(name, 10, 40);
}

static bool says(const char *text)
{
    for (size_t i = 0; i < world.drill.text.count; i++) {
        if (strstr(world.drill.text.paragraph[i], text) != NULL)
            return true;
    }
    return false;
}

/* ---- what is good ---- */

static void good_lock(void)
{
    world.drill.step = DRILL_LOCK;
    world.drill.seen = (struct drill_seen){
        .locked = true, .by_key = true, .worker = 4711, .lock_us = 3200, .presses = 1};
    world.drill.found = (struct drill_found){.gone = true, .searched = true};
    world.shared.looked = true;
    world.shared.copies = 2;
}

static void good_wipe(void)
{
    world.drill.step = DRILL_WIPE;
    world.drill.seen = (struct drill_seen){
        .counted = true,
        .held = true,
        .hold_us = 1030000,
        .presses = 26,
        .press_us = {0, 500000, 1300000},
        .wiping = true,
        .synced = true,
        .kept = true,
        .ended = true,
        .have_before = true,
        .have_after = true,
        .report = {.keys_gone = true, .keys_us = 5400, .rest_gone = true, .total_us = 2110000}};
    world.drill.found = (struct drill_found){.file_gone = true};
    world.shared.proved = true;
    world.shared.on_left = LW_NO_INPUT;
    world.shared.on_mixed = LW_WRONG_PASSPHRASE;
    world.shared.on_whole = LW_OK;
}

static void good_duress(void)
{
    world.drill.step = DRILL_DURESS;
    world.shared.opened = world.shared.proved = true;
    world.shared.open_us = 1210000;
    world.shared.on_left = LW_WRONG_PASSPHRASE;
    world.shared.again = LW_OK;
    world.shared.on_whole = LW_OK;
}

static void pages_before_each_step(void **state)
{
    static const char *const names[] = {"lock", "unlock", "stop", "wipe", "duress", "line"};

    (void)state;
    drill_say_welcome(&world.drill);
    both("welcome");
    for (int step = 0; step < DRILL_STEPS; step++) {
        world.drill.step = (enum drill_step)step;
        drill_say_step(&world.drill);
        both(names[step]);
    }
    drill_say_locked(&world.drill);
    both("locked");
}

static void pages_after(void **state)
{
    (void)state;
    good_lock();
    assert_true(drill_say_result(&world.drill));
    both("lock-done");
    world.drill.reached[DRILL_LOCK].done = true;
    good_wipe();
    assert_true(drill_say_result(&world.drill));
    both("wipe-done");
    world.drill.reached[DRILL_WIPE].done = true;
    good_duress();
    assert_true(drill_say_result(&world.drill));
    both("duress-done");
    world.drill.reached[DRILL_DURESS].done = true;
    drill_say_end(&world.drill);
    both("end");
    assert_false(says("NOT PROVED"));
}

/* ---- what is not ---- */

/* Says it, and the table at the end does not call it proved. */
static void assert_not_proved(const char *text)
{
    enum drill_step step = world.drill.step;

    if (drill_say_result(&world.drill))
        world.drill.reached[step].done = true;
    if (!says(text))
        fail_msg("\"%s\" is not said", text);
    if (world.drill.reached[step].done) {
        drill_say_end(&world.drill);
        assert_true(says("NOT PROVED"));
    }
    world.drill.reached[step] = (struct drill_reached){.done = false};
}

static void a_lock_that_leaves_something(void **state)
{
    (void)state;
    good_lock();
    world.drill.found.gone = false;
    assert_not_proved("is still there");
    good_lock();
    world.drill.found.copies = 3;
    assert_not_proved("stands 3 times in the memory");
    good_lock();
    world.drill.found.searched = false;
    assert_not_proved("could not be searched");
    good_lock();
    world.drill.found.in_file = 1;
    assert_not_proved("in the file in clear");
    good_lock();
    world.shared.looked = false;
    assert_not_proved("could not be searched while it was open");
}

static void a_wipe_that_leaves_something(void **state)
{
    (void)state;
    good_wipe();
    world.drill.found.pages_same = 7;
    assert_not_proved("7 of 7 are the same");
    good_wipe();
    world.drill.seen.have_after = false;
    assert_not_proved("could not be read back");
    good_wipe();
    world.shared.on_left = LW_OK;
    assert_not_proved("IT STILL OPENS");
    good_wipe();
    world.shared.on_mixed = LW_OK;
    assert_not_proved("IT OPENS");
    good_wipe();
    world.shared.on_mixed = LW_IO;
    assert_not_proved("could not be tried");
    good_wipe();
    world.drill.seen.synced = false;
    assert_not_proved("THE KEYS WERE NOT DESTROYED");
    good_wipe();
    world.shared.proved = false;
    assert_not_proved("could not be tried");
    good_wipe();
    world.shared.on_whole = LW_WRONG_PASSPHRASE;
    assert_not_proved("proves little");
}

static void a_duress_that_leaves_something(void **state)
{
    (void)state;
    good_duress();
    world.shared.on_left = LW_OK;
    assert_not_proved("You typed the ordinary passphrase");
    good_duress();
    world.shared.again = LW_WRONG_PASSPHRASE;
    assert_not_proved("opens nothing either");
    good_duress();
    world.shared.on_left = LW_BUSY;
    assert_not_proved(lw_status_message(LW_BUSY));
}

/* What was measured is never said to be quicker than it was. */
static void times_are_rounded_up(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } cases[] = {{1, "in 1 ms:"},        {1000, "in 1 ms:"},     {1001, "in 2 ms:"},
                 {999000, "in 999 ms:"}, {999001, "in 1.0 s:"},  {1000001, "in 1.1 s:"},
                 {1900000, "in 1.9 s:"}, {1900001, "in 2.0 s:"}, {61040000, "in 61.1 s:"}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        good_lock();
        world.drill.seen.lock_us = cases[i].us;
        assert_true(drill_say_result(&world.drill));
        if (!says(cases[i].text))
            fail_msg("%s: %s", cases[i].text, world.drill.text.paragraph[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pages_before_each_step, prepare),
        cmocka_unit_test_setup(pages_after, prepare),
        cmocka_unit_test_setup(a_lock_that_leaves_something, prepare),
        cmocka_unit_test_setup(a_wipe_that_leaves_something, prepare),
        cmocka_unit_test_setup(a_duress_that_leaves_something, prepare),
        cmocka_unit_test_setup(times_are_rounded_up, prepare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
