/* The prompt: what it shows, what it takes, what it does not tell. */
#include "script_terminal.h"
#include "vault_fixture.h"

#define WORDS "gravel lantern otter plum"

struct world {
    struct fixture *fixture;
    struct lw_config config;
    struct lw_program_request request;
    struct lw_error err;
};

static void make(struct world *world, struct fixture *fixture)
{
    struct lw_passphrase *pass = passphrase(WORDS);
    const struct lw_passphrase *kept[] = {pass};
    const struct lw_build_plan plan = {
        .bytes = LW_VAULT_MIN, .profile = cheap(), .kept = kept, .kept_count = 1};
    const struct lw_session_setup setup = {
        .path = fixture->path, .profile = cheap(), .clock = &lw_clock_system};

    *world = (struct world){.fixture = fixture};
    lw_config_init(&world->config);
    world->request = (struct lw_program_request){.vault = fixture->path,
                                                 .profile = cheap(),
                                                 .passphrase_fd = -1,
                                                 .config = &world->config,
                                                 .clock = &lw_clock_system};
    if (lw_session_create(&setup, &plan, NULL, NULL, &world->err) != LW_OK)
        fail_msg("%s", world->err.text);
    lw_passphrase_free(pass);
}

static enum lw_status unlock(struct world *world, struct script_terminal *script, bool frank,
                             bool mask)
{
    const struct lw_program_hooks hooks = script_hooks(script);
    struct lw_session session = {.vault = NULL};
    struct lw_gate gate;
    enum lw_status status;

    world->err = (struct lw_error){.status = LW_OK};
    assert_ok(lw_gate_open(&gate, &script->base, &hooks, &world->err));
    gate.mask = mask;
    status = lw_gate_unlock(&gate, &world->request, frank, &session, &world->err);
    assert_true((status == LW_OK) == (session.journal != NULL));
    lw_gate_close(&gate);
    lw_session_close(&session);
    return status;
}

static void shows_a_prompt_and_nothing_else(void **state)
{
    struct world world;
    struct script_terminal script;

    make(&world, *state);
    script_init(&script, 5, 40, KEEP "gravel lantern" KEEP " otter plum\r");
    assert_ok(unlock(&world, &script, true, false));
    assert_string_equal(script.picture[0].data, "-- 5x40, cursor 0,12 --\nPassphrase:\n\n\n\n\n");
    assert_string_equal(script.picture[1].data, script.picture[0].data);
    assert_string_equal(strchr(script.shown.data, '\n') + 1, "Passphrase: …\n\n\n\n\n");
    assert_never_shown(&script, "vault");
    assert_never_shown(&script, "gravel");
    assert_int_equal(script.keys, strlen(WORDS) + 1);
    assert_int_equal(script.rests, 1);
    script_clear(&script);
}

/* Corrections, keys that are no letters, a paste with a newline in it. */
static void takes_what_was_meant(void **state)
{
    static const char *const scripts[] = {
        "xy\x7f\b" WORDS "\r",
        "something else\x15" WORDS "\n",
        "gravel\x1b[A\x1b[D\x1bOP\x1b[[A\x1b[15~ lantern otter plum\r",
        "gra\x1b" QUIET WORDS "\r",
        "\x1b[200~" WORDS "\r\x1b[201~\r",
        "gravel lantern otter plu\xd0\xbc\x7fm\r",
        "\r\r" WORDS "\r",
        "gravel\tlantern\x7f\x15\x04",
    };
    struct world world;

    make(&world, *state);
    for (size_t i = 0; i < LW_COUNT_OF(scripts); i++) {
        struct script_terminal script;
        enum lw_status wanted = i + 1 < LW_COUNT_OF(scripts) ? LW_OK : LW_DONE;
        enum lw_status status;

        script_init(&script, 5, 40, scripts[i]);
        status = unlock(&world, &script, true, false);
        if (status != wanted)
            fail_msg("script %zu: %s", i, lw_status_name(status));
        script_clear(&script);
    }
}

static void says_wrong_neutrally_and_changes_nothing(void **state)
{
    struct world world;
    struct script_terminal script;
    size_t before_len, after_len;
    uint8_t *before, *after;

    make(&world, *state);
    before = slurp(world.fixture->path, &before_len);
    script_init(&script, 5, 60, "not this one\r" KEEP "x" KEEP);
    assert_int_equal(unlock(&world, &script, true, false), LW_NO_TERMINAL);
    after = slurp(world.fixture->path, &after_len);
    assert_int_equal(before_len, after_len);
    assert_memory_equal(before, after, before_len);
    assert_string_equal(script_picture(&script, 0), "Passphrase:\nNot right\n\n\n\n");
    assert_string_equal(script_picture(&script, 1), "Passphrase:\n\n\n\n\n");
    assert_int_equal(script.rests, 2);
    free(before);
    free(after);
    script_clear(&script);
}

static void tells_of_another_layout(void **state)
{
    struct world world;
    struct script_terminal script;

    make(&world, *state);
    script_init(&script, 24, 80, "abc" KEEP "\xd0\xb9" KEEP "\x7f" KEEP "\x03");
    assert_int_equal(unlock(&world, &script, true, false), LW_DONE);
    assert_null(strstr(script_picture(&script, 0), "ASCII"));
    assert_shows(&script, 1, "Some letters are not ASCII; another keyboard layout may be on");
    assert_null(strstr(script_picture(&script, 2), "ASCII"));
    script_clear(&script);
}

