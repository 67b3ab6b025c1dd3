/* What is written in Latin letters is found in Cyrillic ones and the other way round, in every text
 * of an entry; people are never taken for each other because of it. */
#include "bare_vault.h"
#include "journal_fixture.h"

static void found_is(struct lw_journal *journal, const char *text, const char *expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    if (lw_search_each(journal, text, strlen(text), fixture_list_row, &list, &err) != LW_OK)
        fail_msg("%s: %s", text, err.text);
    if (strcmp(lw_buf_text(&list.text), expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, lw_buf_text(&list.text), expected);
    lw_buf_free(&list.text);
}

/* One text of every kind, each with a name of its own. */
static void fill(struct fixture *fixture)
{
    uint8_t party[LW_RECORD_ID], place[LW_RECORD_ID], source[LW_RECORD_ID], entry[LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Сергей Бабинец",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_NAME, NULL, "party", party, "text", "Ходжаев", "kind", "alias",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, place, "name", "Хасавюрт", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "письмо", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "Дмитриев в Грозном",
                 "status", "draft", "narrative", "Кадыров и Щукин", "place", place, "hedge",
                 "якобы", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party, "role",
                 "victim", "note", "Жуков", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "seized", "description",
                 "флешка Горбачёва", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", entry, "source", source, "quote",
                 "сказал Ельцин", "translation", "said Khrushchev", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", account, "fact", "who", "text", "Цой",
                 "stance", "asserted", "status", "open", (char *)NULL);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "officer", "text",
                 "капитан Юсупов", (char *)NULL);
    fixture_entry(fixture, NULL, "E02", NULL, "Nothing of the kind, only a car and a house");
}

static void every_text_is_found(void **state)
{
    static const char *const words[] = {
        "Babinets",      "Babinec",   "Sergey Babinez", "Khodzhaev",        "Hodjaev",
        "Khasavyurt",    "Hasavjurt", "Dmitriyev",      "Dmitriev",         "Kadyrow",
        "Shchukin",      "yakoby",    "Zhukov",         "Joukov",           "fleshka Gorbacheva",
        "skazal Jelzin", "Хрущёв",    "Tsoi",           "Yusupov Babinets", "бабинец kadyrov",
        "ШУКИН"};
    struct fixture *fixture = *state;

    fill(fixture);
    for (size_t i = 0; i < LW_COUNT_OF(words); i++)
        found_is(fixture->journal, words[i], "E01");
    found_is(fixture->journal, "Babinets Nobody", "");
    found_is(fixture->journal, "Dmitrov", "");
    found_is(fixture->journal, "царь", "");    /* not the car */
}

/* Each key of the way there finds it, from the third letter on. */
static void as_it_is_typed(void **state)
{
    static const char *const typed[][2] = {
        {"Babinets", "Бабинец"},   {"Бабинец", "Babinets"},    {"Дмитриев", "Dmitriyev"},
        {"Dmitriyev", "Дмитриев"}, {"Мусаев", "Musayev"},      {"Mikhail", "Михаил"},
        {"Михаил", "Mikhail"},     {"Khasavyurt", "Хасавюрт"}, {"Григорьев", "Grigoryev"},
        {"Gorbachev", "Горбачёв"}, {"Каляпин", "Kalyapin"},    {"Kalyapin", "Каляпин"},
        {"Щукин", "Shchukin"},     {"Maltsev", "Мальцев"}};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < LW_COUNT_OF(typed); i++) {
        char ref[8], want[8];
        size_t len = strlen(typed[i][0]);

        snprintf(ref, sizeof(ref), "E%02zu", i + 1);
        fixture_entry(fixture, NULL, ref, NULL, typed[i][1]);
        snprintf(want, sizeof(want), "E%02zu", i + 1);
        for (size_t at = 0, count = 0, used; at < len; at += used, count++) {
            char part[64] = "";
            uint32_t point;
            struct fixture_list list = {.text = LW_BUF_INIT};

            used = lw_utf8_next(typed[i][0] + at, len - at, &point);
            memcpy(part, typed[i][0], at + used);
            assert_int_equal(
                lw_search_each(fixture->journal, part, strlen(part), fixture_list_row, &list, NULL),
                LW_OK);
            if (count >= 2 && strstr(lw_buf_text(&list.text), want) == NULL)
                fail_msg("%s does not find %s", part, typed[i][1]);
            lw_buf_free(&list.text);
        }
    }
}

