/* Kinds of entry as data: what is taken, what is refused, how one is found, what a vault keeps. */
#include "journal_fixture.h"

#include <stdio.h>

static struct lw_kind *begin(const char *name)
{
    struct lw_kind *kind = NULL;
    struct lw_error err = {.status = LW_OK};

    if (lw_kind_new(name, strlen(name), &kind, &err) != LW_OK)
        fail_msg("%s", err.text);
    return kind;
}

static void take(struct lw_kind *kind, size_t question, const char *key, const char *value)
{
    struct lw_error err = {.status = LW_OK};

    if (lw_kind_take(kind, question, key, value, &err) != LW_OK)
        fail_msg("%s = %s: %s", key, value, err.text);
}

static size_t ask(struct lw_kind *kind, const char *key, const char *type)
{
    struct lw_error err = {.status = LW_OK};
    size_t at = 0;

    if (lw_kind_ask(kind, key, strlen(key), &at, &err) != LW_OK)
        fail_msg("%s", err.text);
    take(kind, at, "label", key);
    take(kind, at, "type", type);
    return at;
}

/* Refused with those words, and the kind can still be used. */
static void refused(struct lw_kind *kind, size_t question, const char *key, const char *value,
                    const char *part)
{
    struct lw_error err = {.status = LW_OK};

    assert_int_equal(lw_kind_take(kind, question, key, value, &err), LW_BAD_DATA);
    if (strstr(err.text, part) == NULL)
        fail_msg("%s = %s: \"%s\" is not in \"%s\"", key, value, part, err.text);
    assert_null(strchr(err.text, '\n'));
}

static struct lw_kind *water_cut(void)
{
    struct lw_kind *kind = begin("water_cut");
    struct lw_error err = {.status = LW_OK};
    size_t at;

    take(kind, LW_KIND_ITSELF, "label", "water cut");
    take(kind, LW_KIND_ITSELF, "label.ru", "отключение воды");
    take(kind, LW_KIND_ITSELF, "words", "no water, Нет воды");
    take(kind, LW_KIND_ITSELF, "huridocs", "4 51 01");
    take(kind, LW_KIND_ITSELF, "lists", "searches, threats");
    take(kind, LW_KIND_ITSELF, "first", "place, when");
    take(kind, LW_KIND_ITSELF, "check.7", "Who ordered it?");
    take(kind, LW_KIND_ITSELF, "check.7.ru", "Кто распорядился?");
    take(kind, LW_KIND_ITSELF, "check.2", "How many houses?");
    ask(kind, "houses", "count");
    at = ask(kind, "way", "choice");
    take(kind, at, "choices", "valve closed, pipe cut");
    take(kind, at, "choices.ru", "закрыт вентиль, перерезана труба");
    take(kind, at, "hint", "what was seen");
    at = ask(kind, "told", "party");
    take(kind, at, "many", "yes");
    at = ask(kind, "damage", "items");
    take(kind, at, "item", "damaged");
    if (lw_kind_finish(kind, &at, &err) != LW_OK)
        fail_msg("%s", err.text);
    return kind;
}

static const char water_text[] = "[water_cut]\n"
                                 "label = water cut\n"
                                 "label.ru = отключение воды\n"
                                 "words = no water, Нет воды\n"
                                 "huridocs = 4 51 01\n"
                                 "lists = threats, searches\n"
                                 "first = place, when\n"
                                 "check.1 = How many houses?\n"
                                 "check.2 = Who ordered it?\n"
                                 "check.2.ru = Кто распорядился?\n"
                                 "[water_cut/houses]\n"
                                 "label = houses\n"
                                 "type = count\n"
                                 "[water_cut/way]\n"
                                 "label = way\n"
                                 "hint = what was seen\n"
                                 "type = choice\n"
                                 "choices = valve closed, pipe cut\n"
                                 "choices.ru = закрыт вентиль, перерезана труба\n"
                                 "[water_cut/told]\n"
                                 "label = told\n"
                                 "type = party\n"
                                 "many = yes\n"
                                 "[water_cut/damage]\n"
                                 "label = damage\n"
                                 "type = items\n"
                                 "item = damaged\n";

/* ---- one kind ---- */

