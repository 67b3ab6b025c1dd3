/* Search: every word, the last one as a beginning, and nothing that is typed is an operator. */
#include "journal_fixture.h"

#define SERGEY_RU   "\xd0\xa1\xd0\xb5\xd1\x80\xd0\xb3\xd0\xb5\xd0\xb9"
#define BABINETS_RU "\xd0\x91\xd0\xb0\xd0\xb1\xd0\xb8\xd0\xbd\xd0\xb5\xd1\x86"

static enum lw_status search(struct fixture *fixture, const char *text, size_t len,
                             struct fixture_list *list, struct lw_error *err)
{
    return lw_search_each(fixture->journal, text, len, fixture_list_row, list, err);
}

static void finds(struct fixture *fixture, const char *text, const char *expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    if (search(fixture, text, strlen(text), &list, &err) != LW_OK)
        fail_msg("%s: %s", text, err.text);
    if (strcmp(lw_buf_text(&list.text), expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, lw_buf_text(&list.text), expected);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&list.text);
}

static void refuses(struct fixture *fixture, const char *text, size_t len, enum lw_status expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    assert_int_equal(search(fixture, text, len, &list, &err), expected);
    assert_int_equal(list.text.len, 0);
    assert_true(err.text[0] != '\0');
}

static int open_filled(void **state)
{
    uint8_t party[LW_RECORD_ID], town[LW_RECORD_ID], entry[LW_RECORD_ID], source[LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID];
    struct fixture *fixture;

    fixture_open(state);
    fixture = *state;
    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Sergei Babinets",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party, "text", SERGEY_RU " " BABINETS_RU,
                 "kind", "legal", (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Sergey Babinets", "kind",
                 "transliteration", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "letter", (char *)NULL);

    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E02", "title", "Search of the flat",
                 "status", "draft", "when", "2014-12-14", "place", town, (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party, "role",
                 "victim", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "seized", "description",
                 "laptop computers", (char *)NULL);

    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "Office burned", "status",
                 "draft", "when", "2014-12-13 evening", "narrative",
                 "AND NOT OR NEAR, caf\xc3\xa9 \xc2\xbc", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", entry, "source", source, "quote",
                 "they said \"go home\" to us", "translation", "ungew\xc3\xb6hnlich", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", account, "fact", "who", "text",
                 "unknown men", "stance", "asserted", "status", "open", (char *)NULL);
    return 0;
}

static void words_of_every_record(void **state)
{
    struct fixture *fixture = *state;

    finds(fixture, "burned", "E01");
    finds(fixture, "narrative", "");
    finds(fixture, "cafe", "E01");
    finds(fixture, "go home", "E01");
    finds(fixture, "UNGEW\xc3\x96HNLICH", "E01");
    finds(fixture, "unknown men", "E01");
    finds(fixture, "laptop", "E02");
    finds(fixture, "grozny", "E02");
    finds(fixture, "nothing of it", "");
}

static void every_spelling_finds_a_person(void **state)
{
    struct fixture *fixture = *state;

    finds(fixture, "Babinets", "E02");
    finds(fixture, "sergei", "E02");
    finds(fixture, "SERGEY", "E02");
    finds(fixture, BABINETS_RU, "E02");
    finds(fixture, "\xd0\xb1\xd0\xb0\xd0\xb1\xd0\xb8\xd0\xbd\xd0\xb5\xd1\x86", "E02");
}

static void all_words_must_occur_the_last_as_a_beginning(void **state)
{
    struct fixture *fixture = *state;

    finds(fixture, "office burn", "E01");
    finds(fixture, "burn office", "");
    finds(fixture, "  burned \t off ", "E01");
    finds(fixture, "office laptop", "");
    finds(fixture, "o", "E01 E02"); /* office, of: in the order of the timeline */
}

static void a_decomposed_accent_is_the_same(void **state)
{
    finds(*state, "cafe\xcc\x81", "E01");
}

static void nothing_typed_is_an_operator(void **state)
{
    struct fixture *fixture = *state;

    finds(fixture, "and not or near", "E01");
    finds(fixture, "NOT", "E01");
    finds(fixture, "burned OR laptop", "");
    finds(fixture, "\"go home\"", "E01");
    finds(fixture, "go \"home", "E01");
    finds(fixture, "NEAR(caf\xc3\xa9, 2)", "");
    finds(fixture, "text:burned", "");
    finds(fixture, "{text}:burned", "");
    finds(fixture, "^burned", "E01");
    finds(fixture, "burn* office", "");
    finds(fixture, "bur* ", "E01");
    finds(fixture, "burned) OR (laptop", "");
    finds(fixture, "'; DROP TABLE entry; --", "");
    finds(fixture, "-burned", "E01");
}

