/* The timeline as a screen: what it shows, where it goes, what a filter does, what it survives. */
#include "view_stage.h"

static void goldens_at(enum view_stage_fill fill, const char *name, int rows, int columns)
{
    struct view_stage *stage = view_stage_new(fill, rows, columns);

    view_stage_keys(stage, fill == STAGE_PRACTICE ? "g Down Down Down Down" : "g");
    view_stage_golden_end(stage, "timeline", name);
}

static void it_looks_like_its_goldens(void **state)
{
    (void)state;
    goldens_at(STAGE_PRACTICE, "practice", 24, 80);
    goldens_at(STAGE_PRACTICE, "practice", 10, 40);
    goldens_at(STAGE_PRACTICE, "practice", 50, 160);
    goldens_at(STAGE_RUSSIAN, "russian", 24, 80);
    goldens_at(STAGE_RUSSIAN, "russian", 10, 40);
    goldens_at(STAGE_EMPTY, "empty", 24, 80);
    goldens_at(STAGE_EMPTY, "empty", 10, 40);
}

static void form_golden(enum view_stage_fill fill, const char *keys, const char *name, int rows,
                        int columns)
{
    struct view_stage *stage = view_stage_new(fill, rows, columns);

    view_stage_keys(stage, keys);
    view_stage_keys(stage, "j k"); /* without what the key said */
    view_stage_golden_end(stage, "timeline", name);
}

static void its_forms_look_like_their_goldens(void **state)
{
    (void)state;
    form_golden(STAGE_PRACTICE, "g v", "expanded", 24, 80);
    form_golden(STAGE_PRACTICE, "v", "expanded", 10, 40);
    form_golden(STAGE_RUSSIAN, "g v", "expanded-russian", 24, 80);
    form_golden(STAGE_RUSSIAN, "g v", "expanded-russian", 10, 40);
    form_golden(STAGE_PRACTICE, "v v", "compact", 24, 80);
    form_golden(STAGE_PRACTICE, "v v", "compact", 10, 40);
}

/* Whatever the form, every entry can be reached, one step each, and none is passed over. */
static void every_form_goes_from_entry_to_entry(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    for (int form = 0; form < 3; form++) {
        view_stage_keys(stage, "g");
        view_stage_expect_selected(stage, "E01");
        for (int i = 0; i < 21; i++)
            view_stage_keys(stage, "Down");
        view_stage_expect_selected(stage, "E22");
        view_stage_keys(stage, "Up Up v");
        view_stage_expect_selected(stage, "E19");
    }
    view_stage_expect_not(stage, "Chechen police seize equipment"); /* as at first again */
    view_stage_keys(stage, "PgUp PgDn PgDn");
    view_stage_expect_selected(stage, "E22");
    view_stage_free(stage);
}

/* A second line never stands without the first, nor the selected entry without its second. */
static void two_lines_stay_together(void **state)
{
    static const char *const keys[] = {"Down", "Down", "PgDn", "Up", "PgUp", "Up", "End", "Up"};
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 10, 40);
    char ref[16], text[40];

    (void)state;
    for (int i = 0; i < 30; i++) {
        uint8_t id[LW_RECORD_ID];

        snprintf(ref, sizeof ref, "E%02d", i + 1);
        snprintf(text, sizeof text, "told of E%02d\nand more", i + 1);
        fixture_make(stage->fixture, LW_RECORD_ENTRY, id, "ref", ref, "title", ref, "status",
                     "draft", "when", i < 15 ? "2014-12-13" : "2014-12-14", "narrative", text,
                     (char *)NULL);
    }
    view_stage_changed(stage);
    view_stage_keys(stage, "g v");
    for (size_t i = 0; i < 64; i++) {
        enum lw_record_type type;
        uint8_t id[LW_RECORD_ID];
        struct lw_record record;
        struct lw_error err = {0};

        view_stage_keys(stage, keys[i % LW_COUNT_OF(keys)]);
        assert_true(lw_screen_selected(lw_tui_top(stage->tui), &type, id));
        assert_int_equal(lw_record_get(stage->fixture->journal, type, id, &record, &err), LW_OK);
        snprintf(text, sizeof text, "told of %s", lw_record_text(&record, "ref"));
        view_stage_expect(stage, text);
        lw_record_clear(&record);
        assert_int_not_equal(lw_grid_cell(lw_tui_grid(stage->tui), 1, 4)->text[0], 't');
    }
    view_stage_expect_not(stage, "and more");
    view_stage_free(stage);
}

