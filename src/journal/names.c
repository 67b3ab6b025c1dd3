/* Names of a filter: which people, places, sources and incidents one may mean. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

enum fit { FIT_WORDS, FIT_ALIKE, FIT_EQUAL, FITS };

/* A name that is looked for among those that are held. */
struct looking {
    const struct names *names;
    unsigned classes;
    const char *name;
    struct lw_buf folded;
    uint32_t hash;              /* of that */
    size_t words;               /* in the name */
    uint8_t *is_one;            /* of each word that is held: is it the word that is looked at? */
    uint8_t *has[NAME_COLUMNS]; /* of each name: does it have all words until then? */
    struct key_list key[FITS][CLASS_COUNT];
    size_t count[FITS];
};

static bool is_wanted(const struct looking *looking, size_t column)
{
    return (looking->classes & (1U << names_class(column))) != 0;
}

/* Which of the words that are held are that one, in any spelling? */
static enum lw_status compare_words(struct looking *looking, const char *word, size_t len)
{
    const char *text = looking->names->text.data;
    struct lw_buf keys = LW_BUF_INIT;
    size_t count;
    const struct held_word *held = names_words(looking->names, &count);
    enum lw_status status = lw_spelling_keys(word, len, &keys);

    for (size_t i = 0; i < count && status == LW_OK; i++) {
        const struct lw_spelled one = {text + held[i].text, held[i].len, text + held[i].keys};
        const struct lw_spelled other = {word, len, lw_buf_text(&keys)};
        bool same = false;

        status = lw_spelling_same(&one, &other, &same);
        looking->is_one[i] = same;
    }
    lw_buf_free(&keys);
    return status;
}

static bool has_one(const struct looking *looking, const struct held_name *name)
{
    size_t count;
    const uint32_t *list = names_list(looking->names, name, &count);

    for (size_t i = 0; i < count; i++) {
        if (looking->is_one[list[i]])
            return true;
    }
    return false;
}

static void leave_those_with_it(struct looking *looking, size_t column)
{
    size_t count;
    const struct held_name *name = names_of(looking->names, column, &count);

    for (size_t i = 0; i < count; i++)
        looking->has[column][i] = looking->has[column][i] && has_one(looking, &name[i]);
}

/* Leaves those names that have all words of the one that is looked for. */
static enum lw_status compare_all(struct looking *looking)
{
    size_t len = strlen(looking->name), size;
    enum lw_status status = LW_OK;

    for (size_t at = 0; status == LW_OK && lw_spelling_word(looking->name, len, &at, &size);
         at += size, looking->words++) {
        status = compare_words(looking, looking->name + at, size);
        for (size_t i = 0; i < NAME_COLUMNS && status == LW_OK; i++) {
            if (is_wanted(looking, i))
                leave_those_with_it(looking, i);
        }
    }
    return status;
}

/* Do they fold alike? Nothing is left of accents alone. */
static enum lw_status is_equal(const struct looking *looking, const struct held_name *name,
                               bool *equal)
{
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    *equal = false;
    if (looking->folded.len == 0 || name->hash != looking->hash)
        return LW_OK;
    status = lw_utf8_fold(looking->names->text.data + name->text, name->len, &folded);
    *equal = status == LW_OK && strcmp(lw_buf_text(&folded), looking->folded.data) == 0;
    lw_buf_free(&folded);
    return status;
}

static enum lw_status take_fits(struct looking *looking, size_t column)
{
    size_t count, words;
    const struct held_name *name = names_of(looking->names, column, &count);
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < count && status == LW_OK; i++) {
        enum fit fit = FIT_EQUAL;
        bool equal;

        status = is_equal(looking, &name[i], &equal);
        names_list(looking->names, &name[i], &words);
        if (!equal)
            fit = words == looking->words ? FIT_ALIKE : FIT_WORDS;
        if (status != LW_OK || (!equal && (looking->words == 0 || !looking->has[column][i])))
            continue;
        looking->count[fit]++;
        status = key_list_add(&looking->key[fit][names_class(column)], name[i].key);
    }
    return status;
}

static enum lw_status look_through(struct looking *looking)
{
    size_t count;
    enum lw_status status = lw_utf8_fold(looking->name, strlen(looking->name), &looking->folded);

    looking->hash = names_hash(lw_buf_text(&looking->folded), looking->folded.len);
    names_words(looking->names, &count);
    looking->is_one = calloc(count + 1, 1);
    if (looking->is_one == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < NAME_COLUMNS; i++) {
        if (!is_wanted(looking, i))
            continue;
        names_of(looking->names, i, &count);
        looking->has[i] = malloc(count + 1);
        if (looking->has[i] == NULL)
            return LW_NO_MEMORY;
        memset(looking->has[i], 1, count);
    }
    if (status == LW_OK)
        status = compare_all(looking);
    for (size_t i = 0; i < NAME_COLUMNS && status == LW_OK; i++) {
        if (is_wanted(looking, i))
            status = take_fits(looking, i);
    }
    return status;
}

/* Takes over the lists of the best fit that there is. */
static bool take_best(struct looking *looking, struct key_list found[CLASS_COUNT])
{
    for (int fit = FITS - 1; fit >= 0; fit--) {
        if (looking->count[fit] == 0)
            continue;
        for (int class = 0; class < CLASS_COUNT; class ++) {
            found[class] = looking->key[fit][class];
            looking->key[fit][class] = (struct key_list){0};
            key_list_sort(&found[class]);
        }
        return true;
    }
    return false;
}

static void looking_end(struct looking *looking)
{
    for (int fit = 0; fit < FITS; fit++) {
        for (int class = 0; class < CLASS_COUNT; class ++)
            key_list_free(&looking->key[fit][class]);
    }
    for (size_t i = 0; i < NAME_COLUMNS; i++)
        free(looking->has[i]);
    free(looking->is_one);
    lw_buf_free(&looking->folded);
}

static enum lw_status look(struct lw_journal *journal, unsigned classes, const char *name,
                           struct key_list found[CLASS_COUNT], bool *any, struct lw_error *err)
{
    bool own;
    struct names *names = names_begin(journal, &own);
    struct looking looking = {.names = names, .classes = classes, .name = name};
    enum lw_status status = LW_OK;

    for (int class = 0; class < CLASS_COUNT; class ++)
        found[class] = (struct key_list){0};
    *any = false;
    if (names == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < NAME_COLUMNS && status == LW_OK; i++) {
        if (is_wanted(&looking, i))
            status = names_read(journal, names, i, SIZE_MAX, err);
    }
    if (status == LW_OK && (status = look_through(&looking)) != LW_OK)
        lw_fail(err, status, "a name of the filter cannot be compared: %s",
                lw_status_message(status));
    if (status == LW_OK)
        *any = take_best(&looking, found);
    looking_end(&looking);
    names_end(names, own);
    return status;
}

enum lw_status names_find(struct lw_journal *journal, unsigned classes, const char *name,
                          struct key_list found[CLASS_COUNT], bool *any, struct lw_error *err)
{
    enum lw_status status;

    if (kept_name(journal, classes, name, found, any))
        return LW_OK;
    status = look(journal, classes, name, found, any, err);
    if (status == LW_OK)
        kept_name_keep(journal, classes, name, found, *any);
    return status;
}
