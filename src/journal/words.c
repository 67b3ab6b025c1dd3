/* An index of the words of some entries, in memory: made like the one in the store, so that it
 * finds the same. Nothing is held but the words. */
#include "view.h"

/* A piece for each time that something is added; merged only where these become too many. */
static const char schema[] =
    "CREATE VIRTUAL TABLE words USING fts5(text, spellings, content = '', columnsize = 0,"
    " tokenize = 'unicode61 remove_diacritics 2');"
    "INSERT INTO words(words, rank) VALUES('pgsz', 4000);"
    "INSERT INTO words(words, rank) VALUES('automerge', 0);"
    "INSERT INTO words(words, rank) VALUES('crisismerge', 64);";

enum lw_status words_open(struct lw_store **out, struct lw_error *err)
{
    return lw_store_open_scratch(schema, out, err);
}

/* The entry that a statement of id, text and spellings stands on. */
static enum lw_status add_row(struct lw_store *words, struct lw_stmt *row, struct lw_error *err)
{
    struct lw_stmt *stmt;
    size_t len;
    const char *text;
    enum lw_status status = lw_store_prepare(
        words, "INSERT INTO words(rowid, text, spellings) VALUES (?1, ?2, ?3)", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, lw_stmt_int(row, 0));
    text = lw_stmt_text(row, 1, &len);
    lw_stmt_bind_text(stmt, 2, text != NULL ? text : "", len);
    text = lw_stmt_text(row, 2, &len);
    lw_stmt_bind_text(stmt, 3, text != NULL ? text : "", len);
    return lw_stmt_run(stmt, err);
}

static enum lw_status add_rows(struct lw_store *words, struct lw_stmt *rows, struct lw_error *err)
{
    enum lw_status status;

    while ((status = lw_stmt_step(rows, err)) == LW_OK) {
        status = add_row(words, rows, err);
        if (status != LW_OK) {
            lw_stmt_reset(rows);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status end(struct lw_store *words, enum lw_status status, struct lw_error *err)
{
    if (status == LW_OK)
        return lw_store_commit(words, err);
    lw_store_rollback(words);
    return status;
}

enum lw_status words_add_range(struct lw_journal *journal, struct lw_store *words, int64_t floor,
                               int64_t top, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_begin(words, err);

    if (status != LW_OK)
        return status;
    status = lw_store_prepare(
        lw_journal_store(journal),
        "SELECT id, c0, c1 FROM entry_search_content WHERE id > ?1 AND id <= ?2 ORDER BY id", &stmt,
        err);
    if (status == LW_OK) {
        lw_stmt_bind_int(stmt, 1, floor);
        lw_stmt_bind_int(stmt, 2, top);
        status = add_rows(words, stmt, err);
    }
    return end(words, status, err);
}

enum lw_status words_add_keys(struct lw_journal *journal, struct lw_store *words,
                              const int64_t *key, size_t count, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_begin(words, err);

    if (status != LW_OK)
        return status;
    for (size_t i = 0; i < count && status == LW_OK; i++) {
        status = lw_store_prepare(lw_journal_store(journal),
                                  "SELECT id, c0, c1 FROM entry_search_content WHERE id = ?1",
                                  &stmt, err);
        if (status != LW_OK)
            break;
        lw_stmt_bind_int(stmt, 1, key[i]);
        status = add_rows(words, stmt, err);
    }
    return end(words, status, err);
}

enum lw_status words_find(struct lw_store *words, const struct lw_buf *query, size_t most,
                          struct key_list *keys, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        words, "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2", &stmt,
        err);

    key_list_clear(keys);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, query->data, query->len);
    lw_stmt_bind_int(stmt, 2, (int64_t)most);
    return key_list_add_rows(keys, stmt, err);
}
