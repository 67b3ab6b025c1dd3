/* Answers to the questions of a kind: read by their type, recorded, and said again as they were. */
#include "journal_fixture.h"

#include <stdio.h>

static struct lw_question question_of(enum lw_question_type type)
{
    static char key[] = "q", let_in[] = "let in", forced[] = "forced";
    static char let_in_ru[] = "впустили", forced_ru[] = "взломали";
    char *const choices[LW_LANGUAGES][2] = {{let_in, forced}, {let_in_ru, forced_ru}};
    struct lw_question question = {.key = key, .type = type};

    for (int language = 0; language < LW_LANGUAGES; language++) {
        question.choice[language][0] = choices[language][0];
        question.choice[language][1] = choices[language][1];
        question.choice_count[language] = type == LW_QUESTION_CHOICE ? 2 : 0;
    }
    return question;
}

/* "text|min..max|note" */
static void reads(enum lw_question_type type, const char *typed, const char *expected)
{
    struct lw_question question = question_of(type);
    struct lw_error err = {.status = LW_OK};
    struct lw_answer answer;
    char said[400], min[24] = "", max[24] = "";

    if (lw_answer_read(NULL, &question, typed, strlen(typed), &fixture_clock, &answer, &err) !=
        LW_OK)
        fail_msg("%s: %s", typed, err.text);
    if (answer.figure.has_min)
        snprintf(min, sizeof min, "%lld", (long long)answer.figure.min);
    if (answer.figure.has_max)
        snprintf(max, sizeof max, "%lld", (long long)answer.figure.max);
    snprintf(said, sizeof said, "%s%s|%s..%s|%s", answer.named ? "@" : "",
             answer.text != NULL ? answer.text : "", min, max,
             answer.note != NULL ? answer.note : "");
    assert_string_equal(said, expected);
    lw_answer_clear(&answer);
}

static void is_wrong(enum lw_question_type type, const char *typed, const char *part)
{
    struct lw_question question = question_of(type);
    struct lw_error err = {.status = LW_OK};
    struct lw_answer answer;

    assert_int_equal(
        lw_answer_read(NULL, &question, typed, strlen(typed), &fixture_clock, &answer, &err),
        LW_BAD_DATA);
    if (strstr(err.text, part) == NULL)
        fail_msg("%s: \"%s\" is not in \"%s\"", typed, part, err.text);
    assert_null(answer.text);
}

static void counts_say_no_more_than_was_typed(void **state)
{
    (void)state;
    reads(LW_QUESTION_COUNT, "4", "|4..4|");
    reads(LW_QUESTION_COUNT, " 0 ", "|0..0|");
    reads(LW_QUESTION_COUNT, "2-4", "|2..4|");
    reads(LW_QUESTION_COUNT, "2 – 4", "|2..4|");
    reads(LW_QUESTION_COUNT, "2..4", "|2..4|");
    reads(LW_QUESTION_COUNT, "2+", "|2..|");
    reads(LW_QUESTION_COUNT, "at least 2", "|2..|");
    reads(LW_QUESTION_COUNT, "не менее 2", "|2..|");
    reads(LW_QUESTION_COUNT, "не более 12", "|..12|");
    reads(LW_QUESTION_COUNT, "2+ \"laptop computers\"", "laptop computers|2..|");
    reads(LW_QUESTION_COUNT, "several", "several|..|");
    reads(LW_QUESTION_COUNT, "4 or 5 men", "4 or 5 men|..|");
    reads(LW_QUESTION_COUNT, "4 \"men", "4 \"men|..|");
    reads(LW_QUESTION_COUNT, "about 10", "about 10|..|");
    reads(LW_QUESTION_COUNT, "-4", "-4|..|");
    reads(LW_QUESTION_COUNT, "99999999999999999999", "99999999999999999999|..|");
    reads(LW_QUESTION_COUNT, "?", "unknown|..|");
    is_wrong(LW_QUESTION_COUNT, "5-2", "greater than the second");
}

static void words_are_taken_in_both_languages(void **state)
{
    (void)state;
    reads(LW_QUESTION_YES_NO, "yes", "yes|..|");
    reads(LW_QUESTION_YES_NO, "ДА", "yes|..|");
    reads(LW_QUESTION_YES_NO, "n", "no|..|");
    reads(LW_QUESTION_YES_NO, "неизвестно", "unknown|..|");
    reads(LW_QUESTION_YES_NO, "no, was refused, twice", "no|..|was refused, twice");
    reads(LW_QUESTION_CHOICE, "Forced", "forced|..|");
    reads(LW_QUESTION_CHOICE, "впустили, сосед", "let in|..|сосед");
    reads(LW_QUESTION_CHOICE, "unknown", "unknown|..|");
    reads(LW_QUESTION_YES_NO, "", "|..|");
    is_wrong(LW_QUESTION_YES_NO, "perhaps", "yes, no or unknown");
    is_wrong(LW_QUESTION_YES_NO, "no was refused", "behind a comma");
    is_wrong(LW_QUESTION_CHOICE, "by deceit", "one of let in, forced, or unknown");
    is_wrong(LW_QUESTION_CHOICE, "yes", "one of let in");
}

