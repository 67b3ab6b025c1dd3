/* The questions of a kind in the form: shown by their types in their order, kept when the kind
 * changes, recorded, changed, taken back. */
#include "form_stage.h"

#include <stdio.h>

static int start(void **state)
{
    (void)state;
    return lw_store_start() == LW_OK ? 0 : -1;
}

/* Goes round with Tab until the marked field has that label. */
static void go(struct stage *stage, const char *label)
{
    char marked[64];

    snprintf(marked, sizeof marked, "> %s", label);
    for (int i = 0; i < 60 && !stage_sees(stage, marked); i++)
        stage_press(stage, "Tab");
    stage_expect(stage, marked);
}

static void fill(struct stage *stage, const char *label, const char *text)
{
    go(stage, label);
    stage_type(stage, text);
}

static void refill(struct stage *stage, const char *label, const char *text)
{
    go(stage, label);
    stage_press(stage, "Ctrl-Home");
    for (int i = 0; i < 80; i++)
        stage_press(stage, "Del");
    stage_type(stage, text);
}

static struct stage *open_form(bool vault, int rows, int columns, const char *kind)
{
    struct stage *stage = stage_new(vault, rows, columns);

    stage_press(stage, "n");
    stage_type(stage, "Something");
    fill(stage, "Kind", kind);
    return stage;
}

/* What is recorded, as "key: text min..max (note) @name | ..." in order of recording. */
static enum lw_status add_field(void *context, const struct lw_record *field, struct lw_error *err)
{
    struct stage *stage = ((void **)context)[0];
    struct lw_buf *out = ((void **)context)[1];
    struct lw_figure figure = lw_figure_of(field, "min", "max");
    const char *text = lw_record_text(field, "text");
    const char *note = lw_record_text(field, "note");
    struct lw_buf name = LW_BUF_INIT;

    assert_int_equal(lw_answer_name(stage->fixture.journal, field, &name, err), LW_OK);
    assert_int_equal(
        lw_buf_addf(out, "%s%s:", out->len > 0 ? " | " : "", lw_record_text(field, "key")), LW_OK);
    if (text != NULL)
        assert_int_equal(lw_buf_addf(out, " %s", text), LW_OK);
    if (name.len > 0)
        assert_int_equal(lw_buf_addf(out, " @%s", name.data), LW_OK);
    if (figure.has_min || figure.has_max)
        assert_int_equal(lw_buf_addf(out, " %lld..%lld",
                                     figure.has_min ? (long long)figure.min : -1,
                                     figure.has_max ? (long long)figure.max : -1),
                         LW_OK);
    if (note != NULL)
        assert_int_equal(lw_buf_addf(out, " (%s)", note), LW_OK);
    lw_buf_free(&name);
    return LW_OK;
}

static void expect_fields(struct stage *stage, const char *expected)
{
    struct lw_buf out = LW_BUF_INIT;
    void *context[] = {stage, &out};
    struct lw_error err = {.status = LW_OK};

    if (lw_record_each(stage->fixture.journal, LW_RECORD_FIELD, NULL, NULL, add_field, context,
                       &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&out), expected);
    lw_buf_free(&out);
}

static enum lw_status add_item(void *context, const struct lw_record *item, struct lw_error *err)
{
    struct stage *stage = ((void **)context)[0];
    struct lw_buf *out = ((void **)context)[1];

    assert_int_equal(
        lw_buf_addf(out, "%s%s: ", out->len > 0 ? " | " : "", lw_record_text(item, "kind")), LW_OK);
    return lw_item_compose(stage->fixture.journal, item, out, err);
}

static void expect_items(struct stage *stage, const char *expected)
{
    struct lw_buf out = LW_BUF_INIT;
    void *context[] = {stage, &out};
    struct lw_error err = {.status = LW_OK};

    if (lw_record_each(stage->fixture.journal, LW_RECORD_ITEM, NULL, NULL, add_item, context,
                       &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&out), expected);
    lw_buf_free(&out);
}

static uint64_t revisions(struct stage *stage)
{
    return stage_records(stage, LW_RECORD_REVISION);
}

