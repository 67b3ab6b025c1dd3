/*
 * Histories of whole vaults: what sessions do, by the code of all layers, one step after another.
 */
#ifndef LW_POWER_WORK_H
#define LW_POWER_WORK_H

#include "power_write.h"

static struct {
    const char *folder;
    struct lw_session session; /* the process that lives through the history */
    unsigned owner;            /* the passphrase that opened it */
    int duress;                /* or -1 */
    unsigned used;             /* passphrases so far */
    struct lw_lane *reader;    /* holds a snapshot */
    uint8_t read[LW_HASH];
    uint64_t bytes;
} work;

static const char *const passes[PASSES] = {
    "heron tussock lantern ferry", "quarry mitten basil oath", "glove ample sonnet drift",
    "velvet prune harbour kin",    "thimble ochre raft noon",  "cobalt jetty morsel fig",
    "saddle umber knoll tithe",    "walnut eddy plinth gorse"};

/* ---- opening and closing ---- */

static void end_snapshot(void)
{
    uint8_t digest[LW_HASH];

    if (!work.reader)
        return;
    world.held++;
    if (digest_payloads(work.reader, digest) != LW_OK || memcmp(digest, work.read, LW_HASH) != 0)
        stuck("a reader's snapshot is not what it was: %s", lw_lane_error(work.reader));
    lw_lane_close(work.reader);
    work.reader = NULL;
}

static void begin_snapshot(void)
{
    end_snapshot();
    if (lw_lane_open(work.session.vault, lw_vault_own_lane(work.session.vault), LW_LANE_READ,
                     &work.reader, NULL) != LW_OK ||
        lw_lane_snapshot(work.reader) != LW_OK || digest_payloads(work.reader, work.read) != LW_OK)
        stuck("no snapshot");
}

static enum lw_status open_session(struct lw_session *session, unsigned pass)
{
    char header[DISK_PATH + 8];
    const struct lw_session_setup setup = {.path = full.path,
                                           .header =
                                               header_path(work.folder, full.expect.header, header),
                                           .profile = full.profile,
                                           .writes = true,
                                           .clock = &full.clock,
                                           .author = "tester"};
    struct lw_error err = {0};
    enum lw_status status = lw_session_open(&setup, full.pass[pass], session, &err);

    if (status == LW_OK)
        acknowledge();
    else if (recording.sync_fails == 0)
        stuck("no session with passphrase %u: %s", pass, err.text);
    return status;
}

static void observe_anew(void)
{
    char header[DISK_PATH + 8];
    struct lw_error err = {0};

    lw_vault_close(full.observer);
    full.observer = NULL;
    if (lw_vault_open_with(full.path, header_path(work.folder, full.expect.header, header),
                           full.pass[work.owner], full.profile, &full.observer, &err) != LW_OK)
        stuck("no observer: %s", err.text);
}

static void close_session(void)
{
    end_snapshot();
    lw_session_close(&work.session);
    acknowledge();
}

/* ---- steps ---- */

static void step_write(void)
{
    writer *write = writers[choose(LW_COUNT_OF(writers))];
    struct lw_error err = {0};
    enum lw_status status = write(&work.session, &err);

    if (status == LW_OK)
        acknowledge();
    else
        stuck("not written: %s", err.text);
}

/* A sync fails: told as such, and a new session goes on. Where taking back what was written fails
 * as well, it may be on the disk until the next save. */
static void step_failing(void)
{
    writer *write = writers[choose(4)];
    struct lw_error err = {0};

    recording.sync_passes = choose(2);
    recording.sync_fails = 1 + choose(2);
    if (write(&work.session, &err) == LW_OK)
        acknowledge();
    recording.sync_passes = recording.sync_fails = 0;
    end_snapshot();
    lw_session_close(&work.session);
    (void)open_session(&work.session, work.owner);
}

/* Another process with the same passphrase comes, writes and goes or is killed. */
static void step_other(bool killed)
{
    static struct lw_session other;
    static jmp_buf end;
    struct lw_error err = {0};

    memset(&other, 0, sizeof other);
    if (killed)
        recorded_mortal(&end, choose(60), choose(3) == 0);
    if (setjmp(end) == 0) {
        if (open_session(&other, work.owner) == LW_OK && log_line(&other, &err) == LW_OK)
            acknowledge();
        lw_session_close(&other);
        acknowledge();
        recorded_alive();
    }
}

