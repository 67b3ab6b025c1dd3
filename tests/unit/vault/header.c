/* Unlocking and changing passphrases in a file that others may write at the same moment. */
#include "vault_fixture.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#define SMALL LW_VAULT_MIN

/* Runs between the last comparison and the writing of a copy, and after it, through the C library's
 * function that the header code writes with. */
static struct {
    void (*before)(int copy, void *context);
    void (*after)(int copy, void *context);
    void *context;
    int writes;
} hook;

static void call(void (*function)(int, void *), off_t offset)
{
    void (*before)(int, void *) = hook.before, (*after)(int, void *) = hook.after;

    if (function == NULL)
        return;
    hook.before = hook.after = NULL; /* what the hook itself writes is not hooked */
    function((int)(offset / LW_PAGE), hook.context);
    hook.before = before;
    hook.after = after;
}

ssize_t pwritev2(int fd, const struct iovec *piece, int count, off_t offset, int flags)
{
    ssize_t done;

    hook.writes++;
    call(hook.before, offset);
    done = syscall(SYS_pwritev2, fd, piece, count, offset, 0L, flags);
    call(hook.after, offset);
    return done;
}

/* Header writers wait for each other at most two seconds. Where one is played inside the other the
 * clock jumps instead. */
static int64_t jumped_ns;

int nanosleep(const struct timespec *asked, struct timespec *left)
{
    (void)left;
    if (hook.context == NULL)
        return (int)syscall(SYS_nanosleep, asked, NULL);
    jumped_ns += (int64_t)asked->tv_sec * 1000000000 + asked->tv_nsec;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    int64_t ns = now->tv_nsec + jumped_ns;

    now->tv_sec += ns / 1000000000;
    now->tv_nsec = ns % 1000000000;
    return failed;
}

static void reset(void)
{
    memset(&hook, 0, sizeof hook);
}

static void page_of(const char *path, unsigned page, uint8_t out[LW_PAGE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    assert_ok(lw_file_read_at(fd, out, LW_PAGE, (off_t)page * LW_PAGE));
    close(fd);
}

static void spoil_page(const char *path, unsigned page, size_t from)
{
    uint8_t bytes[LW_PAGE];
    int fd = open(path, O_RDWR | O_CLOEXEC);

    lw_random(bytes, sizeof bytes);
    assert_ok(lw_file_write_at(fd, bytes, LW_PAGE - from, (off_t)page * LW_PAGE + (off_t)from));
    close(fd);
}

static void accessors_tell_what_is_known(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL), *again = NULL;

    assert_string_equal(lw_vault_path(vault), fixture->path);
    assert_int_equal(lw_vault_bytes(vault), SMALL);
    assert_int_equal(lw_vault_profile(vault), cheap());
    assert_in_range(lw_vault_own_lane(vault), 0, 1);
    assert_true(lw_vault_knows_lane(vault, lw_vault_own_lane(vault)));
    assert_false(lw_vault_duress_armed(vault));
    assert_int_equal(lw_vault_passphrases(vault), 1);
    assert_ok(open_vault(fixture->path, "owner", &again));
    assert_int_equal(lw_vault_own_lane(again), lw_vault_own_lane(vault));
    assert_int_equal(lw_vault_profile(again), cheap());
    lw_vault_close(again);
    lw_vault_close(vault);
    lw_vault_close(NULL);
}

static void unlocking_writes_b_then_a_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault;
    size_t len, differ = 0;
    uint8_t *before, *after;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    before = slurp(fixture->path, &len);
    reset();
    assert_ok(open_vault(fixture->path, "owner", &vault));
    assert_int_equal(hook.writes, 2);
    lw_vault_close(vault);
    after = slurp(fixture->path, &len);
    for (size_t at = 0; at < len; at += 16) {
        bool header = at >= LW_PAGE && at < 3 * LW_PAGE;
        bool same = memcmp(before + at, after + at, 16) == 0;

        assert_int_equal(same, !header);
        differ += !same;
    }
    assert_int_equal(differ, LW_HEADER / 16);
    free(before);
    free(after);
}

