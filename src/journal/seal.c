/* Sealing: an entry, and what hangs on it, is frozen as it stands; changed later only with a
 * reason. */
#include "internal.h"

#include <string.h>

/* What hangs on an entry by its field "entry", in the order of the list; claims by their account.
 */
static const enum lw_record_type hanging[] = {LW_RECORD_FIELD, LW_RECORD_PARTICIPATION,
                                              LW_RECORD_ACCOUNT, LW_RECORD_ITEM};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
}

static bool is_sealed(const struct lw_record *entry)
{
    const char *status = lw_record_text(entry, "status");

    return status != NULL && strcmp(status, "sealed") == 0;
}

/* ---- the entry that a record hangs on ---- */

struct owner {
    bool found;
    bool sealed;
    int64_t n;
    char ref[16];
};

static enum lw_status read_owner(struct lw_journal *journal, const char *sql, const uint8_t *id,
                                 struct owner *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    size_t len = 0;
    const char *text;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    *out = (struct owner){.found = true, .n = lw_stmt_int(stmt, 0)};
    text = lw_stmt_text(stmt, 1, &len);
    out->sealed = text != NULL && strcmp(text, "sealed") == 0;
    text = lw_stmt_text(stmt, 2, &len);
    if (text != NULL && len < sizeof out->ref)
        memcpy(out->ref, text, len + 1);
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* found is false for types that hang on none, and where the entry is not there. */
static enum lw_status find_owner(struct lw_journal *journal, const struct lw_record *record,
                                 struct owner *out, struct lw_error *err)
{
    static const char by_id[] = "SELECT n, status, ref FROM entry WHERE id = ?1";
    static const char by_account[] = "SELECT e.n, e.status, e.ref FROM account a "
                                     "JOIN entry e ON e.n = a.entry WHERE a.id = ?1";
    const struct lw_value *value;

    *out = (struct owner){.found = false};
    if (record->type == LW_RECORD_ENTRY)
        return read_owner(journal, by_id, record->id, out, err);
    if (record->type == LW_RECORD_CLAIM) {
        value = lw_record_value(record, "account");
        return value == NULL ? LW_OK : read_owner(journal, by_account, value->bytes, out, err);
    }
    for (size_t i = 0; i < LW_COUNT_OF(hanging); i++) {
        if (record->type != hanging[i])
            continue;
        value = lw_record_value(record, "entry");
        return value == NULL ? LW_OK : read_owner(journal, by_id, value->bytes, out, err);
    }
    return LW_OK;
}

/* Sealed, and that before this transaction. */
static bool is_frozen(const struct lw_journal *journal, const struct owner *owner)
{
    uint32_t ignored;

    return owner->found && owner->sealed && !key_map_get(&journal->own, owner->n, &ignored);
}

enum lw_status lw_record_frozen(struct lw_journal *journal, const struct lw_record *record,
                                bool *frozen, struct lw_error *err)
{
    struct owner owner;
    enum lw_status status = find_owner(journal, record, &owner, err);

    if (status == LW_OK)
        *frozen = is_frozen(journal, &owner);
    return status;
}

/* ---- the rule ---- */

static bool is_reason(const char *why)
{
    return why != NULL && why[strspn(why, " \t\n")] != '\0';
}

static enum lw_status demand(struct lw_journal *journal, const struct lw_record *record,
                             const char *why, struct lw_error *err)
{
    struct owner owner;
    enum lw_status status = find_owner(journal, record, &owner, err);

    if (status != LW_OK || !is_frozen(journal, &owner))
        return status;
    if (!is_reason(why))
        return lw_fail(err, LW_REFUSED,
                       "%s is sealed: it, and what hangs on it, is changed only with a reason, "
                       "which is kept with the change; give one",
                       owner.ref);
    return key_list_add(&journal->amended, owner.n) == LW_OK ? LW_OK : no_memory(err);
}

enum lw_status seal_permit(struct lw_journal *journal, const struct lw_record *before,
                           const struct lw_record *record, const char *why, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (record->type == LW_RECORD_ENTRY && before != NULL && is_sealed(before) &&
        !is_sealed(record))
        return lw_fail(err, LW_REFUSED,
                       "%s is sealed and stays so; change it with a reason instead",
                       lw_record_text(before, "ref"));
    if (before != NULL)
        status = demand(journal, before, why, err);
    if (status == LW_OK && record->type != LW_RECORD_ENTRY)
        status = demand(journal, record, why, err);
    return status;
}

enum lw_status seal_note(struct lw_journal *journal, const struct lw_record *before,
                         const struct lw_record *record, int64_t n, struct lw_error *err)
{
    if (record->type != LW_RECORD_ENTRY || !is_sealed(record) ||
        (before != NULL && is_sealed(before)))
        return LW_OK;
    if (key_map_put(&journal->own, n, 1) != LW_OK || key_list_add(&journal->sealing, n) != LW_OK)
        return no_memory(err);
    return LW_OK;
}

enum lw_status seal_note_imported(struct lw_journal *journal, const struct lw_record *record,
                                  int64_t n, struct lw_error *err)
{
    struct owner owner;
    enum lw_status status;

    if (record->type == LW_RECORD_ENTRY && is_sealed(record) &&
        key_map_put(&journal->own, n, 1) != LW_OK)
        return no_memory(err);
    status = find_owner(journal, record, &owner, err);
    if (status == LW_OK && owner.found && owner.sealed &&
        key_list_add(&journal->compared, owner.n) != LW_OK)
        status = no_memory(err);
    return status;
}

enum lw_status seal_permit_revision(struct lw_journal *journal, const struct lw_record *revision,
                                    struct lw_error *err)
{
    int type = lw_record_type_by_table(lw_record_text(revision, "record"));
    struct lw_record record;
    struct owner owner;
    enum lw_status status;

    if (type < 0 || type == LW_RECORD_REVISION || is_reason(lw_record_text(revision, "why")))
        return LW_OK;
    status = lw_record_get(journal, (enum lw_record_type)type,
                           lw_record_value(revision, "record_id")->bytes, &record, NULL);
    if (status != LW_OK)
        return LW_OK; /* nothing that could be sealed */
    status = find_owner(journal, &record, &owner, err);
    lw_record_clear(&record);
    if (status == LW_OK && is_frozen(journal, &owner))
        status = lw_fail(err, LW_BAD_DATA,
                         "%s is sealed here, and a change of it that the file brings has no "
                         "reason (\"why\")",
                         owner.ref);
    return status;
}

/* ---- what is frozen ---- */

typedef enum lw_status part_visitor(void *context, const struct lw_record *record,
                                    struct lw_error *err);

struct parts {
    struct lw_journal *journal;
    part_visitor *visit;
    void *context;
};

static enum lw_status visit_claims(void *context, const struct lw_record *account,
                                   struct lw_error *err)
{
    const struct parts *parts = context;

    return lw_record_each(parts->journal, LW_RECORD_CLAIM, "account", account->id, parts->visit,
                          parts->context, err);
}

/* Everything that hangs on an entry. */
static enum lw_status each_part(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                part_visitor *visit, void *context, struct lw_error *err)
{
    struct parts parts = {.journal = journal, .visit = visit, .context = context};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(hanging) && status == LW_OK; i++)
        status = lw_record_each(journal, hanging[i], "entry", entry, visit, context, err);
    if (status == LW_OK)
        status =
            lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", entry, visit_claims, &parts, err);
    return status;
}

