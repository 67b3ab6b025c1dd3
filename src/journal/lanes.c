/* Lanes: the entries of each person, place, kind or source along time. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

enum { LANES_MOST = 4096, KEY_NONE = 0, KEY_OTHERS = -1 };

struct lane {
    struct lw_timeline_lane lane;
    int64_t key; /* of the record; KEY_NONE, KEY_OTHERS; of a kind 1 */
    uint8_t id[LW_RECORD_ID];
    char *kind; /* owned */
    char *name; /* owned */
    struct lw_bar *bar;
};

struct lw_lanes {
    struct lw_journal *journal;
    struct slices slices;
    enum lw_lanes_by by;
    enum lw_scale scale;
    int64_t first;
    size_t bars;
    struct lw_bar *none; /* the bars of a lane that has nothing in them */
    struct lane *lane;
    size_t count, cap;
    struct key_map index; /* from key; not of kinds */
    struct key_map last;  /* from a key to what it is the same as */
};

/* keys: of one entry, also more than once, as they were recorded; last: what one of them is the
 * same as, in the end; id: of its record. */
static const struct {
    const char *name, *none;
    int type; /* enum lw_record_type */
    const char *keys, *last, *id;
} lanes_by[LW_LANES_BY] = {
    [LW_LANES_PERSON] = {"person", N_("no person"), LW_RECORD_PARTY,
                         "SELECT party FROM participation WHERE entry = ?1 AND party IS NOT NULL"
                         " UNION ALL SELECT owner FROM item WHERE entry = ?1 AND owner IS NOT NULL"
                         " UNION ALL SELECT taken_by FROM item WHERE entry = ?1"
                         " AND taken_by IS NOT NULL"
                         " UNION ALL SELECT party FROM field WHERE entry = ?1"
                         " AND party IS NOT NULL",
                         "SELECT " SAME_LAST("party", "p", "n") " FROM party p WHERE p.n = ?1",
                         "SELECT id FROM party WHERE n = ?1"},
    [LW_LANES_PLACE] = {"place", N_("no place"), LW_RECORD_PLACE,
                        "SELECT place FROM entry WHERE n = ?1 AND place IS NOT NULL",
                        "SELECT " SAME_LAST("place", "p", "n") " FROM place p WHERE p.n = ?1",
                        "SELECT id FROM place WHERE n = ?1"},
    [LW_LANES_KIND] = {"kind", N_("no kind"), -1,
                       "SELECT kind FROM entry WHERE n = ?1 AND kind IS NOT NULL", NULL, NULL},
    [LW_LANES_SOURCE] = {"source", N_("no source"), LW_RECORD_SOURCE,
                         "SELECT source FROM account WHERE entry = ?1 AND source IS NOT NULL",
                         "SELECT " SAME_LAST("source", "s", "n") " FROM source s WHERE s.n = ?1",
                         "SELECT id FROM source WHERE n = ?1"},
};

const char *lw_lanes_name(enum lw_lanes_by by)
{
    return lanes_by[by].name;
}

const char *lw_lanes_said(enum lw_lanes_by by)
{
    static const char *const words[LW_LANES_BY] = {
        [LW_LANES_PERSON] = M_("entries by", "person"),
        [LW_LANES_PLACE] = M_("entries by", "place"),
        [LW_LANES_KIND] = M_("entries by", "kind"),
        [LW_LANES_SOURCE] = M_("entries by", "source"),
    };

    return lw_say(words[by]);
}

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory");
}

/* ---- names ------------------------------------------------------------------------------------
 */

static enum lw_status say_record(struct lw_lanes *lanes, struct lane *lane, struct lw_buf *out,
                                 struct lw_error *err)
{
    enum lw_record_type type = (enum lw_record_type)lanes_by[lanes->by].type;
    struct lw_record record;
    struct lw_stmt *stmt;
    const void *found;
    size_t len;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(lanes->journal), lanes_by[lanes->by].id, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, lane->key);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? lw_fail(err, LW_NOT_FOUND, "a record is missing") : status;
    found = lw_stmt_blob(stmt, 0, &len);
    if (found != NULL && len == LW_RECORD_ID)
        memcpy(lane->id, found, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    status = lw_record_get(lanes->journal, type, lane->id, &record, err);
    if (status != LW_OK)
        return status;
    if (type == LW_RECORD_SOURCE)
        status = lw_buf_addf(out, "%s ", lw_record_text(&record, "ref"));
    if (status == LW_OK)
        status = lw_shown_name(lanes->journal, &record, out, err);
    lw_record_clear(&record);
    return status;
}

