/*
 * Reading and writing the header of a vault that others may have open too.
 *
 * One routine for unlocking and for every change of passphrases, whoever unlocks: read, try all
 * sixteen slot copies, encrypt everything anew after the keyring rule, write one copy (B, but after
 * a torn writing), then the other, each after a fresh comparison. That an unlock with a duress
 * passphrase destroys the other lane's slots follows from the rule: it does not know them.
 *
 * The header lock orders writers, but nobody waits for it longer than two seconds, so two writers
 * can meet. Then the one whose slot the other did not write has lost: its own writing must not
 * bring a destroyed slot back. So what this run wrote itself is no evidence that its slot still
 * exists.
 */
#include "keys.h"

#include "head.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 5, LOCK_WAIT_MS = 2000, SETTLE_MS = 50, STATE_BYTES = LW_PAGE + LW_HEADER };

struct run {
    struct lw_vault *vault;
    int fd; /* of the file that the header stands in */
    const struct slot_keys *keys;
    struct slot_keys *after; /* the own slot's key after the edit, where there is one */
    header_edit *edit;
    void *context;
    struct keyring *ring; /* as read, then as edited */
    unsigned first;       /* the copy that is written first */
    bool inner;           /* the vault holds this header too, from a move that was cut off */
    bool wrote[COPY_COUNT];
    uint8_t made[LW_HEADER];   /* as encrypted by this try */
    uint8_t left[LW_HEADER];   /* what this run wrote last, where wrote says so */
    uint8_t seen[STATE_BYTES]; /* page 0 and the header as they should stand on disk */
    uint8_t now[STATE_BYTES];
};

static off_t copy_offset(unsigned copy)
{
    return (off_t)(copy == COPY_A ? PAGE_HEADER_A : PAGE_HEADER_B) * LW_PAGE;
}

static uint8_t *copy_in(uint8_t *header, unsigned copy)
{
    return header + (size_t)copy * LW_PAGE;
}

/* STALE: it is not what was seen, start again. */
static enum lw_status compare(struct run *run)
{
    enum lw_status status = lw_file_read_at(run->fd, run->now, STATE_BYTES, 0);

    if (status != LW_OK)
        return status;
    return memcmp(run->now, run->seen, STATE_BYTES) == 0 ? LW_OK : LW_STALE;
}

static enum lw_status put_copy(struct run *run, unsigned copy)
{
    uint8_t *bytes = copy_in(run->made, copy);

    memcpy(copy_in(run->left, copy), bytes, LW_PAGE);
    memcpy(copy_in(run->seen + LW_PAGE, copy), bytes, LW_PAGE);
    run->wrote[copy] = true;
    return write_synced(run->fd, bytes, LW_PAGE, copy_offset(copy));
}

/* The copies that still stand as this run wrote them. */
static unsigned own_copies(struct run *run)
{
    unsigned mask = 0;

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        if (run->wrote[copy] &&
            memcmp(copy_in(run->left, copy), copy_in(run->seen + LW_PAGE, copy), LW_PAGE) == 0)
            mask |= COPY_BIT(copy);
    return mask;
}

static enum lw_status find(struct run *run, const struct slot_keys *keys, unsigned copies,
                           struct keyring *ring)
{
    return keyring_find(run->seen + LW_PAGE, run->vault->id, keys, copies, ring);
}

/* Writes *made over those copies of the mask. */
static enum lw_status put_copies(struct run *run, unsigned mask)
{
    enum lw_status status = LW_OK;

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        if ((mask & COPY_BIT(copy)) && status == LW_OK)
            status = put_copy(run, copy);
    return status;
}

/* Does a known slot of that lane, or of the other lanes, open a foreign copy? */
static enum lw_status find_neighbour(struct run *run, bool own_lane, unsigned foreign,
                                     struct keyring *ring)
{
    struct slot_keys *keys = slot_keys_new();
    unsigned slots = 0;
    enum lw_status status;

    if (keys == NULL)
        return LW_NO_MEMORY;
    for (unsigned i = 0; i < LW_SLOTS; i++)
        if (run->ring->slot[i].known &&
            (run->ring->slot[i].lane == run->ring->own_lane) == own_lane)
            slots |= 1U << i;
    slot_keys_take(keys, run->ring, slots);
    status = find(run, keys, foreign, ring);
    slot_keys_free(keys);
    return status;
}

/*
 * One copy is ours, the other was written by somebody since and does not open with our slot. Where
 * a slot that we know opens it, our slot was taken away on purpose: what we wrote is replaced by
 * what that slot's owner would have written, since the real slots may just have been destroyed.
 */
