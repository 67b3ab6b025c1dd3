/* A folder of its own and small vaults with the cheap profile, for tests of the vault's files. */
#ifndef LW_TEST_VAULT_FIXTURE_H
#define LW_TEST_VAULT_FIXTURE_H

#include "vault/keys.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96]; /* of the vault */
};

static inline int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    if (fixture == NULL || lw_crypto_start() != LW_OK)
        return -1;
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/lapwing-unit-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL)
        return -1;
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/vault", fixture->folder);
    *state = fixture;
    return 0;
}

static inline int fixture_remove(const char *path, const struct stat *info, int kind,
                                 struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;

    (void)nftw(fixture->folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

static inline int cheap(void)
{
    int profile = lw_kdf_profile_find("test");

    assert_true(profile >= 0);
    return profile;
}

static inline struct lw_passphrase *passphrase(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    assert_non_null(pass);
    for (; *text != '\0'; text++)
        assert_true(lw_passphrase_push(pass, (uint8_t)*text));
    return pass;
}

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        enum lw_status status_ = (call);                                                           \
        if (status_ != LW_OK)                                                                      \
            fail_msg("%s: %s", #call, lw_status_name(status_));                                    \
    } while (0)

/* The vault as just published, open. duress may be NULL. */
static inline struct lw_vault *make_vault(const char *path, uint64_t bytes, const char *owner,
                                          const char *duress)
{
    struct lw_passphrase *pass = passphrase(owner);
    struct lw_passphrase *other = duress != NULL ? passphrase(duress) : NULL;
    const struct lw_passphrase *const kept[] = {pass};
    struct lw_build_plan plan = {
        .bytes = bytes, .profile = cheap(), .kept = kept, .kept_count = 1, .duress = other};
    struct lw_error err = {LW_OK, ""};
    struct lw_build *build = NULL;
    struct lw_vault *vault = NULL;

    if (lw_build_create(path, &plan, NULL, &build, &err) != LW_OK ||
        lw_build_publish(build, &vault, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_passphrase_free(pass);
    lw_passphrase_free(other);
    return vault;
}

static inline enum lw_status open_vault(const char *path, const char *text, struct lw_vault **vault)
{
    struct lw_passphrase *pass = passphrase(text);
    struct lw_error err = {LW_OK, ""};
    enum lw_status status = lw_vault_open(path, pass, cheap(), vault, &err);

    if (status != LW_OK)
        assert_true(err.status == status && err.text[0] != '\0');
    lw_passphrase_free(pass);
    return status;
}

/* Does it open a slot, in which generation? Without writing, and without the costly profiles. */
static inline bool opens(const char *path, const char *text, struct keyring *ring)
{
    uint8_t head[LW_PAGE + LW_HEADER], id[LW_ID];
    struct lw_passphrase *pass = passphrase(text);
    struct slot_keys *keys = slot_keys_new();
    struct keyring *found = keyring_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool opened;

    assert_true(fd >= 0 && keys != NULL && found != NULL);
    assert_ok(lw_file_read_at(fd, head, sizeof head, 0));
    close(fd);
    vault_id(head, id);
    assert_ok(kdf_derive(cheap(), pass, head, keys, NULL));
    opened = keyring_find(head + LW_PAGE, id, keys, BOTH_COPIES, found) == LW_OK;
    if (opened && ring != NULL)
        *ring = *found;
    keyring_free(found);
    slot_keys_free(keys);
    lw_passphrase_free(pass);
    return opened;
}

static inline uint8_t *slurp(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    uint8_t *data;

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &info), 0);
    *len = (size_t)info.st_size;
    data = malloc(*len + 1);
    assert_non_null(data);
    assert_ok(lw_file_read_at(fd, data, *len, 0));
    close(fd);
    return data;
}

static inline void put_file(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_ok(lw_file_write_at(fd, data, len, 0));
    close(fd);
}

static inline void beside(const struct fixture *fixture, const char *suffix, char out[128])
{
    (void)snprintf(out, 128, "%s%s", fixture->path, suffix);
}

static inline bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

#endif
