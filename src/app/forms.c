/* Where kinds of entry come from: what is shipped, and the file of a team beside its configuration.
 */
#include "app.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHIPPED   "forms"
#define TEAM      "forms.ini"
#define MOST_TOLD 3 /* warnings of one file; `lapwing forms check` tells all */

static enum lw_language language_of(const struct lw_config *config)
{
    return config->language >= 0 ? (enum lw_language)config->language : lw_language_environment();
}

struct loader {
    lw_config_warning *warn;
    void *context;
    struct lw_forms *forms;
};

static void warn_unread(const struct loader *loader, const char *path, const char *reason)
{
    struct lw_buf text = LW_BUF_INIT;

    if (loader->warn != NULL && lw_buf_addf(&text, "%s: %s", path, reason) == LW_OK)
        loader->warn(loader->context, text.data);
    lw_buf_free(&text);
}

/* Every command would tell them again. */
struct few {
    const struct loader *loader;
    unsigned count;
};

static void warn_few(void *context, const char *text)
{
    struct few *few = context;

    if (few->count++ < MOST_TOLD && few->loader->warn != NULL)
        few->loader->warn(few->loader->context, text);
}

static void warn_rest(const struct few *few, const char *path)
{
    struct lw_buf text = LW_BUF_INIT;

    if (few->count > MOST_TOLD &&
        lw_buf_sayf(&text, "%u more; \"lapwing forms check\" tells them all",
                    few->count - MOST_TOLD) == LW_OK)
        warn_unread(few->loader, path, text.data);
    lw_buf_free(&text);
}

static enum lw_status load_file(const struct loader *loader, const char *path,
                                enum lw_kind_origin origin, struct lw_error *err)
{
    struct few few = {.loader = loader};
    struct lw_buf text = LW_BUF_INIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    enum lw_status status = LW_OK;

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR) && origin == LW_KIND_TEAM)
        return LW_OK;
    if (fd < 0)
        warn_unread(loader, path, strerror(errno));
    else if ((status = lw_fd_read_all(fd, LW_FORMS_MAX, &text)) == LW_OK)
        status = lw_forms_parse(path, lw_buf_text(&text), text.len, origin, warn_few, &few,
                                loader->forms, err);
    else if (status != LW_NO_MEMORY) {
        warn_unread(loader, path,
                    status == LW_TOO_LONG ? _("is larger than 1 MiB") : strerror(errno));
        status = LW_OK;
    }
    warn_rest(&few, path);
    if (fd >= 0)
        close(fd);
    lw_buf_free(&text);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* ---- what is shipped ---- */

static int is_ini(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 4, ".ini") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum lw_status load_folder(const struct loader *loader, const char *folder,
                                  struct lw_error *err)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_ini, by_name);
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (count < 0)
        warn_unread(loader, folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (status == LW_OK) {
            lw_buf_clear(&path);
            status = lw_buf_addf(&path, "%s/%s", folder, names[i]->d_name);
            status = status == LW_OK ? load_file(loader, path.data, LW_KIND_SHIPPED, err)
                                     : lw_fail(err, status, "out of memory");
        }
        free(names[i]);
    }
    free(names);
    lw_buf_free(&path);
    return status;
}

/* Without them a journal can still be kept: entries have the kinds that they have. */
static enum lw_status load_shipped(const struct loader *loader, struct lw_error *err)
{
    struct lw_buf folder = LW_BUF_INIT;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = lw_share_find(SHIPPED, &folder, &why);

    if (status == LW_OK)
        status = load_folder(loader, folder.data, err);
    else if (status == LW_NOT_FOUND) {
        warn_unread(loader,
                    _("no kind of entry can be chosen, and threats, interventions, detentions and "
                      "searches are in no list"),
                    why.text);
        status = LW_OK;
    } else
        lw_fail(err, status, "%s", why.text);
    lw_buf_free(&folder);
    return status;
}

/* ---- what a team has ---- */

static enum lw_status load_team(const struct loader *loader, const struct lw_config *config,
                                struct lw_error *err)
{
    const char *slash = config->name == NULL ? NULL : strrchr(config->name, '/');
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status;

    if (config->name == NULL)
        return LW_OK;
    status =
        slash == NULL ? LW_OK : lw_buf_add(&path, config->name, (size_t)(slash + 1 - config->name));
    if (status == LW_OK)
        status = lw_buf_adds(&path, TEAM);
    status = status == LW_OK ? load_file(loader, path.data, LW_KIND_TEAM, err)
                             : lw_fail(err, status, "out of memory");
    lw_buf_free(&path);
    return status;
}

enum lw_status lw_forms_load(const struct lw_config *config, lw_config_warning *warn, void *context,
                             struct lw_forms **out, struct lw_error *err)
{
    struct loader loader = {
        .warn = warn, .context = context, .forms = lw_forms_new(NULL, language_of(config))};
    enum lw_status status = LW_OK;

    if (loader.forms == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    status = load_shipped(&loader, err);
    if (status == LW_OK)
        status = load_team(&loader, config, err);
    if (status == LW_OK)
        *out = loader.forms;
    else
        lw_forms_free(loader.forms);
    return status;
}
