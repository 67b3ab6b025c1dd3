/* lapwing items, seizures, threats, interventions, detentions, searches */
#include "internal.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_AT = 4, LABEL_WIDE = 20, NARROW = 60, LONG_VALUE = 34 };

struct printer {
    struct lw_cli *cli;
    enum lw_register which;
    bool fate; /* items say what became of them */
    bool json, csv;
    struct lw_journal *journal;
    const struct lw_filter_options *options;
    const struct lw_register_query *query;
    bool only_match; /* print only those of `match` */
    enum lw_match match;
    struct lw_buf line;
    struct lw_totals totals, of_entry;
    uint64_t entries;
};

/* ---- text -------------------------------------------------------------------------------------
 */

static enum lw_status print_heading(struct printer *printer, const struct lw_row *row)
{
    struct lw_out *out = &printer->cli->out;
    struct lw_buf *line = &printer->line;
    enum lw_status status;

    if (printer->entries++ > 0)
        lw_out_newline(out);
    lw_buf_clear(line);
    status = lw_buf_addf(line, "%s  ", row->ref);
    if (status == LW_OK && row->when == NULL)
        status = lw_buf_says(line, "not dated");
    if (status == LW_OK)
        status = lw_row_when(row, line);
    if (status == LW_OK && row->kind != NULL)
        status = lw_buf_addf(line, " · %s", row->kind_label);
    if (status == LW_OK && row->place != NULL)
        status = lw_buf_addf(line, " · %s", row->place);
    if (status != LW_OK)
        return status;
    lw_out_wrap(out, 0, LABEL_AT, line->data);
    lw_buf_clear(line);
    status = lw_row_title(row, line);
    if (status == LW_OK) {
        lw_out_spaces(out, 2);
        lw_out_wrap(out, 2, LABEL_AT, lw_buf_text(line));
    }
    return status;
}

/* Several long values have a line each: five demands are not one sentence. */
static const char *separator(const struct lw_sheet_part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct lw_sheet_value *value = &part->value[i];

        if (strlen(value->text) + (value->note != NULL ? strlen(value->note) : 0) > LONG_VALUE)
            return "\n";
    }
    return "; ";
}

static enum lw_status print_part(struct printer *printer, const struct lw_sheet_part *part)
{
    struct lw_out *out = &printer->cli->out;
    size_t columns = lw_utf8_columns(part->label, strlen(part->label));
    size_t hang = LABEL_AT + LABEL_WIDE;
    enum lw_status status;

    if (part->count == 0)
        return LW_OK;
    lw_buf_clear(&printer->line);
    status = lw_sheet_part_say(part, separator(part), &printer->line);
    if (status != LW_OK)
        return status;
    lw_out_spaces(out, LABEL_AT);
    lw_out_text(out, part->label);
    if (out->columns < NARROW || columns > LABEL_WIDE - 1) {
        lw_out_text(out, ": ");
        hang = out->columns < NARROW ? LABEL_AT + 2 : hang;
        lw_out_wrap(out, LABEL_AT + columns + 2, hang, printer->line.data);
        return LW_OK;
    }
    lw_out_spaces(out, LABEL_WIDE - columns);
    lw_out_wrap(out, hang, hang, printer->line.data);
    return LW_OK;
}

static enum lw_status print_total(void *context, const char *line, unsigned indent)
{
    struct printer *printer = context;

    lw_out_spaces(&printer->cli->out, indent * 2);
    lw_out_wrap(&printer->cli->out, indent * 2, indent * 2 + 4, line);
    return LW_OK;
}

/* Of one entry: the sums without who owns what. */
static enum lw_status print_entry_totals(struct printer *printer)
{
    struct lw_out *out = &printer->cli->out;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < printer->of_entry.count && status == LW_OK; i++) {
        const struct lw_total *total = &printer->of_entry.total[i];

        if (total->name != NULL)
            continue;
        lw_buf_clear(&printer->line);
        status = lw_buf_addf(&printer->line, "%s: ", total->group);
        if (status == LW_OK)
            status = lw_tally_say(&total->tally, &printer->line);
        lw_out_spaces(out, LABEL_AT);
        lw_out_wrap(out, LABEL_AT, LABEL_AT + 2, lw_buf_text(&printer->line));
    }
    lw_totals_free(&printer->of_entry);
    return status;
}

