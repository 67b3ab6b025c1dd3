/*
 * Randomness that repeats: a campaign started again with the same seed draws the same pages, keys
 * and nonces, and makes the same choices. Replaces libsodium's generator for the whole test
 * program, so it has to come before lw_crypto_start. Include it in one file of a test program only.
 */
#ifndef LW_TEST_SEEDED_H
#define LW_TEST_SEEDED_H

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct seeded {
    unsigned char key[crypto_stream_chacha20_KEYBYTES];
    uint64_t block;
    size_t used;
    unsigned char ready[1024];
};

static struct seeded seeded_program; /* what the code under test draws from */
static struct seeded seeded_choices; /* what the campaign itself decides by */

static void seeded_init(struct seeded *stream, uint64_t seed, const char *purpose)
{
    memset(stream, 0, sizeof *stream);
    crypto_generichash(stream->key, sizeof stream->key, (const unsigned char *)&seed, sizeof seed,
                       (const unsigned char *)purpose, strlen(purpose));
    stream->used = sizeof stream->ready;
}

static void seeded_take(struct seeded *stream, void *out, size_t len)
{
    unsigned char *at = out;

    while (len > 0) {
        if (stream->used == sizeof stream->ready) {
            unsigned char nonce[crypto_stream_chacha20_NONCEBYTES] = {0};
            memcpy(nonce, &stream->block, sizeof stream->block);
            stream->block++;
            crypto_stream_chacha20(stream->ready, sizeof stream->ready, nonce, stream->key);
            stream->used = 0;
        }
        size_t left = sizeof stream->ready - stream->used;
        size_t part = len < left ? len : left;
        memcpy(at, stream->ready + stream->used, part);
        stream->used += part;
        at += part;
        len -= part;
    }
}

static const char *seeded_name(void)
{
    return "seeded";
}

static uint32_t seeded_random(void)
{
    uint32_t value;

    seeded_take(&seeded_program, &value, sizeof value);
    return value;
}

static void seeded_buf(void *out, size_t len)
{
    seeded_take(&seeded_program, out, len);
}

static void seeded_start(uint64_t seed)
{
    static randombytes_implementation implementation = {
        .implementation_name = seeded_name, .random = seeded_random, .buf = seeded_buf};

    seeded_init(&seeded_program, seed, "program");
    seeded_init(&seeded_choices, seed, "choices");
    if (randombytes_set_implementation(&implementation) != 0 || sodium_init() < 0)
        abort();
}

/* One of the campaign's own choices, in [0, limit); limit > 0. */
static inline uint32_t choose(uint32_t limit)
{
    uint64_t value;

    seeded_take(&seeded_choices, &value, sizeof value);
    return (uint32_t)(value % limit);
}

#endif
