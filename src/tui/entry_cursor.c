/* Where the cursor stands in an entry: it goes from one thing that hangs on the entry to the next,
 * and rows of text between them are scrolled by. */
#include "entry_view.h"

#include <string.h>

bool lw_entry_rows(const struct lw_entry_view *self, size_t line, int *first, int *end)
{
    bool found = false;

    for (size_t i = 0; i < self->page.pieces; i++) {
        const struct lw_entry_piece *piece = &self->page.piece[i];

        if (piece->line != line)
            continue;
        if (!found)
            *first = piece->row;
        found = true;
        *end = piece->row + 1;
    }
    return found;
}

const struct lw_entry_text *lw_entry_cursor(const struct lw_entry_view *self)
{
    return self->selected < self->page.lines ? &self->page.line[self->selected] : NULL;
}

bool lw_entry_select(struct lw_entry_view *self, int by, bool links)
{
    size_t count = self->page.lines;
    size_t at = self->selected;

    if (at == SIZE_MAX)
        at = by > 0 ? count - 1 : 0; /* both lead around the end */
    for (size_t i = 0; i < count; i++) {
        const struct lw_entry_text *line;

        at = by > 0 ? (at + 1) % count : (at + count - 1) % count;
        line = &self->page.line[at];
        if (links ? line->leads : line->stop) {
            self->selected = at;
            self->follow = true;
            return true;
        }
    }
    return false;
}

static bool in_sight(const struct lw_entry_view *self, size_t line)
{
    int first = 0, end = 0;

    return lw_entry_rows(self, line, &first, &end) && first >= self->top &&
           first < self->top + self->rows;
}

/* SIZE_MAX: none. Without a cursor the first, or going up the last, that is in sight. */
static size_t next_stop(const struct lw_entry_view *self, int by)
{
    size_t at = self->selected;

    if (at == SIZE_MAX)
        at = by > 0 ? SIZE_MAX : self->page.lines;
    for (at += by > 0 ? 1 : SIZE_MAX; at<self->page.lines; at += by> 0 ? 1 : SIZE_MAX) {
        if (self->page.line[at].stop && (self->selected != SIZE_MAX || in_sight(self, at)))
            return at;
    }
    return SIZE_MAX;
}

/* All of a text that is longer than the screen is seen before the cursor goes on. */
static bool is_cut(const struct lw_entry_view *self, int by)
{
    int first = 0, end = 0;
    size_t stop = self->selected, last;

    if (stop == SIZE_MAX)
        return false;
    last = stop;
    while (last + 1 < self->page.lines && !self->page.line[last + 1].stop &&
           self->page.line[last + 1].hangs)
        last++;
    if (by > 0)
        return lw_entry_rows(self, last, &first, &end) && end > self->top + self->rows;
    return lw_entry_rows(self, stop, &first, &end) && first < self->top;
}

bool lw_entry_down(struct lw_entry_view *self, int by)
{
    size_t next = next_stop(self, by);
    int most = self->page.rows > self->rows ? self->page.rows - self->rows : 0;

    if (next != SIZE_MAX && !is_cut(self, by) && in_sight(self, next)) {
        self->selected = next;
        self->follow = true;
        return true;
    }
    if (by > 0 ? self->top >= most : self->top <= 0)
        return false;
    self->top += by;
    if (self->selected == SIZE_MAX || is_cut(self, by))
        return true;
    if (next != SIZE_MAX && in_sight(self, next)) {
        self->selected = next;
        self->follow = true;
    }
    return true;
}

void lw_entry_bring(struct lw_entry_view *self)
{
    if (self->selected == SIZE_MAX || in_sight(self, self->selected))
        return;
    for (size_t i = 0; i < self->page.lines; i++) {
        if (self->page.line[i].stop && in_sight(self, i)) {
            self->selected = i;
            return;
        }
    }
}

void lw_entry_mark(const struct lw_entry_view *self, struct lw_entry_mark *mark)
{
    const struct lw_entry_text *line = lw_entry_cursor(self);

    *mark = (struct lw_entry_mark){.set = line != NULL, .line = self->selected};
    if (line == NULL)
        return;
    mark->hangs = line->hangs;
    if (line->hangs)
        memcpy(mark->id, line->id, LW_RECORD_ID);
}

/* The same record may be said in two places: the one nearest to where the cursor was. */
void lw_entry_return(struct lw_entry_view *self, const struct lw_entry_mark *mark)
{
    size_t best = SIZE_MAX, nearest = SIZE_MAX;

    self->selected = SIZE_MAX;
    for (size_t i = 0; i < self->page.lines && mark->set; i++) {
        const struct lw_entry_text *line = &self->page.line[i];
        size_t far = i > mark->line ? i - mark->line : mark->line - i;
        bool same = mark->hangs ? line->hangs && memcmp(line->id, mark->id, LW_RECORD_ID) == 0
                                : !line->hangs;

        if (line->stop && same && far < nearest) {
            nearest = far;
            best = i;
        }
    }
    self->selected = best;
}

static bool page_has(const struct lw_entry_page *page, const uint8_t id[LW_RECORD_ID])
{
    for (size_t i = 0; i < page->lines; i++) {
        if (page->line[i].hangs && memcmp(page->line[i].id, id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

void lw_entry_go_to_new(struct lw_entry_view *self, const struct lw_entry_page *before)
{
    for (size_t i = 0; i < self->page.lines; i++) {
        const struct lw_entry_text *line = &self->page.line[i];

        if (!line->stop || !line->hangs || page_has(before, line->id))
            continue;
        self->selected = i;
        self->follow = true;
        self->adding = false;
        return;
    }
}
