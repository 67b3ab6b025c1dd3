/* Verifies the journal: what is wrong is counted, and said so that people find it. */
#include "check.h"

#include <stdio.h>
#include <string.h>

const char *lw_finding_advice(enum lw_finding found)
{
    static const char *const advice[LW_FINDINGS] = {
        [LW_FOUND_CHANGED] = "Compare what the record says now with an older copy or export of the "
                             "journal; what its revisions say stands in its history.",
        [LW_FOUND_UNWRITTEN] = "No Lapwing wrote this record: find out who did, and do not rely on "
                               "it until then.",
        [LW_FOUND_REMOVED] = "Nothing of Lapwing removes a record: take it from an older copy or "
                             "export of the journal.",
        [LW_FOUND_ALTERED] = "Do not rely on what that revision says was changed, by whom, when "
                             "and why; an older copy or export has it as it was.",
        [LW_FOUND_MOVED] = "What these revisions say may be right, their order is not; an older "
                           "copy or export has them in order.",
        [LW_FOUND_MISSING] = "What was changed, by whom and why is lost for these revisions; an "
                             "older copy or export has them.",
        [LW_FOUND_REPLACED] = "Do not rely on what that revision says was changed, by whom, when "
                              "and why; an older copy or export has it as it was.",
        [LW_FOUND_UNREASONED] = "No Lapwing changes what is sealed without a reason: compare the "
                                "entry with what was sealed; its history has both.",
        [LW_FOUND_MISCOUNTED] =
            "Only the ruler of the timeline shows these numbers; the entries are "
            "what they are. A new vault, into which an export of this one is "
            "imported, counts them anew.",
    };

    return found < LW_FINDINGS ? _(advice[found]) : "";
}

enum lw_status check_tell(struct check *check, enum lw_finding found, struct lw_buf *what,
                          enum lw_status status)
{
    const char *text = lw_buf_text(what);

    if (status != LW_OK) {
        if (check->err != NULL && check->err->status == LW_OK)
            lw_fail(check->err, status, "the journal cannot be checked: %s",
                    lw_status_message(status));
    } else {
        if (check->report.bad++ == 0)
            snprintf(check->report.first_bad, sizeof check->report.first_bad, "%.*s",
                     (int)lw_utf8_floor(text, what->len, sizeof check->report.first_bad - 1), text);
        if (check->visit != NULL)
            status = check->visit(check->context, found, text, check->err);
    }
    lw_buf_free(what);
    return status;
}

/* ---- revisions in words ---- */

/* Which one of its record it is, the first being 1. */
static enum lw_status count_revisions(struct check *check, const struct lw_record *revision,
                                      int64_t *out)
{
    const char *table = lw_record_text(revision, "record");
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(check->journal->store,
                         "SELECT count(*) FROM \"revision\" WHERE \"record\" = ?1 AND "
                         "\"record_id\" = ?2 AND \"id\" <= ?3",
                         &stmt, check->err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, table, strlen(table));
    lw_stmt_bind_blob(stmt, 2, lw_record_value(revision, "record_id")->bytes, LW_RECORD_ID);
    lw_stmt_bind_blob(stmt, 3, revision->id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, check->err);
    if (status != LW_OK)
        return status;
    *out = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return LW_OK;
}

static enum lw_status add_field(void *context, const struct lw_change *change, struct lw_error *err)
{
    struct lw_buf *out = context;

    (void)err;
    return lw_buf_addf(out, "%s%s", out->data[out->len - 1] == '(' ? "" : ", ",
                       change->field->name);
}

/* " (title, narrative)", or nothing where that cannot be read. */
static enum lw_status say_fields(const struct lw_record *revision, struct lw_buf *out)
{
    int type = lw_record_type_by_table(lw_record_text(revision, "record"));
    const char *changes = lw_record_text(revision, "changes");
    size_t before = out->len;
    enum lw_status status;

    if (type < 0 || changes == NULL)
        return LW_OK;
    status = lw_buf_adds(out, " (");
    if (status != LW_OK)
        return status;
    status = lw_changes_each((enum lw_record_type)type, changes, add_field, out, NULL);
    if (status == LW_NO_MEMORY)
        return status;
    if (status == LW_OK && out->len > before + 2)
        return lw_buf_addc(out, ')');
    out->len = before;
    out->data[before] = '\0';
    return LW_OK;
}

