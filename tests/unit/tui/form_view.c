/* The form of an entry: what is understood, what is saved, what is never lost. */
#include "form_stage.h"

#include <stdio.h>

static struct stage *open_form(bool vault, int rows, int columns)
{
    struct stage *stage = stage_new(vault, rows, columns);

    stage_press(stage, "n");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    return stage;
}

/* Goes to a field by its label, from any other. */
static void go(struct stage *stage, const char *label)
{
    char marked[32];

    snprintf(marked, sizeof marked, "> %s", label);
    for (int i = 0; i < 40 && !stage_sees(stage, marked); i++)
        stage_press(stage, "Tab");
    stage_expect(stage, marked);
}

static void fill(struct stage *stage, const char *label, const char *text)
{
    go(stage, label);
    stage_type(stage, text);
}

static void scene(struct stage *stage)
{
    uint8_t party[LW_RECORD_ID];
    uint8_t place[LW_RECORD_ID];
    uint8_t source[LW_RECORD_ID];
    uint8_t entry[LW_RECORD_ID];

    fixture_make(&stage->fixture, LW_RECORD_PARTY, party, "name", "Sergei Babinets", "kind",
                 "individual", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Сергей Бабинец",
                 "kind", "legal", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PLACE, place, "name", "Grozny", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_SOURCE, source, "ref", "S01", "title", "Joint letter",
                 "author", "Front Line", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, entry, "ref", "E11", "title", "Office burned",
                 "status", "draft", "when", "2014-12-13 evening", "kind", "arson", "place", place,
                 "hedge", "apparent", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party,
                 "role", "witness", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source,
                 "quote", "the office was destroyed by fire", (char *)NULL);
}

static void open_entry(struct stage *stage, const char *ref)
{
    struct lw_record record;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, ref, &record, &err),
                     LW_OK);
    if (lw_form_show(stage->tui, LW_RECORD_ENTRY, record.id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&record);
    lw_tui_turn(stage->tui);
}

/* ---- a new entry ---- */

static void only_a_title_is_demanded(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_golden(stage, "form-empty-80x24");
    stage_press(stage, "F2");
    stage_expect(stage, "not saved");
    stage_expect(stage, "say in a few words what happened");
    stage_type(stage, " Office burned ");
    stage_expect_not(stage, "say in a few words");
    stage_press(stage, "Ctrl-S");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "title", "Office burned");
    stage_expect_text(stage, "E01", "status", "draft");
    stage_expect_text(stage, "E01", "when", NULL);
    stage_expect_text(stage, "E01", "recorded_by", "tester");
    stage_free(stage);
}

