/* Along the timeline in slices: what would take long in a large journal is done piece by piece. */
#include "view.h"

enum { BIND_FROM = SIFT_BIND_FREE, BIND_FROM_N, BIND_TO, BIND_TO_N };

void slices_begin(struct slices *slices, struct lw_journal *journal, const struct lw_filter *filter)
{
    *slices = (struct slices){
        .journal = journal, .filter = filter, .at = {.position = INT64_MIN, .n = INT64_MIN}};
}

/* The anchor so many entries further on; *last: there are fewer. */
static enum lw_status find_end(struct slices *slices, size_t entries, struct lw_anchor *end,
                               bool *last, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(slices->journal),
                         "SELECT position, n FROM entry WHERE (position, n) > (?1, ?2)"
                         " ORDER BY position, n LIMIT 1 OFFSET ?3",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, slices->at.position);
    lw_stmt_bind_int(stmt, 2, slices->at.n);
    lw_stmt_bind_int(stmt, 3, entries > 0 ? (int64_t)entries - 1 : 0);
    status = lw_stmt_step(stmt, err);
    *last = status == LW_DONE;
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    *end = (struct lw_anchor){.position = lw_stmt_int(stmt, 0), .n = lw_stmt_int(stmt, 1)};
    lw_stmt_reset(stmt);
    return LW_OK;
}

static enum lw_status prepare(const struct sift *sift, bool slice, struct lw_stmt **stmt,
                              struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_adds(&sql, "SELECT e.n, e.earliest, e.latest FROM entry e WHERE 1");

    if (status == LW_OK && slice)
        status = lw_buf_adds(&sql, " AND (e.position, e.n) > (?1, ?2)"
                                   " AND (e.position, e.n) <= (?3, ?4)");
    if (status == LW_OK)
        status = sift_sql(sift, &sql);
    status = status == LW_OK
                 ? lw_store_prepare(lw_journal_store(sift->journal), sql.data, stmt, err)
                 : lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_buf_free(&sql);
    if (status == LW_OK)
        sift_bind(sift, *stmt);
    return status;
}

static enum lw_status visit_slice(struct slices *slices, const struct sift *sift, bool slice,
                                  const struct lw_anchor *end, slice_visitor *visit, void *context,
                                  struct lw_error *err)
{
    struct lw_stmt *stmt = NULL;
    enum lw_status status = prepare(sift, slice, &stmt, err);

    if (status != LW_OK)
        return status;
    if (slice) {
        lw_stmt_bind_int(stmt, BIND_FROM, slices->at.position);
        lw_stmt_bind_int(stmt, BIND_FROM_N, slices->at.n);
        lw_stmt_bind_int(stmt, BIND_TO, end->position);
        lw_stmt_bind_int(stmt, BIND_TO_N, end->n);
    }
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        struct slice_entry entry = {.n = lw_stmt_int(stmt, 0),
                                    .dated = !lw_stmt_is_null(stmt, 1),
                                    .earliest = lw_stmt_int(stmt, 1),
                                    .latest = lw_stmt_int(stmt, 2)};

        if (entry.earliest == LW_TIME_MIN && entry.latest == LW_TIME_MAX)
            entry.dated = false;
        status = visit(context, &entry, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status more(struct slices *slices, size_t entries, slice_visitor *visit,
                           void *context, struct lw_error *err)
{
    struct lw_anchor end = {.position = INT64_MAX, .n = INT64_MAX};
    struct sift sift;
    bool few, last = true;
    enum lw_status status = sift_begin(slices->journal, slices->filter, &sift, err);

    if (status != LW_OK)
        return status;
    few = slices->at.position == INT64_MIN && sift_is_few(&sift);
    if (!few)
        status = find_end(slices, entries, &end, &last, err);
    if (status == LW_OK)
        status = visit_slice(slices, &sift, !few, &end, visit, context, err);
    sift_end(&sift);
    if (status != LW_OK)
        return status;
    slices->at = end;
    slices->done = last;
    return LW_OK;
}

enum lw_status slices_more(struct slices *slices, size_t entries, slice_visitor *visit,
                           void *context, struct lw_error *err)
{
    bool own;
    enum lw_status status = snapshot_begin(slices->journal, &own, err);

    if (status != LW_OK)
        return status;
    status = more(slices, entries, visit, context, err);
    snapshot_end(slices->journal, own);
    return status;
}
