/* People, places, sources and incidents as lists, and the entries of one. */
#include "view_stage.h"

static void golden_of(enum view_stage_fill fill, const char *keys, const char *name, int rows,
                      int columns)
{
    struct view_stage *stage = view_stage_new(fill, rows, columns);

    view_stage_keys(stage, keys);
    view_stage_golden_end(stage, "list", name);
}

static void they_look_like_their_goldens(void **state)
{
    (void)state;
    golden_of(STAGE_PRACTICE, "p", "people", 24, 80);
    golden_of(STAGE_PRACTICE, "p", "people", 10, 40);
    golden_of(STAGE_PRACTICE, "o", "places", 24, 80);
    golden_of(STAGE_PRACTICE, "s", "sources", 24, 80);
    golden_of(STAGE_PRACTICE, "s", "sources", 10, 40);
    golden_of(STAGE_PRACTICE, "i", "incidents", 24, 80);
    golden_of(STAGE_RUSSIAN, "p", "people-russian", 10, 40);
    golden_of(STAGE_EMPTY, "p", "empty", 10, 40);
}

static void find(struct view_stage *stage, const char *letters)
{
    view_stage_keys(stage, "f");
    view_stage_type(stage, letters);
    view_stage_keys(stage, "Enter");
}

/* The number beside a name is the number of rows that Enter shows. */
static void the_number_is_that_of_the_entries(void **state)
{
    static const struct {
        const char *key, *name, *count, *status;
    } cases[] = {
        {"p", "babinets", "6 entries", "6 entries · saved"},
        {"p", "psaki", "1 entry", "1 entry · saved"},
        {"o", "grozny", "9 entries", "9 entries · saved"},
        {"o", "press house", "0 entries", "0 entries · saved"},
        {"s", "s1", "16 entries", "16 entries · saved"},
        {"i", "joint", "22 entries", "22 entries · saved"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

        view_stage_keys(stage, cases[i].key);
        find(stage, cases[i].name);
        view_stage_expect(stage, cases[i].count);
        view_stage_keys(stage, "Enter");
        view_stage_expect(stage, cases[i].status);
        view_stage_expect(stage, "Only ");
        view_stage_free(stage);
    }
}

static void entries_of_one_and_back(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "p");
    find(stage, "Бабин"); /* any spelling */
    view_stage_expect(stage, "1 of 35");
    view_stage_expect(stage, "> Sergei Babinets");
    view_stage_keys(stage, "Enter");
    view_stage_golden(stage, "list-entries-of-one-80x24");
    view_stage_expect(stage, "Only with Sergei Babinets");
    view_stage_expect_selected(stage, "E13");
    view_stage_keys(stage, "f");
    view_stage_type(stage, "phones\r");
    view_stage_expect(stage, "Only phones · with Sergei Babinets");
    view_stage_expect_selected(stage, "E17");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "Only with Sergei Babinets");
    view_stage_keys(stage, "Enter");
    view_stage_expect_selected(stage, "E17");
    view_stage_keys(stage, "q q");
    view_stage_expect(stage, "1 of 35");
    view_stage_keys(stage, "q");
    view_stage_expect(
        stage, "People                                                                        35");
    view_stage_keys(stage, "q");
    view_stage_expect_selected(stage, "E22");
    view_stage_free(stage);
}

static void letters_narrow_the_list_and_cancel_brings_it_back(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "p f");
    view_stage_type(stage, "police");
    view_stage_expect(stage, "2 of 35");
    view_stage_expect(stage, "Only \"police\"");
    view_stage_type(stage, "xxx");
    view_stage_expect(stage, "no name has these letters");
    view_stage_keys(stage, "Enter Enter"); /* nothing is selected: nothing opens */
    view_stage_expect(stage, "0 of 35");
    view_stage_keys(stage, "f Ctrl-G");
    view_stage_expect(stage, "0 of 35");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "Amnesty International");
    view_stage_free(stage);
}

static void references_count_as_numbers(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_EMPTY, 24, 80);

    (void)state;
    fixture_make(stage->fixture, LW_RECORD_SOURCE, NULL, "ref", "S10", "title", "ten",
                 (char *)NULL);
    fixture_make(stage->fixture, LW_RECORD_SOURCE, NULL, "ref", "S9", "title", "nine",
                 (char *)NULL);
    view_stage_keys(stage, "s");
    view_stage_expect(stage, "> S9  nine");
    view_stage_free(stage);
}

static void a_change_keeps_the_cursor(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "o Down Down");
    view_stage_expect(stage, "> Grozny");
    fixture_make(stage->fixture, LW_RECORD_PLACE, NULL, "name", "Argun", (char *)NULL);
    view_stage_changed(stage);
    view_stage_expect(stage, "  Argun");
    view_stage_expect(stage, "> Grozny");
    view_stage_free(stage);
}

static void from_one_list_to_another(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "p p o s");
    view_stage_expect(stage, "> S1");
    view_stage_keys(stage, "q q");
    view_stage_expect(stage, "> activists");
    view_stage_resize(stage, 1, 1);
    view_stage_keys(stage, "G g PgDn f Esc");
    view_stage_resize(stage, 10, 40);
    view_stage_expect(stage, "People");
    view_stage_free(stage);
}

/* What was given by name may hold one. */
static void commands_are_forgotten_when_names_are_hidden(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, 24, 80);

    (void)state;
    view_stage_keys(stage, "R");
    view_stage_type(stage, ":use-filter Babinets\r");
    view_stage_keys(stage, "Esc Esc");
    view_stage_type(stage, ":\x1B[A");
    view_stage_expect(stage, "\n:use-filter Babinets");
    view_stage_keys(stage, "Esc R");
    view_stage_type(stage, ":\x1B[A");
    view_stage_expect(stage, "\n:use-filter"); /* the last one in the list */
    view_stage_expect_not(stage, "Babinets\n");
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look_like_their_goldens),
        cmocka_unit_test(the_number_is_that_of_the_entries),
        cmocka_unit_test(entries_of_one_and_back),
        cmocka_unit_test(letters_narrow_the_list_and_cancel_brings_it_back),
        cmocka_unit_test(references_count_as_numbers),
        cmocka_unit_test(a_change_keeps_the_cursor),
        cmocka_unit_test(from_one_list_to_another),
        cmocka_unit_test(commands_are_forgotten_when_names_are_hidden),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
