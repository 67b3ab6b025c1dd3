/*
 * A vault with a journal of any size, by generate.h, and how long its views wait for it. Its key
 * derivation is the cheap one of the tests, so that only lapwing-test opens it.
 *
 * usage: million make VAULT ENTRIES [SEED]
 *        million measure VAULT [past]     prints "measure median p99" in microseconds, "memory KiB
 * KiB"
 */
#include "app.h"
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define PASSPHRASE "granite lantern meadow sparrow" /* as in tests/e2e/harness.py */

static void must(enum lw_status status, const struct lw_error *err)
{
    if (status == LW_OK)
        return;
    fprintf(stderr, "million: %s\n", err->text[0] != '\0' ? err->text : lw_status_message(status));
    exit(1);
}

static struct lw_passphrase *passphrase(void)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    for (const char *at = PASSPHRASE; pass != NULL && *at != '\0'; at++) {
        if (!lw_passphrase_push(pass, (uint8_t)*at))
            exit(1);
    }
    return pass;
}

/* ---- making ---- */

/* Room for what an entry takes with all that hangs on it, its revisions and the text for searching.
 */
static uint64_t size_for(uint32_t entries)
{
    uint64_t bytes = (UINT64_C(64) << 20) + entries * UINT64_C(6144);

    return bytes - bytes % 4096;
}

static void make(const char *path, uint32_t entries, uint64_t seed)
{
    struct lw_passphrase *pass = passphrase();
    const struct lw_passphrase *const kept[] = {pass};
    const struct lw_build_plan plan = {.bytes = size_for(entries),
                                       .profile = lw_kdf_profile_find("test"),
                                       .kept = kept,
                                       .kept_count = 1};
    struct generated_clock clock;
    struct lw_session session;
    struct lw_error err = {.status = LW_OK};

    generated_clock_init(&clock);
    const struct lw_session_setup setup = {
        .path = path, .profile = plan.profile, .writes = true, .clock = &clock.clock};
    must(lw_session_create(&setup, &plan, NULL, &session, &err), &err);
    generate(session.journal, &clock, entries, seed);
    lw_session_close(&session);
    lw_passphrase_free(pass);
}

/* ---- measuring ---- */

enum { ROUNDS = 200, ROWS = 112, HITS = 50, NAMES = 200 };
/* of timeline_pages.c at 24 lines, search_view.c, timeline_view.c */

static struct generated_clock now;
static struct lw_session session;
static uint64_t taken[ROUNDS];

static uint64_t microseconds(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void report(const char *name, size_t count)
{
    qsort(taken, count, sizeof *taken, compare);
    printf("%s %llu %llu\n", name, (unsigned long long)taken[count / 2],
           (unsigned long long)taken[(count * 99 + 99) / 100 - 1]);
    fflush(stdout);
}

static enum lw_status keep_last(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    *(struct lw_anchor *)context = row->at;
    return LW_OK;
}

static void open_session(const char *path)
{
    struct lw_passphrase *pass = passphrase();
    struct lw_error err = {.status = LW_OK};

    generated_clock_init(&now);
    now.now_ms = (GENERATED_FIRST_DAY + GENERATED_DAYS) * INT64_C(86400000);
    const struct lw_session_setup setup = {.path = path,
                                           .profile = lw_kdf_profile_find("test"),
                                           .read_only = true,
                                           .clock = &now.clock};
    must(lw_session_open(&setup, pass, &session, &err), &err);
    lw_passphrase_free(pass);
}

static void page(const struct lw_filter *filter, enum lw_page_way way, struct lw_anchor *at)
{
    struct lw_anchor last = {0, 0};
    struct lw_error err = {.status = LW_OK};
    bool more;

    must(lw_timeline_page(session.journal, filter, way, at, ROWS, keep_last, &last, &more, &err),
         &err);
    if (at != NULL)
        *at = last;
}

/* What a screen shows at first: the last page, and how many entries there are, up to 10,000, as far
 * as that is known after one turn. The count goes on in `count` where one is asked for. */
static void begin_screen(const struct lw_filter *filter, struct lw_count **count, bool *done)
{
    struct lw_error err = {.status = LW_OK};
    size_t found;

    page(filter, LW_PAGE_BEFORE, NULL);
    must(lw_count_begin(session.journal, filter, 10001, count, &err), &err);
    must(lw_count_more(*count, 500, &found, done, &err), &err);
}

static void first_screen(const struct lw_filter *filter)
{
    struct lw_count *count;
    bool done;

    begin_screen(filter, &count, &done);
    lw_count_free(count);
}

/* The turns that it takes until all are counted, and all of it. */
static void measure_count(const char *name, const struct lw_filter *filter)
{
    static uint64_t turn[ROUNDS];
    struct lw_error err = {.status = LW_OK};
    struct lw_count *count;
    uint64_t begin = microseconds();
    size_t found, turns = 0;
    char turn_name[128];

    must(lw_count_begin(session.journal, filter, 10001, &count, &err), &err);
    for (bool done = false; !done; turns++) {
        uint64_t from = microseconds();

        must(lw_count_more(count, 500, &found, &done, &err), &err);
        turn[turns % ROUNDS] = microseconds() - from;
    }
    lw_count_free(count);
    begin = microseconds() - begin;
    turns = turns < ROUNDS ? turns : ROUNDS;
    memcpy(taken, turn, turns * sizeof *turn);
    snprintf(turn_name, sizeof turn_name, "%s_turn", name);
    report(turn_name, turns);
    taken[0] = begin;
    report(name, 1);
}

static void measure_pages(const char *name, const struct lw_filter *filter, size_t rounds)
{
    struct lw_anchor at = lw_timeline_day(GENERATED_FIRST_DAY);

    for (size_t i = 0; i < rounds; i++) {
        uint64_t begin = microseconds();

        page(filter, LW_PAGE_AFTER, &at);
        taken[i] = microseconds() - begin;
    }
    report(name, rounds);
}

static void measure_jumps(void)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        struct lw_anchor at =
            lw_timeline_day(GENERATED_FIRST_DAY + (int64_t)(i * 1013 % GENERATED_DAYS));
        struct lw_anchor back = at;
        uint64_t begin = microseconds();

        page(NULL, LW_PAGE_FROM, &at);
        page(NULL, LW_PAGE_BEFORE, &back);
        taken[i] = microseconds() - begin;
    }
    report("jump", ROUNDS);
}

