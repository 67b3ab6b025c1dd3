/* Forms that are being filled, kept as they are typed. */
#include "internal.h"

#include <string.h>

#define COLUMNS "SELECT id, stamp, form, entry, state, started, updated FROM draft"

static void bind(struct lw_stmt *stmt, const struct lw_draft *draft)
{
    lw_stmt_bind_blob(stmt, 1, draft->id, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 2, draft->stamp);
    lw_stmt_bind_text(stmt, 3, draft->form, strlen(draft->form));
    if (draft->has_entry)
        lw_stmt_bind_blob(stmt, 4, draft->entry, LW_RECORD_ID);
    lw_stmt_bind_text(stmt, 5, draft->state, draft->state_len);
    lw_stmt_bind_int(stmt, 6, draft->started_ms);
    lw_stmt_bind_int(stmt, 7, draft->updated_ms);
}

static enum lw_status run(struct lw_journal *journal, const char *sql, const struct lw_draft *draft,
                          int64_t *changed, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    bind(stmt, draft);
    status = lw_stmt_run(stmt, err);
    if (status == LW_OK)
        *changed = lw_store_changes(journal->store);
    return status;
}

/* draft holds the stamp that it gets; over the row with the one before, else as a new row. */
static enum lw_status write(struct lw_journal *journal, struct lw_draft *draft,
                            struct lw_error *err)
{
    int64_t changed = 0;
    enum lw_status status =
        run(journal,
            "UPDATE draft SET stamp = ?2, form = ?3, entry = ?4, state = ?5, started = ?6,"
            " updated = ?7 WHERE id = ?1 AND stamp = ?2 - 1",
            draft, &changed, err);

    if (status != LW_OK || changed > 0)
        return status;
    lw_journal_new_id(journal, draft->id);
    draft->stamp = 1;
    return run(journal,
               "INSERT INTO draft(id, stamp, form, entry, state, started, updated)"
               " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
               draft, &changed, err);
}

enum lw_status lw_draft_put(struct lw_journal *journal, struct lw_draft *draft,
                            struct lw_error *err)
{
    struct lw_draft next = *draft;
    enum lw_status status;

    if (!lw_utf8_valid(draft->state, draft->state_len, NULL))
        return lw_fail(err, LW_BAD_DATA, "the state of a form is not well-formed UTF-8");
    next.stamp++;
    next.updated_ms = lw_clock_now(journal->clock);
    if (next.started_ms == 0)
        next.started_ms = next.updated_ms;
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = write(journal, &next, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK) {
        lw_journal_rollback(journal);
        return status;
    }
    *draft = next;
    return LW_OK;
}

static enum lw_status read(struct lw_stmt *stmt, struct lw_draft *draft, struct lw_error *err)
{
    size_t id_len = 0;
    size_t entry_len = 0;
    const void *id = lw_stmt_blob(stmt, 0, &id_len);
    const void *entry = lw_stmt_blob(stmt, 3, &entry_len);

    *draft = (struct lw_draft){.stamp = lw_stmt_int(stmt, 1),
                               .form = lw_stmt_text(stmt, 2, NULL),
                               .started_ms = lw_stmt_int(stmt, 5),
                               .updated_ms = lw_stmt_int(stmt, 6)};
    draft->state = lw_stmt_text(stmt, 4, &draft->state_len);
    draft->has_entry = entry != NULL && entry_len == LW_RECORD_ID;
    if (id == NULL || id_len != LW_RECORD_ID || draft->form == NULL || draft->state == NULL)
        return lw_fail(err, LW_DAMAGED, "an unfinished form in the vault cannot be read");
    memcpy(draft->id, id, LW_RECORD_ID);
    if (draft->has_entry)
        memcpy(draft->entry, entry, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status visit_rows(struct lw_stmt *stmt, lw_draft_visitor *visit, void *context,
                                 uint64_t *count, struct lw_error *err)
{
    enum lw_status status;

    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        struct lw_draft draft;

        status = read(stmt, &draft, err);
        if (status == LW_OK)
            status = visit(context, &draft, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
        (*count)++;
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status lw_draft_get(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                            lw_draft_visitor *visit, void *context, struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint64_t count = 0;
    enum lw_status status = lw_store_prepare(journal->store, COLUMNS " WHERE id = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = visit_rows(stmt, visit, context, &count, err);
    if (status == LW_OK && count == 0)
        status = lw_fail(err, LW_NOT_FOUND, "that unfinished form is no longer in the vault");
    return status;
}

enum lw_status lw_draft_each(struct lw_journal *journal, lw_draft_visitor *visit, void *context,
                             struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint64_t count = 0;
    enum lw_status status =
        lw_store_prepare(journal->store, COLUMNS " ORDER BY updated DESC, n DESC", &stmt, err);

    return status == LW_OK ? visit_rows(stmt, visit, context, &count, err) : status;
}

static enum lw_status remove_row(struct lw_journal *journal, const struct lw_draft *draft,
                                 struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        journal->store, "DELETE FROM draft WHERE id = ?1 AND stamp = ?2", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, draft->id, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 2, draft->stamp);
    return lw_stmt_run(stmt, err);
}

enum lw_status lw_draft_remove(struct lw_journal *journal, const struct lw_draft *draft,
                               struct lw_error *err)
{
    bool own = !journal->writing;
    enum lw_status status = own ? lw_journal_begin(journal, err) : LW_OK;

    if (status != LW_OK)
        return status;
    status = remove_row(journal, draft, err);
    if (status == LW_OK && own)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK && own)
        lw_journal_rollback(journal);
    return status;
}
