/* The chain of revisions: who wrote what, when and why, each bound to the one before by its hash.
 */
#include "internal.h"

#include <assert.h>
#include <string.h>

static enum lw_status read_end(struct lw_journal *journal, struct chain_end *end,
                               struct lw_error *err)
{
    struct lw_stmt *stmt;
    struct chain_end found = {.known = true};
    size_t hash_len;
    size_t id_len;
    const void *hash;
    const void *id;
    enum lw_status status =
        lw_store_prepare(journal->store,
                         "SELECT \"sequence\", \"hash\", \"id\" FROM \"revision\" WHERE "
                         "\"journal\" = ?1 ORDER BY \"sequence\" DESC LIMIT 1",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, journal->id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status == LW_OK) {
        found.sequence = lw_stmt_int(stmt, 0);
        hash = lw_stmt_blob(stmt, 1, &hash_len);
        id = lw_stmt_blob(stmt, 2, &id_len);
        if (hash == NULL || hash_len != LW_HASH || id == NULL || id_len != LW_RECORD_ID) {
            lw_stmt_reset(stmt);
            return lw_fail(err, LW_DAMAGED, "the last revision of this journal cannot be read");
        }
        memcpy(found.hash, hash, LW_HASH);
        memcpy(found.last_id, id, LW_RECORD_ID);
        lw_stmt_reset(stmt);
    } else if (status != LW_DONE) {
        return status;
    }
    *end = found;
    return LW_OK;
}

