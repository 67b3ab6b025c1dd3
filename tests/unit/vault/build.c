/* New files: creating, resizing, arming, revoking; what an interrupted one leaves; backups. */
#include "vault_fixture.h"

#include "vault/files.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define SMALL LW_VAULT_MIN

static void write_payloads(struct lw_vault *vault, unsigned number, uint32_t count, uint8_t seed)
{
    uint8_t payload[LW_PAYLOAD];
    struct lw_lane *lane;

    assert_ok(lw_lane_open(vault, number, LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    for (uint32_t i = 0; i < count; i++) {
        memset(payload, (int)(seed + i), sizeof payload);
        assert_ok(lw_lane_write(lane, i, payload));
    }
    assert_ok(lw_lane_commit(lane));
    lw_lane_close(lane);
}

static void expect_payloads(struct lw_vault *vault, unsigned number, uint32_t count, uint8_t seed)
{
    uint8_t payload[LW_PAYLOAD], wanted[LW_PAYLOAD];
    struct lw_lane *lane;

    assert_ok(lw_lane_open(vault, number, LW_LANE_READ, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_int_equal(lw_lane_pages(lane), count);
    assert_false(lw_lane_fell_back(lane));
    for (uint32_t i = 0; i < count; i++) {
        memset(wanted, (int)(seed + i), sizeof wanted);
        assert_ok(lw_lane_read(lane, i, payload));
        assert_memory_equal(payload, wanted, sizeof wanted);
    }
    lw_lane_close(lane);
}

static uint64_t generation_of(struct lw_vault *vault, unsigned number)
{
    struct lw_lane *lane;
    uint64_t generation;

    assert_ok(lw_lane_open(vault, number, LW_LANE_READ, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    generation = lw_lane_generation(lane);
    lw_lane_close(lane);
    return generation;
}

static enum lw_status create_with(const char *path, const struct lw_build_plan *plan,
                                  const struct lw_progress *progress)
{
    struct lw_build *build = NULL;
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = lw_build_create(path, plan, progress, &build, &err);

    if (status == LW_OK)
        lw_build_abandon(build);
    else
        assert_true(err.status == status && err.text[0] != '\0');
    return status;
}

/* Rewrites, publishes, closes the old one and hands the new one back through *vault. */
static enum lw_status rewrite(struct lw_vault **vault, const struct lw_build_plan *plan)
{
    struct lw_build *build = NULL;
    struct lw_vault *fresh = NULL;
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = lw_build_rewrite(*vault, plan, NULL, &build, &err);

    if (status == LW_OK)
        status = lw_build_publish(build, &fresh, &err);
    if (status != LW_OK) {
        assert_true(err.status == status && err.text[0] != '\0');
        return status;
    }
    lw_vault_close(*vault);
    *vault = fresh;
    return LW_OK;
}

/* ---- creating -------------------------------------------------------------------------------- */

static void created_file_is_whole_private_and_alone(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    struct stat info;
    char new_name[128];

    beside(fixture, ".new", new_name);
    assert_int_equal(stat(fixture->path, &info), 0);
    assert_int_equal(info.st_size, SMALL);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_nlink, 1);
    assert_true(info.st_blocks * 512 >= (blkcnt_t)SMALL); /* no hole */
    assert_false(exists(new_name));
    assert_string_equal(lw_vault_path(vault), fixture->path);
    for (unsigned lane = 0; lane < LW_LANES; lane++)
        assert_in_range(generation_of(vault, lane), 1, 2);
    lw_vault_close(vault);
}

static int compare_words(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint64_t));
}

/* Eight bytes in 512 Ki places collide by chance once in 100 million runs; sixteen never. */
static void no_string_occurs_twice(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    size_t len;
    uint8_t *data;

    write_payloads(vault, lw_vault_own_lane(vault), 200, 0); /* many equal pages */
    write_payloads(vault, 1 - lw_vault_own_lane(vault), 100, 0);
    lw_vault_close(vault);
    assert_ok(open_vault(fixture->path, "owner", &vault));
    lw_vault_close(vault);
    data = slurp(fixture->path, &len);
    qsort(data, len / 8, 8, compare_words);
    for (size_t at = 8; at < len; at += 8)
        assert_int_not_equal(memcmp(data + at, data + at - 8, 8), 0);
    free(data);
}

static void slot_and_lane_are_drawn_at_random(void **state)
{
    struct fixture *fixture = *state;
    unsigned slots = 0, lanes = 0;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};

    for (int i = 0; i < 40; i++) {
        struct lw_build *build;

        assert_ok(lw_build_create(fixture->path, &plan, NULL, &build, NULL));
        slots |= 1u << lw_build_vault(build)->ring->own_slot;
        lanes |= 1u << lw_vault_own_lane(lw_build_vault(build));
        lw_build_abandon(build);
    }
    assert_int_equal(lanes, 3);
    assert_true(__builtin_popcount(slots) >= 5);
    lw_passphrase_free(pass);
}

static void plans_that_cannot_be_meant(void **state)
{
    struct fixture *fixture = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass, pass};
    struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};
    char name[128];

    plan.bytes = SMALL - LW_PAGE;
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_USAGE);
    plan.bytes = SMALL + 1;
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_USAGE);
    plan.bytes = LW_VAULT_MAX + LW_PAGE;
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_USAGE);
    plan.bytes = SMALL;
    plan.profile = 17;
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_USAGE);
    plan.profile = cheap();
    plan.kept_count = 2;
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_USAGE);
    plan.kept_count = 1;
    plan.duress = pass; /* the same as the owner's */
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_REFUSED);
    plan.duress = NULL;
    beside(fixture, ".new", name);
    assert_int_equal(create_with(name, &plan, NULL), LW_REFUSED);
    beside(fixture, "/nowhere", name);
    assert_int_equal(create_with(name, &plan, NULL), LW_CANNOT_CREATE);
    put_file(fixture->path, "mine", 4);
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_EXISTS);
    lw_passphrase_free(pass);
}

