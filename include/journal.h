/*
 * journal: what is recorded. Records as one table of types and fields, dates that say no more than
 * the source does, one-line capture, answers to the questions of a kind, the timeline, search,
 * contradictions, the chain of revisions.
 */
#ifndef LW_JOURNAL_H
#define LW_JOURNAL_H

#include "forms.h"
#include "store.h"

#define LW_RECORD_ID 16 /* bytes: random or time-ordered; 32 hexadecimal digits outside */

/* ---- record types (records.c) ------------------------------------------------------------- */

/* In the order in which they are written to JSON: what is referred to comes first. The name is also
 * the SQL table; the second is the name of the JSON array. */
#define LW_RECORD_TYPES(X)                                                                         \
    X(INCIDENT, "incident", "incidents")                                                           \
    X(PARTY, "party", "parties")                                                                   \
    X(NAME, "name", "names")                                                                       \
    X(PLACE, "place", "places")                                                                    \
    X(SOURCE, "source", "sources")                                                                 \
    X(KIND, "kind", "kinds")                                                                       \
    X(FILTER, "filter", "filters")                                                                 \
    X(ENTRY, "entry", "entries")                                                                   \
    X(FIELD, "field", "fields")                                                                    \
    X(PARTICIPATION, "participation", "participations")                                            \
    X(ACCOUNT, "account", "accounts")                                                              \
    X(CLAIM, "claim", "claims")                                                                    \
    X(ITEM, "item", "items")                                                                       \
    X(LINK, "link", "links")                                                                       \
    X(PRECEDENCE, "precedence", "precedences")                                                     \
    X(TASK, "task", "tasks")                                                                       \
    X(REVISION, "revision", "revisions")

enum lw_record_type {
#define LW_RECORD_ENUM(name, table, array) LW_RECORD_##name,
    LW_RECORD_TYPES(LW_RECORD_ENUM)
#undef LW_RECORD_ENUM
        LW_RECORD_TYPE_COUNT
};

/* Every field is one SQL column of the same name and one JSON member; NULL (left out) is "not
 * stated", an empty text does not exist. */
enum lw_field_kind {
    LW_FIELD_TEXT, /* JSON string, well-formed UTF-8, not empty */
    LW_FIELD_WORD, /* one of field->words */
    LW_FIELD_INT,  /* 0 .. 2^53 */
    LW_FIELD_REAL, /* finite */
    LW_FIELD_BOOL, /* JSON true, false; SQL 1, 0 */
    LW_FIELD_REF,  /* id of a record of field->ref; SQL: its integer key `n` */
    LW_FIELD_TIME, /* instant, milliseconds since 1970; JSON "2014-12-16T09:00:00.000Z" */
    LW_FIELD_WHEN, /* text that lw_when_parse takes: "2014-12-13 evening" */
    LW_FIELD_HASH, /* 32 bytes as hexadecimal text in JSON, a blob in SQL */
    LW_FIELD_ID,   /* 16 bytes as hexadecimal text in JSON, a blob in SQL; refers to nothing */
};

struct lw_field {
    const char *name;
    enum lw_field_kind kind;
    bool required;
    const char *const *words; /* LW_FIELD_WORD: NULL-terminated */
    enum lw_record_type ref;  /* LW_FIELD_REF */
};

struct lw_record_info {
    const char *table;
    const char *array;
    const struct lw_field *fields;
    size_t field_count;
};
#define LW_FIELDS_MAX 24
extern const struct lw_record_info lw_record_infos[LW_RECORD_TYPE_COUNT];

/* Index of a field by name, or -1. */
int lw_field_find(enum lw_record_type type, const char *name);
/* Type by JSON array name ("entries") or by table name ("entry"), or -1. */
int lw_record_type_by_array(const char *array);
int lw_record_type_by_table(const char *table);

/* ---- one record in memory (record.c) --------------------------------------------------------- */

struct lw_value {
    bool set;
    int64_t number;           /* INT, BOOL, TIME */
    double real;              /* REAL */
    char *text;               /* TEXT, WORD, WHEN; owned */
    uint8_t bytes[LW_HASH];   /* REF and ID: the first 16; HASH: 32 */
};

struct lw_record {
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    struct lw_value value[LW_FIELDS_MAX];
};

void lw_record_init(struct lw_record *record, enum lw_record_type type);
/* Zeroes and frees the texts; the record can be initialised again. */
void lw_record_clear(struct lw_record *record);
/* Setters by field name; INTERNAL where the type has no such field of that kind. Text NULL unsets. */
enum lw_status lw_record_set_text(struct lw_record *record, const char *field, const char *text,
                                  size_t len) LW_MUST_USE;
enum lw_status lw_record_set_number(struct lw_record *record, const char *field, int64_t number)
    LW_MUST_USE;
enum lw_status lw_record_set_ref(struct lw_record *record, const char *field,
                                 const uint8_t id[LW_RECORD_ID]) LW_MUST_USE;
/* NULL, or the value where it is set. */
const struct lw_value *lw_record_value(const struct lw_record *record, const char *field);
const char *lw_record_text(const struct lw_record *record, const char *field); /* NULL: not set */
/* Index of the first field in which two records of one type differ, or -1. Ids are not looked at. */
int lw_record_difference(const struct lw_record *a, const struct lw_record *b);
/* Required fields, words, well-formed text, dates, min <= max. BAD_DATA with record and field. */
enum lw_status lw_record_validate(const struct lw_record *record, struct lw_error *err) LW_MUST_USE;
/* Canonical JSON object on one line: "id" first, then the set fields in table order, no blanks
 * outside texts. The hash chain and the export are made of this. */
enum lw_status lw_record_json(const struct lw_record *record, struct lw_buf *out) LW_MUST_USE;
/* One value as it stands there; "null" where it is not set. */
enum lw_status lw_value_json(const struct lw_field *field, const struct lw_value *value,
                             struct lw_buf *out) LW_MUST_USE;

/* ---- when (when.c, when_typed.c) -------------------------------------------------------------- */

#define LW_WHEN_TEXT 160
#define LW_WHEN_REFS 8
#define LW_TIME_MIN  INT64_MIN
#define LW_TIME_MAX  INT64_MAX

/* What a `when` says. Canonical text: EDTF date, then optionally a blank and a time of day, then
 * optionally a blank and an offset: "2014-12-13~", "2014-12-13 evening", "2014-12-13 ~13:00 +03:00",
 * "2014-12-13 13:00..14:30", "2014-12-04/2014-12-16", "[2014-12-05,2014-12-06]".
 * A time stands only after complete days (one, an interval, a set), an offset only after a time.
 * Parts of the stated date: night 00:00-06:00, morning 06:00-12:00, afternoon 12:00-18:00, evening
 * 18:00-24:00. A minute, and a range of minutes, include their last one. ~ ? % widen by one of what
 * is stated on either side (day, month, season of three months, year, decade), on one component by
 * one of it; ~13:00 by 30 minutes. Seasons are of the northern half; a winter may be either one. */
struct lw_when {
    char text[LW_WHEN_TEXT]; /* canonical */
    /* Wall-clock seconds (as at the place, without offset) since 1970-01-01T00:00: the first second
     * that it may be, and one past the last. LW_TIME_MIN / LW_TIME_MAX for open ends. */
    int64_t earliest;
    int64_t latest;
    bool has_time;      /* a time of day or part of day is stated */
    bool has_offset;    /* a UTC offset is stated */
    int offset_minutes; /* east positive; 0 where not stated */
    bool interval;      /* a slash, or one of a set */
    bool open;          /* an end is open or unknown */
    bool approximate;   /* ~ or ? anywhere */
};

/* Canonical form only, strictly (JSON, the database). BAD_DATA with a hint: which character, what
 * would be right; a date that cannot be ("2014-02-30"); old EDTF drafts ("u", "unknown", "open"). */
