/* From marked words to a claim: which fact they are about is asked for, the rest is read from them.
 */
#include "account_view.h"
#include "complete.h"

#include <string.h>

/* ---- the marked words ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* What parts words from those behind them: "14 policemen,". A full stop is also the end of U.S. */
static bool parts(const char *text, size_t from, size_t at)
{
    if (text[at] == '.')
        return memchr(text + from, '.', at - from) == NULL;
    return text[at] == ',' || text[at] == ';' || text[at] == ':';
}

bool lw_account_marked(const struct lw_account_view *self, size_t *from, size_t *to)
{
    const char *text = lw_buf_text(&self->text.text);
    size_t cursor = self->text.cursor;

    if (!self->marking)
        return false;
    *from = self->anchor < cursor ? self->anchor : cursor;
    *to = self->anchor < cursor ? cursor : self->anchor;
    while (*from < *to && is_blank(text[*from]))
        (*from)++;
    while (*to > *from && (is_blank(text[*to - 1]) || parts(text, *from, *to - 1)))
        (*to)--;
    return *from < *to;
}

/* ---- saving ---- */

static enum lw_status set_words(const struct lw_account_view *self, struct lw_record *claim)
{
    const char *text = lw_buf_text(&self->text.text);
    struct lw_figure figure;
    size_t from, to;
    enum lw_status status;

    if (strcmp(self->stance, "silent") == 0 || !lw_account_marked(self, &from, &to))
        return LW_OK;
    status = lw_record_set_text(claim, "text", text + from, to - from);
    if (status != LW_OK ||
        !lw_figure_find(text + from, to - from, lw_tui_clock(self->view.tui), &figure))
        return status;
    if (figure.has_min)
        status = lw_record_set_number(claim, "min", figure.min);
    if (status == LW_OK && figure.has_max)
        status = lw_record_set_number(claim, "max", figure.max);
    return status;
}

static enum lw_status fill(const struct lw_account_view *self, const char *fact, size_t len,
                           struct lw_record *claim)
{
    enum lw_status status = lw_record_set_ref(claim, "account", self->account.id);

    if (status == LW_OK)
        status = lw_record_set_text(claim, "fact", fact, len);
    if (status == LW_OK)
        status = lw_record_set_text(claim, "stance", self->stance, strlen(self->stance));
    if (status == LW_OK)
        status = lw_record_set_text(claim, "status", "open", strlen("open"));
    return status == LW_OK ? set_words(self, claim) : status;
}

static enum lw_status write_claim(struct lw_account_view *self, const char *fact, size_t len,
                                  struct lw_error *err)
{
    struct lw_record claim;
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(self->journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_journal_begin(self->journal, err);
    if (status != LW_OK)
        return status;
    lw_record_init(&claim, LW_RECORD_CLAIM);
    status = fill(self, fact, len, &claim);
    if (status == LW_OK)
        status =
            lw_record_put(self->journal, &claim, self->why.len > 0 ? self->why.data : NULL, err);
    if (status == LW_OK)
        status = lw_autosave_remove(&self->autosave, err);
    if (status == LW_OK)
        status = lw_journal_commit(self->journal, err);
    if (status == LW_OK)
        memcpy(self->last, claim.id, LW_RECORD_ID);
    else
        lw_journal_rollback(self->journal);
    lw_record_clear(&claim);
    return status;
}

/* ---- asking ---- */

static void keep(struct lw_buf *kept, const char *text, size_t len)
{
    lw_buf_clear(kept);
    if (lw_buf_add(kept, text, len) != LW_OK)
        lw_buf_clear(kept);
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank(**text)) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && is_blank((*text)[*len - 1]))
        (*len)--;
}

static void fact_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    struct lw_account_view *self = context;

    (void)tui;
    keep(&self->fact, text, len);
    lw_autosave_touch(&self->autosave);
}

/* What was typed is kept unfinished, as a form that is left, and offered again the next time. */
static void cancelled(struct lw_tui *tui, void *context)
{
    struct lw_account_view *self = context;
    struct lw_error err = {.status = LW_OK};

    if (lw_autosave_now(&self->autosave, LW_AUTOSAVE_LEAVING_MS, &err) != LW_OK)
        lw_tui_complain(tui, &err);
    else if (self->autosave.stored)
        lw_drafts_say_kept(tui);
}

static enum lw_status fact_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    struct lw_account_view *self = context;
    enum lw_status status;

    trim(&text, &len);
    keep(&self->fact, text, len);
    if (len == 0)
        return lw_fail(err, LW_BAD_DATA, "say which fact it is about, in a few words");
    status = write_claim(self, text, len, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "not saved; the words are still marked");
        return status;
    }
    lw_autosave_done(&self->autosave);
    lw_buf_clear(&self->fact);
    self->marking = false;
    lw_tui_changed(tui);
    lw_claim_say(tui, self->last);
    return LW_OK;
}

