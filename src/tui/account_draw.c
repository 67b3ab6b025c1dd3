/* The words of an account in the cell grid, and its claims below or beside them. */
#include "account_view.h"

#include <string.h>

enum { WIDE = 100, GAP = 3, CLAIMS_LEAST = 2 };

static const char *name_of(enum lw_account_text which)
{
    static const char *const names[] = {"quote", "translation", "summary"};

    return names[which];
}

/* Which text it is, and where it stands; returns the rows used. */
static int draw_head(const struct lw_account_view *self, const struct lw_area *area)
{
    int at;

    if (area->rows < 6)
        return 0;
    at = lw_area_puts(area, 0, 0, LW_STYLE_TITLE, name_of(self->shown));
    if (self->origin[0] != '\0')
        lw_area_put_cut(area, 0, at + 2, area->columns - at - 2, LW_STYLE_DIM, self->origin,
                        strlen(self->origin));
    return 1;
}

static void draw_words(struct lw_account_view *self, const struct lw_area *area)
{
    size_t from, to;

    if (self->text.text.len == 0) {
        (void)lw_area_says(area, 0, 0, LW_STYLE_DIM, "no words of it are recorded yet");
        if (!self->in_claims)
            lw_area_cursor(area, 0, 0);
        return;
    }
    if (lw_editor_draw(&self->text, area, LW_STYLE_PLAIN, !self->in_claims, NULL) != LW_OK) {
        (void)lw_area_says(area, 0, 0, LW_STYLE_ALARM, "no memory to show the text");
        return;
    }
    if (lw_account_marked(self, &from, &to))
        lw_editor_mark(&self->text, area, from, to, LW_STYLE_MARK);
}

/* The list draws a cursor of its own, which counts only where the keys are in it. */
static void draw_claims(struct lw_account_view *self, const struct lw_area *area)
{
    int row = area->grid->cursor_row, column = area->grid->cursor_column;

    if (area->rows < 1 || area->columns < 1)
        return;
    lw_list_draw(&self->list, area, "nothing is claimed of it yet");
    if (!self->in_claims) {
        area->grid->cursor_row = row;
        area->grid->cursor_column = column;
        if (self->claims > 0)
            lw_area_blank(area, (int)(self->list.cursor - self->list.top), 0, 1, LW_STYLE_PLAIN);
    }
}

static void draw_below(struct lw_account_view *self, const struct lw_area *area)
{
    int claims = self->claims > CLAIMS_LEAST ? (int)self->claims : CLAIMS_LEAST;
    int most = area->rows * 2 / 5;
    struct lw_area part;
    int words;

    if (claims > most)
        claims = most;
    words = area->rows - claims - 1;
    if (words < 1)
        words = area->rows;
    part = lw_area_part(area, 0, 0, words, area->columns);
    draw_words(self, &part);
    lw_area_fill(area, words, 0, area->columns, LW_STYLE_DIM, LW_SIGN_RULE);
    part = lw_area_part(area, words + 1, 0, claims, area->columns);
    draw_claims(self, &part);
}

static void draw_beside(struct lw_account_view *self, const struct lw_area *area)
{
    int left = (area->columns - GAP) / 2;
    struct lw_area part = lw_area_part(area, 0, 0, area->rows, left);

    draw_words(self, &part);
    for (int row = 0; row < area->rows; row++)
        lw_area_fill(area, row, left + 1, 1, LW_STYLE_DIM, LW_SIGN_BAR);
    part = lw_area_part(area, 0, left + GAP, area->rows, area->columns - left - GAP);
    draw_claims(self, &part);
}

void lw_account_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_account_view *self = (struct lw_account_view *)view;
    int used = draw_head(self, area);
    struct lw_area rest = lw_area_part(area, used, 0, area->rows - used, area->columns);

    if (rest.rows < 1)
        return;
    if (area->columns >= WIDE)
        draw_beside(self, &rest);
    else
        draw_below(self, &rest);
}
