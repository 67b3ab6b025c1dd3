/* Files of forms: what counts, and for whatever is wrong its file, line and reason, while the rest
 * counts all the same. */
#include "app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct told {
    unsigned count;
    char first[700];
    char all[4096];
};

static void note(void *context, const char *text)
{
    struct told *told = context;
    size_t used = strlen(told->all);

    if (told->count++ == 0)
        snprintf(told->first, sizeof told->first, "%s", text);
    snprintf(told->all + used, sizeof told->all - used, "%s\n", text);
}

static struct lw_forms *parse(const char *text, size_t len, struct told *told)
{
    struct lw_forms *forms = lw_forms_new(NULL, LW_ENGLISH);
    struct lw_error err = {.status = LW_OK};

    *told = (struct told){.count = 0};
    if (forms == NULL ||
        lw_forms_parse("t.ini", text, len, LW_KIND_TEAM, note, told, forms, &err) != LW_OK)
        fail_msg("%s", err.text);
    return forms;
}

/* All kinds as text. */
static void write_all(const struct lw_forms *forms, struct lw_buf *out)
{
    for (size_t i = 0; i < lw_forms_count(forms); i++)
        assert_int_equal(lw_kind_write(lw_forms_at(forms, i), out), LW_OK);
}

static void expect(const char *text, const char *kinds, const char *warnings)
{
    struct told told;
    struct lw_forms *forms = parse(text, strlen(text), &told);
    struct lw_buf all = LW_BUF_INIT;

    write_all(forms, &all);
    assert_string_equal(lw_buf_text(&all), kinds);
    assert_string_equal(told.all, warnings);
    lw_buf_free(&all);
    lw_forms_free(forms);
}

/* ---- what counts ---- */

static void a_good_file_counts_whole(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF# a comment\r\n; another\r\n\r\n"
           "  [ water_cut ]\r\n"
           "label=\"water; cut #1\"\r\n"
           "label.ru   =   отключение воды\r\n"
           "[water_cut/houses]\r\n"
           "type = count\r\nlabel = houses",
           "[water_cut]\nlabel = water; cut #1\nlabel.ru = отключение воды\n"
           "[water_cut/houses]\nlabel = houses\ntype = count\n",
           "");
    expect("", "", "");
    expect("\n\n# nothing\n", "", "");
}

/* Fields of one kind may stand apart; their order is that of the file. */
static void the_order_is_that_of_the_file(void **state)
{
    (void)state;
    expect("[b]\nlabel = b\n[a]\nlabel = a\n[b/y]\nlabel = y\ntype = text\n"
           "[a/x]\nlabel = x\ntype = text\n[b/x]\nlabel = x\ntype = text\n",
           "[b]\nlabel = b\n[b/y]\nlabel = y\ntype = text\n[b/x]\nlabel = x\ntype = text\n"
           "[a]\nlabel = a\n[a/x]\nlabel = x\ntype = text\n",
           "");
}

static void what_is_not_whole_is_left_out(void **state)
{
    (void)state;
    expect("[a]\nlabel = a\n[a/x]\nlabel = x\n[a/y]\nlabel = y\ntype = text\n[b]\nwords = c\n",
           "[a]\nlabel = a\n[a/y]\nlabel = y\ntype = text\n",
           "t.ini:3: a field needs a type\nt.ini:8: a kind needs a label\n");
    expect("[a]\nlabel = a\ncheck.3.ru = x\ncheck.9.ru = x\ncheck.2 = y\n",
           "[a]\nlabel = a\ncheck.1 = y\n",
           "t.ini:1: check.3.ru stands without check.3\n"
           "t.ini:1: check.9.ru stands without check.9\n");
    expect("[ok]\nlabel = fine\nsize = 3\n[ok/x]\nlabel = x\n[Bad]\nlabel = bad\n",
           "[ok]\nlabel = fine\n",
           "t.ini:3: this key is not known; a kind has label, words, huridocs, lists, first, and "
           "check.1 to check.16\n"
           "t.ini:4: a field needs a type\n"
           "t.ini:6: the name of a kind begins with a small Latin letter and has at most 31 of "
           "a-z, 0-9 and _\n");
    expect("[a]\nlabel = a\nlabel = b\n[a]\nlabel = c\n[c/x]\nlabel = x\ntype = text\n",
           "[a]\nlabel = a\n",
           "t.ini:3: this key stands twice; the first one counts\n"
           "t.ini:4: this kind stands twice in the file; the first one counts\n"
           "t.ini:6: the section of the kind itself must stand above it in the same file\n");
    expect("[a]\nlabel = a\nwords = fire\n[b]\nlabel = Fire\n",
           "[a]\nlabel = a\nwords = fire\n[b]\nlabel = Fire\n",
           "t.ini:4: \"Fire\" leads to the kind a already\n");
}

