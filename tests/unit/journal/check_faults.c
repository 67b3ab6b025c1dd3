/* Out of memory from any allocation of the check on: it says so, and after that it works. */
#include "failing_malloc.h"

#include "journal_fixture.h"

enum { EVERY = 23, MOST = 20000 };

/* In a journal of its own, where no statement of the check is prepared yet. True while there was an
 * allocation to fail. */
static bool check_without(long failing)
{
    struct lw_journal_check report;
    struct lw_error err = {0};
    enum lw_status status;
    void *state = NULL;
    bool failed;

    fixture_open(&state);
    struct fixture *fixture = state;
    fixture_entry(fixture, NULL, "E01", "2014-12-04", "clash");
    fm.until_failure = failing;
    status = lw_journal_check(fixture->journal, &report, &err);
    failed = fm.until_failure == 0;
    fm.until_failure = LONG_MAX;
    assert_int_equal(status, failed && status != LW_OK ? LW_NO_MEMORY : LW_OK);
    assert_int_equal(lw_journal_check(fixture->journal, &report, &err), LW_OK);
    assert_int_equal(report.records, 1);
    assert_int_equal(report.bad, 0);
    fixture_close(&state);
    return failed;
}

static void test_out_of_memory(void **state)
{
    long at = 0;

    (void)state;
    while (at < MOST && check_without(at))
        at += EVERY;
    assert_true(at > 10 * EVERY && at < MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
