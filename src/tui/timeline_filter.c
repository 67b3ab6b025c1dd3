/* The filter of a timeline: what it says, and how it goes. */
#include "timeline.h"

#include <string.h>

bool lw_timeline_filter_is_on(const struct lw_timeline_filter *filter)
{
    return filter->parts > 0 || filter->typed.tree != NULL;
}

static const char *type_word(int type)
{
    switch (type) {
    case LW_RECORD_INCIDENT:
        return C_("a filter", "incident");
    case LW_RECORD_PARTY:
        return C_("a filter", "with");
    case LW_RECORD_PLACE:
        return C_("a filter", "at");
    case LW_TIMELINE_KIND:
        return C_("a filter", "kind");
    default:
        return _("told by");
    }
}

enum lw_status lw_timeline_filter_say(const struct lw_timeline_filter *filter, struct lw_buf *out)
{
    const struct lw_typed_filter *typed = &filter->typed;
    enum lw_status status = LW_OK;
    size_t start = out->len;

    if (typed->tree != NULL)
        status = lw_buf_add(out, lw_buf_text(&typed->text), typed->text.len);
    for (size_t i = 0; i < filter->parts && status == LW_OK; i++) {
        const struct lw_timeline_part *part = &filter->part[i];

        status = lw_buf_addf(out, "%s%s %s", out->len > start ? " · " : "", type_word(part->type),
                             lw_buf_text(&part->name));
    }
    return status;
}

static bool is_same(const struct lw_timeline_part *part, const uint8_t *id, const char *kind)
{
    return part->type == LW_TIMELINE_KIND ? strcmp(lw_buf_text(&part->kind), kind) == 0
                                          : memcmp(part->id, id, LW_RECORD_ID) == 0;
}

enum lw_status lw_timeline_filter_add(struct lw_timeline_filter *filter, int type,
                                      const uint8_t *id, const char *kind, const char *name,
                                      bool *other)
{
    struct lw_timeline_part part = {.type = type};
    enum lw_status status;

    *other = false;
    for (size_t i = 0; i < filter->parts; i++) {
        if (filter->part[i].type == type) {
            *other = !is_same(&filter->part[i], id, kind);
            return LW_OK;
        }
    }
    status = lw_buf_adds(&part.name, name);
    if (status == LW_OK && kind != NULL)
        status = lw_buf_adds(&part.kind, kind);
    if (status != LW_OK || filter->parts == LW_TIMELINE_PARTS) {
        lw_buf_free(&part.name);
        lw_buf_free(&part.kind);
        return status;
    }
    if (id != NULL)
        memcpy(part.id, id, LW_RECORD_ID);
    filter->part[filter->parts++] = part;
    return LW_OK;
}

void lw_timeline_filter_clear(struct lw_timeline_filter *filter)
{
    for (size_t i = 0; i < filter->parts; i++) {
        lw_buf_free(&filter->part[i].name);
        lw_buf_free(&filter->part[i].kind);
    }
    lw_typed_filter_free(&filter->typed);
    *filter = (struct lw_timeline_filter){.parts = 0};
}

/* With another filter the same entry stays selected, or the nearest one that passes. */
enum lw_status lw_timeline_filter_off(struct lw_timeline *timeline, struct lw_error *err)
{
    lw_timeline_filter_clear(&timeline->filter);
    lw_tui_redraw(timeline->view.tui);
    return lw_timeline_reload(timeline, err);
}
