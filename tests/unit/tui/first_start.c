/* From nothing to a vault, page by page. */
#include "script_terminal.h"
#include "vault_fixture.h"

#define WORDS  "gravel lantern otter plum"
#define OTHERS "kettle meadow sponge violin"
#define ERASE  "\x15"
/* 253 letters: a file can be called so, but not with .new behind it. */
#define TEN       "abcdefghij"
#define FIFTY     TEN TEN TEN TEN TEN
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY "abc"

struct world {
    struct fixture *fixture;
    struct lw_config config;
    struct lw_program_request request;
    struct lw_session session;
    struct lw_error err;
};

static void prepare(struct world *world, struct fixture *fixture)
{
    *world = (struct world){.fixture = fixture};
    lw_config_init(&world->config);
    world->request = (struct lw_program_request){.vault = fixture->path,
                                                 .profile = cheap(),
                                                 .passphrase_fd = -1,
                                                 .config = &world->config,
                                                 .clock = &lw_clock_system};
}

static enum lw_status run(struct world *world, struct script_terminal *script, bool frank)
{
    const struct lw_program_hooks hooks = script_hooks(script);
    struct lw_gate gate;
    enum lw_status status;

    world->err = (struct lw_error){.status = LW_OK};
    assert_ok(lw_gate_open(&gate, &script->base, &hooks, &world->err));
    status = lw_gate_first_start(&gate, &world->request, frank, &world->session, &world->err);
    lw_gate_close(&gate);
    assert_true((status == LW_OK) == (world->session.journal != NULL));
    if (strstr(lw_buf_text(&script->all), "gravel") != NULL)
        fail_msg("a passphrase was on the screen");
    return status;
}

static void from_nothing_to_a_vault(void **state)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}};
    struct world world;

    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        struct script_terminal script;
        struct stat info;

        prepare(&world, *state);
        script_init(&script, sizes[i][0], sizes[i][1],
                    KEEP "\r" KEEP "\r" KEEP "\r" KEEP ERASE "4M\r" KEEP WORDS KEEP "\r" KEEP WORDS
                         "\r" KEEP "n");
        assert_ok(run(&world, &script, true));
        assert_shows(&script, 0, "Lapwing keeps an incident log in one");
        assert_shows(&script, 1, "Where shall the file be?");
        assert_shows(&script, 1, "File: ");
        assert_shows(&script, 2, "In the vault or on a stick? (v, s)");
        assert_shows(&script, 2, "v or Enter vault");
        assert_shows(&script, 3, "Size: 64M");
        assert_shows(&script, 4, "Choose the passphrase");
        assert_shows(&script, 5, "4 words, about 51 bits: good");
        assert_shows(&script, 6, "Again:");
        assert_shows(&script, 7, "Set one now? (y, n)");
        assert_non_null(strstr(script.all.data, "The file is filled with random bytes"));
        assert_non_null(strstr(script.all.data, "100 %"));
        assert_int_equal(stat(world.fixture->path, &info), 0);
        assert_int_equal(info.st_size, LW_VAULT_MIN);
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_false(lw_vault_duress_armed(world.session.vault));
        assert_true(world.session.recorded); /* the same row as every session has */
        assert_int_equal(script.memory.stage, LW_STAGE_THERE);
        assert_string_equal(script.memory.vault, world.fixture->path);
        assert_string_equal(script.memory.header, "");
        assert_null(lw_vault_header(world.session.vault));
        lw_session_close(&world.session);
        assert_true(opens(world.fixture->path, WORDS, NULL));
        assert_int_equal(unlink(world.fixture->path), 0);
        script_clear(&script);
    }
}

static void duress_passphrase_is_optional_and_never_close(void **state)
{
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 24, 80,
                "\r\r\r" ERASE "4M\r" WORDS "\r" WORDS "\r" KEEP "y" KEEP "gravel and other words\r"
                "gravel and other words\r" KEEP OTHERS "\r" OTHERS "\r");
    assert_ok(run(&world, &script, true));
    assert_shows(&script, 0, "becomes useless, for good");
    assert_shows(&script, 0, "starts empty");
    assert_shows(&script, 0, "Nobody can prove");
    assert_shows(&script, 1, "Duress passphrase:");
    assert_shows(&script, 2, "Too close to the other one");
    assert_true(lw_vault_duress_armed(world.session.vault));
    lw_session_close(&world.session);
    assert_true(opens(world.fixture->path, WORDS, NULL));
    assert_true(opens(world.fixture->path, OTHERS, NULL));
    assert_never_shown(&script, "kettle");
    script_clear(&script);
}