static void a_size_that_the_disk_does_not_have_is_said_before(void **state)
{
    struct fixture *fixture = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {LW_VAULT_MAX, cheap(), false, kept, 1, NULL, NULL};
    char new_name[128];
    struct lw_error err = {LW_OK, ""};

    beside(fixture, "x", new_name);
    put_file(new_name, "", 0);
    int fd = open(new_name, O_RDWR);
    if (disk_has_room(fd, new_name, LW_VAULT_MAX, NULL) == LW_OK)
        assert_int_equal(disk_has_room(fd, new_name, UINT64_MAX / 2, &err), LW_FULL);
    else
        assert_int_equal(create_with(fixture->path, &plan, NULL), LW_FULL);
    close(fd);
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    lw_passphrase_free(pass);
}

static void publishing_never_replaces(void **state)
{
    struct fixture *fixture = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};
    struct lw_build *build;
    struct lw_vault *vault = NULL;
    char new_name[128];
    size_t len;
    uint8_t *data;

    assert_ok(lw_build_create(fixture->path, &plan, NULL, &build, NULL));
    put_file(fixture->path, "mine", 4);
    assert_int_equal(lw_build_publish(build, &vault, NULL), LW_EXISTS);
    assert_null(vault);
    data = slurp(fixture->path, &len);
    assert_int_equal(len, 4);
    free(data);
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    lw_passphrase_free(pass);
}

struct counter {
    uint64_t last, total, stop_at;
    unsigned calls;
};

static bool count_step(void *context, uint64_t done, uint64_t total)
{
    struct counter *counter = context;

    assert_true(done >= counter->last && done <= total);
    counter->last = done;
    counter->total = total;
    counter->calls++;
    return counter->stop_at == 0 || done < counter->stop_at;
}

static void progress_runs_to_the_end_and_cancels(void **state)
{
    struct fixture *fixture = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};
    struct counter counter = {0, 0, 0, 0};
    struct lw_progress progress = {count_step, &counter};
    char new_name[128];

    assert_ok(create_with(fixture->path, &plan, &progress));
    assert_int_equal(counter.last, SMALL);
    assert_int_equal(counter.total, SMALL);
    assert_true(counter.calls >= 4);
    memset(&counter, 0, sizeof counter);
    counter.stop_at = SMALL / 2;
    assert_int_equal(create_with(fixture->path, &plan, &progress), LW_CANCELLED);
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    assert_false(exists(fixture->path));
    lw_passphrase_free(pass);
}

/* ---- rewriting ------------------------------------------------------------------------------- */

