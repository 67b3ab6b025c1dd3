/* A list: selecting, scrolling, headings, what is drawn. */
#include "tui/list.h"
#include "fake_terminal.h"

#include <stdio.h>

struct rows {
    size_t count;
    size_t every; /* every so many rows begin with a heading; 0: none */
};

static size_t rows_count(void *context)
{
    return ((struct rows *)context)->count;
}

static bool rows_heading(void *context, size_t row)
{
    const struct rows *rows = context;

    return rows->every > 0 && row % rows->every == 0;
}

static int rows_draw(void *context, size_t row, const struct lw_area *area)
{
    assert_true(area->rows <= 1);
    if (rows_heading(context, row))
        return lw_area_putf(area, 0, 0, LW_STYLE_TITLE, "day %zu", row);
    return lw_area_putf(area, 0, 0, LW_STYLE_PLAIN, "row %zu", row);
}

static struct lw_list list_of(struct rows *rows)
{
    struct lw_list list = {
        .source = {.count = rows_count,
                   .draw = rows_draw,
                   .is_heading = rows_heading,
                   .context = rows},
    };

    lw_list_settle(&list);
    return list;
}

static struct lw_grid draw(struct lw_list *list, int height)
{
    struct lw_grid grid = LW_GRID_INIT;
    struct lw_area area;

    assert_int_equal(lw_grid_resize(&grid, height, 16), LW_OK);
    area = lw_area_whole(&grid);
    lw_list_draw(list, &area, "nothing here");
    return grid;
}

static void assert_drawn(struct lw_list *list, int height, const char *expected)
{
    struct lw_grid grid = draw(list, height);

    assert_rows(&grid, expected);
    lw_grid_free(&grid);
}

static void marks_the_selected_row(void **state)
{
    struct rows rows = {3, 0};
    struct lw_list list = list_of(&rows);
    struct lw_buf dump = LW_BUF_INIT;
    struct lw_grid grid;

    (void)state;
    assert_true(lw_list_move(&list, LW_MOVE_DOWN));
    grid = draw(&list, 4);
    assert_int_equal(lw_grid_dump(&grid, true, &dump), LW_OK);
    assert_string_equal(lw_buf_text(&dump), "-- 4x16, cursor 1,0 --\n"
                                            "  row 0\n"
                                            "> row 1\n"
                                            "  row 2\n"
                                            "\n"
                                            "-- styles --\n"
                                            "1 mmmmmmm.........\n");
    lw_buf_free(&dump);
    lw_grid_free(&grid);
}

static void moves_by_lines(void **state)
{
    struct rows rows = {6, 0};
    struct lw_list list = list_of(&rows);

    (void)state;
    assert_drawn(&list, 3, "> row 0\n  row 1\n  row 2\n");
    assert_false(lw_list_move(&list, LW_MOVE_UP));
    for (int i = 0; i < 3; i++)
        assert_true(lw_list_move(&list, LW_MOVE_DOWN));
    assert_drawn(&list, 3, "  row 1\n  row 2\n> row 3\n");
    assert_true(lw_list_move(&list, LW_MOVE_UP));
    assert_drawn(&list, 3, "  row 1\n> row 2\n  row 3\n");
    assert_true(lw_list_move(&list, LW_MOVE_LAST));
    assert_false(lw_list_move(&list, LW_MOVE_LAST));
    assert_false(lw_list_move(&list, LW_MOVE_DOWN));
    assert_drawn(&list, 3, "  row 3\n  row 4\n> row 5\n");
    assert_true(lw_list_move(&list, LW_MOVE_FIRST));
    assert_drawn(&list, 3, "> row 0\n  row 1\n  row 2\n");
    assert_false(lw_list_move(&list, LW_MOVE_LEFT));
}

static void moves_by_pages(void **state)
{
    struct rows rows = {20, 0};
    struct lw_list list = list_of(&rows);

    (void)state;
    assert_drawn(&list, 4, "> row 0\n  row 1\n  row 2\n  row 3\n");
    assert_true(lw_list_move(&list, LW_MOVE_PAGE_DOWN));
    assert_drawn(&list, 4, "> row 3\n  row 4\n  row 5\n  row 6\n");
    assert_true(lw_list_move(&list, LW_MOVE_DOWN));
    assert_true(lw_list_move(&list, LW_MOVE_PAGE_DOWN));
    assert_drawn(&list, 4, "  row 6\n> row 7\n  row 8\n  row 9\n");
    for (int i = 0; i < 9; i++)
        lw_list_move(&list, LW_MOVE_PAGE_DOWN);
    assert_drawn(&list, 4, "  row 16\n  row 17\n  row 18\n> row 19\n");
    assert_true(lw_list_move(&list, LW_MOVE_PAGE_UP));
    assert_drawn(&list, 4, "  row 13\n  row 14\n  row 15\n> row 16\n");
    for (int i = 0; i < 9; i++)
        lw_list_move(&list, LW_MOVE_PAGE_UP);
    assert_drawn(&list, 4, "> row 0\n  row 1\n  row 2\n  row 3\n");
}