static void punctuation_alone_says_nothing(void **state)
{
    struct fixture *fixture = *state;

    finds(fixture, "office - burn \xe2\x80\x94 !", "E01");
    finds(fixture, "... \xe2\x80\x9cgo home\xe2\x80\x9d", "E01");
    refuses(fixture, "", 0, LW_BAD_DATA);
    refuses(fixture, " \t\n", 3, LW_BAD_DATA);
    refuses(fixture, "\"\" * - ()", 9, LW_BAD_DATA);
    refuses(fixture, "\xf0\x9f\x94\xa5", 4, LW_BAD_DATA); /* fire, a sign */
    finds(fixture, "\xc2\xbc", "E01");                    /* a quarter, which is a number */
    finds(fixture, "office \xc2\xbd", "");
}

static void bad_bytes_and_length(void **state)
{
    struct fixture *fixture = *state;
    char text[1025];

    refuses(fixture, "a\0b", 3, LW_BAD_DATA);
    refuses(fixture, "\xff", 1, LW_BAD_DATA);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 == 0 ? 'b' : ' ';
    refuses(fixture, text, sizeof(text), LW_TOO_LONG);
    text[1024] = '\0';
    finds(fixture, text, "");
}

static enum lw_status stop(void *context, const struct lw_row *row, struct lw_error *err)
{
    ++*(int *)context;
    return lw_fail(err, LW_CANCELLED, "enough of %s", row->ref);
}

static void a_visitor_can_stop(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    int count = 0;

    assert_int_equal(lw_search_each(fixture->journal, "o", 1, stop, &count, &err), LW_CANCELLED);
    assert_string_equal(err.text, "enough of E01");
    assert_int_equal(count, 1);
    finds(fixture, "o", "E01 E02");
}

/* Over with the question of that number. */
static bool is_over(void *context)
{
    return --*(int *)context == 0;
}

static size_t count_words(const char *text)
{
    size_t count = text[0] != '\0';

    for (; *text != '\0'; text++)
        count += *text == ' ';
    return count;
}

/* Wherever a search is ended: nothing yet, or what the newest entries have, or all. */
static void it_ends_when_it_is_over(void **state)
{
    enum { ALL = 6000, SIXTH = ALL / 6, NEWEST = SIXTH - (ALL - 4096) / 6 };
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    bool more = true, whole = false;
    int none = 0, part = 0;

    assert_int_equal(
        lw_store_exec(fixture->store,
                      "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c"
                      " WHERE n < 6000) INSERT INTO entry(id, ref, title, status, grain, position)"
                      " SELECT randomblob(16), 'E' || n, 'x', 'draft', 3, n FROM c;"
                      "INSERT INTO entry_search(rowid, text, spellings) SELECT n, 'all'"
                      " || iif(n % 2, '', ' two') || iif(n % 3, '', ' three'), '' FROM entry",
                      &err),
        LW_OK);
    for (int at = 1; !whole; at++) {
        struct fixture_list list = {.text = LW_BUF_INIT};
        int left = at;
        enum lw_status status =
            lw_search_while(fixture->journal, "two three", 9, 2000, is_over, &left,
                            fixture_list_row, &list, &more, &whole, &err);

        assert_false(lw_store_in_transaction(fixture->store));
        if (status == LW_CANCELLED) {
            none++;
            assert_int_equal(part, 0);
            assert_int_equal(list.text.len, 0);
        } else {
            assert_int_equal(status, LW_OK);
            assert_false(more);
            assert_int_equal(count_words(lw_buf_text(&list.text)), whole ? SIXTH : NEWEST);
            part++;
        }
        lw_buf_free(&list.text);
    }
    assert_true(none > 1 && part > 2); /* in the middle of both */
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, open_filled, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(words_of_every_record),
        FILLED(every_spelling_finds_a_person),
        FILLED(all_words_must_occur_the_last_as_a_beginning),
        FILLED(a_decomposed_accent_is_the_same),
        FILLED(nothing_typed_is_an_operator),
        FILLED(punctuation_alone_says_nothing),
        FILLED(bad_bytes_and_length),
        FILLED(a_visitor_can_stop),
        cmocka_unit_test_setup_teardown(it_ends_when_it_is_over, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
