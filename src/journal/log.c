/* Saving a captured line: the entry, its people, its order. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

struct taking_part {
    uint8_t party[LW_RECORD_ID];
    const char *role;
};

/* ---- making records ------------------------------------------------------------------------ */

static enum lw_status set_text(struct lw_record *record, const char *field, const char *text)
{
    return text == NULL ? LW_OK : lw_record_set_text(record, field, text, strlen(text));
}

/* Puts and clears a record that was filled with the given outcome. */
static enum lw_status put(struct lw_journal *journal, struct lw_record *record,
                          enum lw_status filled, struct lw_error *err)
{
    enum lw_status status = filled;

    if (status == LW_OK)
        status = lw_record_put(journal, record, CAPTURED, err);
    else
        lw_fail(err, status, "the entry cannot be made: %s", lw_status_message(status));
    lw_record_clear(record);
    return status;
}

static void start_record(struct lw_journal *journal, struct lw_record *record,
                         enum lw_record_type type)
{
    lw_record_init(record, type);
    lw_journal_new_id(journal, record->id);
}

static enum lw_status fill_entry(struct lw_journal *journal, const struct lw_capture *capture,
                                 const uint8_t *place, struct lw_record *entry)
{
    const struct {
        const char *field;
        const char *text;
    } texts[] = {
        {"kind", capture->kind},
        {"title", capture->title},
        {"narrative", capture->narrative},
        {"when", capture->when.has_when ? capture->when.when.text : NULL},
        {"status", "draft"},
        {"recorded_by", journal->author},
    };
    enum lw_status status =
        lw_record_set_number(entry, "recorded_at", lw_clock_now(journal->clock));

    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(texts); i++)
        status = set_text(entry, texts[i].field, texts[i].text);
    if (status == LW_OK && place != NULL)
        status = lw_record_set_ref(entry, "place", place);
    return status;
}

/* The entry itself; tells its id and the reference that it was given. */
static enum lw_status put_entry(struct lw_journal *journal, const struct lw_capture *capture,
                                uint8_t id[LW_RECORD_ID], char ref[16], struct lw_error *err)
{
    uint8_t place[LW_RECORD_ID];
    struct lw_record entry;
    const char *given;
    enum lw_status status = LW_OK;

    if (capture->place != NULL)
        status = lw_named_put(journal, LW_RECORD_PLACE, capture->place, strlen(capture->place),
                              place, err);
    if (status != LW_OK)
        return status;
    start_record(journal, &entry, LW_RECORD_ENTRY);
    memcpy(id, entry.id, LW_RECORD_ID);
    status = fill_entry(journal, capture, capture->place != NULL ? place : NULL, &entry);
    if (status == LW_OK)
        status = lw_record_put(journal, &entry, CAPTURED, err);
    else
        lw_fail(err, status, "the entry cannot be made: %s", lw_status_message(status));
    given = lw_record_text(&entry, "ref");
    if (status == LW_OK && given == NULL)
        status = lw_fail(err, LW_INTERNAL, "the entry was given no reference");
    if (status == LW_OK)
        snprintf(ref, 16, "%s", given);
    lw_record_clear(&entry);
    return status;
}

static bool takes_part(const struct taking_part *done, size_t count, const struct taking_part *now)
{
    for (size_t i = 0; i < count; i++) {
        if (done[i].role == now->role && memcmp(done[i].party, now->party, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

/* Two spellings of one person in one role are one participation. */
static enum lw_status put_parties(struct lw_journal *journal, const struct lw_capture *capture,
                                  const uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    struct taking_part done[LW_CAPTURE_MARKS];
    size_t count = 0;
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < capture->party_count; i++) {
        struct taking_part *now = &done[count];
        struct lw_record record;

        now->role = capture->party[i].role;
        status = lw_named_put(journal, LW_RECORD_PARTY, capture->party[i].name,
                              strlen(capture->party[i].name), now->party, err);
        if (status != LW_OK || takes_part(done, count, now))
            continue;
        count++;
        start_record(journal, &record, LW_RECORD_PARTICIPATION);
        status = lw_record_set_ref(&record, "entry", entry);
        if (status == LW_OK)
            status = lw_record_set_ref(&record, "party", now->party);
        if (status == LW_OK)
            status = set_text(&record, "role", now->role);
        status = put(journal, &record, status, err);
    }
    return status;
}

static enum lw_status put_relation(struct lw_journal *journal,
                                   const struct lw_when_relation *relation,
                                   const uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_record other, record;
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = lw_record_by_ref(journal, LW_RECORD_ENTRY, relation->ref, &other, err);

    if (status == LW_NOT_FOUND)
        return lw_fail(err, status, "there is no entry %s, so \"%s %s\" cannot be kept",
                       relation->ref, relation->after ? _("after") : _("before"), relation->ref);
    if (status != LW_OK)
        return status;
    memcpy(id, other.id, LW_RECORD_ID);
    lw_record_clear(&other);
    start_record(journal, &record, LW_RECORD_PRECEDENCE);
    status = lw_record_set_ref(&record, "earlier", relation->after ? id : entry);
    if (status == LW_OK)
        status = lw_record_set_ref(&record, "later", relation->after ? entry : id);
    if (status == LW_OK)
        status = set_text(&record, "kind", "before");
    return put(journal, &record, status, err);
}

static enum lw_status log_all(struct lw_journal *journal, const struct lw_capture *capture,
                              char ref[16], struct lw_error *err)
{
    uint8_t entry[LW_RECORD_ID];
    enum lw_status status = put_entry(journal, capture, entry, ref, err);

    if (status == LW_OK)
        status = put_parties(journal, capture, entry, err);
    for (size_t i = 0; status == LW_OK && i < capture->when.relation_count; i++)
        status = put_relation(journal, &capture->when.relation[i], entry, err);
    return status;
}

enum lw_status lw_journal_log(struct lw_journal *journal, const struct lw_capture *capture,
                              char ref[16], struct lw_error *err)
{
    char given[16] = "";
    bool own = !journal->writing;
    enum lw_status status = own ? lw_journal_begin(journal, err) : LW_OK;

    if (status != LW_OK)
        return status;
    status = log_all(journal, capture, given, err);
    if (status == LW_OK && own)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK && own)
        lw_journal_rollback(journal);
    if (status == LW_OK)
        memcpy(ref, given, sizeof(given));
    return status;
}
