/*
 * Two writers of one header, in every interleaving, also with one of them killed before any of its
 * steps or stopped until the other one has ended; with the header lock to be had, and held by a
 * third process that is stopped.
 */
#ifndef LW_TEST_HEADER_PAIRS_H
#define LW_TEST_HEADER_PAIRS_H

#include "cheap_vault.h"
#include "two_sides.h"
#include "vault/files.h"

/* The shipped source, compiled here so that the search sees what a run remembers. */
static void *run_calloc(size_t count, size_t size);
#define calloc run_calloc
#include "vault/header.c"
#undef calloc
#include "vault/vault_passphrase.c"

enum deed { UNLOCKS, CHANGES, ADDS, WIPES };

struct part {
    enum deed deed;
    const char *who;
    const char *fresh; /* the new passphrase */
};

static const struct part pairs[][SIDES] = {
    {{UNLOCKS, "owner", NULL}, {UNLOCKS, "decoy", NULL}},
    {{UNLOCKS, "owner", NULL}, {UNLOCKS, "second", NULL}},
    {{UNLOCKS, "owner", NULL}, {UNLOCKS, "owner", NULL}},
    {{UNLOCKS, "second", NULL}, {CHANGES, "owner", "new"}},
    {{UNLOCKS, "owner", NULL}, {CHANGES, "owner", "new"}},
    {{CHANGES, "owner", "new"}, {UNLOCKS, "decoy", NULL}},
    {{CHANGES, "owner", "new"}, {CHANGES, "second", "newer"}},
    {{CHANGES, "owner", "new"}, {CHANGES, "owner", "newer"}},
    {{ADDS, "owner", "new"}, {UNLOCKS, "decoy", NULL}},
    {{ADDS, "owner", "new"}, {ADDS, "second", "newer"}},
    {{UNLOCKS, "owner", NULL}, {WIPES, NULL, NULL}},
    {{CHANGES, "owner", "new"}, {WIPES, NULL, NULL}},
    {{UNLOCKS, "decoy", NULL}, {UNLOCKS, "decoy", NULL}},
};

/* What they find: two copies that are whole, or one that a power cut left of no use. */
enum { LOCK_FREE, LOCK_HELD, LOCK_HELD_A_TORN, LOCK_HELD_B_TORN, STARTS, ROUNDS_FOR_ALL = 24 };

static const char *const start_name[STARTS] = {"", ", lock held", ", lock held, A torn",
                                               ", lock held, B torn"};

/* Schedules of one pair that a short round draws. */
enum { WALKS = 150 };

enum { WORDS = 5 };
static const char *const word[WORDS] = {"owner", "second", "decoy", "new", "newer"};

struct told {
    struct run *run; /* what the side remembers; NULL before it does */
    enum lw_status status;
    struct lw_error err;
};

static struct {
    const struct part *part; /* of both sides */
    struct lw_vault *session[SIDES];
    struct slot_keys *keys[SIDES];
    uint8_t base[LW_FIXED_PAGES * LW_PAGE], found[LW_FIXED_PAGES * LW_PAGE];
    struct slot_keys *word_keys[WORDS];
    struct keyring *ring;

    struct told told[SIDES];
    unsigned open[WORDS]; /* copies, at the end, under the salt of the beginning */
    unsigned start;
    uint64_t whole, sampled; /* pairs whose search came to its end, and others */
    uint64_t late;           /* see judge_late */
    uint64_t neither;        /* see judge_both */
    uint64_t bad, ends, states;
    double schedules;
} pair;

/* ---- one side ---- */

/* A session like the one that was unlocked before, with a descriptor of its own. */
static struct lw_vault *session_of(int side)
{
    const struct lw_vault *like = pair.session[side];
    struct lw_vault *vault;

    must(vault_new(stage.path, open(stage.path, O_RDWR | O_CLOEXEC), &vault, NULL));
    memcpy(vault->salt, like->salt, LW_SALT);
    memcpy(vault->id, like->id, LW_ID);
    memcpy(vault->header, like->header, LW_HEADER);
    *vault->ring = *like->ring;
    vault->profile = like->profile;
    return vault;
}

