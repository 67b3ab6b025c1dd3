/* lapwing backup, lapwing resize, lapwing wipe */
#include "internal.h"

enum lw_status lw_command_backup(struct lw_cli *cli, struct lw_error *err)
{
    const char *to = cli->words[0];
    struct lw_session session = {.vault = NULL};
    struct lw_meter meter;
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK) {
        lw_meter_start(&meter, cli, "copying");
        status = lw_session_backup(&session, to, &meter.progress, err);
        lw_meter_end(&meter);
    }
    if (status == LW_OK) {
        lw_out_line(&cli->out, "Copied to %s", to);
        lw_out_wrap(&cli->out, 0, 0,
                    "The copy opens with the passphrases of today and outlives a wipe of the "
                    "vault.");
    }
    lw_session_close(&session);
    return status;
}

enum lw_status lw_command_resize(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_build_plan plan = {.bytes = 0};
    struct lw_session session = {.vault = NULL};
    struct lw_meter meter;
    enum lw_status status = lw_size_wanted(cli->words[0], &plan.bytes, err);

    if (status == LW_OK)
        status = lw_unlock(cli, NULL, true, &session, NULL, err);
    if (status == LW_OK) {
        plan.profile = lw_vault_profile(session.vault);
        lw_meter_start(&meter, cli, "rewriting");
        status = lw_session_rewrite(&session, &plan, &meter.progress, err);
        lw_meter_end(&meter);
    }
    if (status == LW_OK) {
        lw_out_line(&cli->out, "The vault has %llu MiB now",
                    (unsigned long long)(plan.bytes >> 20));
    }
    lw_session_close(&session);
    return status;
}

struct wipe {
    struct lw_cli *cli;
    struct lw_meter meter;
    struct lw_wipe_report report;
    bool told;
};

/* Told as soon as it is true, not when the rest is done, which may take minutes. */
static void tell_keys(struct wipe *wipe)
{
    int64_t seconds = wipe->report.done_ms / 1000;
    int64_t of_day;

    if (wipe->told || !wipe->report.keys_gone)
        return;
    wipe->told = true;
    seconds += (int64_t)lw_clock_offset(wipe->cli->clock, seconds) * 60;
    of_day = seconds % 86400;
    lw_out_line(&wipe->cli->out, "keys overwritten and synced %02d:%02d:%02d, %lld ms",
                (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60),
                (long long)((wipe->report.keys_us + 999) / 1000));
    lw_out_flush(&wipe->cli->out);
}

static bool wipe_step(void *context, uint64_t done, uint64_t total)
{
    struct wipe *wipe = context;

    tell_keys(wipe);
    return wipe->meter.progress.step(wipe->meter.progress.context, done, total);
}

static enum lw_status run_wipe(struct lw_cli *cli, const char *path, struct lw_error *err)
{
    struct wipe wipe = {.cli = cli};
    const struct lw_progress progress = {.step = wipe_step, .context = &wipe};
    bool keys_only = cli->option[LW_OPT_KEYS_ONLY] != NULL;
    enum lw_status status;

    lw_meter_start(&wipe.meter, cli, "overwriting the rest");
    status = lw_vault_wipe(path, keys_only, &progress, &wipe.report, err);
    lw_meter_end(&wipe.meter);
    tell_keys(&wipe);
    if (wipe.report.rest_gone) {
        lw_out_line(&cli->out, "the rest overwritten and removed, %lld s",
                    (long long)(wipe.report.total_us / 1000000));
    } else if (wipe.report.keys_gone) {
        lw_out_line(&cli->out, "%s",
                    keys_only ? "the rest of the file was left; it is noise now"
                              : "the rest could not be removed");
    } else if (status != LW_OK && status != LW_NO_INPUT) {
        lw_error_prefix(err, "THE KEYS ARE NOT DESTROYED");
    }
    return status;
}

enum lw_status lw_command_wipe(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_vault_where(cli, NULL, &path, err);

    if (status == LW_OK && cli->option[LW_OPT_NOW] == NULL) {
        lw_out_line(&cli->errs, "This destroys %s for good. Copies of it are not reached.",
                    path.data);
        status = lw_ask_word(cli, "Type wipe to go on: ", "wipe", err);
        if (status == LW_NO_TERMINAL)
            lw_fail(err, status, "there is no terminal to confirm this; --now does not ask");
    }
    if (status == LW_OK)
        status = run_wipe(cli, path.data, err);
    lw_buf_free(&path);
    return status;
}
