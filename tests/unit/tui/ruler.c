/* The ruler over the timeline: scales, where it leads, what it counts. */
#include "view_stage.h"

/* With its table, which other stages do without. */
static struct view_stage *stage_new(enum view_stage_fill fill, int rows, int columns)
{
    static const struct lw_action_table *const tables[] = {
        &lw_actions_timeline, &lw_actions_entry,  &lw_actions_saved,
        &lw_actions_zoom,     &lw_actions_common,
    };

    return view_stage_with(fill, tables, LW_COUNT_OF(tables), rows, columns);
}

static void golden_of(enum view_stage_fill fill, const char *keys, const char *name, int rows,
                      int columns)
{
    struct view_stage *stage = stage_new(fill, rows, columns);

    view_stage_keys(stage, keys);
    view_stage_golden_end(stage, "ruler", name);
}

static void it_looks_like_its_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "z", "years", 24, 80);
    golden_of(STAGE_PRACTICE, "z + +", "days", 24, 80);
    golden_of(STAGE_PRACTICE, "z + +", "days", 10, 40);
    golden_of(STAGE_PRACTICE, "z + + +", "hours", 10, 40);
    golden_of(STAGE_RUSSIAN, "z", "russian", 24, 80);
    golden_of(STAGE_EMPTY, "z", "empty", 10, 40);
}

static void zooming_stays_at_the_time(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "z End");
    view_stage_expect(stage, "> 2014  19 ~3");
    view_stage_keys(stage, "Up");
    view_stage_expect(stage, "2013: 0 dated within it, 1 perhaps, or longer");
    view_stage_keys(stage, "+");
    view_stage_expect(stage, "> January 2013");
    view_stage_keys(stage, "Down +");
    view_stage_expect(stage, "> Fri 1 February 2013");
    view_stage_keys(stage, "PgDn Right");
    view_stage_expect(stage, "Entries by hour");
    view_stage_keys(stage, "+");
    view_stage_expect(stage, "hours are the finest");
    view_stage_keys(stage, "- Left -");
    view_stage_expect(stage, "> 2013");
    view_stage_keys(stage, "-");
    view_stage_expect(stage, "years are the widest");
    /* where nothing was chosen inside, to what is dated there */
    view_stage_keys(stage, "Down + +");
    view_stage_expect(stage, "> Thu 4 December 2014");
    view_stage_free(stage);
}

static void enter_leads_to_the_date_in_the_list(void **state)
{
    struct view_stage *stage = stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "Home z End + +");
    view_stage_expect(stage, "Thu 4 December 2014: 1 dated within it, 2 perhaps, or longer");
    view_stage_keys(stage, "Down Down Down Down Enter");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_TIMELINE);
    view_stage_expect_selected(stage, "E05");
    view_stage_keys(stage, "z + + Esc");
    view_stage_expect_selected(stage, "E05");
    view_stage_keys(stage, "z Home Enter");
    view_stage_expect_selected(stage, "E01");
    view_stage_free(stage);
}

static void a_filter_is_shown_and_counts(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    view_stage_type(stage, "fвид:обыск");
    view_stage_keys(stage, "Enter z");
    view_stage_golden(stage, "ruler-filter-russian-80x24");
    view_stage_resize(stage, 10, 40);
    view_stage_golden(stage, "ruler-filter-russian-40x10");
    view_stage_expect(stage, "Sun 14 December 2014: 1 dated within it");
    view_stage_keys(stage, "Enter");
    view_stage_expect_selected(stage, "E02");
    view_stage_free(stage);
}

static void what_others_write_appears_and_the_cursor_stays(void **state)
{
    struct view_stage *stage = stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    view_stage_keys(stage, "z Home Down");
    view_stage_expect(stage, "> Sun 14 December 2014   1 ~1  #~");
    fixture_entry(stage->fixture, NULL, "E09", "2014-12-14 12:00", "a call");
    fixture_entry(stage->fixture, NULL, "E10", "2014-12-10", "before all");
    view_stage_changed(stage);
    view_stage_expect(stage, "> Sun 14 December 2014   2 ~1  ##~");
    view_stage_expect(stage, "Wed 10 December 2014");
    view_stage_expect(stage, "6 entries · 1 undated");
    view_stage_free(stage);
}

/* Only a stretch of the rows is in memory: wherever one goes, what is selected has its number. */
static void every_row_has_its_numbers(void **state)
{
    static const char *const keys[] = {"Down", "PgDn", "Up", "PgUp", "End", "Home", "PgDn"};
    struct view_stage *stage = stage_new(STAGE_EMPTY, 10, 40);
    char ref[16], when[32];

    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(ref, sizeof ref, "E%02d", i + 1);
        snprintf(when, sizeof when, "2014-%02d-%02d", i / 28 + 1, i % 28 + 1);
        fixture_entry(stage->fixture, NULL, ref, when, "something");
    }
    view_stage_changed(stage);
    view_stage_keys(stage, "z + Home");
    view_stage_expect(stage, "Entries by");
    for (size_t i = 0; i < 40; i++) {
        view_stage_keys(stage, keys[i % LW_COUNT_OF(keys)]);
        view_stage_expect(stage, "dated within it");
        view_stage_expect_not(stage, "2014\n"); /* a row without numbers */
    }
    view_stage_free(stage);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

/* What is counted piece by piece is whole when it is shown. */
static void a_large_journal_is_counted_to_its_end(void **state)
{
    struct view_stage *stage = stage_new(STAGE_EMPTY, 24, 80);
    struct lw_error err = {0};
    char ref[16];

    (void)state;
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    for (int i = 0; i < 4500; i++) {
        struct lw_record record;

        lw_record_init(&record, LW_RECORD_ENTRY);
        lw_journal_new_id(stage->fixture->journal, record.id);
        snprintf(ref, sizeof ref, "E%d", i);
        set_text(&record, "ref", ref);
        set_text(&record, "title", "something");
        set_text(&record, "status", "draft");
        set_text(&record, "when", i < 4000 ? "2014-12-13" : "2014-12-15");
        assert_int_equal(lw_record_put(stage->fixture->journal, &record, NULL, &err), LW_OK);
        lw_record_clear(&record);
    }
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    view_stage_changed(stage);
    view_stage_type(stage, "fsomething\r");
    view_stage_keys(stage, "z");
    for (int i = 0; i < 5; i++)
        lw_tui_turn(stage->tui);
    view_stage_expect(stage, "Only something");
    view_stage_expect(stage, "Sat 13 December 2014   4000  #");
    view_stage_expect(stage, "500  #");
    view_stage_expect(stage, "a sign is up to");
    view_stage_expect(stage, "4500 entries");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(zooming_stays_at_the_time),
        cmocka_unit_test(enter_leads_to_the_date_in_the_list),
        cmocka_unit_test(a_filter_is_shown_and_counts),
        cmocka_unit_test(what_others_write_appears_and_the_cursor_stays),
        cmocka_unit_test(every_row_has_its_numbers),
        cmocka_unit_test(a_large_journal_is_counted_to_its_end),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
