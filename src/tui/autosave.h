/* What is being typed, written into the vault while it is typed. */
#ifndef LW_TUI_AUTOSAVE_H
#define LW_TUI_AUTOSAVE_H

#include "screens.h"

enum {
    LW_AUTOSAVE_PAUSE_MS = 700, /* so long after the last key, */
    LW_AUTOSAVE_MOST_MS = 1400, /* and after the first one that is not safe yet */
    LW_AUTOSAVE_RETRY_MS = 1000,
    LW_AUTOSAVE_PATIENCE_MS = 50,  /* that another writer may hold up a key */
    LW_AUTOSAVE_LEAVING_MS = 2000, /* and the leaving of a form */
};

/* Appends the state of the form. *worth false: nothing was typed, no draft is to be kept. */
typedef enum lw_status lw_autosave_compose(void *context, struct lw_buf *state, bool *worth);

/* Members are for reading. */
struct lw_autosave {
    struct lw_tui *tui;
    struct lw_draft draft; /* form must stay; state is not kept */
    bool stored;           /* the vault has a row of it */
    bool dirty;            /* it has not what was typed last */
    int64_t first_ms;      /* steady: of the first key that is not safe */
    int64_t last_ms;       /* of the last one */
    int64_t retry_ms;      /* not before; 0: it did not fail */
    char since[8];         /* "21:04", the first failure in a row; "" for none */
    struct lw_error trouble;
    lw_autosave_compose *compose;
    void *context;
};

/* form is a name that stays. Allocates nothing, nothing is to be freed. */
void lw_autosave_init(struct lw_autosave *save, struct lw_tui *tui, const char *form,
                      lw_autosave_compose *compose, void *context);
/* It goes on with a draft of the vault. */
void lw_autosave_resume(struct lw_autosave *save, const struct lw_draft *draft);
/* Something was typed. */
void lw_autosave_touch(struct lw_autosave *save);
/* To be called by the view's tick, and returned from it: writes where it is time. */
int lw_autosave_tick(struct lw_autosave *save);
/* Writes now what is not safe; waits so long for another writer. */
enum lw_status lw_autosave_now(struct lw_autosave *save, int patience_ms,
                               struct lw_error *err) LW_MUST_USE;
/* Takes the draft out of the vault, in the transaction that was begun, else in one of its own. */
enum lw_status lw_autosave_remove(struct lw_autosave *save, struct lw_error *err) LW_MUST_USE;
/* The transaction with the removal is committed, or there is nothing to keep any more. */
void lw_autosave_done(struct lw_autosave *save);
/* "typing kept", "not kept yet"; for the first line. An entry may be a draft too, so not that word.
 */
const char *lw_autosave_say(const struct lw_autosave *save);
/* "21:04" of a wall clock. */
void lw_autosave_time(const struct lw_tui *tui, int64_t unix_ms, char out[8]);

/* ---- drafts_view.c ---- */

/* Says that what was left is kept, and which key opens it again. */
void lw_drafts_say_kept(struct lw_tui *tui);
/* Opens the last unfinished change of that entry, where there is one that no form has open. */
enum lw_status lw_drafts_open_change(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                                     bool *opened, struct lw_error *err) LW_MUST_USE;

#endif
