/* Search as you type: what is found with each key, and the way through the hits. */
#include "view_stage.h"

#include <unistd.h>

static struct view_stage *searching(enum view_stage_fill fill, int rows, int columns,
                                    const char *text)
{
    struct view_stage *stage = view_stage_new(fill, rows, columns);

    view_stage_keys(stage, "/");
    view_stage_type(stage, text);
    return stage;
}

static void golden_of(enum view_stage_fill fill, const char *text, const char *name, int rows,
                      int columns)
{
    struct view_stage *stage = searching(fill, rows, columns, text);

    view_stage_golden_end(stage, "search", name);
}

static void it_looks_like_its_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "", "empty", 24, 80);
    golden_of(STAGE_PRACTICE, "babi", "babinets", 24, 80);
    golden_of(STAGE_PRACTICE, "babi", "babinets", 10, 40);
    golden_of(STAGE_RUSSIAN, "пожар", "russian", 24, 80);
    golden_of(STAGE_RUSSIAN, "пожар", "russian", 10, 40);
}

static void every_key_searches(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "b");

    (void)state;
    view_stage_type(stage, "abi");
    view_stage_expect(stage, "6 hits");
    view_stage_type(stage, "nets phones");
    view_stage_expect(stage, "1 hit\n");
    view_stage_expect_selected(stage, "E17");
    view_stage_type(stage, "zzz");
    view_stage_expect(stage, "nothing found");
    view_stage_expect(stage, "0 hits");
    view_stage_keys(stage, "Ctrl-U");
    view_stage_expect(stage, "names in every spelling");
    view_stage_type(stage, "Бабинец"); /* in editors letters are text */
    view_stage_expect(stage, "6 hits");
    view_stage_free(stage);
}

/* What is typed next ends it: here a byte stands in a pipe before anything was looked through. */
static void a_key_that_waits_ends_a_search(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "babi");
    int ends[2];
    char byte;

    (void)state;
    view_stage_expect(stage, "6 hits");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    stage->terminal->base.fd = ends[0];
    view_stage_type(stage, "nets phones");
    view_stage_expect(stage, "searching");
    view_stage_expect(stage, "babinets phones"); /* the letters are there */
    view_stage_expect_not(stage, "1 hit\n");
    assert_int_equal(read(ends[0], &byte, 1), 1);
    view_stage_expect(stage, "1 hit\n");
    assert_int_equal(write(ends[1], "x", 1), 1);
    view_stage_type(stage, "zzz");
    view_stage_expect(stage, "searching");
    view_stage_keys(stage, "Ctrl-U"); /* nothing to search for any more */
    view_stage_expect(stage, "names in every spelling");
    view_stage_expect_not(stage, "searching");
    view_stage_type(stage, "babinets phones");
    view_stage_keys(stage, "Enter"); /* what is opened is of the whole search */
    view_stage_expect_selected(stage, "E17");
    stage->terminal->base.fd = -1;
    close(ends[0]);
    close(ends[1]);
    view_stage_free(stage);
}

static void hits_open_and_step(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "babi");

    (void)state;
    view_stage_keys(stage, "Down Enter");
    view_stage_expect_selected(stage, "E14");
    view_stage_keys(stage, "n n");
    view_stage_expect_selected(stage, "E16");
    view_stage_keys(stage, "N");
    view_stage_expect_selected(stage, "E15");
    view_stage_keys(stage, "] ] ] ]");
    view_stage_expect_selected(stage, "E18");
    view_stage_expect(stage, "this is the last one");
    view_stage_keys(stage, "q");
    view_stage_expect(stage, "Search: babi");
    view_stage_expect_selected(stage, "E18"); /* the hits went along */
    view_stage_keys(stage, "N N");
    view_stage_expect_selected(stage, "E16");
    view_stage_keys(stage, "n n n");
    view_stage_expect(stage, "this is the last hit");
    view_stage_keys(stage, "/");
    view_stage_type(stage, "n");
    view_stage_expect(stage, "Search: babin");
    view_stage_keys(stage, "Esc");
    view_stage_expect_selected(stage, "E22");
    view_stage_free(stage);
}

static void tab_leads_into_the_hits_and_back(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "babi");

    (void)state;
    view_stage_keys(stage, "Tab n");
    view_stage_expect(stage, "Search: babi\n");
    view_stage_expect_selected(stage, "E14");
    view_stage_keys(stage, "Tab n");
    view_stage_expect(stage, "Search: babin\n");
    view_stage_free(stage);
}

static void many_hits_are_not_counted(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);
    char ref[16];

    (void)state;
    for (int i = 1; i <= 60; i++) {
        snprintf(ref, sizeof ref, "E%02d", i);
        fixture_entry(stage->fixture, NULL, ref, "2014-12-13", "fire");
    }
    view_stage_changed(stage);
    view_stage_keys(stage, "/");
    view_stage_type(stage, "fire");
    view_stage_expect(stage, "50+ hits");
    view_stage_keys(stage, "End Tab G");
    view_stage_expect_selected(stage, "E60");
    view_stage_keys(stage, "g");
    view_stage_expect_selected(stage, "E11");
    view_stage_free(stage);
}

static void what_changes_is_found_anew(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "zebra");

    (void)state;
    view_stage_expect(stage, "nothing found");
    fixture_entry(stage->fixture, NULL, "E90", "2014-12-13", "a zebra");
    view_stage_changed(stage);
    view_stage_expect(stage, "1 hit\n");
    view_stage_free(stage);
}

static void nothing_that_is_typed_is_an_operator(void **state)
{
    struct view_stage *stage = searching(STAGE_PRACTICE, 24, 80, "\" OR (*");

    (void)state;
    view_stage_expect(stage, "Search: \" OR (*");
    view_stage_keys(stage, "Tab Down Tab");
    view_stage_expect_not(stage, "!");
    view_stage_keys(stage, "Ctrl-U");
    view_stage_type(stage, "...");
    view_stage_expect(stage, "names in every spelling");
    view_stage_resize(stage, 1, 1);
    view_stage_type(stage, "office");
    view_stage_resize(stage, 10, 40);
    view_stage_expect(stage, "Search: ...office");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_like_its_goldens),
        cmocka_unit_test(every_key_searches),
        cmocka_unit_test(a_key_that_waits_ends_a_search),
        cmocka_unit_test(hits_open_and_step),
        cmocka_unit_test(tab_leads_into_the_hits_and_back),
        cmocka_unit_test(many_hits_are_not_counted),
        cmocka_unit_test(what_changes_is_found_anew),
        cmocka_unit_test(nothing_that_is_typed_is_an_operator),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