static enum lw_status do_wipe(struct lw_error *err)
{
    struct lw_wipe_report report;
    enum lw_status status = lw_vault_wipe(stage.path, true, NULL, &report, err);

    if (status == LW_OK && !report.keys_gone)
        status = LW_INTERNAL;
    return status;
}

static void *run_calloc(size_t count, size_t size)
{
    void *block = calloc(count, size);

    if (sides.current >= 0)
        pair.told[sides.current].run = block;
    return block;
}

static void side_work(int side, struct told *told)
{
    const struct part *part = &pair.part[side];
    struct lw_passphrase *pass;
    struct lw_vault *vault;

    if (part->deed == WIPES) {
        told->status = do_wipe(&told->err);
        return;
    }
    vault = session_of(side);
    pass = phrase(part->fresh != NULL ? part->fresh : "");
    if (part->deed == UNLOCKS)
        told->status = header_update(vault, pair.keys[side], NULL, NULL, &told->err);
    else if (part->deed == CHANGES)
        told->status = lw_vault_passphrase_change(vault, pass, &told->err);
    else
        told->status = lw_vault_passphrase_add(vault, pass, &told->err);
    lw_passphrase_free(pass);
    lw_vault_close(vault);
}

static void side_job(int side)
{
    struct told *told = &pair.told[side];

    *told = (struct told){.status = LW_OK};
    side_work(side, told);
    sides.side[side].outcome =
        mix((uint64_t)told->status, (uint64_t)told->err.status * 2 + (told->err.text[0] != '\0'));
}

/* ---- what one side remembers ---- */

/*
 * What a run takes over from one try into the next. Its buffers `made`, `seen` and `now` are
 * written in each try before they are read, so are `first` and `inner`, and `left` is known to the search. Of
 * the keyring, which the next try finds anew, give_way asks for known slots and for lanes. All else
 * in struct run is as it was given.
 */
struct memory {
    bool wrote[COPY_COUNT];
    unsigned given, tries;
    struct keyring ring;
    struct slot_keys after;
};

/* A field that is added has to be looked at here. */
_Static_assert(sizeof(struct run) == 6 * sizeof(void *) + 16 + 2 * LW_HEADER + 2 * STATE_BYTES,
               "struct run has what memory_of knows");

static uint64_t memory_of(const struct run *run, unsigned tries)
{
    struct memory memory;

    memset(&memory, 0, sizeof memory);
    memcpy(memory.wrote, run->wrote, sizeof memory.wrote);
    memory.tries = tries;
    if (run->edit != NULL) {
        memory.given = ((const struct change *)run->context)->given;
        memory.after = *run->after;
    }
    memory.ring.own_lane = run->ring->own_lane;
    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (run->ring->slot[i].known)
            memory.ring.slot[i] = run->ring->slot[i];
    for (unsigned lane = 0; lane < LW_LANES; lane++)
        if (keyring_knows_lane(run->ring, lane))
            memcpy(memory.ring.lane_key[lane], run->ring->lane_key[lane], LW_KEY);
    return hash_of(&memory, sizeof memory);
}

/* A header writer at the beginning of each try; a wipe whenever it has slept: from then on it knows
 * the time alone. */
static bool side_forgets(int number, const void *into, uint64_t *memory)
{
    const struct run *run = pair.told[number].run;
    struct side *side = &sides.side[number];

    if (pair.part[number].deed == WIPES) {
        *memory = (uint64_t)side->clock_ns;
        return into == NULL;
    }
    if (into == NULL || run == NULL || into != run->seen)
        return false;
    side->tries++;
    side_draws_afresh(number);
    *memory = memory_of(run, side->tries);
    return true;
}

/* ---- what must be so at the end ---- */

static const char *const deed_name[] = {"unlocks", "changes", "adds", "wipes"};

static void pair_bad(const char *what, const char *whom)
{
    if (++pair.bad > 40)
        return;
    printf("bad: %s%s: %s %s / %s %s%s; %d %d; schedule ", whom, what, pair.part[0].who,
           deed_name[pair.part[0].deed], pair.part[1].who != NULL ? pair.part[1].who : "somebody",
           deed_name[pair.part[1].deed], start_name[pair.start],
           sides.side[0].killed ? -1 : (int)pair.told[0].status,
           sides.side[1].killed ? -1 : (int)pair.told[1].status);
    for (size_t i = 0; i < search_.path.len; i++)
        putchar("01kK"[search_.path.choice[i]]);
    putchar('\n');
}

