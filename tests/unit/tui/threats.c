/* The quick log of threats: how many keys it takes, what stays, what is saved, what survives. */
#include "form_stage.h"

static void records(struct stage *stage)
{
    fixture_make(&stage->fixture, LW_RECORD_PARTY, NULL, "name", "Igor Kalyapin", "kind",
                 "individual", (char *)NULL);
}

/* The tables of the stage and that of the log. */
static struct stage *open_stage(bool vault, int rows, int columns)
{
    struct stage *stage = stage_new(vault, rows, columns);

    records(stage);
    return stage;
}

static unsigned pressed; /* keys besides the texts */

static void press(struct stage *stage, const char *name)
{
    pressed++;
    stage_press(stage, name);
}

static struct stage *open_log(bool vault, int rows, int columns)
{
    struct stage *stage = open_stage(vault, rows, columns);

    pressed = 0;
    press(stage, "w");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_THREAT);
    return stage;
}

struct answers {
    struct lw_buf text;
};

static enum lw_status write_field(void *context, const struct lw_record *field,
                                  struct lw_error *err)
{
    struct lw_buf *out = context;
    const char *note = lw_record_text(field, "note");

    (void)err;
    return lw_buf_addf(out, "%s=%s%s%s\n", lw_record_text(field, "key"),
                       lw_record_text(field, "text"), note != NULL ? " | " : "",
                       note != NULL ? note : "");
}

static void expect_answers(struct stage *stage, const char *ref, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, ref, &entry, &err),
                     LW_OK);
    assert_string_equal(lw_record_text(&entry, "kind"), "threat");
    assert_int_equal(lw_record_each(stage->fixture.journal, LW_RECORD_FIELD, "entry", entry.id,
                                    write_field, &text, &err),
                     LW_OK);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_record_clear(&entry);
    lw_buf_free(&text);
}

static void a_threat_takes_at_most_eight_keys_besides_its_texts(void **state)
{
    struct stage *stage = open_log(false, 24, 80);

    (void)state;
    stage_golden(stage, "threat-empty-80x24");
    stage_type(stage, "text message");
    press(stage, "Enter");
    stage_type(stage, "+7 928 000 00 00");
    press(stage, "Enter");
    stage_type(stage, "Igor Kalyapin");
    press(stage, "Enter");
    stage_type(stage, "Мы знаем, где ты живёшь");
    stage_golden(stage, "threat-typed-80x24");
    press(stage, "Enter");
    assert_true(pressed <= 8);
    assert_int_equal(pressed, 5);
    stage_expect(stage, "E01 saved");
    stage_expect_text(stage, "E01", "title",
                      "text message, +7 928 000 00 00: Мы знаем, где ты живёшь");
    stage_expect_text(stage, "E01", "when", "2014-12-16 12:00 +03:00");
    expect_answers(stage, "E01",
                   "channel=text message\nsender=+7 928 000 00 00\n"
                   "exact_words=Мы знаем, где ты живёшь\n");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTICIPATION), 1);
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1); /* who is known already */
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

/* Channel, sender and addressee stay: a message is its words and one key. */
static void five_messages_take_one_key_each_after_the_first(void **state)
{
    struct stage *stage = open_log(false, 24, 80);
    static const char *const words[] = {"first", "second", "third", "fourth", "fifth"};

    (void)state;
    stage_type(stage, "call");
    press(stage, "Enter");
    stage_type(stage, "no number");
    press(stage, "Enter");
    press(stage, "Enter");
    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        stage_type(stage, words[i]);
        press(stage, "Enter");
    }
    assert_int_equal(pressed, 4 + LW_COUNT_OF(words));
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 5);
    expect_answers(stage, "E05", "channel=call\nsender=no number\nexact_words=fifth\n");
    stage_expect(stage, "5 saved");
    stage_golden(stage, "threat-fifth-80x24");
    press(stage, "Enter"); /* nothing was typed: not the same once more */
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 5);
    stage_expect(stage, "nothing new");
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "5 threats logged");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void time_and_death_threat_are_as_typed(void **state)
{
    struct stage *stage = open_log(false, 24, 80);

    (void)state;
    stage_type(stage, "call");
    for (int i = 0; i < 3; i++)
        stage_press(stage, "Tab");
    stage_type(stage, "you are dead");
    stage_press(stage, "Tab");
    stage_type(stage, "maybe");
    stage_press(stage, "F2");
    stage_expect(stage, "death threat");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "yes, twice");
    stage_press(stage, "Tab");
    stage_type(stage, "31 feb");
    stage_press(stage, "F2");
    stage_expect(stage, "not saved");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "yesterday evening");
    stage_press(stage, "F2");
    stage_expect_text(stage, "E01", "when", "2014-12-15 evening");
    expect_answers(stage, "E01",
                   "channel=call\nexact_words=you are dead\ndeath_threat=yes | twice\n");
    stage_free(stage);
}

