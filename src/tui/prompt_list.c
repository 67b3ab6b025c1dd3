/* What could stand at the beginning of a prompt, one a row above it. */
#include "loop_internal.h"

#include <string.h>

enum { MESSAGE_ROWS = 2 }; /* left to what is said meanwhile */

/* Of a name with something behind it only that one is left. */
static enum lw_status keep_exact(struct lw_field_choices *choices, const char *name, size_t len)
{
    struct lw_field_choices exact = {0};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < choices->count && status == LW_OK; i++) {
        if (strlen(choices->list[i]) == len && memcmp(choices->list[i], name, len) == 0)
            status = lw_field_offer(&exact, name, len);
    }
    if (exact.count > 0) {
        lw_field_choices_clear(choices);
        *choices = exact;
    }
    return status;
}

void lw_tui_offer(struct lw_tui *tui)
{
    struct lw_field_choices offered = {0};
    const char *text = lw_buf_text(&tui->field.editor.text);
    size_t len = strcspn(text, " ");
    struct lw_error err = {.status = LW_OK};
    enum lw_status status;

    if (tui->prompt.row == NULL)
        return;
    status = tui->prompt.completer(tui->prompt.context, text, len, &offered, &err);
    if (status == LW_OK && text[len] == ' ')
        status = keep_exact(&offered, text, len);
    lw_field_choices_clear(&tui->offered);
    if (status == LW_OK)
        tui->offered = offered;
    else
        lw_field_choices_clear(&offered); /* without memory the line is typed without a list */
}

/* The same as long as the prompt is open, so that what is above it stays where it is. */
int lw_tui_offer_rows(const struct lw_tui *tui)
{
    int rows = lw_tui_last_rows(tui) - 1;

    return tui->message.len > 0 ? rows - MESSAGE_ROWS : rows;
}

static void draw_row(struct lw_tui *tui, const struct lw_area *area, int row, const char *name,
                     bool chosen)
{
    struct lw_buf text = LW_BUF_INIT;

    if (chosen)
        lw_area_puts(area, row, 0, LW_STYLE_MARK, ">");
    if (tui->prompt.row(tui->prompt.context, name, area->columns - 2, &text) == LW_OK)
        lw_area_put_cut(area, row, 2, area->columns - 2, LW_STYLE_DIM, lw_buf_text(&text),
                        text.len);
    if (chosen) /* the name, not the row: fewer bytes */
        lw_area_puts(area, row, 2, LW_STYLE_MARK, name);
    lw_buf_free(&text);
}

/* What is shown: page by page, so that a step within one sends two rows. */
struct page {
    const struct lw_field_choices *list;
    size_t chosen; /* list->count: none */
    size_t first, end;
};

static struct page page_of(const struct lw_tui *tui, int rows)
{
    bool chooses = lw_tui_prompt_chooses(tui);
    struct page page = {.list = chooses ? &tui->field.choices : &tui->offered};
    size_t count = page.list->count;
    size_t most = rows > 0 ? (size_t)rows : 0;

    page.chosen = chooses ? tui->field.chosen : count;
    if (most > 0 && page.chosen < count)
        page.first = page.chosen - page.chosen % most;
    page.end = count - page.first < most ? count : page.first + most;
    return page;
}

/* The last one stands just above the line. */
void lw_tui_offer_draw(struct lw_tui *tui, const struct lw_area *area)
{
    struct page page = page_of(tui, area->rows);
    int row = area->rows - (int)(page.end - page.first);

    for (size_t i = page.first; i < page.end; i++)
        draw_row(tui, area, row++, page.list->list[i], i == page.chosen);
    if (area->rows > 0 && page.list->count == 0)
        lw_area_says(area, area->rows - 1, 2, LW_STYLE_DIM, "nothing here begins like that");
}

int lw_tui_offer_more(const struct lw_tui *tui, const struct lw_area *line, int rows)
{
    struct page page = page_of(tui, rows);
    struct lw_buf text = LW_BUF_INIT;
    int used = 0;

    if (page.end < page.list->count &&
        lw_buf_sayf(&text, " %zu more", page.list->count - page.end) == LW_OK)
        used = lw_area_put_right(line, 0, line->columns / 3, LW_STYLE_DIM, text.data, text.len);
    lw_buf_free(&text);
    return used;
}
