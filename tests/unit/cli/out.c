/* The writer: cleaning, wrapping, failures. */
#include "cli/out.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A writer into a pipe and what came out of it. */
struct catch
{
    struct lw_out out;
    int from;
    char text[8192];
};

static void start(struct catch *catch, const char *columns)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    setenv("COLUMNS", columns, 1);
    lw_out_start(&catch->out, ends[1]);
    catch->from = ends[0];
}

static const char *finish(struct catch *catch)
{
    ssize_t got;

    assert_int_equal(lw_out_finish(&catch->out, NULL), LW_OK);
    close(catch->out.fd);
    got = read(catch->from, catch->text, sizeof(catch->text) - 1);
    assert_true(got >= 0);
    catch->text[got] = '\0';
    close(catch->from);
    lw_out_free(&catch->out);
    return catch->text;
}

static void what_is_formatted_in_stays_on_its_line(void **state)
{
    struct catch catch;

    (void)state;
    start(&catch, "80");
    lw_out_line(&catch.out, "%s|", "a\nb\x1b[31m\xe2\x80\xae");
    assert_string_equal(finish(&catch), "a b\xef\xbf\xbd[31m\xef\xbf\xbd|\n");
}

static void a_long_line_is_not_cut(void **state)
{
    struct catch catch;
    char text[1001];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    start(&catch, "80");
    lw_out_line(&catch.out, "%s", text);
    assert_int_equal(strlen(finish(&catch)), 1001);
}

static void lines_keep_newlines_and_csv_ends(void **state)
{
    static const char text[] = "a,\"b\nc\"\r\nd\re\x07\r\n";
    struct catch catch;

    (void)state;
    start(&catch, "80");
    lw_out_lines(&catch.out, text, sizeof(text) - 1);
    assert_string_equal(finish(&catch), "a,\"b\nc\"\r\nd\xef\xbf\xbd"
                                        "e\xef\xbf\xbd\r\n");
}

static void paragraphs_wrap_at_blanks(void **state)
{
    struct catch catch;

    (void)state;
    start(&catch, "40");
    lw_out_text(&catch.out, "label ");
    lw_out_wrap(&catch.out, 6, 4, "one two three four five six seven eight nine ten\neleven");
    assert_string_equal(finish(&catch), "label one two three four five six seven\n"
                                        "    eight nine ten\n"
                                        "    eleven\n");
}

static void long_words_and_wide_letters_are_broken_at_clusters(void **state)
{
    static const char wide[] = "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字";
    struct catch catch;

    (void)state;
    start(&catch, "40");
    lw_out_wrap(&catch.out, 0, 0, wide);
    assert_string_equal(finish(&catch), "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n漢字\n");
}

static void width_has_limits(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {{"100", 100}, {"3", 40}, {"0", 80}, {"x", 80}, {"-5", 80}, {"99999999999", 80}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct catch catch;

        start(&catch, cases[i].text);
        assert_int_equal(catch.out.columns, cases[i].columns);
        finish(&catch);
    }
}

static void full_disk_is_an_error(void **state)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_out out;
    int fd = open("/dev/full", O_WRONLY);

    (void)state;
    assert_true(fd >= 0);
    lw_out_start(&out, fd);
    lw_out_line(&out, "text");
    assert_false(lw_out_gone(&out));
    assert_int_equal(lw_out_finish(&out, &err), LW_FULL);
    assert_int_equal(lw_status_exit_code(err.status), 74);
    assert_true(lw_out_gone(&out));
    lw_out_line(&out, "more"); /* dropped */
    assert_int_equal(out.waiting.len, 0);
    lw_out_free(&out);
    close(fd);
}

static void closed_pipe_is_quiet(void **state)
{
    struct lw_out out;
    int ends[2];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    lw_out_start(&out, ends[1]);
    lw_out_line(&out, "text");
    assert_int_equal(lw_out_finish(&out, NULL), LW_OK);
    assert_true(out.closed);
    assert_true(lw_out_gone(&out));
    lw_out_free(&out);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_formatted_in_stays_on_its_line),
        cmocka_unit_test(a_long_line_is_not_cut),
        cmocka_unit_test(lines_keep_newlines_and_csv_ends),
        cmocka_unit_test(paragraphs_wrap_at_blanks),
        cmocka_unit_test(long_words_and_wide_letters_are_broken_at_clusters),
        cmocka_unit_test(width_has_limits),
        cmocka_unit_test(full_disk_is_an_error),
        cmocka_unit_test(closed_pipe_is_quiet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
