/* Filters under a name: saved, found, renamed, removed, and what is left in the revisions. */
#include "journal_fixture.h"

static enum lw_status save(struct fixture *fixture, const char *name, const char *text,
                           struct lw_error *err)
{
    enum lw_status status;

    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    status = lw_saved_put(fixture->journal, name, strlen(name), text, strlen(text), err);
    if (status == LW_OK)
        return lw_journal_commit(fixture->journal, err);
    lw_journal_rollback(fixture->journal);
    return status;
}

static enum lw_status change(struct fixture *fixture, const char *name, const char *to)
{
    enum lw_status status;

    assert_int_equal(lw_journal_begin(fixture->journal, NULL), LW_OK);
    status = to != NULL
                 ? lw_saved_rename(fixture->journal, name, strlen(name), to, strlen(to), NULL)
                 : lw_saved_remove(fixture->journal, name, strlen(name), NULL);
    if (status == LW_OK)
        return lw_journal_commit(fixture->journal, NULL);
    lw_journal_rollback(fixture->journal);
    return status;
}

static void is(struct fixture *fixture, const char *name, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_saved_find(fixture->journal, name, strlen(name), &text, NULL);

    assert_int_equal(status, expected != NULL ? LW_OK : LW_NOT_FOUND);
    if (expected != NULL)
        assert_string_equal(text.data, expected);
    lw_buf_free(&text);
}

static enum lw_status add(void *context, const char *name, const char *text, struct lw_error *err)
{
    (void)err;
    return lw_buf_addf(context, "%s=%s;", name, text);
}

static void all_are(struct fixture *fixture, const char *expected)
{
    struct lw_buf list = LW_BUF_INIT;

    assert_int_equal(lw_saved_each(fixture->journal, add, &list, NULL), LW_OK);
    assert_string_equal(lw_buf_text(&list), expected);
    lw_buf_free(&list);
}

static void from_saving_to_removing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    struct lw_journal_check report = {0};

    is(fixture, "weekly", NULL);
    assert_int_equal(save(fixture, "weekly", "kind:arson", NULL), LW_OK);
    assert_int_equal(save(fixture, "Неделя", "-office", NULL), LW_OK);
    is(fixture, "WEEKLY", "kind:arson");
    assert_int_equal(save(fixture, "Weekly", "kind:threat", NULL), LW_OK);
    all_are(fixture, "Weekly=kind:threat;Неделя=-office;");
    assert_int_equal(save(fixture, "bad", "kind:arsn", &err), LW_BAD_DATA);
    assert_string_equal(err.text,
                        "character 6: no kind of entry is called \"arsn\"; did you mean arson?");
    assert_int_equal(save(fixture, "empty", "  ", &err), LW_BAD_DATA);
    assert_int_equal(save(fixture, " ", "office", &err), LW_BAD_DATA);
    assert_int_equal(change(fixture, "weekly", "неделя"), LW_EXISTS);
    assert_int_equal(change(fixture, "weekly", "WEEKLY"), LW_OK);
    assert_int_equal(change(fixture, "nothing", "new"), LW_NOT_FOUND);
    assert_int_equal(change(fixture, "weekly", "monthly"), LW_OK);
    is(fixture, "weekly", NULL);
    is(fixture, "monthly", "kind:threat");
    assert_int_equal(change(fixture, "monthly", NULL), LW_OK);
    assert_int_equal(change(fixture, "monthly", NULL), LW_NOT_FOUND);
    all_are(fixture, "Неделя=-office;");
    /* the name is free again, also for another one */
    assert_int_equal(change(fixture, "неделя", "monthly"), LW_OK);
    is(fixture, "monthly", "-office");
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.bad, 0);
}

static void a_removed_one_comes_back(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(save(fixture, "weekly", "office", NULL), LW_OK);
    assert_int_equal(change(fixture, "weekly", NULL), LW_OK);
    assert_int_equal(save(fixture, "weekly", "-office", NULL), LW_OK);
    all_are(fixture, "weekly=-office;");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(from_saving_to_removing),
        IN_JOURNAL(a_removed_one_comes_back),
    };

    return cmocka_run_group_tests_name("saved", tests, fixture_start, NULL);
}
