/* What is still open of an entry: what a reader will ask, and nobody has said yet. */
#include "internal.h"

#include <string.h>

/* ---- answers ---- */

static void note_answer(const struct lw_kind *kind, const char *key, struct lw_open *open)
{
    for (size_t i = 0; i < kind->question_count; i++) {
        if (kind->question[i].type != LW_QUESTION_ITEMS && strcmp(kind->question[i].key, key) == 0)
            open->unanswered[i] = false;
    }
}

static void note_item(const struct lw_kind *kind, const char *item, struct lw_open *open)
{
    for (size_t i = 0; i < kind->question_count; i++) {
        if (kind->question[i].type == LW_QUESTION_ITEMS && kind->question[i].item != NULL &&
            strcmp(kind->question[i].item, item) == 0)
            open->unanswered[i] = false;
    }
}

/* Every text of a statement with the key n of the entry. */
static enum lw_status
each_text(struct lw_journal *journal, const char *sql, int64_t n, const struct lw_kind *kind,
          void (*note)(const struct lw_kind *kind, const char *text, struct lw_open *open),
          struct lw_open *open, struct lw_error *err)
{
    struct lw_stmt *stmt;
    size_t len = 0;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        const char *text = lw_stmt_text(stmt, 0, &len);

        if (text != NULL)
            note(kind, text, open);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status find_unanswered(struct lw_journal *journal, int64_t n, const char *name,
                                      struct lw_open *open, struct lw_error *err)
{
    static const char answers[] = "SELECT DISTINCT key FROM field WHERE entry = ?1 AND "
                                  "coalesce(text, min, max, note, party, place) IS NOT NULL";
    static const char items[] = "SELECT DISTINCT kind FROM item WHERE entry = ?1";
    const struct lw_kind *kind = lw_forms_kind(journal->forms, name);
    enum lw_status status;

    if (kind == NULL || kind->question_count == 0)
        return LW_OK;
    open->kind = kind;
    for (size_t i = 0; i < kind->question_count; i++)
        open->unanswered[i] = true;
    status = each_text(journal, answers, n, kind, note_answer, open, err);
    if (status == LW_OK)
        status = each_text(journal, items, n, kind, note_item, open, err);
    for (size_t i = 0; i < kind->question_count; i++)
        open->questions += open->unanswered[i];
    if (open->questions > 0)
        open->what |= LW_OPEN_ANSWERS;
    return status;
}

/* ---- a captured line ---- */

/* Written by lw_journal_log, and by nothing since. */
static enum lw_status find_captured(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                    struct lw_open *open, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(journal->store,
                         "SELECT count(*), max(action = 'create' AND why = ?2) FROM revision WHERE "
                         "record = 'entry' AND record_id = ?1",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    lw_stmt_bind_text(stmt, 2, CAPTURED, strlen(CAPTURED));
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    if (lw_stmt_int(stmt, 0) == 1 && lw_stmt_int(stmt, 1) == 1)
        open->what |= LW_OPEN_CAPTURED;
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* ---- all of it ---- */

enum lw_status open_find(struct lw_journal *journal, int64_t n, const uint8_t id[LW_RECORD_ID],
                         const char *kind, const char *when, unsigned sources, struct lw_open *out,
                         struct lw_error *err)
{
    enum lw_status status = LW_OK;

    *out = (struct lw_open){.what = 0};
    if (kind == NULL)
        out->what |= LW_OPEN_KIND;
    if (when == NULL)
        out->what |= LW_OPEN_WHEN;
    if (sources == 0)
        out->what |= LW_OPEN_SOURCE;
    if (kind != NULL)
        status = find_unanswered(journal, n, kind, out, err);
    return status == LW_OK ? find_captured(journal, id, out, err) : status;
}

enum lw_status lw_entry_open(struct lw_journal *journal, const struct lw_record *entry,
                             struct lw_open *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    unsigned sources = 0;
    int64_t n;
    enum lw_status status = record_key(journal, LW_RECORD_ENTRY, entry->id, &n, err);

    if (status == LW_OK)
        status = lw_store_prepare(
            journal->store, "SELECT count(*) FROM account WHERE entry = ?1 LIMIT 1", &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status;
    sources = (unsigned)lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return open_find(journal, n, entry->id, lw_record_text(entry, "kind"),
                     lw_record_text(entry, "when"), sources, out, err);
}
