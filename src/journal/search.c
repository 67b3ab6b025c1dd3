/* Search: every word of a text, the last one as a beginning, in timeline order. */
#include "view.h"

#include <string.h>

#define SEARCH_MAX 1024 /* bytes of what is searched for */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Punctuation and symbols carry no word; the index has nothing to find for them. */
static bool is_word_point(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return c >= 0xc0 && (c < 0x2000 || c > 0x2bff) && (c < 0x3000 || c > 0x303f);
}

static bool has_word(const char *text, size_t len)
{
    uint32_t point;

    for (size_t at = 0, used; at < len; at += used) {
        used = lw_utf8_next(text + at, len - at, &point);
        if (used == 0)
            break;
        if (is_word_point(point))
            return true;
    }
    return false;
}

/* A string of FTS5: in quotes nothing is an operator. */
static enum lw_status add_string(struct lw_buf *query, const char *word, size_t len)
{
    enum lw_status status = query->len > 0 ? lw_buf_addc(query, ' ') : LW_OK;

    if (status == LW_OK)
        status = lw_buf_addc(query, '"');
    for (size_t i = 0; status == LW_OK && i < len; i++) {
        if (word[i] == '"')
            status = lw_buf_addc(query, '"');
        if (status == LW_OK)
            status = lw_buf_addc(query, word[i]);
    }
    return status == LW_OK ? lw_buf_addc(query, '"') : status;
}

static enum lw_status make_query(const struct lw_buf *typed, struct lw_buf *query)
{
    const char *text = lw_buf_text(typed);
    enum lw_status status = LW_OK;
    size_t at = 0, start;

    while (status == LW_OK) {
        while (at < typed->len && is_blank(text[at]))
            at++;
        if (at == typed->len)
            break;
        for (start = at; at < typed->len && !is_blank(text[at]); at++)
            ;
        if (has_word(text + start, at - start))
            status = add_string(query, text + start, at - start);
    }
    return status == LW_OK && query->len > 0 ? lw_buf_addc(query, '*') : status;
}

static enum lw_status read_query(const char *text, size_t len, struct lw_buf *query,
                                 struct lw_error *err)
{
    struct lw_buf normal = LW_BUF_INIT;
    enum lw_status status;

    if (len > SEARCH_MAX)
        return lw_fail(err, LW_TOO_LONG, "search for fewer words: at most %d bytes, not %zu",
                       SEARCH_MAX, len);
    if (!lw_utf8_valid(text, len, NULL))
        return lw_fail(err, LW_BAD_DATA, "what to search for is no UTF-8 text");
    status = lw_utf8_nfc(text, len, &normal);
    if (status == LW_OK)
        status = make_query(&normal, query);
    lw_buf_free(&normal);
    if (status != LW_OK)
        return lw_fail(err, status, "the search cannot be made: %s", lw_status_message(status));
    if (query->len == 0)
        return lw_fail(err, LW_BAD_DATA, "type at least one word to search for");
    return LW_OK;
}

static enum lw_status visit_hits(struct lw_journal *journal, const struct lw_buf *query,
                                 lw_row_visitor *visit, void *context, struct lw_error *err)
{
    static const char sql[] =
        "SELECT " ROW_COLUMNS ROW_FROM " WHERE e.n IN (SELECT rowid FROM entry_search"
        " WHERE entry_search MATCH ?1)" ROW_ORDER;
    struct row_before before = {0};
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(journal), sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, query->data, query->len);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        struct lw_row row = {.match = LW_MATCH_STATED};
        int64_t n;

        row_read(stmt, &row, &n);
        status = row_complete(journal, n, &row, &before, err);
        if (status == LW_OK)
            status = visit(context, &row, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_search_each(struct lw_journal *journal, const char *text, size_t len,
                              lw_row_visitor *visit, void *context, struct lw_error *err)
{
    struct lw_buf query = LW_BUF_INIT;
    bool own;
    enum lw_status status = read_query(text, len, &query, err);

    if (status == LW_OK) {
        status = snapshot_begin(journal, &own, err);
        if (status == LW_OK) {
            status = visit_hits(journal, &query, visit, context, err);
            snapshot_end(journal, own);
        }
    }
    lw_buf_free(&query);
    return status;
}
