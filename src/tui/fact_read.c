/* What the screen of a fact says: every account of the entry, also those of which nothing is
 * recorded. */
#include "fact_view.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct lw_fact_view *self;
    struct lw_journal *journal;
    struct lw_entry_page *page;
    const struct lw_fact *fact; /* NULL: nothing is claimed */
    uint8_t (*account)[LW_RECORD_ID];
    size_t accounts;
    const char *ref; /* of the entry */
};

static bool same_fact(const char *a, const char *b)
{
    struct lw_buf left = LW_BUF_INIT, right = LW_BUF_INIT;
    bool same = lw_utf8_fold(a, strlen(a), &left) == LW_OK &&
                lw_utf8_fold(b, strlen(b), &right) == LW_OK &&
                strcmp(lw_buf_text(&left), lw_buf_text(&right)) == 0;

    lw_buf_free(&left);
    lw_buf_free(&right);
    return same;
}

/* ---- one claim ---- */

static enum lw_status say_value(const struct lw_voice *voice, struct lw_buf *out)
{
    bool silent = strcmp(voice->stance, "silent") == 0;
    enum lw_status status = LW_OK;

    if (silent)
        status = lw_buf_says(out, "silent: it does not mention this");
    else if (strcmp(voice->stance, "denied") == 0)
        status = lw_buf_says(out, "denied: ");
    if (status == LW_OK && voice->wording != NULL)
        status = lw_buf_addf(out, "%s%s", silent ? "; " : "", voice->wording);
    return status;
}

static enum lw_status say_counted(const struct lw_voice *voice, struct lw_buf *out)
{
    if (!voice->figure.has_min && !voice->figure.has_max)
        return LW_OK;
    if (lw_buf_says(out, "counted: ") != LW_OK)
        return LW_NO_MEMORY;
    return lw_figure_write(lw_say_russian() ? LW_RUSSIAN : LW_ENGLISH, &voice->figure, out);
}

/* Value, figure, status and note, each a line; the cursor stops at the first. */
static enum lw_status add_claim(struct reading *reading, const struct lw_voice *voice,
                                struct lw_entry_text *line, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_value(voice, &text);

    line->hangs = true;
    line->type = LW_RECORD_CLAIM;
    memcpy(line->id, voice->claim, LW_RECORD_ID);
    line->indent = 4;
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, line, NULL, lw_buf_text(&text), err);
    line->indent = 6;
    lw_buf_clear(&text);
    if (status == LW_OK)
        status = say_counted(voice, &text);
    if (status == LW_OK && text.len > 0)
        status = lw_entry_page_add(reading->page, line, NULL, text.data, err);
    lw_buf_clear(&text);
    if (status == LW_OK)
        status = lw_buf_sayf(&text, "status: %s", lw_word_say(voice->status));
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, line, NULL, text.data, err);
    lw_buf_clear(&text);
    if (status == LW_OK && voice->note != NULL) {
        status = lw_buf_sayf(&text, "note: %s", voice->note);
        if (status == LW_OK)
            status = lw_entry_page_add(reading->page, line, NULL, text.data, err);
    }
    lw_buf_free(&text);
    return status;
}

/* ---- one account ---- */

static enum lw_status add_head(struct reading *reading, const struct lw_record *account,
                               struct lw_entry_text *line, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    const char *via = lw_record_text(account, "via");
    enum lw_status status = lw_source_say(reading->journal, account, &text, err);

    if (status == LW_OK && via != NULL)
        status = lw_buf_sayf(&text, "; via %s", via);
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, line, NULL, lw_buf_text(&text), err);
    lw_buf_free(&text);
    return status;
}

static enum lw_status add_nothing(struct reading *reading, const struct lw_record *account,
                                  struct lw_entry_text *line, struct lw_error *err)
{
    line->hangs = true;
    line->type = LW_RECORD_ACCOUNT;
    memcpy(line->id, account->id, LW_RECORD_ID);
    line->indent = 4;
    return lw_entry_page_add(reading->page, line, NULL, _("nothing is recorded about it"), err);
}

static enum lw_status keep_account(struct reading *reading, const uint8_t id[LW_RECORD_ID],
                                   struct lw_error *err)
{
    void *grown = realloc(reading->account, (reading->accounts + 1) * sizeof *reading->account);

