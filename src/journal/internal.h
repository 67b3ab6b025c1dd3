/* What the files of the journal layer share. */
#ifndef LW_JOURNAL_INTERNAL_H
#define LW_JOURNAL_INTERNAL_H

#include "journal.h"

/* ---- lists of integer keys (keys.c) ---- */

/* Keys `n` of rows, in order of arrival until sorted. Start with {0}. */
struct key_list {
    int64_t *key;
    size_t count;
    size_t cap;
};

enum lw_status key_list_add(struct key_list *list, int64_t key) LW_MUST_USE;
/* Sorts and drops doubles. */
void key_list_sort(struct key_list *list);
/* Empties without giving memory back. */
void key_list_clear(struct key_list *list);
void key_list_free(struct key_list *list);

/* Entries by date: what the table `span` holds, or is to be changed by; start with {0}. */
struct span_row {
    int scale; /* enum lw_scale; -1: without any date */
    int32_t stated, begins, ends;
    int64_t bucket;
};
struct span_counts {
    struct span_row *row;
    size_t count;
    size_t cap;
};
/* Adds an entry of that first and last moment (struct lw_when), or with sign -1 takes it away. */
enum lw_status span_add(struct span_counts *counts, bool dated, int64_t earliest, int64_t latest,
                        int sign) LW_MUST_USE;
/* Sorts by scale and bucket, one row for each; rows of zeros go. */
void span_sort(struct span_counts *counts);
void span_free(struct span_counts *counts);

/* From key to a number below 2^32, for lists too long to search through. Start with {0}. */
struct key_map_cell {
    int64_t key;
    uint32_t value;
    bool used;
};
struct key_map {
    struct key_map_cell *cell;
    size_t count;
    size_t cap; /* a power of two */
};

enum lw_status key_map_put(struct key_map *map, int64_t key, uint32_t value) LW_MUST_USE;
bool key_map_get(const struct key_map *map, int64_t key, uint32_t *value);
void key_map_free(struct key_map *map);

/* ---- text (vocabulary.c) ---- */

/* Without blanks and tabs around it, and newlines behind it. */
void text_trim(const char **text, size_t *len);
/* Makes a small letter at the beginning, Latin or of the Russian alphabet, a capital. */
void text_capital(struct lw_buf *out);

/* ---- kinds in the store (kinds.c) ---- */

