/* What tells of the vault outside of it: shells, terminals, recordings, the other end of a line. */
#include "host_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANCESTORS_MAX 64
#define NAME_MIN      4 /* a shorter name of a vault stands in lines by chance */

/* ---- shell history ------------------------------------------------------------------------------
 */

static bool tells(const struct host_run *run, const char *line)
{
    if (strstr(line, "lapwing") != NULL)
        return true;
    return run->name != NULL && strlen(run->name) >= NAME_MIN && strstr(line, run->name) != NULL;
}

struct history {
    unsigned files;
    unsigned unread; /* not ours to read, or too long */
    unsigned long lines;
};

static bool is_file(const struct host_run *run, const char *folder, const char *file)
{
    char path[PATH_MAX];
    struct stat info;

    return host_path(run, path, "%s/%s", folder, file) && stat(path, &info) == 0 &&
           S_ISREG(info.st_mode);
}

/* Counts; nothing of the text is kept or shown. */
static void count_lines(const struct host_run *run, const char *folder, const char *file,
                        struct history *history)
{
    struct lw_buf text = LW_BUF_INIT;
    char *at, *line;

    if (host_read(run, &text, "%s/%s", folder, file)) {
        at = text.data;
        history->files++;
        while ((line = host_line(&at)) != NULL)
            history->lines += tells(run, line);
    } else if (is_file(run, folder, file)) {
        history->unread++;
    }
    lw_buf_free(&text);
}

/* HISTFILE names one of those in the home. */
static bool counted(const struct host_run *run, const char *own, const char *const *files,
                    size_t count)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < count && run->home != NULL; i++) {
        if (snprintf(path, sizeof(path), "%s/%s", run->home, files[i]) < PATH_MAX &&
            strcmp(path, own) == 0)
            return true;
    }
    return false;
}

static void examine_history(struct host_run *run)
{
    static const char *const topic = N_("shell history");
    static const char *const files[] = {".bash_history",
                                        ".zsh_history",
                                        ".zhistory",
                                        ".histfile",
                                        ".local/share/fish/fish_history",
                                        ".ash_history",
                                        ".sh_history",
                                        ".mksh_history",
                                        ".local/share/zsh/history"};
    static const char *const todo =
        N_("Let none be kept: \"unset HISTFILE\" in the profile of your shell");
    const char *own = run->host->environment("HISTFILE");
    struct history history = {.files = 0};

    for (size_t i = 0; i < LW_COUNT_OF(files) && run->home != NULL; i++)
        count_lines(run, run->home, files[i], &history);
    if (own != NULL && own[0] == '/' && !counted(run, own, files, LW_COUNT_OF(files)))
        count_lines(run, "", own + 1, &history);
    if (history.lines > 0)
        host_say(run, LW_HOST_TRACES, LW_HOST_WEAK, topic,
                 "Delete those lines; \"unset HISTFILE\" in the profile of your shell",
                 "lines that name Lapwing or the vault: %lu", history.lines);
    else if (history.unread > 0)
        host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, topic, todo,
                 "is kept; whether it names Lapwing " HOST_CANNOT);
    else if (history.files > 0)
        host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, topic, todo,
                 "is kept; nothing in it names Lapwing yet");
    else
        host_say(run, LW_HOST_TRACES, LW_HOST_FINE, topic, "", "none found");
}

static void examine_recent(struct host_run *run)
{
    struct lw_buf text = LW_BUF_INIT;

    if (run->name != NULL && run->home != NULL &&
        host_read(run, &text, "%s/.local/share/recently-used.xbel", run->home) &&
        strstr(text.data, run->name) != NULL)
        host_say(run, LW_HOST_TRACES, LW_HOST_WEAK, "recent files",
                 "Clear the list of recent files of your desktop",
                 "the list of the desktop names the vault");
    lw_buf_free(&text);
}

/* ---- recordings ---------------------------------------------------------------------------------
 */

static const char *recorder(const char *name)
{
    static const char *const names[] = {"script",  "asciinema", "ttyrec",        "ovh-ttyrec",
                                        "termrec", "tlog-rec",  "tlog-rec-sess", "scriptlive",
                                        "rootsh",  "sudosh"};

    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return names[i];
    }
    return NULL;
}