static enum lw_status give_way(struct run *run, unsigned mine)
{
    struct keyring *winner = keyring_new();
    unsigned foreign = BOTH_COPIES & ~mine;
    enum lw_status status;

    if (winner == NULL)
        return LW_NO_MEMORY;
    sleep_ms(SETTLE_MS); /* a page is not written in one instant */
    status = compare(run);
    if (status == LW_OK)
        status = find_neighbour(run, true, foreign, winner);
    if (status == LW_NOT_FOUND)
        status = find_neighbour(run, false, foreign, winner);
    if (status == LW_OK)
        status = keyring_encode(winner, run->vault->id, run->made);
    if (status == LW_OK)
        status = put_copies(run, mine);
    keyring_free(winner);
    if (status == LW_OK)
        return LW_REVOKED;
    return status == LW_NOT_FOUND ? LW_BUSY : status;
}

/* The salt is another one: the file was wiped, and nothing that we wrote may stay in it. */
static enum lw_status leave_wiped(struct run *run, unsigned mine)
{
    lw_random(run->made, LW_HEADER);
    (void)put_copies(run, mine);
    return LW_REVOKED;
}

/* A power cut may tear what is being written: the copy from which the other one is made whole comes
 * last, but not before one that alone still holds some slot. */
static unsigned first_copy(const struct run *run, unsigned source)
{
    unsigned held[COPY_COUNT];
    bool whole;

    for (unsigned copy = 0; copy < COPY_COUNT; copy++)
        held[copy] = keyring_held(run->ring, run->seen + LW_PAGE, run->vault->id, copy, &whole);
    return (held[1 - source] & ~held[source]) == 0 ? 1 - source : source;
}

/* A run that reached its end left both copies whole. One that was cut off, which nobody was told
 * of, left one of them, and that need not be the newer one. */
static enum lw_status find_source(struct run *run, const struct slot_keys *keys, unsigned copies)
{
    struct keyring *found = keyring_new();
    enum lw_status status = found == NULL ? LW_NO_MEMORY : LW_NOT_FOUND;
    unsigned source = 0;
    bool whole = false;

    for (unsigned copy = 0; copy < COPY_COUNT && status != LW_NO_MEMORY; copy++) {
        enum lw_status one = find(run, keys, copies & COPY_BIT(copy), found);
        bool this_whole;

        if (one == LW_NOT_FOUND)
            continue;
        if (one != LW_OK) {
            status = one;
            break;
        }
        (void)keyring_held(found, run->seen + LW_PAGE, run->vault->id, copy, &this_whole);
        if (status == LW_NOT_FOUND || this_whole > whole ||
            (this_whole == whole && found->generation > run->ring->generation)) {
            *run->ring = *found;
            source = copy;
            whole = this_whole;
        }
        status = LW_OK;
    }
    if (status == LW_OK)
        run->first = first_copy(run, source);
    keyring_free(found);
    return status;
}

/* Finds the own slot in what was read. */
static enum lw_status find_own(struct run *run)
{
    unsigned mine = own_copies(run);
    unsigned evidence = mine == BOTH_COPIES ? mine : BOTH_COPIES & ~mine;
    bool wrote = run->wrote[COPY_A] || run->wrote[COPY_B];
    enum lw_status status = LW_NOT_FOUND;

    if (memcmp(run->seen, run->vault->salt, LW_SALT) != 0)
        return wrote ? leave_wiped(run, mine) : LW_WRONG_PASSPHRASE;
    status = find_source(run, run->keys, evidence);
    if (status == LW_NOT_FOUND && run->after != NULL)
        status = find_source(run, run->after, evidence);
    if (status != LW_NOT_FOUND)
        return status;
    if (mine != 0)
        return give_way(run, mine);
    return wrote ? LW_REVOKED : LW_WRONG_PASSPHRASE;
}

static enum lw_status edit_ring(struct run *run, struct lw_error *err)
{
    enum lw_status status = LW_OK;
    unsigned own = run->ring->own_slot;

    if (run->edit != NULL) {
        status = run->edit(run->ring, run->context, err);
        memcpy(run->after->key[own], run->ring->slot[own].key, LW_KEY);
    }
    run->ring->generation = (run->ring->generation + 1) & ((UINT64_C(1) << 48) - 1);
    return status;
}

/* The newest copy there that what was typed opens, or any slot that this header knows: the
 * passphrase may have been changed there since. */