static void the_form_stays_from_zoom_to_zoom(void **state)
{
    static const struct lw_action_table *const tables[] = {&lw_actions_timeline, &lw_actions_zoom,
                                                           &lw_actions_lanes, &lw_actions_common};
    struct view_stage *stage = view_stage_with(STAGE_RUSSIAN, tables, LW_COUNT_OF(tables), 24, 80);

    (void)state;
    view_stage_keys(stage, "g v z z z");
    view_stage_expect(stage, "Грозный · Вечером 13 декабря загорелся офис.");
    view_stage_keys(stage, "Z Home Enter");
    view_stage_expect(stage, "Грозный · Вечером 13 декабря загорелся офис.");
    view_stage_changed(stage);
    view_stage_expect(stage, "Грозный · Вечером 13 декабря загорелся офис.");
    view_stage_free(stage);
}

/* Where there is room the entry stands beside the list, and follows once the selection rests. */
static void the_entry_stands_beside_the_list(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 50, 160);
    const struct lw_grid *grid = lw_tui_grid(stage->tui);
    struct lw_key up;

    (void)state;
    view_stage_expect(stage, "│   E22  intervention");
    view_stage_expect(stage, "demands: effective protection");
    assert_true(lw_key_parse("Up", 2, &up));
    for (int i = 0; i < 3; i++) {
        lw_tui_press(stage->tui, &up);
        lw_tui_turn(stage->tui);
        stage->steady_ms += 100;
    }
    view_stage_expect(stage, "│   E22  intervention");
    view_stage_rest(stage);
    view_stage_expect(stage, "│   E18  ");
    assert_int_equal(grid->cursor_column, 0);
    /* without room it stands below, and with room beside the list again */
    view_stage_resize(stage, 24, 80);
    view_stage_expect_not(stage, "│");
    view_stage_expect(stage, "E18 · ");
    view_stage_expect_selected(stage, "E18");
    view_stage_resize(stage, 10, 40);
    view_stage_resize(stage, 32, 140);
    view_stage_expect(stage, "│   E18  ");
    view_stage_expect_not(stage, "E18 · ");
    view_stage_resize(stage, 31, 140);
    view_stage_expect_not(stage, "│");
    view_stage_resize(stage, 50, 160);
    view_stage_keys(stage, "Enter");
    view_stage_expect_not(stage, "│");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_ENTRY);
    view_stage_keys(stage, "q v v");
    view_stage_expect_not(stage, "│"); /* the compact list has all of the room */
    view_stage_free(stage);
}

static void what_stands_beside_is_read_anew(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, 50, 160);
    struct lw_record record;
    struct lw_error err = {0};
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];

    (void)state;
    view_stage_keys(stage, "g");
    view_stage_golden(stage, "timeline-russian-160x50");
    assert_true(lw_screen_selected(lw_tui_top(stage->tui), &type, id));
    assert_int_equal(lw_record_get(stage->fixture->journal, type, id, &record, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&record, "narrative", "Dogs barked", 11), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture->journal, &record, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    lw_record_clear(&record);
    view_stage_changed(stage);
    view_stage_expect(stage, "│   Dogs barked");
    view_stage_free(stage);
}

/* A slow line is spared what nobody reads while the selection moves. */
static void what_stands_below_waits_for_a_rest(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);
    struct lw_key up;

    (void)state;
    assert_true(view_stage_sees(stage, "E22 · "));
    assert_true(lw_key_parse("Up", 2, &up));
    for (int i = 0; i < 3; i++) {
        lw_tui_press(stage->tui, &up);
        lw_tui_turn(stage->tui);
        stage->steady_ms += 100;
    }
    assert_true(view_stage_sees(stage, "E22 · "));
    view_stage_rest(stage);
    assert_false(view_stage_sees(stage, "E22 · "));
    assert_true(view_stage_sees(stage, "E18 · ") || view_stage_sees(stage, "E19 · "));
    view_stage_free(stage);
}

