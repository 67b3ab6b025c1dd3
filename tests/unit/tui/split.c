/* An entry is split from the screen: what goes is chosen, the new entry is a form, and nothing of
 * it is lost. */
#include "form_stage.h"
#include "tui/form.h"

struct made {
    uint8_t entry[LW_RECORD_ID], account[2][LW_RECORD_ID];
};

#define NARRATIVE "The office burned.\nThen the flat was searched."

static struct stage *scene(bool vault, const char *status, struct made *made)
{
    struct stage *stage = stage_new(vault, 24, 80);
    uint8_t source[LW_RECORD_ID], place[LW_RECORD_ID], incident[LW_RECORD_ID];

    fixture_make(&stage->fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "Joint letter",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PLACE, place, "name", "Grozny", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_INCIDENT, incident, "title", "December", "status",
                 "open", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, made->entry, "ref", "E11", "title",
                 "Fire and search", "status", "draft", "kind", "arson", "when", "2014-12-13 ~21:20",
                 "place", place, "incident", incident, "hedge", "alleged", "confidentiality",
                 "restricted", "narrative", NARRATIVE, (char *)NULL);
    for (int i = 0; i < 2; i++)
        fixture_make(&stage->fixture, LW_RECORD_ACCOUNT, made->account[i], "entry", made->entry,
                     "source", source, "quote", i == 0 ? "the fire" : "the search", (char *)NULL);
    if (strcmp(status, "sealed") == 0) {
        struct lw_error err = {0};

        assert_int_equal(lw_entry_seal(stage->fixture.journal, made->entry, &err), LW_OK);
    }
    return stage;
}

/* The list of what hangs on it. */
static void list(struct stage *stage, const struct made *made)
{
    struct lw_error err = {0};

    if (lw_entry_show(stage->tui, made->entry, &err) != LW_OK)
        fail_msg("%s", err.text);
    stage_press(stage, "X");
    stage_expect(stage, "Split E11");
}

static void choose_second(struct stage *stage, const struct made *made)
{
    list(stage, made);
    stage_expect_not(stage, "left unfinished");
    stage_press(stage, "Down");
    stage_press(stage, "Enter");
    stage_expect(stage, "[x] account of S1 in E11: the search");
    stage_press(stage, "F2");
    stage_expect(stage, "Split E11: 1 part goes");
}

static void refill(struct stage *stage, const char *label, const char *text)
{
    stage_go(stage, label);
    stage_press(stage, "Ctrl-End");
    for (int i = 0; i < 60; i++)
        stage_press(stage, "Backspace");
    stage_type(stage, text);
}

static void hangs_on(struct stage *stage, const uint8_t *account, const char *ref)
{
    struct lw_record record, entry;

    assert_int_equal(
        lw_record_get(stage->fixture.journal, LW_RECORD_ACCOUNT, account, &record, NULL), LW_OK);
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, ref, &entry, NULL),
                     LW_OK);
    assert_memory_equal(lw_record_value(&record, "entry")->bytes, entry.id, LW_RECORD_ID);
    lw_record_clear(&entry);
    lw_record_clear(&record);
}

static void same_value(struct stage *stage, const char *field)
{
    struct lw_record from, made;

    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E11", &from, NULL),
                     LW_OK);
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E12", &made, NULL),
                     LW_OK);
    assert_non_null(lw_record_value(&made, field));
    assert_memory_equal(lw_record_value(&made, field)->bytes, lw_record_value(&from, field)->bytes,
                        LW_RECORD_ID);
    lw_record_clear(&made);
    lw_record_clear(&from);
}

static void is_clean(struct stage *stage)
{
    struct lw_journal_check report;

    assert_int_equal(lw_journal_check(stage->fixture.journal, &report, NULL), LW_OK);
    assert_string_equal(report.first_bad, "");
}

static enum lw_status count_why(void *context, const struct lw_record *revision,
                                struct lw_error *err)
{
    const char *why = lw_record_text(revision, "why");

    (void)err;
    *(size_t *)context += why != NULL && strcmp(why, "two events") == 0;
    return LW_OK;
}

