/* Breaking a sentence at blanks. */
#include "wrapped.h"

int lw_wrapped_put(const struct lw_area *area, int row, int rows, int width, enum lw_style style,
                   const char *text, size_t len)
{
    size_t at = 0;
    int used = 0;

    while (at < len && used < rows && width > 0) {
        size_t next = 0;
        size_t end = lw_utf8_break(text + at, len - at, (size_t)width, &next);

        if (area != NULL && used == rows - 1)
            lw_area_put_cut(area, row + used, 0, width, style, text + at, len - at);
        else if (area != NULL)
            lw_area_put(area, row + used, 0, width, style, text + at, end);
        at += next;
        used++;
    }
    return used;
}
