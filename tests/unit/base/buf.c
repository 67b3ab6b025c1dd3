/* Buffers and text copies. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void empty_is_an_empty_text(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    assert_string_equal(lw_buf_text(&buf), "");
    assert_int_equal(lw_buf_add(&buf, NULL, 0), LW_OK);
    assert_null(buf.data);
    lw_buf_clear(&buf);
    lw_buf_free(&buf);
    lw_buf_free(NULL);
}

static void pieces_add_up(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_adds(&buf, "ab"), LW_OK);
    assert_int_equal(lw_buf_addc(&buf, 'c'), LW_OK);
    assert_int_equal(lw_buf_addf(&buf, "-%d-%s", 42, "z"), LW_OK);
    assert_int_equal(lw_buf_add(&buf, "q\0r", 3), LW_OK);
    assert_int_equal(buf.len, 11);
    assert_memory_equal(buf.data, "abc-42-zq\0r", 12);
    lw_buf_free(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.len + buf.cap, 0);
}

static void grows_and_keeps_what_is_there(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    for (size_t i = 0; i < 100000; i++) {
        assert_int_equal(lw_buf_addc(&buf, (char)('a' + i % 26)), LW_OK);
        assert_true(buf.len < buf.cap);
        assert_int_equal(buf.data[buf.len], '\0');
    }
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    lw_buf_free(&buf);
}

static void long_formats_fit(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_addf(&buf, "%5000d", 7), LW_OK);
    assert_int_equal(buf.len, 5000);
    assert_int_equal(buf.data[4999], '7');
    assert_int_equal(lw_buf_addf(&buf, "%s", ""), LW_OK);
    assert_int_equal(buf.len, 5000);
    lw_buf_free(&buf);
}

static void absurd_sizes_are_refused(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_reserve(&buf, SIZE_MAX), LW_NO_MEMORY);
    assert_int_equal(lw_buf_reserve(&buf, SIZE_MAX / 2), LW_NO_MEMORY);
    assert_int_equal(lw_buf_adds(&buf, "kept"), LW_OK);
    assert_int_equal(lw_buf_reserve(&buf, SIZE_MAX - 4), LW_NO_MEMORY);
    assert_string_equal(lw_buf_text(&buf), "kept");
    lw_buf_free(&buf);
    assert_null(lw_text_copy("x", SIZE_MAX));
}

static void reserve_makes_room(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;
    char *data;

    (void)state;
    assert_int_equal(lw_buf_reserve(&buf, 1000), LW_OK);
    assert_true(buf.cap >= 1001);
    assert_string_equal(lw_buf_text(&buf), "");
    data = buf.data;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(lw_buf_addc(&buf, 'x'), LW_OK);
    assert_ptr_equal(buf.data, data);
    lw_buf_free(&buf);
}

static void clear_zeroes_and_keeps_memory(void **state)
{
    struct lw_buf buf = LW_BUF_INIT;
    char *data;

    (void)state;
    assert_int_equal(lw_buf_adds(&buf, "a name that must go"), LW_OK);
    data = buf.data;
    lw_buf_clear(&buf);
    assert_ptr_equal(buf.data, data);
    assert_int_equal(buf.len, 0);
    for (size_t i = 0; i < buf.cap; i++)
        assert_int_equal(buf.data[i], 0);
    assert_int_equal(lw_buf_adds(&buf, "again"), LW_OK);
    assert_string_equal(lw_buf_text(&buf), "again");
    lw_buf_free(&buf);
}

static void copies_are_terminated(void **state)
{
    char *copy = lw_text_copy("Бабинец", 4);

    (void)state;
    assert_non_null(copy);
    assert_string_equal(copy, "Ба");
    lw_text_free(copy);
    copy = lw_text_copy(NULL, 0);
    assert_string_equal(copy, "");
    lw_text_free(copy);
    lw_text_free(NULL);
}

static void zeroing(void **state)
{
    char bytes[8];

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    lw_zero(bytes + 1, 6);
    assert_memory_equal(bytes, "x\0\0\0\0\0\0x", 8);
    lw_zero(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_an_empty_text),
        cmocka_unit_test(pieces_add_up),
        cmocka_unit_test(grows_and_keeps_what_is_there),
        cmocka_unit_test(long_formats_fit),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(reserve_makes_room),
        cmocka_unit_test(clear_zeroes_and_keeps_memory),
        cmocka_unit_test(copies_are_terminated),
        cmocka_unit_test(zeroing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
