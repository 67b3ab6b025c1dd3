/* Files of the host, below a root that a test may choose. */
#include "host_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)32 << 20)

LW_PRINTF(3, 0)
static bool join(const struct host_run *run, char out[PATH_MAX], const char *format, va_list args)
{
    int root = snprintf(out, PATH_MAX, "%s", run->host->root);
    int len;

    if (root < 0 || root >= PATH_MAX)
        return false;
    len = vsnprintf(out + root, (size_t)(PATH_MAX - root), format, args);
    return len >= 0 && len < PATH_MAX - root;
}

bool host_path(const struct host_run *run, char out[PATH_MAX], const char *format, ...)
{
    va_list args;
    bool fits;

    va_start(args, format);
    fits = join(run, out, format, args);
    va_end(args);
    return fits;
}

bool host_has(const struct host_run *run, const char *format, ...)
{
    char path[PATH_MAX];
    struct stat info;
    va_list args;
    bool fits;

    va_start(args, format);
    fits = join(run, path, format, args);
    va_end(args);
    return fits && lstat(path, &info) == 0;
}

/* A pipe or a device is not waited for. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat info;

    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

bool host_read(const struct host_run *run, struct lw_buf *out, const char *format, ...)
{
    char path[PATH_MAX];
    va_list args;
    bool done;
    int fd;

    lw_buf_clear(out);
    va_start(args, format);
    done = join(run, path, format, args);
    va_end(args);
    fd = done ? open_file(path) : -1;
    if (fd < 0)
        return false;
    done = lw_fd_read_all(fd, FILE_MAX, out) == LW_OK && lw_buf_reserve(out, 1) == LW_OK;
    close(fd);
    /* a crash leaves zeros in files; what stands behind them counts too */
    for (size_t i = 0; done && i < out->len; i++) {
        if (out->data[i] == '\0')
            out->data[i] = '\n';
    }
    return done;
}

bool host_word(const struct host_run *run, char *out, size_t size, const char *format, ...)
{
    char path[PATH_MAX];
    ssize_t len = -1;
    va_list args;
    bool fits;
    int fd;

    va_start(args, format);
    fits = join(run, path, format, args);
    va_end(args);
    fd = fits ? open_file(path) : -1;
    if (fd >= 0) {
        len = read(fd, out, size - 1);
        close(fd);
    }
    out[len > 0 ? len : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
    return len >= 0;
}

bool host_link(const struct host_run *run, char out[PATH_MAX], const char *format, ...)
{
    char path[PATH_MAX];
    ssize_t len = -1;
    va_list args;

    va_start(args, format);
    if (join(run, path, format, args))
        len = readlink(path, out, PATH_MAX - 1);
    va_end(args);
    out[len > 0 ? len : 0] = '\0';
    return len > 0;
}

bool host_each_name(const struct host_run *run, const char *folder,
                    bool (*visit)(void *context, const char *name), void *context)
{
    char path[PATH_MAX];
    DIR *names = host_path(run, path, "%s", folder) ? opendir(path) : NULL;
    struct dirent *entry;

    if (names == NULL)
        return false;
    for (int i = 0; i < HOST_NAMES_MAX && (entry = readdir(names)) != NULL; i++) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !visit(context, entry->d_name))
            break;
    }
    closedir(names);
    return true;
}

char *host_line(char **at)
{
    char *line = *at;
    size_t len;

    if (line == NULL || *line == '\0')
        return NULL;
    len = strcspn(line, "\n");
    *at = line + len + (line[len] != '\0');
    line[len] = '\0';
    return line;
}

static bool is_octal(const char *text)
{
    return text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' &&
           text[2] <= '7' && text[3] >= '0' && text[3] <= '7';
}

static void decode(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; to++) {
        if (is_octal(from)) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

char *host_field(char **at)
{
    char *word = *at + strspn(*at, " \t");
    size_t len = strcspn(word, " \t");

    if (len == 0)
        return NULL;
    *at = word + len + (word[len] != '\0');
    word[len] = '\0';
    decode(word);
    return word;
}

bool host_parent(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash == NULL || slash[1] == '\0')
        return false;
    slash[slash == path] = '\0';
    return true;
}

bool host_is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    while (len > 0 && folder[len - 1] == '/')
        len--;
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}