static size_t reasons(struct stage *stage)
{
    size_t count = 0;

    assert_int_equal(lw_record_each(stage->fixture.journal, LW_RECORD_REVISION, NULL, NULL,
                                    count_why, &count, NULL),
                     LW_OK);
    return count;
}

static void the_new_entry_begins_with_what_the_old_one_says(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);

    (void)state;
    choose_second(stage, &made);
    stage_golden(stage, "split-form-80x24");
    stage_type(stage, "Search of the flat\ttwo events");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    stage_expect_text(stage, "E12", "title", "Search of the flat");
    stage_expect_text(stage, "E12", "kind", "arson");
    stage_expect_text(stage, "E12", "when", "2014-12-13 ~21:20");
    stage_expect_text(stage, "E12", "hedge", "alleged");
    stage_expect_text(stage, "E12", "confidentiality", "restricted");
    stage_expect_text(stage, "E12", "narrative", NARRATIVE);
    stage_expect_text(stage, "E12", "status", "draft");
    same_value(stage, "place");
    same_value(stage, "incident");
    stage_expect_text(stage, "E11", "narrative", NARRATIVE);
    hangs_on(stage, made.account[0], "E11");
    hangs_on(stage, made.account[1], "E12");
    assert_int_equal(reasons(stage), 4); /* the new one, what moved, the link, the old one */
    assert_int_equal(stage_drafts(stage), 0);
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 1);
    stage_press(stage, "Esc"); /* the list of parts is gone, the old entry is below */
    stage_expect(stage, "Fire and search");
    is_clean(stage);
    stage_free(stage);
}

static void nothing_has_to_go_and_the_narrative_is_parted(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "sealed", &made);

    (void)state;
    list(stage, &made);
    stage_press(stage, "F2");
    stage_expect(stage, "Split E11: nothing goes");
    stage_press(stage, "F2");
    stage_expect(stage, "not saved: correct the field Title and 1 more");
    stage_type(stage, "Search of the flat");
    stage_press(stage, "F2");
    stage_expect(stage, "say why it is split");
    stage_type(stage, "two events");
    refill(stage, "Narrative", "The flat was searched.");
    stage_go(stage, "Remains");
    stage_expect(stage, "Then the flat was searched.");
    refill(stage, "Remains", "The office burned.\n");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    stage_expect_text(stage, "E12", "narrative", "The flat was searched.");
    stage_expect_text(stage, "E11", "narrative", "The office burned.");
    hangs_on(stage, made.account[1], "E11");
    assert_int_equal(stage_records(stage, LW_RECORD_LINK), 1);
    assert_int_equal(reasons(stage), 4); /* the new one, the narrative, the link, the old one */
    is_clean(stage);
    stage_free(stage);
}

static void what_was_typed_and_chosen_survives_a_kill(void **state)
{
    struct made made;
    struct stage *stage = scene(true, "draft", &made);

    (void)state;
    choose_second(stage, &made);
    stage_type(stage, "Search\ttwo eve");
    refill(stage, "When", "");
    refill(stage, "Narrative", "The flat was searched.");
    refill(stage, "Remains", "The office burned.");
    stage_pass(stage, LW_AUTOSAVE_MOST_MS);
    stage_restart(stage, 24, 80);
    stage_press(stage, "D");
    stage_expect(stage, "Split E11: 1 part goes");
    refill(stage, "Why", "two events");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    stage_expect_text(stage, "E12", "title", "Search");
    stage_expect_text(stage, "E12", "when", NULL); /* what was taken out does not come back */
    stage_expect_text(stage, "E12", "kind", "arson");
    stage_expect_text(stage, "E12", "narrative", "The flat was searched.");
    stage_expect_text(stage, "E11", "narrative", "The office burned.");
    hangs_on(stage, made.account[1], "E12");
    assert_int_equal(stage_drafts(stage), 0);
    is_clean(stage);
    stage_free(stage);
}

static void takes_part(struct stage *stage, const struct made *made, const uint8_t *party,
                       const char *role)
{
    uint8_t id[LW_RECORD_ID];

    fixture_make(&stage->fixture, LW_RECORD_PARTICIPATION, id, "entry", made->entry, "party", party,
                 "role", role, (char *)NULL);
}

