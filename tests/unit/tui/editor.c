/* The editor by hand: steps, wrap, undo, paste, limits, drawing. */
#include "tui/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAMILY "👨\u200D👩\u200D👧\u200D👦"
#define ACUTE  "\u0301"
#define BREVE  "\u0306"

static struct lw_editor editor;

static void start(const char *text)
{
    lw_editor_clear(&editor);
    lw_editor_init(&editor, 0, false);
    assert_int_equal(lw_editor_set_text(&editor, text, strlen(text), NULL), LW_OK);
}

static int finish(void **state)
{
    (void)state;
    lw_editor_clear(&editor);
    return 0;
}

static void type(const char *text)
{
    assert_int_equal(lw_editor_type(&editor, text, strlen(text), NULL), LW_OK);
}

static void paste(const char *text)
{
    assert_int_equal(lw_editor_paste(&editor, text, strlen(text), false, NULL), LW_OK);
}

static void move(enum lw_editor_step step, unsigned times)
{
    while (times-- > 0)
        assert_int_equal(lw_editor_move(&editor, step, NULL), LW_OK);
}

static void erase(enum lw_editor_step step)
{
    assert_int_equal(lw_editor_erase(&editor, step, NULL), LW_OK);
}

static void expect(const char *text)
{
    assert_string_equal(lw_buf_text(&editor.text), text);
    assert_int_equal(editor.text.len, strlen(text));
}

/* The text with a bar at the cursor. */
static void expect_at(const char *with_bar)
{
    struct lw_buf text = LW_BUF_INIT;

    assert_int_equal(lw_buf_add(&text, lw_buf_text(&editor.text), editor.cursor), LW_OK);
    assert_int_equal(lw_buf_addc(&text, '|'), LW_OK);
    assert_int_equal(lw_buf_adds(&text, lw_buf_text(&editor.text) + editor.cursor), LW_OK);
    assert_string_equal(lw_buf_text(&text), with_bar);
    lw_buf_free(&text);
}

/* The rows in a window that holds them all, with a slash between them. */
static void expect_rows(unsigned width, const char *rows)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_editor_view view;

    assert_int_equal(lw_editor_layout(&editor, width, 100, &view, NULL), LW_OK);
    for (size_t i = 0; i < view.count; i++) {
        size_t from;
        size_t to;

        lw_editor_row(&editor, i, &from, &to);
        if (i > 0)
            assert_int_equal(lw_buf_addc(&text, '/'), LW_OK);
        assert_int_equal(lw_buf_add(&text, lw_buf_text(&editor.text) + from, to - from), LW_OK);
    }
    assert_string_equal(lw_buf_text(&text), rows);
    lw_buf_free(&text);
}

static void text_stays_as_it_was_typed(void **state)
{
    static const char text[] = "e" ACUTE "и" BREVE " " FAMILY "\n\ttab\r\n中文 \u200B\u202Eend\r";
    struct lw_buf out = LW_BUF_INIT;

    (void)state;
    start("");
    type(text);
    expect(text);
    start(text);
    expect(text);
    assert_int_equal(editor.replaced, 0);
    assert_int_equal(lw_editor_text(&editor, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), text);
    lw_buf_free(&out);
}

static void foreign_bytes_are_replaced_and_counted(void **state)
{
    (void)state;
    start("");
    assert_int_equal(lw_editor_paste(&editor, "a\xE2\x82z\0\xFFq", 7, false, NULL), LW_OK);
    expect("a\uFFFD\uFFFDz\uFFFD\uFFFDq");
    assert_int_equal(editor.replaced, 4);
    assert_int_equal(lw_editor_type(&editor, "\xC0", 1, NULL), LW_OK);
    assert_int_equal(editor.replaced, 5);
    assert_int_equal(lw_editor_set_text(&editor, "\x80\x80", 2, NULL), LW_OK);
    assert_int_equal(editor.replaced, 2);
    expect("\uFFFD\uFFFD");
}

