/* Registers: which entries and items they hold, which parts each has, and the way through them. */
#include "register.h"

#include <string.h>

#define DEFECTS                                                                                    \
    {.name = "defects", .label = "procedural defects", .from = PART_DEFECTS},                      \
    {                                                                                              \
        .name = "stated_reason", .label = "stated reason", .from = PART_REASONS                    \
    }
#define SOURCES                                                                                    \
    {                                                                                              \
        .name = "sources", .label = "sources", .from = PART_ACCOUNTS                               \
    }
#define FIELD(key, text)                                                                           \
    {                                                                                              \
        .name = (key), .label = (text), .field = {(key) }                                          \
    }
#define ITEM(key, text)                                                                            \
    {                                                                                              \
        .name = (key), .label = (text), .item = (key)                                              \
    }

static const struct part_source item_parts[] = {
    {.name = "fate", .label = "fate", .item = "kind"},
    ITEM("description", "item"),
    {.name = "count", .label = "number", .from = PART_COUNT},
    {.name = "as_written", .label = "as written", .item = "count_text"},
    ITEM("class", "class"),
    ITEM("features", "features"),
    ITEM("serial", "serial number"),
    {.name = "owner", .label = "owner", .from = PART_OWNER},
    ITEM("taken_by", "taken by"),
    ITEM("manner", "manner"),
    ITEM("receipt", "receipt"),
    ITEM("receipt_number", "receipt number"),
    ITEM("value", "value"),
    ITEM("returned", "returned"),
    ITEM("note", "note"),
    DEFECTS,
};

static const struct part_source threat_parts[] = {
    FIELD("channel", "channel"),
    FIELD("sender", "number or account"),
    {.name = "by", .label = M_("who did it", "by"), .role = {"perpetrator", "actor"}},
    {.name = "to", .label = "to", .role = {"victim", "addressee"}},
    FIELD("exact_words", "exact words"),
    FIELD("language", "language"),
    FIELD("translation", "translation"),
    FIELD("death_threat", "death threat"),
    FIELD("reported", "reported to police"),
    SOURCES,
};

static const struct part_source intervention_parts[] = {
    {.name = "by", .label = M_("who did it", "by"), .role = {"intervenor"}},
    {.name = "to", .label = "to", .field = {"addressee"}, .role = {"addressee"}},
    {.name = "how_sent", .label = "how sent", .field = {"channel"}},
    FIELD("reference", "reference number"),
    FIELD("registered", "registered"),
    FIELD("legal_basis", "legal basis"),
    FIELD("question", "questions"),
    FIELD("demand", "demands"),
    FIELD("reply_due", "reply due"),
    FIELD("reply", "reply"),
    {.name = "answered_by", .label = "answered by", .from = PART_REPLIES},
    {.name = "status", .label = "status", .field = {"state"}},
    SOURCES,
    {.name = "open", .label = "days open", .from = PART_OPEN},
};

static const struct part_source detention_parts[] = {
    {.name = "who", .label = "who", .role = {"victim", "subject"}},
    {.name = "by", .label = M_("who did it", "by"), .role = {"perpetrator", "actor"}},
    {.name = "held_at", .label = "held at", .field = {"held_at"}, .from = PART_PLACE},
    FIELD("from", "from"),
    FIELD("to", "until"),
    {.name = "duration", .label = "lasted", .from = PART_DURATION},
    FIELD("grounds", "grounds"),
    FIELD("charges", "charges"),
    FIELD("record", "record made"),
    {.name = "lawyer", .label = "lawyer", .field = {"lawyer"}, .role = {"lawyer"}},
    FIELD("lawyer_admitted", "lawyer admitted"),
    FIELD("contact", "relatives contacted"),
    FIELD("release", "release"),
    DEFECTS,
    SOURCES,
};

static const struct part_source search_parts[] = {
    {.name = "at", .label = "searched", .role = {"victim", "owner", "subject"}},
    {.name = "by",
     .label = M_("who did it", "by"),
     .field = {"officers"},
     .role = {"perpetrator", "actor"}},
    FIELD("entry", "way in"),
    FIELD("vehicle", "vehicle"),
    FIELD("warrant", "warrant"),
    FIELD("record_copy", "copy of the record"),
    FIELD("attesting", "attesting witnesses"),
    FIELD("specialist", "specialist"),
    {.name = "lawyer", .label = "lawyer", .field = {"lawyer"}, .role = {"lawyer"}},
    FIELD("lawyer_admitted", "lawyer admitted"),
    FIELD("names_shown", "named themselves"),
    {.name = "taken", .label = "taken", .from = PART_TAKEN},
    DEFECTS,
    SOURCES,
};

#define INFO(text, of, parts)                                                                      \
    {                                                                                              \
        .name = (text), .list = (of), .source = (parts), .count = LW_COUNT_OF(parts)               \
    }
const struct register_info register_infos[LW_REGISTER_COUNT] = {
    [LW_REGISTER_ITEMS] = INFO("items", -1, item_parts),
    [LW_REGISTER_THREATS] = INFO("threats", LW_KIND_IN_THREATS, threat_parts),
    [LW_REGISTER_INTERVENTIONS] =
        INFO("interventions", LW_KIND_IN_INTERVENTIONS, intervention_parts),
    [LW_REGISTER_DETENTIONS] = INFO("detentions", LW_KIND_IN_DETENTIONS, detention_parts),
    [LW_REGISTER_SEARCHES] = INFO("searches", LW_KIND_IN_SEARCHES, search_parts),
};

const char *lw_register_name(enum lw_register which)
{
    return register_infos[which].name;
}

/* ---- the way through one ----------------------------------------------------------------------
 */

