/* The history of one record. */
#include "app.h"

#include <string.h>

enum lw_status lw_revisions_each(struct lw_journal *journal, enum lw_record_type type,
                                 const uint8_t id[LW_RECORD_ID], lw_record_visitor *visit,
                                 void *context, struct lw_error *err)
{
    const char *table = lw_record_infos[type].table;
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(journal),
                         "SELECT \"id\" FROM \"revision\" WHERE \"record\" = ?1 AND"
                         " \"record_id\" = ?2 ORDER BY \"id\"",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, table, strlen(table));
    lw_stmt_bind_blob(stmt, 2, id, LW_RECORD_ID);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        struct lw_record revision;
        size_t len = 0;
        const void *found = lw_stmt_blob(stmt, 0, &len);

        if (found == NULL || len != LW_RECORD_ID) {
            status = lw_fail(err, LW_DAMAGED, "a revision has no id");
        } else {
            status = lw_record_get(journal, LW_RECORD_REVISION, found, &revision, err);
            if (status == LW_OK) {
                status = visit(context, &revision, err);
                lw_record_clear(&revision);
            }
        }
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}
