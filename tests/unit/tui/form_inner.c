/* The form of a record that is named in another form: nothing of either is lost. */
#include "form_stage.h"
#include "tui/form_record.h"

#include <stdio.h>

static void fill(struct stage *stage, const char *label, const char *text)
{
    stage_go(stage, label);
    stage_type(stage, text);
}

static struct stage *open_form(bool vault, int rows, int columns)
{
    struct stage *stage = stage_new(vault, rows, columns);

    stage_press(stage, "n");
    fill(stage, "Title", "Обыск в квартире");
    return stage;
}

static enum lw_status keep(void *context, const struct lw_record *record, struct lw_error *err)
{
    (void)err;
    return lw_record_json(record, context);
}

static void expect(struct stage *stage, enum lw_record_type type, const char *text)
{
    struct lw_buf json = LW_BUF_INIT;
    struct lw_error err = {0};

    if (lw_record_each(stage->fixture.journal, type, NULL, NULL, keep, &json, &err) != LW_OK)
        fail_msg("%s", err.text);
    if (strstr(lw_buf_text(&json), text) == NULL)
        fail_msg("%s\nis not in\n%s", text, lw_buf_text(&json));
    lw_buf_free(&json);
}

static void a_person_is_made_from_the_line(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fill(stage, "People", "victim: Пётр\nwitness: Ivan");
    stage_press(stage, "F5");
    stage_expect(stage, "New person or group");
    stage_expect(stage, "> Name        Ivan");
    stage_type(stage, " Petrov");
    fill(stage, "Also", "Иван Петров; Cyrl");
    stage_golden(stage, "inner-person-80x24");
    stage_press(stage, "F2");
    stage_expect(stage, "person or group saved");
    stage_expect(stage, "witness: Ivan Petrov");
    stage_expect(stage, "victim: Пётр");
    stage_expect(stage, "known person or group");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 2);
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void one_that_is_known_is_changed(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    fixture_make(&stage->fixture, LW_RECORD_PLACE, NULL, "name", "Grozny", (char *)NULL);
    stage_press(stage, "n");
    fill(stage, "Title", "Office burned");
    fill(stage, "Place", "grozny");
    stage_press(stage, "Ctrl-O");
    stage_expect(stage, "> Name        Grozny");
    stage_go(stage, "Kind");
    stage_type(stage, "town");
    stage_press(stage, "F2");
    stage_expect(stage, "> Place       Grozny");
    stage_press(stage, "F2");
    expect(stage, LW_RECORD_PLACE, "\"name\":\"Grozny\",\"kind\":\"town\"");
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 1);
    stage_free(stage);
}

/* Who takes part stays the same record under a new name. */
static void one_that_is_renamed_stays_who_it_is(void **state)
{
    struct stage *stage = open_form(false, 24, 80);
    struct lw_record entry;
    struct lw_error err = {0};

    (void)state;
    fill(stage, "People", "witness: Ivan\nvictim: Anna");
    stage_press(stage, "F2");
    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E01", &entry, &err),
                     LW_OK);
    assert_int_equal(lw_form_show(stage->tui, LW_RECORD_ENTRY, entry.id, &err), LW_OK);
    lw_record_clear(&entry);
    stage_go(stage, "People");
    stage_press(stage, "F5");
    stage_expect(stage, "> Name        Ivan");
    stage_type(stage, " Petrov");
    stage_press(stage, "F2");
    stage_expect(stage, "witness: Ivan Petrov");
    stage_type(stage, "x");
    stage_press(stage, "Backspace");
    stage_press(stage, "F2");
    stage_expect(stage, "nothing was changed");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 2);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 2);
    stage_free(stage);
}

static void what_is_cancelled_leaves_the_outer_form(void **state)
{
    struct stage *stage = open_form(true, 24, 80);

    (void)state;
    fill(stage, "Narrative", "Пришли в шесть утра.");
    fill(stage, "Source", "Новая газета");
    stage_press(stage, "F5");
    stage_expect(stage, "New source");
    fill(stage, "Author", "Милашина");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    stage_expect(stage, "> Source      Новая газета");
    stage_expect(stage, "Пришли в шесть утра.");
    stage_press(stage, "F5");
    fill(stage, "Author", "Милашина");
    stage_press(stage, "Esc");
    stage_expect(stage, "> Source      Новая газета");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "narrative", "Пришли в шесть утра.");
    assert_int_equal(stage_drafts(stage), 1); /* of the source, which was left unfinished */
    stage_free(stage);
}

