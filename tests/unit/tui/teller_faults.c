/* Screens told in lines without memory, and what telling them leaves behind in memory. */
#include "failing_malloc.h"
#include "tui/teller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CANARY "KALYAPIN7f3a"

enum { SCREENS = 7 };

/* A list, a step in it, a message over it, a text, more of it, a move in it, and the list again. */
static void draw(struct lw_grid *grid, int which)
{
    struct lw_area whole = lw_area_whole(grid);
    struct lw_area field = lw_area_part(&whole, 2, 8, 2, 30);
    bool in_text = which >= 3 && which < 6;

    lw_grid_erase(grid);
    grid->keys++;
    grid->scene = in_text ? 2 : 1;
    lw_area_puts(&whole, 0, 0, LW_STYLE_TITLE, in_text ? "Form" : "List");
    lw_area_puts(&whole, 0, 30, LW_STYLE_STATUS, "kept");
    for (int row = 1; row < 6; row++)
        lw_area_puts(&whole, row, 2, LW_STYLE_PLAIN, row % 2 ? CANARY " one" : CANARY " two");
    if (in_text) {
        lw_area_puts(&field, 0, 0, LW_STYLE_FIELD, which == 3 ? "ab" : "ab " CANARY);
        lw_area_cursor(&field, 0, which == 3 ? 2 : which == 4 ? 15 : 4);
        lw_area_text(&field);
    } else {
        lw_area_puts(&whole, 1 + which % 3, 0, LW_STYLE_MARK, ">");
        lw_area_cursor(&whole, 1 + which % 3, 0);
    }
    grid->foot = which == 2 ? 4 : 7;
    lw_area_puts(&whole, 7, 0, which == 2 ? LW_STYLE_ALARM : LW_STYLE_HINT, "? help");
}

/* Every screen in turn; the one with that number, if any, while the n-th allocation fails, which is
 * told whole the next time. True while there was an allocation to fail. */
static bool tell_all_with(int failing, long n)
{
    struct lw_teller teller = {.any = false};
    struct lw_grid grid = {.plain = true};
    struct lw_buf out = LW_BUF_INIT;
    bool failed = false;

    assert_int_equal(lw_grid_resize(&grid, 8, 40), LW_OK);
    for (int which = 0; which < SCREENS; which++) {
        enum lw_status status;

        draw(&grid, which);
        assert_int_equal(lw_buf_reserve(&out, 4000), LW_OK); /* its own memory is no matter here */
        fm.until_failure = which == failing ? n : LONG_MAX;
        status = lw_teller_tell(&teller, &grid, &out);
        fm.until_failure = LONG_MAX;
        if (status != LW_OK) {
            assert_int_equal(status, LW_NO_MEMORY);
            failed = true;
            lw_buf_clear(&out);
            assert_int_equal(lw_teller_tell(&teller, &grid, &out), LW_OK);
            assert_non_null(strstr(lw_buf_text(&out), "? help"));
            assert_non_null(strstr(lw_buf_text(&out), CANARY " two"));
        }
        lw_buf_clear(&out);
    }
    lw_teller_free(&teller);
    lw_grid_free(&grid);
    lw_buf_free(&out);
    return failed;
}

static void a_lost_allocation_is_made_good_by_the_next_screen(void **state)
{
    unsigned failures = 0;
    long live = fm.live;

    (void)state;
    for (int which = 0; which < SCREENS; which++) {
        for (long n = 0; tell_all_with(which, n); n++)
            failures++;
    }
    assert_true(failures > 20);
    assert_int_equal(fm.live, live);
}

static void nothing_that_was_told_stays_in_memory(void **state)
{
    (void)state;
    fm.canary = CANARY;
    assert_false(tell_all_with(-1, 0));
    fm.canary = NULL;
    assert_int_equal(fm.found, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_allocation_is_made_good_by_the_next_screen),
        cmocka_unit_test(nothing_that_was_told_stays_in_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
