/* What the fuzz targets share: input taken as choices, changes to bytes, and what must hold. */
#ifndef LW_TEST_FUZZ_H
#define LW_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert it is always there, and says what did not hold. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "bad: %s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* Little-endian number of so many bytes; what is not there reads as zero. */
static inline uint64_t fuzz_number(struct fuzz_input *in, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes && in->left > 0; i++, in->at++, in->left--)
        value |= (uint64_t)*in->at << (8 * i);
    return value;
}

/* One change of bytes: two for the offset, one for the length (1 to 8), then the bytes. */
static inline void fuzz_patch(struct fuzz_input *in, uint8_t *bytes, size_t size)
{
    size_t offset = (size_t)fuzz_number(in, 2) % size;
    size_t len = (size_t)fuzz_number(in, 1) % 8 + 1;

    for (size_t i = 0; i < len && in->left > 0 && offset + i < size; i++)
        bytes[offset + i] = (uint8_t)fuzz_number(in, 1);
}

#endif
