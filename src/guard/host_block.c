/* Which mount a path is on, which device is under it, and whether that is encrypted. */
#include "host_internal.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 8 /* of devices on devices */

/* ---- mounts --------------------------------------------------------------------------------- */

struct mount_line {
    char *device, *point, *options, *type, *source, *super;
};

/* "22 27 0:21 / /proc rw shared:1 - proc proc rw" */
static bool split(char *line, struct mount_line *out)
{
    char *at = line;
    char *word;

    if (host_field(&at) == NULL || host_field(&at) == NULL)
        return false;
    out->device = host_field(&at);
    if (host_field(&at) == NULL)
        return false;
    out->point = host_field(&at);
    out->options = host_field(&at);
    do {
        word = host_field(&at);
    } while (word != NULL && strcmp(word, "-") != 0);
    if (word == NULL)
        return false;
    out->type = host_field(&at);
    out->source = host_field(&at);
    out->super = host_field(&at);
    return out->source != NULL;
}

static void take(const struct mount_line *line, struct host_mount *out)
{
    out->found = true;
    (void)snprintf(out->device, sizeof(out->device), "%s", line->device);
    (void)snprintf(out->point, sizeof(out->point), "%s", line->point);
    (void)snprintf(out->type, sizeof(out->type), "%s", line->type);
    (void)snprintf(out->source, sizeof(out->source), "%s", line->source);
    (void)snprintf(out->options, sizeof(out->options), ",%s,%s,", line->options,
                   line->super != NULL ? line->super : "");
}

void host_mount_of(const struct host_run *run, const char *path, struct host_mount *out)
{
    struct lw_buf text = LW_BUF_INIT;
    struct mount_line parts;
    char *line, *at;

    *out = (struct host_mount){.found = false};
    if (host_read(run, &text, "/proc/self/mountinfo")) {
        at = text.data;
        /* of two on the same place the later one covers the other */
        while ((line = host_line(&at)) != NULL) {
            if (split(line, &parts) && host_is_below(path, parts.point) &&
                strlen(parts.point) >= strlen(out->point))
                take(&parts, out);
        }
    }
    lw_buf_free(&text);
}

bool host_option(const struct host_mount *mount, const char *option)
{
    const char *found = mount->options;
    size_t len = strlen(option);

    while ((found = strstr(found, option)) != NULL) {
        if (found[-1] == ',' && (found[len] == ',' || found[len] == '='))
            return true;
        found += len;
    }
    return false;
}

/* ---- devices -------------------------------------------------------------------------------- */

struct mapper_search {
    const struct host_run *run;
    const char *name;
    char *base;
};

static bool is_mapper(void *context, const char *device)
{
    struct mapper_search *search = context;
    char name[256];

    if (!host_word(search->run, name, sizeof(name), "/sys/block/%s/dm/name", device) ||
        strcmp(name, search->name) != 0)
        return true;
    (void)snprintf(search->base, PATH_MAX, "/sys/block/%s", device);
    return false;
}

bool host_device_base(const struct host_run *run, const char *device, char base[PATH_MAX])
{
    const char *slash = strrchr(device, '/');
    const char *name = slash == NULL ? device : slash + 1;
    struct mapper_search search = {.run = run, .name = name, .base = base};

    base[0] = '\0';
    if (strncmp(device, "/dev/mapper/", 12) == 0) {
        (void)host_each_name(run, "/sys/block", is_mapper, &search);
        return base[0] != '\0';
    }
    if (*name == '\0' || !host_has(run, "/sys/class/block/%s", name))
        return false;
    return snprintf(base, PATH_MAX, "/sys/class/block/%s", name) < PATH_MAX;
}

bool host_mount_base(const struct host_run *run, const struct host_mount *mount,
                     char base[PATH_MAX])
{
    if (!mount->found)
        return false;
    if (strncmp(mount->device, "0:", 2) != 0 && host_has(run, "/sys/dev/block/%s", mount->device))
        return snprintf(base, PATH_MAX, "/sys/dev/block/%s", mount->device) < PATH_MAX;
    return strncmp(mount->source, "/dev/", 5) == 0 && host_device_base(run, mount->source, base);
}

/* ---- encrypted or not ------------------------------------------------------------------------ */

static enum host_cover cover_at(const struct host_run *run, const char *base, int depth);

struct slaves {
    const struct host_run *run;
    int depth;
    unsigned count;
    enum host_cover cover; /* the worst of them */
};

static bool add_slave(void *context, const char *name)
{
    struct slaves *slaves = context;
    char base[PATH_MAX];
    enum host_cover cover = HOST_COVER_UNKNOWN;

    slaves->count++;
    if (snprintf(base, sizeof(base), "/sys/class/block/%s", name) < PATH_MAX)
        cover = cover_at(slaves->run, base, slaves->depth + 1);
    if (cover == HOST_COVER_PLAIN || slaves->cover == HOST_COVER_ENCRYPTED)
        slaves->cover = cover;
    return true;
}

/* dm-verity and dm-integrity call themselves CRYPT too. */
static bool is_crypt(const struct host_run *run, const char *base)
{
    char uuid[256];

    return host_word(run, uuid, sizeof(uuid), "%s/dm/uuid", base) &&
           strncmp(uuid, "CRYPT-", 6) == 0 && strncmp(uuid, "CRYPT-VERITY", 12) != 0 &&
           strncmp(uuid, "CRYPT-INTEGRITY", 15) != 0;
}

static enum host_cover cover_of_file(const struct host_run *run, const char *file, int depth)
{
    struct host_mount mount;
    char base[PATH_MAX];

    host_mount_of(run, file, &mount);
    return host_mount_base(run, &mount, base) ? cover_at(run, base, depth + 1) : HOST_COVER_UNKNOWN;
}

static enum host_cover cover_at(const struct host_run *run, const char *base, int depth)
{
    struct slaves slaves = {.run = run, .depth = depth, .cover = HOST_COVER_ENCRYPTED};
    char path[PATH_MAX];

    if (depth > DEPTH_MAX || !host_has(run, "%s", base))
        return HOST_COVER_UNKNOWN;
    if (is_crypt(run, base))
        return HOST_COVER_ENCRYPTED;
    if (host_word(run, path, sizeof(path), "%s/loop/backing_file", base))
        return cover_of_file(run, path, depth);
    if (snprintf(path, sizeof(path), "%s/slaves", base) < PATH_MAX)
        (void)host_each_name(run, path, add_slave, &slaves);
    return slaves.count > 0 ? slaves.cover : HOST_COVER_PLAIN;
}

enum host_cover host_cover(const struct host_run *run, const char *base)
{
    return cover_at(run, base, 0);
}

enum host_cover host_mount_cover(const struct host_run *run, const struct host_mount *mount)
{
    char base[PATH_MAX];

    return host_mount_base(run, mount, base) ? host_cover(run, base) : HOST_COVER_UNKNOWN;
}
