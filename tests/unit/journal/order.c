/* Days and positions in the timeline; circles. */
#include "journal_fixture.h"

#include <stdio.h>

struct ids {
    uint8_t id[32][LW_RECORD_ID];
};

static void run(struct fixture *fixture, const char *sql)
{
    assert_int_equal(lw_store_exec(fixture->store, sql, NULL), LW_OK);
}

static void set_text(struct lw_record *record, const char *field, const char *text)
{
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static enum lw_status try_before(struct fixture *fixture, const uint8_t *earlier,
                                 const uint8_t *later, const char *kind, struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status;

    lw_record_init(&record, LW_RECORD_PRECEDENCE);
    assert_int_equal(lw_record_set_ref(&record, "earlier", earlier), LW_OK);
    assert_int_equal(lw_record_set_ref(&record, "later", later), LW_OK);
    set_text(&record, "kind", kind);
    assert_int_equal(lw_journal_begin(fixture->journal, err), LW_OK);
    status = lw_record_put(fixture->journal, &record, NULL, err);
    if (status == LW_OK)
        status = lw_journal_commit(fixture->journal, err);
    else
        lw_journal_rollback(fixture->journal);
    lw_record_clear(&record);
    return status;
}

static void before(struct fixture *fixture, const uint8_t *earlier, const uint8_t *later)
{
    struct lw_error err = {0};

    if (try_before(fixture, earlier, later, "before", &err) != LW_OK)
        fail_msg("%s", err.text);
}

/* The order as it stands: "E01 E02 | E03", a bar where the day changes. */
static void order_is(struct fixture *fixture, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_stmt *stmt;
    int64_t day = 0;
    int64_t position = -1;

    assert_int_equal(lw_store_prepare(fixture->store,
                                      "SELECT ref, day, position FROM entry ORDER BY position",
                                      &stmt, NULL),
                     LW_OK);
    while (lw_stmt_step(stmt, NULL) == LW_OK) {
        int64_t its = lw_stmt_is_null(stmt, 1) ? LW_TIME_MAX : lw_stmt_int(stmt, 1);

        if (text.len > 0)
            assert_int_equal(lw_buf_adds(&text, its == day ? " " : " | "), LW_OK);
        assert_int_equal(lw_buf_adds(&text, lw_stmt_text(stmt, 0, NULL)), LW_OK);
        assert_true(lw_stmt_int(stmt, 2) > position);
        day = its;
        position = lw_stmt_int(stmt, 2);
    }
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}

static void make(struct fixture *fixture, struct ids *ids, int number, const char *when)
{
    char ref[16];

    snprintf(ref, sizeof(ref), "E%02d", number);
    fixture_entry(fixture, ids->id[number], ref, when, "x");
}

static void change_when(struct fixture *fixture, const uint8_t *id, const char *when)
{
    struct lw_record record;

    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, id, &record, NULL), LW_OK);
    assert_int_equal(lw_record_set_text(&record, "when", when, when == NULL ? 0 : strlen(when)),
                     LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(&record);
}

/* ---- the chronology of December 2014 ---- */

static const char *const chronology[] = {
    [1] = "2009~/..",
    [2] = "2014-12-04",
    [3] = "2014-12-05",
    [4] = "2014-12-04/2014-12-16",
    [5] = "2014-12-09",
    [6] = "2014-12-10",
    [7] = "2014-12-11",
    [8] = "2014-12-13",
    [9] = "2014-12-13",
    [10] = "2014-12-13",
    [11] = "2014-12-13 evening",
    [12] = "2014-12-13/..",
    [13] = "2014-12-14",
    [14] = "2014-12-14",
    [15] = "2014-12-14",
    [16] = "2014-12-14",
    [17] = "2014-12-14",
    [18] = "2014-12-14",
    [19] = "2014-12-14/2014-12-16",
    [20] = "2014-12-09/2014-12-16",
    [21] = "2014-12-13/..",
    [22] = "2014-12-16",
};
static const int chronology_order[][2] = {{4, 5},   {5, 6},   {8, 9},   {9, 10}, {10, 11},
                                          {11, 12}, {13, 16}, {16, 19}, {13, 21}};
#define CHRONOLOGY                                                                                 \
    "E01 | E02 E04 | E03 | E05 E20 | E06 | E07 | E08 E09 E10 E11 E12 | E13 E14 E15 E16 E17 E18 "   \
    "E19 E21 | E22"

static void test_chronology(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    for (int i = 1; i <= 22; i++)
        make(fixture, &ids, i, chronology[i]);
    for (size_t i = 0; i < LW_COUNT_OF(chronology_order); i++)
        before(fixture, ids.id[chronology_order[i][0]], ids.id[chronology_order[i][1]]);
    order_is(fixture, CHRONOLOGY);
}

/* The same whatever the order of writing: entries backwards, each order as soon as it can be. */
static void test_chronology_backwards(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    for (int i = 22; i >= 1; i--) {
        make(fixture, &ids, i, chronology[i]);
        for (size_t k = 0; k < LW_COUNT_OF(chronology_order); k++) {
            if (chronology_order[k][0] == i)
                before(fixture, ids.id[i], ids.id[chronology_order[k][1]]);
        }
    }
    order_is(fixture, CHRONOLOGY);
}

