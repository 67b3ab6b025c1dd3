/* Which passphrases and lanes the new file knows. */
#include "build.h"

#include <string.h>

enum lw_status plan_check(const struct lw_build_plan *plan, const struct lw_vault *vault,
                          struct lw_error *err)
{
    if (plan->bytes % LW_PAGE != 0 || plan->bytes < LW_VAULT_MIN || plan->bytes > LW_VAULT_MAX)
        return lw_fail(err, LW_USAGE,
                       "a vault has between 4 MiB and 64 GiB, in steps of 4096 bytes");
    if (plan->profile < 0 || (size_t)plan->profile >= lw_kdf_profile_count)
        return lw_fail(err, LW_USAGE, "there is no such key derivation profile");
    if (vault == NULL && (plan->kept_count != 1 || plan->kept == NULL))
        return lw_fail(err, LW_USAGE, "a new vault has exactly one passphrase");
    if (vault != NULL && plan->new_salt && (plan->kept_count == 0 || plan->kept == NULL))
        return lw_fail(err, LW_USAGE, "the passphrase that unlocked the vault has to stay");
    if (vault != NULL && !plan->new_salt && plan->profile != vault->profile)
        return lw_fail(err, LW_USAGE,
                       "the key derivation profile changes only together with the salt");
    return LW_OK;
}

static void forget_slot(struct keyring_slot *slot)
{
    slot->known = false;
    slot->lane = 0;
    lw_random(slot->key, LW_KEY);
}

static void give_slot(struct keyring *ring, unsigned slot, unsigned lane,
                      const struct slot_keys *keys)
{
    ring->slot[slot].known = true;
    ring->slot[slot].lane = (uint8_t)lane;
    memcpy(ring->slot[slot].key, keys->key[slot], LW_KEY);
}

static void ring_clear(struct keyring *ring)
{
    uint64_t start;

    lw_random(&start, sizeof start);
    ring->generation = start >> 17; /* 47 bits, so that counting never wraps */
    lw_random(ring->lane_key, sizeof ring->lane_key);
    for (unsigned i = 0; i < LW_SLOTS; i++)
        forget_slot(&ring->slot[i]);
}

static enum lw_status refuse_duress(struct lw_error *err)
{
    return lw_fail(
        err, LW_REFUSED,
        "the duress passphrase opens the vault already: choose one that is used nowhere");
}

/* The other lane under a new key and with one slot; what had a slot for it before loses it. */
static enum lw_status arm(const struct lw_build_plan *plan, const uint8_t salt[LW_SALT],
                          struct keyring *ring, struct slot_keys *keys, struct lw_error *err)
{
    unsigned other = 1 - ring->own_lane;
    enum lw_status status;
    int slot;

    if (plan->duress == NULL)
        return LW_OK;
    status = kdf_derive(plan->profile, plan->duress, salt, keys, err);
    if (status != LW_OK)
        return status;
    if (keyring_slot_of(ring, keys) >= 0)
        return refuse_duress(err);
    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (ring->slot[i].known && ring->slot[i].lane == other)
            forget_slot(&ring->slot[i]);
    slot = keyring_free_slot(ring);
    if (slot < 0)
        return lw_fail(err, LW_REFUSED,
                       "all %d places for passphrases are taken: remove one that nobody needs",
                       LW_SLOTS);
    lw_random(ring->lane_key[other], LW_KEY);
    give_slot(ring, (unsigned)slot, other, keys);
    return LW_OK;
}

enum lw_status plan_ring_new(const struct lw_build_plan *plan, const uint8_t salt[LW_SALT],
                             struct keyring *ring, struct lw_error *err)
{
    struct slot_keys *keys = slot_keys_new();
    enum lw_status status;

    if (keys == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    ring_clear(ring);
    ring->own_slot = lw_random_below(LW_SLOTS);
    ring->own_lane = lw_random_below(LW_LANES);
    status = kdf_derive(plan->profile, plan->kept[0], salt, keys, err);
    if (status == LW_OK) {
        give_slot(ring, ring->own_slot, ring->own_lane, keys);
        status = arm(plan, salt, ring, keys, err);
    }
    slot_keys_free(keys);
    return status;
}

/* Gives one kept passphrase its old slot under the new salt. */
static enum lw_status keep(const struct lw_build_plan *plan, size_t number,
                           const struct lw_vault *old, const uint8_t salt[LW_SALT],
                           struct keyring *ring, struct slot_keys *keys, struct lw_error *err)
{
    const struct lw_passphrase *pass = plan->kept[number];
    enum lw_status status = kdf_derive(old->profile, pass, old->salt, keys, err);
    int slot;

    if (status != LW_OK)
        return status;
    slot = keyring_slot_of(old->ring, keys);
    if (slot < 0)
        return lw_fail(err, LW_REFUSED, "passphrase %zu of those to keep does not open %s",
                       number + 1, old->path);
    if (number == 0 && (unsigned)slot != old->ring->own_slot)
        return lw_fail(err, LW_REFUSED,
                       "the first passphrase to keep has to be the one that unlocked %s",
                       old->path);
    status = kdf_derive(plan->profile, pass, salt, keys, err);
    if (status == LW_OK)
        give_slot(ring, (unsigned)slot, old->ring->slot[slot].lane, keys);
    return status;
}

/* Fresh lane keys; only who is kept gets a slot. */
static enum lw_status revoke(const struct lw_build_plan *plan, const struct lw_vault *old,
                             const uint8_t salt[LW_SALT], struct keyring *ring,
                             struct slot_keys *keys, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    ring_clear(ring);
    ring->own_slot = old->ring->own_slot;
    ring->own_lane = old->ring->own_lane;
    for (size_t i = 0; status == LW_OK && i < plan->kept_count; i++)
        status = keep(plan, i, old, salt, ring, keys, err);
    return status;
}

/* A passphrase that opens the old file must not become the duress passphrase of the new one. */
static enum lw_status check_duress(const struct lw_build_plan *plan, const struct lw_vault *old,
                                   struct slot_keys *keys, struct lw_error *err)
{
    enum lw_status status;

    if (plan->duress == NULL || !plan->new_salt)
        return LW_OK;
    status = kdf_derive(old->profile, plan->duress, old->salt, keys, err);
    if (status == LW_OK && keyring_slot_of(old->ring, keys) >= 0)
        status = refuse_duress(err);
    return status;
}

enum lw_status plan_ring_next(const struct lw_build_plan *plan, const struct lw_vault *old,
                              const uint8_t salt[LW_SALT], struct keyring *ring,
                              struct lw_error *err)
{
    struct slot_keys *keys = slot_keys_new();
    enum lw_status status;

    if (keys == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    *ring = *old->ring;
    ring->generation++;
    status = check_duress(plan, old, keys, err);
    if (status == LW_OK && plan->new_salt)
        status = revoke(plan, old, salt, ring, keys, err);
    if (status == LW_OK)
        status = arm(plan, salt, ring, keys, err);
    slot_keys_free(keys);
    return status;
}
