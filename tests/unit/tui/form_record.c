/* The form of any record but an entry: every field, what is understood, what is saved and kept. */
#include "tui/form_record.h"
#include "form_stage.h"

#include <stdio.h>

static const uint8_t nothing[LW_RECORD_ID];

static void show(struct stage *stage, enum lw_record_type type, const uint8_t *id,
                 const struct lw_record *preset)
{
    struct lw_error err = {0};

    if (lw_record_form_show(stage->tui, type, id, preset, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_tui_turn(stage->tui);
}

static struct stage *open_form(enum lw_record_type type)
{
    struct stage *stage = stage_new(false, 24, 80);

    show(stage, type, NULL, NULL);
    return stage;
}

static void fill(struct stage *stage, const char *label, const char *text)
{
    stage_go(stage, label);
    stage_type(stage, text);
}

static void refill(struct stage *stage, const char *label, const char *text)
{
    stage_go(stage, label);
    stage_press(stage, "Ctrl-End");
    for (int i = 0; i < 200; i++)
        stage_press(stage, "Backspace");
    stage_type(stage, text);
}

static enum lw_status keep(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct lw_buf *out = context;

    (void)err;
    lw_buf_clear(out);
    return lw_record_json(record, out);
}

/* The last record of that type, as JSON without its id and the ids that it refers to. */
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

static void last_id(struct stage *stage, enum lw_record_type type, uint8_t id[LW_RECORD_ID])
{
    struct lw_buf json = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_record_each(stage->fixture.journal, type, NULL, NULL, keep, &json, &err),
                     LW_OK);
    assert_true(lw_hex_decode(json.data + strlen("{\"id\":\""), (size_t)2 * LW_RECORD_ID, id,
                              LW_RECORD_ID));
    lw_buf_free(&json);
}

static void scene(struct stage *stage, uint8_t entry[LW_RECORD_ID])
{
    uint8_t party[LW_RECORD_ID];
    uint8_t source[LW_RECORD_ID];

    fixture_make(&stage->fixture, LW_RECORD_PARTY, party, "name", "Sergei Babinets", "kind",
                 "individual", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Сергей Бабинец",
                 "kind", "legal", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "Joint letter",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, entry, "ref", "E11", "title", "Office burned",
                 "status", "draft", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, NULL, "ref", "E12", "title", "Equipment smashed",
                 "status", "sealed", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source,
                 "quote", "destroyed by fire", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", source,
                 "quote", "the whole office", (char *)NULL);
}

/* ---- the table ---- */

static void every_field_of_every_type_can_be_edited(void **state)
{
    (void)state;
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        const struct lw_record_info *info = &lw_record_infos[type];
        size_t count;
        const struct lw_record_ask *asks = lw_record_asks((enum lw_record_type)type, &count);

        if (type == LW_RECORD_ENTRY || type == LW_RECORD_KIND || type == LW_RECORD_FILTER ||
            type == LW_RECORD_REVISION) {
            assert_null(asks);
            continue;
        }
        assert_string_equal(asks[count - 1].info.key, "why");
        for (size_t i = 0; i < info->field_count; i++) {
            int seen = 0;

            for (size_t j = 0; j < count; j++) {
                const struct lw_record_ask *ask = &asks[j];

                assert_true(lw_utf8_columns(ask->info.label, strlen(ask->info.label)) <= 10);
                seen += strcmp(ask->info.key, info->fields[i].name) == 0;
                seen += ask->max != NULL && strcmp(ask->max, info->fields[i].name) == 0;
            }
            if (seen != 1)
                fail_msg("%s of %s: %d fields", info->fields[i].name, info->table, seen);
        }
    }
}

/* ---- saving ---- */

