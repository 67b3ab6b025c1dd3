/* Entries by date: the table `span` from which the ruler of the timeline is drawn. An entry counts
 * at each scale: as "stated" in the bucket that holds all of its span, else as one that begins in
 * one bucket and ends in another, so that what runs over a bucket is a difference of sums. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_OF_ONE = 2 * LW_SCALES, ROWS_HELD = 8192 };

static int compare_rows(const void *a, const void *b)
{
    const struct span_row *x = a;
    const struct span_row *y = b;

    if (x->scale != y->scale)
        return x->scale < y->scale ? -1 : 1;
    return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

void span_sort(struct span_counts *counts)
{
    struct span_row *row = counts->row;
    size_t kept = 0;

    if (counts->count == 0)
        return;
    qsort(row, counts->count, sizeof(*row), compare_rows);
    for (size_t i = 0; i < counts->count; i++) {
        if (kept > 0 && compare_rows(&row[kept - 1], &row[i]) == 0) {
            row[kept - 1].stated += row[i].stated;
            row[kept - 1].begins += row[i].begins;
            row[kept - 1].ends += row[i].ends;
        } else {
            row[kept++] = row[i];
        }
        if (row[kept - 1].stated == 0 && row[kept - 1].begins == 0 && row[kept - 1].ends == 0 &&
            (i + 1 == counts->count || compare_rows(&row[kept - 1], &row[i + 1]) != 0))
            kept--;
    }
    counts->count = kept;
}

void span_free(struct span_counts *counts)
{
    free(counts->row);
    *counts = (struct span_counts){0};
}

static enum lw_status make_room(struct span_counts *counts)
{
    struct span_row *grown;
    size_t cap = counts->cap == 0 ? 64 : 2 * counts->cap;

    if (counts->count + ROWS_OF_ONE <= counts->cap)
        return LW_OK;
    span_sort(counts);
    if (counts->count <= counts->cap / 2 && counts->count + ROWS_OF_ONE <= counts->cap)
        return LW_OK;
    grown = realloc(counts->row, cap * sizeof(*grown));
    if (grown == NULL)
        return LW_NO_MEMORY;
    counts->row = grown;
    counts->cap = cap;
    return LW_OK;
}

enum lw_status span_add(struct span_counts *counts, bool dated, int64_t earliest, int64_t latest,
                        int sign)
{
    int64_t end = latest == LW_TIME_MAX ? latest : latest - 1;
    enum lw_status status = make_room(counts);

    if (status != LW_OK)
        return status;
    if (!dated || (earliest == LW_TIME_MIN && latest == LW_TIME_MAX)) {
        counts->row[counts->count++] = (struct span_row){.scale = -1, .stated = sign};
        return LW_OK;
    }
    for (int scale = 0; scale < LW_SCALES; scale++) {
        int64_t first = lw_scale_bucket((enum lw_scale)scale, earliest);
        int64_t last = lw_scale_bucket((enum lw_scale)scale, end);

        if (first == last) {
            counts->row[counts->count++] =
                (struct span_row){.scale = scale, .bucket = first, .stated = sign};
            continue;
        }
        counts->row[counts->count++] =
            (struct span_row){.scale = scale, .bucket = first, .begins = sign};
        counts->row[counts->count++] =
            (struct span_row){.scale = scale, .bucket = last, .ends = sign};
    }
    return LW_OK;
}

/* ---- the table ---- */

static enum lw_status run_row(struct lw_journal *journal, const struct span_row *row,
                              const char *sql, bool counts, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, row->scale);
    lw_stmt_bind_int(stmt, 2, row->bucket);
    if (counts) {
        lw_stmt_bind_int(stmt, 3, row->stated);
        lw_stmt_bind_int(stmt, 4, row->begins);
        lw_stmt_bind_int(stmt, 5, row->ends);
    }
    return lw_stmt_run(stmt, err);
}

static enum lw_status write_row(struct lw_journal *journal, const struct span_row *row,
                                struct lw_error *err)
{
    static const char add[] =
        "INSERT INTO span VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(scale, bucket) DO UPDATE SET"
        " stated = stated + excluded.stated, begins = begins + excluded.begins,"
        " ends = ends + excluded.ends";
    static const char drop[] = "DELETE FROM span WHERE scale = ?1 AND bucket = ?2 AND stated = 0"
                               " AND begins = 0 AND ends = 0";
    enum lw_status status = run_row(journal, row, add, true, err);

    if (status == LW_OK && (row->stated < 0 || row->begins < 0 || row->ends < 0))
        status = run_row(journal, row, drop, false, err);
    return status;
}

enum lw_status span_update(struct lw_journal *journal, struct lw_error *err)
{
    struct span_counts *counts = &journal->spans;
    enum lw_status status = LW_OK;

    span_sort(counts);
    for (size_t i = 0; i < counts->count && status == LW_OK; i++)
        status = write_row(journal, &counts->row[i], err);
    if (status == LW_OK)
        counts->count = 0;
    return status;
}

enum lw_status span_note(struct lw_journal *journal, const struct lw_record *record, int sign,
                         struct lw_error *err)
{
    const char *text;
    struct lw_when when = {.earliest = 0};
    enum lw_status status = LW_OK;

    if (record->type != LW_RECORD_ENTRY)
        return LW_OK;
    text = lw_record_text(record, "when");
    if (text != NULL)
        status = lw_when_parse(text, strlen(text), &when, err);
    if (status != LW_OK)
        return status;
    if (span_add(&journal->spans, text != NULL, when.earliest, when.latest, sign) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
    return journal->spans.count < ROWS_HELD ? LW_OK : span_update(journal, err);
}

enum lw_status span_total(struct lw_journal *journal, int64_t *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        journal->store, "SELECT coalesce(sum(stated + begins), 0) FROM span WHERE scale IN (-1, 0)",
        &stmt, err);

    return status == LW_OK ? lw_stmt_number(stmt, out, err) : status;
}

/* ---- the check ---- */

enum lw_status span_check(struct lw_journal *journal, int64_t *wrong, struct lw_error *err)
{
    static const char sql[] =
        "WITH part(scale, first, last) AS (SELECT s.column1, scale_bucket(s.column1, e.earliest),"
        " scale_bucket(s.column1, iif(e.latest = 9223372036854775807, e.latest, e.latest - 1))"
        " FROM entry e, (VALUES (0), (1), (2), (3)) s WHERE e.earliest IS NOT NULL"
        " AND NOT (e.earliest = -9223372036854775808 AND e.latest = 9223372036854775807)),"
        " counted AS (SELECT scale, bucket, sum(stated) AS stated, sum(begins) AS begins,"
        " sum(ends) AS ends FROM (SELECT scale, first AS bucket, first = last AS stated,"
        " first <> last AS begins, 0 AS ends FROM part"
        " UNION ALL SELECT scale, last, 0, 0, 1 FROM part WHERE first <> last"
        " UNION ALL SELECT -1, 0, 1, 0, 0 FROM entry WHERE earliest IS NULL"
        " OR (earliest = -9223372036854775808 AND latest = 9223372036854775807))"
        " GROUP BY scale, bucket)"
        " SELECT count(*) FROM (SELECT scale, bucket FROM"
        " (SELECT * FROM counted EXCEPT SELECT * FROM span)"
        " UNION SELECT scale, bucket FROM (SELECT * FROM span EXCEPT SELECT * FROM counted))";
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    return status == LW_OK ? lw_stmt_number(stmt, wrong, err) : status;
}
