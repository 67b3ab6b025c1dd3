/* A new vault file under the name NAME.new: made, filled, keyed. publish.c gives it its name. */
#include "build.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct lw_build *build_new(const char *path, const char *header, struct lw_vault *old)
{
    struct lw_build *build = calloc(1, sizeof *build);

    if (build == NULL)
        return NULL;
    build->old = old;
    build->old_fd = build->head_fd = -1;
    build->name = path_resolve(path);
    build->old_ring = keyring_new();
    if (build->name != NULL)
        build->new_name = path_with(build->name, SUFFIX_NEW);
    if (header != NULL)
        build->head_name = path_resolve(header);
    if (build->head_name != NULL)
        build->head_new_name = path_with(build->head_name, SUFFIX_NEW);
    if (build->new_name != NULL && build->old_ring != NULL &&
        (header == NULL || build->head_new_name != NULL))
        return build;
    lw_build_abandon(build);
    return NULL;
}

/* Somebody who cleans up may have taken the file before it was locked. */
static enum lw_status make_file(struct lw_build *build, uint64_t bytes, struct lw_error *err)
{
    int fd;
    enum lw_status status = file_create(build->new_name, &fd, err);

    if (status == LW_EXISTS)
        lw_fail(err, status, "%s is in the way: if no other process is working on it, move it away",
                build->new_name);
    if (status != LW_OK)
        return status;
    status = building_lock(fd);
    if (status != LW_OK && status != LW_BUSY) {
        lw_fail_errno(err, status, "%s cannot be locked on this file system", build->new_name);
        (void)unlink(build->new_name);
        close(fd);
        return status;
    }
    if (status != LW_OK || !file_has_name(fd, build->new_name)) {
        close(fd);
        return lw_fail(err, LW_BUSY, "another process is working on %s: try again",
                       build->new_name);
    }
    status = disk_has_room(fd, build->new_name, bytes, err);
    if (status == LW_OK)
        status = vault_new(build->new_name, fd, &build->vault, err); /* closes it on failure */
    else
        close(fd);
    if (status == LW_OK)
        build->vault->unpublished = true;
    if (status != LW_OK)
        (void)unlink(build->new_name);
    return status;
}

/* It stays empty until the vault is about to take its name. Before the filling, so that a stick
 * that cannot be written is told at once. */
static enum lw_status make_head(struct lw_build *build, struct lw_error *err)
{
    struct lw_vault *vault = build->vault;

    assert(vault != NULL); /* make_file went before */
    if (build->head_name == NULL)
        return LW_OK;
    vault->head_path = path_with(build->head_name, "");
    if (vault->head_path == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for a new vault");
    return head_create(build->head_name, build->head_new_name, &build->head_fd, err);
}

static enum lw_status fill(struct lw_build *build, uint64_t bytes, struct stage *stage,
                           struct lw_error *err)
{
    struct lw_progress progress = stage_progress(stage);
    enum lw_status status = fill_random(build->vault->fd, 0, bytes, &progress, err);

    if (status != LW_OK) {
        lw_error_prefix(err, "%s", build->new_name);
        return status;
    }
    stage->base += bytes;
    build->vault->bytes = bytes;
    build->vault->pages = (uint32_t)(bytes / LW_PAGE);
    return LW_OK;
}

static enum lw_status read_old_first(struct lw_build *build)
{
    int fd = build->old_fd;
    enum lw_status status = LW_OK;

    if (build->head_name != NULL)
        status = head_open_file(build->head_name, false, &fd, NULL);
    if (status == LW_OK)
        status = lw_file_read_at(fd, build->first_page, LW_PAGE, 0);
    if (build->head_name != NULL && fd >= 0 && fd != build->old_fd)
        close(fd);
    return status;
}

/* Page 0 of the old file where the salt stays, else a random one. In memory: it is written when the
 * filling is done, but wrong passphrases are to be found before. */
static enum lw_status choose_salt(struct lw_build *build, bool keep_old, struct lw_error *err)
{
    struct lw_vault *vault = build->vault;
    enum lw_status status = LW_OK;

    assert(vault != NULL); /* make_file went before */
    lw_random(build->first_page, LW_PAGE);
    if (keep_old)
        status = read_old_first(build);
    if (status != LW_OK)
        return lw_fail_errno(err, status, "cannot read %s", build->name);
    memcpy(vault->salt, build->first_page, LW_SALT);
    vault_id(vault->salt, vault->id);
    return LW_OK;
}

static enum lw_status write_head(struct lw_build *build, struct lw_error *err)
{
    struct lw_vault *vault = build->vault;
    bool inside = build->head_name == NULL; /* else publish.c writes it, and these stay random */
    enum lw_status status = keyring_encode(vault->ring, vault->id, vault->header);

    build->has_content = true;
    if (status == LW_OK && inside)
        status = lw_file_write_at(vault->fd, build->first_page, LW_PAGE, 0);
    if (status == LW_OK && inside)
        status =
            lw_file_write_at(vault->fd, vault->header, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE);
    return status == LW_OK ? status
                           : lw_fail_errno(err, status, "cannot write %s", build->new_name);
}

/* ---- create ---------------------------------------------------------------------------------- */

static enum lw_status create(struct lw_build *build, const struct lw_build_plan *plan,
                             struct stage *stage, struct lw_error *err)
{
    const struct contents nothing = {0};
    enum lw_status status = make_file(build, plan->bytes, err);

