/* Saving a captured line: the entry, its place and people (found again or new), its order. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

struct taking_part {
    uint8_t party[LW_RECORD_ID];
    const char *role;
};

/* ---- finding by any spelling --------------------------------------------------------------- */

static enum lw_status find_folded(struct lw_journal *journal, const char *sql,
                                  const struct lw_buf *folded, uint8_t id[LW_RECORD_ID],
                                  bool *found, struct lw_error *err)
{
    struct lw_stmt *stmt;
    size_t len = 0;
    const void *blob;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, lw_buf_text(folded), folded->len);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    blob = lw_stmt_blob(stmt, 0, &len);
    if (blob != NULL && len == LW_RECORD_ID) {
        memcpy(id, blob, LW_RECORD_ID);
        *found = true;
    }
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* Code names have no column for comparing: there are few of them. */
static enum lw_status find_code_name(struct lw_journal *journal, const struct lw_buf *wanted,
                                     uint8_t id[LW_RECORD_ID], bool *found, struct lw_error *err)
{
    static const char sql[] = "SELECT id, code_name FROM party WHERE code_name IS NOT NULL"
                              " ORDER BY n";
    struct lw_buf folded = LW_BUF_INIT;
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    while (status == LW_OK && !*found && (status = lw_stmt_step(stmt, err)) == LW_OK) {
        size_t id_len = 0, len = 0;
        const void *blob = lw_stmt_blob(stmt, 0, &id_len);
        const char *text = lw_stmt_text(stmt, 1, &len);

        lw_buf_clear(&folded);
        if (blob == NULL || id_len != LW_RECORD_ID || text == NULL)
            continue;
        status = lw_utf8_fold(text, len, &folded);
        if (status != LW_OK)
            lw_fail(err, status, "a code name cannot be compared: %s", lw_status_message(status));
        *found = status == LW_OK && strcmp(lw_buf_text(&folded), lw_buf_text(wanted)) == 0;
        if (*found)
            memcpy(id, blob, LW_RECORD_ID);
        if (*found || status != LW_OK)
            lw_stmt_reset(stmt);
    }
    lw_buf_free(&folded);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status find_party(struct lw_journal *journal, const struct lw_buf *folded,
                                 uint8_t id[LW_RECORD_ID], bool *found, struct lw_error *err)
{
    static const char *const ways[] = {
        "SELECT id FROM party WHERE folded = ?1 ORDER BY n LIMIT 1",
        "SELECT p.id FROM name a JOIN party p ON p.n = a.party WHERE a.folded = ?1"
        " ORDER BY p.n LIMIT 1",
    };
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && !*found && i < LW_COUNT_OF(ways); i++)
        status = find_folded(journal, ways[i], folded, id, found, err);
    if (status == LW_OK && !*found)
        status = find_code_name(journal, folded, id, found, err);
    return status;
}

static enum lw_status find_place(struct lw_journal *journal, const struct lw_buf *folded,
                                 uint8_t id[LW_RECORD_ID], bool *found, struct lw_error *err)
{
    return find_folded(journal, "SELECT id FROM place WHERE folded = ?1 ORDER BY n LIMIT 1", folded,
                       id, found, err);
}

/* ---- making records ------------------------------------------------------------------------ */

static enum lw_status set_text(struct lw_record *record, const char *field, const char *text)
{
    return text == NULL ? LW_OK : lw_record_set_text(record, field, text, strlen(text));
}

/* Puts and clears a record that was filled with the given outcome. */
static enum lw_status put(struct lw_journal *journal, struct lw_record *record,
                          enum lw_status filled, struct lw_error *err)
{
    enum lw_status status = filled;

    if (status == LW_OK)
        status = lw_record_put(journal, record, NULL, err);
    else
        lw_fail(err, status, "the entry cannot be made: %s", lw_status_message(status));
    lw_record_clear(record);
    return status;
}

static void start_record(struct lw_journal *journal, struct lw_record *record,
                         enum lw_record_type type)
{
    lw_record_init(record, type);
    lw_journal_new_id(journal, record->id);
}

/* The id of the place or party of that name; makes it where no spelling is equal. */
static enum lw_status find_or_make(struct lw_journal *journal, enum lw_record_type type,
                                   const char *name, uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_buf folded = LW_BUF_INIT;
    struct lw_record record;
    bool found = false;
    enum lw_status status = lw_utf8_fold(name, strlen(name), &folded);

    if (status != LW_OK)
        lw_fail(err, status, "a name cannot be compared: %s", lw_status_message(status));
    else if (folded.len > 0)
        status =
            (type == LW_RECORD_PLACE ? find_place : find_party)(journal, &folded, id, &found, err);
    lw_buf_free(&folded);
    if (status != LW_OK || found)
        return status;
    start_record(journal, &record, type);
    memcpy(id, record.id, LW_RECORD_ID);
    status = set_text(&record, "name", name);
    if (status == LW_OK && type == LW_RECORD_PARTY)
        status = set_text(&record, "kind", "unknown");
    return put(journal, &record, status, err);
}

