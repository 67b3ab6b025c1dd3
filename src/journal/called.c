/* What people call a record: E11 "JMG office burned", account of S1 in E11. */
#include "internal.h"

#include <string.h>

#define TITLE_COLUMNS 48

static enum lw_status quoted(const char *text, struct lw_buf *out)
{
    size_t len = text == NULL ? 0 : strlen(text);
    size_t fit = text == NULL ? 0 : lw_utf8_fit(text, len, TITLE_COLUMNS);
    enum lw_status status = lw_buf_addc(out, '"');

    if (status == LW_OK && fit > 0)
        status = lw_buf_add(out, text, fit);
    if (status == LW_OK && fit < len)
        status = lw_buf_adds(out, "…");
    return status == LW_OK ? lw_buf_addc(out, '"') : status;
}

/* ` before "title"` */
static enum lw_status with_title(const char *before, const struct lw_record *record,
                                 const char *field, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "%s ", _(before));

    return status == LW_OK ? quoted(lw_record_text(record, field), out) : status;
}

/* The name that is shown. */
static enum lw_status quoted_name(struct lw_journal *journal, const struct lw_record *record,
                                  struct lw_buf *out, struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = lw_shown_name(journal, record, &name, err);

    if (status == LW_OK)
        status = quoted(lw_buf_text(&name), out);
    lw_buf_free(&name);
    return status;
}

/* "party", and its name. */
static enum lw_status with_name(struct lw_journal *journal, const char *before,
                                const struct lw_record *record, struct lw_buf *out,
                                struct lw_error *err)
{
    enum lw_status status = lw_buf_addf(out, "%s ", _(before));

    return status == LW_OK ? quoted_name(journal, record, out, err) : status;
}

/* The name of what a field refers to; of an entry or a source only its reference. */
static enum lw_status other(struct lw_journal *journal, const struct lw_record *record,
                            const char *field, struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *value = lw_record_value(record, field);
    int at = lw_field_find(record->type, field);
    enum lw_record_type type = lw_record_infos[record->type].fields[at].ref;
    struct lw_record found;
    enum lw_status status;

    if (value == NULL)
        return lw_buf_adds(out, "?");
    status = lw_record_get(journal, type, value->bytes, &found, err);
    if (status == LW_NOT_FOUND)
        return lw_buf_adds(out, "?");
    if (status != LW_OK)
        return status;
    if (type == LW_RECORD_ENTRY || type == LW_RECORD_SOURCE)
        status = lw_buf_adds(out, lw_record_text(&found, "ref"));
    else if (type == LW_RECORD_PARTY)
        status = quoted_name(journal, &found, out, err);
    else
        status = lw_record_called(journal, &found, out, err);
    lw_record_clear(&found);
    return status;
}

static enum lw_status call_account(struct lw_journal *journal, const struct lw_record *account,
                                   struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status = other(journal, account, "source", out, err);

    if (status == LW_OK)
        status = lw_buf_says(out, " in ");
    return status == LW_OK ? other(journal, account, "entry", out, err) : status;
}

/* claim "civilians killed" of S1 in E11 */
static enum lw_status call_claim(struct lw_journal *journal, const struct lw_record *claim,
                                 struct lw_buf *out, struct lw_error *err)
{
    struct lw_record account;
    enum lw_status status = with_title("claim", claim, "fact", out);

    if (status == LW_OK)
        status = lw_record_get(journal, LW_RECORD_ACCOUNT, lw_record_value(claim, "account")->bytes,
                               &account, err);
    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    status = lw_buf_says(out, " of ");
    if (status == LW_OK)
        status = call_account(journal, &account, out, err);
    lw_record_clear(&account);
    return status;
}

/* What hangs on one entry: what it is, then " of E11". */
static enum lw_status call_part(struct lw_journal *journal, const struct lw_record *record,
                                struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status;

    if (record->type == LW_RECORD_FIELD) {
        status = with_title("answer", record, "key", out);
    } else if (record->type == LW_RECORD_ITEM) {
        status = with_title("item", record, "description", out);
    } else {
        status = lw_buf_addf(out, "%s ", lw_role_label(lw_record_text(record, "role")));
        if (status == LW_OK)
            status = other(journal, record, "party", out, err);
    }
    if (status == LW_OK)
        status = lw_buf_says(out, " of ");
    return status == LW_OK ? other(journal, record, "entry", out, err) : status;
}

/* "link from E16 to E19", "order of E08 and E09" */
static enum lw_status call_pair(struct lw_journal *journal, const struct lw_record *record,
                                const char *const words[4], struct lw_buf *out,
                                struct lw_error *err)
{
    enum lw_status status = lw_buf_adds(out, lw_say(words[0]));

    if (status == LW_OK)
        status = other(journal, record, words[1], out, err);
    if (status == LW_OK)
        status = lw_buf_adds(out, lw_say(words[2]));
    return status == LW_OK ? other(journal, record, words[3], out, err) : status;
}

static enum lw_status call_name(struct lw_journal *journal, const struct lw_record *record,
                                struct lw_buf *out, struct lw_error *err)
{
    bool hidden;
    enum lw_status status = lw_shown_is_hidden(journal, record, &hidden, err);

    if (status != LW_OK)
        return status;
    return hidden ? lw_buf_says(out, "a name") : with_title("name", record, "text", out);
}

static enum lw_status call(struct lw_journal *journal, const struct lw_record *record,
                           struct lw_buf *out, struct lw_error *err)
{
    static const char *const link[] = {M_("a link", "link from "), "from", M_("a link", " to "),
                                       "to"};
    static const char *const order[] = {M_("an order", "order of "), "earlier",
                                        M_("an order", " and "), "later"};
    enum lw_status status;

    switch (record->type) {
    case LW_RECORD_ENTRY:
        return with_title(lw_record_text(record, "ref"), record, "title", out);
    case LW_RECORD_SOURCE:
        return with_name(journal, lw_record_text(record, "ref"), record, out, err);
    case LW_RECORD_PARTY:
        return with_name(journal, lw_record_infos[record->type].table, record, out, err);
    case LW_RECORD_PLACE:
    case LW_RECORD_KIND:
    case LW_RECORD_FILTER:
        return with_title(lw_record_infos[record->type].table, record, "name", out);
    case LW_RECORD_NAME:
        status = call_name(journal, record, out, err);
        if (status == LW_OK)
            status = lw_buf_says(out, " of ");
        return status == LW_OK ? other(journal, record, "party", out, err) : status;
    case LW_RECORD_FIELD:
    case LW_RECORD_ITEM:
    case LW_RECORD_PARTICIPATION:
        return call_part(journal, record, out, err);
    case LW_RECORD_ACCOUNT:
        status = lw_buf_says(out, "account of ");
        return status == LW_OK ? call_account(journal, record, out, err) : status;
    case LW_RECORD_CLAIM:
        return call_claim(journal, record, out, err);
    case LW_RECORD_LINK:
        return call_pair(journal, record, link, out, err);
    case LW_RECORD_PRECEDENCE:
        return call_pair(journal, record, order, out, err);
    default:
        return with_title(lw_record_infos[record->type].table, record, "title", out);
    }
}

enum lw_status lw_record_called(struct lw_journal *journal, const struct lw_record *record,
                                struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status = call(journal, record, out, err);

    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}
