/* Lanes over the timeline: one cursor over the three zooms, cells, where they lead. */
#include "view_stage.h"

static struct view_stage *stage_new(enum view_stage_fill fill, int rows, int columns)
{
    static const struct lw_action_table *const tables[] = {
        &lw_actions_timeline, &lw_actions_entry, &lw_actions_saved,  &lw_actions_zoom,
        &lw_actions_lanes,    &lw_actions_lists, &lw_actions_common,
    };

    return view_stage_with(fill, tables, LW_COUNT_OF(tables), rows, columns);
}

static void golden_of(enum view_stage_fill fill, const char *keys, const char *name, int rows,
                      int columns)
{
    struct view_stage *stage = stage_new(fill, rows, columns);

    view_stage_keys(stage, keys);
    view_stage_golden_end(stage, "lanes", name);
}

static void it_looks_like_its_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "z z", "people", 24, 80);
    golden_of(STAGE_PRACTICE, "z z", "people", 10, 40);
    golden_of(STAGE_PRACTICE, "z z b", "places", 24, 80);
    golden_of(STAGE_PRACTICE, "z z B -", "sources", 50, 160);
    golden_of(STAGE_RUSSIAN, "z z", "russian", 10, 40);
    golden_of(STAGE_RUSSIAN, "z z b b", "russian-kinds", 24, 80);
    golden_of(STAGE_EMPTY, "z z", "empty", 10, 40);
}

static unsigned context_of(struct view_stage *stage)
{
    return lw_tui_top(stage->tui)->ops->context;
}

/* Over all three the cursor is about the same, also where it was moved in one of them. */
static void one_cursor_goes_over_the_three_zooms(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "Up Up Up");
    view_stage_expect_selected(stage, "E18");
    view_stage_keys(stage, "z");
    assert_int_equal(context_of(stage), LW_IN_RULER);
    view_stage_keys(stage, "z");
    assert_int_equal(context_of(stage), LW_IN_LANES);
    view_stage_expect(stage, "Sun 14 December 2014 · ");
    view_stage_keys(stage, "z");
    assert_int_equal(context_of(stage), LW_IN_TIMELINE);
    view_stage_expect_selected(stage, "E18");
    view_stage_keys(stage, "Z Left Left Z");
    assert_int_equal(context_of(stage), LW_IN_RULER);
    view_stage_expect(stage, "Fri 12 December 2014: ");
    view_stage_keys(stage, "Up Up Up Z");
    assert_int_equal(context_of(stage), LW_IN_TIMELINE);
    view_stage_expect_selected(stage, "E05");
    /* the scale that was chosen last, and what the lanes are of, stay */
    view_stage_keys(stage, "Z - b z Z");
    view_stage_expect(stage, "Entries by month and place");
    view_stage_expect(stage, "December 2014 · ");
    view_stage_free(stage);
}

/* The line under the cursor is one of the entry's, and stays the same one at every scale. */
static void the_line_of_the_entry_is_selected(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "Home Z b b");
    view_stage_expect(stage, "> context ");
    view_stage_keys(stage, "+");
    view_stage_expect(stage, "> context ");
    view_stage_keys(stage, "-");
    view_stage_expect(stage, "> context ");
    view_stage_keys(stage, "b");
    view_stage_expect(stage, "> S2 ");
    view_stage_free(stage);
}

static void cells_are_as_on_the_ruler(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    view_stage_keys(stage, "z z");
    view_stage_expect(stage, "Сергей Бабинец           1  1...");
    view_stage_expect(stage, "no person                3  .1~~"); /* of one to four days */
    view_stage_keys(stage, "Down Home Left Left Left Left");
    view_stage_expect(stage, "Sat 13 December 2014 · Сергей Бабинец: 1 dated within it");
    view_stage_keys(stage, "Tab");
    view_stage_expect(stage, "nothing later in this line");
    view_stage_keys(stage, "Down Tab");
    view_stage_expect(stage, "Sun 14 December 2014 · no person: 1 dated within it, 1 perhaps");
    view_stage_keys(stage, "Tab Shift-Tab Shift-Tab");
    view_stage_expect(stage, "nothing earlier in this line");
    view_stage_keys(stage, "] +");
    view_stage_expect(stage, "Entries by hour and person");
    view_stage_expect(stage,
                      "Wed 17 December 2014, 00:00 · no person: 0 dated within it, 1 perhaps");
    view_stage_keys(stage, "[");
    view_stage_expect_not(stage, "Wed 17");
    view_stage_free(stage);
}

