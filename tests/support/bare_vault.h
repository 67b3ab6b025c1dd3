/*
 * A vault in memory (memfd) without a passphrase: keys drawn, both lanes formatted, header random.
 * For tests of lanes, which only need the keys and a file.
 */
#ifndef LW_TEST_BARE_VAULT_H
#define LW_TEST_BARE_VAULT_H

#include "vault/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void bare_random_file(int fd, uint32_t pages)
{
    uint8_t noise[LW_PAGE];

    for (uint32_t i = 0; i < pages; i++) {
        randombytes_buf(noise, sizeof noise);
        if (pwrite(fd, noise, sizeof noise, (off_t)i * LW_PAGE) != (ssize_t)sizeof noise)
            abort();
    }
}

static inline void bare_identity(struct lw_vault *vault)
{
    struct stat st;

    if (fstat(vault->fd, &st) != 0)
        abort();
    vault->device = st.st_dev;
    vault->inode = st.st_ino;
}

/* both_lanes: as an owner with a duress passphrase; else lane 0 alone is known. */
static inline struct lw_vault *bare_vault_new(uint32_t pages, bool both_lanes)
{
    struct lw_vault *vault = calloc(1, sizeof *vault);

    if (!vault || lw_crypto_start() != LW_OK)
        abort();
    vault->fd = memfd_create("vault", MFD_CLOEXEC);
    if (asprintf(&vault->path, "/proc/self/fd/%d", vault->fd) < 0)
        abort();
    bare_identity(vault);
    vault->pages = pages;
    vault->bytes = (uint64_t)pages * LW_PAGE;
    bare_random_file(vault->fd, pages);
    randombytes_buf(vault->salt, sizeof vault->salt);
    crypto_generichash(vault->id, LW_ID, vault->salt, LW_SALT, NULL, 0);
    vault->ring = sodium_malloc(sizeof *vault->ring);
    randombytes_buf(vault->ring, sizeof *vault->ring);
    for (unsigned i = 0; i < LW_SLOTS; i++)
        vault->ring->slot[i].known = false;
    vault->ring->own_slot = 3;
    vault->ring->own_lane = 0;
    vault->ring->slot[3].known = true;
    vault->ring->slot[3].lane = 0;
    vault->ring->slot[5].known = both_lanes;
    vault->ring->slot[5].lane = 1;
    if (pread(vault->fd, vault->header, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE) != LW_HEADER)
        abort();
    for (unsigned lane = 0; lane < (both_lanes ? 2u : 1u); lane++) {
        if (lane_format(vault, lane, 1) != LW_OK)
            abort();
    }
    return vault;
}

/* The same keys over another file of the same size (a crashed or altered image). */
static inline struct lw_vault bare_vault_over(const struct lw_vault *vault, int fd)
{
    struct lw_vault copy = *vault;

    copy.fd = fd;
    bare_identity(&copy);
    return copy;
}

static inline void bare_vault_free(struct lw_vault *vault)
{
    close(vault->fd);
    free(vault->path);
    sodium_free(vault->ring);
    free(vault);
}

#endif
