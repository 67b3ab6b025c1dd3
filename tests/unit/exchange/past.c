/* The journal as it was known: every day of a random history is what was exported on that day;
 * nothing later shows; what was changed without a revision is said; nothing is written. */
#include "exchange.h"
#include "journal_fixture.h"

#include <stdio.h>

static int64_t now_ms;

static int64_t moving_now(void *context)
{
    (void)context;
    return now_ms;
}

static const struct lw_clock moving_clock = {moving_now, fixture_offset, NULL};
static const struct lw_journal_setup setup = {.clock = &moving_clock, .author = "tester"};

#define DAY INT64_C(86400000)

static int open_moving(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    now_ms = FIXTURE_NOW;
    assert_int_equal(lw_store_open_memory(&fixture->store, NULL), LW_OK);
    assert_int_equal(lw_journal_open(fixture->store, &setup, &fixture->journal, NULL), LW_OK);
    *state = fixture;
    return 0;
}

static enum lw_status add(void *context, const char *data, size_t len, struct lw_error *err)
{
    (void)err;
    return lw_buf_add(context, data, len);
}

static char *export(struct lw_journal *journal)
{
    struct lw_buf out = LW_BUF_INIT;
    const struct lw_sink sink = {add, &out};
    struct lw_error err = {0};

    if (lw_export_json(journal, true, &sink, &err) != LW_OK)
        fail_msg("%s", err.text);
    return out.data;
}

static struct lw_journal *past_of(struct fixture *fixture, int64_t until, struct lw_store **store,
                                  struct lw_past_report *report)
{
    struct lw_journal *journal = NULL;
    struct lw_error err = {0};

