/* The head of an entry: what, when, where, in which state; and its narrative. */
#include "entry.h"

#include <string.h>

#define PLACES_DEEP 8

/* "13 December 2014, evening ("soon after"), some time within" */
static enum lw_status say_when(const struct lw_record *entry, struct lw_buf *out)
{
    enum lw_status status = entry_say_when(entry, "when", out);

    if (status == LW_OK && out->len == 0)
        status = lw_buf_says(out, "not stated");
    if (status == LW_OK)
        status = entry_say_part(out, " ", "(\"", lw_record_text(entry, "when_text"), "\")");
    if (status == LW_OK && lw_record_text(entry, "extent") != NULL)
        status = lw_buf_addf(out, ", %s", lw_extent_label(lw_record_text(entry, "extent")));
    return status;
}

static enum lw_status say_minutes(int64_t minutes, struct lw_buf *out)
{
    if (minutes >= 60 && minutes % 60 == 0)
        return lw_buf_sayf(out, "%lld h", (long long)(minutes / 60));
    return lw_buf_sayf(out, "%lld min", (long long)minutes);
}

static enum lw_status say_duration(const struct lw_record *entry, struct lw_buf *out)
{
    const struct lw_value *min = lw_record_value(entry, "duration_min");
    const struct lw_value *max = lw_record_value(entry, "duration_max");
    const char *text = lw_record_text(entry, "duration_text");
    enum lw_status status = LW_OK;

    if (text != NULL)
        status = lw_buf_adds(out, text);
    if (status == LW_OK && (min != NULL || max != NULL) && text != NULL)
        status = lw_buf_adds(out, "; ");
    if (status == LW_OK && min != NULL) {
        status = lw_buf_says(out, "at least ");
        if (status == LW_OK)
            status = say_minutes(min->number, out);
    }
    if (status == LW_OK && max != NULL) {
        status = lw_buf_says(out, min != NULL ? ", at most " : "at most ");
        if (status == LW_OK)
            status = say_minutes(max->number, out);
    }
    return status;
}

/* "JMG office, Grozny": from the place outwards. */
static enum lw_status say_places(struct entry_say *say, const uint8_t *first, struct lw_buf *out)
{
    uint8_t id[LW_RECORD_ID];
    bool more = true;

    memcpy(id, first, sizeof(id));
    for (int i = 0; i < PLACES_DEEP && more; i++) {
        struct lw_record place;
        enum lw_status status = lw_same_get(say->journal, LW_RECORD_PLACE, id, &place, say->err);

        if (status != LW_OK)
            return status;
        status = entry_say_part(out, ", ", "", lw_record_text(&place, "name"), "");
        if (status == LW_OK && lw_record_text(&place, "note") != NULL)
            status = lw_buf_addf(out, " (%s)", lw_record_text(&place, "note"));
        const struct lw_value *parent = lw_record_value(&place, "parent");
        more = parent != NULL;
        if (more)
            memcpy(id, parent->bytes, sizeof(id));
        lw_record_clear(&place);
        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}

static enum lw_status say_fact(struct entry_say *say, const char *label, const struct lw_buf *text)
{
    const struct lw_entry_line line = {
        .part = LW_ENTRY_FACT, .label = label, .text = lw_buf_text(text), .to = say->to};

    return text->len == 0 ? LW_OK : say->visit(say->context, &line, say->err);
}

static enum lw_status say_where(struct entry_say *say, struct lw_buf *text)
{
    const struct lw_value *place = lw_record_value(say->entry, "place");
    enum lw_status status = LW_OK;

    lw_buf_clear(text);
    if (place != NULL)
        status = say_places(say, place->bytes, text);
    if (status == LW_OK)
        status = entry_say_part(text, "; ", "\"", lw_record_text(say->entry, "place_text"), "\"");
    return status == LW_OK ? say_fact(say, _("Where"), text) : status;
}

static enum lw_status say_noticed(const struct lw_record *entry, struct lw_buf *out)
{
    enum lw_status status = entry_say_when(entry, "noticed", out);

    if (status != LW_OK)
        return status;
    return entry_say_part(out, " ", "(\"", lw_record_text(entry, "noticed_text"), "\")");
}

/* "sealed 2014-12-16 12:00 +03:00 by AB; changed after sealing" */
static enum lw_status say_seal(struct entry_say *say, struct lw_buf *out)
{
    struct lw_seal seal;
    struct lw_buf by = LW_BUF_INIT;
    enum lw_status status = lw_seal_read(say->journal, say->entry, &seal, &by, say->err);

