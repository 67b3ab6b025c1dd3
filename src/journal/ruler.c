/* Entries by date: the ruler of the timeline. */
#include "view.h"

#include <stdlib.h>

struct lw_counts {
    struct lw_journal *journal;
    bool stored; /* the store has the numbers */
    struct slices slices;
    struct span_counts counted;
};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory");
}

/* ---- counting what passes a filter ------------------------------------------------------------
 */

static enum lw_status count_entry(void *context, const struct slice_entry *entry,
                                  struct lw_error *err)
{
    struct lw_counts *counts = context;

    if (span_add(&counts->counted, entry->dated, entry->earliest, entry->latest, 1) != LW_OK)
        return no_memory(err);
    return LW_OK;
}

enum lw_status lw_counts_more(struct lw_counts *counts, size_t entries, bool *done,
                              struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (!counts->slices.done) {
        status = slices_more(&counts->slices, entries, count_entry, counts, err);
        span_sort(&counts->counted);
    }
    *done = counts->slices.done;
    return status;
}

enum lw_status lw_counts_begin(struct lw_journal *journal, const struct lw_filter *filter,
                               struct lw_counts **out, struct lw_error *err)
{
    struct lw_counts *counts = calloc(1, sizeof(*counts));
    struct sift sift;
    bool own;
    enum lw_status status;

    if (counts == NULL)
        return no_memory(err);
    counts->journal = journal;
    slices_begin(&counts->slices, journal, filter);
    status = snapshot_begin(journal, &own, err);
    if (status == LW_OK) {
        status = sift_begin(journal, filter, &sift, err);
        snapshot_end(journal, own);
    }
    if (status != LW_OK) {
        free(counts);
        return status;
    }
    counts->stored = sift.count == 0;
    counts->slices.done = counts->stored;
    sift_end(&sift);
    *out = counts;
    return LW_OK;
}

void lw_counts_free(struct lw_counts *counts)
{
    if (counts == NULL)
        return;
    span_free(&counts->counted);
    free(counts);
}

/* ---- sums -------------------------------------------------------------------------------------
 */

struct sums {
    int64_t stated, begins, ends;
};

