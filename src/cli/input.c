/* Whole files that are read before anything else happens. */
#include "input.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum lw_status lw_input_read(const char *path, size_t limit, struct lw_buf *out,
                             struct lw_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const char *name = standard ? _("standard input") : path;
    enum lw_status status;

    if (fd < 0)
        return lw_fail_errno(err, LW_NO_INPUT, "%s cannot be read", name);
    status = lw_fd_read_all(fd, limit, out);
    if (status == LW_TOO_LONG)
        status = lw_fail(err, status, "%s is longer than %zu bytes", name, limit);
    else if (status == LW_NO_MEMORY)
        status = lw_fail(err, status, "out of memory");
    else if (status != LW_OK)
        status = lw_fail_errno(err, LW_NO_INPUT, "%s cannot be read", name);
    if (!standard)
        close(fd);
    return status;
}
