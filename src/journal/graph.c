/* Things before other things, and an order that respects it. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum lw_status graph_add(struct graph *graph, uint32_t from, uint32_t to)
{
    if (graph->edge_count == graph->edge_cap) {
        size_t cap = graph->edge_cap == 0 ? 64 : graph->edge_cap * 2;
        struct graph_edge *grown = realloc(graph->edge, cap * sizeof(*grown));

        if (grown == NULL)
            return LW_NO_MEMORY;
        graph->edge = grown;
        graph->edge_cap = cap;
    }
    graph->edge[graph->edge_count++] = (struct graph_edge){.from = from, .to = to};
    return LW_OK;
}

static int compare_edges(const void *a, const void *b)
{
    const struct graph_edge *x = a;
    const struct graph_edge *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

enum lw_status graph_seal(struct graph *graph, uint32_t count)
{
    size_t at = 0;

    graph->first = calloc((size_t)count + 1, sizeof(*graph->first));
    if (graph->first == NULL)
        return LW_NO_MEMORY;
    graph->count = count;
    if (graph->edge_count > 1)
        qsort(graph->edge, graph->edge_count, sizeof(*graph->edge), compare_edges);
    for (uint32_t node = 0; node <= count; node++) {
        while (at < graph->edge_count && graph->edge[at].from < node)
            at++;
        graph->first[node] = at;
    }
    return LW_OK;
}

void graph_free(struct graph *graph)
{
    free(graph->edge);
    free(graph->first);
    *graph = (struct graph){0};
}

/* ---- ordering: a heap of the nodes that are free to come next ---- */

struct heap {
    uint32_t *node;
    uint32_t count;
    bool (*before)(void *context, uint32_t a, uint32_t b);
    void *context;
};

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;

    *a = *b;
    *b = kept;
}

static void heap_push(struct heap *heap, uint32_t node)
{
    uint32_t at = heap->count++;

    heap->node[at] = node;
    while (at > 0 && heap->before(heap->context, heap->node[at], heap->node[(at - 1) / 2])) {
        swap(&heap->node[at], &heap->node[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static uint32_t heap_pop(struct heap *heap)
{
    uint32_t top = heap->node[0];
    uint32_t at = 0;

    heap->node[0] = heap->node[--heap->count];
    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child >= heap->count)
            return top;
        if (child + 1 < heap->count &&
            heap->before(heap->context, heap->node[child + 1], heap->node[child]))
            child++;
        if (!heap->before(heap->context, heap->node[child], heap->node[at]))
            return top;
        swap(&heap->node[child], &heap->node[at]);
        at = child;
    }
}

enum lw_status graph_order(const struct graph *graph,
                           bool (*before)(void *context, uint32_t a, uint32_t b), void *context,
                           uint32_t *order, uint32_t *ordered)
{
    size_t size = graph->count == 0 ? 1 : graph->count;
    uint32_t *waiting = calloc(size, sizeof(*waiting)); /* for so many edges */
    struct heap heap = {.before = before, .context = context};
    uint32_t done = 0;

    heap.node = calloc(size, sizeof(*heap.node));
    if (waiting == NULL || heap.node == NULL) {
        free(waiting);
        free(heap.node);
        return LW_NO_MEMORY;
    }
    for (size_t i = 0; i < graph->edge_count; i++)
        waiting[graph->edge[i].to]++;
    for (uint32_t node = 0; node < graph->count; node++) {
        if (waiting[node] == 0)
            heap_push(&heap, node);
    }
    while (heap.count > 0) {
        uint32_t node = heap_pop(&heap);

        order[done++] = node;
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            if (--waiting[graph->edge[i].to] == 0)
                heap_push(&heap, graph->edge[i].to);
        }
    }
    free(waiting);
    free(heap.node);
    *ordered = done;
    return LW_OK;
}

/* ---- circles ---- */

#define NOBODY UINT32_MAX

/* Writes the nodes from start back to start, going backwards, and turns them round. */
static uint32_t walk_circle(const uint32_t *previous, uint32_t start, uint32_t *circle)
{
    uint32_t len = 0;
    uint32_t node = start;

    do {
        circle[len++] = node;
        node = previous[node];
    } while (node != start);
    for (uint32_t i = 0; i < len / 2; i++)
        swap(&circle[i], &circle[len - 1 - i]);
    return len;
}

enum lw_status graph_circle(const struct graph *graph, const uint32_t *order, uint32_t ordered,
                            uint32_t *circle, uint32_t *len)
{
    uint32_t *previous = malloc(((size_t)graph->count + 1) * sizeof(*previous));
    bool *done = calloc((size_t)graph->count + 1, sizeof(*done));
    uint32_t node = 0;

    if (previous == NULL || done == NULL) {
        free(previous);
        free(done);
        return LW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < ordered; i++)
        done[order[i]] = true;
    memset(previous, 0xff, (size_t)graph->count * sizeof(*previous)); /* NOBODY */
    for (size_t i = 0; i < graph->edge_count; i++) {
        if (!done[graph->edge[i].from])
            previous[graph->edge[i].to] = graph->edge[i].from;
    }
    while (node < graph->count && previous[node] == NOBODY)
        node++;
    *len = 0;
    if (node < graph->count) {
        while (!done[node]) { /* every node left has one before it: this ends in a circle */
            done[node] = true;
            node = previous[node];
        }
        *len = walk_circle(previous, node, circle);
    }
    free(previous);
    free(done);
    return LW_OK;
}
