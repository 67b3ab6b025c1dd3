/* The filter of a timeline: what it says, how it is asked for, and how it goes. */
#include "complete.h"
#include "loop_internal.h"
#include "timeline.h"

#include <string.h>

bool lw_timeline_filter_is_on(const struct lw_timeline_filter *filter)
{
    return filter->type >= 0 || filter->tree != NULL;
}

static const char *type_word(int type)
{
    switch (type) {
    case LW_RECORD_INCIDENT:
        return "incident";
    case LW_RECORD_PARTY:
        return "with";
    case LW_RECORD_PLACE:
        return "at";
    default:
        return "told by";
    }
}

enum lw_status lw_timeline_filter_say(const struct lw_timeline_filter *filter, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    size_t start = out->len;

    if (filter->tree != NULL)
        status = lw_buf_add(out, lw_buf_text(&filter->text), filter->text.len);
    if (status == LW_OK && filter->type >= 0)
        status = lw_buf_addf(out, "%s%s %s", out->len > start ? " · " : "", type_word(filter->type),
                             lw_buf_text(&filter->name));
    return status;
}

void lw_timeline_filter_clear(struct lw_timeline_filter *filter)
{
    lw_buf_free(&filter->name);
    lw_buf_free(&filter->text);
    lw_filter_free(filter->tree);
    *filter = (struct lw_timeline_filter){.type = -1};
}

/* With another filter the same entry stays selected, or the nearest one that passes. */
static enum lw_status apply(struct lw_timeline *timeline, struct lw_error *err)
{
    lw_tui_redraw(timeline->view.tui);
    return lw_timeline_reload(timeline, err);
}

enum lw_status lw_timeline_filter_off(struct lw_timeline *timeline, struct lw_error *err)
{
    lw_timeline_filter_clear(&timeline->filter);
    return apply(timeline, err);
}

enum lw_status lw_timeline_filter_set(struct lw_timeline *timeline, const char *text, size_t len,
                                      size_t *at, struct lw_error *err)
{
    struct lw_timeline_filter *filter = &timeline->filter;
    struct lw_buf copy = LW_BUF_INIT;
    struct lw_filter_tree *tree = NULL;
    enum lw_status status =
        lw_filter_read(lw_screen_journal(timeline->view.tui), text, len, &tree, at, err);

    if (status != LW_OK)
        return status;
    if (lw_buf_add(&copy, text, len) != LW_OK) {
        lw_filter_free(tree);
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    lw_filter_free(filter->tree);
    lw_buf_free(&filter->text);
    filter->tree = tree;
    filter->text = copy;
    return apply(timeline, err);
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static bool is_wrong(enum lw_status status)
{
    return status == LW_BAD_DATA || status == LW_TOO_LONG;
}

static enum lw_status set_before(struct lw_timeline *timeline, struct lw_error *err)
{
    return lw_timeline_filter_set(timeline, lw_buf_text(&timeline->text_before),
                                  timeline->text_before.len, NULL, err);
}

/* While it is not finished it may be wrong: then what was there before holds, and is seen to. */
static void text_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    struct lw_error err = {.status = LW_OK};
    enum lw_status status = lw_timeline_filter_set(context, text, len, NULL, &err);

    if (is_wrong(status))
        status = set_before(context, &err);
    if (status != LW_OK)
        lw_tui_complain(tui, &err);
}

static enum lw_status ask(struct lw_timeline *timeline, const char *text, struct lw_error *err);

/* What is wrong is said, and what was typed stays, with the cursor there. */
static enum lw_status text_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    struct lw_timeline *timeline = context;
    size_t at = 0;
    enum lw_status status = lw_timeline_filter_set(timeline, text, len, &at, err);

    if (!is_wrong(status))
        return status;
    if (set_before(timeline, NULL) == LW_OK && ask(timeline, text, NULL) == LW_OK)
        lw_editor_set_cursor(&tui->field.editor, at < len ? at : len);
    return status;
}

static void text_cancelled(struct lw_tui *tui, void *context)
{
    struct lw_error err = {.status = LW_OK};

    if (set_before(context, &err) != LW_OK)
        lw_tui_complain(tui, &err);
}

static enum lw_status complete(void *context, const char *before, size_t len,
                               struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_timeline *timeline = context;

    return lw_complete_filter(lw_screen_journal(timeline->view.tui), before, len, choices, err);
}

static enum lw_status ask(struct lw_timeline *timeline, const char *text, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "filter: ",
        .changed = text_changed,
        .done = text_done,
        .cancelled = text_cancelled,
        .completer = complete,
        .context = timeline,
    };

    return lw_tui_ask(timeline->view.tui, &prompt, text, err);
}

enum lw_status lw_timeline_ask_filter(struct lw_timeline *timeline, const char *more,
                                      struct lw_error *err)
{
    const struct lw_buf *text = &timeline->filter.text;
    struct lw_buf with = LW_BUF_INIT;
    enum lw_status status;

    lw_buf_clear(&timeline->text_before);
    status = lw_buf_add(&timeline->text_before, lw_buf_text(text), text->len);
    if (status == LW_OK)
        status = lw_buf_add(&with, lw_buf_text(text), text->len);
    if (status == LW_OK && more[0] != '\0' && with.len > 0)
        status = lw_buf_addc(&with, ' ');
    if (status == LW_OK)
        status = lw_buf_adds(&with, more);
    if (status == LW_OK)
        status = ask(timeline, lw_buf_text(&with), err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&with);
    return status;
}
