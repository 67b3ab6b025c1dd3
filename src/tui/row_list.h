/* Rows of the timeline as the screens keep and draw them: a stretch of it, with its headings. */
#ifndef LW_TUI_ROW_LIST_H
#define LW_TUI_ROW_LIST_H

#include "journal_views.h"
#include "list.h"

/* One entry, said in words. Texts are owned and clean; NULL: nothing to say. */
struct lw_row_copy {
    uint8_t id[LW_RECORD_ID];
    struct lw_anchor at;
    int64_t day;
    char *heading, *ref, *kind, *kind_label, *time, *title, *hedge, *when, *place;
    char *more; /* what stands below it, once it was drawn there */
    bool more_read;
    unsigned sources;
    bool contradicted, amended, open;
};

/* Rows on their way into a list; start with {0}. */
struct lw_row_batch {
    struct lw_row_copy *row;
    size_t count;
    size_t cap;
};
/* lw_row_visitor that adds a copy; context is the batch. */
enum lw_status lw_row_batch_visit(void *context, const struct lw_row *row, struct lw_error *err);
void lw_row_batch_clear(struct lw_row_batch *batch);

struct lw_row_line {
    size_t row;
    bool heading; /* that the row stands under */
    bool more;    /* about the row above */
};

struct lw_row_list {
    struct lw_row_batch rows;
    struct lw_row_line *line;
    size_t lines;
    struct lw_list list;       /* over the lines */
    struct lw_journal *expand; /* where what stands below a row is read; NULL: nothing does */
};

/* Where the eye is, to find the place again after the rows changed. */
struct lw_row_mark {
    bool set;
    uint8_t id[LW_RECORD_ID];
    struct lw_anchor at;
    size_t offset; /* lines from the top of the screen */
    bool end;      /* the last line was in sight */
};

void lw_row_list_init(struct lw_row_list *list);
void lw_row_list_clear(struct lw_row_list *list);
/* Takes the rows of the batch, which is empty afterwards, in the place of all, or at an end. On
 * NO_MEMORY the list is as it was. The selection is lost: mark it before. */
enum lw_row_place { LW_ROWS_REPLACE, LW_ROWS_IN_FRONT, LW_ROWS_BEHIND };
enum lw_status lw_row_list_take(struct lw_row_list *list, struct lw_row_batch *batch,
                                enum lw_row_place place, struct lw_error *err) LW_MUST_USE;
/* Gives up rows of one end (in front or behind) so that at most `most` stay. True: some went. */
bool lw_row_list_trim(struct lw_row_list *list, enum lw_row_place place, size_t most);
/* With a line about each entry below it (place, and how its narrative begins), or without: NULL.
 * The selection stays. */
void lw_row_list_expand(struct lw_row_list *list, struct lw_journal *journal);
/* NULL where nothing is selected. */
const struct lw_row_copy *lw_row_list_selected(const struct lw_row_list *list);
/* NULL where the entry is not among the rows. */
const struct lw_row_copy *lw_row_list_find(const struct lw_row_list *list,
                                           const uint8_t id[LW_RECORD_ID]);
/* False where the entry is not among the rows. */
bool lw_row_list_select(struct lw_row_list *list, const uint8_t id[LW_RECORD_ID]);
void lw_row_list_mark(const struct lw_row_list *list, struct lw_row_mark *mark);
/* Selects the marked entry at the same height of the screen, or the first row that is not before
 * it. */
void lw_row_list_return(struct lw_row_list *list, const struct lw_row_mark *mark);
/* Draws the rows; `empty` where there are none. */
void lw_row_list_draw(struct lw_row_list *list, const struct lw_area *area, const char *empty);
/* True where the title of a row does not fit into a list of that many columns. */
bool lw_row_is_cut(const struct lw_row_copy *row, int columns);

#endif
