/* The capture of one line: understood while it is typed, completed, saved with one more key. */
#include "form_stage.h"

static void records(struct stage *stage)
{
    uint8_t party[LW_RECORD_ID];

    fixture_make(&stage->fixture, LW_RECORD_PLACE, NULL, "name", "Grozny", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PLACE, NULL, "name", "Press House", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_PARTY, party, "name", "Sergei Babinets", "kind",
                 "individual", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Сергей Бабинец",
                 "kind", "legal", (char *)NULL);
}

static struct stage *open_capture(bool vault, int rows, int columns)
{
    struct stage *stage = stage_new(vault, rows, columns);

    records(stage);
    stage_press(stage, "c");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_CAPTURE);
    return stage;
}

static void a_line_becomes_an_entry_with_two_enters(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_golden(stage, "capture-empty-80x24");
    stage_type(stage, "13 dec evening @Grozny #arson +victim:JMG office burned, apparent arson");
    stage_expect(stage, "13 December 2014, evening · arson · Grozny · victim: JMG");
    stage_golden(stage, "capture-typed-80x24");
    stage_press(stage, "Enter");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_expect(stage, "Enter saves it.");
    stage_golden(stage, "capture-asks-80x24");
    stage_press(stage, "Enter");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "title", "office burned, apparent arson");
    stage_expect_text(stage, "E01", "when", "2014-12-13 evening");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void further_typing_takes_the_question_back(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "office\n burned");
    stage_expect_not(stage, "Enter saves it.");
    stage_press(stage, "Enter");
    stage_expect(stage, "Enter saves it.");
    stage_press(stage, "Esc");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_CAPTURE);
    stage_expect_not(stage, "Enter saves it.");
    stage_press(stage, "Enter");
    stage_press(stage, "Enter");
    stage_expect_text(stage, "E01", "title", "office burned");
    stage_free(stage);
}

static void expect_line(struct stage *stage, const char *line)
{
    struct lw_buf shown = LW_BUF_INIT;

    assert_int_equal(lw_buf_addf(&shown, "> %s", line), LW_OK);
    stage_expect(stage, shown.data);
    lw_buf_free(&shown);
}

static void tab_completes_places_kinds_roles_and_people(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "call @gr");
    stage_press(stage, "Tab");
    expect_line(stage, "call @Grozny");
    stage_type(stage, " @hous");
    stage_press(stage, "Tab");
    expect_line(stage, "call @Grozny @\"Press House\"");
    stage_type(stage, " +свид");
    stage_press(stage, "Tab");
    expect_line(stage, "call @Grozny @\"Press House\" +свидетель:");
    for (int i = 0; i < 11; i++)
        stage_press(stage, "Backspace");
    stage_type(stage, "#ars");
    stage_press(stage, "Tab");
    expect_line(stage, "call @Grozny @\"Press House\" #arson");
    stage_type(stage, " +vic");
    stage_press(stage, "Tab");
    expect_line(stage, "call @Grozny @\"Press House\" #arson +victim:");
    stage_type(stage, "бабин");
    stage_press(stage, "Tab");
    stage_expect(stage, "+victim:\"Сергей");
    stage_press(stage, "Shift-Tab");
    stage_expect(stage, "+victim:бабин");
    stage_press(stage, "Tab");
    stage_press(stage, "Enter");
    stage_press(stage, "Enter");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1); /* it is the one who is known */
    stage_free(stage);
}

static void what_tab_would_put_is_shown_while_it_is_typed(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "call @");
    stage_expect(stage, "Tab  @Grozny  @\"Press House\"");
    stage_type(stage, "pr");
    stage_expect(stage, "Tab  @\"Press House\"");
    stage_expect_not(stage, "@Grozny");
    stage_press(stage, "Tab");
    stage_type(stage, " #обы");
    stage_expect(stage, "Tab  #обыск");
    stage_press(stage, "Tab");
    expect_line(stage, "call @\"Press House\" #обыск");
    stage_type(stage, " #недоп");
    stage_expect(stage, "Tab  #недопуск-адвоката");
    stage_press(stage, "Tab");
    stage_type(stage, " text");
    stage_expect_not(stage, "Tab  ");
    stage_type(stage, " +жерт");
    stage_expect(stage, "Tab  +жертва:");
    stage_press(stage, "Enter");
    stage_expect_not(stage, "Tab  ");
    stage_free(stage);
}

static void tab_cycles_with_what_is_offered_below(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "#s");
    stage_press(stage, "Tab");
    expect_line(stage, "#search");
    stage_press(stage, "Tab");
    expect_line(stage, "#seizure");
    stage_golden(stage, "capture-offers-80x24");
    stage_type(stage, " x @nowhere");
    stage_press(stage, "Tab");
    stage_expect(stage, "Nothing known begins like that");
    expect_line(stage, "#seizure x @nowhere");
    stage_free(stage);
}

static void an_error_keeps_the_line(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "31 feb 2014 a call");
    stage_expect(stage, "? ");
    stage_press(stage, "Enter");
    stage_expect(stage, "! ");
    stage_expect(stage, "not saved");
    expect_line(stage, "31 feb 2014 a call");
    stage_golden(stage, "capture-wrong-80x24");
    stage_press(stage, "Enter");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    for (int i = 0; i < 18; i++)
        stage_press(stage, "Backspace");
    stage_type(stage, "after E99 a call\n\n");
    stage_expect(stage, "not saved");
    stage_expect(stage, "E99");
    expect_line(stage, "after E99 a call");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_free(stage);
}

