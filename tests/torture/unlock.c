/*
 * Two images of one vault, before and after one unlock: was it by the ordinary passphrase or by the
 * duress one? The second image is taken where an unlock that is the same for every passphrase ends,
 * at the second sync of the header. Asked without any key, and with the key of the duress
 * passphrase, which opens both images in both cases.
 *
 * Beside what a classifier finds, some things must hold for each pair: nothing but the header
 * changed, of the header every slot and the filling behind them, and the holder of the key sees one
 * slot, one lane and the next generation.
 *
 * Chance: as in randomness_tell.h, for two judgements of two kinds each.
 */
#include "randomness_tell.h"

#include "vault/files.h"
#include "vault/keys.h"

#include "io_hooks.h"
#include "seeded.h"

#include <sys/stat.h>

enum { SHORT_PAIRS = 120, LONG_PAIRS = 1000, PAGES = LW_VAULT_MIN / LW_PAGE };
enum { COPIES = 4 }; /* A and B before, A and B after */

/* Without a key, of the header alone; the rest must not have changed at all. */
enum {
    SLOTS = COPY_COUNT * LW_SLOTS,
    PLAIN_SAME = 0,                /* each slot: bytes that are the same before and after */
    PLAIN_FILLING = SLOTS,         /* and behind the slots, A and B */
    PLAIN_CHI = PLAIN_FILLING + 2, /* of A and B after, and of the difference of A and B */
    PLAIN_ONES = PLAIN_CHI + 4,    /* ones in the difference of before and after, A and B */
    PLAIN_ALIKE = PLAIN_ONES + 2,  /* A and B before, A and B after */
    PLAIN_NUMBERS = PLAIN_ALIKE + 2
};

/* With the key. */
enum {
    KEY_SLOT, /* its number; whether it stayed */
    KEY_STAYED,
    KEY_LANE,
    KEY_STEP, /* of the generation, from before to A and to B */
    KEY_STEP_B,
    KEY_APART, /* generations of A and B before */
    KEY_KNOWN, /* slots known, lanes known, after */
    KEY_LANES,
    KEY_FLAGS, /* lanes named for slots that are not known */
    KEY_SAME,  /* bytes of keys of unknown slots that are the same before and after, A, B */
    KEY_SAME_B,
    KEY_SAME_AB, /* and in A and B after */
    KEY_OTHER,   /* of the other lane's key, likewise */
    KEY_OTHER_B,
    KEY_OTHER_AB,
    KEY_OPENS, /* slots of the image before that the keys of the image after open, and back */
    KEY_OPENED,
    KEY_NUMBERS
};

static const char *const key_names[KEY_NUMBERS] = {"slot",
                                                   "slot stayed",
                                                   "lane",
                                                   "generation step",
                                                   "generation step of B",
                                                   "copies apart",
                                                   "slots known",
                                                   "lanes known",
                                                   "lanes of unknown slots",
                                                   "unknown keys that stay",
                                                   "in B",
                                                   "in A and B",
                                                   "other lane's key stays",
                                                   "in B",
                                                   "in A and B",
                                                   "opens earlier",
                                                   "opens later"};

static const char owner_words[] = "heron tussock lantern ferry";
static const char duress_words[] = "meadow copper violin sugar";
static unsigned faults;

static void bad(unsigned pair, const char *what)
{
    if (faults++ < 20)
        printf("bad: pair %u: %s\n", pair, what);
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    printf("%s failed\n", what);
    exit(2);
}

/* ---- a vault with some past ---- */

static struct {
    bool cutting;
    unsigned writes_left;
} cut;

/* A process that is killed between its writes: what comes later does not reach the file. */
static bool before_call(const struct io_call *call, ssize_t *result)
{
    if (call->kind == IO_SYNC) {
        *result = 0;
        return true;
    }
    if (call->kind != IO_WRITE && call->kind != IO_WRITE_SYNCED)
        return false;
    *result = (ssize_t)call->len;
    if (cut.cutting && cut.writes_left == 0)
        return true;
    cut.writes_left -= cut.cutting;
    *result = pwrite(call->fd, call->data, call->len, call->offset);
    return true;
}

