/* Keys into an editor: which key types, moves or erases what. */
#ifndef LW_TUI_TYPING_H
#define LW_TUI_TYPING_H

#include "editor.h"
#include "keys.h"

/* Gives the key to the editor. *used is false for a key that is none of an editor's, and for a step
 * up or down where there is no line more (so that a form can go to the next field). Errors are
 * those of the editor; the text is unchanged then. */
enum lw_status lw_typing_key(struct lw_editor *editor, const struct lw_key *key, bool *used,
                             struct lw_error *err) LW_MUST_USE;
/* True for a key that some editor uses: of one line or of several, wherever the cursor is. */
bool lw_typing_takes(const struct lw_key *key);

#endif
