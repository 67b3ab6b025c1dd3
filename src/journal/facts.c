/* What the accounts of one entry say, fact by fact: also what was given up. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

static bool same_fact(const struct said *a, const struct said *b)
{
    return strcmp(a->fact_folded, b->fact_folded) == 0;
}

/* An entry with all that is claimed about it. */
struct entry_claims {
    struct lw_record entry;
    struct said_list claims;
};

static enum lw_status load(struct lw_journal *journal, const uint8_t *entry,
                           struct entry_claims *out, struct lw_error *err)
{
    int64_t n;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ENTRY, entry, &out->entry, err);

    if (status != LW_OK)
        return status;
    status = record_key(journal, LW_RECORD_ENTRY, entry, &n, err);
    if (status == LW_OK)
        status = claims_load(journal, n, &out->claims, err);
    if (status != LW_OK)
        lw_record_clear(&out->entry);
    return status;
}

static void unload(struct entry_claims *claims)
{
    lw_record_clear(&claims->entry);
    said_list_free(&claims->claims);
}

static bool is_first(const struct said_list *claims, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (same_fact(&claims->item[i], &claims->item[at]))
            return false;
    }
    return true;
}

static enum lw_status visit_fact(const struct entry_claims *all, size_t at, struct lw_voice *voices,
                                 lw_fact_visitor *visit, void *context, struct lw_error *err)
{
    const struct said *first = &all->claims.item[at];
    struct lw_fact fact = {.fact = first->fact,
                           .differs = claims_differ(&all->claims, first->fact_folded),
                           .voices = voices};

    for (size_t i = at; i < all->claims.count; i++) {
        if (same_fact(&all->claims.item[i], first))
            voices[fact.voice_count++] =
                said_voice(lw_record_text(&all->entry, "ref"), &all->claims.item[i]);
    }
    return visit(context, &fact, err);
}

enum lw_status lw_facts_of(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                           lw_fact_visitor *visit, void *context, struct lw_error *err)
{
    struct entry_claims all = {.claims = {0}};
    struct lw_voice *voices;
    enum lw_status status = load(journal, entry, &all, err);

    if (status != LW_OK)
        return status;
    voices = calloc(all.claims.count + 1, sizeof *voices);
    if (voices == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    for (size_t i = 0; voices != NULL && i < all.claims.count && status == LW_OK; i++) {
        if (is_first(&all.claims, i))
            status = visit_fact(&all, i, voices, visit, context, err);
    }
    free(voices);
    unload(&all);
    return status;
}

/* ---- against one claim ---- */

static enum lw_status entry_of_claim(struct lw_journal *journal, const uint8_t *claim,
                                     uint8_t entry[LW_RECORD_ID], struct lw_error *err)
{
    struct lw_record record;
    uint8_t account[LW_RECORD_ID];
    enum lw_status status = lw_record_get(journal, LW_RECORD_CLAIM, claim, &record, err);

    if (status != LW_OK)
        return status;
    memcpy(account, lw_record_value(&record, "account")->bytes, LW_RECORD_ID);
    lw_record_clear(&record);
    status = lw_record_get(journal, LW_RECORD_ACCOUNT, account, &record, err);
    if (status != LW_OK)
        return status;
    memcpy(entry, lw_record_value(&record, "entry")->bytes, LW_RECORD_ID);
    lw_record_clear(&record);
    return LW_OK;
}

static const struct said *find_claim(const struct said_list *claims, const uint8_t *id)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (memcmp(claims->item[i].id, id, LW_RECORD_ID) == 0)
            return &claims->item[i];
    }
    return NULL;
}

enum lw_status lw_claim_against(struct lw_journal *journal, const uint8_t claim[LW_RECORD_ID],
                                lw_voice_visitor *visit, void *context, struct lw_error *err)
{
    struct entry_claims all = {.claims = {0}};
    uint8_t entry[LW_RECORD_ID];
    const struct said *said;
    enum lw_status status = entry_of_claim(journal, claim, entry, err);

    if (status == LW_OK)
        status = load(journal, entry, &all, err);
    if (status != LW_OK)
        return status;
    said = find_claim(&all.claims, claim);
    for (size_t i = 0; said != NULL && said->live && i < all.claims.count && status == LW_OK; i++) {
        const struct said *other = &all.claims.item[i];
        struct lw_voice voice = said_voice(lw_record_text(&all.entry, "ref"), other);

        if (other->live && other->account != said->account && same_fact(other, said) &&
            !claims_agree(&all.claims, other->account, said))
            status = visit(context, &voice, err);
    }
    unload(&all);
    return status;
}
