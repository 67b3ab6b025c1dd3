/* Which vault, and opening it. */
#include "internal.h"

#include <string.h>
#include <unistd.h>

#define TRIES 3

/* A header belongs to one vault: the configured one counts for the configured vault only. */
static enum lw_status find_header(struct lw_cli *cli, const char *vault, struct lw_error *err)
{
    const char *given = cli->option[LW_OPT_HEADER];

    lw_buf_clear(&cli->header);
    if (given == NULL && cli->config.header != NULL && cli->config.vault != NULL &&
        strcmp(cli->config.vault, vault) == 0)
        given = cli->config.header;
    if (given == NULL || given[0] == '\0')
        return LW_OK;
    return lw_path_expand(given, &cli->header, err);
}

enum lw_status lw_vault_where(struct lw_cli *cli, const char *positional, struct lw_buf *out,
                              struct lw_error *err)
{
    const char *given = cli->option[LW_OPT_VAULT];
    enum lw_status status;

    if (given != NULL && positional != NULL)
        return lw_fail(err, LW_USAGE, "the vault is named twice");
    if (given == NULL)
        given = positional;
    if (given == NULL)
        given = cli->config.vault;
    if (given == NULL) {
        return lw_fail(err, LW_USAGE,
                       "no vault is named: give --vault FILE, or put \"file = /path\" under "
                       "[vault] in ~/.config/lapwing/lapwing.ini");
    }
    if (given[0] == '\0')
        return lw_fail(err, LW_USAGE, "the name of the vault is empty");
    status = lw_path_expand(given, out, err);
    return status == LW_OK ? find_header(cli, out->data, err) : status;
}

enum lw_status lw_header_check(struct lw_cli *cli, const char *vault, struct lw_error *err)
{
    struct lw_header_look look;
    enum lw_status status;

    if (cli->header.len == 0)
        return LW_OK;
    status = lw_header_look(vault, cli->header.data, &look, err);
    return look.unfinished ? LW_OK : status; /* opening it may finish that */
}

enum lw_status lw_kdf_wanted(struct lw_cli *cli, int *profile, struct lw_error *err)
{
    const char *name = cli->option[LW_OPT_KDF];

    *profile = cli->config.kdf >= 0 ? cli->config.kdf : 0;
    if (name == NULL)
        return LW_OK;
    *profile = lw_kdf_profile_find(name);
    if (*profile < 0)
        return lw_fail(err, LW_USAGE, "--kdf takes standard or lite");
    return LW_OK;
}

enum lw_status lw_size_wanted(const char *text, uint64_t *bytes, struct lw_error *err)
{
    uint64_t size;

    if (!lw_parse_size(text, &size))
        return lw_fail(err, LW_USAGE, "a size is a number with K, M or G, such as 64M");
    if (size < LW_VAULT_MIN || size > LW_VAULT_MAX)
        return lw_fail(err, LW_USAGE, "a vault has from 4M to 64G");
    *bytes = size - size % LW_PAGE;
    return LW_OK;
}

/* "Last opened ..." is for whoever sits there; it must not get into a script's output. */
static enum lw_status tell_last(struct lw_cli *cli, const struct lw_session *session)
{
    struct lw_buf when = LW_BUF_INIT;
    enum lw_status status;

    if (session->fell_back) {
        lw_out_line(&cli->errs,
                    "The newest state of the vault could not be read, the one before is "
                    "shown: it was cut off, damaged or altered");
    }
    if (!session->recorded && session->unrecorded.status != LW_OK) {
        lw_out_line(&cli->errs, "This session is not recorded in the vault: %s",
                    session->unrecorded.text);
    }
    if (session->journal != NULL && lw_journal_forms_trouble(session->journal)[0] != '\0')
        lw_out_line(&cli->errs, "lapwing: %s", lw_journal_forms_trouble(session->journal));
    if (!cli->errs.terminal || isatty(STDIN_FILENO) != 1)
        return LW_OK;
    if (session->decoy)
        lw_out_line(&cli->errs, "This is the diary of the duress passphrase");
    if (!session->had_before)
        return LW_OK;
    status = lw_instant_say(cli->clock, session->before.opened_ms, &when);
    if (status == LW_OK)
        lw_out_line(&cli->errs, "Last opened %s", when.data);
    lw_buf_free(&when);
    return status;
}

static enum lw_status unlock_from_fd(struct lw_cli *cli, const struct lw_session_setup *setup,
                                     struct lw_passphrase **pass, struct lw_session *session,
                                     struct lw_error *err)
{
    enum lw_status status =
        lw_ask_passphrase(cli, cli->passphrase_fd, _("Passphrase: "), pass, NULL, err);

    return status == LW_OK ? lw_session_open(setup, *pass, session, err) : status;
}

/* A few tries, without echo from the first to the end of the last. */
static enum lw_status unlock_typed(struct lw_cli *cli, const struct lw_session_setup *setup,
                                   struct lw_passphrase **pass, struct lw_session *session,
                                   struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_status status;

    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    *pass = lw_passphrase_new();
    if (*pass == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    status = lw_ask_begin(&tty, err);
    if (status != LW_OK)
        return status;
    for (int tries = TRIES;; tries--) {
        status = lw_ask_on(&tty, _("Passphrase: "), *pass, err);
        if (status == LW_OK)
            status = lw_session_open(setup, *pass, session, err);
        if (status != LW_WRONG_PASSPHRASE || tries == 1)
            break;
        lw_out_line(&tty.out, "Wrong passphrase");
    }
    lw_tty_close(&tty);
    return status;
}

enum lw_status lw_unlock(struct lw_cli *cli, const char *positional, bool writes,
                         struct lw_session *session, struct lw_passphrase **pass,
                         struct lw_error *err)
{
    struct lw_session_setup setup = {.writes = writes,
                                     .decoy = cli->decoy,
                                     .clock = cli->clock,
                                     .author = cli->config.author,
                                     .forms = cli->forms};
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_as_of_check(cli, err);
    struct lw_passphrase *typed = NULL;

    if (status == LW_OK)
        status = lw_vault_where(cli, positional, &path, err);
    if (status == LW_OK)
        status = lw_kdf_wanted(cli, &setup.profile, err);
    if (status == LW_OK && access(lw_buf_text(&path), F_OK) != 0) {
        status = lw_fail_errno(err, LW_NO_INPUT, "the vault %s cannot be opened", path.data);
        lw_vault_finish_leftovers(path.data); /* of a wipe that was cut off */
    }
    if (status == LW_OK)
        status = lw_header_check(cli, path.data, err);
    if (status != LW_OK)
        goto done;
    setup.path = path.data;
    setup.header = cli->header.data;
    lw_cli_close(cli, path.data);
    if (cli->passphrase_fd >= 0)
        status = unlock_from_fd(cli, &setup, &typed, session, err);
    else
        status = unlock_typed(cli, &setup, &typed, session, err);
    if (status == LW_OK && pass != NULL) {
        *pass = typed;
        typed = NULL;
    }
    if (status == LW_OK) {
        if (session->journal != NULL)
            lw_journal_reveal(session->journal, cli->option[LW_OPT_REVEAL] != NULL);
        status = tell_last(cli, session);
        lw_out_flush(&cli->errs);
        if (status != LW_OK)
            status = lw_fail(err, status, "out of memory");
    }
    if (status == LW_OK)
        status = lw_as_of_begin(cli, session, err);
done:
    lw_passphrase_free(typed);
    lw_buf_free(&path);
    return status;
}
