/* Searches of a large journal, of which the newest entries are held in memory: they find what a
 * plain condition says, in that order, with nothing held, a part and all; also after what was
 * saved, here or by another. */
#include "bare_vault.h"
#include "journal_fixture.h"

#include <stdio.h>

enum { ALL = 12000, HITS = 50, VAULT_PAGES = 8192 };

static void exec(struct lw_store *store, const char *sql)
{
    struct lw_error err = {0};

    if (lw_store_exec(store, sql, &err) != LW_OK)
        fail_msg("%s: %s", sql, err.text);
}

/* Words by the number of the entry; in the timeline they stand in another order. */
static void fill(struct lw_store *store)
{
    char sql[1024];

    snprintf(sql, sizeof sql,
             "BEGIN IMMEDIATE;"
             "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < %d)"
             " INSERT INTO entry(id, ref, title, status, grain, position)"
             " SELECT randomblob(16), 'E' || n, 'x', 'draft', 3, n * 7919 %% 100003 FROM c;"
             "INSERT INTO entry_search(rowid, text, spellings) SELECT n, 'protocol'"
             " || iif(n %% 2, '', ' police') || iif(n %% 100, '', ' суд') || iif(n %% 31, '',"
             " ' сумка') || iif(n %% 7, '', ' gate') || iif(n %% 5000 = 17, ' rare', '')"
             " || iif(n < 3000, ' bygone', '') || iif(n > 11900, ' newest', ''), iif(n %% 2, '', 'politsiya') FROM entry;"
             "COMMIT",
             ALL);
    exec(store, sql);
}

/* What is typed, and for which numbers that is so. */
static const struct {
    const char *typed, *where;
} cases[] = {
    {"p", "1"},
    {"po", "n % 2 = 0"},
    {"police", "n % 2 = 0"},
    {"POLIC", "n % 2 = 0"},
    {"polit", "n % 2 = 0"},
    {"с", "n % 100 = 0 OR n % 31 = 0"},
    {"су", "n % 100 = 0 OR n % 31 = 0"},
    {"суд", "n % 100 = 0"},
    {"r", "n % 5000 = 17"},
    {"rare", "n % 5000 = 17"},
    {"b", "n < 3000"},
    {"bygone", "n < 3000"},
    {"n", "n > 11900"},
    {"newest b", "0"},
    {"nothing", "0"},
    {"nothing p", "0"},
    {"rare p", "n % 5000 = 17"},
    {"rare b", "n = 17"},
    {"bygone с", "n < 3000 AND (n % 100 = 0 OR n % 31 = 0)"},
    {"bygone rare", "n = 17"},
    {"bygone суд", "n < 3000 AND n % 100 = 0"},
    {"police g", "n % 14 = 0"},
    {"police ga", "n % 14 = 0"},
    {"police gat", "n % 14 = 0"},
    {"police gate", "n % 14 = 0"},
    {"police pol", "n % 2 = 0"},
    {"police сум", "n % 62 = 0"},
    {"bygone gat", "n < 3000 AND n % 7 = 0"},
    {"police су", "n % 100 = 0 OR n % 62 = 0"},
    {"protocol r", "n % 5000 = 17"},
    {"protocol rare", "n % 5000 = 17"},
    {"суд p", "n % 100 = 0"},
    {"protocol", "1"},
};

static void expect(struct fixture *fixture, const char *where, struct lw_buf *out, bool *more)
{
    char sql[512];
    struct lw_stmt *stmt;
    struct lw_error err = {0};
    int64_t count;

    snprintf(sql, sizeof sql, "SELECT count(*) FROM entry WHERE %s", where);
    assert_int_equal(lw_store_prepare(fixture->store, sql, &stmt, &err), LW_OK);
    assert_int_equal(lw_stmt_number(stmt, &count, &err), LW_OK);
    *more = count > HITS;
    snprintf(sql, sizeof sql,
             "SELECT ref FROM (SELECT ref, position, n FROM entry WHERE %s ORDER BY n DESC"
             " LIMIT %d) ORDER BY position, n",
             where, HITS);
    assert_int_equal(lw_store_prepare(fixture->store, sql, &stmt, &err), LW_OK);
    while (lw_stmt_step(stmt, &err) == LW_OK)
        assert_int_equal(
            lw_buf_addf(out, "%s%s", out->len > 0 ? " " : "", lw_stmt_text(stmt, 0, NULL)), LW_OK);
}

static void finds(struct fixture *fixture, const char *typed, const char *where)
{
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_buf expected = LW_BUF_INIT;
    struct lw_error err = {0};
    bool more = false, beyond = false;

    expect(fixture, where, &expected, &beyond);
    if (lw_search_some(fixture->journal, typed, strlen(typed), HITS, fixture_list_row, &list, &more,
                       &err) != LW_OK)
        fail_msg("%s: %s", typed, err.text);
    if (strcmp(lw_buf_text(&list.text), lw_buf_text(&expected)) != 0 || more != beyond)
        fail_msg("%s: %d %s, not %d %s", typed, more, lw_buf_text(&list.text), beyond,
                 lw_buf_text(&expected));
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&list.text);
    lw_buf_free(&expected);
}

static void find_all(struct fixture *fixture)
{
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++)
        finds(fixture, cases[i].typed, cases[i].where);
}

/* How many turns of so many entries until all are held. */
static int make_ready(struct fixture *fixture, size_t entries)
{
    struct lw_error err = {0};
    bool done = false;
    int turns = 0;

    for (; !done; turns++)
        assert_int_equal(lw_search_ready(fixture->journal, entries, &done, &err), LW_OK);
    return turns;
}