enum lw_status lw_when_parse(const char *text, size_t len, struct lw_when *out,
                             struct lw_error *err) LW_MUST_USE;

/* Relative order that was typed: "after E09", "before E10". */
struct lw_when_relation {
    bool after; /* this entry comes after ref; else before it */
    char ref[16];
};

/* What a person typed: canonical forms, and "13 dec", "13 dec 2014 evening", "13.12.2014",
 * "yesterday evening", "today ~21:20", "~21:20", "monday night", "dec 2014", "2014",
 * "5 or 6 dec 2014", "4-16 dec 2014", "4 dec .. 16 dec 2014", "since 13 dec", "until 9 dec",
 * "about 13 dec", "after E09"; months and days in English and Russian ("13 дек 2014 вечером",
 * "вчера вечером", "сегодня", "после E09"). A date without a year is the latest one that is not in
 * the future. out->text is "" where only relations were typed. */
struct lw_when_typed {
    bool has_when;
    struct lw_when when;
    size_t relation_count;
    struct lw_when_relation relation[LW_WHEN_REFS];
};
enum lw_status lw_when_read(const char *text, size_t len, const struct lw_clock *clock,
                            struct lw_when_typed *out, struct lw_error *err) LW_MUST_USE;
/* Finds the phrase of that grammar that starts at text (a word boundary): bytes that it takes, 0 for
 * none; the longest that is understood. A bare number ("14 policemen") is none; a bare year, time or
 * weekday inside a sentence is none unless `alone`. A phrase with the shape of a date that cannot be
 * ("31 feb 2014") takes its bytes and leaves err filled and out->has_when false. */
size_t lw_when_scan(const char *text, size_t len, bool alone, const struct lw_clock *clock,
                    struct lw_when_typed *out, struct lw_error *err);
/* For people: "13 December 2014, evening", "from about 2009 on", in English. */
enum lw_status lw_when_say(const struct lw_when *when, struct lw_buf *out) LW_MUST_USE;
/* Does a lie within b (every moment of it), or can it overlap b? Offsets count only where both state
 * one; else wall clocks are compared. */
bool lw_when_within(const struct lw_when *a, const struct lw_when *b);
bool lw_when_overlaps(const struct lw_when *a, const struct lw_when *b);

/* ---- the journal ------------------------------------------------------------------------------ */

struct lw_journal;

struct lw_journal_setup {
    const struct lw_clock *clock;
    const char *author; /* who records, for revisions; NULL: not stated */
    const struct lw_forms *forms; /* must stay; NULL: none. Those of the store come on top */
};

/* A journal over an open store; the store must outlive it. Nothing is written until something is. */
enum lw_status lw_journal_open(struct lw_store *store, const struct lw_journal_setup *setup,
                               struct lw_journal **out, struct lw_error *err) LW_MUST_USE;
void lw_journal_close(struct lw_journal *journal);
struct lw_store *lw_journal_store(struct lw_journal *journal);
/* Who records; NULL: not stated. */
const char *lw_journal_author(const struct lw_journal *journal);
/* From now on the journal is as of that instant (Unix milliseconds), not of now: what is overdue is
 * overdue then, and days are counted to it. */
void lw_journal_stand(struct lw_journal *journal, int64_t ms);
/* The local day to which days are counted, since 1970-01-01: today, or that of lw_journal_stand. */
int64_t lw_journal_day(const struct lw_journal *journal);
/* The kinds of entry that were handed in, and those that the store kept when it was opened. */
const struct lw_forms *lw_journal_forms(const struct lw_journal *journal);
/* Why a kind of the store is not among them; "" where all are. */
const char *lw_journal_forms_trouble(const struct lw_journal *journal);
/* Puts a kind into the store, over one of that name, inside a transaction; *added: it was new. It
 * is among the forms of a journal when that is opened next. */
enum lw_status lw_journal_keep_kind(struct lw_journal *journal, const struct lw_kind *kind,
                                    bool *added, struct lw_error *err) LW_MUST_USE;
/* A new time-ordered id (UUIDv7 layout: 48 bits of milliseconds, then random). */
void lw_journal_new_id(struct lw_journal *journal, uint8_t id[LW_RECORD_ID]);

/* Several puts as one: all or nothing. What depends on them (order of the timeline, search index) is
 * brought up to date at the commit. BUSY after the store's patience. */
