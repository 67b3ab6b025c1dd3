/* The one way out for text. */
#include "out.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FLUSH_AT    16384
#define MIN_COLUMNS 40
#define MAX_COLUMNS 1000

static size_t find_columns(int fd)
{
    const char *text = getenv("COLUMNS");
    struct winsize size;
    uint64_t columns = 0;

    if (text == NULL || !lw_parse_u64(text, strlen(text), MAX_COLUMNS, &columns) || columns == 0) {
        columns = 80;
        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            columns = size.ws_col;
    }
    if (columns > MAX_COLUMNS)
        columns = MAX_COLUMNS;
    return columns < MIN_COLUMNS ? MIN_COLUMNS : (size_t)columns;
}

void lw_out_start(struct lw_out *out, int fd)
{
    *out = (struct lw_out){.fd = fd, .terminal = isatty(fd) == 1, .columns = find_columns(fd)};
}

bool lw_out_gone(const struct lw_out *out)
{
    return out->closed || out->status != LW_OK;
}

static void give_up(struct lw_out *out, enum lw_status status, int error)
{
    lw_buf_clear(&out->waiting);
    if (error == EPIPE) {
        out->closed = true;
    } else if (out->status == LW_OK) {
        out->status = status;
        out->error = error;
    }
}

void lw_out_flush(struct lw_out *out)
{
    enum lw_status status;

    if (out->waiting.len == 0)
        return;
    errno = 0;
    status = lw_fd_write(out->fd, out->waiting.data, out->waiting.len);
    if (status != LW_OK)
        give_up(out, status, errno);
    lw_buf_clear(&out->waiting);
}

void lw_out_flush_now(struct lw_out *out)
{
    struct pollfd room = {.fd = out->fd, .events = POLLOUT};

    if (poll(&room, 1, 0) != 0)
        lw_out_flush(out);
}

static void note(struct lw_out *out, enum lw_status status)
{
    if (status != LW_OK)
        give_up(out, status, 0);
    else if (out->waiting.len >= FLUSH_AT)
        lw_out_flush(out);
}

static void put(struct lw_out *out, const char *text, size_t len, bool multiline)
{
    if (!lw_out_gone(out))
        note(out, lw_text_clean(text, len, multiline, &out->waiting));
}

void lw_out_bytes(struct lw_out *out, const char *text, size_t len)
{
    put(out, text, len, false);
}

void lw_out_text(struct lw_out *out, const char *text)
{
    put(out, text, strlen(text), false);
}

/* "\r\n" of CSV stays; a carriage return anywhere else is a control character like others. */
void lw_out_lines(struct lw_out *out, const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end == NULL ? len : (size_t)(end - text);
        bool both = end != NULL && line > 0 && text[line - 1] == '\r';

        put(out, text, both ? line - 1 : line, true);
        if (end == NULL)
            return;
        lw_out_control(out, both ? "\r\n" : "\n");
        text += line + 1;
        len -= line + 1;
    }
}

void lw_out_spaces(struct lw_out *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(out, " ", 1, false);
}

void lw_out_newline(struct lw_out *out)
{
    put(out, "\n", 1, true);
}

void lw_out_control(struct lw_out *out, const char *sequence)
{
    if (!lw_out_gone(out))
        note(out, lw_buf_adds(&out->waiting, sequence));
}

void lw_out_line(struct lw_out *out, const char *format, ...)
{
    char small[256];
    char *text = small;
    va_list args;
    int len;

    format = lw_say(format);
    va_start(args, format);
    len = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (len < 0) {
        give_up(out, LW_INTERNAL, 0);
        return;
    }
    if ((size_t)len >= sizeof(small)) {
        text = malloc((size_t)len + 1);
        if (text == NULL) {
            give_up(out, LW_NO_MEMORY, 0);
            return;
        }
        va_start(args, format);
        vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
    }
    lw_out_text(out, text);
    lw_out_newline(out);
    if (text != small)
        lw_text_free(text);
    lw_zero(small, sizeof(small));
}

/* One line of already clean text, without newline in it. */
static void wrap_line(struct lw_out *out, size_t *at, size_t hang, const char *text, size_t len)
{
    size_t next;

    do {
        size_t room = out->columns > *at + 1 ? out->columns - *at : 8;
        size_t take = lw_utf8_break(text, len, room, &next);

        lw_out_bytes(out, text, take);
        lw_out_newline(out);
        text += next;
        len -= next;
        *at = hang;
        if (len > 0)
            lw_out_spaces(out, hang);
    } while (len > 0);
}

void lw_out_wrap(struct lw_out *out, size_t at, size_t hang, const char *text)
{
    const char *line;

    if (lw_out_gone(out))
        return;
    lw_buf_clear(&out->scratch);
    note(out, lw_text_clean(text, strlen(text), true, &out->scratch));
    if (lw_out_gone(out))
        return;
    line = lw_buf_text(&out->scratch);
    for (;;) {
        size_t len = strcspn(line, "\n");

        wrap_line(out, &at, hang, line, len);
        line += len;
        if (*line == '\0' || *++line == '\0')
            break;
        lw_out_spaces(out, hang);
    }
}

enum lw_status lw_out_finish(struct lw_out *out, struct lw_error *err)
{
    lw_out_flush(out);
    if (out->status == LW_OK)
        return LW_OK;
    if (out->error == 0)
        return lw_fail(err, out->status, "output stopped: %s", lw_status_message(out->status));
    errno = out->error;
    return lw_fail_errno(err, LW_IO, "output cannot be written");
}

void lw_out_free(struct lw_out *out)
{
    lw_buf_free(&out->waiting);
    lw_buf_free(&out->scratch);
}
