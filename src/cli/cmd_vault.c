/* lapwing backup, lapwing resize, lapwing wipe */
#include "guard.h"
#include "internal.h"

static void say_backup(struct lw_cli *cli, const char *header, const char *header_to)
{
    if (header == NULL)
        lw_out_wrap(&cli->out, 0, 0,
                    _("The copy opens with the passphrases of today and outlives a wipe of the "
                      "vault."));
    else if (header_to != NULL)
        lw_out_wrap(&cli->out, 0, 0,
                    _("Its header is copied too. The two open with the passphrases of today, and "
                      "outlive a wipe and a destroyed stick: keep them apart."));
    else
        lw_out_wrap(&cli->out, 0, 0,
                    _("Its header is not copied: the copy opens only with the header's stick, and "
                      "no more once that is wiped or lost, or the keys are made anew with "
                      "\"lapwing passphrase remove\"."));
}

enum lw_status lw_command_backup(struct lw_cli *cli, struct lw_error *err)
{
    const char *to = cli->words[0];
    const char *header_to = cli->word_count > 1 ? cli->words[1] : NULL;
    struct lw_session session = {.vault = NULL};
    struct lw_meter meter;
    enum lw_status status;

    cli->makes = to;
    cli->makes_too = header_to;
    status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK && header_to != NULL)
        status = lw_vault_header_copy(session.vault, header_to, err);
    if (status == LW_OK) {
        lw_meter_start(&meter, cli, _("copying"));
        status = lw_session_backup(&session, to, &meter.progress, err);
        lw_meter_end(&meter);
    }
    if (status == LW_OK) {
        lw_out_line(&cli->out, "Copied to %s", to);
        say_backup(cli, lw_vault_header(session.vault), header_to);
    } else if (header_to != NULL && status != LW_EXISTS) {
        lw_error_prefix(err, "what stands in %s, if it is there, is a copy of the header",
                        header_to);
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
        lw_meter_start(&meter, cli, _("rewriting"));
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
    bool simulate;
    bool keys_only;
    bool failed; /* with one of the other files */
};

/* Told as soon as it is true, not when the rest is done, which may take minutes; but what nobody
 * reads holds nothing up. */
static void tell_wipe(void *context, const struct lw_wipe_news *news)
{
    struct wipe *wipe = context;
    struct lw_cli *cli = wipe->cli;
    const char *would = wipe->simulate ? _("would be told: ") : "";
    char text[LW_WIPE_SAY];

    switch (news->stage) {
    case LW_WIPE_FAILING:
        lw_out_line(&cli->errs, "lapwing: the keys cannot be overwritten; trying again");
        lw_out_flush_now(&cli->errs);
        break;
    case LW_WIPE_KEPT:
        lw_wipe_say_keys(&news->report, cli->clock, text);
        lw_out_line(&cli->out, "%s%s", would, text);
        lw_out_flush_now(&cli->out);
        if (!wipe->simulate)
            lw_guard_go_on(true);
        break;
    case LW_WIPE_HEADER:
        lw_out_line(&cli->errs, "lapwing: %sTHE HEADER IS NOT DESTROYED: %s", would,
                    news->header_text);
        if (!wipe->keys_only)
            lw_out_wrap(&cli->errs, 0, 0,
                        _("With it the vault can be read until all of it is overwritten: let this "
                          "go on to its end. Destroy the stick."));
        lw_out_flush_now(&cli->errs);
        break;
    case LW_WIPE_PROGRESS:
        (void)wipe->meter.progress.step(wipe->meter.progress.context, news->done, news->total);
        break;
    case LW_WIPE_UNSEEN:
        lw_out_line(&cli->errs, "lapwing: OTHER PROGRAMS ARE NOT ENDED: %s", _(LW_WIPE_UNSEEN_WHY));
        lw_out_flush_now(&cli->errs);
        break;
    case LW_WIPE_ALSO:
        wipe->failed = wipe->failed || news->status != LW_OK;
        if (news->status == LW_OK)
            lw_out_line(&cli->out, "%s%s overwritten and removed", would,
                        cli->config.emergency.also[news->which]);
        else
            lw_out_line(&cli->errs, "lapwing: %s IS NOT WIPED: %s",
                        cli->config.emergency.also[news->which], news->text);
        break;
    default:
        break;
    }
}

