/* One entry as a screen: all of it, beside each other where there is room, and the ways out of it.
 */
#include "view_stage.h"

/* Opens the entry of that reference along the whole timeline. */
static void open_entry(struct view_stage *stage, const char *ref)
{
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, ref, &entry, &err),
                     LW_OK);
    if (lw_entry_show(stage->tui, entry.id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
    lw_tui_turn(stage->tui);
}

static void golden_of(enum view_stage_fill fill, const char *ref, const char *keys,
                      const char *name, int rows, int columns)
{
    struct view_stage *stage = view_stage_new(fill, rows, columns);

    open_entry(stage, ref);
    view_stage_keys(stage, keys);
    view_stage_golden_end(stage, "entry", name);
}

static void it_looks_like_its_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "E11", "", "arson", 24, 80);
    golden_of(STAGE_PRACTICE, "E11", "PgDn", "arson-below", 24, 80);
    golden_of(STAGE_PRACTICE, "E11", "", "arson", 10, 40);
    golden_of(STAGE_PRACTICE, "E13", "", "search", 60, 120);
    golden_of(STAGE_PRACTICE, "E17", "PgDn", "seizure", 24, 80);
    golden_of(STAGE_RUSSIAN, "E01", "", "russian", 24, 80);
    golden_of(STAGE_RUSSIAN, "E01", "PgDn", "russian", 10, 40);
}

/* Everything that is recorded about it is there. */
static void nothing_is_left_out(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 200, 100);

    (void)state;
    open_entry(stage, "E11");
    view_stage_expect(stage, "E11  arson");
    view_stage_expect(stage, "JMG office burned (apparent)");
    view_stage_expect(stage, "13 December 2014, evening");
    view_stage_expect(stage, "As entered  2014-12-13 evening");
    view_stage_expect(stage, "People\n");
    view_stage_expect(stage, "Accounts\n");
    view_stage_expect(stage, "\"soon after\"");
    view_stage_expect(stage, "Contradictions\n");
    view_stage_expect(stage, "Order\n");
    view_stage_expect(stage, "Revisions\n");
    open_entry(stage, "E17");
    view_stage_expect(stage, "Items\n");
    view_stage_expect(stage, "Total seized: at least 10 items, of which 5 exactly counted");
    view_stage_free(stage);
}

static void both_wordings_of_a_contradiction_stand_there(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 200, 100);

    (void)state;
    open_entry(stage, "E13");
    view_stage_expect(stage, "≠ way of entry\n");
    view_stage_expect(stage, "S1: entered, “JMG-owned” apartment");
    view_stage_expect(stage, "S2: forced entry");
    /* between two entries it stands in both */
    open_entry(stage, "E16");
    view_stage_expect(stage, "E19 S");
    open_entry(stage, "E19");
    view_stage_expect(stage, "E16 S");
    view_stage_free(stage);
}

static void accounts_stand_beside_each_other_where_there_is_room(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 60, 100);

    (void)state;
    open_entry(stage, "E13");
    view_stage_expect(stage, "│ S2 ");
    view_stage_resize(stage, 60, 99);
    view_stage_expect_not(stage, "│");
    view_stage_expect(stage, "  S2 ");
    view_stage_free(stage);
}

static void next_and_previous_follow_the_timeline(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "g Enter");
    view_stage_expect_selected(stage, "E01");
    view_stage_keys(stage, "]");
    view_stage_expect_selected(stage, "E02");
    view_stage_keys(stage, "Right n");
    view_stage_expect_selected(stage, "E03");
    view_stage_keys(stage, "[");
    view_stage_expect_selected(stage, "E04");
    view_stage_keys(stage, "Left N N N");
    view_stage_expect_selected(stage, "E01");
    view_stage_expect(stage, "this is the first one");
    view_stage_keys(stage, "] ] q");
    view_stage_expect_selected(stage, "E04"); /* the timeline went along */
    view_stage_expect(stage, "22 entries");
    view_stage_free(stage);
}

static void a_filter_holds_for_next_too(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "f");
    view_stage_type(stage, "office\r");
    view_stage_keys(stage, "g Enter");
    view_stage_expect_selected(stage, "E02");
    view_stage_keys(stage, "]");
    view_stage_expect_selected(stage, "E09");
    view_stage_keys(stage, "] ] ] ] ]");
    view_stage_expect_selected(stage, "E13");
    view_stage_expect(stage, "this is the last one");
    view_stage_free(stage);
}

