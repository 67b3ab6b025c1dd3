/* lapwing.ini. Every line is judged here first, as ini.c says why; iniparser gets the good ones. */
#include "ini.h"
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CONFIG_MAX ((size_t)1 << 20)

struct key {
    const char *section;
    const char *name; /* NULL: any, and the line is a binding */
    bool (*good)(const char *value);
    const char *reason; /* why a value is not good */
};

static const struct key keys[] = {
    {"vault", "file", config_is_path, N_("the vault's file must begin with / or ~/")},
    {"vault", "header", config_is_path, N_("the header's file must begin with / or ~/")},
    {"vault", "kdf", config_is_kdf, N_("kdf must be standard or lite")},
    {"vault", "exchange", config_is_path, N_("the exchange folder must begin with / or ~/")},
    {"journal", "author", NULL, NULL},
    {"journal", "language", config_is_language, N_("language must be en or ru")},
    {"program", "idle", config_is_idle,
     N_("idle must be minutes from 0 to 1440, such as 5 or 5m, or seconds, such as 90s; 0 is "
        "never")},
    {"program", "chord", config_is_chord,
     N_("chord must be a control key that nothing else needs, such as ^\\ or ^]")},
    {"program", "colours", config_is_colours, N_("colours must be terminal or none")},
    {"program", "borders", config_is_borders, N_("borders must be locale or ascii")},
    {"program", "plain", config_is_yes_or_no, N_("plain must be yes or no")},
    {"program", "mask", config_is_mask, N_("mask must be none or sign")},
    {"emergency", "hold", config_is_yes_or_no, N_("hold must be yes or no")},
    {"emergency", "countdown", config_is_countdown, N_("countdown must be seconds from 0 to 60")},
    {"emergency", "signal", config_is_yes_or_no, N_("signal must be yes or no")},
    {"emergency", "tries", config_is_tries,
     N_("tries must be a number from 0 to 1000; 0 is never")},
    {"emergency", "dead_man", config_is_dead_man,
     N_("dead_man must be a time with its unit from 60s to 400d, such as 90m, 12h or 3d; 0 is "
        "never")},
    {"emergency", "usb", config_is_usb,
     N_("usb must be vendor:product or vendor:product:serial, such as 0781:5581")},
    {"emergency", "simulate", config_is_yes_or_no, N_("simulate must be yes or no")},
    {"emergency", "keys_only", config_is_yes_or_no, N_("keys_only must be yes or no")},
    {"emergency", "also", config_is_path, N_("a file that is wiped too must begin with / or ~/")},
    {"keys", NULL, NULL, NULL},
};

struct reader {
    const char *file;
    lw_config_warning *warn;
    void *context;
    unsigned line;
    char section[32]; /* "" before the first, or in one that is not known */
    bool skip;        /* the section is not known: said once, its keys are not */
    bool seen[LW_COUNT_OF(keys)];
    struct lw_buf good;
    struct lw_config *config; /* receives the bindings */
};

static void warn(const struct reader *reader, const char *reason)
{
    struct lw_buf text = LW_BUF_INIT;

    if (reader->warn != NULL &&
        lw_buf_addf(&text, "%s:%u: %s", reader->file, reader->line, reason) == LW_OK)
        reader->warn(reader->context, text.data);
    lw_buf_free(&text);
}

static bool is_space_only(const char *text, size_t len)
{
    ini_trim(&text, &len);
    return len == 0;
}

static const char *take_section(struct reader *reader, const char *text, size_t len)
{
    if (len < 3 || text[len - 1] != ']')
        return _("a section is written [name]");
    text++;
    len -= 2;
    ini_trim(&text, &len);
    reader->skip = true;
    reader->section[0] = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        if (strlen(keys[i].section) == len && strncasecmp(keys[i].section, text, len) == 0) {
            memcpy(reader->section, keys[i].section, len + 1);
            reader->skip = false;
            return NULL;
        }
    }
    return _("this section is not known; its keys do not count");
}

