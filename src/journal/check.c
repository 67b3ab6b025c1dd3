/* Verifies every chain of revisions, and every record against its last revision. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
    struct lw_journal *journal;
    struct lw_journal_check report;
    struct lw_error *err;
    /* the chain that is being followed */
    uint8_t chain[LW_RECORD_ID];
    uint8_t hash[LW_HASH]; /* of the revision before */
    int64_t sequence;      /* of the revision before, 0: none */
};

static void complain(struct check *check, const char *format, ...) LW_PRINTF(2, 3);

static void complain(struct check *check, const char *format, ...)
{
    va_list list;

    if (check->report.bad++ > 0)
        return;
    va_start(list, format);
    vsnprintf(check->report.first_bad, sizeof(check->report.first_bad), format, list);
    va_end(list);
}

static void complain_revision(struct check *check, int64_t sequence, const char *what)
{
    complain(check, "revision %lld of journal %02x%02x..: %s", (long long)sequence, check->chain[0],
             check->chain[1], what);
}

static void check_missing(struct check *check, int64_t sequence)
{
    if (sequence == check->sequence + 2) {
        complain(check, "revision %lld of journal %02x%02x.. is missing",
                 (long long)check->sequence + 1, check->chain[0], check->chain[1]);
    } else if (sequence > check->sequence + 2) {
        complain(check, "revisions %lld to %lld of journal %02x%02x.. are missing",
                 (long long)check->sequence + 1, (long long)sequence - 1, check->chain[0],
                 check->chain[1]);
    }
}

static enum lw_status cannot(struct check *check, enum lw_status status)
{
    return lw_fail(check->err, status, "the journal cannot be checked: %s",
                   lw_status_message(status));
}

static enum lw_status check_revision(struct check *check, const struct lw_record *revision)
{
    const uint8_t *chain = lw_record_value(revision, "journal")->bytes;
    const uint8_t *previous = lw_record_value(revision, "previous")->bytes;
    const uint8_t *stated = lw_record_value(revision, "hash")->bytes;
    int64_t sequence = lw_record_value(revision, "sequence")->number;
    uint8_t hash[LW_HASH];
    enum lw_status status = revision_hash(revision, hash);

    if (status != LW_OK)
        return cannot(check, status);
    if (memcmp(chain, check->chain, LW_RECORD_ID) != 0) {
        memcpy(check->chain, chain, LW_RECORD_ID);
        memset(check->hash, 0, LW_HASH);
        check->sequence = 0;
    }
    check->report.revisions++;
    if (memcmp(hash, stated, LW_HASH) != 0)
        complain_revision(check, sequence, "hash does not match");
    if (sequence != check->sequence + 1)
        check_missing(check, sequence);
    else if (memcmp(previous, check->hash, LW_HASH) != 0)
        complain_revision(check, sequence, "does not follow the one before it");
    memcpy(check->hash, stated, LW_HASH);
    check->sequence = sequence;
    return LW_OK;
}

static enum lw_status check_chains(struct check *check)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    struct lw_record revision;
    enum lw_status status = record_sql_select(LW_RECORD_REVISION, &sql);

    if (status == LW_OK)
        status = lw_buf_adds(&sql, " ORDER BY t.\"journal\", t.\"sequence\"");
    if (status == LW_OK)
        status = lw_store_prepare(check->journal->store, sql.data, &stmt, check->err);
    else
        cannot(check, status);
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        status = record_read(stmt, LW_RECORD_REVISION, NULL, &revision, check->err);
        if (status == LW_OK) {
            status = check_revision(check, &revision);
            lw_record_clear(&revision);
        }
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* Compares with the state that the last revision, the one with the greatest id, has noted. */
static enum lw_status check_record(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct check *check = context;
    const char *table = lw_record_infos[record->type].table;
    struct lw_stmt *stmt;
    const void *noted;
    size_t len = 0;
    uint8_t state[LW_HASH];
    char label[RECORD_LABEL];
    enum lw_status status =
        lw_store_prepare(check->journal->store,
                         "SELECT \"state\" FROM \"revision\" WHERE \"record\" = ?1 AND "
                         "\"record_id\" = ?2 ORDER BY \"id\" DESC LIMIT 1",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    status = record_state(record, state);
    if (status != LW_OK)
        return cannot(check, status);
    record_label(record, label);
    check->report.records++;
    lw_stmt_bind_text(stmt, 1, table, strlen(table));
    lw_stmt_bind_blob(stmt, 2, record->id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE) {
        complain(check, "%s: written without a revision", label);
        return LW_OK;
    }
    if (status != LW_OK)
        return status;
    noted = lw_stmt_blob(stmt, 0, &len);
    if (noted == NULL || len != LW_HASH || memcmp(noted, state, LW_HASH) != 0)
        complain(check, "%s: changed without a revision", label);
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* Records that have revisions and are gone. */
static enum lw_status check_removed(struct check *check, enum lw_record_type type)
{
    const char *table = lw_record_infos[type].table;
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    char hex[2 * LW_RECORD_ID + 1];
    const void *id;
    size_t len;
    enum lw_status status = lw_buf_addf(
        &sql,
        "SELECT DISTINCT \"record_id\" FROM \"revision\" WHERE \"record\" = '%s' AND NOT EXISTS "
        "(SELECT 1 FROM \"%s\" AS t WHERE t.\"id\" = \"record_id\")",
        table, table);

    if (status == LW_OK)
        status = lw_store_prepare(check->journal->store, sql.data, &stmt, check->err);
    else
        cannot(check, status);
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    while ((status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        id = lw_stmt_blob(stmt, 0, &len);
        if (id == NULL || len != LW_RECORD_ID)
            continue;
        lw_hex_encode(id, LW_RECORD_ID, hex);
        complain(check, "%s %s: removed without a revision", table, hex);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status check_all(struct check *check)
{
    enum lw_status status = check_chains(check);

    for (int type = 0; type < LW_RECORD_REVISION && status == LW_OK; type++) {
        status = lw_record_each(check->journal, (enum lw_record_type)type, NULL, NULL, check_record,
                                check, check->err);
        if (status == LW_OK)
            status = check_removed(check, (enum lw_record_type)type);
    }
    return status;
}

enum lw_status lw_journal_check(struct lw_journal *journal, struct lw_journal_check *report,
                                struct lw_error *err)
{
    struct check check = {.journal = journal, .err = err};
    bool own_read = !lw_store_in_transaction(journal->store);
    enum lw_status status = LW_OK;

    if (own_read)
        status = lw_store_read(journal->store, err);
    if (status != LW_OK)
        return status;
    status = check_all(&check);
    if (own_read)
        lw_store_rollback(journal->store);
    if (status == LW_OK)
        *report = check.report;
    return status;
}
