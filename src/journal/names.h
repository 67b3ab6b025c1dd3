/* Names in memory (names_held.c), for who looks through them (names.c). */
#ifndef LW_JOURNAL_NAMES_H
#define LW_JOURNAL_NAMES_H

#include "filter_tree.h"

/* Tables and columns of them that say what something is called. */
enum { NAME_COLUMNS = 8 };

/* What stands in one row. Places are those in names->text. */
struct held_name {
    int64_t row, key; /* of what is called so */
    uint32_t text, len;
    uint32_t hash;  /* of its folded form */
    uint32_t words; /* place in names->list: how many, and which */
};
/* A word of any of them. */
struct held_word {
    uint32_t text, len, keys;
};

/* As far as they were read under a version of the store. */
struct held_column {
    bool begun, done;
    uint32_t version;
    size_t checked;     /* so many of the names are what the store has */
    int64_t last;       /* row of the last one of these */
    struct lw_buf name; /* struct held_name, in order of their rows */
};

struct names {
    struct held_column column[NAME_COLUMNS];
    struct lw_buf text; /* names, and the keys of words, each with a NUL */
    struct lw_buf word; /* struct held_word, each once */
    struct lw_buf list; /* uint32_t */
    uint32_t *cell;     /* from words to their number plus one; 0: free */
    size_t cells;       /* a power of two */
    size_t waste;       /* bytes of text that belong to no name any more */
};

/* The class of what a column names. */
unsigned names_class(size_t column);
/* Those of this snapshot, as far as they were read, or none yet: also where none may be held, and
 * then *own is true and they are to be given back. NULL: no memory. */
struct names *names_begin(struct lw_journal *journal, bool *own);
void names_end(struct names *names, bool own);
/* Reads on: at most so many rows of a column. */
enum lw_status names_read(struct lw_journal *journal, struct names *names, size_t column,
                          size_t rows, struct lw_error *err) LW_MUST_USE;

const struct held_name *names_of(const struct names *names, size_t column, size_t *count);
const struct held_word *names_words(const struct names *names, size_t *count);
/* The words of a name by their numbers. */
const uint32_t *names_list(const struct names *names, const struct held_name *name, size_t *count);
/* Of a folded form. */
uint32_t names_hash(const char *text, size_t len);

#endif
