/* What a filter lets through, as a condition of SQL: the tree that was read, and what stands beside
 * it in struct lw_filter, are made of the same terms. */
#include "filter_tree.h"

#include <stdlib.h>
#include <string.h>

enum { BIND_TERMS = SIFT_BIND_FREE + 4 }; /* the numbers before are those of who walks */

/* ---- the members as terms ---------------------------------------------------------------------
 */

static enum lw_status add_and(struct lw_filter_tree *tree, size_t node)
{
    if (tree->node_count == 1) {
        tree->root = node;
        return LW_OK;
    }
    return tree_join(tree, NODE_AND, tree->root, node, &tree->root);
}

static enum lw_status add_text(struct lw_filter_tree *tree, enum term_kind kind, const char *text,
                               size_t len)
{
    size_t node;
    enum lw_status status = tree_term(tree, kind, text, len, &node);

    return status == LW_OK ? add_and(tree, node) : status;
}

static enum lw_status add_when(struct lw_filter_tree *tree, enum term_kind kind,
                               const struct lw_when *when)
{
    enum lw_status status = add_text(tree, kind, NULL, 0);

    if (status == LW_OK)
        tree->term[tree->term_count - 1].when = *when;
    return status;
}

static enum lw_status add_id(struct lw_filter_tree *tree, enum term_kind kind, const uint8_t *id)
{
    enum lw_status status = add_text(tree, kind, NULL, 0);

    if (status == LW_OK) {
        tree->term[tree->term_count - 1].has_id = true;
        memcpy(tree->term[tree->term_count - 1].id, id, LW_RECORD_ID);
    }
    return status;
}

/* Any one of the names. */
static enum lw_status add_names(struct lw_filter_tree *tree, const char *const *names, size_t count)
{
    size_t all = 0, node;
    bool first = tree->node_count == 0;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < count && status == LW_OK; i++) {
        status = tree_term(tree, TERM_NAME, names[i], strlen(names[i]), &node);
        if (status == LW_OK && i > 0)
            status = tree_join(tree, NODE_OR, all, node, &all);
        else
            all = node;
    }
    if (status != LW_OK || count == 0)
        return status;
    if (!first)
        return tree_join(tree, NODE_AND, tree->root, all, &tree->root);
    tree->root = all;
    return LW_OK;
}

/* A text for searching is judged as it stands: a NUL in it would be the end of the copy. */
static enum lw_status add_members(const struct lw_journal *journal, const struct lw_filter *filter,
                                  struct lw_filter_tree *tree, struct lw_error *err)
{
    const char *known = filter->kind == NULL
                            ? NULL
                            : lw_kind_find(journal->forms, filter->kind, strlen(filter->kind));
    const char *kind = known != NULL ? known : filter->kind;
    const struct {
        enum term_kind kind;
        const uint8_t *id;
    } ids[] = {{TERM_INCIDENT, filter->incident},
               {TERM_PARTY, filter->party},
               {TERM_PLACE, filter->place},
               {TERM_SOURCE, filter->source}};
    enum lw_status status = LW_OK;

    if (kind != NULL)
        status = add_text(tree, TERM_KIND, kind, strlen(kind));
    if (status == LW_OK && filter->ref != NULL)
        status = add_text(tree, TERM_REF, filter->ref, strlen(filter->ref));
    if (status == LW_OK && filter->since != NULL)
        status = add_when(tree, TERM_SINCE, filter->since);
    if (status == LW_OK && filter->until != NULL)
        status = add_when(tree, TERM_UNTIL, filter->until);
    if (status == LW_OK && filter->when != NULL)
        status = add_when(tree, TERM_WHEN, filter->when);
    if (status == LW_OK && filter->status != NULL)
        status = add_text(tree, strcmp(filter->status, "draft") == 0 ? TERM_DRAFT : TERM_SEALED,
                          NULL, 0);
    for (size_t i = 0; i < LW_COUNT_OF(ids) && status == LW_OK; i++) {
        if (ids[i].id != NULL)
            status = add_id(tree, ids[i].kind, ids[i].id);
    }
    if (status == LW_OK && filter->text != NULL)
        status = search_check(filter->text, filter->text_len, err);
    if (status == LW_OK && filter->text != NULL)
        status = add_text(tree, TERM_SEARCH, filter->text, filter->text_len);
    return status == LW_OK ? add_names(tree, filter->names, filter->name_count) : status;
}

/* ---- beginning --------------------------------------------------------------------------------
 */

static enum lw_status begin_terms(struct sift *sift, const struct lw_filter_tree *tree,
                                  struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; tree != NULL && i < tree->term_count && status == LW_OK; i++) {
        int base = BIND_TERMS - 1 + TERM_BINDS * (int)sift->count;

        status = term_begin(sift->journal, &tree->term[i], base, &sift->state[sift->count], err);
        if (status == LW_OK)
            sift->count++;
    }
    return status;
}

