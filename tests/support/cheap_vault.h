/*
 * Vaults for campaigns that unlock some hundred thousand times: Argon2id is replaced by a hash of
 * the same inputs, so that trying all profiles costs nothing. Calls that cannot fail end the
 * program when they do. Include it in one file of a test program only.
 */
#ifndef LW_TEST_CHEAP_VAULT_H
#define LW_TEST_CHEAP_VAULT_H

#include "vault/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In place of libsodium's. */
int crypto_pwhash(unsigned char *const out, unsigned long long out_len, const char *const text,
                  unsigned long long len, const unsigned char *const salt,
                  unsigned long long passes, size_t memory, int algorithm)
{
    const unsigned long long cost[3] = {passes, memory, (unsigned long long)algorithm};
    crypto_generichash_state state;

    crypto_generichash_init(&state, salt, LW_SALT, (size_t)out_len);
    crypto_generichash_update(&state, (const unsigned char *)cost, sizeof cost);
    crypto_generichash_update(&state, (const unsigned char *)text, len);
    return crypto_generichash_final(&state, out, (size_t)out_len);
}

/* Locked memory costs six system calls each time. */
void *sodium_malloc(const size_t size)
{
    return malloc(size);
}

void sodium_free(void *memory)
{
    free(memory);
}

#define must(call)                                                                                 \
    do {                                                                                           \
        enum lw_status must_ = (call);                                                             \
        if (must_ != LW_OK) {                                                                      \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, lw_status_name(must_));  \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

#define must_be(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

static inline struct lw_passphrase *phrase(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    must_be(pass != NULL);
    for (; *text != '\0'; text++)
        must_be(lw_passphrase_push(pass, (uint8_t)*text));
    return pass;
}

/* A new vault with a duress passphrase, and a second one for the owner's lane. */
static inline struct lw_vault *cheap_vault(const char *path, const char *owner, const char *second,
                                           const char *decoy)
{
    struct lw_passphrase *first = phrase(owner), *other = phrase(second), *duress = phrase(decoy);
    const struct lw_passphrase *const kept[] = {first};
    struct lw_build_plan plan = {LW_VAULT_MIN, lw_kdf_profile_find("test"), false, kept, 1, duress, NULL};
    struct lw_build *build;
    struct lw_vault *vault;

    must(lw_build_create(path, &plan, NULL, &build, NULL));
    must(lw_build_publish(build, &vault, NULL));
    must(lw_vault_passphrase_add(vault, other, NULL));
    lw_passphrase_free(first);
    lw_passphrase_free(other);
    lw_passphrase_free(duress);
    return vault;
}

static inline enum lw_status cheap_open(const char *path, const char *text, struct lw_vault **out,
                                        struct lw_error *err)
{
    struct lw_passphrase *pass = phrase(text);
    enum lw_status status = lw_vault_open(path, pass, lw_kdf_profile_find("test"), out, err);

    lw_passphrase_free(pass);
    return status;
}

/* The slot keys of a passphrase under a salt. */
static inline struct slot_keys *cheap_keys(const char *text, const uint8_t salt[LW_SALT])
{
    struct lw_passphrase *pass = phrase(text);
    struct slot_keys *keys = slot_keys_new();

    must_be(keys != NULL);
    must(kdf_derive(lw_kdf_profile_find("test"), pass, salt, keys, NULL));
    lw_passphrase_free(pass);
    return keys;
}

/* The copies that these keys open. */
static inline unsigned copies_opened(const uint8_t header[LW_HEADER], const uint8_t id[LW_ID],
                                     const struct slot_keys *keys, struct keyring *ring)
{
    unsigned mask = 0;

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        if (keyring_find(header, id, keys, COPY_BIT(copy), ring) == LW_OK)
            mask |= COPY_BIT(copy);
    return mask;
}

#endif
