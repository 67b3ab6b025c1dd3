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
enum { LOCK_FREE, LOCK_HELD, LOCK_HELD_A_TORN, LOCK_HELD_B_TORN, STARTS, ROUNDS_FOR_ALL = 12 };

static const char *const start_name[STARTS] = {"", ", lock held", ", lock held, A torn",
                                               ", lock held, B torn"};

/* Runs of one pair; where they do not suffice, those that were made are drawn from all. */
enum { RUNS_SHORT = 60, RUNS_LONG = 20000 };

enum { WORDS = 5 };
static const char *const word[WORDS] = {"owner", "second", "decoy", "new", "newer"};

static struct {
    const char *path;
    const struct part *part; /* of both sides */
    struct lw_vault *session[SIDES];
    struct slot_keys *keys[SIDES];
    uint8_t base[LW_FIXED_PAGES * LW_PAGE];
    struct slot_keys *word_keys[WORDS];
    struct keyring *ring;

    enum lw_status status[SIDES];
    struct lw_error err[SIDES];
    unsigned open[WORDS]; /* copies, at the end, under the salt of the beginning */
    const struct schedule *schedule;
    unsigned start;
    uint64_t whole, sampled; /* searches that came to their end, and others */
    uint64_t late;           /* see judge_late */
    uint64_t neither;        /* see judge_both */
    uint64_t bad, runs, states;
    double schedules;
} pair;

/* ---- one side ---- */

/* A session like the one that was unlocked before, with a descriptor of its own. */
static struct lw_vault *session_of(int side)
{
    const struct lw_vault *like = pair.session[side];
    struct lw_vault *vault;

    must(vault_new(pair.path, open(pair.path, O_RDWR | O_CLOEXEC), &vault, NULL));
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
    enum lw_status status = lw_vault_wipe(pair.path, true, NULL, &report, err);

    if (status == LW_OK && !report.keys_gone)
        status = LW_INTERNAL;
    return status;
}

static void side_job(int side)
{
    const struct part *part = &pair.part[side];
    struct lw_passphrase *pass;
    struct lw_vault *vault;

    pair.err[side] = (struct lw_error){LW_OK, ""};
    if (part->deed == WIPES) {
        pair.status[side] = do_wipe(&pair.err[side]);
        return;
    }
    vault = session_of(side);
    pass = phrase(part->fresh != NULL ? part->fresh : "");
    if (part->deed == UNLOCKS)
        pair.status[side] = header_update(vault, pair.keys[side], NULL, NULL, &pair.err[side]);
    else if (part->deed == CHANGES)
        pair.status[side] = lw_vault_passphrase_change(vault, pass, &pair.err[side]);
    else
        pair.status[side] = lw_vault_passphrase_add(vault, pass, &pair.err[side]);
    lw_passphrase_free(pass);
    lw_vault_close(vault);
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
           sides.side[0].killed ? -1 : (int)pair.status[0],
           sides.side[1].killed ? -1 : (int)pair.status[1]);
    for (size_t i = 0; i < pair.schedule->len; i++)
        putchar("01kK"[pair.schedule->choice[i]]);
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
    return !sides.side[side].killed && pair.status[side] == LW_OK;
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
 * looked at that copy for the last time, and killed right after that, before it could look again.
 */
static void judge_late(const char *what, const char *whom)
{
    for (int i = 0; i < SIDES; i++) {
        const struct side *side = &sides.side[i], *other = &sides.side[1 - i];

        if (side->killed && side->wrote_at > other->read_at[side->wrote_part]) {
            pair.late++;
            return;
        }
    }
    pair_bad(what, whom);
}

