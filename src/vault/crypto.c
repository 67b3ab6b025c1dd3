/* Start of libsodium, randomness, the hash of revisions. */
#include "internal.h"

enum lw_status lw_crypto_start(void)
{
    return sodium_init() < 0 ? LW_INTERNAL : LW_OK;
}

void lw_random(void *data, size_t len)
{
    randombytes_buf(data, len);
}

uint32_t lw_random_below(uint32_t limit)
{
    return randombytes_uniform(limit);
}

void lw_hash256(const void *data, size_t len, uint8_t hash[LW_HASH])
{
    crypto_generichash(hash, LW_HASH, data, len, NULL, 0);
}
