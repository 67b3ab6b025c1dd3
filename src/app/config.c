/* lapwing.ini. Every line is judged here first: iniparser drops a whole file for one bad line and
 * cuts values at '#' and ';'. It gets the good lines, through memory. */
#include "app.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <iniparser/iniparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#define CONFIG_MAX ((size_t)1 << 20)
#define LINE_BYTES 1000 /* iniparser's own limit is 1024 */

struct key {
    const char *section;
    const char *name;
    bool (*good)(const char *value);
    const char *reason; /* why a value is not good */
};

struct reader {
    const char *file;
    lw_config_warning *warn;
    void *context;
    unsigned line;
    char section[32]; /* "" before the first, or in one that is not known */
    bool skip;        /* the section is not known: said once, its keys are not */
    bool seen[8];
    struct lw_buf good;
};

static bool good_path(const char *value)
{
    return value[0] == '/' || strncmp(value, "~/", 2) == 0;
}

static bool good_kdf(const char *value)
{
    return lw_kdf_profile_find(value) >= 0;
}

static const struct key keys[] = {
    {"vault", "file", good_path, "the vault's file must begin with / or ~/"},
    {"vault", "kdf", good_kdf, "kdf must be standard or lite"},
    {"journal", "author", NULL, NULL},
};

static void warn(const struct reader *reader, const char *reason)
{
    struct lw_buf text = LW_BUF_INIT;

    if (reader->warn != NULL &&
        lw_buf_addf(&text, "%s:%u: %s", reader->file, reader->line, reason) == LW_OK)
        reader->warn(reader->context, text.data);
    lw_buf_free(&text);
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && isspace((unsigned char)**text)) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && isspace((unsigned char)(*text)[*len - 1]))
        (*len)--;
}

static bool is_space_only(const char *text, size_t len)
{
    trim(&text, &len);
    return len == 0;
}

static const char *take_section(struct reader *reader, const char *text, size_t len)
{
    if (len < 3 || text[len - 1] != ']')
        return "a section is written [name]";
    text++;
    len -= 2;
    trim(&text, &len);
    reader->skip = true;
    reader->section[0] = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        if (strlen(keys[i].section) == len && strncasecmp(keys[i].section, text, len) == 0) {
            memcpy(reader->section, keys[i].section, len + 1);
            reader->skip = false;
            return NULL;
        }
    }
    return "this section is not known; its keys do not count";
}

static int find_key(const struct reader *reader, const char *name, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(keys); i++) {
        if (strcmp(keys[i].section, reader->section) == 0 && strlen(keys[i].name) == len &&
            strncasecmp(keys[i].name, name, len) == 0)
            return (int)i;
    }
    return -1;
}

/* Takes the quotes off, or gives the reason why the value would not come through iniparser whole.
 */
static const char *bare_value(const char **text, size_t *len)
{
    bool quoted = *len >= 2 && (*text)[0] == '"' && (*text)[*len - 1] == '"';

    if (quoted) {
        (*text)++;
        *len -= 2;
        if (*len > 0 &&
            (isspace((unsigned char)(*text)[0]) || isspace((unsigned char)(*text)[*len - 1])))
            return "a value cannot begin or end with a blank";
    }
    if (*len == 0)
        return "the value is missing";
    if (memchr(*text, '"', *len) != NULL)
        return "a value cannot hold a quotation mark";
    if (!quoted && (memchr(*text, '#', *len) != NULL || memchr(*text, ';', *len) != NULL))
        return "put a value with # or ; in double quotes, and comments on lines of their own";
    if (!quoted && ((*text)[0] == '\'' || (*text)[*len - 1] == '\''))
        return "use double quotes";
    if (memchr(*text, '\\', *len) != NULL)
        return "a value cannot hold a backslash";
    return NULL;
}