/* The id of this journal, made with its first revision. */
static enum lw_status find_journal_id(struct lw_journal *journal, struct lw_error *err)
{
    struct lw_stmt *stmt;
    const void *id;
    size_t len;
    enum lw_status status =
        lw_store_prepare(journal->store, "SELECT \"id\" FROM \"journal\"", &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_step(stmt, err);
    if (status == LW_OK) {
        id = lw_stmt_blob(stmt, 0, &len);
        if (id == NULL || len != LW_RECORD_ID)
            status = lw_fail(err, LW_DAMAGED, "the id of this journal cannot be read");
        else
            memcpy(journal->id, id, LW_RECORD_ID);
        lw_stmt_reset(stmt);
    } else if (status == LW_DONE) {
        lw_random(journal->id, LW_RECORD_ID);
        status = lw_store_prepare(journal->store, "INSERT INTO \"journal\"(\"id\") VALUES (?1)",
                                  &stmt, err);
        if (status == LW_OK) {
            lw_stmt_bind_blob(stmt, 1, journal->id, LW_RECORD_ID);
            status = lw_stmt_run(stmt, err);
        }
    }
    journal->has_id = status == LW_OK;
    return status;
}

static enum lw_status find_chain(struct lw_journal *journal, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (!journal->has_id)
        status = find_journal_id(journal, err);
    if (status == LW_OK && !journal->chain.known)
        status = read_end(journal, &journal->chain, err);
    return status;
}

/* The id of the last revision of a record, or zeros. */
static enum lw_status last_revision_id(struct lw_journal *journal, const struct lw_record *record,
                                       uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    const char *table = lw_record_infos[record->type].table;
    struct lw_stmt *stmt;
    const void *found;
    size_t len;
    enum lw_status status = lw_store_prepare(
        journal->store,
        "SELECT max(\"id\") FROM \"revision\" WHERE \"record\" = ?1 AND \"record_id\" = ?2", &stmt,
        err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, table, strlen(table));
    lw_stmt_bind_blob(stmt, 2, record->id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status;
    found = lw_stmt_blob(stmt, 0, &len);
    memset(id, 0, LW_RECORD_ID);
    if (found != NULL && len == LW_RECORD_ID)
        memcpy(id, found, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    return LW_OK;
}

/* Raises id above the floor, so that revisions sort by id as they came, whatever the clock says. */
static void raise_id(uint8_t id[LW_RECORD_ID], const uint8_t floor[LW_RECORD_ID])
{
    if (memcmp(id, floor, LW_RECORD_ID) > 0)
        return;
    memcpy(id, floor, LW_RECORD_ID);
    for (int i = LW_RECORD_ID - 1; i >= 0 && ++id[i] == 0; i--)
        continue;
}

/* {"title":["before","after"]} */
static enum lw_status changes_json(const struct lw_record *before, const struct lw_record *after,
                                   struct lw_buf *out)
{
    const struct lw_record_info *info = &lw_record_infos[after->type];
    enum lw_status status = lw_buf_addc(out, '{');

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        const struct lw_field *field = &info->fields[i];

        if (value_equal(field, &before->value[i], &after->value[i]))
            continue;
        status =
            lw_buf_addf(out, "%s\"%s\":[", out->data[out->len - 1] == '{' ? "" : ",", field->name);
        if (status == LW_OK)
            status = lw_value_json(field, &before->value[i], out);
        if (status == LW_OK)
            status = lw_buf_addc(out, ',');
        if (status == LW_OK)
            status = lw_value_json(field, &after->value[i], out);
        if (status == LW_OK)
            status = lw_buf_addc(out, ']');
    }
    return status == LW_OK ? lw_buf_addc(out, '}') : status;
}

static enum lw_status set_text(struct lw_record *record, const char *field, const char *text)
{
    return text == NULL ? LW_OK : lw_record_set_text(record, field, text, strlen(text));
}

static enum lw_status set_hash(struct lw_record *record, const char *field,
                               const uint8_t hash[LW_HASH])
{
    int at = lw_field_find(record->type, field);

    if (at < 0)
        return LW_INTERNAL;
    memcpy(record->value[at].bytes, hash, LW_HASH);
    record->value[at].set = true;
    return LW_OK;
}

static enum lw_status set_changes(struct lw_record *revision, const struct lw_record *before,
                                  const struct lw_record *after)
{
    struct lw_buf changes = LW_BUF_INIT;
    enum lw_status status;

    if (before == NULL)
        return LW_OK;
    status = changes_json(before, after, &changes);
    if (status == LW_OK)
        status = set_text(revision, "changes", changes.data);
    lw_buf_free(&changes);
    return status;
}

/* Everything but "hash"; the chain is known. */
static enum lw_status fill(struct lw_journal *journal, const struct lw_record *before,
                           const struct lw_record *after, const char *why,
                           struct lw_record *revision)
{
    uint8_t state[LW_HASH];
    enum lw_status status = lw_record_set_ref(revision, "journal", journal->id);

    if (status == LW_OK)
        status = lw_record_set_number(revision, "sequence", journal->chain.sequence + 1);
    if (status == LW_OK)
        status = set_text(revision, "record", lw_record_infos[after->type].table);
    if (status == LW_OK)
        status = lw_record_set_ref(revision, "record_id", after->id);
    if (status == LW_OK)
        status = set_text(revision, "action", before == NULL ? "create" : "change");
    if (status == LW_OK)
        status = set_changes(revision, before, after);
    if (status == LW_OK)
        status = record_state(after, state);
    if (status == LW_OK)
        status = set_hash(revision, "state", state);
    if (status == LW_OK)
        status = lw_record_set_number(revision, "at", lw_clock_now(journal->clock));
    if (status == LW_OK)
        status = set_text(revision, "by", journal->author);
    if (status == LW_OK)
        status = set_text(revision, "why", why);
    return status == LW_OK ? set_hash(revision, "previous", journal->chain.hash) : status;
}

static enum lw_status append(struct lw_journal *journal, struct lw_record *revision,
                             struct lw_error *err)
{
    struct chain_end end = {.known = true, .sequence = journal->chain.sequence + 1};
    int64_t n;
    enum lw_status status = revision_hash(revision, end.hash);

    if (status == LW_OK)
        status = set_hash(revision, "hash", end.hash);
    if (status != LW_OK)
        return lw_fail(err, status, "the revision cannot be made: %s", lw_status_message(status));
    status = lw_record_validate(revision, err);
    if (status == LW_OK)
        status = record_insert(journal, revision, &n, err);
    if (status != LW_OK)
        return status;
    memcpy(end.last_id, revision->id, LW_RECORD_ID);
    journal->chain = end;
    return LW_OK;
}

/* field NULL: nothing but the change. */
static enum lw_status append_noting(struct lw_journal *journal, const struct lw_record *before,
                                    const struct lw_record *after, const char *field,
                                    const char *note, const char *why, struct lw_error *err)
{
    struct lw_record revision;
    uint8_t last[LW_RECORD_ID] = {0};
    enum lw_status status = find_chain(journal, err);

    assert(after != NULL); /* only before may be missing, of a new record */
    if (status == LW_OK && before != NULL)
        status = last_revision_id(journal, after, last, err);
    if (status != LW_OK)
        return status;
    lw_record_init(&revision, LW_RECORD_REVISION);
    lw_journal_new_id(journal, revision.id);
    raise_id(revision.id, last);
    raise_id(revision.id, journal->chain.last_id);
    status = fill(journal, before, after, why, &revision);
    if (status == LW_OK && field != NULL)
        status = set_text(&revision, field, note);
    if (status == LW_OK)
        status = append(journal, &revision, err);
    else
        lw_fail(err, status, "the revision cannot be made: %s", lw_status_message(status));
    lw_record_clear(&revision);
    return status;
}

enum lw_status revision_append(struct lw_journal *journal, const struct lw_record *before,
                               const struct lw_record *after, const char *why, struct lw_error *err)
{
    return append_noting(journal, before, after, NULL, NULL, why, err);
}

enum lw_status revision_append_note(struct lw_journal *journal, const struct lw_record *record,
                                    const char *field, const char *note, const char *why,
                                    struct lw_error *err)
{
    return append_noting(journal, record, record, field, note, why, err);
}