static struct lw_passphrase *words_of(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    must(pass != NULL, "a passphrase");
    for (; *text; text++)
        (void)lw_passphrase_push(pass, (uint8_t)*text);
    return pass;
}

static struct lw_vault *unlock(const char *path, const char *words)
{
    struct lw_passphrase *pass = words_of(words);
    struct lw_vault *vault = NULL;
    enum lw_status status = lw_vault_open(path, pass, lw_kdf_profile_find("test"), &vault, NULL);

    must(status == LW_OK || cut.cutting, "an unlock");
    lw_passphrase_free(pass);
    return status == LW_OK ? vault : NULL;
}

static void add_members(struct lw_vault *vault, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char words[40];
        struct lw_passphrase *pass;

        (void)snprintf(words, sizeof words, "another passphrase, number %u", i);
        pass = words_of(words);
        must(lw_vault_passphrase_add(vault, pass, NULL) == LW_OK, "one more passphrase");
        lw_passphrase_free(pass);
    }
}

static void make_vault(const char *path)
{
    struct lw_passphrase *owner = words_of(owner_words), *duress = words_of(duress_words);
    const struct lw_passphrase *const kept[] = {owner};
    const struct lw_build_plan plan = {.bytes = LW_VAULT_MIN,
                                       .profile = lw_kdf_profile_find("test"),
                                       .kept = kept,
                                       .kept_count = 1,
                                       .duress = duress};
    struct lw_build *build;
    struct lw_vault *vault;

    (void)unlink(path);
    must(lw_build_create(path, &plan, NULL, &build, NULL) == LW_OK, "a vault");
    must(lw_build_publish(build, &vault, NULL) == LW_OK, "its name");
    add_members(vault, choose(3) == 0 ? choose(6) : 0);
    lw_vault_close(vault);
    lw_passphrase_free(owner);
    lw_passphrase_free(duress);
    for (unsigned i = choose(4); i > 0; i--)
        lw_vault_close(unlock(path, owner_words));
    cut.cutting = choose(5) == 0; /* the last unlock was cut off between the copies */
    cut.writes_left = 1;
    if (cut.cutting)
        lw_vault_close(unlock(path, owner_words));
    cut.cutting = false;
}

static void read_image(const char *path, uint8_t *image)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    must(fd >= 0 && lw_file_read_at(fd, image, LW_VAULT_MIN, 0) == LW_OK, "reading an image");
    close(fd);
}

/* ---- without a key ---- */

static double same_bytes(const uint8_t *a, const uint8_t *b, size_t len)
{
    unsigned same = 0;

    for (size_t i = 0; i < len; i++)
        same += a[i] == b[i];
    return same;
}

static double chi_square(const uint8_t *a, const uint8_t *b)
{
    unsigned count[256] = {0};
    double expected = LW_PAGE / 256.0, sum = 0;

    for (size_t i = 0; i < LW_PAGE; i++)
        count[(uint8_t)(a[i] ^ (b ? b[i] : 0))]++;
    for (unsigned i = 0; i < 256; i++)
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    return sum;
}

static double ones_apart(const uint8_t *a, const uint8_t *b)
{
    unsigned ones = 0;

    for (size_t i = 0; i < LW_PAGE; i++)
        for (unsigned apart = a[i] ^ b[i]; apart; apart &= apart - 1)
            ones++;
    return ones;
}