/* Who goes to the new entry and is typed there too stands there once in that role. */
static void who_comes_along_is_not_there_twice(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);
    struct lw_journal *journal = stage->fixture.journal;
    uint8_t anna[LW_RECORD_ID], same[LW_RECORD_ID], group[LW_RECORD_ID];

    (void)state;
    fixture_make(&stage->fixture, LW_RECORD_PARTY, anna, "kind", "individual", "name", "Anna",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PARTY, same, "kind", "individual", "name", "Анна П.",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PARTY, group, "kind", "group", "name", "JMG",
                 (char *)NULL);
    assert_int_equal(lw_journal_begin(journal, NULL), LW_OK);
    assert_int_equal(lw_same_put(journal, LW_RECORD_PARTY, anna, same, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(journal, NULL), LW_OK);
    takes_part(stage, &made, anna, "victim");
    takes_part(stage, &made, group, "victim");
    list(stage, &made);
    for (int i = 0; i < 4; i++) {
        if (i >= 2)
            stage_press(stage, "Enter");
        stage_press(stage, "Down");
    }
    stage_press(stage, "F2");
    stage_expect(stage, "2 parts go");
    stage_type(stage, "Search\ttwo events");
    stage_go(stage, "People");
    stage_type(stage, "victim: Анна П.\nvictim: JMG\nwitness: JMG");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 3);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 3);
    stage_expect(stage, "victim: Анна П.");
    is_clean(stage);
    stage_free(stage);
}

/* The choice alone is worth a draft, and can be changed without a loss of what was typed. */
static void the_choice_is_kept_and_changed(void **state)
{
    struct made made;
    struct stage *stage = scene(true, "draft", &made);
    struct lw_error err = {0};

    (void)state;
    choose_second(stage, &made);
    stage_pass(stage, LW_AUTOSAVE_MOST_MS);
    stage_restart(stage, 24, 80);
    list(stage, &made);
    stage_expect(stage, "this is the split that was left unfinished at ");
    stage_expect(stage, "[ ] account of S1 in E11: the fire");
    stage_expect(stage, "[x] account of S1 in E11: the search");
    stage_press(stage, "F2");
    stage_type(stage, "Search");
    stage_press(stage, "Esc");
    stage_expect(stage, "kept unfinished");
    stage_press(stage, "Home");
    stage_press(stage, "Enter");
    stage_press(stage, "F2");
    stage_expect(stage, "2 parts go");
    stage_expect(stage, "Search");
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "Esc");
    stage_press(stage, "Esc");
    if (lw_form_show(stage->tui, LW_RECORD_ENTRY, made.entry, &err) !=
        LW_OK) /* that is no change */
        fail_msg("%s", err.text);
    stage_expect(stage, "E11");
    stage_expect_not(stage, "Split E11");
    stage_press(stage, "Esc");
    list(stage, &made);
    stage_press(stage, "F2");
    stage_press(stage, "Tab");
    stage_type(stage, "two events");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    hangs_on(stage, made.account[0], "E12");
    hangs_on(stage, made.account[1], "E12");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void drafts_are_listed_by_title_or_entry(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);

    (void)state;
    choose_second(stage, &made);
    stage_press(stage, "Esc");
    stage_press(stage, "Esc");
    stage_press(stage, "Esc");
    stage_press(stage, "n");
    stage_type(stage, "Another one");
    stage_press(stage, "Esc");
    stage_press(stage, "D");
    stage_expect(stage, "split    of E11  Fire and search");
    stage_press(stage, "Down");
    stage_press(stage, "Enter");
    stage_expect(stage, "Split E11: 1 part goes");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    assert_int_equal(stage_drafts(stage), 1);
    stage_free(stage);
}

