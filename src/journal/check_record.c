/* Goes from every record back through its revisions to the first. */
#include "check.h"

#include <string.h>

struct check_walk {
    struct check *check;
    const struct lw_record *record;
    struct lw_record past; /* what it was before the revisions that were seen */
    bool any;              /* a revision was seen */
    struct lw_record seen; /* that one */
    bool broken;           /* something was told; the rest is not looked at */
};

/* ---- a record that is not what its last revision says ---- */

/* The last value that each field was given by a revision, where there is one. */
struct stated {
    struct lw_record record;
    bool known[LW_FIELDS_MAX];
};

static enum lw_status take_stated(void *context, const struct lw_change *change,
                                  struct lw_error *err)
{
    struct stated *stated = context;
    struct lw_value *value = &stated->record.value[change->at];
    char *text = NULL;

    if (stated->known[change->at])
        return LW_OK;
    stated->known[change->at] = true;
    if (change->after.text != NULL) {
        text = lw_text_copy(change->after.text, strlen(change->after.text));
        if (text == NULL)
            return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    lw_text_free(value->text);
    *value = change->after;
    value->text = text;
    return LW_OK;
}

static enum lw_status prepare_revisions(struct check *check, const struct lw_record *record,
                                        const char *note, struct lw_stmt **stmt)
{
    const char *table = lw_record_infos[record->type].table;
    struct lw_buf sql = LW_BUF_INIT;
    enum lw_status status = record_sql_select(LW_RECORD_REVISION, &sql);

    if (status == LW_OK)
        status = lw_buf_addf(&sql,
                             " WHERE t.\"record\" = ?1 AND t.\"record_id\" = ?2 "
                             "ORDER BY t.\"id\" DESC%s",
                             note);
    if (status == LW_OK)
        status = lw_store_prepare(check->journal->store, sql.data, stmt, check->err);
    else
        lw_fail(check->err, status, "out of memory");
    lw_buf_free(&sql);
    if (status == LW_OK) {
        lw_stmt_bind_text(*stmt, 1, table, strlen(table));
        lw_stmt_bind_blob(*stmt, 2, record->id, LW_RECORD_ID);
    }
    return status;
}

static enum lw_status collect_stated(struct check *check, struct stated *stated)
{
    struct lw_stmt *stmt;
    struct lw_record revision;
    /* a text of its own: the same statement is being stepped through */
    enum lw_status status = prepare_revisions(check, &stated->record, " /* stated */", &stmt);

    while (status == LW_OK && (status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        status = record_read(stmt, LW_RECORD_REVISION, NULL, &revision, check->err);
        if (status == LW_OK) {
            status = lw_changes_each(stated->record.type, lw_record_text(&revision, "changes"),
                                     take_stated, stated, NULL);
            if (status == LW_BAD_DATA) /* told with the chain */
                status = LW_OK;
            lw_record_clear(&revision);
        }
        if (status != LW_OK)
            lw_stmt_reset(stmt);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status say_differing(const struct lw_record *record, const struct stated *stated,
                                    struct lw_buf *out)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];
    const char *comma = ": ";
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        if (value_equal(&info->fields[i], &record->value[i], &stated->record.value[i]))
            continue;
        status = lw_buf_addf(out, "%s%s", comma, info->fields[i].name);
        comma = ", ";
    }
    return status;
}

/* Names the fields where the revisions tell which. */
static enum lw_status explain_changed(struct check *check, const struct lw_record *record,
                                      struct lw_buf *out)
{
    struct stated stated = {.known = {false}};
    enum lw_status status = lw_record_copy(record, &stated.record);

    if (status != LW_OK)
        return status;
    status = collect_stated(check, &stated);
    if (status == LW_OK)
        status = say_differing(record, &stated, out);
    lw_record_clear(&stated.record);
    return status;
}

static enum lw_status tell_changed(struct check_walk *walk, const struct lw_record *revision)
{
    struct lw_buf what = LW_BUF_INIT;
    struct check *check = walk->check;
    enum lw_status status = lw_record_called(check->journal, walk->record, &what, check->err);

