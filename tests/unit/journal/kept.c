/* Filters by the sets of entries that are kept: over random filters and random journals they let
 * through what plain conditions of SQL let through, on pages, counted and along the ruler; and what
 * is kept does not outlive a save, by whomever. */
#include "bare_vault.h"
#include "journal_fixture.h"

#include <stdio.h>

enum { PEOPLE = 6, PLACES = 5, SOURCES = 4, KINDS = 3, WORDS = 4, DEPTH = 4, VAULT_PAGES = 2048 };

/* More than are looked up one by one; and few. */
enum { LARGE = 5200, SMALL = 60 };

static uint64_t seed;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

static void exec(struct lw_store *store, const char *sql)
{
    struct lw_error err = {0};

    if (lw_store_exec(store, sql, &err) != LW_OK)
        fail_msg("%s: %s", sql, err.text);
}

/* Straight into the tables: P1 has most entries, P6 few; names of one letter and one figure. */
static void fill(struct lw_store *store, int entries)
{
    char sql[4096];

    snprintf(
        sql, sizeof sql,
        "BEGIN IMMEDIATE;"
        "CREATE TEMP TABLE i(n INTEGER PRIMARY KEY, r INTEGER);"
        "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < %d)"
        " INSERT INTO i SELECT n, (n * 7919 + 104729 * (n %% 97) + %u) %% 1000003 FROM c;"
        "INSERT INTO party(id, kind, name, folded) SELECT randomblob(16), 'individual',"
        " 'P' || n, 'p' || n FROM i WHERE n <= %d;"
        "INSERT INTO place(id, name, folded, parent) SELECT randomblob(16), 'L' || n, 'l' || n,"
        " CASE WHEN n > 2 THEN n - 2 END FROM i WHERE n <= %d;"
        "INSERT INTO source(id, ref, title) SELECT randomblob(16), 'S' || n, 'paper' FROM i"
        " WHERE n <= %d;"
        "INSERT INTO entry(id, ref, kind, title, \"when\", place, status, grain, earliest,"
        " latest, day, position) SELECT randomblob(16), 'E' || n, 'kind' || (r %% %d), 'w' ||"
        " (r / 11 %% %d), '2014-12-01', CASE WHEN r %% 3 > 0 THEN 1 + r / 7 %% %d END, 'draft',"
        " 0, 1417392000, 1417478400, 16405, r / 2 FROM i;"
        "INSERT INTO entry_search(rowid, text, spellings) SELECT n, title, '' FROM entry;",
        entries, draw(1000), PEOPLE, PLACES, SOURCES, KINDS, WORDS, PLACES);
    exec(store, sql);
    snprintf(
        sql, sizeof sql,
        "INSERT INTO participation(id, entry, party, role) SELECT randomblob(16), n,"
        " 1 + (r / 5 %% %d) * (r / 31 %% 2), iif(r %% 2, 'victim', 'witness') FROM i"
        " WHERE r %% 10 < 7;"
        "INSERT INTO item(id, entry, kind, description, owner, taken_by) SELECT randomblob(16),"
        " n, 'seized', 'thing', CASE r %% 3 WHEN 0 THEN 1 + r / 3 %% %d END, CASE r %% 5 WHEN 0"
        " THEN 1 + r / 13 %% %d END FROM i WHERE r %% 10 > 6;"
        "INSERT INTO field(id, entry, key, party) SELECT randomblob(16), n, 'officers',"
        " 1 + r / 17 %% %d FROM i WHERE r %% 20 = 3;"
        "INSERT INTO field(id, entry, key, place) SELECT randomblob(16), n, 'held_at',"
        " 1 + r / 19 %% %d FROM i WHERE r %% 20 = 4;"
        "INSERT INTO account(id, entry, source) SELECT randomblob(16), n, 1 + r / 23 %% %d"
        " FROM i WHERE r %% 4 > 0;"
        "INSERT INTO account(id, entry, source) SELECT randomblob(16), n, 1 + r / 29 %% %d"
        " FROM i WHERE r %% 9 = 0;"
        "INSERT INTO span SELECT 0, 2014, count(*), 0, 0 FROM entry;"
        "DROP TABLE i; COMMIT",
        PEOPLE, PEOPLE, PEOPLE, PEOPLE, PLACES, SOURCES, SOURCES);
    exec(store, sql);
}

