/*
 * The keyring: the bytes of the two header copies.
 *
 * A copy is one page: eight slots of 504 bytes, then 64 random bytes. A slot that nobody of this
 * keyring knows is random. A slot is
 *
 *      0  24  nonce, random
 *     24 464  ciphertext of the payload, XChaCha20-Poly1305 (IETF) under the key of the slot
 *    488  16  tag
 *
 * with 36 bytes of associated data: vault id 32, format version 1, purpose (0x4B) 1, copy (0 is
 * page 1, 1 is page 2) 1, slot number 1. The payload, numbers little-endian:
 *
 *      0   1  format version, 1
 *      1   1  number of this slot
 *      2   1  its lane, 0 or 1
 *      3   1  0
 *      4   6  generation of the header
 *     10  64  keys of lane 0 and lane 1, 32 bytes each; random where the lane is not known
 *     74 272  for each slot, 0 to 7: known (1) or not (0), its lane (0 where not known), its key of
 *             32 bytes (random where not known)
 *    346 118  0
 *
 * The keyring rule. Slots of the writer's own lane get all that the writer knows. Slots of the
 * other lane get the slots and the key of that lane alone, so that who is given such a passphrase
 * sees what the owner of a vault with one passphrase sees.
 *
 * How many slots somebody knows must not show in how long an unlock takes either: what is done for
 * a slot that opens, or is known, is done for every other one too, and thrown away.
 */
#include "keys.h"

#include <string.h>

enum {
    FORMAT_VERSION = 1,
    PURPOSE_SLOT = 0x4B,
    AT_VERSION = 0,
    AT_SLOT = 1,
    AT_LANE = 2,
    AT_GENERATION = 4,
    AT_LANE_KEYS = 10,
    AT_SLOTS = AT_LANE_KEYS + LW_LANES * LW_KEY,
    ENTRY_BYTES = 2 + LW_KEY,
    AD_BYTES = LW_ID + 4
};

_Static_assert(AT_SLOTS + LW_SLOTS * ENTRY_BYTES <= SLOT_PLAIN, "payload fits");
_Static_assert(LW_SLOTS *SLOT_BYTES <= LW_PAGE, "slots fit");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == LW_NONCE, "nonce");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == LW_TAG, "tag");

/* What passes through memory in clear. */
struct scratch {
    uint8_t plain[SLOT_PLAIN];
    uint8_t fresh[SLOT_PLAIN]; /* random, for the fields that are not known */
    uint8_t cipher[SLOT_PLAIN + LW_TAG];
    uint8_t stays[SLOT_PLAIN + LW_TAG]; /* what stands in a slot that stays random */
};

struct keyring *keyring_new(void)
{
    struct keyring *ring = sodium_malloc(sizeof *ring);

    if (ring != NULL)
        sodium_memzero(ring, sizeof *ring);
    return ring;
}

void keyring_free(struct keyring *ring)
{
    sodium_free(ring);
}

bool keyring_knows_lane(const struct keyring *ring, unsigned lane)
{
    bool knows = false;

    for (unsigned i = 0; i < LW_SLOTS; i++)
        knows |= ring->slot[i].known & (ring->slot[i].lane == lane);
    return knows;
}

static void make_ad(const uint8_t id[LW_ID], unsigned copy, unsigned slot, uint8_t ad[AD_BYTES])
{
    memcpy(ad, id, LW_ID);
    ad[LW_ID] = FORMAT_VERSION;
    ad[LW_ID + 1] = PURPOSE_SLOT;
    ad[LW_ID + 2] = (uint8_t)copy;
    ad[LW_ID + 3] = (uint8_t)slot;
}

static size_t slot_offset(unsigned copy, unsigned slot)
{
    return (size_t)copy * LW_PAGE + (size_t)slot * SLOT_BYTES;
}