static int find_key(const struct reader *reader, const char *name, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        if (strcmp(keys[i].section, reader->section) == 0 &&
            (keys[i].name == NULL ||
             (strlen(keys[i].name) == len && strncasecmp(keys[i].name, name, len) == 0)))
            return (int)i;
    }
    return -1;
}

/* Keys of the keyboard need a backslash, and do not go through iniparser. */
static const char *take_binding(struct reader *reader, const char *name, size_t name_len,
                                const char *value, enum lw_status *status)
{
    struct lw_config *config = reader->config;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_config_binding *grown;

    for (size_t i = 0; i < name_len; i++) {
        if ((name[i] < 'a' || name[i] > 'z') && name[i] != '-')
            return _("a command has small letters and hyphens");
    }
    if (name_len == 0)
        return _("the name of the command is missing");
    grown = realloc(config->bindings, (config->binding_count + 1) * sizeof *grown);
    if (grown != NULL)
        config->bindings = grown;
    *status =
        grown == NULL ? LW_NO_MEMORY : lw_buf_addf(&text, "%.*s=%s", (int)name_len, name, value);
    if (*status == LW_OK) {
        grown[config->binding_count].text = text.data;
        grown[config->binding_count++].line = reader->line;
    } else {
        lw_buf_free(&text);
    }
    return NULL;
}

/* The chord is kept as a number: a backslash would not come through iniparser. */
static enum lw_status keep_pair(struct reader *reader, const struct key *key, const char *value)
{
    char number[8];

    if (key->good == config_is_chord) {
        (void)snprintf(number, sizeof number, "%d", config_chord(value));
        value = number;
    }
    return lw_buf_addf(&reader->good, "[%s]\n%s = \"%s\"\n", key->section, key->name, value);
}

/* May stand more than once, which iniparser does not know. */
static const char *take_also(struct reader *reader, const char *value, enum lw_status *status)
{
    struct lw_emergency *emergency = &reader->config->emergency;
    struct lw_buf path = LW_BUF_INIT;

    if (emergency->also_count == LW_ALSO_MAX)
        return _("no more than 16 files can be wiped too");
    *status = lw_path_expand(value, &path, NULL);
    if (*status != LW_OK) {
        lw_buf_free(&path);
        if (*status == LW_NO_MEMORY)
            return NULL;
        *status = LW_OK;
        return _("~/ needs a home folder");
    }
    emergency->also[emergency->also_count] = lw_text_copy(path.data, path.len);
    *status = emergency->also[emergency->also_count] != NULL ? LW_OK : LW_NO_MEMORY;
    emergency->also_count += *status == LW_OK;
    lw_buf_free(&path);
    return NULL;
}

/* NULL where the line is good, and then it is among reader->good. */
static const char *take_pair(struct reader *reader, const char *text, size_t len,
                             enum lw_status *status)
{
    const char *equals = memchr(text, '=', len);
    const char *reason;
    char value[INI_LINE + 1];

    if (equals == NULL)
        return _("this is neither [section], key = value nor a comment");
    if (reader->section[0] == '\0')
        return _("a key needs a section above it");
    size_t name_len = (size_t)(equals - text);
    const char *name = text;
    ini_trim(&name, &name_len);
    int key = find_key(reader, name, name_len);
    if (key < 0)
        return _("this key is not known");

    const char *from = equals + 1;
    size_t value_len = len - (size_t)(from - text);
    ini_trim(&from, &value_len);
    reason = ini_value(&from, &value_len);
    if (reason != NULL)
        return reason;
    memcpy(value, from, value_len);
    value[value_len] = '\0';
    if (keys[key].name == NULL)
        return take_binding(reader, name, name_len, value, status);
    if (keys[key].good != NULL && !keys[key].good(value))
        return _(keys[key].reason);
    if (keys[key].good != config_is_chord && strchr(value, '\\') != NULL)
        return _("a value cannot hold a backslash");
    if (strcmp(keys[key].name, "also") == 0)
        return take_also(reader, value, status);
    if (reader->seen[key])
        return _("this key stands twice; the first one counts");
    reader->seen[key] = true;
    *status = keep_pair(reader, &keys[key], value);
    return NULL;
}

