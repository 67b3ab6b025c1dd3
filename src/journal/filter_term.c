/* Each condition of a filter as SQL. What was typed is only ever bound, never part of the text. */
#include "filter_tree.h"

#include <stdio.h>
#include <string.h>

/* Wall clocks may stand for instants up to a day apart on either side; the columns pre-select. */
#define SLACK INT64_C(172800)

/* clang-format off */
#define LIST(p) "(SELECT value FROM json_each(" p "))"
#define INSIDE(p)                                                                                  \
    "(WITH RECURSIVE inside (n) AS (SELECT value FROM json_each(" p ") UNION SELECT p.n"           \
    " FROM place p JOIN inside i ON p.parent = i.n" ONE_PLACE ") SELECT n FROM inside)"
#define ONE_PLACE                                                                                  \
    " UNION SELECT p.n FROM place p JOIN inside i ON p.same_as = i.n UNION SELECT p.same_as"       \
    " FROM inside i JOIN place p ON p.n = i.n WHERE p.same_as IS NOT NULL"
#define FOUND_SET(p) "SELECT rowid FROM entry_search WHERE entry_search MATCH " p
#define FOUND(p)     "(" FOUND_SET(p) ")"

#define PARTY_SET(p)                                                                               \
    "SELECT entry FROM participation WHERE party IN " LIST(p)                                      \
    " UNION ALL SELECT entry FROM item WHERE owner IN " LIST(p)                                    \
    " UNION ALL SELECT entry FROM item WHERE taken_by IN " LIST(p)                                 \
    " UNION ALL SELECT entry FROM field WHERE party IN " LIST(p)
#define PARTY_TEST(p)                                                                              \
    "(EXISTS (SELECT 1 FROM participation x WHERE x.entry = e.n AND +x.party IN " LIST(p)          \
    ") OR EXISTS (SELECT 1 FROM field x WHERE x.entry = e.n AND +x.party IN " LIST(p)              \
    ") OR EXISTS (SELECT 1 FROM item x WHERE x.entry = e.n AND (+x.owner IN " LIST(p)              \
    " OR +x.taken_by IN " LIST(p) ")))"
#define PLACE_SET(p)                                                                               \
    "SELECT x.n FROM entry x WHERE x.place IN " INSIDE(p)                                          \
    " UNION ALL SELECT x.entry FROM field x WHERE x.place IN " INSIDE(p)
#define PLACE_TEST(p)                                                                              \
    "(+e.place IN " INSIDE(p) " OR EXISTS (SELECT 1 FROM field x WHERE x.entry = e.n"              \
    " AND +x.place IN " INSIDE(p) "))"
#define SOURCE_SET(p) "SELECT entry FROM account WHERE source IN " LIST(p)
#define SOURCE_TEST(p)                                                                             \
    "EXISTS (SELECT 1 FROM account x WHERE x.entry = e.n AND +x.source IN " LIST(p) ")"
#define ANSWERS                                                                                    \
    "(x.text = ?2 OR has_words(x.text, ?2) OR +x.party IN " LIST("?3") " OR +x.place IN "          \
    LIST("?4") " OR (x.min <= ?6 AND x.max >= ?6))"
#define CLAIMED                                                                                    \
    "SELECT a.entry AS n FROM claim c JOIN account a ON a.n = c.account UNION SELECT \"from\""     \
    " FROM link WHERE kind = 'contradicts' UNION SELECT \"to\" FROM link"                          \
    " WHERE kind = 'contradicts'"
/* The same entries, some of them more than once: known without looking at all of them. */
#define CLAIMED_OFTEN                                                                              \
    "SELECT a.entry FROM claim c JOIN account a ON a.n = c.account UNION ALL SELECT \"from\""      \
    " FROM link WHERE kind = 'contradicts' UNION ALL SELECT \"to\" FROM link"                      \
    " WHERE kind = 'contradicts'"
#define CLAIMED_TEST                                                                               \
    "(EXISTS (SELECT 1 FROM account a JOIN claim c ON c.account = a.n WHERE a.entry = e.n)"        \
    " OR EXISTS (SELECT 1 FROM link x WHERE x.\"from\" = e.n AND x.kind = 'contradicts')"          \
    " OR EXISTS (SELECT 1 FROM link x WHERE x.\"to\" = e.n AND x.kind = 'contradicts'))"
