/* The journal as it was known on a day, and back. */
#include "screens.h"

#include <string.h>

/* No view survives: each one belongs to the journal that it was opened on. */
static enum lw_status show(struct lw_tui *tui, struct lw_error *err)
{
    const struct lw_program_state *state = lw_screen_state(tui);
    const char *said = lw_session_past_said(state->session);
    enum lw_status status;

    lw_tui_set_read_only(tui, said != NULL || state->read_only);
    lw_tui_as_of(tui, said);
    lw_tui_clear(tui);
    lw_tui_notice(tui, "");
    status = lw_timeline_show(tui, err);
    if (status != LW_OK)
        lw_tui_quit(tui, status);
    return status;
}

enum lw_status lw_as_of_back(struct lw_tui *tui, struct lw_error *err)
{
    struct lw_session *session = lw_screen_state(tui)->session;
    enum lw_status status;

    if (lw_session_past_said(session) == NULL)
        return LW_OK;
    lw_tui_clear(tui); /* before what its views show is gone */
    lw_session_present(session);
    status = show(tui, err);
    if (status == LW_OK)
        lw_tui_say(tui, "This is the journal as it is again");
    return status;
}

static enum lw_status as_of(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    struct lw_session *session = lw_screen_state(tui)->session;
    const struct lw_past_report *report;
    enum lw_status status;

    (void)view;
    if (argument == NULL || argument[0] == '\0') {
        if (lw_session_past_said(session) != NULL)
            return lw_as_of_back(tui, err);
        return lw_fail(err, LW_USAGE, "as-of takes a day behind its name: as-of 15 dec 2014");
    }
    status = lw_tui_save(tui, err);
    if (status == LW_OK)
        status = lw_session_past(session, argument, strlen(argument), err);
    if (status == LW_OK)
        status = show(tui, err);
    if (status != LW_OK)
        return status;
    report = lw_session_past_report(session);
    if (report->bad > 0)
        lw_tui_say(tui, "%llu records are not certain; the first: %s",
                   (unsigned long long)report->bad, report->first_bad);
    else
        lw_tui_say(tui,
                   "%llu later changes are taken back, nothing can be written; :as-of leads "
                   "back",
                   (unsigned long long)report->taken_back);
    return LW_OK;
}

static const struct lw_action list[] = {
    {"as-of", "", LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST,
     "the journal as it was known at the end of the day behind it; alone: as it is", NULL,
     LW_ACTION_ARGUMENT, as_of},
};
const struct lw_action_table lw_actions_as_of = {list, LW_COUNT_OF(list)};
