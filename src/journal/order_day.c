/* The order of the timeline, second part: inside a day, by stated order, then by time. It is made
 * from the end: what is stated to come before an entry moves up to it, however vague its own date
 * is, and the entry itself stays at its time. */
#include "order.h"

#include <stdlib.h>
#include <string.h>

/* A position is the day in its upper half and a number inside the day in its lower half. */
#define DAY_ZERO  (INT64_C(1) << 30)
#define DAY_SHIFT 31

/* All entries of the day: pointers into the set, and what is tied to nothing of the set. */
struct day {
    struct order_set *set;
    int64_t day;
    struct order_node *other; /* those not in the set, in order of n */
    uint32_t other_count;
    uint32_t other_cap;
    const struct order_node **member;
    uint32_t count;
    uint32_t from_set;  /* the first so many members */
    struct graph graph; /* edges lead from the later to the earlier */
    uint32_t *order;    /* the last one first */
};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
}

/* The first index in by_day that is not before the day. */
static uint32_t lower_bound(const struct order_set *set, int64_t day)
{
    uint32_t low = 0;
    uint32_t high = set->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (set->node[set->by_day[middle]].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum lw_status add_other(struct day *day, struct lw_stmt *stmt, struct lw_error *err)
{
    uint32_t in_set;

    if (key_map_get(&day->set->index, lw_stmt_int(stmt, 0), &in_set))
        return LW_OK;
    if (day->other_count == day->other_cap) {
        uint32_t cap = day->other_cap == 0 ? 64 : day->other_cap * 2;
        struct order_node *grown = realloc(day->other, cap * sizeof(*grown));

        if (grown == NULL)
            return no_memory(err);
        day->other = grown;
        day->other_cap = cap;
    }
    return order_read(stmt, &day->other[day->other_count++], err);
}

static enum lw_status load_others(struct day *day, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        day->set->journal->store, "SELECT " ORDER_COLUMNS " FROM entry WHERE day IS ?1 ORDER BY n",
        &stmt, err);

    if (status != LW_OK)
        return status;
    if (day->day != DAY_NOWHERE)
        lw_stmt_bind_int(stmt, 1, day->day);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_other(day, stmt, err);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status list_members(struct day *day, uint32_t first, uint32_t end,
                                   struct lw_error *err)
{
    size_t count = (size_t)(end - first) + day->other_count;

    day->member = malloc((count + 1) * sizeof(*day->member));
    day->order = malloc((count + 1) * sizeof(*day->order));
    if (day->member == NULL || day->order == NULL)
        return no_memory(err);
    for (uint32_t i = first; i < end; i++)
        day->member[day->count++] = &day->set->node[day->set->by_day[i]];
    day->from_set = day->count;
    for (uint32_t i = 0; i < day->other_count; i++)
        day->member[day->count++] = &day->other[i];
    return LW_OK;
}

/* ---- what is stated to be before what, inside the day ---- */

/* place[node of the set] is its number in the day. Edges of the set lead to nodes of the set. */
static enum lw_status add_set_edges(struct day *day, uint32_t first, struct key_map *place)
{
    const struct order_set *set = day->set;
    enum lw_status status = LW_OK;

    for (uint32_t i = 0; i < day->from_set && status == LW_OK; i++)
        status = key_map_put(place, set->by_day[first + i], i);
    for (uint32_t i = 0; i < day->from_set && status == LW_OK; i++) {
        uint32_t node = set->by_day[first + i];
        size_t end = set->graph.first[node + 1];

        for (size_t e = set->graph.first[node]; e < end && status == LW_OK; e++) {
            uint32_t to;

            if (key_map_get(place, set->graph.edge[e].to, &to))
                status = graph_add(&day->graph, to, i);
        }
    }
    return status;
}

/* Number in the day of an entry outside the set, or UINT32_MAX. */
static uint32_t find_other(const struct day *day, int64_t n)
{
    uint32_t low = 0;
    uint32_t high = day->other_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (day->other[middle].n < n)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < day->other_count && day->other[low].n == n)
        return day->from_set + low;
    return UINT32_MAX;
}

static enum lw_status add_other_edges(struct day *day, uint32_t at, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        day->set->journal->store, "SELECT later FROM precedence WHERE earlier = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, day->other[at].n);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        uint32_t to = find_other(day, lw_stmt_int(stmt, 0));

        if (to != UINT32_MAX && graph_add(&day->graph, to, day->from_set + at) != LW_OK) {
            lw_stmt_reset(stmt);
            return no_memory(err);
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status build_graph(struct day *day, uint32_t first, struct lw_error *err)
{
    struct key_map place = {0};
    enum lw_status status = add_set_edges(day, first, &place);

    key_map_free(&place);
    if (status != LW_OK)
        return no_memory(err);
    for (uint32_t i = 0; i < day->other_count && status == LW_OK; i++)
        status = add_other_edges(day, i, err);
    if (status == LW_OK && graph_seal(&day->graph, day->count) != LW_OK)
        status = no_memory(err);
    return status;
}

/* ---- the order ---- */

/* Whether a stands after b where nothing is stated. */
static bool comes_after(void *context, uint32_t a, uint32_t b)
{
    const struct day *day = context;
    const struct order_node *x = day->member[a];
    const struct order_node *y = day->member[b];
    int order;

    if (x->grain != y->grain)
        return x->grain > y->grain;
    if (x->start != y->start)
        return x->start > y->start;
    order = ref_compare(x->ref, y->ref);
    if (order == 0)
        order = memcmp(x->id, y->id, LW_RECORD_ID);
    return order > 0;
}

static int64_t position_of(int64_t day, uint32_t number)
{
    if (day < -DAY_ZERO)
        day = -DAY_ZERO;
    if (day > DAY_ZERO - 1)
        day = DAY_ZERO - 1;
    return (day + DAY_ZERO) * (INT64_C(1) << DAY_SHIFT) + number;
}

struct lw_anchor lw_timeline_day(int64_t day)
{
    return (struct lw_anchor){.position = position_of(day, 0), .n = 0};
}

static enum lw_status write_place(struct day *day, const struct order_node *node, int64_t position,
                                  struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status;

    if (node->position == position && node->old_day == day->day)
        return LW_OK;
    status = lw_store_prepare(day->set->journal->store,
                              "UPDATE entry SET day = ?1, position = ?2 WHERE n = ?3", &stmt, err);
    if (status != LW_OK)
        return status;
    if (day->day != DAY_NOWHERE)
        lw_stmt_bind_int(stmt, 1, day->day);
    lw_stmt_bind_int(stmt, 2, position);
    lw_stmt_bind_int(stmt, 3, node->n);
    return lw_stmt_run(stmt, err);
}

static enum lw_status write_places(struct day *day, struct lw_error *err)
{
    uint32_t ordered = 0;
    enum lw_status status = graph_order(&day->graph, comes_after, day, day->order, &ordered);

    if (status != LW_OK)
        return no_memory(err);
    if (ordered < day->count)
        return lw_fail(err, LW_DAMAGED,
                       "the stated order of entries leads in a circle; run "
                       "\"lapwing check\"");
    for (uint32_t i = 0; i < day->count && status == LW_OK; i++)
        status = write_place(day, day->member[day->order[day->count - 1 - i]],
                             position_of(day->day, i + 1), err);
    return status;
}

enum lw_status order_one_day(struct order_set *set, int64_t number, struct lw_error *err)
{
    struct day day = {.set = set, .day = number};
    uint32_t first = lower_bound(set, number);
    uint32_t end = first;
    enum lw_status status = load_others(&day, err);

    while (end < set->count && set->node[set->by_day[end]].day == number)
        end++;
    if (status == LW_OK)
        status = list_members(&day, first, end, err);
    if (status == LW_OK)
        status = build_graph(&day, first, err);
    if (status == LW_OK)
        status = write_places(&day, err);
    graph_free(&day.graph);
    lw_zero(day.other, day.other_count * sizeof(*day.other));
    free(day.other);
    free(day.member);
    free(day.order);
    return status;
}
