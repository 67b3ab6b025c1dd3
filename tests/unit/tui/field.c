/* The one-line field: blanks for newlines, the window, completion. */
#include "tui/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAMILY "👨\u200D👩\u200D👧\u200D👦"

static struct lw_text_field field;

static const char *const known[] = {"Grozny", "Гудермес", "Грозный", "Grad"};

/* Offers what begins with the word; a '#' before it is replaced too. */
static enum lw_status offer_known(void *context, const char *before, size_t len,
                                  struct lw_field_choices *choices, struct lw_error *err)
{
    size_t from = choices->from;

    (void)context;
    (void)err;
    for (size_t i = 0; i < LW_COUNT_OF(known); i++) {
        enum lw_status status;

        if (strncmp(known[i], before + from, len - from) != 0)
            continue;
        status = lw_field_offer(choices, known[i], strlen(known[i]));
        if (status != LW_OK)
            return status;
    }
    if (from > 0 && before[from - 1] == '#')
        choices->from = from - 1;
    return LW_OK;
}

static void start(const char *text)
{
    lw_field_clear(&field);
    lw_field_init(&field, 4096, offer_known, NULL);
    assert_int_equal(lw_editor_set_text(&field.editor, text, strlen(text), NULL), LW_OK);
    lw_editor_set_cursor(&field.editor, strlen(text));
}

static int finish(void **state)
{
    (void)state;
    lw_field_clear(&field);
    return 0;
}

static void expect(const char *text)
{
    assert_string_equal(lw_buf_text(&field.editor.text), text);
}

static void complete(const char *text)
{
    assert_int_equal(lw_field_complete(&field, false, NULL), LW_OK);
    expect(text);
}

static void newlines_become_blanks(void **state)
{
    (void)state;
    start("");
    assert_int_equal(lw_editor_paste(&field.editor, "a\nb\r\nc\rd\n\ne\t", 12, false, NULL), LW_OK);
    expect("a b c d  e\t");
    assert_int_equal(lw_editor_type(&field.editor, "\n", 1, NULL), LW_OK);
    expect("a b c d  e\t ");
    start("");
    assert_int_equal(lw_editor_paste(&field.editor, "a\r", 2, true, NULL), LW_OK);
    assert_int_equal(lw_editor_paste(&field.editor, "\nb", 2, false, NULL), LW_OK);
    expect("a b");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_OK);
    expect("");
    start("was\nthere"); /* what a record holds is not altered by looking at it */
    expect("was\nthere");
}

static void moves_in_one_line(void **state)
{
    (void)state;
    start("one\ntwo");
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_UP, NULL), LW_DONE);
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_PAGE_DOWN, NULL), LW_DONE);
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_HOME, NULL), LW_OK);
    assert_int_equal(field.editor.cursor, 0);
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_END, NULL), LW_OK);
    assert_int_equal(field.editor.cursor, 7);
    assert_int_equal(lw_editor_erase(&field.editor, LW_STEP_LINE_START, NULL), LW_OK);
    expect("");
}

static void window_follows_the_cursor(void **state)
{
    struct lw_field_view view;

    (void)state;
    start("0123456789");
    lw_field_layout(&field, 11, &view);
    assert_true(view.start == 0 && view.end == 10 && view.column == 10);
    assert_true(!view.before && !view.after);
    lw_field_layout(&field, 10, &view);
    assert_true(view.start > 0 && view.end == 10 && view.before && !view.after);
    assert_true(view.start == 4 && view.column == 6); /* a jump, with room for the next letters */
    lw_editor_set_cursor(&field.editor, 0);
    lw_field_layout(&field, 10, &view);
    assert_true(view.start == 0 && view.end == 10 && view.column == 0);
    start("中文中文中文");
    lw_field_layout(&field, 6, &view);
    assert_true(view.start % 3 == 0 && view.column < 6);
    lw_field_layout(&field, 1, &view);
    assert_true(view.start == 18 && view.column == 0);
    lw_field_layout(&field, 0, &view);
    assert_int_equal(view.column, 0);
}

static uint32_t seed = 2463534242u;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return (seed >> 3) % below;
}

/* Whatever happens: the cursor is in the window, the window fits, and begins with a cluster. */
static void check_window(unsigned width)
{
    const struct lw_editor *editor = &field.editor;
    const char *text = lw_buf_text(&editor->text);
    struct lw_field_view view;

    lw_field_layout(&field, width, &view);
    assert_true(view.start <= view.end && view.end <= editor->text.len);
    assert_int_equal(lw_utf8_floor(text, editor->text.len, view.start), view.start);
    assert_true(lw_utf8_columns(text + view.start, view.end - view.start) <= width);
    assert_true(editor->cursor >= view.start && view.column < width);
    assert_int_equal(lw_utf8_columns(text + view.start, editor->cursor - view.start), view.column);
    assert_int_equal(view.before, view.start > 0);
    assert_int_equal(view.after, view.end < editor->text.len);
    if (lw_utf8_columns(text, editor->text.len) < width)
        assert_true(!view.before && !view.after);
}