static void resizing_keeps_contents_and_passphrases(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    unsigned own = lw_vault_own_lane(vault), slot, lane;
    struct lw_build_plan plan = {2 * SMALL, cheap(), false, NULL, 0, NULL, NULL};
    struct lw_passphrase *second = passphrase("second");
    uint64_t before;
    char new_name[128];

    assert_ok(lw_vault_passphrase_add(vault, second, NULL));
    write_payloads(vault, own, 300, 1);
    write_payloads(vault, 1 - own, 40, 2);
    before = generation_of(vault, own);
    assert_ok(rewrite(&vault, &plan));
    assert_int_equal(lw_vault_bytes(vault), 2 * SMALL);
    assert_string_equal(lw_vault_path(vault), fixture->path);
    assert_true(generation_of(vault, own) > before);
    expect_payloads(vault, own, 300, 1);
    expect_payloads(vault, 1 - own, 40, 2);
    assert_ok(lw_vault_passphrase_find(vault, second, &slot, &lane, NULL));
    lw_vault_close(vault);
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    assert_true(opens(fixture->path, "decoy", NULL));
    assert_ok(open_vault(fixture->path, "second", &vault));
    expect_payloads(vault, own, 300, 1);
    plan.bytes = SMALL; /* and back */
    assert_ok(rewrite(&vault, &plan));
    expect_payloads(vault, own, 300, 1);
    write_payloads(vault, own, 310, 4);
    expect_payloads(vault, own, 310, 4);
    lw_vault_close(vault);
    lw_passphrase_free(second);
}

static void too_small_a_size_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, 2 * SMALL, "owner", NULL);
    struct lw_build_plan plan = {SMALL, cheap(), false, NULL, 0, NULL, NULL};
    unsigned own = lw_vault_own_lane(vault);
    char new_name[128];

    write_payloads(vault, own, 1000, 1);
    assert_int_equal(rewrite(&vault, &plan), LW_FULL);
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    expect_payloads(vault, own, 1000, 1);
    write_payloads(vault, own, 10, 2); /* the lock is free again */
    lw_vault_close(vault);
}

static void arming_and_replacing_duress(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    unsigned own = lw_vault_own_lane(vault);
    struct lw_passphrase *first = passphrase("first"), *second = passphrase("second"),
                         *owner = passphrase("owner");
    struct lw_build_plan plan = {SMALL, cheap(), false, NULL, 0, owner, NULL};
    uint8_t key[LW_KEY];

    write_payloads(vault, own, 20, 1);
    assert_int_equal(rewrite(&vault, &plan), LW_REFUSED);
    plan.duress = first;
    assert_ok(rewrite(&vault, &plan));
    assert_true(lw_vault_duress_armed(vault));
    assert_in_range(generation_of(vault, 1 - own), 1, 2); /* as in a new vault */
    write_payloads(vault, 1 - own, 7, 3);
    memcpy(key, vault->ring->lane_key[1 - own], LW_KEY);
    plan.duress = second;
    assert_ok(rewrite(&vault, &plan));
    assert_memory_not_equal(key, vault->ring->lane_key[1 - own], LW_KEY);
    expect_payloads(vault, own, 20, 1);
    expect_payloads(vault, 1 - own, 7, 3);
    lw_vault_close(vault);
    assert_false(opens(fixture->path, "first", NULL));
    assert_true(opens(fixture->path, "owner", NULL));
    assert_ok(open_vault(fixture->path, "second", &vault));
    assert_false(lw_vault_knows_lane(vault, own));
    expect_payloads(vault, 1 - own, 7, 3);
    lw_vault_close(vault);
    assert_false(opens(fixture->path, "owner", NULL));
    lw_passphrase_free(first);
    lw_passphrase_free(second);
    lw_passphrase_free(owner);
}

