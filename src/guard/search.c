/* A text in this process's own memory. */
#include "guard.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUGE_RANGE                                                                                 \
    (UINT64_C(1) << 36) /* no memory that holds data, such as a sanitizer's shadow                 \
                         */
#define LINE_ROOM 512

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNWATCHED __attribute__((no_sanitize("address")))
#endif
#endif
#ifndef UNWATCHED
#define UNWATCHED __attribute__((no_sanitize_address))
#endif

/* Byte for byte, so that no copy of what is read is made. */
UNWATCHED static size_t count_in(const volatile uint8_t *at, size_t room, const uint8_t *inverted,
                                 size_t len)
{
    const uint8_t first = inverted[0];
    size_t found = 0;

    for (size_t i = 0; i + len <= room; i++) {
        size_t same = 0;

        if ((at[i] ^ first) != 0xff)
            continue;
        while (same < len && (at[i + same] ^ inverted[same]) == 0xff)
            same++;
        found += same == len;
    }
    return found;
}

/* "FROM-TO rw-p ...", the numbers hexadecimal; what the kernel put there by itself is left out. */
static size_t count_line(const char *line, const uint8_t *inverted, size_t len)
{
    char *end;
    uintptr_t from = (uintptr_t)strtoull(line, &end, 16);
    uintptr_t to = *end == '-' ? (uintptr_t)strtoull(end + 1, &end, 16) : 0;

    if (to <= from || to - from >= HUGE_RANGE || strncmp(end, " rw", 3) != 0 ||
        strstr(line, "[v") != NULL)
        return 0;
    return count_in((const volatile uint8_t *)from, to - from, inverted, len);
}

/* The next line, read in small pieces: the list changes with what is read into. */
static bool next_line(int maps, off_t *at, char line[LINE_ROOM])
{
    ssize_t got = pread(maps, line, LINE_ROOM - 1, *at);
    char *end;

    if (got <= 0)
        return false;
    line[got] = '\0';
    end = strchr(line, '\n');
    if (end == NULL)
        return false;
    *end = '\0';
    *at += end + 1 - line;
    return true;
}

enum lw_status lw_memory_count(int maps, const uint8_t *inverted, size_t len, size_t *count)
{
    char line[LINE_ROOM];
    off_t at = 0;
    size_t found = 0;
    bool any = false;

    while (maps >= 0 && len > 0 && next_line(maps, &at, line)) {
        found += count_line(line, inverted, len);
        any = true;
    }
    if (!any)
        return LW_NO_INPUT;
    *count = found;
    return LW_OK;
}
