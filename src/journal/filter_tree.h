/* A filter that was read, and how it becomes conditions; shared by the files of filters. */
#ifndef LW_JOURNAL_FILTER_TREE_H
#define LW_JOURNAL_FILTER_TREE_H

#include "view.h"

enum { TERMS_MAX = 64, NODES_MAX = 4 * TERMS_MAX, DEPTH_MAX = 32, FILTER_MAX = 4096 };

enum term_kind {
    TERM_KIND,
    TERM_REF,
    TERM_DRAFT,
    TERM_SEALED,
    TERM_CONFIDENTIALITY,
    TERM_SINCE,
    TERM_UNTIL,
    TERM_WHEN,
    TERM_INCIDENT,
    TERM_PARTY,
    TERM_PLACE,
    TERM_SOURCE,
    TERM_NAME,
    TERM_ROLE,
    TERM_SEARCH, /* words as they are typed into a search */
    TERM_WORD,
    TERM_PHRASE,
    TERM_HEDGE,
    TERM_ITEM,
    TERM_ITEM_WORDS,
    TERM_ANSWER,       /* one of the words that are recorded: yes, a choice */
    TERM_ANSWER_WORDS, /* anything else */
    TERM_HAS_ACCOUNT,
    TERM_HAS_CONTRADICTION,
    TERM_HAS_HEDGE,
    TERM_HAS_DATE,
    TERM_HAS_PLACE,
    TERM_HAS_KIND,
    TERM_HAS_PERSON,
    TERM_HAS_ITEM,
    TERM_HAS_TASK,
    TERM_HAS_LINK,
    TERM_HAS_TEXT,
    TERM_INCOMPLETE,
    TERM_OVERDUE,
    TERM_KINDS
};

struct filter_term {
    enum term_kind kind;
    size_t at;  /* where it stands in the text */
    char *text; /* owned */
    char *key;  /* owned: of an answer, a role */
    bool has_id;
    uint8_t id[LW_RECORD_ID]; /* in place of a name */
    struct lw_when when;
};

enum node_kind { NODE_TERM, NODE_AND, NODE_OR, NODE_NOT };

struct filter_node {
    enum node_kind kind;
    size_t a, b; /* nodes; a of NODE_TERM is a term */
};

struct lw_filter_tree {
    struct filter_term term[TERMS_MAX];
    size_t term_count;
    struct filter_node node[NODES_MAX];
    size_t node_count;
    size_t root; /* where there is a node */
};

/* ---- the tree (filter_parse.c) ---- */

/* The node of a new term; its text and key are copied. TOO_LONG beyond the most. */
enum lw_status tree_term(struct lw_filter_tree *tree, enum term_kind kind, const char *text,
                         size_t len, size_t *node) LW_MUST_USE;
enum lw_status tree_join(struct lw_filter_tree *tree, enum node_kind kind, size_t a, size_t b,
                         size_t *node) LW_MUST_USE;

/* ---- keys (filter_keys.c) ---- */

/* What stands behind a key. */
enum filter_value {
    VALUE_KIND,
    VALUE_PARTY,
    VALUE_PLACE,
    VALUE_SOURCE,
    VALUE_INCIDENT,
    VALUE_NAME,
    VALUE_REF,
    VALUE_STATUS,
    VALUE_CONFIDENTIALITY,
    VALUE_SINCE,
    VALUE_UNTIL,
    VALUE_WHEN,
    VALUE_HEDGE,
    VALUE_ITEM,
    VALUE_HAS,
    VALUE_NO,
    VALUE_IS
};

/* A word in both languages, what is recorded or meant by it, and which key it belongs to. */
struct filter_word {
    const char *in[LW_LANGUAGES];
    int means;
};

/* enum filter_value, or -1. */
int filter_key_find(const char *text, size_t len);
/* What the word means behind that key, or -1. */
int filter_word_find(enum filter_value value, const char *text, size_t len);
/* The words of a key, NULL where it takes no fixed ones. */
const struct filter_word *filter_words(enum filter_value value, size_t *count);
/* Appends "; did you mean X?" for the key or kind of entry that is nearest, if one is near. */
enum lw_status filter_suggest_key(const struct lw_forms *forms, const char *text, size_t len,
                                  struct lw_buf *out) LW_MUST_USE;
enum lw_status filter_suggest_kind(const struct lw_forms *forms, const char *text, size_t len,
                                   struct lw_buf *out) LW_MUST_USE;
/* "draft or sealed": what may stand behind a key of fixed words. */
enum lw_status filter_say_words(enum filter_value value, enum lw_language language,
                                struct lw_buf *out) LW_MUST_USE;

/* ---- terms as SQL (filter_term.c) ---- */

enum { TERM_LISTS = 3, TERM_BINDS = 6 };

/* What is bound for a term, for as long as a snapshot is held. */
struct term_state {
    const struct filter_term *term;
    struct lw_buf list[TERM_LISTS]; /* keys as a JSON array */
    struct lw_buf query;
    struct kept *set; /* its entries, or NULL where they are not known beforehand */
    int base; /* its parameters are those behind this number */
};

/* Up to so many entries are looked up one by one and sorted; of more the timeline is walked. */
enum { TERM_FEW = 2000 };

/* Looks its names up, and its entries where they are found without walking. */
enum lw_status term_begin(struct lw_journal *journal, const struct filter_term *term, int base,
                          struct term_state *out, struct lw_error *err) LW_MUST_USE;
void term_end(struct term_state *state);
/* nested: below an "or" or a "not". */
enum lw_status term_sql(const struct term_state *state, bool nested,
                        struct lw_buf *sql) LW_MUST_USE;
void term_bind(struct lw_journal *journal, const struct term_state *state, struct lw_stmt *stmt);
/* The functions that the SQL of terms calls. */
enum lw_status term_functions(struct lw_journal *journal, struct lw_error *err) LW_MUST_USE;

/* ---- what filters found (kept.c) ---- */

enum { CLASS_PARTY, CLASS_PLACE, CLASS_SOURCE, CLASS_INCIDENT, CLASS_COUNT };

/* Beside the classes: with all that are one with those that were found. */
#define NAMES_AND_SAME (1U << CLASS_COUNT)
/* What names_find found; false where it is not kept, or there is no memory for it. */
bool kept_name(struct lw_journal *journal, unsigned classes, const char *name,
               struct key_list found[CLASS_COUNT], bool *any);
void kept_name_keep(struct lw_journal *journal, unsigned classes, const char *name,
                    const struct key_list found[CLASS_COUNT], bool any);

struct kept;

/* The keys in the first column of a statement that was bound, which is reset: as they were kept
 * under that key, or read now; without a key (NULL) they are not kept. large: reading them takes so
 * much memory that the names give way, which are read again while nothing is typed. The caller
 * releases it. TOO_LONG: one is too great for a set. */
enum lw_status kept_set(struct lw_journal *journal, const struct lw_buf *key, struct lw_stmt *stmt,
                        bool large, struct kept **out, struct lw_error *err) LW_MUST_USE;
const struct lw_bits *kept_bits(const struct kept *kept);
void kept_release(struct kept *kept); /* NULL is nothing */

/* ---- names (names.c) ---- */

/* The records of those classes (bits) that the name may mean: those with an equal one; else with
 * the same in other letters; else with all its words. *found: any. */
enum lw_status names_find(struct lw_journal *journal, unsigned classes, const char *name,
                          struct key_list found[CLASS_COUNT], bool *any,
                          struct lw_error *err) LW_MUST_USE;

#endif
