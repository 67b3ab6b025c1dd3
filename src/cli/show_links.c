/* What a kind asks beyond the common, other entries, order and history. */
#include "show.h"

#include <string.h>

static enum lw_status out_of_memory(enum lw_status status, struct lw_error *err)
{
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}

static enum lw_status visit_field(void *context, const struct lw_record *field,
                                  struct lw_error *err)
{
    struct lw_show *show = context;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_buf count = LW_BUF_INIT;
    const char *value = lw_record_text(field, "text");
    enum lw_status status =
        lw_buf_addf(&text, "%s: %s", lw_record_text(field, "key"), value == NULL ? "" : value);

    /* The text is printed already: only the figures are wanted here. */
    if (status == LW_OK)
        status = lw_say_count(field, "min", "max", "", &count);
    if (status == LW_OK && count.len > 0)
        status = lw_buf_addf(&text, "%s%s", value == NULL ? "" : "; ", count.data);
    if (status == LW_OK)
        status = lw_say_part(&text, " ", "(", lw_record_text(field, "note"), ")");
    if (status == LW_OK) {
        lw_show_section(show, "Fields");
        lw_show_text(show, 2, text.data);
    }
    lw_buf_free(&count);
    lw_buf_free(&text);
    return out_of_memory(status, err);
}

enum lw_status lw_show_fields(struct lw_show *show, struct lw_error *err)
{
    return lw_record_each(show->journal, LW_RECORD_FIELD, "entry", show->entry->id, visit_field,
                          show, err);
}

/* How a link reads from either end. */
static const char *link_label(const char *kind, bool from_here)
{
    static const char *const labels[][3] = {
        {"causes", "causes", "caused by"},
        {"follows", "follows", "followed by"},
        {"part_of", "part of", "contains"},
        {"parallel", "parallel to", "parallel to"},
        {"contradicts", "≠ contradicts", "≠ contradicted by"},
        {"same_as", "same as", "same as"},
        {"reply_to", "replies to", "answered by"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], kind) == 0)
            return labels[i][from_here ? 1 : 2];
    }
    return kind;
}

static enum lw_status show_link(struct lw_show *show, const struct lw_record *link, bool from_here,
                                struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_addf(&text, "%s ", link_label(lw_record_text(link, "kind"), from_here));

    if (status == LW_OK)
        status = lw_say_ref(show, link, from_here ? "to" : "from", &text, err);
    if (status == LW_OK)
        status = lw_say_part(&text, " ", "(", lw_record_text(link, "hedge"), ")");
    if (status == LW_OK)
        status = lw_say_part(&text, "; ", "about ", lw_record_text(link, "fact"), "");
    if (status == LW_OK)
        status = lw_say_part(&text, "; ", "", lw_record_text(link, "note"), "");
    if (status == LW_OK) {
        lw_show_section(show, "Links");
        lw_show_text(show, 2, text.data);
    }
    lw_buf_free(&text);
    return out_of_memory(status, err);
}

static enum lw_status visit_link_out(void *context, const struct lw_record *link,
                                     struct lw_error *err)
{
    return show_link(context, link, true, err);
}

static enum lw_status visit_link_in(void *context, const struct lw_record *link,
                                    struct lw_error *err)
{
    return show_link(context, link, false, err);
}

static enum lw_status visit_part(void *context, const struct lw_record *entry, struct lw_error *err)
{
    struct lw_show *show = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(&text, "contains ");

    if (status == LW_OK)
        status = lw_say_record(entry, &text);

    if (status == LW_OK) {
        lw_show_section(show, "Links");
        lw_show_text(show, 2, text.data);
    }
    lw_buf_free(&text);
    return out_of_memory(status, err);
}

enum lw_status lw_show_links(struct lw_show *show, struct lw_error *err)
{
    const uint8_t *id = show->entry->id;
    enum lw_status status =
        lw_record_each(show->journal, LW_RECORD_ENTRY, "parent", id, visit_part, show, err);

    if (status == LW_OK)
        status =
            lw_record_each(show->journal, LW_RECORD_LINK, "from", id, visit_link_out, show, err);
    if (status == LW_OK)
        status = lw_record_each(show->journal, LW_RECORD_LINK, "to", id, visit_link_in, show, err);
    return status;
}

static enum lw_status show_precedence(struct lw_show *show, const struct lw_record *order,
                                      bool earlier_here, struct lw_error *err)
{
    bool strict = strcmp(lw_record_text(order, "kind"), "before") == 0;
    const char *label =
        earlier_here ? (strict ? "before" : "not after") : (strict ? "after" : "not before");
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(&text, "%s ", label);

    if (status == LW_OK)
        status = lw_say_ref(show, order, earlier_here ? "later" : "earlier", &text, err);
    if (status == LW_OK)
        status = lw_say_part(&text, " ", "(\"", lw_record_text(order, "text"), "\")");
    if (status == LW_OK) {
        lw_show_section(show, "Order");
        lw_show_text(show, 2, text.data);
    }
    lw_buf_free(&text);
    return out_of_memory(status, err);
}

static enum lw_status visit_earlier(void *context, const struct lw_record *order,
                                    struct lw_error *err)
{
    return show_precedence(context, order, true, err);
}

static enum lw_status visit_later(void *context, const struct lw_record *order,
                                  struct lw_error *err)
{
    return show_precedence(context, order, false, err);
}

enum lw_status lw_show_order(struct lw_show *show, struct lw_error *err)
{
    const uint8_t *id = show->entry->id;
    enum lw_status status =
        lw_record_each(show->journal, LW_RECORD_PRECEDENCE, "later", id, visit_later, show, err);

    if (status == LW_OK)
        status = lw_record_each(show->journal, LW_RECORD_PRECEDENCE, "earlier", id, visit_earlier,
                                show, err);
    return status;
}

static enum lw_status visit_revision(void *context, const struct lw_record *revision,
                                     struct lw_error *err)
{
    struct lw_show *show = context;
    const struct lw_value *at = lw_record_value(revision, "at");
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (at != NULL)
        status = lw_instant_say(show->clock, at->number, &text);
    if (status == LW_OK)
        status = lw_say_part(&text, "  ", "", lw_record_text(revision, "action"), "");
    if (status == LW_OK)
        status = lw_say_part(&text, " ", "by ", lw_record_text(revision, "by"), "");
    if (status == LW_OK)
        status = lw_say_part(&text, ": ", "", lw_record_text(revision, "why"), "");
    if (status == LW_OK)
        status = lw_say_part(&text, " ", "", lw_record_text(revision, "changes"), "");
    if (status == LW_OK) {
        lw_show_section(show, "Revisions");
        lw_show_text(show, 2, lw_buf_text(&text));
    }
    lw_buf_free(&text);
    return out_of_memory(status, err);
}

enum lw_status lw_show_revisions(struct lw_show *show, struct lw_error *err)
{
    return lw_revisions_each(show->journal, LW_RECORD_ENTRY, show->entry->id, visit_revision, show,
                             err);
}