static void random_windows_hold_the_cursor(void **state)
{
    static const char *const pieces[] = {"a", "bc ", "й", "e\u0301", "中", FAMILY, "\u200B", "\t"};

    (void)state;
    start("");
    for (int i = 0; i < 30000; i++) {
        const char *piece = pieces[any((uint32_t)LW_COUNT_OF(pieces))];
        enum lw_status status = LW_OK;

        if (any(3) == 0)
            status = lw_editor_move(&field.editor, any(14), NULL);
        else if (any(3) == 0)
            status = lw_editor_erase(&field.editor, any(200) ? any(4) : any(14), NULL);
        else if (field.editor.text.len < 400)
            status = lw_editor_type(&field.editor, piece, strlen(piece), NULL);
        assert_true(status == LW_OK || status == LW_DONE);
        check_window(any(50) ? 12 : 1 + any(40));
    }
}

/* Thousands of clusters without a column: the window stays small, the cursor in it. */
static void invisible_text_has_windows_too(void **state)
{
    struct lw_field_view view;

    (void)state;
    start("a");
    for (int i = 0; i < 5000; i++) {
        bool fits = field.editor.text.len + 3 <= 4096;

        assert_int_equal(lw_editor_type(&field.editor, "\u200B", 3, NULL),
                         fits ? LW_OK : LW_TOO_LONG);
    }
    lw_field_layout(&field, 20, &view);
    assert_true(view.start > 0 && view.end == field.editor.text.len && view.column == 0);
    lw_editor_set_cursor(&field.editor, 1);
    lw_field_layout(&field, 20, &view);
    assert_true(view.start == 0 && view.column == 1 && view.after);
}

static void tab_cycles_what_is_offered(void **state)
{
    (void)state;
    start("in Gr, later");
    lw_editor_set_cursor(&field.editor, 5);
    complete("in Grozny, later");
    assert_int_equal(field.editor.cursor, 9);
    complete("in Grad, later");
    complete("in Gr, later");
    complete("in Grozny, later");
    assert_int_equal(lw_field_complete(&field, true, NULL), LW_OK);
    expect("in Gr, later");
    assert_int_equal(lw_field_complete(&field, true, NULL), LW_OK);
    expect("in Grad, later");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_OK);
    expect("in Gr, later");
    assert_int_equal(field.editor.cursor, 5);
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_DONE);
    assert_int_equal(lw_editor_redo(&field.editor, NULL), LW_OK);
    expect("in Grad, later");
}

static void goes_as_far_as_all_begin(void **state)
{
    (void)state;
    start("in G, later");
    lw_editor_set_cursor(&field.editor, 4);
    assert_int_equal(lw_field_begin(&field, NULL), LW_OK);
    expect("in Gr, later");
    assert_int_equal(field.editor.cursor, 5);
    assert_int_equal(lw_field_begin(&field, NULL), LW_DONE);
    complete("in Grozny, later");
    assert_int_equal(lw_field_begin(&field, NULL), LW_DONE); /* the choice is being gone through */
    complete("in Grad, later");
    start("Гу");
    assert_int_equal(lw_field_begin(&field, NULL), LW_OK);
    expect("Гудермес");
    start("Г"); /* Гр and Гу have a byte more in common, and no letter */
    assert_int_equal(lw_field_begin(&field, NULL), LW_DONE);
    expect("Г");
    start("xyz");
    assert_int_equal(lw_field_begin(&field, NULL), LW_NOT_FOUND);
    expect("xyz");
}

static void typing_ends_the_cycle(void **state)
{
    (void)state;
    start("Гр");
    complete("Грозный");
    assert_int_equal(lw_editor_type(&field.editor, " ", 1, NULL), LW_OK);
    assert_int_equal(lw_editor_type(&field.editor, "Гу", 4, NULL), LW_OK);
    complete("Грозный Гудермес");
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_LEFT, NULL), LW_OK);
    assert_int_equal(lw_editor_move(&field.editor, LW_STEP_RIGHT, NULL), LW_OK);
    assert_int_equal(lw_field_complete(&field, false, NULL), LW_OK); /* begins anew: one offered */
    expect("Грозный Гудермес");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_OK);
    expect("Грозный Гудермес");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_OK);
    expect("Грозный Гу");
}

static void completer_may_say_where_the_word_begins(void **state)
{
    (void)state;
    start("#Gro");
    complete("Grozny");
    complete("#Gro");
    start("");
    field.completer = offer_known;
    complete("Grozny"); /* an empty word: all are offered */
}

