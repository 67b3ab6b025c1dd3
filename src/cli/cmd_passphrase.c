/* lapwing passphrase add, change, duress */
#include "internal.h"

/* Says that nobody's passphrase may open two slots, without saying whose it is. */
static enum lw_status check_new(struct lw_session *session, const struct lw_passphrase *pass,
                                struct lw_error *err)
{
    unsigned slot, lane;
    enum lw_status status = lw_vault_passphrase_find(session->vault, pass, &slot, &lane, err);

    if (status == LW_OK)
        return lw_fail(err, LW_REFUSED, "this passphrase opens the vault already; take another");
    return status == LW_NOT_FOUND ? LW_OK : status;
}

typedef enum lw_status put_passphrase(struct lw_vault *vault, const struct lw_passphrase *pass,
                                      struct lw_error *err);

static enum lw_status ask_and_put(struct lw_cli *cli, put_passphrase *put, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_passphrase *fresh = NULL;
    enum lw_status status = lw_unlock(cli, NULL, true, &session, NULL, err);

    if (status == LW_OK)
        status = lw_ask_new_passphrase(cli, cli->new_passphrase_fd, _("passphrase"), &fresh, err);
    if (status == LW_OK)
        status = check_new(&session, fresh, err);
    if (status == LW_OK)
        status = put(session.vault, fresh, err);
    lw_passphrase_free(fresh);
    lw_session_close(&session);
    return status;
}

enum lw_status lw_command_passphrase_add(struct lw_cli *cli, struct lw_error *err)
{
    enum lw_status status = ask_and_put(cli, lw_vault_passphrase_add, err);

    if (status == LW_OK)
        lw_out_line(&cli->out, "Added: the journal opens with this passphrase too");
    return status;
}

enum lw_status lw_command_passphrase_change(struct lw_cli *cli, struct lw_error *err)
{
    enum lw_status status = ask_and_put(cli, lw_vault_passphrase_change, err);

    if (status == LW_OK) {
        lw_out_line(&cli->out, "Changed");
        lw_out_wrap(
            &cli->out, 0, 0,
            _("A copy of the vault that was taken before still opens with the old "
              "passphrase. If somebody may know that one, use \"lapwing passphrase remove\" "
              "now: it gives the vault new keys."));
    }
    return status;
}

/* On a terminal the passphrase is typed again: this is not to happen by a slip, and closeness is
 * judged against what was really typed. A script has given its line already. */
static enum lw_status ask_again(struct lw_cli *cli, struct lw_session *session,
                                struct lw_passphrase **pass, struct lw_error *err)
{
    struct lw_passphrase *again = NULL;
    unsigned slot, lane;
    enum lw_status status;

    if (cli->passphrase_fd >= 0)
        return LW_OK;
    status = lw_ask_passphrase(cli, -1, _("Your passphrase again: "), &again, NULL, err);
    if (status == LW_OK) {
        status = lw_vault_passphrase_find(session->vault, again, &slot, &lane, err);
        if (status == LW_NOT_FOUND ||
            (status == LW_OK && lane != lw_vault_own_lane(session->vault)))
            status = lw_fail(err, LW_WRONG_PASSPHRASE, "wrong passphrase; nothing was changed");
    }
    if (status != LW_OK) {
        lw_passphrase_free(again);
        return status;
    }
    lw_passphrase_free(*pass);
    *pass = again;
    return LW_OK;
}

static enum lw_status arm(struct lw_cli *cli, struct lw_session *session,
                          const struct lw_passphrase *duress, struct lw_error *err)
{
    const struct lw_build_plan plan = {
        .bytes = lw_vault_bytes(session->vault),
        .profile = lw_vault_profile(session->vault),
        .duress = duress,
    };
    struct lw_meter meter;
    enum lw_status status;

    lw_meter_start(&meter, cli, _("rewriting"));
    status = lw_session_rewrite(session, &plan, &meter.progress, err);
    lw_meter_end(&meter);
    return status;
}

enum lw_status lw_command_passphrase_duress(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_passphrase *pass = NULL, *duress = NULL;
    enum lw_status status = lw_unlock(cli, NULL, true, &session, &pass, err);
    bool replaced;

    if (status == LW_OK)
        status = lw_duress_disk_check(lw_vault_path(session.vault), err);
    if (status == LW_OK && lw_vault_header(session.vault) != NULL)
        status = lw_duress_disk_check(lw_vault_header(session.vault), err);
    if (status == LW_OK)
        status = ask_again(cli, &session, &pass, err);
    if (status == LW_OK)
        status = lw_duress_ask(cli, cli->new_passphrase_fd, pass, &duress, err);
    if (status == LW_OK)
        status = check_new(&session, duress, err);
    replaced = status == LW_OK && lw_vault_duress_armed(session.vault);
    if (status == LW_OK)
        status = arm(cli, &session, duress, err);
    if (status == LW_OK) {
        lw_out_line(&cli->out, "Armed: never try it out on this vault, only on a copy");
        lw_out_line(&cli->out, replaced ? "The diary stays as it was"
                                        : "Its diary is empty: fill it now, and keep it up");
    }
    lw_passphrase_free(pass);
    lw_passphrase_free(duress);
    lw_session_close(&session);
    return status;
}
