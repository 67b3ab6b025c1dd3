/* Flat objects: what is written is read again, everything else is refused. */
#include "exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static enum lw_status show(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    struct lw_buf *seen = context;

    if (strcmp(key, "stop") == 0)
        return lw_fail(err, LW_CANCELLED, "enough");
    if (text != NULL) {
        assert_int_equal(strlen(text), len);
        return lw_buf_addf(seen, "%s=\"%s\" ", key, text);
    }
    return lw_buf_addf(seen, "%s=%lld ", key, (long long)number);
}

static void expect_read(const char *json, const char *expected)
{
    struct lw_buf seen = LW_BUF_INIT;
    struct lw_error err = {0};

    if (lw_flat_read(json, strlen(json), show, &seen, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&seen), expected);
    lw_buf_free(&seen);
}

static void expect_status(const char *json, size_t len, enum lw_status expected)
{
    struct lw_buf seen = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_flat_read(json, len, show, &seen, &err), expected);
    assert_int_equal(err.status, expected);
    assert_true(err.text[0] != '\0');
    lw_buf_free(&seen);
}

static void what_is_written_is_read_again(void **state)
{
    static const char text[] = "\"два\"\n\tстроки \\ и\xCC\x86 \xE2\x80\xAE";
    struct lw_buf json = LW_BUF_INIT;
    struct lw_buf expected = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_flat_text(&json, "title", text, strlen(text)), LW_OK);
    assert_int_equal(lw_flat_number(&json, "title.cursor", 7), LW_OK);
    assert_int_equal(lw_flat_number(&json, "large", INT64_C(9007199254740992)), LW_OK);
    assert_int_equal(lw_flat_text(&json, "empty", "", 0), LW_OK);
    assert_int_equal(lw_flat_end(&json), LW_OK);
    assert_int_equal(lw_buf_addf(&expected,
                                 "title=\"%s\" title.cursor=7 large=9007199254740992 empty=\"\" ",
                                 text),
                     LW_OK);
    expect_read(json.data, expected.data);
    lw_buf_free(&json);
    lw_buf_free(&expected);
}

static void an_object_without_members_is_one(void **state)
{
    struct lw_buf json = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_flat_end(&json), LW_OK);
    expect_read(json.data, "");
    lw_buf_free(&json);
}

static void everything_else_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "{",
                                      "{\"a\":1.5}",
                                      "{\"a\":{}}",
                                      "{\"a\":null}",
                                      "{\"a\":true}",
                                      "{} {}",
                                      "\"a\"",
                                      "{\"a\":1,\"a\":2}"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        expect_status(bad[i], strlen(bad[i]), LW_BAD_DATA);
    expect_status("{\"a\":\"\xFF\"}", 9, LW_BAD_DATA);
    expect_status("{\"a\":\"\\u0000\"}", 14, LW_BAD_DATA);
}

static void a_visitor_may_stop(void **state)
{
    (void)state;
    expect_status("{\"a\":1,\"stop\":1,\"b\":[]}", 23, LW_CANCELLED);
}

static void bad_text_is_not_written(void **state)
{
    struct lw_buf json = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_flat_text(&json, "a", "\xFF", 1), LW_BAD_DATA);
    lw_buf_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(an_object_without_members_is_one),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(a_visitor_may_stop),
        cmocka_unit_test(bad_text_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