static void every_field_is_saved(void **state)
{
    struct stage *stage = open_form(false, 40, 80);

    (void)state;
    fill(stage, "Title", "Office burned");
    fill(stage, "Kind", "arson");
    fill(stage, "When", "13 dec evening");
    stage_expect(stage, "13 December 2014, evening");
    fill(stage, "As worded", "in the evening");
    fill(stage, "Extent", "within");
    fill(stage, "Place", "Grozny, JMG office");
    stage_expect(stage, "new place");
    fill(stage, "Hedge", "apparent");
    fill(stage, "People", "victim: Joint Mobile Group\nperpetrator: two men, one armed");
    stage_expect(stage, "alleged perpetrator: two men, one armed, new person or");
    fill(stage, "Narrative", "It burned.\n\nAll of it.");
    fill(stage, "Source", "Joint letter");
    stage_expect(stage, "new source");
    fill(stage, "Quote", "the office was destroyed");
    fill(stage, "Page", "page 2");
    fill(stage, "Via", "Russian media");
    fill(stage, "Access", "internal");
    fill(stage, "Incident", "December 2014");
    stage_expect(stage, "new incident");
    fill(stage, "Lasted", "at least 2 h \"several hours\"");
    stage_expect(stage, "at least 2 h, as written \"several hours\"");
    fill(stage, "Noticed", "14 dec morning");
    stage_expect(stage, "14 December 2014, morning");
    fill(stage, "Noticed as", "later");
    fill(stage, "Named as", "next to the market");
    stage_golden(stage, "form-filled-80x40");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "duration_text", "several hours");
    stage_expect_text(stage, "E01", "noticed", "2014-12-14 morning");
    stage_expect_text(stage, "E01", "noticed_text", "later");
    stage_expect_text(stage, "E01", "place_text", "next to the market");
    stage_expect_text(stage, "E01", "kind", "arson");
    stage_expect_text(stage, "E01", "when", "2014-12-13 evening");
    stage_expect_text(stage, "E01", "when_text", "in the evening");
    stage_expect_text(stage, "E01", "extent", "within");
    stage_expect_text(stage, "E01", "hedge", "apparent");
    stage_expect_text(stage, "E01", "narrative", "It burned.\n\nAll of it.");
    stage_expect_text(stage, "E01", "confidentiality", "internal");
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_SOURCE), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_ACCOUNT), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_INCIDENT), 1);
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void known_names_are_said_and_not_made_again(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    scene(stage);
    stage_press(stage, "n");
    fill(stage, "Title", "Допрос");
    fill(stage, "Place", "GROZNY");
    stage_expect(stage, "known as Grozny");
    fill(stage, "People", "victim: сергей бабинец");
    stage_expect(stage, "victim: сергей бабинец, known as Sergei Babinets");
    fill(stage, "Source", "front line");
    stage_expect(stage, "S01  Joint letter");
    stage_golden(stage, "form-known-80x24");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E12", "title", "Допрос");
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_SOURCE), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_ACCOUNT), 2);
    stage_free(stage);
}

static void what_is_offered_can_be_put(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    scene(stage);
    stage_press(stage, "n");
    fill(stage, "Kind", "cl");
    stage_expect(stage, "armed clash");
    stage_golden(stage, "form-offers-80x24");
    stage_press(stage, "Ctrl-N");
    stage_press(stage, "Ctrl-N");
    stage_press(stage, "Ctrl-P");
    fill(stage, "Place", "gr");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "known place");
    fill(stage, "People", "wit");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "witness:");
    stage_type(stage, " бабин");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "witness: Сергей Бабинец");
    stage_press(stage, "Ctrl-Z");
    stage_expect(stage, "witness: бабин");
    fill(stage, "Title", "A clash");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E12", "kind", "armed_clash");
    stage_free(stage);
}

static void errors_stand_at_their_fields(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fill(stage, "Title", "A call");
    fill(stage, "Kind", "nonsense");
    stage_expect(stage, "? no kind is called that");
    fill(stage, "When", "31 feb 2014");
    stage_expect(stage, "! no kind is called that");
    fill(stage, "Extent", "sometimes");
    fill(stage, "People", "hero: Ivan");
    fill(stage, "Quote", "who says this?");
    stage_press(stage, "F2");
    stage_expect(stage, "correct the field Kind and 4 more");
    stage_expect(stage, "> Kind");
    stage_expect(stage, "! 2014-02-31: February 2014 has 28 days");
    stage_expect(stage, "! no role is called \"hero\"");
    stage_golden(stage, "form-wrong-80x24");
    go(stage, "Source");
    stage_expect(stage, "say who is quoted");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_expect(stage, "who says this?");
    stage_free(stage);
}

static void an_order_is_kept_and_an_unknown_entry_refused(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    scene(stage);
    stage_press(stage, "n");
    fill(stage, "Title", "A search");
    fill(stage, "When", "after E99");
    stage_expect(stage, "there is no entry E99 to put it after");
    stage_press(stage, "F2");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 1);
    stage_press(stage, "Backspace");
    stage_press(stage, "Backspace");
    stage_type(stage, "11");
    stage_expect(stage, "after E11 Office burned");
    stage_press(stage, "F2");
    assert_int_equal(stage_records(stage, LW_RECORD_PRECEDENCE), 1);
    stage_free(stage);
}

