/* The table of record types: SQL columns, JSON members, revisions and checks are all made from it.
 */
#include "journal.h"

#include <string.h>

#define WORDS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

#define TEXT(n)                                                                                    \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_TEXT                                                         \
    }
#define TEXT_MUST(n)                                                                               \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_TEXT, .required = true                                       \
    }
#define WORD(n, ...)                                                                               \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_WORD, .words = WORDS(__VA_ARGS__)                            \
    }
#define WORD_MUST(n, ...)                                                                          \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_WORD, .required = true, .words = WORDS(__VA_ARGS__)          \
    }
#define INT(n)                                                                                     \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_INT                                                          \
    }
#define INT_MUST(n)                                                                                \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_INT, .required = true                                        \
    }
#define REAL(n)                                                                                    \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_REAL                                                         \
    }
#define BOOL(n)                                                                                    \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_BOOL                                                         \
    }
#define REF(n, t)                                                                                  \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_REF, .ref = LW_RECORD_##t                                    \
    }
#define REF_MUST(n, t)                                                                             \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_REF, .required = true, .ref = LW_RECORD_##t                  \
    }
#define TIME(n)                                                                                    \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_TIME                                                         \
    }
#define TIME_MUST(n)                                                                               \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_TIME, .required = true                                       \
    }
#define WHEN(n)                                                                                    \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_WHEN                                                         \
    }
#define HASH_MUST(n)                                                                               \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_HASH, .required = true                                       \
    }
#define ID_MUST(n)                                                                                 \
    {                                                                                              \
        .name = (n), .kind = LW_FIELD_ID, .required = true                                         \
    }
#define TRI(n)       WORD(n, "yes", "no", "unknown")
#define CONFIDENTIAL WORD("confidentiality", "open", "internal", "restricted")

static const struct lw_field incident_fields[] = {
    TEXT_MUST("title"),
    TEXT("summary"),
    WORD_MUST("status", "open", "closed"),
    REF("same_as", INCIDENT), /* another record of the same */
};

static const struct lw_field party_fields[] = {
    WORD_MUST("kind", "individual", "group", "organisation", "unit", "unknown"),
    TEXT_MUST("name"), /* the one that is shown */
    TEXT("code_name"),
    BOOL("protected"),
    TEXT("note"),
    REF("same_as", PARTY),
};

static const struct lw_field name_fields[] = {
    REF_MUST("party", PARTY),
    TEXT_MUST("text"),
    TEXT("script"),   /* ISO 15924: Latn, Cyrl */
    TEXT("language"), /* BCP 47 */
    WORD_MUST("kind", "legal", "alias", "transliteration", "short", "other"),
};

static const struct lw_field place_fields[] = {
    TEXT_MUST("name"),
    TEXT("kind"), /* country, region, town, building, flat, vehicle, medium ... */
    REF("parent", PLACE),
    REAL("latitude"),  /* WGS 84, degrees */
    REAL("longitude"), /* WGS 84, degrees */
    INT("precision"),  /* metres */
    TEXT("note"),
    REF("same_as", PLACE),
};

static const struct lw_field source_fields[] = {
    TEXT_MUST("ref"), /* S1 */
    TEXT("author"),   /* who or what medium */
    TEXT("medium"),
    TEXT_MUST("title"),
    WHEN("date"),
    TEXT("date_text"),
    TEXT("reference"), /* index number, file number */
    TEXT("url"),
    TEXT("language"),
    WORD("reliability", "A", "B", "C", "D", "E", "F"), /* left out: not assessed */
    BOOL("protected"),
    TEXT("note"),
    REF("same_as", SOURCE),
};

static const struct lw_field kind_fields[] = {
    TEXT_MUST("name"),
    TEXT_MUST("definition"), /* as lw_kind_write writes it */
};

static const struct lw_field filter_fields[] = {
    TEXT_MUST("name"),
    TEXT_MUST("text"), /* lapwing-filter(7); what it names need not be there */
    BOOL("removed"),   /* it is not offered any more */
};

