/* The rows of a list of people, places, sources or incidents: what its files share. */
#ifndef LW_TUI_RECORDS_H
#define LW_TUI_RECORDS_H

#include "timeline.h"

enum { LW_RECORDS_MOST = 100000 };

/* Counted and spelled only when it comes into sight: a list may be long. */
struct lw_record_row {
    uint8_t id[LW_RECORD_ID];
    char *name;   /* clean; a source begins with its reference */
    char *folded; /* all spellings, to sort and to search in */
    char *secret; /* spellings of who is hidden: found only when typed whole; or NULL */
    char *detail; /* other spellings; for a source who or what medium; NULL: not looked up */
    size_t entries;
    bool counted;
    bool hidden; /* who it is, is not shown */
    size_t same; /* records that are the same as this one */
};

/* One that was marked. */
struct lw_record_mark {
    uint8_t id[LW_RECORD_ID];
    char *name;
    uint8_t into[LW_RECORD_ID]; /* the other one, while it is asked */
};

struct lw_records {
    struct lw_view view;
    enum lw_record_type type;
    struct lw_record_row *row;
    size_t count, cap;
    size_t *shown; /* indexes of rows that the words let through */
    size_t shown_count;
    bool more;                         /* there are others, beyond LW_RECORDS_MOST */
    struct lw_buf words;               /* that narrow the list, folded */
    struct lw_buf typed, typed_before; /* as typed, now and when they were asked for */
    struct lw_list list;
    struct lw_record_mark *mark; /* the one that is to be the same as another; NULL: none */
    bool has_next; /* what is to be selected once it is loaded */
    uint8_t next[LW_RECORD_ID];
};

/* Reads them all anew; the selection is lost. */
enum lw_status lw_records_load(struct lw_records *records, struct lw_error *err) LW_MUST_USE;
/* Shows the rows that have the words in a spelling. */
void lw_records_show_matching(struct lw_records *records);
void lw_records_clear(struct lw_records *records);

/* ---- records_view.c ---- */

/* NULL where nothing is selected, or the view is no such list. */
const struct lw_record_row *lw_records_row(struct lw_view *view);
/* "3 entries" of that row, or "3". */
enum lw_status lw_records_say_count(struct lw_records *records, const struct lw_record_row *row,
                                    bool words, struct lw_buf *out);

/* ---- records_same.c: two records that turn out to be one ---- */

/* Takes the mark off. */
void lw_records_unmark(struct lw_records *records);

#endif
