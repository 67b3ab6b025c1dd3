/* Catalogues of gettext as bytes, made here. */
#ifndef LW_TEST_CATALOGUE_H
#define LW_TEST_CATALOGUE_H

#include "base.h"

#include <stdlib.h>
#include <string.h>

/* Texts may hold NUL, so each has a length; 0: that of the terminated text. */
struct catalogue_text {
    const char *text, *said;
    size_t text_len, said_len;
};

/* Malloc'd. */
static inline char *catalogue_make(const struct catalogue_text *list, size_t count, size_t *len)
{
    size_t tables = 28, at = tables + 16 * count;
    uint8_t *data;

    for (size_t i = 0; i < count; i++) {
        at += (list[i].text_len > 0 ? list[i].text_len : strlen(list[i].text)) + 1;
        at += (list[i].said_len > 0 ? list[i].said_len : strlen(list[i].said)) + 1;
    }
    *len = at;
    data = calloc(1, at);
    if (data == NULL)
        abort();
    lw_put_u32(data, 0x950412DEu);
    lw_put_u32(data + 8, (uint32_t)count);
    lw_put_u32(data + 12, (uint32_t)tables);
    lw_put_u32(data + 16, (uint32_t)(tables + 8 * count));
    at = tables + 16 * count;
    for (size_t i = 0; i < 2 * count; i++) {
        const struct catalogue_text *row = &list[i % count];
        const char *text = i < count ? row->text : row->said;
        size_t size = i < count ? row->text_len : row->said_len;

        if (size == 0)
            size = strlen(text);
        lw_put_u32(data + tables + 8 * i, (uint32_t)size);
        lw_put_u32(data + tables + 8 * i + 4, (uint32_t)at);
        memcpy(data + at, text, size);
        at += size + 1;
    }
    return (char *)data;
}

#endif
