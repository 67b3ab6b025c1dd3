/* lapwing create */
#include "internal.h"

#include <sys/stat.h>

void lw_duress_explain(struct lw_cli *cli)
{
    if (!cli->errs.terminal)
        return;
    for (size_t i = 0; i < LW_DURESS_PARAGRAPHS; i++)
        lw_out_wrap(&cli->errs, 0, 0, lw_duress_words[i]);
    lw_out_flush(&cli->errs);
}

enum lw_status lw_duress_ask(struct lw_cli *cli, int fd, const struct lw_passphrase *ordinary,
                             struct lw_passphrase **out, struct lw_error *err)
{
    struct lw_passphrase *duress = NULL;
    enum lw_status status;

    lw_duress_explain(cli);
    status = lw_ask_new_passphrase(cli, fd, _("duress passphrase"), &duress, err);
    if (status == LW_OK && lw_passphrase_too_close(ordinary, duress)) {
        status = lw_fail(err, LW_REFUSED,
                         "the duress passphrase is too close to the other one: share no word with "
                         "it and no beginning");
    }
    if (status == LW_OK)
        *out = duress;
    else
        lw_passphrase_free(duress);
    return status;
}

static enum lw_status check_absent(const char *path, struct lw_error *err)
{
    struct stat info;

    if (path != NULL && lstat(path, &info) == 0)
        return lw_fail(err, LW_EXISTS, "%s exists already; give the name of a new file", path);
    return LW_OK;
}

static enum lw_status check_duress_disk(struct lw_cli *cli, const char *path, struct lw_error *err)
{
    enum lw_status status = lw_duress_disk_check(path, err);

    if (status == LW_OK && cli->header.len > 0)
        status = lw_duress_disk_check(cli->header.data, err);
    return status;
}

static enum lw_status build(struct lw_cli *cli, const char *path, struct lw_build_plan *plan,
                            struct lw_error *err)
{
    const struct lw_session_setup setup = {
        .path = path,
        .header = cli->header.data,
        .profile = plan->profile,
        .clock = cli->clock,
        .author = cli->config.author,
    };
    struct lw_passphrase *pass = NULL, *duress = NULL;
    struct lw_meter meter;
    int fd = cli->new_passphrase_fd >= 0 ? cli->new_passphrase_fd : cli->passphrase_fd;
    enum lw_status status;

    lw_cli_close(cli, path);
    status = lw_ask_new_passphrase(cli, fd, _("passphrase"), &pass, err);
    if (status == LW_OK && cli->option[LW_OPT_DURESS] != NULL)
        status = lw_duress_ask(cli, fd, pass, &duress, err);
    if (status == LW_OK) {
        const struct lw_passphrase *kept[1] = {pass};

        plan->kept = kept;
        plan->kept_count = 1;
        plan->duress = duress;
        plan->header = cli->header.data;
        lw_meter_start(&meter, cli, _("filling with random bytes"));
        status = lw_session_create(&setup, plan, &meter.progress, NULL, err);
        lw_meter_end(&meter);
    }
    lw_passphrase_free(pass);
    lw_passphrase_free(duress);
    return status;
}

enum lw_status lw_command_create(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_build_plan plan = {.bytes = LW_VAULT_USUAL};
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status =
        lw_vault_where(cli, cli->word_count > 0 ? cli->words[0] : NULL, &path, err);

    if (status == LW_OK && cli->option[LW_OPT_SIZE] != NULL)
        status = lw_size_wanted(cli->option[LW_OPT_SIZE], &plan.bytes, err);
    if (status == LW_OK)
        status = lw_kdf_wanted(cli, &plan.profile, err);
    if (status == LW_OK)
        status = check_absent(path.data, err);
    if (status == LW_OK)
        status = check_absent(cli->header.data, err);
    if (status == LW_OK && cli->option[LW_OPT_DURESS] != NULL)
        status = check_duress_disk(cli, path.data, err);
    if (status == LW_OK)
        status = build(cli, path.data, &plan, err);
    if (status == LW_OK) {
        lw_out_line(&cli->out, "%s is made, %llu MiB", path.data,
                    (unsigned long long)(plan.bytes >> 20));
        if (cli->header.len > 0)
            lw_header_say(cli, path.data);
        if (cli->out.terminal) {
            lw_out_line(&cli->out, "What it protects from, and what not: man lapwing-safety");
            lw_out_line(&cli->out, "To practise lock and wipe, on another vault: lapwing drill");
        }
    }
    lw_buf_free(&path);
    return status;
}