#define UNDONE "coalesce(x.done, 0) = 0 AND when_ended(x.due, ?1)"
#define MERGED(table)                                                                              \
    "SELECT n FROM " table " WHERE same_as IS NOT NULL"                                            \
    " UNION ALL SELECT same_as FROM " table " WHERE same_as IS NOT NULL"
#define HAS(table) {.test = "EXISTS (SELECT 1 FROM " table " x WHERE x.entry = e.n)"}
/* clang-format on */

/* test: for one entry e of the timeline; "~" keeps an index from being used inside of "or" and
 * "not", where the timeline is walked anyway. set: the entries themselves, where they can be found
 * without walking; they are found where they are few, and kept: however many they are, since an
 * index has them all. counted: what is counted to see whether they are few, where that is not the
 * set. */
static const struct {
    const char *test, *set, *counted;
    bool kept;
} terms[TERM_KINDS] = {
    [TERM_KIND] = {.test = "~e.kind IS ?1"},
    [TERM_REF] = {.test = "~e.ref = ?1", .set = "SELECT n FROM entry WHERE ref = ?1", .kept = true},
    [TERM_DRAFT] = {.test = "~e.status = 'draft'"},
    [TERM_SEALED] = {.test = "~e.status <> 'draft'"},
    [TERM_CONFIDENTIALITY] = {.test = "e.confidentiality IS ?1"},
    [TERM_SINCE] = {.test = "(e.\"when\" IS NULL OR (e.latest > ?1"
                            " AND when_since(e.\"when\", ?2)))"},
    [TERM_UNTIL] = {.test = "(e.\"when\" IS NULL OR (e.earliest < ?1"
                            " AND when_until(e.\"when\", ?2)))"},
    [TERM_WHEN] = {.test = "(e.\"when\" IS NULL OR (e.latest > ?1 AND e.earliest < ?2"
                           " AND when_overlaps(e.\"when\", ?3)))"},
    [TERM_INCIDENT] = {.test = "~e.incident IN " LIST("?1")},
    [TERM_PARTY] = {.test = PARTY_TEST("?1"), .set = PARTY_SET("?1"), .kept = true},
    [TERM_PLACE] = {.test = PLACE_TEST("?1"), .set = PLACE_SET("?1"), .kept = true},
    [TERM_SOURCE] = {.test = SOURCE_TEST("?1"), .set = SOURCE_SET("?1"), .kept = true},
    [TERM_NAME] = {.test =
                       "(" PARTY_TEST("?1") " OR " PLACE_TEST("?2") " OR " SOURCE_TEST("?3") ")",
                   .set =
                       PARTY_SET("?1") " UNION ALL " PLACE_SET("?2") " UNION ALL " SOURCE_SET("?3"),
                   .kept = true},
    [TERM_ROLE] = {.test = "EXISTS (SELECT 1 FROM participation x WHERE x.entry = e.n"
                           " AND +x.party IN " LIST("?1") " AND x.role = ?2)",
                   .set = "SELECT entry FROM participation WHERE party IN " LIST(
                       "?1") " AND role = ?2",
                   .kept = true},
    [TERM_SEARCH] = {.test = "+e.n IN " FOUND("?1"), .set = FOUND_SET("?1"), .kept = true},
    [TERM_WORD] = {.test = "+e.n IN " FOUND("?1"), .set = FOUND_SET("?1"), .kept = true},
    [TERM_PHRASE] = {.test = "+e.n IN " FOUND("?1"), .set = FOUND_SET("?1"), .kept = true},
    [TERM_HEDGE] = {.test = "has_words(e.hedge, ?1)"},
    [TERM_ITEM] = {.test = "EXISTS (SELECT 1 FROM item x WHERE x.entry = e.n AND x.kind = ?1)"},
    [TERM_ITEM_WORDS] = {.test = "EXISTS (SELECT 1 FROM item x WHERE x.entry = e.n"
                                 " AND has_words(x.description, ?1))",
                         .set = "SELECT x.entry FROM item x WHERE x.entry IN " FOUND(
                             "?2") " AND has_words(x.description, ?1)"},
    [TERM_ANSWER] = {.test = "EXISTS (SELECT 1 FROM field x WHERE x.entry = e.n AND x.key = ?1"
                             " AND x.text = ?2)",
                     .set = "SELECT entry FROM field WHERE key = ?1 AND text = ?2",
                     .kept = true},
    [TERM_ANSWER_WORDS] = {.test = "EXISTS (SELECT 1 FROM field x WHERE x.entry = e.n"
                                   " AND x.key = ?1 AND " ANSWERS ")",
                           .set =
                               "SELECT x.entry FROM field x WHERE x.key = ?1 AND x.entry IN " FOUND(
                                   "?5") " AND " ANSWERS},
    [TERM_HAS_ACCOUNT] = HAS("account"),
    [TERM_HAS_CONTRADICTION] = {.test = CLAIMED_TEST " AND contradicted(e.n)",
                                .set = "SELECT n FROM (" CLAIMED ") WHERE contradicted(n)",
                                .counted = CLAIMED_OFTEN},
    [TERM_HAS_HEDGE] = {.test = "e.hedge IS NOT NULL"},
    [TERM_HAS_DATE] = {.test = "e.\"when\" IS NOT NULL"},
    [TERM_HAS_PLACE] = {.test = "(e.place IS NOT NULL OR e.place_text IS NOT NULL)"},
    [TERM_HAS_KIND] = {.test = "e.kind IS NOT NULL"},
    [TERM_HAS_PERSON] = HAS("participation"),
    [TERM_HAS_ITEM] = HAS("item"),
    [TERM_HAS_TASK] = HAS("task"),
    [TERM_HAS_LINK] = {.test = "(EXISTS (SELECT 1 FROM link x WHERE x.\"from\" = e.n)"
                               " OR EXISTS (SELECT 1 FROM link x WHERE x.\"to\" = e.n))"},
    [TERM_HAS_TEXT] = {.test = "e.narrative IS NOT NULL"},
    [TERM_INCOMPLETE] = {.test = "(e.kind IS NULL OR e.\"when\" IS NULL OR (e.place IS NULL"
                                 " AND e.place_text IS NULL) OR NOT EXISTS (SELECT 1"
                                 " FROM account x WHERE x.entry = e.n))"},
    [TERM_OVERDUE] = {.test = "EXISTS (SELECT 1 FROM task x WHERE x.entry = e.n AND " UNDONE ")",
                      .set = "SELECT x.entry FROM task x WHERE x.entry IS NOT NULL AND " UNDONE},
};

