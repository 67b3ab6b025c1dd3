/* Names of filters against names that are held in memory: over random names, and after each change
 * that is saved, here or by another, a filter lets through whom a comparison with every name that
 * the store has lets through; with nothing held, a part and all. */
#include "bare_vault.h"
#include "journal_fixture.h"

#include <stdio.h>

enum { PEOPLE = 40, ROUNDS = 100, VAULT_PAGES = 4096, CLASSES = 4 };

static uint64_t seed;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

/* Equal, alike in other letters, without a key, and nothing at all. */
static const char *const words[] = {
    "Magomed", "Магомед", "MAGOMED", "Алиев",  "Aliyev",  "Aliev",     "Al",  "12",   "გიორგი",
    "Yusup",   "Юсуп",    "Jusup",   "André",  "Andre",   "Grozny'y",  "ал",  "I",    "́",
    "Хава",    "Khava",   "Hava",    "Чубайс", "Chubais", "Tschubais", "№ 3", "(the)"};

static void make_name(struct lw_buf *out)
{
    unsigned count = 1 + draw(3);

    lw_buf_clear(out);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(
            lw_buf_addf(out, "%s%s", i > 0 ? " " : "", words[draw(LW_COUNT_OF(words))]), LW_OK);
}

/* ---- changes ----------------------------------------------------------------------------------
 */

static const enum lw_record_type types[CLASSES] = {LW_RECORD_PARTY, LW_RECORD_PLACE,
                                                   LW_RECORD_SOURCE, LW_RECORD_INCIDENT};

struct world {
    uint8_t id[CLASSES][PEOPLE][LW_RECORD_ID];
    unsigned count[CLASSES];
};

/* With an entry that it is in: E, its class and number. */
static void make_one(struct fixture *fixture, struct world *world, unsigned class)
{
    unsigned at = world->count[class]++;
    uint8_t *id = world->id[class][at], entry[LW_RECORD_ID];
    struct lw_buf name = LW_BUF_INIT;
    char ref[24];

    make_name(&name);
    snprintf(ref, sizeof ref, "E%u", 100 * (class + 1) + at);
    if (class == 0)
        fixture_make(fixture, LW_RECORD_PARTY, id, "kind", "individual", "name", name.data,
                     (char *)NULL);
    else if (class == 1)
        fixture_make(fixture, LW_RECORD_PLACE, id, "name", name.data, (char *)NULL);
    else if (class == 2)
        fixture_make(fixture, LW_RECORD_SOURCE, id, "title", name.data, (char *)NULL);
    else
        fixture_make(fixture, LW_RECORD_INCIDENT, id, "title", name.data, "status", "open",
                     (char *)NULL);
    if (class == 1 || class == 3)
        fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", ref, "title", "x", "status", "draft",
                     class == 1 ? "place" : "incident", id, (char *)NULL);
    else
        fixture_entry(fixture, entry, ref, NULL, "x");
    if (class == 0)
        fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", id, "role",
                     "victim", (char *)NULL);
    else if (class == 2)
        fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", entry, "source", id, "quote", "q",
                     (char *)NULL);
    lw_buf_free(&name);
}

/* Changes one field of a record, as text or as another one of its kind; neither: takes it off. */
static void change(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                   const char *field, const char *text, const uint8_t *other)
{
    struct lw_record record;
    struct lw_error err = {0};
    enum lw_status status;

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, &err), LW_OK);
    if (text != NULL)
        fixture_set(&record, field, text);
    else if (other != NULL)
        assert_int_equal(lw_record_set_ref(&record, field, other), LW_OK);
    else
        record.value[lw_field_find(type, field)].set = false;
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    status = lw_record_put(fixture->journal, &record, "random", &err);
    if (status == LW_OK)
        assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    else
        lw_journal_rollback(fixture->journal); /* such as a circle of those that are one */
    lw_record_clear(&record);
}

