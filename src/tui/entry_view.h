/* One entry with everything about it: what its files share. */
#ifndef LW_TUI_ENTRY_VIEW_H
#define LW_TUI_ENTRY_VIEW_H

#include "journal_views.h"

/* How "next" and "previous" go on where the entry was opened from. */
struct lw_entry_way {
    /* The id of the entry that comes so many after that one; DONE where there is none. */
    enum lw_status (*step)(void *context, const uint8_t id[LW_RECORD_ID], int by,
                           uint8_t out[LW_RECORD_ID], struct lw_error *err);
    void *context; /* must live as long as the view */
};
/* way NULL: along the whole timeline. */
enum lw_status lw_entry_show_on(struct lw_tui *tui, const uint8_t id[LW_RECORD_ID],
                                const struct lw_entry_way *way, struct lw_error *err) LW_MUST_USE;
/* The same along the timeline with a filter, for who has one. */
enum lw_status lw_entry_step(struct lw_journal *journal, const struct lw_filter *filter,
                             const uint8_t id[LW_RECORD_ID], int by, uint8_t out[LW_RECORD_ID],
                             struct lw_error *err) LW_MUST_USE;

/* A line as it is said; texts are owned and clean. */
struct lw_entry_text {
    const char *section; /* heading it stands under, static; "" in the head */
    enum lw_entry_part part;
    char *label; /* or NULL */
    char *text;
    unsigned indent, account;
    unsigned voice; /* 1.. for what one of several says about the fact above; they stand beside each
                       other where there is room */
    bool lone;      /* a voice with a row above it */
    bool differs;
    bool leads; /* to the other entry */
    uint8_t to[LW_RECORD_ID];
    bool hangs; /* it says a record of that type that hangs on the entry */
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    char *fact; /* that it is the heading of, or NULL */
    bool stop;  /* the cursor stops here: at the first line of each of these */
};

/* A piece of a line where it is drawn. */
struct lw_entry_piece {
    int row, column, width;
    const char *text;
    size_t len;
    enum lw_style style;
    bool bar;    /* the line between two accounts */
    int gutter;  /* column of the mark where it is selected */
    size_t line; /* that it is of; SIZE_MAX: none */
};

struct lw_entry_page {
    struct lw_entry_text *line;
    size_t lines, line_cap;
    struct lw_entry_piece *piece;
    size_t pieces, piece_cap;
    int rows;  /* of all the pieces */
    int width; /* they are laid out for; 0: not yet */
};

/* One entry as a screen. */
struct lw_entry_view {
    struct lw_view view;
    uint8_t id[LW_RECORD_ID];
    char *title; /* "E11  JMG office burned (apparent)" */
    struct lw_entry_way way;
    struct lw_entry_page page;
    int top, rows;   /* the first row in sight, and how many are */
    size_t selected; /* line that the cursor is on, a stop; SIZE_MAX: none */
    bool follow;     /* scroll to the selected line at the next draw */
    bool adding;     /* the cursor goes to the record that is new, once there is one */
};

/* ---- entry_cursor.c: what the cursor is on ---- */

/* The rows of a line: from its first to behind its last. False where it has none. */
bool lw_entry_rows(const struct lw_entry_view *self, size_t line, int *first, int *end);
/* What is selected, or NULL. */
const struct lw_entry_text *lw_entry_cursor(const struct lw_entry_view *self);
/* To the next stop, around the end to the first one; only those that lead to other entries where
 * `links`. False where there is none. */
bool lw_entry_select(struct lw_entry_view *self, int by, bool links);
/* To the next stop where it is in sight, else one row on. False where nothing moved. */
bool lw_entry_down(struct lw_entry_view *self, int by);
/* After the page was scrolled: a cursor that was left behind goes to the first stop in sight. */
void lw_entry_bring(struct lw_entry_view *self);
/* After the page was read anew: the cursor stays on the record that it was on. */
struct lw_entry_mark {
    bool set, hangs;
    uint8_t id[LW_RECORD_ID];
    size_t line;
};
void lw_entry_mark(const struct lw_entry_view *self, struct lw_entry_mark *mark);
void lw_entry_return(struct lw_entry_view *self, const struct lw_entry_mark *mark);
/* Once more than the records of `before`: the cursor goes to the first that is not among them. */
void lw_entry_go_to_new(struct lw_entry_view *self, const struct lw_entry_page *before);

/* ---- entry_add.c: what can be added, as a list to choose from ---- */

enum lw_status lw_entry_add(struct lw_entry_view *self, struct lw_error *err) LW_MUST_USE;

/* ---- entry_view.c: drawing, for the screen of a fact too ---- */

void lw_entry_draw(struct lw_view *view, const struct lw_area *area);
/* Scrolling and the cursor; LEFT and RIGHT do nothing. */
bool lw_entry_move(struct lw_entry_view *self, enum lw_move move);

/* ---- entry_edit.c: changing and adding what hangs on the entry ---- */

/* Opens what the cursor is on: follows a link, shows an account, a fact; a form for the rest. */
enum lw_status lw_entry_enter(struct lw_entry_view *self, struct lw_error *err) LW_MUST_USE;
/* NULL for any other view. */
struct lw_entry_view *lw_entry_of(struct lw_view *view);

/* ---- entry_page.c: what there is to say ---- */

enum lw_status lw_entry_page_read(struct lw_journal *journal, const struct lw_clock *clock,
                                  const struct lw_record *entry, struct lw_entry_page *page,
                                  struct lw_error *err) LW_MUST_USE;
void lw_entry_page_clear(struct lw_entry_page *page);
/* The page of an entry, in one snapshot, and its title, "E11  JMG office burned (apparent)", to be
 * freed by the caller; title may be NULL. On error both are as they were. */
enum lw_status lw_entry_page_load(struct lw_journal *journal, const struct lw_clock *clock,
                                  const uint8_t id[LW_RECORD_ID], struct lw_entry_page *page,
                                  char **title, struct lw_error *err) LW_MUST_USE;
/* One line more: copies of the texts; said gives the rest. */
enum lw_status lw_entry_page_add(struct lw_entry_page *page, const struct lw_entry_text *said,
                                 const char *label, const char *text,
                                 struct lw_error *err) LW_MUST_USE;

/* ---- entry_layout.c: where it stands ---- */

/* Accounts stand beside each other from this width on. */
enum { LW_ENTRY_WIDE = 100 };

enum lw_status lw_entry_lay_out(struct lw_entry_page *page, int width) LW_MUST_USE;
/* What was laid out, from that row on. */
void lw_entry_page_draw(const struct lw_entry_page *page, int top, const struct lw_area *area);

#endif
