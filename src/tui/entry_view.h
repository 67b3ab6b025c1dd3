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
    bool differs;
    bool leads; /* to the other entry */
    uint8_t to[LW_RECORD_ID];
};

/* A piece of a line where it is drawn. */
struct lw_entry_piece {
    int row, column, width;
    const char *text;
    size_t len;
    enum lw_style style;
    bool bar;    /* the line between two accounts */
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

/* ---- entry_page.c: what there is to say ---- */

enum lw_status lw_entry_page_read(struct lw_journal *journal, const struct lw_clock *clock,
                                  const struct lw_record *entry, struct lw_entry_page *page,
                                  struct lw_error *err) LW_MUST_USE;
void lw_entry_page_clear(struct lw_entry_page *page);

/* ---- entry_layout.c: where it stands ---- */

/* Accounts stand beside each other from this width on. */
enum { LW_ENTRY_WIDE = 100 };

enum lw_status lw_entry_lay_out(struct lw_entry_page *page, int width) LW_MUST_USE;

#endif
