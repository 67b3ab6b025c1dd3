/* Which key means which command where. */
#include "action.h"

#include <stdlib.h>
#include <string.h>

struct binding {
    struct lw_key key;
    const struct lw_action *action;
    bool user; /* from the configuration: goes before what the tables say */
};

struct lw_keymap {
    const struct lw_action_table *const *tables;
    size_t table_count;
    struct binding *list;
    size_t count, cap;
    bool read_only;
    lw_keymap_warning *warn;
    void *context;
};

/* The index-th command of all tables. */
static const struct lw_action *action_at(const struct lw_keymap *keymap, size_t index)
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

/* ---- making -----------------------------------------------------------------------------------
 */

/* The next word of a list of keys; len 0 at the end. */
static const char *next_word(const char *text, size_t *len)
{
    text += strspn(text, " \t,");
    *len = strcspn(text, " \t");
    if (*len > 1 && text[*len - 1] == ',')
        (*len)--;
    return text;
}

static enum lw_status add(struct lw_keymap *keymap, const struct lw_key *key,
                          const struct lw_action *action, bool user)
{
    if (keymap->count == keymap->cap) {
        size_t cap = keymap->cap > 0 ? 2 * keymap->cap : 64;
        struct binding *list = realloc(keymap->list, cap * sizeof *list);

        if (list == NULL)
            return LW_NO_MEMORY;
        keymap->list = list;
        keymap->cap = cap;
    }
    keymap->list[keymap->count++] = (struct binding){*key, action, user};
    return LW_OK;
}

static void warn(const struct lw_keymap *keymap, const char *format, const char *a, size_t a_len,
                 const char *b, size_t b_len)
{
    struct lw_buf text = LW_BUF_INIT;
    const char *names[] = {a, b};
    size_t lens[] = {a_len, b_len};
    size_t used = 0;
    enum lw_status status = LW_OK;

    for (; *format != '\0' && status == LW_OK; format++) {
        if (*format == '%' && used < LW_COUNT_OF(names)) {
            status = lw_buf_add(&text, names[used], lens[used]);
            used++;
        } else {
            status = lw_buf_addc(&text, *format);
        }
    }
    if (status == LW_OK && keymap->warn != NULL)
        keymap->warn(keymap->context, lw_buf_text(&text));
    lw_buf_free(&text);
}

static const struct lw_action *action_called(const struct lw_keymap *keymap, const char *name,
                                             size_t len)
{
    const struct lw_action *action;

    for (size_t i = 0; (action = action_at(keymap, i)) != NULL; i++) {
        if (strlen(action->name) == len && memcmp(action->name, name, len) == 0)
            return action;
    }
    return NULL;
}

static const struct binding *clash(const struct lw_keymap *keymap, const struct lw_key *key,
                                   const struct lw_action *action)
{
    for (size_t i = 0; i < keymap->count; i++) {
        const struct binding *other = &keymap->list[i];

        if (other->user && (other->action->where & action->where) != 0 && other->action != action &&
            lw_key_same(&other->key, key))
            return other;
    }
    return NULL;
}

/* All keys of one binding, or none: a wrong name in it is said by the caller. */
static enum lw_status bind_keys(struct lw_keymap *keymap, const struct lw_action *action,
                                const char *keys)
{
    enum lw_status status = LW_OK;
    size_t len;

    for (keys = next_word(keys, &len); len > 0 && status == LW_OK;
         keys = next_word(keys + len, &len)) {
        struct lw_key key;
        const struct binding *other;

        if (!lw_key_parse(keys, len, &key))
            continue;
        other = clash(keymap, &key, action);
        if (other == NULL)
            status = add(keymap, &key, action, true);
        else
            warn(keymap, "the key % is bound to \"%\" already; this binding of it does not count",
                 keys, len, other->action->name, strlen(other->action->name));
    }
    return status;
}

static bool keys_known(const struct lw_keymap *keymap, const char *keys)
{
    size_t len;

    for (keys = next_word(keys, &len); len > 0; keys = next_word(keys + len, &len)) {
        struct lw_key key;

        if (!lw_key_parse(keys, len, &key)) {
            warn(keymap,
                 "\"%\" is not the name of a key that can be bound, so this binding does not "
                 "count; keys are named like n, F3, Ctrl-S, Alt-x, PgUp, Space",
                 keys, len, "", 0);
            return false;
        }
    }
    return true;
}

static enum lw_status bind(struct lw_keymap *keymap, const char *binding,
                           const struct lw_action **bound)
{
    const char *equals = strchr(binding, '=');
    size_t len = equals != NULL ? (size_t)(equals - binding) : 0;

    while (len > 0 && binding[len - 1] == ' ')
        len--;
    if (len == 0) {
        warn(keymap, "\"%\" is no binding; it is written command = keys", binding, strlen(binding),
             "", 0);
        return LW_OK;
    }
    *bound = action_called(keymap, binding, len);
    if (*bound == NULL) {
        warn(keymap, "there is no command \"%\", so this binding does not count", binding, len, "",
             0);
        return LW_OK;
    }
    if (!keys_known(keymap, equals + 1)) {
        *bound = NULL;
        return LW_OK;
    }
    return bind_keys(keymap, *bound, equals + 1);
}

