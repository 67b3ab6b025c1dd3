/* Spellings of whole texts: their words, the keys of all of them, and whether some stand in one. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ---- words of a text ------------------------------------------------------------------------- */

/* What stands inside a word without ending it: O'Brien, Grozn'yy. */
static bool joins(uint32_t point)
{
    return point == 0x27 || point == 0x60 || point == 0x2019 ||
           (point >= 0x2B9 && point <= 0x2BC) || point == 0x2032 || point == 0x2033;
}

static bool is_letter(uint32_t point)
{
    if (point < 0x80)
        return (point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_CO:
        return true;
    default:
        return false;
    }
}

bool lw_spelling_word(const char *text, size_t len, size_t *at, size_t *word_len)
{
    size_t start = 0, end = 0;

    for (size_t here = *at, used; here < len; here += used) {
        uint32_t point;

        used = lw_utf8_next(text + here, len - here, &point);
        if (used == 0)
            break;
        if (is_letter(point)) {
            if (end == 0)
                start = here;
            end = here + used;
        } else if (end != 0 && !joins(point)) {
            break;
        }
    }
    if (end == 0)
        return false;
    *at = start;
    *word_len = end - start;
    return true;
}

/* Is it among the words of a list, which are separated by blanks? */
static bool is_listed(const char *list, const char *word, size_t len)
{
    for (const char *at = list; *at != '\0'; at += *at == ' ') {
        size_t same = 0;

        while (same < len && at[same] == word[same])
            same++;
        at += same;
        if (same == len && (*at == ' ' || *at == '\0'))
            return true;
        while (*at != ' ' && *at != '\0')
            at++;
    }
    return false;
}

/* Do both lists have a key in common? */
static bool share_key(const char *a, const char *b)
{
    for (const char *at = a; *at != '\0';) {
        size_t len = strcspn(at, " ");

        if (is_listed(b, at, len))
            return true;
        at += len + (at[len] != '\0');
    }
    return false;
}

/* Without keys words are the same where they fold alike. */
enum lw_status lw_spelling_same(const struct lw_spelled *a, const struct lw_spelled *b, bool *same)
{
    struct lw_buf x = LW_BUF_INIT, y = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    *same = share_key(a->keys, b->keys);
    if (*same || (a->keys[0] != '\0' && b->keys[0] != '\0'))
        return LW_OK;
    status = lw_utf8_fold(a->word, a->len, &x);
    if (status == LW_OK)
        status = lw_utf8_fold(b->word, b->len, &y);
    *same = status == LW_OK && strcmp(lw_buf_text(&x), lw_buf_text(&y)) == 0;
    lw_buf_free(&x);
    lw_buf_free(&y);
    return status;
}

static enum lw_status is_same(const char *a, size_t a_len, const char *b, size_t b_len, bool *same)
{
    struct lw_buf x = LW_BUF_INIT, y = LW_BUF_INIT;
    enum lw_status status = lw_spelling_keys(a, a_len, &x);

    *same = false;
    if (status == LW_OK)
        status = lw_spelling_keys(b, b_len, &y);
    if (status == LW_OK) {
        const struct lw_spelled one = {a, a_len, lw_buf_text(&x)};
        const struct lw_spelled other = {b, b_len, lw_buf_text(&y)};

        status = lw_spelling_same(&one, &other, same);
    }
    lw_buf_free(&x);
    lw_buf_free(&y);
    return status;
}

static enum lw_status has_word(const char *text, size_t len, const char *word, size_t word_len,
                               size_t *count, bool *found)
{
    enum lw_status status = LW_OK;
    size_t size;

    *count = 0;
    *found = false;
    for (size_t at = 0; status == LW_OK && lw_spelling_word(text, len, &at, &size); at += size) {
        ++*count;
        if (!*found)
            status = is_same(text + at, size, word, word_len, found);
    }
    return status;
}

enum lw_status lw_spelling_has(const char *text, size_t len, const char *words, size_t words_len,
                               bool *all, bool *whole)
{
    size_t count = 0, of_text = 0, size;
    enum lw_status status = LW_OK;
    bool found = true;

    if (!lw_utf8_valid(text, len, NULL) || !lw_utf8_valid(words, words_len, NULL))
        return LW_BAD_DATA;
    for (size_t at = 0; status == LW_OK && found && lw_spelling_word(words, words_len, &at, &size);
         at += size, count++)
        status = has_word(text, len, words + at, size, &of_text, &found);
    if (status != LW_OK)
        return status;
    *all = found && count > 0;
    *whole = *all && count == of_text;
    return LW_OK;
}

