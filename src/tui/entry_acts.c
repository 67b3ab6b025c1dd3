/* What is done to an entry as a whole: sealing it. */
#include "journal_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entry that is asked about: what is selected may be another one by the time of the answer. */
struct asked {
    uint8_t id[LW_RECORD_ID];
    char ref[16];
};

static enum lw_status seal_answer(struct lw_tui *tui, void *context, char letter,
                                  struct lw_error *err)
{
    struct asked *asked = context;
    enum lw_status status = LW_OK;

    if (letter == 'y') {
        status = lw_entry_seal(lw_screen_journal(tui), asked->id, err);
        if (status == LW_OK) {
            lw_tui_changed(tui);
            lw_tui_say(tui, "%s sealed", asked->ref);
        }
    }
    free(asked);
    return status;
}

static enum lw_status ask_seal(struct lw_tui *tui, const struct lw_record *entry,
                               struct lw_error *err)
{
    struct asked *asked;
    char question[96];
    enum lw_status status;

    if (strcmp(lw_record_text(entry, "status"), "sealed") == 0)
        return lw_fail(err, LW_REFUSED, "%s is sealed already", lw_record_text(entry, "ref"));
    asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to ask");
    memcpy(asked->id, entry->id, LW_RECORD_ID);
    snprintf(asked->ref, sizeof asked->ref, "%s", lw_record_text(entry, "ref"));
    snprintf(question, sizeof question, _("seal %s? later changes need a reason"), asked->ref);
    status = lw_tui_choose(tui, question, "yn", seal_answer, asked, err);
    if (status != LW_OK)
        free(asked);
    return status;
}

static enum lw_status seal(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    struct lw_record entry;
    enum lw_status status;

    (void)argument;
    if (!lw_screen_selected(view, &type, id) || type != LW_RECORD_ENTRY)
        return LW_OK;
    status = lw_record_get(lw_screen_journal(tui), LW_RECORD_ENTRY, id, &entry, err);
    if (status != LW_OK)
        return status;
    status = ask_seal(tui, &entry, err);
    lw_record_clear(&entry);
    return status;
}

static const struct lw_action list[] = {
    {"seal", "S", LW_IN_TIMELINE | LW_IN_ENTRY,
     "freeze the entry and what hangs on it; later changes need a reason", NULL, LW_ACTION_WRITES,
     seal},
};

const struct lw_action_table lw_actions_entry_acts = {list, LW_COUNT_OF(list)};