static enum lw_status find_inside(const struct run *run, const uint8_t *copies,
                                  struct keyring *found)
{
    struct slot_keys *keys = slot_keys_new();
    struct keyring *other = keyring_new();
    enum lw_status status = LW_NO_MEMORY, known = LW_NO_MEMORY;

    if (keys != NULL && other != NULL) {
        slot_keys_take(keys, run->ring, ALL_SLOTS);
        status = keyring_find(copies, run->vault->id, run->keys, BOTH_COPIES, found);
        known = keyring_find(copies, run->vault->id, keys, BOTH_COPIES, other);
    }
    if (known == LW_OK && (status != LW_OK || other->generation > found->generation))
        *found = *other;
    keyring_free(other);
    slot_keys_free(keys);
    return known == LW_NO_MEMORY || status == LW_OK ? status : known;
}

/* A move that was cut off leaves the header in both places. Whichever was opened since is the newer
 * one; the other may hold slots that were destroyed on purpose. */
static enum lw_status look_inside(struct run *run, struct lw_error *err)
{
    const struct lw_vault *vault = run->vault;
    struct keyring *found;
    uint8_t inside[STATE_BYTES];
    enum lw_status status;
    bool newer;

    if (vault->head_path == NULL)
        return LW_OK;
    found = keyring_new();
    if (found == NULL)
        return LW_NO_MEMORY;
    status = lw_file_read_at(vault->fd, inside, STATE_BYTES, 0);
    if (status == LW_OK)
        status = find_inside(run, inside + LW_PAGE, found);
    newer = status == LW_OK && found->generation > run->ring->generation;
    run->inner = status == LW_OK || memcmp(inside, vault->salt, LW_SALT) == 0;
    keyring_free(found);
    if (newer)
        return lw_fail(
            err, LW_REFUSED,
            "%s itself has a newer header than %s: a move was cut off, and it was opened "
            "since without that file. Open it with --header \"\" and move again",
            vault->path, vault->head_path);
    return status == LW_NOT_FOUND ? LW_OK : status;
}

/* STALE: start again. */
static enum lw_status attempt(struct run *run, struct lw_error *err)
{
    enum lw_status status = lw_file_read_at(run->fd, run->seen, STATE_BYTES, 0);

    if (status == LW_OK)
        status = find_own(run);
    if (status == LW_OK)
        status = look_inside(run, err);
    if (status == LW_OK)
        status = edit_ring(run, err);
    if (status == LW_OK)
        status = keyring_encode(run->ring, run->vault->id, run->made);
    if (status == LW_OK)
        status = compare(run);
    if (status == LW_OK)
        status = put_copy(run, run->first);
    if (status == LW_OK)
        status = compare(run);
    if (status == LW_OK)
        status = put_copy(run, 1 - run->first);
    if (status == LW_OK)
        status = compare(run);
    return status;
}

static enum lw_status attempts(struct run *run, struct lw_error *err)
{
    enum lw_status status = LW_STALE;

    for (int i = 0; i < TRIES && status == LW_STALE; i++)
        status = attempt(run, err);
    return status == LW_STALE ? LW_BUSY : status;
}

static void explain(const struct run *run, enum lw_status status, struct lw_error *err)
{
    const char *path = run->vault->path;
    const char *header = run->vault->head_path;

    switch (status) {
    case LW_OK:
    case LW_REFUSED: /* the edit said why */
        break;
    case LW_WRONG_PASSPHRASE:
        if (header == NULL)
            lw_fail(err, status,
                    "wrong passphrase, or %s is not a vault or has its header elsewhere "
                    "(--header)",
                    path);
        else
            lw_fail(err, status, "wrong passphrase, or %s is not a header", header);
        break;
    case LW_REVOKED:
        lw_fail(err, status, "this passphrase no longer opens %s", path);
        break;
    case LW_BUSY:
        lw_fail(err, status, "other processes keep writing the header of %s: try again", path);
        break;
    case LW_NO_MEMORY:
        lw_fail(err, status, "out of memory for keys");
        break;
    default:
        if (header == NULL)
            lw_fail_errno(err, status, "cannot read or write the header of %s", path);
        else
            lw_fail_errno(err, status, "cannot read or write the header %s: leave its stick in",
                          header);
    }
}

static struct run *run_new(struct lw_vault *vault, const struct slot_keys *keys, header_edit *edit,
                           void *context)
{
    struct run *run = calloc(1, sizeof *run);

    if (run == NULL)
        return NULL;
    run->vault = vault;
    run->keys = keys;
    run->edit = edit;
    run->context = context;
    run->ring = keyring_new();
    run->after = edit != NULL ? slot_keys_new() : NULL;
    return run;
}

