/* What a field offers at its cursor: while something is typed, and while one of it is chosen. */
#include "offers.h"

#include <string.h>

bool lw_offers_chosen(const struct lw_text_field *field)
{
    return field->choices.count > 0 && field->choice_stamp == field->editor.changes &&
           field->choice_cursor == field->editor.cursor;
}

static int put_key(const struct lw_tui *tui, const struct lw_offers *offers,
                   const struct lw_area *area, int row, int at)
{
    const struct lw_keymap *keymap = lw_tui_keymap(tui);
    const struct lw_action *action =
        lw_keymap_named(keymap, offers->context, offers->action, strlen(offers->action), NULL);
    struct lw_buf key = LW_BUF_INIT;

    if (action != NULL &&
        lw_keymap_keys_editing(keymap, offers->context, action, 1, &key) == LW_OK && key.len > 0)
        at += lw_area_puts(area, row, at, LW_STYLE_HINT, lw_buf_text(&key)) + 2;
    lw_buf_free(&key);
    return at;
}

/* From the chosen one on; chosen = count: none is. */
static void put_choices(const struct lw_area *area, int row, int at,
                        const struct lw_field_choices *choices, size_t chosen)
{
    size_t first = chosen < choices->count ? chosen : 0;

    for (size_t i = first; i < choices->count && at < area->columns; i++)
        at += 2 + lw_area_put_cut(area, row, at, area->columns - at,
                                  i == chosen ? LW_STYLE_MARK : LW_STYLE_DIM, choices->list[i],
                                  strlen(choices->list[i]));
}

static bool is_new(const struct lw_text_field *field, const struct lw_field_choices *choices)
{
    const char *typed = lw_buf_text(&field->editor.text) + choices->from;

    return choices->count > 1 || (choices->count == 1 && strcmp(choices->list[0], typed) != 0);
}

bool lw_offers_draw(const struct lw_tui *tui, const struct lw_offers *offers,
                    const struct lw_text_field *field, const struct lw_area *area, int row, int at)
{
    struct lw_field_choices found = {0};
    bool chosen = lw_offers_chosen(field);
    const struct lw_field_choices *choices = chosen ? &field->choices : &found;
    bool shown = chosen || (lw_field_offered(field, &found) == LW_OK && is_new(field, &found));

    if (shown && area != NULL)
        put_choices(area, row, put_key(tui, offers, area, row, at), choices,
                    chosen ? field->chosen : choices->count);
    lw_field_choices_clear(&found);
    return shown;
}
