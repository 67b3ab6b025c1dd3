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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_at_their_usual_size),
        cmocka_unit_test(screens_at_their_smallest),
        cmocka_unit_test(what_was_typed_is_never_translated),
    };
    struct lw_buf data = LW_BUF_INIT;
    int failed;

    use_catalogue(&data);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    lw_catalogue_drop();
    lw_buf_free(&data);
    return failed;
}
