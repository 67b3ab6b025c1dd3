/*
 * Whole vaults after a cut: which passphrases must open, whether the journals are the right ones,
 * whether SQLite agrees, whether one more save works, and that no other file is left.
 */
#ifndef LW_POWER_VAULT_H
#define LW_POWER_VAULT_H

#include "power_world.h"

#include "app.h"

static struct {
    char path[DISK_PATH + 8];
    int profile;
    struct lw_passphrase *pass[PASSES];
    bool derived; /* keys are those of salt */
    uint8_t salt[LW_SALT];
    struct slot_keys keys[PASSES];
    struct expect expect;
    struct lw_vault *observer; /* of whatever process: sees what every reader would */
    int64_t now_ms;
    struct lw_clock clock;
    struct lw_buf library; /* a journal as JSON, to be imported */
} full;

static int64_t full_now(void *context)
{
    (void)context;
    full.now_ms += 7000;
    return full.now_ms;
}

static int full_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

/* ---- where the header is: in the vault, or in a file that stands for one on a stick ---- */

static const char *const header_name[] = {NULL, "h1", "h2"};
#define PLACES LW_COUNT_OF(header_name)

static const char *header_path(const char *folder, unsigned place, char path[DISK_PATH + 8])
{
    if (header_name[place] == NULL)
        return NULL;
    (void)snprintf(path, DISK_PATH + 8, "%s/%s", folder, header_name[place]);
    return path;
}

/* ---- what the code's own readers see, while a workload runs ---- */

static bool observe(unsigned journal, uint8_t digest[LW_HASH])
{
    unsigned own = lw_vault_own_lane(full.observer);
    bool decoy_only = full.expect.count[REAL] == 0;
    unsigned number = (journal == REAL || decoy_only) ? own : 1 - own;
    struct lw_lane *lane;

    if ((decoy_only && journal == REAL) || !lw_vault_knows_lane(full.observer, number) ||
        lw_lane_open(full.observer, number, LW_LANE_READ, &lane, NULL) != LW_OK)
        return false;
    bool seen = lw_lane_snapshot(lane) == LW_OK && digest_payloads(lane, digest) == LW_OK;
    lw_lane_close(lane);
    return seen;
}

/* Just before a sync: what is about to be saved is what a cut may leave. */
static void observe_sync(void)
{
    uint8_t digest[LW_HASH];
    bool inside = io_hooks.inside;

    io_hooks.inside = true;
    for (unsigned journal = 0; full.observer && journal < JOURNALS; journal++) {
        if (observe(journal, digest) && !is_allowed(&full.expect, journal, digest))
            may_become(&full.expect, journal, state_new(digest));
    }
    io_hooks.inside = inside;
}

/* A save was acknowledged. */
static void acknowledge(void)
{
    uint8_t digest[LW_HASH];
    bool inside = io_hooks.inside;

    io_hooks.inside = true;
    for (unsigned journal = 0; full.observer && journal < JOURNALS; journal++) {
        if (observe(journal, digest)) {
            full.expect.count[journal] = 1;
            full.expect.state[journal][0] = state_new(digest);
        }
    }
    io_hooks.inside = inside;
    mark(&full.expect);
}

/* ---- after a cut ---- */

/* The keys of every passphrase under a salt, derived once. */
static void derive_all(const uint8_t salt[LW_SALT])
{
    struct slot_keys *keys;

    if (full.derived && memcmp(full.salt, salt, LW_SALT) == 0)
        return;
    keys = slot_keys_new();
    for (unsigned i = 0; keys && i < PASSES; i++) {
        if (kdf_derive(full.profile, full.pass[i], salt, keys, NULL) != LW_OK)
            recorded_die("no keys");
        full.keys[i] = *keys;
    }
    slot_keys_free(keys);
    memcpy(full.salt, salt, LW_SALT);
    full.derived = true;
}

/* Which passphrases open a slot; nothing is written. */
static void try_passes(const char *path, bool opens[PASSES])
{
    static struct keyring ring;
    uint8_t head[LW_PAGE + LW_HEADER], id[LW_ID];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool there = fd >= 0 && lw_file_read_at(fd, head, sizeof head, 0) == LW_OK;

    if (there) {
        vault_id(head, id);
        derive_all(head);
    }
    for (unsigned i = 0; i < PASSES; i++)
        opens[i] =
            there && keyring_find(head + LW_PAGE, id, &full.keys[i], BOTH_COPIES, &ring) == LW_OK;
    if (fd >= 0)
        close(fd);
}

static bool passes_are_right(const char *path, const struct expect *expect, bool opens[PASSES])
{
    bool any[JOURNALS] = {false, false};

    try_passes(path, opens);
    for (unsigned i = 0; i < PASSES; i++) {
        any[expect->leads[i]] |= opens[i];
        if (expect->pass[i] == MUST && !opens[i])
            return wrong("passphrase %u does not open any more", i);
        if (expect->pass[i] == NOT && opens[i])
            return wrong("passphrase %u opens again", i);
    }
    for (unsigned journal = 0; journal < JOURNALS; journal++) {
        if (expect->held[journal] && !any[journal])
            return wrong("no passphrase opens journal %u", journal);
    }
    return true;
}

