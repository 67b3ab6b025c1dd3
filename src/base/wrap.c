/* Lines of a width out of running text. */
#include "base.h"

size_t lw_utf8_break(const char *text, size_t len, size_t columns, size_t *next)
{
    size_t fit = lw_utf8_fit(text, len, columns == 0 ? 1 : columns);
    size_t end;

    if (fit >= len) {
        *next = len;
        return len;
    }
    for (end = fit; end > 0 && text[end] != ' '; end--) {
    }
    if (end == 0) { /* one long word, or a cluster wider than the room */
        if (fit == 0) {
            fit = lw_utf8_fit(text, len, 2);
            if (fit == 0)
                fit = len;
        }
        *next = fit;
        return fit;
    }
    *next = end;
    while (*next < len && text[*next] == ' ')
        (*next)++;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    return end;
}