static enum lw_status take_line(struct reader *reader, const char *text, size_t len)
{
    enum lw_status status = LW_OK;
    const char *reason = NULL;

    reader->line++;
    if (is_space_only(text, len))
        return LW_OK;
    ini_trim(&text, &len);
    if (text[0] == '#' || text[0] == ';')
        return LW_OK;
    if (len > INI_LINE)
        reason = _("the line is longer than 1000 bytes");
    else if (!lw_utf8_valid(text, len, NULL))
        reason = _("the line is not UTF-8 text");
    else if (text[0] == '[')
        reason = take_section(reader, text, len);
    else if (reader->skip)
        return LW_OK;
    else
        reason = take_pair(reader, text, len, &status);
    if (reason != NULL)
        warn(reader, reason);
    return status;
}

static enum lw_status keep_path(const char *value, char **out, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (value == NULL)
        return LW_OK;
    status = lw_path_expand(value, &path, err);
    if (status == LW_OK && (*out = lw_text_copy(path.data, path.len)) == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_buf_free(&path);
    return status;
}

static bool is_set_to(const dictionary *dict, const char *name, const char *value)
{
    const char *found = iniparser_getstring(dict, name, NULL);

    return found != NULL && strcmp(found, value) == 0;
}

static void fill_emergency(const dictionary *dict, struct lw_emergency *out)
{
    const char *countdown = iniparser_getstring(dict, "emergency:countdown", NULL);
    const char *tries = iniparser_getstring(dict, "emergency:tries", NULL);
    const char *dead_man = iniparser_getstring(dict, "emergency:dead_man", NULL);
    const char *usb = iniparser_getstring(dict, "emergency:usb", NULL);

    out->hold = is_set_to(dict, "emergency:hold", "yes");
    out->signal = is_set_to(dict, "emergency:signal", "yes");
    out->simulate = is_set_to(dict, "emergency:simulate", "yes");
    out->keys_only = is_set_to(dict, "emergency:keys_only", "yes");
    if (countdown != NULL)
        out->countdown_s = config_countdown(countdown);
    if (tries != NULL)
        out->tries = (unsigned)config_tries(tries);
    if (dead_man != NULL)
        out->dead_man_ms = config_dead_man(dead_man);
    if (usb != NULL)
        (void)lw_usb_parse(usb, &out->usb);
}

static enum lw_status fill(const dictionary *dict, struct lw_config *out, struct lw_error *err)
{
    const char *kdf = iniparser_getstring(dict, "vault:kdf", NULL);
    const char *author = iniparser_getstring(dict, "journal:author", NULL);
    const char *language = iniparser_getstring(dict, "journal:language", NULL);
    const char *idle = iniparser_getstring(dict, "program:idle", NULL);
    const char *chord = iniparser_getstring(dict, "program:chord", NULL);
    enum lw_status status =
        keep_path(iniparser_getstring(dict, "vault:file", NULL), &out->vault, err);

    if (status == LW_OK)
        status = keep_path(iniparser_getstring(dict, "vault:header", NULL), &out->header, err);
    if (status == LW_OK)
        status = keep_path(iniparser_getstring(dict, "vault:exchange", NULL), &out->exchange, err);
    if (status == LW_OK && author != NULL &&
        (out->author = lw_text_copy(author, strlen(author))) == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (kdf != NULL)
        out->kdf = lw_kdf_profile_find(kdf);
    if (language != NULL)
        out->language = (int)lw_language_of(language);
    if (idle != NULL)
        out->idle_ms = config_idle(idle);
    if (chord != NULL)
        out->chord = (int)strtol(chord, NULL, 10);
    out->no_colours = is_set_to(dict, "program:colours", "none");
    out->ascii = is_set_to(dict, "program:borders", "ascii");
    out->plain = is_set_to(dict, "program:plain", "yes");
    out->mask = is_set_to(dict, "program:mask", "sign");
    fill_emergency(dict, &out->emergency);
    return status;
}

void lw_config_init(struct lw_config *config)
{
    *config = (struct lw_config){.kdf = -1,
                                 .language = -1,
                                 .idle_ms = -1,
                                 .chord = -1,
                                 .emergency = {.countdown_s = LW_COUNTDOWN}};
}

void lw_config_clear(struct lw_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->binding_count; i++)
        lw_text_free(config->bindings[i].text);
    free(config->bindings);
    for (size_t i = 0; i < config->emergency.also_count; i++)
        lw_text_free(config->emergency.also[i]);
    lw_text_free(config->name);
    lw_text_free(config->vault);
    lw_text_free(config->header);
    lw_text_free(config->exchange);
    lw_text_free(config->author);
    lw_config_init(config);
}

enum lw_status lw_config_parse(const char *name, const char *text, size_t len,
                               lw_config_warning *warn_cb, void *context, struct lw_config *out,
                               struct lw_error *err)
{
    struct reader reader = {.file = name, .warn = warn_cb, .context = context, .good = LW_BUF_INIT};
    struct lw_config config;
    dictionary *dict = NULL;
    enum lw_status status = LW_OK;

    lw_config_init(&config);
    reader.config = &config;
    config.name = lw_text_copy(name, strlen(name));
    if (config.name == NULL)
        status = LW_NO_MEMORY;
    for (size_t at = lw_utf8_mark(text, len); at < len && status == LW_OK;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - text) - at;

        status = take_line(&reader, text + at, line);
        at += line + 1;
    }
    if (status != LW_OK) {
        status = lw_fail(err, status, "out of memory");
    } else if (reader.good.len > 0 && (dict = ini_load(&reader.good)) == NULL) {
        status = lw_fail(
            err, LW_CONFIG,
            "%s cannot be read into memory: /proc must be there, and a kernel with memory files",
            name);
    } else if (dict != NULL) {
        status = fill(dict, &config, err);
    }
    if (dict != NULL)
        iniparser_freedict(dict);
    lw_buf_free(&reader.good);
    if (status == LW_OK)
        *out = config;
    else
        lw_config_clear(&config);
    return status;
}

