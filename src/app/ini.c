/* What every INI file needs. iniparser drops a whole file for one bad line and cuts values at '#'
 * and
 * ';': so each line is judged by whoever reads a file, and only the good ones get to it, through
 * memory. */
#include "ini.h"

#include <ctype.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void ini_trim(const char **text, size_t *len)
{
    while (*len > 0 && isspace((unsigned char)**text)) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && isspace((unsigned char)(*text)[*len - 1]))
        (*len)--;
}

const char *ini_value(const char **text, size_t *len)
{
    bool quoted = *len >= 2 && (*text)[0] == '"' && (*text)[*len - 1] == '"';

    if (quoted) {
        (*text)++;
        *len -= 2;
        if (*len > 0 &&
            (isspace((unsigned char)(*text)[0]) || isspace((unsigned char)(*text)[*len - 1])))
            return _("a value cannot begin or end with a blank");
    }
    if (*len == 0)
        return _("the value is missing");
    if (memchr(*text, '"', *len) != NULL)
        return _("a value cannot hold a quotation mark");
    if (!quoted && (memchr(*text, '#', *len) != NULL || memchr(*text, ';', *len) != NULL))
        return _("put a value with # or ; in double quotes, and comments on lines of their own");
    if (!quoted && ((*text)[0] == '\'' || (*text)[*len - 1] == '\''))
        return _("use double quotes");
    return NULL;
}

static int say_nothing(const char *format, ...)
{
    (void)format;
    return 0;
}

/* iniparser opens by name only: a memory file, reached by its descriptor. */
dictionary *ini_load(const struct lw_buf *good)
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
