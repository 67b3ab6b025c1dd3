/* The stretch of the timeline that is in memory. */
#include "timeline.h"

#include <string.h>

enum { PAGE = 64, WINDOW = 512, COUNT_SLICE = 500 };

static struct lw_journal *journal_of(const struct lw_timeline *timeline)
{
    return lw_screen_journal(timeline->view.tui);
}

/* More than a screen, so that one step never needs two pages. */
static size_t page_rows(const struct lw_timeline *timeline)
{
    int rows = timeline->rows.list.rows;

    return PAGE + 2 * (size_t)(rows > 0 ? rows : 0);
}

static void take_part(const struct lw_timeline_part *part, struct lw_filter *out)
{
    switch (part->type) {
    case LW_RECORD_INCIDENT:
        out->incident = part->id;
        break;
    case LW_RECORD_PARTY:
        out->party = part->id;
        break;
    case LW_RECORD_PLACE:
        out->place = part->id;
        break;
    case LW_RECORD_SOURCE:
        out->source = part->id;
        break;
    case LW_TIMELINE_KIND:
        out->kind = lw_buf_text(&part->kind);
        break;
    default:
        break;
    }
}

void lw_timeline_filter_make(const struct lw_timeline_filter *filter, struct lw_filter *out)
{
    *out = (struct lw_filter){.tree = filter->typed.tree};
    for (size_t i = 0; i < filter->parts; i++)
        take_part(&filter->part[i], out);
}

static enum lw_status read_page(const struct lw_timeline *timeline, enum lw_page_way way,
                                const struct lw_anchor *anchor, struct lw_row_batch *batch,
                                bool *more, struct lw_error *err)
{
    struct lw_filter filter;

    lw_timeline_filter_make(&timeline->filter, &filter);
    return lw_timeline_page(journal_of(timeline), &filter, way, anchor, page_rows(timeline),
                            lw_row_batch_visit, batch, more, err);
}

enum lw_status lw_timeline_load_end(struct lw_timeline *timeline, bool last, struct lw_error *err)
{
    struct lw_row_batch batch = {.count = 0};
    bool more = false;
    enum lw_status status =
        read_page(timeline, last ? LW_PAGE_BEFORE : LW_PAGE_FROM, NULL, &batch, &more, err);

    if (status == LW_OK)
        status = lw_row_list_take(&timeline->rows, &batch, LW_ROWS_REPLACE, err);
    lw_row_batch_clear(&batch);
    if (status != LW_OK)
        return status;
    timeline->before = last && more;
    timeline->after = !last && more;
    timeline->rows.list.top = 0;
    lw_list_select(&timeline->rows.list,
                   last && timeline->rows.lines > 0 ? timeline->rows.lines - 1 : 0);
    return LW_OK;
}

/* The rows on both sides of an anchor, which is the first of the second half. */
static enum lw_status load_around(struct lw_timeline *timeline, const struct lw_anchor *anchor,
                                  struct lw_error *err)
{
    struct lw_row_batch front = {.count = 0}, back = {.count = 0};
    bool before = false, after = false;
    enum lw_status status = read_page(timeline, LW_PAGE_FROM, anchor, &back, &after, err);

    if (status == LW_OK)
        status = read_page(timeline, LW_PAGE_BEFORE, anchor, &front, &before, err);
    if (status == LW_OK)
        status = lw_row_list_take(&timeline->rows, &back, LW_ROWS_REPLACE, err);
    if (status == LW_OK) {
        timeline->after = after;
        timeline->before = before || front.count > 0;
        status = lw_row_list_take(&timeline->rows, &front, LW_ROWS_IN_FRONT, err);
    }
    if (status == LW_OK)
        timeline->before = before;
    lw_row_batch_clear(&front);
    lw_row_batch_clear(&back);
    return status;
}

enum lw_status lw_timeline_load(struct lw_timeline *timeline, const struct lw_row_mark *mark,
                                struct lw_error *err)
{
    struct lw_anchor anchor = mark->at;
    enum lw_status status;

    if (!mark->set)
        return lw_timeline_load_end(timeline, true, err);
    status = lw_timeline_anchor(journal_of(timeline), mark->id, &anchor, err);
    if (status == LW_OK || status == LW_NOT_FOUND)
        status = load_around(timeline, &anchor, err);
    if (status == LW_OK)
        lw_row_list_return(&timeline->rows, mark);
    return status;
}

enum lw_status lw_timeline_go_to(struct lw_timeline *timeline, const uint8_t id[LW_RECORD_ID],
                                 struct lw_error *err)
{
    struct lw_row_mark mark = {.set = true};

    if (lw_row_list_select(&timeline->rows, id))
        return LW_OK;
    memcpy(mark.id, id, LW_RECORD_ID);
    mark.offset = timeline->rows.list.rows > 0 ? (size_t)timeline->rows.list.rows / 2 : 0;
    return lw_timeline_load(timeline, &mark, err);
}

enum lw_status lw_timeline_go_to_day(struct lw_timeline *timeline, int64_t day,
                                     struct lw_error *err)
{
    const struct lw_row_mark mark = {.set = true, .at = lw_timeline_day(day), .offset = 1};

    timeline->moved_ms = 0;
    return lw_timeline_load(timeline, &mark, err);
}

