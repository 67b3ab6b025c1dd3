/* One entry with every record that belongs to it, as one JSON object. */
#include "show.h"

struct collector {
    struct lw_show *show;
    struct lw_buf *out;
    bool first;
    bool with_claims; /* second pass over the accounts: their claims */
};

static enum lw_status add_record(struct collector *collector, const struct lw_record *record,
                                 struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (!collector->first)
        status = lw_buf_addc(collector->out, ',');
    collector->first = false;
    if (status == LW_OK)
        status = lw_record_json(record, collector->out);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status visit(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct collector *collector = context;

    if (collector->with_claims) {
        struct collector claims = *collector;
        enum lw_status status;

        claims.with_claims = false;
        status = lw_record_each(collector->show->journal, LW_RECORD_CLAIM, "account", record->id,
                                visit, &claims, err);
        collector->first = claims.first;
        return status;
    }
    return add_record(collector, record, err);
}

/* Records that a field of the visited ones refers to: parties of participations, sources of
 * accounts. */
struct referred {
    struct collector collector;
    const char *field;
};

static enum lw_status visit_referred(void *context, const struct lw_record *record,
                                     struct lw_error *err)
{
    struct referred *referred = context;
    const struct lw_value *id = lw_record_value(record, referred->field);
    int at = lw_field_find(record->type, referred->field);
    struct lw_record other;
    enum lw_status status;

    if (id == NULL || at < 0)
        return LW_OK;
    status = lw_record_get(referred->collector.show->journal,
                           lw_record_infos[record->type].fields[at].ref, id->bytes, &other, err);
    if (status != LW_OK)
        return status;
    status = lw_shown_mask(referred->collector.show->journal, &other, err);
    if (status == LW_OK)
        status = add_record(&referred->collector, &other, err);
    lw_record_clear(&other);
    return status;
}

static enum lw_status add_array(struct lw_show *show, const char *name, enum lw_record_type type,
                                const char *field, bool with_claims, struct lw_buf *out,
                                struct lw_error *err)
{
    struct collector collector = {
        .show = show, .out = out, .first = true, .with_claims = with_claims};
    enum lw_status status = lw_json_raw(out, name, "[");

    if (status == LW_OK)
        status =
            lw_record_each(show->journal, type, field, show->entry->id, visit, &collector, err);
    if (status == LW_OK)
        status = lw_buf_addc(out, ']');
    return status;
}

static enum lw_status add_referred(struct lw_show *show, const char *name, enum lw_record_type type,
                                   const char *field, struct lw_buf *out, struct lw_error *err)
{
    struct referred referred = {.collector = {.show = show, .out = out, .first = true},
                                .field = field};
    enum lw_status status = lw_json_raw(out, name, "[");

    if (status == LW_OK)
        status = lw_record_each(show->journal, type, "entry", show->entry->id, visit_referred,
                                &referred, err);
    if (status == LW_OK)
        status = lw_buf_addc(out, ']');
    return status;
}

/* The entry's own line: what every --json line has, and the whole record. */
static enum lw_status add_head(struct lw_show *show, struct lw_buf *out)
{
    static const char *const names[] = {"ref", "when", "kind", "title"};
    enum lw_status status = lw_buf_addc(out, '{');

    for (size_t i = 0; i < LW_COUNT_OF(names) && status == LW_OK; i++)
        status = lw_json_member(out, names[i], lw_record_text(show->entry, names[i]));
    if (status == LW_OK)
        status = lw_json_raw(out, "entry", "");
    return status == LW_OK ? lw_record_json(show->entry, out) : status;
}

static enum lw_status add_place(struct lw_show *show, struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *id = lw_record_value(show->entry, "place");
    struct lw_record place;
    enum lw_status status;

    if (id == NULL)
        return lw_json_raw(out, "place", "null");
    status = lw_record_get(show->journal, LW_RECORD_PLACE, id->bytes, &place, err);
    if (status != LW_OK)
        return status;
    status = lw_json_raw(out, "place", "");
    if (status == LW_OK)
        status = lw_record_json(&place, out);
    lw_record_clear(&place);
    return status;
}

static enum lw_status add_revisions(struct lw_show *show, struct lw_buf *out, struct lw_error *err)
{
    struct collector collector = {.show = show, .out = out, .first = true};
    enum lw_status status = lw_json_raw(out, "revisions", "[");

    if (status == LW_OK)
        status = lw_revisions_each(show->journal, LW_RECORD_ENTRY, show->entry->id, visit,
                                   &collector, err);
    return status == LW_OK ? lw_buf_addc(out, ']') : status;
}

enum lw_status lw_show_json(struct lw_show *show, struct lw_buf *out, struct lw_error *err)
{
    static const struct {
        const char *name;
        enum lw_record_type type;
        const char *field;
        bool claims;
    } arrays[] = {
        {"participations", LW_RECORD_PARTICIPATION, "entry", false},
        {"accounts", LW_RECORD_ACCOUNT, "entry", false},
        {"claims", LW_RECORD_ACCOUNT, "entry", true},
        {"items", LW_RECORD_ITEM, "entry", false},
        {"fields", LW_RECORD_FIELD, "entry", false},
        {"links_from", LW_RECORD_LINK, "from", false},
        {"links_to", LW_RECORD_LINK, "to", false},
        {"later", LW_RECORD_PRECEDENCE, "earlier", false},
        {"earlier", LW_RECORD_PRECEDENCE, "later", false},
        {"tasks", LW_RECORD_TASK, "entry", false},
    };
    enum lw_status status = add_head(show, out);

    if (status == LW_OK)
        status = add_place(show, out, err);
    if (status == LW_OK)
        status = add_referred(show, "parties", LW_RECORD_PARTICIPATION, "party", out, err);
    if (status == LW_OK)
        status = add_referred(show, "sources", LW_RECORD_ACCOUNT, "source", out, err);
    if (status == LW_OK)
        status = add_referred(show, "field_parties", LW_RECORD_FIELD, "party", out, err);
    if (status == LW_OK)
        status = add_referred(show, "field_places", LW_RECORD_FIELD, "place", out, err);
    for (size_t i = 0; i < LW_COUNT_OF(arrays) && status == LW_OK; i++) {
        status = add_array(show, arrays[i].name, arrays[i].type, arrays[i].field, arrays[i].claims,
                           out, err);
    }
    if (status == LW_OK)
        status = add_revisions(show, out, err);
    if (status == LW_OK)
        status = lw_buf_adds(out, "}\n");
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}
