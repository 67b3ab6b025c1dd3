/* The timeline in lanes: a line for each person, place, kind or source, a sign for each stretch. */
#include "internal.h"

#include <string.h>

enum { SLICE = 10000, NAME_WIDE = 22, NAME_NARROW = 16, NARROW = 60, NUMBER = 5 };

struct page {
    struct lw_out *out;
    const struct lw_zoom *zoom;
    struct lw_lanes *lanes;
    int64_t first;
    size_t count;
    size_t name, cells;
    struct lw_buf line;
};

static size_t name_columns(const struct lw_out *out)
{
    return out->columns < NARROW ? NAME_NARROW : NAME_WIDE;
}

size_t lw_zoom_lanes_cells(const struct lw_out *out)
{
    return out->columns - name_columns(out) - NUMBER - 3;
}

static enum lw_status pad(struct lw_buf *line, size_t to)
{
    enum lw_status status = LW_OK;

    for (size_t at = lw_utf8_columns(lw_buf_text(line), line->len); at < to && status == LW_OK;
         at++)
        status = lw_buf_addc(line, ' ');
    return status;
}

/* ---- lanes ------------------------------------------------------------------------------------
 */

static bool any_in(const struct lw_timeline_lane *lane, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (lane->bar[at].stated + lane->bar[at].wider > 0)
            return true;
    }
    return false;
}

/* A long name goes on below: two names that begin the same must not look the same. */
static enum lw_status print_lane(struct page *page, const struct lw_timeline_lane *lane,
                                 size_t from, size_t to)
{
    const char *name = lane->name;
    size_t len = strlen(name), next = 0;
    size_t take = lw_utf8_break(name, len, page->name, &next);
    enum lw_status status;

    lw_buf_clear(&page->line);
    status = lw_buf_add(&page->line, name, take);
    if (status == LW_OK)
        status = pad(&page->line, page->name + 1);
    if (status == LW_OK)
        status = lw_buf_addf(&page->line, "%*llu  ", NUMBER, (unsigned long long)lane->entries);
    for (size_t at = from; at < to && status == LW_OK; at++)
        status = lw_buf_addc(&page->line, lw_bar_sign(&lane->bar[at]));
    if (status != LW_OK)
        return status;
    lw_out_line(page->out, "%s", page->line.data);
    while (name += next, len -= next, len > 0) {
        take = lw_utf8_break(name, len, page->name - 2, &next);
        lw_out_spaces(page->out, 2);
        lw_out_bytes(page->out, name, take);
        lw_out_newline(page->out);
    }
    return LW_OK;
}

static enum lw_status print_block(struct page *page, size_t from, size_t to)
{
    enum lw_status status;

    lw_buf_clear(&page->line);
    status = pad(&page->line, page->name + 1 + NUMBER - 3);
    if (status == LW_OK)
        status = lw_buf_says(&page->line, "all");
    if (status == LW_OK)
        status = pad(&page->line, page->name + NUMBER + 3);
    if (status == LW_OK)
        status = lw_bar_ticks(page->zoom->scale, page->first + (int64_t)from, to - from,
                              page->cells, from == 0, &page->line);
    if (status != LW_OK)
        return status;
    lw_out_line(page->out, "%s", page->line.data);
    for (size_t i = 0; i < lw_lanes_count(page->lanes) && status == LW_OK; i++) {
        if (any_in(lw_lanes_at(page->lanes, i), from, to))
            status = print_lane(page, lw_lanes_at(page->lanes, i), from, to);
    }
    lw_out_newline(page->out);
    return status;
}

static bool any_lane_in(const struct page *page, size_t from, size_t to)
{
    for (size_t i = 0; i < lw_lanes_count(page->lanes); i++) {
        if (any_in(lw_lanes_at(page->lanes, i), from, to))
            return true;
    }
    return false;
}

/* "Without a date: Ivan 2, Olga 1" */
static enum lw_status print_rest(struct page *page, bool undated)
{
    bool any = false;
    enum lw_status status;

    lw_buf_clear(&page->line);
    status = lw_buf_says(&page->line, undated ? "Without a date: " : "Before it or after it: ");
    for (size_t i = 0; i < lw_lanes_count(page->lanes) && status == LW_OK; i++) {
        const struct lw_timeline_lane *lane = lw_lanes_at(page->lanes, i);
        uint64_t number = undated                        ? lane->undated
                          : any_in(lane, 0, page->count) ? 0
                                                         : lane->entries - lane->undated;

        if (number == 0)
            continue;
        status = lw_buf_addf(&page->line, "%s%s %llu", any ? ", " : "", lane->name,
                             (unsigned long long)number);
        any = true;
    }
    if (status == LW_OK && any)
        lw_out_wrap(page->out, 0, 2, page->line.data);
    return status;
}

static enum lw_status print_legend(struct page *page)
{
    static const char *const legends[LW_SCALES] = {
        N_("1 to 9 are entries dated within that year, + is ten or more; ~ is where there is none "
           "of these, but one that may have been in it or lasts longer."),
        N_("1 to 9 are entries dated within that month, + is ten or more; ~ is where there is none "
           "of these, but one that may have been in it or lasts longer."),
        N_("1 to 9 are entries dated within that day, + is ten or more; ~ is where there is none "
           "of these, but one that may have been in it or lasts longer."),
        N_("1 to 9 are entries dated within that hour, + is ten or more; ~ is where there is none "
           "of these, but one that may have been in it or lasts longer.")};
    enum lw_status status;

    lw_buf_clear(&page->line);
    status = lw_buf_says(&page->line, legends[page->zoom->scale]);
    if (status == LW_OK && (page->zoom->by == LW_LANES_PERSON || page->zoom->by == LW_LANES_SOURCE))
        status = lw_buf_says(&page->line,
                             page->zoom->by == LW_LANES_PERSON
                                 ? " An entry with several people stands in the line of each."
                                 : " An entry with several sources stands in the line of each.");
    if (status == LW_OK)
        lw_out_wrap(page->out, 0, 0, page->line.data);
    return status;
}

static enum lw_status print(struct page *page)
{
    enum lw_status status = LW_OK;

    for (size_t from = 0; from < page->count && status == LW_OK; from += page->cells) {
        size_t to = from + page->cells < page->count ? from + page->cells : page->count;

        if (any_lane_in(page, from, to))
            status = print_block(page, from, to);
    }
    if (status == LW_OK)
        status = print_rest(page, false);
    if (status == LW_OK)
        status = print_rest(page, true);
    return status == LW_OK && page->count > 0 ? print_legend(page) : status;
}

enum lw_status lw_zoom_lanes_print(struct lw_cli *cli, struct lw_journal *journal,
                                   const struct lw_zoom *zoom, const struct lw_filter *filter,
                                   int64_t first, size_t count, struct lw_error *err)
{
    struct page page = {
        .out = &cli->out,
        .zoom = zoom,
        .first = first,
        .count = count,
        .name = name_columns(&cli->out),
        .cells = lw_zoom_lanes_cells(&cli->out),
    };
    bool done = false;
    enum lw_status status =
        lw_lanes_begin(journal, filter, zoom->by, zoom->scale, first, count, &page.lanes, err);

    while (status == LW_OK && !done)
        status = lw_lanes_more(page.lanes, SLICE, &done, err);
    if (status == LW_OK && print(&page) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    lw_lanes_free(page.lanes);
    lw_buf_free(&page.line);
    return status;
}