static enum lw_status complete_fact(void *context, const char *before, size_t len,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_account_view *self = context;

    return lw_complete_facts(self->journal, self->entry, before, len, choices, err);
}

static const char *label_of(const char *stance)
{
    if (strcmp(stance, "denied") == 0)
        return _("denied fact: ");
    return strcmp(stance, "silent") == 0 ? _("silent about: ") : _("fact: ");
}

/* What is sealed gets no claim without a reason. */
static enum lw_status why_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                               struct lw_error *err)
{
    struct lw_account_view *self = context;

    (void)tui;
    trim(&text, &len);
    keep(&self->why, text, len);
    if (len == 0)
        return lw_fail(err, LW_REFUSED, "the entry is sealed: it gets a claim only with a reason");
    if (self->why.len == 0)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    self->why_given = true;
    return lw_account_ask(self, self->stance, err);
}

static void why_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    struct lw_account_view *self = context;

    (void)tui;
    keep(&self->why, text, len);
    lw_autosave_touch(&self->autosave);
}

static enum lw_status ask_why(struct lw_account_view *self, const char *stance,
                              struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "the entry is sealed; why the claim? ",
        .changed = why_changed,
        .done = why_done,
        .cancelled = cancelled,
        .context = self,
    };

    self->stance = stance;
    return lw_tui_ask(self->view.tui, &prompt, lw_buf_text(&self->why), err);
}

enum lw_status lw_account_ask(struct lw_account_view *self, const char *stance,
                              struct lw_error *err)
{
    bool frozen = false;
    const struct lw_prompt prompt = {
        .label = label_of(stance),
        .changed = fact_changed,
        .done = fact_done,
        .cancelled = cancelled,
        .completer = complete_fact,
        .context = self,
    };
    size_t from, to;
    enum lw_status status;

