/* Search: every word of a text, the last one as a beginning, in timeline order. */
#include "view.h"

#include <string.h>
#include <strings.h>

#define SEARCH_MAX 1024 /* bytes of what is searched for */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Punctuation and symbols carry no word; the index has nothing to find for them. */
static bool has_word(const char *text, size_t len)
{
    size_t at = 0, size;

    return lw_spelling_word(text, len, &at, &size);
}

/* A string of FTS5: in quotes nothing is an operator. */
static enum lw_status add_string(struct lw_buf *query, const char *word, size_t len, bool beginning)
{
    enum lw_status status = lw_buf_addc(query, '"');

    for (size_t i = 0; status == LW_OK && i < len; i++) {
        if (word[i] == '"')
            status = lw_buf_addc(query, '"');
        if (status == LW_OK)
            status = lw_buf_addc(query, word[i]);
    }
    return status == LW_OK ? lw_buf_adds(query, beginning ? "\"*" : "\"") : status;
}

/* The index folds letters by itself. */
static bool is_same_word(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

static enum lw_status add_or(struct lw_buf *query, const char *key, size_t len, bool beginning)
{
    enum lw_status status = lw_buf_adds(query, " OR ");

    return status == LW_OK ? add_string(query, key, len, beginning) : status;
}

/* What is still being typed may become another letter with the next one: Дмитри, Дмитриев; Mik,
 * Mikhail; Kalac, Kalach. */
static enum lw_status add_continued(struct lw_buf *query, const char *key, size_t len)
{
    static const char *const becomes[][2] = {{"i", "e"}, {"k", "h"}, {"ts", "ch"}, {"ts", "k"}};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(becomes) && status == LW_OK; i++) {
        size_t end = strlen(becomes[i][0]);
        struct lw_buf other = LW_BUF_INIT;

        if (len <= end || memcmp(key + len - end, becomes[i][0], end) != 0)
            continue;
        status = lw_buf_add(&other, key, len - end);
        if (status == LW_OK)
            status = lw_buf_adds(&other, becomes[i][1]);
        if (status == LW_OK)
            status = add_or(query, other.data, other.len, true);
        lw_buf_free(&other);
    }
    return status;
}

/* "word" OR what it is in other spellings */
static enum lw_status add_spellings(struct lw_buf *query, const char *word, size_t len,
                                    bool beginning)
{
    struct lw_buf keys = LW_BUF_INIT;
    enum lw_status status = lw_spelling_keys(word, len, &keys);

    if (status == LW_OK)
        status = add_string(query, word, len, beginning);
    for (const char *key = lw_buf_text(&keys); status == LW_OK && *key != '\0';) {
        size_t size = strcspn(key, " ");

        if (!is_same_word(word, len, key, size)) /* each costs a walk through the index */
            status = add_or(query, key, size, beginning);
        if (status == LW_OK && beginning)
            status = add_continued(query, key, size);
        key += size + (key[size] != '\0');
    }
    lw_buf_free(&keys);
    return status;
}

/* A piece that is one word, but for signs around it, is that word in any spelling; of several
 * (Усть-Джегута) it is a phrase as it stands, or each of them in any spelling. */
static enum lw_status add_piece(struct lw_buf *query, const char *piece, size_t len, bool beginning)
{
    enum lw_status status = lw_buf_adds(query, query->len > 0 ? " AND (" : "(");
    size_t count = 0, size, start = 0, first;
    bool plain = lw_spelling_word(piece, len, &start, &first) && start == 0 && first == len;

    if (status == LW_OK && !plain)
        status = add_string(query, piece, len, beginning);
    for (size_t at = 0; status == LW_OK && lw_spelling_word(piece, len, &at, &size);
         at += size, count++) {
        size_t end = at + size, next = 0;
        bool last = !lw_spelling_word(piece, len, &end, &next);

        status = lw_buf_adds(query, count > 0 ? " AND (" : plain ? "((" : " OR ((");
        if (status == LW_OK)
            status = add_spellings(query, piece + at, size, beginning && last);
        if (status == LW_OK)
            status = lw_buf_adds(query, ")");
    }
    if (status == LW_OK && count > 0)
        status = lw_buf_adds(query, ")");
    return status == LW_OK ? lw_buf_addc(query, ')') : status;
}

/* The piece that starts at or behind *at; false where there is none that carries a word. */
static bool next_piece(const char *text, size_t len, size_t *at, size_t *piece_len)
{
    for (;;) {
        while (*at < len && is_blank(text[*at]))
            ++*at;
        if (*at == len)
            return false;
        *piece_len = 0;
        while (*at + *piece_len < len && !is_blank(text[*at + *piece_len]))
            ++*piece_len;
        if (has_word(text + *at, *piece_len))
            return true;
        *at += *piece_len;
    }
}

