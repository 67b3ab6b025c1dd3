/* Entries of a register and items in words. */
#include "register.h"

#include <string.h>

const struct lw_sheet_part *lw_sheet_part(const struct lw_sheet *sheet, const char *name)
{
    for (size_t i = 0; i < sheet->part_count; i++) {
        if (strcmp(sheet->part[i].name, name) == 0)
            return &sheet->part[i];
    }
    return NULL;
}

enum lw_status lw_sheet_part_say(const struct lw_sheet_part *part, const char *separator,
                                 struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < part->count && status == LW_OK; i++) {
        const struct lw_sheet_value *value = &part->value[i];

        status = lw_buf_addf(out, "%s%s", i > 0 ? separator : "", value->text);
        if (status == LW_OK && value->note != NULL)
            status = lw_buf_addf(out, " (%s)", value->note);
    }
    return status;
}

const char *part_say(const char *part, const char *value)
{
    static const char *const words[] = {"fate", "manner", "receipt"};

    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (strcmp(part, words[i]) == 0)
            return lw_word_say(value);
    }
    return strcmp(part, "owner") == 0 && strcmp(value, "unknown") == 0 ? lw_word_say(value) : value;
}

/* The first value of a part between two texts; nothing where none is recorded. */
static enum lw_status say_value(const struct lw_sheet *sheet, const char *name, const char *before,
                                const char *after, struct lw_buf *out)
{
    const struct lw_sheet_part *part = lw_sheet_part(sheet, name);

    if (part == NULL || part->count == 0)
        return LW_OK;
    return lw_buf_addf(out, "%s%s%s", before, part_say(name, part->value[0].text), after);
}

enum lw_status lw_sheet_item_say(const struct lw_sheet *sheet, bool fate, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    if (fate)
        status = say_value(sheet, "fate", "", ": ", out);
    if (status == LW_OK)
        status = say_value(sheet, "description", "", "", out);
    if (status == LW_OK)
        status = say_value(sheet, "count", ": ", "", out);
    if (status == LW_OK)
        status = say_value(sheet, "as_written", _(", as written \""), "\"", out);
    for (size_t i = 4; i < sheet->part_count && status == LW_OK; i++) {
        const struct lw_sheet_part *part = &sheet->part[i];

        if (strcmp(part->name, "defects") == 0)
            break;
        if (part->count > 0)
            status = lw_buf_addf(out, "; %s: %s", part->label,
                                 part_say(part->name, part->value[0].text));
    }
    return status;
}

enum lw_status lw_sheet_line_say(const struct lw_sheet *sheet, struct lw_buf *out)
{
    enum lw_status status;

    switch (sheet->which) {
    case LW_REGISTER_ITEMS:
        return lw_sheet_item_say(sheet, true, out);
    case LW_REGISTER_INTERVENTIONS: /* first, since a line is cut at its end */
        status = say_value(sheet, "open", "", " · ", out);
        return status == LW_OK ? lw_row_title(sheet->row, out) : status;
    case LW_REGISTER_DETENTIONS:
        status = lw_row_title(sheet->row, out);
        return status == LW_OK ? say_value(sheet, "duration", " · ", "", out) : status;
    case LW_REGISTER_SEARCHES:
        status = lw_row_title(sheet->row, out);
        return status == LW_OK ? say_value(sheet, "warrant", _(" · warrant: "), "", out) : status;
    default:
        status = lw_row_title(sheet->row, out);
        return status == LW_OK ? say_value(sheet, "death_threat", _(" · death threat: "), "", out)
                               : status;
    }
}