/* The payload for one slot after the keyring rule. scratch->fresh lends the random fields. */
static void pack(const struct keyring *ring, unsigned slot, struct scratch *scratch)
{
    uint8_t *plain = scratch->plain;
    unsigned reader = ring->slot[slot].lane;
    bool all = reader == ring->own_lane;

    memcpy(plain, scratch->fresh, SLOT_PLAIN);
    memset(plain, 0, AT_LANE_KEYS);
    memset(plain + AT_SLOTS + LW_SLOTS * ENTRY_BYTES, 0,
           SLOT_PLAIN - AT_SLOTS - LW_SLOTS * ENTRY_BYTES);
    plain[AT_VERSION] = FORMAT_VERSION;
    plain[AT_SLOT] = (uint8_t)slot;
    plain[AT_LANE] = (uint8_t)reader;
    lw_put_u48(plain + AT_GENERATION, ring->generation);
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        size_t at = AT_LANE_KEYS + lane * LW_KEY;
        bool shown = keyring_knows_lane(ring, lane) & (all | (lane == reader));

        memcpy(plain + at, shown ? ring->lane_key[lane] : scratch->fresh + at, LW_KEY);
    }
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        const struct keyring_slot *from = &ring->slot[i];
        size_t at = AT_SLOTS + i * ENTRY_BYTES;
        bool shown = from->known & (all | (from->lane == reader));

        plain[at] = shown;
        plain[at + 1] = shown ? from->lane : 0;
        memcpy(plain + at + 2, shown ? from->key : scratch->fresh + at + 2, LW_KEY);
    }
}

static void seal(const struct keyring *ring, const uint8_t id[LW_ID], unsigned copy, unsigned slot,
                 struct scratch *scratch, uint8_t *out)
{
    uint8_t ad[AD_BYTES];

    /* The same random bytes are drawn and the same work is done for slots that stay random. */
    lw_random(scratch->fresh, sizeof scratch->fresh);
    pack(ring, slot, scratch);
    make_ad(id, copy, slot, ad);
    crypto_aead_xchacha20poly1305_ietf_encrypt(scratch->cipher, NULL, scratch->plain, SLOT_PLAIN,
                                               ad, sizeof ad, NULL, out, ring->slot[slot].key);
    memcpy(scratch->stays, out + LW_NONCE, sizeof scratch->stays);
    memcpy(out + LW_NONCE, ring->slot[slot].known ? scratch->cipher : scratch->stays,
           sizeof scratch->cipher);
}

enum lw_status keyring_encode(const struct keyring *ring, const uint8_t id[LW_ID],
                              uint8_t header[LW_HEADER])
{
    struct scratch *scratch = sodium_malloc(sizeof *scratch);

    if (scratch == NULL)
        return LW_NO_MEMORY;
    lw_random(header, LW_HEADER); /* nonces, unknown slots, the rest of the page */
    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        for (unsigned slot = 0; slot < LW_SLOTS; slot++)
            seal(ring, id, copy, slot, scratch, header + slot_offset(copy, slot));
    sodium_free(scratch);
    return LW_OK;
}

/* False where the payload is not one that this version writes, or does not name its own key. */
static bool unpack(const uint8_t plain[SLOT_PLAIN], unsigned slot, const uint8_t key[LW_KEY],
                   struct keyring *ring)
{
    bool good =
        plain[AT_VERSION] == FORMAT_VERSION && plain[AT_SLOT] == slot && plain[AT_LANE] < LW_LANES;

    ring->own_slot = slot;
    ring->own_lane = plain[AT_LANE];
    ring->generation = lw_get_u48(plain + AT_GENERATION);
    memcpy(ring->lane_key, plain + AT_LANE_KEYS, sizeof ring->lane_key);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        const uint8_t *entry = plain + AT_SLOTS + i * ENTRY_BYTES;

        good &= (entry[0] <= 1) & (entry[1] < LW_LANES);
        ring->slot[i].known = entry[0] == 1;
        ring->slot[i].lane = entry[1];
        memcpy(ring->slot[i].key, entry + 2, LW_KEY);
    }
    return good & ring->slot[slot].known & (ring->slot[slot].lane == ring->own_lane) &
           (sodium_memcmp(ring->slot[slot].key, key, LW_KEY) == 0);
}

/* *ring is undefined after false. Decrypting stops at a tag that is not right: what it leaves out
 * then, the same stretch of the stream cipher, is done all the same, and what comes out is read
 * like a payload. */
