/* The one way out for text: cleaned, buffered, as wide as the terminal. */
#ifndef LW_CLI_OUT_H
#define LW_CLI_OUT_H

#include "base.h"

struct lw_out {
    int fd;
    bool terminal;
    size_t columns;
    struct lw_buf waiting; /* clean bytes that are not written yet */
    struct lw_buf scratch; /* for one line */
    enum lw_status status; /* the first failure; what comes after it is dropped */
    int error;             /* its errno */
    bool closed;           /* nobody reads any more: no error, but nothing more to do */
};

/* Width: COLUMNS, else the terminal's, else 80; never below 40. */
void lw_out_start(struct lw_out *out, int fd);
/* Text on the current line; newlines and tabs become blanks. */
void lw_out_text(struct lw_out *out, const char *text);
void lw_out_bytes(struct lw_out *out, const char *text, size_t len);
void lw_out_spaces(struct lw_out *out, size_t count);
void lw_out_newline(struct lw_out *out);
/* One line, newline included. What is formatted in cannot begin another line. */
void lw_out_line(struct lw_out *out, const char *format, ...) LW_PRINTF(2, 3);
/* Several lines as they are (JSON, CSV), still cleaned; len bytes of well-formed text. */
void lw_out_lines(struct lw_out *out, const char *text, size_t len);
/* A paragraph wrapped at blanks: the first line goes on at column `at`, the others begin at `hang`.
 * Newlines in text begin a line at hang. Ends with a newline. */
void lw_out_wrap(struct lw_out *out, size_t at, size_t hang, const char *text);
/* Fixed sequences of our own, for a terminal; never text from elsewhere. */
void lw_out_control(struct lw_out *out, const char *sequence);
/* Nothing more can be printed: the reader left, or writing failed. */
bool lw_out_gone(const struct lw_out *out);
/* What waits is written now. */
void lw_out_flush(struct lw_out *out);
/* The same, but it goes on waiting where the other side does not take it now. */
void lw_out_flush_now(struct lw_out *out);
/* Flushes; LW_OK, or the first failure as a sentence. */
enum lw_status lw_out_finish(struct lw_out *out, struct lw_error *err);
void lw_out_free(struct lw_out *out);

#endif
