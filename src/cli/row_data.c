/* Rows for programs: JSON, CSV; and the visitor that prints them one by one. */
#include "internal.h"

#include <string.h>

enum lw_status lw_json_raw(struct lw_buf *out, const char *name, const char *value)
{
    bool first = out->len == 0 || strchr("{[", out->data[out->len - 1]) != NULL;
    const char *comma = first ? "" : ",";

    return lw_buf_addf(out, "%s\"%s\":%s", comma, name, value);
}

enum lw_status lw_json_member(struct lw_buf *out, const char *name, const char *text)
{
    enum lw_status status = lw_json_raw(out, name, text == NULL ? "null" : "");

    if (status == LW_OK && text != NULL)
        status = lw_json_string(text, strlen(text), out);
    return status;
}

const char *lw_match_word(enum lw_match match)
{
    return match == LW_MATCH_STATED ? "stated" : "may_overlap";
}

/* "open":["kind","source"] */
static enum lw_status add_open(unsigned open, struct lw_buf *out)
{
    static const char *const words[] = {"kind", "when", "source", "answers", "captured"};
    struct lw_buf list = LW_BUF_INIT;
    enum lw_status status = lw_buf_addc(&list, '[');

    for (size_t i = 0; i < LW_COUNT_OF(words) && status == LW_OK; i++) {
        if ((open & 1u << i) != 0)
            status = lw_buf_addf(&list, "%s\"%s\"", list.len > 1 ? "," : "", words[i]);
    }
    if (status == LW_OK)
        status = lw_buf_addc(&list, ']');
    if (status == LW_OK)
        status = lw_json_raw(out, "open", list.data);
    lw_buf_free(&list);
    return status;
}

enum lw_status lw_row_json(const struct lw_row *row, bool with_match, struct lw_buf *out)
{
    const char *const texts[][2] = {
        {"ref", row->ref},
        {"when", row->when},
        {"kind", row->kind},
        {"title", row->title},
        {"hedge", row->hedge},
        {"when_text", row->when_text},
        {"extent", row->extent},
        {"duration_text", row->duration_text},
        {"noticed_text", row->noticed_text},
        {"place", row->place},
        {"status", row->status},
    };
    char id[2 * LW_RECORD_ID + 1], time[32];
    struct lw_buf digits = LW_BUF_INIT;
    enum lw_status status = lw_buf_addc(out, '{');

    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = lw_json_member(out, texts[i][0], texts[i][1]);
    if (status == LW_OK)
        status = lw_buf_addf(&digits, "%u", row->sources);
    if (status == LW_OK)
        status = lw_json_raw(out, "sources", digits.data);
    if (status == LW_OK)
        status = lw_json_raw(out, "contradicted", row->contradicted ? "true" : "false");
    if (status == LW_OK)
        status = lw_json_raw(out, "amended", row->amended ? "true" : "false");
    if (status == LW_OK)
        status = add_open(row->open, out);
    if (status == LW_OK && row->recorded_ms != 0) {
        lw_time_format(row->recorded_ms, time);
        status = lw_json_member(out, "recorded_at", time);
    }
    lw_hex_encode(row->id, LW_RECORD_ID, id);
    if (status == LW_OK)
        status = lw_json_member(out, "id", id);
    if (status == LW_OK && with_match)
        status = lw_json_member(out, "match", lw_match_word(row->match));
    if (status == LW_OK)
        status = lw_buf_addc(out, '}');
    lw_buf_free(&digits);
    return status;
}

enum lw_status lw_row_csv_header(struct lw_buf *out)
{
    return lw_buf_adds(out, "ref,when,kind,title,hedge,when_text,extent,duration_text,place,"
                            "sources,contradicted,status\r\n");
}

enum lw_status lw_row_csv(const struct lw_row *row, struct lw_buf *out)
{
    const char *const before[] = {row->ref,    row->when,          row->kind,
                                  row->title,  row->hedge,         row->when_text,
                                  row->extent, row->duration_text, row->place};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(before) && status == LW_OK; i++) {
        if (before[i] != NULL)
            status = lw_csv_cell(before[i], strlen(before[i]), out);
        if (status == LW_OK)
            status = lw_buf_addc(out, ',');
    }
    if (status == LW_OK)
        status = lw_buf_addf(out, "%u,%s,%s\r\n", row->sources, row->contradicted ? "yes" : "no",
                             row->status == NULL ? "" : row->status);
    return status;
}

enum lw_status lw_row_printer_visit(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct lw_row_printer *printer = context;
    struct lw_out *out = &printer->cli->out;
    enum lw_status status;

    if (lw_out_gone(out))
        return lw_fail(err, LW_CANCELLED, "nobody reads the output");
    if (printer->only_match && row->match != printer->match)
        return LW_OK;
    printer->count++;
    if (!printer->json && !printer->csv)
        return lw_rows_print(&printer->rows, row, err);
    lw_buf_clear(&printer->line);
    if (printer->json) {
        status = lw_row_json(row, printer->with_match, &printer->line);
        if (status == LW_OK)
            status = lw_buf_addc(&printer->line, '\n');
    } else {
        status = lw_row_csv(row, &printer->line);
    }
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    lw_out_lines(out, lw_buf_text(&printer->line), printer->line.len);
    return LW_OK;
}

void lw_row_printer_free(struct lw_row_printer *printer)
{
    lw_rows_free(&printer->rows);
    lw_buf_free(&printer->line);
}
