/* Where things stand: the home, the shared files, a folder for what is thrown away. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 4096

enum lw_status lw_path_expand(const char *path, struct lw_buf *out, struct lw_error *err)
{
    const char *home = getenv("HOME");
    enum lw_status status;

    if (strncmp(path, "~/", 2) != 0) {
        status = lw_buf_adds(out, path);
    } else if (home == NULL || home[0] != '/') {
        return lw_fail(err, LW_CONFIG, "\"~/\" cannot be resolved, since HOME is not set");
    } else {
        status = lw_buf_addf(out, "%s/%s", home, path + 2);
    }
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* Appends DIR/MIDDLE/NAME and tells whether a file stands there. */
static enum lw_status try_share(const char *folder, const char *middle, const char *name,
                                struct lw_buf *out, bool *there)
{
    lw_buf_clear(out);
    enum lw_status status = lw_buf_addf(out, "%s/%s/%s", folder, middle, name);

    if (status == LW_OK)
        *there = access(out->data, R_OK) == 0;
    return status;
}

enum lw_status lw_share_find(const char *name, struct lw_buf *out, struct lw_error *err)
{
    static const char *const middles[] = {"../share/lapwing", "../share"};
    char folder[PATH_ROOM];
    struct lw_buf path = LW_BUF_INIT;
    bool there = false;
    enum lw_status status = LW_OK;
    ssize_t len = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

    if (len <= 0)
        return lw_fail_errno(err, LW_NOT_FOUND, "this program's own place cannot be read");
    folder[len] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';

    for (size_t i = 0; i < LW_COUNT_OF(middles) && status == LW_OK && !there; i++)
        status = try_share(folder, middles[i], name, &path, &there);
    if (status == LW_OK && there)
        status = lw_buf_adds(out, path.data);
    lw_buf_free(&path);
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    if (!there) {
        return lw_fail(err, LW_NOT_FOUND, "%s is not in %s/%s nor in %s/%s; install Lapwing again",
                       name, folder, middles[0], folder, middles[1]);
    }
    return LW_OK;
}

/* Twelve letters and digits: nobody guesses the name and stands there first. */
static void random_name(char out[13])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";

    for (int i = 0; i < 12; i++)
        out[i] = letters[lw_random_below(sizeof(letters) - 1)];
    out[12] = '\0';
}

const char *lw_temporary(void)
{
    const char *base = getenv("TMPDIR");

    return base == NULL || base[0] != '/' ? "/tmp" : base;
}

enum lw_status lw_folder_make(const char *prefix, struct lw_buf *out, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status;
    char name[13];

    random_name(name);
    status = lw_buf_addf(&path, "%s/%s%s", lw_temporary(), prefix, name);
    if (status != LW_OK) {
        status = lw_fail(err, status, "out of memory");
    } else if (mkdir(path.data, 0700) != 0) {
        status = lw_fail_errno(err, LW_CANNOT_CREATE, "the folder %s cannot be made", path.data);
    } else {
        status = lw_buf_adds(out, path.data);
        if (status != LW_OK) {
            rmdir(path.data);
            status = lw_fail(err, status, "out of memory");
        }
    }
    lw_buf_free(&path);
    return status;
}