/* The parameters of a text, "?1" for the first of this term. */
static enum lw_status add_sql(const char *text, int base, bool nested, struct lw_buf *sql)
{
    enum lw_status status = LW_OK;

    for (; *text != '\0' && status == LW_OK; text++) {
        if (*text == '?')
            status = lw_buf_addf(sql, "?%d", base + (*++text - '0'));
        else if (*text != '~')
            status = lw_buf_addc(sql, *text);
        else if (nested)
            status = lw_buf_addc(sql, '+');
    }
    return status;
}

enum lw_status term_sql(const struct term_state *state, bool nested, struct lw_buf *sql)
{
    const char *test = state->set != NULL ? "in_bits(?1, e.n)" : terms[state->term->kind].test;

    return add_sql(test, state->base, nested, sql);
}

/* ---- what is bound ----------------------------------------------------------------------------
 */

static int64_t sooner(int64_t at)
{
    return at < LW_TIME_MIN + SLACK ? LW_TIME_MIN : at - SLACK;
}

static int64_t later(int64_t at)
{
    return at > LW_TIME_MAX - SLACK ? LW_TIME_MAX : at + SLACK;
}

static void bind_text(struct lw_stmt *stmt, int at, const char *text)
{
    lw_stmt_bind_text(stmt, at, text, strlen(text));
}

static void bind_buf(struct lw_stmt *stmt, int at, const struct lw_buf *buf)
{
    lw_stmt_bind_text(stmt, at, lw_buf_text(buf), buf->len);
}

