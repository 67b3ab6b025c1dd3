/* Where somebody is, as text: a fresh timeline that takes it shows the same. */
#include "view_stage.h"

#include "tui/place.h"

static struct view_stage *stage_new(void)
{
    static const struct lw_action_table *const tables[] = {
        &lw_actions_timeline, &lw_actions_entry, &lw_actions_saved,  &lw_actions_zoom,
        &lw_actions_lanes,    &lw_actions_lists, &lw_actions_common,
    };

    return view_stage_with(STAGE_PRACTICE, tables, LW_COUNT_OF(tables), 24, 80);
}

/* Of the screens after these keys, a filter, more keys. */
static void place_after(const char *keys, const char *filter, const char *more, const char *there,
                        struct lw_buf *place)
{
    struct view_stage *stage = stage_new();

    view_stage_keys(stage, keys);
    if (filter != NULL) {
        view_stage_keys(stage, "f");
        view_stage_type(stage, filter);
        view_stage_keys(stage, "Enter");
    }
    view_stage_keys(stage, more);
    view_stage_expect(stage, there);
    assert_int_equal(lw_place_say(stage->tui, place), LW_OK);
    view_stage_free(stage);
}

static void assert_returns(const char *keys, const char *filter, const char *more,
                           const char *there)
{
    struct view_stage *stage = stage_new();
    struct lw_buf place = LW_BUF_INIT, again = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};

    place_after(keys, filter, more, there, &place);
    assert_non_null(strstr(lw_buf_text(&place), "entry "));
    assert_int_equal(lw_place_return(stage->tui, lw_buf_text(&place), &err), LW_OK);
    lw_tui_redraw(stage->tui);
    view_stage_rest(stage);
    view_stage_expect(stage, there);
    assert_int_equal(lw_place_say(stage->tui, &again), LW_OK);
    assert_string_equal(lw_buf_text(&again), lw_buf_text(&place));
    view_stage_free(stage);
    lw_buf_free(&place);
    lw_buf_free(&again);
}

static void it_is_found_again(void **state)
{
    (void)state;
    assert_returns("Up Up Up", NULL, "", "> ");
    assert_returns("Home", NULL, "", "> ");
    assert_returns("", "kind:arson", "Home", "Only kind:arson");
    assert_returns("", "kind:arson", "Home Enter", "JMG office burned");
    assert_returns("Home", NULL, "z", "Entries by");
    assert_returns("Home z z", NULL, "b", "and place");
}

static void at_the_end_there_is_nothing_to_say(void **state)
{
    struct lw_buf place = LW_BUF_INIT;

    (void)state;
    place_after("", NULL, "", "E22", &place);
    assert_string_equal(lw_buf_text(&place), "");
    place_after("Home End", NULL, "", "E22", &place);
    assert_string_equal(lw_buf_text(&place), "");
    lw_buf_free(&place);
}

/* A lock hides them again, and they must not come back in the filter. */
static void a_filter_typed_over_shown_names_is_left_out(void **state)
{
    struct view_stage *stage = stage_new();
    struct lw_buf place = LW_BUF_INIT;

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "kind:arson");
    view_stage_keys(stage, "Enter");
    lw_journal_reveal(stage->fixture->journal, true);
    assert_int_equal(lw_place_say(stage->tui, &place), LW_OK);
    assert_null(strstr(lw_buf_text(&place), "arson"));
    lw_buf_clear(&place);
    lw_journal_reveal(stage->fixture->journal, false);
    assert_int_equal(lw_place_say(stage->tui, &place), LW_OK);
    assert_non_null(strstr(lw_buf_text(&place), "arson"));
    view_stage_free(stage);
    lw_buf_free(&place);
}

static void what_is_not_there_any_more_is_passed_over(void **state)
{
    static const char *const texts[] = {
        "entry 00000000000000000000000000000000\n",
        "entry 12\nentry\nopenly\nopen\n\n \nform 99\nby -1\n",
        "entry 00000000000000000000000000000000\nopen\n", /* not another one in its place */
        "filter kind:(\nfilter person:\"nobody of that name\n",
        "no end of line",
    };
    struct lw_error err = {.status = LW_OK};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(texts); i++) {
        struct view_stage *stage = stage_new();

        assert_int_equal(lw_place_return(stage->tui, texts[i], &err), LW_OK);
        view_stage_rest(stage);
        view_stage_expect_selected(stage, "E22");
        view_stage_free(stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_again),
        cmocka_unit_test(at_the_end_there_is_nothing_to_say),
        cmocka_unit_test(a_filter_typed_over_shown_names_is_left_out),
        cmocka_unit_test(what_is_not_there_any_more_is_passed_over),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
