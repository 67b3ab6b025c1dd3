/* A filter that is typed above a list: asked for, shown, taken off. */
#include "typed_filter.h"
#include "complete.h"
#include "loop_internal.h"

#include <string.h>

struct lw_typed_filter *lw_typed_filter_of(struct lw_view *view)
{
    return view->ops->filter != NULL ? view->ops->filter(view) : NULL;
}

void lw_typed_filter_free(struct lw_typed_filter *filter)
{
    lw_buf_free(&filter->text);
    lw_buf_free(&filter->before);
    lw_buf_free(&filter->renamed);
    lw_filter_free(filter->tree);
    filter->tree = NULL;
}

enum lw_status lw_typed_filter_set(struct lw_view *view, const char *text, size_t len, size_t *at,
                                   struct lw_error *err)
{
    struct lw_typed_filter *filter = lw_typed_filter_of(view);
    struct lw_buf copy = LW_BUF_INIT;
    struct lw_filter_tree *tree = NULL;
    enum lw_status status = lw_filter_read(lw_screen_journal(view->tui), text, len, &tree, at, err);

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
    lw_tui_redraw(view->tui);
    return view->ops->refresh(view, err);
}

bool lw_typed_filter_back(struct lw_view *view)
{
    struct lw_error err = {.status = LW_OK};

    if (lw_typed_filter_of(view)->tree == NULL)
        return false;
    if (lw_typed_filter_set(view, "", 0, NULL, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    lw_tui_renewed(view);
    return true;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static bool is_wrong(enum lw_status status)
{
    return status == LW_BAD_DATA || status == LW_TOO_LONG;
}

static enum lw_status set_before(struct lw_view *view, struct lw_error *err)
{
    const struct lw_buf *before = &lw_typed_filter_of(view)->before;

    return lw_typed_filter_set(view, lw_buf_text(before), before->len, NULL, err);
}

/* While it is not finished it may be wrong: then what was there before holds, and is seen to. */
static void text_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    struct lw_error err = {.status = LW_OK};
    enum lw_status status;

    if (lw_typed_filter_of(context)->late)
        return;
    status = lw_typed_filter_set(context, text, len, NULL, &err);
    if (is_wrong(status))
        status = set_before(context, &err);
    if (status != LW_OK)
        lw_tui_complain(tui, &err);
}

static enum lw_status ask(struct lw_view *view, const char *text, struct lw_error *err);

/* What is wrong is said, and what was typed stays, with the cursor there. */
static enum lw_status text_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    size_t at = 0;
    enum lw_status status = lw_typed_filter_set(context, text, len, &at, err);

    if (status == LW_OK)
        lw_tui_renewed(context);
    if (!is_wrong(status))
        return status;
    if (set_before(context, NULL) == LW_OK && ask(context, text, NULL) == LW_OK)
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
    const struct lw_view *view = context;

    return lw_complete_filter(lw_screen_journal(view->tui), before, len, choices, err);
}

static enum lw_status ask(struct lw_view *view, const char *text, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "filter: ",
        .changed = text_changed,
        .done = text_done,
        .cancelled = text_cancelled,
        .completer = complete,
        .context = view,
    };

    return lw_tui_ask(view->tui, &prompt, text, err);
}

enum lw_status lw_typed_filter_ask(struct lw_view *view, const char *more, struct lw_error *err)
{
    struct lw_typed_filter *filter = lw_typed_filter_of(view);
    const struct lw_buf *text = &filter->text;
    struct lw_buf with = LW_BUF_INIT;
    enum lw_status status;

    lw_buf_clear(&filter->before);
    status = lw_buf_add(&filter->before, lw_buf_text(text), text->len);
    if (status == LW_OK)
        status = lw_buf_add(&with, lw_buf_text(text), text->len);
    if (status == LW_OK && more[0] != '\0' && with.len > 0)
        status = lw_buf_addc(&with, ' ');
    if (status == LW_OK)
        status = lw_buf_adds(&with, more);
    if (status == LW_OK)
        status = ask(view, lw_buf_text(&with), err);
    else
        lw_fail(err, status, "out of memory");
    lw_buf_free(&with);
    return status;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

/* Which key clears it stands beside it; the filter never hides. */
void lw_typed_filter_draw(struct lw_view *view, const struct lw_buf *said,
                          const struct lw_area *area)
{
    static const char name[] = "filter-off";
    const struct lw_keymap *keymap = lw_tui_keymap(view->tui);
    unsigned context = view->ops->context;
    const struct lw_action *off = lw_keymap_named(keymap, context, name, sizeof name - 1, NULL);
    struct lw_buf text = LW_BUF_INIT, keys = LW_BUF_INIT;
    int used = 0;

    if (off != NULL && lw_keymap_keys(keymap, context, off, 1, &keys) == LW_OK && keys.len > 0 &&
        lw_buf_says(&keys, " clears it") == LW_OK)
        used =
            lw_area_put_right(area, 0, area->columns / 2, LW_STYLE_HINT, keys.data, keys.len) + 2;
    if (lw_buf_sayf(&text, "Only %s", lw_buf_text(said)) == LW_OK)
        lw_area_put_cut(area, 0, 0, area->columns - used, LW_STYLE_STRONG, text.data, text.len);
    lw_buf_free(&text);
    lw_buf_free(&keys);
}
