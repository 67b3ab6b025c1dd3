/* Files: Landlock takes everything away that is not named. What is open already stays usable. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VERSION_FLAG 1U
#define RULE_BENEATH 1
/* A refusal must not write the names of files into the log of the machine. */
#define LOG_OFF 1U

/* Of linux/landlock.h, whose older editions lack the later ones. The number is the version of the
 * interface that brought it. */
#define FS_EXECUTE     (UINT64_C(1) << 0)
#define FS_WRITE_FILE  (UINT64_C(1) << 1)
#define FS_READ_FILE   (UINT64_C(1) << 2)
#define FS_READ_DIR    (UINT64_C(1) << 3)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_REG    (UINT64_C(1) << 8)
#define FS_ALL_1       ((UINT64_C(1) << 13) - 1)
#define FS_REFER_2     (UINT64_C(1) << 13)
#define FS_TRUNCATE_3  (UINT64_C(1) << 14)
#define NET_ALL_4      UINT64_C(3) /* to bind and to connect over TCP */
#define FS_IOCTL_DEV_5 (UINT64_C(1) << 15)
#define SCOPE_ALL_6    UINT64_C(3) /* abstract sockets and signals stay inside */
#define LOG_VERSION    7

/* A rewrite makes NAME.new, exchanges it, cuts and removes the old one, and syncs the folder. */
#define IN_FOLDER                                                                                  \
    (FS_READ_FILE | FS_WRITE_FILE | FS_READ_DIR | FS_MAKE_REG | FS_REMOVE_FILE | FS_TRUNCATE_3)
#define ON_TERMINAL (FS_READ_FILE | FS_WRITE_FILE | FS_IOCTL_DEV_5)

/* As the kernel takes it: an older one accepts the longer form where the rest is zero. */
struct ruleset {
    uint64_t fs, net, scoped;
};

struct beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

static int landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);

    return version > 0 ? (int)version : 0;
}

static struct ruleset all_of(int version)
{
    struct ruleset all = {.fs = FS_ALL_1};

    if (version >= 2)
        all.fs |= FS_REFER_2;
    if (version >= 3)
        all.fs |= FS_TRUNCATE_3;
    if (version >= 4)
        all.net = NET_ALL_4;
    if (version >= 5)
        all.fs |= FS_IOCTL_DEV_5;
    if (version >= 6)
        all.scoped = SCOPE_ALL_6;
    return all;
}

/* What is not there needs no rule: whoever opens it is told so by the kernel as before. */
static bool allow(int ruleset, const char *path, int flags, uint64_t access)
{
    struct beneath rule = {.access = access, .parent = open(path, O_PATH | O_CLOEXEC | flags)};
    bool good;

    if (rule.parent < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP ||
               errno == ENXIO || errno == ENAMETOOLONG;
    good = syscall(SYS_landlock_add_rule, ruleset, RULE_BENEATH, &rule, 0) == 0;
    close(rule.parent);
    return good;
}

/* The folder in which a file lies, or will: behind a symbolic link, that of the file itself. */
static bool find_folder(const char *path, char folder[PATH_MAX])
{
    char *slash;

    if (realpath(path, folder) == NULL) {
        if (strlen(path) >= PATH_MAX)
            return false;
        memcpy(folder, path, strlen(path) + 1);
    }
    slash = strrchr(folder, '/');
    if (slash == NULL)
        memcpy(folder, ".", 2);
    else
        slash[slash == folder ? 1 : 0] = '\0';
    return true;
}

static bool allow_folder_of(int ruleset, const char *path, uint64_t access)
{
    char folder[PATH_MAX];

    return path == NULL || !find_folder(path, folder) ||
           allow(ruleset, folder, O_DIRECTORY, access);
}

bool sandbox_files(const char *const *files, size_t count)
{
    int version = landlock_version();
    struct ruleset all = all_of(version);
    bool good = version > 0;
    int ruleset = -1;

    if (good)
        ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    if (ruleset < 0)
        return false;
    good = allow(ruleset, "/dev/tty", 0, ON_TERMINAL & all.fs) &&
           allow(ruleset, "/dev/urandom", 0, FS_READ_FILE); /* for libraries */
    for (size_t i = 0; i < count && good; i++)
        good = allow_folder_of(ruleset, files[i], IN_FOLDER & all.fs);
    if (good)
        good = syscall(SYS_landlock_restrict_self, ruleset,
                       version >= LOG_VERSION ? LOG_OFF : 0U) == 0;
    close(ruleset);
    return good;
}
