/* From argv to a command, its options and its words. */
#include "internal.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

const struct lw_option lw_common_options[] = {
    {LW_OPT_VAULT, "vault", 0, "FILE", "the vault (else the one in lapwing.ini)"},
    {LW_OPT_HEADER, "header", 0, "FILE", "its header, where that is on a stick of its own"},
    {LW_OPT_CONFIG, "config", 0, "FILE", "configuration to read instead of the usual one"},
    {LW_OPT_PASSPHRASE_FD, "passphrase-fd", 0, "N",
     "read passphrases from descriptor N, one a line"},
    {LW_OPT_NEW_PASSPHRASE_FD, "new-passphrase-fd", 0, "N",
     "read new passphrases from descriptor N"},
    {LW_OPT_REVEAL, "reveal", 0, NULL, "show the names of protected people and sources"},
    {LW_OPT_PLAIN, "plain", 0, NULL,
     "the program in lines instead of screens: for a screen reader, or any terminal"},
    {LW_OPT_HELP, "help", 'h', NULL, "print what a command does and takes"},
    {LW_OPT_VERSION, "version", 0, NULL, "print the version"},
};
const size_t lw_common_option_count = LW_COUNT_OF(lw_common_options);

/* The options of getopt_long for one command. Values of long options are their id plus 256, so that
 * they cannot be taken for a letter. */
struct table {
    const struct lw_option *source[LW_OPTIONS_MAX];
    struct option longs[LW_OPTIONS_MAX + 1];
    char shorts[2 * LW_OPTIONS_MAX + 3];
    size_t count;
};

static void add_option(struct table *table, const struct lw_option *option)
{
    size_t at = table->count++;
    size_t letters = strlen(table->shorts);

    table->source[at] = option;
    table->longs[at] = (struct option){
        .name = option->name,
        .has_arg = option->argument != NULL ? required_argument : no_argument,
        .val = 256 + (int)option->id,
    };
    if (option->letter != 0) {
        table->shorts[letters++] = option->letter;
        if (option->argument != NULL)
            table->shorts[letters++] = ':';
    }
}

/* Order '+': stop at the first word; '-': words come in their place, whatever POSIXLY_CORRECT says.
 */
static void fill_table(struct table *table, const struct lw_command *command)
{
    *table = (struct table){.shorts = {command == NULL ? '+' : '-', ':'}};
    for (size_t i = 0; i < lw_common_option_count; i++)
        add_option(table, &lw_common_options[i]);
    for (size_t i = 0; command != NULL && i < command->option_count; i++)
        add_option(table, &command->options[i]);
}

static const struct lw_option *option_of(const struct table *table, int value)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct lw_option *option = table->source[i];

        if (value == 256 + (int)option->id || (option->letter != 0 && value == option->letter))
            return option;
    }
    return NULL;
}

static enum lw_status bad_option(const struct lw_command *command, int found, const char *text,
                                 struct lw_error *err)
{
    if (found == ':')
        return lw_fail(err, LW_USAGE, "%s needs a value", text);
    if (command == NULL) {
        return lw_fail(err, LW_USAGE,
                       "%s is not understood here; options of a command come after its name", text);
    }
    if (command->name[0] == '\0')
        return lw_fail(err, LW_USAGE, "%s is not an option", text);
    if (command->refusal != NULL)
        return lw_fail(err, LW_USAGE, "%s", _(command->refusal));
    return lw_fail(err, LW_USAGE, "\"%s\" has no option %s", command->name, text);
}

/* Takes options, and words where `words` is true, from argv[1..]; *at is where the rest begins and
 * *dashes whether "--" stands before it. */
static enum lw_status take_options(struct lw_cli *cli, const struct lw_command *command, int argc,
                                   char **argv, int *at, struct lw_error *err)
{
    struct table table;
    int found;

    fill_table(&table, command);
    optind = 0;
    opterr = 0;
    while ((found = getopt_long(argc, argv, table.shorts, table.longs, NULL)) != -1) {
        const struct lw_option *option;

        if (found == 1) {
            cli->words[cli->word_count++] = optarg;
            continue;
        }
        if (found == '?' || found == ':') {
            char letter[3] = {'-', (char)optopt, '\0'};
            bool is_letter = optopt > 0x20 && optopt < 0x7F;

            return bad_option(command, found, is_letter ? letter : argv[optind - 1], err);
        }
        option = option_of(&table, found);
        if (option == NULL)
            return lw_fail(err, LW_INTERNAL, "an option is not in its table");
        cli->option[option->id] = option->argument != NULL ? optarg : "";
    }
    *at = optind;
    return LW_OK;
}