static unsigned opens_word(const char *text)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (strcmp(word[i], text) == 0)
            return pair.open[i];
    return 0;
}

static bool acknowledged(int side)
{
    return !sides.side[side].killed && pair.told[side].status == LW_OK;
}

static bool is_duress(int side)
{
    return pair.part[side].deed == UNLOCKS && strcmp(pair.part[side].who, "decoy") == 0;
}

static bool is_wipe(int side)
{
    return pair.part[side].deed == WIPES;
}

/* A process may be stopped between its last comparison and its writing until the other one has
 * looked at that copy for the last time, and killed right after that, before it could look again. A
 * wipe goes on looking for two seconds, so it has to be stopped for as long as that. */
static void judge_late(const char *what, const char *whom)
{
    for (int i = 0; i < SIDES; i++) {
        const struct side *side = &sides.side[i];

        if (side->killed && side_unseen(i) && (!is_wipe(1 - i) || side->wrote_late)) {
            pair.late++;
            return;
        }
    }
    pair_bad(what, whom);
}

static void judge_status(int side)
{
    enum lw_status status = pair.told[side].status;
    bool named = status == LW_REVOKED || status == LW_BUSY || status == LW_WRONG_PASSPHRASE;

    if (sides.side[side].killed || status == LW_OK)
        return;
    if (!named || pair.told[side].err.status != status || pair.told[side].err.text[0] == '\0')
        pair_bad(" ended without a named status", pair.part[side].who);
    if (is_duress(side) && status != LW_BUSY && !is_wipe(1 - side))
        pair_bad(" was refused", "decoy");
}

/* Two that change one passphrase at the same moment may take each other for the one that came
 * first. Both are told that the passphrase was taken away, and one of the new ones opens. */
static bool judge_both(void)
{
    bool same = pair.part[0].deed == CHANGES && pair.part[1].deed == CHANGES &&
                strcmp(pair.part[0].who, pair.part[1].who) == 0;

    if (!same || pair.told[0].status != LW_REVOKED || pair.told[1].status != LW_REVOKED)
        return false;
    pair.neither++;
    if (opens_word(pair.part[0].fresh) == 0 && opens_word(pair.part[1].fresh) == 0)
        pair_bad(" opens with none of its passphrases", pair.part[0].who);
    return true;
}

/* The old passphrase, the new one, and that one of them opens. */
static void judge_change(int side, bool gone)
{
    const struct part *part = &pair.part[side], *other = &pair.part[1 - side];
    bool both = other->deed == CHANGES && strcmp(other->who, part->who) == 0;
    /* busy: it did not come to an end, and says nothing of what it did */
    bool lost =
        !sides.side[side].killed && !acknowledged(side) && pair.told[side].status != LW_BUSY;

    if (acknowledged(side) && !gone && opens_word(part->fresh) == 0)
        pair_bad(" does not open after it was acknowledged", part->fresh);
    if (lost && opens_word(part->fresh) != 0)
        judge_late(" opens though it was refused", part->fresh);
    if (part->deed != CHANGES)
        return;
    if (acknowledged(side) && opens_word(part->who) != 0)
        judge_late(" opens after it was changed", part->who);
    if (!gone && opens_word(part->who) == 0 && opens_word(part->fresh) == 0 &&
        !(both && opens_word(other->fresh) != 0))
        pair_bad(" opens neither with the old nor with the new passphrase", part->who);
}

static bool changed_by_somebody(const char *who)
{
    for (int side = 0; side < SIDES; side++)
        if (pair.part[side].deed == CHANGES && strcmp(pair.part[side].who, who) == 0)
            return true;
    return false;
}

