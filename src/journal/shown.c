/* What people and sources are called where it is shown: those that are protected go by their code
 * name, or by a number, until somebody asks for the names. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

static const char stand_in[] = N_("protected person ");

void lw_journal_reveal(struct lw_journal *journal, bool reveal)
{
    journal->reveal = reveal;
    if (journal->present != NULL)
        journal->present->reveal = reveal;
}

void lw_journal_hide_as(struct lw_journal *past, struct lw_journal *present)
{
    past->present = present;
    past->reveal = present->reveal;
}

bool lw_journal_reveals(const struct lw_journal *journal)
{
    return journal->reveal;
}

/* ---- who is protected ---- */

/* It, or one that it is the same as. */
static enum lw_status is_protected_here(struct lw_journal *journal, enum lw_record_type type,
                                        const uint8_t id[LW_RECORD_ID], bool *out,
                                        struct lw_error *err)
{
    const char *sql =
        type == LW_RECORD_PARTY
            ? "WITH RECURSIVE " SAME_SET(
                  "party", "SELECT n FROM party WHERE id = ?1") " SELECT 1 FROM party WHERE n IN "
                                                                "same AND protected = 1"
            : "WITH RECURSIVE " SAME_SET(
                  "source", "SELECT n FROM source WHERE id = ?1") " SELECT 1 FROM source WHERE n "
                                                                  "IN same AND protected = 1";
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(journal->store, sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_blob(stmt, 1, id, LW_RECORD_ID);
    status = lw_stmt_step(stmt, err);
    *out = status == LW_OK;
    if (status == LW_OK)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status is_protected(struct lw_journal *journal, enum lw_record_type type,
                                   const uint8_t id[LW_RECORD_ID], bool *out, struct lw_error *err)
{
    enum lw_status status = is_protected_here(journal, type, id, out, err);

    if (status == LW_OK && !*out && journal->present != NULL)
        status = is_protected_here(journal->present, type, id, out, err);
    return status;
}

enum lw_status lw_shown_is_hidden(struct lw_journal *journal, const struct lw_record *record,
                                  bool *out, struct lw_error *err)
{
    const struct lw_value *own = lw_record_value(record, "protected");
    const struct lw_value *party = lw_record_value(record, "party");

    *out = false;
    if (journal->reveal)
        return LW_OK;
    switch (record->type) {
    case LW_RECORD_PARTY:
    case LW_RECORD_SOURCE:
        *out = own != NULL && own->number != 0;
        return *out ? LW_OK : is_protected(journal, record->type, record->id, out, err);
    case LW_RECORD_NAME:
        return party != NULL ? is_protected(journal, LW_RECORD_PARTY, party->bytes, out, err)
                             : LW_OK;
    default:
        return LW_OK;
    }
}

bool lw_shown_tells(enum lw_record_type type, const char *field)
{
    static const struct {
        enum lw_record_type type;
        const char *field;
    } fields[] = {
        {LW_RECORD_PARTY, "name"},   {LW_RECORD_PARTY, "note"},       {LW_RECORD_NAME, "text"},
        {LW_RECORD_SOURCE, "title"}, {LW_RECORD_SOURCE, "author"},    {LW_RECORD_SOURCE, "note"},
        {LW_RECORD_SOURCE, "url"},   {LW_RECORD_SOURCE, "reference"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(fields); i++) {
        if (fields[i].type == type && strcmp(fields[i].field, field) == 0)
            return true;
    }
    return false;
}

/* ---- what stands for it ---- */

/* The number is that of the row, which stays as long as the vault. */
static enum lw_status say_person(struct lw_journal *journal, const struct lw_record *party,
                                 struct lw_buf *out, struct lw_error *err)
{
    struct lw_journal *now = journal->present != NULL ? journal->present : journal;
    struct lw_record record;
    const char *code;
    int64_t n = 0;
    enum lw_status status = record_find(now, LW_RECORD_PARTY, party->id, &n, &record, err);

    if (status == LW_NOT_FOUND)
        return lw_buf_says(out, "protected person");
    if (status != LW_OK)
        return status;
    code = lw_record_text(&record, "code_name");
    status = code != NULL ? lw_buf_adds(out, code)
                          : lw_buf_addf(out, "%s%lld", _(stand_in), (long long)n);
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_shown_name(struct lw_journal *journal, const struct lw_record *record,
                             struct lw_buf *out, struct lw_error *err)
{
    bool titled = lw_field_find(record->type, "title") >= 0;
    const char *name = lw_record_text(record, titled ? "title" : "name");
    bool hidden;
    enum lw_status status = lw_shown_is_hidden(journal, record, &hidden, err);

    if (status != LW_OK)
        return status;
    if (hidden && record->type == LW_RECORD_PARTY)
        status = say_person(journal, record, out, err);
    else
        status = lw_buf_adds(out, hidden ? _("protected source") : name != NULL ? name : "");
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}

enum lw_status lw_shown_mask(struct lw_journal *journal, struct lw_record *record,
                             struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];
    struct lw_buf name = LW_BUF_INIT;
    bool hidden;
    enum lw_status status = lw_shown_is_hidden(journal, record, &hidden, err);

    if (status != LW_OK || !hidden)
        return status;
    if (record->type == LW_RECORD_NAME)
        status = lw_buf_says(&name, "protected");
    else
        status = lw_shown_name(journal, record, &name, err);
    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        const struct lw_field *field = &info->fields[i];

        if (record->value[i].set && lw_shown_tells(record->type, field->name))
            status = lw_record_set_text(record, field->name, field->required ? name.data : NULL,
                                        name.len);
    }
    lw_buf_free(&name);
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}

/* NOT_FOUND: it is no stand-in, neither as it is shown now nor in English. */
static enum lw_status stand_in_number(const char *folded, uint64_t *n)
{
    const char *const said[] = {stand_in, _(stand_in)};
    struct lw_buf start = LW_BUF_INIT;
    enum lw_status status = LW_NOT_FOUND;

    for (size_t i = 0; i < LW_COUNT_OF(said) && status == LW_NOT_FOUND; i++) {
        lw_buf_clear(&start);
        status = lw_utf8_fold(said[i], strlen(said[i]), &start);
        if (status == LW_OK)
            status = lw_buf_adds(&start, " "); /* which folding drops */
        if (status == LW_OK &&
            (strncmp(folded, lw_buf_text(&start), start.len) != 0 ||
             !lw_parse_u64(folded + start.len, strlen(folded + start.len), INT64_MAX, n)))
            status = LW_NOT_FOUND;
    }
    lw_buf_free(&start);
    return status;
}

enum lw_status shown_find(struct lw_journal *journal, const char *folded, uint8_t id[LW_RECORD_ID],
                          bool *found, struct lw_error *err)
{
    struct lw_stmt *stmt;
    uint64_t n;
    const void *blob;
    size_t len = 0;
    enum lw_status status = stand_in_number(folded, &n);

    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : lw_fail(err, status, "out of memory");
    status = lw_store_prepare(
        journal->store, "SELECT " SAME_LAST("party", "p", "id") " FROM party p WHERE p.n = ?1",
        &stmt, err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, (int64_t)n);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? LW_OK : status;
    blob = lw_stmt_blob(stmt, 0, &len);
    *found = blob != NULL && len == LW_RECORD_ID;
    if (*found)
        memcpy(id, blob, LW_RECORD_ID);
    lw_stmt_reset(stmt);
    return LW_OK;
}
