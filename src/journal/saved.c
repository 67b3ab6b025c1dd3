/* Filters that are kept in the vault under a name. */
#include "internal.h"

#include <string.h>

struct search {
    struct lw_buf wanted; /* folded */
    struct lw_record *out;
    bool found;
};

static bool is_removed(const struct lw_record *record)
{
    const struct lw_value *removed = lw_record_value(record, "removed");

    return removed != NULL && removed->number != 0;
}

/* Of several, such as came from two laptops, one that is in use goes before one that was removed,
 * and of those the one that was recorded last. */
static enum lw_status compare(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct search *search = context;
    const char *name = lw_record_text(record, "name");
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = lw_utf8_fold(name, strlen(name), &folded);
    bool same = status == LW_OK && strcmp(lw_buf_text(&folded), lw_buf_text(&search->wanted)) == 0;

    lw_buf_free(&folded);
    if (same && (!search->found || !is_removed(record) || is_removed(search->out))) {
        if (search->found)
            lw_record_clear(search->out);
        search->found = false;
        status = lw_record_copy(record, search->out);
        search->found = status == LW_OK;
    }
    return status == LW_OK
               ? LW_OK
               : lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
}

/* *out is to be cleared where *found. */
static enum lw_status find(struct lw_journal *journal, const char *name, size_t len,
                           struct lw_record *out, bool *found, struct lw_error *err)
{
    struct search search = {.wanted = LW_BUF_INIT, .out = out};
    enum lw_status status = lw_utf8_fold(name, len, &search.wanted);

    if (status != LW_OK)
        lw_fail(err, status, "the name cannot be compared: %s", lw_status_message(status));
    else if (search.wanted.len == 0)
        status = lw_fail(err, LW_BAD_DATA, "a filter needs a name with letters or digits");
    if (status == LW_OK)
        status = lw_record_each(journal, LW_RECORD_FILTER, NULL, NULL, compare, &search, err);
    lw_buf_free(&search.wanted);
    if (status != LW_OK && search.found)
        lw_record_clear(out);
    if (status == LW_OK)
        *found = search.found;
    return status;
}

static enum lw_status no_such(const char *name, size_t len, struct lw_error *err)
{
    return lw_fail(err, LW_NOT_FOUND, "no filter is called \"%.*s\"",
                   (int)lw_utf8_fit(name, len, 60), name);
}

static enum lw_status find_kept(struct lw_journal *journal, const char *name, size_t len,
                                struct lw_record *out, struct lw_error *err)
{
    bool found = false;
    enum lw_status status = find(journal, name, len, out, &found, err);

    if (status != LW_OK)
        return status;
    if (found && !is_removed(out))
        return LW_OK;
    if (found)
        lw_record_clear(out);
    return no_such(name, len, err);
}

/* A filter is a tool, nothing that was known: those of today are used on the past as well. */
static struct lw_journal *keeper(struct lw_journal *journal)
{
    return journal->present != NULL ? journal->present : journal;
}

enum lw_status lw_saved_find(struct lw_journal *journal, const char *name, size_t len,
                             struct lw_buf *text, struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status = find_kept(keeper(journal), name, len, &record, err);

    if (status != LW_OK)
        return status;
    status = lw_buf_adds(text, lw_record_text(&record, "text"));
    lw_record_clear(&record);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_saved_put(struct lw_journal *journal, const char *name, size_t name_len,
                            const char *text, size_t len, struct lw_error *err)
{
    struct lw_filter_tree *tree = NULL;
    struct lw_record record;
    bool found = false;
    enum lw_status status = lw_filter_read(journal, text, len, &tree, NULL, err);

    if (status == LW_OK && tree == NULL)
        return lw_fail(err, LW_BAD_DATA, "there is no filter to save: it is empty");
    lw_filter_free(tree);
    if (status == LW_OK)
        status = find(journal, name, name_len, &record, &found, err);
    if (status != LW_OK)
        return status;
    if (!found)
        lw_record_init(&record, LW_RECORD_FILTER);
    status = lw_record_set_text(&record, "name", name, name_len);
    if (status == LW_OK)
        status = lw_record_set_text(&record, "text", text, len);
    if (status == LW_OK && found && is_removed(&record))
        status = lw_record_set_number(&record, "removed", 0);
    if (status == LW_OK)
        status = lw_record_put(journal, &record, NULL, err);
    else
        lw_fail(err, status, "the filter cannot be saved: %s", lw_status_message(status));
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_saved_rename(struct lw_journal *journal, const char *name, size_t name_len,
                               const char *to, size_t len, struct lw_error *err)
{
    struct lw_record record, other;
    bool taken = false;
    enum lw_status status = find_kept(journal, name, name_len, &record, err);

    if (status != LW_OK)
        return status;
    status = find(journal, to, len, &other, &taken, err);
    if (status == LW_OK && taken) {
        taken = !is_removed(&other) && memcmp(other.id, record.id, LW_RECORD_ID) != 0;
        lw_record_clear(&other);
    }
    if (status == LW_OK && taken)
        status = lw_fail(err, LW_EXISTS, "another filter is called \"%.*s\" already",
                         (int)lw_utf8_fit(to, len, 60), to);
    if (status == LW_OK) {
        status = lw_record_set_text(&record, "name", to, len);
        if (status == LW_OK)
            status = lw_record_put(journal, &record, NULL, err);
        else
            lw_fail(err, status, "the filter cannot be renamed: %s", lw_status_message(status));
    }
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_saved_remove(struct lw_journal *journal, const char *name, size_t len,
                               struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status = find_kept(journal, name, len, &record, err);

    if (status != LW_OK)
        return status;
    status = lw_record_set_number(&record, "removed", 1);
    if (status == LW_OK)
        status = lw_record_put(journal, &record, NULL, err);
    else
        lw_fail(err, status, "the filter cannot be removed: %s", lw_status_message(status));
    lw_record_clear(&record);
    return status;
}

struct visiting {
    lw_saved_visitor *visit;
    void *context;
};

static enum lw_status visit_kept(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    const struct visiting *visiting = context;

    return is_removed(record) ? LW_OK
                              : visiting->visit(visiting->context, lw_record_text(record, "name"),
                                                lw_record_text(record, "text"), err);
}

enum lw_status lw_saved_each(struct lw_journal *journal, lw_saved_visitor *visit, void *context,
                             struct lw_error *err)
{
    struct visiting visiting = {visit, context};

    return lw_record_each(keeper(journal), LW_RECORD_FILTER, NULL, NULL, visit_kept, &visiting,
                          err);
}
