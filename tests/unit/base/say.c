/* What is said, and the catalogue that it is looked up in. */
#include "base.h"
#include "catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define FORMS "%zu запись\0%zu записи\0%zu записей"

static const struct catalogue_text good[] = {
    {"", "Language: ru\n", 0, 0},
    {"%s of %d", "%2$d, %1$s", 0, 0},
    {"%zu entry\0%zu entries", FORMS, sizeof "%zu entry\0%zu entries" - 1, sizeof FORMS - 1},
    {"month\004May", "май", 0, 0},
    {"of a month\004May", "мая", 0, 0},
    {"saved", "сохранено", 0, 0},
};

static char *use(const struct catalogue_text *list, size_t count)
{
    size_t len;
    char *data = catalogue_make(list, count, &len);

    assert_int_equal(lw_catalogue_use(data, len), LW_OK);
    return data;
}

static void without_a_catalogue_it_is_english(void **state)
{
    (void)state;
    assert_false(lw_say_russian());
    assert_string_equal(lw_say("saved"), "saved");
    assert_string_equal(C_("month", "May"), "May");
    assert_string_equal(lw_say_count("%zu entry", "%zu entries", 1), "%zu entry");
    assert_string_equal(lw_say_count("%zu entry", "%zu entries", 21), "%zu entries");
}

static void texts_are_looked_up_where_they_are_said(void **state)
{
    char *data = use(good, LW_COUNT_OF(good));
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err;

    (void)state;
    assert_true(lw_say_russian());
    assert_string_equal(lw_say("saved"), "сохранено");
    assert_string_equal(lw_say("not there"), "not there");
    assert_string_equal(C_("month", "May"), "май");
    assert_string_equal(C_("of a month", "May"), "мая");
    assert_string_equal(C_("a verb", "May"), "May");
    lw_fail(&err, LW_IO, "%s of %d", "x", 3);
    assert_string_equal(err.text, "3, x");
    assert_int_equal(lw_buf_says(&text, "saved"), LW_OK);
    assert_int_equal(lw_buf_sayf(&text, "%s of %d", " saved", 2), LW_OK);
    assert_string_equal(text.data, "сохранено2,  saved");
    lw_buf_clear(&text);
    assert_int_equal(lw_buf_adds(&text, "saved"), LW_OK); /* what somebody typed */
    assert_int_equal(lw_buf_addf(&text, "%s of %d", "saved", 2), LW_OK);
    assert_string_equal(text.data, "savedsaved of 2");
    lw_buf_free(&text);
    lw_catalogue_drop();
    assert_string_equal(lw_say("saved"), "saved");
    free(data);
}

static void counts_take_their_form(void **state)
{
    static const unsigned one[] = {1, 21, 101, 1001}, few[] = {2, 3, 4, 22, 104},
                          many[] = {0, 5, 11, 12, 14, 20, 111, 112, 1000};
    char *data = use(good, LW_COUNT_OF(good));

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(one); i++)
        assert_string_equal(lw_say_count("%zu entry", "%zu entries", one[i]), "%zu запись");
    for (size_t i = 0; i < LW_COUNT_OF(few); i++)
        assert_string_equal(lw_say_count("%zu entry", "%zu entries", few[i]), "%zu записи");
    for (size_t i = 0; i < LW_COUNT_OF(many); i++)
        assert_string_equal(lw_say_count("%zu entry", "%zu entries", many[i]), "%zu записей");
    lw_catalogue_drop();
    free(data);
}

/* A translation with other arguments would let printf read what is not there. */
static void other_arguments_are_left_out(void **state)
{
    static const struct catalogue_text bad[] = {
        {"%d", "%s", 0, 0},          {"%lld of %s", "%d %s", 0, 0},   {"%s", "%s %s", 0, 0},
        {"%s and %s", "%1$s", 0, 0}, {"%s or %d", "%2$s %1$d", 0, 0}, {"%u", "%n", 0, 0},
        {"none", "%s", 0, 0},        {"one: %s", "%", 0, 0},          {"text", "\xD0", 0, 0},
        {"two %s", "", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++) {
        char *data = use(&bad[i], 1);

        assert_string_equal(lw_say(bad[i].text), bad[i].text);
        lw_catalogue_drop();
        free(data);
    }
    assert_true(lw_say_takes_same("%s of %d", "%2$d %1$s"));
    assert_true(lw_say_takes_same("%.*s %5.2f%%", "%.*s: %f %%"));
    assert_false(lw_say_takes_same("%.*s", "%s"));
    assert_false(lw_say_takes_same("%s %s", "%1$s %1$s"));
}

/* Cut anywhere, or with any byte another one, it is refused or says something; it is never read
 * beyond its end (in the build with sanitizers). */
static void broken_catalogues_are_harmless(void **state)
{
    size_t len;
    char *data = catalogue_make(good, LW_COUNT_OF(good), &len);

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        char *copy = malloc(cut + 1);

        memcpy(copy, data, cut);
        assert_int_equal(lw_catalogue_use(copy, cut), LW_BAD_DATA);
        free(copy);
    }
    for (size_t at = 0; at < len; at++) {
        for (unsigned byte = 0; byte < 256; byte += 5) {
            char *copy = malloc(len);

            memcpy(copy, data, len);
            copy[at] = (char)byte;
            if (lw_catalogue_use(copy, len) == LW_OK) {
                assert_true(strlen(lw_say("saved")) > 0);
                assert_true(lw_say_takes_same("%s of %d", lw_say("%s of %d")));
            }
            lw_catalogue_drop();
            free(copy);
        }
    }
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_catalogue_it_is_english),
        cmocka_unit_test(texts_are_looked_up_where_they_are_said),
        cmocka_unit_test(counts_take_their_form),
        cmocka_unit_test(other_arguments_are_left_out),
        cmocka_unit_test(broken_catalogues_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