enum last_piece { LAST_BEGINS, LAST_IS_WHOLE, LAST_LEFT_OUT };

static enum lw_status make_query(const struct lw_buf *typed, enum last_piece last,
                                 struct lw_buf *query)
{
    const char *text = lw_buf_text(typed);
    enum lw_status status = LW_OK;
    size_t len, next_len;

    for (size_t at = 0; status == LW_OK && next_piece(text, typed->len, &at, &len); at += len) {
        size_t next = at + len;
        bool is_last = !next_piece(text, typed->len, &next, &next_len);

        if (!is_last || last != LAST_LEFT_OUT)
            status = add_piece(query, text + at, len, is_last && last == LAST_BEGINS);
    }
    return status;
}

enum lw_status search_check(const char *text, size_t len, struct lw_error *err)
{
    if (len > SEARCH_MAX)
        return lw_fail(err, LW_TOO_LONG, "search for fewer words: at most %d bytes, not %zu",
                       SEARCH_MAX, len);
    if (!lw_utf8_valid(text, len, NULL))
        return lw_fail(err, LW_BAD_DATA, "what to search for is no UTF-8 text");
    return LW_OK;
}

static enum lw_status normalise(const char *text, size_t len, struct lw_buf *out,
                                struct lw_error *err)
{
    enum lw_status status = search_check(text, len, err);

    if (status != LW_OK)
        return status;
    status = lw_utf8_nfc(text, len, out);
    if (status != LW_OK)
        lw_fail(err, status, "the search cannot be made: %s", lw_status_message(status));
    return status;
}

static enum lw_status made(enum lw_status status, const struct lw_buf *query, struct lw_error *err)
{
    if (status != LW_OK)
        return lw_fail(err, status, "the search cannot be made: %s", lw_status_message(status));
    if (query->len == 0)
        return lw_fail(err, LW_BAD_DATA, "type at least one word to search for");
    return LW_OK;
}

static enum lw_status query_of(const char *text, size_t len, enum last_piece last,
                               struct lw_buf *query, struct lw_error *err)
{
    struct lw_buf normal = LW_BUF_INIT;
    enum lw_status status = normalise(text, len, &normal, err);

    if (status == LW_OK)
        status = made(make_query(&normal, last, query), query, err);
    lw_buf_free(&normal);
    return status;
}

enum lw_status search_query(const char *text, size_t len, struct lw_buf *query,
                            struct lw_error *err)
{
    return query_of(text, len, LAST_BEGINS, query, err);
}

enum lw_status search_words(const char *text, size_t len, struct lw_buf *query,
                            struct lw_error *err)
{
    return query_of(text, len, LAST_IS_WHOLE, query, err);
}

static size_t last_piece_columns(const struct lw_buf *typed)
{
    const char *text = lw_buf_text(typed);
    size_t columns = 0, len;

    for (size_t at = 0; next_piece(text, typed->len, &at, &len); at += len)
        columns = lw_utf8_columns(text + at, len);
    return columns;
}

enum lw_status search_words_before(const char *text, size_t len, struct lw_buf *query,
                                   size_t *letters, struct lw_error *err)
{
    struct lw_buf normal = LW_BUF_INIT;
    enum lw_status status = normalise(text, len, &normal, err);

    if (status == LW_OK && (status = make_query(&normal, LAST_LEFT_OUT, query)) != LW_OK)
        status = made(status, query, err);
    *letters = last_piece_columns(&normal);
    lw_buf_free(&normal);
    return status;
}

enum lw_status search_phrase(const char *text, size_t len, struct lw_buf *query,
                             struct lw_error *err)
{
    struct lw_buf normal = LW_BUF_INIT;
    enum lw_status status = normalise(text, len, &normal, err);

    if (status == LW_OK && !has_word(lw_buf_text(&normal), normal.len))
        status = made(LW_OK, query, err);
    else if (status == LW_OK) {
        status = lw_buf_adds(query, "text : ");
        if (status == LW_OK)
            status = add_string(query, lw_buf_text(&normal), normal.len, false);
        status = made(status, query, err);
    }
    lw_buf_free(&normal);
    return status;
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

        row_read(journal, stmt, &row, &n);
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
    enum lw_status status = search_query(text, len, &query, err);

    if (status == LW_OK)
        status = snapshot_begin(journal, &own, err);
    if (status == LW_OK) {
        status = visit_hits(journal, &query, visit, context, err);
        snapshot_end(journal, own);
    }
    lw_buf_free(&query);
    return status;
}
