/* The bytes of a header copy: who sees what, what differs at every write, what is refused. */
#include "vault_fixture.h"

#include <dlfcn.h>

/* ---- how much is deciphered: libsodium's own calls, counted ---- */

static unsigned long long deciphered;

int crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *plain, unsigned long long *plain_len,
                                               unsigned char *unused, const unsigned char *cipher,
                                               unsigned long long len, const unsigned char *ad,
                                               unsigned long long ad_len,
                                               const unsigned char *nonce, const unsigned char *key)
{
    static __typeof__(crypto_aead_xchacha20poly1305_ietf_decrypt) *real;
    int result;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "crypto_aead_xchacha20poly1305_ietf_decrypt");
    result = real(plain, plain_len, unused, cipher, len, ad, ad_len, nonce, key);
    deciphered += result == 0 ? len - LW_TAG : 0;
    return result;
}

int crypto_stream_chacha20_ietf_xor_ic(unsigned char *out, const unsigned char *in,
                                       unsigned long long len, const unsigned char *nonce,
                                       uint32_t block, const unsigned char *key)
{
    static __typeof__(crypto_stream_chacha20_ietf_xor_ic) *real;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "crypto_stream_chacha20_ietf_xor_ic");
    deciphered += len;
    return real(out, in, len, nonce, block, key);
}

static struct keyring *sample(bool armed)
{
    struct keyring *ring = keyring_new();

    assert_non_null(ring);
    lw_random(ring, sizeof *ring);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        ring->slot[i].known = false;
        ring->slot[i].lane = 0;
    }
    ring->own_slot = 5;
    ring->own_lane = 1;
    ring->generation = 77;
    ring->slot[5].known = true;
    ring->slot[5].lane = 1;
    ring->slot[2].known = true;
    ring->slot[2].lane = 1;
    if (armed)
        ring->slot[6].known = true; /* lane 0 */
    return ring;
}

static struct slot_keys *key_of(const struct keyring *ring, unsigned slot)
{
    struct slot_keys *keys = slot_keys_new();

    assert_non_null(keys);
    memcpy(keys->key[slot], ring->slot[slot].key, LW_KEY);
    return keys;
}

static enum lw_status find_as(const uint8_t header[LW_HEADER], const uint8_t *id,
                              const struct keyring *ring, unsigned slot, unsigned copies,
                              struct keyring *out)
{
    struct slot_keys *keys = key_of(ring, slot);
    enum lw_status status = keyring_find(header, id, keys, copies, out);

    slot_keys_free(keys);
    return status;
}

/* The payload of a slot in clear, straight after the offsets of the format. */
static void decrypt(const uint8_t header[LW_HEADER], const uint8_t id[LW_ID], unsigned copy,
                    unsigned slot, const uint8_t key[LW_KEY], uint8_t plain[SLOT_PLAIN])
{
    const uint8_t *at = header + copy * LW_PAGE + slot * 504;
    uint8_t ad[36];

    memcpy(ad, id, 32);
    ad[32] = 1;
    ad[33] = 0x4B;
    ad[34] = (uint8_t)copy;
    ad[35] = (uint8_t)slot;
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, at + 24, 480, ad,
                                                                36, at, key),
                     0);
}

static void owner_gets_everything(void **state)
{
    uint8_t header[LW_HEADER], id[LW_ID] = {1};
    struct keyring *ring = sample(true), *out = keyring_new();

    (void)state;
    assert_ok(keyring_encode(ring, id, header));
    for (unsigned copies = 1; copies <= 3; copies++) {
        assert_ok(find_as(header, id, ring, 2, copies, out));
        assert_true(keyring_same(ring, out));
        assert_int_equal(out->own_slot, 2);
        assert_int_equal(out->own_lane, 1);
        assert_int_equal(out->generation, 77);
        assert_true(keyring_knows_lane(out, 0));
    }
    keyring_free(out);
    keyring_free(ring);
}

static void duress_gets_itself_alone(void **state)
{
    uint8_t header[LW_HEADER], id[LW_ID] = {2};
    struct keyring *ring = sample(true), *out = keyring_new();

    (void)state;
    assert_ok(keyring_encode(ring, id, header));
    assert_ok(find_as(header, id, ring, 6, BOTH_COPIES, out));
    assert_int_equal(out->own_slot, 6);
    assert_int_equal(out->own_lane, 0);
    assert_false(keyring_knows_lane(out, 1));
    assert_memory_equal(out->lane_key[0], ring->lane_key[0], LW_KEY);
    assert_memory_not_equal(out->lane_key[1], ring->lane_key[1], LW_KEY);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        assert_int_equal(out->slot[i].known, i == 6);
        if (i != 6)
            assert_memory_not_equal(out->slot[i].key, ring->slot[i].key, LW_KEY);
    }
    keyring_free(out);
    keyring_free(ring);
}

