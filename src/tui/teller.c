/* From one screen to the next: what was said before is not said again. */
#include "teller.h"

#include <string.h>

enum {
    OVERLAP = 8,    /* bytes of a text that was scrolled, by which it is known again */
    PAGE_LINES = 3, /* so many new ones are a page, and with it is told how far it is */
    NEAR = 6        /* rows round a text in which something is said of it */
};

void lw_teller_forget(struct lw_teller *teller)
{
    lw_teller_page_clear(&teller->told);
    lw_teller_page_clear(&teller->typed);
    lw_teller_page_clear(&teller->covered);
    lw_buf_clear(&teller->hint);
    teller->any = false;
}

void lw_teller_free(struct lw_teller *teller)
{
    lw_teller_page_free(&teller->told);
    lw_teller_page_free(&teller->now);
    lw_teller_page_free(&teller->typed);
    lw_teller_page_free(&teller->covered);
    lw_buf_free(&teller->hint);
    *teller = (struct lw_teller){.any = false};
}

/* ---- printing ---------------------------------------------------------------------------------
 */

static enum lw_status new_line(struct lw_teller *teller, struct lw_buf *out)
{
    bool open = teller->open;

    teller->open = true;
    teller->echoes = false;
    return open ? lw_buf_adds(out, "\r\n") : LW_OK;
}

static enum lw_status print(struct lw_teller *teller, const struct lw_teller_line *line,
                            bool on_line, struct lw_buf *out)
{
    enum lw_status status = on_line ? lw_buf_adds(out, "  ") : new_line(teller, out);

    if (status == LW_OK && line->marked)
        status = lw_buf_adds(out, "> ");
    if (status == LW_OK)
        status = lw_buf_add(out, lw_teller_page_text(&teller->now, line), line->len);
    if (status == LW_OK && line->hint) {
        lw_buf_clear(&teller->hint);
        status = lw_buf_add(&teller->hint, lw_teller_page_text(&teller->now, line), line->len);
    }
    return status;
}

/* Behind the last line of what is selected: those below it that are indented by more go on with it.
 */
static size_t focus_end(const struct lw_teller_page *page)
{
    size_t end = page->focus + 1;
    const struct lw_teller_line *focus;

    if (page->focus >= page->count)
        return page->focus;
    focus = &page->line[page->focus];
    while (focus->marked && !page->in_text && end < page->count &&
           page->line[end].column > focus->column && page->line[end].row < page->foot &&
           page->line[end].row == page->line[end - 1].row + 1)
        end++;
    return end;
}

/* The line that the cursor stays behind. */
static enum lw_status print_focus(struct lw_teller *teller, struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;
    size_t end = focus_end(now);
    enum lw_status status = LW_OK;

    if (now->shown.len > 0 || now->in_text)
        status = new_line(teller, out);
    if (status == LW_OK)
        status = lw_buf_add(out, lw_buf_text(&now->shown), now->shown.len);
    for (size_t i = now->focus + 1; i < end && now->focus < now->count && status == LW_OK; i++)
        status = print(teller, &now->line[i], false, out);
    teller->echoes = now->in_text && now->after.len == 0;
    return status;
}

/* ---- comparing --------------------------------------------------------------------------------
 */

static bool same_text(const struct lw_buf *a, const struct lw_buf *b)
{
    return a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0;
}

static bool starts_with(const struct lw_buf *text, const struct lw_buf *start)
{
    return start->len <= text->len &&
           memcmp(lw_buf_text(text), lw_buf_text(start), start->len) == 0;
}

/* The cursor was in that text before. A label gets a sign where its text is scrolled. */
static bool is_same_field(const struct lw_teller *teller)
{
    const struct lw_teller_page *told = &teller->told, *now = &teller->now;

    return told->in_text && now->in_text &&
           (starts_with(&told->label, &now->label) || starts_with(&now->label, &told->label));
}

/* A title is cut where the right part of its row is long. */
static size_t uncut(const struct lw_teller_page *page, const struct lw_teller_line *line)
{
    static const char cut[] = "…";
    size_t len = line->len, sign = sizeof cut - 1;

    if (len >= sign && memcmp(lw_teller_page_text(page, line) + len - sign, cut, sign) == 0)
        len -= sign;
    return len;
}

static bool is_title(const struct lw_teller_page *page, size_t i)
{
    return i == 0 && page->count > 0 && page->line[0].row == 0 && !page->line[0].joined;
}