    if (status == LW_OK)
        status = lw_buf_says(&what, ": changed without a revision; it is not what its last one, ");
    if (status == LW_OK)
        status = check_say_number(check, revision, &what);
    if (status == LW_OK)
        status = lw_buf_says(&what, ", says");
    if (status == LW_OK)
        status = explain_changed(check, walk->record, &what);
    walk->broken = true;
    return check_tell(check, LW_FOUND_CHANGED, &what, status);
}

/* ---- revisions of it that are missing ---- */

/* The gap of the chain of `later` that lies before it, behind `earlier` (NULL: from the start). */
static struct check_gap *find_gap(struct check *check, const struct lw_record *earlier,
                                  const struct lw_record *later)
{
    const uint8_t *chain = lw_record_value(later, "journal")->bytes;
    int64_t sequence = lw_record_value(later, "sequence")->number;
    int64_t from = 0;

    if (earlier != NULL &&
        memcmp(lw_record_value(earlier, "journal")->bytes, chain, LW_RECORD_ID) == 0)
        from = lw_record_value(earlier, "sequence")->number;
    for (size_t i = 0; i < check->gap_count; i++) {
        struct check_gap *gap = &check->gap[i];

        if (!gap->told && gap->first > from && gap->last < sequence &&
            memcmp(gap->chain, chain, LW_RECORD_ID) == 0)
            return gap;
    }
    return NULL;
}

/* Between `earlier` (NULL: nothing) and the revision that was seen last. */
static enum lw_status tell_missing(struct check_walk *walk, const struct lw_record *earlier)
{
    struct check *check = walk->check;
    struct check_gap *gap = find_gap(check, earlier, &walk->seen);
    struct lw_buf what = LW_BUF_INIT;
    enum lw_status status = lw_record_called(check->journal, walk->record, &what, check->err);