static void a_person_with_names_in_several_scripts(void **state)
{
    struct stage *stage = open_form(LW_RECORD_PARTY);

    (void)state;
    stage_golden(stage, "record-person-80x24");
    stage_press(stage, "F2");
    stage_expect(stage, "this has to be known");
    fill(stage, "Name", "Sergei Babinets");
    refill(stage, "Kind", "individual");
    fill(stage, "Also", "Сергей Бабинец; ru; Cyrl; legal\nSergey");
    fill(stage, "Code name", "Witness 3");
    fill(stage, "Protected", "да");
    fill(stage, "Note", "Первая строка\nвторая");
    stage_press(stage, "F2");
    stage_expect(stage, "person or group saved");
    expect(stage, LW_RECORD_PARTY,
           "\"kind\":\"individual\",\"name\":\"Sergei Babinets\",\"code_name\":\"Witness 3\","
           "\"protected\":true,\"note\":\"Первая строка\\u000aвторая\"");
    assert_int_equal(stage_records(stage, LW_RECORD_NAME), 2);
    expect(stage, LW_RECORD_NAME, "\"text\":\"Sergey\",\"kind\":\"other\"");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void names_are_corrected_and_stay(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t entry[LW_RECORD_ID];
    uint8_t party[LW_RECORD_ID];

    (void)state;
    scene(stage, entry);
    last_id(stage, LW_RECORD_PARTY, party);
    show(stage, LW_RECORD_PARTY, party, NULL);
    stage_expect(stage, "Сергей Бабинец; legal");
    stage_go(stage, "Also");
    stage_press(stage, "Ctrl-End");
    stage_type(stage, "; Cyrl; nonsense");
    stage_press(stage, "F2");
    stage_expect(stage, "\"nonsense\" is not understood");
    for (int i = 0; i < 8; i++)
        stage_press(stage, "Backspace");
    stage_type(stage, "что-то, чего никто не поймёт, и притом длиннее, чем любое из этих слов");
    stage_press(stage, "F2");
    stage_expect(stage, "\"что-то, чего никто");
    stage_press(stage, "Ctrl-U");
    stage_type(stage, "Сергей Бабинец; legal; Cyrl");
    stage_press(stage, "F2");
    stage_expect(stage, "saved");
    assert_int_equal(stage_records(stage, LW_RECORD_NAME), 1);
    expect(stage, LW_RECORD_NAME,
           "\"text\":\"Сергей Бабинец\",\"script\":\"Cyrl\",\"kind\":\"legal\"");
    show(stage, LW_RECORD_PARTY, party, NULL);
    refill(stage, "Also", "");
    stage_press(stage, "F2");
    stage_expect(stage, "stays recorded");
    assert_int_equal(stage_records(stage, LW_RECORD_NAME), 1);
    stage_free(stage);
}

static void a_place_with_its_larger_place_and_where_it_is(void **state)
{
    struct stage *stage = open_form(LW_RECORD_PLACE);

    (void)state;
    fill(stage, "Name", "JMG office");
    fill(stage, "Lies in", "Grozny");
    stage_expect(stage, "new place");
    fill(stage, "Latitude", "43,3180");
    stage_press(stage, "F2");
    stage_expect(stage, "longitude"); /* what the journal says of it */
    fill(stage, "Longitude", "45.6981");
    fill(stage, "Precision", "many");
    stage_press(stage, "F2");
    stage_expect(stage, "! a whole number");
    refill(stage, "Precision", "50");
    stage_press(stage, "F2");
    stage_expect(stage, "place saved");
    assert_int_equal(stage_records(stage, LW_RECORD_PLACE), 2);
    expect(stage, LW_RECORD_PLACE, "\"latitude\":43.318,\"longitude\":45.6981,\"precision\":50");
    stage_free(stage);
}

static void a_source_gets_its_number(void **state)
{
    struct stage *stage = open_form(LW_RECORD_SOURCE);

    (void)state;
    fill(stage, "Title", "Joint letter");
    fill(stage, "Date", "16 dec");
    stage_expect(stage, "16 December 2014");
    fill(stage, "Reliable", "b");
    stage_press(stage, "F2");
    stage_expect(stage, "S01 saved");
    expect(stage, LW_RECORD_SOURCE, "\"date\":\"2014-12-16\",\"reliability\":\"B\"");
    stage_free(stage);
}

static void what_belongs_to_an_entry_starts_with_it(void **state)
{
    struct stage *stage = stage_new(true, 24, 80);
    uint8_t entry[LW_RECORD_ID];
    struct lw_record preset;
    struct lw_error err = {0};

    (void)state;
    scene(stage, entry);
    lw_record_init(&preset, LW_RECORD_ITEM);
    assert_int_equal(lw_record_set_ref(&preset, "entry", entry), LW_OK);
    show(stage, LW_RECORD_ITEM, NULL, &preset);
    lw_record_clear(&preset);
    stage_expect(stage, "E11");
    stage_press(stage, "Esc");
    assert_int_equal(stage_drafts(stage), 0); /* nothing was typed */

    lw_record_init(&preset, LW_RECORD_ITEM);
    assert_int_equal(lw_record_set_ref(&preset, "entry", entry), LW_OK);
    show(stage, LW_RECORD_ITEM, NULL, &preset);
    lw_record_clear(&preset);
    fill(stage, "Item", "ноутбуки");
    fill(stage, "How many", "2+");
    stage_pass(stage, 2000);
    stage_golden(stage, "record-item-80x24");
    stage_restart(stage, 24, 80);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_press(stage, "y");
    stage_golden(stage, "record-item-80x24"); /* as it was, with what it belongs to */
    fill(stage, "What of it", "Seized");
    fill(stage, "Owner", "Сергей Бабинец");
    stage_expect(stage, "known as Sergei Babinets");
    fill(stage, "Receipt", "нет");
    stage_press(stage, "F2");
    stage_expect(stage, "item saved");
    expect(stage, LW_RECORD_ITEM, "\"kind\":\"seized\",\"description\":\"ноутбуки\"");
    expect(stage, LW_RECORD_ITEM, "\"count_min\":2");
    expect(stage, LW_RECORD_ITEM, "\"receipt\":\"no\"");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1);
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void entries_and_accounts_are_named_by_reference(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t entry[LW_RECORD_ID];

    (void)state;
    scene(stage, entry);
    show(stage, LW_RECORD_LINK, NULL, NULL);
    fill(stage, "Entry", "e11");
    stage_expect(stage, "Office burned");
    fill(stage, "To entry", "E99");
    stage_expect(stage, "there is no such entry");
    refill(stage, "To entry", "smashed");
    stage_expect(stage, "E12"); /* offered for its words */
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "Equipment smashed");
    fill(stage, "Relation", "part of");
    fill(stage, "Rests on", "E11 S1 3");
    stage_expect(stage, "there is no such account");
    stage_press(stage, "Backspace");
    stage_type(stage, "2");
    stage_expect(stage, "the whole office");
    stage_press(stage, "F2");
    stage_expect(stage, "link saved");
    expect(stage, LW_RECORD_LINK, "\"kind\":\"part_of\"");
    stage_free(stage);
}

