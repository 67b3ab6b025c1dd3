/*
 * Histories of a bare vault: random transactions on its lanes by several processes, some of which
 * are killed, readers with old snapshots, syncs that fail. Payloads are versions of an index, so
 * that the model knows every state without asking the code.
 */
#ifndef LW_POWER_LANE_H
#define LW_POWER_LANE_H

#include "power_world.h"

#include "bare_vault.h"

#define INDEXES     260
#define CONNECTIONS 3
#define CANDIDATES  12

struct content {
    uint32_t pages;
    uint32_t version[INDEXES];
};

struct connection {
    struct lw_lane *lane;
    unsigned number;
    bool reads;           /* holds a snapshot for a while */
    struct content shown; /* by that */
};

static struct {
    struct lw_vault *vault; /* as every process has it */
    bool both;
    uint32_t indexes;
    uint32_t version; /* counts */
    struct expect expect;
    struct content may[LW_LANES][CANDIDATES]; /* what a process may find; [0]: acknowledged */
    unsigned count[LW_LANES];
    struct connection connection[CONNECTIONS];
    struct lw_vault crashed; /* for checks */
} bare;

static void fill_payload(uint8_t payload[LW_PAYLOAD], uint32_t index, uint32_t version)
{
    memset(payload, (int)(index * 17 + version), LW_PAYLOAD);
    lw_put_u32(payload, index);
    lw_put_u32(payload + 4, version);
}

static void content_digest(const struct content *content, uint8_t digest[LW_HASH])
{
    crypto_generichash(digest, LW_HASH, (const uint8_t *)content->version,
                       content->pages * sizeof content->version[0], NULL, 0);
}

/* What a lane shows, each payload being wholly what its first bytes say. */
static enum lw_status read_content(struct lw_lane *lane, struct content *content)
{
    uint8_t payload[LW_PAYLOAD], wanted[LW_PAYLOAD];

    memset(content, 0, sizeof *content);
    content->pages = lw_lane_pages(lane);
    for (uint32_t i = 0; i < content->pages && i < INDEXES; i++) {
        enum lw_status status = lw_lane_read(lane, i, payload);
        if (status != LW_OK)
            return status;
        content->version[i] = lw_get_u32(payload + 4);
        fill_payload(wanted, i, content->version[i]);
        if (memcmp(wanted, payload, LW_PAYLOAD) != 0)
            content->version[i] = UINT32_MAX;
    }
    return content->pages <= INDEXES ? LW_OK : LW_DAMAGED;
}

static enum lw_status digest_content(struct lw_lane *lane, uint8_t digest[LW_HASH])
{
    struct content content;
    enum lw_status status = read_content(lane, &content);

    if (status == LW_OK)
        content_digest(&content, digest);
    return status;
}

static unsigned content_state(const struct content *content)
{
    uint8_t digest[LW_HASH];

    content_digest(content, digest);
    return state_new(digest);
}

/* ---- looking at what a cut left ---- */

static bool save_once(struct lw_lane *lane, struct expect *expect, unsigned number)
{
    uint8_t payload[LW_PAYLOAD], digest[LW_HASH];
    struct content content;
    enum lw_status status = read_content(lane, &content);

    if (status == LW_OK)
        status = lw_lane_reserve(lane);
    if (status != LW_OK)
        return wrong("no writing afterwards: %s", lw_lane_error(lane));
    content.version[0] = 77777;
    content.pages = content.pages > 0 ? content.pages : 1;
    unsigned state = content_state(&content);
    may_become(expect, number, state);
    fill_payload(payload, 0, 77777);
    status = lw_lane_write(lane, 0, payload);
    if (status == LW_FULL)
        return true; /* with what the dead transactions of several processes left */
    if (status == LW_OK)
        status = lw_lane_commit(lane);
    if (status != LW_OK)
        return wrong("no save afterwards: %s", lw_lane_error(lane));
    must_be(expect, number, state);
    lw_lane_release(lane);
    if (lw_lane_snapshot(lane) != LW_OK || digest_content(lane, digest) != LW_OK ||
        !is_allowed(expect, number, digest))
        return wrong("what was saved afterwards is not there");
    return true;
}

static bool check_lane(struct lw_vault *crashed, unsigned number, struct expect *expect, bool save)
{
    uint8_t digest[LW_HASH];
    struct lw_lane *lane;

    if (lw_lane_open(crashed, number, LW_LANE_WRITE, &lane, NULL) != LW_OK)
        return wrong("no lane");
    bool right = lane_is_right(lane, expect, number, digest_content, digest);
    if (right && save)
        right = save_once(lane, expect, number);
    lw_lane_close(lane);
    return right;
}