static void steps_take_whole_clusters(void **state)
{
    (void)state;
    start("e" ACUTE "и" BREVE FAMILY "\r\nx");
    move(LW_STEP_RIGHT, 1);
    expect_at("e" ACUTE "|и" BREVE FAMILY "\r\nx");
    move(LW_STEP_RIGHT, 2);
    expect_at("e" ACUTE "и" BREVE FAMILY "|\r\nx");
    move(LW_STEP_RIGHT, 1);
    expect_at("e" ACUTE "и" BREVE FAMILY "\r\n|x");
    erase(LW_STEP_LEFT);
    erase(LW_STEP_LEFT);
    expect_at("e" ACUTE "и" BREVE "|x");
    move(LW_STEP_LEFT, 1);
    erase(LW_STEP_RIGHT);
    expect_at("e" ACUTE "|x");
    move(LW_STEP_TEXT_START, 1);
    assert_int_equal(lw_editor_move(&editor, LW_STEP_LEFT, NULL), LW_DONE);
    assert_int_equal(lw_editor_erase(&editor, LW_STEP_LEFT, NULL), LW_DONE);
    move(LW_STEP_TEXT_END, 1);
    assert_int_equal(lw_editor_move(&editor, LW_STEP_RIGHT, NULL), LW_DONE);
    assert_int_equal(lw_editor_erase(&editor, LW_STEP_RIGHT, NULL), LW_DONE);
    assert_int_equal(lw_editor_erase(&editor, LW_STEP_LINE_END, NULL), LW_DONE);
}

static void accent_typed_later_joins(void **state)
{
    (void)state;
    start("");
    type("e");
    type(ACUTE);
    expect_at("e" ACUTE "|");
    erase(LW_STEP_LEFT);
    expect_at("|");
    start("\n" ACUTE "x");
    move(LW_STEP_RIGHT, 1);
    type("e");
    expect_at("\ne" ACUTE "|x");
}

static void words_and_lines(void **state)
{
    (void)state;
    start("Стою у дома, не\u0301т света\nend");
    move(LW_STEP_WORD_RIGHT, 1);
    expect_at("Стою |у дома, не\u0301т света\nend");
    move(LW_STEP_WORD_RIGHT, 2);
    expect_at("Стою у дома, |не\u0301т света\nend");
    move(LW_STEP_WORD_LEFT, 1);
    expect_at("Стою у |дома, не\u0301т света\nend");
    erase(LW_STEP_WORD_RIGHT);
    expect_at("Стою у |не\u0301т света\nend");
    erase(LW_STEP_WORD_LEFT);
    expect_at("Стою |не\u0301т света\nend");
    erase(LW_STEP_LINE_END);
    expect_at("Стою |\nend");
    erase(LW_STEP_LINE_END);
    expect_at("Стою |end");
    erase(LW_STEP_LINE_START);
    expect_at("|end");
    move(LW_STEP_LINE_END, 1);
    expect_at("end|");
    move(LW_STEP_LINE_START, 1);
    expect_at("|end");
    start("a\r\nb");
    move(LW_STEP_LINE_END, 1);
    expect_at("a|\r\nb");
    erase(LW_STEP_LINE_END);
    expect_at("a|b");
}

static void rows_break_at_blanks(void **state)
{
    (void)state;
    start("");
    expect_rows(6, "");
    start("hello world");
    expect_rows(6, "hello /world"); /* 5 columns, and the cursor's */
    expect_rows(7, "hello /world");
    expect_rows(12, "hello world");
    expect_rows(4, "hel/lo /wor/ld");
    start("hello ");
    expect_rows(6, "hello /"); /* the cursor after the blank is seen */
    start("hello  x");
    expect_rows(6, "hello / x");
    start("a\n\nb\n");
    expect_rows(6, "a\n/\n/b\n/");
    start("ab中文中文");
    expect_rows(6, "ab中/文中/文");
    expect_rows(2, "a/b/中/文/中/文");
    expect_rows(1, "a/b/中/文/中/文");
    start("e" ACUTE "e" ACUTE "e" ACUTE "e" ACUTE);
    expect_rows(4, "e" ACUTE "e" ACUTE "e" ACUTE "/e" ACUTE);
    start("a\tb");
    expect_rows(10, "a\tb");
    expect_rows(9, "a\t/b");
    start("a " FAMILY FAMILY);
    expect_rows(5, "a " FAMILY "/" FAMILY);
}

/* A row of what cannot be seen ends too. */
static void invisible_rows_end(void **state)
{
    struct lw_editor_view view;
    size_t from;
    size_t to;

    (void)state;
    start("");
    for (int i = 0; i < 5000; i++)
        type("\u200B");
    assert_int_equal(lw_editor_layout(&editor, 20, 24, &view, NULL), LW_OK);
    assert_in_range(view.count, 2, 24);
    lw_editor_row(&editor, view.first, &from, &to);
    assert_in_range(to - from, 3, 6000);
    assert_int_equal(view.row, view.count - 1);
}

