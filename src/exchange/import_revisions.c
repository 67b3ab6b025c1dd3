/* The revisions that a file brings: every chain must be whole by itself. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Hash of the canonical JSON without the field "hash". */
static enum lw_status hash_revision(struct lw_record *record, uint8_t hash[LW_HASH])
{
    struct lw_buf json = LW_BUF_INIT;
    int at = lw_field_find(LW_RECORD_REVISION, "hash");
    enum lw_status status;

    record->value[at].set = false;
    status = lw_record_json(record, &json);
    record->value[at].set = true;
    if (status == LW_OK)
        lw_hash256(json.data, json.len, hash);
    lw_buf_free(&json);
    return status;
}

static void copy_bytes(const struct lw_record *record, const char *field, uint8_t *out, size_t len)
{
    memcpy(out, lw_record_value(record, field)->bytes, len);
}

static void take_revision(const struct lw_record *record, uint32_t index,
                          struct import_revision *out)
{
    memcpy(out->id, record->id, LW_RECORD_ID);
    copy_bytes(record, "journal", out->journal, LW_RECORD_ID);
    copy_bytes(record, "record_id", out->record_id, LW_RECORD_ID);
    copy_bytes(record, "state", out->state, LW_HASH);
    copy_bytes(record, "previous", out->previous, LW_HASH);
    copy_bytes(record, "hash", out->hash, LW_HASH);
    out->sequence = lw_record_value(record, "sequence")->number;
    out->type = (enum lw_record_type)lw_record_type_by_table(lw_record_text(record, "record"));
    out->index = index;
}

static enum lw_status fail_revision(struct importer *importer,
                                    const struct import_revision *revision, const char *what)
{
    return import_fail(importer, LW_RECORD_REVISION, revision->index,
                       "revision %lld of journal %02x%02x..: %s", (long long)revision->sequence,
                       revision->journal[0], revision->journal[1], what);
}

static enum lw_status read_revision(struct importer *importer, uint32_t index,
                                    struct import_revision *out)
{
    struct lw_record record;
    uint8_t hash[LW_HASH];
    enum lw_status status = import_record(importer, LW_RECORD_REVISION, index, &record);

    if (status != LW_OK)
        return status;
    status = lw_record_validate(&record, importer->err);
    if (status != LW_OK)
        import_prefix(importer, LW_RECORD_REVISION, index);
    if (status == LW_OK) {
        take_revision(&record, index, out);
        status = hash_revision(&record, hash);
        if (status != LW_OK)
            lw_fail(importer->err, status, "%s", lw_status_message(status));
    }
    lw_record_clear(&record);
    if (status == LW_OK && memcmp(hash, out->hash, LW_HASH) != 0)
        status = fail_revision(importer, out, "hash does not match; take the file as exported");
    if (status == LW_OK && import_find(&importer->array[out->type], out->record_id) == NULL)
        status = fail_revision(importer, out, "its record is not in the file");
    return status;
}

static int compare_chain(const void *a, const void *b)
{
    const struct import_revision *x = a;
    const struct import_revision *y = b;
    int order = memcmp(x->journal, y->journal, LW_RECORD_ID);

    if (order != 0)
        return order;
    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static int compare_record(const void *a, const void *b)
{
    const struct import_revision *x = a;
    const struct import_revision *y = b;
    int order;

    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    order = memcmp(x->record_id, y->record_id, LW_RECORD_ID);
    return order != 0 ? order : memcmp(x->id, y->id, LW_RECORD_ID);
}

/* before is NULL or of the same chain. */
static enum lw_status check_link(struct importer *importer, const struct import_revision *before,
                                 const struct import_revision *revision)
{
    static const uint8_t none[LW_HASH];
    int64_t expected = before == NULL ? 1 : before->sequence + 1;
    const uint8_t *previous = before == NULL ? none : before->hash;

    if (revision->sequence < expected)
        return fail_revision(importer, revision, "is there twice");
    if (revision->sequence > expected)
        return lw_fail(importer->err, LW_BAD_DATA,
                       "revisions: revision %lld of journal %02x%02x.. is missing; take the file "
                       "as exported",
                       (long long)expected, revision->journal[0], revision->journal[1]);
    if (memcmp(previous, revision->previous, LW_HASH) != 0)
        return fail_revision(importer, revision,
                             "does not follow the one before it; take the file as exported");
    return LW_OK;
}

enum lw_status import_chains(struct importer *importer)
{
    uint32_t count = importer->array[LW_RECORD_REVISION].count;
    enum lw_status status = LW_OK;

    importer->revision = calloc((size_t)count + 1, sizeof(*importer->revision));
    if (importer->revision == NULL)
        return lw_fail(importer->err, LW_NO_MEMORY, "out of memory; nothing was imported");
    importer->revision_count = count;
    for (uint32_t i = 0; i < count && status == LW_OK; i++)
        status = read_revision(importer, i, &importer->revision[i]);
    if (status != LW_OK)
        return status;
    qsort(importer->revision, count, sizeof(*importer->revision), compare_chain);
    for (uint32_t i = 0; i < count && status == LW_OK; i++) {
        const struct import_revision *revision = &importer->revision[i];
        bool same = i > 0 && memcmp(revision[-1].journal, revision->journal, LW_RECORD_ID) == 0;

        status = check_link(importer, same ? revision - 1 : NULL, revision);
    }
    qsort(importer->revision, count, sizeof(*importer->revision), compare_record);
    return status;
}

const struct import_revision *import_last_revision(const struct importer *importer,
                                                   enum lw_record_type type,
                                                   const uint8_t id[LW_RECORD_ID])
{
    const struct import_revision *found;
    uint32_t low = 0;
    uint32_t high = importer->revision_count;

    while (low < high) { /* the first one behind those of the record */
        uint32_t middle = low + (high - low) / 2;
        const struct import_revision *revision = &importer->revision[middle];
        bool behind = revision->type != type ? revision->type > type
                                             : memcmp(revision->record_id, id, LW_RECORD_ID) > 0;

        if (behind)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0)
        return NULL;
    found = &importer->revision[low - 1];
    return found->type == type && memcmp(found->record_id, id, LW_RECORD_ID) == 0 ? found : NULL;
}