enum lw_status sift_begin(struct lw_journal *journal, const struct lw_filter *filter,
                          struct sift *out, struct lw_error *err)
{
    static const struct lw_filter everything;
    struct sift sift = {.journal = journal, .filter = filter != NULL ? filter : &everything};
    enum lw_status status = LW_OK;

    sift.members = calloc(1, sizeof(*sift.members));
    sift.state = calloc(2 * TERMS_MAX, sizeof(*sift.state));
    if (sift.members == NULL || sift.state == NULL)
        status = LW_NO_MEMORY;
    if (status == LW_OK)
        status = add_members(journal, sift.filter, sift.members, err);
    if (status == LW_NO_MEMORY)
        lw_fail(err, status, "out of memory");
    if (status == LW_OK) {
        sift.when = sift.filter->when;
        if (sift.when == NULL)
            sift.when = lw_filter_when(sift.filter->tree);
        status = begin_terms(&sift, sift.members, err);
    }
    if (status == LW_OK)
        status = begin_terms(&sift, sift.filter->tree, err);
    if (status == LW_OK)
        *out = sift;
    else
        sift_end(&sift);
    return status;
}

void sift_end(struct sift *sift)
{
    for (size_t i = 0; i < sift->count; i++)
        term_end(&sift->state[i]);
    free(sift->state);
    lw_filter_free(sift->members);
}

/* ---- as SQL -----------------------------------------------------------------------------------
 */

struct making {
    const struct lw_filter_tree *tree;
    const struct term_state *state; /* of its first term */
    struct lw_buf *sql;
};

/* Are its entries few, and known without walking? */
static bool is_few(const struct making *making, size_t at)
{
    const struct filter_node *node = &making->tree->node[at];

    switch (node->kind) {
    case NODE_TERM:
        return making->state[node->a].few || making->tree->term[node->a].kind == TERM_REF;
    case NODE_AND:
        return is_few(making, node->a) || is_few(making, node->b);
    case NODE_OR:
        return is_few(making, node->a) && is_few(making, node->b);
    default:
        return false;
    }
}

/* nested: an index would find many entries here that then had to be sorted. */
static enum lw_status add_node(const struct making *making, size_t at, bool nested)
{
    const struct filter_node *node = &making->tree->node[at];
    enum lw_status status;

    if (node->kind == NODE_TERM)
        return term_sql(&making->state[node->a], nested, making->sql);
    if (node->kind == NODE_OR && !is_few(making, at))
        nested = true;
    status = lw_buf_addc(making->sql, '(');
    if (status == LW_OK)
        status = add_node(making, node->a, nested || node->kind == NODE_NOT);
    if (status == LW_OK && node->kind == NODE_NOT)
        return lw_buf_adds(making->sql, " IS NOT TRUE)");
    if (status == LW_OK)
        status = lw_buf_adds(making->sql, node->kind == NODE_AND ? " AND " : " OR ");
    if (status == LW_OK)
        status = add_node(making, node->b, nested);
    return status == LW_OK ? lw_buf_addc(making->sql, ')') : status;
}

static enum lw_status add_tree(const struct lw_filter_tree *tree, const struct term_state *state,
                               struct lw_buf *sql)
{
    const struct making making = {.tree = tree, .state = state, .sql = sql};
    enum lw_status status;

    if (tree == NULL || tree->node_count == 0)
        return LW_OK;
    status = lw_buf_adds(sql, " AND ");
    return status == LW_OK ? add_node(&making, tree->root, false) : status;
}

enum lw_status sift_sql(const struct sift *sift, struct lw_buf *sql)
{
    enum lw_status status = add_tree(sift->members, sift->state, sql);

    return status == LW_OK
               ? add_tree(sift->filter->tree, sift->state + sift->members->term_count, sql)
               : status;
}

static bool is_few_tree(const struct lw_filter_tree *tree, const struct term_state *state)
{
    const struct making making = {.tree = tree, .state = state};

    return tree != NULL && tree->node_count > 0 && is_few(&making, tree->root);
}

bool sift_is_few(const struct sift *sift)
{
    return is_few_tree(sift->members, sift->state) ||
           is_few_tree(sift->filter->tree, sift->state + sift->members->term_count);
}

void sift_bind(const struct sift *sift, struct lw_stmt *stmt)
{
    for (size_t i = 0; i < sift->count; i++)
        term_bind(sift->journal, &sift->state[i], stmt);
}

/* An entry of unknown date may be at any time. */
enum lw_status sift_match(const struct sift *sift, const char *ref, const char *text,
                          enum lw_match *match, struct lw_error *err)
{
    struct lw_when when;
    enum lw_status status;

    *match = sift->when != NULL ? LW_MATCH_MAY_OVERLAP : LW_MATCH_STATED;
    if (sift->when == NULL || text == NULL)
        return LW_OK;
    status = lw_when_parse(text, strlen(text), &when, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "%s", ref);
        return status;
    }
    if (lw_when_within(&when, sift->when))
        *match = LW_MATCH_STATED;
    return LW_OK;
}
