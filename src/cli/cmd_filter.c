/* lapwing filter: filters that are kept in the vault under a name */
#include "internal.h"

#include <string.h>
#include <unistd.h>

#define FILTER_MAX 4096

static enum lw_status print_one(void *context, const char *name, const char *text,
                                struct lw_error *err)
{
    struct lw_cli *cli = context;
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (cli->option[LW_OPT_JSON] == NULL) {
        lw_out_line(&cli->out, "%s: %s", name, text);
        return LW_OK;
    }
    status = lw_buf_adds(&line, "{\"name\":");
    if (status == LW_OK)
        status = lw_json_string(name, strlen(name), &line);
    if (status == LW_OK)
        status = lw_buf_adds(&line, ",\"text\":");
    if (status == LW_OK)
        status = lw_json_string(text, strlen(text), &line);
    if (status == LW_OK)
        status = lw_buf_adds(&line, "}\n");
    if (status == LW_OK)
        lw_out_lines(&cli->out, line.data, line.len);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&line);
    return status;
}

enum lw_status lw_command_filter_list(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = lw_saved_each(session.journal, print_one, cli, err);
    lw_session_close(&session);
    return status;
}

enum lw_status lw_command_filter_show(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = lw_saved_find(session.journal, cli->words[0], strlen(cli->words[0]), &text, err);
    if (status == LW_OK)
        lw_out_line(&cli->out, "%s", lw_buf_text(&text));
    lw_session_close(&session);
    lw_buf_free(&text);
    return status;
}

static enum lw_status ask_text(struct lw_cli *cli, struct lw_buf *out, struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_line_end end;
    enum lw_status status;

    lw_out_flush(&cli->errs);
    status = lw_tty_open(&tty, _("the filter to save"), err);
    if (status != LW_OK)
        return status;
    end = lw_line_read(&tty, _("Filter: "), FILTER_MAX, out, err);
    lw_tty_close(&tty);
    if (end == LW_LINE_FAILED)
        return err->status;
    return end == LW_LINE_ENTER ? LW_OK : lw_fail(err, LW_CANCELLED, "cancelled");
}

static enum lw_status read_text(struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status = lw_fd_read_all(STDIN_FILENO, FILTER_MAX, out);

    if (status == LW_TOO_LONG)
        return lw_fail(err, status, "the filter is longer than %d bytes", FILTER_MAX);
    return status == LW_OK ? LW_OK : lw_fail(err, LW_NO_INPUT, "standard input cannot be read");
}

/* Without the end of the last line. */
static void trim_end(struct lw_buf *text)
{
    while (text->len > 0 && strchr("\r\n \t", text->data[text->len - 1]) != NULL)
        text->data[--text->len] = '\0';
}

/* One change in a transaction of its own. */
static enum lw_status change(struct lw_cli *cli, struct lw_session *session,
                             const struct lw_buf *text, struct lw_error *err)
{
    const char *name = cli->words[0];
    enum lw_status status = lw_journal_begin(session->journal, err);

    if (status != LW_OK)
        return status;
    if (text != NULL)
        status =
            lw_saved_put(session->journal, name, strlen(name), lw_buf_text(text), text->len, err);
    else if (cli->word_count > 1)
        status = lw_saved_rename(session->journal, name, strlen(name), cli->words[1],
                                 strlen(cli->words[1]), err);
    else
        status = lw_saved_remove(session->journal, name, strlen(name), err);
    if (status == LW_OK)
        return lw_journal_commit(session->journal, err);
    lw_journal_rollback(session->journal);
    return status;
}

enum lw_status lw_command_filter_save(struct lw_cli *cli, struct lw_error *err)
{
    bool typed = isatty(STDIN_FILENO) == 1;
    struct lw_session session = {.vault = NULL};
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = typed ? LW_OK : read_text(&text, err);

    if (status == LW_OK)
        status = lw_unlock(cli, NULL, true, &session, NULL, err);
    if (status == LW_OK && typed)
        status = ask_text(cli, &text, err);
    trim_end(&text);
    if (status == LW_OK)
        status = change(cli, &session, &text, err);
    lw_session_close(&session);
    lw_buf_free(&text);
    return status;
}

static enum lw_status change_name(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, true, &session, NULL, err);

    if (status == LW_OK)
        status = change(cli, &session, NULL, err);
    lw_session_close(&session);
    return status;
}

enum lw_status lw_command_filter_rename(struct lw_cli *cli, struct lw_error *err)
{
    return change_name(cli, err);
}

enum lw_status lw_command_filter_remove(struct lw_cli *cli, struct lw_error *err)
{
    return change_name(cli, err);
}
