/* The canonical JSON of a record, of which exports and the chain of revisions are made. */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest decimal form that reads back as the same number, whatever the locale. */
static enum lw_status real_json(double real, struct lw_buf *out)
{
    char text[40];

    if (!isfinite(real))
        return LW_BAD_DATA;
    if (fpclassify(real) == FP_ZERO)
        return lw_buf_adds(out, "0"); /* and not "-0" */
    for (int digits = 15; digits <= 17; digits++) {
        double back;

        snprintf(text, sizeof(text), "%.*g", digits, real);
        back = strtod(text, NULL);
        if (!(back < real) && !(back > real))
            break;
    }
    for (char *c = text; *c != '\0'; c++) {
        if (strchr("+-0123456789eE", *c) == NULL)
            *c = '.'; /* the locale's decimal sign */
    }
    return lw_buf_adds(out, text);
}

static enum lw_status bytes_json(const uint8_t *bytes, size_t len, struct lw_buf *out)
{
    char hex[2 * LW_HASH + 1];
    enum lw_status status;

    lw_hex_encode(bytes, len, hex);
    status = lw_buf_addc(out, '"');
    if (status == LW_OK)
        status = lw_buf_add(out, hex, 2 * len);
    return status == LW_OK ? lw_buf_addc(out, '"') : status;
}

enum lw_status lw_value_json(const struct lw_field *field, const struct lw_value *value,
                             struct lw_buf *out)
{
    char time[32];

    if (!value->set)
        return lw_buf_adds(out, "null");
    switch (field->kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        return lw_json_string(value->text, strlen(value->text), out);
    case LW_FIELD_INT:
        return lw_buf_addf(out, "%lld", (long long)value->number);
    case LW_FIELD_REAL:
        return real_json(value->real, out);
    case LW_FIELD_BOOL:
        return lw_buf_adds(out, value->number != 0 ? "true" : "false");
    case LW_FIELD_TIME:
        lw_time_format(value->number, time);
        return lw_buf_addf(out, "\"%s\"", time);
    case LW_FIELD_REF:
    case LW_FIELD_ID:
        return bytes_json(value->bytes, LW_RECORD_ID, out);
    case LW_FIELD_HASH:
        return bytes_json(value->bytes, LW_HASH, out);
    }
    return LW_INTERNAL;
}

static enum lw_status add_name(const char *name, struct lw_buf *out)
{
    enum lw_status status = lw_buf_add(out, ",\"", 2);

    if (status == LW_OK)
        status = lw_buf_adds(out, name);
    return status == LW_OK ? lw_buf_add(out, "\":", 2) : status;
}

/* With the field of that index left out; -1: all. */
static enum lw_status json_without(const struct lw_record *record, int left_out, struct lw_buf *out)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];
    enum lw_status status = lw_buf_adds(out, "{\"id\":");

    if (status == LW_OK)
        status = bytes_json(record->id, LW_RECORD_ID, out);
    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        if (!record->value[i].set || (int)i == left_out)
            continue;
        status = add_name(info->fields[i].name, out);
        if (status == LW_OK)
            status = lw_value_json(&info->fields[i], &record->value[i], out);
    }
    return status == LW_OK ? lw_buf_addc(out, '}') : status;
}

enum lw_status lw_record_json(const struct lw_record *record, struct lw_buf *out)
{
    size_t len = out->len;
    enum lw_status status = json_without(record, -1, out);

    if (status != LW_OK && out->data != NULL) {
        out->len = len;
        out->data[len] = '\0';
    }
    return status;
}

static enum lw_status hash_without(const struct lw_record *record, int left_out,
                                   uint8_t hash[LW_HASH])
{
    struct lw_buf json = LW_BUF_INIT;
    enum lw_status status = json_without(record, left_out, &json);

    if (status == LW_OK)
        lw_hash256(json.data, json.len, hash);
    lw_buf_free(&json);
    return status;
}

enum lw_status record_state(const struct lw_record *record, uint8_t hash[LW_HASH])
{
    return hash_without(record, -1, hash);
}

enum lw_status revision_hash(const struct lw_record *revision, uint8_t hash[LW_HASH])
{
    return hash_without(revision, lw_field_find(LW_RECORD_REVISION, "hash"), hash);
}