    if (lw_journal_past(fixture->journal, &setup, until, store, &journal, report, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_false(lw_store_in_transaction(fixture->store));
    return journal;
}

static void must_be(struct fixture *fixture, int64_t until, const char *expected)
{
    struct lw_store *store;
    struct lw_past_report report;
    struct lw_journal *journal = past_of(fixture, until, &store, &report);
    char *text = export(journal);

    if (report.bad > 0)
        fail_msg("%s", report.first_bad);
    if (strcmp(text, expected) != 0)
        fail_msg("it is\n%s\nnot\n%s", text, expected);
    lw_text_free(text);
    lw_journal_close(journal);
    lw_store_close(store);
}

/* ---- a random history ---- */

enum { STEPS = 60, MOST = 80 };

struct made {
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
};

static struct made made[MOST];
static size_t made_count;
static unsigned long seed = 11;

static unsigned long draw(unsigned long below)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (seed >> 33) % below;
}

static const uint8_t *any_of(enum lw_record_type type)
{
    size_t from = draw(made_count + 1);

    for (size_t i = 0; i < made_count; i++) {
        if (made[(from + i) % made_count].type == type)
            return made[(from + i) % made_count].id;
    }
    return NULL;
}

static void set_text(struct lw_record *record, const char *field)
{
    char text[32];

    snprintf(text, sizeof(text), "%s %lu", field, draw(1000));
    assert_int_equal(lw_record_set_text(record, field, text, strlen(text)), LW_OK);
}

static void set_word(struct lw_record *record, const char *field, const char *word)
{
    assert_int_equal(lw_record_set_text(record, field, word, strlen(word)), LW_OK);
}

static void set_ref(struct lw_record *record, const char *field, enum lw_record_type type)
{
    const uint8_t *id = any_of(type);

    if (id != NULL && memcmp(id, record->id, LW_RECORD_ID) != 0)
        assert_int_equal(lw_record_set_ref(record, field, id), LW_OK);
}

static void fill(struct lw_record *record)
{
    static const char *const days[] = {"2014-12-13", "2014-12-14 evening", "2013~", "2014-12"};

    switch (record->type) {
    case LW_RECORD_PARTY:
        set_text(record, "name");
        set_word(record, "kind", draw(2) == 0 ? "individual" : "group");
        break;
    case LW_RECORD_PLACE:
        set_text(record, "name");
        set_ref(record, "parent", LW_RECORD_PLACE);
        break;
    case LW_RECORD_SOURCE:
        set_text(record, "title");
        break;
    case LW_RECORD_ENTRY:
        set_text(record, "title");
        set_word(record, "status", "draft");
        set_word(record, "when", days[draw(LW_COUNT_OF(days))]);
        set_ref(record, "place", LW_RECORD_PLACE);
        set_ref(record, "parent", LW_RECORD_ENTRY);
        if (draw(2) == 0)
            set_text(record, "narrative");
        else
            assert_int_equal(lw_record_set_text(record, "narrative", NULL, 0), LW_OK);
        break;
    case LW_RECORD_ACCOUNT:
        set_text(record, "quote");
        set_ref(record, "entry", LW_RECORD_ENTRY);
        set_ref(record, "source", LW_RECORD_SOURCE);
        assert_int_equal(lw_record_set_number(record, "credibility", 1 + (int64_t)draw(6)), LW_OK);
        break;
    default:
        set_word(record, "fact", "time");
        set_text(record, "text");
        set_ref(record, "account", LW_RECORD_ACCOUNT);
        set_word(record, "stance", "asserted");
        set_word(record, "status", draw(2) == 0 ? "open" : "superseded");
    }
}

/* A record made or changed; what cannot be, such as a parent that leads back, is not. */
static void step(struct fixture *fixture)
{
    static const enum lw_record_type types[] = {LW_RECORD_PARTY, LW_RECORD_PLACE, LW_RECORD_SOURCE,
                                                LW_RECORD_ENTRY, LW_RECORD_ENTRY, LW_RECORD_ACCOUNT,
                                                LW_RECORD_CLAIM};
    struct lw_record record;
    bool fresh = made_count == 0 || (draw(2) == 0 && made_count < MOST);
    enum lw_status status;

    if (fresh) {
        lw_record_init(&record, types[draw(LW_COUNT_OF(types))]);
    } else {
        const struct made *old = &made[draw(made_count)];

        assert_int_equal(lw_record_get(fixture->journal, old->type, old->id, &record, NULL), LW_OK);
    }
    fill(&record);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    status = lw_record_put(fixture->journal, &record, "because", NULL);
    if (status == LW_OK)
        status = lw_journal_commit(fixture->journal, NULL);
    else
        lw_journal_rollback(fixture->journal);
    if (status == LW_OK && fresh) {
        made[made_count].type = record.type;
        memcpy(made[made_count++].id, record.id, LW_RECORD_ID);
    }
    lw_record_clear(&record);
}

static void every_day_is_what_it_was(void **state)
{
    struct fixture *fixture = *state;
    char *day[STEPS];

    for (int i = 0; i < STEPS; i++) {
        for (int k = 0; k < 3; k++)
            step(fixture);
        day[i] = export(fixture->journal);
        now_ms += DAY;
    }
    assert_true(made_count > 20);
    for (int i = 0; i < STEPS; i++) {
        must_be(fixture, FIXTURE_NOW + i * DAY + 1, day[i]);
        if (i > 0)
            must_be(fixture, FIXTURE_NOW + i * DAY, day[i - 1]);
    }
    for (int i = 0; i < STEPS; i++)
        lw_text_free(day[i]);
}

/* ---- what is asked of it ---- */

static void finds(struct lw_journal *journal, const char *text, const char *expected)
{
    struct fixture_list list = {.text = LW_BUF_INIT};

    assert_int_equal(lw_search_each(journal, text, strlen(text), fixture_list_row, &list, NULL),
                     LW_OK);
    assert_string_equal(lw_buf_text(&list.text), expected);
    lw_buf_free(&list.text);
}

static void change(struct fixture *fixture, const uint8_t *id, const char *title)
{
    struct lw_record entry;

    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, id, &entry, NULL), LW_OK);
    set_word(&entry, "title", title);
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &entry, NULL, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    lw_record_clear(&entry);
}

