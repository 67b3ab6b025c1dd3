/* Kinds of entry that a team keeps in the vault: one record each, the kind as text in it. */
#include "internal.h"

#include <string.h>

static enum lw_status add(struct lw_journal *journal, const struct lw_record *record,
                          struct lw_error *err)
{
    const char *text = lw_record_text(record, "definition");
    struct lw_kind *kind;
    enum lw_status status = lw_kind_read(text, strlen(text), &kind, err);

    if (status != LW_OK)
        return status;
    kind->origin = LW_KIND_VAULT;
    status = lw_forms_put(journal->forms, kind, err);
    if (status != LW_OK)
        lw_kind_free(kind);
    return status;
}

/* What a later version wrote must not lock anybody out of the journal. */
static enum lw_status visit(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct lw_journal *journal = context;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = add(journal, record, &why);

    if (status == LW_BAD_DATA && journal->forms_trouble.len == 0)
        status = lw_buf_sayf(&journal->forms_trouble,
                             "the kind of entry \"%s\" in the vault cannot be read: %s",
                             lw_record_text(record, "name"), why.text);
    else if (status == LW_BAD_DATA)
        status = LW_OK;
    return status == LW_OK ? LW_OK : lw_fail(err, status, "%s", lw_status_message(status));
}

enum lw_status kinds_load(struct lw_journal *journal, struct lw_error *err)
{
    return lw_record_each(journal, LW_RECORD_KIND, NULL, NULL, visit, journal, err);
}

/* ---- keeping one ---- */

struct search {
    const char *name;
    uint8_t id[LW_RECORD_ID];
    bool found;
};

/* Of two that came together in one vault the one that was recorded last is the one that counts. */
static enum lw_status look_at(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct search *search = context;

    (void)err;
    if (strcmp(lw_record_text(record, "name"), search->name) == 0) {
        memcpy(search->id, record->id, LW_RECORD_ID);
        search->found = true;
    }
    return LW_OK;
}

enum lw_status lw_journal_keep_kind(struct lw_journal *journal, const struct lw_kind *kind,
                                    bool *added, struct lw_error *err)
{
    struct search search = {.name = kind->name};
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record record;
    enum lw_status status =
        lw_record_each(journal, LW_RECORD_KIND, NULL, NULL, look_at, &search, err);

    if (status != LW_OK)
        return status;
    lw_record_init(&record, LW_RECORD_KIND);
    memcpy(record.id, search.id, LW_RECORD_ID);
    status = lw_kind_write(kind, &text);
    if (status == LW_OK)
        status = lw_record_set_text(&record, "name", kind->name, strlen(kind->name));
    if (status == LW_OK)
        status = lw_record_set_text(&record, "definition", lw_buf_text(&text), text.len);
    if (status == LW_OK)
        status = lw_record_put(journal, &record, NULL, err);
    else
        lw_fail(err, status, "out of memory");
    *added = !search.found;
    lw_buf_free(&text);
    lw_record_clear(&record);
    return status;
}
