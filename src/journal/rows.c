/* Rows of the timeline as they come from the database. */
#include "view.h"

#include <string.h>

/* ---- lists of keys ------------------------------------------------------------------------- */

enum lw_status key_list_add_rows(struct key_list *list, struct lw_stmt *stmt, struct lw_error *err)
{
    enum lw_status status;

    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = key_list_add(list, lw_stmt_int(stmt, 0));
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, status, "out of memory");
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

bool key_list_has(const struct key_list *list, int64_t key)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list->key[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && list->key[low] == key;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Places in ROW_COLUMNS. */
enum {
    COLUMN_N,
    COLUMN_ID,
    COLUMN_REF,
    COLUMN_KIND,
    COLUMN_TITLE,
    COLUMN_HEDGE,
    COLUMN_STATUS,
    COLUMN_PLACE,
    COLUMN_WHEN,
    COLUMN_WHEN_TEXT,
    COLUMN_EXTENT,
    COLUMN_DURATION_TEXT,
    COLUMN_NOTICED_TEXT,
    COLUMN_RECORDED_AT,
    COLUMN_DAY,
    COLUMN_POSITION,
    COLUMN_AMENDED
};

void row_read(const struct lw_journal *journal, struct lw_stmt *stmt, struct lw_row *row,
              int64_t *n)
{
    size_t len = 0;
    const void *id = lw_stmt_blob(stmt, COLUMN_ID, &len);

    *n = lw_stmt_int(stmt, COLUMN_N);
    if (id != NULL && len == LW_RECORD_ID)
        memcpy(row->id, id, LW_RECORD_ID);
    row->ref = lw_stmt_text(stmt, COLUMN_REF, &len);
    row->kind = lw_stmt_text(stmt, COLUMN_KIND, &len);
    row->kind_label = row->kind != NULL ? lw_kind_label(journal->forms, row->kind) : NULL;
    row->title = lw_stmt_text(stmt, COLUMN_TITLE, &len);
    row->hedge = lw_stmt_text(stmt, COLUMN_HEDGE, &len);
    row->status = lw_stmt_text(stmt, COLUMN_STATUS, &len);
    row->place = lw_stmt_text(stmt, COLUMN_PLACE, &len);
    row->when = lw_stmt_text(stmt, COLUMN_WHEN, &len);
    row->when_text = lw_stmt_text(stmt, COLUMN_WHEN_TEXT, &len);
    row->extent = lw_stmt_text(stmt, COLUMN_EXTENT, &len);
    row->duration_text = lw_stmt_text(stmt, COLUMN_DURATION_TEXT, &len);
    row->noticed_text = lw_stmt_text(stmt, COLUMN_NOTICED_TEXT, &len);
    row->recorded_ms = lw_stmt_int(stmt, COLUMN_RECORDED_AT);
    row->at = (struct lw_anchor){.position = lw_stmt_int(stmt, COLUMN_POSITION), .n = *n};
    row->amended = lw_stmt_int(stmt, COLUMN_AMENDED) != 0;
    row->day = lw_stmt_is_null(stmt, COLUMN_DAY) ? LW_TIME_MIN : lw_stmt_int(stmt, COLUMN_DAY);
}

/* One integer out of a statement that gives one row. */
static enum lw_status read_number(struct lw_stmt *stmt, int64_t *out, struct lw_error *err)
{
    enum lw_status status = lw_stmt_step(stmt, err);

    if (status == LW_DONE) {
        *out = 0;
        return LW_OK;
    }
    if (status == LW_OK) {
        *out = lw_stmt_int(stmt, 0);
        lw_stmt_reset(stmt);
    }
    return status;
}

/* Sources that speak of it: an account that holds nothing but silences does not count. */
static enum lw_status count_sources(struct lw_store *store, int64_t n, unsigned *out,
                                    struct lw_error *err)
{
    static const char sql[] = "SELECT count(DISTINCT " SAME_LAST(
        "source", "s",
        "n") ") FROM account a JOIN source s"
             " ON s.n = a.source WHERE a.entry = ?1 AND ("
             " coalesce(a.quote, a.translation, a.summary) IS NOT NULL"
             " OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.account = a.n AND c.stance = 'silent')"
             " OR EXISTS (SELECT 1 FROM claim c WHERE c.account = a.n AND c.stance <> 'silent'))";
    struct lw_stmt *stmt;
    int64_t count;
    enum lw_status status = lw_store_prepare(store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    status = read_number(stmt, &count, err);
    if (status == LW_OK)
        *out = (unsigned)count;
    return status;
}

/* Stated: directly, or over one entry between them; at least one of the two steps is a "before". */
static enum lw_status is_stated_after(struct lw_store *store, int64_t earlier, int64_t later,
                                      bool *out, struct lw_error *err)
{
    static const char sql[] =
        "SELECT EXISTS (SELECT 1 FROM precedence a WHERE a.earlier = ?1 AND a.later = ?2"
        " AND a.kind = 'before')"
        " OR EXISTS (SELECT 1 FROM precedence a JOIN precedence b ON b.earlier = a.later"
        " WHERE a.earlier = ?1 AND b.later = ?2 AND (a.kind = 'before' OR b.kind = 'before'))";
    struct lw_stmt *stmt;
    int64_t found;
    enum lw_status status = lw_store_prepare(store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, earlier);
    lw_stmt_bind_int(stmt, 2, later);
    status = read_number(stmt, &found, err);
    if (status == LW_OK)
        *out = found != 0;
    return status;
}

enum lw_status row_complete(struct lw_journal *journal, int64_t n, struct lw_row *row,
                            struct row_before *before, struct lw_error *err)
{
    struct lw_store *store = lw_journal_store(journal);
    bool draft = row->status == NULL || strcmp(row->status, "sealed") != 0;
    struct lw_open open = {.what = 0};
    enum lw_status status = count_sources(store, n, &row->sources, err);

    if (status == LW_OK && draft)
        status = open_find(journal, n, row->id, row->kind, row->when, row->sources, &open, err);
    row->open = open.what;
    if (status == LW_OK)
        status = entry_contradicted(journal, n, &row->contradicted, err);
    if (status == LW_OK && before->set && before->day == row->day && row->day != LW_TIME_MIN)
        status = is_stated_after(store, before->n, n, &row->after_previous, err);
    if (status == LW_OK)
        *before = (struct row_before){.set = true, .n = n, .day = row->day};
    return status;
}

enum lw_status snapshot_begin(struct lw_journal *journal, bool *own, struct lw_error *err)
{
    struct lw_store *store = lw_journal_store(journal);

    *own = !lw_store_in_transaction(store);
    return *own ? lw_store_read(store, err) : LW_OK;
}

void snapshot_end(struct lw_journal *journal, bool own)
{
    if (own)
        lw_store_rollback(lw_journal_store(journal));
}
