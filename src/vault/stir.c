/* What every session does now and then, whoever it is: keeping the file's date from telling when
 * something was last saved, and looking whether the vault is still its own. */
#include "lane.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define STIRRED_MAX 4

/* The same conditions as for a commit: the writer's lock is held, so both lanes' newest roots are
 * adopted, and what the draw finds is dead in both and not pinned. */
static void stir(struct lw_lane *lane)
{
    uint32_t count = 1 + lw_random_below(STIRRED_MAX);
    uint32_t page;

    if (pool_begin(lane) != LW_OK)
        return;
    for (uint32_t i = 0; i < count && pool_probe(lane, &page) == LW_OK; i++) {
        if (pool_overwrite(lane, page) != LW_OK)
            return;
    }
}

void lw_lane_stir(struct lw_lane *lane)
{
    if (lane->level != LANE_NONE)
        return;
    if (lw_lane_snapshot(lane) == LW_OK && lw_lane_reserve(lane) == LW_OK)
        stir(lane);
    lw_lane_release(lane);
    lane->error[0] = '\0'; /* nobody asked for it */
}

/* A sandbox that was closed over a stick knows it no more once it was taken out: the name is there,
 * but may not be opened. What was done to the header meanwhile has to be looked at, so unlock
 * again. */
static bool came_back(const struct lw_vault *vault)
{
    struct stat info;
    int fd = open(vault->head_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0) {
        close(fd);
        return false; /* the next look reads it */
    }
    return errno == EACCES && stat(vault->head_path, &info) == 0;
}

enum lw_status lw_vault_watch(struct lw_vault *vault, struct lw_error *err)
{
    struct stat info;
    enum lw_status status;

    if (stat(vault->path, &info) == 0) {
        if (info.st_dev != vault->device || info.st_ino != vault->inode)
            return lw_fail(err, LW_REVOKED, "the vault was replaced by another file");
    } else if (errno == ENOENT || errno == ENOTDIR) {
        return lw_fail(err, LW_REVOKED, "the vault is gone");
    }
    status = vault_may_go_on(vault, vault->fd);
    if (status == LW_REVOKED)
        return lw_fail(err, status, "this passphrase no longer opens the vault");
    if (status != LW_OK)
        return lw_fail(err, status, "the vault cannot be read; its device may be gone");
    if (vault->head_missing && came_back(vault))
        return lw_fail(err, LW_STALE, "the header's stick is back: unlock again");
    return LW_OK;
}
