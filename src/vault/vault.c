/* An unlocked vault: opening, closing, what it knows, its passphrases. */
#include "keys.h"

#include "head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REOPEN_TRIES = 3 };

/* ---- descriptors ---------------------------------------------------------------------------- */

enum lw_status vault_new(const char *path, int fd, struct lw_vault **out, struct lw_error *err)
{
    struct lw_vault *vault = calloc(1, sizeof *vault);
    struct stat info;

    if (vault != NULL)
        vault->ring = keyring_new();
    if (vault != NULL)
        vault->path = path_with(path, "");
    if (vault == NULL || vault->ring == NULL || vault->path == NULL) {
        close(fd);
        if (vault != NULL)
            vault->fd = -1;
        lw_vault_close(vault);
        lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
        return LW_NO_MEMORY;
    }
    vault->fd = fd;
    if (fstat(fd, &info) != 0) {
        lw_fail_errno(err, LW_IO, "cannot look at %s", path);
        lw_vault_close(vault);
        return LW_IO;
    }
    vault->device = info.st_dev;
    vault->inode = info.st_ino;
    vault->bytes = (uint64_t)info.st_size;
    vault->pages = (uint32_t)(vault->bytes / LW_PAGE);
    *out = vault;
    return LW_OK;
}

void lw_vault_close(struct lw_vault *vault)
{
    if (vault == NULL)
        return;
    keyring_free(vault->ring);
    if (vault->fd >= 0)
        close(vault->fd);
    free(vault->path);
    free(vault->head_path);
    sodium_memzero(vault, sizeof *vault);
    free(vault);
}

enum lw_status vault_reopen(const struct lw_vault *vault, bool write, int *fd, struct lw_error *err)
{
    int mode = (write ? O_RDWR : O_RDONLY) | O_CLOEXEC;
    char link[32];
    struct stat info;
    int opened;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", vault->fd);
    opened = open(link, mode);
    if (opened < 0)
        opened = open(vault->path, mode | O_NOFOLLOW);
    if (opened < 0)
        return lw_fail_errno(err, LW_IO, "cannot open %s again", vault->path);
    if (fstat(opened, &info) != 0 || info.st_dev != vault->device || info.st_ino != vault->inode) {
        close(opened);
        return lw_fail(err, LW_STALE, "%s is another file by now: close and open it again",
                       vault->path);
    }
    file_expect_scattered(opened);
    *fd = opened;
    return LW_OK;
}

static enum lw_status open_file(const char *path, int *fd, struct lw_error *err)
{
    struct stat info;
    int opened = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (opened < 0 && errno == EISDIR)
        return lw_fail(err, LW_NOT_VAULT, "%s is a folder, not a vault", path);
    if (opened < 0 && (errno == EROFS || errno == EACCES || errno == EPERM))
        return lw_fail_errno(err, access(path, R_OK) == 0 ? LW_READ_ONLY : LW_NO_INPUT,
                             "cannot open %s for writing, which unlocking needs", path);
    if (opened < 0)
        return lw_fail_errno(err, LW_NO_INPUT, "cannot open %s", path);
    if (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(opened);
        return lw_fail(err, LW_NOT_VAULT, "%s is not a regular file, so it is no vault", path);
    }
    if (info.st_size % LW_PAGE != 0 || (uint64_t)info.st_size < LW_VAULT_MIN ||
        (uint64_t)info.st_size > LW_VAULT_MAX) {
        close(opened);
        return lw_fail(err, LW_NOT_VAULT, "%s is no vault: a vault never has %lld bytes", path,
                       (long long)info.st_size);
    }
    file_expect_scattered(opened);
    *fd = opened;
    return LW_OK;
}

/* ---- unlocking ------------------------------------------------------------------------------ */

static enum lw_status unlock_with(struct lw_vault *vault, const struct lw_passphrase *pass,
                                  int profile, struct slot_keys *keys, struct lw_error *err)
{
    enum lw_status status = kdf_derive(profile, pass, vault->salt, keys, err);

    if (status == LW_OK)
        status = header_update(vault, keys, NULL, NULL, err);
    if (status == LW_OK)
        vault->profile = profile;
    return status;
}

/* The profile of index first, then the others in the order of the table. A machine with too little
 * memory for one may still have enough for the one that the vault has. */
static enum lw_status unlock(struct lw_vault *vault, const struct lw_passphrase *pass, int first,
                             struct lw_error *err)
{
    struct slot_keys *keys = slot_keys_new();
    enum lw_status status = LW_WRONG_PASSPHRASE;
    struct lw_error little = {LW_OK, ""};
    bool short_of_memory = false;
    int count = (int)lw_kdf_profile_count;

    if (keys == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory for keys");
    if (first < 0 || first >= count)
        first = 0;
    for (int i = -1; i < count && (status == LW_WRONG_PASSPHRASE || status == LW_NO_MEMORY); i++) {
        if (i == first)
            continue;
        status = unlock_with(vault, pass, i < 0 ? first : i, keys, err);
        if (status != LW_NO_MEMORY)
            continue;
        short_of_memory = true;
        if (err != NULL)
            little = *err;
    }
    if (status == LW_WRONG_PASSPHRASE && short_of_memory) {
        status = LW_NO_MEMORY;
        if (err != NULL)
            *err = little;
    }
    slot_keys_free(keys);
    return status;
}

/* Of the header, wherever it is. */
static enum lw_status read_salt(const struct lw_vault *vault, uint8_t salt[LW_SALT],
                                struct lw_error *err)
{
    int fd = -1;
    enum lw_status status = head_open(vault, false, &fd, err);

