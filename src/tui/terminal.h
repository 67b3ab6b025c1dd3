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
    int fd;          /* readable when there is something to read; -1: none */
    bool ascii;      /* signs in ASCII */
    bool utf8;       /* shows letters beyond ASCII */
    bool pastes;     /* marks pasted text */
    bool plain;      /* tells in lines what others show as screens */
    unsigned scenes; /* screens that were opened on it so far; each has its number */
};

/* The terminal on standard input and output, as options->plain says. NO_TERMINAL with a sentence
 * where these are none. One at a time in a process. */
enum lw_status lw_terminal_open(const struct lw_tui_options *options, struct lw_terminal **out,
                                struct lw_error *err) LW_MUST_USE;
/* Leaves and frees. NULL does nothing. */
void lw_terminal_free(struct lw_terminal *terminal);

/* ---- the two kinds of it ----------------------------------------------------------------------
 */

/* Screens (curses.c). NO_TERMINAL where TERM is not known or it cannot place its cursor. */
enum lw_status lw_terminal_curses(const struct lw_tui_options *options, struct lw_terminal **out,
                                  struct lw_error *err) LW_MUST_USE;
/* Lines (plain.c), on any terminal. */
enum lw_status lw_terminal_plain(const struct lw_tui_options *options, struct lw_terminal **out,
                                 struct lw_error *err) LW_MUST_USE;
/* What erases the screen of this TERM, without its delays, at most size bytes; returns how many, 0
 * where it is not known or cannot. Not while a terminal is open. */
enum { LW_TERMINAL_CLEARING = 64 };
size_t lw_terminal_clearing(char *out, size_t size);
/* Does this TERM mark pasted text when it is asked to? Once a terminal is open or what clears this one
 * is known. */
bool lw_terminal_marks_pastes(void);

/* ---- what both share (terminal.c) -------------------------------------------------------------
 */

/* As the members of struct lw_terminal_ops. */
ssize_t lw_terminal_read(struct lw_terminal *terminal, void *bytes, size_t size);
/* Byte by byte and at once, without echo; the quit character still sends its signal (the chord),
 * the other characters are keys. */
void lw_terminal_modes_set(void);
/* Past curses, whose buffer is empty right after a refresh. */
void lw_terminal_send(const char *text);
/* Asks for marks around pasted text, or for none, where it has them. */
void lw_terminal_mark_pastes(const struct lw_terminal *terminal, bool on);
/* A new size ends the wait for keys, and does no more. */
void lw_terminal_watch_size(void);
/* Standard output's; 0 where it has none. */
void lw_terminal_real_size(int *rows, int *columns);

#endif
