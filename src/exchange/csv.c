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

struct rows {
    struct pieces *pieces;
    struct lw_journal *journal;
};

/* What a revision changed may tell who somebody is. */
static enum lw_status mask_revision(struct lw_journal *journal, struct lw_record *revision,
                                    struct lw_error *err)
{
    int type = lw_record_type_by_table(lw_record_text(revision, "record"));
    struct lw_record record;
    bool hidden = false;
    enum lw_status status;

    if (type != LW_RECORD_PARTY && type != LW_RECORD_NAME && type != LW_RECORD_SOURCE)
        return LW_OK;
    status = lw_record_get(journal, (enum lw_record_type)type,
                           lw_record_value(revision, "record_id")->bytes, &record, err);
    if (status == LW_NOT_FOUND)
        return LW_OK;
    if (status == LW_OK) {
        status = lw_shown_is_hidden(journal, &record, &hidden, err);
        lw_record_clear(&record);
    }
    if (status == LW_OK && hidden)
        status = lw_record_set_text(revision, "changes", NULL, 0);
    return status == LW_OK && hidden ? lw_record_set_text(revision, "frozen", NULL, 0) : status;
}

static enum lw_status write_plain(struct pieces *pieces, const struct lw_record *record,
                                  struct lw_error *err);

/* A copy of the texts: the record is the visitor's only as long as it looks at it. */
static enum lw_status write_masked(struct rows *rows, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct lw_record copy;
    enum lw_status status = lw_record_get(rows->journal, record->type, record->id, &copy, err);

    if (status != LW_OK)
        return status;
    if (record->type == LW_RECORD_REVISION)
        status = mask_revision(rows->journal, &copy, err);
    else
        status = lw_shown_mask(rows->journal, &copy, err);
    if (status == LW_OK)
        status = write_plain(rows->pieces, &copy, err);
    lw_record_clear(&copy);
    return status;
}

static enum lw_status write_row(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct rows *rows = context;
    bool may_tell = record->type == LW_RECORD_PARTY || record->type == LW_RECORD_NAME ||
                    record->type == LW_RECORD_SOURCE || record->type == LW_RECORD_REVISION;

    if (may_tell && !lw_journal_reveals(rows->journal))
        return write_masked(rows, record, err);
    return write_plain(rows->pieces, record, err);
}

static enum lw_status write_plain(struct pieces *pieces, const struct lw_record *record,
                                  struct lw_error *err)
{
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
    struct rows rows = {&pieces, journal};
    enum lw_status status = write_header(&pieces, type, err);

    if (status == LW_OK)
        status = lw_record_each(journal, type, NULL, NULL, write_row, &rows, err);
    if (status == LW_OK)
        status = pieces_end(&pieces, err);
    lw_buf_free(&pieces.buf);
    return status;
}
