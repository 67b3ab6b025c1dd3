/* What a filter lets through: as conditions of SQL, and what SQL cannot decide. */
#include "view.h"

#include <string.h>

/* Wall clocks may stand for instants up to a day apart on either side; the column only pre-selects.
 */
#define SLACK INT64_C(172800)

/* Up to so many entries are looked up one by one and sorted; of more the timeline is walked. */
#define FEW 2000

/* Numbers of the parameters. */
enum {
    BIND_KIND = 1,
    BIND_REF,
    BIND_SINCE,
    BIND_UNTIL,
    BIND_FROM,
    BIND_TO,
    BIND_INCIDENT,
    BIND_SET /* the first of SIFT_SETS */
};
_Static_assert(BIND_SET + SIFT_SETS == SIFT_BIND_FREE, "parameters overlap");

#define PARTY_KEY  "(SELECT n FROM party WHERE id = ?8)"
#define SOURCE_KEY "(SELECT n FROM source WHERE id = ?10)"
#define INSIDE                                                                                     \
    "(WITH RECURSIVE inside (n) AS (SELECT n FROM place WHERE id = ?9 UNION SELECT p.n"            \
    " FROM place p JOIN inside i ON p.parent = i.n) SELECT n FROM inside)"

/* What one member of a filter names: as a set of entries, and as a condition for one entry of the
 * timeline where the set is not small. */
static const struct {
    const char *set, *test;
} sets[SIFT_SETS] = {
    [SIFT_PARTY] = {"SELECT entry FROM participation WHERE party = " PARTY_KEY
                    " UNION ALL SELECT entry FROM item WHERE owner = " PARTY_KEY
                    " UNION ALL SELECT entry FROM item WHERE taken_by = " PARTY_KEY
                    " UNION ALL SELECT entry FROM field WHERE party = " PARTY_KEY,
                    "(EXISTS (SELECT 1 FROM participation x WHERE x.entry = e.n"
                    " AND +x.party = " PARTY_KEY ") OR EXISTS (SELECT 1 FROM field x"
                    " WHERE x.entry = e.n AND +x.party = " PARTY_KEY
                    ") OR EXISTS (SELECT 1 FROM item x"
                    " WHERE x.entry = e.n AND (+x.owner = " PARTY_KEY " OR +x.taken_by = " PARTY_KEY
                    ")))"},
    [SIFT_PLACE] = {"SELECT x.n FROM entry x WHERE x.place IN " INSIDE
                    " UNION ALL SELECT x.entry FROM field x WHERE x.place IN " INSIDE,
                    "(+e.place IN " INSIDE " OR EXISTS (SELECT 1 FROM field x WHERE x.entry = e.n"
                    " AND +x.place IN " INSIDE "))"},
    [SIFT_SOURCE] = {"SELECT entry FROM account WHERE source = " SOURCE_KEY,
                     "EXISTS (SELECT 1 FROM account x WHERE x.entry = e.n"
                     " AND +x.source = " SOURCE_KEY ")"},
    [SIFT_TEXT] = {"SELECT rowid FROM entry_search WHERE entry_search MATCH ?11",
                   "+e.n IN (SELECT rowid FROM entry_search WHERE entry_search MATCH ?11)"},
};

static bool has_set(const struct sift *sift, int set)
{
    switch (set) {
    case SIFT_PARTY:
        return sift->filter->party != NULL;
    case SIFT_PLACE:
        return sift->filter->place != NULL;
    case SIFT_SOURCE:
        return sift->filter->source != NULL;
    default:
        return sift->filter->text != NULL;
    }
}

static void bind_text(struct lw_stmt *stmt, int at, const char *text)
{
    lw_stmt_bind_text(stmt, at, text, strlen(text));
}

static void bind_set(const struct sift *sift, int set, struct lw_stmt *stmt)
{
    const uint8_t *const ids[] = {sift->filter->party, sift->filter->place, sift->filter->source};

    if (set == SIFT_TEXT)
        lw_stmt_bind_text(stmt, BIND_SET + set, lw_buf_text(&sift->query), sift->query.len);
    else
        lw_stmt_bind_blob(stmt, BIND_SET + set, ids[set], LW_RECORD_ID);
}

