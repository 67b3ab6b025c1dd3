/* From argv to a command with its options and words. */
#include "cli/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARGS_MAX 12

static struct lw_error err;

/* Splits text at blanks; the pieces stay in `room`. */
static enum lw_status parse(struct lw_cli *cli, const char *text)
{
    static char room[512];
    char *argv[ARGS_MAX + 1] = {room};
    char *save = NULL;
    int argc = 1;

    free(cli->words);
    *cli = (struct lw_cli){.passphrase_fd = -1, .new_passphrase_fd = -1};
    assert_true(strlen(text) < sizeof(room) - 8);
    memcpy(room, "lapwing", 8);
    memcpy(room + 8, text, strlen(text) + 1);
    for (char *word = strtok_r(room + 8, " ", &save); word != NULL && argc < ARGS_MAX;
         word = strtok_r(NULL, " ", &save))
        argv[argc++] = word;
    argv[argc] = NULL;
    return lw_cli_parse(cli, argc, argv, &err);
}

static void options_stand_before_and_after(void **state)
{
    struct lw_cli cli = {.words = NULL};

    (void)state;
    setenv("POSIXLY_CORRECT", "1", 1);
    assert_int_equal(parse(&cli, "--vault a timeline --json --passphrase-fd 0 --since=2014"),
                     LW_OK);
    assert_string_equal(cli.command->name, "timeline");
    assert_string_equal(cli.option[LW_OPT_VAULT], "a");
    assert_string_equal(cli.option[LW_OPT_SINCE], "2014");
    assert_non_null(cli.option[LW_OPT_JSON]);
    assert_null(cli.option[LW_OPT_CSV]);
    assert_int_equal(cli.passphrase_fd, 0);
    assert_int_equal(cli.new_passphrase_fd, -1);
    assert_int_equal(parse(&cli, "show E11 --json"), LW_OK);
    assert_int_equal(cli.word_count, 1);
    assert_non_null(cli.option[LW_OPT_JSON]);
    assert_int_equal(parse(&cli, "export -o x --csv items"), LW_OK);
    assert_string_equal(cli.option[LW_OPT_OUTPUT], "x");
    assert_string_equal(cli.option[LW_OPT_CSV], "items");
    unsetenv("POSIXLY_CORRECT");
    free(cli.words);
}

static void dashes_end_options(void **state)
{
    struct lw_cli cli = {.words = NULL};

    (void)state;
    assert_int_equal(parse(&cli, "show -- --json"), LW_OK);
    assert_string_equal(cli.words[0], "--json");
    assert_null(cli.option[LW_OPT_JSON]);
    assert_int_equal(parse(&cli, "-- log"), LW_OK);
    assert_string_equal(cli.command->name, "");
    assert_string_equal(cli.words[0], "log");
    assert_int_equal(parse(&cli, "import -"), LW_OK);
    assert_string_equal(cli.words[0], "-");
    free(cli.words);
}

static void two_word_commands(void **state)
{
    struct lw_cli cli = {.words = NULL};

    (void)state;
    assert_int_equal(parse(&cli, "passphrase add --vault x"), LW_OK);
    assert_string_equal(cli.command->name, "passphrase add");
    assert_int_equal(cli.word_count, 0);
    assert_int_equal(parse(&cli, "passphrase"), LW_USAGE);
    assert_int_equal(parse(&cli, "passphrase steal"), LW_USAGE);
    assert_int_equal(parse(&cli, "passphrase add more"), LW_USAGE);
    assert_int_equal(parse(&cli, "help passphrase add"), LW_OK);
    assert_string_equal(cli.command->name, "help");
    assert_true(lw_command_is_group("passphrase"));
    assert_false(lw_command_is_group("pass"));
    assert_false(lw_command_is_group(""));
    free(cli.words);
}

static void bare_word_is_a_vault(void **state)
{
    struct lw_cli cli = {.words = NULL};

    (void)state;
    assert_int_equal(parse(&cli, ""), LW_OK);
    assert_string_equal(cli.command->name, "");
    assert_int_equal(parse(&cli, "./my.vault --config c"), LW_OK);
    assert_string_equal(cli.words[0], "./my.vault");
    assert_int_equal(parse(&cli, "./my.vault other"), LW_USAGE);
    free(cli.words);
}

static void wrong_usage_is_refused(void **state)
{
    static const char *const lines[] = {
        "--json timeline",
        "timeline --nonsense",
        "timeline --since",
        "timeline -x",
        "timeline word",
        "show",
        "show a b",
        "import",
        "check --json",
        "--passphrase-fd x check",
        "--passphrase-fd -1 check",
        "check --passphrase-fd 60000",
        "wipe --now=yes",
        "create a b",
    };
    struct lw_cli cli = {.words = NULL};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        err = (struct lw_error){.status = LW_OK};
        if (parse(&cli, lines[i]) != LW_USAGE)
            fail_msg("\"%s\" was taken", lines[i]);
        assert_true(err.text[0] != '\0');
    }
    free(cli.words);
}

/* The text must not come back in the message either. */
static void record_text_is_no_argument(void **state)
{
    static const char *const lines[] = {"log secret words", "search secret", "log -secret",
                                        "log --secret", "search -- secret"};
    struct lw_cli cli = {.words = NULL};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        assert_int_equal(parse(&cli, lines[i]), LW_USAGE);
        assert_null(strstr(err.text, "secret"));
        assert_non_null(strstr(err.text, "standard input"));
    }
    free(cli.words);
}

static void help_needs_no_arguments(void **state)
{
    struct lw_cli cli = {.words = NULL};

    (void)state;
    assert_int_equal(parse(&cli, "show --help"), LW_OK);
    assert_non_null(cli.option[LW_OPT_HELP]);
    assert_int_equal(parse(&cli, "-h"), LW_OK);
    assert_int_equal(parse(&cli, "--version"), LW_OK);
    assert_int_equal(parse(&cli, "passphrase --help"), LW_OK);
    free(cli.words);
}

static void table_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < lw_command_count; i++) {
        const struct lw_command *command = &lw_commands[i];

        assert_non_null(command->run);
        assert_true(strlen(command->help) > 10);
        assert_true(command->min_words <= command->max_words);
        assert_true(command->option_count + lw_common_option_count <= LW_OPTIONS_MAX);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(command->name, lw_commands[j].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_and_after),
        cmocka_unit_test(dashes_end_options),
        cmocka_unit_test(two_word_commands),
        cmocka_unit_test(bare_word_is_a_vault),
        cmocka_unit_test(wrong_usage_is_refused),
        cmocka_unit_test(record_text_is_no_argument),
        cmocka_unit_test(help_needs_no_arguments),
        cmocka_unit_test(table_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
