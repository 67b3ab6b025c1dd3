/* The timeline as a ruler: how many entries there are by date, in signs that any letter can hold.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIT_LINES = 40,
    RULER_MOST = 200000,
    LANES_MOST = 2000,
    SLICE = 10000,
    RUN = 3,
    INDENT = 2,
    NARROW = 60
};

struct page {
    struct lw_cli *cli;
    struct lw_journal *journal;
    const struct lw_filter_options *options;
    struct lw_zoom zoom;
    struct lw_counts *counts;
    int64_t first;
    size_t count;
    struct lw_bar *bar;
    struct lw_ruler ruler;
    struct lw_buf line;
};

/* Whole sentences, since the words change with the unit in other languages. */
static const char *const titles[LW_SCALES] = {N_("Entries by year"), N_("Entries by month"),
                                              N_("Entries by day"), N_("Entries by hour")};
static const char *const legends[LW_SCALES] = {
    N_("# is an entry dated within that year; ~ one that may have been in it, or lasts longer."),
    N_("# is an entry dated within that month; ~ one that may have been in it, or lasts longer."),
    N_("# is an entry dated within that day; ~ one that may have been in it, or lasts longer."),
    N_("# is an entry dated within that hour; ~ one that may have been in it, or lasts longer.")};
static const char *const runs_on[LW_SCALES] = {
    N_(" … goes on like that from year to year, up to the next line."),
    N_(" … goes on like that from month to month, up to the next line."),
    N_(" … goes on like that from day to day, up to the next line."),
    N_(" … goes on like that from hour to hour, up to the next line.")};
static const char *const withins[LW_SCALES] = {N_("within one year"), N_("within one month"),
                                               N_("within one day"), N_("within one hour")};

/* ---- options ----------------------------------------------------------------------------------
 */

static enum lw_status take_scale(const char *text, struct lw_zoom *out, struct lw_error *err)
{
    out->on = true;
    out->fit = strcmp(text, "fit") == 0;
    for (int scale = 0; scale < LW_SCALES && !out->fit; scale++) {
        out->scale = (enum lw_scale)scale;
        if (strcmp(text, lw_scale_name(out->scale)) == 0)
            return LW_OK;
    }
    return out->fit ? LW_OK
                    : lw_fail(err, LW_USAGE, "--ruler takes years, months, days, hours or fit");
}

static enum lw_status take_lanes(const char *text, struct lw_zoom *out, struct lw_error *err)
{
    out->lanes = true;
    for (int by = 0; by < LW_LANES_BY; by++) {
        out->by = (enum lw_lanes_by)by;
        if (strcmp(text, lw_lanes_name(out->by)) == 0)
            return LW_OK;
    }
    return lw_fail(err, LW_USAGE, "--lanes takes person, place, kind or source");
}

enum lw_status lw_zoom_take(const struct lw_cli *cli, struct lw_zoom *out, struct lw_error *err)
{
    const char *ruler = cli->option[LW_OPT_RULER], *lanes = cli->option[LW_OPT_LANES];
    enum lw_status status = LW_OK;

    *out = (struct lw_zoom){.on = false};
    if (ruler == NULL && lanes == NULL)
        return LW_OK;
    if (cli->option[LW_OPT_JSON] != NULL || cli->option[LW_OPT_CSV] != NULL)
        return lw_fail(err, LW_USAGE,
                       "--ruler and --lanes print text and cannot be given with --json or --csv");
    status = take_scale(ruler != NULL ? ruler : "fit", out, err);
    return status == LW_OK && lanes != NULL ? take_lanes(lanes, out, err) : status;
}

/* ---- what is shown ----------------------------------------------------------------------------
 */

/* Not more than was asked for: an entry that goes on would have it drawn far beyond. */
static void clip(const struct lw_filter *filter, int64_t *first, int64_t *last)
{
    const struct lw_when *since = filter->when != NULL ? filter->when : filter->since;
    const struct lw_when *until = filter->when != NULL ? filter->when : filter->until;

    if (since != NULL && since->earliest != LW_TIME_MIN) {
        int64_t day = lw_scale_bucket(LW_SCALE_DAYS, since->earliest);

        *first = *first > day ? *first : day;
        *last = *last > *first ? *last : *first;
    }
    if (until != NULL && until->latest != LW_TIME_MAX) {
        int64_t day = lw_scale_bucket(LW_SCALE_DAYS, until->latest - 1);

        *last = *last < day ? *last : day;
        *first = *first < *last ? *first : *last;
    }
}

