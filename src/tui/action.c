/* Which key means which command where. */
#include "keymap.h"
#include "typing.h"

#include <string.h>

const struct lw_action *lw_keymap_at(const struct lw_keymap *keymap, size_t index)
{
    for (size_t i = 0; i < keymap->table_count; i++) {
        if (index < keymap->tables[i]->count)
            return &keymap->tables[i]->list[index];
        index -= keymap->tables[i]->count;
    }
    return NULL;
}

static bool is_there(const struct lw_keymap *keymap, const struct lw_action *action,
                     unsigned context)
{
    if (keymap->read_only && (action->flags & LW_ACTION_WRITES) != 0)
        return false;
    return (action->where & context) != 0;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

const struct lw_action *lw_keymap_exact(const struct lw_keymap *keymap, unsigned context,
                                        const struct lw_key *key)
{
    const struct lw_action *found = NULL;

    for (size_t i = 0; i < keymap->count; i++) {
        const struct lw_bound *binding = &keymap->list[i];

        if (!lw_key_same(&binding->key, key) || !is_there(keymap, binding->action, context))
            continue;
        if (binding->before)
            return binding->action;
        if (found == NULL)
            found = binding->action;
    }
    return found;
}

const struct lw_action *lw_keymap_find(const struct lw_keymap *keymap, unsigned context,
                                       const struct lw_key *key)
{
    const struct lw_action *found = lw_keymap_exact(keymap, context, key);
    struct lw_key latin;

    if (found != NULL || key->code != LW_KEY_TEXT)
        return found;
    latin = lw_key_latin(key);
    return lw_keymap_exact(keymap, context, &latin);
}

const struct lw_action *lw_keymap_each(const struct lw_keymap *keymap, unsigned context,
                                       size_t index)
{
    const struct lw_action *action;

    for (size_t i = 0; (action = lw_keymap_at(keymap, i)) != NULL; i++) {
        if (is_there(keymap, action, context) && index-- == 0)
            return action;
    }
    return NULL;
}

const struct lw_action *lw_keymap_named(const struct lw_keymap *keymap, unsigned context,
                                        const char *name, size_t len, bool *several)
{
    const struct lw_action *found = NULL;
    const struct lw_action *action;
    size_t count = 0;

    if (several != NULL)
        *several = false;
    if (len == 0)
        return NULL;
    for (size_t i = 0; (action = lw_keymap_each(keymap, context, i)) != NULL; i++) {
        if (strncmp(action->name, name, len) != 0)
            continue;
        if (action->name[len] == '\0')
            return action;
        found = action;
        count++;
    }
    if (count > 1 && several != NULL)
        *several = true;
    return count == 1 ? found : NULL;
}

const char *lw_keymap_word(const char **rest, size_t *len)
{
    const char *word = *rest + strspn(*rest, " \t");

    *len = strcspn(word, " \t");
    *rest = word + *len;
    if (*len > 1 && word[*len - 1] == ',')
        (*len)--;
    return word;
}

bool lw_keymap_is_own(const struct lw_action *action, const struct lw_key *key)
{
    const char *rest = action->keys;
    const char *word;
    size_t len;

    while (word = lw_keymap_word(&rest, &len), len > 0) {
        struct lw_key own;

        if (lw_key_parse(word, len, &own) && lw_key_same(&own, key))
            return true;
    }
    return false;
}

bool lw_keymap_comes_through(const struct lw_action *action, const struct lw_key *key)
{
    return !lw_key_is_text(key) && (!lw_typing_takes(key) || lw_keymap_is_own(action, key));
}

static enum lw_status add_keys(const struct lw_keymap *keymap, unsigned context, bool editing,
                               const struct lw_action *action, size_t max, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    size_t count = 0;

    for (size_t i = 0; i < keymap->count && status == LW_OK; i++) {
        const struct lw_bound *binding = &keymap->list[i];

        if (editing && !lw_keymap_comes_through(action, &binding->key))
            continue;
        if (binding->action != action || lw_keymap_exact(keymap, context, &binding->key) != action)
            continue;
        if (max > 0 && count == max)
            break;
        if (count++ > 0)
            status = lw_buf_addc(out, ' ');
        if (status == LW_OK)
            status = lw_key_name(&binding->key, out);
    }
    return status;
}

enum lw_status lw_keymap_keys(const struct lw_keymap *keymap, unsigned context,
                              const struct lw_action *action, size_t max, struct lw_buf *out)
{
    return add_keys(keymap, context, false, action, max, out);
}

enum lw_status lw_keymap_keys_editing(const struct lw_keymap *keymap, unsigned context,
                                      const struct lw_action *action, size_t max,
                                      struct lw_buf *out)
{
    return add_keys(keymap, context, true, action, max, out);
}

/* ---- manual -----------------------------------------------------------------------------------
 */

/* A backslash begins an escape there. */
static enum lw_status add_roff(struct lw_buf *out, const char *text)
{
    enum lw_status status = LW_OK;

    for (; *text != '\0' && status == LW_OK; text++)
        status = *text == '\\' ? lw_buf_adds(out, "\\e") : lw_buf_addc(out, *text);
    return status;
}

static enum lw_status manual_item(const struct lw_action *action, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, ".It Ic %s\n", action->name);

    if (status == LW_OK && action->keys[0] != '\0') {
        status = lw_buf_adds(out, "\\&");
        if (status == LW_OK)
            status = add_roff(out, action->keys);
        if (status == LW_OK)
            status = lw_buf_adds(out, " \\(en ");
    }
    if (status == LW_OK)
        status = add_roff(out, action->help);
    return status == LW_OK ? lw_buf_addc(out, '\n') : status;
}

enum lw_status lw_actions_manual(const struct lw_action_table *const *tables, size_t table_count,
                                 struct lw_buf *out)
{
    enum lw_status status = lw_buf_adds(out, ".Bl -tag -width page-down\n");

    for (size_t i = 0; i < table_count; i++) {
        for (size_t j = 0; j < tables[i]->count && status == LW_OK; j++)
            status = manual_item(&tables[i]->list[j], out);
    }
    return status == LW_OK ? lw_buf_adds(out, ".El\n") : status;
}
