/*
 * Two runs of the shipped code on one vault, as if in two processes, one step at a time: each stops
 * before every call that the other could notice, and a search tries everything that may come next:
 * that one or the other goes on, or that one is killed.
 *
 * The file's first pages, its lock, the clock, and all that a side allocates and has on its stack
 * are kept here, so that the search can go back to a place instead of running up to it again.
 *
 * Where two ways lead to the same state, one of them goes on for both. A state is all that decides
 * what can still happen and how it will be judged:
 *
 *   the pages, byte for byte, and who has the lock;
 *   of a side that goes on: its history. That is a hash of all that it read and did since it last
 *   forgot, and of its memory at that moment. It forgets where the code does: before a read that
 *   begins a new try, whose buffers are written before they are read. What is and what is not
 *   remembered there is said by the campaign (`forgets`). Of the pages that it wrote itself it is
 *   asked only whether they still stand, so only that counts; one that was overwritten cannot come
 *   back, since no page is written twice with the same bytes, which is checked;
 *   of one that has ended: what it tells its caller; of one that was killed: nothing;
 *   which writing the other side has not looked at since (`unseen`).
 *
 * What a side draws at random depends on the side and on the number of its try alone, so that
 * states can be compared as they are; but for the free slot that an added passphrase gets, nothing
 * depends on which bytes these are. States are told apart by 64 bits of their hash: of a million of
 * them two would be taken for the same by mistake about once in forty million searches. How many
 * schedules there are does not depend on how states are merged, which tells whether a way of
 * merging loses any.
 *
 * A write of one page is one step here; what a power cut leaves of it is another campaign.
 */
#ifndef LW_TEST_TWO_SIDES_H
#define LW_TEST_TWO_SIDES_H

#include "io_hooks.h"
#include "seeded.h"
#include "vault/internal.h"

#include <stddef.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

enum {
    SIDES = 2,
    SIDE_ROOM = 1 << 20,
    STEPS_MAX = 200,
    CHOICES = 4,
    PARTS = 3, /* pages 0, 1, 2, which both sides write */
    WRITES_MAX = 64,
    STATES_MAX = 1 << 22 /* of one search, which then is not carried to its end */
};

/* What a schedule may do next: a side takes a step, or is killed before it. */
enum choice { STEP_0, STEP_1, KILL_0, KILL_1 };

struct side {
    ucontext_t context;
    uint8_t *room;  /* what it allocates from the front, its stack from the back */
    uint8_t *stack; /* as far down as it is in use */
    size_t used;    /* of the front */
    bool ended;
    bool killed;
    bool holds_lock;
    uint64_t history;
    uint64_t outcome; /* of one that has ended: hash of what it tells */
    unsigned tries;
    uint64_t left[PARTS]; /* hash of what it wrote there last; 0: nothing */
    uint64_t wrote_at;    /* its last writing: when, */
    int wrote_part;       /* where, */
    bool wrote_late;      /* and whether the other one had slept for two seconds by then */
    uint64_t read_at[PARTS];
    int64_t clock_ns;
    struct seeded random;
};

static struct sides {
    struct side side[SIDES];
    int current;          /* -1: neither */
    uint64_t now;         /* counts steps */
    uint64_t part[PARTS]; /* hash of what stands on page 0, 1, 2 */
    uint64_t written[WRITES_MAX];
    unsigned writes;
    uint8_t pages[LW_FIXED_PAGES * LW_PAGE];
} sides = {.current = -1};

/* What does not change in a search. */
static struct {
    const char *path;
    int fd[SIDES];
    bool lock_held; /* by a third process that is stopped */
    ucontext_t scheduler;
    void (*job)(int side);
    /* A side is about to read into that buffer, or has slept (NULL). True where what it does from
     * now on depends on nothing that it saw before but by what *memory is a hash of. */
    bool (*forgets)(int side, const void *into, uint64_t *memory);
    void *campaign; /* what the campaign keeps of the sides */
    size_t campaign_bytes;
} stage;

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xBF58476D1CE4E5B9);

    x ^= x >> 29;
    x *= UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 32);
}

