/* lapwing tasks, tasks add, tasks done, tasks undone */
#include "internal.h"
#include "lines.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, TITLE_AT = 30, NUMBER_WIDE = 5, NARROW = 60 };

struct printer {
    struct lw_cli *cli;
    bool json, csv;
    const struct lw_filter_options *options;
    struct lw_buf line;
    size_t count;
};

/* ---- printing ---------------------------------------------------------------------------------
 */

/* "overdue by 3 days", or "done 2014-12-16". */
static enum lw_status say_when(struct printer *printer, const struct lw_task *task,
                               struct lw_buf *out)
{
    struct lw_buf time = LW_BUF_INIT;
    enum lw_status status;

    if (!task->done)
        return lw_task_due_say(task, out);
    status = lw_buf_says(out, "done");
    if (status == LW_OK && task->done_ms != 0)
        status = lw_instant_say(printer->cli->clock, task->done_ms, &time);
    if (status == LW_OK && time.len > 0)
        status = lw_buf_addf(out, " %.*s", (int)strcspn(time.data, " "), time.data);
    lw_buf_free(&time);
    return status;
}

/* "for Anna · E17 Police seize phones · by phone" */
static enum lw_status say_rest(const struct lw_task *task, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    if (task->assignee != NULL)
        status = lw_buf_sayf(out, "for %s", task->assignee);
    if (status == LW_OK && task->has_entry)
        status =
            lw_buf_addf(out, "%s%s %s", out->len > 0 ? " · " : "", task->ref, task->entry_title);
    if (status == LW_OK && task->note != NULL)
        status = lw_buf_addf(out, "%s%s", out->len > 0 ? " · " : "", task->note);
    return status;
}

static enum lw_status print_text(struct printer *printer, const struct lw_task *task)
{
    struct lw_out *out = &printer->cli->out;
    bool narrow = out->columns < NARROW;
    size_t at = narrow ? NUMBER_WIDE : TITLE_AT;
    struct lw_buf *line = &printer->line;
    char number[24];
    size_t used;
    enum lw_status status;

    lw_buf_clear(line);
    used = (size_t)snprintf(number, sizeof number, "%*lld  ", NUMBER_WIDE - 2,
                            (long long)task->number);
    lw_out_text(out, number);
    status = say_when(printer, task, line);
    if (status != LW_OK)
        return status;
    lw_out_text(out, lw_buf_text(line));
    used += lw_utf8_columns(lw_buf_text(line), line->len);
    if (narrow || used + 2 > TITLE_AT) {
        if (line->len > 0)
            lw_out_newline(out);
        lw_out_spaces(out, line->len > 0 ? at : 0);
    } else {
        lw_out_spaces(out, TITLE_AT - used);
    }
    lw_out_wrap(out, at, at, task->title);
    lw_buf_clear(line);
    status = say_rest(task, line);
    if (status == LW_OK && line->len > 0) {
        lw_out_spaces(out, at);
        lw_out_wrap(out, at, at, line->data);
    }
    return status;
}

static const char *state_word(const struct lw_task *task)
{
    static const char *const words[] = {[LW_DUE_OVERDUE] = "overdue",
                                        [LW_DUE_TODAY] = "today",
                                        [LW_DUE_LATER] = "later",
                                        [LW_DUE_NEVER] = "undated"};

    return task->done ? "done" : words[task->state];
}

static enum lw_status print_data(struct printer *printer, const struct lw_task *task)
{
    char time[32] = "", number[24], days[24];
    const char *const texts[][2] = {{"state", state_word(task)},
                                    {"title", task->title},
                                    {"due", task->due},
                                    {"assignee", task->assignee},
                                    {"ref", task->ref},
                                    {"note", task->note},
                                    {"done_at", time}};
    struct lw_buf *out = &printer->line;
    enum lw_status status;

    if (task->done && task->done_ms != 0)
        lw_time_format(task->done_ms, time);
    snprintf(number, sizeof number, "%lld", (long long)task->number);
    snprintf(days, sizeof days, "%lld", (long long)(task->done ? 0 : task->overdue_days));
    lw_buf_clear(out);
    status = printer->json ? lw_buf_addc(out, '{') : lw_buf_adds(out, number);
    if (status == LW_OK && printer->json)
        status = lw_json_raw(out, "number", number);
    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++) {
        const char *text = texts[i][1] != NULL && texts[i][1][0] != '\0' ? texts[i][1] : NULL;

        if (printer->json)
            status = lw_json_member(out, texts[i][0], text);
        else
            status = lw_buf_addc(out, ',');
        if (status == LW_OK && !printer->json && text != NULL)
            status = lw_csv_cell(text, strlen(text), out);
    }
    if (status == LW_OK)
        status = printer->json ? lw_json_raw(out, "overdue_days", days)
                               : lw_buf_addf(out, ",%s\r\n", days);
    if (status == LW_OK && printer->json)
        status = lw_buf_adds(out, "}\n");
    if (status == LW_OK)
        lw_out_lines(&printer->cli->out, out->data, out->len);
    return status;
}

