/* What a written record changes elsewhere: noted here, brought up to date at the commit. */
#include "internal.h"

static enum lw_status note(struct key_list *list, int64_t n, struct lw_error *err)
{
    if (key_list_add(list, n) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
    return LW_OK;
}

/* Notes the record that a field refers to; a field that is not set, or a record that is not there
 * (writing will refuse it), is nothing to note. */
static enum lw_status note_ref(struct lw_journal *journal, const struct lw_record *record,
                               const char *field, struct key_list *list, struct lw_error *err)
{
    int at = lw_field_find(record->type, field);
    int64_t n;
    enum lw_status status;

    if (at < 0 || !record->value[at].set)
        return LW_OK;
    status = record_key(journal, lw_record_infos[record->type].fields[at].ref,
                        record->value[at].bytes, &n, err);
    if (status == LW_NOT_FOUND)
        return LW_OK;
    return status == LW_OK ? note(list, n, err) : status;
}

static enum lw_status note_claim(struct lw_journal *journal, const struct lw_record *claim,
                                 struct lw_error *err)
{
    struct lw_stmt *stmt;
    int64_t entry;
    enum lw_status status = lw_store_prepare(
        journal->store, "SELECT \"entry\" FROM \"account\" WHERE \"id\" = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, lw_record_value(claim, "account")->bytes, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    entry = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return note(&journal->indexed, entry, err);
}

static enum lw_status note_precedence(struct lw_journal *journal, const struct lw_record *record,
                                      struct lw_error *err)
{
    enum lw_status status = note_ref(journal, record, "earlier", &journal->ordered, err);

    return status == LW_OK ? note_ref(journal, record, "later", &journal->ordered, err) : status;
}

enum lw_status touch_record(struct lw_journal *journal, const struct lw_record *record, int64_t n,
                            struct lw_error *err)
{
    enum lw_status status;

    switch (record->type) {
    case LW_RECORD_ENTRY:
        status = note(&journal->ordered, n, err);
        return status == LW_OK ? note(&journal->indexed, n, err) : status;
    case LW_RECORD_FIELD:
    case LW_RECORD_PARTICIPATION:
    case LW_RECORD_ACCOUNT:
    case LW_RECORD_ITEM:
        return note_ref(journal, record, "entry", &journal->indexed, err);
    case LW_RECORD_CLAIM:
        return note_claim(journal, record, err);
    case LW_RECORD_PARTY:
        return same_note(journal, record->type, n, &journal->parties, err);
    case LW_RECORD_NAME:
        return note_ref(journal, record, "party", &journal->parties, err);
    case LW_RECORD_PLACE:
        return same_note(journal, record->type, n, &journal->locations, err);
    case LW_RECORD_PRECEDENCE:
        return note_precedence(journal, record, err);
    default:
        return LW_OK;
    }
}