static void bind_answer(const struct term_state *state, struct lw_stmt *stmt)
{
    const struct filter_term *term = state->term;
    uint64_t number;

    bind_text(stmt, state->base + 1, term->key);
    bind_text(stmt, state->base + 2, term->text);
    if (term->kind == TERM_ANSWER)
        return;
    bind_buf(stmt, state->base + 3, &state->list[CLASS_PARTY]);
    bind_buf(stmt, state->base + 4, &state->list[CLASS_PLACE]);
    bind_buf(stmt, state->base + 5, &state->query);
    if (lw_parse_u64(term->text, strlen(term->text), INT64_MAX, &number))
        lw_stmt_bind_int(stmt, state->base + 6, (int64_t)number);
}

static void bind_term(struct lw_journal *journal, const struct term_state *state,
                      struct lw_stmt *stmt)
{
    const struct filter_term *term = state->term;
    const int base = state->base;

    switch (term->kind) {
    case TERM_SINCE:
        lw_stmt_bind_int(stmt, base + 1, sooner(term->when.earliest));
        bind_text(stmt, base + 2, term->when.text);
        return;
    case TERM_UNTIL:
        lw_stmt_bind_int(stmt, base + 1, later(term->when.latest));
        bind_text(stmt, base + 2, term->when.text);
        return;
    case TERM_WHEN:
        lw_stmt_bind_int(stmt, base + 1, sooner(term->when.earliest));
        lw_stmt_bind_int(stmt, base + 2, later(term->when.latest));
        bind_text(stmt, base + 3, term->when.text);
        return;
    case TERM_INCIDENT:
        bind_buf(stmt, base + 1, &state->list[0]);
        return;
    case TERM_PARTY:
    case TERM_PLACE:
    case TERM_SOURCE:
        bind_buf(stmt, base + 1, &state->list[0]);
        return;
    case TERM_NAME:
        for (int i = 0; i < TERM_LISTS; i++)
            bind_buf(stmt, base + 1 + i, &state->list[i]);
        return;
    case TERM_ROLE:
        bind_buf(stmt, base + 1, &state->list[0]);
        bind_text(stmt, base + 2, term->key);
        return;
    case TERM_SEARCH:
    case TERM_WORD:
    case TERM_PHRASE:
        bind_buf(stmt, base + 1, &state->query);
        return;
    case TERM_ITEM_WORDS:
        bind_text(stmt, base + 1, term->text);
        bind_buf(stmt, base + 2, &state->query);
        return;
    case TERM_ANSWER:
    case TERM_ANSWER_WORDS:
        bind_answer(state, stmt);
        return;
    case TERM_OVERDUE: {
        char now[24];

        snprintf(now, sizeof(now), "%lld", (long long)journal_wall_clock(journal));
        bind_text(stmt, base + 1, now);
        return;
    }
    default:
        if (term->text != NULL)
            bind_text(stmt, base + 1, term->text);
    }
}

void term_bind(struct lw_journal *journal, const struct term_state *state, struct lw_stmt *stmt)
{
    if (state->set != NULL)
        lw_stmt_bind_bits(stmt, state->base + 1, kept_bits(state->set));
    else
        bind_term(journal, state, stmt);
}

/* ---- beginning --------------------------------------------------------------------------------
 */

/* Keys as a JSON array, for json_each. */
static enum lw_status list_json(const struct key_list *keys, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addc(out, '[');

    for (size_t i = 0; i < keys->count && status == LW_OK; i++)
        status = lw_buf_addf(out, "%s%lld", i > 0 ? "," : "", (long long)keys->key[i]);
    return status == LW_OK ? lw_buf_addc(out, ']') : status;
}

static enum lw_status key_of_id(struct lw_journal *journal, const struct filter_term *term,
                                struct lw_buf *out, struct lw_error *err)
{
    static const enum lw_record_type types[] = {[TERM_INCIDENT] = LW_RECORD_INCIDENT,
                                                [TERM_PARTY] = LW_RECORD_PARTY,
                                                [TERM_PLACE] = LW_RECORD_PLACE,
                                                [TERM_SOURCE] = LW_RECORD_SOURCE};
    struct key_list keys = {0};
    int64_t n = 0;
    enum lw_status status = record_key(journal, types[term->kind], term->id, &n, err);

    if (status == LW_OK)
        status = same_note(journal, types[term->kind], n, &keys, err);
    if (status == LW_OK || status == LW_NOT_FOUND)
        status = list_json(&keys, out);
    key_list_free(&keys);
    return status;
}