static void look_plainly(const uint8_t *before, const uint8_t *after, double *number)
{
    const uint8_t *a = before + LW_PAGE, *b = after + LW_PAGE;
    const size_t filled = (size_t)LW_SLOTS * SLOT_BYTES;

    for (size_t i = 0; i < SLOTS; i++) {
        size_t at = i / LW_SLOTS * LW_PAGE + i % LW_SLOTS * SLOT_BYTES;
        number[PLAIN_SAME + i] = same_bytes(a + at, b + at, SLOT_BYTES);
    }
    for (size_t i = 0; i < COPY_COUNT; i++) {
        size_t at = i * LW_PAGE;
        number[PLAIN_FILLING + i] = same_bytes(a + at + filled, b + at + filled, LW_PAGE - filled);
        number[PLAIN_CHI + i] = chi_square(b + at, NULL);
        number[PLAIN_CHI + 2 + i] = chi_square(a + at, b + at);
        number[PLAIN_ONES + i] = ones_apart(a + at, b + at);
    }
    number[PLAIN_ALIKE] = same_bytes(a, a + LW_PAGE, LW_PAGE);
    number[PLAIN_ALIKE + 1] = same_bytes(b, b + LW_PAGE, LW_PAGE);
}

/* 504 bytes of a slot have two in common by chance; forty, not once in 10^30. */
static void check_plainly(unsigned pair, const uint8_t *before, const uint8_t *after,
                          const double *number)
{
    for (size_t i = 0; i < PAGES; i++) {
        bool header = i == PAGE_HEADER_A || i == PAGE_HEADER_B;
        if (!header && memcmp(before + i * LW_PAGE, after + i * LW_PAGE, LW_PAGE) != 0)
            bad(pair, "something else than the header changed before its second sync");
    }
    for (size_t i = 0; i < SLOTS; i++)
        if (number[PLAIN_SAME + i] > 40)
            bad(pair, "a slot was not written anew");
    if (number[PLAIN_FILLING] > 20 || number[PLAIN_FILLING + 1] > 20)
        bad(pair, "the filling of a copy was not written anew");
}

/* ---- with the key of the duress passphrase ---- */

static double same_unknown(const struct keyring *a, const struct keyring *b)
{
    double same = 0;

    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (!a->slot[i].known && !b->slot[i].known)
            same += same_bytes(a->slot[i].key, b->slot[i].key, LW_KEY);
    return same;
}

static double same_other(const struct keyring *a, const struct keyring *b)
{
    unsigned other = 1 - a->own_lane;

    return same_bytes(a->lane_key[other], b->lane_key[other], LW_KEY);
}

/* Whatever stands in the keyring for slots, known or not, tried on a header. */
static double opens(const struct keyring *ring, const uint8_t *image, const uint8_t id[LW_ID])
{
    bool whole;
    unsigned held = 0;

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        held += (unsigned)__builtin_popcount(keyring_held(ring, image + LW_PAGE, id, copy, &whole));
    return held;
}

static void numbers_with_key(struct keyring *const ring[COPIES], const uint8_t *before,
                             const uint8_t *after, const uint8_t id[LW_ID], double *number)
{
    const struct keyring *a = ring[0], *b = ring[1], *c = ring[2], *d = ring[3];
    uint64_t newest = a->generation > b->generation ? a->generation : b->generation;

    number[KEY_SLOT] = c->own_slot;
    number[KEY_STAYED] = a->own_slot == c->own_slot;
    number[KEY_LANE] = c->own_lane;
    number[KEY_STEP] = (double)(int64_t)(c->generation - newest);
    number[KEY_STEP_B] = (double)(int64_t)(d->generation - newest);
    number[KEY_APART] = (double)(int64_t)(a->generation - b->generation);
    number[KEY_LANES] = keyring_knows_lane(c, 0) + keyring_knows_lane(c, 1);
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        number[KEY_KNOWN] += c->slot[i].known;
        number[KEY_FLAGS] += !c->slot[i].known && c->slot[i].lane != 0;
    }
    number[KEY_SAME] = same_unknown(a, c);
    number[KEY_SAME_B] = same_unknown(b, d);
    number[KEY_SAME_AB] = same_unknown(c, d);
    number[KEY_OTHER] = same_other(a, c);
    number[KEY_OTHER_B] = same_other(b, d);
    number[KEY_OTHER_AB] = same_other(c, d);
    number[KEY_OPENS] = opens(c, before, id);
    number[KEY_OPENED] = opens(a, after, id);
}

