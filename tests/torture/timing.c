/*
 * How long an unlock takes, up to the return of lw_vault_open: does it tell which passphrase it
 * was? Three kinds: the ordinary passphrase of a vault in which a duress passphrase is armed, that
 * duress passphrase, and the only passphrase of a vault that never had another one.
 *
 * What could tell them apart besides is taken away. There is one file, of one name and inode, into
 * which page 0 and the header of a vault are written before each unlock, so that every unlock finds
 * the same pages in memory and an equally fresh header. The vaults are many, with slots and lanes
 * as they were drawn. The passphrases are of one length, the derivation is the cheap one, so that
 * nothing drowns the rest. Each kind has its turn once in three, in an order drawn anew, so that
 * whatever else the machine does meets all of them alike.
 *
 * Chance: in the long form a repeat counts as apart where p is at most 0.01, which one in a hundred
 * is where there is nothing to be told; more than five of a hundred are too many (tests/torture/run
 * adds the rounds up), which comes once in 2000 times for a pair of kinds. The short form knows a
 * gross difference only: once in 10^9.
 */
#include "vault/files.h"
#include "vault/keys.h"

#include "seeded.h"
#include "timing_ks.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum kind { NORMAL, DURESS, SINGLE, KINDS };
enum { VAULTS = 24, SHORT_SAMPLES = 1000, LONG_SAMPLES = 5000, LONG_REPEATS = 5, WARM_UP = 200 };
enum { STATE_BYTES = LW_PAGE + LW_HEADER };

#define SHORT_P 1e-9
#define LONG_P  0.01

static const char *const words[KINDS] = {
    "heron tussock lantern ferry", "meadow copper violin sugars", "quarry pepper candle anchor"};

struct round {
    const char *path;
    int fd;
    struct lw_passphrase *pass[KINDS];
    uint8_t armed[VAULTS][STATE_BYTES], single[VAULTS][STATE_BYTES];
    double *sample[KINDS];
    size_t samples;
    unsigned apart[KINDS], bad;
    double least[KINDS];
};

static const struct {
    const char *name;
    enum kind one, other;
} pairs[KINDS] = {{"normal_duress", NORMAL, DURESS},
                  {"single_duress", SINGLE, DURESS},
                  {"single_normal", SINGLE, NORMAL}};

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(2);
}

static struct lw_passphrase *words_of(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    must(pass != NULL, "a passphrase");
    for (; *text; text++)
        (void)lw_passphrase_push(pass, (uint8_t)*text);
    return pass;
}

/* ---- vaults ---- */

static void make_vault(const struct round *round, bool armed, uint8_t state[STATE_BYTES])
{
    const struct lw_passphrase *const owner[] = {round->pass[armed ? NORMAL : SINGLE]};
    const struct lw_build_plan plan = {.bytes = LW_VAULT_MIN,
                                       .profile = lw_kdf_profile_find("test"),
                                       .kept = owner,
                                       .kept_count = 1,
                                       .duress = armed ? round->pass[DURESS] : NULL};
    struct lw_build *build;
    struct lw_vault *vault;
    int fd;

    (void)unlink(round->path);
    must(lw_build_create(round->path, &plan, NULL, &build, NULL) == LW_OK, "a vault");
    must(lw_build_publish(build, &vault, NULL) == LW_OK, "its name");
    lw_vault_close(vault);
    fd = open(round->path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && lw_file_read_at(fd, state, STATE_BYTES, 0) == LW_OK, "its header");
    close(fd);
}

static void make_vaults(struct round *round)
{
    for (unsigned i = 0; i < VAULTS; i++) {
        make_vault(round, true, round->armed[i]);
        make_vault(round, false, round->single[i]);
    }
    round->fd = open(round->path, O_RDWR | O_CLOEXEC); /* the last one's file is used for all */
    must(round->fd >= 0, round->path);
}

/* ---- one unlock ---- */

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double unlock_once(struct round *round, enum kind kind)
{
    const uint8_t *state = (kind == SINGLE ? round->single : round->armed)[choose(VAULTS)];
    struct lw_vault *vault = NULL;
    enum lw_status status;
    double begun;

    must(pwrite(round->fd, state, STATE_BYTES, 0) == STATE_BYTES, "a header");
    begun = now_us();
    status =
        lw_vault_open(round->path, round->pass[kind], lw_kdf_profile_find("test"), &vault, NULL);
    begun = now_us() - begun;
    must(status == LW_OK, "an unlock");
    must(lw_vault_duress_armed(vault) == (kind == NORMAL), "what it opens");
    lw_vault_close(vault);
    return begun;
}

static void take_three(struct round *round, size_t at)
{
    enum kind order[KINDS] = {NORMAL, DURESS, SINGLE};

    for (unsigned i = KINDS; i > 1; i--) {
        unsigned j = choose(i);
        enum kind kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
    for (unsigned i = 0; i < KINDS; i++)
        round->sample[order[i]][at] = unlock_once(round, order[i]);
}

/* ---- judging ---- */

static void repeat(struct round *round, double limit, bool is_short)
{
    static const char *const names[KINDS] = {"normal", "duress", "single"};

    for (size_t i = 0; i < round->samples; i++)
        take_three(round, i);
    for (unsigned i = 0; i < KINDS; i++)
        ks_sort(round->sample[i], round->samples);
    for (unsigned i = 0; i < KINDS; i++)
        printf("%s: median %.2f us, quartiles %.2f and %.2f\n", names[i],
               round->sample[i][round->samples / 2], round->sample[i][round->samples / 4],
               round->sample[i][3 * round->samples / 4]);
    for (unsigned i = 0; i < KINDS; i++) {
        const double *one = round->sample[pairs[i].one], *other = round->sample[pairs[i].other];
        double p = ks_p(ks_distance(one, other, round->samples), round->samples);
        bool apart = p <= limit;

        printf("%s%s: p = %.3g\n", apart && is_short ? "bad: " : "", pairs[i].name, p);
        round->apart[i] += apart;
        round->bad += apart && is_short;
    }
}

int main(int count, char **arguments)
{
    static struct round round;
    char path[512];
    bool is_short;
    unsigned repeats;

    if (count != 4)
        return 2;
    is_short = strcmp(arguments[2], "long") != 0;
    repeats = is_short ? 1 : LONG_REPEATS;
    round.samples = is_short ? SHORT_SAMPLES : LONG_SAMPLES;
    seeded_start(strtoull(arguments[1], NULL, 10));
    (void)randombytes_set_implementation(&randombytes_sysrandom_implementation);
    if (lw_crypto_start() != LW_OK)
        return 2;
    (void)snprintf(path, sizeof path, "%s/v", arguments[3]);
    round.path = path;
    for (unsigned i = 0; i < KINDS; i++) {
        round.pass[i] = words_of(words[i]);
        round.sample[i] = calloc(round.samples, sizeof(double));
        must(round.sample[i] != NULL && strlen(words[i]) == strlen(words[0]), "room");
    }
    make_vaults(&round);
    for (unsigned i = 0; i < WARM_UP; i++)
        take_three(&round, 0);
    for (unsigned i = 0; i < repeats; i++)
        repeat(&round, is_short ? SHORT_P : LONG_P, is_short);
    printf("figures repeats=%u unlocks=%zu", repeats, repeats * round.samples * KINDS);
    for (unsigned i = 0; i < KINDS; i++)
        printf(" apart_%s=%u", pairs[i].name, round.apart[i]);
    printf(" bad=%u\n", round.bad);
    return round.bad > 0;
}
