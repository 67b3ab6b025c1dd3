/* The records of one type as CSV. */
#include "internal.h"

#include <string.h>

/* What JSON puts in quotes needs none here, but texts may. */
static enum lw_status add_value(struct pieces *pieces, const struct lw_field *field,
                                const struct lw_value *value)
{
    struct lw_buf json = LW_BUF_INIT;
    enum lw_status status;

    if (!value->set)
        return LW_OK;
    if (value->text != NULL)
        return lw_csv_cell(value->text, strlen(value->text), &pieces->buf);
    status = lw_value_json(field, value, &json);
    if (status == LW_OK && json.data[0] == '"')
        status = lw_buf_add(&pieces->buf, json.data + 1, json.len - 2);
    else if (status == LW_OK)
        status = lw_buf_add(&pieces->buf, json.data, json.len);
    lw_buf_free(&json);
    return status;
}

static enum lw_status write_row(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct pieces *pieces = context;
    const struct lw_record_info *info = &lw_record_infos[record->type];
    char id[2 * LW_RECORD_ID + 1];
    enum lw_status status;

    lw_hex_encode(record->id, LW_RECORD_ID, id);
    status = lw_buf_adds(&pieces->buf, id);
    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        status = lw_buf_addc(&pieces->buf, ',');
        if (status == LW_OK)
            status = add_value(pieces, &info->fields[i], &record->value[i]);
    }
    if (status == LW_OK)
        status = lw_buf_adds(&pieces->buf, "\r\n");
    return pieces_flow(pieces, status, err);
}

static enum lw_status write_header(struct pieces *pieces, enum lw_record_type type,
                                   struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[type];
    enum lw_status status = lw_buf_adds(&pieces->buf, "id");

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++)
        status = lw_buf_addf(&pieces->buf, ",%s", info->fields[i].name);
    if (status == LW_OK)
        status = lw_buf_adds(&pieces->buf, "\r\n");
    return pieces_flow(pieces, status, err);
}

enum lw_status lw_export_csv(struct lw_journal *journal, enum lw_record_type type,
                             const struct lw_sink *sink, struct lw_error *err)
{
    struct pieces pieces = {.sink = sink, .buf = LW_BUF_INIT};
    enum lw_status status = write_header(&pieces, type, err);

    if (status == LW_OK)
        status = lw_record_each(journal, type, NULL, NULL, write_row, &pieces, err);
    if (status == LW_OK)
        status = pieces_end(&pieces, err);
    lw_buf_free(&pieces.buf);
    return status;
}
