/* What the team holds of a claim, with a note; and that a source is silent. */
#include "fact_view.h"

#include <string.h>

/* why: "" for none, which a sealed entry refuses. */
static enum lw_status put(struct lw_journal *journal, struct lw_record *claim, const char *why,
                          struct lw_error *err)
{
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = lw_record_put(journal, claim, why[0] != '\0' ? why : NULL, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

/* ---- status and note ---- */

static enum lw_status save_judged(struct lw_fact_view *self, const char *note, size_t len,
                                  struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(self->page.view.tui);
    struct lw_buf why = LW_BUF_INIT;
    struct lw_record claim;
    enum lw_status status = lw_record_get(journal, LW_RECORD_CLAIM, self->judged, &claim, err);

    if (status != LW_OK)
        return status;
    status = lw_buf_add(&why, note, len);
    if (status == LW_OK && self->status != NULL)
        status = lw_record_set_text(&claim, "status", self->status, strlen(self->status));
    if (status == LW_OK)
        status = lw_record_set_text(&claim, "note", len > 0 ? note : NULL, len);
    if (status == LW_OK) /* the note is the reason */
        status = put(journal, &claim, lw_buf_text(&why), err);
    lw_buf_free(&why);
    lw_record_clear(&claim);
    return status;
}

static enum lw_status note_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    struct lw_fact_view *self = context;
    enum lw_status status;

    while (len > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        len--;
    }
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        len--;
    status = save_judged(self, text, len, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "not saved");
        return status;
    }
    lw_tui_changed(tui);
    lw_tui_say(tui, "saved%s%s", self->status != NULL ? ": " : "",
               self->status != NULL ? self->status : "");
    return LW_OK;
}

enum lw_status lw_fact_judge(struct lw_fact_view *self, const char *status, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "note (may stay empty): ", .done = note_done, .context = self};
    struct lw_tui *tui = self->page.view.tui;
    const uint8_t *id = lw_fact_claim(self);
    struct lw_record claim;
    const char *note;
    enum lw_status result;

    if (id == NULL)
        return lw_fail(err, LW_USAGE, "nothing is claimed there: go to a claim first");
    result = lw_record_get(lw_screen_journal(tui), LW_RECORD_CLAIM, id, &claim, err);
    if (result != LW_OK)
        return result;
    note = lw_record_text(&claim, "note");
    result = lw_tui_ask(tui, &prompt, note != NULL ? note : "", err);
    lw_record_clear(&claim);
    if (result == LW_OK) {
        memcpy(self->judged, id, LW_RECORD_ID);
        self->status = status;
    }
    return result;
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

static enum lw_status write_silence(struct lw_fact_view *self, const char *why,
                                    struct lw_error *err)
{
    struct lw_tui *tui = self->page.view.tui;
    struct lw_record claim;
    enum lw_status status;

    lw_record_init(&claim, LW_RECORD_CLAIM);
    status = fill_silence(self, self->silent, &claim);
    if (status == LW_OK)
        status = put(lw_screen_journal(tui), &claim, why, err);
    if (status == LW_OK) {
        lw_tui_changed(tui);
        lw_claim_say(tui, claim.id);
    }
    lw_record_clear(&claim);
    return status;
}

static enum lw_status why_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                               struct lw_error *err)
{
    (void)tui;
    (void)len;
    return write_silence(context, text, err);
}

/* What is sealed gets no claim without a reason. */
static enum lw_status ask_why(struct lw_fact_view *self, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "the entry is sealed; why the claim? ", .done = why_done, .context = self};
    struct lw_journal *journal = lw_screen_journal(self->page.view.tui);
    struct lw_record account;
    bool frozen = false;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ACCOUNT, self->silent, &account, err);

    if (status != LW_OK)
        return status;
    status = lw_record_frozen(journal, &account, &frozen, err);
    lw_record_clear(&account);
    if (status != LW_OK)
        return status;
    return frozen ? lw_tui_ask(self->page.view.tui, &prompt, "", err)
                  : write_silence(self, "", err);
}

/* Only where nothing is claimed: who says something about a fact is not silent about it. */
enum lw_status lw_fact_silence(struct lw_fact_view *self, struct lw_error *err)
{
    const uint8_t *account = lw_fact_account(self);

    if (account == NULL)
        return LW_OK;
    if (lw_fact_claim(self) != NULL)
        return lw_fail(err, LW_REFUSED, "a claim of this account is recorded already");
    memcpy(self->silent, account, LW_RECORD_ID);
    return ask_why(self, err);
}
