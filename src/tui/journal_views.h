/* What timeline, entry, lists and search share among themselves. */
#ifndef LW_TUI_JOURNAL_VIEWS_H
#define LW_TUI_JOURNAL_VIEWS_H

#include "screens.h"

/* What is selected in a view of that file; false for other views, and where nothing is. */
bool lw_timeline_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID]);
bool lw_entry_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID]);
bool lw_search_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID]);
bool lw_register_selected(const struct lw_view *view, uint8_t id[LW_RECORD_ID]);
bool lw_records_selected(const struct lw_view *view, enum lw_record_type *type,
                         uint8_t id[LW_RECORD_ID]);

/* A copy fit for a terminal, freed with lw_text_free; NULL where memory is out. */
char *lw_clean_copy(const char *text, size_t len, bool multiline) LW_MUST_USE;
/* Is there something to search for? */
bool lw_typed_has_word(const struct lw_buf *text);

#endif
