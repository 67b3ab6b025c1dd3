/* What each source says, beside each other, and where they differ. */
#include "show.h"

#include <string.h>

static bool differs(const struct lw_show *show, const char *fact)
{
    const char *line = lw_buf_text(&show->differing);
    size_t len = strlen(fact);

    while (*line != '\0') {
        size_t end = strcspn(line, "\n");

        if (end == len && strncmp(line, fact, len) == 0)
            return true;
        line += end + (line[end] == '\n');
    }
    return false;
}

static enum lw_status say_claim(const struct lw_show *show, const struct lw_record *claim,
                                struct lw_buf *out)
{
    const char *fact = lw_record_text(claim, "fact");
    const char *stance = lw_record_text(claim, "stance");
    const char *claimed = lw_record_text(claim, "status");
    struct lw_buf value = LW_BUF_INIT;
    enum lw_status status = lw_say_count(claim, "min", "max", "text", &value);

    if (status == LW_OK)
        status = lw_buf_addf(out, "%s %s: ", differs(show, fact) ? "≠" : "–", fact);
    if (status == LW_OK && strcmp(stance, "silent") == 0)
        status = lw_buf_adds(out, value.len > 0 ? "silent; " : "silent");
    if (status == LW_OK && strcmp(stance, "denied") == 0)
        status = lw_buf_adds(out, value.len > 0 ? "denied: " : "denied");
    if (status == LW_OK)
        status = lw_buf_adds(out, lw_buf_text(&value));
    if (status == LW_OK && strcmp(claimed, "open") != 0)
        status = lw_buf_addf(out, " [%s]", claimed);
    if (status == LW_OK)
        status = lw_say_part(out, " ", "(", lw_record_text(claim, "note"), ")");
    lw_buf_free(&value);
    return status;
}

static enum lw_status visit_claim(void *context, const struct lw_record *claim,
                                  struct lw_error *err)
{
    struct lw_show *show = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_claim(show, claim, &text);

    if (status == LW_OK)
        lw_show_text(show, 6, lw_buf_text(&text));
    lw_buf_free(&text);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* "page 2; via Russian media; credibility 2" */
static enum lw_status say_origin(const struct lw_record *account, struct lw_buf *out)
{
    const struct lw_value *credibility = lw_record_value(account, "credibility");
    struct lw_buf received = LW_BUF_INIT;
    enum lw_status status = lw_say_part(out, "; ", "", lw_record_text(account, "locator"), "");

    if (status == LW_OK)
        status = lw_say_part(out, "; ", "via ", lw_record_text(account, "via"), "");
    if (status == LW_OK)
        status = lw_say_part(out, "; ", "in ", lw_record_text(account, "language"), "");
    if (status == LW_OK)
        status = lw_say_when(account, "received", &received);
    if (status == LW_OK && received.len > 0)
        status = lw_say_part(out, "; ", "received ", received.data, "");
    if (status == LW_OK)
        status =
            lw_say_part(out, "; ", "received by ", lw_record_text(account, "received_how"), "");
    if (status == LW_OK && credibility != NULL)
        status = lw_buf_addf(out, "%scredibility %lld", out->len > 0 ? "; " : "",
                             (long long)credibility->number);
    if (status == LW_OK)
        status = lw_say_part(out, "; ", "", lw_record_text(account, "note"), "");
    lw_buf_free(&received);
    return status;
}

static void show_text(struct lw_show *show, struct lw_buf *text, const char *prefix,
                      const char *value, const char *suffix)
{
    lw_buf_clear(text);
    if (value != NULL && lw_say_part(text, "", prefix, value, suffix) == LW_OK)
        lw_show_text(show, 4, text->data);
}

static enum lw_status say_source(struct lw_show *show, const struct lw_record *account,
                                 struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *id = lw_record_value(account, "source");
    struct lw_record source;
    enum lw_status status;

    if (id == NULL)
        return LW_OK;
    status = lw_record_get(show->journal, LW_RECORD_SOURCE, id->bytes, &source, err);
    if (status != LW_OK)
        return status;
    status = lw_buf_adds(out, lw_record_text(&source, "ref"));
    if (status == LW_OK)
        status = lw_say_part(out, "  ", "", lw_record_text(&source, "author"), ":");
    if (status == LW_OK)
        status = lw_say_part(out, " ", "", lw_record_text(&source, "title"), "");
    if (status == LW_OK)
        status = lw_say_part(out, ", ", "reliability ", lw_record_text(&source, "reliability"), "");
    lw_record_clear(&source);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status visit_account(void *context, const struct lw_record *account,
                                    struct lw_error *err)
{
    struct lw_show *show = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_source(show, account, &text, err);

    if (status == LW_OK) {
        lw_show_section(show, "Accounts");
        lw_show_text(show, 2, lw_buf_text(&text));
        show_text(show, &text, "\"", lw_record_text(account, "quote"), "\"");
        show_text(show, &text, "translation: ", lw_record_text(account, "translation"), "");
        show_text(show, &text, "", lw_record_text(account, "summary"), "");
        lw_buf_clear(&text);
        status = say_origin(account, &text);
        if (status != LW_OK)
            status = lw_fail(err, status, "out of memory");
        lw_show_text(show, 4, lw_buf_text(&text));
    }
    lw_buf_free(&text);
    if (status != LW_OK)
        return status;
    return lw_record_each(show->journal, LW_RECORD_CLAIM, "account", account->id, visit_claim, show,
                          err);
}

enum lw_status lw_show_accounts(struct lw_show *show, struct lw_error *err)
{
    enum lw_status status = lw_record_each(show->journal, LW_RECORD_ACCOUNT, "entry",
                                           show->entry->id, visit_account, show, err);

    if (status == LW_OK && show->differing.len > 0)
        lw_out_line(show->out, "  ≠ here the accounts differ, or one is silent");
    return status;
}