/* Every wrong answer is told on its page, which asks again. */
static void wrong_answers_are_told(void **state)
{
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 24, 80,
                "\r" ERASE "\r" KEEP "/nowhere/at/all\r" KEEP ERASE "/tmp\r" KEEP ERASE
                "/tmp/\r" KEEP "\x03");
    assert_int_equal(run(&world, &script, true), LW_DONE);
    assert_shows(&script, 0, "Give the name of a file");
    assert_shows(&script, 1, "The folder /nowhere/at/ is not there");
    assert_shows(&script, 2, "This exists already");
    assert_shows(&script, 3, "Give the name of a file");
    script_clear(&script);

    script_init(&script, 24, 80,
                "\r\r\r" ERASE "x\r" KEEP ERASE "1M\r" KEEP ERASE "65G\r" KEEP ERASE "4M\r\r" KEEP
                "weak\r" KEEP "different\r" KEEP "a b\r\x1b" QUIET KEEP "\x03");
    assert_int_equal(run(&world, &script, true), LW_DONE);
    assert_shows(&script, 0, "A size is a number with M or G");
    assert_shows(&script, 1, "A vault has from 4M to 64G");
    assert_shows(&script, 2, "A vault has from 4M to 64G");
    assert_shows(&script, 3, "It cannot be empty");
    assert_shows(&script, 4, "This one is weak");
    assert_shows(&script, 5, "The two differed");
    assert_shows(&script, 6, "Choose the passphrase");
    assert_false(exists(world.fixture->path));
    script_clear(&script);
}

static void steps_back_keep_what_was_typed(void **state)
{
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 24, 80,
                "\r\r\r" ERASE "5M\r\x1b" QUIET KEEP "\x1b" QUIET KEEP "\x1b" QUIET KEEP
                "\x1b" QUIET KEEP "\x1b" QUIET);
    assert_int_equal(run(&world, &script, true), LW_DONE);
    assert_shows(&script, 0, "Size: 5M");
    assert_shows(&script, 1, "In the vault or on a stick?");
    assert_shows(&script, 2, world.fixture->path);
    assert_shows(&script, 3, "Lapwing keeps");
    script_clear(&script);
}

/* What fails while the file is made leads back to its place. */
static void failure_leads_back(void **state)
{
    struct world world;
    struct script_terminal script;
    char path[400];

    prepare(&world, *state);
    (void)snprintf(path, sizeof path, "%s/" LONG_NAME, world.fixture->folder);
    world.request.vault = path;
    script_init(&script, 24, 80, "\r\r\r" ERASE "4M\r" WORDS "\r" WORDS "\rn" KEEP "\x03");
    assert_int_equal(run(&world, &script, true), LW_DONE);
    assert_shows(&script, 0, "Where shall the file be?");
    assert_shows(&script, 0, "File name too long");
    assert_int_equal(script.memory.stage, LW_STAGE_NONE);
    script_clear(&script);
}

static void path_is_written_only_where_wanted(void **state)
{
    static const char *const answers[] = {"n", "\r", "y"};
    struct world world;

    for (size_t i = 0; i < LW_COUNT_OF(answers); i++) {
        struct script_terminal script;
        struct lw_config read;
        struct stat info;
        char text[160];
        char name[160];

        prepare(&world, *state);
        (void)snprintf(name, sizeof name, "%s/config/lapwing/lapwing.ini", world.fixture->folder);
        world.config.name = name;
        (void)snprintf(text, sizeof text, "\r\r\r%s4M\r%s\r%s\rn%s%s", ERASE, WORDS, WORDS, KEEP,
                       answers[i]);
        script_init(&script, 24, 80, text);
        assert_ok(run(&world, &script, true));
        assert_shows(&script, 0, "Write it? (y, n)");
        lw_session_close(&world.session);
        assert_true(exists(name) == (i == 2));
        if (i == 2) {
            assert_int_equal(stat(name, &info), 0);
            assert_int_equal(info.st_mode & 0777, 0600);
            assert_ok(lw_config_read(name, NULL, NULL, &read, &world.err));
            assert_string_equal(read.vault, world.fixture->path);
            lw_config_clear(&read);
        }
        assert_int_equal(unlink(world.fixture->path), 0);
        script_clear(&script);
    }
}

/* ---- a header on a stick ----------------------------------------------------------------------
 */

