/* Where a detached header is: apart from the vault, or not. */
#include "host_internal.h"

#include <stdio.h>
#include <string.h>

static const char topic[] = "header";

/* The whole disk, cut from ".../block/sda/sda3". */
static bool disk_of(const struct host_run *run, const struct host_mount *mount, char disk[PATH_MAX])
{
    char *name;
    size_t len;

    if (!mount->found || !host_mount_base(run, mount, disk))
        return false;
    name = strstr(disk, "/block/");
    if (name == NULL)
        return false;
    len = strcspn(name + 7, "/");
    name[7 + len] = '\0';
    return true;
}

static bool on_one_disk(const struct host_run *run, const struct host_mount *header)
{
    char a[PATH_MAX], b[PATH_MAX];

    if (header->found && run->mount.found && strcmp(header->device, run->mount.device) == 0)
        return true;
    return disk_of(run, header, a) && disk_of(run, &run->mount, b) && strcmp(a, b) == 0;
}

/* Rewritten in place it must not leave what stood there before in an older state. */
static bool keeps_older_states(const struct host_mount *mount)
{
    static const char *const types[] = {"btrfs",  "zfs", "f2fs", "bcachefs", "overlay",
                                        "nilfs2", "nfs", "nfs4", "cifs",     "fuse.sshfs"};

    for (size_t i = 0; i < LW_COUNT_OF(types); i++) {
        if (mount->found && strcmp(mount->type, types[i]) == 0)
            return true;
    }
    return false;
}

static void examine_place(struct host_run *run, const struct host_mount *mount)
{
    if (on_one_disk(run, mount))
        host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, topic,
                 "Move it to a stick: lapwing header move FILE",
                 "it is on the same device as the vault: whoever takes the one has the other");
    else
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, topic,
                 "Take the stick out when it is not used", "it is on a device of its own");
}

void host_examine_header(struct host_run *run)
{
    const char *header = run->host->header;
    struct host_mount *mount = &run->header_mount;
    char full[PATH_MAX], folder[PATH_MAX];
    struct stat info;

    if (header == NULL)
        return;
    if (!host_path(run, full, "%s", header) || stat(full, &info) != 0) {
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, topic, "Put the stick in and ask again",
                 "%s is not there now, so its place cannot be looked at", header);
        return;
    }
    (void)snprintf(folder, sizeof folder, "%s", header);
    if (!host_canonical(run, header, folder) || !host_parent(folder))
        (void)snprintf(folder, sizeof folder, "/");
    host_mount_of(run, folder, mount);
    examine_place(run, mount);
    if (mount->found && (info.st_mode & 044) != 0 && info.st_uid == run->host->answers.user)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, topic,
                 "chmod 600, on the header; a stick with FAT takes it from how it is mounted",
                 "other users can copy the header");
    if (keeps_older_states(mount))
        host_say(run, LW_HOST_WIPE, LW_HOST_WEAK, topic,
                 "Move it to a stick with ext4 or FAT: lapwing header move FILE",
                 "%s keeps what is overwritten: slots that were destroyed stay in old blocks",
                 mount->type);
}