/* NULL where the line is good, and then it is among reader->good. */
static const char *take_pair(struct reader *reader, const char *text, size_t len,
                             enum lw_status *status)
{
    const char *equals = memchr(text, '=', len);
    const char *reason;
    char value[LINE_BYTES + 1];

    if (equals == NULL)
        return "this is neither [section], key = value nor a comment";
    if (reader->section[0] == '\0')
        return "a key needs a section above it";
    size_t name_len = (size_t)(equals - text);
    const char *name = text;
    trim(&name, &name_len);
    int key = find_key(reader, name, name_len);
    if (key < 0)
        return "this key is not known";

    const char *from = equals + 1;
    size_t value_len = len - (size_t)(from - text);
    trim(&from, &value_len);
    reason = bare_value(&from, &value_len);
    if (reason != NULL)
        return reason;
    memcpy(value, from, value_len);
    value[value_len] = '\0';
    if (keys[key].good != NULL && !keys[key].good(value))
        return keys[key].reason;
    if (reader->seen[key])
        return "this key stands twice; the first one counts";
    reader->seen[key] = true;
    *status =
        lw_buf_addf(&reader->good, "[%s]\n%s = \"%s\"\n", keys[key].section, keys[key].name, value);
    return NULL;
}

static enum lw_status take_line(struct reader *reader, const char *text, size_t len)
{
    enum lw_status status = LW_OK;
    const char *reason = NULL;

    reader->line++;
    if (is_space_only(text, len))
        return LW_OK;
    trim(&text, &len);
    if (text[0] == '#' || text[0] == ';')
        return LW_OK;
    if (len > LINE_BYTES)
        reason = "the line is longer than 1000 bytes";
    else if (!lw_utf8_valid(text, len, NULL))
        reason = "the line is not UTF-8 text";
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

static int say_nothing(const char *format, ...)
{
    (void)format;
    return 0;
}

/* iniparser opens by name only: a memory file, reached by its descriptor. */
static dictionary *load(const struct lw_buf *good)
{
    struct lw_buf name = LW_BUF_INIT;
    dictionary *dict = NULL;
    int fd = memfd_create("lapwing.ini", MFD_CLOEXEC);

    if (fd < 0)
        return NULL;
    if (lw_file_write_at(fd, lw_buf_text(good), good->len, 0) == LW_OK &&
        lw_buf_addf(&name, "/proc/self/fd/%d", fd) == LW_OK) {
        iniparser_set_error_callback(say_nothing);
        dict = iniparser_load(name.data);
    }
    lw_buf_free(&name);
    close(fd);
    return dict;
}

static enum lw_status fill(const dictionary *dict, struct lw_config *out, struct lw_error *err)
{
    const char *file = iniparser_getstring(dict, "vault:file", NULL);
    const char *kdf = iniparser_getstring(dict, "vault:kdf", NULL);
    const char *author = iniparser_getstring(dict, "journal:author", NULL);
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (file != NULL) {
        status = lw_path_expand(file, &path, err);
        if (status == LW_OK && (out->vault = lw_text_copy(path.data, path.len)) == NULL)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
        lw_buf_free(&path);
    }
    if (status == LW_OK && author != NULL &&
        (out->author = lw_text_copy(author, strlen(author))) == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (kdf != NULL)
        out->kdf = lw_kdf_profile_find(kdf);
    return status;
}

void lw_config_init(struct lw_config *config)
{
    *config = (struct lw_config){.kdf = -1};
}

void lw_config_clear(struct lw_config *config)
{
    if (config == NULL)
        return;
    lw_text_free(config->vault);
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
    for (size_t at = 0; at < len && status == LW_OK;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - text) - at;

        status = take_line(&reader, text + at, line);
        at += line + 1;
    }
    if (status != LW_OK) {
        status = lw_fail(err, status, "out of memory");
    } else if ((dict = load(&reader.good)) == NULL) {
        status = lw_fail(err, LW_CONFIG, "%s cannot be read into memory", name);
    } else {
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
        lw_config_init(out);
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
