/* lapwing log, from standard input. */
#include "internal.h"
#include "lines.h"

#include <string.h>
#include <unistd.h>

/* Parses, saves, acknowledges. The answer is written when the entry is durable, not before. */
static enum lw_status log_line(struct lw_cli *cli, struct lw_session *session, const char *line,
                               size_t len, struct lw_error *err)
{
    struct lw_capture capture;
    struct lw_buf said = LW_BUF_INIT;
    char ref[16];
    const struct lw_forms *forms = lw_journal_forms(session->journal);
    enum lw_status status = lw_capture_parse(line, len, forms, cli->clock, &capture, err);

    if (status != LW_OK)
        return status;
    status = lw_capture_say(&capture, forms, &said);
    if (status != LW_OK)
        status = lw_fail(err, status, "out of memory");
    else
        status = lw_journal_log(session->journal, &capture, ref, err);
    if (status == LW_OK) {
        lw_out_line(&cli->out, "%s  %s", ref, lw_buf_text(&said));
        lw_out_flush(&cli->out);
    }
    lw_buf_free(&said);
    lw_capture_clear(&capture);
    return status;
}

static bool is_blank(const struct lw_buf *line)
{
    const char *text = lw_buf_text(line);

    return strspn(text, " \t\r") == line->len;
}

/* Whether the lines after this one have a chance. */
static bool only_this_line(enum lw_status status)
{
    return status == LW_BAD_DATA || status == LW_TOO_LONG || status == LW_NOT_FOUND;
}

static enum lw_status next_line(struct lw_cli *cli, struct lw_session *session,
                                struct lw_lines *lines, struct lw_error *err)
{
    enum lw_status status = lw_lines_next(lines);

    if (status == LW_TOO_LONG)
        return lw_fail(err, status, "longer than %d bytes; not logged", LW_CAPTURE_MAX);
    if (status != LW_OK) {
        if (status != LW_DONE)
            lw_fail(err, status, "standard input cannot be read");
        return status;
    }
    if (is_blank(&lines->line))
        return LW_OK;
    if (lines->line.len > 0 && lines->line.data[lines->line.len - 1] == '\r')
        lines->line.len--;
    return log_line(cli, session, lines->line.data, lines->line.len, err);
}

static enum lw_status log_input(struct lw_cli *cli, struct lw_session *session,
                                struct lw_error *err)
{
    struct lw_lines lines;
    uint64_t bad = 0;
    enum lw_status status;

    lw_lines_start(&lines, STDIN_FILENO, LW_CAPTURE_MAX);
    while ((status = next_line(cli, session, &lines, err)) != LW_DONE) {
        if (status == LW_OK) {
            lw_session_touch(session);
            continue;
        }
        if (!only_this_line(status))
            break;
        bad++;
        lw_out_line(&cli->errs, "lapwing: line %llu: %s", (unsigned long long)lines.number,
                    err->text);
        lw_out_flush(&cli->errs);
    }
    if (status != LW_DONE) {
        lw_error_prefix(err, "line %llu and what follows are not logged",
                        (unsigned long long)lines.number);
    } else if (bad > 0) {
        status = lw_fail(err, LW_BAD_DATA, "%llu of %llu lines not logged", (unsigned long long)bad,
                         (unsigned long long)lines.number);
    } else {
        status = LW_OK;
    }
    lw_lines_free(&lines);
    return status;
}

enum lw_status lw_command_log(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, true, &session, NULL, err);

    if (status == LW_OK && isatty(STDIN_FILENO) == 1)
        status = lw_capture_prompt(cli, &session, err);
    else if (status == LW_OK)
        status = log_input(cli, &session, err);
    lw_session_close(&session);
    return status;
}
