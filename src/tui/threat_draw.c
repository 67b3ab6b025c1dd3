/* The quick log of threats on the screen. */
#include "offers.h"
#include "threat_view.h"
#include "wrapped.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_WIDE = 15, WORDS_MOST = 6 };

static int words_rows(const struct lw_area *area)
{
    int rows = area->rows - (LW_THREAT_FIELDS - 1) - 2;

    return rows < 1 ? 1 : rows > WORDS_MOST ? WORDS_MOST : rows;
}

/* What stands there where nothing is typed. */
static void say_empty(const struct lw_threat_view *threat, enum lw_threat_field id, char out[48])
{
    char time[8];

    out[0] = '\0';
    if (id != LW_THREAT_WHEN)
        return;
    lw_autosave_time(threat->view.tui,
                     threat->since_ms != 0 ? threat->since_ms
                                           : lw_clock_now(lw_tui_clock(threat->view.tui)),
                     time);
    if (threat->since_ms != 0)
        snprintf(out, 48, _("now, that is %s"), time);
    else
        snprintf(out, 48, _("now"));
}

static int draw_field(struct lw_threat_view *threat, enum lw_threat_field id,
                      const struct lw_area *area, int row)
{
    struct lw_text_field *field = &threat->field[id];
    bool focus = threat->focus == id;
    int rows = id == LW_THREAT_WORDS ? words_rows(area) : 1;
    struct lw_area part = lw_area_part(area, row, LABEL_WIDE, rows, area->columns - LABEL_WIDE);
    char empty[48];

    lw_area_puts(area, row, 0, focus ? LW_STYLE_MARK : LW_STYLE_DIM, focus ? ">" : " ");
    lw_area_put_cut(area, row, 2, LABEL_WIDE - 3, focus ? LW_STYLE_STRONG : LW_STYLE_DIM,
                    lw_threat_label(id), strlen(lw_threat_label(id)));
    if (part.columns < 1 || part.rows < 1)
        return rows;
    say_empty(threat, id, empty);
    if (id == LW_THREAT_WORDS) {
        if (lw_editor_draw(&field->editor, &part, LW_STYLE_FIELD, focus, NULL) != LW_OK)
            lw_area_says(&part, 0, 0, LW_STYLE_ALARM, "no memory to show it; it is kept");
    } else {
        lw_field_draw(field, &part, LW_STYLE_FIELD, focus);
        if (field->editor.text.len == 0 && empty[0] != '\0')
            lw_area_puts(&part, 0, focus ? 1 : 0, LW_STYLE_DIM, empty);
    }
    return rows;
}

/* In the row above the hint; where there is no such row, instead of it. */
static bool draw_offers(const struct lw_threat_view *threat, const struct lw_area *area)
{
    static const struct lw_offers complete = {LW_IN_THREAT, "threat-complete"};
    const struct lw_text_field *field = &threat->field[threat->focus];

    return field->editor.text.len > 0 &&
           lw_offers_draw(threat->view.tui, &complete, field, area, 0, LABEL_WIDE);
}

static const char *hint(const struct lw_threat_view *threat)
{
    switch (threat->focus) {
    case LW_THREAT_CHANNEL:
        return _("call, text message, messenger, e-mail, in person; it stays for the next one");
    case LW_THREAT_SENDER:
        return _("number, account or voice, as it was shown");
    case LW_THREAT_TO:
        return _("whom it is meant for; several with semicolons between");
    case LW_THREAT_WORDS:
        return _("word for word, in the language in which it was said; {threat-enter} saves, and "
                 "the next one can be typed");
    case LW_THREAT_DEATH:
        return _("yes, no or unknown");
    default:
        return _("now where nothing stands here; else 21:20, yesterday evening ...");
    }
}

void lw_threat_draw(struct lw_view *view, const struct lw_area *area)
{
    struct lw_threat_view *threat = (struct lw_threat_view *)view;
    struct lw_area part;
    const char *text = threat->waiting
                           ? _("Another process is writing; it is tried again every second.")
                           : hint(threat);
    struct lw_buf said = LW_BUF_INIT;
    int row = 0;

    for (int id = 0; id < LW_THREAT_FIELDS; id++)
        row += draw_field(threat, (enum lw_threat_field)id, area, row);
    part = lw_area_part(area, row, 0, area->rows - row, area->columns);
    if (part.rows < 1)
        return;
    if ((!draw_offers(threat, &part) || part.rows > 2) &&
        lw_tui_with_keys(view->tui, LW_IN_THREAT, text, &said) == LW_OK)
        (void)lw_wrapped_put(&part, part.rows > 2 ? 1 : 0, part.rows, part.columns, LW_STYLE_DIM,
                             lw_buf_text(&said), said.len);
    lw_buf_free(&said);
}