/* Those of a type that are one with another; mostly none are. */
static enum lw_status list_merged(struct lw_journal *journal, enum lw_record_type type,
                                  struct key_list *merged, struct lw_error *err)
{
    static const char *const sql[] = {
        [LW_RECORD_PARTY] = MERGED("party"),
        [LW_RECORD_PLACE] = MERGED("place"),
        [LW_RECORD_SOURCE] = MERGED("source"),
        [LW_RECORD_INCIDENT] = MERGED("incident"),
    };
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql[type], &stmt, err);

    if (status == LW_OK)
        status = key_list_add_rows(merged, stmt, err);
    key_list_sort(merged);
    return status;
}

/* Adds to the keys those of all that are one with them. */
static enum lw_status add_same(struct lw_journal *journal, int class, struct key_list *keys,
                               struct lw_error *err)
{
    static const enum lw_record_type types[CLASS_COUNT] = {[CLASS_PARTY] = LW_RECORD_PARTY,
                                                           [CLASS_PLACE] = LW_RECORD_PLACE,
                                                           [CLASS_SOURCE] = LW_RECORD_SOURCE,
                                                           [CLASS_INCIDENT] = LW_RECORD_INCIDENT};
    struct key_list all = {0}, merged = {0};
    enum lw_status status = LW_OK;

    if (keys->count > 0)
        status = list_merged(journal, types[class], &merged, err);
    for (size_t i = 0; i < keys->count && status == LW_OK; i++) {
        if (key_list_has(&merged, keys->key[i]))
            status = same_note(journal, types[class], keys->key[i], &all, err);
        else if (key_list_add(&all, keys->key[i]) != LW_OK)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    key_list_free(&merged);
    key_list_sort(&all);
    key_list_free(keys);
    *keys = all;
    return status;
}

/* Whom the name means, with all that are one with them; of hundreds each would be asked on each
 * page. found is the caller's to free, also where this fails. */
static enum lw_status find_all(struct lw_journal *journal, unsigned classes, const char *name,
                               struct key_list found[CLASS_COUNT], struct lw_error *err)
{
    bool any = false;
    enum lw_status status;

    if (kept_name(journal, classes | NAMES_AND_SAME, name, found, &any))
        return LW_OK;
    status = names_find(journal, classes, name, found, &any, err);
    for (int class = 0; class < CLASS_COUNT && status == LW_OK; class ++)
        status = add_same(journal, class, &found[class], err);
    if (status == LW_OK)
        kept_name_keep(journal, classes | NAMES_AND_SAME, name, found, any);
    return status;
}

static enum lw_status find_names(struct lw_journal *journal, const struct filter_term *term,
                                 struct term_state *state, struct lw_error *err)
{
    static const struct {
        int first, count;
    } of[TERM_KINDS] = {
        [TERM_INCIDENT] = {CLASS_INCIDENT, 1},  [TERM_PARTY] = {CLASS_PARTY, 1},
        [TERM_PLACE] = {CLASS_PLACE, 1},        [TERM_SOURCE] = {CLASS_SOURCE, 1},
        [TERM_ROLE] = {CLASS_PARTY, 1},         [TERM_NAME] = {CLASS_PARTY, 3},
        [TERM_ANSWER_WORDS] = {CLASS_PARTY, 2},
    };
    struct key_list found[CLASS_COUNT] = {{0}};
    unsigned classes = 0;
    enum lw_status status;

    for (int i = 0; i < of[term->kind].count; i++)
        classes |= 1U << (of[term->kind].first + i);
    if (classes == 0)
        return LW_OK;
    if (term->has_id)
        return key_of_id(journal, term, &state->list[0], err);
    status = find_all(journal, classes, term->text, found, err);
    for (int i = 0; i < of[term->kind].count && status == LW_OK; i++)
        status = list_json(&found[of[term->kind].first + i], &state->list[i]);
    for (int class = 0; class < CLASS_COUNT; class ++)
        key_list_free(&found[class]);
    return status;
}

static enum lw_status make_query(const struct filter_term *term, struct lw_buf *query,
                                 struct lw_error *err)
{
    size_t len = term->text == NULL ? 0 : strlen(term->text);

