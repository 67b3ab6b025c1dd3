/* Copies of the vault that a wipe does not reach: beside it, in snapshots, in the cloud. */
#include "host_internal.h"

#include <stdio.h>
#include <string.h>

/* ---- beside it ---------------------------------------------------------------------------------
 */

struct beside {
    struct host_run *run;
    unsigned named, sized, leftovers;
};

static bool is_leftover(const struct host_run *run, const char *name)
{
    size_t len = strlen(run->name);

    return strncmp(name, run->name, len) == 0 &&
           (strcmp(name + len, ".new") == 0 || strcmp(name + len, ".wiped") == 0);
}

/* "v.vault~", "v.vault.bak", ".v.vault.swp", "v (copy).vault" */
static bool is_named_alike(const struct host_run *run, const char *name)
{
    const char *dot = strrchr(run->name, '.');
    size_t stem = dot != NULL && dot != run->name ? (size_t)(dot - run->name) : strlen(run->name);

    if (*name == '.')
        name++;
    return stem >= 3 && strncmp(name, run->name, stem) == 0;
}

static bool look_beside(void *context, const char *name)
{
    struct beside *beside = context;
    struct host_run *run = beside->run;
    char path[PATH_MAX];
    struct stat info;

    if (strcmp(name, run->name) == 0 || !host_path(run, path, "%s/%s", run->folder, name) ||
        lstat(path, &info) != 0 || !S_ISREG(info.st_mode) ||
        (run->there && info.st_ino == run->info.st_ino && info.st_dev == run->info.st_dev))
        return true;
    if (is_leftover(run, name))
        beside->leftovers++;
    else if (run->there && info.st_size == run->info.st_size)
        beside->sized++;
    else if (is_named_alike(run, name))
        beside->named++;
    return true;
}

static void examine_beside(struct host_run *run)
{
    static const char *const topic = N_("copies beside");
    struct beside beside = {.run = run};

    if (!host_each_name(run, run->folder, look_beside, &beside)) {
        host_say(run, LW_HOST_COPIES, LW_HOST_NOTE, topic, "", "its folder cannot be listed");
        return;
    }
    if (beside.leftovers > 0)
        host_say(run, LW_HOST_COPIES, LW_HOST_NOTE, "leftovers", "Open the vault once",
                 "%u of a rewrite or wipe that was interrupted", beside.leftovers);
    if (beside.sized > 0)
        host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, topic,
                 "Wipe those that are copies: lapwing --vault COPY wipe",
                 "%u of the same size as the vault", beside.sized);
    if (beside.named > 0)
        host_say(run, LW_HOST_COPIES, LW_HOST_NOTE, topic, "Look whether one of them is a copy",
                 "%u whose name begins like that of the vault", beside.named);
    if (beside.sized + beside.named == 0)
        host_say(run, LW_HOST_COPIES, LW_HOST_FINE, topic, "", "none");
}

static void examine_trash(struct host_run *run)
{
    if (run->home != NULL && host_has(run, "%s/.local/share/Trash/files/%s", run->home, run->name))
        host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, "trash", "Wipe it there, do not only empty it",
                 "holds a file with the name of the vault");
}

/* ---- snapshots ---------------------------------------------------------------------------------
 */

static bool is_lvm_snapshot(void *context, const char *device)
{
    struct host_run *run = context;
    char name[256];
    size_t len;

    if (!host_word(run, name, sizeof(name), "/sys/block/%s/dm/name", device))
        return true;
    len = strlen(name);
    if (len < 4 || strcmp(name + len - 4, "-cow") != 0)
        return true;
    host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, "snapshots", "Remove it: lvremove, as root",
             "there is one of a volume (LVM)");
    return false;
}

static bool has_snapshots(const struct host_run *run, const char *folder)
{
    static const char *const names[] = {".snapshots", ".zfs",      "timeshift", "timeshift-btrfs",
                                        "@snapshots", "@snapshot", ".snapshot"};

    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        if (host_has(run, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, names[i]))
            return true;
    }
    return false;
}

static void examine_snapshots(struct host_run *run)
{
    char folder[PATH_MAX];
    bool found = false;

    memcpy(folder, run->folder, sizeof(folder));
    do {
        found = has_snapshots(run, folder);
    } while (!found && host_parent(folder));
    if (found)
        host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, "snapshots",
                 "Except the vault's folder from them; delete those that have it",
                 "are kept in %s; an old one opens with old passphrases", folder);
    else
        host_say(run, LW_HOST_COPIES, LW_HOST_FINE, "snapshots", "", "no sign of any near it");
    (void)host_each_name(run, "/sys/block", is_lvm_snapshot, run);
}

