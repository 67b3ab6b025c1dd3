/* A host made of a few small files below a temporary folder, and what is found on it. */
#ifndef LW_FAKE_HOST_H
#define LW_FAKE_HOST_H

#include "host.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FOUND_MAX 64
#define COLUMNS   74 /* of 80, behind "weak  " */
#define VAULT     "/home/u/papers/diary.vault"

struct found {
    enum lw_host_level level;
    enum lw_host_promise promise;
    char topic[64], what[512], todo[256];
};

struct fake_host {
    char root[64];
    struct lw_host host;
    struct found found[FOUND_MAX];
    size_t count;
};

static const char *fake_environment[8][2]; /* emptied by fake_start */

static const char *environment_of(const char *name)
{
    for (size_t i = 0; i < LW_COUNT_OF(fake_environment) && fake_environment[i][0]; i++) {
        if (strcmp(fake_environment[i][0], name) == 0)
            return fake_environment[i][1];
    }
    return NULL;
}

static void fake_setenv(const char *name, const char *value)
{
    size_t at = 0;

    while (fake_environment[at][0])
        at++;
    assert_true(at + 1 < LW_COUNT_OF(fake_environment));
    fake_environment[at][0] = name;
    fake_environment[at][1] = value;
}

static int64_t fake_now(void *context)
{
    (void)context;
    return INT64_C(1795000000000); /* November 2026 */
}

static int fake_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return -210;
}

static const struct lw_clock fake_clock = {.now_ms = fake_now, .offset_minutes = fake_offset};

static void fake_path(const struct fake_host *fake, const char *path, char out[512])
{
    int len = snprintf(out, 512, "%s%s", fake->root, path);

    assert_true(len > 0 && len < 512);
}

/* Makes the folders above the path. */
static void fake_folders(const struct fake_host *fake, const char *path)
{
    char full[512];

    fake_path(fake, path, full);
    for (char *at = full + strlen(fake->root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(full, 0700);
        *at = '/';
    }
}

static void put(const struct fake_host *fake, const char *path, const char *text)
{
    char full[512];
    FILE *file;

    fake_folders(fake, path);
    fake_path(fake, path, full);
    file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(full, 0600), 0);
}

static void put_link(const struct fake_host *fake, const char *path, const char *to)
{
    char full[512];

    fake_folders(fake, path);
    fake_path(fake, path, full);
    assert_int_equal(symlink(to, full), 0);
}

static void drop(const struct fake_host *fake, const char *path)
{
    char full[512];

    fake_path(fake, path, full);
    assert_int_equal(unlink(full), 0);
}

__attribute__((unused)) static void set_mode(const struct fake_host *fake, const char *path,
                                             mode_t mode)
{
    char full[512];

    fake_path(fake, path, full);
    assert_int_equal(chmod(full, mode), 0);
}

static void set_date(const struct fake_host *fake, const char *path, int64_t unix_sec)
{
    const struct timespec dates[2] = {{.tv_sec = unix_sec}, {.tv_sec = unix_sec}};
    char full[512];

    fake_path(fake, path, full);
    assert_int_equal(utimensat(AT_FDCWD, full, dates, 0), 0);
}

static void put_mounts(const struct fake_host *fake, const char *type, const char *options)
{
    char text[512];
    int len = snprintf(text, sizeof(text),
                       "20 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n"
                       "21 20 8:3 / /home rw,relatime shared:2 - %s /dev/sda3 rw%s\n"
                       "22 20 0:5 / /proc rw - proc proc rw\n",
                       type, options);

    assert_true(len > 0 && (size_t)len < sizeof(text));
    put(fake, "/proc/self/mountinfo", text);
}