static enum lw_status visit(void *context, const struct lw_task *task, struct lw_error *err)
{
    struct printer *printer = context;
    enum lw_status status;

    if (lw_out_gone(&printer->cli->out))
        return lw_fail(err, LW_CANCELLED, "nobody reads the output");
    printer->count++;
    status = printer->json || printer->csv ? print_data(printer, task) : print_text(printer, task);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* NULL: of all tasks, so also of those that are of no entry. */
static const struct lw_filter *filter_of(const struct printer *printer)
{
    return lw_filter_options_any(printer->options) ? &printer->options->filter : NULL;
}

static enum lw_status say_counts(struct printer *printer, const struct lw_task_counts *counts,
                                 struct lw_buf *line)
{
    struct lw_buf late = LW_BUF_INIT;
    enum lw_status status = lw_tasks_say(counts, &late);

    if (status == LW_OK && filter_of(printer) != NULL) {
        status = lw_buf_says(line, "Only of entries: ");
        if (status == LW_OK)
            status = lw_filter_options_say(printer->options, line);
        if (status == LW_OK)
            lw_out_wrap(&printer->cli->out, 0, NUMBER_WIDE, line->data);
        lw_buf_clear(line);
    }
    if (status == LW_OK)
        status = lw_buf_sayf(line, "%zu open", counts->open);
    if (status == LW_OK && late.len > 0)
        status = lw_buf_addf(line, ": %s", late.data);
    lw_buf_free(&late);
    return status;
}

static enum lw_status print_counts(struct printer *printer, struct lw_journal *journal, int64_t day,
                                   struct lw_error *err)
{
    struct lw_buf line = LW_BUF_INIT;
    struct lw_task_counts counts;
    enum lw_status status = lw_tasks_count(journal, filter_of(printer), day, &counts, err);

    if (status != LW_OK)
        return status;
    if (printer->count == 0) {
        bool all = printer->cli->option[LW_OPT_ALL] != NULL;

        if (filter_of(printer) != NULL)
            lw_out_line(&printer->cli->errs,
                        all ? "No tasks pass the filter" : "No open tasks pass the filter");
        else
            lw_out_line(&printer->cli->errs, "No tasks are open");
        return LW_OK;
    }
    lw_out_newline(&printer->cli->out);
    status = say_counts(printer, &counts, &line);
    if (status == LW_OK)
        lw_out_line(&printer->cli->out, "%s", lw_buf_text(&line));
    lw_buf_free(&line);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_command_tasks(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_filter_options options = {.tree = NULL};
    struct printer printer = {.cli = cli,
                              .json = cli->option[LW_OPT_JSON] != NULL,
                              .csv = cli->option[LW_OPT_CSV] != NULL,
                              .options = &options};
    int64_t day;
    enum lw_status status;

    if (printer.json && printer.csv)
        return lw_fail(err, LW_USAGE, "--json and --csv cannot be given together");
    status = lw_option_day(cli, NULL, &day, err);
    if (status == LW_OK)
        status = lw_filter_options_take(cli, &options, err);
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK)
        status = lw_option_day(cli, session.journal, &day, err);
    if (status == LW_OK)
        status = lw_filter_options_read(cli, session.journal, &options, err);
    if (status == LW_OK && printer.csv)
        lw_out_line(&cli->out, "number,state,title,due,assignee,ref,note,done_at,overdue_days\r");
    if (status == LW_OK)
        status = lw_tasks_each(session.journal, filter_of(&printer),
                               cli->option[LW_OPT_ALL] != NULL, day, visit, &printer, err);
    if (status == LW_CANCELLED && lw_out_gone(&cli->out))
        status = LW_OK;
    else if (status == LW_OK && !printer.json && !printer.csv)
        status = print_counts(&printer, session.journal, day, err);
    lw_session_close(&session);
    lw_filter_options_free(&options);
    lw_buf_free(&printer.line);
    return status;
}

/* ---- adding -----------------------------------------------------------------------------------
 */

/* The answer is written when the task is durable, not before. */
static enum lw_status add_line(struct lw_cli *cli, struct lw_session *session, const char *line,
                               size_t len, struct lw_error *err)
{
    int64_t number = 0;
    enum lw_status status = lw_task_add(session->journal, line, len, cli->clock, &number, err);

    if (status == LW_OK) {
        lw_out_line(&cli->out, "task %lld", (long long)number);
        lw_out_flush(&cli->out);
    }
    return status;
}

static enum lw_status ask_line(struct lw_cli *cli, struct lw_buf *out, struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_line_end end;
    enum lw_status status;

    lw_out_flush(&cli->errs);
    status = lw_tty_open(&tty, _("the task"), err);
    if (status != LW_OK)
        return status;
    end = lw_line_read(&tty, _("Task: "), LINE_MAX_BYTES, out, err);
    lw_tty_close(&tty);
    if (end == LW_LINE_FAILED)
        return err->status;
    return end == LW_LINE_ENTER ? LW_OK : lw_fail(err, LW_CANCELLED, "cancelled");
}

static enum lw_status add_asked(struct lw_cli *cli, struct lw_session *session,
                                struct lw_error *err)
{
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status;