/* Appends the usual path; leaves out empty where there is no home. */
static enum lw_status usual_path(struct lw_buf *out)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (config != NULL && config[0] == '/')
        return lw_buf_addf(out, "%s/lapwing/lapwing.ini", config);
    if (home != NULL && home[0] == '/')
        return lw_buf_addf(out, "%s/.config/lapwing/lapwing.ini", home);
    return LW_OK;
}

enum lw_status lw_config_read(const char *path, lw_config_warning *warn_cb, void *context,
                              struct lw_config *out, struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = path == NULL ? usual_path(&name) : lw_buf_adds(&name, path);
    int fd = -1;

    if (status != LW_OK) {
        status = lw_fail(err, status, "out of memory");
        goto done;
    }
    if (name.len == 0) {
        lw_config_init(out);
        goto done;
    }
    fd = open(name.data, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && path == NULL && (errno == ENOENT || errno == ENOTDIR)) {
        status = lw_config_parse(name.data, "", 0, NULL, NULL, out, err);
        goto done;
    }
    if (fd < 0 || lw_fd_read_all(fd, CONFIG_MAX, &text) != LW_OK) {
        lw_fail_errno(err, LW_CONFIG, "the configuration %s cannot be read", name.data);
        if (err != NULL)
            err->status = LW_CONFIG;
        status = LW_CONFIG;
        goto done;
    }
    status = lw_config_parse(name.data, lw_buf_text(&text), text.len, warn_cb, context, out, err);

done:
    if (fd >= 0)
        close(fd);
    lw_buf_free(&text);
    lw_buf_free(&name);
    return status;
}
