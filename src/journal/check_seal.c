/* Looks for changes of what was sealed that have no reason. */
#include "check.h"

#include <string.h>

/* A record that a seal froze, as its line says. */
struct frozen {
    char table[32];
    uint8_t id[LW_RECORD_ID];
};

/* "account 0190... 5fe2..."; false where that is not one. */
static bool read_line(const char *line, size_t len, struct frozen *out)
{
    const char *blank = memchr(line, ' ', len);
    size_t table = blank == NULL ? len : (size_t)(blank - line);

    if (blank == NULL || table >= sizeof out->table || len < table + 1 + 2 * (size_t)LW_RECORD_ID)
        return false;
    memcpy(out->table, line, table);
    out->table[table] = '\0';
    return lw_hex_decode(blank + 1, 2 * (size_t)LW_RECORD_ID, out->id, LW_RECORD_ID);
}

static enum lw_status tell_unreasoned(struct check *check, const uint8_t id[LW_RECORD_ID])
{
    struct lw_buf what = LW_BUF_INIT;
    struct lw_record revision;
    enum lw_status status =
        lw_record_get(check->journal, LW_RECORD_REVISION, id, &revision, check->err);

    if (status != LW_OK)
        return status;
    status = check_say_revision(check, &revision, &what);
    if (status == LW_OK)
        status = lw_buf_says(&what, ": changed after it was sealed, without a reason");
    lw_record_clear(&revision);
    return check_tell(check, LW_FOUND_UNREASONED, &what, status);
}

/* The first revision behind the seal, in its chain, that says no reason; none once the record, or
 * the account of a claim, was moved to another entry. */
static enum lw_status check_frozen(struct check *check, const struct lw_record *seal,
                                   const struct frozen *frozen)
{
    static const char sql[] =
        "SELECT r.id FROM revision r WHERE r.record = ?1 AND r.record_id = ?2 AND r.journal = ?3 "
        "AND r.sequence > ?4 AND r.why IS NULL AND NOT EXISTS (SELECT 1 FROM revision m WHERE "
        "m.journal = ?3 AND m.sequence > ?4 AND m.sequence < r.sequence AND ("
        "(m.record = ?1 AND m.record_id = ?2 AND (m.changes LIKE '%\"entry\":[\"%' OR "
        "m.changes LIKE '%\"account\":[\"%')) OR (?1 = 'claim' AND m.record = 'account' AND "
        "m.record_id = (SELECT a.id FROM claim c JOIN account a ON a.n = c.account WHERE c.id = "
        "?2) AND m.changes LIKE '%\"entry\":[\"%'))) ORDER BY r.sequence LIMIT 1";
    struct lw_stmt *stmt;
    uint8_t id[LW_RECORD_ID];
    const void *found;
    size_t len = 0;
    enum lw_status status = lw_store_prepare(check->journal->store, sql, &stmt, check->err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, frozen->table, strlen(frozen->table));
    lw_stmt_bind_blob(stmt, 2, frozen->id, LW_RECORD_ID);
    lw_stmt_bind_blob(stmt, 3, lw_record_value(seal, "journal")->bytes, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 4, lw_record_value(seal, "sequence")->number);
    status = lw_stmt_step(stmt, check->err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    found = lw_stmt_blob(stmt, 0, &len);
    if (found != NULL && len == LW_RECORD_ID)
        memcpy(id, found, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    return found != NULL && len == LW_RECORD_ID ? tell_unreasoned(check, id) : LW_OK;
}

static enum lw_status check_seal(struct check *check, const struct lw_record *seal)
{
    const char *line = lw_record_text(seal, "frozen");
    enum lw_status status = LW_OK;

    while (*line != '\0' && status == LW_OK) {
        size_t len = strcspn(line, "\n");
        struct frozen frozen;

        if (read_line(line, len, &frozen))
            status = check_frozen(check, seal, &frozen);
        line += len + (line[len] == '\n');
    }
    return status;
}

enum lw_status check_seals(struct check *check)
{
    return check_each_revision(check, " WHERE t.\"frozen\" IS NOT NULL ORDER BY t.\"id\"",
                               check_seal);
}