static void home_and_end_take_the_row_first(void **state)
{
    struct lw_editor_view view;

    (void)state;
    start("one two three\nfour");
    assert_int_equal(lw_editor_layout(&editor, 8, 5, &view, NULL), LW_OK);
    assert_int_equal(view.count, 3); /* "one two " "three" "four" */
    move(LW_STEP_END, 1);
    expect_at("one two| three\nfour");
    move(LW_STEP_END, 1);
    expect_at("one two three|\nfour");
    move(LW_STEP_HOME, 1);
    expect_at("one two |three\nfour");
    move(LW_STEP_HOME, 1);
    expect_at("|one two three\nfour");
    assert_int_equal(lw_editor_move(&editor, LW_STEP_HOME, NULL), LW_DONE);
}

static void up_and_down_keep_the_column(void **state)
{
    struct lw_editor_view view;

    (void)state;
    start("abcdef\nx\n中文中文\nend");
    assert_int_equal(lw_editor_layout(&editor, 20, 10, &view, NULL), LW_OK);
    move(LW_STEP_RIGHT, 5);
    move(LW_STEP_DOWN, 1);
    expect_at("abcdef\nx|\n中文中文\nend");
    move(LW_STEP_DOWN, 1);
    expect_at("abcdef\nx\n中文|中文\nend"); /* column 4: 5 is inside a cluster */
    move(LW_STEP_DOWN, 1);
    expect_at("abcdef\nx\n中文中文\nend|");
    assert_int_equal(lw_editor_move(&editor, LW_STEP_DOWN, NULL), LW_DONE);
    move(LW_STEP_UP, 3);
    expect_at("abcde|f\nx\n中文中文\nend");
    assert_int_equal(lw_editor_move(&editor, LW_STEP_UP, NULL), LW_DONE);
}

static void window_follows_the_cursor(void **state)
{
    struct lw_editor_view view;

    (void)state;
    start("0\n1\n2\n3\n4\n5\n6\n7\n8\n9");
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 0 && view.count == 3 && view.row == 0 && !view.above && view.below);
    move(LW_STEP_DOWN, 3);
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 1 && view.row == 2 && view.above && view.below);
    move(LW_STEP_PAGE_DOWN, 1);
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 3 && view.row == 2);
    move(LW_STEP_PAGE_DOWN, 2);
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 7 && view.row == 2 && !view.below);
    assert_int_equal(editor.cursor, 18);
    move(LW_STEP_PAGE_UP, 2);
    assert_int_equal(editor.cursor, 10);
    move(LW_STEP_TEXT_START, 1);
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 0 && view.row == 0);
    move(LW_STEP_TEXT_END, 1);
    assert_int_equal(lw_editor_layout(&editor, 1, 1, &view, NULL), LW_OK);
    assert_true(view.count == 1 && view.row == 0 && view.column == 0);
    erase(LW_STEP_TEXT_START);
    assert_int_equal(lw_editor_layout(&editor, 10, 3, &view, NULL), LW_OK);
    assert_true(view.first == 0 && view.count == 1 && !view.above && !view.below);
}

static void undo_goes_by_runs(void **state)
{
    (void)state;
    start("x");
    move(LW_STEP_TEXT_END, 1);
    type("a");
    type("b");
    type("c");
    move(LW_STEP_LEFT, 1);
    type("d");
    erase(LW_STEP_LEFT);
    erase(LW_STEP_LEFT);
    erase(LW_STEP_RIGHT);
    expect_at("xa|");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("xa|c");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("xabd|c");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("xab|c");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("x|");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_DONE);
    assert_int_equal(lw_editor_redo(&editor, NULL), LW_OK);
    expect_at("xabc|");
    type("!");
    assert_int_equal(lw_editor_redo(&editor, NULL), LW_DONE);
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("xabc|");
}

static void undo_of_typing_ends_with_the_line(void **state)
{
    (void)state;
    start("");
    type("a");
    type("\n");
    type("b");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect("a\n");
    start("");
    for (int i = 0; i < 40; i++) {
        type("abc");
        type(" ");
    }
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    assert_in_range(editor.text.len, 80, 159);
}

static void undo_memory_is_bounded(void **state)
{
    (void)state;
    lw_editor_clear(&editor);
    lw_editor_init(&editor, 4096, false);
    for (int i = 0; i < 3 * LW_EDITOR_UNDO; i++) {
        paste("abcdefgh");
        erase(LW_STEP_TEXT_START);
        assert_true(editor.past.bytes <= editor.past.budget);
        assert_true(editor.past.count <= LW_EDITOR_UNDO);
    }
    assert_true(editor.past.count > 100);
    lw_editor_clear(&editor);
    assert_int_equal(editor.past.bytes, 0);
}