/* "account 0190... 5fe2...": type, id, hash of the state. */
static enum lw_status part_line(const struct lw_record *record, struct lw_buf *out)
{
    uint8_t state[LW_HASH];
    char id[2 * LW_RECORD_ID + 1], hash[2 * LW_HASH + 1];
    enum lw_status status = record_state(record, state);

    if (status != LW_OK)
        return status;
    lw_hex_encode(record->id, LW_RECORD_ID, id);
    lw_hex_encode(state, LW_HASH, hash);
    return lw_buf_addf(out, "%s %s %s\n", lw_record_infos[record->type].table, id, hash);
}

static enum lw_status add_part(void *context, const struct lw_record *record, struct lw_error *err)
{
    enum lw_status status = part_line(record, context);

    return status == LW_OK ? LW_OK : lw_fail(err, status, "%s", lw_status_message(status));
}

static enum lw_status read_entry(struct lw_journal *journal, int64_t n, struct lw_record *out,
                                 struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint8_t id[LW_RECORD_ID];
    const void *found;
    size_t len = 0;
    enum lw_status status =
        lw_store_prepare(journal->store, "SELECT id FROM entry WHERE n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_NOT_FOUND : status;
    found = lw_stmt_blob(stmt, 0, &len);
    if (found != NULL && len == LW_RECORD_ID)
        memcpy(id, found, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    if (found == NULL || len != LW_RECORD_ID)
        return lw_fail(err, LW_DAMAGED, "the id of an entry cannot be read");
    return lw_record_get(journal, LW_RECORD_ENTRY, id, out, err);
}

static enum lw_status write_seal(struct lw_journal *journal, int64_t n, struct lw_error *err)
{
    struct lw_buf frozen = LW_BUF_INIT;
    struct lw_record entry = {.type = LW_RECORD_ENTRY};
    enum lw_status status = read_entry(journal, n, &entry, err);

    if (status != LW_OK)
        return status;
    status = part_line(&entry, &frozen);
    if (status != LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    if (status == LW_OK)
        status = each_part(journal, entry.id, add_part, &frozen, err);
    if (status == LW_OK)
        status = revision_append_note(journal, &entry, "frozen", lw_buf_text(&frozen), NULL, err);
    lw_buf_free(&frozen);
    lw_record_clear(&entry);
    return status;
}

/* ---- changed since ---- */

/* The revision that sealed an entry; NOT_FOUND where none has noted what it froze. */
static enum lw_status find_seal(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                struct lw_record *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint8_t id[LW_RECORD_ID];
    const void *found;
    size_t len = 0;
    enum lw_status status = lw_store_prepare(
        journal->store,
        "SELECT id FROM revision WHERE record = 'entry' AND record_id = ?1 AND frozen IS NOT NULL "
        "ORDER BY id LIMIT 1",
        &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, entry, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_NOT_FOUND : status;
    found = lw_stmt_blob(stmt, 0, &len);
    if (found != NULL && len == LW_RECORD_ID)
        memcpy(id, found, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    if (found == NULL || len != LW_RECORD_ID)
        return lw_fail(err, LW_DAMAGED, "the id of a revision cannot be read");
    return lw_record_get(journal, LW_RECORD_REVISION, id, out, err);
}

struct compare {
    struct lw_journal *journal;
    const struct lw_record *seal;
    const char *frozen;
    size_t parts;
    bool differs;
};

/* A later revision of the same chain, whatever it changed and changed back. */
static enum lw_status later_revision(const struct compare *compare, const struct lw_record *record,
                                     bool *out, struct lw_error *err)
{
    const char *table = lw_record_infos[record->type].table;
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        compare->journal->store,
        /* by the record: all later revisions of the journal may be all there are */
        "SELECT 1 FROM revision INDEXED BY revision_record"
        " WHERE record = ?1 AND record_id = ?2 AND journal = ?3 AND sequence > ?4 LIMIT 1",
        &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, table, strlen(table));
    lw_stmt_bind_blob(stmt, 2, record->id, LW_RECORD_ID);
    lw_stmt_bind_blob(stmt, 3, lw_record_value(compare->seal, "journal")->bytes, LW_RECORD_ID);
    lw_stmt_bind_int(stmt, 4, lw_record_value(compare->seal, "sequence")->number);
    status = lw_stmt_step(stmt, err);
    *out = status == LW_OK;
    if (status == LW_OK)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status compare_part(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct compare *compare = context;
    struct lw_buf line = LW_BUF_INIT;
    bool later = false;
    enum lw_status status = part_line(record, &line);

    if (status != LW_OK)
        return lw_fail(err, status, "%s", lw_status_message(status));
    compare->parts++;
    if (strstr(compare->frozen, line.data) == NULL)
        compare->differs = true;
    lw_buf_free(&line);
    if (!compare->differs) {
        status = later_revision(compare, record, &later, err);
        compare->differs = later;
    }
    return status;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static enum lw_status set_amended(struct lw_journal *journal, int64_t n, bool amended,
                                  struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(journal->store, "UPDATE entry SET amended = ?2 WHERE n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    lw_stmt_bind_int(stmt, 2, amended ? 1 : 0);
    return lw_stmt_run(stmt, err);
}

/* Of an entry that came with its revisions, or got records that did. */
static enum lw_status compare_entry(struct lw_journal *journal, int64_t n, struct lw_error *err)
{
    struct compare compare = {.journal = journal};
    struct lw_record entry = {.type = LW_RECORD_ENTRY}, seal;
    enum lw_status status = read_entry(journal, n, &entry, err);

    if (status != LW_OK)
        return status;
    status = find_seal(journal, entry.id, &seal, err);
    if (status == LW_OK) {
        compare.seal = &seal;
        compare.frozen = lw_record_text(&seal, "frozen");
        status = compare_part(&compare, &entry, err);
        if (status == LW_OK)
            status = each_part(journal, entry.id, compare_part, &compare, err);
        if (compare.parts != count_lines(compare.frozen))
            compare.differs = true; /* something hung on it then and does no more */
        lw_record_clear(&seal);
        if (status == LW_OK)
            status = set_amended(journal, n, compare.differs, err);
    } else if (status == LW_NOT_FOUND) {
        status = LW_OK;
    }
    lw_record_clear(&entry);
    return status;
}

/* ---- at the commit ---- */

enum lw_status seal_update(struct lw_journal *journal, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    key_list_sort(&journal->sealing);
    key_list_sort(&journal->amended);
    key_list_sort(&journal->compared);
    for (size_t i = 0; i < journal->sealing.count && status == LW_OK; i++)
        status = write_seal(journal, journal->sealing.key[i], err);
    for (size_t i = 0; i < journal->amended.count && status == LW_OK; i++)
        status = set_amended(journal, journal->amended.key[i], true, err);
    for (size_t i = 0; i < journal->compared.count && status == LW_OK; i++)
        status = compare_entry(journal, journal->compared.key[i], err);
    key_list_clear(&journal->sealing);
    key_list_clear(&journal->amended);
    key_list_clear(&journal->compared);
    return status;
}

/* ---- for those above ---- */

enum lw_status lw_entry_seal(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                             struct lw_error *err)
{
    struct lw_record entry;
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = lw_record_get(journal, LW_RECORD_ENTRY, id, &entry, err);
    if (status == LW_OK) {
        if (is_sealed(&entry))
            status =
                lw_fail(err, LW_REFUSED, "%s is sealed already", lw_record_text(&entry, "ref"));
        if (status == LW_OK && lw_record_set_text(&entry, "status", "sealed", 6) != LW_OK)
            status = no_memory(err);
        if (status == LW_OK)
            status = lw_record_put(journal, &entry, NULL, err);
        lw_record_clear(&entry);
    }
    if (status == LW_OK)
        return lw_journal_commit(journal, err);
    lw_journal_rollback(journal);
    return status;
}

static enum lw_status read_amended(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                   bool *out, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(journal->store, "SELECT amended FROM entry WHERE id = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    *out = lw_stmt_int(stmt, 0) != 0;
    lw_stmt_reset(stmt);
    return LW_OK;
}

enum lw_status lw_seal_read(struct lw_journal *journal, const struct lw_record *entry,
                            struct lw_seal *out, struct lw_buf *by, struct lw_error *err)
{
    struct lw_record seal;
    enum lw_status status;

    *out = (struct lw_seal){.sealed = is_sealed(entry)};
    if (!out->sealed)
        return LW_OK;
    status = read_amended(journal, entry->id, &out->amended, err);
    if (status != LW_OK)
        return status;
    status = find_seal(journal, entry->id, &seal, err);
    if (status == LW_NOT_FOUND)
        return LW_OK;
    if (status != LW_OK)
        return status;
    out->listed = true;
    out->at = lw_record_value(&seal, "at")->number;
    out->records = count_lines(lw_record_text(&seal, "frozen")) - 1;
    if (lw_record_text(&seal, "by") != NULL &&
        lw_buf_adds(by, lw_record_text(&seal, "by")) != LW_OK)
        status = no_memory(err);
    lw_record_clear(&seal);
    return status;
}