/* ---- a hundred files that are wrong ---- */

static const char *const good[] = {
    "[water_cut]",
    "label = water cut",
    "words = no water, dry",
    "first = when, place",
    "[water_cut/houses]",
    "label = houses",
    "type = count",
    "[power_cut]",
    "label = power cut",
    "[power_cut/street]",
    "label = street",
    "type = choice",
    "choices = north, south",
};

enum place { IN_FRONT, IN_KIND, IN_FIELD, PLACES };

/* A line that is wrong wherever it stands, and why: in front of all sections, in that of a kind, in
 * that of a field. */
static const struct {
    const char *line;
    const char *reason[PLACES];
} wrong[] = {
#define EVERYWHERE(text)                                                                           \
    {                                                                                              \
        text, text, text                                                                           \
    }
#define NEEDS_SECTION "a key needs a section above it"
    {"nonsense", EVERYWHERE("neither [section], key = value nor a comment")},
    {"label", EVERYWHERE("neither [section], key = value nor a comment")},
    {"\xFF\xFE", EVERYWHERE("not UTF-8 text")},
    {"label = \xC3(", EVERYWHERE("not UTF-8 text")},
    {"= x", {NEEDS_SECTION, "a key has small Latin letters", "a key has small Latin letters"}},
    {"Label2 = x", {NEEDS_SECTION, "a key has small Latin", "a key has small Latin"}},
    {"метка = x", {NEEDS_SECTION, "a key has small Latin", "a key has small Latin"}},
    {"label.ru =", {NEEDS_SECTION, "the value is missing", "the value is missing"}},
    {"label.ru = \"\"", {NEEDS_SECTION, "the value is missing", "the value is missing"}},
    {"label.ru = \" x\"", {NEEDS_SECTION, "begin or end with a blank", "begin or end with a"}},
    {"label.ru = a # b", {NEEDS_SECTION, "in double quotes", "in double quotes"}},
    {"label.ru = a ; b", {NEEDS_SECTION, "in double quotes", "in double quotes"}},
    {"label.ru = a \"b\" c", {NEEDS_SECTION, "a quotation mark", "a quotation mark"}},
    {"label.ru = 'a'", {NEEDS_SECTION, "use double quotes", "use double quotes"}},
    {"label.ru = a\\", {NEEDS_SECTION, "a backslash", "a backslash"}},
    {"label.ru = a\tb", {NEEDS_SECTION, "control or direction", "control or direction"}},
    {"label.ru = \xE2\x80\xAE", {NEEDS_SECTION, "control or direction", "control or direction"}},
    {"label.ru = a name that is much too long for a label of a kind",
     {NEEDS_SECTION, "longer than 40 columns", "longer than 40 columns"}},
    {"label.fr = x", {NEEDS_SECTION, "this key is not known", "this key is not known"}},
    {"size = 3", {NEEDS_SECTION, "this key is not known", "this key is not known"}},
    {"check.1 = x", {NEEDS_SECTION, NULL, "this key is not known"}},
    {"check.0 = x", {NEEDS_SECTION, "this key is not known", "this key is not known"}},
    {"check.99 = x", {NEEDS_SECTION, "this key is not known", "this key is not known"}},
    {"huridocs = 04 01", {NEEDS_SECTION, "a HURIDOCS code is", "this key is not known"}},
    {"huridocs = four", {NEEDS_SECTION, "a HURIDOCS code is", "this key is not known"}},
    {"lists = items", {NEEDS_SECTION, "lists must be threats", "this key is not known"}},
    {"lists = threats, threats", {NEEDS_SECTION, "stands twice", "this key is not known"}},
    {"type = number", {NEEDS_SECTION, "this key is not known", "stands twice"}},
    {"many = 1", {NEEDS_SECTION, "this key is not known", "many must be yes or no"}},
    {"item = stolen", {NEEDS_SECTION, "this key is not known", "item must be seized"}},
    {"choices = a, A", {NEEDS_SECTION, "this key is not known", "\"A\" stands twice"}},
    {"choices = a, unknown", {NEEDS_SECTION, "this key is not known", "can always be answered"}},
    {"choices = a,", {NEEDS_SECTION, "this key is not known", "between two commas"}},
    {"label = again", {NEEDS_SECTION, "stands twice", "stands twice"}},
    {"first = title", {NEEDS_SECTION, "stands twice", "this key is not known"}},
    {"words = ,", {NEEDS_SECTION, "stands twice", "this key is not known"}},
};

