/*
 * The configuration: any bytes give a configuration and warnings. What a line without a warning
 * says counts, and nothing else does: against a plain reading of the same lines.
 */
#include "app.h"
#include "fuzz.h"
#include "guard.h"

#include <ctype.h>
#include <strings.h>

enum { MOST = 8000, VALUE = 1001 };

struct told {
    unsigned last;
    bool at[MOST + 40]; /* by line */
};

static void tell(void *context, const char *text)
{
    struct told *told = context;
    unsigned line = 0;

    MUST(lw_utf8_valid(text, strlen(text), NULL) && strchr(text, '\n') == NULL);
    MUST(sscanf(text, "c.ini:%u: ", &line) == 1 && line > told->last); /* one for each line */
    MUST(line < LW_COUNT_OF(told->at));
    told->last = line;
    told->at[line] = true;
}

/* ---- the plain reading ---------------------------------------------------------------------- */

struct pairs {
    const char *at, *end;
    const struct told *told;
    unsigned line;
    char section[40];
    char name[VALUE], value[VALUE]; /* of the pair that was found */
};

/* A copy without blanks at the ends, and without one pair of double quotes. */
static void cut(const char *at, const char *end, bool quotes, char *out, size_t size)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    while (at < end && isspace((unsigned char)end[-1]))
        end--;
    if (quotes && end - at >= 2 && *at == '"' && end[-1] == '"') {
        at++;
        end--;
    }
    MUST((size_t)(end - at) < size);
    memcpy(out, at, (size_t)(end - at));
    out[end - at] = '\0';
}

/* The next line that says something for its section and has no warning. */
static bool next_pair(struct pairs *pairs)
{
    while (pairs->at < pairs->end) {
        const char *at = pairs->at, *end = memchr(at, '\n', (size_t)(pairs->end - at));
        const char *equals;
        bool good = !pairs->told->at[++pairs->line];

        end = end != NULL ? end : pairs->end;
        pairs->at = end + (end < pairs->end);
        while (at < end && isspace((unsigned char)*at))
            at++;
        while (at < end && isspace((unsigned char)end[-1]))
            end--;
        if (at == end || *at == '#' || *at == ';') {
            MUST(good);
        } else if (*at == '[') {
            if (good)
                cut(at + 1, end - 1, false, pairs->section, sizeof pairs->section);
            else if (end - at >= 3 && end - at <= VALUE - 1 && end[-1] == ']' &&
                     lw_utf8_valid(at, (size_t)(end - at), NULL))
                pairs->section[0] = '\0';
        } else if (good && pairs->section[0] != '\0') {
            equals = memchr(at, '=', (size_t)(end - at));
            MUST(equals != NULL);
            cut(at, equals, false, pairs->name, sizeof pairs->name);
            cut(equals + 1, end, true, pairs->value, sizeof pairs->value);
            return true;
        }
    }
    return false;
}

struct text {
    const char *at;
    size_t size;
    const struct told *told;
};

static struct pairs start_pairs(const struct text *text)
{
    return (struct pairs){.at = text->at, .end = text->at + text->size, .told = text->told};
}

/* What is set by that name; the `nth`, where it may stand more than once. */
static const char *value_of(const struct text *text, const char *section, const char *name,
                            unsigned nth)
{
    static struct pairs pairs;

    pairs = start_pairs(text);
    while (next_pair(&pairs)) {
        if (strcasecmp(pairs.section, section) == 0 && strcasecmp(pairs.name, name) == 0 &&
            nth-- == 0)
            return pairs.value;
    }
    return NULL;
}

/* ---- what was read, against it ----------------------------------------------------------------
 */

static bool is_path(const char *path, const char *value)
{
    if (path == NULL || value == NULL)
        return path == NULL && value == NULL;
    MUST(path[0] == '/' && lw_utf8_valid(path, strlen(path), NULL));
    MUST(strpbrk(path, "\n\\\"") == NULL);
    if (value[0] == '/')
        return strcmp(path, value) == 0;
    return strncmp(value, "~/", 2) == 0 && strncmp(path, "/home/h/", 8) == 0 &&
           strcmp(path + 8, value + 2) == 0;
}

static bool is(const char *value, const char *word)
{
    return value != NULL && strcmp(value, word) == 0;
}

/* Digits and the letter of a unit, as milliseconds; without a letter they are `bare` each. */
static int64_t time_of(const char *value, int64_t bare)
{
    static const char letters[] = "smhd";
    static const int64_t units[] = {1000, 60000, 3600000, 86400000};
    const char *rest = value + strspn(value, "0123456789");

    MUST(rest > value && rest - value < 12 && (*rest == '\0' || rest[1] == '\0'));
    if (*rest == '\0')
        return atoll(value) * bare;
    MUST(strchr(letters, *rest) != NULL);
    return atoll(value) * units[strchr(letters, *rest) - letters];
}

