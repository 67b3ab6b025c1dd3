/* lapwing search */
#include "internal.h"

#include <string.h>
#include <unistd.h>

#define QUERY_MAX 4096

/* The first line of standard input that is not empty. */
static enum lw_status read_query(struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status = lw_fd_read_all(STDIN_FILENO, QUERY_MAX, out);

    if (status == LW_TOO_LONG)
        return lw_fail(err, status, "the text to search for is longer than %d bytes", QUERY_MAX);
    if (status != LW_OK)
        return lw_fail(err, LW_NO_INPUT, "standard input cannot be read");
    return LW_OK;
}

static enum lw_status ask_query(struct lw_cli *cli, struct lw_buf *out, struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_line_end end;
    enum lw_status status;

    lw_out_flush(&cli->errs);
    status = lw_tty_open(&tty, _("the text to search for"), err);
    if (status != LW_OK)
        return status;
    end = lw_line_read(&tty, _("Search: "), QUERY_MAX, out, err);
    lw_tty_close(&tty);
    if (end == LW_LINE_FAILED)
        return err->status;
    if (end != LW_LINE_ENTER)
        return lw_fail(err, LW_CANCELLED, "cancelled");
    return LW_OK;
}

static enum lw_status search(struct lw_cli *cli, struct lw_journal *journal, const char *text,
                             size_t len, struct lw_error *err)
{
    struct lw_row_printer printer = {
        .cli = cli,
        .rows = {.out = &cli->out},
        .json = cli->option[LW_OPT_JSON] != NULL,
    };
    enum lw_status status = lw_search_each(journal, text, len, lw_row_printer_visit, &printer, err);

    if (status == LW_CANCELLED && lw_out_gone(&cli->out))
        status = LW_OK;
    if (status == LW_OK && printer.count == 0 && !printer.json)
        lw_out_line(&cli->errs, "Nothing found");
    lw_row_printer_free(&printer);
    return status;
}

/* Finds the first line with something in it; len 0 where there is none. */
static const char *first_line(const struct lw_buf *buf, size_t *len)
{
    const char *text = lw_buf_text(buf);

    text += strspn(text, " \t\r\n");
    *len = strcspn(text, "\r\n");
    return text;
}

enum lw_status lw_command_search(struct lw_cli *cli, struct lw_error *err)
{
    bool typed = isatty(STDIN_FILENO) == 1;
    struct lw_session session = {.vault = NULL};
    struct lw_buf query = LW_BUF_INIT;
    const char *text;
    size_t len;
    enum lw_status status = typed ? LW_OK : read_query(&query, err);

    if (status == LW_OK && !typed) {
        first_line(&query, &len);
        if (len == 0)
            status = lw_fail(err, LW_BAD_DATA, "standard input holds no text to search for");
        else if (!lw_utf8_valid(lw_buf_text(&query), query.len, NULL))
            status = lw_fail(err, LW_BAD_DATA, "the text to search for is not UTF-8");
    }
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK && typed)
        status = ask_query(cli, &query, err);
    if (status == LW_OK) {
        text = first_line(&query, &len);
        if (len == 0)
            status = lw_fail(err, LW_BAD_DATA, "there is no text to search for");
        else
            status = search(cli, session.journal, text, len, err);
    }
    lw_session_close(&session);
    lw_buf_free(&query);
    return status;
}
