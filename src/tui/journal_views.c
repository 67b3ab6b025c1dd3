/* What timeline, entry, lists and search share among themselves. */
#include "journal_views.h"

bool lw_screen_selected(const struct lw_view *view, enum lw_record_type *type,
                        uint8_t id[LW_RECORD_ID])
{
    if (lw_timeline_selected(view, id) || lw_entry_selected(view, id) ||
        lw_search_selected(view, id) || lw_register_selected(view, id)) {
        *type = LW_RECORD_ENTRY;
        return true;
    }
    return lw_records_selected(view, type, id);
}

char *lw_clean_copy(const char *text, size_t len, bool multiline)
{
    struct lw_buf clean = LW_BUF_INIT;
    char *copy = NULL;

    if (lw_text_clean(text, len, multiline, &clean) == LW_OK)
        copy = lw_text_copy(lw_buf_text(&clean), clean.len);
    lw_buf_free(&clean);
    return copy;
}

bool lw_typed_has_word(const struct lw_buf *text)
{
    uint32_t point;

    for (size_t at = 0, used; at < text->len; at += used) {
        used = lw_utf8_next(text->data + at, text->len - at, &point);
        if (used == 0)
            return false;
        if (lw_utf8_is_word(point))
            return true;
    }
    return false;
}
