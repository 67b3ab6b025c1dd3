/* Searching for no more than is shown: the latest recorded first. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW INT64_C(4096) /* keys that are looked through at once, at least */
enum {
    SIFTED_AT_ONCE = 256,
    SIFTED_MOST = 1024,   /* then the index is asked, whatever that costs */
    SIFTED_LETTERS = 3,   /* a longer beginning costs the index less */
    SIFTED_EXPECTED = 512 /* by three letters: only where so many will do */
};

/* What is looked for, and what is known until now. */
struct looking {
    struct lw_journal *journal;
    struct lw_buf query;
    struct lw_buf before;  /* of the words before the last one; empty: none */
    size_t letters;        /* of the last one */
    size_t sifted, passed; /* candidates that were judged by it, and that have it */
    size_t limit;
    struct key_list keys; /* of the hits above floor; of the newest of them, where they are more */
    int64_t newest;       /* the greatest key of an entry */
    int64_t floor;
    lw_store_over *over; /* who may end it; NULL: nobody */
    void *over_context;
    bool ended; /* that was done */
};

static enum lw_status newest_key(struct lw_journal *journal, int64_t *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(journal), "SELECT max(n) FROM entry", &stmt, err);

    return status == LW_OK ? lw_stmt_number(stmt, out, err) : status;
}

/* The index is asked upwards: backwards it takes half a minute for a word that is in each of a
 * million entries. */
static enum lw_status ask_index(struct looking *looking, const struct lw_buf *query, int64_t floor,
                                int64_t most, struct key_list *keys, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        lw_journal_store(looking->journal),
        "SELECT rowid FROM entry_search WHERE entry_search MATCH ?1 AND rowid > ?2 AND rowid <= ?3"
        " ORDER BY rowid LIMIT ?4",
        &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, query->data, query->len);
    lw_stmt_bind_int(stmt, 2, floor);
    lw_stmt_bind_int(stmt, 3, looking->floor);
    lw_stmt_bind_int(stmt, 4, most);
    return key_list_add_rows(keys, stmt, err);
}

/* How many candidates are to be sifted for the missing hits, as often as they were found until now.
 */
static size_t candidates_for(const struct looking *looking)
{
    size_t missing = looking->limit + 1 - looking->keys.count;

    if (looking->sifted == 0)
        return SIFTED_AT_ONCE;
    if (looking->passed == 0)
        return SIFTED_MOST;
    return looking->sifted * missing / looking->passed * 5 / 4 + 1;
}

static bool may_sift(const struct looking *looking)
{
    if (looking->letters < SIFTED_LETTERS)
        return looking->sifted < SIFTED_MOST;
    return looking->letters == SIFTED_LETTERS &&
           looking->sifted + candidates_for(looking) <= SIFTED_EXPECTED;
}

/* Entries with the words before the last one: all of them where they are few, else, for a short
 * beginning, the newest. None: the index is to be asked. */
static enum lw_status find_candidates(struct looking *looking, int64_t *floor,
                                      struct key_list *keys, bool *any, struct lw_error *err)
{
    enum lw_status status = ask_index(looking, &looking->before, 0, SIFTED_AT_ONCE + 1, keys, err);
    int64_t window = WINDOW;

    *any = keys->count <= SIFTED_AT_ONCE || may_sift(looking);
    if (status != LW_OK || !*any || keys->count <= SIFTED_AT_ONCE) {
        *floor = *any ? 0 : *floor;
        return status;
    }
    do {
        *floor = looking->floor > window ? looking->floor - window : 0;
        window *= 8;
        key_list_clear(keys);
        status = ask_index(looking, &looking->before, *floor, INT64_MAX, keys, err);
    } while (status == LW_OK && *floor > 0 && keys->count < SIFTED_AT_ONCE);
    return status;
}

