/* What each source says, beside each other, and where they differ. */
#include "entry.h"

#include <string.h>

static bool differs(const struct entry_say *say, const char *fact)
{
    const char *line = lw_buf_text(&say->differing);
    size_t len = strlen(fact);

    while (*line != '\0') {
        size_t end = strcspn(line, "\n");

        if (end == len && strncmp(line, fact, len) == 0)
            return true;
        line += end + (line[end] == '\n');
    }
    return false;
}

static enum lw_status say_claim(const struct entry_say *say, const struct lw_record *claim,
                                struct lw_buf *out)
{
    const char *fact = lw_record_text(claim, "fact");
    const char *stance = lw_record_text(claim, "stance");
    const char *claimed = lw_record_text(claim, "status");
    struct lw_buf value = LW_BUF_INIT;
    enum lw_status status = entry_say_count(claim, "min", "max", "text", &value);

    if (status == LW_OK)
        status = lw_buf_addf(out, "%s %s: ", differs(say, fact) ? "≠" : "–", fact);
    if (status == LW_OK && strcmp(stance, "silent") == 0)
        status = lw_buf_says(out, value.len > 0 ? "silent; " : "silent");
    if (status == LW_OK && strcmp(stance, "denied") == 0)
        status = lw_buf_says(out, value.len > 0 ? "denied: " : "denied");
    if (status == LW_OK)
        status = lw_buf_adds(out, lw_buf_text(&value));
    if (status == LW_OK && strcmp(claimed, "open") != 0)
        status = lw_buf_addf(out, " [%s]", lw_word_say(claimed));
    if (status == LW_OK)
        status = entry_say_part(out, " ", "(", lw_record_text(claim, "note"), ")");
    lw_buf_free(&value);
    return status;
}

static enum lw_status visit_claim(void *context, const struct lw_record *claim,
                                  struct lw_error *err)
{
    struct entry_say *say = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_claim(say, claim, &text);

    (void)err;
    say->differs = differs(say, lw_record_text(claim, "fact"));
    say->record = claim;
    if (status == LW_OK)
        status = entry_line(say, 6, text.data);
    say->differs = false;
    say->record = NULL;
    lw_buf_free(&text);
    return entry_checked(say, status);
}

/* "page 2; via Russian media; credibility 2" */
static enum lw_status say_origin(const struct lw_record *account, struct lw_buf *out)
{
    const struct lw_value *credibility = lw_record_value(account, "credibility");
    struct lw_buf received = LW_BUF_INIT;
    enum lw_status status = entry_say_part(out, "; ", "", lw_record_text(account, "locator"), "");

    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("via "), lw_record_text(account, "via"), "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("in "), lw_record_text(account, "language"), "");
    if (status == LW_OK)
        status = entry_say_when(account, "received", &received);
    if (status == LW_OK && received.len > 0)
        status = entry_say_part(out, "; ", _("received "), received.data, "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("received by "),
                                lw_record_text(account, "received_how"), "");
    if (status == LW_OK && credibility != NULL)
        status = lw_buf_sayf(out, "%scredibility %lld", out->len > 0 ? "; " : "",
                             (long long)credibility->number);
    if (status == LW_OK)
        status = entry_say_part(out, "; ", "", lw_record_text(account, "note"), "");
    lw_buf_free(&received);
    return status;
}

enum lw_status lw_source_say(struct lw_journal *journal, const struct lw_record *account,
                             struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *id = lw_record_value(account, "source");
    struct lw_record source;
    enum lw_status status;

    if (id == NULL)
        return LW_OK;
    status = lw_same_get(journal, LW_RECORD_SOURCE, id->bytes, &source, err);
    if (status != LW_OK)
        return status;
    status = lw_shown_mask(journal, &source, err);
    if (status == LW_OK)
        status = lw_buf_adds(out, lw_record_text(&source, "ref"));
    if (status == LW_OK)
        status = entry_say_part(out, "  ", "", lw_record_text(&source, "author"), ":");
    if (status == LW_OK)
        status = entry_say_part(out, " ", "", lw_record_text(&source, "title"), "");
    if (status == LW_OK)
        status = entry_say_part(out, ", ", _("reliability "),
                                lw_record_text(&source, "reliability"), "");
    lw_record_clear(&source);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status say_text(struct entry_say *say, struct lw_buf *text, const char *prefix,
                               const char *value, const char *suffix)
{
    enum lw_status status;

    if (value == NULL)
        return LW_OK;
    lw_buf_clear(text);
    status = entry_say_part(text, "", prefix, value, suffix);
    return status == LW_OK ? entry_line(say, 4, text->data) : status;
}

static enum lw_status say_account(struct entry_say *say, const struct lw_record *account,
                                  struct lw_buf *text)
{
    enum lw_status status = lw_source_say(say->journal, account, text, say->err);

    if (status == LW_OK)
        status = entry_line(say, 2, lw_buf_text(text));
    if (status == LW_OK)
        status = say_text(say, text, "\"", lw_record_text(account, "quote"), "\"");
    if (status == LW_OK)
        status = say_text(say, text, "translation: ", lw_record_text(account, "translation"), "");
    if (status == LW_OK)
        status = say_text(say, text, "", lw_record_text(account, "summary"), "");
    lw_buf_clear(text);
    if (status == LW_OK)
        status = say_origin(account, text);
    return status == LW_OK ? entry_line(say, 4, lw_buf_text(text)) : status;
}

static enum lw_status visit_account(void *context, const struct lw_record *account,
                                    struct lw_error *err)
{
    struct entry_say *say = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status;

    say->account++;
    say->record = account;
    status = entry_checked(say, say_account(say, account, &text));
    say->record = NULL;
    lw_buf_free(&text);
    if (status != LW_OK)
        return status;
    return lw_record_each(say->journal, LW_RECORD_CLAIM, "account", account->id, visit_claim, say,
                          err);
}

enum lw_status entry_say_accounts(struct entry_say *say)
{
    enum lw_status status = lw_record_each(say->journal, LW_RECORD_ACCOUNT, "entry", say->entry->id,
                                           visit_account, say, say->err);

    say->account = 0;
    if (status == LW_OK && say->differing.len > 0)
        status = entry_line(say, 2, _("≠ here the accounts differ, or one is silent"));
    return status;
}
