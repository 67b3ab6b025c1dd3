/* The cell grid: what is on the screen, before any terminal knows of it. A cell holds one grapheme
 * cluster; what is not fit for a terminal never gets into one. */
#ifndef LW_TUI_GRID_H
#define LW_TUI_GRID_H

#include "base.h"

/* Nothing is told by style alone. name, letter in dumps */
#define LW_STYLE_TABLE(X)                                                                          \
    X(PLAIN, '.')                                                                                  \
    X(TITLE, 't')  /* the first line, headings */                                                  \
    X(DIM, 'd')    /* what matters less */                                                         \
    X(STRONG, 's') /* what matters more */                                                         \
    X(MARK, 'm')   /* the gutter sign and the short highlight of a selection */                    \
    X(ALARM, 'a')  /* what went wrong, what warns */                                               \
    X(FIELD, 'f')  /* text that can be edited */                                                   \
    X(HINT, 'h')   /* keys to press */                                                             \
    X(STATUS, 'u') /* how things stand */

enum lw_style {
#define LW_STYLE_ENUM(name, letter) LW_STYLE_##name,
    LW_STYLE_TABLE(LW_STYLE_ENUM)
#undef LW_STYLE_ENUM
        LW_STYLE_COUNT
};

/* Drawn signs of one column, with an ASCII form for terminals without UTF-8. Where a screen is told
 * in lines, what only draws (rules, boxes, bars) is a blank, and what says something has one form.
 */
#define LW_SIGN_TABLE(X)                                                                           \
    X(RULE, "─", "-")                                                                              \
    X(BAR, "│", "|")                                                                               \
    X(TOP_LEFT, "┌", "+")                                                                          \
    X(TOP_RIGHT, "┐", "+")                                                                         \
    X(BOTTOM_LEFT, "└", "+")                                                                       \
    X(BOTTOM_RIGHT, "┘", "+")                                                                      \
    X(MORE, "…", "~") /* cut here */                                                               \
    X(DIFFERS, "≠", "#")                                                                           \
    X(AMENDED, "±", "*") /* changed after it was sealed */                                         \
    X(OPEN, "○", "o")    /* something of it is still open */                                       \
    X(DOT, "·", "-")                                                                               \
    X(DASH, "–", "-")                                                                              \
    X(LEVEL_1, "▁", ".")                                                                           \
    X(LEVEL_2, "▂", ".")                                                                           \
    X(LEVEL_3, "▃", ":")                                                                           \
    X(LEVEL_4, "▄", ":")                                                                           \
    X(LEVEL_5, "▅", "=")                                                                           \
    X(LEVEL_6, "▆", "=")                                                                           \
    X(LEVEL_7, "▇", "#")                                                                           \
    X(LEVEL_8, "█", "#")

enum lw_sign {
#define LW_SIGN_ENUM(name, sign, ascii) LW_SIGN_##name,
    LW_SIGN_TABLE(LW_SIGN_ENUM)
#undef LW_SIGN_ENUM
        LW_SIGN_COUNT
};

#define LW_CELL_BYTES 32   /* longest cluster that is kept; further marks of it are not drawn */
#define LW_GRID_MAX   1000 /* rows and columns */

struct lw_cell {
    char text[LW_CELL_BYTES]; /* UTF-8, not terminated */
    uint8_t len;              /* 0: a blank, or the second half of a wide cell */
    uint8_t columns;          /* 1 or 2; 0: second half of the cell to the left */
    uint8_t style;            /* enum lw_style */
};

/* Start with LW_GRID_INIT. Members are for reading. */
struct lw_grid {
    int rows, columns;
    struct lw_cell *cells;
    int cursor_row, cursor_column; /* where the focus is; a terminal's cursor is always somewhere */
    bool ascii;                    /* may be set: lw_grid_sign gives ASCII */
    bool plain; /* may be set: it is told in lines; what only draws is left out or said in words */
    /* For whoever tells it in lines, see teller.h: which screen this is (a higher number is one
     * that was opened later), how many keys were pressed, the first row of what stands below the
     * view, and the text that the cursor is in, no rows where it is in none. */
    unsigned scene, keys;
    int foot;
    int text_row, text_column, text_rows, text_columns;
};
#define LW_GRID_INIT                                                                               \
    {                                                                                              \
        .rows = 0                                                                                  \
    }

