/* In the lists: two records that turn out to be one, and people who are protected. */
#include "view_stage.h"

static void find(struct view_stage *stage, const char *letters)
{
    view_stage_keys(stage, "f");
    view_stage_type(stage, letters);
    view_stage_keys(stage, "Enter");
}

static void all(struct view_stage *stage)
{
    view_stage_keys(stage, "Esc");
}

static void expect_not(struct view_stage *stage, const char *text)
{
    struct lw_buf dump = LW_BUF_INIT;

    lw_tui_turn(stage->tui);
    assert_int_equal(lw_grid_dump(lw_tui_grid(stage->tui), false, &dump), LW_OK);
    if (strstr(dump.data, text) != NULL)
        fail_msg("\"%s\" is to be seen:\n%s", text, dump.data);
    lw_buf_free(&dump);
}

static void mark(struct view_stage *stage, const char *letters)
{
    find(stage, letters);
    view_stage_keys(stage, "m");
    view_stage_keys(stage, "f Ctrl-U Enter");
}

/* ---- one and the same ---- */

static void two_are_made_one_and_two_again(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "p");
    mark(stage, "Chechen police");
    find(stage, "Sergei Babinets");
    view_stage_keys(stage, "m");
    view_stage_golden(stage, "same-asked-80x24");
    view_stage_expect(stage, "(6 entries) is the same as Sergei Babinets (6 entries)?");
    view_stage_keys(stage, "n");
    view_stage_expect(stage, "1 of 35");
    view_stage_keys(stage, "m y");
    view_stage_expect(stage, "they are one now");
    view_stage_expect(stage, "1 of 34");
    view_stage_expect(stage, "Chechen police");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Only with Sergei Babinets");
    view_stage_keys(stage, "q : u n m e r g e Enter");
    view_stage_expect(stage, "take Chechen police out again (1 of 1)? (y/n)");
    view_stage_keys(stage, "y");
    view_stage_expect(stage, "they are two again");
    view_stage_expect(stage, "1 of 35");
    view_stage_expect(stage, "6 entries");
    view_stage_free(stage);
}

static void a_mark_is_taken_off(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 10, 40);

    (void)state;
    view_stage_keys(stage, "o m");
    view_stage_golden(stage, "same-marked-40x10");
    view_stage_keys(stage, "m");
    expect_not(stage, "* ");
    view_stage_keys(stage, "m Esc");
    expect_not(stage, "* ");
    view_stage_keys(stage, ": u n m e r g e Enter");
    view_stage_expect(stage, "no other record is the same");
    view_stage_free(stage);
}

static void sources_places_and_incidents_too(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "s");
    mark(stage, "S2");
    find(stage, "S1");
    view_stage_keys(stage, "m y");
    view_stage_expect(stage, "they are one now");
    all(stage);
    expect_not(stage, "S2  ");
    view_stage_keys(stage, "o");
    mark(stage, "press house");
    find(stage, "moscow");
    view_stage_keys(stage, "m y");
    view_stage_expect(stage, "they are one now");
    view_stage_free(stage);
}

static void a_reviewer_merges_nothing(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    lw_tui_read_only(stage->tui);
    view_stage_keys(stage, "p m Down m");
    expect_not(stage, "the same");
    view_stage_free(stage);
}

/* ---- protected ---- */

static void protect(struct view_stage *stage, enum lw_record_type type, const char *name,
                    const char *code)
{
    struct lw_journal *journal = stage->fixture->journal;
    struct lw_record record;
    struct lw_error err = {0};
    uint8_t id[LW_RECORD_ID];
    bool found = false;

    assert_int_equal(lw_named_find(journal, type, name, strlen(name), id, &found, &err), LW_OK);
    assert_true(found);
    assert_int_equal(lw_record_get(journal, type, id, &record, &err), LW_OK);
    assert_int_equal(lw_record_set_number(&record, "protected", 1), LW_OK);
    if (code != NULL)
        assert_int_equal(lw_record_set_text(&record, "code_name", code, strlen(code)), LW_OK);
    assert_int_equal(lw_journal_begin(journal, &err), LW_OK);
    assert_int_equal(lw_record_put(journal, &record, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(journal, &err), LW_OK);
    lw_record_clear(&record);
    lw_tui_changed(stage->tui);
}

static void who_is_protected_goes_by_a_code_name(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    protect(stage, LW_RECORD_PARTY, "Sergei Babinets", "Witness 3");
    protect(stage, LW_RECORD_PARTY, "Dmitry Dimitriev", NULL);
    view_stage_keys(stage, "p");
    find(stage, "bab");
    view_stage_expect(stage, "no name has these letters"); /* not letter by letter */
    all(stage);
    find(stage, "Бабинец Сергей");
    all(stage);
    find(stage, "sergei babinets");
    view_stage_expect(stage, "> Witness 3");
    expect_not(stage, "Бабинец");
    view_stage_keys(stage, "e");
    view_stage_expect(stage, "protected");
    expect_not(stage, "Бабинец");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Only with Witness 3");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "Witness 3");
    view_stage_expect(stage, "protected person ");
    expect_not(stage, "victim: Sergei");
    expect_not(stage, "victim: Dmitry");
    view_stage_keys(stage, "R");
    view_stage_expect(stage, "NAMES SHOWN");
    view_stage_expect(stage, "Sergei Babinets");
    view_stage_keys(stage, "q");
    view_stage_expect(stage, "Witness 3"); /* a filter says what it said when it was set */
    view_stage_keys(stage, "q Enter");
    view_stage_expect(stage, "Only with Sergei Babinets");
    view_stage_keys(stage, "R");
    expect_not(stage, "NAMES SHOWN");
    expect_not(stage, "Only with");
    view_stage_free(stage);
}

static void a_protected_source_goes_by_its_number(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    protect(stage, LW_RECORD_SOURCE, "S1", NULL);
    view_stage_keys(stage, "s");
    find(stage, "s1");
    view_stage_golden(stage, "source-protected-80x24");
    view_stage_expect(stage, "S1  protected source");
    view_stage_keys(stage, "Enter Enter");
    view_stage_expect(stage, "protected source");
    view_stage_free(stage);
}

/* One that is merged with somebody who is protected would tell who that is. */
static void one_of_two_protected_hides_both(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    protect(stage, LW_RECORD_PARTY, "Sergei Babinets", NULL);
    view_stage_keys(stage, "p");
    mark(stage, "sergei babinets");
    find(stage, "activists");
    view_stage_keys(stage, "m y");
    expect_not(stage, "abinets");
    all(stage);
    expect_not(stage, "abinets");
    expect_not(stage, "activists");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_are_made_one_and_two_again),
        cmocka_unit_test(a_mark_is_taken_off),
        cmocka_unit_test(sources_places_and_incidents_too),
        cmocka_unit_test(a_reviewer_merges_nothing),
        cmocka_unit_test(who_is_protected_goes_by_a_code_name),
        cmocka_unit_test(a_protected_source_goes_by_its_number),
        cmocka_unit_test(one_of_two_protected_hides_both),
    };

    return cmocka_run_group_tests_name("records_same", tests, fixture_start, NULL);
}