static void nothing_offered_changes_nothing(void **state)
{
    struct lw_error err;

    (void)state;
    start("xyz");
    assert_int_equal(lw_field_complete(&field, false, &err), LW_NOT_FOUND);
    expect("xyz");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_DONE);
    field.completer = NULL;
    assert_int_equal(lw_field_complete(&field, false, &err), LW_NOT_FOUND);
}

static enum lw_status offer_badly(void *context, const char *before, size_t len,
                                  struct lw_field_choices *choices, struct lw_error *err)
{
    (void)before;
    (void)err;
    assert_int_equal(lw_field_offer(choices, "\xFF", 1), LW_BAD_DATA);
    assert_int_equal(lw_field_offer(choices, "a\0b", 3), LW_BAD_DATA);
    choices->from = *(const size_t *)context;
    (void)len;
    return lw_field_offer(choices, "fine", 4);
}

static void bad_offers_are_not_taken(void **state)
{
    size_t from = 99;

    (void)state;
    start("e\u0301");
    field.completer = offer_badly;
    field.context = &from;
    assert_int_equal(lw_field_complete(&field, false, NULL), LW_INTERNAL);
    from = 1;
    assert_int_equal(lw_field_complete(&field, false, NULL), LW_INTERNAL);
    expect("e\u0301");
    from = 0;
    complete("fine");
}

static enum lw_status offer_joining(void *context, const char *before, size_t len,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    enum lw_status status = lw_field_offer(choices, "Ae", 2);

    (void)context;
    (void)before;
    (void)len;
    (void)err;
    return status == LW_OK ? lw_field_offer(choices, "Bo", 2) : status;
}

/* The end of a choice joins with a mark that stands behind it: the mark stays through the cycle. */
static void cycle_loses_no_mark(void **state)
{
    (void)state;
    start("\n\u0301x");
    lw_editor_set_cursor(&field.editor, 1);
    field.completer = offer_joining;
    complete("\nAe\u0301x");
    complete("\nBo\u0301x");
    complete("\n\u0301x");
    complete("\nAe\u0301x");
    assert_int_equal(lw_editor_undo(&field.editor, NULL), LW_OK);
    expect("\n\u0301x");
}

static void limit_holds_for_choices(void **state)
{
    (void)state;
    lw_field_clear(&field);
    lw_field_init(&field, 5, offer_known, NULL);
    assert_int_equal(lw_editor_type(&field.editor, "Gr", 2, NULL), LW_OK);
    assert_int_equal(lw_field_complete(&field, false, NULL), LW_TOO_LONG);
    expect("Gr");
    assert_int_equal(lw_field_complete(&field, true, NULL), LW_OK);
    expect("Grad");
}

static void draws_into_the_grid(void **state)
{
    struct lw_grid grid = LW_GRID_INIT;
    struct lw_buf dump = LW_BUF_INIT;
    struct lw_area whole;
    struct lw_area area;

    (void)state;
    start("Грозный 中 " FAMILY "\x1B!");
    assert_int_equal(lw_grid_resize(&grid, 2, 20), LW_OK);
    whole = lw_area_whole(&grid);
    area = lw_area_part(&whole, 1, 2, 1, 17);
    lw_field_draw(&field, &area, LW_STYLE_FIELD, true);
    assert_int_equal(lw_grid_dump(&grid, false, &dump), LW_OK);
    assert_string_equal(lw_buf_text(&dump),
                        "-- 2x20, cursor 1,17 --\n\n  Грозный 中 " FAMILY "\uFFFD!\n");
    area = lw_area_part(&whole, 0, 0, 0, 0);
    lw_field_draw(&field, &area, LW_STYLE_FIELD, true);
    lw_buf_free(&dump);
    lw_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newlines_become_blanks),
        cmocka_unit_test(moves_in_one_line),
        cmocka_unit_test(window_follows_the_cursor),
        cmocka_unit_test(random_windows_hold_the_cursor),
        cmocka_unit_test(invisible_text_has_windows_too),
        cmocka_unit_test(tab_cycles_what_is_offered),
        cmocka_unit_test(goes_as_far_as_all_begin),
        cmocka_unit_test(typing_ends_the_cycle),
        cmocka_unit_test(completer_may_say_where_the_word_begins),
        cmocka_unit_test(nothing_offered_changes_nothing),
        cmocka_unit_test(bad_offers_are_not_taken),
        cmocka_unit_test(cycle_loses_no_mark),
        cmocka_unit_test(limit_holds_for_choices),
        cmocka_unit_test(draws_into_the_grid),
    };

    return cmocka_run_group_tests(tests, NULL, finish);
}
