/* What the timeline, the search and the sheet of contradictions share. */
#ifndef LW_JOURNAL_VIEW_H
#define LW_JOURNAL_VIEW_H

#include "internal.h"

/* ---- lists of keys (rows.c) ---- */

/* Adds column 0 of every row of a statement. */
enum lw_status key_list_add_rows(struct key_list *list, struct lw_stmt *stmt,
                                 struct lw_error *err) LW_MUST_USE;
/* In a sorted list. */
bool key_list_has(const struct key_list *list, int64_t key);

/* ---- rows of the timeline (rows.c) ---- */

#define ROW_COLUMNS                                                                                \
    "e.n, e.id, e.ref, e.kind, e.title, e.hedge, e.status, p.name, e.\"when\", e.when_text, "      \
    "e.extent, e.duration_text, e.noticed_text, e.recorded_at, e.day, e.position, "                \
    "e.amended"
#define ROW_FROM  " FROM entry e LEFT JOIN place p ON p.n = e.place"
#define ROW_ORDER " ORDER BY e.position, e.n"

/* The row visited before, for lw_row.after_previous. */
struct row_before {
    bool set;
    int64_t n;
    int64_t day;
};

/* Fills row from a statement that selects ROW_COLUMNS; match is left alone. */
void row_read(const struct lw_journal *journal, struct lw_stmt *stmt, struct lw_row *row,
              int64_t *n);
/* Adds what other tables say: sources, contradicted, after_previous. */
enum lw_status row_complete(struct lw_journal *journal, int64_t n, struct lw_row *row,
                            struct row_before *before, struct lw_error *err) LW_MUST_USE;

/* A snapshot over several statements; *own is false inside a transaction of the caller. */
enum lw_status snapshot_begin(struct lw_journal *journal, bool *own,
                              struct lw_error *err) LW_MUST_USE;
void snapshot_end(struct lw_journal *journal, bool own);

/* ---- filters (filter.c) ---- */

#define SIFT_BIND_FREE 1 /* four parameters that are free beside those of a filter: from this on */

struct term_state;

/* A filter made ready, for as long as a snapshot is held. */
struct sift {
    struct lw_journal *journal;
    const struct lw_filter *filter; /* never NULL */
    struct lw_filter_tree *members; /* its members as a tree; filter->tree is beside it */
    struct term_state *state;       /* of the terms of both, in that order */
    size_t count;
    const struct lw_when *when; /* the moment that it asks about, or NULL */
    bool narrowed;              /* whatever passes is in this set, which has so many */
    bool exact;                 /* and whatever is in it passes */
    struct lw_bits bits;
    size_t bit_count;
    struct lw_buf keys; /* of few: as a JSON array */
};

/* filter may be NULL and must stay. */
enum lw_status sift_begin(struct lw_journal *journal, const struct lw_filter *filter,
                          struct sift *out, struct lw_error *err) LW_MUST_USE;
void sift_end(struct sift *sift);
/* Appends " AND ..." for the table `entry e`. */
enum lw_status sift_sql(const struct sift *sift, struct lw_buf *sql) LW_MUST_USE;
void sift_bind(const struct sift *sift, struct lw_stmt *stmt);
/* Are its entries few, and found without walking along the timeline? */
bool sift_is_few(const struct sift *sift);
/* How an entry of that reference and date, which passes, meets the moment that is asked about. */
enum lw_status sift_match(const struct sift *sift, const char *ref, const char *text,
                          enum lw_match *match, struct lw_error *err) LW_MUST_USE;

/* ---- places in the timeline (page.c) ---- */

/* An entry that passes, before anything else is read of it. */
struct place {
    struct lw_anchor at;
    int64_t day;
    enum lw_match match;
};

/* Visits the row of an entry; before is brought up to date. */
enum lw_status place_visit(struct lw_journal *journal, const struct place *place,
                           struct row_before *before, lw_row_visitor *visit, void *context,
                           struct lw_error *err) LW_MUST_USE;

/* ---- along the timeline in slices (slices.c) ---- */

struct slices {
    struct lw_journal *journal;
    const struct lw_filter *filter;
    bool done;
    struct lw_anchor at; /* seen up to here */
};
struct slice_entry {
    int64_t n;
    bool dated;
    int64_t earliest, latest; /* as in struct lw_when */
};
typedef enum lw_status slice_visitor(void *context, const struct slice_entry *entry,
                                     struct lw_error *err);
/* filter may be NULL and must stay. */
void slices_begin(struct slices *slices, struct lw_journal *journal,
                  const struct lw_filter *filter);
/* Visits what passes among the next so many entries; a filter that lets few through, which are found
 * without walking, is done at once. In a snapshot of its own. */
enum lw_status slices_more(struct slices *slices, size_t entries, slice_visitor *visit,
                           void *context, struct lw_error *err) LW_MUST_USE;