static uint64_t hash_of(const void *data, size_t len)
{
    uint64_t hash;

    crypto_generichash((unsigned char *)&hash, sizeof hash, data, len, NULL, 0);
    return hash;
}

static struct side *side_now(void)
{
    return sides.current < 0 ? NULL : &sides.side[sides.current];
}

/* ---- memory ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

/* From the front; given back only where it is the last one. */
static void *side_allocate(struct side *side, size_t size)
{
    size_t *block = (size_t *)(void *)(side->room + side->used);

    size = (size + 31) & ~(size_t)15; /* 16 of them for its size */
    if (size > SIDE_ROOM / 2 - side->used)
        abort();
    *block = size;
    side->used += size;
    return memset(block + 2, 0, size - 16);
}

static struct side *side_of_block(const void *block)
{
    for (int i = 0; i < SIDES; i++) {
        struct side *side = &sides.side[i];

        if (side->room != NULL && (const uint8_t *)block >= side->room &&
            (const uint8_t *)block < side->room + SIDE_ROOM)
            return side;
    }
    return NULL;
}

void *malloc(size_t size)
{
    return side_now() != NULL ? side_allocate(side_now(), size) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return side_now() != NULL ? side_allocate(side_now(), count * size)
                              : __libc_calloc(count, size);
}

void free(void *block)
{
    struct side *side = block != NULL ? side_of_block(block) : NULL;
    size_t size;

    if (side == NULL) {
        __libc_free(block);
        return;
    }
    size = ((size_t *)block)[-2];
    if ((uint8_t *)block - 16 + size == side->room + side->used)
        side->used -= size;
}

void *realloc(void *block, size_t size)
{
    void *moved;
    size_t old;

    if (side_now() == NULL)
        return __libc_realloc(block, size);
    moved = side_allocate(side_now(), size);
    old = block != NULL ? ((size_t *)block)[-2] - 16 : 0;
    return block != NULL ? memcpy(moved, block, old < size ? old : size) : moved;
}

/* ---- what a side calls ---- */

/* What its caller calls next begins no lower. */
__attribute__((noinline)) static uint8_t *frame(void)
{
    return __builtin_frame_address(0);
}

static void side_yield(void)
{
    struct side *side = side_now();

    io_hooks.inside = false;
    side->random = seeded_program;
    side->stack = frame() - 256;
    swapcontext(&side->context, &stage.scheduler);
}

static void side_forget(const void *into)
{
    struct side *side = side_now();
    uint64_t memory;

    if (stage.forgets(sides.current, into, &memory))
        side->history = mix(3, memory);
}

/* Which of its own pages still stand, as bits. */
static uint64_t side_stands(const struct side *side)
{
    uint64_t bits = 0;

    for (int part = 0; part < PARTS; part++)
        bits |= (uint64_t)(side->left[part] != 0 && side->left[part] == sides.part[part]) << part;
    return bits;
}

static void side_reads(struct side *side, int part)
{
    side->history = mix(side->history, sides.part[part]);
    side->read_at[part] = sides.now;
}

static void side_writes(struct side *side, int part, const uint8_t *page)
{
    uint64_t hash = hash_of(page, LW_PAGE);

    for (unsigned i = 0; i < sides.writes && hash != side->left[part]; i++)
        if (sides.written[i] == hash)
            abort();
    if (sides.writes == WRITES_MAX)
        abort();
    sides.written[sides.writes++] = hash;
    sides.part[part] = side->left[part] = hash;
    side->wrote_part = part;
    side->wrote_at = sides.now;
    side->wrote_late = sides.side[1 - sides.current].clock_ns >= 2000000000;
}

