/* The wipe: on vaults, on files that are none, interrupted, called off. */
#include "failing_malloc.h"
#include "vault_fixture.h"

#include <sys/wait.h>

#define SMALL LW_VAULT_MIN
#define KEYS  ((size_t)LW_FIXED_PAGES * LW_PAGE)

static enum lw_status wipe(const char *path, bool keys_only, const struct lw_progress *progress,
                           struct lw_wipe_report *report)
{
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = lw_vault_wipe(path, keys_only, progress, report, &err);

    if (status != LW_OK)
        assert_true(err.status == status && err.text[0] != '\0');
    return status;
}

static void expect_folder_empty(const struct fixture *fixture)
{
    assert_int_equal(rmdir(fixture->folder), 0);
    assert_int_equal(mkdir(fixture->folder, 0700), 0);
}

static void the_whole_file_goes(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    int held;
    struct stat info;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    held = open(fixture->path, O_RDONLY);
    assert_int_equal(chmod(fixture->path, 0644), 0);
    assert_ok(wipe(fixture->path, false, NULL, &report));
    assert_true(report.keys_gone);
    assert_true(report.rest_gone);
    assert_true(report.keys_us > 0 && report.keys_us <= report.total_us);
    assert_true(report.total_us >= 2000000);
    assert_true(report.done_ms > INT64_C(1400000000000));
    assert_int_equal(fstat(held, &info), 0);
    assert_int_equal(info.st_size, 0);
    assert_int_equal(info.st_mode & 0777, 0600); /* else cut short here it would not be finished */
    close(held);
    expect_folder_empty(fixture);
}

static void keys_only_leaves_the_rest_and_the_name(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    size_t len;
    uint8_t *before, *after;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    before = slurp(fixture->path, &len);
    assert_ok(wipe(fixture->path, true, NULL, &report));
    assert_true(report.keys_gone);
    assert_false(report.rest_gone);
    after = slurp(fixture->path, &len);
    assert_int_equal(len, SMALL);
    for (size_t at = 0; at < KEYS; at += 16)
        assert_memory_not_equal(before + at, after + at, 16);
    assert_memory_equal(before + KEYS, after + KEYS, len - KEYS);
    free(before);
    free(after);
    assert_false(opens(fixture->path, "owner", NULL));
    assert_false(opens(fixture->path, "decoy", NULL));
}

static void an_open_session_and_its_locks_do_not_hold_it_up(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    struct lw_wipe_report report;
    struct lw_lane *lane;
    uint8_t payload[LW_PAYLOAD] = {1};

    assert_ok(lw_lane_open(vault, lw_vault_own_lane(vault), LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    assert_ok(lw_lane_write(lane, 0, payload));
    assert_ok(lock_take(vault->fd, vault->id, LOCK_HEADER));
    assert_ok(wipe(fixture->path, false, NULL, &report));
    assert_true(report.keys_gone && report.rest_gone);
    lw_lane_close(lane);
    lw_vault_close(vault);
    expect_folder_empty(fixture);
}

static void files_of_any_size_go(void **state)
{
    static const size_t sizes[] = {0, 1, 4096, 3 * 4096 + 5, 7 * 4096, 7 * 4096 + 1};
    struct fixture *fixture = *state;
    uint8_t data[8 * 4096];
    struct lw_wipe_report report;
    size_t len;

    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        uint8_t *after;

        lw_random(data, sizeof data);
        put_file(fixture->path, data, sizes[i]);
        assert_ok(wipe(fixture->path, i % 2 == 0, NULL, &report));
        assert_true(report.keys_gone);
        if (i % 2 == 1) {
            expect_folder_empty(fixture);
            continue;
        }
        after = slurp(fixture->path, &len);
        assert_int_equal(len, sizes[i]);
        if (len > 0)
            assert_memory_not_equal(after, data, len < 16 ? len : 16);
        free(after);
    }
}

static void what_is_not_there_or_no_file(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;

    assert_int_equal(wipe(fixture->path, false, NULL, &report), LW_NO_INPUT);
    assert_false(report.keys_gone);
    assert_int_equal(wipe(fixture->folder, false, NULL, &report), LW_IO);
    assert_int_equal(wipe("/dev/null", false, NULL, &report), LW_IO);
    assert_true(exists(fixture->folder));
}

static void a_link_is_followed_to_the_vault(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    char link[128];

    beside(fixture, "-link", link);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    assert_int_equal(symlink(fixture->path, link), 0);
    assert_ok(wipe(link, false, NULL, &report));
    assert_false(exists(fixture->path));
    unlink(link);
    expect_folder_empty(fixture);
}

static void a_file_that_we_may_not_write_is_wiped_all_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    assert_int_equal(chmod(fixture->path, 0), 0);
    assert_ok(wipe(fixture->path, false, NULL, &report));
    expect_folder_empty(fixture);
}