static bool same_title(const struct lw_teller *teller)
{
    const struct lw_teller_page *told = &teller->told, *now = &teller->now;
    size_t a, b;

    if (!is_title(told, 0) || !is_title(now, 0))
        return is_title(told, 0) == is_title(now, 0);
    a = uncut(told, &told->line[0]);
    b = uncut(now, &now->line[0]);
    if ((a == told->line[0].len && a < b) || (b == now->line[0].len && b < a))
        return false;
    return memcmp(lw_teller_page_text(told, &told->line[0]),
                  lw_teller_page_text(now, &now->line[0]), a < b ? a : b) == 0;
}

/* Is it among the lines of the other page? Each of those counts once. */
static bool find_line(struct lw_teller_page *page, const struct lw_teller_page *now,
                      const struct lw_teller_line *line)
{
    for (size_t i = 0; i < page->count; i++) {
        struct lw_teller_line *known = &page->line[i];

        if (known->told || known->len != line->len ||
            memcmp(lw_teller_page_text(page, known), lw_teller_page_text(now, line), line->len) !=
                0)
            continue;
        known->told = true;
        return true;
    }
    return false;
}

static bool is_last_hint(const struct lw_teller *teller, const struct lw_teller_line *line)
{
    return line->hint && line->len == teller->hint.len &&
           memcmp(lw_teller_page_text(&teller->now, line), lw_buf_text(&teller->hint), line->len) ==
               0;
}

/* The first line that is marked, the one with the cursor or not. */
static const struct lw_teller_line *selection_of(const struct lw_teller_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->line[i].marked)
            return &page->line[i];
    }
    return NULL;
}

/* Also where the cursor is elsewhere: among what is found while one types, for example. */
static bool selection_moved(const struct lw_teller *teller)
{
    const struct lw_teller_line *from = selection_of(&teller->told);
    const struct lw_teller_line *to = selection_of(&teller->now);

    return to != NULL && (from == NULL || from->len != to->len ||
                          memcmp(lw_teller_page_text(&teller->told, from),
                                 lw_teller_page_text(&teller->now, to), to->len) != 0);
}

static void begin_search(struct lw_teller_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        page->line[i].told = false;
}

/* line->told: it was said before. Returns how many were not, without how things stand. */
static size_t compare(struct lw_teller *teller)
{
    struct lw_teller_page *now = &teller->now;
    const struct lw_teller_line *selected = selection_moved(teller) ? selection_of(now) : NULL;
    size_t fresh = 0;

    begin_search(&teller->told);
    begin_search(&teller->typed);
    begin_search(&teller->covered);
    for (size_t i = 0; i < now->count; i++) {
        struct lw_teller_line *line = &now->line[i];

        line->told = find_line(&teller->told, now, line) || find_line(&teller->typed, now, line) ||
                     find_line(&teller->covered, now, line) || is_last_hint(teller, line);
        if (line == selected)
            line->told = false;
        if (is_title(now, i) && same_title(teller))
            line->told = true;
        fresh += !line->told && !line->joined && i != now->focus;
    }
    return fresh;
}

/* Whether the focus is told apart from the other lines, and last: what is selected, what is typed,
 * what is asked. Elsewhere the cursor only marks the top. */
static bool has_focus(const struct lw_teller_page *page)
{
    const struct lw_teller_line *line = page->focus < page->count ? &page->line[page->focus] : NULL;

    return page->in_text || (line != NULL && (line->marked || line->row >= page->foot));
}

/* One of two lines that read the same is told where nothing else tells that it is another. */
static bool focus_moved(const struct lw_teller *teller, size_t fresh)
{
    const struct lw_teller_page *told = &teller->told, *now = &teller->now;
    const struct lw_teller_line *to = now->focus < now->count ? &now->line[now->focus] : NULL;
    const struct lw_teller_line *from = told->focus < told->count ? &told->line[told->focus] : NULL;

    return !same_text(&told->shown, &now->shown) || told->in_text != now->in_text ||
           (fresh == 0 && to != NULL && from != NULL && to->row != from->row);
}

/* ---- a screen that was not there before -------------------------------------------------------
 */

/* Whether the focus is told among the others too: a selection, or a row of a longer text. A line
 * that only asks stands at the end alone. */
static bool has_place(const struct lw_teller_page *page)
{
    if (page->focus >= page->count || page->line[page->focus].marked)
        return focus_end(page) < page->count;
    for (size_t i = 0; i < page->count; i++) {
        if (page->line[i].typed && i != page->focus)
            return true;
    }
    return false;
}

/* From top to bottom, and at the end where one is. */
static enum lw_status tell_all(struct lw_teller *teller, struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;
    bool focus = has_focus(now), apart = focus && !has_place(now);
    size_t end = focus_end(now);
    enum lw_status status = LW_OK;

    lw_buf_clear(&teller->hint);
    for (size_t i = 0; i < now->count && status == LW_OK; i++) {
        if (!apart || i < now->focus || i >= end)
            status = print(teller, &now->line[i], now->line[i].joined && i > 0, out);
    }
    return status == LW_OK && focus ? print_focus(teller, out) : status;
}