/* Only the newest of the candidates are judged by the last word; *floor goes up to these. */
static enum lw_status sift(struct looking *looking, const struct key_list *candidates,
                           int64_t *floor, struct key_list *keys, struct lw_error *err)
{
    size_t most = candidates_for(looking), first, count;
    struct lw_store *words = NULL;
    enum lw_status status;

    most = most < SIFTED_AT_ONCE ? most : SIFTED_AT_ONCE;
    first = candidates->count > most ? candidates->count - most : 0;
    count = candidates->count - first;
    if (count == 0)
        return LW_OK;
    if (first > 0)
        *floor = candidates->key[first - 1];
    looking->sifted += count;
    status = words_open(&words, err);
    if (status != LW_OK)
        return status;
    status = words_add_keys(looking->journal, words, candidates->key + first, count, err);
    if (status == LW_OK)
        status = words_find(words, &looking->query, count, keys, err);
    looking->passed += keys->count;
    lw_store_close(words);
    return status;
}

/* Hits down to *floor; where they are found with less work, to one that is lower or higher. A
 * beginning that may be in almost all entries is not asked for where words before it say which. */
static enum lw_status hits_above(struct looking *looking, int64_t *floor, struct key_list *keys,
                                 struct lw_error *err)
{
    struct key_list candidates = {0};
    bool any = false;
    enum lw_status status = LW_OK;

    if (looking->before.len > 0)
        status = find_candidates(looking, floor, &candidates, &any, err);
    if (status == LW_OK && any)
        status = sift(looking, &candidates, floor, keys, err);
    else if (status == LW_OK)
        status = ask_index(looking, &looking->query, *floor, INT64_MAX, keys, err);
    key_list_free(&candidates);
    return status;
}

static enum lw_status watched_hits(struct looking *looking, int64_t *floor, struct key_list *keys,
                                   struct lw_error *err)
{
    enum lw_status status;

    if (looking->over == NULL)
        return hits_above(looking, floor, keys, err);
    if (looking->over(looking->over_context))
        return lw_fail(err, LW_CANCELLED, "this was ended before it was done");
    lw_store_watch(looking->journal->store, looking->over, looking->over_context);
    status = hits_above(looking, floor, keys, err);
    lw_store_watch(looking->journal->store, NULL, NULL);
    return status;
}

/* Adds the hits down to that floor. Where this is ended, those that were found before stay. */
static enum lw_status look_further(struct looking *looking, int64_t floor, struct lw_error *err)
{
    struct key_list found = {0};
    enum lw_status status = watched_hits(looking, &floor, &found, err);

    for (size_t i = 0; i < found.count && status == LW_OK; i++) {
        status = key_list_add(&looking->keys, found.key[i]);
        if (status != LW_OK)
            lw_fail(err, status, "out of memory");
    }
    key_list_free(&found);
    if (status == LW_OK)
        looking->floor = floor;
    if (status != LW_CANCELLED || looking->floor == looking->newest)
        return status;
    looking->ended = true;
    return LW_OK;
}

/* How far down the missing hits are to be expected, as often as they were found until now: a
 * beginning costs as much for a few entries as for all of them. */
static int64_t next_floor(const struct looking *looking)
{
    int64_t looked = looking->newest - looking->floor, window;
    size_t found = looking->keys.count;

    if (looked == 0)
        window = WINDOW;
    else if (found == 0)
        return 0;
    else
        window = looked * (int64_t)(looking->limit + 1 - found) / (int64_t)found * 2;
    if (window < WINDOW)
        window = WINDOW;
    return looking->floor > window ? looking->floor - window : 0;
}

/* The last keys of the hits. */
static enum lw_status last_hits(struct looking *looking, bool *more, struct lw_error *err)
{
    struct key_list *keys = &looking->keys;
    enum lw_status status = newest_key(looking->journal, &looking->newest, err);

