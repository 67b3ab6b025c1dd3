/* The keys that the configuration gives to commands: read, judged, put before those of the tables.
 */
#include "keymap.h"
#include "keys_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One binding. */
struct line {
    const struct lw_action *action; /* NULL: not known */
    const char *keys;
    bool counts;
    struct lw_buf fault; /* why it does not */
};

struct judge {
    const struct lw_bindings *bindings;
    struct line *line;
    struct lw_keymap *keymap;
    struct lw_keymap *plain; /* as the tables have it */
};

/* ---- lists of keys ----------------------------------------------------------------------------
 */

static enum lw_status add(struct lw_keymap *keymap, const struct lw_key *key,
                          const struct lw_action *action, int line)
{
    if (keymap->count == keymap->cap) {
        size_t cap = keymap->cap > 0 ? 2 * keymap->cap : 64;
        struct lw_bound *list = realloc(keymap->list, cap * sizeof *list);

        if (list == NULL)
            return LW_NO_MEMORY;
        keymap->list = list;
        keymap->cap = cap;
    }
    keymap->list[keymap->count++] = (struct lw_bound){
        .key = *key,
        .action = action,
        .line = line,
        .before = line != LW_BOUND_BY_TABLE && !lw_keymap_is_own(action, key),
    };
    return LW_OK;
}

static bool is_chord(const struct judge *judge, const struct lw_key *key)
{
    struct lw_key chord = {0};

    if (judge->bindings->chord == 0)
        return false;
    lw_keys_control(judge->bindings->chord, &chord);
    return lw_key_same(&chord, key);
}

/* All keys of a command. The tables may give it one that is the chord now. */
static enum lw_status add_keys(const struct judge *judge, struct lw_keymap *keymap,
                               const struct lw_action *action, const char *keys, int line)
{
    enum lw_status status = LW_OK;
    const char *word;
    size_t len;

    while (word = lw_keymap_word(&keys, &len), len > 0 && status == LW_OK) {
        struct lw_key key;

        if (!lw_key_parse(word, len, &key))
            continue;
        key = lw_key_latin(&key);
        if (!is_chord(judge, &key))
            status = add(keymap, &key, action, line);
    }
    return status;
}

static int line_of(const struct judge *judge, const struct lw_action *action)
{
    for (size_t i = 0; i < judge->bindings->count; i++) {
        if (judge->line[i].action == action && judge->line[i].counts)
            return (int)i;
    }
    return LW_BOUND_BY_TABLE;
}

static enum lw_status fill(const struct judge *judge, struct lw_keymap *keymap)
{
    const struct lw_action *action;
    enum lw_status status = LW_OK;

    keymap->count = 0;
    for (size_t i = 0; status == LW_OK && (action = lw_keymap_at(keymap, i)) != NULL; i++) {
        int line = keymap == judge->plain ? LW_BOUND_BY_TABLE : line_of(judge, action);

        status = add_keys(judge, keymap, action,
                          line == LW_BOUND_BY_TABLE ? action->keys : judge->line[line].keys, line);
    }
    return status;
}

/* ---- one line alone ---------------------------------------------------------------------------
 */

/* That is what the fault says, if there was memory to say it. */
static enum lw_status at_fault(struct line *line, enum lw_status said)
{
    line->counts = false;
    return said;
}

static const struct lw_action *action_called(const struct lw_keymap *keymap, const char *name,
                                             size_t len)
{
    const struct lw_action *action;

    for (size_t i = 0; (action = lw_keymap_at(keymap, i)) != NULL; i++) {
        if (strlen(action->name) == len && memcmp(action->name, name, len) == 0)
            return action;
    }
    return NULL;
}