/* ---- moving ---- */

static void arrows_go_on_where_a_text_ends(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_type(stage, "ab");
    stage_press(stage, "Right");
    stage_expect(stage, "> Kind");
    stage_press(stage, "Left");
    stage_expect(stage, "> Title");
    stage_press(stage, "Left");
    stage_expect(stage, "> Title");
    stage_press(stage, "Down");
    stage_expect(stage, "> Kind");
    stage_press(stage, "Up");
    stage_type(stage, "X");
    stage_expect(stage, "aXb");
    stage_press(stage, "Up");
    stage_expect(stage, "> Title");
    fill(stage, "Narrative", "one\ntwo");
    stage_press(stage, "Up");
    stage_expect(stage, "> Narrative");
    stage_press(stage, "Up");
    stage_expect(stage, "> People");
    stage_press(stage, "Shift-Tab");
    stage_expect(stage, "> Hedge");
    stage_press(stage, "Enter");
    stage_expect(stage, "> People");
    stage_free(stage);
}

static void a_small_window_shows_the_field_with_the_focus(void **state)
{
    static const char *const labels[] = {"Title", "Kind",  "When",   "As worded", "Extent",
                                         "Place", "Hedge", "People", "Narrative", "Source",
                                         "Quote", "Page",  "Via",    "Access",    "Incident"};
    struct stage *stage = open_form(false, 10, 40);

    (void)state;
    stage_golden(stage, "form-empty-40x10");
    for (size_t i = 0; i < LW_COUNT_OF(labels); i++)
        fill(stage, labels[i], "те\xCC\x88кст");
    fill(stage, "When", "");
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "вчера вечером");
    stage_golden(stage, "form-when-40x10");
    go(stage, "Narrative");
    stage_press(stage, "Ctrl-End");
    stage_type(stage, "\nДокументы, компьютеры и архив сгорели.\nСоседи видели троих в масках, "
                      "один был вооружён.\nПожарные приехали через час.");
    stage_golden(stage, "form-narrative-40x10");
    stage_free(stage);
}

static void any_size_can_be_drawn(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fill(stage, "Title", "A title");
    fill(stage, "Narrative", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine");
    for (int tab = 0; tab < 16; tab++) {
        stage_press(stage, "Tab");
        for (int rows = 1; rows < 45; rows += 2) {
            stage->terminal->rows = rows;
            stage->terminal->columns = 1 + rows * 37 % 90;
            lw_tui_turn(stage->tui);
        }
    }
    stage_free(stage);
}

/* ---- leaving ---- */

static void esc_keeps_what_was_typed(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fill(stage, "Title", "Обыск без ордера");
    fill(stage, "Narrative", "Первая строка\nвторая");
    stage_press(stage, "Left");
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "kept unfinished");
    assert_int_equal(stage_drafts(stage), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_press(stage, "D");
    stage_expect(stage, "> Narrative");
    stage_expect(stage, "Обыск без ордера");
    stage_type(stage, "X");
    stage_expect(stage, "втораXя");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E01", "narrative", "Первая строка\nвтораXя");
    assert_int_equal(stage_drafts(stage), 0);
    stage_press(stage, "D");
    stage_expect(stage, "there are no unfinished forms");
    stage_free(stage);
}

static void an_untouched_form_leaves_nothing(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_type(stage, "x");
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "Backspace");
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 0);
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    stage_expect_not(stage, "kept unfinished");
    stage_press(stage, "n");
    stage_press(stage, "Ctrl-G");
    assert_true(stage_is_ground(stage));
    stage_free(stage);
}

