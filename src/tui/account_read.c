/* From the records of an account to what its screen shows. */
#include "account_view.h"

#include <stdlib.h>
#include <string.h>

static const char *const fields[LW_ACCOUNT_TEXTS] = {"quote", "translation", "summary"};

static void clear_claims(struct lw_account_claim *claim, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lw_text_free(claim[i].fact);
        lw_text_free(claim[i].text);
    }
    free(claim);
}

void lw_account_clear(struct lw_account_view *self)
{
    clear_claims(self->claim, self->claims);
    self->claim = NULL;
    self->claims = 0;
    lw_record_clear(&self->account);
    lw_text_free(self->title);
    lw_text_free(self->origin);
    lw_editor_clear(&self->text);
    lw_buf_free(&self->fact);
    lw_buf_free(&self->why);
}

/* ---- the claims, as the entry says them ---- */

struct reading {
    const uint8_t *account;
    struct lw_account_claim *claim;
    size_t count;
};

static enum lw_status add_claim(struct reading *reading, const struct lw_entry_line *line,
                                struct lw_error *err)
{
    struct lw_account_claim *grown =
        realloc(reading->claim, (reading->count + 1) * sizeof *grown); /* ids and pointers */
    struct lw_account_claim *claim;
    const char *fact = lw_record_text(line->record, "fact");

    if (grown == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the claims");
    reading->claim = grown;
    claim = &grown[reading->count++];
    *claim = (struct lw_account_claim){.differs = line->differs};
    memcpy(claim->id, line->record->id, LW_RECORD_ID);
    claim->fact = lw_text_copy(fact, strlen(fact));
    claim->text = lw_clean_copy(line->text, strlen(line->text), false);
    if (claim->fact == NULL || claim->text == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the claims");
    return LW_OK;
}

static enum lw_status visit_line(void *context, const struct lw_entry_line *line,
                                 struct lw_error *err)
{
    struct reading *reading = context;

    if (line->record == NULL || line->record->type != LW_RECORD_CLAIM ||
        memcmp(lw_record_value(line->record, "account")->bytes, reading->account, LW_RECORD_ID) !=
            0)
        return LW_OK;
    return add_claim(reading, line, err);
}

static enum lw_status read_claims(struct lw_account_view *self, const struct lw_record *account,
                                  const struct lw_record *entry, struct lw_error *err)
{
    struct reading reading = {.account = account->id};
    enum lw_status status =
        lw_entry_say(self->journal, lw_tui_clock(self->view.tui), entry, visit_line, &reading, err);

    if (status != LW_OK) {
        clear_claims(reading.claim, reading.count);
        return status;
    }
    clear_claims(self->claim, self->claims);
    self->claim = reading.claim;
    self->claims = reading.count;
    lw_list_settle(&self->list);
    return LW_OK;
}

/* ---- the head ---- */

static enum lw_status add_origin(const struct lw_record *account, struct lw_buf *out)
{
    static const char *const parts[][2] = {
        {"locator", ""}, {"via", N_("via ")}, {"language", M_("a language", "in ")}, {"note", ""}};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(parts) && status == LW_OK; i++) {
        const char *text = lw_record_text(account, parts[i][0]);

        if (text != NULL)
            status = lw_buf_addf(out, "%s%s%s", out->len > 0 ? "; " : "",
                                 parts[i][1][0] == '\0' ? "" : _(parts[i][1]), text);
    }
    return status;
}

static enum lw_status make_head(struct lw_account_view *self, const struct lw_record *account,
                                const struct lw_record *entry, struct lw_error *err)
{
    struct lw_buf title = LW_BUF_INIT, origin = LW_BUF_INIT;
    char *copies[2] = {NULL, NULL};
    enum lw_status status = lw_buf_addf(&title, "%s  ", lw_record_text(entry, "ref"));

    if (status == LW_OK)
        status = lw_source_say(self->journal, account, &title, err);
    if (status == LW_OK)
        status = add_origin(account, &origin);
    if (status == LW_OK) {
        copies[0] = lw_clean_copy(lw_buf_text(&title), title.len, false);
        copies[1] = lw_clean_copy(lw_buf_text(&origin), origin.len, false);
        status = copies[0] != NULL && copies[1] != NULL ? LW_OK : LW_NO_MEMORY;
    }
    lw_buf_free(&title);
    lw_buf_free(&origin);
    if (status != LW_OK) {
        lw_text_free(copies[0]);
        lw_text_free(copies[1]);
        return status == LW_NO_MEMORY ? lw_fail(err, status, "no memory for the account") : status;
    }
    lw_text_free(self->title);
    lw_text_free(self->origin);
    self->title = copies[0];
    self->origin = copies[1];
    return LW_OK;
}

/* ---- the text ---- */

bool lw_account_choose(struct lw_account_view *self, enum lw_account_text which,
                       struct lw_error *err)
{
    const char *text = lw_record_text(&self->account, fields[which]);
    bool same =
        which == self->shown && text != NULL && strcmp(text, lw_buf_text(&self->text.text)) == 0;

    if (text == NULL)
        return false;
    if (same)
        return true;
    if (lw_editor_set_text(&self->text, text, strlen(text), err) != LW_OK)
        return false;
    self->shown = which;
    self->marking = false;
    return true;
}

/* The one that was shown, else the first that there is. */
static void show_text(struct lw_account_view *self)
{
    struct lw_error err = {.status = LW_OK};
    bool shown = lw_account_choose(self, self->shown, &err);

    for (int which = 0; which < LW_ACCOUNT_TEXTS && !shown && err.status == LW_OK; which++)
        shown = lw_account_choose(self, (enum lw_account_text)which, &err);
    if (!shown) {
        lw_editor_clear(&self->text);
        self->marking = false;
    }
}

/* ---- all ---- */

static enum lw_status take(struct lw_account_view *self, struct lw_record *account,
                           const struct lw_record *entry, struct lw_error *err)
{
    enum lw_status status = make_head(self, account, entry, err);

    if (status == LW_OK)
        status = read_claims(self, account, entry, err);
    if (status != LW_OK)
        return status;
    lw_record_clear(&self->account);
    self->account = *account;
    memcpy(self->entry, entry->id, LW_RECORD_ID);
    show_text(self);
    return LW_OK;
}

enum lw_status lw_account_read(struct lw_account_view *self, const uint8_t id[LW_RECORD_ID],
                               struct lw_error *err)
{
    struct lw_store *store = lw_journal_store(self->journal);
    struct lw_record account, entry;
    enum lw_status status = lw_store_read(store, err);

    if (status != LW_OK)
        return status;
    status = lw_record_get(self->journal, LW_RECORD_ACCOUNT, id, &account, err);
    if (status == LW_OK) {
        status = lw_record_get(self->journal, LW_RECORD_ENTRY,
                               lw_record_value(&account, "entry")->bytes, &entry, err);
        if (status == LW_OK) {
            status = take(self, &account, &entry, err);
            lw_record_clear(&entry);
        }
        if (status != LW_OK)
            lw_record_clear(&account);
    }
    lw_store_rollback(store);
    return status;
}
