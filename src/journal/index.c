/* The text that searching looks through: one row for each entry, made anew when it may differ. */
#include "internal.h"

#include <string.h>

/* People and places of an entry, with all that are one with them. */
#define WHO                                                                                        \
    "(WITH RECURSIVE " SAME_SET("party", "SELECT party FROM participation WHERE entry = ?1 UNION " \
                                         "SELECT party FROM field WHERE entry = ?1 "               \
                                         "AND party IS NOT NULL") " SELECT n FROM same)"
#define ANSWERED                                                                                   \
    "(WITH RECURSIVE " SAME_SET("place", "SELECT place FROM field WHERE entry = ?1 "               \
                                         "AND place IS NOT NULL") " SELECT n FROM same)"
#define WHERE                                                                                      \
    "(WITH RECURSIVE up(n) AS (SELECT place FROM entry WHERE n = ?1 UNION "                        \
    "SELECT p.parent FROM up JOIN place AS p ON p.n = up.n UNION "                                 \
    "SELECT p.same_as FROM up JOIN place AS p ON p.n = up.n UNION "                                \
    "SELECT p.n FROM up JOIN place AS p ON p.same_as = up.n) SELECT n FROM up)"

/* Names count in every spelling, places with those they lie in. */
static const char pieces_sql[] =
    "SELECT title, narrative, hedge, when_text, place_text FROM entry WHERE n = ?1 "
    "UNION ALL "
    "SELECT name, NULL, NULL, NULL, NULL FROM place WHERE n IN " WHERE " UNION ALL "
    "SELECT quote, translation, summary, NULL, NULL FROM account WHERE entry = ?1 "
    "UNION ALL "
    "SELECT c.text, c.note, NULL, NULL, NULL FROM account AS a JOIN claim AS c ON c.account = a.n "
    "WHERE a.entry = ?1 "
    "UNION ALL "
    "SELECT description, owner_text, NULL, NULL, NULL FROM item WHERE entry = ?1 "
    "UNION ALL "
    "SELECT text, note, NULL, NULL, NULL FROM field WHERE entry = ?1 "
    "UNION ALL "
    "SELECT name, NULL, NULL, NULL, NULL FROM place WHERE n IN " ANSWERED " UNION ALL "
    "SELECT note, NULL, NULL, NULL, NULL FROM participation WHERE entry = ?1 "
    "UNION ALL "
    "SELECT name, code_name, NULL, NULL, NULL FROM party WHERE n IN " WHO " UNION ALL "
    "SELECT text, NULL, NULL, NULL, NULL FROM name WHERE party IN " WHO;
#define PIECES 5

static enum lw_status add_pieces(struct lw_stmt *stmt, struct lw_buf *text)
{
    enum lw_status status = LW_OK;

    for (int i = 0; i < PIECES && status == LW_OK; i++) {
        size_t len;
        const char *piece = lw_stmt_text(stmt, i, &len);

        if (piece == NULL)
            continue;
        status = lw_utf8_nfc(piece, len, text);
        if (status == LW_OK)
            status = lw_buf_addc(text, '\n');
    }
    return status;
}