    if (lw_tui_is_read_only(self->view.tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    if (strcmp(stance, "silent") != 0 && !lw_account_marked(self, &from, &to))
        return lw_fail(err, LW_USAGE,
                       "mark the words first: v where they begin, then to their end");
    status = lw_record_frozen(self->journal, &self->account, &frozen, err);
    if (status == LW_OK && frozen && !self->why_given)
        return ask_why(self, stance, err);
    if (status == LW_OK)
        status = lw_tui_ask(self->view.tui, &prompt, lw_buf_text(&self->fact), err);
    if (status == LW_OK)
        self->stance = stance;
    return status;
}

/* ---- what it takes the place of ---- */

enum { MOST_EARLIER = 32 };

struct earlier {
    const uint8_t *account;
    uint8_t claim[MOST_EARLIER][LW_RECORD_ID];
    size_t count;
};

/* Ids are ordered by the time of recording. */
static enum lw_status note_earlier(void *context, const struct lw_voice *voice,
                                   struct lw_error *err)
{
    struct earlier *earlier = context;

    (void)err;
    if (earlier->count < MOST_EARLIER && memcmp(voice->account, earlier->account, LW_RECORD_ID) < 0)
        memcpy(earlier->claim[earlier->count++], voice->claim, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status supersede(struct lw_journal *journal, const uint8_t *id, struct lw_error *err)
{
    struct lw_record claim;
    enum lw_status status = lw_record_get(journal, LW_RECORD_CLAIM, id, &claim, err);

    if (status != LW_OK)
        return status;
    status = lw_record_set_text(&claim, "status", "superseded", strlen("superseded"));
    if (status == LW_OK)
        status = lw_record_put(journal, &claim, "a later account says otherwise", err);
    lw_record_clear(&claim);
    return status;
}

static enum lw_status supersede_all(struct lw_journal *journal, const struct earlier *earlier,
                                    struct lw_error *err)
{
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < earlier->count && status == LW_OK; i++)
        status = supersede(journal, earlier->claim[i], err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

/* The claim that was made last, or with the keys in the claims the selected one. */
static const uint8_t *claim_at_hand(const struct lw_account_view *self)
{
    static const uint8_t none[LW_RECORD_ID] = {0};
    size_t at;

    if (self->in_claims && lw_list_selected(&self->list, &at) && at < self->claims)
        return self->claim[at].id;
    return memcmp(self->last, none, LW_RECORD_ID) != 0 ? self->last : NULL;
}

enum lw_status lw_account_supersede(struct lw_account_view *self, struct lw_error *err)
{
    struct earlier earlier = {.account = self->account.id};
    const uint8_t *claim = claim_at_hand(self);
    struct lw_buf key = LW_BUF_INIT;
    enum lw_status status;

    if (claim == NULL) {
        status = lw_fail(err, LW_USAGE, "go to a claim first: %s leads to them",
                         lw_tui_key(self->view.tui, LW_IN_ACCOUNT, "to-claims", &key));
        lw_buf_free(&key);
        return status;
    }
    status = lw_claim_against(self->journal, claim, note_earlier, &earlier, err);
    if (status == LW_OK && earlier.count == 0) {
        lw_tui_say(self->view.tui, "no earlier account says otherwise about this fact");
        return LW_OK;
    }
    if (status == LW_OK)
        status = supersede_all(self->journal, &earlier, err);
    if (status != LW_OK)
        return status;
    lw_tui_changed(self->view.tui);
    lw_tui_say(self->view.tui,
               lw_say_count("superseded: %zu earlier claim; kept, and shown as such",
                            "superseded: %zu earlier claims; kept, and shown as such",
                            earlier.count),
               earlier.count);
    return LW_OK;
}

/* ---- the draft ---- */

enum lw_status lw_account_compose(void *context, struct lw_buf *state, bool *worth)
{
    const struct lw_account_view *self = context;
    char id[2 * LW_RECORD_ID + 1];
    enum lw_status status = lw_flat_text(state, "fact", lw_buf_text(&self->fact), self->fact.len);

    lw_hex_encode(self->account.id, LW_RECORD_ID, id);
    if (status == LW_OK && self->why.len > 0)
        status = lw_flat_text(state, "why", lw_buf_text(&self->why), self->why.len);
    if (status == LW_OK)
        status = lw_flat_number(state, "why.given", self->why_given);
    if (status == LW_OK)
        status = lw_flat_text(state, "account", id, strlen(id));
    if (status == LW_OK && self->stance != NULL)
        status = lw_flat_text(state, "stance", self->stance, strlen(self->stance));
    if (status == LW_OK)
        status = lw_flat_number(state, "shown", self->shown);
    if (status == LW_OK)
        status = lw_flat_number(state, "from", (int64_t)self->anchor);
    if (status == LW_OK)
        status = lw_flat_number(state, "to", (int64_t)self->text.cursor);
    *worth = self->fact.len > 0 || (self->why.len > 0 && !self->why_given);
    return status == LW_OK ? lw_flat_end(state) : status;
}

struct restore {
    uint8_t account[LW_RECORD_ID];
    bool found;
    const char *stance;
    int64_t shown, from, to;
    bool why_given;
    struct lw_buf fact, why;
};

static enum lw_status take(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    static const char *const stances[] = {"asserted", "denied", "silent"};
    struct restore *restore = context;

    (void)err;
    if (text == NULL) {
        int64_t at = number > 0 ? number : 0;

        if (strcmp(key, "shown") == 0)
            restore->shown = at;
        else if (strcmp(key, "from") == 0)
            restore->from = at;
        else if (strcmp(key, "to") == 0)
            restore->to = at;
        else if (strcmp(key, "why.given") == 0 && number != 0)
            restore->why_given = true;
        return LW_OK;
    }
    if (strcmp(key, "account") == 0)
        restore->found = lw_hex_decode(text, len, restore->account, LW_RECORD_ID);
    for (size_t i = 0; i < LW_COUNT_OF(stances) && strcmp(key, "stance") == 0; i++) {
        if (strlen(stances[i]) == len && memcmp(stances[i], text, len) == 0)
            restore->stance = stances[i];
    }
    if (strcmp(key, "why") == 0)
        return lw_buf_add(&restore->why, text, len);
    return strcmp(key, "fact") == 0 ? lw_buf_add(&restore->fact, text, len) : LW_OK;
}

/* The account may have been changed since: what is no border any more moves to one. */
static void mark_again(struct lw_account_view *self, const struct restore *restore)
{
    struct lw_error err = {.status = LW_OK};

    if (restore->shown < LW_ACCOUNT_TEXTS)
        (void)lw_account_choose(self, (enum lw_account_text)restore->shown, &err);
    lw_editor_set_cursor(&self->text, (size_t)restore->from);
    self->anchor = self->text.cursor;
    lw_editor_set_cursor(&self->text, (size_t)restore->to);
    self->marking = strcmp(restore->stance, "silent") != 0;
}

static enum lw_status open_restored(struct lw_tui *tui, const struct lw_draft *draft,
                                    struct restore *restore, struct lw_error *err)
{
    struct lw_account_view *self;
    enum lw_status status;

    if (!restore->found)
        return lw_fail(err, LW_BAD_DATA, "the unfinished claim cannot be read");
    status = lw_account_make(tui, restore->account, &self, err);
    if (status != LW_OK)
        return status;
    mark_again(self, restore);
    keep(&self->fact, lw_buf_text(&restore->fact), restore->fact.len);
    keep(&self->why, lw_buf_text(&restore->why), restore->why.len);
    self->why_given = restore->why_given && self->why.len > 0;
    lw_autosave_resume(&self->autosave, draft);
    lw_tui_push(tui, &self->view);
    return lw_account_ask(self, restore->stance, err);
}

enum lw_status lw_account_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                     struct lw_error *err)
{
    struct restore restore = {.stance = "asserted"};
    enum lw_status status = lw_flat_read(draft->state, draft->state_len, take, &restore, err);

    if (status == LW_OK)
        status = open_restored(tui, draft, &restore, err);
    lw_buf_free(&restore.fact);
    lw_buf_free(&restore.why);
    return status;
}
