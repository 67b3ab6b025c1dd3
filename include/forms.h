/*
 * forms: kinds of entry as data. What a kind is called, by which words it is found, what it asks
 * beyond the common and of which type, and what a lawyer will ask. Knows no file: what reads one, or
 * the vault, builds kinds pair by pair.
 */
#ifndef LW_FORMS_H
#define LW_FORMS_H

#include "base.h"

enum lw_language { LW_ENGLISH, LW_RUSSIAN, LW_LANGUAGES };

/* LW_RUSSIAN for "ru", "ru_RU.UTF-8"; else LW_ENGLISH. */
enum lw_language lw_language_of(const char *locale);

/* The same text by language; owned. NULL: not given. */
struct lw_label {
    char *in[LW_LANGUAGES];
};

/* The second is the word in a file. */
#define LW_QUESTION_TYPES(X)                                                                       \
    X(TEXT, "text")                                                                                \
    X(LONG, "long-text")                                                                           \
    X(COUNT, "count")                                                                              \
    X(YES_NO, "yes-no")                                                                            \
    X(DATE, "date")                                                                                \
    X(CHOICE, "choice")                                                                            \
    X(PARTY, "party")                                                                              \
    X(PLACE, "place")                                                                              \
    X(ITEMS, "items")

enum lw_question_type {
#define LW_QUESTION_ENUM(name, word) LW_QUESTION_##name,
    LW_QUESTION_TYPES(LW_QUESTION_ENUM)
#undef LW_QUESTION_ENUM
        LW_QUESTION_TYPE_COUNT
};
/* As a file names them: "long-text". */
extern const char *const lw_question_type_words[LW_QUESTION_TYPE_COUNT];

enum {
    LW_KIND_NAME = 32,   /* bytes of a name with its NUL */
    LW_KIND_WORDS = 24,  /* further words that lead to a kind */
    LW_KIND_ASKS = 32,   /* questions of one kind */
    LW_KIND_CHOICES = 16,
    LW_KIND_CHECKS = 16,
    LW_KIND_VALUE = 400, /* bytes of a value */
};

/* What a kind asks beyond the common; one field of its form, `key` in the records. */
struct lw_question {
    char *key;
    struct lw_label label, hint;
    enum lw_question_type type; /* LW_QUESTION_TYPE_COUNT until it is known */
    bool many;                  /* several answers, one a line */
    bool many_set;
    char *choice[LW_LANGUAGES][LW_KIND_CHOICES]; /* those in English are what is recorded */
    size_t choice_count[LW_LANGUAGES];
    const char *item; /* ITEMS: the kind of their records; static */
};

/* The lists that entries of a kind can stand in; the second is the word in a file. */
#define LW_KIND_LISTS(X)                                                                           \
    X(THREATS, "threats")                                                                          \
    X(INTERVENTIONS, "interventions")                                                              \
    X(DETENTIONS, "detentions")                                                                    \
    X(SEARCHES, "searches")

enum lw_kind_list {
#define LW_KIND_LIST_ENUM(name, word) LW_KIND_IN_##name,
    LW_KIND_LISTS(LW_KIND_LIST_ENUM)
#undef LW_KIND_LIST_ENUM
        LW_KIND_LIST_COUNT
};
extern const char *const lw_kind_list_words[LW_KIND_LIST_COUNT];

enum lw_kind_origin { LW_KIND_SHIPPED, LW_KIND_TEAM, LW_KIND_VAULT };

struct lw_kind {
    char name[LW_KIND_NAME];
    struct lw_label label;
    char *word[LW_KIND_WORDS];
    size_t word_count;
    char *huridocs; /* "4 03 01 02": micro-thesaurus and code; or NULL */
    /* Common fields that its form shows before its questions; indices of lw_common_fields. */
    size_t first[16];
    size_t first_count;
    struct lw_question question[LW_KIND_ASKS];
    size_t question_count;
    struct lw_label check[LW_KIND_CHECKS]; /* what a lawyer will ask */
    size_t check_count;
    unsigned lists;    /* bits: 1 << enum lw_kind_list */
    bool states_lists; /* false: those of the kind whose place it took, if any */
    enum lw_kind_origin origin;
};

