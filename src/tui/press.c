/* One key: to the prompt, to an editor, to a command, or to the view. */
#include "loop_internal.h"

#include <string.h>

static void gone(struct lw_tui *tui)
{
    enum lw_status saved = lw_tui_save(tui, NULL);

    (void)saved; /* nobody is left to be told */
    if (tui->hooks.on_hangup != NULL)
        tui->hooks.on_hangup(tui->hooks.context);
    lw_tui_quit(tui, LW_NO_TERMINAL);
}

void lw_tui_run_action(struct lw_tui *tui, const struct lw_action *action, const char *argument)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_view *view = tui->top;
    enum lw_status status;

    if (view == NULL)
        return;
    status = action->run(tui, view, argument, &err);
    if (status == LW_OK)
        return;
    if (err.status == LW_OK)
        err.status = status;
    lw_tui_complain(tui, &err);
}

bool lw_tui_is_editing(const struct lw_tui *tui)
{
    struct lw_view *top = tui->top;

    return top != NULL && top->ops->editing != NULL && top->ops->editing(top);
}

/* Keys of a command on the top view that do something there. */
enum lw_status lw_tui_keys(const struct lw_tui *tui, const struct lw_action *action, size_t max,
                           struct lw_buf *out)
{
    unsigned context = tui->top != NULL ? tui->top->ops->context : 0;

    if (lw_tui_is_editing(tui))
        return lw_keymap_keys_editing(tui->keymap, context, action, max, out);
    return lw_keymap_keys(tui->keymap, context, action, max, out);
}

static const char *keys_of(const struct lw_tui *tui, const char *name, struct lw_buf *out)
{
    unsigned context = tui->top != NULL ? tui->top->ops->context : LW_IN_ALL;
    const struct lw_action *action =
        lw_keymap_named(tui->keymap, context, name, strlen(name), NULL);

    if (action != NULL && lw_tui_keys(tui, action, 1, out) == LW_OK && out->len > 0)
        return lw_buf_text(out);
    return NULL;
}

static enum lw_status add_key(const struct lw_tui *tui, unsigned context, const char *name,
                              size_t len, struct lw_buf *out)
{
    const struct lw_action *action = lw_keymap_named(tui->keymap, context, name, len, NULL);
    size_t before = out->len;
    enum lw_status status = LW_OK;

    if (action != NULL && (context & LW_IN_EDITORS) != 0)
        status = lw_keymap_keys_editing(tui->keymap, context, action, 1, out);
    else if (action != NULL)
        status = lw_keymap_keys(tui->keymap, context, action, 1, out);
    if (status == LW_OK && out->len == before)
        status = lw_buf_addf(out, ":%.*s", (int)len, name);
    return status;
}

const char *lw_tui_key(const struct lw_tui *tui, unsigned context, const char *name,
                       struct lw_buf *out)
{
    return add_key(tui, context, name, strlen(name), out) == LW_OK ? lw_buf_text(out) : name;
}

enum lw_status lw_tui_with_keys(const struct lw_tui *tui, unsigned context, const char *text,
                                struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    while (*text != '\0' && status == LW_OK) {
        size_t plain = strcspn(text, "{");
        size_t len = strcspn(text + plain, "}");

        status = lw_buf_add(out, text, plain);
        text += plain;
        if (*text == '\0' || status != LW_OK)
            break;
        status = add_key(tui, context, text + 1, len - 1, out);
        text += text[len] == '}' ? len + 1 : len;
    }
    return status;
}

void lw_tui_say_leaving(struct lw_tui *tui)
{
    struct lw_buf keys = LW_BUF_INIT;
    const char *leave = keys_of(tui, "quit", &keys);

    if (leave != NULL)
        lw_tui_say(tui, "%s leaves the program", leave);
    lw_buf_free(&keys);
}

static void say_nothing_there(struct lw_tui *tui, const struct lw_key *key)
{
    struct lw_buf name = LW_BUF_INIT;
    struct lw_buf keys = LW_BUF_INIT;
    const char *help = keys_of(tui, "help", &keys);

    if (key->code == LW_KEY_PASTE)
        lw_tui_say(tui, "there is no field here to paste into");
    else if (lw_key_name(key, &name) == LW_OK)
        lw_tui_say(tui, "%s does nothing here%s%s%s", lw_buf_text(&name), help != NULL ? "; " : "",
                   help != NULL ? help : "", help != NULL ? _(" shows the keys") : "");
    lw_buf_free(&name);
    lw_buf_free(&keys);
}

static void press_view(struct lw_tui *tui, struct lw_view *view, const struct lw_key *key)
{
    bool editing = lw_tui_is_editing(tui);
    const struct lw_action *action;

    if (editing) {
        if (view->ops->key != NULL && view->ops->key(view, key))
            return;
        if (lw_key_is_text(key))
            return;
    }
    action = lw_keymap_find(tui->keymap, view->ops->context, key);
    if (action != NULL)
        lw_tui_run_action(tui, action, "");
    else if (editing || view->ops->key == NULL || !view->ops->key(view, key))
        say_nothing_there(tui, key);
}

static void forget_message(struct lw_tui *tui)
{
    lw_buf_clear(&tui->message);
    tui->message_is_alarm = false;
}

void lw_tui_press(struct lw_tui *tui, const struct lw_key *key)
{
    if (key->code == LW_KEY_GONE) {
        gone(tui);
        return;
    }
    if (tui->hooks.on_activity != NULL)
        tui->hooks.on_activity(tui->hooks.context);
    forget_message(tui);
    tui->dirty = true;
    if (key->code == LW_KEY_UNKNOWN)
        lw_tui_say(tui, "this key is not known here");
    else if (!lw_tui_prompt_key(tui, key) && tui->top != NULL)
        press_view(tui, tui->top, key);
    if (key->code == LW_KEY_PASTE && key->replaced > 0 && tui->message.len == 0)
        lw_tui_say(tui, "%zu bytes of the paste were no text; each stands as \xEF\xBF\xBD",
                   key->replaced);
}