/* ---- inside a day ---- */

static void test_priority(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    make(fixture, &ids, 1, "2014-12/..");
    make(fixture, &ids, 2, "2014-12-01/2014-12-03");
    make(fixture, &ids, 3, "2014-12");
    make(fixture, &ids, 10, "2014-12-01");
    make(fixture, &ids, 9, "2014-12-01");
    make(fixture, &ids, 8, "2014-12-01 evening");
    make(fixture, &ids, 7, "2014-12-01 08:00");
    make(fixture, &ids, 11, "../2014-12-01");
    order_is(fixture, "E09 E10 E07 E08 E02 E03 E11 E01");
}

static void test_refs_count_as_people_do(void **state)
{
    struct fixture *fixture = *state;

    fixture_entry(fixture, NULL, "E100", "2014-12-01", "x");
    fixture_entry(fixture, NULL, "E9", "2014-12-01", "x");
    fixture_entry(fixture, NULL, "e10", "2014-12-01", "x");
    fixture_entry(fixture, NULL, "A-2", "2014-12-01", "x");
    fixture_entry(fixture, NULL, "A-10", "2014-12-01", "x");
    fixture_entry(fixture, NULL, "A-02b", "2014-12-01", "x");
    order_is(fixture, "A-2 A-02b A-10 E9 e10 E100");
}

static void test_stated_order_beats_time(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    make(fixture, &ids, 1, "2014-12-01 20:00");
    make(fixture, &ids, 2, "2014-12-01 08:00");
    make(fixture, &ids, 3, "2014-12-01 09:00");
    order_is(fixture, "E02 E03 E01");
    before(fixture, ids.id[1], ids.id[2]);
    order_is(fixture, "E01 E02 E03"); /* E01 moves up to what it comes before */
    run(fixture, "DELETE FROM precedence");
    change_when(fixture, ids.id[1], "2014-12-01 07:00");
    order_is(fixture, "E01 E02 E03");
}

/* ---- days ---- */

static void test_raised(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    make(fixture, &ids, 1, "2014-12-05");
    make(fixture, &ids, 2, "2014-12-01/..");
    make(fixture, &ids, 3, "2014-12-01/2014-12-03");
    make(fixture, &ids, 4, "2014-12-01/2014-12-20");
    order_is(fixture, "E03 E04 E02 | E01");
    before(fixture, ids.id[1], ids.id[2]);
    before(fixture, ids.id[2], ids.id[4]); /* through E02 */
    before(fixture, ids.id[1], ids.id[3]); /* never beyond its own date */
    order_is(fixture, "E03 | E01 E02 E04");
    change_when(fixture, ids.id[1], "2014-12-10");
    order_is(fixture, "E03 | E01 E02 E04");
    change_when(fixture, ids.id[1], "2014-11-10");
    order_is(fixture, "E01 | E03 E02 E04");
    change_when(fixture, ids.id[1], "2015");
    order_is(fixture, "E03 | E04 | E01 E02");
}

static void recorded(struct fixture *fixture, uint8_t *id, const char *ref, const char *at)
{
    struct lw_record record;
    int64_t ms;

    lw_record_init(&record, LW_RECORD_ENTRY);
    lw_journal_new_id(fixture->journal, record.id);
    memcpy(id, record.id, LW_RECORD_ID);
    set_text(&record, "ref", ref);
    set_text(&record, "title", "x");
    set_text(&record, "status", "draft");
    assert_true(lw_time_parse(at, strlen(at), &ms));
    assert_int_equal(lw_record_set_number(&record, "recorded_at", ms), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(&record);
}

static void test_undated(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;

    make(fixture, &ids, 1, "2014-12-16");
    make(fixture, &ids, 2, NULL);
    recorded(fixture, ids.id[3], "E03", "2014-12-16T23:59:59Z");
    recorded(fixture, ids.id[4], "E04", "2014-12-17T00:00:00Z");
    recorded(fixture, ids.id[5], "E05", "2014-12-16T08:00:00Z");
    make(fixture, &ids, 6, NULL);
    make(fixture, &ids, 7, "2030");
    order_is(fixture, "E01 E05 E03 | E04 | E07 | E02 E06");
    /* what is tied to a dated entry stands with it, whenever it was recorded */
    before(fixture, ids.id[4], ids.id[1]);
    order_is(fixture, "E04 E01 E05 E03 | E07 | E02 E06");
    before(fixture, ids.id[1], ids.id[2]);
    order_is(fixture, "E04 E01 E05 E03 E02 | E07 | E06");
    before(fixture, ids.id[6], ids.id[3]); /* both undated: as E03 was recorded */
    change_when(fixture, ids.id[2], "2014-12-20");
    order_is(fixture, "E04 E01 E05 E06 E03 | E02 | E07");
}

/* ---- circles ---- */

static void test_circle(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;
    struct lw_error err = {0};

    for (int i = 8; i <= 12; i++)
        make(fixture, &ids, i, "2014-12-13");
    before(fixture, ids.id[9], ids.id[10]);
    before(fixture, ids.id[10], ids.id[8]);
    before(fixture, ids.id[8], ids.id[12]);
    before(fixture, ids.id[11], ids.id[8]);
    order_is(fixture, "E09 E10 E11 E08 E12");
    assert_int_equal(try_before(fixture, ids.id[8], ids.id[9], "not_after", &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "E08, E09 and E10 are each said to be before the next"));
    /* nothing of it is there, and the journal goes on */
    order_is(fixture, "E09 E10 E11 E08 E12");
    before(fixture, ids.id[9], ids.id[12]);
    assert_int_equal(try_before(fixture, ids.id[9], ids.id[9], "before", &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "field \"later\": is the same entry"));
}

static void test_long_circle(void **state)
{
    struct fixture *fixture = *state;
    struct ids ids;
    struct lw_error err = {0};

    for (int i = 1; i <= 20; i++)
        make(fixture, &ids, i, "2014-12-13");
    for (int i = 1; i < 20; i++)
        before(fixture, ids.id[i], ids.id[i + 1]);
    assert_int_equal(try_before(fixture, ids.id[20], ids.id[1], "before", &err), LW_BAD_DATA);
    assert_non_null(strstr(err.text, "E01, E02, E03, E04, E05, E06, E07, E08 and 12 more are"));
}

static enum lw_status refuse_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)context;
    (void)row;
    return lw_fail(err, LW_CANCELLED, "no row was expected");
}