/* Ten years by month. */
static void measure_ruler(void)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_bar bar[120];
    struct lw_ruler ruler;
    int64_t first = lw_scale_bucket(LW_SCALE_MONTHS, GENERATED_FIRST_DAY * 86400);

    for (size_t i = 0; i < ROUNDS; i++) {
        struct lw_counts *counts;
        uint64_t begin = microseconds();

        must(lw_counts_begin(session.journal, NULL, &counts, &err), &err);
        must(lw_counts_bars(counts, LW_SCALE_MONTHS, first, bar, LW_COUNT_OF(bar), &ruler, &err),
             &err);
        lw_counts_free(counts);
        taken[i] = microseconds() - begin;
    }
    report("ruler", ROUNDS);
}

/* What one turn of the program counts of lanes by person, over 256 days, and all of it. */
static void measure_lanes(void)
{
    static uint64_t turn[ROUNDS];
    struct lw_error err = {.status = LW_OK};
    int64_t first = GENERATED_FIRST_DAY + GENERATED_DAYS / 2;
    uint64_t begin = microseconds(), all;
    struct lw_lanes *lanes;
    bool done = false;
    size_t count = 0;

    must(lw_lanes_begin(session.journal, NULL, LW_LANES_PERSON, LW_SCALE_DAYS, first, 256, &lanes,
                        &err),
         &err);
    while (!done) {
        uint64_t from = microseconds();

        must(lw_lanes_more(lanes, 500, &done, &err), &err);
        turn[count++ % ROUNDS] = microseconds() - from;
    }
    all = microseconds() - begin;
    lw_lanes_free(lanes);
    count = count < ROUNDS ? count : ROUNDS;
    memcpy(taken, turn, count * sizeof *turn);
    report("lanes_turn", count);
    taken[0] = all;
    report("lanes", 1);
}

/* Reading the filter, its first screen, and its pages. */
static void measure_filter(const char *name, const char *text)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_filter filter = {.tree = NULL};
    struct lw_filter_tree *tree = NULL;
    char pages[64];
    size_t rounds = 20;

    for (size_t i = 0; i < rounds; i++) {
        uint64_t begin = microseconds();

        lw_filter_free(tree);
        must(lw_filter_read(session.journal, text, strlen(text), &tree, NULL, &err), &err);
        filter.tree = tree;
        first_screen(&filter);
        taken[i] = microseconds() - begin;
    }
    report(name, rounds);
    snprintf(pages, sizeof pages, "%s_page", name);
    measure_pages(pages, &filter, rounds);
    snprintf(pages, sizeof pages, "%s_count", name);
    measure_count(pages, &filter);
    lw_filter_free(tree);
}