/* One more page at an end; rows of the other end go where there are too many. */
static enum lw_status read_on(struct lw_timeline *timeline, bool behind, struct lw_error *err)
{
    struct lw_row_list *rows = &timeline->rows;
    const struct lw_row_copy *row = &rows->rows.row[behind ? rows->rows.count - 1 : 0];
    struct lw_row_batch batch = {.count = 0};
    struct lw_row_mark mark;
    bool more = false;
    enum lw_status status =
        read_page(timeline, behind ? LW_PAGE_AFTER : LW_PAGE_BEFORE, &row->at, &batch, &more, err);

    lw_row_list_mark(rows, &mark);
    mark.end = false;
    if (status == LW_OK)
        status = lw_row_list_take(rows, &batch, behind ? LW_ROWS_BEHIND : LW_ROWS_IN_FRONT, err);
    lw_row_batch_clear(&batch);
    if (status != LW_OK)
        return status;
    *(behind ? &timeline->after : &timeline->before) = more;
    if (lw_row_list_trim(rows, behind ? LW_ROWS_IN_FRONT : LW_ROWS_BEHIND,
                         WINDOW + 2 * page_rows(timeline)))
        *(behind ? &timeline->before : &timeline->after) = true;
    lw_row_list_return(rows, &mark);
    return LW_OK;
}

enum lw_status lw_timeline_keep_margin(struct lw_timeline *timeline, struct lw_error *err)
{
    struct lw_row_list *rows = &timeline->rows;
    size_t margin = 8 + 2 * (size_t)(rows->list.rows > 0 ? rows->list.rows : 0);
    enum lw_status status = LW_OK;

    if (timeline->after && rows->rows.count > 0 && rows->list.cursor + margin >= rows->lines)
        status = read_on(timeline, true, err);
    if (status == LW_OK && timeline->before && rows->rows.count > 0 && rows->list.cursor < margin)
        status = read_on(timeline, false, err);
    return status;
}

static enum lw_status visit_incident(void *context, const struct lw_record *incident,
                                     struct lw_error *err)
{
    struct lw_timeline *timeline = context;
    enum lw_status status = LW_OK;

    if (lw_record_value(incident, "same_as") != NULL)
        return LW_OK;
    lw_buf_clear(&timeline->incident);
    if (timeline->incidents++ == 0)
        status = lw_buf_adds(&timeline->incident, lw_record_text(incident, "title"));
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* Without a filter the store has the numbers, and they are shown at once; else piece by piece. */
static enum lw_status count_dates(struct lw_timeline *timeline, struct lw_error *err)
{
    bool filtered = lw_timeline_filter_is_on(&timeline->filter), changed;
    enum lw_status status;

    status = lw_sparkline_begin(&timeline->sparkline, journal_of(timeline), &timeline->dated,
                                filtered, err);
    return status == LW_OK && !filtered ? lw_sparkline_more(&timeline->sparkline, &changed, err)
                                        : status;
}

void lw_timeline_count_stop(struct lw_timeline *timeline)
{
    lw_sparkline_stop(&timeline->sparkline);
    lw_count_free(timeline->counting);
    timeline->counting = NULL;
}

enum lw_status lw_timeline_count_on(struct lw_timeline *timeline, struct lw_error *err)
{
    size_t before = timeline->entries;
    bool done = true;
    enum lw_status status;

    if (timeline->counting == NULL)
        return LW_OK;
    status = lw_count_more(timeline->counting, COUNT_SLICE, &timeline->entries, &done, err);
    if (status != LW_OK || done) {
        lw_count_free(timeline->counting);
        timeline->counting = NULL;
    }
    if (done || timeline->entries != before)
        lw_tui_redraw(timeline->view.tui);
    return status;
}

/* Of a small journal, all of them. */
static enum lw_status begin_count(struct lw_timeline *timeline, struct lw_error *err)
{
    enum lw_status status;

    timeline->entries = 0;
    lw_timeline_filter_make(&timeline->filter, &timeline->dated);
    status = lw_count_begin(journal_of(timeline), &timeline->dated, LW_TIMELINE_COUNTED + 1,
                            &timeline->counting, err);
    return status == LW_OK ? lw_timeline_count_on(timeline, err) : status;
}

enum lw_status lw_timeline_count_all(struct lw_timeline *timeline, struct lw_error *err)
{
    const struct lw_filter drafts = {.status = "draft"};
    enum lw_status status;

    lw_timeline_count_stop(timeline);
    status = begin_count(timeline, err);
    if (status == LW_OK)
        status = lw_timeline_count(journal_of(timeline), &drafts, LW_TIMELINE_COUNTED + 1,
                                   &timeline->drafts, err);
    if (status == LW_OK)
        status = lw_tasks_count(journal_of(timeline), NULL, lw_journal_day(journal_of(timeline)),
                                &timeline->tasks, err);
    timeline->incidents = 0;
    if (status == LW_OK)
        status = lw_record_each(journal_of(timeline), LW_RECORD_INCIDENT, NULL, NULL,
                                visit_incident, timeline, err);
    if (status == LW_OK)
        status = count_dates(timeline, err);
    return status;
}

enum lw_status lw_timeline_reload(struct lw_timeline *timeline, struct lw_error *err)
{
    struct lw_row_mark mark;
    enum lw_status status;

    lw_row_list_mark(&timeline->rows, &mark);
    if (mark.set)
        timeline->place = mark;
    lw_timeline_count_stop(timeline); /* the filter may be gone */
    timeline->ready = false;
    lw_preview_clear(&timeline->preview);
    lw_entry_pane_clear(&timeline->pane);
    status = lw_timeline_load(timeline, &timeline->place, err);
    return status == LW_OK ? lw_timeline_count_all(timeline, err) : status;
}