static bool side_file(const struct io_call *call, ssize_t *result)
{
    bool read = call->kind == IO_READ;
    struct side *side = side_now();
    size_t at = (size_t)call->offset;

    if (at + call->len > sizeof sides.pages)
        abort();
    if (read)
        side_forget(call->into);
    /* the salt alone never changes but by a wipe, which reads it only to compare */
    if (!read || (at < PARTS * LW_PAGE && at + call->len > LW_PAGE))
        side_yield();
    io_hooks.inside = true;
    side->history = mix(side->history, (uint64_t)call->kind * 64 + at);
    side->history = mix(side->history, side_stands(side));
    for (int part = 0; part < PARTS; part++) {
        size_t begin = (size_t)part * LW_PAGE;

        if (begin < at || begin + LW_PAGE > at + call->len)
            continue;
        if (read)
            side_reads(side, part);
        else
            side_writes(side, part, (const uint8_t *)call->data + (begin - at));
    }
    if (read)
        memcpy(call->into, sides.pages + at, call->len);
    else
        memcpy(sides.pages + at, call->data, call->len);
    *result = (ssize_t)call->len;
    return true;
}

static bool side_before(const struct io_call *call, ssize_t *result)
{
    if (side_now() == NULL)
        return false;
    switch (call->kind) {
    case IO_OPEN:
        if (strcmp(call->path, stage.path) != 0)
            return false;
        *result = stage.fd[sides.current];
        return true;
    case IO_READ:
    case IO_WRITE:
    case IO_WRITE_SYNCED:
        return side_file(call, result);
    case IO_SYNC:
        *result = 0;
        return true;
    default:
        abort(); /* nothing that both sides do here */
    }
}

int close(int fd)
{
    return side_now() != NULL ? 0 : (int)syscall(SYS_close, fd);
}

/* The one lock. Taking it is a step where it matters; giving it back is not, since whoever waits
 * asks again at any later moment. */
static int side_lock(struct side *side, bool takes)
{
    const struct side *other = &sides.side[1 - sides.current];

    if (!takes) {
        side->holds_lock = false;
        return 0;
    }
    if (!stage.lock_held)
        side_yield();
    side->holds_lock = !stage.lock_held && !other->holds_lock;
    side->history = mix(side->history, side->holds_lock ? 1001 : 1002);
    errno = EAGAIN;
    return side->holds_lock ? 0 : -1;
}

int fcntl(int fd, int command, ...)
{
    va_list list;
    void *argument;

    va_start(list, command);
    argument = va_arg(list, void *);
    va_end(list);
    if (side_now() == NULL || command != F_OFD_SETLK)
        return (int)syscall(SYS_fcntl, fd, command, argument);
    return side_lock(side_now(), ((const struct flock *)argument)->l_type != F_UNLCK);
}

/*
 * A side's clock stands still but where it sleeps. Who waits for the lock asks once more, at any
 * later moment, and then goes on with the lock or without it: asking oftener changes nothing, since
 * what is refused has no effect. A wipe comes back twice before its two seconds are over.
 */
int nanosleep(const struct timespec *asked, struct timespec *left)
{
    struct side *side = side_now();

    (void)left;
    if (side == NULL)
        return (int)syscall(SYS_nanosleep, asked, NULL);
    side->clock_ns += asked->tv_nsec == 5000000 ? 2100000000 : 1100000000;
    side_forget(NULL);
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const struct side *side = side_now();

    if (side == NULL || clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, now);
    now->tv_sec = side->clock_ns / 1000000000;
    now->tv_nsec = side->clock_ns % 1000000000;
    return 0;
}

/* ---- steps ---- */

static void side_main(int number)
{
    stage.job(number);
    sides.side[number].ended = true;
    swapcontext(&sides.side[number].context, &stage.scheduler);
}

static void side_resume(int number)
{
    struct side *side = &sides.side[number];

    sides.current = number;
    sides.now++;
    seeded_program = side->random;
    swapcontext(&stage.scheduler, &side->context);
    sides.current = -1;
    io_hooks.inside = false;
}

/* Randomness that depends on the side and its try alone. */
static void side_draws_afresh(int number)
{
    seeded_init(&seeded_program, (uint64_t)number * 64 + sides.side[number].tries, "side");
}

static void side_start(int number)
{
    struct side *side = &sides.side[number];
    uint8_t *room = side->room != NULL ? side->room : __libc_malloc(SIDE_ROOM);

    if (room == NULL || getcontext(&side->context) != 0)
        abort();
    *side = (struct side){.context = side->context, .room = room};
    side_draws_afresh(number);
    side->random = seeded_program;
    side->context.uc_stack.ss_sp = room + SIDE_ROOM / 2;
    side->context.uc_stack.ss_size = SIDE_ROOM / 2;
    side->context.uc_link = NULL;
    makecontext(&side->context, (void (*)(void))(uintptr_t)side_main, 1, number);
    side_resume(number); /* to its first step */
}

