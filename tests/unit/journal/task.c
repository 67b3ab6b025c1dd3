/* Tasks: their order, what is overdue, what a line says, done as a revision. */
#include "journal_fixture.h"

#include <stdio.h>

static int64_t day_of(const char *text)
{
    struct lw_when when;

    assert_int_equal(lw_when_parse(text, strlen(text), &when, NULL), LW_OK);
    return when.earliest / 86400;
}

static enum lw_status write_down(void *context, const struct lw_task *task, struct lw_error *err)
{
    struct lw_buf *out = context;
    enum lw_status status = lw_buf_addf(out, "%s: ", task->title);

    (void)err;
    if (status == LW_OK && task->done)
        status = lw_buf_adds(out, "done; ");
    if (status == LW_OK)
        status = lw_task_due_say(task, out);
    return status == LW_OK ? lw_buf_adds(out, "\n") : status;
}

static void expect(struct fixture *fixture, const char *day, bool all, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {0};

    if (lw_tasks_each(fixture->journal, NULL, all, day_of(day), write_down, &text, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}

static void expect_counts(struct fixture *fixture, const char *day, const char *expected)
{
    struct lw_task_counts counts;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_tasks_count(fixture->journal, NULL, day_of(day), &counts, &err), LW_OK);
    assert_int_equal(lw_tasks_say(&counts, &text), LW_OK);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}

static int64_t add(struct fixture *fixture, const char *line)
{
    struct lw_error err = {0};
    int64_t number = 0;

    if (lw_task_add(fixture->journal, line, strlen(line), &fixture_clock, &number, &err) != LW_OK)
        fail_msg("%s: %s", line, err.text);
    return number;
}

static void a_filter_leaves_those_of_the_entries_that_pass(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] = "-arson";
    struct lw_filter filter = {.tree = NULL};
    struct lw_task_counts counts;
    struct lw_buf found = LW_BUF_INIT;
    struct lw_filter_tree *tree;

    fixture_entry(fixture, NULL, "E01", "2014-12-13", "arson");
    fixture_entry(fixture, NULL, "E02", "2014-12-13", "search");
    add(fixture, "one; entry: E01");
    add(fixture, "two; entry: E02; due: 2014-12-10");
    add(fixture, "of no entry");
    assert_int_equal(lw_filter_read(fixture->journal, text, strlen(text), &tree, NULL, NULL),
                     LW_OK);
    filter.tree = tree;
    assert_int_equal(lw_tasks_each(fixture->journal, &filter, false, day_of("2014-12-16"),
                                   write_down, &found, NULL),
                     LW_OK);
    assert_string_equal(lw_buf_text(&found), "two: overdue by 6 days\n");
    assert_false(lw_store_in_transaction(fixture->store));
    assert_int_equal(lw_tasks_count(fixture->journal, &filter, day_of("2014-12-16"), &counts, NULL),
                     LW_OK);
    assert_int_equal(counts.open, 1);
    assert_int_equal(counts.overdue, 1);
    lw_filter_free(tree);
    lw_buf_free(&found);
}

static void overdue_ones_come_first(void **state)
{
    struct fixture *fixture = *state;

    add(fixture, "some day");
    add(fixture, "in january; due: 2015-01");
    add(fixture, "on friday; due: 2014-12-19");
    add(fixture, "late; due: 2014-12-13");
    add(fixture, "today; due: 2014-12-16");
    add(fixture, "very late; due: 2014-11");
    expect(fixture, "2014-12-16", false,
           "very late: overdue by 16 days\n"
           "late: overdue by 3 days\n"
           "today: due today\n"
           "on friday: due 19 December 2014\n"
           "in january: due January 2015\n"
           "some day: \n");
    expect_counts(fixture, "2014-12-16", "2 tasks overdue, 1 due today");
    expect_counts(fixture, "2014-12-17", "3 tasks overdue");
    expect_counts(fixture, "2014-11-30", "1 task due today");
    expect_counts(fixture, "2014-11-29", "");
}

static void done_keeps_when_and_is_a_revision(void **state)
{
    struct fixture *fixture = *state;
    int64_t number = add(fixture, "call; due: 2014-12-13");
    struct lw_error err = {0};
    struct lw_journal_check report;
    struct lw_record task;
    uint8_t id[LW_RECORD_ID];
    uint64_t revisions;
    bool changed;

    assert_int_equal(lw_task_find(fixture->journal, number, id, &err), LW_OK);
    assert_int_equal(lw_task_set_done(fixture->journal, id, true, &changed, &err), LW_OK);
    assert_true(changed);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_TASK, id, &task, &err), LW_OK);
    assert_int_equal(lw_record_value(&task, "done_at")->number, FIXTURE_NOW);
    lw_record_clear(&task);
    expect(fixture, "2014-12-16", false, "");
    expect(fixture, "2014-12-16", true, "call: done; due 13 December 2014\n");
    expect_counts(fixture, "2014-12-16", "");
    assert_int_equal(lw_task_set_done(fixture->journal, id, true, &changed, &err), LW_OK);
    assert_false(changed);
    assert_int_equal(lw_task_set_done(fixture->journal, id, false, &changed, &err), LW_OK);
    assert_true(changed);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_TASK, id, &task, &err), LW_OK);
    assert_null(lw_record_value(&task, "done_at"));
    lw_record_clear(&task);
    expect(fixture, "2014-12-16", false, "call: overdue by 3 days\n");
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_REVISION, &revisions, &err),
                     LW_OK);
    assert_int_equal(revisions, 3);
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.bad, 0);
    assert_int_equal(lw_task_find(fixture->journal, number + 1, id, &err), LW_NOT_FOUND);
}