/* Is the set small? Decides how its entries are found, never which. */
static enum lw_status probe_set(struct sift *sift, int set, struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    enum lw_status status =
        lw_buf_addf(&sql, "SELECT count(*) FROM (%s LIMIT %d)", sets[set].set, FEW + 1);

    if (status == LW_OK)
        status = lw_store_prepare(lw_journal_store(sift->journal), sql.data, &stmt, err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    bind_set(sift, set, stmt);
    status = lw_stmt_step(stmt, err);
    if (status == LW_OK) {
        sift->few[set] = lw_stmt_int(stmt, 0) <= FEW;
        lw_stmt_reset(stmt);
    }
    return status;
}

static void open_ends(struct sift *sift)
{
    if (sift->filter->since != NULL) {
        sift->since = *sift->filter->since;
        sift->since.latest = LW_TIME_MAX;
        sift->since.open = true;
    }
    if (sift->filter->until != NULL) {
        sift->until = *sift->filter->until;
        sift->until.earliest = LW_TIME_MIN;
        sift->until.open = true;
    }
}

enum lw_status sift_begin(struct lw_journal *journal, const struct lw_filter *filter,
                          struct sift *out, struct lw_error *err)
{
    static const struct lw_filter everything;
    struct sift sift = {.journal = journal, .filter = filter != NULL ? filter : &everything};
    enum lw_status status = LW_OK;

    filter = sift.filter;
    open_ends(&sift);
    if (filter->text != NULL)
        status = search_query(filter->text, filter->text_len, &sift.query, err);
    if (status == LW_OK)
        status = names_entries(journal, filter->names, filter->name_count, &sift.entries, err);
    for (int set = 0; set < SIFT_SETS && status == LW_OK; set++) {
        if (has_set(&sift, set))
            status = probe_set(&sift, set, err);
    }
    if (status == LW_OK)
        *out = sift;
    else
        sift_end(&sift);
    return status;
}

void sift_end(struct sift *sift)
{
    key_list_free(&sift->entries);
    lw_buf_free(&sift->query);
}

static enum lw_status add_sets(const struct sift *sift, struct lw_buf *sql)
{
    enum lw_status status = LW_OK;

    for (int set = 0; set < SIFT_SETS && status == LW_OK; set++) {
        if (has_set(sift, set) && sift->few[set])
            status = lw_buf_addf(sql, " AND e.n IN (%s)", sets[set].set);
        else if (has_set(sift, set))
            status = lw_buf_addf(sql, " AND %s", sets[set].test);
    }
    return status;
}

enum lw_status sift_sql(const struct sift *sift, struct lw_buf *sql)
{
    const struct lw_filter *filter = sift->filter;
    const bool draft = filter->status != NULL && strcmp(filter->status, "draft") == 0;
    const struct {
        bool used;
        const char *text;
    } part[] = {
        {filter->kind != NULL, " AND e.kind = ?1"},
        {filter->ref != NULL, " AND e.ref = ?2"},
        {filter->since != NULL, " AND (e.latest IS NULL OR e.latest > ?3)"},
        {filter->until != NULL, " AND (e.earliest IS NULL OR e.earliest < ?4)"},
        {filter->when != NULL, " AND (e.latest IS NULL OR e.latest > ?5)"
                               " AND (e.earliest IS NULL OR e.earliest < ?6)"},
        {filter->incident != NULL, " AND e.incident = (SELECT n FROM incident WHERE id = ?7)"},
        /* a word in the text, so that the index of drafts can be used */
        {filter->status != NULL && draft, " AND e.status = 'draft'"},
        {filter->status != NULL && !draft, " AND e.status <> 'draft'"},
    };
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(part); i++) {
        if (part[i].used)
            status = lw_buf_adds(sql, part[i].text);
    }
    return status == LW_OK ? add_sets(sift, sql) : status;
}

static int64_t sooner(int64_t at)
{
    return at < LW_TIME_MIN + SLACK ? LW_TIME_MIN : at - SLACK;
}

static int64_t later(int64_t at)
{
    return at > LW_TIME_MAX - SLACK ? LW_TIME_MAX : at + SLACK;
}

void sift_bind(const struct sift *sift, struct lw_stmt *stmt)
{
    const struct lw_filter *filter = sift->filter;

    if (filter->kind != NULL) {
        const char *known = lw_kind_find(sift->journal->forms, filter->kind, strlen(filter->kind));

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
    if (filter->incident != NULL)
        lw_stmt_bind_blob(stmt, BIND_INCIDENT, filter->incident, LW_RECORD_ID);
    for (int set = 0; set < SIFT_SETS; set++) {
        if (has_set(sift, set))
            bind_set(sift, set, stmt);
    }
}

/* An entry of unknown date may be at any time: it is never left out for it. */
enum lw_status sift_match(const struct sift *sift, int64_t n, const char *ref, const char *text,
                          bool *pass, enum lw_match *match, struct lw_error *err)
{
    const struct lw_filter *filter = sift->filter;
    struct lw_when when;
    enum lw_status status;

    *pass = filter->name_count == 0 || key_list_has(&sift->entries, n);
    *match = filter->when != NULL ? LW_MATCH_MAY_OVERLAP : LW_MATCH_STATED;
    if (!*pass || text == NULL || (!filter->since && !filter->until && !filter->when))
        return LW_OK;
    status = lw_when_parse(text, strlen(text), &when, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "%s", ref);
        return status;
    }
    if ((filter->since != NULL && !lw_when_overlaps(&when, &sift->since)) ||
        (filter->until != NULL && !lw_when_overlaps(&when, &sift->until)) ||
        (filter->when != NULL && !lw_when_overlaps(&when, filter->when)))
        *pass = false;
    else if (filter->when != NULL && lw_when_within(&when, filter->when))
        *match = LW_MATCH_STATED;
    return LW_OK;
}