/* ---- a filter as it is typed, and as SQL of its own -------------------------------------------
 */

struct made {
    struct lw_buf typed, sql;
};

/* "#" is the number. */
static void add(struct lw_buf *buf, const char *text, unsigned number)
{
    for (; *text != '\0'; text++) {
        if (*text == '#')
            assert_int_equal(lw_buf_addf(buf, "%u", number), LW_OK);
        else
            assert_int_equal(lw_buf_addc(buf, *text), LW_OK);
    }
}

#define WITH(p)                                                                                    \
    "(e.n IN (SELECT entry FROM participation WHERE party = " p ")"                                \
    " OR e.n IN (SELECT entry FROM item WHERE owner = " p " OR taken_by = " p ")"                  \
    " OR e.n IN (SELECT entry FROM field WHERE party = " p "))"
#define WITHIN                                                                                     \
    "WITH RECURSIVE w(n) AS (VALUES(#) UNION SELECT p.n FROM place p JOIN w ON p.parent = w.n)"

static void add_term(struct made *made)
{
    static const char *const terms[][2] = {
        {"person:P#", "e.n IN (WITH x(p) AS (VALUES(#)) SELECT e.n FROM x WHERE " WITH("x.p") ")"},
        {"place:L#", NULL},
        {"source:S#", "e.n IN (SELECT entry FROM account WHERE source = #)"},
        {"victim:P#", "e.n IN (SELECT entry FROM participation WHERE role = 'victim'"
                      " AND party = #)"},
        {"w#", "e.title = 'w#'"},
        {"kind:kind#", "e.kind = 'kind#'"},
    };
    static const unsigned of[] = {PEOPLE, PLACES, SOURCES, PEOPLE, WORDS, KINDS};
    unsigned which = draw(6), number = draw(of[which]) + (which < 4 ? 1 : 0);

    add(&made->typed, terms[which][0], number);
    if (which != 1) {
        add(&made->sql, terms[which][1], number);
        return;
    }
    add(&made->sql, "(e.place IN (" WITHIN " SELECT n FROM w)", number);
    add(&made->sql, " OR e.n IN (" WITHIN " SELECT entry FROM field WHERE place IN w))", number);
}

/* Two, of which the second may be turned round: "(a) -(b)". */
static void add_two(struct made *made, int depth);

static void add_tree(struct made *made, int depth)
{
    unsigned what = depth == 0 ? 0 : draw(8);

    if (what < 2) {
        add_term(made);
    } else if (what == 2) {
        add(&made->typed, "-(", 0);
        add(&made->sql, "(NOT coalesce((", 0);
        add_tree(made, depth - 1);
        add(&made->typed, ")", 0);
        add(&made->sql, "), 0))", 0);
    } else {
        add_two(made, depth);
    }
}

static void add_two(struct made *made, int depth)
{
    static const char *const between[][2] = {{") (", "AND coalesce(("},
                                             {") -(", "AND NOT coalesce(("},
                                             {") or (", "OR coalesce(("},
                                             {") or -(", "OR NOT coalesce(("}};
    unsigned which = draw(4);

    add(&made->typed, "(", 0);
    add(&made->sql, "((", 0);
    add_tree(made, depth - 1);
    add(&made->typed, between[which][0], 0);
    add(&made->sql, ") ", 0);
    add(&made->sql, between[which][1], 0);
    add_tree(made, depth - 1);
    add(&made->typed, ")", 0);
    add(&made->sql, "), 0))", 0);
}

/* ---- what passes ------------------------------------------------------------------------------
 */

struct passed {
    struct lw_buf refs;
    size_t count;
    struct lw_anchor first, last;
};

static enum lw_status take(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct passed *passed = context;

    (void)err;
    if (passed->count++ == 0)
        passed->first = row->at;
    passed->last = row->at;
    return lw_buf_addf(&passed->refs, "%s ", row->ref);
}

