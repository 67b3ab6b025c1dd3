/* From the arguments to the exit code. */
#include "cli.h"
#include "guard.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lw_cli_complain(const struct lw_error *err)
{
    struct lw_out out;

    lw_out_start(&out, STDERR_FILENO);
    lw_out_line(&out, "lapwing: %s", err->text);
    lw_out_flush(&out);
    lw_out_free(&out);
}

static void warn(void *context, const char *text)
{
    struct lw_cli *cli = context;

    if (lw_buf_addf(&cli->warnings, "%s\n", text) != LW_OK)
        lw_buf_clear(&cli->warnings);
}

/* The screens tell them by themselves; here they would be wiped off at once. */
static void print_warnings(struct lw_cli *cli)
{
    const char *at = lw_buf_text(&cli->warnings);
    const char *end;

    if (cli->command->run == lw_command_program || cli->command->run == lw_command_review)
        return;
    for (; (end = strchr(at, '\n')) != NULL; at = end + 1)
        lw_out_line(&cli->errs, "lapwing: %.*s", (int)(end - at), at);
    lw_out_flush(&cli->errs);
}

static void print_help(struct lw_cli *cli)
{
    if (cli->command->name[0] != '\0')
        lw_help_command(&cli->out, cli->command);
    else if (cli->word_count > 0 && lw_command_is_group(cli->words[0]))
        lw_help_group(&cli->out, cli->words[0]);
    else
        lw_help_all(&cli->out);
}

static bool knows_nothing(const struct lw_cli *cli)
{
    return cli->command->run == lw_command_lock || cli->command->run == lw_command_wipe;
}

/* What must not wait for a configuration: a wipe that knows its file, and a lock. */
static bool can_do_without(const struct lw_cli *cli)
{
    return cli->command->run == lw_command_lock ||
           (cli->command->run == lw_command_wipe && cli->option[LW_OPT_VAULT] != NULL);
}

static enum lw_status read_config(struct lw_cli *cli, struct lw_error *err)
{
    enum lw_status status =
        lw_config_read(cli->option[LW_OPT_CONFIG], warn, cli, &cli->config, err);

    cli->config.plain = cli->config.plain || cli->option[LW_OPT_PLAIN] != NULL;
    if (status == LW_OK && cli->command->kinds)
        status = lw_forms_load(&cli->config, warn, cli, &cli->forms, err);
    print_warnings(cli);
    lw_tty_idle(cli->config.idle_ms >= 0 ? cli->config.idle_ms : LW_IDLE_DEFAULT);
    return can_do_without(cli) ? LW_OK : status;
}

/* What another program reads is the same in every language, and so is all that is said beside it.
 */
static bool is_for_programs(const struct lw_cli *cli)
{
    return cli->option[LW_OPT_JSON] != NULL || cli->option[LW_OPT_CSV] != NULL ||
           strcmp(cli->command->name, "export") == 0;
}

static enum lw_status run(struct lw_cli *cli, int argc, char **argv, struct lw_error *err)
{
    enum lw_status status = lw_cli_parse(cli, argc, argv, err);

    if (status != LW_OK)
        return status;
    if (cli->option[LW_OPT_HELP] != NULL) {
        print_help(cli);
        return LW_OK;
    }
    if (cli->option[LW_OPT_VERSION] != NULL) {
        lw_out_line(&cli->out, "lapwing %s", LW_VERSION);
        return LW_OK;
    }
    if (cli->command->run == lw_command_help)
        return lw_command_help(cli, err);
    if (cli->program->exposed != NULL && !knows_nothing(cli))
        return lw_fail(err, cli->program->exposed->status, "%s", cli->program->exposed->text);
    if (is_for_programs(cli))
        lw_catalogue_drop();
    status = read_config(cli, err);
    if (status == LW_OK && !cli->command->alone)
        status = cli->program->start(err);
    return status == LW_OK ? cli->command->run(cli, err) : status;
}

static void print_error(struct lw_cli *cli, const struct lw_error *err)
{
    const char *name = cli->command == NULL ? "" : cli->command->name;

    lw_out_line(&cli->errs, "lapwing: %s", err->text);
    if (err->status == LW_USAGE) {
        lw_out_line(&cli->errs, "\"lapwing help%s%s\" tells what it takes",
                    name[0] != '\0' ? " " : "", name);
    }
}

int lw_cli_main(int argc, char **argv, const struct lw_program *program)
{
    struct lw_cli cli = {.passphrase_fd = -1,
                         .new_passphrase_fd = -1,
                         .clock = &lw_clock_system,
                         .program = program};
    struct lw_error err = {.status = LW_OK};
    struct lw_error at_end = {.status = LW_OK};
    enum lw_status status;

    lw_out_start(&cli.out, STDOUT_FILENO);
    lw_out_start(&cli.errs, STDERR_FILENO);
    lw_config_init(&cli.config);
    status = run(&cli, argc, argv, &err);
    if (lw_out_finish(&cli.out, &at_end) != LW_OK && status == LW_OK) {
        status = at_end.status;
        err = at_end;
    }
    if (status != LW_OK && lw_tty_signal() == 0) {
        err.status = status;
        if (err.text[0] == '\0')
            lw_fail(&err, status, "%s", lw_status_message(status));
        print_error(&cli, &err);
    }
    lw_out_flush(&cli.errs);
    lw_out_free(&cli.out);
    lw_out_free(&cli.errs);
    lw_config_clear(&cli.config);
    lw_forms_free(cli.forms);
    lw_buf_free(&cli.warnings);
    lw_buf_free(&cli.header);
    free(cli.words);
    lw_tty_deliver();
    return status == LW_OK ? cli.code : lw_status_exit_code(status);
}
