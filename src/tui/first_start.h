/* The steps of the first start. */
#ifndef LW_TUI_FIRST_START_H
#define LW_TUI_FIRST_START_H

#include "gate.h"

#define START_PATH_BYTES 4000
#define START_SIZE_BYTES 16
#define START_TITLE      "A new vault"

struct start {
    struct lw_gate *gate;
    const struct lw_program_request *request;
    struct lw_text_field where, size;
    struct lw_buf path;   /* absolute */
    struct lw_buf header; /* the same; empty: in the vault */
    uint64_t bytes;
    struct lw_passphrase *pass, *duress, *again;
    struct lw_error message; /* for the next page */
    int64_t shown_ms;
    struct lw_session *session;
    struct lw_error *err;
    enum lw_status status; /* of what ended it */
};

/* One page with its question. ENTER and LETTER go on, BACK goes one step back. */
typedef enum lw_gate_end start_step(struct start *start);

/* Shows the page, with the message that waits for it. */
enum lw_gate_end start_ask(struct start *start, struct lw_gate_page *page);

/* first_start_place.c */
start_step start_where, start_size;
/* first_start_words.c */
start_step start_passphrase, start_duress;

#endif
