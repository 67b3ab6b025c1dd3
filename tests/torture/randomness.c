/*
 * Vaults of four kinds, as they are found: of a single user, with a decoy, after the duress
 * passphrase was used, wiped. Are they random bytes, of one size, written throughout; and can one
 * tell whether there is a second lane, without any key and with the decoy's?
 *
 * The vaults draw from libsodium's own generator, since that is what is tested; only the choices
 * follow from the seed. So the same seed makes the same pasts, not the same bytes, and every
 * judgement is one of chance: seven about bytes and fourteen about kinds, each wrong once in 10^7
 * and in 2 * 10^6 rounds, all of them once in 1.3 * 10^5 (randomness_bytes.h, randomness_tell.h).
 */
#include "randomness_bytes.h"
#include "randomness_full.h"
#include "randomness_seen.h"
#include "randomness_tell.h"

enum {
    SHORT_SAMPLES = 80,
    LONG_SAMPLES = 1000,
    ON_DISK_EACH = 8,
    ALL_OFFSETS_EACH = 16,
    FULL_SAMPLES = 60
};

/* Without a key: chi-square, ones and correlation of each region, and how alike the copies are. */
enum {
    REGIONS = 11,
    REGION_NUMBERS = 3 * REGIONS,
    ALIKE = REGION_NUMBERS, /* header copies, roots of lane 0, of lane 1 */
    PLAIN_NUMBERS = ALIKE + 3
};

enum { UNLOCK_SLOTS = 16, UNLOCK_ROOTS = UNLOCK_SLOTS, UNLOCK_POOL = UNLOCK_ROOTS + 4 };
enum { UNLOCK_NUMBERS = UNLOCK_POOL + 5 };

struct round {
    uint8_t *image, *after;
    const char *folders[2]; /* in memory, on the disk */
    struct seen seen;
    double *p;      /* of chi-square, one for each MiB */
    double *head_p; /* of pages 0 to 6 */
    size_t samples, mapped, unmapped, pairs;
    struct correlation correlation;
    struct places places;
    struct nonces nonces;
    struct told plain_decoy, plain_duress, plain_wiped, key_decoy, key_duress, unlock, full;
};

static void read_image(const char *path, int fd, uint8_t *image)
{
    struct stat info;

    if (fstat(fd, &info) != 0 || lw_file_read_at(fd, image, SAMPLE_BYTES, 0) != LW_OK) {
        printf("%s cannot be read\n", path);
        exit(2);
    }
}

/* ---- without a key ---- */

static void region_numbers(const uint8_t *data, size_t len, double *out, struct correlation *sum)
{
    struct correlation correlation = {0};
    uint32_t count[256];
    double ones = 0;

    count_bytes(data, len, count);
    for (unsigned i = 0; i < 256; i++)
        ones += (double)count[i] * ones_in(i);
    correlate(&correlation, data, len);
    out[0] = chi_square(count, len);
    out[1] = ones / (double)len;
    out[2] = correlation.products / correlation.squares;
    if (sum) {
        sum->products += correlation.products;
        sum->squares += correlation.squares;
    }
}

static double alike(const uint8_t *a, const uint8_t *b)
{
    unsigned same = 0;

    for (size_t i = 0; i < LW_PAGE; i++)
        same += a[i] == b[i];
    return same;
}

/* Pages 0 to 6 and the four MiB; the p-values of the latter and the correlation are the round's. */
static void plain_numbers(struct round *round, double *out)
{
    const uint8_t *image = round->image;

    for (unsigned i = 0; i < LW_FIXED_PAGES; i++)
        region_numbers(image + (size_t)i * LW_PAGE, LW_PAGE, out + (size_t)3 * i, NULL);
    for (size_t i = 0; i < 4; i++) {
        double *region = out + 3 * (LW_FIXED_PAGES + i);
        region_numbers(image + i * MIB, MIB, region, &round->correlation);
        round->p[4 * round->samples + i] = chi_square_p(region[0]);
    }
    for (size_t i = 0; i < 3; i++)
        out[ALIKE + i] = alike(image + (1 + 2 * i) * LW_PAGE, image + (2 + 2 * i) * LW_PAGE);
}

static void look_plainly(struct round *round, const struct sample *sample)
{
    double number[PLAIN_NUMBERS];

    plain_numbers(round, number);
    if (sample->kind == SINGLE || sample->kind == DECOY)
        told_add(&round->plain_decoy, sample->kind == DECOY, number);
    if (sample->kind == SINGLE || sample->kind == DURESS)
        told_add(&round->plain_duress, sample->kind == DURESS, number);
    if (sample->kind == SINGLE || sample->kind == WIPED)
        told_add(&round->plain_wiped, sample->kind == WIPED, number);
}