static void change_something(struct fixture *fixture, struct world *world)
{
    static const char *const second[CLASSES] = {"code_name", NULL, "author", NULL};
    static const char *const first[CLASSES] = {"name", "name", "title", "title"};
    unsigned class = draw(CLASSES), at = draw(world->count[class]);
    const uint8_t *id = world->id[class][at];
    struct lw_buf name = LW_BUF_INIT;

    make_name(&name);
    switch (draw(6)) {
    case 0:
        if (world->count[class] < PEOPLE)
            make_one(fixture, world, class);
        break;
    case 1:
        change(fixture, types[class], id, first[class], name.data, NULL);
        break;
    case 2:
        if (second[class] != NULL)
            change(fixture, types[class], id, second[class], draw(2) ? name.data : NULL, NULL);
        break;
    case 3:
        fixture_make(fixture, LW_RECORD_NAME, NULL, "party", world->id[0][0], "text", name.data,
                     "kind", "alias", (char *)NULL);
        break;
    case 4:
        change(fixture, types[class], id, "same_as", NULL,
               world->id[class][draw(world->count[class])]);
        break;
    default:
        change(fixture, types[class], id, "same_as", NULL, NULL);
    }
    lw_buf_free(&name);
}

/* ---- whom a name means, each compared ---------------------------------------------------------
 */

/* 0: not; 1: all words are in it; 2: the same in other letters; 3: equal */
static int fit(const char *text, const char *name)
{
    struct lw_buf a = LW_BUF_INIT, b = LW_BUF_INIT;
    bool all, whole, equal;

    assert_int_equal(lw_utf8_fold(text, strlen(text), &a), LW_OK);
    assert_int_equal(lw_utf8_fold(name, strlen(name), &b), LW_OK);
    equal = a.len > 0 && strcmp(lw_buf_text(&a), lw_buf_text(&b)) == 0;
    lw_buf_free(&a);
    lw_buf_free(&b);
    assert_int_equal(lw_spelling_has(text, strlen(text), name, strlen(name), &all, &whole), LW_OK);
    return equal ? 3 : all + whole;
}

static const struct {
    unsigned class;
    const char *sql;
} spelt[] = {
    {0, "SELECT n, name FROM party"},    {0, "SELECT n, coalesce(code_name, '') FROM party"},
    {0, "SELECT party, text FROM name"}, {1, "SELECT n, name FROM place"},
    {2, "SELECT n, ref FROM source"},    {2, "SELECT n, coalesce(author, '') FROM source"},
    {2, "SELECT n, title FROM source"},  {3, "SELECT n, title FROM incident"},
};

/* The best fit of any; notes those of it in the table. */
static int best_fit(struct fixture *fixture, unsigned classes, const char *name)
{
    struct lw_error err = {0};
    int best = 0;

    if (lw_store_exec(fixture->store,
                      "CREATE TEMP TABLE IF NOT EXISTS fits(class, n, fit); DELETE FROM fits",
                      &err) != LW_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < LW_COUNT_OF(spelt); i++) {
        struct lw_stmt *stmt;

        if ((classes & 1U << spelt[i].class) == 0)
            continue;
        assert_int_equal(lw_store_prepare(fixture->store, spelt[i].sql, &stmt, &err), LW_OK);
        while (lw_stmt_step(stmt, &err) == LW_OK) {
            size_t len;
            int is = fit(lw_stmt_text(stmt, 1, &len), name);
            char sql[128];

            best = is > best ? is : best;
            snprintf(sql, sizeof sql, "INSERT INTO fits VALUES(%u, %lld, %d)", spelt[i].class,
                     (long long)lw_stmt_int(stmt, 0), is);
            if (lw_store_exec(fixture->store, sql, &err) != LW_OK)
                fail_msg("%s", err.text);
        }
    }
    return best;
}

