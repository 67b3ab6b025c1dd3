/* Which language the program speaks, and the catalogue of it. */
#include "app.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define CATALOGUE     "locale/ru/LC_MESSAGES/lapwing.mo"
#define CATALOGUE_MAX ((size_t)4 << 20)
#define PATH_ROOM     4096

/* The name of the locale for messages; the first of these that is not empty. */
static const char *locale_of(const char *own)
{
    const char *const names[] = {"LC_ALL", own, "LANG"};

    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0')
            return value;
    }
    return "C";
}

static bool is_plain(const char *locale)
{
    return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* LANGUAGE is a list, the first of it that Lapwing speaks counts; as with gettext it counts for
 * nothing in the locale C. */
enum lw_language lw_language_environment(void)
{
    const char *locale = locale_of("LC_MESSAGES");
    const char *list = getenv("LANGUAGE");

    while (list != NULL && *list != '\0' && !is_plain(locale)) {
        size_t len = strcspn(list, ":");
        char name[16];

        if (len > 0 && len < sizeof name) {
            memcpy(name, list, len);
            name[len] = '\0';
            if (lw_language_of(name) == LW_RUSSIAN)
                return LW_RUSSIAN;
            if (strncmp(name, "en", 2) == 0 || is_plain(name))
                return LW_ENGLISH;
        }
        list += len + (list[len] == ':');
    }
    return lw_language_of(locale);
}

/* A locale that is asked for and not there, such as ru_RU.UTF-8 on a machine where it was never
 * generated, says all the same that the terminal takes UTF-8. */
static bool names_utf8(const char *locale)
{
    const char *dot = strchr(locale, '.');

    return dot != NULL &&
           (strncasecmp(dot + 1, "utf-8", 5) == 0 || strncasecmp(dot + 1, "utf8", 4) == 0);
}

/* Whoever can write the catalogue must be able to write the program too. */
static bool is_trusted(int fd)
{
    struct stat catalogue, program;

    return fstat(fd, &catalogue) == 0 && stat("/proc/self/exe", &program) == 0 &&
           S_ISREG(catalogue.st_mode) &&
           (catalogue.st_uid == 0 || catalogue.st_uid == program.st_uid) &&
           (catalogue.st_mode & (S_IWGRP | S_IWOTH) & ~program.st_mode) == 0;
}

static enum lw_status read_catalogue(const char *path, struct lw_buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
    enum lw_status status = LW_NOT_FOUND;

    if (fd >= 0 && is_trusted(fd))
        status = lw_fd_read_all(fd, CATALOGUE_MAX, out);
    if (fd >= 0)
        close(fd);
    return status;
}

/* Installed it stands in ../share, else beside what was built; the environment has no say in it. */
static enum lw_status find_catalogue(struct lw_buf *out)
{
    static const char *const middles[] = {"../share/", ""};
    char folder[PATH_ROOM];
    ssize_t len = readlink("/proc/self/exe", folder, sizeof folder - 1);
    enum lw_status status = LW_NOT_FOUND;

    if (len <= 0)
        return LW_NOT_FOUND;
    folder[len] = '\0';
    *strrchr(folder, '/') = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(middles) && status != LW_OK; i++) {
        struct lw_buf path = LW_BUF_INIT;

        lw_buf_clear(out);
        status = lw_buf_addf(&path, "%s/%s" CATALOGUE, folder, middles[i]);
        if (status == LW_OK)
            status = read_catalogue(path.data, out);
        lw_buf_free(&path);
    }
    return status;
}

void lw_language_start(void)
{
    static struct lw_buf data; /* the catalogue stays as long as the process */

    if (setlocale(LC_CTYPE, "") == NULL && names_utf8(locale_of("LC_CTYPE")))
        setlocale(LC_CTYPE, "C.UTF-8");
    if (lw_language_environment() != LW_RUSSIAN || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return;
    if (find_catalogue(&data) != LW_OK || lw_catalogue_use(data.data, data.len) != LW_OK)
        lw_buf_free(&data); /* English then */
}
