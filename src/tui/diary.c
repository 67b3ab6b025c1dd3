/* From the journal to the diary that the duress passphrase opens, and back. */
#include "screens.h"

#define DIARY_MARK "DURESS DIARY"

static void say_where(struct lw_tui *tui, bool diary)
{
    lw_tui_mark(tui, diary ? DIARY_MARK : NULL);
    lw_tui_flag(tui, NULL); /* another journal, which hides its names */
    if (diary)
        lw_tui_say(tui, "What you write now is shown to whoever is given the duress passphrase; "
                        ":diary leads back");
    else
        lw_tui_say(tui, "This is your own journal again");
}

/* No view survives: each one belongs to the journal that it was opened on. */
static enum lw_status turn(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    const struct lw_program_state *state = lw_screen_state(tui);
    struct lw_session *session = state->session;
    enum lw_status status = lw_tui_save(tui, err);

    (void)view;
    (void)argument;
    if (status == LW_OK)
        status = lw_as_of_back(tui, err);
    if (status == LW_OK)
        status = lw_session_turn(session, state->config->author, lw_tui_is_read_only(tui), err);
    if (status != LW_OK)
        return status;
    lw_tui_clear(tui);
    lw_tui_forget(tui);
    lw_tui_notice(tui, "");
    status = lw_timeline_show(tui, err);
    if (status != LW_OK) {
        lw_tui_quit(tui, status);
        return status;
    }
    say_where(tui, session->decoy);
    return lw_drafts_reopen(tui, err);
}

/* Without a key: what is meant for one of them must not be written to the other by a slip. */
static const struct lw_action list[] = {
    {"diary", "", LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST,
     "to the diary that the duress passphrase opens, and back", NULL, 0, turn},
};
const struct lw_action_table lw_actions_diary = {list, LW_COUNT_OF(list)};