/* Sections that are wrong: what stands below them does not count, so they come last. */
static const struct {
    const char *line;
    const char *reason;
} sections[] = {
    {"[]", "a section is written [kind]"},
    {"[", "a section is written [kind]"},
    {"[open", "a section is written [kind]"},
    {"[a] b", "a section is written [kind]"},
    {"[Water]", "the name of a kind begins with a small Latin letter"},
    {"[9lives]", "the name of a kind begins"},
    {"[вода]", "the name of a kind begins"},
    {"[a b]", "the name of a kind begins"},
    {"[a_name_that_has_more_than_31_bytes]", "the name of a kind begins"},
    {"[water_cut]", "this kind stands twice in the file"},
    {"[water_cut/]", "the name of a field begins"},
    {"[water_cut/Houses]", "the name of a field begins"},
    {"[water_cut/a/b]", "the name of a field begins"},
    {"[water_cut/houses]", "this field stands twice"},
    {"[/houses]", "must stand above it in the same file"},
    {"[gas_cut/houses]", "must stand above it in the same file"},
};

static size_t files;

/* The good lines with one that is wrong in front of that one: it alone is told, with its line, and
 * everything else is as without it. */
static void one_is_wrong(size_t at, const char *line, const char *reason)
{
    struct lw_buf text = LW_BUF_INIT, with = LW_BUF_INIT, without = LW_BUF_INIT;
    struct told told, none;
    struct lw_forms *forms, *clean;
    char place[32];

    for (size_t i = 0; i < LW_COUNT_OF(good); i++)
        assert_int_equal(lw_buf_addf(&text, "%s\n", good[i]), LW_OK);
    clean = parse(text.data, text.len, &none);
    assert_string_equal(none.all, "");
    lw_buf_clear(&text);
    for (size_t i = 0; i <= LW_COUNT_OF(good); i++) {
        if (i == at)
            assert_int_equal(lw_buf_addf(&text, "%s\n", line), LW_OK);
        if (i < LW_COUNT_OF(good))
            assert_int_equal(lw_buf_addf(&text, "%s\n", good[i]), LW_OK);
    }
    forms = parse(text.data, text.len, &told);
    snprintf(place, sizeof place, "t.ini:%zu: ", at + 1);
    if (told.count != 1 || strncmp(told.first, place, strlen(place)) != 0 ||
        strstr(told.first, reason) == NULL)
        fail_msg("%s at line %zu: \"%s\", not \"%s\"", line, at + 1, told.all, reason);
    write_all(clean, &without);
    write_all(forms, &with);
    assert_string_equal(lw_buf_text(&with), lw_buf_text(&without));
    lw_forms_free(clean);
    lw_forms_free(forms);
    lw_buf_free(&text);
    lw_buf_free(&with);
    lw_buf_free(&without);
    files++;
}

static void a_hundred_wrong_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(wrong); i++) {
        static const size_t at[PLACES] = {0, 4, 7};

        for (int place = 0; place < PLACES; place++) {
            if (wrong[i].reason[place] != NULL)
                one_is_wrong(at[place], wrong[i].line, wrong[i].reason[place]);
        }
    }
    for (size_t i = 0; i < LW_COUNT_OF(sections); i++)
        one_is_wrong(LW_COUNT_OF(good), sections[i].line, sections[i].reason);
    assert_true(files >= 100);
}

