/* The journal as JSON, so that equal journals give equal bytes. */
#include "internal.h"

struct export
{
    struct pieces pieces;
    enum lw_record_type type;
    uint64_t written; /* of this type */
};

static enum lw_status write_record(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct export *export = context;
    struct lw_buf *buf = &export->pieces.buf;
    enum lw_status status;

    if (export->written++ == 0)
        status = lw_buf_addf(buf, ",\n\"%s\":[\n", lw_record_infos[export->type].array);
    else
        status = lw_buf_adds(buf, ",\n");
    if (status == LW_OK)
        status = lw_record_json(record, buf);
    return pieces_flow(&export->pieces, status, err);
}

static enum lw_status write_type(struct lw_journal *journal, struct export *export,
                                 enum lw_record_type type, struct lw_error *err)
{
    enum lw_status status;

    export->type = type;
    export->written = 0;
    status = lw_record_each(journal, type, NULL, NULL, write_record, export, err);
    if (status == LW_OK && export->written > 0)
        status = pieces_flow(&export->pieces, lw_buf_adds(&export->pieces.buf, "\n]"), err);
    return status;
}

static enum lw_status write_all(struct lw_journal *journal, bool revisions, struct export *export,
                                struct lw_error *err)
{
    struct lw_buf *buf = &export->pieces.buf;
    enum lw_status status = pieces_flow(
        &export->pieces, lw_buf_adds(buf, "{\"lapwing\":\"journal\",\"version\":1"), err);

    for (int type = 0; type < LW_RECORD_TYPE_COUNT && status == LW_OK; type++) {
        if (type == LW_RECORD_REVISION && !revisions)
            continue;
        status = write_type(journal, export, (enum lw_record_type)type, err);
    }
    if (status == LW_OK)
        status = pieces_flow(&export->pieces, lw_buf_adds(buf, "}\n"), err);
    return status == LW_OK ? pieces_end(&export->pieces, err) : status;
}

enum lw_status lw_export_json(struct lw_journal *journal, bool revisions,
                              const struct lw_sink *sink, struct lw_error *err)
{
    struct lw_store *store = lw_journal_store(journal);
    struct export export = {.pieces = {.sink = sink, .buf = LW_BUF_INIT}};
    bool own_read = !lw_store_in_transaction(store);
    enum lw_status status = own_read ? lw_store_read(store, err) : LW_OK;

    if (status != LW_OK)
        return status;
    status = write_all(journal, revisions, &export, err);
    if (own_read)
        lw_store_rollback(store);
    lw_buf_free(&export.pieces.buf);
    return status;
}