static void links_lead_to_other_entries_and_back(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E13");
    view_stage_keys(stage, "Tab");
    view_stage_expect(stage, "> contains E14");
    view_stage_keys(stage, "Tab Tab");
    view_stage_expect(stage, "> contains E16");
    view_stage_keys(stage, "Shift-Tab");
    view_stage_golden(stage, "entry-link-80x24");
    view_stage_keys(stage, "Enter");
    view_stage_expect_selected(stage, "E15");
    view_stage_keys(stage, "q");
    view_stage_expect_selected(stage, "E13");
    view_stage_expect(stage, "> contains E15");
    view_stage_keys(stage, "Esc"); /* the mark goes first */
    view_stage_expect_not(stage, "> contains");
    view_stage_expect_selected(stage, "E13");
    view_stage_keys(stage, "Esc");
    view_stage_expect_selected(stage, "E22");
    view_stage_free(stage);
}

/* The cursor goes through all that hangs on the entry, and scrolls by rows in between. */
static void the_cursor_goes_through_what_hangs_on_it(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E02");
    view_stage_keys(stage, "Down");
    view_stage_expect(stage, "> alleged perpetrator: insurgents");
    view_stage_keys(stage, "Down Down Down");
    view_stage_expect(stage, "> S1  a broadcaster");
    view_stage_keys(stage, "Down Down"); /* its last row first */
    view_stage_expect(stage, ">     ≠ civilians killed: silent");
    view_stage_keys(stage, "Up Up Up Up");
    view_stage_expect(stage, "> alleged perpetrator");
    view_stage_keys(stage, "Up Up Up Up");
    view_stage_expect(stage, "E02  armed clash");
    view_stage_keys(stage, "G");
    view_stage_expect(stage, "> followed by E22");
    view_stage_free(stage);
}

/* Down to the last line and up to the first one, whatever the size: nothing is out of reach. */
static void every_row_can_be_seen(void **state)
{
    static const int sizes[][2] = {{10, 40}, {24, 80}, {24, 120}, {12, 60}};
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E13");
    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        view_stage_resize(stage, sizes[i][0], sizes[i][1]);
        view_stage_keys(stage, "g");
        for (int k = 0; k < 300; k++)
            view_stage_keys(stage, "Down");
        view_stage_expect(stage, "create by");
        for (int k = 0; k < 300; k++)
            view_stage_keys(stage, "Up");
        view_stage_expect(stage, "  E13  search");
    }
    view_stage_free(stage);
}

static void enter_opens_accounts_and_facts(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E02");
    view_stage_keys(stage, "Down Down Down Down Enter");
    view_stage_expect(
        stage, "14 law-enforcement officers and all insurgents killed; the Press House burned\n");
    view_stage_keys(stage, "q Down Down Enter");
    view_stage_expect(stage, "E02  civilians killed");
    view_stage_keys(stage, "q");
    view_stage_expect(stage, ">     ≠ civilians killed");
    view_stage_free(stage);
}

static void what_the_cursor_is_on_is_changed(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E02");
    view_stage_keys(stage, "Down Down e");
    view_stage_expect(stage, "Participation, its entry is sealed");
    view_stage_expect(stage, "Who         police");
    view_stage_keys(stage, "Tab Tab Tab");
    view_stage_type(stage, "shot");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "its entry is sealed: it is changed only with a reason");
    view_stage_type(stage, "read again");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "> victim: police; shot");
    view_stage_keys(stage, "Esc e");
    view_stage_expect(stage, "Armed clash between insurgents and police in Grozny\n  Kind");
    view_stage_free(stage);
}

/* Each letter opens the form of its record, with the entry filled in; the cursor goes to what is
 * new. */
static void all_that_hangs_on_it_can_be_added(void **state)
{
    static const struct {
        const char *keys, *title, *text, *line;
    } adds[] = {
        {"a a", "New account", "S2\tanother quote", "> S2"},
        {"a c", "New claim", "new fact\t\twords of it", ">     – new fact: \"words of it\""},
        {"a p", "New participation", "somebody\tСвидетель", "> witness: somebody"},
        {"a i", "New item", "seized\ta hat\t1", "> seized: a hat; 1"},
        {"a f", "New answer", "colour\tred", "> colour: red"},
        {"a l", "New link", "causes\tE05", "> causes E05"},
        {"a o", "New order", "E01", "> after E01"},
    };
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 40, 80);

    (void)state;
    assert_int_equal(lw_store_exec(stage->fixture->store, /* a draft, which asks for no reason */
                                   "UPDATE entry SET status = 'draft'", NULL),
                     LW_OK);
    open_entry(stage, "E02");
    for (size_t i = 0; i < LW_COUNT_OF(adds); i++) {
        view_stage_keys(stage, adds[i].keys);
        view_stage_expect(stage, adds[i].title);
        view_stage_type(stage, adds[i].text);
        view_stage_keys(stage, "F2");
        view_stage_expect(stage, adds[i].line);
    }
    view_stage_keys(stage, "a t");
    view_stage_expect(stage, "New task");
    view_stage_type(stage, "call the lawyer");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "task saved");
    view_stage_expect(stage, "> call the lawyer");
    view_stage_free(stage);
}