/* Name of a process and the number of its parent; false where it cannot be read. */
static bool process_of(const struct host_run *run, const char *pid, char name[64],
                       unsigned long *parent)
{
    struct lw_buf text = LW_BUF_INIT;
    const char *found = NULL;

    if (host_read(run, &text, "/proc/%s/status", pid) && strncmp(text.data, "Name:\t", 6) == 0)
        found = strstr(text.data, "\nPPid:\t");
    if (found != NULL) {
        *parent = strtoul(found + 7, NULL, 10);
        (void)snprintf(name, 64, "%.*s", (int)strcspn(text.data + 6, "\n"), text.data + 6);
    }
    lw_buf_free(&text);
    return found != NULL;
}

static void examine_recorder(struct host_run *run)
{
    static const char *const topic = N_("recording");
    const char *found = NULL;
    unsigned long parent = 1;
    char pid[32] = "self";
    char name[64];

    for (int i = 0; i < ANCESTORS_MAX && found == NULL && parent > 0; i++) {
        if (!process_of(run, pid, name, &parent)) {
            host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, topic, "Look with: ps -ef",
                     "whether this terminal is recorded " HOST_CANNOT);
            return;
        }
        found = recorder(name);
        (void)snprintf(pid, sizeof(pid), "%lu", parent);
    }
    if (found != NULL)
        host_say(run, LW_HOST_TRACES, LW_HOST_WEAK, topic,
                 "Leave it, destroy what it wrote, start again without it",
                 "this terminal runs under %s, which records it", found);
    else
        host_say(run, LW_HOST_TRACES, LW_HOST_FINE, topic, "", "no sign of one on this machine");
}

/* ---- terminals ----------------------------------------------------------------------------------
 */

/* A line of a configuration, comments apart, that holds the text. */
static bool config_has(const struct host_run *run, const char *folder, const char *file,
                       const char *wanted)
{
    struct lw_buf text = LW_BUF_INIT;
    bool found = false;
    char *at, *line;

    if (host_read(run, &text, "%s/%s", folder, file)) {
        at = text.data;
        while (!found && (line = host_line(&at)) != NULL)
            found = line[strspn(line, " \t")] != '#' && strstr(line, wanted) != NULL;
    }
    lw_buf_free(&text);
    return found;
}

static bool tmux_writes(const struct host_run *run)
{
    static const char *const files[] = {".tmux.conf", ".config/tmux/tmux.conf"};
    static const char *const words[] = {"pipe-pane", "tmux-logging", "capture-pane-contents"};

    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (config_has(run, "/etc", "tmux.conf", words[i]))
            return true;
        for (size_t j = 0; j < LW_COUNT_OF(files) && run->home != NULL; j++) {
            if (config_has(run, run->home, files[j], words[i]))
                return true;
        }
    }
    return false;
}

static void examine_multiplexers(struct host_run *run)
{
    bool tmux = run->host->environment("TMUX") != NULL;
    bool screen = run->host->environment("STY") != NULL;

    if (tmux && tmux_writes(run))
        host_say(run, LW_HOST_TRACES, LW_HOST_WEAK, "tmux",
                 "Take that out of tmux.conf, start anew",
                 "its configuration writes what is shown to files");
    else if (tmux)
        host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, "tmux",
                 "set -g history-limit 0; whether pipe-pane writes it cannot be seen",
                 "keeps what commands print until its session ends");
    if (screen && (config_has(run, "/etc", "screenrc", "deflog on") ||
                   (run->home != NULL && config_has(run, run->home, ".screenrc", "log on"))))
        host_say(run, LW_HOST_TRACES, LW_HOST_WEAK, "screen", "Take \"log on\" out of screenrc",
                 "its configuration writes what is shown to files");
    else if (screen)
        host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, "screen",
                 "defscrollback 0; whether a log was switched on cannot be seen",
                 "keeps what commands print until its session ends");
}

static void examine_terminal(struct host_run *run)
{
    const char *term = run->host->environment("TERM");

    if (term == NULL || term[0] == '\0' || strcmp(term, "linux") == 0)
        host_say(run, LW_HOST_TRACES, LW_HOST_FINE, "scrollback", "", "no terminal that keeps one");
    else
        host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, "scrollback",
                 "Use the screens; after commands that print, close the terminal",
                 "the terminal may keep what commands print");
}

static void examine_line(struct host_run *run)
{
    if (run->host->environment("SSH_CONNECTION") == NULL &&
        run->host->environment("SSH_TTY") == NULL)
        return;
    host_say(run, LW_HOST_TRACES, LW_HOST_NOTE, "ssh",
             "Look at that machine as well; trust it with all that you see",
             "the machine at the other end sees every key and every screen");
}

void host_examine_traces(struct host_run *run)
{
    examine_history(run);
    examine_recent(run);
    examine_recorder(run);
    examine_multiplexers(run);
    examine_terminal(run);
    examine_line(run);
}
