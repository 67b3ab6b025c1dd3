/* Search as you type: a line to type in, and what it finds as rows of the timeline. */
#include "entry_view.h"
#include "preview.h"
#include "typing.h"

#include <stdlib.h>
#include <string.h>

enum { HITS = 50, QUERY_BYTES = 1024, MOMENT_MS = 60, READY_ENTRIES = 64 };

struct search_view {
    struct lw_view view;
    struct lw_text_field field;
    uint64_t searched; /* field.editor.changes of the hits */
    bool due;          /* the hits are not those of the text */
    bool walking;      /* keys go to the hits, not into the field */
    bool more;         /* there are others than the hits */
    bool unfinished;   /* the hits are those of a part of the entries, or of another text */
    int64_t until_ms;  /* when a search is over; 0: never by itself */
    struct lw_row_list rows;
    struct lw_preview preview;
    struct lw_error error; /* of the last search */
    bool ready;            /* the next search has nothing to prepare */
};

static struct search_view *search_of(struct lw_view *view)
{
    return (struct search_view *)view;
}

static const struct lw_buf *text_of(const struct search_view *self)
{
    return &self->field.editor.text;
}

/* ---- searching --------------------------------------------------------------------------------
 */

/* How long a search may take: what is drawn waits for no more than a moment of it, and goes on
 * without; what is used needs all of it. A key that is waiting ends it but there. */
enum patience { A_MOMENT, UNTIL_A_KEY, TO_THE_END };

static bool is_over(void *context)
{
    const struct search_view *self = context;

    return lw_tui_waits(self->view.tui) ||
           (self->until_ms != 0 && lw_tui_steady_ms(self->view.tui) >= self->until_ms);
}

static void search(struct search_view *self, enum patience patience)
{
    struct lw_row_batch batch = {.count = 0};
    enum lw_status status = LW_OK;
    bool more = false, whole = true;

    self->due = false;
    self->searched = self->field.editor.changes;
    self->until_ms = patience == A_MOMENT ? lw_tui_steady_ms(self->view.tui) + MOMENT_MS : 0;
    self->error = (struct lw_error){.status = LW_OK};
    if (lw_typed_has_word(text_of(self)))
        status = lw_search_while(lw_screen_journal(self->view.tui), text_of(self)->data,
                                 text_of(self)->len, HITS, patience == TO_THE_END ? NULL : is_over,
                                 self, lw_row_batch_visit, &batch, &more, &whole, &self->error);
    self->unfinished = status == LW_CANCELLED || !whole;
    if (status == LW_CANCELLED) /* the hits before stay for so long */
        self->error = (struct lw_error){.status = LW_OK};
    else if (status == LW_OK)
        status = lw_row_list_take(&self->rows, &batch, LW_ROWS_REPLACE, &self->error);
    if (status == LW_OK)
        self->more = more;
    lw_row_batch_clear(&batch);
}

static void search_again(struct search_view *self, enum patience patience)
{
    struct lw_row_mark mark;

    lw_row_list_mark(&self->rows, &mark);
    search(self, patience);
    if (!lw_row_list_select(&self->rows, mark.id))
        lw_list_select(&self->rows.list, 0);
}

static bool is_stale(const struct search_view *self)
{
    return self->due || self->searched != self->field.editor.changes;
}

/* Before the hits are used. */
static void bring_up_to_date(struct search_view *self)
{
    if (is_stale(self) || self->unfinished)
        search_again(self, TO_THE_END);
}

/* One search for all keys that came at once: only before it is drawn. What takes longer goes on
 * once that is to be seen. */
static void search_to_draw(struct search_view *self)
{
    if (is_stale(self))
        search_again(self, A_MOMENT);
    if (self->unfinished)
        lw_tui_redraw(self->view.tui);
}

/* Piece by piece, while nothing is typed. Where this fails, a search says so when it is made. */
static int make_ready(struct search_view *self)
{
    struct lw_error err = {.status = LW_OK};

    if (!self->ready && !lw_tui_waits(self->view.tui) &&
        lw_search_ready(lw_screen_journal(self->view.tui), READY_ENTRIES, &self->ready, &err) !=
            LW_OK)
        self->ready = true;
    return self->ready ? -1 : 0;
}

