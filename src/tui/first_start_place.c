/* Where the vault is to be, and how large. */
#include "first_start.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- where -------------------------------------------------------------------------------- */

enum lw_status start_path(const struct lw_text_field *field, struct lw_buf *out,
                          struct lw_error *err)
{
    char folder[START_PATH_BYTES];
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_path_expand(lw_buf_text(&field->editor.text), &path, err);

    if (status != LW_OK)
        return status;
    lw_buf_clear(out);
    if (path.len > 0 && path.data[0] != '/') {
        if (getcwd(folder, sizeof folder) == NULL)
            status = lw_fail_errno(err, LW_NOT_FOUND, "Give the path from / on");
        else
            status = lw_buf_addf(out, "%s/", folder);
    }
    if (status == LW_OK)
        status = lw_buf_adds(out, lw_buf_text(&path));
    if (status == LW_OK && out->len > START_PATH_BYTES)
        status = lw_fail(err, LW_TOO_LONG, "The path is too long");
    lw_buf_free(&path);
    return status;
}

enum lw_status start_folder(const struct lw_buf *path, struct lw_buf *out, struct lw_error *err)
{
    const char *slash = strrchr(lw_buf_text(path), '/');

    lw_buf_clear(out);
    if (slash == NULL)
        return lw_fail(err, LW_USAGE, "Give the name of a file");
    if (lw_buf_add(out, path->data, (size_t)(slash - path->data) + 1) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return LW_OK;
}

enum lw_status start_new_name(const struct lw_buf *path, struct lw_error *err)
{
    const char *slash = strrchr(lw_buf_text(path), '/');
    struct stat info;

    if (slash == NULL || slash[1] == '\0')
        return lw_fail(err, LW_USAGE, "Give the name of a file");
    if (lstat(path->data, &info) == 0)
        return lw_fail(err, LW_EXISTS, "This exists already; give the name of a new file");
    if (lw_vault_name_reserved(path->data))
        return lw_fail(
            err, LW_REFUSED,
            "Names that end in .new or .wiped are kept for unfinished files; give another");
    return LW_OK;
}

static enum lw_status check_path(const struct lw_buf *path, struct lw_error *err)
{
    struct lw_buf folder = LW_BUF_INIT;
    struct stat info;
    enum lw_status status = start_new_name(path, err);

    if (status == LW_OK)
        status = start_folder(path, &folder, err);
    if (status == LW_OK && (stat(folder.data, &info) != 0 || !S_ISDIR(info.st_mode)))
        status = lw_fail(err, LW_CANNOT_CREATE, "The folder %s is not there", folder.data);
    else if (status == LW_OK && access(folder.data, W_OK | X_OK) != 0)
        status = lw_fail_errno(err, LW_CANNOT_CREATE, "Nothing can be written to %s", folder.data);
    lw_buf_free(&folder);
    return status;
}

enum lw_gate_end start_where(struct start *start)
{
    static const char *const body[] = {
        "Where shall the file be? It must not be there yet.",
        "Its name can be seen by everybody who sees this disk: take one that tells nothing. A "
        "folder that is copied to a cloud, or backed up, keeps older states of it.",
    };
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "File: ",
                                .input = LW_GATE_TEXT,
                                .field = &start->where,
                                .hint = "Enter next  Esc back"};

    for (;;) {
        struct lw_error err = {.status = LW_OK};
        enum lw_gate_end end = start_ask(start, &page);
        enum lw_status status;

        if (end != LW_GATE_ENTER)
            return end;
        status = start_path(&start->where, &start->path, &err);
        if (status == LW_OK)
            status = check_path(&start->path, &err);
        if (status == LW_OK)
            return end;
        start->message = err;
    }
}

/* ---- size --------------------------------------------------------------------------------- */

static bool free_bytes(const struct start *start, uint64_t *bytes)
{
    struct lw_buf folder = LW_BUF_INIT;
    struct statvfs info;
    bool found =
        start_folder(&start->path, &folder, NULL) == LW_OK && statvfs(folder.data, &info) == 0;

    if (found)
        *bytes = (uint64_t)info.f_bavail * info.f_frsize;
    lw_buf_free(&folder);
    return found;
}

static enum lw_status check_size(struct start *start, struct lw_error *err)
{
    uint64_t bytes = 0;
    uint64_t room = 0;

    if (!lw_parse_size(lw_buf_text(&start->size.editor.text), &bytes))
        return lw_fail(err, LW_USAGE, "A size is a number with M or G, such as 64M or 1G");
    if (bytes < LW_VAULT_MIN || bytes > LW_VAULT_MAX)
        return lw_fail(err, LW_USAGE, "A vault has from 4M to 64G");
    if (free_bytes(start, &room) && bytes > room)
        return lw_fail(err, LW_FULL, "The disk has only %llu MiB left",
                       (unsigned long long)(room >> 20));
    start->bytes = bytes - bytes % LW_PAGE;
    return LW_OK;
}

enum lw_gate_end start_size(struct start *start)
{
    static const char *const body[] = {
        "How large? The file gets its whole size now, so that nobody sees how much is in it, and "
        "it never grows by itself.",
        "Text needs little: 64M hold some ten thousand entries. A larger file takes longer to "
        "make. The size can be changed later (lapwing resize).",
    };
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "Size: ",
                                .input = LW_GATE_TEXT,
                                .field = &start->size,
                                .hint = "Enter next  Esc back"};

    for (;;) {
        enum lw_gate_end end = start_ask(start, &page);

        if (end != LW_GATE_ENTER || check_size(start, &start->message) == LW_OK)
            return end;
    }
}