static void changes_are_counted(void **state)
{
    uint64_t before;

    (void)state;
    start("abc");
    before = editor.changes;
    move(LW_STEP_RIGHT, 1);
    assert_true(editor.changes == before);
    type("x");
    assert_true(editor.changes == before + 1);
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    assert_true(editor.changes == before + 2);
    lw_editor_set_cursor(&editor, 2);
    assert_int_equal(editor.cursor, 2);
    lw_editor_set_cursor(&editor, 99);
    assert_int_equal(editor.cursor, 3);
    start("e" ACUTE);
    lw_editor_set_cursor(&editor, 2);
    assert_int_equal(editor.cursor, 0);
}

static void paste_reads_returns_as_newlines(void **state)
{
    (void)state;
    start("");
    paste("a\rb\r\nc\nd\r");
    expect("a\nb\r\nc\nd\n");
    start("");
    assert_int_equal(lw_editor_paste(&editor, "a\r", 2, true, NULL), LW_OK);
    assert_int_equal(lw_editor_paste(&editor, "\nb", 2, true, NULL), LW_OK);
    assert_int_equal(lw_editor_paste(&editor, "\n\rc", 3, false, NULL), LW_OK);
    expect("a\nb\n\nc");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect("");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_DONE);
}

static void pieces_stay_together(void **state)
{
    (void)state;
    start(ACUTE "x"); /* a lone mark: what is pasted before it joins */
    assert_int_equal(lw_editor_paste(&editor, "abe", 3, true, NULL), LW_OK);
    assert_int_equal(lw_editor_paste(&editor, "fg", 2, false, NULL), LW_OK);
    expect("abefg" ACUTE "x");
    paste("1");
    paste("2");
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect("abefg" ACUTE "1x");
}

static void too_long_a_paste_is_refused_whole(void **state)
{
    struct lw_error err;
    char long_text[64];

    (void)state;
    memset(long_text, 'y', sizeof(long_text));
    lw_editor_clear(&editor);
    lw_editor_init(&editor, 40, false);
    type("before");
    assert_int_equal(lw_editor_paste(&editor, long_text, sizeof(long_text), false, &err),
                     LW_TOO_LONG);
    assert_non_null(strstr(err.text, "nothing was pasted"));
    expect_at("before|");
    assert_int_equal(lw_editor_paste(&editor, long_text, 20, true, &err), LW_OK);
    assert_int_equal(lw_editor_paste(&editor, long_text, 20, true, &err), LW_TOO_LONG);
    expect_at("before|");
    assert_int_equal(lw_editor_paste(&editor, long_text, 2, true, &err), LW_TOO_LONG);
    assert_int_equal(lw_editor_paste(&editor, long_text, 2, false, &err), LW_TOO_LONG);
    expect_at("before|");
    assert_int_equal(lw_editor_redo(&editor, NULL), LW_DONE);
    assert_int_equal(lw_editor_paste(&editor, long_text, 35, true, &err), LW_TOO_LONG);
    assert_int_equal(lw_editor_move(&editor, LW_STEP_LEFT, NULL), LW_OK); /* its rest never came */
    assert_int_equal(lw_editor_move(&editor, LW_STEP_RIGHT, NULL), LW_OK);
    paste("now");
    expect_at("beforenow|");
    assert_int_equal(lw_editor_paste(&editor, long_text, 31, false, &err), LW_OK);
    assert_int_equal(lw_editor_type(&editor, "z", 1, &err), LW_TOO_LONG);
    assert_int_equal(editor.text.len, 40);
    /* replacement characters count too */
    erase(LW_STEP_TEXT_START);
    memset(long_text, '\xFF', sizeof(long_text));
    assert_int_equal(lw_editor_paste(&editor, long_text, 14, false, &err), LW_TOO_LONG);
    expect("");
    assert_int_equal(editor.replaced, 0);
    /* what was written before is opened, and can only get shorter */
    memset(long_text, 'y', sizeof(long_text));
    assert_int_equal(lw_editor_set_text(&editor, long_text, 60, &err), LW_OK);
    assert_int_equal(lw_editor_type(&editor, "z", 1, &err), LW_TOO_LONG);
    erase(LW_STEP_RIGHT);
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    assert_int_equal(editor.text.len, 60);
}