static void look_with_key(unsigned pair, const uint8_t *before, const uint8_t *after,
                          double *number)
{
    struct lw_passphrase *pass = words_of(duress_words);
    struct slot_keys *keys = slot_keys_new();
    struct keyring *ring[COPIES];
    uint8_t id[LW_ID];

    must(keys && kdf_derive(lw_kdf_profile_find("test"), pass, before, keys, NULL) == LW_OK,
         "keys");
    vault_id(before, id);
    memset(number, 0, KEY_NUMBERS * sizeof *number);
    for (unsigned i = 0; i < COPIES; i++) {
        const uint8_t *image = i < COPY_COUNT ? before : after;

        ring[i] = keyring_new();
        must(ring[i] != NULL, "a keyring");
        if (keyring_find(image + LW_PAGE, id, keys, COPY_BIT(i % COPY_COUNT), ring[i]) != LW_OK)
            bad(pair, "the duress passphrase does not open a copy");
    }
    numbers_with_key(ring, before, after, id, number);
    if (number[KEY_KNOWN] != 1 || number[KEY_LANES] != 1 || number[KEY_FLAGS] != 0)
        bad(pair, "it knows more than its own slot and lane");
    if (number[KEY_STEP] != 1 || number[KEY_STEP_B] != 1)
        bad(pair, "the generation is not the next one");
    if (number[KEY_SAME] + number[KEY_SAME_B] + number[KEY_SAME_AB] > 60)
        bad(pair, "keys of unknown slots were not drawn anew");
    if (number[KEY_OTHER] + number[KEY_OTHER_B] + number[KEY_OTHER_AB] > 30)
        bad(pair, "the key of the unknown lane was not drawn anew");
    for (unsigned i = 0; i < COPIES; i++)
        keyring_free(ring[i]);
    slot_keys_free(keys);
    lw_passphrase_free(pass);
}

/* ---- a round ---- */

static void one_pair(const char *path, unsigned pair, struct told *plain, struct told *key)
{
    static uint8_t before[LW_VAULT_MIN], after[LW_VAULT_MIN];
    bool by_duress = pair % 2 == 1;
    double number[NUMBERS_MOST] = {0};
    struct lw_vault *vault;

    make_vault(path);
    read_image(path, before);
    vault = unlock(path, by_duress ? duress_words : owner_words);
    read_image(path, after);
    must(lw_vault_duress_armed(vault) == !by_duress, "what it opens");
    lw_vault_close(vault);
    look_plainly(before, after, number);
    check_plainly(pair, before, after, number);
    told_add(plain, by_duress, number);
    look_with_key(pair, before, after, number);
    told_add(key, by_duress, number);
}

int main(int count, char **arguments)
{
    static struct told plain = {.name = "duress from normal unlock without a key",
                                .numbers = PLAIN_NUMBERS};
    static struct told key = {.name = "duress from normal unlock with the duress passphrase's key",
                              .names = key_names,
                              .numbers = KEY_NUMBERS};
    char path[512];
    unsigned pairs;

    if (count != 4)
        return 2;
    pairs = strcmp(arguments[2], "long") == 0 ? LONG_PAIRS : SHORT_PAIRS;
    seeded_start(strtoull(arguments[1], NULL, 10));
    (void)randombytes_set_implementation(&randombytes_sysrandom_implementation);
    if (lw_crypto_start() != LW_OK)
        return 2;
    io_hooks.before = before_call;
    (void)snprintf(path, sizeof path, "%s/v", arguments[3]);
    for (unsigned i = 0; i < pairs; i++)
        one_pair(path, i, &plain, &key);
    faults += told_judge(&plain) + told_judge(&key);
    printf("figures pairs=%u bad=%u\n", pairs, faults);
    return faults > 0;
}