/* Who changed the old entry meanwhile is not written over unsaid. */
static void a_change_meanwhile_is_said_once(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);
    struct lw_journal *journal = stage->fixture.journal;
    struct lw_record entry;

    (void)state;
    choose_second(stage, &made);
    stage_type(stage, "Search\ttwo events");
    assert_int_equal(lw_record_get(journal, LW_RECORD_ENTRY, made.entry, &entry, NULL), LW_OK);
    assert_int_equal(lw_record_set_text(&entry, "narrative", "Changed.", strlen("Changed.")),
                     LW_OK);
    assert_int_equal(lw_journal_begin(journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(journal, &entry, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(journal, NULL), LW_OK);
    lw_record_clear(&entry);
    stage_press(stage, "F2");
    stage_expect(stage, "E11 was changed");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 1);
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved, split from E11");
    stage_expect_text(stage, "E11", "narrative", "Changed.");
    stage_free(stage);
}

/* Where a part is gone from the entry, nothing at all is written. */
static void what_moved_elsewhere_is_refused_whole(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);
    struct lw_journal *journal = stage->fixture.journal;
    struct lw_record account;
    uint8_t other[LW_RECORD_ID];

    (void)state;
    choose_second(stage, &made);
    stage_type(stage, "Search\ttwo events");
    fixture_entry(&stage->fixture, other, "E20", NULL, "another one");
    assert_int_equal(lw_record_get(journal, LW_RECORD_ACCOUNT, made.account[1], &account, NULL),
                     LW_OK);
    assert_int_equal(lw_record_set_ref(&account, "entry", other), LW_OK);
    assert_int_equal(lw_journal_begin(journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(journal, &account, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(journal, NULL), LW_OK);
    lw_record_clear(&account);
    stage_pass(stage, LW_AUTOSAVE_MOST_MS);
    stage_press(stage, "F2");
    stage_expect(stage, "not saved: what is to move does not hang on this entry any more");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_LINK), 0);
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "Esc");
    stage_press(stage, "Esc");
    stage_press(stage, "X"); /* the list is made anew, without it */
    stage_expect_not(stage, "[x]");
    stage_press(stage, "F2");
    stage_expect(stage, "nothing goes");
    stage_press(stage, "F2");
    stage_expect(stage, "E21 saved, split from E11");
    is_clean(stage);
    stage_free(stage);
}

static void it_fits_a_small_screen(void **state)
{
    struct made made;
    struct stage *stage = scene(false, "draft", &made);

    (void)state;
    stage->terminal->rows = 10;
    stage->terminal->columns = 40;
    choose_second(stage, &made);
    stage_go(stage, "Remains");
    stage_golden(stage, "split-form-40x10");
    stage_free(stage);
}

/* A part is a form too: nothing is recorded before it is saved, and it is kept. */
static void a_part_is_a_form(void **state)
{
    struct made made;
    struct stage *stage = scene(true, "sealed", &made);
    struct lw_record part;
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_entry_show(stage->tui, made.entry, &err), LW_OK);
    stage_press(stage, "P");
    stage_expect(stage, "New entry");
    stage_press(stage, "Esc");
    assert_int_equal(stage_drafts(stage), 0); /* nothing was typed */
    stage_press(stage, "P");
    stage_type(stage, "The safe was opened");
    stage_pass(stage, LW_AUTOSAVE_MOST_MS);
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 1);
    stage_restart(stage, 24, 80);
    stage_press(stage, "D");
    stage_expect(stage, "The safe was opened");
    stage_press(stage, "F2");
    stage_expect(stage, "E12 saved");
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E12", &part, NULL),
                     LW_OK);
    assert_memory_equal(lw_record_value(&part, "parent")->bytes, made.entry, LW_RECORD_ID);
    lw_record_clear(&part);
    same_value(stage, "incident");
    is_clean(stage);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_entry_begins_with_what_the_old_one_says),
        cmocka_unit_test(nothing_has_to_go_and_the_narrative_is_parted),
        cmocka_unit_test(what_was_typed_and_chosen_survives_a_kill),
        cmocka_unit_test(who_comes_along_is_not_there_twice),
        cmocka_unit_test(the_choice_is_kept_and_changed),
        cmocka_unit_test(drafts_are_listed_by_title_or_entry),
        cmocka_unit_test(a_change_meanwhile_is_said_once),
        cmocka_unit_test(what_moved_elsewhere_is_refused_whole),
        cmocka_unit_test(it_fits_a_small_screen),
        cmocka_unit_test(a_part_is_a_form),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
