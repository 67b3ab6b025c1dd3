/* The loop and what views may ask of it. */
#ifndef LW_TUI_LOOP_H
#define LW_TUI_LOOP_H

#include "editor.h"
#include "terminal.h"
#include "tui.h"
#include "view.h"

enum { LW_TUI_MIN_ROWS = 10, LW_TUI_MIN_COLUMNS = 40, LW_TUI_POLL_MS = 400 };

/* ---- for views: the stack ---------------------------------------------------------------------
 */

/* On top; the loop owns it from here. */
void lw_tui_push(struct lw_tui *tui, struct lw_view *view);
/* Saves and takes the view and all above it off the stack; they are closed at the end of the turn,
 * so that a view may close itself. Without any view left the loop ends. An error of save keeps it
 * open. */
enum lw_status lw_tui_close(struct lw_tui *tui, struct lw_view *view,
                            struct lw_error *err) LW_MUST_USE;
/* The same, whatever save says, and without asking it: for what the user gave up, or saved. */
void lw_tui_drop(struct lw_tui *tui, struct lw_view *view);
/* NULL: none. */
struct lw_view *lw_tui_top(const struct lw_tui *tui);
/* Takes every view off the stack, as lw_tui_drop does, and what they showed off the terminal, but the
 * loop goes on: the caller pushes another one. */
void lw_tui_clear(struct lw_tui *tui);
/* No command given until now can be brought back: what stands behind one may belong to another
 * journal, or hold a name that is not shown any more. */
void lw_tui_forget(struct lw_tui *tui);
/* Calls save of every view; the first error counts, the others are called all the same. */
enum lw_status lw_tui_save(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* The loop ends after this turn with that status. */
void lw_tui_quit(struct lw_tui *tui, enum lw_status status);

/* ---- for views: the screen --------------------------------------------------------------------
 */

/* Something changed that is on the screen: draws at the end of the turn. Keys and commands do that
 * by themselves. */
void lw_tui_redraw(struct lw_tui *tui);
/* The view shows another record from now on: where screens are told in lines, all of it is told. */
void lw_tui_renewed(struct lw_view *view);
/* The data changed: every view is stale. */
void lw_tui_changed(struct lw_tui *tui);
/* Shown on the last line until the next key. */
void lw_tui_say(struct lw_tui *tui, const char *format, ...) LW_PRINTF(2, 3);
/* The same in the style of an alarm. */
void lw_tui_complain(struct lw_tui *tui, const struct lw_error *err);
/* Stands at the right of the first line until it is changed: "saving waits since 21:04"; "" for
 * none. */
void lw_tui_notice(struct lw_tui *tui, const char *text);
/* Stands at the left of the first line, before every title, until it is changed; NULL for none.
 * Must stay. */
void lw_tui_mark(struct lw_tui *tui, const char *text);
/* The same behind that one, for what is wrong with the vault's surroundings. */
void lw_tui_warn(struct lw_tui *tui, const char *text);
/* The same behind those, for what is on until it is put off. */
void lw_tui_flag(struct lw_tui *tui, const char *text);
/* Stands before all of that while the journal of the past is shown: of which moment; NULL for none.
 * Must stay. */
void lw_tui_as_of(struct lw_tui *tui, const char *text);
/* An alarm on the terminal. */
void lw_tui_bell(struct lw_tui *tui);

int64_t lw_tui_steady_ms(const struct lw_tui *tui);
/* Has something been typed that is not read yet? For work that a key press ends. */
bool lw_tui_waits(const struct lw_tui *tui);
const struct lw_clock *lw_tui_clock(const struct lw_tui *tui);
const struct lw_keymap *lw_tui_keymap(const struct lw_tui *tui);
/* What the program hung on it, such as its session. */
void *lw_tui_program(const struct lw_tui *tui);

/* ---- for views: the prompt (prompt.c) ---------------------------------------------------------
 */

/* One line of input on the last line of the screen. */
struct lw_prompt {
    const char *label; /* ":" or "search: "; must stay */
    /* After every change of the text, for search as you type; may be NULL. */
    void (*changed)(struct lw_tui *tui, void *context, const char *text, size_t len);
    /* Enter. The prompt is closed already. An error is shown. */
    enum lw_status (*done)(struct lw_tui *tui, void *context, const char *text, size_t len,
                           struct lw_error *err);
    /* Esc or Ctrl-G, and when it is closed by force; may be NULL. */
    void (*cancelled)(struct lw_tui *tui, void *context);
    /* For Tab and the arrows up and down, with the context below; may be NULL. */
    lw_field_completer *completer;
    /* Where the line begins with a name in Latin letters: what could stand there is shown as it is
     * typed, one a row that this writes for so many columns; a Cyrillic letter typed there is that
     * of the same key. NULL for any other text. */
    enum lw_status (*row)(void *context, const char *name, int columns, struct lw_buf *out);
    /* Lines that the arrow up brings back to an empty line, and from one to the one before; NULL:
     * none. What is given is not added. */
    struct lw_recall *recall;
    void *context;
};
/* Opens it, with that text in it. NO_MEMORY, or BUSY where one is open. */
enum lw_status lw_tui_ask(struct lw_tui *tui, const struct lw_prompt *prompt, const char *text,
                          struct lw_error *err) LW_MUST_USE;

/* A question that one of the keys in `letters` ("yn") answers, on the last line; Esc answers 0. */
typedef enum lw_status lw_answer_function(struct lw_tui *tui, void *context, char letter,
                                          struct lw_error *err);
enum lw_status lw_tui_choose(struct lw_tui *tui, const char *question, const char *letters,
                             lw_answer_function *answer, void *context,
                             struct lw_error *err) LW_MUST_USE;

/* Appends the first key of a command in that context, or ":name" where it has none there; returns
 * what stands in out then. */
const char *lw_tui_key(const struct lw_tui *tui, unsigned context, const char *name,
                       struct lw_buf *out);
/* Appends text with the key of a command wherever its name stands in braces: "{open} opens it". */
enum lw_status lw_tui_with_keys(const struct lw_tui *tui, unsigned context, const char *text,
                                struct lw_buf *out) LW_MUST_USE;

/* Opens the help of the top view (help.c). */
enum lw_status lw_tui_help(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;

/* ---- for whoever runs it ----------------------------------------------------------------------
 */

/* As lw_tui_begin, with a terminal of the caller (taken over, also on error) and tables of
 * commands; lw_actions_common is not added by itself. */
enum lw_status lw_tui_make(const struct lw_tui_options *options, const struct lw_tui_hooks *hooks,
                           struct lw_terminal *terminal,
                           const struct lw_action_table *const *tables, size_t table_count,
                           struct lw_tui **out, struct lw_error *err) LW_MUST_USE;
void lw_tui_set_program(struct lw_tui *tui, void *program);
void lw_tui_read_only(struct lw_tui *tui);
void lw_tui_set_read_only(struct lw_tui *tui, bool read_only);
bool lw_tui_is_read_only(const struct lw_tui *tui);
/* One turn without waiting: size, bytes, keys, timers, draw. False when the loop is over. */
bool lw_tui_turn(struct lw_tui *tui);
/* One key as if it had been typed. */
void lw_tui_press(struct lw_tui *tui, const struct lw_key *key);
/* Milliseconds that may pass before the next turn if nothing comes; -1: any. */
int lw_tui_wait(const struct lw_tui *tui);
/* What is on the screen. */
const struct lw_grid *lw_tui_grid(const struct lw_tui *tui);

#endif
