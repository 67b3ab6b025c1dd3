/* The timeline as a screen. */
#include "entry_view.h"
#include "loop_internal.h"
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

enum { REST_MS = 150, READY_NAMES = 200 };

enum { NARROW = 60 };

static struct lw_timeline *timeline_of(struct lw_view *view)
{
    return (struct lw_timeline *)view;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static bool is_narrow(const struct lw_view *view)
{
    return lw_tui_grid(view->tui)->columns < NARROW;
}

/* The month of the selected entry, or its day where headings scroll out of sight soon; but what is
 * no day is not made one: "From about 2009 on". */
static enum lw_status say_period(const struct lw_view *view, const struct lw_row_copy *row,
                                 struct lw_buf *out)
{
    struct lw_buf day = LW_BUF_INIT;
    enum lw_status status = LW_OK;
    bool is_day = false;

    if (row->day != LW_TIME_MIN) {
        status = lw_day_say(row->day, &day);
        is_day = status == LW_OK && row->heading != NULL && strcmp(row->heading, day.data) == 0;
    }
    lw_buf_free(&day);
    if (status != LW_OK)
        return status;
    if (is_day && !is_narrow(view))
        return lw_month_say(row->day, out);
    return lw_buf_adds(out, row->heading != NULL ? row->heading : "");
}

/* While the selection moves, the entry that was told before: a line is spared what is not read. */
static const struct lw_row_copy *told(const struct lw_timeline *timeline)
{
    const struct lw_row_copy *row = NULL;

    if (timeline->moved_ms != 0 && timeline->tells)
        row = lw_row_list_find(&timeline->rows, timeline->told);
    return row != NULL ? row : lw_row_list_selected(&timeline->rows);
}

static void tell(struct lw_timeline *timeline)
{
    const struct lw_row_copy *row = told(timeline);

    timeline->tells = row != NULL;
    if (row != NULL)
        memcpy(timeline->told, row->id, LW_RECORD_ID);
}

/* "December 2014 · Attacks on the Joint Mobile Group" */
static enum lw_status timeline_title(struct lw_view *view, struct lw_buf *out)
{
    struct lw_timeline *timeline = timeline_of(view);
    const struct lw_row_copy *row =
        is_narrow(view) ? lw_row_list_selected(&timeline->rows) : told(timeline);
    const char *what = lw_buf_text(&timeline->incident);
    enum lw_status status = LW_OK;

    if (timeline->incidents > 1)
        what = _("all incidents");
    if (timeline->filter.parts > 0)
        what = lw_buf_text(&timeline->filter.part[timeline->filter.parts - 1].name);
    if (row != NULL)
        status = say_period(view, row, out);
    else if (what[0] == '\0')
        status = lw_buf_says(out, "Timeline");
    if (status == LW_OK && what[0] != '\0')
        status = lw_buf_addf(out, "%s%s", out->len > 0 ? " · " : "", what);
    return status;
}

static enum lw_status say_entries(size_t count, bool counting, struct lw_buf *out)
{
    if (count > LW_TIMELINE_COUNTED)
        return lw_buf_sayf(out, "%d+ entries", LW_TIMELINE_COUNTED);
    if (counting)
        return lw_buf_sayf(out, "%d+ entries", (int)count);
    return lw_buf_addf(out, lw_say_count("%zu entry", "%zu entries", count), count);
}

static enum lw_status say_drafts(size_t count, struct lw_buf *out)
{
    if (count > LW_TIMELINE_COUNTED)
        return lw_buf_sayf(out, "%d+ drafts", LW_TIMELINE_COUNTED);
    return lw_buf_addf(out, lw_say_count("%zu draft", "%zu drafts", count), count);
}

/* "2 tasks overdue, 1 due today · ", where that is so. */
static enum lw_status say_tasks(const struct lw_timeline *timeline, struct lw_buf *out)
{
    const struct lw_task_counts *tasks = &timeline->tasks;
    enum lw_status status = LW_OK;