static void ctrl_g_asks_and_drops_on_purpose_only(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_type(stage, "A title");
    stage_press(stage, "Ctrl-G");
    stage_expect(stage, "drop it, or keep it unfinished?");
    stage_golden(stage, "form-cancel-80x24");
    stage_press(stage, "Esc");
    stage_expect(stage, "A title");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "k");
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

/* ---- an entry that is there ---- */

static void an_entry_is_changed_with_revisions(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint64_t before;

    (void)state;
    scene(stage);
    before = stage_records(stage, LW_RECORD_REVISION);
    open_entry(stage, "E11");
    stage_expect(stage, "witness: Sergei Babinets");
    stage_expect(stage, "the office was destroyed by fire");
    stage_golden(stage, "form-edit-80x24");
    stage_press(stage, "F2");
    stage_expect(stage, "nothing was changed");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_records(stage, LW_RECORD_REVISION), before);
    open_entry(stage, "E11");
    go(stage, "Title");
    stage_press(stage, "End");
    stage_type(stage, " down");
    stage_press(stage, "F2");
    stage_expect(stage, "E11 saved");
    stage_expect_text(stage, "E11", "title", "Office burned down");
    stage_expect_text(stage, "E11", "when", "2014-12-13 evening");
    assert_int_equal(stage_records(stage, LW_RECORD_REVISION), before + 1);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_ACCOUNT), 1);
    stage_free(stage);
}

static void people_and_account_are_corrected_and_never_removed(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    scene(stage);
    open_entry(stage, "E11");
    go(stage, "People");
    stage_press(stage, "End");
    stage_type(stage, "\nvictim: JMG");
    fill(stage, "Page", "page 2");
    stage_press(stage, "F2");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_ACCOUNT), 1);
    open_entry(stage, "E11");
    go(stage, "People");
    stage_press(stage, "Ctrl-Home");
    for (int i = 0; i < 7; i++) /* witness */
        stage_press(stage, "Delete");
    stage_type(stage, "bystander");
    stage_press(stage, "F2");
    stage_expect(stage, "E11 saved");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 2);
    open_entry(stage, "E11");
    stage_expect(stage, "bystander: Sergei Babinets");
    go(stage, "People");
    stage_press(stage, "Ctrl-End");
    stage_press(stage, "Ctrl-U");
    stage_press(stage, "F2");
    stage_expect(stage, "who is recorded stays recorded");
    stage_expect(stage, "> People");
    stage_type(stage, "victim: JMG");
    go(stage, "Source");
    stage_press(stage, "Ctrl-U");
    stage_press(stage, "F2");
    stage_expect(stage, "this account is recorded and stays");
    stage_free(stage);
}

static void a_sealed_entry_asks_why(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_record entry;
    struct lw_error err = {0};

    (void)state;
    scene(stage);
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E11", &entry, &err),
                     LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "status", "sealed", 6), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture.journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture.journal, &entry, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture.journal, &err), LW_OK);
    lw_record_clear(&entry);
    open_entry(stage, "E11");
    stage_expect(stage, "E11, sealed");
    go(stage, "Hedge");
    stage_press(stage, "Home");
    stage_type(stage, "almost ");
    stage_press(stage, "F2");
    stage_expect(stage, "> Why");
    stage_expect(stage, "only with a reason");
    stage_golden(stage, "form-sealed-80x24");
    stage_expect_text(stage, "E11", "hedge", "apparent");
    stage_type(stage, "the source was read again");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E11", "hedge", "almost apparent");
    stage_free(stage);
}

static void a_change_of_somebody_else_is_said_first(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_record entry;
    struct lw_error err = {0};

    (void)state;
    scene(stage);
    open_entry(stage, "E11");
    go(stage, "Hedge");
    stage_press(stage, "Home");
    stage_type(stage, "almost ");
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E11", &entry, &err),
                     LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "title", "Renamed", 7), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture.journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture.journal, &entry, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture.journal, &err), LW_OK);
    lw_record_clear(&entry);
    stage_press(stage, "F2");
    stage_expect(stage, "changed by somebody else");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E11", "title", "Renamed");
    stage_expect_text(stage, "E11", "hedge", "almost apparent");
    stage_free(stage);
}