static void a_claim_names_its_account(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t entry[LW_RECORD_ID];
    uint8_t id[LW_RECORD_ID];

    (void)state;
    scene(stage, entry);
    show(stage, LW_RECORD_CLAIM, NULL, NULL);
    fill(stage, "Account", "E11");
    stage_expect(stage, "E11 S1");
    stage_press(stage, "Ctrl-N");
    stage_expect(stage, "destroyed by fire");
    fill(stage, "Fact", "offices burned");
    fill(stage, "Figure", "2-1");
    stage_press(stage, "F2");
    stage_expect(stage, "not saved");
    refill(stage, "Figure", "1-2");
    stage_press(stage, "F2");
    stage_expect(stage, "claim saved");
    expect(stage, LW_RECORD_CLAIM,
           "\"fact\":\"offices "
           "burned\",\"min\":1,\"max\":2,\"stance\":\"asserted\",\"status\":\"open\"");
    last_id(stage, LW_RECORD_CLAIM, id);
    show(stage, LW_RECORD_CLAIM, id, NULL);
    stage_golden(stage, "record-claim-80x24");
    refill(stage, "Status", "accepted");
    fill(stage, "Why", "the letter was seen");
    stage_press(stage, "F2");
    expect(stage, LW_RECORD_CLAIM, "\"status\":\"accepted\"");
    expect(stage, LW_RECORD_REVISION, "\"why\":\"the letter was seen\"");
    stage_free(stage);
}

