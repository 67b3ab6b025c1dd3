/* The order of the timeline, first part: which day each entry is shown under. */
#include "order.h"

#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS 86400

int64_t order_day_of(int64_t second)
{
    int64_t day = second / DAY_SECONDS;

    return second % DAY_SECONDS < 0 ? day - 1 : day;
}

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
}

/* ---- reading ---- */

/* An open beginning leaves the end as the only day that is stated. */
static void read_own_day(struct lw_stmt *stmt, struct order_node *node)
{
    int64_t earliest = lw_stmt_int(stmt, 4);
    int64_t latest = lw_stmt_int(stmt, 5);

    node->own = DAY_UNKNOWN;
    node->last = DAY_NOWHERE;
    if (lw_stmt_is_null(stmt, 4) || (earliest == LW_TIME_MIN && latest == LW_TIME_MAX))
        return;
    if (latest != LW_TIME_MAX)
        node->last = order_day_of(latest - 1);
    node->own = earliest == LW_TIME_MIN ? node->last : order_day_of(earliest);
    node->start = earliest;
}

enum lw_status order_read(struct lw_stmt *stmt, struct order_node *node, struct lw_error *err)
{
    struct order_node read = {.recorded = DAY_NOWHERE, .start = INT64_MAX};
    size_t id_len;
    size_t ref_len;
    const void *id = lw_stmt_blob(stmt, 1, &id_len);
    const char *ref = lw_stmt_text(stmt, 2, &ref_len);

    if (id == NULL || id_len != LW_RECORD_ID || ref == NULL || ref_len >= sizeof(read.ref))
        return lw_fail(err, LW_DAMAGED, "an entry cannot be read");
    read.n = lw_stmt_int(stmt, 0);
    memcpy(read.id, id, LW_RECORD_ID);
    memcpy(read.ref, ref, ref_len);
    read.grain = (int)lw_stmt_int(stmt, 3);
    if (!lw_stmt_is_null(stmt, 6)) {
        read.recorded = order_day_of(lw_stmt_int(stmt, 6) / 1000);
        read.start = lw_stmt_int(stmt, 6);
    }
    read_own_day(stmt, &read);
    read.old_day = lw_stmt_is_null(stmt, 7) ? DAY_NOWHERE : lw_stmt_int(stmt, 7);
    read.position = lw_stmt_is_null(stmt, 8) ? 0 : lw_stmt_int(stmt, 8);
    read.day = DAY_UNKNOWN;
    *node = read;
    return LW_OK;
}

