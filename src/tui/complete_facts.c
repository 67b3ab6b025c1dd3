/* Completion of facts: what was claimed about the entry before, then what its kind asks. */
#include "complete.h"

#include <string.h>

struct search {
    const char *typed;
    size_t len;
    struct lw_field_choices *choices;
};

static const struct lw_complete_form plain = {.before = ""};

static enum lw_status visit_fact(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct search *search = context;

    if (search->choices->count >= LW_COMPLETE_MOST)
        return LW_OK;
    return lw_complete_word(fact->fact, search->typed, search->len, &plain, search->choices, err);
}

static bool is_offered(const struct lw_field_choices *choices, const char *word)
{
    for (size_t i = 0; i < choices->count; i++) {
        if (strcmp(choices->list[i], word) == 0)
            return true;
    }
    return false;
}

static enum lw_status offer_questions(struct lw_journal *journal, const struct lw_record *entry,
                                      const struct search *search, struct lw_error *err)
{
    const struct lw_forms *forms = lw_journal_forms(journal);
    const char *name = lw_record_text(entry, "kind");
    const struct lw_kind *kind = name != NULL ? lw_forms_kind(forms, name) : NULL;
    enum lw_status status = LW_OK;

    for (size_t i = 0; kind != NULL && i < kind->question_count && status == LW_OK; i++) {
        const char *label = lw_label_say(forms, &kind->question[i].label);

        if (!is_offered(search->choices, label) && search->choices->count < LW_COMPLETE_MOST)
            status =
                lw_complete_word(label, search->typed, search->len, &plain, search->choices, err);
    }
    return status;
}

enum lw_status lw_complete_facts(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                 const char *typed, size_t len, struct lw_field_choices *choices,
                                 struct lw_error *err)
{
    struct search search = {.typed = typed, .len = len, .choices = choices};
    struct lw_record record;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ENTRY, entry, &record, err);

    if (status != LW_OK)
        return status;
    choices->from = 0;
    status = lw_facts_of(journal, entry, visit_fact, &search, err);
    if (status == LW_OK)
        status = offer_questions(journal, &record, &search, err);
    lw_record_clear(&record);
    return status;
}