static void both_come_back_after_a_kill(void **state)
{
    struct stage *stage = open_form(true, 24, 80);
    struct lw_error err = {0};

    (void)state;
    fill(stage, "Narrative", "Пришли в шесть утра.");
    fill(stage, "People", "witness: Ivan");
    stage_press(stage, "F5");
    fill(stage, "Note", "сосед");
    stage_pass(stage, 2000);
    stage_restart(stage, 10, 40);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_expect(stage, "2 unfinished forms");
    stage_press(stage, "y");
    stage_golden(stage, "inner-drafts-40x10");
    stage_expect(stage, "person   Ivan");
    stage_expect(stage, "entry    Обыск в");
    if (!stage_sees(stage, "> 12:00  person"))
        stage_press(stage, "Down");
    stage_press(stage, "Enter");
    stage_expect(stage, "сосед");
    stage_press(stage, "F2");
    stage_expect(stage, "saved");
    expect(stage, LW_RECORD_PARTY, "\"name\":\"Ivan\",\"note\":\"сосед\"");
    assert_int_equal(lw_drafts_show(stage->tui, &err), LW_OK);
    stage_expect(stage, "witness: Ivan");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "narrative", "Пришли в шесть утра.");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1);
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void nothing_is_named_in_a_title(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    stage_press(stage, "F5");
    stage_expect(stage, "nothing is named here");
    stage_go(stage, "Place");
    stage_press(stage, "F5"); /* empty: a new one */
    stage_expect(stage, "New place");
    stage_type(stage, "Грозный");
    stage_press(stage, "F2");
    stage_expect(stage, "> Place       Грозный");
    stage_free(stage);
}

static void a_namesake_is_told(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fixture_make(&stage->fixture, LW_RECORD_PARTY, NULL, "name", "Ivan", "kind", "individual",
                 (char *)NULL);
    fill(stage, "People", "witness: Иван");
    stage_press(stage, "F5");
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "Ivan");
    stage_expect(stage, "another person or group is called that");
    stage_press(stage, "F2");
    stage_expect(stage, "that name means another person or group");
    stage_free(stage);
}

static void from_one_record_to_the_next(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_form_show(stage->tui, LW_RECORD_PLACE, NULL, &err), LW_OK);
    fill(stage, "Name", "JMG office");
    fill(stage, "Lies in", "Grozny");
    stage_press(stage, "F5");
    stage_expect(stage, "> Name        Grozny");
    fill(stage, "Lies in", "Чечня");
    stage_press(stage, "F2");
    stage_expect(stage, "> Lies in     Grozny");
    stage_press(stage, "F2");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 3);
    stage_free(stage);
}

static void an_owner_in_a_list_of_items(void **state)
{
    struct stage *stage = open_form(false, 24, 80);

    (void)state;
    fill(stage, "Kind", "seizure");
    stage_go(stage, "taken");
    stage_type(stage, "laptops; 2; owner: JMG");
    stage_press(stage, "F5");
    stage_expect(stage, "> Name        JMG");
    stage_type(stage, ", Grozny");
    stage_press(stage, "F2");
    stage_expect(stage, "laptops; 2; owner: JMG, Grozny");
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_made_from_the_line),
        cmocka_unit_test(one_that_is_known_is_changed),
        cmocka_unit_test(one_that_is_renamed_stays_who_it_is),
        cmocka_unit_test(what_is_cancelled_leaves_the_outer_form),
        cmocka_unit_test(both_come_back_after_a_kill),
        cmocka_unit_test(nothing_is_named_in_a_title),
        cmocka_unit_test(a_namesake_is_told),
        cmocka_unit_test(from_one_record_to_the_next),
        cmocka_unit_test(an_owner_in_a_list_of_items),
    };

    return cmocka_run_group_tests_name("form_inner", tests, fixture_start, NULL);
}