static void say_rest(struct lw_cli *cli, const struct lw_wipe_report *report,
                     const struct lw_wipe_orders *orders)
{
    if (report->layered)
        lw_out_line(
            &cli->errs,
            "lapwing: A LAYER BELOW MAY HOLD IT AS IT WAS: this folder is an overlay, and a "
            "wipe reaches its top only");
    if (orders->simulate && !orders->keys_only)
        lw_out_line(&cli->out, "would be done: the rest overwritten and removed, %llu MiB",
                    (unsigned long long)(report->rest_bytes >> 20));
    else if (report->rest_gone)
        lw_out_line(&cli->out, "the rest overwritten and removed, %lld s",
                    (long long)(report->total_us / 1000000));
    else if (orders->keys_only)
        lw_out_line(&cli->out, "the rest of the file %s; it %s noise now",
                    orders->simulate ? _("would be left") : _("was left"),
                    orders->simulate ? _("would be") : _("is"));
    else
        lw_out_line(&cli->out, "the rest could not be removed");
}

/* Only the full overwrite helps without the stick. */
static void say_header_left(const struct lw_wipe_report *report,
                            const struct lw_wipe_orders *orders, struct lw_error *err)
{
    const char *would = orders->simulate ? _("would be ") : "";

    if (orders->keys_only)
        lw_error_prefix(err,
                        "%sNOT DESTROYED: with the header, which is not here, the vault can be "
                        "read; without --keys-only all of it is overwritten",
                        would);
    else if (report->rest_gone || orders->simulate)
        lw_error_prefix(err,
                        "the vault %soverwritten, but its header is left and opens older copies",
                        orders->simulate ? would : _("is "));
    else
        lw_error_prefix(err, "NOT DESTROYED");
}

static enum lw_status run_wipe(struct lw_cli *cli, const char *path, struct lw_error *err)
{
    struct wipe wipe = {.cli = cli, .simulate = cli->option[LW_OPT_SIMULATE] != NULL};
    const struct lw_emergency *emergency = &cli->config.emergency;
    const struct lw_wipe_orders orders = {
        .name = LW_GUARD_NAME,
        .reach = true,
        .path = path,
        .header = cli->header.len > 0 ? cli->header.data : NULL,
        .held = -1,
        .keys_only = emergency->keys_only || cli->option[LW_OPT_KEYS_ONLY] != NULL,
        .simulate = wipe.simulate,
        .also = emergency->also,
        .also_count = emergency->also_count,
        .tell = tell_wipe,
        .context = &wipe,
    };
    struct lw_wipe_report report;
    enum lw_status status;

    wipe.keys_only = orders.keys_only;
    if (wipe.simulate) {
        lw_out_line(&cli->out, "Simulation: nothing is written");
        lw_out_flush(&cli->out);
    } else {
        lw_guard_hurry();
        lw_guard_go_on(false);
    }
    lw_meter_start(&wipe.meter, cli, _("overwriting the rest"));
    status = lw_wipe_all(&orders, &report, err);
    lw_meter_end(&wipe.meter);
    if (report.keys_gone || (report.header_left && !orders.keys_only))
        say_rest(cli, &report, &orders);
    if (report.header_left)
        say_header_left(&report, &orders, err);
    else if (!report.keys_gone && status != LW_OK && status != LW_NO_INPUT)
        lw_error_prefix(err, "THE KEYS ARE NOT DESTROYED");
    if (status == LW_OK && wipe.failed)
        status = lw_fail(err, LW_IO, "the vault is wiped, but not every other file");
    return status;
}

enum lw_status lw_command_wipe(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_vault_where(cli, NULL, &path, err);

    if (status == LW_OK && cli->option[LW_OPT_NOW] == NULL &&
        cli->option[LW_OPT_SIMULATE] == NULL) {
        lw_out_line(&cli->errs, "This destroys %s for good. Copies of it are not reached.",
                    path.data);
        if (cli->header.len > 0)
            lw_out_line(&cli->errs, "Its header %s goes with it.", cli->header.data);
        status = lw_ask_word(cli, "wipe", "--now", err);
    }
    if (status == LW_OK)
        status = run_wipe(cli, path.data, err);
    lw_buf_free(&path);
    return status;
}