/* A reader's eye and a braille line follow the hardware cursor: it is on the cell, which the line
 * below names, and never told by its colour alone. */
static void the_cursor_is_on_the_cell(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);
    const struct lw_grid *grid = lw_tui_grid(stage->tui);
    int column;

    (void)state;
    view_stage_keys(stage, "z z Home");
    column = grid->cursor_column;
    assert_int_equal(grid->cursor_row, 2);
    view_stage_keys(stage, "Left");
    assert_int_equal(grid->cursor_column, column - 1);
    assert_int_equal(lw_grid_cell(grid, 20, column - 1)->text[0], '^');
    view_stage_keys(stage, "Down");
    assert_int_equal(grid->cursor_row, 3);
    assert_int_equal(grid->cursor_column, column - 1);
    view_stage_free(stage);
}

static void enter_leads_to_the_entries_of_the_line(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_type(stage, "fGrozny");
    view_stage_keys(stage, "Enter z z b");
    view_stage_expect(stage, "Only Grozny");
    view_stage_keys(stage, "Home Down Down");
    view_stage_expect(stage, "> JMG office");
    view_stage_keys(stage, "Tab Left Shift-Tab Enter");
    assert_int_equal(context_of(stage), LW_IN_TIMELINE);
    view_stage_expect(stage, "Only Grozny · at JMG office");
    view_stage_expect(stage, "3 entries");
    view_stage_expect_selected(stage, "E10");
    /* of the kinds of those, and back step by step */
    view_stage_keys(stage, "z z b");
    view_stage_expect(stage, "Entries by day and kind");
    view_stage_keys(stage, "Home Enter");
    view_stage_expect(stage, "Only Grozny · at JMG office · kind ");
    view_stage_expect(stage, "1 entry");
    view_stage_keys(stage, "F");
    view_stage_expect(stage, "22 entries");
    view_stage_keys(stage, "q");
    assert_int_equal(context_of(stage), LW_IN_LANES);
    view_stage_expect(stage, "Only Grozny · at JMG office");
    view_stage_free(stage);
}

/* One of a type is enough: it is said where a list is of another one already. */
static void another_person_is_not_passed_over(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "Z Home Enter Z Home");
    view_stage_expect(stage, "Only with ");
    view_stage_keys(stage, "Down Enter");
    view_stage_expect(stage, "This list is of one person already");
    assert_int_equal(context_of(stage), LW_IN_LANES);
    view_stage_free(stage);
}

static void who_is_protected_has_the_code_name(void **state)
{
    struct view_stage *stage = stage_new(STAGE_EMPTY, 24, 80);
    uint8_t party[LW_RECORD_ID], entry[LW_RECORD_ID];

    (void)state;
    fixture_make(stage->fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Kovalenko",
                 "protected", "1", (char *)NULL);
    fixture_entry(stage->fixture, entry, "E01", "2014-12-13", "a call");
    fixture_make(stage->fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party,
                 "role", "witness", (char *)NULL);
    view_stage_changed(stage);
    view_stage_keys(stage, "z z");
    view_stage_expect(stage, "> protected person 1 ");
    view_stage_expect_not(stage, "Kovalenko");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Only with protected person 1");
    view_stage_expect_not(stage, "Kovalenko");
    view_stage_free(stage);
}

static void what_others_write_appears_and_the_line_stays(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    view_stage_keys(stage, "z z b Home Down");
    view_stage_expect(stage, "> no place                 3  .1~~");
    fixture_entry(stage->fixture, NULL, "E09", "2014-12-10", "before all");
    view_stage_changed(stage);
    view_stage_expect(stage, "> no place                 4  1...1~~~");
    view_stage_free(stage);
}