static enum lw_status print_item(struct printer *printer, const struct lw_sheet *sheet)
{
    struct lw_out *out = &printer->cli->out;
    enum lw_status status = sheet->first ? print_heading(printer, sheet->row) : LW_OK;

    lw_buf_clear(&printer->line);
    if (status == LW_OK)
        status = lw_sheet_item_say(sheet, printer->fate, &printer->line);
    if (status == LW_OK) {
        lw_out_spaces(out, LABEL_AT);
        lw_out_text(out, "- ");
        lw_out_wrap(out, LABEL_AT + 2, LABEL_AT + 2, printer->line.data);
        status = lw_totals_add(&printer->of_entry, sheet);
    }
    if (status != LW_OK || !sheet->last)
        return status;
    status = print_entry_totals(printer);
    if (status == LW_OK)
        status = print_part(printer, lw_sheet_part(sheet, "defects"));
    return status == LW_OK ? print_part(printer, lw_sheet_part(sheet, "stated_reason")) : status;
}

static enum lw_status print_text(struct printer *printer, const struct lw_sheet *sheet)
{
    enum lw_status status;

    if (printer->which == LW_REGISTER_ITEMS)
        return print_item(printer, sheet);
    status = print_heading(printer, sheet->row);
    for (size_t i = 0; i < sheet->part_count && status == LW_OK; i++)
        status = print_part(printer, &sheet->part[i]);
    return status;
}

/* ---- JSON -------------------------------------------------------------------------------------
 */

static enum lw_status number_json(struct lw_buf *out, const char *name, bool known, int64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)number);
    return lw_json_raw(out, name, known ? text : "null");
}

static enum lw_status part_json(const struct lw_sheet_part *part, struct lw_buf *out)
{
    enum lw_status status = lw_json_raw(out, part->name, "[");

    for (size_t i = 0; i < part->count && status == LW_OK; i++) {
        status = lw_buf_adds(out, i > 0 ? ",{" : "{");
        if (status == LW_OK)
            status = lw_json_member(out, "text", part->value[i].text);
        if (status == LW_OK)
            status = lw_json_member(out, "note", part->value[i].note);
        if (status == LW_OK)
            status = lw_buf_addc(out, '}');
    }
    return status == LW_OK ? lw_buf_addc(out, ']') : status;
}

/* What programs compute with: figures, and days with the day that they are counted to. */
static enum lw_status numbers_json(const struct lw_sheet *sheet, struct lw_buf *out)
{
    const struct lw_days_open *open = &sheet->open;
    const struct lw_figure *figure = &sheet->figure;
    enum lw_status status = LW_OK;

    if (sheet->which == LW_REGISTER_ITEMS) {
        status = number_json(out, "count_min", figure->has_min, figure->min);
        return status == LW_OK ? number_json(out, "count_max", figure->has_max, figure->max)
                               : status;
    }
    if (sheet->which != LW_REGISTER_INTERVENTIONS)
        return LW_OK;
    status = number_json(out, "days_min", open->has_days, open->least);
    if (status == LW_OK)
        status = number_json(out, "days_max", open->has_days && open->has_most, open->most);
    if (status == LW_OK)
        status = number_json(out, "overdue_days", open->overdue, open->overdue_days);
    return status;
}

static enum lw_status print_json(struct printer *printer, const struct lw_sheet *sheet)
{
    const struct lw_row *row = sheet->row;
    const char *const texts[][2] = {{"ref", row->ref},     {"when", row->when},
                                    {"kind", row->kind},   {"title", row->title},
                                    {"hedge", row->hedge}, {"place", row->place}};
    struct lw_buf *out = &printer->line;
    enum lw_status status;

    lw_buf_clear(out);
    status = lw_buf_addc(out, '{');
    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = lw_json_member(out, texts[i][0], texts[i][1]);
    for (size_t i = 0; i < sheet->part_count && status == LW_OK; i++)
        status = part_json(&sheet->part[i], out);
    if (status == LW_OK)
        status = numbers_json(sheet, out);
    if (status == LW_OK && lw_filter_options_when(printer->options) != NULL)
        status = lw_json_member(out, "match", lw_match_word(row->match));
    if (status == LW_OK)
        status = lw_buf_adds(out, "}\n");
    if (status == LW_OK)
        lw_out_lines(&printer->cli->out, out->data, out->len);
    return status;
}

