/* The whole screen: first line, the view, last lines. */
#include "loop_internal.h"

#include <string.h>

enum { MESSAGE_ROWS = 4 }; /* at least; a third of a large screen */

int lw_tui_last_rows(const struct lw_tui *tui)
{
    int rows = tui->grid.rows;

    return rows / 3 > MESSAGE_ROWS ? rows / 3 : MESSAGE_ROWS;
}

/* Bytes of the next row of text in width columns, broken at a blank where there is one; *next is
 * where the row after it begins. */
static size_t row_end(const char *text, size_t len, int width, size_t *next)
{
    size_t fit = lw_utf8_fit(text, len, (size_t)width);
    size_t blank = fit;

    *next = fit;
    if (fit == len)
        return fit;
    while (blank > 0 && text[blank] != ' ')
        blank--;
    if (blank == 0)
        return fit;
    *next = blank + 1;
    return blank;
}

/* Draws text over rows from the first one on; returns how many it takes, at most the area's. */
static int put_wrapped(const struct lw_area *area, enum lw_style style, const char *text, bool draw)
{
    size_t len = strlen(text);
    size_t at = 0;
    int row = 0;

    while (at < len && row < area->rows) {
        size_t next = 0;
        size_t end = row_end(text + at, len - at, area->columns, &next);

        if (next == 0)
            break;
        if (draw && row == area->rows - 1)
            lw_area_put_cut(area, row, 0, area->columns, style, text + at, len - at);
        else if (draw)
            lw_area_put(area, row, 0, area->columns, style, text + at, end);
        at += next;
        row++;
    }
    return row > 0 ? row : 1;
}

enum { NARROW = 60 };

/* "AS KNOWN at the end of 15 December 2014", on a narrow screen only the day: before the title, so
 * that it is the last to be cut. */
static int put_as_of(const struct lw_tui *tui, const struct lw_area *area, int from, int columns)
{
    const char *end = _("the end of ");
    const char *said = tui->as_of;
    bool narrow = area->columns < NARROW;
    struct lw_buf text = LW_BUF_INIT;
    int used = 0;

    if (said != NULL && narrow && strncmp(said, end, strlen(end)) == 0)
        said += strlen(end);
    if (said != NULL &&
        lw_buf_addf(&text, narrow ? _("AS KNOWN %s") : _("AS KNOWN at %s"), said) == LW_OK)
        used = lw_area_put_cut(area, 0, from, columns, LW_STYLE_ALARM, text.data, text.len) + 2;
    lw_buf_free(&text);
    return used;
}

static void draw_first(struct lw_tui *tui, const struct lw_area *area)
{
    struct lw_view *view = tui->top;
    struct lw_buf title = LW_BUF_INIT;
    struct lw_buf status = LW_BUF_INIT;
    enum lw_status done = lw_buf_add(&status, lw_buf_text(&tui->notice), tui->notice.len);
    int used = 0;
    int from = 0;

    if (done == LW_OK && view->ops->status != NULL) {
        if (status.len > 0)
            done = lw_buf_addf(&status, " %s ", lw_grid_sign(area->grid, LW_SIGN_DOT));
        if (done == LW_OK)
            done = view->ops->status(view, &status);
    }
    if (done == LW_OK && status.len > 0)
        used = lw_area_put_right(area, 0, area->columns * 2 / 3,
                                 tui->notice.len > 0 ? LW_STYLE_STRONG : LW_STYLE_STATUS,
                                 status.data, status.len) +
               2;
    if (tui->mark != NULL)
        from = lw_area_put(area, 0, 0, area->columns - used, LW_STYLE_ALARM, tui->mark,
                           strlen(tui->mark)) +
               2;
    from += put_as_of(tui, area, from, area->columns - used - from);
    if (tui->warning != NULL)
        from += lw_area_put(area, 0, from, area->columns - used - from, LW_STYLE_ALARM,
                            tui->warning, strlen(tui->warning)) +
                2;
    if (tui->flag != NULL)
        from += lw_area_put(area, 0, from, area->columns - used - from, LW_STYLE_ALARM, tui->flag,
                            strlen(tui->flag)) +
                2;
    if (view->ops->title != NULL && view->ops->title(view, &title) == LW_OK)
        lw_area_put_cut(area, 0, from, area->columns - used - from, LW_STYLE_TITLE,
                        lw_buf_text(&title), title.len);
    lw_buf_free(&title);
    lw_buf_free(&status);
}