    if (status == LW_OK && seal.listed) {
        status = lw_buf_addc(out, ' ');
        if (status == LW_OK)
            status = lw_instant_say(say->clock, seal.at, out);
        if (status == LW_OK && by.len > 0)
            status = entry_say_part(out, " ", _("by "), by.data, "");
    }
    if (status == LW_OK && seal.amended)
        status = lw_buf_says(out, "; ± changed after sealing");
    lw_buf_free(&by);
    return status;
}

static enum lw_status say_status(struct entry_say *say, struct lw_buf *out)
{
    const struct lw_record *entry = say->entry;
    const char *access;
    enum lw_status status = lw_buf_adds(out, lw_word_say(lw_record_text(entry, "status")));

    if (status == LW_OK)
        status = say_seal(say, out);
    if (status != LW_OK)
        return status;
    access = lw_record_text(entry, "confidentiality");
    return entry_say_part(out, ", ", "", access != NULL ? lw_word_say(access) : NULL, "");
}

static enum lw_status say_times(struct entry_say *say, struct lw_buf *text)
{
    static const struct {
        const char *label;
        enum lw_status (*say)(const struct lw_record *entry, struct lw_buf *out);
    } times[] = {
        {N_("When"), say_when}, {N_("Lasted"), say_duration}, {N_("Noticed"), say_noticed}};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(times) && status == LW_OK; i++) {
        lw_buf_clear(text);
        status = times[i].say(say->entry, text);
        if (status == LW_OK)
            status = say_fact(say, _(times[i].label), text);
    }
    return status;
}

static enum lw_status say_refs(struct entry_say *say, struct lw_buf *text)
{
    static const char *const refs[][2] = {{"incident", N_("Incident")}, {"parent", N_("Part of")}};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(refs) && status == LW_OK; i++) {
        const struct lw_value *value = lw_record_value(say->entry, refs[i][0]);

        lw_buf_clear(text);
        status = entry_say_ref(say, say->entry, refs[i][0], text);
        say->to = value != NULL && i == 1 ? value->bytes : NULL;
        if (status == LW_OK)
            status = say_fact(say, _(refs[i][1]), text);
        say->to = NULL;
    }
    return status;
}

static enum lw_status say_recording(struct entry_say *say, struct lw_buf *text)
{
    const struct lw_record *entry = say->entry;
    const struct lw_value *recorded = lw_record_value(entry, "recorded_at");
    enum lw_status status;

    lw_buf_clear(text);
    status = say_status(say, text);
    if (status == LW_OK)
        status = say_fact(say, _("Status"), text);
    lw_buf_clear(text);
    if (status == LW_OK && recorded != NULL)
        status = lw_instant_say(say->clock, recorded->number, text);
    if (status == LW_OK)
        status = entry_say_part(text, " ", _("by "), lw_record_text(entry, "recorded_by"), "");
    return status == LW_OK ? say_fact(say, _("Recorded"), text) : status;
}

static enum lw_status say_title(struct entry_say *say, struct lw_buf *text)
{
    const struct lw_record *entry = say->entry;
    const char *kind = lw_record_text(entry, "kind");
    enum lw_status status =
        lw_buf_addf(text, "%s  %s", lw_record_text(entry, "ref"),
                    kind == NULL ? "–" : lw_kind_label(lw_journal_forms(say->journal), kind));

    say->part = LW_ENTRY_REF;
    if (status == LW_OK)
        status = entry_line(say, 0, text->data);
    lw_buf_clear(text);
    if (status == LW_OK)
        status = lw_buf_adds(text, lw_record_text(entry, "title"));
    if (status == LW_OK && lw_record_text(entry, "hedge") != NULL)
        status = lw_buf_addf(text, " (%s)", lw_record_text(entry, "hedge"));
    say->part = LW_ENTRY_TITLE;
    return status == LW_OK ? entry_line(say, 0, text->data) : status;
}

enum lw_status entry_say_head(struct entry_say *say)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_title(say, &text);

    if (status == LW_OK)
        status = say_times(say, &text);
    if (status == LW_OK)
        status = say_where(say, &text);
    if (status == LW_OK)
        status = say_refs(say, &text);
    if (status == LW_OK)
        status = say_recording(say, &text);
    lw_buf_free(&text);
    say->part = LW_ENTRY_NARRATIVE;
    if (status == LW_OK)
        status = entry_line(say, 0, lw_record_text(say->entry, "narrative"));
    return entry_checked(say, status);
}