static void wrong_passphrase_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = NULL;
    size_t len;
    uint8_t *before, *after;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    before = slurp(fixture->path, &len);
    reset();
    assert_int_equal(open_vault(fixture->path, "Owner", &vault), LW_WRONG_PASSPHRASE);
    assert_null(vault);
    assert_int_equal(hook.writes, 0);
    after = slurp(fixture->path, &len);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
}

static void what_cannot_be_a_vault_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = NULL;
    char data[5000] = {0};

    assert_int_equal(open_vault(fixture->path, "x", &vault), LW_NO_INPUT);
    put_file(fixture->path, data, sizeof data);
    assert_int_equal(open_vault(fixture->path, "x", &vault), LW_NOT_VAULT);
    put_file(fixture->path, data, 4096);
    assert_int_equal(open_vault(fixture->path, "x", &vault), LW_NOT_VAULT);
    assert_int_equal(open_vault(fixture->folder, "x", &vault), LW_NOT_VAULT);
    assert_int_equal(open_vault("/dev/null", "x", &vault), LW_NOT_VAULT);
    unlink(fixture->path);
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_int_equal(open_vault(fixture->path, "x", &vault), LW_NOT_VAULT);
}

static void a_passphrase_that_is_no_text_is_bad_data(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = NULL;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    assert_int_equal(open_vault(fixture->path, "own\xFF", &vault), LW_BAD_DATA);
}

static void torn_copies_heal(void **state)
{
    static const size_t from[] = {0, 1, 512, 2048, 4000};
    struct fixture *fixture = *state;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    for (unsigned i = 0; i < 10; i++) {
        unsigned page = i % 2 == 0 ? PAGE_HEADER_A : PAGE_HEADER_B;
        uint8_t header[LW_HEADER], id[LW_ID], salt[LW_PAGE];
        struct keyring *ring = keyring_new();
        struct slot_keys *keys = slot_keys_new();
        struct lw_passphrase *pass = passphrase("owner");
        struct lw_vault *vault;

        spoil_page(fixture->path, page, from[i / 2]);
        assert_ok(open_vault(fixture->path, "owner", &vault));
        assert_true(lw_vault_duress_armed(vault));
        page_of(fixture->path, PAGE_SALT, salt);
        page_of(fixture->path, PAGE_HEADER_A, header);
        page_of(fixture->path, PAGE_HEADER_B, header + LW_PAGE);
        vault_id(salt, id);
        assert_ok(kdf_derive(cheap(), pass, salt, keys, NULL));
        assert_ok(keyring_find(header, id, keys, COPY_BIT(COPY_A), ring));
        assert_ok(keyring_find(header, id, keys, COPY_BIT(COPY_B), ring));
        assert_memory_equal(header, vault->header, LW_HEADER);
        lw_vault_close(vault);
        lw_passphrase_free(pass);
        slot_keys_free(keys);
        keyring_free(ring);
    }
    assert_true(opens(fixture->path, "decoy", NULL));
}

static void both_copies_gone_is_gone(void **state)
{
    struct fixture *fixture = *state;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", NULL));
    spoil_page(fixture->path, PAGE_HEADER_A, 0);
    spoil_page(fixture->path, PAGE_HEADER_B, 0);
    assert_false(opens(fixture->path, "owner", NULL));
}