static enum lw_status check_words(const struct lw_cli *cli, struct lw_error *err)
{
    const struct lw_command *command = cli->command;

    if (cli->word_count > command->max_words) {
        if (command->refusal != NULL)
            return lw_fail(err, LW_USAGE, "%s", _(command->refusal));
        return lw_fail(err, LW_USAGE, "too many arguments");
    }
    if (cli->word_count < command->min_words)
        return lw_fail(err, LW_USAGE, "\"%s\" needs %s", command->name, command->arguments);
    return LW_OK;
}

static enum lw_status take_descriptor(const struct lw_cli *cli, enum lw_option_id id, int *fd,
                                      struct lw_error *err)
{
    const char *text = cli->option[id];
    uint64_t number;

    *fd = -1;
    if (text == NULL)
        return LW_OK;
    if (!lw_parse_u64(text, strlen(text), 65535, &number))
        return lw_fail(err, LW_USAGE, "a descriptor is a number, such as 3");
    if (fcntl((int)number, F_GETFD) < 0)
        return lw_fail(err, LW_USAGE, "descriptor %llu is not open", (unsigned long long)number);
    *fd = (int)number;
    return LW_OK;
}

/* Finds the command in argv[at..]; *at is the last word of its name afterwards. */
static void take_command(struct lw_cli *cli, int argc, char **argv, int *at, bool dashes)
{
    const struct lw_command *command = NULL;
    size_t words = 0;

    if (*at < argc && !dashes)
        command = lw_command_find(argv[*at], *at + 1 < argc ? argv[*at + 1] : NULL, &words);
    if (command == NULL)
        command = lw_command_find("", NULL, &words);
    cli->command = command;
    *at += (int)words - 1;
}

/* "decoy" right before a command that reads or writes a journal. */
static bool is_for_diary(int argc, char **argv, int at)
{
    const struct lw_command *command = NULL;
    size_t words;

    if (at + 1 < argc && strcmp(argv[at], LW_DECOY_WORD) == 0)
        command = lw_command_find(argv[at + 1], at + 2 < argc ? argv[at + 2] : NULL, &words);
    return command != NULL && command->journal;
}

enum lw_status lw_cli_parse(struct lw_cli *cli, int argc, char **argv, struct lw_error *err)
{
    enum lw_status status;
    bool dashes;
    int at = 1;

    cli->words = calloc((size_t)argc + 1, sizeof(*cli->words));
    if (cli->words == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    status = take_options(cli, NULL, argc, argv, &at, err);
    if (status != LW_OK)
        return status;
    dashes = at > 1 && strcmp(argv[at - 1], "--") == 0;
    if (at < argc && !dashes && lw_command_is_group(argv[at])) {
        size_t words;
        const char *second = at + 1 < argc ? argv[at + 1] : NULL;

        if (cli->option[LW_OPT_HELP] == NULL && lw_command_find(argv[at], second, &words) == NULL &&
            (second == NULL || strcmp(second, "--help") != 0)) {
            return lw_fail(err, LW_USAGE,
                           "\"%s\" needs one of its commands; \"lapwing help %s\""
                           " lists them",
                           argv[at], argv[at]);
        }
    }
    cli->decoy = !dashes && is_for_diary(argc, argv, at);
    if (cli->decoy)
        at++;
    take_command(cli, argc, argv, &at, dashes);

    int rest = 1;
    status = dashes ? LW_OK : take_options(cli, cli->command, argc - at, argv + at, &rest, err);
    if (status != LW_OK)
        return status;
    for (int i = at + rest; i < argc; i++)
        cli->words[cli->word_count++] = argv[i];
    status = take_descriptor(cli, LW_OPT_PASSPHRASE_FD, &cli->passphrase_fd, err);
    if (status == LW_OK)
        status = take_descriptor(cli, LW_OPT_NEW_PASSPHRASE_FD, &cli->new_passphrase_fd, err);
    if (status == LW_OK && cli->option[LW_OPT_HELP] == NULL && cli->option[LW_OPT_VERSION] == NULL)
        status = check_words(cli, err);
    return status;
}
