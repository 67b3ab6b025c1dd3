/*
 * Failing disks and failing memory. Every workload is run once in peace, its file calls and
 * allocations counted; then again and again from the same vault with the same randomness, each time
 * with another one of them failing in one of the ways of faults_inject.h. After each: the answer is
 * a clear one, the session goes on or says why not, what it shows was stored, the file holds the
 * old state or the new one, every passphrase opens what it should, nothing is left over in memory
 * or beside the vault.
 *
 * A long round takes every SLICES-th fault of the complete sweep; SLICES rounds with consecutive
 * seeds are the whole of it. The next SLICES seeds sweep over other vaults. In place of "long" the
 * numbers W.F.N that stand in front of what is bad repeat that one fault, -1 all of them.
 */
#include "faults_check.h"

#define SLICES     64
#define SHORT_EACH 1    /* faults of each way and workload in a short round */
#define BULK_LIMIT 1500 /* allocations that are tried of a workload which has very many */

/* ---- one trial ---- */

static bool needs_session(const struct work *work)
{
    return work->kind != WORK_OPENS && work->kind != WORK_CREATE && work->kind != WORK_WIPE;
}

static void trial_begin(struct trial *trial, const struct work *work)
{
    struct lw_error err = {0};

    each_file(trial->folder, remove_file, trial->folder);
    seeded_init(&seeded_program, (uint64_t)(work - works), "trial");
    fixed_ms = INT64_C(1700000000000);
    inject.ahead_ns = 0;
    trial->work = work;
    trial->report = (struct lw_wipe_report){0};
    lw_buf_clear(&trial->told);
    trial->header = NULL;
    if (work->image != NO_IMAGE)
        prepared_put(trial, work->image);
    trial->open = needs_session(work);
    if (trial->open)
        must(session_open(trial->path, trial->header, pass_owner, &trial->session, &err) == LW_OK);
}

/* With the fault that is to stay the session is only closed. */
static void trial_end(struct trial *trial, struct outcome *outcome)
{
    bool keeps = fault_infos[outcome->fault].keeps;

    if (!keeps)
        inject_disarm();
    if (trial->work->kind == WORK_READS)
        check_told(trial, outcome);
    if (trial->open && !keeps && trial->session.journal != NULL)
        check_session(trial, outcome);
    if (trial->open)
        lw_session_close(&trial->session);
    trial->open = false;
    if (keeps)
        inject_disarm();
}

struct balance {
    long live, mapped;
    int fd;
};

static struct balance balance_now(void)
{
    return (struct balance){fm.live, inject.mapped, lowest_fd()};
}

static bool is_balanced(const struct balance *before)
{
    struct balance now = balance_now();

    return now.mapped == before->mapped && now.fd == before->fd
#ifndef FM_SANITIZED /* there some blocks come from elsewhere, and leaks are looked for at the end \
                      */
           && now.live == before->live
#endif
        ;
}

static void run_trial(struct trial *trial, const struct work *work, enum fault fault, long n)
{
    struct outcome outcome = {.fault = fault};

    trial_begin(trial, work);
    inject_arm(fault, n);
    outcome.status = work->run(trial, &outcome.err);
    trial_end(trial, &outcome);
    check_answer(&outcome);
    check_disk(trial, &outcome);
    lw_buf_free(&outcome.now);
    lw_buf_free(&trial->told);
}

/* False where the fault was not reached. A leak is one where it comes again: the C library keeps
 * some things for good the first time. */
static bool try_fault(struct trial *trial, const struct work *work, enum fault fault, long n)
{
    struct balance before;

    (void)snprintf(bad.where, sizeof bad.where, "%d.%d.%ld (%s, %s)", (int)(work - works),
                   (int)fault, n, work->name, fault_infos[fault].words);
    lw_buf_free(&trial->told);
    before = balance_now();
    run_trial(trial, work, fault, n);
    if (!is_balanced(&before)) {
        before = balance_now();
        run_trial(trial, work, fault, n);
        if (!is_balanced(&before))
            tell_bad("leaks %ld blocks, %ld of pages, or a descriptor: %d after %d",
                     fm.live - before.live, inject.mapped - before.mapped, lowest_fd(), before.fd);
    }
    return inject.struck > 0;
}

/* ---- what happens in peace ---- */

static void learn_before(struct trial *trial, const struct work *work, struct lw_buf *text)
{
    struct lw_session session;
    struct lw_error err = {0};

    must(session_open(trial->path, trial->header, work->pass != NULL ? pass_duress : pass_owner,
                      &session, &err) == LW_OK);
    must(show(&session, text, "a vault in peace"));
    lw_session_close(&session);
}

static void learn(struct trial *trial, const struct work *work)
{
    struct expectation *expects = &expected[work - works];
    struct outcome outcome = {.fault = NO_FAULT};
    struct lw_error err = {0};

    (void)snprintf(bad.where, sizeof bad.where, "%s in peace", work->name);
    if (work->image != NO_IMAGE) {
        prepared_put(trial, work->image);
        learn_before(trial, work, &expects->before);
    }
    trial_begin(trial, work);
    count_start();
    outcome.status = work->run(trial, &err);
    count_stop();
    memcpy(expects->count, inject.count, sizeof expects->count);
    if (outcome.status != LW_OK) {
        printf("%s: %s\n", work->name, err.text);
        exit(2);
    }
    number_ids(&trial->told);
    must(lw_buf_add(&expects->told, lw_buf_text(&trial->told), trial->told.len) == LW_OK);
    if (trial->open && trial->session.journal != NULL)
        must(show(&trial->session, &expects->after, "a session in peace"));
    else if (work->kind == WORK_REWRITE || work->kind == WORK_MOVE)
        must(lw_buf_add(&expects->after, lw_buf_text(&expects->before), expects->before.len) ==
             LW_OK);
    if (work->image == NO_IMAGE)
        must(lw_buf_add(&expects->before, lw_buf_text(&expects->after), expects->after.len) ==
             LW_OK);
    if (trial->open)
        lw_session_close(&trial->session);
    trial->open = false;
    (void)try_fault(trial, work, NO_FAULT, 0);
}