/* ---- searching (search.c) ---- */

/* Can it be searched for at all? TOO_LONG, BAD_DATA. */
enum lw_status search_check(const char *text, size_t len, struct lw_error *err) LW_MUST_USE;
/* What is typed as a query of the index: every word, the last one as a beginning. */
enum lw_status search_query(const char *text, size_t len, struct lw_buf *query,
                            struct lw_error *err) LW_MUST_USE;
/* Every word whole; a phrase as it stands. */
enum lw_status search_words(const char *text, size_t len, struct lw_buf *query,
                            struct lw_error *err) LW_MUST_USE;
enum lw_status search_phrase(const char *text, size_t len, struct lw_buf *query,
                             struct lw_error *err) LW_MUST_USE;

/* All words but those of the last piece, whole; empty where that is the only one. *letters: so many
 * columns that takes. */
enum lw_status search_words_before(const char *text, size_t len, struct lw_buf *query,
                                   size_t *letters, struct lw_error *err) LW_MUST_USE;

/* ---- an index in memory (words.c) ---- */

/* An empty one, for lw_store_close. */
enum lw_status words_open(struct lw_store **out, struct lw_error *err) LW_MUST_USE;
/* Adds what the index in the store has for the entries above floor, up to top; for those keys, in
 * their order. All of it or nothing. */
enum lw_status words_add_range(struct lw_journal *journal, struct lw_store *words, int64_t floor,
                               int64_t top, struct lw_error *err) LW_MUST_USE;
enum lw_status words_add_keys(struct lw_journal *journal, struct lw_store *words,
                              const int64_t *key, size_t count, struct lw_error *err) LW_MUST_USE;
/* The greatest keys of what a query finds, at most so many, in place of those in the list. */
enum lw_status words_find(struct lw_store *words, const struct lw_buf *query, size_t most,
                          struct key_list *keys, struct lw_error *err) LW_MUST_USE;

/* ---- the newest entries by their words (newest.c) ---- */

/* Takes in so many more, down from top, the greatest key of an entry; *done: no more are to be. In a
 * snapshot. */
enum lw_status newest_more(struct lw_journal *journal, int64_t top, size_t entries, bool *done,
                           struct lw_error *err) LW_MUST_USE;
/* At most so many keys of the newest hits, the greatest first, in a snapshot. *floor is the greatest
 * key of an entry, and then that above which these are all hits, or the newest of them: left where
 * nothing was looked through. */
enum lw_status newest_hits(struct lw_journal *journal, const struct lw_buf *query, size_t most,
                           int64_t *floor, struct key_list *keys,
                           struct lw_error *err) LW_MUST_USE;

/* ---- claims about one entry (claims.c) ---- */

/* One claim, or (fact NULL) the words of an account where no claim was made of them. */
struct said {
    uint8_t id[LW_RECORD_ID]; /* of the claim; of the account where fact is NULL */
    int64_t account;
    uint8_t account_id[LW_RECORD_ID];
    char *fact, *fact_folded;
    char *text, *text_folded; /* the value as written */
    char *wording;            /* for people: text, or the figures, or the account's words */
    char *source, *via, *stance, *status, *note;
    bool has_min, has_max;
    int64_t min, max;
    bool live; /* neither superseded nor withdrawn */
};

struct said_list {
    struct said *item;
    size_t count;
    size_t cap;
};

/* All claims about an entry, in order of id. */
enum lw_status claims_load(struct lw_journal *journal, int64_t entry, struct said_list *out,
                           struct lw_error *err) LW_MUST_USE;
/* The words of all accounts of an entry, as asserted. */
enum lw_status quotes_load(struct lw_journal *journal, int64_t entry, struct said_list *out,
                           struct lw_error *err) LW_MUST_USE;
void said_list_free(struct said_list *list);
/* Do live claims about that fact (folded) differ between accounts? */
bool claims_differ(const struct said_list *claims, const char *fact_folded);
/* It as a voice about the entry of that reference; the texts stay theirs. */
struct lw_voice said_voice(const char *ref, const struct said *said);
/* Does an account, by a live claim, say the same as this claim of another one? */
bool claims_agree(const struct said_list *claims, int64_t account, const struct said *said);
/* Is claim i the first live one about its fact? */
bool claims_first(const struct said_list *claims, size_t i);
/* False where all that was ever claimed about that fact was superseded or withdrawn. */
bool claims_stand(const struct said_list *claims, const char *fact_folded);

/* Do its accounts differ, or does a link say that another entry contradicts it? */
enum lw_status entry_contradicted(struct lw_journal *journal, int64_t entry, bool *out,
                                  struct lw_error *err) LW_MUST_USE;

/* Folds into a text of its own; NULL gives NULL. */
enum lw_status fold_copy(const char *text, char **out) LW_MUST_USE;

#endif