/* ---- CSV --------------------------------------------------------------------------------------
 */

static enum lw_status print_csv_header(struct printer *printer, struct lw_journal *journal)
{
    struct lw_sheet sheet;
    enum lw_status status = lw_buf_adds(&printer->line, "ref,when,kind,title,hedge,place");

    lw_register_parts(journal, printer->which, &sheet);
    for (size_t i = 0; i < sheet.part_count && status == LW_OK; i++)
        status = lw_buf_addf(&printer->line, ",%s", sheet.part[i].name);
    if (status == LW_OK && printer->which == LW_REGISTER_ITEMS)
        status = lw_buf_adds(&printer->line, ",count_min,count_max");
    if (status == LW_OK && printer->which == LW_REGISTER_INTERVENTIONS)
        status = lw_buf_adds(&printer->line, ",days_min,days_max,overdue_days");
    if (status == LW_OK)
        status = lw_buf_adds(&printer->line, "\r\n");
    if (status == LW_OK)
        lw_out_lines(&printer->cli->out, printer->line.data, printer->line.len);
    return status;
}

static enum lw_status number_csv(struct lw_buf *out, bool known, int64_t number)
{
    return known ? lw_buf_addf(out, ",%lld", (long long)number) : lw_buf_addc(out, ',');
}

static enum lw_status numbers_csv(const struct lw_sheet *sheet, struct lw_buf *out)
{
    const struct lw_days_open *open = &sheet->open;
    enum lw_status status = LW_OK;

    if (sheet->which == LW_REGISTER_ITEMS) {
        status = number_csv(out, sheet->figure.has_min, sheet->figure.min);
        return status == LW_OK ? number_csv(out, sheet->figure.has_max, sheet->figure.max) : status;
    }
    if (sheet->which != LW_REGISTER_INTERVENTIONS)
        return LW_OK;
    status = number_csv(out, open->has_days, open->least);
    if (status == LW_OK)
        status = number_csv(out, open->has_days && open->has_most, open->most);
    return status == LW_OK ? number_csv(out, open->overdue, open->overdue_days) : status;
}

static enum lw_status print_csv(struct printer *printer, const struct lw_sheet *sheet)
{
    const struct lw_row *row = sheet->row;
    const char *const texts[] = {row->ref,   row->when,  row->kind,
                                 row->title, row->hedge, row->place};
    struct lw_buf *out = &printer->line;
    struct lw_buf cell = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    lw_buf_clear(out);
    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++) {
        status = i > 0 ? lw_buf_addc(out, ',') : LW_OK;
        if (status == LW_OK && texts[i] != NULL)
            status = lw_csv_cell(texts[i], strlen(texts[i]), out);
    }
    for (size_t i = 0; i < sheet->part_count && status == LW_OK; i++) {
        lw_buf_clear(&cell);
        status = lw_buf_addc(out, ',');
        if (status == LW_OK)
            status = lw_sheet_part_say(&sheet->part[i], "; ", &cell);
        if (status == LW_OK && cell.len > 0)
            status = lw_csv_cell(cell.data, cell.len, out);
    }
    if (status == LW_OK)
        status = numbers_csv(sheet, out);
    if (status == LW_OK)
        status = lw_buf_adds(out, "\r\n");
    if (status == LW_OK)
        lw_out_lines(&printer->cli->out, out->data, out->len);
    lw_buf_free(&cell);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------
 */

static enum lw_status visit(void *context, const struct lw_sheet *sheet, struct lw_error *err)
{
    struct printer *printer = context;
    enum lw_status status;

    if (lw_out_gone(&printer->cli->out))
        return lw_fail(err, LW_CANCELLED, "nobody reads the output");
    if (printer->only_match && sheet->row->match != printer->match)
        return LW_OK;
    status = lw_totals_add(&printer->totals, sheet);
    if (status == LW_OK)
        status = printer->json  ? print_json(printer, sheet)
                 : printer->csv ? print_csv(printer, sheet)
                                : print_text(printer, sheet);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* Totals of a part of the journal never stand without what part it is. */
static enum lw_status print_filter(struct printer *printer)
{
    static const char only[] = "Only ";
    enum lw_status status;

