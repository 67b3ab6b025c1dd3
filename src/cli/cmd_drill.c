/* lapwing drill: rehearsing lock, wipe and duress on a vault that is thrown away. */
#include "internal.h"

#include <unistd.h>

static void tell_end(struct lw_cli *cli, const struct lw_drill_end *end)
{
    if (end->folder[0] == '\0')
        return;
    lw_out_wrap(&cli->out, 0, 0,
                end->left ? _("The drill is over, but something of the practice vault could not be "
                              "removed. Remove this folder:")
                          : _("The drill is over. The practice vault is removed, and its folder:"));
    lw_out_line(&cli->out, "%s", end->folder);
}

enum lw_status lw_command_drill(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_program_request request = {
        .passphrase_fd = -1, .config = &cli->config, .clock = cli->clock, .forms = cli->forms};
    struct lw_drill_end end;
    enum lw_status status;

    if (isatty(STDIN_FILENO) != 1 || !cli->out.terminal)
        return lw_fail(err, LW_NO_TERMINAL,
                       "the drill needs the terminal that you will use: its keys are what is "
                       "practised");
    status = lw_screens_possible(cli, err);
    if (status == LW_OK)
        status = lw_kdf_wanted(cli, &request.profile, err);
    if (status != LW_OK)
        return status;
    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    status = cli->program->drill(&request, &end, err);
    tell_end(cli, &end);
    cli->code = end.code;
    return status;
}