static bool stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)total;
    return done == 0;
}

static void called_off_the_keys_are_gone_and_the_next_start_ends_it(void **state)
{
    struct fixture *fixture = *state;
    struct lw_progress progress = {stop_at_once, NULL};
    struct lw_wipe_report report;
    char wiped[128];

    beside(fixture, ".wiped", wiped);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    assert_int_equal(wipe(fixture->path, false, &progress, &report), LW_CANCELLED);
    assert_true(report.keys_gone);
    assert_false(report.rest_gone);
    assert_false(exists(fixture->path));
    assert_true(exists(wiped));
    assert_false(opens(wiped, "owner", NULL));
    lw_vault_finish_leftovers(fixture->path);
    expect_folder_empty(fixture);
}

/* Interrupted later: the file is a hole, or cut already. */
static void every_later_stage_is_ended_too(void **state)
{
    struct fixture *fixture = *state;
    char wiped[128];

    beside(fixture, ".wiped", wiped);
    put_file(wiped, "", 0);
    lw_vault_finish_leftovers(fixture->path);
    expect_folder_empty(fixture);
    put_file(wiped, "", 0);
    assert_int_equal(truncate(wiped, 1 << 20), 0);
    lw_vault_finish_leftovers(fixture->path);
    expect_folder_empty(fixture);
}

static void the_file_of_an_unfinished_rewrite_goes_with_it(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    char fresh[128];
    size_t len;
    uint8_t *data;

    beside(fixture, ".new", fresh);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    data = slurp(fixture->path, &len);
    put_file(fresh, data, len);
    free(data);
    assert_ok(wipe(fixture->path, true, NULL, &report));
    assert_false(opens(fresh, "owner", NULL));
    assert_ok(wipe(fixture->path, false, NULL, &report));
    expect_folder_empty(fixture);
}

static void a_foreign_wiped_file_does_not_stop_it(void **state)
{
    static const char text[4096] = "somebody's own file";
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    char wiped[128];
    size_t len;
    uint8_t *data;

    beside(fixture, ".wiped", wiped);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    put_file(wiped, text, sizeof text);
    assert_ok(wipe(fixture->path, false, NULL, &report));
    assert_true(report.rest_gone);
    assert_false(exists(fixture->path));
    data = slurp(wiped, &len);
    assert_int_equal(len, sizeof text);
    assert_memory_equal(data, text, len);
    free(data);
}

static void what_is_held_goes_wherever_its_name_is(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    struct lw_wipe_plan plan = {.path = fixture->path, .keys_only = true};
    char moved[128], unnamed[128];

    beside(fixture, "-moved", moved);
    beside(fixture, "-none", unnamed);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    plan.held = open(fixture->path, O_RDWR);
    assert_int_equal(rename(fixture->path, moved), 0);
    lw_vault_close(make_vault(fixture->path, SMALL, "other", NULL));
    assert_ok(lw_wipe_run(&plan, &report, NULL)); /* both */
    assert_true(report.keys_gone);
    assert_false(opens(fixture->path, "other", NULL));
    assert_false(opens(moved, "owner", NULL));
    plan.path = unnamed;
    assert_ok(lw_wipe_run(&plan, &report, NULL));
    plan.path = NULL;
    plan.keys_only = false;
    assert_ok(lw_wipe_run(&plan, &report, NULL));
    assert_true(report.rest_gone);
    close(plan.held);
    plan.held = -1;
    assert_int_equal(lw_wipe_run(&plan, &report, NULL), LW_NO_INPUT);
    unlink(moved);
    unlink(fixture->path);
    expect_folder_empty(fixture);
}

static void only_not_done(void *context, const struct lw_wipe_report *report)
{
    bool *told = context;

    assert_false(report->keys_gone);
    assert_int_equal(report->keys_us, 0);
    *told = true;
}

/* It may be another file than the one that matters, so it is wiped and nothing is claimed. */
static void where_the_path_cannot_be_opened_nothing_is_claimed(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    bool told = false;
    struct lw_wipe_plan plan = {.path = fixture->path, .told = only_not_done, .context = &told};
    struct lw_error err = {LW_OK, ""};
    char moved[128];

    beside(fixture, "-moved", moved);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    plan.held = open(fixture->path, O_RDWR);
    assert_int_equal(rename(fixture->path, moved), 0);
    assert_int_equal(mkdir(fixture->path, 0700), 0);
    assert_int_equal(lw_wipe_run(&plan, &report, &err), LW_IO);
    assert_int_equal(err.status, LW_IO);
    assert_true(told);
    assert_false(report.keys_gone || report.rest_gone);
    assert_false(opens(moved, "owner", NULL));
    close(plan.held);
    assert_int_equal(rmdir(fixture->path), 0);
    unlink(moved);
}

