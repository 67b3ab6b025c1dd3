/* An entry from its head to its history. */
#include "show.h"

#include <string.h>

#define PLACES_DEEP 8

static enum lw_status no_memory(enum lw_status status, struct lw_error *err)
{
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* "13 December 2014, evening ("soon after"), some time within" */
static enum lw_status say_when(const struct lw_record *entry, struct lw_buf *out)
{
    enum lw_status status = lw_say_when(entry, "when", out);

    if (status == LW_OK && out->len == 0)
        status = lw_buf_adds(out, "not stated");
    if (status == LW_OK)
        status = lw_say_part(out, " ", "(\"", lw_record_text(entry, "when_text"), "\")");
    if (status == LW_OK && lw_record_text(entry, "extent") != NULL)
        status = lw_buf_addf(out, ", %s", lw_extent_label(lw_record_text(entry, "extent")));
    return status;
}

static enum lw_status say_minutes(int64_t minutes, struct lw_buf *out)
{
    if (minutes >= 60 && minutes % 60 == 0)
        return lw_buf_addf(out, "%lld h", (long long)(minutes / 60));
    return lw_buf_addf(out, "%lld min", (long long)minutes);
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
        status = lw_buf_adds(out, "at least ");
        if (status == LW_OK)
            status = say_minutes(min->number, out);
    }
    if (status == LW_OK && max != NULL) {
        status = lw_buf_adds(out, min != NULL ? ", at most " : "at most ");
        if (status == LW_OK)
            status = say_minutes(max->number, out);
    }
    return status;
}

/* "JMG office, Grozny": from the place outwards. */
static enum lw_status say_places(struct lw_show *show, const uint8_t *first, struct lw_buf *out,
                                 struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool more = true;

    memcpy(id, first, sizeof(id));
    for (int i = 0; i < PLACES_DEEP && more; i++) {
        struct lw_record place;
        enum lw_status status = lw_record_get(show->journal, LW_RECORD_PLACE, id, &place, err);

        if (status != LW_OK)
            return status;
        status = lw_say_part(out, ", ", "", lw_record_text(&place, "name"), "");
        if (status == LW_OK && lw_record_text(&place, "note") != NULL)
            status = lw_buf_addf(out, " (%s)", lw_record_text(&place, "note"));
        const struct lw_value *parent = lw_record_value(&place, "parent");
        more = parent != NULL;
        if (more)
            memcpy(id, parent->bytes, sizeof(id));
        lw_record_clear(&place);
        if (status != LW_OK)
            return no_memory(status, err);
    }
    return LW_OK;
}

static enum lw_status show_place(struct lw_show *show, struct lw_buf *text, struct lw_error *err)
{
    const struct lw_value *place = lw_record_value(show->entry, "place");
    enum lw_status status = LW_OK;

    lw_buf_clear(text);
    if (place != NULL)
        status = say_places(show, place->bytes, text, err);
    if (status == LW_OK)
        status = no_memory(
            lw_say_part(text, "; ", "\"", lw_record_text(show->entry, "place_text"), "\""), err);
    if (status == LW_OK)
        lw_show_line(show, "Where", lw_buf_text(text));
    return status;
}

static enum lw_status show_times(struct lw_show *show, struct lw_buf *text)
{
    const struct lw_record *entry = show->entry;
    enum lw_status status;

    lw_buf_clear(text);
    status = say_when(entry, text);
    lw_show_line(show, "When", lw_buf_text(text));
    lw_buf_clear(text);
    if (status == LW_OK)
        status = say_duration(entry, text);
    lw_show_line(show, "Lasted", lw_buf_text(text));
    lw_buf_clear(text);
    if (status == LW_OK)
        status = lw_say_when(entry, "noticed", text);
    if (status == LW_OK)
        status = lw_say_part(text, " ", "(\"", lw_record_text(entry, "noticed_text"), "\")");
    lw_show_line(show, "Noticed", lw_buf_text(text));
    return status;
}

static enum lw_status show_record(struct lw_show *show, struct lw_buf *text)
{
    const struct lw_record *entry = show->entry;
    const struct lw_value *recorded = lw_record_value(entry, "recorded_at");
    enum lw_status status = LW_OK;

    lw_buf_clear(text);
    status = lw_buf_adds(text, lw_record_text(entry, "status"));
    if (status == LW_OK)
        status = lw_say_part(text, ", ", "", lw_record_text(entry, "confidentiality"), "");
    lw_show_line(show, "Status", lw_buf_text(text));
    lw_buf_clear(text);
    if (status == LW_OK && recorded != NULL)
        status = lw_instant_say(show->clock, recorded->number, text);
    if (status == LW_OK)
        status = lw_say_part(text, " ", "by ", lw_record_text(entry, "recorded_by"), "");
    lw_show_line(show, "Recorded", lw_buf_text(text));
    return status;
}

static enum lw_status show_head(struct lw_show *show, struct lw_error *err)
{
    static const char *const refs[][2] = {{"incident", "Incident"}, {"parent", "Part of"}};
    const struct lw_record *entry = show->entry;
    const char *kind = lw_record_text(entry, "kind");
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status;

    lw_out_line(show->out, "%s  %s", lw_record_text(entry, "ref"),
                kind == NULL ? "–" : lw_kind_label(kind));
    status = lw_buf_adds(&text, lw_record_text(entry, "title"));
    if (status == LW_OK && lw_record_text(entry, "hedge") != NULL)
        status = lw_buf_addf(&text, " (%s)", lw_record_text(entry, "hedge"));
    lw_show_text(show, 0, lw_buf_text(&text));
    lw_out_newline(show->out);
    if (status == LW_OK)
        status = show_times(show, &text);
    status = no_memory(status, err);
    if (status == LW_OK)
        status = show_place(show, &text, err);
    for (size_t i = 0; i < LW_COUNT_OF(refs) && status == LW_OK; i++) {
        lw_buf_clear(&text);
        status = lw_say_ref(show, entry, refs[i][0], &text, err);
        if (status == LW_OK)
            lw_show_line(show, refs[i][1], lw_buf_text(&text));
    }
    if (status == LW_OK)
        status = no_memory(show_record(show, &text), err);
    lw_buf_free(&text);
    if (status == LW_OK && lw_record_text(entry, "narrative") != NULL) {
        lw_out_newline(show->out);
        lw_out_wrap(show->out, 0, 0, lw_record_text(entry, "narrative"));
    }
    return status;
}

enum lw_status lw_show_print(struct lw_show *show, struct lw_error *err)
{
    static enum lw_status (*const sections[])(struct lw_show *, struct lw_error *) = {
        lw_show_people, lw_show_accounts, lw_show_items,     lw_show_fields,
        lw_show_links,  lw_show_order,    lw_show_revisions,
    };
    enum lw_status status = show_head(show, err);

    for (size_t i = 0; i < LW_COUNT_OF(sections) && status == LW_OK; i++) {
        show->began = false;
        status = sections[i](show, err);
    }
    return status;
}