/* Two folders, so one device: a second Enter is needed, and asked for. */
static void make_stick(const struct world *world, char folder[128])
{
    (void)snprintf(folder, 128, "%s/флешка", world->fixture->folder);
    assert_true(mkdir(folder, 0700) == 0 || exists(folder));
}

static void header_goes_on_a_stick(void **state)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}};
    struct world world;

    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        struct script_terminal script;
        struct lw_config read;
        struct stat info;
        char folder[128], header[160], name[160], text[512];

        prepare(&world, *state);
        make_stick(&world, folder);
        (void)snprintf(header, sizeof header, "%s/заметки.bin", folder);
        (void)snprintf(name, sizeof name, "%s/lapwing.ini", world.fixture->folder);
        world.config.name = name;
        (void)snprintf(text, sizeof text,
                       "\r\r" KEEP "s" KEEP "%s\r" KEEP "\r" ERASE "4M\r" WORDS "\r" WORDS "\r"
                       "n" KEEP "y",
                       header);
        script_init(&script, sizes[i][0], sizes[i][1], text);
        assert_ok(run(&world, &script, true));
        assert_shows(&script, 1, "File:");
        assert_shows(&script, 2, "Enter again takes it");
        assert_shows(&script, 3, "Write it? (y, n)");
        if (i == 0) /* below what a small one shows at once */
            assert_non_null(strstr(script.all.data, "--header"));
        assert_string_equal(script.memory.header, header);
        assert_string_equal(lw_vault_header(world.session.vault), header);
        lw_session_close(&world.session);
        assert_int_equal(stat(header, &info), 0);
        assert_int_equal(info.st_size, LW_HEADER_BYTES);
        assert_false(opens(world.fixture->path, WORDS, NULL));
        assert_ok(lw_config_read(name, NULL, NULL, &read, &world.err));
        assert_string_equal(read.vault, world.fixture->path);
        assert_string_equal(read.header, header);
        lw_config_clear(&read);
        assert_int_equal(unlink(header) + unlink(name) + unlink(world.fixture->path), 0);
        script_clear(&script);
    }
}

static void limits_of_a_stick_are_told(void **state)
{
    static const char *const said[] = {"even with the passphrase", "so is the log",
                                       "taken together",           "is out, the whole",
                                       "sees that file",           "header move"};
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 24, 250, "\r\r" KEEP "\x03"); /* wide, so that no line is broken */
    assert_int_equal(run(&world, &script, true), LW_DONE);
    for (size_t i = 0; i < LW_COUNT_OF(said); i++)
        assert_shows(&script, 0, said[i]);
    script_clear(&script);
}

static void wrong_sticks_are_told(void **state)
{
    struct world world;
    struct script_terminal script;
    char text[1024];

    prepare(&world, *state);
    (void)snprintf(text, sizeof text,
                   "\r\rs"
                   "/nowhere/x\r" KEEP ERASE "\r" KEEP ERASE "/tmp/\r" KEEP ERASE
                   "/tmp\r" KEEP ERASE "%s\r" KEEP ERASE "/proc/x\r" KEEP ERASE "/tmp/x.new\r" KEEP
                   "\x1b" QUIET KEEP "v" KEEP "\x03",
                   world.fixture->path);
    script_init(&script, 24, 80, text);
    assert_int_equal(run(&world, &script, true), LW_DONE);
    assert_shows(&script, 0, "Is the stick in? This folder is not there: /nowhere/");
    assert_shows(&script, 0, "File: /nowhere/x");
    assert_shows(&script, 1, "Give the name of a file");
    assert_shows(&script, 2, "Give the name of a file");
    assert_shows(&script, 3, "This exists already");
    assert_shows(&script, 4, "This is the name of the vault");
    assert_shows(&script, 5, "File: /proc/x");
    assert_shows(&script, 6, "kept for unfinished files");
    assert_shows(&script, 7, "s or Enter stick");
    assert_shows(&script, 8, "Size:");
    script_clear(&script);
}

/* What only the making finds leads to the stick, and the passphrases are not asked for again. */
static void failed_stick_keeps_the_passphrases(void **state)
{
    struct world world;
    struct script_terminal script;
    char folder[128], header[160], text[1400];

    prepare(&world, *state);
    make_stick(&world, folder);
    (void)snprintf(header, sizeof header, "%s/h.bin", folder);
    (void)snprintf(text, sizeof text,
                   "\r\rs"
                   "%s/" LONG_NAME "\r\r" ERASE "4M\r" WORDS "\r" WORDS "\r"
                   "y" OTHERS "\r" OTHERS "\r" KEEP ERASE "%s\r\r\r" KEEP "\r",
                   folder, header);
    script_init(&script, 24, 80, text);
    assert_ok(run(&world, &script, true));
    assert_shows(&script, 0, "File name too long");
    assert_shows(&script, 0, "hijabc");
    assert_shows(&script, 1, "lapwing --header HEADER FILE");
    assert_true(lw_vault_duress_armed(world.session.vault));
    assert_string_equal(lw_vault_header(world.session.vault), header);
    lw_session_close(&world.session);
    assert_true(exists(world.fixture->path) && exists(header));
    script_clear(&script);
}

