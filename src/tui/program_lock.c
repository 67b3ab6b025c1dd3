/* Ending the program so that it is locked. */
#include "screens.h"

void lw_program_lock(struct lw_tui *tui)
{
    lw_screen_state(tui)->lock = true;
    lw_tui_quit(tui, LW_STALE);
}

/* Unlike the lock key it may save first. */
static enum lw_status lock_command(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                   struct lw_error *err)
{
    enum lw_status status = lw_tui_save(tui, err);

    (void)view;
    (void)argument;
    if (status == LW_OK)
        lw_program_lock(tui);
    return status;
}

/* Has no key: its name must be typed. */
static enum lw_status arm_command(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                  struct lw_error *err)
{
    const struct lw_program_hooks *hooks = lw_screen_state(tui)->hooks;

    (void)view;
    (void)argument;
    if (hooks == NULL || hooks->arm == NULL)
        return lw_fail(err, LW_REFUSED, "nothing can be armed here");
    hooks->arm(hooks->context);
    lw_tui_say(tui,
               "Armed until the program ends: holding the lock key, or pressing it three times, "
               "wipes the vault");
    return LW_OK;
}

static const struct lw_action program_actions[] = {
    {"arm-wipe", "", LW_IN_ALL, "holding the lock key wipes, until the program ends", NULL, 0,
     arm_command},
    {"lock", "", LW_IN_ALL, "save and lock, as the lock key does without saving", NULL, 0,
     lock_command},
};
const struct lw_action_table lw_actions_program = {program_actions, LW_COUNT_OF(program_actions)};
