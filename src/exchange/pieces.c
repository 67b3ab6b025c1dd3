/* Output in pieces of a size that is worth a write. */
#include "internal.h"

#define ENOUGH 65536

enum lw_status pieces_end(struct pieces *pieces, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (pieces->buf.len > 0)
        status = pieces->sink->write(pieces->sink->context, pieces->buf.data, pieces->buf.len, err);
    lw_buf_clear(&pieces->buf);
    return status;
}

enum lw_status pieces_flow(struct pieces *pieces, enum lw_status status, struct lw_error *err)
{
    if (status != LW_OK)
        return lw_fail(err, status, "a record cannot be written out: %s",
                       lw_status_message(status));
    return pieces->buf.len >= ENOUGH ? pieces_end(pieces, err) : LW_OK;
}