static void expect_refs(const struct passed *passed, const struct lw_buf *expected,
                        const struct made *made, const char *how)
{
    if (strcmp(lw_buf_text(&passed->refs), lw_buf_text(expected)) != 0)
        fail_msg("%s: %s: \"%.200s\", not \"%.200s\"", how, made->typed.data,
                 lw_buf_text(&passed->refs), lw_buf_text(expected));
}

static size_t by_sql(struct fixture *fixture, const struct made *made, struct lw_buf *refs)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_error err = {0};
    struct lw_stmt *stmt;
    size_t count = 0;

    assert_int_equal(lw_buf_addf(&sql,
                                 "SELECT e.ref FROM entry e WHERE %s ORDER BY e.position, e.n",
                                 made->sql.data),
                     LW_OK);
    if (lw_store_prepare(fixture->store, sql.data, &stmt, &err) != LW_OK)
        fail_msg("%s: %s", sql.data, err.text);
    for (; lw_stmt_step(stmt, &err) == LW_OK; count++)
        assert_int_equal(lw_buf_addf(refs, "%s ", lw_stmt_text(stmt, 0, NULL)), LW_OK);
    lw_buf_free(&sql);
    return count;
}

static void expect_pages(struct fixture *fixture, const struct lw_filter *filter,
                         const struct made *made, const struct lw_buf *expected)
{
    struct passed passed = {.count = 0};
    struct lw_error err = {0};
    bool more = true;

    assert_int_equal(lw_timeline_page(fixture->journal, filter, LW_PAGE_FROM, NULL, 1 + draw(40),
                                      take, &passed, &more, &err),
                     LW_OK);
    while (more && passed.count < LARGE)
        assert_int_equal(lw_timeline_page(fixture->journal, filter, LW_PAGE_AFTER, &passed.last,
                                          1 + draw(2000), take, &passed, &more, &err),
                         LW_OK);
    expect_refs(&passed, expected, made, "pages");
    lw_buf_free(&passed.refs);
}

/* From the end: its last rows are the last of what is expected. */
static void expect_end(struct fixture *fixture, const struct lw_filter *filter,
                       const struct made *made, const struct lw_buf *expected)
{
    struct passed passed = {.count = 0};
    struct lw_error err = {0};
    bool more = true;

    assert_int_equal(lw_timeline_page(fixture->journal, filter, LW_PAGE_BEFORE, NULL, 1 + draw(40),
                                      take, &passed, &more, &err),
                     LW_OK);
    if (passed.refs.len > expected->len ||
        (passed.refs.len > 0 &&
         strcmp(passed.refs.data, expected->data + expected->len - passed.refs.len) != 0) ||
        (!more && passed.refs.len != expected->len))
        fail_msg("end: %s: \"%.200s\"", made->typed.data, lw_buf_text(&passed.refs));
    lw_buf_free(&passed.refs);
}

static void expect_counted(struct fixture *fixture, const struct lw_filter *filter,
                           const struct made *made, size_t expected)
{
    struct lw_error err = {0};
    struct lw_counts *counts;
    struct lw_ruler ruler;
    struct lw_bar year;
    struct lw_count *pieces;
    size_t count = 0, so_far = 0, limit = 1 + draw(2 * LARGE);
    bool done = false;

    assert_int_equal(lw_timeline_count(fixture->journal, filter, limit, &count, &err), LW_OK);
    if (count != (expected < limit ? expected : limit))
        fail_msg("count: %s: %zu, not %zu", made->typed.data, count, expected);
    assert_int_equal(lw_count_begin(fixture->journal, filter, limit, &pieces, &err), LW_OK);
    for (count = 0; !done; so_far = count) {
        assert_int_equal(lw_count_more(pieces, 700, &count, &done, &err), LW_OK);
        assert_true(count >= so_far);
    }
    lw_count_free(pieces);
    if (count != (expected < limit ? expected : limit))
        fail_msg("count in pieces: %s: %zu, not %zu", made->typed.data, count, expected);
    done = false;
    assert_int_equal(lw_counts_begin(fixture->journal, filter, &counts, &err), LW_OK);
    while (!done)
        assert_int_equal(lw_counts_more(counts, 700, &done, &err), LW_OK);
    assert_int_equal(lw_counts_bars(counts, LW_SCALE_YEARS, 2014, &year, 1, &ruler, &err), LW_OK);
    if (year.stated != expected)
        fail_msg("ruler: %s: %u, not %zu", made->typed.data, (unsigned)year.stated, expected);
    lw_counts_free(counts);
}