static void test_settle(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;

    assert_int_equal(lw_journal_settle(fixture->journal, NULL), LW_INTERNAL);
    lw_record_init(&record, LW_RECORD_ENTRY);
    set_text(&record, "title", "x");
    set_text(&record, "status", "draft");
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_settle(fixture->journal, NULL), LW_OK);
    order_is(fixture, "E01");
    lw_journal_rollback(fixture->journal);
    order_is(fixture, "");
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, refuse_row, NULL, NULL), LW_OK);
    lw_record_clear(&record);
}

/* Many at once and one by one end in the same order. */
static void test_many(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record record;
    uint8_t id[60][LW_RECORD_ID];
    struct lw_stmt *stmt;
    char text[32];

    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    for (int i = 0; i < 60; i++) {
        lw_record_init(&record, LW_RECORD_ENTRY);
        lw_journal_new_id(fixture->journal, id[i]);
        memcpy(record.id, id[i], LW_RECORD_ID);
        snprintf(text, sizeof(text), "2014-12-%02d/..", 1 + (i * 7) % 5);
        set_text(&record, "when", text);
        set_text(&record, "title", "x");
        set_text(&record, "status", "draft");
        assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
        lw_record_clear(&record);
        if (i % 3 == 0)
            continue;
        lw_record_init(&record, LW_RECORD_PRECEDENCE);
        assert_int_equal(lw_record_set_ref(&record, "earlier", id[i]), LW_OK);
        assert_int_equal(lw_record_set_ref(&record, "later", id[i / 3]), LW_OK);
        set_text(&record, "kind", "before");
        assert_int_equal(lw_record_put(fixture->journal, &record, NULL, NULL), LW_OK);
        lw_record_clear(&record);
    }
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_store_prepare(fixture->store,
                                      "SELECT count(*) FROM precedence AS p "
                                      "JOIN entry AS a ON a.n = p.earlier "
                                      "JOIN entry AS b ON b.n = p.later "
                                      "WHERE a.position >= b.position OR a.day > b.day",
                                      &stmt, NULL),
                     LW_OK);
    assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
    assert_int_equal(lw_stmt_int(stmt, 0), 0);
    lw_stmt_reset(stmt);
    run(fixture, "CREATE TEMP TABLE kept AS SELECT n, day, position FROM entry");
    for (int i = 59; i >= 0; i--) { /* every one again, through another date */
        char old[32];

        snprintf(old, sizeof(old), "2014-12-%02d/..", 1 + (i * 7) % 5);
        change_when(fixture, id[i], "2013");
        change_when(fixture, id[i], old);
    }
    assert_int_equal(lw_store_prepare(fixture->store,
                                      "SELECT count(*) FROM kept AS k JOIN entry AS e ON e.n = k.n "
                                      "WHERE k.day = e.day AND k.position = e.position",
                                      &stmt, NULL),
                     LW_OK);
    assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
    assert_int_equal(lw_stmt_int(stmt, 0), 60);
    lw_stmt_reset(stmt);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_chronology),
        IN_JOURNAL(test_chronology_backwards),
        IN_JOURNAL(test_priority),
        IN_JOURNAL(test_refs_count_as_people_do),
        IN_JOURNAL(test_stated_order_beats_time),
        IN_JOURNAL(test_raised),
        IN_JOURNAL(test_undated),
        IN_JOURNAL(test_circle),
        IN_JOURNAL(test_long_circle),
        IN_JOURNAL(test_settle),
        IN_JOURNAL(test_many),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