    looking->floor = looking->newest;
    if (status == LW_OK)
        status = newest_hits(looking->journal, &looking->query, looking->limit + 1, &looking->floor,
                             keys, err);
    while (status == LW_OK && looking->floor > 0 && keys->count <= looking->limit &&
           !looking->ended)
        status = look_further(looking, next_floor(looking), err);
    key_list_sort(keys);
    *more = keys->count > looking->limit;
    if (*more) {
        memmove(keys->key, &keys->key[keys->count - looking->limit],
                looking->limit * sizeof(*keys->key));
        keys->count = looking->limit;
    }
    return status;
}

/* ---- as rows ----------------------------------------------------------------------------------
 */

static enum lw_status find_place(struct lw_journal *journal, int64_t n, struct place *out,
                                 struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        lw_journal_store(journal), "SELECT position, day FROM entry WHERE n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE)
        return lw_fail(err, LW_DAMAGED,
                       "the text for searching names an entry that is not there; run "
                       "\"lapwing check\"");
    if (status != LW_OK)
        return status;
    *out = (struct place){.at = {.position = lw_stmt_int(stmt, 0), .n = n},
                          .day = lw_stmt_is_null(stmt, 1) ? LW_TIME_MIN : lw_stmt_int(stmt, 1),
                          .match = LW_MATCH_STATED};
    lw_stmt_reset(stmt);
    return LW_OK;
}

static int compare_places(const void *a, const void *b)
{
    const struct lw_anchor *x = &((const struct place *)a)->at;
    const struct lw_anchor *y = &((const struct place *)b)->at;

    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static enum lw_status visit_keys(struct lw_journal *journal, const struct key_list *keys,
                                 lw_row_visitor *visit, void *context, struct lw_error *err)
{
    struct row_before before = {0};
    struct place *places = calloc(keys->count + 1, sizeof(*places));
    enum lw_status status = LW_OK;

    if (places == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < keys->count && status == LW_OK; i++)
        status = find_place(journal, keys->key[i], &places[i], err);
    if (status == LW_OK)
        qsort(places, keys->count, sizeof(*places), compare_places);
    for (size_t i = 0; i < keys->count && status == LW_OK; i++)
        status = place_visit(journal, &places[i], &before, visit, context, err);
    free(places);
    return status;
}

enum lw_status lw_search_while(struct lw_journal *journal, const char *text, size_t len,
                               size_t limit, lw_store_over *over, void *over_context,
                               lw_row_visitor *visit, void *context, bool *more, bool *whole,
                               struct lw_error *err)
{
    struct looking looking = {.journal = journal,
                              .query = LW_BUF_INIT,
                              .before = LW_BUF_INIT,
                              .limit = limit,
                              .over = over,
                              .over_context = over_context};
    bool own, beyond = false;
    enum lw_status status = search_query(text, len, &looking.query, err);

    if (status == LW_OK)
        status = search_words_before(text, len, &looking.before, &looking.letters, err);
    if (status == LW_OK)
        status = snapshot_begin(journal, &own, err);
    if (status == LW_OK) {
        status = last_hits(&looking, &beyond, err);
        if (status == LW_OK)
            status = visit_keys(journal, &looking.keys, visit, context, err);
        snapshot_end(journal, own);
    }
    key_list_free(&looking.keys);
    lw_buf_free(&looking.query);
    lw_buf_free(&looking.before);
    if (status == LW_OK) {
        *more = beyond;
        *whole = !looking.ended;
    }
    return status;
}

enum lw_status lw_search_some(struct lw_journal *journal, const char *text, size_t len,
                              size_t limit, lw_row_visitor *visit, void *context, bool *more,
                              struct lw_error *err)
{
    bool whole;

    return lw_search_while(journal, text, len, limit, NULL, NULL, visit, context, more, &whole,
                           err);
}

enum lw_status lw_search_ready(struct lw_journal *journal, size_t entries, bool *done,
                               struct lw_error *err)
{
    int64_t newest = 0;
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    *done = true;
    if (status != LW_OK)
        return status;
    status = newest_key(journal, &newest, err);
    if (status == LW_OK)
        status = newest_more(journal, newest, entries, done, err);
    snapshot_end(journal, own);
    return status;
}