static enum lw_status collect(struct lw_journal *journal, int64_t entry, struct lw_buf *text,
                              struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, pieces_sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, entry);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_pieces(stmt, text);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, status, "the text for searching cannot be made: %s",
                           lw_status_message(status));
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* What stands there for the entry: *there, *same as text. */
static enum lw_status compare(struct lw_journal *journal, int64_t entry, const struct lw_buf *text,
                              bool *there, bool *same, struct lw_error *err)
{
    struct lw_stmt *stmt;
    const char *old;
    size_t len = 0;
    enum lw_status status = lw_store_prepare(
        journal->store, "SELECT text FROM entry_search WHERE rowid = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, entry);
    status = lw_stmt_step(stmt, err);
    *there = status == LW_OK;
    *same = false;
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    old = lw_stmt_text(stmt, 0, &len);
    *same = old != NULL && len == text->len && memcmp(old, lw_buf_text(text), len) == 0;
    lw_stmt_reset(stmt);
    return LW_OK;
}

static enum lw_status drop_row(struct lw_journal *journal, int64_t entry, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(journal->store, "DELETE FROM entry_search WHERE rowid = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, entry);
    return lw_stmt_run(stmt, err);
}

/* Beside the text stand the keys under which its words are found in other spellings. */
static enum lw_status add_row(struct lw_journal *journal, int64_t entry, const struct lw_buf *text,
                              struct lw_error *err)
{
    struct lw_buf keys = LW_BUF_INIT;
    struct lw_stmt *stmt;
    enum lw_status status = lw_spelling_text(lw_buf_text(text), text->len, &keys);

    if (status != LW_OK)
        lw_fail(err, status, "the text for searching cannot be made: %s",
                lw_status_message(status));
    else
        status = lw_store_prepare(
            journal->store, "INSERT INTO entry_search(rowid, text, spellings) VALUES (?1, ?2, ?3)",
            &stmt, err);
    if (status == LW_OK) {
        lw_stmt_bind_int(stmt, 1, entry);
        lw_stmt_bind_text(stmt, 2, lw_buf_text(text), text->len);
        lw_stmt_bind_text(stmt, 3, lw_buf_text(&keys), keys.len);
        status = lw_stmt_run(stmt, err);
    }
    lw_buf_free(&keys);
    return status;
}

static enum lw_status index_entry(struct lw_journal *journal, int64_t entry, struct lw_buf *text,
                                  struct lw_error *err)
{
    bool there = false;
    bool same = false;
    enum lw_status status;

    lw_buf_clear(text);
    status = collect(journal, entry, text, err);
    if (status == LW_OK)
        status = compare(journal, entry, text, &there, &same, err);
    if (status != LW_OK || same)
        return status;
    if (there)
        status = drop_row(journal, entry, err);
    return status == LW_OK ? add_row(journal, entry, text, err) : status;
}

/* Adds the entries that sql finds for each key of the list to those that are indexed anew. */
static enum lw_status spread(struct lw_journal *journal, struct key_list *from, const char *sql,
                             struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status;

    key_list_sort(from);
    for (size_t i = 0; i < from->count; i++) {
        status = lw_store_prepare(journal->store, sql, &stmt, err);
        if (status != LW_OK)
            return status;
        lw_stmt_bind_int(stmt, 1, from->key[i]);
        while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
            if (key_list_add(&journal->indexed, lw_stmt_int(stmt, 0)) != LW_OK) {
                lw_stmt_reset(stmt);
                return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
            }
        }
        if (status != LW_DONE)
            return status;
    }
    key_list_clear(from);
    return LW_OK;
}

enum lw_status index_update(struct lw_journal *journal, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status =
        spread(journal, &journal->parties,
               "WITH RECURSIVE " SAME_SET(
                   "party", "SELECT ?1") " SELECT entry FROM participation WHERE party IN same "
                                         "UNION ALL SELECT entry FROM field WHERE party IN same",
               err);

    if (status == LW_OK)
        status = spread(journal, &journal->locations,
                        "WITH RECURSIVE down(n) AS (SELECT ?1 UNION "
                        "SELECT p.n FROM down JOIN place AS p ON p.parent = down.n UNION "
                        "SELECT p.n FROM down JOIN place AS p ON p.same_as = down.n UNION "
                        "SELECT p.same_as FROM down JOIN place AS p ON p.n = down.n "
                        "WHERE p.same_as IS NOT NULL) "
                        "SELECT e.n FROM down JOIN entry AS e ON e.place = down.n UNION ALL "
                        "SELECT f.entry FROM down JOIN field AS f ON f.place = down.n",
                        err);
    if (status == LW_OK)
        key_list_sort(&journal->indexed);
    for (size_t i = 0; i < journal->indexed.count && status == LW_OK; i++)
        status = index_entry(journal, journal->indexed.key[i], &text, err);
    if (status == LW_OK)
        key_list_clear(&journal->indexed);
    lw_buf_free(&text);
    return status;
}
