/* A page of the timeline: a step from a place in it, never a count of what lies before. */
#include "view.h"

#include <stdlib.h>

enum { BIND_POSITION = SIFT_BIND_FREE, BIND_N };

struct places {
    struct place *item;
    size_t count;
    size_t limit;
};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory");
}

static enum lw_status prepare(const struct sift *sift, enum lw_page_way way,
                              const struct lw_anchor *anchor, struct lw_stmt **stmt,
                              struct lw_error *err)
{
    static const char *const steps[] = {
        [LW_PAGE_FROM] = " AND (e.position, e.n) >= (?1, ?2)",
        [LW_PAGE_AFTER] = " AND (e.position, e.n) > (?1, ?2)",
        [LW_PAGE_BEFORE] = " AND (e.position, e.n) < (?1, ?2)",
    };
    struct lw_buf sql = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_adds(&sql, "SELECT e.n, e.position, e.day, e.ref, e.\"when\" FROM entry e WHERE 1");

    /* of those that are walked past, most do not pass: they need not be compared with the anchor */
    if (status == LW_OK)
        status = sift_sql(sift, &sql);
    if (status == LW_OK && anchor != NULL)
        status = lw_buf_adds(&sql, steps[way]);
    if (status == LW_OK)
        status = lw_buf_adds(&sql, way == LW_PAGE_BEFORE ? " ORDER BY e.position DESC, e.n DESC"
                                                         : " ORDER BY e.position, e.n");
    status = status == LW_OK
                 ? lw_store_prepare(lw_journal_store(sift->journal), sql.data, stmt, err)
                 : no_memory(err);
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    sift_bind(sift, *stmt);
    if (anchor != NULL) {
        lw_stmt_bind_int(*stmt, BIND_POSITION, anchor->position);
        lw_stmt_bind_int(*stmt, BIND_N, anchor->n);
    }
    return LW_OK;
}

/* Adds the entry that the statement stands on. */
static enum lw_status take_place(const struct sift *sift, struct lw_stmt *stmt,
                                 struct places *places, struct lw_error *err)
{
    struct place place = {.at = {.position = lw_stmt_int(stmt, 1), .n = lw_stmt_int(stmt, 0)}};
    size_t len = 0;
    enum lw_status status = sift_match(sift, lw_stmt_text(stmt, 3, &len),
                                       lw_stmt_text(stmt, 4, &len), &place.match, err);

    if (status != LW_OK)
        return status;
    place.day = lw_stmt_is_null(stmt, 2) ? LW_TIME_MIN : lw_stmt_int(stmt, 2);
    places->item[places->count++] = place;
    return LW_OK;
}

/* Walks from the anchor until limit places are there. */
static enum lw_status find_places(const struct sift *sift, enum lw_page_way way,
                                  const struct lw_anchor *anchor, struct places *places,
                                  struct lw_error *err)
{
    struct lw_stmt *stmt = NULL;
    enum lw_status status = prepare(sift, way, anchor, &stmt, err);

    if (status != LW_OK)
        return status;
    while (places->count < places->limit && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = take_place(sift, stmt, places, err);
        if (status != LW_OK)
            break;
    }
    if (status != LW_DONE)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

static void turn_round(struct places *places)
{
    for (size_t i = 0; i < places->count / 2; i++) {
        struct place other = places->item[i];

        places->item[i] = places->item[places->count - 1 - i];
        places->item[places->count - 1 - i] = other;
    }
}

enum lw_status place_visit(struct lw_journal *journal, const struct place *place,
                           struct row_before *before, lw_row_visitor *visit, void *context,
                           struct lw_error *err)
{
    struct lw_row row = {.match = place->match};
    struct lw_stmt *stmt;
    int64_t n;
    enum lw_status status = lw_store_prepare(
        lw_journal_store(journal), "SELECT " ROW_COLUMNS ROW_FROM " WHERE e.n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, place->at.n);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? lw_fail(err, LW_NOT_FOUND, "an entry is missing") : status;
    row_read(journal, stmt, &row, &n);
    status = row_complete(journal, n, &row, before, err);
    if (status == LW_OK)
        status = visit(context, &row, err);
    lw_stmt_reset(stmt);
    return status;
}

static void stand_before(const struct place *place, struct row_before before[2])
{
    before[place->match] = (struct row_before){.set = true, .n = place->at.n, .day = place->day};
}

/* Whether a row comes "later" depends on the one before it, also where that is on another page. */
static enum lw_status find_before(const struct sift *sift, const struct place *first,
                                  struct row_before before[2], struct lw_error *err)
{
    struct place found = {.day = 0};
    struct places one = {.item = &found, .limit = 1};
    enum lw_status status = find_places(sift, LW_PAGE_BEFORE, &first->at, &one, err);

    if (status == LW_OK && one.count > 0)
        stand_before(&found, before);
    return status;
}

static enum lw_status visit_page(const struct sift *sift, enum lw_page_way way,
                                 const struct lw_anchor *anchor, struct places *places,
                                 lw_row_visitor *visit, void *context, bool *more,
                                 struct lw_error *err)
{
    struct row_before before[2] = {{.set = false}};
    size_t first = 0, end;
    enum lw_status status = find_places(sift, way, anchor, places, err);

    if (status != LW_OK)
        return status;
    *more = places->count == places->limit;
    end = places->count - (*more ? 1 : 0);
    if (way == LW_PAGE_BEFORE) {
        turn_round(places);
        first = *more ? 1 : 0;
        end = places->count;
        if (*more)
            stand_before(&places->item[0], before);
    } else if (anchor != NULL && end > 0) {
        status = find_before(sift, &places->item[0], before, err);
    }
    for (size_t i = first; i < end && status == LW_OK; i++)
        status = place_visit(sift->journal, &places->item[i], &before[places->item[i].match], visit,
                             context, err);
    return status;
}

enum lw_status lw_timeline_page(struct lw_journal *journal, const struct lw_filter *filter,
                                enum lw_page_way way, const struct lw_anchor *anchor, size_t limit,
                                lw_row_visitor *visit, void *context, bool *more,
                                struct lw_error *err)
{
    struct places places = {.limit = limit + 1};
    struct sift sift;
    bool own, beyond = false;
    enum lw_status status;

    if (limit < SIZE_MAX / sizeof(*places.item))
        places.item = calloc(places.limit, sizeof(*places.item));
    if (places.item == NULL)
        return no_memory(err);
    status = snapshot_begin(journal, &own, err);
    if (status != LW_OK) {
        free(places.item);
        return status;
    }
    status = sift_begin(journal, filter, &sift, err);
    if (status == LW_OK) {
        status = visit_page(&sift, way, anchor, &places, visit, context, &beyond, err);
        sift_end(&sift);
    }
    free(places.item);
    snapshot_end(journal, own);
    if (status == LW_OK && more != NULL)
        *more = beyond;
    return status;
}

enum lw_status lw_timeline_anchor(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                  struct lw_anchor *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        lw_journal_store(journal), "SELECT position, n FROM entry WHERE id = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE)
        return lw_fail(err, LW_NOT_FOUND, "this entry is not there");
    if (status != LW_OK)
        return status;
    *out = (struct lw_anchor){.position = lw_stmt_int(stmt, 0), .n = lw_stmt_int(stmt, 1)};
    lw_stmt_reset(stmt);
    return LW_OK;
}
