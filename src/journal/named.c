/* People, places, sources and incidents by what somebody calls them, in any spelling. */
#include "internal.h"

#include <string.h>

/* What several records of one are called leads to the last of them; its own name comes first. */
#define LAST(table) SAME_LAST(table, "p", "id")
#define OWN(table, column)                                                                         \
    "SELECT p.id, p." column " FROM " table " p WHERE p." column                                   \
    " IS NOT NULL AND +p.same_as IS NULL ORDER BY p.n"
#define OTHER(table, column)                                                                       \
    "SELECT " LAST(table) ", p." column " FROM " table " p WHERE p." column                        \
                          " IS NOT NULL AND p.same_as IS NOT NULL ORDER BY p.n"
/* One after the other: together they would be sorted, ten MiB of a great journal. */
#define ALL(table, column) {OWN(table, column), OTHER(table, column)}

/* Where the form for comparing stands in a column of its own. */
static const char *const folded_sql[LW_RECORD_TYPE_COUNT][2] = {
    [LW_RECORD_PARTY] = {"SELECT " LAST("party") " FROM party p WHERE p.folded = ?1 ORDER BY p.n"
                                                 " LIMIT 1",
                         "SELECT " LAST("party") " FROM name a JOIN party p ON p.n = a.party"
                                                 " WHERE a.folded = ?1 ORDER BY p.n LIMIT 1"},
    [LW_RECORD_PLACE] = {"SELECT " LAST("place") " FROM place p WHERE p.folded = ?1 ORDER BY p.n"
                                                 " LIMIT 1"},
};

/* Where it does not: there are few of them. Id and text. */
static const char *const scanned_sql[LW_RECORD_TYPE_COUNT][3][2] = {
    [LW_RECORD_PARTY] = {ALL("party", "code_name")},
    [LW_RECORD_SOURCE] = {ALL("source", "ref"), ALL("source", "title"), ALL("source", "author")},
    [LW_RECORD_INCIDENT] = {ALL("incident", "title")},
};

/* All spellings, the main ones first. */
static const char *const each_sql[LW_RECORD_TYPE_COUNT][3][2] = {
    [LW_RECORD_PARTY] = {ALL("party", "name"),
                         {"SELECT " LAST("party") ", a.\"text\" FROM name a JOIN party p"
                                                  " ON p.n = a.party ORDER BY a.n"},
                         ALL("party", "code_name")},
    [LW_RECORD_PLACE] = {ALL("place", "name")},
    [LW_RECORD_SOURCE] = {ALL("source", "title"), ALL("source", "author"), ALL("source", "ref")},
    [LW_RECORD_INCIDENT] = {ALL("incident", "title")},
};

static bool take_id(struct lw_stmt *stmt, uint8_t id[LW_RECORD_ID])
{
    size_t len = 0;
    const void *blob = lw_stmt_blob(stmt, 0, &len);

    if (blob == NULL || len != LW_RECORD_ID)
        return false;
    memcpy(id, blob, LW_RECORD_ID);
    return true;
}

static enum lw_status find_folded(struct lw_journal *journal, const char *sql,
                                  const struct lw_buf *wanted, uint8_t id[LW_RECORD_ID],
                                  bool *found, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, lw_buf_text(wanted), wanted->len);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    *found = take_id(stmt, id);
    lw_stmt_reset(stmt);
    return LW_OK;
}

static enum lw_status cannot_compare(struct lw_error *err, enum lw_status status)
{
    return lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
}

