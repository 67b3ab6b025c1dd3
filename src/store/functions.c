/* Functions of ours that SQL may call: what the database cannot compare by itself. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void fail(sqlite3_context *call, enum lw_status status)
{
    if (status == LW_NO_MEMORY)
        sqlite3_result_error_nomem(call);
    else
        sqlite3_result_error(call, lw_status_message(status), -1);
}

/* spellings(text): lw_spelling_text. */
static void spellings(sqlite3_context *call, int count, sqlite3_value **value)
{
    struct lw_buf out = LW_BUF_INIT;
    const char *text = (const char *)sqlite3_value_text(value[0]);
    enum lw_status status = LW_OK;

    (void)count;
    if (text != NULL)
        status = lw_spelling_text(text, (size_t)sqlite3_value_bytes(value[0]), &out);
    if (status != LW_OK)
        fail(call, status);
    else if (text != NULL)
        sqlite3_result_text64(call, lw_buf_text(&out), out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    lw_buf_free(&out);
}

/* has_words(text, words): lw_spelling_has; NULL has none. */
static void has_words(sqlite3_context *call, int count, sqlite3_value **value)
{
    const char *text = (const char *)sqlite3_value_text(value[0]);
    const char *words = (const char *)sqlite3_value_text(value[1]);
    bool all = false, whole;
    enum lw_status status = LW_OK;

    (void)count;
    if (text != NULL && words != NULL)
        status = lw_spelling_has(text, (size_t)sqlite3_value_bytes(value[0]), words,
                                 (size_t)sqlite3_value_bytes(value[1]), &all, &whole);
    if (status != LW_OK)
        fail(call, status);
    else
        sqlite3_result_int(call, all);
}

/* scale_bucket(scale, second): lw_scale_bucket. */
static void scale_bucket(sqlite3_context *call, int count, sqlite3_value **value)
{
    int scale = sqlite3_value_int(value[0]);

    (void)count;
    if (scale < 0 || scale >= LW_SCALES || sqlite3_value_type(value[1]) == SQLITE_NULL)
        return; /* NULL */
    sqlite3_result_int64(call,
                         lw_scale_bucket((enum lw_scale)scale, sqlite3_value_int64(value[1])));
}

int store_define_functions(sqlite3 *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    int code =
        sqlite3_create_function_v2(db, "spellings", 1, flags, NULL, spellings, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(db, "has_words", 2, flags, NULL, has_words, NULL, NULL,
                                          NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(db, "scale_bucket", 2, flags, NULL, scale_bucket, NULL,
                                          NULL, NULL);
    return code;
}

/* ---- functions of the layers above ------------------------------------------------------------
 */

enum { TEXTS = 4 };

struct function {
    struct lw_store *store;
    lw_store_function *call;
    void *context;
};

static void call_function(sqlite3_context *call, int count, sqlite3_value **value)
{
    const struct function *function = sqlite3_user_data(call);
    const char *text[TEXTS] = {NULL};
    struct lw_error err = {.status = LW_OK};
    int64_t result = 0;

    for (int i = 0; i < count && i < TEXTS; i++)
        text[i] = (const char *)sqlite3_value_text(value[i]);
    err.status = function->call(function->context, text, &result, &err);
    if (err.status != LW_OK) {
        function->store->called = err;
        sqlite3_result_error(call, err.text, -1);
    } else {
        sqlite3_result_int64(call, result);
    }
}

enum lw_status lw_store_define(struct lw_store *store, const char *name, int texts,
                               lw_store_function *function, void *context, struct lw_error *err)
{
    struct function *own = malloc(sizeof(*own));
    int code;

    if (own == NULL || texts > TEXTS) {
        free(own);
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    *own = (struct function){.store = store, .call = function, .context = context};
    /* frees `own` also where it fails */
    code = sqlite3_create_function_v2(store->db, name, texts, SQLITE_UTF8 | SQLITE_DIRECTONLY, own,
                                      call_function, NULL, NULL, free);
    return code == SQLITE_OK ? LW_OK : store_fail(store, code, err);
}
