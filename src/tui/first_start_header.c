/* Where what opens the vault is to be: in it, or on a stick. */
#include "first_start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOM (2 * LW_HEADER_BYTES) /* a rewrite puts another one beside it */

/* ---- whether a file can be there ------------------------------------------------------------ */

/* A stick that is not mounted leaves no folder, or an empty one on the disk of the vault. */
static enum lw_status check_folder(const struct lw_buf *folder, struct stat *info,
                                   struct lw_error *err)
{
    struct statvfs disk;
    uint64_t room;

    if (stat(folder->data, info) != 0 || !S_ISDIR(info->st_mode))
        return lw_fail(err, LW_NO_INPUT, "Is the stick in? This folder is not there: %s",
                       folder->data);
    if (access(folder->data, W_OK | X_OK) != 0 && errno == EROFS)
        return lw_fail(err, LW_READ_ONLY,
                       "The stick is locked against writing; each unlocking writes to it");
    if (access(folder->data, W_OK | X_OK) != 0)
        return lw_fail_errno(err, LW_CANNOT_CREATE, "Nothing can be written there");
    if (statvfs(folder->data, &disk) != 0)
        return LW_OK; /* then the writing will tell */
    room = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (room < ROOM)
        return lw_fail(err, LW_FULL, "The stick is full: it has %u KiB left, and %u are needed",
                       (unsigned)(room >> 10), ROOM >> 10);
    return LW_OK;
}

/* The vault is not there yet, so what tells them apart is their folders and names. */
static enum lw_status check_not_the_vault(const struct start *start, const struct stat *folder,
                                          bool *same_device, struct lw_error *err)
{
    struct lw_buf other = LW_BUF_INIT;
    struct stat info;
    enum lw_status status = start_folder(&start->path, &other, err);

    *same_device = false;
    if (status == LW_OK && stat(other.data, &info) == 0) {
        *same_device = info.st_dev == folder->st_dev;
        if (*same_device && info.st_ino == folder->st_ino &&
            strcmp(strrchr(start->path.data, '/'), strrchr(start->header.data, '/')) == 0)
            status = lw_fail(err, LW_EXISTS, "This is the name of the vault; give another one");
    }
    lw_buf_free(&other);
    return status;
}

static enum lw_status check_stick(struct start *start, bool *same_device, struct lw_error *err)
{
    struct lw_buf folder = LW_BUF_INIT;
    struct stat info;
    enum lw_status status = start_path(&start->stick, &start->header, err);

    if (status == LW_OK)
        status = start_new_name(&start->header, err);
    if (status == LW_OK)
        status = start_folder(&start->header, &folder, err);
    if (status == LW_OK)
        status = check_folder(&folder, &info, err);
    if (status == LW_OK)
        status = check_not_the_vault(start, &info, same_device, err);
    lw_buf_free(&folder);
    return status;
}

/* ---- the file on the stick ------------------------------------------------------------------ */

/* On the vault's own device it is taken only by a second Enter. */
static enum lw_gate_end ask_stick(struct start *start)
{
    static const char *const body[] = {
        "Put the stick in, and give a file on it that is not there yet. Sticks are mostly found "
        "below /media or /run/media.",
        "The name can be seen by whoever has the stick: take one that tells nothing.",
    };
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "File: ",
                                .input = LW_GATE_TEXT,
                                .field = &start->stick,
                                .hint = "Enter next  Esc back"};
    struct lw_buf told = LW_BUF_INIT;
    enum lw_gate_end end;

    for (;;) {
        struct lw_error err = {.status = LW_OK};
        bool same_device = false;

        end = start_ask(start, &page);
        if (end != LW_GATE_ENTER)
            break;
        if (check_stick(start, &same_device, &err) != LW_OK) {
            start->message = err;
            continue;
        }
        if (!same_device || (told.len > 0 && strcmp(told.data, start->header.data) == 0))
            break;
        lw_buf_clear(&told);
        if (lw_buf_adds(&told, start->header.data) != LW_OK)
            (void)lw_fail(&start->message, LW_NO_MEMORY, "out of memory");
        else
            (void)lw_fail(&start->message, LW_REFUSED,
                          "Same device as the vault: useless if both are taken. Enter again takes "
                          "it");
    }
    lw_buf_free(&told);
    return end;
}

/* ---- where ---------------------------------------------------------------------------------- */

static enum lw_gate_end ask_place(struct start *start)
{
    static const char *const body[] = {
        "What opens the vault is its header, 12 KiB. It can stand in the vault, as usual, or in a "
        "file of its own on a stick or a memory card.",
        "On a stick: who takes this machine without it has noise, even with the passphrase. "
        "Opening the vault needs the stick, and writes to it; an open vault goes on without it, so "
        "it can be taken out and carried apart. A stick that is destroyed is the surest end of "
        "the log.",
        "It gains nothing where machine and stick are taken together, or where the stick was "
        "copied before. If it is lost or breaks, so is the log: make a copy (lapwing backup FILE "
        "HEADER). Whoever looks at the stick sees that file.",
        "A wipe overwrites the stick too if it is in. If it is out, the whole vault is "
        "overwritten, which takes longer than the keys; and a header that is left opens every "
        "copy of the vault that is left.",
        "It can be moved later (lapwing header move).",
    };
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "In the vault or on a stick? (v, s) ",
                                .letters = "vs",
                                .hint = start->apart ? "s or Enter stick  v vault  Esc back"
                                                     : "v or Enter vault  s stick  Esc back"};
    enum lw_gate_end end = start_ask(start, &page);

    if (end == LW_GATE_LETTER)
        start->apart = page.letter == 's';
    return end == LW_GATE_LETTER ? LW_GATE_ENTER : end;
}

enum lw_gate_end start_header(struct start *start)
{
    enum lw_gate_end end;

    if (start->header_failed) { /* what failed is told where it can be mended */
        start->header_failed = false;
        end = ask_stick(start);
        if (end != LW_GATE_BACK)
            return end;
    }
    do {
        end = ask_place(start);
        if (end == LW_GATE_ENTER && start->apart)
            end = ask_stick(start);
        else
            break;
    } while (end == LW_GATE_BACK);
    return end;
}
