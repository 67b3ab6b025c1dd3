/* What kind of file system a file is on. */
#include "app.h"

#include <errno.h>
#include <string.h>
#include <sys/vfs.h>

enum lw_status lw_disk_type(const char *path, uint64_t *type)
{
    const char *slash = strrchr(path, '/');
    struct lw_buf folder = LW_BUF_INIT;
    enum lw_status status = LW_OK;
    struct statfs info;
    int found = statfs(path, &info);

    if (found != 0 && errno == ENOENT) {
        status = slash == NULL ? lw_buf_adds(&folder, ".")
                               : lw_buf_add(&folder, path, (size_t)(slash - path) + 1);
        if (status == LW_OK)
            found = statfs(folder.data, &info);
    }
    lw_buf_free(&folder);
    if (status != LW_OK)
        return status;
    if (found != 0)
        return LW_IO;
    *type = (uint32_t)info.f_type; /* is signed on some machines */
    return LW_OK;
}