static void megabyte_is_pasted_and_undone(void **state)
{
    size_t len = (size_t)1 << 20;
    char *text = malloc(len);
    struct lw_editor_view view;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i += 8)
        memcpy(text + i, "да\n \tx", 8);
    start("start");
    move(LW_STEP_TEXT_END, 1);
    assert_int_equal(lw_editor_paste(&editor, text, len, false, NULL), LW_OK);
    assert_int_equal(editor.text.len, len + 5);
    assert_memory_equal(editor.text.data + 5, text, len);
    assert_int_equal(lw_editor_layout(&editor, 80, 24, &view, NULL), LW_OK);
    assert_int_equal(view.first + view.row, len / 8);
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("start|");
    for (size_t at = 0; at < len; at += 4096)
        assert_int_equal(lw_editor_paste(&editor, text + at, 4096, at + 4096 < len, NULL), LW_OK);
    assert_memory_equal(editor.text.data + 5, text, len);
    assert_int_equal(lw_editor_undo(&editor, NULL), LW_OK);
    expect_at("start|");
    assert_int_equal(lw_editor_redo(&editor, NULL), LW_OK);
    assert_memory_equal(editor.text.data + 5, text, len);
    free(text);
}

/* A key in the middle of a long text leaves the rows behind it known. */
static void far_rows_are_not_laid_out_again(void **state)
{
    struct lw_editor_view view;

    (void)state;
    start("");
    for (int i = 0; i < 500; i++)
        paste("some words that fill a row and a half of it\n");
    assert_int_equal(lw_editor_layout(&editor, 30, 10, &view, NULL), LW_OK);
    assert_true(editor.rows.joined);
    lw_editor_set_cursor(&editor, editor.text.len / 2);
    for (int i = 0; i < 100; i++) {
        type(i % 5 ? "x" : " ");
        assert_int_equal(lw_editor_layout(&editor, 30, 10, &view, NULL), LW_OK);
        assert_true(editor.rows.joined);
        assert_true(editor.rows.tail > 300);
    }
}

static void draws_into_the_grid(void **state)
{
    struct lw_grid grid = LW_GRID_INIT;
    struct lw_buf dump = LW_BUF_INIT;
    struct lw_area whole;
    struct lw_area area;

    (void)state;
    start("привет, ми" BREVE "р\n\tx " FAMILY "中\r\n\x1B"
          "end");
    move(LW_STEP_TEXT_END, 1);
    assert_int_equal(lw_grid_resize(&grid, 5, 16), LW_OK);
    whole = lw_area_whole(&grid);
    area = lw_area_part(&whole, 1, 2, 4, 13);
    assert_int_equal(lw_editor_draw(&editor, &area, LW_STYLE_FIELD, true, NULL), LW_OK);
    assert_int_equal(lw_grid_dump(&grid, false, &dump), LW_OK);
    assert_string_equal(lw_buf_text(&dump), "-- 5x16, cursor 4,6 --\n"
                                            "\n"
                                            "  привет, ми" BREVE "р\n"
                                            "          x " FAMILY "\n"
                                            "  中\n"
                                            "  \uFFFDend\n");
    area = lw_area_part(&whole, 0, 0, 0, 0);
    assert_int_equal(lw_editor_draw(&editor, &area, LW_STYLE_FIELD, true, NULL), LW_OK);
    area = lw_area_part(&whole, 0, 0, 1, 1);
    assert_int_equal(lw_editor_draw(&editor, &area, LW_STYLE_FIELD, true, NULL), LW_OK);
    lw_buf_free(&dump);
    lw_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_as_it_was_typed),
        cmocka_unit_test(foreign_bytes_are_replaced_and_counted),
        cmocka_unit_test(steps_take_whole_clusters),
        cmocka_unit_test(accent_typed_later_joins),
        cmocka_unit_test(words_and_lines),
        cmocka_unit_test(rows_break_at_blanks),
        cmocka_unit_test(invisible_rows_end),
        cmocka_unit_test(home_and_end_take_the_row_first),
        cmocka_unit_test(up_and_down_keep_the_column),
        cmocka_unit_test(window_follows_the_cursor),
        cmocka_unit_test(undo_goes_by_runs),
        cmocka_unit_test(undo_of_typing_ends_with_the_line),
        cmocka_unit_test(undo_memory_is_bounded),
        cmocka_unit_test(changes_are_counted),
        cmocka_unit_test(paste_reads_returns_as_newlines),
        cmocka_unit_test(pieces_stay_together),
        cmocka_unit_test(too_long_a_paste_is_refused_whole),
        cmocka_unit_test(megabyte_is_pasted_and_undone),
        cmocka_unit_test(far_rows_are_not_laid_out_again),
        cmocka_unit_test(draws_into_the_grid),
    };

    return cmocka_run_group_tests(tests, NULL, finish);
}