static void it_finds_the_same(struct fixture *fixture)
{
    struct lw_error err = {0};
    bool done;

    find_all(fixture); /* as it is typed at once */
    for (size_t i = LW_COUNT_OF(cases); i-- > 0;)
        finds(fixture, cases[i].typed, cases[i].where);
    assert_int_equal(lw_search_ready(fixture->journal, 500, &done, &err), LW_OK);
    assert_false(done);
    find_all(fixture);
    assert_true(make_ready(fixture, 300) > 2);
    find_all(fixture);
    assert_int_equal(make_ready(fixture, 300), 1);
}

static void save(struct fixture *fixture, int n, const char *text)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "BEGIN IMMEDIATE; DELETE FROM entry_search WHERE rowid = %d;"
             "INSERT INTO entry_search(rowid, text, spellings) VALUES (%d, '%s', ''); COMMIT",
             n, n, text);
    exec(fixture->store, sql);
}

static void every_way_finds_the_same(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture->store);
    it_finds_the_same(fixture);
}

/* Nothing is held of a small journal. */
static void a_small_journal_is_ready(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(make_ready(fixture, 1), 1);
    fill(fixture->store);
    exec(fixture->store, "BEGIN; DELETE FROM entry WHERE n > 5000;"
                         "DELETE FROM entry_search WHERE rowid > 5000; COMMIT");
    assert_int_equal(make_ready(fixture, 1), 1);
    find_all(fixture);
}

static void a_save_of_its_own_is_seen(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture->store);
    make_ready(fixture, 1000);
    finds(fixture, "later", "0");
    save(fixture, ALL - 7, "later");
    finds(fixture, "later", "n = 11993");
    finds(fixture, "newest", "n > 11900 AND n <> 11993");
    assert_true(make_ready(fixture, 1000) > 2);
    finds(fixture, "la", "n = 11993");
    exec(fixture->store, "BEGIN IMMEDIATE; INSERT INTO entry(id, ref, title, status, grain,"
                         " position) VALUES (randomblob(16), 'E12001', 'x', 'draft', 3, 5);"
                         "INSERT INTO entry_search(rowid, text, spellings)"
                         " VALUES (12001, 'later newest', '')");
    assert_true(lw_store_in_transaction(fixture->store));
    exec(fixture->store, "COMMIT");
    finds(fixture, "la", "n IN (11993, 12001)");
    finds(fixture, "newest l", "n = 12001");
}

/* Before it is saved, and once it is not. */
static void a_transaction_sees_what_it_wrote(void **state)
{
    struct fixture *fixture = *state;
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};
    bool more;

    fill(fixture->store);
    make_ready(fixture, 1000);
    exec(fixture->store, "BEGIN IMMEDIATE; DELETE FROM entry_search WHERE rowid = 11999;"
                         "INSERT INTO entry_search(rowid, text, spellings)"
                         " VALUES (11999, 'later', '')");
    assert_int_equal(
        lw_search_some(fixture->journal, "lat", 3, HITS, fixture_list_row, &list, &more, &err),
        LW_OK);
    assert_string_equal(lw_buf_text(&list.text), "E11999");
    exec(fixture->store, "ROLLBACK");
    finds(fixture, "lat", "0");
    lw_buf_free(&list.text);
}

static void a_save_of_another_is_seen(void **state)
{
    struct lw_vault *vault = bare_vault_new(VAULT_PAGES, false);
    struct fixture one = {NULL, NULL}, other = {NULL, NULL};

    (void)state;
    one.journal = fixture_open_in(vault, &one.store);
    other.journal = fixture_open_in(vault, &other.store);
    fill(other.store);
    it_finds_the_same(&one);
    save(&other, ALL - 7, "later");
    finds(&one, "later", "n = 11993");
    finds(&one, "newest", "n > 11900 AND n <> 11993");
    lw_journal_close(other.journal);
    lw_journal_close(one.journal);
    lw_store_close(other.store);
    lw_store_close(one.store);
    bare_vault_free(vault);
}

static bool is_over(void *context)
{
    return --*(int *)context < 0;
}

/* How often a search was ended, before it was not. */
static int end_it(struct fixture *fixture, const char *typed, const char *part)
{
    struct lw_error err = {0};
    bool more, whole = false;
    int parts = -1;

    for (int at = 0; !whole; at++, parts++) {
        struct fixture_list list = {.text = LW_BUF_INIT};
        int left = at;

        assert_int_equal(lw_search_while(fixture->journal, typed, strlen(typed), HITS, is_over,
                                         &left, fixture_list_row, &list, &more, &whole, &err),
                         LW_OK);
        assert_false(lw_store_in_transaction(fixture->store));
        if (!whole)
            assert_string_equal(lw_buf_text(&list.text), part);
        lw_buf_free(&list.text);
    }
    return parts;
}

/* Wherever it is ended, what was found until then are the newest of all hits. */
static void ended_it_has_the_newest(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture->store);
    make_ready(fixture, 1000);
    assert_int_equal(end_it(fixture, "protocol", ""), 0);
    assert_true(end_it(fixture, "rare", "E10017") > 0);
    assert_true(end_it(fixture, "bygone", "") > 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_way_finds_the_same),
        TEST(a_small_journal_is_ready),
        TEST(a_save_of_its_own_is_seen),
        TEST(a_transaction_sees_what_it_wrote),
        cmocka_unit_test(a_save_of_another_is_seen),
        TEST(ended_it_has_the_newest),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
