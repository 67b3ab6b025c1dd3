/* lapwing [VAULT], lapwing review [VAULT], lapwing lock */
#include "guard.h"
#include "internal.h"

#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ROWS_MIN    5 /* below that not even a prompt can be read; it may grow to the size that is */
#define COLUMNS_MIN 20 /* needed later */

/* A word that is neither a command nor a file is a mistyped command. */
static enum lw_status check_name(const char *name, struct lw_error *err)
{
    if (name == NULL || strchr(name, '/') != NULL || access(name, F_OK) == 0)
        return LW_OK;
    return lw_fail(err, LW_USAGE, "\"%s\" is neither a command nor a file here", name);
}

enum lw_status lw_screens_possible(struct lw_cli *cli, struct lw_error *err)
{
    struct winsize size = {.ws_row = 0};

    if (isatty(STDIN_FILENO) != 1 || !cli->out.terminal) {
        return lw_fail(err, LW_NO_TERMINAL,
                       "this needs a terminal; without one use a command, such as \"lapwing "
                       "timeline\" or \"lapwing log\"");
    }
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        return lw_fail(err, LW_NO_TERMINAL,
                       "this needs a locale with UTF-8; if the terminal shows UTF-8, start it as "
                       "\"LC_ALL=C.UTF-8 lapwing\"");
    }
    if (!cli->config.plain && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0 && (size.ws_row < ROWS_MIN || size.ws_col < COLUMNS_MIN)) {
        return lw_fail(err, LW_NO_TERMINAL,
                       "this terminal has %u columns and %u rows; make it 40 by 10 at least",
                       size.ws_col, size.ws_row);
    }
    return LW_OK;
}

enum lw_status lw_screens_run(struct lw_cli *cli, const char *vault, bool read_only,
                              int passphrase_fd, struct lw_error *err)
{
    struct lw_program_request request = {
        .vault = vault,
        .header = cli->header.data,
        .read_only = read_only,
        .passphrase_fd = passphrase_fd,
        .config = &cli->config,
        .warnings = lw_buf_text(&cli->warnings),
        .clock = cli->clock,
        .forms = cli->forms,
    };
    enum lw_status status = lw_kdf_wanted(cli, &request.profile, err);

    if (status != LW_OK)
        return status;
    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    return cli->program->run(&request, &cli->code, err);
}

static bool names_none(const struct lw_cli *cli)
{
    return cli->word_count == 0 && cli->option[LW_OPT_VAULT] == NULL && cli->config.vault == NULL;
}

static enum lw_status run(struct lw_cli *cli, bool read_only, struct lw_error *err)
{
    const char *name = cli->word_count > 0 ? cli->words[0] : NULL;
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = check_name(name, err);

    if (status == LW_OK && cli->option[LW_OPT_REVEAL] != NULL)
        status =
            lw_fail(err, LW_USAGE, "--reveal is for commands; in the program R shows the names");
    if (status == LW_OK)
        status = lw_screens_possible(cli, err);
    if (status == LW_OK && (read_only || !names_none(cli)))
        status = lw_vault_where(cli, name, &path, err);
    if (status == LW_OK && read_only && access(path.data, F_OK) != 0)
        status = lw_fail_errno(err, LW_NO_INPUT, "the vault %s cannot be opened", path.data);
    if (status == LW_OK)
        status = lw_screens_run(cli, path.data, read_only, cli->passphrase_fd, err);
    lw_buf_free(&path);
    return status;
}

enum lw_status lw_command_program(struct lw_cli *cli, struct lw_error *err)
{
    return run(cli, false, err);
}

enum lw_status lw_command_review(struct lw_cli *cli, struct lw_error *err)
{
    return run(cli, true, err);
}

enum lw_status lw_command_lock(struct lw_cli *cli, struct lw_error *err)
{
    size_t locked = 0, ended = 0;
    enum lw_status status = lw_lock_others(LW_GUARD_NAME, &locked, &ended, err);

    if (status != LW_OK)
        return status;
    if (locked > 0)
        lw_out_line(&cli->out, lw_say_count("%zu is locked", "%zu are locked", locked), locked);
    if (ended > 0)
        lw_out_line(&cli->out, lw_say_count("%zu command is ended", "%zu commands are ended", ended),
                    ended);
    if (locked + ended == 0)
        lw_out_line(&cli->out, "Nothing was open");
    return status;
}
