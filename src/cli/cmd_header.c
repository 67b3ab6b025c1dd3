/* lapwing header, lapwing header move */
#include "internal.h"

#include <string.h>

void lw_header_say(struct lw_cli *cli, const char *vault)
{
    const struct lw_config *config = &cli->config;
    bool configured = config->vault != NULL && config->header != NULL &&
                      strcmp(config->vault, vault) == 0 &&
                      strcmp(config->header, cli->header.data) == 0;

    lw_out_line(&cli->out, "Its header is %s", cli->header.data);
    lw_out_wrap(&cli->out, 0, 0,
                _("Without that file nothing opens the vault, not the passphrase either. Keep its "
                  "stick apart from this machine. There is one: if it is lost or breaks, so is the "
                  "log; \"lapwing backup FILE HEADER\" makes another."));
    if (!configured)
        lw_out_wrap(
            &cli->out, 0, 0,
            _("From now on name it with --header, or as header under [vault] in lapwing.ini."));
}

/* ---- where it is ---------------------------------------------------------------------------- */

static void print_look(struct lw_cli *cli, const struct lw_header_look *look)
{
    if (look->same_device)
        lw_out_wrap(&cli->out, 0, 0,
                    _("It is on the same device as the vault: whoever takes the one has the other. "
                      "Move it to a stick."));
    if (look->in_both)
        lw_out_wrap(&cli->out, 0, 0,
                    _("The vault holds a header too: a move was cut off. Opening the vault with "
                      "this header overwrites the other one, unless that is newer."));
    if (look->unfinished)
        lw_out_wrap(&cli->out, 0, 0,
                    _("There is an unfinished one beside it. Opening the vault finishes or removes "
                      "it."));
}

enum lw_status lw_command_header(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_header_look look = {.same_device = false};
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_vault_where(cli, NULL, &path, err);

    if (status == LW_OK && cli->header.len == 0) {
        lw_out_line(&cli->out, "No header is named, so it is looked for in %s itself", path.data);
    } else if (status == LW_OK) {
        status = lw_header_look(path.data, cli->header.data, &look, err);
        if (status == LW_OK)
            lw_out_line(&cli->out, "The header is %s", cli->header.data);
        print_look(cli, &look);
    }
    lw_buf_free(&path);
    return status;
}

/* ---- moving --------------------------------------------------------------------------------- */

static enum lw_status find_target(struct lw_cli *cli, struct lw_buf *to, struct lw_error *err)
{
    bool back = cli->option[LW_OPT_INTO_VAULT] != NULL;

    if (back == (cli->word_count > 0) || (!back && cli->words[0][0] == '\0'))
        return lw_fail(err, LW_USAGE,
                       "give either a new file on the stick or --into-vault, the way back");
    return back ? LW_OK : lw_path_expand(cli->words[0], to, err);
}

static enum lw_status check_disk(const struct lw_session *session, const char *to,
                                 struct lw_error *err)
{
    if (to == NULL || !lw_vault_duress_armed(session->vault))
        return LW_OK;
    return lw_duress_disk_check(to, err);
}

static void say_old_place(struct lw_cli *cli, bool was_file)
{
    lw_out_wrap(&cli->out, 0, 0,
                was_file ? _("The old file is overwritten and removed. The old stick's cells may "
                             "keep what stood there: destroy it, if somebody may ask for it.")
                         : _("The old place is overwritten with random. A disk of flash memory may "
                             "keep old cells, and copies of the vault that were made before have "
                             "their header in them."));
}

static enum lw_status move(struct lw_cli *cli, const char *to, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_buf vault = LW_BUF_INIT;
    bool was_file = false;
    enum lw_status status;

    cli->makes = to;
    status = lw_unlock(cli, NULL, true, &session, NULL, err);
    if (status == LW_OK)
        status = check_disk(&session, to, err);
    if (status == LW_OK)
        status = lw_buf_adds(&vault, lw_vault_path(session.vault));
    if (status == LW_OK) {
        was_file = lw_vault_header(session.vault) != NULL;
        status = lw_session_header_move(&session, to, err);
    }
    lw_session_close(&session);
    if (status == LW_OK && to != NULL) {
        lw_buf_clear(&cli->header);
        status = lw_buf_adds(&cli->header, to);
    }
    if (status == LW_OK && to != NULL)
        lw_header_say(cli, vault.data);
    else if (status == LW_OK)
        lw_out_wrap(&cli->out, 0, 0,
                    _("The header is in the vault again. Take header out of lapwing.ini, if it is "
                      "there."));
    if (status == LW_OK)
        say_old_place(cli, was_file);
    lw_buf_free(&vault);
    return status;
}

enum lw_status lw_command_header_move(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_buf to = LW_BUF_INIT;
    enum lw_status status = find_target(cli, &to, err);

    if (status == LW_OK)
        status = move(cli, to.data, err);
    lw_buf_free(&to);
    return status;
}
