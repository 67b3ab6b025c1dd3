/* The filter of a timeline: what it says, how it is asked for, and how it goes. */
#include "timeline.h"

#include <string.h>

bool lw_timeline_filter_is_on(const struct lw_timeline_filter *filter)
{
    return filter->type >= 0 || filter->kind != NULL || filter->text.len > 0;
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

enum lw_status lw_timeline_filter_say(const struct lw_timeline_filter *filter,
                                      const struct lw_forms *forms, struct lw_buf *out)
{
    enum lw_status status = LW_OK;
    size_t start = out->len;

    if (filter->text.len > 0)
        status = lw_buf_addf(out, "\"%s\"", filter->text.data);
    if (status == LW_OK && filter->kind != NULL)
        status = lw_buf_addf(out, "%skind %s", out->len > start ? " · " : "",
                             lw_kind_label(forms, filter->kind));
    if (status == LW_OK && filter->type >= 0)
        status = lw_buf_addf(out, "%s%s %s", out->len > start ? " · " : "", type_word(filter->type),
                             lw_buf_text(&filter->name));
    return status;
}

void lw_timeline_filter_clear(struct lw_timeline_filter *filter)
{
    lw_buf_free(&filter->name);
    lw_buf_free(&filter->text);
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

/* ---- text -------------------------------------------------------------------------------------
 */

static enum lw_status set_text(struct lw_timeline *timeline, const char *text, size_t len,
                               struct lw_error *err)
{
    enum lw_status status;

    lw_buf_clear(&timeline->filter.text);
    status = lw_buf_add(&timeline->filter.text, text, len);
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    if (!lw_typed_has_word(&timeline->filter.text))
        lw_buf_clear(&timeline->filter.text);
    return apply(timeline, err);
}

static void text_changed(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    struct lw_error err = {.status = LW_OK};

    if (set_text(context, text, len, &err) != LW_OK)
        lw_tui_complain(tui, &err);
}

static enum lw_status text_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    (void)tui;
    return set_text(context, text, len, err);
}

static void text_cancelled(struct lw_tui *tui, void *context)
{
    struct lw_timeline *timeline = context;
    struct lw_error err = {.status = LW_OK};

    if (set_text(timeline, lw_buf_text(&timeline->text_before), timeline->text_before.len, &err) !=
        LW_OK)
        lw_tui_complain(tui, &err);
}

enum lw_status lw_timeline_ask_text(struct lw_timeline *timeline, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "filter by words: ",
        .changed = text_changed,
        .done = text_done,
        .cancelled = text_cancelled,
        .context = timeline,
    };
    const struct lw_buf *text = &timeline->filter.text;

    lw_buf_clear(&timeline->text_before);
    if (lw_buf_add(&timeline->text_before, lw_buf_text(text), text->len) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return lw_tui_ask(timeline->view.tui, &prompt, lw_buf_text(text), err);
}

/* ---- kind -------------------------------------------------------------------------------------
 */

static enum lw_status kind_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                struct lw_error *err)
{
    const struct lw_forms *forms = lw_journal_forms(lw_screen_journal(tui));
    struct lw_timeline *timeline = context;
    const char *kind = NULL;

    if (len > 0) {
        kind = lw_kind_find(forms, text, len);
        if (kind == NULL)
            return lw_fail(err, LW_BAD_DATA, "no kind of entry has that name; Tab shows them");
    }
    timeline->filter.kind = kind;
    return apply(timeline, err);
}

static enum lw_status kind_complete(void *context, const char *before, size_t len,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_timeline *timeline = context;
    const struct lw_forms *forms = lw_journal_forms(lw_screen_journal(timeline->view.tui));

    choices->from = 0;
    for (size_t i = 0; i < lw_forms_count(forms); i++) {
        const char *label = lw_label_say(forms, &lw_forms_at(forms, i)->label);

        if (strncmp(label, before, len) == 0 &&
            lw_field_offer(choices, label, strlen(label)) != LW_OK)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the kinds");
    }
    return LW_OK;
}

enum lw_status lw_timeline_ask_kind(struct lw_timeline *timeline, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = "kind (Tab shows them): ",
        .done = kind_done,
        .completer = kind_complete,
        .context = timeline,
    };
    const struct lw_forms *forms = lw_journal_forms(lw_screen_journal(timeline->view.tui));
    const char *kind = timeline->filter.kind;

    return lw_tui_ask(timeline->view.tui, &prompt, kind != NULL ? lw_kind_label(forms, kind) : "",
                      err);
}