static void a_line_may_not_be_longer_than_iniparser_takes(void **state)
{
    struct lw_buf line = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_adds(&line, "words = "), LW_OK);
    while (line.len <= 1000)
        assert_int_equal(lw_buf_addc(&line, 'x'), LW_OK);
    one_is_wrong(5, line.data, "longer than 1000 bytes");
    lw_buf_free(&line);
}

/* A NUL ends no line, and what stands behind it is not lost with it. */
static void any_byte_may_stand_there(void **state)
{
    static const char text[] = "[a]\nlabel = a\nla\0bel = b\n[b]\nlabel = b\n";
    struct told told;
    struct lw_forms *forms = parse(text, sizeof text - 1, &told);

    (void)state;
    assert_string_equal(told.all, "t.ini:3: the line is not UTF-8 text\n");
    assert_int_equal(lw_forms_count(forms), 2);
    lw_forms_free(forms);
    for (int byte = 0; byte < 256; byte++) {
        char odd[] = "[a]\nlabel = a\nwords = x?y\n[b]\nlabel = b\n";

        *strchr(odd, '?') = (char)byte;
        forms = parse(odd, sizeof odd - 1, &told);
        assert_true(lw_forms_kind(forms, "b") != NULL);
        lw_forms_free(forms);
    }
}

static void too_much_is_refused_with_its_line(void **state)
{
    struct lw_buf text = LW_BUF_INIT;
    struct told told;
    struct lw_forms *forms;

    (void)state;
    assert_int_equal(lw_buf_adds(&text, "[a]\nlabel = a\n"), LW_OK);
    for (int i = 0; i < LW_KIND_ASKS + 1; i++)
        assert_int_equal(lw_buf_addf(&text, "[a/f%d]\nlabel = f\ntype = text\n", i), LW_OK);
    forms = parse(text.data, text.len, &told);
    assert_string_equal(told.all, "t.ini:99: a kind has at most 32 fields of its own\n");
    assert_int_equal(lw_forms_at(forms, 0)->question_count, LW_KIND_ASKS);
    lw_forms_free(forms);
    lw_buf_clear(&text);
    for (int i = 0; i < 257; i++)
        assert_int_equal(lw_buf_addf(&text, "[k%d]\nlabel = k%d\n", i, i), LW_OK);
    forms = parse(text.data, text.len, &told);
    assert_string_equal(told.all, "t.ini:513: a file has at most 256 kinds\n");
    assert_int_equal(lw_forms_count(forms), 256);
    lw_forms_free(forms);
    lw_buf_free(&text);
}

