/* The selected entry beside a list. */
#include "entry_pane.h"

#include <string.h>

enum { INDENT = 2 };

void lw_entry_pane_clear(struct lw_entry_pane *pane)
{
    lw_entry_page_clear(&pane->page);
    *pane = (struct lw_entry_pane){.loaded = false};
}

/* What cannot be read now is told where the entry is opened. */
static void load(struct lw_entry_pane *pane, const struct lw_tui *tui, const uint8_t *id)
{
    if (pane->loaded && memcmp(pane->id, id, LW_RECORD_ID) == 0)
        return;
    lw_entry_pane_clear(pane);
    if (lw_entry_page_load(lw_screen_journal(tui), lw_tui_clock(tui), id, &pane->page, NULL,
                           NULL) != LW_OK)
        return;
    pane->loaded = true;
    memcpy(pane->id, id, LW_RECORD_ID);
}

static void draw_page(struct lw_entry_pane *pane, const struct lw_area *area)
{
    bool cut = pane->page.rows > area->rows;
    struct lw_area part = lw_area_part(area, 0, 0, area->rows - (cut ? 1 : 0), area->columns);

    lw_entry_page_draw(&pane->page, 0, &part);
    if (cut)
        lw_area_putf(area, area->rows - 1, 0, LW_STYLE_DIM, "%s %d more lines",
                     lw_grid_sign(area->grid, LW_SIGN_MORE), pane->page.rows - part.rows);
}

void lw_entry_pane_draw(struct lw_entry_pane *pane, const struct lw_tui *tui, const uint8_t *id,
                        const struct lw_area *area)
{
    struct lw_area part = lw_area_part(area, 0, INDENT, area->rows, area->columns - INDENT);

    for (int row = 0; row < area->rows; row++)
        lw_area_fill(area, row, 0, 1, LW_STYLE_DIM, LW_SIGN_BAR);
    if (id == NULL)
        return;
    load(pane, tui, id);
    if (pane->loaded && lw_entry_lay_out(&pane->page, part.columns) == LW_OK)
        draw_page(pane, &part);
}