static void run_free(struct run *run)
{
    keyring_free(run->ring);
    slot_keys_free(run->after);
    free(run);
}

/* Under the header lock only: whoever moves a header into the vault holds it. */
static void clear_inside(const struct run *run)
{
    if (run->inner)
        (void)!head_clear(run->vault->fd);
}

/* The lock is the vault's own also where the header is elsewhere: two places of one header have the
 * same writers. Its holder may be stopped: then the comparisons have to do without it. */
static enum lw_status update(struct run *run, struct lw_error *err)
{
    const struct lw_vault *vault = run->vault;
    bool locked = lock_take_within(vault->fd, vault->id, LOCK_HEADER, LOCK_WAIT_MS) == LW_OK;
    enum lw_status status = attempts(run, err);

    if (status == LW_OK && locked)
        clear_inside(run);
    if (locked)
        lock_drop(vault->fd, vault->id, LOCK_HEADER);
    explain(run, status, err);
    return status;
}

enum lw_status header_update(struct lw_vault *vault, const struct slot_keys *keys,
                             header_edit *edit, void *context, struct lw_error *err)
{
    struct run *run = run_new(vault, keys, edit, context);
    enum lw_status status;

    if (run == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    if (run->ring == NULL || (edit != NULL && run->after == NULL))
        status = lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    else
        status = head_open(vault, true, &run->fd, err);
    if (status == LW_OK) {
        status = update(run, err);
        head_close(vault, run->fd);
    }
    if (status == LW_OK) {
        *vault->ring = *run->ring;
        memcpy(vault->header, run->made, LW_HEADER);
    }
    run_free(run);
    return status;
}

/* ---- an unlocked session looks whether it still is one -------------------------------------- */

/* Unlike keyring_same, slots may have come and gone. */
static bool same_lanes(const struct keyring *a, const struct keyring *b)
{
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        bool known = keyring_knows_lane(a, lane);

        if (known != keyring_knows_lane(b, lane))
            return false;
        if (known && sodium_memcmp(a->lane_key[lane], b->lane_key[lane], LW_KEY) != 0)
            return false;
    }
    return a->own_lane == b->own_lane;
}

static enum lw_status look_again(struct lw_vault *vault, const uint8_t header[LW_HEADER])
{
    struct slot_keys *keys = slot_keys_new();
    struct keyring *ring = keyring_new();
    unsigned own = vault->ring->own_slot;
    enum lw_status status = LW_NO_MEMORY;

    if (keys != NULL && ring != NULL) {
        memcpy(keys->key[own], vault->ring->slot[own].key, LW_KEY);
        status = keyring_find(header, vault->id, keys, BOTH_COPIES, ring);
    }
    if (status == LW_NOT_FOUND || (status == LW_OK && !same_lanes(ring, vault->ring)))
        status = LW_REVOKED;
    if (status == LW_OK) {
        *vault->ring = *ring;
        memcpy(vault->header, header, LW_HEADER);
    }
    keyring_free(ring);
    slot_keys_free(keys);
    return status;
}

enum lw_status vault_still_mine(struct lw_vault *vault, int fd)
{
    uint8_t header[LW_HEADER];
    int head = fd;
    enum lw_status status = LW_OK;

    if (vault->unpublished)
        return LW_OK;
    if (vault->head_path != NULL && head_open(vault, false, &head, NULL) != LW_OK)
        return LW_NO_INPUT;
    status = lw_file_read_at(head, header, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE);
    head_close(vault, head);
    if (status == LW_DAMAGED)
        return LW_REVOKED; /* cut off: a wipe, or a rewrite that got rid of this file */
    if (status != LW_OK)
        return vault->head_path != NULL ? LW_NO_INPUT : status;
    if (memcmp(header, vault->header, LW_HEADER) == 0)
        return LW_OK;
    return look_again(vault, header);
}

enum lw_status vault_may_go_on(struct lw_vault *vault, int fd)
{
    enum lw_status status = vault_still_mine(vault, fd);

    vault->head_missing = status == LW_NO_INPUT;
    return status == LW_NO_INPUT ? LW_OK : status;
}

enum lw_status vault_not_mine(const struct lw_vault *vault, enum lw_status status,
                              struct lw_error *err)
{
    if (status == LW_REVOKED)
        return lw_fail(err, status, "the passphrase of this session no longer opens %s",
                       vault->path);
    if (status == LW_NO_INPUT)
        return lw_fail_errno(err, status, "the header %s cannot be read: put its stick in",
                             vault->head_path);
    return lw_fail_errno(err, status, "the header of %s cannot be read", vault->path);
}