static void look_at_bytes(struct round *round, const struct sample *sample, int fd)
{
    struct stat info;
    uint32_t count[256];
    bool on_disk = strncmp(sample->path, round->folders[1], strlen(round->folders[1])) == 0;

    if (fstat(fd, &info) != 0 || info.st_size != SAMPLE_BYTES)
        bad(sample, "its size is %lld", (long long)info.st_size);
    if (check_extents(sample, fd))
        round->mapped++;
    else
        round->unmapped += on_disk;
    count_bytes(round->image, FIXED, count);
    round->head_p[round->samples] = chi_square_p(chi_square(count, FIXED));
    check_repeats(sample, round->image, round->samples % ALL_OFFSETS_EACH == 0);
    places_add(&round->places, round->image);
    nonces_add(&round->nonces, round->image);
}

/* ---- holding a passphrase ---- */

static void look_with_key(struct round *round, const struct sample *sample, int fd)
{
    const char *words =
        sample->kind == SINGLE ? "heron tussock lantern ferry" : "meadow copper violin sugar";

    if (!seen_take(&round->seen, sample, round->image, fd, words))
        return;
    if (sample->kind != DURESS)
        told_add(&round->key_decoy, sample->kind == DECOY, round->seen.number);
    if (sample->kind != DECOY)
        told_add(&round->key_duress, sample->kind == DURESS, round->seen.number);
}

/* Nothing may open any more; of the pool it is enough that the keys are gone. */
static void look_at_wiped(struct round *round, const struct sample *sample)
{
    struct keyring *ring = keyring_new();

    if (!ring)
        exit(2);
    if (open_header(round->image, "heron tussock lantern ferry", ring) ||
        open_header(round->image, "meadow copper violin sugar", ring))
        bad(sample, "it still opens");
    keyring_free(ring);
}

/* After the duress passphrase no other one may open. */
static void look_at_duress(struct round *round, const struct sample *sample)
{
    struct keyring *ring = keyring_new();

    if (!ring)
        exit(2);
    if (open_header(round->image, "heron tussock lantern ferry", ring))
        bad(sample, "the ordinary passphrase still opens it");
    keyring_free(ring);
}

/* ---- images before and after an unlock: by whom? ---- */

static void unlock_numbers(const uint8_t *before, const uint8_t *after, double *number)
{
    double places = 0, changed = 0, region[3];

    memset(number, 0, UNLOCK_NUMBERS * sizeof *number);
    for (size_t i = 0; i < UNLOCK_SLOTS; i++) {
        size_t at = LW_PAGE * (1 + i / LW_SLOTS) + SLOT_BYTES * (i % LW_SLOTS);
        for (size_t j = 0; j < SLOT_BYTES; j++)
            number[i] += before[at + j] == after[at + j];
    }
    for (size_t i = 3; i < SAMPLE_PAGES; i++) {
        bool same = memcmp(before + i * LW_PAGE, after + i * LW_PAGE, LW_PAGE) == 0;
        if (i < PAGE_POOL) {
            number[UNLOCK_ROOTS + i - 3] = !same;
        } else if (!same) {
            changed++;
            places += (double)i;
        }
    }
    region_numbers(after + LW_PAGE, LW_HEADER, region, NULL);
    number[UNLOCK_POOL] = changed;
    number[UNLOCK_POOL + 1] = changed > 0 ? places / changed : 0;
    memcpy(number + UNLOCK_POOL + 2, region, sizeof region);
}

static void unlock_once(struct round *round, const struct sample *sample, int fd)
{
    bool by_duress = choose(2) == 0;
    struct lw_session_setup setup = {.path = sample->path,
                                     .profile = lw_kdf_profile_find("test"),
                                     .writes = true,
                                     .clock = &told_clock};
    struct lw_passphrase *pass =
        words_of(by_duress ? "meadow copper violin sugar" : "heron tussock lantern ferry");
    struct lw_session session = {0};
    struct lw_error err = {0};
    double number[UNLOCK_NUMBERS];

    must(lw_session_open(&setup, pass, &session, &err), &err, "an unlock");
    lw_session_close(&session);
    lw_passphrase_free(pass);
    read_image(sample->path, fd, round->after);
    unlock_numbers(round->image, round->after, number);
    told_add(&round->unlock, by_duress, number);
    round->pairs++;
}

/* ---- a round ---- */

/* Of twenty: seven single, six with a decoy, five after duress, two wiped. */
static enum kind kind_of(size_t number)
{
    static const enum kind kinds[20] = {SINGLE, DECOY,  DURESS, SINGLE, DECOY, DURESS, SINGLE,
                                        DECOY,  DURESS, WIPED,  SINGLE, DECOY, DURESS, SINGLE,
                                        DECOY,  DURESS, SINGLE, DECOY,  WIPED, SINGLE};

    return kinds[number % 20];
}

