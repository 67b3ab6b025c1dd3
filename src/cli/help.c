/* Help, from the table of commands. */
#include "internal.h"

#include <string.h>

#define NAME_COLUMN    30
#define SUMMARY_COLUMN 22

static void print_option(struct lw_out *out, const struct lw_option *option)
{
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status;

    if (option->letter != 0)
        status = lw_buf_addf(&name, "  -%c, --%s", option->letter, option->name);
    else
        status = lw_buf_addf(&name, "      --%s", option->name);
    if (status == LW_OK && option->argument != NULL)
        status = lw_buf_addf(&name, " %s", option->argument);
    if (status == LW_OK) {
        lw_out_text(out, name.data);
        lw_out_spaces(out, name.len < NAME_COLUMN ? NAME_COLUMN - name.len : 2);
        lw_out_wrap(out, NAME_COLUMN, NAME_COLUMN, _(option->help));
    }
    lw_buf_free(&name);
}

static void print_usage(struct lw_out *out, const struct lw_command *command)
{
    const char *blank = command->name[0] != '\0' ? " " : "";
    const char *before = command->arguments[0] != '\0' ? " " : "";

    lw_out_line(out, "lapwing%s%s [OPTIONS]%s%s", blank, command->name, before, command->arguments);
}

static void print_summary(struct lw_out *out, const struct lw_command *command)
{
    size_t at = 2 + strlen(command->name);

    lw_out_spaces(out, 2);
    lw_out_text(out, command->name);
    if (command->name[0] == '\0' || command->arguments[0] != '\0') {
        lw_out_text(out, command->name[0] == '\0' ? "" : " ");
        lw_out_text(out, command->arguments);
        at += strlen(command->arguments) + (command->name[0] != '\0');
    }
    if (at >= SUMMARY_COLUMN) { /* a long name has a line of its own */
        lw_out_newline(out);
        at = 0;
    }
    lw_out_spaces(out, SUMMARY_COLUMN - at);
    lw_out_wrap(out, SUMMARY_COLUMN, SUMMARY_COLUMN, _(command->help));
}

void lw_help_all(struct lw_out *out)
{
    lw_out_line(out, "lapwing: an incident log in one encrypted file");
    lw_out_newline(out);
    lw_out_line(out, "lapwing [OPTIONS] [COMMAND [ARGUMENTS]]");
    lw_out_newline(out);
    for (size_t i = 0; i < lw_command_count; i++)
        print_summary(out, &lw_commands[i]);
    lw_out_newline(out);
    lw_out_line(out, "Before or after the command:");
    for (size_t i = 0; i < lw_common_option_count; i++)
        print_option(out, &lw_common_options[i]);
    lw_out_newline(out);
    lw_out_wrap(
        out, 0, 0,
        _("Passphrases are typed on the terminal or read from a descriptor, never taken from "
          "an argument or the environment. What timeline, show, search, contradictions and "
          "export print leaves the vault in clear. \"lapwing help COMMAND\" says more."));
}

void lw_help_command(struct lw_out *out, const struct lw_command *command)
{
    print_usage(out, command);
    lw_out_newline(out);
    lw_out_spaces(out, 2);
    lw_out_wrap(out, 2, 2, _(command->help));
    if (command->more != NULL) {
        lw_out_newline(out);
        lw_out_spaces(out, 2);
        lw_out_wrap(out, 2, 2, _(command->more));
    }
    if (command->option_count > 0)
        lw_out_newline(out);
    for (size_t i = 0; i < command->option_count; i++)
        print_option(out, &command->options[i]);
    lw_out_newline(out);
    for (size_t i = 0; i < lw_common_option_count; i++)
        print_option(out, &lw_common_options[i]);
}

void lw_help_group(struct lw_out *out, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < lw_command_count; i++) {
        if (strncmp(lw_commands[i].name, word, len) == 0 && lw_commands[i].name[len] == ' ')
            print_summary(out, &lw_commands[i]);
    }
}

enum lw_status lw_command_help(struct lw_cli *cli, struct lw_error *err)
{
    const struct lw_command *command;
    const char *first = cli->word_count > 0 ? cli->words[0] : NULL;
    size_t words;

    if (first == NULL) {
        lw_help_all(&cli->out);
        return LW_OK;
    }
    command = lw_command_find(first, cli->word_count > 1 ? cli->words[1] : NULL, &words);
    if (command == NULL && cli->word_count == 1 && lw_command_is_group(first)) {
        lw_help_group(&cli->out, first);
        return LW_OK;
    }
    if (command == NULL || words < cli->word_count)
        return lw_fail(err, LW_USAGE, "there is no such command");
    lw_help_command(&cli->out, command);
    return LW_OK;
}