/* With it, but not where headings are out of sight so soon that the first line tells the day. */
static void the_month_waits_for_a_rest(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);
    struct lw_key first;

    (void)state;
    assert_true(lw_key_parse("g", 1, &first));
    lw_tui_press(stage->tui, &first);
    view_stage_expect(stage, "December 2014 · Attacks");
    view_stage_rest(stage);
    view_stage_expect(stage, "From about 2009 on · Attacks");
    view_stage_resize(stage, 10, 40);
    view_stage_keys(stage, "G");
    lw_tui_press(stage->tui, &first);
    view_stage_expect(stage, "From about 2009 on · Att");
    view_stage_free(stage);
}

static void it_starts_at_the_end_and_moves(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_expect_selected(stage, "E22");
    view_stage_keys(stage, "Up");
    view_stage_expect_selected(stage, "E21");
    view_stage_keys(stage, "g");
    view_stage_expect_selected(stage, "E01");
    view_stage_keys(stage, "j j");
    view_stage_expect_selected(stage, "E04");
    view_stage_keys(stage, "PgDn");
    view_stage_keys(stage, "G");
    view_stage_expect_selected(stage, "E22");
    view_stage_free(stage);
}

/* Nothing that is vague is drawn as a point, and order that is only stated as "later". */
static void dates_are_drawn_as_what_they_are(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 50, 120);

    (void)state;
    view_stage_expect(stage, "From about 2009 on\n");
    view_stage_expect(stage, "… to 16 Dec  E04");
    view_stage_expect(stage, "… several h  E16");
    view_stage_expect(stage, "later        E09");
    view_stage_expect(stage, "… open       E12");
    view_stage_keys(stage, "g");
    view_stage_expect(stage, "From about 2009 on · ");
    view_stage_expect_not(stage, "January 2008");
    view_stage_free(stage);
}

static void a_hedge_is_never_cut_away(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    view_stage_keys(stage, "g");
    for (int i = 0; i < 22 && !view_stage_sees(stage, "(apparent)"); i++)
        view_stage_keys(stage, "Down");
    view_stage_expect(stage, "… (apparent)");
    view_stage_free(stage);
}

/* ---- filters ----------------------------------------------------------------------------------
 */

static void words_filter_as_they_are_typed(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "off");
    view_stage_expect(stage, "Only off");
    view_stage_type(stage, "ice");
    view_stage_expect(stage, "6 entries");
    view_stage_golden(stage, "timeline-filter-typed-80x24");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Only office");
    view_stage_expect(stage, "F clears it");
    view_stage_golden(stage, "timeline-filter-80x24");
    view_stage_keys(stage, "F");
    view_stage_expect_not(stage, "Only");
    view_stage_expect(stage, "22 entries");
    view_stage_free(stage);
}

static void a_cancelled_filter_leaves_what_was(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "office\r");
    view_stage_expect_selected(stage, "E13");
    view_stage_keys(stage, "Up f");
    view_stage_type(stage, "zzz");
    view_stage_expect(stage, "no entry passes the filter");
    view_stage_keys(stage, "Ctrl-G");
    view_stage_expect(stage, "Only office");
    view_stage_expect_selected(stage, "E12");
    view_stage_keys(stage, "Esc");
    view_stage_expect_not(stage, "Only");
    view_stage_expect_selected(stage, "E12");
    view_stage_free(stage);
}

static void kinds_are_completed(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "K");
    view_stage_type(stage, "ars");
    view_stage_keys(stage, "Tab Enter");
    view_stage_expect(stage, "Only kind:arson");
    view_stage_expect(stage, "1 entry ");
    view_stage_expect_selected(stage, "E11");
    view_stage_keys(stage, "f");
    view_stage_type(stage, " office\r");
    view_stage_expect(stage, "Only kind:arson office");
    view_stage_keys(stage, "f Ctrl-U");
    view_stage_type(stage, "pers");
    view_stage_keys(stage, "Tab");
    view_stage_type(stage, "Babin");
    view_stage_keys(stage, "Tab Enter");
    view_stage_expect(stage, "Only person:Babinets");
    view_stage_keys(stage, "f Ctrl-U Enter");
    view_stage_expect_not(stage, "Only");
    view_stage_free(stage);
}

