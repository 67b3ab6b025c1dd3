/* A captured line on the screen: the line, what is offered, what is understood, what comes next. */
#include "capture_view.h"
#include "complete.h"
#include "offers.h"
#include "wrapped.h"

#include <string.h>

enum { LINE_ROWS = 6, SAID_ROWS = 6 };

static int draw_line(struct lw_capture_view *capture, const struct lw_area *area)
{
    struct lw_editor *editor = &capture->line.editor;
    int most = area->rows > LINE_ROWS ? LINE_ROWS : area->rows;
    int width = area->columns - 2;
    struct lw_editor_view view;
    struct lw_area part;
    int rows = 1;

    if (width < 1)
        return 0;
    if (most > area->rows / 2 && area->rows > 1)
        most = area->rows / 2;
    if (lw_editor_layout(editor, (unsigned)width, (unsigned)most, &view, NULL) == LW_OK &&
        view.count > 0)
        rows = (int)view.count;
    lw_area_puts(area, 0, 0, LW_STYLE_MARK, ">");
    part = lw_area_part(area, 0, 2, rows, width);
    if (lw_editor_draw(editor, &part, LW_STYLE_FIELD, true, NULL) != LW_OK)
        lw_area_says(area, 0, 2, LW_STYLE_ALARM, "no memory to show the line; it is kept");
    return rows;
}

/* Names that are not known yet: they may be typing errors. */
static enum lw_status say_new(struct lw_capture_view *capture, enum lw_record_type type,
                              const char *name, struct lw_buf *out)
{
    uint8_t id[LW_RECORD_ID];
    bool found = true;
    enum lw_status status = lw_named_find(lw_screen_journal(capture->view.tui), type, name,
                                          strlen(name), id, &found, NULL);

    if (status != LW_OK || found)
        return status;
    status = lw_buf_addf(out, "%s%s%s", out->len > 0 ? ", " : _("new: "),
                         type == LW_RECORD_PLACE ? _("place ") : "", name);
    return status == LW_OK ? lw_complete_alike(lw_screen_journal(capture->view.tui), type, name,
                                               strlen(name), out)
                           : status;
}

static int draw_new(struct lw_capture_view *capture, const struct lw_capture *read,
                    const struct lw_area *area, int row)
{
    struct lw_buf said = LW_BUF_INIT;
    enum lw_status status = LW_OK;
    int rows = 0;

    if (read->place != NULL)
        status = say_new(capture, LW_RECORD_PLACE, read->place, &said);
    for (size_t i = 0; i < read->party_count && status == LW_OK; i++)
        status = say_new(capture, LW_RECORD_PARTY, read->party[i].name, &said);
    if (status == LW_OK)
        rows = lw_wrapped_put(area, row, 2, area->columns, LW_STYLE_STRONG, lw_buf_text(&said),
                              said.len);
    lw_buf_free(&said);
    return rows;
}

static int draw_notes(const struct lw_capture *read, const struct lw_area *area, int row)
{
    const char *note = lw_buf_text(&read->notes);
    int rows = 0;

    while (*note != '\0') {
        size_t len = strcspn(note, "\n");

        rows += lw_wrapped_put(area, row + rows, 2, area->columns, LW_STYLE_DIM, note, len);
        note += len + (note[len] == '\n');
    }
    return rows;
}

static int draw_error(struct lw_capture_view *capture, const struct lw_area *area, const char *text)
{
    bool wrong =
        capture->wrong.status != LW_OK && capture->wrong_changes == capture->line.editor.changes;
    struct lw_buf said = LW_BUF_INIT;
    int rows = 0;

    if (lw_buf_addf(&said, "%s %s", wrong ? "!" : "?", text) == LW_OK)
        rows = lw_wrapped_put(area, 0, SAID_ROWS, area->columns,
                              wrong ? LW_STYLE_ALARM : LW_STYLE_DIM, said.data, said.len);
    lw_buf_free(&said);
    return rows;
}

static int draw_understood(struct lw_capture_view *capture, const struct lw_area *area)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_buf said = LW_BUF_INIT;
    struct lw_capture read;
    int rows = 0;

    if (lw_capture_read(capture, &read, &err) != LW_OK)
        return draw_error(capture, area, err.text);
    if (lw_capture_say(&read, lw_capture_forms(capture), &said) == LW_OK)
        rows = lw_wrapped_put(area, 0, SAID_ROWS, area->columns,
                              capture->confirming ? LW_STYLE_STRONG : LW_STYLE_PLAIN,
                              lw_buf_text(&said), said.len);
    rows += draw_new(capture, &read, area, rows);
    rows += draw_notes(&read, area, rows);
    lw_buf_free(&said);
    lw_capture_clear(&read);
    return rows;
}

static const char *hint(const struct lw_capture_view *capture)
{
    if (lw_capture_blank(capture))
        return _(
            "What happened, in one line, in any order: 13 dec evening @Grozny #arson "
            "+victim:JMG office burned. {log-complete} completes places, kinds, roles and people. "
            "Nothing but the text is demanded.");
    if (capture->waiting)
        return _("Another process is writing; it is tried again every second.");
    if (capture->confirming)
        return _("{log-line} saves it. {back} edits it again.");
    return "";
}

void lw_capture_draw(struct lw_view *view, const struct lw_area *area)
{
    static const struct lw_offers complete = {LW_IN_CAPTURE, "log-complete"};
    struct lw_capture_view *capture = (struct lw_capture_view *)view;
    int row = draw_line(capture, area);
    struct lw_area part;
    struct lw_buf text = LW_BUF_INIT;

    if (!capture->confirming)
        (void)lw_offers_draw(view->tui, &complete, &capture->line, area, row, 2);
    row++;
    part = lw_area_part(area, row, 2, area->rows - row, area->columns - 2);
    if (part.rows < 1 || part.columns < 1)
        return;
    if (!lw_capture_blank(capture))
        row = draw_understood(capture, &part) + (area->rows > 12 ? 1 : 0);
    else
        row = 0;
    if (lw_tui_with_keys(view->tui, LW_IN_CAPTURE, hint(capture), &text) == LW_OK)
        (void)lw_wrapped_put(&part, row, SAID_ROWS, part.columns,
                             capture->confirming ? LW_STYLE_HINT : LW_STYLE_DIM, lw_buf_text(&text),
                             text.len);
    lw_buf_free(&text);
}