/* "n new  e edit": as many as fit. */
static void draw_hints(struct lw_tui *tui, const struct lw_area *area)
{
    const char *corner = tui->options.corner != NULL ? tui->options.corner : "";
    unsigned context = tui->top->ops->context;
    const struct lw_action *action;
    struct lw_buf hint = LW_BUF_INIT;
    int at = 0;
    int left = area->columns -
               lw_area_put_right(area, 0, area->columns, LW_STYLE_HINT, corner, strlen(corner));

    for (size_t i = 0; (action = lw_keymap_each(tui->keymap, context, i)) != NULL; i++) {
        int wide;

        if (action->hint == NULL)
            continue;
        lw_buf_clear(&hint);
        if (lw_tui_keys(tui, action, 1, &hint) != LW_OK || hint.len == 0 ||
            lw_buf_addf(&hint, " %s", _(action->hint)) != LW_OK)
            continue;
        wide = (int)lw_utf8_columns(hint.data, hint.len);
        if (at + wide + 1 > left)
            break;
        at += lw_area_put(area, 0, at, wide, LW_STYLE_HINT, hint.data, hint.len) + 2;
    }
    lw_buf_free(&hint);
}

/* Draws the last rows into the area; with draw false only tells how many there are. A message
 * stands above a prompt, else in the place of the hints. */
static int draw_last(struct lw_tui *tui, const struct lw_area *area, bool draw)
{
    enum lw_style style = tui->message_is_alarm ? LW_STYLE_ALARM : LW_STYLE_STRONG;
    int prompt = lw_tui_prompt_draw(tui, area, false);
    struct lw_area part = lw_area_part(area, 0, 0, area->rows - prompt, area->columns);
    int rows = 0;

    if (tui->message.len > 0)
        rows = put_wrapped(&part, style, lw_buf_text(&tui->message), draw);
    if (prompt == 0 && rows == 0) {
        if (draw)
            draw_hints(tui, area);
        return 1;
    }
    part = lw_area_part(area, rows, 0, prompt, area->columns);
    if (draw && prompt > 0)
        lw_tui_prompt_draw(tui, &part, true);
    return rows + prompt;
}

static void draw_too_small(const struct lw_area *area)
{
    lw_area_putf(area, 0, 0, LW_STYLE_PLAIN, "too small: %dx%d, needs %dx%d", area->columns,
                 area->rows, LW_TUI_MIN_COLUMNS, LW_TUI_MIN_ROWS);
}

void lw_tui_draw(struct lw_tui *tui)
{
    struct lw_area whole = lw_area_whole(&tui->grid);
    struct lw_area part;
    int last;

    lw_grid_erase(&tui->grid);
    if (whole.rows < LW_TUI_MIN_ROWS || whole.columns < LW_TUI_MIN_COLUMNS) {
        draw_too_small(&whole);
        return;
    }
    part = lw_area_part(&whole, 0, 0, lw_tui_last_rows(tui), whole.columns);
    last = draw_last(tui, &part, false);
    part = lw_area_part(&whole, 1, 0, whole.rows - 1 - last, whole.columns);
    lw_area_cursor(&part, 0, 0);
    tui->grid.scene = tui->top->scene;
    tui->top->ops->draw(tui->top, &part);
    tui->grid.foot = whole.rows - last;
    draw_first(tui, &whole); /* now the view knows what is in sight */
    part = lw_area_part(&whole, whole.rows - last, 0, last, whole.columns);
    draw_last(tui, &part, true);
}