static void step_add(void)
{
    struct lw_error err = {0};

    if (work.used + 2 >= PASSES)
        return;
    full.expect.pass[work.used] = MAY;
    mark(&full.expect);
    if (lw_vault_passphrase_add(work.session.vault, full.pass[work.used], &err) != LW_OK)
        stuck("no passphrase added: %s", err.text);
    full.expect.pass[work.used++] = MUST;
    mark(&full.expect);
}

static void step_change(void)
{
    struct lw_error err = {0};

    if (work.used + 2 >= PASSES)
        return;
    full.expect.pass[work.owner] = full.expect.pass[work.used] = MAY;
    mark(&full.expect);
    if (lw_vault_passphrase_change(work.session.vault, full.pass[work.used], &err) != LW_OK)
        stuck("no passphrase changed: %s", err.text);
    full.expect.pass[work.owner] = NOT;
    work.owner = work.used++;
    full.expect.pass[work.owner] = MUST;
    mark(&full.expect);
}

static bool rewrite(const struct lw_build_plan *plan)
{
    struct lw_error err = {0};
    enum lw_status status;

    end_snapshot();
    status = lw_session_rewrite(&work.session, plan, NULL, &err);
    if (status != LW_OK)
        stuck("no rewriting: %s", err.text);
    else
        work.bytes = plan->bytes;
    lw_session_close(&work.session);
    return status == LW_OK;
}

/* What a killed process left is not acknowledged before the next one has saved. */
static void go_on(void)
{
    observe_anew();
    observe_sync();
    (void)open_session(&work.session, work.owner);
}

static void step_resize(bool killed)
{
    static jmp_buf end;
    struct lw_build_plan plan = {.bytes = LW_VAULT_MIN + (uint64_t)choose(3) * 65536,
                                 .profile = full.profile};

    end_snapshot();
    if (killed) { /* all that it has is to be its own */
        close_session();
        recorded_mortal(&end, choose(400), choose(2) == 0);
    }
    if (setjmp(end) == 0) {
        if (killed)
            (void)open_session(&work.session, work.owner);
        (void)rewrite(&plan);
        recorded_alive();
    }
    memset(&work.session, 0, sizeof work.session);
    go_on();
}

static void step_arm(void)
{
    unsigned fresh = work.used, state = state_new(NULL);
    struct lw_build_plan plan = {
        .bytes = work.bytes, .profile = full.profile, .duress = full.pass[fresh]};

    if (work.used + 1 >= PASSES)
        return;
    full.expect.leads[fresh] = DECOY;
    full.expect.pass[fresh] = MAY;
    if (work.duress >= 0)
        full.expect.pass[work.duress] = MAY;
    may_become(&full.expect, DECOY, state);
    if (!rewrite(&plan))
        return;
    if (work.duress >= 0)
        full.expect.pass[work.duress] = NOT;
    work.duress = (int)work.used++;
    full.expect.pass[fresh] = MUST;
    full.expect.held[DECOY] = true;
    observe_anew();
    if (full.observer)
        (void)observe(DECOY, world.state[state]);
    go_on();
}

/* Who is not typed in that run loses its place. */
static void step_revoke(void)
{
    const struct lw_passphrase *kept[PASSES] = {full.pass[work.owner]};
    struct lw_build_plan plan = {.bytes = work.bytes,
                                 .profile = full.profile,
                                 .new_salt = true,
                                 .kept = kept,
                                 .kept_count = 1};
    bool stays[PASSES] = {false};

    for (unsigned i = 0; i < work.used; i++) {
        stays[i] = i == work.owner || (full.expect.pass[i] == MUST && choose(2) == 0);
        if (stays[i] && i != work.owner)
            kept[plan.kept_count++] = full.pass[i];
        if (!stays[i] && full.expect.pass[i] == MUST)
            full.expect.pass[i] = MAY;
    }
    bool disarms = work.duress >= 0 && !stays[work.duress];
    if (disarms)
        full.expect.held[DECOY] = false;
    mark(&full.expect);
    if (!rewrite(&plan))
        return;
    for (unsigned i = 0; i < work.used; i++) {
        if (!stays[i])
            full.expect.pass[i] = NOT;
    }
    if (disarms) {
        work.duress = -1;
        full.expect.count[DECOY] = 0;
    }
    go_on();
}

