/* One entry as a screen: scrolled like a page, with the other entries it names to follow. */
#include "entry_view.h"

#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static struct lw_entry_view *entry_of(struct lw_view *view)
{
    return (struct lw_entry_view *)view;
}

struct lw_entry_view *lw_entry_of(struct lw_view *view)
{
    return view->ops == &operations ? entry_of(view) : NULL;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

/* Reads another entry, or the same one anew; on error the view stays as it was. */
static enum lw_status read_entry(struct lw_entry_view *self, const uint8_t id[LW_RECORD_ID],
                                 struct lw_error *err)
{
    char *title = NULL;
    enum lw_status status =
        lw_entry_page_load(lw_screen_journal(self->view.tui), lw_tui_clock(self->view.tui), id,
                           &self->page, &title, err);

    if (status != LW_OK)
        return status;
    lw_text_free(self->title);
    self->title = title;
    memmove(self->id, id, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status entry_refresh(struct lw_view *view, struct lw_error *err)
{
    struct lw_entry_view *self = entry_of(view);
    struct lw_entry_page before = self->page;
    struct lw_entry_mark mark;
    enum lw_status status;

    lw_entry_mark(self, &mark);
    self->page = (struct lw_entry_page){.width = 0}; /* reading clears it */
    status = read_entry(self, self->id, err);
    if (status == LW_OK) {
        lw_entry_return(self, &mark);
        if (self->adding)
            lw_entry_go_to_new(self, &before);
        lw_entry_page_clear(&before);
    } else {
        self->page = before;
    }
    return status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static enum lw_status entry_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, entry_of(view)->title);
}

static enum lw_status entry_status(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_entry_view *self = entry_of(view);
    int last = self->top + self->rows;

    if (self->page.rows <= self->rows || self->rows == 0)
        return LW_OK;
    return lw_buf_sayf(out, "%d of %d lines", last < self->page.rows ? last : self->page.rows,
                       self->page.rows);
}

static void keep_in_range(struct lw_entry_view *self)
{
    if (self->top > self->page.rows - self->rows)
        self->top = self->page.rows - self->rows;
    if (self->top < 0)
        self->top = 0;
}

static void scroll_to_selected(struct lw_entry_view *self)
{
    int first = 0, end = 0;

    self->follow = false;
    if (self->selected == SIZE_MAX || !lw_entry_rows(self, self->selected, &first, &end))
        return;
    if (end > self->top + self->rows)
        self->top = end - self->rows;
    if (first < self->top)
        self->top = first;
}

static const struct lw_entry_piece *first_piece(const struct lw_entry_view *self, size_t line)
{
    for (size_t i = 0; i < self->page.pieces; i++) {
        if (self->page.piece[i].line == line)
            return &self->page.piece[i];
    }
    return NULL;
}

static void draw_mark(const struct lw_entry_view *self, const struct lw_area *area)
{
    const struct lw_entry_piece *piece =
        self->selected != SIZE_MAX ? first_piece(self, self->selected) : NULL;
    int row = piece != NULL ? piece->row - self->top : -1;

    if (row < 0 || row >= area->rows)
        return;
    lw_area_puts(area, row, piece->gutter, LW_STYLE_MARK, ">");
    lw_area_cursor(area, row, piece->gutter);
}

void lw_entry_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_entry_view *self = entry_of(view);

    if (lw_entry_lay_out(&self->page, area->columns) != LW_OK) {
        lw_area_says(area, 0, 0, LW_STYLE_ALARM, "no memory to show the entry");
        return;
    }
    self->rows = area->rows;
    if (self->follow)
        scroll_to_selected(self);
    keep_in_range(self);
    lw_area_cursor(area, 0, 0);
    lw_entry_page_draw(&self->page, self->top, area);
    draw_mark(self, area);
}

/* ---- moving -----------------------------------------------------------------------------------
 */

static enum lw_status keep_id(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    memcpy(context, row->id, LW_RECORD_ID);
    return LW_OK;
}

enum lw_status lw_entry_step(struct lw_journal *journal, const struct lw_filter *filter,
                             const uint8_t id[LW_RECORD_ID], int by, uint8_t out[LW_RECORD_ID],
                             struct lw_error *err)
{
    uint8_t found[LW_RECORD_ID], none[LW_RECORD_ID] = {0};
    struct lw_anchor anchor;
    enum lw_status status = lw_timeline_anchor(journal, id, &anchor, err);