static void headings_are_passed_and_stay_in_sight(void **state)
{
    struct rows rows = {9, 3}; /* headings 0, 3, 6 */
    struct lw_list list = list_of(&rows);
    size_t row = 99;

    (void)state;
    assert_true(lw_list_selected(&list, &row));
    assert_int_equal(row, 1);
    assert_drawn(&list, 4, "day 0\n> row 1\n  row 2\nday 3\n");
    lw_list_move(&list, LW_MOVE_DOWN);
    lw_list_move(&list, LW_MOVE_DOWN);
    assert_drawn(&list, 4, "  row 1\n  row 2\nday 3\n> row 4\n");
    lw_list_move(&list, LW_MOVE_LAST);
    assert_drawn(&list, 4, "  row 5\nday 6\n  row 7\n> row 8\n");
    for (int i = 0; i < 9; i++)
        lw_list_move(&list, LW_MOVE_UP);
    assert_drawn(&list, 4, "day 0\n> row 1\n  row 2\nday 3\n"); /* not only row 1 */
    lw_list_select(&list, 6);
    assert_int_equal(list.cursor, 7);
    lw_list_select(&list, 99);
    assert_int_equal(list.cursor, 8);
    lw_list_move(&list, LW_MOVE_FIRST);
    assert_drawn(&list, 1, "> row 1\n"); /* one line: the row, not its heading */
}

static void no_rows(void **state)
{
    struct rows rows = {0, 0};
    struct lw_list list = list_of(&rows);
    size_t row = 99;

    (void)state;
    for (int move = LW_MOVE_UP; move <= LW_MOVE_LAST; move++)
        assert_false(lw_list_move(&list, (enum lw_move)move));
    assert_false(lw_list_selected(&list, &row));
    assert_int_equal(row, 99);
    assert_drawn(&list, 2, "  nothing here\n\n");
}

static void only_headings(void **state)
{
    struct rows rows = {4, 1};
    struct lw_list list = list_of(&rows);
    size_t row = 99;

    (void)state;
    for (int move = LW_MOVE_UP; move <= LW_MOVE_LAST; move++)
        assert_false(lw_list_move(&list, (enum lw_move)move));
    assert_false(lw_list_selected(&list, &row));
    assert_drawn(&list, 2, "day 0\nday 1\n");
}

static void follows_its_source(void **state)
{
    struct rows rows = {20, 0};
    struct lw_list list = list_of(&rows);

    (void)state;
    assert_drawn(&list, 3, "> row 0\n  row 1\n  row 2\n");
    lw_list_select(&list, 15);
    assert_drawn(&list, 3, "  row 13\n  row 14\n> row 15\n");
    rows.count = 5;
    assert_drawn(&list, 3, "  row 2\n  row 3\n> row 4\n");
    assert_drawn(&list, 9, "  row 0\n  row 1\n  row 2\n  row 3\n> row 4\n\n\n\n\n");
    rows.count = 0;
    assert_drawn(&list, 1, "  nothing here\n");
    rows.count = 2;
    assert_drawn(&list, 3, "  row 0\n> row 1\n\n"); /* the nearest to where it was */
}

/* Every size and any moves: the selected row is always in sight. */
static void never_out_of_sight(void **state)
{
    (void)state;
    for (size_t count = 1; count < 12; count++) {
        for (size_t every = 0; every < 4; every++) {
            struct rows rows = {count, every};
            struct lw_list list = list_of(&rows);
            uint32_t seed = (uint32_t)(count * 31 + every);

            for (int i = 0; i < 60; i++) {
                int height = 1 + (int)(seed >> 9) % 6;
                struct lw_grid grid = draw(&list, height);

                if (lw_list_selected(&list, &(size_t){0})) {
                    assert_true(list.cursor >= list.top);
                    assert_true(list.cursor < list.top + (size_t)height);
                    assert_int_equal(lw_grid_cell(&grid, grid.cursor_row, 0)->text[0], '>');
                }
                lw_grid_free(&grid);
                seed = seed * 1664525u + 1013904223u;
                lw_list_move(&list, (enum lw_move)((seed >> 16) % 8));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_the_selected_row),
        cmocka_unit_test(moves_by_lines),
        cmocka_unit_test(moves_by_pages),
        cmocka_unit_test(headings_are_passed_and_stay_in_sight),
        cmocka_unit_test(no_rows),
        cmocka_unit_test(only_headings),
        cmocka_unit_test(follows_its_source),
        cmocka_unit_test(never_out_of_sight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
