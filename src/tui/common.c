/* Commands that every screen has. */
#include "loop.h"
#include "loop_internal.h"

#include <string.h>

#define ALL LW_IN_ALL

static enum lw_status move(struct lw_view *view, enum lw_move step)
{
    if (view->ops->move != NULL)
        view->ops->move(view, step);
    return LW_OK;
}

#define MOVE_FUNCTION(name, step)                                                                  \
    static enum lw_status name(struct lw_tui *tui, struct lw_view *view, const char *argument,     \
                               struct lw_error *err)                                               \
    {                                                                                              \
        (void)tui;                                                                                 \
        (void)argument;                                                                            \
        (void)err;                                                                                 \
        return move(view, step);                                                                   \
    }
MOVE_FUNCTION(move_up, LW_MOVE_UP)
MOVE_FUNCTION(move_down, LW_MOVE_DOWN)
MOVE_FUNCTION(move_left, LW_MOVE_LEFT)
MOVE_FUNCTION(move_right, LW_MOVE_RIGHT)
MOVE_FUNCTION(move_page_up, LW_MOVE_PAGE_UP)
MOVE_FUNCTION(move_page_down, LW_MOVE_PAGE_DOWN)
MOVE_FUNCTION(move_first, LW_MOVE_FIRST)
MOVE_FUNCTION(move_last, LW_MOVE_LAST)

static enum lw_status open_selected(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    (void)tui;
    (void)argument;
    return view->ops->open != NULL ? view->ops->open(view, err) : LW_OK;
}

static enum lw_status back(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)argument;
    if (view->ops->back != NULL && view->ops->back(view))
        return LW_OK;
    if (view->below == NULL) { /* the first one stays: leaving is a command of its own */
        lw_tui_say_leaving(tui);
        return LW_OK;
    }
    return lw_tui_close(tui, view, err);
}

static enum lw_status quit(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    enum lw_status status = lw_tui_save(tui, err);

    (void)view;
    (void)argument;
    if (status == LW_OK)
        lw_tui_quit(tui, LW_OK);
    return status;
}

static enum lw_status redraw(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    (void)view;
    (void)argument;
    (void)err;
    lw_tui_repaint(tui);
    return LW_OK;
}

static enum lw_status help(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)argument;
    (void)view;
    return lw_tui_help(tui, err);
}

static enum lw_status command(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    (void)view;
    (void)argument;
    return lw_tui_ask_command(tui, err);
}

static const struct lw_action list[] = {
    {"up", "Up k", ALL, "one line up", NULL, 0, move_up},
    {"down", "Down j", ALL, "one line down", NULL, 0, move_down},
    {"left", "Left h", ALL, "to the left", NULL, 0, move_left},
    {"right", "Right l", ALL, "to the right", NULL, 0, move_right},
    {"page-up", "PgUp Ctrl-B", ALL, "one page up", NULL, 0, move_page_up},
    {"page-down", "PgDn Ctrl-F", ALL, "one page down", NULL, 0, move_page_down},
    {"first", "Home g", ALL, "to the first line", NULL, 0, move_first},
    {"last", "End G", ALL, "to the last line", NULL, 0, move_last},
    {"open", "Enter", ALL, "open what is selected", NULL, 0, open_selected},
    {"back", "Esc q Ctrl-G", ALL, "one step back; what was typed is kept", NULL,
     LW_ACTION_ESSENTIAL, back},
    {"help", "? F1", ALL & ~LW_IN_HELP, "every key of this screen", "help", LW_ACTION_ESSENTIAL,
     help},
    {"command", ": F9", ALL, "call a command by its name", NULL, LW_ACTION_ESSENTIAL, command},
    {"redraw", "Ctrl-L", ALL, "draw the whole screen again", NULL, 0, redraw},
    {"quit", "Q", ALL, "save and leave", NULL, LW_ACTION_ESSENTIAL, quit},
};

const struct lw_action_table lw_actions_common = {list, LW_COUNT_OF(list)};
