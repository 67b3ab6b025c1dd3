/* Commands as a table that drives keys, the ':' prompt, its completion, help and manual page. */
#ifndef LW_TUI_ACTION_H
#define LW_TUI_ACTION_H

#include "keys.h"

struct lw_tui;
struct lw_view;

/* Where a command can be called: one bit a kind of view. */
enum lw_context {
    LW_IN_UNLOCK = 1 << 0,
    LW_IN_TIMELINE = 1 << 1,
    LW_IN_ENTRY = 1 << 2,
    LW_IN_FORM = 1 << 3,
    LW_IN_CAPTURE = 1 << 4,
    LW_IN_SEARCH = 1 << 5,
    LW_IN_LIST = 1 << 6, /* people, places, sources, incidents */
    LW_IN_VAULT = 1 << 7,
    LW_IN_HELP = 1 << 8,
    LW_IN_CHOOSER = 1 << 9, /* a list to choose one from, opened by another view */
    LW_IN_HISTORY = 1 << 10,
    LW_IN_ACCOUNT = 1 << 11,
    LW_IN_FACT = 1 << 12,
    LW_IN_REGISTER = 1 << 13, /* items, threats, interventions, detentions, searches */
    LW_IN_TASKS = 1 << 14,
    LW_IN_THREAT = 1 << 15, /* the quick log of threats */
    LW_IN_SPLIT = 1 << 16,  /* what of an entry goes to a new one */
    LW_IN_RULER = 1 << 17,
    LW_IN_LANES = 1 << 18,
    LW_IN_ALL = (1 << 19) - 1,
    /* where what can be typed is always text */
    LW_IN_EDITORS = LW_IN_FORM | LW_IN_CAPTURE | LW_IN_THREAT
};

/* argument: what stood behind the name in the prompt, "" else. An error is shown as a message. */
typedef enum lw_status lw_action_function(struct lw_tui *tui, struct lw_view *view,
                                          const char *argument, struct lw_error *err);

struct lw_action {
    const char *name; /* "new", small letters and '-' */
    const char *keys; /* names as of lw_key_parse, blanks between; "" for none */
    unsigned where;   /* bits of enum lw_context */
    const char *help; /* one line, small letter first, no full stop */
    const char *hint; /* a word for the last line of the screen, or NULL */
    unsigned flags;   /* LW_ACTION_... */
    lw_action_function *run;
};
enum {
    LW_ACTION_WRITES = 1,  /* not there in a read-only session */
    LW_ACTION_ARGUMENT = 2, /* takes an argument in the prompt */
    LW_ACTION_ESSENTIAL = 4 /* keeps a key wherever it has one: help, leaving, saving, the prompt */
};

/* The tables of a program, one for each topic; of two commands with the same key the one in an
 * earlier table counts. Names are the same nowhere. */
struct lw_action_table {
    const struct lw_action *list;
    size_t count;
};

/* Moves, help, prompt, leaving: what every program has; see common.c. */
extern const struct lw_action_table lw_actions_common;

struct lw_keymap;

/* What the configuration says of keys. */
struct lw_bindings {
    const char *const *list; /* "name=keys": stands for all keys of that command, and goes before
                              * the keys of the tables. A Cyrillic letter is its Latin position */
    size_t count;
    unsigned char chord; /* a control character that never arrives: bound to nothing; 0: none */
};

/* Told of one of the bindings that it does not count, and why: the others do. In their order. */
typedef void lw_keymap_warning(void *context, size_t index, const char *text);

/* The tables must stay; bindings (NULL: none) need not. A binding does not count whose command or
 * key is not known, whose key belongs to the chord, an editor or another binding on the same
 * screen, which takes the last key that another command has on a screen, or which leaves an
 * essential command without key on one. warn may be NULL. */
enum lw_status lw_keymap_new(const struct lw_action_table *const *tables, size_t table_count,
                             const struct lw_bindings *bindings, lw_keymap_warning *warn,
                             void *context, struct lw_keymap **out) LW_MUST_USE;
/* NULL does nothing. */
void lw_keymap_free(struct lw_keymap *keymap);
/* Commands with LW_ACTION_WRITES are found no more, neither by key nor by name. */
void lw_keymap_read_only(struct lw_keymap *keymap, bool read_only);
/* The command of a key there, or NULL. A Cyrillic letter stands for its Latin position. */
const struct lw_action *lw_keymap_find(const struct lw_keymap *keymap, unsigned context,
                                       const struct lw_key *key);
/* The command of that name, or the only one whose name begins so; NULL where there is none, or
 * several (*several, may be NULL). */
const struct lw_action *lw_keymap_named(const struct lw_keymap *keymap, unsigned context,
                                        const char *name, size_t len, bool *several);
/* The index-th command there, in the order of the tables, or NULL. */
const struct lw_action *lw_keymap_each(const struct lw_keymap *keymap, unsigned context,
                                       size_t index);
/* Appends its keys as bound there: "q Esc"; at most max of them (0: all). */
enum lw_status lw_keymap_keys(const struct lw_keymap *keymap, unsigned context,
                              const struct lw_action *action, size_t max,
                              struct lw_buf *out) LW_MUST_USE;
/* The same without keys that an editor uses itself, for views where letters are text. */
enum lw_status lw_keymap_keys_editing(const struct lw_keymap *keymap, unsigned context,
                                      const struct lw_action *action, size_t max,
                                      struct lw_buf *out) LW_MUST_USE;
/* The tables as an mdoc list. */
enum lw_status lw_actions_manual(const struct lw_action_table *const *tables, size_t table_count,
                                 struct lw_buf *out) LW_MUST_USE;

#endif