static void expect_same(struct fixture *fixture, const struct made *made)
{
    struct lw_filter_tree *tree = NULL;
    struct passed passed = {.count = 0};
    struct lw_buf expected = LW_BUF_INIT;
    struct lw_error err = {0};
    size_t at = 0, count = by_sql(fixture, made, &expected);

    if (lw_filter_read(fixture->journal, made->typed.data, made->typed.len, &tree, &at, &err) !=
        LW_OK)
        fail_msg("%s: %s", made->typed.data, err.text);
    const struct lw_filter filter = {.tree = tree};
    assert_int_equal(lw_timeline_each(fixture->journal, &filter, take, &passed, &err), LW_OK);
    expect_refs(&passed, &expected, made, "all");
    expect_pages(fixture, &filter, made, &expected);
    expect_end(fixture, &filter, made, &expected);
    expect_counted(fixture, &filter, made, count);
    lw_filter_free(tree);
    lw_buf_free(&passed.refs);
    lw_buf_free(&expected);
}

static void compare(struct fixture *fixture, int filters)
{
    for (int i = 0; i < filters; i++) {
        struct made made = {.typed = LW_BUF_INIT, .sql = LW_BUF_INIT};

        add_tree(&made, DEPTH);
        expect_same(fixture, &made);
        lw_buf_free(&made.typed);
        lw_buf_free(&made.sql);
    }
}

/* "a but not where b and c": what is known of b alone must not go. */
static void compare_exceptions(struct fixture *fixture)
{
    for (unsigned i = 0; i < PEOPLE * SOURCES * KINDS; i++) {
        const unsigned person = 1 + i % PEOPLE, source = 1 + i / PEOPLE % SOURCES;
        struct made made = {.typed = LW_BUF_INIT, .sql = LW_BUF_INIT};

        add(&made.typed, "source:S#", source);
        add(&made.sql, "e.n IN (SELECT entry FROM account WHERE source = #)", source);
        add(&made.typed, " -(victim:P#", person);
        add(&made.sql, " AND NOT coalesce(e.n IN (SELECT entry FROM participation WHERE party = #",
            person);
        add(&made.typed, " kind:kind#)", i % KINDS);
        add(&made.sql, " AND role = 'victim') AND e.kind = 'kind#', 0)", i % KINDS);
        expect_same(fixture, &made);
        lw_buf_free(&made.typed);
        lw_buf_free(&made.sql);
    }
}

static void few_entries_by_set_and_by_sql(void **state)
{
    seed = 11;
    fill(((struct fixture *)*state)->store, SMALL);
    compare_exceptions(*state);
    compare(*state, 300);
}

static void many_entries_by_set_and_by_sql(void **state)
{
    seed = 12;
    fill(((struct fixture *)*state)->store, LARGE);
    compare(*state, 12);
}

/* ---- what is kept -----------------------------------------------------------------------------
 */

static size_t count_of(struct lw_journal *journal, const char *typed)
{
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    size_t count = 0, at;

    if (lw_filter_read(journal, typed, strlen(typed), &tree, &at, &err) != LW_OK)
        fail_msg("%s: %s", typed, err.text);
    const struct lw_filter filter = {.tree = tree};
    assert_int_equal(lw_timeline_count(journal, &filter, 1000, &count, &err), LW_OK);
    lw_filter_free(tree);
    return count;
}

static void name_party(struct lw_store *store, const char *name)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "INSERT INTO party(id, kind, name, folded) VALUES(randomblob(16), 'unit', '%s', '%s')",
             name, name);
    exec(store, sql);
}