static void who_may_only_read_has_all_of_it(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    lw_tui_set_read_only(stage->tui, true);
    view_stage_keys(stage, "z z b Home Enter");
    view_stage_expect(stage, "Only at Grozny");
    view_stage_expect(stage, "read-only");
    view_stage_free(stage);
}

/* A large journal is counted piece by piece, and it is said how far that is. */
static void a_large_journal_is_counted_to_its_end(void **state)
{
    struct view_stage *stage = stage_new(STAGE_EMPTY, 24, 80);
    struct lw_error err = {0};
    struct lw_key key;
    char ref[16];

    (void)state;
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    for (int i = 0; i < 2100; i++) {
        struct lw_record record;

        lw_record_init(&record, LW_RECORD_ENTRY);
        lw_journal_new_id(stage->fixture->journal, record.id);
        snprintf(ref, sizeof ref, "E%d", i);
        assert_int_equal(lw_record_set_text(&record, "ref", ref, strlen(ref)), LW_OK);
        assert_int_equal(lw_record_set_text(&record, "title", "a call", 6), LW_OK);
        assert_int_equal(lw_record_set_text(&record, "status", "draft", 5), LW_OK);
        assert_int_equal(lw_record_set_text(&record, "when", "2014-12-13", 10), LW_OK);
        assert_int_equal(lw_record_put(stage->fixture->journal, &record, NULL, &err), LW_OK);
        lw_record_clear(&record);
    }
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    view_stage_changed(stage);
    assert_true(lw_key_parse("Z", 1, &key));
    lw_tui_press(stage->tui, &key);
    lw_tui_turn(stage->tui);
    view_stage_expect(stage, "counting, ");
    assert_int_equal(lw_tui_wait(stage->tui), 0);
    for (int i = 0; i < 6; i++)
        lw_tui_turn(stage->tui);
    view_stage_expect(stage, "> no person              2100  +");
    view_stage_expect(stage, "2100 entries");
    assert_int_not_equal(lw_tui_wait(stage->tui), 0);
    /* what is written meanwhile is counted without waiting for anything else */
    fixture_entry(stage->fixture, NULL, "E9000", "2014-12-13", "a call");
    lw_tui_changed(stage->tui);
    for (int i = 0; i < 8; i++) {
        lw_tui_turn(stage->tui);
        assert_true(i >= 5 || lw_tui_wait(stage->tui) == 0);
    }
    view_stage_expect(stage, "> no person              2101  +");
    view_stage_free(stage);
}

/* Only a stretch is counted; what comes in sight beyond it is counted then. */
static void every_cell_in_sight_is_counted(void **state)
{
    struct view_stage *stage = stage_new(STAGE_EMPTY, 10, 40);
    char ref[16], when[32];

    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(ref, sizeof ref, "E%02d", i + 1);
        snprintf(when, sizeof when, "20%02d-%02d-%02d", 10 + i / 12, i % 12 + 1, 15);
        fixture_entry(stage->fixture, NULL, ref, when, "something");
    }
    view_stage_changed(stage);
    view_stage_keys(stage, "Home z + z");
    view_stage_expect(stage, "By day and person");
    for (int i = 0; i < 70; i++)
        view_stage_keys(stage, "Tab");
    view_stage_expect(stage, "nothing later");
    view_stage_keys(stage, "Left Right");
    view_stage_expect(stage, "Mon 15 December 2014 · no person: 1");
    for (int i = 0; i < 30; i++) {
        view_stage_keys(stage, "[");
        view_stage_expect(stage, "no person: ");
    }
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(one_cursor_goes_over_the_three_zooms),
        cmocka_unit_test(the_line_of_the_entry_is_selected),
        cmocka_unit_test(cells_are_as_on_the_ruler),
        cmocka_unit_test(the_cursor_is_on_the_cell),
        cmocka_unit_test(enter_leads_to_the_entries_of_the_line),
        cmocka_unit_test(another_person_is_not_passed_over),
        cmocka_unit_test(who_is_protected_has_the_code_name),
        cmocka_unit_test(what_others_write_appears_and_the_line_stays),
        cmocka_unit_test(every_cell_in_sight_is_counted),
        cmocka_unit_test(who_may_only_read_has_all_of_it),
        cmocka_unit_test(a_large_journal_is_counted_to_its_end),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