/* The one of the command line or the configuration is offered. */
static void named_header_is_offered(void **state)
{
    static const char *const answers[] = {"\r\r\r", "v"};
    struct world world;

    for (size_t i = 0; i < LW_COUNT_OF(answers); i++) {
        struct script_terminal script;
        char folder[128], header[160], text[512];

        prepare(&world, *state);
        make_stick(&world, folder);
        (void)snprintf(header, sizeof header, "%s/h.bin", folder);
        world.request.header = world.config.header = header;
        world.config.vault = world.fixture->path;
        (void)snprintf(text, sizeof text,
                       "\r\r" KEEP "%s" ERASE "4M\r" WORDS "\r" WORDS "\r"
                       "n%s",
                       answers[i], i == 1 ? KEEP "\r" : "");
        script_init(&script, 24, 80, text);
        assert_ok(run(&world, &script, true));
        assert_shows(&script, 0, "s or Enter stick");
        assert_true((lw_vault_header(world.session.vault) != NULL) == (i == 0));
        if (i == 1)
            assert_shows(&script, 1, "take the line header out of it");
        lw_session_close(&world.session);
        assert_true(exists(header) == (i == 0));
        assert_int_equal(unlink(world.fixture->path), 0);
        (void)unlink(header);
        script_clear(&script);
    }
}

/* After a lock the first page tells nothing. */
static void locked_first_start_tells_nothing(void **state)
{
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 10, 40, KEEP "x\x1b" QUIET KEEP "\r" KEEP "\x03");
    assert_int_equal(run(&world, &script, false), LW_DONE);
    assert_string_equal(script_picture(&script, 0), "Press Enter\n\n\n\n\n\n\n\n\n\n");
    assert_string_equal(script_picture(&script, 1), script_picture(&script, 0));
    assert_shows(&script, 2, "Lapwing keeps");
    script_clear(&script);
}

static void long_pages_scroll(void **state)
{
    struct world world;
    struct script_terminal script;

    prepare(&world, *state);
    script_init(&script, 10, 40,
                KEEP "\x1b[6~\x1b[6~\x1b[6~\x1b[6~\x1b[6~" KEEP
                     "\x1b[5~\x1b[5~\x1b[5~\x1b[5~\x1b[5~" KEEP "\x1b[B" KEEP
                     "\r\r\r\r\x1b[B\x1b[6~" KEEP);
    assert_int_equal(run(&world, &script, true), LW_NO_TERMINAL);
    assert_shows(&script, 0, "(more: PgDn)");
    assert_shows(&script, 1, "No independent audit");
    assert_string_equal(script_picture(&script, 2), script_picture(&script, 0));
    assert_null(strstr(script_picture(&script, 3), "Lapwing keeps"));
    assert_shows(&script, 4, "strong it is.");
    script_clear(&script);
}

static void any_size_is_stood(void **state)
{
    for (int rows = 1; rows < 12; rows += 2) {
        for (int columns = 1; columns < 50; columns += 12) {
            struct world world;
            struct script_terminal script;

            prepare(&world, *state);
            script_init(&script, rows, columns, "\x1b[6~\r\x1b[B\r\r\r" WORDS "\r" WORDS "\r\x03");
            assert_int_equal(run(&world, &script, true), LW_DONE);
            script_clear(&script);
        }
    }
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
        TEST(from_nothing_to_a_vault), TEST(duress_passphrase_is_optional_and_never_close),
        TEST(wrong_answers_are_told),  TEST(steps_back_keep_what_was_typed),
        TEST(failure_leads_back),      TEST(path_is_written_only_where_wanted),
        TEST(header_goes_on_a_stick),  TEST(limits_of_a_stick_are_told),
        TEST(wrong_sticks_are_told),   TEST(failed_stick_keeps_the_passphrases),
        TEST(named_header_is_offered), TEST(locked_first_start_tells_nothing),
        TEST(long_pages_scroll),       TEST(any_size_is_stood),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
