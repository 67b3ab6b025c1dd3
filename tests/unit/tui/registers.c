/* Lists of items, threats, interventions, detentions and searches, and of tasks. */
#include "built_catalogue.h"
#include "view_stage.h"

/* With the tables that these lists need, which other stages do without. */
static struct view_stage *stage_new(enum view_stage_fill fill, int rows, int columns)
{
    static const struct lw_action_table *const tables[] = {
        &lw_actions_timeline,  &lw_actions_entry, &lw_actions_form,  &lw_actions_tasks,
        &lw_actions_registers, &lw_actions_lists, &lw_actions_saved, &lw_actions_common,
    };

    return view_stage_with(fill, tables, LW_COUNT_OF(tables), rows, columns);
}

static void golden_of(enum view_stage_fill fill, const char *keys, const char *name, int rows,
                      int columns)
{
    struct view_stage *stage = stage_new(fill, rows, columns);

    view_stage_keys(stage, keys);
    view_stage_golden_end(stage, "register-view", name);
}

static void they_look_like_their_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "1", "seizures", 24, 80);
    golden_of(STAGE_PRACTICE, "1", "seizures", 10, 40);
    golden_of(STAGE_PRACTICE, "2", "threats", 24, 80);
    golden_of(STAGE_PRACTICE, "3 Down", "interventions", 24, 80);
    golden_of(STAGE_PRACTICE, "3", "interventions", 10, 40);
    golden_of(STAGE_PRACTICE, "4", "detentions", 24, 80);
    golden_of(STAGE_PRACTICE, "5", "searches", 24, 80);
    golden_of(STAGE_PRACTICE, "6", "items", 24, 80);
    golden_of(STAGE_RUSSIAN, "5", "searches-russian", 10, 40);
    golden_of(STAGE_EMPTY, "1", "empty", 10, 40);
}

static void enter_opens_the_entry_and_one_list_leads_to_another(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "1 Down Enter");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_ENTRY);
    view_stage_expect_selected(stage, "E17");
    view_stage_keys(stage, "Esc 3");
    view_stage_expect_selected(stage, "E05");
    view_stage_keys(stage, "End");
    view_stage_expect_selected(stage, "E22");
    view_stage_keys(stage, "2 Enter");
    view_stage_expect_selected(stage, "E20");
    view_stage_free(stage);
}

static void they_say_recorded_words_in_russian(void **state)
{
    struct lw_buf data = LW_BUF_INIT;

    (void)state;
    use_catalogue(&data);
    golden_of(STAGE_PRACTICE, "6", "items-in-russian", 24, 80);
    lw_catalogue_drop();
    lw_buf_free(&data);
}

static void what_others_write_appears(void **state)
{
    struct view_stage *stage = stage_new(STAGE_EMPTY, 24, 80);

    (void)state;
    view_stage_keys(stage, "2");
    view_stage_expect(stage, "none are recorded");
    fixture_make(stage->fixture, LW_RECORD_ENTRY, NULL, "title", "a call", "kind", "threat",
                 "status", "draft", (char *)NULL);
    view_stage_changed(stage);
    view_stage_expect(stage, "a call");
    view_stage_expect(stage, "1 threat");
    view_stage_free(stage);
}

/* ---- filters ---- */

static void a_filter_shows_and_counts_less_and_says_so(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "5");
    view_stage_expect(stage, "3 searches");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "warrant:no");
    view_stage_expect(stage, "1 search");
    view_stage_keys(stage, "Enter");
    view_stage_golden(stage, "register-view-filter-80x24");
    view_stage_resize(stage, 10, 40);
    view_stage_golden(stage, "register-view-filter-40x10");
    view_stage_type(stage, ":save-filter unasked\r");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "3 searches");
    view_stage_expect_not(stage, "Only");
    view_stage_type(stage, "6:use-filter unasked\r");
    view_stage_expect(stage, "none passes the filter");
    view_stage_keys(stage, "F");
    view_stage_expect(stage, "Destroyed:");
    view_stage_type(stage, "fkind:arsn\r");
    view_stage_expect(stage, "did you mean arson?");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "Destroyed:");
    view_stage_free(stage);
}

static void a_filter_is_typed_in_russian_too(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    view_stage_type(stage, "5fвид:обыск");
    view_stage_keys(stage, "Enter");
    view_stage_golden(stage, "register-view-filter-russian-80x24");
    view_stage_resize(stage, 10, 40);
    view_stage_golden(stage, "register-view-filter-russian-40x10");
    view_stage_free(stage);
}

