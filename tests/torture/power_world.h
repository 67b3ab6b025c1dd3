/*
 * What a journal may show after a cut, and the cutting itself. A state of a journal is a digest of
 * its payloads. The campaign keeps which states are allowed: the one that was acknowledged last,
 * and those whose commits began since; it marks them in the recording, so that they are known at
 * every place of it.
 */
#ifndef LW_POWER_WORLD_H
#define LW_POWER_WORLD_H

#include "cut_disk.h"
#include "vault/keys.h"
#include "vault/lane.h"

#include <stdarg.h>
#include <time.h>

#define ALLOWED_MAX 16
#define STATES_MAX  20000
#define PASSES      8
#define BAD_ENOUGH  5

enum { REAL, DECOY, JOURNALS }; /* or, without passphrases, lane 0 and 1 */
enum need { NOT, MAY, MUST };

struct expect {
    bool absent; /* it is being made: nothing need be there */
    unsigned count[JOURNALS];
    unsigned state[JOURNALS][ALLOWED_MAX];
    enum need pass[PASSES];
    unsigned leads[PASSES]; /* to which journal */
    bool held[JOURNALS];    /* some passphrase opens it, whichever */
    unsigned header; /* the place of the header, and the one that it is moved to, or the same */
    unsigned header_to;
    unsigned left; /* bits of places of a move that was cut off and not given again */
};

/* Opens what is left in the crash folder and looks at it; marks what it does where it is recorded.
 */
typedef bool checker(const char *folder, const struct expect *expect);

static struct {
    uint64_t seed;
    const char *size;
    const char *history; /* what is being done */
    uint8_t (*state)[LW_HASH];
    unsigned states;
    unsigned long cuts, nested, bad, held, detached;
    unsigned long old_seen, new_seen, moved_seen;
    checker *check;
    char why[400];
    struct crash crash, again;
} world;

/* ---- time that costs nothing ---- */

static int64_t slept_ns;

int nanosleep(const struct timespec *pause, struct timespec *left)
{
    (void)left;
    slept_ns += (int64_t)pause->tv_sec * 1000000000 + pause->tv_nsec;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);

    if (clock == CLOCK_MONOTONIC) {
        now->tv_nsec += slept_ns % 1000000000;
        now->tv_sec += slept_ns / 1000000000 + now->tv_nsec / 1000000000;
        now->tv_nsec %= 1000000000;
    }
    return (int)result;
}

/* ---- saying what is wrong ---- */

LW_PRINTF(1, 2) static bool wrong(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    (void)vsnprintf(world.why, sizeof world.why, format, list);
    va_end(list);
    return false;
}

/* The campaign itself does not get on. */
LW_PRINTF(1, 2) static void stuck(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    printf("bad: seed %lu, %s, while recording: ", (unsigned long)world.seed, world.history);
    vprintf(format, list);
    printf("\n");
    va_end(list);
    world.bad++;
}

/* ---- states ---- */

/* Its digest may be set later. */
static unsigned state_new(const uint8_t digest[LW_HASH])
{
    if (world.states == STATES_MAX)
        recorded_die("too many states");
    if (digest)
        memcpy(world.state[world.states], digest, LW_HASH);
    else
        lw_random(world.state[world.states], LW_HASH);
    return world.states++;
}

static void mark(const struct expect *expect)
{
    if (recording.disk)
        recorded_mark(recording.disk, expect, sizeof *expect, false);
}

static bool is_allowed(const struct expect *expect, unsigned journal, const uint8_t digest[LW_HASH])
{
    for (unsigned i = 0; i < expect->count[journal]; i++) {
        if (memcmp(world.state[expect->state[journal][i]], digest, LW_HASH) == 0)
            return true;
    }
    return false;
}

static void may_become(struct expect *expect, unsigned journal, unsigned state)
{
    if (expect->count[journal] == ALLOWED_MAX)
        recorded_die("too many states at once");
    expect->state[journal][expect->count[journal]++] = state;
    if (recording.disk)
        recorded_mark(recording.disk, expect, sizeof *expect, true);
}

/* Acknowledged: from now on only this one will do. */
static void must_be(struct expect *expect, unsigned journal, unsigned state)
{
    expect->count[journal] = 1;
    expect->state[journal][0] = state;
    mark(expect);
}

/* Every payload of the snapshot, in order. */
static enum lw_status digest_payloads(struct lw_lane *lane, uint8_t digest[LW_HASH])
{
    crypto_generichash_state state;
    uint8_t payload[LW_PAYLOAD];

    crypto_generichash_init(&state, NULL, 0, LW_HASH);
    for (uint32_t i = 0; i < lw_lane_pages(lane); i++) {
        enum lw_status status = lw_lane_read(lane, i, payload);
        if (status != LW_OK)
            return status;
        crypto_generichash_update(&state, payload, LW_PAYLOAD);
    }
    crypto_generichash_final(&state, digest, LW_HASH);
    return LW_OK;
}