/* Of a move that was cut off the other place may be left. */
static bool may_stand(const char *name, const struct expect *expect)
{
    char fresh[16];

    for (unsigned place = 1; place < PLACES; place++) {
        bool candidate = place == expect->header || place == expect->header_to ||
                         (expect->left & 1U << place) != 0;

        (void)snprintf(fresh, sizeof fresh, "%s.new", header_name[place]);
        if (candidate && (strcmp(name, header_name[place]) == 0 ||
                          ((expect->header != expect->header_to || expect->left != 0) &&
                           strcmp(name, fresh) == 0)))
            return true;
    }
    return false;
}

static bool folder_is_clean(const char *folder, bool with_vault, const struct expect *expect)
{
    DIR *list = opendir(folder);
    struct dirent *entry;
    bool found = false, clean = true;

    while (list && clean && (entry = readdir(list)) != NULL) {
        if (strcmp(entry->d_name, "vault") == 0)
            found = true;
        else if (entry->d_name[0] != '.' && !may_stand(entry->d_name, expect))
            clean = wrong("%s is left in the folder", entry->d_name);
    }
    if (list)
        closedir(list);
    return clean && (found == with_vault || wrong("the vault is gone"));
}

static bool lanes_are_right(struct lw_vault *vault, const struct expect *expect, unsigned journal)
{
    unsigned own = lw_vault_own_lane(vault);
    uint8_t digest[LW_HASH];

    for (unsigned turn = 0; turn < 2; turn++) {
        struct lw_lane *lane;
        unsigned number = turn == 0 ? own : 1 - own;
        if (!lw_vault_knows_lane(vault, number))
            continue;
        if (lw_lane_open(vault, number, LW_LANE_READ, &lane, NULL) != LW_OK)
            return wrong("no lane");
        bool right =
            lane_is_right(lane, expect, turn == 0 ? journal : 1 - journal, digest_payloads, digest);
        lw_lane_close(lane);
        if (!right)
            return false;
    }
    return true;
}

static bool row_is_there(struct lw_vault *vault, int64_t opened_ms)
{
    struct lw_store *store;
    struct lw_stmt *stmt;
    bool there = false;

    if (lw_store_open(vault, lw_vault_own_lane(vault), LW_LANE_READ, &store, NULL) != LW_OK)
        return wrong("what was saved afterwards cannot be opened");
    if (lw_store_prepare(store, "SELECT 1 FROM session WHERE opened = ?1", &stmt, NULL) == LW_OK) {
        lw_stmt_bind_int(stmt, 1, opened_ms);
        there = lw_stmt_step(stmt, NULL) == LW_OK;
        lw_stmt_reset(stmt);
    }
    lw_store_close(store);
    return there || wrong("what was saved afterwards is not there");
}

static bool saves_once_more(struct lw_vault *vault, struct expect *expect, unsigned journal)
{
    struct lw_store *store = NULL;
    struct lw_session_row before;
    struct lw_error err = {0};
    unsigned state = state_new(NULL);
    uint64_t bad = 0;
    bool had;
    int64_t opened = INT64_C(4000000000000) + (int64_t)state;
    enum lw_status status =
        lw_store_open(vault, lw_vault_own_lane(vault), LW_LANE_WRITE, &store, &err);

    if (status == LW_OK && lw_store_integrity(store, &bad, &err) == LW_OK && bad > 0)
        status = LW_DAMAGED;
    if (status == LW_OK) {
        may_become(expect, journal, state);
        status = lw_store_session_begin(store, opened, &before, &had, &err);
    }
    if (status == LW_OK) {
        bool inside = io_hooks.inside;
        io_hooks.inside = true;
        if (lw_lane_snapshot(lw_store_lane(store)) == LW_OK)
            status = digest_payloads(lw_store_lane(store), world.state[state]);
        lw_lane_release(lw_store_lane(store));
        io_hooks.inside = inside;
        must_be(expect, journal, state);
    }
    lw_store_close(store);
    if (status != LW_OK)
        return wrong("no save afterwards: %s", err.text);
    return row_is_there(vault, opened);
}

static unsigned place_of(const struct lw_vault *vault)
{
    const char *head = lw_vault_header(vault);
    const char *name = head ? strrchr(head, '/') + 1 : NULL;
    unsigned place = 0;

    for (unsigned i = 1; i < PLACES && name; i++)
        place = strcmp(name, header_name[i]) == 0 ? i : place;
    return place;
}

static bool inside_is_noise(const char *path)
{
    bool opens[PASSES];

    try_passes(path, opens);
    for (unsigned i = 0; i < PASSES; i++) {
        if (opens[i])
            return wrong("passphrase %u opens the vault without its header", i);
    }
    return true;
}

static void expect_unlock(struct expect *expect, unsigned pass, enum need real)
{
    if (expect->leads[pass] == REAL)
        return;
    expect->held[REAL] = false;
    for (unsigned i = 0; i < PASSES; i++) {
        if (expect->leads[i] == REAL && expect->pass[i] != NOT)
            expect->pass[i] = real;
    }
    mark(expect);
}

