/*
 * Looks for a canary in the memory of processes. The scanner never holds it in clear: it is given
 * masked, and what it reads is overwritten.
 */
#ifndef LW_TEST_MEMORY_SCAN_H
#define LW_TEST_MEMORY_SCAN_H

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCAN_MASK  0x5A
#define SCAN_CHUNK (1 << 20)
#define SCAN_HUGE  (UINT64_C(1) << 32) /* a sanitizer's shadow, which holds no data */

struct scan {
    const uint8_t *masked;
    size_t len;
    size_t found;
    uint64_t bytes;
    uint8_t *chunk;
};

static inline void scan_buffer(struct scan *scan, size_t count)
{
    const uint8_t first = scan->masked[0] ^ SCAN_MASK;
    const uint8_t *at = scan->chunk;
    const uint8_t *end = scan->chunk + count;

    while (at + scan->len <= end && (at = memchr(at, first, (size_t)(end - at))) != NULL) {
        size_t same = 0;

        while (same < scan->len && at + same < end && (at[same] ^ SCAN_MASK) == scan->masked[same])
            same++;
        scan->found += same == scan->len;
        at++;
    }
    scan->bytes += count;
    explicit_bzero(scan->chunk, count);
}

static inline void scan_range(struct scan *scan, int memory, uint64_t from, uint64_t to)
{
    while (from + scan->len <= to) {
        uint64_t left = to - from;
        size_t want = left < SCAN_CHUNK ? (size_t)left : SCAN_CHUNK;
        ssize_t got = pread(memory, scan->chunk, want, (off_t)from);

        if (got < (ssize_t)scan->len)
            return;
        scan_buffer(scan, (size_t)got);
        /* the next piece begins before this one ends */
        from += (uint64_t)got == left ? left : (uint64_t)got - scan->len + 1;
    }
}

/* False where the process cannot be read (or is none). */
static inline int scan_process(struct scan *scan, long pid)
{
    char path[64];
    char line[512];
    FILE *maps;
    int memory;

    snprintf(path, sizeof(path), "/proc/%ld/mem", pid);
    memory = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/%ld/maps", pid);
    maps = fopen(path, "re");
    while (maps && memory >= 0 && fgets(line, sizeof(line), maps)) {
        uint64_t from, to;
        char readable;

        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %c", &from, &to, &readable) == 3 &&
            readable == 'r' && to - from < SCAN_HUGE)
            scan_range(scan, memory, from, to);
    }
    if (maps)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return maps && memory >= 0;
}

static inline long scan_parent(long pid)
{
    char path[64];
    char text[512];
    char *after;
    size_t len;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    file = fopen(path, "re");
    if (!file)
        return 0;
    len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    after = strrchr(text, ')');
    return after ? strtol(after + 4, NULL, 10) : 0;
}

/* This process and all below it; returns how many processes were read. */
static inline int scan_family(struct scan *scan)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    int count = 0;

    scan->chunk = malloc(SCAN_CHUNK);
    scan->found = 0;
    scan->bytes = 0;
    while (folder && scan->chunk && (entry = readdir(folder)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10);
        long up = pid;

        while (up > 1 && up != getpid())
            up = scan_parent(up);
        if (up == getpid())
            count += scan_process(scan, pid);
    }
    if (folder)
        closedir(folder);
    free(scan->chunk);
    return count;
}

#endif