/* What the duress payload has is what a vault with one passphrase has: the same bytes fixed, zero
 * outside random fields. */
static void duress_payload_has_the_shape_of_a_single_one(void **state)
{
    uint8_t header[LW_HEADER], id[LW_ID] = {3}, plain[SLOT_PLAIN], zero[118] = {0};
    struct keyring *ring = sample(true);

    (void)state;
    assert_ok(keyring_encode(ring, id, header));
    decrypt(header, id, COPY_B, 6, ring->slot[6].key, plain);
    assert_int_equal(plain[0], 1);
    assert_int_equal(plain[1], 6);
    assert_int_equal(plain[2], 0);
    assert_int_equal(plain[3], 0);
    assert_int_equal(lw_get_u48(plain + 4), 77);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        assert_int_equal(plain[74 + 34 * i], i == 6);
        assert_int_equal(plain[74 + 34 * i + 1], 0);
    }
    assert_memory_equal(plain + 346, zero, 118);
    keyring_free(ring);
}

static void unknown_fields_are_fresh_for_every_slot_copy_and_write(void **state)
{
    uint8_t header[2][LW_HEADER], id[LW_ID] = {4}, plain[8][SLOT_PLAIN];
    struct keyring *ring = sample(false);
    unsigned count = 0;

    (void)state;
    for (unsigned write = 0; write < 2; write++) {
        assert_ok(keyring_encode(ring, id, header[write]));
        for (unsigned copy = 0; copy < 2; copy++) {
            decrypt(header[write], id, copy, 2, ring->slot[2].key, plain[count++]);
            decrypt(header[write], id, copy, 5, ring->slot[5].key, plain[count++]);
        }
    }
    for (unsigned a = 0; a < count; a++)
        for (unsigned b = 0; b < a; b++) {
            assert_memory_not_equal(plain[a] + 10, plain[b] + 10, LW_KEY); /* lane 0 */
            assert_memory_equal(plain[a] + 42, plain[b] + 42, LW_KEY);     /* lane 1 */
            for (unsigned i = 0; i < LW_SLOTS; i++) {
                const uint8_t *left = plain[a] + 76 + 34 * i, *right = plain[b] + 76 + 34 * i;

                if (i == 2 || i == 5)
                    assert_memory_equal(left, right, LW_KEY);
                else
                    assert_memory_not_equal(left, right, LW_KEY);
            }
        }
    keyring_free(ring);
}

static void nothing_repeats_in_a_header_or_between_writes(void **state)
{
    uint8_t both[2 * LW_HEADER], id[LW_ID] = {5};
    struct keyring *ring = sample(true);

    (void)state;
    assert_ok(keyring_encode(ring, id, both));
    assert_ok(keyring_encode(ring, id, both + LW_HEADER));
    for (size_t a = 0; a < sizeof both; a += 8)
        for (size_t b = 0; b < a; b += 8)
            assert_int_not_equal(memcmp(both + a, both + b, 8), 0);
    keyring_free(ring);
}

static void slots_are_bound_to_vault_copy_and_number(void **state)
{
    uint8_t header[LW_HEADER], moved[LW_HEADER], id[LW_ID] = {6}, other[LW_ID] = {7};
    struct keyring *ring = sample(true), *out = keyring_new();
    struct slot_keys *keys;

    (void)state;
    assert_ok(keyring_encode(ring, id, header));
    assert_int_equal(find_as(header, other, ring, 2, BOTH_COPIES, out), LW_NOT_FOUND);
    memcpy(moved, header + LW_PAGE, LW_PAGE);
    memcpy(moved + LW_PAGE, header, LW_PAGE);
    assert_int_equal(find_as(moved, id, ring, 2, BOTH_COPIES, out), LW_NOT_FOUND);
    memcpy(moved, header, LW_HEADER);
    memcpy(moved + 3 * SLOT_BYTES, header + 2 * SLOT_BYTES, SLOT_BYTES);
    keys = slot_keys_new();
    memcpy(keys->key[3], ring->slot[2].key, LW_KEY);
    assert_int_equal(keyring_find(moved, id, keys, BOTH_COPIES, out), LW_NOT_FOUND);
    slot_keys_free(keys);
    keyring_free(out);
    keyring_free(ring);
}

