/* Names of a filter: which entries have to do with a person, a place or a source. */
#include "view.h"

#include <string.h>

enum { CLASS_PARTY, CLASS_PLACE, CLASS_SOURCE, CLASS_COUNT };

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
};

static const char *const entries_sql[CLASS_COUNT] = {
    [CLASS_PARTY] = "SELECT entry FROM participation WHERE party = ?1"
                    " UNION SELECT entry FROM item WHERE owner = ?1"
                    " UNION SELECT entry FROM item WHERE taken_by = ?1"
                    " UNION SELECT entry FROM field WHERE party = ?1",
    [CLASS_PLACE] = "WITH RECURSIVE inside (n) AS (SELECT ?1 UNION SELECT p.n FROM place p"
                    " JOIN inside i ON p.parent = i.n)"
                    " SELECT e.n FROM entry e JOIN inside i ON e.place = i.n"
                    " UNION SELECT f.entry FROM field f JOIN inside i ON f.place = i.n",
    [CLASS_SOURCE] = "SELECT entry FROM account WHERE source = ?1",
};

struct hits {
    struct key_list equal[CLASS_COUNT];
    struct key_list words[CLASS_COUNT];
};

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || ((unsigned char)c & 0x80) != 0;
}

/* Both folded. Does needle stand in text as whole words? */
static bool has_words(const char *text, const char *needle)
{
    size_t len = strlen(needle);

    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++) {
        bool starts = at == text || !is_word_byte(at[-1]) || !is_word_byte(*at);
        bool stops = !is_word_byte(at[len]) || !is_word_byte(at[len - 1]);

        if (starts && stops)
            return true;
    }
    return false;
}

static enum lw_status compare_row(struct lw_stmt *stmt, const char *needle, struct key_list *equal,
                                  struct key_list *words)
{
    struct lw_buf folded = LW_BUF_INIT;
    size_t len = 0;
    const char *text = lw_stmt_text(stmt, 1, &len);
    enum lw_status status = text == NULL ? LW_OK : lw_utf8_fold(text, len, &folded);

    if (status == LW_OK && strcmp(lw_buf_text(&folded), needle) == 0)
        status = key_list_add(equal, lw_stmt_int(stmt, 0));
    else if (status == LW_OK && has_words(lw_buf_text(&folded), needle))
        status = key_list_add(words, lw_stmt_int(stmt, 0));
    lw_buf_free(&folded);
    return status;
}

static enum lw_status scan_spellings(struct lw_store *store, size_t which, const char *needle,
                                     struct hits *hits, struct lw_error *err)
{
    unsigned class = spellings[which].class;
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(store, spellings[which].sql, &stmt, err);

    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = compare_row(stmt, needle, &hits->equal[class], &hits->words[class]);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status add_entries(struct lw_store *store, unsigned class,
                                  const struct key_list *keys, struct key_list *entries,
                                  struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < keys->count; i++) {
        struct lw_stmt *stmt;

        status = lw_store_prepare(store, entries_sql[class], &stmt, err);
        if (status != LW_OK)
            return status;
        lw_stmt_bind_int(stmt, 1, keys->key[i]);
        status = key_list_add_rows(entries, stmt, err);
    }
    return status;
}

static enum lw_status add_hits(struct lw_store *store, struct hits *hits, struct key_list *entries,
                               struct lw_error *err)
{
    enum lw_status status = LW_OK;
    size_t equal = 0;

    for (unsigned class = 0; class < CLASS_COUNT; class ++)
        equal += hits->equal[class].count;
    for (unsigned class = 0; status == LW_OK && class < CLASS_COUNT; class ++) {
        struct key_list *keys = equal > 0 ? &hits->equal[class] : &hits->words[class];

        key_list_sort(keys);
        status = add_entries(store, class, keys, entries, err);
    }
    return status;
}

static enum lw_status add_name(struct lw_store *store, const char *name, struct key_list *entries,
                               struct lw_error *err)
{
    struct lw_buf needle = LW_BUF_INIT;
    struct hits hits = {0};
    enum lw_status status = lw_utf8_fold(name, strlen(name), &needle);

    if (status != LW_OK)
        status = lw_fail(err, status, "a name of the filter cannot be compared: %s",
                         lw_status_message(status));
    if (status == LW_OK && needle.len > 0) {
        for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(spellings); i++)
            status = scan_spellings(store, i, needle.data, &hits, err);
        if (status == LW_OK)
            status = add_hits(store, &hits, entries, err);
    }
    for (unsigned class = 0; class < CLASS_COUNT; class ++) {
        key_list_free(&hits.equal[class]);
        key_list_free(&hits.words[class]);
    }
    lw_buf_free(&needle);
    return status;
}

enum lw_status names_entries(struct lw_journal *journal, const char *const *names, size_t count,
                             struct key_list *entries, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < count; i++)
        status = add_name(lw_journal_store(journal), names[i], entries, err);
    if (status == LW_OK)
        key_list_sort(entries);
    return status;
}