/* ---- tasks ---- */

static void add_tasks(struct view_stage *stage)
{
    static const char *const lines[] = {
        "ask the investigator for a copy of the record; due: 2014-12-10; for: Babinets; entry: E17",
        "send the complaint; due: 2014-12-16; entry: E22; note: by registered mail",
        "photograph the door; due: 2015-01-15",
        "ask neighbours for recordings of their cameras",
    };
    struct lw_error err = {0};
    int64_t number;

    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        if (lw_task_add(stage->fixture->journal, lines[i], strlen(lines[i]), &fixture_clock,
                        &number, &err) != LW_OK)
            fail_msg("%s", err.text);
    }
    view_stage_changed(stage);
}

static void the_first_screen_tells_what_is_due(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_expect_not(stage, "overdue");
    add_tasks(stage);
    view_stage_expect(stage, "1 task overdue, 1 due today · 22 entries · saved");
    view_stage_resize(stage, 10, 40);
    view_stage_expect(stage, "1 overdue · 22 entries");
    view_stage_free(stage);
}

static void overdue_ones_are_listed_first(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    add_tasks(stage);
    view_stage_keys(stage, "t");
    view_stage_golden(stage, "tasks-80x24");
    view_stage_keys(stage, "Enter");
    view_stage_expect_selected(stage, "E17");
    view_stage_keys(stage, "Esc");
    view_stage_resize(stage, 10, 40);
    view_stage_golden(stage, "tasks-40x10");
    view_stage_free(stage);
}

static void a_filter_leaves_tasks_of_its_entries(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    add_tasks(stage);
    view_stage_type(stage, "tf-kind:seizure\r");
    view_stage_golden(stage, "tasks-filter-40x10");
    view_stage_expect(stage, "1 open: 1 task due today");
    view_stage_expect_not(stage, "photograph");
    view_stage_keys(stage, "f");
    view_stage_type(stage, " kind:arson\r");
    view_stage_expect(stage, "no task is of an entry");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "4 open");
    view_stage_free(stage);
}

static void one_key_does_and_undoes(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    add_tasks(stage);
    view_stage_keys(stage, "t x");
    view_stage_expect(stage, "3 open: 1 task due today");
    view_stage_expect_not(stage, "ask the investigator");
    view_stage_keys(stage, "a");
    view_stage_expect(stage, "done");
    view_stage_keys(stage, "End x");
    view_stage_expect(stage, "4 open: 1 task overdue, 1 due today");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "1 task overdue, 1 due today");
    view_stage_free(stage);
}

static void a_reader_sees_tasks_and_changes_none(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    add_tasks(stage);
    lw_tui_read_only(stage->tui);
    view_stage_keys(stage, "t");
    view_stage_expect(stage, "4 open: 1 task overdue, 1 due today");
    view_stage_keys(stage, "x");
    view_stage_expect(stage, "x does nothing here");
    view_stage_keys(stage, "n");
    view_stage_expect(stage, "n does nothing here");
    view_stage_keys(stage, "e");
    view_stage_expect(stage, "e does nothing here");
    view_stage_expect(stage, "4 open: 1 task overdue, 1 due today");
    view_stage_free(stage);
}

static void a_new_task_knows_the_entry_it_is_made_from(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "1 Enter +");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    view_stage_type(stage, "ask for the record");
    view_stage_keys(stage, "F2");
    view_stage_keys(stage, "Esc t Enter");
    view_stage_expect_selected(stage, "E17");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look_like_their_goldens),
        cmocka_unit_test(enter_opens_the_entry_and_one_list_leads_to_another),
        cmocka_unit_test(they_say_recorded_words_in_russian),
        cmocka_unit_test(what_others_write_appears),
        cmocka_unit_test(a_filter_shows_and_counts_less_and_says_so),
        cmocka_unit_test(a_filter_is_typed_in_russian_too),
        cmocka_unit_test(a_filter_leaves_tasks_of_its_entries),
        cmocka_unit_test(the_first_screen_tells_what_is_due),
        cmocka_unit_test(overdue_ones_are_listed_first),
        cmocka_unit_test(one_key_does_and_undoes),
        cmocka_unit_test(a_reader_sees_tasks_and_changes_none),
        cmocka_unit_test(a_new_task_knows_the_entry_it_is_made_from),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
