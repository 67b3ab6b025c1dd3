/* A line of text, edited on the terminal. */
#ifndef LW_CLI_LINE_H
#define LW_CLI_LINE_H

#include "tty.h"

enum lw_line_end {
    LW_LINE_ENTER,
    LW_LINE_END,    /* Ctrl-D on an empty line, or an interrupt: nothing was meant */
    LW_LINE_GONE,   /* hang-up or termination: text holds what was typed so far */
    LW_LINE_FAILED, /* no terminal or no memory: err says */
};

/* The state of the editor; cursor is a byte offset at a character. Public for its tests. */
struct lw_line {
    struct lw_buf text;
    size_t cursor;
    size_t limit;          /* bytes; what comes beyond is refused */
    unsigned char part[4]; /* a character whose bytes are still coming */
    unsigned part_len, part_need;
};

enum lw_line_event { LW_LINE_CHANGED, LW_LINE_SUBMIT, LW_LINE_CLOSE, LW_LINE_REFUSED };

enum lw_line_key {
    LW_LINE_LEFT = 256,
    LW_LINE_RIGHT,
    LW_LINE_HOME,
    LW_LINE_END_KEY,
    LW_LINE_DELETE,
    LW_LINE_PASTE, /* what follows is pasted: newlines are blanks */
    LW_LINE_PASTE_END,
    LW_LINE_UNKNOWN,
};

/* One byte or one enum lw_line_key. Control characters that mean nothing are dropped. */
enum lw_line_event lw_line_press(struct lw_line *line, int key);
/* The part of the text to show in `columns`, and the column of the cursor in it. */
void lw_line_window(const struct lw_line *line, size_t columns, size_t *from, size_t *len,
                    size_t *at);
/* Edits text (which may hold something already) behind prompt. */
enum lw_line_end lw_line_read(struct lw_tty *tty, const char *prompt, size_t limit,
                              struct lw_buf *text, struct lw_error *err);

#endif
