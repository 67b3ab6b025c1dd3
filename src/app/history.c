/* The history of a record, and of everything that hangs on it: its revisions, in one order. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

/* ---- which records ---- */

/* What hangs on what. */
static const struct {
    enum lw_record_type of, type;
    const char *field;
} hangs[] = {
    {LW_RECORD_ENTRY, LW_RECORD_FIELD, "entry"},
    {LW_RECORD_ENTRY, LW_RECORD_PARTICIPATION, "entry"},
    {LW_RECORD_ENTRY, LW_RECORD_ACCOUNT, "entry"},
    {LW_RECORD_ENTRY, LW_RECORD_ITEM, "entry"},
    {LW_RECORD_ENTRY, LW_RECORD_LINK, "from"},
    {LW_RECORD_ENTRY, LW_RECORD_LINK, "to"},
    {LW_RECORD_ENTRY, LW_RECORD_PRECEDENCE, "earlier"},
    {LW_RECORD_ENTRY, LW_RECORD_PRECEDENCE, "later"},
    {LW_RECORD_ENTRY, LW_RECORD_TASK, "entry"},
    {LW_RECORD_ACCOUNT, LW_RECORD_CLAIM, "account"},
    {LW_RECORD_PARTY, LW_RECORD_NAME, "party"},
};

static enum lw_status no_memory(const struct history *history)
{
    return lw_fail(history->err, LW_NO_MEMORY, "out of memory");
}