static void edit(struct stage *stage)
{
    struct lw_record entry;
    struct lw_error err = {.status = LW_OK};

    assert_int_equal(lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, "E01", &entry, &err),
                     LW_OK);
    if (lw_form_show(stage->tui, LW_RECORD_ENTRY, entry.id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
    lw_tui_turn(stage->tui);
}

/* ---- shown ---- */

static void a_kind_brings_its_questions(void **state)
{
    struct stage *stage = open_form(false, 40, 80, "threat");

    (void)state;
    stage_golden(stage, "form-threat-80x40");
    stage_press(stage, "Tab");
    stage_expect(stage, "> When");
    stage_press(stage, "Tab");
    stage_expect(stage, "> People");
    stage_press(stage, "Tab");
    stage_expect(stage, "> channel");
    stage_expect(stage, "call, text message, messenger");
    stage_press(stage, "Tab");
    stage_expect(stage, "> number or account");
    stage_free(stage);
}

static void a_small_window_shows_a_question_and_the_checklist(void **state)
{
    struct stage *stage = open_form(false, 10, 40, "search");

    (void)state;
    go(stage, "warrant");
    stage_type(stage, "no");
    stage_golden(stage, "form-search-40x10");
    go(stage, "Named as");
    stage_press(stage, "Shift-Tab");
    stage_press(stage, "Tab");
    stage_golden(stage, "form-checklist-40x10");
    stage_free(stage);
}

/* ---- recorded ---- */

static void every_type_is_recorded(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "search");

    (void)state;
    fill(stage, "warrant", "no, refused to show");
    fill(stage, "attesting witn", "Ivanov\nunknown\n");
    fill(stage, "way in", "Forced");
    fill(stage, "stated reason", "a beard");
    fill(stage, "taken", "cameras; 4; receipt: no\nlaptops; at least 2");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    expect_fields(stage, "warrant: no (refused to show) | attesting: @Ivanov | attesting: unknown"
                         " | entry: forced | stated_reason: a beard");
    expect_items(stage, "seized: cameras; 4; receipt: no | seized: laptops; at least 2");
    assert_int_equal(stage_records(stage, LW_RECORD_PARTY), 1);
    stage_free(stage);
}

static void figures_and_dates_are_understood_while_typed(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "clash");

    (void)state;
    fill(stage, "killed", "several");
    stage_expect(stage, "as written; no number is counted");
    refill(stage, "killed", "11+ \"attackers\"");
    stage_expect(stage, "at least 11, as written \"attackers\"");
    refill(stage, "Kind", "disappearance");
    fill(stage, "last seen", "13 dec evening");
    stage_expect(stage, "13 December 2014, evening");
    fill(stage, "last place", "Grozny");
    stage_expect(stage, "new place");
    stage_press(stage, "F2");
    expect_fields(stage, "last_seen: 2014-12-13 evening | last_place: @Grozny"
                         " | killed: attackers 11..-1");
    stage_free(stage);
}

static void what_is_wrong_stands_at_the_field(void **state)
{
    struct stage *stage = open_form(false, 40, 80, "search");

    (void)state;
    fill(stage, "warrant", "perhaps");
    stage_expect(stage, "? yes, no or unknown");
    fill(stage, "way in", "by magic");
    fill(stage, "taken", "cameras\n; 4");
    stage_press(stage, "F2");
    stage_expect(stage, "correct the field warrant and 2 more");
    stage_expect(stage, "! one of let in, forced, by deceit, key, or unknown");
    stage_expect(stage, "! say first what it is");
    stage_golden(stage, "form-answers-wrong-80x40");
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    stage_expect(stage, "perhaps");
    stage_free(stage);
}

static void choices_are_offered(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "search");

    (void)state;
    fill(stage, "way in", "by");
    stage_expect(stage, "by deceit");
    stage_press(stage, "Ctrl-N");
    fill(stage, "officers", "two men\nun");
    stage_press(stage, "F2");
    expect_fields(stage, "officers: @two men | officers: @un | entry: by deceit");
    stage_free(stage);
}

/* ---- the kind changes ---- */

static void what_was_typed_stays_when_the_kind_changes(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "search");

    (void)state;
    fill(stage, "warrant", "no");
    fill(stage, "lawyer admitted", "no, waited outside");
    fill(stage, "taken", "cameras; 4");
    refill(stage, "Kind", "detention");
    go(stage, "held at");
    go(stage, "lawyer admitted"); /* it asks this too */
    stage_expect(stage, "no, waited outside");
    go(stage, "warrant"); /* and this one stays behind its own */
    go(stage, "taken");
    go(stage, "Kind");
    stage_press(stage, "End");
    stage_type(stage, "x");
    stage_expect(stage, "no kind is called that");
    go(stage, "held at"); /* a word that is no kind changes nothing */
    refill(stage, "Kind", "");
    go(stage, "warrant");
    stage_expect(stage, "> warrant");
    refill(stage, "Kind", "detention");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    expect_fields(stage, "lawyer_admitted: no (waited outside) | warrant: no");
    expect_items(stage, "seized: cameras; 4");
    stage_free(stage);
}

static void many_kinds_one_after_the_other_lose_nothing(void **state)
{
    const struct lw_forms *forms = forms_fixture();
    struct stage *stage = open_form(false, 24, 80, "threat");

    (void)state;
    fill(stage, "number or account", "+7 928");
    for (size_t i = 0; i < lw_forms_count(forms); i++)
        refill(stage, "Kind", lw_forms_at(forms, i)->name);
    refill(stage, "Kind", "threat");
    go(stage, "number or account");
    stage_expect(stage, "+7 928");
    stage_press(stage, "F2");
    expect_fields(stage, "sender: +7 928");
    stage_free(stage);
}

/* ---- after kill -9 ---- */

