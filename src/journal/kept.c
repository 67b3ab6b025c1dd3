/* What filters find, kept from one page to the next: whom a name means, and which entries they
 * have. A person with a hundred thousand entries is looked up once, and again only after something
 * was saved, here or by another process. */
#include "filter_tree.h"

#include <stdlib.h>
#include <string.h>

/* A bit for each entry: of a million entries a set takes 128 KiB. */
enum { KEPT_MOST = 16 };

/* What a cache holds, and whoever filters by it. */
struct kept {
    struct lw_buf key; /* the SQL and what was bound */
    struct lw_bits bits;
    unsigned users;
    uint64_t used; /* greater: later */
};

struct kept_name {
    struct lw_buf key; /* empty: none is kept here */
    bool any;
    struct key_list found[CLASS_COUNT];
};

struct kept_sets {
    uint32_t version; /* of the store, under which they were read */
    uint64_t used;
    struct kept *set[KEPT_MOST];
    struct kept_name name[KEPT_MOST];
    size_t next_name; /* goes round */
};

void kept_release(struct kept *kept)
{
    if (kept == NULL || --kept->users > 0)
        return;
    lw_buf_free(&kept->key);
    lw_bits_free(&kept->bits);
    free(kept);
}

const struct lw_bits *kept_bits(const struct kept *kept)
{
    return &kept->bits;
}

static void forget_name(struct kept_name *name)
{
    lw_buf_free(&name->key);
    for (int class = 0; class < CLASS_COUNT; class ++)
        key_list_free(&name->found[class]);
    *name = (struct kept_name){.key = LW_BUF_INIT};
}

static void forget_all(struct kept_sets *sets)
{
    for (size_t i = 0; i < KEPT_MOST; i++) {
        kept_release(sets->set[i]);
        sets->set[i] = NULL;
        forget_name(&sets->name[i]);
    }
}

void kept_free(struct lw_journal *journal)
{
    if (journal->kept != NULL)
        forget_all(journal->kept);
    free(journal->kept);
    journal->kept = NULL;
}

/* Those of this snapshot, or NULL where none may be kept. */
static struct kept_sets *sets_now(struct lw_journal *journal)
{
    uint32_t version = 0;

    if (!lw_store_version(journal->store, &version))
        return NULL;
    if (journal->kept == NULL)
        journal->kept = calloc(1, sizeof(*journal->kept));
    if (journal->kept != NULL && journal->kept->version != version) {
        forget_all(journal->kept);
        journal->kept->version = version;
    }
    return journal->kept; /* without memory for it none is kept */
}

static bool is_same(const struct lw_buf *a, const struct lw_buf *b)
{
    return a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0;
}

static struct kept *find(struct kept_sets *sets, const struct lw_buf *key)
{
    for (size_t i = 0; i < KEPT_MOST; i++) {
        struct kept *kept = sets->set[i];

        if (kept == NULL || !is_same(&kept->key, key))
            continue;
        kept->used = ++sets->used;
        kept->users++;
        return kept;
    }
    return NULL;
}

/* In the place of the one that was not used for longest. */
static void keep(struct kept_sets *sets, struct kept *kept)
{
    size_t oldest = 0;

    for (size_t i = 0; i < KEPT_MOST; i++) {
        if (sets->set[i] == NULL) {
            oldest = i;
            break;
        }
        if (sets->set[i]->used < sets->set[oldest]->used)
            oldest = i;
    }
    kept_release(sets->set[oldest]);
    sets->set[oldest] = kept;
    kept->users++;
    kept->used = ++sets->used;
}

/* TOO_LONG: one of the keys is too great. */
static enum lw_status read_set(struct lw_stmt *stmt, struct lw_bits *bits, struct lw_error *err)
{
    enum lw_status status;

    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = lw_bits_add(bits, lw_stmt_int(stmt, 0));
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status == LW_TOO_LONG ? status : lw_fail(err, status, "out of memory");
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status kept_set(struct lw_journal *journal, const struct lw_buf *key, struct lw_stmt *stmt,
                        bool large, struct kept **out, struct lw_error *err)
{
    struct kept_sets *sets = key != NULL ? sets_now(journal) : NULL;
    struct kept *kept = sets != NULL ? find(sets, key) : NULL;
    enum lw_status status = LW_OK;

    if (kept != NULL) {
        lw_stmt_reset(stmt);
        *out = kept;
        return LW_OK;
    }
    if (large)
        names_free(journal);
    kept = calloc(1, sizeof(*kept));
    if (kept == NULL ||
        (key != NULL && lw_buf_add(&kept->key, lw_buf_text(key), key->len) != LW_OK))
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (kept != NULL)
        kept->users = 1;
    if (status == LW_OK)
        status = read_set(stmt, &kept->bits, err);
    if (status != LW_OK) {
        kept_release(kept);
        return status;
    }
    if (sets != NULL)
        keep(sets, kept);
    *out = kept;
    return LW_OK;
}

/* ---- names ------------------------------------------------------------------------------------
 */

static enum lw_status copy_lists(const struct key_list from[CLASS_COUNT],
                                 struct key_list to[CLASS_COUNT])
{
    enum lw_status status = LW_OK;

    for (int class = 0; class < CLASS_COUNT; class ++) {
        to[class] = (struct key_list){0};
        for (size_t i = 0; i < from[class].count && status == LW_OK; i++)
            status = key_list_add(&to[class], from[class].key[i]);
    }
    for (int class = 0; class < CLASS_COUNT && status != LW_OK; class ++)
        key_list_free(&to[class]);
    return status;
}

static enum lw_status name_key(unsigned classes, const char *name, struct lw_buf *out)
{
    return lw_buf_addf(out, "%u:%s", classes, name);
}

bool kept_name(struct lw_journal *journal, unsigned classes, const char *name,
               struct key_list found[CLASS_COUNT], bool *any)
{
    struct kept_sets *sets = sets_now(journal);
    struct lw_buf key = LW_BUF_INIT;
    bool there = false;

    if (sets == NULL || name_key(classes, name, &key) != LW_OK) {
        lw_buf_free(&key);
        return false;
    }
    for (size_t i = 0; i < KEPT_MOST && !there; i++) {
        if (!is_same(&sets->name[i].key, &key))
            continue;
        there = copy_lists(sets->name[i].found, found) == LW_OK;
        *any = sets->name[i].any;
        break;
    }
    lw_buf_free(&key);
    return there;
}

void kept_name_keep(struct lw_journal *journal, unsigned classes, const char *name,
                    const struct key_list found[CLASS_COUNT], bool any)
{
    struct kept_sets *sets = sets_now(journal);
    struct kept_name *kept;

    if (sets == NULL)
        return;
    kept = &sets->name[sets->next_name++ % KEPT_MOST];
    forget_name(kept);
    kept->any = any;
    if (name_key(classes, name, &kept->key) != LW_OK || copy_lists(found, kept->found) != LW_OK)
        forget_name(kept);
}
