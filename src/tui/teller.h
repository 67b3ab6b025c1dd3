/* A screen told in lines, for whoever does not look: what a grid says that was not said before, and
 * no more. Nothing that is told moves a cursor: letters, blanks and ends of lines only. */
#ifndef LW_TUI_TELLER_H
#define LW_TUI_TELLER_H

#include "grid.h"

/* One line that a grid says. */
struct lw_teller_line {
    size_t at, len;  /* in the page's text */
    int row, column; /* of its first letter */
    bool joined;     /* the right part of the first row: how things stand */
    bool hint;       /* keys to press */
    bool loud;       /* what is told at once: what was done, what went wrong */
    bool marked;     /* it begins with the sign of a selection, which is not in its text */
    bool typed;      /* in the text that the cursor is in */
    bool told;       /* while two pages are compared */
};

/* What a grid says from top to bottom. */
struct lw_teller_page {
    struct lw_buf text;
    struct lw_teller_line *line;
    size_t count, cap;
    size_t focus; /* the line with the cursor; SIZE_MAX: it is on none */
    unsigned scene;
    unsigned keys;
    int rows, columns, foot;
    int first, last;             /* rows of the text */
    bool in_text;                /* the cursor is in a text */
    struct lw_buf label;         /* what stands to the left of that text, such as its name */
    struct lw_buf before, after; /* the text up to the cursor, and from it on */
    struct lw_buf shown;         /* the focus as it is printed, with a sign for the cursor */
    bool turned;                 /* the cursor is at the left of a further row of that text */
};

/* Start with zeros. */
struct lw_teller {
    struct lw_teller_page told, now; /* what is known to have been said, and the grid at hand */
    struct lw_teller_page typed;   /* only lines: of the text that is being typed, as last echoed */
    struct lw_teller_page covered; /* only lines: told, and then covered by a prompt or a message */
    int covered_foot;   /* where those below the view began before that; 0: nothing is covered */
    struct lw_buf hint; /* the keys as last told */
    bool any;           /* something was told */
    bool open;          /* the last line is not ended */
    bool echoes;        /* what is typed goes on at its end */
};

/* Appends what is to be printed, nothing where all was said. Lines are ended by "\r\n" before the
 * next one, so that the cursor rests at the end of the last: the focus. After NO_MEMORY the next
 * call tells everything. */
enum lw_status lw_teller_tell(struct lw_teller *teller, const struct lw_grid *grid,
                              struct lw_buf *out) LW_MUST_USE;
/* The next call tells everything. */
void lw_teller_forget(struct lw_teller *teller);
/* Zeroes and frees. */
void lw_teller_free(struct lw_teller *teller);

/* teller_page.c: reads a grid. */
enum lw_status lw_teller_page_read(struct lw_teller_page *page,
                                   const struct lw_grid *grid) LW_MUST_USE;
enum lw_status lw_teller_page_add(struct lw_teller_page *page, const char *text,
                                  size_t len) LW_MUST_USE;
void lw_teller_page_clear(struct lw_teller_page *page);
void lw_teller_page_free(struct lw_teller_page *page);
const char *lw_teller_page_text(const struct lw_teller_page *page,
                                const struct lw_teller_line *line);

#endif