/* A pasted message of several lines is one message; Enter behind it saves. */
static void a_pasted_newline_saves_nothing(void **state)
{
    struct stage *stage = open_log(false, 24, 80);

    (void)state;
    for (int i = 0; i < 3; i++)
        stage_press(stage, "Tab");
    stage_paste(stage, "line one\rline two", strlen("line one\rline two"));
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_press(stage, "Enter");
    expect_answers(stage, "E01", "exact_words=line one\nline two\n");
    stage_expect_text(stage, "E01", "title", "line one line two");
    stage_free(stage);
}

static void what_is_typed_survives_being_killed(void **state)
{
    struct stage *stage = open_log(true, 24, 80);
    struct lw_error err = {0};

    (void)state;
    stage_type(stage, "call");
    press(stage, "Enter");
    press(stage, "Enter");
    press(stage, "Enter");
    stage_type(stage, "we know where");
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 1);
    stage->wall_ms += 3600000;
    stage_restart(stage, 24, 80);
    assert_int_equal(lw_drafts_show(stage->tui, &err), LW_OK);
    lw_tui_turn(stage->tui);
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_THREAT);
    stage_expect(stage, "we know where");
    stage_type(stage, " you live");
    stage_press(stage, "Enter");
    /* an hour later it is still of the time when it was typed */
    stage_expect_text(stage, "E01", "when", "2014-12-16 12:00 +03:00");
    expect_answers(stage, "E01", "channel=call\nexact_words=we know where you live\n");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void leaving_keeps_what_was_typed_and_cancelling_asks(void **state)
{
    struct stage *stage = open_log(false, 24, 80);

    (void)state;
    stage_type(stage, "call");
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_THREAT);
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 0);
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_free(stage);
}

static void names_are_completed(void **state)
{
    struct stage *stage = open_log(false, 24, 80);

    (void)state;
    stage_type(stage, "te");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "text message");
    stage_press(stage, "Tab");
    stage_press(stage, "Tab");
    stage_type(stage, "kal");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "Igor Kalyapin");
    stage_free(stage);
}

static void it_fits_a_small_screen(void **state)
{
    struct stage *stage = open_log(false, 10, 40);

    (void)state;
    stage_golden(stage, "threat-empty-40x10");
    stage_type(stage, "звонок");
    press(stage, "Enter");
    stage_type(stage, "+7 928 000 00 00");
    press(stage, "Enter");
    stage_type(stage, "Игорь Каляпин");
    press(stage, "Enter");
    stage_type(stage, "Мы знаем, где ты живёшь, и придём за тобой ночью");
    stage_golden(stage, "threat-typed-40x10");
    stage_free(stage);
}

static void a_reader_has_no_log(void **state)
{
    struct stage *stage = open_stage(false, 24, 80);
    struct lw_error err = {0};

    (void)state;
    lw_tui_read_only(stage->tui);
    stage_press(stage, "w");
    assert_true(stage_is_ground(stage));
    assert_int_equal(lw_threat_show(stage->tui, &err), LW_READ_ONLY);
    stage_free(stage);
}

/* From anywhere: the key, the text, twice Enter. */
static void a_captured_line_takes_three_keys_besides_the_text(void **state)
{
    static const char *const keys[] = {"c", "F3"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        struct stage *stage = open_stage(false, 24, 80);

        if (i == 1)
            stage_press(stage, "w"); /* out of a form, where letters are text */
        pressed = 0;
        press(stage, keys[i]);
        stage_type(stage, "13 dec evening office burned");
        press(stage, "Enter");
        press(stage, "Enter");
        assert_true(pressed <= 3);
        stage_expect_text(stage, "E01", "title", "office burned");
        stage_free(stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_threat_takes_at_most_eight_keys_besides_its_texts),
        cmocka_unit_test(five_messages_take_one_key_each_after_the_first),
        cmocka_unit_test(time_and_death_threat_are_as_typed),
        cmocka_unit_test(a_pasted_newline_saves_nothing),
        cmocka_unit_test(what_is_typed_survives_being_killed),
        cmocka_unit_test(leaving_keeps_what_was_typed_and_cancelling_asks),
        cmocka_unit_test(names_are_completed),
        cmocka_unit_test(it_fits_a_small_screen),
        cmocka_unit_test(a_reader_has_no_log),
        cmocka_unit_test(a_captured_line_takes_three_keys_besides_the_text),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
