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

static void warn(void *context, size_t index, const char *text)
{
    struct warnings *warnings = context;

    assert_int_equal(lw_buf_addf(&warnings->text, "%zu: %s\n", index, text), LW_OK);
    warnings->count++;
}

static struct lw_keymap *keymap_of(const char *const *bindings, size_t count,
                                   struct warnings *warnings)
{
    const struct lw_bindings all = {bindings, count, 0x1c};
    struct lw_keymap *keymap = NULL;

    assert_int_equal(lw_keymap_new(tables, LW_COUNT_OF(tables), &all, warn, warnings, &keymap),
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
    static const char *const bindings[] = {"new = Ctrl-A, Ins ,", "filter=n", "down=ы"};
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
    assert_string_equal(lw_buf_text(&keys), "Ctrl-A Ins ,");
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

/* Some in an editor. */
static const struct lw_action written[] = {
    {"save", "F2 Ctrl-S", LW_IN_FORM, "save it", "save", LW_ACTION_ESSENTIAL, nothing},
    {"undo", "Ctrl-Z", LW_IN_FORM, "take back", NULL, 0, nothing},
    {"note", "N F8", LW_IN_FORM | LW_IN_TIMELINE, "a note", NULL, 0, nothing},
};
static const struct lw_action_table written_table = {written, LW_COUNT_OF(written)};

static struct lw_keymap *wide_keymap(const char *const *bindings, size_t count,
                                     struct warnings *warnings)
{
    static const struct lw_action_table *const all[] = {&table, &written_table, &lw_actions_common};
    const struct lw_bindings lines = {bindings, count, 0x1c};
    struct lw_keymap *keymap = NULL;

    assert_int_equal(lw_keymap_new(all, LW_COUNT_OF(all), &lines, warn, warnings, &keymap), LW_OK);
    return keymap;
}

static void wrong_bindings_are_said(void **state)
{
    static const char no_key[] =
        "is not the name of a key that can be bound, so this binding does not count; keys are "
        "named like n, F3, Ctrl-S, Alt-x, PgUp, Space\n";
    static const struct {
        const char *binding, *warning, *rest;
    } wrong[] = {
        {"n", "0: \"n\" is no binding; it is written command = keys\n", ""},
        {"=n", "0: \"=n\" is no binding; it is written command = keys\n", ""},
        {"", "0: \"\" is no binding; it is written command = keys\n", ""},
        {"newest=n", "0: there is no command \"newest\", so this binding does not count\n", ""},
        {"ne=n", "0: there is no command \"ne\", so this binding does not count\n", ""},
        {"new=x Ctrl-I", "0: \"Ctrl-I\" ", no_key},
        {"new=x Ctrl-]x", "0: \"Ctrl-]x\" ", no_key},
        {"new=x ctrl-\\", "0: ctrl-\\ is the lock key, which stays what it is\n", ""},
        {"new=x Q", "0: Q is the only key of \"quit\" (timeline); ",
         "give that one another key as well\n"},
        {"next=x", "", ""}, /* a key that is free */
        {"next=l", "", ""}, /* and one of several of another command */
        {"left-side=k l j", "", ""},
        {"save=F7 s", "0: s is text where \"save\" works; give it a key such as F7 or Alt-x\n", ""},
        {"save=Space", "0: Space is text where \"save\" works; ",
         "give it a key such as F7 or Alt-x\n"},
        {"save=\u044b", "0: \u044b is text where \"save\" works; ",
         "give it a key such as F7 or Alt-x\n"},
        {"save=F7 Ctrl-W", "0: Ctrl-W is a key for typing where \"save\" works; ",
         "give it one such as F7 or Alt-x\n"},
        {"save=Enter", "0: Enter is a key for typing where \"save\" works; ",
         "give it one such as F7 or Alt-x\n"},
        {"back=Esc q Ctrl-G F10", "", ""},
        {"undo=Ctrl-Z F7", "", ""}, /* which editors undo by themselves */
        {"help=?", "0: \"help\" would have no key (form); ",
         "add one that writes nothing, such as F7 or Alt-x\n"},
        {"help=x Ctrl-A", "0: \"help\" would have no key (form); ",
         "add one that writes nothing, such as F7 or Alt-x\n"},
        {"back=", "0: \"back\" would have no key (timeline); ",
         "add one that writes nothing, such as F7 or Alt-x\n"},
        {"help=x F7", "", ""},
        {"note=y", "", ""}, /* in the form it is called by its name then */
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(wrong); i++) {
        struct warnings warnings = {LW_BUF_INIT, 0};
        struct lw_keymap *keymap = wide_keymap(&wrong[i].binding, 1, &warnings);
        struct lw_buf expected = LW_BUF_INIT;

        assert_int_equal(lw_buf_addf(&expected, "%s%s", wrong[i].warning, wrong[i].rest), LW_OK);
        assert_string_equal(lw_buf_text(&warnings.text), lw_buf_text(&expected));
        if (warnings.count > 0) { /* then all is as the tables have it */
            assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "new");
            assert_string_equal(found(keymap, LW_IN_TIMELINE, "x"), "none");
            assert_string_equal(found(keymap, LW_IN_FORM, "F2"), "save");
            assert_string_equal(found(keymap, LW_IN_FORM, "F7"), "none");
            assert_string_equal(found(keymap, LW_IN_FORM, "F1"), "help");
            assert_string_equal(found(keymap, LW_IN_TIMELINE, "Esc"), "back");
        }
        lw_buf_free(&expected);
        lw_buf_free(&warnings.text);
        lw_keymap_free(keymap);
    }
}

static void a_key_for_two(void **state)
{
    static const char *const bindings[] = {"new=x", "next=x y", "left-side=x", "new=z"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, LW_COUNT_OF(bindings), &warnings);

    (void)state;
    assert_string_equal(lw_buf_text(&warnings.text),
                        "1: x is a key of \"new\" on the same screen (timeline) by a line above\n"
                        "3: \"new\" has its keys in a line above, which counts\n");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "x"), "new");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "y"), "none");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ctrl-N"), "next");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "x"), "left-side"); /* another screen */
    lw_buf_free(&warnings.text);
    lw_keymap_free(keymap);
}

