/* What answers say of the procedure: of an entry, and of those that are part of the same. Only what
 * is recorded as "no" is a defect; what nobody answered is none. */
#include "register.h"

#include <string.h>

/* In the order in which they are told; kept in step with the order by which SQL sorts. */
static const struct {
    const char *key;
    const char *words;
} defects[] = {
    {"warrant", N_("no warrant")},
    {"record", N_("no record of the detention")},
    {"documents_given", N_("no documents for the seizure")},
    {"record_copy", N_("no copy of the record")},
    {"lawyer_admitted", N_("lawyer not admitted")},
    {"names_shown", N_("officers did not name themselves")},
    {"specialist", N_("no specialist")},
    {"sealed", N_("not sealed")},
    {"contact", N_("relatives not contacted")},
};

/* Of the same are: the whole, and its other parts, by parent or by a link. What only happened at
 * the same time is not. */
static const char sql[] =
    "WITH whole(n) AS (SELECT n FROM entry WHERE id = ?1"
    " UNION SELECT parent FROM entry WHERE id = ?1 AND parent IS NOT NULL"
    " UNION SELECT l.\"to\" FROM link l JOIN entry e ON e.n = l.\"from\""
    " WHERE e.id = ?1 AND l.kind = 'part_of'),"
    " same(n) AS (SELECT n FROM whole"
    " UNION SELECT e.n FROM entry e WHERE e.parent IN (SELECT n FROM whole)"
    " UNION SELECT l.\"from\" FROM link l WHERE l.\"to\" IN (SELECT n FROM whole)"
    " AND l.kind = 'part_of')"
    " SELECT f.key, f.text, f.note, e.ref FROM same s JOIN entry e ON e.n = s.n"
    " JOIN field f ON f.entry = s.n WHERE f.text IS NOT NULL AND (f.key IN ('stated_reason',"
    " 'grounds') OR (f.text = 'no' AND f.key IN ('warrant', 'record', 'documents_given',"
    " 'record_copy', 'lawyer_admitted', 'names_shown', 'specialist', 'sealed', 'contact')))"
    " ORDER BY CASE f.key WHEN 'warrant' THEN 1 WHEN 'record' THEN 2 WHEN 'documents_given' THEN 3"
    " WHEN 'record_copy' THEN 4 WHEN 'lawyer_admitted' THEN 5 WHEN 'names_shown' THEN 6"
    " WHEN 'specialist' THEN 7 WHEN 'sealed' THEN 8 ELSE 9 END, e.position, f.id";

static const char *words_of(const char *key)
{
    for (size_t i = 0; i < LW_COUNT_OF(defects); i++) {
        if (strcmp(defects[i].key, key) == 0)
            return _(defects[i].words);
    }
    return NULL;
}

static enum lw_status add(struct lw_stmt *stmt, struct lw_sheet_part *into,
                          struct lw_sheet_part *reasons)
{
    size_t len;
    const char *words = words_of(lw_stmt_text(stmt, 0, &len));
    const char *note = lw_stmt_text(stmt, 2, &len);
    struct lw_buf beside = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(&beside, lw_stmt_text(stmt, 3, &len));

    if (status == LW_OK && note != NULL)
        status = lw_buf_addf(&beside, "; %s", note);
    if (status == LW_OK && words != NULL)
        status = part_add(into, words, beside.data);
    else if (status == LW_OK && reasons != NULL)
        status = part_add(reasons, lw_stmt_text(stmt, 1, &len), beside.data);
    lw_buf_free(&beside);
    return status;
}

enum lw_status defects_add(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                           struct lw_sheet_part *into, struct lw_sheet_part *reasons,
                           struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(journal), sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, entry, LW_RECORD_ID);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        if (add(stmt, into, reasons) != LW_OK) {
            lw_stmt_reset(stmt);
            return lw_fail(err, LW_NO_MEMORY, "out of memory");
        }
    }
    return status == LW_DONE ? LW_OK : status;
}
