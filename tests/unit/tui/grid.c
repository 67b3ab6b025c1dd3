/* Cells: clusters, widths, clipping, and what never gets in. */
#include "fake_terminal.h"

static struct lw_grid grid_of(int rows, int columns)
{
    struct lw_grid grid = LW_GRID_INIT;

    assert_int_equal(lw_grid_resize(&grid, rows, columns), LW_OK);
    return grid;
}

static void assert_dump(const struct lw_grid *grid, bool styles, const char *expected)
{
    struct lw_buf dump = LW_BUF_INIT;

    assert_int_equal(lw_grid_dump(grid, styles, &dump), LW_OK);
    assert_string_equal(lw_buf_text(&dump), expected);
    lw_buf_free(&dump);
}

static void assert_cell(const struct lw_grid *grid, int row, int column, const char *text,
                        int columns)
{
    const struct lw_cell *cell = lw_grid_cell(grid, row, column);

    assert_non_null(cell);
    assert_int_equal(cell->len, strlen(text));
    assert_memory_equal(cell->text, text, cell->len);
    assert_int_equal(cell->columns, columns);
}

static int put(struct lw_grid *grid, int row, int column, int width, const char *text)
{
    struct lw_area area = lw_area_whole(grid);

    return lw_area_put(&area, row, column, width, LW_STYLE_PLAIN, text, strlen(text));
}

static void clusters_take_their_columns(void **state)
{
    struct lw_grid grid = grid_of(2, 12);

    (void)state;
    assert_int_equal(put(&grid, 0, 0, 12,
                         "e\xCC\x81"
                         "中й👨‍👩‍👧x"),
                     7);
    assert_cell(&grid, 0, 0, "e\xCC\x81", 1);
    assert_cell(&grid, 0, 1, "中", 2);
    assert_cell(&grid, 0, 2, "", 0);
    assert_cell(&grid, 0, 3, "й", 1);
    assert_cell(&grid, 0, 4, "👨‍👩‍👧", 2);
    assert_cell(&grid, 0, 6, "x", 1);
    assert_cell(&grid, 0, 7, "", 1);
    assert_dump(&grid, false,
                "-- 2x12, cursor 0,0 --\ne\xCC\x81"
                "中й👨‍👩‍👧x\n\n");
    lw_grid_free(&grid);
}

static void text_is_clipped_by_clusters(void **state)
{
    struct lw_grid grid = grid_of(1, 6);

    (void)state;
    assert_int_equal(put(&grid, 0, 0, 3, "a中中"), 3);
    assert_cell(&grid, 0, 3, "", 1);
    assert_int_equal(put(&grid, 0, 5, 9, "中"), 0); /* one column is left */
    assert_int_equal(put(&grid, 0, 4, 9, "中中"), 2);
    assert_int_equal(put(&grid, 0, 6, 9, "x"), 0);
    assert_int_equal(put(&grid, 0, 0, 0, "x"), 0);
    assert_int_equal(put(&grid, 0, 0, -3, "x"), 0);
    assert_int_equal(put(&grid, 1, 0, 6, "x"), 0);
    assert_int_equal(put(&grid, -1, 0, 6, "x"), 0);
    assert_rows(&grid, "a中 中\n");
    lw_grid_free(&grid);
}

static void wide_cells_are_never_halved(void **state)
{
    struct lw_grid grid = grid_of(1, 6);

    (void)state;
    put(&grid, 0, 0, 6, "中中中");
    put(&grid, 0, 1, 6, "x");
    assert_cell(&grid, 0, 0, "", 1);
    assert_cell(&grid, 0, 1, "x", 1);
    put(&grid, 0, 2, 6, "y");
    assert_cell(&grid, 0, 3, "", 1);
    put(&grid, 0, 3, 2, "文");
    assert_cell(&grid, 0, 3, "文", 2);
    assert_cell(&grid, 0, 4, "", 0);
    assert_cell(&grid, 0, 5, "", 1);
    lw_grid_free(&grid);
}