    if (status != LW_OK)
        return status;
    status = lw_file_read_at(fd, salt, LW_SALT, 0);
    head_close(vault, fd);
    return status == LW_OK
               ? status
               : lw_fail_errno(err, status, "cannot read %s",
                               vault->head_path != NULL ? vault->head_path : vault->path);
}

/* With the header elsewhere nothing but its keys says that it is this vault's. */
static enum lw_status check_belongs(const struct lw_vault *vault, struct lw_error *err)
{
    bool belongs = true;
    enum lw_status status = LW_OK;

    if (vault->head_path != NULL)
        status = head_belongs(vault, vault->fd, vault->ring, vault->salt, true, &belongs, err);
    if (status != LW_OK || belongs)
        return status;
    return lw_fail(err, LW_NOT_VAULT,
                   "the passphrase opens the header %s, but that is not the header of %s: name the "
                   "two that belong together; or both roots of this vault are damaged",
                   vault->head_path, vault->path);
}

/* A rewrite may have put a new file or another header there: what was done to the old one does not
 * count. */
static bool has_moved(const struct lw_vault *vault, const char *path)
{
    uint8_t salt[LW_SALT];

    return !file_has_name(vault->fd, path) ||
           (vault->head_path != NULL && read_salt(vault, salt, NULL) == LW_OK &&
            memcmp(salt, vault->salt, LW_SALT) != 0);
}

struct place {
    char *path;   /* of the vault */
    char *header; /* NULL: in it */
};

static enum lw_status set_header(struct lw_vault *vault, const char *header, struct lw_error *err)
{
    if (header == NULL)
        return LW_OK;
    vault->head_path = path_with(header, "");
    return vault->head_path != NULL ? LW_OK : lw_fail(err, LW_NO_MEMORY, "out of memory");
}

static enum lw_status open_once(const struct place *place, const struct lw_passphrase *pass,
                                int first, struct lw_vault **out, bool *moved, struct lw_error *err)
{
    struct lw_vault *vault = NULL;
    int fd = -1;
    enum lw_status status = open_file(place->path, &fd, err);

    *moved = false;
    if (status != LW_OK)
        return status;
    status = vault_new(place->path, fd, &vault, err);
    if (status != LW_OK)
        return status;
    status = set_header(vault, place->header, err);
    if (status == LW_OK && place->header != NULL)
        status = head_settle(vault, pass, first, err);
    if (status == LW_OK)
        status = read_salt(vault, vault->salt, err);
    if (status != LW_OK)
        goto failed;
    vault_id(vault->salt, vault->id);
    status = unlock(vault, pass, first, err);
    *moved = has_moved(vault, place->path);
    if (status == LW_OK && !*moved)
        status = check_belongs(vault, err);
    if (status != LW_OK || *moved)
        goto failed;
    *out = vault;
    return LW_OK;
failed:
    lw_vault_close(vault);
    return status;
}

enum lw_status lw_vault_open_with(const char *path, const char *header,
                                  const struct lw_passphrase *pass, int first,
                                  struct lw_vault **out, struct lw_error *err)
{
    struct place place = {.path = path_resolve(path),
                          .header = header != NULL ? path_resolve(header) : NULL};
    enum lw_status status = LW_BUSY;
    bool moved = true;

    if (place.path == NULL || (header != NULL && place.header == NULL)) {
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
        goto done;
    }
    finish_leftovers(place.path, place.header);
    for (int i = 0; i < REOPEN_TRIES && moved; i++)
        status = open_once(&place, pass, first, out, &moved, err);
    if (status == LW_OK && moved)
        status = lw_fail(err, LW_BUSY, "%s is being replaced by another process: try again", path);
done:
    free(place.path);
    free(place.header);
    return status;
}

enum lw_status lw_vault_open(const char *path, const struct lw_passphrase *pass, int first,
                             struct lw_vault **out, struct lw_error *err)
{
    return lw_vault_open_with(path, NULL, pass, first, out, err);
}

/* ---- what it knows -------------------------------------------------------------------------- */

const char *lw_vault_path(const struct lw_vault *vault)
{
    return vault->path;
}

const char *lw_vault_header(const struct lw_vault *vault)
{
    return vault->head_path;
}

bool lw_vault_header_missing(const struct lw_vault *vault)
{
    return vault->head_missing;
}

uint64_t lw_vault_bytes(const struct lw_vault *vault)
{
    return vault->bytes;
}

int lw_vault_profile(const struct lw_vault *vault)
{
    return vault->profile;
}

unsigned lw_vault_own_lane(const struct lw_vault *vault)
{
    return vault->ring->own_lane;
}

unsigned lw_vault_own_slot(const struct lw_vault *vault)
{
    return vault->ring->own_slot;
}

bool lw_vault_knows_lane(const struct lw_vault *vault, unsigned lane)
{
    return keyring_knows_lane(vault->ring, lane);
}

unsigned lw_vault_passphrases(const struct lw_vault *vault)
{
    unsigned count = 0;

    for (unsigned i = 0; i < LW_SLOTS; i++)
        count += vault->ring->slot[i].known && vault->ring->slot[i].lane == vault->ring->own_lane;
    return count;
}

bool lw_vault_duress_armed(const struct lw_vault *vault)
{
    return keyring_knows_lane(vault->ring, 1 - vault->ring->own_lane);
}