static void a_task_that_is_done_says_when(void **state)
{
    struct stage *stage = open_form(LW_RECORD_TASK);
    uint8_t id[LW_RECORD_ID];

    (void)state;
    fill(stage, "Task", "Call the lawyer");
    fill(stage, "Due", "18 dec 2014");
    stage_press(stage, "F2");
    stage_expect(stage, "task saved");
    last_id(stage, LW_RECORD_TASK, id);
    show(stage, LW_RECORD_TASK, id, NULL);
    fill(stage, "Done", "maybe");
    stage_press(stage, "F2");
    stage_expect(stage, "! yes or no");
    refill(stage, "Done", "yes");
    stage_press(stage, "F2");
    expect(stage, LW_RECORD_TASK, "\"done\":true,\"done_at\":\"2014-12-16T09:00:00.000Z\"");
    show(stage, LW_RECORD_TASK, id, NULL);
    refill(stage, "Done on", "15.12.2014 10:30");
    stage_press(stage, "F2");
    expect(stage, LW_RECORD_TASK, "\"done_at\":\"2014-12-15T07:30:00.000Z\"");
    show(stage, LW_RECORD_TASK, id, NULL);
    refill(stage, "Done", "no");
    stage_press(stage, "F2");
    expect(stage, LW_RECORD_TASK, "\"done\":false}");
    stage_free(stage);
}

/* ---- changes ---- */

static void what_is_not_touched_stays_as_another_wrote_it(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t id[LW_RECORD_ID];
    struct lw_record other;
    struct lw_error err = {0};

    (void)state;
    fixture_make(&stage->fixture, LW_RECORD_INCIDENT, id, "title", "December", "status", "open",
                 (char *)NULL);
    show(stage, LW_RECORD_INCIDENT, id, NULL);
    fill(stage, "Title", " 2014");
    assert_int_equal(lw_record_get(stage->fixture.journal, LW_RECORD_INCIDENT, id, &other, &err),
                     LW_OK);
    assert_int_equal(lw_record_set_text(&other, "summary", "by another", 10), LW_OK);
    assert_int_equal(lw_journal_begin(stage->fixture.journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture.journal, &other, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture.journal, &err), LW_OK);
    lw_record_clear(&other);
    stage_press(stage, "F2");
    stage_expect(stage, "changed by somebody else");
    stage_press(stage, "F2");
    stage_expect(stage, "incident saved");
    expect(stage, LW_RECORD_INCIDENT, "\"title\":\"December 2014\",\"summary\":\"by another\"");
    stage_free(stage);
}