    switch (term->kind) {
    case TERM_SEARCH:
    case TERM_WORD: /* one word, which may be a beginning */
        return search_query(term->text, len, query, err);
    case TERM_PHRASE:
        return search_phrase(term->text, len, query, err);
    case TERM_ITEM_WORDS:
    case TERM_ANSWER_WORDS:
        return search_words(term->text, len, query, err);
    default:
        return LW_OK;
    }
}

/* Are there at most TERM_FEW of them? */
static enum lw_status is_few(struct lw_journal *journal, const struct term_state *state, bool *few,
                             struct lw_error *err)
{
    const char *counted = terms[state->term->kind].counted;
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    int64_t count = 0;
    enum lw_status status = lw_buf_adds(&sql, "SELECT count(*) FROM (SELECT 1 FROM (");

    if (counted == NULL)
        counted = terms[state->term->kind].set;
    if (status == LW_OK)
        status = add_sql(counted, 0, false, &sql);
    if (status == LW_OK)
        status = lw_buf_addf(&sql, ") LIMIT %d)", TERM_FEW + 1);
    if (status == LW_OK)
        status = lw_store_prepare(journal->store, sql.data, &stmt, err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&sql);
    if (status != LW_OK)
        return status;
    bind_term(journal, state, stmt);
    status = lw_stmt_number(stmt, &count, err);
    *few = count <= TERM_FEW;
    return status;
}

static enum lw_status add_part(struct lw_buf *out, const char *text, size_t len)
{
    enum lw_status status = lw_buf_addf(out, "%zu:", len);

    return status == LW_OK ? lw_buf_add(out, text, len) : status;
}

/* All that the set depends on: each part behind its length, so that no two look alike. */
static enum lw_status kept_key(const struct term_state *state, struct lw_buf *out)
{
    const struct filter_term *term = state->term;
    const char *key = term->key != NULL ? term->key : "";
    const char *text = term->kind == TERM_ANSWER || term->kind == TERM_REF ? term->text : "";
    enum lw_status status = lw_buf_addf(out, "%d.", (int)term->kind);

    for (int i = 0; i < TERM_LISTS && status == LW_OK; i++)
        status = add_part(out, lw_buf_text(&state->list[i]), state->list[i].len);
    if (status == LW_OK)
        status = add_part(out, lw_buf_text(&state->query), state->query.len);
    if (status == LW_OK)
        status = add_part(out, key, strlen(key));
    return status == LW_OK ? add_part(out, text, strlen(text)) : status;
}

/* Of all that begins with a letter or two the index builds lists of many MiB. */
static bool is_large(const struct filter_term *term)
{
    return (term->kind == TERM_WORD || term->kind == TERM_SEARCH) &&
           lw_utf8_columns(term->text, strlen(term->text)) <= 2;
}

/* The entries themselves; not where they cannot be held. */
static enum lw_status find_set(struct lw_journal *journal, struct term_state *state,
                               struct lw_error *err)
{
    const bool keeps = terms[state->term->kind].kept;
    struct lw_buf sql = LW_BUF_INIT, key = LW_BUF_INIT;
    struct lw_stmt *stmt = NULL;
    enum lw_status status = add_sql(terms[state->term->kind].set, 0, false, &sql);

    if (status == LW_OK && keeps)
        status = kept_key(state, &key);
    if (status == LW_OK)
        status = lw_store_prepare(journal->store, sql.data, &stmt, err);
    else
        lw_fail(err, status, "out of memory");
    if (status == LW_OK) {
        bind_term(journal, state, stmt);
        status =
            kept_set(journal, keeps ? &key : NULL, stmt, is_large(state->term), &state->set, err);
    }
    lw_buf_free(&sql);
    lw_buf_free(&key);
    return status == LW_TOO_LONG ? LW_OK : status;
}

/* A number may be among figures that no text holds: then there is no set to begin with. */
static bool has_set(const struct filter_term *term)
{
    uint64_t number;

    return terms[term->kind].set != NULL &&
           (term->kind != TERM_ANSWER_WORDS ||
            !lw_parse_u64(term->text, strlen(term->text), INT64_MAX, &number));
}

enum lw_status term_begin(struct lw_journal *journal, const struct filter_term *term, int base,
                          struct term_state *out, struct lw_error *err)
{
    bool few = terms[term->kind].kept;
    enum lw_status status;