static void take_sample(struct round *round)
{
    struct sample sample;
    bool on_disk = round->samples % ON_DISK_EACH == 1;
    int fd;

    make_sample(&sample, kind_of(round->samples), round->folders[on_disk],
                (unsigned)round->samples);
    fd = open(sample.path, O_RDWR | O_CLOEXEC);
    read_image(sample.path, fd, round->image);
    look_at_bytes(round, &sample, fd);
    look_plainly(round, &sample);
    if (sample.kind == WIPED)
        look_at_wiped(round, &sample);
    else
        look_with_key(round, &sample, fd);
    if (sample.kind == DURESS)
        look_at_duress(round, &sample);
    if (sample.kind == DECOY)
        unlock_once(round, &sample, fd);
    close(fd);
    (void)unlink(sample.path);
    round->samples++;
}

static void judge_bytes(struct round *round)
{
    size_t count = 4 * round->samples;
    double uniform = uniform_p(round->p, count), heads = uniform_p(round->head_p, round->samples);
    double pairs = (double)round->samples * 4 * (MIB - 1);
    double serial = round->correlation.products / round->correlation.squares;

    printf("chi-square for each MiB: %zu p-values, least %.2g, uniform with p = %.4f\n", count,
           round->p[0], uniform);
    printf("pages 0 to 6: least %.2g, uniform with p = %.4f\n", round->head_p[0], heads);
    printf("correlation of neighbours: %.7f\n", serial);
    if (uniform < BY_CHANCE || heads < BY_CHANCE)
        bad(NULL, "the p-values of chi-square are not uniform");
    if (round->p[0] < BY_CHANCE / (double)count ||
        round->head_p[0] < BY_CHANCE / (double)round->samples)
        bad(NULL, "a sample has bytes that are not equally frequent");
    if (fabs(serial) > fmin(0.001, 5.4 / sqrt(pairs))) /* 5.4 deviations: once in 10^7 */
        bad(NULL, "neighbouring bytes correlate");
    places_judge(&round->places);
    nonces_judge(&round->nonces);
}

static void judge_kinds(const struct round *round)
{
    faults += told_judge(&round->plain_decoy) + told_judge(&round->plain_duress) +
              told_judge(&round->plain_wiped) + told_judge(&round->key_decoy) +
              told_judge(&round->key_duress) + told_judge(&round->unlock) +
              told_judge(&round->full);
}

static void start(struct round *round, size_t samples)
{
    const struct told plain = {.numbers = PLAIN_NUMBERS};
    const struct told key = {.numbers = SEEN_COUNT, .names = seen_names};

    round->image = malloc(SAMPLE_BYTES);
    round->after = malloc(SAMPLE_BYTES);
    round->p = malloc(4 * samples * sizeof *round->p);
    round->head_p = malloc(samples * sizeof *round->head_p);
    if (!round->image || !round->after || !round->p || !round->head_p)
        exit(2);
    round->plain_decoy = round->plain_duress = round->plain_wiped = plain;
    round->key_decoy = round->key_duress = key;
    round->unlock = (struct told){.name = "normal from duress unlock", .numbers = UNLOCK_NUMBERS};
    round->full = (struct told){.name = "single from a hidden lane that fills the pool",
                                .names = full_names,
                                .numbers = FULL_NUMBERS};
    round->plain_decoy.name = "single from decoy without a key";
    round->plain_duress.name = "single from after duress without a key";
    round->plain_wiped.name = "single from wiped without a key";
    round->key_decoy.name = "single from decoy with its key";
    round->key_duress.name = "single from after duress with its key";
}

/* Beside the program, which usually is a disk; the folder given is usually memory. */
static char *disk_folder(const char *program)
{
    char *folder = NULL;

    if (asprintf(&folder, "%s-disk-XXXXXX", program) < 0 || !mkdtemp(folder))
        exit(2);
    return folder;
}

int main(int count, char **arguments)
{
    static struct round round;
    size_t samples;

    if (count != 4)
        return 2;
    samples = strcmp(arguments[2], "long") == 0 ? LONG_SAMPLES : SHORT_SAMPLES;
    seeded_start(strtoull(arguments[1], NULL, 10));
    (void)randombytes_set_implementation(&randombytes_sysrandom_implementation);
    if (lw_crypto_start() != LW_OK || lw_store_start() != LW_OK)
        return 2;
    io_hooks.before = before_call;
    start(&round, samples);
    char *disk = disk_folder(arguments[0]);
    round.folders[0] = arguments[3];
    round.folders[1] = disk;
    while (round.samples < samples)
        take_sample(&round);
    (void)rmdir(disk);
    for (size_t i = 0; i < FULL_SAMPLES + samples / 4; i++)
        full_sample(&round.full, i % 4 == 1 || i % 4 == 2);
    judge_bytes(&round);
    judge_kinds(&round);
    printf("figures samples=%zu chi_squares=%zu unlock_pairs=%zu filled_pools=%zu "
           "extent_maps=%zu no_extent_maps=%zu bad=%u\n",
           round.samples, 4 * round.samples, round.pairs, round.full.count, round.mapped,
           round.unmapped, faults);
    return faults > 0;
}