static const struct lw_field entry_fields[] = {
    TEXT_MUST("ref"), /* E11 */
    REF("incident", INCIDENT),
    REF("parent", ENTRY),
    TEXT("kind"), /* the name of a kind of forms.h, which need not be known here */
    TEXT_MUST("title"),
    TEXT("narrative"),
    TEXT("hedge"), /* "apparent", "alleged", as the source has it */
    WHEN("when"),
    TEXT("when_text"), /* the source's wording, where it says more: "later that day" */
    WORD("extent", "throughout", "within", "repeated", "ongoing", "repeated_ongoing"),
    INT("duration_min"), /* minutes */
    INT("duration_max"), /* minutes */
    TEXT("duration_text"),
    WHEN("noticed"),
    TEXT("noticed_text"),
    REF("place", PLACE),
    TEXT("place_text"),
    WORD_MUST("status", "draft", "sealed"),
    CONFIDENTIAL,
    TIME("recorded_at"),
    TEXT("recorded_by"),
};

static const struct lw_field field_fields[] = {
    REF_MUST("entry", ENTRY),
    TEXT_MUST("key"), /* what a kind asks beyond the common: "addressee", "demand", "warrant" */
    TEXT("text"),
    INT("min"),
    INT("max"),
    TEXT("note"),
    REF("party", PARTY), /* whom the answer names */
    REF("place", PLACE), /* which place it names */
};

static const struct lw_field participation_fields[] = {
    REF_MUST("entry", ENTRY),
    REF_MUST("party", PARTY),
    WORD_MUST("role", "victim", "perpetrator", "witness", "source", "addressee", "intervenor",
              "lawyer", "owner", "organiser", "bystander", "subject", "actor"),
    TEXT("degree"), /* of involvement: "threw", "accused only" */
    TEXT("hedge"),  /* "apparently by", "implied" */
    INT("count_min"),
    INT("count_max"),
    TEXT("count_text"),
    TRI("armed"),
    TRI("masked"),
    TEXT("end_state"), /* "released", "killed" */
    TEXT("note"),
};

static const struct lw_field account_fields[] = {
    REF_MUST("entry", ENTRY),
    REF_MUST("source", SOURCE),
    TEXT("quote"), /* the source's exact words */
    TEXT("translation"),
    TEXT("language"),
    TEXT("summary"), /* in our words, where the exact ones are not at hand */
    TEXT("locator"), /* page, paragraph, caption */
    TEXT("via"),     /* hearsay chain */
    WHEN("received"),
    TEXT("received_how"),
    INT("credibility"), /* 1 to 6; left out: not assessed */
    TEXT("note"),
};

static const struct lw_field claim_fields[] = {
    REF_MUST("account", ACCOUNT),
    TEXT_MUST("fact"), /* which fact or figure: "civilians killed" */
    TEXT("text"),      /* the value as written */
    INT("min"),
    INT("max"),
    WORD_MUST("stance", "asserted", "denied", "silent"),
    WORD_MUST("status", "open", "accepted", "conflict", "superseded", "withdrawn"),
    TEXT("note"),
};

static const struct lw_field item_fields[] = {
    REF_MUST("entry", ENTRY),
    WORD_MUST("kind", "seized", "destroyed", "damaged", "returned", "lost", "found"),
    TEXT_MUST("description"),
    TEXT("class"),
    TEXT("features"),
    TEXT("serial"),
    REF("owner", PARTY),
    TEXT("owner_text"),
    REF("taken_by", PARTY),
    INT("count_min"),
    INT("count_max"),
    TEXT("count_text"),
    WORD("manner", "voluntary", "forced", "unknown"),
    TRI("receipt"),
    TEXT("receipt_number"),
    TEXT("value"),
    WHEN("returned"),
    TEXT("note"),
};

static const struct lw_field link_fields[] = {
    REF_MUST("from", ENTRY),
    REF_MUST("to", ENTRY),
    WORD_MUST("kind", "causes", "follows", "part_of", "parallel", "contradicts", "same_as",
              "reply_to"),
    TEXT("fact"), /* what a contradiction is about */
    TEXT("hedge"),
    REF("account", ACCOUNT), /* that it rests on */
    TEXT("note"),
};