/* Reads an entry into the set unless it is there; *at is its index. */
static enum lw_status add_node(struct order_set *set, int64_t n, uint32_t *at, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status;

    if (key_map_get(&set->index, n, at))
        return LW_OK;
    if (set->count == set->cap) {
        uint32_t cap = set->cap == 0 ? 64 : set->cap * 2;
        struct order_node *grown = realloc(set->node, cap * sizeof(*grown));

        if (grown == NULL)
            return no_memory(err);
        set->node = grown;
        set->cap = cap;
    }
    status = lw_store_prepare(set->journal->store,
                              "SELECT " ORDER_COLUMNS " FROM entry WHERE n = ?1", &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    status = lw_stmt_step(stmt, err);
    if (status == LW_DONE)
        return lw_fail(err, LW_DAMAGED, "the order names an entry that is not there");
    if (status == LW_OK) {
        status = order_read(stmt, &set->node[set->count], err);
        lw_stmt_reset(stmt);
    }
    if (status == LW_OK && key_map_put(&set->index, n, set->count) != LW_OK)
        status = no_memory(err);
    if (status == LW_OK)
        *at = set->count++;
    return status;
}

/* Adds what the entry at `at` is tied to; where it is the earlier one, the edge too. */
static enum lw_status add_ties(struct order_set *set, uint32_t at, bool forward,
                               struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint32_t other;
    enum lw_status status =
        lw_store_prepare(set->journal->store,
                         forward ? "SELECT later FROM precedence WHERE earlier = ?1"
                                 : "SELECT earlier FROM precedence WHERE later = ?1",
                         &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, set->node[at].n);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_node(set, lw_stmt_int(stmt, 0), &other, err);
        if (status == LW_OK && forward && graph_add(&set->graph, at, other) != LW_OK)
            status = no_memory(err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

/* The noted entries and all that is tied to them, directly or through others. */
static enum lw_status load(struct order_set *set, struct lw_error *err)
{
    struct key_list *noted = &set->journal->ordered;
    enum lw_status status = LW_OK;
    uint32_t at;

    key_list_sort(noted);
    for (size_t i = 0; i < noted->count && status == LW_OK; i++)
        status = add_node(set, noted->key[i], &at, err);
    for (uint32_t i = 0; i < set->count && status == LW_OK; i++) {
        status = add_ties(set, i, true, err);
        if (status == LW_OK)
            status = add_ties(set, i, false, err);
    }
    if (status == LW_OK && graph_seal(&set->graph, set->count) != LW_OK)
        status = no_memory(err);
    return status;
}

/* ---- circles ---- */

#define NAMED 8 /* of a circle */

static enum lw_status say_circle(const struct order_set *set, const uint32_t *circle, uint32_t len,
                                 struct lw_error *err)
{
    struct lw_buf names = LW_BUF_INIT;
    uint32_t first = 0;
    uint32_t named = len > NAMED ? NAMED : len;
    enum lw_status status = LW_OK;

    for (uint32_t i = 1; i < len; i++) {
        if (ref_compare(set->node[circle[i]].ref, set->node[circle[first]].ref) < 0)
            first = i;
    }
    for (uint32_t i = 0; i < named && status == LW_OK; i++) {
        const char *between = i == 0 ? "" : i + 1 == len ? " and " : ", ";

        status = lw_buf_addf(&names, "%s%s", between, set->node[circle[(first + i) % len]].ref);
    }
    if (status == LW_OK && len > named)
        status = lw_buf_sayf(&names, " and %u more", len - named);
    if (status == LW_OK)
        status = lw_fail(err, LW_BAD_DATA,
                         "%s are each said to be before the next, and the last before the first; "
                         "take one of these back",
                         lw_buf_text(&names));
    lw_buf_free(&names);
    return status;
}

static enum lw_status refuse_circle(struct order_set *set, const uint32_t *order, uint32_t ordered,
                                    struct lw_error *err)
{
    uint32_t *circle = malloc(((size_t)set->count + 1) * sizeof(*circle));
    uint32_t len = 0;
    enum lw_status status;

    if (circle == NULL)
        return no_memory(err);
    status = graph_circle(&set->graph, order, ordered, circle, &len);
    status = status == LW_OK ? say_circle(set, circle, len, err) : no_memory(err);
    free(circle);
    return status;
}

/* ---- days ---- */

static bool lower_index(void *context, uint32_t a, uint32_t b)
{
    (void)context;
    return a < b;
}

/* Dated entries are raised to the day of what comes before them, but not beyond their own date;
 * undated ones stand where what comes before them stands. */
static void raise_days(struct order_set *set, const uint32_t *order, int64_t *floor)
{
    for (uint32_t i = 0; i < set->count; i++)
        floor[i] = DAY_UNKNOWN;
    for (uint32_t i = 0; i < set->count; i++) {
        struct order_node *node = &set->node[order[i]];
        int64_t raised = floor[order[i]];

        if (node->own != DAY_UNKNOWN && raised > node->last)
            raised = node->last;
        if (node->day == DAY_UNKNOWN)
            node->day = raised > node->own ? raised : node->own;
        for (size_t e = set->graph.first[order[i]]; e < set->graph.first[order[i] + 1]; e++) {
            uint32_t to = set->graph.edge[e].to;

            if (node->day > floor[to])
                floor[to] = node->day;
        }
    }
}

/* Undated, and nothing known before: where the first of what comes after stands. */
static void lower_days(struct order_set *set, const uint32_t *order)
{
    for (uint32_t i = set->count; i-- > 0;) {
        struct order_node *node = &set->node[order[i]];
        int64_t ceiling = DAY_UNKNOWN;

        if (node->day != DAY_UNKNOWN)
            continue;
        for (size_t e = set->graph.first[order[i]]; e < set->graph.first[order[i] + 1]; e++) {
            int64_t day = set->node[set->graph.edge[e].to].day;

            if (day != DAY_UNKNOWN && (ceiling == DAY_UNKNOWN || day < ceiling))
                ceiling = day;
        }
        node->day = ceiling;
    }
}

/* What is tied to nothing that is dated stands where it was recorded. */
static void take_recorded_days(struct order_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        struct order_node *node = &set->node[i];

        if (node->day == DAY_UNKNOWN && node->recorded != DAY_NOWHERE)
            node->own = node->recorded;
    }
}

static enum lw_status find_days(struct order_set *set, struct lw_error *err)
{
    uint32_t *order = malloc(((size_t)set->count + 1) * sizeof(*order));
    int64_t *floor = malloc(((size_t)set->count + 1) * sizeof(*floor));
    uint32_t ordered = 0;
    enum lw_status status = LW_NO_MEMORY;

    if (order != NULL && floor != NULL)
        status = graph_order(&set->graph, lower_index, NULL, order, &ordered);
    if (status != LW_OK) {
        status = no_memory(err);
    } else if (ordered < set->count) {
        status = refuse_circle(set, order, ordered, err);
    } else {
        raise_days(set, order, floor);
        lower_days(set, order);
        take_recorded_days(set);
        raise_days(set, order, floor);
        lower_days(set, order);
        for (uint32_t i = 0; i < set->count; i++) {
            if (set->node[i].day == DAY_UNKNOWN)
                set->node[i].day = DAY_NOWHERE;
        }
    }
    free(order);
    free(floor);
    return status;
}

/* ---- all together ---- */

static int compare_by_day(const void *a, const void *b, void *context)
{
    const struct order_set *set = context;
    int64_t x = set->node[*(const uint32_t *)a].day;
    int64_t y = set->node[*(const uint32_t *)b].day;

    return (x > y) - (x < y);
}

static enum lw_status sort_by_day(struct order_set *set, struct lw_error *err)
{
    set->by_day = malloc(((size_t)set->count + 1) * sizeof(*set->by_day));
    if (set->by_day == NULL)
        return no_memory(err);
    for (uint32_t i = 0; i < set->count; i++)
        set->by_day[i] = i;
    qsort_r(set->by_day, set->count, sizeof(*set->by_day), compare_by_day, set);
    return LW_OK;
}

/* The days of which an entry comes, goes or was noted. */
static enum lw_status list_days(struct order_set *set, struct key_list *days, struct lw_error *err)
{
    size_t noted = set->journal->ordered.count; /* they are the first of the set */
    enum lw_status status = LW_OK;

    for (uint32_t i = 0; i < set->count && status == LW_OK; i++) {
        const struct order_node *node = &set->node[i];
        bool moved = node->position == 0 || node->day != node->old_day;

        if (i >= noted && !moved)
            continue;
        status = key_list_add(days, node->day);
        if (status == LW_OK && moved && node->position != 0)
            status = key_list_add(days, node->old_day);
    }
    key_list_sort(days);
    return status == LW_OK ? LW_OK : no_memory(err);
}

enum lw_status order_update(struct lw_journal *journal, struct lw_error *err)
{
    struct order_set set = {.journal = journal};
    struct key_list days = {0};
    enum lw_status status;

    if (journal->ordered.count == 0)
        return LW_OK;
    status = load(&set, err);
    if (status == LW_OK)
        status = find_days(&set, err);
    if (status == LW_OK)
        status = sort_by_day(&set, err);
    if (status == LW_OK)
        status = list_days(&set, &days, err);
    for (size_t i = 0; i < days.count && status == LW_OK; i++)
        status = order_one_day(&set, days.key[i], err);
    key_list_free(&days);
    key_map_free(&set.index);
    graph_free(&set.graph);
    free(set.by_day);
    lw_zero(set.node, set.count * sizeof(*set.node));
    free(set.node);
    return status;
}
