/* One entry as text. */
#include "show.h"

#include <string.h>

#define LABEL_WIDTH 12

/* "label   text", wrapped. */
static void print_fact(struct lw_out *out, const char *label, const char *text)
{
    size_t len = lw_utf8_columns(label, strlen(label));

    lw_out_text(out, label);
    lw_out_spaces(out, len < LABEL_WIDTH ? LABEL_WIDTH - len : 1);
    lw_out_wrap(out, len < LABEL_WIDTH ? LABEL_WIDTH : len + 1, LABEL_WIDTH, text);
}

static enum lw_status print_line(void *context, const struct lw_entry_line *line,
                                 struct lw_error *err)
{
    struct lw_show *show = context;
    struct lw_out *out = show->out;
    bool first = show->part != line->part;

    (void)err;
    show->part = line->part;
    if (line->part == LW_ENTRY_FACT) {
        print_fact(out, line->label, line->text);
        return LW_OK;
    }
    if (first && line->part >= LW_ENTRY_NARRATIVE)
        lw_out_newline(out);
    if (first && line->part > LW_ENTRY_NARRATIVE)
        lw_out_line(out, "%s", lw_entry_heading(line->part));
    lw_out_spaces(out, line->indent);
    lw_out_wrap(out, line->indent, line->part == LW_ENTRY_NARRATIVE ? 0 : line->indent + 2,
                line->text);
    if (line->part == LW_ENTRY_TITLE)
        lw_out_newline(out);
    return LW_OK;
}

enum lw_status lw_show_print(struct lw_show *show, struct lw_error *err)
{
    show->part = LW_ENTRY_REF;
    return lw_entry_say(show->journal, show->clock, show->entry, print_line, show, err);
}
