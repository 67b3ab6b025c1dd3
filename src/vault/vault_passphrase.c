/* Adding, changing, recognising a passphrase of an unlocked vault. */
#include "keys.h"

#include <string.h>

struct change {
    const struct slot_keys *keys; /* of the new passphrase */
    unsigned given;               /* slots that it was given by earlier tries, as bits */
};

static enum lw_status refuse_known(struct lw_error *err)
{
    return lw_fail(err, LW_REFUSED,
                   "this passphrase opens the vault already: choose one that is used nowhere");
}

static enum lw_status put_added(struct keyring *ring, void *context, struct lw_error *err)
{
    struct change *change = context;
    int slot = keyring_slot_of(ring, change->keys);

    if (slot >= 0)
        return change->given & (1u << slot) ? LW_OK : refuse_known(err);
    slot = keyring_free_slot(ring);
    if (slot < 0)
        return lw_fail(err, LW_REFUSED,
                       "all %d places for passphrases are taken: remove one that nobody needs",
                       LW_SLOTS);
    ring->slot[slot].known = true;
    ring->slot[slot].lane = (uint8_t)ring->own_lane;
    memcpy(ring->slot[slot].key, change->keys->key[slot], LW_KEY);
    change->given |= 1u << slot;
    return LW_OK;
}

static enum lw_status put_changed(struct keyring *ring, void *context, struct lw_error *err)
{
    struct change *change = context;
    int slot = keyring_slot_of(ring, change->keys);
    unsigned own = ring->own_slot;

    if (slot >= 0 && !(change->given & (1u << slot)))
        return refuse_known(err);
    memcpy(ring->slot[own].key, change->keys->key[own], LW_KEY);
    change->given |= 1u << own;
    return LW_OK;
}

/* The keys with which this session opens its own slot; the others are random. */
static struct slot_keys *own_keys(const struct lw_vault *vault)
{
    struct slot_keys *keys = slot_keys_new();
    unsigned own = vault->ring->own_slot;

    if (keys != NULL)
        memcpy(keys->key[own], vault->ring->slot[own].key, LW_KEY);
    return keys;
}

static enum lw_status change_header(struct lw_vault *vault, const struct lw_passphrase *pass,
                                    header_edit *edit, struct lw_error *err)
{
    struct slot_keys *fresh = slot_keys_new(), *own = own_keys(vault);
    struct change change = {fresh, 0};
    enum lw_status status = LW_NO_MEMORY;

    if (fresh != NULL && own != NULL)
        status = kdf_derive(vault->profile, pass, vault->salt, fresh, err);
    else
        lw_fail(err, status, "out of memory for keys");
    if (status == LW_OK)
        status = header_update(vault, own, edit, &change, err);
    if (status == LW_WRONG_PASSPHRASE) /* the session's own slot is what was not found */
        status = lw_fail(err, LW_REVOKED, "the passphrase of this session no longer opens %s",
                         vault->path);
    else if (status != LW_OK && change.given != 0) /* a copy may have been written */
        lw_error_prefix(err, "try the old passphrase and the new one, either may open it now");
    slot_keys_free(own);
    slot_keys_free(fresh);
    return status;
}

enum lw_status lw_vault_passphrase_add(struct lw_vault *vault, const struct lw_passphrase *added,
                                       struct lw_error *err)
{
    return change_header(vault, added, put_added, err);
}

enum lw_status lw_vault_passphrase_change(struct lw_vault *vault, const struct lw_passphrase *fresh,
                                          struct lw_error *err)
{
    return change_header(vault, fresh, put_changed, err);
}

enum lw_status lw_vault_passphrase_find(struct lw_vault *vault, const struct lw_passphrase *pass,
                                        unsigned *slot, unsigned *lane, struct lw_error *err)
{
    struct slot_keys *keys = slot_keys_new();
    enum lw_status status;
    int found = -1;

    if (keys == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    status = kdf_derive(vault->profile, pass, vault->salt, keys, err);
    if (status == LW_OK) {
        status = vault_still_mine(vault, vault->fd);
        if (status != LW_OK)
            status = vault_not_mine(vault, status, err);
    }
    if (status == LW_OK) {
        found = keyring_slot_of(vault->ring, keys);
        if (found < 0)
            status = lw_fail(err, LW_NOT_FOUND, "this passphrase opens nothing that is known here");
    }
    slot_keys_free(keys);
    if (status != LW_OK)
        return status;
    *slot = (unsigned)found;
    *lane = vault->ring->slot[found].lane;
    return LW_OK;
}
