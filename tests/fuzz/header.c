/*
 * The header: a keyring is sealed, then raw bytes are changed, or payloads behind the AEAD, which
 * are sealed again by code of our own. What is read must be what a plain reading of the format
 * says.
 */
#include "bare_vault.h"
#include "fuzz.h"
#include "seeded.h"
#include "vault/keys.h"

enum { AT_LANE_KEYS = 10, AT_SLOTS = 74, SLOT_ENTRY = 34, PATCHES = 24 };

static uint8_t *slot_at(uint8_t *header, unsigned copy, unsigned slot)
{
    return header + copy * LW_PAGE + slot * SLOT_BYTES;
}

static void slot_ad(const struct lw_vault *vault, unsigned copy, unsigned slot,
                    uint8_t ad[LW_ID + 4])
{
    memcpy(ad, vault->id, LW_ID);
    ad[LW_ID] = 1;
    ad[LW_ID + 1] = 0x4B;
    ad[LW_ID + 2] = (uint8_t)copy;
    ad[LW_ID + 3] = (uint8_t)slot;
}

/* Changes the payload of the own slot in one copy. */
static void patch_payload(struct fuzz_input *in, struct lw_vault *vault, unsigned copy,
                          uint8_t plain[SLOT_PLAIN])
{
    const struct keyring *ring = vault->ring;
    uint8_t *at = slot_at(vault->header, copy, ring->own_slot);
    uint8_t ad[LW_ID + 4];

    slot_ad(vault, copy, ring->own_slot, ad);
    fuzz_patch(in, plain, SLOT_PLAIN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(at + LW_NONCE, NULL, plain, SLOT_PLAIN, ad,
                                               sizeof ad, NULL, at, ring->slot[ring->own_slot].key);
}

/* The format, read plainly: does that key open the slot of that copy, and is it a payload? */
static bool read_slot(struct lw_vault *vault, unsigned copy, unsigned slot,
                      const uint8_t key[LW_KEY], uint8_t plain[SLOT_PLAIN])
{
    const uint8_t *at = slot_at(vault->header, copy, slot);
    const uint8_t *own = plain + AT_SLOTS + slot * SLOT_ENTRY;
    uint8_t ad[LW_ID + 4];

    slot_ad(vault, copy, slot, ad);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, NULL, NULL, at + LW_NONCE, SLOT_PLAIN + LW_TAG, ad, sizeof ad, at, key) != 0)
        return false;
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        if (plain[AT_SLOTS + i * SLOT_ENTRY] > 1 || plain[AT_SLOTS + i * SLOT_ENTRY + 1] > 1)
            return false;
    }
    return plain[0] == 1 && plain[1] == slot && plain[2] <= 1 && own[0] == 1 &&
           own[1] == plain[2] && memcmp(own + 2, key, LW_KEY) == 0;
}

/* Do all slots that a payload knows open in its copy, with its generation? */
static bool is_whole(struct lw_vault *vault, unsigned copy, const uint8_t plain[SLOT_PLAIN])
{
    uint8_t other[SLOT_PLAIN];

    for (unsigned i = 0; i < LW_SLOTS; i++) {
        const uint8_t *entry = plain + AT_SLOTS + i * SLOT_ENTRY;

        if (entry[0] == 1 &&
            (!read_slot(vault, copy, i, entry + 2, other) || memcmp(other + 4, plain + 4, 6) != 0))
            return false;
    }
    return true;
}

/* The copy that counts: of those that can be read the newer one, for an unlock a whole one first.
 */
static int best_of(struct lw_vault *vault, uint8_t plain[COPY_COUNT][SLOT_PLAIN], bool whole_first)
{
    const struct keyring *ring = vault->ring;
    bool good[COPY_COUNT], whole[COPY_COUNT];

    for (unsigned copy = 0; copy < COPY_COUNT; copy++) {
        good[copy] =
            read_slot(vault, copy, ring->own_slot, ring->slot[ring->own_slot].key, plain[copy]);
        whole[copy] = good[copy] && whole_first && is_whole(vault, copy, plain[copy]);
    }
    if (!good[0] || !good[1])
        return good[0] ? 0 : good[1] ? 1 : -1;
    if (whole[0] != whole[1])
        return whole[0] ? 0 : 1;
    return lw_get_u48(plain[1] + 4) > lw_get_u48(plain[0] + 4) ? 1 : 0;
}

