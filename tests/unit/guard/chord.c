/* The lock key, played with a clock that the test moves: what is a hold, what is three presses, and
 * what is neither. */
#include "guard/chord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NOTHING = -1 };

struct player {
    struct guard_chord chord;
    int64_t now;
    int64_t held_at;   /* NOTHING: never */
    int64_t tapped_at; /* the same */
};

static void begin(struct player *player)
{
    *player = (struct player){.now = 1000000, .held_at = NOTHING, .tapped_at = NOTHING};
}

/* Asks at the moment at which the supervisor's timer would. */
static void wait_until(struct player *player, int64_t at)
{
    int64_t due = guard_chord_due(&player->chord);

    if (player->tapped_at == NOTHING && due >= 0 && due <= at &&
        guard_chord_tapped(&player->chord, due > player->now ? due : player->now))
        player->tapped_at = due - 1000000;
    player->now = at;
}

static void press_between(struct player *player, int64_t from, int64_t at)
{
    wait_until(player, 1000000 + at);
    if (guard_chord_press(&player->chord, 1000000 + from, 1000000 + at) &&
        player->held_at == NOTHING)
        player->held_at = at;
}

static void press(struct player *player, int64_t at)
{
    press_between(player, at, at);
}

static void end(struct player *player)
{
    wait_until(player, player->now + 60000);
}

/* The key goes down at `at` and up after `held`; returns the last press that it sent. */
static int64_t hold(struct player *player, int64_t at, int64_t held, int64_t delay, int64_t rate)
{
    int64_t last = at;

    press(player, at);
    for (int64_t i = 0; delay + i * 1000 / rate <= held; i++) {
        last = at + delay + i * 1000 / rate;
        press(player, last);
    }
    return last;
}

static void every_keyboard_that_is_held_for_long(void **state)
{
    (void)state;
    for (int64_t delay = 200; delay <= 1000; delay += 50) {
        for (int64_t rate = 10; rate <= 50; rate++) {
            struct player player;

            begin(&player);
            hold(&player, 0, 3000, delay, rate);
            end(&player);
            if (player.held_at < 1000 || player.held_at > 1000 + 4 * 1000 / rate)
                fail_msg("delay %d, rate %d: held at %d", (int)delay, (int)rate,
                         (int)player.held_at);
            assert_int_equal(player.tapped_at, NOTHING);
        }
    }
}

static void every_keyboard_that_is_let_go_before(void **state)
{
    (void)state;
    for (int64_t delay = 200; delay <= 1000; delay += 50) {
        for (int64_t rate = 10; rate <= 50; rate++) {
            for (int64_t held = 0; held < 1000; held += 90) {
                struct player player;

                begin(&player);
                hold(&player, 0, held, delay, rate);
                end(&player);
                assert_int_equal(player.held_at, NOTHING);
                assert_int_equal(player.tapped_at, NOTHING);
            }
        }
    }
}

/* Neither of the two may be long enough, whatever they sum up to. (One repeat alone, after 300 ms
 * exactly, cannot be told from a press; it is left out.) */
static void two_presses_are_two_locks(void **state)
{
    (void)state;
    for (int64_t gap = 135; gap <= 3000; gap += 35) {
        for (int64_t held = 0; held <= 840; held += 60) {
            struct player player;
            int64_t last;

            if (held == 300)
                continue;
            begin(&player);
            last = hold(&player, 0, held, 300, 30);
            hold(&player, last + gap, held, 300, 30);
            end(&player);
            if (player.held_at != NOTHING || player.tapped_at != NOTHING)
                fail_msg("gap %d, held %d: %d %d", (int)gap, (int)held, (int)player.held_at,
                         (int)player.tapped_at);
        }
    }
}

static void three_presses_within_two_seconds(void **state)
{
    (void)state;
    for (int64_t first = 140; first <= 1800; first += 20) {
        for (int64_t second = 140; second <= 1800; second += 20) {
            struct player player;
            bool wanted = first + second <= 2000;

            begin(&player);
            press(&player, 0);
            press(&player, first);
            press(&player, first + second);
            end(&player);
            assert_int_equal(player.held_at, NOTHING);
            assert_int_equal(player.tapped_at, wanted ? first + second + GUARD_REPEAT_MS : NOTHING);
        }
    }
}