static enum lw_status say_name(struct lw_lanes *lanes, struct lane *lane, struct lw_buf *out,
                               struct lw_error *err)
{
    const char *label;

    if (lane->key == KEY_OTHERS)
        return lw_buf_says(out, "others");
    if (lane->key == KEY_NONE)
        return lw_buf_says(out, lanes_by[lanes->by].none);
    if (lane->kind == NULL)
        return say_record(lanes, lane, out, err);
    label = lw_kind_label(lanes->journal->forms, lane->kind);
    return lw_buf_adds(out, label != NULL ? label : lane->kind);
}

/* ---- lanes ------------------------------------------------------------------------------------
 */

static enum lw_status add_lane(struct lw_lanes *lanes, int64_t key, const char *kind, uint32_t *at,
                               struct lw_error *err)
{
    struct lane lane = {.key = key};
    struct lw_buf name = LW_BUF_INIT, clean = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (lanes->count == lanes->cap) {
        size_t cap = lanes->cap == 0 ? 32 : 2 * lanes->cap;
        struct lane *grown = realloc(lanes->lane, cap * sizeof(*grown));

        if (grown == NULL)
            return no_memory(err);
        lanes->lane = grown;
        lanes->cap = cap;
    }
    if (kind != NULL)
        lane.kind = lw_text_copy(kind, strlen(kind));
    if (kind != NULL && lane.kind == NULL)
        status = LW_NO_MEMORY;
    if (status == LW_OK)
        status = say_name(lanes, &lane, &name, err);
    if (status == LW_OK)
        status = lw_text_clean(lw_buf_text(&name), name.len, false, &clean);
    if (status == LW_OK) {
        lane.name = lw_text_copy(lw_buf_text(&clean), clean.len);
        status = lane.name == NULL ? LW_NO_MEMORY : LW_OK;
    }
    lw_buf_free(&name);
    lw_buf_free(&clean);
    if (status == LW_OK && kind == NULL)
        status = key_map_put(&lanes->index, key, (uint32_t)lanes->count);
    if (status != LW_OK) {
        lw_text_free(lane.kind);
        lw_text_free(lane.name);
        return status == LW_NO_MEMORY ? no_memory(err) : status;
    }
    *at = (uint32_t)lanes->count;
    lanes->lane[lanes->count++] = lane;
    return LW_OK;
}

static enum lw_status find_lane(struct lw_lanes *lanes, int64_t key, const char *kind, uint32_t *at,
                                struct lw_error *err)
{
    for (size_t i = 0; kind != NULL && i < lanes->count; i++) {
        if (lanes->lane[i].kind != NULL && strcmp(lanes->lane[i].kind, kind) == 0) {
            *at = (uint32_t)i;
            return LW_OK;
        }
    }
    if (kind == NULL && key_map_get(&lanes->index, key, at))
        return LW_OK;
    if (lanes->count < LANES_MOST)
        return add_lane(lanes, key, kind, at, err);
    if (key_map_get(&lanes->index, KEY_OTHERS, at))
        return LW_OK;
    return add_lane(lanes, KEY_OTHERS, NULL, at, err);
}

static enum lw_status count_in(const struct lw_lanes *lanes, struct lane *lane,
                               const struct slice_entry *entry)
{
    int64_t end = lanes->first + (int64_t)lanes->bars - 1;
    int64_t first, last;

    lane->lane.entries++;
    if (!entry->dated) {
        lane->lane.undated++;
        return LW_OK;
    }
    first = lw_scale_bucket(lanes->scale, entry->earliest);
    last = lw_scale_bucket(lanes->scale,
                           entry->latest == LW_TIME_MAX ? LW_TIME_MAX : entry->latest - 1);
    if (last < lanes->first || first > end)
        return LW_OK;
    if (lane->bar == NULL)
        lane->bar = calloc(lanes->bars, sizeof(*lane->bar));
    if (lane->bar == NULL)
        return LW_NO_MEMORY;
    if (first == last) {
        lane->bar[first - lanes->first].stated++;
        return LW_OK;
    }
    for (int64_t b = first > lanes->first ? first : lanes->first; b <= last && b <= end; b++)
        lane->bar[b - lanes->first].wider++;
    return LW_OK;
}