static void a_sealed_entry_asks_why(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_record sealed;
    struct lw_error err = {0};
    uint8_t entry[LW_RECORD_ID];
    uint8_t item[LW_RECORD_ID];

    (void)state;
    scene(stage, entry);
    assert_int_equal(
        lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E12", &sealed, &err), LW_OK);
    fixture_make(&stage->fixture, LW_RECORD_ITEM, item, "entry", sealed.id, "kind", "destroyed",
                 "description", "cameras", (char *)NULL);
    lw_record_clear(&sealed);
    show(stage, LW_RECORD_ITEM, item, NULL);
    fill(stage, "Item", " and lamps");
    stage_press(stage, "F2");
    stage_expect(stage, "only with a reason");
    fill(stage, "Why", "seen on the photograph");
    stage_press(stage, "F2");
    stage_expect(stage, "item saved");
    stage_free(stage);
}

static void a_change_that_was_left_is_opened_again(void **state)
{
    struct stage *stage = stage_new(true, 24, 80);
    uint8_t entry[LW_RECORD_ID];
    uint8_t party[LW_RECORD_ID];

    (void)state;
    scene(stage, entry);
    last_id(stage, LW_RECORD_PARTY, party);
    show(stage, LW_RECORD_PARTY, party, NULL);
    fill(stage, "Note", "ждёт звонка");
    stage_press(stage, "Esc");
    stage_expect(stage, "kept unfinished");
    assert_int_equal(stage_drafts(stage), 1);
    show(stage, LW_RECORD_PARTY, party, NULL);
    stage_expect(stage, "ждёт звонка");
    stage_expect(stage, "left unfinished at");
    stage_press(stage, "Ctrl-G");
    stage_press(stage, "d");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void another_writer_is_waited_for(void **state)
{
    struct stage *stage = stage_new(true, 24, 80);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    show(stage, LW_RECORD_TASK, NULL, NULL);
    fill(stage, "Task", "Call");
    stage_press(stage, "F2");
    stage_expect(stage, "saving waits since");
    stage_other_ends(other);
    stage_pass(stage, 5000);
    assert_true(stage_is_ground(stage));
    expect(stage, LW_RECORD_TASK, "\"title\":\"Call\"");
    stage_free(stage);
}

static void every_type_opens_at_any_size(void **state)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}, {50, 132}, {1, 1}};

    (void)state;
    for (size_t size = 0; size < LW_COUNT_OF(sizes); size++) {
        struct stage *stage = stage_new(false, sizes[size][0], sizes[size][1]);

        for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
            struct lw_error err = {0};
            size_t count;

            if (lw_record_asks((enum lw_record_type)type, &count) == NULL) {
                if (type != LW_RECORD_ENTRY)
                    assert_int_equal(
                        lw_form_show(stage->tui, (enum lw_record_type)type, NULL, &err),
                        LW_REFUSED);
                continue;
            }
            assert_int_equal(lw_form_show(stage->tui, (enum lw_record_type)type, NULL, &err),
                             LW_OK);
            for (size_t i = 0; i < count; i++)
                stage_press(stage, "Tab");
            stage_press(stage, "Esc");
        }
        stage_free(stage);
    }
}

static void a_small_screen(void **state)
{
    struct stage *stage = stage_new(false, 10, 40);

    (void)state;
    show(stage, LW_RECORD_SOURCE, NULL, NULL);
    fill(stage, "Title", "Совместное письмо сорока организаций");
    stage_golden(stage, "record-source-40x10");
    stage_free(stage);
}

static void one_that_is_not_there_is_told(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_record_form_show(stage->tui, LW_RECORD_PARTY, nothing, NULL, &err),
                     LW_NOT_FOUND);
    lw_tui_read_only(stage->tui);
    assert_int_equal(lw_record_form_show(stage->tui, LW_RECORD_PARTY, NULL, NULL, &err),
                     LW_READ_ONLY);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_every_type_can_be_edited),
        cmocka_unit_test(a_person_with_names_in_several_scripts),
        cmocka_unit_test(names_are_corrected_and_stay),
        cmocka_unit_test(a_place_with_its_larger_place_and_where_it_is),
        cmocka_unit_test(a_source_gets_its_number),
        cmocka_unit_test(what_belongs_to_an_entry_starts_with_it),
        cmocka_unit_test(entries_and_accounts_are_named_by_reference),
        cmocka_unit_test(a_claim_names_its_account),
        cmocka_unit_test(a_task_that_is_done_says_when),
        cmocka_unit_test(what_is_not_touched_stays_as_another_wrote_it),
        cmocka_unit_test(a_sealed_entry_asks_why),
        cmocka_unit_test(a_change_that_was_left_is_opened_again),
        cmocka_unit_test(another_writer_is_waited_for),
        cmocka_unit_test(every_type_opens_at_any_size),
        cmocka_unit_test(a_small_screen),
        cmocka_unit_test(one_that_is_not_there_is_told),
    };

    return cmocka_run_group_tests_name("form_record", tests, fixture_start, NULL);
}