/* Is one lane whole and what it may be? */
static bool lane_is_right(struct lw_lane *lane, const struct expect *expect, unsigned journal,
                          enum lw_status (*read)(struct lw_lane *, uint8_t[LW_HASH]),
                          uint8_t digest[LW_HASH])
{
    struct lw_lane_check report;
    enum lw_status status = lw_lane_snapshot(lane);

    if (status == LW_OK)
        status = read(lane, digest);
    if (status != LW_OK)
        return wrong("journal %u cannot be read: %s", journal, lw_lane_error(lane));
    if (!is_allowed(expect, journal, digest))
        return wrong("journal %u (generation %lu) is neither the acknowledged state nor one of %u "
                     "under way",
                     journal, (unsigned long)lw_lane_generation(lane), expect->count[journal] - 1);
    if (lw_lane_check(lane, NULL, &report) != LW_OK || report.bad > 0)
        return wrong("journal %u: %lu bad pages", journal, (unsigned long)report.bad);
    bool old = memcmp(world.state[expect->state[journal][0]], digest, LW_HASH) == 0;
    world.old_seen += old && expect->count[journal] > 1;
    world.new_seen += !old;
    return true;
}

/* ---- cutting ---- */

static void tell_bad(const struct playback *play, enum loss loss, const char *more)
{
    static const char *const kinds[] = {"write",    "written",     "size",        "punch",
                                        "sync",     "failed sync", "create",      "rename",
                                        "exchange", "unlink",      "folder sync", "mark"};

    if (world.bad++ < BAD_ENOUGH)
        printf("bad: seed %lu, %s, cut after operation %zu of %zu (%s), %s%s: %s\n",
               (unsigned long)world.seed, world.history, play->at, play->disk->count,
               kinds[play->disk->op[play->at - 1].kind], loss_name[loss], more, world.why);
}

/* The recovery after a cut is cut again. */
static void cut_again(struct recorded *disk, const struct playback *outer, enum loss outer_loss)
{
    struct playback play;
    unsigned left = 4;

    playback_start(&play, disk);
    crash_clear(&world.again);
    while (play.at < disk->count && left > 0) {
        playback_step(&play, &world.again);
        if (!play.mark || choose((uint32_t)(disk->count - play.at) + 1) >= left)
            continue;
        enum loss loss = (enum loss)choose(LOSSES);
        left--;
        crash_image(&world.again, &play, loss);
        if (!world.check(world.again.folder, play.mark))
            tell_bad(outer, outer_loss, ", and again while recovering");
        world.cuts++;
        world.nested++;
    }
    playback_free(&play);
}

static void cut(const struct playback *play, enum loss loss)
{
    bool nested = choose(40) == 0; /* four more cuts each: a tenth of all */
    struct recorded disk;

    crash_image(&world.crash, play, loss);
    if (nested) {
        recorded_start(&disk, world.crash.folder);
        mark(play->mark);
    }
    if (!world.check(world.crash.folder, play->mark))
        tell_bad(play, loss, "");
    world.cuts++;
    recording.disk = NULL;
    if (nested) {
        cut_again(&disk, play, loss);
        recorded_free(&disk);
    }
}

/* Before a sync, and after something was acknowledged, it matters most. */
static bool is_crucial(const struct playback *play)
{
    const struct disk_op *op = &play->disk->op[play->at];
    enum disk_kind next = play->at < play->disk->count ? op->kind : DISK_MARK;

    return next == DISK_SYNC || next == DISK_SYNC_FAILED || next == DISK_WRITTEN ||
           next == DISK_FOLDER_SYNC || play->disk->op[play->at - 1].kind == DISK_MARK;
}

/* Cuts about so many times. */
static void cut_recording(struct recorded *disk, unsigned about)
{
    struct playback play;
    unsigned crucial = 0, other;

    playback_start(&play, disk);
    crash_clear(&world.crash);
    for (play.at = 1; play.at < disk->count; play.at++)
        crucial += is_crucial(&play);
    other = (unsigned)disk->count - crucial;
    play.at = 0;
    while (play.at < disk->count && world.bad < BAD_ENOUGH) {
        playback_step(&play, &world.crash);
        bool is = is_crucial(&play);
        unsigned share = is ? crucial * LOSSES : other * 3;
        if (!play.mark || choose(share + 1) >= about / 2)
            continue;
        if (!playback_in_the_air(&play)) {
            cut(&play, LOSE_NONE);
            continue;
        }
        for (unsigned loss = 0; loss < LOSSES && world.bad < BAD_ENOUGH; loss++) {
            if (is || choose(2) == 0)
                cut(&play, (enum loss)loss);
        }
    }
    playback_free(&play);
}

static void world_wrote(int fd, off_t offset, size_t len)
{
    crash_wrote(&world.crash, fd, offset, len);
    crash_wrote(&world.again, fd, offset, len);
}

#endif
