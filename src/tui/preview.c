/* The selected entry in a few lines: when, where, how sure, and what sources say in their words. */
#include "preview.h"

#include <stdio.h>
#include <string.h>

enum { LEAST_ROWS = 18, HEAD_ROWS = 2, MOST_TEXT = 8 };

void lw_preview_clear(struct lw_preview *preview)
{
    for (size_t i = 0; i < preview->count; i++) {
        lw_text_free(preview->quote[i].text);
        lw_text_free(preview->quote[i].from);
    }
    *preview = (struct lw_preview){.loaded = false};
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reading {
    struct lw_preview *preview;
    struct lw_journal *journal;
};

static enum lw_status say_date(const struct lw_record *source, struct lw_buf *out)
{
    const char *date = lw_record_text(source, "date");
    struct lw_when when;
    enum lw_status status = LW_OK;

    if (date == NULL || lw_when_parse(date, strlen(date), &when, NULL) != LW_OK)
        return LW_OK;
    status = lw_buf_adds(out, ", ");
    return status == LW_OK ? lw_when_say(&when, out) : status;
}

/* "(B, –)": reliability of the source and credibility of the account, where one is assessed. */
static enum lw_status say_worth(const struct lw_record *source, const struct lw_record *account,
                                struct lw_buf *out)
{
    const char *reliability = lw_record_text(source, "reliability");
    const struct lw_value *credibility = lw_record_value(account, "credibility");
    char digits[24] = "–";

    if (reliability == NULL && credibility == NULL)
        return LW_OK;
    if (credibility != NULL)
        snprintf(digits, sizeof digits, "%lld", (long long)credibility->number);
    return lw_buf_addf(out, " (%s, %s)", reliability != NULL ? reliability : "–", digits);
}

static enum lw_status say_source(struct lw_journal *journal, const struct lw_record *account,
                                 struct lw_buf *out, struct lw_error *err)
{
    const struct lw_value *id = lw_record_value(account, "source");
    struct lw_record source;
    const char *name;
    enum lw_status status;

    if (id == NULL)
        return LW_OK;
    status = lw_same_get(journal, LW_RECORD_SOURCE, id->bytes, &source, err);
    if (status == LW_OK)
        status = lw_shown_mask(journal, &source, err);
    if (status != LW_OK)
        return status;
    name = lw_record_text(&source, "medium");
    if (name == NULL)
        name = lw_record_text(&source, "author");
    status = lw_buf_addf(out, "%s %s", lw_record_text(&source, "ref"),
                         name != NULL ? name : lw_record_text(&source, "title"));
    if (status == LW_OK)
        status = say_date(&source, out);
    if (status == LW_OK)
        status = say_worth(&source, account, out);
    lw_record_clear(&source);
    return status;
}

/* The account in its own words, or in ours where it has none. */
static enum lw_status say_words(const struct lw_record *account, struct lw_buf *out)
{
    const char *quote = lw_record_text(account, "quote");
    const char *summary = lw_record_text(account, "summary");

    if (quote != NULL)
        return lw_buf_addf(out, "\"%s\"", quote);
    return summary != NULL ? lw_buf_adds(out, summary) : LW_OK;
}

static enum lw_status add_quote(struct lw_preview *preview, const struct lw_buf *text,
                                const struct lw_buf *from)
{
    char *words = lw_clean_copy(lw_buf_text(text), text->len, false);
    char *source = lw_clean_copy(lw_buf_text(from), from->len, false);

    if (words == NULL || source == NULL) {
        lw_text_free(words);
        lw_text_free(source);
        return LW_NO_MEMORY;
    }
    preview->quote[preview->count].text = words;
    preview->quote[preview->count].from = source;
    preview->count++;
    return LW_OK;
}

static enum lw_status visit_account(void *context, const struct lw_record *account,
                                    struct lw_error *err)
{
    struct reading *reading = context;
    struct lw_buf text = LW_BUF_INIT;
    struct lw_buf from = LW_BUF_INIT;
    enum lw_status status;

    if (reading->preview->count == LW_PREVIEW_QUOTES)
        return LW_OK;
    status = say_words(account, &text);
    if (status == LW_OK && text.len > 0) {
        status = say_source(reading->journal, account, &from, err);
        if (status == LW_OK)
            status = add_quote(reading->preview, &text, &from);
    }
    lw_buf_free(&text);
    lw_buf_free(&from);
    return status;
}

static void load(struct lw_preview *preview, struct lw_journal *journal, const uint8_t *id)
{
    struct reading reading = {.preview = preview, .journal = journal};

    if (preview->loaded && memcmp(preview->id, id, LW_RECORD_ID) == 0)
        return;
    lw_preview_clear(preview);
    /* What cannot be read now is told where the entry is opened. */
    if (lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", id, visit_account, &reading, NULL) ==
        LW_OK) {
        preview->loaded = true;
        memcpy(preview->id, id, LW_RECORD_ID);
    }
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

int lw_preview_rows(int rows)
{
    int text = rows / 5;

    if (rows < LEAST_ROWS)
        return 0;
    return 1 + (text > MOST_TEXT ? MOST_TEXT : text);
}

/* Text over at most `most` rows, the last one cut by a sign; returns how many it takes. */
static int put_wrapped(const struct lw_area *area, int row, int most, enum lw_style style,
                       const char *text)
{
    size_t len = strlen(text);
    int used = 0;

    while (len > 0 && used < most && row + used < area->rows) {
        size_t next;
        size_t take = lw_utf8_break(text, len, (size_t)area->columns, &next);

        if (used + 1 == most || row + used + 1 == area->rows)
            take = len;
        lw_area_put_cut(area, row + used++, 0, area->columns, style, text, take);
        text += next;
        len -= next;
    }
    return used;
}

static enum lw_status add_part(struct lw_buf *out, const char *text)
{
    if (text == NULL)
        return LW_OK;
    return lw_buf_addf(out, "%s%s", out->len > 0 ? " · " : "", text);
}

static enum lw_status say_head(const struct lw_row_copy *row, struct lw_buf *out)
{
    enum lw_status status = add_part(out, row->ref);

    if (status == LW_OK && row->kind != NULL)
        status = add_part(out, row->kind_label);
    if (status == LW_OK)
        status = add_part(out, row->when != NULL ? row->when : _("not dated"));
    if (status == LW_OK)
        status = add_part(out, row->place);
    if (status == LW_OK)
        status = add_part(out, row->hedge);
    return status;
}

/* The words, cut where they must be, and behind them whose they are. */
static int put_quote(const struct lw_area *area, int row, int most, const char *text,
                     const char *from)
{
    int from_wide = (int)lw_utf8_columns(from, strlen(from)) + 4;
    int wide = (int)lw_utf8_columns(text, strlen(text));
    int used;

    if (from_wide > area->columns / 2)
        from_wide = area->columns / 2;
    if (wide + from_wide > area->columns && most > 1 && row + 1 < area->rows) {
        used = put_wrapped(area, row, most - 1, LW_STYLE_PLAIN, text);
        lw_area_puts(area, row + used, 2, LW_STYLE_DIM, lw_grid_sign(area->grid, LW_SIGN_DASH));
        lw_area_put_cut(area, row + used, 4, area->columns - 4, LW_STYLE_DIM, from, strlen(from));
        return used + 1;
    }
    used = lw_area_put_cut(area, row, 0, area->columns - from_wide, LW_STYLE_PLAIN, text,
                           strlen(text));
    used += 2;
    lw_area_puts(area, row, used, LW_STYLE_DIM, lw_grid_sign(area->grid, LW_SIGN_DASH));
    lw_area_put_cut(area, row, used + 2, area->columns - used - 2, LW_STYLE_DIM, from,
                    strlen(from));
    return 1;
}

static void put_entry(struct lw_preview *preview, const struct lw_row_copy *row,
                      const struct lw_area *area)
{
    struct lw_buf head = LW_BUF_INIT;
    int at = 0;

    if (say_head(row, &head) == LW_OK)
        at = put_wrapped(area, 0, HEAD_ROWS, LW_STYLE_DIM, lw_buf_text(&head));
    lw_buf_free(&head);
    if (row->title != NULL && lw_row_is_cut(row, area->columns))
        at += put_wrapped(area, at, HEAD_ROWS, LW_STYLE_PLAIN, row->title);
    for (size_t i = 0; i < preview->count && at < area->rows; i++) {
        int left = area->rows - at;
        int others = (int)(preview->count - i - 1);
        int most = left - others > 1 ? left - others : 1;

        at += put_quote(area, at, most < 4 ? most : 4, preview->quote[i].text,
                        preview->quote[i].from);
    }
}

void lw_preview_draw(struct lw_preview *preview, struct lw_journal *journal,
                     const struct lw_row_copy *row, const struct lw_area *area)
{
    struct lw_area text = lw_area_part(area, 1, 0, area->rows - 1, area->columns);

    if (area->rows < 2)
        return;
    lw_area_fill(area, 0, 0, area->columns, LW_STYLE_DIM, LW_SIGN_RULE);
    if (row == NULL)
        return;
    load(preview, journal, row->id);
    put_entry(preview, row, &text);
}
