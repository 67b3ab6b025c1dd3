/* Follows every chain of revisions, link by link. */
#include "check.h"

#include <string.h>

static enum lw_status cannot(struct check *check, enum lw_status status)
{
    return lw_fail(check->err, status, "the journal cannot be checked: %s",
                   lw_status_message(status));
}

/* ", number 4 of journal 3f2a.." */
static enum lw_status say_place(const uint8_t *chain, int64_t sequence, struct lw_buf *out)
{
    return lw_buf_sayf(out, "number %lld of journal %02x%02x..", (long long)sequence, chain[0],
                       chain[1]);
}

/* ---- gaps ---- */

static enum lw_status tell_gap(struct check *check, const struct check_gap *gap)
{
    struct lw_buf what = LW_BUF_INIT;
    struct lw_record after;
    enum lw_status status = LW_OK;

    if (gap->first == gap->last)
        status = lw_buf_sayf(&what, "revision %lld of journal %02x%02x.. is missing",
                             (long long)gap->first, gap->chain[0], gap->chain[1]);
    else
        status =
            lw_buf_sayf(&what, "revisions %lld to %lld of journal %02x%02x.. are missing",
                        (long long)gap->first, (long long)gap->last, gap->chain[0], gap->chain[1]);
    if (status == LW_OK)
        status = lw_record_get(check->journal, LW_RECORD_REVISION, gap->after, &after, check->err);
    if (status == LW_OK) {
        status = lw_buf_says(&what, "; the next one is that of ");
        if (status == LW_OK)
            status = check_say_revision(check, &after, &what);
        lw_record_clear(&after);
    }
    return check_tell(check, LW_FOUND_MISSING, &what, status);
}

static enum lw_status note_gap(struct check *check, const struct lw_record *revision,
                               int64_t sequence)
{
    struct check_gap gap = {.first = check->sequence + 1, .last = sequence - 1};

    memcpy(gap.chain, check->chain, LW_RECORD_ID);
    memcpy(gap.before, check->id, LW_RECORD_ID);
    memcpy(gap.after, revision->id, LW_RECORD_ID);
    if (check->gap_count == CHECK_GAPS)
        return tell_gap(check, &gap);
    check->gap[check->gap_count++] = gap;
    return LW_OK;
}

enum lw_status check_tell_gaps(struct check *check)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < check->gap_count && status == LW_OK; i++) {
        if (!check->gap[i].told)
            status = tell_gap(check, &check->gap[i]);
    }
    return status;
}

/* ---- revisions that are not what they were ---- */

/* The number at which its hash would match, among those that are in disorder; else 0. */
static enum lw_status find_place(struct check *check, const struct check_bent *bent,
                                 struct lw_record *revision, int64_t *out)
{
    const uint8_t *stated = lw_record_value(revision, "hash")->bytes;
    uint8_t hash[LW_HASH];
    enum lw_status status = LW_OK;

    *out = 0;
    for (size_t i = 0; i < check->bend_count + check->gap_count && status == LW_OK; i++) {
        bool gap = i >= check->bend_count;
        const struct check_gap *missing = gap ? &check->gap[i - check->bend_count] : NULL;
        int64_t first = gap ? missing->first : check->bend[i].sequence;
        int64_t last = gap ? missing->last : first;
        const uint8_t *chain = gap ? missing->chain : check->bend[i].chain;

        for (int64_t at = first; at <= last && at < first + CHECK_BENT && status == LW_OK; at++) {
            status = lw_record_set_number(revision, "sequence", at);
            if (status == LW_OK)
                status = revision_hash(revision, hash);
            if (status == LW_OK && memcmp(hash, stated, LW_HASH) == 0 &&
                memcmp(chain, bent->chain, LW_RECORD_ID) == 0)
                *out = at;
        }
    }
    return status == LW_OK ? lw_record_set_number(revision, "sequence", bent->sequence) : status;
}

/* Where it came from nothing is missing, nor before where it went. */
static void close_gaps(struct check *check, const struct check_bent *bent, int64_t place)
{
    for (size_t i = 0; i < check->gap_count; i++) {
        struct check_gap *gap = &check->gap[i];

        if (memcmp(gap->chain, bent->chain, LW_RECORD_ID) != 0)
            continue;
        if ((gap->first == place && gap->last == place) ||
            memcmp(gap->after, bent->id, LW_RECORD_ID) == 0)
            gap->told = true;
    }
}

static enum lw_status tell_bent(struct check *check, const struct check_bent *bent)
{
    struct lw_buf what = LW_BUF_INIT;
    struct lw_record revision;
    int64_t place;
    enum lw_status status =
        lw_record_get(check->journal, LW_RECORD_REVISION, bent->id, &revision, check->err);

