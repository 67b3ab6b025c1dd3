/*
 * A vault on which real work was done, with everything known that it ever said: for both lanes the
 * payloads of each generation, and for each page of the file the versions that stood on it.
 */
#ifndef LW_TEST_TAMPER_WORLD_H
#define LW_TEST_TAMPER_WORLD_H

#include "cheap_vault.h"
#include "journal.h"
#include "seeded.h"
#include "vault/lane.h"

#include <fcntl.h>
#include <unistd.h>

enum { PAGES = LW_VAULT_MIN / LW_PAGE, STATES = 64, VERSIONS = 16384, ROUNDS = 14, MOST = 400 };

/* One generation of a lane. */
struct content {
    uint64_t generation;
    uint32_t pages;
    uint8_t *payload;
};

struct version {
    uint32_t page;
    uint8_t *bytes;
};

struct world {
    const char *path;
    int fd;
    uint8_t *base; /* the whole file as it is in the end */
    struct content state[LW_LANES][STATES];
    size_t states[LW_LANES];
    struct version version[VERSIONS];
    size_t versions;
    uint32_t live[LW_LANES][PAGES]; /* pages of the newest tree */
    size_t lives[LW_LANES];
    uint8_t old_header[4][LW_HEADER]; /* of earlier unlocks and changes */
    size_t old_headers;
    uint8_t *strange;     /* another vault, same passphrases */
    struct keyring *ring; /* the owner's, in the end */
    unsigned real;        /* the owner's lane */
};

static struct world world;

static const char *const words_used[] = {"owner", "second", "decoy"};

static int64_t world_now(void *context)
{
    (void)context;
    return INT64_C(1418720400000);
}

static int world_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const struct lw_clock world_clock = {world_now, world_offset, NULL};

/* ---- what is known ---- */

static void read_content(struct lw_lane *lane, struct content *out)
{
    must(lw_lane_snapshot(lane));
    out->generation = lw_lane_generation(lane);
    out->pages = lw_lane_pages(lane);
    out->payload = calloc(out->pages + 1, LW_PAYLOAD);
    must_be(out->payload != NULL && out->pages < MOST);
    for (uint32_t i = 0; i < out->pages; i++)
        must(lw_lane_read(lane, i, out->payload + (size_t)i * LW_PAYLOAD));
    lw_lane_release(lane);
}

static void keep_state(struct lw_vault *vault, unsigned lane)
{
    struct lw_lane *reader;
    struct content *next = &world.state[lane][world.states[lane]];

    must_be(world.states[lane] < STATES);
    must(lw_lane_open(vault, lane, LW_LANE_READ, &reader, NULL));
    read_content(reader, next);
    lw_lane_close(reader);
    if (world.states[lane] > 0 && next[-1].generation == next->generation)
        free(next->payload);
    else
        world.states[lane]++;
}

/* Whatever changed in the file since the last time is kept as it was. */
static void keep_versions(void)
{
    uint8_t page[LW_PAGE];

    for (uint32_t i = 0; i < PAGES; i++) {
        must(lw_file_read_at(world.fd, page, LW_PAGE, (off_t)i * LW_PAGE));
        if (memcmp(page, world.base + (size_t)i * LW_PAGE, LW_PAGE) == 0)
            continue;
        must_be(world.versions < VERSIONS);
        world.version[world.versions].page = i;
        world.version[world.versions].bytes = malloc(LW_PAGE);
        must_be(world.version[world.versions].bytes != NULL);
        memcpy(world.version[world.versions++].bytes, world.base + (size_t)i * LW_PAGE, LW_PAGE);
        memcpy(world.base + (size_t)i * LW_PAGE, page, LW_PAGE);
    }
}

static const struct content *content_of(unsigned lane, uint64_t generation)
{
    for (size_t i = 0; i < world.states[lane]; i++)
        if (world.state[lane][i].generation == generation)
            return &world.state[lane][i];
    return NULL;
}

static const struct content *newest(unsigned lane)
{
    return &world.state[lane][world.states[lane] - 1];
}

static enum lw_status note_live(void *context, const struct entry *entry, uint8_t level,
                                uint32_t index)
{
    unsigned lane = *(unsigned *)context;

    (void)level;
    (void)index;
    world.live[lane][world.lives[lane]++] = entry->page;
    return LW_OK;
}