static void judge_program(const struct lw_config *config, const struct text *text)
{
    const char *value;

    MUST(is_path(config->vault, value_of(text, "vault", "file", 0)));
    MUST(is_path(config->exchange, value_of(text, "vault", "exchange", 0)));
    value = value_of(text, "vault", "kdf", 0);
    MUST(config->kdf == (value != NULL ? lw_kdf_profile_find(value) : -1));
    value = value_of(text, "journal", "author", 0);
    MUST(value != NULL ? is(config->author, value) : config->author == NULL);
    value = value_of(text, "journal", "language", 0);
    MUST(config->language ==
         (value == NULL ? -1 : strcmp(value, "ru") == 0 ? (int)LW_RUSSIAN : (int)LW_ENGLISH));
    value = value_of(text, "program", "idle", 0);
    MUST(config->idle_ms == (value != NULL ? time_of(value, 60000) : -1));
    MUST(config->idle_ms <= 24 * 3600 * 1000);
    value = value_of(text, "program", "chord", 0);
    MUST(config->chord == (value != NULL ? value[strlen(value) - 1] & 0x1F : -1));
    MUST(value == NULL || lw_chord_valid((unsigned char)config->chord));
    MUST(config->no_colours == is(value_of(text, "program", "colours", 0), "none"));
    MUST(config->ascii == is(value_of(text, "program", "borders", 0), "ascii"));
    MUST(config->mask == is(value_of(text, "program", "mask", 0), "sign"));
}

static void judge_usb(const struct lw_usb *usb, const char *value)
{
    char said[VALUE];

    MUST(usb->set == (value != NULL));
    if (value == NULL)
        return;
    (void)snprintf(said, sizeof said, "%04x:%04x%s%s", usb->vendor, usb->product,
                   usb->serial[0] != '\0' ? ":" : "", usb->serial);
    MUST(strlen(said) == strlen(value) && strncasecmp(said, value, 9) == 0);
    MUST(strcmp(said + 9, value + 9) == 0);
}

/* What wipes, and what is wiped: never more than was written. */
static void judge_emergency(const struct lw_emergency *emergency, const struct text *text)
{
    const char *value;

    MUST(emergency->hold == is(value_of(text, "emergency", "hold", 0), "yes"));
    MUST(emergency->signal == is(value_of(text, "emergency", "signal", 0), "yes"));
    MUST(emergency->simulate == is(value_of(text, "emergency", "simulate", 0), "yes"));
    MUST(emergency->keys_only == is(value_of(text, "emergency", "keys_only", 0), "yes"));
    value = value_of(text, "emergency", "countdown", 0);
    MUST(emergency->countdown_s == (value != NULL ? atoi(value) : LW_COUNTDOWN));
    MUST(emergency->countdown_s >= 0 && emergency->countdown_s <= LW_COUNTDOWN_MAX);
    value = value_of(text, "emergency", "tries", 0);
    MUST(emergency->tries == (value != NULL ? (unsigned)atoi(value) : 0));
    MUST(emergency->tries <= 1000);
    value = value_of(text, "emergency", "dead_man", 0);
    MUST(emergency->dead_man_ms == (value != NULL ? time_of(value, 0) : 0));
    MUST(emergency->dead_man_ms == 0 ||
         (emergency->dead_man_ms >= 60000 && emergency->dead_man_ms <= INT64_C(400) * 86400000));
    judge_usb(&emergency->usb, value_of(text, "emergency", "usb", 0));
    MUST(emergency->also_count <= LW_ALSO_MAX);
    for (unsigned i = 0; i < emergency->also_count; i++)
        MUST(is_path(emergency->also[i], value_of(text, "emergency", "also", i)));
    MUST(value_of(text, "emergency", "also", (unsigned)emergency->also_count) == NULL);
}

static void judge_bindings(const struct lw_config *config, const struct text *text)
{
    static struct pairs pairs;
    char said[2 * VALUE];
    size_t i = 0;

    pairs = start_pairs(text);
    while (next_pair(&pairs)) {
        if (strcasecmp(pairs.section, "keys") != 0)
            continue;
        (void)snprintf(said, sizeof said, "%s=%s", pairs.name, pairs.value);
        MUST(i < config->binding_count && config->bindings[i].line == pairs.line);
        MUST(strcmp(config->bindings[i].text, said) == 0);
        i++;
    }
    MUST(i == config->binding_count);
}

static void read_and_judge(const char *text, size_t size, struct lw_config *config)
{
    static struct told told;
    const struct text all = {text, size, &told};
    struct lw_error err = {0};

    memset(&told, 0, sizeof told);
    MUST(lw_config_parse("c.ini", text, size, tell, &told, config, &err) == LW_OK);
    judge_program(config, &all);
    judge_emergency(&config->emergency, &all);
    judge_bindings(config, &all);
}

/* As when a vault is added to the file: the first one that is named stays, or is the new one. */
static void with_a_vault(const char *text, size_t size, const struct lw_config *config)
{
    struct lw_buf longer = LW_BUF_INIT;
    struct lw_config other;

    MUST(lw_buf_add(&longer, text, size) == LW_OK);
    MUST(lw_buf_adds(&longer, "\n[vault]\nfile = \"/srv/v\"\n") == LW_OK);
    read_and_judge(longer.data, longer.len, &other);
    MUST(is(other.vault, config->vault != NULL ? config->vault : "/srv/v"));
    lw_config_clear(&other);
    lw_buf_free(&longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct lw_config config;

    if (size > MOST)
        return 0;
    setenv("HOME", "/home/h", 1);
    read_and_judge(text, size, &config);
    with_a_vault(text, size, &config);
    lw_config_clear(&config);
    return 0;
}