/* One that was left for another and is there again: which it is, what is said on it, where one is.
 */
static enum lw_status tell_return(struct lw_teller *teller, struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;
    bool focus = has_focus(now);
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < now->count && status == LW_OK; i++) {
        const struct lw_teller_line *line = &now->line[i];

        if (line->row == 0 ||
            (line->row >= now->foot && !line->hint && !(focus && i == now->focus)))
            status = print(teller, line, line->joined && i > 0, out);
    }
    return status == LW_OK && focus ? print_focus(teller, out) : status;
}

/* ---- the same screen --------------------------------------------------------------------------
 */

/* How things stand is told alone, or with a page: not with every step. */
static bool tells_state(const struct lw_teller *teller, size_t fresh)
{
    if (teller->now.in_text)
        return false;
    if (fresh > 0)
        return fresh >= PAGE_LINES;
    return !has_focus(&teller->now) || !focus_moved(teller, fresh);
}

/* Whether a line is told where it is new. Where the cursor came to another text, what comes into
 * sight far from it is told when one gets there; quiet: only what is loud is told. */
static bool tells(const struct lw_teller *teller, const struct lw_teller_line *line, bool quiet,
                  bool state)
{
    const struct lw_teller_page *now = &teller->now;
    bool below = line->joined || line->row >= now->foot;

    if (line->loud && below)
        return true;
    if (quiet || (line->joined && !state))
        return false;
    return below || !now->in_text || is_same_field(teller) ||
           (line->row >= now->first - NEAR && line->row <= now->last + NEAR);
}

/* What was not said yet; quiet: of that only what is loud. *count: lines that were told. */
static enum lw_status tell_changes(struct lw_teller *teller, bool quiet, size_t *count,
                                   struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;
    size_t apart = has_focus(now) ? now->focus : SIZE_MAX;
    size_t end = has_focus(now) ? focus_end(now) : 0;
    bool state = tells_state(teller, compare(teller));
    bool before = false;
    enum lw_status status = LW_OK;

    *count = 0;
    for (size_t i = 0; i < now->count && status == LW_OK; i++) {
        const struct lw_teller_line *line = &now->line[i];
        bool tell = !line->told && i != apart && (i < apart || i >= end) &&
                    tells(teller, line, quiet, state);

        if (tell)
            status = print(teller, line, line->joined && before, out);
        before = tell;
        *count += tell;
    }
    return status;
}

/* What was put behind the text that was there, in *added; false where it is no more than another
 * text. Of one that was scrolled meanwhile the end is known again. */
static bool was_added(const struct lw_teller_page *told, const struct lw_teller_page *now,
                      const char **added)
{
    const char *old = lw_buf_text(&told->before), *text = lw_buf_text(&now->before);
    size_t len = told->before.len;

    if (!same_text(&told->after, &now->after))
        return false;
    for (size_t skip = 0; skip == 0 || skip + OVERLAP <= len; skip++) {
        if (len - skip <= now->before.len && memcmp(old + skip, text, len - skip) == 0) {
            *added = text + len - skip;
            return true;
        }
    }
    return false;
}

static void swap_text(struct lw_buf *a, struct lw_buf *b)
{
    struct lw_buf spare = *a;

    *a = *b;
    *b = spare;
}

/* The rows of the text, the new one of the focus with them: they are no news when it is left. */
static enum lw_status keep_typed(struct lw_teller *teller)
{
    struct lw_teller_page *now = &teller->now;
    enum lw_status status = LW_OK;

    lw_teller_page_clear(&teller->typed);
    for (size_t i = 0; i < now->count && status == LW_OK; i++) {
        const struct lw_teller_line *line = &now->line[i];

        if (line->typed || (line->loud && (line->joined || line->row >= now->foot)))
            status = lw_teller_page_add(&teller->typed, lw_teller_page_text(now, line), line->len);
    }
    swap_text(&teller->told.before, &now->before);
    swap_text(&teller->told.after, &now->after);
    swap_text(&teller->told.shown, &now->shown);
    teller->told.keys = now->keys;
    return status;
}

static bool is_same_text(const struct lw_teller *teller)
{
    return same_text(&teller->told.before, &teller->now.before) &&
           same_text(&teller->told.after, &teller->now.after);
}

static enum lw_status echo(struct lw_teller *teller, const char *added, struct lw_buf *out)
{
    bool turn = teller->now.turned && strcmp(added, " ") == 0;
    enum lw_status status = LW_OK;

    if (!teller->echoes || turn)
        status = new_line(teller, out);
    teller->echoes = true;
    return status == LW_OK && !turn ? lw_buf_adds(out, added) : status;
}

