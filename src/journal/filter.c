/* What a filter lets through, as a condition of SQL: the tree that was read, and what stands beside
 * it in struct lw_filter, are made of the same terms. */
#include "filter_tree.h"

#include <stdlib.h>
#include <string.h>

/* The numbers before are those of who walks; the first is the set of all that can pass. */
enum { BIND_SET = SIFT_BIND_FREE + 4, BIND_TERMS };

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

/* ---- what can pass ----------------------------------------------------------------------------
 */

/* Every entry that passes a node is among the bits, where they are known; and where they are exact,
 * no other one. */
struct reach {
    bool known, exact;
    struct lw_bits bits;
};

static enum lw_status reach_node(const struct lw_filter_tree *tree, const struct term_state *state,
                                 size_t at, struct reach *out);

/* Takes b over: what is in both. */
static void meet(struct reach *a, struct reach *b)
{
    bool exact = a->exact && b->exact;

    if (!a->known) {
        *a = *b;
    } else if (b->known) {
        lw_bits_keep(&a->bits, &b->bits);
        lw_bits_free(&b->bits);
    }
    a->exact = exact;
}

/* The same: what is in one of them. */
static enum lw_status join(struct reach *a, struct reach *b)
{
    enum lw_status status = LW_OK;

    if (a->known && b->known)
        status = lw_bits_join(&a->bits, &b->bits);
    else
        lw_bits_free(&a->bits);
    lw_bits_free(&b->bits);
    a->known = a->known && b->known;
    a->exact = a->exact && b->exact;
    return status;
}

/* "a and not b" leaves what is in a; what is in b goes where that is known exactly. */
static enum lw_status reach_without(const struct lw_filter_tree *tree,
                                    const struct term_state *state, size_t without,
                                    struct reach *out)
{
    struct reach other = {.known = false};
    enum lw_status status = reach_node(tree, state, without, &other);

    if (status == LW_OK && out->known && other.exact)
        lw_bits_drop(&out->bits, &other.bits);
    out->exact = out->exact && other.exact;
    lw_bits_free(&other.bits);
    return status;
}

static enum lw_status reach_and(const struct lw_filter_tree *tree, const struct term_state *state,
                                const struct filter_node *node, struct reach *out)
{
    struct reach other = {.known = false};
    enum lw_status status;
    size_t a = node->a, b = node->b;

    if (tree->node[a].kind == NODE_NOT) { /* first what is let through */
        a = node->b;
        b = node->a;
    }
    status = reach_node(tree, state, a, out);
    if (status != LW_OK)
        return status;
    if (tree->node[b].kind == NODE_NOT)
        return reach_without(tree, state, tree->node[b].a, out);
    status = reach_node(tree, state, b, &other);
    if (status == LW_OK)
        meet(out, &other);
    return status;
}

/* out is {0}, and freed by the caller also where this fails. */
static enum lw_status reach_node(const struct lw_filter_tree *tree, const struct term_state *state,
                                 size_t at, struct reach *out)
{
    const struct filter_node *node = &tree->node[at];
    struct reach other = {.known = false};
    enum lw_status status;

    switch (node->kind) {
    case NODE_TERM:
        out->known = out->exact = state[node->a].set != NULL;
        return out->known ? lw_bits_copy(kept_bits(state[node->a].set), &out->bits) : LW_OK;
    case NODE_AND:
        return reach_and(tree, state, node, out);
    case NODE_OR:
        status = reach_node(tree, state, node->a, out);
        if (status == LW_OK)
            status = reach_node(tree, state, node->b, &other);
        if (status == LW_OK)
            return join(out, &other);
        lw_bits_free(&other.bits);
        return status;
    default: /* all the others, which nothing counts */
        return LW_OK;
    }
}

/* A tree of no nodes lets everything through. */
static enum lw_status reach_tree(const struct lw_filter_tree *tree, const struct term_state *state,
                                 struct sift *sift)
{
    struct reach reach = {.known = false};
    enum lw_status status;

    if (tree == NULL || tree->node_count == 0)
        return LW_OK;
    status = reach_node(tree, state, tree->root, &reach);
    sift->exact = sift->exact && reach.exact;
    if (status != LW_OK || !reach.known) {
        lw_bits_free(&reach.bits);
        return status;
    }
    if (sift->narrowed) {
        lw_bits_keep(&sift->bits, &reach.bits);
        lw_bits_free(&reach.bits);
        return LW_OK;
    }
    sift->narrowed = true;
    sift->bits = reach.bits;
    return LW_OK;
}

/* What passes both trees; as a list too, where they are few. */
static enum lw_status narrow(struct sift *sift)
{
    enum lw_status status;

    sift->exact = true;
    status = reach_tree(sift->members, sift->state, sift);
    if (status == LW_OK)
        status = reach_tree(sift->filter->tree, sift->state + sift->members->term_count, sift);
    sift->exact = sift->exact && sift->narrowed;
    if (status != LW_OK || !sift->narrowed)
        return status;
    sift->bit_count = lw_bits_count(&sift->bits);
    if (sift->bit_count > TERM_FEW)
        return LW_OK;
    status = lw_buf_addc(&sift->keys, '[');
    for (int64_t key = lw_bits_next(&sift->bits, 0); key >= 0 && status == LW_OK;
         key = lw_bits_next(&sift->bits, key + 1))
        status = lw_buf_addf(&sift->keys, "%s%lld", sift->keys.len > 1 ? "," : "", (long long)key);
    return status == LW_OK ? lw_buf_addc(&sift->keys, ']') : status;
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
    if (status == LW_OK && (status = narrow(&sift)) != LW_OK)
        lw_fail(err, status, "out of memory");
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
    lw_bits_free(&sift->bits);
    lw_buf_free(&sift->keys);
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

/* nested: an index would find entries here that then had to be sorted. */
static enum lw_status add_node(const struct making *making, size_t at, bool nested)
{
    const struct filter_node *node = &making->tree->node[at];
    enum lw_status status;

    if (node->kind == NODE_TERM)
        return term_sql(&making->state[node->a], nested, making->sql);
    nested = nested || node->kind != NODE_AND;
    status = lw_buf_addc(making->sql, '(');
    if (status == LW_OK)
        status = add_node(making, node->a, nested);
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

bool sift_is_few(const struct sift *sift)
{
    return sift->narrowed && sift->bit_count <= TERM_FEW;
}

/* Few entries are looked up; of more each that is walked past is looked up in the set. */
static enum lw_status add_set(const struct sift *sift, struct lw_buf *sql)
{
    if (!sift->narrowed)
        return LW_OK;
    if (sift_is_few(sift))
        return lw_buf_addf(sql, " AND e.n IN (SELECT value FROM json_each(?%d))", BIND_SET);
    return lw_buf_addf(sql, " AND in_bits(?%d, e.n)", BIND_SET);
}

enum lw_status sift_sql(const struct sift *sift, struct lw_buf *sql)
{
    enum lw_status status = add_set(sift, sql);

    if (status == LW_OK && !sift->exact)
        status = add_tree(sift->members, sift->state, sql);
    if (status == LW_OK && !sift->exact)
        status = add_tree(sift->filter->tree, sift->state + sift->members->term_count, sql);
    return status;
}

void sift_bind(const struct sift *sift, struct lw_stmt *stmt)
{
    if (sift_is_few(sift))
        lw_stmt_bind_text(stmt, BIND_SET, lw_buf_text(&sift->keys), sift->keys.len);
    else if (sift->narrowed)
        lw_stmt_bind_bits(stmt, BIND_SET, &sift->bits);
    for (size_t i = 0; i < sift->count && !sift->exact; i++)
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
