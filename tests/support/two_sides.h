/*
 * Two runs of the shipped code on one vault, as if in two processes, one step at a time: each stops
 * before every call that the other could notice, and a schedule says who goes on. All schedules are
 * tried; where two of them have let both sides see and write the same so far, one goes on for both.
 */
#ifndef LW_TEST_TWO_SIDES_H
#define LW_TEST_TWO_SIDES_H

#include "io_hooks.h"
#include "seeded.h"
#include "vault/internal.h"

#include <string.h>
#include <time.h>
#include <ucontext.h>

enum { SIDES = 2, SIDE_STACK = 256 << 10, STEPS_MAX = 400, CHOICES = 4, PARTS = 3 };

/* What a schedule may do next: a side takes a step, or is killed before it. */
enum choice { STEP_0, STEP_1, KILL_0, KILL_1 };

struct side {
    ucontext_t context;
    char *stack;
    bool ended;
    bool killed;
    uint64_t history;  /* hash of all that it has seen and done */
    uint64_t wrote_at; /* when, what: its last writing */
    int wrote_part;
    uint64_t read_at[PARTS];
    int64_t clock_ns;
    struct seeded random;
    void (*job)(int side);
};

static struct {
    struct side side[SIDES];
    ucontext_t scheduler;
    int current;          /* -1: neither */
    uint64_t now;         /* counts steps */
    bool lock_held;       /* by a third process that is stopped */
    uint64_t part[PARTS]; /* what stands on page 0, 1, 2: who wrote it and knowing what */
} sides = {.current = -1};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xBF58476D1CE4E5B9);

    x ^= x >> 29;
    x *= UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 32);
}

/* ---- what a side calls ---- */

static void side_yield(void)
{
    struct side *side = &sides.side[sides.current];

    if (side->killed)
        return;
    io_hooks.inside = false;
    side->random = seeded_program;
    swapcontext(&side->context, &sides.scheduler);
}

static bool side_before(const struct io_call *call, ssize_t *result)
{
    bool read = call->kind == IO_READ;

    if (sides.current < 0 || call->kind == IO_OPEN)
        return false;
    struct side *side = &sides.side[sides.current];
    if ((read && call->offset >= PARTS * LW_PAGE) || (!read && call->data == NULL)) {
        errno = EIO;
        *result = -1;
        return side->killed;
    }
    /* the salt alone never changes but by a wipe, which reads it only to compare */
    if (call->offset + (off_t)call->len > LW_PAGE || !read)
        side_yield();
    io_hooks.inside = true;
    if (side->killed) {
        errno = EIO;
        *result = -1;
        return true;
    }
    side->history = mix(side->history, (uint64_t)call->kind * 64 + (uint64_t)call->offset);
    for (int part = 0; part < PARTS; part++) {
        off_t at = (off_t)part * LW_PAGE;
        if (at + LW_PAGE <= call->offset || at >= call->offset + (off_t)call->len)
            continue;
        if (read) {
            side->history = mix(side->history, sides.part[part]);
            side->read_at[part] = sides.now;
            continue;
        }
        sides.part[part] = mix(side->history, (uint64_t)part + (uint64_t)sides.current * 8);
        side->wrote_part = part;
        side->wrote_at = sides.now;
    }
    return false;
}

/* OFD locks: taking one is a step; giving it back is not, since waiting ends by itself. */
int fcntl(int fd, int command, ...)
{
    va_list list;
    void *argument;
    bool takes;
    int result;

    va_start(list, command);
    argument = va_arg(list, void *);
    va_end(list);
    takes = sides.current >= 0 && command == F_OFD_SETLK &&
            ((const struct flock *)argument)->l_type != F_UNLCK;
    if (takes && !sides.lock_held)
        side_yield();
    if (takes && sides.side[sides.current].killed) {
        errno = EAGAIN;
        return -1;
    }
    result = (int)syscall(SYS_fcntl, fd, command, argument);
    if (takes)
        sides.side[sides.current].history =
            mix(sides.side[sides.current].history, result == 0 ? 1001 : 1002);
    return result;
}

/* A side's clock stands still but where it sleeps: who waits for the lock waits once, a wipe comes
 * back a few times. */
int nanosleep(const struct timespec *asked, struct timespec *left)
{
    (void)left;
    if (sides.current < 0)
        return (int)syscall(SYS_nanosleep, asked, NULL);
    sides.side[sides.current].clock_ns += asked->tv_nsec == 5000000 ? 2100000000 : 1100000000;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (sides.current < 0 || clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, now);
    now->tv_sec = sides.side[sides.current].clock_ns / 1000000000;
    now->tv_nsec = sides.side[sides.current].clock_ns % 1000000000;
    return 0;
}

/* ---- the scheduler ---- */

static void side_main(int number)
{
    sides.side[number].job(number);
    sides.side[number].ended = true;
    swapcontext(&sides.side[number].context, &sides.scheduler);
}

static void side_resume(int number)
{
    struct side *side = &sides.side[number];

    sides.current = number;
    sides.now++;
    seeded_program = side->random;
    swapcontext(&sides.scheduler, &side->context);
    sides.current = -1;
    io_hooks.inside = false;
}

static void side_kill(int number)
{
    sides.side[number].killed = true;
    while (!sides.side[number].ended) /* it lets go of everything, and nothing reaches the file */
        side_resume(number);
}

