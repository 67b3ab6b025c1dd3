/* lapwing [VAULT] */
#include "internal.h"

#include <string.h>
#include <unistd.h>

/* A word that is neither a command nor a file is a mistyped command. */
static enum lw_status check_name(const char *name, struct lw_error *err)
{
    if (name == NULL || strchr(name, '/') != NULL || access(name, F_OK) == 0)
        return LW_OK;
    return lw_fail(err, LW_USAGE, "\"%s\" is neither a command nor a file here", name);
}

enum lw_status lw_command_program(struct lw_cli *cli, struct lw_error *err)
{
    const char *name = cli->word_count > 0 ? cli->words[0] : NULL;
    struct lw_session session = {.vault = NULL};
    enum lw_status status = check_name(name, err);

    if (status == LW_OK && (isatty(STDIN_FILENO) != 1 || !cli->out.terminal)) {
        status = lw_fail(err, LW_NO_TERMINAL,
                         "this needs a terminal; without one use a command, such as \"lapwing "
                         "timeline\" or \"lapwing log\"");
    }
    if (status == LW_OK)
        status = lw_unlock(cli, name, true, &session, NULL, err);
    if (status == LW_OK)
        status = lw_timeline_print(cli, session.journal, err);
    if (status == LW_OK) {
        lw_out_newline(&cli->out);
        status = lw_capture_prompt(cli, &session, err);
    }
    lw_session_close(&session);
    return status;
}
