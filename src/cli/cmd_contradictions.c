/* lapwing contradictions */
#include "internal.h"

#include <string.h>

struct printer {
    struct lw_cli *cli;
    bool json;
    struct lw_buf line;
    uint64_t count;
};

static enum lw_status voice_json(const struct lw_voice *voice, struct lw_buf *out)
{
    const char *const texts[][2] = {
        {"ref", voice->ref},       {"source", voice->source},   {"via", voice->via},
        {"stance", voice->stance}, {"wording", voice->wording}, {"status", voice->status},
        {"note", voice->note},
    };
    enum lw_status status = lw_buf_addc(out, '{');

    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = lw_json_member(out, texts[i][0], texts[i][1]);
    return status == LW_OK ? lw_buf_addc(out, '}') : status;
}

static enum lw_status print_json(struct printer *printer, const struct lw_contradiction *found)
{
    struct lw_buf *out = &printer->line;
    enum lw_status status;

    lw_buf_clear(out);
    status = lw_buf_addf(out, "{\"number\":%u", found->number);
    if (status == LW_OK)
        status = lw_json_member(out, "ref", found->ref);
    if (status == LW_OK)
        status = lw_json_member(out, "when", found->when);
    if (status == LW_OK)
        status = lw_json_member(out, "kind", found->kind);
    if (status == LW_OK)
        status = lw_json_member(out, "title", found->title);
    if (status == LW_OK)
        status = lw_json_member(out, "hedge", found->hedge);
    if (status == LW_OK)
        status = lw_json_member(out, "fact", found->fact);
    if (status == LW_OK)
        status = lw_json_raw(out, "voices", "[");
    for (size_t i = 0; i < found->voice_count && status == LW_OK; i++) {
        if (i > 0)
            status = lw_buf_addc(out, ',');
        if (status == LW_OK)
            status = voice_json(&found->voices[i], out);
    }
    if (status == LW_OK)
        status = lw_buf_adds(out, "]}\n");
    if (status == LW_OK)
        lw_out_lines(&printer->cli->out, out->data, out->len);
    return status;
}

/* "S2: at least one  (via Russian media; conflict)" */
static enum lw_status say_voice(const struct lw_contradiction *found, const struct lw_voice *voice,
                                struct lw_buf *out)
{
    const char *source = voice->source != NULL ? voice->source : "–";
    enum lw_status status = LW_OK;

    if (voice->ref != NULL && strcmp(voice->ref, found->ref) != 0)
        status = lw_buf_addf(out, "%s ", voice->ref);
    if (status == LW_OK)
        status = lw_buf_addf(out, "%s: ", source);
    if (status == LW_OK && voice->stance != NULL && strcmp(voice->stance, "denied") == 0)
        status = lw_buf_says(out, "denied: ");
    if (status == LW_OK && voice->stance != NULL && strcmp(voice->stance, "silent") == 0)
        status = lw_buf_says(out, voice->wording != NULL ? "silent: " : "silent");
    if (status == LW_OK && voice->wording != NULL)
        status = lw_buf_adds(out, voice->wording);
    if (status == LW_OK && voice->via != NULL)
        status = lw_buf_sayf(out, " (via %s)", voice->via);
    if (status == LW_OK && voice->status != NULL && strcmp(voice->status, "open") != 0)
        status = lw_buf_addf(out, " [%s]", voice->status);
    if (status == LW_OK && voice->note != NULL)
        status = lw_buf_addf(out, " – %s", voice->note);
    return status;
}

static enum lw_status say_heading(const struct lw_contradiction *found, struct lw_buf *out)
{
    struct lw_when when;
    enum lw_status status;

    status = lw_buf_addf(out, "C%u  %s  %s", found->number, found->ref,
                         found->fact == NULL ? "" : found->fact);
    if (status == LW_OK)
        status = lw_buf_adds(out, "\n");
    if (status == LW_OK && found->kind != NULL)
        status = lw_buf_addf(out, "%s · ", found->kind_label);
    if (status == LW_OK && found->when != NULL &&
        lw_when_parse(found->when, strlen(found->when), &when, NULL) == LW_OK) {
        status = lw_when_say(&when, out);
        if (status == LW_OK)
            status = lw_buf_adds(out, " · ");
    }
    if (status == LW_OK)
        status = lw_buf_adds(out, found->title == NULL ? "" : found->title);
    if (status == LW_OK && found->hedge != NULL)
        status = lw_buf_addf(out, " (%s)", found->hedge);
    return status;
}

static enum lw_status print_text(struct printer *printer, const struct lw_contradiction *found)
{
    struct lw_out *out = &printer->cli->out;
    enum lw_status status;

    lw_buf_clear(&printer->line);
    status = say_heading(found, &printer->line);
    if (status != LW_OK)
        return status;
    if (printer->count > 1)
        lw_out_newline(out);
    lw_out_wrap(out, 0, 4, printer->line.data);
    for (size_t i = 0; i < found->voice_count; i++) {
        lw_buf_clear(&printer->line);
        status = say_voice(found, &found->voices[i], &printer->line);
        if (status != LW_OK)
            return status;
        lw_out_spaces(out, 6);
        lw_out_wrap(out, 6, 10, printer->line.data);
    }
    return LW_OK;
}

static enum lw_status visit(void *context, const struct lw_contradiction *found,
                            struct lw_error *err)
{
    struct printer *printer = context;
    enum lw_status status;

    if (lw_out_gone(&printer->cli->out))
        return lw_fail(err, LW_CANCELLED, "nobody reads the output");
    printer->count++;
    status = printer->json ? print_json(printer, found) : print_text(printer, found);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static void print_count(struct printer *printer)
{
    if (printer->json)
        return;
    if (printer->count == 0) {
        lw_out_line(&printer->cli->out, "No contradictions are recorded");
        return;
    }
    lw_out_newline(&printer->cli->out);
    lw_out_line(&printer->cli->out,
                lw_say_count("%llu contradiction or silence", "%llu contradictions or silences",
                             printer->count),
                (unsigned long long)printer->count);
}

enum lw_status lw_command_contradictions(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct printer printer = {.cli = cli, .json = cli->option[LW_OPT_JSON] != NULL};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = lw_contradictions_each(session.journal, visit, &printer, err);
    if (status == LW_CANCELLED && lw_out_gone(&cli->out))
        status = LW_OK;
    if (status == LW_OK)
        print_count(&printer);
    lw_session_close(&session);
    lw_buf_free(&printer.line);
    return status;
}