struct walk {
    struct lw_journal *journal;
    enum lw_register which;
    const struct lw_register_query *query;
    lw_sheet_visitor *visit;
    void *context;
    /* of one entry */
    const struct lw_row *row;
    size_t items, seen;
};

static enum lw_status hand_out(struct walk *walk, const struct lw_record *item,
                               struct lw_error *err)
{
    struct lw_sheet sheet = {.row = walk->row, .first = true, .last = true};
    enum lw_status status;

    sheet_start(walk->journal, walk->which, walk->row->kind, &sheet);
    sheet.open.day = walk->query->day;
    if (item != NULL) {
        memcpy(sheet.item, item->id, LW_RECORD_ID);
        sheet.first = walk->seen == 0;
        sheet.last = ++walk->seen == walk->items;
    }
    status = sheet_fill(walk->journal, &sheet, item, err);
    if (status == LW_OK)
        status = walk->visit(walk->context, &sheet, err);
    sheet_clear(&sheet);
    return status;
}

static bool is_wanted(const struct walk *walk, const struct lw_record *item)
{
    return walk->query->fate == NULL ||
           strcmp(lw_record_text(item, "kind"), walk->query->fate) == 0;
}

static enum lw_status count_item(void *context, const struct lw_record *item, struct lw_error *err)
{
    struct walk *walk = context;

    (void)err;
    walk->items += is_wanted(walk, item);
    return LW_OK;
}

static enum lw_status visit_item(void *context, const struct lw_record *item, struct lw_error *err)
{
    return is_wanted(context, item) ? hand_out(context, item, err) : LW_OK;
}

static enum lw_status visit_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    struct walk *walk = context;
    enum lw_status status;

    walk->row = row;
    if (walk->which != LW_REGISTER_ITEMS)
        return hand_out(walk, NULL, err);
    walk->items = 0;
    walk->seen = 0;
    status = lw_record_each(walk->journal, LW_RECORD_ITEM, "entry", row->id, count_item, walk, err);
    if (status == LW_OK)
        status =
            lw_record_each(walk->journal, LW_RECORD_ITEM, "entry", row->id, visit_item, walk, err);
    return status;
}

/* Keys of the entries that pass, in their order, and how each meets the moment asked about. */
struct found {
    struct key_list keys, matches;
};

static enum lw_status add_found(const struct sift *sift, struct lw_stmt *stmt, struct found *out,
                                struct lw_error *err)
{
    enum lw_match match;
    size_t len = 0;
    enum lw_status status =
        sift_match(sift, lw_stmt_text(stmt, 1, &len), lw_stmt_text(stmt, 2, &len), &match, err);

    if (status != LW_OK)
        return status;
    status = key_list_add(&out->keys, lw_stmt_int(stmt, 0));
    if (status == LW_OK)
        status = key_list_add(&out->matches, match);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* Which entries it holds: those with items, or those of the kinds that say so. Names of kinds have
 * small letters, digits and low lines only. */
static enum lw_status which_sql(const struct walk *walk, struct lw_buf *sql)
{
    const struct lw_forms *forms = lw_journal_forms(walk->journal);
    int list = register_infos[walk->which].list;
    bool first = true;
    enum lw_status status;

    if (list < 0)
        return lw_buf_adds(sql, "e.n IN (SELECT entry FROM item)");
    status = lw_buf_adds(sql, "e.kind IN (");
    for (size_t i = 0; i < lw_forms_count(forms) && status == LW_OK; i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        if ((kind->lists & 1u << list) == 0)
            continue;
        status = lw_buf_addf(sql, "%s'%s'", first ? "" : ", ", kind->name);
        first = false;
    }
    return status == LW_OK ? lw_buf_addc(sql, ')') : status;
}

static enum lw_status find(struct walk *walk, const struct sift *sift, struct found *out,
                           struct lw_error *err)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    enum lw_status status = lw_buf_adds(&sql, "SELECT e.n, e.ref, e.\"when\" FROM entry e WHERE ");

    if (status == LW_OK)
        status = which_sql(walk, &sql);
    if (status == LW_OK)
        status = sift_sql(sift, &sql);
    if (status == LW_OK)
        status = lw_buf_adds(&sql, ROW_ORDER);
    status = status == LW_OK
                 ? lw_store_prepare(lw_journal_store(walk->journal), sql.data, &stmt, err)
                 : lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    sift_bind(sift, stmt);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_found(sift, stmt, out, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status each(struct walk *walk, struct lw_error *err)
{
    struct found found = {.keys = {0}};
    struct sift sift;
    enum lw_status status = sift_begin(walk->journal, walk->query->filter, &sift, err);

    if (status != LW_OK)
        return status;
    status = find(walk, &sift, &found, err);
    sift_end(&sift);
    for (size_t i = 0; i < found.keys.count && status == LW_OK; i++) {
        const struct place place = {.at = {.n = found.keys.key[i]},
                                    .match = (enum lw_match)found.matches.key[i]};
        struct row_before before = {.set = false};

        status = place_visit(walk->journal, &place, &before, visit_row, walk, err);
    }
    key_list_free(&found.keys);
    key_list_free(&found.matches);
    return status;
}

enum lw_status lw_register_each(struct lw_journal *journal, enum lw_register which,
                                const struct lw_register_query *query, lw_sheet_visitor *visit,
                                void *context, struct lw_error *err)
{
    struct walk walk = {
        .journal = journal, .which = which, .query = query, .visit = visit, .context = context};
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = each(&walk, err);
    snapshot_end(journal, own);
    return status;
}

void lw_register_parts(struct lw_journal *journal, enum lw_register which, struct lw_sheet *out)
{
    *out = (struct lw_sheet){.row = NULL};
    sheet_start(journal, which, NULL, out);
}
