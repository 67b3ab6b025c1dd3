/* One entry with everything about it. */
#ifndef LW_CLI_SHOW_H
#define LW_CLI_SHOW_H

#include "internal.h"

struct lw_show {
    struct lw_out *out;
    struct lw_journal *journal;
    const struct lw_clock *clock;
    const struct lw_record *entry;
    enum lw_entry_part part; /* of the line before */
};

/* Prints everything. */
enum lw_status lw_show_print(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
/* One JSON object on one line: ref, when, kind, title, and every record that belongs to it. */
enum lw_status lw_show_json(struct lw_show *show, struct lw_buf *out,
                            struct lw_error *err) LW_MUST_USE;

#endif
