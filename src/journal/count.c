/* How many entries pass a filter: at once where that is known, else piece by piece. */
#include "view.h"

#include <stdlib.h>

enum { BIND_LIMIT = SIFT_BIND_FREE };

struct lw_count {
    struct lw_journal *journal;
    const struct lw_filter *filter;
    size_t limit, found;
    bool begun;
    struct slices slices;
};

/* Without looking at any entry: all of them are in a set, or stand in the table of dates, but for
 * those of a transaction. */
static enum lw_status count_at_once(const struct sift *sift, int64_t *found, bool *known,
                                    struct lw_error *err)
{
    *known = true;
    if (sift->exact)
        *found = (int64_t)sift->bit_count;
    else if (sift->count == 0 && sift->journal->spans.count == 0)
        return span_total(sift->journal, found, err);
    else
        *known = false;
    return LW_OK;
}

static enum lw_status count(const struct sift *sift, size_t limit, int64_t *out,
                            struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    enum lw_status status =
        lw_buf_adds(&sql, "SELECT count(*) FROM (SELECT 1 FROM entry e WHERE 1");

    if (status == LW_OK)
        status = sift_sql(sift, &sql);
    if (status == LW_OK)
        status = lw_buf_adds(&sql, " LIMIT ?1)");
    status = status == LW_OK
                 ? lw_store_prepare(lw_journal_store(sift->journal), sql.data, &stmt, err)
                 : lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    sift_bind(sift, stmt);
    lw_stmt_bind_int(stmt, BIND_LIMIT, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    return lw_stmt_number(stmt, out, err);
}

enum lw_status lw_timeline_count(struct lw_journal *journal, const struct lw_filter *filter,
                                 size_t limit, size_t *out, struct lw_error *err)
{
    struct sift sift;
    int64_t found = 0;
    bool own, known = false;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = sift_begin(journal, filter, &sift, err);
    if (status == LW_OK) {
        status = count_at_once(&sift, &found, &known, err);
        if (status == LW_OK && !known)
            status = count(&sift, limit, &found, err);
        sift_end(&sift);
    }
    snapshot_end(journal, own);
    if (status == LW_OK)
        *out = (uint64_t)found < limit ? (size_t)found : limit;
    return status;
}

/* ---- piece by piece ---------------------------------------------------------------------------
 */

enum lw_status lw_count_begin(struct lw_journal *journal, const struct lw_filter *filter,
                              size_t limit, struct lw_count **out, struct lw_error *err)
{
    struct lw_count *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    *made = (struct lw_count){.journal = journal, .filter = filter, .limit = limit};
    slices_begin(&made->slices, journal, filter);
    *out = made;
    return LW_OK;
}

static enum lw_status count_entry(void *context, const struct slice_entry *entry,
                                  struct lw_error *err)
{
    struct lw_count *made = context;

    (void)entry;
    (void)err;
    made->found++;
    return LW_OK;
}

static enum lw_status begin(struct lw_count *made, struct lw_error *err)
{
    struct sift sift;
    int64_t found = 0;
    bool own;
    enum lw_status status = snapshot_begin(made->journal, &own, err);

    if (status != LW_OK)
        return status;
    status = sift_begin(made->journal, made->filter, &sift, err);
    if (status == LW_OK) {
        status = count_at_once(&sift, &found, &made->slices.done, err);
        sift_end(&sift);
    }
    snapshot_end(made->journal, own);
    made->begun = status == LW_OK;
    made->found = (size_t)found;
    return status;
}

enum lw_status lw_count_more(struct lw_count *made, size_t entries, size_t *found, bool *done,
                             struct lw_error *err)
{
    enum lw_status status = made->begun ? LW_OK : begin(made, err);

    if (status == LW_OK && !made->slices.done)
        status = slices_more(&made->slices, entries, count_entry, made, err);
    if (status != LW_OK)
        return status;
    if (made->found >= made->limit) {
        made->found = made->limit;
        made->slices.done = true;
    }
    *found = made->found;
    *done = made->slices.done;
    return LW_OK;
}

void lw_count_free(struct lw_count *made)
{
    free(made);
}