static void sides_start(const uint8_t pages[LW_FIXED_PAGES * LW_PAGE])
{
    sides.now = 0;
    sides.writes = 0;
    memcpy(sides.pages, pages, sizeof sides.pages);
    for (int part = 0; part < PARTS; part++)
        sides.part[part] = sides.written[sides.writes++] =
            hash_of(pages + (size_t)part * LW_PAGE, LW_PAGE);
    io_hooks.before = side_before;
    for (int i = 0; i < SIDES; i++)
        side_start(i);
}

static void take(unsigned choice)
{
    struct side *side = &sides.side[choice % SIDES];

    if (choice < KILL_0) {
        side_resume((int)choice);
        return;
    }
    side->killed = side->ended = true;
    side->holds_lock = false;
}

/* At most one side is killed. */
static unsigned sides_choices(void)
{
    bool killed = sides.side[0].killed || sides.side[1].killed;
    unsigned mask = 0;

    for (int i = 0; i < SIDES; i++)
        if (!sides.side[i].ended)
            mask |= 1u << (STEP_0 + i) | (killed ? 0 : 1u << (KILL_0 + i));
    return mask;
}

/* The other one has not looked there since. */
static bool side_unseen(int number)
{
    const struct side *side = &sides.side[number], *other = &sides.side[1 - number];

    return side->wrote_at > other->read_at[side->wrote_part];
}

static uint64_t side_state(int number)
{
    const struct side *side = &sides.side[number];
    uint64_t key = 0;

    if (side_unseen(number))
        key = 1 + (uint64_t)side->wrote_part * 2 + side->wrote_late;
    if (side->killed)
        return mix(key, 1);
    if (side->ended)
        return mix(mix(key, 2), side->outcome);
    return mix(mix(key, side->history), side_stands(side) * 2 + side->holds_lock);
}

static uint64_t sides_state(void)
{
    uint64_t key = 7;

    for (int part = 0; part < PARTS; part++)
        key = mix(key, sides.part[part]);
    for (int i = 0; i < SIDES; i++)
        key = mix(key, side_state(i));
    return key;
}

/* ---- places to go back to ---- */

struct place {
    struct sides sides;
    uint8_t *kept; /* the rooms, as far as they are in use, and what the campaign keeps */
    size_t room;
};

static size_t stack_used(const struct side *side)
{
    return side->ended ? 0 : (size_t)(side->room + SIDE_ROOM - side->stack);
}

static void place_save(struct place *place)
{
    size_t need = stage.campaign_bytes;
    uint8_t *at;

    for (int i = 0; i < SIDES; i++)
        need += sides.side[i].used + stack_used(&sides.side[i]);
    if (need > place->room) {
        __libc_free(place->kept);
        place->kept = __libc_malloc(need);
        place->room = need;
        if (place->kept == NULL)
            abort();
    }
    place->sides = sides;
    at = place->kept;
    for (int i = 0; i < SIDES; i++) {
        const struct side *side = &sides.side[i];

        at = mempcpy(at, side->room, side->used);
        at = mempcpy(at, side->room + SIDE_ROOM - stack_used(side), stack_used(side));
    }
    memcpy(at, stage.campaign, stage.campaign_bytes);
}

static void place_restore(const struct place *place)
{
    const uint8_t *at = place->kept;

    sides = place->sides;
    for (int i = 0; i < SIDES; i++) {
        struct side *side = &sides.side[i];

        memcpy(side->room, at, side->used);
        at += side->used;
        memcpy(side->room + SIDE_ROOM - stack_used(side), at, stack_used(side));
        at += stack_used(side);
    }
    memcpy(stage.campaign, at, stage.campaign_bytes);
}

/* ---- all schedules ---- */

struct schedule {
    size_t len;
    uint8_t choice[STEPS_MAX];
};