/* A laptop on which nothing is weak: its home on an encrypted magnetic disk. */
static void fake_start(struct fake_host *fake)
{
    memset(fake, 0, sizeof(*fake));
    memset(fake_environment, 0, sizeof(fake_environment));
    (void)snprintf(fake->root, sizeof(fake->root), "/tmp/lapwing-host-XXXXXX");
    assert_non_null(mkdtemp(fake->root));
    fake_setenv("HOME", "/home/u");
    fake_setenv("TERM", "linux");
    fake->host = (struct lw_host){
        .root = fake->root,
        .vault = VAULT,
        .environment = environment_of,
        .clock = &fake_clock,
        .answers = {.landlock = 3,
                    .seccomp = true,
                    .synced_writes = true,
                    .file_locks = true,
                    .file_locks_known = true,
                    .lock_limit = 64 << 20,
                    .user = getuid(),
                    .group = getgid()},
    };
    put(fake, VAULT, "sixteen bytes...");
    set_date(fake, VAULT, fake_now(NULL) / 1000);
    put_mounts(fake, "ext4", "");
    put(fake, "/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
    put(fake, "/sys/power/state", "\n");
    put(fake, "/proc/sys/kernel/core_pattern", "core\n");
    put(fake, "/proc/sys/kernel/yama/ptrace_scope", "1\n");
    put(fake, "/proc/self/status", "Name:\tlapwing\nPPid:\t7\n");
    put(fake, "/proc/7/status", "Name:\tbash\nPPid:\t1\n");
    put(fake, "/proc/1/status", "Name:\tsystemd\nPPid:\t0\n");
    put(fake, "/proc/7/limits", "Limit   Soft   Hard\nMax core file size   0   unlimited bytes\n");
    put(fake, "/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme aes\n");
    put(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    put(fake, "/sys/block/dm-0/dm/name", "root\n");
    put(fake, "/sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-root\n");
    put(fake, "/sys/dev/block/253:0/dm/uuid", "CRYPT-LUKS2-0123-root\n");
    put(fake, "/sys/devices/sda/sda3/dm/uuid", "CRYPT-LUKS2-0456-home\n");
    put(fake, "/sys/devices/sda/queue/rotational", "1\n");
    put_link(fake, "/sys/dev/block/8:3", "../../devices/sda/sda3");
    put_link(fake, "/sys/class/block/sda3", "../../devices/sda/sda3");
    put(fake, "/etc/localtime", "TZif");
}

static int fake_remove(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

static void fake_end(struct fake_host *fake)
{
    assert_int_equal(nftw(fake->root, fake_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static enum lw_status fake_visit(void *context, const struct lw_host_finding *finding,
                                 struct lw_error *err)
{
    struct fake_host *fake = context;
    struct found *found = &fake->found[fake->count];

    (void)err;
    assert_true(fake->count < FOUND_MAX);
    found->level = finding->level;
    found->promise = finding->promise;
    (void)snprintf(found->topic, sizeof(found->topic), "%s", finding->topic);
    (void)snprintf(found->what, sizeof(found->what), "%s", finding->what);
    (void)snprintf(found->todo, sizeof(found->todo), "%s", finding->todo);
    /* two lines of 80 columns; promises do not go back */
    assert_true(strlen(found->topic) + 2 + strlen(found->what) <= COLUMNS);
    assert_true(strlen(found->todo) <= COLUMNS);
    assert_true(fake->count == 0 || found->promise >= found[-1].promise);
    assert_true(found->level != LW_HOST_WEAK || found->todo[0] != '\0');
    fake->count++;
    return LW_OK;
}

static void examine(struct fake_host *fake)
{
    fake->count = 0;
    assert_int_equal(lw_host_examine(&fake->host, fake_visit, fake, NULL), LW_OK);
}

/* The finding of that topic whose sentence holds the words, or NULL. */
static const struct found *find(const struct fake_host *fake, const char *topic, const char *words)
{
    for (size_t i = 0; i < fake->count; i++) {
        if (strcmp(fake->found[i].topic, topic) == 0 && strstr(fake->found[i].what, words) != NULL)
            return &fake->found[i];
    }
    return NULL;
}

/* Examines; there must be that finding, at that level. */
static void expect_found(struct fake_host *fake, const char *topic, enum lw_host_level level,
                         const char *words)
{
    const struct found *found;

    examine(fake);
    found = find(fake, topic, words);
    if (found == NULL)
        fail_msg("nothing about %s says \"%s\"", topic, words);
    if (found->level != level)
        fail_msg("%s: %s is %s", topic, found->what, lw_host_level_name(found->level));
}

#define expect_fine(fake, topic, words) expect_found(fake, topic, LW_HOST_FINE, words)
#define expect_note(fake, topic, words) expect_found(fake, topic, LW_HOST_NOTE, words)
#define expect_weak(fake, topic, words) expect_found(fake, topic, LW_HOST_WEAK, words)

#endif
