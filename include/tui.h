/*
 * tui: the terminal interface. Cells out, keys in; curses is used here, in one file.
 */
#ifndef LW_TUI_H
#define LW_TUI_H

#include "app.h"

enum lw_borders { LW_BORDERS_LOCALE, LW_BORDERS_ASCII };
enum lw_colours { LW_COLOURS_TERMINAL, LW_COLOURS_NONE };

struct lw_tui_options {
    enum lw_borders borders;
    enum lw_colours colours;
    bool plain; /* lines, one after another, instead of screens */
    const char *const *bindings; /* "new=n F3"; see lw_tui_begin */
    size_t binding_count;
    unsigned char chord; /* the lock key, a control character, which no command can have; 0: none */
    const char *corner; /* at the right end of the last line, such as "^\\ lock"; or NULL */
};

/* What the outside does for the loop. Every member may be NULL (wake_fd -1). */
struct lw_tui_hooks {
    const struct lw_clock *clock;        /* NULL: the system's */
    int64_t (*steady_ms)(void *context); /* never goes back; NULL: the system's monotonic clock */
    void (*on_activity)(void *context);  /* a key was pressed */
    void (*on_hangup)(void *context);    /* the terminal is gone; views have saved; the loop ends */
    int wake_fd;                         /* when it is readable on_wake is called, which reads it */
    void (*on_wake)(void *context);
    /* Called every poll_ms (0: 400): *changed where another process wrote since the last call. */
    enum lw_status (*poll)(void *context, bool *changed, struct lw_error *err);
    int poll_ms;
    void *context;
};

struct lw_tui;

/* Takes the terminal. What cannot stay as it is (a wrong binding, no UTF-8 locale) is told on the
 * screen. options and hooks are copied; what they point to must stay. */
enum lw_status lw_tui_begin(const struct lw_tui_options *options, const struct lw_tui_hooks *hooks,
                            struct lw_tui **out, struct lw_error *err) LW_MUST_USE;
/* Whether this TERM is known to have something that erases its screen. */
bool lw_tui_erases(void);
/* Runs until the last view is closed or somebody ends it; what it was ended with. NO_TERMINAL after
 * a hang-up. */
enum lw_status lw_tui_run(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* Saves what is not yet safe, closes the views, gives the terminal back, frees. NULL does nothing.
 */
void lw_tui_end(struct lw_tui *tui);

/* ---- the program (program.c) --------------------------------------------------------------------
 */

enum lw_program_stage { LW_STAGE_NONE, LW_STAGE_MAKING, LW_STAGE_THERE };

/* How far it has come, kept from one run to the next of a program that is locked and started again.
 * Once there is a vault, the prompt tells nothing, not even that it is gone. */
struct lw_program_memory {
    enum lw_program_stage stage;
    bool gaps_told;    /* what this host does not let the program give up, said after unlocking */
    char vault[4096];  /* path of the one that was made at the first start; "" else */
    char header[4096]; /* of that one, where it is detached to; "": in it */
};

struct lw_program_hooks {
    void (*key)(void *context);    /* a key was pressed */
    void (*rest)(void *context);   /* nothing secret is in memory or on the screen */
    void (*wrong)(void *context);  /* a passphrase was */
    void (*opened)(void *context); /* the vault is open */
    void (*arm)(void *context);    /* the wipe by the lock key, until the program ends */
    /* The machine was suspended: nothing may be drawn any more. */
    bool (*suspended)(void *context);
    void *context;
    struct lw_program_memory *memory; /* NULL: this is the only run */
};

struct lw_activity;
/* Those that tell the supervisor of this worker. */
struct lw_program_hooks lw_program_hooks_of(struct lw_activity *activity,
                                            struct lw_program_memory *memory);

/* From the terminal to the last key: unlocks or makes the vault, shows the screens, saves, closes.
 * *lock: the vault or the machine demands to be locked; what is on the screen must go. */
enum lw_status lw_program_run(const struct lw_program_request *request,
                              const struct lw_program_hooks *hooks, bool *lock,
                              struct lw_error *err) LW_MUST_USE;

/* The drill: lock, unlock, wipe and duress on a vault that is thrown away, under supervisors with the
 * lock key and the countdown of request->config. request->vault is not looked at. start is called in
 * every process that may learn something, never in this one. */
enum lw_status lw_drill_run(const struct lw_program_request *request,
                            enum lw_status (*start)(struct lw_error *err),
                            struct lw_drill_end *end, struct lw_error *err) LW_MUST_USE;

/* The commands and their keys as a list in mdoc, for a manual page. */
enum lw_status lw_tui_manual(struct lw_buf *out) LW_MUST_USE;

#endif