enum lw_status lw_journal_begin(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;
/* Where it fails, everything since the begin is rolled back (BAD_DATA: a circle in the order). */
enum lw_status lw_journal_commit(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;
/* Brings up to date now what the commit would, inside the transaction: for a dry run. */
enum lw_status lw_journal_settle(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;
void lw_journal_rollback(struct lw_journal *journal);

/* Inserts or updates one validated record inside a transaction, and appends its revision ("create",
 * or "change" with before and after of each field). Unchanged: nothing is written. why may be NULL,
 * but for what hangs on a sealed entry.
 * An entry or source without ref gets the next one. NOT_FOUND: it refers to a record that is not
 * there; BAD_DATA: ref taken, or a parent that leads back. REVISION records are refused. An id of
 * zeros gets a new one. */
enum lw_status lw_record_put(struct lw_journal *journal, struct lw_record *record, const char *why,
                             struct lw_error *err) LW_MUST_USE;
/* Until the end of the transaction, references that are counted up are greater than this one. */
void lw_journal_skip_ref(struct lw_journal *journal, enum lw_record_type type, const char *ref);
/* As lw_record_put, but without a revision of this journal: for import of records whose revisions
 * come along, and for REVISION records themselves (their chain is verified by lw_journal_check). */
enum lw_status lw_record_put_imported(struct lw_journal *journal, struct lw_record *record,
                                      struct lw_error *err) LW_MUST_USE;
/* NOT_FOUND where there is none. The record must be cleared by the caller. */
enum lw_status lw_record_get(struct lw_journal *journal, enum lw_record_type type,
                             const uint8_t id[LW_RECORD_ID], struct lw_record *out,
                             struct lw_error *err) LW_MUST_USE;
/* By "E11" (entries) or "S1" (sources), letter case ignored. */
enum lw_status lw_record_by_ref(struct lw_journal *journal, enum lw_record_type type,
                                const char *ref, struct lw_record *out, struct lw_error *err)
    LW_MUST_USE;
/* Calls visit for every record of a type in order of id; or only those whose field `field` (a REF)
 * is `id`, where field is not NULL. The visitor does not keep the record. Stops at the first error. */
typedef enum lw_status lw_record_visitor(void *context, const struct lw_record *record,
                                         struct lw_error *err);
enum lw_status lw_record_each(struct lw_journal *journal, enum lw_record_type type,
                              const char *field, const uint8_t *id, lw_record_visitor *visit,
                              void *context, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_record_count(struct lw_journal *journal, enum lw_record_type type, uint64_t *count,
                               struct lw_error *err) LW_MUST_USE;

/* Puts an equal record, with texts of its own, into out. NO_MEMORY leaves out alone. */
enum lw_status lw_record_copy(const struct lw_record *record, struct lw_record *out) LW_MUST_USE;
/* Appends what people call a record: E11 "JMG office burned", claim "killed" of S1 in E11. */
enum lw_status lw_record_called(struct lw_journal *journal, const struct lw_record *record,
                                struct lw_buf *out, struct lw_error *err) LW_MUST_USE;

/* ---- sealing (seal.c) --------------------------------------------------------------------------- */

/* Sealing an entry freezes it, and what hangs on it: fields, participations, accounts, claims, items.
 * The transaction that sets its status to "sealed" ends with a revision that notes the state of each
 * in "frozen". From the next transaction on lw_record_put takes a change of any of them, or one
 * more, only with a reason, else it is REFUSED; the entry never becomes a draft again. */
struct lw_seal {
    bool sealed;
    bool listed;    /* what was frozen is noted; not in vaults of older versions */
    bool amended;   /* it, or what hangs on it, was changed afterwards */
    int64_t at;     /* where listed */
    size_t records; /* frozen with it, where listed */
};
/* Seals it in a transaction of its own. REFUSED: it is sealed already. */
enum lw_status lw_entry_seal(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                             struct lw_error *err) LW_MUST_USE;
/* Appends to `by` who sealed it, where that is noted. */
enum lw_status lw_seal_read(struct lw_journal *journal, const struct lw_record *entry,
                            struct lw_seal *out, struct lw_buf *by,
                            struct lw_error *err) LW_MUST_USE;
/* Whether lw_record_put would demand a reason for it. */
enum lw_status lw_record_frozen(struct lw_journal *journal, const struct lw_record *record,
                                bool *frozen, struct lw_error *err) LW_MUST_USE;

/* ---- later facts (split.c) ----------------------------------------------------------------------- */

/* Something that hangs on an entry: ACCOUNT, CLAIM, ITEM, PARTICIPATION or FIELD. */
struct lw_part {
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
};
/* Splits an entry: the parts go to another one, which the caller made in this transaction, each by a
 * revision with that reason; a claim goes with its account, or else into a copy of it. A link leads from
 * each to the other, and a revision of the old one notes in "moved" what went where; of no part at all,
 * the new entry. Takes part in a transaction, which is to be rolled back on error: BAD_DATA, no reason;
 * REFUSED, a part does not hang on it. */
enum lw_status lw_entry_split(struct lw_journal *journal, const uint8_t from[LW_RECORD_ID],
                              const uint8_t made[LW_RECORD_ID], const struct lw_part *part,
                              size_t count, const char *why, struct lw_error *err) LW_MUST_USE;

/* ---- what is still open (open.c) ------------------------------------------------------------------ */

enum {
    LW_OPEN_KIND = 1,     /* no kind is given */
    LW_OPEN_WHEN = 2,     /* no date */
    LW_OPEN_SOURCE = 4,   /* nobody says it: there is no account */
    LW_OPEN_ANSWERS = 8,  /* the kind asks what is not answered; "unknown" is an answer */
    LW_OPEN_CAPTURED = 16 /* a captured line that nobody has completed since */
};
struct lw_open {
    unsigned what;             /* bits of these; 0: nothing is open */
    const struct lw_kind *kind; /* whose questions are meant, or NULL */
    bool unanswered[LW_KIND_ASKS];
    size_t questions; /* so many of them */
};
enum lw_status lw_entry_open(struct lw_journal *journal, const struct lw_record *entry,
                             struct lw_open *out, struct lw_error *err) LW_MUST_USE;

/* ---- what a revision changed (changes.c) -------------------------------------------------------- */

/* One field of the record; texts are valid during the visit only. */
struct lw_change {
    size_t at; /* index of the field */
    const struct lw_field *field;
    struct lw_value before, after;
};
typedef enum lw_status lw_change_visitor(void *context, const struct lw_change *change,
                                         struct lw_error *err);
/* Reads the field "changes" of a revision of a record of that type, in the order of its fields; NULL:
 * nothing was changed. BAD_DATA for what no revision holds. */
enum lw_status lw_changes_each(enum lw_record_type type, const char *changes,
                               lw_change_visitor *visit, void *context,
                               struct lw_error *err) LW_MUST_USE;
/* Sets what was changed back to what it was before. On error the record is of no use. */
enum lw_status lw_record_undo(struct lw_record *record, const char *changes,
                              struct lw_error *err) LW_MUST_USE;

/* ---- records that are one (same.c) --------------------------------------------------------------- */

/* A PARTY, PLACE, SOURCE or INCIDENT may say that it is the same as another one ("same_as"), that one
 * the same as a third; never in a circle. Names, filters, counts and searching take all of them as
 * one, which goes by the name of the last. */

/* The last one; id itself where it stands alone, is of another type or is not there. */
enum lw_status lw_same_root(struct lw_journal *journal, enum lw_record_type type,
                            const uint8_t id[LW_RECORD_ID], uint8_t root[LW_RECORD_ID],
                            struct lw_error *err) LW_MUST_USE;
/* As lw_record_get, of the last one. */
enum lw_status lw_same_get(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], struct lw_record *out,
                           struct lw_error *err) LW_MUST_USE;
/* Says of a record that it is the same as another; other NULL: takes that back. A revision, inside a
 * transaction. BAD_DATA: in a circle. */
enum lw_status lw_same_put(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], const uint8_t *other, const char *why,
                           struct lw_error *err) LW_MUST_USE;

/* ---- what is shown of protected people and sources (shown.c) ---------------------------------------- */

/* Whether their names are shown; at first they are not. What lw_record_get gives, exports and
 * searching are as they are. */
void lw_journal_reveal(struct lw_journal *journal, bool reveal);
bool lw_journal_reveals(const struct lw_journal *journal);
/* A journal of the past: whoever is protected now is so there too, under the code name of now. The
 * present one must outlive it. */
void lw_journal_hide_as(struct lw_journal *past, struct lw_journal *present);
/* Whether who that PARTY, NAME or SOURCE is, is not to be shown: it is protected, or one that it is
 * the same as. */
enum lw_status lw_shown_is_hidden(struct lw_journal *journal, const struct lw_record *record,
                                  bool *out, struct lw_error *err) LW_MUST_USE;
/* Appends what it is called where it is shown: the name of a PARTY or PLACE, the title of a SOURCE or
 * INCIDENT; of who is hidden the code name, else "protected person 3", which stays, or "protected
 * source". lw_named_find takes both. */
enum lw_status lw_shown_name(struct lw_journal *journal, const struct lw_record *record,
                             struct lw_buf *out, struct lw_error *err) LW_MUST_USE;
/* Fields that tell who somebody is. */
bool lw_shown_tells(enum lw_record_type type, const char *field);
/* Replaces them, or takes them away, in a record that is hidden. */
enum lw_status lw_shown_mask(struct lw_journal *journal, struct lw_record *record,
                             struct lw_error *err) LW_MUST_USE;

/* ---- capture (capture.c) ---------------------------------------------------------------------- */

#define LW_CAPTURE_MAX   65536 /* bytes of a line */
#define LW_CAPTURE_MARKS 16

/* A line as understood: "13 dec 2014 evening @Grozny #arson +victim:JMG office burned". Order is
 * free; a name with blanks is quoted (@"Press House"); what is not understood is text. */
struct lw_capture {
    struct lw_when_typed when;
    const char *kind;  /* a known kind, or NULL; stays as long as the forms */
    char *place;       /* or NULL; owned */
    size_t party_count;
    struct {
        const char *role; /* static */
        char *name;       /* owned */
    } party[LW_CAPTURE_MARKS];
    char *title;     /* what is left, blanks folded; at most 200 bytes at a word's end */
    char *narrative; /* the whole text where the title had to be cut; else NULL */
    struct lw_buf notes; /* lines for the person: what looked like a mark and was kept as text */
};
/* BAD_DATA: no UTF-8, no text, a date that cannot be; TOO_LONG. */
enum lw_status lw_capture_parse(const char *line, size_t len, const struct lw_forms *forms,
                                const struct lw_clock *clock, struct lw_capture *out,
                                struct lw_error *err) LW_MUST_USE;
void lw_capture_clear(struct lw_capture *capture);
/* "13 December 2014, evening · arson · Grozny · victim: JMG · office burned": what was understood. */
enum lw_status lw_capture_say(const struct lw_capture *capture, const struct lw_forms *forms,
                              struct lw_buf *out) LW_MUST_USE;
/* Saves it as a draft entry, in a transaction of its own or in the one that was begun (then the
 * caller rolls back where it fails): finds or makes place and parties by any spelling, orders it.
 * ref receives "E23". NOT_FOUND: "after E99" names no entry. */
enum lw_status lw_journal_log(struct lw_journal *journal, const struct lw_capture *capture,
                              char ref[16], struct lw_error *err) LW_MUST_USE;

/* ---- answers to the questions of a kind (answer.c, item_line.c) --------------------------------- */

/* How many: at least, at most; not stated where has_ is false. */
struct lw_figure {
    bool has_min, has_max;
    int64_t min, max;
};
/* "4", "2-4", "2..4", "at least 2", "2+", "at most 5", and the Russian words. False else. */
bool lw_figure_read(const char *text, size_t len, struct lw_figure *out);
/* As lw_figure_read takes it; nothing where nothing is stated. */
enum lw_status lw_figure_write(enum lw_language language, const struct lw_figure *figure,
                               struct lw_buf *out) LW_MUST_USE;
/* Of two fields of a record. */
struct lw_figure lw_figure_of(const struct lw_record *record, const char *min, const char *max);

/* One answer as it was typed. All empty: nothing is answered, which is not "unknown". */
struct lw_answer {
    char *text; /* owned; "yes", "no", "unknown" and choices as they are recorded, a date canonical */
    char *note; /* owned; what was added behind a comma */
    struct lw_figure figure;
    bool named; /* text is the name of a party or place */
};
/* BAD_DATA with what would be right. Not for ITEMS. */
enum lw_status lw_answer_read(const struct lw_forms *forms, const struct lw_question *question,
                              const char *text, size_t len, const struct lw_clock *clock,
                              struct lw_answer *out, struct lw_error *err) LW_MUST_USE;
void lw_answer_clear(struct lw_answer *answer);
/* Sets what the answer says in a record of type FIELD; inside a transaction, since a party or place
 * that is not known is made. */
enum lw_status lw_answer_put(struct lw_journal *journal, const struct lw_question *question,
                             const struct lw_answer *answer, struct lw_record *field,
                             struct lw_error *err) LW_MUST_USE;
/* What would be typed for a record of type FIELD: lw_answer_read gives the same answer. */
enum lw_status lw_answer_compose(struct lw_journal *journal, const struct lw_question *question,
                                 const struct lw_record *field, struct lw_buf *out,
                                 struct lw_error *err) LW_MUST_USE;
/* The recorded text as it is shown: "да" for "yes". question NULL: as it stands. */
const char *lw_answer_word(const struct lw_forms *forms, const struct lw_question *question,
                           const char *text);
/* Appends the name of the party or place that a record of type FIELD refers to, if any. */
enum lw_status lw_answer_name(struct lw_journal *journal, const struct lw_record *field,
                              struct lw_buf *out, struct lw_error *err) LW_MUST_USE;

/* Sets what a line says of an item, "cameras; 4; owner: JMG; receipt: no", in a record of type ITEM;
 * kind and entry are left. journal NULL: owner and taker are left too. BAD_DATA with what would be
 * right. */
enum lw_status lw_item_take(struct lw_journal *journal, const char *line, size_t len,
                            const struct lw_clock *clock, struct lw_record *item,
                            struct lw_error *err) LW_MUST_USE;
/* The line of an item, in the language of the forms. */
enum lw_status lw_item_compose(struct lw_journal *journal, const struct lw_record *item,
                               struct lw_buf *out, struct lw_error *err) LW_MUST_USE;

/* ---- registers (register.c, sheet.c, sheet_say.c, defects.c, days_open.c, tally.c) ------------- */

/* Lists of what is recorded of one sort, with totals. A register holds the entries of some kinds;
 * that of items holds every item of every entry. */
enum lw_register {
    LW_REGISTER_ITEMS,
    LW_REGISTER_THREATS,
    LW_REGISTER_INTERVENTIONS,
    LW_REGISTER_DETENTIONS,
    LW_REGISTER_SEARCHES,
    LW_REGISTER_COUNT
};
/* "threats"; static. */
const char *lw_register_name(enum lw_register which);

/* How many things there are, summed over figures: never more exact than they are. */
struct lw_tally {
    uint64_t lines;     /* figures added */
    uint64_t uncounted; /* of these, without any number */
    uint64_t least;     /* sum of the smallest numbers; one that is not stated adds nothing */
    uint64_t most;      /* sum of the greatest ones; counts only where open is false */
    uint64_t exact;     /* of least, where both numbers are the same */
    bool open;          /* some figure has no greatest number */
};
void lw_tally_add(struct lw_tally *tally, const struct lw_figure *figure);
/* "5 items, exactly counted"; "at least 10 items, of which 5 exactly counted"; "4 to 6 items, of
 * which 2 exactly counted"; with "; 1 line without a number" where that is so. */
enum lw_status lw_tally_say(const struct lw_tally *tally, struct lw_buf *out) LW_MUST_USE;

/* What is said under one name. Texts are as recorded, dates in words, names of people; note is what
 * stands beside it, or NULL. */
struct lw_sheet_value {
    char *text;
    char *note;
};
struct lw_sheet_part {
    const char *name;  /* for programs: "exact_words"; static */
    const char *label; /* for people, of the question where there is one */
    struct lw_sheet_value *value;
    size_t count; /* 0: nothing is recorded, which is not "no" */
};
enum { LW_SHEET_PARTS = 24 };

/* For how long something that was sent has waited, as of the end of a day. */
enum lw_open_state {
    LW_OPEN_PREPARED, /* not sent, as its status says */
    LW_OPEN_LATER,    /* it was after that day */
    LW_OPEN_WAITING,
    LW_OPEN_ANSWERED,
    LW_OPEN_CLOSED
};
struct lw_days_open {
    enum lw_open_state state;
    int64_t day;   /* as of which, since 1970-01-01 */
    bool has_days; /* false: when it was sent, or answered, is not known */
    bool has_most; /* false: the day of sending has no beginning */
    int64_t least, most;
    bool overdue;         /* it waits, and the last day of the reply is over */
    int64_t overdue_days; /* since then */
};
/* "open 15 days", "open 13 to 15 days, overdue by 3", "answered after 12 days". */
enum lw_status lw_days_open_say(const struct lw_days_open *open, struct lw_buf *out) LW_MUST_USE;
/* Days between a date as stated and another: the fewest and the most. False where the most is not
 * known; what lies ahead counts as 0. */
bool lw_days_between(const struct lw_when *from, int64_t first_day, int64_t last_day,
                     int64_t *least, int64_t *most);

/* One entry of a register, or one item. Valid during the visit. */
struct lw_sheet {
    enum lw_register which;
    const struct lw_row *row; /* of the entry; after_previous is not filled */
    struct lw_sheet_part part[LW_SHEET_PARTS];
    size_t part_count;
    uint8_t item[LW_RECORD_ID]; /* ITEMS: of which one */
    bool first, last; /* of the items of its entry; true for entries */
    struct lw_figure figure; /* ITEMS */
    struct lw_days_open open; /* INTERVENTIONS */
};
/* NULL, or the part of that name. */
const struct lw_sheet_part *lw_sheet_part(const struct lw_sheet *sheet, const char *name);
/* Its values, separated so: "Igor Kalyapin; JMG (S2)". */
enum lw_status lw_sheet_part_say(const struct lw_sheet_part *part, const char *separator,
                                 struct lw_buf *out) LW_MUST_USE;

/* One item as a line: "cameras: 4, as written \"four cameras\"; owner: JMG; receipt: no", with its
 * fate before it where that is wanted. */
enum lw_status lw_sheet_item_say(const struct lw_sheet *sheet, bool fate,
                                 struct lw_buf *out) LW_MUST_USE;
/* What stands for a sheet in a list, beside its date: an item, or its title (hedge) and what counts
 * most of it: "open 15 days", "death threat". */
enum lw_status lw_sheet_line_say(const struct lw_sheet *sheet, struct lw_buf *out) LW_MUST_USE;

struct lw_filter;
struct lw_register_query {
    const struct lw_filter *filter; /* which entries count; NULL: all. row->match is as there */
    int64_t day;                    /* as of which days are counted */
    const char *fate;               /* ITEMS: only those of this kind, "seized"; or NULL */
};
typedef enum lw_status lw_sheet_visitor(void *context, const struct lw_sheet *sheet,
                                        struct lw_error *err);
/* In the order of the timeline; items of one entry in the order in which they were recorded. */
enum lw_status lw_register_each(struct lw_journal *journal, enum lw_register which,
                                const struct lw_register_query *query, lw_sheet_visitor *visit,
                                void *context, struct lw_error *err) LW_MUST_USE;
/* The parts of a register without values, for a heading. */
void lw_register_parts(struct lw_journal *journal, enum lw_register which, struct lw_sheet *out);

/* Totals of the sheets that were added. Start with {0}. */
struct lw_total {
    char *group; /* "seized", "channel" */
    char *name;  /* within it; NULL: all of the group */
    struct lw_tally tally;
};
struct lw_totals {
    struct lw_total *total;
    size_t count, cap;
    uint64_t sheets;
    uint64_t state[LW_OPEN_CLOSED + 1];
    uint64_t overdue, death;
    int64_t day;
};
enum lw_status lw_totals_add(struct lw_totals *totals, const struct lw_sheet *sheet) LW_MUST_USE;
/* Lines, the first one the total of all: "Seized: at least 10 items, of which 5 exactly counted". */
typedef enum lw_status lw_total_visitor(void *context, const char *line, unsigned indent);
enum lw_status lw_totals_say(const struct lw_totals *totals, enum lw_register which,
                             lw_total_visitor *visit, void *context) LW_MUST_USE;
void lw_totals_free(struct lw_totals *totals);

/* The day that a clock shows, since 1970-01-01, local. */
int64_t lw_clock_day(const struct lw_clock *clock);
/* "31 December 2014" */
enum lw_status lw_date_say(int64_t day, struct lw_buf *out) LW_MUST_USE;

/* ---- tasks (task.c, task_line.c, due.c) ---------------------------------------------------------- */

enum lw_due { LW_DUE_OVERDUE, LW_DUE_TODAY, LW_DUE_LATER, LW_DUE_NEVER };

/* Texts are valid during the visit; NULL: not stated. */
struct lw_task {
    uint8_t id[LW_RECORD_ID];
    int64_t number; /* by which it is called in this vault; another laptop counts its own */
    const char *title, *due, *assignee, *note;
    bool done;
    int64_t done_ms; /* 0: not stated */
    bool has_entry;
    uint8_t entry[LW_RECORD_ID];
    const char *ref, *entry_title; /* of the entry */
    enum lw_due state;             /* NEVER where it has no last day */
    int64_t overdue_days;          /* since its last day */
};
typedef enum lw_status lw_task_visitor(void *context, const struct lw_task *task,
                                       struct lw_error *err);
/* Open tasks as of a day: overdue ones first, those that wait longest before the others, then by
 * due date, at last those without one; with all, done ones behind them, the last one first. With a
 * filter (may be NULL) only those of entries that pass, so none that is of no entry. */
enum lw_status lw_tasks_each(struct lw_journal *journal, const struct lw_filter *filter, bool all,
                             int64_t day, lw_task_visitor *visit, void *context,
                             struct lw_error *err) LW_MUST_USE;
struct lw_task_counts {
    size_t open, overdue, today;
};
enum lw_status lw_tasks_count(struct lw_journal *journal, const struct lw_filter *filter,
                              int64_t day, struct lw_task_counts *out,
                              struct lw_error *err) LW_MUST_USE;
/* "2 tasks overdue, 1 due today"; nothing where neither is. */
enum lw_status lw_tasks_say(const struct lw_task_counts *counts, struct lw_buf *out) LW_MUST_USE;
/* "overdue by 3 days", "due today", "due 20 December 2014"; nothing without a date. */
enum lw_status lw_task_due_say(const struct lw_task *task, struct lw_buf *out) LW_MUST_USE;
/* The task of that number; NOT_FOUND says how to see the numbers. */
enum lw_status lw_task_find(struct lw_journal *journal, int64_t number, uint8_t id[LW_RECORD_ID],
                            struct lw_error *err) LW_MUST_USE;
/* In a transaction of its own, as a revision; *changed false where it was so already. Done keeps
 * when, undone takes that away. */
enum lw_status lw_task_set_done(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                bool done, bool *changed, struct lw_error *err) LW_MUST_USE;
/* Sets what a line says, "ask for the record; due: friday; for: Anna; entry: E17; note: by phone",
 * in a record of type TASK. BAD_DATA with what would be right; NOT_FOUND: there is no such entry. */
enum lw_status lw_task_take(struct lw_journal *journal, const char *line, size_t len,
                            const struct lw_clock *clock, struct lw_record *task,
                            struct lw_error *err) LW_MUST_USE;
/* Saves what a line says as a new task; *number is what it is called by. */
enum lw_status lw_task_add(struct lw_journal *journal, const char *line, size_t len,
                           const struct lw_clock *clock, int64_t *number,
                           struct lw_error *err) LW_MUST_USE;
/* As lw_when_read, for what lies ahead: a weekday is the next one, a date without a year the next
 * such date; today and what is stated with its year stay as they are. */
enum lw_status lw_due_read(const char *text, size_t len, const struct lw_clock *clock,
                           struct lw_when *out, struct lw_error *err) LW_MUST_USE;

/* ---- the quick log of threats (threat_log.c) ----------------------------------------------------- */

/* As typed; NULL or blank: not stated. */
struct lw_threat {
    const char *channel, *sender;
    const char *to;    /* names with semicolons between; each takes part as victim */
    const char *words; /* exactly */
    const char *death; /* yes, no or unknown */
    const char *when;  /* blank: at_ms */
    int64_t at_ms;
};
/* Saves it as a draft entry of kind threat with its answers, in a transaction of its own or in the
 * one that was begun (then the caller rolls back where it fails). BAD_DATA names the field. */
enum lw_status lw_threat_log(struct lw_journal *journal, const struct lw_threat *threat,
                             char ref[16], struct lw_error *err) LW_MUST_USE;

/* ---- names as people write them (named.c) ------------------------------------------------------- */

/* The PARTY, PLACE, SOURCE or INCIDENT of that name in any spelling: names, aliases and code names of
 * parties; names of places; references, titles and authors of sources; titles of incidents. *found
 * false where there is none; the oldest where there are several. */
enum lw_status lw_named_find(struct lw_journal *journal, enum lw_record_type type, const char *name,
                             size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                             struct lw_error *err) LW_MUST_USE;
/* The same; makes the record where there is none, inside a transaction. BAD_DATA: an empty name. */
enum lw_status lw_named_put(struct lw_journal *journal, enum lw_record_type type, const char *name,
                            size_t len, uint8_t id[LW_RECORD_ID], struct lw_error *err) LW_MUST_USE;
/* Where no name is equal: the oldest record with a name that may be the same in other letters
 * (Babinets, Бабинец) or in another order. For the question "did you mean"; it is never taken for
 * the same by itself. */
enum lw_status lw_named_alike(struct lw_journal *journal, enum lw_record_type type,
                              const char *name, size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                              struct lw_error *err) LW_MUST_USE;
/* All that go by that whole name, as lw_named_find compares, each once, of those that are the same
 * the last: adds their ids to ids, LW_RECORD_ID bytes each. While names are hidden, who is protected
 * is found only by what stands for the name: a code name, "protected person 3", a reference. */
enum lw_status lw_named_all(struct lw_journal *journal, enum lw_record_type type, const char *name,
                            size_t len, struct lw_buf *ids, struct lw_error *err) LW_MUST_USE;
/* Calls visit for every spelling, the main one of each record first; stops at the first error. */
typedef enum lw_status lw_named_visitor(void *context, const uint8_t id[LW_RECORD_ID],
                                        const char *text, size_t len, struct lw_error *err);
enum lw_status lw_named_each(struct lw_journal *journal, enum lw_record_type type,
                             lw_named_visitor *visit, void *context,
                             struct lw_error *err) LW_MUST_USE;

/* ---- drafts (draft.c) --------------------------------------------------------------------------- */

/* A form that is being filled, as it was typed, so that it comes back after a lock or a power cut.
 * It is no record: it is not exported, has no revisions, and lw_journal_check does not look at it.
 * When its form is saved it goes, in the same transaction. */
struct lw_draft {
    uint8_t id[LW_RECORD_ID]; /* zeros: not written yet */
    int64_t stamp;            /* counts its writes; as last written or read here */
    const char *form;         /* which one: "entry", "capture" */
    bool has_entry;
    uint8_t entry[LW_RECORD_ID]; /* that it edits, which need not be there */
    const char *state;           /* what the form makes of it, JSON */
    size_t state_len;
    int64_t started_ms; /* 0: now, when it is first written */
    int64_t updated_ms;
};

/* Inserts or updates it in a transaction of its own; sets id, stamp, started and updated. Where
 * another process wrote or removed it since, it is kept beside that, under a new id: of two texts
 * none is lost. On error the draft is as before: BUSY after the store's patience, FULL, ... */
enum lw_status lw_draft_put(struct lw_journal *journal, struct lw_draft *draft,
                            struct lw_error *err) LW_MUST_USE;
/* Calls visit, which does not keep the texts, for one; NOT_FOUND where there is none. */
typedef enum lw_status lw_draft_visitor(void *context, const struct lw_draft *draft,
                                        struct lw_error *err);
enum lw_status lw_draft_get(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                            lw_draft_visitor *visit, void *context,
                            struct lw_error *err) LW_MUST_USE;
/* For every one, the last written first; the visitor may not write. Stops at the first error. */
enum lw_status lw_draft_each(struct lw_journal *journal, lw_draft_visitor *visit, void *context,
                             struct lw_error *err) LW_MUST_USE;
/* Removes it, in the transaction that was begun, else in one of its own. One that another process
 * wrote since, or removed, is left as it is. */
enum lw_status lw_draft_remove(struct lw_journal *journal, const struct lw_draft *draft,
                               struct lw_error *err) LW_MUST_USE;

/* ---- timeline (timeline.c) -------------------------------------------------------------------- */

/* A filter as it is written, lapwing-filter(7), read. */
struct lw_filter_tree;

/* *out is NULL where nothing but blanks is written. On error *at (may be NULL) is the byte that is
 * wrong, err says at which character and what would be right: BAD_DATA, TOO_LONG. Names must be
 * those of records that are there. Lines are alternatives. */
enum lw_status lw_filter_read(struct lw_journal *journal, const char *text, size_t len,
                              struct lw_filter_tree **out, size_t *at,
                              struct lw_error *err) LW_MUST_USE;
void lw_filter_free(struct lw_filter_tree *tree); /* NULL does nothing */
/* Makes filters of a large journal ready: what people and places are called is held in memory, so many
 * more of these names. *done: no more are to be; until something is saved. */
enum lw_status lw_filter_ready(struct lw_journal *journal, size_t names, bool *done,
                               struct lw_error *err) LW_MUST_USE;
/* The moment that all it lets through must be able to overlap, where there is exactly one; NULL. */
const struct lw_when *lw_filter_when(const struct lw_filter_tree *tree);

/* ---- filters under a name (saved.c) ------------------------------------------------------------- */

/* Appends the text of the filter of that name, letter case ignored. NOT_FOUND. */
enum lw_status lw_saved_find(struct lw_journal *journal, const char *name, size_t len,
                             struct lw_buf *text, struct lw_error *err) LW_MUST_USE;
/* These three inside a transaction. Saves over one of that name; BAD_DATA: the filter cannot be read.
 * EXISTS: another one has the new name. What is removed stays in the revisions. */
enum lw_status lw_saved_put(struct lw_journal *journal, const char *name, size_t name_len,
                            const char *text, size_t len, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_saved_rename(struct lw_journal *journal, const char *name, size_t name_len,
                               const char *to, size_t len, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_saved_remove(struct lw_journal *journal, const char *name, size_t len,
                               struct lw_error *err) LW_MUST_USE;
typedef enum lw_status lw_saved_visitor(void *context, const char *name, const char *text,
                                        struct lw_error *err);
enum lw_status lw_saved_each(struct lw_journal *journal, lw_saved_visitor *visit, void *context,
                             struct lw_error *err) LW_MUST_USE;

/* What can stand in a filter, for completion, in the language of the forms: the keys, and the fixed
 * words behind one of them. NULL after the last. */
const char *lw_filter_key(const struct lw_forms *forms, size_t at);
const char *lw_filter_value(const struct lw_forms *forms, const char *key, size_t key_len, size_t at);
/* Whose names stand behind a key: a type, or -1. *kinds: those of kinds of entry do. */
int lw_filter_names(const char *key, size_t key_len, bool *kinds);

/* All that is set must be met. */
struct lw_filter {
    const struct lw_filter_tree *tree; /* or NULL */
    const struct lw_when *since; /* entries that may be at or after it */
    const struct lw_when *until; /* entries that may be at or before it */
    const struct lw_when *when;  /* stated for it (within), or may overlap it: row->match says which */
    const char *kind;            /* or NULL */
    const char *ref;             /* or NULL */
    const char *const *names;    /* people, places or sources, in any spelling: any one of them */
    size_t name_count;
    /* Ids, or NULL: who takes part, owns or takes an item; the place or one inside it; the source of
     * an account. */
    const uint8_t *incident, *party, *place, *source;
    const char *status; /* "draft", "sealed", or NULL */
    const char *text;   /* words as lw_search_each takes them, or NULL */
    size_t text_len;
};

enum lw_match { LW_MATCH_STATED, LW_MATCH_MAY_OVERLAP };

/* Where an entry stands in the timeline. */
struct lw_anchor {
    int64_t position;
    int64_t n;
};

/* Texts are valid during the visit only; NULL: not stated. */
struct lw_row {
    uint8_t id[LW_RECORD_ID];
    struct lw_anchor at;
    const char *ref, *kind, *title, *hedge, *status, *place;
    const char *kind_label; /* of the kind, in the language of the forms */
    const char *when, *when_text, *extent, *duration_text, *noticed_text;
    int64_t recorded_ms; /* 0: not stated */
    int64_t day;         /* the day it is shown under, since 1970-01-01; LW_TIME_MIN: none */
    unsigned sources;    /* that have an account of it */
    unsigned open;       /* what is still open, LW_OPEN_... */
    bool amended;        /* it, or what hangs on it, was changed after it was sealed */
    bool contradicted;   /* its accounts differ, or it is contradicted by another entry */
    bool after_previous; /* the order is stated, not only computed: "later" */
    enum lw_match match;
};
typedef enum lw_status lw_row_visitor(void *context, const struct lw_row *row,
                                      struct lw_error *err);
/* In the order of the timeline: by day, in it by stated order, then by time. filter may be NULL. */
enum lw_status lw_timeline_each(struct lw_journal *journal, const struct lw_filter *filter,
                                lw_row_visitor *visit, void *context, struct lw_error *err)
    LW_MUST_USE;
enum lw_page_way {
    LW_PAGE_FROM,  /* the anchor and what comes after it */
    LW_PAGE_AFTER, /* what comes after the anchor */
    LW_PAGE_BEFORE /* what comes before the anchor */
};
/* At most limit rows next to an anchor, whatever the size of the journal; always visited in the
 * order of the timeline. anchor NULL: the first rows, or with BEFORE the last ones. *more (may be
 * NULL): there are others on that side. */
enum lw_status lw_timeline_page(struct lw_journal *journal, const struct lw_filter *filter,
                                enum lw_page_way way, const struct lw_anchor *anchor, size_t limit,
                                lw_row_visitor *visit, void *context, bool *more,
                                struct lw_error *err) LW_MUST_USE;
/* Where that entry stands. NOT_FOUND where there is none. */
enum lw_status lw_timeline_anchor(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                  struct lw_anchor *out, struct lw_error *err) LW_MUST_USE;
/* How many entries pass, counted up to limit. */
enum lw_status lw_timeline_count(struct lw_journal *journal, const struct lw_filter *filter,
                                 size_t limit, size_t *count, struct lw_error *err) LW_MUST_USE;
/* The same piece by piece, from the beginning of the timeline; filter may be NULL and must stay. */
struct lw_count;
enum lw_status lw_count_begin(struct lw_journal *journal, const struct lw_filter *filter,
                              size_t limit, struct lw_count **out,
                              struct lw_error *err) LW_MUST_USE;
/* Looks at so many entries more, at none where the number is known without that. *found: of those that
 * were looked at, up to limit; *done: it is all of them. */
enum lw_status lw_count_more(struct lw_count *count, size_t entries, size_t *found, bool *done,
                             struct lw_error *err) LW_MUST_USE;
void lw_count_free(struct lw_count *count); /* NULL does nothing */
/* Stands before every entry that is shown under that day, since 1970-01-01. */
struct lw_anchor lw_timeline_day(int64_t day);
/* Entries in which every word of text occurs (title, narrative, quotes, translations, names of people
 * and places, items, claims, answers), in Latin or Cyrillic letters by any convention, the last word
 * as a beginning; in timeline order. */
enum lw_status lw_search_each(struct lw_journal *journal, const char *text, size_t len,
                              lw_row_visitor *visit, void *context, struct lw_error *err) LW_MUST_USE;
/* As lw_search_each, but no more than the limit entries that were recorded last; *more: there are
 * others. */
enum lw_status lw_search_some(struct lw_journal *journal, const char *text, size_t len,
                              size_t limit, lw_row_visitor *visit, void *context, bool *more,
                              struct lw_error *err) LW_MUST_USE;

/* As lw_search_some, as long as it is not over: where that ends it, *whole is false, and what was
 * found are the last of the newest entries; CANCELLED where nothing was looked through yet. */
enum lw_status lw_search_while(struct lw_journal *journal, const char *text, size_t len,
                               size_t limit, lw_store_over *over, void *over_context,
                               lw_row_visitor *visit, void *context, bool *more, bool *whole,
                               struct lw_error *err) LW_MUST_USE;

/* Makes searches of a large journal ready: what most of them find is among its newest entries, of which
 * so many more are held in memory by their words. *done: no more are to be; until something is saved. */
enum lw_status lw_search_ready(struct lw_journal *journal, size_t entries, bool *done,
                               struct lw_error *err) LW_MUST_USE;

/* ---- entries by date (ruler.c) ------------------------------------------------------------------- */

/* A stretch of time: as it is stated, wall clocks at the place, whatever offset stands beside them. */
struct lw_bar {
    uint64_t stated; /* entries that lie in it as a whole */
    uint64_t wider;  /* that lie in it or overlap it, but are dated no finer, or last longer */
};
/* earlier + stated + wider + later + undated are all entries that pass. */
struct lw_ruler {
    uint64_t earlier; /* before the first bar */
    uint64_t stated;  /* in one bar */
    uint64_t wider;   /* over several, or over an end of what is shown */
    uint64_t later;   /* behind the last bar */
    uint64_t undated;
};

/* Entries counted by date. Without a filter the store has the numbers, and is asked for no more than
 * is shown: the size of the journal does not matter. With one they are counted, slice by slice. */
struct lw_counts;
/* filter may be NULL and must stay. */
enum lw_status lw_counts_begin(struct lw_journal *journal, const struct lw_filter *filter,
                               struct lw_counts **out, struct lw_error *err) LW_MUST_USE;
/* Goes on over at most that many entries; *done: all are counted. What was counted shows already. */
enum lw_status lw_counts_more(struct lw_counts *counts, size_t entries, bool *done,
                              struct lw_error *err) LW_MUST_USE;
/* The bars first, first + 1, ... of a scale (lw_scale_bucket). */
enum lw_status lw_counts_bars(struct lw_counts *counts, enum lw_scale scale, int64_t first,
                              struct lw_bar *bar, size_t count, struct lw_ruler *out,
                              struct lw_error *err) LW_MUST_USE;
/* The first and last day that is an end of what an entry states; *any false where there is none. */
enum lw_status lw_counts_days(struct lw_counts *counts, int64_t *first, int64_t *last, bool *any,
                              struct lw_error *err) LW_MUST_USE;
/* NULL does nothing. */
void lw_counts_free(struct lw_counts *counts);
/* The finest scale, none finer than `finest`, at which those days need no more than so many bars. */
enum lw_scale lw_scale_fit(int64_t first_day, int64_t last_day, size_t bars, enum lw_scale finest);
/* A bar in words: "2014", "December 2014", "Sat 13 December 2014", "Sat 13 December 2014, 18:00". */
enum lw_status lw_bar_say(enum lw_scale scale, int64_t bucket, struct lw_buf *out) LW_MUST_USE;
/* "years" */
const char *lw_scale_name(enum lw_scale scale);

/* ---- how lanes are drawn (lanes_say.c) ----------------------------------------------------------- */

/* '1' to '9' and '+' for ten and more entries dated within it; '~' where there is none, but one that
 * may have been in it or lasts longer; '.' for nothing. */
char lw_bar_sign(const struct lw_bar *bar);
/* "2014", "2014-12", "2014-12-13", "2014-12-13 18:00" */
enum lw_status lw_bar_say_short(enum lw_scale scale, int64_t bucket, struct lw_buf *out) LW_MUST_USE;
/* Appends a line of dates above count signs from bucket `first` on, such as "|2014-12   |2015", each
 * where what it says begins and none behind `room` columns; `begins`: over the first sign always
 * one. A date that has no room before the next one is left out. ASCII. */
enum lw_status lw_bar_ticks(enum lw_scale scale, int64_t first, size_t count, size_t room,
                            bool begins, struct lw_buf *out) LW_MUST_USE;

/* ---- lanes (lanes.c) ----------------------------------------------------------------------------- */

enum lw_lanes_by {
    LW_LANES_PERSON, /* who takes part, owns or takes an item, or is named in an answer */
    LW_LANES_PLACE,  /* where the entry is; not what that place lies in */
    LW_LANES_KIND,
    LW_LANES_SOURCE,
    LW_LANES_BY
};
/* One person, place, kind or source as it is shown (lw_shown_name), fit for one line of a terminal;
 * an entry may stand in several lanes. */
struct lw_timeline_lane {
    const char *name; /* "no person" where there is none */
    const uint8_t *id; /* of the record; NULL: none, the others of a great many, or a kind */
    const char *kind;  /* NULL: no kind */
    uint64_t entries; /* that pass, dated or not, shown or not */
    uint64_t undated;
    const struct lw_bar *bar; /* as many as were asked for */
};
struct lw_lanes;
/* filter may be NULL and must stay. Bars as those of lw_counts_bars. */
enum lw_status lw_lanes_begin(struct lw_journal *journal, const struct lw_filter *filter,
                              enum lw_lanes_by by, enum lw_scale scale, int64_t first,
                              size_t bars, struct lw_lanes **out, struct lw_error *err) LW_MUST_USE;
/* Goes on over at most that many entries; *done: all are counted. Lanes with most entries come first,
 * those without a name last. */
enum lw_status lw_lanes_more(struct lw_lanes *lanes, size_t entries, bool *done,
                             struct lw_error *err) LW_MUST_USE;
size_t lw_lanes_count(const struct lw_lanes *lanes);
/* The first lane, once all are counted, that an entry stands in; *found is false where there is none. */
enum lw_status lw_lanes_of_entry(struct lw_lanes *lanes, const uint8_t id[LW_RECORD_ID], size_t *at,
                                 bool *found, struct lw_error *err) LW_MUST_USE;
const struct lw_timeline_lane *lw_lanes_at(const struct lw_lanes *lanes, size_t at);
/* NULL does nothing. */
void lw_lanes_free(struct lw_lanes *lanes);
/* "person" */
const char *lw_lanes_name(enum lw_lanes_by by);
/* The same word behind "entries by". */
const char *lw_lanes_said(enum lw_lanes_by by);

/* ---- rows in words (row_say.c) ------------------------------------------------------------------ */

/* The day or span that a row stands under: "Sat 13 December 2014", "about 2009 – ongoing". */
enum lw_status lw_row_heading(const struct lw_row *row, struct lw_buf *out) LW_MUST_USE;
/* What is known of its place within that: "evening", "~13:00", "later", "… to 16 Dec", "?"; *whole
 * is false where that says less than the entry, which then needs its full date. */
enum lw_status lw_row_time(const struct lw_row *row, struct lw_buf *out, bool *whole) LW_MUST_USE;
/* "title (hedge)" */
enum lw_status lw_row_title(const struct lw_row *row, struct lw_buf *out) LW_MUST_USE;
/* The date in full with how it is meant; nothing where none is stated. */
enum lw_status lw_row_when(const struct lw_row *row, struct lw_buf *out) LW_MUST_USE;
/* "2 sources  ≠" */
enum lw_status lw_row_sources(const struct lw_row *row, struct lw_buf *out) LW_MUST_USE;
/* "repeatedly within", for an extent of the records; "" for none. */
const char *lw_extent_label(const char *extent);
/* "Sat 13 December 2014" */
enum lw_status lw_day_say(int64_t day, struct lw_buf *out) LW_MUST_USE;
/* "December 2014" */
enum lw_status lw_month_say(int64_t day, struct lw_buf *out) LW_MUST_USE;
/* "2026-11-21 20:10 +01:00", local time. */
enum lw_status lw_instant_say(const struct lw_clock *clock, int64_t unix_ms,
                              struct lw_buf *out) LW_MUST_USE;

/* ---- contradictions (contradictions.c) ----------------------------------------------------------- */

struct lw_voice {
    const char *ref;     /* entry */
    const char *source;  /* "S1", or NULL */
    const char *via;     /* hearsay chain, or NULL */
    const char *stance;  /* asserted, denied, silent */
    const char *wording; /* as quoted or written; NULL: silent */
    const char *status;  /* open, accepted, conflict, superseded, withdrawn */
    const char *note;
    const uint8_t *claim;   /* its id; NULL: words of an account that no claim was made of */
    const uint8_t *account; /* its id, or NULL */
    struct lw_figure figure; /* of a fact; not of a contradiction */
    bool live; /* of a fact: neither superseded nor withdrawn */
};
struct lw_contradiction {
    unsigned number; /* 1.. in the order of the timeline's references */
    const char *ref, *kind, *title, *hedge, *when; /* the entry (the first one, for a link) */
    const char *kind_label; /* NULL without a kind */
    const char *fact; /* what it is about */
    const struct lw_voice *voices;
    size_t voice_count;
};
typedef enum lw_status lw_contradiction_visitor(void *context,
                                                const struct lw_contradiction *contradiction,
                                                struct lw_error *err);
/* Where claims about one fact of one entry differ in stance, figure or wording (one may be silent;
 * superseded and withdrawn claims do not count), and where entries are linked as contradicting. */
enum lw_status lw_contradictions_each(struct lw_journal *journal, lw_contradiction_visitor *visit,
                                      void *context, struct lw_error *err) LW_MUST_USE;
/* Those of one entry, links from and to it included, numbered from 1. */
enum lw_status lw_contradictions_of(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                    lw_contradiction_visitor *visit, void *context,
                                    struct lw_error *err) LW_MUST_USE;

/* ---- facts (facts.c) ------------------------------------------------------------------------------ */

/* What is claimed about one fact of one entry, given up or not. */
struct lw_fact {
    const char *fact; /* as it was first written */
    bool differs;     /* its live claims differ between accounts */
    const struct lw_voice *voices; /* in order of the claims */
    size_t voice_count;
};
typedef enum lw_status lw_fact_visitor(void *context, const struct lw_fact *fact,
                                       struct lw_error *err);
/* Every fact that a claim about this entry names, in the order in which they were claimed first. */
enum lw_status lw_facts_of(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                           lw_fact_visitor *visit, void *context,
                           struct lw_error *err) LW_MUST_USE;
/* The live claims of other accounts that say something else than this live claim about its fact; of
 * an account that says this too, none. Nothing for a claim that is given up. */
typedef enum lw_status lw_voice_visitor(void *context, const struct lw_voice *voice,
                                        struct lw_error *err);
enum lw_status lw_claim_against(struct lw_journal *journal, const uint8_t claim[LW_RECORD_ID],
                                lw_voice_visitor *visit, void *context,
                                struct lw_error *err) LW_MUST_USE;
/* The figure with which a wording begins: "14 policemen", "at least one civilian", "two or three",
 * "не менее двух человек". False where it begins with none, with a date, or counts only roughly
 * ("about 50", "several"): what bounds it is then for a person to say. */
bool lw_figure_find(const char *text, size_t len, const struct lw_clock *clock,
                    struct lw_figure *out);

/* ---- check (check.c) ------------------------------------------------------------------------------ */

/* What can be wrong with the journal. */
enum lw_finding {
    LW_FOUND_CHANGED,   /* a record is not what its last revision says */
    LW_FOUND_UNWRITTEN, /* a record has no revision */
    LW_FOUND_REMOVED,   /* a record has revisions and is gone */
    LW_FOUND_ALTERED,   /* a revision was changed */
    LW_FOUND_MOVED,     /* a revision stands at the place of another one */
    LW_FOUND_MISSING,   /* revisions are gone */
    LW_FOUND_REPLACED,  /* a revision is not the one on which the next was built */
    LW_FOUND_UNREASONED, /* what was sealed was changed without a reason */
    LW_FOUND_MISCOUNTED, /* the numbers of entries by date are not those of the entries */
    LW_FINDINGS
};
/* What to do about it; static. */
const char *lw_finding_advice(enum lw_finding found);

struct lw_journal_check {
    uint64_t records;   /* compared with their revisions */
    uint64_t revisions; /* hashed */
    uint64_t bad;
    char first_bad[400];
};
/* what names the record as people call it, the revision and its time; valid during the visit. */
typedef enum lw_status lw_check_visitor(void *context, enum lw_finding found, const char *what,
                                        struct lw_error *err);
/* Every chain from its first revision, and every record back through its revisions to the first.
 * visit (may be NULL) gets each thing that is wrong. OK also where bad > 0. Not found: whoever has
 * the passphrase and writes a whole chain anew from some revision on, or cuts off its end together
 * with what that changed; an older copy or export tells. */
enum lw_status lw_journal_check_each(struct lw_journal *journal, lw_check_visitor *visit,
                                     void *context, struct lw_journal_check *report,
                                     struct lw_error *err) LW_MUST_USE;
enum lw_status lw_journal_check(struct lw_journal *journal, struct lw_journal_check *report,
                                struct lw_error *err) LW_MUST_USE;

/* ---- vocabulary (vocabulary.c) -------------------------------------------------------------------- */

/* Roles, by what they are called in any language; kinds of entry are in forms.h. Static, or NULL. */
const char *lw_role_find(const char *text, size_t len);
/* What is typed for a role in that language; static. */
const char *lw_role_word(const char *role, enum lw_language language);
const char *lw_role_label(const char *role);
/* A word that a field may hold, such as "draft", as it is said; only of fields with such words,
 * never of what was typed freely. */
const char *lw_word_say(const char *word);

#endif
