/* lapwing doctor */
#include "host.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define HANG      6 /* "weak  " */
#define EXIT_WEAK 1

struct doctor {
    struct lw_cli *cli;
    struct lw_buf line;
    bool json;
    bool started;
    enum lw_host_promise promise; /* of the last finding */
    unsigned count[LW_HOST_WEAK + 1];
};

static const char *environment(const char *name)
{
    return getenv(name);
}

static enum lw_status print_json(struct doctor *doctor, const struct lw_host_finding *finding)
{
    struct lw_buf *line = &doctor->line;
    enum lw_status status = lw_buf_adds(line, "{");

    if (status == LW_OK)
        status = lw_json_member(line, "level", lw_host_level_name(finding->level));
    if (status == LW_OK)
        status = lw_json_member(line, "promise", lw_host_promise_name(finding->promise));
    if (status == LW_OK)
        status = lw_json_member(line, "topic", finding->topic);
    if (status == LW_OK)
        status = lw_json_member(line, "what", finding->what);
    if (status == LW_OK)
        status = lw_json_member(line, "todo", finding->todo[0] != '\0' ? finding->todo : NULL);
    if (status == LW_OK)
        status = lw_buf_adds(line, "}\n");
    if (status == LW_OK)
        lw_out_lines(&doctor->cli->out, line->data, line->len);
    return status;
}

static enum lw_status print_text(struct doctor *doctor, const struct lw_host_finding *finding)
{
    struct lw_out *out = &doctor->cli->out;
    enum lw_status status = lw_buf_addf(&doctor->line, "%s: %s", finding->topic, finding->what);

    if (status != LW_OK)
        return status;
    if (!doctor->started || doctor->promise != finding->promise) {
        if (doctor->started)
            lw_out_newline(out);
        lw_out_wrap(out, 0, 0, lw_host_promise_say(finding->promise));
    }
    lw_out_text(out, finding->level == LW_HOST_FINE   ? C_("a level", "fine")
                     : finding->level == LW_HOST_NOTE ? C_("a level", "note")
                                                      : C_("a level", "weak"));
    lw_out_spaces(out, 2);
    lw_out_wrap(out, HANG, HANG, doctor->line.data);
    if (finding->todo[0] != '\0') {
        lw_out_spaces(out, HANG);
        lw_out_wrap(out, HANG, HANG, finding->todo);
    }
    return LW_OK;
}

/* What the kernel and the files say may be in any encoding. */
static enum lw_status print(void *context, const struct lw_host_finding *finding,
                            struct lw_error *err)
{
    struct doctor *doctor = context;
    struct lw_host_finding shown = *finding;
    struct lw_buf what = LW_BUF_INIT;
    enum lw_status status = lw_text_clean(finding->what, strlen(finding->what), false, &what);

    lw_buf_clear(&doctor->line);
    shown.what = lw_buf_text(&what);
    if (status == LW_OK)
        status = doctor->json ? print_json(doctor, &shown) : print_text(doctor, &shown);
    lw_buf_free(&what);
    doctor->count[finding->level]++;
    doctor->promise = finding->promise;
    doctor->started = true;
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static void sum_up(struct doctor *doctor)
{
    struct lw_out *out = &doctor->cli->out;

    lw_out_newline(out);
    lw_out_line(out, "%u weak, %u to note, %u fine", doctor->count[LW_HOST_WEAK],
                doctor->count[LW_HOST_NOTE], doctor->count[LW_HOST_FINE]);
    lw_out_wrap(
        out, 0, 0,
        _("What doctor cannot see: copies that were made before, on other machines or by "
          "others; cameras, and programs that log keys. man lapwing-safety says what to do."));
}

static bool names_one(const struct lw_cli *cli)
{
    return cli->word_count > 0 || cli->option[LW_OPT_VAULT] != NULL || cli->config.vault != NULL;
}

enum lw_status lw_command_doctor(struct lw_cli *cli, struct lw_error *err)
{
    struct doctor doctor = {.cli = cli, .json = cli->option[LW_OPT_JSON] != NULL};
    struct lw_host host = {.root = "", .environment = environment, .clock = cli->clock};
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (names_one(cli)) {
        status = lw_vault_where(cli, cli->word_count > 0 ? cli->words[0] : NULL, &path, err);
        host.vault = path.data;
        host.header = cli->header.data;
    }
    if (status == LW_OK) {
        lw_host_ask(host.vault, &host.answers);
        status = lw_host_examine(&host, print, &doctor, err);
    }
    if (status == LW_OK && !doctor.json)
        sum_up(&doctor);
    if (status == LW_OK && doctor.count[LW_HOST_WEAK] > 0)
        cli->code = EXIT_WEAK;
    lw_buf_free(&doctor.line);
    lw_buf_free(&path);
    return status;
}