/* Makes it that size (cut to 1..LW_GRID_MAX) and blank. After NO_MEMORY it is as it was. */
enum lw_status lw_grid_resize(struct lw_grid *grid, int rows, int columns) LW_MUST_USE;
/* Every cell a plain blank, cursor at the top left, no text and no foot. */
void lw_grid_erase(struct lw_grid *grid);
/* Zeroes and frees. NULL does nothing. */
void lw_grid_free(struct lw_grid *grid);
/* NULL outside the grid. */
const struct lw_cell *lw_grid_cell(const struct lw_grid *grid, int row, int column);
/* A sign as text, by the grid's ascii. Static. */
const char *lw_grid_sign(const struct lw_grid *grid, enum lw_sign sign);

/* Readable lines for tests and goldens: "-- 24x80, cursor 3,1 --" (rows and columns from 0), the
 * rows without blanks at their end, and with_styles, after a line "-- styles --", one line for
 * every row that is not plain all over: its number and a letter a column. */
enum lw_status lw_grid_dump(const struct lw_grid *grid, bool with_styles,
                            struct lw_buf *out) LW_MUST_USE;

/* ---- drawing ----------------------------------------------------------------------------------
 */

/* A rectangle of a grid: rows and columns count from its top left, nothing is drawn outside. */
struct lw_area {
    struct lw_grid *grid;
    int row, column, rows, columns;
};

struct lw_area lw_area_whole(struct lw_grid *grid);
/* A rectangle of the area, cut to it; it may be empty. */
struct lw_area lw_area_part(const struct lw_area *area, int row, int column, int rows, int columns);

/* Draws text (any bytes) by clusters as far as they fit into width columns and the area; returns
 * the columns used, which are lw_utf8_columns of what was drawn. Newlines and tabs become one
 * blank, other characters that lw_text_is_unprintable names, and bytes that are no UTF-8, U+FFFD
 * ('?' with grid->ascii). A wide cluster that is half overwritten becomes a blank. */
int lw_area_put(const struct lw_area *area, int row, int column, int width, enum lw_style style,
                const char *text, size_t len);
/* As lw_area_put, terminated text, as far as the area goes. */
int lw_area_puts(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *text);
/* The same of a text that is said: looked up first. */
int lw_area_says(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *text);
/* As lw_area_put; where text is longer than width, its last column is LW_SIGN_MORE. */
int lw_area_put_cut(const struct lw_area *area, int row, int column, int width, enum lw_style style,
                    const char *text, size_t len);
/* Ends at the area's right edge, cut like lw_area_put_cut to width; returns the columns used. */
int lw_area_put_right(const struct lw_area *area, int row, int width, enum lw_style style,
                      const char *text, size_t len);
/* printf for short pieces that hold no text of records (1024 bytes); the format is looked up; as
 * lw_area_puts.
 */
int lw_area_putf(const struct lw_area *area, int row, int column, enum lw_style style,
                 const char *format, ...) LW_PRINTF(5, 6);
/* One sign count times. */
void lw_area_fill(const struct lw_area *area, int row, int column, int count, enum lw_style style,
                  enum lw_sign sign);
/* Blanks in that style. */
void lw_area_blank(const struct lw_area *area, int row, int column, int count, enum lw_style style);
/* The style of what is there already. */
void lw_area_style(const struct lw_area *area, int row, int column, int count, enum lw_style style);
/* The focus: where the terminal's cursor goes after this draw (the last call counts). */
void lw_area_cursor(const struct lw_area *area, int row, int column);
/* The cursor is in a text that fills the area: typed, or walked through. */
void lw_area_text(const struct lw_area *area);

#endif