static void dates_names_and_texts(void **state)
{
    (void)state;
    reads(LW_QUESTION_DATE, "13 дек 2014 вечером", "2014-12-13 evening|..|");
    reads(LW_QUESTION_DATE, "unknown", "unknown|..|");
    is_wrong(LW_QUESTION_DATE, "31 feb 2014", "February 2014 has 28 days");
    is_wrong(LW_QUESTION_DATE, "after E09", "a date stands here");
    reads(LW_QUESTION_PARTY, " two men ", "@two men|..|");
    reads(LW_QUESTION_PLACE, "Grozny", "@Grozny|..|");
    reads(LW_QUESTION_PARTY, "неизвестно", "unknown|..|");
    reads(LW_QUESTION_TEXT, "yes, and no", "yes, and no|..|");
    reads(LW_QUESTION_LONG, "one\n two\n\n", "one\n two|..|");
    reads(LW_QUESTION_TEXT, " \t", "|..|");
}

/* What is recorded is composed again so that it is read as the same. */
static void recorded_and_composed(struct fixture *fixture, enum lw_question_type type,
                                  const char *typed, const char *composed)
{
    struct lw_question question = question_of(type);
    struct lw_error err = {.status = LW_OK};
    struct lw_answer answer;
    struct lw_record field;
    struct lw_buf line = LW_BUF_INIT;

    lw_record_init(&field, LW_RECORD_FIELD);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(
        lw_answer_read(NULL, &question, typed, strlen(typed), &fixture_clock, &answer, &err),
        LW_OK);
    if (lw_answer_put(fixture->journal, &question, &answer, &field, &err) != LW_OK ||
        lw_answer_compose(fixture->journal, &question, &field, &line, &err) != LW_OK)
        fail_msg("%s: %s", typed, err.text);
    assert_string_equal(lw_buf_text(&line), composed);
    lw_journal_rollback(fixture->journal);
    lw_answer_clear(&answer);
    lw_record_clear(&field);
    lw_buf_free(&line);
}

static void what_is_recorded_can_be_edited_again(void **state)
{
    struct fixture *fixture = *state;

    recorded_and_composed(fixture, LW_QUESTION_COUNT, "2+ \"laptop computers\"",
                          "at least 2 \"laptop computers\"");
    recorded_and_composed(fixture, LW_QUESTION_COUNT, "2..4", "2-4");
    recorded_and_composed(fixture, LW_QUESTION_COUNT, "several", "several");
    recorded_and_composed(fixture, LW_QUESTION_COUNT, "at most 3", "at most 3");
    recorded_and_composed(fixture, LW_QUESTION_YES_NO, "нет, отказали", "no, отказали");
    recorded_and_composed(fixture, LW_QUESTION_CHOICE, "взломали", "forced");
    recorded_and_composed(fixture, LW_QUESTION_DATE, "13 dec evening", "2014-12-13 evening");
    recorded_and_composed(fixture, LW_QUESTION_PARTY, "two men", "two men");
    recorded_and_composed(fixture, LW_QUESTION_PLACE, "unknown", "unknown");
    recorded_and_composed(fixture, LW_QUESTION_LONG, "a\nb", "a\nb");
    recorded_and_composed(fixture, LW_QUESTION_TEXT, "", "");
}

/* ---- items ---- */

static void item_reads(struct fixture *fixture, const char *line, const char *composed)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_record item;
    struct lw_buf out = LW_BUF_INIT;

    lw_record_init(&item, LW_RECORD_ITEM);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    if (lw_item_take(fixture->journal, line, strlen(line), &fixture_clock, &item, &err) != LW_OK ||
        lw_item_compose(fixture->journal, &item, &out, &err) != LW_OK)
        fail_msg("%s: %s", line, err.text);
    assert_string_equal(out.data, composed);
    lw_journal_rollback(fixture->journal);
    lw_record_clear(&item);
    lw_buf_free(&out);
}

static void an_item_is_a_line(void **state)
{
    struct fixture *fixture = *state;

    item_reads(fixture, "cameras", "cameras");
    item_reads(fixture, " cameras ; 4; receipt:no;;", "cameras; 4; receipt: no");
    item_reads(fixture, "laptops; at least 2; as written: laptop computers; owner: JMG",
               "laptops; at least 2; as written: laptop computers; owner: JMG");
    item_reads(fixture,
               "ноутбук; 1; владелец: Бабинец; расписка: да; номер расписки: 7; "
               "возвращено: 20 dec 2014; примечание: битый экран; как забрали: силой",
               "ноутбук; 1; owner: Бабинец; manner: forced; receipt: yes; receipt number: 7; "
               "returned: 2014-12-20; note: битый экран");
    item_reads(fixture,
               "phone; owner: unknown; serial: A-1; class: phone; features: red; "
               "value: 300 EUR; taken by: a major",
               "phone; class: phone; features: red; serial: A-1; owner: unknown; "
               "taken by: a major; value: 300 EUR");
    item_reads(fixture, "laptops; at least 2 \"laptop computers\"; owner: JMG",
               "laptops; at least 2; as written: laptop computers; owner: JMG");
    item_reads(fixture, "телефон; не менее 2 \"их телефоны\"; владелец: неизвестно",
               "телефон; at least 2; as written: их телефоны; owner: unknown");
}

