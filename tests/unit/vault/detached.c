/* A header in a file of its own: made, moved, rewritten, pulled out; killed anywhere on the way. */
#include "io_hooks.h"
#include "vault_fixture.h"

#include "vault/head.h"

#include <sys/wait.h>

#define SMALL LW_VAULT_MIN

struct world {
    struct fixture *fixture;
    char stick[96], other[96]; /* two headers, each in a folder of its own */
};

static int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    void *fixture = NULL;
    char folder[80];

    if (world == NULL || fixture_setup(&fixture) != 0)
        return -1;
    world->fixture = fixture;
    for (int i = 0; i < 2; i++) {
        (void)snprintf(folder, sizeof folder, "%s/stick%d", world->fixture->folder, i);
        if (mkdir(folder, 0700) != 0)
            return -1;
        (void)snprintf(i == 0 ? world->stick : world->other, sizeof world->stick, "%s/h", folder);
    }
    *state = world;
    return 0;
}

static int world_teardown(void **state)
{
    struct world *world = *state;
    void *fixture = world->fixture;

    free(world);
    return fixture_teardown(&fixture);
}

#define with_world(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

/* ---- doing ---------------------------------------------------------------------------------- */

static struct lw_vault *make_detached(const char *path, const char *header, const char *owner,
                                      const char *duress)
{
    struct lw_passphrase *pass = passphrase(owner);
    struct lw_passphrase *other = duress != NULL ? passphrase(duress) : NULL;
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {.bytes = SMALL,
                                 .profile = cheap(),
                                 .kept = kept,
                                 .kept_count = 1,
                                 .duress = other,
                                 .header = header};
    struct lw_error err = {LW_OK, ""};
    struct lw_build *build = NULL;
    struct lw_vault *vault = NULL;

    if (lw_build_create(path, &plan, NULL, &build, &err) != LW_OK ||
        lw_build_publish(build, &vault, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_passphrase_free(pass);
    lw_passphrase_free(other);
    return vault;
}

static enum lw_status open_with(const char *path, const char *header, const char *text,
                                struct lw_vault **vault)
{
    struct lw_passphrase *pass = passphrase(text);
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = lw_vault_open_with(path, header, pass, cheap(), vault, &err);

    if (status != LW_OK)
        assert_true(err.status == status && err.text[0] != '\0');
    lw_passphrase_free(pass);
    return status;
}

static void write_mark(struct lw_vault *vault, unsigned number, uint8_t mark)
{
    uint8_t payload[LW_PAYLOAD];
    struct lw_lane *lane;

    memset(payload, mark, sizeof payload);
    assert_ok(lw_lane_open(vault, number, LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    assert_ok(lw_lane_write(lane, 0, payload));
    assert_ok(lw_lane_commit(lane));
    lw_lane_close(lane);
}

static void expect_mark(struct lw_vault *vault, unsigned number, uint8_t mark)
{
    uint8_t payload[LW_PAYLOAD];
    struct lw_lane *lane;

    assert_ok(lw_lane_open(vault, number, LW_LANE_READ, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_read(lane, 0, payload));
    assert_int_equal(payload[0], mark);
    assert_false(lw_lane_fell_back(lane));
    lw_lane_close(lane);
}

static bool has_new(const char *path)
{
    char name[128];

    (void)snprintf(name, sizeof name, "%s.new", path);
    return exists(name);
}

static void copy_file(const char *from, const char *to)
{
    size_t len;
    uint8_t *data = slurp(from, &len);

    put_file(to, data, len);
    free(data);
}

/* No slot, and not the salt. */
static void expect_noise_inside(const char *path, const uint8_t salt[LW_SALT])
{
    size_t len;
    uint8_t *data = slurp(path, &len);

    assert_int_not_equal(memcmp(data, salt, LW_SALT), 0);
    free(data);
    assert_false(opens(path, "owner", NULL));
}

static void salt_of(const char *path, uint8_t salt[LW_SALT])
{
    size_t len;
    uint8_t *data = slurp(path, &len);

    memcpy(salt, data, LW_SALT);
    free(data);
}

/* ---- whole ---------------------------------------------------------------------------------- */

static void the_vault_without_its_header_is_noise(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", NULL);
    uint8_t salt[LW_SALT];
    struct stat info;

    write_mark(vault, lw_vault_own_lane(vault), 7);
    lw_vault_close(vault);
    assert_int_equal(stat(world->stick, &info), 0);
    assert_int_equal(info.st_size, HEAD_BYTES);
    assert_int_equal(info.st_size, LW_HEADER_BYTES);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_false(has_new(world->stick));
    assert_false(has_new(path));
    salt_of(world->stick, salt);
    expect_noise_inside(path, salt);
    assert_int_equal(open_vault(path, "owner", &vault), LW_WRONG_PASSPHRASE);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    assert_string_equal(lw_vault_header(vault), world->stick);
    expect_mark(vault, lw_vault_own_lane(vault), 7);
    lw_vault_close(vault);
    expect_noise_inside(path, salt);
    assert_int_equal(open_with(path, world->stick, "else", &vault), LW_WRONG_PASSPHRASE);
}

static void what_is_no_header_is_told(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", NULL);
    char second[128];
    uint8_t page[LW_PAGE] = {0};

    lw_vault_close(vault);
    assert_int_equal(open_with(path, world->other, "owner", &vault), LW_NO_INPUT);
    put_file(world->other, page, sizeof page);
    assert_int_equal(open_with(path, world->other, "owner", &vault), LW_NOT_VAULT);
    assert_int_equal(unlink(world->other), 0);
    beside(world->fixture, "-two", second);
    vault = make_detached(second, world->other, "owner", NULL);
    lw_vault_close(vault);
    assert_int_equal(open_with(path, world->other, "owner", &vault), LW_NOT_VAULT);
    assert_int_equal(open_with(second, world->stick, "owner", &vault), LW_NOT_VAULT);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    lw_vault_close(vault);
}

static void creating_takes_no_file_that_is_there(void **state)
{
    struct world *world = *state;
    struct lw_passphrase *pass = passphrase("owner");
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {
        .bytes = SMALL, .profile = cheap(), .kept = kept, .kept_count = 1, .header = world->stick};
    struct lw_build *build = NULL;
    struct lw_error err;
    char name[128];

    put_file(world->stick, "mine", 4);
    assert_int_equal(lw_build_create(world->fixture->path, &plan, NULL, &build, &err), LW_EXISTS);
    assert_int_equal(unlink(world->stick), 0);
    (void)snprintf(name, sizeof name, "%s.new", world->stick);
    put_file(name, "may open another vault", 22);
    assert_int_equal(lw_build_create(world->fixture->path, &plan, NULL, &build, &err), LW_EXISTS);
    assert_true(exists(name));
    assert_false(has_new(world->fixture->path));
    put_file(name, "", 0); /* nothing was in it yet */
    assert_ok(lw_build_create(world->fixture->path, &plan, NULL, &build, &err));
    lw_build_abandon(build);
    assert_false(exists(name));
    assert_false(exists(world->stick));
    lw_passphrase_free(pass);
}

static void it_moves_out_across_and_back(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_vault(path, SMALL, "owner", "decoy");
    struct lw_error err;
    uint8_t salt[LW_SALT];

    write_mark(vault, lw_vault_own_lane(vault), 5);
    salt_of(path, salt);
    assert_ok(lw_vault_header_move(vault, world->stick, &err));
    expect_noise_inside(path, salt);
    assert_int_equal(lw_vault_header_move(vault, world->stick, &err), LW_REFUSED);
    put_file(world->other, "mine", 4);
    assert_int_equal(lw_vault_header_move(vault, world->other, &err), LW_EXISTS);
    assert_int_equal(unlink(world->other), 0);
    assert_ok(lw_vault_header_move(vault, world->other, &err));
    assert_false(exists(world->stick));
    expect_mark(vault, lw_vault_own_lane(vault), 5);
    write_mark(vault, lw_vault_own_lane(vault), 6); /* this session goes on */
    lw_vault_close(vault);
    assert_ok(open_with(path, world->other, "owner", &vault));
    assert_true(lw_vault_duress_armed(vault));
    assert_ok(lw_vault_header_move(vault, NULL, &err));
    assert_false(exists(world->other));
    assert_int_equal(lw_vault_header_move(vault, NULL, &err), LW_REFUSED);
    lw_vault_close(vault);
    assert_ok(open_vault(path, "owner", &vault));
    expect_mark(vault, lw_vault_own_lane(vault), 6);
    lw_vault_close(vault);
    assert_ok(open_vault(path, "decoy", &vault));
    lw_vault_close(vault);
}

static void a_duress_passphrase_destroys_the_real_slots_on_the_stick(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", "decoy");

    lw_vault_close(vault);
    assert_true(opens(world->stick, "owner", NULL));
    assert_ok(open_with(path, world->stick, "decoy", &vault));
    lw_vault_close(vault);
    assert_false(opens(world->stick, "owner", NULL));
    assert_int_equal(open_with(path, world->stick, "owner", &vault), LW_WRONG_PASSPHRASE);
}

/* ---- after a move that was cut off ------------------------------------------------------------
 */

/* The header in both places, the vault's as it was when it went to the stick. */
static void leave_both(struct world *world)
{
    struct lw_vault *vault = make_vault(world->fixture->path, SMALL, "owner", "decoy");
    uint8_t head[HEAD_BYTES];
    size_t len;
    uint8_t *data;

    lw_vault_close(vault);
    data = slurp(world->fixture->path, &len);
    memcpy(head, data, HEAD_BYTES);
    put_file(world->stick, head, sizeof head);
    free(data);
}

static void the_stick_used_first_ends_the_move(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault;
    struct lw_header_look look;
    uint8_t salt[LW_SALT];

    leave_both(world);
    salt_of(world->stick, salt);
    assert_ok(lw_header_look(path, world->stick, &look, NULL));
    assert_true(look.in_both && look.same_device && !look.unfinished);
    /* the real slots must be gone in both places */
    assert_ok(open_with(path, world->stick, "decoy", &vault));
    lw_vault_close(vault);
    expect_noise_inside(path, salt);
    assert_false(opens(world->stick, "owner", NULL));
    assert_ok(lw_header_look(path, world->stick, &look, NULL));
    assert_false(look.in_both);
}

static void the_vault_used_first_makes_the_stick_stale(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault;
    struct lw_error err;
    size_t len, now;
    uint8_t *before, *after;

    leave_both(world);
    assert_ok(open_vault(path, "owner", &vault));
    lw_vault_close(vault);
    before = slurp(world->stick, &len);
    assert_int_equal(open_with(path, world->stick, "owner", &vault), LW_REFUSED);
    after = slurp(world->stick, &now);
    assert_true(len == now && memcmp(before, after, len) == 0);
    free(before);
    free(after);
    assert_ok(open_vault(path, "owner", &vault));
    assert_ok(lw_vault_header_move(vault, world->stick, &err)); /* over the earlier copy */
    lw_vault_close(vault);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    lw_vault_close(vault);
    assert_false(opens(path, "owner", NULL));
}

static void what_was_used_since_is_not_written_over(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", NULL);
    struct lw_error err;
    size_t len, now;
    uint8_t *before, *after;

    lw_vault_close(vault);
    copy_file(world->stick, world->other); /* as a move that was cut off leaves it */
    assert_ok(open_with(path, world->other, "owner", &vault));
    lw_vault_close(vault);
    before = slurp(world->other, &len);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    assert_int_equal(lw_vault_header_move(vault, world->other, &err), LW_REFUSED);
    lw_vault_close(vault);
    after = slurp(world->other, &now);
    assert_true(len == now && memcmp(before, after, len) == 0);
    free(before);
    free(after);
}

static void change_here(const char *path, const char *header)
{
    struct lw_vault *vault = NULL;
    struct lw_passphrase *fresh = passphrase("another");

    assert_ok(open_with(path, header, "owner", &vault));
    assert_ok(lw_vault_passphrase_change(vault, fresh, NULL));
    lw_passphrase_free(fresh);
    lw_vault_close(vault);
}

/* The slot of a friend, which stays, tells it from a torn one. */
static void a_changed_passphrase_is_not_written_over(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", NULL);
    struct lw_passphrase *friend = passphrase("friend");
    struct lw_error err;

    assert_ok(lw_vault_passphrase_add(vault, friend, NULL));
    lw_passphrase_free(friend);
    lw_vault_close(vault);
    copy_file(world->stick, world->other);
    change_here(path, world->other);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    assert_int_equal(lw_vault_header_move(vault, world->other, &err), LW_REFUSED);
    lw_vault_close(vault);
    assert_ok(open_with(path, world->other, "another", &vault));
    copy_file(world->other, world->stick); /* a copy, older than the vault's own from now on */
    assert_ok(lw_vault_header_move(vault, NULL, &err));
    lw_vault_close(vault);
    assert_ok(open_vault(path, "friend", &vault));
    lw_vault_close(vault);
    assert_ok(open_vault(path, "another", &vault));
    friend = passphrase("owner");
    assert_ok(lw_vault_passphrase_change(vault, friend, NULL));
    lw_passphrase_free(friend);
    lw_vault_close(vault);
    assert_int_equal(open_with(path, world->stick, "another", &vault), LW_REFUSED);
    assert_ok(open_vault(path, "owner", &vault));
    lw_vault_close(vault);
}

/* ---- a stick that is out --------------------------------------------------------------------- */

static void a_pulled_stick_is_no_lost_slot(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", "decoy");
    struct lw_build_plan plan = {.bytes = SMALL, .profile = cheap()};
    struct lw_passphrase *fresh = passphrase("another");
    struct lw_build *build = NULL;
    struct lw_error err;
    unsigned own = lw_vault_own_lane(vault);

    assert_int_equal(rename(world->stick, world->other), 0);
    assert_ok(lw_vault_watch(vault, &err));
    assert_true(lw_vault_header_missing(vault));
    write_mark(vault, own, 9);
    expect_mark(vault, own, 9);
    assert_int_equal(lw_build_rewrite(vault, &plan, NULL, &build, &err), LW_NO_INPUT);
    assert_false(has_new(path));
    assert_int_equal(lw_vault_passphrase_add(vault, fresh, &err), LW_NO_INPUT);
    assert_int_equal(lw_vault_header_move(vault, NULL, &err), LW_NO_INPUT);
    assert_int_equal(rename(world->other, world->stick), 0);
    assert_ok(lw_vault_watch(vault, &err));
    assert_false(lw_vault_header_missing(vault));
    lw_passphrase_free(fresh);
    lw_vault_close(vault);
    assert_ok(open_with(path, world->stick, "owner", &vault));
    expect_mark(vault, own, 9);
    lw_vault_close(vault);
}

static void a_lost_slot_is_noticed_on_the_stick(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault = make_detached(path, world->stick, "owner", "decoy"), *decoy;
    struct lw_lane *lane;
    struct lw_error err;

    assert_ok(open_with(path, world->stick, "decoy", &decoy));
    assert_int_equal(lw_vault_watch(vault, &err), LW_REVOKED);
    assert_ok(lw_lane_open(vault, lw_vault_own_lane(vault), LW_LANE_WRITE, &lane, NULL));
    assert_ok(lw_lane_snapshot(lane));
    assert_int_equal(lw_lane_reserve(lane), LW_REVOKED);
    lw_lane_close(lane);
    lw_vault_close(decoy);
    lw_vault_close(vault);
}

/* ---- killed anywhere ------------------------------------------------------------------------- */

/* What of the write in which the power goes is on the disk: nothing, its first bytes, its last. */
enum torn { TORN_OFF, TORN_PAGE, TORN_LAST };

static unsigned calls_left;
static enum torn torn;

static bool is_write(const struct io_call *call)
{
    return call->kind == IO_WRITE || call->kind == IO_WRITE_SYNCED;
}

static void tear(const struct io_call *call)
{
    const size_t kept[] = {0, LW_PAGE, 512};
    size_t len = kept[torn] < call->len ? kept[torn] : call->len;
    size_t at = torn == TORN_LAST ? call->len - len : 0;

    if (is_write(call))
        (void)!pwrite(call->fd, (const uint8_t *)call->data + at, len, call->offset + (off_t)at);
}

static bool die(const struct io_call *call, ssize_t *result)
{
    (void)result;
    if (call->kind == IO_OPEN || call->kind == IO_READ || (torn != TORN_OFF && !is_write(call)))
        return false;
    if (calls_left-- == 0) {
        tear(call);
        _exit(9);
    }
    return false;
}

typedef void deed(struct world *world);

/* In a process of its own, which ends before its n-th change of a file. False: it got to its end.
 */
static bool killed_at(struct world *world, deed *act, unsigned n)
{
    pid_t child = fork();
    int how;

    assert_true(child >= 0);
    if (child == 0) {
        calls_left = n;
        io_hooks.before = die;
        act(world);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 9));
    return WEXITSTATUS(how) == 9;
}

static void need(enum lw_status status)
{
    if (status != LW_OK)
        _exit(2);
}

static struct lw_vault *open_here(const char *path, const char *header)
{
    struct lw_vault *vault = NULL;
    struct lw_passphrase *pass = passphrase("owner");

    need(lw_vault_open_with(path, header, pass, cheap(), &vault, NULL));
    lw_passphrase_free(pass);
    return vault;
}

static void move_out(struct world *world)
{
    struct lw_vault *vault = open_here(world->fixture->path, NULL);

    need(lw_vault_header_move(vault, world->stick, NULL));
}

static void move_across(struct world *world)
{
    struct lw_vault *vault = open_here(world->fixture->path, world->stick);

    need(lw_vault_header_move(vault, world->other, NULL));
}

static void move_in(struct world *world)
{
    struct lw_vault *vault = open_here(world->fixture->path, world->stick);

    need(lw_vault_header_move(vault, NULL, NULL));
}

static void rewrite(struct world *world, uint64_t bytes, bool new_salt, const char *duress)
{
    struct lw_vault *vault = open_here(world->fixture->path, world->stick);
    struct lw_passphrase *pass = passphrase("owner");
    struct lw_passphrase *decoy = duress != NULL ? passphrase(duress) : NULL;
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {.bytes = bytes,
                                 .profile = cheap(),
                                 .new_salt = new_salt,
                                 .kept = kept,
                                 .kept_count = 1,
                                 .duress = decoy};
    struct lw_build *build = NULL;

    need(lw_build_rewrite(vault, &plan, NULL, &build, NULL));
    need(lw_build_publish(build, NULL, NULL));
}

static void resize(struct world *world)
{
    rewrite(world, SMALL + 16 * LW_PAGE, false, NULL);
}

static void arm(struct world *world)
{
    rewrite(world, SMALL, false, "decoy");
}

static void replace_duress(struct world *world)
{
    rewrite(world, SMALL, false, "second decoy");
}

static void revoke_all(struct world *world)
{
    rewrite(world, SMALL, true, NULL);
}

/* The state to start from, kept so that it need not be made for each kill. */
static void keep_start(const struct world *world, const char *header)
{
    char name[128];

    beside(world->fixture, "-start", name);
    copy_file(world->fixture->path, name);
    beside(world->fixture, "-head", name);
    if (header != NULL)
        copy_file(header, name);
}

static void restore_start(const struct world *world, const char *header)
{
    char name[128];

    beside(world->fixture, ".new", name);
    (void)unlink(name);
    for (int i = 0; i < 2; i++) {
        (void)snprintf(name, sizeof name, "%s.new", i == 0 ? world->stick : world->other);
        (void)unlink(name);
    }
    (void)unlink(world->stick);
    (void)unlink(world->other);
    beside(world->fixture, "-start", name);
    copy_file(name, world->fixture->path);
    beside(world->fixture, "-head", name);
    if (header != NULL)
        copy_file(name, header);
}

/* Nothing of the header's slots stands in the vault without the salt, by which an unlock sees that
 * it has to clear them. */
static void expect_salt_with_slots(const char *path, const char *header,
                                   const uint8_t salt[LW_SALT])
{
    size_t len;
    uint8_t *inside = slurp(path, &len), *head = slurp(header, &len);

    assert_int_equal(len, HEAD_BYTES);
    for (size_t at = LW_PAGE; at < HEAD_BYTES; at += 512)
        if (memcmp(inside + at, head + at, 512) == 0)
            assert_memory_equal(inside, salt, LW_SALT);
    free(inside);
    free(head);
}

/* Opens with the old place or with the new one, whichever does; the other one then must not be more
 * than a copy that the next move takes over. */
static void kill_move_torn(struct world *world, deed *act, const char *from, const char *to)
{
    const char *path = world->fixture->path;
    struct lw_vault *vault;
    struct lw_error err;
    unsigned n = 0;
    bool killed = true;

    for (; killed; n++) {
        const char *at = from;
        struct stat info;
        uint8_t salt[LW_SALT];

        restore_start(world, from);
        salt_of(from != NULL ? from : path, salt);
        killed = killed_at(world, act, n);
        if (to == NULL && stat(from, &info) == 0 && info.st_size == HEAD_BYTES)
            expect_salt_with_slots(path, from, salt);
        if (open_with(path, from, "owner", &vault) != LW_OK) {
            at = to;
            assert_ok(open_with(path, to, "owner", &vault));
        } else {
            assert_true(killed);
        }
        expect_mark(vault, lw_vault_own_lane(vault), 3);
        if (at == from) /* the same again */
            assert_ok(lw_vault_header_move(vault, to, &err));
        lw_vault_close(vault);
        assert_ok(open_with(path, to, "owner", &vault));
        expect_mark(vault, lw_vault_own_lane(vault), 3);
        lw_vault_close(vault);
        if (to != NULL) {
            expect_noise_inside(path, salt);
            assert_false(has_new(to));
        }
        /* where the removal of the old file was cut off, it holds nothing */
        if (from != NULL && stat(from, &info) == 0 && info.st_size == HEAD_BYTES)
            assert_false(opens(from, "owner", NULL));
    }
    assert_true(n > 6);
}

/* Between the calls, and in each write in one more way. */
static void kill_move(struct world *world, deed *act, enum torn way, const char *from,
                      const char *to)
{
    kill_move_torn(world, act, from, to);
    torn = way;
    kill_move_torn(world, act, from, to);
    torn = TORN_OFF;
}

static void start_move(struct world *world, bool detached)
{
    struct lw_vault *vault = detached
                                 ? make_detached(world->fixture->path, world->stick, "owner", NULL)
                                 : make_vault(world->fixture->path, SMALL, "owner", NULL);

    write_mark(vault, lw_vault_own_lane(vault), 3);
    lw_vault_close(vault);
    keep_start(world, detached ? world->stick : NULL);
}

static void a_move_out_survives_every_kill(void **state)
{
    start_move(*state, false);
    kill_move(*state, move_out, TORN_LAST, NULL, ((struct world *)*state)->stick);
}

static void a_move_across_survives_every_kill(void **state)
{
    struct world *world = *state;

    start_move(world, true);
    kill_move(world, move_across, TORN_PAGE, world->stick, world->other);
}

static void a_move_in_survives_every_kill(void **state)
{
    struct world *world = *state;

    start_move(world, true);
    kill_move(world, move_in, TORN_PAGE, world->stick, NULL);
}

/* Everybody who has a right to it gets in, old or new, and nothing is left beside. */
static void kill_rewrite(struct world *world, deed *act, const char *before, const char *after)
{
    const char *path = world->fixture->path, *header = world->stick;
    struct lw_vault *vault = make_detached(path, header, "owner", before);
    unsigned n = 0, olds = 0, news = 0, lane = lw_vault_own_lane(vault);
    bool killed = true;

    write_mark(vault, lane, 3);
    if (before != NULL)
        write_mark(vault, 1 - lane, 4);
    lw_vault_close(vault);
    keep_start(world, header);
    for (; killed; n++) {
        bool old;

        restore_start(world, header);
        killed = killed_at(world, act, n);
        assert_ok(open_with(path, header, "owner", &vault));
        expect_mark(vault, lane, 3);
        write_mark(vault, lane, 3);
        if (before != NULL && lw_vault_duress_armed(vault))
            expect_mark(vault, 1 - lane, 4);
        assert_int_equal(lw_vault_duress_armed(vault),
                         opens(header, before != NULL ? before : "-", NULL) ||
                             opens(header, after != NULL ? after : "-", NULL));
        lw_vault_close(vault);
        assert_false(has_new(header));
        assert_false(has_new(path));
        old = before != NULL ? opens(header, before, NULL)
                             : after != NULL && !opens(header, after, NULL);
        olds += old;
        news += !old;
        if (before != NULL && old)
            assert_ok(open_with(path, header, before, &vault));
        else if (after != NULL && !old)
            assert_ok(open_with(path, header, after, &vault));
        else
            continue;
        if (before != NULL)
            expect_mark(vault, 1 - lane, 4);
        lw_vault_close(vault);
    }
    assert_true(n > 20 && news > 0);
    if (before != NULL || after != NULL)
        assert_true(olds > 0);
}

static bool tear_new_header(const struct io_call *call, ssize_t *result)
{
    struct stat info;

    (void)result;
    if (is_write(call) && call->len > LW_PAGE && fstat(call->fd, &info) == 0 &&
        info.st_size <= HEAD_BYTES) {
        torn = TORN_PAGE;
        tear(call);
        _exit(9);
    }
    return false;
}

/* In the midst of its first write: it never opened anything, and is removed. */
static void a_torn_new_header_is_in_nobodys_way(void **state)
{
    struct world *world = *state;
    const char *path = world->fixture->path;
    struct lw_vault *vault;
    pid_t child = fork();
    int how;

    assert_true(child >= 0);
    if (child == 0) {
        io_hooks.before = tear_new_header;
        lw_vault_close(make_detached(path, world->stick, "owner", NULL));
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 9);
    assert_true(has_new(world->stick));
    vault = make_detached(path, world->stick, "owner", NULL);
    assert_false(has_new(world->stick));
    lw_vault_close(vault);
}

static void a_resize_survives_every_kill(void **state)
{
    kill_rewrite(*state, resize, NULL, NULL);
}

static void arming_survives_every_kill(void **state)
{
    kill_rewrite(*state, arm, NULL, "decoy");
}

static void arming_survives_every_torn_write(void **state)
{
    torn = TORN_LAST;
    kill_rewrite(*state, arm, NULL, "decoy");
    torn = TORN_OFF;
}

static void replacing_duress_survives_every_kill(void **state)
{
    kill_rewrite(*state, replace_duress, "decoy", "second decoy");
}

static void revoking_survives_every_kill(void **state)
{
    kill_rewrite(*state, revoke_all, "decoy", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_world(the_vault_without_its_header_is_noise),
        with_world(what_is_no_header_is_told),
        with_world(creating_takes_no_file_that_is_there),
        with_world(it_moves_out_across_and_back),
        with_world(a_duress_passphrase_destroys_the_real_slots_on_the_stick),
        with_world(the_stick_used_first_ends_the_move),
        with_world(the_vault_used_first_makes_the_stick_stale),
        with_world(what_was_used_since_is_not_written_over),
        with_world(a_changed_passphrase_is_not_written_over),
        with_world(a_pulled_stick_is_no_lost_slot),
        with_world(a_lost_slot_is_noticed_on_the_stick),
        with_world(a_move_out_survives_every_kill),
        with_world(a_move_across_survives_every_kill),
        with_world(a_move_in_survives_every_kill),
        with_world(a_torn_new_header_is_in_nobodys_way),
        with_world(a_resize_survives_every_kill),
        with_world(arming_survives_every_kill),
        with_world(arming_survives_every_torn_write),
        with_world(replacing_duress_survives_every_kill),
        with_world(revoking_survives_every_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