/* What is typed to name the chord, which may be no key that could be bound otherwise. */
static bool names_chord(const struct judge *judge, const char *word, size_t len)
{
    struct lw_key chord = {0};
    struct lw_buf name = LW_BUF_INIT;
    struct lw_key key;
    bool same;

    if (judge->bindings->chord == 0)
        return false;
    lw_keys_control(judge->bindings->chord, &chord);
    same = lw_key_name(&chord, &name) == LW_OK && name.len == len &&
           strncasecmp(name.data, word, len) == 0;
    lw_buf_free(&name);
    return same || (lw_key_parse(word, len, &key) && is_chord(judge, &key));
}

static enum lw_status judge_word(const struct judge *judge, struct line *line, const char *word,
                                 size_t len)
{
    bool edits = (line->action->where & ~(unsigned)LW_IN_EDITORS) == 0;
    int wide = (int)len;
    struct lw_key key;

    if (names_chord(judge, word, len))
        return at_fault(
            line,
            lw_buf_sayf(&line->fault, "%.*s is the lock key, which stays what it is", wide, word));
    if (!lw_key_parse(word, len, &key))
        return at_fault(
            line,
            lw_buf_sayf(&line->fault,
                        "\"%.*s\" is not the name of a key that can be bound, so this binding does "
                        "not count; keys are named like n, F3, Ctrl-S, Alt-x, PgUp, Space",
                        wide, word));
    key = lw_key_latin(&key);
    if (!edits || lw_keymap_comes_through(line->action, &key))
        return LW_OK;
    if (lw_key_is_text(&key))
        return at_fault(
            line, lw_buf_sayf(&line->fault,
                              "%.*s is text where \"%s\" works; give it a key such as F7 or Alt-x",
                              wide, word, line->action->name));
    return at_fault(
        line,
        lw_buf_sayf(&line->fault,
                    "%.*s is a key for typing where \"%s\" works; give it one such as F7 or Alt-x",
                    wide, word, line->action->name));
}

/* What can be said of it without the others. */
static enum lw_status read_line(struct judge *judge, size_t index)
{
    const char *binding = judge->bindings->list[index];
    const char *equals = strchr(binding, '=');
    size_t len = equals != NULL ? (size_t)(equals - binding) : 0;
    struct line *line = &judge->line[index];
    enum lw_status status = LW_OK;
    const char *rest;
    const char *word;

    while (len > 0 && binding[len - 1] == ' ')
        len--;
    if (len == 0)
        return at_fault(line,
                        lw_buf_sayf(&line->fault,
                                    "\"%s\" is no binding; it is written command = keys", binding));
    line->action = action_called(judge->keymap, binding, len);
    if (line->action == NULL)
        return at_fault(line,
                        lw_buf_sayf(&line->fault,
                                    "there is no command \"%.*s\", so this binding does not count",
                                    (int)len, binding));
    if (line_of(judge, line->action) != LW_BOUND_BY_TABLE)
        return at_fault(line, lw_buf_sayf(&line->fault,
                                          "\"%s\" has its keys in a line above, which counts",
                                          line->action->name));
    line->counts = true;
    line->keys = rest = equals + 1;
    while (word = lw_keymap_word(&rest, &len), len > 0 && line->counts && status == LW_OK)
        status = judge_word(judge, line, word, len);
    return status;
}

/* ---- the lines together -----------------------------------------------------------------------
 */

struct screen {
    unsigned context;
    const char *name;
};

static const struct screen screens[] = {
    {LW_IN_TIMELINE, M_("a screen", "timeline")}, {LW_IN_ENTRY, M_("a screen", "entry")},
    {LW_IN_FORM, M_("a screen", "form")},         {LW_IN_CAPTURE, M_("a screen", "one line")},
    {LW_IN_SEARCH, M_("a screen", "search")},     {LW_IN_LIST, M_("a screen", "lists")},
    {LW_IN_HELP, M_("a screen", "help")},         {LW_IN_CHOOSER, M_("a screen", "choice")},
    {LW_IN_HISTORY, M_("a screen", "history")},   {LW_IN_ACCOUNT, M_("a screen", "account")},
    {LW_IN_FACT, M_("a screen", "fact")},         {LW_IN_REGISTER, M_("a screen", "registers")},
    {LW_IN_TASKS, M_("a screen", "tasks")},       {LW_IN_THREAT, M_("a screen", "threats")},
    {LW_IN_SPLIT, M_("a screen", "split")},       {LW_IN_RULER, M_("a screen", "ruler")},
    {LW_IN_LANES, M_("a screen", "lanes")},       {LW_IN_UNLOCK, M_("a screen", "unlocking")},
    {LW_IN_VAULT, M_("a screen", "vault")},
};

