/* A passphrase in locked memory, typed or read byte by byte. */
#include "keys.h"

#include <errno.h>
#include <unistd.h>

struct lw_passphrase *lw_passphrase_new(void)
{
    struct lw_passphrase *pass = sodium_malloc(sizeof *pass);

    if (pass != NULL)
        sodium_memzero(pass, sizeof *pass);
    return pass;
}

bool lw_passphrase_push(struct lw_passphrase *pass, uint8_t byte)
{
    if (pass->len == LW_PASSPHRASE_MAX)
        return false;
    pass->data[pass->len++] = byte;
    return true;
}

void lw_passphrase_pop(struct lw_passphrase *pass)
{
    uint8_t gone;

    if (pass->len == 0)
        return;
    do {
        gone = pass->data[--pass->len];
        pass->data[pass->len] = 0;
    } while (pass->len > 0 && (gone & 0xC0) == 0x80);
}

void lw_passphrase_clear(struct lw_passphrase *pass)
{
    sodium_memzero(pass, sizeof *pass);
}

size_t lw_passphrase_len(const struct lw_passphrase *pass)
{
    return pass->len;
}

bool lw_passphrase_equal(const struct lw_passphrase *a, const struct lw_passphrase *b)
{
    /* Zero behind the end, so the whole buffers can be compared whatever the lengths. */
    return sodium_memcmp(a->data, b->data, sizeof a->data) == 0 && a->len == b->len;
}

enum lw_status lw_passphrase_read(struct lw_passphrase *pass, int fd, bool *ended,
                                  struct lw_error *err)
{
    for (;;) {
        /* One byte beyond the limit is read to tell a full line from one that is too long. */
        uint8_t *at = &pass->data[pass->len];
        ssize_t got = read(fd, at, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lw_fail_errno(err, LW_IO, "cannot read the passphrase");
        if (got == 0 || *at == '\n') {
            *at = 0;
            if (ended != NULL)
                *ended = got == 0;
            return LW_OK;
        }
        if (pass->len == LW_PASSPHRASE_MAX) {
            *at = 0;
            return lw_fail(err, LW_TOO_LONG, "the passphrase is longer than %d bytes",
                           LW_PASSPHRASE_MAX);
        }
        pass->len++;
    }
}

bool lw_passphrase_has_non_ascii(const struct lw_passphrase *pass)
{
    for (size_t i = 0; i < pass->len; i++)
        if (pass->data[i] >= 0x80)
            return true;
    return false;
}

void lw_passphrase_free(struct lw_passphrase *pass)
{
    sodium_free(pass);
}
