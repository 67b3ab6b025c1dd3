/* Where a duress passphrase would promise what the file system cannot keep. */
#include "app.h"

struct disk {
    uint64_t type;
    const char *name;
    const char *why;
};

static const char keeps_old[] = N_("it writes changes to new places and leaves the old ones");
static const char unknown[] = N_("what keeps the file in the end cannot be told");
static const char elsewhere[] =
    N_("the file is on another machine, which may keep older states of it");
static const char layered[] =
    N_("the file is a layer over others, which may keep older states of it");

/* As of linux/magic.h, and of the sources of those that it does not have. */
static const struct disk refused[] = {
    {0x2FC12FC1, "zfs", keeps_old},    {0xCA451A4E, "bcachefs", keeps_old},
    {0xF2F52010, "f2fs", keeps_old},   {0x3434, "nilfs2", keeps_old},
    {0x794C7630, "overlay", layered},  {0x61756673, "aufs", layered},
    {0x65735546, "fuse", unknown},     {0x6969, "nfs", elsewhere},
    {0x517B, "smb", elsewhere},        {0xFE534D42, "smb", elsewhere},
    {0xFF534D42, "cifs", elsewhere},   {0x564C, "ncp", elsewhere},
    {0x5346414F, "afs", elsewhere},    {0x6B414653, "afs", elsewhere},
    {0x73757245, "coda", elsewhere},   {0x00C36400, "ceph", elsewhere},
    {0x01021997, "9p", elsewhere},     {0x0BD00BD0, "lustre", elsewhere},
    {0x01161970, "gfs2", elsewhere},   {0x7461636F, "ocfs2", elsewhere},
    {0x47504653, "gpfs", elsewhere},   {0x19830326, "beegfs", elsewhere},
    {0x786F4256, "vboxsf", elsewhere},
};

enum lw_status lw_duress_disk_check(const char *path, struct lw_error *err)
{
    uint64_t type;

    if (lw_disk_type(path, &type) != LW_OK)
        return lw_fail_errno(err, LW_IO, "the file system of %s cannot be told", path);
    for (size_t i = 0; i < LW_COUNT_OF(refused); i++) {
        if (refused[i].type == type)
            return lw_fail(
                err, LW_REFUSED,
                "no duress passphrase on the file system %s: %s, so that they could show "
                "that there was more than the diary; keep the vault on ext4, xfs or "
                "btrfs",
                refused[i].name, _(refused[i].why));
    }
    return LW_OK;
}
