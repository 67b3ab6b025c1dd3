/* Later facts: an entry is split in two. Nothing is said anew: what moves is a revision of what
 * moves, and both entries tell it. */
#include "internal.h"

#include <string.h>

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory; nothing was changed");
}

static enum lw_status set_text(struct lw_record *record, const char *field, const char *text)
{
    return text == NULL ? LW_OK : lw_record_set_text(record, field, text, strlen(text));
}

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\n")] == '\0';
}

struct split {
    struct lw_journal *journal;
    struct lw_record from; /* the entry that is split */
    struct lw_record made; /* the one that the parts go to */
    const struct lw_part *part;
    size_t count;
    const char *why;
    struct lw_buf moved; /* "account ID ENTRY" */
    /* the account that was copied last, for claims that move without theirs */
    bool copied;
    uint8_t old_account[LW_RECORD_ID], new_account[LW_RECORD_ID];
    struct lw_error *err;
};

static bool is_moved(const struct split *split, enum lw_record_type type, const uint8_t *id)
{
    for (size_t i = 0; i < split->count; i++) {
        if (split->part[i].type == type && memcmp(split->part[i].id, id, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

static enum lw_status note_moved(struct split *split, const struct lw_record *record)
{
    char id[2 * LW_RECORD_ID + 1], entry[2 * LW_RECORD_ID + 1];

    lw_hex_encode(record->id, LW_RECORD_ID, id);
    lw_hex_encode(split->made.id, LW_RECORD_ID, entry);
    return lw_buf_addf(&split->moved, "%s %s %s\n", lw_record_infos[record->type].table, id, entry);
}

static enum lw_status move_part(struct split *split, struct lw_record *record)
{
    const struct lw_value *entry = lw_record_value(record, "entry");
    enum lw_status status;

    if (entry == NULL || memcmp(entry->bytes, split->from.id, LW_RECORD_ID) != 0)
        return lw_fail(split->err, LW_REFUSED,
                       "what is to move does not hang on this entry any more; look again");
    status = lw_record_set_ref(record, "entry", split->made.id);
    if (status == LW_OK)
        status = note_moved(split, record);
    if (status != LW_OK)
        return no_memory(split->err);
    return lw_record_put(split->journal, record, split->why, split->err);
}

/* The words of the account stay where they are, and stand in the new entry too: there is what rests
 * on them. */
static enum lw_status copy_account(struct split *split, const uint8_t *id)
{
    struct lw_record account;
    enum lw_status status;

    if (split->copied && memcmp(split->old_account, id, LW_RECORD_ID) == 0)
        return LW_OK;
    status = lw_record_get(split->journal, LW_RECORD_ACCOUNT, id, &account, split->err);
    if (status != LW_OK)
        return status;
    memcpy(split->old_account, id, LW_RECORD_ID);
    lw_journal_new_id(split->journal, account.id);
    memcpy(split->new_account, account.id, LW_RECORD_ID);
    split->copied = true;
    status = lw_record_set_ref(&account, "entry", split->made.id);
    if (status == LW_OK)
        status = lw_record_put(split->journal, &account, split->why, split->err);
    lw_record_clear(&account);
    return status;
}

static enum lw_status move_claim(struct split *split, struct lw_record *claim)
{
    uint8_t account[LW_RECORD_ID];
    enum lw_status status;

    memcpy(account, lw_record_value(claim, "account")->bytes, LW_RECORD_ID);
    if (is_moved(split, LW_RECORD_ACCOUNT, account))
        return LW_OK; /* it goes with its account */
    status = copy_account(split, account);
    if (status == LW_OK && (lw_record_set_ref(claim, "account", split->new_account) != LW_OK ||
                            note_moved(split, claim) != LW_OK))
        status = no_memory(split->err);
    return status == LW_OK ? lw_record_put(split->journal, claim, split->why, split->err) : status;
}

static enum lw_status move_one(struct split *split, const struct lw_part *part)
{
    struct lw_record record;
    enum lw_status status =
        lw_record_get(split->journal, part->type, part->id, &record, split->err);

    if (status != LW_OK)
        return status;
    status = part->type == LW_RECORD_CLAIM ? move_claim(split, &record) : move_part(split, &record);
    lw_record_clear(&record);
    return status;
}

/* Each leads to the other. */
static enum lw_status link_both(struct split *split)
{
    struct lw_record link;
    struct lw_buf note = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_addf(&note, "split from %s", lw_record_text(&split->from, "ref"));

    lw_record_init(&link, LW_RECORD_LINK);
    if (status == LW_OK)
        status = lw_record_set_ref(&link, "from", split->made.id);
    if (status == LW_OK)
        status = lw_record_set_ref(&link, "to", split->from.id);
    if (status == LW_OK)
        status = set_text(&link, "kind", "parallel");
    if (status == LW_OK)
        status = set_text(&link, "note", note.data);
    if (status == LW_OK)
        status = lw_record_put(split->journal, &link, split->why, split->err);
    else
        no_memory(split->err);
    lw_buf_free(&note);
    lw_record_clear(&link);
    return status;
}

/* Where nothing went, the new entry itself is told: the old one was split all the same. */
static enum lw_status note_split(struct split *split)
{
    if (split->count == 0 && note_moved(split, &split->made) != LW_OK)
        return no_memory(split->err);
    return revision_append_note(split->journal, &split->from, "moved", lw_buf_text(&split->moved),
                                split->why, split->err);
}

static enum lw_status split_entry(struct split *split)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < split->count && status == LW_OK; i++)
        status = move_one(split, &split->part[i]);
    if (status == LW_OK)
        status = link_both(split);
    return status == LW_OK ? note_split(split) : status;
}

enum lw_status lw_entry_split(struct lw_journal *journal, const uint8_t from[LW_RECORD_ID],
                              const uint8_t made[LW_RECORD_ID], const struct lw_part *part,
                              size_t count, const char *why, struct lw_error *err)
{
    struct split split = {.journal = journal, .part = part, .count = count, .why = why, .err = err};
    enum lw_status status;

    if (is_blank(why))
        return lw_fail(err, LW_BAD_DATA, "say why it is split; the reason is kept");
    lw_record_init(&split.made, LW_RECORD_ENTRY);
    status = lw_record_get(journal, LW_RECORD_ENTRY, from, &split.from, err);
    if (status != LW_OK)
        return status;
    status = lw_record_get(journal, LW_RECORD_ENTRY, made, &split.made, err);
    if (status == LW_OK)
        status = split_entry(&split);
    lw_buf_free(&split.moved);
    lw_record_clear(&split.made);
    lw_record_clear(&split.from);
    return status;
}
