/* Filters that are kept under a name, where one can be typed: used, saved, renamed, removed. */
#include "complete.h"
#include "typed_filter.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------------
 */

struct offer {
    const char *before;
    size_t len;
    struct lw_field_choices *choices;
};

static enum lw_status offer_name(void *context, const char *name, const char *text,
                                 struct lw_error *err)
{
    const struct offer *offer = context;
    const struct lw_complete_form form = {.before = ""};

    (void)text;
    return lw_complete_word(name, offer->before, offer->len, &form, offer->choices, err);
}

static enum lw_status complete(void *context, const char *before, size_t len,
                               struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_view *view = context;
    struct offer offer = {before, len, choices};

    choices->from = 0;
    return lw_saved_each(lw_screen_journal(view->tui), offer_name, &offer, err);
}

static enum lw_status ask(struct lw_view *view, const char *label, const char *text,
                          enum lw_status (*done)(struct lw_tui *tui, void *context,
                                                 const char *text, size_t len,
                                                 struct lw_error *err),
                          struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = label, .done = done, .completer = complete, .context = view};

    return lw_tui_ask(view->tui, &prompt, text, err);
}

/* ---- using ------------------------------------------------------------------------------------
 */

static enum lw_status use_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                               struct lw_error *err)
{
    struct lw_buf found = LW_BUF_INIT;
    enum lw_status status = lw_saved_find(lw_screen_journal(tui), text, len, &found, err);

    if (status == LW_OK)
        status = lw_typed_filter_set(context, lw_buf_text(&found), found.len, NULL, err);
    if (status == LW_OK)
        lw_tui_renewed(context);
    lw_buf_free(&found);
    return status;
}

static enum lw_status use(struct lw_tui *tui, struct lw_view *view, const char *argument,
                          struct lw_error *err)
{
    if (argument != NULL && argument[0] != '\0')
        return use_done(tui, view, argument, strlen(argument), err);
    return ask(view, "saved filter (Tab shows them): ", "", use_done, err);
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static enum lw_status end(struct lw_tui *tui, enum lw_status status, const char *said,
                          const char *name, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(tui);

    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    else
        lw_journal_rollback(journal);
    if (status == LW_OK)
        lw_tui_say(tui, "filter %s %s", name, said);
    return status;
}

static enum lw_status save_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    const struct lw_buf *filter = &lw_typed_filter_of(context)->text;
    struct lw_journal *journal = lw_screen_journal(tui);
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = lw_saved_put(journal, text, len, lw_buf_text(filter), filter->len, err);
    return end(tui, status, "saved", text, err);
}

static enum lw_status save(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    if (lw_typed_filter_of(view)->tree == NULL)
        return lw_fail(err, LW_USAGE, "no filter is on that could be saved");
    if (argument != NULL && argument[0] != '\0')
        return save_done(tui, view, argument, strlen(argument), err);
    return ask(view, "save this filter as: ", "", save_done, err);
}

static enum lw_status remove_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                  struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(tui);
    enum lw_status status = lw_journal_begin(journal, err);

    (void)context;
    if (status != LW_OK)
        return status;
    status = lw_saved_remove(journal, text, len, err);
    return end(tui, status, "removed", text, err);
}

static enum lw_status remove_filter(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    if (argument != NULL && argument[0] != '\0')
        return remove_done(tui, view, argument, strlen(argument), err);
    return ask(view, "remove the saved filter: ", "", remove_done, err);
}

static enum lw_status rename_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                  struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(tui);
    const struct lw_buf *old = &lw_typed_filter_of(context)->renamed;
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = lw_saved_rename(journal, lw_buf_text(old), old->len, text, len, err);
    return end(tui, status, "renamed", text, err);
}

/* Which one, then to what; that there is one is seen to before the second question. */
static enum lw_status rename_which(struct lw_tui *tui, void *context, const char *text, size_t len,
                                   struct lw_error *err)
{
    struct lw_buf *renamed = &lw_typed_filter_of(context)->renamed;
    struct lw_buf found = LW_BUF_INIT;
    enum lw_status status = lw_saved_find(lw_screen_journal(tui), text, len, &found, err);

    lw_buf_free(&found);
    if (status != LW_OK)
        return status;
    lw_buf_clear(renamed);
    if (lw_buf_add(renamed, text, len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return ask(context, "its new name: ", text, rename_done, err);
}

static enum lw_status rename_filter(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                    struct lw_error *err)
{
    if (argument != NULL && argument[0] != '\0')
        return rename_which(tui, view, argument, strlen(argument), err);
    return ask(view, "rename the saved filter: ", "", rename_which, err);
}

#define FILTERED (LW_IN_TIMELINE | LW_IN_REGISTER | LW_IN_TASKS)

static const struct lw_action list[] = {
    {"use-filter", "", FILTERED, "show what passes a filter that was saved", NULL,
     LW_ACTION_ARGUMENT, use},
    {"save-filter", "", FILTERED, "keep this filter in the vault under a name", NULL,
     LW_ACTION_WRITES | LW_ACTION_ARGUMENT, save},
    {"rename-filter", "", FILTERED, "another name for a filter that was saved", NULL,
     LW_ACTION_WRITES | LW_ACTION_ARGUMENT, rename_filter},
    {"remove-filter", "", FILTERED, "drop a filter that was saved", NULL,
     LW_ACTION_WRITES | LW_ACTION_ARGUMENT, remove_filter},
};
const struct lw_action_table lw_actions_saved = {list, LW_COUNT_OF(list)};
