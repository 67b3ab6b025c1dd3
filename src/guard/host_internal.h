/* Looking at the host: its files, mounts and devices, and saying what was found. */
#ifndef LW_HOST_INTERNAL_H
#define LW_HOST_INTERNAL_H

#include "host.h"

#include <limits.h>
#include <sys/stat.h>

#define HOST_NAMES_MAX 10000 /* of one folder that are looked at */
#define HOST_CANNOT    "cannot be told"

enum host_cover { HOST_COVER_UNKNOWN, HOST_COVER_PLAIN, HOST_COVER_ENCRYPTED };

struct host_mount {
    bool found;
    char device[32]; /* "8:3" */
    char point[PATH_MAX];
    char options[512]; /* of the mount and of the file system, with commas around each */
    char type[64];
    char source[PATH_MAX];
};

struct host_run {
    const struct lw_host *host;
    lw_host_visitor *visit;
    void *context;
    struct lw_error *err;
    enum lw_status status;
    const char *home; /* or NULL */
    bool plain_swap;  /* memory can get to a disk in clear */
    bool disk_swap;   /* memory can get to a disk at all */
    bool virtual;
    char vault[PATH_MAX];  /* canonical, below the root; "" where none is named */
    char folder[PATH_MAX]; /* that it stands in, or would; "" where that is not there */
    const char *name;      /* its last part, in vault */
    bool there;
    struct stat info; /* of the vault, where it is there */
    struct host_mount mount;
    struct host_mount header_mount;
    enum host_cover cover; /* of the device under it */
};

/* The path as the kernel knows it, without the root. */
bool host_canonical(const struct host_run *run, const char *path, char out[PATH_MAX]);

/* ---- saying (host.c) ------------------------------------------------------------------------ */

void host_say(struct host_run *run, enum lw_host_promise promise, enum lw_host_level level,
              const char *topic, const char *todo, const char *what, ...) LW_PRINTF(6, 7);

/* ---- reading (host_read.c); paths are formatted, and taken below the root ------------------- */

bool host_path(const struct host_run *run, char out[PATH_MAX], const char *format, ...)
    LW_PRINTF(3, 4);
bool host_has(const struct host_run *run, const char *format, ...) LW_PRINTF(2, 3);
/* The whole file, in place of what out holds, each NUL as the end of a line. Only regular files,
 * those of /proc included. */
bool host_read(const struct host_run *run, struct lw_buf *out, const char *format, ...)
    LW_PRINTF(3, 4);
/* Its first line, cut to the size. */
bool host_word(const struct host_run *run, char *out, size_t size, const char *format, ...)
    LW_PRINTF(4, 5);
/* Where a symbolic link leads. */
bool host_link(const struct host_run *run, char out[PATH_MAX], const char *format, ...)
    LW_PRINTF(3, 4);
/* Every name in a folder until visit returns false. False where it cannot be listed. */
bool host_each_name(const struct host_run *run, const char *folder,
                    bool (*visit)(void *context, const char *name), void *context);
/* The next line of text, ended by a NUL in place of its newline; NULL at the end. */
char *host_line(char **at);
/* The next word of a line, ended likewise, with \040 and the like decoded; NULL at the end. */
char *host_field(char **at);
/* Cuts the last part off; false where nothing is left above. */
bool host_parent(char *path);
/* True where path is folder or stands below it. */
bool host_is_below(const char *path, const char *folder);

/* ---- devices (host_block.c) ----------------------------------------------------------------- */

/* The mount that a path, canonical below the root, is on. */
void host_mount_of(const struct host_run *run, const char *path, struct host_mount *out);
/* Folder of /sys for the device of a mount, or of a name such as /dev/sda3. */
bool host_mount_base(const struct host_run *run, const struct host_mount *mount,
                     char base[PATH_MAX]);
bool host_device_base(const struct host_run *run, const char *device, char base[PATH_MAX]);
enum host_cover host_cover(const struct host_run *run, const char *base);
enum host_cover host_mount_cover(const struct host_run *run, const struct host_mount *mount);
bool host_option(const struct host_mount *mount, const char *option);

/* ---- parts ----------------------------------------------------------------------------------- */

void host_examine_swap(struct host_run *run);    /* host_swap.c */
void host_examine_memory(struct host_run *run);  /* host_memory.c */
void host_examine_disk(struct host_run *run);    /* host_disk.c */
void host_examine_header(struct host_run *run);
void host_examine_access(struct host_run *run);  /* host_access.c */
void host_examine_wipe(struct host_run *run);    /* host_disk.c */
void host_examine_copies(struct host_run *run);  /* host_copies.c */
void host_examine_backups(struct host_run *run); /* host_backups.c */
void host_examine_traces(struct host_run *run);  /* host_traces.c */
void host_examine_program(struct host_run *run); /* host_program.c */

#endif