struct naming {
    const char *path, *wiped;
    int told;
};

static void look_at_names(void *context, const struct lw_wipe_report *report)
{
    struct naming *naming = context;

    assert_int_equal(exists(naming->path), !report->keys_gone);
    assert_int_equal(exists(naming->wiped), report->keys_gone);
    naming->told++;
}

static void its_name_says_so_before_the_keys_are_told_gone(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    char wiped[128];
    struct naming naming = {.path = fixture->path, .wiped = wiped};
    const struct lw_wipe_plan plan = {
        .path = fixture->path, .held = -1, .told = look_at_names, .context = &naming};

    beside(fixture, ".wiped", wiped);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    assert_ok(lw_wipe_run(&plan, &report, NULL));
    assert_int_equal(naming.told, 2);
    expect_folder_empty(fixture);
}

static void count_told(void *context, const struct lw_wipe_report *report)
{
    int *told = context;

    assert_true(report->keys_us > 0);
    assert_int_equal(report->keys_gone, *told > 0);
    ++*told;
}

static void a_simulation_writes_nothing_and_tells_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    struct lw_wipe_plan plan = {
        .path = fixture->path, .held = -1, .simulate = true, .told = count_told};
    char text[LW_WIPE_SAY];
    size_t len;
    uint8_t *before, *after;
    int told = 0;

    plan.context = &told;
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    before = slurp(fixture->path, &len);
    assert_ok(lw_wipe_run(&plan, &report, NULL));
    after = slurp(fixture->path, &len);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
    assert_int_equal(told, 2);
    assert_true(report.keys_gone);
    assert_false(report.rest_gone);
    assert_int_equal(report.rest_bytes, SMALL - KEYS);
    report.keys_us = 5001;
    lw_wipe_say_keys(&report, &lw_clock_system, text);
    assert_memory_equal(text, "keys overwritten and synced ", 28);
    assert_string_equal(text + 36, ", 6 ms");
    assert_true(opens(fixture->path, "owner", NULL));
}

/* Two at once: each writes over what the other wrote, and both come to an end. */
static void two_wipes_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    pid_t other;
    int how;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    other = fork();
    if (other == 0)
        _exit(lw_vault_wipe(fixture->path, false, NULL, &report, NULL) == LW_OK && report.keys_gone
                  ? 0
                  : 1);
    assert_ok(wipe(fixture->path, false, NULL, &report));
    assert_int_equal(waitpid(other, &how, 0), other);
    assert_int_equal(how, 0);
    expect_folder_empty(fixture);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

static void it_needs_no_memory(void **state)
{
    struct fixture *fixture = *state;
    struct lw_wipe_report report;
    struct lw_error err = {LW_OK, ""};
    enum lw_status status;
    char fresh[128];
    uint8_t *data;
    size_t len;

    beside(fixture, ".new", fresh); /* of a rewrite that was killed */
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    data = slurp(fixture->path, &len);
    put_file(fresh, data, len);
    free(data);
    fm.until_failure = 0;
    status = lw_vault_wipe(fixture->path, false, NULL, &report, &err);
    fm.until_failure = LONG_MAX;
    assert_string_equal(err.text, "");
    assert_ok(status);
    assert_true(report.keys_gone && report.rest_gone);
    assert_false(opens(fresh, "owner", NULL));
    lw_vault_finish_leftovers(fixture->path);
    expect_folder_empty(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_folder(the_whole_file_goes),
        with_folder(keys_only_leaves_the_rest_and_the_name),
        with_folder(an_open_session_and_its_locks_do_not_hold_it_up),
        with_folder(files_of_any_size_go),
        with_folder(what_is_not_there_or_no_file),
        with_folder(a_link_is_followed_to_the_vault),
        with_folder(a_file_that_we_may_not_write_is_wiped_all_the_same),
        with_folder(called_off_the_keys_are_gone_and_the_next_start_ends_it),
        with_folder(every_later_stage_is_ended_too),
        with_folder(the_file_of_an_unfinished_rewrite_goes_with_it),
        with_folder(a_foreign_wiped_file_does_not_stop_it),
        with_folder(what_is_held_goes_wherever_its_name_is),
        with_folder(where_the_path_cannot_be_opened_nothing_is_claimed),
        with_folder(its_name_says_so_before_the_keys_are_told_gone),
        with_folder(a_simulation_writes_nothing_and_tells_the_same),
        with_folder(two_wipes_at_once),
        with_folder(it_needs_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
