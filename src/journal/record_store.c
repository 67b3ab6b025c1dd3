/* Records put into the journal: what must hold beside them, references, revisions. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
}

/* ---- references that people say ---- */

static enum lw_status largest_ref(struct lw_journal *journal, enum lw_record_type type,
                                  int64_t *number, struct lw_error *err)
{
    struct lw_stmt *stmt;
    const char *sql = type == LW_RECORD_ENTRY ? "SELECT max(\"ref_number\") FROM \"entry\""
                                              : "SELECT max(\"ref_number\") FROM \"source\"";
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status;
    *number = lw_stmt_int(stmt, 0); /* 0 for none */
    lw_stmt_reset(stmt);
    if (*number < journal->ref_floor[type])
        *number = journal->ref_floor[type];
    return LW_OK;
}

void lw_journal_skip_ref(struct lw_journal *journal, enum lw_record_type type, const char *ref)
{
    int64_t number = record_ref_number(type, ref);

    if (number > journal->ref_floor[type])
        journal->ref_floor[type] = number;
}

/* The one it has already, else the next. */
static enum lw_status give_ref(struct lw_journal *journal, struct lw_record *record,
                               const struct lw_record *before, struct lw_error *err)
{
    const char *kept = before == NULL ? NULL : lw_record_text(before, "ref");
    char ref[24];
    int64_t number;
    enum lw_status status;

    if (kept == NULL) {
        status = largest_ref(journal, record->type, &number, err);
        if (status != LW_OK)
            return status;
        snprintf(ref, sizeof(ref), "%c%02lld", record->type == LW_RECORD_ENTRY ? 'E' : 'S',
                 (long long)number + 1);
        kept = ref;
    }
    status = lw_record_set_text(record, "ref", kept, strlen(kept));
    return status == LW_NO_MEMORY ? no_memory(err) : status;
}

static enum lw_status check_ref_free(struct lw_journal *journal, const struct lw_record *record,
                                     int64_t own, struct lw_error *err)
{
    const char *ref = lw_record_text(record, "ref");
    const char *sql = record->type == LW_RECORD_ENTRY
                          ? "SELECT \"n\" FROM \"entry\" WHERE \"ref\" = ?1"
                          : "SELECT \"n\" FROM \"source\" WHERE \"ref\" = ?1";
    struct lw_stmt *stmt;
    char label[RECORD_LABEL];
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, ref, strlen(ref));
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    if (lw_stmt_int(stmt, 0) != own) {
        record_label(record, label);
        status = lw_fail(err, LW_BAD_DATA,
                         "%s, field \"ref\": is given to another %s already; choose another one",
                         label, lw_record_infos[record->type].table);
    }
    lw_stmt_reset(stmt);
    return status;
}

/* ---- what must hold beside the record ---- */

/* Going up from the parent must not lead back to the record itself. */
static enum lw_status check_parents(struct lw_journal *journal, const struct lw_record *record,
                                    int64_t own, struct lw_error *err)
{
    const char *sql = record->type == LW_RECORD_ENTRY
                          ? "WITH RECURSIVE up(n) AS (SELECT n FROM entry WHERE id = ?1 UNION "
                            "SELECT e.parent FROM up JOIN entry AS e ON e.n = up.n) "
                            "SELECT 1 FROM up WHERE n = ?2"
                          : "WITH RECURSIVE up(n) AS (SELECT n FROM place WHERE id = ?1 UNION "
                            "SELECT p.parent FROM up JOIN place AS p ON p.n = up.n UNION "
                            "SELECT p.same_as FROM up JOIN place AS p ON p.n = up.n) "
                            "SELECT 1 FROM up WHERE n = ?2";
    const struct lw_value *parent = lw_record_value(record, "parent");
    struct lw_stmt *stmt;
    char label[RECORD_LABEL];
    enum lw_status status;

    if (parent == NULL || own == 0)
        return LW_OK;
    status = lw_store_prepare(journal->store, sql, &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, parent->bytes, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 2, own);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    lw_stmt_reset(stmt);
    record_label(record, label);
    return lw_fail(err, LW_BAD_DATA, "%s, field \"parent\": leads back to the record itself",
                   label);
}

static enum lw_status check_beside(struct lw_journal *journal, const struct lw_record *record,
                                   int64_t own, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (record->type == LW_RECORD_ENTRY || record->type == LW_RECORD_SOURCE)
        status = check_ref_free(journal, record, own, err);
    if (status == LW_OK && (record->type == LW_RECORD_ENTRY || record->type == LW_RECORD_PLACE))
        status = check_parents(journal, record, own, err);
    return status == LW_OK ? same_check(journal, record, own, err) : status;
}

/* ---- put ---- */

/* Writes over `before` (NULL: inserts), and notes what depends on it. *n is the key, set where it
 * is new. */