/* Every code point that could do something to a terminal, alone and behind a letter. */
static void nothing_unprintable_gets_in(void **state)
{
    struct lw_grid grid = grid_of(1, 8);
    struct lw_area area = lw_area_whole(&grid);

    (void)state;
    for (uint32_t point = 0; point < 0xE0080; point = point == 0x3000 ? 0xE0000 : point + 1) {
        struct lw_buf text = LW_BUF_INIT;
        char bytes[4];
        size_t used = 0;

        if (!lw_text_is_unprintable(point))
            continue;
        if (point >= 0x10000)
            bytes[used++] = (char)(0xF0 | (point >> 18));
        if (point >= 0x800)
            bytes[used++] =
                (char)((point >= 0x10000 ? 0x80 | ((point >> 12) & 0x3F) : 0xE0 | (point >> 12)));
        if (point >= 0x80)
            bytes[used++] =
                (char)(point >= 0x800 ? 0x80 | ((point >> 6) & 0x3F) : 0xC0 | (point >> 6));
        bytes[used++] = (char)(point >= 0x80 ? 0x80 | (point & 0x3F) : point);
        assert_int_equal(lw_buf_add(&text, bytes, used), LW_OK);
        assert_int_equal(lw_buf_addc(&text, 'a'), LW_OK);
        assert_int_equal(lw_buf_add(&text, bytes, used), LW_OK);
        lw_grid_erase(&grid);
        assert_int_equal(lw_area_put(&area, 0, 0, 8, LW_STYLE_PLAIN, text.data, text.len),
                         lw_utf8_columns(text.data, text.len));
        for (int column = 0; column < 8; column++) {
            const struct lw_cell *cell = lw_grid_cell(&grid, 0, column);

            for (size_t at = 0; at < cell->len;) {
                uint32_t inside = 0;

                at += lw_utf8_next(cell->text + at, cell->len - at, &inside);
                assert_false(lw_text_is_unprintable(inside));
            }
        }
        lw_buf_free(&text);
    }
    lw_grid_free(&grid);
}

static void bad_bytes_and_blanks(void **state)
{
    struct lw_grid grid = grid_of(1, 12);

    (void)state;
    put(&grid, 0, 0, 12, "a\xFF\xC3(\tb\nc\x1B[d");
    assert_rows(&grid, "a\xEF\xBF\xBD\xEF\xBF\xBD( b c\xEF\xBF\xBD[d\n");
    grid.ascii = true;
    put(&grid, 0, 0, 12, "\xE2\x80\xAE!");
    assert_cell(&grid, 0, 0, "?", 1);
    assert_cell(&grid, 0, 1, "!", 1);
    put(&grid, 0, 0, 12,
        "\xE2\x80\x8B"
        "z"); /* no column, no cell */
    assert_cell(&grid, 0, 0, "z", 1);
    lw_grid_free(&grid);
}

static void long_clusters_are_cut(void **state)
{
    struct lw_grid grid = grid_of(1, 4);
    char text[400] = "o";

    (void)state;
    for (size_t i = 0; i < 150; i++)
        memcpy(text + 1 + 2 * i, "\xCC\x81", 2);
    assert_int_equal(put(&grid, 0, 0, 4, text), 1);
    assert_int_equal(lw_grid_cell(&grid, 0, 0)->len, 31);
    assert_true(lw_utf8_valid(lw_grid_cell(&grid, 0, 0)->text, 31, NULL));
    lw_grid_free(&grid);
}

static void areas_clip_and_count(void **state)
{
    struct lw_grid grid = grid_of(4, 10);
    struct lw_area whole = lw_area_whole(&grid);
    struct lw_area part = lw_area_part(&whole, 1, 2, 2, 5);
    struct lw_area none = lw_area_part(&whole, 9, 99, 2, 2);
    struct lw_area far = lw_area_part(&part, 1, 3, 2147483647, 2147483647);
    struct lw_area before = lw_area_part(&whole, -1, -2, 2, 5);

    (void)state;
    assert_int_equal(lw_area_puts(&part, 0, 0, LW_STYLE_STRONG, "abcdefgh"), 5);
    assert_int_equal(lw_area_puts(&part, 2, 0, LW_STYLE_STRONG, "x"), 0);
    assert_int_equal(none.rows, 0);
    assert_int_equal(none.columns, 0);
    assert_int_equal(lw_area_puts(&none, 0, 0, LW_STYLE_PLAIN, "x"), 0);
    assert_int_equal(far.rows, 1);
    assert_int_equal(far.columns, 2);
    assert_int_equal(before.rows, 1);
    assert_int_equal(before.columns, 3);
    lw_area_fill(&far, 0, -1, 99, LW_STYLE_DIM, LW_SIGN_RULE);
    lw_area_cursor(&part, 7, -7);
    assert_dump(&grid, true,
                "-- 4x10, cursor 2,2 --\n"
                "\n"
                "  abcde\n"
                "     ──\n"
                "\n"
                "-- styles --\n"
                "1 ..sssss...\n"
                "2 .....dd...\n");
    lw_grid_free(&grid);
}