_Static_assert(LW_IN_ALL == (1 << LW_COUNT_OF(screens)) - 1, "a kind of view has no name here");

static bool has_key(const struct lw_keymap *keymap, unsigned context,
                    const struct lw_action *action)
{
    for (size_t i = 0; i < keymap->count; i++) {
        const struct lw_bound *bound = &keymap->list[i];

        if (bound->action == action && lw_keymap_exact(keymap, context, &bound->key) == action &&
            ((context & LW_IN_EDITORS) == 0 || lw_keymap_comes_through(action, &bound->key)))
            return true;
    }
    return false;
}

/* A screen on which the command had a key, and has none now; NULL: there is none among those. */
static const struct screen *lost_on(const struct judge *judge, const struct lw_action *action,
                                    unsigned contexts)
{
    for (size_t i = 0; i < LW_COUNT_OF(screens); i++) {
        unsigned context = screens[i].context;

        if ((action->where & contexts & context) != 0 && has_key(judge->plain, context, action) &&
            !has_key(judge->keymap, context, action))
            return &screens[i];
    }
    return NULL;
}

static const struct screen *shared(const struct lw_action *a, const struct lw_action *b)
{
    for (size_t i = 0; i < LW_COUNT_OF(screens); i++) {
        if ((a->where & b->where & screens[i].context) != 0)
            return &screens[i];
    }
    return NULL;
}

static enum lw_status say_key(const struct lw_key *key, struct lw_buf *out)
{
    enum lw_status status = lw_key_name(key, out);

    return status == LW_USAGE ? LW_OK : status;
}

/* What is wrong with a key of a line. */
struct fault {
    const struct lw_action *other; /* whose key it is */
    const struct screen *screen;
    bool only; /* its last one, else one that a line above gave it */
};

/* A key of the line that a line above has on the same screen. Where both had it before, the tables
 * decide as ever. */
static bool clashes(const struct judge *judge, const struct lw_bound *bound, struct fault *out)
{
    for (size_t i = 0; i < judge->keymap->count; i++) {
        const struct lw_bound *other = &judge->keymap->list[i];
        const struct screen *screen = shared(other->action, bound->action);

        if (other->line == LW_BOUND_BY_TABLE || other->line >= bound->line || screen == NULL ||
            !lw_key_same(&other->key, &bound->key) || (!other->before && !bound->before))
            continue;
        *out = (struct fault){.other = other->action, .screen = screen};
        return true;
    }
    return false;
}

/* A key of the line that is the last one of a command about which there is no line. */
static bool steals(const struct judge *judge, const struct lw_bound *bound, struct fault *out)
{
    for (size_t i = 0; i < judge->plain->count; i++) {
        const struct lw_bound *other = &judge->plain->list[i];
        const struct screen *screen;

        if (other->action == bound->action || !lw_key_same(&other->key, &bound->key) ||
            line_of(judge, other->action) != LW_BOUND_BY_TABLE)
            continue;
        screen = lost_on(judge, other->action, bound->action->where);
        if (screen == NULL)
            continue;
        *out = (struct fault){.other = other->action, .screen = screen, .only = true};
        return true;
    }
    return false;
}

