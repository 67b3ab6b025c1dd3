/* Kinds and roles: found as people type them, labelled as people read them. */
#include "forms_fixture.h"
#include "journal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

static const char *kind(const char *text)
{
    return lw_kind_find(forms_fixture(), text, strlen(text));
}

static const char *role(const char *text)
{
    return lw_role_find(text, strlen(text));
}

static void every_kind_is_found_and_labelled(void **state)
{
    const struct lw_forms *forms = forms_fixture();
    size_t count = 0;

    (void)state;
    for (; count < lw_forms_count(forms); count++) {
        const struct lw_kind *one = lw_forms_at(forms, count);
        const char *label = lw_kind_label(forms, one->name);

        assert_ptr_equal(kind(one->name), one->name);
        assert_true(label[0] != '\0');
        assert_null(strchr(label, '_'));
        assert_string_equal(kind(label), one->name);
        assert_non_null(one->label.in[LW_RUSSIAN]);
        assert_string_equal(kind(one->label.in[LW_RUSSIAN]), one->name);
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(lw_forms_at(forms, i)->name, one->name);
    }
    assert_int_equal(count, 25);
}

static void case_hyphens_and_underscores_do_not_matter(void **state)
{
    (void)state;
    assert_string_equal(kind("Armed-Clash"), "armed_clash");
    assert_string_equal(kind("ARMED_CLASH"), "armed_clash");
    assert_string_equal(kind("armed clash"), "armed_clash");
    assert_string_equal(kind("Break-In"), "break_in");
    assert_string_equal(kind("denial-of_counsel"), "denial_of_counsel");
}

static void labels_are_found_or_read(void **state)
{
    (void)state;
    assert_string_equal(lw_kind_label(forms_fixture(), "own_measure"), "own measure");
    assert_string_equal(lw_kind_label(forms_fixture(), "break_in"), "break-in");
    assert_string_equal(lw_kind_label(forms_fixture(), "destruction"), "destruction of property");
    assert_string_equal(lw_kind_label(forms_fixture(), "water_cut"), "water_cut");
}

static void synonyms_lead_to_kinds(void **state)
{
    (void)state;
    assert_string_equal(kind("clash"), "armed_clash");
    assert_string_equal(kind("House-Search"), "search");
    assert_string_equal(kind("Destruction of property"), "destruction");
    assert_string_equal(kind("public-accusation"), "accusation");
    assert_string_equal(kind("denial"), "official_denial");
}

static void other_words_are_no_kinds(void **state)
{
    (void)state;
    assert_null(kind(""));
    assert_null(kind("foo"));
    assert_null(kind("arsonist"));
    assert_null(kind("arso"));
    assert_null(kind("1"));
    assert_null(kind("armed__clash"));
    assert_null(kind("a word so long that it cannot be a kind of entry at all"));
    assert_null(lw_kind_find(forms_fixture(), "arson\0", 6));
    assert_string_equal(lw_kind_find(forms_fixture(), "arson-victim", 5), "arson");
}

static void roles_are_those_of_the_record(void **state)
{
    int at = lw_field_find(LW_RECORD_PARTICIPATION, "role");
    const char *const *words;

    (void)state;
    assert_true(at >= 0);
    words = lw_record_infos[LW_RECORD_PARTICIPATION].fields[at].words;
    assert_non_null(words[0]);
    for (; *words != NULL; words++) {
        assert_ptr_equal(role(*words), *words);
        assert_true(lw_role_label(*words)[0] != '\0');
        assert_string_equal(lw_role_word(*words, LW_ENGLISH), *words);
        assert_string_not_equal(lw_role_word(*words, LW_RUSSIAN), *words);
        assert_null(strchr(lw_role_word(*words, LW_RUSSIAN), ' ')); /* +ROLE: is one word */
        assert_ptr_equal(role(lw_role_word(*words, LW_RUSSIAN)), *words);
    }
    assert_string_equal(role("Предполагаемый исполнитель"), "perpetrator");
    assert_string_equal(role("ПОТЕРПЕВШАЯ"), "victim");
    assert_null(role("герой"));
    assert_string_equal(role("Victim"), "victim");
    assert_null(role("hero"));
    assert_null(role(""));
}

static void a_perpetrator_is_alleged(void **state)
{
    (void)state;
    assert_string_equal(lw_role_label("perpetrator"), "alleged perpetrator");
    assert_string_equal(lw_role_label("victim"), "victim");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found_and_labelled),
        cmocka_unit_test(case_hyphens_and_underscores_do_not_matter),
        cmocka_unit_test(labels_are_found_or_read),
        cmocka_unit_test(synonyms_lead_to_kinds),
        cmocka_unit_test(other_words_are_no_kinds),
        cmocka_unit_test(roles_are_those_of_the_record),
        cmocka_unit_test(a_perpetrator_is_alleged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