static enum lw_status write_over(struct lw_journal *journal, const struct lw_record *before,
                                 const struct lw_record *record, int64_t *n, struct lw_error *err)
{
    enum lw_status status;

    if (before == NULL) {
        status = record_insert(journal, record, n, err);
    } else {
        status = touch_record(journal, before, *n, err);
        if (status == LW_OK)
            status = span_note(journal, before, -1, err);
        if (status == LW_OK)
            status = record_write(journal, record, RECORD_SQL_UPDATE, err);
    }
    if (status == LW_OK)
        status = span_note(journal, record, 1, err);
    return status == LW_OK ? touch_record(journal, record, *n, err) : status;
}

static enum lw_status put(struct lw_journal *journal, struct lw_record *record,
                          const struct lw_record *before, int64_t n, const char *why,
                          struct lw_error *err)
{
    enum lw_status status = LW_OK;
    bool has_ref = record->type == LW_RECORD_ENTRY || record->type == LW_RECORD_SOURCE;

    if (has_ref && lw_record_text(record, "ref") == NULL)
        status = give_ref(journal, record, before, err);
    if (status == LW_OK)
        status = lw_record_validate(record, err);
    if (status != LW_OK || (before != NULL && lw_record_difference(before, record) < 0))
        return status;
    status = check_beside(journal, record, n, err);
    if (status == LW_OK)
        status = seal_permit(journal, before, record, why, err);
    if (status == LW_OK)
        status = write_over(journal, before, record, &n, err);
    if (status == LW_OK)
        status = revision_append(journal, before, record, why, err);
    if (status == LW_OK)
        status = seal_note(journal, before, record, n, err);
    return status;
}

enum lw_status lw_record_put(struct lw_journal *journal, struct lw_record *record, const char *why,
                             struct lw_error *err)
{
    static const uint8_t none[LW_RECORD_ID];
    struct lw_record before;
    int64_t n = 0;
    enum lw_status status;

    if (!journal->writing)
        return lw_fail(err, LW_INTERNAL, "a record was written outside a transaction");
    if (record->type == LW_RECORD_REVISION)
        return lw_fail(err, LW_REFUSED, "revisions are never edited");
    if (memcmp(record->id, none, LW_RECORD_ID) == 0)
        lw_journal_new_id(journal, record->id);
    status = record_find(journal, record->type, record->id, &n, &before, err);
    if (status == LW_NOT_FOUND)
        return put(journal, record, NULL, 0, why, err);
    if (status == LW_OK) {
        status = put(journal, record, &before, n, why, err);
        lw_record_clear(&before);
    }
    return status;
}

/* ---- put, imported ---- */

static enum lw_status refuse_other(const struct lw_record *before, const struct lw_record *record,
                                   struct lw_error *err)
{
    int at = lw_record_difference(before, record);
    char label[RECORD_LABEL];

    if (at < 0)
        return LW_OK;
    record_label(before, label);
    return lw_fail(err, LW_BAD_DATA,
                   "%s, field \"%s\": is there already and says something else; both were left as "
                   "they are",
                   label, lw_record_infos[record->type].fields[at].name);
}

static enum lw_status check_sequence_free(struct lw_journal *journal,
                                          const struct lw_record *revision, struct lw_error *err)
{
    const struct lw_value *chain = lw_record_value(revision, "journal");
    int64_t sequence = lw_record_value(revision, "sequence")->number;
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        journal->store, "SELECT 1 FROM \"revision\" WHERE \"journal\" = ?1 AND \"sequence\" = ?2",
        &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, chain->bytes, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 2, sequence);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    lw_stmt_reset(stmt);
    return lw_fail(err, LW_BAD_DATA,
                   "revision %lld of journal %02x%02x..: another one is there already; the two "
                   "journals went apart",
                   (long long)sequence, chain->bytes[0], chain->bytes[1]);
}

static enum lw_status insert_imported(struct lw_journal *journal, struct lw_record *record,
                                      struct lw_error *err)
{
    int64_t n = 0;
    enum lw_status status = lw_record_validate(record, err);

    if (status != LW_OK)
        return status;
    if (record->type == LW_RECORD_REVISION) {
        journal->chain.known = false; /* it may lengthen the chain of this journal */
        status = check_sequence_free(journal, record, err);
        if (status == LW_OK)
            status = seal_permit_revision(journal, record, err);
    } else {
        status = check_beside(journal, record, 0, err);
    }
    if (status == LW_OK)
        status = write_over(journal, NULL, record, &n, err);
    return status == LW_OK ? seal_note_imported(journal, record, n, err) : status;
}

enum lw_status lw_record_put_imported(struct lw_journal *journal, struct lw_record *record,
                                      struct lw_error *err)
{
    struct lw_record before;
    enum lw_status status;

    if (!journal->writing)
        return lw_fail(err, LW_INTERNAL, "a record was written outside a transaction");
    status = record_find(journal, record->type, record->id, NULL, &before, err);
    if (status == LW_NOT_FOUND)
        return insert_imported(journal, record, err);
    if (status == LW_OK) {
        status = refuse_other(&before, record, err);
        lw_record_clear(&before);
    }
    return status;
}
