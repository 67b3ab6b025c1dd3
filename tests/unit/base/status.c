/* The status table and the sentences of struct lw_error. */
#include "base.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_messages_and_codes(void **state)
{
    (void)state;
    assert_string_equal(lw_status_name(LW_OK), "OK");
    assert_int_equal(lw_status_exit_code(LW_OK), 0);
    assert_string_equal(lw_status_name(LW_DAMAGED), "DAMAGED");
    assert_string_equal(lw_status_message(LW_DAMAGED), "damaged or altered");
    assert_int_equal(lw_status_exit_code(LW_DAMAGED), 65);
    assert_int_equal(lw_status_exit_code(LW_USAGE), 64);
    assert_int_equal(lw_status_exit_code(LW_CONFIG), 78);
}

static void unknown_status_is_internal(void **state)
{
    (void)state;
    assert_string_equal(lw_status_name((enum lw_status)(LW_CONFIG + 1)), "INTERNAL");
    assert_int_equal(lw_status_exit_code((enum lw_status) - 1), 70);
}

static void fail_stores_and_returns(void **state)
{
    struct lw_error err = {.status = LW_OK, .text = "old"};

    (void)state;
    assert_int_equal(lw_fail(&err, LW_EXISTS, "%s is there %d times", "x", 2), LW_EXISTS);
    assert_int_equal(err.status, LW_EXISTS);
    assert_string_equal(err.text, "x is there 2 times");
    assert_int_equal(lw_fail(NULL, LW_BUSY, "nobody %s", "asks"), LW_BUSY);
}

static void fail_takes_its_own_text(void **state)
{
    struct lw_error err = {.status = LW_OK, .text = "inner"};

    (void)state;
    (void)lw_fail(&err, LW_IO, "outer (%s)", err.text);
    assert_string_equal(err.text, "outer (inner)");
}

static void errno_is_told(void **state)
{
    struct lw_error err;

    (void)state;
    errno = ENOENT;
    assert_int_equal(lw_fail_errno(&err, LW_NO_INPUT, "file %s", "a"), LW_NO_INPUT);
    assert_string_equal(err.text, "file a: No such file or directory");
    assert_int_equal(errno, ENOENT);
}

static void errno_decides_the_status(void **state)
{
    static const struct {
        int number;
        enum lw_status status;
    } cases[] = {{ENOSPC, LW_FULL},      {EDQUOT, LW_FULL}, {EROFS, LW_READ_ONLY},
                 {ENOMEM, LW_NO_MEMORY}, {EIO, LW_IO},      {EACCES, LW_IO}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_error err;

        errno = cases[i].number;
        assert_int_equal(lw_fail_errno(NULL, LW_IO, "x"), cases[i].status);
        errno = cases[i].number;
        assert_int_equal(lw_fail_errno(&err, LW_IO, "x"), cases[i].status);
        assert_int_equal(err.status, cases[i].status);
    }
}

static void prefix_goes_in_front(void **state)
{
    struct lw_error err;

    (void)state;
    (void)lw_fail(&err, LW_BAD_DATA, "no date");
    lw_error_prefix(&err, "line %d", 7);
    assert_string_equal(err.text, "line 7: no date");
    assert_int_equal(err.status, LW_BAD_DATA);
    lw_error_prefix(NULL, "line %d", 7);
}

/* Cut text stays terminated and well-formed at every offset of the cut. */
static void long_sentences_are_cut_between_letters(void **state)
{
    char text[1200];
    struct lw_error err;

    (void)state;
    for (size_t pad = 0; pad < 5; pad++) {
        size_t len = 0;

        memset(text, 'a', pad);
        for (len = pad; len + 4 < sizeof(text); len += 4)
            memcpy(text + len, "\xF0\x9F\x91\xA8", 4);
        text[len] = '\0';
        (void)lw_fail(&err, LW_TOO_LONG, "%s", text);
        assert_true(strlen(err.text) >= sizeof(err.text) - 4);
        assert_true(strlen(err.text) < sizeof(err.text));
        assert_true(lw_utf8_valid(err.text, strlen(err.text), NULL));
        lw_error_prefix(&err, "%s", text);
        assert_true(lw_utf8_valid(err.text, strlen(err.text), NULL));
        errno = EIO;
        (void)lw_fail_errno(&err, LW_IO, "%s", text);
        assert_true(lw_utf8_valid(err.text, strlen(err.text), NULL));
    }
}

/* A sentence that fills the array exactly loses nothing. */
static void exact_length_is_kept(void **state)
{
    char text[sizeof(((struct lw_error *)NULL)->text)];
    struct lw_error err;

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + sizeof(text) - 3, "\xD0\x91", 3); /* ends with a two-byte letter */
    (void)lw_fail(&err, LW_TOO_LONG, "%s", text);
    assert_string_equal(err.text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_messages_and_codes),
        cmocka_unit_test(unknown_status_is_internal),
        cmocka_unit_test(fail_stores_and_returns),
        cmocka_unit_test(fail_takes_its_own_text),
        cmocka_unit_test(errno_is_told),
        cmocka_unit_test(errno_decides_the_status),
        cmocka_unit_test(prefix_goes_in_front),
        cmocka_unit_test(long_sentences_are_cut_between_letters),
        cmocka_unit_test(exact_length_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