static void a_draft_brings_them_back(void **state)
{
    struct stage *stage = open_form(true, 24, 80, "search");

    (void)state;
    fill(stage, "warrant", "no");
    fill(stage, "taken", "cameras; 4\nlaptops");
    refill(stage, "Kind", "note");
    go(stage, "taken");
    stage_press(stage, "Ctrl-End");
    stage_type(stage, "; 2");
    stage_pass(stage, 2000);
    stage_restart(stage, 24, 80);
    assert_int_equal(lw_drafts_reopen(stage->tui, NULL), LW_OK);
    stage_press(stage, "y");
    stage_expect(stage, "> taken");
    stage_expect(stage, "laptops; 2");
    refill(stage, "Kind", "search");
    stage_press(stage, "F2");
    expect_fields(stage, "warrant: no");
    expect_items(stage, "seized: cameras; 4 | seized: laptops; 2");
    stage_free(stage);
}

/* ---- changed ---- */

static void only_what_changed_is_written(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "search");
    uint64_t before;

    (void)state;
    fill(stage, "warrant", "no, refused");
    fill(stage, "officers", "Petrov\nSidorov\nunknown");
    fill(stage, "taken", "cameras; 4\nphones");
    stage_press(stage, "F2");
    before = revisions(stage);

    edit(stage);
    stage_expect(stage, "no, refused");
    go(stage, "officers");
    stage_press(stage, "Ctrl-Home");
    stage_press(stage, "Down");
    stage_press(stage, "End");
    stage_type(stage, "a");
    go(stage, "taken");
    stage_press(stage, "Ctrl-End");
    stage_type(stage, "; 2");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    expect_fields(stage, "warrant: no (refused) | officers: @Petrov | officers: @Sidorova"
                         " | officers: unknown");
    expect_items(stage, "seized: cameras; 4 | seized: phones; 2");
    assert_int_equal(revisions(stage), before + 3); /* the party, its answer, the item */
    before = revisions(stage);

    edit(stage); /* a line that goes takes no other one's place */
    go(stage, "officers");
    stage_press(stage, "Ctrl-Home");
    for (size_t i = 0; i < strlen("Petrov\n"); i++)
        stage_press(stage, "Del");
    stage_press(stage, "F2");
    expect_fields(stage, "warrant: no (refused) | officers: | officers: @Sidorova"
                         " | officers: unknown");
    assert_int_equal(revisions(stage), before + 1);
    stage_free(stage);
}

/* An answer can be taken back: its record stays with its history and says nothing. An item cannot.
 */
static void an_answer_is_taken_back_and_an_item_is_not(void **state)
{
    struct stage *stage = open_form(false, 24, 80, "search");

    (void)state;
    fill(stage, "warrant", "no");
    fill(stage, "taken", "cameras; 4");
    stage_press(stage, "F2");
    edit(stage);
    refill(stage, "warrant", "");
    refill(stage, "taken", "");
    stage_press(stage, "F2");
    stage_expect(stage, "correct the field taken");
    stage_expect(stage, "\"cameras; 4\" back; what is wrong with it belongs behind");
    expect_fields(stage, "warrant: no");
    stage_type(stage, "cameras; 4");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    expect_fields(stage, "warrant:");
    edit(stage);
    fill(stage, "warrant", "yes");
    stage_press(stage, "F2");
    expect_fields(stage, "warrant: yes");
    stage_free(stage);
}

/* Records that came from elsewhere: a key that no kind asks, a text that is no date. They are shown
 * and stay as they are until somebody changes them. */
static void what_came_from_elsewhere_is_shown_and_stays(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t entry[LW_RECORD_ID];
    uint64_t before;

    (void)state;
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "x", "kind",
                 "detention", "status", "draft", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "from", "text",
                 "before dawn", "note", "S1", (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "Weather!", "text",
                 "rain", (char *)NULL);
    before = revisions(stage);
    edit(stage);
    go(stage, "from");
    stage_expect(stage, "before dawn");
    go(stage, "Weather!");
    stage_type(stage, " and snow");
    stage_press(stage, "F2");
    stage_expect(stage, "E01 saved");
    expect_fields(stage, "from: before dawn (S1) | Weather!: rain and snow");
    assert_int_equal(revisions(stage), before + 1);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_brings_its_questions),
        cmocka_unit_test(a_small_window_shows_a_question_and_the_checklist),
        cmocka_unit_test(every_type_is_recorded),
        cmocka_unit_test(figures_and_dates_are_understood_while_typed),
        cmocka_unit_test(what_is_wrong_stands_at_the_field),
        cmocka_unit_test(choices_are_offered),
        cmocka_unit_test(what_was_typed_stays_when_the_kind_changes),
        cmocka_unit_test(many_kinds_one_after_the_other_lose_nothing),
        cmocka_unit_test(a_draft_brings_them_back),
        cmocka_unit_test(only_what_changed_is_written),
        cmocka_unit_test(an_answer_is_taken_back_and_an_item_is_not),
        cmocka_unit_test(what_came_from_elsewhere_is_shown_and_stays),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