static enum lw_status add_defaults(struct lw_keymap *keymap, const struct lw_action *action)
{
    enum lw_status status = LW_OK;
    const char *keys = action->keys;
    size_t len;

    for (keys = next_word(keys, &len); len > 0 && status == LW_OK;
         keys = next_word(keys + len, &len)) {
        struct lw_key key;

        if (lw_key_parse(keys, len, &key))
            status = add(keymap, &key, action, false);
    }
    return status;
}

/* A command that lost its last key to a binding can still be called by name. */
static void warn_keyless(const struct lw_keymap *keymap, const struct lw_action *const *bound,
                         size_t bound_count)
{
    const struct lw_action *action;

    for (size_t i = 0; (action = action_at(keymap, i)) != NULL; i++) {
        size_t left = 0;
        bool meant = action->keys[0] == '\0';

        for (size_t j = 0; j < bound_count; j++)
            meant = meant || bound[j] == action;
        for (size_t j = 0; j < keymap->count; j++) {
            const struct binding *own = &keymap->list[j];

            if (own->action == action && (own->user || clash(keymap, &own->key, action) == NULL))
                left++;
        }
        if (!meant && left == 0)
            warn(keymap, "the command \"%\" has no key left; it can be called with :%",
                 action->name, strlen(action->name), action->name, strlen(action->name));
    }
}

static enum lw_status fill(struct lw_keymap *keymap, const char *const *bindings,
                           size_t binding_count, const struct lw_action **bound)
{
    const struct lw_action *action;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < binding_count && status == LW_OK; i++)
        status = bind(keymap, bindings[i], &bound[i]);
    for (size_t i = 0; status == LW_OK && (action = action_at(keymap, i)) != NULL; i++) {
        bool replaced = false;

        for (size_t j = 0; j < binding_count; j++)
            replaced = replaced || bound[j] == action;
        if (!replaced)
            status = add_defaults(keymap, action);
    }
    if (status == LW_OK && keymap->warn != NULL)
        warn_keyless(keymap, bound, binding_count);
    return status;
}

enum lw_status lw_keymap_new(const struct lw_action_table *const *tables, size_t table_count,
                             const char *const *bindings, size_t binding_count,
                             lw_keymap_warning *warning, void *context, struct lw_keymap **out)
{
    struct lw_keymap *keymap = calloc(1, sizeof *keymap);
    const struct lw_action **bound = calloc(binding_count + 1, sizeof(const struct lw_action *));
    enum lw_status status = LW_NO_MEMORY;

    if (keymap != NULL && bound != NULL) {
        keymap->tables = tables;
        keymap->table_count = table_count;
        keymap->warn = warning;
        keymap->context = context;
        status = fill(keymap, bindings, binding_count, bound);
    }
    free(bound);
    if (status != LW_OK) {
        lw_keymap_free(keymap);
        return status;
    }
    *out = keymap;
    return LW_OK;
}

void lw_keymap_free(struct lw_keymap *keymap)
{
    if (keymap == NULL)
        return;
    free(keymap->list);
    free(keymap);
}

void lw_keymap_read_only(struct lw_keymap *keymap, bool read_only)
{
    keymap->read_only = read_only;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static const struct lw_action *find(const struct lw_keymap *keymap, unsigned context,
                                    const struct lw_key *key)
{
    const struct lw_action *found = NULL;

    for (size_t i = 0; i < keymap->count; i++) {
        const struct binding *binding = &keymap->list[i];

        if (!lw_key_same(&binding->key, key) || !is_there(keymap, binding->action, context))
            continue;
        if (binding->user)
            return binding->action;
        if (found == NULL)
            found = binding->action;
    }
    return found;
}

const struct lw_action *lw_keymap_find(const struct lw_keymap *keymap, unsigned context,
                                       const struct lw_key *key)
{
    const struct lw_action *found = find(keymap, context, key);
    struct lw_key latin;

    if (found != NULL || key->code != LW_KEY_TEXT)
        return found;
    latin = lw_key_latin(key);
    return find(keymap, context, &latin);
}

const struct lw_action *lw_keymap_each(const struct lw_keymap *keymap, unsigned context,
                                       size_t index)
{
    const struct lw_action *action;

    for (size_t i = 0; (action = action_at(keymap, i)) != NULL; i++) {
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

static enum lw_status add_keys(const struct lw_keymap *keymap, unsigned context, bool editing,
                               const struct lw_action *action, size_t max, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    size_t count = 0;

    for (size_t i = 0; i < keymap->count && status == LW_OK; i++) {
        const struct binding *binding = &keymap->list[i];

        if (editing && lw_key_is_text(&binding->key))
            continue;
        if (binding->action != action || find(keymap, context, &binding->key) != action)
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
