/* One JSON object of texts and whole numbers. */
#include "internal.h"

#include <string.h>

static enum lw_status add_key(struct lw_buf *out, const char *key)
{
    enum lw_status status = lw_buf_addc(out, out->len == 0 ? '{' : ',');

    if (status == LW_OK)
        status = lw_json_string(key, strlen(key), out);
    return status == LW_OK ? lw_buf_addc(out, ':') : status;
}

enum lw_status lw_flat_text(struct lw_buf *out, const char *key, const char *text, size_t len)
{
    enum lw_status status = add_key(out, key);

    return status == LW_OK ? lw_json_string(text, len, out) : status;
}

enum lw_status lw_flat_number(struct lw_buf *out, const char *key, int64_t number)
{
    enum lw_status status = add_key(out, key);

    return status == LW_OK ? lw_buf_addf(out, "%lld", (long long)number) : status;
}

enum lw_status lw_flat_end(struct lw_buf *out)
{
    return lw_buf_adds(out, out->len == 0 ? "{}" : "}");
}

static enum lw_status visit_members(json_t *root, lw_flat_visitor *visit, void *context,
                                    struct lw_error *err)
{
    enum lw_status status = LW_OK;
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return lw_fail(err, LW_BAD_DATA, "an object is expected");
    json_object_foreach(root, key, value)
    {
        if (json_is_string(value))
            status =
                visit(context, key, json_string_value(value), json_string_length(value), 0, err);
        else if (json_is_integer(value))
            status = visit(context, key, NULL, 0, json_integer_value(value), err);
        else
            status = lw_fail(err, LW_BAD_DATA, "only texts and whole numbers are expected");
        if (status != LW_OK)
            break;
    }
    return status;
}

enum lw_status lw_flat_read(const char *data, size_t len, lw_flat_visitor *visit, void *context,
                            struct lw_error *err)
{
    json_t *root = NULL;
    enum lw_status status = import_parse(data, len, &root, err);

    if (status == LW_OK)
        status = visit_members(root, visit, context, err);
    json_decref(root);
    return status;
}
