/* Bytes of a text on their way into the editor. */
#include "editor_internal.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

enum lw_status lw_editor_take(const char *text, size_t len, struct lw_buf *out, size_t *replaced)
{
    size_t at = 0;

    while (at < len) {
        size_t good = len - at;
        bool whole = lw_utf8_valid(text + at, len - at, &good);
        enum lw_status status = lw_buf_add(out, text + at, good);

        if (status == LW_OK && !whole)
            status = lw_buf_adds(out, REPLACEMENT);
        if (status != LW_OK)
            return status;
        at += good;
        if (!whole) {
            at++;
            ++*replaced;
        }
    }
    return LW_OK;
}

void lw_editor_returns(struct lw_buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] == '\r' && (i + 1 == text->len || text->data[i + 1] != '\n'))
            text->data[i] = '\n';
    }
}

void lw_editor_one_line(struct lw_buf *text)
{
    size_t to = 0;

    for (size_t i = 0; i < text->len; i++) {
        char c = text->data[i];

        if (c == '\r' && i + 1 < text->len && text->data[i + 1] == '\n')
            continue;
        text->data[to++] = c == '\n' || c == '\r' ? ' ' : c;
    }
    if (to < text->len) {
        lw_zero(text->data + to, text->len - to);
        text->len = to;
    }
}

void lw_editor_splice(struct lw_buf *text, size_t at, size_t removed, const char *with, size_t len)
{
    size_t rest = text->len - at - removed;
    size_t after = at + len + rest;

    if (len == 0 && removed == 0)
        return;
    memmove(text->data + at + len, text->data + at + removed, rest);
    if (len > 0)
        memcpy(text->data + at, with, len);
    if (after < text->len)
        lw_zero(text->data + after, text->len - after);
    text->len = after;
    text->data[after] = '\0';
}
