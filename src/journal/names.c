/* Names of a filter: which people, places, sources and incidents one may mean. */
#include "filter_tree.h"

#include <string.h>

/* key and one spelling */
static const struct {
    unsigned class;
    const char *sql;
} spellings[] = {
    {CLASS_PARTY, "SELECT n, name FROM party"},
    {CLASS_PARTY, "SELECT n, code_name FROM party WHERE code_name IS NOT NULL"},
    {CLASS_PARTY, "SELECT party, \"text\" FROM name"},
    {CLASS_PLACE, "SELECT n, name FROM place"},
    {CLASS_SOURCE, "SELECT n, ref FROM source"},
    {CLASS_SOURCE, "SELECT n, author FROM source WHERE author IS NOT NULL"},
    {CLASS_SOURCE, "SELECT n, title FROM source"},
    {CLASS_INCIDENT, "SELECT n, title FROM incident"},
};

enum fit { FIT_WORDS, FIT_ALIKE, FIT_EQUAL, FITS };

struct hits {
    struct lw_spelling_seen *seen; /* NULL, without memory for it: all are compared */
    struct key_list key[FITS][CLASS_COUNT];
    size_t count[FITS];
};

static enum lw_status fit_of(struct lw_spelling_seen *seen, const char *text, size_t len,
                             const char *name, const struct lw_buf *folded, int *fit)
{
    struct lw_buf own = LW_BUF_INIT;
    bool all = false, whole = false;
    enum lw_status status = lw_utf8_fold(text, len, &own);

    *fit = -1;
    if (status == LW_OK && own.len > 0 && strcmp(own.data, lw_buf_text(folded)) == 0)
        *fit = FIT_EQUAL;
    else if (status == LW_OK)
        status = lw_spelling_has_seen(seen, text, len, name, strlen(name), &all, &whole);
    if (status == LW_OK && *fit < 0 && all)
        *fit = whole ? FIT_ALIKE : FIT_WORDS;
    lw_buf_free(&own);
    return status;
}

static enum lw_status scan(struct lw_journal *journal, size_t which, const char *name,
                           const struct lw_buf *folded, struct hits *hits, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, spellings[which].sql, &stmt, err);

    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 1, &len);
        int fit = -1;

        if (text != NULL)
            status = fit_of(hits->seen, text, len, name, folded, &fit);
        if (status == LW_OK && fit >= 0) {
            hits->count[fit]++;
            status = key_list_add(&hits->key[fit][spellings[which].class], lw_stmt_int(stmt, 0));
        }
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* Takes over the lists of the best fit that there is. */
static bool take_best(struct hits *hits, struct key_list found[CLASS_COUNT])
{
    for (int fit = FITS - 1; fit >= 0; fit--) {
        if (hits->count[fit] == 0)
            continue;
        for (int class = 0; class < CLASS_COUNT; class ++) {
            found[class] = hits->key[fit][class];
            hits->key[fit][class] = (struct key_list){0};
            key_list_sort(&found[class]);
        }
        return true;
    }
    return false;
}

static enum lw_status look(struct lw_journal *journal, unsigned classes, const char *name,
                           struct key_list found[CLASS_COUNT], bool *any, struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    struct hits hits = {.seen = lw_spelling_seen_new()};
    enum lw_status status = lw_utf8_fold(name, strlen(name), &folded);

    for (int class = 0; class < CLASS_COUNT; class ++)
        found[class] = (struct key_list){0};
    *any = false;
    if (status != LW_OK)
        lw_fail(err, status, "a name of the filter cannot be compared: %s",
                lw_status_message(status));
    for (size_t i = 0; i < LW_COUNT_OF(spellings) && status == LW_OK; i++) {
        if ((classes & (1U << spellings[i].class)) != 0)
            status = scan(journal, i, name, &folded, &hits, err);
    }
    if (status == LW_OK)
        *any = take_best(&hits, found);
    for (int fit = 0; fit < FITS; fit++) {
        for (int class = 0; class < CLASS_COUNT; class ++)
            key_list_free(&hits.key[fit][class]);
    }
    lw_spelling_seen_free(hits.seen);
    lw_buf_free(&folded);
    return status;
}

enum lw_status names_find(struct lw_journal *journal, unsigned classes, const char *name,
                          struct key_list found[CLASS_COUNT], bool *any, struct lw_error *err)
{
    enum lw_status status;

    if (kept_name(journal, classes, name, found, any))
        return LW_OK;
    status = look(journal, classes, name, found, any, err);
    if (status == LW_OK)
        kept_name_keep(journal, classes, name, found, *any);
    return status;
}