static void judge_status(int side)
{
    enum lw_status status = pair.status[side];
    bool named = status == LW_REVOKED || status == LW_BUSY || status == LW_WRONG_PASSPHRASE;

    if (sides.side[side].killed || status == LW_OK)
        return;
    if (!named || pair.err[side].status != status || pair.err[side].text[0] == '\0')
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

    if (!same || pair.status[0] != LW_REVOKED || pair.status[1] != LW_REVOKED)
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
    bool lost = !sides.side[side].killed && !acknowledged(side) && pair.status[side] != LW_BUSY;

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
    uint8_t now[PARTS * LW_PAGE];
    bool duress = is_duress(0) || is_duress(1), wipe = is_wipe(0) || is_wipe(1);
    bool destroyed = false;

    must(lw_file_read_at(pair.session[0]->fd, now, sizeof now, 0));
    for (unsigned i = 0; i < WORDS; i++)
        pair.open[i] =
            copies_opened(now + LW_PAGE, pair.session[0]->id, pair.word_keys[i], pair.ring);
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

static void restore(void)
{
    uint8_t page[LW_PAGE];

    must(lw_file_write_at(pair.session[0]->fd, pair.base, sizeof pair.base, 0));
    if (pair.start < LOCK_HELD_A_TORN)
        return;
    lw_random(page, sizeof page);
    must(lw_file_write_at(pair.session[0]->fd, page, sizeof page,
                          (off_t)LW_PAGE *
                              (pair.start == LOCK_HELD_A_TORN ? PAGE_HEADER_A : PAGE_HEADER_B)));
}

static void search_pair(bool kills, uint64_t limit)
{
    struct schedule path = {0};
    int third = -1;

    search_begin();
    if (pair.start != LOCK_FREE) {
        third = open(pair.path, O_RDWR | O_CLOEXEC);
        must(lock_take(third, pair.session[0]->id, LOCK_HEADER));
    }
    sides.lock_held = pair.start != LOCK_FREE;
    search_push(&path, 0);
    search_.open[0].len = 0;
    while (search_.open_count > 0 && search_.runs < limit) {
        search_take(&path);
        restore();
        pair.schedule = &path;
        if (search_run(&path, kills, side_job)) {
            io_hooks.before = NULL;
            judge_end();
        }
        io_hooks.before = NULL;
    }
    if (third >= 0)
        close(third);
    pair.runs += search_.runs;
    pair.states += search_.count - 2;
    pair.schedules += search_.open_count == 0 ? search_ways(2) : (double)search_.runs;
    pair.whole += search_.open_count == 0;
    pair.sampled += search_.open_count != 0;
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
    search_pair(false, large ? RUNS_LONG : RUNS_SHORT);
    if (large)
        search_pair(true, RUNS_LONG);
    for (int side = 0; side < SIDES; side++)
        slot_keys_free(pair.keys[side]);
}

/* Long rounds carry their share to its end, without and with kills, unless it has no end in
 * RUNS_LONG; short ones try some of everything. */
static void pairs_campaign(const char *path, uint64_t seed, bool large)
{
    struct lw_vault *owner = cheap_vault(path, "owner", "second", "decoy"), *second;

    pair.path = path;
    pair.ring = keyring_new();
    must(cheap_open(path, "second", &second, NULL));
    for (unsigned i = 0; i < WORDS; i++)
        pair.word_keys[i] = cheap_keys(word[i], owner->salt);
    must(lw_file_read_at(owner->fd, pair.base, sizeof pair.base, 0));
    for (size_t i = 0; i < LW_COUNT_OF(pairs) * STARTS && pair.bad == 0; i++) {
        size_t which = i / STARTS;

        pair.start = (unsigned)(i % STARTS);
        if (!large || (which + 3 * pair.start) % ROUNDS_FOR_ALL == seed % ROUNDS_FOR_ALL)
            try_pair(pairs[which], owner, second, large);
    }
    for (unsigned i = 0; i < WORDS; i++)
        slot_keys_free(pair.word_keys[i]);
    keyring_free(pair.ring);
    lw_vault_close(second);
    lw_vault_close(owner);
}

#endif
