/* One fact of an entry as a screen: what its files share. */
#ifndef LW_TUI_FACT_VIEW_H
#define LW_TUI_FACT_VIEW_H

#include "account_view.h"
#include "entry_view.h"

struct lw_fact_view {
    struct lw_entry_view page; /* its lines, laid out and walked through as an entry is */
    char *fact;
    bool differs;
    uint8_t (*account)[LW_RECORD_ID]; /* of every line's group: voice - 1 */
    size_t accounts;
};

/* ---- fact_read.c ---- */

/* Reads it anew; the cursor stays, or goes to that claim. */
enum lw_status lw_fact_read(struct lw_fact_view *self, const uint8_t *claim,
                            struct lw_error *err) LW_MUST_USE;
/* The account that the cursor is on, or NULL. */
const uint8_t *lw_fact_account(const struct lw_fact_view *self);
/* The claim that the cursor is on, or NULL. */
const uint8_t *lw_fact_claim(const struct lw_fact_view *self);
/* To the next fact of the entry. */
enum lw_status lw_fact_step(struct lw_fact_view *self, int by, struct lw_error *err) LW_MUST_USE;

/* ---- fact_judge.c ---- */

/* Opens the form of the claim at its note, with that status (NULL: as it is). */
enum lw_status lw_fact_judge(struct lw_fact_view *self, const char *status,
                             struct lw_error *err) LW_MUST_USE;
/* Records that the source of the account under the cursor does not mention the fact. */
enum lw_status lw_fact_silence(struct lw_fact_view *self, struct lw_error *err) LW_MUST_USE;

#endif