static void shows_signs_where_configured(void **state)
{
    struct world world;
    struct script_terminal script;

    make(&world, *state);
    script_init(&script, 5, 18,
                "ab\xd0\xb9" KEEP "\x7f\x7f" KEEP "0123456789" KEEP "\x15" KEEP "\x03");
    assert_int_equal(unlock(&world, &script, true, true), LW_DONE);
    assert_shows(&script, 0, "Passphrase: ***\n");
    assert_shows(&script, 1, "Passphrase: *\n");
    assert_shows(&script, 2, "Passphrase: *****\n"); /* as many as fit */
    assert_string_equal(script_picture(&script, 3), "Passphrase:\n\n\n\n\n");
    script_clear(&script);
}

static void too_long_is_told(void **state)
{
    struct world world;
    struct script_terminal script;
    char text[LW_PASSPHRASE_MAX + 8] = "";

    make(&world, *state);
    memset(text, 'x', LW_PASSPHRASE_MAX + 1);
    memcpy(text + LW_PASSPHRASE_MAX + 1, KEEP "\x03", 3);
    script_init(&script, 5, 60, text);
    assert_int_equal(unlock(&world, &script, true, false), LW_DONE);
    assert_shows(&script, 0, "At most 1024 bytes");
    script_clear(&script);
}

/* At first a wrong file is named; after a lock nothing is, and the prompt stays. */
static void missing_vault_is_named_only_at_first(void **state)
{
    struct world world;
    struct script_terminal script;

    make(&world, *state);
    world.request.vault = "/nowhere/secret.vault";
    script_init(&script, 5, 60, "x\r");
    assert_int_equal(unlock(&world, &script, true, false), LW_NO_INPUT);
    assert_non_null(strstr(world.err.text, "secret.vault"));
    assert_never_shown(&script, "secret");
    script_clear(&script);

    script_init(&script, 5, 60, "x\r" KEEP "y\r" KEEP);
    assert_int_equal(unlock(&world, &script, false, false), LW_NO_TERMINAL);
    assert_string_equal(script_picture(&script, 1), "Passphrase:\nIt cannot be opened now\n\n\n\n");
    assert_never_shown(&script, "secret");
    script_clear(&script);
}

static void waiting_passphrase_is_used_once(void **state)
{
    struct world world;
    struct script_terminal script;
    int ends[2];

    make(&world, *state);
    assert_int_equal(pipe(ends), 0);
    assert_ok(lw_fd_write(ends[1], WORDS "\n", sizeof WORDS));
    close(ends[1]);
    world.request.passphrase_fd = ends[0];
    script_init(&script, 5, 40, "");
    assert_ok(unlock(&world, &script, true, false));
    script_clear(&script);
    script_init(&script, 5, 40, KEEP);
    assert_int_equal(unlock(&world, &script, true, false), LW_NO_TERMINAL);
    assert_shows(&script, 0, "Passphrase:");
    script_clear(&script);
    close(ends[0]);
}

static void suspended_machine_gets_nothing_drawn(void **state)
{
    struct world world;
    struct script_terminal script;

    make(&world, *state);
    script_init(&script, 5, 40, WORDS "\r");
    script.suspended = true;
    assert_int_equal(unlock(&world, &script, true, false), LW_STALE);
    assert_int_equal(script.all.len, 0);
    script_clear(&script);
}

static void any_size_is_stood(void **state)
{
    struct world world;

    make(&world, *state);
    for (int rows = 1; rows < 4; rows++) {
        for (int columns = 1; columns < 30; columns += 7) {
            struct script_terminal script;

            script_init(&script, rows, columns, "\xd0\xb9\x1b[6~\x1b[A\x15" WORDS "\r");
            assert_ok(unlock(&world, &script, true, true));
            script_clear(&script);
        }
    }
}

/* A review's journal cannot be written to; that it was opened is recorded all the same. */
static void review_reads_only(void **state)
{
    struct world world;
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = {
        .profile = cheap(), .clock = &lw_clock_system, .read_only = true};
    struct lw_passphrase *pass = passphrase(WORDS);
    bool changed = true;

    make(&world, *state);
    setup.path = world.fixture->path;
    assert_ok(lw_session_open(&setup, pass, &session, &world.err));
    assert_true(session.recorded && session.had_before);
    assert_true(session.rows != session.store);
    assert_int_equal(lw_store_exec(session.store, "DELETE FROM session", &world.err), LW_READ_ONLY);
    assert_ok(lw_session_watch(&session, &changed, &world.err));
    assert_false(changed);
    lw_session_stir(&session);
    assert_int_equal(unlink(world.fixture->path), 0);
    assert_int_equal(lw_session_watch(&session, &changed, &world.err), LW_REVOKED);
    lw_session_close(&session);
    lw_passphrase_free(pass);
}

static int start(void **state)
{
    (void)state;
    return lw_store_start() == LW_OK ? 0 : -1;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shows_a_prompt_and_nothing_else),
        TEST(takes_what_was_meant),
        TEST(says_wrong_neutrally_and_changes_nothing),
        TEST(tells_of_another_layout),
        TEST(shows_signs_where_configured),
        TEST(too_long_is_told),
        TEST(missing_vault_is_named_only_at_first),
        TEST(waiting_passphrase_is_used_once),
        TEST(suspended_machine_gets_nothing_drawn),
        TEST(any_size_is_stood),
        TEST(review_reads_only),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
