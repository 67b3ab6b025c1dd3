/* What is told of the selected entry below a list of rows. */
#ifndef LW_TUI_PREVIEW_H
#define LW_TUI_PREVIEW_H

#include "row_list.h"

enum { LW_PREVIEW_QUOTES = 6 };

/* Start with {0}. */
struct lw_preview {
    bool loaded;
    uint8_t id[LW_RECORD_ID];
    struct {
        char *text; /* in quotation marks */
        char *from; /* "S2 Joint letter, 16 December 2014 (B, –)" */
    } quote[LW_PREVIEW_QUOTES];
    size_t count;
};

/* Rows that it takes of an area of that many; 0: there is no room for it. */
int lw_preview_rows(int rows);
/* Draws rule and text; reads what it needs where another entry is selected. row may be NULL. */
void lw_preview_draw(struct lw_preview *preview, struct lw_journal *journal,
                     const struct lw_row_copy *row, const struct lw_area *area);
/* The data changed. */
void lw_preview_clear(struct lw_preview *preview);

#endif