static void a_draft_of_a_change_holds_what_was_changed(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    scene(stage);
    open_entry(stage, "E11");
    go(stage, "Kind");
    stage_press(stage, "Ctrl-U");
    go(stage, "Hedge");
    stage_press(stage, "Home");
    stage_type(stage, "perhaps ");
    stage_press(stage, "Esc");
    open_entry(stage, "E11"); /* not a second change beside it */
    stage_expect(stage, "left unfinished at 12:00");
    stage_press(stage, "Esc");
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    stage_expect(stage, "E11");
    stage_expect(stage, "perhaps apparent");
    stage_expect(stage, "witness: Sergei Babinets");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E11", "kind", NULL);
    stage_expect_text(stage, "E11", "hedge", "perhaps apparent");
    stage_expect_text(stage, "E11", "title", "Office burned");
    stage_free(stage);
}

/* ---- text as it comes ---- */

static void text_is_kept_byte_for_byte(void **state)
{
    static const char text[] = "й и\xCC\x86 e\xCC\x81 漢字 👨\u200D👩\u200D👧 — «кавычки»";
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_type(stage, text);
    stage_pass(stage, 2000);
    stage_restart(stage, 24, 80); /* in memory: everything is gone */
    stage_press(stage, "n");
    stage_type(stage, text);
    stage_golden(stage, "form-letters-80x24");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E01", "title", text);
    stage_free(stage);
}

static void a_large_paste_is_refused_whole(void **state)
{
    struct stage *stage = open_form(false, 24, 80);
    size_t len = 1 << 20;
    char *text = malloc(len);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', len);
    fill(stage, "Title", "A title");
    fill(stage, "Narrative", "before ");
    stage_paste(stage, text, len);
    stage_expect(stage, "! ");
    stage_golden(stage, "form-paste-80x24");
    stage_type(stage, "after");
    stage_expect(stage, "before after");
    stage_paste(stage, text, 200 * 1024);
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    free(text);
    stage_free(stage);
}

static void a_pasted_newline_submits_nothing(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_paste(stage, "one\ntwo", 7);
    stage_expect(stage, "> Title");
    stage_expect(stage, "one two");
    fill(stage, "Narrative", "");
    stage_paste(stage, "three\nfour", 10);
    stage_press(stage, "F2");
    stage_expect_text(stage, "E01", "narrative", "three\nfour");
    stage_free(stage);
}

static void each_field_is_undone_by_itself(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_type(stage, "title");
    fill(stage, "Hedge", "apparent");
    stage_press(stage, "Ctrl-Z");
    stage_expect_not(stage, "apparent\n");
    stage_expect(stage, "title");
    stage_press(stage, "Ctrl-Y");
    stage_expect(stage, "apparent");
    go(stage, "Title");
    stage_press(stage, "Ctrl-Z");
    stage_expect(stage, "apparent");
    stage_press(stage, "F2");
    stage_expect(stage, "say in a few words");
    stage_free(stage);
}

/* A duration is minutes at least and at most, the source's words, or both; and comes back as typed.
 */