/* With the old place or the new one, whichever comes first and opens. */
static bool opens_somewhere(const char *folder, struct expect *expect, unsigned pass,
                            struct lw_vault **vault, struct lw_error *err)
{
    char path[DISK_PATH + 8], header[DISK_PATH + 8];
    unsigned turn = choose(2);

    (void)snprintf(path, sizeof path, "%s/vault", folder);
    for (unsigned i = 0; i < 2; i++, turn = 1 - turn) {
        unsigned place = turn == 0 ? expect->header : expect->header_to;

        if (lw_vault_open_with(path, header_path(folder, place, header), full.pass[pass],
                               full.profile, vault, err) != LW_OK)
            continue;
        world.moved_seen += expect->header != expect->header_to && place == expect->header_to;
        return true;
    }
    return false;
}

static bool opens_and_works(const char *folder, struct expect *expect, unsigned pass, bool *opened)
{
    unsigned journal = expect->leads[pass];
    struct expect before = *expect;
    struct lw_vault *vault = NULL;
    struct lw_error err = {0};
    bool opens[PASSES];
    const char *head;

    *opened = false;
    expect_unlock(expect, pass, MAY);
    if (!opens_somewhere(folder, expect, pass, &vault, &err)) {
        *expect = before;
        return wrong("passphrase %u: %s", pass, err.text);
    }
    *opened = true;
    expect->absent = false;
    expect->pass[pass] = MUST;
    if (expect->header != expect->header_to) /* nobody gave the same command again */
        expect->left |= 1U << expect->header | 1U << expect->header_to;
    expect->header = expect->header_to = place_of(vault);
    expect_unlock(expect, pass, NOT);
    mark(expect);
    head = lw_vault_header(vault);
    bool right = lanes_are_right(vault, expect, journal) &&
                 saves_once_more(vault, expect, journal) &&
                 lanes_are_right(vault, expect, journal) &&
                 passes_are_right(head ? head : lw_vault_path(vault), expect, opens) &&
                 (!head || inside_is_noise(lw_vault_path(vault)));
    lw_vault_close(vault);
    return right;
}

/* Which passphrases may open it is only known once it is settled what counts. */
static bool check_detached(const char *folder, struct expect *expect)
{
    unsigned first = choose(PASSES);
    bool opened;

    for (unsigned i = 0; i < PASSES; i++) {
        unsigned pass = (first + i) % PASSES;

        if (expect->pass[pass] == NOT)
            continue;
        if (opens_and_works(folder, expect, pass, &opened))
            return true;
        if (opened || expect->pass[pass] == MUST)
            return false;
    }
    return expect->absent || wrong("no passphrase opens it: %s", world.why);
}

static bool check_full(const char *folder, const struct expect *marked)
{
    struct expect expect = *marked;
    char path[DISK_PATH + 8];
    bool opens[PASSES], opened;
    unsigned pass = choose(PASSES), tries = PASSES;
    bool detached = expect.header > 0 || expect.header_to > 0;

    (void)snprintf(path, sizeof path, "%s/vault", folder);
    if (access(path, F_OK) != 0) {
        lw_vault_finish_leftovers(path);
        return expect.absent ? detached || folder_is_clean(folder, false, &expect)
                             : wrong("the vault is gone");
    }
    if (detached)
        return check_detached(folder, &expect) && folder_is_clean(folder, true, marked);
    if (!passes_are_right(path, &expect, opens))
        return false;
    while (!opens[pass] && tries-- > 0)
        pass = (pass + 1) % PASSES;
    return opens_and_works(folder, &expect, pass, &opened) &&
           folder_is_clean(folder, true, &expect);
}

/* ---- a vault that nobody has saved anything in ---- */

static bool lane_is_empty(struct lw_vault *vault)
{
    struct lw_lane *lane;
    bool empty;

    if (lw_lane_open(vault, lw_vault_own_lane(vault), LW_LANE_READ, &lane, NULL) != LW_OK)
        return wrong("no lane");
    empty = lw_lane_snapshot(lane) == LW_OK && lw_lane_pages(lane) == 0;
    lw_lane_close(lane);
    return empty || wrong("the new lane cannot be read");
}

static bool check_new(const char *folder, const struct expect *marked)
{
    char path[DISK_PATH + 8];
    bool opens[PASSES], right;
    struct lw_vault *vault;
    struct lw_error err = {0};

    (void)snprintf(path, sizeof path, "%s/vault", folder);
    if (access(path, F_OK) != 0) {
        lw_vault_finish_leftovers(path);
        return marked->absent ? folder_is_clean(folder, false, marked) : wrong("the vault is gone");
    }
    if (!passes_are_right(path, marked, opens))
        return false;
    if (lw_vault_open(path, full.pass[0], full.profile, &vault, &err) != LW_OK)
        return wrong("the new vault: %s", err.text);
    right = lane_is_empty(vault);
    lw_vault_close(vault);
    return right && folder_is_clean(folder, true, marked);
}

#endif