/* What is wrong is said above the prompt; what was typed stays, with the cursor where it is wrong.
 */
static void a_wrong_filter_is_kept_and_told(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "office kind:arsn place:Grozny\r");
    view_stage_expect(stage,
                      "character 13: no kind of entry is called \"arsn\"; did you mean arson?");
    view_stage_expect(stage, "filter: office kind:arsn place:Grozny");
    view_stage_golden(stage, "timeline-filter-wrong-80x24");
    view_stage_keys(stage, "Right Right Right");
    view_stage_type(stage, "o");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Only office kind:arson place:Grozny");
    view_stage_expect(stage, "1 entry ");
    view_stage_free(stage);
}

static void filters_are_saved_under_names(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_type(stage, ":save-filter\r");
    view_stage_expect(stage, "no filter is on that could be saved");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "kind:arson\r");
    view_stage_type(stage, ":save-filter\r");
    view_stage_expect(stage, "save this filter as:");
    view_stage_type(stage, "fires\r");
    view_stage_expect(stage, "filter fires saved");
    view_stage_keys(stage, "F");
    view_stage_type(stage, ":use-filter\r");
    view_stage_type(stage, "fi");
    view_stage_keys(stage, "Tab Enter");
    view_stage_expect(stage, "Only kind:arson");
    view_stage_type(stage, ":rename-filter fires\r");
    view_stage_expect(stage, "its new name: fires");
    view_stage_keys(stage, "Ctrl-U");
    view_stage_type(stage, "burned\r");
    view_stage_expect(stage, "filter burned renamed");
    view_stage_type(stage, ":use-filter fires\r");
    view_stage_expect(stage, "no filter is called \"fires\"");
    view_stage_type(stage, ":remove-filter burned\r");
    view_stage_expect(stage, "filter burned removed");
    view_stage_type(stage, ":use-filter burned\r");
    view_stage_expect(stage, "no filter is called \"burned\"");
    view_stage_free(stage);
}

/* ---- the journal of a day ----------------------------------------------------------------------
 */

static void the_journal_as_it_was_known(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_type(stage, ":as-of 2014-12-15\r");
    view_stage_expect(stage, "AS KNOWN at the end of 15 December 2014 (UTC+03:00)");
    view_stage_expect(stage, "no entries yet");
    view_stage_type(stage, ":as-of 16 dec 2014\r");
    view_stage_golden(stage, "as-of-80x24");
    view_stage_expect(stage, "AS KNOWN at the end of 16 December 2014 (UTC+03:00)");
    view_stage_expect(stage, "nothing can be written");
    view_stage_keys(stage, "g Enter");
    view_stage_expect(stage, "AS KNOWN at the end of 16 December 2014 (UTC+03:00)");
    view_stage_keys(stage, "e");
    view_stage_expect_not(stage, "Esc keeps");
    view_stage_keys(stage, "Esc");
    view_stage_type(stage, ":as-of yesterdayish\r");
    view_stage_expect(stage, "AS KNOWN");
    view_stage_type(stage, ":as-of\r");
    view_stage_expect_not(stage, "AS KNOWN");
    view_stage_expect(stage, "This is the journal as it is again");
    view_stage_expect(stage, "saved");
    view_stage_type(stage, ":as-of\r");
    view_stage_expect(stage, "as-of takes a day behind its name");
    view_stage_free(stage);
}

static void it_says_so_when_small(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, 10, 40);

    (void)state;
    view_stage_type(stage, ":as-of 2014-12-16\r");
    view_stage_golden(stage, "as-of-40x10");
    view_stage_free(stage);
}

static void it_can_be_used_with_a_filter_when_small(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "office\r");
    view_stage_golden(stage, "timeline-filter-40x10");
    view_stage_free(stage);
}

/* ---- a long timeline ----------------------------------------------------------------------------
 */

