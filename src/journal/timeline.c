/* The timeline: entries in their order, those that a filter lets through. */
#include "view.h"

#include <string.h>

/* Wall clocks may stand for instants up to a day apart on either side; the column only pre-selects.
 */
#define SLACK INT64_C(172800)

/* Numbers of the parameters. */
enum { BIND_KIND = 1, BIND_REF, BIND_SINCE, BIND_UNTIL, BIND_FROM, BIND_TO };

struct walk {
    struct lw_journal *journal;
    const struct lw_filter *filter;
    struct lw_when since; /* from filter->since on */
    struct lw_when until; /* up to the end of filter->until */
    struct key_list entries;
    struct row_before before[2]; /* one for each match: they are read as two lists */
    lw_row_visitor *visit;
    void *context;
};

static enum lw_status make_sql(const struct lw_filter *filter, struct lw_buf *sql)
{
    const struct {
        bool used;
        const char *text;
    } part[] = {
        {true, "SELECT " ROW_COLUMNS ROW_FROM " WHERE 1"},
        {filter->kind != NULL, " AND e.kind = ?1"},
        {filter->ref != NULL, " AND e.ref = ?2"},
        {filter->since != NULL, " AND (e.latest IS NULL OR e.latest > ?3)"},
        {filter->until != NULL, " AND (e.earliest IS NULL OR e.earliest < ?4)"},
        {filter->when != NULL, " AND (e.latest IS NULL OR e.latest > ?5)"
                               " AND (e.earliest IS NULL OR e.earliest < ?6)"},
        {true, ROW_ORDER},
    };
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(part); i++) {
        if (part[i].used)
            status = lw_buf_adds(sql, part[i].text);
    }
    return status;
}

static int64_t sooner(int64_t at)
{
    return at < LW_TIME_MIN + SLACK ? LW_TIME_MIN : at - SLACK;
}

static int64_t later(int64_t at)
{
    return at > LW_TIME_MAX - SLACK ? LW_TIME_MAX : at + SLACK;
}

static void bind_text(struct lw_stmt *stmt, int at, const char *text)
{
    lw_stmt_bind_text(stmt, at, text, strlen(text));
}

static void bind_filter(struct lw_stmt *stmt, const struct lw_filter *filter)
{
    if (filter->kind != NULL) {
        const char *known = lw_kind_find(filter->kind, strlen(filter->kind));

        bind_text(stmt, BIND_KIND, known != NULL ? known : filter->kind);
    }
    if (filter->ref != NULL)
        bind_text(stmt, BIND_REF, filter->ref);
    if (filter->since != NULL)
        lw_stmt_bind_int(stmt, BIND_SINCE, sooner(filter->since->earliest));
    if (filter->until != NULL)
        lw_stmt_bind_int(stmt, BIND_UNTIL, later(filter->until->latest));
    if (filter->when != NULL) {
        lw_stmt_bind_int(stmt, BIND_FROM, sooner(filter->when->earliest));
        lw_stmt_bind_int(stmt, BIND_TO, later(filter->when->latest));
    }
}

/* Does the row pass? An entry of unknown date may be at any time: it is never left out for it. */
static enum lw_status match_when(const struct walk *walk, struct lw_row *row, bool *pass,
                                 struct lw_error *err)
{
    const struct lw_filter *filter = walk->filter;
    struct lw_when when;
    enum lw_status status;

    *pass = true;
    row->match = filter->when != NULL ? LW_MATCH_MAY_OVERLAP : LW_MATCH_STATED;
    if (row->when == NULL || (!filter->since && !filter->until && !filter->when))
        return LW_OK;
    status = lw_when_parse(row->when, strlen(row->when), &when, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "%s", row->ref);
        return status;
    }
    if ((filter->since != NULL && !lw_when_overlaps(&when, &walk->since)) ||
        (filter->until != NULL && !lw_when_overlaps(&when, &walk->until)) ||
        (filter->when != NULL && !lw_when_overlaps(&when, filter->when)))
        *pass = false;
    else if (filter->when != NULL && lw_when_within(&when, filter->when))
        row->match = LW_MATCH_STATED;
    return LW_OK;
}

static enum lw_status visit_row(struct walk *walk, struct lw_stmt *stmt, struct lw_error *err)
{
    struct lw_row row = {0};
    int64_t n;
    bool pass;
    enum lw_status status;

    row_read(stmt, &row, &n);
    if (walk->filter->name_count > 0 && !key_list_has(&walk->entries, n))
        return LW_OK;
    status = match_when(walk, &row, &pass, err);
    if (status != LW_OK || !pass)
        return status;
    status = row_complete(walk->journal, n, &row, &walk->before[row.match], err);
    return status == LW_OK ? walk->visit(walk->context, &row, err) : status;
}

static enum lw_status visit_rows(struct walk *walk, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    enum lw_status status = make_sql(walk->filter, &sql);

    if (status == LW_OK)
        status = lw_store_prepare(lw_journal_store(walk->journal), sql.data, &stmt, err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    bind_filter(stmt, walk->filter);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = visit_row(walk, stmt, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static void open_ends(struct walk *walk)
{
    if (walk->filter->since != NULL) {
        walk->since = *walk->filter->since;
        walk->since.latest = LW_TIME_MAX;
        walk->since.open = true;
    }
    if (walk->filter->until != NULL) {
        walk->until = *walk->filter->until;
        walk->until.earliest = LW_TIME_MIN;
        walk->until.open = true;
    }
}

enum lw_status lw_timeline_each(struct lw_journal *journal, const struct lw_filter *filter,
                                lw_row_visitor *visit, void *context, struct lw_error *err)
{
    static const struct lw_filter everything;
    struct walk walk = {.journal = journal, .visit = visit, .context = context};
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    walk.filter = filter != NULL ? filter : &everything;
    open_ends(&walk);
    status =
        names_entries(journal, walk.filter->names, walk.filter->name_count, &walk.entries, err);
    if (status == LW_OK)
        status = visit_rows(&walk, err);
    snapshot_end(journal, own);
    key_list_free(&walk.entries);
    return status;
}
