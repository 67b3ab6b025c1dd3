/*
 * What an interrupted rewrite or wipe left beside a vault.
 *
 * The names NAME.new and NAME.wiped alone are no proof: somebody may keep a file of that name. It
 * is wiped only where it is an ordinary file of this user with one name, of whole sectors, and
 * either without a single block or such that the first of it that is not zero looks random: a wipe
 * gives pages back to the disk, and a power cut leaves any of them out. All else that this program
 * ever leaves there is random or encrypted, while text, archives and pictures are far from it: over
 * 64 KiB the chi-square of the byte counts is 255 on average for random bytes, with a deviation of
 * 23, and thousands for nearly all other files. Random bytes do not leave the limits below in
 * practice.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLE = 65536, SAMPLES = 64, SECTOR = 512, CHI_LEAST = 90, CHI_MOST = 500 };

static bool bytes_look_random(const uint8_t *data, size_t len)
{
    size_t count[256] = {0};
    double expected = (double)len / 256, chi = 0;

    for (size_t i = 0; i < len; i++)
        count[data[i]]++;
    for (size_t i = 0; i < 256; i++)
        chi += ((double)count[i] - expected) * ((double)count[i] - expected) / expected;
    return chi > CHI_LEAST && chi < CHI_MOST;
}

/* Moves the sectors that are not zero to the front; their length. A power cut tears pages into
 * them. */
static size_t leave_out_zeros(uint8_t *data, size_t len)
{
    size_t kept = 0;

    for (size_t at = 0; at < len; at += SECTOR) {
        if (!sodium_is_zero(data + at, SECTOR)) {
            memmove(data + kept, data + at, SECTOR);
            kept += SECTOR;
        }
    }
    return kept;
}

/* The sample that holds the next data at or after an offset; the end where there are but holes. */
static uint64_t next_sample(int fd, uint64_t from, uint64_t bytes)
{
    off_t at = lseek(fd, (off_t)from, SEEK_DATA);

    if (at >= 0)
        return (uint64_t)at / SAMPLE * SAMPLE;
    return errno == ENXIO ? bytes : from;
}

/* By the first of it that is not zero: writes that were cut off reach the disk in any order. A wipe
 * does not wait for much of it to be read, nor for memory. */
static bool file_looks_random(int fd, uint64_t bytes)
{
    uint8_t data[SAMPLE];
    uint64_t from = 0;
    size_t kept = 0;

    for (int i = 0; i < SAMPLES && kept == 0; i++, from += SAMPLE) {
        size_t len;

        from = next_sample(fd, from, bytes);
        len = from < bytes && bytes - from < SAMPLE ? (size_t)(bytes - from) : SAMPLE;
        if (from >= bytes || lw_file_read_at(fd, data, len, (off_t)from) != LW_OK)
            break;
        kept = leave_out_zeros(data, len);
    }
    return kept > 0 && bytes_look_random(data, kept);
}

bool leftover_is_ours(int fd)
{
    struct stat info;

    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
        info.st_nlink != 1 || info.st_size % SECTOR != 0)
        return false;
    if (info.st_size == 0)
        return (info.st_mode & 0777) == 0600;
    return info.st_blocks == 0 || file_looks_random(fd, (uint64_t)info.st_size);
}

int open_leftover(const char *name)
{
    return open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

static void finish_wiped(const char *name)
{
    int fd = open_leftover(name);

    if (fd < 0)
        return;
    if (leftover_is_ours(fd))
        (void)wipe_and_remove(fd, name, NULL);
    close(fd);
}

static bool read_salt(int fd, const char *header, uint8_t salt[LW_SALT])
{
    int from = header != NULL ? open(header, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : fd;
    bool read = from >= 0 && lw_file_read_at(from, salt, LW_SALT, 0) == LW_OK;

    if (header != NULL && from >= 0)
        close(from);
    return read;
}

/* False where a rewrite of this vault goes on, or where it is no vault at all. */
static bool nobody_writes(const char *path, const char *header)
{
    uint8_t salt[LW_SALT], id[LW_ID];
    struct stat info;
    bool idle;
    int fd;

    if (lstat(path, &info) != 0)
        return true; /* a creation that was not finished */
    if (!S_ISREG(info.st_mode) || info.st_size % LW_PAGE != 0 ||
        (uint64_t)info.st_size < LW_VAULT_MIN)
        return false;
    fd = open_leftover(path);
    if (fd < 0)
        return false;
    idle = header != NULL || read_salt(fd, NULL, salt);
    /* The locks stand where the salt says, which is on the stick where the header is; without it
     * the lock on byte 0 of the file has to do. */
    if (idle && (header == NULL || read_salt(fd, header, salt))) {
        lw_hash256(salt, LW_SALT, id);
        idle = lock_take(fd, id, LOCK_WRITER) == LW_OK;
    }
    close(fd); /* drops the lock */
    return idle;
}

static void finish_new(const char *path, const char *header, const char *name)
{
    int fd = open_leftover(name);

    if (fd < 0)
        return;
    if (leftover_is_ours(fd) && building_lock(fd) == LW_OK && nobody_writes(path, header) &&
        file_has_name(fd, name))
        (void)wipe_and_remove(fd, name, NULL);
    close(fd);
}

void finish_leftovers(const char *path, const char *header)
{
    char *real = path_resolve(path);
    char *wiped = real != NULL ? path_with(real, SUFFIX_WIPED) : NULL;
    char *wiped_header = header != NULL ? path_with(header, SUFFIX_WIPED) : NULL;
    char *fresh = real != NULL ? path_with(real, SUFFIX_NEW) : NULL;

    if (wiped != NULL)
        finish_wiped(wiped);
    if (wiped_header != NULL)
        finish_wiped(wiped_header);
    if (fresh != NULL)
        finish_new(real, header, fresh);
    free(fresh);
    free(wiped_header);
    free(wiped);
    free(real);
}

void lw_vault_finish_leftovers(const char *path)
{
    finish_leftovers(path, NULL);
}
