/* A journal read from JSON, wholly or not at all. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- one record ---- */

/* The record must be what its last revision in the file says. */
static enum lw_status check_state(struct importer *importer, const struct lw_record *record,
                                  uint32_t index, const struct import_revision *last)
{
    struct lw_buf json = LW_BUF_INIT;
    uint8_t state[LW_HASH];
    enum lw_status status = lw_record_json(record, &json);

    if (status == LW_OK)
        lw_hash256(json.data, json.len, state);
    else
        lw_fail(importer->err, status, "%s", lw_status_message(status));
    lw_buf_free(&json);
    if (status == LW_OK && memcmp(state, last->state, LW_HASH) != 0)
        status = import_fail(importer, record->type, index,
                             "is not what its last revision says; take the file as exported, or "
                             "leave all revisions out");
    return status;
}

/* A record that is there already stays as it is; it must say the same. A reference that the file
 * leaves to be counted up was given when it was first imported. */
static enum lw_status compare(struct importer *importer, struct lw_record *record, uint32_t index,
                              const struct lw_record *there)
{
    const char *ref = lw_record_text(there, "ref");
    int at;

    if (ref != NULL && lw_record_text(record, "ref") == NULL &&
        lw_record_set_text(record, "ref", ref, strlen(ref)) != LW_OK)
        return lw_fail(importer->err, LW_NO_MEMORY, "out of memory; nothing was imported");
    at = lw_record_difference(there, record);
    if (at < 0) {
        importer->report.unchanged[record->type]++;
        return LW_OK;
    }
    return import_fail(importer, record->type, index,
                       "field \"%s\": the record is there already and says something else; both "
                       "were left as they are",
                       lw_record_infos[record->type].fields[at].name);
}

/* What refers to nothing is a fault of the file. */
static enum lw_status explain_put(struct importer *importer, const struct lw_record *record,
                                  uint32_t index, enum lw_status status)
{
    if (status == LW_OK) {
        importer->report.added[record->type]++;
        return LW_OK;
    }
    if (status == LW_NOT_FOUND) {
        status = LW_BAD_DATA;
        if (importer->err != NULL)
            importer->err->status = status;
    }
    if (status == LW_BAD_DATA)
        import_prefix(importer, record->type, index);
    return status;
}

static enum lw_status apply(struct importer *importer, struct lw_record *record, uint32_t index)
{
    const struct import_revision *last = import_last_revision(importer, record->type, record->id);
    bool with_revisions = last != NULL || record->type == LW_RECORD_REVISION;
    struct lw_record there;
    struct lw_error ignored;
    enum lw_status status = LW_OK;

    if (last != NULL)
        status = check_state(importer, record, index, last);
    if (status != LW_OK)
        return status;
    status = lw_record_get(importer->journal, record->type, record->id, &there, &ignored);
    if (status == LW_OK) {
        status = compare(importer, record, index, &there);
        lw_record_clear(&there);
        return status;
    }
    if (status != LW_NOT_FOUND)
        return lw_fail(importer->err, status, "%s", ignored.text);
    if (with_revisions)
        status = lw_record_put_imported(importer->journal, record, importer->err);
    else
        status = lw_record_put(importer->journal, record, "import", importer->err);
    return explain_put(importer, record, index, status);
}

static enum lw_status apply_index(struct importer *importer, enum lw_record_type type,
                                  uint32_t index)
{
    struct lw_record record;
    enum lw_status status = import_record(importer, type, index, &record);

    if (status != LW_OK)
        return status;
    status = apply(importer, &record, index);
    lw_record_clear(&record);
    importer->array[type].state[index] = IMPORT_DONE;
    return status;
}

/* ---- what a record of the same type refers to first ---- */

static const char *const families[] = {"parent", "same_as"};

/* The index in the file of what that member refers to, where it still waits; else count. */
static uint32_t waiting(const struct import_array *array, uint32_t index, const char *member)
{
    json_t *other = json_object_get(json_array_get(array->list, index), member);
    uint8_t id[LW_RECORD_ID];
    const struct import_item *item;

    if (!json_is_string(other) ||
        !lw_hex_decode(json_string_value(other), json_string_length(other), id, LW_RECORD_ID))
        return array->count;
    item = import_find(array, id);
    return item == NULL || array->state[item->index] == IMPORT_DONE ? array->count : item->index;
}