/* How many bars from there on have nothing stated for them and are the same. */
static size_t run_of(const struct page *page, size_t at)
{
    size_t end = at;

    while (end < page->count && page->bar[end].stated == 0 &&
           page->bar[end].wider == page->bar[at].wider)
        end++;
    return end - at >= RUN ? end - at : 1;
}

static size_t count_lines(const struct page *page)
{
    size_t lines = 0;

    for (size_t at = 0; at < page->count; at += run_of(page, at))
        lines++;
    return lines;
}

static enum lw_status fill(struct page *page, struct lw_error *err)
{
    free(page->bar);
    page->bar = calloc(page->count + 1, sizeof(*page->bar));
    if (page->bar == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return lw_counts_bars(page->counts, page->zoom.scale, page->first, page->bar, page->count,
                          &page->ruler, err);
}

/* Lanes begin and end with what is stated: years in which only one thing went on would push out
 * the days in which the others happened. */
static enum lw_status trim(struct page *page, struct lw_error *err)
{
    size_t from = 0, to = page->count;

    while (from < to && page->bar[from].stated == 0)
        from++;
    while (to > from && page->bar[to - 1].stated == 0)
        to--;
    if (from == to)
        return LW_OK;
    page->first += (int64_t)from;
    page->count = to - from;
    return fill(page, err);
}

/* *fits: at this scale it is short enough. */
static enum lw_status try_scale(struct page *page, int64_t first_day, int64_t last_day, bool *fits,
                                struct lw_error *err)
{
    enum lw_scale scale = page->zoom.scale;
    enum lw_status status;

    page->first = lw_scale_bucket(scale, first_day * 86400);
    page->count = (size_t)(lw_scale_bucket(scale, last_day * 86400 + 86399) - page->first) + 1;
    *fits = page->count <= RULER_MOST;
    if (!*fits)
        return LW_OK;
    status = fill(page, err);
    if (status == LW_OK && page->zoom.lanes)
        status = trim(page, err);
    if (page->zoom.lanes)
        *fits = page->count <=
                (page->zoom.fit ? lw_zoom_lanes_cells(&page->cli->out) : (size_t)LANES_MOST);
    else
        *fits = !page->zoom.fit || count_lines(page) <= FIT_LINES;
    return status;
}

static enum lw_status choose(struct page *page, struct lw_error *err)
{
    int64_t first = 0, last = 0;
    bool any, fits = false;
    enum lw_status status = lw_counts_days(page->counts, &first, &last, &any, err);

    if (status != LW_OK)
        return status;
    if (!any)
        return fill(page, err);
    clip(&page->options->filter, &first, &last);
    if (page->zoom.fit)
        page->zoom.scale = LW_SCALE_DAYS;
    status = try_scale(page, first, last, &fits, err);
    while (status == LW_OK && !fits && page->zoom.fit && page->zoom.scale > LW_SCALE_YEARS) {
        page->zoom.scale = (enum lw_scale)(page->zoom.scale - 1);
        status = try_scale(page, first, last, &fits, err);
    }
    if (status != LW_OK || fits || (page->zoom.fit && page->count <= LANES_MOST))
        return status;
    return lw_fail(err, LW_USAGE,
                   "these are %zu %s, too many for a page: give a coarser --ruler, or --since "
                   "and --until",
                   page->count, _(lw_scale_name(page->zoom.scale)));
}

static enum lw_status count(struct page *page, struct lw_error *err)
{
    bool done = false;
    enum lw_status status =
        lw_counts_begin(page->journal, &page->options->filter, &page->counts, err);

