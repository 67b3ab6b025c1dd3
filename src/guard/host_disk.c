/* The disk and the file system under the vault: what they show at rest, and what a wipe can mean.
 */
#include "host_internal.h"

#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

/* ---- at rest --------------------------------------------------------------------------------- */

static const char *const encrypt = N_("Encrypt the whole disk: all beside the vault lies open");

static void say_cover(struct host_run *run, const char *topic, const char *device,
                      enum host_cover cover)
{
    if (cover == HOST_COVER_ENCRYPTED)
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, topic, "", "%s is encrypted", device);
    else if (cover == HOST_COVER_PLAIN)
        host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, topic, encrypt, "%s is not encrypted", device);
    else
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, topic, "Look with: lsblk -f",
                 "whether %s is encrypted " HOST_CANNOT, device);
}

static void examine_system_disk(struct host_run *run)
{
    struct host_mount mount;

    host_mount_of(run, "/", &mount);
    if (!mount.found)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "system disk", "Look with: lsblk -f",
                 HOST_CANNOT " (/proc/self/mountinfo)");
    else if (!run->mount.found || strcmp(mount.device, run->mount.device) != 0)
        say_cover(run, "system disk", mount.source, host_mount_cover(run, &mount));
}

static bool is_in_memory(const struct host_mount *mount)
{
    return strcmp(mount->type, "tmpfs") == 0 || strcmp(mount->type, "ramfs") == 0;
}

void host_examine_disk(struct host_run *run)
{
    examine_system_disk(run);
    if (!run->mount.found)
        return;
    if (is_in_memory(&run->mount))
        host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, "disk", "Keep what must last on a disk",
                 "the vault is in memory: it is lost when this is switched off");
    else if (strcmp(run->mount.type, "ecryptfs") == 0 ||
             (run->host->answers.file_flags & FS_ENCRYPT_FL) != 0)
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, "disk", "", "its folder is encrypted");
    else
        say_cover(run, "disk", run->mount.source, run->cover);
}

/* ---- the file system ------------------------------------------------------------------------- */

static bool is_one_of(const char *type, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(type, list[i]) == 0)
            return true;
    }
    return false;
}

static bool is_network(const char *type)
{
    static const char *const types[] = {"nfs",        "nfs4",     "cifs",   "smb3",
                                        "9p",         "afs",      "ceph",   "fuse.sshfs",
                                        "fuse.davfs", "virtiofs", "vboxsf", "fuse.vmhgfs-fuse"};

    return is_one_of(type, types, LW_COUNT_OF(types)) || strncmp(type, "fuse.rclone", 11) == 0;
}

static bool writes_elsewhere(const char *type)
{
    static const char *const types[] = {"btrfs", "zfs", "bcachefs", "f2fs", "nilfs2"};

    return is_one_of(type, types, LW_COUNT_OF(types));
}

static bool writes_in_place(const char *type)
{
    static const char *const types[] = {"ext2", "ext3", "ext4",  "xfs",   "jfs",
                                        "vfat", "ntfs", "exfat", "ntfs3", "fuseblk"};

    return is_one_of(type, types, LW_COUNT_OF(types));
}

static const char *const move_it =
    N_("Move it: lapwing backup to a disk with ext4, then wipe this one");

static void examine_copy_on_write(struct host_run *run)
{
    bool no_cow = (run->host->answers.file_flags & FS_NOCOW_FL) != 0;

    if (strcmp(run->mount.type, "btrfs") == 0 && no_cow)
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, "file system", "Let no snapshot reach the vault",
                 "btrfs, in place for this file (C), but for snapshots");
    else
        host_say(run, LW_HOST_WIPE, LW_HOST_WEAK, "file system", move_it,
                 "%s writes elsewhere and keeps what was overwritten", run->mount.type);
}

static void examine_file_system(struct host_run *run)
{
    static const char *const topic = N_("file system");
    const char *type = run->mount.type;
    bool journals_data = host_option(&run->mount, "data=journal");

    if (is_in_memory(&run->mount))
        host_say(run, LW_HOST_WIPE, LW_HOST_FINE, topic, "", "memory is overwritten in place");
    else if (is_network(type))
        host_say(run, LW_HOST_WIPE, LW_HOST_WEAK, topic, move_it,
                 "%s: another machine has it and may keep copies", type);
    else if (strcmp(type, "overlay") == 0)
        host_say(run, LW_HOST_WIPE, LW_HOST_WEAK, topic, move_it,
                 "overlay: a copy below it may stay as it was");
    else if (writes_elsewhere(type))
        examine_copy_on_write(run);
    else if (journals_data)
        host_say(run, LW_HOST_WIPE, LW_HOST_WEAK, topic, "Mount it without data=journal",
                 "its journal keeps copies of what was written");
    else if (writes_in_place(type))
        host_say(run, LW_HOST_WIPE, LW_HOST_FINE, topic, "", "%s overwrites in place", type);
    else
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, topic, "Keep the vault on ext4 or xfs",
                 "whether %s keeps old pages " HOST_CANNOT, type);
}

/* ---- the medium ------------------------------------------------------------------------------ */

/* A partition has the queue of its disk. */
static bool queue_word(const struct host_run *run, const char *base, const char *name, char out[64])
{
    return host_word(run, out, 64, "%s/queue/%s", base, name) ||
           host_word(run, out, 64, "%s/../queue/%s", base, name);
}

static void examine_discard(struct host_run *run, const char *base)
{
    char most[64];

    if (queue_word(run, base, "discard_max_bytes", most) && strcmp(most, "0") == 0)
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, "discard",
                 "Allow discards for the encrypted device, if there is one",
                 "the drive is not told what is free, and keeps it longer");
    else if (host_option(&run->mount, "discard"))
        host_say(run, LW_HOST_WIPE, LW_HOST_FINE, "discard", "",
                 "the drive is told at once what is free");
    else
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, "discard",
                 "Run fstrim, as root, after a wipe; or mount with discard",
                 "the drive is told later, or never, what is free");
}

static void examine_medium(struct host_run *run)
{
    static const char *const topic = N_("medium");
    static const char *const todo = N_("Wipe early; only a destroyed drive is surely empty");
    char base[PATH_MAX], rotates[64];
    enum lw_host_level level = run->cover == HOST_COVER_ENCRYPTED ? LW_HOST_NOTE : LW_HOST_WEAK;

    if (!host_mount_base(run, &run->mount, base) || !queue_word(run, base, "rotational", rotates))
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, topic, todo,
                 "whether it is flash or a magnetic disk " HOST_CANNOT);
    else if (strcmp(rotates, "0") == 0) {
        host_say(run, LW_HOST_WIPE, level, topic, todo,
                 "flash: cells may keep old keys, still under the passphrase");
        examine_discard(run, base);
    } else if (run->virtual)
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, topic, todo,
                 "a virtual disk: what is under it " HOST_CANNOT);
    else
        host_say(run, LW_HOST_WIPE, LW_HOST_FINE, topic, "",
                 "a magnetic disk, which is overwritten in place");
}

void host_examine_wipe(struct host_run *run)
{
    if (run->folder[0] == '\0')
        return;
    if (!run->mount.found) {
        host_say(run, LW_HOST_WIPE, LW_HOST_NOTE, "file system", "Keep the vault on ext4 or xfs",
                 HOST_CANNOT " (/proc/self/mountinfo)");
        return;
    }
    examine_file_system(run);
    if (!is_in_memory(&run->mount) && !is_network(run->mount.type))
        examine_medium(run);
}