    /* with the numbers 1 to TERM_BINDS, while it stands alone */
    *out = (struct term_state){.term = term};
    status = find_names(journal, term, out, err);
    if (status == LW_OK)
        status = make_query(term, &out->query, err);
    if (status == LW_OK && !few && has_set(term))
        status = is_few(journal, out, &few, err);
    if (status == LW_OK && few)
        status = find_set(journal, out, err);
    out->base = base;
    if (status == LW_NO_MEMORY)
        lw_fail(err, status, "out of memory");
    if (status != LW_OK)
        term_end(out);
    return status;
}

void term_end(struct term_state *state)
{
    for (int i = 0; i < TERM_LISTS; i++)
        lw_buf_free(&state->list[i]);
    lw_buf_free(&state->query);
    kept_release(state->set);
    state->set = NULL;
}

/* ---- functions --------------------------------------------------------------------------------
 */

static enum lw_status read_two(const char *const *text, struct lw_when when[2],
                               struct lw_error *err)
{
    enum lw_status status = lw_when_parse(text[0], strlen(text[0]), &when[0], err);

    if (status == LW_OK)
        status = lw_when_parse(text[1], strlen(text[1]), &when[1], err);
    else
        lw_error_prefix(err, "an entry holds a date that cannot be read");
    return status;
}

static enum lw_status when_overlaps(void *context, const char *const *text, int64_t *result,
                                    struct lw_error *err)
{
    struct lw_when when[2];
    enum lw_status status = read_two(text, when, err);

    (void)context;
    if (status == LW_OK)
        *result = lw_when_overlaps(&when[0], &when[1]);
    return status;
}

static enum lw_status when_since(void *context, const char *const *text, int64_t *result,
                                 struct lw_error *err)
{
    struct lw_when when[2];
    enum lw_status status = read_two(text, when, err);

    (void)context;
    if (status != LW_OK)
        return status;
    when[1].latest = LW_TIME_MAX;
    when[1].open = true;
    *result = lw_when_overlaps(&when[0], &when[1]);
    return LW_OK;
}

static enum lw_status when_until(void *context, const char *const *text, int64_t *result,
                                 struct lw_error *err)
{
    struct lw_when when[2];
    enum lw_status status = read_two(text, when, err);

    (void)context;
    if (status != LW_OK)
        return status;
    when[1].earliest = LW_TIME_MIN;
    when[1].open = true;
    *result = lw_when_overlaps(&when[0], &when[1]);
    return LW_OK;
}

/* Is all of a date before that wall-clock second? */
static enum lw_status when_ended(void *context, const char *const *text, int64_t *result,
                                 struct lw_error *err)
{
    struct lw_when when;
    uint64_t now = 0;
    enum lw_status status;

    (void)context;
    *result = 0;
    if (text[0] == NULL || text[1] == NULL ||
        !lw_parse_u64(text[1], strlen(text[1]), INT64_MAX, &now))
        return LW_OK;
    status = lw_when_parse(text[0], strlen(text[0]), &when, err);
    if (status == LW_OK)
        *result = when.latest <= (int64_t)now;
    else
        lw_error_prefix(err, "a task holds a date that cannot be read");
    return status;
}

static enum lw_status contradicted(void *journal, const char *const *text, int64_t *result,
                                   struct lw_error *err)
{
    uint64_t n = 0;
    bool found = false;
    enum lw_status status = LW_OK;

    if (text[0] != NULL && lw_parse_u64(text[0], strlen(text[0]), INT64_MAX, &n))
        status = entry_contradicted(journal, (int64_t)n, &found, err);
    *result = found;
    return status;
}

enum lw_status term_functions(struct lw_journal *journal, struct lw_error *err)
{
    static const struct {
        const char *name;
        int texts;
        lw_store_function *call;
    } functions[] = {
        {"when_overlaps", 2, when_overlaps}, {"when_since", 2, when_since},
        {"when_until", 2, when_until},       {"when_ended", 2, when_ended},
        {"contradicted", 1, contradicted},
    };
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(functions) && status == LW_OK; i++)
        status = lw_store_define(journal->store, functions[i].name, functions[i].texts,
                                 functions[i].call, journal, err);
    return status;
}