/* ---- the sweep ---- */

static bool is_thinned(const struct work *work, enum fault fault)
{
    return work->bulk && fault_infos[fault].hits == HIT_MEMORY;
}

static long tries_of(const struct work *work, enum fault fault)
{
    long count = expected[work - works].count[fault];

    return is_thinned(work, fault) && count > BULK_LIMIT ? BULK_LIMIT : count;
}

static long place_of(const struct work *work, enum fault fault, long number)
{
    long count = expected[work - works].count[fault];
    long step = count / tries_of(work, fault);

    return step == 1 ? number : number * step + (long)choose((uint32_t)step);
}

static unsigned long sweep(struct trial *trial, uint64_t seed)
{
    unsigned long faults = 0, number = seed - 1;

    for (size_t w = 0; w < WORKS; w++) {
        for (int f = 0; f < FAULTS; f++) {
            long tries = tries_of(&works[w], (enum fault)f);
            for (long n = 0; n < tries; n++) {
                if (number++ % SLICES == 0)
                    faults += try_fault(trial, &works[w], (enum fault)f,
                                        place_of(&works[w], (enum fault)f, n));
            }
        }
    }
    printf("the complete sweep has %lu faults\n", number + 1 - (unsigned long)seed);
    return faults;
}

static unsigned long sample_faults(struct trial *trial)
{
    unsigned long faults = 0;

    for (size_t w = 0; w < WORKS; w++) {
        for (int f = 0; f < FAULTS; f++) {
            long tries = tries_of(&works[w], (enum fault)f);
            for (long i = 0; i < SHORT_EACH && i < tries; i++) {
                long n = tries <= SHORT_EACH ? i : (long)choose((uint32_t)tries);
                faults += try_fault(trial, &works[w], (enum fault)f,
                                    place_of(&works[w], (enum fault)f, n));
            }
        }
    }
    return faults;
}

/* "W.F.N"; -1 stands for all of them. */
static unsigned long repeat(struct trial *trial, const char *numbers)
{
    unsigned long faults = 0;
    int work, fault;
    long only;

    must(sscanf(numbers, "%d.%d.%ld", &work, &fault, &only) == 3);
    for (int w = 0; w < (int)WORKS; w++) {
        for (int f = 0; f < FAULTS; f++) {
            long tries = tries_of(&works[w], (enum fault)f);
            if ((work >= 0 && w != work) || (fault >= 0 && f != fault))
                continue;
            for (long n = 0; only < 0 && n < tries; n++)
                faults += try_fault(trial, &works[w], (enum fault)f,
                                    place_of(&works[w], (enum fault)f, n));
            if (only >= 0)
                faults += try_fault(trial, &works[w], (enum fault)f, only);
        }
    }
    return faults;
}

static void start(struct trial *trial, uint64_t seed, const char *folder)
{
    must(lw_crypto_start() == LW_OK && lw_store_start() == LW_OK);
    (void)snprintf(trial->folder, sizeof trial->folder, "%s", folder);
    (void)snprintf(trial->path, sizeof trial->path, "%s/vault", folder);
    (void)snprintf(trial->backup, sizeof trial->backup, "%s/backup", folder);
    (void)snprintf(trial->stick[0], sizeof trial->stick[0], "%s/h1", folder);
    (void)snprintf(trial->stick[1], sizeof trial->stick[1], "%s/h2", folder);
    (void)snprintf(trial->fresh, sizeof trial->fresh, "%s/h1.new", folder);
    pass_owner = passphrase(OWNER);
    pass_member = passphrase(MEMBER);
    pass_duress = passphrase(DURESS);
    pass_fresh = passphrase(FRESH);
    inject_start();
    make_samples();
    seeded_init(&seeded_program, (seed - 1) / SLICES, "vaults");
    make_images(trial);
    for (size_t w = 0; w < WORKS; w++)
        learn(trial, &works[w]);
}

static void finish(struct trial *trial)
{
    each_file(trial->folder, remove_file, trial->folder);
    lw_buf_free(&trial->told);
    lw_buf_free(&sample);
    lw_buf_free(&sample_part);
    for (size_t i = 0; i < IMAGES; i++) {
        free(images[i].vault.data);
        free(images[i].head.data);
        free(images[i].fresh.data);
    }
    for (size_t w = 0; w < WORKS; w++) {
        lw_buf_free(&expected[w].before);
        lw_buf_free(&expected[w].after);
        lw_buf_free(&expected[w].told);
    }
    lw_passphrase_free(pass_owner);
    lw_passphrase_free(pass_member);
    lw_passphrase_free(pass_duress);
    lw_passphrase_free(pass_fresh);
}

int main(int count, char **words)
{
    static struct trial trial;
    uint64_t seed;
    unsigned long faults;

    if (count != 4 || !lw_parse_u64(words[1], strlen(words[1]), UINT32_MAX, &seed) || seed == 0) {
        printf("usage: faults SEED short|long FOLDER\n");
        return 2;
    }
    seeded_start(seed);
    start(&trial, seed, words[3]);
    faults = strcmp(words[2], "long") == 0    ? sweep(&trial, seed)
             : strcmp(words[2], "short") == 0 ? sample_faults(&trial)
                                              : repeat(&trial, words[2]);
    finish(&trial);
    printf("figures faults=%lu bad=%lu\n", faults, bad.count);
    return bad.count > 0;
}