static bool open_slot(const uint8_t *at, const uint8_t id[LW_ID], unsigned copy, unsigned slot,
                      const uint8_t key[LW_KEY], struct scratch *scratch, struct keyring *ring)
{
    uint8_t ad[AD_BYTES];
    bool opens;

    make_ad(id, copy, slot, ad);
    opens = crypto_aead_xchacha20poly1305_ietf_decrypt(scratch->plain, NULL, NULL, at + LW_NONCE,
                                                       SLOT_PLAIN + LW_TAG, ad, sizeof ad, at,
                                                       key) == 0;
    if (!opens)
        crypto_stream_chacha20_ietf_xor_ic(scratch->plain, at + LW_NONCE, SLOT_PLAIN, at, 1, key);
    return unpack(scratch->plain, slot, key, ring) & opens;
}

void slot_keys_take(struct slot_keys *keys, const struct keyring *ring, unsigned slots)
{
    for (unsigned i = 0; i < LW_SLOTS; i++)
        if ((slots & 1U << i) != 0)
            memcpy(keys->key[i], ring->slot[i].key, LW_KEY);
}

enum lw_status keyring_find(const uint8_t header[LW_HEADER], const uint8_t id[LW_ID],
                            const struct slot_keys *keys, unsigned copies, struct keyring *ring)
{
    struct scratch *scratch = sodium_malloc(sizeof *scratch);
    struct keyring *opened = keyring_new();
    enum lw_status status = LW_NOT_FOUND;

    if (scratch == NULL || opened == NULL)
        status = LW_NO_MEMORY;
    for (unsigned i = 0; status != LW_NO_MEMORY && i < COPY_COUNT * LW_SLOTS; i++) {
        unsigned copy = i / LW_SLOTS, slot = i % LW_SLOTS;

        if (!open_slot(header + slot_offset(copy, slot), id, copy, slot, keys->key[slot], scratch,
                       opened) ||
            !(copies & COPY_BIT(copy)))
            continue;
        if (status == LW_NOT_FOUND || opened->generation > ring->generation)
            *ring = *opened;
        status = LW_OK;
    }
    keyring_free(opened);
    sodium_free(scratch);
    return status;
}

unsigned keyring_held(const struct keyring *ring, const uint8_t header[LW_HEADER],
                      const uint8_t id[LW_ID], unsigned copy, bool *whole)
{
    struct scratch *scratch = sodium_malloc(sizeof *scratch);
    struct keyring *opened = keyring_new();
    bool ready = scratch != NULL && opened != NULL;
    unsigned held = 0;

    *whole = ready;
    for (unsigned slot = 0; ready && slot < LW_SLOTS; slot++) {
        bool opens = open_slot(header + slot_offset(copy, slot), id, copy, slot,
                               ring->slot[slot].key, scratch, opened);
        bool known = ring->slot[slot].known;

        held |= (known & opens) ? 1u << slot : 0;
        *whole &= (!known) | (opens & (opened->generation == ring->generation));
    }
    keyring_free(opened);
    sodium_free(scratch);
    return held;
}

int keyring_slot_of(const struct keyring *ring, const struct slot_keys *keys)
{
    int found = -1;

    for (int i = LW_SLOTS - 1; i >= 0; i--)
        if (sodium_memcmp(ring->slot[i].key, keys->key[i], LW_KEY) == 0 && ring->slot[i].known)
            found = i;
    return found;
}

int keyring_free_slot(const struct keyring *ring)
{
    unsigned unused[LW_SLOTS] = {0}, count = 0;

    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (!ring->slot[i].known)
            unused[count++] = i;
    return count == 0 ? -1 : (int)unused[lw_random_below(count)];
}

bool keyring_same(const struct keyring *a, const struct keyring *b)
{
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        const struct keyring_slot *left = &a->slot[i], *right = &b->slot[i];

        if (left->known != right->known)
            return false;
        if (left->known &&
            (left->lane != right->lane || sodium_memcmp(left->key, right->key, LW_KEY) != 0))
            return false;
    }
    for (unsigned lane = 0; lane < LW_LANES; lane++)
        if (keyring_knows_lane(a, lane) &&
            sodium_memcmp(a->lane_key[lane], b->lane_key[lane], LW_KEY) != 0)
            return false;
    return a->own_lane == b->own_lane;
}