    if (status == LW_OK)
        status = lw_buf_says(&what, earlier == NULL ? ": its first revision is missing, before "
                                                    : ": a revision is missing between ");
    if (status == LW_OK && earlier != NULL) {
        status = check_say_number(check, earlier, &what);
        if (status == LW_OK)
            status = lw_buf_says(&what, " and ");
    }
    if (status == LW_OK)
        status = check_say_number(check, &walk->seen, &what);
    if (status == LW_OK && gap != NULL && gap->first == gap->last)
        status = lw_buf_sayf(&what, "; revision %lld of journal %02x%02x.. is missing",
                             (long long)gap->first, gap->chain[0], gap->chain[1]);
    else if (status == LW_OK && gap != NULL)
        status =
            lw_buf_sayf(&what, "; revisions %lld to %lld of journal %02x%02x.. are missing",
                        (long long)gap->first, (long long)gap->last, gap->chain[0], gap->chain[1]);
    if (gap != NULL)
        gap->told = true;
    walk->broken = true;
    return check_tell(check, LW_FOUND_MISSING, &what, status);
}

/* ---- the walk ---- */

static bool is_create(const struct lw_record *revision)
{
    return strcmp(lw_record_text(revision, "action"), "create") == 0;
}

/* Told with the chain: what it says is not what was written. */
static bool is_bent(const struct check *check, const struct lw_record *revision)
{
    for (size_t i = 0; i < check->bend_count; i++) {
        if (memcmp(check->bend[i].id, revision->id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

static enum lw_status mismatch(struct check_walk *walk, const struct lw_record *revision)
{
    if (is_bent(walk->check, revision) || (walk->any && is_bent(walk->check, &walk->seen))) {
        walk->broken = true;
        return LW_OK;
    }
    return walk->any ? tell_missing(walk, revision) : tell_changed(walk, revision);
}

static enum lw_status step_back(struct check_walk *walk, const struct lw_record *revision)
{
    const uint8_t *noted = lw_record_value(revision, "state")->bytes;
    uint8_t state[LW_HASH];
    enum lw_status status = record_state(&walk->past, state);

    if (status != LW_OK)
        return lw_fail(walk->check->err, status, "the journal cannot be checked: %s",
                       lw_status_message(status));
    if (memcmp(noted, state, LW_HASH) != 0)
        return mismatch(walk, revision);
    if (walk->any)
        lw_record_clear(&walk->seen);
    walk->any = false;
    status = lw_record_copy(revision, &walk->seen);
    walk->any = status == LW_OK;
    if (status == LW_OK)
        status = lw_record_undo(&walk->past, lw_record_text(revision, "changes"), NULL);
    if (status == LW_BAD_DATA) { /* told with the chain, whose hash it cannot have */
        walk->broken = true;
        status = LW_OK;
    }
    return status;
}

static enum lw_status walk_back(struct check_walk *walk)
{
    struct check *check = walk->check;
    struct lw_stmt *stmt;
    struct lw_record revision;
    enum lw_status status = prepare_revisions(check, walk->record, "", &stmt);

    if (status != LW_OK)
        return status;
    while (status == LW_OK && !walk->broken && (status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        status = record_read(stmt, LW_RECORD_REVISION, NULL, &revision, check->err);
        if (status == LW_OK) {
            status = step_back(walk, &revision);
            lw_record_clear(&revision);
        }
    }
    if (status != LW_DONE)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status check_record(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct check *check = context;
    struct check_walk walk = {.check = check, .record = record};
    struct lw_buf what = LW_BUF_INIT;
    enum lw_status status = lw_record_copy(record, &walk.past);

    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    check->report.records++;
    status = walk_back(&walk);
    if (status == LW_OK && !walk.broken && !walk.any) {
        status = lw_record_called(check->journal, record, &what, err);
        if (status == LW_OK)
            status = lw_buf_says(&what, ": written without a revision");
        status = check_tell(check, LW_FOUND_UNWRITTEN, &what, status);
    } else if (status == LW_OK && !walk.broken && !is_create(&walk.seen)) {
        status = tell_missing(&walk, NULL);
    }
    if (walk.any)
        lw_record_clear(&walk.seen);
    lw_record_clear(&walk.past);
    return status;
}

/* ---- records that are gone ---- */

/* The last revision is what can be told of it. */
static enum lw_status tell_removed(struct check *check, const struct lw_record *revision)
{
    struct lw_buf what = LW_BUF_INIT;
    enum lw_status status = check_say_revision(check, revision, &what);

    if (status == LW_OK)
        status = lw_buf_says(&what, ": removed without a revision");
    return check_tell(check, LW_FOUND_REMOVED, &what, status);
}

static enum lw_status check_removed(struct check *check, enum lw_record_type type)
{
    const char *table = lw_record_infos[type].table;
    struct lw_buf where = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_addf(&where,
                    " WHERE t.\"record\" = '%s' AND NOT EXISTS (SELECT 1 FROM \"%s\" AS r "
                    "WHERE r.\"id\" = t.\"record_id\") AND NOT EXISTS (SELECT 1 FROM "
                    "\"revision\" AS l WHERE l.\"record\" = t.\"record\" AND "
                    "l.\"record_id\" = t.\"record_id\" AND l.\"id\" > t.\"id\")",
                    table, table);

    if (status == LW_OK)
        status = check_each_revision(check, where.data, tell_removed);
    else
        lw_fail(check->err, status, "out of memory");
    lw_buf_free(&where);
    return status;
}

enum lw_status check_records(struct check *check, enum lw_record_type type)
{
    enum lw_status status =
        lw_record_each(check->journal, type, NULL, NULL, check_record, check, check->err);

    return status == LW_OK ? check_removed(check, type) : status;
}
