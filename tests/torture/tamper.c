/*
 * Tampering: bits, pages and headers are changed in a vault whose content is known; then it is
 * opened by passphrase and read wholly. What it says must be right, or an error that says what is
 * damaged.
 */
#include "tamper_changes.h"

#include <time.h>

enum { SLICES = 8, SALT_BITS = 128, HEADER_BITS = 2 * LW_PAGE * 8 };

/* A root that cannot be read may be just being written, and is read again after a moment. Here
 * nobody writes. */
int nanosleep(const struct timespec *asked, struct timespec *left)
{
    (void)asked;
    (void)left;
    return 0;
}

static struct {
    uint64_t changes, harmless, named, older_root, fell_back, wrong, bad;
} figures;

/* ---- reading, and judging what is read ---- */

static void tamper_bad(const char *what, const char *detail)
{
    if (++figures.bad <= 20)
        printf("bad: change %llu,%s %s%s%s\n", (unsigned long long)figures.changes, change.what,
               what, detail[0] != '\0' ? ": " : "", detail);
}

enum outcome { RIGHT, OLDER, NAMED, WRONG };

static enum outcome wrong(const char *what, const char *detail)
{
    tamper_bad(what, detail);
    return WRONG;
}

static enum outcome named(const char *sentence)
{
    if (sentence[0] == '\0')
        return wrong("an error without a sentence", "");
    return NAMED;
}

static bool says_damage(const char *sentence)
{
    return strstr(sentence, "damaged") != NULL || strstr(sentence, "altered") != NULL;
}

/* May that generation be what a reader is shown? */
static enum outcome judge_generation(const struct lw_lane *lane, unsigned which)
{
    uint64_t shown = lw_lane_generation(lane), last = newest(which)->generation;

    if (shown == last)
        return RIGHT;
    if (content_of(which, shown) == NULL)
        return wrong("a state that never was", "");
    if (change.stale_root)
        return OLDER;
    if (shown + 1 != last)
        return wrong("a state from long ago", "");
    return lw_lane_fell_back(lane) ? OLDER : wrong("the state before, without a word", "");
}

/* Every payload that is given is that of the generation that is said. */
static enum outcome read_lane(struct lw_lane *lane, unsigned which)
{
    const struct content *content = content_of(which, lw_lane_generation(lane));
    struct lw_lane_check report = {0};
    uint8_t payload[LW_PAYLOAD];
    enum outcome outcome = judge_generation(lane, which);
    bool damaged = false;

    if (outcome == WRONG)
        return WRONG;
    if (lw_lane_pages(lane) != content->pages)
        return wrong("another number of pages", "");
    for (uint32_t i = 0; i < content->pages; i++) {
        enum lw_status status = lw_lane_read(lane, i, payload);
        if (status == LW_OK) {
            if (memcmp(payload, content->payload + (size_t)i * LW_PAYLOAD, LW_PAYLOAD) != 0)
                return wrong("wrong data", "");
            continue;
        }
        damaged = true;
        if (status != LW_DAMAGED || !says_damage(lw_lane_error(lane)))
            return wrong("a status that names nothing", lw_lane_error(lane));
    }
    must(lw_lane_check(lane, NULL, &report));
    if (report.bad > 0 && !says_damage(report.first_bad))
        return wrong("the check names nothing", report.first_bad);
    if (damaged && report.bad == 0)
        return wrong("the check finds nothing where reading fails", "");
    return report.bad > 0 ? NAMED : outcome;
}

/* The same through SQLite, which must find it sound or say what is damaged. */
static enum outcome read_rows(struct lw_vault *vault, unsigned which, bool expect_right)
{
    struct lw_store *store = NULL;
    struct lw_error err = {LW_OK, ""};
    uint64_t bad = 0;
    enum lw_status status = lw_store_open(vault, which, LW_LANE_READ, &store, &err);

    if (status == LW_OK)
        status = lw_store_integrity(store, &bad, &err);
    lw_store_close(store);
    if (status != LW_OK)
        return expect_right ? wrong("SQLite cannot read it", err.text) : named(err.text);
    if (bad > 0 && expect_right)
        return wrong("SQLite finds something wrong", err.text);
    return bad > 0 ? named(err.text) : RIGHT;
}

static enum outcome read_one(struct lw_vault *vault, unsigned which, bool with_rows)
{
    struct lw_lane *lane;
    enum lw_status status;
    enum outcome outcome;

    must(lw_lane_open(vault, which, LW_LANE_READ, &lane, NULL));
    status = lw_lane_snapshot(lane);
    if (status == LW_OK)
        outcome = read_lane(lane, which);
    else if (status == LW_DAMAGED && says_damage(lw_lane_error(lane)))
        outcome = NAMED;
    else
        outcome = wrong("a status that names nothing", lw_lane_error(lane));
    lw_lane_close(lane);
    if (with_rows && outcome != WRONG &&
        read_rows(vault, which, outcome == RIGHT || outcome == OLDER) == WRONG)
        outcome = WRONG;
    return outcome;
}

/* Do both know the same passphrases? */
static bool same_slots(const struct keyring *a, const struct keyring *b)
{
    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (a->slot[i].known != b->slot[i].known ||
            (a->slot[i].known && memcmp(a->slot[i].key, b->slot[i].key, LW_KEY) != 0))
            return false;
    return true;
}

static bool has_own_salt(void)
{
    uint8_t salt[SALT_BITS / 8];

    must(lw_file_read_at(world.fd, salt, sizeof salt, 0));
    return memcmp(salt, world.base, sizeof salt) == 0;
}

