/* From a passphrase to the keys of the slots. */
#include "keys.h"

#include <string.h>

/* Separates the slot keys from whatever else may once be derived from the master key. */
static const char slot_context[crypto_kdf_CONTEXTBYTES] = {'L', 'W', 's', 'l', 'o', 't', 's', '1'};

int lw_kdf_profile_find(const char *name)
{
    for (size_t i = 0; i < lw_kdf_profile_count; i++)
        if (strcmp(lw_kdf_profiles[i].name, name) == 0)
            return (int)i;
    return -1;
}

struct slot_keys *slot_keys_new(void)
{
    struct slot_keys *keys = sodium_malloc(sizeof *keys);

    if (keys != NULL)
        lw_random(keys, sizeof *keys);
    return keys;
}

void slot_keys_free(struct slot_keys *keys)
{
    sodium_free(keys);
}

void vault_id(const uint8_t salt[LW_SALT], uint8_t id[LW_ID])
{
    crypto_generichash(id, LW_ID, salt, LW_SALT, NULL, 0);
}

static enum lw_status stretch(int profile, const char *text, size_t len,
                              const uint8_t salt[LW_SALT], uint8_t master[LW_KEY],
                              struct lw_error *err)
{
    const struct lw_kdf_profile *cost = &lw_kdf_profiles[profile];

    if (crypto_pwhash(master, LW_KEY, text, len, salt, cost->passes, cost->memory,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        return LW_OK;
    return lw_fail(err, LW_NO_MEMORY,
                   "checking a passphrase needs %zu MiB of free memory: close other programs, or "
                   "use a machine with more",
                   cost->memory >> 20);
}

/* Composed letters and letters with combining marks must give the same key. */
static enum lw_status stretch_composed(int profile, const struct lw_passphrase *pass,
                                       const uint8_t salt[LW_SALT], uint8_t master[LW_KEY],
                                       struct lw_error *err)
{
    struct lw_buf buf = LW_BUF_INIT;
    enum lw_status status;

    /* NFC is at most three times as long: room for that is taken at once, locked, and never moves.
     */
    status = lw_buf_reserve(&buf, 3 * pass->len + 64);
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory for the passphrase");
    (void)sodium_mlock(buf.data, buf.cap);
    status = lw_utf8_nfc((const char *)pass->data, pass->len, &buf);
    if (status == LW_BAD_DATA)
        (void)lw_fail(err, status,
                      "the passphrase is not UTF-8 text: check the terminal's locale and keyboard");
    else if (status != LW_OK)
        (void)lw_fail(err, status, "out of memory for the passphrase");
    else
        status = stretch(profile, buf.data, buf.len, salt, master, err);
    (void)sodium_munlock(buf.data, buf.cap); /* zeroes as well */
    lw_buf_free(&buf);
    return status;
}

enum lw_status kdf_derive(int profile, const struct lw_passphrase *pass,
                          const uint8_t salt[LW_SALT], struct slot_keys *keys, struct lw_error *err)
{
    enum lw_status status;
    uint8_t *master = sodium_malloc(LW_KEY);

    if (master == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    if (lw_passphrase_has_non_ascii(pass) || memchr(pass->data, 0, pass->len) != NULL)
        status = stretch_composed(profile, pass, salt, master, err);
    else
        status = stretch(profile, (const char *)pass->data, pass->len, salt, master, err);
    for (unsigned slot = 0; status == LW_OK && slot < LW_SLOTS; slot++)
        crypto_kdf_derive_from_key(keys->key[slot], LW_KEY, slot + 1, slot_context, master);
    sodium_free(master);
    return status;
}