/* Out of the vault, to another stick, or back. */
static void step_move(void)
{
    char header[DISK_PATH + 8];
    struct lw_error err = {0};
    unsigned to = choose(PLACES - 1);

    to += to >= full.expect.header;
    end_snapshot();
    full.expect.header_to = to;
    mark(&full.expect);
    if (lw_session_header_move(&work.session, header_path(work.folder, to, header), &err) !=
        LW_OK) {
        stuck("not moved: %s", err.text);
        return;
    }
    full.expect.header = to;
    mark(&full.expect);
    lw_session_close(&work.session);
    go_on();
}

/* The end of the real journal, by whoever is given the other passphrase. */
static void step_duress(void)
{
    close_session();
    lw_vault_close(full.observer);
    full.observer = NULL;
    unsigned state = state_new(NULL), pass = (unsigned)work.duress;
    may_become(&full.expect, DECOY, state);
    expect_unlock(&full.expect, pass, MAY);
    work.owner = pass;
    observe_anew();
    expect_unlock(&full.expect, pass, NOT);
    full.expect.count[REAL] = 0;
    mark(&full.expect);
    if (open_session(&work.session, pass) != LW_OK)
        return;
    step_write();
    step_write();
}

static void full_step(void)
{
    switch (choose(24)) {
    case 0:
    case 1:
        step_other(false);
        break;
    case 2:
    case 3:
    case 4:
        step_other(true);
        break;
    case 5:
    case 6:
        step_failing();
        break;
    case 7:
        step_add();
        break;
    case 8:
        step_change();
        break;
    case 9:
        step_resize(choose(2) == 0);
        break;
    case 10:
        step_arm();
        break;
    case 11:
        step_revoke();
        break;
    case 12:
        begin_snapshot();
        break;
    case 14:
    case 15:
        step_move();
        break;
    case 13:
        close_session();
        (void)open_session(&work.session, work.owner);
        break;
    default:
        step_write();
    }
}

/* ---- a history ---- */

static void create_vault(bool armed)
{
    char header[DISK_PATH + 8];
    const char *detached = header_path(work.folder, full.expect.header, header);
    const struct lw_session_setup setup = {.path = full.path,
                                           .header = detached,
                                           .profile = full.profile,
                                           .clock = &full.clock,
                                           .author = "tester"};
    const struct lw_passphrase *const kept[] = {full.pass[0]};
    struct lw_build_plan plan = {.bytes = LW_VAULT_MIN,
                                 .profile = full.profile,
                                 .kept = kept,
                                 .kept_count = 1,
                                 .header = detached};
    unsigned state[JOURNALS] = {state_new(NULL), state_new(NULL)};
    struct lw_error err = {0};

    full.expect.absent = true;
    full.expect.held[REAL] = true;
    full.expect.pass[0] = MAY;
    full.expect.count[REAL] = 1;
    full.expect.state[REAL][0] = state[REAL];
    if (armed) {
        plan.duress = full.pass[1];
        full.expect.held[DECOY] = true;
        full.expect.leads[1] = DECOY;
        full.expect.pass[1] = MAY;
        full.expect.count[DECOY] = 1;
        full.expect.state[DECOY][0] = state[DECOY];
    }
    mark(&full.expect);
    if (lw_session_create(&setup, &plan, NULL, NULL, &err) != LW_OK)
        stuck("no vault: %s", err.text);
    full.expect.absent = false;
    full.expect.pass[0] = MUST;
    full.expect.pass[1] = armed ? MUST : NOT;
    mark(&full.expect);
    work.owner = 0;
    work.used = armed ? 2 : 1;
    work.duress = armed ? 1 : -1;
    work.bytes = LW_VAULT_MIN;
    observe_anew();
    for (unsigned journal = 0; full.observer && journal < JOURNALS; journal++)
        (void)observe(journal, world.state[state[journal]]);
}

static void full_end(void)
{
    end_snapshot();
    lw_session_close(&work.session);
    lw_vault_close(full.observer);
    full.observer = NULL;
    recording.disk = NULL;
    recording.before_sync = NULL;
    (void)unlink(full.path);
    for (unsigned place = 1; place < PLACES; place++) {
        char header[DISK_PATH + 8];

        (void)unlink(header_path(work.folder, place, header));
    }
}