static void must_be(const struct keyring *found, const uint8_t plain[SLOT_PLAIN])
{
    MUST(found->own_slot == plain[1] && found->own_lane == plain[2]);
    MUST(found->generation == lw_get_u48(plain + 4));
    MUST(memcmp(found->lane_key, plain + AT_LANE_KEYS, sizeof found->lane_key) == 0);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        const uint8_t *entry = plain + AT_SLOTS + i * SLOT_ENTRY;

        MUST(found->slot[i].known == (entry[0] == 1) && found->slot[i].lane == entry[1]);
        MUST(memcmp(found->slot[i].key, entry + 2, LW_KEY) == 0);
    }
}

/* An unlock over those bytes: opens with what counts, or writes nothing. */
static void unlock(struct lw_vault *vault, const struct slot_keys *keys)
{
    off_t at = (off_t)PAGE_HEADER_A * LW_PAGE;
    uint8_t plain[COPY_COUNT][SLOT_PLAIN], before[LW_HEADER], after[LW_HEADER];
    int best = best_of(vault, plain, true);
    struct keyring opened;
    uint64_t next;

    memcpy(before, vault->header, LW_HEADER);
    MUST(lw_file_write_at(vault->fd, before, LW_HEADER, at) == LW_OK);
    MUST(header_update(vault, keys, NULL, NULL, NULL) == (best < 0 ? LW_WRONG_PASSPHRASE : LW_OK));
    MUST(lw_file_read_at(vault->fd, after, LW_HEADER, at) == LW_OK);
    if (best < 0) {
        MUST(memcmp(before, after, LW_HEADER) == 0);
        return;
    }
    next = (lw_get_u48(plain[best] + 4) + 1) & ((UINT64_C(1) << 48) - 1);
    lw_put_u48(plain[best] + 4, next);
    must_be(vault->ring, plain[best]);
    MUST(memcmp(vault->header, after, LW_HEADER) == 0);
    opened = *vault->ring;
    memset(vault->header, 0, 1); /* so that the session has to look again */
    MUST(vault_still_mine(vault, vault->fd) == LW_OK);
    MUST(keyring_same(vault->ring, &opened));
}

static void make_ring(struct fuzz_input *in, struct keyring *ring)
{
    unsigned known = (unsigned)fuzz_number(in, 1), lanes = (unsigned)fuzz_number(in, 1);

    randombytes_buf(ring, sizeof *ring);
    ring->own_slot = (unsigned)fuzz_number(in, 1) % LW_SLOTS;
    ring->own_lane = lanes >> ring->own_slot & 1;
    ring->generation = fuzz_number(in, 6);
    known |= 1u << ring->own_slot;
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        ring->slot[i].known = known >> i & 1;
        ring->slot[i].lane = (uint8_t)(ring->slot[i].known ? lanes >> i & 1 : 0);
    }
}

static void change(struct fuzz_input *in, struct lw_vault *vault, bool raw)
{
    const struct keyring *ring = vault->ring;
    uint8_t plain[COPY_COUNT][SLOT_PLAIN];

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        MUST(read_slot(vault, copy, ring->own_slot, ring->slot[ring->own_slot].key, plain[copy]));
    for (unsigned i = 0; i < PATCHES && in->left > 0; i++) {
        unsigned copy = raw ? 0 : (unsigned)fuzz_number(in, 1) & 1;

        if (raw)
            fuzz_patch(in, vault->header, LW_HEADER);
        else
            patch_payload(in, vault, copy, plain[copy]);
    }
}

static void run(struct fuzz_input *in, struct lw_vault *vault, struct slot_keys *keys)
{
    bool raw = fuzz_number(in, 1) & 1;
    uint8_t plain[COPY_COUNT][SLOT_PLAIN];
    struct keyring found;
    int best;

    make_ring(in, vault->ring);
    MUST(keyring_encode(vault->ring, vault->id, vault->header) == LW_OK);
    change(in, vault, raw);
    randombytes_buf(keys, sizeof *keys);
    memcpy(keys->key[vault->ring->own_slot], vault->ring->slot[vault->ring->own_slot].key, LW_KEY);
    best = best_of(vault, plain, false);
    MUST(keyring_find(vault->header, vault->id, keys, BOTH_COPIES, &found) ==
         (best < 0 ? LW_NOT_FOUND : LW_OK));
    if (best >= 0)
        must_be(&found, plain[best]);
    unlock(vault, keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lw_vault *vault;
    static struct slot_keys *keys;
    struct fuzz_input in = {data, size};

    if (vault == NULL) {
        seeded_start(1);
        vault = bare_vault_new(16, true);
        MUST(lw_file_write_at(vault->fd, vault->salt, LW_SALT, 0) == LW_OK);
        keys = slot_keys_new();
        MUST(keys != NULL);
    }
    seeded_init(&seeded_program, 2, "program");
    run(&in, vault, keys);
    return 0;
}