static void fill_long(struct view_stage *stage, int count)
{
    struct lw_error err = {0};

    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    for (int i = 0; i < count; i++) {
        struct lw_record entry;
        char when[32], title[32];

        lw_record_init(&entry, LW_RECORD_ENTRY);
        snprintf(when, sizeof when, "%04d-%02d-%02d", 2010 + i / 300, 1 + i / 25 % 12, 1 + i % 25);
        snprintf(title, sizeof title, "number %d", i + 1);
        assert_int_equal(lw_record_set_text(&entry, "when", when, strlen(when)), LW_OK);
        assert_int_equal(lw_record_set_text(&entry, "title", title, strlen(title)), LW_OK);
        assert_int_equal(lw_record_set_text(&entry, "status", "sealed", 6), LW_OK);
        assert_int_equal(lw_record_put(stage->fixture->journal, &entry, NULL, &err), LW_OK);
        lw_record_clear(&entry);
    }
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    view_stage_changed(stage);
}

/* More rows than stay in memory: each is met once, in order, both ways. */
static void a_long_timeline_has_no_holes(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);
    char ref[16];

    (void)state;
    fill_long(stage, 1500);
    view_stage_keys(stage, "g");
    for (int i = 1; i <= 1500; i++) {
        snprintf(ref, sizeof ref, i < 10 ? "E0%d" : "E%d", i);
        view_stage_expect_selected(stage, ref);
        view_stage_keys(stage, "Down");
    }
    for (int i = 1500; i >= 1; i--) {
        snprintf(ref, sizeof ref, i < 10 ? "E0%d" : "E%d", i);
        view_stage_expect_selected(stage, ref);
        view_stage_keys(stage, "Up");
    }
    view_stage_keys(stage, "G");
    view_stage_expect_selected(stage, "E1500");
    view_stage_keys(stage, "g");
    view_stage_expect_selected(stage, "E01");
    view_stage_free(stage);
}

/* What passes is counted while it is to be seen already, and so far. */
static void a_long_timeline_is_counted_in_turns(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);
    int turns = 0;

    (void)state;
    fill_long(stage, 4000);
    view_stage_expect(stage, "4000 entries");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "has:date");
    view_stage_expect_selected(stage, "E4000");
    view_stage_expect(stage, "00+ entries");
    for (; !view_stage_sees(stage, "4000 entries") && turns < 20; turns++)
        view_stage_rest(stage);
    assert_true(turns > 1);
    view_stage_expect(stage, "4000 entries");
    view_stage_keys(stage, "Enter F");
    view_stage_expect(stage, "4000 entries");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "no:date");
    view_stage_expect(stage, "no entry passes the filter");
    view_stage_keys(stage, "Esc"); /* while it is counted */
    view_stage_expect(stage, "4000 entries");
    view_stage_free(stage);
}

static void pages_meet(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);
    int pages = 0;

    (void)state;
    fill_long(stage, 700);
    view_stage_keys(stage, "g");
    while (!view_stage_sees(stage, "E700 ") && pages++ < 200)
        view_stage_keys(stage, "PgDn");
    view_stage_expect_selected(stage, "E700");
    assert_true(pages > 60);
    for (int i = 0; i < 200 && !view_stage_sees(stage, "E01 "); i++)
        view_stage_keys(stage, "PgUp");
    view_stage_expect_selected(stage, "E01");
    view_stage_free(stage);
}

/* ---- changes ------------------------------------------------------------------------------------
 */

static void changes_keep_the_cursor_on_its_entry(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "Up Up Up");
    view_stage_expect_selected(stage, "E18");
    fixture_entry(stage->fixture, NULL, "E90", "2014-12-14 01:00", "new above");
    fixture_entry(stage->fixture, NULL, "E91", "2014-12-20", "new below");
    view_stage_expect_not(stage, "new above");
    view_stage_changed(stage);
    view_stage_expect_selected(stage, "E18");
    view_stage_expect(stage, "new above");
    view_stage_expect(stage, "new below");
    view_stage_expect(stage, "24 entries · 2 drafts · saved");
    view_stage_free(stage);
}