    if (status != LW_OK)
        return status;
    status = find_place(check, bent, &revision, &place);
    if (status == LW_OK)
        status = check_say_revision(check, &revision, &what);
    if (status == LW_OK && place != 0)
        status = lw_buf_sayf(&what, ": was moved from number %lld to ", (long long)place);
    else if (status == LW_OK)
        status =
            lw_buf_says(&what, ": was changed after it was written; its hash does not match; ");
    if (status == LW_OK)
        status = say_place(bent->chain, bent->sequence, &what);
    if (place != 0)
        close_gaps(check, bent, place);
    lw_record_clear(&revision);
    return check_tell(check, place != 0 ? LW_FOUND_MOVED : LW_FOUND_ALTERED, &what, status);
}

static enum lw_status note_bent(struct check *check, const struct lw_record *revision,
                                int64_t sequence)
{
    struct check_bent bent = {.sequence = sequence};

    memcpy(bent.id, revision->id, LW_RECORD_ID);
    memcpy(bent.chain, check->chain, LW_RECORD_ID);
    if (check->bend_count == CHECK_BENT)
        return tell_bent(check, &bent);
    check->bend[check->bend_count++] = bent;
    return LW_OK;
}

/* The revision that stands before is another one than that on which this one was built. */
static enum lw_status tell_replaced(struct check *check, const struct lw_record *revision)
{
    struct lw_buf what = LW_BUF_INIT;
    struct lw_record before;
    enum lw_status status;

    if (check->sequence ==
        0) { /* there is none: this is the first that is left, and says otherwise */
        status = check_say_revision(check, revision, &what);
        if (status == LW_OK)
            status = lw_buf_says(&what, ": does not follow the one before it");
        return check_tell(check, LW_FOUND_REPLACED, &what, status);
    }
    status = lw_record_get(check->journal, LW_RECORD_REVISION, check->id, &before, check->err);
    if (status != LW_OK)
        return status;
    status = check_say_revision(check, &before, &what);
    if (status == LW_OK)
        status = lw_buf_says(&what, ": was written anew after the next one was; ");
    if (status == LW_OK)
        status = say_place(check->chain, check->sequence, &what);
    lw_record_clear(&before);
    return check_tell(check, LW_FOUND_REPLACED, &what, status);
}

/* ---- chains ---- */

static void start_chain(struct check *check, const uint8_t chain[LW_RECORD_ID])
{
    memcpy(check->chain, chain, LW_RECORD_ID);
    memset(check->hash, 0, LW_HASH);
    memset(check->id, 0, LW_RECORD_ID);
    check->sequence = 0;
    check->bent = false;
}

static enum lw_status check_link(struct check *check, const struct lw_record *revision, bool bent)
{
    const uint8_t *previous = lw_record_value(revision, "previous")->bytes;
    int64_t sequence = lw_record_value(revision, "sequence")->number;

    if (bent)
        return note_bent(check, revision, sequence);
    if (sequence > check->sequence + 1)
        return LW_OK;
    return check->bent || memcmp(previous, check->hash, LW_HASH) == 0
               ? LW_OK
               : tell_replaced(check, revision);
}

static enum lw_status check_revision(struct check *check, const struct lw_record *revision)
{
    const uint8_t *chain = lw_record_value(revision, "journal")->bytes;
    const uint8_t *stated = lw_record_value(revision, "hash")->bytes;
    int64_t sequence = lw_record_value(revision, "sequence")->number;
    uint8_t hash[LW_HASH];
    bool bent;
    enum lw_status status = revision_hash(revision, hash);

    if (status != LW_OK)
        return cannot(check, status);
    if (check->report.revisions++ == 0 || memcmp(chain, check->chain, LW_RECORD_ID) != 0)
        start_chain(check, chain);
    bent = memcmp(hash, stated, LW_HASH) != 0;
    if (sequence > check->sequence + 1)
        status = note_gap(check, revision, sequence);
    if (status == LW_OK)
        status = check_link(check, revision, bent);
    memcpy(check->hash, stated, LW_HASH);
    memcpy(check->id, revision->id, LW_RECORD_ID);
    check->sequence = sequence;
    check->bent = bent;
    return status;
}

static enum lw_status each_revision(struct check *check, struct lw_stmt *stmt)
{
    struct lw_record revision;
    enum lw_status status;

    while ((status = lw_stmt_step(stmt, check->err)) == LW_OK) {
        status = record_read(stmt, LW_RECORD_REVISION, NULL, &revision, check->err);
        if (status == LW_OK) {
            status = check_revision(check, &revision);
            lw_record_clear(&revision);
        }
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            return status;
        }
    }
    return status == LW_DONE ? LW_OK : status;
}

enum lw_status check_chains(struct check *check)
{
    struct lw_buf sql = LW_BUF_INIT;
    struct lw_stmt *stmt;
    enum lw_status status = record_sql_select(LW_RECORD_REVISION, &sql);

    if (status == LW_OK)
        status = lw_buf_adds(&sql, " ORDER BY t.\"journal\", t.\"sequence\"");
    if (status == LW_OK)
        status = lw_store_prepare(check->journal->store, sql.data, &stmt, check->err);
    else
        cannot(check, status);
    lw_buf_free(&sql);
    if (status == LW_OK)
        status = each_revision(check, stmt);
    for (size_t i = 0; i < check->bend_count && status == LW_OK; i++)
        status = tell_bent(check, &check->bend[i]);
    return status;
}