static void duress_destroys_the_real_slots(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy"), *decoy;
    struct lw_passphrase *second = passphrase("second");
    struct keyring *ring = keyring_new();

    assert_true(lw_vault_duress_armed(vault));
    assert_ok(lw_vault_passphrase_add(vault, second, NULL));
    assert_int_equal(lw_vault_passphrases(vault), 2);
    assert_ok(open_vault(fixture->path, "decoy", &decoy));
    assert_false(lw_vault_duress_armed(decoy));
    assert_int_equal(lw_vault_passphrases(decoy), 1);
    assert_int_equal(lw_vault_own_lane(decoy), 1 - lw_vault_own_lane(vault));
    assert_false(opens(fixture->path, "owner", NULL));
    assert_false(opens(fixture->path, "second", NULL));
    assert_true(opens(fixture->path, "decoy", ring));
    assert_false(keyring_knows_lane(ring, lw_vault_own_lane(vault)));
    assert_memory_not_equal(ring->lane_key[lw_vault_own_lane(vault)],
                            vault->ring->lane_key[lw_vault_own_lane(vault)], LW_KEY);
    assert_int_equal(vault_still_mine(vault, vault->fd), LW_REVOKED);
    assert_ok(vault_still_mine(decoy, decoy->fd));
    keyring_free(ring);
    lw_passphrase_free(second);
    lw_vault_close(decoy);
    lw_vault_close(vault);
}

/* As many system calls that write, and a payload of the same shape, as for a vault with one. */
static void duress_does_what_any_unlock_does(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault;
    struct keyring *decoy = keyring_new(), *single = keyring_new();
    char other[128];

    beside(fixture, "2", other);
    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    lw_vault_close(make_vault(other, SMALL, "single", NULL));
    reset();
    assert_ok(open_vault(fixture->path, "decoy", &vault));
    assert_int_equal(hook.writes, 2);
    lw_vault_close(vault);
    reset();
    assert_ok(open_vault(other, "single", &vault));
    assert_int_equal(hook.writes, 2);
    lw_vault_close(vault);
    assert_true(opens(fixture->path, "decoy", decoy));
    assert_true(opens(other, "single", single));
    for (unsigned i = 0; i < LW_SLOTS; i++) {
        assert_int_equal(decoy->slot[i].known, i == decoy->own_slot);
        assert_int_equal(single->slot[i].known, i == single->own_slot);
        assert_int_equal(decoy->slot[i].lane, i == decoy->own_slot ? decoy->own_lane : 0);
        assert_int_equal(single->slot[i].lane, i == single->own_slot ? single->own_lane : 0);
    }
    keyring_free(decoy);
    keyring_free(single);
}

static void passphrases_are_added_until_none_is_free(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    struct lw_error err;

    for (unsigned i = 0; i < 6; i++) {
        char text[16];
        struct lw_passphrase *pass;

        (void)snprintf(text, sizeof text, "number %u", i);
        pass = passphrase(text);
        assert_ok(lw_vault_passphrase_add(vault, pass, &err));
        assert_int_equal(lw_vault_passphrase_add(vault, pass, &err), LW_REFUSED);
        assert_true(opens(fixture->path, text, NULL));
        lw_passphrase_free(pass);
    }
    struct lw_passphrase *more = passphrase("one too many"), *decoy = passphrase("decoy");

    assert_int_equal(lw_vault_passphrase_add(vault, more, &err), LW_REFUSED);
    assert_int_equal(lw_vault_passphrase_add(vault, decoy, &err), LW_REFUSED);
    assert_true(opens(fixture->path, "decoy", NULL));
    assert_true(opens(fixture->path, "owner", NULL));
    assert_int_equal(lw_vault_passphrases(vault), 7);
    lw_passphrase_free(more);
    lw_passphrase_free(decoy);
    lw_vault_close(vault);
}