static void find_live(struct lw_vault *vault, unsigned lane)
{
    struct lw_lane *reader;

    must(lw_lane_open(vault, lane, LW_LANE_READ, &reader, NULL));
    must(lw_lane_snapshot(reader));
    world.lives[lane] = 0;
    must(tree_walk(&reader->own, note_live, &lane));
    lw_lane_close(reader);
}

/* ---- the work ---- */

static void log_line(struct lw_journal *journal, unsigned number)
{
    static const char *const kinds[] = {"#arson", "#threat", "#search"};
    struct lw_capture capture;
    char line[900], ref[16];
    struct lw_error err = {LW_OK, ""};
    size_t len = (size_t)snprintf(line, sizeof line,
                                  "%u dec 2014 evening @\"place %u\" %s +victim:\"person %u\" ",
                                  1 + number % 15, choose(9), kinds[choose(3)], choose(20));

    for (unsigned i = choose(40); i > 0 && len < 800; i--)
        len += (size_t)snprintf(line + len, sizeof line - len, "word%u ", choose(500));
    len += (size_t)snprintf(line + len, sizeof line - len, "entry %u", number);
    must(lw_capture_parse(line, len, NULL, &world_clock, &capture, &err));
    if (lw_journal_log(journal, &capture, ref, &err) != LW_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
    lw_capture_clear(&capture);
}

/* Some entries in one transaction. */
static void work(struct lw_journal *journal, unsigned count, unsigned *number)
{
    must(lw_journal_begin(journal, NULL));
    while (count-- > 0)
        log_line(journal, (*number)++);
    must(lw_journal_commit(journal, NULL));
}

static void open_journal(struct lw_vault *vault, unsigned lane, enum lw_lane_mode mode,
                         struct lw_store **store, struct lw_journal **journal)
{
    const struct lw_journal_setup setup = {.clock = &world_clock, .author = "tester"};

    must(lw_store_open(vault, lane, mode, store, NULL));
    must(lw_journal_open(*store, &setup, journal, NULL));
}

static void keep_header(void)
{
    must_be(world.old_headers < LW_COUNT_OF(world.old_header));
    must(lw_file_read_at(world.fd, world.old_header[world.old_headers++], LW_HEADER,
                         (off_t)PAGE_HEADER_A * LW_PAGE));
}

static void do_the_work(struct lw_vault *vault)
{
    struct lw_store *store[LW_LANES];
    struct lw_journal *journal[LW_LANES];
    struct lw_passphrase *pass = phrase("owner");
    unsigned number = 0;

    for (unsigned lane = 0; lane < LW_LANES; lane++)
        open_journal(vault, lane, LW_LANE_WRITE, &store[lane], &journal[lane]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned lane = 0; lane < LW_LANES; lane++) {
            /* one commit of more pages than a root lists, the last ones small */
            work(journal[lane], round == 4 ? 60 : 1 + choose(3), &number);
            keep_state(vault, lane);
        }
        keep_versions();
        while (round < 2 && world.versions > 0) /* from before the first state that is kept */
            free(world.version[--world.versions].bytes);
        if (round == 3)
            must(lw_vault_passphrase_change(vault, pass, NULL));
        if (round % 4 == 2)
            keep_header();
    }
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        lw_journal_close(journal[lane]);
        lw_store_close(store[lane]);
    }
    lw_passphrase_free(pass);
}

static uint8_t *whole_file(int fd)
{
    uint8_t *bytes = malloc(LW_VAULT_MIN);

    must_be(bytes != NULL);
    must(lw_file_read_at(fd, bytes, LW_VAULT_MIN, 0));
    return bytes;
}

static void make_world(const char *path, const char *beside)
{
    struct lw_vault *vault = cheap_vault(beside, "owner", "second", "decoy");

    must(lw_store_start());
    world.path = path;
    world.strange = whole_file(vault->fd);
    lw_vault_close(vault);
    vault = cheap_vault(path, "first", "second", "decoy");
    world.real = vault->ring->own_lane;
    world.fd = open(path, O_RDWR | O_CLOEXEC);
    world.base = whole_file(world.fd);
    do_the_work(vault);
    keep_versions();
    for (unsigned lane = 0; lane < LW_LANES; lane++)
        find_live(vault, lane);
    world.ring = keyring_new();
    *world.ring = *vault->ring;
    lw_vault_close(vault);
}

#endif
