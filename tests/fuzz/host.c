/*
 * The doctor over files of a host that may say anything: findings are in order and say what to do,
 * and what stands in the plain text of a history, a list of swaps or a configuration is found.
 */
#include "host.h"
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1 << 16, FINDINGS = MOST };

#define HOME  "/home/u"
#define VAULT HOME "/papers/diary.vault"

/* Pieces of the input, apart by a unit separator, are their texts; an empty one stays as it is. */
enum {
    SWAPS,
    MOUNTS,
    HISTORY,
    NEXTCLOUD,
    SYNCTHING,
    RECENT,
    TMUX,
    STATUS,
    LIMITS,
    CORE,
    UUID,
    LOOP,
    ZRAM,
    CPU,
    FILES
};

static const struct {
    const char *path, *text;
} files[FILES] = {
    [SWAPS] = {"/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n"},
    [MOUNTS] = {"/proc/self/mountinfo",
                "20 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n"
                "21 20 8:3 / /home rw,relatime shared:2 - ext4 /dev/sda3 rw\n"},
    [HISTORY] = {HOME "/.bash_history", "ls\n"},
    [NEXTCLOUD] = {HOME "/.config/Nextcloud/nextcloud.cfg", "[Accounts]\n"},
    [SYNCTHING] = {HOME "/.config/syncthing/config.xml", "<configuration>\n"},
    [RECENT] = {HOME "/.local/share/recently-used.xbel", "<xbel>\n"},
    [TMUX] = {"/etc/tmux.conf", "set -g mouse on\n"},
    [STATUS] = {"/proc/self/status", "Name:\tlapwing\nPPid:\t7\n"},
    [LIMITS] = {"/proc/7/limits", "Max core file size   0   unlimited bytes\n"},
    [CORE] = {"/proc/sys/kernel/core_pattern", "core\n"},
    [UUID] = {"/sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-root\n"},
    [LOOP] = {"/sys/devices/sda/sda3/loop/backing_file", NULL},
    [ZRAM] = {"/sys/block/zram0/backing_dev", "none\n"},
    [CPU] = {"/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme aes\n"},
};

static const struct {
    const char *path, *text;
} others[] = {
    {VAULT, "sixteen bytes..."},
    {"/proc/7/status", "Name:\tbash\nPPid:\t1\n"},
    {"/proc/1/status", "Name:\tsystemd\nPPid:\t0\n"},
    {"/sys/power/state", "mem disk\n"},
    {"/sys/block/dm-0/dm/name", "root\n"},
    {"/sys/devices/sda/queue/rotational", "0\n"},
    {"/etc/localtime", "TZif"},
};

static const char *const links[][2] = {
    {"/sys/class/block/sda3", "../../devices/sda/sda3"},
    {"/sys/class/block/dm-0", "../../block/dm-0"},
    {"/sys/dev/block/8:3", "../../devices/sda/sda3"},
    {"/sys/dev/block/253:0", "../../block/dm-0"},
};

static char root[64];

/* What was found, by topics. */
struct told {
    enum lw_host_promise last;
    size_t count, swaps;
    bool no_swap, history, recent, synced;
};

static int64_t now(void *context)
{
    (void)context;
    return INT64_C(1795000000000); /* November 2026 */
}

static int offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const char *environment(const char *name)
{
    return strcmp(name, "HOME") == 0   ? HOME
           : strcmp(name, "TMUX") == 0 ? "/tmp/tmux"
           : strcmp(name, "TERM") == 0 ? "xterm"
                                       : NULL;
}

/* ---- the host ----------------------------------------------------------------------------------
 */

static void full_path(const char *path, char out[256])
{
    int len = snprintf(out, 256, "%s%s", root, path);

    MUST(len > 0 && len < 256);
}

static void make_folders(const char *path)
{
    char full[256];

    full_path(path, full);
    for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(full, 0700);
        *at = '/';
    }
}

static void put(const char *path, const char *text, size_t len)
{
    char full[256];
    int fd;

    full_path(path, full);
    fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0 && lw_fd_write(fd, text, len) == LW_OK && close(fd) == 0);
}