static bool check_bare(const char *folder, const struct expect *marked)
{
    struct expect expect = *marked;
    unsigned saved = bare.both ? choose(2) : 0;
    char path[2 * DISK_PATH];
    bool right = true;

    (void)snprintf(path, sizeof path, "%s/vault", folder);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return wrong("the file is gone");
    struct lw_vault crashed = bare_vault_over(bare.vault, fd);
    crashed.path = path;
    for (unsigned turn = 0; turn < 3 && right; turn++) {
        unsigned number = turn == 1 ? saved : 1 - saved; /* the other one before and after */
        if (number == 0 || bare.both)
            right = check_lane(&crashed, number, &expect, turn == 1);
    }
    close(fd);
    return right;
}

/* ---- the processes ---- */

static void connect_lane(struct connection *connection)
{
    if (connection->lane)
        return;
    connection->number = bare.both ? choose(2) : 0;
    if (lw_lane_open(bare.vault, connection->number, LW_LANE_WRITE, &connection->lane, NULL) !=
        LW_OK)
        recorded_die("no lane");
    connection->reads = false;
}

/* Everything it has ends with it, and nothing more is written. */
static void disconnect(struct connection *connection, bool killed)
{
    if (killed)
        connection->lane->broken = true;
    io_hooks.inside = killed;
    lw_lane_close(connection->lane);
    io_hooks.inside = false;
    connection->lane = NULL;
}

static bool same_content(const struct content *a, const struct content *b)
{
    return a->pages == b->pages &&
           memcmp(a->version, b->version, a->pages * sizeof a->version[0]) == 0;
}

/* A reader sees what it saw at the beginning, whoever wrote meanwhile. */
static void end_reading(struct connection *connection)
{
    struct content now;

    if (!connection->reads)
        return;
    world.held++;
    if (read_content(connection->lane, &now) != LW_OK)
        stuck("a reader's snapshot cannot be read any more: %s", lw_lane_error(connection->lane));
    else if (!same_content(&now, &connection->shown))
        stuck("a reader's snapshot changed");
    lw_lane_release(connection->lane);
    connection->reads = false;
}

static void begin_reading(struct connection *connection)
{
    if (connection->reads)
        return;
    if (lw_lane_snapshot(connection->lane) != LW_OK ||
        read_content(connection->lane, &connection->shown) != LW_OK)
        stuck("no snapshot: %s", lw_lane_error(connection->lane));
    connection->reads = true;
}

static enum lw_status change_lane(struct lw_lane *lane, struct content *next)
{
    uint8_t payload[LW_PAYLOAD];
    bool large = choose(8) == 0 && bare.indexes > 100;
    uint32_t count = large ? 110 + choose(60) : 1 + choose(8);
    enum lw_status status = LW_OK;

    bare.version++;
    for (uint32_t i = 0; i < count && status == LW_OK; i++) {
        uint32_t index = large ? (i + bare.version) % bare.indexes : choose(bare.indexes);
        if (index > next->pages)
            index = next->pages;
        fill_payload(payload, index, bare.version);
        status = lw_lane_write(lane, index, payload);
        next->version[index] = bare.version;
        if (index == next->pages)
            next->pages++;
    }
    if (status == LW_OK && choose(11) == 0 && next->pages > 20) {
        next->pages -= 1 + choose(12);
        status = lw_lane_truncate(lane, next->pages);
    }
    return status;
}

static void remember_may(unsigned number, const struct content *content)
{
    if (bare.count[number] < CANDIDATES)
        bare.may[number][bare.count[number]++] = *content;
}

/* A process finds the acknowledged state or one that was not acknowledged; nothing else. */
static bool finds_a_candidate(struct connection *connection, struct content *content)
{
    if (read_content(connection->lane, content) != LW_OK)
        return false;
    for (unsigned i = 0; i < bare.count[connection->number]; i++) {
        if (same_content(content, &bare.may[connection->number][i]))
            return true;
    }
    return false;
}

/* A connection that does not know what is on the disk does nothing more. */
static void broken_refuses(struct lw_lane *lane)
{
    uint8_t payload[LW_PAYLOAD] = {0};

    if (lw_lane_write(lane, 0, payload) != LW_IO || lw_lane_truncate(lane, 0) != LW_IO ||
        lw_lane_commit(lane) != LW_IO)
        stuck("a broken connection writes");
    lw_lane_release(lane);
    if (lw_lane_snapshot(lane) == LW_OK && lw_lane_reserve(lane) != LW_IO)
        stuck("a broken connection becomes the writer");
}

static void commit_lane(struct connection *connection, const struct content *next)
{
    unsigned number = connection->number;
    struct expect before = bare.expect;
    unsigned state = content_state(next);

    may_become(&bare.expect, number, state);
    remember_may(number, next);
    enum lw_status status = lw_lane_commit(connection->lane);
    if (status == LW_OK) {
        bare.may[number][0] = *next;
        bare.count[number] = 1;
        must_be(&bare.expect, number, state);
    } else if (!connection->lane->broken) {
        /* "nothing was saved" */
        bare.count[number]--;
        bare.expect = before;
        mark(&bare.expect);
    } else {
        broken_refuses(connection->lane);
    }
}

