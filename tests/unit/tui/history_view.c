/* The history of an entry on the screen. */
#include "view_stage.h"

static void change(struct view_stage *stage, const char *field, const char *value, const char *why)
{
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(
        lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, "E01", &entry, &err), LW_OK);
    fixture_set(&entry, field, value);
    assert_int_equal(lw_journal_begin(stage->fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(stage->fixture->journal, &entry, why, &err), LW_OK);
    assert_int_equal(lw_journal_commit(stage->fixture->journal, &err), LW_OK);
    lw_record_clear(&entry);
}

static struct view_stage *with_changes(int rows, int columns)
{
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, rows, columns);

    change(stage, "title",
           "Сгорел офис Сводной мобильной группы правозащитников на улице Чехова, "
           "пострадавших нет",
           "уточнено по телефону");
    change(stage, "narrative",
           "Вечером 13 декабря загорелся офис. Пожарные приехали через двадцать минут.\n"
           "Свидетель: «Дверь была взломана».",
           "second call with the witness");
    change(stage, "when", "2014-12-13 ~21:20", NULL);
    return stage;
}

static void show(struct view_stage *stage)
{
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(
        lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, "E01", &entry, &err), LW_OK);
    if (lw_history_show(stage->tui, LW_RECORD_ENTRY, entry.id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
    lw_tui_turn(stage->tui);
}

static void it_looks_like_its_goldens(void **state)
{
    struct view_stage *stage = with_changes(24, 80);

    (void)state;
    show(stage);
    view_stage_golden(stage, "history-80x24");
    view_stage_keys(stage, "PgDn");
    view_stage_golden(stage, "history-below-80x24");
    view_stage_resize(stage, 10, 40);
    view_stage_keys(stage, "End");
    view_stage_golden(stage, "history-40x10");
    view_stage_free(stage);
}

/* Without colour too it is told what was taken out and what was put in. */
static void it_tells_words(void **state)
{
    struct view_stage *stage = with_changes(200, 120);

    (void)state;
    show(stage);
    view_stage_expect(stage, "[-в центре города-]{+на улице Чехова+}, пострадавших нет");
    view_stage_expect(stage, ": уточнено по телефону");
    view_stage_expect(stage, "через [-сорок-]{+двадцать+} минут.");
    view_stage_expect(stage, "«Дверь была [-открыта-]{+взломана+}».");
    view_stage_expect(stage,
                      "when: [-13 December 2014, evening-] {+13 December 2014, about 21:20+}");
    view_stage_free(stage);
}

/* What another process writes is there after it. */
static void it_goes_on(void **state)
{
    struct view_stage *stage = with_changes(200, 120);

    (void)state;
    show(stage);
    change(stage, "hedge", "поджог", "report of the fire service");
    view_stage_changed(stage);
    view_stage_expect(stage, ": report of the fire service");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(it_tells_words),
        cmocka_unit_test(it_goes_on),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
