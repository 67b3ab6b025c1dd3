/* Growing bytes and text copies that leave nothing behind in freed memory. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 64
#define LARGEST  ((size_t)PTRDIFF_MAX / 4)

void lw_zero(void *data, size_t len)
{
    if (data && len > 0)
        explicit_bzero(data, len);
}

static size_t grown(size_t cap, size_t need)
{
    size_t size = cap < SMALLEST ? SMALLEST : cap;

    while (size < need)
        size *= 2; /* no overflow: need is at most LARGEST + 1 */
    return size;
}

/* realloc may leave the old bytes somewhere, so the copy is made here. */
enum lw_status lw_buf_reserve(struct lw_buf *buf, size_t more)
{
    size_t need;
    size_t cap;
    char *data;

    if (more > LARGEST || buf->len > LARGEST - more)
        return LW_NO_MEMORY;
    need = buf->len + more + 1;
    if (need <= buf->cap)
        return LW_OK;
    cap = grown(buf->cap, need);
    data = malloc(cap);
    if (!data)
        return LW_NO_MEMORY;
    if (buf->data) {
        memcpy(data, buf->data, buf->len);
        lw_zero(buf->data, buf->cap);
        free(buf->data);
    }
    data[buf->len] = '\0';
    buf->data = data;
    buf->cap = cap;
    return LW_OK;
}

enum lw_status lw_buf_add(struct lw_buf *buf, const void *data, size_t len)
{
    enum lw_status status;

    if (len == 0)
        return LW_OK;
    status = lw_buf_reserve(buf, len);
    if (status != LW_OK)
        return status;
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return LW_OK;
}

enum lw_status lw_buf_adds(struct lw_buf *buf, const char *text)
{
    return lw_buf_add(buf, text, strlen(text));
}

enum lw_status lw_buf_addc(struct lw_buf *buf, char c)
{
    return lw_buf_add(buf, &c, 1);
}

enum lw_status lw_buf_says(struct lw_buf *buf, const char *text)
{
    return lw_buf_adds(buf, lw_say(text));
}

/* Bytes the text takes, or a status other than OK. */
LW_PRINTF(1, 0)
static enum lw_status measure(const char *format, va_list args, size_t *len)
{
    int wanted = vsnprintf(NULL, 0, format, args);

    if (wanted < 0)
        return LW_INTERNAL;
    *len = (size_t)wanted;
    return LW_OK;
}

LW_PRINTF(2, 0)
static enum lw_status append(struct lw_buf *buf, const char *format, va_list args)
{
    enum lw_status status;
    va_list again;
    size_t len = 0;

    va_copy(again, args);
    status = measure(format, again, &len);
    va_end(again);
    if (status == LW_OK)
        status = lw_buf_reserve(buf, len);
    if (status != LW_OK)
        return status;
    (void)vsnprintf(buf->data + buf->len, len + 1, format, args);
    buf->len += len;
    return LW_OK;
}

enum lw_status lw_buf_addf(struct lw_buf *buf, const char *format, ...)
{
    enum lw_status status;
    va_list args;

    va_start(args, format);
    status = append(buf, format, args);
    va_end(args);
    return status;
}

enum lw_status lw_buf_sayf(struct lw_buf *buf, const char *format, ...)
{
    enum lw_status status;
    va_list args;

    va_start(args, format);
    status = append(buf, lw_say(format), args);
    va_end(args);
    return status;
}

const char *lw_buf_text(const struct lw_buf *buf)
{
    return buf->data ? buf->data : "";
}

void lw_buf_truncate(struct lw_buf *buf, size_t len)
{
    if (len >= buf->len)
        return;
    lw_zero(buf->data + len, buf->len - len);
    buf->len = len;
}

/* All of it, not only len: a caller may have written into what it reserved. */
void lw_buf_clear(struct lw_buf *buf)
{
    lw_zero(buf->data, buf->cap);
    buf->len = 0;
}

void lw_buf_free(struct lw_buf *buf)
{
    if (!buf)
        return;
    lw_zero(buf->data, buf->cap);
    free(buf->data);
    *buf = (struct lw_buf)LW_BUF_INIT;
}

char *lw_text_copy(const char *text, size_t len)
{
    char *copy;

    if (len >= (size_t)PTRDIFF_MAX)
        return NULL;
    copy = malloc(len + 1);
    if (!copy)
        return NULL;
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

void lw_text_free(char *text)
{
    if (!text)
        return;
    lw_zero(text, strlen(text));
    free(text);
}
