/* lapwing timeline */
#include "input.h"
#include "internal.h"

#include <string.h>

#define FILTER_MAX ((size_t)1 << 16)

struct filter {
    struct lw_filter filter;
    struct lw_when since, until, when;
    struct lw_buf text; /* as it is written, lapwing-filter(7) */
    struct lw_filter_tree *tree;
};

static enum lw_status take_filter(struct lw_cli *cli, struct filter *out, struct lw_error *err)
{
    struct lw_filter *filter = &out->filter;
    enum lw_status status;

    filter->ref = cli->option[LW_OPT_REF];
    status = lw_option_when(cli, LW_OPT_SINCE, "--since", &out->since, &filter->since, err);
    if (status == LW_OK)
        status = lw_option_when(cli, LW_OPT_UNTIL, "--until", &out->until, &filter->until, err);
    if (status == LW_OK)
        status = lw_option_when(cli, LW_OPT_WHEN, "--when", &out->when, &filter->when, err);
    if (status == LW_OK && cli->option[LW_OPT_FILTER_FROM] != NULL)
        status = lw_input_read(cli->option[LW_OPT_FILTER_FROM], FILTER_MAX, &out->text, err);
    return status;
}

/* What is written is read when the vault is open: it names people, places and kinds of the vault.
 */
static enum lw_status read_filter(struct lw_cli *cli, struct lw_journal *journal,
                                  struct filter *filter, struct lw_error *err)
{
    const char *name = cli->option[LW_OPT_FILTER];
    enum lw_status status = LW_OK;

    if (name == NULL && cli->option[LW_OPT_FILTER_FROM] == NULL)
        return LW_OK;
    if (name != NULL)
        status = lw_saved_find(journal, name, strlen(name), &filter->text, err);
    if (status != LW_OK)
        return status;
    status = lw_filter_read(journal, lw_buf_text(&filter->text), filter->text.len, &filter->tree,
                            NULL, err);
    if (status == LW_OK && filter->tree == NULL)
        return lw_fail(err, LW_BAD_DATA, "--filter-from gave no filter");
    if (status != LW_OK)
        lw_error_prefix(err, "%s", name != NULL ? "--filter" : "--filter-from");
    filter->filter.tree = filter->tree;
    return status;
}

/* A kind may be one that only the vault knows, and an entry may have one that nobody does. */
static enum lw_status take_kind(struct lw_cli *cli, struct lw_journal *journal,
                                struct lw_filter *filter, struct lw_error *err)
{
    const char *kind = cli->option[LW_OPT_KIND];
    size_t count = 0;
    enum lw_status status;

    if (kind == NULL)
        return LW_OK;
    filter->kind = lw_kind_find(lw_journal_forms(journal), kind, strlen(kind));
    if (filter->kind != NULL)
        return LW_OK;
    filter->kind = kind;
    status = lw_timeline_count(journal, &(struct lw_filter){.kind = kind}, 1, &count, err);
    if (status == LW_OK && count == 0)
        return lw_fail(err, LW_USAGE, "--kind: no kind of entry has that name");
    return status;
}

static void free_filter(struct filter *filter)
{
    lw_buf_free(&filter->text);
    lw_filter_free(filter->tree);
}

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

static const struct lw_when *asked_about(const struct lw_filter *filter)
{
    return filter->when != NULL ? filter->when : lw_filter_when(filter->tree);
}

static enum lw_status print_group(struct lw_cli *cli, struct lw_journal *journal,
                                  const struct lw_filter *filter, enum lw_match match,
                                  const char *heading, struct lw_error *err)
{
    struct lw_row_printer printer = {.only_match = true, .match = match};
    enum lw_status status;

    lw_out_line(&cli->out, "%s", heading);
    lw_out_newline(&cli->out);
    status = print_rows(cli, journal, filter, &printer, err);
    if (status == LW_OK && printer.count == 0)
        lw_out_line(&cli->out, "  nothing");
    lw_row_printer_free(&printer);
    return status;
}

/* What is stated for a moment and what may overlap it are different things: never mixed. */
static enum lw_status print_groups(struct lw_cli *cli, struct lw_journal *journal,
                                   const struct lw_filter *filter, struct lw_error *err)
{
    struct lw_buf heading = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(&heading, "STATED FOR ");

    if (status == LW_OK)
        status = lw_when_say(asked_about(filter), &heading);
    if (status != LW_OK)
        status = lw_fail(err, status, "out of memory");
    else
        status = print_group(cli, journal, filter, LW_MATCH_STATED, heading.data, err);
    lw_buf_free(&heading);
    if (status != LW_OK)
        return status;
    lw_out_newline(&cli->out);
    return print_group(cli, journal, filter, LW_MATCH_MAY_OVERLAP, "MAY OVERLAP IT", err);
}

static enum lw_status print_all(struct lw_cli *cli, struct lw_journal *journal,
                                const struct lw_filter *filter, struct lw_error *err)
{
    struct lw_row_printer printer = {
        .json = cli->option[LW_OPT_JSON] != NULL,
        .csv = cli->option[LW_OPT_CSV] != NULL,
        .with_match = asked_about(filter) != NULL,
    };
    enum lw_status status = LW_OK;

    if (printer.csv) {
        status = lw_row_csv_header(&printer.line);
        if (status != LW_OK)
            return lw_fail(err, status, "out of memory");
        lw_out_lines(&cli->out, printer.line.data, printer.line.len);
    }
    status = print_rows(cli, journal, filter, &printer, err);
    lw_row_printer_free(&printer);
    if (status == LW_OK && printer.count == 0 && !printer.json && !printer.csv)
        lw_out_line(&cli->errs, "No entries");
    return status;
}

static enum lw_status print_filtered(struct lw_cli *cli, struct lw_journal *journal,
                                     const struct lw_filter *filter, struct lw_error *err)
{
    struct lw_record entry;
    enum lw_status status;

    if (filter->ref != NULL) {
        status = lw_record_by_ref(journal, LW_RECORD_ENTRY, filter->ref, &entry, err);
        if (status != LW_OK)
            return status;
        lw_record_clear(&entry);
    }
    if (asked_about(filter) != NULL && cli->option[LW_OPT_JSON] == NULL &&
        cli->option[LW_OPT_CSV] == NULL)
        return print_groups(cli, journal, filter, err);
    return print_all(cli, journal, filter, err);
}

enum lw_status lw_timeline_print(struct lw_cli *cli, struct lw_journal *journal,
                                 struct lw_error *err)
{
    const struct lw_filter none = {.since = NULL};

    return print_filtered(cli, journal, &none, err);
}

enum lw_status lw_command_timeline(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct filter filter = {.text = LW_BUF_INIT};
    enum lw_status status;

    if (cli->option[LW_OPT_JSON] != NULL && cli->option[LW_OPT_CSV] != NULL)
        return lw_fail(err, LW_USAGE, "--json and --csv cannot be given together");
    if (cli->option[LW_OPT_FILTER] != NULL && cli->option[LW_OPT_FILTER_FROM] != NULL)
        return lw_fail(err, LW_USAGE, "--filter and --filter-from cannot be given together");
    status = take_filter(cli, &filter, err);
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK)
        status = take_kind(cli, session.journal, &filter.filter, err);
    if (status == LW_OK)
        status = read_filter(cli, session.journal, &filter, err);
    if (status == LW_OK)
        status = print_filtered(cli, session.journal, &filter.filter, err);
    lw_session_close(&session);
    free_filter(&filter);
    return status;
}
