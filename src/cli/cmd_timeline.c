/* lapwing timeline */
#include "internal.h"

static enum lw_status print_rows(struct lw_cli *cli, struct lw_journal *journal,
                                 const struct lw_filter *filter, struct lw_row_printer *printer,
                                 struct lw_error *err)
{
    enum lw_status status;

    printer->cli = cli;
    printer->rows.out = &cli->out;
    status = lw_timeline_each(journal, filter, lw_row_printer_visit, printer, err);
    if (status == LW_CANCELLED && lw_out_gone(&cli->out))
        status = LW_OK;
    return status;
}

struct groups {
    struct lw_cli *cli;
    struct lw_journal *journal;
    const struct lw_filter *filter;
};

static enum lw_status print_group(void *context, enum lw_match match, bool *any,
                                  struct lw_error *err)
{
    const struct groups *groups = context;
    struct lw_row_printer printer = {.only_match = true, .match = match};
    enum lw_status status = print_rows(groups->cli, groups->journal, groups->filter, &printer, err);

    *any = printer.count > 0;
    lw_row_printer_free(&printer);
    return status;
}

static enum lw_status print_all(struct lw_cli *cli, struct lw_journal *journal,
                                const struct lw_filter_options *options, struct lw_error *err)
{
    struct lw_row_printer printer = {
        .json = cli->option[LW_OPT_JSON] != NULL,
        .csv = cli->option[LW_OPT_CSV] != NULL,
        .with_match = lw_filter_options_when(options) != NULL,
    };
    enum lw_status status = LW_OK;

    if (printer.csv) {
        status = lw_row_csv_header(&printer.line);
        if (status != LW_OK)
            return lw_fail(err, status, "out of memory");
        lw_out_lines(&cli->out, printer.line.data, printer.line.len);
    }
    status = print_rows(cli, journal, &options->filter, &printer, err);
    lw_row_printer_free(&printer);
    if (status == LW_OK && printer.count == 0 && !printer.json && !printer.csv)
        lw_out_line(&cli->errs, "No entries");
    return status;
}

static enum lw_status print_filtered(struct lw_cli *cli, struct lw_journal *journal,
                                     const struct lw_filter_options *options, struct lw_error *err)
{
    struct groups groups = {.cli = cli, .journal = journal, .filter = &options->filter};

    if (lw_filter_options_when(options) != NULL && cli->option[LW_OPT_JSON] == NULL &&
        cli->option[LW_OPT_CSV] == NULL)
        return lw_filter_groups_print(cli, options, print_group, &groups, err);
    return print_all(cli, journal, options, err);
}

enum lw_status lw_timeline_print(struct lw_cli *cli, struct lw_journal *journal,
                                 struct lw_error *err)
{
    const struct lw_filter_options none = {.tree = NULL};

    return print_filtered(cli, journal, &none, err);
}

enum lw_status lw_command_timeline(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_filter_options options = {.tree = NULL};
    struct lw_zoom zoom;
    enum lw_status status = lw_zoom_take(cli, &zoom, err);

    if (status != LW_OK)
        return status;
    if (cli->option[LW_OPT_JSON] != NULL && cli->option[LW_OPT_CSV] != NULL)
        return lw_fail(err, LW_USAGE, "--json and --csv cannot be given together");
    status = lw_filter_options_take(cli, &options, err);
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK)
        status = lw_filter_options_read(cli, session.journal, &options, err);
    if (status == LW_OK)
        status = zoom.on ? lw_zoom_print(cli, session.journal, &zoom, &options, err)
                         : print_filtered(cli, session.journal, &options, err);
    lw_session_close(&session);
    lw_filter_options_free(&options);
    return status;
}
