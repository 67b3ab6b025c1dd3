/* The editor of one line, and lines from a descriptor. */
#include "cli/line.h"
#include "cli/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void type(struct lw_line *line, const char *text)
{
    for (; *text != '\0'; text++)
        assert_int_equal(lw_line_press(line, (unsigned char)*text), LW_LINE_CHANGED);
}

static void letters_of_any_script_are_taken_and_given_back(void **state)
{
    struct lw_line line = {.limit = 100};

    (void)state;
    type(&line, "aй漢");
    assert_string_equal(lw_buf_text(&line.text), "aй漢");
    assert_int_equal(lw_line_press(&line, 0x7F), LW_LINE_CHANGED);
    assert_string_equal(lw_buf_text(&line.text), "aй");
    assert_int_equal(lw_line_press(&line, '\b'), LW_LINE_CHANGED);
    assert_int_equal(lw_line_press(&line, '\b'), LW_LINE_CHANGED);
    assert_int_equal(lw_line_press(&line, '\b'), LW_LINE_CHANGED);
    assert_int_equal(line.text.len, 0);
    lw_buf_free(&line.text);
}

static void broken_characters_are_refused(void **state)
{
    struct lw_line line = {.limit = 100};

    (void)state;
    assert_int_equal(lw_line_press(&line, 0xFF), LW_LINE_REFUSED);
    assert_int_equal(lw_line_press(&line, 0xD0), LW_LINE_CHANGED);
    assert_int_equal(lw_line_press(&line, 0xD0), LW_LINE_REFUSED);
    assert_int_equal(lw_line_press(&line, 0xED), LW_LINE_CHANGED);
    assert_int_equal(lw_line_press(&line, 0xA0), LW_LINE_CHANGED);
    assert_int_equal(lw_line_press(&line, 0x80), LW_LINE_REFUSED); /* half of a pair */
    assert_int_equal(lw_line_press(&line, 0x02), LW_LINE_REFUSED);
    assert_int_equal(lw_line_press(&line, LW_LINE_UNKNOWN), LW_LINE_REFUSED);
    assert_int_equal(line.text.len, 0);
    type(&line, "ok");
    assert_string_equal(lw_buf_text(&line.text), "ok");
    lw_buf_free(&line.text);
}

static void editing_happens_at_the_cursor(void **state)
{
    struct lw_line line = {.limit = 100};

    (void)state;
    type(&line, "вчера fire");
    lw_line_press(&line, LW_LINE_HOME);
    lw_line_press(&line, LW_LINE_RIGHT);
    type(&line, "X");
    assert_string_equal(lw_buf_text(&line.text), "вXчера fire");
    lw_line_press(&line, LW_LINE_LEFT);
    lw_line_press(&line, LW_LINE_DELETE);
    assert_string_equal(lw_buf_text(&line.text), "вчера fire");
    lw_line_press(&line, LW_LINE_END_KEY);
    lw_line_press(&line, LW_LINE_RIGHT);
    lw_line_press(&line, 0x17);
    assert_string_equal(lw_buf_text(&line.text), "вчера ");
    lw_line_press(&line, 0x01);
    lw_line_press(&line, 0x0B);
    assert_int_equal(line.text.len, 0);
    lw_line_press(&line, LW_LINE_DELETE);
    lw_line_press(&line, LW_LINE_LEFT);
    assert_int_equal(line.cursor, 0);
    lw_buf_free(&line.text);
}

static void ends_and_limits(void **state)
{
    struct lw_line line = {.limit = 3};

    (void)state;
    assert_int_equal(lw_line_press(&line, 0x04), LW_LINE_CLOSE);
    type(&line, "abc");
    assert_int_equal(lw_line_press(&line, 'd'), LW_LINE_REFUSED);
    assert_string_equal(lw_buf_text(&line.text), "abc");
    assert_int_equal(lw_line_press(&line, 0x04), LW_LINE_CHANGED);
    assert_string_equal(lw_buf_text(&line.text), "abc");
    assert_int_equal(lw_line_press(&line, '\n'), LW_LINE_SUBMIT);
    lw_buf_free(&line.text);
}

static void window_follows_the_cursor(void **state)
{
    struct lw_line line = {.limit = 1000};
    size_t from, len, at;

    (void)state;
    lw_line_window(&line, 10, &from, &len, &at);
    assert_int_equal(from + len + at, 0);
    for (int i = 0; i < 30; i++)
        lw_line_press(&line, 'a' + i % 26);
    lw_line_window(&line, 10, &from, &len, &at);
    assert_int_equal(at, 9);
    assert_int_equal(from, 21);
    assert_int_equal(len, 9);
    lw_line_press(&line, LW_LINE_HOME);
    lw_line_window(&line, 10, &from, &len, &at);
    assert_int_equal(from, 0);
    assert_int_equal(at, 0);
    assert_int_equal(len, 10);
    lw_buf_free(&line.text);
}

static void lines_come_one_by_one(void **state)
{
    static const char text[] = "one\n\ntoo long a line\nтри\nlast";
    struct lw_lines lines;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof(text) - 1), (ssize_t)sizeof(text) - 1);
    close(ends[1]);
    lw_lines_start(&lines, ends[0], 10);
    assert_int_equal(lw_lines_next(&lines), LW_OK);
    assert_string_equal(lw_buf_text(&lines.line), "one");
    assert_int_equal(lw_lines_next(&lines), LW_OK);
    assert_int_equal(lines.line.len, 0);
    assert_int_equal(lw_lines_next(&lines), LW_TOO_LONG);
    assert_int_equal(lines.number, 3);
    assert_int_equal(lw_lines_next(&lines), LW_OK);
    assert_string_equal(lw_buf_text(&lines.line), "три");
    assert_int_equal(lw_lines_next(&lines), LW_OK);
    assert_string_equal(lw_buf_text(&lines.line), "last");
    assert_int_equal(lines.number, 5);
    assert_int_equal(lw_lines_next(&lines), LW_DONE);
    assert_int_equal(lw_lines_next(&lines), LW_DONE);
    lw_lines_free(&lines);
    close(ends[0]);
    lw_lines_start(&lines, -1, 10);
    assert_int_equal(lw_lines_next(&lines), LW_IO);
    lw_lines_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_any_script_are_taken_and_given_back),
        cmocka_unit_test(broken_characters_are_refused),
        cmocka_unit_test(editing_happens_at_the_cursor),
        cmocka_unit_test(ends_and_limits),
        cmocka_unit_test(window_follows_the_cursor),
        cmocka_unit_test(lines_come_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
