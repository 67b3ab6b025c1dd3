/* The timeline: what its files share. */
#ifndef LW_TUI_TIMELINE_H
#define LW_TUI_TIMELINE_H

#include "entry_pane.h"
#include "preview.h"
#include "sparkline.h"
#include "typed_filter.h"

enum { LW_TIMELINE_COUNTED = 10000 }; /* entries are counted up to here */

/* One record, or one kind, whose entries alone are shown. */
struct lw_timeline_part {
    int type;                 /* enum lw_record_type, LW_TIMELINE_KIND */
    uint8_t id[LW_RECORD_ID]; /* of the record */
    struct lw_buf kind, name;
};
enum { LW_TIMELINE_KIND = -1, LW_TIMELINE_PARTS = 5 };

/* What is shown: what the view was opened for, each part of another type, and of that what passes
 * what is written. */
struct lw_timeline_filter {
    struct lw_timeline_part part[LW_TIMELINE_PARTS];
    size_t parts;
    struct lw_typed_filter typed;
};

/* How much stands there of each entry. */
enum lw_timeline_form {
    LW_TIMELINE_USUAL,    /* a line, and the selected one below the list */
    LW_TIMELINE_EXPANDED, /* two lines */
    LW_TIMELINE_COMPACT,  /* a line, and nothing else but the days */
    LW_TIMELINE_FORMS
};

struct lw_timeline {
    struct lw_view view;
    struct lw_row_list rows;
    bool before, after; /* there are rows beyond those in memory */
    struct lw_timeline_filter filter;
    struct lw_row_mark place; /* where the eye was last, also while no row passes the filter */
    struct lw_preview preview;
    struct lw_entry_pane pane; /* in its place where there is room */
    struct lw_sparkline sparkline;
    struct lw_filter dated;    /* of the sparkline and the count; points into the filter */
    struct lw_count *counting; /* goes on from tick to tick; NULL: done */
    bool ready;                /* the next filter has no names to read */
    int64_t moved_ms; /* these follow when the selection has rested since then; 0: it has */
    bool tells;       /* of which entry they tell, and the first line where it is wide: */
    uint8_t told[LW_RECORD_ID];
    size_t entries, drafts;
    struct lw_task_counts tasks;
    struct lw_buf incident; /* title of the only one; empty where there are several */
    size_t incidents;
    enum lw_timeline_form form;
    enum lw_scale scale; /* of the ruler and the lanes, where one was chosen */
    bool scale_chosen;
    enum lw_lanes_by by; /* what the lanes are of */
};

/* ---- timeline_pages.c: rows in and out of memory ---- */

/* Fills `out`, which points into the filter. */
void lw_timeline_filter_make(const struct lw_timeline_filter *filter, struct lw_filter *out);
/* Reads anew: the stretch around the marked place, else the end. What was there stays on error. */
enum lw_status lw_timeline_load(struct lw_timeline *timeline, const struct lw_row_mark *mark,
                                struct lw_error *err) LW_MUST_USE;
/* The same around the selected entry, and counts anew: after the data or the filter changed. */
enum lw_status lw_timeline_reload(struct lw_timeline *timeline, struct lw_error *err) LW_MUST_USE;
/* The stretch at the beginning or the end. */
enum lw_status lw_timeline_load_end(struct lw_timeline *timeline, bool last,
                                    struct lw_error *err) LW_MUST_USE;
/* Selects an entry, wherever it is. */
enum lw_status lw_timeline_go_to(struct lw_timeline *timeline, const uint8_t id[LW_RECORD_ID],
                                 struct lw_error *err) LW_MUST_USE;
/* Selects the first entry that is shown under that day, since 1970-01-01, or after it. */
enum lw_status lw_timeline_go_to_day(struct lw_timeline *timeline, int64_t day,
                                     struct lw_error *err) LW_MUST_USE;
/* Reads on where the selection comes near an end of what is in memory. */
enum lw_status lw_timeline_keep_margin(struct lw_timeline *timeline,
                                       struct lw_error *err) LW_MUST_USE;
/* The entries of the filter, by date too, the drafts of all, the incidents; what takes long, as far as
 * lw_timeline_count_on goes on with it. */
enum lw_status lw_timeline_count_all(struct lw_timeline *timeline,
                                     struct lw_error *err) LW_MUST_USE;
/* Counts some entries more, while there is something to count. */
enum lw_status lw_timeline_count_on(struct lw_timeline *timeline,
                                    struct lw_error *err) LW_MUST_USE;
/* Before the filter changes or goes. */
void lw_timeline_count_stop(struct lw_timeline *timeline);

/* ---- timeline_filter.c ---- */

bool lw_timeline_filter_is_on(const struct lw_timeline_filter *filter);
/* "kind:arson -office · with Sergei Babinets" */
enum lw_status lw_timeline_filter_say(const struct lw_timeline_filter *filter,
                                      struct lw_buf *out) LW_MUST_USE;
/* One part more; where there is one of the type, *other says whether it is another one. name and
 * kind (NULL for a record) are copied. */
enum lw_status lw_timeline_filter_add(struct lw_timeline_filter *filter, int type,
                                      const uint8_t *id, const char *kind, const char *name,
                                      bool *other) LW_MUST_USE;
void lw_timeline_filter_clear(struct lw_timeline_filter *filter);
enum lw_status lw_timeline_filter_off(struct lw_timeline *timeline,
                                      struct lw_error *err) LW_MUST_USE;

/* ---- timeline_view.c ---- */

/* NULL where the view is none. */
struct lw_timeline *lw_timeline_of(struct lw_view *view);

/* The entries that have to do with one record: a person, place, source or incident. */
enum lw_status lw_timeline_show_of(struct lw_tui *tui, enum lw_record_type type,
                                   const uint8_t id[LW_RECORD_ID], const char *name,
                                   struct lw_error *err) LW_MUST_USE;
/* The entries of a list that stand in a lane, at a day since 1970-01-01. */
enum lw_status lw_timeline_show_lane(struct lw_timeline *from, enum lw_lanes_by by,
                                     const struct lw_timeline_lane *lane, int64_t day,
                                     struct lw_error *err) LW_MUST_USE;

#endif