static void judge_end(void)
{
    bool duress = is_duress(0) || is_duress(1), wipe = is_wipe(0) || is_wipe(1);
    bool destroyed = false;

    for (unsigned i = 0; i < WORDS; i++)
        pair.open[i] =
            copies_opened(sides.pages + LW_PAGE, pair.session[0]->id, pair.word_keys[i], pair.ring);
    for (int side = 0; side < SIDES; side++) {
        judge_status(side);
        destroyed |= acknowledged(side) && (is_duress(side) || is_wipe(side));
    }
    for (unsigned i = 0; i < WORDS && destroyed; i++)
        if (pair.open[i] != 0 && (wipe || strcmp(word[i], "decoy") != 0))
            judge_late(" opens though it was destroyed", word[i]);
    for (int side = 0; side < SIDES && !judge_both(); side++)
        if (pair.part[side].fresh != NULL)
            judge_change(side, duress || wipe);
    if (!wipe && opens_word("decoy") == 0)
        pair_bad(" does not open any more", "decoy");
    for (unsigned i = 0; i < 2 && !wipe && !duress; i++)
        if (!changed_by_somebody(word[i]) && pair.open[i] == 0)
            pair_bad(" does not open any more", word[i]);
}

/* ---- all of them ---- */

static void find_pages(void)
{
    unsigned torn = pair.start == LOCK_HELD_A_TORN ? PAGE_HEADER_A : PAGE_HEADER_B;

    memcpy(pair.found, pair.base, sizeof pair.found);
    if (pair.start >= LOCK_HELD_A_TORN)
        lw_random(pair.found + (size_t)torn * LW_PAGE, LW_PAGE);
}

static void search_pair(bool large)
{
    find_pages();
    stage.lock_held = pair.start != LOCK_FREE;
    search_begin(pair.found, judge_end);
    if (large) {
        (void)search_on();
        pair.schedules += search_.state[2].ways;
    } else {
        place_save(&search_.place[0]);
        for (unsigned i = 0; i < WALKS && pair.bad == 0; i++)
            search_walk();
    }
    pair.whole += large && !search_.full;
    pair.sampled += !large || search_.full;
    pair.ends += search_.ends;
    pair.states += search_.count - 2;
    search_end();
}

static void try_pair(const struct part part[SIDES], struct lw_vault *owner, struct lw_vault *second,
                     bool large)
{
    pair.part = part;
    for (int side = 0; side < SIDES; side++) {
        const char *who = part[side].who != NULL ? part[side].who : "owner";

        pair.session[side] = strcmp(who, "second") == 0 ? second : owner;
        pair.keys[side] = cheap_keys(who, owner->salt);
    }
    search_pair(large);
    for (int side = 0; side < SIDES; side++)
        slot_keys_free(pair.keys[side]);
}

/* Long rounds search their share to its end; short ones draw some schedules of everything. */
static void pairs_campaign(const char *path, uint64_t seed, bool large)
{
    struct lw_vault *owner = cheap_vault(path, "owner", "second", "decoy"), *second;

    stage.path = path;
    for (int side = 0; side < SIDES; side++)
        stage.fd[side] = open(path, O_RDWR | O_CLOEXEC);
    stage.job = side_job;
    stage.forgets = side_forgets;
    stage.campaign = pair.told;
    stage.campaign_bytes = sizeof pair.told;
    pair.ring = keyring_new();
    must(cheap_open(path, "second", &second, NULL));
    for (unsigned i = 0; i < WORDS; i++)
        pair.word_keys[i] = cheap_keys(word[i], owner->salt);
    must(lw_file_read_at(owner->fd, pair.base, sizeof pair.base, 0));
    for (size_t i = 0; i < LW_COUNT_OF(pairs) * STARTS && pair.bad == 0; i++) {
        pair.start = (unsigned)(i % STARTS);
        if (!large || i % ROUNDS_FOR_ALL == seed % ROUNDS_FOR_ALL)
            try_pair(pairs[i / STARTS], owner, second, large);
    }
    for (unsigned i = 0; i < WORDS; i++)
        slot_keys_free(pair.word_keys[i]);
    keyring_free(pair.ring);
    for (int side = 0; side < SIDES; side++)
        close(stage.fd[side]);
    lw_vault_close(second);
    lw_vault_close(owner);
}

#endif