    while (status == LW_OK && !done)
        status = lw_counts_more(page->counts, SLICE, &done, err);
    return status == LW_OK ? choose(page, err) : status;
}

static unsigned long long all_of(const struct lw_ruler *ruler)
{
    return ruler->earlier + ruler->stated + ruler->wider + ruler->later + ruler->undated;
}

/* ---- bars -------------------------------------------------------------------------------------
 */

struct columns {
    size_t label, stated, wider, cells;
    uint64_t each; /* entries that a sign stands for */
};

static size_t digits(uint64_t number)
{
    size_t count = 1;

    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static size_t signs(uint64_t number, uint64_t each)
{
    return (size_t)(number / each + (number % each != 0));
}

static struct columns measure(const struct page *page)
{
    static const size_t labels[][LW_SCALES] = {{6, 16, 23, 30}, {6, 9, 12, 18}};
    bool narrow = page->cli->out.columns < NARROW;
    struct columns columns = {.label = labels[narrow][page->zoom.scale], .each = 1};
    uint64_t stated = 0, wider = 0, sum = 0;
    size_t used;

    for (size_t i = 0; i < page->count; i++) {
        const struct lw_bar *bar = &page->bar[i];

        stated = bar->stated > stated ? bar->stated : stated;
        wider = bar->wider > wider ? bar->wider : wider;
        sum = bar->stated + bar->wider > sum ? bar->stated + bar->wider : sum;
    }
    columns.stated = digits(stated);
    columns.wider = wider > 0 ? digits(wider) + 2 : 0;
    used = INDENT + columns.label + 2 + columns.stated + columns.wider + 2;
    columns.cells = page->cli->out.columns > used + 4 ? page->cli->out.columns - used : 4;
    if (sum > columns.cells) /* rounding up may add a sign to each of the two */
        columns.each = sum / (columns.cells - 2) + 1;
    return columns;
}

static enum lw_status add_pad(struct lw_buf *line, size_t to)
{
    enum lw_status status = LW_OK;

    for (size_t at = lw_utf8_columns(lw_buf_text(line), line->len); at < to && status == LW_OK;
         at++)
        status = lw_buf_addc(line, ' ');
    return status;
}

static enum lw_status add_signs(struct lw_buf *line, char sign, size_t count)
{
    enum lw_status status = LW_OK;

    for (; count > 0 && status == LW_OK; count--)
        status = lw_buf_addc(line, sign);
    return status;
}

/* "  Sat 13 December 2014    3 ~1  ###~"; so many bars that are the same have one line. */
static enum lw_status print_bar(struct page *page, const struct columns *columns, size_t at,
                                size_t same)
{
    const struct lw_bar *bar = &page->bar[at];
    struct lw_buf *line = &page->line;
    enum lw_status status;

    lw_buf_clear(line);
    status = add_pad(line, INDENT);
    if (status == LW_OK)
        status = page->cli->out.columns < NARROW
                     ? lw_bar_say_short(page->zoom.scale, page->first + (int64_t)at, line)
                     : lw_bar_say(page->zoom.scale, page->first + (int64_t)at, line);
    if (status == LW_OK && same > 1)
        status = lw_buf_adds(line, " …");
    if (status == LW_OK)
        status = add_pad(line, INDENT + columns->label + 2);
    if (status == LW_OK)
        status = lw_buf_addf(line, "%*llu", (int)columns->stated, (unsigned long long)bar->stated);
    if (status == LW_OK && bar->wider > 0)
        status = lw_buf_addf(line, " ~%llu", (unsigned long long)bar->wider);
    if (status == LW_OK && bar->stated + bar->wider > 0)
        status = add_pad(line, INDENT + columns->label + 2 + columns->stated + columns->wider + 2);
    if (status == LW_OK)
        status = add_signs(line, '#', signs(bar->stated, columns->each));
    if (status == LW_OK)
        status = add_signs(line, '~', signs(bar->wider, columns->each));
    if (status == LW_OK)
        lw_out_line(&page->cli->out, "%s", lw_buf_text(line));
    return status;
}

static enum lw_status print_bars(struct page *page)
{
    const struct columns columns = measure(page);
    bool runs = false;
    enum lw_status status = LW_OK;

    for (size_t at = 0, same; at < page->count && status == LW_OK; at += same) {
        same = run_of(page, at);
        runs = runs || same > 1;
        status = print_bar(page, &columns, at, same);
    }
    if (status != LW_OK)
        return status;
    lw_out_newline(&page->cli->out);
    lw_buf_clear(&page->line);
    status = lw_buf_says(&page->line, legends[page->zoom.scale]);
    if (status == LW_OK && runs)
        status = lw_buf_says(&page->line, runs_on[page->zoom.scale]);
    if (status == LW_OK && columns.each > 1)
        status = lw_buf_sayf(&page->line, " A sign stands for up to %llu of them.",
                             (unsigned long long)columns.each);
    if (status == LW_OK)
        lw_out_wrap(&page->cli->out, 0, 0, page->line.data);
    return status;
}

/* ---- what stands round them -------------------------------------------------------------------
 */

/* "Entries by day and person, Thu 4 December 2014 to Tue 16 December 2014" */
static enum lw_status print_heading(struct page *page)
{
    struct lw_buf *line = &page->line;
    enum lw_status status;

    lw_buf_clear(line);
    status = lw_buf_addf(line, "%s%s%s", _(titles[page->zoom.scale]),
                         page->zoom.lanes ? C_("by day and person", " and ") : "",
                         page->zoom.lanes ? lw_lanes_said(page->zoom.by) : "");
    if (status == LW_OK && page->count > 0)
        status = lw_buf_adds(line, ", ");
    if (status == LW_OK && page->count > 0)
        status = lw_bar_say(page->zoom.scale, page->first, line);
    if (status == LW_OK && page->count > 1)
        status = lw_buf_adds(line, C_("from one date to another", " to "));
    if (status == LW_OK && page->count > 1)
        status = lw_bar_say(page->zoom.scale, page->first + (int64_t)page->count - 1, line);
    if (status == LW_OK)
        lw_out_wrap(&page->cli->out, 0, INDENT, lw_buf_text(line));
    return status;
}

/* What is a part of the journal never stands without what part it is. */
static enum lw_status print_filter(struct page *page)
{
    const struct lw_when *when = page->options->filter.when;
    struct lw_buf rest = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (!lw_filter_options_any(page->options))
        return LW_OK;
    lw_buf_clear(&page->line);
    status = lw_buf_says(&page->line, "Only ");
    if (status == LW_OK && when != NULL)
        status = lw_buf_says(&page->line, "what is or may be of ");
    if (status == LW_OK && when != NULL)
        status = lw_when_say(when, &page->line);
    if (status == LW_OK)
        status = lw_filter_options_say(page->options, &rest);
    if (status == LW_OK && rest.len > 0)
        status = lw_buf_addf(&page->line, "%s%s", when != NULL ? " · " : "", rest.data);
    if (status == LW_OK)
        lw_out_wrap(&page->cli->out, 0, INDENT, lw_buf_text(&page->line));
    lw_buf_free(&rest);
    return status;
}

static enum lw_status add_part(struct lw_buf *line, uint64_t number, const char *what, bool *first)
{
    enum lw_status status = LW_OK;

    if (number > 0) {
        status =
            lw_buf_addf(line, "%s %llu %s", *first ? ":" : ",", (unsigned long long)number, what);
        *first = false;
    }
    return status;
}

/* "26 entries: 20 within one day, 4 over several or not dated so finely, 2 without a date" */
static enum lw_status print_sum(struct page *page)
{
    const struct lw_ruler *ruler = &page->ruler;
    unsigned long long all = all_of(ruler);
    struct lw_buf within = LW_BUF_INIT;
    bool first = true;
    enum lw_status status;

    lw_buf_clear(&page->line);
    status = lw_buf_says(&within, withins[page->zoom.scale]);
    if (status == LW_OK)
        status = lw_buf_addf(&page->line, lw_say_count("%llu entry", "%llu entries", all), all);
    if (status == LW_OK)
        status = add_part(&page->line, ruler->stated, within.data, &first);
    if (status == LW_OK)
        status =
            add_part(&page->line, ruler->wider, _("over several or not dated so finely"), &first);
    if (status == LW_OK)
        status = add_part(&page->line, ruler->earlier, _("earlier"), &first);
    if (status == LW_OK)
        status = add_part(&page->line, ruler->later, _("later"), &first);
    if (status == LW_OK)
        status = add_part(&page->line, ruler->undated, _("without a date"), &first);
    if (status == LW_OK)
        lw_out_wrap(&page->cli->out, 0, INDENT, page->line.data);
    lw_buf_free(&within);
    return status;
}

static enum lw_status print(struct page *page, struct lw_error *err)
{
    enum lw_status status = print_heading(page);

    if (status == LW_OK)
        status = print_filter(page);
    if (status == LW_OK)
        status = print_sum(page);
    if (status != LW_OK)
        return lw_fail(err, status, "out of memory");
    lw_out_newline(&page->cli->out);
    if (page->zoom.lanes)
        return lw_zoom_lanes_print(page->cli, page->journal, &page->zoom, &page->options->filter,
                                   page->first, page->count, err);
    if (page->count > 0 && print_bars(page) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return LW_OK;
}

enum lw_status lw_zoom_print(struct lw_cli *cli, struct lw_journal *journal,
                             const struct lw_zoom *zoom, const struct lw_filter_options *options,
                             struct lw_error *err)
{
    struct page page = {.cli = cli, .journal = journal, .options = options, .zoom = *zoom};
    enum lw_status status = count(&page, err);

    if (status == LW_OK && all_of(&page.ruler) == 0)
        lw_out_line(&cli->errs, "No entries");
    else if (status == LW_OK)
        status = print(&page, err);
    lw_counts_free(page.counts);
    free(page.bar);
    lw_buf_free(&page.line);
    return status;
}