static void transaction(struct connection *connection)
{
    struct content next;

    end_reading(connection);
    if (lw_lane_snapshot(connection->lane) != LW_OK) {
        stuck("no snapshot: %s", lw_lane_error(connection->lane));
        return;
    }
    enum lw_status status = lw_lane_reserve(connection->lane);
    if (status == LW_IO && !connection->lane->broken)
        status = lw_lane_reserve(connection->lane); /* the sync had failed */
    if (status == LW_OK) {
        if (!finds_a_candidate(connection, &next))
            stuck("a writer finds what nobody wrote: %s", lw_lane_error(connection->lane));
        status = change_lane(connection->lane, &next);
    }
    if (status == LW_OK && choose(12) != 0)
        commit_lane(connection, &next);
    else if (status != LW_OK && status != LW_FULL && status != LW_IO && status != LW_BUSY)
        stuck("no transaction: %s (%s)", lw_lane_error(connection->lane), lw_status_name(status));
    lw_lane_release(connection->lane);
    if (connection->lane->broken)
        disconnect(connection, false);
}

static void killed_transaction(struct connection *connection)
{
    static jmp_buf end;
    bool at_sync = choose(2) == 0;

    end_reading(connection);
    recorded_mortal(&end, choose(24), at_sync);
    if (setjmp(end) == 0) {
        transaction(connection);
        recorded_alive();
    } else {
        disconnect(connection, true);
    }
}

/* The sync that fails is the one of an adoption, of a commit or of taking a root back. */
static void failing_transaction(struct connection *connection)
{
    recording.sync_passes = choose(2);
    recording.sync_fails = 1 + choose(3);
    transaction(connection);
    recording.sync_passes = recording.sync_fails = 0;
}

static void bare_step(void)
{
    struct connection *connection = &bare.connection[choose(CONNECTIONS)];

    connect_lane(connection);
    switch (choose(16)) {
    case 0:
    case 1:
        killed_transaction(connection);
        break;
    case 2:
        failing_transaction(connection);
        break;
    case 3:
        end_reading(connection);
        lw_lane_stir(connection->lane);
        break;
    case 4:
    case 5:
        begin_reading(connection);
        break;
    case 6:
        end_reading(connection);
        disconnect(connection, false);
        break;
    default:
        transaction(connection);
    }
}

/* ---- a history ---- */

static void bare_start(const char *folder)
{
    const struct content empty = {0};
    char path[2 * DISK_PATH];

    memset(&bare, 0, sizeof bare);
    bare.both = choose(3) == 0;
    bare.indexes = choose(3) == 0 ? 170 + choose(INDEXES - 170) : 20 + choose(60);
    bare.vault =
        bare_vault_new(bare.indexes > 100 ? 768 + choose(256) : 320 + choose(200), bare.both);
    (void)snprintf(path, sizeof path, "%s/vault", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        recorded_die(path);
    uint8_t *bytes = malloc(bare.vault->bytes);
    if (!bytes || lw_file_read_at(bare.vault->fd, bytes, bare.vault->bytes, 0) != LW_OK ||
        lw_file_write_at(fd, bytes, bare.vault->bytes, 0) != LW_OK)
        recorded_die(path);
    free(bytes);
    close(bare.vault->fd);
    free(bare.vault->path);
    bare.vault->fd = fd;
    bare.vault->path = strdup(path);
    bare_identity(bare.vault);
    for (unsigned number = 0; number < LW_LANES; number++)
        remember_may(number, &empty);
}

static void bare_end(void)
{
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        if (bare.connection[i].lane) {
            end_reading(&bare.connection[i]);
            disconnect(&bare.connection[i], false);
        }
    }
    recording.disk = NULL;
    (void)unlink(bare.vault->path);
}

static void bare_history(const char *folder, unsigned steps, unsigned cuts)
{
    struct recorded disk;

    bare_start(folder);
    world.history = bare.both ? "two lanes" : "one lane";
    world.check = check_bare;
    recorded_start(&disk, folder);
    for (unsigned number = 0; number < LW_LANES; number++) {
        bare.expect.count[number] = 1;
        bare.expect.state[number][0] = content_state(&bare.may[number][0]);
    }
    mark(&bare.expect);
    for (unsigned i = 0; i < steps && world.bad < BAD_ENOUGH; i++)
        bare_step();
    bare_end();
    cut_recording(&disk, cuts);
    recorded_free(&disk);
    bare_vault_free(bare.vault);
}

#endif
