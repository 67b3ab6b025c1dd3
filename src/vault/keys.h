/* Passphrase to keys to keyring: what only the header's code needs. */
#ifndef LW_VAULT_KEYS_H
#define LW_VAULT_KEYS_H

#include "internal.h"

/* ---- passphrase.c ---- */

struct lw_passphrase {
    size_t len;
    uint8_t data[LW_PASSPHRASE_MAX + 8]; /* zero behind len; room for the byte that is too many */
};

/* ---- kdf.c ---- */

/* The keys that one passphrase has for each slot number. In locked memory. */
struct slot_keys {
    uint8_t key[LW_SLOTS][LW_KEY];
};

struct slot_keys *slot_keys_new(void) LW_MUST_USE; /* random keys; NULL: out of memory */
void slot_keys_free(struct slot_keys *keys);

/* Vault id from the salt. */
void vault_id(const uint8_t salt[LW_SALT], uint8_t id[LW_ID]);
/* Argon2id over the passphrase in NFC, then one key for each slot. BAD_DATA: not UTF-8. */
enum lw_status kdf_derive(int profile, const struct lw_passphrase *pass,
                          const uint8_t salt[LW_SALT], struct slot_keys *keys,
                          struct lw_error *err) LW_MUST_USE;

/* ---- keyring.c ---- */

#define SLOT_PLAIN 464
#define SLOT_BYTES (LW_NONCE + SLOT_PLAIN + LW_TAG)

enum { COPY_A = 0, COPY_B = 1, COPY_COUNT = 2 };
#define COPY_BIT(copy) (1u << (copy))
#define BOTH_COPIES    (COPY_BIT(COPY_A) | COPY_BIT(COPY_B))

struct keyring *keyring_new(void) LW_MUST_USE; /* in locked memory, zero; NULL: out of memory */
void keyring_free(struct keyring *ring);

/* Both copies as this keyring has them, everything random in them drawn afresh. */
enum lw_status keyring_encode(const struct keyring *ring, const uint8_t id[LW_ID],
                              uint8_t header[LW_HEADER]) LW_MUST_USE;
#define ALL_SLOTS ((1U << LW_SLOTS) - 1)
/* Takes the keys of those slots, a bit each, from a keyring, whether known there or not. */
void slot_keys_take(struct slot_keys *keys, const struct keyring *ring, unsigned slots);
/* Tries every key on its slot in the copies of the mask, always all of them. Of what opens and
 * names its own key the highest generation goes to *ring; NOT_FOUND leaves *ring as it was. */
enum lw_status keyring_find(const uint8_t header[LW_HEADER], const uint8_t id[LW_ID],
                            const struct slot_keys *keys, unsigned copies,
                            struct keyring *ring) LW_MUST_USE;
/* The known slots that open that copy, as bits; *whole where all do, with the generation of this
 * keyring. The same work for every keyring. */
unsigned keyring_held(const struct keyring *ring, const uint8_t header[LW_HEADER],
                      const uint8_t id[LW_ID], unsigned copy, bool *whole);
/* The first known slot that one of the keys opens, or -1. */
int keyring_slot_of(const struct keyring *ring, const struct slot_keys *keys);
/* A slot that is not known, drawn at random, or -1. */
int keyring_free_slot(const struct keyring *ring);
/* True where both know the same slots and lanes with the same keys. Generations may differ. */
bool keyring_same(const struct keyring *a, const struct keyring *b);

/* ---- header.c ---- */

/* Changes the keyring that was read. It may be called again on a keyring that has the change. */
typedef enum lw_status header_edit(struct keyring *ring, void *context, struct lw_error *err);

/* The one routine that writes a header in place: an unlock (edit NULL) and every change. Fills
 * vault->ring and vault->header. WRONG_PASSPHRASE: no slot opens, nothing was written; REVOKED: it
 * stopped opening meanwhile; BUSY: the header would not hold still. */
enum lw_status header_update(struct lw_vault *vault, const struct slot_keys *keys,
                             header_edit *edit, void *context, struct lw_error *err) LW_MUST_USE;

#endif