/* While somebody types only that is told: what the screen makes of it comes when the text is left,
 * or is asked for. What went wrong comes at once. */
static enum lw_status tell_typing(struct lw_teller *teller, struct lw_buf *out)
{
    const char *added = NULL;
    size_t count = 0;
    enum lw_status status = tell_changes(teller, true, &count, out);

    if (status != LW_OK)
        return status;
    if (count == 0 && is_same_text(teller))
        return LW_OK;
    if (count == 0 && was_added(&teller->told, &teller->now, &added) && added[0] != '\0')
        status = echo(teller, added, out);
    else
        status = print_focus(teller, out);
    return status == LW_OK ? keep_typed(teller) : status;
}

/* The same text is being typed or walked through: it is another one, or has its cursor elsewhere,
 * or nobody pressed a key. */
static bool is_typing(const struct lw_teller *teller)
{
    return is_same_field(teller) &&
           (!is_same_text(teller) || teller->told.keys == teller->now.keys);
}

/* Where nothing is selected any more, which screen this is. */
static enum lw_status tell_title(struct lw_teller *teller, struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;

    return now->count > 0 ? print(teller, &now->line[0], false, out) : LW_OK;
}

/* What a prompt or a message covers is no news when it is there again. */
static enum lw_status keep_covered(struct lw_teller *teller)
{
    const struct lw_teller_page *told = &teller->told;
    enum lw_status status = LW_OK;

    if (teller->now.foot >= told->foot || teller->covered_foot > 0)
        return LW_OK;
    for (size_t i = 0; i < told->count && status == LW_OK; i++) {
        const struct lw_teller_line *line = &told->line[i];

        if (line->row > 0 && line->row < told->foot)
            status =
                lw_teller_page_add(&teller->covered, lw_teller_page_text(told, line), line->len);
    }
    teller->covered_foot = told->foot;
    return status;
}

static void drop_covered(struct lw_teller *teller)
{
    lw_teller_page_clear(&teller->covered);
    teller->covered_foot = 0;
}

static enum lw_status tell_same(struct lw_teller *teller, struct lw_buf *out)
{
    const struct lw_teller_page *now = &teller->now;
    size_t count = 0;
    enum lw_status status = keep_covered(teller);

    if (status == LW_OK)
        status = tell_changes(teller, false, &count, out);
    if (now->foot >= teller->covered_foot)
        drop_covered(teller);
    if (status == LW_OK && has_focus(now) &&
        (focus_moved(teller, count) ||
         (count > 0 && (now->in_text || now->focus + 1 == now->count))))
        status = print_focus(teller, out);
    else if (status == LW_OK && count == 0 && has_focus(&teller->told) && !has_focus(now))
        status = tell_title(teller, out);
    return status;
}

/* The same screen with something else on it: what both have in common is told with the rest. */
static bool is_other(struct lw_teller *teller)
{
    const struct lw_teller_page *now = &teller->now;

    if (now->in_text || same_title(teller))
        return false;
    return compare(teller) * 2 >= now->count;
}

/* Of another size the same is drawn otherwise, which is no news. */
static enum lw_status tell_reshaped(struct lw_teller *teller, struct lw_buf *out)
{
    bool moved = has_focus(&teller->now) && !same_text(&teller->told.shown, &teller->now.shown);

    return moved ? print_focus(teller, out) : LW_OK;
}

static void swap(struct lw_teller *teller)
{
    struct lw_teller_page spare = teller->told;

    teller->told = teller->now;
    teller->now = spare;
    lw_teller_page_clear(&teller->typed);
}

enum lw_status lw_teller_tell(struct lw_teller *teller, const struct lw_grid *grid,
                              struct lw_buf *out)
{
    const struct lw_teller_page *told = &teller->told, *now = &teller->now;
    enum lw_status status = lw_teller_page_read(&teller->now, grid);
    bool typing = false;

    if (status != LW_OK)
        goto done;
    if (now->scene != told->scene)
        drop_covered(teller);
    if (!teller->any || now->scene > told->scene) {
        status = tell_all(teller, out);
    } else if (now->scene < told->scene) {
        status = tell_return(teller, out);
    } else if (now->rows != told->rows || now->columns != told->columns) {
        status = tell_reshaped(teller, out);
    } else if (is_other(teller)) {
        status = tell_all(teller, out);
    } else if (is_typing(teller)) {
        typing = true;
        status = tell_typing(teller, out);
    } else {
        status = tell_same(teller, out);
    }
done:
    teller->any = status == LW_OK;
    if (!typing)
        swap(teller);
    lw_teller_page_clear(&teller->now);
    return status;
}
