/* The filter of a timeline: what it says, and how it goes. */
#include "timeline.h"

#include <string.h>

bool lw_timeline_filter_is_on(const struct lw_timeline_filter *filter)
{
    return filter->type >= 0 || filter->typed.tree != NULL;
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
    const struct lw_typed_filter *typed = &filter->typed;
    enum lw_status status = LW_OK;
    size_t start = out->len;

    if (typed->tree != NULL)
        status = lw_buf_add(out, lw_buf_text(&typed->text), typed->text.len);
    if (status == LW_OK && filter->type >= 0)
        status = lw_buf_addf(out, "%s%s %s", out->len > start ? " · " : "", type_word(filter->type),
                             lw_buf_text(&filter->name));
    return status;
}

void lw_timeline_filter_clear(struct lw_timeline_filter *filter)
{
    lw_buf_free(&filter->name);
    lw_typed_filter_free(&filter->typed);
    *filter = (struct lw_timeline_filter){.type = -1};
}

/* With another filter the same entry stays selected, or the nearest one that passes. */
enum lw_status lw_timeline_filter_off(struct lw_timeline *timeline, struct lw_error *err)
{
    lw_timeline_filter_clear(&timeline->filter);
    lw_tui_redraw(timeline->view.tui);
    return lw_timeline_reload(timeline, err);
}