/* An unlock leaves both copies whole, and knows no less and no more than before. With the salt of
 * another vault a header of that one may open, and knows what that one knew. */
static enum outcome judge_header(struct lw_vault *vault, unsigned who)
{
    uint8_t now[LW_HEADER];
    struct keyring *ring = keyring_new();
    struct slot_keys *keys = cheap_keys(words_used[who], vault->salt);
    enum outcome outcome = RIGHT;

    must(lw_file_read_at(world.fd, now, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE));
    if (copies_opened(now, vault->id, keys, ring) != BOTH_COPIES)
        outcome = wrong("an unlock left a copy that does not open", words_used[who]);
    else if (who != 2 && has_own_salt() && !same_slots(ring, world.ring))
        outcome = wrong("an unlock forgot or brought back a passphrase", words_used[who]);
    slot_keys_free(keys);
    keyring_free(ring);
    return outcome;
}

static enum outcome read_vault(unsigned who, bool both_old)
{
    struct lw_vault *vault;
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = cheap_open(world.path, words_used[who], &vault, &err);
    enum outcome outcome = RIGHT;
    bool with_rows = choose(12) == 0;

    if (status == LW_WRONG_PASSPHRASE)
        return named(err.text);
    if (status != LW_OK)
        return wrong("opening ended with", lw_status_name(status));
    for (unsigned lane = 0; lane < LW_LANES && outcome != WRONG; lane++) {
        enum outcome one;

        if (!lw_vault_knows_lane(vault, lane))
            continue;
        one = read_one(vault, lane, with_rows);
        outcome = one > outcome ? one : outcome;
    }
    if (outcome != WRONG && !both_old && judge_header(vault, who) == WRONG)
        outcome = WRONG;
    lw_vault_close(vault);
    return outcome;
}

static void restore(void)
{
    must(lw_file_write_at(world.fd, world.base, LW_FIXED_PAGES * LW_PAGE, 0));
    for (size_t i = 0; i < change.count; i++) {
        uint32_t page = change.put[i].page;

        must(lw_file_write_at(world.fd, world.base + (size_t)page * LW_PAGE, LW_PAGE,
                              (off_t)page * LW_PAGE));
    }
}

static void try_change(void)
{
    unsigned who = choose(8) == 0 ? 2 : choose(4) == 0;
    bool old[2] = {false, false};
    enum outcome outcome;

    for (size_t i = 0; i < change.count; i++) {
        must(lw_file_write_at(world.fd, change.put[i].bytes, LW_PAGE,
                              (off_t)change.put[i].page * LW_PAGE));
        if (change.put[i].page == PAGE_HEADER_A || change.put[i].page == PAGE_HEADER_B)
            old[change.put[i].page - PAGE_HEADER_A] = true;
    }
    figures.changes++;
    outcome = read_vault(who, old[0] && old[1]);
    figures.harmless += outcome == RIGHT;
    figures.named += outcome == NAMED;
    figures.older_root += outcome == OLDER && change.stale_root;
    figures.fell_back += outcome == OLDER && !change.stale_root;
    figures.wrong += outcome == WRONG;
    restore();
}

/* ---- the round ---- */

/* Every bit of the salt and of both copies, spread over SLICES rounds; in a short one a sample. */
static void header_bits(uint64_t seed, bool large)
{
    for (uint32_t bit = large ? (uint32_t)(seed % SLICES) : choose(100);
         bit < SALT_BITS + HEADER_BITS; bit += large ? SLICES : 1 + choose(500)) {
        uint32_t at = bit < SALT_BITS ? bit : bit - SALT_BITS + LW_PAGE * 8;

        change_begin();
        flip(at / (LW_PAGE * 8), at % (LW_PAGE * 8));
        try_change();
    }
}

static void many(uint64_t count, void (*draw)(void))
{
    while (count-- > 0 && figures.bad < 20) {
        change_begin();
        draw();
        try_change();
    }
}

static void root_bit(void)
{
    flip(PAGE_ROOTS + choose(4), choose(LW_PAGE * 8));
}

static void body_bit(void)
{
    flip(draw_page(), choose(LW_PAGE * 8));
}

static void stale_page(void)
{
    stale(choose(10) == 0);
}

static void several(void)
{
    for (unsigned i = 2 + choose(2); i > 0; i--)
        draw_change();
}

int main(int argc, char **argv)
{
    char path[512], beside[512];
    uint64_t seed;
    bool large;

    if (argc != 4)
        return 2;
    seed = strtoull(argv[1], NULL, 10);
    large = strcmp(argv[2], "long") == 0;
    seeded_start(seed);
    (void)snprintf(path, sizeof path, "%s/vault", argv[3]);
    (void)snprintf(beside, sizeof beside, "%s/another", argv[3]);
    make_world(path, beside);
    change_begin();
    restore();
    header_bits(seed, large);
    many(large ? 520 : 80, root_bit);
    many(large ? 1250 : 150, body_bit);
    many(large ? 1250 : 150, swap);
    many(large ? 1250 : 150, stale_page);
    many(large ? 125 : 40, blank);
    many(large ? 125 : 40, across);
    many(large ? 125 : 40, strange);
    many(large ? 125 : 60, header_of_before);
    many(large ? 500 : 150, several);
    printf("figures changes=%llu harmless=%llu named=%llu older_root=%llu fell_back=%llu "
           "wrong=%llu bad=%llu\n",
           (unsigned long long)figures.changes, (unsigned long long)figures.harmless,
           (unsigned long long)figures.named, (unsigned long long)figures.older_root,
           (unsigned long long)figures.fell_back, (unsigned long long)figures.wrong,
           (unsigned long long)figures.bad);
    return figures.bad != 0;
}
