/* Pieces of text for one entry. */
#include "entry.h"

#include <string.h>

enum lw_status entry_line(struct entry_say *say, unsigned indent, const char *text)
{
    const struct lw_entry_line line = {.part = say->part,
                                       .text = text,
                                       .indent = indent,
                                       .account = say->account,
                                       .differs = say->differs,
                                       .to = say->to,
                                       .record = say->record};

    return text == NULL || text[0] == '\0' ? LW_OK : say->visit(say->context, &line, say->err);
}

enum lw_status entry_checked(struct entry_say *say, enum lw_status status)
{
    return status == LW_NO_MEMORY ? lw_fail(say->err, status, "out of memory") : status;
}

enum lw_status entry_say_part(struct lw_buf *out, const char *separator, const char *prefix,
                              const char *text, const char *suffix)
{
    if (text == NULL)
        return LW_OK;
    return lw_buf_addf(out, "%s%s%s%s", out->len > 0 ? separator : "", prefix, text, suffix);
}

enum lw_status entry_say_count(const struct lw_record *record, const char *min, const char *max,
                               const char *text, struct lw_buf *out)
{
    const struct lw_value *low = lw_record_value(record, min);
    const struct lw_value *high = lw_record_value(record, max);
    const char *written = lw_record_text(record, text);
    const char *comma = out->len > 0 ? "; " : "";
    enum lw_status status = LW_OK;

    if (low != NULL && high != NULL && low->number == high->number) {
        status = lw_buf_addf(out, "%s%lld", comma, (long long)low->number);
    } else if (low != NULL && high != NULL) {
        status = lw_buf_sayf(out, "%s%lld to %lld", comma, (long long)low->number,
                             (long long)high->number);
    } else if (low != NULL) {
        status = lw_buf_sayf(out, "%sat least %lld", comma, (long long)low->number);
    } else if (high != NULL) {
        status = lw_buf_sayf(out, "%sat most %lld", comma, (long long)high->number);
    }
    if (status != LW_OK || written == NULL)
        return status;
    if (low == NULL && high == NULL)
        return entry_say_part(out, "; ", "\"", written, "\"");
    return entry_say_part(out, ", ", _("as written \""), written, "\"");
}

enum lw_status entry_say_when(const struct lw_record *record, const char *field, struct lw_buf *out)
{
    const char *text = lw_record_text(record, field);
    struct lw_when when;

    if (text == NULL)
        return LW_OK;
    if (lw_when_parse(text, strlen(text), &when, NULL) == LW_OK)
        return lw_when_say(&when, out);
    return lw_buf_adds(out, text);
}

enum lw_status entry_say_record(struct entry_say *say, const struct lw_record *record,
                                struct lw_buf *out)
{
    const char *ref =
        lw_field_find(record->type, "ref") >= 0 ? lw_record_text(record, "ref") : NULL;
    enum lw_status status = LW_OK;

    if (ref != NULL)
        status = lw_buf_addf(out, "%s ", ref);
    if (status == LW_OK)
        status = lw_shown_name(say->journal, record, out, say->err);
    if (status == LW_OK && record->type == LW_RECORD_ENTRY)
        status = entry_say_part(out, " ", "(", lw_record_text(record, "hedge"), ")");
    return status;
}

enum lw_status entry_say_ref(struct entry_say *say, const struct lw_record *record,
                             const char *field, struct lw_buf *out)
{
    const struct lw_value *value = lw_record_value(record, field);
    int at = lw_field_find(record->type, field);
    struct lw_record other;
    enum lw_status status;

    if (value == NULL || at < 0)
        return LW_OK;
    status = lw_same_get(say->journal, lw_record_infos[record->type].fields[at].ref, value->bytes,
                         &other, say->err);
    if (status != LW_OK)
        return status;
    status = entry_say_record(say, &other, out);
    lw_record_clear(&other);
    return entry_checked(say, status);
}
