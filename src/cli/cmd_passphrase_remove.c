/* lapwing passphrase remove: new keys, only the passphrases that are typed now stay. */
#include "internal.h"

struct staying {
    struct lw_passphrase *pass[LW_SLOTS]; /* the first one unlocked this session */
    unsigned slot[LW_SLOTS];
    size_t count;
    bool duress;
};

static void explain(struct lw_cli *cli, const struct lw_session *session)
{
    if (!cli->errs.terminal)
        return;
    lw_out_wrap(
        &cli->errs, 0, 0,
        _("The vault is written anew with other keys. The passphrase that you have just given "
          "stays. Every other one that is to stay, the duress passphrase included, must be "
          "typed now; those that are not typed open nothing afterwards. A copy of the vault "
          "that was taken before still opens with all of them."));
    lw_out_line(&cli->errs, "Passphrases of this journal: %u. Duress passphrase: %s.",
                lw_vault_passphrases(session->vault),
                lw_vault_duress_armed(session->vault) ? _("set") : _("none"));
    lw_out_flush(&cli->errs);
}

static bool stays_already(const struct staying *staying, unsigned slot)
{
    for (size_t i = 0; i < staying->count; i++) {
        if (staying->slot[i] == slot)
            return true;
    }
    return false;
}

/* Takes pass over where it opens a slot that is not kept yet. */
static enum lw_status keep(struct lw_cli *cli, struct lw_session *session, struct staying *staying,
                           struct lw_passphrase *pass, struct lw_error *err)
{
    unsigned slot, lane;
    enum lw_status status = lw_vault_passphrase_find(session->vault, pass, &slot, &lane, err);

    if (status == LW_NOT_FOUND) {
        lw_passphrase_free(pass);
        if (cli->passphrase_fd >= 0)
            return lw_fail(err, LW_WRONG_PASSPHRASE,
                           "one of the passphrases that are to stay opens nothing; nothing was "
                           "changed");
        lw_out_line(&cli->errs, "That one opens nothing; try again, or an empty line to end");
        return LW_OK;
    }
    if (status != LW_OK || staying->count == LW_SLOTS || stays_already(staying, slot)) {
        lw_passphrase_free(pass);
        return status;
    }
    staying->pass[staying->count] = pass;
    staying->slot[staying->count++] = slot;
    if (lane != lw_vault_own_lane(session->vault))
        staying->duress = true;
    return LW_OK;
}

static enum lw_status ask_staying(struct lw_cli *cli, struct lw_session *session,
                                  struct staying *staying, struct lw_error *err)
{
    for (;;) {
        struct lw_passphrase *pass = NULL;
        bool ended;
        enum lw_status status = lw_ask_passphrase(cli, cli->passphrase_fd,
                                                  _("Another passphrase that stays (empty: no "
                                                    "more): "),
                                                  &pass, &ended, err);

        if (status != LW_OK)
            return status;
        if (lw_passphrase_len(pass) == 0) {
            lw_passphrase_free(pass);
            return LW_OK;
        }
        status = keep(cli, session, staying, pass, err);
        if (status != LW_OK)
            return status;
        if (ended)
            return LW_OK;
    }
}

static enum lw_status confirm(struct lw_cli *cli, const struct lw_session *session,
                              const struct staying *staying, struct lw_error *err)
{
    size_t own = staying->count - staying->duress;

    if (cli->passphrase_fd >= 0)
        return LW_OK;
    lw_out_line(&cli->errs, "%zu of %u passphrases stay.", own,
                lw_vault_passphrases(session->vault));
    if (lw_vault_duress_armed(session->vault)) {
        lw_out_line(&cli->errs, staying->duress ? "The duress passphrase stays, with its diary."
                                                : "The duress passphrase goes, with its diary.");
    }
    return lw_ask_word(cli, "remove", NULL, err);
}

static enum lw_status write_anew(struct lw_cli *cli, struct lw_session *session,
                                 const struct staying *staying, struct lw_error *err)
{
    const struct lw_passphrase *kept[LW_SLOTS];
    const struct lw_build_plan plan = {
        .bytes = lw_vault_bytes(session->vault),
        .profile = lw_vault_profile(session->vault),
        .new_salt = true,
        .kept = kept,
        .kept_count = staying->count,
    };
    struct lw_meter meter;
    enum lw_status status;

    for (size_t i = 0; i < staying->count; i++)
        kept[i] = staying->pass[i];
    lw_meter_start(&meter, cli, _("rewriting"));
    status = lw_session_rewrite(session, &plan, &meter.progress, err);
    lw_meter_end(&meter);
    return status;
}

enum lw_status lw_command_passphrase_remove(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct staying staying = {.count = 0};
    struct lw_passphrase *pass = NULL;
    enum lw_status status = lw_unlock(cli, NULL, true, &session, &pass, err);

    if (status == LW_OK) {
        explain(cli, &session);
        status = keep(cli, &session, &staying, pass, err);
    }
    if (status == LW_OK)
        status = ask_staying(cli, &session, &staying, err);
    if (status == LW_OK)
        status = confirm(cli, &session, &staying, err);
    if (status == LW_OK)
        status = write_anew(cli, &session, &staying, err);
    if (status == LW_OK) {
        lw_out_line(&cli->out,
                    lw_say_count("New keys are in place; %zu passphrase opens the vault",
                                 "New keys are in place; %zu passphrases open the vault",
                                 staying.count),
                    staying.count);
    }
    for (size_t i = 0; i < staying.count; i++)
        lw_passphrase_free(staying.pass[i]);
    lw_session_close(&session);
    return status;
}