static void a_circle_is_refused_by_name(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E08");
    view_stage_keys(stage, "a o");
    view_stage_type(stage, "E11");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "not saved");
    view_stage_expect(stage, "E08");
    view_stage_expect(stage, "E09");
    view_stage_expect(stage, "E11");
    view_stage_expect(stage, "New order"); /* nothing is lost */
    view_stage_free(stage);
}

static void an_entry_without_links_says_so(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);

    (void)state;
    fixture_entry(stage->fixture, NULL, "E01", NULL, "alone");
    view_stage_changed(stage);
    view_stage_keys(stage, "Enter Enter");
    view_stage_expect(stage, "nothing hangs on this entry yet");
    view_stage_keys(stage, "Shift-Tab");
    view_stage_expect(stage, "leads to no other one");
    view_stage_free(stage);
}

static void it_scrolls_within_its_rows(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    open_entry(stage, "E13");
    view_stage_keys(stage, "Up PgUp");
    view_stage_expect(stage, "E13  search");
    view_stage_keys(stage, "Down Down Down");
    view_stage_expect_not(stage, "E13  search");
    view_stage_keys(stage, "G Down PgDn");
    view_stage_expect(stage, "create");
    view_stage_keys(stage, "g");
    view_stage_expect(stage, "E13  search");
    view_stage_free(stage);
}

static void a_change_is_shown(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, 40, 80);
    struct lw_record entry;
    struct lw_error err = {0};

    (void)state;
    open_entry(stage, "E02");
    assert_int_equal(
        lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, "E02", &entry, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "narrative", "Добавлено позже", 29), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture->journal, &entry, "seen", &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    lw_record_clear(&entry);
    view_stage_expect_not(stage, "Добавлено");
    view_stage_changed(stage);
    view_stage_expect(stage, "Добавлено позже");
    view_stage_expect(stage, "change by tester: seen");
    view_stage_free(stage);
}

static void any_size_is_stood(void **state)
{
    static const int sizes[][2] = {{1, 1},    {5, 20},  {10, 40},  {12, 100},
                                   {24, 200}, {200, 7}, {90, 300}, {24, 80}};
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    open_entry(stage, "E13");
    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        view_stage_resize(stage, sizes[i][0], sizes[i][1]);
        view_stage_keys(stage, "Down G Tab Shift-Tab g ] [");
    }
    view_stage_expect(stage, "E13  search");
    view_stage_free(stage);
}

static void one_that_is_not_there_is_an_error(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);
    const uint8_t none[LW_RECORD_ID] = {9};
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_entry_show(stage->tui, none, &err), LW_NOT_FOUND);
    view_stage_expect_selected(stage, "E22");
    assert_false(lw_store_in_transaction(stage->fixture->store));
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(nothing_is_left_out),
        cmocka_unit_test(both_wordings_of_a_contradiction_stand_there),
        cmocka_unit_test(accounts_stand_beside_each_other_where_there_is_room),
        cmocka_unit_test(next_and_previous_follow_the_timeline),
        cmocka_unit_test(a_filter_holds_for_next_too),
        cmocka_unit_test(links_lead_to_other_entries_and_back),
        cmocka_unit_test(the_cursor_goes_through_what_hangs_on_it),
        cmocka_unit_test(every_row_can_be_seen),
        cmocka_unit_test(enter_opens_accounts_and_facts),
        cmocka_unit_test(what_the_cursor_is_on_is_changed),
        cmocka_unit_test(all_that_hangs_on_it_can_be_added),
        cmocka_unit_test(a_circle_is_refused_by_name),
        cmocka_unit_test(an_entry_without_links_says_so),
        cmocka_unit_test(it_scrolls_within_its_rows),
        cmocka_unit_test(a_change_is_shown),
        cmocka_unit_test(any_size_is_stood),
        cmocka_unit_test(one_that_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
