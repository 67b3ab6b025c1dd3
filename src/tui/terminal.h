/* A terminal, as little as the screens need of one. The real one is in curses.c. */
#ifndef LW_TUI_TERMINAL_H
#define LW_TUI_TERMINAL_H

#include "grid.h"
#include "keys.h"
#include "tui.h"

struct lw_terminal;

struct lw_terminal_ops {
    /* The size now; at least 1 by 1. */
    void (*size)(struct lw_terminal *terminal, int *rows, int *columns);
    /* Sends what differs from the last show; the cursor goes to the grid's. */
    void (*show)(struct lw_terminal *terminal, const struct lw_grid *grid);
    /* The next show sends everything. */
    void (*redraw)(struct lw_terminal *terminal);
    /* The number of sequences; the first max are written to out (may be NULL with 0). */
    size_t (*sequences)(struct lw_terminal *terminal, struct lw_key_sequence *out, size_t max);
    /* Bytes typed: > 0 how many, 0 none now, -1 the terminal is gone. Never waits. */
    ssize_t (*read)(struct lw_terminal *terminal, void *bytes, size_t size);
    void (*bell)(struct lw_terminal *terminal);
    /* Erases and gives the terminal back as it was, until enter or free. */
    void (*leave)(struct lw_terminal *terminal);
    void (*enter)(struct lw_terminal *terminal);
    /* Leaves, unless done, and frees. */
    void (*free)(struct lw_terminal *terminal);
};

struct lw_terminal {
    const struct lw_terminal_ops *ops;
    int fd;     /* readable when there is something to read; -1: none */
    bool ascii; /* signs in ASCII */
    bool utf8;  /* shows letters beyond ASCII */
};

/* The terminal on standard input and output. NO_TERMINAL with a sentence where these are none, TERM
 * is not known, or it cannot place its cursor. One at a time in a process. */
enum lw_status lw_terminal_curses(const struct lw_tui_options *options, struct lw_terminal **out,
                                  struct lw_error *err) LW_MUST_USE;
/* Leaves and frees. NULL does nothing. */
void lw_terminal_free(struct lw_terminal *terminal);

#endif
