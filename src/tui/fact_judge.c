/* What the team holds of a claim, with a note; and that a source is silent. */
#include "fact_view.h"
#include "form_record.h"

#include <string.h>

static enum lw_status put(struct lw_journal *journal, struct lw_record *claim, struct lw_error *err)
{
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = lw_record_put(journal, claim, NULL, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

/* ---- status and note ---- */

enum lw_status lw_fact_judge(struct lw_fact_view *self, const char *status, struct lw_error *err)
{
    const uint8_t *id = lw_fact_claim(self);

    if (id == NULL)
        return lw_fail(err, LW_USAGE, "nothing is claimed there: go to a claim first");
    return lw_record_form_judge(self->page.view.tui, id, status, err);
}

/* ---- silence ---- */

static enum lw_status fill_silence(const struct lw_fact_view *self, const uint8_t *account,
                                   struct lw_record *claim)
{
    enum lw_status status = lw_record_set_ref(claim, "account", account);

    if (status == LW_OK)
        status = lw_record_set_text(claim, "fact", self->fact, strlen(self->fact));
    if (status == LW_OK)
        status = lw_record_set_text(claim, "stance", "silent", strlen("silent"));
    return status == LW_OK ? lw_record_set_text(claim, "status", "open", strlen("open")) : status;
}

static enum lw_status write_silence(struct lw_fact_view *self, struct lw_record *claim,
                                    struct lw_error *err)
{
    struct lw_tui *tui = self->page.view.tui;
    enum lw_status status = put(lw_screen_journal(tui), claim, err);

    if (status == LW_OK) {
        lw_tui_changed(tui);
        lw_claim_say(tui, claim->id);
    }
    return status;
}

/* What is sealed gets no claim without a reason: the form asks for it. */
static enum lw_status ask_why(struct lw_fact_view *self, const struct lw_record *claim,
                              struct lw_error *err)
{
    struct lw_tui *tui = self->page.view.tui;
    enum lw_status status = lw_record_form_show(tui, LW_RECORD_CLAIM, NULL, claim, err);

    if (status == LW_OK)
        lw_record_form_ask(tui, "why");
    return status;
}

/* Only where nothing is claimed: who says something about a fact is not silent about it. */
enum lw_status lw_fact_silence(struct lw_fact_view *self, struct lw_error *err)
{
    const uint8_t *account = lw_fact_account(self);
    struct lw_record claim;
    bool frozen = false;
    enum lw_status status;

    if (account == NULL)
        return LW_OK;
    if (lw_fact_claim(self) != NULL)
        return lw_fail(err, LW_REFUSED, "a claim of this account is recorded already");
    lw_record_init(&claim, LW_RECORD_CLAIM);
    status = fill_silence(self, account, &claim);
    if (status == LW_OK)
        status = lw_record_frozen(lw_screen_journal(self->page.view.tui), &claim, &frozen, err);
    if (status == LW_OK)
        status = frozen ? ask_why(self, &claim, err) : write_silence(self, &claim, err);
    lw_record_clear(&claim);
    return status;
}
