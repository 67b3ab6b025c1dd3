/* One page of the pool or one root: ciphertext 4056 | nonce 24 | tag 16, XChaCha20-Poly1305. */
#include "lane.h"

#include <string.h>

#define PLAIN        (LW_PAGE - LW_NONCE - LW_TAG) /* head 16 and payload 4040 */
#define HEAD         16
#define NONCE_AT     PLAIN
#define TAG_AT       (PLAIN + LW_NONCE)
#define FORMAT       1
#define PURPOSE_PAGE 1
#define PURPOSE_ROOT 2
#define AD_BYTES     (LW_ID + 4)
#define KDF_CONTEXT  "lwlane01"
#define PIN_BASE     (UINT64_C(1) << 62)
#define PIN_SPREAD   ((UINT64_C(1) << 60) - 1)

_Static_assert(HEAD + LW_PAYLOAD == PLAIN, "a page is head, payload, nonce and tag");

struct lane_keys *lane_keys_new(const struct lw_vault *vault, unsigned lane)
{
    struct lane_keys *keys = sodium_malloc(sizeof *keys);
    const uint8_t *key = vault->ring->lane_key[lane];
    uint8_t spread[16];

    if (!keys)
        return NULL;
    crypto_kdf_derive_from_key(keys->pages, sizeof keys->pages, 1, KDF_CONTEXT, key);
    crypto_kdf_derive_from_key(keys->roots, sizeof keys->roots, 2, KDF_CONTEXT, key);
    crypto_kdf_derive_from_key(spread, sizeof spread, 3, KDF_CONTEXT, key);
    keys->pin_base = PIN_BASE + (lw_get_u64(spread) & PIN_SPREAD);
    lw_zero(spread, sizeof spread);
    return keys;
}

static void make_ad(const struct lw_vault *vault, uint8_t purpose, unsigned lane, unsigned which,
                    uint8_t ad[AD_BYTES])
{
    memcpy(ad, vault->id, LW_ID);
    ad[LW_ID] = FORMAT;
    ad[LW_ID + 1] = purpose;
    ad[LW_ID + 2] = (uint8_t)lane;
    ad[LW_ID + 3] = (uint8_t)which;
}

static void head_put(uint8_t *at, const struct page_head *head)
{
    at[0] = head->level;
    at[1] = 0;
    lw_put_u32(at + 2, head->index);
    lw_put_u32(at + 6, head->commit);
    lw_put_u48(at + 10, head->birth);
}

static void head_get(const uint8_t *at, struct page_head *head)
{
    head->level = at[0];
    head->index = lw_get_u32(at + 2);
    head->commit = lw_get_u32(at + 6);
    head->birth = lw_get_u48(at + 10);
}

static void seal(const uint8_t ad[AD_BYTES], const uint8_t key[LW_KEY],
                 const struct page_head *head, const uint8_t payload[LW_PAYLOAD],
                 uint8_t page[LW_PAGE])
{
    uint8_t plain[PLAIN];

    head_put(plain, head);
    memcpy(plain + HEAD, payload, LW_PAYLOAD);
    randombytes_buf(page + NONCE_AT, LW_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(page, page + TAG_AT, NULL, plain, PLAIN, ad,
                                                        AD_BYTES, NULL, page + NONCE_AT, key);
    lw_zero(plain, sizeof plain);
}

static bool open_page(const uint8_t ad[AD_BYTES], const uint8_t key[LW_KEY],
                      const uint8_t page[LW_PAGE], struct page_head *head,
                      uint8_t payload[LW_PAYLOAD])
{
    uint8_t plain[PLAIN];

    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
            plain, NULL, page, PLAIN, page + TAG_AT, ad, AD_BYTES, page + NONCE_AT, key) != 0)
        return false;
    head_get(plain, head);
    memcpy(payload, plain + HEAD, LW_PAYLOAD);
    lw_zero(plain, sizeof plain);
    return true;
}

void page_seal(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const struct page_head *head, const uint8_t payload[LW_PAYLOAD],
               uint8_t page[LW_PAGE])
{
    uint8_t ad[AD_BYTES];

    make_ad(vault, PURPOSE_PAGE, lane, 0, ad);
    seal(ad, keys->pages, head, payload, page);
}

bool page_open(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const uint8_t page[LW_PAGE], struct page_head *head, uint8_t payload[LW_PAYLOAD])
{
    uint8_t ad[AD_BYTES];

    make_ad(vault, PURPOSE_PAGE, lane, 0, ad);
    return open_page(ad, keys->pages, page, head, payload);
}

void page_peek(const struct lane_keys *keys, const uint8_t page[LW_PAGE], struct page_head *head)
{
    uint8_t plain[HEAD];

    /* the AEAD enciphers from block 1 on, block 0 makes the authenticator's key */
    crypto_stream_xchacha20_xor_ic(plain, page, HEAD, page + NONCE_AT, 1, keys->pages);
    head_get(plain, head);
}

const uint8_t *page_tag(const uint8_t page[LW_PAGE])
{
    return page + TAG_AT;
}

void root_seal(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const struct page_head *head, const uint8_t payload[LW_PAYLOAD],
               uint8_t page[LW_PAGE])
{
    uint8_t ad[AD_BYTES];

    make_ad(vault, PURPOSE_ROOT, lane, (unsigned)(head->birth & 1), ad);
    seal(ad, keys->roots, head, payload, page);
}

bool root_open(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               unsigned which, const uint8_t page[LW_PAGE], struct page_head *head,
               uint8_t payload[LW_PAYLOAD])
{
    uint8_t ad[AD_BYTES];

    make_ad(vault, PURPOSE_ROOT, lane, which, ad);
    return open_page(ad, keys->roots, page, head, payload) && head->level == LEVEL_ROOT &&
           (head->birth & 1) == which;
}

void entry_put(uint8_t *at, const struct entry *entry)
{
    lw_put_u32(at, entry->page);
    lw_put_u40(at + 4, entry->birth);
    memcpy(at + 9, entry->tag, LW_TAG);
}

void entry_get(const uint8_t *at, struct entry *entry)
{
    entry->page = lw_get_u32(at);
    entry->birth = lw_get_u40(at + 4);
    memcpy(entry->tag, at + 9, LW_TAG);
}