/* Names of the fields that every form has, but title and kind; NULL-terminated. */
extern const char *const lw_common_fields[];

/* ---- one kind, pair by pair (kind.c) ------------------------------------------------------------ */

/* BAD_DATA with the reason, which names no file. The kind stays usable after every error. */
enum lw_status lw_kind_new(const char *name, size_t len, struct lw_kind **out,
                           struct lw_error *err) LW_MUST_USE;
void lw_kind_free(struct lw_kind *kind); /* NULL does nothing */
/* A new question; *at is its index. */
enum lw_status lw_kind_ask(struct lw_kind *kind, const char *key, size_t len, size_t *at,
                           struct lw_error *err) LW_MUST_USE;
#define LW_KIND_ITSELF SIZE_MAX
/* Takes "key = value" for a question, or for the kind itself. */
enum lw_status lw_kind_take(struct lw_kind *kind, size_t question, const char *key,
                            const char *value, struct lw_error *err) LW_MUST_USE;
/* What only the whole shows. *question: where; it can be dropped, and this called again. Where it is
 * LW_KIND_ITSELF and there is a label, what was wrong is taken out already. */
enum lw_status lw_kind_finish(struct lw_kind *kind, size_t *question,
                              struct lw_error *err) LW_MUST_USE;
void lw_kind_drop(struct lw_kind *kind, size_t question);
/* NULL, or the question of that key. */
const struct lw_question *lw_kind_question(const struct lw_kind *kind, const char *key);

/* ---- a kind as text (kind_text.c): how a vault keeps it ------------------------------------------ */

/* "[name]", its pairs, then "[name/key]" and the pairs of each question; one a line. */
enum lw_status lw_kind_write(const struct lw_kind *kind, struct lw_buf *out) LW_MUST_USE;
/* BAD_DATA, with the line, for anything that lw_kind_write does not write. */
enum lw_status lw_kind_read(const char *text, size_t len, struct lw_kind **out,
                            struct lw_error *err) LW_MUST_USE;

/* ---- all of them (forms.c) ----------------------------------------------------------------------- */

struct lw_forms;

/* Starts with the kinds of `below` (may be NULL), which must stay and be left as it is. NULL: no
 * memory. */
struct lw_forms *lw_forms_new(const struct lw_forms *below, enum lw_language language) LW_MUST_USE;
void lw_forms_free(struct lw_forms *forms); /* NULL does nothing */
/* Takes the kind over, in place of one of the same name. Where it does not state its lists, it
 * stays in those of that one. On error it stays the caller's. */
enum lw_status lw_forms_put(struct lw_forms *forms, struct lw_kind *kind,
                            struct lw_error *err) LW_MUST_USE;
/* Moves all kinds of `from`, which has no forms below it and is freed, into another. On error it is
 * freed too. */
enum lw_status lw_forms_join(struct lw_forms *into, struct lw_forms *from,
                             struct lw_error *err) LW_MUST_USE;
enum lw_language lw_forms_language(const struct lw_forms *forms);
/* Forms may be NULL from here on: none. */
size_t lw_forms_count(const struct lw_forms *forms);
const struct lw_kind *lw_forms_at(const struct lw_forms *forms, size_t at);
const struct lw_kind *lw_forms_kind(const struct lw_forms *forms, const char *name); /* or NULL */
/* The text in the language of the forms, else in the other; NULL where there is none. */
const char *lw_label_say(const struct lw_forms *forms, const struct lw_label *label);
/* The choice as it is shown; word is what is recorded. */
const char *lw_choice_label(const struct lw_forms *forms, const struct lw_question *question,
                            const char *word);

/* The name of a kind by its name, its label in any language or another of its words; letter case,
 * "-", "_" and blanks make no difference. NULL where there is none. It stays as long as the forms. */
const char *lw_kind_find(const struct lw_forms *forms, const char *text, size_t len);
/* "own measure"; the name itself for a kind that is not there. */
const char *lw_kind_label(const struct lw_forms *forms, const char *name);
/* As it is compared: equal where lw_kind_find makes no difference. */
enum lw_status lw_kind_fold(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Whether text is that word, compared so; never where text is empty. */
bool lw_words_equal(const char *text, size_t len, const char *word);

#endif
