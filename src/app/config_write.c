/* The one thing that is ever written to lapwing.ini, when somebody was asked. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool lw_config_can_hold(const char *path)
{
    return path[0] == '/' && strpbrk(path, "\"\\\n\r\t") == NULL && strlen(path) < 900 &&
           path[strlen(path) - 1] != ' ' && lw_utf8_valid(path, strlen(path), NULL);
}

/* Every folder above the file that is missing. */
static enum lw_status make_folders(const char *name, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (const char *slash = strchr(name + 1, '/'); slash != NULL && status == LW_OK;
         slash = strchr(slash + 1, '/')) {
        lw_buf_clear(&path);
        status = lw_buf_add(&path, name, (size_t)(slash - name));
        if (status != LW_OK)
            status = lw_fail(err, status, "out of memory");
        else if (mkdir(path.data, 0700) != 0 && errno != EEXIST)
            status =
                lw_fail_errno(err, LW_CANNOT_CREATE, "the folder %s cannot be made", path.data);
    }
    lw_buf_free(&path);
    return status;
}

enum lw_status lw_config_add_vault(const char *name, const char *vault, const char *header,
                                   struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    struct stat info;
    enum lw_status status = LW_OK;
    int fd = -1;

    if (!lw_config_can_hold(vault) || (header != NULL && !lw_config_can_hold(header)))
        return lw_fail(err, LW_BAD_DATA, "this path cannot stand in a configuration");
    status = make_folders(name, err);
    if (status != LW_OK)
        return status;
    fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = lw_fail_errno(err, LW_CANNOT_CREATE, "%s cannot be written", name);
        goto done;
    }
    /* the last line of what is there may lack its end */
    status = lw_buf_addf(&text, "%s[vault]\nfile = \"%s\"\n", info.st_size > 0 ? "\n" : "", vault);
    if (status == LW_OK && header != NULL)
        status = lw_buf_addf(&text, "header = \"%s\"\n", header);
    if (status != LW_OK)
        status = lw_fail(err, status, "out of memory");
    else if (lw_fd_write(fd, text.data, text.len) != LW_OK || fsync(fd) != 0)
        status = lw_fail_errno(err, LW_IO, "%s cannot be written", name);
done:
    if (fd >= 0)
        close(fd);
    lw_buf_free(&text);
    return status;
}
