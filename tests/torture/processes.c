/*
 * Many processes on one vault that is nearly full: two writers, four readers, and one that stays
 * with its snapshot while everybody else goes on. Readers are stopped and all but the last are
 * killed at random.
 *
 * A round is made of eras. At the beginning of each the vault is settled, alone: over 90 % of the
 * pool is in use. Then, with all processes: the writers write the same few pages again and again,
 * which must never meet a full vault, however long somebody stays; they add until it is full, and
 * delete; the one who stays lets go, and they do anything. At the end, alone again: every answered
 * commit is there and no other, nothing is damaged, no lock and no pin is left, and every page in
 * use is one that the tree names.
 *
 * Why UNUSED pages suffice for the first part: seven processes pin at most seven generations, each
 * of which keeps at most one old version of each page that is written again: page 1, the three
 * tables of sums, the rows of two writers, two nodes, a list page, 14 or less; a transaction takes
 * as many anew, and 20 are kept in reserve by the vault itself. That is under 150.
 */
#include "processes_reader.h"
#include "processes_writer.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct lengths {
    int64_t total_ms, light_ms, grow_ms, mixed_ms;
    uint64_t commits; /* of each writer, in each part */
};

static struct lengths lengths;
static pid_t pid[PROCESSES];
static int64_t base[WRITERS];
static uint64_t started, kills, stops;

/* ---- alone with the vault ---- */

static void made_well(enum lw_status status, const char *what, const struct lw_error *err)
{
    if (status != LW_OK)
        bad("%s: %s", what, err->text);
}

static void make_vault(void)
{
    struct lw_passphrase *pass = lw_passphrase_new();
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {
        (uint64_t)MEBIBYTES << 20, lw_kdf_profile_find("test"), false, kept, 1, NULL, NULL};
    struct lw_error err = {LW_OK, ""};
    struct lw_build *build = NULL;

    for (const char *at = "granite lantern meadow sparrow"; *at; at++)
        (void)lw_passphrase_push(pass, (uint8_t)*at);
    enum lw_status status = lw_build_create(vault_path, &plan, NULL, &build, &err);
    if (status == LW_OK)
        status = lw_build_publish(build, NULL, &err);
    made_well(status, "the vault cannot be made", &err);
    lw_passphrase_free(pass);
}

static uint64_t unused_pages(struct lw_store *store, uint64_t *in_use)
{
    struct lw_lane *lane = lw_store_lane(store);
    uint64_t pool = 0, used = 0;

    if (lw_lane_space(lane, &pool, &used) != LW_OK)
        bad("the space is not told: %s", lw_lane_error(lane));
    lw_lane_release(lane);
    *in_use = used;
    return pool - used;
}

/* Rows added or deleted until UNUSED pages are left. Three commits first: what was freed lately is
 * then free, as nobody pins it. */
static void settle(struct lw_store *store)
{
    struct writer writer[WRITERS];
    uint64_t used = 0, unused = 0;

    for (int w = 0; w < WRITERS; w++)
        writer[w] = (struct writer){.me = w, .store = store, .base = WINDOW};
    for (int try = 0; try < 4000 && shared->bad == 0; try++) {
        enum work work = WORK_LIGHT;
        if (try >= 3)
            unused = unused_pages(store, &used);
        if (try >= 3 && unused >= UNUSED && unused <= UNUSED + 4)
            break;
        struct writer *one = &writer[try % WRITERS];
        if (try >= 3)
            work = unused > UNUSED ? WORK_ADD : WORK_DELETE;
        one->bulk = unused > 2 * UNUSED ? 100 : 2;
        if (work == WORK_DELETE)
            made_well(lw_store_exec(store, "PRAGMA incremental_vacuum", &one->err), "settling",
                      &one->err);
        made_well(transact(one, work), "settling", &one->err);
    }
    if (used * 10 < (used + unused) * 9)
        bad("only %llu of %llu pages are in use", (unsigned long long)used,
            (unsigned long long)(used + unused));
    for (int w = 0; w < WRITERS; w++)
        made_well(newest_item(&writer[w], &base[w]), "settling", &writer[w].err);
}

static void check_locks(struct lw_store *store, const struct lw_vault *vault)
{
    struct lw_lane *lane = lw_store_lane(store);
    uint64_t *pins = NULL;
    size_t count = 0;

    if (lw_lane_snapshot(lane) != LW_OK ||
        pin_list(lane->fd, lane->own.keys->pin_base, lw_lane_generation(lane) + 2, &pins, &count) !=
            LW_OK)
        bad("the pins cannot be listed: %s", lw_lane_error(lane));
    if (count > 0)
        bad("%zu pins stay, the first of generation %llu", count, (unsigned long long)pins[0]);
    free(pins);
    for (enum lock_kind kind = LOCK_HEADER; kind <= LOCK_WRITER; kind++) {
        if (lock_take(lane->fd, vault->id, kind) != LW_OK)
            bad("the %s lock stays", kind == LOCK_HEADER ? "header's" : "writer's");
        lock_drop(lane->fd, vault->id, kind);
    }
    lw_lane_release(lane);
}

