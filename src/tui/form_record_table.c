/* What the forms of records ask: labels, hints and order of the fields of each type. */
#include "form_record.h"

#include <string.h>

#define PLAIN LW_RECORD_TYPE_COUNT
#define FIELD(k, l, h, ...)                                                                        \
    {                                                                                              \
        .info = {                                                                                  \
            .key = (k),                                                                            \
            .label = (l),                                                                          \
            .hint = (h),                                                                           \
            .limit = LW_FORM_LINE,                                                                 \
            .record = PLAIN,                                                                       \
            .named = PLAIN,                                                                        \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define LINE(k, l, h)  FIELD(k, l, h, .lines = false)
#define GROUP(k, l, h) FIELD(k, l, h, .group = true) /* begins what belongs together */
#define DATE(k, l)     FIELD(k, l, "13 dec evening, ~21:20 yesterday, 4-16 dec 2014", .said = true)
#define FIGURE(k, m, l)                                                                            \
    {                                                                                              \
        .info = {.key = (k),                                                                       \
                 .label = (l),                                                                     \
                 .hint = "4, 2-4, at least 2, at most 5",                                          \
                 .limit = LW_FORM_LINE,                                                            \
                 .record = PLAIN,                                                                  \
                 .named = PLAIN},                                                                  \
        .max = (m)                                                                                 \
    }
#define LONG(k, l, h)                                                                              \
    {                                                                                              \
        .info = {                                                                                  \
            .key = (k),                                                                            \
            .label = (l),                                                                          \
            .hint = (h),                                                                           \
            .lines = true,                                                                         \
            .limit = LW_FORM_TEXT,                                                                 \
            .record = PLAIN,                                                                       \
            .named = PLAIN                                                                         \
        }                                                                                          \
    }
#define NOTE    LONG("note", "Note", "what there is to add")
#define WHY     FIELD("why", "Why", "why it is changed, where that is worth keeping", .group = true)
#define SAME(h) LINE("same_as", "Same as", h)
#define ENTRY   LINE("entry", "Entry", "its reference, such as E11; words of it find it")
#define ACCOUNT LINE("account", "Rests on", "the account that says so: entry and source, E11 S1")

static const struct lw_record_ask incident[] = {
    LINE("title", "Title", "what the case is called"),
    LINE("status", "Status", "open or closed"),
    LONG("summary", "Summary", "what it is about"),
    SAME("the case that was recorded twice, by its title"),
    WHY,
};

static const struct lw_record_ask party[] = {
    LINE("name", "Name", "the name that is shown; \"two men, one armed\" is one too"),
    LINE("kind", "Kind", "individual, group, organisation, unit or unknown"),
    LONG("names", "Also", "other names, one a line: Сергей Бабинец; Cyrl; ru; legal"),
    GROUP("code_name", "Code name", "stands for the name of somebody who is protected"),
    LINE("protected", "Protected", "yes: shown by the code name until names are asked for"),
    NOTE,
    SAME("who was recorded twice, by the other name; empty it where that was wrong"),
    WHY,
};

static const struct lw_record_ask name[] = {
    LINE("party", "Whose", "the person or group, by any name"),
    LINE("text", "Name", "as it is written"),
    LINE("kind", "Kind", "legal, alias, transliteration, short or other"),
    LINE("script", "Script", "its four letters: Latn, Cyrl, Arab"),
    LINE("language", "Language", "its letters: ru, ce, en"),
    WHY,
};

static const struct lw_record_ask place[] = {
    LINE("name", "Name", "what the place is called"),
    LINE("kind", "Kind", "country, region, town, building, flat, vehicle ..."),
    LINE("parent", "Lies in", "the larger place, by any name; a new name makes a new place"),
    GROUP("latitude", "Latitude", "degrees, north positive: 43.3180"),
    LINE("longitude", "Longitude", "degrees, east positive: 45.6981"),
    LINE("precision", "Precision", "metres that it may be off"),
    LONG("note", "Note", "how it is found: next to the burned office"),
    SAME("the place that was recorded twice, by the other name"),
    WHY,
};

static const struct lw_record_ask source[] = {
    LINE("title", "Title", "what it is called; for a person, who it is"),
    LINE("author", "Author", "who or what medium says so"),
    LINE("medium", "Medium", "letter, call, newspaper, television, report ..."),
    DATE("date", "Date"),
    LINE("date_text", "As worded", "its date as it stands there, where that says more"),
    GROUP("reference", "Index no.", "its index or file number"),
    LINE("url", "Address", "where it is found"),
    LINE("language", "Language", "its letters: ru, ce, en"),
    LINE("reliability", "Reliable",
         "A (always) to E (never), F (cannot be judged); empty: not assessed"),
    LINE("protected", "Protected", "yes: shown by its number only until names are asked for"),
    LINE("ref", "Number", "S1; left empty it gets the next one"),
    NOTE,
    SAME("the source that was recorded twice, by its title or number"),
    WHY,
};

static const struct lw_record_ask field[] = {
    ENTRY,
    LINE("key", "Question", "the name of what is asked: addressee, demand, warrant"),
    LONG("text", "Answer", "as it is answered"),
    FIGURE("min", "max", "Figure"),
    LINE("party", "Who", "a person or group by any name; a new name makes a new one"),
    LINE("place", "Where", "a place by any name; a new name makes a new place"),
    NOTE,
    WHY,
};

static const struct lw_record_ask participation[] = {
    ENTRY,
    LINE("party", "Who", "a person or group by any name; a new name makes a new one"),
    LINE("role", "Role", "victim, perpetrator, witness, lawyer, addressee ..."),
    LINE("degree", "Degree", "of taking part: threw, accused only"),
    LINE("hedge", "Hedge", "apparently by, implied: as far as the source goes"),
    FIGURE("count_min", "count_max", "How many"),
    LINE("count_text", "As written", "their number in the source's words: several"),
    LINE("armed", "Armed", "yes, no or unknown"),
    LINE("masked", "Masked", "yes, no or unknown"),
    LINE("end_state", "At the end", "released, injured, killed"),
    NOTE,
    WHY,
};

static const struct lw_record_ask account[] = {
    ENTRY,
    LINE("source", "Source",
         "who says so: title, author or number; a new title makes a new source"),
    LONG("quote", "Quote", "the source's exact words"),
    LONG("translation", "Translated", "the same in your language"),
    LINE("language", "Language", "of the quote, its letters: ru, ce, en"),
    LONG("summary", "Summary", "in your words, where the exact ones are not at hand"),
    GROUP("locator", "Page", "where in the source: page 2, caption, minute 14"),
    LINE("via", "Via", "who told the source, where it was not there itself"),
    DATE("received", "Received"),
    LINE("received_how", "How", "how it reached you: by phone, on paper, from a web page"),
    LINE("credibility", "Credible",
         "1 (confirmed) to 5 (improbable), 6 (cannot be judged); empty: not assessed"),
    NOTE,
    WHY,
};

static const struct lw_record_ask claim[] = {
    LINE("account", "Account", "entry and source, such as E11 S1"),
    LINE("fact", "Fact", "which fact or figure: civilians killed, time of the fire"),
    LINE("stance", "Stance", "asserted, denied or silent (does not mention it)"),
    LINE("text", "As written", "what it says of it, in its words"),
    FIGURE("min", "max", "Figure"),
    GROUP("status", "Status", "open, accepted, conflict, superseded or withdrawn"),
    LONG("note", "Note", "why it is held to be so"),
    WHY,
};

static const struct lw_record_ask item[] = {
    ENTRY,
    LINE("kind", "What of it", "seized, destroyed, damaged, returned, lost or found"),
    LINE("description", "Item", "what it is: laptop computers"),
    FIGURE("count_min", "count_max", "How many"),
    LINE("count_text", "As written", "its number in the source's words: several"),
    LINE("class", "Class", "device, document, money, vehicle ..."),
    LINE("features", "Features", "by what it is known: colour, make, a scratch"),
    LINE("serial", "Serial no.", "as it stands on it"),
    GROUP("owner", "Owner", "a person or group by any name; a new name makes a new one"),
    LINE("owner_text", "Owner text", "whose, in the source's words"),
    LINE("taken_by", "Taken by", "a person or group by any name; a new name makes a new one"),
    LINE("manner", "Manner", "voluntary, forced or unknown"),
    LINE("receipt", "Receipt", "was one given: yes, no or unknown"),
    LINE("receipt_number", "Its number", "number of the receipt or protocol"),
    LINE("value", "Value", "with its currency"),
    DATE("returned", "Returned"),
    NOTE,
    WHY,
};

static const struct lw_record_ask link[] = {
    LINE("from", "Entry", "its reference, such as E11; words of it find it"),
    LINE("kind", "Relation", "causes, follows, part of, parallel, contradicts, same as, reply to"),
    LINE("to", "To entry", "its reference, such as E11; words of it find it"),
    LINE("fact", "About", "what a contradiction is about"),
    LINE("hedge", "Hedge", "apparent, alleged: as far as the source goes"),
    ACCOUNT,
    NOTE,
    WHY,
};

static const struct lw_record_ask precedence[] = {
    LINE("earlier", "Earlier", "the entry that comes first, such as E09"),
    LINE("kind", "Order", "before, or not after (may be at the same time)"),
    LINE("later", "Later", "the entry that comes then, such as E10"),
    LINE("text", "As worded", "the source's words: later that day"),
    ACCOUNT,
    WHY,
};

static const struct lw_record_ask task[] = {
    LINE("title", "Task", "what is to be done"),
    LINE("entry", "Entry", "what it is about, such as E11; may stay empty"),
    DATE("due", "Due"),
    LINE("assignee", "For", "who is to do it"),
    LINE("done", "Done", "yes or no"),
    FIELD("done_at", "Done on", "left empty it is the moment of saving", .said = true),
    NOTE,
    WHY,
};

static const struct {
    const char *called, *called_short;
    const struct lw_record_ask *list;
    size_t count;
} asks[LW_RECORD_TYPE_COUNT] = {
#define ASKS(type, array, called, called_short)                                                    \
    [LW_RECORD_##type] = {called, called_short, array, LW_COUNT_OF(array)}
    ASKS(INCIDENT, incident, "incident", "incident"),
    ASKS(PARTY, party, "person or group", "person"),
    ASKS(NAME, name, "name", "name"),
    ASKS(PLACE, place, "place", "place"),
    ASKS(SOURCE, source, "source", "source"),
    [LW_RECORD_KIND] = {N_("kind of entry"), N_("kind"), NULL, 0},
    [LW_RECORD_FILTER] = {N_("saved filter"), N_("filter"), NULL, 0},
    [LW_RECORD_ENTRY] = {N_("entry"), N_("entry"), NULL, 0},
    ASKS(FIELD, field, "answer", "answer"),
    ASKS(PARTICIPATION, participation, "participation", "part"),
    ASKS(ACCOUNT, account, "account", "account"),
    ASKS(CLAIM, claim, "claim", "claim"),
    ASKS(ITEM, item, "item", "item"),
    ASKS(LINK, link, "link", "link"),
    ASKS(PRECEDENCE, precedence, "order", "order"),
    ASKS(TASK, task, "task", "task"),
    [LW_RECORD_REVISION] = {N_("revision"), N_("revision"), NULL, 0},
};

const struct lw_record_ask *lw_record_asks(enum lw_record_type type, size_t *count)
{
    *count = asks[type].count;
    return asks[type].list;
}

const char *lw_form_called(enum lw_record_type type)
{
    return _(asks[type].called);
}

const char *lw_form_called_short(enum lw_record_type type)
{
    return _(asks[type].called_short);
}

enum lw_status lw_record_defaults(struct lw_record *record)
{
    static const struct {
        enum lw_record_type type;
        const char *field, *word;
    } words[] = {
        {LW_RECORD_INCIDENT, "status", "open"}, {LW_RECORD_PARTY, "kind", "unknown"},
        {LW_RECORD_NAME, "kind", "other"},      {LW_RECORD_CLAIM, "stance", "asserted"},
        {LW_RECORD_CLAIM, "status", "open"},    {LW_RECORD_PRECEDENCE, "kind", "before"},
    };
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(words) && status == LW_OK; i++) {
        if (words[i].type == record->type && lw_record_value(record, words[i].field) == NULL)
            status =
                lw_record_set_text(record, words[i].field, words[i].word, strlen(words[i].word));
    }
    return status;
}