static void esc_keeps_the_line_and_the_drafts_open_it(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "звонок вечером");
    for (int i = 0; i < 3; i++)
        stage_press(stage, "Left");
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "kept unfinished");
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    expect_line(stage, "звонок вечером");
    stage_type(stage, "X");
    expect_line(stage, "звонок вечеXром");
    stage_press(stage, "Esc");
    assert_int_equal(stage_drafts(stage), 1);
    stage_free(stage);
}

static void ctrl_g_asks_before_it_drops(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_press(stage, "Ctrl-G");
    assert_true(stage_is_ground(stage));
    stage_press(stage, "c");
    stage_type(stage, "a line");
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "Ctrl-G");
    stage_expect(stage, "drop it, or keep it unfinished?");
    stage_press(stage, "Esc");
    expect_line(stage, "a line");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "k");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void a_long_line_is_shown_whole_in_a_small_window(void **state)
{
    struct stage *stage = open_capture(false, 10, 40);

    (void)state;
    stage_golden(stage, "capture-empty-40x10");
    stage_type(stage, "вчера вечером @Грозный #threat +victim:Бабинец звонок с угрозой с номера "
                      "8 928 000 00 00");
    stage_golden(stage, "capture-typed-40x10");
    stage_press(stage, "Enter");
    stage_golden(stage, "capture-asks-40x10");
    stage_free(stage);
}

static void a_large_paste_is_refused_with_a_sentence(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);
    size_t len = 1 << 20;
    char *text = malloc(len);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', len);
    stage_type(stage, "before ");
    stage_paste(stage, text, len);
    stage_expect(stage, "! ");
    stage_type(stage, "after");
    expect_line(stage, "before after");
    stage_paste(stage, "one\ntwo", 7);
    expect_line(stage, "before afterone two");
    free(text);
    stage_free(stage);
}

static void another_writer_is_waited_for(void **state)
{
    struct stage *stage = open_capture(true, 24, 80);
    struct lw_store *other;

    (void)state;
    stage_type(stage, "office burned");
    other = stage_other_writer(stage);
    stage_press(stage, "Enter");
    stage_press(stage, "Enter");
    stage_expect(stage, "saving waits since 12:00");
    stage_expect(stage, "office burned");
    stage_pass(stage, 3000);
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_CAPTURE);
    stage_other_ends(other);
    stage_pass(stage, 1100);
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "E01 saved");
    stage_expect_not(stage, "saving waits");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void typing_on_takes_a_waiting_save_back(void **state)
{
    struct stage *stage = open_capture(true, 24, 80);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    stage_type(stage, "office burned\n\n");
    stage_expect(stage, "saving waits");
    stage_type(stage, " down");
    stage_expect(stage, "not kept yet");
    stage_other_ends(other);
    stage_pass(stage, 3000);
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    assert_int_equal(stage_drafts(stage), 1);
    stage_type(stage, "\n\n");
    stage_expect_text(stage, "E01", "title", "office burned down");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void opens_above_a_form_and_gives_it_back(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);

    (void)state;
    stage_press(stage, "n");
    stage_type(stage, "half a title, c");
    stage_press(stage, "F3");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_CAPTURE);
    stage_type(stage, "a call came in\n\n");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    stage_expect(stage, "half a title, c");
    stage_expect_text(stage, "E01", "title", "a call came in");
    stage_free(stage);
}

static void a_session_that_only_reads_has_none(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_error err = {0};

    (void)state;
    lw_tui_read_only(stage->tui);
    stage_press(stage, "c");
    assert_true(stage_is_ground(stage));
    assert_int_equal(lw_capture_show(stage->tui, &err), LW_READ_ONLY);
    assert_int_equal(lw_form_show(stage->tui, LW_RECORD_ENTRY, NULL, &err), LW_READ_ONLY);
    stage_free(stage);
}

static void any_size_can_be_drawn(void **state)
{
    struct stage *stage = open_capture(false, 24, 80);

    (void)state;
    stage_type(stage, "13 dec @Grozny a long line that has to be broken over rows #arson");
    for (int rows = 1; rows < 16; rows++) {
        for (int columns = 1; columns < 50; columns += 3) {
            stage->terminal->rows = rows;
            stage->terminal->columns = columns;
            lw_tui_turn(stage->tui);
        }
    }
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_an_entry_with_two_enters),
        cmocka_unit_test(further_typing_takes_the_question_back),
        cmocka_unit_test(tab_completes_places_kinds_roles_and_people),
        cmocka_unit_test(what_tab_would_put_is_shown_while_it_is_typed),
        cmocka_unit_test(tab_cycles_with_what_is_offered_below),
        cmocka_unit_test(an_error_keeps_the_line),
        cmocka_unit_test(esc_keeps_the_line_and_the_drafts_open_it),
        cmocka_unit_test(ctrl_g_asks_before_it_drops),
        cmocka_unit_test(a_long_line_is_shown_whole_in_a_small_window),
        cmocka_unit_test(a_large_paste_is_refused_with_a_sentence),
        cmocka_unit_test(another_writer_is_waited_for),
        cmocka_unit_test(typing_on_takes_a_waiting_save_back),
        cmocka_unit_test(opens_above_a_form_and_gives_it_back),
        cmocka_unit_test(a_session_that_only_reads_has_none),
        cmocka_unit_test(any_size_can_be_drawn),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
