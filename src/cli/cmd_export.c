/* lapwing export */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_AT 65536

/* A new file gets the exact bytes; standard output goes through the writer that cleans. */
struct target {
    struct lw_out *out; /* or NULL */
    int fd;
    const char *path;
    struct lw_buf waiting;
};

static enum lw_status flush_file(struct target *target, struct lw_error *err)
{
    enum lw_status status =
        lw_fd_write(target->fd, lw_buf_text(&target->waiting), target->waiting.len);

    lw_buf_clear(&target->waiting);
    if (status != LW_OK)
        return lw_fail_errno(err, LW_IO, "%s cannot be written", target->path);
    return LW_OK;
}

/* Whole lines only go to the writer: a piece may end inside a character. */
static enum lw_status flush_lines(struct target *target, bool all, struct lw_error *err)
{
    const char *text = lw_buf_text(&target->waiting);
    const char *end = memrchr(text, '\n', target->waiting.len);
    size_t len = all ? target->waiting.len : end == NULL ? 0 : (size_t)(end - text) + 1;
    struct lw_buf rest = LW_BUF_INIT;

    if (len == 0)
        return LW_OK;
    lw_out_lines(target->out, text, len);
    if (lw_buf_add(&rest, text + len, target->waiting.len - len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_buf_free(&target->waiting);
    target->waiting = rest;
    if (lw_out_gone(target->out))
        return lw_fail(err, LW_CANCELLED, "nobody reads the output");
    return LW_OK;
}

static enum lw_status sink_write(void *context, const char *data, size_t len, struct lw_error *err)
{
    struct target *target = context;

    if (lw_buf_add(&target->waiting, data, len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (target->waiting.len < FLUSH_AT)
        return LW_OK;
    return target->out != NULL ? flush_lines(target, false, err) : flush_file(target, err);
}

/* "entries" or "entry" */
static int find_type(const char *name)
{
    int type = lw_record_type_by_array(name);

    return type >= 0 ? type : lw_record_type_by_table(name);
}

static enum lw_status write_all(struct lw_cli *cli, struct lw_journal *journal, int type,
                                struct target *target, struct lw_error *err)
{
    const struct lw_sink sink = {.write = sink_write, .context = target};
    enum lw_status status;

    if (cli->option[LW_OPT_CSV] != NULL)
        status = lw_export_csv(journal, (enum lw_record_type)type, &sink, err);
    else
        status = lw_export_json(journal, true, &sink, err);
    if (status == LW_OK)
        status = target->out != NULL ? flush_lines(target, true, err) : flush_file(target, err);
    if (status == LW_CANCELLED && target->out != NULL && lw_out_gone(target->out))
        status = LW_OK; /* the writer tells at the end what happened */
    return status;
}

static enum lw_status finish_file(struct target *target, enum lw_status status,
                                  struct lw_error *err)
{
    if (status == LW_OK && fsync(target->fd) != 0 && errno != EINVAL)
        status = lw_fail_errno(err, LW_IO, "%s cannot be written to the disk", target->path);
    if (close(target->fd) != 0 && status == LW_OK)
        status = lw_fail_errno(err, LW_IO, "%s cannot be written", target->path);
    if (status == LW_OK && lw_path_sync_folder(target->path) != LW_OK)
        status =
            lw_fail(err, LW_IO, "the folder of %s cannot be written to the disk", target->path);
    if (status != LW_OK)
        unlink(target->path);
    return status;
}

static enum lw_status export_file(struct lw_cli *cli, struct lw_journal *journal, int type,
                                  const char *path, struct lw_error *err)
{
    struct target target = {.path = path};
    enum lw_status status;

    target.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
    if (target.fd < 0 && errno == EEXIST)
        return lw_fail(err, LW_EXISTS, "%s exists already; give the name of a new file", path);
    if (target.fd < 0)
        return lw_fail_errno(err, LW_CANNOT_CREATE, "%s cannot be created", path);
    status = write_all(cli, journal, type, &target, err);
    lw_buf_free(&target.waiting);
    return finish_file(&target, status, err);
}

static enum lw_status export_output(struct lw_cli *cli, struct lw_journal *journal, int type,
                                    struct lw_error *err)
{
    struct target target = {.out = &cli->out, .fd = -1};
    enum lw_status status = write_all(cli, journal, type, &target, err);

    lw_buf_free(&target.waiting);
    return status;
}

enum lw_status lw_command_export(struct lw_cli *cli, struct lw_error *err)
{
    const char *path = cli->option[LW_OPT_OUTPUT];
    const char *csv = cli->option[LW_OPT_CSV];
    int type = csv == NULL ? 0 : find_type(csv);
    struct lw_session session = {.vault = NULL};
    enum lw_status status;

    if (type < 0)
        return lw_fail(err, LW_USAGE, "--csv takes a type of record, such as entries or items");
    if (path != NULL && strcmp(path, "-") == 0)
        path = NULL;
    if (path != NULL && access(path, F_OK) == 0)
        return lw_fail(err, LW_EXISTS, "%s exists already; give the name of a new file", path);
    cli->makes = path;
    status = lw_unlock(cli, NULL, false, &session, NULL, err);
    if (status == LW_OK && path != NULL)
        status = export_file(cli, session.journal, type, path, err);
    else if (status == LW_OK)
        status = export_output(cli, session.journal, type, err);
    lw_session_close(&session);
    return status;
}
