/* The table of commands: keys, names, bindings of the user, help and manual. */
#include "tui/action.h"
#include "tui/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum lw_status nothing(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    (void)tui;
    (void)view;
    (void)argument;
    (void)err;
    return LW_OK;
}

static const struct lw_action some[] = {
    {"new", "n F3", LW_IN_TIMELINE | LW_IN_LIST, "write a new entry", "new", LW_ACTION_WRITES,
     nothing},
    {"next", "Ctrl-N", LW_IN_TIMELINE, "go to the next one", NULL, 0, nothing},
    {"left-side", "h", LW_IN_ENTRY, "show the left side", NULL, 0, nothing},
    {"filter", "", LW_IN_TIMELINE, "show only some", NULL, LW_ACTION_ARGUMENT, nothing},
};
static const struct lw_action_table table = {some, LW_COUNT_OF(some)};
static const struct lw_action_table *const tables[] = {&table, &lw_actions_common};

struct warnings {
    struct lw_buf text;
    size_t count;
};

static void warn(void *context, const char *text)
{
    struct warnings *warnings = context;

    assert_int_equal(lw_buf_addf(&warnings->text, "%s\n", text), LW_OK);
    warnings->count++;
}

static struct lw_keymap *keymap_of(const char *const *bindings, size_t count,
                                   struct warnings *warnings)
{
    struct lw_keymap *keymap = NULL;

    assert_int_equal(
        lw_keymap_new(tables, LW_COUNT_OF(tables), bindings, count, warn, warnings, &keymap),
        LW_OK);
    return keymap;
}

static const char *found(const struct lw_keymap *keymap, unsigned context, const char *name)
{
    const struct lw_action *action;
    struct lw_key key;

    assert_true(lw_key_parse(name, strlen(name), &key));
    action = lw_keymap_find(keymap, context, &key);
    return action != NULL ? action->name : "none";
}

static void keys_find_commands(void **state)
{
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(NULL, 0, &warnings);

    (void)state;
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "new");
    assert_string_equal(found(keymap, LW_IN_LIST, "F3"), "new");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "n"), "none");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "h"), "left-side"); /* the earlier table */
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "h"), "left");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ctrl-N"), "next");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "N"), "none");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "т"), "new"); /* Russian layout */
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "П"), "last");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Esc"), "back");
    assert_int_equal(warnings.count, 0);
    lw_keymap_free(keymap);
    lw_keymap_free(NULL);
}

static void names_find_commands(void **state)
{
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(NULL, 0, &warnings);
    bool several = false;

    (void)state;
    assert_string_equal(lw_keymap_named(keymap, LW_IN_TIMELINE, "next", 4, NULL)->name, "next");
    assert_string_equal(lw_keymap_named(keymap, LW_IN_TIMELINE, "nex", 3, NULL)->name, "next");
    assert_null(lw_keymap_named(keymap, LW_IN_TIMELINE, "ne", 2, &several));
    assert_true(several);
    assert_null(lw_keymap_named(keymap, LW_IN_ENTRY, "ne", 2, &several));
    assert_false(several);
    assert_null(lw_keymap_named(keymap, LW_IN_TIMELINE, "newest", 6, NULL));
    assert_null(lw_keymap_named(keymap, LW_IN_TIMELINE, "", 0, NULL));
    assert_string_equal(lw_keymap_named(keymap, LW_IN_ENTRY, "left", 4, &several)->name, "left");
    lw_keymap_free(keymap);
}

