/* Ways of memory to a disk: swap and hibernation. */
#include "host_internal.h"

#include <stdio.h>
#include <string.h>

#define TOPIC "swap"

static void say_plain(struct host_run *run, const char *name)
{
    run->plain_swap = run->disk_swap = true;
    host_say(run, LW_HOST_MEMORY, LW_HOST_WEAK, TOPIC,
             "Encrypt it, or switch it off: swapoff -a, and its line in /etc/fstab",
             "%s is in clear; what was open can end up there", name);
}

static void say_cover(struct host_run *run, const char *name, enum host_cover cover)
{
    if (cover == HOST_COVER_PLAIN) {
        say_plain(run, name);
        return;
    }
    run->disk_swap = true;
    if (cover == HOST_COVER_ENCRYPTED)
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, TOPIC, "", "%s is encrypted", name);
    else
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, TOPIC, "Look with: swapon --show; lsblk",
                 "whether %s is encrypted " HOST_CANNOT, name);
}

/* zram is memory, but for what it may write back to a device. */
static void examine_zram(struct host_run *run, const char *name)
{
    char device[PATH_MAX], base[PATH_MAX];

    if (!host_word(run, device, sizeof(device), "/sys/block/%s/backing_dev", name) ||
        strcmp(device, "none") == 0 || device[0] == '\0')
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, TOPIC, "", "%s is memory, not a disk", name);
    else if (host_device_base(run, device, base))
        say_cover(run, device, host_cover(run, base));
    else
        say_cover(run, device, HOST_COVER_UNKNOWN);
}

static void examine_one(struct host_run *run, const char *name, const char *type)
{
    struct host_mount mount;
    char base[PATH_MAX];
    enum host_cover cover = HOST_COVER_UNKNOWN;

    if (strncmp(name, "/dev/zram", 9) == 0) {
        examine_zram(run, name + 5);
        return;
    }
    if (strcmp(type, "file") == 0) {
        host_mount_of(run, name, &mount);
        cover = host_mount_cover(run, &mount);
    } else if (host_device_base(run, name, base)) {
        cover = host_cover(run, base);
    }
    say_cover(run, name, cover);
}

static void examine_all(struct host_run *run)
{
    struct lw_buf text = LW_BUF_INIT;
    unsigned count = 0;
    char *at, *line;

    if (!host_read(run, &text, "/proc/swaps")) {
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, TOPIC, "Look with: swapon --show; lsblk",
                 HOST_CANNOT " (/proc/swaps)");
        lw_buf_free(&text);
        return;
    }
    at = text.data;
    (void)host_line(&at);
    while ((line = host_line(&at)) != NULL) {
        char *name = host_field(&line);
        char *type = name != NULL ? host_field(&line) : NULL;

        if (type == NULL)
            continue;
        count++;
        examine_one(run, name, type);
    }
    if (count == 0)
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, TOPIC, "", "none");
    lw_buf_free(&text);
}

/* ---- hibernation ---------------------------------------------------------------------------- */

static bool is_masked(const struct host_run *run)
{
    char to[PATH_MAX];

    return host_link(run, to, "/etc/systemd/system/hibernate.target") &&
           strcmp(to, "/dev/null") == 0;
}

static bool can_hibernate(const struct host_run *run, const char *states)
{
    char how[256];

    return strstr(states, "disk") != NULL &&
           (!host_word(run, how, sizeof(how), "/sys/power/disk") ||
            strstr(how, "[disabled]") == NULL);
}

static bool names_resume(const struct host_run *run)
{
    char text[4096];

    if (host_word(run, text, sizeof(text), "/sys/power/resume") && strcmp(text, "0:0") != 0)
        return true;
    return host_word(run, text, sizeof(text), "/proc/cmdline") && strstr(text, "resume=") != NULL;
}

static void examine_hibernation(struct host_run *run)
{
    static const char *const topic = N_("hibernation");
    static const char *const mask =
        "Mask hibernate, hybrid-sleep and suspend-then-hibernate (systemctl mask)";
    enum lw_host_level level = run->plain_swap ? LW_HOST_WEAK : LW_HOST_NOTE;
    char states[256];

    if (!host_word(run, states, sizeof(states), "/sys/power/state"))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, "Never let this machine hibernate",
                 HOST_CANNOT " (/sys/power/state)");
    else if (!can_hibernate(run, states))
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "this system does not do it");
    else if (!run->disk_swap && !names_resume(run))
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "no swap on a disk to write to");
    else if (is_masked(run))
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "masked in systemd");
    else if (run->plain_swap)
        host_say(run, LW_HOST_MEMORY, level, topic, mask,
                 "would write all memory to a disk in clear");
    else
        host_say(run, LW_HOST_MEMORY, level, topic, mask,
                 "writes all memory to a disk, encrypted if the swap is");
}

void host_examine_swap(struct host_run *run)
{
    examine_all(run);
    examine_hibernation(run);
}