static void put_in(struct lw_store *store, const char *name, int first, int last)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "INSERT INTO participation(id, entry, party, role) SELECT randomblob(16), e.n, p.n,"
             " 'witness' FROM entry e, party p WHERE e.n BETWEEN %d AND %d AND p.name = '%s'",
             first, last, name);
    exec(store, sql);
}

static void a_save_of_its_own_is_seen(void **state)
{
    struct fixture *fixture = *state;

    seed = 13;
    fill(fixture->store, SMALL);
    name_party(fixture->store, "rook");
    put_in(fixture->store, "rook", 1, 3);
    assert_int_equal(count_of(fixture->journal, "person:rook"), 3);
    put_in(fixture->store, "rook", 4, 5);
    assert_int_equal(count_of(fixture->journal, "person:rook"), 5);
    exec(fixture->store, "BEGIN IMMEDIATE");
    put_in(fixture->store, "rook", 6, 9);
    assert_int_equal(count_of(fixture->journal, "person:rook"), 9);
    exec(fixture->store, "ROLLBACK");
    assert_int_equal(count_of(fixture->journal, "person:rook"), 5);
}

/* Sets and names. */
static void a_save_of_another_is_seen(void **state)
{
    struct lw_vault *vault = bare_vault_new(VAULT_PAGES, false);
    struct lw_store *one = NULL, *other = NULL;
    struct lw_journal *journal = fixture_open_in(vault, &one), *elsewhere = fixture_open_in(vault, &other);

    (void)state;
    seed = 14;
    fill(other, SMALL);
    name_party(other, "rook");
    put_in(other, "rook", 1, 3);
    assert_int_equal(count_of(journal, "person:rook"), 3);
    put_in(other, "rook", 4, 5);
    assert_int_equal(count_of(journal, "person:rook"), 5);
    name_party(other, "Rook");
    exec(other, "UPDATE party SET folded = 'rook' WHERE name = 'Rook'");
    put_in(other, "Rook", 11, 14);
    assert_int_equal(count_of(journal, "person:rook"), 9);
    lw_journal_close(elsewhere);
    lw_journal_close(journal);
    lw_store_close(other);
    lw_store_close(one);
    bare_vault_free(vault);
}

/* More filters than are kept, each right again when it comes back. */
static void what_is_not_kept_is_found_again(void **state)
{
    struct fixture *fixture = *state;
    char name[32];

    seed = 15;
    fill(fixture->store, SMALL);
    for (int i = 1; i <= 40; i++) {
        snprintf(name, sizeof name, "many%d", i);
        name_party(fixture->store, name);
        put_in(fixture->store, name, 1, i);
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i <= 40; i++) {
            snprintf(name, sizeof name, "name:many%d", i);
            assert_int_equal(count_of(fixture->journal, name), i);
        }
    }
}

/* A key that no set can hold is filtered without one. */
static void keys_beyond_a_set_pass_too(void **state)
{
    struct fixture *fixture = *state;

    seed = 16;
    fill(fixture->store, SMALL);
    name_party(fixture->store, "rook");
    exec(fixture->store, "INSERT INTO entry(n, id, ref, title, status, grain, position)"
                         " VALUES(9000000000, randomblob(16), 'E900', 'far', 'draft', 3, 7)");
    put_in(fixture->store, "rook", 5, 6);
    exec(fixture->store, "INSERT INTO participation(id, entry, party, role) SELECT randomblob(16),"
                         " 9000000000, n, 'victim' FROM party WHERE name = 'rook'");
    assert_int_equal(count_of(fixture->journal, "person:rook"), 3);
    assert_int_equal(count_of(fixture->journal, "person:rook -victim:rook"), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(few_entries_by_set_and_by_sql),   TEST(many_entries_by_set_and_by_sql),
        TEST(a_save_of_its_own_is_seen),       cmocka_unit_test(a_save_of_another_is_seen),
        TEST(what_is_not_kept_is_found_again), TEST(keys_beyond_a_set_pass_too),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