/* Several keys of an entry may be among the others: it counts once there. */
static enum lw_status take_key(struct lw_lanes *lanes, int64_t key, const char *kind,
                               const struct slice_entry *entry, bool *others, struct lw_error *err)
{
    uint32_t at = 0;
    enum lw_status status = find_lane(lanes, key, kind, &at, err);

    if (status != LW_OK)
        return status;
    if (lanes->lane[at].key == KEY_OTHERS) {
        if (*others)
            return LW_OK;
        *others = true;
    }
    return count_in(lanes, &lanes->lane[at], entry) == LW_OK ? LW_OK : no_memory(err);
}

/* What a key is the same as; asked once. */
static enum lw_status find_last(struct lw_lanes *lanes, int64_t *key, struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint32_t known;
    int64_t last = *key;
    enum lw_status status;

    if (key_map_get(&lanes->last, *key, &known)) {
        *key = known;
        return LW_OK;
    }
    status =
        lw_store_prepare(lw_journal_store(lanes->journal), lanes_by[lanes->by].last, &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, *key);
    status = lw_stmt_number(stmt, &last, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    if (last > 0 && last <= UINT32_MAX && key_map_put(&lanes->last, *key, (uint32_t)last) != LW_OK)
        return no_memory(err);
    *key = last;
    return LW_OK;
}

/* Each of them once. */
static enum lw_status settle_keys(struct lw_lanes *lanes, struct key_list *keys,
                                  struct lw_error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < keys->count; i++) {
        int64_t key = keys->key[i];
        size_t same = 0;
        enum lw_status status = find_last(lanes, &key, err);

        if (status != LW_OK)
            return status;
        while (same < kept && keys->key[same] != key)
            same++;
        if (same == kept)
            keys->key[kept++] = key;
    }
    keys->count = kept;
    return LW_OK;
}