    lw_out_wrap(
        &cli->errs, 0, 0,
        _("What is to be done; then, if you like, behind semicolons: due: friday; for: Anna; "
          "entry: E17; note: by phone"));
    status = ask_line(cli, &line, err);
    if (status == LW_OK)
        status = add_line(cli, session, lw_buf_text(&line), line.len, err);
    lw_buf_free(&line);
    return status;
}

static bool only_this_line(enum lw_status status)
{
    return status == LW_BAD_DATA || status == LW_TOO_LONG || status == LW_NOT_FOUND;
}

static enum lw_status next_line(struct lw_cli *cli, struct lw_session *session,
                                struct lw_lines *lines, struct lw_error *err)
{
    enum lw_status status = lw_lines_next(lines);
    const char *text;

    if (status == LW_TOO_LONG)
        return lw_fail(err, status, "longer than %d bytes; not saved", LINE_MAX_BYTES);
    if (status != LW_OK)
        return status == LW_DONE ? status : lw_fail(err, status, "standard input cannot be read");
    text = lw_buf_text(&lines->line);
    if (strspn(text, " \t\r") == lines->line.len)
        return LW_OK;
    if (text[lines->line.len - 1] == '\r')
        lines->line.len--;
    return add_line(cli, session, text, lines->line.len, err);
}

static enum lw_status add_input(struct lw_cli *cli, struct lw_session *session,
                                struct lw_error *err)
{
    struct lw_lines lines;
    unsigned long long bad = 0;
    enum lw_status status;

    lw_lines_start(&lines, STDIN_FILENO, LINE_MAX_BYTES);
    while ((status = next_line(cli, session, &lines, err)) != LW_DONE) {
        if (status == LW_OK)
            continue;
        if (!only_this_line(status))
            break;
        bad++;
        lw_out_line(&cli->errs, "lapwing: line %llu: %s", (unsigned long long)lines.number,
                    err->text);
        lw_out_flush(&cli->errs);
    }
    if (status != LW_DONE)
        lw_error_prefix(err, "line %llu and what follows are not saved",
                        (unsigned long long)lines.number);
    else if (bad > 0)
        status = lw_fail(err, LW_BAD_DATA, "%llu of %llu lines not saved", bad,
                         (unsigned long long)lines.number);
    else
        status = LW_OK;
    lw_lines_free(&lines);
    return status;
}

enum lw_status lw_command_tasks_add(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, true, &session, NULL, err);

    if (status == LW_OK)
        status = isatty(STDIN_FILENO) == 1 ? add_asked(cli, &session, err)
                                           : add_input(cli, &session, err);
    lw_session_close(&session);
    return status;
}

/* ---- done, undone -----------------------------------------------------------------------------
 */

static enum lw_status set_done(struct lw_cli *cli, struct lw_session *session, int64_t number,
                               bool done, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool changed = false;
    enum lw_status status = lw_task_find(session->journal, number, id, err);

    if (status == LW_OK)
        status = lw_task_set_done(session->journal, id, done, &changed, err);
    if (status == LW_OK)
        lw_out_line(&cli->out, done ? "task %lld done%s" : "task %lld open%s", (long long)number,
                    changed ? "" : _(" already"));
    return status;
}

static enum lw_status command_done(struct lw_cli *cli, bool done, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    uint64_t number;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < cli->word_count; i++) {
        if (!lw_parse_u64(cli->words[i], strlen(cli->words[i]), INT64_MAX, &number))
            return lw_fail(err, LW_USAGE, "a task is called by its number, such as 3");
    }
    status = lw_unlock(cli, NULL, true, &session, NULL, err);
    for (size_t i = 0; i < cli->word_count && status == LW_OK; i++) {
        if (lw_parse_u64(cli->words[i], strlen(cli->words[i]), INT64_MAX, &number))
            status = set_done(cli, &session, (int64_t)number, done, err);
    }
    lw_session_close(&session);
    return status;
}

enum lw_status lw_command_tasks_done(struct lw_cli *cli, struct lw_error *err)
{
    return command_done(cli, true, err);
}

enum lw_status lw_command_tasks_undone(struct lw_cli *cli, struct lw_error *err)
{
    return command_done(cli, false, err);
}
