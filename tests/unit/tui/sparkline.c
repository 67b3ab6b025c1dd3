/* The sparkline: its heights, its dates, where there is room. */
#include "view_stage.h"

#include "tui/sparkline.h"

static void expect_line(size_t count, const uint64_t *stated, int columns, bool ascii,
                        const char *expected)
{
    struct lw_bar *bar = calloc(count, sizeof *bar);
    const struct lw_sparkline line = {.scale = LW_SCALE_DAYS,
                                      .first = 16408, /* 2014-12-04 */
                                      .bar = bar,
                                      .count = count};
    struct lw_grid grid = LW_GRID_INIT;
    struct lw_buf dump = LW_BUF_INIT;
    struct lw_area area;

    assert_non_null(bar);
    for (size_t i = 0; i < count; i++)
        bar[i].stated = stated[i % 8];
    assert_int_equal(lw_grid_resize(&grid, 1, columns), LW_OK);
    grid.ascii = ascii;
    area = lw_area_whole(&grid);
    lw_sparkline_draw(&line, &area);
    assert_int_equal(lw_grid_dump(&grid, false, &dump), LW_OK);
    if (strstr(dump.data, expected) == NULL)
        fail_msg("\"%s\" is not to be seen: %s", expected, dump.data);
    lw_buf_free(&dump);
    lw_grid_free(&grid);
    free(bar);
}

static void heights_are_the_numbers(void **state)
{
    static const uint64_t rising[8] = {1, 0, 3, 4, 5, 6, 7, 8}, few[8] = {1, 1000};

    (void)state;
    expect_line(8, rising, 60, false,
                "  ▁ ▃▄▅▆▇█                           2014-12-04 – 2014-12-11\n");
    expect_line(8, rising, 60, true,
                "  . ::==##                           2014-12-04 - 2014-12-11\n");
    expect_line(2, few, 60, false, "  ▁█ "); /* one is never drawn as none */
    expect_line(1, few, 60, false, "2014-12-04\n");
    /* several days a column, where there is no room for each */
    expect_line(120, rising, 60, false, "  ▃█▃█▃█");
}

static void it_takes_a_row_where_there_is_room(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_expect(stage, "  ▂▂   ▂▂▂ ▆█ ▂ ");
    view_stage_expect(stage, "2014-12-04 – 2014-12-16");
    view_stage_resize(stage, 10, 40);
    view_stage_expect_not(stage, "2014-12-04 –");
    view_stage_resize(stage, 24, 80);
    view_stage_type(stage, "fGrozny\r");
    view_stage_expect(stage, "2014-12-04 – 2014-12-14");
    view_stage_type(stage, "f kind:arson\r");
    view_stage_expect(stage, "  █ ");
    fixture_entry(stage->fixture, NULL, "E50", "2015-01-01", "a call");
    view_stage_changed(stage);
    view_stage_keys(stage, "F");
    view_stage_expect(stage, "2014-12-04 – 2015-01-01");
    view_stage_free(stage);
    stage = view_stage_new(STAGE_EMPTY, 24, 80);
    view_stage_expect(stage, "no entries yet");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heights_are_the_numbers),
        cmocka_unit_test(it_takes_a_row_where_there_is_room),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