static void a_line_says_what_until_when_for_whom_and_of_what(void **state)
{
    static const char *const lines[] = {
        "ask for the record; due: 20 dec; for: Anna; entry: e01; note: by phone",
        "попросить протокол; срок: 20 дек; кому: Анна; запись: E01; примечание: по телефону",
    };
    static const char *const names[] = {"Anna", "Анна"};
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    uint8_t entry[LW_RECORD_ID];

    fixture_entry(fixture, entry, "E01", NULL, "an entry");
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_record task;

        lw_record_init(&task, LW_RECORD_TASK);
        if (lw_task_take(fixture->journal, lines[i], strlen(lines[i]), &fixture_clock, &task,
                         &err) != LW_OK)
            fail_msg("%s", err.text);
        assert_string_equal(lw_record_text(&task, "due"), "2014-12-20");
        assert_string_equal(lw_record_text(&task, "assignee"), names[i]);
        assert_memory_equal(lw_record_value(&task, "entry")->bytes, entry, LW_RECORD_ID);
        assert_non_null(lw_record_text(&task, "note"));
        lw_record_clear(&task);
    }
}

static void what_is_wrong_with_a_line_is_said_and_nothing_is_saved(void **state)
{
    static const struct {
        const char *line, *words;
        enum lw_status status;
    } cases[] = {
        {"", "say first what is to be done", LW_BAD_DATA},
        {"; due: friday", "say first what is to be done", LW_BAD_DATA},
        {"x; by: friday", "due:, for:, entry:, note:", LW_BAD_DATA},
        {"x; note: a; note: b", "note: stands there twice", LW_BAD_DATA},
        {"x; due: 31 feb 2015", "due: ", LW_BAD_DATA},
        {"x; due: after E01", "a date stands here", LW_BAD_DATA},
        {"x; entry: E99", "E99", LW_NOT_FOUND},
        {"x; entry: a very long reference", "E17", LW_BAD_DATA},
        {"\xff", "UTF-8", LW_BAD_DATA},
    };
    struct fixture *fixture = *state;
    uint64_t count;

    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_error err = {0};
        int64_t number;

        assert_int_equal(lw_task_add(fixture->journal, cases[i].line, strlen(cases[i].line),
                                     &fixture_clock, &number, &err),
                         cases[i].status);
        if (strstr(err.text, cases[i].words) == NULL)
            fail_msg("%s: %s", cases[i].line, err.text);
        assert_false(lw_store_in_transaction(fixture->store));
    }
    assert_int_equal(lw_record_count(fixture->journal, LW_RECORD_TASK, &count, NULL), LW_OK);
    assert_int_equal(count, 0);
}

/* It is Tuesday, 16 December 2014. */
static void what_lies_ahead_is_the_next_such_date(void **state)
{
    static const char *const cases[][2] = {
        {"today", "2014-12-16"},      {"tomorrow", "2014-12-17"},    {"завтра", "2014-12-17"},
        {"yesterday", "2014-12-15"},  {"tuesday", "2014-12-16"},     {"friday", "2014-12-19"},
        {"monday", "2014-12-22"},     {"пятница", "2014-12-19"},     {"20 dec", "2014-12-20"},
        {"16 dec", "2014-12-16"},     {"15 dec", "2015-12-15"},      {"5 jan", "2015-01-05"},
        {"5 января", "2015-01-05"},   {"13 dec 2014", "2014-12-13"}, {"2014-12-01", "2014-12-01"},
        {"01.12.2014", "2014-12-01"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        struct lw_error err = {0};
        struct lw_when when;

        if (lw_due_read(cases[i][0], strlen(cases[i][0]), &fixture_clock, &when, &err) != LW_OK)
            fail_msg("%s: %s", cases[i][0], err.text);
        if (strcmp(when.text, cases[i][1]) != 0)
            fail_msg("%s is %s, not %s", cases[i][0], when.text, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_ahead_is_the_next_such_date),
#define WITH(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
        WITH(a_filter_leaves_those_of_the_entries_that_pass),
        WITH(overdue_ones_come_first),
        WITH(done_keeps_when_and_is_a_revision),
        WITH(a_line_says_what_until_when_for_whom_and_of_what),
        WITH(what_is_wrong_with_a_line_is_said_and_nothing_is_saved),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