static void change_replaces_the_own_slot(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy"), *other;
    struct lw_passphrase *fresh = passphrase("fresh"), *decoy = passphrase("decoy");
    struct lw_error err;

    assert_ok(open_vault(fixture->path, "owner", &other));
    assert_ok(lw_vault_passphrase_change(vault, fresh, &err));
    assert_false(opens(fixture->path, "owner", NULL));
    assert_true(opens(fixture->path, "fresh", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
    assert_ok(vault_still_mine(vault, vault->fd));
    assert_int_equal(vault_still_mine(other, other->fd), LW_REVOKED);
    assert_int_equal(lw_vault_passphrase_change(other, decoy, &err), LW_REVOKED);
    assert_int_equal(lw_vault_passphrase_change(vault, fresh, &err), LW_REFUSED);
    assert_int_equal(lw_vault_passphrase_change(vault, decoy, &err), LW_REFUSED);
    assert_true(opens(fixture->path, "fresh", NULL));
    lw_passphrase_free(fresh);
    lw_passphrase_free(decoy);
    lw_vault_close(other);
    lw_vault_close(vault);
}

static void find_recognises_without_writing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    struct lw_passphrase *owner = passphrase("owner"), *decoy = passphrase("decoy"),
                         *other = passphrase("other");
    unsigned slot = 99, lane = 99;
    struct lw_error err;

    reset();
    assert_ok(lw_vault_passphrase_find(vault, owner, &slot, &lane, &err));
    assert_int_equal(slot, vault->ring->own_slot);
    assert_int_equal(lane, lw_vault_own_lane(vault));
    assert_ok(lw_vault_passphrase_find(vault, decoy, &slot, &lane, &err));
    assert_int_not_equal(slot, vault->ring->own_slot);
    assert_int_equal(lane, 1 - lw_vault_own_lane(vault));
    assert_int_equal(lw_vault_passphrase_find(vault, other, &slot, &lane, &err), LW_NOT_FOUND);
    assert_int_equal(hook.writes, 0);
    assert_true(opens(fixture->path, "owner", NULL));
    lw_passphrase_free(owner);
    lw_passphrase_free(decoy);
    lw_passphrase_free(other);
    lw_vault_close(vault);
}

static void a_session_follows_the_header(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL), *other;
    struct lw_passphrase *second = passphrase("second");
    int fd;

    assert_ok(open_vault(fixture->path, "owner", &other));
    assert_ok(lw_vault_passphrase_add(other, second, NULL));
    assert_ok(vault_reopen(vault, false, &fd, NULL));
    assert_int_equal(lw_vault_passphrases(vault), 1);
    assert_ok(vault_still_mine(vault, fd));
    assert_int_equal(lw_vault_passphrases(vault), 2);
    assert_memory_equal(vault->header, other->header, LW_HEADER);
    spoil_page(fixture->path, PAGE_HEADER_A, 0);
    assert_ok(vault_still_mine(vault, fd));
    spoil_page(fixture->path, PAGE_HEADER_B, 0);
    assert_int_equal(vault_still_mine(vault, fd), LW_REVOKED);
    close(fd);
    lw_passphrase_free(second);
    lw_vault_close(other);
    lw_vault_close(vault);
}

/* ---- two writers of one header --------------------------------------------------------------- */

struct meeting {
    const char *path;
    const char *text;
    int page; /* at which copy's writing the other one comes */
    int times;
    enum lw_status status;
};

static void other_unlocks(int page, void *context)
{
    struct meeting *meeting = context;
    struct lw_vault *vault;

    if (page != meeting->page || meeting->times == 0)
        return;
    meeting->times--;
    meeting->status = open_vault(meeting->path, meeting->text, &vault);
    if (meeting->status == LW_OK)
        lw_vault_close(vault);
}

/* Whatever moment of an owner's change the duress unlock falls into, the owner is gone after it. */
static void duress_wins_at_every_moment(void **state)
{
    for (int i = 0; i < 8; i++) {
        struct fixture *fixture = *state;
        struct meeting meeting = {fixture->path, "decoy",
                                  i % 2 == 0 ? PAGE_HEADER_A : PAGE_HEADER_B, 1, LW_INTERNAL};
        struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
        struct lw_passphrase *fresh = passphrase("fresh");
        struct lw_error err = {LW_OK, ""};
        struct keyring *ring = keyring_new();
        enum lw_status status;

        reset();
        hook.context = &meeting;
        if (i / 2 % 2 == 0)
            hook.before = other_unlocks;
        else
            hook.after = other_unlocks;
        status = i < 4 ? lw_vault_passphrase_change(vault, fresh, &err)
                       : lw_vault_passphrase_add(vault, fresh, &err);
        reset();
        assert_int_equal(meeting.status, LW_OK);
        assert_int_equal(status, LW_REVOKED);
        assert_false(opens(fixture->path, "owner", NULL));
        assert_false(opens(fixture->path, "fresh", NULL));
        assert_true(opens(fixture->path, "decoy", ring));
        assert_false(keyring_knows_lane(ring, lw_vault_own_lane(vault)));
        keyring_free(ring);
        lw_passphrase_free(fresh);
        lw_vault_close(vault);
        unlink(fixture->path);
    }
}