static enum lw_status read_keys(struct lw_lanes *lanes, int64_t n, struct key_list *keys,
                                struct lw_buf *kind, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(lw_journal_store(lanes->journal), lanes_by[lanes->by].keys, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    if (lanes->by != LW_LANES_KIND) {
        status = key_list_add_rows(keys, stmt, err);
        return status == LW_OK ? settle_keys(lanes, keys, err) : status;
    }
    status = lw_stmt_step(stmt, err);
    if (status == LW_OK) {
        size_t len = 0;
        const char *text = lw_stmt_text(stmt, 0, &len);

        status = lw_buf_add(kind, text, len) == LW_OK ? LW_OK : no_memory(err);
        lw_stmt_reset(stmt);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status take_entry(void *context, const struct slice_entry *entry,
                                 struct lw_error *err)
{
    struct lw_lanes *lanes = context;
    struct key_list keys = {0};
    struct lw_buf kind = LW_BUF_INIT;
    bool others = false;
    enum lw_status status = read_keys(lanes, entry->n, &keys, &kind, err);

    if (status == LW_OK && kind.len > 0)
        status = take_key(lanes, 1, kind.data, entry, &others, err);
    else if (status == LW_OK && keys.count == 0)
        status = take_key(lanes, KEY_NONE, NULL, entry, &others, err);
    for (size_t i = 0; i < keys.count && status == LW_OK; i++)
        status = take_key(lanes, keys.key[i], NULL, entry, &others, err);
    key_list_free(&keys);
    lw_buf_free(&kind);
    return status;
}

/* Those without a name last, before them the others; else most entries first. */
static int compare_lanes(const void *a, const void *b)
{
    const struct lane *x = a;
    const struct lane *y = b;
    int last_x = x->key == KEY_NONE ? 2 : x->key == KEY_OTHERS;
    int last_y = y->key == KEY_NONE ? 2 : y->key == KEY_OTHERS;

    if (last_x != last_y)
        return last_x < last_y ? -1 : 1;
    if (x->lane.entries != y->lane.entries)
        return x->lane.entries > y->lane.entries ? -1 : 1;
    return strcmp(x->name, y->name);
}

static enum lw_status sort_lanes(struct lw_lanes *lanes, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (lanes->count > 1)
        qsort(lanes->lane, lanes->count, sizeof(*lanes->lane), compare_lanes);
    key_map_free(&lanes->index);
    for (size_t i = 0; i < lanes->count && status == LW_OK; i++) {
        struct lane *lane = &lanes->lane[i];

        lane->lane.name = lane->name;
        lane->lane.bar = lane->bar != NULL ? lane->bar : lanes->none;
        lane->lane.kind = lane->kind;
        lane->lane.id = lane->kind == NULL && lane->key > 0 ? lane->id : NULL;
        if (lane->kind == NULL)
            status = key_map_put(&lanes->index, lane->key, (uint32_t)i);
    }
    return status == LW_OK ? LW_OK : no_memory(err);
}

enum lw_status lw_lanes_more(struct lw_lanes *lanes, size_t entries, bool *done,
                             struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (!lanes->slices.done) {
        status = slices_more(&lanes->slices, entries, take_entry, lanes, err);
        if (status == LW_OK)
            status = sort_lanes(lanes, err);
    }
    *done = lanes->slices.done;
    return status;
}

enum lw_status lw_lanes_begin(struct lw_journal *journal, const struct lw_filter *filter,
                              enum lw_lanes_by by, enum lw_scale scale, int64_t first, size_t bars,
                              struct lw_lanes **out, struct lw_error *err)
{
    struct lw_lanes *lanes = calloc(1, sizeof(*lanes));

    if (lanes == NULL)
        return no_memory(err);
    *lanes = (struct lw_lanes){
        .journal = journal, .by = by, .scale = scale, .first = first, .bars = bars};
    lanes->none = calloc(bars + 1, sizeof(*lanes->none));
    if (lanes->none == NULL) {
        free(lanes);
        return no_memory(err);
    }
    slices_begin(&lanes->slices, journal, filter);
    *out = lanes;
    return LW_OK;
}

void lw_lanes_free(struct lw_lanes *lanes)
{
    if (lanes == NULL)
        return;
    for (size_t i = 0; i < lanes->count; i++) {
        free(lanes->lane[i].bar);
        lw_text_free(lanes->lane[i].kind);
        lw_text_free(lanes->lane[i].name);
    }
    free(lanes->lane);
    free(lanes->none);
    key_map_free(&lanes->index);
    key_map_free(&lanes->last);
    free(lanes);
}

static enum lw_status entry_number(struct lw_lanes *lanes, const uint8_t id[LW_RECORD_ID],
                                   int64_t *n, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(lanes->journal),
                                             "SELECT n FROM entry WHERE id = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    return lw_stmt_number(stmt, n, err);
}

enum lw_status lw_lanes_of_entry(struct lw_lanes *lanes, const uint8_t id[LW_RECORD_ID], size_t *at,
                                 bool *found, struct lw_error *err)
{
    struct key_list keys = {0};
    struct lw_buf kind = LW_BUF_INIT;
    int64_t n = 0;
    enum lw_status status = entry_number(lanes, id, &n, err);

    *found = false;
    if (status == LW_OK)
        status = read_keys(lanes, n, &keys, &kind, err);
    for (size_t i = 0; i < lanes->count && status == LW_OK && !*found; i++) {
        const struct lane *lane = &lanes->lane[i];
        bool in = lane->kind != NULL && strcmp(lane->kind, lw_buf_text(&kind)) == 0;

        if (lane->kind == NULL && lane->key == KEY_NONE)
            in = keys.count == 0 && kind.len == 0;
        for (size_t k = 0; k < keys.count && !in; k++)
            in = lane->kind == NULL && lane->key == keys.key[k];
        if (in) {
            *found = true;
            *at = i;
        }
    }
    key_list_free(&keys);
    lw_buf_free(&kind);
    return status == LW_DONE || status == LW_NOT_FOUND ? LW_OK : status;
}

size_t lw_lanes_count(const struct lw_lanes *lanes)
{
    return lanes->count;
}

const struct lw_timeline_lane *lw_lanes_at(const struct lw_lanes *lanes, size_t at)
{
    return &lanes->lane[at].lane;
}
