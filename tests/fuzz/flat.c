/* The small objects of drafts: every member is read, comes out the same, and reads the same again.
 */
#include "exchange.h"
#include "fuzz.h"

#include <jansson.h>

struct copy {
    const json_t *plain; /* the same bytes, read by the library alone */
    size_t count;        /* members that were handed over */
    struct lw_buf json;  /* written anew */
    struct lw_buf said;  /* what was read, in words of our own */
};

static enum lw_status copy(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    struct copy *copy = context;

    const json_t *plain = json_object_get(copy->plain, key);

    (void)err;
    copy->count++;
    if (text != NULL)
        MUST(len == json_string_length(plain) && memcmp(text, json_string_value(plain), len) == 0);
    else
        MUST(json_is_integer(plain) && number == json_integer_value(plain));
    MUST(lw_utf8_valid(key, strlen(key), NULL));
    MUST(text == NULL || lw_utf8_valid(text, len, NULL));
    MUST(lw_buf_addf(&copy->said, "%s %zu %s %lld\n", key, len, text != NULL ? text : "",
                     (long long)number) == LW_OK);
    return text != NULL ? lw_flat_text(&copy->json, key, text, len)
                        : lw_flat_number(&copy->json, key, number);
}

static bool read_and_write(const char *data, size_t len, struct copy *out)
{
    size_t mark = len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *plain = json_loadb(data + mark, len - mark, 0, NULL);
    struct lw_error err = {0};
    enum lw_status status;

    out->plain = plain;
    status = lw_flat_read(data, len, copy, out, &err);
    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
    if (status == LW_OK)
        MUST(out->count == json_object_size(plain) && lw_flat_end(&out->json) == LW_OK);
    json_decref(plain);
    return status == LW_OK;
}

static void must_be_same(const struct lw_buf *a, const struct lw_buf *b)
{
    MUST(a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct copy once = {.json = LW_BUF_INIT, .said = LW_BUF_INIT};
    struct copy twice = {.json = LW_BUF_INIT, .said = LW_BUF_INIT};
    static bool started;

    if (!started) /* the library's memory is chosen by the first reading */
        MUST(lw_flat_read("{}", 2, copy, &once, NULL) == LW_OK);
    started = true;
    if (read_and_write((const char *)data, size, &once)) {
        for (size_t i = 0; i < once.json.len; i++)
            MUST((unsigned char)once.json.data[i] >= 0x20 && once.json.data[i] != 0x7F);
        MUST(read_and_write(once.json.data, once.json.len, &twice));
        must_be_same(&once.json, &twice.json);
        must_be_same(&once.said, &twice.said);
    }
    lw_buf_free(&once.json);
    lw_buf_free(&once.said);
    lw_buf_free(&twice.json);
    lw_buf_free(&twice.said);
    return 0;
}