static void it_is_searched_and_not_written(void **state)
{
    struct fixture *fixture = *state;
    uint8_t entry[LW_RECORD_ID];
    struct lw_past_report report;
    struct lw_store *store;
    struct lw_journal *journal;
    struct lw_error err = {0};

    fixture_entry(fixture, entry, "E01", "2014-12-13", "office burned");
    now_ms += DAY;
    change(fixture, entry, "flat searched");
    fixture_entry(fixture, NULL, "E02", "2014-12-13", "office later");
    journal = past_of(fixture, FIXTURE_NOW + 1, &store, &report);
    assert_int_equal(report.records, 1);
    assert_int_equal(report.taken_back, 2);
    finds(journal, "office", "E01");
    finds(journal, "searched", "");
    finds(fixture->journal, "office", "E02");
    assert_int_equal(lw_journal_begin(journal, &err), LW_READ_ONLY);
    assert_int_equal(lw_store_exec(store, "DELETE FROM entry", &err), LW_READ_ONLY);
    finds(journal, "office", "E01");
    lw_journal_close(journal);
    lw_store_close(store);
    journal = past_of(fixture, FIXTURE_NOW, &store, &report);
    assert_int_equal(report.records, 0);
    finds(journal, "office", "");
    lw_journal_close(journal);
    lw_store_close(store);
}

/* A clock that was set back does not bring what is later into the past. */
static void a_clock_that_goes_back(void **state)
{
    struct fixture *fixture = *state;
    uint8_t entry[LW_RECORD_ID];
    struct lw_past_report report;
    struct lw_store *store;
    struct lw_journal *journal;

    fixture_entry(fixture, entry, "E01", "2014-12-13", "first");
    now_ms += 2 * DAY;
    change(fixture, entry, "second");
    now_ms -= DAY;
    change(fixture, entry, "third");
    journal = past_of(fixture, FIXTURE_NOW + DAY + 1, &store, &report);
    assert_int_equal(report.bad, 0);
    finds(journal, "first", "E01");
    lw_journal_close(journal);
    lw_store_close(store);
}

static void add_task(struct fixture *fixture, const char *line)
{
    int64_t number;

    assert_int_equal(
        lw_task_add(fixture->journal, line, strlen(line), &moving_clock, &number, NULL), LW_OK);
}

static enum lw_status write_task(void *context, const struct lw_task *task, struct lw_error *err)
{
    (void)err;
    return lw_buf_addf(context, "%lld %s: %lld\n", (long long)task->number, task->title,
                       (long long)task->overdue_days);
}

/* By the number that they have in the vault, late as of the day. */
static void tasks_are_those_of_the_day(void **state)
{
    struct fixture *fixture = *state;
    static const char overdue[] = "is:overdue";
    struct lw_past_report report;
    struct lw_store *store;
    struct lw_journal *journal;
    struct lw_filter_tree *tree;
    struct lw_buf text = LW_BUF_INIT;
    size_t late = 2;

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "office burned");
    now_ms += 20 * DAY;
    add_task(fixture, "later");
    now_ms -= 20 * DAY;
    add_task(fixture, "early; due: 2014-12-17; entry: E01");
    journal = past_of(fixture, FIXTURE_NOW + 3 * DAY, &store, &report);
    lw_journal_hide_as(journal, fixture->journal);
    assert_int_equal(lw_journal_day(journal), lw_clock_day(&moving_clock) + 3);
    assert_int_equal(
        lw_tasks_each(journal, NULL, false, lw_journal_day(journal), write_task, &text, NULL),
        LW_OK);
    assert_string_equal(lw_buf_text(&text), "2 early: 2\n");
    assert_int_equal(lw_filter_read(journal, overdue, strlen(overdue), &tree, NULL, NULL), LW_OK);
    assert_int_equal(lw_timeline_count(journal, &(struct lw_filter){.tree = tree}, 2, &late, NULL),
                     LW_OK);
    assert_int_equal(late, 1);
    assert_int_equal(
        lw_timeline_count(fixture->journal, &(struct lw_filter){.tree = tree}, 2, &late, NULL),
        LW_OK);
    assert_int_equal(late, 0);
    lw_filter_free(tree);
    lw_buf_free(&text);
    lw_journal_close(journal);
    lw_store_close(store);
}

