/* The screens in Russian, as whoever has LANG=ru_RU.UTF-8 sees them. */
#include "tui/screens.h"

#include "built_catalogue.h"
#include "view_stage.h"

static struct view_stage *stage_of(enum view_stage_fill fill, bool small)
{
    return view_stage_new(fill, small ? 10 : 24, small ? 40 : 80);
}

static void golden(struct view_stage *stage, const char *name, bool small)
{
    char full[80];

    snprintf(full, sizeof full, "ru-%s-%s", name, small ? "40x10" : "80x24");
    view_stage_golden(stage, full);
}

/* No line is broken by words that are longer than the English ones. */
static void show_all(bool small)
{
    struct view_stage *stage = stage_of(STAGE_RUSSIAN, small);

    view_stage_expect(stage, "декабря 2014");
    golden(stage, "timeline", small);
    view_stage_keys(stage, "?");
    view_stage_expect(stage, "Справка");
    golden(stage, "help", small);
    view_stage_keys(stage, "Esc Ж з ф Tab Tab"); /* commands by name, on a Russian layout */
    view_stage_expect(stage, "> page-down");
    golden(stage, "commands", small);
    view_stage_keys(stage, "Esc g Down Enter");
    golden(stage, "entry", small);
    view_stage_keys(stage, "Esc n");
    golden(stage, "form", small);
    view_stage_keys(stage, "Esc /");
    golden(stage, "search-empty", small);
    view_stage_type(stage, "офис");
    golden(stage, "search", small);
    view_stage_free(stage);
}

static void screens_at_their_usual_size(void **state)
{
    (void)state;
    show_all(false);
}

static void screens_at_their_smallest(void **state)
{
    (void)state;
    show_all(true);
}

static void what_was_typed_is_never_translated(void **state)
{
    struct view_stage *stage = stage_of(STAGE_EMPTY, false);

    (void)state;
    assert_string_not_equal(lw_say("Timeline"), "Timeline");
    fixture_entry(stage->fixture, NULL, "E01", "2014-12-13", "Timeline");
    view_stage_changed(stage);
    view_stage_expect(stage, "Timeline");
    view_stage_expect(stage, "Сб 13 декабря 2014");
    view_stage_free(stage);
}

static void a_wrong_filter_is_told_with_its_place_in_russian(void **state)
{
    struct view_stage *stage = stage_of(STAGE_RUSSIAN, false);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "...");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "знак 1: ");
    view_stage_free(stage);
}

static enum lw_status keep_kind(void *context, const struct lw_record *item, struct lw_error *err)
{
    (void)err;
    snprintf(context, 16, "%s", lw_record_text(item, "kind"));
    return LW_OK;
}

static void expect_kind(struct view_stage *stage, const char *expected)
{
    char kind[16] = "";

    assert_int_equal(
        lw_record_each(stage->fixture->journal, LW_RECORD_ITEM, NULL, NULL, keep_kind, kind, NULL),
        LW_OK);
    assert_string_equal(kind, expected);
}

/* What is recorded is the same word in every language; what is seen and typed is Russian, or the
 * word itself. */
static void words_of_a_record_are_said_and_taken_in_russian(void **state)
{
    struct view_stage *stage = stage_of(STAGE_RUSSIAN, false);

    (void)state;
    view_stage_keys(stage, "g Enter a i");
    view_stage_type(stage, "чужое\t");
    view_stage_expect(stage, "одно из: изъято, уничтожено, повреждено");
    view_stage_keys(stage, "Up Ctrl-U");
    view_stage_type(stage, "Изъято\tноутбуки\t2");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "> изъято: ноутбуки; 2");
    expect_kind(stage, "seized");
    view_stage_keys(stage, "e");
    view_stage_expect(stage, "изъято");
    view_stage_keys(stage, "Tab Ctrl-U");
    view_stage_type(stage, "damaged");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "> повреждено: ноутбуки; 2");
    expect_kind(stage, "damaged");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_at_their_usual_size),
        cmocka_unit_test(screens_at_their_smallest),
        cmocka_unit_test(what_was_typed_is_never_translated),
        cmocka_unit_test(a_wrong_filter_is_told_with_its_place_in_russian),
        cmocka_unit_test(words_of_a_record_are_said_and_taken_in_russian),
    };
    struct lw_buf data = LW_BUF_INIT;
    int failed;

    use_catalogue(&data);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    lw_catalogue_drop();
    lw_buf_free(&data);
    return failed;
}