/* Who stands at the end sees what comes behind it. */
static void what_is_added_at_the_end_comes_into_sight(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    view_stage_expect_selected(stage, "E22");
    fixture_entry(stage->fixture, NULL, "E90", "2014-12-20", "at the end");
    view_stage_changed(stage);
    view_stage_expect_selected(stage, "E22");
    view_stage_expect(stage, "at the end");
    view_stage_free(stage);
}

static void an_entry_that_moves_takes_the_cursor_along(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);
    struct lw_record entry;
    struct lw_error err = {0};

    (void)state;
    view_stage_expect_selected(stage, "E22");
    assert_int_equal(
        lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, "E22", &entry, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "when", "2001-01-01", 10), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture->journal, &entry, "moved", &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    lw_record_clear(&entry);
    view_stage_changed(stage);
    view_stage_expect_selected(stage, "E22");
    view_stage_expect(stage, "January 2001");
    view_stage_free(stage);
}

/* ---- anything may happen ------------------------------------------------------------------------
 */

static void any_size_is_stood(void **state)
{
    static const int sizes[][2] = {{1, 1},   {5, 20},  {10, 40}, {11, 41}, {19, 59},  {20, 60},
                                   {21, 79}, {24, 80}, {3, 200}, {200, 3}, {60, 250}, {24, 80}};
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, 24, 80);

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        view_stage_resize(stage, sizes[i][0], sizes[i][1]);
        view_stage_keys(stage, "Up PgDn g G f Esc F");
    }
    view_stage_expect(stage, "Наблюдение за домом");
    view_stage_free(stage);
}

static void hostile_text_is_harmless(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);

    (void)state;
    fixture_make(stage->fixture, LW_RECORD_ENTRY, NULL, "title", "a\x1b[2Jb\nc\xe2\x80\xae",
                 "hedge", "\x07", "status", "draft", (char *)NULL);
    view_stage_changed(stage);
    view_stage_expect(stage, "a\xef\xbf\xbd[2Jb c\xef\xbf\xbd (\xef\xbf\xbd)");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "[2J\r");
    view_stage_expect(stage, "Only [2J");
    view_stage_free(stage);
}

static void russian_keys_are_those_positions(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_type(stage, "п"); /* g */
    view_stage_expect_selected(stage, "E01");
    view_stage_type(stage, "о"); /* j */
    view_stage_expect_selected(stage, "E02");
    view_stage_type(stage, "а"); /* f */
    view_stage_expect(stage, "filter:");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(its_forms_look_like_their_goldens),
        cmocka_unit_test(every_form_goes_from_entry_to_entry),
        cmocka_unit_test(two_lines_stay_together),
        cmocka_unit_test(the_form_stays_from_zoom_to_zoom),
        cmocka_unit_test(the_entry_stands_beside_the_list),
        cmocka_unit_test(what_stands_beside_is_read_anew),
        cmocka_unit_test(what_stands_below_waits_for_a_rest),
        cmocka_unit_test(the_month_waits_for_a_rest),
        cmocka_unit_test(it_starts_at_the_end_and_moves),
        cmocka_unit_test(dates_are_drawn_as_what_they_are),
        cmocka_unit_test(a_hedge_is_never_cut_away),
        cmocka_unit_test(words_filter_as_they_are_typed),
        cmocka_unit_test(a_cancelled_filter_leaves_what_was),
        cmocka_unit_test(kinds_are_completed),
        cmocka_unit_test(a_wrong_filter_is_kept_and_told),
        cmocka_unit_test(filters_are_saved_under_names),
        cmocka_unit_test(the_journal_as_it_was_known),
        cmocka_unit_test(it_says_so_when_small),
        cmocka_unit_test(it_can_be_used_with_a_filter_when_small),
        cmocka_unit_test(a_long_timeline_has_no_holes),
        cmocka_unit_test(a_long_timeline_is_counted_in_turns),
        cmocka_unit_test(pages_meet),
        cmocka_unit_test(changes_keep_the_cursor_on_its_entry),
        cmocka_unit_test(what_is_added_at_the_end_comes_into_sight),
        cmocka_unit_test(an_entry_that_moves_takes_the_cursor_along),
        cmocka_unit_test(any_size_is_stood),
        cmocka_unit_test(hostile_text_is_harmless),
        cmocka_unit_test(russian_keys_are_those_positions),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
