/* From the bytes of a file to its arrays of records. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory of the parser: zeroed when it is given back, since record text is in it ---- */

#define HEAD 16 /* holds the size and keeps the alignment */

/* Short of memory inside a token jansson goes on with a shorter token, and its allocator has no
 * other place to say so. */
static bool memory_was_short;

static void *take(size_t size)
{
    char *block = size > SIZE_MAX - HEAD ? NULL : malloc(size + HEAD);

    if (block == NULL) {
        memory_was_short = true;
        return NULL;
    }
    memcpy(block, &size, sizeof(size));
    return block + HEAD;
}

static void give_back(void *data)
{
    char *block;
    size_t size;

    if (data == NULL)
        return;
    block = (char *)data - HEAD;
    memcpy(&size, block, sizeof(size));
    lw_zero(block, size + HEAD);
    free(block);
}

/* ---- parsing ---- */

static const char *explain(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return _("the file ends in the middle; copy it again");
    case json_error_end_of_input_expected:
        return _("something stands behind the end of the journal; remove it");
    case json_error_duplicate_key:
        return _("a member is there twice; keep one of them");
    case json_error_invalid_utf8:
        return _("this is not UTF-8; save the file as UTF-8");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return _("a text holds a NUL character; remove it");
    case json_error_numeric_overflow:
        return _("this number is too large");
    case json_error_stack_overflow:
        return _("brackets are nested too deep");
    default:
        return _("this is not JSON; correct it here or just before");
    }
}

static enum lw_status fail_parse(const json_error_t *error, struct lw_error *err)
{
    enum json_error_code code = json_error_code(error);

    return lw_fail(err, LW_BAD_DATA, "line %d, column %d: %s", error->line,
                   error->column > 0 ? error->column : 1, explain(code));
}

enum lw_status import_parse(const char *data, size_t len, json_t **out, struct lw_error *err)
{
    const size_t mark = lw_utf8_mark(data, len);
    json_error_t error;
    json_t *root;

    if (len > LW_IMPORT_MAX)
        return lw_fail(err, LW_TOO_LONG, "the file is larger than 1 GiB; export it in parts");
    data += mark;
    len -= mark;
    if (len == 0)
        return lw_fail(err, LW_BAD_DATA, "the file is empty");
    json_set_alloc_funcs(take, give_back);
    memory_was_short = false;
    root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
    if (memory_was_short) {
        json_decref(root);
        return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was imported");
    }
    if (root == NULL)
        return fail_parse(&error, err);
    *out = root;
    return LW_OK;
}

/* ---- arrays ---- */

static int compare_items(const void *a, const void *b)
{
    const struct import_item *x = a;
    const struct import_item *y = b;
    int order = memcmp(x->id, y->id, LW_RECORD_ID);

    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static enum lw_status read_id(struct importer *importer, enum lw_record_type type, uint32_t index,
                              struct import_item *item)
{
    json_t *object = json_array_get(importer->array[type].list, index);
    json_t *id = json_object_get(object, "id");

    if (!json_is_object(object))
        return import_fail(importer, type, index, "must be an object in braces");
    if (id == NULL)
        return import_fail(importer, type, index, "has no \"id\"; give it 32 hexadecimal digits");
    if (!json_is_string(id) ||
        !lw_hex_decode(json_string_value(id), json_string_length(id), item->id, LW_RECORD_ID))
        return import_fail(importer, type, index, "field \"id\": must be 32 hexadecimal digits");
    item->index = index;
    return LW_OK;
}

static enum lw_status check_doubles(struct importer *importer, enum lw_record_type type)
{
    struct import_array *array = &importer->array[type];

    for (uint32_t i = 1; i < array->count; i++) {
        const struct import_item *one = &array->item[i - 1];
        const struct import_item *two = &array->item[i];

        if (memcmp(one->id, two->id, LW_RECORD_ID) == 0)
            return import_fail(importer, type, two->index,
                               "field \"id\": is the one of %s[%u] too; every record has its own",
                               lw_record_infos[type].array, one->index);
    }
    return LW_OK;
}

static enum lw_status index_array(struct importer *importer, enum lw_record_type type, json_t *list)
{
    struct import_array *array = &importer->array[type];
    size_t count = json_array_size(list);
    enum lw_status status = LW_OK;

    if (!json_is_array(list))
        return lw_fail(importer->err, LW_BAD_DATA, "\"%s\" must be a list of records in brackets",
                       lw_record_infos[type].array);
    array->list = list;
    array->count = (uint32_t)count;
    array->item = calloc(count + 1, sizeof(*array->item));
    array->state = calloc(count + 1, sizeof(*array->state));
    if (array->item == NULL || array->state == NULL)
        return lw_fail(importer->err, LW_NO_MEMORY, "out of memory; nothing was imported");
    for (uint32_t i = 0; i < array->count && status == LW_OK; i++)
        status = read_id(importer, type, i, &array->item[i]);
    if (status != LW_OK)
        return status;
    qsort(array->item, array->count, sizeof(*array->item), compare_items);
    return check_doubles(importer, type);
}

const struct import_item *import_find(const struct import_array *array,
                                      const uint8_t id[LW_RECORD_ID])
{
    uint32_t low = 0;
    uint32_t high = array->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(array->item[middle].id, id, LW_RECORD_ID);

        if (order == 0)
            return &array->item[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum lw_status check_head(struct importer *importer, json_t *root)
{
    json_t *name = json_object_get(root, "lapwing");
    json_t *version = json_object_get(root, "version");

    if (!json_is_string(name) || strcmp(json_string_value(name), "journal") != 0)
        return lw_fail(importer->err, LW_BAD_DATA,
                       "this is not a journal of Lapwing: it does not begin with "
                       "{\"lapwing\":\"journal\",\"version\":1");
    if (!json_is_integer(version))
        return lw_fail(importer->err, LW_BAD_DATA, "\"version\" must be the number 1");
    if (json_integer_value(version) != 1)
        return lw_fail(importer->err, LW_BAD_DATA,
                       "the file has version %lld and this program reads version 1; use a newer "
                       "program",
                       (long long)json_integer_value(version));
    return LW_OK;
}

enum lw_status import_index(struct importer *importer, json_t *root)
{
    const char *key;
    json_t *value;
    enum lw_status status = check_head(importer, root);

    if (status != LW_OK)
        return status;
    json_object_foreach(root, key, value)
    {
        int type = lw_record_type_by_array(key);

        if (strcmp(key, "lapwing") == 0 || strcmp(key, "version") == 0)
            continue;
        if (type < 0)
            return lw_fail(importer->err, LW_BAD_DATA,
                           "the member \"%.*s\" is not known; remove it or correct its name",
                           (int)lw_utf8_fit(key, strlen(key), 40), key);
        status = index_array(importer, (enum lw_record_type)type, value);
        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}