static int search_tick(struct lw_view *view)
{
    struct search_view *self = search_of(view);

    if (is_stale(self))
        return -1;
    if (!self->unfinished)
        return make_ready(self);
    search_again(self, UNTIL_A_KEY);
    lw_tui_redraw(view->tui);
    return self->ready ? -1 : 0;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static const char *say_empty(const struct search_view *self)
{
    if (self->error.status != LW_OK)
        return self->error.text;
    if (!lw_typed_has_word(text_of(self)))
        return _("titles, narratives, quotes, names in every spelling");
    if (self->unfinished)
        return "";
    return _("nothing found");
}

static void search_draw(struct lw_view *view, const struct lw_area *area)
{
    struct search_view *self = search_of(view);
    int below = area->grid->plain ? 0 : lw_preview_rows(area->rows);
    struct lw_area part;
    int used;

    search_to_draw(self);
    if (below > 0) {
        part = lw_area_part(area, area->rows - below, 0, below, area->columns);
        lw_preview_draw(&self->preview, lw_screen_journal(view->tui),
                        lw_row_list_selected(&self->rows), &part);
    }
    part = lw_area_part(area, 1, 0, area->rows - below - 1, area->columns);
    lw_row_list_draw(&self->rows, &part, say_empty(self));
    used = lw_area_says(area, 0, 0, LW_STYLE_STRONG, "Search: ");
    part = lw_area_part(area, 0, used, 1, area->columns - used);
    if (part.columns > 0)
        lw_field_draw(&self->field, &part, LW_STYLE_FIELD, !self->walking);
}

static enum lw_status search_title(struct lw_view *view, struct lw_buf *out)
{
    (void)view;
    return lw_buf_says(out, "Search");
}

static enum lw_status search_status(struct lw_view *view, struct lw_buf *out)
{
    struct search_view *self = search_of(view);

    search_to_draw(self);
    if (!lw_typed_has_word(text_of(self)) || self->error.status != LW_OK)
        return LW_OK;
    if (self->unfinished && self->rows.rows.count == 0)
        return lw_buf_adds(out, _("searching"));
    if (self->unfinished)
        return lw_buf_addf(
            out, lw_say_count("%zu hit, searching", "%zu hits, searching", self->rows.rows.count),
            self->rows.rows.count);
    if (self->more)
        return lw_buf_sayf(out, "%d+ hits, the latest recorded", HITS);
    return lw_buf_addf(out, lw_say_count("%zu hit", "%zu hits", self->rows.rows.count),
                       self->rows.rows.count);
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static bool search_editing(struct lw_view *view)
{
    return !search_of(view)->walking;
}

static bool search_key(struct lw_view *view, const struct lw_key *key)
{
    struct search_view *self = search_of(view);
    struct lw_error err = {.status = LW_OK};
    bool used = false;

    if (self->walking)
        return false;
    if (lw_typing_key(&self->field.editor, key, &used, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return used;
}

static bool search_move(struct lw_view *view, enum lw_move move)
{
    struct search_view *self = search_of(view);

    bring_up_to_date(self);
    return lw_list_move(&self->rows.list, move);
}

/* To another hit, which is selected; DONE where there is none. */
static enum lw_status step_from(struct search_view *self, const uint8_t *id, int by,
                                uint8_t out[LW_RECORD_ID])
{
    const struct lw_row_copy *row;
    size_t at;

    if (id != NULL && !lw_row_list_select(&self->rows, id))
        return LW_DONE;
    at = self->rows.list.cursor;
    if (!lw_list_move(&self->rows.list, by > 0 ? LW_MOVE_DOWN : LW_MOVE_UP) ||
        at == self->rows.list.cursor)
        return LW_DONE;
    row = lw_row_list_selected(&self->rows);
    if (row == NULL)
        return LW_DONE;
    memcpy(out, row->id, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status search_step(void *context, const uint8_t id[LW_RECORD_ID], int by,
                                  uint8_t out[LW_RECORD_ID], struct lw_error *err)
{
    (void)err;
    return step_from(context, id, by, out);
}

static enum lw_status search_open(struct lw_view *view, struct lw_error *err)
{
    struct search_view *self = search_of(view);
    const struct lw_entry_way way = {.step = search_step, .context = self};
    const struct lw_row_copy *row;
    enum lw_status status;

    bring_up_to_date(self);
    row = lw_row_list_selected(&self->rows);
    if (row == NULL)
        return LW_OK;
    status = lw_entry_show_on(view->tui, row->id, &way, err);
    if (status == LW_OK)
        self->walking = true;
    return status;
}

static enum lw_status search_refresh(struct lw_view *view, struct lw_error *err)
{
    struct search_view *self = search_of(view);

    (void)err;
    self->due = true;
    self->ready = false;
    lw_preview_clear(&self->preview);
    return LW_OK;
}

static void search_close(struct lw_view *view)
{
    struct search_view *self = search_of(view);

    lw_field_clear(&self->field);
    lw_row_list_clear(&self->rows);
    lw_preview_clear(&self->preview);
    free(self);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_SEARCH,
    .help =
        "Every word has to occur, the last one as a beginning. {to-hits} leads from the line into "
        "the hits and back.",
    .draw = search_draw,
    .close = search_close,
    .title = search_title,
    .status = search_status,
    .editing = search_editing,
    .key = search_key,
    .move = search_move,
    .open = search_open,
    .refresh = search_refresh,
    .tick = search_tick,
};

enum lw_status lw_search_show(struct lw_tui *tui, struct lw_error *err)
{
    struct search_view *self = calloc(1, sizeof *self);

    if (self == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the search");
    self->view.ops = &operations;
    lw_field_init(&self->field, QUERY_BYTES, NULL, NULL);
    lw_row_list_init(&self->rows);
    lw_tui_push(tui, &self->view);
    return LW_OK;
}

bool lw_search_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID])
{
    const struct lw_row_copy *row =
        view->ops == &operations ? lw_row_list_selected(&((const struct search_view *)view)->rows)
                                 : NULL;

    if (row != NULL)
        memcpy(id, row->id, LW_RECORD_ID);
    return row != NULL;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static enum lw_status open_search(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    (void)argument;
    if (view->ops != &operations)
        return lw_search_show(tui, err);
    search_of(view)->walking = false;
    return LW_OK;
}

static enum lw_status to_hits(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    struct search_view *self = search_of(view);

    (void)tui;
    (void)argument;
    (void)err;
    self->walking = !self->walking && self->rows.rows.count > 0;
    return LW_OK;
}

static enum lw_status hop(struct lw_tui *tui, struct lw_view *view, int by)
{
    uint8_t id[LW_RECORD_ID];

    if (step_from(search_of(view), NULL, by, id) == LW_DONE)
        lw_tui_say(tui, by > 0 ? "this is the last hit" : "this is the first hit");
    return LW_OK;
}

static enum lw_status next_hit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                               struct lw_error *err)
{
    (void)argument;
    (void)err;
    return hop(tui, view, 1);
}

static enum lw_status previous_hit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                   struct lw_error *err)
{
    (void)argument;
    (void)err;
    return hop(tui, view, -1);
}

static const struct lw_action list[] = {
    {"search", "/",
     LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_SEARCH | LW_IN_REGISTER | LW_IN_TASKS,
     "search as you type, in everything", "search", 0, open_search},
    {"to-hits", "Tab", LW_IN_SEARCH, "from the line into the hits, and back", "hits", 0, to_hits},
    {"next-hit", "n", LW_IN_SEARCH, "the next hit, once among them", "next", 0, next_hit},
    {"previous-hit", "N", LW_IN_SEARCH, "the hit before", NULL, 0, previous_hit},
};

const struct lw_action_table lw_actions_search = {list, LW_COUNT_OF(list)};
