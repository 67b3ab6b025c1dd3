/* What one account says, as a screen: what its files share. */
#ifndef LW_TUI_ACCOUNT_VIEW_H
#define LW_TUI_ACCOUNT_VIEW_H

#include "autosave.h"
#include "journal_views.h"
#include "list.h"

/* The form of a draft of marked words; that of a claim is what the form of all records leaves. */
#define LW_MARKING_DRAFT "marking"

/* The texts of an account, in the order in which one is chosen. */
enum lw_account_text {
    LW_ACCOUNT_QUOTE,
    LW_ACCOUNT_TRANSLATION,
    LW_ACCOUNT_SUMMARY,
    LW_ACCOUNT_TEXTS
};

/* One claim of it, as it is said. */
struct lw_account_claim {
    uint8_t id[LW_RECORD_ID];
    char *fact;
    char *text; /* "≠ police killed: 14" */
    bool differs;
};

struct lw_account_view {
    struct lw_view view;
    struct lw_journal *journal;
    struct lw_record account;
    uint8_t entry[LW_RECORD_ID];
    char *title;  /* "E02  S2  Amnesty International: Joint letter" */
    char *origin; /* locator, via; "" for none */
    enum lw_account_text shown;
    struct lw_editor text; /* only looked at and walked through */
    bool marking;
    size_t anchor; /* where the marked words begin, or end */
    struct lw_account_claim *claim;
    size_t claims;
    struct lw_list list;
    bool in_claims; /* the keys move through the claims */
    const char *stance;
    struct lw_buf fact; /* as typed last; kept until the claim is saved */
    struct lw_buf why;  /* the reason for claims of a sealed entry, asked for once */
    bool why_given;     /* it is whole */
    struct lw_autosave autosave;
    uint8_t last[LW_RECORD_ID]; /* the claim that was made last; zeros: none */
};

/* ---- account_read.c ---- */

/* Reads the account with its claims anew; on error the view stays as it was. */
enum lw_status lw_account_read(struct lw_account_view *self, const uint8_t id[LW_RECORD_ID],
                               struct lw_error *err) LW_MUST_USE;
void lw_account_clear(struct lw_account_view *self);
/* Shows that text; false where the account has none. */
bool lw_account_choose(struct lw_account_view *self, enum lw_account_text which,
                       struct lw_error *err);

/* ---- account_draw.c ---- */

void lw_account_draw(struct lw_view *view, const struct lw_area *area);

/* ---- account_claim.c: from marked words to a claim ---- */

/* The marked words without blanks around them; false where none are. */
bool lw_account_marked(const struct lw_account_view *self, size_t *from, size_t *to);
/* Asks which fact it is; then the claim is saved. stance: a word of the record, static. */
enum lw_status lw_account_ask(struct lw_account_view *self, const char *stance,
                              struct lw_error *err) LW_MUST_USE;
/* Marks the earlier claims of other accounts that the one at hand differs from as superseded. */
enum lw_status lw_account_supersede(struct lw_account_view *self, struct lw_error *err) LW_MUST_USE;
/* Draft of a claim that is being made. */
enum lw_status lw_account_compose(void *view, struct lw_buf *state, bool *worth) LW_MUST_USE;
enum lw_status lw_account_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                     struct lw_error *err) LW_MUST_USE;

/* ---- account_view.c ---- */

enum lw_status lw_account_make(struct lw_tui *tui, const uint8_t account[LW_RECORD_ID],
                               struct lw_account_view **out, struct lw_error *err) LW_MUST_USE;
/* The draft that it holds, or NULL. */
const struct lw_draft *lw_account_draft(const struct lw_view *view);

/* ---- claim_say.c ---- */

/* Says on the last line that a claim was saved, and at once with whom it differs. */
void lw_claim_say(struct lw_tui *tui, const uint8_t claim[LW_RECORD_ID]);

#endif