static void a_duration_is_counted_where_it_can_be(void **state)
{
    static const struct {
        const char *typed, *text;
        int64_t min, max;
        const char *again;
    } all[] = {
        {"several hours", "several hours", -1, -1, "several hours"},
        {"2 h", NULL, 120, 120, "2 h"},
        {"90 min", NULL, 90, 90, "90 min"},
        {"30-90 minutes", NULL, 30, 90, "30-90 min"},
        {"at least 2 h \"all night\"", "all night", 120, -1, "at least 2 h \"all night\""},
        {"не более 3 часов", NULL, -1, 180, "at most 3 h"},
        {"\"2 h\"", "2 h", -1, -1, "\"2 h\""},
        {"2 h or so", "2 h or so", -1, -1, "2 h or so"},
    };
    struct stage *stage = open_form(false, 40, 80);

    (void)state;
    stage_press(stage, "Esc");
    for (size_t i = 0; i < LW_COUNT_OF(all); i++) {
        char ref[16];
        struct lw_record entry;
        struct lw_error err = {0};

        snprintf(ref, sizeof ref, "E%02zu", i + 1);
        stage_press(stage, "n");
        fill(stage, "Title", "held");
        fill(stage, "Lasted", all[i].typed);
        stage_press(stage, "F2");
        if (lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, ref, &entry, &err) != LW_OK)
            fail_msg("%s: %s", all[i].typed, err.text);
        stage_expect_text(stage, ref, "duration_text", all[i].text);
        assert_int_equal(lw_record_value(&entry, "duration_min") != NULL
                             ? lw_record_value(&entry, "duration_min")->number
                             : -1,
                         all[i].min);
        assert_int_equal(lw_record_value(&entry, "duration_max") != NULL
                             ? lw_record_value(&entry, "duration_max")->number
                             : -1,
                         all[i].max);
        assert_int_equal(lw_form_show(stage->tui, LW_RECORD_ENTRY, entry.id, &err), LW_OK);
        stage_expect(stage, all[i].again);
        stage_press(stage, "Esc");
        lw_record_clear(&entry);
    }
    stage_press(stage, "n");
    fill(stage, "Title", "held");
    fill(stage, "Lasted", "3-2 h");
    stage_press(stage, "F2");
    stage_expect(stage, "the first number is greater");
    stage_free(stage);
}

static void it_can_be_a_part_of_another(void **state)
{
    struct stage *stage = open_form(false, 40, 80);

    (void)state;
    fill(stage, "Title", "Search of the flat");
    stage_press(stage, "F2");
    stage_press(stage, "n");
    fill(stage, "Title", "Body search");
    fill(stage, "Part of", "E09");
    stage_press(stage, "F2");
    stage_expect(stage, "there is no such entry");
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "flat");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "Part of     E01");
    stage_expect(stage, "Search of the flat");
    stage_press(stage, "F2");
    stage_expect(stage, "E02 saved");
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_title_is_demanded),
        cmocka_unit_test(every_field_is_saved),
        cmocka_unit_test(a_duration_is_counted_where_it_can_be),
        cmocka_unit_test(it_can_be_a_part_of_another),
        cmocka_unit_test(known_names_are_said_and_not_made_again),
        cmocka_unit_test(what_is_offered_can_be_put),
        cmocka_unit_test(errors_stand_at_their_fields),
        cmocka_unit_test(an_order_is_kept_and_an_unknown_entry_refused),
        cmocka_unit_test(arrows_go_on_where_a_text_ends),
        cmocka_unit_test(a_small_window_shows_the_field_with_the_focus),
        cmocka_unit_test(any_size_can_be_drawn),
        cmocka_unit_test(esc_keeps_what_was_typed),
        cmocka_unit_test(an_untouched_form_leaves_nothing),
        cmocka_unit_test(ctrl_g_asks_and_drops_on_purpose_only),
        cmocka_unit_test(an_entry_is_changed_with_revisions),
        cmocka_unit_test(people_and_account_are_corrected_and_never_removed),
        cmocka_unit_test(a_sealed_entry_asks_why),
        cmocka_unit_test(a_change_of_somebody_else_is_said_first),
        cmocka_unit_test(a_draft_of_a_change_holds_what_was_changed),
        cmocka_unit_test(text_is_kept_byte_for_byte),
        cmocka_unit_test(a_large_paste_is_refused_whole),
        cmocka_unit_test(a_pasted_newline_submits_nothing),
        cmocka_unit_test(each_field_is_undone_by_itself),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