static enum lw_status find_scanned(struct lw_journal *journal, const char *sql,
                                   const struct lw_buf *wanted, uint8_t id[LW_RECORD_ID],
                                   bool *found, struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    while (!*found && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 1, &len);

        lw_buf_clear(&folded);
        status = lw_utf8_fold(text != NULL ? text : "", len, &folded);
        if (status != LW_OK) {
            cannot_compare(err, status);
            break;
        }
        *found = strcmp(lw_buf_text(&folded), lw_buf_text(wanted)) == 0 && take_id(stmt, id);
    }
    lw_stmt_reset(stmt);
    lw_buf_free(&folded);
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_named_find(struct lw_journal *journal, enum lw_record_type type, const char *name,
                             size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                             struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    bool there = false;
    enum lw_status status = lw_utf8_fold(name, len, &folded);

    if (status != LW_OK)
        cannot_compare(err, status);
    if (status == LW_OK && type == LW_RECORD_PARTY)
        status = shown_find(journal, lw_buf_text(&folded), id, &there, err);
    if (folded.len > 0) { /* else nothing is left of it, such as of accents alone */
        for (size_t i = 0; i < 2 && status == LW_OK && !there && folded_sql[type][i]; i++)
            status = find_folded(journal, folded_sql[type][i], &folded, id, &there, err);
        for (size_t i = 0; i < 6 && status == LW_OK && !there && scanned_sql[type][i / 2][i % 2];
             i++)
            status =
                find_scanned(journal, scanned_sql[type][i / 2][i % 2], &folded, id, &there, err);
    }
    lw_buf_free(&folded);
    if (status == LW_OK)
        *found = there;
    return status;
}

static enum lw_status fill(struct lw_record *record, const char *name, size_t len)
{
    bool titled = record->type == LW_RECORD_SOURCE || record->type == LW_RECORD_INCIDENT;
    enum lw_status status = lw_record_set_text(record, titled ? "title" : "name", name, len);

    if (status == LW_OK && record->type == LW_RECORD_PARTY)
        status = lw_record_set_text(record, "kind", "unknown", strlen("unknown"));
    if (status == LW_OK && record->type == LW_RECORD_INCIDENT)
        status = lw_record_set_text(record, "status", "open", strlen("open"));
    return status;
}

static enum lw_status make(struct lw_journal *journal, enum lw_record_type type, const char *name,
                           size_t len, uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status;

    lw_record_init(&record, type);
    lw_journal_new_id(journal, record.id);
    status = fill(&record, name, len);
    if (status != LW_OK)
        lw_fail(err, status, "the %s cannot be made: %s", lw_record_infos[type].table,
                lw_status_message(status));
    else
        status = lw_record_put(journal, &record, NULL, err);
    if (status == LW_OK)
        memcpy(id, record.id, LW_RECORD_ID);
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_named_put(struct lw_journal *journal, enum lw_record_type type, const char *name,
                            size_t len, uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    bool found = false;
    enum lw_status status = lw_named_find(journal, type, name, len, id, &found, err);

    if (status != LW_OK || found)
        return status;
    return make(journal, type, name, len, id, err);
}

static enum lw_status visit_all(struct lw_journal *journal, const char *sql,
                                lw_named_visitor *visit, void *context, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        uint8_t id[LW_RECORD_ID];
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 1, &len);

        if (text == NULL || !take_id(stmt, id))
            continue;
        status = visit(context, id, text, len, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status visit_column(struct lw_journal *journal, enum lw_record_type type,
                                   size_t column, lw_named_visitor *visit, void *context,
                                   struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < 2 && status == LW_OK && each_sql[type][column][i] != NULL; i++)
        status = visit_all(journal, each_sql[type][column][i], visit, context, err);
    return status;
}

enum lw_status lw_named_each(struct lw_journal *journal, enum lw_record_type type,
                             lw_named_visitor *visit, void *context, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < 3 && status == LW_OK; i++)
        status = visit_column(journal, type, i, visit, context, err);
    return status;
}

/* ---- all of one name ---------------------------------------------------------------------------
 */

struct called {
    const struct lw_buf *wanted; /* folded */
    bool open;                   /* what stands there is no secret */
    struct lw_buf *found;        /* each once: its id, then a byte: by what is no secret */
};

static enum lw_status add_called(struct called *called, const uint8_t id[LW_RECORD_ID])
{
    const size_t step = LW_RECORD_ID + 1;
    uint8_t one[LW_RECORD_ID + 1];

    for (size_t at = 0; at < called->found->len; at += step) {
        if (memcmp(called->found->data + at, id, LW_RECORD_ID) == 0) {
            if (called->open)
                called->found->data[at + LW_RECORD_ID] = 1;
            return LW_OK;
        }
    }
    memcpy(one, id, LW_RECORD_ID);
    one[LW_RECORD_ID] = called->open;
    return lw_buf_add(called->found, (const char *)one, step);
}