static void the_newest_three_count(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    press(&player, 0);
    press(&player, 5000);
    press(&player, 9000);
    press(&player, 9500);
    end(&player);
    assert_int_equal(player.tapped_at, NOTHING);
    begin(&player);
    press(&player, 0);
    press(&player, 5000);
    press(&player, 5700);
    press(&player, 6400);
    end(&player);
    assert_int_equal(player.tapped_at, 6400 + GUARD_REPEAT_MS);
}

static void short_holds_are_presses_too(void **state)
{
    struct player player;
    int64_t last;

    (void)state;
    begin(&player);
    last = hold(&player, 0, 400, 300, 30);
    last = hold(&player, last + 200, 0, 300, 30);
    end(&player);
    assert_int_equal(player.tapped_at, NOTHING);
    begin(&player);
    press(&player, 0);
    press(&player, 500);
    hold(&player, 1000, 2500, 250, 30);
    end(&player);
    assert_true(player.tapped_at == 1130 || player.held_at == 2000);
}

/* All repeats of a hold at once: no more than one press, however many they are. */
static void a_burst_says_nothing_about_time(void **state)
{
    (void)state;
    for (int64_t stall = 200; stall <= 10000; stall += 100) {
        for (int lines = 1; lines <= 100; lines *= 10) {
            struct player player;

            begin(&player);
            press(&player, 0);
            for (int i = 0; i < lines; i++)
                press(&player, stall + i % 7);
            end(&player);
            assert_int_equal(player.held_at, NOTHING);
            assert_int_equal(player.tapped_at, NOTHING);
        }
    }
}

/* The key is held from 0; the line delivers nothing for a while and goes on then. */
static void a_hold_over_a_line_that_stalls_is_seen_later(void **state)
{
    (void)state;
    for (int64_t stall = 0; stall <= 4000; stall += 50) {
        struct player player;

        begin(&player);
        press(&player, 0);
        for (int64_t at = 250; at <= 8000; at += 33) {
            if (at < 400 || at >= 400 + stall)
                press(&player, at);
        }
        end(&player);
        assert_true(player.held_at >= 1000 && player.held_at <= 400 + stall + 1200);
    }
}

/* Nobody looked for a time: what came then may have come at any moment of it. */
static void a_supervisor_that_was_kept_waiting(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    press(&player, 0);
    press_between(&player, 0, 400);
    press_between(&player, 400, 800);
    press_between(&player, 800, 810);
    end(&player);
    assert_int_equal(player.tapped_at, NOTHING);
    assert_int_equal(player.held_at, NOTHING);
}

static void unsteady_repeats(void **state)
{
    (void)state;
    srand(5);
    for (int round = 0; round < 2000; round++) {
        struct player player;
        int64_t delay = 250 + rand() % 400;
        int64_t length = rand() % 900;
        int64_t at = delay;

        begin(&player);
        press(&player, 0);
        for (; at < length; at += 15 + rand() % 100)
            press(&player, at);
        end(&player);
        assert_int_equal(player.held_at, NOTHING);
        assert_int_equal(player.tapped_at, NOTHING);
    }
}

static void down_and_up(void **state)
{
    struct guard_chord chord = {.any = false};

    (void)state;
    assert_false(guard_chord_is_down(&chord, 0));
    assert_int_equal(guard_chord_due(&chord), -1);
    (void)guard_chord_press(&chord, 500, 500);
    assert_true(guard_chord_is_down(&chord, 600));
    assert_false(guard_chord_is_down(&chord, 500 + GUARD_REPEAT_MS));
    guard_chord_forget(&chord);
    assert_false(guard_chord_is_down(&chord, 501));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_keyboard_that_is_held_for_long),
        cmocka_unit_test(every_keyboard_that_is_let_go_before),
        cmocka_unit_test(two_presses_are_two_locks),
        cmocka_unit_test(three_presses_within_two_seconds),
        cmocka_unit_test(the_newest_three_count),
        cmocka_unit_test(short_holds_are_presses_too),
        cmocka_unit_test(a_burst_says_nothing_about_time),
        cmocka_unit_test(a_hold_over_a_line_that_stalls_is_seen_later),
        cmocka_unit_test(a_supervisor_that_was_kept_waiting),
        cmocka_unit_test(unsteady_repeats),
        cmocka_unit_test(down_and_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