/* Those, whatever is one with them, and the entries of all of these. */
static void expect(struct fixture *fixture, int best, struct lw_buf *out)
{
    static const char *const tables[CLASSES] = {"party", "place", "source", "incident"};
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    struct lw_error err = {0};

    assert_int_equal(lw_buf_adds(&sql, "WITH RECURSIVE own(class, n) AS ("), LW_OK);
    for (unsigned class = 0; class < CLASSES; class ++)
        assert_int_equal(lw_buf_addf(&sql,
                                     "%sSELECT %u, n FROM (WITH RECURSIVE r(n) AS (SELECT n FROM"
                                     " fits WHERE class = %u AND fit = %d UNION SELECT p.n FROM %s"
                                     " p JOIN r ON p.same_as = r.n UNION SELECT p.same_as FROM %s p"
                                     " JOIN r ON p.n = r.n WHERE p.same_as IS NOT NULL) SELECT n"
                                     " FROM r)",
                                     class > 0 ? " UNION " : "", class, class, best, tables[class],
                                     tables[class]),
                         LW_OK);
    assert_int_equal(
        lw_buf_adds(&sql, ") SELECT ref FROM entry e WHERE EXISTS (SELECT 1 FROM participation x"
                          " JOIN own o ON o.class = 0 AND o.n = x.party WHERE x.entry = e.n) OR"
                          " EXISTS (SELECT 1 FROM own o WHERE o.class = 1 AND o.n = e.place) OR"
                          " EXISTS (SELECT 1 FROM own o WHERE o.class = 3 AND o.n = e.incident) OR"
                          " EXISTS (SELECT 1 FROM account x JOIN own o ON o.class = 2 AND"
                          " o.n = x.source WHERE x.entry = e.n) ORDER BY position, n"),
        LW_OK);
    if (lw_store_prepare(fixture->store, sql.data, &stmt, &err) != LW_OK)
        fail_msg("%s", err.text);
    while (lw_stmt_step(stmt, &err) == LW_OK)
        assert_int_equal(
            lw_buf_addf(out, "%s%s", out->len > 0 ? " " : "", lw_stmt_text(stmt, 0, NULL)), LW_OK);
    lw_buf_free(&sql);
}

/* ---- a filter ---------------------------------------------------------------------------------
 */

static bool has_word(const char *text)
{
    size_t at = 0, size;

    return lw_spelling_word(text, strlen(text), &at, &size);
}

static void lets_through_the_same(struct fixture *fixture, struct fixture *reference,
                                  const char *name)
{
    static const char *const keys[] = {"person", "place", "source", "incident", "name"};
    static const unsigned classes[] = {1, 2, 4, 8, 7};
    unsigned which = draw(LW_COUNT_OF(keys));
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_buf typed = LW_BUF_INIT, expected = LW_BUF_INIT;
    struct lw_filter filter = {0};
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    enum lw_status status;
    int best;

    assert_int_equal(lw_buf_addf(&typed, "%s:\"%s\"", keys[which], name), LW_OK);
    best = best_fit(reference, classes[which], name);
    if (best > 0)
        expect(reference, best, &expected);
    status = lw_filter_read(fixture->journal, typed.data, typed.len, &tree, NULL, &err);
    filter.tree = tree;
    if (status == LW_OK)
        status = lw_timeline_each(fixture->journal, &filter, fixture_list_row, &list, &err);
    if (status != (best > 0 ? LW_OK : LW_BAD_DATA))
        fail_msg("%s: %d, %s", typed.data, best, err.text);
    if (strcmp(lw_buf_text(&list.text), lw_buf_text(&expected)) != 0)
        fail_msg("%s: %s, not %s", typed.data, lw_buf_text(&list.text), lw_buf_text(&expected));
    lw_filter_free(tree);
    lw_buf_free(&list.text);
    lw_buf_free(&typed);
    lw_buf_free(&expected);
}

/* Up to so many turns of what is done while nothing is typed. */
static void make_ready(struct fixture *fixture, unsigned turns)
{
    struct lw_error err = {0};
    bool done = false;

    for (unsigned i = 0; i < turns && !done; i++)
        assert_int_equal(lw_filter_ready(fixture->journal, 1 + draw(7), &done, &err), LW_OK);
}

static void try_names(struct fixture *fixture, struct fixture *reference)
{
    struct lw_buf name = LW_BUF_INIT;

    for (int i = 0; i < 6; i++) {
        make_name(&name);
        if (has_word(name.data))
            lets_through_the_same(fixture, reference, name.data);
    }
    lw_buf_free(&name);
}