static void what_an_item_cannot_say_is_refused(void **state)
{
    static const char *const lines[][2] = {
        {"", "say first what it is"},
        {"; 4", "say first what it is"},
        {"cameras; four", "\"four\" is not understood: behind a semicolon stands how many"},
        {"cameras; 4 \"of them", "\"4 \"of them\" is not understood"},
        {"cameras; colour: red", "one of as written:, class:"},
        {"cameras; 4; 5", "how many stands there twice"},
        {"cameras; 4 \"four\"; as written: five", "as written stands there twice"},
        {"cameras; as written: five; 4 \"four\"", "as written stands there twice"},
        {"cameras; note: old; note: red", "note stands there twice"},
        {"cameras; 5-2", "greater than the second"},
        {"cameras; receipt: 7", "receipt is yes, no or unknown"},
        {"cameras; manner: yes", "manner is voluntary, forced or unknown"},
        {"cameras; returned: after E01", "returned takes a date"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_error err = {.status = LW_OK};
        struct lw_record item;

        lw_record_init(&item, LW_RECORD_ITEM);
        assert_int_equal(
            lw_item_take(NULL, lines[i][0], strlen(lines[i][0]), &fixture_clock, &item, &err),
            LW_BAD_DATA);
        if (strstr(err.text, lines[i][1]) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", lines[i][1], err.text);
        lw_record_clear(&item);
    }
}

/* Words for an owner who is known besides are not in the line, and must not go with it. */
static void what_a_line_does_not_show_stays(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {.status = LW_OK};
    uint8_t party[LW_RECORD_ID];
    struct lw_record item;

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "group", "name", "JMG", (char *)NULL);
    lw_record_init(&item, LW_RECORD_ITEM);
    assert_int_equal(lw_record_set_text(&item, "description", "cameras", 7), LW_OK);
    assert_int_equal(lw_record_set_ref(&item, "owner", party), LW_OK);
    assert_int_equal(lw_record_set_text(&item, "owner_text", "the group's", 11), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(
        lw_item_take(fixture->journal, "cameras; 4; owner: JMG", 22, &fixture_clock, &item, &err),
        LW_OK);
    assert_string_equal(lw_record_text(&item, "owner_text"), "the group's");
    assert_memory_equal(lw_record_value(&item, "owner")->bytes, party, LW_RECORD_ID);
    lw_journal_rollback(fixture->journal);
    lw_record_clear(&item);
}

/* ---- a party or place that is named so is found ---- */

static void whom_an_answer_names_is_found(void **state)
{
    struct fixture *fixture = *state;
    uint8_t party[LW_RECORD_ID], town[LW_RECORD_ID], street[LW_RECORD_ID];
    uint8_t first[LW_RECORD_ID], second[LW_RECORD_ID];
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {.status = LW_OK};

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "A. Petrov",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, street, "name", "Lenin street", "parent", town,
                 (char *)NULL);
    fixture_entry(fixture, first, "E01", "2014-12-13", "one");
    fixture_entry(fixture, second, "E02", "2014-12-14", "two");
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", first, "key", "lawyer", "party", party,
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", second, "key", "body", "place", street,
                 "note", "in the yard", (char *)NULL);
    assert_int_equal(lw_timeline_each(fixture->journal, &(struct lw_filter){.party = party},
                                      fixture_list_row, &list, &err),
                     LW_OK);
    assert_int_equal(lw_buf_addc(&list.text, ';'), LW_OK);
    assert_int_equal(lw_timeline_each(fixture->journal, &(struct lw_filter){.place = town},
                                      fixture_list_row, &list, &err),
                     LW_OK);
    assert_int_equal(lw_buf_addc(&list.text, ';'), LW_OK);
    assert_int_equal(lw_search_each(fixture->journal, "petrov", 6, fixture_list_row, &list, &err),
                     LW_OK);
    assert_int_equal(lw_search_each(fixture->journal, "lenin", 5, fixture_list_row, &list, &err),
                     LW_OK);
    assert_int_equal(lw_search_each(fixture->journal, "yard", 4, fixture_list_row, &list, &err),
                     LW_OK);
    assert_string_equal(list.text.data, "E01; E02; E01 E02 E02");
    lw_buf_free(&list.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_say_no_more_than_was_typed),
        cmocka_unit_test(words_are_taken_in_both_languages),
        cmocka_unit_test(dates_names_and_texts),
        TEST(what_is_recorded_can_be_edited_again),
        TEST(an_item_is_a_line),
        cmocka_unit_test(what_an_item_cannot_say_is_refused),
        TEST(what_a_line_does_not_show_stays),
        TEST(whom_an_answer_names_is_found),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
