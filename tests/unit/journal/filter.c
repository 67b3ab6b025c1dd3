/* The filter language: what it lets through, what it says where it is not understood, that nothing
 * that is typed breaks it. */
#include "journal_fixture.h"

#include <stdio.h>

static void passes(struct fixture *fixture, const char *text, const char *expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    size_t at = 0;

    if (lw_filter_read(fixture->journal, text, strlen(text), &tree, &at, &err) != LW_OK)
        fail_msg("%s: %s", text, err.text);
    const struct lw_filter filter = {.tree = tree};
    if (lw_timeline_each(fixture->journal, &filter, fixture_list_row, &list, &err) != LW_OK)
        fail_msg("%s: %s", text, err.text);
    if (strcmp(lw_buf_text(&list.text), expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, lw_buf_text(&list.text), expected);
    lw_buf_free(&list.text);
    lw_filter_free(tree);
}

static void fails(struct fixture *fixture, const char *text, size_t byte, const char *expected)
{
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    size_t at = 9999;

    assert_int_equal(lw_filter_read(fixture->journal, text, strlen(text), &tree, &at, &err),
                     LW_BAD_DATA);
    assert_null(tree);
    if (strcmp(err.text, expected) != 0 || at != byte)
        fail_msg("%s: byte %zu: %s", text, at, err.text);
}

static int open_filled(void **state)
{
    uint8_t sergei[LW_RECORD_ID], anna[LW_RECORD_ID], town[LW_RECORD_ID], office[LW_RECORD_ID];
    uint8_t letter[LW_RECORD_ID], press[LW_RECORD_ID], attacks[LW_RECORD_ID], e[6][LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID];
    struct fixture *fixture;

    fixture_open(state);
    fixture = *state;
    fixture_make(fixture, LW_RECORD_INCIDENT, attacks, "title", "Attacks on the JMG", "status",
                 "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, sergei, "kind", "individual", "name", "Сергей Бабинец",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, anna, "kind", "individual", "name", "Anna P.",
                 "code_name", "Rook", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, office, "name", "JMG office", "parent", town,
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, letter, "ref", "S1", "title", "joint letter",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, press, "ref", "S2", "title", "press release", "author",
                 "ministry", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, e[0], "ref", "E01", "title", "Office burned", "status",
                 "sealed", "kind", "arson", "when", "2014-12-13 evening", "place", office,
                 "incident", attacks, "hedge", "apparent", "confidentiality", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, e[1], "ref", "E02", "title", "Flat searched", "status",
                 "draft", "kind", "search", "when", "2014-12-14", "place", town, "narrative",
                 "no warrant was shown", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, e[2], "ref", "E03", "title", "Call from a stranger",
                 "status", "draft", "kind", "threat", "when", "2014-12-15 21:00", "confidentiality",
                 "restricted", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, e[3], "ref", "E04", "title", "Or and not", "status",
                 "draft", "kind", "strange_one", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, e[4], "ref", "E05", "title", "Office empty", "status",
                 "draft", "when", "2015", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", e[1], "party", sergei, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", e[2], "party", anna, "role",
                 "addressee", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", e[0], "party", sergei, "role",
                 "witness", (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", e[1], "key", "warrant", "text", "no",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", e[2], "key", "channel", "text", "sms",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", e[1], "kind", "seized", "description",
                 "laptop computers", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", e[0], "source", letter, "quote",
                 "in the evening", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", account, "fact", "time", "text",
                 "evening", "stance", "asserted", "status", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", e[0], "source", press, "quote",
                 "in the morning", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", account, "fact", "time", "text",
                 "morning", "stance", "asserted", "status", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_TASK, NULL, "entry", e[1], "title", "complain", "due",
                 "2014-12-15", (char *)NULL);
    fixture_make(fixture, LW_RECORD_TASK, NULL, "entry", e[2], "title", "call back", "due",
                 "2014-12-16", (char *)NULL);
    return 0;
}

static void every_key(void **state)
{
    static const char *const cases[][2] = {
        {"", "E01 E02 E03 E05 E04"},
        {" \t ", "E01 E02 E03 E05 E04"},
        {"kind:arson", "E01"},
        {"вид:arson", "E01"},
        {"kind:strange_one", "E04"},
        {"person:Babinets", "E01 E02"},
        {"человек:бабинец", "E01 E02"},
        {"person:\"Babinets Sergey\"", "E01 E02"},
        {"person:rook", "E03"},
        {"victim:Babinec", "E02"},
        {"потерпевший:Бабинец", "E02"},
        {"источник:S2", "E01"},
        {"place:Grozny", "E01 E02"},
        {"место:Грозный", "E01 E02"},
        {"place:office", "E01"},
        {"source:S2", "E01"},
        {"source:ministry", "E01"},
        {"incident:\"attacks on the jmg\"", "E01"},
        {"name:Grozny", "E01 E02"},
        {"ref:e03", "E03"},
        {"¼", ""},
        {"status:draft", "E02 E03 E05 E04"},
        {"статус:закрыто", "E01"},
        {"is:sealed", "E01"},
        {"confidentiality:restricted", "E03"},
        {"доступ:открыто", "E01"},
        {"since:2014-12-14", "E02 E03 E05 E04"},
        {"until:2014-12-14", "E01 E02 E04"},
        {"since:2014-12-14 until:\"14 dec 2014\"", "E02 E04"},
        {"when:\"2014-12-13 evening\"", "E01 ~E04"},
        {"hedge:apparent", "E01"},
        {"has:hedge", "E01"},
        {"has:contradiction", "E01"},
        {"есть:противоречие", "E01"},
        {"has:account", "E01"},
        {"no:source", "E02 E03 E05 E04"},
        {"has:item", "E02"},
        {"item:seized", "E02"},
        {"item:laptop", "E02"},
        {"предмет:изъято", "E02"},
        {"has:task", "E02 E03"},
        {"is:overdue", "E02"},
        {"is:incomplete", "E02 E03 E05 E04"},
        {"no:date", "E04"},
        {"no:kind", "E05"},
        {"has:text", "E02"},
        {"warrant:no", "E02"},
        {"warrant:нет", "E02"},
        {"channel:sms", "E03"},
        {"burned", "E01"},
        {"BURN*", "E01"},
        {"burn", "E01"},
        {"\"burn\"", ""},
        {"Бабинец", "E01 E02"},
        {"\"no warrant\"", "E02"},
        {"«no warrant»", "E02"},
        {"\"warrant no\"", ""},
        {"\"Babinets\"", ""},
        {"13:00", ""},
    };

    for (size_t i = 0; i < LW_COUNT_OF(cases); i++)
        passes(*state, cases[i][0], cases[i][1]);
}

static void conditions_are_joined(void **state)
{
    static const char *const cases[][2] = {
        {"office burned", "E01"},
        {"office -burned", "E05"},
        {"-office", "E02 E03 E04"},
        {"-kind:arson", "E02 E03 E05 E04"},
        {"NOT kind:arson", "E02 E03 E05 E04"},
        {"НЕ kind:arson status:draft", "E02 E03 E05 E04"},
        {"--kind:arson", "E01"},
        {"kind:arson or kind:threat", "E01 E03"},
        {"kind:arson или kind:threat", "E01 E03"},
        {"kind:arson or kind:search person:Babinets", "E01 E02"},
        {"(kind:arson or kind:threat) person:rook", "E03"},
        {"(kind:arson kind:threat) or office", "E01 E05"},
        {"-(office or kind:threat)", "E02 E04"},
        {"-(-office)", "E01 E05"},
        {"kind:arson and office", "E01"},
        {"kind:arson и office", "E01"},
        {"\"or\" \"and\" \"not\"", "E04"},
        {"-when:2014-12-13", "E02 E03 E05"},
        {"-since:2014-12-14", "E01"},
        {"kind:arson\nkind:threat\n\n", "E01 E03"},
        {"(kind:arson\nor kind:threat)", "E01 E03"},
        {"-no:account", "E01"},
        {"-place:Grozny -person:rook", "E05 E04"},
        {"no:hedge -has:task", "E05 E04"},
        {"-incident:Attacks", "E02 E03 E05 E04"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(cases); i++)
        passes(*state, cases[i][0], cases[i][1]);
}

static void errors_say_where_and_what(void **state)
{
    static const struct {
        const char *text;
        size_t byte;
        const char *error;
    } cases[] = {
        {"kind:arsn", 5, "character 6: no kind of entry is called \"arsn\"; did you mean arson?"},
        {"вид:поджок", 7, "character 5: no kind of entry is called \"поджок\""},
        {"knid:arson", 0,
         "character 1: no key is called \"knid\"; did you mean kind?; in quotes, \"knid:...\", it "
         "is looked for"},
        {"kind:", 5,
         "character 6: a value must stand right behind kind:, with blanks in it in quotes"},
        {"kind: arson", 5,
         "character 6: a value must stand right behind kind:, with blanks in it in quotes"},
        {"person:Nobody", 7,
         "character 8: no person or group is called \"Nobody\", in any spelling"},
        {"place:Moscow", 6, "character 7: no place is called \"Moscow\", in any spelling"},
        {"ref:E99", 4, "character 5: no entry has the reference \"E99\""},
        {"status:done", 7, "character 8: status: takes draft or sealed"},
        {"is:late", 3, "character 4: is: takes draft, sealed, incomplete or overdue"},
        {"since:yesteryear", 6, NULL},
        {"office (burned", 7, "character 8: this parenthesis is not closed"},
        {"office burned)", 13, "character 14: no parenthesis was opened for this one"},
        {"()", 1, "character 2: a condition is missing here"},
        {"office or", 9, "character 10: a condition is missing here"},
        {"or office", 0,
         "character 1: a condition is missing before \"or\"; in quotes it is a word"},
        {"office or or x", 10,
         "character 11: a condition is missing before \"or\"; in quotes it is a word"},
        {"\"office", 0, "character 1: these quotes are not closed; \" closes them"},
        {"«office", 0, "character 1: these quotes are not closed; » closes them"},
        {"- office", 0, "character 1: what is to be left out must follow the hyphen at once"},
        {"не пустили", 0,
         "character 1: \"не\" can mean two things: a hyphen before a word leaves out what has it; "
         "in quotes it is a word"},
        {"warrant:maybe", 8, NULL},
        {"office\nkind:arsn", 12,
         "line 2, character 6: no kind of entry is called \"arsn\"; did you mean arson?"},
        {"...", 0, "character 1: this has no letter or digit to look for"},
        {"🔥", 0, "character 1: this has no letter or digit to look for"},
        {"пожар ...", 11, "character 7: this has no letter or digit to look for"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_filter_tree *tree = NULL;
        struct lw_error err = {0};
        size_t at = 0;

        if (cases[i].error != NULL) {
            fails(fixture, cases[i].text, cases[i].byte, cases[i].error);
            continue;
        }
        assert_int_equal(lw_filter_read(fixture->journal, cases[i].text, strlen(cases[i].text),
                                        &tree, &at, &err),
                         LW_BAD_DATA);
        assert_int_equal(at, cases[i].byte);
    }
}

/* What is read can be looked for: as many words as a search takes, joined by signs. */
static void the_longest_words(void **state)
{
    static const struct {
        const char *before, *behind;
        size_t told;
    } forms[] = {{"", "", 0}, {"\"", "\"", 0}, {"item:", "", 5}};
    char word[1026], text[1100], expected[100];

    for (size_t at = 0; at < sizeof(word); at++)
        word[at] = at % 2 == 0 ? 'q' : '-';
    word[1025] = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(forms); i++) {
        snprintf(text, sizeof(text), "%s%.1024s%s", forms[i].before, word, forms[i].behind);
        passes(*state, text, "");
        snprintf(text, sizeof(text), "%s%s%s", forms[i].before, word, forms[i].behind);
        snprintf(expected, sizeof(expected),
                 "character %zu: search for fewer words: at most 1024 bytes, not 1025",
                 forms[i].told + 1);
        fails(*state, text, forms[i].told, expected);
    }
}

static void limits(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    size_t at;

    for (int i = 0; i < 64; i++)
        assert_int_equal(lw_buf_adds(&text, "x "), LW_OK);
    passes(fixture, text.data, "");
    assert_int_equal(lw_buf_adds(&text, "x"), LW_OK);
    fails(fixture, text.data, 128, "character 129: too many conditions; at most 64");
    lw_buf_clear(&text);
    for (int i = 0; i < 33; i++)
        assert_int_equal(lw_buf_adds(&text, "("), LW_OK);
    fails(fixture, text.data, 32,
          "character 33: too many parentheses inside each other; at most 32");
    lw_buf_clear(&text);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(lw_buf_adds(&text, "-"), LW_OK);
    assert_int_equal(lw_filter_read(fixture->journal, text.data, text.len, &tree, &at, &err),
                     LW_TOO_LONG);
    assert_int_equal(lw_filter_read(fixture->journal, text.data, 4000, &tree, &at, &err),
                     LW_BAD_DATA);
    assert_int_equal(lw_filter_read(fixture->journal, "a\xff", 2, &tree, &at, &err), LW_BAD_DATA);
    assert_int_equal(at, 1);
    lw_buf_free(&text);
}

static void the_moment_that_is_asked_about(void **state)
{
    static const struct {
        const char *text;
        bool asked;
    } cases[] = {
        {"when:2014", true},   {"office when:2014 -burned", true}, {"(office when:2014)", true},
        {"-when:2014", false}, {"office or when:2014", false},     {"when:2014 when:2015", false},
        {"since:2014", false}};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_filter_tree *tree = NULL;

        assert_int_equal(lw_filter_read(fixture->journal, cases[i].text, strlen(cases[i].text),
                                        &tree, NULL, NULL),
                         LW_OK);
        assert_int_equal(lw_filter_when(tree) != NULL, cases[i].asked);
        lw_filter_free(tree);
    }
    assert_null(lw_filter_when(NULL));
}

/* ---- anything that is typed ---- */

static unsigned long seed = 1;

static unsigned long draw(unsigned long below)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (seed >> 33) % below;
}

static void make_random(struct lw_buf *out)
{
    static const char *const pieces[] = {"kind:arson",
                                         "person:Babinets",
                                         "place:Grozny",
                                         "-",
                                         "(",
                                         ")",
                                         " ",
                                         "or",
                                         "\"",
                                         "«",
                                         "»",
                                         "status:draft",
                                         "since:2014",
                                         "until:",
                                         "when:\"13 dec\"",
                                         "не",
                                         "NOT",
                                         "office",
                                         "*",
                                         ":",
                                         "вид:",
                                         "has:",
                                         "contradiction",
                                         "no:source",
                                         "is:overdue",
                                         "\n",
                                         "warrant:no",
                                         "'",
                                         "%",
                                         "и",
                                         "или",
                                         "a:b",
                                         "\xcc\x81",
                                         "\xe2\x80\x8b",
                                         "E01",
                                         "13:00",
                                         "person:",
                                         "\\",
                                         ";--"};
    size_t count = 1 + draw(12);

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(lw_buf_adds(out, pieces[draw(LW_COUNT_OF(pieces))]), LW_OK);
        if (draw(3) > 0)
            assert_int_equal(lw_buf_addc(out, ' '), LW_OK);
    }
}

