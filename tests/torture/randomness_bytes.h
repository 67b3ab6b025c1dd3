/*
 * What the bytes of a sample look like without any key: counts, correlation, repeats, holes.
 *
 * Chance: each of the judgements below says at most once in 10^7 rounds that good bytes are bad.
 * There are fewer than ten of them in a round, and make check has one round.
 */
#ifndef LW_TORTURE_RANDOMNESS_BYTES_H
#define LW_TORTURE_RANDOMNESS_BYTES_H

#include "randomness_make.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <math.h>
#include <sys/ioctl.h>

#define BY_CHANCE 1e-7
#define FIXED     ((size_t)LW_FIXED_PAGES * LW_PAGE)
#define MIB       ((size_t)1 << 20)

/* ---- chi-square ---- */

/* Upper regularised incomplete gamma function: the series for small x, else the continued fraction.
 */
static double gamma_above(double a, double x)
{
    double scale = exp(a * log(x) - x - lgamma(a));

    if (x <= 0)
        return 1;
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 10000 && term > sum * 1e-16; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return 1 - sum * scale;
    }
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int n = 1; n < 10000; n++) {
        double step = -n * (n - a);
        b += 2;
        d = 1 / (step * d + b);
        c = b + step / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16)
            break;
    }
    return scale * h;
}

static double chi_square(const uint32_t count[256], size_t len)
{
    double expected = (double)len / 256, sum = 0;

    for (int i = 0; i < 256; i++)
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    return sum;
}

/* len is a multiple of 4. */
static void count_bytes(const uint8_t *data, size_t len, uint32_t count[256])
{
    uint32_t part[4][256] = {{0}}; /* one table would wait for itself */

    for (size_t i = 0; i < len; i += 4)
        for (size_t j = 0; j < 4; j++)
            part[j][data[i + j]]++;
    for (int i = 0; i < 256; i++)
        count[i] = part[0][i] + part[1][i] + part[2][i] + part[3][i];
}

static double chi_square_p(double chi_square)
{
    return gamma_above(127.5, chi_square / 2);
}

static int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov: is this the uniform distribution? Sorts. */
static double uniform_p(double *p, size_t count)
{
    double most = 0, root = sqrt((double)count), q = 0, sign = 2;

    qsort(p, count, sizeof *p, number_order);
    for (size_t i = 0; i < count; i++) {
        double below = p[i] - (double)i / (double)count;
        double above = (double)(i + 1) / (double)count - p[i];
        most = fmax(most, fmax(below, above));
    }
    double lambda = (root + 0.12 + 0.11 / root) * most;
    if (lambda < 0.2)
        return 1;
    for (int k = 1; k < 100; k++, sign = -sign)
        q += sign * exp(-2.0 * k * k * lambda * lambda);
    return q;
}

/* ---- correlation of neighbours, over all samples: sums of centred products ---- */

struct correlation {
    double products, squares;
};

static void correlate(struct correlation *into, const uint8_t *data, size_t len)
{
    int64_t products = 0, squares = 0;

    for (size_t i = 0; i + 1 < len; i++) { /* twice the distance from the mean, 127.5 */
        int32_t here = 2 * data[i] - 255, next = 2 * data[i + 1] - 255;
        products += here * next;
        squares += here * here;
    }
    into->products += (double)products;
    into->squares += (double)squares;
}

/* ---- no 16 bytes twice ---- */

/* Remembers where strings begin, by a hash of them that for random bytes is their first half. */
struct strings {
    uint32_t *place; /* 0: empty, else place + 1 */
    size_t mask;
};

static void strings_init(struct strings *strings, unsigned bits)
{
    strings->mask = ((size_t)1 << bits) - 1;
    strings->place = malloc(sizeof *strings->place << bits);
    if (!strings->place)
        exit(2);
}

/* Adds the strings at from, from + step, ... below to; true where one was there already. */
static bool strings_add(struct strings *strings, const uint8_t *data, size_t from, size_t to,
                        size_t step, size_t twice[2])
{
    for (size_t at = from; at + 16 <= to; at += step) {
        size_t slot = (size_t)lw_get_u64(data + at) & strings->mask;
        for (; strings->place[slot] != 0; slot = (slot + 1) & strings->mask) {
            size_t other = strings->place[slot] - 1;
            if (memcmp(data + other, data + at, 16) == 0 && other != at) {
                twice[0] = other;
                twice[1] = at;
                return true;
            }
        }
        strings->place[slot] = (uint32_t)at + 1;
    }
    return false;
}

/* Everything in the format stands at a multiple of 8, so that is where every sample is compared,
 * its first 7 pages at every offset; with `all` the whole sample at every offset (4 Mi strings). */
