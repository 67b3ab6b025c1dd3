/* What people, places, sources and incidents are called, in memory, with the keys of all words:
 * among a million entries these are tens of thousands, and to compare them takes a tenth of a
 * second where each has to be made ready for it. After a save they are read again, and those that
 * are as they were stay. Given back with the journal, the texts zeroed. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

enum {
    WASTE_MOST = 1 << 20,
    READY_COLUMNS = 4 /* of people and places; the others are held once they are asked for */
};

/* row, key and what stands there */
static const struct {
    unsigned class;
    const char *sql;
} columns[NAME_COLUMNS] = {
#define FROM(table, key, text)                                                                     \
    "SELECT n, " key ", " text " FROM " table " WHERE n > ?1 AND " text " IS NOT NULL"             \
    " ORDER BY n LIMIT ?2"
    {CLASS_PARTY, FROM("party", "n", "name")},
    {CLASS_PARTY, FROM("party", "n", "code_name")},
    {CLASS_PARTY, FROM("name", "party", "\"text\"")},
    {CLASS_PLACE, FROM("place", "n", "name")},
    {CLASS_SOURCE, FROM("source", "n", "ref")},
    {CLASS_SOURCE, FROM("source", "n", "author")},
    {CLASS_SOURCE, FROM("source", "n", "title")},
    {CLASS_INCIDENT, FROM("incident", "n", "title")},
#undef FROM
};

unsigned names_class(size_t column)
{
    return columns[column].class;
}

/* ---- where they stand -------------------------------------------------------------------------
 */

const struct held_name *names_of(const struct names *names, size_t column, size_t *count)
{
    const struct lw_buf *buf = &names->column[column].name;

    *count = buf->len / sizeof(struct held_name);
    return (const void *)buf->data;
}

const struct held_word *names_words(const struct names *names, size_t *count)
{
    *count = names->word.len / sizeof(struct held_word);
    return (const void *)names->word.data;
}

const uint32_t *names_list(const struct names *names, const struct held_name *name, size_t *count)
{
    const uint32_t *list = (const void *)names->list.data;

    *count = list[name->words];
    return &list[name->words + 1];
}

static void forget(struct names *names)
{
    for (size_t i = 0; i < NAME_COLUMNS; i++)
        lw_buf_free(&names->column[i].name);
    lw_buf_free(&names->text);
    lw_buf_free(&names->word);
    lw_buf_free(&names->list);
    free(names->cell);
    *names = (struct names){.cell = NULL};
}

void names_end(struct names *names, bool own)
{
    if (names == NULL || !own)
        return;
    forget(names);
    free(names);
}

void names_free(struct lw_journal *journal)
{
    names_end(journal->names, true);
    journal->names = NULL;
}

struct names *names_begin(struct lw_journal *journal, bool *own)
{
    struct names *names = journal->names;
    uint32_t version = 0;

    *own = !lw_store_version(journal->store, &version);
    if (*own || names == NULL)
        names = calloc(1, sizeof(*names));
    if (!*own)
        journal->names = names;
    if (names != NULL && names->waste > WASTE_MOST)
        forget(names);
    for (size_t i = 0; names != NULL && i < NAME_COLUMNS; i++) {
        struct held_column *column = &names->column[i];

        if (!column->begun || column->version != version)
            *column = (struct held_column){
                .begun = true, .version = version, .last = INT64_MIN, .name = column->name};
    }
    return names;
}

/* ---- words ------------------------------------------------------------------------------------
 */

uint32_t names_hash(const char *text, size_t len)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    return hash ^ hash >> 16;
}

/* The cell of a word, or the free one where it would stand. */
static uint32_t *cell_of(const struct names *names, const char *text, size_t len)
{
    size_t count, at = names_hash(text, len) & (names->cells - 1);
    const struct held_word *word = names_words(names, &count);

    for (; names->cell[at] != 0; at = (at + 1) & (names->cells - 1)) {
        const struct held_word *there = &word[names->cell[at] - 1];

        if (there->len == len && memcmp(names->text.data + there->text, text, len) == 0)
            break;
    }
    return &names->cell[at];
}

static enum lw_status make_cells(struct names *names)
{
    size_t count, cells = names->cells == 0 ? 256 : 2 * names->cells;
    const struct held_word *word = names_words(names, &count);
    uint32_t *cell = calloc(cells, sizeof(*cell));

    if (cell == NULL)
        return LW_NO_MEMORY;
    free(names->cell);
    names->cell = cell;
    names->cells = cells;
    for (size_t i = 0; i < count; i++)
        *cell_of(names, names->text.data + word[i].text, word[i].len) = (uint32_t)i + 1;
    return LW_OK;
}

static enum lw_status add_text(struct names *names, const char *text, size_t len, uint32_t *at)
{
    enum lw_status status;

    if (names->text.len > UINT32_MAX - len - 1)
        return LW_TOO_LONG;
    *at = (uint32_t)names->text.len;
    status = lw_buf_add(&names->text, text, len);
    return status == LW_OK ? lw_buf_add(&names->text, "", 1) : status;
}

/* The number of the word that stands at that place of the texts. */
static enum lw_status find_word(struct names *names, uint32_t at, size_t len, uint32_t *number)
{
    struct held_word word = {.text = at, .len = (uint32_t)len};
    struct lw_buf keys = LW_BUF_INIT;
    size_t count;
    uint32_t *cell;
    enum lw_status status = LW_OK;