static void full_history(const char *folder, unsigned steps, unsigned cuts)
{
    struct recorded disk;

    memset(&work, 0, sizeof work);
    memset(&full.expect, 0, sizeof full.expect);
    work.folder = folder;
    full.expect.header = full.expect.header_to = choose(2) == 0 ? 0 : 1 + choose(PLACES - 1);
    world.detached += full.expect.header > 0;
    world.history = full.expect.header > 0 ? "a vault with its header elsewhere" : "a vault";
    world.check = check_full;
    (void)snprintf(full.path, sizeof full.path, "%s/vault", folder);
    recorded_start(&disk, folder);
    recording.before_sync = observe_sync;
    create_vault(choose(2) == 0);
    if (world.bad == 0)
        (void)open_session(&work.session, 0);
    for (unsigned i = 0; i < steps && world.bad == 0; i++)
        full_step();
    if (work.duress >= 0 && choose(2) == 0 && world.bad == 0)
        step_duress();
    full_end();
    if (world.bad == 0)
        cut_recording(&disk, cuts);
    recorded_free(&disk);
}

/* Nothing that is saved syncs the new file on the way: publishing it has to. */
static void new_history(const char *folder, unsigned cuts)
{
    const struct lw_passphrase *const kept[] = {full.pass[0]};
    struct lw_build_plan plan = {LW_VAULT_MIN, full.profile, false, kept, 1, NULL, NULL};
    struct lw_build *build;
    struct recorded disk;

    memset(&full.expect, 0, sizeof full.expect);
    world.history = "a new vault";
    world.check = check_new;
    (void)snprintf(full.path, sizeof full.path, "%s/vault", folder);
    recorded_start(&disk, folder);
    full.expect.absent = true;
    full.expect.held[REAL] = true;
    full.expect.pass[0] = MAY;
    mark(&full.expect);
    if (lw_build_create(full.path, &plan, NULL, &build, NULL) != LW_OK ||
        lw_build_publish(build, NULL, NULL) != LW_OK)
        stuck("no vault");
    full.expect.absent = false;
    full.expect.pass[0] = MUST;
    mark(&full.expect);
    recording.disk = NULL;
    (void)unlink(full.path);
    if (world.bad == 0)
        cut_recording(&disk, cuts);
    recorded_free(&disk);
}

/* ---- what every history needs ---- */

static enum lw_status library_add(void *context, const char *data, size_t len, struct lw_error *err)
{
    (void)err;
    return lw_buf_add(context, data, len);
}

static void full_prepare(void)
{
    const struct lw_journal_setup setup = {.clock = &full.clock, .author = "tester"};
    const struct lw_sink sink = {library_add, &full.library};
    struct lw_session session = {0};
    struct lw_error err = {0};

    full.profile = lw_kdf_profile_find("test");
    full.now_ms = INT64_C(1418720400000);
    full.clock = (struct lw_clock){full_now, full_offset, NULL};
    for (unsigned i = 0; i < PASSES; i++) {
        full.pass[i] = lw_passphrase_new();
        for (const char *at = passes[i]; full.pass[i] && *at; at++) {
            if (!lw_passphrase_push(full.pass[i], (uint8_t)*at))
                recorded_die("a passphrase");
        }
    }
    if (lw_store_start() != LW_OK || lw_store_open_memory(&session.store, &err) != LW_OK ||
        lw_journal_open(session.store, &setup, &session.journal, &err) != LW_OK)
        recorded_die(err.text);
    if (lw_journal_begin(session.journal, &err) != LW_OK)
        recorded_die(err.text);
    lw_journal_skip_ref(session.journal, LW_RECORD_ENTRY, "E500"); /* those are nobody else's */
    for (unsigned i = 0; i < 60; i++) {
        if (log_line(&session, &err) != LW_OK)
            recorded_die(err.text);
    }
    if (lw_journal_commit(session.journal, &err) != LW_OK ||
        lw_export_json(session.journal, true, &sink, &err) != LW_OK)
        recorded_die(err.text);
    lw_journal_close(session.journal);
    lw_store_close(session.store);
}

#endif