static void bindings_replace_keys(void **state)
{
    static const char *const bindings[] = {"new = Ctrl-A, Ins", "filter=n", "down=ы"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, LW_COUNT_OF(bindings), &warnings);
    struct lw_buf keys = LW_BUF_INIT;
    const struct lw_action *action;

    (void)state;
    assert_string_equal(lw_buf_text(&warnings.text), "");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "filter");
    assert_string_equal(found(keymap, LW_IN_LIST, "n"), "none");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "F3"), "none");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ctrl-a"), "new");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ins"), "new");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "ы"), "down");
    assert_int_equal(lw_keymap_keys(keymap, LW_IN_TIMELINE, &some[0], 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "Ctrl-A Ins");
    lw_buf_clear(&keys);
    assert_int_equal(lw_keymap_keys(keymap, LW_IN_TIMELINE, &some[0], 1, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "Ctrl-A");
    lw_buf_clear(&keys);
    action = lw_keymap_named(keymap, LW_IN_TIMELINE, "help", 4, NULL);
    assert_int_equal(lw_keymap_keys(keymap, LW_IN_TIMELINE, action, 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "? F1");
    lw_buf_clear(&keys);
    assert_int_equal(lw_keymap_keys_editing(keymap, LW_IN_TIMELINE, action, 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "F1"); /* in an editor ? is text */
    lw_buf_free(&keys);
    lw_keymap_free(keymap);
}

/* Two commands change places, in either order. */
static void bindings_can_swap(void **state)
{
    static const char *const bindings[] = {"next=n", "new=Ctrl-N"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, LW_COUNT_OF(bindings), &warnings);

    (void)state;
    assert_int_equal(warnings.count, 0);
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "next");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ctrl-N"), "new");
    lw_keymap_free(keymap);
}

static void wrong_bindings_are_said(void **state)
{
    static const struct {
        const char *binding, *warning;
    } wrong[] = {
        {"n", "\"n\" is no binding; it is written command = keys\n"},
        {"=n", "\"=n\" is no binding; it is written command = keys\n"},
        {"", "\"\" is no binding; it is written command = keys\n"},
        {"newest=n", "there is no command \"newest\", so this binding does not count\n"},
        {"new=x Ctrl-I",
         "\"Ctrl-I\" is not the name of a key that can be bound, so this binding does not count; "
         "keys are named like n, F3, Ctrl-S, Alt-x, PgUp, Space\n"},
        {"new=Ctrl-\\",
         "\"Ctrl-\\\" is not the name of a key that can be bound, so this binding does not count; "
         "keys are named like n, F3, Ctrl-S, Alt-x, PgUp, Space\n"},
        {"new=:", "the command \"command\" has no key left; it can be called with :command\n"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(wrong); i++) {
        struct warnings warnings = {LW_BUF_INIT, 0};
        struct lw_keymap *keymap = keymap_of(&wrong[i].binding, 1, &warnings);

        assert_string_equal(lw_buf_text(&warnings.text), wrong[i].warning);
        if (i + 1 < LW_COUNT_OF(wrong)) {
            assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "new");
            assert_string_equal(found(keymap, LW_IN_TIMELINE, "x"), "none");
        }
        lw_buf_free(&warnings.text);
        lw_keymap_free(keymap);
    }
}

static void a_key_for_two(void **state)
{
    static const char *const bindings[] = {"new=x", "next=x y", "left-side=x"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, LW_COUNT_OF(bindings), &warnings);

    (void)state;
    assert_string_equal(
        lw_buf_text(&warnings.text),
        "the key x is bound to \"new\" already; this binding of it does not count\n");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "x"), "new");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "y"), "next");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "x"), "left-side"); /* another screen */
    lw_buf_free(&warnings.text);
    lw_keymap_free(keymap);
}

static void a_binding_can_take_all_keys(void **state)
{
    static const char *const bindings[] = {"new="};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, 1, &warnings);

    (void)state;
    assert_int_equal(warnings.count, 0); /* that was meant */
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "none");
    assert_non_null(lw_keymap_named(keymap, LW_IN_TIMELINE, "new", 3, NULL));
    lw_keymap_free(keymap);
}

static void read_only(void **state)
{
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(NULL, 0, &warnings);

    (void)state;
    assert_string_equal(lw_keymap_each(keymap, LW_IN_TIMELINE, 0)->name, "new");
    lw_keymap_read_only(keymap, true);
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "none");
    assert_null(lw_keymap_named(keymap, LW_IN_TIMELINE, "new", 3, NULL));
    assert_string_equal(lw_keymap_each(keymap, LW_IN_TIMELINE, 0)->name, "next");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "j"), "down");
    lw_keymap_free(keymap);
}

/* What would go wrong silently in a table: names, keys, contexts. */
static void the_common_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < lw_actions_common.count; i++) {
        const struct lw_action *action = &lw_actions_common.list[i];
        const char *keys = action->keys;

        assert_int_equal(strspn(action->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(action->name));
        assert_true(action->name[0] != '\0' && action->help[0] != '\0' && action->where != 0);
        assert_non_null(action->run);
        while (*keys != '\0') {
            size_t len = strcspn(keys, " ");
            struct lw_key key;

            assert_true(lw_key_parse(keys, len, &key));
            keys += len + (keys[len] == ' ');
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(action->name, lw_actions_common.list[j].name);
    }
}

static void manual(void **state)
{
    static const struct lw_action odd = {"odd", ": . Ctrl-]", LW_IN_ALL, "a \\ in it", NULL,
                                         0,     nothing};
    static const struct lw_action_table odd_table = {&odd, 1};
    static const struct lw_action_table *const both[] = {&table, &odd_table};
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_actions_manual(both, LW_COUNT_OF(both), &text), LW_OK);
    assert_string_equal(lw_buf_text(&text), ".Bl -tag -width page-down\n"
                                            ".It Ic new\n\\&n F3 \\(en write a new entry\n"
                                            ".It Ic next\n\\&Ctrl-N \\(en go to the next one\n"
                                            ".It Ic left-side\n\\&h \\(en show the left side\n"
                                            ".It Ic filter\nshow only some\n"
                                            ".It Ic odd\n\\&: . Ctrl-] \\(en a \\e in it\n"
                                            ".El\n");
    lw_buf_free(&text);
    assert_int_equal(lw_tui_manual(&text), LW_OK);
    assert_non_null(strstr(text.data, ".It Ic redraw\n\\&Ctrl-L \\(en "));
    lw_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_find_commands),          cmocka_unit_test(names_find_commands),
        cmocka_unit_test(bindings_replace_keys),       cmocka_unit_test(bindings_can_swap),
        cmocka_unit_test(wrong_bindings_are_said),     cmocka_unit_test(a_key_for_two),
        cmocka_unit_test(a_binding_can_take_all_keys), cmocka_unit_test(read_only),
        cmocka_unit_test(the_common_table_is_sound),   cmocka_unit_test(manual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