/* ---- the keys of a text ---------------------------------------------------------------------- */

/* Words that were met, by their place in a buffer. Start with {0}. */
struct met {
    uint32_t *cell; /* place plus one; 0: free */
    size_t cap;     /* a power of two */
    size_t count;
};

static uint64_t hash_of(const char *word, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

static bool is_word_at(const char *text, size_t place, const char *word, size_t len)
{
    return memcmp(text + place, word, len) == 0 && (text[place + len] == ' ' || !text[place + len]);
}

/* The cell of a word of text, or the free one where it would stand. */
static uint32_t *cell_of(const struct met *met, const char *text, size_t text_len, const char *word,
                         size_t len)
{
    size_t at = (size_t)hash_of(word, len) & (met->cap - 1);

    while (met->cell[at] != 0 && (text_len - (met->cell[at] - 1) < len ||
                                  !is_word_at(text, met->cell[at] - 1, word, len)))
        at = (at + 1) & (met->cap - 1);
    return &met->cell[at];
}

static enum lw_status met_grow(struct met *met, const char *text, size_t text_len)
{
    struct met larger = {.cap = met->cap > 0 ? 2 * met->cap : 64, .count = met->count};

    larger.cell = calloc(larger.cap, sizeof(*larger.cell));
    if (larger.cell == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < met->cap; i++) {
        const char *word = text + met->cell[i] - 1;

        if (met->cell[i] != 0)
            *cell_of(&larger, text, text_len, word, strcspn(word, " ")) = met->cell[i];
    }
    free(met->cell);
    *met = larger;
    return LW_OK;
}

/* Appends the word and a blank where it is new. */
static enum lw_status add_new(struct met *met, struct lw_buf *list, const char *word, size_t len,
                              bool *new)
{
    enum lw_status status = LW_OK;
    uint32_t *cell;

    if (2 * met->count >= met->cap)
        status = met_grow(met, lw_buf_text(list), list->len);
    if (status != LW_OK)
        return status;
    cell = cell_of(met, lw_buf_text(list), list->len, word, len);
    *new = *cell == 0;
    if (!*new)
        return LW_OK;
    if (list->len > UINT32_MAX - len - 2)
        return LW_TOO_LONG;
    *cell = (uint32_t)list->len + 1;
    met->count++;
    status = lw_buf_add(list, word, len);
    return status == LW_OK ? lw_buf_addc(list, ' ') : status;
}

/* Is it the key, but for capital letters? Then the word itself is found by it. */
static bool is_own_key(const char *word, size_t len, const char *key, size_t key_len)
{
    if (len != key_len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((word[i] >= 'A' && word[i] <= 'Z' ? word[i] + ('a' - 'A') : word[i]) != key[i])
            return false;
    }
    return true;
}

struct texts {
    struct met words, keys;
    struct lw_buf seen, list, own; /* words; keys of the text; keys of one word */
};

static enum lw_status add_word(struct texts *texts, const char *word, size_t len)
{
    bool new = false;
    enum lw_status status = add_new(&texts->words, &texts->seen, word, len, &new);

    if (status != LW_OK || !new)
        return status;
    lw_buf_clear(&texts->own);
    status = lw_spelling_keys(word, len, &texts->own);
    for (const char *at = lw_buf_text(&texts->own); status == LW_OK && *at != '\0';) {
        size_t size = strcspn(at, " ");

        if (!is_own_key(word, len, at, size))
            status = add_new(&texts->keys, &texts->list, at, size, &new);
        at += size + (at[size] != '\0');
    }
    return status;
}

enum lw_status lw_spelling_text(const char *text, size_t len, struct lw_buf *out)
{
    struct texts texts = {.seen = LW_BUF_INIT, .list = LW_BUF_INIT, .own = LW_BUF_INIT};
    enum lw_status status = lw_utf8_valid(text, len, NULL) ? LW_OK : LW_BAD_DATA;
    size_t size;

    for (size_t at = 0; status == LW_OK && lw_spelling_word(text, len, &at, &size); at += size)
        status = add_word(&texts, text + at, size);
    if (status == LW_OK && texts.list.len > 0)
        status = lw_buf_add(out, texts.list.data, texts.list.len - 1);
    free(texts.words.cell);
    free(texts.keys.cell);
    lw_buf_free(&texts.seen);
    lw_buf_free(&texts.list);
    lw_buf_free(&texts.own);
    return status;
}