/* A good one with a byte changed, taken out or doubled. */
static void make_mutation(struct lw_buf *out)
{
    static const char *const good[] = {
        "(kind:arson or kind:threat) person:\"Сергей Бабинец\" -status:sealed",
        "since:2014-12-13 until:\"14 dec 2014\" has:contradiction",
        "«no warrant» or hedge:apparent -(place:Grozny item:seized)",
        "вид:arson или человек:Бабинец нет:источник"};
    const char *text = good[draw(LW_COUNT_OF(good))];
    size_t at = draw(strlen(text));
    char byte = draw(2) == 0 ? (char)(32 + draw(95)) : text[at];

    assert_int_equal(lw_buf_add(out, text, at), LW_OK);
    if (draw(3) > 0)
        assert_int_equal(lw_buf_addc(out, byte), LW_OK);
    assert_int_equal(lw_buf_adds(out, text + at + draw(2)), LW_OK);
}

static void nothing_typed_breaks_it(void **state)
{
    struct fixture *fixture = *state;
    unsigned understood = 0;

    for (int round = 0; round < 2000; round++) {
        struct lw_buf text = LW_BUF_INIT;
        struct fixture_list list = {.text = LW_BUF_INIT};
        struct lw_filter_tree *tree = NULL;
        struct lw_error err = {0};
        size_t at = SIZE_MAX;
        enum lw_status status;

        if (round % 2 == 0)
            make_random(&text);
        else
            make_mutation(&text);
        status = lw_filter_read(fixture->journal, text.data, text.len, &tree, &at, &err);
        if (status == LW_OK) {
            const struct lw_filter filter = {.tree = tree};

            understood++;
            if (lw_timeline_each(fixture->journal, &filter, fixture_list_row, &list, &err) != LW_OK)
                fail_msg("%s: %s", text.data, err.text);
        } else if (status != LW_BAD_DATA || at > text.len ||
                   (strncmp(err.text, "character ", 10) != 0 &&
                    strncmp(err.text, "line ", 5) != 0)) {
            fail_msg("%s: %s", text.data, err.text);
        }
        lw_filter_free(tree);
        lw_buf_free(&list.text);
        lw_buf_free(&text);
    }
    assert_in_range(understood, 200, 1800);
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, open_filled, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(every_key),
        FILLED(conditions_are_joined),
        FILLED(errors_say_where_and_what),
        FILLED(the_longest_words),
        FILLED(limits),
        FILLED(the_moment_that_is_asked_about),
        FILLED(nothing_typed_breaks_it),
    };

    return cmocka_run_group_tests_name("filter", tests, fixture_start, NULL);
}
