/* What the files of the loop share. */
#ifndef LW_TUI_LOOP_INTERNAL_H
#define LW_TUI_LOOP_INTERNAL_H

#include "loop.h"
#include "recall.h"

struct lw_tui_question {
    bool open;
    struct lw_buf text;
    const char *letters;
    lw_answer_function *answer;
    void *context;
};

struct lw_tui {
    struct lw_tui_options options;
    struct lw_tui_hooks hooks;
    struct lw_terminal *terminal;
    struct lw_grid grid;
    struct lw_keys *keys;
    struct lw_keymap *keymap;
    void *program;
    bool read_only;
    struct lw_view *top;
    struct lw_view *closing; /* to be freed at the end of the turn */
    bool asking;             /* the prompt is open */
    struct lw_prompt prompt;
    struct lw_text_field field;
    struct lw_field_choices offered; /* where prompt.row is there */
    struct lw_recall commands;       /* given by name */
    struct lw_tui_question question;
    struct lw_buf message;
    bool message_is_alarm;
    struct lw_buf notice;
    const char *mark;    /* or NULL */
    const char *as_of;   /* or NULL */
    const char *warning; /* or NULL */
    const char *flag;    /* or NULL */
    bool dirty;
    bool over;
    enum lw_status status; /* it is over with */
    int64_t polled_ms;     /* hooks.poll was called last */
    int64_t tick_ms;       /* a view wants to be called then; INT64_MAX: none */
};

/* screen.c: everything into the grid. */
void lw_tui_draw(struct lw_tui *tui);
/* How many rows the message and the prompt may take. */
int lw_tui_last_rows(const struct lw_tui *tui);
/* Everything is sent afresh at the end of the turn. */
void lw_tui_repaint(struct lw_tui *tui);

/* prompt_list.c: what could stand at the beginning of the prompt, as long as prompt.row is there. */
void lw_tui_offer(struct lw_tui *tui);
/* Rows for it above the line. */
int lw_tui_offer_rows(const struct lw_tui *tui);
void lw_tui_offer_draw(struct lw_tui *tui, const struct lw_area *area);
/* How many more there are than those in so many rows, at the end of the line; returns its columns. */
int lw_tui_offer_more(const struct lw_tui *tui, const struct lw_area *line, int rows);

/* prompt.c: something that Tab put stands there. */
bool lw_tui_prompt_chooses(const struct lw_tui *tui);
/* The key goes to the prompt or the question; false where none is open. */
bool lw_tui_prompt_key(struct lw_tui *tui, const struct lw_key *key);
/* Draws it into the last rows; returns how many it wants. With draw false it only tells. */
int lw_tui_prompt_draw(struct lw_tui *tui, const struct lw_area *area, bool draw);
void lw_tui_prompt_end(struct lw_tui *tui);
/* The ':' prompt, command_prompt.c. */
enum lw_status lw_tui_ask_command(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;

/* Runs a command on the top view; an error of it is shown. */
void lw_tui_run_action(struct lw_tui *tui, const struct lw_action *action, const char *argument);
/* True while the top view takes letters as text. */
bool lw_tui_is_editing(const struct lw_tui *tui);
/* The keys of a command that can be pressed on the top view. */
enum lw_status lw_tui_keys(const struct lw_tui *tui, const struct lw_action *action, size_t max,
                           struct lw_buf *out) LW_MUST_USE;
/* Says which key leaves, for who steps back where nothing is behind. */
void lw_tui_say_leaving(struct lw_tui *tui);

/* help.c: the text, and blanks up to so many columns, one at least. */
enum lw_status lw_tui_add_padded(struct lw_buf *out, const char *text, size_t wide) LW_MUST_USE;

/* tables.c */
extern const struct lw_action_table *const lw_tui_tables[];
extern const size_t lw_tui_table_count;

#endif
