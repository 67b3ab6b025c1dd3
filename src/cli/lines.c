/* Lines from a descriptor. */
#include "lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 16384

void lw_lines_start(struct lw_lines *lines, int fd, size_t limit)
{
    *lines = (struct lw_lines){.fd = fd, .limit = limit};
}

/* Reads once more; what was there has been used up. */
static enum lw_status fill(struct lw_lines *lines)
{
    char chunk[CHUNK];
    enum lw_status status;
    ssize_t got;

    do {
        got = read(lines->fd, chunk, sizeof(chunk));
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return LW_IO;
    lw_buf_clear(&lines->waiting);
    lines->at = 0;
    lines->ended = got == 0;
    status = lw_buf_add(&lines->waiting, chunk, (size_t)got);
    lw_zero(chunk, sizeof(chunk));
    return status;
}

enum lw_status lw_lines_next(struct lw_lines *lines)
{
    bool any = false, too_long = false;
    enum lw_status status;

    lw_buf_clear(&lines->line);
    for (;;) {
        if (lines->at == lines->waiting.len) {
            if (lines->ended)
                break;
            status = fill(lines);
            if (status != LW_OK)
                return status;
            continue;
        }
        const char *from = lines->waiting.data + lines->at;
        size_t left = lines->waiting.len - lines->at;
        const char *end = memchr(from, '\n', left);
        size_t take = end == NULL ? left : (size_t)(end - from);

        any = true;
        lines->at += take + (end != NULL);
        too_long = too_long || lines->line.len + take > lines->limit;
        if (!too_long) {
            status = lw_buf_add(&lines->line, from, take);
            if (status != LW_OK)
                return status;
        }
        if (end != NULL)
            break;
    }
    if (!any)
        return LW_DONE;
    lines->number++;
    return too_long ? LW_TOO_LONG : LW_OK;
}

void lw_lines_free(struct lw_lines *lines)
{
    lw_buf_free(&lines->waiting);
    lw_buf_free(&lines->line);
}