/* A filter is no knowledge. */
static void filters_that_were_saved_later_are_there(void **state)
{
    struct fixture *fixture = *state;
    struct lw_past_report report;
    struct lw_store *store;
    struct lw_journal *journal;
    struct lw_buf text = LW_BUF_INIT;

    now_ms += DAY;
    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    assert_int_equal(lw_saved_put(fixture->journal, "weekly", 6, "burned", 6, NULL), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, NULL), LW_OK);
    journal = past_of(fixture, FIXTURE_NOW, &store, &report);
    lw_journal_hide_as(journal, fixture->journal);
    assert_int_equal(lw_saved_find(journal, "weekly", 6, &text, NULL), LW_OK);
    assert_string_equal(lw_buf_text(&text), "burned");
    lw_buf_free(&text);
    lw_journal_close(journal);
    lw_store_close(store);
}

static void what_its_revisions_do_not_say_is_told(void **state)
{
    struct fixture *fixture = *state;
    uint8_t entry[LW_RECORD_ID];
    struct lw_past_report report;
    struct lw_store *store;
    struct lw_journal *journal;

    fixture_entry(fixture, entry, "E01", "2014-12-13", "office burned");
    assert_int_equal(lw_store_exec(fixture->store, "UPDATE entry SET hedge = 'apparent'", NULL),
                     LW_OK);
    now_ms += DAY;
    change(fixture, entry, "flat searched");
    journal = past_of(fixture, FIXTURE_NOW + 1, &store, &report);
    assert_int_equal(report.bad, 1);
    assert_string_equal(report.first_bad, "entry E01 is not what its revisions say that it was");
    lw_journal_close(journal);
    lw_store_close(store);
}

static void which_moment_is_meant(void **state)
{
    static const struct {
        const char *text;
        int64_t until;
        const char *said;
    } cases[] = {
        {"2014-12-15", INT64_C(1418677200000), "the end of 15 December 2014 (UTC+03:00)"},
        {"15 dec 2014", INT64_C(1418677200000), "the end of 15 December 2014 (UTC+03:00)"},
        {"2014-12-15 14:00 +01:00", INT64_C(1418648460000), NULL},
        {"2014", INT64_C(1420059600000), "the end of 2014 (UTC+03:00)"},
        {"2014-12-15~", 0, NULL},
        {"since 2014", 0, NULL},
        {"2014-12-04/2014-12-16", 0, NULL},
        {"after E01", 0, NULL},
        {"nonsense", 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_buf said = LW_BUF_INIT;
        int64_t until = 0;
        enum lw_status status = lw_past_moment(cases[i].text, strlen(cases[i].text), &fixture_clock,
                                               &until, &said, NULL);

        assert_int_equal(status, cases[i].until != 0 ? LW_OK : LW_BAD_DATA);
        assert_int_equal(until, cases[i].until);
        if (cases[i].said != NULL)
            assert_string_equal(said.data, cases[i].said);
        lw_buf_free(&said);
    }
}

#define MOVING(test) cmocka_unit_test_setup_teardown(test, open_moving, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MOVING(every_day_is_what_it_was),        MOVING(it_is_searched_and_not_written),
        MOVING(a_clock_that_goes_back),          MOVING(what_its_revisions_do_not_say_is_told),
        MOVING(tasks_are_those_of_the_day),      MOVING(filters_that_were_saved_later_are_there),
        cmocka_unit_test(which_moment_is_meant),
    };

    return cmocka_run_group_tests_name("past", tests, fixture_start, NULL);
}