static enum lw_status note_called(void *context, const uint8_t id[LW_RECORD_ID], const char *text,
                                  size_t len, struct lw_error *err)
{
    struct called *called = context;
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(text, len, &folded);

    if (status == LW_OK && folded.len > 0 &&
        strcmp(lw_buf_text(&folded), lw_buf_text(called->wanted)) == 0)
        status = add_called(called, id);
    lw_buf_free(&folded);
    return status == LW_OK ? LW_OK : cannot_compare(err, status);
}

/* Code names and references stand for those who are protected; places and incidents never are. */
static bool is_open(enum lw_record_type type, size_t column)
{
    return column == 2 || type == LW_RECORD_PLACE || type == LW_RECORD_INCIDENT;
}

static enum lw_status collect_called(struct lw_journal *journal, enum lw_record_type type,
                                     struct called *called, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool there = false;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < 3 && status == LW_OK; i++) {
        called->open = is_open(type, i);
        status = visit_column(journal, type, i, note_called, called, err);
    }
    if (status == LW_OK && type == LW_RECORD_PARTY)
        status = shown_find(journal, lw_buf_text(called->wanted), id, &there, err);
    called->open = true;
    if (status == LW_OK && there && add_called(called, id) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    return status;
}

/* A name of its own finds nobody who is protected, as long as names are hidden. */
static enum lw_status may_be_found(struct lw_journal *journal, enum lw_record_type type,
                                   const uint8_t id[LW_RECORD_ID], bool open, bool *may,
                                   struct lw_error *err)
{
    struct lw_record record;
    bool hidden = false;
    enum lw_status status = open ? LW_OK : lw_record_get(journal, type, id, &record, err);

    *may = true;
    if (open || status != LW_OK)
        return status;
    status = lw_shown_is_hidden(journal, &record, &hidden, err);
    *may = !hidden;
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_named_all(struct lw_journal *journal, enum lw_record_type type, const char *name,
                            size_t len, struct lw_buf *ids, struct lw_error *err)
{
    const size_t step = LW_RECORD_ID + 1;
    struct lw_buf folded = LW_BUF_INIT, found = LW_BUF_INIT;
    struct called called = {.wanted = &folded, .found = &found};
    enum lw_status status = lw_utf8_fold(name, len, &folded);

    if (status != LW_OK)
        cannot_compare(err, status);
    else if (folded.len > 0) /* else nothing is left of it, such as of accents alone */
        status = collect_called(journal, type, &called, err);
    for (size_t at = 0; at < found.len && status == LW_OK; at += step) {
        const uint8_t *id = (const uint8_t *)found.data + at;
        bool may;

        status = may_be_found(journal, type, id, id[LW_RECORD_ID], &may, err);
        if (status == LW_OK && may && lw_buf_add(ids, (const char *)id, LW_RECORD_ID) != LW_OK)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    lw_buf_free(&found);
    lw_buf_free(&folded);
    return status;
}

/* ---- did you mean ------------------------------------------------------------------------------
 */

struct alike {
    const char *name;
    size_t len;
    uint8_t id[LW_RECORD_ID];
    bool found;
};

static enum lw_status compare(void *context, const uint8_t id[LW_RECORD_ID], const char *text,
                              size_t len, struct lw_error *err)
{
    struct alike *alike = context;
    bool all = false, whole = false;
    enum lw_status status =
        alike->found ? LW_OK : lw_spelling_has(text, len, alike->name, alike->len, &all, &whole);

    if (status != LW_OK)
        return cannot_compare(err, status);
    if (whole && !alike->found) {
        memcpy(alike->id, id, LW_RECORD_ID);
        alike->found = true;
    }
    return LW_OK;
}

enum lw_status lw_named_alike(struct lw_journal *journal, enum lw_record_type type,
                              const char *name, size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                              struct lw_error *err)
{
    struct alike alike = {.name = name, .len = len};
    bool there = false;
    enum lw_status status = lw_named_find(journal, type, name, len, alike.id, &there, err);

    if (status == LW_OK && !there)
        status = lw_named_each(journal, type, compare, &alike, err);
    if (status != LW_OK)
        return status;
    *found = alike.found;
    if (alike.found)
        memcpy(id, alike.id, LW_RECORD_ID);
    return LW_OK;
}