struct state {
    uint64_t key;
    double ways; /* schedules from here to the end */
};

static struct {
    struct state *state; /* [0] is not used; [1] the end */
    uint32_t count, room;
    uint32_t *table; /* by key */
    uint32_t table_size;
    struct place place[STEPS_MAX];
    struct schedule path;
    bool full; /* more than STATES_MAX */
    uint64_t ends;
    void (*ended)(void);
} search_;

static void *grown(void *memory, size_t count, size_t size)
{
    void *larger = realloc(memory, count * size);

    if (larger == NULL)
        abort();
    return larger;
}

static void search_index(uint32_t number)
{
    uint32_t at = (uint32_t)search_.state[number].key & (search_.table_size - 1);

    while (search_.table[at] != 0)
        at = (at + 1) & (search_.table_size - 1);
    search_.table[at] = number;
}

static void search_grow(void)
{
    search_.room = search_.room == 0 ? 1024 : search_.room * 2;
    search_.state = grown(search_.state, search_.room, sizeof *search_.state);
    free(search_.table);
    search_.table_size = search_.room * 4;
    search_.table = calloc(search_.table_size, sizeof *search_.table);
    if (search_.table == NULL)
        abort();
    for (uint32_t i = 2; i < search_.count; i++)
        search_index(i);
}

/* The number of the state; *fresh where it was not met before. */
static uint32_t search_state(uint64_t key, bool *fresh)
{
    uint32_t at = (uint32_t)key & (search_.table_size - 1);

    while (search_.table[at] != 0 && search_.state[search_.table[at]].key != key)
        at = (at + 1) & (search_.table_size - 1);
    *fresh = search_.table[at] == 0;
    if (!*fresh)
        return search_.table[at];
    if (search_.count == search_.room)
        search_grow();
    search_.state[search_.count] = (struct state){.key = key};
    search_index(search_.count);
    return search_.count++;
}

static void search_begin(const uint8_t *pages, void (*ended)(void))
{
    search_.ended = ended;
    search_.full = false;
    search_.ends = 0;
    search_.count = 2;
    search_.room = 0;
    search_grow();
    search_.state[1].ways = 1;
    search_.path.len = 0;
    sides_start(pages);
}

static void search_end(void)
{
    io_hooks.before = NULL;
    free(search_.table);
    free(search_.state);
    search_.table = NULL;
    search_.state = NULL;
}

/* From where the sides stand; returns the number of that state. */
static uint32_t search_on(void)
{
    size_t depth = search_.path.len;
    unsigned choices = sides_choices();
    double ways = 0;
    bool fresh, went = false;
    uint32_t here;

    if (choices == 0) {
        search_.ends++;
        search_.ended();
        return 1;
    }
    here = search_state(sides_state(), &fresh);
    search_.full = search_.full || search_.count > STATES_MAX;
    if (!fresh || search_.full)
        return here;
    if (depth == STEPS_MAX)
        abort();
    place_save(&search_.place[depth]);
    for (unsigned choice = 0; choice < CHOICES; choice++) {
        if (!(choices & (1u << choice)))
            continue;
        if (went)
            place_restore(&search_.place[depth]);
        went = true;
        search_.path.choice[depth] = (uint8_t)choice;
        search_.path.len = depth + 1;
        take(choice);
        uint32_t next = search_on(); /* may move the states */
        ways += search_.state[next].ways;
    }
    search_.path.len = depth;
    search_.state[here].ways = ways;
    return here;
}

/* One schedule, drawn at random, from the beginning to its end; a kill at one step of eight. */
static void search_walk(void)
{
    unsigned choices;

    place_restore(&search_.place[0]);
    search_.path.len = 0;
    while ((choices = sides_choices()) != 0) {
        unsigned choice = choose(SIDES) + (choose(8) == 0 ? KILL_0 : STEP_0);

        if (!(choices & (1u << choice)))
            continue;
        if (search_.path.len == STEPS_MAX)
            abort();
        search_.path.choice[search_.path.len++] = (uint8_t)choice;
        take(choice);
    }
    search_.ends++;
    search_.ended();
}

#endif