static bool has_target(const struct history *history, const struct lw_record *record)
{
    for (size_t i = 0; i < history->targets; i++) {
        if (history->target[i].type == record->type &&
            memcmp(history->target[i].id, record->id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

static enum lw_status call(const struct history *history, const struct lw_record *record,
                           struct history_target *out)
{
    struct lw_buf called = LW_BUF_INIT;
    enum lw_status status = lw_record_called(history->journal, record, &called, history->err);

    if (status == LW_OK) {
        out->called = lw_text_copy(lw_buf_text(&called), called.len);
        if (out->called == NULL)
            status = no_memory(history);
    }
    lw_buf_free(&called);
    if (status == LW_OK)
        status = lw_shown_is_hidden(history->journal, record, &out->hidden, history->err);
    return status;
}

/* The kind of an answer's entry says what its question is called. */
static enum lw_status find_kind(const struct history *history, const struct lw_record *field,
                                struct history_target *out)
{
    struct lw_record entry;
    const char *kind;
    enum lw_status status =
        lw_record_get(history->journal, LW_RECORD_ENTRY, lw_record_value(field, "entry")->bytes,
                      &entry, history->err);

    if (status != LW_OK)
        return status;
    kind = lw_record_text(&entry, "kind");
    if (kind != NULL) {
        out->kind = lw_text_copy(kind, strlen(kind));
        if (out->kind == NULL)
            status = no_memory(history);
    }
    lw_record_clear(&entry);
    return status;
}

static enum lw_status add_hanging(struct history *history, const struct lw_record *record);

static enum lw_status add_target(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct history *history = context;
    struct history_target *target;
    enum lw_status status;

    (void)err;
    if (has_target(history, record))
        return LW_OK;
    if (history->targets == history->target_cap) {
        size_t cap = history->target_cap == 0 ? 16 : 2 * history->target_cap;
        struct history_target *grown = realloc(history->target, cap * sizeof *grown);

        if (grown == NULL)
            return no_memory(history);
        history->target = grown;
        history->target_cap = cap;
    }
    target = &history->target[history->targets];
    *target = (struct history_target){.type = record->type};
    memcpy(target->id, record->id, LW_RECORD_ID);
    if (lw_record_copy(record, &target->first) != LW_OK)
        return no_memory(history);
    history->targets++;
    status = call(history, record, target);
    if (status == LW_OK && record->type == LW_RECORD_FIELD)
        status = find_kind(history, record, target);
    return status == LW_OK ? add_hanging(history, record) : status;
}

static enum lw_status add_hanging(struct history *history, const struct lw_record *record)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(hangs) && status == LW_OK; i++) {
        if (hangs[i].of == record->type)
            status = lw_record_each(history->journal, hangs[i].type, hangs[i].field, record->id,
                                    add_target, history, history->err);
    }
    return status;
}

/* ---- which revisions ---- */

static enum lw_status add_event(void *context, const struct lw_record *revision,
                                struct lw_error *err)
{
    struct history *history = context;

    (void)err;
    if (history->events == history->event_cap) {
        size_t cap = history->event_cap == 0 ? 64 : 2 * history->event_cap;
        struct history_event *grown = realloc(history->event, cap * sizeof *grown);

        if (grown == NULL)
            return no_memory(history);
        history->event = grown;
        history->event_cap = cap;
    }
    history->event[history->events].target = history->targets; /* set by the caller */
    memcpy(history->event[history->events++].id, revision->id, LW_RECORD_ID);
    return LW_OK;
}

/* Back to what it was when it was made, through its revisions from event `from` on. */
static enum lw_status go_back(struct history *history, struct history_target *target, size_t from)
{
    enum lw_status status = LW_OK;

    target->known = true;
    for (size_t i = history->events; i-- > from && status == LW_OK;) {
        struct lw_record revision;

        status = lw_record_get(history->journal, LW_RECORD_REVISION, history->event[i].id,
                               &revision, history->err);
        if (status != LW_OK)
            return status;
        status = lw_record_undo(&target->first, lw_record_text(&revision, "changes"), history->err);
        lw_record_clear(&revision);
    }
    if (status == LW_BAD_DATA) {
        target->known = false;
        return LW_OK;
    }
    return status;
}

static enum lw_status add_events(struct history *history, size_t at)
{
    struct history_target *target = &history->target[at];
    size_t from = history->events;
    enum lw_status status = lw_revisions_each(history->journal, target->type, target->id, add_event,
                                              history, history->err);

    for (size_t i = from; i < history->events; i++)
        history->event[i].target = at;
    return status == LW_OK ? go_back(history, target, from) : status;
}

static int compare_events(const void *a, const void *b)
{
    const struct history_event *x = a;
    const struct history_event *y = b;

    return memcmp(x->id, y->id, LW_RECORD_ID);
}

/* "account ID ENTRY": what hung on the entry once. An entry in that place is the new one, with a
 * history of its own. */
static enum lw_status add_moved(void *context, const struct lw_record *revision,
                                struct lw_error *err)
{
    struct history *history = context;
    const char *line = lw_record_text(revision, "moved");
    enum lw_status status = LW_OK;

    for (; line != NULL && *line != '\0' && status == LW_OK; line += strcspn(line, "\n") + 1) {
        size_t table = strcspn(line, " ");
        uint8_t id[LW_RECORD_ID];
        struct lw_record record;

        if (strnlen(line, table + 33) < table + 33 ||
            !lw_hex_decode(line + table + 1, 32, id, LW_RECORD_ID))
            break;
        for (int type = 0; type < LW_RECORD_REVISION && status == LW_OK; type++) {
            const char *name = lw_record_infos[type].table;

            if (type == LW_RECORD_ENTRY || strlen(name) != table || strncmp(name, line, table) != 0)
                continue;
            status = lw_record_get(history->journal, (enum lw_record_type)type, id, &record, err);
            if (status == LW_OK) {
                status = add_target(history, &record, err);
                lw_record_clear(&record);
            }
        }
    }
    return status;
}

enum lw_status history_begin(struct lw_journal *journal, const struct lw_record *record,
                             struct history *out, struct lw_error *err)
{
    enum lw_status status;

    *out = (struct history){.journal = journal, .err = err};
    status = add_target(out, record, err);
    if (status == LW_OK && record->type == LW_RECORD_ENTRY)
        status = lw_revisions_each(journal, record->type, record->id, add_moved, out, err);
    for (size_t i = 0; i < out->targets && status == LW_OK; i++)
        status = add_events(out, i);
    if (status == LW_OK && out->events > 0)
        qsort(out->event, out->events, sizeof *out->event, compare_events);
    return status;
}

void history_end(struct history *history)
{
    for (size_t i = 0; i < history->targets; i++) {
        lw_record_clear(&history->target[i].first);
        lw_text_free(history->target[i].called);
        lw_text_free(history->target[i].kind);
    }
    free(history->target);
    free(history->event);
    *history = (struct history){.journal = NULL};
}
