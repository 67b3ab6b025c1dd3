/* Which key does what in an editor. */
#include "tui/typing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Keys by name, blanks between; what begins with ' is typed as it is. False: the last was not used.
 */
static bool press(struct lw_editor *editor, const char *keys)
{
    bool used = false;

    while (*keys != '\0') {
        size_t len = strcspn(keys, " ");
        struct lw_key key = {.code = LW_KEY_PASTE, .paste = keys + 1, .paste_len = len - 1};

        if (*keys != '\'')
            assert_true(lw_key_parse(keys, len, &key));
        assert_int_equal(lw_typing_key(editor, &key, &used, NULL), LW_OK);
        keys += len;
        keys += strspn(keys, " ");
    }
    return used;
}

static void assert_state(const struct lw_editor *editor, const char *before, const char *after)
{
    size_t len = strlen(before);

    assert_int_equal(editor->text.len, len + strlen(after));
    assert_int_equal(editor->cursor, len);
    assert_memory_equal(lw_buf_text(&editor->text), before, len);
    assert_string_equal(lw_buf_text(&editor->text) + len, after);
}

static void keys_edit(void **state)
{
    static const struct {
        const char *keys, *before, *after;
    } rows[] = {
        {"a Space Ж", "a Ж", ""},
        {"'one Enter 'two", "one\ntwo", ""},
        {"'one Backspace", "on", ""},
        {"'one Left Del", "on", ""},
        {"'one Left Ctrl-D", "on", ""},
        {"'one Left Left Right", "on", "e"},
        {"'one Home", "", "one"},
        {"'one Ctrl-A x Ctrl-E y", "xoney", ""},
        {"'one Home End x", "onex", ""},
        {"'one Space 't Ctrl-Left", "one ", "t"},
        {"'one Space 't Alt-Left Alt-b", "", "one t"},
        {"'one Space 't Ctrl-W", "one ", ""},
        {"'one Space 't Alt-Backspace", "one ", ""},
        {"'one Space 't Ctrl-U", "", ""},
        {"'one Home Ctrl-K", "", ""},
        {"'one Home Ctrl-Del", "", ""},
        {"'one Enter 'two Ctrl-Home", "", "one\ntwo"},
        {"'one Enter 'two Ctrl-Home Ctrl-End", "one\ntwo", ""},
        {"'one Ctrl-U Ctrl-Z", "one", ""},
        {"'one Ctrl-U Ctrl-_ Ctrl-Y", "", ""},
        {"'one Alt-и", "", "one"}, /* Alt-b on a Russian layout */
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(rows); i++) {
        struct lw_editor editor;

        lw_editor_init(&editor, 0, false);
        assert_true(press(&editor, rows[i].keys));
        assert_state(&editor, rows[i].before, rows[i].after);
        lw_editor_clear(&editor);
    }
}

static void up_and_down_leave_at_the_ends(void **state)
{
    struct lw_editor editor;
    struct lw_editor_view view;

    (void)state;
    lw_editor_init(&editor, 0, false);
    assert_true(press(&editor, "'one Enter 'two"));
    assert_int_equal(lw_editor_layout(&editor, 20, 5, &view, NULL), LW_OK);
    assert_true(press(&editor, "Up"));
    assert_state(&editor, "one", "\ntwo");
    press(&editor, "Up Up");
    assert_false(press(&editor, "Up")); /* the form may go to the field above */
    assert_true(press(&editor, "Ctrl-End"));
    assert_false(press(&editor, "Down"));
    assert_false(press(&editor, "PgDn"));
    assert_true(press(&editor, "Right")); /* nothing there, but not for anybody else */
    assert_true(press(&editor, "Del"));
    assert_true(press(&editor, "Ctrl-Y"));
    lw_editor_clear(&editor);
}

static void one_line(void **state)
{
    struct lw_editor editor;

    (void)state;
    lw_editor_init(&editor, 0, true);
    assert_true(press(&editor, "'one"));
    assert_false(press(&editor, "Enter"));
    assert_false(press(&editor, "Up"));
    assert_false(press(&editor, "PgDn"));
    assert_true(press(&editor, "'\n"));
    assert_state(&editor, "one ", "");
    lw_editor_clear(&editor);
}

static void other_keys_are_not_used(void **state)
{
    static const char *const keys[] = {"Tab",    "Shift-Tab", "Esc",    "F2",       "Ctrl-S",
                                       "Ctrl-G", "Alt-x",     "Ctrl-L", "Shift-Up", "Ins"};
    struct lw_editor editor;

    (void)state;
    lw_editor_init(&editor, 0, false);
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++)
        assert_false(press(&editor, keys[i]));
    assert_state(&editor, "", "");
    lw_editor_clear(&editor);
}

static void what_does_not_fit_is_said(void **state)
{
    const struct lw_key key = {.code = LW_KEY_PASTE, .paste = "abcdef", .paste_len = 6};
    struct lw_error err = {.status = LW_OK};
    struct lw_editor editor;
    bool used = false;

    (void)state;
    lw_editor_init(&editor, 5, true);
    assert_int_equal(lw_typing_key(&editor, &key, &used, &err), LW_TOO_LONG);
    assert_true(used);
    assert_true(err.text[0] != '\0');
    assert_state(&editor, "", "");
    lw_editor_clear(&editor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_edit),
        cmocka_unit_test(up_and_down_leave_at_the_ends),
        cmocka_unit_test(one_line),
        cmocka_unit_test(other_keys_are_not_used),
        cmocka_unit_test(what_does_not_fit_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
