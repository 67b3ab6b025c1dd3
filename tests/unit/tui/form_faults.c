/* Out of memory at any allocation of a form session: nothing breaks, and no text is lost that stood
 * in the form. */
#include "failing_malloc.h"

#include "form_stage.h"

enum { EVERY = 7, MOST = 4000 };

static void press(struct stage *stage, const char *name)
{
    struct lw_key key;

    assert_true(lw_key_parse(name, strlen(name), &key));
    lw_tui_press(stage->tui, &key);
    lw_tui_turn(stage->tui);
}

/* What a person does, from the n-th allocation on without memory, then with it again. */
static bool play(long failing, const char *const *keys, size_t count)
{
    struct stage *stage = stage_new(false, 24, 80);
    bool failed;

    fixture_make(&stage->fixture, LW_RECORD_PLACE, NULL, "name", "Grozny", (char *)NULL);
    stage_press(stage, "n");
    stage_type(stage, "Office burned");
    fm.until_failure = failing;
    for (size_t i = 0; i < count; i++) {
        press(stage, keys[i]);
        stage->steady_ms += 500;
    }
    failed = fm.until_failure == 0;
    fm.until_failure = LONG_MAX;
    if (lw_tui_top(stage->tui)->ops->context == LW_IN_FORM) {
        stage_expect(stage, "Office burned");
        stage_press(stage, "F2");
        if (!stage_is_ground(stage)) /* half a date may stand there */
            stage_press(stage, "Esc");
        if (!stage_is_ground(stage))
            stage_expect(stage, "the first screen");
    }
    assert_int_equal(stage_drafts(stage) + stage_records(stage, LW_RECORD_ENTRY), 1);
    stage_free(stage);
    return failed;
}

static void typing_saving_and_drafts(void **state)
{
    static const char *const keys[] = {"Tab",   "a",      "r",     "Ctrl-N", "Tab", "1",      "3",
                                       "Space", "d",      "e",     "c",      "Tab", "Tab",    "Tab",
                                       "g",     "Ctrl-N", "Tab",   "Tab",    "J",   "M",      "G",
                                       "Tab",   "x",      "Enter", "y",      "Up",  "Ctrl-Z", "F2"};
    long at = 0;

    (void)state;
    while (at < MOST && play(at, keys, LW_COUNT_OF(keys)))
        at += EVERY;
    assert_true(at > 100);
}

static void leaving_and_coming_back(void **state)
{
    static const char *const keys[] = {"Tab", "a", "Esc", "D", "Tab", "b", "Ctrl-G", "k", "D"};
    long at = 0;

    (void)state;
    while (at < MOST && play(at, keys, LW_COUNT_OF(keys)))
        at += EVERY;
    assert_true(at > 100);
}

/* Questions that come and go with the kind, one of them from one line to several. */
static void answers_and_other_kinds(void **state)
{
    static const char *const keys[] = {
        "Tab",       "s",         "e",         "a",         "r",         "c",
        "h",         "Tab",       "Tab",       "Tab",       "Tab",       "n",
        "o",         "Tab",       "Tab",       "Enter",     "I",         "Shift-Tab",
        "Shift-Tab", "Shift-Tab", "Shift-Tab", "Shift-Tab", "Shift-Tab", "Ctrl-U",
        "t",         "h",         "r",         "e",         "a",         "t",
        "Tab",       "Tab",       "Tab",       "c",         "Tab",       "F2"};
    long at = 0;

    (void)state;
    while (at < MOST && play(at, keys, LW_COUNT_OF(keys)))
        at += EVERY;
    assert_true(at > 100);
}

/* An entry is split, from the n-th allocation on without memory: all of it or nothing. */
static bool play_split(long failing)
{
    static const char *const keys[] = {"X", "Enter", "F2", "S", "Tab", "y", "F2"};
    struct stage *stage = stage_new(false, 24, 80);
    uint8_t source[LW_RECORD_ID], entry[LW_RECORD_ID], account[LW_RECORD_ID];
    struct lw_record record;
    struct lw_error err = {0};
    bool failed, done;

    fixture_make(&stage->fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "Letter",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ENTRY, entry, "ref", "E11", "title", "Fire and search",
                 "status", "draft", "kind", "arson", "when", "2014-12-13", "narrative", "Both.",
                 (char *)NULL);
    fixture_make(&stage->fixture, LW_RECORD_ACCOUNT, account, "entry", entry, "source", source,
                 "quote", "search", (char *)NULL);
    assert_int_equal(lw_entry_show(stage->tui, entry, &err), LW_OK);
    fm.until_failure = failing;
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        press(stage, keys[i]);
        stage->steady_ms += 500;
    }
    failed = fm.until_failure == 0;
    fm.until_failure = LONG_MAX;
    done = stage_records(stage, LW_RECORD_ENTRY) == 2;
    assert_int_equal(stage_records(stage, LW_RECORD_LINK), done ? 1 : 0);
    assert_int_equal(
        lw_record_get(stage->fixture.journal, LW_RECORD_ACCOUNT, account, &record, &err), LW_OK);
    if (!done) /* else it depends on whether there was memory to choose it */
        assert_memory_equal(lw_record_value(&record, "entry")->bytes, entry, LW_RECORD_ID);
    if (done)
        assert_int_equal(stage_drafts(stage), 0);
    assert_true(failed || done);
    lw_record_clear(&record);
    stage_free(stage);
    return failed;
}

static void splitting(void **state)
{
    long at = 0;

    (void)state;
    while (at < MOST && play_split(at))
        at += 3 * EVERY;
    assert_true(at > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitting),
        cmocka_unit_test(answers_and_other_kinds),
        cmocka_unit_test(typing_saving_and_drafts),
        cmocka_unit_test(leaving_and_coming_back),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
