/* The journal over a store: opening, ids, transactions. */
#include "filter_tree.h"
#include "order.h"

#include <stdlib.h>
#include <string.h>

enum lw_status lw_journal_open(struct lw_store *store, const struct lw_journal_setup *setup,
                               struct lw_journal **out, struct lw_error *err)
{
    struct lw_journal *journal;
    const char *author = setup->author;
    enum lw_status status = LW_OK;

    if (author != NULL && !lw_utf8_valid(author, strlen(author), NULL))
        return lw_fail(err, LW_BAD_DATA, "the author's name is not well-formed UTF-8; correct it");
    journal = calloc(1, sizeof(*journal));
    if (journal == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    journal->store = store;
    journal->clock = setup->clock;
    journal->forms = lw_forms_new(setup->forms, lw_forms_language(setup->forms));
    if (author != NULL && author[0] != '\0')
        journal->author = lw_text_copy(author, strlen(author));
    if (journal->forms == NULL || (author != NULL && author[0] != '\0' && journal->author == NULL))
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = kinds_load(journal, err);
    if (status == LW_OK)
        status = term_functions(journal, err);
    if (status == LW_OK)
        *out = journal;
    else
        lw_journal_close(journal);
    return status;
}

void lw_journal_close(struct lw_journal *journal)
{
    if (journal == NULL)
        return;
    lw_journal_rollback(journal);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++) {
        for (int which = 0; which < RECORD_SQL_TEXTS; which++)
            lw_text_free(journal->sql[type][which]);
    }
    kept_free(journal);
    newest_free(journal);
    names_free(journal);
    key_list_free(&journal->sealing);
    key_list_free(&journal->amended);
    key_list_free(&journal->compared);
    span_free(&journal->spans);
    key_list_free(&journal->ordered);
    key_list_free(&journal->indexed);
    key_list_free(&journal->parties);
    key_list_free(&journal->locations);
    lw_text_free(journal->author);
    lw_forms_free(journal->forms);
    lw_buf_free(&journal->forms_trouble);
    free(journal);
}

struct lw_store *lw_journal_store(struct lw_journal *journal)
{
    return journal->store;
}

const char *lw_journal_author(const struct lw_journal *journal)
{
    return journal->author;
}

void lw_journal_stand(struct lw_journal *journal, int64_t ms)
{
    journal->stands = true;
    journal->stands_ms = ms;
}

int64_t journal_wall_clock(const struct lw_journal *journal)
{
    int64_t ms = journal->stands ? journal->stands_ms : lw_clock_now(journal->clock);
    int64_t now = ms / 1000;

    return now + 60 * (int64_t)lw_clock_offset(journal->clock, now);
}

int64_t lw_journal_day(const struct lw_journal *journal)
{
    return order_day_of(journal_wall_clock(journal));
}

const struct lw_forms *lw_journal_forms(const struct lw_journal *journal)
{
    return journal->forms;
}

const char *lw_journal_forms_trouble(const struct lw_journal *journal)
{
    return lw_buf_text(&journal->forms_trouble);
}

/* As if one millisecond had passed more often than it did: greater than the one before. */
static void next_id(uint8_t id[LW_RECORD_ID])
{
    for (int i = LW_RECORD_ID - 1; i > 8; i--) {
        if (++id[i] != 0)
            return;
    }
    for (int i = 5; i >= 0; i--) {
        if (++id[i] != 0)
            return;
    }
}

void lw_journal_new_id(struct lw_journal *journal, uint8_t id[LW_RECORD_ID])
{
    int64_t now = lw_clock_now(journal->clock);
    uint64_t ms = now < 0 ? 0 : (uint64_t)now;

    lw_random(id, LW_RECORD_ID);
    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(ms >> (8 * (5 - i)));
    id[6] = (uint8_t)(0x70 | (id[6] & 0x0f));
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
    if (memcmp(id, journal->made_id, LW_RECORD_ID) <= 0) {
        memcpy(id, journal->made_id, LW_RECORD_ID);
        next_id(id);
    }
    memcpy(journal->made_id, id, LW_RECORD_ID);
}

/* Forgets what belongs to one transaction. */
static void forget(struct lw_journal *journal)
{
    journal->writing = false;
    journal->has_id = false;
    journal->chain = (struct chain_end){0};
    memset(journal->ref_floor, 0, sizeof(journal->ref_floor));
    memset(journal->known, 0, sizeof(journal->known));
    key_map_free(&journal->own);
    key_list_clear(&journal->sealing);
    key_list_clear(&journal->amended);
    key_list_clear(&journal->compared);
    journal->spans.count = 0;
    key_list_clear(&journal->ordered);
    key_list_clear(&journal->indexed);
    key_list_clear(&journal->parties);
    key_list_clear(&journal->locations);
}

enum lw_status lw_journal_begin(struct lw_journal *journal, struct lw_error *err)
{
    enum lw_status status;

    if (journal->writing || lw_store_in_transaction(journal->store))
        return lw_fail(err, LW_INTERNAL, "a transaction was begun inside another one");
    forget(journal);
    status = lw_store_begin(journal->store, err);
    journal->writing = status == LW_OK;
    return status;
}

enum lw_status lw_journal_settle(struct lw_journal *journal, struct lw_error *err)
{
    enum lw_status status;

    if (!journal->writing)
        return lw_fail(err, LW_INTERNAL, "a transaction was ended that was not begun");
    status = seal_update(journal, err);
    if (status == LW_OK)
        status = order_update(journal, err);
    if (status == LW_OK)
        status = span_update(journal, err);
    if (status != LW_OK)
        return status;
    key_list_clear(&journal->ordered);
    return index_update(journal, err);
}

enum lw_status lw_journal_commit(struct lw_journal *journal, struct lw_error *err)
{
    enum lw_status status = lw_journal_settle(journal, err);

    if (status == LW_OK)
        status = lw_store_commit(journal->store, err);
    if (status != LW_OK) {
        lw_journal_rollback(journal);
        return status;
    }
    forget(journal);
    return LW_OK;
}

void lw_journal_rollback(struct lw_journal *journal)
{
    if (journal->writing)
        lw_store_rollback(journal->store);
    forget(journal);
}