static const struct lw_field precedence_fields[] = {
    REF_MUST("earlier", ENTRY),
    REF_MUST("later", ENTRY),
    WORD_MUST("kind", "before", "not_after"), /* not_after: may be at the same time */
    TEXT("text"),                             /* "later that day" */
    REF("account", ACCOUNT),
};

static const struct lw_field task_fields[] = {
    REF("entry", ENTRY), TEXT_MUST("title"), WHEN("due"),  TEXT("assignee"),
    BOOL("done"),        TIME("done_at"),    TEXT("note"),
};

static const struct lw_field revision_fields[] = {
    ID_MUST("journal"),   /* where it was made: one chain for each journal */
    INT_MUST("sequence"), /* 1.. in its chain */
    TEXT_MUST("record"),  /* table name */
    ID_MUST("record_id"), WORD_MUST("action", "create", "change"),
    TEXT("changes"),    /* JSON object: field -> [before, after]; left out for "create" */
    HASH_MUST("state"), /* of the record's canonical JSON after it */
    TIME_MUST("at"),      TEXT("by"),
    TEXT("why"),          HASH_MUST("previous"), /* zeros for the first */
    HASH_MUST("hash"), /* of the canonical JSON of this record without "hash" */
    TEXT("frozen"),    /* by sealing: "entry ID STATE", then what hung on it, one a line */
    TEXT("moved"),     /* by a split: "account ID ENTRY", what went to which entry, one a line */
};

#define INFO_ENTRY(type, table_name, array_name, list)                                             \
    [LW_RECORD_##type] = {.table = (table_name),                                                   \
                          .array = (array_name),                                                   \
                          .fields = (list),                                                        \
                          .field_count = LW_COUNT_OF(list)},
const struct lw_record_info lw_record_infos[LW_RECORD_TYPE_COUNT] = {
    /* clang-format off */
    INFO_ENTRY(INCIDENT, "incident", "incidents", incident_fields)
    INFO_ENTRY(PARTY, "party", "parties", party_fields)
    INFO_ENTRY(NAME, "name", "names", name_fields)
    INFO_ENTRY(PLACE, "place", "places", place_fields)
    INFO_ENTRY(SOURCE, "source", "sources", source_fields)
    INFO_ENTRY(KIND, "kind", "kinds", kind_fields)
    INFO_ENTRY(FILTER, "filter", "filters", filter_fields)
    INFO_ENTRY(ENTRY, "entry", "entries", entry_fields)
    INFO_ENTRY(FIELD, "field", "fields", field_fields)
    INFO_ENTRY(PARTICIPATION, "participation", "participations", participation_fields)
    INFO_ENTRY(ACCOUNT, "account", "accounts", account_fields)
    INFO_ENTRY(CLAIM, "claim", "claims", claim_fields)
    INFO_ENTRY(ITEM, "item", "items", item_fields)
    INFO_ENTRY(LINK, "link", "links", link_fields)
    INFO_ENTRY(PRECEDENCE, "precedence", "precedences", precedence_fields)
    INFO_ENTRY(TASK, "task", "tasks", task_fields)
    INFO_ENTRY(REVISION, "revision", "revisions", revision_fields)
    /* clang-format on */
};

int lw_field_find(enum lw_record_type type, const char *name)
{
    const struct lw_record_info *info = &lw_record_infos[type];

    for (size_t i = 0; i < info->field_count; i++) {
        if (strcmp(info->fields[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

int lw_record_type_by_array(const char *array)
{
    for (int i = 0; i < LW_RECORD_TYPE_COUNT; i++) {
        if (strcmp(lw_record_infos[i].array, array) == 0)
            return i;
    }
    return -1;
}

int lw_record_type_by_table(const char *table)
{
    for (int i = 0; i < LW_RECORD_TYPE_COUNT; i++) {
        if (strcmp(lw_record_infos[i].table, table) == 0)
            return i;
    }
    return -1;
}