static enum lw_status fill_entry(struct lw_journal *journal, const struct lw_capture *capture,
                                 const uint8_t *place, struct lw_record *entry)
{
    const struct {
        const char *field;
        const char *text;
    } texts[] = {
        {"kind", capture->kind},
        {"title", capture->title},
        {"narrative", capture->narrative},
        {"when", capture->when.has_when ? capture->when.when.text : NULL},
        {"status", "draft"},
        {"recorded_by", journal->author},
    };
    enum lw_status status =
        lw_record_set_number(entry, "recorded_at", lw_clock_now(journal->clock));

    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(texts); i++)
        status = set_text(entry, texts[i].field, texts[i].text);
    if (status == LW_OK && place != NULL)
        status = lw_record_set_ref(entry, "place", place);
    return status;
}

/* The entry itself; tells its id and the reference that it was given. */
static enum lw_status put_entry(struct lw_journal *journal, const struct lw_capture *capture,
                                uint8_t id[LW_RECORD_ID], char ref[16], struct lw_error *err)
{
    uint8_t place[LW_RECORD_ID];
    struct lw_record entry;
    const char *given;
    enum lw_status status = LW_OK;

    if (capture->place != NULL)
        status = find_or_make(journal, LW_RECORD_PLACE, capture->place, place, err);
    if (status != LW_OK)
        return status;
    start_record(journal, &entry, LW_RECORD_ENTRY);
    memcpy(id, entry.id, LW_RECORD_ID);
    status = fill_entry(journal, capture, capture->place != NULL ? place : NULL, &entry);
    if (status == LW_OK)
        status = lw_record_put(journal, &entry, NULL, err);
    else
        lw_fail(err, status, "the entry cannot be made: %s", lw_status_message(status));
    given = lw_record_text(&entry, "ref");
    if (status == LW_OK && given == NULL)
        status = lw_fail(err, LW_INTERNAL, "the entry was given no reference");
    if (status == LW_OK)
        snprintf(ref, 16, "%s", given);
    lw_record_clear(&entry);
    return status;
}

static bool takes_part(const struct taking_part *done, size_t count, const struct taking_part *now)
{
    for (size_t i = 0; i < count; i++) {
        if (done[i].role == now->role && memcmp(done[i].party, now->party, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

/* Two spellings of one person in one role are one participation. */
static enum lw_status put_parties(struct lw_journal *journal, const struct lw_capture *capture,
                                  const uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    struct taking_part done[LW_CAPTURE_MARKS];
    size_t count = 0;
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < capture->party_count; i++) {
        struct taking_part *now = &done[count];
        struct lw_record record;

        now->role = capture->party[i].role;
        status = find_or_make(journal, LW_RECORD_PARTY, capture->party[i].name, now->party, err);
        if (status != LW_OK || takes_part(done, count, now))
            continue;
        count++;
        start_record(journal, &record, LW_RECORD_PARTICIPATION);
        status = lw_record_set_ref(&record, "entry", entry);
        if (status == LW_OK)
            status = lw_record_set_ref(&record, "party", now->party);
        if (status == LW_OK)
            status = set_text(&record, "role", now->role);
        status = put(journal, &record, status, err);
    }
    return status;
}

static enum lw_status put_relation(struct lw_journal *journal,
                                   const struct lw_when_relation *relation,
                                   const uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_record other, record;
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = lw_record_by_ref(journal, LW_RECORD_ENTRY, relation->ref, &other, err);

    if (status == LW_NOT_FOUND)
        return lw_fail(err, status, "there is no entry %s, so \"%s %s\" cannot be kept",
                       relation->ref, relation->after ? "after" : "before", relation->ref);
    if (status != LW_OK)
        return status;
    memcpy(id, other.id, LW_RECORD_ID);
    lw_record_clear(&other);
    start_record(journal, &record, LW_RECORD_PRECEDENCE);
    status = lw_record_set_ref(&record, "earlier", relation->after ? id : entry);
    if (status == LW_OK)
        status = lw_record_set_ref(&record, "later", relation->after ? entry : id);
    if (status == LW_OK)
        status = set_text(&record, "kind", "before");
    return put(journal, &record, status, err);
}

enum lw_status lw_journal_log(struct lw_journal *journal, const struct lw_capture *capture,
                              char ref[16], struct lw_error *err)
{
    uint8_t entry[LW_RECORD_ID];
    char given[16] = "";
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = put_entry(journal, capture, entry, given, err);
    if (status == LW_OK)
        status = put_parties(journal, capture, entry, err);
    for (size_t i = 0; status == LW_OK && i < capture->when.relation_count; i++)
        status = put_relation(journal, &capture->when.relation[i], entry, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK) {
        lw_journal_rollback(journal);
        return status;
    }
    memcpy(ref, given, sizeof(given));
    return LW_OK;
}
