/* lapwing passphrase list, and lapwing decoy where no command follows */
#include "internal.h"

/* With a command behind it the word is taken while the arguments are read. */
enum lw_status lw_command_decoy(struct lw_cli *cli, struct lw_error *err)
{
    return lw_fail(err, LW_USAGE, "%s", _(cli->command->refusal));
}

static enum lw_status print_freshness(struct lw_cli *cli, const char *what,
                                      const struct lw_freshness *fresh, struct lw_error *err)
{
    struct lw_buf when = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (fresh->entries == 0) {
        lw_out_line(&cli->out, "%s: empty", what);
        return LW_OK;
    }
    if (fresh->recorded_ms != LW_TIME_MIN) {
        status = lw_buf_says(&when, ", the last one recorded ");
        if (status == LW_OK)
            status = lw_instant_say(cli->clock, fresh->recorded_ms, &when);
    }
    if (status == LW_OK)
        lw_out_line(&cli->out,
                    lw_say_count("%s: %llu entry%s", "%s: %llu entries%s", fresh->entries), what,
                    (unsigned long long)fresh->entries, lw_buf_text(&when));
    lw_buf_free(&when);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* The file is as new as this session, whatever the diary says. */
static void hint(struct lw_cli *cli, const struct lw_freshness *diary)
{
    if (!lw_diary_is_stale(diary, lw_clock_now(cli->clock)))
        return;
    lw_out_wrap(
        &cli->out, 0, 0,
        diary->entries == 0
            ? _("An empty diary convinces few people: write to it, with :diary in the program "
                "or \"lapwing decoy log\".")
            : _("The diary holds nothing recent, but the file is written whenever it is opened: "
                "keep it up, with :diary in the program or \"lapwing decoy log\"."));
}

static enum lw_status print_list(struct lw_cli *cli, struct lw_session *session,
                                 struct lw_error *err)
{
    bool armed = lw_vault_duress_armed(session->vault);
    struct lw_freshness journal, diary;
    enum lw_status status = lw_session_freshness(session, &journal, &diary, err);

    if (status != LW_OK)
        return status;
    lw_out_line(&cli->out, "Passphrases of this journal: %u", lw_vault_passphrases(session->vault));
    lw_out_line(&cli->out, "Duress passphrase: %s", armed ? _("armed") : _("not armed"));
    status = print_freshness(cli, _("Journal"), &journal, err);
    if (status == LW_OK && armed)
        status = print_freshness(cli, _("Diary of the duress passphrase"), &diary, err);
    if (status == LW_OK && armed)
        hint(cli, &diary);
    return status;
}

enum lw_status lw_command_passphrase_list(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = print_list(cli, &session, err);
    lw_session_close(&session);
    return status;
}