static void check_content(struct lw_store *store)
{
    struct writer writer = {.store = store};
    struct lw_error err = {LW_OK, ""};
    uint64_t complaints = 0;
    struct seen seen;

    for (writer.me = 0; writer.me < WRITERS; writer.me++)
        settle_count(&writer);
    enum lw_status status = lw_store_read(store, &err);
    if (status == LW_OK)
        status = scan(store, &seen, &err);
    lw_store_rollback(store);
    made_well(status, "the content at the end", &err);
    for (int w = 0; w < WRITERS && status == LW_OK; w++) {
        if (seen.commits[w] != (int64_t)shared->acked[w])
            bad("writer %d: %lld commits are there, %llu were answered", w,
                (long long)seen.commits[w], (unsigned long long)shared->acked[w]);
    }
    made_well(lw_store_integrity(store, &complaints, &err), "integrity_check", &err);
    if (complaints > 0)
        bad("integrity_check: %llu, %s", (unsigned long long)complaints, err.text);
}

/* Nobody pins anything: what is in use is what the tree names, to the page. */
static void check_space(struct lw_store *store)
{
    struct lw_lane *lane = lw_store_lane(store);
    struct writer writer = {.store = store, .base = WINDOW};
    struct lw_lane_check report = {0};
    uint64_t used = 0;

    for (int i = 0; i < 3; i++)
        made_well(transact(&writer, WORK_LIGHT), "a commit at the end", &writer.err);
    (void)unused_pages(store, &used);
    if (lw_lane_check(lane, NULL, &report) != LW_OK || report.bad > 0)
        bad("check: %llu of %llu pages, %s %s", (unsigned long long)report.bad,
            (unsigned long long)report.pages, report.first_bad, lw_lane_error(lane));
    lw_lane_release(lane);
    if (used != report.pages)
        bad("%llu pages are in use, the tree names %llu", (unsigned long long)used,
            (unsigned long long)report.pages);
}

static void alone(bool first)
{
    struct lw_vault *vault;
    struct lw_error err = {LW_OK, ""};
    struct lw_store *store = open_all(&vault, LW_LANE_WRITE);

    if (first)
        made_well(lw_store_exec(store, SCHEMA, &err), "the tables", &err);
    check_locks(store, vault);
    check_content(store);
    for (int w = 0; w < WRITERS && first; w++) {
        struct writer writer = {.me = w, .store = store, .bulk = WINDOW};
        made_well(transact(&writer, WORK_ADD), "the first rows", &writer.err);
    }
    check_space(store);
    if (shared->bad == 0)
        settle(store);
    if (shared->bad == 0)
        check_space(store);
    close_all(store, vault);
}

/* ---- the others ---- */

static void start(int number)
{
    fflush(stdout);
    uint64_t seed = round_seed * 1000003 + started++;
    pid[number] = fork();
    if (pid[number] != 0)
        return;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        _exit(3);
    seeded_start(seed);
    if (number < WRITERS)
        run_writer(number, base[number]);
    else if (number == STAYER)
        run_stayer();
    else
        run_reader(number);
    fflush(stdout);
    _exit(0);
}

/* It is gone: so are its locks, as those who go on will show. */
static void bury(int number)
{
    pid[number] = 0;
    shared->holds[number] = 0;
    if (number < WRITERS && (shared->turns[number] & 1) != 0)
        shared->turns[number]++;
}

static void kill_one(int number)
{
    (void)kill(pid[number], SIGKILL);
    (void)waitpid(pid[number], NULL, 0);
    bury(number);
}

static void look_after(void)
{
    int how;

    for (int n = 0; n < PROCESSES; n++) {
        if (pid[n] <= 0 || waitpid(pid[n], &how, WNOHANG) != pid[n])
            continue;
        if (WIFSIGNALED(how) || (n != STAYER && shared->bad == 0))
            bad("process %d ended by itself: %d", n, how);
        bury(n);
    }
}

static bool both_wrote(const uint64_t mark[WRITERS], uint64_t commits)
{
    return shared->acked[0] >= mark[0] + commits && shared->acked[1] >= mark[1] + commits;
}

static void take_mark(uint64_t mark[WRITERS])
{
    for (int w = 0; w < WRITERS; w++)
        mark[w] = shared->acked[w];
}

/* A reader in the middle of its snapshot stands still: both writers go on. */
static void stop_reader(int number)
{
    uint64_t mark[WRITERS];
    int64_t until = now_ms() + WAIT_MS;

    (void)kill(pid[number], SIGSTOP);
    take_mark(mark);
    while (!both_wrote(mark, 4) && shared->bad == 0) {
        if (now_ms() > until)
            bad("while a reader stood still the writers came to %llu and %llu commits",
                (unsigned long long)(shared->acked[0] - mark[0]),
                (unsigned long long)(shared->acked[1] - mark[1]));
        pause_ms(1);
    }
    (void)kill(pid[number], SIGCONT);
    stops++;
}