/* The other way round: the owner's unlock falls into the duress unlock. */
static void duress_wins_when_the_owner_comes_in_between(void **state)
{
    for (int i = 0; i < 4; i++) {
        struct fixture *fixture = *state;
        struct meeting meeting = {fixture->path, "owner",
                                  i % 2 == 0 ? PAGE_HEADER_A : PAGE_HEADER_B, 1, LW_INTERNAL};
        struct lw_vault *vault;

        lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
        reset();
        hook.context = &meeting;
        if (i / 2 == 0)
            hook.before = other_unlocks;
        else
            hook.after = other_unlocks;
        assert_ok(open_vault(fixture->path, "decoy", &vault));
        reset();
        assert_false(opens(fixture->path, "owner", NULL));
        assert_true(opens(fixture->path, "decoy", NULL));
        lw_vault_close(vault);
        unlink(fixture->path);
    }
}

static void two_owners_both_succeed(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
    struct lw_passphrase *added = passphrase("added");
    struct meeting meeting = {fixture->path, "owner", PAGE_HEADER_A, 1, LW_INTERNAL};

    reset();
    hook.before = other_unlocks;
    hook.context = &meeting;
    assert_ok(lw_vault_passphrase_add(vault, added, NULL));
    reset();
    assert_int_equal(meeting.status, LW_OK);
    assert_true(opens(fixture->path, "added", NULL));
    assert_true(opens(fixture->path, "owner", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
    assert_int_equal(lw_vault_passphrases(vault), 2);
    lw_passphrase_free(added);
    lw_vault_close(vault);
}

static void a_header_that_never_holds_still_is_busy(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", NULL);
    struct lw_passphrase *added = passphrase("added");
    struct meeting meeting = {fixture->path, "owner", PAGE_HEADER_B, 100, LW_INTERNAL};

    reset();
    hook.after = other_unlocks;
    hook.context = &meeting;
    assert_int_equal(lw_vault_passphrase_add(vault, added, NULL), LW_BUSY);
    reset();
    assert_int_equal(meeting.times, 95);
    assert_true(opens(fixture->path, "owner", NULL));
    lw_passphrase_free(added);
    lw_vault_close(vault);
}

static void wipe_under_the_pen(int page, void *context)
{
    struct meeting *meeting = context;
    unsigned pages[] = {PAGE_SALT, PAGE_HEADER_A, PAGE_HEADER_B};

    if (page != meeting->page || meeting->times-- <= 0)
        return;
    for (unsigned i = 0; i < 3; i++)
        spoil_page(meeting->path, pages[i], 0);
}

static void a_wiped_header_stays_wiped(void **state)
{
    for (int i = 0; i < 4; i++) {
        struct fixture *fixture = *state;
        struct meeting meeting = {fixture->path, NULL, i % 2 == 0 ? PAGE_HEADER_A : PAGE_HEADER_B,
                                  1, LW_OK};
        struct lw_vault *vault = make_vault(fixture->path, SMALL, "owner", "decoy");
        struct lw_passphrase *added = passphrase("added");
        uint8_t header[LW_HEADER];
        struct keyring *ring = keyring_new();
        struct slot_keys *keys = slot_keys_new();

        memcpy(keys->key[vault->ring->own_slot], vault->ring->slot[vault->ring->own_slot].key,
               LW_KEY);
        reset();
        hook.context = &meeting;
        if (i / 2 == 0)
            hook.before = wipe_under_the_pen;
        else
            hook.after = wipe_under_the_pen;
        assert_int_equal(lw_vault_passphrase_add(vault, added, NULL), LW_REVOKED);
        reset();
        page_of(fixture->path, PAGE_HEADER_A, header);
        page_of(fixture->path, PAGE_HEADER_B, header + LW_PAGE);
        /* Not even with the old salt. */
        assert_int_equal(keyring_find(header, vault->id, keys, BOTH_COPIES, ring), LW_NOT_FOUND);
        slot_keys_free(keys);
        keyring_free(ring);
        lw_passphrase_free(added);
        lw_vault_close(vault);
        unlink(fixture->path);
    }
}

/* Members unlock and add at once in processes of their own; every passphrase that was said to be
 * added opens the vault afterwards. */
static void processes_at_once_lose_nothing(void **state)
{
    struct fixture *fixture = *state;
    pid_t child[4];

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            char text[24];
            struct lw_vault *vault;
            struct lw_passphrase *pass;
            int bad = 0;

            (void)snprintf(text, sizeof text, "member %d", i);
            pass = passphrase(text);
            for (int round = 0; round < 10; round++) {
                bad |= open_vault(fixture->path, "owner", &vault) != LW_OK;
                if (round == 5)
                    bad |= lw_vault_passphrase_add(vault, pass, NULL) != LW_OK;
                bad |= vault_still_mine(vault, vault->fd) != LW_OK;
                lw_vault_close(vault);
            }
            lw_passphrase_free(pass);
            _exit(bad);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status;

        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_true(opens(fixture->path, "member 0", NULL));
    assert_true(opens(fixture->path, "member 1", NULL));
    assert_true(opens(fixture->path, "member 2", NULL));
    assert_true(opens(fixture->path, "member 3", NULL));
    assert_true(opens(fixture->path, "decoy", NULL));
}

/* kill -9 between the copies: one of them always opens. */
static void a_kill_between_the_copies_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault;

    lw_vault_close(make_vault(fixture->path, SMALL, "owner", "decoy"));
    for (int i = 0; i < 20; i++) {
        int ready[2];
        char byte;
        pid_t child;

        assert_int_equal(pipe(ready), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            for (;;) {
                if (open_vault(fixture->path, "owner", &vault) != LW_OK ||
                    write(ready[1], "x", 1) != 1)
                    _exit(1);
                lw_vault_close(vault);
            }
        }
        assert_int_equal(read(ready[0], &byte, 1), 1);
        usleep((useconds_t)(lw_random_below(4000)));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        close(ready[0]);
        close(ready[1]);
        assert_true(opens(fixture->path, "owner", NULL));
        assert_true(opens(fixture->path, "decoy", NULL));
    }
    assert_ok(open_vault(fixture->path, "owner", &vault));
    assert_true(lw_vault_duress_armed(vault));
    lw_vault_close(vault);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_folder(accessors_tell_what_is_known),
        with_folder(unlocking_writes_b_then_a_and_nothing_else),
        with_folder(wrong_passphrase_writes_nothing),
        with_folder(what_cannot_be_a_vault_is_refused),
        with_folder(a_passphrase_that_is_no_text_is_bad_data),
        with_folder(torn_copies_heal),
        with_folder(both_copies_gone_is_gone),
        with_folder(duress_destroys_the_real_slots),
        with_folder(duress_does_what_any_unlock_does),
        with_folder(passphrases_are_added_until_none_is_free),
        with_folder(change_replaces_the_own_slot),
        with_folder(find_recognises_without_writing),
        with_folder(a_session_follows_the_header),
        with_folder(duress_wins_at_every_moment),
        with_folder(duress_wins_when_the_owner_comes_in_between),
        with_folder(two_owners_both_succeed),
        with_folder(a_header_that_never_holds_still_is_busy),
        with_folder(a_wiped_header_stays_wiped),
        with_folder(processes_at_once_lose_nothing),
        with_folder(a_kill_between_the_copies_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
