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
    char *detail; /* other spellings; for a source who or what medium; NULL: not looked up */
    size_t entries;
    bool counted;
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
    bool has_next; /* what is to be selected once it is loaded */
    uint8_t next[LW_RECORD_ID];
};

/* Reads them all anew; the selection is lost. */
enum lw_status lw_records_load(struct lw_records *records, struct lw_error *err) LW_MUST_USE;
/* Shows the rows that have the words in a spelling. */
void lw_records_show_matching(struct lw_records *records);
void lw_records_clear(struct lw_records *records);

#endif
