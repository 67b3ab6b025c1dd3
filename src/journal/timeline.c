/* The timeline: entries in their order, those that a filter lets through. */
#include "view.h"

struct walk {
    struct lw_journal *journal;
    struct sift sift;
    struct row_before before[2]; /* one for each match: they are read as two lists */
    lw_row_visitor *visit;
    void *context;
};

static enum lw_status visit_row(struct walk *walk, struct lw_stmt *stmt, struct lw_error *err)
{
    struct lw_row row = {0};
    int64_t n;
    enum lw_status status;

    row_read(walk->journal, stmt, &row, &n);
    status = sift_match(&walk->sift, row.ref, row.when, &row.match, err);
    if (status != LW_OK)
        return status;
    status = row_complete(walk->journal, n, &row, &walk->before[row.match], err);
    return status == LW_OK ? walk->visit(walk->context, &row, err) : status;
}

static enum lw_status prepare(struct walk *walk, struct lw_stmt **stmt, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(&sql, "SELECT " ROW_COLUMNS ROW_FROM " WHERE 1");

    if (status == LW_OK)
        status = sift_sql(&walk->sift, &sql);
    if (status == LW_OK)
        status = lw_buf_adds(&sql, ROW_ORDER);
    if (status == LW_OK)
        status = lw_store_prepare(lw_journal_store(walk->journal), sql.data, stmt, err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status == LW_OK)
        sift_bind(&walk->sift, *stmt);
    return status;
}

static enum lw_status visit_rows(struct walk *walk, struct lw_error *err)
{
    struct lw_stmt *stmt = NULL;
    enum lw_status status = prepare(walk, &stmt, err);

    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = visit_row(walk, stmt, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_timeline_each(struct lw_journal *journal, const struct lw_filter *filter,
                                lw_row_visitor *visit, void *context, struct lw_error *err)
{
    struct walk walk = {.journal = journal, .visit = visit, .context = context};
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = sift_begin(journal, filter, &walk.sift, err);
    if (status == LW_OK) {
        status = visit_rows(&walk, err);
        sift_end(&walk.sift);
    }
    snapshot_end(journal, own);
    return status;
}