static void check_repeats(const struct sample *sample, const uint8_t *image, bool all)
{
    static struct strings few, many;
    struct strings *strings = all ? &many : &few;
    size_t twice[2];

    if (!strings->place)
        strings_init(strings, all ? 23 : 20);
    memset(strings->place, 0, sizeof *strings->place * (strings->mask + 1));
    if (strings_add(strings, image, 0, FIXED, 1, twice) ||
        strings_add(strings, image, FIXED - 8, SAMPLE_BYTES, all ? 1 : 8, twice))
        bad(sample, "the 16 bytes at %zu stand at %zu too", twice[0], twice[1]);
}

/* ---- the same in several samples ---- */

/* Bytes that stand at one place of the first pages in too many samples: a magic number, a version,
 * a length. Of n samples k or more agree in one of 28,672 * 256 ways by chance less often than the
 * expected number of such coincidences, C(n, k) / 256^k each. */
struct places {
    uint16_t (*count)[256];
    unsigned samples;
};

static void places_add(struct places *places, const uint8_t *image)
{
    if (!places->count && !(places->count = calloc(FIXED, sizeof *places->count)))
        exit(2);
    for (size_t i = 0; i < FIXED; i++)
        places->count[i][image[i]]++;
    places->samples++;
}

static unsigned places_most(unsigned samples)
{
    double n = samples, ways = log((double)FIXED * 256);
    unsigned k = 2;

    while (k <= samples &&
           ways + lgamma(n + 1) - lgamma(k + 1.0) - lgamma(n - k + 1) - k * log(256) >
               log(BY_CHANCE))
        k++;
    return k;
}

static void places_judge(const struct places *places)
{
    unsigned most = places_most(places->samples);

    for (size_t i = 0; i < FIXED; i++)
        for (int value = 0; value < 256; value++)
            if (places->count[i][value] >= most)
                bad(NULL, "byte %zu is 0x%02x in %u of %u samples", i, (unsigned)value,
                    (unsigned)places->count[i][value], places->samples);
}

/* The first 16 of every 504 bytes of a header, its nonces, over all samples: each of them is drawn
 * once in a lifetime. */
struct nonces {
    uint8_t (*nonce)[16];
    size_t count, cap;
};

static void nonces_add(struct nonces *nonces, const uint8_t *image)
{
    enum { EACH = 2 * LW_SLOTS };

    if (nonces->count + EACH + 1 > nonces->cap) {
        nonces->cap = nonces->cap * 2 + 1024;
        nonces->nonce = realloc(nonces->nonce, nonces->cap * sizeof *nonces->nonce);
        if (!nonces->nonce)
            exit(2);
    }
    memcpy(nonces->nonce[nonces->count++], image, 16);
    for (size_t i = 0; i < EACH; i++)
        memcpy(nonces->nonce[nonces->count++],
               image + LW_PAGE * (1 + i / LW_SLOTS) + SLOT_BYTES * (i % LW_SLOTS), 16);
}

static int nonce_order(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void nonces_judge(struct nonces *nonces)
{
    qsort(nonces->nonce, nonces->count, sizeof *nonces->nonce, nonce_order);
    for (size_t i = 1; i < nonces->count; i++)
        if (memcmp(nonces->nonce[i - 1], nonces->nonce[i], 16) == 0)
            bad(NULL, "two samples have a salt or nonce in common");
}

/* ---- extents ---- */

/* On a disk: written or merely reserved. False where the file system does not tell. */
static bool extents_told(const struct sample *sample, int fd)
{
    enum { MOST = 256 };
    static union {
        struct fiemap map;
        uint8_t room[sizeof(struct fiemap) + MOST * sizeof(struct fiemap_extent)];
    } ask;
    uint64_t at = 0;

    while (at < SAMPLE_BYTES) {
        memset(&ask, 0, sizeof ask);
        ask.map.fm_start = at;
        ask.map.fm_length = SAMPLE_BYTES - at;
        ask.map.fm_flags = FIEMAP_FLAG_SYNC;
        ask.map.fm_extent_count = MOST;
        if (ioctl(fd, FS_IOC_FIEMAP, &ask.map) != 0)
            return false;
        if (ask.map.fm_mapped_extents == 0)
            break;
        for (unsigned i = 0; i < ask.map.fm_mapped_extents; i++) {
            const struct fiemap_extent *extent = &ask.map.fm_extents[i];
            if (extent->fe_logical > at || (extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN))
                bad(sample, "the extent at %llu is missing or was never written",
                    (unsigned long long)at);
            at = extent->fe_logical + extent->fe_length;
        }
    }
    if (at < SAMPLE_BYTES)
        bad(sample, "its extents end at %llu", (unsigned long long)at);
    return true;
}

static bool check_extents(const struct sample *sample, int fd)
{
    off_t hole = lseek(fd, 0, SEEK_HOLE);

    if (hole != SAMPLE_BYTES)
        bad(sample, "there is a hole at %lld", (long long)hole);
    return extents_told(sample, fd);
}

#endif