/* The same key, once by its Cyrillic letter. */
static void a_layout_is_no_way_round(void **state)
{
    static const char *const bindings[] = {"new=x", "next=\u0447", "filter=:"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, LW_COUNT_OF(bindings), &warnings);
    struct lw_buf keys = LW_BUF_INIT;

    (void)state;
    assert_string_equal(lw_buf_text(&warnings.text),
                        "1: x is a key of \"new\" on the same screen (timeline) by a line above\n");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "\u0447"), "new");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "\u0416"), "filter"); /* its colon */
    assert_string_equal(found(keymap, LW_IN_ENTRY, "\u0416"), "command");
    assert_int_equal(lw_keymap_keys(keymap, LW_IN_TIMELINE, &some[0], 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "x");
    lw_buf_free(&keys);
    lw_buf_free(&warnings.text);
    lw_keymap_free(keymap);
}

/* Who adds a key names the old ones too: they go before no others that they did not go before. */
static void old_keys_stay_where_they_were(void **state)
{
    static const char *const bindings[] = {"left=Left h F7", "left-side=h F8", "next=l"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = keymap_of(bindings, 1, &warnings);

    (void)state;
    assert_int_equal(warnings.count, 0);
    assert_string_equal(found(keymap, LW_IN_ENTRY, "h"), "left-side");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "F7"), "left");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "h"), "left");
    lw_keymap_free(keymap);
    keymap = keymap_of(bindings, 3, &warnings);
    assert_string_equal(lw_buf_text(&warnings.text), "");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "h"), "left-side");
    assert_string_equal(found(keymap, LW_IN_ENTRY, "F8"), "left-side");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "l"), "next");
    lw_keymap_free(keymap);
}

/* What one line gives up is there for another; where the one does not count, neither does that. */
static void lines_rest_on_each_other(void **state)
{
    static const char *const good[] = {"filter=n", "new=Ins"};
    static const char *const bad[] = {"filter=n", "new=Ctrl-M"};
    static const char *const two[] = {"filter=?", "next=F1"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = wide_keymap(good, 2, &warnings);

    (void)state;
    assert_int_equal(warnings.count, 0);
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "filter");
    lw_keymap_free(keymap);
    keymap = keymap_of(bad, 2, &warnings);
    assert_int_equal(warnings.count, 1); /* F3 is left to "new" */
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "n"), "filter");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "F3"), "new");
    lw_keymap_free(keymap);
    lw_buf_clear(&warnings.text);
    keymap = keymap_of(two, 2, &warnings);
    assert_string_equal(lw_buf_text(&warnings.text),
                        "1: F1 is the only key of \"help\" (timeline); give that one another key "
                        "as well\n");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "?"), "filter");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "F1"), "help");
    lw_buf_free(&warnings.text);
    lw_keymap_free(keymap);
}

/* Where the lock key is another one, what the tables give to it is given to nothing. */
static void nothing_has_the_chord(void **state)
{
    static const char *const binding = "new=Ctrl-B";
    const struct lw_bindings lines = {&binding, 1, 2}; /* ^B */
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = NULL;

    (void)state;
    assert_int_equal(lw_keymap_new(tables, LW_COUNT_OF(tables), &lines, warn, &warnings, &keymap),
                     LW_OK);
    assert_string_equal(lw_buf_text(&warnings.text),
                        "0: Ctrl-B is the lock key, which stays what it is\n");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "Ctrl-B"), "none");
    assert_string_equal(found(keymap, LW_IN_TIMELINE, "PgUp"), "page-up");
    lw_buf_free(&warnings.text);
    lw_keymap_free(keymap);
}

/* What the help of a form shows is what can be pressed there. */
static void keys_in_an_editor(void **state)
{
    static const char *const bindings[] = {"redraw=L Ctrl-A F12", "comand=x"};
    struct warnings warnings = {LW_BUF_INIT, 0};
    struct lw_keymap *keymap = wide_keymap(bindings, 2, &warnings);
    const struct lw_action *redraw = lw_keymap_named(keymap, LW_IN_FORM, "redraw", 6, NULL);
    struct lw_buf keys = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_keymap_keys_editing(keymap, LW_IN_FORM, redraw, 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "F12");
    lw_buf_clear(&keys);
    assert_int_equal(lw_keymap_keys(keymap, LW_IN_TIMELINE, redraw, 0, &keys), LW_OK);
    assert_string_equal(lw_buf_text(&keys), "L Ctrl-A F12");
    lw_buf_free(&keys);
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
        cmocka_unit_test(keys_find_commands),
        cmocka_unit_test(names_find_commands),
        cmocka_unit_test(bindings_replace_keys),
        cmocka_unit_test(bindings_can_swap),
        cmocka_unit_test(wrong_bindings_are_said),
        cmocka_unit_test(a_key_for_two),
        cmocka_unit_test(a_layout_is_no_way_round),
        cmocka_unit_test(old_keys_stay_where_they_were),
        cmocka_unit_test(lines_rest_on_each_other),
        cmocka_unit_test(nothing_has_the_chord),
        cmocka_unit_test(keys_in_an_editor),
        cmocka_unit_test(a_binding_can_take_all_keys),
        cmocka_unit_test(read_only),
        cmocka_unit_test(the_common_table_is_sound),
        cmocka_unit_test(manual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