    names_words(names, &count);
    if (2 * count >= names->cells)
        status = make_cells(names);
    if (status != LW_OK)
        return status;
    cell = cell_of(names, names->text.data + at, len);
    if (*cell == 0) {
        status = lw_spelling_keys(names->text.data + at, len, &keys);
        if (status == LW_OK)
            status = add_text(names, lw_buf_text(&keys), keys.len, &word.keys);
        if (status == LW_OK)
            status = lw_buf_add(&names->word, &word, sizeof(word));
        if (status == LW_OK)
            *cell = (uint32_t)count + 1;
    }
    *number = *cell - 1;
    lw_buf_free(&keys);
    return status;
}

/* ---- names ------------------------------------------------------------------------------------
 */

/* Lists the words of a name whose text stands. */
static enum lw_status list_words(struct names *names, struct held_name *name)
{
    size_t place = names->list.len / sizeof(uint32_t), size;
    uint32_t count = 0, number = 0;
    enum lw_status status = lw_buf_add(&names->list, &count, sizeof(count));

    if (place > UINT32_MAX)
        return LW_TOO_LONG;
    name->words = (uint32_t)place;
    for (size_t at = 0;
         status == LW_OK && lw_spelling_word(names->text.data + name->text, name->len, &at, &size);
         at += size, count++) {
        status = find_word(names, name->text + (uint32_t)at, size, &number);
        if (status == LW_OK)
            status = lw_buf_add(&names->list, &number, sizeof(number));
    }
    if (status == LW_OK)
        memcpy(names->list.data + place * sizeof(count), &count, sizeof(count));
    return status;
}

static enum lw_status make_name(struct names *names, int64_t row, int64_t key, const char *text,
                                size_t len, struct held_name *out)
{
    struct held_name name = {.row = row, .key = key};
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(text, len, &folded);

    name.hash = names_hash(lw_buf_text(&folded), folded.len);
    lw_buf_free(&folded);
    if (status == LW_OK)
        status = add_text(names, text, len, &name.text);
    name.len = (uint32_t)len;
    if (status == LW_OK)
        status = list_words(names, &name);
    *out = name;
    return status;
}

/* Those from there on are not in the store any more, or others stand before them. */
static void drop_from(struct names *names, struct held_column *column, size_t first)
{
    const struct held_name *name = (const void *)column->name.data;
    size_t count = column->name.len / sizeof(*name);

    for (size_t i = first; i < count; i++)
        names->waste += name[i].len;
    if (first < count)
        column->name.len = first * sizeof(*name);
}

/* What the store has at the next place. */
static enum lw_status take_name(struct names *names, struct held_column *column, int64_t row,
                                int64_t key, const char *text, size_t len)
{
    size_t count = column->name.len / sizeof(struct held_name), at = column->checked;
    struct held_name *held = (void *)column->name.data, made;
    enum lw_status status;

    if (at < count && held[at].row == row && held[at].key == key && held[at].len == len &&
        memcmp(names->text.data + held[at].text, text, len) == 0)
        return LW_OK;
    if (at < count && held[at].row != row) {
        drop_from(names, column, at);
        count = at;
    }
    status = make_name(names, row, key, text, len, &made);
    if (status != LW_OK || at == count)
        return status == LW_OK ? lw_buf_add(&column->name, &made, sizeof(made)) : status;
    names->waste += held[at].len;
    held[at] = made;
    return LW_OK;
}

static enum lw_status read_rows(struct names *names, struct held_column *column,
                                struct lw_stmt *stmt, size_t *rows, struct lw_error *err)
{
    enum lw_status status;

    for (*rows = 0; (status = lw_stmt_step(stmt, err)) == LW_OK; ++*rows) {
        int64_t row = lw_stmt_int(stmt, 0);
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 2, &len);

        status = take_name(names, column, row, lw_stmt_int(stmt, 1), text != NULL ? text : "", len);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
        }
        column->checked++;
        column->last = row;
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status names_read(struct lw_journal *journal, struct names *names, size_t column,
                          size_t rows, struct lw_error *err)
{
    struct held_column *held = &names->column[column];
    struct lw_stmt *stmt;
    size_t read = 0;
    enum lw_status status;

    if (held->done || rows == 0)
        return LW_OK;
    status = lw_store_prepare(journal->store, columns[column].sql, &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, held->last);
    lw_stmt_bind_int(stmt, 2, rows < INT64_MAX ? (int64_t)rows : INT64_MAX);
    status = read_rows(names, held, stmt, &read, err);
    if (status == LW_OK && read < rows) {
        drop_from(names, held, held->checked);
        held->done = true;
    }
    return status;
}

/* ---- while nothing is typed -------------------------------------------------------------------
 */

enum lw_status lw_filter_ready(struct lw_journal *journal, size_t names, bool *done,
                               struct lw_error *err)
{
    struct names *held = NULL;
    bool own, given = true;
    enum lw_status status = snapshot_begin(journal, &own, err);

    *done = true;
    if (status != LW_OK)
        return status;
    held = names_begin(journal, &given);
    for (size_t i = 0; held != NULL && !given && status == LW_OK && i < READY_COLUMNS; i++) {
        if (held->column[i].done)
            continue;
        status = names_read(journal, held, i, names, err);
        *done = status == LW_OK && held->column[i].done && i + 1 == READY_COLUMNS;
        break;
    }
    names_end(held, given);
    snapshot_end(journal, own);
    return status;
}