static enum lw_status tell(struct line *line, const struct lw_bound *bound,
                           const struct fault *fault)
{
    const char *screen = lw_say(fault->screen->name);
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = say_key(&bound->key, &name);

    if (status == LW_OK && fault->only)
        status = lw_buf_sayf(&line->fault,
                             "%s is the only key of \"%s\" (%s); give that one another key as well",
                             lw_buf_text(&name), fault->other->name, screen);
    else if (status == LW_OK)
        status = lw_buf_sayf(&line->fault,
                             "%s is a key of \"%s\" on the same screen (%s) by a line above",
                             lw_buf_text(&name), fault->other->name, screen);
    lw_buf_free(&name);
    return at_fault(line, status);
}

static enum lw_status judge_line(struct judge *judge, size_t index)
{
    struct line *line = &judge->line[index];
    enum lw_status status = LW_OK;
    const struct screen *screen;
    struct fault fault;

    for (size_t i = 0; i < judge->keymap->count && line->counts && status == LW_OK; i++) {
        const struct lw_bound *bound = &judge->keymap->list[i];

        if (bound->line != (int)index)
            continue;
        if (clashes(judge, bound, &fault) || (bound->before && steals(judge, bound, &fault)))
            status = tell(line, bound, &fault);
    }
    if (status != LW_OK || !line->counts || (line->action->flags & LW_ACTION_ESSENTIAL) == 0)
        return status;
    screen = lost_on(judge, line->action, LW_IN_ALL);
    if (screen != NULL)
        status = at_fault(
            line, lw_buf_sayf(&line->fault,
                              "\"%s\" would have no key (%s); add one that writes nothing, such as "
                              "F7 or Alt-x",
                              line->action->name, lw_say(screen->name)));
    return status;
}

/* From the last one, since it is the later line that does not count. Without one the rest is
 * judged anew: its command has the keys of the table again. */
static enum lw_status judge_all(struct judge *judge)
{
    enum lw_status status = fill(judge, judge->keymap);

    for (size_t i = judge->bindings->count; i > 0 && status == LW_OK;) {
        struct line *line = &judge->line[--i];

        if (!line->counts)
            continue;
        status = judge_line(judge, i);
        if (status == LW_OK && !line->counts) {
            status = fill(judge, judge->keymap);
            i = judge->bindings->count;
        }
    }
    return status;
}

/* ---- making -----------------------------------------------------------------------------------
 */

static struct lw_keymap *keymap_of(const struct lw_action_table *const *tables, size_t table_count)
{
    struct lw_keymap *keymap = calloc(1, sizeof *keymap);

    if (keymap != NULL) {
        keymap->tables = tables;
        keymap->table_count = table_count;
    }
    return keymap;
}

static enum lw_status bind(struct judge *judge)
{
    enum lw_status status = fill(judge, judge->plain);

    for (size_t i = 0; i < judge->bindings->count && status == LW_OK; i++)
        status = read_line(judge, i);
    return status == LW_OK ? judge_all(judge) : status;
}

enum lw_status lw_keymap_new(const struct lw_action_table *const *tables, size_t table_count,
                             const struct lw_bindings *bindings, lw_keymap_warning *warn,
                             void *context, struct lw_keymap **out)
{
    static const struct lw_bindings none;
    struct judge judge = {.bindings = bindings != NULL ? bindings : &none,
                          .keymap = keymap_of(tables, table_count),
                          .plain = keymap_of(tables, table_count)};
    enum lw_status status = LW_NO_MEMORY;

    judge.line = calloc(judge.bindings->count + 1, sizeof *judge.line);
    if (judge.line != NULL && judge.keymap != NULL && judge.plain != NULL)
        status = bind(&judge);
    for (size_t i = 0; judge.line != NULL && i < judge.bindings->count; i++) {
        if (status == LW_OK && judge.line[i].fault.len > 0 && warn != NULL)
            warn(context, i, lw_buf_text(&judge.line[i].fault));
        lw_buf_free(&judge.line[i].fault);
    }
    free(judge.line);
    lw_keymap_free(judge.plain);
    if (status != LW_OK) {
        lw_keymap_free(judge.keymap);
        return status;
    }
    *out = judge.keymap;
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
