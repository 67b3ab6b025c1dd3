/* The status table as names, texts and exit codes, and the sentences that go with it. */
#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    const char *name;
    const char *message;
    int exit_code;
};

#define STATUS_ROW(name, message, code) [LW_##name] = {#name, message, code},
static const struct status_row rows[] = {LW_STATUS_TABLE(STATUS_ROW)};
#undef STATUS_ROW

static const struct status_row *row_of(enum lw_status status)
{
    if ((size_t)status >= LW_COUNT_OF(rows))
        status = LW_INTERNAL;
    return &rows[status];
}

const char *lw_status_message(enum lw_status status)
{
    return lw_say(row_of(status)->message);
}

const char *lw_status_name(enum lw_status status)
{
    return row_of(status)->name;
}

int lw_status_exit_code(enum lw_status status)
{
    return row_of(status)->exit_code;
}

enum lw_status lw_status_of_errno(int number, enum lw_status otherwise)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return LW_FULL;
    case EROFS:
        return LW_READ_ONLY;
    case ENOMEM:
        return LW_NO_MEMORY;
    default:
        return otherwise;
    }
}

/* Drops a code point that the end of the array cut in two. */
static void trim_cut_codepoint(char *text)
{
    size_t len = strlen(text);
    size_t start = len;
    uint32_t codepoint;

    while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return;
    start--;
    if (lw_utf8_decode(text + start, len - start, &codepoint) == 0)
        text[start] = '\0';
}

static size_t room_left(const struct lw_error *err, size_t used)
{
    return used < sizeof(err->text) ? sizeof(err->text) - used : 0;
}

/* What vsnprintf says it wanted to write, as a position that stays in the array. */
static size_t advance(const struct lw_error *err, size_t used, int written)
{
    size_t last = sizeof(err->text) - 1;

    if (written < 0 || (size_t)written > last - used)
        return last;
    return used + (size_t)written;
}

/* The sentence is made aside first, since an argument may be err->text itself. */
LW_PRINTF(3, 0)
static void put_sentence(struct lw_error *err, const char *tail, const char *format, va_list args)
{
    struct lw_error made = {.text = ""};
    int written = vsnprintf(made.text, sizeof(made.text), lw_say(format), args);
    size_t used = advance(err, 0, written);

    if (tail && *tail)
        used = advance(err, used, snprintf(made.text + used, room_left(err, used), ": %s", tail));
    if (used == sizeof(made.text) - 1)
        trim_cut_codepoint(made.text);
    memcpy(err->text, made.text, sizeof(err->text));
    lw_zero(&made, sizeof(made));
}

enum lw_status lw_fail(struct lw_error *err, enum lw_status status, const char *format, ...)
{
    va_list args;

    if (!err)
        return status;
    va_start(args, format);
    put_sentence(err, NULL, format, args);
    va_end(args);
    err->status = status;
    return status;
}

enum lw_status lw_fail_errno(struct lw_error *err, enum lw_status status, const char *format, ...)
{
    int number = errno;

    status = lw_status_of_errno(number, status);
    if (err) {
        char reason[128];
        va_list args;

        va_start(args, format);
        put_sentence(err, lw_say(strerror_r(number, reason, sizeof(reason))), format, args);
        va_end(args);
        err->status = status;
    }
    errno = number;
    return status;
}

void lw_error_prefix(struct lw_error *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    put_sentence(err, err->text, format, args);
    va_end(args);
}