/* ---- the cloud, git ----------------------------------------------------------------------------
 */

struct marks {
    const char *found;
};

static bool is_mark(void *context, const char *name)
{
    static const struct {
        const char *name, *what;
    } marks[] = {
        {".stfolder", "Syncthing"},
        {".stignore", "Syncthing"},
        {".dropbox", "Dropbox"},
        {".dropbox.cache", "Dropbox"},
        {".nextcloudsync.log", "Nextcloud"},
        {".owncloudsync.log", "ownCloud"},
        {".git", "git"},
        {".hg", "Mercurial"},
        {".SynologyDrive", "Synology"},
        {".seafile-data", "Seafile"},
    };
    struct marks *found = context;
    size_t len = strlen(name);

    for (size_t i = 0; i < LW_COUNT_OF(marks); i++) {
        if (strcmp(name, marks[i].name) == 0)
            found->found = marks[i].what;
    }
    if ((strncmp(name, ".sync_", 6) == 0 || strncmp(name, "._sync_", 7) == 0) && len > 3 &&
        strcmp(name + len - 3, ".db") == 0)
        found->found = "Nextcloud";
    return found->found == NULL;
}

static const char *sync_by_name(const char *folder)
{
    static const char *const names[] = {"Dropbox",      "Nextcloud",   "ownCloud", "OneDrive",
                                        "Google Drive", "GoogleDrive", "MEGA",     "MEGAsync",
                                        "pCloudDrive",  "Seafile",     "iCloud",   "Syncthing"};
    const char *name = strrchr(folder, '/');

    name = name == NULL ? folder : name + 1;
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return names[i];
    }
    return NULL;
}

/* True where one of the values behind key is a folder above the vault. */
static bool names_parent(const struct host_run *run, char *text, const char *key, const char *end)
{
    char *at = strstr(text, key);

    while (at != NULL) {
        char *value = at + strlen(key);
        size_t len = strcspn(value, end);
        char last = value[len];

        value[len] = '\0';
        if (*value == '/' && host_is_below(run->folder, value))
            return true;
        value[len] = last;
        at = strstr(value, key);
    }
    return false;
}

static bool config_names(const struct host_run *run, const char *file, const char *key,
                         const char *end)
{
    struct lw_buf text = LW_BUF_INIT;
    bool found = run->home != NULL && host_read(run, &text, "%s/%s", run->home, file) &&
                 names_parent(run, text.data, key, end);

    lw_buf_free(&text);
    return found;
}

static const char *sync_by_config(struct host_run *run)
{
    if (config_names(run, ".config/Nextcloud/nextcloud.cfg", "localPath=", "\r\n"))
        return "Nextcloud";
    if (config_names(run, ".config/ownCloud/owncloud.cfg", "localPath=", "\r\n"))
        return "ownCloud";
    if (config_names(run, ".config/syncthing/config.xml", " path=\"", "\"") ||
        config_names(run, ".local/state/syncthing/config.xml", " path=\"", "\""))
        return "Syncthing";
    if (config_names(run, ".dropbox/info.json", "\"path\": \"", "\""))
        return "Dropbox";
    return NULL;
}

static void examine_sync(struct host_run *run)
{
    struct marks marks = {.found = NULL};
    char folder[PATH_MAX];

    memcpy(folder, run->folder, sizeof(folder));
    do {
        (void)host_each_name(run, folder, is_mark, &marks);
        if (marks.found == NULL)
            marks.found = sync_by_name(folder);
    } while (marks.found == NULL && host_parent(folder));
    if (marks.found == NULL)
        marks.found = sync_by_config(run);
    if (marks.found != NULL)
        host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, "synced folder",
                 "Move the vault out, and delete the copies and old versions there",
                 "%s may copy the vault to other machines", marks.found);
    else
        host_say(run, LW_HOST_COPIES, LW_HOST_FINE, "synced folder", "", "no sign of one");
}

void host_examine_copies(struct host_run *run)
{
    if (run->folder[0] == '\0')
        return;
    examine_beside(run);
    examine_trash(run);
    examine_snapshots(run);
    examine_sync(run);
}