    if (status == LW_OK)
        status = make_head(build, err);
    if (status == LW_OK)
        status = choose_salt(build, false, err);
    if (status == LW_OK)
        status = plan_ring_new(plan, build->vault->salt, build->vault->ring, err);
    if (status == LW_OK)
        status = fill(build, plan->bytes, stage, err);
    if (status == LW_OK)
        status = write_head(build, err);
    if (status == LW_OK)
        status = copy_lanes(NULL, build->vault, &nothing, stage, err);
    return status;
}

static enum lw_status check_header(const char *header, struct lw_error *err)
{
    struct stat info;

    if (name_is_reserved(header))
        return name_refuse(header, err);
    if (lstat(header, &info) == 0)
        return lw_fail(err, LW_EXISTS,
                       "%s exists already: each vault has a header of its own, so choose another "
                       "name for this one",
                       header);
    return LW_OK;
}

enum lw_status lw_build_create(const char *path, const struct lw_build_plan *plan,
                               const struct lw_progress *progress, struct lw_build **out,
                               struct lw_error *err)
{
    struct stage stage = {progress, 0, plan->bytes};
    struct lw_build *build;
    struct stat info;
    enum lw_status status = plan_check(plan, NULL, err);

    if (status != LW_OK)
        return status;
    if (name_is_reserved(path))
        return name_refuse(path, err);
    if (lstat(path, &info) == 0)
        return lw_fail(err, LW_EXISTS, "%s exists already: open it, or choose another name", path);
    if (plan->header != NULL)
        status = check_header(plan->header, err);
    if (status != LW_OK)
        return status;
    lw_vault_finish_leftovers(path);
    if (plan->header != NULL)
        head_remove_unfinished(plan->header);
    build = build_new(path, plan->header, NULL);
    if (build == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for a new vault");
    status = create(build, plan, &stage, err);
    if (status != LW_OK) {
        lw_build_abandon(build);
        return status;
    }
    build->vault->profile = plan->profile;
    *out = build;
    return LW_OK;
}

/* ---- rewrite --------------------------------------------------------------------------------- */

static enum lw_status take_writer(struct lw_build *build, struct lw_error *err)
{
    struct lw_vault *old = build->old;
    enum lw_status status = vault_reopen(old, true, &build->old_fd, err);

    if (status != LW_OK)
        return status;
    status = lock_take(build->old_fd, old->id, LOCK_WRITER);
    if (status == LW_BUSY)
        return lw_fail(err, status, "another process is writing to %s: try again", old->path);
    if (status == LW_OK)
        status = vault_still_mine(old, build->old_fd);
    if (status != LW_OK)
        return vault_not_mine(old, status, err);
    if (!file_has_name(build->old_fd, build->name))
        return lw_fail(err, LW_STALE, "%s is another file by now: close and open it again",
                       old->path);
    *build->old_ring = *old->ring;
    return file_can_exchange(build->old_fd) ? LW_OK : build_no_exchange(build, err);
}

static enum lw_status rewrite(struct lw_build *build, const struct lw_build_plan *plan,
                              struct stage *stage, struct lw_error *err)
{
    struct lw_vault *old = build->old;
    struct contents contents;
    enum lw_status status = make_file(build, plan->bytes, err);

    if (status == LW_OK)
        status = make_head(build, err);
    if (status == LW_OK)
        status = choose_salt(build, !plan->new_salt, err);
    if (status == LW_OK)
        status = plan_ring_next(plan, old, build->vault->salt, build->vault->ring, err);
    if (status == LW_OK)
        status = copy_count(old, build->vault->ring, &contents, err);
    if (status == LW_OK)
        status = copy_fits(contents.payloads, plan->bytes, old->path, err);
    if (status != LW_OK)
        return status;
    stage->total = plan->bytes + contents.payloads * LW_PAGE;
    status = fill(build, plan->bytes, stage, err);
    if (status == LW_OK)
        status = write_head(build, err);
    if (status == LW_OK)
        status = copy_lanes(old, build->vault, &contents, stage, err);
    return status;
}

enum lw_status lw_build_rewrite(struct lw_vault *vault, const struct lw_build_plan *plan,
                                const struct lw_progress *progress, struct lw_build **out,
                                struct lw_error *err)
{
    struct stage stage = {progress, 0, plan->bytes};
    struct lw_build *build;
    enum lw_status status = plan_check(plan, vault, err);

    if (status != LW_OK)
        return status;
    finish_leftovers(vault->path, vault->head_path);
    if (vault->head_path != NULL)
        head_remove_unfinished(vault->head_path);
    build = build_new(vault->path, vault->head_path, vault);
    if (build == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for a new vault");
    status = take_writer(build, err);
    if (status == LW_OK)
        status = rewrite(build, plan, &stage, err);
    if (status != LW_OK) {
        lw_build_abandon(build);
        return status;
    }
    build->vault->profile = plan->profile;
    *out = build;
    return LW_OK;
}

struct lw_vault *lw_build_vault(struct lw_build *build)
{
    return build->vault;
}