    if (tasks->overdue == 0 && tasks->today == 0)
        return LW_OK;
    if (!is_narrow(&timeline->view))
        status = lw_tasks_say(tasks, out);
    else if (tasks->overdue > 0)
        status = lw_buf_sayf(out, "%zu overdue", tasks->overdue);
    else
        status = lw_buf_sayf(out, "%zu due", tasks->today);
    return status == LW_OK ? lw_buf_adds(out, " · ") : status;
}

/* "38 entries · 3 drafts · saved"; where something is not saved yet the notice says so. Tasks that
 * are due stand in the place of the drafts. */
static enum lw_status timeline_status(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_timeline *timeline = timeline_of(view);
    enum lw_status status = say_tasks(timeline, out);
    bool due = out->len > 0 && (timeline->tasks.overdue > 0 || timeline->tasks.today > 0);

    if (status == LW_OK)
        status = say_entries(timeline->entries, timeline->counting != NULL, out);
    if (is_narrow(view))
        return status;
    if (status == LW_OK && timeline->drafts > 0 && !due) {
        status = lw_buf_adds(out, " · ");
        if (status == LW_OK)
            status = say_drafts(timeline->drafts, out);
    }
    if (status == LW_OK && lw_tui_is_read_only(view->tui))
        status = lw_buf_says(out, " · read-only");
    else if (status == LW_OK && view->tui->notice.len == 0)
        status = lw_buf_says(out, " · saved");
    return status;
}

static void draw_filter(struct lw_timeline *timeline, const struct lw_area *area)
{
    struct lw_buf said = LW_BUF_INIT;

    if (lw_timeline_filter_say(&timeline->filter, &said) == LW_OK)
        lw_typed_filter_draw(&timeline->view, &said, area);
    lw_buf_free(&said);
}

/* What to do about it, where something can be done. */
static enum lw_status say_empty(const struct lw_timeline *timeline, struct lw_buf *out)
{
    const struct lw_keymap *keymap = lw_tui_keymap(timeline->view.tui);
    const struct lw_action *log = lw_keymap_named(keymap, LW_IN_TIMELINE, "log", 3, NULL);
    enum lw_status status;

    if (lw_timeline_filter_is_on(&timeline->filter))
        return lw_buf_says(out, "no entry passes the filter");
    status = lw_buf_says(out, "no entries yet");
    if (status != LW_OK || log == NULL)
        return status;
    status = lw_buf_adds(out, "; ");
    if (status == LW_OK)
        status = lw_keymap_keys(keymap, LW_IN_TIMELINE, log, 1, out);
    return status == LW_OK ? lw_buf_says(out, " logs the first one") : status;
}

/* True while there is more to be counted. */
static bool count_on(struct lw_timeline *timeline)
{
    struct lw_error err = {.status = LW_OK};
    bool changed = false;

    if (lw_timeline_count_on(timeline, &err) != LW_OK ||
        lw_sparkline_more(&timeline->sparkline, &changed, &err) != LW_OK)
        lw_tui_complain(timeline->view.tui, &err);
    if (changed)
        lw_tui_redraw(timeline->view.tui);
    return timeline->counting != NULL || timeline->sparkline.next != NULL;
}

/* Piece by piece, while nothing is typed. Where this fails, a filter says so when it is used. */
static bool make_ready(struct lw_timeline *timeline)
{
    struct lw_error err = {.status = LW_OK};

    if (!timeline->ready && !lw_tui_waits(timeline->view.tui) &&
        lw_filter_ready(lw_screen_journal(timeline->view.tui), READY_NAMES, &timeline->ready,
                        &err) != LW_OK)
        timeline->ready = true;
    return timeline->ready;
}

static int timeline_tick(struct lw_view *view)
{
    struct lw_timeline *timeline = timeline_of(view);
    int64_t rested = lw_tui_steady_ms(view->tui) - timeline->moved_ms;
    bool counting = count_on(timeline);

    if (timeline->moved_ms != 0 && rested >= REST_MS) {
        timeline->moved_ms = 0;
        lw_tui_redraw(view->tui);
    }
    if (counting || !make_ready(timeline))
        return 0;
    return timeline->moved_ms == 0 ? -1 : (int)(REST_MS - rested);
}

static void draw_beside(struct lw_timeline *timeline, const struct lw_area *area)
{
    struct lw_entry_pane *pane = &timeline->pane;
    const struct lw_row_copy *row = told(timeline);

    lw_entry_pane_draw(pane, timeline->view.tui, row != NULL ? row->id : NULL, area);
}

static void draw_below(struct lw_timeline *timeline, const struct lw_area *area)
{
    lw_preview_draw(&timeline->preview, lw_screen_journal(timeline->view.tui), told(timeline),
                    area);
}

static void draw_list(struct lw_timeline *timeline, const struct lw_area *area)
{
    bool compact = timeline->form == LW_TIMELINE_COMPACT;
    struct lw_buf empty = LW_BUF_INIT;
    struct lw_area part = *area;
    int above = 0;

    if (!compact && lw_sparkline_rows(&timeline->sparkline, area->rows, area->columns) > 0) {
        lw_sparkline_draw(&timeline->sparkline, area);
        part = lw_area_part(area, ++above, 0, area->rows - 1, area->columns);
    }
    if (lw_timeline_filter_is_on(&timeline->filter)) {
        draw_filter(timeline, &part);
        above++;
    }
    part = lw_area_part(area, above, 0, area->rows - above, area->columns);
    if (timeline->rows.lines == 0 && say_empty(timeline, &empty) != LW_OK)
        lw_buf_clear(&empty);
    lw_row_list_draw(&timeline->rows, &part, lw_buf_text(&empty));
    lw_buf_free(&empty);
}

/* The selected entry stands beside the list where there is room, below it, or nowhere. The list is
 * drawn last: it has the cursor. */
static void timeline_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_timeline *timeline = timeline_of(view);
    int rows = area->rows, columns = area->columns;
    struct lw_area part;