/* ---- where they come from ---- */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct lw_forms *load(const char *config_name, int language, struct told *told)
{
    struct lw_config config;
    struct lw_forms *forms = NULL;
    struct lw_error err = {.status = LW_OK};

    *told = (struct told){.count = 0};
    lw_config_init(&config);
    config.language = language;
    config.name = lw_text_copy(config_name, strlen(config_name));
    if (lw_forms_load(&config, note, told, &forms, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_config_clear(&config);
    return forms;
}

/* This program stands where nothing is shipped beside it: that is said, and what a team has counts.
 */
static void without_what_is_shipped_the_rest_counts(void **state)
{
    char folder[] = "/tmp/lw-forms-XXXXXX";
    char config[64], team[64];
    struct told told;
    struct lw_forms *forms;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(config, sizeof config, "%s/lapwing.ini", folder);
    snprintf(team, sizeof team, "%s/forms.ini", folder);
    forms = load(config, -1, &told);
    assert_int_equal(lw_forms_count(forms), 0);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.first, "searches are in no list: forms is not in "));
    assert_string_equal(lw_kind_label(forms, "arson"), "arson");
    lw_forms_free(forms);

    write_file(team, "[a]\nlabel = a\nlabel.ru = я\n1\n2\n3\n4\n5\n");
    forms = load(config, LW_RUSSIAN, &told);
    assert_int_equal(lw_forms_count(forms), 1);
    assert_int_equal(lw_forms_at(forms, 0)->origin, LW_KIND_TEAM);
    assert_string_equal(lw_kind_label(forms, "a"), "я");
    assert_int_equal(told.count, 1 + 3 + 1); /* a few of one file, not all at every start */
    assert_non_null(strstr(told.all, "forms.ini:4: this is neither"));
    assert_non_null(strstr(told.all, "forms.ini: 2 more; \"lapwing forms check\" tells them all"));
    lw_forms_free(forms);

    assert_int_equal(unlink(team), 0);
    assert_int_equal(mkdir(team, 0700), 0); /* no file at all */
    forms = load(config, -1, &told);
    assert_int_equal(lw_forms_count(forms), 0);
    assert_non_null(strstr(told.all, "forms.ini: Is a directory"));
    lw_forms_free(forms);
    assert_int_equal(rmdir(team), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void the_language_is_configured_or_that_of_the_environment(void **state)
{
    struct told told;
    struct lw_forms *forms;

    (void)state;
    setenv("LC_ALL", "ru_RU.UTF-8", 1);
    forms = load("/nowhere/lapwing.ini", -1, &told);
    assert_int_equal(lw_forms_language(forms), LW_RUSSIAN);
    lw_forms_free(forms);
    forms = load("/nowhere/lapwing.ini", LW_ENGLISH, &told);
    assert_int_equal(lw_forms_language(forms), LW_ENGLISH);
    lw_forms_free(forms);
    setenv("LC_ALL", "", 1);
    setenv("LC_MESSAGES", "rue_XX", 1);
    setenv("LANG", "ru", 1);
    forms = load("/nowhere/lapwing.ini", -1, &told);
    assert_int_equal(lw_forms_language(forms), LW_ENGLISH);
    lw_forms_free(forms);
}

/* ---- what is shipped ---- */

static void what_is_shipped_is_whole(void **state)
{
    static const char *const names[] = {"share/forms/acts.ini", "share/forms/public.ini",
                                        "share/forms/work.ini"};
    static const char *const kinds[] = {
        "armed_clash", "killing",      "disappearance", "detention",       "search",
        "break_in",    "seizure",      "destruction",   "arson",           "assault",
        "threat",      "accusation",   "announcement",  "demonstration",   "denial_of_counsel",
        "reply",       "intervention", "own_measure",   "official_denial", "collective_punishment",
        "statement",   "note",         "context",       "body_search",     "vehicle_search"};
    struct lw_forms *forms = lw_forms_new(NULL, LW_RUSSIAN);
    struct told told = {.count = 0};
    struct lw_error err = {.status = LW_OK};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        FILE *file = fopen(names[i], "r");
        static char text[65536];
        size_t len;

        assert_non_null(file);
        len = fread(text, 1, sizeof text, file);
        fclose(file);
        assert_int_equal(
            lw_forms_parse(names[i], text, len, LW_KIND_SHIPPED, note, &told, forms, &err), LW_OK);
    }
    assert_string_equal(told.all, "");
    assert_int_equal(lw_forms_count(forms), LW_COUNT_OF(kinds));
    for (size_t i = 0; i < LW_COUNT_OF(kinds); i++) {
        const struct lw_kind *kind = lw_forms_kind(forms, kinds[i]);

        assert_non_null(kind);
        assert_non_null(kind->label.in[LW_RUSSIAN]);
        for (size_t k = 0; k < kind->question_count; k++) {
            const struct lw_question *question = &kind->question[k];

            assert_non_null(question->label.in[LW_RUSSIAN]);
            assert_int_equal(question->choice_count[LW_RUSSIAN],
                             question->choice_count[LW_ENGLISH]);
            assert_true((question->hint.in[LW_ENGLISH] == NULL) ==
                        (question->hint.in[LW_RUSSIAN] == NULL));
        }
        for (size_t k = 0; k < kind->check_count; k++)
            assert_non_null(kind->check[k].in[LW_RUSSIAN]);
    }
    lw_forms_free(forms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_counts_whole),
        cmocka_unit_test(the_order_is_that_of_the_file),
        cmocka_unit_test(what_is_not_whole_is_left_out),
        cmocka_unit_test(a_hundred_wrong_files),
        cmocka_unit_test(a_line_may_not_be_longer_than_iniparser_takes),
        cmocka_unit_test(any_byte_may_stand_there),
        cmocka_unit_test(too_much_is_refused_with_its_line),
        cmocka_unit_test(without_what_is_shipped_the_rest_counts),
        cmocka_unit_test(the_language_is_configured_or_that_of_the_environment),
        cmocka_unit_test(what_is_shipped_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