/* One filters, the other one saves and is compared with; or both are one. */
static void change_and_try(struct fixture *one, struct fixture *other)
{
    struct world world = {.count = {0}};

    for (unsigned class = 0; class < CLASSES; class ++) {
        for (int i = 0; i < 12; i++)
            make_one(other, &world, class);
    }
    for (int round = 0; round < ROUNDS; round++) {
        make_ready(one, draw(2) ? draw(12) : 1000);
        try_names(one, other);
        for (unsigned i = 1 + draw(3); i > 0; i--)
            change_something(draw(2) ? one : other, &world);
        if (draw(3) == 0)
            make_ready(one, draw(5));
    }
}

static void every_change_is_seen(void **state)
{
    seed = 1;
    change_and_try(*state, *state);
}

/* Whoever saves. */
static void a_change_of_another_is_seen(void **state)
{
    struct lw_vault *vault = bare_vault_new(VAULT_PAGES, false);
    struct fixture one = {NULL, NULL}, other = {NULL, NULL};

    (void)state;
    seed = 7;
    one.journal = fixture_open_in(vault, &one.store);
    other.journal = fixture_open_in(vault, &other.store);
    change_and_try(&one, &other);
    lw_journal_close(other.journal);
    lw_journal_close(one.journal);
    lw_store_close(other.store);
    lw_store_close(one.store);
    bare_vault_free(vault);
}

static enum lw_status reads(struct fixture *fixture, const char *typed)
{
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {0};
    enum lw_status status =
        lw_filter_read(fixture->journal, typed, strlen(typed), &tree, NULL, &err);

    lw_filter_free(tree);
    return status;
}

/* The last one that is read, too. */
static void a_name_that_is_taken_off_is_gone(void **state)
{
    struct fixture *fixture = *state;
    uint8_t id[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, NULL, "kind", "unknown", "name", "Юсуп", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, id, "kind", "unknown", "name", "Magomed", "code_name",
                 "Falcon", (char *)NULL);
    assert_int_equal(reads(fixture, "person:falcon"), LW_OK);
    change(fixture, LW_RECORD_PARTY, id, "code_name", NULL, NULL);
    assert_int_equal(reads(fixture, "person:falcon"), LW_BAD_DATA);
    assert_int_equal(reads(fixture, "person:магомед"), LW_OK);
}

/* Before it is saved, and once it is not. */
static void a_transaction_sees_what_it_wrote(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    struct lw_record record;
    uint8_t id[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, id, "kind", "individual", "name", "Magomed",
                 (char *)NULL);
    make_ready(fixture, 1000);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_PARTY, id, &record, &err), LW_OK);
    assert_int_equal(lw_record_set_text(&record, "name", "Yusup", 5), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_OK);
    assert_int_equal(reads(fixture, "person:Юсуп"), LW_OK);
    lw_journal_rollback(fixture->journal);
    assert_int_equal(reads(fixture, "person:Юсуп"), LW_BAD_DATA);
    lw_record_clear(&record);
}

/* Long ones that are changed again and again: what they were is not held for ever. */
static void what_is_held_begins_anew(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf title = LW_BUF_INIT;
    uint8_t id[LW_RECORD_ID];
    char typed[32];

    fixture_make(fixture, LW_RECORD_PARTY, NULL, "kind", "unknown", "name", "Magomed",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, id, "title", "Paper", (char *)NULL);
    for (int i = 0; i < 10; i++) {
        lw_buf_clear(&title);
        assert_int_equal(lw_buf_addf(&title, "Paper%d %300000d", i, i), LW_OK);
        change(fixture, LW_RECORD_SOURCE, id, "title", title.data, NULL);
        make_ready(fixture, draw(3));
        for (int k = 0; k < 10; k++) {
            snprintf(typed, sizeof typed, "source:Paper%d", k);
            assert_int_equal(reads(fixture, typed), k == i ? LW_OK : LW_BAD_DATA);
        }
        assert_int_equal(reads(fixture, "person:магомед"), LW_OK);
    }
    lw_buf_free(&title);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_change_is_seen),
        cmocka_unit_test(a_change_of_another_is_seen),
        TEST(a_name_that_is_taken_off_is_gone),
        TEST(a_transaction_sees_what_it_wrote),
        TEST(what_is_held_begins_anew),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
