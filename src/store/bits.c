/* Sets of keys as bits, and the function by which SQL looks into them. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define POINTER "lw_bits" /* the type of what is bound, for SQLite */

enum lw_status lw_bits_add(struct lw_bits *bits, int64_t key)
{
    size_t at = (size_t)(key / 64);

    if (key < 0 || key >= LW_BITS_MOST)
        return LW_TOO_LONG;
    if (at >= bits->words) {
        size_t words = bits->words == 0 ? 64 : bits->words;
        uint64_t *grown;

        while (words <= at)
            words *= 2;
        grown = realloc(bits->word, words * sizeof(*grown));
        if (grown == NULL)
            return LW_NO_MEMORY;
        memset(grown + bits->words, 0, (words - bits->words) * sizeof(*grown));
        bits->word = grown;
        bits->words = words;
    }
    bits->word[at] |= UINT64_C(1) << (key % 64);
    return LW_OK;
}

bool lw_bits_has(const struct lw_bits *bits, int64_t key)
{
    return key >= 0 && (uint64_t)key / 64 < bits->words &&
           (bits->word[key / 64] >> (key % 64) & 1) != 0;
}

enum lw_status lw_bits_copy(const struct lw_bits *bits, struct lw_bits *out)
{
    struct lw_bits copy = {.words = bits->words};

    if (bits->words > 0) {
        copy.word = malloc(bits->words * sizeof(*copy.word));
        if (copy.word == NULL)
            return LW_NO_MEMORY;
        memcpy(copy.word, bits->word, bits->words * sizeof(*copy.word));
    }
    *out = copy;
    return LW_OK;
}

void lw_bits_keep(struct lw_bits *bits, const struct lw_bits *other)
{
    for (size_t i = 0; i < bits->words; i++)
        bits->word[i] &= i < other->words ? other->word[i] : 0;
}

void lw_bits_drop(struct lw_bits *bits, const struct lw_bits *other)
{
    for (size_t i = 0; i < bits->words && i < other->words; i++)
        bits->word[i] &= ~other->word[i];
}

enum lw_status lw_bits_join(struct lw_bits *bits, const struct lw_bits *other)
{
    struct lw_bits copy;

    if (bits->words < other->words) {
        if (lw_bits_copy(other, &copy) != LW_OK)
            return LW_NO_MEMORY;
        for (size_t i = 0; i < bits->words; i++)
            copy.word[i] |= bits->word[i];
        free(bits->word);
        *bits = copy;
        return LW_OK;
    }
    for (size_t i = 0; i < other->words; i++)
        bits->word[i] |= other->word[i];
    return LW_OK;
}

size_t lw_bits_count(const struct lw_bits *bits)
{
    size_t count = 0;

    for (size_t i = 0; i < bits->words; i++)
        count += (size_t)__builtin_popcountll(bits->word[i]);
    return count;
}

int64_t lw_bits_next(const struct lw_bits *bits, int64_t from)
{
    for (size_t at = (size_t)(from / 64); at < bits->words; at++) {
        uint64_t word = bits->word[at];

        if (at == (size_t)(from / 64))
            word &= UINT64_MAX << (from % 64);
        if (word != 0)
            return (int64_t)at * 64 + __builtin_ctzll(word);
    }
    return -1;
}

void lw_bits_free(struct lw_bits *bits)
{
    if (bits->word != NULL)
        lw_zero(bits->word, bits->words * sizeof(*bits->word));
    free(bits->word);
    *bits = (struct lw_bits){.word = NULL};
}

void lw_stmt_bind_bits(struct lw_stmt *stmt, int at, const struct lw_bits *bits)
{
    union {
        const struct lw_bits *bits;
        void *pointer; /* it is only read */
    } bound = {.bits = bits};
    int code = sqlite3_bind_pointer(stmt->handle, at, bound.pointer, POINTER, NULL);

    if (code != SQLITE_OK && stmt->bind_status == SQLITE_OK)
        stmt->bind_status = code;
}

/* in_bits(set, key) */
static void in_bits(sqlite3_context *call, int count, sqlite3_value **value)
{
    const struct lw_bits *bits = sqlite3_value_pointer(value[0], POINTER);

    (void)count;
    sqlite3_result_int(call, bits != NULL && lw_bits_has(bits, sqlite3_value_int64(value[1])));
}

int store_define_bits(sqlite3 *db)
{
    return sqlite3_create_function_v2(db, "in_bits", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL,
                                      in_bits, NULL, NULL, NULL);
}