/* The first row that is not before that bucket. */
static size_t find_row(const struct span_counts *counted, int scale, int64_t bucket)
{
    size_t low = 0, high = counted->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct span_row *row = &counted->row[middle];

        if (row->scale < scale || (row->scale == scale && row->bucket < bucket))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_counted(const struct span_counts *counted, int scale, int64_t from, int64_t to,
                        struct sums *sums)
{
    for (size_t i = find_row(counted, scale, from); i < counted->count; i++) {
        const struct span_row *row = &counted->row[i];

        if (row->scale != scale || row->bucket >= to)
            return;
        sums->stated += row->stated;
        sums->begins += row->begins;
        sums->ends += row->ends;
    }
}

/* Adds the buckets from `from` on, before `to`. */
static enum lw_status add_sums(const struct lw_counts *counts, int scale, int64_t from, int64_t to,
                               struct sums *sums, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status;

    if (!counts->stored) {
        add_counted(&counts->counted, scale, from, to, sums);
        return LW_OK;
    }
    status = lw_store_prepare(lw_journal_store(counts->journal),
                              "SELECT sum(stated), sum(begins), sum(ends) FROM span"
                              " WHERE scale = ?1 AND bucket >= ?2 AND bucket < ?3",
                              &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, scale);
    lw_stmt_bind_int(stmt, 2, from);
    lw_stmt_bind_int(stmt, 3, to);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status;
    sums->stated += lw_stmt_int(stmt, 0); /* 0 for NULL */
    sums->begins += lw_stmt_int(stmt, 1);
    sums->ends += lw_stmt_int(stmt, 2);
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* Everything before the first second of a bucket. What lies before the beginning of its year, or
 * runs over it, is the same at every scale; so years are added up to there, then months of that
 * year, and so on: a few dozen rows, however many days lie before. */
static enum lw_status add_before(const struct lw_counts *counts, enum lw_scale scale,
                                 int64_t bucket, struct sums *sums, struct lw_error *err)
{
    int64_t second = lw_scale_start(scale, bucket);
    int64_t from = INT64_MIN;
    enum lw_status status = LW_OK;

    for (int part = 0; part <= (int)scale && status == LW_OK; part++) {
        int64_t to = lw_scale_bucket((enum lw_scale)part, second);

        status = add_sums(counts, part, from, to, sums, err);
        if (part < (int)scale)
            from =
                lw_scale_bucket((enum lw_scale)(part + 1), lw_scale_start((enum lw_scale)part, to));
    }
    return status;
}

/* ---- bars -------------------------------------------------------------------------------------
 */

struct filling {
    struct lw_bar *bar;
    size_t count;
    int64_t first;
    size_t at;    /* bars before are filled */
    int64_t over; /* what runs over from the bar before */
    struct sums sums;
};

static void fill_to(struct filling *filling, size_t to)
{
    for (; filling->at < to; filling->at++)
        filling->bar[filling->at] = (struct lw_bar){.wider = (uint64_t)filling->over};
}

static void take_row(struct filling *filling, const struct span_row *row)
{
    fill_to(filling, (size_t)(row->bucket - filling->first));
    filling->bar[filling->at++] = (struct lw_bar){.stated = (uint64_t)row->stated,
                                                  .wider = (uint64_t)(filling->over + row->begins)};
    filling->over += row->begins - row->ends;
    filling->sums.stated += row->stated;
    filling->sums.begins += row->begins;
}

static enum lw_status fill_stored(const struct lw_counts *counts, enum lw_scale scale,
                                  struct filling *filling, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(counts->journal),
                         "SELECT bucket, stated, begins, ends FROM span WHERE scale = ?1"
                         " AND bucket >= ?2 AND bucket < ?3 ORDER BY bucket",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, (int)scale);
    lw_stmt_bind_int(stmt, 2, filling->first);
    lw_stmt_bind_int(stmt, 3, filling->first + (int64_t)filling->count);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        const struct span_row row = {.bucket = lw_stmt_int(stmt, 0),
                                     .stated = (int32_t)lw_stmt_int(stmt, 1),
                                     .begins = (int32_t)lw_stmt_int(stmt, 2),
                                     .ends = (int32_t)lw_stmt_int(stmt, 3)};
        take_row(filling, &row);
    }
    return status == LW_DONE ? LW_OK : status;
}

static void fill_counted(const struct lw_counts *counts, enum lw_scale scale,
                         struct filling *filling)
{
    const struct span_counts *counted = &counts->counted;

    for (size_t i = find_row(counted, (int)scale, filling->first); i < counted->count; i++) {
        const struct span_row *row = &counted->row[i];

        if (row->scale != (int)scale || row->bucket >= filling->first + (int64_t)filling->count)
            return;
        take_row(filling, row);
    }
}

static enum lw_status make_bars(const struct lw_counts *counts, enum lw_scale scale,
                                struct filling *filling, struct lw_ruler *out, struct lw_error *err)
{
    struct sums before = {0}, dated = {0}, undated = {0};
    enum lw_status status = add_before(counts, scale, filling->first, &before, err);

    if (status == LW_OK)
        status = add_sums(counts, LW_SCALE_YEARS, INT64_MIN, INT64_MAX, &dated, err);
    if (status == LW_OK)
        status = add_sums(counts, -1, INT64_MIN, INT64_MAX, &undated, err);
    if (status != LW_OK)
        return status;
    filling->over = before.begins - before.ends;
    out->earlier = (uint64_t)(before.stated + before.ends);
    out->wider = (uint64_t)filling->over;
    if (counts->stored)
        status = fill_stored(counts, scale, filling, err);
    else
        fill_counted(counts, scale, filling);
    if (status != LW_OK)
        return status;
    fill_to(filling, filling->count);
    out->stated = (uint64_t)filling->sums.stated;
    out->wider += (uint64_t)filling->sums.begins;
    out->undated = (uint64_t)undated.stated;
    out->later = (uint64_t)(dated.stated + dated.begins) - out->earlier - out->stated - out->wider;
    return LW_OK;
}

