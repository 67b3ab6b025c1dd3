/* From a JSON object to a record. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* " (E11)" where the object has a reference fit to be shown, else "". */
static void show_ref(json_t *object, char shown[24])
{
    const char *ref = json_string_value(json_object_get(object, "ref"));
    size_t len = ref == NULL ? 0 : strlen(ref);

    shown[0] = '\0';
    if (len == 0 || len > 15)
        return;
    for (size_t i = 0; i < len; i++) {
        if (ref[i] <= ' ' || ref[i] > '~')
            return;
    }
    snprintf(shown, 24, " (%s)", ref);
}

enum lw_status import_fail(struct importer *importer, enum lw_record_type type, uint32_t index,
                           const char *format, ...)
{
    char shown[24];
    char text[400];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof(text), lw_say(format), list);
    va_end(list);
    show_ref(json_array_get(importer->array[type].list, index), shown);
    return lw_fail(importer->err, LW_BAD_DATA, "%s[%u]%s: %s", lw_record_infos[type].array, index,
                   shown, text);
}

void import_prefix(struct importer *importer, enum lw_record_type type, uint32_t index)
{
    if (importer->err != NULL)
        lw_error_prefix(importer->err, "%s[%u]", lw_record_infos[type].array, index);
}

/* NULL, or what the value must be. */
static const char *read_hex(json_t *json, uint8_t *out, size_t len)
{
    if (json_is_string(json) &&
        lw_hex_decode(json_string_value(json), json_string_length(json), out, len))
        return NULL;
    return len == LW_HASH ? _("must be 64 hexadecimal digits")
                          : _("must be the id of a record, 32 hexadecimal digits");
}

static const char *read_time(json_t *json, int64_t *out)
{
    if (json_is_string(json) &&
        lw_time_parse(json_string_value(json), json_string_length(json), out))
        return NULL;
    return _("must be an instant like \"2014-12-16T09:00:00Z\"");
}

/* *memory tells that there was none; else NULL or what the value must be. */
static const char *read_text(json_t *json, char **out, bool *memory)
{
    if (!json_is_string(json))
        return _("must be a text in quotes");
    *out = lw_text_copy(json_string_value(json), json_string_length(json));
    *memory = *out == NULL;
    return NULL;
}

const char *import_value(const struct lw_field *field, json_t *json, struct lw_value *value,
                         bool *memory)
{
    if (json_is_null(json))
        return _("is null; leave it out where nothing is stated");
    switch (field->kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        return read_text(json, &value->text, memory);
    case LW_FIELD_INT:
        value->number = json_integer_value(json);
        return json_is_integer(json) ? NULL : _("must be a whole number without quotes");
    case LW_FIELD_REAL:
        value->real = json_number_value(json);
        return json_is_number(json) ? NULL : _("must be a number without quotes");
    case LW_FIELD_BOOL:
        value->number = json_is_true(json) ? 1 : 0;
        return json_is_boolean(json) ? NULL : _("must be true or false without quotes");
    case LW_FIELD_TIME:
        return read_time(json, &value->number);
    case LW_FIELD_REF:
    case LW_FIELD_ID:
        return read_hex(json, value->bytes, LW_RECORD_ID);
    case LW_FIELD_HASH:
        return read_hex(json, value->bytes, LW_HASH);
    }
    return _("cannot be read");
}

static enum lw_status read_member(struct importer *importer, uint32_t index, const char *key,
                                  json_t *json, struct lw_record *record)
{
    int at = lw_field_find(record->type, key);
    const char *must;
    bool memory = false;

    if (at < 0)
        return import_fail(importer, record->type, index,
                           "field \"%.*s\": is not known; remove it or correct its name",
                           (int)lw_utf8_fit(key, strlen(key), 40), key);
    must = import_value(&lw_record_infos[record->type].fields[at], json, &record->value[at], &memory);
    if (memory)
        return lw_fail(importer->err, LW_NO_MEMORY, "out of memory; nothing was imported");
    if (must != NULL)
        return import_fail(importer, record->type, index, "field \"%s\": %s", key, must);
    record->value[at].set = true;
    return LW_OK;
}

enum lw_status import_record(struct importer *importer, enum lw_record_type type, uint32_t index,
                             struct lw_record *out)
{
    json_t *object = json_array_get(importer->array[type].list, index);
    json_t *id = json_object_get(object, "id");
    const char *key;
    json_t *value;
    enum lw_status status = LW_OK;

    lw_record_init(out, type);
    if (!lw_hex_decode(json_string_value(id), json_string_length(id), out->id, LW_RECORD_ID))
        return lw_fail(importer->err, LW_INTERNAL, "an id was not checked");
    json_object_foreach(object, key, value)
    {
        if (strcmp(key, "id") == 0)
            continue;
        status = read_member(importer, index, key, value, out);
        if (status != LW_OK)
            break;
    }
    if (status != LW_OK)
        lw_record_clear(out);
    return status;
}
