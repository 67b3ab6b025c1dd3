/* The folder of a drill: made, held, removed, and found again when a drill was cut off. */
#include "internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "lapwing-drill-"

/* All that a drill makes are files; anything else keeps the folder. */
static bool empty(int folder)
{
    int again = dup(folder);
    DIR *list = again < 0 ? NULL : fdopendir(again);
    bool all = list != NULL;
    struct dirent *entry;

    if (list == NULL) {
        if (again >= 0)
            close(again);
        return false;
    }
    rewinddir(list);
    while ((entry = readdir(list)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            unlinkat(folder, entry->d_name, 0) != 0)
            all = false;
    }
    closedir(list);
    return all;
}

/* A folder of this user that nobody holds. */
static void remove_leftover(int base, const char *name)
{
    int folder = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;

    if (folder < 0)
        return;
    if (fstat(folder, &info) == 0 && info.st_uid == getuid() && (info.st_mode & 077) == 0 &&
        flock(folder, LOCK_EX | LOCK_NB) == 0 && empty(folder))
        (void)unlinkat(base, name, AT_REMOVEDIR);
    close(folder);
}

static void remove_leftovers(void)
{
    DIR *base = opendir(lw_temporary());
    struct dirent *entry;

    while (base != NULL && (entry = readdir(base)) != NULL) {
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0)
            remove_leftover(dirfd(base), entry->d_name);
    }
    if (base != NULL)
        closedir(base);
}

enum lw_status lw_drill_place_make(struct lw_drill_place *place, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status;

    place->folder[0] = '\0';
    place->held = -1;
    remove_leftovers();
    status = lw_folder_make(PREFIX, &path, err);
    if (status == LW_OK && path.len + 32 > sizeof place->folder) {
        (void)rmdir(path.data);
        status = lw_fail(err, LW_TOO_LONG, "the path of the temporary folder is too long");
    }
    if (status == LW_OK) {
        memcpy(place->folder, path.data, path.len + 1);
        place->held = open(place->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (place->held < 0 || flock(place->held, LOCK_EX | LOCK_NB) != 0) {
            status =
                lw_fail_errno(err, LW_CANNOT_CREATE, "the folder %s cannot be kept", place->folder);
            (void)lw_drill_place_end(place);
        }
    }
    lw_buf_free(&path);
    return status;
}

bool lw_drill_place_end(struct lw_drill_place *place)
{
    bool gone;

    if (place->folder[0] == '\0')
        return true;
    if (place->held >= 0)
        (void)empty(place->held);
    gone = rmdir(place->folder) == 0;
    if (place->held >= 0)
        close(place->held);
    place->held = -1;
    place->folder[0] = '\0';
    return gone;
}
