/*
 * A line for each thing that is not as at the beginning, in the order in which they are taken: "by" and
 * what lanes are of, "filter" and what is typed, "entry" and its id, "zoom" and which, or "open" where
 * the entry was read. Unknown lines are passed over.
 */
#include "place.h"

#include "time_cursor.h"
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_ABOVE = 4 }; /* the entry is shown with so many before it */

/* The timeline that everything else is over, and what is directly over it. */
struct base {
    struct lw_timeline *timeline;
    struct lw_view *above;
};

static struct base base_of(struct lw_tui *tui)
{
    struct base base = {NULL, NULL};

    for (struct lw_view *view = lw_tui_top(tui); view != NULL; view = view->below) {
        if (view->below == NULL)
            base.timeline = lw_timeline_of(view);
        else
            base.above = view;
    }
    return base;
}

/* ---- into text -------------------------------------------------------------------------------- */

static bool is_at_end(const struct lw_timeline *timeline)
{
    return !timeline->after && timeline->rows.list.cursor + 1 >= timeline->rows.lines;
}

static enum lw_status say_entry(const struct lw_timeline *timeline, struct lw_buf *out)
{
    const struct lw_row_copy *row = lw_row_list_selected(&timeline->rows);
    char digits[2 * LW_RECORD_ID + 1];

    if (row == NULL)
        return LW_OK;
    lw_hex_encode(row->id, LW_RECORD_ID, digits);
    return lw_buf_addf(out, "entry %s\n", digits);
}

static const char *word_of(const struct lw_view *above)
{
    switch (above != NULL ? above->ops->context : 0) {
    case LW_IN_RULER:
        return "zoom ruler\n";
    case LW_IN_LANES:
        return "zoom lanes\n";
    case LW_IN_ENTRY:
        return "open\n";
    default:
        return "";
    }
}

/* While protected names are shown, one may stand in the filter: they are not to come back with it. */
static bool tells_filter(const struct lw_timeline *timeline)
{
    return timeline->filter.typed.text.len > 0 &&
           !lw_journal_reveals(lw_screen_journal(timeline->view.tui));
}

enum lw_status lw_place_say(struct lw_tui *tui, struct lw_buf *out)
{
    const struct base base = base_of(tui);
    const struct lw_timeline *timeline = base.timeline;
    const struct lw_buf *filter;
    enum lw_status status = LW_OK;
    const char *above = word_of(base.above);

    if (timeline == NULL)
        return LW_OK;
    filter = &timeline->filter.typed.text;
    if (timeline->by != 0)
        status = lw_buf_addf(out, "by %d\n", (int)timeline->by);
    if (status == LW_OK && tells_filter(timeline))
        status = lw_buf_addf(out, "filter %s\n", lw_buf_text(filter));
    if (status == LW_OK && (!is_at_end(timeline) || filter->len > 0 || above[0] != '\0'))
        status = say_entry(timeline, out);
    return status == LW_OK ? lw_buf_add(out, above, strlen(above)) : status;
}

/* ---- out of text ------------------------------------------------------------------------------ */

/* Where it is no longer there, or the filter does not let it through, what is near is selected. */
static enum lw_status go_to(struct lw_timeline *timeline, const char *digits, size_t len,
                            uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_row_mark mark = {.set = true, .offset = LINES_ABOVE};
    enum lw_status status;

    if (!lw_hex_decode(digits, len, id, LW_RECORD_ID))
        return LW_OK;
    memcpy(mark.id, id, LW_RECORD_ID);
    status = lw_timeline_anchor(lw_screen_journal(timeline->view.tui), mark.id, &mark.at, err);
    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    return lw_timeline_load(timeline, &mark, err);
}

/* Not another one in its place. */
static enum lw_status open_entry(struct lw_timeline *timeline, const uint8_t id[LW_RECORD_ID],
                                 struct lw_error *err)
{
    const struct lw_row_copy *row = lw_row_list_selected(&timeline->rows);

    if (row == NULL || memcmp(row->id, id, LW_RECORD_ID) != 0)
        return LW_OK;
    return timeline->view.ops->open(&timeline->view, err);
}

static enum lw_status take_filter(struct lw_timeline *timeline, const char *text, size_t len,
                                  struct lw_error *err)
{
    enum lw_status status = lw_typed_filter_set(&timeline->view, text, len, NULL, err);

    return status == LW_BAD_DATA || status == LW_TOO_LONG || status == LW_NOT_FOUND ? LW_OK : status;
}

static int number_of(const char *text, size_t len, int count)
{
    uint64_t number;

    return lw_parse_u64(text, len, (uint64_t)count - 1, &number) ? (int)number : 0;
}

static enum lw_status show_above(struct lw_timeline *timeline, const char *word, size_t len,
                                 struct lw_error *err)
{
    struct lw_time_cursor *cursor = NULL;
    enum lw_status status = lw_time_cursor_new(timeline, &cursor, err);

    if (status != LW_OK || cursor == NULL)
        return status;
    return len == 5 && memcmp(word, "lanes", len) == 0
               ? lw_lanes_show(timeline->view.tui, cursor, err)
               : lw_ruler_show(timeline->view.tui, cursor, err);
}

static enum lw_status take_line(struct lw_timeline *timeline, const char *line, size_t len,
                                uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    size_t name = 0;
    const char *rest;

    while (name < len && line[name] != ' ')
        name++;
    rest = line + name + (name < len);
    len -= (size_t)(rest - line);
    if (name == 5 && memcmp(line, "entry", name) == 0)
        return go_to(timeline, rest, len, entry, err);
    if (name == 2 && memcmp(line, "by", name) == 0)
        timeline->by = (enum lw_lanes_by)number_of(rest, len, LW_LANES_BY);
    if (name == 6 && memcmp(line, "filter", name) == 0)
        return take_filter(timeline, rest, len, err);
    if (name == 4 && memcmp(line, "zoom", name) == 0)
        return show_above(timeline, rest, len, err);
    if (name == 4 && memcmp(line, "open", name) == 0)
        return open_entry(timeline, entry, err);
    return LW_OK;
}

enum lw_status lw_place_return(struct lw_tui *tui, const char *text, struct lw_error *err)
{
    struct lw_timeline *timeline = base_of(tui).timeline;
    enum lw_status status = LW_OK;
    uint8_t entry[LW_RECORD_ID] = {0};
    const char *end;

    for (; timeline != NULL && status == LW_OK && (end = strchr(text, '\n')) != NULL; text = end + 1)
        status = take_line(timeline, text, (size_t)(end - text), entry, err);
    return status;
}
