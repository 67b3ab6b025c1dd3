/* Who else can read, copy or replace the vault. */
#include "host_internal.h"

#include <string.h>

static bool is_vault(const struct host_run *run)
{
    return run->there && S_ISREG(run->info.st_mode);
}

static void examine_file(struct host_run *run)
{
    static const char *const topic = N_("permissions");
    mode_t mode = run->info.st_mode;

    if (run->info.st_uid != run->host->answers.user)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, topic, "Give it to you alone, with chown",
                 "the vault belongs to another user");
    else if ((mode & 022) != 0)
        host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, topic, "chmod 600, on the vault",
                 "other users can destroy the vault");
    else if ((mode & 044) != 0)
        host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, topic, "chmod 600, on the vault",
                 "other users can copy the vault, and try passphrases");
    else
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, topic, "", "only you can read the vault");
}

/* Whoever can write to a folder can take away what is in it, unless it is sticky. A group of one's
 * own has nobody else in it, as distributions set it up. */
static bool open_to_others(const struct host_run *run, const char *folder)
{
    mode_t who = S_IWGRP | S_IWOTH;
    char path[PATH_MAX];
    struct stat info;

    if (!host_path(run, path, "%s", folder) || stat(path, &info) != 0)
        return false;
    if (info.st_gid == run->host->answers.group)
        who = S_IWOTH;
    return (info.st_mode & who) != 0 && (info.st_mode & S_ISVTX) == 0;
}

static void examine_folder(struct host_run *run)
{
    static const char *const topic = N_("folder");
    char folder[PATH_MAX], path[PATH_MAX];
    struct stat info = {.st_mode = 0};

    memcpy(folder, run->folder, sizeof(folder));
    do {
        if (open_to_others(run, folder)) {
            host_say(run, LW_HOST_AT_REST, LW_HOST_WEAK, topic, "chmod go-w, on that folder",
                     "others can put another file in the place of the vault");
            return;
        }
    } while (host_parent(folder));
    if (host_path(run, path, "%s", run->folder) && stat(path, &info) == 0 &&
        (info.st_mode & 055) != 0)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, topic, "chmod 700, on the folder",
                 "other users can see the vault's name, size and dates");
    else
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, topic, "", "only you can look into it");
}

static void examine_links(struct host_run *run)
{
    unsigned long others = (unsigned long)run->info.st_nlink - 1;

    if (others == 0)
        host_say(run, LW_HOST_AT_REST, LW_HOST_FINE, "other names", "", "none");
    else
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "other names",
                 "Find them with: find FOLDER -samefile FILE",
                 "%lu more (hard links), which a wipe leaves, with noise", others);
}

void host_examine_access(struct host_run *run)
{
    if (run->folder[0] == '\0')
        return;
    if (is_vault(run)) {
        examine_file(run);
        examine_links(run);
    }
    examine_folder(run);
}