static uint32_t waiting_parent(const struct import_array *array, uint32_t index,
                               const char **member)
{
    uint32_t found = array->count;

    for (size_t i = 0; i < LW_COUNT_OF(families) && found == array->count; i++) {
        *member = families[i];
        found = waiting(array, index, families[i]);
    }
    return found;
}

/* Applies a record after all those that it refers to. stack has room for every record. */
static enum lw_status apply_family(struct importer *importer, enum lw_record_type type,
                                   uint32_t index, uint32_t *stack)
{
    struct import_array *array = &importer->array[type];
    uint32_t depth = 0;
    enum lw_status status = LW_OK;

    stack[depth++] = index;
    while (depth > 0 && status == LW_OK) {
        uint32_t top = stack[depth - 1];
        const char *member;
        uint32_t parent = waiting_parent(array, top, &member);

        array->state[top] = IMPORT_OPEN;
        if (parent == array->count) {
            status = apply_index(importer, type, top);
            depth--;
        } else if (array->state[parent] == IMPORT_OPEN) {
            status = import_fail(importer, type, top,
                                 "field \"%s\": leads back to the record itself", member);
        } else {
            stack[depth++] = parent;
        }
    }
    return status;
}

static enum lw_status apply_families(struct importer *importer, enum lw_record_type type)
{
    struct import_array *array = &importer->array[type];
    uint32_t *stack = malloc(((size_t)array->count + 1) * sizeof(*stack));
    enum lw_status status = LW_OK;

    if (stack == NULL)
        return lw_fail(importer->err, LW_NO_MEMORY, "out of memory; nothing was imported");
    for (uint32_t i = 0; i < array->count && status == LW_OK; i++) {
        if (array->state[i] != IMPORT_DONE)
            status = apply_family(importer, type, i, stack);
    }
    free(stack);
    return status;
}

/* ---- all records ---- */

/* What is counted up must not take a reference that stands further down in the file. */
static void skip_refs(struct importer *importer, enum lw_record_type type)
{
    const struct import_array *array = &importer->array[type];

    for (uint32_t i = 0; i < array->count; i++) {
        const char *ref = json_string_value(json_object_get(json_array_get(array->list, i), "ref"));

        if (ref != NULL)
            lw_journal_skip_ref(importer->journal, type, ref);
    }
}

static enum lw_status apply_type(struct importer *importer, enum lw_record_type type)
{
    enum lw_status status = LW_OK;

    if (type == LW_RECORD_ENTRY || type == LW_RECORD_SOURCE)
        skip_refs(importer, type);
    if (lw_field_find(type, "parent") >= 0 || lw_field_find(type, "same_as") >= 0)
        return apply_families(importer, type);
    for (uint32_t i = 0; i < importer->array[type].count && status == LW_OK; i++)
        status = apply_index(importer, type, i);
    return status;
}

static enum lw_status apply_all(struct importer *importer, bool dry_run)
{
    enum lw_status status = lw_journal_begin(importer->journal, importer->err);

    if (status != LW_OK)
        return status;
    for (int type = 0; type < LW_RECORD_TYPE_COUNT && status == LW_OK; type++)
        status = apply_type(importer, (enum lw_record_type)type);
    if (status == LW_OK && !dry_run)
        return lw_journal_commit(importer->journal, importer->err);
    if (status == LW_OK)
        status = lw_journal_settle(importer->journal, importer->err);
    lw_journal_rollback(importer->journal);
    return status;
}

static void release(struct importer *importer)
{
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        free(importer->array[type].item);
        free(importer->array[type].state);
    }
    free(importer->revision);
}

enum lw_status lw_import_json(struct lw_journal *journal, const char *data, size_t len,
                              bool dry_run, struct lw_import_report *report, struct lw_error *err)
{
    struct importer importer = {.journal = journal, .err = err};
    json_t *root;
    enum lw_status status = import_parse(data, len, &root, err);

    if (status != LW_OK)
        return status;
    status = import_index(&importer, root);
    if (status == LW_OK)
        status = import_chains(&importer);
    if (status == LW_OK)
        status = apply_all(&importer, dry_run);
    if (status == LW_OK)
        *report = importer.report;
    release(&importer);
    json_decref(root);
    return status;
}