static void sides_start(void (*job)(int side))
{
    for (int part = 0; part < PARTS; part++)
        sides.part[part] = 0;
    io_hooks.before = side_before;
    for (int i = 0; i < SIDES; i++) {
        struct side *side = &sides.side[i];
        char *stack = side->stack != NULL ? side->stack : malloc(SIDE_STACK);

        if (stack == NULL || getcontext(&side->context) != 0)
            abort();
        *side = (struct side){.context = side->context, .stack = stack, .job = job};
        seeded_init(&side->random, (uint64_t)i, "side");
        side->context.uc_stack.ss_sp = stack;
        side->context.uc_stack.ss_size = SIDE_STACK;
        side->context.uc_link = NULL;
        makecontext(&side->context, (void (*)(void))(uintptr_t)side_main, 1, i);
        side_resume(i); /* to its first step */
    }
}

static uint64_t sides_state(void)
{
    uint64_t key = 7;

    for (int part = 0; part < PARTS; part++)
        key = mix(key, sides.part[part]);
    for (int i = 0; i < SIDES; i++)
        key = mix(mix(key, sides.side[i].history),
                  (uint64_t)sides.side[i].ended * 2 + sides.side[i].killed);
    return key;
}

/* At most one side is killed. */
static unsigned sides_choices(bool kills)
{
    bool killed = sides.side[0].killed || sides.side[1].killed;
    unsigned mask = 0;

    for (int i = 0; i < SIDES; i++)
        if (!sides.side[i].ended)
            mask |= 1u << (STEP_0 + i) | (kills && !killed ? 1u << (KILL_0 + i) : 0);
    return mask;
}

/* ---- all schedules ---- */

struct schedule {
    size_t len;
    uint8_t choice[STEPS_MAX];
};

struct state {
    uint64_t key;
    uint32_t next[CHOICES];
    double ways; /* schedules from here to the end; 0: not counted yet */
};

static struct {
    struct state *state; /* [0] is not used; [1] the end */
    uint32_t count, room;
    uint32_t *table; /* by key */
    uint32_t table_size;
    struct schedule *open;
    size_t open_count, open_room;
    uint64_t runs;
} search_;

static void *grown(void *memory, size_t count, size_t size)
{
    void *larger = realloc(memory, count * size);

    if (larger == NULL)
        abort();
    return larger;
}

static void search_begin(void)
{
    memset(&search_, 0, sizeof search_);
    search_.table_size = 1u << 21;
    search_.table = calloc(search_.table_size, sizeof *search_.table);
    search_.room = 1024;
    search_.state = calloc(search_.room, sizeof *search_.state);
    if (search_.table == NULL || search_.state == NULL)
        abort();
    search_.count = 2;
    search_.state[1].ways = 1;
}

static void search_end(void)
{
    free(search_.table);
    free(search_.state);
    free(search_.open);
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
    if (search_.count > search_.table_size / 2)
        abort();
    if (search_.count == search_.room) {
        search_.room *= 2;
        search_.state = grown(search_.state, search_.room, sizeof *search_.state);
    }
    search_.state[search_.count] = (struct state){.key = key};
    search_.table[at] = search_.count;
    return search_.count++;
}

static void search_push(const struct schedule *path, unsigned choice)
{
    if (search_.open_count == search_.open_room) {
        search_.open_room = search_.open_room ? search_.open_room * 2 : 256;
        search_.open = grown(search_.open, search_.open_room, sizeof *search_.open);
    }
    search_.open[search_.open_count] = *path;
    search_.open[search_.open_count].choice[path->len] = (uint8_t)choice;
    search_.open[search_.open_count++].len++;
}

/* Any one of those that are open, so that a search that is not carried to its end saw all sorts. */
static void search_take(struct schedule *path)
{
    size_t at = choose((uint32_t)search_.open_count);

    *path = search_.open[at];
    search_.open[at] = search_.open[--search_.open_count];
}

static void take(unsigned choice)
{
    if (choice >= KILL_0)
        side_kill((int)choice - KILL_0);
    else
        side_resume((int)choice - STEP_0);
}

/* Follows a schedule, then goes on by itself in states that are new. True: to the end. */
static bool search_run(struct schedule *path, bool kills, void (*job)(int side))
{
    size_t given = path->len, at = 0;
    uint32_t before = 0;
    unsigned choices;
    bool fresh = true;

    search_.runs++;
    sides_start(job);
    for (;;) {
        choices = sides_choices(kills);
        uint32_t here = 1;
        if (choices != 0)
            here = search_state(sides_state(), &fresh);
        if (at > 0)
            search_.state[before].next[path->choice[at - 1]] = here;
        if (choices == 0)
            return true;
        if (at == STEPS_MAX)
            abort();
        if (at >= given) {
            if (!fresh)
                break;
            path->len = at;
            bool first = true;
            for (unsigned choice = 0; choice < CHOICES; choice++) {
                if (!(choices & (1u << choice)))
                    continue;
                if (!first)
                    search_push(path, choice);
                else
                    path->choice[at] = (uint8_t)choice;
                first = false;
            }
            path->len = at + 1;
        }
        before = here;
        take(path->choice[at++]);
    }
    side_kill(0);
    side_kill(1);
    return false;
}

static double search_ways(uint32_t at)
{
    if (search_.state[at].ways == 0) {
        double ways = 0;

        for (unsigned choice = 0; choice < CHOICES; choice++)
            if (search_.state[at].next[choice] != 0)
                ways += search_ways(search_.state[at].next[choice]);
        search_.state[at].ways = ways;
    }
    return search_.state[at].ways;
}

#endif
