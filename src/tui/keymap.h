/* What the two files of the keymap share. */
#ifndef LW_TUI_KEYMAP_H
#define LW_TUI_KEYMAP_H

#include "action.h"

enum { LW_BOUND_BY_TABLE = -1 };

struct lw_bound {
    struct lw_key key;
    const struct lw_action *action;
    int line;    /* of the bindings, or LW_BOUND_BY_TABLE */
    bool before; /* goes before the others: by a line, and not what the tables say as well */
};

struct lw_keymap {
    const struct lw_action_table *const *tables;
    size_t table_count;
    struct lw_bound *list;
    size_t count, cap;
    bool read_only;
};

/* The index-th command of all tables, or NULL. */
const struct lw_action *lw_keymap_at(const struct lw_keymap *keymap, size_t index);
/* The command of a key as it is written, no Latin position looked up. */
const struct lw_action *lw_keymap_exact(const struct lw_keymap *keymap, unsigned context,
                                        const struct lw_key *key);
/* The tables give it to the command. */
bool lw_keymap_is_own(const struct lw_action *action, const struct lw_key *key);
/* False for a key that is text there, or an editor's own, unless the tables give it to the command:
 * a view that edits never lets it through. */
bool lw_keymap_comes_through(const struct lw_action *action, const struct lw_key *key);
/* The next word of a list of keys, between blanks and without a comma behind it; len 0 at the end. */
const char *lw_keymap_word(const char **rest, size_t *len);

#endif