static void disturb(void)
{
    int number = (int)choose(WRITERS + READERS);

    if (pid[number] <= 0)
        return;
    if (shared->phase == PHASE_LIGHT && number >= WRITERS && choose(2) == 0) {
        for (int i = 0; i < 200 && !shared->holds[number]; i++)
            pause_ms(1);
        stop_reader(number);
        return;
    }
    kill_one(number);
    kills++;
    pause_ms(choose(20));
    start(number);
}

enum goal { GOAL_STAYS, GOAL_COMMITS, GOAL_FULL };

static bool reached(enum goal goal, const uint64_t mark[WRITERS])
{
    switch (goal) {
    case GOAL_STAYS:
        return shared->holds[STAYER] != 0;
    case GOAL_COMMITS:
        return both_wrote(mark, lengths.commits);
    case GOAL_FULL:
        return both_wrote(mark, lengths.commits) && shared->after_full[0] >= 3 &&
               shared->after_full[1] >= 3;
    }
    return true;
}

static void tend(int64_t least_ms, enum goal goal)
{
    int64_t begin = now_ms(), next = begin + choose(100);
    uint64_t mark[WRITERS];

    take_mark(mark);
    while (shared->bad == 0 && (now_ms() < begin + least_ms || !reached(goal, mark))) {
        look_after();
        if (now_ms() > begin + least_ms + WAIT_MS)
            bad("phase %d does not come to its end: %llu and %llu commits, full %llu and %llu "
                "times",
                (int)shared->phase, (unsigned long long)(shared->acked[0] - mark[0]),
                (unsigned long long)(shared->acked[1] - mark[1]),
                (unsigned long long)shared->full[0], (unsigned long long)shared->full[1]);
        if (goal != GOAL_STAYS && now_ms() >= next) {
            disturb();
            next = now_ms() + 50 + choose(200);
        }
        pause_ms(2);
    }
}

static void end_all(bool kindly)
{
    int64_t until = now_ms() + WAIT_MS;

    shared->phase = PHASE_OVER;
    shared->let_go = 1;
    for (int n = 0; n < PROCESSES; n++) {
        while (kindly && pid[n] > 0 && now_ms() < until) {
            if (waitpid(pid[n], NULL, WNOHANG) == pid[n])
                bury(n);
            else
                pause_ms(1);
        }
        if (pid[n] > 0)
            kill_one(n);
    }
}

static void era(void)
{
    shared->phase = PHASE_LIGHT;
    shared->let_go = 0;
    shared->last_ms = now_ms();
    for (int w = 0; w < WRITERS; w++)
        shared->full[w] = shared->after_full[w] = 0;
    for (int n = 0; n < PROCESSES; n++)
        start(n);
    tend(0, GOAL_STAYS);
    tend(lengths.light_ms, GOAL_COMMITS);
    shared->phase = PHASE_GROW;
    tend(lengths.grow_ms, GOAL_FULL);
    shared->let_go = 1;
    shared->phase = PHASE_MIXED;
    tend(lengths.mixed_ms, GOAL_COMMITS);
    end_all(shared->bad == 0 && choose(2) == 0);
}

int main(int argc, char **argv)
{
    static char path[4096];
    int64_t spent = 0;
    uint64_t eras = 0;

    if (argc != 4)
        return 2;
    round_seed = strtoull(argv[1], NULL, 10);
    bool is_short = strcmp(argv[2], "short") == 0;
    lengths = is_short ? (struct lengths){4000, 1500, 1000, 1500, 20}
                       : (struct lengths){60000, 5000, 3000, 4000, 50};
    snprintf(path, sizeof path, "%s/vault", argv[3]);
    vault_path = path;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    seeded_start(round_seed);
    if (lw_crypto_start() != LW_OK || lw_store_start() != LW_OK)
        return 2;
    make_vault();
    alone(true);
    while (spent < lengths.total_ms && shared->bad == 0) {
        int64_t begin = now_ms();
        era();
        spent += now_ms() - begin;
        shared->last_ms = 0;
        eras++;
        if (shared->bad == 0)
            alone(false);
    }
    printf("note: longest time between two commits %lld ms\n", (long long)shared->longest_ms);
    printf(
        "figures seconds=%lld eras=%llu commits=%llu scans=%llu stays=%llu kills=%llu stops=%llu "
        "bad=%llu\n",
        (long long)(spent / 1000), (unsigned long long)eras,
        (unsigned long long)(shared->acked[0] + shared->acked[1]),
        (unsigned long long)shared->scans, (unsigned long long)shared->stays,
        (unsigned long long)kills, (unsigned long long)stops, (unsigned long long)shared->bad);
    return shared->bad == 0 ? 0 : 1;
}