/* Adds them to journal->forms. One that cannot be read is told in journal->forms_trouble. */
enum lw_status kinds_load(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;

/* ---- things before other things (graph.c) ---- */

struct graph_edge {
    uint32_t from;
    uint32_t to;
};
/* Nodes are numbers below count. Start with {0}, add edges, seal, ask. */
struct graph {
    uint32_t count; /* of nodes, known when it is sealed */
    struct graph_edge *edge;
    size_t edge_count;
    size_t edge_cap;
    size_t
        *first; /* sealed: edges are sorted by from; first[node] .. first[node + 1] are its own */
};

enum lw_status graph_add(struct graph *graph, uint32_t from, uint32_t to) LW_MUST_USE;
enum lw_status graph_seal(struct graph *graph, uint32_t count) LW_MUST_USE;
/* Writes the nodes so that every edge leads forward, among those free to come next the one first
 * that is before the others. *ordered is less than count where there is a circle. */
enum lw_status graph_order(const struct graph *graph,
                           bool (*before)(void *context, uint32_t a, uint32_t b), void *context,
                           uint32_t *order, uint32_t *ordered) LW_MUST_USE;
/* One circle, each node before the next, for a graph of which order holds all that is not in or
 * behind a circle. circle has room for count nodes. */
enum lw_status graph_circle(const struct graph *graph, const uint32_t *order, uint32_t ordered,
                            uint32_t *circle, uint32_t *len) LW_MUST_USE;
void graph_free(struct graph *graph);

/* ---- the journal (journal.c) ---- */

/* Texts of SQL that are made from the record table, once for each type. */
enum record_sql {
    RECORD_SQL_GET,    /* by id: n, id, fields */
    RECORD_SQL_INSERT, /* id, fields, columns of our own */
    RECORD_SQL_UPDATE, /* the same parameters */
    RECORD_SQL_KEY,    /* n by id */
    RECORD_SQL_COUNT,
    RECORD_SQL_TEXTS
};

/* The end of the chain of revisions of this journal; read anew in every transaction. */
struct chain_end {
    bool known;
    int64_t sequence; /* of the last revision, 0: none */
    uint8_t hash[LW_HASH];
    uint8_t last_id[LW_RECORD_ID]; /* of the last revision */
};

/* The record of a type that was last looked up. */
struct known_key {
    bool known;
    uint8_t id[LW_RECORD_ID];
    int64_t n;
};

struct lw_journal {
    struct lw_store *store;
    const struct lw_clock *clock;
    char *author;                                      /* NULL: not stated */
    struct lw_forms *forms;
    struct lw_buf forms_trouble;
    bool reveal; /* names of protected people and sources are shown */
    struct lw_journal *present; /* says who is protected as well; or NULL */
    bool stands;                /* as of stands_ms */
    int64_t stands_ms;
    char *sql[LW_RECORD_TYPE_COUNT][RECORD_SQL_TEXTS]; /* NULL until it is needed */
    uint8_t made_id[LW_RECORD_ID]; /* the last one given out: the next is greater */
    struct kept_sets *kept;        /* entries that filters found (kept.c); NULL: none */
    struct newest *newest;         /* words of the newest entries (newest.c); NULL: none */
    struct names *names;           /* what people and others are called (names_held.c); or NULL */

    /* of the transaction */
    bool writing;
    bool has_id; /* id is that of this journal in the store */
    uint8_t id[LW_RECORD_ID];
    struct chain_end chain;
    int64_t ref_floor[LW_RECORD_TYPE_COUNT]; /* counting up goes on above it */
    struct known_key known[LW_RECORD_TYPE_COUNT];
    struct key_map own;        /* entries that came sealed, or were sealed: nothing is frozen yet */
    struct key_list sealing;   /* of these, whose seal is to be written */
    struct key_list amended;   /* entries that were sealed before and were changed */
    struct key_list compared;  /* sealed entries that may have been changed elsewhere */
    struct span_counts spans;  /* entries by date that came and went */
    struct key_list ordered;   /* entries whose place in the timeline may change */
    struct key_list indexed;   /* entries whose text for searching may change */
    struct key_list parties;   /* whose names changed: the entries where they take part */
    struct key_list locations; /* places whose names changed: the entries there and within */
};

/* Local time by the clock, or as of when it stands: seconds as `when` has them. */
int64_t journal_wall_clock(const struct lw_journal *journal);

/* Forgets the sets of entries that were kept for filters. (kept.c) */
void kept_free(struct lw_journal *journal);
/* The same of the words of the newest entries. (newest.c) */
void newest_free(struct lw_journal *journal);
/* The same of what people and others are called. (names_held.c) */
void names_free(struct lw_journal *journal);

/* ---- one record (record.c, record_validate.c, record_json.c) ---- */

#define RECORD_LABEL 64
/* "entry E11", or "claim 0190..." with all digits; for sentences to the user. */
void record_label(const struct lw_record *record, char label[RECORD_LABEL]);
/* 11 for "E11" (entry) or "S11" (source); -1 for any other form and for other types. */
int64_t record_ref_number(enum lw_record_type type, const char *ref);
/* Below, at or above 0 as people count: E9 before E10, letter case ignored. */
int ref_compare(const char *a, const char *b);
bool value_equal(const struct lw_field *field, const struct lw_value *a, const struct lw_value *b);
/* Hash of the canonical JSON. */
enum lw_status record_state(const struct lw_record *record, uint8_t hash[LW_HASH]) LW_MUST_USE;
/* Hash of the canonical JSON of a revision without its field "hash". */
enum lw_status revision_hash(const struct lw_record *revision, uint8_t hash[LW_HASH]) LW_MUST_USE;

/* ---- records in the store (record_sql.c, record_write.c, record_read.c) ---- */

/* The statement with that text, as lw_store_prepare gives it. */
enum lw_status record_stmt(struct lw_journal *journal, enum lw_record_type type,
                           enum record_sql which, struct lw_stmt **stmt,
                           struct lw_error *err) LW_MUST_USE;
/* Appends the SELECT of a type without WHERE; the table is "t", columns are n, id and the fields.
 */
enum lw_status record_sql_select(enum lw_record_type type, struct lw_buf *out) LW_MUST_USE;
/* Reads the row a statement of record_sql_select stands on; *n may be NULL. */
enum lw_status record_read(struct lw_stmt *stmt, enum lw_record_type type, int64_t *n,
                           struct lw_record *out, struct lw_error *err) LW_MUST_USE;
/* As lw_record_get, with the key. */
enum lw_status record_find(struct lw_journal *journal, enum lw_record_type type,
                           const uint8_t id[LW_RECORD_ID], int64_t *n, struct lw_record *out,
                           struct lw_error *err) LW_MUST_USE;
/* Runs RECORD_SQL_INSERT or RECORD_SQL_UPDATE for a record that is valid. NOT_FOUND: it refers to a
 * record that is not there. */
enum lw_status record_write(struct lw_journal *journal, const struct lw_record *record,
                            enum record_sql which, struct lw_error *err) LW_MUST_USE;
/* RECORD_SQL_INSERT, and the key of the new row. */
enum lw_status record_insert(struct lw_journal *journal, const struct lw_record *record, int64_t *n,
                             struct lw_error *err) LW_MUST_USE;
/* The key of a record; NOT_FOUND leaves err alone. */
enum lw_status record_key(struct lw_journal *journal, enum lw_record_type type,
                          const uint8_t id[LW_RECORD_ID], int64_t *n,
                          struct lw_error *err) LW_MUST_USE;

/* ---- records that are one (same.c) ---- */

/* Tables of a WITH RECURSIVE: the keys that `first` selects and all that are one with them, each in
 * the table `same`. */
#define SAME_SET(table, first)                                                                     \
    "same(n) AS (" first " UNION SELECT q.same_as FROM same JOIN " table                           \
    " AS q ON q.n = same.n WHERE q.same_as IS NOT NULL UNION SELECT q.n FROM same JOIN " table     \
    " AS q ON q.same_as = same.n)"
/* A column of the last of those that the row `r` of the table is the same as. */
#define SAME_LAST(table, r, column)                                                                \
    "CASE WHEN " r ".same_as IS NULL THEN " r "." column                                           \
    " ELSE (WITH RECURSIVE up(it, same) AS (SELECT q." column ", q.same_as FROM " table            \
    " AS q WHERE q.n = " r ".same_as UNION SELECT q." column ", q.same_as FROM up JOIN " table     \
    " AS q ON q.n = up.same) SELECT it FROM up WHERE same IS NULL) END"

/* What it is the same as must not lead back to it. own is its key, 0 for a new record. */
enum lw_status same_check(struct lw_journal *journal, const struct lw_record *record, int64_t own,
                          struct lw_error *err) LW_MUST_USE;
/* Adds the keys of all that are one with a PARTY, PLACE, SOURCE or INCIDENT, itself included. */
enum lw_status same_note(struct lw_journal *journal, enum lw_record_type type, int64_t n,
                         struct key_list *list, struct lw_error *err) LW_MUST_USE;

/* The party that goes by "protected person 3"; *found is left where that is none. (shown.c) */
enum lw_status shown_find(struct lw_journal *journal, const char *folded, uint8_t id[LW_RECORD_ID],
                          bool *found, struct lw_error *err) LW_MUST_USE;

/* ---- what depends on records (touch.c, order.c, index.c) ---- */

/* Notes what a written record changes elsewhere; once as it was (where it was), once as it is. */
enum lw_status touch_record(struct lw_journal *journal, const struct lw_record *record, int64_t n,
                            struct lw_error *err) LW_MUST_USE;
/* Brings day and position of the noted entries up to date. BAD_DATA: a circle. */
enum lw_status order_update(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;
/* Brings the rows for searching of the noted entries up to date. */
enum lw_status index_update(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;

/* ---- entries by date (span.c) ---- */

/* Counts an ENTRY that is written, or with sign -1 one that is written over. */
enum lw_status span_note(struct lw_journal *journal, const struct lw_record *record, int sign,
                         struct lw_error *err) LW_MUST_USE;
/* Writes what was noted. */
enum lw_status span_update(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;
/* Entries in all, without what was noted since: a year or -1 holds each of them once. */
enum lw_status span_total(struct lw_journal *journal, int64_t *out,
                          struct lw_error *err) LW_MUST_USE;
/* How many rows of the table `span` are not what the entries say. */
enum lw_status span_check(struct lw_journal *journal, int64_t *wrong,
                          struct lw_error *err) LW_MUST_USE;

/* ---- revisions (revision.c) ---- */

/* Appends the revision of a record that was just written; before NULL: it was created. */
enum lw_status revision_append(struct lw_journal *journal, const struct lw_record *before,
                               const struct lw_record *after, const char *why,
                               struct lw_error *err) LW_MUST_USE;
/* Appends one that changes nothing of the record, but notes something of others in its text field
 * "frozen" or "moved". */
enum lw_status revision_append_note(struct lw_journal *journal, const struct lw_record *record,
                                    const char *field, const char *note, const char *why,
                                    struct lw_error *err) LW_MUST_USE;

/* ---- what is still open (open.c) ---- */

/* Why a captured line was written, in its revision. */
#define CAPTURED "captured as a line"
/* As lw_entry_open, for who knows the entry already; sources: how many there are. */
enum lw_status open_find(struct lw_journal *journal, int64_t n, const uint8_t id[LW_RECORD_ID],
                         const char *kind, const char *when, unsigned sources, struct lw_open *out,
                         struct lw_error *err) LW_MUST_USE;

/* ---- sealing (seal.c) ---- */

/* May the record be written? REFUSED: it hangs on an entry that was sealed before, and why is no
 * reason; or it would be unsealed. */
enum lw_status seal_permit(struct lw_journal *journal, const struct lw_record *before,
                           const struct lw_record *record, const char *why,
                           struct lw_error *err) LW_MUST_USE;
/* Notes a record that was put, n its key: an entry that is sealed by it. */
enum lw_status seal_note(struct lw_journal *journal, const struct lw_record *before,
                         const struct lw_record *record, int64_t n,
                         struct lw_error *err) LW_MUST_USE;
/* The same for one that came with its revisions; and may such a revision come? */
enum lw_status seal_note_imported(struct lw_journal *journal, const struct lw_record *record,
                                  int64_t n, struct lw_error *err) LW_MUST_USE;
enum lw_status seal_permit_revision(struct lw_journal *journal, const struct lw_record *revision,
                                    struct lw_error *err) LW_MUST_USE;
/* Writes the revisions that seal, and what was changed after sealing. */
enum lw_status seal_update(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;

#endif