    memcpy(found, none, LW_RECORD_ID);
    if (status == LW_OK)
        status = lw_timeline_page(journal, filter, by > 0 ? LW_PAGE_AFTER : LW_PAGE_BEFORE, &anchor,
                                  1, keep_id, found, NULL, err);
    if (status != LW_OK)
        return status;
    if (memcmp(found, none, LW_RECORD_ID) == 0)
        return LW_DONE;
    memcpy(out, found, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status go(struct lw_entry_view *self, int by, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    enum lw_status status;

    if (self->way.step != NULL)
        status = self->way.step(self->way.context, self->id, by, id, err);
    else
        status = lw_entry_step(lw_screen_journal(self->view.tui), NULL, self->id, by, id, err);
    if (status == LW_DONE) {
        lw_tui_say(self->view.tui, by > 0 ? "this is the last one" : "this is the first one");
        return LW_OK;
    }
    if (status == LW_OK)
        status = read_entry(self, id, err);
    if (status == LW_OK) {
        self->top = 0;
        self->selected = SIZE_MAX;
        lw_tui_renewed(&self->view);
    }
    return status;
}

bool lw_entry_move(struct lw_entry_view *self, enum lw_move move)
{
    int page = self->rows > 1 ? self->rows - 1 : 1;
    int before = self->top;

    switch (move) {
    case LW_MOVE_UP:
    case LW_MOVE_DOWN:
        return lw_entry_down(self, move == LW_MOVE_DOWN ? 1 : -1);
    case LW_MOVE_PAGE_UP:
        self->top -= page;
        break;
    case LW_MOVE_PAGE_DOWN:
        self->top += page;
        break;
    case LW_MOVE_FIRST:
        self->top = 0;
        self->selected = SIZE_MAX;
        break;
    case LW_MOVE_LAST:
        self->top = self->page.rows;
        self->selected = SIZE_MAX;
        (void)lw_entry_select(self, -1, false);
        self->follow = false;
        break;
    default:
        return false;
    }
    keep_in_range(self);
    lw_entry_bring(self);
    return self->top != before;
}

static bool entry_move(struct lw_view *view, enum lw_move move)
{
    struct lw_error err = {.status = LW_OK};

    if (move != LW_MOVE_LEFT && move != LW_MOVE_RIGHT)
        return lw_entry_move(entry_of(view), move);
    if (go(entry_of(view), move == LW_MOVE_RIGHT ? 1 : -1, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return true;
}

static enum lw_status entry_open(struct lw_view *view, struct lw_error *err)
{
    struct lw_entry_view *self = entry_of(view);

    if (self->selected != SIZE_MAX)
        return lw_entry_enter(self, err);
    if (!lw_entry_select(self, 1, false))
        lw_tui_say(view->tui, "nothing hangs on this entry yet");
    return LW_OK;
}

static bool entry_back(struct lw_view *view)
{
    struct lw_entry_view *self = entry_of(view);
    bool selected = self->selected != SIZE_MAX;

    self->selected = SIZE_MAX;
    return selected;
}

static void entry_close(struct lw_view *view)
{
    struct lw_entry_view *self = entry_of(view);

    lw_entry_page_clear(&self->page);
    lw_text_free(self->title);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_ENTRY,
    .help = "Everything about one entry. The arrows go through what hangs on it: {open} opens an "
            "account, a fact with all that is said about it, or another entry; ≠ marks what "
            "sources say differently.",
    .draw = lw_entry_draw,
    .close = entry_close,
    .title = entry_title,
    .status = entry_status,
    .move = entry_move,
    .open = entry_open,
    .back = entry_back,
    .refresh = entry_refresh,
};

enum lw_status lw_entry_show_on(struct lw_tui *tui, const uint8_t id[LW_RECORD_ID],
                                const struct lw_entry_way *way, struct lw_error *err)
{
    struct lw_entry_view *self = calloc(1, sizeof *self);
    enum lw_status status;

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the entry");
    self->view.ops = &operations;
    self->view.tui = tui;
    self->selected = SIZE_MAX;
    if (way != NULL)
        self->way = *way;
    status = read_entry(self, id, err);
    if (status == LW_OK)
        lw_tui_push(tui, &self->view);
    else
        entry_close(&self->view);
    return status;
}

enum lw_status lw_entry_show(struct lw_tui *tui, const uint8_t id[LW_RECORD_ID],
                             struct lw_error *err)
{
    return lw_entry_show_on(tui, id, NULL, err);
}

bool lw_entry_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID])
{
    if (view->ops != &operations)
        return false;
    memcpy(id, ((const struct lw_entry_view *)view)->id, LW_RECORD_ID);
    return true;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status next_entry(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return go(entry_of(view), 1, err);
}

static enum lw_status previous_entry(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                     struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return go(entry_of(view), -1, err);
}

static enum lw_status next_link(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                struct lw_error *err)
{
    (void)argument;
    (void)err;
    if (!lw_entry_select(entry_of(view), 1, true))
        lw_tui_say(tui, "this entry leads to no other one");
    return LW_OK;
}

static enum lw_status previous_link(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    (void)argument;
    (void)err;
    if (!lw_entry_select(entry_of(view), -1, true))
        lw_tui_say(tui, "this entry leads to no other one");
    return LW_OK;
}

static const struct lw_action list[] = {
    {"next-entry", "] n", LW_IN_ENTRY,
     "the next entry of the list it was opened from; also to the right", "next", 0, next_entry},
    {"previous-entry", "[ N", LW_IN_ENTRY, "the entry before; also to the left", NULL, 0,
     previous_entry},
    {"next-link", "Tab", LW_IN_ENTRY, "to the next entry that this one names", "links", 0,
     next_link},
    {"previous-link", "Shift-Tab", LW_IN_ENTRY, "to the one named before", NULL, 0, previous_link},
};

const struct lw_action_table lw_actions_entry = {list, LW_COUNT_OF(list)};
