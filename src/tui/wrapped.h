/* A sentence over several rows. */
#ifndef LW_TUI_WRAPPED_H
#define LW_TUI_WRAPPED_H

#include "grid.h"

/* Draws text over at most `rows` rows of the area from that one on, broken at blanks, the last one
 * cut; returns the rows it takes, 0 for an empty text. area NULL: only counts, for that width. */
int lw_wrapped_put(const struct lw_area *area, int row, int rows, int width, enum lw_style style,
                   const char *text, size_t len);

#endif