/* As it is without a piece; NULL: not there. */
static void put_back(size_t file)
{
    char full[256];

    full_path(files[file].path, full);
    if (files[file].text != NULL)
        put(files[file].path, files[file].text, strlen(files[file].text));
    else
        (void)unlink(full);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

static void end(void)
{
    (void)nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void start(void)
{
    char full[256];

    (void)snprintf(root, sizeof root, "%s/lapwing-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(root) != NULL && atexit(end) == 0);
    for (size_t i = 0; i < LW_COUNT_OF(files); i++) {
        make_folders(files[i].path);
        put_back(i);
    }
    for (size_t i = 0; i < LW_COUNT_OF(others); i++) {
        make_folders(others[i].path);
        put(others[i].path, others[i].text, strlen(others[i].text));
    }
    for (size_t i = 0; i < LW_COUNT_OF(links); i++) {
        make_folders(links[i][0]);
        full_path(links[i][0], full);
        MUST(symlink(links[i][1], full) == 0);
    }
}

/* ---- what was found
 * ------------------------------------------------------------------------------ */

static enum lw_status tell(void *context, const struct lw_host_finding *finding,
                           struct lw_error *err)
{
    struct told *told = context;
    bool weak = finding->level == LW_HOST_WEAK;

    (void)err;
    MUST(told->count++ < FINDINGS);
    MUST(finding->promise >= told->last && finding->promise < LW_HOST_PROMISES);
    MUST(finding->topic[0] != '\0' && finding->what[0] != '\0');
    MUST(!weak || finding->todo[0] != '\0');
    told->last = finding->promise;
    if (strcmp(finding->topic, "swap") == 0) {
        told->swaps++;
        told->no_swap = told->no_swap || strcmp(finding->what, "none") == 0;
    }
    told->history = told->history || (weak && strcmp(finding->topic, "shell history") == 0);
    told->recent = told->recent || (weak && strcmp(finding->topic, "recent files") == 0);
    told->synced = told->synced || (weak && strcmp(finding->topic, "synced folder") == 0);
    return LW_OK;
}

struct piece {
    const char *at;
    size_t len;
};

static bool has(const struct piece *piece, const char *text)
{
    return piece->len > 0 && memmem(piece->at, piece->len, text, strlen(text)) != NULL;
}

/* Lines but the first that hold two words. */
static size_t swap_lines(const struct piece *piece)
{
    size_t count = 0, words = 0, line = 0;

    for (size_t i = 0; i < piece->len; i++) {
        bool ends = piece->at[i] == '\n' || piece->at[i] == '\0';
        bool gap = ends || piece->at[i] == ' ' || piece->at[i] == '\t';
        bool before = i == 0 || strchr(" \t\n", piece->at[i - 1]) != NULL; /* or a NUL */

        words += !gap && before;
        if (ends || i + 1 == piece->len) {
            count += line > 0 && words >= 2;
            words = 0;
            line++;
        }
    }
    return count;
}

static void judge(const struct told *told, const struct piece piece[FILES])
{
    size_t swaps = swap_lines(&piece[SWAPS]);

    MUST(told->swaps == (swaps > 0 ? swaps : 1) && told->no_swap == (swaps == 0));
    MUST(told->history == (has(&piece[HISTORY], "lapwing") || has(&piece[HISTORY], "diary.vault")));
    MUST(told->recent == has(&piece[RECENT], "diary.vault"));
    if (has(&piece[NEXTCLOUD], "localPath=" HOME "\n") ||
        has(&piece[SYNCTHING], " path=\"" HOME "/papers\""))
        MUST(told->synced);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct lw_clock clock = {now, offset, NULL};
    static bool changed[FILES];
    const struct lw_host host = {
        .root = root, .vault = VAULT, .environment = environment, .clock = &clock};
    const char *at = (const char *)data, *last = at + size;
    struct piece piece[FILES] = {{NULL, 0}};
    struct told told = {.last = LW_HOST_MEMORY};

    if (size > MOST)
        return 0;
    if (root[0] == '\0')
        start();
    for (size_t i = 0; i < FILES; i++) {
        const char *stop = at < last ? memchr(at, '\x1f', (size_t)(last - at)) : NULL;

        piece[i] = (struct piece){at, (size_t)((stop != NULL ? stop : last) - at)};
        at = stop != NULL ? stop + 1 : last;
        if (piece[i].len > 0)
            put(files[i].path, piece[i].at, piece[i].len);
        else if (changed[i])
            put_back(i);
        changed[i] = piece[i].len > 0;
    }
    MUST(lw_host_examine(&host, tell, &told, NULL) == LW_OK);
    judge(&told, piece);
    return 0;
}
