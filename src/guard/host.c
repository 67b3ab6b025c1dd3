/* What on this host weakens which promise: the parts in their order, and how they say it. */
#include "host_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const char *say;
} promises[LW_HOST_PROMISES] = {
    [LW_HOST_MEMORY] = {"memory", N_("Memory: what was open goes with the program")},
    [LW_HOST_AT_REST] = {"at_rest", N_("At rest: who has the machine cannot read it")},
    [LW_HOST_WIPE] = {"wipe", N_("Wipe: the keys in the file can be destroyed")},
    [LW_HOST_COPIES] = {"copies", N_("Copies: no second vault that a wipe leaves behind")},
    [LW_HOST_TRACES] = {"traces", N_("Traces: nothing beside the vault tells of it")},
    [LW_HOST_PROGRAM] = {"program", N_("The program: what it needs of this system")},
};

const char *lw_host_promise_name(enum lw_host_promise promise)
{
    return promise < LW_HOST_PROMISES ? promises[promise].name : "";
}

const char *lw_host_promise_say(enum lw_host_promise promise)
{
    return promise < LW_HOST_PROMISES ? _(promises[promise].say) : "";
}

const char *lw_host_level_name(enum lw_host_level level)
{
    return level == LW_HOST_FINE ? "fine" : level == LW_HOST_NOTE ? "note" : "weak";
}

void host_say(struct host_run *run, enum lw_host_promise promise, enum lw_host_level level,
              const char *topic, const char *todo, const char *what, ...)
{
    char text[PATH_MAX + 256];
    struct lw_host_finding finding = {.promise = promise,
                                      .level = level,
                                      .topic = _(topic),
                                      .what = text,
                                      .todo = todo == NULL ? NULL : _(todo)};
    va_list args;

    if (run->status != LW_OK)
        return;
    va_start(args, what);
    (void)vsnprintf(text, sizeof(text), lw_say(what), args);
    va_end(args);
    run->status = run->visit(run->context, &finding, run->err);
}

bool host_canonical(const struct host_run *run, const char *path, char out[PATH_MAX])
{
    char full[PATH_MAX], root[PATH_MAX], found[PATH_MAX];
    size_t skip = 0;

    if (snprintf(full, sizeof(full), "%s%s", run->host->root, path) >= PATH_MAX ||
        realpath(full, found) == NULL)
        return false;
    if (run->host->root[0] != '\0') {
        if (realpath(run->host->root, root) == NULL || !host_is_below(found, root))
            return false;
        skip = strlen(root);
    }
    (void)snprintf(out, PATH_MAX, "%s", found[skip] != '\0' ? found + skip : "/");
    return true;
}

/* The folder in which a vault that is not made yet would stand. */
static bool find_folder(struct host_run *run, const char *vault)
{
    const char *slash = strrchr(vault, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - vault);
    const char *name = slash == NULL ? vault : slash + 1;
    char folder[PATH_MAX];

    if (len >= sizeof(folder) || *name == '\0')
        return false;
    memcpy(folder, vault, len);
    folder[len] = '\0';
    if (!host_canonical(run, slash == NULL ? "." : len == 0 ? "/" : folder, run->folder))
        return false;
    return snprintf(run->vault, PATH_MAX, "%s/%s", strcmp(run->folder, "/") == 0 ? "" : run->folder,
                    name) < PATH_MAX;
}

static void find_vault(struct host_run *run)
{
    const char *vault = run->host->vault;
    char full[PATH_MAX];

    if (vault == NULL)
        return;
    if (host_canonical(run, vault, run->vault)) {
        memcpy(run->folder, run->vault, sizeof(run->folder));
        if (!host_parent(run->folder))
            (void)snprintf(run->folder, sizeof(run->folder), "/");
    } else if (!find_folder(run, vault)) {
        run->folder[0] = '\0';
        (void)snprintf(run->vault, sizeof(run->vault), "%s", vault);
    }
    run->name = strrchr(run->vault, '/');
    run->name = run->name == NULL ? run->vault : run->name + 1;
    run->there = host_path(run, full, "%s", run->vault) && stat(full, &run->info) == 0;
    if (run->folder[0] != '\0')
        host_mount_of(run, run->folder, &run->mount);
    run->cover = host_mount_cover(run, &run->mount);
}

static void say_vault(struct host_run *run)
{
    const char *todo = N_("Name it, as in: lapwing doctor FILE");

    if (run->host->vault == NULL)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "vault", todo,
                 "none is named; only the machine was looked at");
    else if (run->folder[0] == '\0')
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "vault", todo,
                 "its folder is not there or cannot be read");
    else if (!run->there)
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "vault", "",
                 "it is not there yet; its place was looked at");
    else if (!S_ISREG(run->info.st_mode))
        host_say(run, LW_HOST_AT_REST, LW_HOST_NOTE, "vault", todo, "%s is no file", run->vault);
}

enum lw_status lw_host_examine(const struct lw_host *host, lw_host_visitor *visit, void *context,
                               struct lw_error *err)
{
    struct host_run *run = calloc(1, sizeof(*run));
    enum lw_status status;

    if (run == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    run->host = host;
    run->visit = visit;
    run->context = context;
    run->err = err;
    run->home = host->environment("HOME");
    find_vault(run);
    host_examine_swap(run);
    host_examine_memory(run);
    say_vault(run);
    host_examine_disk(run);
    host_examine_access(run);
    host_examine_header(run);
    host_examine_wipe(run);
    host_examine_copies(run);
    host_examine_backups(run);
    host_examine_traces(run);
    host_examine_program(run);
    status = run->status;
    free(run);
    return status;
}