    tell(timeline);
    if (timeline->form != LW_TIMELINE_COMPACT && rows >= LW_PANE_ROWS &&
        columns >= LW_PANE_COLUMNS) {
        columns = columns / 2 - 1;
        part = lw_area_part(area, 0, columns + 1, rows, area->columns - columns - 1);
        draw_beside(timeline, &part);
    } else if (timeline->form != LW_TIMELINE_COMPACT && lw_preview_rows(rows) > 0) {
        rows -= lw_preview_rows(area->rows);
        part = lw_area_part(area, rows, 0, area->rows - rows, columns);
        draw_below(timeline, &part);
    }
    part = lw_area_part(area, 0, 0, rows, columns);
    draw_list(timeline, &part);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

static bool timeline_move(struct lw_view *view, enum lw_move move)
{
    struct lw_timeline *timeline = timeline_of(view);
    struct lw_error err = {.status = LW_OK};
    enum lw_status status;

    if ((move == LW_MOVE_FIRST && timeline->before) || (move == LW_MOVE_LAST && timeline->after))
        status = lw_timeline_load_end(timeline, move == LW_MOVE_LAST, &err);
    else
        status = lw_timeline_keep_margin(timeline, &err);
    if (status != LW_OK)
        lw_tui_complain(view->tui, &err);
    if (!lw_tui_grid(view->tui)->plain) /* where all of it is told in one go */
        timeline->moved_ms = lw_tui_steady_ms(view->tui);
    return lw_list_move(&timeline->rows.list, move);
}

static enum lw_status timeline_refresh(struct lw_view *view, struct lw_error *err)
{
    return lw_timeline_reload(timeline_of(view), err);
}

/* The entry view goes on along the same rows, and the selection goes with it. */
static enum lw_status timeline_step(void *context, const uint8_t id[LW_RECORD_ID], int by,
                                    uint8_t out[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_timeline *timeline = context;
    struct lw_filter filter;
    enum lw_status status;

    lw_timeline_filter_make(&timeline->filter, &filter);
    status = lw_entry_step(lw_screen_journal(timeline->view.tui), &filter, id, by, out, err);
    return status == LW_OK ? lw_timeline_go_to(timeline, out, err) : status;
}

static enum lw_status timeline_open(struct lw_view *view, struct lw_error *err)
{
    struct lw_timeline *timeline = timeline_of(view);
    const struct lw_row_copy *row = lw_row_list_selected(&timeline->rows);
    const struct lw_entry_way way = {.step = timeline_step, .context = timeline};

    return row == NULL ? LW_OK : lw_entry_show_on(view->tui, row->id, &way, err);
}

/* Going back takes what was filtered here away first, but not what the view was opened for. */
static struct lw_typed_filter *timeline_filter(struct lw_view *view)
{
    return &timeline_of(view)->filter.typed;
}

static void timeline_close(struct lw_view *view)
{
    struct lw_timeline *timeline = timeline_of(view);

    lw_timeline_count_stop(timeline);
    lw_row_list_clear(&timeline->rows);
    lw_timeline_filter_clear(&timeline->filter);
    lw_preview_clear(&timeline->preview);
    lw_entry_pane_clear(&timeline->pane);
    lw_sparkline_free(&timeline->sparkline);
    lw_buf_free(&timeline->incident);
    free(timeline);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_TIMELINE,
    .help =
        "The timeline by day. \"?\" is a time that is not known, \"later\" one that is stated only "
        "by its order, \"…\" something that lasts; ≠ marks what sources say differently.",
    .draw = timeline_draw,
    .close = timeline_close,
    .title = timeline_title,
    .status = timeline_status,
    .move = timeline_move,
    .open = timeline_open,
    .back = lw_typed_filter_back,
    .filter = timeline_filter,
    .refresh = timeline_refresh,
    .tick = timeline_tick,
};

/* ---- opening ----------------------------------------------------------------------------------
 */

static struct lw_timeline *make(struct lw_tui *tui, struct lw_error *err)
{
    struct lw_timeline *timeline = calloc(1, sizeof *timeline);

    if (timeline == NULL) {
        lw_fail(err, LW_NO_MEMORY, "no memory for the timeline");
        return NULL;
    }
    timeline->view.ops = &operations;
    timeline->view.tui = tui;
    if (lw_tui_grid(tui)->plain)
        timeline->form = LW_TIMELINE_COMPACT; /* a step is told in one line */
    lw_row_list_init(&timeline->rows);
    return timeline;
}

/* With the rows read as far as status says so. */
static enum lw_status push(struct lw_timeline *timeline, enum lw_status status,
                           struct lw_error *err)
{
    if (status == LW_OK)
        status = lw_timeline_count_all(timeline, err);
    if (status == LW_OK)
        lw_tui_push(timeline->view.tui, &timeline->view);
    else
        timeline_close(&timeline->view);
    return status;
}

enum lw_status lw_timeline_show(struct lw_tui *tui, struct lw_error *err)
{
    struct lw_timeline *timeline = make(tui, err);

    return timeline == NULL ? LW_NO_MEMORY
                            : push(timeline, lw_timeline_load_end(timeline, true, err), err);
}

static enum lw_status add_part(struct lw_timeline *timeline, int type, const uint8_t *id,
                               const char *kind, const char *name, bool *other,
                               struct lw_error *err)
{
    if (lw_timeline_filter_add(&timeline->filter, type, id, kind, name, other) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the timeline");
    return LW_OK;
}

enum lw_status lw_timeline_show_of(struct lw_tui *tui, enum lw_record_type type,
                                   const uint8_t id[LW_RECORD_ID], const char *name,
                                   struct lw_error *err)
{
    struct lw_timeline *timeline = make(tui, err);
    enum lw_status status;
    bool other;

    if (timeline == NULL)
        return LW_NO_MEMORY;
    status = add_part(timeline, (int)type, id, NULL, name, &other, err);
    if (status == LW_OK)
        status = lw_timeline_load_end(timeline, false, err);
    return push(timeline, status, err);
}

/* The filter of another one, and what was chosen there. */
static enum lw_status copy(struct lw_timeline *timeline, const struct lw_timeline *from,
                           struct lw_error *err)
{
    struct lw_typed_filter *typed = &timeline->filter.typed;
    const struct lw_buf *text = &from->filter.typed.text;
    enum lw_status status = LW_OK;
    bool other;

    timeline->scale = from->scale;
    timeline->scale_chosen = from->scale_chosen;
    timeline->by = from->by;
    timeline->form = from->form;
    timeline->rows.expand = from->rows.expand;
    for (size_t i = 0; i < from->filter.parts && status == LW_OK; i++) {
        const struct lw_timeline_part *part = &from->filter.part[i];

        status = add_part(timeline, part->type, part->id, lw_buf_text(&part->kind),
                          lw_buf_text(&part->name), &other, err);
    }
    if (status != LW_OK || from->filter.typed.tree == NULL)
        return status;
    if (lw_buf_add(&typed->text, lw_buf_text(text), text->len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the timeline");
    return lw_filter_read(lw_screen_journal(timeline->view.tui), lw_buf_text(text), text->len,
                          &typed->tree, NULL, err);
}

enum lw_status lw_timeline_show_lane(struct lw_timeline *from, enum lw_lanes_by by,
                                     const struct lw_timeline_lane *lane, int64_t day,
                                     struct lw_error *err)
{
    static const int types[LW_LANES_BY] = {[LW_LANES_PERSON] = LW_RECORD_PARTY,
                                           [LW_LANES_PLACE] = LW_RECORD_PLACE,
                                           [LW_LANES_KIND] = LW_TIMELINE_KIND,
                                           [LW_LANES_SOURCE] = LW_RECORD_SOURCE};
    struct lw_timeline *timeline = make(from->view.tui, err);
    struct lw_buf key = LW_BUF_INIT;
    bool other = false;
    enum lw_status status;

    if (timeline == NULL)
        return LW_NO_MEMORY;
    status = copy(timeline, from, err);
    if (status == LW_OK)
        status = add_part(timeline, types[by], lane->id, lane->kind, lane->name, &other, err);
    if (status == LW_OK && other)
        status = lw_fail(
            err, LW_USAGE, "This list is of one %s already; a filter with %s takes another one too",
            lw_lanes_name(by), lw_tui_key(from->view.tui, LW_IN_TIMELINE, "filter", &key));
    lw_buf_free(&key);
    if (status == LW_OK)
        status = lw_timeline_go_to_day(timeline, day, err);
    return push(timeline, status, err);
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status filter(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_typed_filter_ask(view, "", err);
}

static enum lw_status filter_kind(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return lw_typed_filter_ask(view, "kind:", err);
}

static enum lw_status filter_off(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)argument;
    if (view->ops == &operations && lw_timeline_filter_is_on(&timeline_of(view)->filter)) {
        lw_tui_renewed(view);
        return lw_timeline_filter_off(timeline_of(view), err);
    }
    if (!lw_typed_filter_back(view))
        lw_tui_say(tui, "no filter is on");
    return LW_OK;
}

/* With a line about each entry below it, compact, and as it was. */
static enum lw_status change_form(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    struct lw_timeline *timeline = timeline_of(view);

    (void)argument;
    (void)err;
    timeline->form = (enum lw_timeline_form)((timeline->form + 1) % LW_TIMELINE_FORMS);
    lw_row_list_expand(&timeline->rows,
                       timeline->form == LW_TIMELINE_EXPANDED ? lw_screen_journal(tui) : NULL);
    lw_tui_say(tui, "%s",
               timeline->form == LW_TIMELINE_EXPANDED  ? "two lines an entry"
               : timeline->form == LW_TIMELINE_COMPACT ? "a line an entry, and nothing else"
                                                       : "a line an entry, the selected one below");
    return LW_OK;
}

static enum lw_status edit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];

    (void)argument;
    if (!lw_screen_selected(view, &type, id))
        return LW_OK;
    return lw_form_show(tui, type, id, err);
}

#define FILTERED (LW_IN_TIMELINE | LW_IN_REGISTER | LW_IN_TASKS)

static const struct lw_action list[] = {
    {"edit", "e", LW_IN_TIMELINE | LW_IN_LIST,
     "change the entry, or what is selected in a list, in a form", "edit", LW_ACTION_WRITES, edit},
    {"filter", "f", FILTERED, "show only entries that pass, as lapwing-filter(7) tells", "filter",
     0, filter},
    {"filter-kind", "K", FILTERED, "show only entries of one kind", NULL, 0, filter_kind},
    {"filter-off", "F", FILTERED, "show all entries again", NULL, 0, filter_off},
    {"expand", "v", LW_IN_TIMELINE, "two lines an entry; once more a compact list, then as before",
     NULL, 0, change_form},
};

const struct lw_action_table lw_actions_timeline = {list, LW_COUNT_OF(list)};

struct lw_timeline *lw_timeline_of(struct lw_view *view)
{
    return view->ops == &operations ? timeline_of(view) : NULL;
}

/* ---- what is selected -------------------------------------------------------------------------
 */

bool lw_timeline_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID])
{
    const struct lw_row_copy *row = NULL;

    if (view->ops == &operations)
        row = lw_row_list_selected(&((const struct lw_timeline *)view)->rows);
    if (row != NULL)
        memcpy(id, row->id, LW_RECORD_ID);
    return row != NULL;
}