static void every_changed_bit_of_a_slot_counts(void **state)
{
    uint8_t header[LW_HEADER], id[LW_ID] = {8};
    struct keyring *ring = sample(true), *out = keyring_new();

    (void)state;
    assert_ok(keyring_encode(ring, id, header));
    for (size_t at = 0; at < SLOT_BYTES; at += 7) {
        uint8_t *byte = header + 2 * SLOT_BYTES + at;

        *byte ^= 0x10;
        assert_int_equal(find_as(header, id, ring, 2, COPY_BIT(COPY_A), out), LW_NOT_FOUND);
        assert_ok(find_as(header, id, ring, 2, BOTH_COPIES, out));
        *byte ^= 0x10;
    }
    keyring_free(out);
    keyring_free(ring);
}

static void the_higher_generation_wins_in_either_copy(void **state)
{
    uint8_t first[LW_HEADER], second[LW_HEADER], mixed[LW_HEADER], id[LW_ID] = {9};
    struct keyring *ring = sample(true), *out = keyring_new();

    (void)state;
    assert_ok(keyring_encode(ring, id, first));
    ring->generation = 78;
    assert_ok(keyring_encode(ring, id, second));
    memcpy(mixed, first, LW_PAGE);
    memcpy(mixed + LW_PAGE, second + LW_PAGE, LW_PAGE);
    assert_ok(find_as(mixed, id, ring, 5, BOTH_COPIES, out));
    assert_int_equal(out->generation, 78);
    memcpy(mixed, second, LW_PAGE);
    memcpy(mixed + LW_PAGE, first + LW_PAGE, LW_PAGE);
    assert_ok(find_as(mixed, id, ring, 5, BOTH_COPIES, out));
    assert_int_equal(out->generation, 78);
    assert_ok(find_as(mixed, id, ring, 5, COPY_BIT(COPY_B), out));
    assert_int_equal(out->generation, 77);
    keyring_free(out);
    keyring_free(ring);
}

/* How many slots open, or are known, must not show in what is done. */
static void the_same_work_however_much_is_known(void **state)
{
    uint8_t id[LW_ID], header[LW_HEADER];
    unsigned long long work[3];

    (void)state;
    lw_random(id, sizeof id);
    for (unsigned i = 0; i < LW_COUNT_OF(work); i++) {
        struct keyring *ring = sample(i > 0), *out = keyring_new();
        bool whole;

        if (i == 2)
            ring->slot[2].known = ring->slot[6].known = false;
        deciphered = 0;
        assert_int_equal(keyring_encode(ring, id, header), LW_OK);
        assert_int_equal(find_as(header, id, ring, 5, BOTH_COPIES, out), LW_OK);
        for (unsigned copy = 0; copy < COPY_COUNT; copy++)
            (void)keyring_held(ring, header, id, copy, &whole);
        assert_true(whole);
        work[i] = deciphered;
        keyring_free(ring);
        keyring_free(out);
    }
    assert_int_equal(work[0], 4ull * LW_SLOTS * SLOT_PLAIN);
    assert_int_equal(work[1], work[0]);
    assert_int_equal(work[2], work[0]);
}

static void free_slots_are_those_that_nobody_has(void **state)
{
    struct keyring *ring = sample(true);
    unsigned seen = 0;

    (void)state;
    for (int i = 0; i < 500; i++) {
        int slot = keyring_free_slot(ring);

        assert_in_range(slot, 0, LW_SLOTS - 1);
        assert_false(ring->slot[slot].known);
        seen |= 1u << slot;
    }
    assert_int_equal(seen, 0xFF & ~(1u << 2 | 1u << 5 | 1u << 6));
    for (unsigned i = 0; i < LW_SLOTS; i++)
        ring->slot[i].known = true;
    assert_int_equal(keyring_free_slot(ring), -1);
    keyring_free(ring);
}

static void slot_of_sees_known_slots_only(void **state)
{
    struct keyring *ring = sample(false);
    struct slot_keys *keys = key_of(ring, 6);

    (void)state;
    assert_int_equal(keyring_slot_of(ring, keys), -1);
    memcpy(keys->key[2], ring->slot[2].key, LW_KEY);
    assert_int_equal(keyring_slot_of(ring, keys), 2);
    slot_keys_free(keys);
    keyring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owner_gets_everything),
        cmocka_unit_test(duress_gets_itself_alone),
        cmocka_unit_test(duress_payload_has_the_shape_of_a_single_one),
        cmocka_unit_test(unknown_fields_are_fresh_for_every_slot_copy_and_write),
        cmocka_unit_test(nothing_repeats_in_a_header_or_between_writes),
        cmocka_unit_test(slots_are_bound_to_vault_copy_and_number),
        cmocka_unit_test(every_changed_bit_of_a_slot_counts),
        cmocka_unit_test(the_higher_generation_wins_in_either_copy),
        cmocka_unit_test(the_same_work_however_much_is_known),
        cmocka_unit_test(free_slots_are_those_that_nobody_has),
        cmocka_unit_test(slot_of_sees_known_slots_only),
    };

    if (lw_crypto_start() != LW_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