static void nobody_is_taken_for_another(void **state)
{
    struct fixture *fixture = *state;
    uint8_t party[LW_RECORD_ID], other[LW_RECORD_ID], id[LW_RECORD_ID];
    static const char latin[] = "Babinets Sergey";
    bool found = true;

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Сергей Бабинец",
                 (char *)NULL);
    assert_int_equal(
        lw_named_find(fixture->journal, LW_RECORD_PARTY, latin, strlen(latin), id, &found, NULL),
        LW_OK);
    assert_false(found);
    assert_int_equal(
        lw_named_alike(fixture->journal, LW_RECORD_PARTY, latin, strlen(latin), id, &found, NULL),
        LW_OK);
    assert_true(found);
    assert_memory_equal(id, party, LW_RECORD_ID);
    assert_int_equal(
        lw_named_alike(fixture->journal, LW_RECORD_PARTY, "Babinets", 8, id, &found, NULL), LW_OK);
    assert_false(found);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(
        lw_named_put(fixture->journal, LW_RECORD_PARTY, latin, strlen(latin), other, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    assert_memory_not_equal(other, party, LW_RECORD_ID);
    /* known now, by its own name */
    assert_int_equal(
        lw_named_alike(fixture->journal, LW_RECORD_PARTY, latin, strlen(latin), id, &found, NULL),
        LW_OK);
    assert_false(found);
}

/* The change of the schema that makes the index anew: where it is named. */
static const char *making_it_anew(void)
{
    for (size_t i = 0; i < lw_migration_count; i++) {
        if (strstr(lw_migrations[i].sql, "spellings(text)") != NULL)
            return lw_migrations[i].sql;
    }
    fail_msg("no migration makes the index anew");
    return NULL;
}

/* On a lane of a vault: what an older Lapwing left there, and the change. */
static void an_older_index_is_made_anew(void **state)
{
    static const char older[] = "CREATE TABLE keep AS SELECT rowid AS n, text FROM entry_search;"
                                "DROP TABLE entry_search;"
                                "CREATE VIRTUAL TABLE entry_search USING fts5("
                                "  text, tokenize = 'unicode61 remove_diacritics 2');"
                                "INSERT INTO entry_search(entry_search, rank) VALUES('pgsz', 4000);"
                                "INSERT INTO entry_search(rowid, text) SELECT n, text FROM keep;"
                                "DROP TABLE keep;";
    const struct lw_journal_setup setup = {.clock = &fixture_clock, .forms = forms_fixture()};
    struct lw_vault *vault = bare_vault_new(2048, false);
    struct fixture fixture;
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_store_open(vault, 0, LW_LANE_WRITE, &fixture.store, &err), LW_OK);
    assert_int_equal(lw_journal_open(fixture.store, &setup, &fixture.journal, &err), LW_OK);
    fill(&fixture);
    if (lw_store_exec(fixture.store, older, &err) != LW_OK ||
        lw_store_begin(fixture.store, &err) != LW_OK ||
        lw_store_exec(fixture.store, making_it_anew(), &err) != LW_OK ||
        lw_store_commit(fixture.store, &err) != LW_OK)
        fail_msg("%s", err.text);
    found_is(fixture.journal, "Babinec", "E01");
    found_is(fixture.journal, "Хрущёв", "E01");
    found_is(fixture.journal, "house", "E02");
    lw_journal_close(fixture.journal);
    lw_store_close(fixture.store);
    bare_vault_free(vault);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(every_text_is_found),
        IN_JOURNAL(as_it_is_typed),
        IN_JOURNAL(nobody_is_taken_for_another),
        cmocka_unit_test(an_older_index_is_made_anew),
    };

    return cmocka_run_group_tests_name("spellings", tests, fixture_start, NULL);
}