enum lw_status check_each_revision(struct check *check, const char *where, check_visit *visit)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    struct lw_record revision;
    enum lw_status status = record_sql_select(LW_RECORD_REVISION, &sql);

    if (status == LW_OK)
        status = lw_buf_adds(&sql, where);
    if (status == LW_OK)
        status = lw_store_prepare(check->journal->store, sql.data, &stmt, check->err);
    else
        lw_fail(check->err, status, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    while (status == LW_OK && (status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        status = record_read(stmt, LW_RECORD_REVISION, NULL, &revision, check->err);
        if (status == LW_OK) {
            status = visit(check, &revision);
            lw_record_clear(&revision);
        }
    }
    if (status != LW_DONE)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status check_say_number(struct check *check, const struct lw_record *revision,
                                struct lw_buf *out)
{
    int64_t number;
    enum lw_status status = count_revisions(check, revision, &number);

    if (status == LW_OK)
        status = lw_buf_sayf(out, "revision %lld of ", (long long)number);
    if (status == LW_OK)
        status =
            lw_instant_say(check->journal->clock, lw_record_value(revision, "at")->number, out);
    return status == LW_OK ? say_fields(revision, out) : status;
}

/* E02 "announcement", or what can be said of a record that is not there. */
static enum lw_status say_record(struct check *check, const struct lw_record *revision,
                                 struct lw_buf *out)
{
    const char *table = lw_record_text(revision, "record");
    const uint8_t *id = lw_record_value(revision, "record_id")->bytes;
    int type = lw_record_type_by_table(table);
    char hex[2 * LW_RECORD_ID + 1];
    struct lw_record record;
    enum lw_status status = LW_NOT_FOUND;

    if (type >= 0 && type != LW_RECORD_REVISION)
        status = lw_record_get(check->journal, (enum lw_record_type)type, id, &record, NULL);
    if (status == LW_NOT_FOUND) {
        lw_hex_encode(id, LW_RECORD_ID, hex);
        return lw_buf_sayf(out, "%s %s, which is not there", table, hex);
    }
    if (status != LW_OK)
        return status;
    status = lw_record_called(check->journal, &record, out, check->err);
    lw_record_clear(&record);
    return status;
}

enum lw_status check_say_revision(struct check *check, const struct lw_record *revision,
                                  struct lw_buf *out)
{
    enum lw_status status = say_record(check, revision, out);

    if (status == LW_OK)
        status = lw_buf_adds(out, ", ");
    return status == LW_OK ? check_say_number(check, revision, out) : status;
}

/* ---- all of it ---- */

static enum lw_status check_spans(struct check *check)
{
    struct lw_buf what = LW_BUF_INIT;
    int64_t wrong = 0;
    enum lw_status status = span_check(check->journal, &wrong, check->err);

    if (status != LW_OK || wrong == 0)
        return status;
    status = lw_buf_addf(&what,
                         lw_say_count("the numbers of entries by date are wrong in %lld place",
                                      "the numbers of entries by date are wrong in %lld places",
                                      (uint64_t)wrong),
                         (long long)wrong);
    return check_tell(check, LW_FOUND_MISCOUNTED, &what, status);
}

static enum lw_status check_all(struct check *check)
{
    enum lw_status status = check_chains(check);

    for (int type = 0; type < LW_RECORD_REVISION && status == LW_OK; type++)
        status = check_records(check, (enum lw_record_type)type);
    if (status == LW_OK)
        status = check_seals(check);
    if (status == LW_OK)
        status = check_spans(check);
    return status == LW_OK ? check_tell_gaps(check) : status;
}

enum lw_status lw_journal_check_each(struct lw_journal *journal, lw_check_visitor *visit,
                                     void *context, struct lw_journal_check *report,
                                     struct lw_error *err)
{
    struct check check = {.journal = journal, .visit = visit, .context = context, .err = err};
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

enum lw_status lw_journal_check(struct lw_journal *journal, struct lw_journal_check *report,
                                struct lw_error *err)
{
    return lw_journal_check_each(journal, NULL, NULL, report, err);
}