    if (grown == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the fact");
    reading->account = grown;
    memcpy(reading->account[reading->accounts++], id, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status visit_account(void *context, const struct lw_record *account,
                                    struct lw_error *err)
{
    struct reading *reading = context;
    struct lw_entry_text line = {
        .section = "", .part = LW_ENTRY_ACCOUNTS, .indent = 2, .differs = true, .lone = true};
    size_t claims = 0;
    enum lw_status status = keep_account(reading, account->id, err);

    line.voice = (unsigned)reading->accounts;
    if (status == LW_OK)
        status = add_head(reading, account, &line, err);
    line.differs = false;
    line.lone = false;
    for (size_t i = 0; reading->fact != NULL && i < reading->fact->voice_count && status == LW_OK;
         i++) {
        const struct lw_voice *voice = &reading->fact->voices[i];

        if (memcmp(voice->account, account->id, LW_RECORD_ID) != 0)
            continue;
        claims++;
        status = add_claim(reading, voice, &line, err);
    }
    return status == LW_OK && claims == 0 ? add_nothing(reading, account, &line, err) : status;
}

/* ---- all ---- */

static enum lw_status read_accounts(struct reading *reading, struct lw_error *err)
{
    return lw_record_each(reading->journal, LW_RECORD_ACCOUNT, "entry", reading->self->page.id,
                          visit_account, reading, err);
}

static enum lw_status visit_fact(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct reading *reading = context;

    if (!same_fact(fact->fact, reading->self->fact))
        return LW_OK;
    reading->fact = fact;
    reading->self->differs = fact->differs;
    return read_accounts(reading, err);
}

static enum lw_status make_title(struct reading *reading, struct lw_error *err)
{
    struct lw_fact_view *self = reading->self;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record entry;
    enum lw_status status =
        lw_record_get(reading->journal, LW_RECORD_ENTRY, self->page.id, &entry, err);

    if (status != LW_OK)
        return status;
    status = lw_buf_addf(&text, "%s  %s", lw_record_text(&entry, "ref"), self->fact);
    lw_record_clear(&entry);
    if (status == LW_OK) {
        lw_text_free(self->page.title);
        self->page.title = lw_clean_copy(lw_buf_text(&text), text.len, false);
        status = self->page.title != NULL ? LW_OK : LW_NO_MEMORY;
    }
    lw_buf_free(&text);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory for the fact");
}

static enum lw_status read_all(struct reading *reading, struct lw_error *err)
{
    enum lw_status status = make_title(reading, err);

    reading->self->differs = false;
    if (status == LW_OK)
        status = lw_facts_of(reading->journal, reading->self->page.id, visit_fact, reading, err);
    if (status == LW_OK && reading->fact == NULL)
        status = read_accounts(reading, err);
    return status;
}

static void go_to(struct lw_entry_view *page, const uint8_t *claim)
{
    for (size_t i = 0; i < page->page.lines && claim != NULL; i++) {
        const struct lw_entry_text *line = &page->page.line[i];

        if (line->stop && memcmp(line->id, claim, LW_RECORD_ID) == 0)
            page->selected = i;
    }
    if (page->selected == SIZE_MAX)
        (void)lw_entry_select(page, 1, false);
    page->follow = true;
}

enum lw_status lw_fact_read(struct lw_fact_view *self, const uint8_t *claim, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(self->page.view.tui);
    struct lw_entry_page page = {.width = 0};
    struct reading reading = {.self = self, .journal = journal, .page = &page};
    struct lw_entry_mark mark;
    enum lw_status status = lw_store_read(lw_journal_store(journal), err);

    if (status != LW_OK)
        return status;
    status = read_all(&reading, err);
    lw_store_rollback(lw_journal_store(journal));
    if (status != LW_OK) {
        lw_entry_page_clear(&page);
        free(reading.account);
        return status;
    }
    lw_entry_mark(&self->page, &mark);
    lw_entry_page_clear(&self->page.page);
    self->page.page = page;
    free(self->account);
    self->account = reading.account;
    self->accounts = reading.accounts;
    lw_entry_return(&self->page, &mark);
    go_to(&self->page, claim);
    return LW_OK;
}

const uint8_t *lw_fact_account(const struct lw_fact_view *self)
{
    const struct lw_entry_text *line = lw_entry_cursor(&self->page);

    return line != NULL && line->voice > 0 && line->voice <= self->accounts
               ? self->account[line->voice - 1]
               : NULL;
}

const uint8_t *lw_fact_claim(const struct lw_fact_view *self)
{
    const struct lw_entry_text *line = lw_entry_cursor(&self->page);

    return line != NULL && line->hangs && line->type == LW_RECORD_CLAIM ? line->id : NULL;
}

/* ---- the other facts ---- */

struct step {
    const char *fact;
    int by;
    bool found; /* the fact itself was passed */
    char *to;   /* owned: the one before it, or the one behind */
};

static enum lw_status step_fact(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct step *step = context;
    char *copy;

    if (same_fact(fact->fact, step->fact)) {
        step->found = true;
        return LW_OK;
    }
    if (step->found == (step->by < 0) || (step->by > 0 && step->to != NULL))
        return LW_OK;
    copy = lw_text_copy(fact->fact, strlen(fact->fact));
    if (copy == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the fact");
    lw_text_free(step->to);
    step->to = copy;
    return LW_OK;
}

enum lw_status lw_fact_step(struct lw_fact_view *self, int by, struct lw_error *err)
{
    struct step step = {.fact = self->fact, .by = by};
    struct lw_tui *tui = self->page.view.tui;
    enum lw_status status =
        lw_facts_of(lw_screen_journal(tui), self->page.id, step_fact, &step, err);

    if (status != LW_OK || step.to == NULL || !step.found) {
        lw_text_free(step.to);
        if (status == LW_OK)
            lw_tui_say(tui, by > 0 ? "this is the last fact" : "this is the first fact");
        return status;
    }
    lw_text_free(self->fact);
    self->fact = step.to;
    self->page.selected = SIZE_MAX;
    self->page.top = 0;
    return lw_fact_read(self, NULL, err);
}
