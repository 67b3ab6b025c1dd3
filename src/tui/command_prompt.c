/* The prompt for commands by name. */
#include "loop_internal.h"

#include <stdlib.h>
#include <string.h>

enum { WIDE = 60, NAME = 16, NARROW_NAME = 15, KEYS = 12, NARROW_KEYS = 7 };

static unsigned context_of(const struct lw_tui *tui)
{
    return tui->top != NULL ? tui->top->ops->context : 0;
}

/* Once it is known to be a command, so that nothing typed here by mistake stays. A command that has
 * no key, so that it must be typed, is not brought back either unless there is something behind it.
 */
static void keep(struct lw_tui *tui, const struct lw_action *action, const char *text, size_t len)
{
    if (action->keys[0] != '\0' || (action->flags & LW_ACTION_ARGUMENT) != 0)
        lw_recall_add(&tui->commands, text, len);
}

static enum lw_status command_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                   struct lw_error *err)
{
    size_t name_len = strcspn(text, " ");
    const struct lw_action *action;
    const char *argument = text + name_len;
    bool several = false;

    (void)context;
    argument += strspn(argument, " ");
    if (name_len == 0)
        return LW_OK;
    action = lw_keymap_named(tui->keymap, context_of(tui), text, name_len, &several);
    if (action == NULL)
        return lw_fail(err, LW_USAGE,
                       several ? "several commands begin with \"%.*s\"; Tab shows them"
                               : "there is no command \"%.*s\" here",
                       (int)(name_len < 60 ? name_len : 60), text);
    if (argument[0] != '\0' && (action->flags & LW_ACTION_ARGUMENT) == 0)
        return lw_fail(err, LW_USAGE, "\"%s\" takes nothing behind its name", action->name);
    keep(tui, action, text, len);
    lw_tui_run_action(tui, action, argument);
    return LW_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum lw_status command_complete(void *context, const char *before, size_t len,
                                       struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_tui *tui = context;
    const struct lw_action *action;

    if (memchr(before, ' ', len) != NULL)
        return LW_OK;
    choices->from = 0;
    for (size_t i = 0; (action = lw_keymap_each(tui->keymap, context_of(tui), i)) != NULL; i++) {
        if (strncmp(action->name, before, len) == 0 &&
            lw_field_offer(choices, action->name, strlen(action->name)) != LW_OK)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the names");
    }
    if (choices->count > 1)
        qsort(choices->list, choices->count, sizeof *choices->list, by_name);
    return LW_OK;
}

/* Name, keys, what it does. */
static enum lw_status command_row(void *context, const char *name, int columns, struct lw_buf *out)
{
    const struct lw_tui *tui = context;
    const struct lw_action *action =
        lw_keymap_named(tui->keymap, context_of(tui), name, strlen(name), NULL);
    struct lw_buf keys = LW_BUF_INIT;
    bool wide = columns >= WIDE;
    enum lw_status status;

    if (action == NULL)
        return LW_OK;
    status = lw_tui_keys(tui, action, wide ? 2 : 1, &keys);
    if (status == LW_OK)
        status = lw_tui_add_padded(out, action->name, wide ? NAME : NARROW_NAME);
    if (status == LW_OK)
        status = lw_tui_add_padded(out, lw_buf_text(&keys), wide ? KEYS : NARROW_KEYS);
    if (status == LW_OK)
        status = lw_buf_adds(out, _(action->help));
    lw_buf_free(&keys);
    return status;
}

void lw_tui_forget(struct lw_tui *tui)
{
    lw_recall_clear(&tui->commands);
}

enum lw_status lw_tui_ask_command(struct lw_tui *tui, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = ":",
        .recall = &tui->commands,
        .done = command_done,
        .completer = command_complete,
        .row = command_row,
        .context = tui,
    };

    return lw_tui_ask(tui, &prompt, "", err);
}