    lw_buf_clear(&printer->line);
    status = lw_buf_adds(&printer->line, only);
    if (status == LW_OK)
        status = lw_filter_options_say(printer->options, &printer->line);
    if (status == LW_OK && printer->line.len > strlen(only))
        lw_out_wrap(&printer->cli->out, 0, LABEL_AT, printer->line.data);
    return status;
}

static enum lw_status print_end(struct printer *printer, struct lw_error *err)
{
    enum lw_status status;

    if (printer->json || printer->csv || printer->totals.sheets == 0)
        return LW_OK;
    lw_out_newline(&printer->cli->out);
    status = print_filter(printer);
    if (status == LW_OK)
        status = lw_totals_say(&printer->totals, printer->which, print_total, printer);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status print_list(struct printer *printer, struct lw_error *err)
{
    enum lw_status status =
        lw_register_each(printer->journal, printer->which, printer->query, visit, printer, err);

    if (status == LW_CANCELLED && lw_out_gone(&printer->cli->out))
        return LW_OK;
    return status == LW_OK ? print_end(printer, err) : status;
}

static enum lw_status print_group(void *context, enum lw_match match, bool *any,
                                  struct lw_error *err)
{
    struct printer *printer = context;
    enum lw_status status;

    printer->only_match = true;
    printer->match = match;
    printer->entries = 0;
    status = print_list(printer, err);
    *any = printer->totals.sheets > 0;
    lw_totals_free(&printer->totals);
    printer->totals = (struct lw_totals){.count = 0};
    return status;
}

static enum lw_status print_register(struct printer *printer, struct lw_error *err)
{
    struct lw_cli *cli = printer->cli;
    const char *name = cli->command->name;
    enum lw_status status;

    if (printer->csv && print_csv_header(printer, printer->journal) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (!printer->json && !printer->csv && lw_filter_options_when(printer->options) != NULL)
        return lw_filter_groups_print(cli, printer->options, print_group, printer, err);
    status = print_list(printer, err);
    if (status != LW_OK || printer->json || printer->csv || printer->totals.sheets > 0)
        return status;
    if (lw_filter_options_any(printer->options))
        lw_out_line(&cli->errs, "No %s pass the filter", _(name));
    else
        lw_out_line(&cli->errs, "No %s are recorded", _(name));
    return LW_OK;
}

/* "seizures" are the items that were seized. */
static enum lw_register register_of(const char *name, const char **fate)
{
    for (int i = 0; i < LW_REGISTER_COUNT; i++) {
        if (strcmp(lw_register_name((enum lw_register)i), name) == 0)
            return (enum lw_register)i;
    }
    *fate = "seized";
    return LW_REGISTER_ITEMS;
}

enum lw_status lw_command_register(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_filter_options options = {.tree = NULL};
    struct lw_register_query query = {.filter = &options.filter};
    struct printer printer = {.cli = cli,
                              .json = cli->option[LW_OPT_JSON] != NULL,
                              .csv = cli->option[LW_OPT_CSV] != NULL,
                              .options = &options,
                              .query = &query};
    enum lw_status status;

    if (printer.json && printer.csv)
        return lw_fail(err, LW_USAGE, "--json and --csv cannot be given together");
    printer.which = register_of(cli->command->name, &query.fate);
    printer.fate = query.fate == NULL;
    status = lw_option_day(cli, NULL, &query.day, err);
    if (status == LW_OK)
        status = lw_filter_options_take(cli, &options, err);
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, false, &session, NULL, err);
    printer.journal = session.journal;
    if (status == LW_OK)
        status = lw_option_day(cli, session.journal, &query.day, err);
    if (status == LW_OK)
        status = lw_filter_options_read(cli, session.journal, &options, err);
    if (status == LW_OK)
        status = print_register(&printer, err);
    lw_session_close(&session);
    lw_filter_options_free(&options);
    lw_totals_free(&printer.totals);
    lw_totals_free(&printer.of_entry);
    lw_buf_free(&printer.line);
    return status;
}