static void revoking_leaves_only_who_is_kept(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    unsigned own = lw_vault_own_lane(vault);
    struct lw_passphrase *owner = passphrase("owner"), *leaver = passphrase("leaver"),
                         *stays = passphrase("stays"), *decoy = passphrase("decoy"),
                         *stranger = passphrase("stranger");
    const struct lw_passphrase *wrong[] = {owner, stranger}, *swapped[] = {stays, owner},
                               *kept[] = {owner, stays, decoy}, *fewer[] = {owner};
    struct lw_build_plan plan = {SMALL, cheap(), true, wrong, 2, NULL, NULL};
    uint8_t salt[LW_SALT], key[LW_KEY];

    assert_ok(lw_vault_passphrase_add(vault, leaver, NULL));
    assert_ok(lw_vault_passphrase_add(vault, stays, NULL));
    write_payloads(vault, own, 20, 1);
    write_payloads(vault, 1 - own, 5, 9);
    memcpy(salt, vault->salt, LW_SALT);
    memcpy(key, vault->ring->lane_key[own], LW_KEY);
    assert_int_equal(rewrite(&vault, &plan), LW_REFUSED);
    plan.kept = swapped;
    assert_int_equal(rewrite(&vault, &plan), LW_REFUSED);
    plan.kept_count = 0;
    assert_int_equal(rewrite(&vault, &plan), LW_USAGE);
    plan.kept = kept;
    plan.kept_count = 3;
    plan.duress = leaver; /* opens the old file */
    assert_int_equal(rewrite(&vault, &plan), LW_REFUSED);
    plan.duress = NULL;
    assert_true(opens(fixture->path, "leaver", NULL));
    assert_ok(rewrite(&vault, &plan));
    assert_memory_not_equal(salt, vault->salt, LW_SALT);
    assert_memory_not_equal(key, vault->ring->lane_key[own], LW_KEY);
    assert_int_equal(lw_vault_passphrases(vault), 2);
    assert_false(opens(fixture->path, "leaver", NULL));
    assert_true(opens(fixture->path, "stays", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
    expect_payloads(vault, own, 20, 1);
    expect_payloads(vault, 1 - own, 5, 9);
    plan.kept = fewer; /* the duress passphrase is not typed: it loses its slot, its lane goes */
    plan.kept_count = 1;
    assert_ok(rewrite(&vault, &plan));
    assert_false(lw_vault_duress_armed(vault));
    assert_int_equal(lw_vault_passphrases(vault), 1);
    assert_false(opens(fixture->path, "decoy", NULL));
    expect_payloads(vault, own, 20, 1);
    lw_vault_close(vault);
    assert_ok(open_vault(fixture->path, "owner", &vault));
    expect_payloads(vault, own, 20, 1);
    lw_vault_close(vault);
    lw_passphrase_free(owner);
    lw_passphrase_free(leaver);
    lw_passphrase_free(stays);
    lw_passphrase_free(decoy);
    lw_passphrase_free(stranger);
}

static void a_rewrite_waits_for_no_writer(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    struct lw_build_plan plan = {SMALL, cheap(), false, NULL, 0, NULL, NULL};
    struct lw_lane *lane;

    assert_ok(lw_lane_open(vault, lw_vault_own_lane(vault), LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    assert_int_equal(rewrite(&vault, &plan), LW_BUSY);
    lw_lane_close(lane);
    assert_ok(rewrite(&vault, &plan));
    lw_vault_close(vault);
}

/* Between the copying and the exchange somebody else uses the old file. */
static void publishing_does_not_bring_back_what_was_destroyed(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy"), *other;
    struct lw_build_plan plan = {SMALL, cheap(), false, NULL, 0, NULL, NULL};
    struct lw_passphrase *added = passphrase("added");
    struct lw_build *build;
    char new_name[128];

    assert_ok(lw_build_rewrite(vault, &plan, NULL, &build, NULL));
    assert_ok(open_vault(fixture->path, "owner", &other)); /* an ordinary unlock does no harm */
    assert_ok(lw_build_publish(build, NULL, NULL));
    assert_int_equal(vault_still_mine(other, other->fd), LW_REVOKED);
    lw_vault_close(other);
    lw_vault_close(vault);

    assert_ok(open_vault(fixture->path, "owner", &vault));
    assert_ok(lw_build_rewrite(vault, &plan, NULL, &build, NULL));
    assert_ok(open_vault(fixture->path, "owner", &other));
    assert_ok(lw_vault_passphrase_add(other, added, NULL));
    assert_int_equal(lw_build_publish(build, NULL, NULL), LW_BUSY);
    assert_true(opens(fixture->path, "added", NULL));
    lw_vault_close(other);

    assert_ok(lw_build_rewrite(vault, &plan, NULL, &build, NULL));
    assert_ok(open_vault(fixture->path, "decoy", &other));
    assert_int_equal(lw_build_publish(build, NULL, NULL), LW_REVOKED);
    assert_false(opens(fixture->path, "owner", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
    beside(fixture, ".new", new_name);
    assert_false(exists(new_name));
    lw_vault_close(other);
    lw_vault_close(vault);
    lw_passphrase_free(added);
}

static void the_old_file_is_unreadable_after_a_rewrite(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    struct lw_build_plan plan = {SMALL, cheap(), false, NULL, 0, NULL, NULL};
    int held = open(fixture->path, O_RDONLY);
    struct stat info;

    assert_ok(rewrite(&vault, &plan));
    assert_int_equal(fstat(held, &info), 0);
    assert_int_equal(info.st_nlink, 0);
    assert_int_equal(info.st_size, 0);
    close(held);
    lw_vault_close(vault);
}

/* What happens while a passphrase is stretched, which takes a second in earnest. */
static void (*meanwhile)(void *context);
static void *meanwhile_context;

int crypto_pwhash(unsigned char *const out, unsigned long long out_len, const char *const text,
                  unsigned long long len, const unsigned char *const salt,
                  unsigned long long passes, size_t memory, int algorithm)
{
    void (*action)(void *) = meanwhile;
    int (*real)(unsigned char *, unsigned long long, const char *, unsigned long long,
                const unsigned char *, unsigned long long, size_t, int);
    void *symbol = dlsym(RTLD_NEXT, "crypto_pwhash");

    meanwhile = NULL;
    if (action != NULL)
        action(meanwhile_context);
    memcpy(&real, &symbol, sizeof real);
    return real(out, out_len, text, len, salt, passes, memory, algorithm);
}

static void resize_meanwhile(void *context)
{
    const struct lw_build_plan plan = {2 * SMALL, cheap(), false, NULL, 0, NULL, NULL};
    struct lw_vault *vault;

    assert_ok(open_vault(context, "owner", &vault));
    assert_ok(rewrite(&vault, &plan));
    lw_vault_close(vault);
}

/* Else a duress unlock would destroy the slots of a file that is no vault any more. */
static void an_unlock_that_began_before_a_rewrite_ends_in_the_new_file(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    meanwhile_context = fixture->path;
    meanwhile = resize_meanwhile;
    assert_ok(open_vault(fixture->path, "decoy", &vault));
    assert_null(meanwhile);
    assert_int_equal(lw_vault_bytes(vault), 2 * SMALL);
    assert_false(opens(fixture->path, "owner", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
    lw_vault_close(vault);
}

/* ---- interrupted ----------------------------------------------------------------------------- */

/* A process that is killed with its build ready, or in the middle of filling it. */
static bool stop_here(void *context, uint64_t done, uint64_t total)
{
    const int *ready = context;

    if (done >= total / 2) {
        if (write(ready[1], "x", 1) == 1)
            pause();
    }
    return true;
}

static pid_t build_and_hang(const char *path, bool rewriting, bool half)
{
    int ready[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct lw_passphrase *pass = passphrase("owner");
        const struct lw_passphrase *const kept[] = {pass};
        struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};
        struct lw_progress progress = {stop_here, ready};
        struct lw_build *build;
        struct lw_vault *vault = NULL;
        enum lw_status status;

        if (rewriting && open_vault(path, "owner", &vault) != LW_OK)
            _exit(1);
        status = rewriting ? lw_build_rewrite(vault, &plan, half ? &progress : NULL, &build, NULL)
                           : lw_build_create(path, &plan, half ? &progress : NULL, &build, NULL);
        if (status != LW_OK || write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void reap(pid_t child)
{
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void an_interrupted_build_is_cleaned_at_the_next_start(void **state)
{
    struct fixture *fixture = *state;
    char new_name[128];
    struct lw_vault *vault;

    beside(fixture, ".new", new_name);
    for (int half = 0; half < 2; half++) {
        pid_t child = build_and_hang(fixture->path, false, half);

        assert_true(exists(new_name));
        lw_vault_finish_leftovers(fixture->path);
        assert_true(exists(new_name)); /* its builder lives */
        reap(child);
        assert_true(exists(new_name));
        lw_vault_finish_leftovers(fixture->path);
        assert_false(exists(new_name));
    }
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    for (int half = 0; half < 2; half++) {
        pid_t child = build_and_hang(fixture->path, true, half);

        assert_true(exists(new_name));
        assert_ok(open_vault(fixture->path, "owner", &vault)); /* reading goes on meanwhile */
        lw_vault_close(vault);
        assert_true(exists(new_name));
        reap(child);
        assert_ok(open_vault(fixture->path, "owner", &vault));
        lw_vault_close(vault);
        assert_false(exists(new_name));
    }
}

static void somebody_elses_file_is_left_alone(void **state)
{
    static const char text[8192] = "a file of somebody who calls it so";
    struct fixture *fixture = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {SMALL, cheap(), false, kept, 1, NULL, NULL};
    char new_name[128], wiped_name[128], second[128];
    struct lw_vault *vault;
    uint8_t noise[LW_PAGE + 1];
    size_t len;
    uint8_t *data;

    beside(fixture, ".new", new_name);
    beside(fixture, ".wiped", wiped_name);
    beside(fixture, "-second", second);
    put_file(new_name, text, sizeof text);
    put_file(wiped_name, text, sizeof text);
    assert_int_equal(create_with(fixture->path, &plan, NULL), LW_EXISTS);
    data = slurp(new_name, &len);
    assert_int_equal(len, sizeof text);
    assert_memory_equal(data, text, len);
    free(data);
    unlink(new_name);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    lw_random(noise, sizeof noise);
    put_file(new_name, noise, sizeof noise); /* random, but no whole pages */
    assert_ok(open_vault(fixture->path, "owner", &vault));
    assert_true(exists(new_name));
    assert_true(exists(wiped_name));
    put_file(new_name, noise, LW_PAGE);
    assert_int_equal(truncate(new_name, LW_PAGE), 0);
    assert_int_equal(link(new_name, second), 0); /* two names */
    lw_vault_finish_leftovers(fixture->path);
    assert_true(exists(new_name));
    unlink(second);
    lw_vault_finish_leftovers(fixture->path);
    assert_false(exists(new_name));
    assert_int_equal(symlink(fixture->path, new_name), 0);
    lw_vault_finish_leftovers(fixture->path);
    assert_true(exists(fixture->path));
    lw_vault_close(vault);
    lw_passphrase_free(pass);
}

/* ---- backup ---------------------------------------------------------------------------------- */

static void a_backup_is_the_same_vault(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    unsigned own = lw_vault_own_lane(vault);
    char copy[128], name[128];
    size_t len, copy_len;
    uint8_t *data, *copied;
    struct lw_lane *lane;
    struct lw_error err;

    beside(fixture, "-copy", copy);
    write_payloads(vault, own, 30, 5);
    assert_ok(lw_vault_backup(vault, copy, NULL, &err));
    data = slurp(fixture->path, &len);
    copied = slurp(copy, &copy_len);
    assert_int_equal(len, copy_len);
    assert_memory_equal(data, copied, len);
    free(data);
    free(copied);
    assert_int_equal(lw_vault_backup(vault, copy, NULL, &err), LW_EXISTS);
    beside(fixture, ".new", name);
    assert_int_equal(lw_vault_backup(vault, name, NULL, &err), LW_REFUSED);
    beside(fixture, ".wiped", name);
    assert_int_equal(lw_vault_backup(vault, name, NULL, &err), LW_REFUSED);
    beside(fixture, "-more", name);
    assert_ok(lw_lane_open(vault, own, LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    assert_int_equal(lw_vault_backup(vault, name, NULL, &err), LW_BUSY);
    assert_false(exists(name));
    lw_lane_close(lane);
    lw_vault_close(vault);
    assert_ok(open_vault(copy, "owner", &vault));
    expect_payloads(vault, own, 30, 5);
    lw_vault_close(vault);
}

static void a_cancelled_backup_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    struct counter counter = {0, 0, SMALL / 2, 0};
    struct lw_progress progress = {count_step, &counter};
    char copy[128];

    beside(fixture, "-copy", copy);
    assert_int_equal(lw_vault_backup(vault, copy, &progress, NULL), LW_CANCELLED);
    assert_false(exists(copy));
    lw_vault_close(vault);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_folder(created_file_is_whole_private_and_alone),
        with_folder(no_string_occurs_twice),
        with_folder(slot_and_lane_are_drawn_at_random),
        with_folder(plans_that_cannot_be_meant),
        with_folder(a_size_that_the_disk_does_not_have_is_said_before),
        with_folder(publishing_never_replaces),
        with_folder(progress_runs_to_the_end_and_cancels),
        with_folder(resizing_keeps_contents_and_passphrases),
        with_folder(too_small_a_size_is_refused),
        with_folder(arming_and_replacing_duress),
        with_folder(revoking_leaves_only_who_is_kept),
        with_folder(a_rewrite_waits_for_no_writer),
        with_folder(publishing_does_not_bring_back_what_was_destroyed),
        with_folder(an_unlock_that_began_before_a_rewrite_ends_in_the_new_file),
        with_folder(the_old_file_is_unreadable_after_a_rewrite),
        with_folder(an_interrupted_build_is_cleaned_at_the_next_start),
        with_folder(somebody_elses_file_is_left_alone),
        with_folder(a_backup_is_the_same_vault),
        with_folder(a_cancelled_backup_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
