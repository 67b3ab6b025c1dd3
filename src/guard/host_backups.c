/* Backups whose configuration stands where it usually does. */
#include "host_internal.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *place; /* "~" is the home */
    const char *name;
} backups[] = {
    {"/etc/rsnapshot.conf", "rsnapshot"},
    {"/etc/borgmatic", "borg"},
    {"/etc/borgmatic.d", "borg"},
    {"~/.config/borgmatic", "borg"},
    {"~/.config/borg", "borg"},
    {"~/.local/share/Vorta", "Vorta"},
    {"/etc/restic", "restic"},
    {"~/.config/restic", "restic"},
    {"~/.cache/restic", "restic"},
    {"~/.config/resticprofile", "restic"},
    {"~/.config/deja-dup", "Deja Dup"},
    {"~/.cache/deja-dup", "Deja Dup"},
    {"~/.duplicity", "duplicity"},
    {"~/.cache/duplicity", "duplicity"},
    {"/etc/timeshift/timeshift.json", "Timeshift"},
    {"/etc/timeshift.json", "Timeshift"},
    {"~/.config/backintime", "Back In Time"},
    {"~/.config/kuprc", "Kup"},
    {"~/.config/Duplicati", "Duplicati"},
    {"~/.config/rclone/rclone.conf", "rclone"},
    {"/etc/tarsnap.conf", "tarsnap"},
    {"/etc/bacula/bacula-fd.conf", "Bacula"},
    {"/etc/snapper/configs/root", "snapper"},
    {"/etc/snapper/configs/home", "snapper"},
};

static bool is_there(const struct host_run *run, const char *place)
{
    if (*place != '~')
        return host_has(run, "%s", place);
    return run->home != NULL && host_has(run, "%s%s", run->home, place + 1);
}

/* Adds a name once; those that do not fit are left out. */
static void add(char *list, size_t size, const char *name)
{
    size_t len = strlen(list);

    if (strstr(list, name) == NULL && len + strlen(name) + 3 < size)
        (void)snprintf(list + len, size - len, "%s%s", len > 0 ? ", " : "", name);
}

void host_examine_backups(struct host_run *run)
{
    static const char *const topic = N_("backups");
    char found[256] = "";

    for (size_t i = 0; i < LW_COUNT_OF(backups); i++) {
        if (is_there(run, backups[i].place))
            add(found, sizeof(found), backups[i].name);
    }
    if (found[0] == '\0')
        host_say(run, LW_HOST_COPIES, LW_HOST_FINE, topic, "", "no sign of any");
    else
        host_say(run, LW_HOST_COPIES, LW_HOST_WEAK, topic,
                 "Except the vault there, and delete the copies that there are",
                 "%s: may have copies of the vault", found);
}
