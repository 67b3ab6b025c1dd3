/*
 * Replaces the allocator of a test program: the n-th allocation fails, and memory that is given up
 * is searched for a canary. Include it in one file only.
 */
#ifndef LW_TEST_FAILING_MALLOC_H
#define LW_TEST_FAILING_MALLOC_H

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FM_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FM_SANITIZED 1
#endif

#ifdef FM_SANITIZED
#define FM_REAL(name) __interceptor_##name
#else
#define FM_REAL(name) __libc_##name
#endif

void *FM_REAL(malloc)(size_t size);
void *FM_REAL(calloc)(size_t count, size_t size);
void FM_REAL(free)(void *block);

static struct {
    long until_failure; /* LONG_MAX: none; from 0 on every allocation fails */
    int once;           /* only that one fails */
    long live;          /* blocks that were given out and not given back */
    const char *canary; /* NULL: not looked for */
    unsigned found;
} fm = {.until_failure = LONG_MAX};

static int fm_fails(void)
{
    if (fm.until_failure == LONG_MAX)
        return 0;
    if (fm.until_failure > 0) {
        fm.until_failure--;
        return 0;
    }
    if (fm.once)
        fm.until_failure = LONG_MAX;
    errno = ENOMEM;
    return 1;
}

static void *fm_given(void *block)
{
    fm.live += block != NULL;
    return block;
}

/* What is found is erased, so that it is not found again in the next block at that place. */
static void fm_search(void *block)
{
    size_t size = block && fm.canary ? malloc_usable_size(block) : 0;

    if (size == 0 || !memmem(block, size, fm.canary, strlen(fm.canary)))
        return;
    fm.found++;
    explicit_bzero(block, size);
}

void *malloc(size_t size)
{
    return fm_fails() ? NULL : fm_given(FM_REAL(malloc)(size));
}

void *calloc(size_t count, size_t size)
{
    return fm_fails() ? NULL : fm_given(FM_REAL(calloc)(count, size));
}

void *realloc(void *block, size_t size)
{
    void *moved = fm_fails() ? NULL : fm_given(FM_REAL(malloc)(size));

    if (moved && block) {
        size_t old = malloc_usable_size(block);

        memcpy(moved, block, old < size ? old : size);
        free(block);
    }
    return moved;
}

void free(void *block)
{
    fm_search(block);
    fm.live -= block != NULL;
    FM_REAL(free)(block);
}

#endif
