/* One entry in words, for every front end. */
#include "entry.h"

#include <string.h>

const char *lw_entry_heading(enum lw_entry_part part)
{
    static const char *const headings[] = {
        [LW_ENTRY_PEOPLE] = N_("People"),       [LW_ENTRY_ACCOUNTS] = N_("Accounts"),
        [LW_ENTRY_ITEMS] = N_("Items"),         [LW_ENTRY_FIELDS] = N_("Fields"),
        [LW_ENTRY_LINKS] = N_("Links"),         [LW_ENTRY_ORDER] = N_("Order"),
        [LW_ENTRY_TASKS] = N_("Tasks"),         [LW_ENTRY_OPEN] = N_("Still open"),
        [LW_ENTRY_REVISIONS] = N_("Revisions"),
    };

    return part >= LW_ENTRY_PEOPLE && part <= LW_ENTRY_REVISIONS ? _(headings[part]) : "";
}

/* Which facts differ is decided in one place, for every output. */
static enum lw_status visit_contradiction(void *context, const struct lw_contradiction *found,
                                          struct lw_error *err)
{
    struct lw_buf *facts = context;
    enum lw_status status = found->fact == NULL ? LW_OK : lw_buf_addf(facts, "%s\n", found->fact);

    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_entry_say(struct lw_journal *journal, const struct lw_clock *clock,
                            const struct lw_record *entry, lw_entry_visitor *visit, void *context,
                            struct lw_error *err)
{
    static const struct {
        enum lw_entry_part part;
        enum lw_status (*say)(struct entry_say *say);
    } parts[] = {
        {LW_ENTRY_REF, entry_say_head},          {LW_ENTRY_PEOPLE, entry_say_people},
        {LW_ENTRY_ACCOUNTS, entry_say_accounts}, {LW_ENTRY_ITEMS, entry_say_items},
        {LW_ENTRY_FIELDS, entry_say_fields},     {LW_ENTRY_LINKS, entry_say_links},
        {LW_ENTRY_ORDER, entry_say_order},       {LW_ENTRY_TASKS, entry_say_tasks},
        {LW_ENTRY_OPEN, entry_say_open},         {LW_ENTRY_REVISIONS, entry_say_revisions},
    };
    struct entry_say say = {.journal = journal,
                            .clock = clock,
                            .entry = entry,
                            .visit = visit,
                            .context = context,
                            .err = err};
    enum lw_status status =
        lw_contradictions_of(journal, entry->id, visit_contradiction, &say.differing, err);

    for (size_t i = 0; i < LW_COUNT_OF(parts) && status == LW_OK; i++) {
        say.part = parts[i].part;
        status = parts[i].say(&say);
    }
    lw_buf_free(&say.differing);
    return status;
}