static void cut_right_blank_style(void **state)
{
    struct lw_grid grid = grid_of(3, 10);
    struct lw_area area = lw_area_whole(&grid);

    (void)state;
    assert_int_equal(lw_area_put_cut(&area, 0, 0, 5, LW_STYLE_PLAIN, "abcdef", 6), 5);
    assert_int_equal(lw_area_put_cut(&area, 0, 6, 4, LW_STYLE_PLAIN, "中文", 6), 4);
    assert_int_equal(lw_area_put_cut(&area, 1, 0, 4, LW_STYLE_PLAIN, "中文字", 9), 3);
    assert_int_equal(lw_area_put_right(&area, 1, 4, LW_STYLE_PLAIN, "xy", 2), 2);
    assert_int_equal(lw_area_put_right(&area, 2, 4, LW_STYLE_PLAIN, "abcdefgh", 8), 4);
    assert_rows(&grid, "abcd… 中文\n中…     xy\n      abc…\n");
    lw_area_blank(&area, 0, 7, 1, LW_STYLE_FIELD);
    lw_area_style(&area, 2, -2, 4, LW_STYLE_ALARM);
    assert_dump(&grid, true,
                "-- 3x10, cursor 0,0 --\n"
                "abcd…   文\n中…     xy\n      abc…\n"
                "-- styles --\n"
                "0 .......f..\n"
                "2 aa........\n");
    assert_int_equal(lw_area_putf(&area, 1, 0, LW_STYLE_PLAIN, "%d rows", 3), 6);
    lw_grid_free(&grid);
}

static void signs_have_ascii_forms(void **state)
{
    struct lw_grid grid = grid_of(1, 3);

    (void)state;
    for (int sign = 0; sign < LW_SIGN_COUNT; sign++) {
        const char *text;

        grid.ascii = false;
        text = lw_grid_sign(&grid, (enum lw_sign)sign);
        assert_int_equal(lw_utf8_columns(text, strlen(text)), 1);
        grid.ascii = true;
        text = lw_grid_sign(&grid, (enum lw_sign)sign);
        assert_int_equal(strlen(text), 1);
        assert_true(text[0] > ' ' && text[0] < 0x7F);
    }
    lw_grid_free(&grid);
}

static void sizes(void **state)
{
    struct lw_grid grid = LW_GRID_INIT;

    (void)state;
    assert_int_equal(lw_grid_resize(&grid, 0, -5), LW_OK);
    assert_int_equal(grid.rows, 1);
    assert_int_equal(grid.columns, 1);
    put(&grid, 0, 0, 5, "中");
    put(&grid, 0, 0, 5, "ab");
    assert_rows(&grid, "a\n");
    assert_int_equal(lw_grid_resize(&grid, 99999, 3), LW_OK);
    assert_int_equal(grid.rows, LW_GRID_MAX);
    assert_null(lw_grid_cell(&grid, LW_GRID_MAX, 0));
    assert_null(lw_grid_cell(&grid, 0, 3));
    assert_null(lw_grid_cell(&grid, -1, 0));
    assert_cell(&grid, 0, 0, "", 1);
    lw_grid_free(&grid);
    lw_grid_free(&grid);
    lw_grid_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_take_their_columns),
        cmocka_unit_test(text_is_clipped_by_clusters),
        cmocka_unit_test(wide_cells_are_never_halved),
        cmocka_unit_test(nothing_unprintable_gets_in),
        cmocka_unit_test(bad_bytes_and_blanks),
        cmocka_unit_test(long_clusters_are_cut),
        cmocka_unit_test(areas_clip_and_count),
        cmocka_unit_test(cut_right_blank_style),
        cmocka_unit_test(signs_have_ascii_forms),
        cmocka_unit_test(sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