enum lw_status lw_counts_bars(struct lw_counts *counts, enum lw_scale scale, int64_t first,
                              struct lw_bar *bar, size_t count, struct lw_ruler *out,
                              struct lw_error *err)
{
    struct filling filling = {.bar = bar, .count = count, .first = first};
    struct lw_ruler made = {0};
    bool own;
    enum lw_status status = snapshot_begin(counts->journal, &own, err);

    if (status != LW_OK)
        return status;
    status = make_bars(counts, scale, &filling, &made, err);
    snapshot_end(counts->journal, own);
    if (status == LW_OK)
        *out = made;
    return status;
}

static enum lw_status stored_day(const struct lw_counts *counts, const char *sql, int64_t *day,
                                 bool *any, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(counts->journal), sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, LW_SCALE_DAYS);
    lw_stmt_bind_int(stmt, 2, INT64_MIN);
    lw_stmt_bind_int(stmt, 3, INT64_MAX);
    status = lw_stmt_step(stmt, err);
    *any = status == LW_OK;
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    *day = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return LW_OK;
}

enum lw_status lw_counts_days(struct lw_counts *counts, int64_t *first, int64_t *last, bool *any,
                              struct lw_error *err)
{
    const struct span_row *row = counts->counted.row;
    size_t from, end;
    enum lw_status status;

    if (counts->stored) {
        status = stored_day(counts,
                            "SELECT bucket FROM span WHERE scale = ?1 AND bucket > ?2"
                            " AND bucket < ?3 ORDER BY bucket LIMIT 1",
                            first, any, err);
        if (status != LW_OK || !*any)
            return status;
        return stored_day(counts,
                          "SELECT bucket FROM span WHERE scale = ?1 AND bucket > ?2"
                          " AND bucket < ?3 ORDER BY bucket DESC LIMIT 1",
                          last, any, err);
    }
    from = find_row(&counts->counted, LW_SCALE_DAYS, INT64_MIN + 1);
    end = find_row(&counts->counted, LW_SCALE_DAYS, INT64_MAX);
    *any = from < end;
    if (*any) {
        *first = row[from].bucket;
        *last = row[end - 1].bucket;
    }
    return LW_OK;
}

/* ---- scales -----------------------------------------------------------------------------------
 */

enum lw_scale lw_scale_fit(int64_t first_day, int64_t last_day, size_t bars, enum lw_scale finest)
{
    int64_t from = first_day * 86400, to = last_day * 86400 + 86399;

    for (int scale = (int)finest; scale > LW_SCALE_YEARS; scale--) {
        int64_t needed =
            lw_scale_bucket((enum lw_scale)scale, to) - lw_scale_bucket((enum lw_scale)scale, from);

        if (needed >= 0 && (uint64_t)needed < bars)
            return (enum lw_scale)scale;
    }
    return LW_SCALE_YEARS;
}

const char *lw_scale_name(enum lw_scale scale)
{
    static const char *const names[LW_SCALES] = {"years", "months", "days", "hours"};

    return names[scale];
}

enum lw_status lw_bar_say(enum lw_scale scale, int64_t bucket, struct lw_buf *out)
{
    int64_t second = lw_scale_start(scale, bucket);
    int64_t day = lw_scale_bucket(LW_SCALE_DAYS, second);
    enum lw_status status;

    if (scale == LW_SCALE_YEARS)
        return lw_buf_addf(out, "%lld", (long long)bucket);
    if (scale == LW_SCALE_MONTHS)
        return lw_month_say(day, out);
    status = lw_day_say(day, out);
    if (status == LW_OK && scale == LW_SCALE_HOURS)
        status = lw_buf_addf(out, ", %02d:00", (int)((second - day * 86400) / 3600));
    return status;
}