/* What a turn of the program reads of the newest entries while nothing is typed. */
static void measure_ready(void)
{
    struct lw_error err = {.status = LW_OK};
    size_t count = 0;

    for (bool done = false; !done && count < ROUNDS; count++) {
        uint64_t begin = microseconds();

        must(lw_search_ready(session.journal, 64, &done, &err), &err);
        taken[count] = microseconds() - begin;
    }
    report("search_ready", count);
}

/* The same of the names. */
static void measure_names(void)
{
    struct lw_error err = {.status = LW_OK};
    size_t count = 0;

    for (bool done = false; !done && count < ROUNDS; count++) {
        uint64_t begin = microseconds();

        must(lw_filter_ready(session.journal, NAMES, &done, &err), &err);
        taken[count] = microseconds() - begin;
    }
    report("names_ready", count);
}

/* Each key of each word is one search for all that is typed until then. */
static void measure_search(const char *name)
{
    static const char *const typed[] = {
        "police", "грозный", "Magomed", "protocol mentions", "адвокат суд", "задержание Грозный"};
    struct lw_error err = {.status = LW_OK};
    size_t count = 0;

    for (size_t i = 0; i < LW_COUNT_OF(typed); i++) {
        for (size_t len = 1; len <= strlen(typed[i]); len++) {
            struct lw_anchor last;
            uint64_t begin = microseconds();
            bool more;

            if (((unsigned char)typed[i][len] & 0xc0) == 0x80 || typed[i][len - 1] == ' ')
                continue;
            must(
                lw_search_some(session.journal, typed[i], len, HITS, keep_last, &last, &more, &err),
                &err);
            taken[count++] = microseconds() - begin;
        }
    }
    report(name, count);
}

/* The first filter by a name, where no turn of the program came before it. */
static void measure_at_once(const char *path, const char *name, const char *text)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_filter filter = {.tree = NULL};
    struct lw_filter_tree *tree = NULL;
    uint64_t begin;

    open_session(path);
    first_screen(NULL);
    begin = microseconds();
    must(lw_filter_read(session.journal, text, strlen(text), &tree, NULL, &err), &err);
    filter.tree = tree;
    first_screen(&filter);
    taken[0] = microseconds() - begin;
    report(name, 1);
    lw_filter_free(tree);
    lw_session_close(&session);
}

static void measure_past(void)
{
    static const char day[] = "2024-12-31";
    struct lw_error err = {.status = LW_OK};
    uint64_t begin = microseconds();

    must(lw_session_past(&session, day, strlen(day), &err), &err);
    first_screen(NULL);
    taken[0] = microseconds() - begin;
    report("past", 1);
    measure_pages("past_page", NULL, 50);
}

static void measure_memory(const char *name)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    printf("%s %ld %ld\n", name, usage.ru_maxrss, usage.ru_maxrss);
    fflush(stdout);
}

static void measure(const char *path, bool past)
{
    uint64_t begin = microseconds();

    open_session(path);
    taken[0] = microseconds() - begin;
    report("unlock", 1);
    begin = microseconds();
    first_screen(NULL);
    taken[0] = microseconds() - begin;
    report("first_screen", 1);
    measure_pages("page", NULL, 80);
    measure_jumps();
    measure_ruler();
    measure_lanes();
    measure_search("search_at_once");
    measure_ready();
    measure_search("search");
    measure_names();
    measure_filter("person", "person:Magomed");
    measure_filter("combined", "person:Magomed kind:detention when:2020/2023");
    measure_memory("memory");
    if (past) {
        measure_past();
        measure_memory("past_memory");
    }
    lw_session_close(&session);
    measure_at_once(path, "person_at_once", "person:Magomed");
}

static int usage(void)
{
    fputs("usage: million make VAULT ENTRIES [SEED]\n"
          "       million measure VAULT [past]\n",
          stderr);
    return 64;
}

int main(int count, char **argument)
{
    uint64_t entries = 0, seed = 1;
    bool past = count == 4 && strcmp(argument[3], "past") == 0;

    if (count < 3)
        return usage();
    if (lw_crypto_start() != LW_OK || lw_store_start() != LW_OK)
        return 1;
    if (strcmp(argument[1], "measure") == 0 && (count == 3 || past)) {
        measure(argument[2], past);
        return 0;
    }
    if (strcmp(argument[1], "make") != 0 || count < 4 || count > 5 ||
        !lw_parse_u64(argument[3], strlen(argument[3]), 10000000, &entries) || entries == 0 ||
        (count == 5 && !lw_parse_u64(argument[4], strlen(argument[4]), UINT64_MAX, &seed)))
        return usage();
    make(argument[2], (uint32_t)entries, seed);
    return 0;
}