static void a_kind_is_written_and_read_back(void **state)
{
    struct lw_kind *kind = water_cut();
    struct lw_kind *again = NULL;
    struct lw_error err = {.status = LW_OK};
    struct lw_buf text = LW_BUF_INIT, second = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_kind_write(kind, &text), LW_OK);
    assert_string_equal(text.data, water_text);
    if (lw_kind_read(text.data, text.len, &again, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_int_equal(lw_kind_write(again, &second), LW_OK);
    assert_string_equal(second.data, text.data);
    lw_buf_free(&text);
    lw_buf_free(&second);
    lw_kind_free(kind);
    lw_kind_free(again);
}

/* Cut anywhere it is refused, or says less: never anything else. */
static void a_text_that_is_cut_is_no_other_kind(void **state)
{
    (void)state;
    for (size_t len = 0; len < strlen(water_text); len++) {
        struct lw_error err = {.status = LW_OK};
        struct lw_kind *kind = NULL;
        struct lw_buf text = LW_BUF_INIT;
        enum lw_status status = lw_kind_read(water_text, len, &kind, &err);

        if (status == LW_OK) {
            assert_int_equal(lw_kind_write(kind, &text), LW_OK);
            assert_true(text.len <= len + 1);
            lw_kind_free(kind);
        } else {
            assert_int_equal(status, LW_BAD_DATA);
            assert_true(err.text[0] != '\0');
        }
        lw_buf_free(&text);
    }
}

static void what_is_wrong_is_said(void **state)
{
    struct lw_kind *kind = begin("water_cut");
    struct lw_error err = {.status = LW_OK};
    size_t at = ask(kind, "houses", "count");
    char wide[LW_KIND_VALUE + 2];

    (void)state;
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    refused(kind, LW_KIND_ITSELF, "label", "", "the value is missing");
    refused(kind, LW_KIND_ITSELF, "label", " x", "begin or end with a blank");
    refused(kind, LW_KIND_ITSELF, "label", "a\xFFz", "not UTF-8");
    refused(kind, LW_KIND_ITSELF, "label", "a\xE2\x80\xAEz", "direction character");
    refused(kind, LW_KIND_ITSELF, "label", "\xEF\xBB\xBF", "nothing that can be seen");
    refused(kind, LW_KIND_ITSELF, "label", "\xCC\x81", "nothing that can be seen");
    refused(kind, LW_KIND_ITSELF, "label", wide, "longer than 40 columns");
    refused(kind, LW_KIND_ITSELF, "labels", "x", "this key is not known");
    refused(kind, LW_KIND_ITSELF, "label.de", "x", "this key is not known");
    refused(kind, LW_KIND_ITSELF, "check.0", "x", "this key is not known");
    refused(kind, LW_KIND_ITSELF, "check.01", "x", "this key is not known");
    refused(kind, LW_KIND_ITSELF, "check.17", "x", "this key is not known");
    refused(kind, LW_KIND_ITSELF, "words", "a,,b", "nothing stands between two commas");
    refused(kind, LW_KIND_ITSELF, "words", "a, b, A", "\"A\" stands twice");
    refused(kind, LW_KIND_ITSELF, "words", "a, \xEF\xBB\xBF", "nothing that can be seen");
    refused(kind, LW_KIND_ITSELF, "first", "when, title", "\"title\" is no common field");
    refused(kind, LW_KIND_ITSELF, "first", "when, when", "\"when\" stands twice");
    refused(kind, LW_KIND_ITSELF, "huridocs", "4", "pairs of digits");
    refused(kind, LW_KIND_ITSELF, "huridocs", "4 1", "pairs of digits");
    refused(kind, LW_KIND_ITSELF, "huridocs", "4 01 ", "pairs of digits");
    refused(kind, LW_KIND_ITSELF, "lists", "items", "lists must be threats");
    refused(kind, LW_KIND_ITSELF, "lists", "threats, none", "lists must be threats");
    refused(kind, LW_KIND_ITSELF, "lists", "threats,", "lists must be threats");
    refused(kind, LW_KIND_ITSELF, "lists", "threats, threats", "\"threats\" stands twice");
    take(kind, LW_KIND_ITSELF, "lists", "none");
    refused(kind, LW_KIND_ITSELF, "lists", "threats", "this key stands twice");
    refused(kind, at, "type", "number", "type must be text");
    refused(kind, at, "many", "true", "yes or no");
    refused(kind, at, "item", "stolen", "item must be seized");
    refused(kind, at, "choices", "a, unknown", "can always be answered");
    refused(kind, at, "type", "text", "stands twice");
    assert_int_equal(lw_kind_finish(kind, &at, &err), LW_BAD_DATA);
    assert_true(at == LW_KIND_ITSELF);
    assert_string_equal(err.text, "a kind needs a label");
    assert_int_equal(lw_kind_new("Water", 5, &kind, &err), LW_BAD_DATA);
    assert_int_equal(lw_kind_ask(kind, "houses", 6, &at, &err), LW_BAD_DATA);
    assert_int_equal(lw_kind_ask(kind, "2nd", 3, &at, &err), LW_BAD_DATA);
    lw_kind_free(kind);
}

static void a_field_is_judged_as_a_whole(void **state)
{
    static const struct {
        const char *type, *key, *value, *part;
    } cases[] = {
        {"choice", "hint", "x", "at least two choices"},
        {"choice", "choices", "one", "at least two choices"},
        {"text", "choices", "a, b", "belong to type = choice"},
        {"text", "item", "seized", "belongs to type = items"},
        {"items", "hint", "x", "needs item"},
        {"yes-no", "many", "yes", "many = yes is not for"},
        {"long-text", "many", "yes", "many = yes is not for"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_kind *kind = begin("k");
        struct lw_error err = {.status = LW_OK};
        size_t at = ask(kind, "f", cases[i].type), wrong = 77;

        take(kind, LW_KIND_ITSELF, "label", "k");
        take(kind, at, cases[i].key, cases[i].value);
        assert_int_equal(lw_kind_finish(kind, &wrong, &err), LW_BAD_DATA);
        assert_int_equal(wrong, 0);
        if (strstr(err.text, cases[i].part) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", cases[i].part, err.text);
        lw_kind_drop(kind, wrong);
        assert_int_equal(lw_kind_finish(kind, &wrong, &err), LW_OK);
        lw_kind_free(kind);
    }
}

/* ---- all of them ---- */

static void put(struct lw_forms *forms, struct lw_kind *kind)
{
    struct lw_error err = {.status = LW_OK};

    if (lw_forms_put(forms, kind, &err) != LW_OK)
        fail_msg("%s", err.text);
}

static void a_kind_is_found_by_every_word_in_every_language(void **state)
{
    static const char *const words[] = {"water_cut", "Water-Cut", "ОТКЛЮЧЕНИЕ ВОДЫ", "no_water",
                                        "нет воды"};
    struct lw_forms *forms = lw_forms_new(forms_fixture(), LW_RUSSIAN);

    (void)state;
    put(forms, water_cut());
    for (size_t i = 0; i < LW_COUNT_OF(words); i++)
        assert_string_equal(lw_kind_find(forms, words[i], strlen(words[i])), "water_cut");
    assert_string_equal(lw_kind_label(forms, "water_cut"), "отключение воды");
    assert_string_equal(lw_kind_label(forms, "arson"), "поджог");
    assert_string_equal(lw_kind_label(forms_fixture(), "arson"), "arson");
    assert_null(lw_kind_find(forms_fixture(), "water_cut", 9));
    assert_null(lw_kind_find(NULL, "arson", 5));
    assert_string_equal(lw_kind_label(NULL, "arson"), "arson");
    lw_forms_free(forms);
}

/* Or a team's threat of its own would take every threat out of the list. */
static void what_does_not_state_its_lists_keeps_those_of_its_name(void **state)
{
    static const struct {
        const char *stated;
        unsigned lists;
    } cases[] = {
        {NULL, 1u << LW_KIND_IN_THREATS}, {"none", 0}, {"detentions", 1u << LW_KIND_IN_DETENTIONS}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_forms *below = lw_forms_new(NULL, LW_ENGLISH);
        struct lw_kind *first = begin("threat"), *second = begin("threat");
        struct lw_forms *forms;
        struct lw_buf text = LW_BUF_INIT;

        take(first, LW_KIND_ITSELF, "label", "threat");
        take(first, LW_KIND_ITSELF, "lists", "threats");
        take(second, LW_KIND_ITSELF, "label", "a threat");
        if (cases[i].stated != NULL)
            take(second, LW_KIND_ITSELF, "lists", cases[i].stated);
        assert_int_equal(lw_forms_put(below, first, NULL), LW_OK);
        forms = lw_forms_new(below, LW_ENGLISH);
        assert_int_equal(lw_forms_put(forms, second, NULL), LW_OK);
        assert_int_equal(lw_forms_kind(forms, "threat")->lists, cases[i].lists);
        assert_int_equal(lw_kind_write(second, &text), LW_OK);
        assert_true((strstr(text.data, "lists = ") != NULL) == (cases[i].stated != NULL));
        lw_buf_free(&text);
        lw_forms_free(forms);
        lw_forms_free(below);
    }
}

/* What comes later takes the place of what was there, and the forms below stay as they are. */
static void a_team_may_say_it_otherwise(void **state)
{
    struct lw_forms *forms = lw_forms_new(forms_fixture(), LW_ENGLISH);
    struct lw_kind *own = begin("arson");
    struct lw_kind *other = begin("blaze");

    (void)state;
    take(own, LW_KIND_ITSELF, "label", "set fire");
    own->origin = LW_KIND_TEAM;
    take(other, LW_KIND_ITSELF, "label", "raid");
    other->origin = LW_KIND_VAULT;
    put(forms, own);
    put(forms, other);
    assert_int_equal(lw_forms_count(forms), lw_forms_count(forms_fixture()) + 1);
    assert_string_equal(lw_kind_label(forms, "arson"), "set fire");
    assert_string_equal(lw_kind_label(forms_fixture(), "arson"), "arson");
    assert_null(lw_kind_find(forms, "fire", 4));
    assert_string_equal(lw_kind_find(forms, "raid", 4), "blaze");
    assert_string_equal(lw_kind_find(forms, "search", 6), "search");
    lw_forms_free(forms);
}

/* ---- in a vault ---- */

static struct lw_journal *reopen(struct fixture *fixture)
{
    const struct lw_journal_setup setup = {.clock = &fixture_clock, .forms = forms_fixture()};
    struct lw_journal *journal = NULL;
    struct lw_error err = {.status = LW_OK};

    if (lw_journal_open(fixture->store, &setup, &journal, &err) != LW_OK)
        fail_msg("%s", err.text);
    return journal;
}

static bool keep(struct fixture *fixture, struct lw_kind *kind)
{
    struct lw_error err = {.status = LW_OK};
    bool added = false;

    if (lw_journal_begin(fixture->journal, &err) != LW_OK ||
        lw_journal_keep_kind(fixture->journal, kind, &added, &err) != LW_OK ||
        lw_journal_commit(fixture->journal, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_kind_free(kind);
    return added;
}

static void a_vault_keeps_kinds(void **state)
{
    struct fixture *fixture = *state;
    struct lw_kind *other = begin("water_cut");
    struct lw_error err = {.status = LW_OK};
    struct lw_journal_check check;
    struct lw_journal *journal;
    uint64_t count = 0;

    assert_true(keep(fixture, water_cut()));
    journal = reopen(fixture);
    assert_string_equal(lw_kind_label(lw_journal_forms(journal), "water_cut"), "water cut");
    assert_int_equal(lw_forms_kind(lw_journal_forms(journal), "water_cut")->origin, LW_KIND_VAULT);
    assert_string_equal(lw_journal_forms_trouble(journal), "");
    lw_journal_close(journal);

    take(other, LW_KIND_ITSELF, "label", "no water");
    assert_false(keep(fixture, other));
    journal = reopen(fixture);
    assert_string_equal(lw_kind_label(lw_journal_forms(journal), "water_cut"), "no water");
    lw_journal_close(journal);
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_KIND, &count, &err), LW_OK);
    assert_int_equal(count, 1);
    assert_int_equal(lw_journal_check(fixture->journal, &check, &err), LW_OK);
    assert_int_equal(check.bad, 0);
    assert_int_equal(check.revisions, 2);
}

static void a_definition_is_judged_before_it_is_kept(void **state)
{
    static const char *const texts[][2] = {
        {"[water_cut]\nlabel = water cut\nsize = 3\n", "line 3: this key is not known"},
        {"[other]\nlabel = other\n", "is another one than in its definition"},
        {"label = x\n", "line 1: this is neither"},
        {"[water_cut]\n", "a kind needs a label"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < LW_COUNT_OF(texts); i++) {
        struct lw_error err = {.status = LW_OK};
        struct lw_record record;

        lw_record_init(&record, LW_RECORD_KIND);
        assert_int_equal(lw_record_set_text(&record, "name", "water_cut", 9), LW_OK);
        assert_int_equal(
            lw_record_set_text(&record, "definition", texts[i][0], strlen(texts[i][0])), LW_OK);
        assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
        assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_BAD_DATA);
        if (strstr(err.text, texts[i][1]) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", texts[i][1], err.text);
        lw_journal_rollback(fixture->journal);
        lw_record_clear(&record);
    }
}

/* As a later version would write it: told, and the rest can be read. */
static void what_cannot_be_read_locks_nobody_out(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_journal *journal;

    assert_true(keep(fixture, water_cut()));
    assert_int_equal(lw_store_exec(fixture->store,
                                   "INSERT INTO kind(id, name, definition) VALUES("
                                   "x'ff000000000000000000000000000000', 'later', "
                                   "'[later]' || char(10) || 'shape = round')",
                                   &err),
                     LW_OK);
    journal = reopen(fixture);
    assert_non_null(
        strstr(lw_journal_forms_trouble(journal), "\"later\" in the vault cannot be read: line 2"));
    assert_string_equal(lw_kind_label(lw_journal_forms(journal), "later"), "later");
    assert_string_equal(lw_kind_label(lw_journal_forms(journal), "water_cut"), "water cut");
    lw_journal_close(journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_state_its_lists_keeps_those_of_its_name),
        cmocka_unit_test(a_kind_is_written_and_read_back),
        cmocka_unit_test(a_text_that_is_cut_is_no_other_kind),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_field_is_judged_as_a_whole),
        cmocka_unit_test(a_kind_is_found_by_every_word_in_every_language),
        cmocka_unit_test(a_team_may_say_it_otherwise),
        TEST(a_vault_keeps_kinds),
        TEST(a_definition_is_judged_before_it_is_kept),
        TEST(what_cannot_be_read_locks_nobody_out),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
