/* The newest entries by their words, in memory. In the index of a great journal each beginning is
 * merged out of all entries that have a word with it before the first one is told; what most words
 * that are typed begin with, a few thousand entries tell as well. Thrown away by the first
 * search that finds another index, and at the end. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

enum {
    NEWEST_FROM = 8192, /* fewer entries are looked through at once */
    NEWEST_MOST = 4096,
    NEWEST_FIRST = 128, /* keys that are taken in before anything is known */
    NEWEST_CALL = 256   /* for one search, at most */
};

struct newest {
    struct lw_store *words; /* words.c */
    struct lw_buf shape;    /* of the index that they were read from */
    int64_t top, floor;     /* read: the entries up to top, above floor */
};

void newest_free(struct lw_journal *journal)
{
    struct newest *newest = journal->newest;

    if (newest == NULL)
        return;
    lw_store_close(newest->words);
    lw_buf_free(&newest->shape);
    free(newest);
    journal->newest = NULL;
}

/* How the index is made up of pieces: FTS5 writes it anew with all that it writes. */
static enum lw_status read_shape(struct lw_journal *journal, struct lw_buf *out,
                                 struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        journal->store, "SELECT block FROM entry_search_data WHERE id = 10", &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_step(stmt, err);
    if (status == LW_OK) {
        size_t len;
        const void *block = lw_stmt_blob(stmt, 0, &len);

        status = lw_buf_add(out, block, len);
        lw_stmt_reset(stmt);
        if (status != LW_OK)
            lw_fail(err, status, "out of memory");
    }
    return status == LW_DONE ? LW_OK : status;
}

/* Of none yet; the shape is taken over. */
static enum lw_status open_words(struct lw_journal *journal, int64_t top, struct lw_buf *shape,
                                 struct lw_error *err)
{
    struct newest *newest = calloc(1, sizeof(*newest));
    enum lw_status status;

    if (newest == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    *newest = (struct newest){.shape = *shape, .top = top, .floor = top};
    *shape = (struct lw_buf)LW_BUF_INIT;
    journal->newest = newest;
    status = words_open(&newest->words, err);
    if (status != LW_OK)
        newest_free(journal);
    return status;
}

/* Those of this snapshot, as far as they were read; NULL in *out where none may be held. */
static enum lw_status newest_now(struct lw_journal *journal, int64_t top, struct newest **out,
                                 struct lw_error *err)
{
    struct lw_buf shape = LW_BUF_INIT;
    struct newest *newest = journal->newest;
    uint32_t version;
    enum lw_status status;

    *out = NULL;
    if (top < NEWEST_FROM || !lw_store_version(journal->store, &version))
        return LW_OK;
    status = read_shape(journal, &shape, err);
    if (status == LW_OK && newest != NULL &&
        (newest->shape.len != shape.len ||
         memcmp(lw_buf_text(&newest->shape), lw_buf_text(&shape), shape.len) != 0))
        newest_free(journal);
    if (status == LW_OK && shape.len > 0 && journal->newest == NULL)
        status = open_words(journal, top, &shape, err);
    lw_buf_free(&shape);
    *out = status == LW_OK ? journal->newest : NULL;
    return status;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

/* So many keys further down; all of them or none. */
static enum lw_status take_in(struct lw_journal *journal, struct newest *newest, int64_t keys,
                              struct lw_error *err)
{
    int64_t floor = newest->floor > keys ? newest->floor - keys : 0;
    enum lw_status status = words_add_range(journal, newest->words, floor, newest->floor, err);

    if (status == LW_OK)
        newest->floor = floor;
    return status;
}

static bool is_full(const struct newest *newest)
{
    return newest->floor == 0 || newest->top - newest->floor >= NEWEST_MOST;
}

enum lw_status newest_more(struct lw_journal *journal, int64_t top, size_t entries, bool *done,
                           struct lw_error *err)
{
    struct newest *newest;
    enum lw_status status = newest_now(journal, top, &newest, err);

    if (status == LW_OK && newest != NULL && !is_full(newest))
        status = take_in(journal, newest, (int64_t)entries, err);
    *done = newest == NULL || is_full(newest);
    return status;
}

/* ---- looking through --------------------------------------------------------------------------
 */

/* How many keys are to be taken in for the missing hits, as often as they were found until now; 0:
 * too many for one search. */
static int64_t keys_for(const struct newest *newest, size_t found, size_t most, int64_t left)
{
    int64_t had = newest->top - newest->floor, needed;

    if (had == 0)
        return NEWEST_FIRST;
    if (is_full(newest) || found == 0)
        return 0;
    needed = (had * (int64_t)most / (int64_t)found - had) * 5 / 4 + 1;
    return needed <= left ? needed : 0;
}

enum lw_status newest_hits(struct lw_journal *journal, const struct lw_buf *query, size_t most,
                           int64_t *floor, struct key_list *keys, struct lw_error *err)
{
    struct newest *newest;
    int64_t left = NEWEST_CALL;
    enum lw_status status = newest_now(journal, *floor, &newest, err);

    if (status != LW_OK || newest == NULL)
        return status;
    while (status == LW_OK && keys->count < most) {
        int64_t further = keys_for(newest, keys->count, most, left);

        if (newest->floor < newest->top && *floor != newest->floor) { /* not asked yet */
            status = words_find(newest->words, query, most, keys, err);
            *floor = newest->floor;
            continue;
        }
        if (further == 0)
            break;
        status = take_in(journal, newest, further, err);
        left -= further;
    }
    return status;
}
